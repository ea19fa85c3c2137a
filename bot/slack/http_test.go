package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
)

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// A journal is a log that may be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// newAdapter fills in what a test says nothing about.
func newAdapter(t testing.TB, c Config) (*Adapter, *journal) {
	t.Helper()
	log := &journal{}
	c.Handler, c.Log = &chattest.Script{}, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if !c.BotToken.IsSet() && c.ClientID == "" {
		c.BotToken = chat.NewSecret("xoxb-not-to-be-read")
	}
	a, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.kill)
	return a, log
}

// An httpWay is a signed way in, and what came through it.
type httpWay struct {
	http.Handler
	*Adapter
	log   *journal
	mu    sync.Mutex
	came  []delivery
	reply func(acknowledge func(any)) // nil acknowledges with nothing
}

func newHTTPWay(t *testing.T) *httpWay {
	w := &httpWay{}
	w.Adapter, w.log = newAdapter(t, Config{SigningSecret: chat.NewSecret(signingSecret)})
	w.Handler = w.routesTo(func(_ context.Context, d delivery, acknowledge func(any)) {
		w.mu.Lock()
		w.came = append(w.came, d)
		w.mu.Unlock()
		if w.reply == nil {
			acknowledge(nil)
			return
		}
		w.reply(acknowledge)
	})
	return w
}

func (w *httpWay) deliveries() []delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.came
}

func sign(at time.Time, body string) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(signingSecret))
	fmt.Fprintf(mac, "v0:%s:%s", timestamp, body)
	return timestamp, "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func signedRequest(path, kind, body string, at time.Time) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	timestamp, signature := sign(at, body)
	r.Header.Set("X-Slack-Request-Timestamp", timestamp)
	r.Header.Set("X-Slack-Signature", signature)
	return r
}

func (w *httpWay) post(r *http.Request) *httptest.ResponseRecorder {
	rw := httptest.NewRecorder()
	w.Handler.ServeHTTP(rw, r)
	return rw
}

const (
	commandBody = "command=%2Flog&text=2h+BNI&team_id=T1&user_id=U1&user_name=ann&channel_id=C1&trigger_id=1.1&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F1%2Fsecret"
	eventBody   = `{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message","text":"hello"}}`
)

var pressBody = "payload=" + url.QueryEscape(`{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"actions":[{"type":"button","block_id":"b","action_id":"a","value":"undo"}]}`)

func TestHTTPRefuses(t *testing.T) {
	now := time.Now()
	change := func(f func(*http.Request)) *http.Request {
		r := signedRequest("/slack/commands", formType, commandBody, now)
		f(r)
		return r
	}
	for _, c := range []struct {
		name   string
		r      *http.Request
		status int
	}{
		{"GET", httptest.NewRequest(http.MethodGet, "/slack/commands", nil), http.StatusMethodNotAllowed},
		{"PUT", httptest.NewRequest(http.MethodPut, "/slack/events", strings.NewReader(eventBody)), http.StatusMethodNotAllowed},
		{"an address that is none", signedRequest("/slack/anything", formType, commandBody, now), http.StatusNotFound},
		{"no install without a client id", httptest.NewRequest(http.MethodGet, "/slack/install", nil), http.StatusNotFound},
		{"no content type", change(func(r *http.Request) { r.Header.Del("Content-Type") }), http.StatusBadRequest},
		{"JSON for a form", signedRequest("/slack/commands", jsonType, commandBody, now), http.StatusBadRequest},
		{"a form for JSON", signedRequest("/slack/events", formType, eventBody, now), http.StatusBadRequest},
		{"nothing", signedRequest("/slack/interactive", formType, "", now), http.StatusBadRequest},
		{"1 MB and a byte", signedRequest("/slack/commands", formType, strings.Repeat("a", maxDelivery+1), now), http.StatusRequestEntityTooLarge},
		{"10 MB", signedRequest("/slack/events", jsonType, strings.Repeat("a", 10<<20), now), http.StatusRequestEntityTooLarge},
		{"no signature", change(func(r *http.Request) { r.Header.Del("X-Slack-Signature") }), http.StatusUnauthorized},
		{"no time", change(func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }), http.StatusUnauthorized},
		{"another signature", change(func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("ab", 32)) }), http.StatusUnauthorized},
		{"a signature cut short", change(func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=ab") }), http.StatusUnauthorized},
		{"a signature of another version", change(func(r *http.Request) {
			r.Header.Set("X-Slack-Signature", strings.Replace(r.Header.Get("X-Slack-Signature"), "v0", "v1", 1))
		}), http.StatusUnauthorized},
		{"another body", change(func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(commandBody + "0")) }), http.StatusUnauthorized},
		{"another time", change(func(r *http.Request) {
			r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix()-1, 10))
		}), http.StatusUnauthorized},
		{"a time that is none", change(func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "now") }), http.StatusUnauthorized},
		{"six minutes ago", signedRequest("/slack/commands", formType, commandBody, now.Add(-6*time.Minute)), http.StatusUnauthorized},
		{"six minutes ahead", signedRequest("/slack/commands", formType, commandBody, now.Add(6*time.Minute)), http.StatusUnauthorized},
		{"a form that is none", signedRequest("/slack/commands", formType, "%zz", now), http.StatusBadRequest},
		{"no command", signedRequest("/slack/commands", formType, "text=hello", now), http.StatusBadRequest},
		{"no payload", signedRequest("/slack/interactive", formType, "a=b", now), http.StatusBadRequest},
		{"a payload that is none", signedRequest("/slack/interactive", formType, "payload=%7B", now), http.StatusBadRequest},
		{"a payload in the address", signedRequest("/slack/interactive?"+pressBody, formType, "a=b", now), http.StatusBadRequest},
		{"a command in the address", signedRequest("/slack/commands?"+commandBody, formType, "a=b", now), http.StatusBadRequest},
		{"an event that is none", signedRequest("/slack/events", jsonType, "[]", now), http.StatusBadRequest},
		{"an event with nothing in it", signedRequest("/slack/events", jsonType, `{"type":"event_callback"}`, now), http.StatusBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newHTTPWay(t)
			got := w.post(c.r)
			if got.Code != c.status {
				t.Errorf("status = %d %q, want %d", got.Code, got.Body, c.status)
			}
			if n := len(w.deliveries()); n != 0 {
				t.Errorf("%d deliveries came through, want none", n)
			}
			if strings.Contains(w.log.String()+got.Body.String(), signingSecret) {
				t.Error("the signing secret was told")
			}
		})
	}
}

func TestHTTPWithoutSigningSecret(t *testing.T) {
	a, _ := newAdapter(t, Config{AppToken: chat.NewSecret("xapp-1")})
	for path, kind := range map[string]string{"/slack/commands": formType, "/slack/interactive": formType, "/slack/events": jsonType} {
		rw := httptest.NewRecorder()
		a.ServeHTTP(rw, signedRequest(path, kind, eventBody, time.Now()))
		if rw.Code != http.StatusNotFound {
			t.Errorf("%s: status = %d, want 404", path, rw.Code)
		}
	}
}

func TestHTTPDelivers(t *testing.T) {
	w := newHTTPWay(t)
	if got := w.post(signedRequest("/slack/commands", "application/x-www-form-urlencoded; charset=utf-8", commandBody, time.Now())); got.Code != http.StatusOK || got.Body.Len() != 0 {
		t.Errorf("command: %d %q, want 200 and nothing", got.Code, got.Body)
	}
	if got := w.post(signedRequest("/slack/interactive", formType, pressBody, time.Now())); got.Code != http.StatusOK {
		t.Errorf("interaction: %d %q, want 200", got.Code, got.Body)
	}
	again := signedRequest("/slack/events", jsonType, eventBody, time.Now())
	again.Header.Set("X-Slack-Retry-Num", "2")
	if got := w.post(again); got.Code != http.StatusOK {
		t.Errorf("event: %d %q, want 200", got.Code, got.Body)
	}
	all := w.deliveries()
	if len(all) != 3 {
		t.Fatalf("%d deliveries, want 3", len(all))
	}
	want := slackapi.SlashCommand{Command: "/log", Text: "2h BNI", TeamID: "T1", UserID: "U1", UserName: "ann", ChannelID: "C1", TriggerID: "1.1", ResponseURL: "https://hooks.slack.com/commands/T1/1/secret"}
	if got := all[0].command; got == nil || *got != want {
		t.Errorf("command = %+v, want %+v", got, want)
	}
	if i := all[1].interaction; i == nil || i.Type != slackapi.InteractionTypeBlockActions || i.ActionCallback.BlockActions[0].Value != "undo" {
		t.Errorf("interaction = %+v, want the press of undo", i)
	}
	if e := all[2]; e.event == nil || e.event.EventID != "Ev1" || string(*e.event.InnerEvent) != `{"type":"message","text":"hello"}` || e.retry != 2 {
		t.Errorf("event = %+v, want Ev1 for the third time", e)
	}
	if strings.Contains(w.log.String(), "secret") || strings.Contains(w.log.String(), "2h BNI") {
		t.Errorf("the log tells what was delivered:\n%s", w.log)
	}
}

func TestHTTPAcknowledges(t *testing.T) {
	for _, c := range []struct {
		name    string
		payload any
		status  int
		body    string
		kind    string
	}{
		{"nothing", nil, http.StatusOK, "", ""},
		{"a payload", slackapi.NewClearViewSubmissionResponse(), http.StatusOK, `{"response_action":"clear"}`, jsonType},
		{"refused", refused{}, http.StatusServiceUnavailable, "Not now; try again.\n", "text/plain; charset=utf-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newHTTPWay(t)
			w.reply = func(acknowledge func(any)) { acknowledge(c.payload) }
			got := w.post(signedRequest("/slack/interactive", formType, pressBody, time.Now()))
			if got.Code != c.status || got.Body.String() != c.body || got.Header().Get("Content-Type") != c.kind {
				t.Errorf("answer = %d %q %q, want %d %q %q", got.Code, got.Header().Get("Content-Type"), got.Body, c.status, c.kind, c.body)
			}
		})
	}
}

// The answer is on its way while the work goes on, and the work goes on while nobody waits.
func TestHTTPDoesNotWaitForTheWork(t *testing.T) {
	w := newHTTPWay(t)
	resume, done := make(chan struct{}), make(chan struct{})
	w.reply = func(acknowledge func(any)) {
		defer close(done)
		acknowledge(nil)
		<-resume
	}
	if got := w.post(signedRequest("/slack/commands", formType, commandBody, time.Now())); got.Code != http.StatusOK {
		t.Errorf("status = %d, want 200", got.Code)
	}
	close(resume)
	<-done

	gone, leave := context.WithCancel(t.Context())
	arrived, ended := make(chan struct{}), make(chan struct{})
	w.reply = func(acknowledge func(any)) {
		defer close(ended)
		close(arrived)
		<-gone.Done()
		acknowledge(nil)
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		w.post(signedRequest("/slack/commands", formType, commandBody+"1", time.Now()).WithContext(gone))
	}()
	<-arrived
	leave()
	<-answered
	<-ended
	if w.life.Err() != nil {
		t.Error("the work was ended with the request")
	}
}

func TestHTTPReplays(t *testing.T) {
	w := newHTTPWay(t)
	at := time.Now().Add(-time.Minute)
	if got := w.post(signedRequest("/slack/commands", formType, commandBody, at)); got.Code != http.StatusOK {
		t.Fatalf("the first time: %d", got.Code)
	}
	if got := w.post(signedRequest("/slack/commands", formType, commandBody, at)); got.Code != http.StatusUnauthorized {
		t.Errorf("the second time: %d, want 401", got.Code)
	}
	louder := signedRequest("/slack/commands", formType, commandBody, at)
	louder.Header.Set("X-Slack-Signature", "v0="+strings.ToUpper(strings.TrimPrefix(louder.Header.Get("X-Slack-Signature"), "v0=")))
	if got := w.post(louder); got.Code != http.StatusUnauthorized {
		t.Errorf("in capitals: %d, want 401", got.Code)
	}
	if got := w.post(signedRequest("/slack/commands", formType, commandBody, at.Add(time.Second))); got.Code != http.StatusOK {
		t.Errorf("signed anew: %d, want 200", got.Code)
	}
	if n := len(w.deliveries()); n != 2 {
		t.Errorf("%d deliveries, want 2", n)
	}
	if !strings.Contains(w.log.String(), "a replay") {
		t.Errorf("the log says nothing of replays:\n%s", w.log)
	}
}

// Slack brings an event again at once, it may be within the second that it was signed in.
func TestHTTPEventsComeAgain(t *testing.T) {
	w := newHTTPWay(t)
	at := time.Now()
	for range 2 {
		if got := w.post(signedRequest("/slack/events", jsonType, eventBody, at)); got.Code != http.StatusOK {
			t.Errorf("an event signed in the same second: %d, want 200", got.Code)
		}
	}
}

func TestReplaysAreForgotten(t *testing.T) {
	r := replays{window: time.Minute}
	at := time.Unix(0, 0)
	for i := range 100 {
		at = at.Add(time.Minute)
		if !r.first(strconv.Itoa(i), at) {
			t.Fatalf("first(%d) = false", i)
		}
		if r.first(strconv.Itoa(i), at.Add(time.Minute)) {
			t.Fatalf("first(%d) a minute later = true", i)
		}
	}
	if n := len(r.now) + len(r.earlier); n > 4 {
		t.Errorf("%d are remembered, want those of two minutes", n)
	}
	if !r.first("0", at.Add(time.Hour)) {
		t.Error("the first is still remembered")
	}
}

func TestHTTPEventsOfOtherKinds(t *testing.T) {
	w := newHTTPWay(t)
	for _, c := range []struct{ body, want, log string }{
		{`{"type":"url_verification","challenge":"3eZbrw1a<b>"}`, "3eZbrw1a<b>", ""},
		{`{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1518467820}`, "", "30,000"},
		{`{"type":"something_new"}`, "", "something_new"},
	} {
		got := w.post(signedRequest("/slack/events", jsonType, c.body, time.Now()))
		if got.Code != http.StatusOK || got.Body.String() != c.want {
			t.Errorf("%s: %d %q, want 200 %q", c.body, got.Code, got.Body, c.want)
		}
		if !strings.Contains(w.log.String(), c.log) {
			t.Errorf("%s: the log does not have %q:\n%s", c.body, c.log, w.log)
		}
	}
	if got := w.post(signedRequest("/slack/commands", formType, "ssl_check=1&token=x", time.Now())); got.Code != http.StatusOK {
		t.Errorf("ssl_check: %d, want 200", got.Code)
	}
	if n := len(w.deliveries()); n != 0 {
		t.Errorf("%d deliveries, want none", n)
	}
}

// Whatever is delivered is read or refused; what is read is one thing.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{eventBody, `{"type":"view_submission","user":{"id":"U1"},"view":{"state":{"values":{"a":{"b":{"type":"plain_text_input","value":"1"}}}}}}`, `{"type":"block_actions","user":{"id":"U"},"actions":[{}]}`, `{"type":"url_verification","challenge":"x"}`, "null", "[]", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if d, err := decodeInteraction(body); err == nil && (d.interaction == nil || d.interaction.User.ID == "") {
			t.Errorf("decodeInteraction(%q) = %+v", body, d)
		}
		d, outer, err := decodeEvent(body)
		if err != nil && d != (delivery{}) {
			t.Errorf("decodeEvent(%q) = %+v and %v", body, d, err)
		}
		if err == nil && (d.event != nil) != (outer.Type == "event_callback") {
			t.Errorf("decodeEvent(%q) = %+v of type %q", body, d, outer.Type)
		}
		if d.event != nil && reflect.ValueOf(d.event.InnerEvent).IsNil() {
			t.Errorf("decodeEvent(%q) has nothing in it", body)
		}
	})
}
