package nudge

import (
	"context"
	"fmt"
	"sync"

	"payoff/goals/engine"
)

// mostSpaces is how many spaces are sent to at a time: enough that a few that hang do not
// hold up the rest.
const mostSpaces = 16

// A space is a workspace or a server.
type space struct{ platform, id string }

func spaceOf(to engine.Contact) space { return space{to.Platform, to.Space} }

// A round is one run's deliveries.
type round struct {
	n *Nudger

	mu    sync.Mutex
	freed *sync.Cond
	count Count
	err   error
	busy  int
	ended int
	shut  map[space]bool // being sent to, or failing
}

// run sends until nothing is left that may be sent, and returns when all of it has ended.
func (r *round) run(ctx context.Context) (Count, error) {
	var under sync.WaitGroup
	for done := false; !done; {
		r.mu.Lock()
		seen := r.ended
		r.mu.Unlock()
		out, ok, err := r.n.cfg.Engine.Lease(ctx, r.isShut)
		r.mu.Lock()
		if err != nil && r.err == nil {
			r.err = err
		}
		if ok && err == nil {
			r.shut[spaceOf(out.To)] = true
			r.busy++
			under.Go(func() { r.deliver(ctx, out) })
		}
		// What has ended may have opened a space for which more is waiting.
		for r.err == nil && (!ok && r.busy > 0 && r.ended == seen || r.busy == mostSpaces) {
			r.freed.Wait()
		}
		done = r.err != nil || !ok && r.ended == seen
		r.mu.Unlock()
	}
	under.Wait()
	return r.count, r.err
}

func (r *round) isShut(to engine.Contact) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shut[spaceOf(to)]
}

// deliver sends one message, and opens its space again if that went well.
func (r *round) deliver(ctx context.Context, out engine.Outgoing) {
	c, well, err := r.n.deliver(ctx, out)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count.Sent, r.count.Failed, r.count.Dropped = r.count.Sent+c.Sent, r.count.Failed+c.Failed, r.count.Dropped+c.Dropped
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("deliver %s: %w", out.Key, err)
	}
	if well {
		delete(r.shut, spaceOf(out.To))
	}
	r.busy--
	r.ended++
	r.freed.Signal()
}
