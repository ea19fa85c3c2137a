package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"payoff/storage/kv"
)

var errFails = errors.New("fails")

// TestGroup: what waits together is committed together, in the order of the queue, and
// each closure sees what those before it wrote, if they succeeded.
func TestGroup(t *testing.T) {
	db := opened(t)
	before := commits(t, db)
	release := hold(t, db, put("a"))
	var seen [5]string
	closure := func(i int, write func(kv.Tx) error, after func() error) func(kv.Tx) error {
		return func(tx kv.Tx) error {
			seen[i] = dump(tx)
			return errors.Join(write(tx), after())
		}
	}
	succeeds := func() error { return nil }
	answers := []<-chan any{
		queue(t.Context(), db, closure(0, put("b"), succeeds)),
		queue(t.Context(), db, closure(1, put("c"), func() error { return errFails })),
		queue(t.Context(), db, closure(2, put("d"), func() error { panic("panics") })),
		queue(t.Context(), db, closure(3, func(tx kv.Tx) error { return tx.Delete([]byte("a")) }, succeeds)),
		queue(t.Context(), db, closure(4, func(kv.Tx) error { return nil }, succeeds)),
	}
	select {
	case got := <-answers[0]:
		t.Errorf("a closure is answered with %v before the commit", got)
	default:
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	for i, want := range []string{"<nil>", "fails", "panics", "<nil>", "<nil>"} {
		if got := fmt.Sprint(<-answers[i]); !strings.HasPrefix(got, want) {
			t.Errorf("closure %d is answered with %s, want %s", i, got, want)
		}
	}
	if want := [5]string{"a=a", "a=a b=b", "a=a b=b", "a=a b=b", "b=b"}; seen != want {
		t.Errorf("the closures see %q, want %q", seen, want)
	}
	if n := commits(t, db) - before; n != 1 {
		t.Errorf("the group took %d commits, want 1", n)
	}
	wantState(t, db, "b=b")
}

// TestNothingWritten: closures that only read, or fail, cost no commit.
func TestNothingWritten(t *testing.T) {
	db := opened(t)
	mustUpdate(t, db, put("a"))
	before := commits(t, db)
	mustUpdate(t, db, func(tx kv.Tx) error { return tx.Delete([]byte("not there")) })
	if err := db.Update(t.Context(), func(tx kv.Tx) error { return errors.Join(put("b")(tx), errFails) }); !errors.Is(err, errFails) {
		t.Errorf("Update() = %v, want %v", err, errFails)
	}
	if after := commits(t, db); after != before {
		t.Errorf("%d commits, want none", after-before)
	}
	wantState(t, db, "a=a")
}

// TestGroupEnds: one group does not take everything, however much is waiting.
func TestGroupEnds(t *testing.T) {
	for _, test := range []struct {
		name     string
		n, bytes int
		want     int // commits at least
	}{
		{"by closures", 2*maxGroup + 10, 1, 3},
		{"by bytes", 30, kv.MaxValue, 30 * kv.MaxValue / (maxGroupBytes + kv.MaxValue)},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := opened(t)
			before := commits(t, db)
			release := hold(t, db, put("first"))
			answers := make(chan error, test.n)
			for i := range test.n {
				go func() {
					answers <- db.Update(context.Background(), func(tx kv.Tx) error {
						return tx.Set(fmt.Appendf(nil, "%04d", i), make([]byte, test.bytes))
					})
				}()
			}
			for len(db.jobs) < min(test.n, maxGroup) {
				runtime.Gosched()
			}
			if err := release(); err != nil {
				t.Error(err)
			}
			for range test.n {
				if err := <-answers; err != nil {
					t.Fatal(err)
				}
			}
			if n := commits(t, db) - before; n < test.want {
				t.Errorf("%d commits, want %d or more", n, test.want)
			}
		})
	}
}

func TestPanic(t *testing.T) {
	db := opened(t)
	defer func() {
		var p *Panic
		if err, _ := recover().(error); !errors.As(err, &p) || !errors.Is(err, errFails) {
			t.Errorf("Update panics with %v, want a *Panic of %v", err, errFails)
		} else if !strings.Contains(string(p.Stack), "TestPanic") {
			t.Errorf("the stack does not lead to the closure:\n%s", p.Stack)
		}
		wantState(t, db, "")
		mustUpdate(t, db, put("b"))
		wantState(t, db, "b=b")
	}()
	_ = db.Update(t.Context(), func(tx kv.Tx) error { _ = put("a")(tx); panic(errFails) })
}

// TestGoexit: t.Fatal in a closure ends the test and not the writer.
func TestGoexit(t *testing.T) {
	db := opened(t)
	release := hold(t, db, put("a"))
	left := queue(t.Context(), db, func(tx kv.Tx) error {
		_ = put("b")(tx)
		runtime.Goexit()
		return nil
	})
	after := queue(t.Context(), db, put("c"))
	if err := release(); err != nil {
		t.Error(err)
	}
	if got, open := <-left; open {
		t.Errorf("the caller goes on with %v, want it to end as well", got)
	}
	if got := <-after; got != nil {
		t.Errorf("the closure after it is answered with %v, want nil", got)
	}
	wantState(t, db, "a=a c=c")
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// TestCancelledInQueue: a caller whose context ends goes at once, and its closure does not run.
func TestCancelledInQueue(t *testing.T) {
	db := opened(t)
	release := hold(t, db, put("a"))
	ctx, cancel := context.WithCancel(t.Context())
	waits := queue(ctx, db, put("b"))
	last := queue(t.Context(), db, put("c"))
	cancel()
	if got := <-waits; got != context.Canceled { // while the writer is still held
		t.Errorf("Update() = %v, want %v", got, context.Canceled)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	<-last
	wantState(t, db, "a=a c=c")
}

// TestCancelledClaim: a closure does not run after its context has ended, even when its
// caller has not yet noticed.
func TestCancelledClaim(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if j := (&job{ctx: ctx}); j.claim() || j.claimed.Load() {
		t.Error("the writer claims a job whose context has ended")
	}
	if j := (&job{ctx: t.Context()}); !j.claim() || j.claim() {
		t.Error("a job is not claimed exactly once")
	}
}

// TestCancelledBeforeQueue: also when the queue itself is full.
func TestCancelledBeforeQueue(t *testing.T) {
	db := opened(t)
	release := hold(t, db, put("a"))
	ctx, cancel := context.WithCancel(t.Context())
	var waits []<-chan any
	for range cap(db.jobs) {
		waits = append(waits, queue(ctx, db, put("b")))
	}
	answer := make(chan error)
	go func() { answer <- db.Update(ctx, put("b")) }()
	cancel()
	if err := <-answer; err != context.Canceled {
		t.Errorf("Update() = %v, want %v", err, context.Canceled)
	}
	for _, w := range waits {
		if got := <-w; got != context.Canceled {
			t.Errorf("Update() = %v, want %v", got, context.Canceled)
		}
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	wantState(t, db, "a=a")
}

// TestCommitFails: everyone in the group hears of it, nothing of the group stays, and the
// database goes on when there is room again.
func TestCommitFails(t *testing.T) {
	db := opened(t)
	mustUpdate(t, db, put("a"))
	release := hold(t, db, func(tx kv.Tx) error {
		db.bolt.MaxSize = 64 << 10                                 // the disk is full
		return tx.Set([]byte("large"), make([]byte, worthwhile/2)) // and yet it waits for those behind it
	})
	answers := []<-chan any{
		queue(t.Context(), db, put("b")),
		queue(t.Context(), db, func(kv.Tx) error { return errFails }), // because of "large", for all we know
		queue(t.Context(), db, func(kv.Tx) error { return nil }),
	}
	if err := release(); !errors.Is(err, berrors.ErrMaxSizeReached) {
		t.Errorf("Update() = %v, want %v", err, berrors.ErrMaxSizeReached)
	}
	for i, a := range answers {
		if err, _ := (<-a).(error); !errors.Is(err, berrors.ErrMaxSizeReached) || !strings.HasPrefix(err.Error(), "commit: ") {
			t.Errorf("closure %d is answered with %v, want the error of the commit", i, err)
		}
	}
	wantState(t, db, "a=a")
	release = hold(t, db, func(tx kv.Tx) error { db.bolt.MaxSize = 0; return put("c")(tx) })
	if err := release(); err != nil {
		t.Error(err)
	}
	wantState(t, db, "a=a c=c")
}

// TestCommitPanics: when bbolt panics nothing more is written, reads go on, and Close works.
func TestCommitPanics(t *testing.T) {
	db := opened(t)
	mustUpdate(t, db, put("a"))
	db.commit = func(*bbolt.Tx) error { panic("page 7 already freed") }
	err := db.Update(t.Context(), put("b"))
	if err == nil || !strings.Contains(err.Error(), "page 7 already freed") {
		t.Errorf("Update() = %v, want what bbolt panicked with", err)
	}
	ran := false
	err = db.Update(t.Context(), func(kv.Tx) error { ran = true; return nil })
	if err == nil || ran || !strings.Contains(err.Error(), "opened anew") {
		t.Errorf("the Update after it = %v, ran %t, want an error and not run", err, ran)
	}
	if err := db.View(t.Context(), func(r kv.Reader) error { _, err := r.Get([]byte("a")); return err }); err != nil {
		t.Errorf("View() = %v", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
}

// TestWriteFails: when bbolt refuses what a closure wrote the whole group is given up.
func TestWriteFails(t *testing.T) {
	db := opened(t)
	release := hold(t, db, put("a"))
	broken := queue(t.Context(), db, func(inner kv.Tx) error {
		inner.(*tx).own.put(entry{key: nil, value: []byte("bbolt takes no empty key")})
		return put("b")(inner)
	})
	if err := release(); err == nil {
		t.Error("another closure of the group is answered with nil, want an error")
	}
	if err, _ := (<-broken).(error); !errors.Is(err, berrors.ErrKeyRequired) {
		t.Errorf("the closure is answered with %v, want %v", err, berrors.ErrKeyRequired)
	}
	mustUpdate(t, db, put("c"))
	wantState(t, db, "c=c")
}

// TestNeighbourEmpties: scans, both ways, over pages that an earlier closure of the same
// group has emptied. (bbolt's own cursor would go wrong there: it stops early, or never ends.)
func TestNeighbourEmpties(t *testing.T) {
	const n = 2000
	key := func(i int) []byte { return fmt.Appendf(nil, "%05d", i) }
	for _, gone := range [][2]int{{n / 3, 2 * n / 3}, {0, n / 2}, {n / 2, n}, {1, n - 1}, {0, n}} {
		t.Run(fmt.Sprint(gone), func(t *testing.T) {
			db := opened(t)
			mustUpdate(t, db, func(tx kv.Tx) (err error) {
				for i := range n {
					err = errors.Join(err, tx.Set(key(i), make([]byte, 100)))
				}
				return err
			})
			release := hold(t, db, func(tx kv.Tx) (err error) {
				for i := gone[0]; i < gone[1]; i++ {
					err = errors.Join(err, tx.Delete(key(i)))
				}
				return err
			})
			want := n - (gone[1] - gone[0])
			answer := queue(t.Context(), db, func(tx kv.Tx) error {
				for _, r := range []kv.Range{{}, {Reverse: true}, {Hi: key(n - 1), Reverse: true}, {Hi: key(gone[1]), Reverse: true}} {
					got, want := 0, want
					if r.Hi != nil { // the keys below it
						hi, _ := strconv.Atoi(string(r.Hi))
						want = min(hi, gone[0]) + max(0, hi-gone[1])
					}
					if err := tx.Scan(r, func(_, _ []byte) bool { got++; return true }); err != nil || got != want {
						return fmt.Errorf("Scan(below %q, reverse %t) has %d keys, %v, want %d", r.Hi, r.Reverse, got, err, want)
					}
				}
				return nil
			})
			if err := release(); err != nil {
				t.Error(err)
			}
			if got := <-answer; got != nil {
				t.Error(got)
			}
		})
	}
}
