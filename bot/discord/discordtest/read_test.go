package discordtest

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func reading() markup {
	return markup{
		now:     time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC),
		user:    func(id string) string { return map[string]string{ada: "Ada"}[id] },
		channel: func(id string) string { return map[string]string{lobby: "lobby"}[id] },
	}
}

func TestMarkdown(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain text, 3 * 4 = 12", "plain text, 3 * 4 = 12"},
		{"**bold** *italic* _italic_ __under__ ~~gone~~", "bold italic italic under gone"},
		{"***both***, **a *b* c**", "both, a b c"},
		{`\*\*no\*\* \_no\_ \~\~ \| \< \# \\`, `**no** _no_ ~~ | < # \`},
		{`C:\temp stays`, `C:\temp stays`},
		{"snake_case_name stays", "snake_case_name stays"},
		{"2 * 3 * 4 stays", "2 * 3 * 4 stays"},
		{"`a*b*c` and ``a`b``", "a*b*c and a`b"},
		{"`` `tick` ``", "`tick`"},
		{"```\n**x**  1\n<@" + ada + ">\n```", "**x**  1\n<@" + ada + ">"},
		{"see ```go\nx := 1\n``` then", "see \nx := 1\n then"},
		{"||the end||", "███████"},
		{"# Head\n## Two\n### Three\n#four\n#### five", "Head\nTwo\nThree\n#four\n#### five"},
		{"-# small", "small"},
		{"- a\n* b\n  - c", "• a\n• b\n• c"},
		{"-5 and *", "-5 and *"},
		{"3. a\n9. b\nx\n7. c", "3. a\n4. b\nx\n7. c"},
		{`1986\. A year`, "1986. A year"},
		{"> said\n> # more\n>not", "said\nmore\n>not"},
		{">>> all\nof it", "all\nof it"},
		{"[here](https://payoff.example) [x](javascript:1) [https://a.example](https://b.example)", "here [x](javascript:1) [https://a.example](https://b.example)"},
		{`\[here](https://payoff.example)`, "[here](https://payoff.example)"},
		{"https://payoff.example/a_b_c*d* <https://payoff.example>", "https://payoff.example/a_b_c*d* https://payoff.example"},
		{"<@" + ada + "> <@!" + ada + "> <@" + nowhere + "> <@&" + ada + ">", ping + "@Ada " + ping + "@Ada " + ping + "@unknown-user " + ping + "@role"},
		{"<#" + lobby + "> <#" + nowhere + "> </log:" + nowhere + ">", "#lobby #No Access /log"},
		{"@everyone @here @ann", ping + "@everyone " + ping + "@here @ann"},
		{"@\u200beveryone", "@everyone"},
		{"<b> 1 < 2 > 0", "<b> 1 < 2 > 0"},
		{":tada: 10:30:45 <:own:" + ada + ">", "🙂 10:30:45 🙂"},
		{"<t:1764000000:d> <t:1764000000> <t:1795330800:R>", "24/11/2025 24 November 2025 16:00 in 0 seconds"},
		{"  trimmed \n", "trimmed"},
		{"**unclosed and `one", "**unclosed and `one"},
		{"é*ü*é", "éüé"},
	} {
		if got := reading().markdown(tt.in); got != tt.want {
			t.Errorf("markdown(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestEscapedIsPlain escapes any text wholly: it reads as it was.
func TestEscapedIsPlain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := strings.TrimSpace(rapid.StringOf(rapid.RuneFrom([]rune("ab 1\n*_~`|>#-+.<@:[]()\\/é🙂"))).Draw(r, "text"))
		var b strings.Builder
		for _, c := range text {
			if c < unicode.MaxASCII && unicode.IsPrint(c) && c != ' ' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
				b.WriteByte('\\')
			}
			b.WriteRune(c)
		}
		if got := reading().markdown(b.String()); got != text {
			r.Fatalf("markdown(%q) = %q, want %q", b.String(), got, text)
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"**a** `b` ```c``` > d", "[a](https://b)", "<t:99999999999999:R>", "1. a\n2. b", "\\", "||", "***", "_a_b_", "-# ", "<@1>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if units(s) > maxDescription {
			t.Skip("longer than any text of Discord's")
		}
		got := reading().markdown(s)
		if strings.ContainsAny(got, "\u200b\u2060") {
			t.Errorf("markdown(%q) = %q shows what has no width", s, got)
		}
	})
}

// TestSeen reads messages with everything that they can have.
func TestSeen(t *testing.T) {
	w := village(t)
	w.ok(w.upload("POST", "/channels/"+lobby+"/messages", `{"content":"**Report**","embeds":[
		{"author":{"name":"*Ann*"},"title":"Pace <@`+ada+`> **now**","description":"- <#`+lobby+`>\n-# small","fields":[{"name":"__Goal__","value":"*£5*"}],"footer":{"text":"_end_"}},
		{"image":{"url":"attachment://pace.png"}}],
		"attachments":[{"id":"0","filename":"pace.png","description":"Pace: 50%"},{"id":"1","filename":"all.csv"}]}`, "pace.png", "all.csv"))
	w.Write(ada, lobby, "thanks *all*")
	got := w.Seen(cat, lobby)
	for i := range got {
		got[i].ID = ""
	}
	want := []Message{
		{User: w.ApplicationID(), Text: "Report\n*Ann*\nPace <@" + ada + "> now\n• #lobby\nsmall\nGoal\n£5\n_end_", Images: []string{"Pace: 50%"}, Files: []string{"all.csv"}},
		{User: ada, Text: "thanks all"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Seen (-want +got):\n%s", diff)
	}
	if seen := w.Seen(cat, vault); seen != nil {
		t.Errorf("Seen in a channel that she does not see = %v", seen)
	}
}

// TestSeenLater reads what is private, still to come, edited, hidden and deleted.
func TestSeenLater(t *testing.T) {
	w := village(t)
	in := w.interaction(commandInteraction, cat, lobby, "")
	w.ok(w.answer(in, `{"type":5,"data":{"flags":64}}`))
	if seen := w.Seen(cat, lobby); len(seen) != 1 || !seen[0].Private || !seen[0].Thinking || seen[0].Text != "payoff is thinking..." {
		t.Errorf("Seen of a deferral = %+v", seen)
	}
	if seen := w.Seen(ada, lobby); len(seen) != 0 {
		t.Errorf("somebody else sees %+v", seen)
	}
	w.ok(w.call("PATCH", w.hook(in)+"/messages/@original", `{"content":"Done"}`))
	if seen := w.Seen(cat, lobby); seen[0].Thinking || seen[0].Text != "Done" {
		t.Errorf("Seen of the answer = %+v", seen)
	}
	id := w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"one"}`)).get("id")
	w.ok(w.call("PATCH", "/channels/"+lobby+"/messages/"+id, `{"content":"two"}`))
	if seen := w.Seen(ada, lobby); len(seen) != 1 || !seen[0].Edited || seen[0].Text != "two" {
		t.Errorf("Seen of an edit = %+v", seen)
	}
	w.Delete(lobby, id)
	if seen := w.Seen(ada, lobby); len(seen) != 0 {
		t.Errorf("Seen of a deleted message = %+v", seen)
	}
}
