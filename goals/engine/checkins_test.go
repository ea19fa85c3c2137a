package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage"
)

func TestCovers(t *testing.T) {
	tests := []struct {
		name  string
		on    string // the day of asking
		since string // the first day no answer covers; "" when there was none
		want  goals.Period
	}{
		{"first, on a Monday", "2026-11-23", "", days("2026-11-16", "2026-11-22")},
		{"first, on a Wednesday", "2026-11-25", "", days("2026-11-16", "2026-11-22")},
		{"first, on a Thursday", "2026-11-26", "", days("2026-11-23", "2026-11-26")},
		{"first, on a Friday", "2026-11-27", "", days("2026-11-23", "2026-11-27")},
		{"first, on a Sunday", "2026-11-29", "", days("2026-11-23", "2026-11-29")},
		{"Monday after Monday", "2026-11-23", "2026-11-16", days("2026-11-16", "2026-11-22")},
		{"Friday after Friday", "2026-11-27", "2026-11-21", days("2026-11-21", "2026-11-27")},
		{"Monday after Friday", "2026-11-23", "2026-11-21", days("2026-11-21", "2026-11-22")},
		{"Friday after Monday", "2026-11-27", "2026-11-16", days("2026-11-16", "2026-11-27")},
		{"Monday after Sunday", "2026-11-23", "2026-11-23", days("2026-11-23", "2026-11-23")},
		{"Tuesday after Sunday", "2026-11-24", "2026-11-23", days("2026-11-23", "2026-11-23")},
		{"Wednesday after Tuesday by hand", "2026-11-25", "2026-11-23", days("2026-11-23", "2026-11-23")},
		{"twice on a day", "2026-11-27", "2026-11-28", days("2026-11-27", "2026-11-27")},
		{"catching up", "2026-11-23", "2026-11-02", days("2026-11-02", "2026-11-22")},
		{"eight weeks at most", "2026-11-23", "2026-01-01", days("2026-09-28", "2026-11-22")},
	}
	for _, tt := range tests {
		since := goals.Date(0)
		if tt.since != "" {
			since = day(tt.since)
		}
		if got := covers(day(tt.on), since); got != tt.want {
			t.Errorf("%s: covers(%s, %s) = %v, want %v", tt.name, tt.on, tt.since, got, tt.want)
		}
	}
}

// TestCoversEveryDayOnce: on whichever days somebody is asked, one a week, and answers, each
// day is asked about once: no gap, and nothing twice.
func TestCoversEveryDayOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		since, week := goals.Date(0), day("2026-01-05")
		for i, on := range rapid.SliceOfN(rapid.Int32Range(0, 6), 2, 30).Draw(t, "weekdays") {
			p := covers(week+goals.Date(on), since)
			if i > 0 && p.From != since {
				t.Fatalf("asked on %s, it covers from %s, want from %s", week+goals.Date(on), p.From, since)
			}
			if p.To < p.From || p.To > week+goals.Date(on) {
				t.Fatalf("asked on %s, it covers %v", week+goals.Date(on), p)
			}
			since, week = p.To+1, week+7
		}
	})
}

// TestSpread: what is laid out over the days adds up to the difference, and takes from no
// day more than it had.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := goals.Period{From: 100, To: 100 + goals.Date(rapid.IntRange(0, 9).Draw(t, "days"))}
		had, sum := map[goals.Date]goals.Amounts{}, goals.Amounts{}
		for d := p.From; d <= p.To; d++ {
			a := goals.Amounts{goals.Contacts: rapid.Int64Range(0, 5).Draw(t, "contacts"), goals.Revenue: rapid.Int64Range(-5, 5).Draw(t, "revenue")}
			had[d], sum = a, sum.Plus(a)
		}
		said := goals.Amounts{goals.Contacts: rapid.Int64Range(0, 40).Draw(t, "said"), goals.Revenue: rapid.Int64Range(-20, 40).Draw(t, "earned")}
		diff := said.Minus(sum)
		left := diff
		for _, d := range spread(diff, had, p) {
			if !p.Contains(d.Date) || d.IsZero() {
				t.Errorf("spread gives %+v outside %v", d, p)
			}
			left = left.Minus(d.Amounts)
			had[d.Date] = had[d.Date].Plus(d.Amounts)
		}
		if !left.IsZero() {
			t.Errorf("spread of %v leaves %v", diff, left)
		}
		for d, a := range had {
			if a[goals.Contacts] < 0 {
				t.Errorf("day %d comes to %d contacts", d, a[goals.Contacts])
			}
		}
	})
}

// say answers what is open with figures of BNI.
func (p person) says(t tester, kept goals.Kept, a goals.Amounts) error {
	t.Helper()
	st := p.asked(t)
	_, err := p.Answer(p.ctx(), p.q(), Answer{
		Week: st.Week, Shown: st.Mark(), Confidence: goals.AtRisk, Obstacle: "time", Commitment: "ring", Kept: kept,
		Lines: []AnswerLine{{Channel: p.channel(t, "BNI"), Amounts: a, Words: "said"}},
	})
	return err
}

// A stand is how a check-in is found.
type stand struct {
	week       string
	state      goals.CheckInState
	covers     goals.Period
	commitment string // of the one before
	streak     int
}

func (p person) stands(t tester, when string, want stand) {
	t.Helper()
	st := p.asked(t)
	if got := (stand{st.Week.String(), st.State, st.Covers, st.Commitment, st.Streak}); got != want {
		t.Errorf("%s the check-in is %+v, want %+v", when, got, want)
	}
}

var firstWeek = days("2026-11-16", "2026-11-22")

// TestAskedAndAnsweredLate: an answer is taken until the next one is due.
func TestAskedAndAnsweredLate(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.logs(t, "BNI", day("2026-11-17"), goals.Amounts{goals.Contacts: 5})
	p.stands(t, "before it is asked", stand{"2026-11-16", "", days("2026-11-16", "2026-11-19"), "", 0})
	d.run(t, "2026-11-23 08:59")
	if sent := d.sent(t); len(sent) > 0 {
		t.Errorf("a minute before: sent %q, want nothing", sent)
	}
	d.run(t, "2026-11-23 09:00")
	p.stands(t, "asked", stand{"2026-11-23", goals.CheckInAsked, firstWeek, "", 0})
	st := p.asked(t)
	if want := time.Date(2026, 11, 30, 9, 0, 0, 0, london); !st.Next.Equal(want) || !st.Busy {
		t.Errorf("next %s, busy %t, want %s, true", st.Next, st.Busy, want)
	}
	d.run(t, "2026-11-30 08:59")
	p.stands(t, "a minute before the next", stand{"2026-11-23", goals.CheckInAsked, firstWeek, "", 0})
	p.answers(t, "ring")
	p.stands(t, "answered late", stand{"2026-11-23", goals.CheckInAnswered, firstWeek, "", 1})
	d.run(t, "2026-11-30 09:00")
	p.stands(t, "asked again", stand{"2026-11-30", goals.CheckInAsked, days("2026-11-23", "2026-11-29"), "ring", 1})
	_, err := p.Answer(p.ctx(), p.q(), Answer{Week: day("2026-11-23"), Shown: p.asked(t).Mark()})
	mistaken(t, "Answer to the old one", err, goals.Conflict, "That check-in is over: the next one has been asked.")
	_, err = p.MarkKept(p.ctx(), p.q(), day("2026-11-23"), goals.KeptPartly)
	mistaken(t, "MarkKept of the old one", err, goals.Conflict, "That check-in is over.")
}

// TestFiguresMoved: an answer to figures that are out of date is given back.
func TestFiguresMoved(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 09:00")
	st := p.asked(t)
	p.logs(t, "BNI", day("2026-11-22"), goals.Amounts{goals.Contacts: 2})
	before := p.picture(t)
	_, err := p.Answer(p.ctx(), p.q(), Answer{Week: st.Week, Shown: st.Mark()})
	if !errors.Is(err, ErrFiguresMoved) {
		t.Errorf("Answer to old figures = %v, want ErrFiguresMoved", err)
	}
	if diff := differ(before, p.picture(t)); diff != "" {
		t.Errorf("it has changed (-before +after):\n%s", diff)
	}
	p.logs(t, "BNI", day("2026-11-23"), goals.Amounts{goals.Contacts: 2}) // not of the days asked about
	st = p.asked(t)
	if _, err := p.Answer(p.ctx(), p.q(), Answer{Week: st.Week, Shown: st.Mark()}); err != nil {
		t.Errorf("Answer to the new figures = %v, want it taken", err)
	}
}

// TestCorrections: what the answer says differently is logged, what is less on the days that
// had it, and can be amended and undone.
func TestCorrections(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.logs(t, "BNI", day("2026-11-17"), goals.Amounts{goals.Hours: 60, goals.Contacts: 5})
	p.logs(t, "BNI", day("2026-11-19"), goals.Amounts{goals.Contacts: 1})
	d.run(t, "2026-11-28 18:00")
	said := goals.Amounts{goals.Hours: 90, goals.Contacts: 4, goals.Deals: 1}
	if err := p.says(t, goals.KeptUnsaid, said); err != nil {
		t.Fatal(err)
	}
	var got []string
	list, _, err := p.History(p.ctx(), p.Actor, firstWeek, "", 100)
	for _, l := range list {
		if l.Note == "at the check-in" {
			got = append(got, fmt.Sprintf("%s %d %d %d %s", l.Date, l.Amounts[goals.Hours], l.Amounts[goals.Contacts], l.Amounts[goals.Deals], l.Words))
		}
	}
	want := []string{"2026-11-22 30 0 1 said", "2026-11-19 0 -1 0 said", "2026-11-17 0 -1 0 said"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("corrections = %q, %v, want %q", got, err, want)
	}
	for _, tt := range []struct {
		what string
		do   func() error
		want goals.Amounts
	}{
		{"answered", func() error { return nil }, said},
		{"amended", func() error { return p.says(t, goals.KeptUnsaid, goals.Amounts{goals.Contacts: 9}) }, goals.Amounts{goals.Contacts: 9}},
		{"undone", func() error { _, err := p.Undo(p.ctx(), p.q(), ""); return err }, said},
		{"confirmed", func() error { return p.says(t, goals.KeptUnsaid, said) }, said},
	} {
		if err := tt.do(); err != nil {
			t.Fatalf("%s: %v", tt.what, err)
		}
		if sum := p.asked(t).Lines[0].Amounts; sum != tt.want {
			t.Errorf("%s: %v, want %v", tt.what, sum, tt.want)
		}
	}
}

// TestMissedAndSkipped: what is missed is caught up with, what is skipped is not asked about
// again, and there is one reminder.
func TestMissedAndSkipped(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 09:00")
	p.answers(t, "ring")
	d.run(t, "2026-12-07 08:59")
	p.stands(t, "not answered yet", stand{"2026-11-30", goals.CheckInAsked, days("2026-11-23", "2026-11-29"), "ring", 1})
	d.run(t, "2026-12-07 09:00")
	p.stands(t, "missed", stand{"2026-12-07", goals.CheckInAsked, days("2026-11-23", "2026-12-06"), "ring", 0})
	p.answers(t, "write")
	d.run(t, "2026-12-14 09:00")
	if _, err := p.Skip(p.ctx(), p.q()); err != nil {
		t.Fatal(err)
	}
	p.stands(t, "skipped", stand{"2026-12-14", goals.CheckInSkipped, days("2026-12-07", "2026-12-13"), "write", 0})
	d.run(t, "2026-12-21 09:00")
	p.stands(t, "after a skipped one", stand{"2026-12-21", goals.CheckInAsked, days("2026-12-14", "2026-12-20"), "write", 0})
	want := []string{
		"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07", "checkin 2026-12-14", "checkin 2026-12-21", "reminder 2026-12-01",
	}
	if got := p.nudges(t); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// nudges is what was sent to an owner and about which day.
func (p person) nudges(t tester) (list []string) {
	t.Helper()
	for _, key := range p.sent(t) {
		if what := strings.Fields(key); what[0] != "board" && what[1] == string(p.Owner) {
			list = append(list, what[0]+" "+what[2])
		}
	}
	return list
}

// TestNewcomerCatchesUp: weeks missed from the very first one on are caught up with.
func TestNewcomerCatchesUp(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-12-07 09:00")
	if st := p.asked(t); st.Covers != days("2026-11-16", "2026-12-06") {
		t.Errorf("covers %v, want all since the first that was missed", st.Covers)
	}
}

// TestUndoneAnswer: the check-in is open again, with its reminder if that is still to come,
// and can be answered again; the next one is asked all the same.
func TestUndoneAnswer(t *testing.T) {
	d := newDesk(t)
	for _, what := range []string{"answer", "skip"} {
		for at, reminded := range map[string]bool{"2026-11-23 12:00": true, "2026-11-25 12:00": false} {
			d.at(t, "2026-11-19 10:00")
			p := d.owner(t, "Sam")
			d.run(t, at)
			if what == "answer" {
				p.answers(t, "ring")
			} else if _, err := p.Skip(p.ctx(), p.q()); err != nil {
				t.Fatal(err)
			}
			if _, err := p.Undo(p.ctx(), p.q(), ""); err != nil {
				t.Fatal(err)
			}
			if st := p.asked(t); st.State != goals.CheckInAsked || st.Commitment != "" || st.Streak != 0 {
				t.Errorf("%s undone: %q, want it open", what, st.State)
			}
			sent := len(d.sent(t))
			d.run(t, "2026-11-26 12:00")
			if got := len(d.sent(t)) - sent; got != map[bool]int{true: 1, false: 0}[reminded] {
				t.Errorf("%s undone at %s: %d more sent, want a reminder = %t", what, at, got, reminded)
			}
			p.answers(t, "write")
			if st := p.asked(t); st.State != goals.CheckInAnswered || st.CheckIn.Commitment != "write" || st.Streak != 1 {
				t.Errorf("answered again: %q, %q, streak %d", st.State, st.CheckIn.Commitment, st.Streak)
			}
			d.run(t, "2026-11-30 09:00")
			if st := p.asked(t); st.Week != day("2026-11-30") || st.State != goals.CheckInAsked {
				t.Errorf("the week after: %s %q, want it asked", st.Week, st.State)
			}
		}
	}
}

// TestAnsweredWithoutBeingAsked: by hand before its time, and then not asked again.
func TestAnsweredWithoutBeingAsked(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 07:00")
	p.answers(t, "ring")
	d.run(t, "2026-11-29 12:00")
	if sent := d.sent(t); len(sent) != 0 {
		t.Errorf("sent %q, want nothing", sent)
	}
	d.run(t, "2026-11-30 09:00")
	if st := p.asked(t); st.State != goals.CheckInAsked || st.Streak != 1 {
		t.Errorf("the week after: %q, streak %d, want it asked", st.State, st.Streak)
	}
}

// TestMissedByAnsweringTheNext: who answers the new week before it is claimed has missed the
// old one.
func TestMissedByAnsweringTheNext(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 09:00")
	d.at(t, "2026-11-30 09:00") // it is due, and nobody looked yet
	p.answers(t, "ring")
	if st := p.asked(t); st.Week != day("2026-11-30") || st.State != goals.CheckInAnswered || st.Covers != days("2026-11-16", "2026-11-29") {
		t.Errorf("answered week %s, %q, of %v, want this week's, with what was missed", st.Week, st.State, st.Covers)
	}
	d.claimAll(t)
	d.run(t, "2026-12-07 09:00")
	p.answers(t, "ring")
	if st := p.asked(t); st.Streak != 2 {
		t.Errorf("streak = %d, want 2", st.Streak)
	}
}

func TestAnswersThatCannotBe(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	_, err := p.Later(p.ctx(), p.q())
	mistaken(t, "Later of nothing", err, goals.Conflict, "There is no check-in waiting for you.")
	_, err = p.MarkKept(p.ctx(), p.q(), p.today(t).Monday(), goals.KeptFully)
	mistaken(t, "MarkKept of nothing", err, goals.Conflict, "That check-in is over.")
	d.run(t, "2026-11-23 09:00")
	st := p.asked(t)
	_, err = p.Answer(p.ctx(), p.q(), Answer{Week: st.Week, Shown: st.Mark(), Obstacle: strings.Repeat("é", MaxAnswer+1)})
	mistaken(t, "Answer at length", err, goals.Invalid, "That is longer than 500 characters.")
	mistaken(t, "Answer of 169 hours", p.says(t, "", goals.Amounts{goals.Hours: 169 * 60}), goals.Invalid, "Those are 169h of work in all, and there were 168h.")
	if err := p.says(t, "", goals.Amounts{goals.Hours: 168 * 60}); err != nil {
		t.Errorf("Answer of 168 hours = %v, want it taken", err)
	}
	_, err = p.Skip(p.ctx(), p.q())
	mistaken(t, "Skip once answered", err, goals.Conflict, "You have checked in this week already.")
}

// TestKeptMark: what a button has said stays when the form says nothing, and yields when it
// says something else.
func TestKeptMark(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct{ button, form, want goals.Kept }{
		{goals.KeptPartly, goals.KeptUnsaid, goals.KeptPartly}, {goals.KeptPartly, goals.KeptNot, goals.KeptNot}, {goals.KeptUnsaid, goals.KeptFully, goals.KeptFully},
	} {
		d.at(t, "2026-11-19 10:00")
		p := d.owner(t, "Sam")
		d.run(t, "2026-11-23 09:00")
		p.answers(t, "ring")
		d.run(t, "2026-11-30 09:00")
		if tt.button != "" {
			if _, err := p.MarkKept(p.ctx(), p.q(), day("2026-11-30"), tt.button); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.says(t, tt.form, goals.Amounts{}); err != nil {
			t.Fatal(err)
		}
		if got := p.asked(t).Kept; got != tt.want {
			t.Errorf("button %q, form %q: kept %q, want %q", tt.button, tt.form, got, tt.want)
		}
	}
}

// dueAt is when something is due for a person.
func (p person) dueAt(what string) (at time.Time, err error) {
	err = p.db.View(p.ctx(), func(r *storage.Reader) error {
		at, err = r.DueAt(what, string(p.Owner))
		return err
	})
	return at, err
}
