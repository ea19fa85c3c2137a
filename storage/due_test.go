package storage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/goals"
)

func settings() *rapid.Generator[Due] {
	return rapid.Custom(func(t *rapid.T) Due {
		d := Due{What: rapid.SampledFrom([]string{"checkin", "reminder"}).Draw(t, "what"), Subject: rapid.SampledFrom([]string{"ann", "anna", "bob"}).Draw(t, "subject")}
		if rapid.IntRange(0, 4).Draw(t, "clear") > 0 {
			d.At = time.Unix(rapid.Int64Range(-300, 300).Draw(t, "at"), 0).UTC()
		}
		return d
	})
}

// TestDues holds the index of what is due against a plain list, whatever is set, moved and
// cleared.
func TestDues(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		plan := rapid.SliceOf(settings()).Draw(t, "settings")
		until := time.Unix(rapid.Int64Range(-310, 310).Draw(t, "until"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		at := map[Due]time.Time{}
		for _, d := range plan {
			at[Due{What: d.What, Subject: d.Subject}] = d.At
		}
		var want []Due
		for d, at := range at {
			if d.At = at; !at.IsZero() && !at.After(until) {
				want = append(want, d)
			}
		}
		var got []Due
		err := scratch(db, func(tx *Tx) error {
			for _, d := range plan {
				if err := tx.SetDue(d); err != nil {
					return err
				}
			}
			for d, want := range at {
				if got, err := tx.DueAt(d.What, d.Subject); err != nil || !got.Equal(want) {
					return fmt.Errorf("DueAt(%s, %s) = %s, %v, want %s", d.What, d.Subject, got, err, want)
				}
			}
			subjects := there{owners: map[goals.OwnerID]bool{}}
			for d := range at {
				subjects.owners[goals.OwnerID(d.Subject)] = true
			}
			if wrong, err := tx.verifyDue(subjects); len(wrong) > 0 || err != nil {
				return fmt.Errorf("verifyDue = %q, %v, want nothing", wrong, err)
			}
			return tx.Dues(until, func(d Due) bool { got = append(got, d); return true })
		})
		slices.SortFunc(want, compareDues)
		check(t, err, got, want)
	})
}

// compareDues is by time, then as the keys are.
func compareDues(a, b Due) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.What, b.What), strings.Compare(a.Subject, b.Subject))
}

// TestTakeDue: what is due is taken once, and not by who thinks that it is due at another time.
func TestTakeDue(t *testing.T) {
	db := open(t)
	d := Due{What: "checkin", Subject: "ann", At: time.Unix(100, 0)}
	moved := d
	moved.At = d.At.Add(time.Second)
	update(t, db, func(tx *Tx) error {
		if err := tx.SetDue(d); err != nil {
			return err
		}
		for _, take := range []struct {
			Due
			want bool
		}{{moved, false}, {Due{What: "reminder", Subject: "ann", At: d.At}, false}, {d, true}, {d, false}} {
			if got, err := tx.TakeDue(take.Due); err != nil || got != take.want {
				t.Errorf("TakeDue(%v) = %t, %v, want %t", take.Due, got, err, take.want)
			}
		}
		if at, err := tx.DueAt(d.What, d.Subject); err != nil || !at.IsZero() {
			t.Errorf("DueAt once it is taken = %v, %v, want never", at, err)
		}
		return tx.Dues(moved.At, func(d Due) bool { t.Errorf("Dues still gives %v", d); return true })
	})
}

func TestDuesStop(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		for _, subject := range []string{"a", "b", "c"} {
			if err := tx.SetDue(Due{What: "checkin", Subject: subject, At: time.Unix(100, 0)}); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, db, func(r *Reader) error {
		n := 0
		err := r.Dues(time.Unix(100, 0), func(Due) bool { n++; return n < 2 })
		if n != 2 {
			t.Errorf("Dues gave %d, want it to stop after 2", n)
		}
		return err
	})
}
