package engine

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage"
	"payoff/storage/bolt"
)

// slow says that there is time for more.
var slow = os.Getenv("PAYOFF_SLOW") == "1"

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); !slow && f.Value.String() == f.DefValue {
		_ = f.Value.Set("40") // each check is some dozens of commits
	}
	goleak.VerifyTestMain(m)
}

// A driver is a kv.Driver, in which R stands for kv.Reader and T for kv.Tx: the house keeps
// those out of the engine, and of its tests.
type driver[R, T any] interface {
	View(context.Context, func(R) error) error
	Update(context.Context, func(T) error) error
	Close() error
}

// A twice runs each closure of Update twice and keeps the second run, as a driver does that
// finds out too late that another process was quicker. All tests run on it.
type twice[R, T any] struct {
	driver[R, T]
	updates *atomic.Int64 // how often it was asked to write
}

func runTwice[R, T any](d driver[R, T], updates *atomic.Int64) twice[R, T] {
	return twice[R, T]{d, updates}
}

var errAgain = errors.New("again")

func (d twice[R, T]) Update(ctx context.Context, fn func(T) error) error {
	d.updates.Add(1)
	err := d.driver.Update(ctx, func(tx T) error { _ = fn(tx); return errAgain })
	if !errors.Is(err, errAgain) {
		return err
	}
	return d.driver.Update(ctx, fn)
}

// A tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// A desk is an engine on a real database, with a clock that the test moves.
type desk struct {
	*Engine
	file    *bolt.DB
	clock   atomic.Pointer[time.Time]
	spaces  atomic.Int64
	events  atomic.Int64
	updates atomic.Int64
}

// london is where everybody lives, unless it is said otherwise.
var london = mustZone("Europe/London")

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// newDesk opens a desk on a Thursday.
func newDesk(t testing.TB) *desk {
	t.Helper()
	d, end := openDesk(t, filepath.Join(tempDir(t), "payoff.db"))
	t.Cleanup(end)
	return d
}

// eachDesk checks a property on a desk of its own each time: where time goes by, what falls
// due for those who were there before would be claimed again and again.
func eachDesk(t *testing.T, property func(*rapid.T, *desk)) {
	t.Helper()
	dir, n := tempDir(t), 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		d, end := openDesk(t, filepath.Join(dir, fmt.Sprint(n)))
		defer end()
		property(t, d)
	})
}

func openDesk(t tester, path string) (*desk, func()) {
	t.Helper()
	file, err := bolt.Open(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	d := &desk{file: file}
	db, err := storage.Open(context.Background(), runTwice(file, &d.updates))
	if err != nil {
		t.Fatalf("%v", err)
	}
	d.Engine = New(db, func() time.Time { return *d.clock.Load() })
	d.at(t, "2026-11-19 10:00")
	return d, func() {
		if wrong, err := db.Verify(context.Background()); err != nil || len(wrong) > 0 {
			t.Errorf("Verify at the end = %q, %v, want nothing", wrong, err)
		}
		if err := errors.Join(db.Close(), os.Remove(path)); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

// tempDir is a folder in memory, where there is one: thousands of commits need no disk.
func tempDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "payoff")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// at sets the clock.
func (d *desk) at(t tester, local string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", local, london)
	if err != nil {
		t.Fatalf("%v", err)
	}
	d.clock.Store(&at)
}

// pass lets time go by.
func (d *desk) pass(by time.Duration) {
	at := d.now().Add(by)
	d.clock.Store(&at)
}

// run lets the time go by until at, and claims all that falls due on the way, when it does.
func (d *desk) run(t tester, local string) {
	t.Helper()
	until := d.now()
	d.at(t, local)
	until, to := d.now(), until
	d.clock.Store(&to)
	for {
		due, ok, err := d.NextDue(context.Background())
		if err != nil {
			t.Fatalf("NextDue: %v", err)
		}
		if !ok || due.After(until) {
			break
		}
		d.clock.Store(&due)
		d.claimAll(t)
	}
	d.clock.Store(&until)
}

func (d *desk) claimAll(t tester) {
	t.Helper()
	if _, err := d.Claim(context.Background(), nil); err != nil {
		t.Fatalf("Claim: %v", err)
	}
}

// sent is the keys of all that was ever to be sent and is still kept, in the order of keys.
func (d *desk) sent(t tester) (keys []string) {
	t.Helper()
	list, err := d.Outbox(context.Background())
	if err != nil {
		t.Fatalf("Outbox: %v", err)
	}
	for _, m := range list {
		keys = append(keys, m.Key)
	}
	return keys
}

// A person is an owner at the desk, with three channels.
type person struct {
	*desk
	Person
	Actor
}

var threeChannels = []goals.Channel{{Name: "BNI", Kind: goals.Networking}, {Name: "LinkedIn", Kind: goals.Social}, {Name: "calls", Kind: goals.Direct}}

// newcomer is somebody in a space of their own, who has only been met.
func (d *desk) newcomer(t tester, name string) person {
	t.Helper()
	return d.meets(t, Person{Platform: "local", Space: fmt.Sprintf("space-%d", d.spaces.Add(1)), ID: "id-" + name, Name: name, Zone: "Europe/London"})
}

func (d *desk) meets(t tester, who Person) person {
	t.Helper()
	actor, err := d.Meet(context.Background(), who)
	if err != nil {
		t.Fatalf("Meet(%+v): %v", who, err)
	}
	return person{d, who, actor}
}

// owner is a newcomer who got started.
func (d *desk) owner(t tester, name string) person {
	t.Helper()
	p := d.newcomer(t, name)
	p.begins(t)
	return p
}

func (p person) begins(t tester) {
	t.Helper()
	_, err := p.Begin(context.Background(), p.q(), Beginning{Currency: "GBP", Zone: "Europe/London", Customer: "Café owners", Channels: threeChannels})
	if err != nil {
		t.Fatalf("Begin of %s: %v", p.Name, err)
	}
}

// q is a request by a new event.
func (p person) q() Request {
	return Request{Actor: p.Actor, Event: fmt.Sprintf("event %d", p.events.Add(1)), Words: "said"}
}

func (p person) today(t tester) goals.Date {
	t.Helper()
	return p.self(t).Today
}

func (p person) self(t tester) Self {
	t.Helper()
	self, err := p.Self(context.Background(), p.Actor)
	if err != nil {
		t.Fatalf("Self of %s: %v", p.Name, err)
	}
	return self
}

// channel is the id of a channel of that name.
func (p person) channel(t tester, name string) goals.ChannelID {
	t.Helper()
	ch, ok := channelNamed(p.self(t).Owner, name)
	if !ok {
		t.Fatalf("%s has no channel %s", p.Name, name)
	}
	return ch.ID
}

// logs logs one line.
func (p person) logs(t tester, channel string, on goals.Date, a goals.Amounts) Receipt {
	t.Helper()
	rec, err := p.Log(context.Background(), p.q(), []NewActivity{{Channel: p.channel(t, channel), Date: on, Amounts: a}})
	if err != nil {
		t.Fatalf("Log: %v", err)
	}
	return rec
}

// aims sets a goal.
func (p person) aims(t tester, pounds int64, period goals.Period, every goals.Every) Done {
	t.Helper()
	done, err := p.SetGoal(context.Background(), p.q(), NewGoal{Amount: pound(pounds), Period: period, Every: every})
	if err != nil {
		t.Fatalf("SetGoal: %v", err)
	}
	return done
}

func pound(n int64) goals.Money { return goals.Money{Minor: n * 100, Currency: "GBP"} }

// answers answers the check-in that is open, with all figures as they were logged.
func (p person) answers(t tester, commitment string) Done {
	t.Helper()
	st := p.asked(t)
	done, err := p.Answer(context.Background(), p.q(), Answer{Week: st.Week, Shown: st.Mark(), Confidence: goals.OnTrack, Commitment: commitment})
	if err != nil {
		t.Fatalf("Answer: %v", err)
	}
	return done
}

func (p person) asked(t tester) CheckInState {
	t.Helper()
	st, err := p.CheckIn(context.Background(), p.Actor)
	if err != nil {
		t.Fatalf("CheckIn: %v", err)
	}
	return st
}

func (p person) report(t tester, period *goals.Period) Report {
	t.Helper()
	rep, err := p.Report(context.Background(), p.Actor, period, "")
	if err != nil {
		t.Fatalf("Report: %v", err)
	}
	return rep
}

// mistaken fails the test unless err is a mistake of that code and message.
func mistaken(t tester, what string, err error, code goals.Code, message string) {
	t.Helper()
	var m *goals.Mistake
	if !errors.As(err, &m) {
		t.Errorf("%s = %v, want a mistake: %s", what, err, message)
		return
	}
	if m.Code != code || m.Message != message {
		t.Errorf("%s = %s, %q, want %s, %q", what, m.Code, m.Message, code, message)
	}
}

// day reads a date, 2026-11-19.
func day(s string) goals.Date {
	var d goals.Date
	if err := d.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return d
}

func days(from, to string) goals.Period { return goals.Period{From: day(from), To: day(to)} }

func (d *desk) ctx() context.Context { return context.Background() }
