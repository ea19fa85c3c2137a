package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/bot/discord/discordtest"
)

var discordWays = []way{{"gateway", false}, {"HTTP", true}}

// A discordSite is a payoff in Discord.
type discordSite struct {
	*site
	discord *discordtest.Discord
	way     way
}

// newDiscordSite is a payoff that has never run.
func newDiscordSite(t *testing.T, fake *discordtest.Discord, by way, first time.Time) *discordSite {
	s := &discordSite{newSite(t, first), fake, by}
	s.isSetUp()
	s.meets = s.connects
	return s
}

// isSetUp sets what the README has an operator set.
func (s *discordSite) isSetUp() {
	s.env.plain["DISCORD_API_URL"] = s.discord.URL()
	s.env.plain["DISCORD_APPLICATION_ID"] = s.discord.ApplicationID()
	s.secret("DISCORD_BOT_TOKEN", s.discord.Token())
	if s.way.http {
		s.env.plain["DISCORD_PUBLIC_KEY"] = s.discord.PublicKey()
	}
	s.never = append(s.never, s.discord.Token(), "aW50ZXJhY3Rpb24") // the begin of an interaction's token
}

// connects waits until Discord has noticed that payoff runs, or no longer.
func (s *discordSite) connects(runs bool) {
	s.t.Helper()
	if !runs {
		if !s.discord.WaitGateway(0, patience) {
			s.t.Error("payoff has stopped, and is still connected")
		}
		return
	}
	if !s.discord.WaitGateway(1, patience) {
		s.t.Fatalf("payoff did not connect; it logged\n%s", s.log)
	}
	until(s.t, "its commands are there", func() bool { return len(s.discord.Commands()) > 0 })
	if s.way.http {
		s.discord.DeliverTo(s.app.url())
	}
}

// diesSending moves the clock on and does what is due, but payoff dies when Discord has posted
// what it says to someone directly, before it has heard so; then it is started again.
func (s *discordSite) diesSending(at time.Time, who *member) {
	s.t.Helper()
	room, were := who.direct(), len(who.bots(who.direct()))
	s.moves(at)
	ctx, die := context.WithCancel(s.t.Context())
	defer die()
	s.discord.Fail(discordtest.Fault{Path: "POST /channels/" + room + "/messages", Times: 1, Cut: true, After: true,
		Match: func(discordtest.Call) bool { die(); return true }})
	if err := s.app.nudge(ctx); !errors.Is(err, context.Canceled) {
		s.t.Fatalf("payoff did not die while it sent, but ended with %v", err)
	}
	until(s.t, "Discord has posted it", func() bool { return len(who.bots(room)) == were+1 })
	s.startsAgain()
}

// holdsPeace: nobody was ever pinged. That each act was acknowledged in time is what does looks
// after.
func (s *discordSite) holdsPeace() {
	s.t.Helper()
	if n := s.discord.Mentions(); n != 0 {
		s.t.Errorf("payoff pinged people %d times", n)
	}
}

// A member is someone in a server of Discord.
type member struct {
	*discordSite
	guild *discordtest.Guild
	user  string
}

// direct is their room with payoff.
func (m *member) direct() string { return m.discord.Direct(m.user) }

// bots is what payoff has said to them in a room.
func (m *member) bots(room string) []discordtest.Message {
	return slices.DeleteFunc(m.discord.Seen(m.user, room), func(p discordtest.Message) bool {
		return p.User != m.discord.ApplicationID() || p.Thinking
	})
}

// does is an act: it fails also when payoff did not acknowledge it within three seconds.
func (m *member) does(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// types types a command, and returns what payoff says to it in that room.
func (m *member) types(room, line string) discordtest.Message {
	m.t.Helper()
	were := len(m.bots(room))
	m.does(m.discord.Command("", m.user, room, line))
	return m.next(room, were)
}

// presses a button that is answered with a message of its own.
func (m *member) presses(room string, on discordtest.Message, label string) discordtest.Message {
	m.t.Helper()
	were := len(m.bots(room))
	m.does(m.discord.Press("", m.user, room, on.ID, label))
	return m.next(room, were)
}

// pressesFor presses a button whose answer takes the place of the message.
func (m *member) pressesFor(room string, on discordtest.Message, label string) discordtest.Message {
	m.t.Helper()
	m.does(m.discord.Press("", m.user, room, on.ID, label))
	return m.changed(room, on)
}

// opens presses a button that opens a form.
func (m *member) opens(room string, on discordtest.Message, label, title string) discordtest.Modal {
	m.t.Helper()
	m.does(m.discord.Press("", m.user, room, on.ID, label))
	return m.opened(title)
}

// submits what is entered into the form, and returns what payoff says to it in that room.
func (m *member) submits(room string, values map[string]string) discordtest.Message {
	m.t.Helper()
	were := len(m.bots(room))
	m.does(m.discord.Submit("", m.user, values))
	return m.next(room, were)
}

// submitsFor submits a form that a button of a message has opened, whose place the answer takes.
func (m *member) submitsFor(room string, on discordtest.Message, values map[string]string) discordtest.Message {
	m.t.Helper()
	m.does(m.discord.Submit("", m.user, values))
	return m.changed(room, on)
}

// begins has someone get started with a goal and a place where they network.
func (s *discordSite) begins(who *member, room, goal, networking string) discordtest.Message {
	s.t.Helper()
	card := who.submitsForm(room, "/payoff start", map[string]string{"Which revenue, by when?": goal})
	who.opens(room, card, "Continue", "Getting started (2 of 2)")
	set := who.submitsFor(room, card, map[string]string{"Networking you go to": networking})
	if !strings.HasPrefix(set.Text, "Good, you are set up.") {
		s.t.Fatalf("who gets started is told %q", set.Text)
	}
	return set
}

// submitsForm types a command that opens a form, and submits it.
func (m *member) submitsForm(room, line string, values map[string]string) discordtest.Message {
	m.t.Helper()
	m.does(m.discord.Command("", m.user, room, line))
	return m.submits(room, values)
}

// next is what payoff says when so many answers stood there before: one message, and no more.
func (m *member) next(room string, were int) discordtest.Message {
	m.t.Helper()
	return m.several(room, were, 1)[0]
}

// several is next for an answer of more than one message.
func (m *member) several(room string, were, n int) []discordtest.Message {
	m.t.Helper()
	until(m.t, "an answer in "+room, func() bool { return len(m.bots(room)) >= were+n })
	now := m.bots(room)[were:]
	for _, more := range now[n:] {
		m.t.Errorf("payoff also says %q", more.Text)
	}
	return now[:n]
}

// changed waits until a message is another one than it was.
func (m *member) changed(room string, was discordtest.Message) (now discordtest.Message) {
	m.t.Helper()
	until(m.t, "a change of the message "+was.Text, func() bool {
		all := m.discord.Seen(m.user, room)
		i := slices.IndexFunc(all, func(p discordtest.Message) bool { return p.ID == was.ID })
		if i < 0 {
			m.t.Fatalf("the message %q is gone", was.Text)
		}
		now = all[i]
		return !now.Thinking && now.Text != was.Text
	})
	return now
}

// opened waits for a form.
func (m *member) opened(title string) (f discordtest.Modal) {
	m.t.Helper()
	until(m.t, "a form "+title, func() bool {
		var open bool
		f, open = m.discord.Modal(m.user)
		return open && f.Title == title
	})
	return f
}

// fieldOf is a field of a form.
func fieldOf(t *testing.T, f discordtest.Modal, label string) discordtest.Field {
	t.Helper()
	i := slices.IndexFunc(f.Fields, func(x discordtest.Field) bool { return x.Label == label })
	if i < 0 {
		t.Fatalf("the form %s has no field %q: %+v", f.Title, label, f.Fields)
	}
	return f.Fields[i]
}

// labelsOf are the questions of a form, in order.
func labelsOf(f discordtest.Modal) string {
	var all []string
	for _, x := range f.Fields {
		all = append(all, x.Label)
	}
	return strings.Join(all, " / ")
}

// hasButtons holds the buttons of a message against those wanted.
func hasButtons(t *testing.T, m discordtest.Message, want ...string) {
	t.Helper()
	if !slices.Equal(m.Buttons, want) {
		t.Errorf("the message %q has the buttons %q, want %q", m.Text, m.Buttons, want)
	}
}

// alone is who may see a message in a room: its person alone, or everyone there.
func alone(t *testing.T, m discordtest.Message, private bool) {
	t.Helper()
	if m.Private != private {
		t.Errorf("the message %q is private: %v, want %v", m.Text, m.Private, private)
	}
}
