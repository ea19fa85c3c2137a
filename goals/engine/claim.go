package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// claimAtOnce is how many due things one look takes up.
const claimAtOnce = 200

// Claim turns what is due by now into messages in the outbox, and sets when each is due next,
// one transaction each. It returns how many there were. What cannot be claimed holds up
// nothing else: it is left for the next time, and its error returned at the end.
func (e *Engine) Claim(ctx context.Context) (int, error) {
	now := e.now()
	claimed := 0
	failed := map[storage.Due]error{}
	for {
		var dues []storage.Due
		err := e.db.View(ctx, func(r *storage.Reader) error {
			dues = dues[:0]
			return r.Dues(now, func(d storage.Due) bool {
				if failed[d] == nil {
					dues = append(dues, d)
				}
				return len(dues) < claimAtOnce
			})
		})
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || len(dues) == 0 {
			return claimed, errors.Join(append(slices.Collect(maps.Values(failed)), err)...)
		}
		for _, d := range dues {
			if err := e.claim(ctx, d, now); err != nil {
				failed[d] = fmt.Errorf("claim %s of %s: %w", d.What, d.Subject, err)
				continue
			}
			claimed++
		}
	}
}

// claim takes up one thing that is due.
func (e *Engine) claim(ctx context.Context, d storage.Due, now time.Time) error {
	return e.db.Update(ctx, func(tx *storage.Tx) error {
		// Another process, or the person, may have been quicker.
		if at, err := tx.DueAt(d.What, d.Subject); err != nil || !at.Equal(d.At) {
			return err
		}
		if err := tx.SetDue(storage.Due{What: d.What, Subject: d.Subject}); err != nil {
			return err
		}
		if isTeams(d.What) {
			return e.claimTeams(tx, d, now)
		}
		owner, err := tx.Owner(goals.OwnerID(d.Subject))
		if err != nil {
			return err
		}
		contacts, err := tx.Contacts(owner.ID)
		if err != nil || len(contacts) == 0 {
			return err
		}
		team, err := tx.TeamOf(contacts[0].Platform, contacts[0].Space)
		if err != nil {
			return err
		}
		s, err := e.sceneOf(&tx.Reader, Actor{Team: team, Owner: owner.ID})
		if err != nil {
			return err
		}
		c := &change{scene: s, tx: tx}
		to, ok, err := reachable(&tx.Reader, contacts)
		if err != nil {
			return err
		}
		if !ok { // the check-in is only planned anew: on return it asks once about all the weeks between
			if d.What == dueCheckIn {
				return e.dueCheckIn(tx, s.Owner, s.Team, s.Now)
			}
			return nil
		}
		out := storage.Outgoing{What: d.What, Team: team, Owner: owner.ID, To: to, Created: now.UTC()}
		switch d.What {
		case dueCheckIn:
			return c.claimCheckIn(e, d, out)
		case dueReminder, dueLater:
			return c.claimReminder(out)
		case dueWelcome:
			out.Key = fmt.Sprintf("welcome %s %s", owner.ID, s.Today)
			return tx.Enqueue(out)
		}
		return nil
	})
}

// claimCheckIn opens the week's check-in and asks, unless the owner is away or was asked
// already. Check-ins that were never answered are over with that.
func (c *change) claimCheckIn(e *Engine, d storage.Due, out storage.Outgoing) error {
	_, away := onBreak(c.Owner, c.Today)
	existing, found, err := c.tx.CheckIn(c.Actor.Owner, c.Today.Monday())
	if err != nil {
		return err
	}
	asked := found && existing.State != goals.CheckInLooked
	if !away && !asked && !c.Owner.Schedule.Off {
		if err := c.missOpen(c.Today.Monday()); err != nil {
			return err
		}
		if existing, _, err = c.current(&c.tx.Reader); err != nil {
			return err
		}
		existing.State, existing.Asked = goals.CheckInAsked, c.Now.UTC()
		if err := c.tx.PutCheckIn(c.Actor.Owner, existing); err != nil {
			return err
		}
		out.Week = existing.Week
		out.Key = fmt.Sprintf("checkin %s %s", c.Actor.Owner, existing.Week)
		if err := c.tx.Enqueue(out); err != nil {
			return err
		}
		// What was put off is over with the check-in it was about.
		for what, at := range map[string]time.Time{dueReminder: c.Now.AddDate(0, 0, 1), dueLater: {}} {
			if err := c.tx.SetDue(storage.Due{What: what, Subject: d.Subject, At: at}); err != nil {
				return err
			}
		}
	}
	return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
}

// missOpen marks what was asked before a week and not answered as missed.
func (c *change) missOpen(week goals.Date) error {
	list, err := c.tx.CheckIns(c.Actor.Owner, goals.Period{From: week - latestWeeks*7, To: week - 1})
	if err != nil {
		return err
	}
	for _, old := range list {
		if old.State != goals.CheckInAsked {
			continue
		}
		old.State = goals.CheckInMissed
		if err := c.tx.PutCheckIn(c.Actor.Owner, old); err != nil {
			return err
		}
	}
	return nil
}

// claimReminder reminds once of a check-in that is still open.
func (c *change) claimReminder(out storage.Outgoing) error {
	current, _, err := c.current(&c.tx.Reader)
	if err != nil || current.State != goals.CheckInAsked {
		return err
	}
	if _, away := onBreak(c.Owner, c.Today); away {
		return nil
	}
	out.Week = current.Week
	out.Key = fmt.Sprintf("%s %s %s", out.What, c.Actor.Owner, c.Today)
	return c.tx.Enqueue(out)
}
