package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"payoff/goals"
)

func (p person) goesAway(t tester, back string) {
	t.Helper()
	if _, err := p.Away(p.ctx(), p.q(), day(back)); err != nil {
		t.Fatalf("Away until %s: %v", back, err)
	}
}

func (p person) comesBack(t tester) {
	t.Helper()
	if _, err := p.Back(p.ctx(), p.q()); err != nil {
		t.Fatalf("Back: %v", err)
	}
}

// breaks are taken from the 19th on.
var breaks = []struct {
	name string
	do   func(t tester, d *desk, p person)
	want []goals.Break
	sent []string // until 14 December
}{
	{"none", func(tester, *desk, person) {}, nil,
		[]string{"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07", "reminder 2026-11-24", "reminder 2026-12-01", "reminder 2026-12-08"}},
	{"back on a Monday", func(t tester, _ *desk, p person) { p.goesAway(t, "2026-12-07") }, []goals.Break{{From: day("2026-11-19"), Back: day("2026-12-07")}},
		[]string{"checkin 2026-12-07", "reminder 2026-12-08", "welcome 2026-12-07"}},
	{"back on a Wednesday", func(t tester, _ *desk, p person) { p.goesAway(t, "2026-12-02") }, []goals.Break{{From: day("2026-11-19"), Back: day("2026-12-02")}},
		[]string{"checkin 2026-12-07", "reminder 2026-12-08", "welcome 2026-12-02"}},
	{"made longer", func(t tester, d *desk, p person) {
		p.goesAway(t, "2026-11-25")
		d.run(t, "2026-11-21 10:00")
		p.goesAway(t, "2026-12-07")
	}, []goals.Break{{From: day("2026-11-19"), Back: day("2026-12-07")}}, []string{"checkin 2026-12-07", "reminder 2026-12-08", "welcome 2026-12-07"}},
	{"made shorter", func(t tester, _ *desk, p person) {
		p.goesAway(t, "2026-12-07")
		p.goesAway(t, "2026-11-23")
	}, []goals.Break{{From: day("2026-11-19"), Back: day("2026-11-23")}},
		[]string{"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07", "reminder 2026-11-24", "reminder 2026-12-01", "reminder 2026-12-08", "welcome 2026-11-23"}},
	{"back at once", func(t tester, _ *desk, p person) {
		p.goesAway(t, "2026-12-07")
		p.comesBack(t)
	}, nil, []string{"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07", "reminder 2026-11-24", "reminder 2026-12-01", "reminder 2026-12-08"}},
	{"back early, and away again", func(t tester, d *desk, p person) {
		p.goesAway(t, "2026-12-07")
		d.run(t, "2026-11-24 12:00")
		p.comesBack(t)
		p.goesAway(t, "2026-11-26")
	}, []goals.Break{{From: day("2026-11-19"), Back: day("2026-11-24")}, {From: day("2026-11-24"), Back: day("2026-11-26")}},
		[]string{"checkin 2026-11-30", "checkin 2026-12-07", "reminder 2026-12-01", "reminder 2026-12-08", "welcome 2026-11-26"}},
	{"away once asked", func(t tester, d *desk, p person) {
		d.run(t, "2026-11-23 10:00")
		p.goesAway(t, "2026-12-07")
	}, []goals.Break{{From: day("2026-11-23"), Back: day("2026-12-07")}},
		[]string{"checkin 2026-11-23", "checkin 2026-12-07", "reminder 2026-12-08", "welcome 2026-12-07"}},
	{"undone", func(t tester, d *desk, p person) {
		p.goesAway(t, "2026-12-07")
		p.undoes(t)
	}, nil, []string{"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07", "reminder 2026-11-24", "reminder 2026-12-01", "reminder 2026-12-08"}},
	{"back undone", func(t tester, d *desk, p person) {
		p.goesAway(t, "2026-12-07")
		p.comesBack(t)
		p.undoes(t)
	}, []goals.Break{{From: day("2026-11-19"), Back: day("2026-12-07")}}, []string{"checkin 2026-12-07", "reminder 2026-12-08", "welcome 2026-12-07"}},
}

func TestBreaks(t *testing.T) {
	for _, tt := range breaks {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			p := d.owner(t, "Sam")
			tt.do(t, d, p)
			if got := p.self(t).Owner.Breaks; !slices.Equal(got, tt.want) {
				t.Errorf("breaks = %v, want %v", got, tt.want)
			}
			d.run(t, "2026-12-13 12:00")
			if got := p.nudges(t); !slices.Equal(got, tt.sent) {
				t.Errorf("sent %q, want %q", got, tt.sent)
			}
		})
	}
}

func TestBreaksThatCannotBe(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	for back, want := range map[string]string{
		"2026-11-18": "The day you return must be after today.", "2026-11-19": "The day you return must be after today.", "2027-11-21": "A break can be a year long.",
	} {
		_, err := p.Away(p.ctx(), p.q(), day(back))
		mistaken(t, "Away until "+back, err, goals.Invalid, want)
	}
	_, err := p.Back(p.ctx(), p.q())
	mistaken(t, "Back from nowhere", err, goals.Conflict, "You are not away.")
	p.goesAway(t, "2026-11-20")
	if self := p.self(t); self.Away.Back != day("2026-11-20") {
		t.Errorf("away = %v, want until the 20th", self.Away)
	}
	d.run(t, "2026-11-20 00:00")
	if self := p.self(t); self.Away.Back != 0 {
		t.Errorf("on the day of return away = %v, want not", self.Away)
	}
}

// TestBreakAndFigures: a break passes over the streak, what lies before and after it is
// caught up with, and nothing more is owed.
func TestBreakAndFigures(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 1200, days("2026-11-16", "2027-02-07"), goals.Once)
	for _, monday := range []string{"2026-11-23 09:00", "2026-11-30 09:00"} {
		d.run(t, monday)
		p.answers(t, "ring")
	}
	d.run(t, "2026-12-03 12:00")
	due := p.report(t, nil).Pace.Due
	p.goesAway(t, "2026-12-28")
	if after := p.report(t, nil).Pace.Due; after.Minor > due.Minor {
		t.Errorf("the break raises what is due from %v to %v", due, after)
	}
	d.run(t, "2026-12-27 12:00")
	due2 := p.report(t, nil).Pace.Due
	if due2 != due {
		t.Errorf("at the end of the break %v is due, want %v as at its beginning", due2, due)
	}
	d.run(t, "2026-12-28 09:00")
	st := p.asked(t)
	if st.Streak != 2 || st.Covers != days("2026-11-30", "2026-12-27") || st.State != goals.CheckInAsked {
		t.Errorf("back: %q, streak %d, covers %v, want it asked, 2, all since the last answer", st.State, st.Streak, st.Covers)
	}
	p.answers(t, "ring")
	if st := p.asked(t); st.Streak != 3 {
		t.Errorf("streak = %d, want 3", st.Streak)
	}
}

// TestWelcomeTime: who is not asked any more is welcomed back at nine, not in the night.
func TestWelcomeTime(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct {
		sched goals.Schedule
		want  string
	}{
		{goals.Schedule{Weekday: time.Friday, Minute: 16 * 60}, "Mon 7 Dec 16:00"},
		{goals.Schedule{Off: true}, "Mon 7 Dec 09:00"},
	} {
		p := d.owner(t, "Sam")
		if _, err := p.SetSchedule(p.ctx(), p.q(), tt.sched); err != nil {
			t.Fatal(err)
		}
		p.goesAway(t, "2026-12-07")
		at, err := p.dueAt(dueWelcome)
		if got := at.In(london).Format("Mon 2 Jan 15:04"); err != nil || got != tt.want {
			t.Errorf("with %s welcomed at %s, %v, want %s", tt.sched, got, err, tt.want)
		}
	}
}

// undoes takes the last change back.
func (p person) undoes(t tester) {
	t.Helper()
	if _, err := p.Undo(p.ctx(), p.q(), ""); err != nil {
		t.Fatalf("Undo: %v", err)
	}
}

// TestBoardsAreOfTheirWeek: a team's board comes once a week to its room, and not without one;
// its season's result on the first.
func TestBoardsAreOfTheirWeek(t *testing.T) {
	d := newDesk(t)
	room := ""
	for i := range 2 {
		p := d.meets(t, Person{Platform: "local", Space: fmt.Sprint("team", i), ID: "sam", Name: "Sam", Room: room})
		d.run(t, fmt.Sprintf("2026-1%d-30 12:30", 1+i))
		var got []string
		for _, key := range d.sent(t) {
			if len(key) > 32 && key[:5] == "board" && key[6:32] == string(p.Team) {
				got = append(got, key[33:])
			}
		}
		want := map[int][]string{0: nil, 1: {"2026-11-30 local team1", "2026-11-01 closed local team1", "2026-12-07 local team1", "2026-12-14 local team1", "2026-12-21 local team1", "2026-12-28 local team1"}}[i]
		if i == 1 {
			want = want[1:] // met on the 30th, after noon
		}
		if !slices.Equal(got, want) {
			t.Errorf("boards of a team with room %q = %q, want %q", room, got, want)
		}
		room = "sales"
	}
}

// TestPauseOfferedTooLate: who could not be reached when a pause was offered is offered it once they
// can be, unless they have spoken meanwhile.
func TestPauseOfferedTooLate(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(p person)
		want bool
	}{
		{"silent", func(person) {}, true},
		{"answered", func(p person) { p.answers(t, "ring") }, false},
		{"going on", func(p person) {
			if _, err := p.GoOn(p.ctx(), p.q()); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		d := newDesk(t)
		p := d.owner(t, "Sam")
		for _, at := range []string{"2026-11-24 10:00", "2026-12-01 10:00", "2026-12-08 10:00", "2026-12-14 09:00"} {
			d.run(t, at)
			for len(p.waits(t)) > 0 {
				out := d.leases(t)
				err := error(nil)
				if out.What == sayPause {
					err = d.Unreached(d.ctx(), out.Key, "gone: closed")
				} else {
					err = d.Delivered(d.ctx(), out, "message 7")
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		tt.do(p)
		if _, err := d.ReachIn(d.ctx(), p.q(), p.Platform, p.Space, ""); err != nil {
			t.Fatal(err)
		}
		if got := len(p.waits(t)) == 1; got != tt.want {
			t.Errorf("%s: %q waits, want an offer: %t", tt.name, p.waits(t), tt.want)
		}
	}
}
