package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
)

// The end-to-end tests of a platform run the program's own parts in this process, on a clock
// that a test can move on, against the platform of the tests: what people see there is what
// counts.

// patience is how long a person waits for what they asked for.
const patience = 15 * time.Second

// until waits for what must come to be.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for given := time.After(patience); !is(); {
		select {
		case <-look.C:
		case <-given:
			t.Fatalf("after %s still not: %s", patience, what)
		}
	}
}

// A way is how a platform and payoff reach each other.
type way struct {
	name string
	http bool
}

// A site is a payoff that can be stopped and started again.
type site struct {
	t     *testing.T
	env   environment
	db    string
	local bool            // the local workspace is served too
	meets func(runs bool) // waits until the platform has noticed that payoff runs, or no longer
	never []string        // what the log must not say

	begun, first time.Time // the real time at first, and what it was taken for
	mu           sync.Mutex
	moved        time.Duration

	app      *app
	out, log *lines
	stop     context.CancelFunc
	ended    chan error
}

// newSite is a payoff that has never run.
func newSite(t *testing.T, first time.Time) *site {
	here := &site{
		t: t, db: filepath.Join(t.TempDir(), "payoff.db"), begun: time.Now(), first: first, meets: func(bool) {},
		env: environment{plain: map[string]string{}, secrets: map[string]chat.Secret{}},
		log: &lines{heard: make(chan struct{}, 1)},
	}
	t.Cleanup(func() {
		if here.stop != nil {
			here.ends()
		}
		here.holdsLog()
	})
	return here
}

func (s *site) secret(name, value string) { s.env.secrets[name] = chat.NewSecret(value) }

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first.Add(time.Since(s.begun) + s.moved)
}

// to moves the clock on, and does what is due.
func (s *site) to(at time.Time) {
	s.t.Helper()
	s.moves(at)
	if err := s.app.nudge(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// moves moves the clock on.
func (s *site) moves(at time.Time) {
	s.t.Helper()
	by := at.Sub(s.now())
	if by < 0 {
		s.t.Fatalf("it is past %s already", at)
	}
	s.mu.Lock()
	s.moved += by
	s.mu.Unlock()
}

// starts runs it, and waits until it says so.
func (s *site) starts() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(s.t.Context()))
	s.out, s.stop, s.ended = &lines{heard: make(chan struct{}, 1)}, stop, make(chan error, 1)
	p := &program{ctx: ctx, out: s.out, err: s.log, log: newLog(s.log, logLevel(-4), "text"), env: s.env, dbPath: s.db, now: s.now}
	var err error
	if s.app, err = newApp(p, serveCmd{httpFlag: httpFlag{"127.0.0.1:0"}, Local: s.local}); err != nil {
		stop()
		s.stop = nil
		s.t.Fatalf("newApp() = %v", err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		s.ended <- s.app.serve()
	}()
	if !s.out.hear(regexp.MustCompile(`Ctrl-C stops it\.`), patience, over) {
		s.t.Fatalf("payoff did not say where it is; it said %q and logged\n%s", s.out, s.log)
	}
	s.meets(true)
}

// ends is Ctrl-C.
func (s *site) ends() {
	s.t.Helper()
	begun := time.Now()
	s.stop()
	s.stop = nil
	select {
	case err := <-s.ended:
		if err != nil {
			s.t.Errorf("serve() = %v, want no error", err)
		}
	case <-time.After(stopsWithin):
		s.t.Fatalf("payoff still runs %s after it was to stop", stopsWithin)
	}
	s.t.Logf("stopped within %s", time.Since(begun).Round(time.Millisecond))
	s.meets(false)
}

// startsAgain is another process on the same database.
func (s *site) startsAgain() {
	s.t.Helper()
	s.ends()
	s.starts()
}

// holdsLog: nothing failed, and no secret or anything that was typed was written down.
func (s *site) holdsLog() {
	said := s.log.String()
	for line := range strings.Lines(said) {
		if strings.Contains(line, "level=ERROR") {
			s.t.Errorf("payoff logged %s", line)
		}
	}
	never := append([]string{"restaurants", "ten old clients"}, s.never...)
	for _, secret := range s.env.secrets {
		never = append(never, secret.Reveal())
	}
	for _, what := range never {
		if strings.Contains(said, what) {
			s.t.Errorf("payoff logged %q, which it must never", what)
		}
	}
}

// onDisk is the database as it lies on the disk.
func (s *site) onDisk() []byte {
	s.t.Helper()
	b, err := os.ReadFile(s.db)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Fatal(err)
	}
	return b
}

// november is a time of the month in which the tests happen; London's is then UTC.
func november(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, time.UTC)
}

// readsAs holds lines that were said against those wanted, all of them; one that ends in "…"
// is the beginning of a line.
func readsAs(t *testing.T, said string, want ...string) {
	t.Helper()
	got := strings.Split(said, "\n")
	same := slices.EqualFunc(got, want, func(got, want string) bool {
		begin, open := strings.CutSuffix(want, "…")
		return got == want || open && strings.HasPrefix(got, begin)
	})
	if !same {
		t.Errorf("payoff says\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
