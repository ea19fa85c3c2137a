package storage

import (
	"errors"
	"testing"
	"time"

	"payoff/goals"
)

// TestRoomOfBefore: a team of before there was a room for each space has that of its record in
// its first space, until one is set there; no other space of it has.
func TestRoomOfBefore(t *testing.T) {
	db := open(t)
	rooms := func(want map[string]string) {
		t.Helper()
		view(t, db, func(r *Reader) error {
			for space, want := range want {
				if got, err := r.Room("slack", space); err != nil || got != want {
					t.Errorf("Room(%s) = %q, %v, want %q", space, got, err, want)
				}
			}
			return nil
		})
	}
	update(t, db, func(tx *Tx) error {
		return errors.Join(tx.PutTeam(goals.Team{ID: "T", Room: "sales"}), tx.JoinSpace("T", "slack", "A"), tx.JoinSpace("T", "slack", "B"))
	})
	rooms(map[string]string{"A": "sales", "B": "", "C": ""})
	update(t, db, func(tx *Tx) error { return tx.PutRoom("slack", "B", "office") })
	rooms(map[string]string{"A": "sales", "B": "office"})
	update(t, db, func(tx *Tx) error { return tx.PutRoom("slack", "A", "") })
	rooms(map[string]string{"A": "", "B": "office"})
}

func TestPosted(t *testing.T) {
	db := open(t)
	want := Posted{Key: "board T", Season: 20000, Room: "sales", Edits: 2, Shown: "abc"}
	update(t, db, func(tx *Tx) error {
		return errors.Join(tx.PutPosted("slack", "A", Posted{Key: "before"}), tx.PutPosted("slack", "A", want), tx.PutRoom("slack", "A", "sales"))
	})
	view(t, db, func(r *Reader) error {
		got, found, err := r.Posted("slack", "A")
		if err != nil || !found || got != want {
			t.Errorf("Posted = %+v, %t, %v, want %+v", got, found, err, want)
		}
		if _, other, err := r.Posted("slack", "AB"); other || err != nil {
			t.Errorf("in another space found %t, %v", other, err)
		}
		return nil
	})
	update(t, db, func(tx *Tx) error { return tx.DropPosted("slack", "A") })
	view(t, db, func(r *Reader) error {
		if _, found, err := r.Posted("slack", "A"); found || err != nil {
			t.Errorf("once dropped found %t, %v", found, err)
		}
		if room, err := r.Room("slack", "A"); err != nil || room != "sales" {
			t.Errorf("and its room = %q, %v, want it kept", room, err)
		}
		return nil
	})
}

// TestVerifyFindsBrokenLinks: what was joined to what is not there is told.
func TestVerifyFindsBrokenLinks(t *testing.T) {
	for _, tt := range []struct {
		what  string
		write func(*Tx) error
	}{
		{"a team joined that is gone", func(tx *Tx) error { return tx.PutJoined("T", Joined{Team: "gone"}) }},
		{"an aside of somebody who is gone", func(tx *Tx) error { return tx.PutAside("T", Aside{Owner: "x", Into: "gone", Erased: true}) }},
		{"a code of somebody who is gone", func(tx *Tx) error {
			return tx.PutCode("ACDEFGHJ", Code{Owner: "gone", Until: time.Unix(0, 0)})
		}},
	} {
		db := open(t)
		update(t, db, func(tx *Tx) error { return member(tx, "T", "sam", "Sam") })
		if wrong, err := db.Verify(t.Context()); err != nil || len(wrong) > 0 {
			t.Fatalf("before: %q, %v", wrong, err)
		}
		update(t, db, tt.write)
		if wrong, err := db.Verify(t.Context()); err != nil || len(wrong) != 1 {
			t.Errorf("%s: Verify = %q, %v, want one line", tt.what, wrong, err)
		}
	}
}
