package storage

import (
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
	To      Contact       `json:"to"`
	Room    string        `json:"room,omitempty"`
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
	return tx.set(key("q", m.Key), m)
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
	if m.Done.IsZero() {
		return tx.set(key("q", m.Key), m)
	}
	if err := tx.kv.Delete(key("q", m.Key)); err != nil {
		return err
	}
	return tx.set(key("r", m.Key), m)
}

// ForgetSent deletes what was done with before a time.
func (tx *Tx) ForgetSent(before time.Time) error {
	return tx.forgetOutgoing(func(m Outgoing) bool { return !m.Done.IsZero() && m.Done.Before(before) })
}

func (tx *Tx) forgetOutgoing(match func(Outgoing) bool) error {
	for _, table := range []string{"q", "r"} {
		err := tx.deleteAll(kv.Prefix(under(table)), func(_, v []byte) bool {
			var m Outgoing
			return decode(v, &m) == nil && match(m)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
