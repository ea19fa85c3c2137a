package main

import (
	"context"
	"log/slog"

	"github.com/robfig/cron/v3"
)

// A task is work that comes round. Loops only tick: the work is in run, which is also called
// once at the start, for what fell due while nothing ran.
type task struct {
	name  string
	every string // as cron reads it
	run   func(context.Context) error
}

// tick runs the tasks by the machine's clock until stop is called, which waits for those under way.
func tick(ctx context.Context, log *slog.Logger, failures func(task string), tasks []task) (stop func(context.Context) error, err error) {
	lines := cronLog{log}
	loop := cron.New(cron.WithLogger(lines), cron.WithChain(cron.Recover(lines), cron.SkipIfStillRunning(cron.DiscardLogger)))
	for _, t := range tasks {
		run := func() {
			if err := t.run(ctx); err != nil && ctx.Err() == nil {
				failures(t.name)
				log.Error("task failed", "task", t.name, "err", err)
			}
		}
		if _, err := loop.AddFunc(t.every, run); err != nil {
			return nil, err
		}
		run()
	}
	loop.Start()
	return func(limit context.Context) error {
		select {
		case <-loop.Stop().Done():
			return nil
		case <-limit.Done():
			return limit.Err()
		}
	}, nil
}

// cronLog passes on what cron says. It says when it wakes, each time, which only helps who debugs.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, args ...any) { l.log.Debug("cron: "+msg, args...) }

func (l cronLog) Error(err error, msg string, args ...any) {
	l.log.Error("cron: "+msg, append(args, "err", err)...)
}
