package storagetest

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"payoff/storage/kv"
)

func (s suite) getSetDelete(t *testing.T) {
	db := s.fresh(t)
	view(t, db, func(r kv.Reader) error { return wantValue(r, "a", nil) })

	set(t, db, "a", "b")
	view(t, db, func(r kv.Reader) error {
		return errors.Join(wantValue(r, "a", valueOf("a")), wantValue(r, "b", valueOf("b")),
			wantValue(r, "aa", nil), wantValue(r, "", nil))
	})

	update(t, db, func(tx kv.Tx) error { return tx.Set([]byte("a"), []byte("other")) })
	view(t, db, func(r kv.Reader) error { return wantValue(r, "a", []byte("other")) })

	update(t, db, func(tx kv.Tx) error {
		return errors.Join(tx.Delete([]byte("a")), tx.Delete([]byte("not there")), tx.Delete(nil))
	})
	view(t, db, func(r kv.Reader) error {
		return errors.Join(wantValue(r, "a", nil), wantValue(r, "b", valueOf("b")))
	})
}

// emptyValue: an empty value is a value; nil is how Get says there is none.
func (s suite) emptyValue(t *testing.T) {
	place := t.TempDir()
	db := s.at(t, place)
	check := func(r kv.Reader) error {
		var yielded []byte
		err := r.Scan(kv.Range{}, func(_, v []byte) bool { yielded = v; return true })
		if err == nil && yielded == nil {
			err = errors.New("Scan yields nil for an empty value")
		}
		return errors.Join(err, wantValue(r, "nil", []byte{}), wantValue(r, "empty", []byte{}))
	}
	update(t, db, func(tx kv.Tx) error {
		return errors.Join(tx.Set([]byte("nil"), nil), tx.Set([]byte("empty"), []byte{}), check(tx))
	})
	view(t, db, check)
	if err := db.Close(); err != nil {
		t.Fatalf("Close() = %v", err)
	}
	view(t, s.at(t, place), check)
}

// memoryReused: a caller may build the next key in the memory of the last.
func (s suite) memoryReused(t *testing.T) {
	db := s.fresh(t)
	want := []string{"key 0", "key 1", "key 2"}
	set(t, db, "key 7", "key 8")
	update(t, db, func(tx kv.Tx) error {
		key, value := make([]byte, 0, 64), make([]byte, 0, 64)
		for _, k := range want {
			key = append(key[:0], k...)
			value = append(value[:0], valueOf(k)...)
			if err := tx.Set(key, value); err != nil {
				return err
			}
		}
		for _, k := range []string{"key 7", "key 8"} {
			if err := tx.Delete(append(key[:0], k...)); err != nil {
				return err
			}
		}
		copy(key[:5], "XXXXX")
		copy(value[:5], "XXXXX")
		return wantKeys(tx, kv.Range{}, want...)
	})
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, want...) })
	// A failing closure that reuses its memory is taken back all the same.
	_ = db.Update(context.Background(), func(tx kv.Tx) error {
		key := []byte("key 0")
		_ = tx.Delete(key)
		copy(key, "key 9")
		_ = tx.Set(key, nil)
		copy(key, "XXXXX")
		return errors.New("fails")
	})
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, want...) })
}

func (s suite) largeValue(t *testing.T) {
	place := t.TempDir()
	db := s.at(t, place)
	large := randomBytes(kv.MaxValue)
	longKey := string(randomBytes(kv.MaxKey))
	check := func(r kv.Reader) error {
		return errors.Join(wantValue(r, "large", large), wantValue(r, longKey, large[:1000]))
	}
	update(t, db, func(tx kv.Tx) error {
		return errors.Join(tx.Set([]byte("large"), large), tx.Set([]byte(longKey), large[:1000]), check(tx))
	})
	view(t, db, check)
	if err := db.Close(); err != nil {
		t.Fatalf("Close() = %v", err)
	}
	db = s.at(t, place)
	view(t, db, check)
	update(t, db, func(tx kv.Tx) error { return tx.Set([]byte("large"), []byte("small")) })
	view(t, db, func(r kv.Reader) error { return wantValue(r, "large", []byte("small")) })
}

// limits: what is too large is refused, by name, and the transaction may go on.
func (s suite) limits(t *testing.T) {
	db := s.fresh(t)
	var refused map[string]error
	update(t, db, func(tx kv.Tx) error {
		refused = map[string]error{
			"empty key":   tx.Set(nil, []byte("v")),
			"long key":    tx.Set(make([]byte, kv.MaxKey+1), []byte("v")),
			"large value": tx.Set([]byte("k"), make([]byte, kv.MaxValue+1)),
		}
		return tx.Set([]byte("ok"), valueOf("ok"))
	})
	for what, err := range refused {
		if !errors.Is(err, kv.ErrLimit) {
			t.Errorf("Set with %s = %v, want an ErrLimit", what, err)
		}
	}
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "ok") })

	err := db.Update(context.Background(), func(tx kv.Tx) error {
		return errors.Join(tx.Set([]byte("k"), []byte("v")), tx.Set([]byte("k"), bytes.Repeat([]byte("v"), kv.MaxValue+1)))
	})
	if !errors.Is(err, kv.ErrLimit) {
		t.Errorf("Update with a value that is too large = %v, want an ErrLimit", err)
	}
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "ok") })
}

// randomBytes cannot be compressed, and holds every byte. It is the same in every run.
func randomBytes(n int) []byte {
	r := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	_, _ = r.Read(b)
	return b
}
