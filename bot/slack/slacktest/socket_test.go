package slacktest

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func connected(t *testing.T, s *Slack, n int) {
	t.Helper()
	if !s.WaitSockets(n, patience) {
		t.Fatalf("Sockets() = %d, want %d", s.Sockets(), n)
	}
}

func TestSocketsComeAndGo(t *testing.T) {
	s, w, api := office(t)
	a := &app{}
	if err := w.Command("", "UANN", "CTEAM", "/report"); err == nil {
		t.Error("a command without a connection was acknowledged")
	}
	s.RefuseDials(1)
	s.RefuseSockets(1, "internal_error")
	a.connect(t, api)
	connected(t, s, 1)
	for name, end := range map[string]func(){
		"refresh": func() { s.Disconnect("refresh_requested") },
		"cut":     s.CutSockets,
	} {
		end()
		connected(t, s, 1)
		before := len(a.told())
		ok(t, w.Command("", "UANN", "CTEAM", "/report"))
		if n := len(a.told()); n != before+1 {
			t.Errorf("%s: delivered %d times, want once", name, n-before)
		}
	}
	if !strings.Contains(string(s.Calls()[0].Body), "{") || len(s.Calls()) < 4 {
		t.Errorf("Calls() = %+v, want one for each connection", s.Calls())
	}
}

func TestRefusedForEver(t *testing.T) {
	s, _, api := office(t)
	s.RefuseSockets(-1, "invalid_auth")
	for range 3 {
		if _, _, err := api.StartSocketModeContext(t.Context()); err == nil || err.Error() != "invalid_auth" {
			t.Errorf("apps.connections.open = %v, want invalid_auth", err)
		}
	}
	s.RefuseSockets(0, "")
	if _, _, err := api.StartSocketModeContext(t.Context()); err != nil {
		t.Errorf("apps.connections.open = %v", err)
	}
}

// TestEventComesAgain cuts the connection before an event was acknowledged.
func TestEventComesAgain(t *testing.T) {
	s, w, api := office(t)
	a := &app{}
	a.answer = func(b brought) (any, bool) {
		if b.retry == 0 {
			s.CutSockets()
			return nil, false
		}
		return nil, true
	}
	a.connect(t, api)
	connected(t, s, 1)
	ok(t, w.Write("e1", "UANN", w.Direct("UANN"), "2h BNI"))
	all := a.told()
	if len(all) != 2 || all[1].retry != 1 || all[1].reason == "" || string(all[0].raw) != string(all[1].raw) {
		t.Errorf("told %+v, want the same again as a repeat", all)
	}
}

// TestEventWaits writes while nothing is connected: the event comes as a repeat.
func TestEventWaits(t *testing.T) {
	s, w, api := office(t)
	done := make(chan error, 1)
	go func() { done <- w.Write("e1", "UANN", w.Direct("UANN"), "2h BNI") }()
	until(t, func() bool {
		s.wires.mu.Lock()
		defer s.wires.mu.Unlock()
		return s.wires.sockets.held == 1
	})
	a := &app{}
	a.connect(t, api)
	ok(t, <-done)
	if got := a.last(t); got.retry != 1 {
		t.Errorf("retry = %d, want 1", got.retry)
	}
	connected(t, s, 1)
}

// TestDeadPeer has an app that hears no pings connect anew.
func TestDeadPeer(t *testing.T) {
	s, w, api := office(t)
	s.PingEvery(20 * time.Millisecond)
	a := &app{}
	a.connect(t, api, socketmode.OptionPingInterval(200*time.Millisecond))
	connected(t, s, 1)
	s.SilenceSockets()
	if n := s.Sockets(); n != 0 {
		t.Errorf("Sockets() = %d, want 0: what is dead is not connected", n)
	}
	connected(t, s, 1)
	ok(t, w.Command("e1", "UANN", "CTEAM", "/report"))
}

// until waits for what comes by itself.
func until(t *testing.T, holds func() bool) {
	t.Helper()
	deadline, again := time.After(patience), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatal("waited in vain")
		}
	}
}

func dial(t *testing.T, api *slackapi.Client) *websocket.Conn {
	t.Helper()
	_, address, err := api.StartSocketModeContext(t.Context())
	ok(t, err)
	conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, nil)
	ok(t, err)
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func frame(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	var f map[string]any
	ok(t, conn.ReadJSON(&f))
	return f
}

func TestTooManySockets(t *testing.T) {
	s, w, api := office(t)
	var all []*websocket.Conn
	for i := range maxSockets {
		conn := dial(t, api)
		if f := frame(t, conn); f["type"] != "hello" || f["num_connections"] != float64(i+1) {
			t.Fatalf("first frame = %v, want hello", f)
		}
		all = append(all, conn)
	}
	if f := frame(t, dial(t, api)); f["type"] != "disconnect" || f["reason"] != "too_many_websockets" {
		t.Errorf("first frame of one more = %v, want too_many_websockets", f)
	}
	// Each envelope goes to one of them, and in turn.
	got := make(chan int, 2*maxSockets)
	for i, conn := range all {
		go func() {
			var f map[string]any
			for conn.ReadJSON(&f) == nil {
				got <- i
				_ = conn.WriteJSON(map[string]any{"envelope_id": f["envelope_id"]})
			}
		}()
	}
	whose := map[int]int{}
	for range maxSockets {
		ok(t, w.Command("", "UANN", "CTEAM", "/report"))
		whose[<-got]++
	}
	if len(whose) != maxSockets {
		t.Errorf("envelopes went to %v, want one to each", whose)
	}
	select {
	case i := <-got:
		t.Errorf("connection %d was told what another was told", i)
	default:
	}
	s.Disconnect("refresh_requested")
	if !s.WaitSockets(0, patience) {
		t.Errorf("Sockets() = %d", s.Sockets())
	}
}

// TestAcknowledgements holds the server to what it does with each kind of acknowledgement.
func TestAcknowledgements(t *testing.T) {
	watch := &spy{TB: t}
	_, w, api := office(watch)
	conn := dial(t, api)
	frame(t, conn)
	done := make(chan error, 1)
	go func() { done <- w.Command("", "UANN", "CTEAM", "/report") }()
	f := frame(t, conn)
	if f["type"] != "slash_commands" || f["accepts_response_payload"] != true || f["retry_attempt"] != nil {
		t.Errorf("frame = %v", f)
	}
	// One that is too large is dropped and fails the test; one that comes on another
	// connection is as good as any.
	ok(t, conn.WriteJSON(map[string]any{"envelope_id": f["envelope_id"], "payload": strings.Repeat("x", maxAck)}))
	until(t, func() bool { return strings.Contains(watch.failures(), "acknowledgement_dropped") })
	other := dial(t, api)
	frame(t, other)
	ok(t, other.WriteJSON(map[string]any{"envelope_id": "unknown"}))
	ok(t, other.WriteJSON(map[string]any{"envelope_id": f["envelope_id"]}))
	ok(t, <-done)
	ok(t, other.WriteJSON(map[string]any{"envelope_id": f["envelope_id"]}))
	// A ticket is good for one connection.
	_, address, err := api.StartSocketModeContext(t.Context())
	ok(t, err)
	for i := range 2 {
		again, resp, err := websocket.DefaultDialer.DialContext(t.Context(), address, nil)
		if (err == nil) != (i == 0) {
			t.Errorf("dial %d = %v", i, err)
		}
		if resp != nil {
			_ = resp.Body.Close()
		}
		if again != nil {
			_ = again.Close()
		}
	}
}

func TestNotAcknowledged(t *testing.T) {
	s, w, api := office(t)
	a := &app{answer: func(brought) (any, bool) { return nil, false }}
	a.connect(t, api)
	connected(t, s, 1)
	began := time.Now()
	err := w.Command("e1", "UANN", "CTEAM", "/report")
	if err == nil || time.Since(began) < ackLimit {
		t.Errorf("Command = %v after %s, want an error after %s", err, time.Since(began), ackLimit)
	}
	if acks := s.Acks(); len(acks) != 1 || acks[0].OK || acks[0].After < ackLimit {
		t.Errorf("Acks() = %+v, want one that is not OK", acks)
	}
}
