package main

import (
	"slices"
	"testing"
	"time"

	"payoff/bot/slack/slacktest"
)

var ways = []way{{"Socket Mode", false}, {"HTTP", true}}

// A slackSite is a payoff in Slack.
type slackSite struct {
	*site
	slack *slacktest.Slack
	way   way
}

// newSlackSite is a payoff that has never run, and has a token for the workspace if there is one.
func newSlackSite(t *testing.T, fake *slacktest.Slack, by way, first time.Time) *slackSite {
	s := &slackSite{newSite(t, first), fake, by}
	s.env.plain["SLACK_API_URL"] = fake.URL()
	s.never = []string{"xoxb-", "xapp-", fake.SigningSecret(), fake.ClientSecret(), "/response/"}
	if by.http {
		s.secret("SLACK_SIGNING_SECRET", fake.SigningSecret())
	} else {
		s.secret("SLACK_APP_TOKEN", fake.AppToken())
	}
	s.meets = func(runs bool) {
		switch {
		case by.http && runs:
			fake.DeliverTo(s.app.url())
		case by.http:
		case runs && !fake.WaitSockets(1, patience):
			t.Fatalf("payoff did not connect; it logged\n%s", s.log)
		case !runs && !fake.WaitSockets(0, patience):
			t.Error("payoff has stopped, and is still connected")
		}
	}
	return s
}

// holdsAcks: whatever Slack brought was acknowledged in time.
func (s *slackSite) holdsAcks() {
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
	*slackSite
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

// reads holds the lines of a message against those wanted, as readsAs does.
func reads(t *testing.T, m slacktest.Post, want ...string) {
	t.Helper()
	readsAs(t, m.Text, want...)
}

// only is who may see a message: its person alone, or everyone in the room.
func only(t *testing.T, m slacktest.Post, private bool) {
	t.Helper()
	if m.Private != private {
		t.Errorf("the message %q is private: %v, want %v", m.Text, m.Private, private)
	}
}
