package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage/kv"
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
	j := Journal{Owner: s.owner}
	standing := l.entries[s.owner]
	switch {
	case s.what == "forget":
		delete(l.lines, s.owner)
		delete(l.entries, s.owner)
		tx.changes = nil
		err := errors.Join(tx.Forget("T", s.owner), member(tx, "T", s.owner, string(s.owner)))
		tx.changes = nil
		return err
	case s.what == "log":
		e := Entry{ID: EntryID(l.id()), By: s.owner, What: "log"}
		for _, a := range s.lines {
			a.ID = goals.ActivityID(l.id())
			l.lines[s.owner] = append(l.lines[s.owner], a)
			if err := tx.AddActivity(s.owner, a); err != nil {
				return err
			}
		}
		l.entries[s.owner] = append(standing, e.ID)
		_, err := tx.Write(j, e)
		return err
	case len(standing) == 0:
		return nil
	}
	at := max(0, len(standing)-1-s.undone)
	e, _, err := tx.Entry(j, standing[at])
	if err != nil {
		return err
	}
	added, err := e.Added(&tx.Reader)
	if err != nil {
		return err
	}
	for _, a := range added {
		l.lines[s.owner] = slices.DeleteFunc(l.lines[s.owner], func(b goals.Activity) bool { return a.ID == b.ID })
	}
	l.entries[s.owner] = slices.Delete(standing, at, at+1)
	undo := Entry{ID: EntryID(l.id()), By: s.owner, What: "undo", Undoes: e.ID}
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

// TestVerifyFindsFaults plants one fault of each sort.
func TestVerifyFindsFaults(t *testing.T) {
	db := open(t)
	line := goals.Activity{ID: "A", Channel: "bni", Date: goals.NewDate(2026, 11, 19), Amounts: goals.Amounts{goals.Hours: 60, goals.Revenue: 5}}
	monday := line.Date.Monday()
	total, deal := datedKey("sam", tTotal, monday, "bni"), datedKey("sam", tDeal, line.Date, "A")
	activity := datedKey("sam", tActivity, line.Date, "A")
	move := func(tx *Tx, from, to []byte) error {
		v, err := tx.kv.Get(from)
		return errors.Join(err, tx.kv.Set(to, v), tx.kv.Delete(from))
	}
	tests := []struct {
		name  string
		plant func(tx *Tx) error
		want  string
	}{
		{"nothing", func(*Tx) error { return nil }, ""},
		{"total gone", func(tx *Tx) error { return tx.kv.Delete(total) }, "Sam: weekly total at"},
		{"total wrong", func(tx *Tx) error { return tx.set(total, Total{Activities: 1}) }, "Sam: weekly total at"},
		{"total of too many lines", func(tx *Tx) error { return tx.set(total, Total{Activities: 2, Amounts: line.Amounts}) }, "Sam: weekly total at"},
		{"total of no line", func(tx *Tx) error { return tx.set(datedKey("sam", tTotal, monday-7, "bni"), Total{}) }, "Sam: weekly total at"},
		{"deal gone", func(tx *Tx) error { return tx.kv.Delete(deal) }, "Sam: dated revenue at"},
		{"deal wrong", func(tx *Tx) error { return tx.set(deal, Deal{Channel: "bni", Revenue: 6}) }, "Sam: dated revenue at"},
		{"deal of another channel", func(tx *Tx) error { return tx.set(deal, Deal{Channel: "li", Revenue: 5}) }, "Sam: dated revenue at"},
		{"deal of no line", func(tx *Tx) error { return tx.set(datedKey("sam", tDeal, 9, "B"), Deal{Revenue: 5}) }, "Sam: dated revenue at"},
		{"line under another date", func(tx *Tx) error { return move(tx, activity, datedKey("sam", tActivity, line.Date+1, "A")) }, "Sam: activity A stands under another date or id"},
		{"line under another id", func(tx *Tx) error { return move(tx, activity, datedKey("sam", tActivity, line.Date, "B")) }, "Sam: activity A stands under another date or id"},
		{"line gone", func(tx *Tx) error { return tx.kv.Delete(activity) }, "Sam: weekly total at"},
		{"channel gone", func(tx *Tx) error { return tx.PutOwner(goals.Owner{ID: "sam", Name: "Sam"}) }, "Sam: activity A is of a channel that is not there"},
		{"owner gone", func(tx *Tx) error { return tx.kv.Delete(ownerKey("sam", tOwner)) }, "member sam: there is no such owner"},
		{"owner in no team", func(tx *Tx) error { return tx.kv.Delete(key("n", "T", tMember, "sam")) }, "owner sam is in no team"},
		{"owner of nothing", func(tx *Tx) error { return tx.PutGoal("zoe", goals.Goal{}) }, "owner zoe is in no team"},
		{"person unknown", func(tx *Tx) error { return tx.kv.Delete(ownerKey("sam", tPerson, "local", "space-T")) }, "person person-sam of local space-T is not known"},
		{"person of another", func(tx *Tx) error { return tx.kv.Set(key("p", "local", "space-T", "eve"), []byte("sam")) }, "person eve of local space-T is not known"},
		{"due without a time", func(tx *Tx) error { return tx.kv.Delete(key("v", "checkin", "sam")) }, "due at"},
		{"due at no time", func(tx *Tx) error {
			return tx.deleteAll(kv.Prefix(under("u")), nil)
		}, "is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := scratch(db, func(tx *Tx) error {
				due := Due{What: "checkin", Subject: "sam", At: line.Date.Time()}
				if err := errors.Join(member(tx, "T", "sam", "Sam"), tx.AddActivity("sam", line), tx.SetDue(due), tt.plant(tx)); err != nil {
					return err
				}
				wrong, err := tx.verify()
				if found := strings.Join(wrong, "\n"); !strings.Contains(found, tt.want) || (tt.want == "") != (found == "") {
					t.Errorf("Verify = %q, want %q", wrong, tt.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestVerifyIsBrief(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		err := member(tx, "T", "sam", "Sam")
		for d := range goals.Date(250) {
			err = errors.Join(err, tx.set(datedKey("sam", tTotal, d, "bni"), Total{}))
		}
		return err
	})
	wrong, err := db.Verify(context.Background())
	if err != nil || len(wrong) != maxWrong+1 || wrong[maxWrong] != "and 150 more" {
		t.Errorf("Verify = %d lines, the last %q, %v, want 101 and \"and 150 more\"", len(wrong), wrong[len(wrong)-1], err)
	}
}

func TestVerifyCannotRead(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		return errors.Join(member(tx, "T", "sam", "Sam"), tx.kv.Set(datedKey("sam", tActivity, 0, "A"), bytes.Repeat([]byte{9}, 9)))
	})
	if _, err := db.Verify(context.Background()); !errors.Is(err, ErrNewer) {
		t.Errorf("Verify = %v, want ErrNewer", err)
	}
}
