package goals

import (
	"cmp"
	"math"
)

// PeriodOn is the period of the goal that day d falls in, and whether there is one. A goal
// that is set once has the period of its latest target. A renewing goal has the week, month,
// quarter or year around d, from the one of its first target on. After Ended there is none;
// the period in which a goal was ended early is still whole, as its line was drawn for that.
func (g Goal) PeriodOn(d Date) (Period, bool) {
	if !g.Running(d) {
		return Period{}, false
	}
	if g.Every == Once {
		return g.latest().Period, true
	}
	return g.Every.Period(d), true
}

// Running reports whether d is a day of the goal, from its first to its last. A goal that is
// set in the middle of its period runs from the period's start, for what came in before counts.
func (g Goal) Running(d Date) bool {
	return g.span().Contains(d)
}

// TargetOn is what the goal asked for as it stood on day d, and false when it then asked for
// nothing on that day. Unlike PeriodOn it does not know of later changes, so that what was
// said of a past day stays true after a deadline has moved. Period is the one that holds d.
func (g Goal) TargetOn(d Date) (Target, bool) {
	if len(g.Targets) == 0 || g.Ended != 0 && d > g.Ended {
		return Target{}, false
	}
	t := g.decidedBy(d)
	if g.Every != Once {
		if d < g.Targets[0].Period.From {
			return Target{}, false
		}
		t.Period = g.Every.Period(d)
	}
	return t, t.Period.Contains(d)
}

// AmountOn is the amount asked for in the period that holds d: that of the last target decided
// by then, so a change counts for all of the period it was made in and for those that follow,
// and earlier periods keep what they had. Ask with a past period's last day. Days before
// the first decision have the first target, days after the goal's end its last one.
func (g Goal) AmountOn(d Date) Money {
	if len(g.Targets) == 0 {
		return Money{}
	}
	return g.decidedBy(min(d, g.span().To)).Amount
}

// Eased is the last change to the goal, when it made the goal easier: it asks for less a day,
// or, of a goal that does not renew, it ends later.
func (g Goal) Eased() (before, after Target, ok bool) {
	n := len(g.Targets)
	if n < 2 {
		return Target{}, Target{}, false
	}
	before, after = g.Targets[n-2], g.Targets[n-1]
	if !g.easier(before, after) {
		return Target{}, Target{}, false
	}
	return before, after, true
}

// easier compares amounts a day, exactly. Periods of a renewing goal count as equally long:
// the same figure a month does not become easier in March for having been set in February.
func (g Goal) easier(before, after Target) bool {
	daysBefore, daysAfter := int64(before.Period.Days()), int64(after.Period.Days())
	if g.Every != Once {
		daysBefore, daysAfter = 1, 1
	} else if after.Period.To > before.Period.To {
		return true
	}
	if before.Amount.Currency != after.Amount.Currency {
		return false // not comparable
	}
	was, is := Score{before.Amount.Minor, daysBefore}, Score{after.Amount.Minor, daysAfter}
	return is.Compare(was) < 0
}

// Current is the goal that matters on day d: the one running, else the next to start, else
// the last that ended. Goals of one owner never overlap (see Clash). One that was ended
// before it started never ran, and is not looked at.
func Current(goals []Goal, d Date) (Goal, bool) {
	best := -1
	for i, g := range goals {
		if g.span().Days() > 0 && (best < 0 || closer(g, goals[best], d)) {
			best = i
		}
	}
	if best < 0 {
		return Goal{}, false
	}
	return goals[best], true
}

// closer reports whether a comes before b in the order of Current.
func closer(a, b Goal, d Date) bool {
	if order := cmp.Compare(a.phase(d), b.phase(d)); order != 0 {
		return order < 0
	}
	if a.phase(d) == allOver {
		return a.span().To > b.span().To
	}
	return a.span().From < b.span().From
}

// A phase is where a goal is on some day, in the order that Current looks.
type phase int

const (
	runningNow phase = iota
	stillToCome
	allOver
)

func (g Goal) phase(d Date) phase {
	switch span := g.span(); {
	case d < span.From:
		return stillToCome
	case d > span.To:
		return allOver
	}
	return runningNow
}

// Clash is the first goal to start of those that share a day with g. The goal with g's own
// ID is left out, so a change to a goal does not clash with what it replaces.
func Clash(goals []Goal, g Goal) (Goal, bool) {
	var first Goal
	found := false
	for _, other := range goals {
		if other.ID == g.ID || !other.span().Overlaps(g.span()) {
			continue
		}
		if !found || other.span().From < first.span().From {
			first, found = other, true
		}
	}
	return first, found
}

// forever is the last day of a goal that renews until it is ended.
const forever Date = math.MaxInt32

// span is the days of the goal; there are none when it was ended before it began.
func (g Goal) span() Period {
	if len(g.Targets) == 0 {
		return Period{0, -1}
	}
	span := g.latest().Period
	if g.Every != Once {
		span = Period{g.Targets[0].Period.From, forever}
	}
	if g.Ended != 0 {
		span.To = min(span.To, g.Ended)
	}
	return span
}

func (g Goal) latest() Target { return g.Targets[len(g.Targets)-1] }

// decidedBy is the last target decided on or before d, else the first.
func (g Goal) decidedBy(d Date) Target {
	for i := len(g.Targets) - 1; i > 0; i-- {
		if g.Targets[i].From <= d {
			return g.Targets[i]
		}
	}
	return g.Targets[0]
}
