package discord

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

func drawTable(t *rapid.T, name string) chat.Table {
	rows := rapid.SampledFrom([]int{0, 1, 2, 5, 30, 100, 150}).Draw(t, name+" rows")
	columns := rapid.SampledFrom([]int{0, 1, 2, 3, 4, 6, 30}).Draw(t, name+" columns")
	few := []string{drawText(t, name+" a"), drawText(t, name+" b"), drawText(t, name+" c")}
	row := func(i int) []string {
		cells := make([]string, max(0, columns-i%3))
		for j := range cells {
			cells[j] = few[(i+j)%3]
		}
		return cells
	}
	table := chat.Table{Right: []int{1, 3, 40}}
	if rapid.Bool().Draw(t, name+" header") {
		table.Header = row(0)
	}
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
		fields := make(chat.Fields, rapid.IntRange(0, 30).Draw(t, name+" fields"))
		for i := range fields {
			fields[i] = chat.Labelled{Label: drawText(t, fmt.Sprint(name, " label ", i)), Value: drawSpans(t, fmt.Sprint(name, " value ", i))}
		}
		return fields
	case 4:
		return drawTable(t, name)
	case 5:
		buttons := make(chat.Actions, rapid.SampledFrom([]int{0, 1, 3, 5, 6, 25, 30}).Draw(t, name+" buttons"))
		for i := range buttons {
			buttons[i] = chat.Button{
				Label: drawText(t, fmt.Sprint(name, " button ", i)),
				Call:  strings.ToValidUTF8(fmt.Sprint("log ", i, " ", rapid.SampledFrom(unkind).Draw(t, fmt.Sprint(name, " call ", i))), ""),
				Style: rapid.SampledFrom([]chat.ButtonStyle{chat.Plain, chat.Primary, chat.Danger}).Draw(t, fmt.Sprint(name, " style ", i)),
			}
		}
		return buttons
	case 6:
		return chat.Image{Name: rapid.SampledFrom([]string{"a.png", "", "../Zoë’s pace.png", "_a.png"}).Draw(t, name+" name"), Alt: drawText(t, name), PNG: rapid.SampledFrom([][]byte{nil, {1}}).Draw(t, name+" png")}
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

// said are the texts of a message, in order, as an eye reads them; those of rows that are told
// otherwise than column by column are a set of their own.
func said(m chat.Message) (texts []string, tables [][]string) {
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case chat.Text:
			texts = append(texts, plain(b.Spans))
		case chat.Fields:
			for _, f := range b {
				texts = append(texts, line(f.Label), plain(f.Value))
			}
		case chat.Table:
			tables = append(append(tables, b.Header), b.Rows...)
		case chat.Image:
			texts = append(texts, b.Alt)
		}
	}
	return texts, tables
}

// plain is spans as an eye reads them, a room as its link.
func plain(spans []chat.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Style == chat.RoomLink && isID(s.Text) {
			b.WriteString("<#" + s.Text + ">")
		} else {
			b.WriteString(chat.PlainText([]chat.Span{s}))
		}
	}
	return b.String()
}

// checkSaid looks for all that a message says, in order, unless an ellipsis says that
// something is missing.
func checkSaid(t failer, got string, m chat.Message) {
	t.Helper()
	if strings.Contains(got, "…") {
		return
	}
	seen := dense(chat.Clean(got))
	rest := seen
	texts, tables := said(m)
	for _, want := range texts {
		_, after, ok := strings.Cut(rest, dense(chat.Clean(want)))
		if !ok {
			t.Errorf("%.100q is not to be read where it belongs, and no ellipsis says so", want)
			continue
		}
		rest = after
	}
	for _, row := range tables {
		for i, cell := range row {
			if want := dense(chat.Clean(cell)); !strings.Contains(seen, want) {
				t.Errorf("cell %d of %.100q is not to be read, and no ellipsis says so", i, row)
			}
		}
	}
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

// checkCalls looks for the buttons, in order. A second one of a call has blanks behind it.
func checkCalls(t failer, ids, calls []string) {
	t.Helper()
	if len(ids) != len(calls) {
		t.Errorf("%d buttons, want all %d", len(ids), len(calls))
		return
	}
	for i, call := range calls {
		if ok := func() bool {
			for blanks := range len(calls) {
				if ids[i] == testID(call+strings.Repeat(" ", blanks)) {
					return true
				}
			}
			return false
		}(); !ok {
			t.Errorf("button %d is %q, want that of %q", i, ids[i], call)
		}
	}
}

func TestAnyMessage(t *testing.T) {
	spec := discordSchemas(t)
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		calls := callsOf(m)
		if len(calls) > 100 {
			t.Skip("more buttons than any message has")
		}
		list := render(m, testID)
		spec.checkPages(t, list)
		w := readPages(t, list...)
		checkCalls(t, w.ids, calls)
		pictures, files := 0, 0
		for _, b := range m.Blocks {
			switch b := b.(type) {
			case chat.Image:
				if len(b.PNG) > 0 {
					pictures++
				}
			case chat.File:
				if len(b.Data) > 0 {
					files++
				}
			}
		}
		if !strings.Contains(w.text.String(), "… and ") && (len(w.pictures) != pictures || len(w.alts) != pictures || len(w.files) != files) {
			t.Errorf("%d pictures with %d words and %d files, want %d and %d", len(w.pictures), len(w.alts), len(w.files), pictures, files)
		}
		checkSaid(t, w.text.String(), m)

		one := onePage(m, testID)
		spec.checkPages(t, []page{one})
		if len(list) == 1 && !slices.Equal(readPages(t, one).ids, w.ids) {
			t.Error("one page of a message that is one page is another")
		}
		if got := readPages(t, one); len(list) > 1 && !strings.Contains(got.text.String(), "…") {
			t.Errorf("one page of %d does not say that there is more", len(list))
		}
	})
}
