package main

import (
	"slices"
	"strings"
	"testing"

	"payoff/bot/discord/discordtest"
)

// TestDiscordFromInviteToLeaderboard lives Shows 2 of the issue, by each way: a community adds
// payoff to its server, gets started, logs the five lines of DESIGN §4, answers the check-in of
// seven channels and reads the board, while the process is stopped and started again in between.
// Every figure below was worked out by hand from the guide. The goal runs from Friday 13
// November to 31 December, 49 days; the line of DESIGN that is dated 12 November lies before it.
func TestDiscordFromInviteToLeaderboard(t *testing.T) {
	for _, by := range discordWays {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			s := newSquare(t, by)
			s.isAdded()
			s.getsStarted()
			s.logsThree()
			s.startsAgain()
			s.logsTheRest()
			s.meetsANewChannel()
			s.choosesTheRoom()
			s.meetsMonday()
			s.checksIn()
			s.seesTheBoards()
			s.readsTheReport()
			s.looksBack()
			s.takesItAway()
			s.holdsPeace()
		})
	}
}

const (
	squareID = "410000000000000001" // the team's channel
	tradeID  = "410000000000000002" // another that everyone sees
	backID   = "410000000000000003" // one that payoff may not see
	samID    = "420000000000000001"
	annID    = "420000000000000002"
)

// A square is a server with Sam, who is a newcomer, and Ann, who may manage it and has a name
// that would ping everyone.
type square struct {
	*discordSite
	sam, ann *member
}

func newSquare(t *testing.T, by way) *square {
	fake := discordtest.New(t)
	guild := fake.Guild("Market Square")
	guild.AddUser(discordtest.User{ID: samID, Name: "Samuel", Nick: "Sam"})
	guild.AddUser(discordtest.User{ID: annID, Name: "@everyone **Ann**", Admin: true})
	guild.AddChannel(discordtest.Channel{ID: squareID, Name: "square"})
	guild.AddChannel(discordtest.Channel{ID: tradeID, Name: "trade"})
	guild.AddChannel(discordtest.Channel{ID: backID, Name: "back-room", Hidden: true})
	s := &square{discordSite: newDiscordSite(t, fake, by, november(13, 10, 0))}
	s.sam, s.ann = &member{s.discordSite, guild, samID}, &member{s.discordSite, guild, annID}
	return s
}

// isAdded as the README says: payoff is started, and is in a server.
func (s *square) isAdded() {
	s.starts()
	want := "payoff is in Discord server Market Square (gateway). Ctrl-C stops it.\n"
	if s.way.http {
		want = "payoff is in Discord server Market Square (gateway and HTTP). Lead Discord's interactions to " + s.app.url() +
			"/discord/interactions by a proxy with TLS. Ctrl-C stops it.\n"
	}
	if got := s.out.String(); got != want {
		s.t.Errorf("payoff greets with %q, want %q", got, want)
	}
}

// getsStarted by the form, which is two modals. What was typed before is kept and offered, what
// was typed in the first outlives a restart, and what cannot be read is corrected.
func (s *square) getsStarted() {
	hello := s.sam.types(squareID, "/report")
	alone(s.t, hello, true)
	readsAs(s.t, hello.Text, "Hello Sam. I am payoff. You name…", "A minute of questions first. Each…", "What you typed is not saved yet. I…")
	form := s.sam.opens(squareID, hello, "Get started", "Getting started (1 of 2)")
	if got := fieldOf(s.t, form, "Your time zone"); got.Value != "Europe/London" || !strings.HasPrefix(got.Description, "A guess from your language.") {
		s.t.Errorf("the time zone is filled in as %q, said to be %q, want one guessed from the locale", got.Value, got.Description)
	}
	card := s.sam.submits(squareID, map[string]string{
		"Your currency": "£ British pounds", "Which revenue, by when?": "lots",
		"Who is your ideal customer?": "Family restaurants within an hour's drive", "Social media you use": "LinkedIn, Instagram",
	})
	alone(s.t, card, true)
	readsAs(s.t, card.Text, "Part 1 of 2 is kept. Go on?")
	hasButtons(s.t, card, "Continue", "Part 1")
	s.startsAgain()
	s.sam.opens(squareID, card, "Continue", "Getting started (2 of 2)")
	card = s.sam.submitsFor(squareID, card, map[string]string{
		"Networking you go to": "BNI, Chamber", "Direct selling you do": "cold calls, walk-ins", "What is an hour of your time worth?": "£40",
	})
	readsAs(s.t, card.Text, "Which revenue, by when?: …", "Nothing is lost: all that you typed is still there.")
	form = s.sam.opens(squareID, card, "Correct it", "Getting started (1 of 2)")
	if f := fieldOf(s.t, form, "Which revenue, by when?"); f.Value != "lots" || !strings.HasPrefix(f.Description, "⚠ ") {
		s.t.Errorf("a goal of lots is answered with %q, and the field holds %q", f.Description, f.Value)
	}
	if f := fieldOf(s.t, form, "Social media you use"); f.Value != "LinkedIn, Instagram" {
		s.t.Errorf("what was right is now %q", f.Value)
	}
	set := s.sam.submitsFor(squareID, card, map[string]string{"Which revenue, by when?": "£120k by 31 Dec"})
	alone(s.t, set, true)
	readsAs(s.t, set.Text, "Good, you are set up.", "The goal: £120,000 by 31 Dec.", "I will ask how the week went on Monday 09:00, Europe/London time.", "Now log what you do, in one line: /log 2h…")
	hasButtons(s.t, set, "Go on: report")
}

const sinceMonday = "This week: 3h 30m, £25 spent, 4 contacts, 5 conversations, 1 qualified"

// logsThree of the five lines: in the team's channel, directly, and where payoff sees nothing.
// Each delivery that is repeated counts once.
func (s *square) logsThree() {
	were := len(s.sam.bots(squareID))
	for range 2 {
		s.sam.does(s.discord.Command("first", samID, squareID, "/log 2h BNI £25 4 contacts 2 conversations 1 qualified yesterday"))
	}
	m := s.sam.next(squareID, were)
	alone(s.t, m, true)
	readsAs(s.t, m.Text, "Logged BNI, yesterday: 2h, £25 spent, 4 contacts, 2 conversations, 1 qualified.",
		"This week: 2h, £25 spent, 4 contacts, 2 conversations, 1 qualified.", "£0 of £120,000 by 31 Dec, 0%.")
	hasButtons(s.t, m, "Undo", "It came in")

	were = len(s.sam.bots(s.sam.direct()))
	for range 2 {
		s.sam.does(s.discord.Command("second", samID, s.sam.direct(), "/log LinkedIn 90m 3 convos"))
	}
	m = s.sam.next(s.sam.direct(), were)
	alone(s.t, m, false) // nothing is ephemeral there
	readsAs(s.t, m.Text, "Logged LinkedIn, today: 1h 30m, 3 conversations.", sinceMonday+".", "£0 of £120,000 by 31 Dec, 0%.")

	m = s.sam.types(backID, "/payoff log won £1,200 BNI")
	alone(s.t, m, true)
	readsAs(s.t, m.Text, "Logged BNI, today: 1 deal, £1,200 revenue.", sinceMonday+", 1 deal, £1,200 revenue.", "£1,200 of £120,000 by 31 Dec, 1%.")
	for _, room := range []string{squareID, backID} {
		if seen := s.ann.bots(room); len(seen) != 0 {
			s.t.Errorf("Ann is shown what Sam logged: %+v", seen)
		}
	}
}

// logsTheRest after a restart: from the menu of a message, and as a command. What was brought
// before the restart is known after it.
func (s *square) logsTheRest() {
	said := s.discord.Write(samID, tradeID, "won 2 deals £3k from cold calls on 12 Nov, what a week")
	were := len(s.sam.bots(tradeID))
	s.sam.does(s.discord.MessageCommand("", samID, tradeID, said, "Log this"))
	if f := fieldOf(s.t, s.sam.opened("Log this"), "What should I log?"); f.Value != "won 2 deals £3k from cold calls on 12 Nov, what a week" {
		s.t.Errorf("the form holds %q, want the message", f.Value)
	}
	for range 2 { // a double click
		s.sam.does(s.discord.Submit("double", samID, map[string]string{"What should I log?": "won 2 deals £3k from cold calls on 12 Nov"}))
	}
	m := s.sam.next(tradeID, were)
	alone(s.t, m, true)
	readsAs(s.t, m.Text, "Logged cold calls, yesterday: 2 deals, £3,000 revenue.", sinceMonday+", 3 deals, £4,200 revenue.",
		"£1,200 of £120,000 by 31 Dec, 1%.", "Its revenue came before today, where your goal begins, and does not count towards it.")

	m = s.sam.types(squareID, "/log 1-2-1 with Priya, BNI, 1h, 1 referral given")
	alone(s.t, m, true)
	readsAs(s.t, m.Text, "Logged BNI, today: 1h, 1 one-to-one, 1 referral given, with Priya.",
		"This week: 4h 30m, £25 spent, 4 contacts, 5 conversations, 1 qualified, 3 deals, £4,200 revenue, 1 one-to-one, 1 referral given.",
		"£1,200 of £120,000 by 31 Dec, 1%.")

	s.discord.Expect(40060) // it was answered before
	s.sam.does(s.discord.Command("first", samID, squareID, "/log 2h BNI £25 4 contacts 2 conversations 1 qualified yesterday"))
}

// meetsANewChannel: it is created by a button, and a line can be taken back.
func (s *square) meetsANewChannel() {
	m := s.sam.types(tradeID, "/log 30m newsletter 2 contacts")
	alone(s.t, m, true)
	readsAs(s.t, m.Text, "I don't know the channel “newsletter”.", "“30m newsletter 2 contacts”",
		"Create it, or name one of yours: LinkedIn, Instagram, BNI, Chamber or cold calls.")
	m = s.sam.pressesFor(tradeID, m, "New: direct")
	readsAs(s.t, m.Text, "Logged newsletter, today: 30m, 2 contacts.",
		"This week: 5h, £25 spent, 6 contacts, 5 conversations, 1 qualified, 3 deals, £4,200 revenue, 1 one-to-one, 1 referral given.",
		"£1,200 of £120,000 by 31 Dec, 1%.")
	m = s.sam.types(tradeID, "/log 1h LinkedIn")
	m = s.sam.pressesFor(tradeID, m, "Undo")
	readsAs(s.t, m.Text, "Undone: LinkedIn, today: 1h.", "Everything is as it was before. /payoff history shows what stands.")
}

// choosesTheRoom: only an admin does, and it is Discord that says who is one.
func (s *square) choosesTheRoom() {
	no := s.sam.types(squareID, "/payoff team room")
	alone(s.t, no, true)
	readsAs(s.t, no.Text, "Only an admin of this workspace can change the team's settings.", "Ask one of them, or see what is set with /payoff team.")
	hello := s.ann.types(squareID, "/team room")
	readsAs(s.t, hello.Text, "Hello @everyone. I am payoff. You name…", "A minute…", "What you typed…")
	skipped := s.ann.pressesFor(squareID, hello, "Skip for now")
	set := s.ann.presses(squareID, skipped, "Go on: team room")
	alone(s.t, set, true)
	readsAs(s.t, set.Text, "The leaderboard is posted in #square, Monday 12:00.")
}

// meetsMonday: the check-in comes by itself, with the week as it was logged, and once, although
// payoff dies before it has heard that it was sent.
func (s *square) meetsMonday() {
	were := len(s.sam.bots(s.sam.direct()))
	s.diesSending(november(16, 9, 1), s.sam)
	s.to(november(16, 9, 15))
	m := s.sam.next(s.sam.direct(), were)
	alone(s.t, m, false)
	readsAs(s.t, m.Text, "How did the week go? 9 Nov to 15 Nov.", "£1,200 of £120,000 by 31 Dec, 1%.",
		"Your line asks for £7,347 by today, £6,147 more than came in. From here: £18,078 a week.",
		"LinkedIn", "1h 30m, 3 conversations",
		"BNI", "3h, £25 spent, 4 contacts, 2 conversations, 1 qualified, 1 deal, £1,200 revenue, 1 one-to-one, 1 referral given",
		"cold calls", "2 deals, £3,000 revenue", "newsletter", "30m, 2 contacts")
	hasButtons(s.t, m, "Check in", "Later", "Skip", "I'm away")
}

// checksIn by the form, which is three modals for seven channels, and outlives a restart after
// each. What is wrong is corrected, and nothing is lost.
func (s *square) checksIn() {
	room := s.sam.direct()
	asked := s.sam.bots(room)
	question := asked[len(asked)-1]
	form := s.sam.opens(room, question, "Check in", "Check-in (1 of 3)")
	if got, want := labelsOf(form), "LinkedIn / Instagram / BNI / Chamber"; got != want {
		s.t.Errorf("the first part asks for %s, want %s", got, want)
	}
	if got, want := fieldOf(s.t, form, "LinkedIn").Value, "1h 30m, 3 conversations"; got != want {
		s.t.Errorf("LinkedIn is filled in with %q, want %q", got, want)
	}
	s.startsAgain()
	card := s.sam.submits(room, map[string]string{"Chamber": "2h, 3 contacts"})
	readsAs(s.t, card.Text, "Part 1 of 3 is kept. Go on?")
	form = s.sam.opens(room, card, "Continue", "Check-in (2 of 3)")
	if got, want := labelsOf(form), "cold calls / walk-ins / newsletter / Will you reach your goal? / What stands in the way?"; got != want {
		s.t.Errorf("the second part asks for %s, want %s", got, want)
	}
	card = s.sam.submitsFor(room, card, map[string]string{
		"cold calls": "45m, 2 conversatins", "Will you reach your goal?": "At risk", "What stands in the way?": "Too little time for follow-up",
	})
	readsAs(s.t, card.Text, "Part 2 of 3 is kept. Go on?")
	s.startsAgain()
	s.sam.opens(room, card, "Continue", "Check-in (3 of 3)")
	card = s.sam.submitsFor(room, card, map[string]string{"What will you do before next time?": "Ring ten old clients"})
	if !strings.HasPrefix(card.Text, "cold calls: ") || !strings.Contains(card.Text, "conversatins") {
		s.t.Errorf("a slip in a channel's line is answered with %q", card.Text)
	}
	form = s.sam.opens(room, card, "Correct it", "Check-in (2 of 3)")
	for label, want := range map[string]string{"cold calls": "45m, 2 conversatins", "Will you reach your goal?": "At risk", "What stands in the way?": "Too little time for follow-up"} {
		if got := fieldOf(s.t, form, label).Value; got != want {
			s.t.Errorf("%s is now %q, want %q", label, got, want)
		}
	}
	were := len(s.sam.bots(room))
	s.sam.does(s.discord.Submit("", samID, map[string]string{"cold calls": "45m, 2 conversations, 2 deals, £3,000 revenue"}))
	done := s.sam.changed(room, question)
	readsAs(s.t, done.Text, "Thank you, that is noted.",
		"Chamber is now 2h, 3 contacts; it was nothing.",
		"cold calls is now 45m, 2 conversations, 2 deals, £3,000 revenue; it was 2 deals, £3,000 revenue.",
		"£1,200 of £120,000 by 31 Dec, 1%.", "Before next time: “Ring ten old clients”", "I will ask again on Monday 23 Nov at 09:00.")
	until(s.t, "the card is gone", func() bool { return len(s.sam.bots(room)) == were-1 })
}

// seesTheBoards: the leaderboard is posted at noon, and shown to who asks, to everyone alike.
func (s *square) seesTheBoards() {
	were := len(s.ann.bots(squareID))
	s.to(november(16, 12, 1))
	s.holdsBoard(s.ann.next(squareID, were))
	s.holdsBoard(s.sam.types(squareID, "/leaderboard"))
}

func (s *square) holdsBoard(m discordtest.Message) {
	s.t.Helper()
	alone(s.t, m, false)
	readsAs(s.t, m.Text, "Leaderboard, November 2026, so far.", "Pace to goal, November 2026: 1st Sam 16%.…", "Pace to goal: 1 Sam 16%.", "Check-in streak: 1 Sam 1 week.", "Weeks in a row…")
	if len(m.Images) != 1 || !strings.Contains(m.Images[0], "1st Sam 16%.") {
		s.t.Errorf("the leaderboard has the pictures %q", m.Images)
	}
	if strings.Contains(m.Text+strings.Join(m.Images, ""), "£") {
		s.t.Errorf("the leaderboard names an amount of money: %q", m.Text)
	}
}

// readsTheReport, which is short, and its details.
func (s *square) readsTheReport() {
	short := s.sam.types(squareID, "/report")
	alone(s.t, short, true)
	want := "Sam: £1,200 of a goal of £120,000 for 13 Nov to 31 Dec, 1% (46 days left). £6,147 behind pace, which is £7,347 on 16 Nov."
	if !slices.Contains(short.Images, want) {
		s.t.Errorf("the report has the pictures %q, want %q", short.Images, want)
	}
	readsAs(s.t, short.Text, "£1,200 of £120,000 by 31 Dec, 1%. From here: £18,078 a week. It is too early for a forecast.", "Too early to tell: …", want)
	details := s.sam.presses(squareID, short, "Details")
	alone(s.t, details, true)
	_, funnel, _ := strings.Cut(details.Text, "Cost is spend and each hour at £40.\n")
	readsAs(s.t, funnel, "Channel",
		"LinkedIn · Contacts 0 · Convos 3 · Qualified 0 (0%) · Deals 0",
		"BNI · Contacts 0 · Convos 0 · Qualified 0 · Deals 1",
		"Chamber · Contacts 3 · Convos 0 (0%) · Qualified 0 · Deals 0",
		"cold calls · Contacts 0 · Convos 2 · Qualified 0 (0%) · Deals 0",
		"newsletter · Contacts 2 · Convos 0 (0%) · Qualified 0 · Deals 0",
		"All networking · Contacts 3 · Convos 0 (0%) · Qualified 0 · Deals 1",
		"All direct · Contacts 2 · Convos 2 (100%) · Qualified 0 (0%) · Deals 0",
		"In all · Contacts 5 · Convos 5 (100%) · Qualified 0 (0%) · Deals 1", "The share in brackets is of the step before.")
	if len(details.Images) != 2 {
		s.t.Errorf("the details have the pictures %q, want one of the hours and one of the funnel", details.Images)
	}
}

// looksBack: all that was logged stands there once.
func (s *square) looksBack() {
	m := s.sam.types(squareID, "/payoff history")
	alone(s.t, m, true)
	readsAs(s.t, m.Text, "Day · Channel · What",
		"yesterday · cold calls · 45m, 2 conversations, at the check-in",
		"yesterday · Chamber · 2h, 3 contacts, at the check-in",
		"Fri 13 Nov · newsletter · 30m, 2 contacts",
		"Fri 13 Nov · BNI · 1h, 1 one-to-one, 1 referral given, with Priya",
		"Fri 13 Nov · BNI · 1 deal, £1,200 revenue",
		"Fri 13 Nov · LinkedIn · 1h 30m, 3 conversations",
		"Thu 12 Nov · cold calls · 2 deals, £3,000 revenue",
		"Thu 12 Nov · BNI · 2h, £25 spent, 4 contacts, 2 conversations, 1 qualified")
}

// takesItAway: the export is a file that only its person is given.
func (s *square) takesItAway() {
	were := len(s.ann.bots(squareID))
	m := s.sam.types(squareID, "/payoff export")
	alone(s.t, m, true)
	if len(m.Files) != 1 || !strings.HasSuffix(m.Files[0], ".csv") {
		s.t.Errorf("the export has the files %q", m.Files)
	}
	if now := len(s.ann.bots(squareID)); now != were {
		s.t.Error("Ann is shown what Sam exports")
	}
}
