package slack

import (
	"sync"
	"time"
)

// Slack brings an event again at once, after a minute and after five minutes.
// https://docs.slack.dev/apis/events-api#retries
const (
	rememberFor  = 20 * time.Minute
	rememberMost = 100_000 // deliveries; more than three workspaces at Slack's limit bring in that time
	homeStays    = 24 * time.Hour
	homesMost    = 10_000
)

// recent is what happened of late: the deliveries that were taken, so that a repeat is not
// answered twice, and who has looked at their App Home, so that it is kept true.
type recent struct {
	mu    sync.Mutex
	byID  map[string]*turn
	order []taken // oldest first
	homes map[string]*home
}

// A home is the App Home of who has looked at it of late.
type home struct {
	seen  time.Time
	asked int // how often it was asked for

	publishing sync.Mutex
	shown      int // the asking whose answer is shown
}

type taken struct {
	id   string
	turn *turn
	at   time.Time
}

// A turn is one delivery in the hands of who took it first. A repeat is acknowledged as that
// one was.
type turn struct {
	once    sync.Once
	acked   chan struct{} // closed once payload stands
	payload any
}

// acknowledge tells Slack, the first time it is called.
func (t *turn) acknowledge(payload any, tell func(any)) {
	t.once.Do(func() {
		t.payload = payload
		close(t.acked)
		tell(payload)
	})
}

// repeatLimit leaves time for the first, which is due within ackLimit and may have begun no earlier.
const repeatLimit = ackLimit + 500*time.Millisecond

// wait is the payload of the first.
func (t *turn) wait() any {
	limit := time.NewTimer(repeatLimit)
	defer limit.Stop()
	select {
	case <-t.acked:
		return t.payload
	case <-limit.C:
		return nil
	}
}

// claim takes a delivery; first is false when somebody has it already.
func (r *recent) claim(id string, now time.Time) (t *turn, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expire(now)
	if t, ok := r.byID[id]; ok {
		return t, false
	}
	if r.byID == nil {
		r.byID = map[string]*turn{}
	}
	t = &turn{acked: make(chan struct{})}
	r.byID[id] = t
	r.order = append(r.order, taken{id, t, now})
	return t, true
}

// forget lets a delivery be taken again.
func (r *recent) forget(id string, t *turn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(id, t)
}

// drop leaves alone a later turn of the same delivery.
func (r *recent) drop(id string, t *turn) {
	if r.byID[id] == t {
		delete(r.byID, id)
	}
}

func (r *recent) expire(now time.Time) {
	n := 0
	for n < len(r.order) && (len(r.order)-n >= rememberMost || now.Sub(r.order[n].at) > rememberFor) {
		r.drop(r.order[n].id, r.order[n].turn)
		n++
	}
	clear(r.order[:n]) // or the turns stay reachable
	r.order = r.order[n:]
}

// sawHome remembers that someone has opened their App Home.
func (r *recent) sawHome(who string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h, ok := r.homes[who]; ok {
		h.seen = now
		return
	}
	if len(r.homes) >= homesMost {
		for other, h := range r.homes {
			if now.Sub(h.seen) > homeStays || len(r.homes) >= homesMost {
				delete(r.homes, other)
			}
		}
	}
	if r.homes == nil {
		r.homes = map[string]*home{}
	}
	r.homes[who] = &home{seen: now}
}

// home is that of someone who has opened it during the last day, nil of others, and the number
// of this asking: what is asked for later is never older.
func (r *recent) home(who string, now time.Time) (h *home, asking int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h, ok := r.homes[who]
	if !ok || now.Sub(h.seen) > homeStays {
		return nil, 0
	}
	h.asked++
	return h, h.asked
}

// show publishes what was answered to an asking, unless a later one is shown already.
func (h *home) show(asking int, publish func() error) error {
	h.publishing.Lock()
	defer h.publishing.Unlock()
	if asking < h.shown {
		return nil
	}
	err := publish()
	if err == nil {
		h.shown = asking
	}
	return err
}
