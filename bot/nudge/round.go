package nudge

import (
	"context"
	"fmt"
	"sync"
	"time"

	"payoff/goals/engine"
)

const (
	// mostAtOnce is how many messages are on their way at a time: enough to keep a platform
	// that takes fifty a second at its limit, with a second's wait.
	mostAtOnce = 64
	// mostInSpace is how many of them go to one space, so that a large one leaves others room.
	mostInSpace = 16
	// longestPause is how long a run waits for a space that says when it will take more.
	longestPause = 5 * time.Second
)

// A round is one run's deliveries.
type round struct {
	n *Nudger

	mu     sync.Mutex
	freed  *sync.Cond
	count  Count
	err    error
	busy   int
	ended  int
	spaces map[engine.SpaceID]*lane
	after  engine.SpaceID // served last
}

// A lane is a space in a run. It is tried with one message before it is given several.
type lane struct {
	busy     int
	works    bool // one message went well
	leftOver bool // it failed: it is left alone until the next run
}

// run sends until nothing is left that may be sent, and returns when all of it has ended.
func (r *round) run(ctx context.Context) (Count, error) {
	var under sync.WaitGroup
	for r.begin(ctx, &under) {
	}
	under.Wait()
	return r.count, r.err
}

// begin starts what can be sent now, and waits for something to end when that was nothing. It
// reports whether there may be more.
func (r *round) begin(ctx context.Context, under *sync.WaitGroup) bool {
	r.mu.Lock()
	seen := r.ended
	w := engine.Wish{Most: mostAtOnce - r.busy, Room: r.room, After: r.after}
	r.mu.Unlock()
	taken, err := r.n.cfg.Engine.Lease(ctx, w)

	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && r.err == nil {
		r.err = err
	}
	for _, out := range taken { // once leased, they are seen through
		r.after = out.To.In()
		r.lane(r.after).busy++
		r.busy++
		under.Go(func() { r.deliver(ctx, out) })
	}
	// What has ended may have opened a space, or a line, in which more is waiting.
	for r.err == nil && r.busy > 0 && r.ended == seen && (len(taken) == 0 || r.busy == mostAtOnce) {
		r.freed.Wait()
	}
	return r.err == nil && (len(taken) > 0 || r.ended != seen)
}

func (r *round) lane(s engine.SpaceID) *lane {
	l := r.spaces[s]
	if l == nil {
		l = &lane{}
		r.spaces[s] = l
	}
	return l
}

// room is how many more may be on their way to a space.
func (r *round) room(s engine.SpaceID) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch l := r.lane(s); {
	case l.leftOver:
		return 0
	case !l.works:
		return 1 - l.busy
	default:
		return mostInSpace - l.busy
	}
}

// deliver sends one message, and keeps what that says of its space.
func (r *round) deliver(ctx context.Context, out engine.Outgoing) {
	o, err := r.n.deliver(ctx, out)
	if o.pause > 0 && o.pause <= longestPause {
		waitFor(ctx, o.pause)
		o.ill = false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count.Sent, r.count.Failed, r.count.Dropped = r.count.Sent+o.Sent, r.count.Failed+o.Failed, r.count.Dropped+o.Dropped
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("deliver %s: %w", out.Key, err)
	}
	l := r.lane(out.To.In())
	l.busy--
	l.leftOver = l.leftOver || o.ill
	l.works = l.works || o.Sent > 0
	r.busy--
	r.ended++
	r.freed.Signal()
}

func waitFor(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
