package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"payoff/bot/chat"
)

func postIn(room string) call {
	return call{method: http.MethodPost, path: "/channels/" + room + "/messages", wait: time.Hour}
}

func roomNo(i int) string { return fmt.Sprintf("3%017d", i) }

// rush makes calls at once, in order, and is when each was answered.
func rush(t *testing.T, r *rest, calls ...call) []time.Duration {
	t.Helper()
	return begin(t, r, calls...)()
}

// begin makes calls that end waits for.
func begin(t *testing.T, r *rest, calls ...call) (end func() []time.Duration) {
	t.Helper()
	start := time.Now()
	at := make([]time.Duration, len(calls))
	var wg sync.WaitGroup
	for i, c := range calls {
		wg.Go(func() {
			if err := r.do(t.Context(), c, nil); err != nil {
				t.Errorf("call %d: %v", i, err)
			}
			at[i] = time.Since(start)
		})
		synctest.Wait() // it stands in line before the next comes
	}
	return func() []time.Duration { wg.Wait(); return at }
}

// arrivals are the most calls that came in within any span.
func arrivals(calls []taped, span time.Duration) (most int) {
	for i := range calls {
		n := 0
		for _, c := range calls[i:] {
			if c.at.Sub(calls[i].at) < span {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func TestFiftyASecondOverAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(tapeAnswer{body: `{}`}))
		var calls []call
		for i := range 180 {
			calls = append(calls, postIn(roomNo(i)))
		}
		at := rush(t, a.rest, calls...)
		if !slices.IsSorted(at) {
			t.Error("who came first did not go first")
		}
		if at[globalCalls-1] != 0 || at[globalCalls] != globalSpan || at[150] != 3*globalSpan {
			t.Errorf("call 50 went after %v, 51 after %v, 151 after %v", at[49], at[50], at[150])
		}
		if most := arrivals(over.of(""), time.Second); most != globalCalls {
			t.Errorf("%d calls within a second, want a burst of %d and no more", most, globalCalls)
		}
	})
}

// TestDrain sends to a thousand direct rooms, each remembered, against a Discord that takes 50
// calls a second, and has them there at 95 % of that rate or more, without being refused once.
func TestDrain(t *testing.T) {
	const rooms, workers = 1000, 100
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var window time.Time
		n, refused := 0, 0
		a, over, _ := taping(t, func(c taped) tapeAnswer {
			mu.Lock()
			defer mu.Unlock()
			if c.at.Sub(window) >= time.Second {
				window, n = c.at, 0
			}
			if n++; n > globalCalls {
				refused++
				return tapeAnswer{status: http.StatusTooManyRequests, body: `{"retry_after":1,"global":true}`}
			}
			answer := toldLimit(`{"id":"900000000000000001"}`, "posts", 5, 4, 5)
			answer.after = 80 * time.Millisecond // on its way there and back
			return answer
		})
		start := time.Now()
		next := make(chan int)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for i := range next {
					_, err := a.postPages(t.Context(), roomNo(i), []page{{}}, fmt.Sprint("nudge/", i))
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i := range rooms {
			next <- i
		}
		close(next)
		wg.Wait()
		took := time.Since(start)
		allowed := rooms / float64(globalCalls) // seconds
		if share := allowed / took.Seconds(); share < 0.95 {
			t.Errorf("%d rooms took %v, %.0f %% of the rate that is allowed", rooms, took, 100*share)
		} else {
			t.Logf("%d rooms took %v, %.1f %% of the rate that is allowed", rooms, took, 100*share)
		}
		if got := len(over.of("POST")); got != rooms || refused > 0 {
			t.Errorf("%d calls of which %d were refused, want %d and none", got, refused, rooms)
		}
	})
}

func TestOpenCallsAreNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(tapeAnswer{body: `{}`}))
		var calls []call
		for i := range globalCalls + 10 {
			calls = append(calls, postIn(roomNo(i)))
		}
		end := begin(t, a.rest, calls...)
		defer end()
		start := time.Now()
		for i := range 200 {
			c := call{method: http.MethodPost, path: fmt.Sprintf("/interactions/5%017d/token%d/callback", i, i), open: true}
			if err := a.rest.do(t.Context(), c, nil); err != nil || time.Since(start) > 0 {
				t.Fatalf("callback %d: %v after %v, want at once", i, err, time.Since(start))
			}
		}
		for _, c := range over.of("POST /interactions") {
			if c.auth != "" {
				t.Fatal("a callback carried the bot token")
			}
		}
	})
}

// TestBucketIsLearnt: until the first answer one call at a time, then as its headers say.
func TestBucketIsLearnt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var reset time.Time
		left := 0
		a, over, _ := taping(t, func(c taped) tapeAnswer {
			mu.Lock()
			defer mu.Unlock()
			if !c.at.Before(reset) {
				reset, left = c.at.Add(2500*time.Millisecond), 3
			}
			if left == 0 {
				return tapeAnswer{status: http.StatusTooManyRequests, body: `{"retry_after":2.5}`}
			}
			left--
			answer := toldLimit(`{}`, "b1", 3, left, reset.Sub(c.at).Seconds())
			answer.after = 100 * time.Millisecond
			return answer
		})
		c := postIn(roomTeam)
		rush(t, a.rest, c, c, c, c, c, c, c)
		var at []time.Duration
		calls := over.of("")
		for _, c := range calls {
			at = append(at, c.at.Sub(calls[0].at))
		}
		ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
		want := []time.Duration{0, ms(100), ms(100), ms(2700), ms(2700), ms(2700), ms(5300)}
		if len(at) != len(want) {
			t.Fatalf("calls at %v, want 7 and none refused", at)
		}
		for i := range at {
			if at[i] < want[i]-ms(110) || at[i] > want[i]+ms(10) {
				t.Errorf("call %d at %v, want about %v (all: %v)", i, at[i], want[i], at)
			}
		}
	})
}

// TestBucketIsSharedByRoutes: two routes that Discord tells one name of have one limit, in one
// room; another room has its own.
func TestBucketIsSharedByRoutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := taping(t, func(c taped) tapeAnswer {
			if strings.HasSuffix(c.way, "/typing") || strings.HasSuffix(c.way, "/messages") {
				return toldLimit(`{}`, "shared", 1, 0, 4)
			}
			return toldLimit(`{}`, "other", 1, 0, 4)
		})
		in := func(room, what string) call {
			return call{method: http.MethodPost, path: "/channels/" + room + "/" + what, wait: time.Minute}
		}
		rush(t, a.rest, in(roomNo(1), "messages"), in(roomNo(2), "typing"))
		time.Sleep(10 * time.Second)
		at := rush(t, a.rest, in(roomNo(1), "messages"), in(roomNo(1), "typing"), in(roomNo(1), "pins"), in(roomNo(2), "messages"))
		if at[0] != 0 || !near(at[1], 4*time.Second) || at[2] != 0 || at[3] != 0 {
			t.Errorf("answered after %v, want 0s 4s 0s 0s", at)
		}
	})
}

func TestBusyRoomHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := taping(t, func(c taped) tapeAnswer {
			if strings.Contains(c.way, roomNo(1)) {
				return toldLimit(`{}`, "posts", 1, 0, 5)
			}
			return toldLimit(`{}`, "posts", 5, 4, 5)
		})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 500 {
			wg.Go(func() { _ = a.rest.do(ctx, postIn(roomNo(1)), nil) })
		}
		synctest.Wait()
		start := time.Now()
		c := postIn(roomNo(2))
		c.wait = time.Second
		if err := a.rest.do(t.Context(), c, nil); err != nil || time.Since(start) > 0 {
			t.Errorf("another room: %v after %v, want at once", err, time.Since(start))
		}
		cancel()
		wg.Wait()
		if n := len(a.rest.traffic.line); n > 0 {
			t.Errorf("%d who gave up still stand in line", n)
		}
	})
}

// TestBucketsAreForgotten makes calls that each have a bucket of their own, as interactions do.
func TestBucketsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := taping(t, always(toldLimit(`{}`, "hooks", 5, 4, 2)))
		for i := range 2000 {
			c := call{method: http.MethodPost, path: fmt.Sprintf("/webhooks/100000000000000001/token%d", i), open: true}
			if err := a.rest.do(t.Context(), c, nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second / 20) // 40 in two seconds
		}
		if n := len(a.rest.traffic.buckets); n > sweepAfter {
			t.Errorf("%d buckets are kept, want at most %d", n, sweepAfter)
		}
		if n := len(a.rest.traffic.routes); n != 1 {
			t.Errorf("%d routes are kept: %v", n, a.rest.traffic.routes)
		}
	})
}

func TestGlobalRefusalStopsAll(t *testing.T) {
	for name, refusal := range map[string]tapeAnswer{
		"by the body":      {status: 429, body: `{"retry_after":3.25,"global":true}`, header: map[string]string{"Retry-After": "4"}},
		"by the scope":     {status: 429, body: `{"retry_after":3.25}`, header: map[string]string{"X-RateLimit-Scope": "global"}},
		"by the header":    {status: 429, body: `{"retry_after":3.25}`, header: map[string]string{"X-RateLimit-Global": "true"}},
		"Cloudflare's own": {status: 429, body: `<html>error code: 1015</html>`, header: map[string]string{"Retry-After": "3.25"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				later := tapeAnswer{body: `{}`, after: 100 * time.Millisecond}
				a, over, _ := taping(t, inTurn(refusal, later))
				var calls []call
				for i := range 20 {
					calls = append(calls, postIn(roomNo(i)))
				}
				rush(t, a.rest, calls...)
				var at []time.Duration
				got := over.of("")
				for _, c := range got {
					at = append(at, c.at.Sub(got[0].at))
				}
				// One goes first after that, and the others with its answer.
				first, rest := 3250*time.Millisecond, 3350*time.Millisecond
				if len(at) != 21 || !near(at[1], first) || !near(at[2], rest) || !near(at[20], rest) {
					t.Errorf("calls at %v, want one, one after %v, and 19 after %v", at, first, rest)
				}
			})
		})
	}
}

// TestGlobalRefusalRepeated: as long as Discord refuses, it is asked once each time.
func TestGlobalRefusalRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		a, over, _ := taping(t, func(c taped) tapeAnswer {
			if c.at.Sub(start) < 2500*time.Millisecond {
				return tapeAnswer{status: 429, body: `{"retry_after":1,"global":true}`}
			}
			return tapeAnswer{body: `{}`}
		})
		var calls []call
		for i := range 20 {
			calls = append(calls, postIn(roomNo(i)))
		}
		rush(t, a.rest, calls...)
		if got := len(over.of("")); got != 23 {
			t.Errorf("%d calls, want 3 that were refused and 20 that were not", got)
		}
	})
}

// TestRefusalReachesWhoWaits: who stands in line already is told at once, and not when their
// patience is at an end.
func TestRefusalReachesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusal := tapeAnswer{status: 429, body: `{"retry_after":30,"global":true}`, after: 100 * time.Millisecond}
		a, over, _ := taping(t, always(refusal))
		c := postIn(roomTeam)
		c.wait = 2 * time.Second
		start := time.Now()
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				err := a.rest.do(t.Context(), c, nil)
				isOfKind(t, err, chat.RateLimited)
				if !near(time.Since(start), refusal.after) || waitOf(err) != 30*time.Second {
					t.Errorf("told %v after %v, want 30s after %v", waitOf(err), time.Since(start), refusal.after)
				}
			})
		}
		wg.Wait()
		if n := len(over.of("")); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
	})
}

// TestRefusalUnlearns: headers said that there was room, and a 429 that there was not. Then one
// call goes first, and the others with its answer.
func TestRefusalUnlearns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		good := toldLimit(`{}`, "b", 5, 4, 60)
		good.after = 100 * time.Millisecond
		a, over, _ := taping(t, inTurn(good, tapeAnswer{status: 429, body: `{"retry_after":1}`}, good))
		c := postIn(roomTeam)
		rush(t, a.rest, c)
		at := rush(t, a.rest, c, c, c)
		first, others := 1100*time.Millisecond, 1200*time.Millisecond
		if !near(at[0], others) && !near(at[0], first) || !near(slices.Max(at), others) || slices.Min(at) < time.Second/10 || len(over.of("")) != 5 {
			t.Errorf("answered after %v in %d calls", at, len(over.of("")))
		}
		calls := over.of("")
		if d := calls[4].at.Sub(calls[3].at); d > 0 && !near(d, 100*time.Millisecond) {
			t.Errorf("the last came %v after the one before", d)
		}
	})
}

// TestPatienceIsForAllWaits: a call that is refused over and over gives up.
func TestPatienceIsForAllWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(tapeAnswer{status: 429, body: `{"retry_after":3}`}))
		start := time.Now()
		c := postIn(roomTeam)
		c.wait = 10 * time.Second
		isOfKind(t, a.rest.do(t.Context(), c, nil), chat.RateLimited)
		if n := len(over.of("")); n != 4 || time.Since(start) != 9*time.Second {
			t.Errorf("%d calls in %v, want 4 in 9s", n, time.Since(start))
		}
	})
}

// TestTwoRoutesTurnOutOne: both were under way before Discord told that their limit is one.
func TestTwoRoutesTurnOutOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := taping(t, func(c taped) tapeAnswer {
			answer := toldLimit(`{}`, "shared", 2, 0, 4)
			answer.after = 200 * time.Millisecond
			if strings.HasSuffix(c.way, "/typing") {
				answer.after = 100 * time.Millisecond
			}
			return answer
		})
		typing := call{method: http.MethodPost, path: "/channels/" + roomTeam + "/typing", wait: time.Hour}
		at := rush(t, a.rest, typing, postIn(roomTeam), postIn(roomTeam))
		if want := 4400 * time.Millisecond; !near(at[2], want) { // 200 ms, 4 s, 200 ms
			t.Errorf("the third was answered after %v, want %v", at[2], want)
		}
	})
}

func TestRefusalOfOneBucket(t *testing.T) {
	for name, test := range map[string]struct {
		refusal tapeAnswer
		want    time.Duration
	}{
		"body, fractional":   {tapeAnswer{status: 429, body: `{"retry_after":0.65}`, header: map[string]string{"Retry-After": "1"}}, 650 * time.Millisecond},
		"header":             {tapeAnswer{status: 429, body: `{}`, header: map[string]string{"Retry-After": "2"}}, 2 * time.Second},
		"header, fractional": {tapeAnswer{status: 429, body: `{}`, header: map[string]string{"Retry-After": "1.5"}}, 1500 * time.Millisecond},
		"reset":              {tapeAnswer{status: 429, body: `{}`, header: map[string]string{"X-RateLimit-Reset-After": "0.5"}}, 500 * time.Millisecond},
		"nothing":            {tapeAnswer{status: 429, body: `{}`}, unsaidPause},
		"nonsense":           {tapeAnswer{status: 429, body: `{"retry_after":-5}`, header: map[string]string{"Retry-After": "NaN"}}, unsaidPause},
		"opening too fast":   {refusing(400, 40003, "You are opening direct messages too fast"), openingPause},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, over, _ := taping(t, func(c taped) tapeAnswer {
					if c.n == 0 && strings.Contains(c.way, roomNo(1)) {
						return test.refusal
					}
					return tapeAnswer{body: `{}`}
				})
				at := rush(t, a.rest, postIn(roomNo(1)), postIn(roomNo(1)), postIn(roomNo(2)))
				if !near(at[0], test.want) || !near(at[1], test.want) || at[2] != 0 {
					t.Errorf("answered after %v, want %v twice, and another room at once", at, test.want)
				}
				if n := len(over.of("POST /channels/" + roomNo(1))); n != 3 {
					t.Errorf("%d calls in the room, want 3", n)
				}
			})
		})
	}
}

func TestTooLongAWaitFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, inTurn(toldLimit(`{}`, "b", 2, 1, 60), toldLimit(`{}`, "b", 2, 0, 60), tapeAnswer{body: `{}`}))
		c := postIn(roomTeam)
		rush(t, a.rest, c, c)
		start := time.Now()
		c.wait = 59 * time.Second
		err := a.rest.do(t.Context(), c, nil)
		isOfKind(t, err, chat.RateLimited)
		if waitOf(err) != 60*time.Second || time.Since(start) > 0 {
			t.Errorf("%v after %v, want to be told 60s at once", err, time.Since(start))
		}
		c.wait = 0 // longestWait
		isOfKind(t, a.rest.do(t.Context(), c, nil), chat.RateLimited)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c.wait = time.Hour
		isOfKind(t, a.rest.do(short, c, nil), chat.RateLimited)
		if time.Since(start) > 0 || len(over.of("")) != 2 {
			t.Errorf("%v and %d calls, want neither time nor calls", time.Since(start), len(over.of("")))
		}
	})
}

// TestLineOfOneBucket: where more wait than may go at the next reset, the wait that is told is
// that for the one after, or later still.
func TestLineOfOneBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := taping(t, always(toldLimit(`{}`, "b", 2, 0, 60)))
		c := postIn(roomTeam)
		rush(t, a.rest, c)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for _, want := range []time.Duration{60, 60, 120, 120, 180} {
			impatient := c
			impatient.wait = time.Second
			if got := waitOf(a.rest.do(t.Context(), impatient, nil)); got != want*time.Second {
				t.Errorf("told %v, want %v", got, want*time.Second)
			}
			wg.Go(func() { _ = a.rest.do(ctx, c, nil) })
			synctest.Wait()
		}
		cancel()
		wg.Wait()
	})
}

// TestTooLongALine: the wait that is told is that of the line, and is true.
func TestTooLongALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := taping(t, always(tapeAnswer{body: `{}`}))
		var calls []call
		for i := range 4 * globalCalls {
			calls = append(calls, postIn(roomNo(i)))
		}
		end := begin(t, a.rest, calls...)
		late := postIn(roomNo(1000))
		late.wait = 4*globalSpan - time.Millisecond
		err := a.rest.do(t.Context(), late, nil)
		isOfKind(t, err, chat.RateLimited)
		if waitOf(err) != 4*globalSpan {
			t.Errorf("told %v, want %v", waitOf(err), 4*globalSpan)
		}
		start := time.Now()
		late.wait = 4 * globalSpan
		if err := a.rest.do(t.Context(), late, nil); err != nil || time.Since(start) != 4*globalSpan {
			t.Errorf("with a little more patience: %v after %v", err, time.Since(start))
		}
		end()
	})
}

// TestRefusedLongerThanPatience: the 429's own words and its wait come back.
func TestRefusedLongerThanPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(tapeAnswer{status: 429, body: `{"code":20028,"message":"slow down","retry_after":600.5}`}))
		err := a.rest.do(t.Context(), call{method: http.MethodPost, path: "/channels/" + roomTeam + "/messages"}, nil)
		isOfKind(t, err, chat.RateLimited)
		if waitOf(err) != 600500*time.Millisecond || code(err) != 20028 || !strings.Contains(err.Error(), "slow down") {
			t.Errorf("error = %v, wait %v", err, waitOf(err))
		}
		if n := len(over.of("")); n != 1 {
			t.Errorf("%d calls, want 1", n)
		}
	})
}

// TestPatienceEndsInLine: who waits for an answer that does not come is told so in time.
func TestPatienceEndsInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := taping(t, always(tapeAnswer{body: `{}`, after: 15 * time.Second}))
		var wg sync.WaitGroup
		wg.Go(func() { _ = a.rest.do(t.Context(), postIn(roomTeam), nil) })
		synctest.Wait()
		start := time.Now()
		c := postIn(roomTeam)
		c.wait = 2 * time.Second
		isOfKind(t, a.rest.do(t.Context(), c, nil), chat.RateLimited)
		if time.Since(start) != c.wait {
			t.Errorf("waited %v, want %v", time.Since(start), c.wait)
		}
		wg.Wait()
	})
}

func TestCancelledNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(toldLimit(`{}`, "b", 1, 0, 30)))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := a.rest.do(ctx, postIn(roomTeam), nil)
		isOfKind(t, err, chat.Transient)
		if !errors.Is(err, context.Canceled) || len(over.of("")) > 0 {
			t.Errorf("error = %v and %d calls, want cancelled and none", err, len(over.of("")))
		}
		rush(t, a.rest, postIn(roomTeam))
		ctx, cancel = context.WithCancel(t.Context())
		start := time.Now()
		time.AfterFunc(time.Second, cancel)
		isOfKind(t, a.rest.do(ctx, postIn(roomTeam), nil), chat.Transient)
		if time.Since(start) != time.Second {
			t.Errorf("waited %v with a context that ended after 1s", time.Since(start))
		}
		if b := a.rest.traffic.bucket(routeOf("POST", postIn(roomTeam).path)); b.waiting+b.flying > 0 {
			t.Errorf("its bucket still counts it: %+v", b)
		}
	})
}

// TestScoutThatVanishes: of a call that goes first after a global 429 no answer comes; the next
// one goes then.
func TestScoutThatVanishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, inTurn(
			tapeAnswer{status: 429, body: `{"retry_after":1,"global":true}`},
			tapeAnswer{after: time.Hour},
			tapeAnswer{body: `{}`, after: 100 * time.Millisecond},
		))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		var wg sync.WaitGroup
		wg.Go(func() { isOfKind(t, a.rest.do(ctx, postIn(roomNo(1)), nil), chat.Transient) })
		synctest.Wait()
		at := rush(t, a.rest, postIn(roomNo(2)), postIn(roomNo(3)))
		if !near(at[0], 3100*time.Millisecond) || !near(at[1], 3200*time.Millisecond) || len(over.of("")) != 4 {
			t.Errorf("answered after %v in %d calls, want 3.1s, 3.2s and 4", at, len(over.of("")))
		}
		wg.Wait()
	})
}

func TestOffences(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := refusing(403, 50001, "Missing Access")
		a, over, log := taping(t, func(taped) tapeAnswer { return answer })
		c := call{method: http.MethodGet, path: "/guilds/" + serverOne, wait: time.Hour}
		for range mostOffences {
			isOfKind(t, a.rest.do(t.Context(), c, nil), chat.Gone)
		}
		answer = tapeAnswer{body: `{}`}
		for range 3 {
			err := a.rest.do(t.Context(), c, nil)
			isOfKind(t, err, chat.RateLimited)
			if w := waitOf(err); w < 5*time.Minute || w > 11*time.Minute {
				t.Errorf("told to wait %v", w)
			}
		}
		if n := len(over.of("GET")); n != mostOffences {
			t.Errorf("%d calls, want %d", n, mostOffences)
		}
		if n := strings.Count(log.String(), "level=ERROR"); n != 1 {
			t.Errorf("logged %d times, want once:\n%s", n, log)
		}
		open := call{method: http.MethodPost, path: "/interactions/500000000000000001/tok/callback", open: true}
		if err := a.rest.do(t.Context(), open, nil); err != nil {
			t.Errorf("what answers a person: %v", err)
		}
		time.Sleep(11 * time.Minute)
		if err := a.rest.do(t.Context(), c, nil); err != nil {
			t.Errorf("ten minutes later: %v", err)
		}
	})
}

// TestSharedRefusalIsNoOffence: a 429 that others have caused is not held against payoff.
func TestSharedRefusalIsNoOffence(t *testing.T) {
	for scope, want := range map[string]bool{"shared": false, "user": true, "global": true, "": true} {
		g := response{status: 429, header: http.Header{"X-Ratelimit-Scope": {scope}}}
		if got := g.invalid(); got != want {
			t.Errorf("scope %q: invalid() = %t, want %t", scope, got, want)
		}
	}
}

func TestRouteOf(t *testing.T) {
	for path, want := range map[string][2]string{
		"/channels/300000000000000001/messages":                          {"/channels/:major/messages", "300000000000000001"},
		"/channels/300000000000000001/messages/900000000000000001":       {"/channels/:major/messages/:id", "300000000000000001"},
		"/guilds/400000000000000001/members/200000000000000001":          {"/guilds/:major/members/:id", "400000000000000001"},
		"/users/@me/channels":                                            {"/users/@me/channels", ""},
		"/webhooks/100000000000000001/tok":                               {"/webhooks/:major/:major", "100000000000000001/tok"},
		"/webhooks/100000000000000001/tok/messages/@original":            {"/webhooks/:major/:major/messages/@original", "100000000000000001/tok"},
		"/interactions/500000000000000001/tok/callback":                  {"/interactions/:major/:major/callback", "500000000000000001/tok"},
		"/channels/300000000000000001/thread-members/200000000000000001": {"/channels/:major/thread-members/:id", "300000000000000001"},
		"/applications/100000000000000001/commands":                      {"/applications/:id/commands", ""},
		"/gateway/bot": {"/gateway/bot", ""},
		"":             {"", ""},
		"/webhooks":    {"/webhooks", ""},
	} {
		route, major := routeOf("GET", path)
		if route != "GET "+want[0] || major != want[1] {
			t.Errorf("routeOf(%q) = %q, %q, want %q, %q", path, route, major, "GET "+want[0], want[1])
		}
	}
}
