package engine

import (
	"context"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// What can be due, for an owner or, the board, for a team.
const (
	dueCheckIn  = "checkin"
	dueReminder = "reminder"
	dueLater    = "later"   // in the reminder's place, when the owner asks for it
	dueWelcome  = "welcome" // back from a break
	dueNews     = "news"    // of a goal; it goes out as what there is to say, see goals.MilestoneKind
	dueBoard    = "board"

	sayPause = "pause" // in a check-in's place, whether to pause
)

// nextCheckIn is the first time after a moment that an owner is to be asked, in a week later
// than the one last asked in and outside their breaks.
func nextCheckIn(o goals.Owner, loc *time.Location, after time.Time, asked goals.Date) (time.Time, bool) {
	for range 2 * MaxBreak / 7 {
		at, ok := o.Schedule.Next(after, loc)
		if !ok {
			return time.Time{}, false
		}
		day := goals.DateOf(at.In(loc))
		if _, away := onBreak(o, day); !away && day.Monday() > asked {
			return at, true
		}
		after = at
	}
	return time.Time{}, false
}

// dueCheckIn sets when an owner is asked next. What is overdue stays: it is about to be claimed,
// and the claim looks again at whether it should be asked. So does what is planned for this
// week when a new schedule, or a new zone, would leave the week out.
func (e *Engine) dueCheckIn(tx *storage.Tx, o goals.Owner, t goals.Team, now time.Time) error {
	asked, err := lastAsked(&tx.Reader, o.ID, goals.DateOf(now.In(e.zone(o, t))).Monday())
	if err != nil {
		return err
	}
	return e.dueCheckInAfter(tx, o, t, now, asked)
}

// dueCheckInAfter is dueCheckIn for who knows the week that was last asked about.
func (e *Engine) dueCheckInAfter(tx *storage.Tx, o goals.Owner, t goals.Team, now time.Time, asked goals.Date) error {
	due := storage.Due{What: dueCheckIn, Subject: string(o.ID)}
	if !o.Started {
		return tx.SetDue(due)
	}
	planned, err := tx.DueAt(due.What, due.Subject)
	if err != nil || !planned.IsZero() && !planned.After(now) {
		return err
	}
	loc := e.zone(o, t)
	if err := e.keepClock(tx, loc); err != nil {
		return err
	}
	week := goals.DateOf(now.In(loc)).Monday()
	var ok bool
	if due.At, ok = nextCheckIn(o, loc, now, asked); ok && planned.Before(due.At) && asked < week {
		day := goals.DateOf(planned.In(loc))
		_, away := onBreak(o, day)
		if !planned.IsZero() && day.Monday() == week && !away && goals.DateOf(due.At.In(loc)).Monday() > week {
			due.At = planned
		}
	}
	return tx.SetDue(due)
}

// planWelcome sets when the owner is welcomed back: on the day their break ends.
func (c *change) planWelcome() error {
	due := storage.Due{What: dueWelcome, Subject: string(c.Actor.Owner)}
	if b, away := onBreak(c.Owner, c.Today); away {
		due.At = c.newsAt(b.Back)
	}
	return c.tx.SetDue(due)
}

// planReminder sets the reminder of a check-in that an undo has opened again, if its time is
// still to come and none is set.
func (c *change) planReminder() error {
	due := storage.Due{What: dueReminder, Subject: string(c.Actor.Owner)}
	for _, what := range []string{dueReminder, dueLater} {
		if planned, err := c.tx.DueAt(what, due.Subject); err != nil || !planned.IsZero() {
			return err
		}
	}
	current, _, err := c.current(&c.tx.Reader)
	due.At = current.Asked.In(c.Now.Location()).AddDate(0, 0, 1)
	if err != nil || current.State != goals.CheckInAsked || !due.At.After(c.Now) {
		return err
	}
	return c.tx.SetDue(due)
}

// planAnew sets all that is due for an owner whose records an undo has changed.
func (c *change) planAnew(e *Engine) (err error) {
	if c.Owner, err = c.tx.Owner(c.Actor.Owner); err != nil {
		return err
	}
	if err := e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now); err != nil {
		return err
	}
	if err := c.planWelcome(); err != nil {
		return err
	}
	if err := c.planNews(); err != nil {
		return err
	}
	return c.planReminder()
}

// lastAsked is the week of the newest check-in, or of what was said in its place, as its Monday.
func lastAsked(r *storage.Reader, id goals.OwnerID, week goals.Date) (goals.Date, error) {
	list, err := r.CheckIns(id, latest(week))
	for _, c := range slices.Backward(list) {
		if c.State.Happened() || c.State == goals.CheckInPause {
			return c.Week, err
		}
	}
	return 0, err
}

// NextDue is the earliest time at which something is due, or may be sent that is held until then;
// ok is false when there is nothing to wait for.
func (e *Engine) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	now := e.now()
	err = e.db.View(ctx, func(r *storage.Reader) error {
		ok = false
		err := r.Dues(time.Unix(1<<40, 0), func(d storage.Due) bool {
			at, ok = d.At, true
			return false
		})
		if err != nil {
			return err
		}
		return r.Waiting(func(m storage.Outgoing) bool {
			if m.NotEarly.After(now) && (!ok || m.NotEarly.Before(at)) {
				at, ok = m.NotEarly, true
			}
			return true
		})
	})
	return at, ok, err
}
