package slack

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"
	"golang.org/x/time/rate"
)

// Calls a minute that Slack allows an app of each method in each workspace. It tolerates a
// minute's worth at once. https://docs.slack.dev/apis/web-api/rate-limits
const (
	tierThree = 50
	tierFour  = 100
)

// Messages are limited in each room and in the workspace; for the latter Slack says "several
// hundred a minute". https://docs.slack.dev/reference/methods/chat.postMessage#rate_limiting
const (
	postsAMinute  = 600
	postsAtOnce   = 100
	postsARoom    = 1 // a second
	postsRoomOnce = 4 // "short bursts": a message of several pages
)

// The methods that are called.
const (
	authTest       = "auth.test"
	postMessage    = "chat.postMessage"
	postEphemeral  = "chat.postEphemeral"
	updateMessage  = "chat.update"
	openRoom       = "conversations.open"
	history        = "conversations.history"
	userInfo       = "users.info"
	viewsOpen      = "views.open"
	viewsUpdate    = "views.update"
	viewsPublish   = "views.publish"
	uploadAddress  = "files.getUploadURLExternal"
	uploadComplete = "files.completeUploadExternal"

	// Two that are no methods, and have no limit that Slack would name.
	uploadData      = "upload"
	responseAddress = "response address"
)

func newMethodGate(method string) *gate {
	switch method {
	case uploadData, responseAddress:
		return nil
	case postMessage:
		return newGate(postsAMinute/60., postsAtOnce)
	case updateMessage, openRoom:
		return newGate(tierThree/60., tierThree)
	case history:
		// Read in trouble only, and then one message comes twice for each call that is put
		// off: Slack's own word is limit enough.
		return newGate(rate.Inf, 1)
	}
	return newGate(tierFour/60., tierFour)
}

// A queue is where the calls of one workspace wait, so that no other waits for them.
type queue struct {
	mu      sync.Mutex
	methods map[string]*gate
	rooms   *memory[string, *gate]
	tickets atomic.Int64
}

func newQueue() *queue {
	return &queue{methods: map[string]*gate{}, rooms: newMemory[string, *gate](rememberedRooms)}
}

// ticket is a place in the order of all callers. Who comes again with theirs is let in front
// of all who came later: however bad the weather is, somebody gets through.
func (q *queue) ticket() int64 { return q.tickets.Add(1) }

// method is the gate of a method, nil when it has none.
func (q *queue) method(name string) *gate {
	q.mu.Lock()
	defer q.mu.Unlock()
	g, ok := q.methods[name]
	if !ok {
		g = newMethodGate(name)
		q.methods[name] = g
	}
	return g
}

// pass waits until a call may leave: for its room first, if it has one, so that a busy room
// holds up no other.
func (q *queue) pass(ctx context.Context, r request) error {
	if r.room != "" {
		g := q.rooms.or(r.room, func() *gate { return newGate(postsARoom, postsRoomOnce) })
		if err := g.pass(ctx, r.ticket, r.effort.queue); err != nil {
			return err
		}
	}
	if g := q.method(r.method); g != nil {
		return g.pass(ctx, r.ticket, r.effort.queue)
	}
	return ctx.Err()
}

// A gate lets calls through at a rate, in the order of their tickets, and none for as long as
// Slack has told them to wait.
type gate struct {
	limiter *rate.Limiter

	mu    sync.Mutex
	line  []place // the first is next, and may be waiting for the limiter
	until time.Time
}

// A place is where someone stands in line. Its turn is closed when it is first.
type place struct {
	ticket int64
	turn   chan struct{}
}

func newGate(perSecond rate.Limit, atOnce int) *gate {
	return &gate{limiter: rate.NewLimiter(perSecond, atOnce)}
}

// pass waits for its turn. Where that would take longer than patience, or than ctx lasts, it
// does not wait: the error says how long it would have been.
func (g *gate) pass(ctx context.Context, ticket int64, patience time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if end, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(end))
	}
	p, wait := g.join(ticket)
	defer g.part(p)
	if wait > patience {
		return &slackapi.RateLimitedError{RetryAfter: wait}
	}
	select {
	case <-p.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		wait := g.paused()
		if wait > patience {
			return &slackapi.RateLimitedError{RetryAfter: wait}
		}
		if wait > 0 {
			if err := waitFor(ctx, wait); err != nil {
				return err
			}
			continue
		}
		r := g.limiter.Reserve()
		if err := waitFor(ctx, r.Delay()); err != nil {
			r.Cancel()
			return err
		}
		if g.paused() <= 0 { // Slack may have said so in the meantime
			return nil
		}
	}
}

// join takes a place behind all with a lower ticket, and behind who is next. It says how long
// that will have to wait.
func (g *gate) join(ticket int64) (place, time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := place{ticket, make(chan struct{})}
	ahead := len(g.line)
	for ahead > 1 && g.line[ahead-1].ticket > ticket {
		ahead--
	}
	g.line = slices.Insert(g.line, ahead, p)
	if ahead == 0 {
		close(p.turn)
	}
	wait := max(0, time.Until(g.until))
	need, free := float64(ahead+1), g.limiter.Tokens()
	if free < 0 {
		need-- // who is next has taken theirs in advance
	}
	if need > free {
		wait += time.Duration((need - free) / float64(g.limiter.Limit()) * float64(time.Second))
	}
	return p, wait
}

// part leaves the line, and lets on who is next.
func (g *gate) part(p place) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.line, p)
	g.line = slices.Delete(g.line, i, i+1)
	if i == 0 && len(g.line) > 0 {
		close(g.line[0].turn)
	}
}

// pause lets nobody through for a while. Limits are of real time: the clock in a Config is
// the calendar's, and a test may stop that.
func (g *gate) pause(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.until) { //nolint:forbidigo // see above
		g.until = until
	}
}

func (g *gate) paused() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.until)
}

// waitFor waits, or returns the error of a context that ended first.
func waitFor(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
