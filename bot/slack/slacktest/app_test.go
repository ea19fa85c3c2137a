package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

const patience = 5 * time.Second

// A spy is a test that notes its failures.
type spy struct {
	testing.TB
	mu     sync.Mutex
	failed []string
}

func (s *spy) Errorf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = append(s.failed, fmt.Sprintf(format, args...))
}

func (s *spy) failures() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.failed, "\n")
}

// office is a workspace with Ann and Bob, a room of both, and the app.
func office(t testing.TB) (*Slack, *Workspace, *slackapi.Client) {
	s := New(t)
	w := s.Workspace("T1", "Acme Ltd")
	w.AddUser(User{ID: "UANN", Name: "ann", RealName: "Ann", Admin: true})
	w.AddUser(User{ID: "UBOB", Name: "bob", RealName: "Bob <b>&"})
	w.AddRoom(Room{ID: "CTEAM", Name: "team", Members: []string{"UANN", "UBOB", w.BotUser()}})
	w.AddRoom(Room{ID: "DTWO", Private: true, Members: []string{"UANN", "UBOB"}})
	return s, w, slackapi.New(w.Install(), slackapi.OptionAPIURL(s.URL()), slackapi.OptionAppLevelToken(s.AppToken()))
}

// A brought is one thing that an app was told, however it came.
type brought struct {
	command     *slackapi.SlashCommand
	interaction *slackapi.InteractionCallback
	event       *slackevents.EventsAPICallbackEvent
	message     *slackevents.MessageEvent
	raw         json.RawMessage
	retry       int
	reason      string
}

// An app keeps what it is told, and acknowledges each with what answer says. When answer is
// nil it acknowledges with nothing; when ok is false it does not.
type app struct {
	mu     sync.Mutex
	all    []brought
	answer func(brought) (payload any, ok bool)
}

func (a *app) take(b brought) (any, bool) {
	a.mu.Lock()
	a.all = append(a.all, b)
	answer := a.answer
	a.mu.Unlock()
	if answer == nil {
		return nil, true
	}
	return answer(b)
}

func (a *app) told() []brought {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]brought(nil), a.all...)
}

func (a *app) last(t *testing.T) brought {
	t.Helper()
	all := a.told()
	if len(all) == 0 {
		t.Fatal("the app was told nothing")
	}
	return all[len(all)-1]
}

func (a *app) decode(kind string, raw []byte) (b brought, err error) {
	b.raw = raw
	switch kind {
	case ofCommands:
		err = json.Unmarshal(raw, &b.command)
	case ofInteractions:
		err = json.Unmarshal(raw, &b.interaction)
	case ofEvents:
		if err = json.Unmarshal(raw, &b.event); err == nil && b.event.InnerEvent != nil {
			var m slackevents.MessageEvent
			if json.Unmarshal(*b.event.InnerEvent, &m) == nil {
				b.message = &m
			}
		}
	}
	return b, err
}

// connect runs the app in Socket Mode until the test ends.
func (a *app) connect(t *testing.T, api *slackapi.Client, options ...socketmode.Option) {
	ctx, cancel := context.WithCancel(t.Context())
	client := socketmode.New(api, options...)
	var wg sync.WaitGroup
	wg.Go(func() { _ = client.RunContext(ctx) })
	wg.Go(func() {
		for {
			select {
			case e := <-client.Events:
				if e.Request == nil || e.Type == socketmode.EventTypeHello {
					continue
				}
				b, err := a.decode(e.Request.Type, e.Request.Payload)
				if err != nil {
					t.Errorf("decode: %v", err)
				}
				b.retry, b.reason = e.Request.RetryAttempt, e.Request.RetryReason
				wg.Go(func() {
					if payload, ok := a.take(b); ok {
						_ = client.AckCtx(ctx, e.Request.EnvelopeID, payload)
					}
				})
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
}

// serve runs the app behind HTTP, and has everything delivered there.
func (a *app) serve(t *testing.T, s *Slack) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read: %v", err)
		}
		verifier, err := slackapi.NewSecretsVerifier(r.Header, s.SigningSecret())
		if err != nil {
			t.Errorf("signature: %v", err)
		}
		_, _ = verifier.Write(body)
		if err := verifier.Ensure(); err != nil {
			t.Errorf("signature: %v", err)
		}
		a.answerHTTP(t, rw, r, body)
	}))
	t.Cleanup(server.Close)
	s.DeliverTo(server.URL)
	return server
}

func (a *app) answerHTTP(t *testing.T, rw http.ResponseWriter, r *http.Request, body []byte) {
	var b brought
	var err error
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	switch r.URL.Path {
	case "/slack/commands":
		var c slackapi.SlashCommand
		c, err = slackapi.SlashCommandParse(r)
		b.command, b.raw = &c, body
	case "/slack/interactive":
		var c slackapi.InteractionCallback
		c, err = slackapi.InteractionCallbackParse(r)
		b.interaction, b.raw = &c, body
	case "/slack/events":
		var v slackevents.EventsAPIURLVerificationEvent
		if json.Unmarshal(body, &v) == nil && v.Type == "url_verification" {
			_, _ = io.WriteString(rw, v.Challenge)
			return
		}
		b, err = a.decode(ofEvents, body)
	default:
		t.Errorf("delivered to %s", r.URL.Path)
	}
	if err != nil {
		t.Errorf("decode: %v", err)
	}
	_, _ = fmt.Sscan(r.Header.Get("X-Slack-Retry-Num"), &b.retry)
	b.reason = r.Header.Get("X-Slack-Retry-Reason")
	payload, ok := a.take(b)
	switch {
	case !ok:
		rw.WriteHeader(http.StatusInternalServerError)
	case payload != nil:
		_ = json.NewEncoder(rw).Encode(payload)
	}
}

// bothWays runs a test with the app in Socket Mode and behind HTTP.
func bothWays(t *testing.T, test func(t *testing.T, s *Slack, w *Workspace, api *slackapi.Client, a *app)) {
	t.Run("socket", func(t *testing.T) {
		s, w, api := office(t)
		a := &app{}
		a.connect(t, api)
		if !s.WaitSockets(1, patience) {
			t.Fatal("the app did not connect")
		}
		test(t, s, w, api, a)
	})
	t.Run("http", func(t *testing.T) {
		s, w, api := office(t)
		a := &app{}
		a.serve(t, s)
		test(t, s, w, api, a)
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
