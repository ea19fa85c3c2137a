// Package storagetest is the suite that every driver of storage/kv passes. A driver's
// test calls Run and adds what only that driver has.
//
// What the suite takes care of, because package kv allows it to drivers:
//   - A closure may be run more than once: closures here set what they find out, and
//     never add to it.
//   - A closure may run on another goroutine than its caller: closures return errors and
//     never call t.Fatal.
//   - A driver may stop a transaction whose context ends, or let it finish.
package storagetest

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/storage/kv"
)

// An Open opens the database of a place, and makes it when there is none. Opening a place
// again, after a Close, finds the same data. Places are paths of folders that exist, are
// empty, and belong to one test.
type Open func(t *testing.T, place string) kv.Driver

// Run runs the whole suite. The suite closes what it opens.
func Run(t *testing.T, open Open) {
	s := suite{open}
	for _, test := range []struct {
		name string
		run  func(suite, *testing.T)
	}{
		{"GetSetDelete", suite.getSetDelete},
		{"EmptyValue", suite.emptyValue},
		{"MemoryReused", suite.memoryReused},
		{"LargeValue", suite.largeValue},
		{"Limits", suite.limits},
		{"Order", suite.order},
		{"Ranges", suite.ranges},
		{"OwnWrites", suite.ownWrites},
		{"WriteDuringScan", suite.writeDuringScan},
		{"ReadDuringScan", suite.readDuringScan},
		{"EmptiedRegion", suite.emptiedRegion},
		{"Error", suite.closureError},
		{"Panic", suite.closurePanic},
		{"Neighbours", suite.neighbours},
		{"Increments", suite.increments},
		{"Snapshot", suite.snapshot},
		{"Transfers", suite.transfers},
		{"EndedTransaction", suite.endedTransaction},
		{"CancelledContext", suite.cancelledContext},
		{"Closed", suite.closed},
		{"CloseWaits", suite.closeWaits},
		{"CloseRaces", suite.closeRaces},
		{"Reopen", suite.reopen},
		{"Goroutines", suite.goroutines},
		{"Model", suite.model},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(s, t) })
	}
}

type suite struct{ open Open }

// fresh opens an empty database that is closed when the test ends.
func (s suite) fresh(t *testing.T) kv.Driver {
	t.Helper()
	return s.at(t, t.TempDir())
}

func (s suite) at(t *testing.T, place string) kv.Driver {
	t.Helper()
	db := s.open(t, place)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return db
}

func update(t *testing.T, db kv.Driver, fn func(kv.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), fn); err != nil {
		t.Fatalf("Update() = %v", err)
	}
}

func view(t *testing.T, db kv.Driver, fn func(kv.Reader) error) {
	t.Helper()
	if err := db.View(context.Background(), fn); err != nil {
		t.Fatalf("View() = %v", err)
	}
}

// set stores each key with its valueOf.
func set(t *testing.T, db kv.Driver, keys ...string) {
	t.Helper()
	update(t, db, func(tx kv.Tx) error { return setAll(tx, keys...) })
}

func setAll(tx kv.Tx, keys ...string) error {
	for _, k := range keys {
		if err := tx.Set([]byte(k), valueOf(k)); err != nil {
			return err
		}
	}
	return nil
}

// valueOf is a value that tells which key it belongs to.
func valueOf(key string) []byte { return []byte("value of " + key) }

// wantValue checks one key inside a transaction. A nil want means that it is not there.
func wantValue(r kv.Reader, key string, want []byte) error {
	got, err := r.Get([]byte(key))
	if err != nil {
		return fmt.Errorf("Get(%q) = %w", key, err)
	}
	if (got == nil) != (want == nil) || !bytes.Equal(got, want) {
		return fmt.Errorf("Get(%q) = %s, want %s", key, show(got), show(want))
	}
	return nil
}

func show(value []byte) string {
	if value == nil {
		return "nil"
	}
	if len(value) > 40 {
		return fmt.Sprintf("%q... (%d bytes)", value[:40], len(value))
	}
	return fmt.Sprintf("%q", value)
}

// keysOf scans a range, checks that each value belongs to its key, and returns the keys.
func keysOf(r kv.Reader, rng kv.Range) (keys []string, err error) {
	scanErr := r.Scan(rng, func(k, v []byte) bool {
		keys = append(keys, string(k))
		if !bytes.Equal(v, valueOf(string(k))) {
			err = fmt.Errorf("Scan yields %q with %s, want %q", k, show(v), valueOf(string(k)))
		}
		return err == nil
	})
	if scanErr != nil {
		return nil, fmt.Errorf("Scan() = %w", scanErr)
	}
	return keys, err
}

// wantKeys checks what a range holds inside a transaction.
func wantKeys(r kv.Reader, rng kv.Range, want ...string) error {
	got, err := keysOf(r, rng)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("Scan(%q to %q, reverse %t) differs (-want +got):\n%s", rng.Lo, rng.Hi, rng.Reverse, diff)
	}
	return nil
}
