package slacktest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
)

// asked is a form of every kind of question. With another ids its fields are others to Slack.
func asked(title, ids, value string) json.RawMessage {
	r := strings.NewReplacer("TITLE", title, "IDS", ids, "VALUE", value)
	return json.RawMessage(r.Replace(`{"type":"modal","callback_id":"form","private_metadata":"m1",
	"title":{"type":"plain_text","text":"TITLE","emoji":false},"submit":{"type":"plain_text","text":"Check in"},"blocks":[
	{"type":"section","block_id":"error","text":{"type":"mrkdwn","text":"*Two* errors"}},
	{"type":"section","text":{"type":"mrkdwn","text":"As you _would_ log it"}},
	{"type":"input","block_id":"c1","optional":true,"label":{"type":"plain_text","text":"BNI","emoji":false},
		"hint":{"type":"plain_text","text":"4 h <so> far","emoji":false},
		"element":{"type":"plain_text_input","action_id":"IDS","initial_value":"VALUE","max_length":20}},
	{"type":"context","block_id":"error:c1","elements":[{"type":"plain_text","text":"of what?","emoji":false}]},
	{"type":"input","block_id":"kept","label":{"type":"plain_text","text":"Kept?"},
		"element":{"type":"static_select","action_id":"IDS","initial_option":{"text":{"type":"plain_text","text":"Partly"},"value":"partly"},
		"options":[{"text":{"type":"plain_text","text":"Kept"},"value":"kept"},{"text":{"type":"plain_text","text":"Partly"},"value":"partly"}]}},
	{"type":"input","block_id":"next","label":{"type":"plain_text","text":"Next?"},
		"element":{"type":"plain_text_input","action_id":"IDS","multiline":true}}]}`))
}

// opened has a form open before Ann.
func opened(t *testing.T, s *Slack, w *Workspace) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	w.openView("UANN", asked("Week", "a1", "2h"), false)
}

func TestForm(t *testing.T) {
	s, w, _ := office(t)
	opened(t, s, w)
	got, found := w.Form("UANN")
	if !found {
		t.Fatal("no form")
	}
	want := Form{
		ID: got.ID, Title: "Week", Submit: "Check in", Intro: "As you would log it", Error: "Two errors", Metadata: "m1",
		Fields: []Field{
			{Block: "c1", Label: "BNI", Hint: "4 h <so> far", Value: "2h", Error: "of what?"},
			{Block: "kept", Label: "Kept?", Value: "Partly", Choices: []string{"Kept", "Partly"}, Required: true},
			{Block: "next", Label: "Next?", Required: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Form (-want +got):\n%s", diff)
	}
	if f, found := w.Form("UBOB"); found {
		t.Errorf("Bob sees %+v", f)
	}
	w.Tamper("UANN", strings.ToUpper)
	if f, _ := w.Form("UANN"); f.Metadata != "M1" {
		t.Errorf("Metadata = %q after Tamper, want M1", f.Metadata)
	}
	w.CloseForm("UANN")
	if _, found := w.Form("UANN"); found {
		t.Error("the form is open after it was closed")
	}
}

func TestFill(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Slack, w *Workspace, _ *slackapi.Client, a *app) {
		for name, values := range map[string]map[string]string{
			"no such field":  {"Next?": "x", "Other": "y"},
			"required":       {"BNI": "3h"},
			"no such option": {"Next?": "x", "Kept?": "Maybe"},
			"too long":       {"Next?": "x", "BNI": strings.Repeat("x", 21)},
		} {
			opened(t, s, w)
			if w.Fill("", "UANN", values) == nil {
				t.Errorf("%s: Fill = nil, want an error", name)
			}
		}
		if n := len(a.told()); n != 0 {
			t.Fatalf("the app was told %d times", n)
		}
		opened(t, s, w)
		ok(t, w.Fill("e1", "UANN", map[string]string{"Next?": "a & <b>\nc", "Kept?": "Kept"}))
		got := a.last(t).interaction
		values := got.View.State.Values
		if v := values["c1"]["a1"]; v.Value != "2h" || v.Type != "plain_text_input" {
			t.Errorf("c1 = %+v, want what stood there", v)
		}
		if v := values["kept"]["a1"].SelectedOption; v.Value != "kept" || v.Text.Text != "Kept" {
			t.Errorf("kept = %+v, want what was chosen", v)
		}
		if v := values["next"]["a1"].Value; v != "a & <b>\nc" {
			t.Errorf("next = %q, want what was typed", v)
		}
		if got.Type != "view_submission" || got.View.CallbackID != "form" || got.View.PrivateMetadata != "m1" || got.View.ID == "" || got.View.Hash == "" || got.User.ID != "UANN" {
			t.Errorf("payload = %+v", got)
		}
		if f, found := w.Form("UANN"); found {
			t.Errorf("%q is open after it was taken", f.Title)
		}
		ok(t, w.Fill("e1", "UANN", nil)) // a double click
		if all := a.told(); len(all) != 2 || string(all[0].raw) != string(all[1].raw) {
			t.Errorf("%d submissions, or different ones, want the same twice", len(all))
		}
		if w.Fill("e2", "UANN", nil) == nil {
			t.Error("Fill without a form = nil")
		}
	})
}

func TestResponseAction(t *testing.T) {
	fill := map[string]string{"BNI": "3h", "Next?": "sleep"}
	bothWays(t, func(t *testing.T, s *Slack, w *Workspace, _ *slackapi.Client, a *app) {
		submit := func(payload any) (Form, bool) {
			t.Helper()
			a.mu.Lock()
			a.answer = func(brought) (any, bool) { return payload, true }
			a.mu.Unlock()
			opened(t, s, w)
			ok(t, w.Fill("", "UANN", fill))
			return w.Form("UANN")
		}
		f, _ := submit(slackapi.NewErrorsViewSubmissionResponse(map[string]string{"next": "One thing."}))
		if f.Fields[2].Error != "One thing." || f.Fields[2].Value != "sleep" || f.Fields[0].Value != "3h" {
			t.Errorf("after errors: %+v", f.Fields)
		}
		if f, _ = submit(map[string]any{"response_action": "update", "view": asked("Again", "a1", "9h")}); f.Title != "Again" || f.Fields[0].Value != "3h" || f.Fields[2].Value != "sleep" {
			t.Errorf("after an update with the same ids: %+v, want what was typed", f)
		}
		if f, _ = submit(map[string]any{"response_action": "update", "view": asked("Again", "a2", "9h")}); f.Fields[0].Value != "9h" || f.Fields[2].Value != "" {
			t.Errorf("after an update with other ids: %+v, want the values of the new form", f.Fields)
		}
		if f, _ = submit(map[string]any{"response_action": "push", "view": asked("Above", "a1", "9h")}); f.Title != "Above" || f.Fields[0].Value != "9h" {
			t.Errorf("after a push: %+v", f)
		}
		w.CloseForm("UANN")
		if f, found := w.Form("UANN"); !found || f.Title != "Week" {
			t.Errorf("below what was pushed: %+v, %t", f, found)
		}
		if f, found := submit(slackapi.NewClearViewSubmissionResponse()); found {
			t.Errorf("after clear: %+v", f)
		}
	})
}

func TestBadResponseAction(t *testing.T) {
	for name, answer := range map[string]string{
		"no question":  `{"response_action":"errors","errors":{"error":"x"}}`,
		"empty":        `{"response_action":"errors","errors":{"next":""}}`,
		"none":         `{"response_action":"errors"}`,
		"unknown":      `{"response_action":"close"}`,
		"no view":      `{"response_action":"update"}`,
		"not a modal":  `{"response_action":"update","view":{"type":"home","blocks":[]}}`,
		"not JSON":     `OK`,
		"push upon 3":  `{"response_action":"push","view":` + string(asked("x", "a1", "y")) + `}`,
		"no such file": `{"response_action":"update","view":{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[{"type":"image","alt_text":"x","slack_file":{"id":"F1"}}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			watch := &spy{TB: t}
			s, w, _ := office(watch)
			opened(t, s, w)
			s.mu.Lock()
			if name == "push upon 3" {
				w.openView("UANN", asked("2", "a1", ""), true)
				w.openView("UANN", asked("3", "a1", ""), true)
			}
			id := w.topView("UANN").id
			s.mu.Unlock()
			if err := w.submitted(id, []byte(answer)); err == nil || watch.failures() == "" {
				t.Errorf("submitted = %v, failures %q, want both", err, watch.failures())
			}
			if _, found := w.Form("UANN"); !found {
				t.Error("the form is closed")
			}
		})
	}
}

func TestCloseFormTells(t *testing.T) {
	bothWays(t, func(t *testing.T, s *Slack, w *Workspace, _ *slackapi.Client, a *app) {
		s.mu.Lock()
		view := strings.Replace(string(asked("Week", "a1", "")), `"type":"modal"`, `"type":"modal","notify_on_close":true`, 1)
		w.openView("UANN", json.RawMessage(view), false)
		s.mu.Unlock()
		w.CloseForm("UANN")
		if got := a.last(t).interaction; got.Type != "view_closed" || got.View.PrivateMetadata != "m1" {
			t.Errorf("payload = %+v", got)
		}
	})
}
