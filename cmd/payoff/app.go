package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/discord"
	"payoff/bot/nudge"
	"payoff/bot/slack"
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
	workspace *web.Workspace  // nil when it is not served
	inSlack   *slack.Config   // nil when Slack is not set up
	inDiscord *discord.Config // nil when Discord is not
	platforms []*platform
	nudger    *nudge.Nudger
	listener  net.Listener
	server    *http.Server
	backups   *dailyBackups // nil when none are made
	stops     cleanups
}

// newApp builds all parts and starts none. What it opened is closed again when it fails.
func newApp(p *program, c serveCmd) (*app, error) {
	a := &app{program: p, stops: cleanups{log: p.log}}
	var err error
	if a.inSlack, err = slackSettings(p.env); err != nil {
		return nil, err
	}
	if a.inDiscord, err = discordSettings(p.env); err != nil {
		return nil, err
	}
	if err := a.build(c.httpFlag, c.backupFlags, c.Local || a.inSlack == nil && a.inDiscord == nil); err != nil {
		return nil, errors.Join(err, a.stops.run(stopLimit))
	}
	return a, nil
}

func (a *app) build(address httpFlag, backups backupFlags, local bool) (err error) {
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
	if err := a.wireBot(address, local); err != nil {
		return err
	}
	a.server = newServer(a)
	return nil
}

// wireBot connects the engine and the bot with the platforms, which share one clock.
func (a *app) wireBot(address httpFlag, local bool) error {
	a.clock = web.NewClock(a.program.now, a.records.offset)
	a.records.now = a.clock.Now
	// On a platform an admin chooses the team's room.
	a.bot = bot.New(bot.Config{Engine: a.records.engine, Log: a.program.log, HomeRooms: map[string]string{web.Platform: teamRoom}})
	handler, senders := a.metrics.counting(a.bot), map[string]chat.Sender{}
	if err := a.wirePlatforms(handler); err != nil {
		return err
	}
	for _, p := range a.platforms {
		senders[p.id] = p.adapter
	}
	if local {
		if err := a.wireWorkspace(address, handler); err != nil {
			return err
		}
		senders[web.Platform] = a.workspace
	}
	a.nudger = nudge.New(nudge.Config{Engine: a.records.engine, Compose: a.bot.Compose, Log: a.program.log, Senders: senders})
	return nil
}

// wirePlatforms makes the adapters. Their platforms go by real time, so that a database whose
// clock was moved is none for them.
func (a *app) wirePlatforms(handler chat.Handler) error {
	for _, make := range []struct {
		wanted bool
		one    func(chat.Handler) (*platform, error)
	}{{a.inSlack != nil, a.slackPlatform}, {a.inDiscord != nil, a.discordPlatform}} {
		if !make.wanted {
			continue
		}
		p, err := make.one(handler)
		if err != nil {
			return err
		}
		a.platforms = append(a.platforms, p)
	}
	if len(a.platforms) > 0 && a.records.offset != 0 {
		return errMovedClock(a.records.path, a.platformNames())
	}
	return nil
}

// platformNames is what payoff is set up for besides the workspace: "Slack and Discord".
func (a *app) platformNames() string {
	var names []string
	for _, p := range a.platforms {
		names = append(names, p.name)
	}
	return together(names)
}

// leaves and joins tell the engine that payoff is in a space of a platform no longer, or again.
func (a *app) leaves(platform string) func(context.Context, string) error {
	return func(ctx context.Context, space string) error { return a.records.engine.SpaceLeft(ctx, platform, space) }
}

func (a *app) joins(platform string) func(context.Context, string) error {
	return func(ctx context.Context, space string) error {
		return a.records.engine.SpaceJoined(ctx, platform, space)
	}
}

// wireWorkspace makes the local workspace.
func (a *app) wireWorkspace(address httpFlag, handler chat.Handler) error {
	people, err := a.people(a.program.ctx)
	if err != nil {
		return err
	}
	a.workspace, err = web.New(web.Config{
		Handler: handler, Commands: bot.Specs(), Space: space, Clock: a.clock, Log: a.program.log,
		Rooms: []chat.Room{{ID: teamRoom, Name: teamRoom}}, People: people, Hosts: a.hosts(address),
		OnPerson: func(ctx context.Context, p web.Person) error {
			_, err := a.records.engine.Meet(ctx, engine.Person{
				Platform: web.Platform, Space: space, ID: p.ID, Name: p.Name, Zone: p.Zone, Room: teamRoom,
			})
			return err
		},
		NextDue: func() (time.Time, bool) {
			at, ok, err := a.records.engine.NextDue(a.program.ctx)
			return at, ok && err == nil
		},
		Moved: a.moved,
	})
	return err
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

// serve runs until the program's context ends, the server fails or a platform refuses a token,
// and then stops every part.
func (a *app) serve() error {
	ctx, end := context.WithCancel(a.program.ctx)
	defer end()
	err := a.run(ctx)
	end() // what comes round does not begin again
	return errors.Join(err, a.stops.run(stopLimit))
}

// run starts the parts, and returns when they are to be stopped. What is stopped first is
// started last, but for what comes round: it begins when the platforms have let payoff in.
func (a *app) run(ctx context.Context) error {
	stopTicks := func(context.Context) error { return nil }
	a.stops.add("ticks", func(limit context.Context) error { return stopTicks(limit) })
	served := make(chan error, 1)
	go func() { served <- a.server.Serve(a.listener) }()
	a.stops.add("web server", a.shutDown)
	if a.workspace != nil {
		a.stops.add("workspace", a.workspace.Close) // before the server, which waits for its streams
	}
	refused, where, err := a.enter()
	if err != nil {
		return err
	}
	failures := func(task string) { a.metrics.ticks.WithLabelValues(task).Inc() }
	stop, err := tick(ctx, a.program.log, failures, a.tasks())
	if err != nil {
		return err
	}
	stopTicks = stop
	a.greet(where)

	select {
	case <-ctx.Done():
		fmt.Fprintln(a.program.err, "Stopping; once more stops at once.")
		return nil
	case err := <-refused:
		return err
	case err := <-served:
		return fmt.Errorf("serve %s: %w", a.listener.Addr(), err)
	}
}

// enter connects the platforms and says where payoff is in each. A token that one of them
// refuses later comes by the channel.
func (a *app) enter() (refused <-chan error, where []string, err error) {
	all := make(chan error, len(a.platforms))
	var each []<-chan error
	for _, p := range a.platforms {
		each = append(each, a.runPlatform(p))
	}
	for i, p := range a.platforms {
		at, err := p.enters(each[i])
		if err != nil {
			return nil, nil, err
		}
		where = append(where, at)
		go func() {
			if err, is := <-each[i]; is {
				all <- err
			}
		}()
	}
	return all, where, nil
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

// greet prints what is served, and where.
func (a *app) greet(where []string) {
	at := a.listener.Addr().(*net.TCPAddr)
	if a.workspace != nil && !at.IP.IsLoopback() {
		a.program.log.Warn("the workspace has no login: whoever reaches this address can act as anyone in it", "address", at.String())
	}
	var said []string
	for i, p := range a.platforms {
		said = append(said, p.greeting(where[i]))
	}
	if a.workspace != nil {
		said = append(said, "payoff is ready: open "+a.url()+" in a browser.")
	}
	fmt.Fprintf(a.program.out, "%s Ctrl-C stops it.\n", strings.Join(said, " "))
}

// url is where what is served is reached from this machine.
func (a *app) url() string {
	host, port, _ := net.SplitHostPort(a.listener.Addr().String())
	return "http://" + net.JoinHostPort(orLoopback(host), port)
}
