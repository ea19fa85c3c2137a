package discord

import (
	"log/slog"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/discord/discordtest"
)

// TestSendInDiscord sends before a whole Discord, which refuses what Discord would: every kind
// of address, pictures and buttons, edited and found again.
func TestSendInDiscord(t *testing.T) {
	d := discordtest.New(t)
	g := d.Guild("Acme")
	g.AddUser(discordtest.User{ID: userAnn, Name: "Ann", Admin: true})
	g.AddUser(discordtest.User{ID: userBob, Name: "Bob"})
	g.AddChannel(discordtest.Channel{ID: roomTeam, Name: "team"})
	cfg := Config{
		BotToken: chat.NewSecret(d.Token()), APIURL: d.URL(), Now: time.Now,
		Memory: &notebook{kept: map[string][]byte{}}, Log: slog.New(slog.DiscardHandler),
	}
	a := &Adapter{cfg: cfg, log: cfg.Log, now: cfg.Now, rest: newREST(cfg), life: t.Context()}
	t.Cleanup(a.rest.client.CloseIdleConnections)
	m := chat.Message{Blocks: []chat.Block{
		chat.T("Hello @everyone"),
		chat.Image{Name: "pace.png", PNG: []byte("\x89PNG\r\n\x1a\n"), Alt: "Pace: 40 %"},
		chat.Actions{{Label: "Check in", Call: "checkin"}},
	}}
	for name, to := range map[string]chat.Address{
		"person": toPerson(userAnn), "room": toRoom(roomTeam), "thread": toThread(roomTeam, userAnn),
	} {
		to.Space = g.ID()
		t.Run(name, func(t *testing.T) {
			r, err := a.Send(t.Context(), to, m, "week/46")
			if err != nil {
				t.Fatal(err)
			}
			if again, err := a.Send(t.Context(), to, m, "week/46"); again != r || err != nil {
				t.Errorf("again: %+v, %v, want %+v", again, err, r)
			}
			if found, ok, err := a.Find(t.Context(), to, "week/46"); found != r || !ok || err != nil {
				t.Errorf("Find = %+v, %t, %v, want %+v", found, ok, err, r)
			}
			if err := a.Edit(t.Context(), r, say("Bye")); err != nil {
				t.Error(err)
			}
			room, err := a.roomOf(t.Context(), to, false)
			if err != nil {
				t.Fatal(err)
			}
			var seen []discordtest.Message
			for _, m := range d.Seen(userAnn, room) {
				if m.ID == r.Message {
					seen = append(seen, m)
				}
			}
			if len(seen) != 1 || seen[0].Text != "Bye" || len(seen[0].Buttons)+len(seen[0].Images) > 0 {
				t.Errorf("Ann sees %+v, want one message that says Bye", seen)
			}
		})
	}
	for user, want := range map[string]bool{userAnn: true, userBob: false} {
		if got, err := a.admin(t.Context(), g.ID(), user); got != want || err != nil {
			t.Errorf("admin of %s = %t, %v", user, got, err)
		}
	}
	if all, err := a.servers(t.Context()); err != nil || len(all) != 1 || all[0] != (server{g.ID(), "Acme"}) {
		t.Errorf("servers = %+v, %v", all, err)
	}
	if d.Mentions() > 0 {
		t.Error("somebody was pinged")
	}
}
