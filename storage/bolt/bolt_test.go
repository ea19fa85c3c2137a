package bolt

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"go.etcd.io/bbolt"

	"payoff/storage/kv"
)

// opened returns a new database that is closed when the test ends.
func opened(t testing.TB) *DB {
	t.Helper()
	return reopened(t, filepath.Join(t.TempDir(), "payoff.db"))
}

func reopened(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// put is a closure that sets keys to themselves.
func put(keys ...string) func(kv.Tx) error {
	return func(tx kv.Tx) error {
		for _, k := range keys {
			if err := tx.Set([]byte(k), []byte(k)); err != nil {
				return err
			}
		}
		return nil
	}
}

func mustUpdate(t testing.TB, db *DB, fn func(kv.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// dump is the whole state, as "key=value key=value".
func dump(r kv.Reader) string {
	var pairs []string
	if err := r.Scan(kv.Range{}, func(k, v []byte) bool {
		pairs = append(pairs, fmt.Sprintf("%s=%s", k, v))
		return true
	}); err != nil {
		return err.Error()
	}
	return strings.Join(pairs, " ")
}

func wantState(t testing.TB, db *DB, want string) {
	t.Helper()
	if err := db.View(context.Background(), func(r kv.Reader) error {
		if got := dump(r); got != want {
			t.Errorf("the database holds %s, want %s", got, want)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// commits is the number of the last commit.
func commits(t testing.TB, db *DB) (id int) {
	t.Helper()
	if err := db.bolt.View(func(tx *bbolt.Tx) error { id = tx.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return id
}

// hold keeps the writer busy in a closure until release is called, which waits for that
// closure to be answered. Everything that is queued meanwhile joins its group.
func hold(t testing.TB, db *DB, fn func(kv.Tx) error) (release func() error) {
	t.Helper()
	begun, gate, answer := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		answer <- db.Update(context.Background(), func(tx kv.Tx) error {
			close(begun)
			<-gate
			return fn(tx)
		})
	}()
	<-begun
	return func() error { close(gate); return <-answer }
}

// queue calls Update from another goroutine and returns when it waits behind those
// queued before it, while the writer is held.
func queue(ctx context.Context, db *DB, fn func(kv.Tx) error) <-chan any {
	waiting := len(db.jobs)
	answer := begin(ctx, db, fn)
	for len(db.jobs) == waiting {
		runtime.Gosched()
	}
	return answer
}

// begin calls Update from another goroutine. The answer, a *Panic among them, comes out of
// the channel; it is closed without one when the closure ended its goroutine.
func begin(ctx context.Context, db *DB, fn func(kv.Tx) error) <-chan any {
	answer := make(chan any, 1)
	go func() {
		defer close(answer)
		defer func() {
			if p := recover(); p != nil {
				answer <- p
			}
		}()
		err := db.Update(ctx, fn)
		answer <- err
	}()
	return answer
}

// TestCloseWaitsForCallers: also for one who has not yet reached the queue, which Close ends.
func TestCloseWaitsForCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := opened(t)
		if err := db.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		closed := make(chan error, 1)
		go func() { closed <- db.Close() }()
		synctest.Wait()
		select {
		case err := <-closed:
			t.Fatalf("Close() = %v while a call is under way", err)
		default:
		}
		db.leave()
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

func TestClosedMessages(t *testing.T) {
	db := opened(t)
	if size, err := db.Size(t.Context()); err != nil || size <= 0 {
		t.Errorf("Size() = %d, %v, want bytes", size, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Size(t.Context()); err != kv.ErrClosed {
		t.Errorf("Size after Close = %v, want ErrClosed", err)
	}
	if err := db.Check(t.Context()); err != kv.ErrClosed {
		t.Errorf("Check after Close = %v, want ErrClosed", err)
	}
}
