package discordtest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
)

func TestIdentify(t *testing.T) {
	w := village(t)
	c := identify(w, object{"compress": true, "shard": []int{0, 1}})
	if !w.WaitGateway(1, patience) {
		t.Error("WaitGateway(1) = false")
	}
	if diff := cmp.Diff([]Identify{{Intents: 0, Shard: [2]int{0, 1}}}, w.Gateway().Identifies()); diff != "" {
		t.Errorf("Identifies() (-want +got):\n%s", diff)
	}
	c.send(opHeartbeat, c.seq)
	c.want(opHeartbeatAck, "")
	w.Gateway().Beat()
	c.want(opHeartbeat, "")
	_ = c.conn.Close()
	if !w.WaitGateway(0, patience) {
		t.Error("WaitGateway(0) = false after the connection ended")
	}
}

func TestReadyTellsOfServers(t *testing.T) {
	w := village(t)
	w.Guild("Left").Remove()
	c := dial(w)
	c.want(opHello, "")
	c.send(opIdentify, identity(nil))
	var ready struct {
		Guilds           []struct{ ID string }
		ResumeGatewayURL string `json:"resume_gateway_url"`
		Shard            [2]int
	}
	if err := json.Unmarshal(c.want(opDispatch, "READY").Data, &ready); err != nil {
		t.Fatal(err)
	}
	if len(ready.Guilds) != 1 || ready.Guilds[0].ID != w.g.ID() || ready.ResumeGatewayURL == "" || ready.Shard != [2]int{0, 1} {
		t.Errorf("READY = %+v", ready)
	}
}

// TestCloseCodes does what Discord ends a connection for.
func TestCloseCodes(t *testing.T) {
	for _, tt := range []struct {
		name, query string
		do          func(w raw, c *client)
		want        int
	}{
		{"unknown opcode", "", func(_ raw, c *client) { c.send(99, nil) }, 4001},
		{"no JSON", "", func(_ raw, c *client) { _ = c.conn.WriteMessage(websocket.TextMessage, []byte("{")) }, 4002},
		{"too long", "", func(_ raw, c *client) { c.send(opHeartbeat, strings.Repeat("x", 5000)) }, 4002},
		{"no properties", "", func(_ raw, c *client) { c.send(opIdentify, identity(object{"properties": nil})) }, 4002},
		{"before IDENTIFY", "", func(_ raw, c *client) { c.send(3, object{}) }, 4003},
		{"bad token", "", func(_ raw, c *client) { c.send(opIdentify, identity(object{"token": "Bot nonsense"})) }, 4004},
		{"bad token to resume", "", func(_ raw, c *client) { c.send(opResume, object{"token": "x"}) }, 4004},
		{"twice", "", func(_ raw, c *client) {
			c.send(opIdentify, identity(nil))
			c.want(opDispatch, "READY")
			c.send(opIdentify, identity(nil))
		}, 4005},
		{"too often", "", func(_ raw, c *client) {
			for range maxSends + 1 {
				c.send(opHeartbeat, nil)
			}
		}, 4008},
		{"a shard of none", "", func(_ raw, c *client) { c.send(opIdentify, identity(object{"shard": []int{2, 2}})) }, 4010},
		{"old version", "/?v=5&encoding=json", func(raw, *client) {}, 4012},
		{"no intents", "", func(_ raw, c *client) { c.send(opIdentify, identity(object{"intents": nil})) }, 4013},
		{"planned", "", func(w raw, c *client) {
			w.Gateway().RefuseIdentify(4014)
			c.send(opIdentify, identity(nil))
		}, 4014},
		{"told to", "", func(w raw, _ *client) { w.Gateway().CloseWith(4000) }, 4000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := village(t)
			query := tt.query
			if query == "" {
				query = "/?v=9&encoding=json"
			}
			c, err := tryDial(w, query)
			if err != nil {
				t.Fatal(err)
			}
			if tt.query == "" {
				c.want(opHello, "")
			}
			tt.do(w, c)
			if got := c.closed(); got != tt.want {
				t.Errorf("close code = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestNoHeartbeat(t *testing.T) {
	w := village(t)
	w.Gateway().HeartbeatEvery(10 * time.Millisecond)
	c := identify(w, nil)
	if got := c.closed(); got != closeTimedOut {
		t.Errorf("close code = %d, want %d", got, closeTimedOut)
	}
	if next := c.resume(w); next.want(opInvalidSession, "").Op != opInvalidSession {
		t.Error("a session that timed out was resumed")
	}
}

// TestResume cuts the connection, lets things happen, and resumes.
func TestResume(t *testing.T) {
	for name, cut := range map[string]func(*Gateway){
		"dropped": (*Gateway).Drop, "reconnect": (*Gateway).Reconnect, "deaf": (*Gateway).Deaf,
		"closed": func(g *Gateway) { g.CloseWith(4000) },
	} {
		t.Run(name, func(t *testing.T) {
			w := village(t)
			w.register()
			c := identify(w, nil)
			cut(w.Gateway())
			done := make(chan error, 1)
			go func() { done <- w.Command("1", ada, lobby, "/log 2h BNI") }()
			waitFor(t, func() bool { return w.waiting() == 1 })
			a := &app{w: w, answer: says("Logged")}
			c = c.resume(w)
			a.take(c.want(opDispatch, "INTERACTION_CREATE").Data)
			c.want(opDispatch, "RESUMED")
			if err := <-done; err != nil {
				t.Errorf("the act: %v", err)
			}
			if g := w.Gateway(); g.Resumes() != 1 || g.Replayed() != 1 {
				t.Errorf("Resumes() = %d, Replayed() = %d, want 1 and 1", g.Resumes(), g.Replayed())
			}
			if err := w.Command("1", ada, lobby, "/log 2h BNI"); err != nil {
				t.Errorf("the same act again: %v", err)
			}
			again := c.want(opDispatch, "INTERACTION_CREATE")
			if asObject(again.Data)["id"] != a.last().ID {
				t.Error("the same act came as another interaction")
			}
		})
	}
}

func asObject(raw []byte) object {
	var o object
	_ = json.Unmarshal(raw, &o)
	return o
}

// waiting is how many events are kept for a session without a connection that hears them.
func (w raw) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, s := range w.acts.gateway.sessions {
		n += len(s.log) - 1 // READY
	}
	return n
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.After(patience); !done(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("it did not come to pass")
		}
	}
}

// TestLostSessions resumes what cannot be resumed.
func TestLostSessions(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(w raw, c *client)
	}{
		{"goodbye", func(w raw, c *client) {
			_ = c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(patience))
			w.WaitGateway(0, patience)
		}},
		{"too long ago", func(w raw, c *client) {
			w.Gateway().Drop()
			_, _ = c.next(patience)
			waitFor(t, func() bool { return !w.attached() })
			w.Advance(resumable + time.Second)
		}},
		{"planned", func(w raw, _ *client) { w.Gateway().InvalidateAfterResume(1); w.Gateway().Drop() }},
		{"out of the blue", func(w raw, c *client) { w.Gateway().Invalidate(); c.want(opInvalidSession, "") }},
		{"never was", func(_ raw, c *client) { c.session = "nonsense" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := village(t)
			c := identify(w, nil)
			tt.end(w, c)
			c = c.resume(w)
			if f := c.want(opInvalidSession, ""); string(f.Data) != "false" {
				t.Errorf("op 9 says %s, want false", f.Data)
			}
			c.send(opIdentify, identity(nil)) // on the same connection, as Discord allows
			c.want(opDispatch, "READY")
		})
	}
}

func (w raw) attached() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.acts.gateway.sessions {
		if s.link != nil {
			return true
		}
	}
	return false
}

func TestInvalidSeq(t *testing.T) {
	w := village(t)
	c := identify(w, nil)
	w.Gateway().Drop()
	c.seq = 1000
	if got := c.resume(w).closed(); got != closeInvalidSeq {
		t.Errorf("close code = %d, want %d", got, closeInvalidSeq)
	}
}

// TestDeadlocks are the cases in which a library may hang.
func TestDeadlocks(t *testing.T) {
	w := village(t)
	g := w.Gateway()

	g.NoHello(1)
	if f, err := dial(w).next(30 * time.Millisecond); err == nil {
		t.Errorf("after NoHello came op %d", f.Op)
	}
	g.ReconnectFirst(1)
	dial(w).want(opReconnect, "")

	g.ReconnectForReady(1)
	c := dial(w)
	c.want(opHello, "")
	c.send(opIdentify, identity(nil))
	c.want(opReconnect, "")

	c = identify(w, nil)
	g.Deaf()
	c.send(opHeartbeat, nil)
	if f, err := c.next(30 * time.Millisecond); err == nil {
		t.Errorf("a dead peer sent op %d", f.Op)
	}
	g.RefuseDials(1)
	if _, err := tryDial(w, "/?v=9&encoding=json"); err == nil {
		t.Error("a dial that was to be refused succeeded")
	}
	identify(w, nil)
}

func TestShards(t *testing.T) {
	w := village(t)
	w.register()
	w.Gateway().Shards(2)
	if got := w.ok(w.call("GET", "/gateway/bot", "")); got.get("shards") != "2" {
		t.Errorf("shards = %s, want 2", got.get("shards"))
	}
	own := shardOf(w.g.ID(), 2)
	shards := []*client{identify(w, object{"shard": []int{0, 2}}), identify(w, object{"shard": []int{1, 2}})}
	for _, tt := range []struct {
		channel string
		want    int
	}{{lobby, own}, {w.Direct(cat), 0}} {
		go func() { _ = w.Command("", cat, tt.channel, "/log 1h") }()
		f := shards[tt.want].want(opDispatch, "INTERACTION_CREATE")
		if asObject(f.Data)["channel_id"] != tt.channel {
			t.Errorf("shard %d heard of %v, want %s", tt.want, asObject(f.Data)["channel_id"], tt.channel)
		}
	}
	w.Patience(0)
	_ = shards[0].conn.Close()
	_ = shards[1].conn.Close()
	w.WaitGateway(0, patience)
	w.Advance(resumable + time.Minute)
	if err := w.Command("", cat, lobby, "/log 1h"); err == nil || !strings.Contains(err.Error(), "not connected") {
		t.Errorf("a command while nobody is connected: %v", err)
	}
}

func TestPace(t *testing.T) {
	w := village(t)
	w.Gateway().Pace(1)
	identify(w, object{"shard": []int{0, 2}})
	c := dial(w)
	c.want(opHello, "")
	c.send(opIdentify, identity(object{"shard": []int{1, 2}}))
	c.want(opInvalidSession, "")
	w.Advance(identifyWindow)
	c.send(opIdentify, identity(object{"shard": []int{1, 2}}))
	c.want(opDispatch, "READY")
}
