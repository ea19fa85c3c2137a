package storage

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/goals"
)

// A step is something that happens to one of two owners: a line is logged, lines are turned
// into others, a change is undone, or the owner is forgotten.
type step struct {
	owner  goals.OwnerID
	what   string
	lines  []goals.Activity // logged together, as one entry
	undone int              // which of the entries that stand, from the newest
}

func steps() *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		s := step{owner: rapid.SampledFrom([]goals.OwnerID{"ann", "bob"}).Draw(t, "owner")}
		s.what = rapid.SampledFrom([]string{"log", "log", "log", "log", "turn", "undo", "undo", "undo", "forget"}).Draw(t, "what")
		for range rapid.IntRange(1, 3).Draw(t, "lines") {
			a := goals.Activity{
				Channel: rapid.SampledFrom([]goals.ChannelID{"bni", "li"}).Draw(t, "channel"),
				Date:    goals.Date(rapid.Int32Range(-20, 20).Draw(t, "date")),
			}
			for range rapid.IntRange(0, 3).Draw(t, "measures") {
				a.Amounts[rapid.IntRange(0, int(goals.Measures)-1).Draw(t, "m")] = rapid.Int64Range(-5, 1_000_000).Draw(t, "n")
			}
			s.lines = append(s.lines, a)
		}
		s.undone = rapid.IntRange(0, 5).Draw(t, "undone")
		return s
	})
}

// A ledger is what the steps should come to.
type ledger struct {
	lines   map[goals.OwnerID][]goals.Activity
	entries map[goals.OwnerID][]EntryID // that stand, oldest first
	turned  map[EntryID]EntryID         // by which entry that stands the lines of one were turned
	next    int
}

func (l *ledger) id() string {
	l.next++
	return fmt.Sprintf("%08d", l.next)
}

func (l *ledger) do(tx *Tx, s step) error {
	switch standing := l.entries[s.owner]; {
	case s.what == "log":
		return l.log(tx, s)
	case s.what == "turn" && len(standing) > 0:
		return l.turn(tx, s.owner, standing[max(0, len(standing)-1-s.undone)])
	case s.what == "undo" && len(standing) > 0:
		return l.undo(tx, s.owner, max(0, len(standing)-1-s.undone))
	case s.what == "forget":
		delete(l.lines, s.owner)
		delete(l.entries, s.owner)
		err := errors.Join(tx.Forget("T", s.owner), member(tx, "T", s.owner, string(s.owner)))
		tx.changes = nil
		return err
	}
	return nil
}

func (l *ledger) log(tx *Tx, s step) error {
	e := Entry{ID: EntryID(l.id()), By: s.owner, What: "log"}
	for _, a := range s.lines {
		a.ID = goals.ActivityID(l.id())
		l.lines[s.owner] = append(l.lines[s.owner], a)
		if err := tx.AddActivity(s.owner, a); err != nil {
			return err
		}
	}
	l.entries[s.owner] = append(l.entries[s.owner], e.ID)
	_, err := tx.Write(Journal{Owner: s.owner}, e)
	return err
}

// turn takes the lines of an entry away and adds others in their place.
func (l *ledger) turn(tx *Tx, owner goals.OwnerID, id EntryID) error {
	old, _, err := tx.Entry(Journal{Owner: owner}, id)
	if err != nil {
		return err
	}
	lines, err := old.Added(&tx.Reader)
	if err != nil || len(lines) == 0 {
		return err
	}
	e := Entry{ID: EntryID(l.id()), By: owner, What: "turn"}
	l.remove(owner, lines)
	for _, a := range lines {
		if err := tx.RemoveActivity(owner, a); err != nil {
			return err
		}
		a.ID = goals.ActivityID(l.id())
		a.Amounts[goals.Revenue], a.Amounts[goals.Spend] = a.Amounts[goals.Spend], a.Amounts[goals.Revenue]
		l.lines[owner] = append(l.lines[owner], a)
		if err := tx.AddActivity(owner, a); err != nil {
			return err
		}
	}
	l.entries[owner] = append(l.entries[owner], e.ID)
	l.turned[id] = e.ID
	_, err = tx.Write(Journal{Owner: owner}, e)
	return err
}

func (l *ledger) remove(owner goals.OwnerID, lines []goals.Activity) {
	for _, a := range lines {
		l.lines[owner] = slices.DeleteFunc(l.lines[owner], func(b goals.Activity) bool { return a.ID == b.ID })
	}
}

func (l *ledger) undo(tx *Tx, owner goals.OwnerID, at int) error {
	j := Journal{Owner: owner}
	e, _, err := tx.Entry(j, l.entries[owner][at])
	if err != nil {
		return err
	}
	added, err1 := e.Added(&tx.Reader)
	removed, err2 := e.Removed()
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	undo := Entry{ID: EntryID(l.id()), By: owner, What: "undo", Undoes: e.ID}
	err = tx.Revert(j, e, undo.ID)
	if l.turned[e.ID] != "" {
		if !errors.Is(err, ErrChangedSince) {
			return fmt.Errorf("undo of what was turned = %w, want ErrChangedSince", err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	l.remove(owner, added)
	l.lines[owner] = append(l.lines[owner], removed...)
	l.entries[owner] = slices.Delete(l.entries[owner], at, at+1)
	maps.DeleteFunc(l.turned, func(_, by EntryID) bool { return by == e.ID })
	undo.Changes = tx.changes
	if gone, err := undo.Removed(); err != nil || !cmp.Equal(gone, added, cmpopts.EquateEmpty()) {
		return fmt.Errorf("Removed = %v, %v, want %v", gone, err, added)
	}
	if back, err := undo.Added(&tx.Reader); err != nil || !cmp.Equal(back, removed, cmpopts.EquateEmpty()) {
		return fmt.Errorf("Added = %v, %v, want %v", back, err, removed)
	}
	_, err = tx.Write(j, undo)
	return err
}

// holds compares all that is derived with what the lines come to.
func (l *ledger) holds(r *Reader) error {
	for _, owner := range []goals.OwnerID{"ann", "bob"} {
		totals, deals := map[string]Total{}, map[string]Deal{}
		for _, a := range l.lines[owner] {
			at := fmt.Sprint(a.Date.Monday(), a.Channel)
			t := totals[at]
			totals[at] = Total{a.Date.Monday(), a.Channel, t.Amounts.Plus(a.Amounts), t.Activities + 1}
			if a.Amounts[goals.Deals] != 0 || a.Amounts[goals.Revenue] != 0 {
				deals[string(a.ID)] = Deal{a.Date, a.Channel, a.Amounts[goals.Deals], a.Amounts[goals.Revenue]}
			}
		}
		gotTotals, err := r.Totals(owner, Ever)
		if err != nil {
			return err
		}
		for _, t := range gotTotals {
			if at := fmt.Sprint(t.Week, t.Channel); totals[at] != t {
				return fmt.Errorf("total of %s at %s = %+v, want %+v", owner, at, t, totals[at])
			}
		}
		gotDeals, err := r.Deals(owner, Ever)
		if err != nil || len(gotTotals) != len(totals) || len(gotDeals) != len(deals) {
			return fmt.Errorf("%s has %d totals and %d deals, want %d and %d (%v)", owner, len(gotTotals), len(gotDeals), len(totals), len(deals), err)
		}
		sum, want := int64(0), int64(0)
		for _, d := range gotDeals {
			sum += d.Revenue * int64(1+d.Date)
		}
		for _, d := range deals {
			want += d.Revenue * int64(1+d.Date)
		}
		if sum != want {
			return fmt.Errorf("dated revenue of %s = %d by date, want %d", owner, sum, want)
		}
	}
	wrong, err := r.verify()
	if len(wrong) > 0 {
		return fmt.Errorf("Verify finds %q", wrong)
	}
	return err
}

// TestTotalsEqualActivities: whatever is logged, undone and forgotten, in any order, totals
// and dated revenue are those of the activities there are, and Verify agrees.
func TestTotalsEqualActivities(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		plan := rapid.SliceOfN(steps(), 1, 40).Draw(t, "steps")
		l := &ledger{lines: map[goals.OwnerID][]goals.Activity{}, entries: map[goals.OwnerID][]EntryID{}, turned: map[EntryID]EntryID{}}
		err := scratch(db, func(tx *Tx) error {
			if err := errors.Join(member(tx, "T", "ann", "ann"), member(tx, "T", "bob", "bob")); err != nil {
				return err
			}
			tx.changes = nil
			for i, s := range plan {
				if err := l.do(tx, s); err != nil {
					return fmt.Errorf("step %d, %s: %w", i, s.what, err)
				}
				if err := l.holds(&tx.Reader); err != nil {
					return fmt.Errorf("after step %d, %s: %w", i, s.what, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
