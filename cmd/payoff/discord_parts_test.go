package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/discord"
	"payoff/bot/discord/discordtest"
	"payoff/bot/nudge"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

// stallWays are how interactions come to a stall.
var stallWays = []way{{"gateway", false}, {"HTTP", true}}

// A stall is payoff's parts around a Discord of discordtest, put together by hand as the
// program does, so that a test can reach between them: at the disk, at what is sent, at the
// connection.
type stall struct {
	t     *testing.T
	there *discordtest.Discord
	guild *discordtest.Guild
	way   way

	begun, first time.Time // the real time at first, and what it was taken for
	moved        atomic.Int64

	disk    *slowDisk
	db      *storage.DB
	engine  *engine.Engine
	bot     *bot.Bot
	log     *lines
	adapter *discord.Adapter
	shut    func() // stops the adapter
	count   int    // people

	mu      sync.Mutex
	slowest time.Duration // to acknowledge what somebody did
}

// newStall has a server, a database, and no adapter yet.
func newStall(t *testing.T, by way, first time.Time) *stall {
	t.Helper()
	s := &stall{t: t, there: discordtest.New(t), way: by, begun: time.Now(), first: first, log: &lines{heard: make(chan struct{}, 1)}, shut: func() {}}
	s.guild = s.there.Guild("High Street")
	file, err := bolt.Open(filepath.Join(t.TempDir(), "payoff.db"))
	if err != nil {
		t.Fatal(err)
	}
	s.disk = &slowDisk{Driver: file}
	if s.db, err = storage.Open(t.Context(), s.disk); err != nil {
		t.Fatal(err)
	}
	s.engine = engine.New(s.db, s.now)
	t.Cleanup(func() {
		s.there.Mend()
		s.disk.takes(0, 0)
		s.shut()
		if err := s.db.Close(); err != nil {
			t.Error(err)
		}
		s.holdsSecrets()
	})
	return s
}

func (s *stall) logs() *slog.Logger { return newLog(s.log, logLevel(slog.LevelDebug), "text") }

func (s *stall) now() time.Time {
	return s.first.Add(time.Since(s.begun) + time.Duration(s.moved.Load()))
}

// to moves the calendar on.
func (s *stall) to(at time.Time) {
	s.t.Helper()
	by := at.Sub(s.now())
	if by < 0 {
		s.t.Fatalf("it is past %s already", at)
	}
	s.moved.Add(int64(by))
}

// makes makes all parts anew, as a process does that has just begun. Nothing connects them with
// Discord's gateway: sending needs none.
func (s *stall) makes() {
	s.t.Helper()
	s.engine = engine.New(s.db, s.now)
	s.bot = bot.New(bot.Config{Engine: s.engine, Log: s.logs()})
	parts := s.engine
	cfg := discord.Config{
		Handler: s.bot, Commands: bot.AllSpecs(), Log: s.logs(), APIURL: s.there.URL(), Now: s.now,
		BotToken: chat.NewSecret(s.there.Token()), ApplicationID: s.there.ApplicationID(), Memory: shelf{s.db, discord.Platform, s.now},
		Known: func(ctx context.Context, person string) ([]string, error) {
			return parts.SpacesOf(ctx, discord.Platform, person)
		},
		Left:   func(ctx context.Context, space string) error { return parts.SpaceLeft(ctx, discord.Platform, space) },
		Joined: func(ctx context.Context, space string) error { return parts.SpaceJoined(ctx, discord.Platform, space) },
	}
	if s.way.http {
		cfg.PublicKey = s.there.PublicKey()
	}
	adapter, err := discord.New(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	s.adapter = adapter
	s.shut = func() {
		s.shut = func() {}
		limit, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := adapter.Close(limit); err != nil {
			s.t.Errorf("the adapter did not end its work: %v", err)
		}
	}
}

// opens makes all parts anew, and lets people in.
func (s *stall) opens() {
	s.t.Helper()
	s.makes()
	ctx, cut := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- s.adapter.Run(ctx) }()
	if !s.there.WaitGateway(1, 2*patience) {
		s.t.Errorf("payoff did not connect; it logged\n%s", s.log)
	}
	until(s.t, "the commands are registered", func() bool { return len(s.there.Commands()) > 0 })
	door := func() {}
	if s.way.http {
		server := httptest.NewServer(s.adapter)
		s.there.DeliverTo(server.URL)
		door = server.Close
	}
	closes := s.shut
	s.shut = func() {
		closes()
		s.shut = func() {}
		cut()
		if err := <-ran; err != nil {
			s.t.Errorf("Run() = %v", err)
		}
		if !s.there.WaitGateway(0, patience) {
			s.t.Error("payoff has stopped, and is still connected")
		}
		door()
	}
}

// nudger sends what is due by the adapter, or by what stands before it.
func (s *stall) nudger(by chat.Sender) *nudge.Nudger {
	return nudge.New(nudge.Config{
		Engine: s.engine, Compose: s.bot.Compose, Log: s.logs(), Senders: map[string]chat.Sender{discord.Platform: by},
	})
}

// A visitor is someone in the server, with a channel of their own there.
type visitor struct {
	*stall
	name, user, room string
	owner            goals.OwnerID
}

// begins adds someone who has got started before, without Discord.
func (s *stall) begins(name string) *visitor {
	s.t.Helper()
	s.count++
	v := &visitor{stall: s, name: name, user: fmt.Sprintf("2%017d", s.count), room: fmt.Sprintf("3%017d", s.count)}
	s.guild.AddUser(discordtest.User{ID: v.user, Name: name})
	s.guild.AddChannel(discordtest.Channel{ID: v.room, Name: "desk-of-" + strings.ToLower(name), Members: []string{v.user}})
	ctx := s.t.Context()
	actor, err := s.engine.Meet(ctx, engine.Person{Platform: discord.Platform, Space: s.guild.ID(), ID: v.user, Name: name, Zone: "Europe/London"})
	if err == nil {
		_, err = s.engine.Begin(ctx, engine.Request{Actor: actor}, engine.Beginning{
			Currency: "GBP", Zone: "Europe/London", Channels: []goals.Channel{{Name: "BNI", Kind: goals.Networking}, {Name: "LinkedIn", Kind: goals.Social}},
			Goal: &engine.NewGoal{Amount: goals.Money{Minor: 120_000_00, Currency: "GBP"}, Period: goals.Period{From: goals.DateOf(s.now()), To: goals.NewDate(2026, 12, 31)}},
		})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	v.owner = actor.Owner
	return v
}

func (v *visitor) direct() string { return v.there.Direct(v.user) }

// acts does something and takes the time until payoff has acknowledged it.
func (v *visitor) acts(act func() error) error {
	begun := time.Now()
	err := act()
	took := time.Since(begun)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.slowest = max(v.slowest, took)
	return err
}

func (v *visitor) types(id, room, line string) error {
	return v.acts(func() error { return v.there.Command(id, v.user, room, line) })
}

func (v *visitor) presses(id, room, message, label string) error {
	return v.acts(func() error { return v.there.Press(id, v.user, room, message, label) })
}

func (v *visitor) submits(id string, values map[string]string) error {
	return v.acts(func() error { return v.there.Submit(id, v.user, values) })
}

// activities is all that is stored of them, as typed and with what was earned.
func (v *visitor) activities() (all []string, err error) {
	err = v.db.View(context.Background(), func(r *storage.Reader) error {
		all = nil
		return r.Activities(v.owner, storage.Ever, false, func(a goals.Activity) bool {
			all = append(all, fmt.Sprintf("%s: %d, %d", a.Words, a.Amounts[goals.Deals], a.Amounts[goals.Revenue]))
			return true
		})
	})
	slices.Sort(all)
	return all, err
}

// said is what payoff has said to them in a room that begins with these words.
func (v *visitor) said(room, begins string) []discordtest.Message {
	return slices.DeleteFunc(v.there.Seen(v.user, room), func(m discordtest.Message) bool {
		return m.User != v.there.ApplicationID() || m.Thinking || !strings.HasPrefix(m.Text, begins)
	})
}

// anywhere is said in their channel and directly: what comes too late for the one is said in
// the other.
func (v *visitor) anywhere(begins string) []discordtest.Message {
	return slices.Concat(v.said(v.room, begins), v.said(v.direct(), begins))
}

// hears waits until payoff says something in a room that begins with these words; "" is anywhere.
func (v *visitor) hears(room, begins string, limit time.Duration) (m discordtest.Message, err error) {
	err = within(limit, v.name+" is told “"+begins+"”", func() bool {
		found := v.anywhere(begins)
		if room != "" {
			found = v.said(room, begins)
		}
		if len(found) > 0 {
			m = found[0]
		}
		return len(found) > 0
	})
	return m, err
}

// shown waits for a form, or for the first part of one.
func (v *visitor) shown(title string, limit time.Duration) (m discordtest.Modal, err error) {
	err = within(limit, v.name+" is shown the form "+title, func() bool {
		var open bool
		m, open = v.there.Modal(v.user)
		return open && (m.Title == title || strings.HasPrefix(m.Title, title+" ("))
	})
	return m, err
}

// runs sends what is due, and holds that against what should have been.
func (s *stall) runs(by chat.Sender, want nudge.Count) {
	s.t.Helper()
	if got, err := s.nudger(by).RunOnce(s.t.Context()); err != nil || got != want {
		s.t.Errorf("RunOnce() = %+v, %v; want %+v", got, err, want)
	}
}

// areAsked: each of them once.
func (s *stall) areAsked(all []*visitor) {
	s.t.Helper()
	for _, v := range all {
		if n := len(v.said(v.direct(), "How did the week go?")); n != 1 {
			s.t.Errorf("%s is asked %d times, want once", v.name, n)
		}
	}
}

// holdsErrors: nothing failed that somebody would have to look after.
func (s *stall) holdsErrors() {
	s.t.Helper()
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, "level=ERROR") {
			s.t.Errorf("payoff logged %s", line)
		}
	}
	if problems, err := s.db.Verify(context.Background()); err != nil || len(problems) > 0 {
		s.t.Errorf("afterwards the database is not sound: %q, %v", problems, err)
	}
}

// holdsSecrets: whatever happened, no token was written down.
func (s *stall) holdsSecrets() {
	said := s.log.String()
	for _, never := range []string{s.there.Token(), "discordtest.token", "aW50ZXJhY3Rpb24"} {
		if strings.Contains(said, never) {
			s.t.Errorf("payoff logged %q, which it must never", never)
		}
	}
}

// TestDiscordRequestsAreValid: each kind of request that payoff makes is held against Discord's
// own OpenAPI document. So are all others, in every test: one that is not valid is refused, and
// fails its test.
func TestDiscordRequestsAreValid(t *testing.T) {
	if _, err := os.Stat("../../../shared/specs/discord-openapi.json"); err != nil {
		t.Skipf("requests are held against the documented limits alone: %v", err)
	}
	s := newStall(t, stallWays[0], november(13, 10, 0))
	v := s.begins("Sam")
	s.opens()
	m := discordtest.Message{}
	for _, step := range []func() error{
		func() error { return v.types("", v.room, "/log 1h BNI") },
		func() (err error) { m, err = v.hears(v.room, "Logged BNI", patience); return err },
		func() error { return v.presses("", v.room, m.ID, "Undo") },
		func() error { return v.types("", v.room, "/checkin now") },
		func() error { _, err := v.shown("Check-in", patience); return err },
		func() error { return v.submits("", map[string]string{"Will you reach your goal?": "At risk"}) },
		func() error { return v.types("", v.room, "/leaderboard") },
		func() error { _, err := s.there.Autocomplete(v.user, v.room, "/report BN", "channel"); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	s.to(november(16, 9, 1))
	s.runs(s.adapter, nudge.Count{Claimed: 1, Sent: 1})

	kinds := map[string]int{}
	for _, c := range s.there.Calls() {
		var body struct{ Type int }
		kind := c.Method + " " + c.Route
		if json.Unmarshal(c.Body, &body) == nil && strings.HasSuffix(c.Route, "/callback") {
			kind = fmt.Sprint("answer ", body.Type)
		}
		if kinds[kind]++; c.Status >= http.StatusBadRequest {
			t.Errorf("%s is answered with %d %d", kind, c.Status, c.Code)
		}
	}
	for _, kind := range []string{"answer 4", "answer 7", "answer 8", "answer 9", "PUT /applications/{application}/commands", "POST /users/@me/channels", "POST /channels/{channel}/messages"} {
		if kinds[kind] == 0 {
			t.Errorf("%s was never made, of %v", kind, kinds)
		}
	}
	s.there.Expect(50035)
	if status := s.posts(v.direct(), `{"content":"hello","tts":"loudly"}`); status != http.StatusBadRequest {
		t.Errorf("a request that is not valid is answered with %d, want %d", status, http.StatusBadRequest)
	}
}

// posts sends a message as somebody would who has the bot's token.
func (s *stall) posts(room, body string) (status int) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.there.URL()+"/api/v9/channels/"+room+"/messages", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = http.Header{"Authorization": {"Bot " + s.there.Token()}, "Content-Type": {"application/json"}, "User-Agent": {"DiscordBot (payoff, 1)"}}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
