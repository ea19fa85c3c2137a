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
	"payoff/bot/slack/slacktest"
)

// The end-to-end tests of Slack run the program's own parts in this process, on a clock that a
// test can move on, against the Slack of slacktest: what people see there is what counts.

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

// A way is how Slack and payoff reach each other.
type way struct {
	name string
	http bool
}

var ways = []way{{"Socket Mode", false}, {"HTTP", true}}

// A site is a payoff in Slack, which can be stopped and started again.
type site struct {
	t     *testing.T
	slack *slacktest.Slack
	way   way
	env   environment
	db    string
	local bool // the local workspace is served too

	begun, first time.Time // the real time at first, and what it was taken for
	mu           sync.Mutex
	moved        time.Duration

	app      *app
	out, log *lines
	stop     context.CancelFunc
	ended    chan error
}

// newSite is a payoff that has never run, and has a token for the workspace if there is one.
func newSite(t *testing.T, s *slacktest.Slack, by way, first time.Time) *site {
	here := &site{
		t: t, slack: s, way: by, db: filepath.Join(t.TempDir(), "payoff.db"), begun: time.Now(), first: first,
		env: environment{plain: map[string]string{"SLACK_API_URL": s.URL()}, secrets: map[string]chat.Secret{}},
		log: &lines{heard: make(chan struct{}, 1)},
	}
	if by.http {
		here.secret("SLACK_SIGNING_SECRET", s.SigningSecret())
	} else {
		here.secret("SLACK_APP_TOKEN", s.AppToken())
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
	by := at.Sub(s.now())
	if by < 0 {
		s.t.Fatalf("it is past %s already", at)
	}
	s.mu.Lock()
	s.moved += by
	s.mu.Unlock()
	if err := s.app.nudge(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
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
		s.t.Fatalf("payoff did not say that it is in Slack; it said %q and logged\n%s", s.out, s.log)
	}
	if s.way.http {
		s.slack.DeliverTo(s.app.url())
	} else if !s.slack.WaitSockets(1, patience) {
		s.t.Fatalf("payoff did not connect; it logged\n%s", s.log)
	}
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
	if !s.way.http && !s.slack.WaitSockets(0, patience) {
		s.t.Error("payoff has stopped, and is still connected")
	}
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
	never := []string{"xoxb-", "xapp-", s.slack.SigningSecret(), s.slack.ClientSecret(), "/response/", "restaurants", "ten old clients"}
	for _, secret := range s.env.secrets {
		never = append(never, secret.Reveal())
	}
	for _, what := range never {
		if strings.Contains(said, what) {
			s.t.Errorf("payoff logged %q, which it must never", what)
		}
	}
}

// holdsAcks: whatever Slack brought was acknowledged in time.
func (s *site) holdsAcks() {
	acks := s.slack.Acks()
	if len(acks) == 0 {
		s.t.Error("nothing was brought")
	}
	for _, a := range acks {
		if !a.OK || a.After >= 3*time.Second {
			s.t.Errorf("a delivery of %s was acknowledged after %s (%v), want it within 3 s", a.Kind, a.After, a.OK)
		}
	}
}

// A person is someone in a workspace of Slack.
type person struct {
	*site
	team *slacktest.Workspace
	user string
}

// direct is their room with payoff.
func (s *person) direct() string { return s.team.Direct(s.user) }

// bots is what payoff has said to them in a room.
func (s *person) bots(room string) []slacktest.Post {
	return slices.DeleteFunc(s.team.Seen(s.user, room), func(p slacktest.Post) bool { return !p.Bot })
}

// types types a command, and returns what payoff says to it in that room.
func (s *person) types(room, line string) slacktest.Post {
	s.t.Helper()
	were := len(s.bots(room))
	s.does(s.team.Command("", s.user, room, line))
	return s.next(room, were)
}

// writes writes to payoff directly.
func (s *person) writes(text string) slacktest.Post {
	s.t.Helper()
	were := len(s.bots(s.direct()))
	s.does(s.team.Write("", s.user, s.direct(), text))
	return s.next(s.direct(), were)
}

// presses a button that is answered with a message of its own.
func (s *person) presses(room string, m slacktest.Post, label string) slacktest.Post {
	s.t.Helper()
	were := len(s.bots(room))
	s.does(s.team.Press("", s.user, room, m.TS, label))
	return s.next(room, were)
}

// pressesFor presses a button whose answer takes the place of the message.
func (s *person) pressesFor(room string, m slacktest.Post, label string) slacktest.Post {
	s.t.Helper()
	s.does(s.team.Press("", s.user, room, m.TS, label))
	return s.changed(room, m)
}

// home waits for their App Home to be as it should.
func (s *person) home(what string, is func(slacktest.Post) bool) (home slacktest.Post) {
	s.t.Helper()
	until(s.t, "an App Home with "+what, func() bool {
		var there bool
		home, there = s.team.Home(s.user)
		return there && is(home)
	})
	return home
}

func (s *person) does(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// next is what payoff says when so many answers stood there before: one message, and no more.
func (s *person) next(room string, were int) slacktest.Post {
	s.t.Helper()
	return s.several(room, were, 1)[0]
}

// several is next for an answer of more than one message.
func (s *person) several(room string, were, n int) []slacktest.Post {
	s.t.Helper()
	until(s.t, "an answer in "+room, func() bool { return len(s.bots(room)) >= were+n })
	now := s.bots(room)[were:]
	for _, more := range now[n:] {
		s.t.Errorf("payoff also says %q", more.Text)
	}
	return now[:n]
}

// changed waits until a message is another one than it was.
func (s *person) changed(room string, m slacktest.Post) (now slacktest.Post) {
	s.t.Helper()
	until(s.t, "a change of the message "+m.Text, func() bool {
		all := s.team.Seen(s.user, room)
		i := slices.IndexFunc(all, func(p slacktest.Post) bool { return p.TS == m.TS })
		if i < 0 {
			s.t.Fatalf("the message %q is gone", m.Text)
		}
		now = all[i]
		return now.Edited && now.Text != m.Text
	})
	return now
}

// opened waits for a form.
func (s *person) opened(title string) (f slacktest.Form) {
	s.t.Helper()
	until(s.t, "a form "+title, func() bool {
		var open bool
		f, open = s.team.Form(s.user)
		return open && f.Title == title && len(f.Fields) > 0
	})
	return f
}

// closed waits until none is open.
func (s *person) closed() {
	s.t.Helper()
	until(s.t, "the form is closed", func() bool { _, open := s.team.Form(s.user); return !open })
}

// at is a field of a form.
func at(t *testing.T, f slacktest.Form, label string) slacktest.Field {
	t.Helper()
	i := slices.IndexFunc(f.Fields, func(x slacktest.Field) bool { return x.Label == label })
	if i < 0 {
		t.Fatalf("the form %s has no field %q: %+v", f.Title, label, f.Fields)
	}
	return f.Fields[i]
}

// reads holds the lines of a message against those wanted, all of them; one that ends in "…"
// is the beginning of a line.
func reads(t *testing.T, m slacktest.Post, want ...string) {
	t.Helper()
	got := strings.Split(m.Text, "\n")
	same := slices.EqualFunc(got, want, func(got, want string) bool {
		begin, open := strings.CutSuffix(want, "…")
		return got == want || open && strings.HasPrefix(got, begin)
	})
	if !same {
		t.Errorf("payoff says\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// only is who may see a message: its person alone, or everyone in the room.
func only(t *testing.T, m slacktest.Post, private bool) {
	t.Helper()
	if m.Private != private {
		t.Errorf("the message %q is private: %v, want %v", m.Text, m.Private, private)
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
