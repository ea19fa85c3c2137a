package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

const (
	maxDelivery = 1 << 20 // bytes; Slack's own are far smaller

	// A signature is refused by the library when its time is further off than this.
	// Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
	signatureWindow = 5 * time.Minute

	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// A taker does what a delivery asks for: Adapter.take.
type taker func(ctx context.Context, d delivery, acknowledge func(payload any))

// mux routes /slack/commands, /slack/interactive, /slack/events, /slack/install and /slack/oauth.
func (a *Adapter) mux() http.Handler { return a.routesTo(a.take) }

func (a *Adapter) routesTo(take taker) http.Handler {
	m := http.NewServeMux()
	if a.cfg.SigningSecret.IsSet() {
		e := &entrance{a: a, take: take, seen: replays{window: 2 * signatureWindow}}
		m.HandleFunc("POST /slack/commands", e.signed(formType, e.command))
		m.HandleFunc("POST /slack/interactive", e.signed(formType, e.interactive))
		m.HandleFunc("POST /slack/events", e.signed(jsonType, e.event))
	}
	if a.cfg.ClientID != "" {
		i := newInstaller(a)
		m.HandleFunc("GET /slack/install", i.begin)
		m.HandleFunc("GET /slack/oauth", i.finish)
	}
	return m
}

// An entrance lets in what Slack delivers by HTTP.
type entrance struct {
	a    *Adapter
	take taker
	seen replays
}

// signed reads a delivery and serves it if it is Slack's. Nothing of it is parsed before.
func (e *entrance) signed(contentType string, serve func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != contentType {
			http.Error(rw, "The content type here is "+contentType+".", http.StatusBadRequest)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxDelivery))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			http.Error(rw, "That is more than Slack would deliver.", http.StatusRequestEntityTooLarge)
			return
		case err != nil, len(body) == 0:
			http.Error(rw, "There is nothing in that.", http.StatusBadRequest)
			return
		}
		if err := e.verify(r.Header, body, contentType == jsonType); err != nil {
			e.a.log.DebugContext(r.Context(), "a delivery to Slack's address was refused", "path", r.URL.Path, "reason", err.Error())
			http.Error(rw, "That is not signed by Slack, or not now.", http.StatusUnauthorized)
			return
		}
		serve(rw, r, body)
	}
}

// verify holds the signature against the raw body. Commands and interactions come once, so
// that the same signature twice is somebody else's. An event comes again, at first so soon
// that it may be signed in the same second; it has an id by which a repeat changes nothing.
func (e *entrance) verify(h http.Header, body []byte, repeats bool) error {
	v, err := slackapi.NewSecretsVerifier(h, e.a.cfg.SigningSecret.Reveal())
	if err != nil {
		return err
	}
	_, _ = v.Write(body) // never fails
	if err := v.Ensure(); err != nil {
		return err
	}
	// In lower case: the signature is read as hexadecimal, whose case says nothing.
	if !repeats && !e.seen.first(strings.ToLower(h.Get("X-Slack-Signature")), e.a.now()) {
		return errors.New("a replay")
	}
	return nil
}

func (e *entrance) command(rw http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(rw, "That is not a form.", http.StatusBadRequest)
		return
	}
	r.PostForm, r.Form = form, form // read already, so that the library does not look in the address
	if form.Get("ssl_check") == "1" {
		return // Slack tries the certificate now and then, with nothing to do
	}
	c, err := slackapi.SlashCommandParse(r)
	if err != nil || c.Command == "" || c.UserID == "" || c.TeamID == "" {
		http.Error(rw, "That is not a command.", http.StatusBadRequest)
		return
	}
	e.deliver(rw, r, delivery{command: &c})
}

func (e *entrance) interactive(rw http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(rw, "That is not a form.", http.StatusBadRequest)
		return
	}
	d, err := decodeInteraction([]byte(form.Get("payload")))
	if err != nil {
		http.Error(rw, "That is not an interaction.", http.StatusBadRequest)
		return
	}
	e.deliver(rw, r, d)
}

func (e *entrance) event(rw http.ResponseWriter, r *http.Request, body []byte) {
	d, outer, err := decodeEvent(body)
	switch {
	case err != nil:
		http.Error(rw, "That is not an event.", http.StatusBadRequest)
	case outer.Type == slackevents.URLVerification:
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(rw, outer.Challenge)
	case d.event == nil:
		e.a.unknownEvent(outer)
	default:
		d.retry, _ = strconv.Atoi(r.Header.Get("X-Slack-Retry-Num")) // absent the first time
		e.deliver(rw, r, d)
	}
}

// deliver answers the request as soon as the delivery is acknowledged. The work goes on after
// that, and when whoever delivered it has gone away.
func (e *entrance) deliver(rw http.ResponseWriter, r *http.Request, d delivery) {
	acknowledged := make(chan any, 1)
	go func() {
		defer close(acknowledged)
		e.take(e.a.life, d, func(payload any) { acknowledged <- payload })
	}()
	select {
	case payload, ok := <-acknowledged:
		if _, no := payload.(refused); no || !ok {
			http.Error(rw, "Not now; try again.", http.StatusServiceUnavailable)
			return
		}
		e.acknowledge(rw, r, payload)
	case <-r.Context().Done():
	}
}

func (e *entrance) acknowledge(rw http.ResponseWriter, r *http.Request, payload any) {
	if payload == nil {
		return
	}
	body, err := json.Marshal(payload)
	if err != nil {
		e.a.log.ErrorContext(r.Context(), "an answer to Slack could not be written", "error", err)
		http.Error(rw, "Something went wrong here.", http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", jsonType)
	_, _ = rw.Write(body) // who went away is answered through the response address
}

// decodeInteraction reads what someone did with a button, a form or a shortcut.
func decodeInteraction(payload []byte) (delivery, error) {
	var i slackapi.InteractionCallback
	if err := json.Unmarshal(payload, &i); err != nil {
		return delivery{}, fmt.Errorf("decode an interaction: %w", err)
	}
	if i.Type == "" || i.User.ID == "" {
		return delivery{}, errors.New("decode an interaction: nobody did anything")
	}
	return delivery{interaction: &i}, nil
}

// An outerEvent is what surrounds an event, and all there is of some.
type outerEvent struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Team      string `json:"team_id"`
}

// decodeEvent reads an event. The delivery holds none when the outer event carries none.
func decodeEvent(body []byte) (delivery, outerEvent, error) {
	var outer outerEvent
	if err := json.Unmarshal(body, &outer); err != nil {
		return delivery{}, outer, fmt.Errorf("decode an event: %w", err)
	}
	if outer.Type != slackevents.CallbackEvent {
		return delivery{}, outer, nil
	}
	var event slackevents.EventsAPICallbackEvent
	if err := json.Unmarshal(body, &event); err != nil {
		return delivery{}, outer, fmt.Errorf("decode an event: %w", err)
	}
	if event.InnerEvent == nil {
		return delivery{}, outer, errors.New("decode an event: there is none in it")
	}
	return delivery{event: &event}, outer, nil
}

// unknownEvent is one that is acknowledged and no more.
func (a *Adapter) unknownEvent(outer outerEvent) {
	if outer.Type == slackevents.AppRateLimited {
		a.log.Warn("Slack holds events back: there were more than 30,000 in an hour", "space", outer.Team)
		return
	}
	a.log.Debug("Slack told of something that payoff does not know", "type", outer.Type)
}

// replays remembers what came in for at least its window, and for at most twice that.
type replays struct {
	window time.Duration

	mu           sync.Mutex
	since        time.Time
	now, earlier map[string]bool
}

// first reports whether what comes in for the first time, and remembers it.
func (r *replays) first(what string, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now == nil || at.Sub(r.since) > r.window {
		r.earlier, r.now, r.since = r.now, map[string]bool{}, at
	}
	if r.now[what] || r.earlier[what] {
		return false
	}
	r.now[what] = true
	return true
}
