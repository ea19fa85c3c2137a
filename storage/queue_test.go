package storage

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/storage/kv"
)

// ready is what may be sent at a time, by space.
func ready(t testing.TB, db *DB, now time.Time) string {
	t.Helper()
	var all []string
	view(t, db, func(r *Reader) error {
		spaces, err := r.ReadySpaces(now)
		for _, s := range spaces {
			err = errors.Join(err, r.Ready(s, now, func(m Outgoing) bool {
				all = append(all, s.ID+":"+m.Key)
				return true
			}))
		}
		return err
	})
	return strings.Join(all, " ")
}

// TestLines: one of each recipient may be sent at a time, in the order they were written; a
// space that is waited for hides no other.
func TestLines(t *testing.T) {
	db := open(t)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	put := func(space, person, key string, after time.Duration) {
		update(t, db, func(tx *Tx) error {
			return tx.Enqueue(Outgoing{Key: key, To: Contact{Platform: "slack", Space: space, Person: person}, Created: at.Add(after)})
		})
	}
	change := func(key string, f func(*Outgoing)) {
		update(t, db, func(tx *Tx) error {
			m, _, err := tx.Outgoing(key)
			f(&m)
			return errors.Join(err, tx.PutOutgoing(m))
		})
	}
	check := func(when string, now time.Duration, want string) {
		t.Helper()
		if got := ready(t, db, at.Add(now)); got != want {
			t.Errorf("%s: %q may be sent, want %q", when, got, want)
		}
	}
	put("T1", "ann", "a1", time.Second)
	put("T1", "ann", "a0", 0) // written earlier
	put("T1", "bob", "b1", 2*time.Second)
	put("T2", "cat", "c1", 0)
	put("T2", "", "room", time.Hour)
	check("before", -time.Second, "")
	check("at first", 10*time.Second, "T1:a0 T1:b1 T2:c1")

	change("a0", func(m *Outgoing) { m.Leased = at.Add(time.Minute) })
	check("being sent", 10*time.Second, "T1:b1 T2:c1")
	check("its lease ran out", 2*time.Minute, "T1:b1 T1:a0 T2:c1")
	change("a0", func(m *Outgoing) { m.Leased, m.NotEarly = time.Time{}, at.Add(time.Hour) })
	check("to be tried again later", 2*time.Minute, "T1:b1 T2:c1")
	change("a0", func(m *Outgoing) { m.Done = at })
	check("done", 2*time.Minute, "T1:a1 T1:b1 T2:c1")
	change("b1", func(m *Outgoing) { m.To.Space = "T9" }) // its person is in another space now
	check("moved", 2*time.Minute, "T1:a1 T2:c1 T9:b1")
	update(t, db, func(tx *Tx) error { return errors.Join(tx.DropOutgoing("c1"), tx.DropOutgoing("nothing")) })
	check("dropped", 2*time.Hour, "T1:a1 T2:room T9:b1")
}

// TestQueuesFollowTheOutbox: whatever is done with messages, the lines and queues are those that
// would be made of the outbox anew, which is also what a database of schema 1 is given.
func TestQueuesFollowTheOutbox(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		db := open(t)
		draw := func() Outgoing {
			m := Outgoing{Key: rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(rt, "key"), Created: at.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, "created")) * time.Second)}
			m.To = Contact{Platform: "slack", Space: rapid.SampledFrom([]string{"T1", "T2"}).Draw(rt, "space"), Person: rapid.SampledFrom([]string{"ann", "bob", ""}).Draw(rt, "person")}
			if rapid.Bool().Draw(rt, "leased") {
				m.Leased = at.Add(time.Duration(rapid.IntRange(0, 9).Draw(rt, "until")) * time.Second)
			}
			if rapid.IntRange(0, 3).Draw(rt, "done") == 0 {
				m.Done = at
			}
			return m
		}
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			m := draw()
			update(t, db, func(tx *Tx) error {
				switch rapid.IntRange(0, 3).Draw(rt, "what") {
				case 0:
					return tx.DropOutgoing(m.Key)
				case 1:
					m.Done = time.Time{}
					return tx.Enqueue(m)
				}
				return tx.PutOutgoing(m)
			})
		}
		got := queues(t, db)
		update(t, db, func(tx *Tx) error {
			for _, table := range []string{"y", "z"} {
				if err := tx.deleteAll(kv.Prefix(under(table)), nil); err != nil {
					return err
				}
			}
			return tx.requeue()
		})
		want := queues(t, db)
		if !maps.Equal(got, want) {
			rt.Fatalf("queues are\n%v, want\n%v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
	})
}

func queues(t testing.TB, db *DB) map[string]string {
	all := map[string]string{}
	view(t, db, func(r *Reader) error {
		for _, table := range []string{"y", "z"} {
			err := r.kv.Scan(kv.Prefix(under(table)), func(k, v []byte) bool {
				all[fmt.Sprintf("%q", k)] = fmt.Sprintf("%q", v)
				return true
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

// TestSchema1IsQueued: a database from before there were queues opens, and its outbox is sent on.
func TestSchema1IsQueued(t *testing.T) {
	path := filepath.Join(t.TempDir(), "payoff.db")
	db := openAt(t, path)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	update(t, db, func(tx *Tx) error {
		m := Outgoing{Key: "checkin ann", To: Contact{Platform: "slack", Space: "T1", Person: "ann"}, Created: at}
		return errors.Join(tx.set(key("q", m.Key), m), tx.kv.Set(schemaKey, []byte("1"))) // as payoff 1 wrote it
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if got := ready(t, openAt(t, path), at); got != "T1:checkin ann" {
		t.Errorf("%q may be sent, want what waited before", got)
	}
}
