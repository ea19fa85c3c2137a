package storage

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"payoff/goals"
)

var sams = Journal{Team: "T", Owner: "sam"}

// A writing is a change of one of sam's records.
type writing struct {
	what string // the record
	n    int    // what is new in it
}

func writings() *rapid.Generator[writing] {
	return rapid.Custom(func(t *rapid.T) writing {
		return writing{rapid.SampledFrom([]string{"owner", "goal", "objective", "check-in", "log", "log"}).Draw(t, "what"), rapid.IntRange(0, 3).Draw(t, "n")}
	})
}

func (w writing) do(tx *Tx, id EntryID) error {
	switch w.what {
	case "owner":
		o, err := tx.Owner("sam")
		o.Customer = fmt.Sprint(w.n)
		return errors.Join(err, tx.PutOwner(o))
	case "goal":
		return tx.PutGoal("sam", goals.Goal{ID: goals.GoalID(fmt.Sprint(w.n % 2)), Ended: goals.Date(w.n)})
	case "objective":
		return tx.PutObjective("sam", goals.Objective{ID: "J", Amount: int64(w.n)})
	case "check-in":
		return tx.PutCheckIn("sam", goals.CheckIn{Week: goals.Date(w.n % 2), Obstacle: string(id)})
	}
	return tx.AddActivity("sam", goals.Activity{ID: goals.ActivityID(id), Channel: "bni", Date: goals.Date(w.n), Amounts: goals.Amounts{goals.Revenue: int64(w.n)}})
}

// TestRevertRestoresBytes: entries undone from the last to the first bring every record back
// byte for byte, with what is derived, whatever they wrote and however often.
func TestRevertRestoresBytes(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		plan := rapid.SliceOfN(rapid.SliceOfN(writings(), 1, 4), 1, 12).Draw(t, "entries")
		err := scratch(db, func(tx *Tx) error {
			if err := member(tx, "T", "sam", "Sam"); err != nil {
				return err
			}
			tx.changes = nil
			var states []map[string]string
			for i, entry := range plan {
				before := map[string]string{}
				if err := dumpInto(&tx.Reader, before); err != nil {
					return err
				}
				states = append(states, primary(before))
				id := EntryID(fmt.Sprintf("%03d", i))
				for k, w := range entry {
					if err := w.do(tx, EntryID(fmt.Sprintf("%s-%d", id, k))); err != nil {
						return err
					}
				}
				if _, err := tx.Write(sams, Entry{ID: id, By: "sam", What: "test"}); err != nil {
					return err
				}
			}
			for i := len(plan) - 1; i >= 0; i-- {
				if err := revert(tx, EntryID(fmt.Sprintf("%03d", i)), EntryID(fmt.Sprintf("undo %03d", i))); err != nil {
					return err
				}
				after := map[string]string{}
				if err := dumpInto(&tx.Reader, after); err != nil {
					return err
				}
				if err := equal(primary(after), states[i]); err != nil {
					return fmt.Errorf("after undoing entry %d: %w", i, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func revert(tx *Tx, id, by EntryID) error {
	e, found, err := tx.Entry(sams, id)
	if err != nil || !found {
		return fmt.Errorf("entry %s: %t, %w", id, found, err)
	}
	if err := tx.Revert(sams, e, by); err != nil {
		return err
	}
	_, err = tx.Write(sams, Entry{ID: by, What: "undo", Undoes: id})
	return err
}

func equal(got, want map[string]string) error {
	for k := range got {
		if got[k] != want[k] {
			return fmt.Errorf("%q = %q, want %q", k, got[k], want[k])
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d keys, want %d", len(got), len(want))
	}
	return nil
}

// TestRevertRefusesWhatChangedSince: an earlier entry cannot be undone while a later one of
// the same record stands, and can be when that is undone. One of other records always can.
func TestRevertRefusesWhatChangedSince(t *testing.T) {
	for _, what := range []string{"owner", "goal", "objective", "check-in"} {
		t.Run(what, func(t *testing.T) {
			db := open(t)
			update(t, db, func(tx *Tx) error { return member(tx, "T", "sam", "Sam") })
			for i, w := range []writing{{what, 1}, {"log", 1}, {what, 3}} {
				update(t, db, func(tx *Tx) error {
					id := EntryID(fmt.Sprint(i))
					err := w.do(tx, id)
					_, err2 := tx.Write(sams, Entry{ID: id})
					return errors.Join(err, err2)
				})
			}
			before := dump(t, db)
			if err := db.Update(t.Context(), func(tx *Tx) error { return revert(tx, "0", "u") }); !errors.Is(err, ErrChangedSince) {
				t.Errorf("undo of a change that was changed since = %v, want ErrChangedSince", err)
			}
			same(t, "after a refusal", dump(t, db), before)
			for _, id := range []EntryID{"1", "2", "0"} {
				update(t, db, func(tx *Tx) error { return revert(tx, id, "u"+id) })
			}
		})
	}
}

func TestEntryOfNoChange(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		if wrote, err := tx.Write(sams, Entry{ID: "E"}); wrote || err != nil {
			t.Errorf("Write of no change = %t, %v, want false", wrote, err)
		}
		return nil
	})
	view(t, db, func(r *Reader) error {
		if _, found, err := r.Entry(sams, "E"); found || err != nil {
			t.Errorf("Entry = %t, %v, want none", found, err)
		}
		return nil
	})
}

// TestJournalsAreApart: an owner's, another's and the team's, newest first.
func TestJournalsAreApart(t *testing.T) {
	db := open(t)
	journals := []Journal{sams, {Team: "T", Owner: "samuel"}, {Team: "T"}, {Team: "T2"}}
	update(t, db, func(tx *Tx) error {
		for i, j := range journals {
			for n := range 3 {
				if err := tx.WriteFinal(j, Entry{ID: EntryID(fmt.Sprintf("%d.%d", i, n))}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	view(t, db, func(r *Reader) error {
		for i, j := range journals {
			var got []EntryID
			err := r.Entries(j, func(e Entry) bool { got = append(got, e.ID); return len(got) < 3 })
			want := []EntryID{EntryID(fmt.Sprintf("%d.2", i)), EntryID(fmt.Sprintf("%d.1", i)), EntryID(fmt.Sprintf("%d.0", i))}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("Entries(%v) = %v, %v, want %v", j, got, err, want)
			}
		}
		return nil
	})
}
