package chattest

import (
	"fmt"
	"strings"
	"testing"

	"payoff/bot/chat"
)

var shapeTests = []test{
	{"nothing in it", testEmpty},
	{"every block", testEveryBlock},
	{"many rows", testManyRows},
	{"many columns", testManyColumns},
	{"many buttons", testManyButtons},
	{"many blocks", testManyBlocks},
	{"long everything", testLong},
	{"many fields in a form", testManyQuestions},
}

// onePixel is the smallest picture that is one.
var onePixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82")

// post sends m to Ann, and answers her with it: two ways that adapters render apart. It
// returns what she has seen of both.
func (s *stage) post(m chat.Message) (sent, answered Shown) {
	s.t.Helper()
	if _, err := s.Send(s.t.Context(), s.to(s.ann), m, "shape"); err != nil {
		s.t.Fatalf("Send = %v, want the message shortened or split, never refused", err)
	}
	sent = s.all(s.ann, s.Direct(s.ann))
	s.script.Answer(chat.Say{Messages: []chat.Message{m, say("After it")}})
	s.ok(s.Type("shape", s.bob, s.Direct(s.bob), "/shape"))
	s.said(s.bob, s.Direct(s.bob), "After it")
	return sent, s.all(s.bob, s.Direct(s.bob))
}

func testEmpty(t *testing.T, s *stage) {
	for i, m := range []chat.Message{
		{},
		{Summary: "Only a summary"},
		{Blocks: []chat.Block{chat.Text{}}},
		{Blocks: []chat.Block{chat.T("", chat.B(""), chat.C(""))}},
		{Blocks: []chat.Block{chat.T(" \n ")}},
		{Blocks: []chat.Block{chat.Fields{}, chat.Table{}, chat.Actions{}}},
		{Blocks: []chat.Block{chat.Fields{{}}, chat.Table{Header: []string{""}, Rows: [][]string{{""}}}}},
		{Blocks: []chat.Block{chat.Table{Header: []string{"Channel", "Hours"}}}},
		{Blocks: []chat.Block{chat.Table{Rows: [][]string{{"ragged"}, {"a", "b", "c"}, {}}}}},
		{Blocks: []chat.Block{chat.Image{}, chat.File{}}},
		{Blocks: []chat.Block{chat.T("One"), chat.Text{}, chat.T("Two")}},
	} {
		if _, err := s.Send(t.Context(), s.to(s.ann), m, fmt.Sprint("k", i)); err != nil {
			t.Errorf("Send %d = %v, want it taken", i, err)
		}
		s.script.Answer(chat.Say{Messages: []chat.Message{m, say(fmt.Sprint("After ", i))}})
		s.ok(s.Type(fmt.Sprint("e", i), s.bob, s.shared, "/empty"))
		s.said(s.bob, s.shared, fmt.Sprint("After ", i))
	}
}

func testEveryBlock(t *testing.T, s *stage) {
	m := chat.Message{Blocks: []chat.Block{
		chat.T("Your ", chat.B("week")),
		chat.Fields{{Label: "Streak", Value: chat.Spans("6 weeks")}, {Label: "Pace", Value: chat.Spans(chat.B("94%"))}},
		chat.Table{Header: []string{"Channel", "Hours"}, Right: []int{1}, Rows: [][]string{{"BNI", "4 h 30"}, {"LinkedIn", "3 h"}}},
		chat.Actions{{Label: "Check in", Call: "a", Style: chat.Primary}, {Label: "Skip", Call: "b", Style: chat.Danger}, {Label: "Later", Call: "c"}},
		chat.Image{Name: "pace.png", PNG: onePixel, Alt: "Pace: 94%"},
		chat.File{Name: "export.csv", Type: "text/csv", Data: []byte("owner,date\n")},
		chat.Quiet("The rule of it"),
	}}
	sent, answered := s.post(m)
	for _, got := range []Shown{sent, answered} {
		for _, want := range []string{"Your week", "Streak", "6 weeks", "Pace", "94%", "Channel", "Hours", "BNI", "4 h 30", "LinkedIn", "3 h", "The rule of it"} {
			if !shows(got.Text, want) {
				t.Errorf("%q is not seen in %q", want, got.Text)
			}
		}
		if got := fmt.Sprint(got.Buttons); got != "[Check in Skip Later]" {
			t.Errorf("buttons = %s, want [Check in Skip Later]", got)
		}
		if got := fmt.Sprint(got.Images); got != "[Pace: 94%]" {
			t.Errorf("pictures = %s, want the words of one", got)
		}
		if got := fmt.Sprint(got.Files); got != "[export.csv]" {
			t.Errorf("files = %s, want [export.csv]", got)
		}
	}
}

// checkEnds holds what is seen to its first and last part, or to an ellipsis for the rest.
func checkEnds(t *testing.T, seen, first, last string) {
	t.Helper()
	if !shows(seen, first) {
		t.Errorf("%q is not seen", first)
	}
	if !shows(seen, last) && !strings.Contains(seen, "…") {
		t.Errorf("neither %q is seen nor an ellipsis that says something was left out", last)
	}
}

func testManyRows(t *testing.T, s *stage) {
	table := chat.Table{Header: []string{"Row", "Channel", "Hours", "Revenue"}, Right: []int{2, 3}}
	for i := range 100 {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("row %03d", i), "Chamber of Commerce breakfast", "4 h 30", "£12,345.67"})
	}
	sent, answered := s.post(chat.Message{Blocks: []chat.Block{table}})
	checkEnds(t, sent.Text, "row 000", "row 099")
	checkEnds(t, answered.Text, "row 000", "row 099")
}

func testManyColumns(t *testing.T, s *stage) {
	var table chat.Table
	row := make([]string, 30)
	for i := range row {
		table.Header = append(table.Header, fmt.Sprintf("head %02d", i))
		row[i] = fmt.Sprintf("cell %02d", i)
	}
	table.Rows = [][]string{row}
	sent, answered := s.post(chat.Message{Blocks: []chat.Block{table}})
	checkEnds(t, sent.Text, "cell 00", "cell 29")
	checkEnds(t, answered.Text, "cell 00", "cell 29")
}

func testManyButtons(t *testing.T, s *stage) {
	var row chat.Actions
	for i := range 30 {
		row = append(row, chat.Button{Label: fmt.Sprintf("button %02d", i), Call: fmt.Sprintf("call %02d", i)})
	}
	sent, answered := s.post(chat.Message{Blocks: []chat.Block{chat.T("Choose"), row}})
	for _, got := range []Shown{sent, answered} {
		if len(got.Buttons) != 30 {
			t.Errorf("%d buttons, want all 30: a button that is left out cannot be asked for", len(got.Buttons))
		}
	}
	for i, m := range s.Seen(s.ann, s.Direct(s.ann)) {
		for _, label := range m.Buttons {
			if label != "button 29" {
				continue
			}
			s.ok(s.Press(fmt.Sprint("press", i), s.ann, s.Direct(s.ann), m, label))
			if did, _ := s.event(2).Did.(chat.Pressed); did.Call != "call 29" {
				t.Errorf("Call = %q, want that of the last button", did.Call)
			}
		}
	}
}

func testManyBlocks(t *testing.T, s *stage) {
	var m chat.Message
	for i := range 60 {
		m.Blocks = append(m.Blocks, chat.T(fmt.Sprintf("block %02d", i)))
	}
	sent, answered := s.post(m)
	for i := range 60 {
		want := fmt.Sprintf("block %02d", i)
		if !shows(sent.Text, want) || !shows(answered.Text, want) {
			t.Errorf("%q is not seen", want)
		}
	}
}

func testLong(t *testing.T, s *stage) {
	const many = 25
	fields := make(chat.Fields, many)
	for i := range fields {
		fields[i] = chat.Labelled{Label: fmt.Sprintf("label %02d %s", i, long[:300]), Value: chat.Spans(fmt.Sprintf("value %02d ", i), long)}
	}
	sent, answered := s.post(chat.Message{Summary: long, Blocks: []chat.Block{
		chat.T(long), chat.Quiet(long), fields,
		chat.Table{Header: []string{long}, Rows: [][]string{{long}}},
		chat.Actions{{Label: "press " + long, Call: "undo " + long[:60]}},
		chat.Image{Name: "a.png", PNG: onePixel, Alt: "picture " + long},
		chat.File{Name: "export-" + strings.Repeat("x", 200) + ".csv", Type: "text/csv", Data: []byte("a\n")},
		chat.T("The end"),
	}})
	for _, got := range []Shown{sent, answered} {
		checkEnds(t, got.Text, "0123456789", "The end")
		checkEnds(t, got.Text, "value 00", "value 24")
		if len(got.Buttons) != 1 || !strings.HasPrefix(got.Buttons[0], "press 0123") {
			t.Errorf("buttons = %q, want the one, shortened as need be", got.Buttons)
		}
	}
}

func testManyQuestions(t *testing.T, s *stage) {
	f := chat.Form{Call: "many", Title: strings.Repeat("Long title ", 12), Intro: chat.Spans(long)}
	for i := range 20 {
		f.Fields = append(f.Fields, chat.Field{ID: fmt.Sprint("q", i), Label: fmt.Sprintf("%02d %s", i, strings.Repeat("label ", 20)), Hint: long[:400], Value: fmt.Sprint("value ", i)})
	}
	choices := chat.Field{ID: "many", Label: "Choose", Required: true, Value: "40"}
	for i := range 120 {
		choices.Choices = append(choices.Choices, chat.Choice{Value: fmt.Sprint(i), Label: fmt.Sprintf("choice %03d %s", i, long[:200])})
	}
	f.Fields = append(f.Fields, choices)
	got := s.open(f)
	if len(got.Fields) < 20 || !strings.HasPrefix(got.Fields[19].Label, "19 label") {
		t.Errorf("the form asks %d questions, want all of them", len(got.Fields))
	}
}
