package main

import (
	"slices"
	"strings"
	"testing"

	"payoff/bot/slack/slacktest"
)

// TestSlackFromInstallToLeaderboard lives Shows 2 of the issue, by each way: a team installs
// payoff, gets started, logs the five lines of DESIGN §4, answers the check-in and reads the
// board and the App Home, while the process is stopped and started again in between. Every
// figure below was worked out by hand from the guide. The goal runs from Friday 13 November to
// 31 December, 49 days; the line of DESIGN that is dated 12 November lies before it.
func TestSlackFromInstallToLeaderboard(t *testing.T) {
	for _, by := range ways {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			s := newStreet(t, by)
			s.installs()
			s.getsStarted()
			s.logsThree()
			s.startsAgain()
			s.logsTheRest()
			s.looksHome()
			s.choosesTheRoom()
			s.meetsMonday()
			s.checksIn()
			s.seesTheBoards()
			s.looksBack()
			s.holdsAcks()
		})
	}
}

const (
	highStreet = "C0STREET" // the team's room, which payoff was invited to
	trade      = "C0TRADE"  // a public room that it was not
	samAndAnn  = "D0SAMANN" // direct messages of others
	board      = "G0BOARD"  // a private room that it was not invited to
)

// A street is a workspace with Sam, who is a newcomer, and Ann, its admin.
type street struct {
	*slackSite
	sam, ann *person
}

func newStreet(t *testing.T, by way) *street {
	fake := slacktest.New(t)
	team := fake.Workspace("T0STREET", "High Street")
	team.AddUser(slacktest.User{ID: "U0SAM", Name: "Sam", RealName: "Samuel Sharp", Zone: "Europe/London", Locale: "en-GB"})
	team.AddUser(slacktest.User{ID: "U0ANN", Name: "<!channel> *Ann*", Zone: "Europe/London", Locale: "en-GB", Admin: true})
	all := []string{"U0SAM", "U0ANN"}
	team.AddRoom(slacktest.Room{ID: highStreet, Name: "high-street", Members: append(all, team.BotUser())})
	team.AddRoom(slacktest.Room{ID: trade, Name: "trade", Members: all})
	team.AddRoom(slacktest.Room{ID: samAndAnn, Private: true, Members: all})
	team.AddRoom(slacktest.Room{ID: board, Name: "board", Private: true, Members: all})
	s := &street{slackSite: newSlackSite(t, fake, by, november(13, 10, 0))}
	s.sam, s.ann = &person{s.slackSite, team, "U0SAM"}, &person{s.slackSite, team, "U0ANN"}
	return s
}

// installs as the README says: an admin installs the app and pastes the token.
func (s *street) installs() {
	s.secret("SLACK_BOT_TOKEN", s.sam.team.Install())
	s.starts()
	want := "payoff is in Slack workspace High Street (Socket Mode). Ctrl-C stops it.\n"
	if s.way.http {
		want = "payoff is in Slack workspace High Street (HTTP). Lead Slack's /slack/commands, /slack/interactive and /slack/events to " +
			s.app.url() + " by a proxy with TLS. Ctrl-C stops it.\n"
	}
	if got := s.out.String(); got != want {
		s.t.Errorf("payoff greets with %q, want %q", got, want)
	}
}

// getsStarted by the form. What was typed before is kept and offered, and a field that cannot
// be read is shown in place.
func (s *street) getsStarted() {
	hello := s.sam.types(highStreet, "/report")
	only(s.t, hello, true)
	reads(s.t, hello, "Hello Sam. I am payoff. You name…", "A minute of questions first. Each…", "What you typed is not saved yet. I…")
	s.sam.does(s.sam.team.Press("", s.sam.user, highStreet, hello.TS, "Get started"))
	form := s.sam.opened("Getting started")
	if got := at(s.t, form, "Your time zone").Value; got != "Europe/London" {
		s.t.Errorf("the time zone is filled in as %q, want Slack's", got)
	}
	filled := map[string]string{
		"Your currency": "£ British pounds", "Which revenue, by when?": "lots", "Who is your ideal customer?": "Family restaurants within an hour's drive",
		"Social media you use": "LinkedIn", "Networking you go to": "BNI", "Direct selling you do": "cold calls", "What is an hour of your time worth?": "£40",
	}
	s.sam.does(s.sam.team.Fill("", s.sam.user, filled))
	form = s.sam.opened("Getting started")
	if f := at(s.t, form, "Which revenue, by when?"); f.Error == "" || f.Value != "lots" {
		s.t.Errorf("a goal of lots is answered with %q, and the field holds %q", f.Error, f.Value)
	}
	if f := at(s.t, form, "Direct selling you do"); f.Error != "" || f.Value != "cold calls" {
		s.t.Errorf("what was right is now %q with the error %q", f.Value, f.Error)
	}
	s.sam.does(s.sam.team.Fill("", s.sam.user, map[string]string{"Which revenue, by when?": "£120k by 31 Dec"}))
	s.sam.closed()
	set := s.sam.changed(highStreet, hello)
	only(s.t, set, true)
	reads(s.t, set, "Good, you are set up.", "The goal: £120,000 by 31 Dec.", "I will ask how the week went on Monday 09:00, Europe/London time.", "Now log what you do, in one line: 2h…")
	if !slices.Equal(set.Buttons, []string{"Go on: report"}) {
		s.t.Errorf("what was typed before is offered by %q", set.Buttons)
	}
}

// logsThree of the five lines: in the team's room, directly, and in somebody else's
// conversation. Each delivery that Slack repeats counts once.
func (s *street) logsThree() {
	week := "This week: 2h, £25 spent, 4 contacts, 2 conversations, 1 qualified."
	were := len(s.sam.bots(highStreet))
	for range 2 {
		s.sam.does(s.sam.team.Command("first", s.sam.user, highStreet, "/log 2h BNI £25 4 contacts 2 conversations 1 qualified yesterday"))
	}
	m := s.sam.next(highStreet, were)
	only(s.t, m, true)
	reads(s.t, m, "Logged BNI, yesterday: 2h, £25 spent, 4 contacts, 2 conversations, 1 qualified.", week, "£0 of £120,000 by 31 Dec, 0%.")
	if !slices.Equal(m.Buttons, []string{"Undo", "It came in"}) {
		s.t.Errorf("the receipt has the buttons %q", m.Buttons)
	}

	were = len(s.sam.bots(s.sam.direct()))
	for range 2 {
		s.sam.does(s.sam.team.Write("second", s.sam.user, s.sam.direct(), "LinkedIn 90m 3 convos"))
	}
	m = s.sam.next(s.sam.direct(), were)
	only(s.t, m, false) // nothing is ephemeral there
	reads(s.t, m, "Logged LinkedIn, today: 1h 30m, 3 conversations.",
		"This week: 3h 30m, £25 spent, 4 contacts, 5 conversations, 1 qualified.", "£0 of £120,000 by 31 Dec, 0%.")

	m = s.sam.types(samAndAnn, "/payoff log won £1,200 BNI")
	only(s.t, m, true)
	reads(s.t, m, "Logged BNI, today: 1 deal, £1,200 revenue.",
		"This week: 3h 30m, £25 spent, 4 contacts, 5 conversations, 1 qualified, 1 deal, £1,200 revenue.", "£1,200 of £120,000 by 31 Dec, 1%.")
	if seen := s.ann.bots(samAndAnn); len(seen) != 0 {
		s.t.Errorf("Ann is shown what Sam logged: %+v", seen)
	}
}

// logsTheRest after a restart: from the menu of a message, and in a room without payoff. What
// was brought before the restart is known after it.
func (s *street) logsTheRest() {
	s.sam.does(s.sam.team.Write("", s.sam.user, trade, "won 2 deals £3k from cold calls on 12 Nov, what a week"))
	said := s.sam.team.Seen(s.sam.user, trade)
	were := len(s.sam.bots(trade))
	s.sam.does(s.sam.team.Shortcut("", s.sam.user, trade, said[len(said)-1].TS, "log this"))
	if f := at(s.t, s.sam.opened("Log this"), "What should I log?"); f.Value != "won 2 deals £3k from cold calls on 12 Nov, what a week" {
		s.t.Errorf("the form holds %q, want the message", f.Value)
	}
	for range 2 { // a double click
		s.sam.does(s.sam.team.Fill("double", s.sam.user, map[string]string{"What should I log?": "won 2 deals £3k from cold calls on 12 Nov"}))
	}
	s.sam.closed()
	m := s.sam.next(trade, were)
	only(s.t, m, true)
	reads(s.t, m, "Logged cold calls, yesterday: 2 deals, £3,000 revenue.",
		"This week: 3h 30m, £25 spent, 4 contacts, 5 conversations, 1 qualified, 3 deals, £4,200 revenue.",
		"£1,200 of £120,000 by 31 Dec, 1%.", "Its revenue came before today, where your goal begins, and does not count towards it.")

	m = s.sam.types(board, "/log 1-2-1 with Priya, BNI, 1h, 1 referral given")
	only(s.t, m, true)
	reads(s.t, m, "Logged BNI, today: 1h, 1 one-to-one, 1 referral given, with Priya.",
		"This week: 4h 30m, £25 spent, 4 contacts, 5 conversations, 1 qualified, 3 deals, £4,200 revenue, 1 one-to-one, 1 referral given.",
		"£1,200 of £120,000 by 31 Dec, 1%.")

	s.sam.does(s.sam.team.Command("first", s.sam.user, highStreet, "/log 2h BNI £25 4 contacts 2 conversations 1 qualified yesterday"))
	m = s.sam.types(trade, "/log 1h LinkedIn")
	m = s.sam.pressesFor(trade, m, "Undo")
	reads(s.t, m, "Undone: LinkedIn, today: 1h.", "Everything is as it was before. /payoff history shows what stands.")
}

// looksHome opens the App Home, which keeps up with what is logged.
func (s *street) looksHome() {
	s.sam.does(s.sam.team.OpenHome("", s.sam.user))
	home := s.sam.home("figures", func(p slacktest.Post) bool { return p.Text != "" })
	standing := []string{"£1,200 of £120,000 by 31 Dec, 1%.", "It has only begun. From here: £16,971 a week.", "This week, since Monday:",
		"LinkedIn", "1h 30m, 3 conversations",
		"BNI", "3h, £25 spent, 4 contacts, 2 conversations, 1 qualified, 1 deal, £1,200 revenue, 1 one-to-one, 1 referral given",
		"cold calls", "2 deals, £3,000 revenue",
		"Your channels", "Social", "LinkedIn", "Networking", "BNI", "Direct", "cold calls", "Next check-in: on Monday 16 Nov at 09:00."}
	reads(s.t, home, standing...)
	if want := "Sam: £1,200 of a goal of £120,000 for 13 Nov to 31 Dec, 1% (49 days left). £1,200 ahead of pace, which is £0 on 13 Nov."; !slices.Equal(home.Images, []string{want}) {
		s.t.Errorf("the App Home has the pictures %q, want %q", home.Images, want)
	}
	if want := []string{"Check in", "How to log", "Report", "Leaderboard", "Channels", "My goal"}; !slices.Equal(home.Buttons, want) {
		s.t.Errorf("the App Home has the buttons %q, want %q", home.Buttons, want)
	}
	m := s.sam.writes("won £4,901 LinkedIn")
	s.sam.home("what was logged since", func(p slacktest.Post) bool {
		return strings.HasPrefix(p.Text, "£6,101 of £120,000 by 31 Dec, 5%.\nIt has only begun. From here: £16,271 a week.")
	})
	s.sam.pressesFor(s.sam.direct(), m, "Undo")
	home = s.sam.home("what was undone", func(p slacktest.Post) bool { return strings.HasPrefix(p.Text, "£1,200") })
	reads(s.t, home, standing...)
	were := len(s.sam.bots(s.sam.direct()))
	s.sam.does(s.sam.team.Press("", s.sam.user, "", "", "My goal"))
	reads(s.t, s.sam.next(s.sam.direct(), were), "£1,200 of £120,000 by 31 Dec, 1%.", "It has only begun. From here: £16,971 a week.")
}

// choosesTheRoom: only an admin does, and it is Slack that says who is one.
func (s *street) choosesTheRoom() {
	no := s.sam.types(highStreet, "/payoff team room")
	only(s.t, no, true)
	reads(s.t, no, "Only an admin of this workspace can change the team's settings.", "Ask one of them, or see what is set with /payoff team.")
	hello := s.ann.types(highStreet, "/payoff team room")
	reads(s.t, hello, "Hello <!channel>. I am payoff. You name…", "A minute…", "What you typed…")
	skipped := s.ann.pressesFor(highStreet, hello, "Skip for now")
	set := s.ann.presses(highStreet, skipped, "Go on: team room")
	only(s.t, set, true)
	reads(s.t, set, "The leaderboard is posted in #high-street, Monday 12:00.")
}

// meetsMonday: the check-in comes by itself, with the week as it was logged.
func (s *street) meetsMonday() {
	were := len(s.sam.bots(s.sam.direct()))
	s.to(november(16, 9, 1))
	m := s.sam.next(s.sam.direct(), were)
	only(s.t, m, false)
	reads(s.t, m, "How did the week go? 9 Nov to 15 Nov.", "£1,200 of £120,000 by 31 Dec, 1%.",
		"Your line asks for £7,347 by today, £6,147 more than came in. From here: £18,078 a week.",
		"LinkedIn", "1h 30m, 3 conversations",
		"BNI", "3h, £25 spent, 4 contacts, 2 conversations, 1 qualified, 1 deal, £1,200 revenue, 1 one-to-one, 1 referral given",
		"cold calls", "2 deals, £3,000 revenue")
	if want := []string{"Check in", "Later", "Skip", "I'm away"}; !slices.Equal(m.Buttons, want) || !strings.HasPrefix(m.Fallback, "How did the week go?") {
		s.t.Errorf("the check-in has the buttons %q and is announced as %q", m.Buttons, m.Fallback)
	}
}

// checksIn by the form, which outlives a restart. What is wrong is shown in its place.
func (s *street) checksIn() {
	asked := s.sam.bots(s.sam.direct())
	m := asked[len(asked)-1]
	s.sam.does(s.sam.team.Press("", s.sam.user, s.sam.direct(), m.TS, "Check in"))
	form := s.sam.opened("Check-in")
	if len(form.Fields) != 6 {
		s.t.Errorf("the check-in has %d fields, want one for each of three channels and three questions", len(form.Fields))
	}
	for label, want := range map[string]string{
		"LinkedIn": "1h 30m, 3 conversations", "cold calls": "2 deals, £3,000 revenue",
		"BNI": "3h, £25 spent, 4 contacts, 2 conversations, 1 qualified, 1 deal, £1,200 revenue, 1 one-to-one, 1 referral given",
	} {
		if got := at(s.t, form, label).Value; got != want {
			s.t.Errorf("%s is filled in with %q, want %q", label, got, want)
		}
	}
	s.startsAgain()
	were := len(s.sam.bots(s.sam.direct()))
	s.sam.does(s.sam.team.Fill("", s.sam.user, map[string]string{
		"cold calls": "45m, 2 conversatins", "Will you reach your goal?": "At risk",
		"What stands in the way?": "Too little time for follow-up", "What will you do before next time?": "Ring ten old clients",
	}))
	form = s.sam.opened("Check-in")
	if f := at(s.t, form, "cold calls"); !strings.Contains(f.Error, "conversatins") || f.Value != "45m, 2 conversatins" {
		s.t.Errorf("a slip in a channel's line is answered with %q, and the line holds %q", f.Error, f.Value)
	}
	if f := at(s.t, form, "What stands in the way?"); f.Value != "Too little time for follow-up" {
		s.t.Errorf("the obstacle is now %q", f.Value)
	}
	s.sam.does(s.sam.team.Fill("", s.sam.user, map[string]string{"cold calls": "45m, 2 conversations, 2 deals, £3,000 revenue"}))
	s.sam.closed()
	m = s.sam.changed(s.sam.direct(), m)
	reads(s.t, m, "Thank you, that is noted.",
		"cold calls is now 45m, 2 conversations, 2 deals, £3,000 revenue; it was 2 deals, £3,000 revenue.",
		"£1,200 of £120,000 by 31 Dec, 1%.", "Before next time: “Ring ten old clients”", "I will ask again on Monday 23 Nov at 09:00.")
	if now := len(s.sam.bots(s.sam.direct())); now != were {
		s.t.Errorf("the answer is said %d times more than in place of the question", now-were)
	}
}

// seesTheBoards: the leaderboard is posted at noon, and shown to who asks, to everyone alike.
func (s *street) seesTheBoards() {
	were := len(s.ann.bots(highStreet))
	s.to(november(16, 12, 1))
	s.holdsBoard(s.ann.next(highStreet, were))
	s.holdsBoard(s.sam.types(highStreet, "/leaderboard"))
	s.readsTheReport()
}

// readsTheReport, which is short, and its details, which are two messages, for Slack shows one
// table in each.
func (s *street) readsTheReport() {
	were := len(s.sam.bots(highStreet))
	s.sam.does(s.sam.team.Command("", s.sam.user, highStreet, "/report"))
	short := s.sam.next(highStreet, were)
	only(s.t, short, true)
	want := "Sam: £1,200 of a goal of £120,000 for 13 Nov to 31 Dec, 1% (46 days left). £6,147 behind pace, which is £7,347 on 16 Nov."
	if !slices.Contains(short.Images, want) {
		s.t.Errorf("the report has the pictures %q, want %q", short.Images, want)
	}
	reads(s.t, short, "£1,200 of £120,000 by 31 Dec, 1%. From here: £18,078 a week. It is too early for a forecast.", "Too early to tell: …")

	s.sam.does(s.sam.team.Press("", s.sam.user, highStreet, short.TS, "Details"))
	details := s.sam.several(highStreet, were+1, 2)
	for _, m := range details {
		only(s.t, m, true)
	}
	reads(s.t, details[1], "Channel  Contacts  Convos  Qualified  Deals", "LinkedIn  0  3  0 (0%)  0", "BNI  0  0  0  1", "cold calls  0  2  0 (0%)  0",
		"In all  0  5  0 (0%)  1", "The share in brackets is of the step before.")
}

func (s *street) holdsBoard(m slacktest.Post) {
	s.t.Helper()
	only(s.t, m, false)
	reads(s.t, m, "Leaderboard, November 2026, so far.", "Pace to goal: 1 Sam 16%.", "Check-in streak: 1 Sam 1 week.", "Weeks in a row…")
	if len(m.Images) != 1 || !strings.Contains(m.Images[0], "1st Sam 16%.") {
		s.t.Errorf("the leaderboard has the pictures %q", m.Images)
	}
	if strings.Contains(m.Text+m.Fallback+strings.Join(m.Images, ""), "£") {
		s.t.Errorf("the leaderboard names an amount of money: %q", m.Text)
	}
}

// looksBack: all that was logged stands there once.
func (s *street) looksBack() {
	m := s.sam.types(highStreet, "/payoff history")
	only(s.t, m, true)
	reads(s.t, m, "Day  Channel  What",
		"yesterday  cold calls  45m, 2 conversations, at the check-in",
		"Fri 13 Nov  BNI  1h, 1 one-to-one, 1 referral given, with Priya",
		"Fri 13 Nov  BNI  1 deal, £1,200 revenue",
		"Fri 13 Nov  LinkedIn  1h 30m, 3 conversations",
		"Thu 12 Nov  cold calls  2 deals, £3,000 revenue",
		"Thu 12 Nov  BNI  2h, £25 spent, 4 contacts, 2 conversations, 1 qualified")
}
