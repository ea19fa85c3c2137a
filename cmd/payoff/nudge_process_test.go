package main

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"payoff/bot/discord/discordtest"
	"payoff/bot/slack/slacktest"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

// TestCheckInOfAProcess lives Show 3 of the issue, by the real clock and with the real program:
// somebody asks to be asked in the next minute, and is, once: also when payoff is down over that
// minute, and when it is killed after the platform has taken the message and before it knows so.
func TestCheckInOfAProcess(t *testing.T) {
	if !atLength() {
		t.Skip("PAYOFF_SLOW is not set: it lasts as long as a lease. TestStoppedWhileSending and the stories do the same with a clock that is moved")
	}
	t.Parallel()
	var all sync.WaitGroup
	defer all.Wait()
	for _, c := range []struct {
		name  string
		alone func(*testing.T) *sleeper
		lives func(*sleeper)
	}{
		{"Slack, it runs", inSlack, (*sleeper).stays},
		{"Slack, it is down", inSlack, (*sleeper).isDown},
		{"Slack, it is killed", inSlack, (*sleeper).isKilled},
		{"Discord, it runs", inDiscord, (*sleeper).stays},
		{"Discord, it is down", inDiscord, (*sleeper).isDown},
		{"Discord, it is killed", inDiscord, (*sleeper).isKilled},
		{"Discord, it is killed and finds nothing", inDiscord, (*sleeper).isKilledAndBlind},
	} {
		all.Go(func() { // not Parallel, which is no more at a time than there are processors
			t.Run(c.name, func(t *testing.T) { c.lives(c.alone(t)) })
		})
	}
}

const (
	tickWithin  = 25 * time.Second // each twenty, and a little
	leaseWithin = 2*time.Minute + tickWithin
)

// A sleeper is somebody to be asked, by a payoff that is a process of its own.
type sleeper struct {
	*site
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has
	road  *road

	zone   *time.Location
	begins func()                   // gets started
	types  func(line string) string // what is answered
	asked  func() []string          // the messages by which they were asked
	posts  func() (n int, last time.Time)
	looks  func() int // how often the platform was asked what was said
}

// A road leads to a platform's API. It can hold up the answer to the next message until who
// waits for it is gone, and have what was said before look like nothing.
type road struct {
	message, said func(*http.Request) bool // whether a request posts a message, or reads those that were posted
	holds, blind  atomic.Bool
	held          chan struct{} // closed when an answer is held up
}

// opens returns its address.
func (r *road) opens(t *testing.T, to string) string {
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	r.held = make(chan struct{})
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:        func(p *httputil.ProxyRequest) { p.SetURL(target) },
		ModifyResponse: r.returns,
		ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ErrorLog:       log.New(io.Discard, "", 0),
	})
	t.Cleanup(server.Close)
	return server.URL
}

// returns is an answer on its way back: the platform has done what it was asked for.
func (r *road) returns(answer *http.Response) error {
	ok := answer.StatusCode == http.StatusOK
	switch {
	case ok && r.message(answer.Request) && r.holds.CompareAndSwap(true, false):
		close(r.held)
		<-answer.Request.Context().Done() // the process is gone
		return errors.New("nobody waits for the answer")
	case ok && r.said(answer.Request) && r.blind.Load():
		nothing := "[]"
		answer.Body = io.NopCloser(strings.NewReader(nothing))
		answer.ContentLength = int64(len(nothing))
		answer.Header.Set("Content-Length", strconv.Itoa(len(nothing)))
	}
	return nil
}

// newSleeper is somebody at a place where it is day.
func newSleeper(t *testing.T, s *site, r *road) *sleeper {
	p := &sleeper{site: s, road: r}
	for _, name := range []string{"Europe/London", "Asia/Shanghai", "America/Los_Angeles"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if hour := time.Now().In(zone).Hour(); 9 <= hour && hour < 22 {
			p.zone = zone
		}
	}
	t.Cleanup(func() {
		if p.cmd != nil {
			p.kills()
		}
	})
	return p
}

func inSlack(t *testing.T) *sleeper {
	fake := slacktest.New(t)
	s := newSlackSite(t, fake, ways[0], time.Now())
	r := &road{
		message: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/chat.postMessage") },
		said:    func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/conversations.history") },
	}
	p := newSleeper(t, s.site, r)
	team := fake.Workspace("T0STREET", "High Street")
	team.AddUser(slacktest.User{ID: "U0SAM", Name: "Sam", Zone: p.zone.String(), Locale: "en-GB"})
	team.AddRoom(slacktest.Room{ID: highStreet, Name: "high-street", Members: []string{"U0SAM", team.BotUser()}})
	s.secret("SLACK_BOT_TOKEN", team.Install())
	s.env.plain["SLACK_API_URL"] = r.opens(t, strings.TrimSuffix(fake.URL(), "/api/")) + "/api/"
	sam := &person{s, team, "U0SAM"}
	p.begins = func() {
		hello := sam.types(highStreet, "/report")
		sam.does(team.Press("", sam.user, highStreet, hello.TS, "Get started"))
		sam.opened("Getting started")
		sam.does(team.Fill("", sam.user, map[string]string{"Networking you go to": "BNI"}))
		sam.changed(highStreet, hello)
	}
	p.types = func(line string) string { return sam.types(highStreet, line).Text }
	p.asked = func() (all []string) {
		for _, m := range sam.bots(sam.direct()) {
			if strings.HasPrefix(m.Text, "How did the week go?") {
				all = append(all, m.TS)
			}
		}
		return all
	}
	calls := func(method string) (n int, last time.Time) {
		for _, c := range fake.Calls() {
			if c.Method == method && c.Room == sam.direct() {
				n, last = n+1, c.At
			}
		}
		return n, last
	}
	p.posts = func() (int, time.Time) { return calls("chat.postMessage") }
	p.looks = func() int { n, _ := calls("conversations.history"); return n }
	return p
}

func inDiscord(t *testing.T) *sleeper {
	fake := discordtest.New(t)
	s := newDiscordSite(t, fake, discordWays[0], time.Now())
	sam := &member{s, fake.Guild("Market Square"), samID}
	sam.guild.AddUser(discordtest.User{ID: samID, Name: "Sam"})
	sam.guild.AddChannel(discordtest.Channel{ID: squareID, Name: "square"})
	path := "/channels/" + sam.direct() + "/messages"
	at := func(method string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.Method == method && strings.HasSuffix(r.URL.Path, path) }
	}
	r := &road{message: at(http.MethodPost), said: at(http.MethodGet)}
	p := newSleeper(t, s.site, r)
	s.env.plain["DISCORD_API_URL"] = r.opens(t, fake.URL())
	p.begins = func() {
		hello := sam.types(squareID, "/report")
		sam.opens(squareID, hello, "Get started", "Getting started (1 of 2)")
		card := sam.submits(squareID, map[string]string{"Your time zone": p.zone.String()})
		sam.opens(squareID, card, "Continue", "Getting started (2 of 2)")
		sam.submitsFor(squareID, card, map[string]string{"Networking you go to": "BNI"})
	}
	p.types = func(line string) string { return sam.types(squareID, line).Text }
	p.asked = func() (all []string) {
		for _, m := range sam.bots(sam.direct()) {
			if strings.HasPrefix(m.Text, "How did the week go?") {
				all = append(all, m.ID)
			}
		}
		return all
	}
	calls := func(method string) (n int, last time.Time) {
		for _, c := range fake.Calls() {
			if c.Method == method && c.Path == path {
				n, last = n+1, c.At
			}
		}
		return n, last
	}
	p.posts = func() (int, time.Time) { return calls(http.MethodPost) }
	p.looks = func() int { n, _ := calls(http.MethodGet); return n }
	return p
}

// runs starts the process: this test binary, which TestMain has put into the PATH under the
// program's name.
func (p *sleeper) runs() {
	p.t.Helper()
	p.cmd, p.ended = exec.Command("payoff", "serve"), make(chan struct{})
	p.cmd.Env = []string{"TZ=UTC", "PAYOFF_LOG=debug", "PAYOFF_HTTP=127.0.0.1:0", "PAYOFF_DB=" + p.db}
	for _, name := range []string{"PATH", "HOME", "GOCOVERDIR"} {
		if value, set := os.LookupEnv(name); set {
			p.cmd.Env = append(p.cmd.Env, name+"="+value)
		}
	}
	for name, value := range p.env.plain {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	for name, value := range p.env.secrets {
		p.cmd.Env = append(p.cmd.Env, name+"="+value.Reveal())
	}
	p.out = &lines{heard: make(chan struct{}, 1)}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait()
	}()
	if !p.out.hear(regexp.MustCompile(`Ctrl-C stops it\.`), 2*patience, p.ended) {
		p.t.Fatalf("payoff said %q and logged\n%s", p.out, p.log)
	}
	p.meets(true)
}

// stops is Ctrl-C, kills is kill -9.
func (p *sleeper) stops() { p.goes(os.Interrupt) }
func (p *sleeper) kills() { p.goes(os.Kill) }

func (p *sleeper) goes(by os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(by); err != nil {
		p.t.Errorf("%s: %v", by, err)
	}
	select {
	case <-p.ended:
	case <-time.After(2 * stopsWithin):
		p.t.Errorf("payoff still runs after %s", by)
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	p.cmd = nil
	p.meets(false)
}

// schedules gets started and asks to be asked in the next minute.
func (p *sleeper) schedules() (at time.Time) {
	p.t.Helper()
	p.runs()
	p.begins()
	const hurry = 10 * time.Second // it is to be said before that minute begins
	at = time.Now().In(p.zone).Add(hurry).Truncate(time.Minute).Add(time.Minute)
	line := "/checkin schedule " + at.Format("Mon 15:04")
	if said := p.types(line); !strings.Contains(said, "The next one: today at "+at.Format("15:04")) {
		p.t.Fatalf("%s is answered with %q", line, said)
	}
	return at
}

// comes waits until they are asked, and holds that nothing came before its time.
func (p *sleeper) comes(at, by time.Time) {
	p.t.Helper()
	if err := within(time.Until(by), "somebody is asked", func() bool { return len(p.asked()) > 0 }); err != nil {
		p.t.Fatalf("%v; payoff logged\n%s", err, p.log)
	}
	_, when := p.posts()
	p.t.Logf("asked %s after the time", when.Sub(at).Round(time.Millisecond))
	if when.Before(at) {
		p.t.Errorf("asked at %s, before %s", when, at)
	}
}

// passes waits for a time of the day.
func (p *sleeper) passes(at time.Time) { <-time.After(time.Until(at)) }

// holdsOnce lets another tick or two go by, and holds that they were asked once, and that payoff
// knows by which message, and at which attempt.
func (p *sleeper) holdsOnce(attempts int) {
	p.t.Helper()
	p.passes(time.Now().Add(tickWithin))
	p.stops()
	asked := p.asked()
	if len(asked) != 1 {
		p.t.Fatalf("they are asked %d times, want once; payoff logged\n%s", len(asked), p.log)
	}
	file, err := bolt.Open(p.db)
	if err != nil {
		p.t.Fatal(err)
	}
	db, err := storage.Open(p.t.Context(), file)
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := engine.New(db, time.Now).Outbox(p.t.Context())
	if err = errors.Join(err, db.Close()); err != nil || len(out) != 1 || out[0].Message != asked[0] || out[0].Attempts != attempts {
		p.t.Errorf("the outbox holds %+v, %v; want the message %s at attempt %d", out, err, asked[0], attempts)
	}
}

func (p *sleeper) stays() {
	at := p.schedules()
	p.comes(at, at.Add(time.Minute+tickWithin))
	p.holdsOnce(1)
}

func (p *sleeper) isDown() {
	at := p.schedules()
	p.stops()
	p.passes(at.Add(time.Minute))
	if n := len(p.asked()); n != 0 {
		p.t.Fatalf("they are asked %d times by nobody", n)
	}
	p.runs()
	p.comes(at, time.Now().Add(tickWithin))
	p.holdsOnce(1)
}

// isKilled once the message stands there.
func (p *sleeper) isKilled() { p.diesAndComesBack(false) }

// isKilledAndBlind finds nothing of what was said: then it is Discord that takes the message
// for the one it has.
func (p *sleeper) isKilledAndBlind() { p.diesAndComesBack(true) }

func (p *sleeper) diesAndComesBack(blind bool) {
	at := p.schedules()
	p.road.holds.Store(true)
	select {
	case <-p.road.held:
	case <-time.After(time.Until(at.Add(time.Minute + tickWithin))):
		p.t.Fatalf("no message was posted; payoff logged\n%s", p.log)
	}
	p.kills()
	p.comes(at, time.Now().Add(patience))
	p.road.blind.Store(blind)
	looked := p.looks()
	posted, _ := p.posts()
	p.runs()
	if err := within(leaseWithin, "payoff looks for what it has sent", func() bool { return p.looks() > looked }); err != nil {
		p.t.Fatalf("%v; payoff logged\n%s", err, p.log)
	}
	p.holdsOnce(2)
	want := posted
	if blind {
		want++
	}
	if n, _ := p.posts(); n != want {
		p.t.Errorf("the message was posted %d times, want %d", n, want)
	}
}
