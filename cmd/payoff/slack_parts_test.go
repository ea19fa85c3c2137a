package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/bot/slack"
	"payoff/bot/slack/slacktest"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
	"payoff/storage/kv"
)

// A shop is payoff's parts around a Slack of slacktest, put together by hand, so that a test
// can reach between them: at the disk, at what is sent, at the ways in.
type shop struct {
	t     *testing.T
	slack *slacktest.Slack
	way   way
	front func(http.Handler) http.Handler // stands before the ways in by HTTP, if set

	begun, first time.Time // the real time at first, and what it was taken for
	moved        atomic.Int64

	disk    *slowDisk
	db      *storage.DB
	engine  *engine.Engine
	bot     *bot.Bot
	log     *lines
	adapter *slack.Adapter
	shut    func() // stops the adapter
}

// newShop has a database and no adapter yet.
func newShop(t *testing.T, by way, first time.Time) *shop {
	s := &shop{
		t: t, slack: slacktest.New(t), way: by, begun: time.Now(), first: first,
		log: &lines{heard: make(chan struct{}, 1)}, shut: func() {},
	}
	file, err := bolt.Open(filepath.Join(t.TempDir(), "payoff.db"))
	if err != nil {
		t.Fatal(err)
	}
	s.disk = &slowDisk{Driver: file}
	if s.db, err = storage.Open(t.Context(), s.disk); err != nil {
		t.Fatal(err)
	}
	s.engine = engine.New(s.db, s.now)
	s.bot = bot.New(bot.Config{Engine: s.engine, Log: s.logs()})
	t.Cleanup(func() {
		s.slack.Fault(nil)
		s.disk.takes(0, 0)
		s.shut()
		if err := s.db.Close(); err != nil {
			t.Error(err)
		}
		s.holdsSecrets()
	})
	return s
}

func (s *shop) logs() *slog.Logger { return newLog(s.log, logLevel(slog.LevelDebug), "text") }

func (s *shop) now() time.Time {
	return s.first.Add(time.Since(s.begun) + time.Duration(s.moved.Load()))
}

// to moves the calendar on.
func (s *shop) to(at time.Time) {
	s.t.Helper()
	by := at.Sub(s.now())
	if by < 0 {
		s.t.Fatalf("it is past %s already", at)
	}
	s.moved.Add(int64(by))
}

// opens starts an adapter, as a process would that has just begun.
func (s *shop) opens() {
	s.t.Helper()
	cfg := slack.Config{
		Handler: s.bot, Commands: bot.AllSpecs(), APIURL: s.slack.URL(), Log: s.logs(),
		ClientID: s.slack.ClientID(), ClientSecret: chat.NewSecret(s.slack.ClientSecret()), Installs: vaultOn(s.t, s.db, aKey),
	}
	if s.way.http {
		cfg.SigningSecret = chat.NewSecret(s.slack.SigningSecret())
	} else {
		cfg.AppToken = chat.NewSecret(s.slack.AppToken())
	}
	adapter, err := slack.New(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	s.adapter = adapter
	ctx, cut := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- adapter.Run(ctx) }()
	door := func() {}
	if s.way.http {
		var handler http.Handler = adapter
		if s.front != nil {
			handler = s.front(handler)
		}
		server := httptest.NewServer(handler)
		s.slack.DeliverTo(server.URL)
		door = server.Close
	} else if !s.slack.WaitSockets(1, patience) {
		s.t.Fatalf("payoff did not connect; it logged\n%s", s.log)
	}
	s.shut = func() {
		s.shut = func() {}
		limit, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := adapter.Close(limit); err != nil {
			s.t.Errorf("the adapter did not end its work: %v", err)
		}
		cut()
		if err := <-ran; err != nil {
			s.t.Errorf("Run() = %v", err)
		}
		if !s.way.http && !s.slack.WaitSockets(0, patience) {
			s.t.Error("payoff has stopped, and is still connected")
		}
		door()
	}
}

// nudger sends what is due by the adapter, or by what stands before it.
func (s *shop) nudger(by chat.Sender) *nudge.Nudger {
	return nudge.New(nudge.Config{
		Engine: s.engine, Compose: s.bot.Compose, Log: s.logs(), Senders: map[string]chat.Sender{slack.Platform: by},
	})
}

// installsIn installs payoff in a workspace, with the scopes of the manifest unless told others.
func (s *shop) installsIn(id, name string, scopes ...string) *slacktest.Workspace {
	s.t.Helper()
	team := s.slack.Workspace(id, name)
	token := team.Install(scopes...)
	err := vaultOn(s.t, s.db, aKey).Keep(s.t.Context(), slack.Install{
		Space: id, Name: name, Bot: team.BotUser(), Token: chat.NewSecret(token), At: time.Now(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return team
}

// A guest is someone in a workspace. Owner is set once they have got started.
type guest struct {
	*shop
	team  *slacktest.Workspace
	user  string
	owner goals.OwnerID
}

// comes adds someone to a workspace, with a room for them and payoff's answers to commands.
func (s *shop) comes(team *slacktest.Workspace, name string) *guest {
	g := &guest{shop: s, team: team, user: "U0" + strings.ToUpper(name)}
	team.AddUser(slacktest.User{ID: g.user, Name: name, Zone: "Europe/London", Locale: "en-GB"})
	team.AddRoom(slacktest.Room{ID: g.room(), Name: "desk-of-" + strings.ToLower(name), Members: []string{g.user, team.BotUser()}})
	return g
}

// begins adds someone who has got started before, without Slack.
func (s *shop) begins(team *slacktest.Workspace, name string) *guest {
	s.t.Helper()
	g := s.comes(team, name)
	actor, err := s.engine.Meet(s.t.Context(), engine.Person{Platform: slack.Platform, Space: team.ID, ID: g.user, Name: name, Zone: "Europe/London"})
	if err == nil {
		today := goals.DateOf(s.now())
		_, err = s.engine.Begin(s.t.Context(), engine.Request{Actor: actor}, engine.Beginning{
			Currency: "GBP", Zone: "Europe/London", Channels: []goals.Channel{{Name: "BNI", Kind: goals.Networking}, {Name: "LinkedIn", Kind: goals.Social}},
			Goal: &engine.NewGoal{Amount: goals.Money{Minor: 120_000_00, Currency: "GBP"}, Period: goals.Period{From: today, To: goals.NewDate(2026, 12, 31)}},
		})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	g.owner = actor.Owner
	return g
}

// room is where they type commands, and direct their room with payoff.
func (g *guest) room() string   { return "C0" + g.user }
func (g *guest) direct() string { return g.team.Direct(g.user) }

// activities is all that is stored of them, as typed.
func (g *guest) activities() (words []string, err error) {
	err = g.db.View(context.Background(), func(r *storage.Reader) error {
		words = nil
		return r.Activities(g.owner, storage.Ever, false, func(a goals.Activity) bool {
			words = append(words, a.Words)
			return true
		})
	})
	return words, err
}

// holdsActivities holds all that is stored of them against what they logged.
func (g *guest) holdsActivities(want ...string) error {
	got, err := g.activities()
	slices.Sort(got)
	slices.Sort(want)
	if err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("%s's activities are %q, want %q", g.user, got, want)
	}
	return err
}

// said is what payoff has said to them in a room that begins with these words.
func (g *guest) said(room, begins string) []slacktest.Post {
	return slices.DeleteFunc(g.team.Seen(g.user, room), func(p slacktest.Post) bool { return !p.Bot || !strings.HasPrefix(p.Text, begins) })
}

// hears waits until payoff says something in a room that begins with these words.
func (g *guest) hears(room, begins string, limit time.Duration) (m slacktest.Post, err error) {
	err = within(limit, g.user+" is told “"+begins+"”", func() bool {
		found := g.said(room, begins)
		if len(found) > 0 {
			m = found[0]
		}
		return len(found) > 0
	})
	return m, err
}

// shown waits for a form with questions.
func (g *guest) shown(title string, limit time.Duration) (f slacktest.Form, err error) {
	err = within(limit, g.user+" is shown the form "+title, func() bool {
		var open bool
		f, open = g.team.Form(g.user)
		return open && f.Title == title && len(f.Fields) > 0
	})
	return f, err
}

// within waits for what must come to be. Many wait at a time, so that it looks less often
// than until does.
func within(limit time.Duration, what string, is func() bool) error {
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for given := time.After(limit); !is(); {
		select {
		case <-look.C:
		case <-given:
			return fmt.Errorf("after %s still not: %s", limit, what)
		}
	}
	return nil
}

// slowest is how long the slowest acknowledgement took since there were so many; all of them
// must have come.
func (s *shop) slowest(were int) (slowest time.Duration, err error) {
	acks := s.slack.Acks()[were:]
	if len(acks) == 0 {
		return 0, errors.New("nothing was brought")
	}
	for _, a := range acks {
		slowest = max(slowest, a.After)
		if !a.OK {
			err = errors.Join(err, fmt.Errorf("a delivery of %s was not acknowledged within %s", a.Kind, a.After))
		}
	}
	return slowest, err
}

// holdsErrors: nothing failed that somebody would have to look after.
func (s *shop) holdsErrors() {
	s.t.Helper()
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, "level=ERROR") {
			s.t.Errorf("payoff logged %s", line)
		}
	}
}

// holdsSecrets: whatever happened, no secret was written down.
func (s *shop) holdsSecrets() {
	said := s.log.String()
	for _, never := range []string{"xoxb-", "xapp-", "/response/", s.slack.SigningSecret(), s.slack.ClientSecret(), aKey} {
		if strings.Contains(said, never) {
			s.t.Errorf("payoff logged %q, which it must never", never)
		}
	}
}

// A slowDisk is a database on a disk that takes its time.
type slowDisk struct {
	kv.Driver
	reading, writing atomic.Int64
}

func (d *slowDisk) takes(reading, writing time.Duration) {
	d.reading.Store(int64(reading))
	d.writing.Store(int64(writing))
}

func (d *slowDisk) View(ctx context.Context, fn func(kv.Reader) error) error {
	if err := linger(ctx, &d.reading); err != nil {
		return err
	}
	return d.Driver.View(ctx, fn)
}

// Update writes at once and takes its time to say so: whoever does not wait for it makes the
// change twice.
func (d *slowDisk) Update(ctx context.Context, fn func(kv.Tx) error) error {
	err := d.Driver.Update(ctx, fn)
	_ = linger(context.WithoutCancel(ctx), &d.writing)
	return err
}

func linger(ctx context.Context, d *atomic.Int64) error {
	timer := time.NewTimer(time.Duration(d.Load()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
