package goals

import (
	"fmt"
	"slices"
	"testing"
)

// aim is a goal for a period, set on a day.
func aim(id GoalID, every Every, set, from, to string) Goal {
	return Goal{ID: id, Every: every, Targets: []Target{{From: iso(set), Amount: Money{100, "GBP"}, Period: Period{iso(from), iso(to)}}}}
}

func TestMilestones(t *testing.T) {
	ended := func(g Goal, on string) Goal { g.Ended = iso(on); return g }
	moved := func(g Goal, on, to string) Goal {
		next := g.Targets[0]
		next.From, next.Period.To = iso(on), iso(to)
		g.Targets = append(slices.Clone(g.Targets), next)
		return g
	}
	year := aim("y", Once, "2026-11-19", "2026-11-19", "2027-11-18")
	for _, tt := range []struct {
		name  string
		goals []Goal
		from  string
		want  []string
	}{
		{"none", nil, "2026-11-19", nil},
		{"a year", []Goal{year}, "2026-11-19", []string{"2026-11-26 first y", "2027-11-05 ending y", "2027-11-16 ending y"}},
		{"a year, looked at", []Goal{year}, "2026-11-27", []string{"2027-11-05 ending y", "2027-11-16 ending y"}},
		{"a year, over", []Goal{year}, "2027-11-17", nil},
		{"ended early", []Goal{ended(year, "2027-03-01")}, "2026-11-19", []string{"2026-11-26 first y"}},
		{"ended at once", []Goal{ended(year, "2026-11-20")}, "2026-11-19", nil},
		{"given another date", []Goal{moved(year, "2027-02-01", "2027-06-30")}, "2027-02-01", []string{"2027-06-17 ending y", "2027-06-28 ending y"}},
		{"five weeks are too short for two weeks before", []Goal{aim("s", Once, "2026-11-19", "2026-11-19", "2026-12-23")}, "2026-11-19", []string{"2026-11-26 first s", "2026-12-21 ending s"}},
		{"three weeks are too short for all but a look", []Goal{aim("s", Once, "2026-11-19", "2026-11-19", "2026-12-10")}, "2026-11-19", []string{"2026-11-26 first s"}},
		{"two weeks are too short for anything", []Goal{aim("s", Once, "2026-11-19", "2026-11-19", "2026-12-02")}, "2026-11-19", nil},
		{"set just before it ends", []Goal{aim("l", Once, "2026-12-28", "2026-01-01", "2026-12-31")}, "2026-12-28", nil},
		{"to begin next year", []Goal{aim("n", Once, "2026-11-19", "2027-01-01", "2027-12-31")}, "2026-11-19", []string{"2027-01-08 first n", "2027-12-18 ending n", "2027-12-29 ending n"}},
		{"each month", []Goal{aim("m", Month, "2026-11-03", "2026-11-01", "2026-11-30")}, "2026-11-03",
			[]string{"2026-11-10 first m", "2026-11-28 ending m", "2026-12-01 renewal m", "2026-12-29 ending m", "2027-01-01 renewal m", "2027-01-29 ending m", "2027-02-01 renewal m"}},
		{"each month, years on", []Goal{aim("m", Month, "2024-11-03", "2024-11-01", "2024-11-30")}, "2026-12-01",
			[]string{"2026-12-01 renewal m", "2026-12-29 ending m", "2027-01-01 renewal m", "2027-01-29 ending m", "2027-02-01 renewal m"}},
		{"each month, ended with one", []Goal{ended(aim("m", Month, "2026-10-03", "2026-10-01", "2026-10-31"), "2026-11-30")}, "2026-11-20", []string{"2026-11-28 ending m"}},
		{"each quarter", []Goal{aim("q", Quarter, "2026-11-03", "2026-10-01", "2026-12-31")}, "2026-12-01",
			[]string{"2026-12-18 ending q", "2026-12-29 ending q", "2027-01-01 renewal q", "2027-03-18 ending q", "2027-03-29 ending q", "2027-04-01 renewal q", "2027-06-17 ending q", "2027-06-28 ending q", "2027-07-01 renewal q"}},
		{"each week", []Goal{aim("w", Week, "2026-11-03", "2026-11-02", "2026-11-08")}, "2026-11-03", nil},
		{"one after the other", []Goal{aim("n", Once, "2026-11-19", "2027-01-01", "2027-12-31"), aim("l", Once, "2026-01-05", "2026-01-01", "2026-12-31")}, "2026-12-20",
			[]string{"2026-12-29 ending l", "2027-01-08 first n", "2027-12-18 ending n", "2027-12-29 ending n"}},
	} {
		var got []string
		for _, m := range Milestones(tt.goals, iso(tt.from)) {
			got = append(got, fmt.Sprintf("%s %s %s", m.On, m.Kind, m.Goal))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: Milestones = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// However one goes on from milestone to milestone, none comes twice, and none is left out.
func TestMilestonesFollowOneAnother(t *testing.T) {
	list := []Goal{aim("m", Month, "2026-01-10", "2026-01-01", "2026-01-31")}
	var got []Milestone
	for from := iso("2026-01-10"); len(got) < 40; {
		next := Milestones(list, from)[0]
		got = append(got, next)
		from = next.On + 1
	}
	for i, m := range got[1:] {
		kinds := map[MilestoneKind]MilestoneKind{FirstLook: Ending, Ending: Renewal, Renewal: Ending}
		if m.Kind != kinds[got[i].Kind] || m.Kind == Renewal && m.On != m.Period.From || m.Kind == Ending && m.On != m.Period.To-2 {
			t.Errorf("after %v comes %v", got[i], m)
		}
	}
}
