package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"payoff/bot/discord/discordtest"
	"payoff/bot/slack/slacktest"
)

// TestOneTeamInSlackAndDiscord lives Shows 6 of the issue in the real program: a workspace and a
// server are made one team by a code, people join their accounts, and one board is posted in
// both rooms, until they are taken apart.
func TestOneTeamInSlackAndDiscord(t *testing.T) {
	for i, by := range ways {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			s := newBridge(t, by, discordWays[i])
			s.isLinked()
			s.joinAccounts()
			s.share()
			s.seeOneBoard()
			s.partAgain()
			s.street.holdsAcks()
			s.square.holdsPeace()
		})
	}
}

// A bridge is the street and the square served by one payoff; Sam and Ann are in both, Kim is in
// the square alone.
type bridge struct {
	*site
	street *street
	square *square
	kim    *member
}

func newBridge(t *testing.T, inSlack, inDiscord way) *bridge {
	s := &bridge{street: newStreet(t, inSlack), square: newSquare(t, inDiscord)}
	s.site = s.street.site
	s.square.site = s.site
	s.square.isSetUp()
	slack := s.meets
	s.meets = func(runs bool) { slack(runs); s.square.connects(runs) }
	s.secret("SLACK_BOT_TOKEN", s.street.sam.team.Install())
	guild := s.square.sam.guild
	guild.AddUser(discordtest.User{ID: kimID, Name: "Kim"})
	s.kim = &member{s.square.discordSite, guild, kimID}
	s.starts()
	if said := s.out.String(); !strings.HasPrefix(said, "payoff is in Slack workspace High Street (") || !strings.Contains(said, "payoff is in Discord server Market Square (") {
		t.Errorf("payoff greets with %q", said)
	}
	return s
}

// code is the one that a message holds, which must not be logged.
func (s *bridge) code(said string) string {
	s.t.Helper()
	found := regexp.MustCompile(`/payoff (?:team|me) link ([0-9A-Z-]{8,9})`).FindStringSubmatch(said)
	if found == nil {
		s.t.Fatalf("%q holds no code", said)
	}
	s.never = append(s.never, found[1])
	return found[1]
}

// isLinked by an admin of both, with a code that only they see and that works once.
func (s *bridge) isLinked() {
	offer := s.street.ann.types(highStreet, "/payoff team link")
	only(s.t, offer, true)
	code := s.code(offer.Text)
	no := s.square.sam.types(squareID, "/payoff team link "+code)
	readsAs(s.t, no.Text, "Only an admin of this workspace can change the team's settings.", "Ask one of them…")
	linked := s.square.ann.types(squareID, "/team link "+code)
	alone(s.t, linked, true)
	readsAs(s.t, linked.Text, "This Discord server and the Slack workspace are one team now, 3 people.",
		"No room here gets the leaderboard yet. In the one for it, type /payoff team room", "Who is in both joins their two accounts with /payoff me link")
	again := s.square.ann.types(squareID, "/team link "+code)
	readsAs(s.t, again.Text, "That code was used already: …")
}

// joinAccounts: who is in both is one person, with the records of one.
func (s *bridge) joinAccounts() {
	sam, ann := s.street.sam, s.street.ann
	hello := sam.writes("hello")
	sam.does(sam.team.Press("", sam.user, sam.direct(), hello.TS, "Get started"))
	sam.opened("Getting started")
	sam.does(sam.team.Fill("", sam.user, map[string]string{"Which revenue, by when?": "£120k by 31 Dec", "Networking you go to": "BNI"}))
	sam.changed(sam.direct(), hello)
	hello = ann.types(highStreet, "/payoff team room")
	skipped := ann.pressesFor(highStreet, hello, "Skip for now")
	ann.presses(highStreet, skipped, "Go on: team room")

	for _, who := range []struct {
		there *person
		here  *member
	}{{sam, s.square.sam}, {ann, s.square.ann}} {
		offer := who.there.types(highStreet, "/payoff me link")
		only(s.t, offer, true)
		joined := who.here.types(squareID, "/payoff me link "+s.code(offer.Text))
		alone(s.t, joined, true)
		readsAs(s.t, joined.Text, "You are one person in this space and in the Slack workspace now, with one goal and one log.")
	}
	readsAs(s.t, s.square.ann.types(squareID, "/team room").Text, "The leaderboard is posted in #square, Monday 12:00.")
}

// share: what is logged in one is there in the other, over a restart.
func (s *bridge) share() {
	m := s.square.sam.types(squareID, "/log won £1,200 BNI")
	readsAs(s.t, m.Text, "Logged BNI, today: 1 deal, £1,200 revenue.", "This week: 1 deal, £1,200 revenue.", "£1,200 of £120,000 by 31 Dec, 1%.")
	s.startsAgain()
	reads(s.t, s.street.sam.writes("goal"), "£1,200 of £120,000 by 31 Dec, 1%.", "It has only begun. From here: £16,971 a week.")
	s.square.begins(s.kim, squareID, "£60k by 31 Dec", "Chamber")
	s.kim.types(squareID, "/log won £30k Chamber")
}

// seeOneBoard in both rooms. Each is asked how the week went once, where they began.
func (s *bridge) seeOneBoard() {
	direct := len(s.street.sam.bots(s.street.sam.direct()))
	s.to(november(16, 9, 1))
	s.street.sam.next(s.street.sam.direct(), direct)
	if asked := s.square.sam.bots(s.square.sam.direct()); len(asked) != 0 {
		s.t.Errorf("Sam is asked in Discord, too: %+v", asked)
	}
	question := s.kim.asked("£60,000")

	inSlack, inDiscord := len(s.street.ann.bots(highStreet)), len(s.square.ann.bots(squareID))
	s.to(november(16, 12, 1))
	there, here := s.street.ann.next(highStreet, inSlack), s.square.ann.next(squareID, inDiscord)
	s.holdsBoards(there, here, "Pace to goal: 1 Kim 817%, 2 Sam 16%.")

	s.kim.opens(s.kim.direct(), question, "Check in", "Check-in")
	s.kim.submitsFor(s.kim.direct(), question, map[string]string{"Will you reach your goal?": "On track"})
	s.to(november(16, 12, 30))
	there, here = s.street.ann.changed(highStreet, there), s.square.ann.changed(squareID, here)
	s.holdsBoards(there, here, "Pace to goal: 1 Kim 817%, 2 Sam 16%.", "Check-in streak: 1 Kim 1 week.", "Weeks in a row…")
}

// holdsBoards: they say the same in both, with a picture.
func (s *bridge) holdsBoards(there slacktest.Post, here discordtest.Message, want ...string) {
	s.t.Helper()
	want = append([]string{"Leaderboard, November 2026, so far."}, want...)
	reads(s.t, there, want...)
	readsAs(s.t, here.Text, slices.Insert(slices.Clone(want), 1, "Pace to goal, November 2026: 1st Kim 817%; 2nd Sam 16%.…")...)
	if !slices.Equal(there.Images, here.Images) || len(here.Images) != 1 {
		s.t.Errorf("the pictures are %q in Slack and %q in Discord", there.Images, here.Images)
	}
}

// partAgain: each has its own board afterwards.
func (s *bridge) partAgain() {
	ask := s.street.ann.types(highStreet, "/payoff team unlink")
	reads(s.t, ask, "Unlink the Discord server? It was linked…", "2 people have joined accounts on both sides…")
	apart := s.street.ann.pressesFor(highStreet, ask, "Unlink the Discord server")
	reads(s.t, apart, "They are two teams again, each with its own leaderboard and settings.")
	s.startsAgain()
	reads(s.t, s.street.sam.types(highStreet, "/leaderboard"), "Leaderboard, November 2026, so far.", "Pace to goal: 1 Sam 16%.")
	if board := s.kim.types(squareID, "/leaderboard"); !strings.Contains(board.Text, "\nPace to goal: 1 Kim 817%.\n") {
		s.t.Errorf("the board of the square is %q", board.Text)
	}
}
