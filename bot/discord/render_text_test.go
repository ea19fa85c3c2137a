package discord

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

// unkind is what names and notes may hold.
var unkind = []string{
	"", " ", "\n", "<!channel>", "<@U012345>", "@everyone", "@here", "<@!80351110224678912>", "<@&165511591545143296>", "<#165511591545143296>",
	"*bold*", "**bold**", "***", "****", "_low_", "__under__", "snake_case_name", "~~gone~~", "~", "||spoiler||", "|",
	"> quote", ">>> quote", "# Title", "## Title", "-# small", "- item", "* item", "+ item", "1. item", "2026. A year", "  - item", "a\n- item\n1. item\n> q",
	"`code`", "``code``", "```\nblock\n```", "```go\nblock```", "a`b``c", "\\", "\\*", "\\\\", "a\\", "*", "_", "`", "a**b", "a*b*c",
	"<script>alert(1)</script>", "&amp;", "<", ">", "<<<>>>", `"\"'`, "https://example.com/a_b_c", "<https://example.com>", "http://a",
	"[click](https://example.com)", "[", "](", "mailto:a@example.com", "example.com", "discord.gg/abc", "discord.com/invite/abc",
	":smile:", ":+1:", "::a::", "10:30", "09:00:00", "a:b:c", "<:party:1234>", "<a:party:1234>", "<t:1700000000:F>", "</goal:123>", "<id:customize>",
	`¯\_(ツ)_/¯`, "\u202egnp.exe\u202c", "שלום", "你好", "👩‍🌾 ❤️ 🇬🇧", "e\u0301", "a\nb", "tab\tnul\x00", "\xff", "  spaced  out  ",
	"BNI & Chamber", "C0123456789", "…", "#general", "\u00a0", "\u00a0# x", "\u200b", "- ", "-", "#", "1.", "it costs £5. 10 of them.",
}

func drawText(t *rapid.T, name string) string {
	s := rapid.SampledFrom(unkind).Draw(t, name)
	switch rapid.IntRange(0, 9).Draw(t, name+" is") {
	case 0:
		s = strings.Repeat(s+" ", rapid.IntRange(1, 300).Draw(t, name+" times"))
	case 1:
		s = strings.Repeat(s, rapid.IntRange(1, 300).Draw(t, name+" times"))
	case 2:
		s += rapid.String().Draw(t, name+" and")
	case 3, 4, 5:
		s += rapid.SampledFrom(unkind).Draw(t, name+" then")
	}
	return s
}

func drawSpans(t *rapid.T, name string) []chat.Span {
	var spans []chat.Span
	for range rapid.IntRange(0, 4).Draw(t, name+" count") {
		s := chat.Span{Style: chat.Style(rapid.IntRange(0, 3).Draw(t, name+" style")), Text: drawText(t, name)}
		if s.Style == chat.RoomLink {
			s.Text = rapid.SampledFrom([]string{"165511591545143296", "1", "general", "", "@here"}).Draw(t, name+" room")
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

// checkRead holds spans in markdown to what a reader of it sees: the words of the spans, and
// no mark that is not one of theirs.
func checkRead(t interface{ Errorf(string, ...any) }, spans []chat.Span, quiet bool) {
	said := written(tidy(spans), quiet)
	allowed := []string{"bold", "code"}
	want := ""
	for _, s := range spans {
		if s.Style == chat.RoomLink && isID(s.Text) {
			want += "<#" + s.Text + ">"
			allowed = append(allowed, "room")
		} else {
			want += chat.PlainText([]chat.Span{s})
		}
	}
	if quiet {
		allowed = append(allowed, "subtext")
	}
	r := readMarkdown(said)
	if got := eye(r.text.String()); got != eye(want) {
		t.Errorf("%q reads %q, want %q", said, got, eye(want))
	}
	if other := r.hasOther(allowed...); len(other) > 0 {
		t.Errorf("%q holds %q", said, other)
	}
	if strings.Contains(said, "@everyone") || strings.Contains(said, "@here") {
		t.Errorf("%q still names everyone", said)
	}
}

func TestTextIsReadAsItIs(t *testing.T) {
	for _, text := range unkind {
		for _, spans := range [][]chat.Span{
			chat.Spans(text), chat.Spans("<", text, ">"), chat.Spans("[", chat.B(text), "]"), chat.Spans("{", chat.C(text), "}"),
			chat.Spans("a\n", text), chat.Spans(chat.B(text), text, chat.C(text), chat.B(text)), chat.Spans("1", chat.B(text), chat.R(text), "`", chat.C(text), "`"),
		} {
			checkRead(t, spans, false)
			checkRead(t, spans, true)
		}
	}
	rapid.Check(t, func(t *rapid.T) { checkRead(t, drawSpans(t, "spans"), rapid.Bool().Draw(t, "quiet")) })
}

// TestReader holds the reader of these tests to what others found Discord to show, or none of
// them would say anything.
func TestReader(t *testing.T) {
	for s, want := range map[string]string{
		"**foo** bar": "bold", "__a__": "underline", "*a* _b_": "italics italics", "~~a~~": "struck", "||a||": "spoiler", "**foo***": "bold",
		"# a": "heading", " ## a": "heading", "-# a": "subtext", "x -# a": "", "> a": "quote", "- a": "list", "12. a": "list", "a\n* b": "list",
		"`a`": "code", "```\na\n```": "block", "`\\`": "code", "``a``": "doubtful code", "<@123>": "mention", "@everyone": "mention", "<#1>": "room",
		":smile:": "emoji", "https://a.b": "link", "[a](https://b)": "masked link", "<t:1:R>": "time", "**# foo**": "bold heading",
		`\*a\* \_b\_ \~~c~~ \||d||`: "", `\# a`: "", `1\. a`: "", `\<@123>`: "", `\@everyone`: "", `https\://a.b`: "", `\:smile:`: "", `\[a](https\://b)`: "",
		"a # b - c > d": "", "snake_case": "", "10:30": "",
	} {
		if got := strings.Join(readMarkdown(s).marks, " "); got != want {
			t.Errorf("%q holds %q, want %q", s, got, want)
		}
	}
}

func TestWritten(t *testing.T) {
	for _, test := range []struct {
		text chat.Text
		want string
	}{
		{chat.T("Logged ", chat.B("BNI"), ", today: 2h, £25 spent."), "Logged **BNI**, today: 2h, £25 spent."},
		{chat.T("One line does: ", chat.C("2h BNI 4 contacts")), "One line does: `2h BNI 4 contacts`"},
		{chat.T("Posted in ", chat.R("165511591545143296"), " at 09:00."), "Posted in <#165511591545143296> at 09:00."},
		{chat.T("Posted in ", chat.R("general")), "Posted in #general"},
		{chat.T(chat.R("here")), `\#here`},
		{chat.Quiet("The rule of it,\nin ", chat.B("two lines"), "\n\n."), "-# The rule of it,\n-# in **two lines**\n\n-# ."},
		{chat.T("- £200 of A*STAR"), `\- £200 of A\*STAR`},
		{chat.T("12-3 > 4 #1"), "12-3 > 4 #1"},
		{chat.T(chat.B("two\nlines"), " and ", chat.C("a\nb")), "**two**\n**lines** and `a`\n`b`"},
		{chat.T(chat.C("a`b")), "a\\`b"},
		{chat.T(chat.B("a"), chat.B("b"), chat.C("c"), chat.C("d")), "**ab**`cd`"},
		{chat.T("@everyone, @heretic"), "@\u200beveryone, @\u200bheretic"},
		{chat.T("see https://example.com/a"), `see https\://example.com/a`},
		{chat.T(" \n "), ""},
	} {
		if got := written(tidy(test.text.Spans), test.text.Quiet); got != test.want {
			t.Errorf("%v is written %q, want %q", test.text.Spans, got, test.want)
		}
	}
}

func TestParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans, quiet := drawSpans(t, "spans"), rapid.Bool().Draw(t, "quiet")
		most := rapid.SampledFrom([]int{60, 256, 1024, 2000}).Draw(t, "most")
		var got strings.Builder
		parts := writeParts(spans, quiet, most)
		for _, p := range parts {
			if length(p) > most || strings.TrimSpace(p) == "" {
				t.Errorf("a part of %d: %q, want something, and at most %d", length(p), p, most)
			}
			r := readMarkdown(p)
			if other := r.hasOther("bold", "code", "room", "subtext"); len(other) > 0 {
				t.Errorf("%q holds %q", p, other)
			}
			got.WriteString(r.text.String())
		}
		var want strings.Builder
		for _, s := range tidy(spans) {
			if s.Style == chat.RoomLink {
				s = chat.Span{Text: "<#" + s.Text + ">"}
			}
			want.WriteString(s.Text)
		}
		if dense(got.String()) != dense(want.String()) {
			t.Errorf("the parts read %q, want %q", dense(got.String()), dense(want.String()))
		}
		short := writeShort(spans, most)
		whole := len(writeParts(spans, false, most)) < 2
		if length(short) > most || !whole && !strings.HasSuffix(short, "…") || whole && short != written(tidy(spans), false) {
			t.Errorf("shortened to %d: %q", most, short)
		}
	})
}

func FuzzEscape(f *testing.F) {
	for _, s := range unkind {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 1000 {
			t.Skip("longer than it takes")
		}
		checkRead(t, chat.Spans(a, chat.B(b), a, chat.C(a), b), false)
		checkRead(t, chat.Spans(chat.C(b), a, chat.B(a), chat.C(b)), true)
		a = chat.Clean(a)
		if got := readMarkdown(escape(a)); eye(got.text.String()) != eye(a) || len(got.marks) > 0 {
			t.Errorf("escape(%q) reads %q with %q", a, got.text.String(), got.marks)
		}
	})
}

func TestShorten(t *testing.T) {
	for _, s := range []string{"abcdefabcdef", "👩‍🌾👩‍🌾👩‍🌾", "🇬🇧🇫🇷🇩🇪", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", "👍🏽👍🏽👍🏽", "🏴\U000E0067\U000E0062\U000E007F🏴\U000E0067\U000E0062\U000E007F"} {
		for most := 9; most < length(s)+2; most++ {
			got := shorten(s, most)
			cut, short := strings.CutSuffix(got, "…")
			if length(got) > most || short != (length(s) > most) || !strings.HasPrefix(s, cut) || short && (cut == "" || !apart(s, len(cut))) {
				t.Errorf("shorten(%q, %d) = %q", s, most, got)
			}
		}
	}
	if got := shorten("e"+strings.Repeat("\u0301", 500), 45); length(got) > 45 || length(got) < 40 {
		t.Errorf("marks without end are shortened to %d, want about 45", length(got))
	}
}
