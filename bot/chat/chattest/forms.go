package chattest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"payoff/bot/chat"
)

var formTests = []test{
	{"shown as it is", testFormShown},
	{"submitted", testFormSubmitted},
	{"errors in place", testFormErrors},
	{"opened from a button", testFormUpdates},
	{"opened by a command", testFormWithoutMessage},
	{"chosen by label", testFormChoices},
}

// checkIn is a form of every kind of field, and of more fields than Discord's modals hold.
func checkIn() chat.Form {
	return chat.Form{
		Call: "checkin 2026-W46", Title: "Week of 9 November", Submit: "Check in",
		Intro: chat.Spans("As you would ", chat.B("log"), " it."),
		Fields: []chat.Field{
			{ID: "c1", Label: "BNI Tuesday", Hint: "4 h 30 so far", Value: "4h30 9 contacts"},
			{ID: "c2", Label: "LinkedIn"},
			{ID: "c3", Label: "Cold calls", Value: `2h & <b> "£5"`},
			{ID: "kept", Label: "Was it kept?", Required: true, Value: "partly",
				Choices: []chat.Choice{{Value: "kept", Label: "Kept"}, {Value: "partly", Label: "Partly"}, {Value: "missed", Label: "Missed"}}},
			{ID: "step", Label: "Which step?", Choices: []chat.Choice{{Value: "1", Label: "Connect"}, {Value: "2", Label: "Communicate"},
				{Value: "3", Label: "Qualify"}, {Value: "4", Label: "Close"}, {Value: "5", Label: "None"}}},
			{ID: "obstacle", Label: "What is in the way?", Long: true, Value: "Time\nand energy"},
			{ID: "more", Label: "Anything else?", Long: true, Max: 200},
			{ID: "next", Label: "What comes next?", Required: true, Max: 100},
		},
	}
}

func (s *stage) open(f chat.Form) ShownForm {
	s.t.Helper()
	s.script.Answer(chat.OpenForm{Form: f})
	s.ok(s.Type("open", s.ann, s.shared, "/checkin"))
	return s.form(s.ann, "the form", func(ShownForm) bool { return true })
}

func testFormShown(t *testing.T, s *stage) {
	f := checkIn()
	f.Error = "The week has passed."
	got := s.open(f)
	want := ShownForm{
		Title: "Week of 9 November", Intro: "As you would log it.", Error: "The week has passed.",
		Fields: []ShownField{
			{Label: "BNI Tuesday", Hint: "4 h 30 so far", Value: "4h30 9 contacts"},
			{Label: "LinkedIn"},
			{Label: "Cold calls", Value: `2h & <b> "£5"`},
			{Label: "Was it kept?", Value: "Partly", Choices: []string{"Kept", "Partly", "Missed"}, Required: true},
			{Label: "Which step?", Choices: []string{"Connect", "Communicate", "Qualify", "Close", "None"}},
			{Label: "What is in the way?", Value: "Time\nand energy"},
			{Label: "Anything else?"},
			{Label: "What comes next?", Required: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
	if f, ok := s.Form(s.bob); ok {
		t.Errorf("%s sees the form %q too, want it before %s alone", s.bob.Name, f.Title, s.ann.Name)
	}
}

// answers fill what checkIn asks for.
func answers() map[string]string {
	return map[string]string{"LinkedIn": "3h 14 contacts <b>", "What comes next?": "Two & one-to-ones", "What is in the way?": "Time\nand sleep"}
}

func filled() map[string]string {
	return map[string]string{
		"c1": "4h30 9 contacts", "c2": "3h 14 contacts <b>", "c3": `2h & <b> "£5"`, "kept": "partly", "step": "",
		"obstacle": "Time\nand sleep", "more": "", "next": "Two & one-to-ones",
	}
}

func testFormSubmitted(t *testing.T, s *stage) {
	s.open(checkIn())
	s.script.Answer(chat.Whisper(chat.T("Checked in")))
	s.ok(s.Fill("e1", s.ann, answers()))
	e := s.event(2)
	checkEvent(t, e, s.ann, s.shared)
	if diff := cmp.Diff(chat.Did(chat.Submitted{Call: "checkin 2026-W46", Values: filled()}), e.Did); diff != "" {
		t.Errorf("Did (-want +got):\n%s", diff)
	}
	s.said(s.ann, s.shared, "Checked in")
	if f, ok := s.Form(s.ann); ok {
		t.Errorf("the form %q is still open after it was taken", f.Title)
	}
}

func testFormErrors(t *testing.T, s *stage) {
	s.open(checkIn())
	again := checkIn()
	again.Error = "Two answers need another look."
	again.Fields[1].Error = "“3h 14” of what?"
	again.Fields[7].Error = "One thing, please."
	s.script.Answer(chat.OpenForm{Form: again})
	s.ok(s.Fill("e1", s.ann, answers()))
	got := s.form(s.ann, "the errors", func(f ShownForm) bool { return len(f.Fields) > 1 && f.Fields[1].Error != "" })
	for i, want := range []ShownField{
		1: {Label: "LinkedIn", Value: "3h 14 contacts <b>", Error: "“3h 14” of what?"},
		5: {Label: "What is in the way?", Value: "Time\nand sleep"},
		7: {Label: "What comes next?", Value: "Two & one-to-ones", Error: "One thing, please.", Required: true},
	} {
		if want.Label == "" {
			continue
		}
		if diff := cmp.Diff(want, got.Fields[i]); diff != "" {
			t.Errorf("field %d (-want +got):\n%s", i, diff)
		}
	}
	if got.Error != "Two answers need another look." {
		t.Errorf("Error = %q, want what the bot said", got.Error)
	}

	s.script.Answer(chat.Whisper(chat.T("Checked in")))
	s.ok(s.Fill("e2", s.ann, map[string]string{"LinkedIn": "3h"}))
	did, _ := s.event(3).Did.(chat.Submitted)
	if did.Values["c2"] != "3h" || did.Values["next"] != "Two & one-to-ones" {
		t.Errorf("Values = %q, want the corrected field and what was typed before", did.Values)
	}
	s.said(s.ann, s.shared, "Checked in")
}

func testFormUpdates(t *testing.T, s *stage) {
	_, err := s.Send(t.Context(), s.to(s.ann), chat.Message{Blocks: []chat.Block{
		chat.T("Your week"), chat.Actions{{Label: "Check in", Call: "checkin form"}},
	}}, "week")
	s.ok(err)
	direct := s.Direct(s.ann)
	s.script.Answer(chat.OpenForm{Form: checkIn()})
	s.ok(s.Press("e1", s.ann, direct, s.said(s.ann, direct, "Your week"), "Check in"))
	s.form(s.ann, "the form", func(ShownForm) bool { return true })
	s.script.Answer(chat.Update{Message: say("Checked in, 7 weeks in a row")})
	s.ok(s.Fill("e2", s.ann, answers()))
	s.said(s.ann, direct, "Checked in, 7 weeks in a row")
	s.unsaid(s.ann, direct, "Your week")
}

func testFormWithoutMessage(t *testing.T, s *stage) {
	s.open(checkIn())
	s.script.Answer(chat.Update{Message: say("Checked in")})
	s.ok(s.Fill("e1", s.ann, answers()))
	if m := s.said(s.ann, s.shared, "Checked in"); !m.Private {
		t.Error("the answer to a form that no message opened is for all, want it for its person alone")
	}
}

func testFormChoices(t *testing.T, s *stage) {
	s.open(checkIn())
	values := answers()
	values["Was it kept?"], values["Which step?"] = "Missed", "Close"
	s.ok(s.Fill("e1", s.ann, values))
	did, _ := s.event(2).Did.(chat.Submitted)
	if did.Values["kept"] != "missed" || did.Values["step"] != "4" {
		t.Errorf("Values = %q, want the values of the labels that were chosen", did.Values)
	}
}
