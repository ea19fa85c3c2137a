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

// TestRetry: what was given up is sent again, in the place that it had among what waits for the
// same recipient; who is to be asked in a room is the same recipient.
func TestRetry(t *testing.T) {
	db := open(t)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	ann := Contact{Platform: "p", Space: "s", Person: "ann"}
	inRoom := ann
	inRoom.Room = "r"
	all := map[string]Outgoing{}
	for i, m := range []Outgoing{
		{Key: "c", To: ann}, {Key: "b", To: ann}, {Key: "a", To: inRoom}, {Key: "d", To: Contact{Platform: "p", Space: "s", Person: "bob"}},
	} {
		m.Created = at.Add(time.Duration(i) * time.Second)
		all[m.Key] = m
		update(t, db, func(tx *Tx) error { return tx.Enqueue(m) })
	}
	expect := func(when string, want ...string) {
		t.Helper()
		var got []string
		view(t, db, func(r *Reader) error {
			list, err := r.WaitingFor(all["a"])
			for _, m := range list {
				got = append(got, m.Key)
			}
			return err
		})
		if !slices.Equal(got, want) {
			t.Errorf("%s %q wait for her, want %q", when, got, want)
		}
	}
	expect("at first", "c", "b", "a")
	failed := all["c"]
	failed.Done, failed.Failed, failed.Attempts, failed.Leased, failed.NotEarly = at, "gone", 3, at.Add(time.Hour), at.Add(time.Hour)
	update(t, db, func(tx *Tx) error { return tx.PutOutgoing(failed) })
	expect("once the first was given up", "b", "a")
	update(t, db, func(tx *Tx) error {
		failed.To = inRoom
		return tx.Retry(failed)
	})
	expect("once it is tried again", "c", "b", "a")
	waiting, finished := outbox(t, db)
	if len(waiting) != 4 || len(finished) != 0 {
		t.Errorf("waiting %q, finished %q, want all to wait", waiting, finished)
	}
	view(t, db, func(r *Reader) error {
		m, _, err := r.Outgoing("c")
		if want := (Outgoing{Key: "c", To: inRoom, Created: at}); m != want {
			t.Errorf("tried again it is %+v, want %+v", m, want)
		}
		wrong, bad := r.verifyQueues(there{})
		if len(wrong) > 0 {
			t.Errorf("verifyQueues = %q, want nothing", wrong)
		}
		return errors.Join(err, bad)
	})
}

// TestReach: what is kept of how an owner is reached is what was put, until it is taken back.
func TestReach(t *testing.T) {
	db := open(t)
	closed := Reach{Closed: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Told: true, Key: "checkin sam", Room: "r"}
	update(t, db, func(tx *Tx) error {
		return errors.Join(tx.Join("T", "sam", Contact{Platform: "p", Space: "s", Person: "u"}), tx.PutReach("sam", "p", "s", closed))
	})
	for _, want := range []Reach{closed, {}} {
		view(t, db, func(r *Reader) error {
			got, err := r.Reach("sam", "p", "s")
			if got != want {
				t.Errorf("Reach = %+v, want %+v", got, want)
			}
			return err
		})
		update(t, db, func(tx *Tx) error { return tx.PutReach("sam", "p", "s", Reach{}) })
	}
}
