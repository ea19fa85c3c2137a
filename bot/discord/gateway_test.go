package discord

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"payoff/bot/chat"
)

// faulted is a first connection on which an interaction comes, and then something goes wrong.
func faulted(wrong func(p *peer)) func(p *peer) {
	return func(p *peer) {
		p.hello()
		p.greet()
		p.interact("before", 2)
		p.holds(time.Minute)
		wrong(p)
	}
}

// TestGatewayIsBackInTime: whatever discordgo is known to hang on, payoff is back within 30
// seconds, with the everyday tempo, and nothing is lost that Discord still has.
func TestGatewayIsBackInTime(t *testing.T) {
	const resumed, anew = "1:identify, %d:resume s1 2", "1:identify, %d:identify"
	for _, c := range []struct {
		name  string
		wrong func(p *peer)         // on the first connection
		then  map[int]func(p *peer) // on the next ones, before one that is well
		well  int                   // which is the first that is well
		want  string
		mute  int
	}{
		{name: "cut", wrong: func(*peer) {}, well: 2, want: resumed},
		{name: "told to reconnect", wrong: func(p *peer) { p.send(`{"op":7,"d":null}`); p.silent() }, well: 2, want: resumed},
		{name: "Reconnect as the first packet", wrong: func(*peer) {}, then: map[int]func(*peer){2: func(p *peer) { p.send(`{"t":null,"s":null,"op":7,"d":null}`); p.silent() }}, well: 3, want: resumed},
		{name: "Invalid Session after Resume", wrong: func(*peer) {}, then: map[int]func(*peer){2: func(p *peer) {
			p.hello()
			p.opening()
			p.send(`{"t":null,"s":null,"op":9,"d":false}`)
			p.silent()
		}}, well: 3, want: "1:identify, 2:resume s1 2, %d:identify"},
		{name: "Invalid Session that may be resumed", wrong: func(p *peer) { p.send(`{"op":9,"d":true}`); p.silent() }, well: 2, want: resumed},
		{name: "no HELLO", wrong: func(*peer) {}, then: map[int]func(*peer){2: (*peer).silent}, well: 3, want: resumed},
		{name: "no READY", wrong: func(*peer) {}, then: map[int]func(*peer){2: func(p *peer) { p.hello(); p.opening(); p.silent() }}, well: 3, want: "1:identify, 2:resume s1 2, %d:resume s1 2"},
		{name: "no HTTP", wrong: func(*peer) {}, mute: 2, well: 3, want: resumed},
		{name: "dead peer", wrong: func(p *peer) { p.deaf.Store(true); p.silent() }, well: 2, want: resumed},
		{name: "heartbeats not acknowledged", wrong: func(p *peer) {
			p.deaf.Store(true)
			for range 30 { // and yet it talks
				p.interact("talk", 2)
				time.Sleep(time.Second)
			}
		}, well: 2, want: resumed},
		{name: "the session timed out", wrong: func(p *peer) { p.shut(4009) }, well: 2, want: anew},
		{name: "a passing close", wrong: func(p *peer) { p.shut(4000) }, well: 2, want: resumed},
		{name: "garbage", wrong: func(p *peer) { p.send(`null`); p.silent() }, well: 2, want: resumed},
		{name: "a heartbeat interval of nought", wrong: func(*peer) {}, then: map[int]func(*peer){2: func(p *peer) { p.send(`{"op":10,"d":{"heartbeat_interval":0}}`); p.silent() }}, well: 3, want: resumed},
	} {
		t.Run(c.name, func(t *testing.T) {
			inGateway(t, func(l *discordLine) {
				l.mute = func(n int) bool { return n == c.mute }
				l.talk = func(p *peer) {
					switch then := c.then[p.n]; {
					case p.n == 1:
						faulted(c.wrong)(p)
					case then != nil:
						then(p)
					default:
						p.hello()
						p.greet("missed")
						p.interact("after", 9)
						p.listen()
					}
				}
			}, func(l *discordLine, _ func() error) {
				time.Sleep(3 * time.Minute)
				synctest.Wait()
				said, took := l.all()
				if want := fmt.Sprintf(c.want, c.well); said != want {
					t.Errorf("said %q, want %q", said, want)
				}
				want := "after before missed"
				if strings.HasSuffix(said, "identify") {
					want = "after before" // Discord keeps nothing for who begins anew
				}
				if took = strings.TrimSpace(strings.ReplaceAll(took, "talk", "")); took != want {
					t.Errorf("took %q, want %q", took, want)
				}
				back := l.backs()
				if len(back) != 2 {
					t.Fatalf("connected at %v, want twice", back)
				}
				if away := back[1].Sub(back[0]) - time.Minute; away > 30*time.Second {
					t.Errorf("away for %v, want 30 s at most", away)
				} else {
					t.Logf("away for %v", away)
				}
			})
		})
	}
}

// TestGatewayLeavesBehindWhatHangs: whatever discordgo may hang on besides, payoff goes on
// without it.
func TestGatewayLeavesBehindWhatHangs(t *testing.T) {
	inGateway(t, func(l *discordLine) {
		var n atomic.Int32
		l.g.open = func(s *discordgo.Session) error {
			if n.Add(1) == 2 {
				<-l.over
				return errLost
			}
			return openSession(s)
		}
		l.talk = func(p *peer) {
			p.hello()
			p.greet()
			if p.n > 1 {
				p.listen()
			}
			p.holds(time.Second)
		}
	}, func(l *discordLine, _ func() error) {
		time.Sleep(time.Minute)
		synctest.Wait()
		back := l.backs()
		if said, _ := l.all(); said != "1:identify, 2:identify" || len(back) != 2 || back[1].Sub(back[0]) > 30*time.Second {
			t.Errorf("said %q at %v, want a second session within 30 s", said, back)
		}
	})
}

// TestGatewayRefused: what can never work ends Run with one sentence that says what to do.
func TestGatewayRefused(t *testing.T) {
	const token = "copy it again from the page Bot of the application at https://discord.com/developers/applications (Reset Token)."
	answer := func(status int) func(int) error {
		return func(int) error {
			return &chat.Error{Kind: chat.Gone, Err: fmt.Errorf("get /gateway/bot: %w", &apiError{Status: status})}
		}
	}
	for _, c := range []struct {
		name    string
		failing func(int) error
		code    int
		late    bool // after READY
		want    string
	}{
		{"no such token", answer(http.StatusUnauthorized), 0, false, "Discord does not know DISCORD_BOT_TOKEN: " + token},
		{"no Discord", answer(http.StatusNotFound), 0, false, "There is no Discord at https://discord.com: check DISCORD_API_URL."},
		{"a token made void", nil, 4004, false, "Discord does not know DISCORD_BOT_TOKEN any more: " + token},
		{"a token made void while connected", nil, 4004, true, "Discord does not know DISCORD_BOT_TOKEN any more: " + token},
		{"a wrong shard", nil, 4010, false, "Discord no longer takes how this payoff connects (4010): install the newest one."},
		{"too few shards", nil, 4011, false, "Discord wants payoff to connect in more parts, as it is in many servers now: start it again, and it will."},
		{"an old version", nil, 4012, false, "Discord no longer takes how this payoff connects (4012): install the newest one."},
		{"wrong intents", nil, 4013, false, "Discord no longer takes how this payoff connects (4013): install the newest one."},
		{"intents not allowed", nil, 4014, false, "Discord no longer takes how this payoff connects (4014): install the newest one."},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newDiscordLine(t)
				l.failing = c.failing
				l.talk = func(p *peer) {
					p.hello()
					if c.late {
						p.greet()
						p.holds(time.Second)
					} else {
						p.opening()
					}
					p.shut(c.code)
				}
				server := &http.Server{Handler: l}
				go func() { _ = server.Serve(gatewayPipe{l}) }()
				err := l.g.run(t.Context())
				var refused *Refused
				if !errors.As(err, &refused) || refused.Say != c.want {
					t.Errorf("run = %v, want %q", err, c.want)
				}
				close(l.over)
				_ = server.Close()
			})
		})
	}
}

// TestGatewayTriesAgain: what may pass is tried again, less and less often, and told once.
func TestGatewayTriesAgain(t *testing.T) {
	var tried []time.Time
	inGateway(t, func(l *discordLine) {
		l.failing = func(n int) error {
			if tried = append(tried, time.Now()); n <= 12 {
				return &chat.Error{Kind: chat.Transient, Err: errors.New("HTTP 503")}
			}
			return nil
		}
	}, func(l *discordLine, _ func() error) {
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if len(l.backs()) != 1 {
			t.Fatalf("connected %d times, want once", len(l.backs()))
		}
		for i := range tried[1:13] {
			pause, most := tried[i+1].Sub(tried[i]), min(usual.first<<i, usual.longest)
			if pause < most/2 || pause > most+time.Millisecond {
				t.Errorf("pause %d was %v, want %v to %v", i+1, pause, most/2, most)
			}
		}
		want := []string{"discord: not connected; trying until it is", "discord: connected"}
		if got := l.log.infos(); !slices.Equal(got, want) {
			t.Errorf("logged %q, want %q", got, want)
		}
	})
}

// TestGatewayTellsChangesOnly: a connection that comes and goes for an hour is two lines of the
// log, and Discord is not stormed.
func TestGatewayTellsChangesOnly(t *testing.T) {
	inGateway(t, func(l *discordLine) {
		begun := time.Now()
		l.talk = func(p *peer) {
			p.hello()
			p.greet()
			if time.Since(begun) > time.Hour {
				p.listen()
			}
			p.holds(2 * time.Second)
		}
	}, func(l *discordLine, _ func() error) {
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		want := []string{"discord: connected", "discord: not connected; trying until it is", "discord: connected again"}
		if got := l.log.infos(); !slices.Equal(got, want) {
			t.Errorf("logged %q, want %q", got, want)
		}
		if n := len(l.backs()); n < 100 || n > 1200 {
			t.Errorf("connected %d times in an hour, want once in 3 to 30 s", n)
		}
		if l.asked != 2 {
			t.Errorf("began %d sessions, want one that is resumed", l.asked-1)
		}
	})
}

// TestGatewayIsQuietWhenRefreshed: Discord ends each connection after some hours, and nobody
// hears of it.
func TestGatewayIsQuietWhenRefreshed(t *testing.T) {
	inGateway(t, func(l *discordLine) {
		l.talk = func(p *peer) {
			p.hello()
			p.greet()
			p.holds(3 * time.Hour)
			p.send(`{"t":null,"s":null,"op":7,"d":null}`)
			p.silent()
		}
	}, func(l *discordLine, _ func() error) {
		time.Sleep(10 * time.Hour)
		synctest.Wait()
		if said, _ := l.all(); said != "1:identify, 2:resume s1 1, 3:resume s1 3, 4:resume s1 3" {
			t.Errorf("said %q", said)
		}
		if got := l.log.infos(); len(got) != 1 {
			t.Errorf("logged %q, want one line", got)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if want := []string{"discord.test:80", "away.test:80", "away.test:80", "away.test:80"}; !slices.Equal(l.hosts, want) {
			t.Errorf("connected to %q, want %q: a session is resumed where Discord said", l.hosts, want)
		}
	})
}

func TestGatewayResumesAtHome(t *testing.T) {
	inGateway(t, func(l *discordLine) {
		dial := l.g.dial
		l.g.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == "away.test:80" {
				return nil, errors.New("no such host")
			}
			return dial(ctx, network, address)
		}
		l.talk = func(p *peer) {
			p.hello()
			p.greet()
			if p.n > 1 {
				p.listen()
			}
			p.holds(time.Second)
		}
	}, func(l *discordLine, _ func() error) {
		time.Sleep(time.Minute)
		synctest.Wait()
		if said, _ := l.all(); said != "1:identify, 2:resume s1 1" {
			t.Errorf("said %q, want it resumed although the other address does not exist", said)
		}
	})
}

// TestGatewayIdentifies: no intents, nothing compressed, the bare token; and goodbye at the end.
func TestGatewayIdentifies(t *testing.T) {
	closed := 0
	inGateway(t, func(l *discordLine) {
		l.talk = func(p *peer) {
			p.hello()
			p.greet()
			p.send(`{"op":0,"s":2,"t":"GUILD_CREATE","d":null}`) // on which discordgo panics
			p.send(`{"op":1,"d":null}`)
			p.send(`{"op":99,"d":{}}`)
			p.interact("one", 3)
			_, _, err := p.hear()
			var over *websocket.CloseError
			if errors.As(err, &over) {
				closed = over.Code
			}
		}
	}, func(l *discordLine, hang func() error) {
		time.Sleep(time.Hour)
		synctest.Wait()
		if said, took := l.all(); said != "1:identify" || took != "one" {
			t.Errorf("said %q, took %q, want one connection for an hour", said, took)
		}
		for key, want := range map[string]string{"token": `"` + gatewayToken + `"`, "intents": "0", "compress": "false", "shard": ""} {
			if got := string(l.whole[key]); got != want {
				t.Errorf("IDENTIFY has %s %s, want %s", key, got, want)
			}
		}
		from := time.Now()
		if err := hang(); err != nil || time.Since(from) > 2*time.Second {
			t.Errorf("run = %v after %v, want nil within 2 s", err, time.Since(from))
		}
		synctest.Wait()
		if closed != websocket.CloseNormalClosure {
			t.Errorf("closed with %d, want %d", closed, websocket.CloseNormalClosure)
		}
	})
}

// TestGatewayShards: as many shards as Discord wants, each by its number, and no more new ones
// at a time than Discord takes.
func TestGatewayShards(t *testing.T) {
	for _, c := range []struct{ lanes, seconds int }{{1, 15}, {2, 5}, {16, 0}} {
		t.Run(fmt.Sprint(c.lanes), func(t *testing.T) {
			var shards []string
			inGateway(t, func(l *discordLine) {
				l.way = fmt.Sprintf(`{"url":"ws://discord.test","shards":4,"session_start_limit":{"total":1000,"remaining":999,"reset_after":1,"max_concurrency":%d}}`, c.lanes)
				l.talk = func(p *peer) {
					p.hello()
					p.greet()
					l.mu.Lock()
					shards = append(shards, string(l.whole["shard"]))
					l.mu.Unlock()
					p.listen()
				}
			}, func(l *discordLine, _ func() error) {
				time.Sleep(time.Minute)
				synctest.Wait()
				back := l.backs()
				if len(back) != 4 || back[3].Sub(back[0]) != time.Duration(c.seconds)*time.Second {
					t.Fatalf("connected at %v, want four within %d s", back, c.seconds)
				}
				if c.lanes == 1 {
					slices.Sort(shards)
					if got := strings.Join(shards, " "); got != "[0,4] [1,4] [2,4] [3,4]" {
						t.Errorf("identified as %s", got)
					}
				}
				if got := l.log.infos(); len(got) != 4 {
					t.Errorf("logged %q, want a line for each shard", got)
				}
			})
		})
	}
}

// TestGatewayIdentifiesSeldom: sessions that never begin are asked for no oftener than Discord
// allows, too.
func TestGatewayIdentifiesSeldom(t *testing.T) {
	inGateway(t, func(l *discordLine) {
		l.talk = func(p *peer) {
			p.hello()
			if p.n < 6 {
				p.opening()
				p.shut(4000)
				return
			}
			p.greet()
			p.listen()
		}
	}, func(l *discordLine, _ func() error) {
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(l.back) != 1 || len(l.made) != 6 {
			t.Fatalf("connected %d times, %d of them for good; want the 6th", len(l.made), len(l.back))
		}
		for i := range l.made[1:] {
			if pause := l.made[i+1].Sub(l.made[i]); pause < usual.identify {
				t.Errorf("identified again after %v, want %v at least", pause, usual.identify)
			}
		}
	})
}

// TestGatewaySavesSessions: a token of which too many sessions are begun in a day is made void.
func TestGatewaySavesSessions(t *testing.T) {
	inGateway(t, func(l *discordLine) {
		l.way = `{"url":"ws://discord.test","shards":1,"session_start_limit":{"total":1000,"remaining":0,"reset_after":7200000,"max_concurrency":1}}`
	}, func(l *discordLine, _ func() error) {
		time.Sleep(time.Hour)
		l.mu.Lock()
		if len(l.made) != 0 {
			t.Errorf("connected although no session is left")
		}
		l.way = strings.Replace(l.way, `"remaining":0`, `"remaining":1000`, 1)
		l.mu.Unlock()
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if len(l.backs()) != 1 {
			t.Errorf("connected %d times, want once", len(l.backs()))
		}
		if !strings.Contains(l.log.String(), "level=WARN") {
			t.Error("nobody was told why it waits")
		}
	})
}

// TestGatewayTakesSoManyAtOnce: a flood of interactions waits, and the connection goes on.
func TestGatewayTakesSoManyAtOnce(t *testing.T) {
	var now, most atomic.Int32
	inGateway(t, func(l *discordLine) {
		l.taking = func(ctx context.Context) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			_ = pauseFor(ctx, time.Minute)
		}
		l.talk = func(p *peer) {
			p.hello()
			p.greet()
			for i := range 1000 {
				p.interact(fmt.Sprint(i), 2+i)
			}
			p.listen()
		}
	}, func(l *discordLine, _ func() error) {
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(l.took) != 1000 || most.Load() != mostTaken || len(l.back) != 1 {
			t.Errorf("took %d, %d at once, over %d connections; want 1000, %d, 1", len(l.took), most.Load(), len(l.back), mostTaken)
		}
	})
}

// TestGatewayErrands: commands are registered until they are, servers are looked at every hour.
func TestGatewayErrands(t *testing.T) {
	transient := &chat.Error{Kind: chat.Transient, Err: errors.New("HTTP 503")}
	never := &chat.Error{Kind: chat.Invalid, Err: errors.New("HTTP 400")}
	for _, c := range []struct {
		name  string
		fails func(n int) error
		tries int
		says  string
	}{
		{"at once", func(int) error { return nil }, 1, "level=INFO msg=\"discord: the commands are registered\""},
		{"later", func(n int) error {
			if n < 4 {
				return transient
			}
			return nil
		}, 4, "level=INFO msg=\"discord: the commands are not registered; trying until they are\""},
		{"never", func(int) error { return never }, 1, "level=ERROR msg=\"discord: the commands are not registered\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newDiscordLine(t)
				l.g.a.cfg.Commands, l.g.a.cfg.Memory, l.g.a.cfg.ApplicationID = tableSpecs(), registerShelf{}, "100000000000000001"
				tried, looked := 0, 0
				l.g.do = func(context.Context, call, any) error { tried++; return c.fails(tried) }
				l.g.look = func(context.Context) error { looked++; return transient }
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Hour+30*time.Minute)
				defer cancel()
				l.g.errands(ctx)
				if tried != c.tries || looked != 6 {
					t.Errorf("tried %d times, looked %d times; want %d, 6", tried, looked, c.tries)
				}
				if log := l.log.String(); strings.Count(log, c.says) != 1 {
					t.Errorf("logged\n%s\nwant %s once", log, c.says)
				}
			})
		})
	}
}

func (p *peer) shut(code int) {
	_ = p.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "why"), time.Now().Add(time.Second))
	p.silent()
}
