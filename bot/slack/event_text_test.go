package slack

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"payoff/bot/chat"
)

func TestTypedText(t *testing.T) {
	for in, want := range map[string]string{
		"":                                     "",
		"2h BNI":                               "2h BNI",
		"2h &lt;b&gt; &amp; £25":               "2h <b> & £25",
		"&amp;lt;":                             "&lt;",
		"&amp;amp; &quot;":                     "&amp; &quot;",
		"<https://example.com>":                "https://example.com",
		"<http://example.com|example.com>":     "example.com",
		"<https://x.com/?a=1&amp;b=2>":         "https://x.com/?a=1&b=2",
		"<https://x.com|a &lt;b&gt; c>":        "a <b> c",
		"<https://x.com|>":                     "https://x.com",
		"<mailto:a@example.com|a@example.com>": "a@example.com",
		"<tel:+441234|01234>":                  "01234",
		"2h with <@U1|jo>":                     "2h with @jo",
		"<@U1>":                                "@U1",
		"<#C1|general>, <#C2|>":                "#general, #C2",
		"<!channel> <!here|here> <!everyone>":  "@channel @here @everyone",
		"<!here|@here>":                        "@here",
		"<!subteam^S1|@sales> <!subteam^S2>":   "@sales @S2",
		"<!date^1700000000^{date}|14 Nov>":     "14 Nov",
		"a < b":                                "a < b",
		"<yesterday> 2h":                       "<yesterday> 2h",
		"<b>x</b>":                             "<b>x</b>",
		"<> <|> <!> <@> <#> <!^x>":             "<> <|> <!> <@> <#> <!^x>",
		"<https://x.com":                       "<https://x.com",
		"< <https://x.com>":                    "< https://x.com",
	} {
		if got := typedText(in); got != want {
			t.Errorf("typedText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCommandLine(t *testing.T) {
	for _, c := range []struct{ slash, text, want string }{
		{"/log", "2h BNI", "log 2h BNI"},
		{"/log", "", "log"},
		{"/log", " 2h &amp; more ", "log 2h & more"},
		{"/payoff", "goal show", "goal show"},
		{"/payoff", "", ""},
		{"/payoff", " ", ""},
	} {
		if got := commandLine(c.slash, c.text); got.Text != c.want || got.Options != nil {
			t.Errorf("commandLine(%q, %q) = %+v, want %q", c.slash, c.text, got, c.want)
		}
	}
}

// escaped is plain text as Slack passes it on.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// A saying is something a person types, and what Slack makes of it.
type saying struct{ typed, sent string }

func sayings() *rapid.Generator[saying] {
	name := rapid.StringMatching(`[a-z][a-z0-9._-]{0,12}`)
	return rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) saying { return saying{s, escaped(s)} }),
		rapid.Map(rapid.SampledFrom([]string{"<", ">", "&", "<b>", "<@U1>", "&lt;", "<!here>", "<https://x|y>", "|"}),
			func(s string) saying { return saying{s, escaped(s)} }),
		rapid.Map(rapid.StringMatching(`https?://[a-z]{1,9}\.com/[a-z&=?_*]{0,9}`), func(s string) saying { return saying{s, "<" + escaped(s) + ">"} }),
		rapid.Map(rapid.StringMatching(`[a-z]{1,9}\.com`), func(s string) saying { return saying{s, "<http://" + s + "|" + s + ">"} }),
		rapid.Map(rapid.StringMatching(`[a-z]{1,9}@[a-z]{1,9}\.com`), func(s string) saying { return saying{s, "<mailto:" + s + "|" + s + ">"} }),
		rapid.Map(name, func(s string) saying { return saying{"@" + s, "<@U0123|" + s + ">"} }),
		rapid.Map(name, func(s string) saying { return saying{"#" + s, "<#C0123|" + s + ">"} }),
		rapid.Map(name, func(s string) saying { return saying{"@" + s, "<!subteam^S0123|@" + s + ">"} }),
		rapid.Map(rapid.SampledFrom([]string{"here", "channel", "everyone"}), func(s string) saying { return saying{"@" + s, "<!" + s + ">"} }),
	)
}

// What Slack makes of any text is read as that text.
func TestTypedTextKeepsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, sent strings.Builder
		for _, p := range rapid.SliceOf(sayings()).Draw(t, "pieces") {
			want.WriteString(p.typed)
			sent.WriteString(p.sent)
		}
		if got := typedText(sent.String()); got != want.String() {
			t.Fatalf("typedText(%q) = %q, want %q", sent.String(), got, want.String())
		}
	})
}

// A text of nothing but brackets takes no longer than any other.
func TestTypedTextIsLinear(t *testing.T) {
	for _, s := range []string{strings.Repeat("<", 1<<20), strings.Repeat("<", 1<<20) + ">", strings.Repeat("<@", 1<<19)} {
		if got := typedText(s); got != s {
			t.Errorf("typedText of %d brackets is something else", len(s))
		}
	}
}

func FuzzTypedText(f *testing.F) {
	for _, s := range []string{"<@U1|x> &lt;", "<!date^1^{d}|x>", "<<<>>>|", "<https://x|<y>>", "&amp;amp;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := typedText(s)
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("typedText(%q) = %q, which is not UTF-8", s, got)
		}
		if len(got) > len(s)+1 {
			t.Errorf("typedText(%q) = %q, which is longer", s, got)
		}
		if back := typedText(escaped(s)); back != s {
			t.Errorf("typedText(escaped %q) = %q, want it back", s, back)
		}
		if did := commandLine("/log", s); !strings.HasPrefix(did.Text, "log") {
			t.Errorf("commandLine = %+v, want it to be /log", chat.Did(did))
		}
	})
}
