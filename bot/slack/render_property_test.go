package slack

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

// unkind is what names and notes may hold.
var unkind = []string{
	"", " ", "\n", "<!channel>", "<@U012345>", "<#C012345|general>", "@here", "*bold*", "_low_", "~gone~", "`code`", "```\nblock\n```",
	"> quote", "a*b", "*", "`", "&amp;", "<script>alert(1)</script>", "&&&&&&", "<<<>>>", `"\"'`, ":smile:", "https://example.com/a_b",
	"example.com", "<!date^1700000000^{date}|x>", "\u202egnp.exe\u202c", "שלום", "你好", "👩‍🌾 ❤️ 🇬🇧", "e\u0301", "a\nb", "tab\tnul\x00", "\xff",
	"  spaced  out  ", "BNI & Chamber", "Two one-to-ones", "C0123456789", "…", "#general", "\u00a0", "\u200b",
}

func drawText(t *rapid.T, name string) string {
	s := rapid.SampledFrom(unkind).Draw(t, name)
	switch rapid.IntRange(0, 9).Draw(t, name+" is") {
	case 0:
		s = strings.Repeat(s+" ", rapid.IntRange(1, 1500).Draw(t, name+" times"))
	case 1:
		s = strings.Repeat(s, rapid.IntRange(1, 1500).Draw(t, name+" times"))
	case 2:
		s += rapid.String().Draw(t, name+" and")
	}
	return s
}

func drawSpans(t *rapid.T, name string) []chat.Span {
	var spans []chat.Span
	for i := range rapid.IntRange(0, 4).Draw(t, name+" count") {
		style := chat.Style(rapid.IntRange(0, 3).Draw(t, fmt.Sprint(name, i, " style")))
		s := chat.Span{Style: style, Text: drawText(t, fmt.Sprint(name, i))}
		if style == chat.RoomLink {
			s.Text = rapid.SampledFrom([]string{"C0123456789", "G1", "D1", "general", "", "<!here>"}).Draw(t, fmt.Sprint(name, i, " room"))
		}
		spans = append(spans, s)
	}
	if rapid.IntRange(0, 19).Draw(t, name+" many") == 0 { // of one letter, each of another style
		for i := range rapid.IntRange(1, 300).Draw(t, name+" letters") {
			spans = append(spans, chat.Span{Text: "x", Style: chat.Style(i % 3)})
		}
	}
	return spans
}

func drawTable(t *rapid.T, name string) chat.Table {
	rows := rapid.SampledFrom([]int{0, 1, 2, 5, 98, 99, 100, 101, 150}).Draw(t, name+" rows")
	columns := rapid.SampledFrom([]int{0, 1, 2, 5, 19, 20, 21, 30}).Draw(t, name+" columns")
	few := []string{drawText(t, name+" a"), drawText(t, name+" b"), drawText(t, name+" c")}
	row := func(i int) []string {
		cells := make([]string, max(0, columns-i%3))
		for j := range cells {
			cells[j] = few[(i+j)%3]
		}
		return cells
	}
	table := chat.Table{Header: row(0), Right: []int{1, 3, 40}}
	for i := range rows {
		table.Rows = append(table.Rows, row(i))
	}
	return table
}

func drawBlock(t *rapid.T, name string) chat.Block {
	switch rapid.IntRange(0, 7).Draw(t, name+" kind") {
	case 0, 1:
		return chat.Text{Spans: drawSpans(t, name)}
	case 2:
		return chat.Text{Spans: drawSpans(t, name), Quiet: true}
	case 3:
		fields := make(chat.Fields, rapid.IntRange(0, 23).Draw(t, name+" fields"))
		for i := range fields {
			fields[i] = chat.Labelled{Label: drawText(t, fmt.Sprint(name, " label ", i)), Value: drawSpans(t, fmt.Sprint(name, " value ", i))}
		}
		return fields
	case 4:
		return drawTable(t, name)
	case 5:
		buttons := make(chat.Actions, rapid.SampledFrom([]int{0, 1, 3, 25, 26, 30}).Draw(t, name+" buttons"))
		for i := range buttons {
			buttons[i] = chat.Button{
				Label: drawText(t, fmt.Sprint(name, " button ", i)),
				Call:  strings.ToValidUTF8(fmt.Sprint("log ", i, " ", rapid.SampledFrom(unkind).Draw(t, fmt.Sprint(name, " call ", i))), ""),
				Style: rapid.SampledFrom([]chat.ButtonStyle{chat.Plain, chat.Primary, chat.Danger}).Draw(t, fmt.Sprint(name, " style ", i)),
			}
		}
		return buttons
	case 6:
		return chat.Image{Name: "a.png", Alt: drawText(t, name), PNG: rapid.SampledFrom([][]byte{nil, {1}}).Draw(t, name+" png")}
	}
	return chat.File{Name: drawText(t, name), Data: rapid.SampledFrom([][]byte{nil, {1}}).Draw(t, name+" data")}
}

func drawMessage(t *rapid.T) chat.Message {
	m := chat.Message{Summary: drawText(t, "summary")}
	for i := range rapid.SampledFrom([]int{0, 1, 2, 3, 5, 8, 12}).Draw(t, "blocks") {
		m.Blocks = append(m.Blocks, drawBlock(t, fmt.Sprint("block ", i)))
	}
	return m
}

// callsOf are the buttons of a message, each by its call.
func callsOf(m chat.Message) (calls []string) {
	for _, b := range m.Blocks {
		if buttons, ok := b.(chat.Actions); ok {
			for _, b := range buttons {
				calls = append(calls, b.Call)
			}
		}
	}
	return calls
}

// said are the texts of a message, as an eye reads them.
func said(m chat.Message) (texts []string) {
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case chat.Text:
			texts = append(texts, chat.PlainText(b.Spans))
		case chat.Fields:
			for _, f := range b {
				texts = append(texts, line(f.Label), chat.PlainText(f.Value))
			}
		case chat.Table:
			for _, row := range append([][]string{b.Header}, b.Rows...) {
				texts = append(texts, row...)
			}
		case chat.Image:
			texts = append(texts, b.Alt)
		}
	}
	return texts
}

func checkSaid(t failer, got string, m chat.Message) {
	t.Helper()
	if strings.Contains(got, "…") {
		return // it says itself that something is missing
	}
	seen := dense(chat.Clean(got))
	for _, want := range said(m) {
		if !strings.Contains(seen, dense(chat.Clean(want))) {
			t.Errorf("%.100q is not to be read, and no ellipsis says so", want)
		}
	}
}

func TestAnyMessage(t *testing.T) {
	kit := blockKitSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		calls := callsOf(m)
		var ids []string
		for i := range picturesOf(m) {
			ids = append(ids, rapid.SampledFrom([]string{fmt.Sprint("F", i), ""}).Draw(t, fmt.Sprint("id ", i)))
		}
		if len(calls) > 150 {
			t.Skip("more buttons than any message has")
		}
		list := pages(m, ids)
		kit.checkPages(t, list)
		var text strings.Builder
		var got []string
		files := 0
		for _, p := range list {
			w := readWire(t, p.blocks)
			text.WriteString(w.text.String())
			got = append(got, w.calls...)
			files += len(p.files)
		}
		checkSaid(t, text.String(), m)
		if !slices.Equal(got, calls) {
			t.Errorf("%d buttons, want all %d in order", len(got), len(calls))
		}
		if want := len(filesOf(m)); files != want {
			t.Errorf("%d files, want %d", files, want)
		}

		one := onePage(m, ids)
		kit.checkPages(t, []page{one})
		if w := readWire(t, one.blocks); len(calls) <= 15 && !slices.Equal(w.calls, calls) {
			t.Errorf("%d buttons in one post, want all %d", len(w.calls), len(calls))
		}
		home := homeView(m, ids)
		kit.checkHome(t, home)
		if w := readWire(t, home.Blocks); !slices.Equal(w.calls, calls) {
			t.Errorf("%d buttons at home, want all %d", len(w.calls), len(calls))
		}
		kit.checkModal(t, noticeView(m.Summary, m, ids))
	})
}

func filesOf(m chat.Message) (files []chat.File) {
	for _, b := range m.Blocks {
		if f, ok := b.(chat.File); ok && len(f.Data) > 0 {
			files = append(files, f)
		}
	}
	return files
}
