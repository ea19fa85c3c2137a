package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/web"
)

func TestClock(t *testing.T) {
	base := time.Date(2026, 11, 15, 9, 0, 0, 0, time.UTC)
	c := web.NewClock(func() time.Time { return base }, -time.Hour)
	if got, want := c.Now(), base.Add(-time.Hour); !got.Equal(want) {
		t.Errorf("Now() = %s, want %s", got, want)
	}
	if err := c.Advance(3 * time.Hour); err != nil {
		t.Fatal(err)
	}
	base = base.Add(time.Minute)
	if got, want := c.Now(), base.Add(2*time.Hour); !got.Equal(want) || c.Offset() != 2*time.Hour {
		t.Errorf("Now() = %s with offset %s, want %s: the base goes on below", got, c.Offset(), want)
	}
	if err := c.Set(c.Now().Add(-time.Second)); err == nil || !strings.Contains(err.Error(), "forwards only") {
		t.Errorf("Set to the past = %v, want it refused", err)
	}
	if err := c.Advance(-1); err == nil {
		t.Error("Advance(-1) = nil, want it refused")
	}
	at := time.Date(2026, 12, 24, 18, 0, 0, 0, time.FixedZone("", 3600))
	if err := c.Set(at); err != nil || !c.Now().Equal(at) || c.Now().Location() != time.UTC {
		t.Errorf("Set = %v, Now() = %s, want %s in UTC", err, c.Now(), at)
	}
}

func (d *desk) move(person, step string) (int, string) {
	d.t.Helper()
	resp, err := d.client.PostForm(d.srv.URL+"/as/"+person+"/clock", url.Values{"id": {"clock-" + step}, "step": {step}})
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	var b strings.Builder
	_ = resp.Write(&b)
	return resp.StatusCode, b.String()
}

// The steps go by the calendar of the person who takes them, through changes of the clocks.
func TestSteps(t *testing.T) {
	for _, c := range []struct{ step, zone, from, want string }{
		{"monday", "Europe/London", "2026-11-15T09:41:00Z", "2026-11-16T09:00:00Z"},
		{"monday", "Europe/London", "2026-11-16T08:59:59Z", "2026-11-16T09:00:00Z"},
		{"monday", "Europe/London", "2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z"},
		{"monday", "America/New_York", "2026-11-16T13:30:00Z", "2026-11-16T14:00:00Z"},
		{"monday", "Pacific/Auckland", "2026-11-15T19:00:00Z", "2026-11-15T20:00:00Z"},
		{"monday", "Europe/London", "2026-10-24T12:00:00Z", "2026-10-26T09:00:00Z"},
		{"day", "Europe/London", "2026-10-24T12:00:00Z", "2026-10-25T13:00:00Z"},
		{"week", "Europe/London", "2026-10-24T12:00:00Z", "2026-10-31T13:00:00Z"},
		{"week", "", "2026-10-24T12:00:00Z", "2026-10-31T12:00:00Z"},
	} {
		from, _ := time.Parse(time.RFC3339, c.from)
		clock := web.NewClock(func() time.Time { return from }, 0)
		d := newDesk(t, web.Config{Handler: sample{}, Clock: clock, People: []web.Person{{ID: "sam", Name: "Sam", Zone: c.zone}}})
		status, body := d.move("sam", c.step)
		if got := clock.Now().Format(time.RFC3339); status != http.StatusOK || got != c.want {
			t.Errorf("%s from %s in %s = %s, want %s\n%s", c.step, c.from, c.zone, got, c.want, body)
		}
		if status, _ := d.move("sam", "yesterday"); status != http.StatusBadRequest {
			t.Errorf("an unknown step = %d, want it refused", status)
		}
	}
}

// agenda is what falls due, as an engine would know it.
type agenda struct {
	mu    sync.Mutex
	clock *web.Clock
	due   []time.Time
	done  []string // when it was done, and for when
}

func (a *agenda) next() (time.Time, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.due) == 0 {
		return time.Time{}, false
	}
	return a.due[0], true
}

func (a *agenda) moved(_ context.Context, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !now.Equal(a.clock.Now()) {
		a.done = append(a.done, "the clock shows another time than was told")
	}
	for len(a.due) > 0 && !a.due[0].After(now) {
		a.done = append(a.done, now.Format("Mon 15:04")+" for "+a.due[0].Format("Mon 15:04"))
		a.due = a.due[1:]
	}
}

func TestMoveStopsAtWhatIsDue(t *testing.T) {
	a := &agenda{clock: web.NewClock(func() time.Time { return morning }, 0)}
	for _, h := range []int{-1, 24, 30, 200} {
		a.due = append(a.due, morning.Add(time.Duration(h)*time.Hour))
	}
	w, _ := serve(t, web.Config{Handler: sample{}, Clock: a.clock, NextDue: a.next, Moved: a.moved, People: team()})
	if err := w.MoveTo(t.Context(), morning.Add(72*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if want := []string{"Sun 09:41 for Sun 08:41", "Mon 09:41 for Mon 09:41", "Mon 15:41 for Mon 15:41"}; !slices.Equal(a.done, want) {
		t.Errorf("done = %q, want %q", a.done, want)
	}
	if got, want := a.clock.Now(), morning.Add(72*time.Hour); !got.Equal(want) {
		t.Errorf("the clock shows %s, want %s", got, want)
	}
	if err := w.MoveTo(t.Context(), morning); err == nil {
		t.Error("MoveTo the past = nil, want it refused")
	}
}

// Something that stays due does not hold the clock.
func TestMoveGoesOn(t *testing.T) {
	clock := web.NewClock(func() time.Time { return morning }, 0)
	stuck := morning.Add(time.Hour)
	w, _ := serve(t, web.Config{Handler: sample{}, Clock: clock, People: team(),
		NextDue: func() (time.Time, bool) { return stuck, true }, Moved: func(context.Context, time.Time) {}})
	if err := w.MoveTo(t.Context(), morning.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if got, want := clock.Now(), morning.AddDate(0, 0, 1); !got.Equal(want) {
		t.Errorf("the clock shows %s, want %s", got, want)
	}
}

func TestMoveOneAtATime(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	d := newDesk(t, web.Config{Handler: sample{}, People: team(), Clock: web.NewClock(func() time.Time { return morning }, 0),
		Moved: func(context.Context, time.Time) { close(entered); <-release }})
	moved := make(chan error)
	go func() { moved <- d.MoveTo(context.Background(), morning.AddDate(0, 0, 1)) }()
	<-entered
	if status, body := d.move("sam", "week"); status != http.StatusConflict || !strings.Contains(body, "already moving") {
		t.Errorf("a second move = %d %s, want it refused", status, body)
	}
	close(release)
	if err := <-moved; err != nil {
		t.Error(err)
	}
}

func TestMoveGivesUpWithClose(t *testing.T) {
	entered := make(chan struct{})
	w, err := web.New(web.Config{Handler: sample{}, Moved: func(ctx context.Context, _ time.Time) { close(entered); <-ctx.Done() }})
	if err != nil {
		t.Fatal(err)
	}
	moved := make(chan error)
	go func() { moved <- w.MoveTo(context.Background(), time.Now().AddDate(0, 0, 1)) }()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Close(ctx); err == nil {
		t.Error("Close = nil, want that it could not wait")
	}
	if err := <-moved; err == nil {
		t.Error("MoveTo = nil, want that it was broken off")
	}
}
