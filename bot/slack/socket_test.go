package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/gorilla/websocket"
	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"payoff/bot/chat"
	"payoff/bot/slack/slacktest"
)

// A slackLine is Slack's end of Socket Mode without a network, so that it lives in a bubble of
// synctest, where an hour takes no time.
type slackLine struct {
	t     *testing.T
	slept func(earlier, later time.Time) bool
	conns chan net.Conn // dialled, and not yet accepted
	over  chan struct{}

	mu     sync.Mutex
	opened []time.Time // calls of apps.connections.open
	answer func(n int) (status int, body string)
	talk   func(n int, c *websocket.Conn)         // one connection, from hello to its end
	acked  []string                               // "connection:envelope payload"
	broken atomic.Bool                            // what the app writes is lost, and it learns so
	said   map[string]func(acknowledge func(any)) // how a command is taken
	took   []delivery
}

type (
	pipeListener struct{ *slackLine }
	pipeAddr     struct{}
	pipeConn     struct {
		net.Conn
		broken *atomic.Bool
	}
)

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

func (l pipeListener) Addr() net.Addr { return pipeAddr{} }
func (l pipeListener) Close() error   { return nil }
func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.over:
		return nil, net.ErrClosed
	}
}

func (c pipeConn) Write(p []byte) (int, error) {
	if c.broken.Load() {
		return 0, errors.New("broken pipe")
	}
	return c.Conn.Write(p)
}

func (l *slackLine) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return pipeConn{here, &l.broken}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func newSlackLine(t *testing.T) *slackLine {
	l := &slackLine{t: t, conns: make(chan net.Conn), over: make(chan struct{}), said: map[string]func(func(any)){}}
	l.talk = func(n int, c *websocket.Conn) { l.hello(c); l.listen(n, c) }
	return l
}

func (l *slackLine) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/api/apps.connections.open" {
		l.mu.Lock()
		l.opened = append(l.opened, time.Now())
		n, answer := len(l.opened), l.answer
		l.mu.Unlock()
		status, body := http.StatusOK, fmt.Sprintf(`{"ok":true,"url":"ws://slack.test/link?n=%d"}`, n)
		if answer != nil {
			if s, b := answer(n); s != 0 {
				status, body = s, b
			}
		}
		rw.WriteHeader(status)
		_, _ = io.WriteString(rw, body)
		return
	}
	var n int
	_, _ = fmt.Sscan(r.URL.Query().Get("n"), &n)
	c, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(rw, r, nil)
	if err != nil {
		l.t.Error(err)
		return
	}
	defer c.Close()
	l.mu.Lock()
	talk := l.talk
	l.mu.Unlock()
	talk(n, c)
}

func (l *slackLine) hello(c *websocket.Conn) { l.write(c, `{"type":"hello","num_connections":1}`) }

func (l *slackLine) write(c *websocket.Conn, frame string) {
	_ = c.WriteMessage(websocket.TextMessage, []byte(frame))
}

// listen pings and takes acknowledgements until the connection ends.
func (l *slackLine) listen(n int, c *websocket.Conn) {
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		every := time.NewTicker(10 * time.Second)
		defer every.Stop()
		for {
			select {
			case <-every.C:
				_ = c.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
			case <-stop:
				return
			}
		}
	}()
	for {
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if c.ReadJSON(&ack) != nil {
			return
		}
		l.mu.Lock()
		l.acked = append(l.acked, strings.TrimSpace(fmt.Sprintf("%d:%s %s", n, ack.Envelope, ack.Payload)))
		l.mu.Unlock()
	}
}

// take is what newSocket is given. A command is taken as its text was arranged to be.
func (l *slackLine) take(_ context.Context, d delivery, acknowledge func(any)) {
	l.mu.Lock()
	l.took = append(l.took, d)
	how := func(ack func(any)) { ack(nil) }
	if d.command != nil && l.said[d.command.Text] != nil {
		how = l.said[d.command.Text]
	}
	l.mu.Unlock()
	how(acknowledge)
}

func commandFrame(envelope, text string) string {
	return fmt.Sprintf(`{"type":"slash_commands","envelope_id":%q,"accepts_response_payload":true,"payload":{"team_id":"T1","user_id":"U1","command":"/log","text":%q}}`, envelope, text)
}

func (l *slackLine) acks() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.acked, ", ")
}

func (l *slackLine) opens() []time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]time.Time(nil), l.opened...)
}

// connect runs a socket on the line in a bubble. The test is called while it runs; hang ends
// it as Run's context does, and returns what run returned.
func (l *slackLine) connect(t *testing.T, test func(s *socket, log *journal, hang func() error)) {
	a, log := newAdapter(t, Config{AppToken: chat.NewSecret("xapp-not-to-be-read"), APIURL: "http://slack.test/api/"})
	server := &http.Server{Handler: l}
	go func() { _ = server.Serve(pipeListener{l}) }()
	s := newSocket(a, l.take, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: l.dial}))
	s.turn.http = &http.Client{Transport: &http.Transport{DialContext: l.dial}}
	if l.slept != nil {
		s.slept = l.slept
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	hang := sync.OnceValue(func() error { cancel(); return <-ended })
	test(s, log, hang)
	if err := hang(); err != nil {
		t.Errorf("run = %v, want nil", err)
	}
	a.kill()
	close(l.over)
	_ = server.Close()
	if text := log.String(); strings.Contains(text, "not-to-be-read") || strings.Contains(text, "/link?n") || strings.Contains(text, "level=ERROR") {
		t.Errorf("the log tells too much:\n%s", text)
	}
}

func inBubble(t *testing.T, test func(*testing.T, *slackLine)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newSlackLine(t)) })
}

// infos are the lines that an operator sees.
func infos(log *journal) (all []string) {
	for _, l := range strings.Split(log.String(), "\n") {
		if _, msg, ok := strings.Cut(l, "level=INFO msg="); ok {
			all = append(all, strings.Trim(strings.Split(msg, " reason=")[0], `"`))
		}
	}
	return all
}

func TestSocketDelivers(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.said["clear"] = func(ack func(any)) { ack(slackapi.NewClearViewSubmissionResponse()) }
		l.said["refuse"] = func(ack func(any)) { ack(refused{}) }
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			for _, f := range []string{
				commandFrame("e1", "2h BNI"), commandFrame("e2", "clear"), commandFrame("e3", "refuse"),
				`{"type":"events_api","envelope_id":"e4","retry_attempt":2,"payload":{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"something_new"}}}`,
				`{"type":"events_api","envelope_id":"e5","payload":{"type":"app_rate_limited","team_id":"T1"}}`,
				`{"type":"events_api","envelope_id":"e6","payload":{"type":"event_callback"}}`,
				`{"type":"interactive","envelope_id":"e7","payload":{"type":"block_actions","user":{"id":"U1"},"actions":[]}}`,
				`{"type":"interactive","envelope_id":"e8","payload":{}}`,
				`{"type":"something_new","envelope_id":"e9"}`, `[]`,
			} {
				l.write(c, f)
			}
			l.listen(n, c)
		}
		l.connect(t, func(_ *socket, log *journal, _ func() error) {
			synctest.Wait()
			got := l.acks()
			for _, want := range []string{"1:e1", `1:e2 {"response_action":"clear"}`, "1:e4", "1:e5", "1:e6", "1:e7"} {
				if !strings.Contains(got+",", want+",") {
					t.Errorf("acknowledged %q, want %q among it", got, want)
				}
			}
			for _, no := range []string{"e3", "e8", "e9"} {
				if strings.Contains(got, no) {
					t.Errorf("acknowledged %q, want not %s", got, no)
				}
			}
			if len(l.took) != 5 {
				t.Errorf("took %d deliveries, want e1 to e4 and e7", len(l.took))
			}
			for _, d := range l.took {
				if d.event != nil && (d.event.EventID != "Ev1" || d.retry != 2) {
					t.Errorf("event = %+v, want Ev1 for the third time", d)
				}
			}
			if !strings.Contains(log.String(), "30,000") {
				t.Errorf("the log does not tell of the limit:\n%s", log)
			}
		})
	})
}

// A refresh by Slack is everyday life: nobody hears of it. Nothing is lost by it: what was
// being handled is acknowledged on the next connection.
func TestSocketRefresh(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.said["slow"] = func(ack func(any)) { time.Sleep(time.Second); ack(nil) }
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			if n == 1 {
				go func() {
					time.Sleep(time.Hour)
					l.write(c, commandFrame("e1", "slow"))
					l.write(c, `{"type":"disconnect","reason":"refresh_requested"}`)
				}()
			}
			l.listen(n, c)
		}
		l.connect(t, func(_ *socket, log *journal, _ func() error) {
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			if got := l.acks(); got != "2:e1" {
				t.Errorf("acknowledged %q, want e1 on the second connection", got)
			}
			at := l.opens()
			if len(at) != 2 || at[1].Sub(at[0]) != time.Hour {
				t.Errorf("connected at %v, want twice and the second time at once", at)
			}
			if got := infos(log); len(got) != 1 {
				t.Errorf("logged %q, want one line", got)
			}
		})
	})
}

func TestSocketWriteFails(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.said["break"] = func(ack func(any)) { l.broken.Store(true); ack("well") }
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			if n == 1 {
				l.write(c, commandFrame("e1", "break"))
			}
			l.listen(n, c)
		}
		l.connect(t, func(_ *socket, _ *journal, _ func() error) {
			synctest.Wait()
			l.broken.Store(false)
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := l.acks(); !strings.Contains(got, `:e1 "well"`) || strings.Contains(got, "1:e1") {
				t.Errorf("acknowledged %q, want e1 on a later connection", got)
			}
		})
	})
}

// What was written to a connection that was dead already goes out again on the next, but not
// for ever.
func TestSocketRepeatsAcknowledgements(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			switch n {
			case 1:
				l.write(c, commandFrame("e1", "long ago"))
				_, _, _ = c.ReadMessage()
				time.Sleep(ackWindow + time.Millisecond) // at the same instant either could be first
				l.write(c, commandFrame("e2", "just now"))
				_, _, _ = c.ReadMessage() // Slack never sees it
			default:
				l.listen(n, c)
			}
		}
		l.connect(t, func(s *socket, _ *journal, _ func() error) {
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := l.acks(); got != "2:e2" {
				t.Errorf("acknowledged %q, want e2 alone on the second connection", got)
			}
			if n := len(s.fresh); n != 0 {
				t.Errorf("%d acknowledgements are kept, want none", n)
			}
		})
	})
}

// A peer that sends no pings is dead, though the connection seems to be there.
func TestSocketSilence(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			if n > 1 {
				l.listen(n, c)
			}
			_, _, _ = c.ReadMessage()
		}
		l.connect(t, func(*socket, *journal, func() error) {
			time.Sleep(61 * time.Second)
			synctest.Wait()
			if n := len(l.opens()); n != 2 {
				t.Errorf("connected %d times in the first minute, want a second time after %v", n, silence)
			}
			time.Sleep(time.Hour)
			if n := len(l.opens()); n != 2 {
				t.Errorf("connected %d times, want the second to stay", n)
			}
		})
	})
}

// However a connection fails, it is tried again ever more slowly, and told of once.
func TestSocketBacksOff(t *testing.T) {
	fails := func(status int, body string) func(*slackLine) {
		return func(l *slackLine) { l.answer = func(int) (int, string) { return status, body } }
	}
	for name, arrange := range map[string]func(*slackLine){
		"too many":            fails(200, `{"ok":false,"error":"too_many_websockets"}`),
		"an error of Slack":   fails(200, `{"ok":false,"error":"internal_error"}`),
		"no address":          fails(200, `{"ok":false}`),
		"a page":              fails(503, "<html>"),
		"not JSON":            fails(200, "<html>"),
		"closed before hello": func(l *slackLine) { l.talk = func(int, *websocket.Conn) {} },
		"closed after hello": func(l *slackLine) {
			l.talk = func(_ int, c *websocket.Conn) { l.hello(c); time.Sleep(time.Millisecond) }
		},
		"told to go after hello": func(l *slackLine) {
			l.talk = func(_ int, c *websocket.Conn) {
				l.hello(c)
				l.write(c, `{"type":"disconnect","reason":"too_many_websockets"}`)
				_, _, _ = c.ReadMessage()
			}
		},
		"an address that is none": fails(200, `{"ok":true,"url":"http://slack.test/link?n=ticket"}`),
		"an address to nothing":   fails(200, `{"ok":true,"url":"ws://slack.test/nowhere?ticket=1"}`),
		"a frame that is no frame": func(l *slackLine) {
			l.talk = func(_ int, c *websocket.Conn) { _, _ = c.NetConn().Write([]byte("\xff\xff\xff")) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, l *slackLine) {
				if name == "an address to nothing" {
					l.talk = func(int, *websocket.Conn) {}
				}
				arrange(l)
				l.connect(t, func(_ *socket, log *journal, _ func() error) {
					time.Sleep(10 * time.Minute)
					at := l.opens()
					fewest, most, longest := 20, 50, longestPause
					if strings.Contains(name, "after hello") { // Slack allows 50 a minute
						fewest, most, longest = 140, 300, firstPause<<(mostShort-1)
					}
					if n := len(at); n < fewest || n > most {
						t.Errorf("tried %d times in ten minutes, want %d to %d", n, fewest, most)
					}
					if second := at[1].Sub(at[0]); second > time.Second {
						t.Errorf("the second attempt came after %v, want it soon", second)
					}
					if last := at[len(at)-1].Sub(at[len(at)-2]); last < longest/2 || last > longest+time.Second {
						t.Errorf("the last pause was %v, want up to %v", last, longest)
					}
					got := infos(log)
					if n := len(got); n == 0 || n > 2 || !strings.Contains(got[n-1], "not connected") {
						t.Errorf("logged %q, want the one change of state", got)
					}
				})
			})
		})
	}
}

func TestSocketWaitsAsLongAsSlackSays(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.answer = func(n int) (int, string) {
			if n == 1 {
				return http.StatusTooManyRequests, ""
			}
			return 0, ""
		}
		l.connect(t, func(_ *socket, log *journal, _ func() error) {
			time.Sleep(time.Minute)
			if got := infos(log); len(got) != 2 || !strings.Contains(got[1], "connected again") {
				t.Errorf("logged %q, want that it was not connected, and then was", got)
			}
		})
	})
	if d := pauseAfter(1, &slackapi.RateLimitedError{RetryAfter: time.Minute}); d != time.Minute {
		t.Errorf("pauseAfter = %v, want the minute that Slack asks for", d)
	}
}

func TestPauseAfter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1000).Draw(t, "failures")
		most := longestPause
		if n < 7 {
			most = firstPause << (n - 1)
		}
		if d := pauseAfter(n, nil); d < most/2 || d > most {
			t.Errorf("pauseAfter(%d) = %v, want %v to %v", n, d, most/2, most)
		}
	})
}

// Of those that keep the tokens from ever working, the library retries some for ever.
func TestSocketRefused(t *testing.T) {
	for _, code := range []string{
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
		"not_allowed_token_type", "no_permission", "app_not_found", "team_access_not_granted", "HTTP 404",
	} {
		t.Run(code, func(t *testing.T) {
			inBubble(t, func(t *testing.T, l *slackLine) {
				l.answer = func(n int) (int, string) {
					if n == 1 { // a passing failure before it changes nothing
						return http.StatusBadGateway, ""
					}
					if code == "HTTP 404" {
						return http.StatusNotFound, ""
					}
					return http.StatusOK, fmt.Sprintf(`{"ok":false,"error":%q}`, code)
				}
				a, _ := newAdapter(t, Config{AppToken: chat.NewSecret("xapp-not-to-be-read"), APIURL: "http://slack.test/api/"})
				server := &http.Server{Handler: l}
				go func() { _ = server.Serve(pipeListener{l}) }()
				s := newSocket(a, l.take)
				s.turn.http = &http.Client{Transport: &http.Transport{DialContext: l.dial}}
				err := s.run(t.Context())
				close(l.over)
				_ = server.Close()
				isOneSentence(t, err, "SLACK_APP_TOKEN")
				if code == "missing_scope" && err.Error() != "SLACK_APP_TOKEN lacks the scope connections:write: add it under Basic Information > App-Level Tokens, and put the new token in SLACK_APP_TOKEN." {
					t.Errorf("run = %q", err)
				}
				if n := len(l.opens()); n != 2 {
					t.Errorf("tried %d times, want no more after the refusal", n)
				}
			})
		})
	}
}

func isOneSentence(t *testing.T, err error, variable string) {
	t.Helper()
	var r *Refused
	if !errors.As(err, &r) {
		t.Fatalf("error = %v, want a *Refused", err)
	}
	if !strings.Contains(r.Say, variable) || !strings.HasSuffix(r.Say, ".") || strings.Count(r.Say, ". ") > 0 || strings.Contains(r.Say, "not-to-be-read") {
		t.Errorf("refused with %q, want one sentence that names %s and no token", r.Say, variable)
	}
}

// When Run ends, what people were just doing is acknowledged first; what comes after is not
// taken, and nobody waits for what does not end.
func TestSocketEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		var conn *websocket.Conn
		l.said["slow"] = func(ack func(any)) { time.Sleep(time.Second); ack(nil) }
		l.said["endless"] = func(func(any)) { time.Sleep(time.Minute) }
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			conn = c
			l.listen(n, c)
		}
		l.connect(t, func(_ *socket, _ *journal, hang func() error) {
			synctest.Wait()
			l.write(conn, commandFrame("e1", "slow"))
			synctest.Wait()
			began := time.Now()
			go func() {
				time.Sleep(time.Second / 2)
				l.write(conn, commandFrame("e2", "late"))
			}()
			_ = hang()
			synctest.Wait()
			if got := l.acks(); got != "1:e1" {
				t.Errorf("acknowledged %q, want e1 alone", got)
			}
			if took := time.Since(began); took > 1500*time.Millisecond {
				t.Errorf("took %v to end, want no longer than the work", took)
			}
		})
	})
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.said["endless"] = func(func(any)) { time.Sleep(time.Minute) }
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			l.write(c, commandFrame("e1", "endless"))
			l.listen(n, c)
		}
		l.connect(t, func(_ *socket, _ *journal, hang func() error) {
			synctest.Wait()
			began := time.Now()
			_ = hang()
			if took := time.Since(began); took > farewell+time.Second {
				t.Errorf("took %v to end, want %v", took, farewell)
			}
			time.Sleep(time.Minute)
		})
	})
}

// More than maxHandled wait their turn; meanwhile the connection is read, and stays.
func TestSocketHandlesSoManyAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		const all = maxHandled + 100
		var now, most atomic.Int32
		l.said["slow"] = func(ack func(any)) {
			n := now.Add(1)
			defer now.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(5 * time.Minute)
			ack(nil)
		}
		l.talk = func(n int, c *websocket.Conn) {
			l.hello(c)
			for i := range all {
				l.write(c, commandFrame(fmt.Sprintf("e%d", i), "slow"))
			}
			l.listen(n, c)
		}
		l.connect(t, func(*socket, *journal, func() error) {
			time.Sleep(4 * time.Minute)
			if n := most.Load(); n != maxHandled {
				t.Errorf("%d handled at once, want %d", n, maxHandled)
			}
			time.Sleep(7 * time.Minute)
			if n := len(strings.Split(l.acks(), ", ")); n != all {
				t.Errorf("%d acknowledged, want %d", n, all)
			}
			if n := len(l.opens()); n != 1 {
				t.Errorf("connected %d times, want the connection to stay", n)
			}
		})
	})
}

func TestSlept(t *testing.T) {
	earlier := time.Now()
	later := earlier.Add(watchEvery)
	if slept(earlier, later) {
		t.Error("slept = true of a machine that was awake")
	}
	// A clock that stood still for an hour cannot be made with package time: the second word
	// of a Time is what it reads.
	later = earlier.Add(watchEvery + time.Hour)
	*(*int64)(unsafe.Add(unsafe.Pointer(&later), 8)) -= int64(time.Hour)
	if later.Sub(earlier) != watchEvery || !slept(earlier, later) {
		t.Errorf("slept = %v of a machine that slept for an hour (%v)", slept(earlier, later), later.Sub(earlier))
	}
}

func TestSocketAfterSleep(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		var once sync.Once
		l.slept = func(time.Time, time.Time) (slept bool) { once.Do(func() { slept = true }); return slept }
		l.connect(t, func(_ *socket, log *journal, _ func() error) {
			time.Sleep(time.Minute)
			if n := len(l.opens()); n != 2 {
				t.Errorf("connected %d times, want anew after the sleep", n)
			}
			if got := infos(log); len(got) != 1 {
				t.Errorf("logged %q, want nothing of the sleep", got)
			}
		})
	})
}

// What is too large for an acknowledgement would be dropped by Slack without a word.
func TestSocketLargeAcknowledgement(t *testing.T) {
	for _, c := range []struct {
		size int
		want string
	}{{maxAcknowledgement - 1, "whole"}, {maxAcknowledgement, "small"}, {10 * maxAcknowledgement, "small"}} {
		r := socketmode.Response{EnvelopeID: "e1", Payload: ""}
		empty, _ := json.Marshal(r)
		r.Payload = strings.Repeat("a", c.size-len(empty)+len(`""`)-2)
		if body, _ := json.Marshal(r); len(body) < c.size-2 || fits(r) != (len(body) < maxAcknowledgement) {
			t.Errorf("fits = %v of %d bytes", fits(r), len(body))
		}
	}
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		s := newSocket(d.Adapter, nil)
		out, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.out = out
		view := noticeView("Check-in", chat.Message{Blocks: []chat.Block{chat.T("x")}}, nil)
		view.PrivateMetadata = "whole"
		for range 40 {
			view.Blocks.BlockSet = append(view.Blocks.BlockSet, slackapi.NewSectionBlock(slackapi.NewTextBlockObject("plain_text", strings.Repeat("a", 1000), false, false), nil, nil))
		}
		submitted := interactionOf(t, map[string]any{"type": "view_submission", "view": map[string]any{"id": "V7", "type": "modal"}})
		s.acknowledge("e1", submitted, slackapi.NewUpdateViewSubmissionResponse(&view))
		calls := d.calls()
		if len(calls) != 1 || calls[0].method != "views.update" || calls[0].args.Get("view_id") != "V7" || !strings.Contains(calls[0].args.Get("view"), "whole") {
			t.Fatalf("calls = %+v, want the whole view by views.update", calls)
		}
		if calls[0].after < time.Second/2 {
			t.Errorf("the view was updated after %v, before Slack can have shown the small one", calls[0].after)
		}
		s.acknowledge("e2", submitted, map[string]string{"errors": strings.Repeat("a", maxAcknowledgement)})
		if !strings.Contains(d.log.String(), "too large") {
			t.Errorf("the log does not tell of what was left out:\n%s", d.log)
		}
		d.kill()
	})
}

// With the whole of a Slack: the real library, a real network, everything that can happen to
// a connection.
func TestSocketStaysConnected(t *testing.T) {
	already := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, already) })
	for name, happens := range map[string]func(*slacktest.Slack){
		"refresh":      func(s *slacktest.Slack) { s.Disconnect("refresh_requested") },
		"cut":          (*slacktest.Slack).CutSockets,
		"refused dial": func(s *slacktest.Slack) { s.RefuseDials(1); s.CutSockets() },
		"too many":     func(s *slacktest.Slack) { s.RefuseSockets(1, "too_many_websockets"); s.CutSockets() },
		"silence":      (*slacktest.Slack).SilenceSockets,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slack := slacktest.New(t)
			room := slack.Workspace("T1", "Acme")
			room.AddUser(slacktest.User{ID: "U1", Name: "ann"})
			room.AddRoom(slacktest.Room{ID: "C1", Name: "general", Members: []string{"U1"}})
			a, log := newAdapter(t, Config{BotToken: chat.NewSecret(room.Install()), AppToken: chat.NewSecret(slack.AppToken()), APIURL: slack.URL()})
			slack.PingEvery(100 * time.Millisecond)
			s := newSocket(a, func(_ context.Context, _ delivery, ack func(any)) { ack(nil) }, socketmode.OptionPingInterval(time.Second))
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- s.run(ctx) }()
			defer cancel()
			for i := range 2 {
				if !slack.WaitSockets(1, 20*time.Second) {
					t.Fatalf("%d: not connected:\n%s", i, log)
				}
				if err := room.Command(fmt.Sprint("c", i), "U1", "C1", "/log 2h BNI"); err != nil {
					t.Errorf("%d: %v", i, err)
				}
				if i == 0 {
					happens(slack)
				}
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("run = %v", err)
			}
			if !slack.WaitSockets(0, 5*time.Second) {
				t.Error("still connected")
			}
			if strings.Contains(log.String(), slack.AppToken()) || strings.Contains(log.String(), "ticket") {
				t.Errorf("the log holds a token:\n%s", log)
			}
		})
	}
}

func TestRunChecksTheBotToken(t *testing.T) {
	answer := make(chan string, 10)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		body := <-answer
		if body == "503" {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(rw, body)
	}))
	defer server.Close()
	for code, want := range map[string]string{
		"invalid_auth":           "Slack does not know SLACK_BOT_TOKEN: copy it again from OAuth & Permissions.",
		"account_inactive":       "is gone",
		"token_revoked":          "was revoked",
		"missing_scope":          "lacks the scope",
		"not_allowed_token_type": "another kind of token",
	} {
		a, log := newAdapter(t, Config{SigningSecret: chat.NewSecret("s"), BotToken: chat.NewSecret("xoxb-not-to-be-read"), APIURL: server.URL + "/api/"})
		passing := code == "invalid_auth"
		if passing {
			answer <- "503"
			answer <- `{"ok":false}`
		}
		answer <- fmt.Sprintf(`{"ok":false,"error":%q}`, code)
		err := a.Run(t.Context())
		isOneSentence(t, err, "SLACK_BOT_TOKEN")
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: Run = %q, want %q", code, err, want)
		}
		if got := infos(log); (len(got) == 1) != passing || strings.Contains(log.String(), "not-to-be-read") {
			t.Errorf("%s: logged %q, want one line for two passing failures", code, got)
		}
	}
	if n := asked.Load(); n != 7 {
		t.Errorf("asked %d times, want no more after a refusal", n)
	}
}

func TestRunByHTTPEndsWithItsContext(t *testing.T) {
	slack := slacktest.New(t)
	room := slack.Workspace("T1", "Acme")
	a, log := newAdapter(t, Config{SigningSecret: chat.NewSecret("s"), BotToken: chat.NewSecret(room.Install()), APIURL: slack.URL()})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- a.Run(ctx) }()
	for !strings.Contains(log.String(), "space=T1") {
		select {
		case err := <-ended:
			t.Fatalf("Run = %v", err)
		case <-t.Context().Done():
			t.Fatal("the log never told whose the token is")
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
	if n := slack.Sockets(); n != 0 {
		t.Errorf("%d sockets, want none", n)
	}
}
