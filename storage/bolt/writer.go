package bolt

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"payoff/storage/kv"
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
	done    chan struct{} // closed when the fields below are final

	err   error
	panic *Panic
	exit  bool // fn called runtime.Goexit, as the Fatal methods of tests do
}

// Update runs fn in the writer and returns when its writes are on disk. When ctx ends
// before fn has its turn, fn does not run; once it has begun, ctx is no longer looked at.
// An error that begins with "commit" says that the disk failed: the writes of fn may then
// be found in the file later, or not.
//
// A panic of fn goes on in the caller as a *Panic. An Update inside fn would wait for itself.
func (db *DB) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if err := db.enter(ctx); err != nil {
		return err
	}
	defer db.leave()

	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case db.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.claimed.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-j.done
	}
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

// write is the writer's goroutine. It ends when Close has closed the channel. (A caller
// who finds no one waiting could do without it, and commit by himself. That was tried:
// alone he gains next to nothing, and 16 callers at once then share a commit by twos
// instead of by fourteens.)
func (db *DB) write() {
	ended := false
	defer func() {
		if !ended {
			go db.write() // a closure has ended this goroutine with runtime.Goexit
			return
		}
		<-db.turn // after the last commit
		close(db.stopped)
	}()
	for j := range db.jobs {
		db.group(j)
	}
	ended = true
}

// group runs j and the closures that come until the group before is on disk, and has them
// committed together, while the next group runs.
func (db *DB) group(j *job) {
	g := &group{db: db, before: db.underway.Load(), buffer: newBuffer(), own: newBuffer()}
	turn := false
	defer func() { // also when a closure ends this goroutine
		g.rest()
		if !turn {
			<-db.turn
		}
		if !g.doomed() { // or all that came meanwhile would fail with it, and so on
			db.underway.Store(g)
		}
		go g.finish()
	}()
	for {
		if j != nil && j.claim() {
			g.run(j)
		}
		if !turn {
			select {
			case <-db.turn:
				turn = true
			default:
			}
		}
		if g.full(turn) {
			return
		}
		if j = db.next(); j != nil {
			continue
		}
		if turn {
			return
		}
		g.rest()
		select {
		case j = <-db.jobs:
		case <-db.turn:
			turn = true // once more: those whom the last commit has answered may come back
		}
	}
}

// next takes a waiting job, or returns nil when there is none. Before it gives up it lets
// other goroutines run once: the callers that the last commit woke are about to come
// back, and are better served by this commit than by the one after it.
func (db *DB) next() *job {
	for yielded := false; ; yielded = true {
		select {
		case j := <-db.jobs:
			return j
		default:
			if yielded {
				return nil
			}
			runtime.Gosched()
		}
	}
}
