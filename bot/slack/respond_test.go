package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

func TestRespond(t *testing.T) {
	notFound := func(body string) tapeAnswer { return tapeAnswer{status: 404, body: body} }
	tests := []struct {
		name    string
		answers []tapeAnswer
		calls   int
		kind    chat.ErrorKind
		code    string
	}{
		{"ok", nil, 1, "", ""},
		{"ok in JSON", []tapeAnswer{{body: `{"ok":true}`}}, 1, "", ""},
		{"nothing said", []tapeAnswer{{}}, 1, "", ""},
		{"429", []tapeAnswer{limited("2")}, 2, "", ""},
		{"500", []tapeAnswer{{status: 500, body: "rollup_error"}}, 2, "", ""},
		{"cut", []tapeAnswer{{err: errCut}, {err: errCut}}, 3, "", ""},
		{"a page of trouble", []tapeAnswer{{body: "<!DOCTYPE html>"}}, 2, "", ""},
		{"429 for long", []tapeAnswer{limited("120")}, 1, chat.RateLimited, ""},
		{"used up", []tapeAnswer{notFound(`{"ok":false,"error":"used_url"}`)}, 1, chat.Gone, "used_url"},
		{"too old", []tapeAnswer{notFound("expired_url")}, 1, chat.Gone, "expired_url"},
		{"nothing there", []tapeAnswer{notFound("")}, 1, chat.Gone, ""},
		{"bad blocks", []tapeAnswer{notFound(`{"ok":false,"error":"invalid_blocks"}`)}, 1, chat.Invalid, "invalid_blocks"},
		{"bad blocks, in a word", []tapeAnswer{{status: 400, body: "invalid_blocks\n"}}, 1, chat.Invalid, "invalid_blocks"},
		{"bad blocks with 200", []tapeAnswer{{body: `{"ok":false,"error":"invalid_blocks"}`}}, 1, chat.Invalid, "invalid_blocks"},
		{"forbidden", []tapeAnswer{{status: 403, body: "<p>no</p>"}}, 1, chat.Invalid, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, over, _ := wired(t, first("response", tt.answers...))
				err := a.spaces["T1"].respond(t.Context(), wireAddress, page{text: "x"}, forPerson)
				checkCalls(t, over, "response", tt.calls)
				if tt.kind == "" && err != nil {
					t.Errorf("error = %v", err)
				} else if tt.kind != "" {
					checkKind(t, err, tt.kind)
				}
				if codeOf(err) != tt.code {
					t.Errorf("code = %q, want %q", codeOf(err), tt.code)
				}
			})
		})
	}
	a, _, _ := wired(t, usual)
	checkKind(t, a.spaces["T1"].respond(t.Context(), "", page{}, forAll), chat.Gone)
	checkKind(t, a.spaces["T1"].respond(t.Context(), "::", page{}, forAll), chat.Gone)
}

// TestRespondIsLimitedAlone holds that one response address that is told to wait holds up no other.
func TestRespondIsLimitedAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, first("response", limited("5")))
		w := a.spaces["T1"]
		slow := make(chan error, 1)
		go func() { slow <- w.respond(t.Context(), wireAddress, page{text: "x"}, forAll) }()
		synctest.Wait()
		start := time.Now()
		if err := w.respond(t.Context(), wireAddress+"2", page{text: "x"}, forAll); err != nil || time.Since(start) > 0 {
			t.Errorf("another address: %v after %v", err, time.Since(start))
		}
		if err := <-slow; err != nil || time.Since(start) != 5*time.Second {
			t.Errorf("the address that was limited: %v after %v, want 5s", err, time.Since(start))
		}
		checkCalls(t, over, "response", 3)
	})
}

func TestRespondSaysHow(t *testing.T) {
	a, over, _ := wired(t, usual)
	p := page{text: "2 h BNI", blocks: []slackapi.Block{slackapi.NewDividerBlock()}}
	for how, want := range map[respondAs]string{
		forPerson: `"response_type":"ephemeral","replace_original":false`,
		forAll:    `"response_type":"in_channel","replace_original":false`,
		instead:   `"replace_original":true`,
	} {
		if err := a.spaces["T1"].respond(t.Context(), wireAddress, p, how); err != nil {
			t.Fatal(err)
		}
		calls := over.of("response")
		body := calls[len(calls)-1].body
		if !strings.Contains(body, want) || !strings.Contains(body, `"blocks":[{"type":"divider"}]`) || !strings.Contains(body, `"text":"2 h BNI"`) {
			t.Errorf("respond sends %s, want %s", body, want)
		}
		if calls[len(calls)-1].token != "" {
			t.Error("a response address was given the token")
		}
	}
	_ = a.spaces["T1"].respond(t.Context(), wireAddress, page{text: "x"}, forAll)
	if calls := over.of("response"); strings.Contains(calls[len(calls)-1].body, "blocks") {
		t.Errorf("without blocks: %s", calls[len(calls)-1].body)
	}
}

func FuzzRefusal(f *testing.F) {
	for _, s := range []string{"ok", `{"ok":true}`, `{"ok":false,"error":"used_url"}`, "expired_url", "<html>", `{"ok":1}`, "[]"} {
		f.Add(404, []byte(s))
	}
	f.Fuzz(func(t *testing.T, status int, answer []byte) {
		code := refusal(status, answer)
		var said map[string]any
		if json.Unmarshal(answer, &said) == nil && said["ok"] == true && code != "" {
			t.Errorf("refusal(%d, %q) = %q of what says ok", status, answer, code)
		}
		if code != "" && !strings.Contains(string(answer), code) && !json.Valid(answer) {
			t.Errorf("refusal(%d, %q) = %q", status, answer, code)
		}
	})
}
