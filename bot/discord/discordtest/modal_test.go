package discordtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const form = `{"type":9,"data":{"custom_id":"f:1:0","title":"Check in","components":[
	{"type":10,"content":"How was **last week**? \\*\\*"},
	{"type":18,"label":"Obstacle","description":"What is in the way","component":{"type":4,"custom_id":"obstacle","style":2,"required":false,"value":"Time","placeholder":"a word","max_length":10}},
	{"type":18,"label":"Confidence","component":{"type":3,"custom_id":"confidence","options":[{"label":"On track","value":"on"},{"label":"At risk","value":"risk","default":true}]}},
	{"type":1,"components":[{"type":4,"custom_id":"next","style":1,"label":"Next"}]}]}}`

func TestModal(t *testing.T) {
	bothWays(t, nil, func(w raw, a *app) {
		a.answer = func(it told) string {
			if it.Type == commandInteraction {
				return form
			}
			return says("Thank you")(it)
		}
		if err := w.Command("", ada, lobby, "/log 2h"); err != nil {
			t.Fatal(err)
		}
		got, open := w.Modal(ada)
		want := Modal{Title: "Check in", CustomID: "f:1:0", Text: "How was last week? **", Fields: []Field{
			{ID: "obstacle", Label: "Obstacle", Description: "What is in the way", Placeholder: "a word", Value: "Time", Long: true},
			{ID: "confidence", Label: "Confidence", Value: "At risk", Choices: []string{"On track", "At risk"}, Required: true},
			{ID: "next", Label: "Next", Required: true},
		}}
		if diff := cmp.Diff(want, got); diff != "" || !open {
			t.Errorf("Modal (-want +got):\n%s", diff)
		}
		if _, other := w.Modal(cat); other {
			t.Error("it is open before somebody else")
		}
		for _, tt := range []struct {
			name   string
			values map[string]string
			want   string
		}{
			{"nothing that is required", nil, `"Next": Discord does not submit it empty`},
			{"too long", map[string]string{"Obstacle": x(11)}, "11 characters"},
			{"no option", map[string]string{"Confidence": "Great"}, "no option"},
			{"no field", map[string]string{"Next": "Call", "Nonsense": "x"}, "no field"},
		} {
			if err := w.Submit("", ada, tt.values); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
			}
		}
		for range 2 { // the second is the same interaction again
			if err := w.Submit("s", ada, map[string]string{"Next": "Call\nJo", "Confidence": "On track"}); err != nil {
				t.Fatal(err)
			}
		}
		sent := []any{
			object{"type": 10.0, "id": 1.0},
			object{"type": 18.0, "id": 2.0, "component": object{"type": 4.0, "id": 3.0, "custom_id": "obstacle", "value": "Time"}},
			object{"type": 18.0, "id": 4.0, "component": object{"type": 3.0, "id": 5.0, "custom_id": "confidence", "values": []any{"on"}}},
			object{"type": 1.0, "id": 6.0, "components": []any{object{"type": 4.0, "id": 7.0, "custom_id": "next", "value": "Call Jo"}}},
		}
		if diff := cmp.Diff(any(sent), a.last().value("data.components")); diff != "" || a.last().value("data.custom_id") != "f:1:0" {
			t.Errorf("payoff was told (-want +got):\n%s", diff)
		}
		if _, open := w.Modal(ada); open {
			t.Error("the modal is still open after it was acknowledged")
		}
		a.w.j.told = nil // the app answered the same interaction twice: 40060
	})
}

// TestModalFromMessage opens a modal by a button: its submission carries the message. One that
// is dismissed, or that payoff does not acknowledge, is told of too.
func TestModalFromMessage(t *testing.T) {
	w := village(t)
	a := &app{w: w, answer: func(it told) string {
		if it.Type == componentInteraction {
			return form
		}
		return `{"type":7,"data":{"content":"Kept"}}`
	}}
	a.connect()
	id := w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"Part 1","components":[`+row(`[`+pushButton(1)+`]`)+`]}`)).get("id")
	press := func() {
		t.Helper()
		if err := w.Press("", cat, lobby, id, "b"); err != nil {
			t.Fatal(err)
		}
	}
	press()
	w.Dismiss(cat)
	if _, open := w.Modal(cat); open {
		t.Error("a dismissed modal is open")
	}
	press()
	if err := w.Submit("", cat, map[string]string{"Next": "Call"}); err != nil {
		t.Fatal(err)
	}
	if a.last().value("message.id") != id || w.Seen(cat, lobby)[0].Text != "Kept" {
		t.Errorf("payoff was told %v, and the message reads %q", a.last().value("message"), w.Seen(cat, lobby)[0].Text)
	}
	press()
	a.answer = func(told) string { return "" }
	w.Patience(1)
	if err := w.Submit("", cat, map[string]string{"Next": "Call"}); err == nil {
		t.Error("Submit without an acknowledgement gave no error")
	}
	if m, open := w.Modal(cat); !open || m.Fields[2].Value != "Call" {
		t.Errorf("after that the modal is %+v, want what was entered", m)
	}
}
