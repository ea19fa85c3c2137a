package discordtest

import (
	"bytes"
	"compress/zlib"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const patience = 5 * time.Second

// A told is one interaction as an app decodes it, with all that was sent.
type told struct {
	object
	ID, Token string
	Type      int
}

// An app keeps what it is told, and answers each with the callback that answer says; "" is none.
type app struct {
	w      raw
	answer func(told) string
	mu     sync.Mutex
	all    []told
}

func (a *app) take(raw []byte) {
	var it told
	if json.Unmarshal(raw, &it.object) != nil || json.Unmarshal(raw, &it) != nil {
		a.w.t.Errorf("no interaction: %s", raw)
		return
	}
	a.mu.Lock()
	a.all = append(a.all, it)
	a.mu.Unlock()
	if body := a.answer(it); body != "" {
		a.w.call("POST", "/interactions/"+it.ID+"/"+it.Token+"/callback", body)
	}
}

func (a *app) last() told {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.all) == 0 {
		a.w.t.Fatal("the app was told nothing")
	}
	return a.all[len(a.all)-1]
}

func (a *app) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.all)
}

// value is a value in what was told, "data.options.0.value".
func (it told) value(path string) any { return reply{body: it.object}.field(path) }

// says answers everything with words.
func says(text string) func(told) string {
	return func(told) string { return encoded(object{"type": messageCallback, "data": object{"content": text}}) }
}

// A client is one connection of an app to the gateway, as plain as it gets.
type client struct {
	t       *testing.T
	conn    *websocket.Conn
	session string
	seq     int
}

func dial(w raw) *client {
	w.t.Helper()
	c, err := tryDial(w, "/?v=9&encoding=json")
	if err != nil {
		w.t.Fatalf("dial: %v", err)
	}
	return c
}

func tryDial(w raw, query string) (*client, error) {
	conn, resp, err := websocket.DefaultDialer.Dial(w.gatewayURL()+query, nil)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	w.t.Cleanup(func() { _ = conn.Close() })
	return &client{t: w.t, conn: conn}, nil
}

func (c *client) send(op int, data any) {
	c.t.Helper()
	if err := c.conn.WriteJSON(object{"op": op, "d": data}); err != nil {
		c.t.Fatalf("send op %d: %v", op, err)
	}
}

// next is the next frame, or why there is none.
func (c *client) next(within time.Duration) (frame, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(within))
	kind, raw, err := c.conn.ReadMessage()
	if err != nil {
		return frame{}, err
	}
	if kind == websocket.BinaryMessage {
		z, err := zlib.NewReader(bytes.NewReader(raw))
		if err != nil {
			c.t.Fatalf("a packet that is not compressed by zlib: %v", err)
		}
		raw, _ = io.ReadAll(z)
	}
	var f frame
	if err := json.Unmarshal(raw, &f); err != nil {
		c.t.Fatalf("frame %s: %v", raw, err)
	}
	if f.Seq != nil {
		c.seq = *f.Seq
	}
	return f, nil
}

// want is the next frame, which must be this one; kind is that of an event.
func (c *client) want(op int, kind string) frame {
	c.t.Helper()
	f, err := c.next(patience)
	if err != nil {
		c.t.Fatalf("waiting for op %d %s: %v", op, kind, err)
	}
	if f.Op != op || kind != "" && (f.Type == nil || *f.Type != kind) {
		c.t.Fatalf("got %s, want op %d %s", encode(f), op, kind)
	}
	return f
}

// closed waits for the close code.
func (c *client) closed() int {
	c.t.Helper()
	for {
		_, err := c.next(patience)
		var end *websocket.CloseError
		switch {
		case errors.As(err, &end):
			return end.Code
		case err != nil:
			c.t.Fatalf("waiting for a close code: %v", err)
		}
	}
}

func identity(more object) object {
	o := object{"token": "Bot " + botToken, "intents": 0, "properties": object{"os": "linux", "browser": "test", "device": "test"}}
	for key, value := range more {
		o[key] = value
	}
	return o
}

// identify begins a session on a new connection.
func identify(w raw, more object) *client {
	w.t.Helper()
	c := dial(w)
	c.want(opHello, "")
	c.send(opIdentify, identity(more))
	var ready struct {
		SessionID string `json:"session_id"`
	}
	_ = json.Unmarshal(c.want(opDispatch, "READY").Data, &ready)
	c.session = ready.SessionID
	return c
}

// resume goes on with the session of old on a new connection, up to where RESUME was sent.
func (c *client) resume(w raw) *client {
	w.t.Helper()
	next := dial(w)
	next.session, next.seq = c.session, c.seq
	next.want(opHello, "")
	next.send(opResume, object{"token": "Bot " + botToken, "session_id": c.session, "seq": c.seq})
	return next
}

// connect runs the app behind the gateway until the test ends.
func (a *app) connect() {
	c := identify(a.w, nil)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			f, err := c.next(time.Minute)
			if err != nil {
				return
			}
			if f.Type != nil && *f.Type == "INTERACTION_CREATE" {
				running.Go(func() { a.take(f.Data) })
			}
		}
	})
	a.w.t.Cleanup(func() { _ = c.conn.Close(); running.Wait() })
}

// listen runs the app behind HTTP, and has everything delivered there.
func (a *app) listen() {
	key, _ := hex.DecodeString(a.w.PublicKey())
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		if strings.Contains(string(body), `"type":1,"user"`) || strings.Contains(string(body), ".ping.") {
			rw.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(rw, `{"type":1}`)
			return
		}
		a.take(body)
		rw.WriteHeader(http.StatusAccepted)
	}))
	a.w.t.Cleanup(server.Close)
	a.w.DeliverTo(server.URL)
}

// bothWays runs a test with an app behind the gateway, and behind HTTP.
func bothWays(t *testing.T, answer func(told) string, test func(w raw, a *app)) {
	for name, start := range map[string]func(*app){"gateway": (*app).connect, "http": (*app).listen} {
		t.Run(name, func(t *testing.T) {
			w := village(t)
			w.register()
			a := &app{w: w, answer: answer}
			start(a)
			test(w, a)
			if n := w.j.count(); n > 0 {
				t.Errorf("Discord refused: %s", strings.Join(w.j.told, "\n"))
			}
		})
	}
}

// registered are commands of every shape.
const registered = `[
		{"name":"log","description":"Log","contexts":[0,1],"options":[` + words + `]},
		{"name":"goal","description":"Goals","contexts":[0,1],"options":[
			{"type":1,"name":"set","description":"Set","options":[` + words + `,{"type":3,"name":"kind","description":"Kind","choices":[{"name":"At least","value":"min"},{"name":"At most","value":"max"}]},{"type":4,"name":"weeks","description":"Weeks"}]},
			{"type":1,"name":"show","description":"Show","options":[{"type":3,"name":"of","description":"Of"}]}]},
		{"name":"payoff","description":"All","contexts":[0,1],"options":[
			{"type":1,"name":"help","description":"Help","options":[{"type":3,"name":"about","description":"About"}]},
			{"type":1,"name":"what-if","description":"What if","options":[` + words + `]},
			{"type":2,"name":"me","description":"Me","options":[{"type":1,"name":"link","description":"Link"},{"type":1,"name":"now","description":"Now"}]}]},
		{"name":"team","description":"Team","contexts":[0],"default_member_permissions":32,"options":[{"type":1,"name":"list","description":"List"}]},
		{"name":"Log this","type":3,"contexts":[0,1]}]`

const words = `{"type":3,"name":"line","description":"What","autocomplete":true,"required":true,"max_length":50}`

// register registers them.
func (w raw) register() {
	w.t.Helper()
	if got := w.call("PUT", "/applications/"+w.ApplicationID()+"/commands", registered); got.status != http.StatusOK {
		w.t.Fatalf("register: %s", got.text)
	}
}
