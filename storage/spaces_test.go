package storage

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestInstallsRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		want := Install{
			Platform: "slack", Space: "T1", Name: words().Draw(t, "name"), Bot: words().Draw(t, "bot"), Sealed: rapid.SliceOf(rapid.Byte()).Draw(t, "sealed"),
			Scopes: rapid.SliceOf(rapid.SampledFrom([]string{"commands", "chat:write"})).Draw(t, "scopes"), At: times().Draw(t, "at"),
		}
		other := Install{Platform: "slack", Space: "T2", Sealed: []byte("other")}
		var one Install
		var found, gone bool
		var all, left []Install
		err := scratch(db, func(tx *Tx) error {
			err := errors.Join(tx.PutInstall(Install{Platform: "slack", Space: "T1", Name: "before"}), tx.PutInstall(other),
				tx.PutInstall(Install{Platform: "slackish", Space: "T1"}), tx.PutInstall(want))
			var errs [5]error
			one, found, errs[0] = tx.Install("slack", "T1")
			all, errs[1] = tx.Installs("slack")
			errs[2] = errors.Join(tx.DeleteInstall("slack", "T1"), tx.DeleteInstall("slack", "T1"))
			_, gone, errs[3] = tx.Install("slack", "T1")
			left, errs[4] = tx.Installs("slack")
			return errors.Join(append(errs[:], err)...)
		})
		check(t, err, one, want)
		check(t, err, all, []Install{want, other})
		check(t, err, left, []Install{other})
		if !found || gone {
			t.Errorf("found %t, and %t once deleted, want true and false", found, gone)
		}
	})
}

func TestLeft(t *testing.T) {
	db := open(t)
	since := time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	update(t, db, func(tx *Tx) error {
		return errors.Join(member(tx, "T", "sam", "Sam"), member(tx, "T2", "ann", "Ann"), tx.SetLeft("local", "space-T", since))
	})
	view(t, db, func(r *Reader) error {
		for space, want := range map[string]time.Time{"space-T": since, "space-T2": {}, "space": {}} {
			if got, err := r.LeftSince("local", space); err != nil || !got.Equal(want) {
				t.Errorf("LeftSince(%s) = %s, %v, want %s", space, got, err, want)
			}
		}
		list, err := r.LeftSpaces()
		if err != nil || len(list) != 1 || list[0] != (Left{"local", "space-T", since}) {
			t.Errorf("LeftSpaces = %v, %v, want the one", list, err)
		}
		return nil
	})
	update(t, db, func(tx *Tx) error { return tx.SetLeft("local", "space-T", time.Time{}) })
	view(t, db, func(r *Reader) error {
		if list, err := r.LeftSpaces(); err != nil || list != nil {
			t.Errorf("LeftSpaces once back = %v, %v, want none", list, err)
		}
		return nil
	})
	if wrong, err := db.Verify(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("Verify = %q, %v, want nothing", wrong, err)
	}
}

func TestWhereaboutsRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		want := Whereabouts{Zone: words().Draw(t, "zone"), Ask: rapid.Bool().Draw(t, "ask"), Declined: rapid.SliceOf(words()).Draw(t, "declined")}
		var got, none Whereabouts
		err := scratch(db, func(tx *Tx) error {
			err := tx.PutWhereabouts("sam", "slack", "T1", want)
			var err1, err2 error
			got, err1 = tx.Whereabouts("sam", "slack", "T1")
			none, err2 = tx.Whereabouts("sam", "slack", "T2")
			return errors.Join(err, err1, err2)
		})
		check(t, err, got, want)
		check(t, err, none, Whereabouts{})
	})
}
