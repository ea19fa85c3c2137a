package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// A NewActivity is a line to be logged.
type NewActivity struct {
	Channel goals.ChannelID
	Date    goals.Date
	Amounts goals.Amounts
	Note    string
	Words   string

	onTime bool // never late for a check-in: it comes with one, or from a file
}

// backlog is how many days back may be logged by an owner without a goal.
const backlog = 90

// A Receipt is what logging came to.
type Receipt struct {
	Done
	Logged []Logged
	Week   goals.Period  // that of the last line
	Sum    goals.Amounts // of that week, over all channels
	Goal   *goals.Pace   // nil without a goal
	Away   goals.Break   // the break today lies in, if Back is set
}

// A Logged is one line of a receipt.
type Logged struct {
	goals.Activity
	Channel goals.Channel
}

// Log records activities, all of them or none.
func (e *Engine) Log(ctx context.Context, q Request, list []NewActivity) (Receipt, error) {
	var added []goals.Activity
	done, err := e.change(ctx, q, "log", func(c *change) error {
		earliest, err := c.earliest()
		if err != nil {
			return err
		}
		for _, n := range list {
			if n.Date < earliest {
				return goals.Wrong(goals.Invalid, "Lines are taken from "+earliest.Human(c.Today)+" on; older figures come in with payoff import.",
					"%s is too long ago to log for this goal.", n.Date.Human(c.Today))
			}
			if err := c.log(e, n); err != nil {
				return err
			}
		}
		added = c.added
		return nil
	})
	if err != nil {
		return Receipt{}, err
	}
	return e.receipt(ctx, q.Actor, done, added)
}

// earliest is the first day that may be logged: where the running goal's period begins.
func (c *change) earliest() (goals.Date, error) {
	goal, ok, err := c.openGoal()
	if err != nil {
		return 0, err
	}
	first := c.Today - backlog
	if ok {
		if p, ok := goal.PeriodOn(c.Today); ok {
			// A goal set today, or yesterday, for the days to come does not forbid this week's log.
			first = min(p.From, c.Today.Monday()-7)
		}
	}
	return first, nil
}

// log checks one line and writes it.
func (c *change) log(e *Engine, n NewActivity) error {
	if n.Date > c.Today {
		return goals.Wrong(goals.Invalid, "Log it once it has happened.", "%s is still to come.", n.Date.Human(c.Today))
	}
	if _, ok := channelByID(c.Owner, n.Channel); !ok {
		return noChannel()
	}
	for m, amount := range n.Amounts {
		if m := goals.Measure(m); amount < 0 && m != goals.Revenue { // which a refund takes from
			return goals.Wrong(goals.Invalid, "Take back the line that was wrong with /payoff undo.", "There cannot be less than no %s.", m)
		}
	}
	minutes := n.Amounts[goals.Hours]
	if minutes > 0 {
		err := c.tx.Activities(c.Actor.Owner, goals.Period{From: n.Date, To: n.Date}, false, func(a goals.Activity) bool {
			minutes += a.Amounts[goals.Hours]
			return true
		})
		if err != nil {
			return err
		}
	}
	if minutes > goals.MinutesADay {
		return goals.Wrong(goals.Invalid, "Check the hours, or the day it was.", "With this, %s would have %s of work in it, and a day has 24h.",
			n.Date.Human(c.Today), goals.FormatMinutes(minutes))
	}
	return c.add(e, n)
}

// add writes an activity without asking whether it may be.
func (c *change) add(e *Engine, n NewActivity) error {
	a := goals.Activity{
		ID: goals.ActivityID(e.newID(c.Now)), Channel: n.Channel, Date: n.Date, Amounts: n.Amounts,
		Note: n.Note, Words: n.Words, Logged: c.Now.UTC(),
		Late: n.Date < c.Today.Monday()-7 && !n.onTime, // its week's check-in is over
	}
	c.added = append(c.added, a)
	return c.tx.AddActivity(c.Actor.Owner, a)
}

// receipt reads what a log entry did; what it added is known, unless the event was handled
// before. It is a view of its own, so that the one writer is not kept waiting for it.
func (e *Engine) receipt(ctx context.Context, a Actor, done Done, added []goals.Activity) (Receipt, error) {
	rec := Receipt{Done: done}
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		if done.Repeated {
			entry, found, err := r.Entry(storage.Journal{Owner: a.Owner}, done.Entry)
			if err != nil || !found {
				return err
			}
			if added, err = entry.Added(r); err != nil {
				return err
			}
		}
		rec.Logged = s.logged(added)
		for _, act := range added {
			rec.Week = weekPeriod(act.Date.Monday())
		}
		rec.Away, _ = onBreak(s.Owner, s.Today)
		return rec.standing(s, r)
	})
	return rec, err
}

// standing reads how the week and the goal stand after the log.
func (rec *Receipt) standing(s *scene, r *storage.Reader) error {
	totals, err := r.Totals(s.Actor.Owner, goals.Period{From: rec.Week.From, To: rec.Week.From})
	if err != nil {
		return err
	}
	rec.Sum = goals.Amounts{}
	for _, t := range totals {
		rec.Sum = rec.Sum.Plus(t.Amounts)
	}
	_, rec.Goal, err = s.goalPace(r)
	return err
}
