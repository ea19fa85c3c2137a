package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// Turn makes revenue of the spend in lines that were logged: the money came in, and nothing in
// the words said so. To undo it brings the lines back as they were.
func (e *Engine) Turn(ctx context.Context, q Request, id EntryID) (Receipt, error) {
	var added []goals.Activity
	done, err := e.change(ctx, q, "log turned", func(c *change) error {
		entry, err := c.entryToUndo(storage.Journal{Owner: q.Owner}, id)
		if err != nil {
			return err
		}
		lines, err := entry.Added(&c.tx.Reader)
		if err != nil {
			return err
		}
		var gone []goals.Activity
		for _, a := range lines {
			if a.Amounts[goals.Spend] <= 0 || a.Amounts[goals.Revenue] != 0 {
				continue
			}
			gone = append(gone, a)
			if err := c.turn(e, a); err != nil {
				return err
			}
		}
		if len(gone) == 0 {
			return goals.Wrong(goals.Conflict, "/payoff history shows what stands.", "That was changed since.")
		}
		added = c.added
		return c.stillHolds(gone)
	})
	if err != nil {
		return Receipt{}, err
	}
	return e.receipt(ctx, q.Actor, done, added)
}

// turn puts a line with its spend as revenue in the place of one.
func (c *change) turn(e *Engine, a goals.Activity) error {
	if err := c.tx.RemoveActivity(c.Actor.Owner, a); err != nil {
		return err
	}
	a.ID, a.Logged = goals.ActivityID(e.newID(c.Now)), c.Now.UTC()
	a.Amounts[goals.Revenue], a.Amounts[goals.Spend] = a.Amounts[goals.Spend], 0
	c.added = append(c.added, a)
	return c.tx.AddActivity(c.Actor.Owner, a)
}
