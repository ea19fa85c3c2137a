package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// Delivered records where a leased message went: it stands there, however late that is said.
func (e *Engine) Delivered(ctx context.Context, out storage.Outgoing, message string) error {
	return e.db.Update(ctx, func(tx *storage.Tx) error {
		m, found, err := tx.Outgoing(out.Key)
		if err != nil || !found {
			return err
		}
		m.Message, m.Failed, m.Done = message, "", e.now().UTC()
		if err := tx.PutOutgoing(m); err != nil {
			return err
		}
		return e.remindDayAfter(tx, m)
	})
}

// remindDayAfter moves the reminder of a check-in that nobody was there to send, and that has
// come only now: it would come on its heels, or has been written already, and waits behind it.
func (e *Engine) remindDayAfter(tx *storage.Tx, m storage.Outgoing) error {
	if m.What != dueCheckIn {
		return nil
	}
	asked, _, err := tx.CheckIn(m.Owner, m.Week)
	if err != nil || m.Done.Sub(asked.Asked) < sentLate {
		return err
	}
	due := storage.Due{What: dueReminder, Subject: string(m.Owner)}
	planned, err := tx.DueAt(due.What, due.Subject)
	if err != nil {
		return err
	}
	waiting, err := tx.WaitingFor(m)
	if err != nil {
		return err
	}
	reminds := !planned.IsZero()
	for _, next := range waiting {
		if next.What == dueReminder && next.Week == m.Week {
			if err := tx.DropOutgoing(next.Key); err != nil {
				return err
			}
			reminds = true
		}
	}
	if !reminds { // it was answered, or put off
		return nil
	}
	s, err := e.sceneOf(&tx.Reader, Actor{Team: m.Team, Owner: m.Owner})
	if err != nil {
		return err
	}
	due.At = s.Now.AddDate(0, 0, 1)
	return tx.SetDue(due)
}

// Failed records that sending failed: it is tried again after a while, or, when it can never
// work or was tried often enough, given up with the reason.
func (e *Engine) Failed(ctx context.Context, out storage.Outgoing, reason string, again bool, after time.Duration) error {
	return e.settle(ctx, out.Key, func(m *storage.Outgoing) bool {
		if m.Attempts != out.Attempts { // another has it by now, and may have better luck
			return false
		}
		m.Failed = reason
		if !again || m.Attempts >= maxAttempts {
			m.Done = e.now().UTC()
			return true
		}
		wait := max(after, min(time.Second<<min(m.Attempts, 16), maxWait))
		m.NotEarly, m.Leased = e.now().Add(wait).UTC(), time.Time{}
		return true
	})
}

// settle changes a message that waits, if apply says so.
func (e *Engine) settle(ctx context.Context, key string, apply func(*storage.Outgoing) bool) error {
	return e.db.Update(ctx, func(tx *storage.Tx) error {
		m, found, err := tx.Outgoing(key)
		if err != nil || !found || !apply(&m) {
			return err
		}
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
