package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
	"payoff/bot/slack/slacktest"
)

// A counter answers by method, as arranged, and says what time it is.
type counter struct {
	answers map[string]string
	scopes  string
	at      time.Time
	asked   []string
}

func (c *counter) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	c.asked = append(c.asked, method)
	if c.scopes != "" {
		rw.Header().Set("X-OAuth-Scopes", c.scopes)
	}
	rw.Header().Set("Date", c.at.UTC().Format(http.TimeFormat))
	switch answer := c.answers[method]; answer {
	case "cut":
		panic(http.ErrAbortHandler)
	case "503":
		rw.WriteHeader(http.StatusServiceUnavailable)
	default:
		_, _ = io.WriteString(rw, answer)
	}
}

func allScopes() string {
	return strings.Join(slices.Concat(scopeNames(false), scopeNames(true)), ",")
}

func newCounter() *counter {
	return &counter{scopes: allScopes(), at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), answers: map[string]string{
		"auth.test":             `{"ok":true,"team":"Acme","team_id":"T1","user":"payoff","user_id":"UBOT"}`,
		"apps.connections.open": `{"ok":true,"url":"wss://slack.test/link?ticket=1"}`,
		"chat.getPermalink":     `{"ok":false,"error":"message_not_found"}`,
	}}
}

// lines are findings as doctor prints them.
func lines(all []Finding) (out []string) {
	for _, f := range all {
		mark := "ok "
		if !f.Well {
			mark = "FIX"
		}
		out = append(out, mark+" "+f.About+": "+f.Say)
	}
	return out
}

func TestCheck(t *testing.T) {
	const (
		token  = "ok  slack token: payoff is payoff in the workspace Acme."
		scopes = "ok  slack scopes: all that payoff can use."
		socket = "ok  slack socket: Socket Mode can be connected."
		clock  = "ok  slack clock: this machine's clock and Slack's agree."
		room   = "ok  slack room: the room of the board in T1 is there (C1)."
	)
	for _, c := range []struct {
		name    string
		arrange func(*counter, *Config, map[string]string)
		want    []string
	}{
		{"all well", func(*counter, *Config, map[string]string) {}, []string{token, scopes, socket, clock, room}},
		{"by HTTP", func(_ *counter, c *Config, _ map[string]string) { c.AppToken = chat.Secret{} }, []string{token, scopes, clock, room}},
		{"installs alone", func(_ *counter, c *Config, rooms map[string]string) {
			c.BotToken, c.AppToken, c.ClientID = chat.Secret{}, chat.Secret{}, "1.2"
			c.Installs = &drawer{kept: map[string]Install{"T2": {Space: "T2", Token: chat.NewSecret("xoxb-2")}}}
			rooms["T2"] = "C2"
		}, []string{
			"ok  slack room: it cannot be told whether payoff may post in C1: T1 has no install of its own.",
			"ok  slack room: the room of the board in T2 is there (C2).",
			"ok  slack install: workspaces install payoff at /slack/install of the address in the app's manifest.",
		}},
		{"a token that Slack does not know", func(s *counter, _ *Config, rooms map[string]string) {
			s.answers["auth.test"] = `{"ok":false,"error":"invalid_auth"}`
			delete(rooms, "T1")
		}, []string{"FIX slack token: Slack does not know SLACK_BOT_TOKEN: copy it again from OAuth & Permissions.", socket, clock}},
		{"a scope missing", func(s *counter, _ *Config, _ map[string]string) {
			s.scopes = strings.Replace(allScopes(), "files:write,", "", 1)
		}, []string{token, "FIX slack scopes: files:write is not granted: add under OAuth & Permissions > Scopes, install the app again, and put the new token in SLACK_BOT_TOKEN.", socket, clock, room}},
		{"scopes missing", func(s *counter, _ *Config, _ map[string]string) {
			s.scopes = "commands,chat:write,im:write,im:history,users:read"
		}, []string{token, "FIX slack scopes: chat:write.public and files:write are not granted: add under OAuth & Permissions > Scopes, install the app again, and put the new token in SLACK_BOT_TOKEN.", socket, clock, room}},
		{"optional scopes missing", func(s *counter, _ *Config, _ map[string]string) { s.scopes = strings.Join(scopeNames(false), ", ") }, []string{token, "ok  slack scopes: all that payoff needs; without channels:history and groups:history it cannot look, after a failure, whether a board was posted.", socket, clock, room}},
		{"scopes not told", func(s *counter, _ *Config, _ map[string]string) { s.scopes = "" }, []string{token, "ok  slack scopes: Slack did not say which are granted.", socket, clock, room}},
		{"an app token without its scope", func(s *counter, _ *Config, _ map[string]string) {
			s.answers["apps.connections.open"] = `{"ok":false,"error":"missing_scope","needed":"connections:write"}`
		}, []string{token, scopes, "FIX slack socket: SLACK_APP_TOKEN lacks the scope connections:write: add it under Basic Information > App-Level Tokens, and put the new token in SLACK_APP_TOKEN.", clock, room}},
		{"a passing failure of Slack", func(s *counter, _ *Config, _ map[string]string) {
			s.answers["apps.connections.open"] = `{"ok":false,"error":"internal_error"}`
		}, []string{token, scopes, "FIX slack socket: Slack answers internal_error; try again in a while.", clock, room}},
		{"a clock behind", func(_ *counter, c *Config, _ map[string]string) {
			c.Now = func() time.Time { return time.Date(2026, 11, 22, 8, 58, 30, 0, time.UTC) }
		}, []string{token, scopes, socket, "FIX slack clock: this machine's clock is 1m30s behind Slack's: set it, for Slack's deliveries are refused from five minutes on.", room}},
		{"a clock ahead", func(_ *counter, c *Config, _ map[string]string) {
			c.Now = func() time.Time { return time.Date(2026, 11, 22, 9, 1, 1, 0, time.UTC) }
		}, []string{token, scopes, socket, "FIX slack clock: this machine's clock is 1m1s ahead of Slack's: set it, for Slack's deliveries are refused from five minutes on.", room}},
		{"a room that cannot be seen", func(s *counter, _ *Config, _ map[string]string) {
			s.answers["chat.getPermalink"] = `{"ok":false,"error":"channel_not_found"}`
		}, []string{token, scopes, socket, clock, "FIX slack room: payoff cannot see C1 in T1, the room of the board: type /invite @payoff there, or /payoff team room in another."}},
		{"a room of which nothing is told", func(s *counter, _ *Config, _ map[string]string) { s.answers["chat.getPermalink"] = "503" }, []string{token, scopes, socket, clock, "ok  slack room: it cannot be told whether payoff may post in C1 in T1 (HTTP 503)."}},
		{"a room elsewhere", func(_ *counter, _ *Config, rooms map[string]string) {
			delete(rooms, "T1")
			rooms["T9"] = "C9"
		}, []string{token, scopes, socket, clock, "FIX slack room: SLACK_BOT_TOKEN is not of T9, where a team has its board: use the token of that workspace, or type /payoff team room in this one."}},
		{"installs that cannot be read", func(_ *counter, c *Config, _ map[string]string) { c.Installs = &drawer{err: errors.New("no disk")} }, []string{token, scopes, socket, clock, "FIX slack room: payoff's install in T1 cannot be read: no disk."}},
		{"Slack is down", func(s *counter, _ *Config, _ map[string]string) { s.answers["auth.test"] = "503" }, []string{"FIX slack: http://ADDRESS/api/ cannot be reached (HTTP 503): check this machine's network, or SLACK_API_URL."}},
		{"not Slack", func(s *counter, _ *Config, _ map[string]string) { s.answers["auth.test"] = "{}" }, []string{"FIX slack: http://ADDRESS/api/ cannot be reached (Slack answered nothing): check this machine's network, or SLACK_API_URL."}},
		{"cut off in the middle", func(s *counter, _ *Config, _ map[string]string) { s.answers["apps.connections.open"] = "cut" }, []string{"FIX slack: http://ADDRESS/api/ cannot be reached (EOF): check this machine's network, or SLACK_API_URL."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newCounter()
			server := httptest.NewServer(s)
			defer server.Close()
			cfg := Config{BotToken: chat.NewSecret("xoxb-not-to-be-read"), AppToken: chat.NewSecret("xapp-not-to-be-read"), APIURL: server.URL + "/api/", Now: func() time.Time { return s.at }}
			rooms := map[string]string{"T1": "C1"}
			c.arrange(s, &cfg, rooms)
			got := strings.ReplaceAll(strings.Join(lines(Check(t.Context(), cfg, rooms)), "\n"), strings.TrimPrefix(server.URL, "http://"), "ADDRESS")
			if want := strings.Join(c.want, "\n"); got != want {
				t.Errorf("Check =\n%s\nwant\n%s", got, want)
			}
			server.Close()
			for _, method := range s.asked {
				if !slices.Contains([]string{"auth.test", "apps.connections.open", "chat.getPermalink"}, method) {
					t.Errorf("called %s, which may change something", method)
				}
			}
		})
	}
}

func TestCheckWithoutANetwork(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	got := lines(Check(t.Context(), Config{BotToken: chat.NewSecret("xoxb-1"), APIURL: server.URL + "/api/"}, map[string]string{"T1": "C1"}))
	if len(got) != 1 || !strings.Contains(got[0], server.URL+"/api/") || !strings.Contains(got[0], "refused") {
		t.Errorf("Check = %q, want that the address cannot be reached, alone", got)
	}
}

func TestCheckOfASlack(t *testing.T) {
	slack := slacktest.New(t)
	room := slack.Workspace("T1", "Acme")
	got := Check(t.Context(), Config{BotToken: chat.NewSecret(room.Install()), AppToken: chat.NewSecret(slack.AppToken()), APIURL: slack.URL()}, nil)
	if text := strings.Join(lines(got), "\n"); len(got) != 4 || strings.Contains(text, "FIX") {
		t.Errorf("Check =\n%s\nwant four things to be well", text)
	}
}

// A refusal is for what can never work, and for nothing that may pass.
func TestRefusals(t *testing.T) {
	for _, err := range []error{
		nil, errLost, errNothing, io.EOF, slackapi.StatusCodeError{Code: 500}, &slackapi.RateLimitedError{},
		slackapi.SlackErrorResponse{Err: "internal_error"}, slackapi.SlackErrorResponse{Err: "ratelimited"},
		slackapi.SlackErrorResponse{Err: "too_many_websockets"}, slackapi.SlackErrorResponse{Err: "org_login_required"},
	} {
		for _, k := range []tokenKind{botToken, appToken} {
			if r := k.refusal(err, DefaultAPIURL); r != nil {
				t.Errorf("refusal(%v) = %q, want none: it may pass", err, r.Say)
			}
		}
	}
	err := fmt.Errorf("call: %w", slackapi.SlackErrorResponse{Err: "missing_scope", Needed: "users:read"})
	isOneSentence(t, botToken.refusal(err, DefaultAPIURL), "SLACK_BOT_TOKEN lacks the scope users:read")
	isOneSentence(t, botToken.refusal(slackapi.StatusCodeError{Code: 404}, "https://me:hush@proxy.test/api/?key=hush"), "https://proxy.test/api/:")
}

func TestReasons(t *testing.T) {
	_, dialled := http.Get("http://127.0.0.1:1/link?ticket=hush") //nolint:bodyclose // refused
	_, parsed := http.Get("http://[::hush")                       //nolint:bodyclose // refused
	var decoded error = json.Unmarshal([]byte("<"), new(int))
	for _, err := range []error{dialled, parsed, decoded, slackapi.StatusCodeError{Code: 502, Status: "hush"}} {
		if got := reason(err); got == "" || strings.Contains(got, "ticket") || strings.Contains(got, "hush") {
			t.Errorf("reason(%v) = %q", err, got)
		}
	}
}
