package discord

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Discord lets a bot make 50 calls a second, those that answer interactions apart.
// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
const (
	globalCalls = 50
	// The calls of one second do not all take the same time on their way: without the twentieth
	// on top, some of the next second arrive in this one.
	globalSpan = time.Second + time.Second/25
)

// sweepAfter is how many buckets there are before the first are forgotten.
const sweepAfter = 64

// traffic lets calls go when Discord's limits allow it: over all, and of each bucket. A call
// waits in one line with all others; who is held up by a bucket holds up nobody behind.
type traffic struct {
	log *slog.Logger

	mu      sync.Mutex
	routes  map[string]string  // Discord's name for the limit of a route; "" when it has none
	buckets map[string]*bucket // by that name, or else the route, and the major resource
	sweep   int                // forget idle buckets when there are as many
	line    []*seat            // first come, first served
	alarm   *time.Timer        // when somebody in line may go
	bad     offences

	sent  [globalCalls]time.Time // the last calls, a ring
	next  int                    // the oldest of them
	until time.Time              // no call before, since a global 429
	doubt bool                   // after which one call goes first, and the others with its answer
	scout *seat                  // that one
}

func newTraffic(log *slog.Logger) *traffic {
	t := &traffic{log: log, routes: map[string]string{}, buckets: map[string]*bucket{}, sweep: sweepAfter}
	t.alarm = time.AfterFunc(mostPause, t.ring)
	t.alarm.Stop()
	return t
}

// A seat is a call in line or under way.
type seat struct {
	route, major string
	open         bool    // no part of the global limit
	b            *bucket // see bucket
	giveUp       time.Time
	turn         chan struct{} // closed when it may go, or err says why not
	err          error
}

// bucket is where s counts.
func (s *seat) bucket() *bucket {
	for s.b.into != nil {
		s.b = s.b.into
	}
	return s.b
}

// A mustWait is that a call would have to wait longer than it may.
type mustWait struct {
	after time.Duration
	why   string
}

func (e *mustWait) Error() string {
	return fmt.Sprintf("held back for %v by %s", e.after.Round(time.Millisecond), e.why)
}

// Why a call is held back.
const (
	byLimits   = "Discord's limits"
	byRefusals = "the many calls of late that Discord has refused: soon it would refuse all"
)

// clock is real time, which limits are of: the clock in a Config is the calendar's, and a test
// may stop that.
func (t *traffic) clock() time.Time { return time.Now() } //nolint:forbidigo // see above

// pass waits until c may go, and not at all where that would be after giveUp or ctx has ended.
// The seat is to be handed back with done.
func (t *traffic) pass(ctx context.Context, c call, giveUp time.Time) (*seat, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if end, ok := ctx.Deadline(); ok && end.Before(giveUp) {
		giveUp = end
	}
	s := &seat{open: c.open, giveUp: giveUp, turn: make(chan struct{})}
	s.route, s.major = routeOf(c.method, c.path)
	if err := t.join(s); err != nil {
		return nil, err
	}
	select {
	case <-s.turn:
		return s, s.err
	case <-ctx.Done():
		t.leave(s)
		return nil, ctx.Err()
	}
}

func (t *traffic) join(s *seat) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	if !s.open {
		if after := t.bad.tooMany(now); after > 0 {
			if t.bad.warn() {
				t.log.Error("Discord has refused too many calls: only what answers people is sent", "wait", after)
			}
			return &mustWait{after, byRefusals}
		}
	}
	b := t.bucket(s.route, s.major)
	due := b.due(now)
	if !s.open {
		due = later(due, t.due(now))
	}
	if due.After(s.giveUp) {
		return &mustWait{due.Sub(now), byLimits}
	}
	s.b = b
	b.waiting++
	t.line = append(t.line, s)
	t.serve(now)
	return nil
}

// leave is for who does not want to go any more.
func (t *traffic) leave(s *seat) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	if i := slices.Index(t.line, s); i >= 0 {
		t.line = slices.Delete(t.line, i, i+1)
		s.bucket().waiting--
	} else if s.err == nil { // its turn has come just now
		t.land(s)
	}
	t.serve(now)
}

// done hands a seat back, with what came of its call.
func (t *traffic) done(s *seat, got response) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	scout := s == t.scout
	t.land(s)
	if got.invalid() {
		t.bad.count(now)
	}
	t.name(s, got)
	b := t.bucket(s.route, s.major)
	switch {
	case got.global():
		t.until, t.doubt = later(t.until, now.Add(got.retryAfter())), true
		if s.open {
			b.refuse(t.until)
		}
	case got.limited():
		b.refuse(now.Add(got.retryAfter()))
	case got.status > 0:
		b.learn(got.header, now)
	}
	if scout {
		t.doubt = got.status == 0 || got.global()
	}
	t.serve(now)
}

// land counts a call as under way no longer.
func (t *traffic) land(s *seat) {
	s.bucket().flying--
	if s == t.scout {
		t.scout = nil
	}
}

// name learns what Discord calls the limit of a route.
func (t *traffic) name(s *seat, got response) {
	name := got.header.Get("X-RateLimit-Bucket")
	_, known := t.routes[s.route]
	if name != "" {
		t.routes[s.route] = name
	} else if !known && got.status >= http.StatusOK && got.status < http.StatusMultipleChoices {
		t.routes[s.route] = ""
		s.bucket().free = true
	}
}

// bucket is that of a route and a major resource. Before Discord has told its name it is kept
// by its route; then it moves, or turns out to be one that is known.
func (t *traffic) bucket(route, major string) *bucket {
	name, known := t.routes[route]
	key := route + " " + major
	unnamed := t.buckets[key]
	if name != "" {
		delete(t.buckets, key)
		key = name + " " + major
	}
	b := t.buckets[key]
	switch {
	case b == nil && unnamed != nil:
		b = unnamed
	case b == nil:
		t.forget()
		b = &bucket{free: known && name == ""}
	case unnamed != nil && unnamed != b:
		unnamed.join(b)
	}
	t.buckets[key] = b
	return b
}

// forget drops idle buckets now and then: every interaction has its own.
func (t *traffic) forget() {
	if len(t.buckets) < t.sweep {
		return
	}
	now := t.clock()
	for key, b := range t.buckets {
		if b.idle(now) {
			delete(t.buckets, key)
		}
	}
	t.sweep = max(sweepAfter, 2*len(t.buckets))
}

func (t *traffic) ring() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.serve(t.clock())
}

// serve lets go whoever may, turns away who would wait too long, and sets the alarm for the next.
func (t *traffic) serve(now time.Time) {
	next := now.Add(mostPause)
	waiting := t.line[:0]
	for _, s := range t.line {
		at, ok := t.ready(s, now)
		switch {
		case ok && !at.After(now):
			t.send(s, now)
			continue
		case ok && at.After(s.giveUp):
			s.turnAway(at.Sub(now))
			continue
		case !now.Before(s.giveUp):
			s.turnAway(unsaidPause)
			continue
		case !ok || s.giveUp.Before(at):
			at = s.giveUp
		}
		next = earlier(next, at)
		waiting = append(waiting, s)
	}
	clear(t.line[len(waiting):])
	t.line = waiting
	t.alarm.Stop()
	if len(t.line) > 0 {
		t.alarm.Reset(next.Sub(now))
	}
}

func (s *seat) turnAway(after time.Duration) {
	s.bucket().waiting--
	s.err = &mustWait{after, byLimits}
	close(s.turn)
}

// ready is when a call may go; ok is false when an answer that is due decides that.
func (t *traffic) ready(s *seat, now time.Time) (at time.Time, ok bool) {
	at, ok = s.bucket().ready(now)
	if s.open || !ok {
		return at, ok
	}
	at = later(at, t.until, t.sent[t.next].Add(globalSpan))
	return at, t.scout == nil
}

// due is when a call that comes behind all in line may go, those apart whom a bucket holds up.
func (t *traffic) due(now time.Time) time.Time {
	ahead := 0
	for _, s := range t.line {
		if at, ok := s.bucket().ready(now); !s.open && ok && !at.After(now) {
			ahead++
		}
	}
	slot := t.sent[(t.next+ahead)%globalCalls].Add(globalSpan)
	return later(now, t.until, slot).Add(time.Duration(ahead/globalCalls) * globalSpan)
}

// send lets a call go.
func (t *traffic) send(s *seat, now time.Time) {
	b := s.bucket()
	b.crowded = b.flying > 0
	b.waiting--
	b.flying++
	b.left--
	if !s.open {
		t.sent[t.next] = now
		t.next = (t.next + 1) % globalCalls
		if t.doubt {
			t.scout = s
		}
	}
	close(s.turn)
}

func later(t time.Time, others ...time.Time) time.Time {
	return slices.MaxFunc(append(others, t), time.Time.Compare)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Of 10,000 invalid requests in ten minutes Discord shuts out the whole address. Half of that
// is kept for whoever else is behind it, and for what answers people.
// https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
const (
	mostOffences   = 5000
	offenceMinutes = 10
)

// offences are counted by the minute.
type offences struct {
	minutes [offenceMinutes + 1]struct {
		minute int64
		n      int
	}
	warned bool
}

func (o *offences) count(now time.Time) {
	minute := now.Unix() / 60
	m := &o.minutes[minute%int64(len(o.minutes))]
	if m.minute != minute {
		m.minute, m.n = minute, 0
	}
	m.n++
}

// tooMany is how long it takes until there are few enough again, 0 when there are.
func (o *offences) tooMany(now time.Time) time.Duration {
	minute, sum := now.Unix()/60, 0
	for back := range int64(len(o.minutes)) {
		m := o.minutes[(minute-back)%int64(len(o.minutes))]
		if m.minute == minute-back {
			sum += m.n
		}
		if sum >= mostOffences {
			return time.Unix((m.minute+offenceMinutes+1)*60, 0).Sub(now)
		}
	}
	o.warned = false
	return 0
}

// warn is true the first time since there were few enough.
func (o *offences) warn() bool {
	first := !o.warned
	o.warned = true
	return first
}
