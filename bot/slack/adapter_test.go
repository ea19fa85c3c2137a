package slack_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/slack"
	"payoff/bot/slack/slacktest"
)

// TestConformance runs the suite of all adapters both ways in.
func TestConformance(t *testing.T) {
	for _, way := range []string{"socket", "http"} {
		t.Run(way, func(t *testing.T) {
			chattest.Run(t, func(t *testing.T, h chat.Handler, log *slog.Logger) chattest.Adapter {
				return newOffice(t, way, h, log)
			})
		})
	}
}

// An office is the adapter in one workspace, with Ann and Bob in a room of theirs.
type office struct {
	*slack.Adapter
	t     *testing.T
	space *slacktest.Workspace
	end   func(context.Context) error
}

func newOffice(t *testing.T, way string, h chat.Handler, log *slog.Logger) *office {
	s := slacktest.New(t)
	w := s.Workspace("TACME", "Acme")
	w.AddUser(slacktest.User{ID: "UANN", Name: "Ann", RealName: "Ann", Zone: "Europe/London", Locale: "en-GB", Admin: true})
	w.AddUser(slacktest.User{ID: "UBOB", Name: "Bob <b>&", RealName: "Bob <b>&", Zone: "America/New_York", Locale: "en-US"})
	token := w.Install()
	w.AddRoom(slacktest.Room{ID: "CTEAM", Name: "team", Members: []string{"UANN", "UBOB", w.BotUser()}})
	// Whoever sends to nobody, or edits nothing, is told so by Slack.
	s.Expect("user_not_found", "channel_not_found", "message_not_found")

	cfg := slack.Config{Handler: h, Log: log, BotToken: chat.NewSecret(token), APIURL: s.URL()}
	if way == "socket" {
		cfg.AppToken = chat.NewSecret(s.AppToken())
	} else {
		cfg.SigningSecret = chat.NewSecret(s.SigningSecret())
	}
	a, err := slack.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Adapter: a, t: t, space: w}
	o.run(way, s)
	if err := a.Unlimited(t.Context(), w.ID, "CTEAM", w.Direct("UANN"), w.Direct("UBOB")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Stop(context.Background()) })
	return o
}

// run connects the adapter and its Slack, until end.
func (o *office) run(way string, s *slacktest.Slack) {
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- o.Run(ctx) }()
	closeServer := func() {}
	if way == "http" {
		server := httptest.NewServer(o.Adapter)
		closeServer = server.Close
		s.DeliverTo(server.URL)
	} else if !s.WaitSockets(1, 5*time.Second) {
		o.t.Error("the adapter did not connect")
	}
	var once sync.Once
	o.end = func(ctx context.Context) (err error) {
		once.Do(func() {
			err = o.Close(ctx)
			cancel()
			if ran := <-ran; ran != nil {
				o.t.Errorf("Run = %v, want nil when it was told to end", ran)
			}
			closeServer()
		})
		return err
	}
}

func (o *office) Stop(ctx context.Context) error { return o.end(ctx) }

func (o *office) People() []chat.Person {
	return []chat.Person{
		{Platform: slack.Platform, Space: "TACME", ID: "UANN", Name: "Ann", Zone: "Europe/London", Locale: "en-GB"},
		{Platform: slack.Platform, Space: "TACME", ID: "UBOB", Name: "Bob <b>&", Zone: "America/New_York", Locale: "en-US"},
	}
}

func (o *office) Shared() chat.Room { return chat.Room{ID: "CTEAM", Name: "team"} }

func (o *office) Direct(p chat.Person) chat.Room {
	return chat.Room{ID: o.space.Direct(p.ID), Direct: true}
}

// Type closes the form that is open: it covers what else a person would type into.
func (o *office) Type(id string, by chat.Person, in chat.Room, line string) error {
	o.space.CloseForm(by.ID)
	if strings.HasPrefix(line, "/") {
		return o.space.Command(id, by.ID, in.ID, line)
	}
	return o.space.Write(id, by.ID, in.ID, line)
}

func (o *office) Press(id string, by chat.Person, in chat.Room, message chattest.Shown, label string) error {
	return o.space.Press(id, by.ID, in.ID, message.ID, label)
}

func (o *office) Fill(id string, by chat.Person, values map[string]string) error {
	return o.space.Fill(id, by.ID, values)
}

func (o *office) Seen(p chat.Person, in chat.Room) []chattest.Shown {
	var all []chattest.Shown
	for _, m := range o.space.Seen(p.ID, in.ID) {
		all = append(all, chattest.Shown{
			ID: m.TS, Bot: m.User == o.space.BotUser(), Private: m.Private,
			Text: m.Text, Buttons: m.Buttons, Images: m.Images, Files: m.Files,
		})
	}
	return all
}

func (o *office) Form(p chat.Person) (chattest.ShownForm, bool) {
	f, open := o.space.Form(p.ID)
	if !open {
		return chattest.ShownForm{}, false
	}
	shown := chattest.ShownForm{Title: f.Title, Intro: f.Intro, Error: f.Error}
	for _, q := range f.Fields {
		shown.Fields = append(shown.Fields, chattest.ShownField{
			Label: q.Label, Hint: q.Hint, Value: q.Value, Error: q.Error, Choices: q.Choices, Required: q.Required,
		})
	}
	return shown, true
}
