// Package bolt keeps payoff's keys in one bucket of one bbolt file. It is the default
// driver: nothing to install, one process at a time.
//
// What holds:
//   - Every write goes through one goroutine (writer.go). It runs the closures that are
//     waiting one after the other, and all of them are committed at once (group.go) before
//     they are answered, so that many callers share the two disk syncs of a commit and a
//     single caller waits for no one. While a group is on its way to the disk the closures
//     of the next one run, and see what it wrote; if it never arrives, they fail with it.
//   - What a closure writes stays in a buffer (buffer.go) until it has succeeded. One that
//     fails or panics has touched nothing, and the next one sees nothing of it.
//   - A closure is run once at most, though its contract (package kv) would allow more.
//   - A file that is not ours is never written to, and neither is one that is damaged
//     where Open can see it.
//
// The package imports storage/kv and nothing else of the project.
package bolt

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"payoff/storage/kv"
)

// bucketName is the bucket that holds all keys. A bbolt file without it is not ours.
var bucketName = []byte("payoff")

// A DB is an open database file. Its methods may be called from many goroutines.
type DB struct {
	bolt  *bbolt.DB
	path  string
	close func() error // what Close does, once

	mu     sync.Mutex     // guards closed, and calls against an Add during its Wait
	closed bool           // no further call may begin
	calls  sync.WaitGroup // calls that have begun

	jobs     chan *job             // closures for the writer
	stopped  chan struct{}         // closed when the writer has ended
	turn     chan struct{}         // one, that the group which is committed has
	underway atomic.Pointer[group] // is being committed
	broken   atomic.Pointer[error] // why nothing may be written any more
	commit   func(*bbolt.Tx) error // for tests to fail
}

var _ kv.Driver = (*DB)(nil)

// start takes over an open bbolt file and starts its writer.
func start(b *bbolt.DB, path string) *DB {
	db := &DB{
		bolt: b,
		path: path,
		// Room for one full group, so that callers seldom wait to hand over a closure.
		jobs:    make(chan *job, maxGroup),
		stopped: make(chan struct{}),
		turn:    make(chan struct{}, 1),
		commit:  (*bbolt.Tx).Commit,
	}
	db.turn <- struct{}{}
	db.close = sync.OnceValue(db.shut)
	go db.write()
	return db
}

// enter counts a call in, so that Close waits for it. Each enter that succeeds is paired with a leave.
func (db *DB) enter(ctx context.Context) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return kv.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	db.calls.Add(1)
	return nil
}

func (db *DB) leave() { db.calls.Done() }

// View runs fn on the state of the last commit. The context is looked at before fn runs,
// not while it does. A View that stays open for long keeps freed pages from being used again.
func (db *DB) View(ctx context.Context, fn func(kv.Reader) error) error {
	return db.read(ctx, func(tx *bbolt.Tx) error {
		v := &view{pages: newPages(tx)}
		defer func() { v.over = true }()
		return fn(v)
	})
}

// read runs fn in a read transaction of bbolt and counts it among the running calls.
func (db *DB) read(ctx context.Context, fn func(*bbolt.Tx) error) error {
	if err := db.enter(ctx); err != nil {
		return err
	}
	defer db.leave()
	return db.bolt.View(fn)
}

// Size returns the bytes the database takes in its file, free pages included.
func (db *DB) Size(ctx context.Context) (size int64, err error) {
	err = db.read(ctx, func(tx *bbolt.Tx) error {
		size = tx.Size()
		return nil
	})
	return size, err
}

// Close waits for the calls that have begun, among them every Update that waits for its
// turn, and closes the file. A second Close returns what the first did. Called from
// inside a closure it would wait for itself.
func (db *DB) Close() error { return db.close() }

func (db *DB) shut() error {
	db.mu.Lock()
	db.closed = true
	db.mu.Unlock()
	db.calls.Wait()
	close(db.jobs)
	<-db.stopped
	if err := db.bolt.Close(); err != nil {
		return fmt.Errorf("close database %s: %w", db.path, err)
	}
	return nil
}
