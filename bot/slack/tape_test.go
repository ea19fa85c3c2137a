package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
)

const (
	wireAPI     = "https://slack.test/api/"
	wireToken   = "xoxb-1234-secret"
	wireUpload  = "https://slack.test/upload/"
	wireAddress = "https://slack.test/response/T1/secret-address"
)

// A tape is a Slack that answers in memory, so that the time of a test can be made up, and
// keeps what it was asked.
type tape struct {
	answer func(tapeCall) tapeAnswer

	mu    sync.Mutex
	calls []tapeCall
}

type tapeCall struct {
	method string // "chat.postMessage", "upload", "response"
	args   url.Values
	token  string
	body   string
	at     time.Time
	n      int // calls of this method before it
}

// A tapeAnswer is JSON with status 200 unless it says otherwise.
type tapeAnswer struct {
	body   string
	status int
	retry  string // Retry-After
	err    error  // instead of an answer
	after  time.Duration
}

func (w *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	c := tapeCall{at: time.Now()}
	if r.Body != nil {
		raw, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		c.body = string(raw)
	}
	c.args, _ = url.ParseQuery(c.body)
	c.token = c.args.Get("token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.token = bearer
	}
	parts := strings.Split(r.URL.Path, "/")
	if c.method = parts[1]; c.method == "api" {
		c.method = parts[2]
	}
	w.mu.Lock()
	for _, before := range w.calls {
		if before.method == c.method {
			c.n++
		}
	}
	w.calls = append(w.calls, c)
	w.mu.Unlock()

	a := w.answer(c)
	if a.after > 0 {
		if err := waitFor(r.Context(), a.after); err != nil {
			return nil, err
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	resp := &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
	}
	if a.retry != "" {
		resp.Header.Set("Retry-After", a.retry)
	}
	return resp, nil
}

// of are the calls of a method, oldest first.
func (w *tape) of(method string) []tapeCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []tapeCall
	for _, c := range w.calls {
		if c.method == method {
			list = append(list, c)
		}
	}
	return list
}

// wired is an adapter whose workspaces T1, T2 ... speak over one tape, and what it logs.
func wired(t *testing.T, answer func(tapeCall) tapeAnswer, spaces ...string) (*Adapter, *tape, *bytes.Buffer) {
	t.Helper()
	over := &tape{answer: answer}
	var log bytes.Buffer
	a := &Adapter{
		cfg: Config{APIURL: wireAPI}, log: slog.New(slog.NewTextHandler(&log, nil)), now: time.Now,
		spaces: map[string]*workspace{},
	}
	a.life, a.kill = context.WithCancel(context.Background())
	t.Cleanup(a.kill)
	for _, space := range append([]string{"T1"}, spaces...) {
		in := Install{Space: space, Bot: "UBOT", Token: chat.NewSecret(wireToken + space)}
		client := newClient()
		client.Transport = over
		a.spaces[space] = a.newWorkspace(in, client)
	}
	return a, over, &log
}

func refusing(code string) tapeAnswer {
	return tapeAnswer{body: fmt.Sprintf(`{"ok":false,"error":%q}`, code)}
}

func limited(seconds string) tapeAnswer {
	return tapeAnswer{status: http.StatusTooManyRequests, retry: seconds, body: `{"ok":false,"error":"ratelimited"}`}
}

var errCut = errors.New("unexpected EOF")

// usual answers every method as Slack does when all is well.
func usual(c tapeCall) tapeAnswer {
	switch c.method {
	case postMessage, updateMessage:
		return tapeAnswer{body: fmt.Sprintf(`{"ok":true,"channel":%q,"ts":"%d.000001"}`, c.args.Get("channel"), 1000+c.n)}
	case postEphemeral:
		return tapeAnswer{body: `{"ok":true,"message_ts":"1.000001"}`}
	case history:
		return tapeAnswer{body: `{"ok":true,"messages":[]}`}
	case openRoom:
		return tapeAnswer{body: fmt.Sprintf(`{"ok":true,"channel":{"id":"D%s"}}`, c.args.Get("users"))}
	case userInfo:
		return tapeAnswer{body: fmt.Sprintf(`{"ok":true,"user":{"id":%q,"name":"ann","tz":"Europe/London","locale":"en-GB"}}`, c.args.Get("user"))}
	case authTest:
		return tapeAnswer{body: `{"ok":true,"team_id":"T1","user_id":"UBOT"}`}
	case viewsOpen, viewsUpdate, viewsPublish:
		return tapeAnswer{body: `{"ok":true,"view":{"id":"V1"}}`}
	case uploadAddress:
		return tapeAnswer{body: fmt.Sprintf(`{"ok":true,"upload_url":"%s%d","file_id":"F%d"}`, wireUpload, c.n, c.n)}
	case uploadComplete:
		var files []struct{ ID string }
		_ = json.Unmarshal([]byte(c.args.Get("files")), &files)
		return tapeAnswer{body: fmt.Sprintf(`{"ok":true,"files":[{"id":%q}]}`, files[0].ID)}
	case "upload", "response":
		return tapeAnswer{body: "ok"}
	}
	return refusing("unknown_method")
}

// first answers the first calls of a method as given, and what follows as usual.
func first(method string, answers ...tapeAnswer) func(tapeCall) tapeAnswer {
	return func(c tapeCall) tapeAnswer {
		if c.method == method && c.n < len(answers) {
			return answers[c.n]
		}
		return usual(c)
	}
}

func always(method string, a tapeAnswer) func(tapeCall) tapeAnswer {
	return func(c tapeCall) tapeAnswer {
		if c.method == method {
			return a
		}
		return usual(c)
	}
}

func checkKind(t *testing.T, err error, want chat.ErrorKind) {
	t.Helper()
	var e *chat.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Errorf("error = %v, want a *chat.Error that is %q", err, want)
	}
}

func checkCalls(t *testing.T, over *tape, method string, want int) {
	t.Helper()
	if got := len(over.of(method)); got != want {
		t.Errorf("%d calls of %s, want %d", got, method, want)
	}
}
