package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"payoff/bot/chat"
)

// ways answers by the beginning of a way, the longest that fits.
func ways(by map[string]tapeAnswer) func(taped) tapeAnswer {
	return func(c taped) tapeAnswer {
		longest, found := "", tapeAnswer{status: http.StatusNotFound, body: `{"message":"404: Not Found","code":0}`}
		for way, a := range by {
			if strings.HasPrefix(c.way, way) && len(way) > len(longest) {
				longest, found = way, a
			}
		}
		return found
	}
}

func TestDirect(t *testing.T) {
	a, over, _ := taping(t, ways(map[string]tapeAnswer{"POST /users/@me/channels": {body: `{"id":"300000000000000009","type":1}`}}))
	for range 3 {
		if room, err := a.direct(t.Context(), userAnn); err != nil || room != "300000000000000009" {
			t.Errorf("direct = %q, %v", room, err)
		}
	}
	calls := over.of("POST")
	if len(calls) != 1 || calls[0].body != `{"recipient_id":"`+userAnn+`"}` {
		t.Errorf("calls = %+v, want one", calls)
	}
	_, err := a.direct(t.Context(), "nobody-of-that-name")
	isOfKind(t, err, chat.Gone)
	if len(over.of("")) != 1 {
		t.Error("Discord was asked for what is no id")
	}
}

func TestDirectFails(t *testing.T) {
	for name, test := range map[string]struct {
		answer tapeAnswer
		want   chat.ErrorKind
	}{
		"unknown":      {refusing(400, 50033, "Invalid Recipient(s)"), chat.Gone},
		"too fast":     {refusing(400, 40003, "You are opening direct messages too fast"), chat.RateLimited},
		"says nothing": {tapeAnswer{body: `{}`}, chat.Transient},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, _, _ := taping(t, always(test.answer))
				_, err := a.direct(t.Context(), userAnn)
				isOfKind(t, err, test.want)
				if kept := a.cfg.Memory.(*notebook).kept; len(kept) > 0 {
					t.Errorf("remembered: %q", kept)
				}
			})
		})
	}
	a, _, _ := taping(t, always(tapeAnswer{body: `{"id":"300000000000000009"}`}))
	a.cfg.Memory.(*notebook).err = errors.New("disk full")
	_, err := a.direct(t.Context(), userAnn)
	isOfKind(t, err, chat.Transient)
}

func TestAdmin(t *testing.T) {
	const everybody = `{"id":"` + serverOne + `","permissions":"%d"}`
	of := func(owner string, everyone int) string {
		return fmt.Sprintf(`{"owner_id":%q,"roles":[`+everybody+`,{"id":"71","permissions":"%d"},{"id":"72","permissions":"%d"},{"id":"73","permissions":"9223372036854775839"},{"id":"74","permissions":"lots"}]}`,
			owner, everyone, manageServer, administrator)
	}
	for name, test := range map[string]struct {
		server, roles string
		want          bool
	}{
		"the owner":             {of(userAnn, 0), ``, true},
		"Manage Server":         {of(userBob, 0), `"70","71"`, true},
		"Administrator":         {of(userBob, 0), `"72"`, true},
		"64 bits":               {of(userBob, 0), `"73"`, true},
		"another role":          {of(userBob, 1024), `"70","79"`, false},
		"no role":               {of(userBob, 1024), ``, false},
		"what is no number":     {of(userBob, 0), `"74"`, false},
		"everybody may":         {of(userBob, manageServer), ``, true},
		"a server without data": {`{}`, `"71"`, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, over, _ := taping(t, ways(map[string]tapeAnswer{
				"GET /guilds/" + serverOne:                         {body: test.server},
				"GET /guilds/" + serverOne + "/members/" + userAnn: {body: `{"roles":[` + test.roles + `]}`},
			}))
			for range 2 { // and it is never remembered
				if got, err := a.admin(t.Context(), serverOne, userAnn); got != test.want || err != nil {
					t.Errorf("admin = %t, %v, want %t", got, err, test.want)
				}
			}
			if n := len(over.of("GET")); n != 4 {
				t.Errorf("%d calls, want 4", n)
			}
		})
	}
}

func TestAdminOfNobody(t *testing.T) {
	server := tapeAnswer{body: `{"owner_id":"` + userAnn + `","roles":[]}`}
	for name, test := range map[string]struct {
		server, member tapeAnswer
		kind           chat.ErrorKind // "" is no error
		left           bool
	}{
		"has left the server": {server, refusing(404, 10007, "Unknown Member"), "", false},
		"is nobody":           {server, refusing(404, 10013, "Unknown User"), "", false},
		"payoff was removed":  {refusing(404, 10004, "Unknown Guild"), tapeAnswer{}, chat.Gone, true},
		"payoff has no way":   {refusing(403, 50001, "Missing Access"), tapeAnswer{}, chat.Gone, true},
		"weather":             {refusing(500, 0, "oh"), tapeAnswer{}, chat.Transient, false},
		"weather, later":      {server, refusing(500, 0, "oh"), chat.Transient, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, _, _ := taping(t, ways(map[string]tapeAnswer{
					"GET /guilds/" + serverOne:                         test.server,
					"GET /guilds/" + serverOne + "/members/" + userAnn: test.member,
				}))
				var left []string
				a.cfg.Left = func(_ context.Context, server string) error { left = append(left, server); return nil }
				may, err := a.admin(t.Context(), serverOne, userAnn)
				if may {
					t.Error("may manage the server")
				}
				if test.kind == "" && err != nil {
					t.Error(err)
				} else if test.kind != "" {
					isOfKind(t, err, test.kind)
				}
				if (len(left) == 1) != test.left {
					t.Errorf("left = %q, want %t", left, test.left)
				}
			})
		})
	}
}

func TestHome(t *testing.T) {
	keep := func(a *Adapter, key, value string) {
		if err := a.remember(t.Context(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	inTwo := map[string]tapeAnswer{
		"GET /guilds/" + serverOne: refusing(404, 10007, "Unknown Member"),
		"GET /guilds/" + serverTwo: {body: `{"roles":[]}`},
	}
	for name, test := range map[string]struct {
		known []string
		ready func(*Adapter)
		want  string
		calls int
	}{
		"a newer server": {nil, func(*Adapter) {}, serverTwo, 3}, // payoff has not looked since it was added
		"known":          {[]string{serverOne}, func(*Adapter) {}, serverOne, 0},
		"used last":      {[]string{serverOne}, func(a *Adapter) { keep(a, homeKey+userAnn, serverTwo) }, serverTwo, 0},
		"left since":     {[]string{serverOne}, func(a *Adapter) { keep(a, homeKey+userAnn, serverTwo); keep(a, leftKey+serverTwo, "1") }, serverOne, 0},
		"of another":     {nil, func(a *Adapter) { keep(a, homeKey+userBob, serverOne); keep(a, serversKey, `["`+serverTwo+`"]`) }, serverTwo, 1},
		"both are in":    {nil, func(a *Adapter) { keep(a, serversKey, `["`+serverOne+`","`+serverTwo+`"]`) }, serverTwo, 2},
		"payoff was in":  {nil, func(a *Adapter) { keep(a, serversKey, `["400000000000000003","`+serverTwo+`"]`) }, serverTwo, 2},
	} {
		t.Run(name, func(t *testing.T) {
			ways, listed := ways(inTwo), guildPages(serverOne, serverTwo)
			a, over, _ := taping(t, func(c taped) tapeAnswer {
				if strings.Contains(c.way, "400000000000000003") {
					return refusing(404, 10004, "Unknown Guild")
				}
				if strings.HasPrefix(c.way, "GET /users/@me/guilds") {
					return listed(c)
				}
				return ways(c)
			})
			a.cfg.Known = func(_ context.Context, person string) ([]string, error) {
				if person != userAnn {
					t.Errorf("asked for %q", person)
				}
				return test.known, nil
			}
			test.ready(a)
			server, found, err := a.home(t.Context(), userAnn)
			if server != test.want || found != (test.want != "") || err != nil {
				t.Errorf("home = %q, %t, %v, want %q", server, found, err, test.want)
			}
			if n := len(over.of("")); n != test.calls {
				t.Errorf("%d calls, want %d", n, test.calls)
			}
		})
	}
}

// TestHomeOfNobody: who is in no server with payoff has none, and each server is asked once.
func TestHomeOfNobody(t *testing.T) {
	stranger, listed := refusing(404, 10007, "Unknown Member"), guildPages(serverOne, serverTwo)
	a, over, _ := taping(t, func(c taped) tapeAnswer {
		if strings.HasPrefix(c.way, "GET /users/@me/guilds") {
			return listed(c)
		}
		return stranger
	})
	_ = a.remember(t.Context(), serversKey, `["`+serverOne+`"]`)
	if server, found, err := a.home(t.Context(), userAnn); found || err != nil {
		t.Errorf("home = %q, %t, %v, want none", server, found, err)
	}
	if n := len(over.of("GET /guilds/")); n != 2 {
		t.Errorf("%d servers were asked, want 2", n)
	}
}

func TestHomeFails(t *testing.T) {
	a, _, _ := taping(t, always(tapeAnswer{body: `[]`}))
	a.cfg.Known = func(context.Context, string) ([]string, error) { return nil, errors.New("no disk") }
	_, _, err := a.home(t.Context(), userAnn)
	isOfKind(t, err, chat.Transient)
	a.cfg.Known = nil
	if _, found, err := a.home(t.Context(), userAnn); found || err != nil {
		t.Errorf("without Known: %t, %v", found, err)
	}
	a.cfg.Memory.(*notebook).err = errors.New("no disk")
	_, _, err = a.home(t.Context(), userAnn)
	isOfKind(t, err, chat.Transient)
}

func TestUsedIn(t *testing.T) {
	a, _, log := taping(t, always(tapeAnswer{}))
	var joined []string
	a.cfg.Joined = func(_ context.Context, server string) error { joined = append(joined, server); return nil }
	_ = a.remember(t.Context(), leftKey+serverTwo, "1")
	for _, server := range []string{serverOne, serverTwo, serverTwo} {
		a.usedIn(t.Context(), userAnn, server)
		if got, found, err := a.home(t.Context(), userAnn); got != server || !found || err != nil {
			t.Errorf("home = %q, %t, %v, want %q", got, found, err, server)
		}
	}
	if !slices.Equal(joined, []string{serverOne, serverTwo}) {
		t.Errorf("joined = %q: a server that is new, and one that payoff had left, are told of once they are used", joined)
	}
	if kept, err := a.keptServers(t.Context()); err != nil || !slices.Equal(kept, joined) {
		t.Errorf("payoff is in %q (%v), want those that it is used in", kept, err)
	}
	a.cfg.Memory.(*notebook).err = errors.New("no disk")
	a.usedIn(t.Context(), userAnn, serverOne)
	if !strings.Contains(log.String(), "no disk") {
		t.Errorf("logged %q", log)
	}
}

// guildPages answers the listing of so many servers.
func guildPages(ids ...string) func(taped) tapeAnswer {
	return func(c taped) tapeAnswer {
		q, _ := url.ParseQuery(c.query)
		var page []string
		for _, id := range ids {
			if id > q.Get("after") && len(page) < serversAPage {
				page = append(page, fmt.Sprintf(`{"id":%q,"name":"S%s"}`, id, id))
			}
		}
		return tapeAnswer{body: "[" + strings.Join(page, ",") + "]"}
	}
}

func TestServers(t *testing.T) {
	for _, n := range []int{0, 1, 199, 200, 401} {
		var ids []string
		for i := range n {
			ids = append(ids, fmt.Sprintf("4%017d", i))
		}
		a, over, _ := taping(t, guildPages(ids...))
		all, err := a.servers(t.Context())
		if err != nil || len(all) != n {
			t.Errorf("%d servers: got %d, %v", n, len(all), err)
		}
		for i, s := range all {
			if s.ID != ids[i] || s.Name != "S"+ids[i] {
				t.Fatalf("server %d = %+v", i, s)
			}
		}
		if got := len(over.of("GET /users/@me/guilds")); got != n/serversAPage+1 {
			t.Errorf("%d servers: %d calls", n, got)
		}
	}
}

func TestWatchServers(t *testing.T) {
	var there []string
	var fails error
	a, _, _ := taping(t, func(c taped) tapeAnswer { return guildPages(there...)(c) })
	var told []string
	tell := func(what string) func(context.Context, string) error {
		return func(_ context.Context, server string) error {
			told = append(told, what+server[:3]+server[17:])
			return fails
		}
	}
	a.cfg.Left, a.cfg.Joined = tell("left "), tell("joined ")
	three := "400000000000000003"
	for _, step := range []struct {
		there []string
		fails error
		want  []string
	}{
		{nil, nil, nil},
		{[]string{serverOne, serverTwo}, nil, []string{"joined 4001", "joined 4002"}},
		{[]string{serverOne, serverTwo}, nil, nil},
		{[]string{serverTwo, three}, errors.New("not now"), []string{"joined 4003", "left 4001"}},
		{[]string{serverTwo, three}, nil, []string{"joined 4003", "left 4001"}}, // who could not be told is told again
		{[]string{serverOne, serverTwo, three}, nil, []string{"joined 4001"}},
		{nil, nil, []string{"left 4001", "left 4002", "left 4003"}},
		{nil, nil, nil},
	} {
		there, fails, told = step.there, step.fails, nil
		if err := a.watchServers(t.Context()); (err != nil) != (fails != nil) {
			t.Errorf("watchServers = %v", err)
		}
		if !slices.Equal(told, step.want) {
			t.Errorf("with %q: told %q, want %q", there, told, step.want)
		}
	}
}

// TestWatchServersInBadWeather: a list that did not come takes payoff out of no server.
func TestWatchServersInBadWeather(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := guildPages(serverOne)
		a, _, _ := taping(t, func(c taped) tapeAnswer { return answer(c) })
		a.cfg.Left = func(context.Context, string) error { t.Error("left"); return nil }
		if err := a.watchServers(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []tapeAnswer{{status: 502, body: "<html>"}, {err: errCutOff}, {body: "{}"}, refusing(401, 0, "401: Unauthorized")} {
			answer = always(bad)
			if a.watchServers(t.Context()) == nil {
				t.Errorf("no error with %+v", bad)
			}
		}
	})
}
