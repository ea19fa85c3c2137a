package main_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp/kb"

	"payoff/bot/web/browsertest"
)

// seesTheBoards waits for Monday noon, when the leaderboard is posted in the team's room, and
// asks for it there a day later.
func (s *story) seesTheBoards() {
	tuesday := plusDays(s.monday, 1)
	s.clock("One day on", tuesday.Format("Mon 2 Jan 2006, 09:"))
	s.until(`document.querySelector('#rooms a[data-unread]')?.innerText.includes('team')`)
	s.room("team")
	s.holdsBoard(s.next(0), s.monday)
	s.holdsBoard(s.say("/leaderboard"), tuesday)

	private := s.say("/goal")
	if !private.Only {
		s.t.Error("a goal that is asked for in the team's room is shown to everyone there")
	}
	s.figures(private, s.standing(tuesday), s.pace(tuesday))
}

// holdsBoard reads a leaderboard and the text of its picture.
func (s *story) holdsBoard(m message, on time.Time) {
	s.t.Helper()
	score := "1 Sam " + s.ofLine(on) + "."
	s.figures(m, "Leaderboard, "+on.Format("January 2006")+", so far.", "Pace to goal: "+score, "Check-in streak: 1 Sam 1 week.")
	alt := s.picture(m)
	if want := "1st Sam " + s.ofLine(on) + "."; !strings.Contains(alt, want) {
		s.t.Errorf("the leaderboard's picture is described as %q, want %q in it", alt, want)
	}
	if strings.Contains(strings.Join(m.Lines, "")+alt, "£") {
		s.t.Errorf("the leaderboard names an amount of money:\n%s", strings.Join(m.Lines, "\n"))
	}
}

// readsTheReport on the Tuesday, in the direct message.
func (s *story) readsTheReport() {
	tuesday := plusDays(s.monday, 1)
	s.room("payoff")
	m := s.say("/report")
	s.figures(m, s.standing(tuesday)+" "+s.fromHere(tuesday)+" It is too early for a forecast.",
		"Too early to tell: "+s.restsOn(tuesday)+" so far; a threefold gap usually takes about 30 deals.…")
	if got, want := s.picture(m), s.drawn("Sam", tuesday); got != want {
		s.t.Errorf("the report's picture is described as\n\t%q, want\n\t%q", got, want)
	}
	s.readsTheDetails(tuesday)
}

// readsTheDetails, of which the model's own figures are held elsewhere.
func (s *story) readsTheDetails(tuesday time.Time) {
	were := len(s.answers())
	s.press("Details")
	m := s.next(were)
	total := s.sum(s.from, s.diary.to, "")
	rest := total
	rest[minutes] = 0
	s.says(m, s.pace(tuesday))
	s.says(m, fmt.Sprintf("%s over 1 week: %s.", hours(total[minutes]), rest.said()))
	for _, channel := range channels {
		a := s.sum(s.from, s.diary.to, channel)
		s.says(m, s.moneyRow(channel, a))
		s.says(m, s.funnelRow(channel, a))
	}
	s.says(m, s.moneyRow("In all", total))
	s.says(m, s.funnelRow("In all", total))
	s.says(m, "Cost is spend and each hour at £40.")
	s.fits("the details of the report")
}

// isJoined by Priya, who uses a tab of her own and sees the room, and nothing that is Sam's.
func (s *story) isJoined() {
	s.room("team")
	priya := pageIn(s.t, browsertest.NewTab(s.t, s.ctx), "priya")
	priya.inZone(s.zone.String())
	priya.goTo(s.site.url)
	priya.click(`document.querySelector('#who summary')`)
	priya.click(`document.getElementById('newcomer')`)
	priya.keys("Priya", kb.Enter)
	priya.until(`location.pathname == '/as/priya/dm-priya' && document.querySelector('.hint')`)
	if said := priya.answers(); len(said) != 0 {
		s.t.Errorf("Priya's direct message begins with %v", said)
	}
	priya.room("team")
	priya.until(`document.querySelectorAll('article').length == 2`) // the board, posted and asked for
	if all := browsertest.Eval[string](s.t, priya.ctx, `document.body.innerText`); strings.Contains(all, "£") {
		s.t.Errorf("Priya is shown an amount of money:\n%s", all)
	}
	if status := browsertest.Eval[int](s.t, priya.ctx, `fetch('/as/priya/dm-sam').then((r) => r.status)`); status != 404 {
		s.t.Errorf("Priya asking for Sam's direct message is answered with %d, want 404", status)
	}
	greeted := priya.say("/report")
	if !strings.HasPrefix(greeted.Lines[0], "Hello Priya.") {
		s.t.Errorf("Priya, who has not started, asks for a report and is told %q", greeted.Lines)
	}
	priya.keys("Morning all", kb.Enter)
	s.until(`[...document.querySelectorAll('article')].at(-1).innerText.includes('Morning all')`) // in Sam's tab, as it happens
	s.is("who is here", `[...document.querySelectorAll('#people a')].map((a) => a.querySelector('bdi').textContent).join()`, "Sam,Priya")
}

// takesThePhone: nothing of what was said so far is wider than a telephone.
func (s *story) takesThePhone() {
	browsertest.Do(s.t, s.ctx, browsertest.View(390, 844, "light"))
	s.fits("the team's room")
	s.click(`document.querySelector('.menu')`)
	s.until(`document.querySelector('#side').getBoundingClientRect().left == 0`)
	s.fits("the menu")
	s.room("payoff")
	s.until(`document.querySelector('img.picture')?.naturalWidth > 0`)
	s.fits("the report")
	s.toTheBox()
	s.keys("/goal")
	s.until(`!document.getElementById('choices').hidden`)
	s.fits("the completions")
	s.keys(kb.Escape, strings.Repeat(kb.Backspace, 5), "/checkin", kb.Enter)
	s.formOpens("Check-in")
	s.fits("the form")
	s.click(`document.querySelector('dialog [data-close]')`)
	s.formCloses()
	s.goTo(s.site.url + "/as/priya/team")
	s.until(`document.querySelector('img.picture')?.naturalWidth > 0`)
	s.fits("the team's room, for Priya")
}
