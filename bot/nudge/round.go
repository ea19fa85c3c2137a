package nudge

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"payoff/bot/chat"
	"payoff/goals/engine"
)

const (
	// mostAtOnce is how many messages are on their way at a time, those apart that a space has
	// put off: enough to keep a platform that takes fifty a second at its limit, with a second's
	// wait.
	mostAtOnce = 64
	// mostInSpace is how many of them go to one space, so that a large one leaves others room.
	mostInSpace = 16
	// longestPause is how long a run waits for a space that says when it will take more.
	longestPause = 5 * time.Second
	// claimEvery is how often a run that lasts looks for what has fallen due since: a space
	// whose turn comes a minute later does not wait until a large one is through.
	claimEvery = 10 * time.Second
)

// A round is one run's deliveries.
type round struct {
	n *Nudger

	mu      sync.Mutex
	turned  *sync.Cond // something below has changed
	count   Count
	err     error
	busy    int // messages that were leased and have not ended
	putOff  int // of these, those that wait for their space
	changes int // that may let begin do more
	toClaim bool
	spaces  map[engine.SpaceID]*lane
	after   engine.SpaceID // served last
}

// A lane is a space in a run. It is tried with one message before it is given several, at first
// and whenever it has put one off.
type lane struct {
	busy     int  // as in round
	flying   int  // of these, those that are being sent
	most     int  // how many may fly
	pauses   int  // that it asked for, and that are not over
	leftOver bool // it failed: it is left alone until the next run
}

// run sends until nothing is left that may be sent, and returns when all of it has ended.
func (r *round) run(ctx context.Context) (Count, error) {
	defer context.AfterFunc(ctx, func() { r.change(func() {}) })()
	over := make(chan struct{})
	var under, clock sync.WaitGroup
	clock.Go(func() {
		tick := time.NewTicker(claimEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				r.change(func() { r.toClaim = true })
			case <-over:
				return
			}
		}
	})
	for r.begin(ctx, &under) {
	}
	under.Wait()
	close(over)
	clock.Wait()
	return r.count, r.err
}

// change changes something, and has everyone look at it who waits.
func (r *round) change(what func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	what()
	r.changes++
	r.turned.Broadcast()
}

// begin starts what can be sent now, and waits for a change when that was nothing. It reports
// whether there may be more.
func (r *round) begin(ctx context.Context, under *sync.WaitGroup) bool {
	r.mu.Lock()
	seen, toClaim := r.changes, r.toClaim
	r.toClaim = false
	w := engine.Wish{Most: r.n.cfg.AtOnce - r.busy + r.putOff, Room: r.room, After: r.after}
	r.mu.Unlock()
	claimed, claimErr := 0, error(nil)
	if toClaim {
		claimed, claimErr = r.n.claim(ctx)
	}
	taken, err := r.n.cfg.Engine.Lease(ctx, w)

	r.mu.Lock()
	defer r.mu.Unlock()
	r.count.Claimed += claimed
	if err = errors.Join(claimErr, err); err != nil && r.err == nil {
		r.err = err
	}
	for _, out := range taken { // once leased, they are seen through
		r.after = out.To.In()
		r.lane(r.after).busy++
		r.busy++
		under.Go(func() { r.deliver(ctx, out) })
	}
	// What has ended may have opened a space, or a line, in which more is waiting.
	for r.err == nil && r.busy > 0 && r.changes == seen && (len(taken) == 0 || r.busy-r.putOff >= r.n.cfg.AtOnce) {
		r.turned.Wait()
	}
	return r.err == nil && (len(taken) > 0 || r.changes != seen)
}

func (r *round) lane(s engine.SpaceID) *lane {
	l := r.spaces[s]
	if l == nil {
		l = &lane{most: 1}
		r.spaces[s] = l
	}
	return l
}

// room is how many more may be on their way to a space.
func (r *round) room(s engine.SpaceID) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lane(s)
	if l.leftOver {
		return 0
	}
	return l.most - l.busy
}

// deliver sends one message, and keeps what that says of its space.
func (r *round) deliver(ctx context.Context, out engine.Outgoing) {
	o, err := r.n.deliver(ctx, out, func(send func(context.Context) error) error { return r.try(ctx, out, send) })
	r.change(func() {
		r.count.Sent, r.count.Failed, r.count.Dropped = r.count.Sent+o.Sent, r.count.Failed+o.Failed, r.count.Dropped+o.Dropped
		if err != nil && r.err == nil {
			r.err = fmt.Errorf("deliver %s: %w", out.Key, err)
		}
		l := r.lane(out.To.In())
		l.busy--
		l.leftOver = l.leftOver || o.ill
		r.busy--
	})
}

// try sends a message when its space is open to it, and again each time that the space has put
// it off for a while. So it keeps its place, and what was only put off is no attempt that failed.
func (r *round) try(ctx context.Context, out engine.Outgoing, send func(context.Context) error) (err error) {
	for refused := false; ; refused = true {
		if !r.takeOff(ctx, out.To.In(), refused) {
			if err == nil {
				err = errors.Join(ctx.Err(), errors.New("its space takes nothing now"))
			}
			return err
		}
		left, ok := r.n.cfg.Engine.Holds(out)
		if !ok { // this process was stopped for so long that another has it by now
			err = errLost
		} else {
			sending, cancel := context.WithTimeout(ctx, left)
			err = send(sending)
			cancel()
		}
		if !r.land(out.To.In(), err) {
			return err
		}
	}
}

// takeOff waits until one more may fly to a space. It is false when none may in this run.
func (r *round) takeOff(ctx context.Context, s engine.SpaceID, again bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lane(s)
	for ctx.Err() == nil && !l.leftOver && (l.pauses > 0 || l.flying >= l.most) {
		r.turned.Wait()
	}
	if again {
		r.putOff--
	}
	if ctx.Err() != nil || l.leftOver {
		return false
	}
	l.flying++
	return true
}

// land keeps what sending has said of a space. It reports whether the space has put the message
// off for so short a time that the run waits.
func (r *round) land(s engine.SpaceID, err error) (putOff bool) {
	var failed *chat.Error
	putOff = errors.As(err, &failed) && failed.Kind == chat.RateLimited && 0 < failed.RetryAfter && failed.RetryAfter <= longestPause
	r.change(func() {
		l := r.lane(s)
		l.flying--
		switch {
		case err == nil:
			l.most = min(l.most+1, mostInSpace)
		case putOff:
			l.most = 1
			l.pauses++
			r.putOff++
			time.AfterFunc(failed.RetryAfter, func() { r.change(func() { l.pauses-- }) })
		}
	})
	return putOff
}
