package storage

import (
	"bytes"
	"errors"
	"time"

	"payoff/goals"
	"payoff/storage/kv"
)

// An Outgoing is a message that must be sent. It says what is to be said, not the words:
// those are made when it is sent. Its key follows from what it is about, so that the same
// occurrence never makes two.
type Outgoing struct {
	Key     string        `json:"key"`
	What    string        `json:"what"`
	Team    goals.TeamID  `json:"team"`
	Owner   goals.OwnerID `json:"owner,omitempty"`
	Week    goals.Date    `json:"week,omitzero"`
	Goal    goals.GoalID  `json:"goal,omitempty"`
	Why     goals.Cause   `json:"why,omitempty"` // it is sent
	To      Contact       `json:"to"`
	Room    string        `json:"room,omitempty"`
	Edit    string        `json:"edit,omitempty"`  // the message that this one is put in the place of
	Season  goals.Date    `json:"season,omitzero"` // of a leaderboard: the season's first day
	Created time.Time     `json:"created"`

	// Until a time in the future some process is sending it.
	Leased   time.Time `json:"leased,omitzero"`
	NotEarly time.Time `json:"not_before,omitzero"`
	Attempts int       `json:"attempts,omitempty"`

	// Once it is done with: where it went, or why it was given up.
	Done    time.Time `json:"done,omitzero"`
	Message string    `json:"message,omitempty"`
	Failed  string    `json:"failed,omitempty"`
}

// Enqueue puts a message into the outbox unless one with its key is or was there.
func (tx *Tx) Enqueue(m Outgoing) error {
	for _, table := range []string{"q", "r"} {
		b, err := tx.kv.Get(key(table, m.Key))
		if err != nil || b != nil {
			return err
		}
	}
	return tx.wait(m)
}

// wait writes a message that waits, and puts it into its line.
func (tx *Tx) wait(m Outgoing) error {
	if err := tx.set(key("q", m.Key), m); err != nil {
		return err
	}
	return tx.stand(m)
}

// DropOutgoing deletes a message that waits; that there is none is no error.
func (tx *Tx) DropOutgoing(k string) error {
	old, found, err := tx.Outgoing(k)
	if err != nil || !found {
		return err
	}
	if err := tx.kv.Delete(key("q", k)); err != nil {
		return err
	}
	return tx.leave(old)
}

// Waiting reads what is still to be sent, by key, until yield returns false.
func (r *Reader) Waiting(yield func(Outgoing) bool) error { return r.outgoing("q", yield) }

// Finished reads what was sent or given up, by key, until yield returns false.
func (r *Reader) Finished(yield func(Outgoing) bool) error { return r.outgoing("r", yield) }

func (r *Reader) outgoing(table string, yield func(Outgoing) bool) error {
	return scan(r.kv, kv.Prefix(under(table)), func(_ []byte, m Outgoing) bool { return yield(m) })
}

// Outgoing reads a message that waits.
func (r *Reader) Outgoing(k string) (Outgoing, bool, error) { return get[Outgoing](r.kv, key("q", k)) }

// PutOutgoing writes a message that waits, or, once it is done, moves it out of the way.
func (tx *Tx) PutOutgoing(m Outgoing) error {
	old, found, err := tx.Outgoing(m.Key)
	if err != nil {
		return err
	}
	if found && (!m.Done.IsZero() || !bytes.Equal(old.lineKey(), m.lineKey())) {
		if err := tx.DropOutgoing(m.Key); err != nil {
			return err
		}
	}
	if m.Done.IsZero() {
		return tx.wait(m)
	}
	return tx.set(key("r", m.Key), m)
}

// Retry puts a message back, as if it had never been tried, also one that was given up. It takes
// its old place among those that wait for the same recipient.
func (tx *Tx) Retry(m Outgoing) error {
	m.Leased, m.NotEarly, m.Done = time.Time{}, time.Time{}, time.Time{}
	m.Attempts, m.Failed = 0, ""
	if err := tx.kv.Delete(key("r", m.Key)); err != nil {
		return err
	}
	return tx.PutOutgoing(m)
}

// WaitingFor lists what waits for the recipient of a message, in its order.
func (r *Reader) WaitingFor(m Outgoing) (list []Outgoing, err error) {
	var keys []string
	prefix := under(append([]string{"y"}, m.line()...)...)
	err = r.kv.Scan(kv.Prefix(prefix), func(k, _ []byte) bool {
		keys = append(keys, string(k[len(prefix)+9:])) // behind eight bytes of time, and a separator
		return true
	})
	for _, k := range keys {
		next, found, bad := r.Outgoing(k)
		if err = errors.Join(err, bad); found {
			list = append(list, next)
		}
	}
	return list, err
}

// ForgetSent deletes what was done with before a time.
func (tx *Tx) ForgetSent(before time.Time) error {
	return tx.forgetOutgoing(func(m Outgoing) bool { return !m.Done.IsZero() && m.Done.Before(before) })
}

func (tx *Tx) forgetOutgoing(match func(Outgoing) bool) error {
	err := tx.deleteAll(kv.Prefix(under("r")), func(_, v []byte) bool {
		var m Outgoing
		return decode(v, &m) == nil && match(m)
	})
	if err != nil {
		return err
	}
	var waiting []string
	err = tx.Waiting(func(m Outgoing) bool {
		if match(m) {
			waiting = append(waiting, m.Key)
		}
		return true
	})
	for _, k := range waiting {
		if err == nil {
			err = tx.DropOutgoing(k)
		}
	}
	return err
}
