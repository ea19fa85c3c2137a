package storage

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// outbox is the keys of what waits and of what is done with.
func outbox(t *testing.T, db *DB) (waiting, finished []string) {
	t.Helper()
	view(t, db, func(r *Reader) error {
		return errors.Join(
			r.Waiting(func(m Outgoing) bool { waiting = append(waiting, m.Key); return true }),
			r.Finished(func(m Outgoing) bool { finished = append(finished, m.Key); return true }))
	})
	return waiting, finished
}

// TestOutbox: one message for a key, while it waits and after it is done with.
func TestOutbox(t *testing.T) {
	db := open(t)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	enqueue := func(key, room string) {
		update(t, db, func(tx *Tx) error { return tx.Enqueue(Outgoing{Key: key, Room: room, Created: at}) })
	}
	expect := func(when string, waiting, finished []string) {
		t.Helper()
		if w, f := outbox(t, db); !slices.Equal(w, waiting) || !slices.Equal(f, finished) {
			t.Errorf("%s: waiting %q, finished %q, want %q, %q", when, w, f, waiting, finished)
		}
	}
	enqueue("b", "first")
	enqueue("a", "")
	enqueue("b", "second")
	expect("enqueued", []string{"a", "b"}, nil)

	update(t, db, func(tx *Tx) error {
		m, found, err := tx.Outgoing("b")
		if !found || m.Room != "first" {
			t.Errorf("Outgoing(b) = %+v, %t, want the first", m, found)
		}
		m.Attempts, m.Leased = 1, at.Add(time.Minute)
		return errors.Join(err, tx.PutOutgoing(m))
	})
	expect("leased", []string{"a", "b"}, nil)

	update(t, db, func(tx *Tx) error {
		m, _, err := tx.Outgoing("b")
		m.Done, m.Message = at, "42"
		return errors.Join(err, tx.PutOutgoing(m))
	})
	expect("done", []string{"a"}, []string{"b"})
	view(t, db, func(r *Reader) error {
		if _, found, err := r.Outgoing("b"); found || err != nil {
			t.Errorf("Outgoing(b) once done = %t, %v, want none", found, err)
		}
		return nil
	})
	enqueue("b", "third")
	expect("enqueued once done", []string{"a"}, []string{"b"})
}

// TestForgetSent: what was done with is forgotten after a while, and could then be sent again.
func TestForgetSent(t *testing.T) {
	db := open(t)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	update(t, db, func(tx *Tx) error {
		return errors.Join(tx.PutOutgoing(Outgoing{Key: "a"}), tx.PutOutgoing(Outgoing{Key: "b", Done: at}))
	})
	for before, want := range map[time.Time][]string{at: {"b"}, at.Add(1): nil} {
		err := scratch(db, func(tx *Tx) error {
			var waiting, finished []string
			err := errors.Join(tx.ForgetSent(before),
				tx.Waiting(func(m Outgoing) bool { waiting = append(waiting, m.Key); return true }),
				tx.Finished(func(m Outgoing) bool { finished = append(finished, m.Key); return true }))
			if !slices.Equal(waiting, []string{"a"}) || !slices.Equal(finished, want) {
				t.Errorf("ForgetSent(%s) leaves %q waiting and %q finished, want a and %q", before, waiting, finished, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
