package slack

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
	"pgregory.net/rapid"

	"payoff/bot/chat"
)

// checkInForm is the form that everyone sees each week.
func checkInForm() chat.Form {
	return chat.Form{
		Call: "checkin answer 2026-11-16 0a1b", Title: "Check-in", Submit: "Send",
		Intro: chat.Spans("16 Nov to 22 Nov. Correct what is not right, leave the rest. Write it like ", chat.C("2h £25 4 contacts"), "."),
		Fields: []chat.Field{
			{ID: "ch:1", Label: "BNI Tuesday", Max: 300, Value: "2h, 5 contacts"},
			{ID: "ch:2", Label: "LinkedIn", Max: 300},
			{ID: "kept", Label: "You said: Two one-to-ones", Choices: []chat.Choice{{Value: "kept", Label: "Kept"}, {Value: "partly", Label: "Partly"}, {Value: "missed", Label: "Missed"}}},
			{ID: "confidence", Label: "Will you reach your goal?", Required: true, Value: "at risk",
				Choices: []chat.Choice{{Value: "on track", Label: "On track"}, {Value: "at risk", Label: "At risk"}, {Value: "off track", Label: "Off track"}}},
			{ID: "obstacle", Label: "What stands in the way?", Hint: "One thing is enough", Long: true, Max: 500},
			{ID: "commitment", Label: "What will you do before next time?", Hint: "Ring ten old clients", Long: true, Max: 500, Value: "Ring Priya\nand Sam"},
		},
	}
}

// submitted is a view as Slack hands it back: its blocks, and a state of what was typed and
// chosen by label, or else what stood there.
func submitted(t failer, v slackapi.ModalViewRequest, typed map[string]string) slackapi.View {
	t.Helper()
	view := slackapi.View{State: &slackapi.ViewState{Values: map[string]map[string]slackapi.BlockAction{}}}
	data, err := json.Marshal(v.Blocks)
	if err != nil {
		t.Fatalf("Marshal: %v", err)
	}
	if err := json.Unmarshal(data, &view.Blocks); err != nil {
		t.Fatalf("Unmarshal: %v", err)
	}
	for _, b := range view.Blocks.BlockSet {
		input, ok := b.(*slackapi.InputBlock)
		if !ok {
			continue
		}
		var id string
		var a slackapi.BlockAction
		pick := func(options []*slackapi.OptionBlockObject, initial *slackapi.OptionBlockObject) {
			if initial != nil {
				a.SelectedOption = *initial
			}
			for _, o := range options {
				if o.Text.Text == typed[input.BlockID] {
					a.SelectedOption = *o
				}
			}
		}
		switch e := input.Element.(type) {
		case *slackapi.PlainTextInputBlockElement:
			id, a.Value = e.ActionID, e.InitialValue
			if s, there := typed[input.BlockID]; there {
				a.Value = s
			}
		case *slackapi.SelectBlockElement:
			options := e.Options
			for _, g := range e.OptionGroups {
				options = append(options, g.Options...)
			}
			id = e.ActionID
			pick(options, e.InitialOption)
		case *slackapi.RadioButtonsBlockElement:
			id = e.ActionID
			pick(e.Options, e.InitialOption)
		}
		view.State.Values[input.BlockID] = map[string]slackapi.BlockAction{id: a}
	}
	return view
}

func TestFormView(t *testing.T) {
	kit := blockKitSchema(t)
	f := checkInForm()
	v := formView(f, "signed")
	kit.checkModal(t, v)
	if v.PrivateMetadata != "signed" || v.CallbackID != "form" || v.NotifyOnClose || v.Title.Text != "Check-in" || v.Submit.Text != "Send" || v.Close.Text != "Cancel" {
		t.Errorf("the view's frame = %+v", v)
	}
	var got []string
	for _, b := range v.Blocks.BlockSet {
		input, ok := b.(*slackapi.InputBlock)
		if !ok {
			got = append(got, string(b.BlockType()))
			continue
		}
		s := fmt.Sprintf("%s %s optional=%t", input.BlockID, input.Element.ElementType(), input.Optional)
		if e, ok := input.Element.(*slackapi.PlainTextInputBlockElement); ok {
			s += fmt.Sprintf(" lines=%t most=%d %q", e.Multiline, e.MaxLength, e.InitialValue)
		}
		got = append(got, s)
	}
	want := []string{
		"rich_text",
		`ch:1 plain_text_input optional=true lines=false most=300 "2h, 5 contacts"`,
		`ch:2 plain_text_input optional=true lines=false most=300 ""`,
		"kept static_select optional=true", // can be taken back
		"confidence radio_buttons optional=false",
		`obstacle plain_text_input optional=true lines=true most=500 ""`,
		`commitment plain_text_input optional=true lines=true most=500 "Ring Priya\nand Sam"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

func TestFormErrors(t *testing.T) {
	f := checkInForm()
	f.Error = "Two answers need *another* look."
	f.Fields[0].Error = "“2h 5” of what?"
	f.Fields[3].Error = x(301)
	v := formView(f, "m")
	blockKitSchema(t).checkModal(t, v)
	var got []string
	for _, b := range v.Blocks.BlockSet {
		got = append(got, b.ID())
	}
	want := []string{"error", "", "ch:1", "error:ch:1", "ch:2", "kept", "confidence", "error:confidence", "obstacle", "commitment"}
	if !slices.Equal(got, want) {
		t.Errorf("blocks = %q, want %q", got, want)
	}
	if diff := cmp.Diff(map[string]string{"ch:1": "“2h 5” of what?", "confidence": x(299) + "…"}, fieldErrors(f)); diff != "" {
		t.Errorf("fieldErrors (-want +got):\n%s", diff)
	}
	if got := fieldErrors(checkInForm()); len(got) != 0 {
		t.Errorf("fieldErrors of a form without = %v, want none", got)
	}
}

func TestActionIDs(t *testing.T) {
	ids := func(metadata string) []string { return readWire(t, formView(checkInForm(), metadata)).actions }
	if !slices.Equal(ids("1"), ids("1")) {
		t.Error("the same view has other action_ids")
	}
	for _, id := range ids("2") {
		if slices.Contains(ids("1"), id) {
			t.Errorf("the next view of a form has the action_id %q too, and would keep what was typed", id)
		}
	}
}

func choices(n int) []chat.Choice {
	var all []chat.Choice
	for i := range n {
		all = append(all, chat.Choice{Value: fmt.Sprint(i), Label: fmt.Sprintf("choice %03d", i)})
	}
	return all
}

func TestFormLimits(t *testing.T) {
	kit := blockKitSchema(t)
	for _, test := range []struct {
		name  string
		field chat.Field
		want  string
	}{
		{"three radios", chat.Field{Required: true, Choices: choices(3)}, "radio_buttons 3 options"},
		{"four radios", chat.Field{Required: true, Choices: choices(4)}, "radio_buttons 4 options"},
		{"five", chat.Field{Required: true, Choices: choices(5)}, "static_select 5 options"},
		{"optional", chat.Field{Choices: choices(2)}, "static_select 2 options"},
		{"radio label at", chat.Field{Required: true, Choices: []chat.Choice{{Value: "1", Label: x(30)}}}, "radio_buttons 1 options"},
		{"radio label above", chat.Field{Required: true, Choices: []chat.Choice{{Value: "1", Label: x(31)}}}, "static_select 1 options"},
		{"option at", chat.Field{Choices: []chat.Choice{{Value: x(75), Label: x(75)}}}, "static_select 1 options"},
		{"option above", chat.Field{Choices: []chat.Choice{{Value: x(76), Label: x(76)}}}, "static_select 1 options shortened, and a divider"},
		{"options below", chat.Field{Choices: choices(99)}, "static_select 99 options"},
		{"options at", chat.Field{Choices: choices(100)}, "static_select 100 options"},
		{"options above", chat.Field{Choices: choices(101)}, "static_select 101 options in 2 groups"},
		{"chosen", chat.Field{Choices: choices(101), Value: "100"}, "static_select 101 options in 2 groups, choice 100"},
		{"chosen radio", chat.Field{Required: true, Choices: choices(2), Value: "1"}, "radio_buttons 2 options, choice 001"},
		{"chosen is not there", chat.Field{Choices: choices(2), Value: "3"}, "static_select 2 options"},
		{"label at", chat.Field{Label: x(2000)}, "plain_text_input most 0"},
		{"label above", chat.Field{Label: x(2001)}, "plain_text_input most 0 shortened"},
		{"hint above", chat.Field{Hint: x(2001)}, "plain_text_input most 0 shortened"},
		{"most at", chat.Field{Max: 3000}, "plain_text_input most 3000"},
		{"most above", chat.Field{Max: 4000}, "plain_text_input most 3000"},
		{"value at", chat.Field{Max: 100, Value: strings.Repeat("&", 100)}, "plain_text_input most 100"},
		{"value above", chat.Field{Max: 100, Value: x(101)}, "plain_text_input most 100 shortened"},
		{"long value above", chat.Field{Value: x(3001)}, "plain_text_input most 0 shortened"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.field.ID = "f"
			if test.field.Label == "" {
				test.field.Label = "A question"
			}
			v := formView(chat.Form{Call: "c", Title: "T", Submit: "S", Fields: []chat.Field{test.field}}, "m")
			kit.checkModal(t, v)
			input := v.Blocks.BlockSet[0].(*slackapi.InputBlock)
			got := string(input.Element.ElementType())
			initial := (*slackapi.OptionBlockObject)(nil)
			value := ""
			switch e := input.Element.(type) {
			case *slackapi.PlainTextInputBlockElement:
				got += fmt.Sprint(" most ", e.MaxLength)
				value = e.InitialValue
			case *slackapi.RadioButtonsBlockElement:
				got += fmt.Sprintf(" %d options", len(e.Options))
				initial = e.InitialOption
			case *slackapi.SelectBlockElement:
				n := len(e.Options)
				for _, g := range e.OptionGroups {
					n += len(g.Options)
				}
				got += fmt.Sprintf(" %d options", n)
				if len(e.OptionGroups) > 0 {
					got += fmt.Sprintf(" in %d groups", len(e.OptionGroups))
				}
				initial = e.InitialOption
			}
			if strings.Contains(readWire(t, v).text.String()+value, "…") {
				got += " shortened"
			}
			if initial != nil {
				got += ", " + initial.Text.Text
			}
			if len(v.Blocks.BlockSet) > 1 {
				got += ", and a " + string(v.Blocks.BlockSet[1].BlockType())
			}
			if got != test.want {
				t.Errorf("the field is %s, want %s", got, test.want)
			}
		})
	}
}

func TestOptionGroupsAreNamed(t *testing.T) {
	v := formView(chat.Form{Title: "T", Fields: []chat.Field{{ID: "f", Label: "L", Choices: choices(101)}}}, "m")
	groups := v.Blocks.BlockSet[0].(*slackapi.InputBlock).Element.(*slackapi.SelectBlockElement).OptionGroups
	if got := groups[0].Label.Text; got != "choice 000 – choice 099" {
		t.Errorf("group = %q, want its first and last", got)
	}
}

func TestFormFrame(t *testing.T) {
	kit := blockKitSchema(t)
	for _, f := range []chat.Form{
		{}, {Title: x(24), Submit: x(24)}, {Title: x(25), Submit: x(25)}, {Error: " ", Intro: chat.Spans("\n")},
		{Error: x(3001), Intro: chat.Spans(x(3000))}, {Intro: chat.Spans(x(20_000))}, {Fields: []chat.Field{{ID: "f"}}},
	} {
		v := formView(f, strings.Repeat("m", 3000))
		kit.checkModal(t, v)
		if text := readWire(t, v).text.String(); len(f.Intro) > 0 && len(f.Intro[0].Text) > 9000 && !strings.Contains(text, "…") {
			t.Error("a long intro is shortened and does not say so")
		}
	}
	if got := formView(chat.Form{Title: x(25)}, "").Title.Text; got != x(23)+"…" {
		t.Errorf("title = %q, want 23 characters and an ellipsis", got)
	}
}

// manyChannels is a check-in of somebody with n channels.
func manyChannels(n int) chat.Form {
	f := checkInForm()
	asked := f.Fields[2:]
	f.Fields = nil
	for i := range n {
		f.Fields = append(f.Fields, chat.Field{ID: fmt.Sprint("ch:", i), Label: fmt.Sprint("Channel ", i)})
	}
	f.Fields = append(f.Fields, asked...)
	return f
}

func TestMoreFieldsThanFit(t *testing.T) {
	kit := blockKitSchema(t)
	for _, test := range []struct {
		channels, asked int
		note            string
	}{
		{94, 98, ""}, {95, 99, ""}, // 100 blocks, the intro among them
		{96, 98, "… and 2 more channels than fit here. Log those with /log."},
		{300, 98, "… and 206 more channels than fit here. Log those with /log."},
	} {
		f := manyChannels(test.channels)
		v := formView(f, "m")
		kit.checkModal(t, v)
		values := valuesOf(submitted(t, v, nil))
		if len(values) != test.asked {
			t.Errorf("%d channels: %d fields are asked, want %d", test.channels, len(values), test.asked)
		}
		for _, id := range []string{"ch:0", "kept", "confidence", "obstacle", "commitment"} {
			if _, there := values[id]; !there {
				t.Errorf("%d channels: %s is not asked", test.channels, id)
			}
		}
		text := readWire(t, v).text.String()
		if !strings.Contains(text, test.note) || (test.note == "") != !strings.Contains(text, "… and") {
			t.Errorf("%d channels: %q is not said", test.channels, test.note)
		}
		f.Fields[0].Error, f.Fields[test.channels-1].Error = "no", "no"
		got := slices.Sorted(maps.Keys(fieldErrors(f)))
		if want := 1 + b2i(test.note == ""); len(got) != want || got[0] != "ch:0" {
			t.Errorf("%d channels: errors at %q, want them only where there is a field", test.channels, got)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestValuesOf(t *testing.T) {
	view := submitted(t, formView(checkInForm(), "m"), map[string]string{"ch:2": "3h & <b>", "kept": "Partly", "commitment": ""})
	want := map[string]string{
		"ch:1": "2h, 5 contacts", "ch:2": "3h & <b>", "kept": "partly", "confidence": "at risk", "obstacle": "", "commitment": "",
	}
	if diff := cmp.Diff(want, valuesOf(view)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	view.State = nil
	for id := range want {
		want[id] = ""
	}
	if diff := cmp.Diff(want, valuesOf(view)); diff != "" {
		t.Errorf("values of a view without a state (-want +got):\n%s", diff)
	}
}

// TestValuesThatNoOptionHolds chooses each of some values that Slack would refuse or mix up.
func TestValuesThatNoOptionHolds(t *testing.T) {
	values := []string{"short", x(75), x(76), strings.Repeat("y", 5000), "", "#0", "#1", "<b> & \"ü\" " + x(80), "short"}
	field := chat.Field{ID: "ch:" + x(200), Label: "Choose"}
	for i, v := range values {
		field.Choices = append(field.Choices, chat.Choice{Value: v, Label: fmt.Sprint("label ", i)})
	}
	other := field
	other.ID, other.Choices = "other", slices.Clone(field.Choices[1:4])
	slices.Reverse(other.Choices)
	for i, want := range values {
		field.Value = want
		v := formView(chat.Form{Title: "T", Fields: []chat.Field{field, other}}, "m")
		blockKitSchema(t).checkModal(t, v)
		got := valuesOf(submitted(t, v, map[string]string{"other": "label 2"}))
		if got[field.ID] != want || got["other"] != x(76) {
			t.Errorf("what stood there comes back as %.80q, %.80q, want %.80q", got[field.ID], got["other"], want)
		}
		got = valuesOf(submitted(t, v, map[string]string{field.ID: fmt.Sprint("label ", i), "other": "label 3"}))
		if got[field.ID] != want || got["other"] != strings.Repeat("y", 5000) {
			t.Errorf("choice %d comes back as %.80q, %.80q, want %.80q", i, got[field.ID], got["other"], want)
		}
	}
}

func TestShapeOf(t *testing.T) {
	same := shapeOf(checkInForm())
	f := checkInForm()
	f.Error, f.Fields[0].Value, f.Fields[1].Error = "wrong", "4h", "of what?"
	if shapeOf(f) != same {
		t.Error("values and errors change the shape, want only questions to")
	}
	if f.Error == "" || f.Fields[1].Error == "" {
		t.Error("shapeOf changed the form")
	}
	for name, change := range map[string]func(*chat.Form){
		"call":     func(f *chat.Form) { f.Call += "x" },
		"title":    func(f *chat.Form) { f.Title += "x" },
		"intro":    func(f *chat.Form) { f.Intro[1].Text += "x" },
		"style":    func(f *chat.Form) { f.Intro[1].Style = chat.Roman },
		"field":    func(f *chat.Form) { f.Fields = f.Fields[1:] },
		"order":    func(f *chat.Form) { slices.Reverse(f.Fields) },
		"id":       func(f *chat.Form) { f.Fields[0].ID += "x" },
		"label":    func(f *chat.Form) { f.Fields[0].Label += "x" },
		"hint":     func(f *chat.Form) { f.Fields[0].Hint += "x" },
		"long":     func(f *chat.Form) { f.Fields[0].Long = true },
		"required": func(f *chat.Form) { f.Fields[0].Required = true },
		"max":      func(f *chat.Form) { f.Fields[0].Max++ },
		"choice":   func(f *chat.Form) { f.Fields[2].Choices[1].Value += "x" },
		"choices":  func(f *chat.Form) { f.Fields[2].Choices = f.Fields[2].Choices[1:] },
	} {
		f := checkInForm()
		change(&f)
		if shapeOf(f) == same {
			t.Errorf("another %s is the same shape", name)
		}
	}
}

func drawForm(t *rapid.T) chat.Form {
	f := chat.Form{
		Call: "c", Title: drawText(t, "title"), Submit: drawText(t, "submit"), Error: drawText(t, "error"), Intro: drawSpans(t, "intro"),
	}
	for i := range rapid.SampledFrom([]int{0, 1, 5, 8, 12}).Draw(t, "fields") {
		name := fmt.Sprint("field ", i)
		field := chat.Field{
			ID: fmt.Sprint("f:", i), Label: drawText(t, name+" label"), Hint: drawText(t, name+" hint"), Error: drawText(t, name+" error"),
			Value: drawText(t, name+" value"), Long: rapid.Bool().Draw(t, name+" long"), Required: rapid.Bool().Draw(t, name+" required"),
			Max: rapid.SampledFrom([]int{0, 1, 45, 300, 3000, 9000}).Draw(t, name+" max"),
		}
		for j := range rapid.SampledFrom([]int{0, 0, 1, 4, 5, 10}).Draw(t, name+" choices") {
			field.Choices = append(field.Choices, chat.Choice{
				Value: strings.ToValidUTF8(drawText(t, fmt.Sprint(name, " value ", j)), ""), Label: drawText(t, fmt.Sprint(name, " choice ", j)),
			})
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

func TestAnyForm(t *testing.T) {
	kit := blockKitSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		v := formView(f, strings.Repeat("m", 3000))
		kit.checkModal(t, v)
		w := readWire(t, v)
		values := valuesOf(submitted(t, v, nil))
		wrong := fieldErrors(f)
		seen := dense(w.text.String())
		for _, field := range f.Fields {
			value, asked := values[field.ID]
			if !asked {
				if !strings.Contains(seen, dense("channels than fit here")) {
					t.Errorf("%s is not asked, and nothing says so", field.ID)
				}
				continue
			}
			offered := slices.ContainsFunc(field.Choices, func(c chat.Choice) bool { return c.Value == field.Value })
			if len(field.Choices) > 0 && offered && value != field.Value {
				t.Errorf("%s holds %.80q, want what stood there, %.80q", field.ID, value, field.Value)
			}
			if len(field.Choices) == 0 && value != chat.Clean(field.Value) && !strings.HasSuffix(value, "…") {
				t.Errorf("%s holds %.80q, want %.80q or an ellipsis", field.ID, value, field.Value)
			}
			if n := length(wrong[field.ID]); n > 300 || (n == 0) != (line(field.Error) == "") {
				t.Errorf("%s has an error of %d characters, of %.80q", field.ID, n, field.Error)
			}
			for _, want := range []string{field.Label, field.Hint, field.Error} {
				if !strings.Contains(seen, dense(chat.Clean(want))) && !strings.Contains(seen, "…") {
					t.Errorf("%.80q is not to be read, and no ellipsis says so", want)
				}
			}
		}
	})
}

// FuzzChosen reads what anybody could have sent back in a form's blocks.
func FuzzChosen(f *testing.F) {
	carried := carry("f", []string{"a", x(300)})
	f.Add("#0", carried[0].ID(), carried[1].ID())
	f.Add("#1", carried[0].ID(), "")
	f.Add("#-1", carrier("f")+"0:bm90IGpzb24", carrier("f"))
	f.Add("plain", "", "")
	f.Fuzz(func(t *testing.T, option, one, two string) {
		blocks := []slackapi.Block{&slackapi.DividerBlock{BlockID: one}, &slackapi.DividerBlock{BlockID: two}}
		if got := chosen(blocks, "f", option); !strings.HasPrefix(option, "#") && got != option {
			t.Errorf("chosen(%q) = %q, want the option itself", option, got)
		}
	})
}
