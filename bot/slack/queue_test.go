package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// passEach has n callers join a gate one after the other, and is when each was let through.
func passEach(t *testing.T, n int, pass func(context.Context, int64) error) []time.Duration {
	t.Helper()
	start := time.Now()
	at := make([]time.Duration, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := pass(t.Context(), int64(i)); err != nil {
				t.Errorf("caller %d: %v", i, err)
			}
			at[i] = time.Since(start)
		})
		synctest.Wait() // it stands in the queue before the next comes
	}
	wg.Wait()
	return at
}

func TestGateLetsThroughInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 2)
		at := passEach(t, 6, func(ctx context.Context, i int64) error { return g.pass(ctx, i, time.Minute) })
		want := []time.Duration{0, 0, 1 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second}
		for i := range at {
			if d := (at[i] - want[i]).Abs(); d > time.Millisecond {
				t.Errorf("passed at %v, want %v", at, want)
				break
			}
		}
	})
}

// TestGateLetsOldTicketsFirst: who comes again stands in front of who came later.
func TestGateLetsOldTicketsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 1)
		_ = g.pass(t.Context(), 1, 0) // the free one is gone
		through := make(chan int64, 5)
		var wg sync.WaitGroup
		for _, ticket := range []int64{10, 11, 12, 2, 3} {
			wg.Go(func() {
				if err := g.pass(t.Context(), ticket, time.Minute); err != nil {
					t.Error(err)
				}
				through <- ticket
			})
			synctest.Wait()
		}
		wg.Wait()
		close(through)
		var order []int64
		for ticket := range through {
			order = append(order, ticket)
		}
		if want := []int64{10, 2, 3, 11, 12}; !slices.Equal(order, want) { // 10 was next already
			t.Errorf("passed as %v, want %v", order, want)
		}
	})
}

func TestGateTellsHowLongItWouldBe(t *testing.T) {
	for _, ahead := range []int{0, 1, 2, 3, 7} {
		t.Run(fmt.Sprint(ahead), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newGate(1, 1)
				_ = g.pass(t.Context(), 1, 0) // the free one is gone
				for range ahead {
					go func() { _ = g.pass(t.Context(), 1, time.Minute) }()
					synctest.Wait()
				}
				err := g.pass(t.Context(), 1, 0)
				want := time.Duration(ahead+1) * time.Second
				var limited *slackapi.RateLimitedError
				if !errors.As(err, &limited) || (limited.RetryAfter-want).Abs() > 10*time.Millisecond {
					t.Errorf("error = %v, want to be told to come in %v", err, want)
				}
				time.Sleep(want) // those ahead are let through, and the estimate was true
				if err := g.pass(t.Context(), 1, 10*time.Millisecond); err != nil {
					t.Errorf("after as long as was said: %v", err)
				}
			})
		})
	}
}

func TestGatePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(10, 10)
		g.pause(3 * time.Second)
		g.pause(time.Second) // a shorter one does not end it
		var limited *slackapi.RateLimitedError
		if err := g.pass(t.Context(), 1, 2*time.Second); !errors.As(err, &limited) || limited.RetryAfter != 3*time.Second {
			t.Errorf("impatient: %v, want to be told 3s", err)
		}
		at := passEach(t, 5, func(ctx context.Context, i int64) error { return g.pass(ctx, i, time.Minute) })
		if slices.Min(at) < 3*time.Second || slices.Max(at) > 4*time.Second || !slices.IsSorted(at) {
			t.Errorf("passed at %v, want all in order after 3s", at)
		}
	})
}

// TestGatePauseOfWhoIsNext: who had only a moment to wait heeds it as well.
func TestGatePauseOfWhoIsNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 1)
		_ = g.pass(t.Context(), 1, 0)
		start := time.Now()
		time.AfterFunc(time.Second/2, func() { g.pause(3 * time.Second) })
		if err := g.pass(t.Context(), 1, time.Minute); err != nil || time.Since(start) < 3500*time.Millisecond {
			t.Errorf("passed after %v (%v), want 3.5s", time.Since(start), err)
		}
	})
}

func TestGateLeavesWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(0.1, 1)
		_ = g.pass(t.Context(), 1, 0)
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 2)
		for range 2 { // one is next, one waits behind it
			go func() { left <- g.pass(ctx, 1, time.Hour) }()
			synctest.Wait()
		}
		cancel()
		for range 2 {
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Errorf("error = %v, want %v", err, context.Canceled)
			}
		}
		start := time.Now()
		if err := g.pass(t.Context(), 1, time.Minute); err != nil || time.Since(start) > 10*time.Second {
			t.Errorf("those who left still hold up the line: %v after %v", err, time.Since(start))
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start = time.Now()
		if err := g.pass(short, 1, time.Minute); err == nil || time.Since(start) > 0 {
			t.Errorf("with too little time: %v after %v, want an error at once", err, time.Since(start))
		}
	})
}

func TestBusyRoomHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, usual)
		w := a.spaces["T1"]
		var wg sync.WaitGroup
		for range postsRoomOnce + 8 {
			wg.Go(func() { _, _ = w.post(t.Context(), "CBUSY", page{text: "x"}, "", true) })
		}
		synctest.Wait()
		start := time.Now()
		if _, err := w.post(t.Context(), "CQUIET", page{text: "x"}, "", true); err != nil || time.Since(start) > 0 {
			t.Errorf("another room: %v after %v, want at once", err, time.Since(start))
		}
		wg.Wait()
		var busy []time.Time
		for _, c := range over.of(postMessage) {
			if c.args.Get("channel") == "CBUSY" {
				busy = append(busy, c.at)
			}
		}
		if len(busy) != postsRoomOnce+8 {
			t.Fatalf("%d messages, want all", len(busy))
		}
		for i := postsRoomOnce; i < len(busy); i++ {
			if d := busy[i].Sub(busy[i-postsRoomOnce]); d < 900*time.Millisecond {
				t.Errorf("message %d came %v after %d before it", i, d, postsRoomOnce)
			}
		}
	})
}

// TestNoWorkspaceStarvesAnother limits one workspace to death: each of its calls hangs, or is
// told to come again in half a minute. The other does not notice.
func TestNoWorkspaceStarvesAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
			if c.token != wireToken+"T1" {
				return usual(c)
			}
			if c.n%2 == 0 {
				return tapeAnswer{after: time.Hour}
			}
			return limited("30")
		}, "T2")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				_, err := a.spaces["T1"].post(ctx, fmt.Sprint("C", i), page{text: "x"}, "", true)
				if !isKind(err, chat.RateLimited) && !isKind(err, chat.Transient) {
					t.Errorf("in the limited workspace: %v", err)
				}
			})
		}
		synctest.Wait()
		start := time.Now()
		for i := range 50 {
			if _, err := a.spaces["T2"].post(t.Context(), fmt.Sprint("C", i), page{text: "x"}, "", true); err != nil {
				t.Error(err)
			}
		}
		if d := time.Since(start); d > 0 {
			t.Errorf("50 posts in the other workspace took %v, want no time", d)
		}
		cancel()
		wg.Wait()
		if n := len(over.of(postMessage)); n < 51 {
			t.Errorf("%d calls in all: the limited workspace never called", n)
		}
	})
}
