package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"payoff/storage/kv"
)

// A group ends at this many closures or bytes, so that the first of them does not wait
// for ever while others keep coming, and its pages fit in memory.
const (
	maxGroup      = 1000
	maxGroupBytes = 8 << 20
)

// A Panic is what Update panics with in its caller when the closure has panicked: the
// closure ran on another goroutine, and its stack is the one that tells why.
type Panic struct {
	Value any    // what the closure panicked with
	Stack []byte // where
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Unwrap returns what the closure panicked with when that is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// A job is a closure on its way through the writer.
type job struct {
	ctx     context.Context
	fn      func(kv.Tx) error
	claimed atomic.Bool   // by the writer, to run it, or by the caller, to give it up
	done    chan struct{} // closed when the fields below are final; nil when the caller runs it

	err   error
	panic *Panic
	exit  bool // fn called runtime.Goexit, as the Fatal methods of tests do
}

// Update runs fn and returns when its writes are on disk. When ctx ends before fn has its
// turn, fn does not run; once it has begun, ctx is no longer looked at. An error that
// begins with "commit" says that the disk failed: the writes of fn may then be found in
// the file later, or not.
//
// A panic of fn goes on in the caller as a *Panic. An Update inside fn would wait for itself.
func (db *DB) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if err := db.enter(ctx); err != nil {
		return err
	}
	defer db.leave()
	// With nobody to share a commit with, handing over to the writer and being woken
	// again would only take time.
	if len(db.jobs) == 0 && db.turn.TryLock() {
		return db.alone(&job{fn: fn})
	}
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case db.jobs <- j:
		return j.wait()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wait returns what the writer answers, or gives the job up when its context ends first.
func (j *job) wait() error {
	select {
	case <-j.done:
	case <-j.ctx.Done():
		if j.claimed.CompareAndSwap(false, true) {
			return j.ctx.Err()
		}
		<-j.done
	}
	return j.answer()
}

// answer ends in the caller as the closure has ended.
func (j *job) answer() error {
	if j.panic != nil {
		panic(j.panic)
	}
	if j.exit {
		runtime.Goexit()
	}
	return j.err
}

// claim reports that the job is the writer's to run. Otherwise its caller has gone, or is going.
func (j *job) claim() bool {
	return j.ctx.Err() == nil && j.claimed.CompareAndSwap(false, true)
}

// alone runs a job in its caller, who has taken the turn.
func (db *DB) alone(j *job) error {
	func() {
		defer db.turn.Unlock()
		g := &group{db: db}
		defer g.finish()
		if g.begin(j) {
			g.run(j)
		}
	}()
	return j.answer()
}

// write is the writer's goroutine. It ends when Close has closed the channel.
func (db *DB) write() {
	ended := false
	defer func() {
		if !ended {
			go db.write() // a closure has ended this goroutine with runtime.Goexit
			return
		}
		close(db.stopped)
	}()
	for j := range db.jobs {
		if j.claim() {
			db.groups(j)
		}
	}
	ended = true
}

// groups commits group after group until nobody waits. It keeps the turn meanwhile, so
// that none of the callers that a commit wakes goes ahead alone, with a commit of its own.
func (db *DB) groups(j *job) {
	db.turn.Lock()
	defer db.turn.Unlock()
	for j != nil {
		j = db.group(j)
	}
}

// group runs j and the closures that wait behind it, commits them together, and returns
// the job to go on with.
func (db *DB) group(j *job) *job {
	g := &group{db: db}
	defer g.finish() // also when a closure ends this goroutine
	if !g.begin(j) {
		return nil
	}
	for j != nil && !g.full() {
		g.run(j)
		j = db.next()
	}
	return j
}

// next takes a waiting job, or returns nil when there is none. Before it gives up it lets
// other goroutines run once: the callers that the last commit woke are about to come
// back, and are better served by this commit than by the one after it.
func (db *DB) next() *job {
	for yielded := false; ; {
		select {
		case j, open := <-db.jobs:
			if !open {
				return nil
			}
			if j.claim() {
				return j
			}
		default:
			if yielded {
				return nil
			}
			yielded = true
			runtime.Gosched()
		}
	}
}

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

// begin opens the transaction. When it cannot, j is answered with the reason.
func (g *group) begin(j *job) bool {
	if g.err = g.db.broken; g.err == nil {
		if g.tx, g.err = g.db.bolt.Begin(true); g.err == nil {
			g.pages, g.buffer = newPages(g.tx), newBuffer()
			return true
		}
	}
	g.jobs = append(g.jobs, j)
	return false
}

func (g *group) full() bool {
	return g.err != nil || len(g.jobs) == maxGroup || g.size >= maxGroupBytes
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
		if j.done != nil {
			close(j.done)
		}
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
