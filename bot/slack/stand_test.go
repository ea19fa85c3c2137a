package slack

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/command"
)

// A stand stands in for Slack's Web API where there is no network: in a bubble of synctest,
// whose clock stands still for it.
type stand struct {
	mu    sync.Mutex
	start time.Time
	made  []made
	fails map[string]string // by method: Slack's error
}

// Made is one call that was made.
type made struct {
	method string
	after  time.Duration
	args   url.Values // JSON bodies: the values of the object, strings as they are
}

func (s *stand) RoundTrip(r *http.Request) (*http.Response, error) {
	method := path.Base(r.URL.Path)
	if r.URL.Host == "hooks.slack.com" {
		method = "respond"
	}
	args := url.Values{}
	body, _ := io.ReadAll(r.Body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var object map[string]json.RawMessage
		_ = json.Unmarshal(body, &object)
		for k, v := range object {
			var text string
			if json.Unmarshal(v, &text) != nil {
				text = string(v)
			}
			args.Set(k, text)
		}
	} else {
		args, _ = url.ParseQuery(string(body))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = append(s.made, made{method, time.Since(s.start), args})
	answer := map[string]any{"ok": true}
	switch method {
	case "users.info":
		answer["user"] = map[string]any{"id": args.Get("user"), "deleted": args.Get("user") == "UGONE", "is_bot": args.Get("user") == "UAPP", "name": "ann", "real_name": "Ann", "tz": "Europe/London", "locale": "en-GB", "is_admin": args.Get("user") == "U1"}
	case "conversations.open":
		answer["channel"] = map[string]any{"id": "D1"}
	case "chat.postMessage", "chat.update", "chat.postEphemeral":
		answer["channel"], answer["ts"], answer["message_ts"] = args.Get("channel"), "1.1", "1.1"
	case "views.open", "views.update", "views.publish":
		answer["view"] = map[string]any{"id": "V1", "type": "modal"}
	case "conversations.history":
		answer["messages"] = []any{}
	case "files.getUploadURLExternal":
		answer["upload_url"], answer["file_id"] = "https://slack.com/upload", "F1"
	case "files.completeUploadExternal":
		answer["files"] = []any{map[string]any{"id": "F1"}}
	}
	if e := s.fails[method]; e != "" {
		answer = map[string]any{"ok": false, "error": e}
	}
	b, _ := json.Marshal(answer)
	status := http.StatusOK
	if method == "respond" {
		b = []byte("ok")
		if s.fails[method] != "" {
			status, b = http.StatusNotFound, []byte(s.fails[method])
		}
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(b)), Request: r}, nil
}

// calls are those made so far, lookups left out.
func (s *stand) calls() (all []made) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.made {
		switch m.method {
		case "users.info", "conversations.open", "conversations.history", "files.getUploadURLExternal", "upload":
		default:
			all = append(all, m)
		}
	}
	return all
}

// names says which calls were made, and to whom where that matters.
func (s *stand) names() string {
	var all []string
	for _, m := range s.calls() {
		name := m.method
		switch {
		case m.args.Get("replace_original") == "true":
			name += " instead"
		case m.method == "respond":
			name += " " + m.args.Get("response_type")
		case m.args.Has("channel"):
			name += " " + m.args.Get("channel")
		case m.args.Has("channel_id"):
			name += " " + m.args.Get("channel_id")
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

func (s *stand) fail(method, err string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails == nil {
		s.fails = map[string]string{}
	}
	s.fails[method] = err
}

// said is all that a call says.
func (m made) said() string {
	return m.args.Get("text") + m.args.Get("blocks") + m.args.Get("view")
}

// values are those of the buttons in what a call says.
func (m made) values() (all []string) {
	var blocks []struct {
		Elements []struct {
			Type, Value string
		}
	}
	_ = json.Unmarshal([]byte(m.args.Get("blocks")), &blocks)
	for _, b := range blocks {
		for _, e := range b.Elements {
			if e.Type == "button" {
				all = append(all, e.Value)
			}
		}
	}
	return all
}

// A desk is an adapter with a script behind it and a stand before it.
type desk struct {
	*Adapter
	*stand
	script *chattest.Script
	log    *bytes.Buffer
}

var standCommands = []command.Spec{
	{Name: "log", Options: []command.Option{{Name: "line", Kind: command.Words}}},
	{Name: "checkin", Private: true, Form: true},
	{Name: "report", Private: true},
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{stand: &stand{start: time.Now()}, script: &chattest.Script{}, log: &bytes.Buffer{}}
	var err error
	d.Adapter, err = New(Config{
		Handler: d.script, Commands: standCommands,
		BotToken: chat.NewSecret("xoxb-1"), AppToken: chat.NewSecret("xapp-1"),
		Log: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.spaces["T1"] = d.newWorkspace(Install{Space: "T1", Bot: "UBOT", Token: chat.NewSecret("xoxb-1")}, &http.Client{Transport: d.stand})
	t.Cleanup(d.kill)
	return d
}

// later answers every event with r after a while.
func (d *desk) later(wait time.Duration, r chat.Reply) {
	d.script.AnswerWith(slowly(wait, r))
}

// An ack is what a delivery was acknowledged with, and when.
type ack struct {
	payload any
	after   time.Duration
	times   int
}

// bring takes a delivery and returns when all of it is done.
func (d *desk) bring(t testing.TB, what delivery) ack {
	t.Helper()
	var mu sync.Mutex
	var got ack
	start := time.Now()
	d.take(t.Context(), what, func(payload any) {
		mu.Lock()
		defer mu.Unlock()
		got = ack{payload, time.Since(start), got.times + 1}
	})
	mu.Lock()
	defer mu.Unlock()
	if got.times != 1 {
		t.Errorf("acknowledged %d times, want once", got.times)
	}
	return got
}

const (
	hook     = "https://hooks.slack.com/commands/T1/1/secret"
	shared   = "C1"
	directly = "D1"
)

func commandIn(room, line, trigger string) delivery {
	name, text, _ := strings.Cut(line, " ")
	return delivery{command: &slackapi.SlashCommand{
		TeamID: "T1", UserID: "U1", UserName: "ann", ChannelID: room, ChannelName: "general",
		Command: name, Text: text, TriggerID: trigger, ResponseURL: hook,
	}}
}

func messageOf(id, text string) delivery {
	inner, _ := json.Marshal(map[string]any{"type": "message", "channel": directly, "channel_type": "im", "user": "U1", "text": text, "ts": "1.1"})
	return eventOf(id, string(inner))
}

func eventOf(id, inner string) delivery {
	raw := json.RawMessage(inner)
	return delivery{event: &slackevents.EventsAPICallbackEvent{TeamID: "T1", EventID: id, InnerEvent: &raw}}
}

// interactionOf reads a payload as the ways in do.
func interactionOf(t testing.TB, payload map[string]any) delivery {
	t.Helper()
	all := map[string]any{
		"team": map[string]any{"id": "T1"}, "user": map[string]any{"id": "U1", "name": "ann"},
	}
	for k, v := range payload {
		all[k] = v
	}
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var i slackapi.InteractionCallback
	if err := json.Unmarshal(b, &i); err != nil {
		t.Fatal(err)
	}
	return delivery{interaction: &i}
}

func pressIn(t testing.TB, room, call, trigger string, ephemeral bool) delivery {
	t.Helper()
	return interactionOf(t, map[string]any{
		"type": "block_actions", "trigger_id": trigger, "response_url": hook,
		"channel":   map[string]any{"id": room, "name": "general"},
		"container": map[string]any{"type": "message", "message_ts": "7.7", "channel_id": room, "is_ephemeral": ephemeral},
		"actions":   []any{map[string]any{"type": "button", "block_id": "b", "action_id": "a", "value": call}},
	})
}
