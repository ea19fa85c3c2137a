package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/command"
)

// Who and where, in the tests that need no Discord.
const (
	standServer  = "111111111111111111"
	otherServer  = "121212121212121212"
	standRoom    = "222222222222222222"
	standDirect  = "333333333333333333"
	standAnn     = "444444444444444444"
	standBob     = "555555555555555555"
	standApp     = "666666666666666666"
	standMessage = "777777777777777777"
	standToken   = "interaction-token-SECRET"
)

var standCommands = []command.Spec{
	{Name: "log", Options: []command.Option{{Name: "line", Kind: command.Words}}},
	{Name: "goal set", Options: []command.Option{{Name: "goal", Kind: command.Words}}},
	{Name: "checkin", Private: true, Form: true},
	{Name: "report", Private: true, Options: []command.Option{{Name: "channel", Kind: command.Channel}}},
	{Name: "log this", Private: true, Form: true, Hidden: true, Shortcut: "Log this"},
}

// A standWire stands in for Discord's REST API where there is no network: in a bubble of synctest,
// whose clock stands still for it. It takes a first answer within three seconds and once, and
// later ones only after a first.
type standWire struct {
	mu       sync.Mutex
	start    time.Time
	made     []standCall
	brought  map[string]time.Time // interactions, by id
	original string               // the message of an interaction's answer: its id, "" while there is none
	hidden   bool
	thinking bool
	fails    map[string][]setback // by name of the call: the next ones
}

// A standCall is one call that was made, by its name and what it said.
type standCall struct {
	name  string
	after time.Duration
	body  string
	files int
}

// A setback is how a call fails. A lost one is carried out, and its answer lost on the way.
type setback struct {
	status, code int
	lost         bool
}

func (w *standWire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, files := readBody(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/api/v9")
	status, answer := http.StatusOK, any(map[string]any{"id": "888888888888888888", "flags": 0})
	name := r.Method + " " + path
	plan := func() (setback, bool) {
		if next := w.fails[name]; len(next) > 0 {
			w.fails[name] = next[1:]
			return next[0], true
		}
		return setback{}, false
	}
	var carry func() (int, any)
	switch part := strings.Split(path, "/"); {
	case part[1] == "interactions":
		var in struct {
			Type int
			Data struct{ Flags int }
		}
		_ = json.Unmarshal([]byte(body), &in)
		name = fmt.Sprint("answer ", in.Type)
		if in.Data.Flags&flagHidden != 0 {
			name += " hidden"
		}
		carry = func() (int, any) { return w.answer(part[2], in.Type, in.Data.Flags) }
	case part[1] == "webhooks":
		name = r.Method + " " + strings.Join(part[4:], "/")
		if r.Method == http.MethodPost {
			name = "followup"
			if strings.Contains(body, fmt.Sprint(`"flags":`, flagHidden)) {
				name += " hidden"
			}
		}
		carry = func() (int, any) { return w.through(r.Method) }
	case path == "/users/@me/channels":
		answer = map[string]any{"id": standDirect, "type": 1}
	case path == "/users/@me/guilds":
		answer = []any{map[string]any{"id": standServer, "name": "Owners"}}
	case path == "/guilds/"+standServer:
		answer = map[string]any{"id": standServer, "owner_id": standAnn, "roles": []any{}}
	case strings.HasPrefix(path, "/guilds/"):
		answer = map[string]any{"user": map[string]any{"id": part[len(part)-1]}, "roles": []any{}}
	}
	no, planned := plan()
	if carry != nil && (!planned || no.lost) {
		status, answer = carry()
	}
	if planned {
		status, answer = no.status, map[string]any{"code": no.code, "message": "planned by the test"}
	}
	if name != "GET /users/@me/guilds" && name != "POST /users/@me/channels" && !strings.HasPrefix(name, "GET /guilds/") {
		w.made = append(w.made, standCall{name, time.Since(w.start), body, files})
	}
	b, _ := json.Marshal(answer)
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(b)), Request: r}, nil
}

func readBody(r *http.Request) (body string, files int) {
	if r.Body == nil {
		return "", 0
	}
	raw, _ := io.ReadAll(r.Body)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if !strings.HasPrefix(kind, "multipart/") {
		return string(raw), 0
	}
	form, err := multipart.NewReader(bytes.NewReader(raw), params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		return "", 0
	}
	return form.Value["payload_json"][0], len(form.File)
}

// answer takes a first answer as Discord does.
func (w *standWire) answer(id string, kind, flags int) (int, any) {
	at, known := w.brought[id]
	switch {
	case !known, time.Since(at) > 3*time.Second:
		return http.StatusNotFound, map[string]any{"code": codeUnknownInteraction}
	case w.original != "":
		return http.StatusBadRequest, map[string]any{"code": codeAcknowledged}
	}
	w.original, w.hidden, w.thinking = "999999999999999999", flags&flagHidden != 0, kind == answerWaiting
	if kind == answerSilent || kind == answerUpdate {
		w.original = standMessage
	}
	return http.StatusNoContent, nil
}

func (w *standWire) through(method string) (int, any) {
	if w.original == "" {
		return http.StatusNotFound, map[string]any{"code": codeUnknownWebhook}
	}
	if method == http.MethodDelete {
		return http.StatusNoContent, nil
	}
	flags := 0
	if w.hidden {
		flags = flagHidden
	}
	if method != http.MethodGet {
		w.thinking = false
	}
	if w.thinking {
		flags |= flagThinking
	}
	return http.StatusOK, map[string]any{"id": w.original, "flags": flags}
}

func (w *standWire) fail(name string, next ...setback) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fails[name] = append(w.fails[name], next...)
}

// calls are those made so far.
func (w *standWire) calls() []standCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]standCall(nil), w.made...)
}

// names says which calls were made, and how often in a row where that is more than once.
func (w *standWire) names() string {
	var all []string
	n, before := 0, ""
	for _, m := range w.calls() {
		if n++; m.name != before {
			n, before, all = 1, m.name, append(all, m.name)
		}
		if n > 1 {
			all[len(all)-1] = fmt.Sprint(m.name, " x", n)
		}
	}
	return strings.Join(all, ", ")
}

// last is what the last call said; those that only look say nothing.
func (w *standWire) last() string {
	for _, made := range slices.Backward(w.calls()) {
		if !strings.HasPrefix(made.name, http.MethodGet) {
			return made.body
		}
	}
	return ""
}

// forget begins anew, with the calls of another interaction.
func (w *standWire) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made, w.original, w.hidden, w.thinking, w.start = nil, "", false, false, time.Now()
}

// choices are the custom_ids of the buttons in what was said last, by label.
func (w *standWire) choices() map[string]string {
	var said struct {
		Data json.RawMessage
	}
	raw := []byte(w.last())
	if json.Unmarshal(raw, &said) == nil && said.Data != nil {
		raw = said.Data
	}
	var body struct {
		Components []struct {
			Components []struct {
				Label string
				ID    string `json:"custom_id"`
			}
		}
	}
	_ = json.Unmarshal(raw, &body)
	all := map[string]string{}
	for _, row := range body.Components {
		for _, b := range row.Components {
			all[b.Label] = b.ID
		}
	}
	return all
}

// A shownModal is a modal as it was opened.
type shownModal struct {
	ID     string `json:"custom_id"`
	Title  string
	Parts  []shownPart `json:"components"`
	Fields map[string]shownPart
}

type shownPart struct {
	Type        int
	Content     string
	Label       string
	Description string
	Component   struct {
		ID      string `json:"custom_id"`
		Type    int
		Value   string
		Options []struct {
			Value   string
			Default bool
		}
	}
}

// value is what stands in a field.
func (p shownPart) value() string {
	for _, o := range p.Component.Options {
		if o.Default {
			return o.Value
		}
	}
	return p.Component.Value
}

// opened is the modal that the last call opened.
func (w *standWire) opened(t testing.TB) shownModal {
	t.Helper()
	var said struct {
		Type int
		Data shownModal
	}
	if err := json.Unmarshal([]byte(w.last()), &said); err != nil || said.Type != answerModal {
		t.Fatalf("calls = %q, want a modal opened last; it said %s", w.names(), w.last())
	}
	said.Data.Fields = map[string]shownPart{}
	for _, p := range said.Data.Parts {
		if p.Type == 18 {
			said.Data.Fields[p.Component.ID] = p
		}
	}
	return said.Data
}

// notes are a Memory of a test, which outlives its adapters.
type notes struct {
	mu     sync.Mutex
	kept   map[string][]byte
	until  map[string]time.Time
	broken error
	slow   time.Duration
}

func (n *notes) Recall(_ context.Context, key string) ([]byte, bool, error) {
	time.Sleep(n.slow)
	n.mu.Lock()
	defer n.mu.Unlock()
	until := n.until[key]
	value, ok := n.kept[key]
	return value, ok && (until.IsZero() || time.Now().Before(until)), n.broken
}

func (n *notes) Remember(_ context.Context, key string, value []byte, until time.Time) error {
	time.Sleep(n.slow)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.broken != nil {
		return n.broken
	}
	if value == nil {
		delete(n.kept, key)
		return nil
	}
	n.kept[key], n.until[key] = bytes.Clone(value), until
	return nil
}

func (n *notes) has(prefix string) (keys int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for key := range n.kept {
		if strings.HasPrefix(key, prefix) {
			keys++
		}
	}
	return keys
}

// A booth is an adapter with a script behind it and a standWire before it.
type booth struct {
	*Adapter
	*standWire
	script *chattest.Script
	notes  *notes
	log    *bytes.Buffer
}

func newBooth(t testing.TB, change ...func(*Config)) *booth {
	t.Helper()
	b := &booth{
		standWire: &standWire{start: time.Now(), brought: map[string]time.Time{}, fails: map[string][]setback{}},
		script:    &chattest.Script{}, log: &bytes.Buffer{},
		notes: &notes{kept: map[string][]byte{}, until: map[string]time.Time{}},
	}
	cfg := Config{
		Handler: b.script, Commands: standCommands, BotToken: chat.NewSecret("bot-token-SECRET"), ApplicationID: standApp, Memory: b.notes,
		Known: func(context.Context, string) ([]string, error) { return []string{standServer}, nil },
		Log:   slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&cfg)
	}
	b.restart(t, cfg)
	t.Cleanup(func() {
		if strings.Contains(b.log.String(), "SECRET") {
			t.Errorf("the log holds a token:\n%s", b.log)
		}
	})
	return b
}

// restart makes the adapter anew: what it knew beyond its notes is gone.
func (b *booth) restart(t testing.TB, cfg Config) {
	t.Helper()
	a, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	standOn(a, b.standWire)
	b.Adapter = a
	t.Cleanup(a.kill)
}

// bring takes an interaction and returns when all of it is done.
func (b *booth) bring(t testing.TB, in map[string]any) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	b.forget()
	b.mu().Lock()
	if _, again := b.brought[in["id"].(string)]; !again {
		b.brought[in["id"].(string)] = time.Now()
	}
	b.mu().Unlock()
	b.take(t.Context(), raw)
}

func (b *booth) mu() *sync.Mutex { return &b.standWire.mu }

// later answers every event with r after a while, or gives up.
func (b *booth) later(wait time.Duration, r chat.Reply) {
	b.script.AnswerWith(func(ctx context.Context, _ chat.Event) chat.Reply {
		select {
		case <-time.After(wait):
			return r
		case <-ctx.Done():
			return chat.Whisper(chat.T("Given up"))
		}
	})
}

func (b *booth) events(t testing.TB, want int) []chat.Event {
	t.Helper()
	all := b.script.Events()
	if len(all) != want {
		t.Fatalf("%d events, want %d; calls %q\n%s", len(all), want, b.names(), b.log)
	}
	return all
}

// Interactions as Discord makes them.

var lastID = struct {
	sync.Mutex
	n int
}{n: 1_000_000_000_000_000_000 - 1}

// inServer is an interaction in the shared room of a server, directly in the direct room.
func inServer(kind int, data map[string]any) map[string]any {
	lastID.Lock()
	defer lastID.Unlock()
	lastID.n++
	return map[string]any{
		"id": fmt.Sprint(lastID.n), "application_id": standApp, "token": standToken, "type": kind, "version": 1,
		"guild_id": standServer, "channel_id": standRoom, "channel": map[string]any{"id": standRoom, "name": "general", "type": 0}, "context": 0,
		"member": map[string]any{"nick": "Ann", "permissions": "0", "user": map[string]any{"id": standAnn, "username": "ann_01", "global_name": "Ann A."}},
		"locale": "en-GB", "guild_locale": "fr", "data": data, "something": map[string]any{"new": []int{1}},
	}
}

func directly(kind int, data map[string]any) map[string]any {
	in := inServer(kind, data)
	delete(in, "guild_id")
	delete(in, "member")
	in["user"] = map[string]any{"id": standAnn, "username": "ann_01", "global_name": "Ann"}
	in["channel_id"], in["channel"], in["context"] = standDirect, map[string]any{"id": standDirect, "type": 1}, 1
	return in
}

// byUser is an interaction of somebody else.
func byUser(user string, in map[string]any) map[string]any {
	who := map[string]any{"id": user, "username": "bob"}
	if in["member"] != nil {
		in["member"] = map[string]any{"user": who}
	} else {
		in["user"] = who
	}
	return in
}

// onMessage is an interaction on a message.
func onMessage(message string, flags int, in map[string]any) map[string]any {
	in["message"] = map[string]any{"id": message, "flags": flags}
	return in
}

// chosen is the data of a command; pairs are names of options and their values.
func chosen(name string, options ...any) map[string]any {
	data := map[string]any{"id": "1", "name": name, "type": 1}
	if len(options) > 0 {
		data["options"] = options
	}
	return data
}

func optionWith(kind int, name string, value any) map[string]any {
	if kind == optionSubcommand || kind == optionGroup {
		return map[string]any{"type": kind, "name": name, "options": value}
	}
	return map[string]any{"type": kind, "name": name, "value": value}
}

func pressed(customID string) map[string]any {
	return map[string]any{"custom_id": customID, "component_type": componentButton}
}

// filled is the data of a modal that was submitted: texts, and of a menu a list.
func filled(customID string, values map[string]any) map[string]any {
	all := []any{map[string]any{"type": 10, "id": 1}}
	for id, v := range values {
		c := map[string]any{"type": 4, "custom_id": id, "value": v}
		if list, is := v.([]string); is {
			c = map[string]any{"type": 3, "custom_id": id, "values": list}
		}
		all = append(all, map[string]any{"type": 18, "component": c})
	}
	return map[string]any{"custom_id": customID, "components": all}
}

// A proposer is a handler that proposes after a while, whatever it is told meanwhile.
type proposer struct {
	chattest.Script
	wait         time.Duration
	all          []chat.Choice
	from         chat.Person
	text, option string
}

func (p *proposer) Complete(_ context.Context, from chat.Person, text, option string) []chat.Choice {
	time.Sleep(p.wait)
	p.from, p.text, p.option = from, text, option
	return p.all
}

// standOn has an adapter call a standWire.
func standOn(a *Adapter, w *standWire) { a.rest.client = &http.Client{Transport: w} }
