package storage

import (
	"time"

	"payoff/goals"
)

// A Reach is how an owner is written to in a space, where that is not simply to them directly.
type Reach struct {
	Closed time.Time `json:"closed,omitzero"` // since then nothing reaches them there
	Told   bool      `json:"told,omitempty"`  // they were told so
	Key    string    `json:"key,omitempty"`   // of the message that did not reach them
	Room   string    `json:"room,omitempty"`  // the room in which they want to be asked
}

// PutReach writes how an owner is written to in a space; the zero value takes it back. The
// journal need not know: where a message goes is nothing that they have said of their figures.
func (tx *Tx) PutReach(o goals.OwnerID, platform, space string, reach Reach) error {
	k := ownerKey(o, tReach, platform, space)
	if reach == (Reach{}) {
		return tx.kv.Delete(k)
	}
	return tx.set(k, reach)
}

// Reach is how an owner is written to in a space.
func (r *Reader) Reach(o goals.OwnerID, platform, space string) (Reach, error) {
	reach, _, err := get[Reach](r.kv, ownerKey(o, tReach, platform, space))
	return reach, err
}
