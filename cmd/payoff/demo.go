package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

type demoCmd struct {
	httpFlag
	Exit bool   `help:"Print the story and leave."`
	Keep string `placeholder:"FILE" help:"Play in this database file, which must not exist yet, and keep it."`
}

// Help is shown below the flags.
func (demoCmd) Help() string {
	return "Six trades, thirteen weeks, on a clock of their own: goals, logs, check-ins, a break, leaderboards, " +
		"reports. What is said is the bot's own, word for word, and the same on every run. It has a database of its " +
		"own, whatever PAYOFF_DB says, that is gone afterwards unless --keep names a file for it."
}

// Run plays the quarter, and then prints it or serves its workspace.
func (c *demoCmd) Run(p *program) error {
	cast, err := readCast()
	if err != nil {
		return err
	}
	clock := &heldClock{at: p.now(), real: p.now}
	own := *p
	own.now, own.env = clock.now, environment{} // no other records than its own
	a := &app{program: &own, stops: cleanups{log: p.log}}
	r := newReplay(a, cast)
	played := false
	if err = c.place(a, &played); err == nil {
		err = c.build(a, cast.begins.Sub(clock.at))
	}
	if err == nil {
		err = r.run(p.ctx)
	}
	played = err == nil
	switch {
	case !played:
		return errors.Join(err, a.stops.run(stopLimit))
	case c.Exit:
		// It is printed when the folder is gone, so that who reads only its head leaves nothing behind.
		if err = a.stops.run(stopLimit); err == nil {
			_, err = r.story.WriteTo(p.out)
		}
		return err
	}
	clock.release()
	return a.serve()
}

// place finds where the database is to be: in a folder that is gone at the end, or in the file
// to be kept, which is gone unless the quarter was played.
func (c *demoCmd) place(a *app, played *bool) error {
	if c.Keep != "" {
		if _, err := os.Lstat(c.Keep); !errors.Is(err, fs.ErrNotExist) {
			return failed(err, "%s is there already, and the demo begins with nothing; name another file.", c.Keep)
		}
		a.program.dbPath = c.Keep
		a.stops.add("demo's database", func(context.Context) error {
			if *played {
				return nil
			}
			if err := os.Remove(c.Keep); !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return nil
		})
		return nil
	}
	folder, err := os.MkdirTemp("", "payoff-demo-")
	if err != nil {
		return failed(err, "There is no place for the demo's database: %s.", reason(err))
	}
	a.program.dbPath = filepath.Join(folder, "payoff.db")
	a.stops.add("demo's folder", func(context.Context) error { return os.RemoveAll(folder) })
	return nil
}

// build makes the database, in which the workspace's clock is set to the quarter's beginning,
// and the parts. Where nothing is served no port is needed.
func (c *demoCmd) build(a *app, offset time.Duration) error {
	err := a.program.with(true, func(r *records) error { return saveOffset(a.program.ctx, r.db, offset) })
	switch {
	case err != nil:
		return err
	case !c.Exit:
		return a.build(c.httpFlag, backupFlags{}, true)
	}
	if a.records, err = a.program.open(true); err != nil {
		return err
	}
	a.stops.add("database", func(context.Context) error { return a.records.db.Close() })
	a.metrics = newMetrics(a.records)
	return a.wireBot(c.httpFlag, true)
}

// A heldClock stands still until it is released, so that the quarter takes no time of its own
// and is the same on every run.
type heldClock struct {
	at       time.Time
	real     func() time.Time
	released atomic.Pointer[time.Time]
}

func (c *heldClock) now() time.Time {
	if since := c.released.Load(); since != nil {
		return c.at.Add(c.real().Sub(*since))
	}
	return c.at
}

func (c *heldClock) release() {
	now := c.real()
	c.released.Store(&now)
}
