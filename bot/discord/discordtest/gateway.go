package discordtest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Opcodes: https://docs.discord.com/developers/topics/opcodes-and-status-codes
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// Close codes of the gateway: the same page.
const (
	closeUnknownOpcode     = 4001
	closeDecodeError       = 4002
	closeNotAuthenticated  = 4003
	closeAuthFailed        = 4004
	closeAlreadyIdentified = 4005
	closeInvalidSeq        = 4007
	closeRateLimited       = 4008
	closeTimedOut          = 4009
	closeInvalidShard      = 4010
	closeInvalidVersion    = 4012
	closeInvalidIntents    = 4013
)

// https://docs.discord.com/developers/events/gateway
const (
	maxSent          = 4096 // "Sending Events": bytes
	maxSends         = 120  // "Rate Limiting": in sendsWindow
	sendsWindow      = time.Minute
	identifyWindow   = 5 * time.Second // "Sharding": as many sessions as max_concurrency in this time
	defaultHeartbeat = 41250 * time.Millisecond
	heartbeatGrace   = 500 * time.Millisecond // what this gateway allows beyond half an interval
	compressFrom     = 2048                   // bytes of a packet that is compressed where IDENTIFY allows it
	allIntents       = 1<<26 - 1

	writeDeadline = 2 * time.Second
	queueLength   = 1 << 14
)

// A Gateway is Discord's websocket. All of it is guarded by d.mu.
type Gateway struct {
	d        *Discord
	running  sync.WaitGroup
	changed  chan struct{} // closed, and made anew, when a link or a session comes or goes
	links    []*link
	sessions []*session
	serial   int

	every                time.Duration // between heartbeats
	shards, concurrency  int
	paced                bool              // max_concurrency is enforced
	started              map[int]time.Time // when the last session of a rate limit key was
	identifies           []Identify
	resumes, replayed    int
	refuseDials, noHello int // of the next connections
	reconnectFirst       int // of the next connections
	reconnectForReady    int // of the next IDENTIFYs and RESUMEs
	invalidResumes       int // of the next RESUMEs
	refuseIdentify       int // the close code that answers each IDENTIFY; 0 is none
}

// An Identify is what a session began with.
type Identify struct {
	Intents int
	Shard   [2]int // number and count; 0 of 1 when none was named
}

// A link is one connection. It is the connection's own goroutines that read and write; whoever
// holds d.mu queues what is to be written.
type link struct {
	conn     *websocket.Conn
	out      chan packet
	gone     chan struct{} // closed when nothing is read any longer
	greeted  bool          // HELLO was sent
	deaf     bool          // as if its peer were dead
	leaving  bool          // told to go
	session  *session      // nil before READY or RESUMED
	compress bool
	sends    []time.Time // of the last minute
}

// A packet is what is to be written: a frame, or the close code that ends the link.
type packet struct {
	frame    []byte
	code     int
	compress bool
}

// A frame is one payload of the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int            `json:"s"`
	Type *string         `json:"t"`
}

func (d *Discord) startGateway() {
	d.acts.gateway = &Gateway{
		d: d, changed: make(chan struct{}), every: defaultHeartbeat, shards: 1, concurrency: 1, started: map[int]time.Time{},
	}
	d.mux.HandleFunc("GET /{$}", d.acts.gateway.serve) // like Discord's its address has no path
}

func (g *Gateway) end() {
	g.d.mu.Lock()
	for _, l := range g.links {
		_ = l.conn.NetConn().Close()
	}
	g.d.mu.Unlock()
	g.running.Wait()
}

// gatewayURL is what GET /gateway answers, shards what /gateway/bot recommends. d.mu is held.
func (d *Discord) gatewayURL() string { return "ws" + strings.TrimPrefix(d.server.URL, "http") }
func (d *Discord) shards() (recommended, concurrency int) {
	return d.acts.gateway.shards, d.acts.gateway.concurrency
}

// serve is one connection, from the handshake to its end.
func (g *Gateway) serve(rw http.ResponseWriter, r *http.Request) {
	if !g.admit() {
		http.Error(rw, "upstream connect error or disconnect/reset before headers", http.StatusServiceUnavailable)
		return
	}
	defer g.running.Done()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(rw, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	l := &link{conn: conn, out: make(chan packet, queueLength), gone: make(chan struct{})}
	// The answer to a close frame is ours: gorilla's would race with what is still queued.
	conn.SetCloseHandler(func(int, string) error { return nil })
	var writing sync.WaitGroup
	writing.Go(l.write)
	g.greet(l, r.FormValue("v"), r.FormValue("encoding"))
	g.read(l)
	close(l.gone)
	writing.Wait()
	_ = conn.Close()
}

// admit reports whether a handshake is taken. One that is counts as running.
func (g *Gateway) admit() bool {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	select {
	case <-g.d.ended:
		return false
	default:
	}
	if take(&g.refuseDials) {
		return false
	}
	g.running.Add(1)
	return true
}

// take uses up one of the next n; a negative n is all.
func take(n *int) bool {
	if *n > 0 {
		*n--
		return true
	}
	return *n < 0
}

// greet takes a connection into the list, and says HELLO.
func (g *Gateway) greet(l *link, version, encoding string) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.links = append(g.links, l)
	g.change()
	switch {
	case version != "9" && version != "10":
		l.close(closeInvalidVersion)
	case encoding != "json":
		l.close(closeDecodeError)
	case take(&g.noHello):
	case take(&g.reconnectFirst):
		l.leaving = true
		l.send(opReconnect, nil)
	default:
		l.greeted = true
		g.await(l)
		l.send(opHello, object{"heartbeat_interval": g.every.Milliseconds(), "_trace": trace()})
	}
}

// trace stands in many packets; it tells Discord's own people something.
func trace() []string { return []string{`["gateway-discordtest",{"micros":0.0}]`} }

// await sets the time by which the next heartbeat must have come.
func (g *Gateway) await(l *link) {
	_ = l.conn.SetReadDeadline(time.Now().Add(g.every + g.every/2 + heartbeatGrace))
}

// read takes what the app sends until the connection ends.
func (g *Gateway) read(l *link) {
	for {
		_, raw, err := l.conn.ReadMessage()
		if err != nil {
			g.lost(l, err)
			return
		}
		g.d.mu.Lock()
		code := g.receive(l, raw)
		if code != 0 {
			g.closing(l, code)
		}
		g.d.mu.Unlock()
	}
}

// lost ends a link. Its session can be resumed, unless its heartbeats did not come or the app
// said goodbye: "Closing with 1000 or 1001 invalidates your session".
func (g *Gateway) lost(l *link, err error) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout() && !l.deaf && !l.leaving:
		g.closing(l, closeTimedOut)
	case websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway):
		g.forget(l.session)
	}
	for i, other := range g.links {
		if other == l {
			g.links = append(g.links[:i:i], g.links[i+1:]...)
			break
		}
	}
	if s := l.session; s != nil && s.link == l {
		s.link, s.lostAt = nil, g.d.now()
	}
	g.change()
}

// closing closes a link with a code of Discord's. After most of them there is nothing to resume.
func (g *Gateway) closing(l *link, code int) {
	switch code {
	case closeAuthFailed, closeInvalidSeq, closeTimedOut, closeInvalidShard, 4011, closeInvalidVersion, closeInvalidIntents, 4014:
		g.forget(l.session)
	}
	l.close(code)
	g.change()
}

// change wakes whoever waits for links or sessions.
func (g *Gateway) change() {
	close(g.changed)
	g.changed = make(chan struct{})
}

// send queues a frame that is no event.
func (l *link) send(op int, data any) {
	l.queue(packet{frame: encode(frame{Op: op, Data: encode(data)})})
}

func (l *link) close(code int) {
	l.leaving = true
	l.queue(packet{code: code})
}

// queue never waits: a link whose app does not read is cut.
func (l *link) queue(p packet) {
	p.compress = l.compress && len(p.frame) >= compressFrom
	select {
	case l.out <- p:
	default:
		_ = l.conn.NetConn().Close()
	}
}

// write writes what is queued until the link is closed or gone; what was queued before it went,
// such as why, is written all the same.
func (l *link) write() {
	for {
		select {
		case p := <-l.out:
			if !l.put(p) {
				return
			}
		case <-l.gone:
			for len(l.out) > 0 && l.put(<-l.out) {
			}
			return
		}
	}
}

// put writes one packet, and reports whether more may follow. After a close frame the app has a
// moment to hang up, so that it reads the code before the connection ends.
func (l *link) put(p packet) bool {
	deadline := time.Now().Add(writeDeadline)
	_ = l.conn.SetWriteDeadline(deadline)
	if p.code != 0 {
		_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(p.code, closeReason(p.code)), deadline)
		_ = l.conn.SetReadDeadline(deadline)
		return false
	}
	kind, raw := websocket.TextMessage, p.frame
	if p.compress {
		kind, raw = websocket.BinaryMessage, compressed(p.frame)
	}
	if err := l.conn.WriteMessage(kind, raw); err != nil {
		_ = l.conn.Close()
		return false
	}
	return true
}

func compressed(raw []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(raw)
	_ = w.Close()
	return b.Bytes()
}

// closeReason is what Discord says with a code.
func closeReason(code int) string {
	reasons := map[int]string{
		4000: "Unknown error.", 4001: "Unknown opcode.", 4002: "Error while decoding payload.", 4003: "Not authenticated.",
		4004: "Authentication failed.", 4005: "Already authenticated.", 4007: "Invalid seq.", 4008: "You are being rate limited.",
		4009: "Session timed out.", 4010: "Invalid shard.", 4011: "Sharding required.", 4012: "Invalid API version.",
		4013: "Invalid intent(s).", 4014: "Disallowed intent(s).",
	}
	return reasons[code]
}

// encode is v as JSON, as Discord writes it: with < and > as they are.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("discordtest: encode %T: %v", v, err)) // only values made here are encoded
	}
	return bytes.TrimSpace(b.Bytes())
}
