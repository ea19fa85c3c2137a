package slack

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"payoff/bot/chat"
)

// Limits of one attempt at a call.
const (
	connectLimit = 5 * time.Second
	headerLimit  = 10 * time.Second
	attemptLimit = 20 * time.Second // an upload too
	idleLimit    = 30 * time.Second
)

// newClient is what all calls of one workspace go through. Connections are not shared between
// workspaces: where many hang, others still have theirs.
func newClient() *http.Client {
	return &http.Client{
		Timeout: attemptLimit,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: connectLimit}).DialContext,
			TLSHandshakeTimeout:   connectLimit,
			ResponseHeaderTimeout: headerLimit,
			IdleConnTimeout:       idleLimit,
			MaxIdleConnsPerHost:   4,
			ForceAttemptHTTP2:     true,
			// A laptop that slept wakes up to connections that are dead and do not say so.
			HTTP2: &http.HTTP2Config{SendPingTimeout: connectLimit, PingTimeout: connectLimit},
		},
		// Slack redirects no call, and a token must not follow one elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// An effort is how long a call may take.
type effort struct {
	queue time.Duration // it does not wait in a queue that would take longer
	total time.Duration // with all attempts
	twice bool          // rather twice than never
}

// asked is for answers: someone waits for it. Where 1 call in 3 fails it makes a dozen
// attempts, so that the answer arrives.
func asked() effort { return effort{queue: time.Minute, total: 2 * time.Minute, twice: true} }

// unasked is for what the outbox sends: that can come again later, and others wait behind it.
func unasked() effort { return effort{queue: 2 * time.Second, total: 10 * time.Second} }

// triggered is for what needs a trigger id, which is good for three seconds.
// https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
func triggered() effort { return effort{queue: time.Second, total: 2500 * time.Millisecond} }

// A request is a call as far as waiting and trying again are concerned.
type request struct {
	method string
	room   string // where Slack limits what is posted there
	once   bool   // not to be repeated when it may have been done
	ticket int64  // from queue.ticket, where the call was made before; 0 is a new one
	effort effort
}

// call makes a call of Slack, and is the only way to make one: it waits for its turn, tries
// again what may succeed, and translates what went wrong.
func (w *workspace) call(ctx context.Context, r request, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, r.effort.total)
	defer cancel()
	if r.ticket == 0 {
		r.ticket = w.queue.ticket()
	}
	var last error
	for attempt := 0; ; attempt++ {
		if w.left.Load() {
			return goneFor(r.method, "payoff is not installed in %s any more", w.space)
		}
		if err := w.queue.pass(ctx, r); err != nil {
			err = translate(r.method, err)
			if last != nil && isKind(err, chat.Transient) {
				return last // it says more than that time is over
			}
			return notSent(err)
		}
		last = translate(r.method, do(ctx))
		if last == nil {
			return nil
		}
		if revoked(last) {
			w.revoke(last)
		}
		if !r.again(last) || !w.holdBack(ctx, r, last, attempt) {
			return last
		}
	}
}

// again says whether to try again after err.
func (r request) again(err error) bool {
	switch {
	case isKind(err, chat.RateLimited):
		return true
	case isKind(err, chat.Transient):
		return !(r.once && unsure(err))
	}
	return false
}

// holdBack waits as Slack asked, or else longer from time to time. It is false when there is
// no time for another attempt.
func (w *workspace) holdBack(ctx context.Context, r request, err error, attempt int) bool {
	wait := backoff(attempt)
	if after, ok := retryAfter(err); ok {
		if g := w.queue.method(r.method); g != nil {
			g.pause(after) // all calls of the method, and this one as it comes back to the queue
			return true
		}
		if after > r.effort.queue {
			return false
		}
		wait = after
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) < wait {
		return false
	}
	return waitFor(ctx, wait) == nil
}

// Waits between attempts that Slack said nothing about.
const (
	firstBackoff = 200 * time.Millisecond
	lastBackoff  = 4 * time.Second
)

// backoff doubles with each attempt; half of it is chance, so that those who failed together
// do not come back together.
func backoff(attempt int) time.Duration {
	d := min(firstBackoff<<min(attempt, 10), lastBackoff)
	return d/2 + rand.N(d/2)
}
