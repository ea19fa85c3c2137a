package slack

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestRecentClaims(t *testing.T) {
	var r recent
	start := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	one, first := r.claim("a", start)
	if !first {
		t.Fatal("the first claim is a repeat")
	}
	again, first := r.claim("a", start.Add(15*time.Minute))
	if first || again != one {
		t.Error("a repeat after 15 minutes is taken anew")
	}
	if _, first := r.claim("b", start); !first {
		t.Error("another delivery is a repeat")
	}
	if _, first := r.claim("a", start.Add(rememberFor+time.Second)); !first {
		t.Error("a delivery is remembered for ever")
	}
}

// What was forgotten and taken again is not lost with the first turn's time.
func TestRecentForgets(t *testing.T) {
	var r recent
	start := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	one, _ := r.claim("a", start)
	r.forget("a", one)
	two, first := r.claim("a", start.Add(10*time.Minute))
	if !first {
		t.Fatal("a forgotten delivery is a repeat")
	}
	r.forget("a", one) // too late
	if got, first := r.claim("a", start.Add(rememberFor+time.Second)); first || got != two {
		t.Error("the second turn went with the first")
	}
}

func TestRecentIsBounded(t *testing.T) {
	var r recent
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for i := range rememberMost + 10 {
		r.claim(fmt.Sprint(i), now)
	}
	if len(r.byID) > rememberMost || len(r.order) > rememberMost {
		t.Errorf("%d deliveries and %d turns, want %d at most", len(r.byID), len(r.order), rememberMost)
	}
	if _, first := r.claim(fmt.Sprint(rememberMost+9), now); first {
		t.Error("the newest was forgotten")
	}
	for i := range homesMost + 10 {
		r.sawHome(fmt.Sprint(i), now)
	}
	if len(r.homes) > homesMost {
		t.Errorf("%d homes, want %d at most", len(r.homes), homesMost)
	}
}

func TestLooksAtHome(t *testing.T) {
	var r recent
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	if r.looksAtHome("T1/U1", now) {
		t.Error("someone looks at a Home that they never opened")
	}
	r.sawHome("T1/U1", now)
	if !r.looksAtHome("T1/U1", now.Add(23*time.Hour)) || r.looksAtHome("T1/U1", now.Add(25*time.Hour)) {
		t.Error("a Home is looked at for another time than a day")
	}
}

func TestTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := &turn{acked: make(chan struct{})}
		go func() {
			_ = waitFor(context.Background(), time.Second) // of the bubble's clock
			for _, payload := range []string{"first", "second"} {
				one.acknowledge(payload, func(any) {})
			}
		}()
		if got := one.wait(); got != "first" {
			t.Errorf("wait() = %v, want what the first was acknowledged with", got)
		}
		start := time.Now()
		if got := (&turn{acked: make(chan struct{})}).wait(); got != nil || time.Since(start) != repeatLimit {
			t.Errorf("wait() = %v after %s, want nothing after %s", got, time.Since(start), repeatLimit)
		}
	})
}
