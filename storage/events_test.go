package storage

import (
	"testing"

	"payoff/goals"
)

// TestEvents: an event is known on its day and the day after, and forgotten later.
func TestEvents(t *testing.T) {
	db := open(t)
	day := goals.NewDate(2026, 11, 19)
	update(t, db, func(tx *Tx) error { return tx.Handled("E", day, "entry") })
	seen := func(event string, on goals.Date) (entry EntryID, is bool) {
		t.Helper()
		view(t, db, func(r *Reader) (err error) {
			entry, is, err = r.Seen(event, on)
			return err
		})
		return entry, is
	}
	tests := []struct {
		event string
		on    goals.Date
		want  bool
	}{{"E", day - 1, false}, {"E", day, true}, {"E", day + 1, true}, {"E", day + 2, false}, {"E2", day, false}, {"", day, false}}
	for _, tt := range tests {
		entry, got := seen(tt.event, tt.on)
		if got != tt.want || got && entry != "entry" {
			t.Errorf("Seen(%q, %s) = %q, %t, want %t", tt.event, tt.on, entry, got, tt.want)
		}
	}
	for before, want := range map[goals.Date]bool{day - 1: true, day: true} {
		update(t, db, func(tx *Tx) error { return tx.ForgetEvents(before) })
		if _, got := seen("E", day); got != want {
			t.Errorf("Seen after ForgetEvents(%s) = %t, want %t", before, got, want)
		}
	}
	update(t, db, func(tx *Tx) error { return tx.ForgetEvents(day + 1) })
	if _, got := seen("E", day); got {
		t.Error("Seen after its day was forgotten = true, want false")
	}
	if all := dump(t, db); len(all) != 1 {
		t.Errorf("%d keys are left, want the schema's alone: %q", len(all), all)
	}
}

// An event that changed nothing has no entry, and was handled all the same.
func TestEventWithoutAnEntry(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		if err := tx.Handled("E", 0, ""); err != nil {
			return err
		}
		entry, seen, err := tx.Seen("E", 0)
		if !seen || entry != "" {
			t.Errorf("Seen = %q, %t, want none, true", entry, seen)
		}
		return err
	})
}
