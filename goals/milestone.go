package goals

import (
	"cmp"
	"slices"
)

// A Milestone is a day on which a goal is spoken of, apart from the weekly check-in.
type Milestone struct {
	Kind   MilestoneKind
	Goal   GoalID
	On     Date
	Period Period // of the goal: the one that is looked at, is ending, or begins
}

// A MilestoneKind says what there is to say.
type MilestoneKind string

const (
	FirstLook MilestoneKind = "first"   // a week after the goal was set, once
	Ending    MilestoneKind = "ending"  // two weeks, and three days, before a period is over
	Renewal   MilestoneKind = "renewal" // the day after: how it ended, and what begins
)

// How long a period must be for what is said of it to be news. Of a goal that renews each week
// the check-in says it all.
const (
	firstLookAfter  = daysAWeek     // days after the goal was set
	firstLookBefore = 2 * daysAWeek // days of the period that must be left then
)

// endings are how many days of a period are left when it is spoken of, that day included, and of
// how many days it must be at least.
var endings = [...]struct{ before, days int }{{14, 56}, {3, 28}}

// Milestones lists what there is to say of goals from a day on, in order. Of a goal that renews it
// looks two periods ahead.
func Milestones(list []Goal, from Date) []Milestone {
	var all []Milestone
	for _, g := range list {
		if len(g.Targets) > 0 {
			all = append(all, g.milestones(from)...)
		}
	}
	all = slices.DeleteFunc(all, func(m Milestone) bool { return m.On < from })
	slices.SortFunc(all, func(a, b Milestone) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Goal, b.Goal), cmp.Compare(a.Kind, b.Kind))
	})
	return all
}

func (g Goal) milestones(from Date) (list []Milestone) {
	if g.Every == Week {
		return nil
	}
	first := g.Targets[0]
	look := max(first.From, first.Period.From) + firstLookAfter
	if p, ok := g.PeriodOn(look); ok && int(p.To-look) >= firstLookBefore {
		list = append(list, Milestone{FirstLook, g.ID, look, p})
	}
	for _, p := range g.periodsAround(from) {
		for _, e := range endings {
			on := p.To - Date(e.before) + 1
			if p.Days() >= e.days && on >= first.From+firstLookAfter && g.Running(on) && g.Running(p.To) {
				list = append(list, Milestone{Ending, g.ID, on, p})
			}
		}
		if next, ok := g.PeriodOn(p.To + 1); ok && g.Every != Once && g.Running(p.To) {
			list = append(list, Milestone{Renewal, g.ID, next.From, next})
		}
	}
	return list
}

// periodsAround is the goal's period, or those that end just before a day, on it and after it.
func (g Goal) periodsAround(d Date) []Period {
	if g.Every == Once {
		return []Period{g.latest().Period}
	}
	var list []Period
	at := g.Every.Period(max(d, g.Targets[0].Period.From) - 1)
	for range 3 {
		if g.Running(at.To) {
			list = append(list, at)
		}
		at = g.Every.Period(at.To + 1)
	}
	return list
}
