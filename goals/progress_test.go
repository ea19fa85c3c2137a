package goals

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObjectiveProgress(t *testing.T) {
	tests := []struct {
		name    string
		atMost  bool
		target  int64
		done    int64
		want    Progress
		percent int
	}{
		{"nothing yet", false, 2, 0, Progress{Left: 2}, 0},
		{"half", false, 2, 1, Progress{Done: 1, Left: 1}, 50},
		{"met", false, 2, 2, Progress{Done: 2, Met: true}, 100},
		{"more than asked", false, 2, 5, Progress{Done: 5, Met: true, Over: 3}, 250},
		{"limit, none used", true, 180, 0, Progress{Met: true, Left: 180}, 0},
		{"limit, all used", true, 180, 180, Progress{Done: 180, Met: true}, 100},
		{"limit broken", true, 180, 181, Progress{Done: 181, Over: 1}, 101},
		{"none allowed", true, 0, 0, Progress{Met: true}, 0},
		{"none allowed, some done", true, 0, 30, Progress{Done: 30, Over: 30}, 0},
		{"most there can be", false, math.MaxInt64, math.MaxInt64, Progress{Done: math.MaxInt64, Met: true}, 100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Objective{Measure: OneToOnes, AtMost: tt.atMost, Amount: tt.target, Every: Week}.Progress(tt.done)
			tt.want.Target, tt.want.AtMost = tt.target, tt.atMost
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Progress(%d): -want +got\n%s", tt.done, diff)
			}
			if p := got.Score().Percent(); p != tt.percent {
				t.Errorf("Progress(%d).Score() = %d %%, want %d %%", tt.done, p, tt.percent)
			}
		})
	}
}

func TestObjectivePeriodOn(t *testing.T) {
	tests := []struct {
		every Every
		ended string
		on    string
		want  Period
		ok    bool
	}{
		{Week, "", "2026-11-22", days("2026-11-16", "2026-11-22"), true},
		{Week, "", "2026-11-23", days("2026-11-23", "2026-11-29"), true},
		{Month, "", "2028-02-29", days("2028-02-01", "2028-02-29"), true},
		{Quarter, "2026-11-22", "2026-11-22", days("2026-10-01", "2026-12-31"), true},
		{Quarter, "2026-11-22", "2026-11-23", Period{}, false},
		{Year, "", "2026-11-22", days("2026-01-01", "2026-12-31"), true},
	}
	for _, tt := range tests {
		got, ok := Objective{Every: tt.every, Ended: iso(tt.ended)}.PeriodOn(iso(tt.on))
		if got != tt.want || ok != tt.ok {
			t.Errorf("a %s, ended %q: PeriodOn(%s) = %v, %t, want %v, %t", tt.every, tt.ended, tt.on, got, ok, tt.want, tt.ok)
		}
	}
}

func TestOverBudget(t *testing.T) {
	tests := []struct {
		budget, minutes int64
		over            int64
		ok              bool
	}{
		{0, 0, 0, false},
		{0, 6000, 0, false},
		{180, 0, 0, false},
		{180, 180, 0, false},
		{180, 181, 1, true},
		{180, math.MaxInt64, math.MaxInt64 - 180, true},
	}
	for _, tt := range tests {
		over, ok := OverBudget(Channel{Budget: tt.budget}, tt.minutes)
		if over != tt.over || ok != tt.ok {
			t.Errorf("OverBudget(%d, %d) = %d, %t, want %d, %t", tt.budget, tt.minutes, over, ok, tt.over, tt.ok)
		}
	}
}
