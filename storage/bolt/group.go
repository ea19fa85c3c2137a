package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// A group ends at this many closures or bytes, so that the first of them does not wait
// for ever while others keep coming, and its pages fit in memory.
const (
	maxGroup      = 1000
	maxGroupBytes = 8 << 20
)

// A group is the closures of one bbolt transaction.
type group struct {
	db     *DB
	tx     *bbolt.Tx
	pages  *pages  // what tx holds, the closures that have succeeded included
	buffer *buffer // what the closure that runs has written
	jobs   []*job  // that have run and wait for their answer
	size   int     // bytes written
	err    error   // why the transaction cannot be used
}

func (g *group) begin() (err error) {
	if g.db.broken != nil {
		return g.db.broken
	}
	if g.tx, err = g.db.bolt.Begin(true); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	g.pages, g.buffer = newPages(g.tx), newBuffer()
	return nil
}

// run runs one closure, and keeps what it wrote only if it ends well.
func (g *group) run(j *job) {
	g.jobs = append(g.jobs, j)
	t := &tx{pages: g.pages, buffer: g.buffer}
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
			g.err = safely("write", t.apply)
			g.size += g.buffer.size
		}
		g.buffer.reset()
	}()
	j.err = j.fn(t)
	returned = true
}

// finish commits and answers. When the commit fails every job gets its error, also one
// that has failed by itself: it may have done so because of what the others wrote.
func (g *group) finish() {
	if g.tx != nil {
		g.end()
	}
	for _, j := range g.jobs {
		if g.err != nil {
			j.err = g.err
		}
		close(j.done)
	}
}

func (g *group) end() {
	if g.err != nil || !g.pages.changed { // closures that wrote nothing cost no disk access
		g.err = errors.Join(g.err, safely("roll back", g.tx.Rollback))
		return
	}
	g.err = safely("commit", g.tx.Commit)
	var p *Panic
	if errors.As(g.err, &p) {
		// What bbolt holds in memory can no longer be trusted.
		g.db.broken = fmt.Errorf("no more writes until the database is opened anew: %w", g.err)
		_ = safely("roll back", g.tx.Rollback) // lets go of bbolt's lock, for Close
	}
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
