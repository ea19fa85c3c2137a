package storage

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"payoff/goals"
	"payoff/storage/bolt"
	"payoff/storage/kv"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// openAt opens a database file of ours.
func openAt(t testing.TB, path string) *DB {
	t.Helper()
	driver, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(context.Background(), driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func open(t testing.TB) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "payoff.db"))
}

// errDiscard ends a transaction that is to leave nothing behind.
var errDiscard = errors.New("discard")

// scratch runs fn in a transaction that leaves nothing behind, so that a property can be
// tried a thousand times without a sync of the disk.
func scratch(db *DB, fn func(tx *Tx) error) error {
	err := db.Update(context.Background(), func(tx *Tx) error { return errors.Join(fn(tx), errDiscard) })
	var left []error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			if err != errDiscard {
				left = append(left, err)
			}
		}
		return errors.Join(left...)
	}
	return err
}

func update(t testing.TB, db *DB, fn func(tx *Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *DB, fn func(r *Reader) error) {
	t.Helper()
	if err := db.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// dump is every key with its value.
func dump(t testing.TB, db *DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	view(t, db, func(r *Reader) error { return dumpInto(r, all) })
	return all
}

func dumpInto(r *Reader, all map[string]string) error {
	return r.kv.Scan(kv.Range{}, func(k, v []byte) bool {
		all[string(k)] = string(v)
		return true
	})
}

// primary is what of a dump is neither journal nor event: what an undo is to bring back.
func primary(all map[string]string) map[string]string {
	kept := map[string]string{}
	for k, v := range all {
		parts := strings.SplitN(k, "\x00", 4)
		if parts[0] == "e" || parts[0] == "o" && len(parts) > 2 && parts[2] == tJournal {
			continue
		}
		kept[k] = v
	}
	return kept
}

// member makes an owner of a team, with two channels.
func member(tx *Tx, team goals.TeamID, id goals.OwnerID, name string) error {
	o := goals.Owner{ID: id, Name: name, Currency: "GBP", Channels: []goals.Channel{
		{ID: "bni", Name: "BNI", Kind: goals.Networking}, {ID: "li", Name: "LinkedIn", Kind: goals.Social},
	}}
	return errors.Join(
		tx.PutTeam(goals.Team{ID: team, Name: "Team " + string(team), Currency: "GBP", Zone: "Europe/London"}),
		tx.JoinSpace(team, "local", "space-"+string(team)),
		tx.PutOwner(o),
		tx.Join(team, id, Contact{Platform: "local", Space: "space-" + string(team), Person: "person-" + string(id)}),
	)
}

func TestOpenWritesTheSchemaOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "payoff.db")
	for range 2 {
		driver, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		db, err := Open(t.Context(), driver)
		if err != nil {
			t.Fatalf("Open = %v, want no error", err)
		}
		if got := dump(t, db)[string(schemaKey)]; got != "2" {
			t.Errorf("schema = %q, want 2", got)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	tests := []struct{ schema, want string }{
		{"3", "database was written by a newer payoff: its schema is 3, this program knows up to 2"},
		{"907", "database was written by a newer payoff: its schema is 907, this program knows up to 2"},
	}
	for _, tt := range tests {
		driver, err := bolt.Open(filepath.Join(t.TempDir(), "payoff.db"))
		if err != nil {
			t.Fatal(err)
		}
		err = driver.Update(t.Context(), func(tx kv.Tx) error {
			return errors.Join(tx.Set(schemaKey, []byte(tt.schema)), tx.Set([]byte("x"), []byte("of the future")))
		})
		if err != nil {
			t.Fatal(err)
		}
		before := dump(t, &DB{kv: driver})
		_, err = Open(t.Context(), driver)
		if !errors.Is(err, ErrNewer) || err.Error() != tt.want {
			t.Errorf("Open of schema %s = %v, want %s", tt.schema, err, tt.want)
		}
		same(t, "after a refusal", dump(t, &DB{kv: driver}), before)
		if err := driver.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSettings(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error { return tx.PutSetting("backup", "2026-11-22") })
	view(t, db, func(r *Reader) error {
		for name, want := range map[string]string{"backup": "2026-11-22", "unset": ""} {
			if got, err := r.Setting(name); err != nil || got != want {
				t.Errorf("Setting(%s) = %q, %v, want %q", name, got, err, want)
			}
		}
		return nil
	})
}

// same fails the test unless two dumps are equal.
func same(t testing.TB, when string, got, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if g, ok := got[k]; !ok || g != v {
			t.Errorf("%s: %q = %q, want %q", when, k, g, v)
		}
	}
	for k, v := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%s: %q = %q, want none", when, k, v)
		}
	}
}
