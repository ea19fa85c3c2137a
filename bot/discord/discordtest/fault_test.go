package discordtest

import (
	"strings"
	"sync"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault Fault
		done  bool // the message is posted all the same
		check func(reply) bool
	}{
		{"down", Fault{Status: 503, Body: Page}, false, func(r reply) bool { return r.status == 503 && r.text == Page }},
		{"broken", Fault{Status: 500}, false, func(r reply) bool { return r.status == 500 && r.get("code") == "0" }},
		{"a refusal", Fault{Status: 403, Code: 50007, Say: "no"}, false, func(r reply) bool { return r.get("code") == "50007" && r.get("message") == "no" }},
		{"down when it was done", Fault{Status: 502, Body: Page, After: true}, true, func(r reply) bool { return r.status == 502 }},
		{"cut before", Fault{Cut: true}, false, func(r reply) bool { return r.err != nil }},
		{"cut after", Fault{Cut: true, After: true}, true, func(r reply) bool { return r.err != nil }},
		{"late", Fault{Delay: 20 * time.Millisecond}, true, func(r reply) bool { return r.status == 200 }},
		{"limited", Fault{Status: 429, RetryAfter: 1500 * time.Millisecond}, false, func(r reply) bool {
			return r.get("retry_after") == "1.5" && r.header.Get("Retry-After") == "2" && r.get("global") == "false"
		}},
		{"limited over all", Fault{Status: 429, RetryAfter: time.Second, Global: true}, false, func(r reply) bool {
			return r.get("global") == "true" && r.header.Get("X-RateLimit-Global") == "true"
		}},
		{"limited by others", Fault{Status: 429, RetryAfter: time.Second, Shared: true}, false, func(r reply) bool {
			return r.header.Get("X-RateLimit-Scope") == "shared"
		}},
		{"another path", Fault{Path: "GET /channels/*/messages", Status: 500}, true, func(r reply) bool { return r.status == 200 }},
		{"another call", Fault{Match: func(c Call) bool { return c.Method == "GET" }, Status: 500}, true, func(r reply) bool { return r.status == 200 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := village(t)
			tt.fault.Times = 1
			w.Fail(tt.fault)
			began := time.Now()
			if got := w.call("POST", "/channels/"+lobby+"/messages", `{"content":"x"}`); !tt.check(got) {
				t.Errorf("answered %d %s %v %v", got.status, got.text, got.header, got.err)
			}
			if took := time.Since(began); took < tt.fault.Delay {
				t.Errorf("it took %s, want %s", took, tt.fault.Delay)
			}
			if seen := w.seen(ada, lobby); (len(seen) == 1) != tt.done {
				t.Errorf("posted %q, want so: %v", seen, tt.done)
			}
			if w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"y"}`)); w.j.count() != 0 {
				t.Errorf("a fault fails the test: %q", w.j.told)
			}
			if n := len(w.Calls()); n != 2 {
				t.Errorf("%d calls are recorded, want 2", n)
			}
		})
	}
}

// TestFaultTimes: as often as it says, the first that is meant, until mended.
func TestFaultTimes(t *testing.T) {
	w := village(t)
	w.Fail(Fault{Path: "GET /users/*", Times: 2, Status: 500})
	w.Fail(Fault{Path: "GET /users/@me", Status: 503})
	var got []int
	for range 5 {
		got = append(got, w.call("GET", "/users/@me", "").status)
	}
	if want := []int{500, 500, 503, 503, 503}; len(got) != 5 || got[1] != want[1] || got[2] != want[2] || got[4] != want[4] {
		t.Errorf("answered %v, want %v", got, want)
	}
	w.Mend()
	w.ok(w.call("GET", "/users/@me", ""))
	w.Fail(Fault{Path: "[", Status: 500})
	if w.j.count() != 1 {
		t.Error("a pattern that is none fails no test")
	}
}

// TestManyAtOnce has 50 callers while one call in five goes wrong: run with -race.
func TestManyAtOnce(t *testing.T) {
	w := village(t)
	w.FailSome(0.2, 7, func(c Call) bool { return c.Method == "POST" })
	var all sync.WaitGroup
	var mu sync.Mutex
	answered := 0
	for range 50 {
		all.Go(func() {
			for range 8 {
				r := w.request("POST", "/channels/"+lobby+"/messages", "application/json", strings.NewReader(`{"content":"x"}`))
				if got := w.send(r); got.status == 200 {
					mu.Lock()
					answered++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	posted, calls := len(w.seen(ada, lobby)), len(w.Calls())
	if calls != 400 || answered == 400 || answered < 250 || posted <= answered || posted == 400 {
		t.Errorf("of %d calls %d were answered and %d posted: some of those that were not answered are to be done, some not", calls, answered, posted)
	}
	seen := map[string]bool{}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.channels[lobby].messages {
		if seen[m.id] {
			t.Fatalf("the id %s comes twice", m.id)
		}
		seen[m.id] = true
	}
}
