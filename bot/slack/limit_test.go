package slack

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

func TestShorten(t *testing.T) {
	const farmer = "👩‍🌾" // five units: a woman, a joiner, a sheaf
	for _, test := range []struct {
		text string
		most int
		want string
	}{
		{"", 5, ""},
		{"12345", 5, "12345"},
		{"123456", 5, "1234…"},
		{"one two three", 9, "one two…"},
		{"one two  three", 9, "one two…"},
		{"naïve", 5, "naïve"},
		{"e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"}, // accents of their own stay with their letters
		{"e\u0301e\u0301e\u0301", 4, "e\u0301…"},
		{farmer + farmer, 10, farmer + farmer},
		{farmer + farmer, 9, farmer + "…"},
		{"🇬🇧🇫🇷🇩🇪", 12, "🇬🇧🇫🇷🇩🇪"},
		{"🇬🇧🇫🇷🇩🇪", 11, "🇬🇧🇫🇷…"},
		{"🇬🇧🇫🇷🇩🇪", 8, "🇬🇧…"},
		{"👍🏽👍🏽", 7, "👍🏽…"},
		{"a❤️b", 3, "a…"},
		{"你好世界", 3, "你好…"},
		{"a&b", 7, "a&b"}, // Slack keeps five characters of the &
		{"a&b", 6, "a…"},
		{"a<b>c", 10, "a<b…"},
	} {
		if got := shorten(test.text, test.most); got != test.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", test.text, test.most, got, test.want)
		}
	}
}

func TestShortenEndlessMarks(t *testing.T) {
	s := "a" + strings.Repeat("\u0301", 5000)
	if got := shorten(s, 75); length(got) != 75 {
		t.Errorf("a letter of 5000 accents is shortened to %d characters, want 75", length(got))
	}
}

func FuzzShorten(f *testing.F) {
	for _, s := range []string{"", "one two three", "👩‍🌾👩‍🌾👩‍🌾", "🇬🇧🇫🇷🇩🇪", "e\u0301e\u0301", "&&&<<<>>>", "\xff\xfe", strings.Repeat("\u0301", 200)} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, most int) {
		if most < 10 || most > 5000 {
			return
		}
		s = chat.Clean(s)
		got := shorten(s, most)
		if n := length(got); n > most {
			t.Errorf("shorten(%q, %d) counts %d", s, most, n)
		}
		if !utf8.ValidString(got) {
			t.Errorf("shorten(%q, %d) = %q, which is no UTF-8", s, most, got)
		}
		if head, cut := strings.CutSuffix(got, "…"); got != s && (!cut || !strings.HasPrefix(s, head)) {
			t.Errorf("shorten(%q, %d) = %q, which is not how it begins", s, most, got)
		}
	})
}

func TestPartSpans(t *testing.T) {
	a, b, c := strings.Repeat("a", 2000), strings.Repeat("b", 2000), strings.Repeat("c", 500)
	for _, test := range []struct {
		name  string
		spans []chat.Span
		want  []string
	}{
		{"nothing", nil, nil},
		{"blank", chat.Spans(" \n", chat.B(" ")), nil},
		{"at the limit", chat.Spans(strings.Repeat("x", 3000)), []string{strings.Repeat("x", 3000)}},
		{"above it", chat.Spans(strings.Repeat("x", 3001)), []string{strings.Repeat("x", 3000), "x"}},
		{"paragraph", chat.Spans(a + "\n\n" + c + "\n" + c + " " + b), []string{a, c + "\n" + c, b}},
		{"line", chat.Spans(a + " " + c + "\n" + b), []string{a + " " + c, b}},
		{"word", chat.Spans(a + " " + b), []string{a, b}},
		{"span", chat.Spans(a, chat.B(b)), []string{a, b}},
		{"room", chat.Spans(strings.Repeat("x", 2995), chat.R("C0123456789"), " after"), []string{strings.Repeat("x", 2995), "#C0123456789 after"}},
		{"what Slack writes longer", chat.Spans(strings.Repeat("&", 601)), []string{strings.Repeat("&", 600), "&"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, part := range partSpans(tidy(test.spans)) {
				got = append(got, chat.PlainText(part))
			}
			if len(got) != len(test.want) {
				t.Fatalf("%d parts, want %d", len(got), len(test.want))
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("part %d = %.60q (%d), want %.60q (%d)", i, got[i], len(got[i]), test.want[i], len(test.want[i]))
				}
			}
		})
	}
}

func TestPartSpansLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := tidy(drawSpans(t, "spans"))
		var got strings.Builder
		for _, part := range partSpans(spans) {
			text := chat.PlainText(part)
			if n := length(text); n > 3000 || strings.TrimSpace(text) == "" {
				t.Fatalf("a part of %d characters, want some and at most 3000", n)
			}
			got.WriteString(text)
		}
		if want := chat.PlainText(spans); dense(got.String()) != dense(want) {
			t.Fatalf("parts come to %.100q, want %.100q", got.String(), want)
		}
	})
}
