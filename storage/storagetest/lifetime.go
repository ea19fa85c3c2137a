package storagetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"payoff/storage/kv"
)

func (s suite) cancelledContext(t *testing.T) {
	db := s.fresh(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	err := db.Update(ctx, func(tx kv.Tx) error { ran = true; return setAll(tx, "a") })
	if !errors.Is(err, context.Canceled) || ran {
		t.Errorf("Update with a cancelled context = %v, ran %t, want context.Canceled and not run", err, ran)
	}
	err = db.View(ctx, func(kv.Reader) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) || ran {
		t.Errorf("View with a cancelled context = %v, ran %t, want context.Canceled and not run", err, ran)
	}
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}) })

	// Cancelled while it runs: done wholly or not at all, and the answer says which.
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	err = db.Update(ctx, func(tx kv.Tx) error {
		if err := setAll(tx, "a"); err != nil {
			return err
		}
		cancel()
		return setAll(tx, "b")
	})
	view(t, db, func(r kv.Reader) error {
		if err == nil {
			return wantKeys(r, kv.Range{}, "a", "b")
		}
		return wantKeys(r, kv.Range{})
	})
}

func (s suite) closed(t *testing.T) {
	db := s.fresh(t)
	set(t, db, "a")
	for range 2 {
		if err := db.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	}
	ran := false
	if err := db.Update(context.Background(), func(kv.Tx) error { ran = true; return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("Update after Close = %v, want ErrClosed", err)
	}
	if err := db.View(context.Background(), func(kv.Reader) error { ran = true; return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("View after Close = %v, want ErrClosed", err)
	}
	if ran {
		t.Error("a closure ran after Close")
	}
}

// closeWaits: Close returns after the transactions that are running, and loses none.
func (s suite) closeWaits(t *testing.T) {
	place := t.TempDir()
	db := s.at(t, place)
	var started, ended sync.WaitGroup
	var running atomic.Int32
	gate := make(chan struct{})
	hold := func(call func(inside func()) error) {
		var once sync.Once // a closure may run again
		started.Add(1)
		running.Add(1)
		ended.Go(func() {
			err := call(func() {
				once.Do(func() {
					started.Done()
					<-gate
					running.Add(-1)
				})
			})
			if err != nil {
				t.Errorf("a transaction that Close waits for: %v", err)
			}
		})
	}
	hold(func(inside func()) error {
		return db.View(context.Background(), func(kv.Reader) error { inside(); return nil })
	})
	hold(func(inside func()) error {
		return db.Update(context.Background(), func(tx kv.Tx) error { inside(); return setAll(tx, "a") })
	})
	started.Wait()

	ended.Go(func() {
		if err := db.Close(); err != nil || running.Load() != 0 {
			t.Errorf("Close() = %v with %d transactions running, want none", err, running.Load())
		}
	})
	for range 10_000 { // a Close that does not wait returns within this
		runtime.Gosched()
	}
	close(gate)
	ended.Wait()
	view(t, s.at(t, place), func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "a") })
}

// closeRaces closes a database while it is used. Each call is either done, and then to be
// found later, or fails with ErrClosed.
func (s suite) closeRaces(t *testing.T) {
	place := t.TempDir()
	db := s.at(t, place)
	const n, closer = 21, 10
	results := make([]error, n)
	together(n, func(i int) {
		switch {
		case i == closer:
			if err := db.Close(); err != nil {
				t.Errorf("Close() = %v", err)
			}
		case i%2 == 0:
			_ = db.View(context.Background(), func(r kv.Reader) error { _, err := keysOf(r, kv.Range{}); return err })
		default: // the odd ones write
			results[i] = db.Update(context.Background(), func(tx kv.Tx) error { return setAll(tx, fmt.Sprintf("%02d", i)) })
		}
	})
	var want []string
	for i, err := range results {
		if err != nil && !errors.Is(err, kv.ErrClosed) {
			t.Errorf("Update during Close = %v, want success or ErrClosed", err)
		}
		if err == nil && i%2 == 1 {
			want = append(want, fmt.Sprintf("%02d", i))
		}
	}
	view(t, s.at(t, place), func(r kv.Reader) error { return wantKeys(r, kv.Range{}, want...) })
}

// reopen: what Update has answered is there in the next life, what failed is not, and
// two places do not share anything.
func (s suite) reopen(t *testing.T) {
	place := t.TempDir()
	var want []string
	for life := range 4 {
		db := s.at(t, place)
		view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, want...) })
		for i := range 5 {
			k := fmt.Sprintf("life %d key %d", life, i)
			set(t, db, k)
			want = append(want, k)
		}
		_ = db.Update(context.Background(), func(tx kv.Tx) error {
			return errors.Join(setAll(tx, "zombie"), errors.New("fails"))
		})
		if err := db.Close(); err != nil {
			t.Fatalf("Close() = %v", err)
		}
	}
	view(t, s.at(t, place), func(r kv.Reader) error { return wantKeys(r, kv.Range{}, want...) })
	view(t, s.fresh(t), func(r kv.Reader) error { return wantKeys(r, kv.Range{}) })
}

func (s suite) goroutines(t *testing.T) {
	before := goleak.IgnoreCurrent()
	db := s.open(t, t.TempDir())
	set(t, db, "a")
	_ = caught(func() {
		_ = db.Update(context.Background(), func(kv.Tx) error { panic("in the closure") })
	})
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, "a") })
	if err := db.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	goleak.VerifyNone(t, before)
}
