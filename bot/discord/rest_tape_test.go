package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
)

const (
	tapeToken = "MTAw.secret.bot-token"
	userAnn   = "200000000000000001"
	userBob   = "200000000000000002"
	roomTeam  = "300000000000000001"
	serverOne = "400000000000000001"
	serverTwo = "400000000000000002"
)

// A tape is a Discord that answers in memory, so that the time of a test can be made up, and
// keeps what it was asked.
type tape struct {
	answer func(taped) tapeAnswer

	mu    sync.Mutex
	calls []taped
}

// A taped is a call on a tape.
type taped struct {
	way   string // "POST /channels/300000000000000001/messages"
	query string
	auth  string
	body  string // the JSON, of a multipart body its payload_json
	files []string
	at    time.Time
	n     int // calls the same way before it
}

// A tapeAnswer is JSON with status 200 unless it says otherwise.
type tapeAnswer struct {
	body   string
	status int
	header map[string]string
	err    error // instead of an answer
	after  time.Duration
}

func (w *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	c := taped{
		way: r.Method + " " + strings.TrimPrefix(r.URL.Path, apiPath), query: r.URL.RawQuery,
		auth: r.Header.Get("Authorization"), at: time.Now(),
	}
	if err := c.read(r); err != nil {
		return nil, err
	}
	w.mu.Lock()
	for _, before := range w.calls {
		if before.way == c.way {
			c.n++
		}
	}
	w.calls = append(w.calls, c)
	w.mu.Unlock()
	a := w.answer(c)
	if a.after > 0 {
		if err := pauseFor(r.Context(), a.after); err != nil {
			return nil, err
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	resp := &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}
	for name, value := range a.header {
		resp.Header.Set(name, value)
	}
	return resp, nil
}

func (c *taped) read(r *http.Request) error {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		raw, err := io.ReadAll(r.Body)
		c.body = string(raw)
		return err
	}
	for parts := multipart.NewReader(r.Body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		raw, _ := io.ReadAll(p)
		if p.FormName() == "payload_json" {
			c.body = string(raw)
			continue
		}
		c.files = append(c.files, fmt.Sprintf("%s %s %s %s", p.FormName(), p.FileName(), p.Header.Get("Content-Type"), raw))
	}
}

// of are the calls whose way begins so, oldest first.
func (w *tape) of(way string) (list []taped) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if strings.HasPrefix(c.way, way) {
			list = append(list, c)
		}
	}
	return list
}

// A notebook is a Memory that forgets when the test is over.
type notebook struct {
	mu   sync.Mutex
	kept map[string][]byte
	err  error
}

func (n *notebook) Recall(_ context.Context, key string) ([]byte, bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	value, found := n.kept[key]
	return value, found, n.err
}

func (n *notebook) Remember(_ context.Context, key string, value []byte, _ time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if value == nil {
		delete(n.kept, key)
	} else {
		n.kept[key] = value
	}
	return n.err
}

// taping is an adapter that speaks over a tape, and what it logs. It has no handler.
func taping(t testing.TB, answer func(taped) tapeAnswer) (*Adapter, *tape, *bytes.Buffer) {
	t.Helper()
	over := &tape{answer: answer}
	var log bytes.Buffer
	cfg := Config{
		BotToken: chat.NewSecret(tapeToken), APIURL: "https://discord.test", Now: time.Now,
		Memory: &notebook{kept: map[string][]byte{}}, Log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	a := &Adapter{cfg: cfg, log: cfg.Log, now: cfg.Now, rest: newREST(cfg)}
	a.rest.client.Transport = over
	a.life, a.kill = context.WithCancel(context.Background())
	t.Cleanup(a.kill)
	return a, over, &log
}

func refusing(status, code int, say string) tapeAnswer {
	return tapeAnswer{status: status, body: fmt.Sprintf(`{"code":%d,"message":%q}`, code, say)}
}

func toldLimit(body, name string, limit, left int, reset float64) tapeAnswer {
	return tapeAnswer{body: body, header: map[string]string{
		"X-RateLimit-Bucket": name, "X-RateLimit-Limit": fmt.Sprint(limit),
		"X-RateLimit-Remaining": fmt.Sprint(left), "X-RateLimit-Reset-After": fmt.Sprintf("%.3f", reset),
	}}
}

// always answers whatever is asked.
func always(a tapeAnswer) func(taped) tapeAnswer { return func(taped) tapeAnswer { return a } }

// inTurn answers the first calls as given, and all that follow as the last.
func inTurn(list ...tapeAnswer) func(taped) tapeAnswer {
	var mu sync.Mutex
	n := 0
	return func(taped) tapeAnswer {
		mu.Lock()
		defer mu.Unlock()
		a := list[min(n, len(list)-1)]
		n++
		return a
	}
}

var errCutOff = errors.New("unexpected EOF")

func isOfKind(t *testing.T, err error, want chat.ErrorKind) {
	t.Helper()
	var e *chat.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Errorf("error = %v, want a *chat.Error that is %q", err, want)
	}
}

func waitOf(err error) time.Duration {
	var e *chat.Error
	errors.As(err, &e)
	if e == nil {
		return -1
	}
	return e.RetryAfter
}

func near(got, want time.Duration) bool { return (got - want).Abs() <= 2*time.Millisecond }

func jsonOf(t *testing.T, text string) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%q is no JSON: %v", text, err)
	}
	return m
}
