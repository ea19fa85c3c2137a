package engine

import (
	"context"
	"fmt"

	"payoff/goals"
	"payoff/storage"
)

// A Beginning is what an owner tells at the start. Currency, zone and goal stay as they are
// when they are left out, and channels are only added; the customer and the worth of an hour
// become what is said, also when that is nothing.
type Beginning struct {
	Currency goals.Currency
	Zone     string
	Customer string
	Worth    goals.Money // of an hour
	Channels []goals.Channel
	Goal     *NewGoal
}

// Begin gets an owner started. A second time it changes what was told the first time.
func (e *Engine) Begin(ctx context.Context, q Request, b Beginning) (Done, error) {
	return e.change(ctx, q, "start", func(c *change) error {
		if err := c.useCurrency(b.Currency); err != nil {
			return err
		}
		if b.Zone != "" {
			c.Owner.Zone = b.Zone
			c.Now = c.Now.In(e.zone(c.Owner, c.Team))
			c.Today = goals.DateOf(c.Now) // the day on which the goal below is set
		}
		if b.Worth.Minor != 0 && b.Worth.Currency != c.Owner.Currency {
			return goals.Wrong(goals.Invalid, "Say what an hour is worth in "+string(c.Owner.Currency)+".", "Your figures are in %s.", c.Owner.Currency)
		}
		c.Owner.Started = true
		c.Owner.Customer = b.Customer
		c.Owner.HourWorth = b.Worth.Minor
		for _, ch := range b.Channels {
			if _, found := channelNamed(c.Owner, ch.Name); found {
				continue
			}
			if err := c.addChannel(e, ch.Name, ch.Kind); err != nil {
				return err
			}
		}
		if err := c.tx.PutOwner(c.Owner); err != nil {
			return err
		}
		if b.Goal != nil {
			if err := c.setGoal(e, *b.Goal); err != nil {
				return err
			}
		}
		if err := c.planNews(); err != nil {
			return err
		}
		return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
	})
}

// SkipStart lets an owner in without being asked anything.
func (e *Engine) SkipStart(ctx context.Context, q Request) (Done, error) {
	return e.change(ctx, q, "start", func(c *change) error {
		c.Owner.Started = true
		if err := c.tx.PutOwner(c.Owner); err != nil {
			return err
		}
		return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
	})
}

// useCurrency sets the owner's currency, unless figures in another one are already kept.
func (c *change) useCurrency(cur goals.Currency) error {
	if cur == "" || cur == c.Owner.Currency {
		return nil
	}
	list, err := c.tx.Goals(c.Actor.Owner)
	if err != nil {
		return err
	}
	totals, err := c.tx.Totals(c.Actor.Owner, storage.Ever)
	if err != nil {
		return err
	}
	if len(list) > 0 || len(totals) > 0 {
		return goals.Wrong(goals.Conflict, "To work in another currency, export your figures and start afresh with /payoff forget.",
			"Your figures are in %s already, and amounts of two currencies cannot be added.", c.Owner.Currency)
	}
	c.Owner.Currency, c.Owner.HourWorth = cur, 0
	return nil
}

// SetPrivacy changes what others may see of an owner. Nil leaves a setting as it is.
func (e *Engine) SetPrivacy(ctx context.Context, q Request, hidden, money *bool) (Done, error) {
	return e.change(ctx, q, "privacy", func(c *change) error {
		if hidden != nil {
			c.Owner.Hidden = *hidden
		}
		if money != nil {
			c.Owner.ShowMoney = *money
		}
		return c.tx.PutOwner(c.Owner)
	})
}

// Forget erases all that is kept of the owner.
func (e *Engine) Forget(ctx context.Context, a Actor) error {
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		if err := tx.Forget(a.Team, a.Owner); err != nil {
			return err
		}
		return e.boardMoves(tx, a.Team)
	})
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}
