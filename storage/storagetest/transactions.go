package storagetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/storage/kv"
)

// patience bounds waits that a faulty driver would make endless.
const patience = 30 * time.Second

func (s suite) closureError(t *testing.T) {
	db := s.fresh(t)
	set(t, db, "a", "b")
	want := errors.New("the closure's own error")
	err := db.Update(context.Background(), func(tx kv.Tx) error {
		if err := errors.Join(setAll(tx, "c"), tx.Set([]byte("a"), []byte("other")), tx.Set([]byte("a"), nil),
			tx.Delete([]byte("b")), setAll(tx, "b"), tx.Delete([]byte("b")), tx.Delete([]byte("c"))); err != nil {
			return err
		}
		return want
	})
	if err != want {
		t.Errorf("Update() = %v, want %v itself", err, want)
	}
	if err := db.View(context.Background(), func(kv.Reader) error { return want }); err != want {
		t.Errorf("View() = %v, want %v itself", err, want)
	}
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "a", "b") })
}

func (s suite) closurePanic(t *testing.T) {
	db := s.fresh(t)
	set(t, db, "a")
	thrown := caught(func() {
		_ = db.Update(context.Background(), func(tx kv.Tx) error {
			_ = errors.Join(setAll(tx, "b"), tx.Delete([]byte("a")))
			panic("in the closure")
		})
	})
	if !strings.Contains(fmt.Sprint(thrown), "in the closure") {
		t.Errorf("Update panics with %v, want what the closure panicked with", thrown)
	}
	thrown = caught(func() {
		_ = db.View(context.Background(), func(kv.Reader) error { panic("in the closure") })
	})
	if !strings.Contains(fmt.Sprint(thrown), "in the closure") {
		t.Errorf("View panics with %v, want what the closure panicked with", thrown)
	}
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "a") })
	set(t, db, "c") // and nothing is left locked
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "a", "c") })
}

// caught returns what fn panics with, or nil.
func caught(fn func()) (thrown any) {
	defer func() { thrown = recover() }()
	fn()
	return nil
}

// neighbours: closures that fail, panic or give up at the same time as others succeed
// leave no trace, and the others lose nothing. All write the same keys, too.
func (s suite) neighbours(t *testing.T) {
	db := s.fresh(t)
	const n = 60
	fails := errors.New("fails")
	wrong := make([]error, n)
	together(n, func(i int) {
		var err error
		thrown := caught(func() {
			err = db.Update(context.Background(), func(tx kv.Tx) error {
				if err := errors.Join(setAll(tx, fmt.Sprintf("own %02d", i)), tx.Set([]byte("shared"), []byte(strconv.Itoa(i)))); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return fails
				case 2:
					panic("panics")
				}
				return nil
			})
		})
		ok := [...]bool{err == nil && thrown == nil, errors.Is(err, fails) && thrown == nil, thrown != nil}
		if !ok[i%3] {
			wrong[i] = fmt.Errorf("closure %d: error %v, panic %v", i, err, thrown)
		}
	})
	if err := errors.Join(wrong...); err != nil {
		t.Error(err)
	}
	var want []string
	for i := 0; i < n; i += 3 {
		want = append(want, fmt.Sprintf("own %02d", i))
	}
	view(t, db, func(r kv.Reader) error {
		shared, err := r.Get([]byte("shared"))
		if last, _ := strconv.Atoi(string(shared)); err != nil || last%3 != 0 {
			return fmt.Errorf("shared = %s, %v, want the number of a closure that succeeded", show(shared), err)
		}
		return wantKeys(r, kv.Prefix([]byte("own")), want...)
	})
}

// together runs fn n times at once and waits.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i) })
	}
	wg.Wait()
}

// increments: read, add one, write, by many at once; none is lost, and none of a closure that failed stays.
func (s suite) increments(t *testing.T) {
	db := s.fresh(t)
	const workers, rounds = 16, 20
	fails := errors.New("fails")
	wrong := make([]error, workers)
	together(workers, func(w int) {
		for i := range rounds {
			var want error
			if (w+i)%5 == 0 {
				want = fails
			}
			err := db.Update(context.Background(), func(tx kv.Tx) error {
				if err := add(tx, "total", 1); err != nil {
					return err
				}
				return errors.Join(add(tx, fmt.Sprint("worker ", w), 1), want)
			})
			if !errors.Is(err, want) {
				wrong[w] = fmt.Errorf("Update() = %v, want %v", err, want)
			}
		}
	})
	if err := errors.Join(wrong...); err != nil {
		t.Error(err)
	}
	const want = workers * rounds * 4 / 5
	view(t, db, func(r kv.Reader) error { return wantValue(r, "total", []byte(strconv.Itoa(want))) })
}

// add adds to a number that is stored as text.
func add(tx kv.Tx, key string, n int) error {
	v, err := number(tx, key)
	if err != nil {
		return err
	}
	return tx.Set([]byte(key), []byte(strconv.Itoa(v+n)))
}

func number(r kv.Reader, key string) (int, error) {
	v, err := r.Get([]byte(key))
	if err != nil || v == nil {
		return 0, err
	}
	return strconv.Atoi(string(v))
}

// snapshot: a View goes on seeing the state it began with, whatever is committed meanwhile.
func (s suite) snapshot(t *testing.T) {
	db := s.fresh(t)
	set(t, db, "a", "b", "c")
	view(t, db, func(r kv.Reader) error {
		before, err := r.Get([]byte("a"))
		if err != nil {
			return err
		}
		var during error
		together(1, func(int) {
			ctx, stop := context.WithTimeout(context.Background(), patience)
			defer stop()
			during = db.Update(ctx, func(tx kv.Tx) error {
				return errors.Join(tx.Set([]byte("a"), []byte("other")), tx.Delete([]byte("b")), setAll(tx, "d"))
			})
		})
		if during != nil {
			return fmt.Errorf("Update during View = %w", during)
		}
		if string(before) != string(valueOf("a")) {
			return fmt.Errorf("a value handed out has changed to %s", show(before))
		}
		return errors.Join(wantKeys(r, kv.Range{}, "a", "b", "c"), wantValue(r, "a", valueOf("a")), wantValue(r, "d", nil))
	})
	view(t, db, func(r kv.Reader) error {
		return errors.Join(wantValue(r, "a", []byte("other")), wantValue(r, "b", nil), wantValue(r, "d", valueOf("d")))
	})
}

// transfers: money moves between accounts while readers count it; none ever sees more or less.
func (s suite) transfers(t *testing.T) {
	db := s.fresh(t)
	const accounts, writers, rounds, each = 5, 4, 25, 100
	account := func(i int) string { return fmt.Sprint("account ", i%accounts) }
	update(t, db, func(tx kv.Tx) error {
		for i := range accounts {
			if err := add(tx, account(i), each); err != nil {
				return err
			}
		}
		return nil
	})
	count := func(r kv.Reader) error {
		total := 0
		err := r.Scan(kv.Prefix([]byte("account")), func(_, v []byte) bool {
			n, _ := strconv.Atoi(string(v))
			total += n
			runtime.Gosched() // let a writer in between, if anything can
			return true
		})
		if err == nil && total != accounts*each {
			err = fmt.Errorf("the accounts hold %d, want %d", total, accounts*each)
		}
		return err
	}
	wrong := make([]error, 2*writers)
	together(2*writers, func(w int) {
		for i := range rounds {
			var err error
			if w < writers {
				err = db.Update(context.Background(), func(tx kv.Tx) error {
					return errors.Join(count(tx), add(tx, account(w+i), -7), add(tx, account(w*i+1), 7), count(tx))
				})
			} else {
				err = db.View(context.Background(), count)
			}
			wrong[w] = errors.Join(wrong[w], err)
		}
	})
	if err := errors.Join(wrong...); err != nil {
		t.Error(err)
	}
}

// endedTransaction: what a closure keeps of its transaction is of no use afterwards, and does no harm.
func (s suite) endedTransaction(t *testing.T) {
	db := s.fresh(t)
	var kept kv.Tx
	var read kv.Reader
	update(t, db, func(tx kv.Tx) error { kept = tx; return setAll(tx, "a") })
	view(t, db, func(r kv.Reader) error { read = r; return nil })
	if _, ok := read.(kv.Tx); ok {
		t.Error("what View hands out can write")
	}
	for what, use := range map[string]func() error{
		"Set":    func() error { return kept.Set([]byte("b"), nil) },
		"Delete": func() error { return kept.Delete([]byte("a")) },
		"Get":    func() error { _, err := kept.Get([]byte("a")); return err },
		"Scan":   func() error { return kept.Scan(kv.Range{}, func(_, _ []byte) bool { return true }) },
		"read":   func() error { _, err := read.Get([]byte("a")); return err },
		"scan":   func() error { return read.Scan(kv.Range{}, func(_, _ []byte) bool { return true }) },
	} {
		if err := use(); err == nil {
			t.Errorf("%s after the transaction = nil, want an error", what)
		}
	}
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "a") })
}
