package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
)

// addressFor makes a response address.
func addressFor(w *Workspace, room, user, ts string) string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.newResponseURL(w.room(room), user, ts)
}

// say posts to a response address, and says what is answered.
func say(t *testing.T, address string, what map[string]any) (status int, body string) {
	t.Helper()
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	r, err := nethttp.Post(address, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, strings.TrimSpace(string(got))
}

func TestResponseAddress(t *testing.T) {
	_, w, api := town(t)
	// In a direct room of two others there is no other way to answer.
	address := addressFor(w, "D9", "U1", "")
	for _, what := range []map[string]any{
		{"text": "for you"},
		{"text": "for both", "response_type": "in_channel"},
		{"text": "again", "replace_original": true},
	} {
		if status, body := say(t, address, what); status != http.StatusOK || body != `{"ok":true}` {
			t.Errorf("%v was answered %d %s", what, status, body)
		}
	}
	var got []string
	for _, m := range posts(w, "U1", "D9") {
		got = append(got, m.text+"/"+m.only)
	}
	if diff := cmp.Diff([]string{"for you/U1", "for both/", "again/U1"}, got); diff != "" {
		t.Errorf("U1 sees (-want +got):\n%s", diff)
	}
	if got := posts(w, "U2", "D9"); len(got) != 1 || got[0].text != "for both" {
		t.Errorf("U2 sees %+v", got)
	}
	if _, _, err := api.PostMessage("D9", slackapi.MsgOptionResponseURL(address, slackapi.ResponseTypeEphemeral), slackapi.MsgOptionText("by slack-go", false)); err != nil {
		t.Errorf("a post as slack-go makes it: %v", err)
	}
}

func TestResponseToAButton(t *testing.T) {
	_, w, api := town(t)
	for _, only := range []string{"", "U1"} {
		var ts string
		var err error
		if only == "" {
			_, ts, err = api.PostMessage("C1", slackapi.MsgOptionText("press", false))
		} else {
			ts, err = api.PostEphemeral("C1", only, slackapi.MsgOptionText("press", false))
		}
		if err != nil {
			t.Fatal(err)
		}
		address := addressFor(w, "C1", "U1", ts)
		if status, body := say(t, address, map[string]any{"text": "pressed", "replace_original": true}); status != http.StatusOK {
			t.Fatalf("replace_original: %d %s", status, body)
		}
		if got := posts(w, "U1", "C1"); len(got) != 1 || got[0].text != "pressed" || got[0].ts != ts || got[0].only != only {
			t.Errorf("after replace_original: %+v", got)
		}
		if status, body := say(t, address, map[string]any{"delete_original": true}); status != http.StatusOK {
			t.Fatalf("delete_original: %d %s", status, body)
		}
		if got := posts(w, "U1", "C1"); len(got) != 0 {
			t.Errorf("after delete_original: %+v", got)
		}
	}
}

func TestResponseAddressRefuses(t *testing.T) {
	ok := map[string]any{"text": "hello"}
	for _, tt := range []struct {
		name, want string
		what       map[string]any
		before     func(*testing.T, *Slack, *Workspace, string) string
	}{
		{"a sixth time", "used_url", ok, func(t *testing.T, _ *Slack, _ *Workspace, address string) string {
			for range responsePosts {
				if status, body := say(t, address, ok); status != http.StatusOK {
					t.Fatalf("%d %s", status, body)
				}
			}
			return address
		}},
		{"after half an hour", "expired_url", ok, func(_ *testing.T, s *Slack, _ *Workspace, address string) string {
			s.later(responseLife + 1)
			return address
		}},
		{"one that is none", "expired_url", ok, func(_ *testing.T, _ *Slack, _ *Workspace, address string) string { return address + "0" }},
		{"nothing", "no_text", map[string]any{"text": "", "blocks": nil}, nil},
		{"blocks that are none", "invalid_blocks", map[string]any{"text": "x", "blocks": []any{map[string]any{"type": "section"}}}, nil},
		{"a message that is gone", "message_not_found", map[string]any{"text": "x", "replace_original": true}, func(_ *testing.T, _ *Slack, w *Workspace, _ string) string {
			return addressFor(w, "C1", "U1", "1700000000.000001")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen := &witness{TB: t}
			s, w, _ := town(seen)
			address := addressFor(w, "C1", "U1", "")
			if tt.before != nil {
				address = tt.before(t, s, w, address)
			}
			status, body := say(t, address, tt.what)
			if status != http.StatusNotFound || !strings.Contains(body, fmt.Sprintf(`"error":%q`, tt.want)) {
				t.Errorf("answered %d %s, want 404 %s", status, body, tt.want)
			}
			if said := seen.said(); len(said) != 1 {
				t.Errorf("the test was told %q", said)
			}
		})
	}
}
