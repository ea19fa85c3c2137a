package discord

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/bot/chat"
)

const (
	checkApp    = "100000000000000001"
	checkServer = "400000000000000001"
	checkRoom   = "300000000000000001"
	checkKey    = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)

// A checkDesk answers by path, as arranged, and says what time it is.
type checkDesk struct {
	answers map[string]string // by path below /api/v9; "404 {...}" is a refusal, "cut" none
	at      time.Time
	t       *testing.T
}

func (d *checkDesk) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if got := r.Header.Get("Authorization"); got != "Bot "+gatewayToken || r.Method != http.MethodGet {
		d.t.Errorf("%s by %q", r.Method, got)
	}
	rw.Header().Set("Date", d.at.UTC().Format(http.TimeFormat))
	answer, known := d.answers[strings.TrimPrefix(r.URL.Path, apiPath)]
	switch {
	case !known:
		d.t.Errorf("%s was asked", r.URL)
	case answer == "cut":
		panic(http.ErrAbortHandler)
	case strings.HasPrefix(answer, "4") || strings.HasPrefix(answer, "5"):
		rw.WriteHeader(int(answer[0]-'0')*100 + int(answer[1]-'0')*10 + int(answer[2]-'0'))
		answer = answer[4:]
	}
	_, _ = io.WriteString(rw, answer)
}

func newCheckDesk(t *testing.T) *checkDesk {
	commands, err := appCommands(tableSpecs())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(commands)
	if err != nil {
		t.Fatal(err)
	}
	// As Discord writes them: with what it takes for granted, and permissions in a string.
	listed := strings.ReplaceAll(string(raw), `"default_member_permissions":32`, `"default_member_permissions":"32","nsfw":false`)
	return &checkDesk{t: t, at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), answers: map[string]string{
		"/applications/@me":                       `{"id":"` + checkApp + `","name":"payoff","verify_key":"` + checkKey + `","interactions_endpoint_url":null,"bot":{"id":"1"}}`,
		"/applications/" + checkApp + "/commands": listed,
		"/gateway/bot":                            `{"url":"wss://x","shards":1,"session_start_limit":{"total":1000,"remaining":990,"reset_after":3600000,"max_concurrency":1}}`,
		"/users/@me/guilds":                       `[{"id":"` + checkServer + `","name":"Traders","permissions":"343597435904"},{"id":"2","name":"Bakers","permissions":"0"}]`,
		"/channels/" + checkRoom:                  `{"id":"` + checkRoom + `","type":0,"guild_id":"` + checkServer + `","name":"board","permission_overwrites":[]}`,
		"/guilds/" + checkServer + "/members/1":   `{"roles":["7"]}`,
	}}
}

func TestCheck(t *testing.T) {
	const (
		token    = "ok  discord token: it belongs to the application payoff."
		gateway  = "ok  discord interactions: they come by the gateway."
		commands = "ok  discord commands: all 8 are registered."
		starts   = "ok  discord gateway: payoff may connect 990 times more today; Discord recommends 1 shard."
		servers  = "ok  discord servers: payoff is in Traders, Bakers."
		room     = "ok  discord room: payoff may post in #board of Traders, the room of the board."
		clock    = "ok  discord clock: this machine's clock and Discord's agree."
		invite   = "https://discord.com/oauth2/authorize?client_id=100000000000000001&scope=bot+applications.commands&permissions=343597435904"
	)
	app := func(d *checkDesk, old, new string) {
		d.answers["/applications/@me"] = strings.Replace(d.answers["/applications/@me"], old, new, 1)
	}
	endpoint := func(d *checkDesk, address string) {
		app(d, `"interactions_endpoint_url":null`, `"interactions_endpoint_url":"`+address+`"`)
	}
	overwrites := func(d *checkDesk, all string) {
		d.answers["/channels/"+checkRoom] = strings.Replace(d.answers["/channels/"+checkRoom], "[]", all, 1)
	}
	for _, c := range []struct {
		name    string
		arrange func(*checkDesk, *Config, map[string]string)
		want    []string
	}{
		{"all well", func(*checkDesk, *Config, map[string]string) {}, []string{token, gateway, commands, starts, servers, room, clock}},
		{"by HTTP", func(d *checkDesk, c *Config, _ map[string]string) {
			c.PublicKey, c.ApplicationID = strings.ToUpper(checkKey), checkApp
			endpoint(d, "https://payoff.example.com/discord/interactions")
		}, []string{token, "ok  discord interactions: they come by HTTP to https://payoff.example.com/discord/interactions.", commands, starts, servers, room, clock}},
		{"no such token", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/applications/@me"] = `401 {"message":"401: Unauthorized","code":0}`
		}, []string{"FIX discord token: Discord does not know DISCORD_BOT_TOKEN: copy it again from the page Bot of the application at https://discord.com/developers/applications (Reset Token).", clock}},
		{"something else there", func(d *checkDesk, _ *Config, _ map[string]string) { d.answers["/applications/@me"] = "404 <html>" },
			[]string{"FIX discord token: There is no Discord at http://discord.test: check DISCORD_API_URL.", clock}},
		{"cut", func(d *checkDesk, _ *Config, _ map[string]string) { d.answers["/applications/@me"] = "cut" },
			[]string{"FIX discord: http://discord.test cannot be reached (transient: GET /applications/@me: EOF): check this machine's network, or DISCORD_API_URL."}},
		{"cut later", func(d *checkDesk, _ *Config, _ map[string]string) { d.answers["/channels/"+checkRoom] = "cut" },
			[]string{"FIX discord: http://discord.test cannot be reached (transient: GET /channels/300000000000000001: EOF): check this machine's network, or DISCORD_API_URL."}},
		{"another application's id", func(_ *checkDesk, c *Config, _ map[string]string) { c.ApplicationID = "100000000000000009" },
			[]string{token, "FIX discord application id: DISCORD_APPLICATION_ID is 100000000000000009, but the token belongs to 100000000000000001: set that, or leave it empty and payoff asks.", gateway, commands, starts, servers, room, clock}},
		{"another application's key", func(d *checkDesk, c *Config, _ map[string]string) {
			c.PublicKey = strings.Repeat("b", 64)
			endpoint(d, "https://payoff.example.com/discord/interactions")
		}, []string{token, "FIX discord public key: DISCORD_PUBLIC_KEY is not this application's, so nothing signed by Discord is taken: set it to " + checkKey + ".",
			"ok  discord interactions: they come by HTTP to https://payoff.example.com/discord/interactions.", commands, starts, servers, room, clock}},
		{"a key that is none", func(_ *checkDesk, c *Config, _ map[string]string) { c.PublicKey = "abc" }, []string{token,
			"FIX discord public key: DISCORD_PUBLIC_KEY is not one: it is 64 characters from 0 to 9 and a to f. The one of this application is " + checkKey + ".",
			"ok  discord interactions: they come by the gateway, although DISCORD_PUBLIC_KEY is set. For HTTP, set the Interactions Endpoint URL at https://discord.com/developers/applications to payoff's public address and /discord/interactions.", commands, starts, servers, room, clock}},
		{"an endpoint and no key", func(d *checkDesk, _ *Config, _ map[string]string) {
			endpoint(d, "https://old.example.com/discord/interactions")
		}, []string{token,
			"FIX discord interactions: Discord sends them to https://old.example.com/discord/interactions, where payoff cannot tell who sent them: set DISCORD_PUBLIC_KEY to " + checkKey + ", or empty the Interactions Endpoint URL at https://discord.com/developers/applications, and they come by the gateway.", commands, starts, servers, room, clock}},
		{"an endpoint elsewhere", func(d *checkDesk, c *Config, _ map[string]string) {
			c.PublicKey = checkKey
			endpoint(d, "https://payoff.example.com/")
		}, []string{token, "FIX discord interactions: Discord sends them to https://payoff.example.com/, but payoff takes them at /discord/interactions: correct the Interactions Endpoint URL at https://discord.com/developers/applications.", commands, starts, servers, room, clock}},
		{"no commands yet", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/applications/"+checkApp+"/commands"] = "[]"
		},
			[]string{token, gateway, "ok  discord commands: none is registered yet; payoff registers them when it starts.", starts, servers, room, clock}},
		{"other commands", func(d *checkDesk, _ *Config, _ map[string]string) {
			key := "/applications/" + checkApp + "/commands"
			d.answers[key] = strings.Replace(strings.Replace(d.answers[key], "£120k by", "£10k by", 1), `"leaderboard"`, `"board"`, 1)
		}, []string{token, gateway, "FIX discord commands: not as this payoff has them: goal, leaderboard, board. Start payoff, which registers them.", starts, servers, room, clock}},
		{"commands that cannot be listed", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/applications/"+checkApp+"/commands"] = `500 {"message":"no","code":0}`
		}, []string{token, gateway, `FIX discord commands: Discord answers "HTTP 500: no"; try again in a while.`, starts, servers, room, clock}},
		{"few starts left", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/gateway/bot"] = strings.Replace(d.answers["/gateway/bot"], "990", "3", 1)
		}, []string{token, gateway, commands, "FIX discord gateway: payoff may connect 3 times more in the next 1h0m0s, of 1000: see in its log why it connects so often.", servers, room, clock}},
		{"in no server", func(d *checkDesk, _ *Config, rooms map[string]string) {
			d.answers["/users/@me/guilds"] = "[]"
		}, []string{token, gateway, commands, starts, "FIX discord servers: payoff is in none: open " + invite + " and choose yours.",
			"FIX discord room: payoff is not in the server 400000000000000001 any more, where a team has its board: add it again at " + invite + ".", clock}},
		{"a room that is gone", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/channels/"+checkRoom] = `404 {"message":"Unknown Channel","code":10003}`
		}, []string{token, gateway, commands, starts, servers, "FIX discord room: the room of the board in Traders is gone: type /payoff team room in the one it is to be in.", clock}},
		{"a room of another server", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/channels/"+checkRoom] = `{"type":0,"guild_id":"2"}`
		}, []string{token, gateway, commands, starts, servers, "FIX discord room: the room of the board in Traders is gone: type /payoff team room in the one it is to be in.", clock}},
		{"a room out of sight", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/channels/"+checkRoom] = `403 {"message":"Missing Access","code":50001}`
		}, []string{token, gateway, commands, starts, servers, "FIX discord room: payoff cannot see the room of the board in Traders: give it View Channel under Edit Channel > Permissions there, or type /payoff team room in another.", clock}},
		{"rights denied in a room", func(d *checkDesk, _ *Config, _ map[string]string) {
			overwrites(d, `[{"id":"`+checkServer+`","type":0,"allow":"0","deny":"51200"},{"id":"7","type":0,"allow":"2048","deny":"0"}]`)
		}, []string{token, gateway, commands, starts, servers, "FIX discord room: in #board of Traders, the room of the board, payoff lacks Embed Links, Attach Files: give it that under Edit Channel > Permissions there.", clock}},
		{"a thread", func(d *checkDesk, _ *Config, _ map[string]string) {
			d.answers["/channels/"+checkRoom] = `{"type":11,"guild_id":"` + checkServer + `","name":"week 1","parent_id":"5"}`
			d.answers["/channels/5"] = `{"type":0,"guild_id":"` + checkServer + `","name":"board","permission_overwrites":[{"id":"1","type":1,"allow":"0","deny":"274877909000"}]}`
		}, []string{token, gateway, commands, starts, servers, "FIX discord room: in #week 1 of Traders, the room of the board, payoff lacks Send Messages in Threads: give it that under Edit Channel > Permissions there.", clock}},
		{"a clock behind", func(_ *checkDesk, c *Config, _ map[string]string) {
			c.Now = func() time.Time { return time.Date(2026, 11, 22, 8, 58, 30, 0, time.UTC) }
		}, []string{token, gateway, commands, starts, servers, room, "FIX discord clock: this machine's clock is 1m30s behind Discord's: set it, or people are asked at the wrong time."}},
		{"a clock ahead", func(_ *checkDesk, c *Config, _ map[string]string) {
			c.Now = func() time.Time { return time.Date(2026, 11, 22, 9, 1, 1, 0, time.UTC) }
		}, []string{token, gateway, commands, starts, servers, room, "FIX discord clock: this machine's clock is 1m1s ahead of Discord's: set it, or people are asked at the wrong time."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newCheckDesk(t)
			server := httptest.NewServer(d)
			defer server.Close()
			cfg := Config{BotToken: chat.NewSecret(gatewayToken), APIURL: server.URL, Commands: tableSpecs(), Now: func() time.Time { return d.at }}
			rooms := map[string]string{checkServer: checkRoom}
			c.arrange(d, &cfg, rooms)
			var got []string
			for _, f := range Check(t.Context(), cfg, rooms) {
				mark := "ok "
				if !f.Well {
					mark = "FIX"
				}
				got = append(got, strings.ReplaceAll(mark+" "+f.About+": "+f.Say, server.URL, "http://discord.test"))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("Check =\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if strings.Contains(strings.Join(got, ""), gatewayToken) {
				t.Error("a finding holds the token")
			}
		})
	}
}

// TestCheckFindsMany: servers come in pages.
func TestCheckFindsMany(t *testing.T) {
	d := newCheckDesk(t)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/guilds") {
			d.ServeHTTP(rw, r)
			return
		}
		n := serversAPage
		if r.URL.Query().Get("after") == "200" {
			n = 3
		}
		page := make([]membership, n)
		for i := range page {
			page[i] = membership{ID: "200", Name: "S"}
		}
		_ = json.NewEncoder(rw).Encode(page)
	}))
	defer server.Close()
	found := Check(t.Context(), Config{BotToken: chat.NewSecret(gatewayToken), APIURL: server.URL, Commands: tableSpecs()}, nil)
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Say == "payoff is in 203, S, S, S, S, S among them." }) {
		t.Errorf("Check = %v, want 203 servers", found)
	}
}

// TestOverwritten: who may do what in a room, by Discord's own order.
func TestOverwritten(t *testing.T) {
	const server, me = "1", "9"
	deny, allow := overwrite{Deny: "3"}, overwrite{Allow: "3"}
	at := func(o overwrite, id string) overwrite { o.ID = id; return o }
	for name, c := range map[string]struct {
		may  uint64
		all  []overwrite
		want uint64
	}{
		"nothing said":                     {1, nil, 1},
		"denied to everybody":              {7, []overwrite{at(deny, server)}, 4},
		"allowed to a role":                {4, []overwrite{at(allow, "5"), at(deny, server)}, 7},
		"allowed to one role, not another": {4, []overwrite{at(allow, "5"), at(deny, "6")}, 7},
		"denied to a role of others":       {7, []overwrite{at(deny, "8")}, 7},
		"denied to oneself":                {7, []overwrite{at(deny, me), at(allow, "5")}, 4},
		"an administrator":                 {administrator, []overwrite{at(deny, me)}, ^uint64(0)},
		"what is no number":                {7, []overwrite{{ID: server, Deny: "all"}}, 7},
	} {
		if got := overwritten(c.may, c.all, server, []string{"5", "6"}, me); got != c.want {
			t.Errorf("%s: %b, want %b", name, got, c.want)
		}
	}
}
