package nudge_test

import (
	"container/heap"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

// TestYear lets owners all over the world be asked for a year while the process is killed, stalled
// and switched off, and while they answer or do not, move, go on breaks, change their minds and
// close their direct messages. What the platforms were sent is held against what they should have
// been (year_judge_test.go). PAYOFF_SLOW=1 is the whole year, PAYOFF_SEED another one.
func TestYear(t *testing.T) {
	plan := yearPlan{
		seed: 1, start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), weeks: 10,
		teams: 2, members: 20, kills: 40, outages: 5, long: 2, restless: 0.4,
	}
	if os.Getenv("PAYOFF_SLOW") == "1" {
		plan = yearPlan{
			seed: 1, start: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), weeks: 52,
			teams: 50, members: 20, kills: 500, outages: 30, long: 8, restless: 0.15,
		}
	}
	if n, err := strconv.ParseUint(os.Getenv("PAYOFF_SEED"), 10, 64); err == nil {
		plan.seed = n
	}
	w := newWorld(t, plan)
	w.live()
	w.judge()
}

// A yearPlan is how much of a year it is.
type yearPlan struct {
	seed     uint64
	start    time.Time
	weeks    int
	teams    int
	members  int // of each team
	kills    int
	outages  int     // of hours
	long     int     // outages of days
	restless float64 // how often a week an owner changes something
}

func (p yearPlan) end() time.Time { return p.start.AddDate(0, 0, 7*p.weeks) }

// newWorld has everybody started, and the kills and outages to come drawn.
func newWorld(t *testing.T, plan yearPlan) *world {
	t.Helper()
	// No kill of this test is the machine's: where there is memory for files, no disk is waited for.
	if dir, err := os.Stat("/dev/shm"); err == nil && dir.IsDir() && os.Getenv("TMPDIR") == "" {
		t.Setenv("TMPDIR", "/dev/shm")
	}
	file, err := bolt.Open(filepath.Join(t.TempDir(), "payoff.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	w := &world{t: t, plan: plan, disk: file, by: map[string]*resident{}, said: map[string]utterance{}}
	w.discord = &fake{w: w, name: "discord", knowsKeys: true, stands: map[string]int{}}
	w.slack = &fake{w: w, name: "slack", stands: map[string]int{}}
	w.now.Store(plan.start.UnixNano())
	w.proc = w.opens()
	w.populate()
	w.drawOutages()
	w.drawKills()
	return w
}

// live lets the time go by, from one moment at which there is something to do to the next.
func (w *world) live() {
	swept := w.clock()
	for w.clock().Before(w.plan.end()) {
		if w.clock().Sub(swept) > 7*24*time.Hour {
			swept = w.clock()
			w.asks("sweep", func(p *process) error { return p.engine.Sweep(w.t.Context()) })
		}
		due := w.work()
		at := due
		if len(w.todo) > 0 && w.todo[0].at.Before(at) {
			at = w.todo[0].at
		}
		if len(w.outages) > 0 && !at.Before(w.outages[0].from) {
			w.goesDown(w.outages[0])
			w.outages = w.outages[1:]
			continue
		}
		w.to(at)
		for len(w.todo) > 0 && !w.todo[0].at.After(w.clock()) {
			heap.Pop(&w.todo).(deed).do()
		}
		if !due.After(w.clock()) {
			w.tick()
		}
	}
}

// work is when there is something to do for the process: what is due, or what waits to be sent
// and may be. What it did not manage is tried again after a minute.
func (w *world) work() time.Time {
	ctx := w.t.Context()
	at := w.plan.end()
	if next, ok, err := w.proc.engine.NextDue(ctx); err != nil {
		w.t.Fatal(err)
	} else if ok && next.Before(at) {
		at = next
	}
	err := w.proc.db.View(ctx, func(r *storage.Reader) error {
		return r.Waiting(func(m engine.Outgoing) bool {
			ready := m.Created
			if m.NotEarly.After(ready) {
				ready = m.NotEarly
			}
			if m.Leased.After(ready) {
				ready = m.Leased
			}
			if ready.Before(at) {
				at = ready
			}
			return true
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if at.Before(w.rest) {
		at = w.rest
	}
	return at.Add(time.Second - 1).Truncate(time.Second)
}

// tick runs the process once, and sees what becomes of it and of those it has written to.
func (w *world) tick() {
	p := w.proc
	w.ticks++
	ran := make(chan error, 1)
	p.running.Store(true)
	go func() {
		_, err := p.nudger.RunOnce(w.t.Context())
		p.running.Store(false)
		ran <- err
	}()
	select {
	case <-p.stalled: // another takes over, and in the end the first wakes up
		w.proc = w.opens()
		w.to(w.clock().Add(time.Duration(60+w.dice("stall", w.ticks).IntN(400)) * time.Second))
		w.tick()
		p.woke.Store(time.Now().UnixNano())
		p.gate.Unlock()
		close(p.thaw)
		if err := <-ran; err != nil && !p.dead.Load() {
			w.t.Fatalf("woken at %s: %v", w.clock(), err)
		}
	case err := <-ran:
		switch {
		case p.dead.Load():
			w.restart()
		case err != nil:
			w.t.Fatalf("RunOnce at %s: %v", w.clock(), err)
		default:
			w.rest = w.clock().Add(time.Minute)
			if next := w.work(); next.After(w.rest) {
				w.rest = time.Time{}
			}
		}
	}
	w.reads()
}
