package slack

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// Socket Mode. Source: https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	// Slack drops an acknowledgement of this many bytes without a word.
	// Source: https://github.com/slackapi/node-slack-sdk/issues/1196
	maxAcknowledgement = 20 * 1024

	maxHandled   = 256              // deliveries handled at once; more wait
	silence      = 30 * time.Second // without a ping from Slack: the connection is dead
	steady       = 10 * time.Second // a connection that held this long was a good one
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second // between attempts
	mostShort    = 4                // connections lost soon after Slack's hello that count: 2 to 4 s
	ackWindow    = 3 * time.Second  // after which Slack has given up waiting for an acknowledgement
	farewell     = 2 * time.Second  // for what is under way to be acknowledged when Run ends
	lastWrite    = 100 * time.Millisecond
	watchEvery   = 5 * time.Second // how often it is seen whether the machine slept
)

// Run checks the tokens, and keeps Socket Mode connected until ctx ends, if it is to be
// used. It returns a *Refused when a token can never work, nil when ctx has ended.
func (a *Adapter) Run(ctx context.Context) error {
	if a.cfg.BotToken.IsSet() {
		if err := a.introduce(ctx); err != nil {
			return err
		}
	}
	if a.cfg.AppToken.IsSet() {
		return newSocket(a, a.take).run(ctx)
	}
	<-ctx.Done()
	return nil
}

// introduce finds out whose the bot token is, again and again until Slack can be reached.
func (a *Adapter) introduce(ctx context.Context) error {
	client := newClient()
	defer client.CloseIdleConnections()
	api := slackapi.New(a.cfg.BotToken.Reveal(), slackapi.OptionAPIURL(a.cfg.APIURL), slackapi.OptionHTTPClient(client))
	for failures := 1; ctx.Err() == nil; failures++ {
		who, err := api.AuthTestContext(ctx)
		if err == nil && who.UserID != "" {
			a.log.InfoContext(ctx, "slack: the bot token works", "workspace", who.Team, "space", who.TeamID, "as", who.User)
			return nil
		}
		if err == nil {
			err = errNothing
		}
		if r := botToken.refusal(err, a.cfg.APIURL); r != nil {
			return r
		}
		if failures == 1 && ctx.Err() == nil {
			a.log.InfoContext(ctx, "slack: the bot token cannot be checked yet; trying until it can", "reason", reason(err))
		}
		_ = waitFor(ctx, pauseAfter(failures, err))
	}
	return nil
}

// pauseAfter is how long to wait after so many failures in a row: twice as long each time,
// and never in step with others that failed at the same moment.
func pauseAfter(failures int, err error) time.Duration {
	d := longestPause
	if doubled := failures - 1; doubled < 6 {
		d = firstPause << doubled
	}
	d = d/2 + rand.N(d/2)
	var limited *slackapi.RateLimitedError
	if errors.As(err, &limited) {
		d = max(d, limited.RetryAfter)
	}
	return d
}

var errLost = errors.New("the connection was lost")

// A turnstile lets the library open one connection whenever it is told to. Left alone, the
// library connects again the moment a connection is lost, however often that happens, and
// after failures waits up to five minutes.
type turnstile struct {
	http *http.Client
	open atomic.Bool
}

func (t *turnstile) Do(r *http.Request) (*http.Response, error) {
	if !t.open.CompareAndSwap(true, false) {
		return nil, errLost
	}
	return t.http.Do(r)
}

// A socket is Socket Mode while Run runs. Acknowledgements outlive the connection that their
// deliveries came by: what was written last, or could not be written, goes out on the next.
type socket struct {
	a       *Adapter
	take    taker
	client  *socketmode.Client
	turn    turnstile
	handled chan struct{} // one for each delivery that is handled
	slept   func(earlier, later time.Time) bool
	well    *bool           // what the log last said of the connection
	out     context.Context // ends when nothing more is written

	mu      sync.Mutex
	ended   bool
	unacked sync.WaitGroup                 // deliveries
	fresh   map[string]socketmode.Response // acknowledgements of the last ackWindow, by envelope
}

func newSocket(a *Adapter, take taker, opts ...socketmode.Option) *socket {
	s := &socket{a: a, take: take, handled: make(chan struct{}, maxHandled), slept: slept, fresh: map[string]socketmode.Response{}}
	s.turn.http = newClient()
	// The library logs nothing of its own: that is what it does unless told to debug.
	s.client = socketmode.New(slackapi.New("", slackapi.OptionAppLevelToken(a.cfg.AppToken.Reveal()),
		slackapi.OptionAPIURL(a.cfg.APIURL), slackapi.OptionHTTPClient(&s.turn)),
		append([]socketmode.Option{socketmode.OptionPingInterval(silence)}, opts...)...)
	return s
}

// run keeps connected until ctx ends, and then for a moment longer, so that what people were
// just doing is acknowledged.
func (s *socket) run(ctx context.Context) error {
	out, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	defer s.turn.http.CloseIdleConnections()
	s.out = out
	stop := context.AfterFunc(ctx, func() { s.end(); hangUp() })
	defer stop()
	for failed, short := 0, 0; ctx.Err() == nil; {
		came, err := s.connection(out)
		if ctx.Err() != nil {
			break
		}
		if r := appToken.refusal(err, s.a.cfg.APIURL); r != nil {
			return r
		}
		switch came {
		case held:
			failed, short = 0, 0
			s.a.log.DebugContext(ctx, "slack: connecting anew", "reason", reason(err))
			continue
		case greeted: // Slack can be reached: what failed before was the weather
			failed, short = 0, min(short+1, mostShort)
		case unmade:
			failed++
		}
		s.say(false, "slack: not connected; trying until it is", "reason", reason(err))
		_ = waitFor(ctx, pauseAfter(max(failed, short), err))
	}
	return nil
}

// How far a connection came.
type stretch int

const (
	unmade  stretch = iota
	greeted         // Slack said hello
	held            // for as long as steady
)

// connection connects once. It returns when the connection is lost or could not be made.
func (s *socket) connection(ctx context.Context) (came stretch, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.turn.open.Store(true)
	over := make(chan error, 1)
	go func() { over <- s.client.RunContext(ctx) }()
	holds := time.NewTimer(time.Hour)
	holds.Stop()
	defer holds.Stop()
	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	var seen time.Time
	for {
		select {
		case e := <-s.client.Events:
			switch e.Type {
			case socketmode.EventTypeHello:
				came = greeted
				holds.Reset(steady)
				if s.well == nil {
					s.say(true, "slack: connected by Socket Mode")
				}
			case socketmode.EventTypeConnectionError:
				if failed, ok := e.Data.(*slackapi.ConnectionErrorEvent); ok {
					err = failed.ErrorObj
				}
				cancel()
			case socketmode.EventTypeErrorWriteFailed:
				cancel() // every write fails from here on
			default:
				s.on(e)
			}
		case <-holds.C:
			came = held
			s.say(true, "slack: connected again")
		case now := <-watch.C:
			if !seen.IsZero() && s.slept(seen, now) {
				came, err = held, fmt.Errorf("this machine slept: %w", errLost)
				cancel()
			}
			seen = now
		case ended := <-over:
			s.drain()
			switch {
			case err != nil:
			case errors.Is(ended, context.Canceled):
				err = errLost
			default:
				err = ended
			}
			if errors.Is(err, errLost) {
				s.repeat()
			}
			return came, err
		}
	}
}

// slept reports whether the machine slept between two readings of its clock: the time of day
// went on, while the clock that measures how long things take stood still. A connection does
// not survive that, and the library would notice a minute later.
func slept(earlier, later time.Time) bool {
	return later.Round(0).Sub(earlier.Round(0))-later.Sub(earlier) > watchEvery
}

// say logs a change of the connection, once.
func (s *socket) say(well bool, what string, args ...any) {
	if s.well == nil || *s.well != well {
		s.well = &well
		s.a.log.Info(what, args...)
	}
}

// drain serves what came in before the connection was lost.
func (s *socket) drain() {
	for {
		select {
		case e := <-s.client.Events:
			s.on(e)
		default:
			return
		}
	}
}
