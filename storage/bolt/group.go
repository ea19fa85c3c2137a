package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

const (
	// A group ends at this many closures or bytes, so that the first of them does not wait
	// for ever while others keep coming, and its pages fit in memory.
	maxGroup      = 1000
	maxGroupBytes = 8 << 20

	// worthwhile is the bytes with which a group no longer waits for others to share its commit:
	// the two disk syncs are then the smaller part of it.
	worthwhile = 256 << 10
)

// A group is the closures that one commit brings to disk. They run on what is there already
// and, above that, on what the group before has written, which may still be on its way: what
// one of them has seen is no less on disk than what it wrote by the time it is answered.
type group struct {
	db     *DB
	before *group    // is being committed, or nil
	at     *bbolt.Tx // the state of the disk, while closures run
	pages  *pages    // of it
	buffer *buffer   // what the closures have written that succeeded
	own    *buffer   // what the closure that runs has written
	jobs   []*job    // that have run and wait for their answer
	err    error     // why nothing of the group is on disk
}

// look has closures see the disk as it is now.
func (g *group) look() (err error) {
	if g.at != nil {
		return nil
	}
	if broken := g.db.broken.Load(); broken != nil {
		return *broken
	}
	if g.at, err = g.db.bolt.Begin(false); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	g.pages = newPages(g.at)
	return nil
}

// rest lets go of the disk. bbolt cannot grow its file while somebody reads it, so that a
// group which waited for a commit in any other way could wait for ever.
func (g *group) rest() {
	if g.at != nil {
		_ = g.at.Rollback() // of a transaction that reads
	}
	g.at, g.pages = nil, nil
}

// run runs one closure, and keeps what it wrote only if it ends well.
func (g *group) run(j *job) {
	g.jobs = append(g.jobs, j)
	if j.err = g.look(); j.err != nil {
		return
	}
	t := &tx{pages: g.pages, own: g.own, below: [2]*buffer{g.buffer}}
	if g.before != nil {
		t.below[1] = g.before.buffer
	}
	returned := false
	defer func() {
		t.over = true
		if !returned {
			if p := recover(); p != nil {
				j.panic = &Panic{Value: p, Stack: debug.Stack()}
			} else {
				j.exit = true
			}
		} else if j.err == nil {
			g.keep()
		}
		g.own.reset()
	}()
	j.err = j.fn(t)
	returned = true
}

// keep takes over what a closure has written.
func (g *group) keep() {
	if g.buffer.empty() {
		g.buffer, g.own = g.own, g.buffer
		return
	}
	for _, block := range g.own.blocks {
		for _, e := range block {
			g.buffer.put(e)
		}
	}
}

// full reports whether a group is to be committed as it is; one whose turn has come no longer
// waits once its commit is worthwhile.
func (g *group) full(turn bool) bool {
	return len(g.jobs) >= maxGroup || g.buffer.size >= maxGroupBytes || turn && g.buffer.size >= worthwhile
}

// finish commits and answers, and gives the turn on. When the commit fails every job gets its
// error, also one that has failed by itself: it may have done so because of what the others wrote.
func (g *group) finish() {
	g.err = g.commit()
	g.before = nil // or no group would ever be forgotten
	g.db.underway.Store(nil)
	for _, j := range g.jobs {
		if g.err != nil {
			j.err = g.err
		}
		close(j.done)
	}
	g.db.turn <- struct{}{}
}

// doomed reports whether the closures have seen what never came to the disk. That is known once
// the turn has come.
func (g *group) doomed() bool { return g.before != nil && g.before.err != nil }

func (g *group) commit() error {
	if g.doomed() {
		return g.before.err
	}
	if g.buffer.empty() { // closures that wrote nothing cost no disk access
		return nil
	}
	tx, err := g.db.bolt.Begin(true)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := safely("write", func() error { return g.buffer.write(tx.Bucket(bucketName)) }); err != nil {
		return errors.Join(err, safely("roll back", tx.Rollback))
	}
	err = safely("commit", func() error { return g.db.commit(tx) })
	var p *Panic
	if errors.As(err, &p) {
		// What bbolt holds in memory can no longer be trusted.
		broken := fmt.Errorf("no more writes until the database is opened anew: %w", err)
		g.db.broken.Store(&broken)
		_ = safely("roll back", tx.Rollback) // lets go of bbolt's lock, for Close
	}
	return err
}

// safely runs an operation of bbolt, which panics where it finds the file damaged.
func safely(what string, fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Panic{Value: p, Stack: debug.Stack()}
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", what, err)
		}
	}()
	return fn()
}
