package discord

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// What Discord says over the gateway. Source:
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes
const (
	opDispatch     = 0
	opHeartbeat    = 1
	opReconnect    = 7
	opInvalid      = 9
	opHello        = 10
	opAcknowledged = 11
)

const (
	largestMessage   = 4 << 20 // bytes; with no intents Discord sends a few thousand
	largestHandshake = 16 << 10
	longestHeartbeat = 24 * time.Hour
)

var (
	errReconnect = errors.New("asked to connect anew")
	errInvalid   = errors.New("the session is over")
	errGarbled   = errors.New("what was said cannot be read")
	errElsewhere = errors.New("the session goes on at another address")
	errRefused   = errors.New("the gateway refused the connection")
)

// A wire is one connection with Discord. It hears what Discord says before discordgo does, a
// whole message at a time, and keeps from it what it cannot take:
//
//   - op 7, Reconnect: inside Open discordgo waits for a lock that it holds itself, for ever
//     (https://github.com/bwmarrin/discordgo/issues/513). The connection just ends instead.
//   - op 9, Invalid Session: it identifies again at once, however often that is allowed; what
//     follows v0.29 deadlocks. The connection ends, and the shard begins a new session.
//   - close codes, which it forgets: they are the reason why the wire ended.
//   - events that payoff does not ask for, and a heartbeat interval of nought: some panic.
//
// Its life is a context: when that ends, reads and writes under way fail, so that nothing of
// discordgo waits on a connection any more. Nothing is written then either, least of all the
// close frame of discordgo: it would end the session, which is to be resumed.
type wire struct {
	net.Conn
	in    *bufio.Reader
	ready []byte // heard, and not yet taken by discordgo
	shook bool   // the HTTP handshake is behind us

	frames, message []byte // of a message that is not complete: as it came, and what it says

	ctx          context.Context
	end          context.CancelCauseFunc
	mu           sync.Mutex    // one write at a time: gorilla's are whole frames
	writing      time.Duration // a write may take this long
	acknowledged *atomic.Int64 // when Discord last acknowledged a heartbeat, in Unix nanoseconds
}

func (w *wire) Read(p []byte) (int, error) {
	for len(w.ready) == 0 {
		next := w.next
		if !w.shook {
			next = w.handshake
		}
		if err := next(); err != nil {
			w.end(err)
			return 0, context.Cause(w.ctx)
		}
	}
	n := copy(p, w.ready)
	w.ready = w.ready[n:]
	return n, nil
}

func (w *wire) Write(p []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.SetWriteDeadline(time.Now().Add(w.writing)); err != nil {
		return 0, err
	}
	n, err := w.Conn.Write(p)
	if err != nil {
		w.end(err)
	}
	return n, err
}

// goodbye ends the session: the close frame 1000, masked with noughts. discordgo's Close would
// hold its lock for a second over it.
func (w *wire) goodbye() { _, _ = w.Write([]byte{0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8}) }

// handshake hears the head of the HTTP response. One that refuses is the end: gorilla would read
// the page that comes with it, and wait for more of it than there is.
func (w *wire) handshake() error {
	var head []byte
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		text, err := w.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if head = append(head, text...); len(head) > largestHandshake {
			return errGarbled
		}
	}
	if status := bytes.Fields(head); len(status) < 2 || string(status[1]) != "101" {
		return errRefused
	}
	w.ready, w.shook = head, true
	return nil
}

// next hears one frame, and makes ready what discordgo may hear.
func (w *wire) next() error {
	whole, payload, err := readFrame(w.in)
	if err != nil {
		return err
	}
	const continuation = 0
	switch whole[0] & 0x0f {
	case continuation, websocket.TextMessage:
	case websocket.PingMessage, websocket.PongMessage:
		w.ready = whole
		return nil
	case websocket.CloseMessage:
		if len(payload) < 2 {
			return &websocket.CloseError{Code: websocket.CloseNoStatusReceived}
		}
		return &websocket.CloseError{Code: int(binary.BigEndian.Uint16(payload))}
	default:
		return errGarbled // binary messages are compressed ones, which payoff does not ask for
	}
	w.frames, w.message = append(w.frames, whole...), append(w.message, payload...)
	if len(w.message) > largestMessage {
		return errGarbled
	}
	if last := whole[0]&0x80 != 0; !last {
		return nil
	}
	wanted, err := w.hear(w.message)
	if err == nil && wanted {
		w.ready = w.frames
	}
	w.frames, w.message = nil, nil
	return err
}

// readFrame reads one frame of a websocket. Source: https://www.rfc-editor.org/rfc/rfc6455#section-5.2
func readFrame(in *bufio.Reader) (whole, payload []byte, err error) {
	head, err := in.Peek(2)
	if err != nil {
		return nil, nil, err
	}
	start, size := 2, uint64(head[1])
	switch size {
	case 126:
		start = 4
	case 127:
		start = 10
	}
	if head, err = in.Peek(start); err != nil {
		return nil, nil, err
	}
	switch start {
	case 4:
		size = uint64(binary.BigEndian.Uint16(head[2:]))
	case 10:
		size = binary.BigEndian.Uint64(head[2:])
	}
	if head[1] > 127 || size > largestMessage { // a server masks nothing
		return nil, nil, errGarbled
	}
	whole = make([]byte, start+int(size))
	_, err = io.ReadFull(in, whole)
	return whole, whole[start:], err
}

// hear is what a message means, and whether discordgo is to hear it, too.
func (w *wire) hear(message []byte) (wanted bool, err error) {
	var m struct {
		Op   *int            `json:"op"`
		Type string          `json:"t"`
		Data json.RawMessage `json:"d"`
	}
	if err := json.Unmarshal(message, &m); err != nil || m.Op == nil {
		return false, errGarbled
	}
	switch *m.Op {
	case opDispatch:
		return m.Type == "READY" || m.Type == "RESUMED" || m.Type == "INTERACTION_CREATE", nil
	case opReconnect:
		return false, errReconnect
	case opInvalid:
		if string(m.Data) == "true" { // it may be resumed
			return false, errReconnect
		}
		return false, errInvalid
	case opHello:
		var hello struct {
			Every int64 `json:"heartbeat_interval"` // milliseconds
		}
		if json.Unmarshal(m.Data, &hello) != nil || hello.Every < 1 || hello.Every > longestHeartbeat.Milliseconds() {
			return false, errGarbled
		}
	case opAcknowledged:
		w.acknowledged.Store(time.Now().UnixNano())
	}
	return true, nil
}

// dial makes the wire of a connection that is under way. discordgo asks for the gateway's
// address once and then keeps it, until dialling fails; a session is to be resumed at an address
// of its own, so dialling elsewhere fails and discordgo asks again.
func (s *shard) dial(secure bool) func(context.Context, string, string) (net.Conn, error) {
	return func(_ context.Context, network, address string) (net.Conn, error) {
		w := s.now.Load()
		if wanted, err := hostPort(s.address()); err != nil || wanted != address {
			return nil, errElsewhere
		}
		conn, err := s.g.dial(w.ctx, network, address)
		if err != nil {
			return nil, fmt.Errorf("reach the gateway: %w", err)
		}
		// From here on whoever ends the wire closes conn, too.
		context.AfterFunc(w.ctx, func() { _ = conn.Close() })
		if secure { // here, and not in the library, or the wire would hear nothing but noise
			host, _, _ := net.SplitHostPort(address)
			config := &tls.Config{MinVersion: tls.VersionTLS12}
			if s.g.tls != nil {
				config = s.g.tls.Clone()
			}
			config.ServerName = host
			over := tls.Client(conn, config)
			if err := over.HandshakeContext(w.ctx); err != nil {
				return nil, fmt.Errorf("reach the gateway: %w", err)
			}
			conn = over
		}
		w.Conn, w.in = conn, bufio.NewReader(conn)
		return w, nil
	}
}

// hostPort is where a websocket address leads.
func hostPort(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"ws": "80", "wss": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port), nil
}
