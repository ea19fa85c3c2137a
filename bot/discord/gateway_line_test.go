package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"payoff/bot/chat"
)

// A discordLine is Discord's end of the gateway without a network, so that it lives in a bubble
// of synctest, where an hour takes no time.
type discordLine struct {
	t     *testing.T
	g     *gateway
	log   *gatewayLog
	conns chan net.Conn // dialled, and not yet accepted
	over  chan struct{}

	mu      sync.Mutex
	way     string                     // the answer to GET /gateway/bot
	failing func(n int) error          // in place of it
	talk    func(p *peer)              // one connection
	mute    func(n int) bool           // the connection is made, and not even HTTP is spoken
	asked   int                        // GET /gateway/bot
	made    []time.Time                // connections
	hosts   []string                   // that were dialled
	said    []string                   // "1:identify", "2:resume s1 3"
	back    []time.Time                // READY and RESUMED
	took    []string                   // ids of interactions
	taking  func(ctx context.Context)  // how long that takes
	whole   map[string]json.RawMessage // the last IDENTIFY
}

// A peer is one connection, from Discord's side.
type peer struct {
	*websocket.Conn
	l    *discordLine
	n    int
	mu   sync.Mutex // writes
	deaf atomic.Bool
}

type (
	gatewayPipe     struct{ *discordLine }
	gatewayPipeAddr struct{}
)

func (gatewayPipeAddr) Network() string { return "pipe" }
func (gatewayPipeAddr) String() string  { return "pipe" }

func (l gatewayPipe) Addr() net.Addr { return gatewayPipeAddr{} }
func (l gatewayPipe) Close() error   { return nil }
func (l gatewayPipe) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.over:
		return nil, net.ErrClosed
	}
}

// A buffered connection takes what is written whether or not it is read, as a network does, and
// when it is closed still sends what was.
type buffered struct {
	net.Conn
	out    chan []byte
	closed chan struct{}
	once   sync.Once
}

func newBuffered(c net.Conn) *buffered {
	b := &buffered{Conn: c, out: make(chan []byte, 1000), closed: make(chan struct{})}
	go b.send()
	return b
}

func (b *buffered) send() {
	defer b.Conn.Close()
	for {
		select {
		case p := <-b.out:
			_, _ = b.Conn.Write(p)
		case <-b.closed:
			select {
			case p := <-b.out:
				_, _ = b.Conn.Write(p)
			default:
				return
			}
		}
	}
}

func (b *buffered) SetWriteDeadline(time.Time) error { return nil }

func (b *buffered) Write(p []byte) (int, error) {
	b.out <- append([]byte(nil), p...)
	return len(p), nil
}

func (b *buffered) Close() error {
	b.once.Do(func() {
		_, _ = b.SetReadDeadline(time.Unix(1, 0)), b.Conn.SetWriteDeadline(time.Now().Add(time.Second))
		close(b.closed)
	})
	return nil
}

// A gatewayLog is a log that is read while it is written.
type gatewayLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *gatewayLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *gatewayLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// infos are the lines that an operator sees, without their reasons.
func (l *gatewayLog) infos() (all []string) {
	for _, line := range strings.Split(l.String(), "\n") {
		if _, msg, ok := strings.Cut(line, "level=INFO msg="); ok {
			all = append(all, strings.Trim(strings.Split(msg, " reason=")[0], `"`))
		}
	}
	return all
}

const gatewayToken = "not-to-be-read"

func newDiscordLine(t *testing.T) *discordLine {
	l := &discordLine{t: t, log: &gatewayLog{}, conns: make(chan net.Conn), over: make(chan struct{}),
		way: `{"url":"ws://discord.test","shards":1,"session_start_limit":{"total":1000,"remaining":999,"reset_after":3600000,"max_concurrency":1}}`}
	l.talk = func(p *peer) { p.hello(); p.greet(); p.listen() }
	a := &Adapter{cfg: Config{BotToken: chat.NewSecret(gatewayToken)},
		log: slog.New(slog.NewTextHandler(l.log, &slog.HandlerOptions{Level: slog.LevelDebug})), now: time.Now}
	a.life, a.kill = context.WithCancel(context.Background())
	l.g = newGateway(a, l.do, l.take)
	l.g.dial = l.dial
	l.g.look = func(context.Context) error { return nil }
	return l
}

func (l *discordLine) do(_ context.Context, c call, out any) error {
	if c.path != "/gateway/bot" {
		return fmt.Errorf("%s was called", c.path)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	if l.failing != nil {
		if err := l.failing(l.asked); err != nil {
			return err
		}
	}
	return json.Unmarshal([]byte(l.way), out)
}

func (l *discordLine) take(ctx context.Context, raw []byte) {
	var i struct{ ID string }
	if err := json.Unmarshal(raw, &i); err != nil {
		l.t.Error(err)
	}
	l.mu.Lock()
	l.took = append(l.took, i.ID)
	taking := l.taking
	l.mu.Unlock()
	if taking != nil {
		taking(ctx)
	}
}

func (l *discordLine) dial(ctx context.Context, _, address string) (net.Conn, error) {
	here, there := net.Pipe()
	l.mu.Lock()
	l.made, l.hosts = append(l.made, time.Now()), append(l.hosts, address)
	mute := l.mute != nil && l.mute(len(l.made))
	l.mu.Unlock()
	if mute {
		return here, nil
	}
	select {
	case l.conns <- there:
		return newBuffered(here), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *discordLine) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if got := r.URL.RawQuery; got != "v=9&encoding=json" {
		l.t.Errorf("connected with %q", got)
	}
	c, err := (&websocket.Upgrader{}).Upgrade(rw, r, nil)
	if err != nil {
		l.t.Error(err)
		return
	}
	defer c.Close()
	l.mu.Lock()
	p, talk := &peer{Conn: c, l: l, n: len(l.made)}, l.talk
	l.mu.Unlock()
	talk(p)
}

func (p *peer) send(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...))
}

func (p *peer) hello() {
	p.send(`{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250,"_trace":["x"]}}`)
}

// hear is the next thing that is said, but for heartbeats, which are acknowledged.
func (p *peer) hear() (op int, data json.RawMessage, err error) {
	for {
		var m struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if err := p.ReadJSON(&m); err != nil {
			return 0, nil, err
		}
		if m.Op != opHeartbeat {
			return m.Op, m.Data, nil
		}
		if !p.deaf.Load() {
			p.send(`{"t":null,"s":null,"op":11,"d":null}`)
		}
	}
}

// opening hears IDENTIFY or RESUME.
func (p *peer) opening() (identify bool) {
	op, data, err := p.hear()
	if err != nil {
		return false
	}
	var resume struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Last    int    `json:"seq"`
	}
	p.l.mu.Lock()
	defer p.l.mu.Unlock()
	if err := json.Unmarshal(data, &resume); err != nil || resume.Token != gatewayToken {
		p.l.t.Errorf("%d said %d %s", p.n, op, data)
	}
	switch op {
	case 2:
		p.l.said = append(p.l.said, fmt.Sprintf("%d:identify", p.n))
		p.l.whole = nil
		_ = json.Unmarshal(data, &p.l.whole)
	case 6:
		p.l.said = append(p.l.said, fmt.Sprintf("%d:resume %s %d", p.n, resume.Session, resume.Last))
	}
	return op == 2
}

// greet answers IDENTIFY with READY, RESUME with the events that were missed and RESUMED.
func (p *peer) greet(missed ...string) {
	if p.opening() {
		p.send(`{"t":"READY","s":1,"op":0,"d":{"v":9,"session_id":"s%d","resume_gateway_url":"ws://away.test","user":{"id":"1"},"guilds":[]}}`, p.n)
	} else {
		for i, id := range missed {
			p.interact(id, 3+i)
		}
		p.send(`{"t":"RESUMED","s":%d,"op":0,"d":{"_trace":[]}}`, 3+len(missed))
	}
	p.l.mu.Lock()
	defer p.l.mu.Unlock()
	p.l.back = append(p.l.back, time.Now())
}

func (p *peer) interact(id string, seq int) {
	p.send(`{"t":"INTERACTION_CREATE","s":%d,"op":0,"d":{"id":%q,"type":5,"token":"t","data":{"components":[{"type":18,"component":{"type":99}},null]}}}`, seq, id)
}

// listen acknowledges heartbeats until the connection ends.
func (p *peer) listen() { _, _, _ = p.hear() }

// holds is a connection that is well for so long. A bubble stands still when discordgo has two
// goroutines close the same connection, so none may end just when a heartbeat is due.
func (p *peer) holds(d time.Duration) {
	go p.listen()
	select {
	case <-time.After(d):
	case <-p.l.over: // or it would sleep on when the bubble ends
	}
}

// silent does nothing until the test is over, as a peer that is gone.
func (p *peer) silent() { <-p.l.over }

// inGateway runs the gateway in a bubble. The test is called while it runs; hang ends it as
// Run's context does, and returns what Run returned.
func inGateway(t *testing.T, arrange func(l *discordLine), test func(l *discordLine, hang func() error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := newDiscordLine(t)
		arrange(l)
		server := &http.Server{Handler: l}
		go func() { _ = server.Serve(gatewayPipe{l}) }()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- l.g.run(ctx) }()
		hang := sync.OnceValue(func() error { cancel(); return <-ended })
		test(l, hang)
		if err := hang(); err != nil {
			t.Errorf("run = %v, want nil", err)
		}
		l.g.a.kill()
		close(l.over)
		_ = server.Close()
		time.Sleep(2 * time.Second) // discordgo lets go a second after it was told to
		synctest.Wait()
		if text := l.log.String(); strings.Contains(text, gatewayToken) || strings.Contains(text, "level=ERROR") {
			t.Errorf("the log tells too much:\n%s", text)
		}
	})
}

func (l *discordLine) all() (said, took string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.said, ", "), strings.Join(slices.Sorted(slices.Values(l.took)), " ") // taken at the same time
}

func (l *discordLine) backs() []time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]time.Time(nil), l.back...)
}
