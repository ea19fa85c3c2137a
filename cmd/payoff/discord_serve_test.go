package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"payoff/bot"
	"payoff/bot/discord"
	"payoff/bot/discord/discordtest"
)

// TestDiscordIsServedAlone: there is no workspace without a login beside it, and what Discord
// did not sign is refused.
func TestDiscordIsServedAlone(t *testing.T) {
	t.Parallel()
	s := newSquare(t, way{"HTTP", true})
	s.isAdded()
	s.sam.types(squareID, "/payoff")
	s.fetches("GET", "/", http.StatusNotFound, "payoff serve --local opens the local workspace too")
	s.fetches("POST", "/people", http.StatusNotFound, "payoff serves Discord here")
	s.fetches("GET", "/healthz", http.StatusOK, "ok")
	s.fetches("GET", "/readyz", http.StatusOK, "ready")
	s.fetches("POST", "/discord/interactions", http.StatusUnauthorized, "")
	s.fetches("GET", "/discord/interactions", http.StatusMethodNotAllowed, "")
	s.fetches("POST", "/slack/commands", http.StatusNotFound, "")
	s.fetches("GET", "/metrics", http.StatusOK, `payoff_events_total{command="help",platform="discord"} 1`)
}

// TestDiscordGreets says what payoff says when it starts in none, two and many servers.
func TestDiscordGreets(t *testing.T) {
	t.Parallel()
	fake := discordtest.New(t)
	s := newDiscordSite(t, fake, way{"gateway", false}, november(13, 10, 0))
	for _, step := range []struct {
		names []string
		want  string
	}{
		{nil, "payoff is in no Discord server yet (gateway)."},
		{[]string{"Market Square", "Old Town"}, "payoff is in Discord servers Market Square and Old Town (gateway)."},
		{[]string{"C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T"}, "payoff is in 20 Discord servers (gateway)."},
	} {
		for _, name := range step.names {
			fake.Guild(name)
		}
		s.starts()
		if want := step.want + " Ctrl-C stops it.\n"; s.out.String() != want {
			t.Errorf("payoff greets with %q, want %q", s.out, want)
		}
		s.ends()
	}
}

// TestDiscordIsWaitedFor: payoff starts without Discord, says so, and is there once Discord is.
func TestDiscordIsWaitedFor(t *testing.T) {
	t.Parallel()
	if !atLength() {
		t.Skip("payoff waits ten seconds for Discord; PAYOFF_SLOW=1 waits with it")
	}
	s := newSquare(t, way{"gateway", false})
	s.meets = func(bool) {}
	s.discord.Fail(discordtest.Fault{Cut: true})
	s.starts()
	if want := "payoff is in Discord once it can be reached (gateway)."; !strings.HasPrefix(s.out.String(), want) {
		t.Errorf("without Discord payoff greets with %q, want %q", s.out, want)
	}
	s.discord.Mend()
	s.connects(true)
	if m := s.sam.types(squareID, "/payoff"); !strings.HasPrefix(m.Text, "Write what you did") {
		t.Errorf("once Discord can be reached payoff says %q", m.Text)
	}
}

const unknownToken = "Discord does not know DISCORD_BOT_TOKEN: copy it again from the page Bot of the application at https://discord.com/developers/applications (Reset Token)."

// TestNothingIsLostByAWrongDiscordToken: what is due when payoff is started with a token that
// cannot work waits for the right one. Discord would refuse it, and it would be given up.
func TestNothingIsLostByAWrongDiscordToken(t *testing.T) {
	t.Parallel()
	s := newSquare(t, way{"gateway", false})
	s.isAdded()
	s.begins(s.sam, squareID, "£120k by 31 Dec", "BNI")
	s.ends()
	s.moves(november(16, 9, 1))

	s.discord.Expect(0) // 401
	right := s.env.secrets["DISCORD_BOT_TOKEN"]
	s.secret("DISCORD_BOT_TOKEN", "MTAw.another.token")
	a, err := newApp(&program{ctx: t.Context(), out: io.Discard, err: io.Discard, log: newLog(s.log, 0, "text"), env: s.env, dbPath: s.db, now: s.now},
		serveCmd{httpFlag: httpFlag{"127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.serve(); err == nil || exitCode(err) != exitFailed || sentence(err) != unknownToken {
		t.Errorf("with another token serve() = %v", err)
	}

	were := len(s.sam.bots(s.sam.direct()))
	s.env.secrets["DISCORD_BOT_TOKEN"] = right
	s.starts()
	if m := s.sam.next(s.sam.direct(), were); !strings.HasPrefix(m.Text, "How did the week go?") {
		t.Errorf("with the right token Sam is asked %q", m.Text)
	}
}

// TestDiscordRefusesWhileServed: what ends for good while payoff runs ends the process, too.
func TestDiscordRefusesWhileServed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code int
		say  string
	}{
		{4004, strings.Replace(unknownToken, "DISCORD_BOT_TOKEN", "DISCORD_BOT_TOKEN any more", 1)},
		{4014, "Discord no longer takes how this payoff connects (4014): install the newest one."},
	} {
		s := newSquare(t, way{"gateway", false})
		s.isAdded()
		s.discord.Gateway().CloseWith(c.code)
		var err error
		select {
		case err = <-s.ended:
		case <-t.Context().Done():
		}
		s.stop = nil
		if err == nil || exitCode(err) != exitFailed || sentence(err) != c.say {
			t.Errorf("closed with %d serve() = %v", c.code, err)
		}
		if _, err := s.app.records.engine.People(t.Context(), discord.Platform, s.sam.guild.ID()); err == nil {
			t.Error("the database is still open")
		}
	}
}

// TestDoctorLooksAtDiscord: what is well and what is not, and nothing is made by looking.
func TestDoctorLooksAtDiscord(t *testing.T) {
	t.Parallel()
	s := newSquare(t, way{"gateway", false})
	s.discord.Expect(0, 10003, 50001)
	const (
		token    = `ok    discord token +it belongs to the application payoff\.`
		comes    = `ok    discord interactions +they come by the gateway\.`
		none     = `ok    discord commands +none is registered yet; payoff registers them when it starts\.`
		commands = `ok    discord commands +all 8 are registered\.`
		gateway  = `ok    discord gateway +payoff may connect 999 times more today; Discord recommends 1 shard\.`
		servers  = `ok    discord servers +payoff is in Market Square\.`
		clock    = `ok    discord clock +this machine's clock and Discord's agree\.`
		there    = `ok    discord room +payoff may post in #square of Market Square, the room of the board\.`
		nowhere  = `ok    discord room +the leaderboard is posted nowhere in [0-9]+; an admin types /payoff team room in the room for it\.`
	)
	s.finds(0, token, comes, none, gateway, servers, clock)
	if _, err := os.Stat(s.db); err == nil {
		t.Error("doctor has made a database")
	}
	s.isAdded()
	hello := s.ann.types(squareID, "/payoff team")
	s.finds(0, `ok    discord +stop payoff to have what it keeps for Discord looked at, too\.`, token, comes, commands, gateway, servers, clock)
	s.ends()
	s.finds(0, nowhere, token, comes, commands, gateway, servers, clock)

	s.starts()
	s.ann.pressesFor(squareID, hello, "Skip for now")
	s.ann.types(squareID, "/team room")
	s.ends()
	s.finds(0, token, comes, commands, gateway, servers, there, clock)

	s.env.plain["DISCORD_PUBLIC_KEY"] = strings.Repeat("0f", 32)
	s.env.plain["DISCORD_APPLICATION_ID"] = "100000000000000009"
	s.sam.guild.AddChannel(discordtest.Channel{ID: squareID, Name: "square", Hidden: true})
	s.finds(3, token, `FIX   discord application id +DISCORD_APPLICATION_ID is 100000000000000009, but the token belongs to 100000000000000001: .*`,
		`FIX   discord public key +DISCORD_PUBLIC_KEY is not this application's, .*: set it to `+s.discord.PublicKey()+`\.`,
		`ok    discord interactions +they come by the gateway, although DISCORD_PUBLIC_KEY is set\. .*`, commands, gateway, servers,
		`FIX   discord room +payoff cannot see the room of the board in Market Square: .*`, clock)
	delete(s.env.plain, "DISCORD_PUBLIC_KEY")
	delete(s.env.plain, "DISCORD_APPLICATION_ID")
	s.sam.guild.RemoveChannel(squareID)
	s.finds(1, token, comes, commands, gateway, servers, `FIX   discord room +the room of the board in Market Square is gone: .*`, clock)
	s.sam.guild.Remove()
	s.finds(2, token, comes, commands, gateway, `FIX   discord servers +payoff is in none: open https://discord\.com/oauth2/authorize\?.*`,
		`FIX   discord room +payoff is not in the server [0-9]+ any more, .*`, clock)

	s.secret("DISCORD_BOT_TOKEN", "MTAw.another.token")
	s.finds(1, `FIX   discord token +Discord does not know DISCORD_BOT_TOKEN: .*`, clock)
	s.env.plain["DISCORD_API_URL"] = "http://127.0.0.1:1"
	s.finds(1, `FIX   discord +http://127\.0\.0\.1:1 cannot be reached .*`)
}

// TestReadmePermissions holds the README's table of permissions against the manifest.
func TestReadmePermissions(t *testing.T) {
	raw, err := discord.Manifest(bot.AllSpecs(), "")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Permissions map[string]string `json:"permissions"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begun := strings.Cut(string(readme), "<!-- permissions -->\n| permission | what for |\n|---|---|\n")
	table, _, ended := strings.Cut(rest, "<!-- /permissions -->")
	if !begun || !ended {
		t.Fatal("the README has no table of permissions between its two marks")
	}
	var got, want []string
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) != 4 || len(strings.TrimSpace(cells[2])) < 10 {
			t.Errorf("the row %q has no reason", row)
			continue
		}
		got = append(got, strings.TrimSpace(cells[1]))
	}
	for name := range manifest.Permissions {
		want = append(want, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the README explains the permissions\n\t%q, the manifest asks for\n\t%q", got, want)
	}
}
