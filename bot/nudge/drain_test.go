package nudge_test

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

// What the platforms take. What is more is refused at once, as an adapter's own limiter does, with
// when to come again. https://docs.discord.com/developers/topics/rate-limits#global-rate-limit,
// https://docs.slack.dev/reference/methods/chat.postMessage#rate_limiting
const (
	discordMost   = 50 // in each second that a call begins
	slackAtOnce   = 10
	slackASecond  = 10 // in a workspace
	slackARoom    = 1
	theirAnswerIn = 80 * time.Millisecond
)

// tolls is a Sender that takes what a platform takes, in each space or over all.
type tolls struct {
	over func(to chat.Address) []toll // what a message has to pass

	mu      sync.Mutex
	sent    map[string][]time.Time // by space
	keys    map[string]bool
	refused int
}

// A toll says how long it is until one more may pass, and lets one pass.
type toll interface {
	wait(now time.Time) time.Duration
	pass(now time.Time)
}

// A window takes so many in a second, which begins with the first of them.
type window struct {
	left int
	end  time.Time
}

func (w *window) wait(now time.Time) time.Duration {
	if w.left > 0 {
		return 0
	}
	return w.end.Sub(now)
}

func (w *window) pass(now time.Time) {
	if !now.Before(w.end) {
		w.left, w.end = discordMost, now.Add(time.Second)
	}
	w.left--
}

// A stream takes so many a second, and some at once.
type stream struct{ *rate.Limiter }

func (s stream) wait(now time.Time) time.Duration {
	return time.Duration(math.Ceil((1 - s.TokensAt(now)) / float64(s.Limit()) * float64(time.Second)))
}

func (s stream) pass(now time.Time) { s.AllowN(now, 1) }

func newDiscordTolls() *tolls {
	all := &window{}
	return newTolls(func(chat.Address) []toll { return []toll{all} })
}

func newSlackTolls() *tolls {
	rooms, spaces := map[string]toll{}, map[string]toll{}
	of := func(m map[string]toll, key string, perSecond rate.Limit, atOnce int) toll {
		if m[key] == nil {
			m[key] = stream{rate.NewLimiter(perSecond, atOnce)}
		}
		return m[key]
	}
	return newTolls(func(to chat.Address) []toll {
		return []toll{of(rooms, to.Space+"/"+to.Person+to.Room, slackARoom, 1), of(spaces, to.Space, slackASecond, slackAtOnce)}
	})
}

func newTolls(over func(chat.Address) []toll) *tolls {
	return &tolls{over: over, sent: map[string][]time.Time{}, keys: map[string]bool{}}
}

func (p *tolls) Send(_ context.Context, to chat.Address, _ chat.Message, key string) (chat.Receipt, error) {
	if wait := p.take(to, key); wait > 0 {
		return chat.Receipt{}, &chat.Error{Kind: chat.RateLimited, RetryAfter: wait, Err: fmt.Errorf("%s has had enough", to.Space)}
	}
	answered := time.NewTimer(theirAnswerIn)
	defer answered.Stop()
	<-answered.C
	return chat.Receipt{Address: to, Message: key}, nil
}

// take takes a message, or says when to come again.
func (p *tolls) take(to chat.Address, key string) (wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, all := time.Now(), p.over(to)
	for _, t := range all {
		wait = max(wait, t.wait(now))
	}
	if wait > 0 {
		p.refused++
		return wait
	}
	for _, t := range all {
		t.pass(now)
	}
	p.keys[key] = true
	p.sent[to.Space] = append(p.sent[to.Space], now)
	return 0
}

func (p *tolls) Edit(context.Context, chat.Receipt, chat.Message) error { return nil }

func (p *tolls) Find(context.Context, chat.Address, string) (chat.Receipt, bool, error) {
	return chat.Receipt{}, false, nil
}

// A crowd is the people of spaces whose check-ins are due.
type crowd struct {
	db     *storage.DB
	nudger *nudge.Nudger
	begun  time.Time
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// newCrowd is a database in which the calendar has come to that Monday.
func newCrowd(t testing.TB, by chat.Sender) *crowd {
	t.Helper()
	file, err := bolt.Open(filepath.Join(t.TempDir(), "payoff.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := &crowd{begun: time.Now()}
	if c.db, err = storage.Open(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.db.Close(); err != nil {
			t.Error(err)
		}
	})
	c.nudger = nudge.New(nudge.Config{
		Engine:  engine.New(c.db, func() time.Time { return monday.Add(time.Since(c.begun)) }),
		Senders: map[string]chat.Sender{"there": by}, Log: slog.New(slog.DiscardHandler),
		Compose: func(context.Context, engine.Outgoing) (chat.Message, error) {
			return chat.Message{Blocks: []chat.Block{chat.T("How did the week go?")}}, nil
		},
	})
	return c
}

// joins adds a space with so many people, whose check-ins are due at a time.
func (c *crowd) joins(t testing.TB, space string, people int, at time.Time) {
	t.Helper()
	err := c.db.Update(t.Context(), func(tx *storage.Tx) error {
		team := goals.TeamID("T" + space)
		if err := tx.PutTeam(goals.Team{ID: team, Currency: "GBP", Zone: "UTC", Schedule: goals.Schedule{Off: true}}); err != nil {
			return err
		}
		if err := tx.JoinSpace(team, "there", space); err != nil {
			return err
		}
		asked, err := goals.ParseSchedule(at.Format("Mon 15:04"))
		if err != nil {
			return err
		}
		for i := range people {
			o := goals.Owner{
				ID: goals.OwnerID(fmt.Sprintf("O%s%04d", space, i)), Name: "Sam", Started: true, Joined: at.AddDate(0, 0, -7),
				Currency: "GBP", Zone: "UTC", Schedule: asked,
			}
			if err := tx.PutOwner(o); err != nil {
				return err
			}
			if err := tx.Join(team, o.ID, storage.Contact{Platform: "there", Space: space, Person: fmt.Sprint("U", i)}); err != nil {
				return err
			}
			if err := tx.SetDue(storage.Due{What: "checkin", Subject: string(o.ID), At: at}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestACrowdDelaysNoOther: while a space of a thousand people is asked, which takes minutes, one
// who is alone in theirs waits for none of them, and neither does one whose time comes meanwhile.
// Each is asked once, and who was put off keeps their turn.
func TestACrowdDelaysNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		platform, many := newSlackTolls(), 1000
		c := newCrowd(t, platform)
		c.joins(t, "crowd", many, monday)
		c.joins(t, "single", 1, monday)
		later := monday.Add(time.Minute)
		c.joins(t, "later", 1, later)
		got, err := c.nudger.RunOnce(t.Context())
		if want := (nudge.Count{Claimed: many + 2, Sent: many + 2}); err != nil || got != want || len(platform.keys) != many+2 {
			t.Errorf("RunOnce() = %+v, %v, with %d messages; want %+v", got, err, len(platform.keys), want)
		}
		took := time.Since(c.begun)
		if least := time.Duration(many-slackAtOnce) * time.Second / slackASecond; took > least*100/95 {
			t.Errorf("it took %s, want little more than %s", took, least)
		}
		t.Logf("%d messages within %s, %d times put off", got.Sent, took, platform.refused)
		for space, due := range map[string]time.Time{"single": monday, "later": later} {
			at := platform.sent[space]
			if len(at) != 1 {
				t.Fatalf("%s is asked %d times, want once", space, len(at))
			}
			if wait := at[0].Sub(c.begun) - due.Sub(monday); wait < 0 || wait > 11*time.Second || space == "single" && wait > time.Second {
				t.Errorf("%s is asked %s after its time", space, wait)
			}
		}
	})
}
