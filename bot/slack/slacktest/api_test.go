package slacktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
)

// A witness is a test that keeps what fails it.
type witness struct {
	testing.TB
	mu     sync.Mutex
	errors []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.errors = append(w.errors, fmt.Sprintf(format, args...))
}

func (w *witness) said() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.errors...)
}

// town is a Slack with a workspace T1: ada and bob, rooms with and without the app.
func town(t testing.TB, scopes ...string) (*Slack, *Workspace, *slackapi.Client) {
	t.Helper()
	s := New(t)
	w := s.Workspace("T1", "Acme")
	w.AddUser(User{ID: "U1", Name: "ada", RealName: "Ada Lovelace", Zone: "Europe/London", Locale: "en-GB", Admin: true})
	w.AddUser(User{ID: "U2", Name: "bob", RealName: "Bob", Zone: "America/New_York"})
	w.AddUser(User{ID: "U3", Name: "cy", Deleted: true})
	w.AddRoom(Room{ID: "C1", Name: "general", Members: []string{"U1", w.BotUser()}})
	w.AddRoom(Room{ID: "C2", Name: "open", Members: []string{"U1"}})
	w.AddRoom(Room{ID: "G1", Name: "closed", Private: true, Members: []string{"U1"}})
	w.AddRoom(Room{ID: "G2", Name: "ours", Private: true, Members: []string{"U1", w.BotUser()}})
	w.AddRoom(Room{ID: "D9", Private: true, Members: []string{"U1", "U2"}})
	return s, w, slackapi.New(w.Install(scopes...), slackapi.OptionAPIURL(s.URL()), slackapi.OptionAppLevelToken(s.AppToken()))
}

// posts are what someone sees in a room.
func posts(w *Workspace, user, id string) []message {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	var list []message
	r := w.room(id)
	for _, m := range r.messages {
		if r.sees(user, m) {
			list = append(list, *m)
		}
	}
	return list
}

// trigger makes one for a user.
func triggerFor(w *Workspace, user string) string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.newTrigger(user)
}

func plain(s string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.PlainTextType, s, false, false)
}

func section(s string) *slackapi.SectionBlock { return slackapi.NewSectionBlock(plain(s), nil, nil) }

func modal(title string, blocks ...slackapi.Block) slackapi.ModalViewRequest {
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, Title: plain(title), Submit: plain("Save"), Blocks: slackapi.Blocks{BlockSet: blocks},
	}
}

func question(block, action string) slackapi.Block {
	return slackapi.NewInputBlock(block, plain("How much?"), nil, slackapi.NewPlainTextInputBlockElement(nil, action))
}

func TestWhoIsWho(t *testing.T) {
	s, w, api := town(t)
	who, err := api.AuthTest()
	if err != nil {
		t.Fatal(err)
	}
	if who.TeamID != "T1" || who.Team != "Acme" || who.UserID != w.BotUser() {
		t.Errorf("auth.test = %+v", who)
	}
	if got := who.Header.Get("X-OAuth-Scopes"); got != strings.Join(manifestScopes, ",") {
		t.Errorf("X-OAuth-Scopes = %q", got)
	}
	u, err := api.GetUserInfo("U1")
	if err != nil {
		t.Fatal(err)
	}
	if u.TZ != "Europe/London" || u.Locale != "en-GB" || !u.IsAdmin || u.RealName != "Ada Lovelace" || u.Deleted {
		t.Errorf("users.info = %+v", u)
	}
	if u, err = api.GetUserInfo("U3"); err != nil || !u.Deleted || u.TZ != "" {
		t.Errorf("users.info of one who left = %+v, %v", u, err)
	}
	if again := s.Workspace("T1", ""); again != w {
		t.Error("a second Workspace with the same id is another one")
	}
}

func TestPosts(t *testing.T) {
	_, w, api := town(t)
	direct, _, _, err := api.OpenConversation(&slackapi.OpenConversationParameters{Users: []string{"U2"}})
	if err != nil || direct.ID != w.Direct("U2") {
		t.Fatalf("conversations.open = %v, %v; want %s", direct, err, w.Direct("U2"))
	}
	for _, to := range []string{"C1", "C2", "G2", direct.ID} {
		id, ts, err := api.PostMessage(to, slackapi.MsgOptionText("hello", false), slackapi.MsgOptionBlocks(section("hello")))
		if err != nil || id != to {
			t.Fatalf("chat.postMessage to %s = %s, %v", to, id, err)
		}
		user := "U1"
		if to == direct.ID {
			user = "U2"
		}
		if got := posts(w, user, to); len(got) != 1 || got[0].ts != ts || got[0].text != "hello" || !got[0].bot {
			t.Errorf("in %s they see %+v", to, got)
		}
	}
	if id, _, err := api.PostMessage("U2", slackapi.MsgOptionText("by user id", false)); err != nil || id != direct.ID {
		t.Errorf("chat.postMessage to U2 went to %s, %v; want %s", id, err, direct.ID)
	}
	if got := posts(w, "U2", "C1"); got != nil {
		t.Errorf("who is no member sees %+v", got)
	}
	if _, err := api.PostEphemeral("C1", "U1", slackapi.MsgOptionText("only you", false)); err != nil {
		t.Fatal(err)
	}
	if got := posts(w, "U1", "C1"); len(got) != 2 || got[1].only != "U1" {
		t.Errorf("after chat.postEphemeral U1 sees %+v", got)
	}
	if got := posts(w, w.BotUser(), "C1"); len(got) != 1 {
		t.Errorf("another one sees %d messages, want 1", len(got))
	}
}

func TestUpdateAndDelete(t *testing.T) {
	_, w, api := town(t)
	_, ts, err := api.PostMessage("C1", slackapi.MsgOptionText("one", false), slackapi.MsgOptionBlocks(section("one")))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := api.UpdateMessage("C1", ts, slackapi.MsgOptionText("two", false)); err != nil {
		t.Fatal(err)
	}
	got := posts(w, "U1", "C1")[0]
	if got.text != "two" || !got.edited || !strings.Contains(string(got.blocks), "one") {
		t.Errorf("after chat.update without blocks = %+v; want blocks that stayed", got)
	}
	if _, _, _, err := api.UpdateMessage("C1", ts, slackapi.MsgOptionText("three", false), slackapi.MsgOptionBlocks(section("three"))); err != nil {
		t.Fatal(err)
	}
	if got := posts(w, "U1", "C1")[0]; !strings.Contains(string(got.blocks), "three") {
		t.Errorf("after chat.update = %s", got.blocks)
	}
	if _, _, err := api.DeleteMessage("C1", ts); err != nil {
		t.Fatal(err)
	}
	if got := posts(w, "U1", "C1"); len(got) != 0 {
		t.Errorf("after chat.delete = %+v", got)
	}
}

func TestHistory(t *testing.T) {
	s, _, api := town(t, append([]string{"channels:history"}, manifestScopes...)...)
	var sent []string
	for i := range 5 {
		_, ts, err := api.PostMessage("C1", slackapi.MsgOptionText(fmt.Sprint(i), false), slackapi.MsgOptionMetadata(slackapi.SlackMetadata{
			EventType: "payoff_message", EventPayload: map[string]any{"key": fmt.Sprint("k", i)},
		}))
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, ts)
	}
	if _, err := api.PostEphemeral("C1", "U1", slackapi.MsgOptionText("unseen", false)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		ask  slackapi.GetConversationHistoryParameters
		want []string
		more bool
	}{
		{"all", slackapi.GetConversationHistoryParameters{}, []string{"4", "3", "2", "1", "0"}, false},
		{"newest", slackapi.GetConversationHistoryParameters{Limit: 2}, []string{"4", "3"}, true},
		{"just all", slackapi.GetConversationHistoryParameters{Limit: 5}, []string{"4", "3", "2", "1", "0"}, false},
		{"since", slackapi.GetConversationHistoryParameters{Oldest: sent[3]}, []string{"4"}, false},
		{"since and with", slackapi.GetConversationHistoryParameters{Oldest: sent[3], Inclusive: true}, []string{"4", "3"}, false},
		{"until", slackapi.GetConversationHistoryParameters{Latest: sent[1]}, []string{"0"}, false},
		{"one", slackapi.GetConversationHistoryParameters{Latest: sent[1], Oldest: sent[1], Inclusive: true, Limit: 1}, []string{"1"}, false},
	} {
		tt.ask.ChannelID, tt.ask.IncludeAllMetadata = "C1", true
		h, err := api.GetConversationHistory(&tt.ask)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var texts []string
		for _, m := range h.Messages {
			texts = append(texts, m.Text)
			if key := m.Metadata.EventPayload["key"]; key != "k"+m.Text || m.Metadata.EventType != "payoff_message" {
				t.Errorf("%s: metadata of %s = %+v", tt.name, m.Text, m.Metadata)
			}
		}
		if diff := cmp.Diff(tt.want, texts); diff != "" || h.HasMore != tt.more {
			t.Errorf("%s: has_more %v, (-want +got):\n%s", tt.name, h.HasMore, diff)
		}
	}
	h, err := api.GetConversationHistory(&slackapi.GetConversationHistoryParameters{ChannelID: "C1"})
	if err != nil || h.Messages[0].Metadata.EventType != "" {
		t.Errorf("metadata unasked for: %v, %v", h, err)
	}
	if calls := s.Calls(); calls[0].Method != "chat.postMessage" || calls[1].N != 1 || calls[0].Room != "C1" || calls[0].Space != "T1" {
		t.Errorf("Calls() = %+v", calls[:2])
	}
}

func TestViews(t *testing.T) {
	_, w, api := town(t)
	first, err := api.OpenView(triggerFor(w, "U1"), modal("Log", question("much", "a1"), question("when", "a2")))
	if err != nil {
		t.Fatal(err)
	}
	open := w.topView("U1")
	if open == nil || open.id != first.ID || first.Hash == "" || first.RootViewID != first.ID {
		t.Fatalf("views.open = %+v", first)
	}
	open.state = map[string]map[string]json.RawMessage{
		"much": {"a1": json.RawMessage(`{"value":"3"}`)}, "when": {"a2": json.RawMessage(`{"value":"now"}`)},
	}
	again, err := api.UpdateView(modal("Log", question("much", "a1"), question("when", "another")), "", first.Hash, first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if open.state["much"]["a1"] == nil || open.state["when"] != nil {
		t.Errorf("after views.update the state is %s; want what has the same ids, and no more", open.state)
	}
	if again.Hash == first.Hash {
		t.Error("views.update kept the hash")
	}
	pushed, err := api.PushView(triggerFor(w, "U1"), modal("More", section("x")))
	if err != nil || pushed.PreviousViewID != first.ID || pushed.RootViewID != first.ID || w.topView("U1").id != pushed.ID {
		t.Errorf("views.push = %+v, %v", pushed, err)
	}
	home := slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{section("hi")}}}
	published, err := api.PublishView("U1", home, "")
	if err != nil || w.homes["U1"] == nil || published.ID != w.homes["U1"].id {
		t.Fatalf("views.publish = %+v, %v", published, err)
	}
	if _, err := api.PublishView("U1", home, published.Hash); err != nil {
		t.Errorf("views.publish with its hash: %v", err)
	}
}

func TestUploads(t *testing.T) {
	_, w, api := town(t)
	picture := []byte("\x89PNG\r\n\x1a\n and so on")
	f, err := api.UploadFile(slackapi.UploadFileParameters{
		Reader: bytes.NewReader(picture), FileSize: len(picture), Filename: "pace.png", Title: "Pace", AltTxt: "a line going up",
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := w.files[f.ID]
	if !bytes.Equal(kept.content, picture) || !kept.complete || kept.title != "Pace" || kept.altText != "a line going up" {
		t.Errorf("kept %+v", kept)
	}
	image := slackapi.NewImageBlockSlackFile(&slackapi.SlackFileObject{ID: f.ID}, "a line", "", nil)
	if _, _, err := api.PostMessage("C1", slackapi.MsgOptionText("pace", false), slackapi.MsgOptionBlocks(image)); err != nil {
		t.Error(err)
	}
	if _, err := api.UploadFile(slackapi.UploadFileParameters{
		Content: "a,b", FileSize: 3, Filename: "all.csv", Channel: w.Direct("U2"), InitialComment: "Here it is",
	}); err != nil {
		t.Fatal(err)
	}
	if got := posts(w, "U2", w.Direct("U2")); len(got) != 1 || len(got[0].files) != 1 || got[0].text != "Here it is" || string(got[0].files[0].content) != "a,b" {
		t.Errorf("shared: %+v", got)
	}
}

func TestSlowFiles(t *testing.T) {
	s, _, api := town(t)
	f, err := api.UploadFile(slackapi.UploadFileParameters{Content: "png", FileSize: 3, Filename: "a.png"})
	if err != nil {
		t.Fatal(err)
	}
	s.SlowFiles(2)
	image := slackapi.NewImageBlockSlackFile(&slackapi.SlackFileObject{ID: f.ID}, "a line", "", nil)
	var got []string
	for range 4 {
		_, _, err := api.PostMessage("C1", slackapi.MsgOptionText("pace", false), slackapi.MsgOptionBlocks(image))
		got = append(got, fmt.Sprint(err))
	}
	if diff := cmp.Diff([]string{"invalid_blocks", "invalid_blocks", "<nil>", "<nil>"}, got); diff != "" {
		t.Errorf("posts while a file is processed (-want +got):\n%s", diff)
	}
}

func TestOrganisation(t *testing.T) {
	s := New(t)
	one, two := s.Workspace("T1", "One"), s.Workspace("T2", "Two")
	one.Enterprise, two.Enterprise = "E1", "E1"
	two.AddUser(User{ID: "U5", Name: "eve"})
	two.AddRoom(Room{ID: "C5", Name: "five", Members: []string{"U5", two.BotUser()}})
	s.exchange = func(code, _ string) (*grant, error) {
		if code != "good" {
			return nil, errors.New("invalid_code")
		}
		return &grant{w: one, org: true, user: "U1"}, nil
	}
	r, err := slackapi.GetOAuthV2ResponseContext(context.Background(), nethttp, s.ClientID(), s.ClientSecret(), "good", "", slackapi.OAuthOptionAPIURL(s.URL()))
	if err != nil {
		t.Fatal(err)
	}
	if !r.IsEnterpriseInstall || r.Enterprise.ID != "E1" || r.Team.ID != "" || r.BotUserID != one.BotUser() {
		t.Errorf("oauth.v2.access = %+v", r)
	}
	api := slackapi.New(r.AccessToken, slackapi.OptionAPIURL(s.URL()))
	if _, _, err := api.PostMessage("C5", slackapi.MsgOptionText("hello", false)); err != nil {
		t.Errorf("to a room of another workspace of the organisation: %v", err)
	}
	if got := posts(two, "U5", "C5"); len(got) != 1 {
		t.Errorf("U5 sees %+v", got)
	}
	if one.Direct("U5") == two.Direct("U5") {
		t.Error("direct rooms in two workspaces have the same id")
	}
}

func TestNothingShowsTokens(t *testing.T) {
	s, w, api := town(t)
	if _, _, err := api.PostMessage("C1", slackapi.MsgOptionText("hello", false)); err != nil {
		t.Fatal(err)
	}
	s.exchange = func(string, string) (*grant, error) { return &grant{w: w, user: "U1"}, nil }
	if _, err := slackapi.GetOAuthV2ResponseContext(context.Background(), nethttp, s.ClientID(), s.ClientSecret(), "code-of-ada", "", slackapi.OAuthOptionAPIURL(s.URL())); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Calls() {
		for _, hidden := range []string{"xoxb-", "xapp-", s.ClientSecret(), "code-of-ada"} {
			if strings.Contains(string(c.Body), hidden) {
				t.Errorf("%s recorded %s", c.Method, c.Body)
			}
		}
	}
}

func TestTimestamps(t *testing.T) {
	s, w, _ := town(t)
	still := time.Unix(1700000000, 123000)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = func() time.Time { return still }
	last := ""
	for range 50 {
		m := w.room("C1").post(s, message{user: "U1"})
		if m.ts <= last || len(m.ts) != len("1700000000.000123") {
			t.Fatalf("ts %s after %s", m.ts, last)
		}
		last = m.ts
	}
}

func TestWithMoreScopes(t *testing.T) {
	s, w, api := town(t, append([]string{"files:read", "channels:read", "im:read"}, manifestScopes...)...)
	f, err := api.UploadFile(slackapi.UploadFileParameters{Content: "a,b", FileSize: 3, Filename: "all.csv", Channel: "C1"})
	if err != nil {
		t.Fatal(err)
	}
	if got, _, _, err := api.GetFileInfo(f.ID, 0, 0); err != nil || got.Name != "all.csv" || got.Size != 3 || got.Channels[0] != "C1" {
		t.Errorf("files.info = %+v, %v", got, err)
	}
	if c, err := api.GetConversationInfo(&slackapi.GetConversationInfoInput{ChannelID: "C2"}); err != nil || c.Name != "open" || c.IsMember {
		t.Errorf("conversations.info of a room = %+v, %v", c, err)
	}
	if c, err := api.GetConversationInfo(&slackapi.GetConversationInfoInput{ChannelID: w.Direct("U1")}); err != nil || !c.IsIM || c.User != "U1" {
		t.Errorf("conversations.info of a direct room = %+v, %v", c, err)
	}
	if _, err := slackapi.New(s.AppToken(), slackapi.OptionAPIURL(s.URL())).AuthTest(); err != nil {
		t.Errorf("auth.test of the app's own token: %v", err)
	}
	w.AddRoom(Room{ID: "C1", Name: "renamed", Members: []string{"U1"}})
	if got := posts(w, "U1", "C1"); len(got) != 1 {
		t.Errorf("a room that was changed holds %+v, want what was said", got)
	}
}
