package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/storage/kv"
)

// A sorted is the simplest thing that behaves as a driver should: a map, sorted when it is scanned.
type sorted map[string]string

func (m sorted) keys(rng kv.Range) []string {
	var keys []string
	for k := range m {
		if k >= string(rng.Lo) && (rng.Hi == nil || k < string(rng.Hi)) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	if rng.Reverse {
		slices.Reverse(keys)
	}
	return keys
}

// An op is one call inside a transaction, done to a driver and to the model alike. It
// returns an error when they differ. All its choices are made beforehand, so that it may
// be run again.
type op func(tx kv.Tx, m sorted) error

func setOp(key, value string) op {
	return func(tx kv.Tx, m sorted) error {
		m[key] = value
		return tx.Set([]byte(key), []byte(value))
	}
}

func deleteOp(key string) op {
	return func(tx kv.Tx, m sorted) error {
		delete(m, key)
		return tx.Delete([]byte(key))
	}
}

func getOp(key string) op {
	return func(tx kv.Tx, m sorted) error { return m.agreesOn(tx, key) }
}

func scanOp(rng kv.Range, limit int) op {
	return func(tx kv.Tx, m sorted) error { return m.agrees(tx, rng, limit) }
}

// fillOp sets so many keys that a tree of pages splits.
func fillOp(prefix, value string) op {
	return func(tx kv.Tx, m sorted) error {
		for i := range 64 {
			if err := setOp(prefix+string([]byte{byte(i * 4)}), value)(tx, m); err != nil {
				return err
			}
		}
		return nil
	}
}

// wipeOp deletes a whole range, so that pages become empty.
func wipeOp(rng kv.Range) op {
	return func(tx kv.Tx, m sorted) error {
		for _, k := range m.keys(rng) {
			if err := deleteOp(k)(tx, m); err != nil {
				return err
			}
		}
		return nil
	}
}

func (m sorted) agreesOn(r kv.Reader, key string) error {
	v, there := m[key]
	if !there {
		return wantValue(r, key, nil)
	}
	return wantValue(r, key, []byte(v))
}

// agrees compares the first limit pairs of a range.
func (m sorted) agrees(r kv.Reader, rng kv.Range, limit int) error {
	var got, want []string
	for _, k := range m.keys(rng) {
		if len(want) == limit {
			break
		}
		want = append(want, fmt.Sprintf("%q: %q", k, m[k]))
	}
	err := r.Scan(rng, func(k, v []byte) bool {
		got = append(got, fmt.Sprintf("%q: %q", k, v))
		return len(got) < limit
	})
	if err != nil {
		return fmt.Errorf("Scan() = %w", err)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("Scan(%q to %q, reverse %t) has\n%s\nwant\n%s", rng.Lo, rng.Hi, rng.Reverse,
			strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return nil
}

var (
	keyGen   = rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 0xfe, 0xff}), 1, 4)
	valueGen = rapid.SliceOfN(rapid.Byte(), 0, 200)
	rangeGen = rapid.Custom(func(t *rapid.T) kv.Range {
		bound := rapid.OneOf(rapid.Just([]byte(nil)), keyGen)
		return kv.Range{Lo: bound.Draw(t, "lo"), Hi: bound.Draw(t, "hi"), Reverse: rapid.Bool().Draw(t, "reverse")}
	})
	opGen = rapid.Custom(func(t *rapid.T) op {
		key := string(keyGen.Draw(t, "key"))
		value := func() string { return string(valueGen.Draw(t, "value")) }
		switch rapid.IntRange(0, 9).Draw(t, "op") {
		case 0, 1, 2, 3:
			return setOp(key, value())
		case 4, 5:
			return deleteOp(key)
		case 6:
			return getOp(key)
		case 7:
			return fillOp(key, value())
		case 8:
			return wipeOp(rangeGen.Draw(t, "range"))
		}
		return scanOp(rangeGen.Draw(t, "range"), rapid.IntRange(1, 100).Draw(t, "limit"))
	})
)

// model compares random histories, reopenings among them, with the sorted map.
func (s suite) model(t *testing.T) {
	place := t.TempDir()
	db := s.open(t, place)
	defer func() { _ = db.Close() }()
	rapid.Check(t, func(rt *rapid.T) {
		if err := clearAll(db); err != nil {
			rt.Fatal(err)
		}
		m := sorted{}
		rt.Repeat(map[string]func(*rapid.T){
			"update": func(rt *rapid.T) {
				ops := rapid.SliceOfN(opGen, 1, 12).Draw(rt, "ops")
				m = m.update(rt, db, ops)
			},
			"view": func(rt *rapid.T) {
				rng, key := rangeGen.Draw(rt, "range"), string(keyGen.Draw(rt, "key"))
				err := db.View(context.Background(), func(r kv.Reader) error {
					return errors.Join(m.agreesOn(r, key), m.agrees(r, rng, 100))
				})
				if err != nil {
					rt.Fatal(err)
				}
			},
			"reopen": func(rt *rapid.T) {
				if err := db.Close(); err != nil {
					rt.Fatal(err)
				}
				db = s.open(t, place)
			},
		})
		err := db.View(context.Background(), func(r kv.Reader) error { return m.agrees(r, kv.Range{}, len(m)+1) })
		if err != nil {
			rt.Fatal(err)
		}
	})
}

// update runs one transaction that succeeds, fails or panics, and returns the model after it.
func (m sorted) update(rt *rapid.T, db kv.Driver, ops []op) sorted {
	outcome := rapid.SampledFrom([]string{"commits", "commits", "fails", "panics"}).Draw(rt, "outcome")
	fails := errors.New("fails")
	var after sorted
	var err, differs error
	thrown := caught(func() {
		err = db.Update(context.Background(), func(tx kv.Tx) error {
			after, differs = maps.Clone(m), nil
			for _, op := range ops {
				if differs = op(tx, after); differs != nil {
					return differs
				}
			}
			switch outcome {
			case "fails":
				return fails
			case "panics":
				panic(outcome)
			}
			return nil
		})
	})
	ok := map[string]bool{
		"commits": err == nil && thrown == nil,
		"fails":   errors.Is(err, fails) && thrown == nil,
		"panics":  thrown != nil,
	}[outcome]
	if differs != nil || !ok {
		rt.Fatalf("a transaction that %s: %v, error %v, panic %v", outcome, differs, err, thrown)
	}
	if outcome == "commits" {
		return after
	}
	return m
}

func clearAll(db kv.Driver) error {
	return db.Update(context.Background(), func(tx kv.Tx) error {
		var keys [][]byte
		err := tx.Scan(kv.Range{}, func(k, _ []byte) bool {
			keys = append(keys, bytes.Clone(k))
			return true
		})
		for _, k := range keys {
			err = errors.Join(err, tx.Delete(k))
		}
		return err
	})
}
