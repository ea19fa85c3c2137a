package nudge_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/kv"
)

// A world is a database, two platforms, the people on them, and a process that does not live long.
type world struct {
	t    *testing.T
	plan yearPlan
	disk kv.Driver
	now  atomic.Int64 // Unix nanoseconds

	proc    *process
	todo    deeds
	seq     int
	outages []span
	down    []span // when nothing ran, in order
	rest    time.Time
	ticks   int

	discord, slack *fake
	people         []*resident
	by             map[string]*resident // by platform and person
	kills          killList

	mu   sync.Mutex
	said map[string]utterance // by key
}

// An utterance is a message that the engine had put into words.
type utterance struct {
	engine.Outgoing
	first time.Time // put into words
}

type span struct{ from, to time.Time }

func (w *world) clock() time.Time { return time.Unix(0, w.now.Load()).UTC() }

func (w *world) to(at time.Time) {
	if at.After(w.clock()) {
		w.now.Store(at.UnixNano())
	}
}

// dice are thrown for one purpose, so that what one owner does moves nothing of another.
func (w *world) dice(of ...any) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, of...)
	return rand.New(rand.NewPCG(w.plan.seed, h.Sum64()))
}

// A deed is what somebody does at a time.
type deed struct {
	at  time.Time
	seq int
	do  func()
}

type deeds []deed

func (d deeds) Len() int { return len(d) }
func (d deeds) Less(i, j int) bool {
	return d[i].at.Before(d[j].at) || d[i].at.Equal(d[j].at) && d[i].seq < d[j].seq
}
func (d deeds) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *deeds) Push(x any)   { *d = append(*d, x.(deed)) }
func (d *deeds) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

// A fate is how a process comes to its end, or nearly.
type fate int

const (
	lives        fate = iota
	beforeCommit      // nothing of a transaction is applied
	afterCommit       // all of it is, and nobody is told
	unrecorded        // a message stands on the platform, and nobody is told
	leasing           // while it has a message
	stalling          // before it writes, for so long that another takes over; then it wakes up
	dozing            // the same before it sends
)

// A killList is the kills to come, and what came of them.
type killList struct {
	mu    sync.Mutex
	left  []kill
	fired [dozing + 1]int
	at    []time.Time
}

type kill struct {
	after time.Time
	skip  int // so many chances first
	fate
}

// strikes reports what becomes of a process at a point at which any of these may.
func (k *killList) strikes(now time.Time, may ...fate) fate {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.left) == 0 || k.left[0].after.After(now) || !slices.Contains(may, k.left[0].fate) {
		return lives
	}
	if k.left[0].skip > 0 {
		k.left[0].skip--
		return lives
	}
	f := k.left[0].fate
	k.left = k.left[1:]
	k.fired[f]++
	k.at = append(k.at, now)
	return f
}

func (w *world) drawKills() {
	d := w.dice("kills")
	for i := range w.plan.kills {
		after := w.plan.start.Add(time.Duration(d.Int64N(int64(w.plan.end().Sub(w.plan.start)) * 9 / 10)))
		k := kill{after, d.IntN(4), fate(1 + i%int(dozing))}
		if k.fate == stalling { // mostly as it claims what is due
			k.skip = max(0, d.IntN(8)-5)
		}
		w.kills.left = append(w.kills.left, k)
	}
	slices.SortFunc(w.kills.left, func(a, b kill) int { return a.after.Compare(b.after) })
}

func (w *world) drawOutages() {
	d := w.dice("outages")
	for i := range w.plan.outages + w.plan.long {
		from := w.plan.start.Add(time.Duration(d.Int64N(int64(w.plan.end().Sub(w.plan.start))))).Truncate(time.Minute)
		length := time.Duration(30+d.IntN(12*60)) * time.Minute
		if i >= w.plan.outages {
			length = time.Duration(20+d.IntN(9*24)) * time.Hour
		}
		w.outages = append(w.outages, span{from, from.Add(length)})
	}
	slices.SortFunc(w.outages, func(a, b span) int { return a.from.Compare(b.from) })
}

// goesDown switches the process off for a while.
func (w *world) goesDown(s span) {
	if w.clock().After(s.from) {
		s.from = w.clock()
	}
	if !s.to.After(s.from) {
		return
	}
	w.to(s.from)
	w.proc.dead.Store(true)
	w.down = append(w.down, s)
	w.to(s.to)
	w.proc, w.rest = w.opens(), time.Time{}
}

// restart has a process that was killed come back after seconds or minutes.
func (w *world) restart() {
	from := w.clock()
	w.to(from.Add(time.Duration(1+w.dice("restart", w.ticks, len(w.down)).IntN(240)) * time.Second))
	w.down = append(w.down, span{from, w.clock()})
	w.proc, w.rest = w.opens(), time.Time{}
}

var errKilled = errors.New("the process was killed")

// A process is an engine and a nudger on the database of the world, and what they see of the rest
// of it: nothing any more, once they are dead.
type process struct {
	w      *world
	db     *storage.DB
	engine *engine.Engine
	nudger *nudge.Nudger
	dead   atomic.Bool
	end    atomic.Int32 // the fate that it died of

	gate    sync.RWMutex // held while it is stalled
	stalled chan struct{}
	thaw    chan struct{}
	slept   atomic.Bool
	running atomic.Bool
	woke    atomic.Int64 // in real nanoseconds
}

func (w *world) opens() *process {
	p := &process{w: w, stalled: make(chan struct{}), thaw: make(chan struct{})}
	var err error
	if p.db, err = storage.Open(w.t.Context(), mortal{w.disk, p}); err != nil {
		w.t.Fatal(err)
	}
	p.engine = engine.New(p.db, w.clock)
	p.nudger = nudge.New(nudge.Config{
		Engine: p.engine, Compose: p.compose, Log: slog.New(slog.DiscardHandler),
		Senders: map[string]chat.Sender{"discord": line{p, w.discord}, "slack": line{p, w.slack}},
	})
	return p
}

// alive waits while the process is stalled, and reports whether it is dead.
func (p *process) alive() error {
	p.gate.RLock()
	defer p.gate.RUnlock()
	if p.dead.Load() {
		return errKilled
	}
	return nil
}

// inTime reports an error when the process was stalled after it had made sure that it may still
// send, and so for longer than its call may take: the clock of the test has gone on meanwhile, and
// that of the context has not.
func (p *process) inTime(ctx context.Context) error {
	const lease = 2 * time.Minute
	if until, ok := ctx.Deadline(); ok && until.Add(-lease).UnixNano() < p.woke.Load() {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// strikes reports whether the process dies at this point, and sees to it.
func (p *process) strikes(may ...fate) fate {
	if p.dead.Load() {
		return lives
	}
	f := p.w.kills.strikes(p.w.clock(), may...)
	if f != lives && f != stalling && f != dozing {
		p.end.Store(int32(f))
		p.dead.Store(true)
	}
	return f
}

// stalls has a process that runs stall here, if that is drawn: until it is woken, nothing of it
// goes on. One that was woken is not stalled again.
func (p *process) stalls(as fate) {
	if !p.running.Load() || !p.slept.CompareAndSwap(false, true) {
		return
	}
	if p.strikes(as) == lives {
		p.slept.Store(false)
		return
	}
	p.gate.Lock()
	p.stalled <- struct{}{}
	<-p.thaw
}

// mortal is a database as a process sees it.
type mortal struct {
	kv.Driver
	p *process
}

func (m mortal) View(ctx context.Context, fn func(kv.Reader) error) error {
	if err := m.p.alive(); err != nil {
		return err
	}
	return m.Driver.View(ctx, fn)
}

func (m mortal) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if err := m.p.alive(); err != nil {
		return err
	}
	m.p.stalls(stalling)
	f := m.p.strikes(beforeCommit, afterCommit)
	err := m.Driver.Update(ctx, func(tx kv.Tx) error {
		if err := fn(tx); err != nil || f != beforeCommit {
			return err
		}
		return errKilled
	})
	if f != lives {
		return errKilled
	}
	return err
}

// compose words a message as the bot does: not what was answered, or is over, or is to somebody
// who has gone away meanwhile.
func (p *process) compose(ctx context.Context, out engine.Outgoing) (chat.Message, error) {
	actor := engine.Actor{Team: out.Team, Owner: out.Owner}
	st, err := p.engine.CheckIn(ctx, actor)
	if err != nil {
		return chat.Message{}, err
	}
	p.w.words(out)
	switch out.What {
	case "checkin", "reminder", "later":
		if st.State != "asked" || st.Week != out.Week || st.Away.Back != 0 {
			return chat.Message{}, nil
		}
	case "pause":
		if self, err := p.engine.Self(ctx, actor); err != nil || st.State == "answered" || st.Away.Back != 0 || self.Owner.Schedule.Off {
			return chat.Message{}, err
		}
	default:
		if st.Away.Back != 0 {
			return chat.Message{}, nil
		}
	}
	if p.strikes(leasing) != lives {
		return chat.Message{}, errKilled
	}
	p.stalls(dozing)
	return chat.Message{Blocks: []chat.Block{chat.T(out.Key)}}, nil
}

func (w *world) words(out engine.Outgoing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, before := w.said[out.Key]; !before {
		w.said[out.Key] = utterance{out, w.clock()}
	}
}
