package slacktest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"
)

// nethttp is a client with a limit, as none of these calls may hang.
var nethttp = &http.Client{Timeout: 10 * time.Second}

// TestRefusals has each refusal of the methods: what Slack answers, and that it fails a test
// which does not expect it.
func TestRefusals(t *testing.T) {
	text := slackapi.MsgOptionText("hello", false)
	for _, tt := range []struct {
		name, want string
		scopes     []string
		do         func(*Slack, *Workspace, *slackapi.Client) error
	}{
		{"no token", "not_authed", nil, func(s *Slack, _ *Workspace, _ *slackapi.Client) error {
			_, err := slackapi.New("", slackapi.OptionAPIURL(s.URL())).AuthTest()
			return err
		}},
		{"an unknown token", "invalid_auth", nil, func(s *Slack, _ *Workspace, _ *slackapi.Client) error {
			_, err := slackapi.New("xoxb-other", slackapi.OptionAPIURL(s.URL())).AuthTest()
			return err
		}},
		{"a revoked token", "token_revoked", nil, func(s *Slack, w *Workspace, api *slackapi.Client) error {
			s.mu.Lock()
			w.revoke()
			s.mu.Unlock()
			_, err := api.AuthTest()
			return err
		}},
		{"a bot token for a socket", "not_allowed_token_type", nil, func(s *Slack, w *Workspace, _ *slackapi.Client) error {
			_, _, err := slackapi.New("", slackapi.OptionAPIURL(s.URL()), slackapi.OptionAppLevelToken(w.Install())).StartSocketModeContext(t.Context())
			return err
		}},
		{"an app token for a post", "not_allowed_token_type", nil, func(s *Slack, _ *Workspace, _ *slackapi.Client) error {
			_, _, err := slackapi.New(s.AppToken(), slackapi.OptionAPIURL(s.URL())).PostMessage("C1", text)
			return err
		}},
		{"a method that is none", "unknown_method", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.GetTeamInfo()
			return err
		}},
		{"without a scope", "missing_scope", []string{"users:read"}, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C1", text)
			var e slackapi.SlackErrorResponse
			if errors.As(err, &e) && (e.Needed != "chat:write" || e.Provided != "users:read") {
				return errors.New("needed " + e.Needed + ", provided " + e.Provided)
			}
			return err
		}},
		{"history of a channel without its scope", "missing_scope", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.GetConversationHistory(&slackapi.GetConversationHistoryParameters{ChannelID: "C1"})
			return err
		}},
		{"an unknown room", "channel_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C404", text)
			return err
		}},
		{"a private room without the app", "channel_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("G1", text)
			return err
		}},
		{"two people's direct room", "channel_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("D9", text)
			return err
		}},
		{"a public room without the app or the scope", "not_in_channel", []string{"chat:write"}, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C2", text)
			return err
		}},
		{"a whisper without the app", "not_in_channel", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.PostEphemeral("C2", "U1", text)
			return err
		}},
		{"a whisper to who is not there", "user_not_in_channel", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.PostEphemeral("C1", "U2", text)
			return err
		}},
		{"nothing said", "no_text", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C1", slackapi.MsgOptionText("", false))
			return err
		}},
		{"too much said", "msg_too_long", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C1", slackapi.MsgOptionText(strings.Repeat("x", maxText+1), false))
			return err
		}},
		{"blocks that are none", "invalid_blocks", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C1", text, slackapi.MsgOptionBlocks(section("")))
			return err
		}},
		{"a picture that is not there", "invalid_blocks", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C1", text, slackapi.MsgOptionBlocks(slackapi.NewImageBlockSlackFile(&slackapi.SlackFileObject{ID: "F404"}, "x", "", nil)))
			return err
		}},
		{"metadata without a type", "invalid_metadata_format", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, err := api.PostMessage("C1", text, slackapi.MsgOptionMetadata(slackapi.SlackMetadata{EventPayload: map[string]any{"key": "k"}}))
			return err
		}},
		{"an update of nothing", "message_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, _, err := api.UpdateMessage("C1", "1700000000.000001", text)
			return err
		}},
		{"an update of what only one sees", "message_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			ts, err := api.PostEphemeral("C1", "U1", text)
			if err == nil {
				_, _, _, err = api.UpdateMessage("C1", ts, text)
			}
			return err
		}},
		{"an update of what another said", "cant_update_message", nil, func(s *Slack, w *Workspace, api *slackapi.Client) error {
			s.mu.Lock()
			m := w.room("C1").post(s, message{user: "U1", text: "mine"})
			s.mu.Unlock()
			_, _, _, err := api.UpdateMessage("C1", m.ts, text)
			return err
		}},
		{"deleting what is gone", "message_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, ts, err := api.PostMessage("C1", text)
			if err == nil {
				_, _, err = api.DeleteMessage("C1", ts)
			}
			if err == nil {
				_, _, err = api.DeleteMessage("C1", ts)
			}
			return err
		}},
		{"who is nobody", "user_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.GetUserInfo("U404")
			return err
		}},
		{"a room with who left", "user_disabled", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, _, err := api.OpenConversation(&slackapi.OpenConversationParameters{Users: []string{"U3"}})
			return err
		}},
		{"a room with itself", "cannot_dm_bot", nil, func(_ *Slack, w *Workspace, api *slackapi.Client) error {
			_, _, _, err := api.OpenConversation(&slackapi.OpenConversationParameters{Users: []string{w.BotUser()}})
			return err
		}},
		{"about a room without the scope", "missing_scope", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.GetConversationInfo(&slackapi.GetConversationInfoInput{ChannelID: "C1"})
			return err
		}},
		{"a trigger that is none", "invalid_trigger_id", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.OpenView("1.2.x", modal("A", section("x")))
			return err
		}},
		{"a trigger twice", "exchanged_trigger_id", nil, func(_ *Slack, w *Workspace, api *slackapi.Client) error {
			trigger := triggerFor(w, "U1")
			_, err := api.OpenView(trigger, modal("A", section("x")))
			if err == nil {
				_, err = api.OpenView(trigger, modal("A", section("x")))
			}
			return err
		}},
		{"a trigger after three seconds", "expired_trigger_id", nil, func(s *Slack, w *Workspace, api *slackapi.Client) error {
			trigger := triggerFor(w, "U1")
			s.later(triggerLife + time.Millisecond)
			_, err := api.OpenView(trigger, modal("A", section("x")))
			return err
		}},
		{"a fourth modal", "push_limit_reached", nil, func(_ *Slack, w *Workspace, api *slackapi.Client) error {
			_, err := api.OpenView(triggerFor(w, "U1"), modal("A", section("x")))
			for range 3 {
				if err == nil {
					_, err = api.PushView(triggerFor(w, "U1"), modal("A", section("x")))
				}
			}
			return err
		}},
		{"a view that is closed", "not_found", nil, func(s *Slack, w *Workspace, api *slackapi.Client) error {
			v, err := api.OpenView(triggerFor(w, "U1"), modal("A", section("x")))
			if err != nil {
				return err
			}
			s.mu.Lock()
			w.closeViews("U1")
			s.mu.Unlock()
			_, err = api.UpdateView(modal("A", section("x")), "", "", v.ID)
			return err
		}},
		{"a view that changed meanwhile", "hash_conflict", nil, func(_ *Slack, w *Workspace, api *slackapi.Client) error {
			v, err := api.OpenView(triggerFor(w, "U1"), modal("A", section("x")))
			if err == nil {
				_, err = api.UpdateView(modal("A", section("y")), "", v.Hash, v.ID)
			}
			if err == nil {
				_, err = api.UpdateView(modal("A", section("z")), "", v.Hash, v.ID)
			}
			return err
		}},
		{"an external_id twice", "duplicate_external_id", nil, func(_ *Slack, w *Workspace, api *slackapi.Client) error {
			v := modal("A", section("x"))
			v.ExternalID = "one"
			_, err := api.OpenView(triggerFor(w, "U1"), v)
			if err == nil {
				_, err = api.OpenView(triggerFor(w, "U2"), v)
			}
			return err
		}},
		{"a Home in place of a modal", "invalid_arguments", nil, func(_ *Slack, w *Workspace, api *slackapi.Client) error {
			v := modal("A", section("x"))
			v.Type = slackapi.VTHomeTab
			_, err := api.OpenView(triggerFor(w, "U1"), v)
			return err
		}},
		{"a view that is too large", "view_too_large", nil, func(_ *Slack, w *Workspace, api *slackapi.Client) error {
			var blocks []slackapi.Block
			for range maxViewBlocks {
				blocks = append(blocks, section(strings.Repeat("x", 2600)))
			}
			_, err := api.OpenView(triggerFor(w, "U1"), modal("A", blocks...))
			return err
		}},
		{"a Home for nobody", "user_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.PublishView("U404", slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: slackapi.Blocks{BlockSet: []slackapi.Block{section("x")}}}, "")
			return err
		}},
		{"a file that was not uploaded", "file_not_found", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			u, err := api.GetUploadURLExternalContext(t.Context(), slackapi.GetUploadURLExternalParameters{FileName: "a", FileSize: 1})
			if err == nil {
				_, err = api.CompleteUploadExternalContext(t.Context(), slackapi.CompleteUploadExternalParameters{Files: []slackapi.FileSummary{{ID: u.FileID}}})
			}
			return err
		}},
		{"a file of another size", "invalid_arguments", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.UploadFile(slackapi.UploadFileParameters{Content: "abcdef", FileSize: 3, Filename: "a"})
			return err
		}},
		{"a file into a room without the app", "not_in_channel", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, err := api.UploadFile(slackapi.UploadFileParameters{Content: "abc", FileSize: 3, Filename: "a", Channel: "C2"})
			return err
		}},
		{"about a file without the scope", "missing_scope", nil, func(_ *Slack, _ *Workspace, api *slackapi.Client) error {
			_, _, _, err := api.GetFileInfo("F1", 0, 0)
			return err
		}},
		{"a secret that is wrong", "bad_client_secret", nil, func(s *Slack, _ *Workspace, _ *slackapi.Client) error {
			_, err := slackapi.GetOAuthV2ResponseContext(t.Context(), nethttp, s.ClientID(), "guess", "code", "", slackapi.OAuthOptionAPIURL(s.URL()))
			return err
		}},
		{"a code that is none", "invalid_code", nil, func(s *Slack, _ *Workspace, _ *slackapi.Client) error {
			_, err := slackapi.GetOAuthV2ResponseContext(t.Context(), nethttp, s.ClientID(), s.ClientSecret(), "guess", "", slackapi.OAuthOptionAPIURL(s.URL()))
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen := &witness{TB: t}
			s, w, api := town(seen, tt.scopes...)
			err := tt.do(s, w, api)
			if err == nil || !strings.HasSuffix(err.Error(), tt.want) {
				t.Errorf("refused with %v, want %s", err, tt.want)
			}
			if said := seen.said(); len(said) != 1 || !strings.Contains(said[0], tt.want) {
				t.Errorf("the test was told %q, want it once", said)
			}
			s, w, api = town(seen, tt.scopes...)
			s.Expect(tt.want)
			if err := tt.do(s, w, api); err == nil {
				t.Error("an expected refusal is none")
			}
			if said := seen.said(); len(said) != 1 {
				t.Errorf("with Expect(%q) the test was told %q", tt.want, said[1:])
			}
		})
	}
}

// later lets time pass.
func (s *Slack) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now().Add(d)
	s.now = func() time.Time { return now }
}

func TestMalformedRequests(t *testing.T) {
	for _, tt := range []struct{ name, kind, body, want string }{
		{"JSON that is none", "application/json", `{"channel":`, "invalid_json"},
		{"a form that is none", "application/x-www-form-urlencoded", "text=%zz", "invalid_form_data"},
		{"an unknown kind", "text/csv", "a,b", "invalid_form_data"},
		{"blocks that are no JSON", "application/x-www-form-urlencoded", "token=TOKEN&channel=C1&text=x&blocks=%5B", "invalid_blocks_format"},
		{"blocks that are no list", "application/json", `{"token":"TOKEN","channel":"C1","text":"x","blocks":{}}`, "invalid_blocks_format"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen := &witness{TB: t}
			s, w, _ := town(seen)
			body := strings.ReplaceAll(tt.body, "TOKEN", w.Install())
			r, err := nethttp.Post(s.URL()+"chat.postMessage", tt.kind, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			got, err := io.ReadAll(r.Body)
			if err != nil || !strings.Contains(string(got), `"error":"`+tt.want+`"`) {
				t.Errorf("answered %s, %v; want %s", got, err, tt.want)
			}
			if len(seen.said()) != 1 {
				t.Errorf("the test was told %q", seen.said())
			}
		})
	}
}
