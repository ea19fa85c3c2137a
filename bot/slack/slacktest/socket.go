package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	socketPath    = "/link/"
	maxSockets    = 10     // "up to 10 open WebSocket connections at the same time"
	maxAck        = 20_480 // slackapi/node-slack-sdk: a larger acknowledgement is dropped without a word
	defaultPing   = 10 * time.Second
	socketGrace   = 2 * time.Second // how long one that was told to go may still acknowledge
	awaitSocket   = 10 * time.Second
	writeDeadline = 2 * time.Second
)

// sockets are the connections of the app, guarded by wires.mu.
type sockets struct {
	list        []*socket
	changed     chan struct{} // closed, and made anew, when list changes
	turn        int           // whose turn it is to get an envelope
	held        int           // events that have waited for a connection
	tickets     map[string]bool
	waiting     map[string]chan []byte // for acknowledgements, by envelope
	every       time.Duration          // between pings
	refuseOpens int
	refuseWith  string
	refuseDials int
	serial      int
	running     sync.WaitGroup
}

// A socket is one connection.
type socket struct {
	conn    *websocket.Conn
	gone    chan struct{} // closed when it has ended
	leaving bool          // told to go, or said to be dead: it gets nothing new
	silent  bool          // as if its peer were dead

	writing sync.Mutex
}

var errNoSocket = errors.New("no socket is connected")

func (s *Slack) startSockets() {
	s.wires.sockets = sockets{
		changed: make(chan struct{}), tickets: map[string]bool{}, waiting: map[string]chan []byte{}, every: defaultPing,
	}
	s.socketURL = s.openSocket
	s.mux.HandleFunc("GET "+socketPath, s.serveSocket)
}

// endSockets closes all connections and waits for what served them.
func (s *Slack) endSockets() {
	s.wires.mu.Lock()
	for _, c := range s.wires.sockets.list {
		_ = c.conn.Close()
	}
	s.wires.mu.Unlock()
	s.wires.sockets.running.Wait()
}

// openSocket answers apps.connections.open with an address that is good for one connection.
func (s *Slack) openSocket() (string, error) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	k := &s.wires.sockets
	if k.refuseOpens != 0 {
		k.refuseOpens = max(k.refuseOpens-1, -1) // a negative number never runs out
		return "", errors.New(k.refuseWith)
	}
	k.serial++
	ticket := fmt.Sprintf("ticket-%d", k.serial)
	k.tickets[ticket] = true
	return strings.Replace(s.server.URL, "http", "ws", 1) + socketPath + "?ticket=" + ticket + "&app_id=" + appID, nil
}

// The app's Origin is its own business, and the buffers are gorilla's.
var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Slack) serveSocket(rw http.ResponseWriter, r *http.Request) {
	s.wires.mu.Lock()
	if s.over() { // endSockets waits only for those that it knows of
		s.wires.mu.Unlock()
		return
	}
	k := &s.wires.sockets
	ticket := r.URL.Query().Get("ticket")
	known := k.tickets[ticket]
	delete(k.tickets, ticket)
	refuse := k.refuseDials > 0
	if refuse {
		k.refuseDials--
	}
	k.running.Add(1)
	s.wires.mu.Unlock()
	defer k.running.Done()

	if !known || refuse {
		http.Error(rw, "no such connection", http.StatusForbidden)
		return
	}
	conn, err := upgrader.Upgrade(rw, r, nil)
	if err != nil {
		return
	}
	c := &socket{conn: conn, gone: make(chan struct{})}
	defer func() { _ = conn.Close() }()
	n, ok := s.addSocket(c)
	if !ok {
		_ = c.write(disconnectFrame("too_many_websockets"))
		return
	}
	defer s.dropSocket(c)
	if c.write(map[string]any{
		"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": appID},
		"debug_info": map[string]any{"host": "applink-slacktest", "build_number": 10, "approximate_connection_time": 18060},
	}) != nil {
		return
	}
	k.running.Add(1)
	go func() {
		defer k.running.Done()
		s.pingSocket(c)
	}()
	s.readSocket(c)
}

// over says whether the test has ended.
func (s *Slack) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// addSocket has a connection get envelopes, unless there are too many. It says how many
// there are.
func (s *Slack) addSocket(c *socket) (n int, ok bool) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	k := &s.wires.sockets
	if s.over() || len(k.list) >= maxSockets {
		return len(k.list), false
	}
	k.list = append(k.list, c)
	k.change()
	return len(k.list), true
}

func (s *Slack) dropSocket(c *socket) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	k := &s.wires.sockets
	for i := range k.list {
		if k.list[i] == c {
			k.list = append(k.list[:i:i], k.list[i+1:]...)
			break
		}
	}
	close(c.gone)
	k.change()
}

// change wakes who waits for a connection.
func (k *sockets) change() {
	close(k.changed)
	k.changed = make(chan struct{})
}

// pingSocket sends pings until the connection ends.
func (s *Slack) pingSocket(c *socket) {
	for {
		s.wires.mu.Lock()
		every, changed, silent := s.wires.sockets.every, s.wires.sockets.changed, c.silent
		s.wires.mu.Unlock()
		if !silent && c.ping() != nil {
			_ = c.conn.Close()
			return
		}
		timer := time.NewTimer(every)
		select {
		case <-timer.C:
		case <-changed: // perhaps every changed
		case <-c.gone:
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

func (c *socket) ping() error {
	return c.conn.WriteControl(websocket.PingMessage, []byte("Ping from slacktest"), time.Now().Add(writeDeadline))
}

// readSocket takes acknowledgements until the connection ends.
func (s *Slack) readSocket(c *socket) {
	for {
		_, raw, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(raw, &ack); err != nil {
			s.refused("socket", &refusal{code: "not_json", messages: []string{err.Error()}})
			continue
		}
		if len(raw) >= maxAck {
			s.refused("socket", &refusal{code: "acknowledgement_dropped", messages: []string{fmt.Sprintf("it has %d bytes, and Slack drops those of %d and more", len(raw), maxAck)}})
			continue
		}
		s.wires.mu.Lock()
		waiting := s.wires.sockets.waiting[ack.EnvelopeID]
		if c.silent {
			waiting = nil
		}
		delete(s.wires.sockets.waiting, ack.EnvelopeID)
		s.wires.mu.Unlock()
		if waiting != nil { // a second acknowledgement is nothing to Slack
			waiting <- ack.Payload
		}
	}
}

func (c *socket) write(v any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(writeDeadline))
	return c.conn.WriteMessage(websocket.TextMessage, encode(v))
}

// bringBySocket sends an envelope to one of the connections and waits for what it answers.
func (s *Slack) bringBySocket(o once) ([]byte, error) {
	c, waited, err := s.chooseSocket(o.kind == ofEvents)
	if err != nil {
		return nil, &setback{reason: "timeout", last: true, err: err}
	}
	if waited && o.retry == 0 { // an event of a time without a connection comes only as a repeat
		o.retry, o.reason = 1, "timeout"
	}
	envelope, answered := s.newEnvelope()
	frame := map[string]any{
		"envelope_id": envelope, "type": o.kind, "payload": o.payload, "accepts_response_payload": o.accepts,
	}
	if o.kind == ofEvents || o.retry > 0 {
		frame["retry_attempt"], frame["retry_reason"] = o.retry, o.reason
	}
	began := time.Now()
	answer, err := s.awaitAck(c, frame, answered, o.kind == ofEvents)
	s.acked(o.kind, began, err == nil)
	s.wires.mu.Lock()
	delete(s.wires.sockets.waiting, envelope)
	s.wires.mu.Unlock()
	return answer, err
}

func (s *Slack) newEnvelope() (id string, answered chan []byte) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	k := &s.wires.sockets
	k.serial++
	id, answered = fmt.Sprintf("envelope-%d", k.serial), make(chan []byte, 1)
	k.waiting[id] = answered
	return id, answered
}

// awaitAck sends a frame and waits. An event is given up when its connection ends, to be
// sent on another; the acknowledgement of anything else may still come on the next one.
func (s *Slack) awaitAck(c *socket, frame any, answered chan []byte, event bool) ([]byte, error) {
	timer := time.NewTimer(ackLimit)
	defer timer.Stop()
	gone := c.gone
	if !event {
		gone = nil
	}
	if err := c.write(frame); err != nil {
		return nil, &setback{reason: "timeout", err: fmt.Errorf("the connection ended: %w", err)}
	}
	select {
	case answer := <-answered:
		return answer, nil
	case <-gone:
		return nil, &setback{reason: "timeout", err: errors.New("the connection ended before it was acknowledged")}
	case <-timer.C:
		return nil, &setback{reason: "timeout", err: fmt.Errorf("not acknowledged within %s", ackLimit)}
	case <-s.ended:
		return nil, &setback{reason: "timeout", last: true, err: errors.New("the test is over")}
	}
}
