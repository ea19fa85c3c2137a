package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A session is what outlives a connection: the events of it, which a RESUME gets again.
type session struct {
	id     string
	shard  [2]int
	seq    int
	log    []packet // log[n] is the event with the sequence number n+1
	link   *link    // nil while nobody is connected
	lostAt time.Time
}

// resumable is how long a session without a connection is kept. Discord does not tell; it is
// "a few minutes".
const resumable = 2 * time.Minute

var errNotConnected = errors.New("payoff is not connected to the gateway, and the interaction is lost")

// The functions below are called with d.mu held.

// receive takes one payload. The close code is what the app gets for it, 0 for nothing.
func (g *Gateway) receive(l *link, raw []byte) (code int) {
	if l.deaf || l.leaving || !l.greeted {
		return 0
	}
	var f frame
	switch {
	case l.tooMany():
		return closeRateLimited
	case len(raw) > maxSent || json.Unmarshal(raw, &f) != nil:
		return closeDecodeError
	}
	switch f.Op {
	case opHeartbeat:
		g.await(l)
		l.send(opHeartbeatAck, nil)
		return 0
	case opIdentify:
		return g.identify(l, f.Data)
	case opResume:
		return g.resume(l, f.Data)
	case 3, 4, 8, 31, 43: // presence, voice, members, sounds, channel info: known, and nothing to payoff
		if l.session == nil {
			return closeNotAuthenticated
		}
		return 0
	}
	return closeUnknownOpcode
}

// tooMany counts what is sent in a minute.
func (l *link) tooMany() bool {
	now := time.Now()
	l.sends = append(slices.DeleteFunc(l.sends, func(at time.Time) bool { return now.Sub(at) > sendsWindow }), now)
	return len(l.sends) > maxSends
}

// identify begins a session.
func (g *Gateway) identify(l *link, raw json.RawMessage) (code int) {
	var d struct {
		Token      string
		Properties *struct{ OS, Browser, Device string }
		Compress   bool
		Intents    *int
		Shard      []int
	}
	if json.Unmarshal(raw, &d) != nil || d.Properties == nil {
		return closeDecodeError
	}
	shard := [2]int{0, 1}
	if len(d.Shard) == 2 {
		shard = [2]int{d.Shard[0], d.Shard[1]}
	}
	switch {
	case l.session != nil:
		return closeAlreadyIdentified
	case !g.d.isToken(d.Token):
		return closeAuthFailed
	case d.Intents == nil || *d.Intents < 0 || *d.Intents > allIntents:
		return closeInvalidIntents
	case d.Shard != nil && (len(d.Shard) != 2 || shard[0] < 0 || shard[0] >= shard[1]):
		return closeInvalidShard
	}
	g.identifies = append(g.identifies, Identify{Intents: *d.Intents, Shard: shard})
	switch {
	case g.refuseIdentify != 0:
		return g.refuseIdentify
	case g.tooSoon(shard[0]):
		l.send(opInvalidSession, false)
		return 0
	case take(&g.reconnectForReady):
		l.leaving = true
		l.send(opReconnect, nil)
		return 0
	}
	g.serial++
	s := &session{id: fmt.Sprintf("%032x", g.serial), shard: shard, link: l}
	g.sessions = append(g.sessions, s)
	l.session, l.compress = s, d.Compress
	g.dispatch(s, "READY", g.ready(s))
	g.change()
	return 0
}

func (d *Discord) isToken(s string) bool { return strings.TrimPrefix(s, "Bot ") == botToken }

// tooSoon reports whether as many sessions as max_concurrency allows have begun just now.
func (g *Gateway) tooSoon(shard int) bool {
	key, now := shard%max(1, g.concurrency), g.d.now()
	last, known := g.started[key]
	g.started[key] = now
	return g.paced && known && now.Sub(last) < identifyWindow
}

// ready is the event that a session begins with. With no intents nothing else follows: servers
// are never told of.
func (g *Gateway) ready(s *session) object {
	guilds := []any{}
	for id, guild := range g.d.guilds {
		if guild.in && shardOf(id, s.shard[1]) == s.shard[0] {
			guilds = append(guilds, object{"id": id, "unavailable": true})
		}
	}
	return object{
		"v": 9, "session_id": s.id, "session_type": "normal", "resume_gateway_url": g.d.gatewayURL(), "shard": s.shard,
		"user": object{
			"id": applicationID, "username": "payoff", "global_name": nil, "discriminator": "0001", "avatar": nil, "bot": true,
			"email": nil, "mfa_enabled": true, "verified": true, "flags": 0,
		},
		"application": object{"id": applicationID, "flags": 0}, "guilds": guilds,
		"user_settings": object{}, "relationships": []any{}, "private_channels": []any{}, "presences": []any{},
		"guild_join_requests": []any{}, "geo_ordered_rtc_regions": []any{"rotterdam"}, "auth": object{}, "_trace": trace(),
	}
}

// resume goes on with a session: what was missed comes first.
func (g *Gateway) resume(l *link, raw json.RawMessage) (code int) {
	var d struct {
		Token     string
		SessionID string `json:"session_id"`
		Seq       int
	}
	if json.Unmarshal(raw, &d) != nil {
		return closeDecodeError
	}
	if l.session != nil {
		return closeAlreadyIdentified
	}
	if !g.d.isToken(d.Token) {
		return closeAuthFailed
	}
	g.resumes++
	s := g.session(d.SessionID)
	switch {
	case s == nil || take(&g.invalidResumes):
		g.forget(s)
		l.send(opInvalidSession, false)
		return 0
	case d.Seq < 0 || d.Seq > s.seq:
		g.forget(s)
		return closeInvalidSeq
	case take(&g.reconnectForReady):
		l.leaving = true
		l.send(opReconnect, nil)
		return 0
	}
	if s.link != nil {
		_ = s.link.conn.NetConn().Close()
		s.link.session = nil
	}
	s.link, l.session = l, s
	for _, p := range s.log[d.Seq:] {
		l.queue(p)
		g.replayed++
	}
	g.dispatch(s, "RESUMED", object{"_trace": trace()})
	g.change()
	return 0
}

// session is one that can be resumed.
func (g *Gateway) session(id string) *session {
	g.sessions = slices.DeleteFunc(g.sessions, func(s *session) bool {
		return s.link == nil && g.d.now().Sub(s.lostAt) > resumable
	})
	for _, s := range g.sessions {
		if s.id == id {
			return s
		}
	}
	return nil
}

// forget ends a session, if there is one: it cannot be resumed.
func (g *Gateway) forget(s *session) {
	g.sessions = slices.DeleteFunc(g.sessions, func(other *session) bool { return other == s })
}

// dispatch sends an event, or keeps it for a RESUME.
func (g *Gateway) dispatch(s *session, kind string, data any) {
	s.seq++
	seq := s.seq
	p := packet{frame: encode(frame{Op: opDispatch, Data: encode(data), Seq: &seq, Type: &kind})}
	s.log = append(s.log, p)
	if s.link != nil && !s.link.deaf && !s.link.leaving {
		s.link.queue(p)
	}
}

// bring tells every session of a server's shard, as Discord does: two of the same shard both
// hear it. Direct rooms belong to the first shard. guild is "" for them.
func (g *Gateway) bring(guild, kind string, data json.RawMessage) error {
	g.session("")
	brought := false
	for _, s := range g.sessions {
		if guild == "" && s.shard[0] == 0 || guild != "" && shardOf(guild, s.shard[1]) == s.shard[0] {
			g.dispatch(s, kind, data)
			brought = true
		}
	}
	if !brought {
		return errNotConnected
	}
	return nil
}

// shardOf: https://docs.discord.com/developers/events/gateway#sharding-sharding-formula
func shardOf(guild string, shards int) int {
	n, _ := strconv.ParseUint(guild, 10, 64)
	return int((n >> 22) % uint64(shards))
}
