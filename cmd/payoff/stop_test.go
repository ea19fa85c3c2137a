package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestCleanupsRunLastInFirstOut(t *testing.T) {
	c := cleanups{log: slog.New(slog.DiscardHandler)}
	var order []string
	for _, name := range []string{"database", "server", "workspace"} {
		c.add(name, func(context.Context) error {
			order = append(order, name)
			return nil
		})
	}
	if err := c.run(time.Second); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(order, " "), "workspace server database"; got != want {
		t.Errorf("order = %q, want %q", got, want)
	}
	if err := c.run(time.Second); err != nil || len(order) != 3 {
		t.Errorf("a second run did %d clean-ups in all and returned %v, want 3 and no error", len(order), err)
	}
}

func TestCleanupsGoOnAfterAnError(t *testing.T) {
	c := cleanups{log: slog.New(slog.DiscardHandler)}
	closed := false
	c.add("database", func(context.Context) error { closed = true; return nil })
	bad := errors.New("bad")
	c.add("server", func(context.Context) error { return bad })
	err := c.run(time.Second)
	if !errors.Is(err, bad) || !strings.Contains(err.Error(), "server") {
		t.Errorf("run() = %v, want %v with its part named", err, bad)
	}
	if !closed {
		t.Error("the database was not closed")
	}
}

func TestCleanupsShareOneLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cleanups{log: slog.New(slog.DiscardHandler)}
		begun := time.Now()
		wait := func(ctx context.Context) error { <-ctx.Done(); return nil }
		hang, end := context.WithCancel(context.Background())
		defer end()
		c.add("patient", wait)
		c.add("stuck", func(context.Context) error { <-hang.Done(); return nil })
		err := c.run(stopLimit)
		if err == nil || !strings.Contains(sentence(err), "The stuck did not stop within 4s") {
			t.Errorf("run() = %v, want the stuck part named", err)
		}
		if took := time.Since(begun); took != stopLimit {
			t.Errorf("it took %s, want %s", took, stopLimit)
		}
	})
}

// TestServeLeavesNothingBehind starts and stops the whole program in this process.
func TestServeLeavesNothingBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PAYOFF_HTTP", "127.0.0.1:0")
	t.Setenv("PAYOFF_BACKUP_DIR", "backups")
	before := goleak.IgnoreCurrent()
	for range 5 {
		ctx, stop := context.WithCancel(context.Background())
		var log bytes.Buffer
		err := dispatch(ctx, []string{"serve"}, writerFunc(func(p []byte) (int, error) {
			stop() // as soon as it says that it is ready
			return len(p), nil
		}), &log)
		if err != nil {
			t.Fatalf("serve: %v\n%s", err, log.String())
		}
	}
	goleak.VerifyNone(t, before)
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
