package discord

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	"payoff/bot/chat"
)

const (
	mostTaken  = 256       // interactions taken at once; more wait
	mostShort  = 4         // connections lost soon after they were made that count: 2 to 4 s
	lookAround = time.Hour // between two looks at which servers payoff is in
)

// A tempo is how long everything of the gateway may take.
type tempo struct {
	up       time.Duration // from dialling to READY or RESUMED
	beat     time.Duration // between heartbeats of ours
	silence  time.Duration // without an acknowledgement of one: the connection is dead
	writing  time.Duration // one write
	settling time.Duration // until discordgo has let go of a connection that is over
	steady   time.Duration // a connection that held this long was a good one
	first    time.Duration // the first pause after a failure, doubled by each more
	longest  time.Duration // the longest such pause
	identify time.Duration // between two new sessions of one lane
}

// usual is the tempo of everyday life: whatever happens, payoff is back within 30 seconds.
//
// Discord's heartbeats are 41 seconds apart, which is too seldom to notice that nobody is there;
// more of them are allowed, up to 120 messages a minute. New sessions are 5 seconds apart.
// Source: https://docs.discord.com/developers/events/gateway#rate-limiting
var usual = tempo{up: 10 * time.Second, beat: 6 * time.Second, silence: 14 * time.Second, writing: 5 * time.Second, settling: 4 * time.Second,
	steady: 10 * time.Second, first: 500 * time.Millisecond, longest: 30 * time.Second, identify: 5 * time.Second}

// A gateway is payoff's connection with Discord while Run runs: as many shards as Discord wants.
type gateway struct {
	a    *Adapter
	do   doer
	take func(ctx context.Context, raw []byte)
	look func(ctx context.Context) error // which servers payoff is in
	tempo
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	tls  *tls.Config // nil is the usual one
	open func(*discordgo.Session) error

	handled chan struct{} // one for each interaction that is taken

	mu   sync.Mutex
	next map[int]time.Time // when the next session of a lane may begin
}

func newGateway(a *Adapter, do doer, take func(context.Context, []byte)) *gateway {
	return &gateway{a: a, do: do, take: take, look: a.watchServers, tempo: usual, dial: (&net.Dialer{}).DialContext, open: openSession,
		handled: make(chan struct{}, mostTaken), next: map[int]time.Time{}}
}

// Run registers the commands when they have changed, and keeps the gateway connected until ctx
// ends. It returns a *Refused when the token can never work, nil when ctx has ended.
func (a *Adapter) Run(ctx context.Context) error {
	return newGateway(a, a.rest.do, a.take).run(ctx)
}

func (g *gateway) run(ctx context.Context) error {
	way, err := g.introduce(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { g.errands(ctx); return nil })
	for i := range max(way.Shards, 1) {
		group.Go(func() error { return newShard(g, i, max(way.Shards, 1)).run(ctx) })
	}
	return group.Wait()
}

// A directions is where the gateway is, and how payoff may connect.
// Source: https://docs.discord.com/developers/events/gateway#get-gateway-bot
type directions struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Starts struct {
		Total       int   `json:"total"`
		Remaining   int   `json:"remaining"`
		ResetAfter  int64 `json:"reset_after"` // milliseconds
		Concurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// ask asks for directions. What can never work is a *Refused.
func (g *gateway) ask(ctx context.Context) (way directions, err error) {
	err = g.do(ctx, call{method: http.MethodGet, path: "/gateway/bot"}, &way)
	if err == nil && way.URL == "" {
		err = errors.New("no address was named")
	}
	if r := g.a.cfg.refusal(err); r != nil {
		return directions{}, r
	}
	return way, err
}

// introduce asks for directions again and again, until Discord can be reached.
func (g *gateway) introduce(ctx context.Context) (directions, error) {
	var refused *Refused
	for failures := 1; ; failures++ {
		way, err := g.ask(ctx)
		if err == nil || errors.As(err, &refused) {
			return way, err
		}
		if failures == 1 && ctx.Err() == nil {
			g.a.log.InfoContext(ctx, "discord: not connected; trying until it is", "reason", gatewayReason(err))
		}
		if pauseFor(ctx, g.pause(failures, err)) != nil {
			return directions{}, nil
		}
	}
}

// admit waits until a shard may begin a new session, and says where. Discord lets a number of
// lanes begin one each, every five seconds, and some thousand in all a day: whoever begins more
// has their token made void.
// Source: https://docs.discord.com/developers/events/gateway#sharding-max-concurrency
func (g *gateway) admit(ctx context.Context, shard int) (address string, err error) {
	for {
		way, err := g.ask(ctx)
		if err != nil {
			return "", err
		}
		if way.Starts.Remaining > 0 || way.Starts.ResetAfter <= 0 {
			lane := shard % max(way.Starts.Concurrency, 1)
			g.mu.Lock()
			now := time.Now()
			at := now
			if next := g.next[lane]; next.After(now) {
				at = next
			}
			g.next[lane] = at.Add(g.identify)
			g.mu.Unlock()
			return way.URL, pauseFor(ctx, at.Sub(now))
		}
		until := time.Duration(way.Starts.ResetAfter) * time.Millisecond
		g.a.log.WarnContext(ctx, "discord: payoff connected as often as Discord allows in a day, and waits", "for", until)
		if err := pauseFor(ctx, until); err != nil {
			return "", err
		}
	}
}

// errands registers the commands, and looks which servers payoff is in, now and then.
func (g *gateway) errands(ctx context.Context) {
	for failures := 1; ; failures++ {
		err := g.a.register(ctx, g.do)
		if err == nil || ctx.Err() != nil {
			break
		}
		var known *chat.Error
		passes := errors.As(err, &known) && (known.Kind == chat.Transient || known.Kind == chat.RateLimited)
		switch {
		case !passes:
			g.a.log.ErrorContext(ctx, "discord: the commands are not registered", "err", err)
		case failures == 1:
			g.a.log.InfoContext(ctx, "discord: the commands are not registered; trying until they are", "reason", gatewayReason(err))
		}
		if !passes || pauseFor(ctx, g.pause(failures, err)) != nil {
			break
		}
	}
	for ctx.Err() == nil {
		if err := g.look(ctx); err != nil && ctx.Err() == nil {
			g.a.log.InfoContext(ctx, "discord: it is not known which servers payoff is in; it looks again in an hour", "reason", gatewayReason(err))
		}
		_ = pauseFor(ctx, lookAround)
	}
}

// serve has an interaction taken. It never waits: discordgo hears nothing meanwhile. Whatever
// was taken goes on when Run ends; Close waits for it.
func (g *gateway) serve(raw json.RawMessage) {
	go func() {
		select {
		case g.handled <- struct{}{}:
			defer func() { <-g.handled }()
			g.take(g.a.life, raw)
		case <-g.a.life.Done():
		}
	}()
}

// pause is how long to wait after so many failures in a row: twice as long each time, and never
// in step with others that failed at the same moment.
func (g *gateway) pause(failures int, err error) time.Duration {
	d := g.longest
	if doubled := failures - 1; doubled < 6 {
		d = min(d, g.first<<doubled)
	}
	d = d/2 + rand.N(d/2+1)
	var limited *chat.Error
	if errors.As(err, &limited) {
		d = max(d, limited.RetryAfter)
	}
	return d
}

// Close codes. Source:
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
const (
	closeUnauthorized   = 4004
	closeBadSequence    = 4007
	closeSessionTimeout = 4009
	closeBadShard       = 4010
	closeTooFewShards   = 4011
	closeBadVersion     = 4012
	closeBadIntents     = 4013
	closeDeniedIntents  = 4014
)

// A Refused says in one sentence why Discord will never let payoff in, and what to do.
type Refused struct{ Say string }

func (r *Refused) Error() string { return r.Say }

const copyToken = "copy it again from the page Bot of the application at https://discord.com/developers/applications (Reset Token)"

// refusal is what to do about an error after which payoff can never work as it is set up; nil
// for one that may pass.
func (c Config) refusal(err error) *Refused {
	var answer *apiError
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &answer) && answer.Status == http.StatusUnauthorized:
		return &Refused{"Discord does not know DISCORD_BOT_TOKEN: " + copyToken + "."}
	case errors.As(err, &answer) && answer.Status == http.StatusNotFound:
		return &Refused{fmt.Sprintf("There is no Discord at %s: check DISCORD_API_URL.", cmp.Or(c.APIURL, DefaultAPIURL))}
	case !errors.As(err, &closed):
		return nil
	}
	switch closed.Code {
	case closeUnauthorized:
		return &Refused{"Discord does not know DISCORD_BOT_TOKEN any more: " + copyToken + "."}
	case closeTooFewShards:
		return &Refused{"Discord wants payoff to connect in more parts, as it is in many servers now: start it again, and it will."}
	case closeBadShard, closeBadVersion, closeBadIntents, closeDeniedIntents:
		return &Refused{fmt.Sprintf("Discord no longer takes how this payoff connects (%d): install the newest one.", closed.Code)}
	}
	return nil
}

// gatewayReason is what went wrong with the gateway, for a log.
func gatewayReason(err error) slog.Value {
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed):
		return slog.StringValue(fmt.Sprintf("Discord closed the connection (%d)", closed.Code))
	case errors.Is(err, context.DeadlineExceeded):
		return slog.StringValue("no answer in time")
	}
	return slog.StringValue(err.Error())
}
