package storage

import (
	"crypto/sha256"
	"fmt"

	"payoff/goals"
	"payoff/storage/kv"
)

// Platforms deliver an event again within minutes, or after an hour of backoff; a day that
// has ended is kept until the next one has ended too.

// Seen is the journal entry that an event led to. An event is looked for on its day and the
// day before.
func (r *Reader) Seen(event string, today goals.Date) (entry EntryID, seen bool, err error) {
	for _, day := range []goals.Date{today, today - 1} {
		b, err := r.kv.Get(eventKey(event, day))
		if err != nil || b != nil {
			return EntryID(b), b != nil, err
		}
	}
	return "", false, nil
}

// Handled remembers an event and the entry it led to.
func (tx *Tx) Handled(event string, today goals.Date, entry EntryID) error {
	return tx.kv.Set(eventKey(event, today), []byte(entry))
}

// ForgetEvents deletes the events of days before the day.
func (tx *Tx) ForgetEvents(before goals.Date) error {
	return tx.deleteAll(kv.Range{Lo: under("e"), Hi: eventsOf(before)}, nil)
}

// eventKey holds a digest of the event's name, not the name: platforms put ids of people into
// it, and what is kept of a person is erased with them.
func eventKey(event string, day goals.Date) []byte {
	sum := sha256.Sum256([]byte(event))
	return append(eventsOf(day), sum[:16]...)
}

// eventsOf is the prefix of a day's events.
func eventsOf(day goals.Date) []byte { return under("e", fmt.Sprintf("%08x", sortable(day))) }
