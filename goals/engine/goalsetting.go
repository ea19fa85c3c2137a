package engine

import (
	"context"
	"slices"

	"payoff/goals"
	"payoff/storage"
)

// A NewGoal is a revenue figure to be set.
type NewGoal struct {
	Amount goals.Money
	Period goals.Period
	Every  goals.Every
}

// SetGoal sets a revenue goal. Goals of one owner do not overlap: another one that runs then
// is a Conflict, and is to be edited or ended first.
func (e *Engine) SetGoal(ctx context.Context, q Request, g NewGoal) (Done, error) {
	return e.change(ctx, q, "goal set", func(c *change) error { return c.setGoal(e, g) })
}

func (c *change) setGoal(e *Engine, g NewGoal) error {
	if err := c.checkTarget(g); err != nil {
		return err
	}
	goal := goals.Goal{
		ID: goals.GoalID(e.newID(c.Now)), Every: g.Every, Set: c.Now.UTC(),
		Targets: []goals.Target{{From: c.Today, Amount: g.Amount, Period: g.Period}},
	}
	list, err := c.tx.Goals(c.Actor.Owner)
	if err != nil {
		return err
	}
	if other, clash := clash(list, goal, c.Today); clash {
		p := periodNear(other, max(g.Period.From, c.Today))
		return goals.Wrong(goals.Conflict, "Change it with /goal edit, or end it with /goal end.",
			"You are already going for %s (%s).", other.AmountOn(c.Today), p.Human(c.Today))
	}
	return c.putGoal(goal)
}

// putGoal writes a goal, and sets when there is news of the owner's goals.
func (c *change) putGoal(goal goals.Goal) error {
	if err := c.tx.PutGoal(c.Actor.Owner, goal); err != nil {
		return err
	}
	return c.planNews()
}

func (c *change) checkTarget(g NewGoal) error {
	switch {
	case g.Amount.Minor <= 0:
		return goals.Wrong(goals.Invalid, "Try: /goal set £120k by 31 Dec", "A goal is a revenue figure above nothing.")
	case g.Amount.Currency != c.Owner.Currency:
		return goals.Wrong(goals.Invalid, "Set the goal in "+string(c.Owner.Currency)+".", "Your figures are in %s.", c.Owner.Currency)
	case g.Period.To < c.Today:
		return goals.Wrong(goals.Invalid, "Try: this quarter", "%s is over already.", g.Period.Human(c.Today))
	}
	return nil
}

// EditGoal changes the figure or the period of the goal that runs; a zero amount or period
// stays as it is. What it asked for before stays in its history: a goal that is to renew, or
// to renew no more or otherwise, ends yesterday, and a new one takes its place.
func (e *Engine) EditGoal(ctx context.Context, q Request, edit NewGoal) (Done, error) {
	return e.change(ctx, q, "goal edit", func(c *change) error {
		list, err := c.tx.Goals(c.Actor.Owner)
		if err != nil {
			return err
		}
		goal, ok := openGoal(list, c.Today)
		if !ok {
			return noGoal()
		}
		next := edited(goal, edit, c.Today)
		if err := c.checkTarget(NewGoal{Amount: next.Amount, Period: next.Period}); err != nil {
			return err
		}
		if edit.Period != (goals.Period{}) && edit.Every != goal.Every {
			goal.Ended = c.Today - 1
			if err := c.tx.PutGoal(c.Actor.Owner, goal); err != nil {
				return err
			}
			return c.setGoal(e, NewGoal{Amount: next.Amount, Period: next.Period, Every: edit.Every})
		}
		last := goal.Targets[len(goal.Targets)-1]
		if next.Amount == last.Amount && (next.Period == last.Period || goal.Every != goals.Once) {
			return goals.Wrong(goals.Invalid, "Try: /goal edit £100k", "That is the goal you already have.")
		}
		goal.Targets = append(goal.Targets, next)
		if other, clash := clash(list, goal, c.Today); clash {
			p := periodNear(other, next.Period.From)
			return goals.Wrong(goals.Conflict, "Pick an end before it starts.", "Your goal for %s begins then.", p.Human(c.Today))
		}
		return c.putGoal(goal)
	})
}

// edited is what a goal asks for after an edit.
func edited(goal goals.Goal, edit NewGoal, today goals.Date) goals.Target {
	last := goal.Targets[len(goal.Targets)-1]
	next := goals.Target{From: today, Amount: last.Amount, Period: last.Period}
	if p, ok := goal.PeriodOn(today); ok {
		next.Period = p
	}
	if edit.Amount.Minor != 0 {
		next.Amount = edit.Amount
	}
	once := goal.Every == goals.Once && edit.Every == goals.Once
	switch p := edit.Period; {
	case p == (goals.Period{}):
	case once && last.Period.From <= today && p.From <= today:
		// A goal that runs is held to its own beginning, or editing it would lose what came in.
		next.Period.To = p.To
	default:
		next.Period = p
	}
	return next
}

// clash finds a goal that shares a day with this one, among those that are not over: what
// an ended goal was for does not stand in the way of the next.
func clash(list []goals.Goal, goal goals.Goal, today goals.Date) (goals.Goal, bool) {
	running := slices.DeleteFunc(slices.Clone(list), func(g goals.Goal) bool { return isOver(g, today) })
	return goals.Clash(running, goal)
}

// EndGoal ends the goal that runs, yesterday being its last day.
func (e *Engine) EndGoal(ctx context.Context, q Request) (Done, error) {
	return e.change(ctx, q, "goal end", func(c *change) error {
		goal, ok, err := c.openGoal()
		if err != nil {
			return err
		}
		if !ok {
			return noGoal()
		}
		goal.Ended = c.Today - 1
		return c.putGoal(goal)
	})
}

// openGoal is the goal that runs or is still to start.
func openGoal(list []goals.Goal, today goals.Date) (goals.Goal, bool) {
	goal, ok := goals.Current(list, today)
	if !ok || isOver(goal, today) {
		return goals.Goal{}, false
	}
	return goal, true
}

// openGoal is the actor's own.
func (c *change) openGoal() (goals.Goal, bool, error) {
	list, err := c.tx.Goals(c.Actor.Owner)
	goal, ok := openGoal(list, c.Today)
	return goal, ok, err
}

// isOver reports whether nothing of a goal lies on or after today.
func isOver(g goals.Goal, today goals.Date) bool {
	if g.Ended != 0 {
		return g.Ended < today
	}
	return g.Every == goals.Once && g.Targets[len(g.Targets)-1].Period.To < today
}

func noGoal() error {
	return goals.Wrong(goals.Unknown, "Name the figure first: /goal set £120k by 31 Dec", "You have no goal running.")
}

// A GoalState is a goal and how it stands in the period that matters today.
type GoalState struct {
	goals.Goal
	Pace goals.Pace
	Over bool // nothing of it is left to come
}

// A Kept is an objective with what was done of it in its running period.
type Kept struct {
	goals.Objective
	Channel  goals.Channel // empty for all
	Period   goals.Period  // the week, month, ... that Progress is about
	Progress goals.Progress
}

// Goals lists an owner's goals and the objectives that run.
func (e *Engine) Goals(ctx context.Context, a Actor) (list []GoalState, kept []Kept, err error) {
	err = e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		all, err := r.Goals(a.Owner)
		if err != nil {
			return err
		}
		list = nil
		for _, g := range all {
			pace, err := s.pace(r, g, s.Today)
			if err != nil {
				return err
			}
			list = append(list, GoalState{Goal: g, Pace: pace, Over: isOver(g, s.Today)})
		}
		kept, err = s.kept(r, s.Today)
		return err
	})
	return list, kept, err
}
