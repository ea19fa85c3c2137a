package engine

import (
	"context"

	"payoff/goals"
)

// SetSchedule sets when the owner is asked each week, and says when that is next.
func (e *Engine) SetSchedule(ctx context.Context, q Request, sched goals.Schedule) (Done, error) {
	return e.change(ctx, q, "check-in schedule", func(c *change) error {
		if c.Owner.Schedule = sched; !sched.Off {
			c.Owner.GoOn = c.Today // who chooses a time wants to be asked
		}
		if err := c.tx.PutOwner(c.Owner); err != nil {
			return err
		}
		if err := c.planNews(); err != nil {
			return err
		}
		return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
	})
}

// GoOn goes on asking each week somebody who has not answered and wants that.
func (e *Engine) GoOn(ctx context.Context, q Request) (Done, error) {
	return e.change(ctx, q, "go on asking", func(c *change) error {
		c.Owner.GoOn = c.Today
		return c.tx.PutOwner(c.Owner)
	})
}

// Away begins a break today, or moves the return of the one that is on.
func (e *Engine) Away(ctx context.Context, q Request, back goals.Date) (Done, error) {
	return e.change(ctx, q, "away", func(c *change) error {
		switch {
		case back <= c.Today:
			return goals.Wrong(goals.Invalid, "Try: /checkin away until 12 Jan", "The day you return must be after today.")
		case back > c.Today+MaxBreak:
			return goals.Wrong(goals.Invalid, "For longer than a year, switch the question off: /checkin schedule off", "A break can be a year long.")
		}
		breaks := c.Owner.Breaks[:0:0]
		on := goals.Break{From: c.Today, Back: back}
		for _, b := range c.Owner.Breaks {
			if b.From <= c.Today && c.Today < b.Back {
				on.From = b.From
				continue
			}
			breaks = append(breaks, b)
		}
		c.Owner.Breaks = append(breaks, on)
		return c.breaksChanged(e)
	})
}

// Back ends the break that is on.
func (e *Engine) Back(ctx context.Context, q Request) (Done, error) {
	return e.change(ctx, q, "back", func(c *change) error {
		breaks := append([]goals.Break(nil), c.Owner.Breaks...)
		for i, b := range breaks {
			if b.From <= c.Today && c.Today < b.Back {
				breaks[i].Back = c.Today
				if b.From == c.Today {
					breaks = append(breaks[:i], breaks[i+1:]...)
				}
				c.Owner.Breaks = breaks
				return c.breaksChanged(e)
			}
		}
		return goals.Wrong(goals.Conflict, "For a break: /checkin away until 12 Jan", "You are not away.")
	})
}

// breaksChanged keeps the owner and sets what is due.
func (c *change) breaksChanged(e *Engine) error {
	if err := c.tx.PutOwner(c.Owner); err != nil {
		return err
	}
	if err := c.planWelcome(); err != nil {
		return err
	}
	return c.askNoMore(e)
}
