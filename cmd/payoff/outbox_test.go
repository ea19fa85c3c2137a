package main

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"payoff/goals/engine"
)

// TestOutboxOfTheDead: what was given up is listed with the reason and its key, and sent after
// all when that is asked for; what was held says until when.
func TestOutboxOfTheDead(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	p := &program{
		ctx: t.Context(), out: &out, err: &out, log: slog.New(slog.DiscardHandler),
		dbPath: filepath.Join(t.TempDir(), "payoff.db"), now: func() time.Time { return now },
	}
	var key string
	err := p.with(true, func(r *records) error {
		for _, name := range []string{"Ann", "Bob"} {
			a, err := r.engine.Meet(p.ctx, engine.Person{Platform: "local", Space: "local", ID: name, Name: name, Zone: "UTC"})
			if err == nil {
				_, err = r.engine.SkipStart(p.ctx, engine.Request{Actor: a})
			}
			if err != nil {
				return err
			}
		}
		now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		if _, err := r.engine.Claim(p.ctx, nil); err != nil {
			return err
		}
		list, err := r.engine.Lease(p.ctx, engine.Wish{Most: 1})
		if err != nil {
			return err
		}
		key = list[0].Key
		return r.engine.Failed(p.ctx, list[0], "invalid: too long", false, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	run := func(command interface{ Run(*program) error }, want ...string) {
		t.Helper()
		out.Reset()
		if err := command.Run(p); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%T prints\n%s, want %q in it", command, &out, w)
			}
		}
	}
	run(&outboxListCmd{}, "given up 2026-11-23 09:00:00Z after 1 attempt: invalid: too long", key, "its time has come", "Given up: 1 message. To send one after all: payoff outbox retry")
	if err := (&outboxRetryCmd{Key: "checkin"}).Run(p); err == nil || !strings.HasPrefix(err.Error(), `No message with the key "checkin" was given up`) {
		t.Errorf("retry of half a key = %v, want that there is none", err)
	}
	run(&outboxRetryCmd{Key: key}, "Put back: 1 message.")
	run(&outboxRetryCmd{Key: "all"}, "Nothing was given up.")
	run(&outboxListCmd{}, "waits")
	if strings.Contains(out.String(), "iven up") {
		t.Errorf("list prints\n%s, want nothing given up", &out)
	}
	err = p.with(false, func(r *records) error {
		list, err := r.engine.Lease(p.ctx, engine.Wish{Most: 1})
		if len(list) != 1 || list[0].Key == "" || list[0].Attempts != 1 {
			t.Errorf("Lease = %+v, want one of them as new", list)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
