// Package web is the local workspace: a page on this machine in which the whole product can
// be used without Slack or Discord. It is an adapter like theirs and passes the same suite.
//
// Invariants:
//
//   - It asks for no password. Whoever reaches the page may act as anyone in it, so it answers
//     only under this machine's names and those in Config.Hosts, refuses posts from other
//     sites, and loads and sends nothing anywhere else.
//   - Nothing from the browser is trusted: a button's Call, a form's Call and its fields, who
//     may see a message and who is an admin are looked up here.
//   - The browser names each action once. The same action posted again is answered as before
//     and reaches the handler once; across a restart it carries the same Event.ID.
//   - Messages live in memory, a bounded number per room. A live stream holds no queue: it
//     reads the rooms from the last change it sent, so a slow reader costs nothing.
//   - The workspace's clock goes forwards only.
//
// It imports bot/chat and bot/command, and nothing else of the project.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// Platform is the name of this platform in events and addresses.
const Platform = "local"

// Config is what a Workspace is made of. Handler is required; the rest has defaults.
type Config struct {
	Handler  chat.Handler
	Commands []command.Spec // for completion; hidden ones are left out

	Name     string      // shown above the rooms; "Your workspace"
	Space    string      // in events and addresses; "local"
	People   []Person    // those who were here before
	Rooms    []chat.Room // the rooms everyone shares; #team
	Starters []string    // lines offered in an empty direct message

	Clock *Clock // real time
	Log   *slog.Logger

	// Hosts are names under which the page may be asked for, besides localhost and loopback
	// addresses. 0.0.0.0 or :: stands for every address, but for no name: a page elsewhere
	// can point a name of its own at this machine, not an address.
	Hosts []string

	Keep      int           // messages kept in each room; 1000
	Heartbeat time.Duration // between signs of life in a live stream; 20 s

	// OnPerson is told of each person added in the page, before they can do anything. Its
	// error keeps them out.
	OnPerson func(context.Context, Person) error

	// NextDue is when something next falls due, and Moved does what is due at the time
	// given and returns when it is done. A clock that is moved stops at each NextDue on its
	// way, so that what falls due in between happens at its own time. Both may be nil.
	NextDue func() (time.Time, bool)
	Moved   func(context.Context, time.Time)
}

// Validate says what is wrong with c, all of it.
func (c Config) Validate() error {
	var errs []error
	if c.Handler == nil {
		errs = append(errs, errors.New("no handler"))
	}
	if c.Keep < 0 {
		errs = append(errs, fmt.Errorf("keep %d messages: want 0 for the default, or more", c.Keep))
	}
	if c.Heartbeat < 0 {
		errs = append(errs, fmt.Errorf("heartbeat %s: want 0 for the default, or more", c.Heartbeat))
	}
	taken := map[string]bool{}
	for _, p := range c.People {
		if err := p.validate(); err != nil {
			errs = append(errs, err)
		}
		if taken[p.ID] {
			errs = append(errs, fmt.Errorf("two people have the id %q", p.ID))
		}
		taken[p.ID] = true
	}
	errs = append(errs, validateRooms(c.Rooms)...)
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("local workspace: %w", err)
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Name == "" {
		c.Name = "Your workspace"
	}
	if c.Space == "" {
		c.Space = Platform
	}
	if len(c.Rooms) == 0 {
		c.Rooms = []chat.Room{{ID: "team", Name: "team"}}
	}
	if len(c.Starters) == 0 {
		c.Starters = []string{"hello", "/help"}
	}
	if c.Clock == nil {
		c.Clock = NewClock(time.Now, 0)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Keep == 0 {
		c.Keep = 1000
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = 20 * time.Second
	}
	return c
}

// A Workspace is the local workspace. It is safe for concurrent use.
type Workspace struct {
	cfg     Config
	handler chat.Handler // guarded
	boot    string       // tells this run's revisions from an earlier run's
	mux     http.Handler
	clock   *Clock

	life context.Context // ends when handlers still running must give up
	kill context.CancelFunc
	stop chan struct{}  // closed when streams end and nothing new is taken
	acts sync.WaitGroup // deliveries and clock moves under way

	moving  sync.Mutex // held while the clock moves
	joining sync.Mutex // held while someone is added

	mu        sync.Mutex
	closed    bool
	rev       int64 // counts every change of what is below
	people    []Person
	peopleRev int64
	clockRev  int64
	rooms     map[string]*room
	order     []string // ids of the shared rooms, as configured
	read      map[reading]int64
	forms     openForms
	media     map[string]*media
	taken     deliveries
	readers   map[chan struct{}]struct{}
}

// New makes a workspace.
func New(cfg Config) (*Workspace, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	w := &Workspace{
		cfg:     cfg,
		handler: chat.Guard(cfg.Handler, cfg.Log),
		boot:    rand.Text()[:8],
		clock:   cfg.Clock,
		stop:    make(chan struct{}),
		rooms:   map[string]*room{},
		read:    map[reading]int64{},
		forms:   openForms{byID: map[string]*openForm{}},
		media:   map[string]*media{},
		taken:   deliveries{byID: map[string]*delivery{}},
		readers: map[chan struct{}]struct{}{},
	}
	w.life, w.kill = context.WithCancel(context.Background())
	for _, r := range cfg.Rooms {
		w.rooms[r.ID] = newRoom(r, "")
		w.order = append(w.order, r.ID)
	}
	for _, p := range cfg.People {
		w.admit(p)
	}
	w.mux = w.routes()
	return w, nil
}

func (w *Workspace) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(rw, r) }

// Close ends the live streams at once, takes nothing new, and waits for what is under way;
// when ctx ends first, that is told to give up and Close returns.
func (w *Workspace) Close(ctx context.Context) error {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.stop)
	}
	w.mu.Unlock()
	defer w.kill()

	done := make(chan struct{})
	go func() {
		w.acts.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close the local workspace: %w", ctx.Err())
	}
}

// begin counts something under way that Close waits for; the caller ends it with acts.Done.
func (w *Workspace) begin() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosing
	}
	w.acts.Add(1)
	return nil
}

// alive is ctx, ended also when Close gives up waiting.
func (w *Workspace) alive(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(w.life, cancel)
	return ctx, func() { release(); cancel() }
}
