package storage

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestDues holds the index of what is due against a plain list, whatever is set, moved and
// cleared.
func TestDues(t *testing.T) {
	db := open(t)
	setting := rapid.Custom(func(t *rapid.T) Due {
		d := Due{What: rapid.SampledFrom([]string{"checkin", "reminder"}).Draw(t, "what"), Subject: rapid.SampledFrom([]string{"ann", "anna", "bob"}).Draw(t, "subject")}
		if rapid.IntRange(0, 4).Draw(t, "clear") > 0 {
			d.At = time.Unix(rapid.Int64Range(-300, 300).Draw(t, "at"), 0).UTC()
		}
		return d
	})
	rapid.Check(t, func(t *rapid.T) {
		plan := rapid.SliceOf(setting).Draw(t, "settings")
		until := time.Unix(rapid.Int64Range(-310, 310).Draw(t, "until"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		want := map[Due]time.Time{}
		for _, d := range plan {
			want[Due{What: d.What, Subject: d.Subject}] = d.At
		}
		var got []Due
		err := scratch(db, func(tx *Tx) error {
			for _, d := range plan {
				if err := tx.SetDue(d); err != nil {
					return err
				}
			}
			for d, at := range want {
				if got, err := tx.DueAt(d.What, d.Subject); err != nil || !got.Equal(at) {
					t.Errorf("DueAt(%s, %s) = %s, %v, want %s", d.What, d.Subject, got, err, at)
				}
			}
			wrong, err := tx.verifyDue(nil)
			if len(wrong) > 0 || err != nil {
				t.Errorf("verifyDue = %q, %v, want nothing", wrong, err)
			}
			return tx.Dues(until, func(d Due) bool { got = append(got, d); return true })
		})
		if err != nil {
			t.Fatal(err)
		}
		isDue := 0
		for _, at := range want {
			if !at.IsZero() && !at.After(until) {
				isDue++
			}
		}
		if len(got) != isDue {
			t.Errorf("Dues(%s) = %v, want %d", until, got, isDue)
		}
		if !slices.IsSortedFunc(got, func(a, b Due) int { return a.At.Compare(b.At) }) {
			t.Errorf("Dues(%s) = %v, want the earliest first", until, got)
		}
		for _, d := range got {
			if at := want[Due{What: d.What, Subject: d.Subject}]; !at.Equal(d.At) {
				t.Errorf("Dues gives %v, want it at %s", d, at)
			}
		}
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
