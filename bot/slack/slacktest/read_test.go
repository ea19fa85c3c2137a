package slacktest

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func reader() markup {
	find := func(names map[string]string) func(string) (string, bool) {
		return func(id string) (string, bool) { name, known := names[id]; return name, known }
	}
	return markup{user: find(map[string]string{"U1": "Ann"}), room: find(map[string]string{"C1": "team"})}
}

func TestMrkdwn(t *testing.T) {
	for _, c := range [][2]string{
		{"", ""},
		{"plain words, £5 & 3 < 4", "plain words, £5 & 3 < 4"},
		{"*bold* _low_ ~gone~ `code`", "bold low gone code"},
		{"*_both_*", "both"},
		{"2*3*4 a_b_c ~ 5", "2*3*4 a_b_c ~ 5"},
		{"* not * _ nor _", "* not * _ nor _"},
		{"*two\nlines*", "*two\nlines*"},
		{"*bold*. (*bold*)", "bold. (bold)"},
		{"**x**", "*x*"},
		{"*£*", "£"},
		{"`*kept* _so_ :smile:`", "*kept* _so_ :smile:"},
		{"```\nblock *kept*\n```", "block *kept*"},
		{"a`b``c", "ab`c"},
		{"> quote\nno > quote", "quote\nno > quote"},
		{"&gt; quote", "quote"},
		{">>> all\nof it", "all\nof it"},
		{"&lt;b&gt; &amp;amp; &quot;", "<b> &amp; &quot;"},
		{"<!channel> <!here|here> <!everyone>", "🔔@channel 🔔@here 🔔@everyone"},
		{"<@U1> <@U2> <#C1> <#C1|old> <#C2>", "🔔@Ann 🔔@U2 #team #team #private"},
		{"<!subteam^S1|@devs>", "🔔@devs"},
		{"<https://example.com|here> <https://example.com> <mailto:a@example.com|a@example.com>", "here https://example.com a@example.com"},
		{"*<https://example.com|here>*", "here"},
		{"<!date^1700000000^{date}|x>", "x"},
		{"<b>x</b>", "bx/b"},
		{"<", "<"},
		{":smile: :+1: :100: 12:30:45 :not an emoji:", "🙂 🙂 🙂 12:30:45 :not an emoji:"},
		{"\x000\x01 <@U1>", "0 🔔@Ann"},
	} {
		if got := reader().mrkdwn(c[0], true); got != c[1] {
			t.Errorf("mrkdwn(%q) = %q, want %q", c[0], got, c[1])
		}
	}
	if got := reader().mrkdwn("hi @here, a@channel @hereby", false); got != "hi 🔔@here, a@channel @hereby" {
		t.Errorf("not verbatim: %q", got)
	}
}

func FuzzMrkdwn(f *testing.F) {
	for _, s := range []string{"*a*", "<!here|x>", "```a```", "`<@U1>`", "&lt;", "\x003\x01", "*<a|*b*>*", ">>> _a_"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := reader().mrkdwn(s, true)
		if strings.ContainsAny(got, "\x00\x01") {
			t.Errorf("mrkdwn(%q) = %q, with what only holds a place", s, got)
		}
		// What has none of the letters of markup is read as it stands.
		if !strings.ContainsAny(s, "*_~`<>&:\x00\x01") && utf8.ValidString(s) && got != s {
			t.Errorf("mrkdwn(%q) = %q", s, got)
		}
		// What has each of them escaped that can be, and none of the rest, too.
		if !strings.ContainsAny(s, "*_~`:\x00\x01") && utf8.ValidString(s) {
			if got := reader().mrkdwn("x"+strings.ReplaceAll(escape(s), "\n", " "), true); got != "x"+strings.ReplaceAll(s, "\n", " ") {
				t.Errorf("mrkdwn of %q escaped = %q", s, got)
			}
		}
	})
}

func TestReadBlocks(t *testing.T) {
	const blocks = `[
	{"type":"header","text":{"type":"plain_text","text":"*Head* :smile:","emoji":false}},
	{"type":"section","text":{"type":"mrkdwn","text":"*Your* week"},"fields":[
		{"type":"plain_text","text":":smile: <@U1>"},{"type":"mrkdwn","text":"_two_ @here","verbatim":true}],
		"accessory":{"type":"button","text":{"type":"plain_text","text":"Press :tada:","emoji":true},"action_id":"a"}},
	{"type":"divider"},
	{"type":"context","elements":[{"type":"mrkdwn","text":"*small*"},{"type":"plain_text","text":":a: x","emoji":false},{"type":"image","alt_text":"a face"}]},
	{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[{"type":"text","text":"*literal* :smile: <@U1> &amp; "},{"type":"channel","channel_id":"C1"},
			{"type":"text","text":" ","style":{"bold":true}},{"type":"link","url":"https://a.example","text":"link"},{"type":"text","text":"\n"}]},
		{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},
			{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"}]}]},
		{"type":"rich_text_preformatted","elements":[{"type":"text","text":"a  b\nc"}]}]},
	{"type":"table","rows":[[{"type":"raw_text","text":"Row"},{"type":"raw_text","text":"*H*"}],
		[{"type":"raw_number","value":2.5},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}]]},
	{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Undo"},"value":"undo 1","action_id":"u"}]},
	{"type":"image","alt_text":"Pace: 94%","slack_file":{"id":"F1"},"title":{"type":"plain_text","text":"Pace"}},
	{"type":"video"}]`
	list, err := pieces(json.RawMessage(blocks))
	if err != nil {
		t.Fatal(err)
	}
	var got page
	reader().read(list, &got)
	want := strings.Join([]string{
		"*Head* :smile:", "Your week", "🙂 <@U1>", "two @here", "small :a: x",
		"*literal* :smile: <@U1> &amp; #team link", "one", "🔔@Ann", "a  b", "c",
		"Row  *H*", "2.5  x", "Pace", "[slacktest cannot read a block of type video]",
	}, "\n")
	if diff := cmp.Diff(want, got.text()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Press 🙂", "Undo"}, got.buttons); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a face", "Pace: 94%"}, got.images); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
}

func FuzzReadBlocks(f *testing.F) {
	f.Add(`[{"type":"section","text":"x"}]`)
	f.Add(`[{"type":"table","rows":[[{"type":"raw_number","value":{}}],null]}]`)
	f.Add(`[{"type":"input","element":{"type":"static_select","options":[{"text":{"text":1}}]}}]`)
	f.Fuzz(func(t *testing.T, blocks string) {
		list, err := pieces(json.RawMessage(blocks))
		if err != nil {
			return
		}
		v := &openView{}
		var form Form
		reader().form(list, v, &form)
		reader().read(list, &page{})
	})
}

func TestWireText(t *testing.T) {
	w := New(t).Workspace("T1", "Acme")
	w.AddUser(User{ID: "U1", Name: "ann"})
	w.AddRoom(Room{ID: "C1", Name: "team"})
	w.AddRoom(Room{ID: "C2", Name: "secret", Private: true})
	for _, c := range [][2]string{
		{"2h BNI <b>£25</b> & *4*", "2h BNI &lt;b&gt;£25&lt;/b&gt; &amp; *4*"},
		{"see https://example.com/a?b=1&c=2.", "see <https://example.com/a?b=1&amp;c=2>."},
		{"<https://example.com|click>", "&lt;<https://example.com>|click&gt;"},
		{"at example.com, a@example.com", "at <http://example.com|example.com>, <mailto:a@example.com|a@example.com>"},
		{"@here @everyone @ann @bob x@here", "<!here> <!everyone> <@U1> @bob x@here"},
		{"#team #secret #none", "<#C1|team> #secret #none"},
		{"&amp; <@U1>", "&amp;amp; &lt;@U1&gt;"},
	} {
		if got := w.wireText(c[0]); got != c[1] {
			t.Errorf("wireText(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
