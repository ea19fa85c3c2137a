package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/bot/slack/slacktest"
	"payoff/goals"
	"payoff/storage"
)

// TestLogsInBadWeather: while 1 connection in 5 is cut, before or after what it was for was
// done, and 1 call in 5 is answered with 429 or 500, each log is stored once and each has its
// receipt, by either way.
func TestLogsInBadWeather(t *testing.T) {
	t.Parallel()
	people, logs, atOnce := 25, 4, 4
	switch {
	case testing.Short():
		t.Skip("bad weather takes seconds")
	case atLength():
		people, logs, atOnce = 50, 20, 2 // more at once would be more than Slack lets payoff answer
	}
	var all sync.WaitGroup
	defer all.Wait()
	for i, by := range ways {
		s := newStorm(t, by, uint64(9+i))
		for n := range people {
			s.people = append(s.people, &logger{guest: s.begins(s.team, fmt.Sprintf("P%02d", n)), storm: s, logs: logs, atOnce: atOnce, regrets: n%5 == 0})
		}
		all.Go(s.rages)
	}
}

// A storm is bad weather between Slack and payoff. It is the same each time, as far as those
// who go through it come in the same order.
type storm struct {
	*shop
	team   *slacktest.Workspace
	people []*logger

	calls, drops, answers int // of Slack's methods, used where one call is judged at a time
	dice                  *rand.Rand
	cut                   chan struct{} // holds a token when sockets are to be cut

	mu      sync.Mutex // guards what follows
	doors   int        // deliveries by HTTP that were cut
	doorway *rand.Rand
	again   atomic.Int64 // deliveries that somebody had to make again
}

func newStorm(t *testing.T, by way, seed uint64) *storm {
	s := &storm{
		shop: newShop(t, by, november(13, 10, 0)), cut: make(chan struct{}, 1),
		dice: rand.New(rand.NewPCG(seed, 1)), doorway: rand.New(rand.NewPCG(seed, 2)),
	}
	s.slack.Expect("used_url") // by answers that were lost on their way back
	s.front = s.door
	s.team = s.installsIn("T0STREET", "High Street")
	s.opens()
	return s
}

// The sockets are cut at one call in so many, and early.
const (
	cutFirst = 100
	cutEvery = 400
)

// judge says how a call of Slack goes wrong.
func (s *storm) judge(slacktest.Call) (f slacktest.Fault) {
	s.calls++
	if s.calls%cutEvery == cutFirst {
		select {
		case s.cut <- struct{}{}:
		default:
		}
	}
	switch s.dice.IntN(5) {
	case 0:
		s.drops++
		f.Lose = s.drops%2 == 0
		f.Drop = !f.Lose
	case 1:
		s.answers++
		f.Status = http.StatusInternalServerError
		if s.answers%2 == 0 {
			f.Status, f.RetryAfter = http.StatusTooManyRequests, 1
		}
	}
	return f
}

// door cuts 1 delivery by HTTP in 5, before or after it was taken.
func (s *storm) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		cut := s.doorway.IntN(5) == 0
		if cut {
			s.doors++
		}
		after := s.doors%2 == 0
		s.mu.Unlock()
		if cut && after {
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		if cut {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(rw, r)
	})
}

// cuts the sockets whenever it is time, without a word and with one by turns.
func (s *storm) cuts(ctx context.Context) (n int) {
	for {
		select {
		case <-s.cut:
			if n++; n%2 == 0 {
				s.slack.Disconnect("refresh_requested")
			} else {
				s.slack.CutSockets()
			}
		case <-ctx.Done():
			return n
		}
	}
}

func (s *storm) rages() {
	s.slack.Fault(s.judge)
	begun := time.Now()
	ctx, calm := context.WithCancel(s.t.Context())
	cuts := make(chan int, 1)
	go func() { cuts <- s.cuts(ctx) }()
	var all sync.WaitGroup
	for _, p := range s.people {
		all.Go(func() {
			if err := p.lives(); err != nil {
				s.t.Errorf("%s, %s: %v", s.way.name, p.user, err)
			}
		})
	}
	all.Wait()
	calm()
	took := time.Since(begun)
	s.shut() // nothing more is on its way
	s.slack.Fault(nil)
	s.counts(took, <-cuts)
	s.holdsErrors()
}

// counts holds what is stored and what was seen against what was logged.
func (s *storm) counts(took time.Duration, cuts int) {
	stored, twice, logged := 0, 0, 0
	for _, p := range s.people {
		n, err := p.holdsLogs()
		stored += n
		logged += p.logs
		twice += p.holdsReceipts()
		if err != nil {
			s.t.Errorf("%s: %v", s.way.name, err)
		}
	}
	s.t.Logf("%s: %d logs of %d people within %s; of %d calls of Slack %d were cut and %d answered 429 or 500; "+
		"sockets cut %d times, %d deliveries by HTTP cut, %d made again by hand; %d receipts of commands came more than once",
		s.way.name, logged, len(s.people), took.Round(time.Millisecond), s.calls, s.drops, s.answers, cuts, s.doors, s.again.Load(), twice)
	if stored != logged {
		s.t.Errorf("%s: %d activities are stored, want %d", s.way.name, stored, logged)
	}
	s.holdsAcks()
	if s.drops < s.calls/7 || s.answers < s.calls/7 {
		s.t.Errorf("%s: the weather was fine", s.way.name)
	}
	if problems, err := s.db.Verify(context.Background()); err != nil || len(problems) > 0 {
		s.t.Errorf("%s: afterwards the database is not sound: %q, %v", s.way.name, problems, err)
	}
}

// holdsAcks: what was not cut was acknowledged in time. When a socket is cut there is none to
// acknowledge on, and Slack knows.
func (s *storm) holdsAcks() {
	late := 0
	for _, a := range s.slack.Acks() {
		if !a.OK || a.After >= 3*time.Second {
			late++
		}
	}
	if late > s.doors && s.way.http {
		s.t.Errorf("%d deliveries were not acknowledged in time, want no more than the %d that were cut", late, s.doors)
	}
}

// A logger is someone who logs a number of lines, half by command and half in the direct
// room. They go on when they see the receipts of those they logged at once.
type logger struct {
	*guest
	storm        *storm
	logs, atOnce int
	regrets      bool // one line more, and undoes it with a double click
}

// receiptWithin is how long somebody waits for one at most. It is what payoff tries for.
const receiptWithin = 2 * time.Minute

// line is one to be logged, how it is begun in its receipt, and where that is shown.
func (p *logger) line(i int) (line, receipt, room string) {
	room = p.room()
	if i%2 == 1 {
		room = p.direct()
	}
	return fmt.Sprintf("won £%d BNI", 100+i), fmt.Sprintf("Logged BNI, today: 1 deal, £%d revenue.", 100+i), room
}

func (p *logger) lives() error {
	for i := 0; i < p.logs; i += p.atOnce {
		var group errgroup.Group
		for n := range p.atOnce {
			group.Go(func() error { return p.log(i + n) })
		}
		if i == 0 && p.regrets {
			group.Go(func() error { return p.regret(p.logs) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// log logs one line; now and then Slack brings it twice.
func (p *logger) log(i int) error {
	line, receipt, room := p.line(i)
	id := fmt.Sprintf("%s/%d", p.user, i)
	bring := func() error {
		if room == p.direct() {
			return p.team.Write(id, p.user, room, line)
		}
		return p.team.Command(id, p.user, room, "/log "+line)
	}
	deliver := bring
	if i%4 == 0 {
		deliver = func() error { return both(bring) }
	}
	if err := p.insists(deliver); err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	_, err := p.hears(room, receipt, receiptWithin)
	return err
}

// insists delivers the same until it is acknowledged.
func (p *logger) insists(deliver func() error) error {
	var err error
	for range 20 {
		if err = deliver(); err == nil {
			return nil
		}
		p.storm.again.Add(1)
		if !p.way.http {
			p.slack.WaitSockets(1, patience)
		}
	}
	return err
}

// regret logs one line more and undoes it, with two clicks that are two deliveries.
func (p *logger) regret(i int) error {
	if err := p.log(i); err != nil {
		return err
	}
	line, receipt, room := p.line(i)
	m, err := p.hears(room, receipt, receiptWithin)
	if err != nil {
		return err
	}
	var clicks atomic.Int64
	err = both(func() error {
		id := fmt.Sprintf("%s/undo %d", p.user, clicks.Add(1))
		return p.insists(func() error {
			err := p.team.Press(id, p.user, room, m.TS, "Undo")
			if err != nil && strings.Contains(err.Error(), `there is no button "Undo"`) {
				return nil // the first click was answered before the second
			}
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("undo %s: %w", line, err)
	}
	return within(receiptWithin, line+" is undone", func() bool { return len(p.said(room, "Undone: BNI, today: 1 deal")) > 0 })
}

// holdsLogs holds what is stored of somebody against what they logged. It returns how many
// lines that is.
func (p *logger) holdsLogs() (n int, err error) {
	var want, got []string
	for i := range p.logs {
		line, _, _ := p.line(i)
		want = append(want, fmt.Sprintf("%s: 1, %d", line, (100+i)*100))
	}
	err = p.db.View(context.Background(), func(r *storage.Reader) error {
		return r.Activities(p.owner, storage.Ever, false, func(a goals.Activity) bool {
			got = append(got, fmt.Sprintf("%s: %d, %d", a.Words, a.Amounts[goals.Deals], a.Amounts[goals.Revenue]))
			return true
		})
	})
	slices.Sort(want)
	slices.Sort(got)
	if err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("%s has stored\n\t%q, want\n\t%q", p.user, got, want)
	}
	return len(got), err
}

// holdsReceipts: each log has one at least, and in the direct room, where a receipt can be
// looked for, one at most. It returns of how many commands there are more.
func (p *logger) holdsReceipts() (twice int) {
	for i := range p.logs {
		line, receipt, room := p.line(i)
		switch n := len(p.said(room, receipt)); {
		case n == 0, n > 1 && room == p.direct():
			p.t.Errorf("%s: the receipt of %q is seen %d times by %s in %s", p.way.name, line, n, p.user, room)
		case n > 1:
			twice++
		}
	}
	return twice
}

// TestALimitedWorkspaceHoldsUpNoOther: where Slack lets nothing through in one workspace, the
// others are asked and answered as always; and what could not be sent is sent later.
func TestALimitedWorkspaceHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	for _, by := range ways {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, by, november(13, 10, 0))
			s.opens()
			ill, well := s.installsIn("T0ILL", "Ill"), s.installsIn("T0WELL", "Well")
			var crowd, few []*guest
			for n := range 20 { // who came first is asked first
				crowd = append(crowd, s.begins(ill, fmt.Sprintf("I%02d", n)))
			}
			for n := range 5 {
				few = append(few, s.begins(well, fmt.Sprintf("W%02d", n)))
			}
			s.slack.Fault(func(c slacktest.Call) (f slacktest.Fault) {
				if c.Space == ill.ID && c.Method == "chat.postMessage" {
					f.Status, f.RetryAfter = http.StatusTooManyRequests, 120
				}
				return f
			})
			s.to(november(16, 9, 1))
			holdsUpNoOther(s, crowd, few)
			s.slack.Fault(nil)
			s.shut() // its limits are of the process: another has none
			s.opens()
			s.to(november(16, 9, 30))
			s.runs(s.adapter, nudge.Count{Sent: len(crowd)})
			s.areAsked(append(crowd, few...))
		})
	}
}

// prompt is what is not held up: a call of the fake takes milliseconds.
const prompt = 2 * time.Second

func holdsUpNoOther(s *shop, crowd, few []*guest) {
	var all sync.WaitGroup
	for _, g := range crowd[:10] { // and they keep at it
		all.Go(func() {
			if err := g.team.Write("", g.user, g.direct(), "1h BNI"); err != nil {
				s.t.Error(err)
			}
		})
	}
	all.Go(func() {
		begun := time.Now()
		s.runs(s.adapter, nudge.Count{Claimed: len(crowd) + len(few), Sent: len(few), Failed: 1}) // where the first fails, the others are left for the next run
		took := time.Since(begun)
		s.t.Logf("what was due was sent, or not, within %s", took.Round(time.Millisecond))
		if took > prompt {
			s.t.Errorf("what was due took %s, want it within %s", took, prompt)
		}
	})
	for _, g := range few {
		all.Go(func() {
			begun := time.Now()
			err := errors.Join(g.team.Write("", g.user, g.direct(), "1h BNI"), g.team.Command("", g.user, g.room(), "/log 2h BNI"))
			_, direct := g.hears(g.direct(), "Logged BNI, today: 1h.", patience)
			_, typed := g.hears(g.room(), "Logged BNI, today: 2h.", patience)
			if took := time.Since(begun); took > prompt {
				s.t.Errorf("%s was answered after %s, want it within %s", g.user, took, prompt)
			}
			if err := errors.Join(err, direct, typed); err != nil {
				s.t.Error(err)
			}
		})
	}
	all.Wait()
	s.areAsked(few)
}

// runs sends what is due, and holds that against what should have been.
func (s *shop) runs(by chat.Sender, want nudge.Count) {
	s.t.Helper()
	if got, err := s.nudger(by).RunOnce(s.t.Context()); err != nil || got != want {
		s.t.Errorf("RunOnce() = %+v, %v; want %+v", got, err, want)
	}
}

// areAsked: each of them once.
func (s *shop) areAsked(all []*guest) {
	s.t.Helper()
	for _, g := range all {
		if n := len(g.said(g.direct(), "How did the week go?")); n != 1 {
			s.t.Errorf("%s is asked %d times, want once", g.user, n)
		}
	}
}

// TestStoppedWhileSending: a process that ends after it has sent a message, and before it has
// noted so, leaves one that the next finds again, if it may read what was said.
func TestStoppedWhileSending(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		scopes []string
		seen   int
	}{
		{"the room can be read", nil, 1},
		{"it cannot", []string{"chat:write", "chat:write.public", "commands", "files:write", "im:write", "users:read"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, ways[0], november(13, 10, 0))
			s.slack.Expect("missing_scope")
			g := s.begins(s.installsIn("T0STREET", "High Street", c.scopes...), "Sam")
			s.opens()
			s.to(november(16, 9, 1))
			ctx, dies := context.WithCancel(t.Context())
			if got, err := s.nudger(dying{s.adapter, dies}).RunOnce(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("RunOnce() in a process that ends = %+v, %v", got, err)
			}
			s.areAsked([]*guest{g})
			s.shut()

			s.opens()
			s.runs(s.adapter, nudge.Count{}) // it is still held for the one that died
			s.to(november(16, 9, 4))
			s.runs(s.adapter, nudge.Count{Sent: 1})
			s.runs(s.adapter, nudge.Count{})
			asked := g.said(g.direct(), "How did the week go?")
			if len(asked) != c.seen {
				t.Fatalf("Sam is asked %d times, want %d", len(asked), c.seen)
			}
			out, err := s.engine.Outbox(t.Context())
			if last := asked[c.seen-1].TS; err != nil || len(out) != 1 || out[0].Message != last || out[0].Attempts != 2 {
				t.Errorf("the outbox holds %+v, %v; want the message %s at the second attempt", out, err, last)
			}
		})
	}
}

// dying sends, and its process ends at once.
type dying struct {
	chat.Sender
	dies func()
}

func (d dying) Send(ctx context.Context, to chat.Address, m chat.Message, key string) (chat.Receipt, error) {
	r, err := d.Sender.Send(ctx, to, m, key)
	d.dies()
	return r, err
}
