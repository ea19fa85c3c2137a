package slack

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"payoff/bot/chat"
)

const homeOpened = `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}`

// homely answers the Home with its own words and all else with r.
func homely(r chat.Reply) func(context.Context, chat.Event) chat.Reply {
	return func(_ context.Context, e chat.Event) chat.Reply {
		if did, ok := e.Did.(chat.Pressed); ok && did.Call == homeCall {
			return chat.Tell(chat.T("Your week"), chat.Actions{{Label: "Check in", Call: "checkin"}})
		}
		return r
	}
}

func pressHome(t *testing.T, call, trigger string) delivery {
	t.Helper()
	return interactionOf(t, map[string]any{"type": "block_actions", "trigger_id": trigger,
		"container": map[string]any{"type": "view", "view_id": "V1"}, "view": map[string]any{"id": "V1", "type": "home"},
		"actions": []any{map[string]any{"type": "button", "block_id": "b", "action_id": "a", "value": call}}})
}

func TestHome(t *testing.T) {
	for _, c := range []struct {
		name  string
		d     delivery
		reply chat.Reply
		want  string
	}{
		{"said", pressHome(t, "report", "t1"), chat.Whisper(chat.T("Your report")), "views.publish, chat.postMessage D1, views.publish"},
		{"updated", pressHome(t, "undo 1", "t1"), chat.Update{Message: plainWords("Taken back")}, "views.publish, chat.postMessage D1, views.publish"},
		{"a form", pressHome(t, "checkin", "t1"), chat.OpenForm{Form: chat.Form{Call: "checkin save"}}, "views.publish, views.open"},
		{"no answer", pressHome(t, "report", "t1"), nil, "views.publish, views.publish"},
		{"a command elsewhere", commandIn(shared, "/log 2h", "t1"), chat.Tell(chat.T("Logged")), "views.publish, respond in_channel, views.publish"},
		{"words", messageOf("Ev2", "2h"), chat.Tell(chat.T("Logged")), "views.publish, chat.postMessage D1, views.publish"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.script.AnswerWith(homely(c.reply))
				d.bring(t, eventOf("Ev1", homeOpened))
				d.bring(t, c.d)
				if got := d.names(); got != c.want {
					t.Errorf("calls = %q, want %q\n%s", got, c.want, d.log)
				}
				if first := d.calls()[0]; first.args.Get("user_id") != "U1" || !strings.Contains(first.said(), "Your week") {
					t.Errorf("published %v, want the answer to %q for its person", first.args, homeCall)
				}
			})
		})
	}
}

// The Home of who has not looked at it for a day is left alone until they do.
func TestHomeIsNotKeptForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.script.AnswerWith(homely(chat.Tell(chat.T("Logged"))))
		d.bring(t, commandIn(shared, "/log 2h", "t0"))
		d.bring(t, eventOf("Ev1", homeOpened))
		_ = waitFor(context.Background(), 25*time.Hour) // of the bubble's clock
		d.bring(t, commandIn(shared, "/log 2h", "t1"))
		if got, want := d.names(), "respond in_channel, views.publish, respond in_channel"; got != want {
			t.Errorf("calls = %q, want %q", got, want)
		}
	})
}

func TestHomeEventsDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.script.AnswerWith(homely(nil))
		d.bring(t, eventOf("Ev1", homeOpened))
		d.bring(t, commandIn(shared, "/log 2h", "t1"))
		seen := map[string]bool{}
		for _, e := range d.script.Events() {
			if seen[e.ID] || e.From.Name != "Ann" {
				t.Errorf("event %+v, want one of its own with its person", e)
			}
			seen[e.ID] = true
			if did, ok := e.Did.(chat.Pressed); ok && did.Call == homeCall && e.Room != (chat.Room{ID: directly, Direct: true}) {
				t.Errorf("the Home is asked for in %+v, want the direct room", e.Room)
			}
		}
		if len(seen) != 3 {
			t.Errorf("%d events, want the Home, the command, the Home again", len(seen))
		}
	})
}
