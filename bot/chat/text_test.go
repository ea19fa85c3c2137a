package chat_test

import (
	"html"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

var markup = chat.Dialect{Escape: html.EscapeString, Bold: [2]string{"<b>", "</b>"}, Code: [2]string{"<code>", "</code>"}}

func TestRender(t *testing.T) {
	for _, c := range []struct {
		name  string
		spans []chat.Span
		want  string
	}{
		{"nothing", nil, ""},
		{"styles", chat.Spans("a ", chat.B("b"), " ", chat.C("c")), "a <b>b</b> <code>c</code>"},
		{"escaped in every style", chat.Spans("<", chat.B("&"), chat.C(">")), "&lt;<b>&amp;</b><code>&gt;</code>"},
		{"escaped once", chat.Spans("&amp;"), "&amp;amp;"},
		{"no empty markup", chat.Spans(chat.B(""), chat.B("  "), chat.C("\u202e")), "  "},
		{"cleaned", chat.Spans("a\u202e\x00b\nc"), "ab\nc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := chat.Render(c.spans, markup); got != c.want {
				t.Errorf("Render = %q, want %q", got, c.want)
			}
		})
	}
}

func TestSpansRefuses(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Spans(1) returned, want a panic: it is a fault of the program")
		}
	}()
	chat.Spans(1)
}

// Whatever a person types, taking the markup off what is rendered gives it back.
func TestRenderKeepsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.String()).Draw(t, "texts")
		var spans []chat.Span
		for i, s := range texts {
			spans = append(spans, chat.Span{Text: s, Style: chat.Style(i % 3)})
		}
		got := chat.Render(spans, markup)
		for _, tag := range []string{"<b>", "</b>", "<code>", "</code>"} {
			got = strings.ReplaceAll(got, tag, "")
		}
		if strings.ContainsAny(got, "<>") {
			t.Fatalf("Render(%q) = %q, with markup of its own", texts, got)
		}
		if want := chat.Clean(strings.Join(texts, "")); html.UnescapeString(got) != want {
			t.Fatalf("Render(%q) reads %q, want %q", texts, html.UnescapeString(got), want)
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"": "",
		"naïve £5 שלום 你好 👩\u200d🌾 ❤️": "naïve £5 שלום 你好 👩\u200d🌾 ❤️",
		"a\nb":                   "a\nb",
		"a\r\nb":                 "a\nb",
		"\x00\x1b[31mred\x7f":    "[31mred",
		"\u202egnp.exe\u202c":    "gnp.exe",
		"a\u200eb\u200fc\u061cd": "abcd",
		"\u2066a\u2069":          "a",
		"a\u2028b\u2029c\ufeff":  "abc",
		"\xff":                   "\ufffd",
	} {
		if got := chat.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := chat.Clean(s)
		if twice := chat.Clean(once); twice != once {
			t.Fatalf("Clean(Clean(%q)) = %q, want %q as before", s, twice, once)
		}
		for _, r := range once {
			if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("Clean(%q) = %q keeps %U", s, once, r)
			}
		}
	})
}
