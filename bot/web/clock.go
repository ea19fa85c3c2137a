package web

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// A Clock is a base clock moved by an offset. It goes forwards only: what was logged in a
// week to come would otherwise stand in the future.
type Clock struct {
	base   func() time.Time
	mu     sync.Mutex
	offset time.Duration
}

// NewClock moves base by offset, which may be negative.
func NewClock(base func() time.Time, offset time.Duration) *Clock {
	return &Clock{base: base, offset: offset}
}

// Now is the workspace's time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// now drops the monotonic reading, which knows nothing of the offset.
func (c *Clock) now() time.Time { return c.base().Round(0).Add(c.offset).UTC() }

// Offset is how far the clock is ahead of its base.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Set moves the clock to t, or refuses with one sentence when that is in its past.
func (c *Clock) Set(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if t.Before(now) {
		return refusal{409, fmt.Sprintf("The clock goes forwards only: it is already past %s.", t.UTC().Format("Mon 2 Jan 2006, 15:04 UTC"))}
	}
	c.offset += t.Sub(now)
	return nil
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d < 0 {
		return refusal{409, "The clock goes forwards only."}
	}
	c.offset += d
	return nil
}

// A step is how far a button moves the clock from now, in a person's own zone.
type step func(now time.Time) time.Time

var steps = map[string]step{
	"monday": nextMonday,
	"day":    func(now time.Time) time.Time { return now.AddDate(0, 0, 1) },
	"week":   func(now time.Time) time.Time { return now.AddDate(0, 0, 7) },
}

// nextMonday is the first Monday 09:00 after now, by now's own zone.
func nextMonday(now time.Time) time.Time {
	days := (int(time.Monday) - int(now.Weekday()) + 7) % 7
	y, m, d := now.Date()
	at := time.Date(y, m, d+days, 9, 0, 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(y, m, d+days+7, 9, 0, 0, 0, now.Location())
	}
	return at
}

// stops bounds how often one move stops on its way, should NextDue never come to an end.
const stops = 10_000

// MoveTo moves the workspace's clock to t, stopping wherever something falls due, and
// returns when all of it is done. One move runs at a time; a past t is refused.
func (w *Workspace) MoveTo(ctx context.Context, t time.Time) error {
	if err := w.begin(); err != nil {
		return err
	}
	defer w.acts.Done()
	if !w.moving.TryLock() {
		return errMoving
	}
	defer w.moving.Unlock()
	if t.Before(w.clock.Now()) {
		return w.clock.Set(t)
	}
	ctx, end := w.alive(ctx)
	defer end()
	var last time.Time
	for range stops {
		due, ok := w.nextDue()
		// What stays due after its time was reached would hold the clock here for ever.
		if !ok || due.After(t) || !due.After(last) || ctx.Err() != nil {
			break
		}
		last = due
		w.arrive(ctx, due)
	}
	if ctx.Err() == nil {
		w.arrive(ctx, t)
	}
	return ctx.Err()
}

// arrive moves the clock to t, unless real time has got there first, and does what is due.
func (w *Workspace) arrive(ctx context.Context, t time.Time) {
	if w.clock.Set(t) == nil {
		w.clockMoved()
	}
	if w.cfg.Moved != nil {
		w.cfg.Moved(ctx, w.clock.Now())
	}
}

func (w *Workspace) nextDue() (time.Time, bool) {
	if w.cfg.NextDue == nil {
		return time.Time{}, false
	}
	return w.cfg.NextDue()
}

func (w *Workspace) clockMoved() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rev++
	w.clockRev = w.rev
	w.wake()
}
