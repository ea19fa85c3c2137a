package discordtest

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestBuckets: five messages in a channel, then a wait that the headers tell of.
func TestBuckets(t *testing.T) {
	w := village(t)
	w.Limits(true)
	at := "/channels/" + lobby + "/messages"
	for i := range 5 {
		got := w.ok(w.call("POST", at, `{"content":"x"}`))
		if left := got.header.Get("X-RateLimit-Remaining"); left != strconv.Itoa(4-i) || got.header.Get("X-RateLimit-Limit") != "5" {
			t.Errorf("call %d leaves %q", i, left)
		}
	}
	over := w.call("POST", at, `{"content":"x"}`)
	if over.status != 429 || over.get("global") != "false" || over.header.Get("X-RateLimit-Scope") != "user" || over.header.Get("X-RateLimit-Remaining") != "0" {
		t.Fatalf("the sixth is answered %d %s %v", over.status, over.text, over.header)
	}
	if over.get("retry_after") != "5" || over.header.Get("Retry-After") != "5" || over.header.Get("X-RateLimit-Reset-After") != "5.000" {
		t.Errorf("to wait: %s %v, want 5 seconds", over.text, over.header)
	}
	w.Advance(3600 * time.Millisecond)
	if got := w.call("POST", at, `{"content":"x"}`); got.get("retry_after") != "1.4" || got.header.Get("Retry-After") != "2" {
		t.Errorf("later to wait: %s %v, want 1.4 seconds", got.text, got.header)
	}
	other := w.ok(w.call("POST", "/channels/"+vault+"/messages", `{"content":"x"}`))
	if other.header.Get("X-RateLimit-Bucket") != over.header.Get("X-RateLimit-Bucket") {
		t.Error("another channel has another bucket: it has the same one, counted apart")
	}
	w.ok(w.call("GET", "/channels/"+lobby, "")) // another route
	w.Advance(1400 * time.Millisecond)
	w.ok(w.call("POST", at, `{"content":"x"}`))
	if w.j.count() != 0 || len(w.seen(ada, lobby)) != 6 {
		t.Errorf("a limit fails the test: %q; %d messages", w.j.told, len(w.seen(ada, lobby)))
	}
	w.Limits(false)
	for range 6 {
		if got := w.ok(w.call("POST", at, `{"content":"x"}`)); got.header.Get("X-RateLimit-Limit") != "" {
			t.Error("it tells of limits that are off")
		}
	}
}

// TestGlobalLimit: fifty a second over all, but for answers to interactions.
func TestGlobalLimit(t *testing.T) {
	w := village(t)
	w.Limits(true)
	w.mu.Lock()
	for range 60 { // each its own bucket
		c := &channel{id: w.nextID(), guild: w.g}
		w.channels[c.id] = c
	}
	var ids []string
	for id, c := range w.channels {
		if !c.Hidden {
			ids = append(ids, id)
		}
	}
	w.mu.Unlock()
	var last reply
	sent := 0
	for _, id := range ids {
		if last = w.call("GET", "/channels/"+id, ""); last.status != 200 {
			break
		}
		sent++
	}
	if sent != 50 || last.status != 429 || last.get("global") != "true" || last.header.Get("X-RateLimit-Global") != "true" || last.header.Get("X-RateLimit-Scope") != "global" {
		t.Fatalf("after %d: %d %s %v", sent, last.status, last.text, last.header)
	}
	if last.header.Get("X-RateLimit-Reset-After") != "" {
		t.Error("a global limit tells of a bucket")
	}
	in := w.interaction(commandInteraction, ada, lobby, "")
	w.ok(w.answer(in, `{"type":4,"data":{"content":"x"}}`))
	w.ok(w.call("POST", w.hook(in), `{"content":"y"}`))
	w.Advance(time.Second)
	w.ok(w.call("GET", "/channels/"+lobby, ""))
	if c := w.Calls()[sent]; c.Status != 429 || c.Retry <= 0 {
		t.Errorf("Calls() has %+v", c)
	}
}

// TestCloudflare: a page where JSON should be.
func TestCloudflare(t *testing.T) {
	w := village(t)
	w.Cloudflare(1, 90*time.Second)
	got := w.call("GET", "/users/@me", "")
	if got.status != http.StatusTooManyRequests || !strings.HasPrefix(got.text, "<!doctype") || got.header.Get("Retry-After") != "90" || got.header.Get("X-RateLimit-Scope") != "" || got.header.Get("Via") != "" {
		t.Errorf("answered %d %v %s", got.status, got.header, got.text)
	}
	w.ok(w.call("GET", "/users/@me", ""))
}
