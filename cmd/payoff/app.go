package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/bot/web"
	"payoff/goals/engine"
)

// The local workspace has one space and one room that everyone shares.
const (
	space    = "local"
	teamRoom = "team"
)

// An app is a running payoff: the parts, wired, and how each is stopped.
type app struct {
	program   *program
	records   *records
	metrics   *metrics
	clock     *web.Clock
	bot       *bot.Bot
	workspace *web.Workspace
	nudger    *nudge.Nudger
	listener  net.Listener
	server    *http.Server
	backups   *dailyBackups // nil when none are made
	stops     cleanups
}

// newApp builds all parts and starts none. What it opened is closed again when it fails.
func newApp(p *program, address httpFlag, backups backupFlags) (*app, error) {
	a := &app{program: p, stops: cleanups{log: p.log}}
	if err := a.build(address, backups); err != nil {
		return nil, errors.Join(err, a.stops.run(stopLimit))
	}
	return a, nil
}

func (a *app) build(address httpFlag, backups backupFlags) (err error) {
	// The port comes first: who starts a second payoff by mistake is told, and no file is made.
	if a.listener, err = address.listen(); err != nil {
		return err
	}
	a.stops.add("listener", func(context.Context) error {
		_ = a.listener.Close() // the server has closed it by now, unless it never ran
		return nil
	})
	if a.records, err = a.program.open(true); err != nil {
		return err
	}
	a.stops.add("database", func(context.Context) error { return a.records.db.Close() })
	if backups.BackupDir != "" {
		if a.backups, err = newDailyBackups(backups, a.program, a.records); err != nil {
			return err
		}
	}
	a.metrics = newMetrics(a.records)
	if err := a.wireBot(address); err != nil {
		return err
	}
	a.server = newServer(a)
	return nil
}

// wireBot connects the engine, the bot and the local workspace, whose clock all three share.
func (a *app) wireBot(address httpFlag) error {
	ctx, log := a.program.ctx, a.program.log
	a.clock = web.NewClock(a.program.now, a.records.offset)
	a.records.now = a.clock.Now
	a.bot = bot.New(bot.Config{Engine: a.records.engine, Log: log, HomeRooms: map[string]string{web.Platform: teamRoom}})
	people, err := a.people(ctx)
	if err != nil {
		return err
	}
	a.workspace, err = web.New(web.Config{
		Handler: a.metrics.counting(a.bot), Commands: bot.Specs(), Space: space, Clock: a.clock, Log: log,
		Rooms: []chat.Room{{ID: teamRoom, Name: teamRoom}}, People: people, Hosts: a.hosts(address),
		OnPerson: func(ctx context.Context, p web.Person) error {
			_, err := a.records.engine.Meet(ctx, engine.Person{
				Platform: web.Platform, Space: space, ID: p.ID, Name: p.Name, Zone: p.Zone, Room: teamRoom,
			})
			return err
		},
		NextDue: func() (time.Time, bool) {
			at, ok, err := a.records.engine.NextDue(ctx)
			return at, ok && err == nil
		},
		Moved: a.moved,
	})
	if err != nil {
		return err
	}
	a.nudger = nudge.New(nudge.Config{
		Engine: a.records.engine, Compose: a.bot.Compose, Log: log,
		Senders: map[string]chat.Sender{web.Platform: a.workspace},
	})
	return nil
}

// people are those who used the workspace before, the one who came first as its admin.
func (a *app) people(ctx context.Context) ([]web.Person, error) {
	known, err := a.records.engine.People(ctx, web.Platform, space)
	people := make([]web.Person, len(known))
	for i, p := range known {
		people[i] = web.Person{ID: p.ID, Name: p.Name, Zone: p.Zone, Admin: i == 0}
	}
	return people, err
}

// moved keeps where the workspace's clock has come to, and does what is due there.
func (a *app) moved(ctx context.Context, _ time.Time) {
	err := errors.Join(saveOffset(ctx, a.records.db, a.clock.Offset()), a.nudge(ctx))
	if err != nil {
		a.program.log.Error("the clock moved, and not all that this asks for was done", "err", err)
	}
}

func (a *app) nudge(ctx context.Context) error {
	count, err := a.nudger.RunOnce(ctx)
	a.metrics.count(count)
	return err
}

// tasks is what comes round.
func (a *app) tasks() []task {
	tasks := []task{
		{"nudges", "@every 20s", a.nudge},
		{"sweep", "@every 1h", a.records.engine.Sweep},
	}
	if a.backups != nil {
		tasks = append(tasks, task{"backup", "@every 10m", a.backUp})
	}
	return tasks
}

func (a *app) backUp(ctx context.Context) error {
	made, err := a.backups.runOnce(ctx)
	if made {
		a.metrics.backup.Set(float64(a.program.now().Unix()))
		a.program.log.Info("backed up", "folder", a.backups.BackupDir)
	}
	return err
}

// serve runs until the program's context ends, or the server fails, and then stops every part.
func (a *app) serve() error {
	p := a.program
	stopTicks, err := tick(p.ctx, p.log, func(task string) { a.metrics.ticks.WithLabelValues(task).Inc() }, a.tasks())
	if err != nil {
		return errors.Join(err, a.stops.run(stopLimit))
	}
	served := make(chan error, 1)
	go func() { served <- a.server.Serve(a.listener) }()
	a.stops.add("ticks", stopTicks)
	a.stops.add("web server", a.shutDown)
	a.stops.add("workspace", a.workspace.Close) // before the server, which waits for its streams
	a.greet()

	select {
	case <-p.ctx.Done():
		fmt.Fprintln(p.err, "Stopping; once more stops at once.")
		return a.stops.run(stopLimit)
	case err := <-served:
		return errors.Join(fmt.Errorf("serve %s: %w", a.listener.Addr(), err), a.stops.run(stopLimit))
	}
}

// requestWait is how long a request under way may take once it is to stop. The rest of
// stopLimit is for what was begun by no request.
const requestWait = stopLimit / 2

// shutDown lets the requests under way finish, and cuts off those that do not.
func (a *app) shutDown(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestWait)
	defer cancel()
	if a.server.Shutdown(ctx) == nil {
		return nil
	}
	return a.server.Close()
}

// greet prints the one line a newcomer needs.
func (a *app) greet() {
	at := a.listener.Addr().(*net.TCPAddr)
	if !at.IP.IsLoopback() {
		a.program.log.Warn("the workspace has no login: whoever reaches this address can act as anyone in it", "address", at.String())
	}
	host, port, _ := net.SplitHostPort(at.String())
	fmt.Fprintf(a.program.out, "payoff is ready: open http://%s in a browser. Ctrl-C stops it.\n", net.JoinHostPort(orLoopback(host), port))
}
