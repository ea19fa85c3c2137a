package storage

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"payoff/goals"
)

// TestMemoSharesNothing: what a caller changes in a record that was read is not found by the
// next one.
func TestMemoSharesNothing(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		return errors.Join(
			tx.PutOwner(goals.Owner{ID: "sam", Channels: []goals.Channel{{Name: "BNI"}}, Breaks: []goals.Break{{From: 1, Back: 2}}}),
			tx.PutTeam(goals.Team{ID: "T", Boards: []goals.Board{goals.BoardPace}}),
			tx.PutGoal("sam", goals.Goal{ID: "G", Targets: []goals.Target{{From: 1}}}))
	})
	for range 3 {
		view(t, db, func(r *Reader) error {
			o, err := r.Owner("sam")
			team, err2 := r.Team("T")
			list, err3 := r.Goals("sam")
			if err := errors.Join(err, err2, err3); err != nil {
				return err
			}
			if o.Channels[0].Name != "BNI" || o.Breaks[0].From != 1 || team.Boards[0] != goals.BoardPace || list[0].Targets[0].From != 1 {
				t.Errorf("read %+v, %+v, %+v, want what was written", o, team, list)
			}
			o.Channels[0].Name, o.Breaks[0].From, team.Boards[0], list[0].Targets[0].From = "changed", 9, goals.BoardStreak, 9
			return nil
		})
	}
}

// TestMemoIsNoState: what is read is what is stored, also within a transaction, after one that
// failed, and when there are more than it remembers.
func TestMemoIsNoState(t *testing.T) {
	db := open(t)
	name := func(r *Reader, want string) {
		t.Helper()
		if o, err := r.Owner("sam"); err != nil || o.Name != want {
			t.Errorf("Owner = %q, %v, want %q", o.Name, err, want)
		}
	}
	update(t, db, func(tx *Tx) error { return tx.PutOwner(goals.Owner{ID: "sam", Name: "first"}) })
	_ = scratch(db, func(tx *Tx) error {
		name(&tx.Reader, "first")
		err := tx.PutOwner(goals.Owner{ID: "sam", Name: "never"})
		name(&tx.Reader, "never")
		return err
	})
	view(t, db, func(r *Reader) error { name(r, "first"); return nil })
	update(t, db, func(tx *Tx) error { return tx.Forget("T", "sam") })
	view(t, db, func(r *Reader) error {
		if _, err := r.Owner("sam"); !errors.Is(err, ErrMissing) {
			t.Errorf("Owner once forgotten = %v, want ErrMissing", err)
		}
		return nil
	})
	err := scratch(db, func(tx *Tx) error {
		for i := range maxRemembered + 10 {
			id := goals.OwnerID(fmt.Sprint(i))
			if err := tx.PutOwner(goals.Owner{ID: id, Name: string(id)}); err != nil {
				return err
			}
			if o, err := tx.Owner(id); err != nil || o.Name != string(id) {
				return fmt.Errorf("Owner(%s) = %q, %w", id, o.Name, err)
			}
		}
		return nil
	})
	if n := len(db.memos.owners.by); err != nil || n > maxRemembered {
		t.Errorf("%d are remembered, %v, want %d at most", n, err, maxRemembered)
	}
}

func TestMemoAtOnce(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error { return tx.PutOwner(goals.Owner{ID: "sam", Channels: []goals.Channel{{Name: "0"}}}) })
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				err := db.View(t.Context(), func(r *Reader) error {
					o, err := r.Owner("sam")
					o.Channels[0].Name += "!"
					return err
				})
				if i == 0 && err == nil {
					err = db.Update(t.Context(), func(tx *Tx) error {
						o, err := tx.Owner("sam")
						o.Channels[0].Name += "1"
						return errors.Join(err, tx.PutOwner(o))
					})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	view(t, db, func(r *Reader) error {
		o, err := r.Owner("sam")
		if want := 21; len(o.Channels[0].Name) != want {
			t.Errorf("after 20 changes the name is %q, want %d letters", o.Channels[0].Name, want)
		}
		return err
	})
}
