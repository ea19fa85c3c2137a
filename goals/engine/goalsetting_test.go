package engine

import (
	"testing"

	"payoff/goals"
)

func TestGoalsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 12000, days("2026-11-19", "2026-12-31"), goals.Once)
	p.aims(t, 50000, days("2027-02-01", "2027-03-31"), goals.Once)
	euros := goals.Money{Minor: 100, Currency: "EUR"}
	tests := []struct {
		name string
		goal NewGoal
		code goals.Code
		want string
	}{
		{"nothing", NewGoal{Amount: pound(0), Period: january}, goals.Invalid, "A goal is a revenue figure above nothing."},
		{"less than nothing", NewGoal{Amount: pound(-5), Period: january}, goals.Invalid, "A goal is a revenue figure above nothing."},
		{"another currency", NewGoal{Amount: euros, Period: january}, goals.Invalid, "Your figures are in GBP."},
		{"a period that is over", NewGoal{Amount: pound(5), Period: days("2026-10-01", "2026-10-31")}, goals.Invalid, "October 2026 is over already."},
		{"a day of the one that runs", NewGoal{Amount: pound(5), Period: days("2026-12-31", "2027-01-20")}, goals.Conflict, "You are already going for £12,000 (19 Nov to 31 Dec)."},
		{"a day of one to come", NewGoal{Amount: pound(5), Period: days("2027-01-01", "2027-02-01")}, goals.Conflict, "You are already going for £50,000 (1 Feb to 31 Mar 2027)."},
		{"one that renews across one to come", NewGoal{Amount: pound(5), Period: january, Every: goals.Month}, goals.Conflict, "You are already going for £50,000 (1 Feb to 31 Mar 2027)."},
	}
	for _, tt := range tests {
		_, err := p.SetGoal(p.ctx(), p.q(), tt.goal)
		mistaken(t, "SetGoal of "+tt.name, err, tt.code, tt.want)
	}
	p.aims(t, 5, january, goals.Once) // between the two there is room
}

// TestGoalAfterAnother: what has ended, early or by itself, is not in the way of the next.
func TestGoalAfterAnother(t *testing.T) {
	quarter := goals.Quarter.Period(day("2026-11-19"))
	tests := []struct {
		name  string
		first NewGoal
		end   bool
		wait  string
		next  NewGoal
	}{
		{"ended on its first day", NewGoal{Period: days("2026-11-19", "2026-12-31")}, true, "2026-11-19 11:00", NewGoal{Period: days("2026-11-19", "2026-12-31")}},
		{"ended in its quarter", NewGoal{Period: quarter}, true, "2026-11-25 11:00", NewGoal{Period: quarter}},
		{"ended in its month", NewGoal{Period: november, Every: goals.Month}, true, "2026-11-25 11:00", NewGoal{Period: november, Every: goals.Month}},
		{"over", NewGoal{Period: days("2026-11-01", "2026-11-22")}, false, "2026-11-23 11:00", NewGoal{Period: november}},
		{"ended before it began", NewGoal{Period: days("2027-01-01", "2027-03-31")}, true, "2026-11-19 11:00", NewGoal{Period: days("2027-01-01", "2027-03-31")}},
	}
	d := newDesk(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d.at(t, "2026-11-19 10:00")
			p := d.owner(t, "Sam")
			p.aims(t, 900, tt.first.Period, tt.first.Every)
			d.at(t, tt.wait)
			if tt.end {
				if _, err := p.EndGoal(p.ctx(), p.q()); err != nil {
					t.Fatal(err)
				}
			}
			p.aims(t, 700, tt.next.Period, tt.next.Every)
			if self := p.self(t); self.Goal.AmountOn(self.Today) != pound(700) {
				t.Errorf("the goal is %v, want £700", self.Goal)
			}
			rep := p.report(t, nil)
			if rep.Pace.Goal != pound(700) || rep.Period != tt.next.Period {
				t.Errorf("report is for %v in %v, want £700 in %v", rep.Pace.Goal, rep.Period, tt.next.Period)
			}
		})
	}
}

var (
	november, january = goals.Month.Period(day("2026-11-19")), goals.Month.Period(day("2027-01-01"))
	once              = NewGoal{Amount: pound(900), Period: days("2026-11-02", "2026-12-31")}
	monthly           = NewGoal{Amount: pound(900), Period: november, Every: goals.Month}
	tocome            = NewGoal{Amount: pound(900), Period: january}
)

// edits are made on a day to what was set on the 19th.
var edits = []struct {
	name    string
	set     NewGoal
	on      string
	edit    NewGoal
	want    NewGoal // what runs then
	targets int     // of the goal
	goals   int
}{
	{"the figure", once, "2026-11-24 09:00", NewGoal{Amount: pound(800)}, NewGoal{pound(800), once.Period, goals.Once}, 2, 1},
	{"the end, from today", once, "2026-11-24 09:00", NewGoal{Period: days("2026-11-24", "2027-01-31")}, NewGoal{pound(900), days("2026-11-02", "2027-01-31"), goals.Once}, 2, 1},
	{"the quarter", once, "2026-11-24 09:00", NewGoal{Period: goals.Quarter.Period(day("2026-11-24"))}, NewGoal{pound(900), once.Period, goals.Once}, 0, 1},
	{"both", once, "2026-11-24 09:00", NewGoal{Amount: pound(5), Period: days("2026-11-24", "2026-11-30")}, NewGoal{pound(5), days("2026-11-02", "2026-11-30"), goals.Once}, 2, 1},
	{"to a later start", once, "2026-11-24 09:00", NewGoal{Period: january}, NewGoal{pound(900), january, goals.Once}, 2, 1},
	{"to come, to now", tocome, "2026-11-24 09:00", NewGoal{Period: days("2026-11-24", "2026-12-31")}, NewGoal{pound(900), days("2026-11-24", "2026-12-31"), goals.Once}, 2, 1},
	{"renewing, in its month", monthly, "2026-11-24 09:00", NewGoal{Amount: pound(800)}, NewGoal{pound(800), november, goals.Month}, 2, 1},
	{"renewing, months later", monthly, "2027-01-24 09:00", NewGoal{Amount: pound(800)}, NewGoal{pound(800), january, goals.Month}, 2, 1},
	{"renewing, figure and month", monthly, "2027-01-24 09:00", NewGoal{Amount: pound(800), Period: january, Every: goals.Month}, NewGoal{pound(800), january, goals.Month}, 2, 1},
	{"once, to renew", once, "2026-11-24 09:00", NewGoal{Amount: pound(80), Period: november, Every: goals.Month}, NewGoal{pound(80), november, goals.Month}, 1, 2},
	{"renewing, to once", monthly, "2027-01-24 09:00", NewGoal{Period: days("2027-01-24", "2027-06-30")}, NewGoal{pound(900), days("2027-01-24", "2027-06-30"), goals.Once}, 1, 2},
	{"renewing, to otherwise", monthly, "2027-01-24 09:00", NewGoal{Period: goals.Year.Period(day("2027-01-24")), Every: goals.Year}, NewGoal{pound(900), goals.Year.Period(day("2027-01-24")), goals.Year}, 1, 2},
}

func TestEditGoal(t *testing.T) {
	d := newDesk(t)
	for _, tt := range edits {
		t.Run(tt.name, func(t *testing.T) {
			d.at(t, "2026-11-19 10:00")
			p := d.owner(t, "Sam")
			p.aims(t, 900, tt.set.Period, tt.set.Every)
			d.at(t, tt.on)
			_, err := p.EditGoal(p.ctx(), p.q(), tt.edit)
			if tt.targets == 0 {
				mistaken(t, "EditGoal", err, goals.Invalid, "That is the goal you already have.")
				return
			}
			if err != nil {
				t.Fatalf("EditGoal = %v, want it done", err)
			}
			self := p.self(t)
			period := periodNear(self.Goal, self.Today)
			if got := (NewGoal{self.Goal.AmountOn(self.Today), period, self.Goal.Every}); got != tt.want || len(self.Goal.Targets) != tt.targets {
				t.Errorf("after the edit %+v with %d targets, want %+v with %d", got, len(self.Goal.Targets), tt.want, tt.targets)
			}
			if list, _, err := p.Goals(p.ctx(), p.Actor); err != nil || len(list) != tt.goals {
				t.Errorf("%d goals, %v, want %d", len(list), err, tt.goals)
			}
		})
	}
}

func TestEditsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	_, err := p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: pound(5)})
	mistaken(t, "EditGoal without one", err, goals.Unknown, "You have no goal running.")
	_, err = p.EndGoal(p.ctx(), p.q())
	mistaken(t, "EndGoal without one", err, goals.Unknown, "You have no goal running.")

	for _, every := range []goals.Every{goals.Once, goals.Month} {
		p := d.owner(t, "Sam")
		p.aims(t, 900, november, every)
		_, err := p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: goals.Money{Minor: 5, Currency: "EUR"}})
		mistaken(t, "EditGoal in euros", err, goals.Invalid, "Your figures are in GBP.")
		_, err = p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: pound(-5)})
		mistaken(t, "EditGoal to less than nothing", err, goals.Invalid, "A goal is a revenue figure above nothing.")
		_, err = p.EditGoal(p.ctx(), p.q(), NewGoal{Period: days("2026-11-01", "2026-11-18"), Every: every})
		mistaken(t, "EditGoal to yesterday", err, goals.Invalid, "1 Nov to 18 Nov is over already.")
	}
	p.aims(t, 900, days("2026-11-19", "2026-12-31"), goals.Once)
	p.aims(t, 900, goals.Quarter.Period(day("2027-01-01")), goals.Once)
	_, err = p.EditGoal(p.ctx(), p.q(), NewGoal{Period: days("2026-11-19", "2027-01-01")})
	mistaken(t, "EditGoal into the next", err, goals.Conflict, "Your goal for Q1 2027 begins then.")
	_, err = p.EditGoal(p.ctx(), p.q(), NewGoal{Period: november, Every: goals.Month})
	mistaken(t, "EditGoal to renew into the next", err, goals.Conflict, "You are already going for £900 (Q1 2027).")
}

// TestRenewingGoal: each month has its own figure to reach, and a change counts from the
// month it was made in.
func TestRenewingGoal(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 1000, goals.Month.Period(day("2026-11-19")), goals.Month)
	p.logs(t, "BNI", day("2026-11-19"), goals.Amounts{goals.Revenue: 30_000})
	tests := []struct {
		at     string
		month  string
		goal   int64
		sofar  int64
		before func(p person)
	}{
		{"2026-11-30 23:59", "November 2026", 1000, 300, func(person) {}},
		{"2026-12-01 00:00", "December 2026", 1000, 0, func(person) {}},
		{"2026-12-31 12:00", "December 2026", 1000, 40, func(p person) { p.logs(t, "BNI", day("2026-12-31"), goals.Amounts{goals.Revenue: 4000}) }},
		{"2027-01-31 12:00", "January 2027", 700, 0, func(p person) { _, _ = p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: pound(700)}) }},
		{"2027-02-28 12:00", "February 2027", 700, 0, func(person) {}},
		{"2028-02-29 12:00", "February 2028", 700, 0, func(person) {}},
	}
	for _, tt := range tests {
		d.at(t, tt.at)
		tt.before(p)
		pace := p.report(t, nil).Pace
		if pace.Period.Human(p.today(t)) != tt.month || pace.Goal != pound(tt.goal) || pace.SoFar != pound(tt.sofar) {
			t.Errorf("at %s: %v of %v in %s, want £%d of £%d in %s", tt.at, pace.SoFar, pace.Goal, pace.Period.Human(p.today(t)), tt.sofar, tt.goal, tt.month)
		}
	}
	_, err := p.EndGoal(p.ctx(), p.q())
	if err != nil {
		t.Fatal(err)
	}
	states, _, err := p.Goals(p.ctx(), p.Actor)
	if err != nil || !states[0].Over || states[0].Pace.Period.Human(0) != "January 2028" {
		t.Errorf("once ended = %+v, %v, want it over, with its last whole month", states, err)
	}
}

// TestEasing: what the goal asked for before it was eased shows at the next check-in, and not
// after that is answered. To end a goal and set a lower one is to ease it too.
func TestEasing(t *testing.T) {
	week := days("2026-11-16", "2026-11-29")
	eases := map[string]func(p person) error{
		"edit": func(p person) error { _, err := p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: pound(800)}); return err },
		"edit to renew": func(p person) error {
			_, err := p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: pound(800), Period: goals.Month.Period(p.today(t)), Every: goals.Month})
			return err
		},
		"end and set": func(p person) error {
			_, err := p.EndGoal(p.ctx(), p.q())
			p.aims(t, 800, week, goals.Once)
			return err
		},
	}
	d := newDesk(t)
	for name, ease := range eases {
		d.at(t, "2026-11-16 08:00")
		p := d.owner(t, "Sam")
		p.aims(t, 900, week, goals.Once)
		d.run(t, "2026-11-16 09:30")
		p.answers(t, "ring")
		d.at(t, "2026-11-18 10:00")
		if err := ease(p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d.run(t, "2026-11-23 09:30")
		if st := p.asked(t); st.Eased == nil || st.Eased.Amount != pound(900) {
			t.Errorf("%s: Eased = %v, want £900", name, st.Eased)
		}
		p.answers(t, "ring")
		d.run(t, "2026-11-30 09:30")
		if st := p.asked(t); st.Eased != nil {
			t.Errorf("%s: Eased a week later = %v, want none", name, st.Eased)
		}
	}
	p := d.owner(t, "Sam")
	p.aims(t, 900, days("2026-11-30", "2026-12-31"), goals.Once)
	if _, err := p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: pound(1000)}); err != nil {
		t.Fatal(err)
	}
	if st := p.asked(t); st.Eased != nil {
		t.Errorf("Eased by more = %v, want none", st.Eased)
	}
}
