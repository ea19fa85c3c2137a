package storage

import (
	"testing"
	"time"
)

func TestKept(t *testing.T) {
	db := open(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	update(t, db, func(tx *Tx) error {
		for name, until := range map[string]time.Time{"form": now.Add(time.Hour), "home": {}} {
			if err := tx.Keep("discord", name, []byte(name+" of Ann"), until); err != nil {
				return err
			}
		}
		return tx.Keep("slack", "form", []byte("of another platform"), time.Time{})
	})
	check := func(platform, name string, at time.Time, want string) {
		t.Helper()
		view(t, db, func(r *Reader) error {
			v, found, err := r.Kept(platform, name, at)
			if string(v) != want || found != (want != "") {
				t.Errorf("Kept(%s, %s) at %v = %q, %t, want %q", platform, name, at, v, found, want)
			}
			return err
		})
	}
	check("discord", "form", now, "form of Ann")
	check("discord", "form", now.Add(time.Hour), "")
	check("discord", "home", now.AddDate(10, 0, 0), "home of Ann")
	check("discord", "other", now, "")
	check("slack", "form", now, "of another platform")

	update(t, db, func(tx *Tx) error { return tx.ForgetKept(now.Add(2 * time.Hour)) })
	check("discord", "form", now, "") // deleted, not only over
	check("discord", "home", now, "home of Ann")
	update(t, db, func(tx *Tx) error { return tx.Keep("discord", "home", nil, time.Time{}) })
	check("discord", "home", now, "")
}
