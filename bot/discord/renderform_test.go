package discord

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"payoff/bot/chat"
)

func drawForm(t *rapid.T) chat.Form {
	f := chat.Form{Title: drawText(t, "title"), Intro: drawSpans(t, "intro"), Error: drawText(t, "error")}
	for i := range rapid.IntRange(0, 23).Draw(t, "fields") {
		name := fmt.Sprint("field ", i)
		field := chat.Field{
			ID: fmt.Sprint("f", i), Label: drawText(t, name+" label"), Hint: drawText(t, name+" hint"), Error: drawText(t, name+" error"),
			Long: rapid.Bool().Draw(t, name+" long"), Required: rapid.Bool().Draw(t, name+" required"),
			Max: rapid.SampledFrom([]int{0, 1, 100, 5000}).Draw(t, name+" max"),
		}
		for j := range rapid.SampledFrom([]int{0, 0, 1, 3, 25, 26, 120}).Draw(t, name+" choices") {
			ch := chat.Choice{Value: fmt.Sprint(j), Label: fmt.Sprint("choice ", j)}
			if j < 4 {
				ch = chat.Choice{Value: drawText(t, name+" value"), Label: drawText(t, name+" choice")}
			}
			field.Choices = append(field.Choices, ch)
		}
		if len(field.Choices) > 0 && rapid.Bool().Draw(t, name+" chosen") {
			field.Value = rapid.SampledFrom(field.Choices).Draw(t, name+" is").Value
		} else if len(field.Choices) == 0 {
			field.Value = drawText(t, name+" value")
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

// labelsIn are the questions of a modal.
func labelsIn(m modalBody) (all []modalLabel) {
	for _, c := range m.Components {
		if q, ok := c.(modalLabel); ok {
			all = append(all, q)
		}
	}
	return all
}

func idIn(q modalLabel) string {
	if menu, ok := q.Component.(modalSelect); ok {
		return menu.CustomID
	}
	return q.Component.(modalInput).CustomID
}

// valueIn is what is submitted of a question that is left as it stands.
func valueIn(q modalLabel) string {
	menu, ok := q.Component.(modalSelect)
	if !ok {
		return q.Component.(modalInput).Value
	}
	for _, o := range menu.Options {
		if o.Default {
			return o.Value
		}
	}
	return ""
}

func TestAnyForm(t *testing.T) {
	spec := discordSchemas(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		parts := partsOf(f)
		var asked []chat.Field
		for _, p := range parts {
			asked = append(asked, p.fields...)
		}
		if diff := cmp.Diff(f.Fields, asked); diff != "" {
			t.Errorf("fields of all parts (-want +got):\n%s", diff)
		}
		var ids []string
		for n, m := range spec.checkModals(t, f) {
			typed := map[string]string{}
			for _, q := range labelsIn(m) {
				ids = append(ids, idIn(q))
				typed[idIn(q)] = valueIn(q)
			}
			checkLeftAlone(t, parts[n], typed)
		}
		for i, field := range f.Fields {
			if i >= len(ids) || ids[i] != field.ID {
				t.Fatalf("the modals ask %q, want each field once, in order", ids)
			}
		}
	})
}

// checkLeftAlone holds a part that is submitted as it was shown to the values it was made of.
func checkLeftAlone(t failer, p part, typed map[string]string) {
	t.Helper()
	values, wrong := readPart(p, typed)
	for _, field := range p.fields {
		got, want := values[field.ID], field.Value
		if len(field.Choices) == 0 {
			if most := field.Max; most == 0 && length(want) < mostTyped && got != chat.Clean(want) {
				t.Errorf("%s left as it was is %q, want %q", field.ID, got, want)
			}
			continue
		}
		if len(field.Choices) > mostOptions || wrong[field.ID] != "" {
			continue // two labels may be alike, or be shortened to be
		}
		if chosen := slices.IndexFunc(field.Choices, func(ch chat.Choice) bool { return ch.Value == want }); chosen < 0 {
			want = ""
		}
		if got != want {
			t.Errorf("%s left as it was is %q, want %q", field.ID, got, want)
		}
	}
	if len(values) != len(p.fields) {
		t.Errorf("%d values of %d fields", len(values), len(p.fields))
	}
}

func TestParting(t *testing.T) {
	form := func(fields int, intro, wrong string) chat.Form {
		f := chat.Form{Intro: chat.Spans(intro), Error: wrong}
		for i := range fields {
			f.Fields = append(f.Fields, chat.Field{ID: fmt.Sprint(i), Label: "L"})
		}
		return f
	}
	for _, test := range []struct {
		f    chat.Form
		want []int
	}{
		{form(0, "", ""), []int{0}}, {form(1, "", ""), []int{1}}, {form(5, "", ""), []int{5}}, {form(6, "", ""), []int{5, 1}},
		{form(5, "Intro", ""), []int{4, 1}}, {form(5, "", "Wrong"), []int{4, 1}}, {form(9, "Intro", "Wrong"), []int{4, 5}}, {form(21, " ", ""), []int{5, 5, 5, 5, 1}},
	} {
		var got []int
		for _, p := range partsOf(test.f) {
			got = append(got, len(p.fields))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("parts of %d fields, intro %v, error %q: %v, want %v", len(test.f.Fields), test.f.Intro, test.f.Error, got, test.want)
		}
		discordSchemas(t).checkModals(t, test.f)
	}
	// Parts of the form as it was still do when it has an error since: five fields leave no room for it.
	f := form(5, "", "")
	parts := partsOf(f)
	f.Error = "Wrong"
	if m := modal(f, parts, 0, "f:1:0"); len(m.Components) != 5 {
		t.Errorf("%d components, want the five questions", len(m.Components))
	}
}

func TestModal(t *testing.T) {
	f := checkInForm()
	f.Error, f.Title = "Two answers\nneed another look.", strings.Repeat("Long title ", 6)
	f.Fields[1].Error, f.Fields[1].Hint = "“2h 5” of *what*?", xes(120)
	m := modal(f, partsOf(f), 0, "f:1:0")
	const intro = "⚠ Two answers need another look.\nOne line per channel, as you would **log** it: `2h 4 contacts`. Leave empty what did not happen."
	want := modalBody{CustomID: "f:1:0", Title: "Long title Long title Long title Lo… (1 of 2)", Components: arrayOf[any]{
		modalText{10, intro},
		modalLabel{18, "BNI Tuesday", "Networking, 4h 30 logged so far", modalInput{Type: 4, CustomID: "c1", Style: 1, Value: "4h30 9 contacts 3 qualified £2,400"}},
		modalLabel{18, "LinkedIn", "⚠ “2h 5” of *what*?", modalInput{Type: 4, CustomID: "c2", Style: 1, Placeholder: xes(99) + "…"}},
		modalLabel{18, "Two one-to-ones with accountants: kept?", "", modalSelect{Type: 3, CustomID: "kept", Required: true, MinValues: 1,
			Options: []modalOption{{"Kept", "kept", false}, {"Partly", "partly", true}, {"Missed", "missed", false}}}},
		modalLabel{18, "How sure are you of the goal?", "As it feels today", modalSelect{Type: 3, CustomID: "confidence", Required: true, MinValues: 1,
			Options: []modalOption{{"On track", "on track", false}, {"At risk", "at risk", false}, {"Off track", "off track", false}}}},
	}}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("modal (-want +got):\n%s", diff)
	}
	if got := modal(f, partsOf(f), 1, "f:1:1").Title; got != "Long title Long title Long title Lo… (2 of 2)" {
		t.Errorf("the title of part 2 is %q", got)
	}
	empty := modal(chat.Form{}, partsOf(chat.Form{}), 0, "f:1:0")
	if want := (modalBody{"f:1:0", "payoff", arrayOf[any]{modalText{10, "\u200b"}}}); !cmp.Equal(want, empty) {
		t.Errorf("a form of nothing is %+v, want %+v", empty, want)
	}
}

func TestChoices(t *testing.T) {
	few := chat.Field{ID: "a", Choices: []chat.Choice{{Value: "", Label: "None"}, {Value: "x", Label: "X"}, {Value: "x", Label: "X again"}, {Value: "#1", Label: "Hash"}, {Value: xes(101), Label: xes(101)}, {}}}
	var many chat.Field
	many.ID = "b"
	for i := range 26 {
		many.Choices = append(many.Choices, chat.Choice{Value: fmt.Sprint("Zone/", i), Label: fmt.Sprint("City ", i)})
	}
	many.Choices = append(many.Choices, chat.Choice{Value: "gb", Label: "Ynys Môn"})
	p := part{fields: []chat.Field{few, many}}
	for _, test := range []struct {
		id, typed, want, wrong string
	}{
		{"a", "", "", ""}, {"a", "#0", "", ""}, {"a", "x", "x", ""}, {"a", "#2", "x", ""}, {"a", "#3", "#1", ""}, {"a", "#4", xes(101), ""}, {"a", "#5", "", ""},
		{"a", "y", "y", "Choose one of the list."},
		{"b", "", "", ""}, {"b", " ", " ", ""}, {"b", "City 1", "Zone/1", ""}, {"b", " city  7 ", "Zone/7", ""}, {"b", "YNYS", "gb", ""}, {"b", "zone/3", "Zone/3", ""}, {"b", "GB", "gb", ""},
		{"b", "cit", "cit", "“cit” may be City 0 or City 1: write more of it."}, {"b", "London", "London", "“London” is none of the 27 there are: try how it begins."},
	} {
		values, wrong := readPart(p, map[string]string{test.id: test.typed})
		if values[test.id] != test.want || wrong[test.id] != test.wrong {
			t.Errorf("%s %q is %q and wrong is %q, want %q and %q", test.id, test.typed, values[test.id], wrong[test.id], test.want, test.wrong)
		}
	}
	many.Value = "Zone/25"
	in := askField(many).Component.(modalInput)
	if in.Value != "City 25" || !strings.HasPrefix(in.Placeholder, "One of: City 0, City 1, ") {
		t.Errorf("what is typed of many is %+v, want the label of its value, and what there is", in)
	}
}

func FuzzReadPart(f *testing.F) {
	for _, s := range unkind {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, typed, label, value string) {
		menu := chat.Field{ID: "a", Choices: []chat.Choice{{Value: value, Label: label}, {Value: label, Label: value}}}
		long := chat.Field{ID: "b", Choices: slices.Repeat(menu.Choices, 20)}
		text := chat.Field{ID: "c", Label: label, Hint: value, Error: label}
		form := chat.Form{Title: label, Intro: chat.Spans(value), Error: typed, Fields: []chat.Field{menu, long, text}}
		p := part{fields: form.Fields}
		values, wrong := readPart(p, map[string]string{"a": typed, "b": typed, "c": typed, "d": typed})
		for _, id := range slices.Sorted(maps.Keys(values)) {
			known := values[id] == value || values[id] == label
			if id == "c" && values[id] != typed || id != "c" && !known && values[id] != typed {
				t.Errorf("%s typed %q is %q", id, typed, values[id])
			}
			if id != "c" && !known && strings.TrimSpace(typed) != "" && wrong[id] == "" {
				t.Errorf("%s takes %q, which is no choice", id, values[id])
			}
		}
		if len(values) != 3 {
			t.Errorf("values = %q, want those of three fields", values)
		}
		(*specSchemas)(nil).checkModals(t, form)
	})
}
