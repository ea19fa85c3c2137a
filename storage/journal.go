package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage/kv"
)

// An EntryID names a line of a journal; ids sort by time.
type EntryID string

// An Entry is one line of the journal: who did what, when, and how to take it back.
type Entry struct {
	ID      EntryID       `json:"id"`
	At      time.Time     `json:"at"`
	By      goals.OwnerID `json:"by"`
	What    string        `json:"what"` // the use case: "log", "goal set"
	Words   string        `json:"words,omitempty"`
	Undoes  EntryID       `json:"undoes,omitempty"` // the entry this one took back
	Undone  EntryID       `json:"undone,omitempty"` // the entry that took this one back
	Changes []Change      `json:"changes,omitempty"`
}

// A Change is one record that an entry wrote: the value before (nil when it was new), and a
// digest of the value after, by which a later change of the same record is noticed.
type Change struct {
	Key    []byte `json:"k"`
	Before []byte `json:"b,omitempty"`
	After  uint64 `json:"a"`
}

// ErrChangedSince says that a record was changed again after the entry that is to be undone.
var ErrChangedSince = errors.New("changed since")

// A Journal is an owner's, or with Owner empty a team's.
type Journal struct {
	Team  goals.TeamID
	Owner goals.OwnerID
}

func (j Journal) prefix() []byte {
	if j.Owner != "" {
		return under("o", string(j.Owner), tJournal)
	}
	return under("n", string(j.Team), tJournal)
}

func (j Journal) key(id EntryID) []byte { return append(j.prefix(), id...) }

// Write ends the transaction's changes as one entry of the journal. A transaction that
// changed nothing leaves no entry, and wrote is false.
func (tx *Tx) Write(j Journal, e Entry) (wrote bool, err error) {
	if len(tx.changes) == 0 {
		return false, nil
	}
	e.Changes = tx.changes
	tx.changes = nil
	return true, tx.set(j.key(e.ID), e)
}

// WriteFinal ends the transaction's changes as an entry that cannot be undone: an import may
// be larger than an entry can hold.
func (tx *Tx) WriteFinal(j Journal, e Entry) error {
	tx.changes = nil
	return tx.set(j.key(e.ID), e)
}

// Entry reads a line of a journal.
func (r *Reader) Entry(j Journal, id EntryID) (Entry, bool, error) {
	return get[Entry](r.kv, j.key(id))
}

// Entries reads a journal, newest first, until yield returns false.
func (r *Reader) Entries(j Journal, yield func(Entry) bool) error {
	rng := kv.Prefix(j.prefix())
	rng.Reverse = true
	return scan(r.kv, rng, func(_ []byte, e Entry) bool { return yield(e) })
}

// Revert puts back every record the entry changed and marks the entry as undone by another.
// If one of them was changed since, it fails with ErrChangedSince.
func (tx *Tx) Revert(j Journal, e Entry, by EntryID) error {
	changed, err := tx.changedAfter(j, e)
	if err != nil {
		return err
	}
	if changed {
		return fmt.Errorf("undo %s: %w", e.ID, ErrChangedSince)
	}
	for i := len(e.Changes) - 1; i >= 0; i-- {
		c := e.Changes[i]
		now, err := tx.kv.Get(c.Key)
		if err != nil {
			return err
		}
		if digest(now) != c.After {
			return fmt.Errorf("undo %s: %w", e.ID, ErrChangedSince)
		}
		if err := tx.restore(c, clone(now)); err != nil {
			return fmt.Errorf("undo %s: %w", e.ID, err)
		}
	}
	e.Undone = by
	return tx.set(j.key(e.ID), e)
}

// changedAfter reports whether a later entry that stands has changed a record of this one. The
// digests do not tell when it has come to the value that it had, and the later entry could
// then never be undone.
func (r *Reader) changedAfter(j Journal, e Entry) (changed bool, err error) {
	units := map[string]bool{}
	for _, c := range e.Changes {
		units[unit(c.Key)] = true
	}
	err = r.Entries(j, func(later Entry) bool {
		if later.ID <= e.ID {
			return false
		}
		if later.Undone == "" && later.Undoes == "" {
			changed = slices.ContainsFunc(later.Changes, func(c Change) bool { return units[unit(c.Key)] })
		}
		return !changed
	})
	return changed, err
}

// unit is what a record is undone with. An owner's goals and objectives are one: each is set
// with regard to the others, so what was done to them is undone from the last on.
func unit(k []byte) string {
	parts := bytes.SplitN(k, []byte{0}, 4)
	if len(parts) == 4 && string(parts[0]) == "o" && (string(parts[2]) == tGoal || string(parts[2]) == tObjective) {
		return string(ownerKey(goals.OwnerID(parts[1]), tGoal))
	}
	return string(k)
}

// restore puts one record back, with what follows from it.
func (tx *Tx) restore(c Change, now []byte) error {
	owner, isActivity := activityOwner(c.Key)
	if isActivity {
		for _, v := range []struct {
			value []byte
			sign  int
		}{{now, -1}, {c.Before, +1}} {
			var rec activityRecord
			if v.value == nil {
				continue
			}
			if err := decode(v.value, &rec); err != nil {
				return err
			}
			if err := tx.derive(owner, goals.Activity(rec), v.sign); err != nil {
				return err
			}
		}
	}
	return tx.replace(c.Key, now, c.Before)
}

// activityOwner reports whether a key is that of an activity, and whose.
func activityOwner(k []byte) (goals.OwnerID, bool) {
	parts := bytes.SplitN(k, []byte{0}, 4)
	if len(parts) == 4 && string(parts[0]) == "o" && string(parts[2]) == tActivity {
		return goals.OwnerID(parts[1]), true
	}
	return "", false
}

// Added lists the activities that an entry added.
func (e Entry) Added(r *Reader) ([]goals.Activity, error) {
	var list []goals.Activity
	for _, c := range e.Changes {
		if _, ok := activityOwner(c.Key); !ok || c.Before != nil {
			continue
		}
		rec, found, err := get[activityRecord](r.kv, c.Key)
		if err != nil {
			return nil, err
		}
		if found {
			list = append(list, goals.Activity(rec))
		}
	}
	return list, nil
}

// Removed lists the activities that an entry took away: those of the entry it undoes.
func (e Entry) Removed() ([]goals.Activity, error) {
	var list []goals.Activity
	for i := len(e.Changes) - 1; i >= 0; i-- { // taken back from the last one on
		c := e.Changes[i]
		if _, ok := activityOwner(c.Key); !ok || c.After != 0 {
			continue
		}
		var rec activityRecord
		if err := decode(c.Before, &rec); err != nil {
			return nil, fmt.Errorf("read %q: %w", c.Key, err)
		}
		list = append(list, goals.Activity(rec))
	}
	return list, nil
}

// forgetDeeds deletes what owners did from the journals of all teams, and that they linked them:
// theirs may have been joined into another, and have left it again.
func (tx *Tx) forgetDeeds(of func(goals.OwnerID) bool) error {
	anonymous := map[string]Joined{}
	err := tx.deleteAll(kv.Prefix(under("n")), func(k, v []byte) bool {
		parts := bytes.SplitN(k, []byte{0}, 4)
		if len(parts) != 4 {
			return false
		}
		switch string(parts[2]) {
		case tJournal:
			var e Entry
			return len(v) > 0 && json.Unmarshal(v[1:], &e) == nil && of(e.By)
		case tJoined:
			var j Joined
			if decode(v, &j) == nil && of(j.By) {
				j.By = ""
				anonymous[string(k)] = j
			}
		}
		return false
	})
	for k, j := range anonymous {
		if err == nil {
			err = tx.set([]byte(k), j)
		}
	}
	return err
}

// digest is a fingerprint of a stored value; 0 stands for none.
func digest(b []byte) uint64 {
	if b == nil {
		return 0
	}
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}
