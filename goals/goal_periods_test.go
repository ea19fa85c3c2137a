package goals

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// iso is the date of its ISO form; "" is none.
func iso(s string) Date {
	if s == "" {
		return 0
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return DateOf(t)
}

func days(from, to string) Period { return Period{iso(from), iso(to)} }

func pence(minor int64) Money { return Money{minor, "GBP"} }

// target is one decided on from, for the days first to last.
func target(from string, minor int64, first, last string) Target {
	return Target{From: iso(from), Amount: pence(minor), Period: days(first, last)}
}

// easedGoal was eased twice: £60,000 by June, £60,000 by December, £40,000 by December.
var easedGoal = Goal{ID: "december", Targets: []Target{
	target("2026-02-10", 60_000_00, "2026-01-01", "2026-06-30"),
	target("2026-06-20", 60_000_00, "2026-01-01", "2026-12-31"),
	target("2026-09-01", 40_000_00, "2026-01-01", "2026-12-31"),
}}

// monthlyGoal asks £8,000 a month from February and £10,000 from June; its owner ended it in August.
var monthlyGoal = Goal{ID: "monthly", Every: Month, Ended: iso("2026-08-20"), Targets: []Target{
	target("2026-02-10", 8_000_00, "2026-02-01", "2026-02-28"),
	target("2026-06-15", 10_000_00, "2026-06-01", "2026-06-30"),
}}

func TestGoalPeriodOn(t *testing.T) {
	tests := []struct {
		name string
		goal Goal
		on   string
		want Period
		ok   bool
	}{
		{"first day, before it was decided", easedGoal, "2026-01-01", days("2026-01-01", "2026-12-31"), true},
		{"the latest target's period, also for a past day", easedGoal, "2026-03-01", days("2026-01-01", "2026-12-31"), true},
		{"last day", easedGoal, "2026-12-31", days("2026-01-01", "2026-12-31"), true},
		{"day before", easedGoal, "2025-12-31", Period{}, false},
		{"day after", easedGoal, "2027-01-01", Period{}, false},
		{"renewing, first month", monthlyGoal, "2026-02-01", days("2026-02-01", "2026-02-28"), true},
		{"renewing, before", monthlyGoal, "2026-01-31", Period{}, false},
		{"renewing, a month on", monthlyGoal, "2026-03-31", days("2026-03-01", "2026-03-31"), true},
		{"renewing, ended that day", monthlyGoal, "2026-08-20", days("2026-08-01", "2026-08-31"), true},
		{"renewing, ended", monthlyGoal, "2026-08-21", Period{}, false},
		{"ended after its end", once("late", "2026-01-01", "2026-01-31", "2026-03-01"), "2026-02-10", Period{}, false},
		{"nothing asked", Goal{}, "2026-01-01", Period{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := tt.goal.PeriodOn(iso(tt.on))
			if got != tt.want || ok != tt.ok {
				t.Errorf("PeriodOn(%s) = %v, %t, want %v, %t", tt.on, got, ok, tt.want, tt.ok)
			}
			if running := tt.goal.Running(iso(tt.on)); running != tt.ok {
				t.Errorf("Running(%s) = %t, want %t", tt.on, running, tt.ok)
			}
		})
	}
}

func TestGoalAmountOn(t *testing.T) {
	tests := []struct {
		name string
		goal Goal
		on   string
		want int64
	}{
		{"before it was decided", easedGoal, "2026-01-05", 60_000_00},
		{"as it stood", easedGoal, "2026-08-31", 60_000_00},
		{"the day it changed", easedGoal, "2026-09-01", 40_000_00},
		{"after its end", easedGoal, "2027-03-01", 40_000_00},
		{"renewing, first period", monthlyGoal, "2026-02-28", 8_000_00},
		{"renewing, last period before the change", monthlyGoal, "2026-05-31", 8_000_00},
		{"renewing, the period it changed in", monthlyGoal, "2026-06-30", 10_000_00},
		{"renewing, later", monthlyGoal, "2026-08-01", 10_000_00},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.goal.AmountOn(iso(tt.on)); got != pence(tt.want) {
				t.Errorf("AmountOn(%s) = %v, want %v", tt.on, got, pence(tt.want))
			}
		})
	}
	if got := (Goal{}).AmountOn(0); got != (Money{}) {
		t.Errorf("Goal{}.AmountOn(0) = %v, want none", got)
	}
	extended := Goal{Ended: iso("2026-03-31"), Targets: append(easedGoal.Targets[:1:1],
		target("2026-04-10", 1, "2026-01-01", "2026-12-31"))}
	if got, want := extended.AmountOn(iso("2026-05-01")), pence(60_000_00); got != want {
		t.Errorf("AmountOn after Ended = %v, want %v: nothing is decided after the end", got, want)
	}
}

func TestGoalTargetOn(t *testing.T) {
	tests := []struct {
		name   string
		goal   Goal
		on     string
		minor  int64
		period Period
	}{
		{"before the deadline moved", easedGoal, "2026-03-01", 60_000_00, days("2026-01-01", "2026-06-30")},
		{"after it moved", easedGoal, "2026-06-20", 60_000_00, days("2026-01-01", "2026-12-31")},
		{"before it was decided", easedGoal, "2026-01-02", 60_000_00, days("2026-01-01", "2026-06-30")},
		{"renewing", monthlyGoal, "2026-05-03", 8_000_00, days("2026-05-01", "2026-05-31")},
		{"renewing, the day it was ended", monthlyGoal, "2026-08-20", 10_000_00, days("2026-08-01", "2026-08-31")},
		{"renewing, changed", monthlyGoal, "2026-07-03", 10_000_00, days("2026-07-01", "2026-07-31")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := tt.goal.TargetOn(iso(tt.on))
			if !ok || got.Amount != pence(tt.minor) || got.Period != tt.period {
				t.Errorf("TargetOn(%s) = %v, %t, want %v over %v", tt.on, got, ok, pence(tt.minor), tt.period)
			}
		})
	}
	for _, none := range []struct {
		goal Goal
		on   string
	}{{easedGoal, "2025-12-31"}, {easedGoal, "2027-01-01"}, {monthlyGoal, "2026-01-31"}, {monthlyGoal, "2026-08-21"}, {Goal{}, "2026-01-01"}} {
		if got, ok := none.goal.TargetOn(iso(none.on)); ok {
			t.Errorf("%q.TargetOn(%s) = %v, want none", none.goal.ID, none.on, got)
		}
	}
}

func TestGoalEased(t *testing.T) {
	first := target("2026-02-10", 60_000_00, "2026-01-01", "2026-06-30") // 181 days
	dollars := target("2026-03-01", 1_00, "2026-01-01", "2026-06-30")
	dollars.Amount.Currency = "USD"
	tests := []struct {
		name  string
		every Every
		after Target
		want  bool
	}{
		{"less", Once, target("2026-03-01", 50_000_00, "2026-01-01", "2026-06-30"), true},
		{"more", Once, target("2026-03-01", 70_000_00, "2026-01-01", "2026-06-30"), false},
		{"the same", Once, target("2026-03-01", 60_000_00, "2026-01-01", "2026-06-30"), false},
		{"longer", Once, target("2026-03-01", 60_000_00, "2026-01-01", "2026-07-01"), true},
		{"longer for more a day", Once, target("2026-03-01", 200_000_00, "2026-01-01", "2026-12-31"), true},
		{"shorter for less, more a day", Once, target("2026-03-01", 55_000_00, "2026-01-01", "2026-05-31"), false},
		{"shorter for less a day", Once, target("2026-03-01", 50_000_00, "2026-01-01", "2026-05-31"), true},
		{"started earlier", Once, target("2026-03-01", 60_000_00, "2025-12-31", "2026-06-30"), true},
		{"another currency", Once, dollars, false},
		{"renewing, the same in a longer month", Month, target("2026-03-01", 60_000_00, "2026-03-01", "2026-03-31"), false},
		{"renewing, more in a longer month", Month, target("2026-03-01", 60_001_00, "2026-03-01", "2026-03-31"), false},
		{"renewing, less", Month, target("2026-03-01", 59_999_99, "2026-03-01", "2026-03-31"), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := Goal{Every: tt.every, Targets: []Target{target("2026-01-01", 1, "2026-01-01", "2026-06-30"), first, tt.after}}
			before, after, got := g.Eased()
			if got != tt.want {
				t.Fatalf("Eased() = %t, want %t", got, tt.want)
			}
			if got && (before != first || after != tt.after) {
				t.Errorf("Eased() = %v, %v, want %v, %v", before, after, first, tt.after)
			}
		})
	}
	if _, _, got := (Goal{Targets: []Target{first}}).Eased(); got {
		t.Error("Eased() of an unchanged goal = true, want false")
	}
}

// once is a goal over the days first to last.
func once(id GoalID, first, last, ended string) Goal {
	return Goal{ID: id, Ended: iso(ended), Targets: []Target{target(first, 1_00, first, last)}}
}

func TestCurrent(t *testing.T) {
	spring := once("spring", "2026-03-01", "2026-05-31", "")
	summer := once("summer", "2026-06-01", "2026-08-31", "2026-07-15")
	autumn := once("autumn", "2026-10-01", "2026-11-30", "")
	dropped := once("dropped", "2026-09-01", "2026-09-30", "2026-08-01")
	renewing := Goal{ID: "renewing", Every: Month, Targets: []Target{target("2027-01-01", 1, "2027-01-01", "2027-01-31")}}
	all := []Goal{autumn, dropped, spring, Goal{ID: "nothing"}, renewing, summer}
	tests := []struct {
		on   string
		want GoalID
	}{
		{"2026-01-01", "spring"},
		{"2026-04-01", "spring"},
		{"2026-07-15", "summer"},
		{"2026-07-16", "autumn"},
		{"2026-09-10", "autumn"},
		{"2026-12-01", "renewing"},
		{"2031-12-01", "renewing"},
	}
	for _, tt := range tests {
		if got, ok := Current(all, iso(tt.on)); !ok || got.ID != tt.want {
			t.Errorf("Current(all, %s) = %q, %t, want %q", tt.on, got.ID, ok, tt.want)
		}
	}
	if got, ok := Current([]Goal{spring, autumn, summer}, iso("2027-01-01")); !ok || got.ID != "autumn" {
		t.Errorf("Current after all = %q, %t, want autumn", got.ID, ok)
	}
	if got, ok := Current([]Goal{dropped}, iso("2027-01-01")); ok {
		t.Errorf("Current of one that never ran = %q, want none", got.ID)
	}
}

func TestClash(t *testing.T) {
	spring := once("spring", "2026-03-01", "2026-05-31", "")
	summer := once("summer", "2026-06-01", "2026-08-31", "2026-07-15")
	dropped := once("dropped", "2026-09-01", "2026-09-30", "2026-08-01")
	renewing := Goal{ID: "renewing", Every: Month, Targets: []Target{target("2027-01-01", 1, "2027-01-01", "2027-01-31")}}
	all := []Goal{renewing, summer, dropped, spring}
	tests := []struct {
		name        string
		first, last string
		want        GoalID
	}{
		{"before all", "2026-01-01", "2026-02-28", ""},
		{"touches a first day", "2026-01-01", "2026-03-01", "spring"},
		{"touches a last day", "2026-05-31", "2026-05-31", "spring"},
		{"the earliest of two", "2026-04-01", "2026-06-30", "spring"},
		{"after one was ended", "2026-07-16", "2026-08-31", ""},
		{"over one that never ran", "2026-09-01", "2026-09-30", ""},
		{"a renewing one goes on", "2040-09-01", "2040-09-30", "renewing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // in both orders
				got, ok := Clash(all, once("new", tt.first, tt.last, ""))
				if got.ID != tt.want || ok != (tt.want != "") {
					t.Errorf("Clash = %q, %t, want %q", got.ID, ok, tt.want)
				}
				slices.Reverse(all)
			}
		})
	}
	if got, ok := Clash(all, once("spring", "2026-03-01", "2026-05-01", "")); ok {
		t.Errorf("Clash with itself = %q, want none", got.ID)
	}
}

// Every day that two goals of an owner are both running on is one that Clash would have refused.
func TestClashIsSharedDays(t *testing.T) {
	goal := rapid.Custom(func(t *rapid.T) Goal {
		g := Goal{ID: GoalID(rapid.StringN(1, 4, -1).Draw(t, "id")), Every: rapid.SampledFrom([]Every{Once, Once, Week, Month}).Draw(t, "every")}
		from := Date(rapid.IntRange(20000, 20200).Draw(t, "from"))
		period := Period{from, from + Date(rapid.IntRange(0, 90).Draw(t, "length"))}
		if g.Every != Once {
			period = g.Every.Period(from)
		}
		g.Targets = []Target{{From: from, Amount: pence(1), Period: period}}
		if rapid.Bool().Draw(t, "ended early") {
			g.Ended = from + Date(rapid.IntRange(-20, 60).Draw(t, "ended"))
		}
		return g
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := goal.Draw(t, "a"), goal.Draw(t, "b")
		if a.ID == b.ID {
			return
		}
		shared := false
		for d := Date(19900); d < 20400; d++ {
			shared = shared || a.Running(d) && b.Running(d)
		}
		if _, got := Clash([]Goal{a}, b); got != shared {
			t.Errorf("Clash = %t, want %t", got, shared)
		}
		if _, got := Clash([]Goal{b}, a); got != shared {
			t.Errorf("Clash the other way = %t, want %t", got, shared)
		}
	})
}
