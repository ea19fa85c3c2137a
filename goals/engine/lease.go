package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// Delivery is at least once: a message is leased, sent, and its receipt recorded. A process
// that dies in between leaves a lease that runs out. Each lease has a number, Attempts: who
// comes back with an older one than the message has by now, and has failed, changes nothing.
const (
	lease       = 2 * time.Minute
	leaseEnd    = 20 * time.Second // before it runs out nothing is begun any more
	maxAttempts = 20
	maxWait     = 30 * time.Minute // between two attempts: 20 of them last about five hours
	keepSent    = 60 * 24 * time.Hour
	sentLate    = time.Hour // from then on a check-in is reminded of by when it came, not by when it was written
)

// A Wish is which messages a process can send now.
type Wish struct {
	Most  int                     // in all
	Room  func(storage.Space) int // how many more may be on their way to a space; nil is any number
	After storage.Space           // the space that was served last: the next one comes first
}

// Lease takes messages that may be sent now: one for each space in turn, and to each the one that
// has waited longest, of each recipient one at a time, and to nobody in their quiet hours that
// is not on the spot.
func (e *Engine) Lease(ctx context.Context, w Wish) (taken []storage.Outgoing, err error) {
	now := e.now()
	var aside []storage.Outgoing
	look := func(r *storage.Reader) error {
		taken, aside, err = e.choose(r, w, now)
		return err
	}
	// Most often there is nothing, and then nothing is written.
	if err := e.db.View(ctx, look); err != nil || len(taken)+len(aside) == 0 {
		return nil, err
	}
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		if err := look(&tx.Reader); err != nil {
			return err
		}
		for i := range taken {
			taken[i].Leased, taken[i].Attempts = now.Add(lease).UTC(), taken[i].Attempts+1
		}
		for _, m := range slices.Concat(taken, aside) {
			if err := tx.PutOutgoing(m); err != nil {
				return err
			}
		}
		return nil
	})
	return taken, err
}

// choose is what a wish comes to. Put aside is what nobody ever came back from sending, which is
// given up, and what is to wait for the morning.
func (e *Engine) choose(r *storage.Reader, w Wish, now time.Time) (chosen, aside []storage.Outgoing, err error) {
	spaces, err := r.ReadySpaces(now)
	if err != nil {
		return nil, nil, err
	}
	// Those behind the one that was served last come first.
	first, found := slices.BinarySearchFunc(spaces, w.After, storage.Space.Compare)
	if found {
		first++
	}
	spaces = append(slices.Clone(spaces[first:]), spaces[:first]...)
	of := make([][]storage.Outgoing, len(spaces))
	for i, s := range spaces {
		room := w.Most
		if w.Room != nil {
			room = min(room, w.Room(s))
		}
		if room <= 0 {
			continue
		}
		var waits []storage.Outgoing
		if of[i], waits, err = e.chooseIn(r, s, room, now); err != nil {
			return nil, nil, err
		}
		aside = append(aside, waits...)
	}
	for round, more := 0, true; more; round++ {
		more = false
		for _, list := range of {
			if round < len(list) && len(chosen) < w.Most {
				chosen, more = append(chosen, list[round]), true
			}
		}
	}
	return chosen, aside, nil
}

// chooseIn chooses at most so many messages to one space.
func (e *Engine) chooseIn(r *storage.Reader, s storage.Space, most int, now time.Time) (chosen, aside []storage.Outgoing, err error) {
	var bad error
	err = r.Ready(s, now, func(m storage.Outgoing) bool {
		var until time.Time
		until, bad = e.asleep(r, m, now)
		switch {
		case bad != nil:
			return false
		case m.Attempts >= maxAttempts: // sent so often, and nobody ever came back from it
			m.Failed, m.Done = "no attempt came to an end", now.UTC()
			aside = append(aside, m)
		case !until.IsZero():
			m.NotEarly = until.UTC()
			aside = append(aside, m)
		default:
			chosen = append(chosen, m)
		}
		return len(chosen) < most
	})
	return chosen, aside, errors.Join(err, bad)
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

// Holds is how much longer a leased message may be sent; false when it is too late to begin. A
// process that was stopped in between, and wakes up when another has the message, must not send
// it.
func (e *Engine) Holds(out storage.Outgoing) (left time.Duration, ok bool) {
	left = out.Leased.Sub(e.now())
	return left, left > leaseEnd
}
