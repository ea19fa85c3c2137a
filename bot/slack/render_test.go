package slack

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

func message(blocks ...chat.Block) chat.Message { return chat.Message{Blocks: blocks} }

// kinds are the types of a page's blocks.
func kinds(blocks []slackapi.Block) string {
	var all []string
	for _, b := range blocks {
		all = append(all, string(b.BlockType()))
	}
	return strings.Join(all, " ")
}

// kindsOf are those of all posts, a stroke between them.
func kindsOf(list []page) string {
	var all []string
	for _, p := range list {
		all = append(all, kinds(p.blocks))
	}
	return strings.Join(all, " | ")
}

func textOf(t *testing.T, list ...page) string {
	t.Helper()
	var text strings.Builder
	for _, p := range list {
		text.WriteString(readWire(t, p.blocks).text.String())
	}
	return text.String()
}

func x(n int) string { return strings.Repeat("x", n) }

func xs(n int) []string { return slices.Repeat([]string{"x"}, n) }

func buttons(n int) chat.Actions {
	var row chat.Actions
	for i := range n {
		row = append(row, chat.Button{Label: fmt.Sprint("button ", i), Call: fmt.Sprint("call ", i)})
	}
	return row
}

func labelled(n, long int) chat.Fields {
	return slices.Repeat(chat.Fields{{Label: "a", Value: chat.Spans(x(long))}}, n)
}

func rows(n, columns int, cell string) chat.Table {
	return chat.Table{Rows: slices.Repeat([][]string{slices.Repeat([]string{cell}, columns)}, n)}
}

func TestLimits(t *testing.T) {
	kit := blockKitSchema(t)
	sixty := slices.Repeat([]chat.Block{chat.T("a")}, 60)
	for _, test := range []struct {
		name  string
		m     chat.Message
		kinds string // of its blocks, by post
		whole bool   // nothing is left out or shortened
	}{
		{"text below", message(chat.T(x(2999))), "rich_text", true},
		{"text at", message(chat.T(x(3000))), "rich_text", true},
		{"text above", message(chat.T(x(3001))), "rich_text rich_text", true},
		{"small text at", message(chat.Quiet(x(3000))), "context", true},
		{"small text above", message(chat.Quiet(x(3001))), "context context", true},
		{"fields below", message(labelled(9, 1)), "section", true},
		{"fields at", message(labelled(10, 1)), "section", true},
		{"fields above", message(labelled(11, 1)), "section section", true},
		{"field at", message(labelled(1, 2000-len("*a*\n"))), "section", true},
		{"field above", message(labelled(1, 2000-len("a: ")+1)), "section", false},
		{"buttons at", message(buttons(25)), "actions", true},
		{"buttons above", message(buttons(26)), "actions actions", true},
		{"label at", message(chat.Actions{{Label: x(75), Call: "a"}}), "actions", true},
		{"label above", message(chat.Actions{{Label: x(76), Call: "a"}}), "actions", false},
		{"alt at", message(chat.Image{PNG: []byte{1}, Alt: x(2000)}), "image", true},
		{"alt above", message(chat.Image{PNG: []byte{1}, Alt: x(2001)}), "image", false},
		{"rows below", message(rows(99, 2, "x")), "table", true},
		{"rows at", message(rows(100, 2, "x")), "table", true},
		{"rows above", message(rows(101, 2, "x")), "table", false},
		{"columns at", message(rows(2, 20, "x")), "table", true},
		{"columns above", message(rows(2, 21, "x")), "table", false},
		{"cell at", message(rows(1, 1, x(240))), "table", true},
		{"cell above", message(rows(1, 1, x(241))), "table", false},
		{"table at", message(rows(50, 1, x(200))), "table", true},
		{"table above", message(rows(51, 1, x(200))), "table", false},
		{"blocks at", message(sixty[:50]...), strings.TrimSpace(strings.Repeat("rich_text ", 50)), true},
		{"blocks above", message(sixty[:51]...), strings.Repeat("rich_text ", 50) + "| rich_text", true},
		{"two tables", message(chat.T("a"), rows(1, 2, "x"), rows(1, 2, "y")), "rich_text table | table", true},
		{"post above", message(chat.T(x(3000)), chat.T(x(3000)), chat.T(x(3000)), chat.T(x(3000)), chat.T(x(3000))),
			"rich_text rich_text rich_text rich_text | rich_text", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			list := pages(test.m, []string{"F1"})
			kit.checkPages(t, list)
			if got := kindsOf(list); got != test.kinds {
				t.Errorf("posts = %s, want %s", got, test.kinds)
			}
			if whole := !strings.Contains(textOf(t, list...), "…"); whole != test.whole {
				t.Errorf("shown whole: %t, want %t", whole, test.whole)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	kit := blockKitSchema(t)
	for _, test := range []struct {
		m    chat.Message
		want string
	}{
		{chat.Message{}, "–"},
		{chat.Message{Summary: "Only a summary"}, "Only a summary"},
		{message(chat.Text{}, chat.T("", chat.B(""), chat.C(" ")), chat.Quiet("\n"), chat.T(chat.R(""))), "–"},
		{message(chat.Fields{}, chat.Table{}, chat.Actions{}), "–"},
		{message(chat.Fields{{}}, chat.Table{Header: []string{""}, Rows: [][]string{{""}, {}}}), "–"},
		{message(chat.Image{}, chat.File{}), "–"},
		{message(chat.Image{PNG: []byte{1}}), "–"}, // brought to Slack in vain, and no words for it
		{message(chat.T("One"), chat.Text{}, chat.T("Two")), "OneTwo"},
		{message(chat.Table{Rows: [][]string{{"ragged"}, {"a", "b", "c"}, {}}}), "raggedabc"},
	} {
		list := pages(test.m, nil)
		kit.checkPages(t, list)
		kit.checkPages(t, []page{onePage(test.m, nil)})
		kit.checkHome(t, homeView(test.m, nil))
		kit.checkModal(t, noticeView("", test.m, nil))
		if got := dense(textOf(t, list...)); len(list) != 1 || got != dense(test.want) {
			t.Errorf("%+v shows %q in %d posts, want %q in one", test.m, got, len(list), test.want)
		}
	}
}

func TestTextIsLiteral(t *testing.T) {
	b := pages(message(chat.T("See ", chat.B("*it*"), " with ", chat.C("/log"), " in ", chat.R("C0123456789"), chat.R("<!here>"))), nil)[0].blocks[0]
	var got []string
	for _, e := range b.(*slackapi.RichTextBlock).Elements[0].(*slackapi.RichTextSection).Elements {
		switch e := e.(type) {
		case *slackapi.RichTextSectionTextElement:
			got = append(got, fmt.Sprintf("%s bold=%t code=%t", e.Text, e.Style != nil && e.Style.Bold, e.Style != nil && e.Style.Code))
		case *slackapi.RichTextSectionChannelElement:
			got = append(got, e.ChannelID)
		}
	}
	want := []string{"See  bold=false code=false", "*it* bold=true code=false", " with  bold=false code=false",
		"/log bold=false code=true", " in  bold=false code=false", "C0123456789", "#<!here> bold=false code=false"}
	if !slices.Equal(got, want) {
		t.Errorf("elements = %q, want %q", got, want)
	}
}

func TestSmallText(t *testing.T) {
	for _, test := range []struct {
		text chat.Text
		want string // kind and text
	}{
		{chat.Quiet("The rule of it"), "plain_text The rule of it"},
		{chat.Quiet("*not bold*"), "plain_text *not bold*"},
		{chat.Quiet("You are hidden. ", chat.C("/payoff privacy show")), "mrkdwn You are hidden. `/payoff privacy show`"},
		{chat.Quiet("Say ", chat.B("yes"), ", or don't."), "mrkdwn Say *yes*, or don't."},
		{chat.Quiet("In ", chat.R("C012"), " now"), "mrkdwn In <#C012> now"},
		{chat.Quiet("A colon: ", chat.C("off")), "plain_text A colon: off"},
		{chat.Quiet("BNI & Chamber ", chat.C("off")), "plain_text BNI & Chamber off"},
		{chat.Quiet("see example.com ", chat.C("off")), "plain_text see example.com off"},
		{chat.Quiet("word", chat.B("within")), "plain_text wordwithin"},
		{chat.Quiet(chat.B("with"), "in"), "plain_text within"},
		{chat.Quiet(chat.B(" spaced ")), "plain_text  spaced "},
		{chat.Quiet("<!here> in ", chat.R("C012")), "rich_text"},
	} {
		b := pages(message(test.text), nil)[0].blocks[0]
		got := string(b.BlockType())
		if c, ok := b.(*slackapi.ContextBlock); ok {
			text := c.ContextElements.Elements[0].(*slackapi.TextBlockObject)
			got = text.Type + " " + text.Text
			if text.Type == "mrkdwn" && !text.Verbatim {
				t.Errorf("%q lets Slack add links", text.Text)
			}
			if text.Type == "plain_text" && (text.Emoji == nil || *text.Emoji) {
				t.Errorf("%q lets Slack make emoji of it", text.Text)
			}
		}
		if got != test.want {
			t.Errorf("%v is shown as %q, want %q", test.text.Spans, got, test.want)
		}
	}
}

func TestFieldLabels(t *testing.T) {
	for _, test := range []struct {
		fields chat.Fields
		want   []string
	}{
		{chat.Fields{{Label: "Streak", Value: chat.Spans("6 weeks")}, {Label: "Pace", Value: chat.Spans(chat.B("94%"))}}, []string{"*Streak*\n6 weeks", "*Pace*\n*94%*"}},
		// One that cannot be bold has none be: two looks side by side would seem to mean something.
		{chat.Fields{{Label: "BNI", Value: chat.Spans("2h")}, {Label: "Tea & cake", Value: chat.Spans("3h")}}, []string{"BNI: 2h", "Tea & cake: 3h"}},
		{chat.Fields{{Label: "Only a label"}, {Value: chat.Spans("only a value")}, {}}, []string{"*Only a label*", "only a value"}},
	} {
		var got []string
		for _, f := range pages(message(test.fields), nil)[0].blocks[0].(*slackapi.SectionBlock).Fields {
			got = append(got, f.Text)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("fields = %q, want %q", got, test.want)
		}
	}
}

func TestTables(t *testing.T) {
	table := chat.Table{Header: []string{"Channel", "Hours"}, Right: []int{1}, Rows: [][]string{{"BNI Tuesday", "4h 30"}, {"LinkedIn", ""}}}
	m := message(table, chat.T("between"), table)

	block := pages(m, nil)[0].blocks[0].(*slackapi.TableBlock)
	if got, want := block.ColumnSettings, []slackapi.ColumnSetting{{Align: "left", IsWrapped: true}, {Align: "right"}}; !slices.Equal(got, want) {
		t.Errorf("columns = %v, want %v", got, want)
	}
	if cell := block.Rows[2][1].(*slackapi.TableRawTextCell).Text; cell != "\u00a0" {
		t.Errorf("an empty cell holds %q, want a space that Slack takes", cell)
	}

	const aligned = "Channel      Hours\nBNI Tuesday  4h 30\nLinkedIn"
	if got := kinds(onePage(m, nil).blocks); got != "table rich_text rich_text" {
		t.Errorf("one post holds %s, want one table, the other as text", got)
	}
	for name, blocks := range map[string][]slackapi.Block{
		"post": onePage(m, nil).blocks[2:], "home": homeView(m, nil).Blocks.BlockSet, "modal": noticeView("T", m, nil).Blocks.BlockSet,
	} {
		pre, ok := blocks[0].(*slackapi.RichTextBlock).Elements[0].(*slackapi.RichTextPreformatted)
		if !ok || pre.Elements[0].(*slackapi.RichTextSectionTextElement).Text != aligned {
			t.Errorf("%s: %+v, want preformatted\n%s", name, blocks[0], aligned)
		}
	}
	tall := homeView(message(rows(100, 5, x(30))), nil)
	blockKitSchema(t).checkHome(t, tall)
	if w := readWire(t, tall.Blocks); !strings.Contains(w.text.String(), "… and ") || length(strings.SplitN(w.text.String(), "\n", 2)[0]) > 5*20 {
		t.Errorf("a tall table at home is neither narrow nor shortened: %q", w.text.String()[:200])
	}
}

func TestShortenedTableSaysHowMuch(t *testing.T) {
	for _, test := range []struct {
		table chat.Table
		want  string
	}{
		{chat.Table{Header: xs(2), Rows: rows(112, 2, "x").Rows}, "… and 14 more"}, // 99 rows and the note are shown
		{rows(2, 31, "x"), "… and 12 more"},
		{rows(60, 1, x(200)), "… and 11 more"},
	} {
		list := pages(message(test.table), nil)
		if got := textOf(t, list...); !strings.Contains(got, test.want) {
			t.Errorf("%q is not there in …%q", test.want, got[max(0, len(got)-60):])
		}
	}
}

func TestButtonsStayWithTheirText(t *testing.T) {
	var m chat.Message
	for range 50 {
		m.Blocks = append(m.Blocks, chat.T("a"))
	}
	m.Blocks = append(m.Blocks, buttons(30))
	if got, want := kindsOf(pages(m, nil)), strings.Repeat("rich_text ", 49)+"| rich_text actions actions"; got != want {
		t.Errorf("posts = %s, want %s", got, want)
	}
	footnote := message(slices.Concat(slices.Repeat([]chat.Block{chat.T("a")}, 49), []chat.Block{rows(1, 1, "x"), chat.Quiet("b")})...)
	if got, want := kindsOf(pages(footnote, nil)), strings.Repeat("rich_text ", 49)+"| table context"; got != want {
		t.Errorf("posts = %s, want %s", got, want)
	}
}

func TestButtons(t *testing.T) {
	m := message(chat.Actions{
		{Label: "Check in", Call: "checkin now", Style: chat.Primary}, {Label: "Skip", Call: "checkin skip", Style: chat.Danger},
		{Label: "", Call: "goal"}, {Label: "<!here> :smile:", Call: "<!here>"}, {Label: "a\nb"}, {Call: ""}, {Label: "Long", Call: "log " + x(2000)},
	})
	var got []string
	for _, e := range pages(m, nil)[0].blocks[0].(*slackapi.ActionBlock).Elements.ElementSet {
		b := e.(*slackapi.ButtonBlockElement)
		got = append(got, fmt.Sprintf("%s|%s|%s|%s", b.ActionID, b.Text.Text, b.Value, b.Style))
	}
	want := []string{"button-0|Check in|checkin now|primary", "button-1|Skip|checkin skip|danger", "button-2|goal|goal|",
		"button-3|<!here> :smile:|<!here>|", "button-4|a b||", "button-5|…||", "button-6|Long|help log|"}
	if !slices.Equal(got, want) {
		t.Errorf("buttons = %q, want %q", got, want)
	}
}

func TestLeftOut(t *testing.T) {
	kit := blockKitSchema(t)
	many := message(slices.Concat([]chat.Block{buttons(30)}, slices.Repeat([]chat.Block{chat.T(x(2900))}, 100), []chat.Block{buttons(30)})...)
	list := pages(many, nil)
	kit.checkPages(t, list)
	if len(list) != 5 {
		t.Fatalf("%d posts, want 5", len(list))
	}
	texts := strings.Count(kindsOf(list), "rich_text")
	if got, want := textOf(t, list[4]), fmt.Sprintf("… and %d more", 100-texts); !strings.HasSuffix(strings.TrimSpace(got), want) {
		t.Errorf("the last post ends in %q, want %q", got[len(got)-60:], want)
	}
	calls := 0
	for _, p := range list {
		calls += len(readWire(t, p.blocks).calls)
	}
	if calls != 60 {
		t.Errorf("%d buttons, want all 60", calls)
	}
	one := onePage(many, nil)
	kit.checkPages(t, []page{one})
	if w := readWire(t, one.blocks); len(w.calls) != 60 || !strings.Contains(w.text.String(), "… and ") {
		t.Errorf("one post has %d buttons, want all 60 and a word of what is left out", len(w.calls))
	}

	kit.checkPages(t, pages(message(buttons(2000)), nil)) // more than five posts can hold
	kit.checkHome(t, homeView(message(slices.Repeat([]chat.Block{chat.T("a")}, 300)...), nil))
	kit.checkHome(t, homeView(message(slices.Repeat([]chat.Block{labelled(10, 2000)}, 300)...), nil))
}

func TestPictures(t *testing.T) {
	m := message(chat.Image{Alt: "no picture"}, chat.Image{PNG: []byte{1}, Alt: "first <b>"}, chat.Image{PNG: []byte{2}, Alt: "second"}, chat.Image{PNG: []byte{3}})
	if got := picturesOf(m); len(got) != 3 || got[1].Alt != "second" {
		t.Fatalf("picturesOf = %v, want the three with a picture", got)
	}
	for name, blocks := range map[string][]slackapi.Block{
		"post": pages(m, []string{"F1", "", "F3"})[0].blocks, "one": onePage(m, []string{"F1", "", "F3"}).blocks,
		"home": homeView(m, []string{"F1", "", "F3"}).Blocks.BlockSet,
	} {
		w := readWire(t, blocks)
		if got := kinds(blocks); got != "context image context image" || !slices.Equal(w.files, []string{"F1", "F3"}) || !slices.Equal(w.alts, []string{"first <b>", "A picture"}) {
			t.Errorf("%s: %s with files %q and words %q", name, got, w.files, w.alts)
		}
		if !strings.Contains(w.text.String(), "second") {
			t.Errorf("%s: the words of the picture that could not be brought are not there", name)
		}
	}
}

func TestFiles(t *testing.T) {
	csv := chat.File{Name: "export.csv", Type: "text/csv", Data: []byte("owner,date\n")}
	list := pages(message(csv, rows(1, 1, "x"), rows(1, 1, "y")), nil)
	if len(list) != 2 || len(list[0].files) != 0 || len(list[1].files) != 1 || list[1].files[0].Name != "export.csv" {
		t.Errorf("files = %v, want the one behind the last post", list)
	}
	if got := textOf(t, pages(message(csv), nil)...); strings.TrimSpace(got) != "export.csv" {
		t.Errorf("a message of one file says %q, want its name", got)
	}
	if got := readWire(t, homeView(message(csv), nil).Blocks).text.String(); strings.TrimSpace(got) != "export.csv" {
		t.Errorf("the home says %q, want the file's name", got)
	}
}

func TestFallback(t *testing.T) {
	board := message(chat.T(chat.B("Leaderboard"), " so far"), chat.T("1 <b> & 2"), chat.Image{Alt: "Pace: 94%", PNG: []byte{1}}, buttons(1))
	board.Summary = "The team's leaderboard"
	asked := message(chat.T(chat.B("How did the week go?"), " 9 to 15 Nov."))
	asked.Summary = "How did the week go?"
	for _, test := range []struct {
		m    chat.Message
		want string
	}{
		{board, "The team's leaderboard\nLeaderboard so far\n1 &lt;b&gt; &amp; 2\nPace: 94%\n[button 0]"},
		{asked, "How did the week go? 9 to 15 Nov."},
		{message(rows(2, 2, "x")), "x  x\nx  x"},
	} {
		if got := pages(test.m, []string{"F1"})[0].text; got != test.want {
			t.Errorf("text = %q, want %q", got, test.want)
		}
	}
	if got := pages(message(chat.T(strings.Repeat("你", 2900))), nil)[0].text; len(got) > 3000 || !strings.HasSuffix(got, "…") {
		t.Errorf("the text has %d bytes, want at most 3000 and an ellipsis", len(got))
	}
	for i, p := range pages(message(rows(1, 1, "one"), rows(1, 1, "two")), nil) {
		if want := []string{"one", "two"}[i]; p.text != want {
			t.Errorf("post %d says %q, want %q", i, p.text, want)
		}
	}
}
