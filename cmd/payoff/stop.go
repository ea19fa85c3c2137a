package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopOnSignal calls stop at the first signal to stop, and ends the process at the second,
// with the code a shell gives a process that died of it. A signal's default action will not
// do for that: who starts payoff in the background may have it ignored.
func stopOnSignal(stop func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		stop()
		code := exitFailed
		if s, ok := (<-signals).(syscall.Signal); ok {
			code = 128 + int(s)
		}
		os.Exit(code)
	}()
}

// stopLimit is how long stopping may take in all. Who asked waits five seconds at most.
const stopLimit = 4 * time.Second

// cleanups is what must be done at the end, by name: last in, first out, under one time
// limit. One that does not end in time is left behind with those below it, for what was
// acknowledged is on disk already.
type cleanups struct {
	log  *slog.Logger
	list []cleanup
}

type cleanup struct {
	name string
	run  func(context.Context) error
}

func (c *cleanups) add(name string, run func(context.Context) error) {
	c.list = append(c.list, cleanup{name, run})
}

// run does them all, once.
func (c *cleanups) run(limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	list := c.list
	c.list = nil
	var errs []error
	for i := len(list) - 1; i >= 0; i-- {
		ended := make(chan error, 1)
		go func() { ended <- list[i].run(ctx) }()
		select {
		case err := <-ended:
			if err != nil {
				errs = append(errs, fmt.Errorf("stop the %s: %w", list[i].name, err))
			}
			c.log.Debug("stopped", "part", list[i].name)
		case <-ctx.Done():
			return errors.Join(append(errs, failed(ctx.Err(), "The %s did not stop within %s and was left behind; nothing that was saved is lost.", list[i].name, limit))...)
		}
	}
	return errors.Join(errs...)
}
