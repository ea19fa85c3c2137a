package chattest

import (
	"slices"
	"strings"
	"testing"

	"payoff/bot/chat"
)

var hostileTests = []test{
	{"text", testHostileText},
	{"blocks", testHostileBlocks},
	{"form", testHostileForm},
	{"words of people", testHostileWords},
}

// hostile is what names and lines may hold. Each comes out as it is, but for what chat.Clean
// takes away.
var hostile = []string{
	"<!channel>", "<!here|all>", "<@U012345>", "<#C012345|general>", "@everyone", "@here", "<@!80351110224678912>", "<@&165511591545143296>",
	"*bold*", "**bold**", "_low_", "__under__", "~~gone~~", "||spoiler||", "> quote", "# Title", "- item", "1. item",
	"`code`", "```\nblock\n```", "a`b``c", "\\", "\\*", "*", "_", "`",
	"<script>alert(1)</script>", "<b>x</b>", `"><img src=x onerror=alert(1)>`, "&amp;", "&lt;b&gt;", "&#42;", "{{.}}", "<",
	"https://example.com/a_b_c", "<https://example.com|click>", "[click](https://example.com)", "mailto:a@example.com", "example.com",
	":smile:", "<:party:1234>", "<t:1700000000:F>", "</goal:123>", "<!date^1700000000^{date}|x>",
	"\u202egnp.exe\u202c", "\u2066a\u2069", "a\u200fb", "naïve café", "Jörg Ørsted", "שלום", "你好", "👩‍🌾 ❤️",
	"a\nb", "tab\x00nul\x1besc", "  spaced  out  ", "'quoted' \"double\"",
}

// long is more than any platform takes in one piece.
var long = strings.Repeat("0123456789 ", 300)

// shows says whether what is read holds the text, or as much of a long one as fits before
// the ellipsis that says so. Where a long text was split does not matter.
func shows(seen, text string) bool {
	if strings.Contains(read(seen), read(text)) {
		return true
	}
	if len(text) < 2000 {
		return false
	}
	dense := func(s string) string { return strings.ReplaceAll(read(s), " ", "") }
	return strings.Contains(dense(seen), dense(text)) || strings.Contains(dense(seen), dense(text)[:60]) && strings.Contains(seen, "…")
}

func testHostileText(t *testing.T, s *stage) {
	direct := s.Direct(s.ann)
	for i, text := range append(slices.Clone(hostile), long) {
		key := "k" + string(rune('A'+i))
		_, err := s.Send(t.Context(), s.to(s.ann), chat.Message{Blocks: []chat.Block{
			chat.T("<", text, ">"), chat.T("[", chat.B(text), "]"), chat.T("{", chat.C(text), "}"), chat.Quiet("(", text, ")"),
		}}, key)
		if err != nil {
			t.Errorf("send %q: %v", text, err)
			continue
		}
		got := s.all(s.ann, direct).Text
		for _, want := range []string{"<" + text + ">", "[" + text + "]", "{" + text + "}", "(" + text + ")"} {
			if !shows(got, want) {
				t.Errorf("%q does not come out as it is; the end of what is seen: %q", want, tail(got))
			}
		}
	}
}

func tail(s string) string {
	r := []rune(s)
	return string(r[max(0, len(r)-160):])
}

func testHostileBlocks(t *testing.T, s *stage) {
	direct := s.Direct(s.ann)
	for i, text := range hostile {
		_, err := s.Send(t.Context(), s.to(s.ann), chat.Message{Summary: text, Blocks: []chat.Block{
			chat.Fields{{Label: "L" + text, Value: chat.Spans("V", text)}},
			chat.Table{Header: []string{"H" + text, "2"}, Rows: [][]string{{"R" + text, text}}},
			chat.Actions{{Label: "B" + text, Call: text}},
			chat.Image{Name: "a.png", PNG: onePixel, Alt: "A" + text},
		}}, "k"+string(rune('A'+i)))
		if err != nil {
			t.Errorf("send %q: %v", text, err)
			continue
		}
		got := s.all(s.ann, direct)
		for _, want := range []string{"L" + text, "V" + text, "H" + text, "R" + text} {
			if !shows(got.Text, want) {
				t.Errorf("%q does not come out as it is; the end of what is seen: %q", want, tail(got.Text))
			}
		}
		if b := last(got.Buttons); read(b) != read("B"+text) {
			t.Errorf("button = %q, want %q", b, "B"+text)
		}
		if a := last(got.Images); read(a) != read("A"+text) {
			t.Errorf("words of the picture = %q, want %q", a, "A"+text)
		}
	}
}

func last(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

func testHostileForm(t *testing.T, s *stage) {
	for i, text := range hostile {
		f := chat.Form{Call: "c", Title: "T" + text, Intro: chat.Spans("I", text), Error: "E" + text, Fields: []chat.Field{
			{ID: "a", Label: "L" + text, Hint: "H" + text, Value: "V" + text, Error: "F" + text, Long: true},
			{ID: "b", Label: "Choose", Value: "1", Choices: []chat.Choice{{Value: "1", Label: "C" + text}, {Value: "2", Label: "Other"}}},
		}}
		s.script.Answer(chat.OpenForm{Form: f})
		s.ok(s.Type("e"+string(rune('A'+i)), s.ann, s.Direct(s.ann), "/checkin"))
		got := s.form(s.ann, "the form of "+text, func(g ShownForm) bool { return read(g.Title) == read("T"+text) || strings.HasSuffix(g.Title, "…") })
		for _, pair := range [][2]string{
			{got.Intro, "I" + text}, {got.Error, "E" + text}, {got.Fields[0].Label, "L" + text}, {got.Fields[0].Hint, "H" + text},
			{got.Fields[0].Value, "V" + text}, {got.Fields[0].Error, "F" + text}, {got.Fields[1].Value, "C" + text},
		} {
			if read(pair[0]) != read(pair[1]) {
				t.Errorf("the form says %q, want %q", pair[0], pair[1])
			}
		}
	}
}

func testHostileWords(t *testing.T, s *stage) {
	s.listens()
	direct := s.Direct(s.ann)
	for i, text := range append(slices.Clone(hostile), long) {
		s.ok(s.Type("e"+string(rune('A'+i)), s.ann, direct, text))
		did, ok := s.event(i + 1).Did.(chat.Wrote)
		if !ok {
			t.Fatalf("Did = %#v, want chat.Wrote", s.event(i+1).Did)
		}
		if read(did.Text) != read(text) {
			t.Errorf("wrote %q, want %q", did.Text, text)
		}
	}
}
