package engine

import (
	"context"
	"errors"
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
// it may not (nil: everywhere); ok is false when there is none.
func (e *Engine) Lease(ctx context.Context, except func(to storage.Contact) bool) (out storage.Outgoing, ok bool, err error) {
	now := e.now()
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		ok = false
		var stuck []storage.Outgoing // sent so often, and nobody ever came back from it
		err := tx.Waiting(func(m storage.Outgoing) bool {
			if m.Leased.After(now) || m.NotEarly.After(now) {
				return true
			}
			if except != nil && except(m.To) {
				return true
			}
			if m.Attempts >= maxAttempts {
				stuck = append(stuck, m)
				return true
			}
			out, ok = m, true
			return false
		})
		if err != nil {
			return err
		}
		for _, m := range stuck {
			m.Failed, m.Done = "no attempt came to an end", now.UTC()
			if err := tx.PutOutgoing(m); err != nil {
				return err
			}
		}
		if !ok {
			return nil
		}
		out.Leased = now.Add(lease).UTC()
		out.Attempts++
		return tx.PutOutgoing(out)
	})
	return out, ok, err
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
