package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

var (
	errSlow   = errors.New("no session in time")
	errSilent = errors.New("heartbeats are not acknowledged")
	errLost   = errors.New("the connection was lost")
)

// A shard keeps one session with Discord, over as many connections as it takes.
//
// The session's id and how far its events were heard are known to discordgo alone. So one
// discordgo.Session is opened again and again, which resumes: Discord then sends the events that
// were missed. When Discord does not know the session any more, or discordgo hangs in spite of
// all, a new one takes its place. Lost with the old one is what people did between the two
// connections; Discord has told each of them that payoff did not respond.
type shard struct {
	g         *gateway
	id, count int

	library *library // nil: there is no session
	home    string   // where the session began
	away    string   // where it is to be resumed; "" is home
	lasting bool     // Discord said READY: the session can be resumed

	now          atomic.Pointer[wire] // the connection that is being made, or is
	acknowledged atomic.Int64         // when a heartbeat last was, in Unix nanoseconds
	heard        atomic.Int64         // the number of the last event, for heartbeats
	ready        chan string          // READY, to be resumed at this address, or RESUMED ("")

	well *bool // what the log last said of the connection
}

// A library is a discordgo.Session as payoff can use it.
type library struct {
	*discordgo.Session
	gone chan struct{} // it has let go of a connection
}

func newShard(g *gateway, id, count int) *shard {
	return &shard{g: g, id: id, count: count, ready: make(chan string, 1)}
}

// run keeps connected until ctx ends.
func (s *shard) run(ctx context.Context) error {
	var refused *Refused
	for failed := 0; ; {
		came, err := s.connect(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &refused):
			return refused
		}
		if r := s.g.a.cfg.refusal(err); r != nil {
			return r
		}
		switch came {
		case held:
			failed = 0
			s.g.a.log.DebugContext(ctx, "discord: connecting anew", "reason", gatewayReason(err))
		case made: // Discord can be reached: what failed before was the weather
			failed = min(failed, mostShort) + 1
		case unmade:
			failed, s.away = failed+1, ""
		}
		if !s.lasting || isOver(err) {
			s.library = nil
		}
		if came != held {
			s.say(false, "discord: not connected; trying until it is", "reason", gatewayReason(err))
		}
		if pauseFor(ctx, s.pause(failed, err)) != nil {
			return nil
		}
	}
}

// isOver reports whether an error is the end of the session, not of a connection only.
func isOver(err error) bool {
	var closed *websocket.CloseError
	return errors.Is(err, errInvalid) || errors.Is(err, discordgo.ErrWSAlreadyOpen) ||
		errors.As(err, &closed) && (closed.Code == closeBadSequence || closed.Code == closeSessionTimeout)
}

// pause is how long to wait before the next connection: not at all after a good one, but when
// Discord has called a session invalid, one to five seconds.
// Source: https://docs.discord.com/developers/events/gateway-events#invalid-session
func (s *shard) pause(failed int, err error) (d time.Duration) {
	if failed > 0 {
		d = s.g.pause(failed, err)
	}
	if errors.Is(err, errInvalid) {
		d = max(d, s.g.identify/5+rand.N(s.g.identify*4/5))
	}
	return d
}

// say logs a change of the connection, once.
func (s *shard) say(well bool, what string, args ...any) {
	if s.well != nil && *s.well == well {
		return
	}
	s.well = &well
	if s.count > 1 {
		args = append(args, "shard", s.id)
	}
	s.g.a.log.Info(what, args...)
}

// How far a connection came.
type stretch int

const (
	unmade stretch = iota
	made           // Discord said READY or RESUMED
	held           // for as long as steady
)

// connect connects once. It returns when the connection is over, or could not be made, or when
// parent ends.
func (s *shard) connect(parent context.Context) (came stretch, err error) {
	if err := s.begin(parent); err != nil {
		return unmade, err
	}
	// The connection outlives parent by a moment, to say goodbye.
	ctx, end := context.WithCancelCause(context.WithoutCancel(parent))
	defer end(nil)
	s.now.Store(&wire{ctx: ctx, end: end, writing: s.g.writing, acknowledged: &s.acknowledged})
	over := make(chan error, 1)
	go s.library.hold(s.g.open, over)

	up, holds, settled := time.NewTimer(s.g.up), stoppedTimer(), stoppedTimer()
	defer up.Stop()
	defer holds.Stop()
	defer settled.Stop()
	beat := time.NewTicker(s.g.beat)
	defer beat.Stop()
	for ended := ctx.Done(); ; {
		select {
		case away := <-s.ready:
			came, s.away, s.lasting = made, cmp.Or(away, s.away), true
			s.acknowledged.Store(time.Now().UnixNano())
			up.Stop()
			holds.Reset(s.g.steady)
			if s.well == nil {
				s.say(true, "discord: connected")
			}
		case <-holds.C:
			came = held
			s.say(true, "discord: connected again")
		case <-beat.C:
			if came != unmade && ctx.Err() == nil {
				s.beat(end)
			}
		case <-up.C:
			end(errSlow)
		case <-parent.Done():
			if came != unmade {
				s.now.Load().goodbye()
			}
			// discordgo sleeps for a second before it lets go, which who stops payoff need not wait for.
			return came, context.Cause(parent)
		case <-ended:
			ended = nil
			settled.Reset(s.g.settling)
		case err := <-over:
			return came, cmp.Or(context.Cause(ctx), err, errLost)
		case <-settled.C: // discordgo hangs, and is left behind with what it holds
			s.library = nil
			return came, cmp.Or(context.Cause(ctx), errLost)
		}
	}
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// begin makes ready for a connection: a session to be resumed, or as soon as Discord allows a
// new one.
func (s *shard) begin(ctx context.Context) (err error) {
	if s.library == nil {
		if s.home, err = s.g.admit(ctx, s.id); err != nil {
			return err
		}
		s.away, s.lasting, s.library = "", false, s.newLibrary()
		s.heard.Store(0)
	}
	emptied(s.library.gone)
	emptied(s.ready)
	return nil
}

// address is where the next connection leads.
func (s *shard) address() string { return cmp.Or(s.away, s.home) }

// beat asks for an acknowledgement, and ends a connection on which none came in time.
func (s *shard) beat(end context.CancelCauseFunc) {
	if time.Since(time.Unix(0, s.acknowledged.Load())) > s.g.silence {
		end(errSilent)
		return
	}
	beat := struct {
		Op   int    `json:"op"`
		Last *int64 `json:"d"`
	}{Op: opHeartbeat}
	if heard := s.heard.Load(); heard > 0 {
		beat.Last = &heard
	}
	_ = s.library.GatewayWriteStruct(beat) // a wire that takes no more ends by itself
}

// newLibrary is a discordgo.Session with all that payoff does not need, or does itself, off:
// it asks Discord for no events but interactions, which come without asking, keeps no state,
// calls handlers in the order of events, logs nothing, does not connect again by itself, and
// its only call of the REST API, for the gateway's address, is answered here.
func (s *shard) newLibrary() *library {
	l := &library{gone: make(chan struct{}, 1)}
	token := s.g.a.cfg.BotToken.Reveal()
	l.Session, _ = discordgo.New("") // it never fails
	l.Token, l.Identify.Token = token, token
	l.Identify.Intents = discordgo.IntentsNone
	l.Compress, l.Identify.Compress = false, false
	l.StateEnabled, l.ShouldReconnectOnError, l.SyncEvents = false, false, true
	l.LogLevel = -1
	l.ShardID, l.ShardCount = s.id, s.count
	l.Client = &http.Client{Transport: addressBook(s.address)}
	l.Dialer = &websocket.Dialer{NetDialContext: s.dial(false), NetDialTLSContext: s.dial(true)}
	l.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.on(e) })
	l.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { offer(l.gone, struct{}{}) })
	return l
}

// hold opens a session, and waits until its connection is over.
func (l *library) hold(open func(*discordgo.Session) error, over chan<- error) {
	err := open(l.Session)
	if err == nil {
		<-l.gone
	}
	over <- err
}

// openSession connects at the address of the moment, even if discordgo remembers another.
func openSession(l *discordgo.Session) error {
	err := l.Open()
	if errors.Is(err, errElsewhere) {
		err = l.Open()
	}
	return err
}

// An addressBook answers discordgo's question for the gateway's address.
type addressBook func() string

func (b addressBook) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := json.Marshal(map[string]string{"url": b()})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(string(body)))}, err
}

// on hears an event. It never waits.
func (s *shard) on(e *discordgo.Event) {
	s.heard.Store(e.Sequence)
	switch e.Type {
	case "READY":
		var ready struct {
			Resume string `json:"resume_gateway_url"`
		}
		_ = json.Unmarshal(e.RawData, &ready) // it can be resumed at home as well
		offer(s.ready, ready.Resume)
	case "RESUMED":
		offer(s.ready, "")
	case "INTERACTION_CREATE":
		s.g.serve(e.RawData)
	}
}

// offer puts a value into a channel that has room for one, unless there is one.
func offer[T any](to chan T, v T) {
	select {
	case to <- v:
	default:
	}
}

func emptied[T any](c chan T) {
	select {
	case <-c:
	default:
	}
}
