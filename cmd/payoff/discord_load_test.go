package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"payoff/bot/chat"
	"payoff/bot/discord/discordtest"
	"payoff/storage"
)

// Codes of what Discord refuses in bad weather: an answer to what was answered by a call whose
// own answer was lost, and one that comes too late, as all before it were.
const (
	alreadyAnswered = 40060
	tooLateToAnswer = 10062
)

// TestDiscordLogsInBadWeather: while 1 call in 5 goes wrong, before or after it was carried out,
// Discord counts its limits, and the gateway is cut again and again, each log is stored once
// and has one receipt, by either way.
func TestDiscordLogsInBadWeather(t *testing.T) {
	t.Parallel()
	people, logs, atOnce := 25, 4, 4
	switch {
	case testing.Short():
		t.Skip("bad weather takes seconds")
	case atLength():
		people, logs, atOnce = 50, 20, 2
	}
	var all sync.WaitGroup
	defer all.Wait()
	for i, by := range stallWays {
		g := &gale{stall: newStall(t, by, november(13, 10, 0)), cut: make(chan struct{}, 1)}
		for n := range people {
			g.people = append(g.people, &caller{visitor: g.begins(fmt.Sprintf("P%02d", n)), gale: g, logs: logs, atOnce: atOnce, regrets: n%5 == 0})
		}
		g.opens()
		all.Go(func() { g.rages(uint64(9 + i)) })
	}
}

// A gale is bad weather between Discord and payoff.
type gale struct {
	*stall
	people []*caller

	calls int           // of Discord's API; used where one call is judged at a time
	cut   chan struct{} // holds a token when the gateway is to be cut

	unheard atomic.Int64 // acts that were not acknowledged in time
}

// The gateway is cut at one call in so many, and early.
const (
	galeCutFirst = 40
	galeCutEvery = 900
)

// judge counts calls; each may go wrong.
func (g *gale) judge(discordtest.Call) bool {
	g.calls++
	if g.calls%galeCutEvery == galeCutFirst {
		select {
		case g.cut <- struct{}{}:
		default:
		}
	}
	return true
}

// cuts the gateway whenever it is time, without a word and with one by turns.
func (g *gale) cuts(ctx context.Context) (n int) {
	for {
		select {
		case <-g.cut:
			if n++; n%2 == 0 {
				g.there.Gateway().Reconnect()
			} else {
				g.there.Gateway().Drop()
			}
		case <-ctx.Done():
			return n
		}
	}
}

func (g *gale) rages(seed uint64) {
	g.there.Expect(alreadyAnswered, tooLateToAnswer)
	were := len(g.there.Calls())
	g.there.Limits(true)
	g.there.FailSome(0.2, seed, g.judge)
	begun := time.Now()
	ctx, calm := context.WithCancel(g.t.Context())
	cuts := make(chan int, 1)
	go func() { cuts <- g.cuts(ctx) }()
	var all sync.WaitGroup
	for _, p := range g.people {
		all.Go(func() {
			if err := p.lives(); err != nil {
				g.t.Errorf("%s, %s: %v", g.way.name, p.name, err)
			}
		})
	}
	all.Wait()
	calm()
	took := time.Since(begun)
	g.shut() // nothing more is on its way
	g.there.Mend()
	g.counts(took, <-cuts, g.there.Calls()[were:])
	g.holdsErrors()
}

// counts holds what is stored and what was seen against what was logged.
func (g *gale) counts(took time.Duration, cuts int, calls []discordtest.Call) {
	stored, logged := 0, 0
	for _, p := range g.people {
		n, err := p.holdsLogs()
		stored, logged = stored+n, logged+p.logs
		if err := errors.Join(err, p.holdsReceipts()); err != nil {
			g.t.Errorf("%s: %v", g.way.name, err)
		}
	}
	wrong := map[string]int{}
	for _, c := range calls {
		if c.Status == 0 {
			wrong["cut"]++
		} else if c.Status >= 429 {
			wrong[fmt.Sprint(c.Status)]++
		}
	}
	g.t.Logf("%s: %d logs of %d people within %s; of %d calls these went wrong: %v; the gateway was cut %d times; %d acts were not acknowledged in time",
		g.way.name, logged, len(g.people), took.Round(time.Millisecond), len(calls), wrong, cuts, g.unheard.Load())
	if stored != logged {
		g.t.Errorf("%s: %d activities are stored, want %d", g.way.name, stored, logged)
	}
	for _, way := range []string{"cut", "429", "500", "503"} {
		if wrong[way] == 0 {
			g.t.Errorf("%s: no call was answered with %s", g.way.name, way)
		}
	}
	if pinged := g.there.Mentions(); pinged != 0 {
		g.t.Errorf("%s: %d people were pinged", g.way.name, pinged)
	}
}

// A caller is someone who logs a number of lines, half in a channel and half directly. They go
// on when they see the receipts of those they logged at once.
type caller struct {
	*visitor
	gale         *gale
	logs, atOnce int
	regrets      bool // one line more, and undoes it with a double click
}

// line is one to be logged, how its receipt begins, and where it is typed.
func (p *caller) line(i int) (line, receipt, room string) {
	room = p.room
	if i%2 == 1 {
		room = p.direct()
	}
	return fmt.Sprintf("won £%d BNI", 100+i), fmt.Sprintf("Logged BNI, today: 1 deal, £%d revenue.", 100+i), room
}

func (p *caller) lives() error {
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

// log logs one line; now and then Discord brings it twice.
func (p *caller) log(i int) error {
	line, receipt, room := p.line(i)
	id := fmt.Sprint("log ", i)
	bring := func() error { return p.types(id, room, "/log "+line) }
	deliver := bring
	if i%4 == 0 {
		deliver = func() error { return both(bring) }
	}
	if err := p.heard(deliver()); err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	_, err := p.hears("", receipt, receiptWithin)
	return err
}

// heard takes it that what was not acknowledged in time is answered late.
func (p *caller) heard(err error) error {
	if err != nil && strings.Contains(err.Error(), "the application did not respond within") {
		p.gale.unheard.Add(1)
		return nil
	}
	return err
}

// regret logs one line more and undoes it, with two clicks that are two interactions.
func (p *caller) regret(i int) error {
	if err := p.log(i); err != nil {
		return err
	}
	line, receipt, _ := p.line(i)
	m, room, err := p.receipt(receipt)
	if err != nil {
		return err
	}
	var clicks atomic.Int64
	err = both(func() error {
		err := p.heard(p.presses(fmt.Sprint("undo ", clicks.Add(1)), room, m.ID, "Undo"))
		if err != nil && strings.Contains(err.Error(), `there is no button "Undo"`) {
			return nil // the first click was answered before the second
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("undo %s: %w", line, err)
	}
	_, err = p.hears("", "Undone: BNI, today: 1 deal", receiptWithin)
	return err
}

// receipt is a receipt, and the room in which it is shown.
func (p *caller) receipt(begins string) (m discordtest.Message, room string, err error) {
	if m, err = p.hears("", begins, receiptWithin); err != nil {
		return m, "", err
	}
	room = p.room
	if slices.ContainsFunc(p.said(p.direct(), begins), func(d discordtest.Message) bool { return d.ID == m.ID }) {
		room = p.direct()
	}
	return m, room, nil
}

// holdsLogs holds what is stored of somebody, figures and all, against what they logged.
func (p *caller) holdsLogs() (n int, err error) {
	var want []string
	for i := range p.logs {
		line, _, _ := p.line(i)
		want = append(want, fmt.Sprintf("%s: 1, %d", line, (100+i)*100))
	}
	slices.Sort(want)
	got, err := p.activities()
	if err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("%s has stored\n\t%q, want\n\t%q", p.name, got, want)
	}
	return len(got), err
}

// holdsReceipts: each log has one, in the room where it was typed, or directly.
func (p *caller) holdsReceipts() (err error) {
	for i := range p.logs {
		line, receipt, _ := p.line(i)
		if n := len(p.anywhere(receipt)); n != 1 {
			err = errors.Join(err, fmt.Errorf("the receipt of %q is seen %d times by %s, want once", line, n, p.name))
		}
	}
	return err
}

// TestDiscordStoppedWhileSending: each nudge is seen once, though 1 call in 5 goes wrong and the
// process ends again and again after a message was sent and before that was noted. Within the
// minutes for which Discord knows a nonce the next process finds the message, and even if it
// does not find it, sending it again changes nothing.
func TestDiscordStoppedWhileSending(t *testing.T) {
	t.Parallel()
	for _, finds := range []bool{true, false} {
		t.Run(fmt.Sprint("finds ", finds), func(t *testing.T) {
			t.Parallel()
			people, sends := 6, 2
			if atLength() {
				people, sends = 50, 5
			}
			s := newStall(t, stallWays[0], november(13, 10, 0))
			var all []*visitor
			for n := range people {
				all = append(all, s.begins(fmt.Sprintf("P%02d", n)))
			}
			s.to(november(16, 9, 1))
			s.there.FailSome(0.2, 7, nil)
			deaths, begun := 0, time.Now()
			for waiting := people; waiting > 0; waiting = s.waiting() {
				if deaths > 3*people {
					t.Fatalf("after %d deaths there are still %d messages to be sent", deaths, waiting)
				}
				s.makes()
				ctx, dies := context.WithCancel(t.Context())
				if _, err := s.nudger(&mortal{Sender: s.adapter, finds: finds, left: sends, dies: dies}).RunOnce(ctx); errors.Is(err, context.Canceled) {
					deaths++
				} else if err != nil {
					t.Error(err)
				}
				dies()
				s.shut()
				s.to(s.now().Add(4 * time.Minute)) // what it held is no longer its own
			}
			posts := 0
			for _, c := range s.there.Calls() {
				if c.Route == "/channels/{channel}/messages" && c.Method == "POST" && c.Status == 200 {
					posts++
				}
			}
			t.Logf("%d people were asked within %s; %d processes died; %d posts were taken", people, time.Since(begun).Round(time.Millisecond), deaths, posts)
			if deaths == 0 || !finds && posts <= people {
				t.Error("nothing was sent again")
			}
			s.there.Mend()
			s.areAsked(all)
			s.holdsReceiptsOf(all)
		})
	}
}

// A mortal sends a number of messages, and its process ends at once.
type mortal struct {
	chat.Sender
	finds bool

	mu   sync.Mutex
	left int
	dies func()
}

func (m *mortal) Send(ctx context.Context, to chat.Address, what chat.Message, key string) (chat.Receipt, error) {
	r, err := m.Sender.Send(ctx, to, what, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		if m.left--; m.left == 0 {
			m.dies()
		}
	}
	return r, err
}

func (m *mortal) Find(ctx context.Context, to chat.Address, key string) (chat.Receipt, bool, error) {
	if !m.finds {
		return chat.Receipt{}, false, nil
	}
	return m.Sender.Find(ctx, to, key)
}

// waiting is how many messages are still to be sent.
func (s *stall) waiting() (n int) {
	s.t.Helper()
	err := s.db.View(s.t.Context(), func(r *storage.Reader) error {
		n = 0
		return r.Waiting(func(storage.Outgoing) bool { n++; return true })
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// holdsReceiptsOf: what the outbox says was sent is what they see.
func (s *stall) holdsReceiptsOf(all []*visitor) {
	s.t.Helper()
	out, err := s.engine.Outbox(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, v := range all {
		asked := v.said(v.direct(), "How did the week go?")
		if !slices.ContainsFunc(out, func(m storage.Outgoing) bool { return len(asked) > 0 && m.Message == asked[0].ID }) {
			s.t.Errorf("the outbox does not know what %s sees", v.name)
		}
	}
}
