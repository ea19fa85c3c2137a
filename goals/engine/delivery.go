package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// Delivery is at least once: a message is leased, sent, and its receipt recorded. A process
// that dies in between leaves a lease that runs out.
const (
	lease       = 2 * time.Minute
	maxAttempts = 20
	maxWait     = 30 * time.Minute // between two attempts: 20 of them last about five hours
	keepSent    = 60 * 24 * time.Hour
)

// Lease takes the next message that may be sent now, but for those to where except says that
// it may not (nil: everywhere); ok is false when there is none. To the same recipient one goes
// after the other, and to nobody in their quiet hours that is not on the spot.
func (e *Engine) Lease(ctx context.Context, except func(to storage.Contact) bool) (out storage.Outgoing, ok bool, err error) {
	now := e.now()
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		ok = false
		spaces, err := tx.ReadySpaces(now)
		if err != nil {
			return err
		}
		for _, space := range spaces {
			if except != nil && except(storage.Contact{Platform: space.Platform, Space: space.ID}) {
				continue
			}
			if out, ok, err = e.leaseIn(tx, space, now); err != nil || ok {
				return err
			}
		}
		return nil
	})
	return out, ok, err
}

// leaseIn takes the next message to a space. Those that nobody ever came back from it gives up,
// and those that are to wait for the morning it lets wait.
func (e *Engine) leaseIn(tx *storage.Tx, space storage.Space, now time.Time) (out storage.Outgoing, ok bool, err error) {
	var aside []storage.Outgoing
	var bad error
	err = tx.Ready(space, now, func(m storage.Outgoing) bool {
		var until time.Time
		until, bad = e.asleep(&tx.Reader, m, now)
		switch {
		case bad != nil:
			return false
		case m.Attempts >= maxAttempts:
			m.Failed, m.Done = "no attempt came to an end", now.UTC()
			aside = append(aside, m)
			return true
		case !until.IsZero():
			m.NotEarly = until.UTC()
			aside = append(aside, m)
			return true
		}
		out, ok = m, true
		return false
	})
	err = errors.Join(err, bad)
	for _, m := range aside {
		err = errors.Join(err, tx.PutOutgoing(m))
	}
	if err != nil || !ok {
		return out, false, err
	}
	out.Leased = now.Add(lease).UTC()
	out.Attempts++
	return out, true, tx.PutOutgoing(out)
}

// asleep is when the quiet hours of a message's person end, if they are on and the message was
// not written just now: then it was decided already.
func (e *Engine) asleep(r *storage.Reader, m storage.Outgoing, now time.Time) (until time.Time, err error) {
	if m.Owner == "" || !goals.Overdue(m.Created, now) {
		return until, nil
	}
	s, err := e.sceneOf(r, Actor{Team: m.Team, Owner: m.Owner})
	if err != nil {
		return until, err
	}
	until, _ = goals.QuietEnd(now.In(s.Now.Location()))
	return until, nil
}

// Delivered records where a leased message went.
func (e *Engine) Delivered(ctx context.Context, key, message string) error {
	return e.settle(ctx, key, func(m *storage.Outgoing) {
		m.Message, m.Failed, m.Done = message, "", e.now().UTC()
	})
}

// Failed records that sending failed: it is tried again after a while, or, when it can never
// work or was tried often enough, given up with the reason.
func (e *Engine) Failed(ctx context.Context, key, reason string, again bool, after time.Duration) error {
	return e.settle(ctx, key, func(m *storage.Outgoing) {
		m.Failed = reason
		if !again || m.Attempts >= maxAttempts {
			m.Done = e.now().UTC()
			return
		}
		wait := max(after, min(time.Second<<min(m.Attempts, 16), maxWait))
		m.NotEarly, m.Leased = e.now().Add(wait).UTC(), time.Time{}
	})
}

func (e *Engine) settle(ctx context.Context, key string, apply func(*storage.Outgoing)) error {
	return e.db.Update(ctx, func(tx *storage.Tx) error {
		m, found, err := tx.Outgoing(key)
		if err != nil || !found {
			return err
		}
		apply(&m)
		return tx.PutOutgoing(m)
	})
}

// NotNeeded is why a message that had nothing left to say was given up. It is not dead: nobody
// misses it.
const NotNeeded = "not needed any more"

// Dead reports whether a message was given up although somebody was to have it.
func Dead(m Outgoing) bool { return !m.Done.IsZero() && m.Message == "" && m.Failed != NotNeeded }

// Retry puts what is dead back to be sent, in its old order: the message with a key, or with an
// empty one all of them. It says how many there were.
func (e *Engine) Retry(ctx context.Context, key string) (n int, err error) {
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		var dead []storage.Outgoing
		err := tx.Finished(func(m storage.Outgoing) bool {
			if Dead(m) && (key == "" || m.Key == key) {
				dead = append(dead, m)
			}
			return true
		})
		n = len(dead)
		for _, m := range dead {
			if err == nil {
				err = tx.Retry(m)
			}
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("retry what was given up: %w", err)
	}
	return n, nil
}

// Outbox lists what waits and what was done with, for the operator.
func (e *Engine) Outbox(ctx context.Context) (list []storage.Outgoing, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		list = nil
		add := func(m storage.Outgoing) bool { list = append(list, m); return true }
		if err := r.Waiting(add); err != nil {
			return err
		}
		return r.Finished(add)
	})
	return list, err
}

// Sweep deletes what is only kept for a while: handled events, sent messages, and the teams
// that payoff was removed from.
func (e *Engine) Sweep(ctx context.Context) error {
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		now := e.now()
		if err := tx.ForgetEvents(goals.DateOf(now.UTC()) - 1); err != nil {
			return err
		}
		if err := tx.ForgetKept(now); err != nil {
			return err
		}
		return tx.ForgetSent(now.Add(-keepSent))
	})
	return errors.Join(err, e.eraseLeft(ctx), e.sweepLinks(ctx))
}
