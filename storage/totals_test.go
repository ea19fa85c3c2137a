package storage

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/goals"
)

// A step is something that happens to one of two owners: a line is logged, a change is
// undone, or the owner is forgotten.
type step struct {
	owner  goals.OwnerID
	what   string
	lines  []goals.Activity // logged together, as one entry
	undone int              // which of the entries that stand, from the newest
}

func steps() *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		s := step{owner: rapid.SampledFrom([]goals.OwnerID{"ann", "bob"}).Draw(t, "owner")}
		s.what = rapid.SampledFrom([]string{"log", "log", "log", "log", "undo", "undo", "forget"}).Draw(t, "what")
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

func (l *ledger) undo(tx *Tx, owner goals.OwnerID, at int) error {
	j := Journal{Owner: owner}
	e, _, err := tx.Entry(j, l.entries[owner][at])
	if err != nil {
		return err
	}
	added, err := e.Added(&tx.Reader)
	if err != nil {
		return err
	}
	for _, a := range added {
		l.lines[owner] = slices.DeleteFunc(l.lines[owner], func(b goals.Activity) bool { return a.ID == b.ID })
	}
	l.entries[owner] = slices.Delete(l.entries[owner], at, at+1)
	undo := Entry{ID: EntryID(l.id()), By: owner, What: "undo", Undoes: e.ID}
	if err := tx.Revert(j, e, undo.ID); err != nil {
		return err
	}
	undo.Changes = tx.changes
	if removed, err := undo.Removed(); err != nil || !cmp.Equal(removed, added, cmpopts.EquateEmpty()) {
		return fmt.Errorf("Removed = %v, %v, want %v", removed, err, added)
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
		l := &ledger{lines: map[goals.OwnerID][]goals.Activity{}, entries: map[goals.OwnerID][]EntryID{}}
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
