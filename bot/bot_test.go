package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"payoff/bot/chat"
)

// TestTypedOptions gives what platforms with typed options give: the command's words, and
// each value by its name.
func TestTypedOptions(t *testing.T) {
	s := newStage(t)
	for _, step := range []struct {
		text    string
		options map[string]string
		want    string
	}{
		{"start skip", nil, "I don't know the time zone"}, // a button's, not to be typed
		{"channel add", map[string]string{"name": "BNI", "kind": "networking"}, "Added BNI, networking"},
		{"goal set", map[string]string{"goal": "£10k by 31 Dec"}, "Your goal is set"},
		{"log", map[string]string{"line": "2h BNI 4 contacts"}, "Logged BNI, today: 2h, 4 contacts"},
		{"history", map[string]string{"channel": "BNI"}, "2h, 4 contacts"},
		{"report", map[string]string{"period": "this month", "channel": "BNI"}, "BNI, November 2026"},
		{"team zone", map[string]string{"zone": "Europe/Paris"}, "time zone is Europe/Paris"},
		{"checkin schedule", map[string]string{"when": "Fri 16:00"}, "Friday 16:00"},
	} {
		got := s.answer(t, chat.Typed{Text: step.text, Options: step.options})
		if !strings.Contains(got, step.want) {
			t.Errorf("%s %v answers %q, want %q in it", step.text, step.options, got, step.want)
		}
		if step.text == "start skip" {
			s.answer(t, chat.Pressed{Call: "start skip"})
		}
	}
}

// answer delivers an event of sam's and returns the plain text of the reply.
func (s *stage) answer(t *testing.T, did chat.Did) string {
	t.Helper()
	if s.people["sam"] == nil {
		s.people["sam"] = &player{}
	}
	before := s.out.Len()
	s.event("sam", chat.Room{ID: "dm-sam", Direct: true}, did)
	return s.out.String()[before:]
}

// TestOurFaultIsNotTold closes the database under the bot: the person reads one generic
// line with a reference, and no word of the error.
func TestOurFaultIsNotTold(t *testing.T) {
	s := newStage(t)
	s.db.Close()
	reply := s.bot.Handle(t.Context(), chat.Event{
		ID: "e1", Did: chat.Wrote{Text: "2h BNI"}, Room: chat.Room{Direct: true},
		From: chat.Person{Platform: "local", Space: "local", ID: "sam", Name: "Sam"},
	})
	say, ok := reply.(chat.Say)
	if !ok || !say.Private || len(say.Messages) != 1 {
		t.Fatalf("Handle on a closed database = %#v, want one private message", reply)
	}
	got := say.Messages[0].Plain()
	if strings.Contains(got, "closed") || !strings.Contains(got, chat.Reference(chat.Event{ID: "e1"})) {
		t.Errorf("Handle on a closed database says %q, want the reference and nothing of the error", got)
	}
}

// TestAdminIsLookedUp asks the platform, and refuses when the platform cannot say.
func TestAdminIsLookedUp(t *testing.T) {
	s := newStage(t)
	s.answer(t, chat.Pressed{Call: "start skip"})
	for name, admin := range map[string]func(context.Context) (bool, error){
		"no lookup": nil,
		"says no":   func(context.Context) (bool, error) { return false, nil },
		"fails":     func(context.Context) (bool, error) { return true, errors.New("timeout") },
	} {
		reply := s.bot.Handle(t.Context(), chat.Event{
			ID: name, Did: chat.Typed{Text: "team zone Paris"}, Admin: admin,
			From: chat.Person{Platform: "local", Space: "local", ID: "sam", Name: "Sam"},
		})
		say, _ := reply.(chat.Say)
		if len(say.Messages) != 1 || strings.Contains(say.Messages[0].Plain(), "Paris") {
			t.Errorf("%s: team zone Paris = %#v, want a refusal", name, reply)
		}
	}
}
