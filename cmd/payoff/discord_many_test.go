package main

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/bot/discord"
	"payoff/bot/discord/discordtest"
	"payoff/storage"
)

// TestDiscordInTwoServers: Sam is in both and in each is an owner of its team, though they have
// one direct room with payoff. Where payoff was removed nothing is sent, until it is added again
// within a month, or all is erased.
func TestDiscordInTwoServers(t *testing.T) {
	for _, by := range discordWays {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			s := &twoSquares{square: newSquare(t, by)}
			s.isAdded()
			s.begins(s.sam, squareID, "£120k by 31 Dec", "BNI")
			s.isAddedToo()
			s.begins(s.sam2, townID, "£60k by 31 Dec", "Chamber")
			s.begins(s.lee, townID, "£60k by 31 Dec", "Chamber")
			s.areApart()
			s.goHome()
			s.areAsked()
			s.isRemoved()
			s.comesBack()
			s.isErased()
			s.holdsPeace()
		})
	}
}

const (
	townID = "410000000000000011"
	leeID  = "420000000000000003"
	kimID  = "420000000000000004"
)

// A twoSquares is the square with a second server, Old Town, where Lee is, and Sam too.
type twoSquares struct {
	*square
	sam2, lee *member
}

// isAddedToo: payoff is added to Old Town while it runs.
func (s *twoSquares) isAddedToo() {
	town := s.discord.Guild("Old Town")
	town.AddUser(discordtest.User{ID: samID, Name: "Samuel", Nick: "Sharp"})
	town.AddUser(discordtest.User{ID: leeID, Name: "Lee"})
	town.AddChannel(discordtest.Channel{ID: townID, Name: "town"})
	s.sam2, s.lee = &member{s.discordSite, town, samID}, &member{s.discordSite, town, leeID}
}

// areApart: what one team does is not seen in the other.
func (s *twoSquares) areApart() {
	s.sam.types(squareID, "/log won £1,200 BNI")
	s.sam2.types(townID, "/log won £30k Chamber")
	s.to(november(14, 10, 0))
	// A day of 49 asks for £2,449 of Sam and £1,224 of Sharp.
	for _, team := range []struct{ room, want string }{{squareID, "Pace to goal: 1 Sam 49%."}, {townID, "Pace to goal: 1 Sharp 2450%."}} {
		board := s.sam.types(team.room, "/leaderboard")
		if !slices.Contains(strings.Split(board.Text, "\n"), team.want) {
			s.t.Errorf("the board is %q, want %q in it", board.Text, team.want)
		}
	}
}

// goHome: the direct room is of the server that they used last. Which that was is remembered
// after the answer; a restart waits for it.
func (s *twoSquares) goHome() {
	for _, step := range []struct {
		who        *member
		room, goal string
	}{
		{s.sam, squareID, "£1,200 of £120,000 by 31 Dec, 1%."}, {s.sam2, townID, "£30,000 of £60,000 by 31 Dec, 50%."},
		{s.sam, squareID, "£1,200 of £120,000 by 31 Dec, 1%."},
	} {
		s.startsAgain()
		step.who.types(step.room, "/payoff")
		s.startsAgain()
		if m := s.sam.types(s.sam.direct(), "/goal"); !strings.HasPrefix(m.Text, step.goal) {
			s.t.Errorf("after a command in %s their goal is %q, want %q", step.room, m.Text, step.goal)
		}
	}
}

// asked waits for the question of a team in a direct room.
func (m *member) asked(goal string) (question discordtest.Message) {
	m.t.Helper()
	until(m.t, "the check-in of "+goal, func() bool {
		all := m.bots(m.direct())
		i := slices.IndexFunc(all, func(p discordtest.Message) bool {
			return strings.HasPrefix(p.Text, "How did") && strings.Contains(p.Text, goal)
		})
		if i >= 0 {
			question = all[i]
		}
		return i >= 0
	})
	return question
}

// areAsked directly by both teams, and each button belongs to the team that asked.
func (s *twoSquares) areAsked() {
	s.to(november(16, 9, 1))
	for _, team := range []struct{ goal, channel string }{{"£60,000", "Chamber"}, {"£120,000", "BNI"}, {"£60,000", "Chamber"}} {
		form := s.sam.opens(s.sam.direct(), s.sam.asked(team.goal), "Check in", "Check-in")
		if got := form.Fields[0].Label; got != team.channel {
			s.t.Errorf("the check-in of the team with %s asks for %s, want %s", team.goal, got, team.channel)
		}
		s.discord.Dismiss(samID)
	}
	question := s.sam.asked("£60,000")
	s.sam.opens(s.sam.direct(), question, "Check in", "Check-in")
	s.startsAgain()
	done := s.sam.submitsFor(s.sam.direct(), question, map[string]string{"Will you reach your goal?": "On track"})
	if !strings.HasPrefix(done.Text, "Thank you, that is noted.\n£30,000 of £60,000 by 31 Dec, 50%.") {
		s.t.Errorf("the check-in of Old Town ends with %q", done.Text)
	}
	s.sam.types(squareID, "/payoff")
}

// isRemoved: nothing is sent there any more, and what stands there leads nowhere.
func (s *twoSquares) isRemoved() {
	s.lee.guild.Remove()
	s.startsAgain() // else payoff looks once an hour
	until(s.t, "payoff notices", func() bool { return s.left(s.lee.guild.ID()) })
	lees, sams := len(s.lee.bots(s.lee.direct())), len(s.sam.bots(s.sam.direct()))
	s.to(november(23, 9, 1))
	for _, m := range s.sam.several(s.sam.direct(), sams, 2) { // how the week went, and a first look at the goal
		if !strings.Contains(m.Text, "£120,000") {
			s.t.Errorf("Sam is told %q", m.Text)
		}
	}
	if now := s.lee.bots(s.lee.direct()); len(now) != lees {
		s.t.Errorf("after payoff was removed Lee is told %+v", now[lees:])
	}
	old := s.sam.bots(s.sam.direct())
	i := slices.IndexFunc(old, func(p discordtest.Message) bool {
		return strings.Contains(p.Text, "£60,000") && slices.Contains(p.Buttons, "Report")
	})
	gone := s.sam.presses(s.sam.direct(), old[i], "Report")
	readsAs(s.t, gone.Text, "That belongs to a server that I am not in any more. Whoever manages it can add me again.")
}

// left reports whether payoff knows that it is in a server no longer.
func (s *discordSite) left(server string) bool {
	s.t.Helper()
	var since time.Time
	err := s.app.records.db.View(s.t.Context(), func(r *storage.Reader) (err error) {
		since, err = r.LeftSince(discord.Platform, server)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return !since.IsZero()
}

// comesBack within the month, and finds all as it was.
func (s *twoSquares) comesBack() {
	s.to(november(27, 9, 0))
	s.lee.guild.Join()
	if m := s.sam2.types(townID, "/goal"); !strings.HasPrefix(m.Text, "£30,000 of £60,000 by 31 Dec, 50%.") {
		s.t.Errorf("after payoff came back the goal is %q", m.Text)
	}
	until(s.t, "payoff notices", func() bool { return !s.left(s.lee.guild.ID()) })
	lees := len(s.lee.bots(s.lee.direct()))
	s.to(november(30, 9, 1))
	if m := s.lee.next(s.lee.direct(), lees); !strings.HasPrefix(m.Text, "How did") {
		s.t.Errorf("after payoff came back Lee is asked %q", m.Text)
	}
}

// isErased thirty days after payoff was removed, and not before; nobody else is.
func (s *twoSquares) isErased() {
	s.lee.guild.Remove()
	s.startsAgain()
	until(s.t, "payoff notices", func() bool { return s.left(s.lee.guild.ID()) })
	for _, step := range []struct {
		at   time.Time
		want string
	}{{november(30+29, 9, 0), "[Lee Sam Sharp]"}, {november(30+31, 9, 0), "[Sam]"}} {
		s.to(step.at)
		if err := s.app.records.engine.Sweep(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		if got := fmt.Sprint(s.names()); got != step.want {
			s.t.Errorf("on %s the owners are %s, want %s", step.at.Format(time.DateOnly), got, step.want)
		}
	}
	problems, err := s.app.records.check(s.t.Context())
	if err != nil || len(problems) > 0 {
		s.t.Errorf("afterwards the database is not sound: %q, %v", problems, err)
	}
}

// TestDiscordClosedDirectMessages: who takes none is tried once, nothing in a room hints at it,
// and they alone are told at their next command; they may be asked in a thread of their own.
func TestDiscordClosedDirectMessages(t *testing.T) {
	t.Parallel()
	s := newSquare(t, way{"gateway", false})
	s.isAdded()
	s.discord.Expect(50007)
	s.begins(s.sam, squareID, "£120k by 31 Dec", "BNI")
	s.sam.guild.AddUser(discordtest.User{ID: samID, Name: "Samuel", Nick: "Sam", Closed: true})
	anns := len(s.ann.bots(squareID))
	s.to(november(16, 9, 1))
	s.startsAgain()
	s.to(november(17, 9, 1))
	s.to(november(23, 9, 1))
	if tried := s.calls("POST", "/channels/"+s.sam.direct()+"/messages"); tried != 1 {
		t.Errorf("payoff tried %d times to write to Sam, want once", tried)
	}
	were := len(s.sam.bots(squareID))
	s.sam.does(s.discord.Command("", samID, squareID, "/log 2h BNI"))
	said := s.sam.several(squareID, were, 2)
	alone(t, said[0], true)
	alone(t, said[1], true)
	readsAs(t, said[1].Text, "I could not write to you directly: your direct messages seem to be closed to me. Until you choose, I send you nothing of my own.")
	hasButtons(t, said[1], "Check in now", "Try again", "Ask me here instead")
	s.sam.types(squareID, "/log 1h BNI") // and no more of it
	if now := s.ann.bots(squareID); len(now) != anns {
		t.Errorf("in the room Ann is shown %+v", now[anns:])
	}

	here := s.sam.pressesFor(squareID, said[1], "Ask me here instead")
	readsAs(t, here.Text, "From now on I ask you here, for you alone.")
	s.to(november(23, 9, 2))
	thread := s.thread()
	m := s.sam.next(thread, 0)
	if !strings.HasPrefix(m.Text, "How did") {
		t.Errorf("in the thread payoff says %q", m.Text)
	}
	s.sam.opens(thread, m, "Check in", "Check-in")
	done := s.sam.submitsFor(thread, m, map[string]string{"Will you reach your goal?": "On track"})
	if !strings.HasPrefix(done.Text, "Thank you, that is noted.") {
		t.Errorf("in the thread the check-in ends with %q", done.Text)
	}
	if seen := s.discord.Seen(annID, thread); len(seen) != 0 || len(s.ann.bots(squareID)) != anns {
		t.Errorf("Ann is shown %+v", seen)
	}
	s.holdsPeace()
}

// calls is how often something was called.
func (s *discordSite) calls(method, path string) (n int) {
	for _, c := range s.discord.Calls() {
		if c.Method == method && c.Path == path {
			n++
		}
	}
	return n
}

// thread is the one that payoff has opened for somebody.
func (s *discordSite) thread() string {
	s.t.Helper()
	for _, c := range s.discord.Calls() {
		if c.Method == "PUT" && c.Route == "/channels/{channel}/thread-members/{user}" {
			return path.Base(path.Dir(path.Dir(c.Path)))
		}
	}
	s.t.Fatal("payoff has opened no thread")
	return ""
}
