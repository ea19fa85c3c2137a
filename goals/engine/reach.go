package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// Who has closed their direct messages, or was deactivated, is written to no more. When they do
// something, the bot says so once, where they are: they may have it tried again, or be asked in
// that room.

// open is the first of an owner's contacts that can be reached, with the room they want to be
// asked in.
func open(r *storage.Reader, o goals.OwnerID, contacts []storage.Contact) (storage.Contact, bool, error) {
	var reached []storage.Contact
	for _, c := range contacts {
		reach, err := r.Reach(o, c.Platform, c.Space)
		if err != nil {
			return c, false, err
		}
		if c.Room = reach.Room; reach.Closed.IsZero() {
			reached = append(reached, c)
		}
	}
	return reachable(r, reached)
}

// Unreached records that a leased message found nobody. To its person nothing more is sent
// there: what waits for them goes where else they can be reached, or is given up.
func (e *Engine) Unreached(ctx context.Context, key, reason string) error {
	now := e.now().UTC()
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		m, found, err := tx.Outgoing(key)
		if err != nil || !found {
			return err
		}
		left, err := tx.LeftSince(m.To.Platform, m.To.Space)
		if err != nil {
			return err
		}
		if m.Owner == "" || m.To.Person == "" || !left.IsZero() {
			m.Failed, m.Done = reason, now
			return tx.PutOutgoing(m)
		}
		return closeTo(tx, m, reason, now)
	})
	if err != nil {
		return fmt.Errorf("nobody reached by %s: %w", key, err)
	}
	return nil
}

// closeTo marks the contact that a message is to as closed.
func closeTo(tx *storage.Tx, m storage.Outgoing, reason string, now time.Time) error {
	if err := tx.PutReach(m.Owner, m.To.Platform, m.To.Space, storage.Reach{Closed: now, Key: m.Key}); err != nil {
		return err
	}
	contacts, err := tx.Contacts(m.Owner)
	if err != nil {
		return err
	}
	other, ok, err := open(&tx.Reader, m.Owner, contacts)
	if err != nil {
		return err
	}
	waiting, err := tx.WaitingFor(m)
	if err != nil {
		return err
	}
	for _, next := range waiting {
		if ok {
			next.To = other
			err = tx.Retry(next)
		} else {
			next.Failed, next.Done = reason, now
			err = tx.PutOutgoing(next)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AskClosed reports whether an owner is to be told that they could not be written to in a space.
// It says so once.
func (e *Engine) AskClosed(ctx context.Context, a Actor, platform, space string) (tell bool, err error) {
	read := func(r *storage.Reader) (reach storage.Reach, err error) {
		reach, err = r.Reach(a.Owner, platform, space)
		tell = !reach.Closed.IsZero() && !reach.Told
		return reach, err
	}
	err = e.db.View(ctx, func(r *storage.Reader) error {
		_, err := read(r)
		return err
	})
	if err != nil || !tell {
		return false, err
	}
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		reach, err := read(&tx.Reader)
		if err != nil || !tell { // another answer has told them meanwhile
			return err
		}
		reach.Told = true
		return tx.PutReach(a.Owner, platform, space, reach)
	})
	if err != nil {
		return false, fmt.Errorf("tell of a closed contact: %w", err)
	}
	return tell, nil
}

// ReachIn lets an owner be written to again in a space: in a room there, or, when that is empty,
// directly. What could not be said before is said now, unless it is out of date.
func (e *Engine) ReachIn(ctx context.Context, q Request, platform, space, room string) (Done, error) {
	return e.change(ctx, q, "reach", func(c *change) error {
		was, err := c.tx.Reach(q.Owner, platform, space)
		if err != nil {
			return err
		}
		if err := c.tx.PutReach(q.Owner, platform, space, storage.Reach{Room: room}); err != nil {
			return err
		}
		m, found, err := c.tx.Sent(was.Key)
		if err != nil || !found || was.Closed.IsZero() || m.Message != "" {
			return err
		}
		if over, err := c.overSince(m); err != nil || over {
			return err
		}
		m.To.Room = room
		return c.tx.Retry(m)
	})
}

// overSince reports whether a message offers a pause to somebody who has spoken since.
func (c *change) overSince(m storage.Outgoing) (bool, error) {
	if m.What != sayPause || c.Owner.GoOn >= m.Week {
		return m.What == sayPause, nil
	}
	list, err := c.tx.CheckIns(c.Actor.Owner, goals.Period{From: m.Week, To: c.Today.Monday() + 7})
	return slices.ContainsFunc(list, func(c goals.CheckIn) bool {
		return c.State == goals.CheckInAnswered || c.State == goals.CheckInSkipped
	}), err
}

// reopen takes off the marks of a space that payoff has come back to: that nobody was reached
// there may have been payoff's own absence.
func reopen(tx *storage.Tx, platform, space string) error {
	team, err := tx.TeamOf(platform, space)
	if err != nil || team == "" {
		return err
	}
	members, err := tx.Members(team)
	for _, id := range members {
		var reach storage.Reach
		if reach, err = tx.Reach(id, platform, space); err == nil && !reach.Closed.IsZero() {
			err = tx.PutReach(id, platform, space, storage.Reach{})
		}
		if err != nil {
			return err
		}
	}
	return err
}
