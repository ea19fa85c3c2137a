package discord

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"payoff/bot/chat"
)

func message(blocks ...chat.Block) chat.Message { return chat.Message{Blocks: blocks} }

func xes(n int) string { return strings.Repeat("x", n) }

func picture(alt string) chat.Image { return chat.Image{Name: "a.png", PNG: []byte{1}, Alt: alt} }

func manyButtons(n int) chat.Actions {
	var row chat.Actions
	for i := range n {
		row = append(row, chat.Button{Label: fmt.Sprint("button ", i), Call: fmt.Sprint("call ", i)})
	}
	return row
}

func manyFields(n, long int) chat.Fields {
	return slices.Repeat(chat.Fields{{Label: "a", Value: chat.Spans(xes(long))}}, n)
}

func manyRows(n int, cells ...string) chat.Table {
	return chat.Table{Header: slices.Repeat([]string{"H"}, len(cells)), Rows: slices.Repeat([][]string{cells}, n)}
}

// shape says what pages hold: c content, d description, f fields, p picture, b buttons by row.
func shape(list []page) string {
	var pages []string
	for _, p := range list {
		var parts []string
		if p.body.Content != "" {
			parts = append(parts, "c")
		}
		for _, e := range p.body.Embeds {
			s := ""
			if e.Description != "" {
				s += "d"
			}
			if len(e.Fields) > 0 {
				s += fmt.Sprint("f", len(e.Fields))
			}
			if e.Image != nil {
				s += "p"
			}
			parts = append(parts, s)
		}
		for _, row := range p.body.Components {
			parts = append(parts, fmt.Sprint("b", len(row.Components)))
		}
		if n := len(p.files) - strings.Count(strings.Join(parts, ""), "p"); n > 0 {
			parts = append(parts, fmt.Sprint("files", n))
		}
		pages = append(pages, strings.Join(parts, " "))
	}
	return strings.Join(pages, " | ")
}

func TestLimits(t *testing.T) {
	spec := discordSchemas(t)
	for _, test := range []struct {
		name  string
		m     chat.Message
		shape string
		whole bool // nothing is left out or shortened
	}{
		{"a receipt", message(chat.T("Logged"), chat.Quiet("This week"), manyButtons(1)), "c b1", true},
		{"content at", message(chat.T(xes(1000)), chat.T(xes(999))), "c", true},
		{"content above", message(chat.T(xes(1000)), chat.T(xes(1000))), "c d", true},
		{"text at", message(chat.T(xes(2000))), "c", true},
		{"text above", message(chat.T(xes(2001))), "c d", true},
		{"surrogates at", message(chat.T(strings.Repeat("😀", 1000))), "c", true},
		{"surrogates above", message(chat.T(strings.Repeat("😀", 1001))), "c d", true},
		{"description at", message(chat.T(xes(2000)), chat.T(xes(2000)), chat.T(xes(2000))), "c d", true},
		{"description above", message(chat.T(xes(2000)), chat.T(xes(2000)), chat.T(xes(2000)), chat.T(xes(100))), "c d d", true},
		{"embeds at", message(chat.T(xes(2000)), chat.T(xes(2000)), chat.T(xes(2000)), chat.T(xes(1990))), "c d d", true},
		{"embeds above", message(chat.T(xes(2000)), chat.T(xes(2000)), chat.T(xes(2000)), chat.T(xes(2000))), "c d | c", true},
		{"fields at", message(manyFields(25, 1)), "f25", true},
		{"fields above", message(manyFields(26, 1)), "f25 f1", true},
		{"field at", message(manyFields(1, 1024)), "f1", true},
		{"field above", message(manyFields(1, 1025)), "f1", false},
		{"fields fill an embed", message(manyFields(6, 1024)), "f5 | f1", true},
		{"label at", message(chat.Fields{{Label: xes(256), Value: chat.Spans("a")}}), "f1", true},
		{"label above", message(chat.Fields{{Label: xes(257), Value: chat.Spans("a")}}), "f1", false},
		{"a picture between", message(chat.T("a"), picture("b"), chat.T("c"), manyButtons(2)), "c p d b2", true},
		{"fields between", message(chat.T("a"), manyFields(2, 1), chat.T("c"), picture("d")), "c f2 dp", true},
		{"buttons between", message(chat.T("a"), manyButtons(3), chat.Quiet("c")), "c b3", true},
		{"two rows", message(chat.T("a"), manyButtons(3), manyButtons(2)), "c b3 b2", true},
		{"buttons at", message(chat.T("a"), manyButtons(25)), "c b5 b5 b5 b5 b5", true},
		{"buttons above", message(chat.T("a"), manyButtons(26)), "c b5 b5 b5 b5 b5 | c b1", true},
		{"rows above", message(chat.T("a"), manyButtons(1), manyButtons(1), manyButtons(1), manyButtons(1), manyButtons(1), manyButtons(1)), "c b1 b1 b1 b1 b2", true},
		{"button at", message(chat.T("a"), chat.Actions{{Label: xes(80), Call: "a"}}), "c b1", true},
		{"button above", message(chat.T("a"), chat.Actions{{Label: xes(81), Call: "a"}}), "c b1", false},
		{"words of a picture at", message(picture(xes(2048))), "p", true},
		{"words of a picture above", message(picture(xes(2049))), "p", false},
		{"pictures at", message(slices.Repeat([]chat.Block{picture("a")}, 10)...), "p p p p p p p p p p", true},
		{"pictures above", message(slices.Repeat([]chat.Block{picture("a")}, 11)...), "p p p p p p p p p p | p", true},
		{"files above", message(slices.Repeat([]chat.Block{chat.File{Name: "a.csv", Data: []byte{1}}}, 11)...), "files10 | files1", true},
		{"table at", message(manyRows(400, "x")), "c", true},
		{"tall table", message(manyRows(1200, "x")), "c d", true},
		{"pages above", message(slices.Repeat([]chat.Block{chat.T(xes(2000))}, 30)...), "c d | c d | c d | c d | c d", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			list := render(test.m, testID)
			spec.checkPages(t, list)
			if got := shape(list); got != test.shape {
				t.Errorf("pages = %s, want %s", got, test.shape)
			}
			text := readPages(t, list...)
			if whole := !strings.Contains(text.text.String()+strings.Join(text.labels, ""), "…"); whole != test.whole {
				t.Errorf("shown whole: %t, want %t", whole, test.whole)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	spec := discordSchemas(t)
	for _, test := range []struct {
		m    chat.Message
		want string
	}{
		{chat.Message{}, "\u200b"},
		{chat.Message{Summary: "Only a summary"}, "Only a summary"},
		{message(chat.Text{}, chat.T("", chat.B(""), chat.C(" ")), chat.Quiet("\n"), chat.T(chat.R(""))), "\u200b"},
		{message(chat.Fields{}, chat.Table{}, chat.Actions{}), "\u200b"},
		{message(chat.Fields{{}}, chat.Table{Header: []string{""}, Rows: [][]string{{""}, {}}}), "\u200b"},
		{message(chat.Image{}, chat.File{}), "\u200b"},
		{message(chat.Actions{{}}), "\u200b"},
		{message(chat.T("One"), chat.Text{}, chat.T("Two")), "One\nTwo"},
		{message(chat.File{Name: "lost.csv"}, chat.Image{Alt: "lost"}), "-# lost.csv\n-# lost"},
		{message(chat.Table{Header: []string{"Channel", "Hours"}}), "```\nChannel  Hours\n```"},
		{message(chat.Table{Rows: [][]string{{"ragged"}, {"a", "b", "c"}, {}}}), "```\nragged\na       b  c\n```"},
		{chat.Message{Summary: "What a notification says", Blocks: []chat.Block{manyFields(1, 1)}}, "What a notification says"},
		{chat.Message{Summary: "Not this", Blocks: []chat.Block{chat.T("This")}}, "This"},
	} {
		list := render(test.m, testID)
		spec.checkPages(t, list)
		if len(list) != 1 || list[0].body.Content != test.want {
			t.Errorf("%+v is %q on %d pages, want %q on one", test.m, list[0].body.Content, len(list), test.want)
		}
	}
}

// TestZeroBody holds a body that somebody made by hand to saying all of itself: an edit with
// it clears what was there, and it mentions nobody.
func TestZeroBody(t *testing.T) {
	data, err := json.Marshal(messageBody{Content: "a", Flags: 64})
	if want := `{"content":"a","embeds":[],"components":[],"attachments":[],"allowed_mentions":{"parse":[]},"flags":64}`; err != nil || string(data) != want {
		t.Errorf("body = %s, %v, want %s", data, err, want)
	}
}

func TestTables(t *testing.T) {
	narrow := chat.Table{Header: []string{"Channel", "Hours"}, Right: []int{1}, Rows: [][]string{{"BNI", "4 h 30"}, {"LinkedIn", ""}}}
	for _, test := range []struct {
		name  string
		table chat.Table
		want  string
	}{
		{"narrow", narrow, "```\nChannel    Hours\nBNI       4 h 30\nLinkedIn\n```"},
		{"three columns", chat.Table{Header: []string{"Day", "Channel", "What"}, Rows: [][]string{
			{"Tue 17 Nov", "BNI", "2h, 4 contacts, 2 conversations"}, {"Mon 16 Nov", "", "won £600"}, {"today", "Cold *calls*", ""},
		}}, "-# Day · Channel · What\n**Tue 17 Nov** · BNI · 2h, 4 contacts, 2 conversations\n**Mon 16 Nov** · – · won £600\n**today** · Cold \\*calls\\*"},
		{"many columns", chat.Table{Header: []string{"Channel", "Contacts", "Convos", "Qualified", "Deals"}, Rows: [][]string{
			{"Chamber", "31", "12 (38%)", "", "2 (40%)"}, {"", "1"},
		}}, "-# Channel · Qualified\n**Chamber** · Contacts 31 · Convos 12 (38%) · Deals 2 (40%)\nContacts 1"},
		{"no header", chat.Table{Rows: [][]string{{"- a", xes(40)}}}, "**\\- a** · " + xes(40)},
		{"code in a cell", chat.Table{Rows: [][]string{{"```", "@everyone"}}}, "```\n`\u200b`\u200b`  @\u200beveryone\n```"},
		{"wide letters", chat.Table{Rows: [][]string{{"你好你好你好你好你好", "你好你好你好你好你好"}}}, "**你好你好你好你好你好** · 你好你好你好你好你好"},
	} {
		list := render(message(test.table), testID)
		discordSchemas(t).checkPages(t, list)
		if got := list[0].body.Content; got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
	for _, l := range strings.Split(render(message(narrow), testID)[0].body.Content, "\n") {
		if utf16Len(l) > mostWide {
			t.Errorf("%q is more than a phone shows in a line", l)
		}
	}
}

func TestTallTablesRepeatTheirHeader(t *testing.T) {
	var table chat.Table
	table.Header = []string{"Row", "Figure"}
	for i := range 100 {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("row %03d", i), "12,345.67"})
	}
	list := render(message(table), testID)
	discordSchemas(t).checkPages(t, list)
	text := readPages(t, list...).text.String()
	if blocks, heads := strings.Count(list[0].body.Content, "```")/2, strings.Count(text, "Row      Figure"); blocks < 2 || heads != 3 {
		t.Errorf("%d blocks and %d headers, want the header above each block", blocks, heads)
	}
	for i := range 100 {
		if strings.Count(text, fmt.Sprintf("row %03d", i)) != 1 {
			t.Errorf("row %d is not there once", i)
		}
	}
}

func TestShortenedSaysHowMuch(t *testing.T) {
	var table chat.Table
	for i := range 400 {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("row %03d", i), xes(60)})
	}
	one := onePage(message(chat.T("Above"), table, manyButtons(2)), testID)
	discordSchemas(t).checkPages(t, []page{one})
	w := readPages(t, one)
	shown := strings.Count(w.text.String(), "row ")
	if want := fmt.Sprintf("… and %d more", 400-shown); shown < 50 || !strings.Contains(w.text.String(), want) {
		t.Errorf("%d rows are shown, and it does not say %q: %q", shown, want, w.text.String()[w.text.Len()-100:])
	}
	if len(w.ids) != 2 {
		t.Errorf("%d buttons, want both: one that is left out cannot be asked for", len(w.ids))
	}
	var wide chat.Table
	wide.Rows = [][]string{slices.Repeat([]string{xes(200)}, 30)}
	if got := readPages(t, render(message(wide), testID)...).text.String(); !strings.Contains(got, "… and 21 more") {
		t.Errorf("a wide row ends %q, want it to say how many cells are left out", got[len(got)-60:])
	}
}

func TestButtons(t *testing.T) {
	row := render(message(chat.T("a"), chat.Actions{
		{Label: "Check in", Call: "checkin now", Style: chat.Primary}, {Label: "Erase", Call: "forget yes", Style: chat.Danger},
		{Label: "Later\n*now*", Call: "checkin now"}, {Call: "goal"}, {},
	}), testID)[0].body.Components[0].Components
	want := []actionButton{
		{2, 1, "Check in", "c:7xq:checkin now"}, {2, 4, "Erase", "c:7xq:forget yes"}, {2, 2, "Later *now*", "c:7xq:checkin now "},
		{2, 2, "goal", "c:7xq:goal"}, {2, 2, "…", "c:7xq:"},
	}
	if !slices.Equal(row, want) {
		t.Errorf("buttons = %+v, want %+v", row, want)
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"pace.png": "pace.png", "": "picture.png", "Zoë’s pace.png": "Zo__s_pace.png", "_../a b.png": "a_b.png", "…": "picture.png",
		xes(200) + ".png": xes(96) + ".png", "a." + xes(200): "a." + xes(49),
	} {
		got := fileName(name, "picture.png")
		if len(got) > mostFileName || name != "a."+xes(200) && got != want {
			t.Errorf("fileName(%q) = %q, want %q", name, got, want)
		}
	}
	list := render(message(picture("One"), picture("Two"), chat.File{Name: "a.png", Type: "text/csv", Data: []byte("x")}), testID)
	discordSchemas(t).checkPages(t, list)
	if w := readPages(t, list...); !slices.Equal(w.pictures, []string{"a.png", "1-a.png"}) || !slices.Equal(w.alts, []string{"One", "Two"}) || !slices.Equal(w.files, []string{"2-a.png"}) {
		t.Errorf("pictures %q, their words %q, files %q", w.pictures, w.alts, w.files)
	}
	if f := list[0].files[2]; f.mime != "text/csv" || string(f.data) != "x" {
		t.Errorf("file = %+v", f)
	}
}

func TestFieldsBesideEachOther(t *testing.T) {
	for _, test := range []struct {
		fields chat.Fields
		inline bool
		want   string
	}{
		{chat.Fields{{Label: "Streak", Value: chat.Spans("6 weeks")}, {Label: "Pace", Value: chat.Spans(chat.B("94%"))}}, true, "Streak=6 weeks Pace=**94%**"},
		{chat.Fields{{Label: "Streak", Value: chat.Spans("6 weeks")}, {Label: "B_N_I", Value: chat.Spans("£528 an hour, ROI 1165%; 2 deals in 4 weeks")}}, false,
			`Streak=6 weeks B\_N\_I=£528 an hour, ROI 1165%; 2 deals in 4 weeks`},
		{chat.Fields{{Label: "Only a label"}, {Value: chat.Spans("only a value")}, {}}, true, "Only a label=\u200b \u200b=only a value"},
	} {
		var got []string
		for _, f := range render(message(test.fields), testID)[0].body.Embeds[0].Fields {
			got = append(got, f.Name+"="+f.Value)
			if f.Inline != test.inline {
				t.Errorf("%s stands beside others: %t, want %t", f.Name, f.Inline, test.inline)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("fields = %q, want %q", got, test.want)
		}
	}
}
