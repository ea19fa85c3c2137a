package main_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"payoff/bot/web/browsertest"
)

// A story is a newcomer's first week in the real program, by way of a real browser.
type story struct {
	page
	diary
	site   *running
	db     string
	zone   *time.Location
	today  time.Time
	monday time.Time // of the check-in
}

// channels is what the newcomer uses, in the order in which payoff lists them.
var channels = []string{"LinkedIn", "BNI", "cold calls"}

// TestNewcomer lives Shows 2 of the main job: from an empty database to the report, and every
// figure on the way is right. It holds on any day; PAYOFF_NEWCOMER_DAY names another than today.
func TestNewcomer(t *testing.T) {
	ctx := browsertest.New(t)
	db, now := begin(t)
	zone := zoneAt(t, now)
	s := &story{page: pageIn(t, ctx, "sam"), db: db, zone: zone, today: dateOf(now.In(zone))}
	s.diary = diary{goal: 120_000_00, from: s.today, to: deadline(s.today), worth: 40_00}
	s.site = run(t, db, "127.0.0.1:0")
	browsertest.Do(t, ctx, browsertest.View(1280, 800, "light"))
	s.inZone(zone.String())

	s.arrives()
	s.getsStarted()
	s.setsTheGoal()
	s.logsTheFive()
	s.mistypes()
	s.undoes()
	s.meetsMonday()
	s.checksIn()
	s.startsPayoffAgain()
	s.seesTheBoards()
	s.readsTheReport()
	s.isJoined()
	s.takesThePhone()
	s.site.interrupt()
}

// deadline is the last day of the year, as in the guide, where the goal then runs for a while
// and has no name of its own: from 1 October it would be "Q4".
func deadline(today time.Time) time.Time {
	end := date(today.Year(), time.December, 31)
	switch {
	case daysBetween(today, end) < 21:
		return date(today.Year()+1, time.March, 31)
	case today.Day() == 1:
		return plusDays(end, -1)
	}
	return end
}

func (s *story) arrives() {
	s.goTo(s.site.url)
	s.until(`document.activeElement.id == 'name'`)
	s.is("the title", `document.title`, "Welcome to payoff")
	s.is("the language", `document.documentElement.lang`, "en-GB")
	s.keys("Sam", kb.Enter)
	s.until(`location.pathname == '/as/sam/dm-sam' && document.activeElement.id == 'line'`)
	s.is("the title", `document.title`, "payoff · Your workspace")
	s.is("the language", `document.documentElement.lang`, "en-GB")
}

// getsStarted fills the form by the keyboard alone, and leaves the goal for later.
func (s *story) getsStarted() {
	m := s.say("hello")
	if !strings.HasPrefix(m.Lines[0], "Hello Sam.") {
		s.t.Errorf("payoff greets with %q, want a greeting by name", m.Lines[0])
	}
	for _, label := range []string{"Skip for now", "Get started"} {
		browsertest.Shift(s.t, s.ctx, kb.Tab)
		s.is("before the message box", `document.activeElement.innerText`, label)
	}
	s.keys(kb.Enter)
	s.formOpens("Getting started")
	for label, want := range map[string]string{"Your currency": "GBP", "Your time zone": s.zone.String(), "Which revenue, by when?": ""} {
		if got := s.field(label); got != want {
			s.t.Errorf("%s: %q is filled in, want %q", label, got, want)
		}
	}
	s.tabTo("Who is your ideal customer?")
	s.keys("Family restaurants within an hour's drive")
	s.tabTo("Social media you use")
	s.keys("LinkedIn")
	s.tabTo("Networking you go to")
	s.keys("BNI")
	s.tabTo("Direct selling you do")
	s.keys("cold calls")
	s.tabTo("What is an hour of your time worth?")
	s.keys("£40", kb.Enter)
	s.formCloses()
	m = s.updated(m)
	s.says(m, "Good, you are set up.")
	s.figures(m, "No revenue figure yet. When you have one: /goal set £120k by 31 Dec",
		"I will ask how the week went on Monday 09:00, "+s.zone.String()+" time.",
		"Now log what you do, in one line: 2h…")
}

// setsTheGoal has the command completed.
func (s *story) setsTheGoal() {
	were := len(s.answers())
	s.toTheBox()
	s.keys("/goal s")
	s.until(`!document.getElementById('choices').hidden`)
	s.keys(kb.ArrowDown)
	s.is("the first completion", `document.querySelector('#choices [aria-selected=true] code').innerText`, "/goal set")
	s.keys(kb.Enter)
	s.is("the message box", `document.getElementById('line').value`, "/goal set ")
	s.keys("£120k by "+s.to.Format("2 Jan"), kb.Enter)
	m := s.next(were)
	s.says(m, "Your goal is set.")
	s.figures(m, s.standing(s.today), s.pace(s.today), "Log what you do in one line: 2h…")
}

// logsTheFive logs the example lines of DESIGN §4. The one dated "on 12 Nov" there has a day
// that may be logged whenever this runs, and that lies before the goal.
func (s *story) logsTheFive() {
	before := plusDays(s.today, -3)
	for _, l := range []logged{
		{"2h BNI £25 4 contacts 2 conversations 1 qualified yesterday", "BNI", plusDays(s.today, -1),
			amounts{minutes: 120, spend: 25_00, contacts: 4, conversations: 2, qualified: 1}, ""},
		{"LinkedIn 90m 3 convos", "LinkedIn", s.today, amounts{minutes: 90, conversations: 3}, ""},
		{"won £1,200 BNI", "BNI", s.today, amounts{deals: 1, revenue: 1200_00}, ""},
		{"won 2 deals £3k from cold calls on " + before.Format("Monday"), "cold calls", before, amounts{deals: 2, revenue: 3000_00}, ""},
		{"1-2-1 with Priya, BNI, 1h, 1 referral given", "BNI", s.today, amounts{minutes: 60, oneToOnes: 1, referralsGiven: 1}, "with Priya"},
	} {
		s.logs(l)
	}
}

// logs says a line and reads its receipt.
func (s *story) logs(l logged) message {
	s.t.Helper()
	m := s.say(l.typed)
	s.lines = append(s.lines, l)
	s.figures(m, l.receipt(s.today), s.week(l.on, s.today), s.standing(s.today))
	return m
}

// takesBack is the diary without its last line.
func (s *story) takesBack() logged {
	last := s.lines[len(s.lines)-1]
	s.lines = s.lines[:len(s.lines)-1]
	return last
}

// looksBack reads the history: what stands, the newest day first and on it the last line first.
func (s *story) looksBack(today time.Time) {
	s.t.Helper()
	stands := slices.Clone(s.lines)
	slices.Reverse(stands)
	slices.SortStableFunc(stands, func(a, b logged) int { return b.on.Compare(a.on) })
	var rows []string
	for _, l := range stands {
		what := strings.TrimPrefix(l.what(today), l.channel+", "+spoken(l.on, today)+": ")
		rows = append(rows, strings.Join([]string{spoken(l.on, today), l.channel, what}, " | "))
	}
	s.figures(s.say("/payoff history"), rows...)
}

// mistypes a line: the part that was not understood is marked, and nothing is saved.
func (s *story) mistypes() {
	m := s.say("2h LinkedIn 4 contatcs")
	s.says(m, "“2h LinkedIn 4 contatcs”")
	if !slices.Equal(m.Strong, []string{"contatcs"}) {
		s.t.Errorf("of a line with “contatcs” %q is marked", m.Strong)
	}
	s.looksBack(s.today)
}

// undoes one line by the button below it and one by the command.
func (s *story) undoes() {
	m := s.logs(logged{"BNI 1h", "BNI", s.today, amounts{minutes: 60}, ""})
	s.figures(s.pressed("Undo", m), "Undone: "+s.takesBack().what(s.today)+".")
	s.logs(logged{"won £500.50 LinkedIn", "LinkedIn", s.today, amounts{deals: 1, revenue: 500_50}, ""})
	s.figures(s.say("/undo"), "Undone: "+s.takesBack().what(s.today)+".")
	s.figures(s.say("/goal"), s.standing(s.today), s.pace(s.today))
	s.looksBack(s.today)
}

// meetsMonday moves the clock, and the check-in comes by itself.
func (s *story) meetsMonday() {
	s.monday = nextMonday(s.today)
	from, to := plusDays(s.monday, -7), plusDays(s.monday, -1)
	were := len(s.answers())
	s.clock("To Monday 09:00", s.monday.Format("Mon 2 Jan 2006, 09:0"))
	m := s.next(were)
	want := []string{
		fmt.Sprintf("How did the week go? %s to %s.", human(from, s.monday), human(to, s.monday)),
		s.standing(s.monday), s.pace(s.monday),
	}
	for _, channel := range channels {
		if sum := s.sum(from, to, channel); sum != (amounts{}) {
			want = append(want, sum.said())
		}
	}
	s.figures(m, want...)
}

// checksIn answers by the keyboard: the week is filled in, one channel is put right.
func (s *story) checksIn() {
	from, to := plusDays(s.monday, -7), plusDays(s.monday, -1)
	asked := s.answers()
	s.press("Check in")
	s.formOpens("Check-in")
	for _, channel := range channels {
		if got, want := s.field(channel), s.sum(from, to, channel).said(); got != want {
			s.t.Errorf("the check-in has %q filled in for %s, want %q", got, channel, want)
		}
	}
	s.fits("the check-in")
	forgot := logged{"", "cold calls", to, amounts{minutes: 45, conversations: 2}, "at the check-in"}
	s.tabTo("cold calls")
	was := s.sum(from, to, "cold calls")
	s.keys(was.plus(forgot.amounts).said())
	s.lines = append(s.lines, forgot)
	s.tabTo("On track")
	s.keys(kb.ArrowDown)
	s.is("the confidence", `document.querySelector('dialog input:checked').value`, "at risk")
	s.tabTo("What stands in the way?")
	s.keys("Too little time for follow-up")
	s.tabTo("What will you do before next time?")
	s.keys("Ring ten old clients")
	s.tabTo("Send")
	s.keys(kb.Enter)
	s.formCloses()
	m := s.updated(asked[len(asked)-1])
	s.says(m, "Before next time: “Ring ten old clients”")
	corrected := "cold calls is now " + was.plus(forgot.amounts).said() + "; it was " + cmp.Or(was.said(), "nothing") + "."
	s.figures(m, corrected, s.standing(s.monday), fmt.Sprintf("I will ask again on Monday %s at 09:00.", human(plusDays(s.monday, 7), s.monday)))
}

// startsPayoffAgain: what was entered is kept, and the clock does not go back.
func (s *story) startsPayoffAgain() {
	at := s.site.address()
	s.site.interrupt()
	s.until(`document.getElementById('connection').innerText.startsWith('Connection lost')`)
	s.site = run(s.t, s.db, at)
	s.until(`document.getElementById('connection').innerText == ''`) // the page comes back by itself
	s.goTo(s.site.url)
	s.until(`location.pathname == '/as/sam/dm-sam'`)
	shown, err := time.Parse(time.RFC3339, browsertest.Eval[string](s.t, s.ctx, `document.querySelector('#now time').dateTime`))
	nine := time.Date(s.monday.Year(), s.monday.Month(), s.monday.Day(), 9, 0, 0, 0, s.zone)
	if err != nil || shown.Before(nine) || shown.After(nine.Add(time.Hour)) {
		s.t.Errorf("after a restart the clock shows %s (%v), want a little after %s", shown, err, nine)
	}
	s.figures(s.say("/goal"), s.standing(s.monday), s.pace(s.monday))
	s.looksBack(s.monday)
}
