package discordtest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestProbe gives Discord addresses that it does not take.
func TestProbe(t *testing.T) {
	page := func(status int, kind, body string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", kind)
			rw.WriteHeader(status)
			_, _ = io.WriteString(rw, body)
		}
	}
	for _, tt := range []struct {
		name, want string
		app        http.HandlerFunc
	}{
		{"broken", "a ping: answered 500", page(500, "text/plain", "")},
		{"takes any signature", "a signature", page(200, "application/json", `{"type":1}`)},
		{"no pong", "not with type 1", page(200, "application/json", `{"type":4}`)},
		{"no JSON", "not with type 1", page(200, "text/plain", `{"type":1}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := village(t)
			w.register()
			server := httptest.NewServer(tt.app)
			defer server.Close()
			w.DeliverTo(server.URL)
			if err := w.Command("", ada, lobby, "/log 2h"); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Command = %v, want an error that says %q", err, tt.want)
			}
			if w.j.count() != 1 {
				t.Errorf("the test was failed %d times, want once: %v", w.j.count(), w.j.told)
			}
		})
	}
}

// TestInline answers over HTTP in the response itself, as Discord allows.
func TestInline(t *testing.T) {
	w := village(t)
	w.register()
	a := &app{w: w, answer: func(told) string { return "" }}
	body := says("Logged")(told{})
	pings := 0
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		rw.Header().Set("Content-Type", "application/json")
		if asObject(raw)["type"] != 1.0 {
			a.take(raw)
			_, _ = io.WriteString(rw, body)
			return
		}
		if pings++; pings > 1 {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(rw, `{"type":1}`)
	}))
	defer server.Close()
	w.DeliverTo(server.URL)
	if err := w.Command("", ada, lobby, "/log 2h"); err != nil {
		t.Fatal(err)
	}
	if seen := w.Seen(ada, lobby); len(seen) != 1 || seen[0].Text != "Logged" {
		t.Errorf("Seen = %+v", seen)
	}
	body = `{"type":7}`
	if err := w.Command("", ada, lobby, "/log 2h"); err == nil || w.j.count() != 1 {
		t.Errorf("an answer that Discord refuses: %v, and %d failures", err, w.j.count())
	}
}

func TestNotAcknowledged(t *testing.T) {
	bothWays(t, func(told) string { return "" }, func(w raw, a *app) {
		w.Patience(20 * time.Millisecond)
		err := w.Command("", ada, lobby, "/log 2h")
		if err == nil || !strings.Contains(err.Error(), "did not respond") {
			t.Errorf("Command = %v, want that it did not respond", err)
		}
	})
}

// TestDeliver brings what no person did, with a good and with a bad signature.
func TestDeliver(t *testing.T) {
	bothWays(t, func(told) string { return "" }, func(w raw, a *app) {
		if err := w.Deliver([]byte(`{"id":"1","type":77}`)); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { return a.count() == 1 })
		if a.last().Type != 77 {
			t.Errorf("payoff was told %v", a.last().object)
		}
		if w.deliverTo == "" {
			return
		}
		header := w.Signed([]byte(`{"a":1}`), time.Now())
		var bad *badStatus
		if _, err := w.postTo(w.deliverTo+interactionsPath, header, []byte(`{"a":2}`)); !errors.As(err, &bad) || bad.status != http.StatusUnauthorized {
			t.Errorf("another body under a signature: %v, want 401", err)
		}
	})
}
