package chat_test

import (
	"strings"
	"testing"

	"payoff/bot/chat"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		name   string
		blocks []chat.Block
		want   string
	}{
		{"nothing", nil, ""},
		{"text", []chat.Block{chat.T("Your ", chat.B("week"), " of ", chat.C("/log"))}, "Your week of /log"},
		{"markup is what it is", []chat.Block{chat.T("<b>&amp;* ", chat.C("`"))}, "<b>&amp;* `"},
		{"lines are kept", []chat.Block{chat.T("a\nb")}, "a\nb"},
		{"quiet is said too", []chat.Block{chat.T("a"), chat.Quiet("b")}, "a\nb"},
		{"fields", []chat.Block{chat.Fields{{Label: "Streak", Value: chat.Spans("6\nweeks")}, {Label: "Pace", Value: chat.Spans(chat.B("94%"))}}}, "Streak: 6 weeks\nPace: 94%"},
		{"buttons", []chat.Block{chat.Actions{{Label: "Check in"}, {Label: "Later"}}}, "[Check in] [Later]"},
		{"picture", []chat.Block{chat.Image{Name: "a.png", Alt: "Pace: 94%"}}, "Pace: 94%"},
		{"file", []chat.Block{chat.File{Name: "export.csv"}}, "export.csv"},
		{"empty blocks take no line", []chat.Block{chat.T("a"), chat.Text{}, chat.Fields{}, chat.Table{}, chat.Actions{}, chat.Image{}, chat.T("b")}, "a\nb"},
		{"cleaned", []chat.Block{chat.T("a\u202eb\x07")}, "ab"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (chat.Message{Blocks: c.blocks}).Plain(); got != c.want {
				t.Errorf("Plain() = %q, want %q", got, c.want)
			}
		})
	}
}

func TestPlainTable(t *testing.T) {
	m := chat.Message{Blocks: []chat.Block{chat.Table{
		Header: []string{"Channel", "Hours", "Revenue"}, Right: []int{1, 2},
		Rows: [][]string{
			{"BNI Tuesday", "4 h 30", "£2,400"},
			{"喫茶店", "3 h", "£0"},
			{"Jo\u0308rg\nand sons", "12 h", "£1,200,000"},
			{"short"},
			{"a", "b", "c", "one more"},
		},
	}}}
	want := strings.TrimPrefix(strings.Replace(`
Channel         Hours     Revenue
BNI Tuesday    4 h 30      £2,400
喫茶店            3 h          £0
Jörg and sons    12 h  £1,200,000
short
a                   b           c  one more`, "Jörg", "Jo\u0308rg", 1), "\n")
	if got := m.Plain(); got != want {
		t.Errorf("Plain() =\n%s\nwant\n%s", got, want)
	}
}

func TestHeadline(t *testing.T) {
	text, fields := chat.T("Your week\nof ", chat.B("10 November")), chat.Fields{{Label: "Pace", Value: chat.Spans("94%")}}
	for _, c := range []struct {
		name string
		m    chat.Message
		want string
	}{
		{"nothing", chat.Message{}, ""},
		{"summary", chat.Message{Summary: "A new\nweek", Blocks: []chat.Block{text}}, "A new week"},
		{"first text", chat.Message{Blocks: []chat.Block{fields, chat.Text{}, text}}, "Your week of 10 November"},
		{"no text", chat.Message{Blocks: []chat.Block{chat.Actions{}, fields, chat.Image{Alt: "x"}}}, "Pace: 94%"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.m.Headline(); got != c.want {
				t.Errorf("Headline() = %q, want %q", got, c.want)
			}
		})
	}
	if got := (chat.Message{Summary: "Only this"}).Plain(); got != "Only this" {
		t.Errorf("Plain() = %q, want the summary where there is nothing else", got)
	}
}
