package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	looks := func(at time.Time) bool {
		h, _ := r.home("T1/U1", at)
		return h != nil
	}
	if looks(now) {
		t.Error("someone looks at a Home that they never opened")
	}
	r.sawHome("T1/U1", now)
	if !looks(now.Add(23*time.Hour)) || looks(now.Add(25*time.Hour)) {
		t.Error("a Home is looked at for another time than a day")
	}
}

// Two things done at once each make a Home. The one that was asked for later stays, whichever
// is published first, and one that failed is no reason to leave an older one out.
func TestTheNewerHomeStays(t *testing.T) {
	var r recent
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	r.sawHome("T1/U1", now)
	var shown []int
	publish := func(h *home, asking int, err error) {
		t.Helper()
		got := h.show(asking, func() error {
			if err == nil {
				shown = append(shown, asking)
			}
			return err
		})
		if !errors.Is(got, err) {
			t.Errorf("show %d = %v, want %v", asking, got, err)
		}
	}
	h, first := r.home("T1/U1", now)
	_, second := r.home("T1/U1", now)
	_, third := r.home("T1/U1", now)
	publish(h, third, errors.New("Slack is busy"))
	publish(h, second, nil)
	publish(h, first, nil)
	publish(h, second, nil)
	if !slices.Equal(shown, []int{second, second}) {
		t.Errorf("shown = %v, want the second, and never the first after it", shown)
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
