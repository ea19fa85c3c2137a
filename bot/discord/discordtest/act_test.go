package discordtest

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

// TestCommandLines types lines and looks at the options that Discord makes of them.
func TestCommandLines(t *testing.T) {
	w := village(t)
	w.register()
	a := &app{w: w, answer: says("Done")}
	a.connect()
	option := func(kind float64, name string, value any) object {
		return object{"type": kind, "name": name, "value": value}
	}
	sub := func(kind float64, name string, inside ...any) object {
		return object{"type": kind, "name": name, "options": append([]any{}, inside...)}
	}
	for _, tt := range []struct {
		line, command string
		want          []any
	}{
		{"/log 2h BNI yesterday", "log", []any{option(3, "line", "2h BNI yesterday")}},
		{"/log line:2h BNI", "log", []any{option(3, "line", "2h BNI")}},
		{"/goal", "goal", []any{sub(1, "show")}},
		{"/goal LinkedIn", "goal", []any{sub(1, "show", option(3, "of", "LinkedIn"))}},
		{"/goal set £120k by 31 Dec", "goal", []any{sub(1, "set", option(3, "line", "£120k by 31 Dec"))}},
		{"/goal set £5 kind:At most weeks:3", "goal", []any{sub(1, "set", option(3, "line", "£5"), option(3, "kind", "max"), option(4, "weeks", 3.0))}},
		{"/payoff", "payoff", []any{sub(1, "help")}},
		{"/payoff help goal set", "payoff", []any{sub(1, "help", option(3, "about", "goal set"))}},
		{"/payoff what if 3h more", "payoff", []any{sub(1, "what-if", option(3, "line", "3h more"))}},
		{"/what if 3h more", "payoff", []any{sub(1, "what-if", option(3, "line", "3h more"))}},
		{"/me link", "payoff", []any{sub(2, "me", sub(1, "link"))}},
		{"/me", "payoff", []any{sub(2, "me", sub(1, "now"))}},
		{"/team", "team", []any{sub(1, "list")}},
	} {
		if err := w.Command("", ada, lobby, tt.line); err != nil {
			t.Errorf("Command(%q): %v", tt.line, err)
			continue
		}
		it := a.last()
		if diff := cmp.Diff(any(tt.want), it.value("data.options")); diff != "" || it.value("data.name") != tt.command {
			t.Errorf("Command(%q) called %v (-want +got):\n%s", tt.line, it.value("data.name"), diff)
		}
	}
}

// TestActsRefused does what Discord's client does not let a person do, or shows them nothing of.
func TestActsRefused(t *testing.T) {
	w := village(t)
	w.register()
	a := &app{w: w, answer: says("Done")}
	a.connect()
	said := w.Write(ada, lobby, "2h BNI")
	for _, tt := range []struct {
		name string
		do   func() error
		want string
	}{
		{"no slash", func() error { return w.Command("", ada, lobby, "log 2h") }, "no command"},
		{"no such command", func() error { return w.Command("", ada, lobby, "/nonsense") }, "shows no command"},
		{"not for her", func() error { return w.Command("", cat, lobby, "/team list") }, "shows no command"},
		{"not in a direct room", func() error { return w.Command("", ada, w.Direct(ada), "/team list") }, "shows no command"},
		{"no such person", func() error { return w.Command("", nowhere, lobby, "/log 2h") }, "no user"},
		{"no such channel", func() error { return w.Command("", ada, nowhere, "/log 2h") }, "no channel"},
		{"a channel she does not see", func() error { return w.Command("", cat, vault, "/log 2h") }, "does not see"},
		{"another's direct room", func() error { return w.Command("", cat, w.Direct(ada), "/log 2h") }, "does not see"},
		{"what is required", func() error { return w.Command("", ada, lobby, "/log") }, "without it"},
		{"too long", func() error { return w.Command("", ada, lobby, "/log "+x(51)) }, "51 characters"},
		{"no choice", func() error { return w.Command("", ada, lobby, "/goal set line:x kind:sideways") }, "none of its choices"},
		{"no number", func() error { return w.Command("", ada, lobby, "/goal set line:x weeks:many") }, "weeks"},
		{"words for none", func() error { return w.Command("", ada, lobby, "/me link now please") }, "takes no words"},
		{"no autocomplete", func() error { _, err := w.Autocomplete(ada, lobby, "/goal show x", "of"); return err }, "no autocomplete"},
		{"no such option", func() error { _, err := w.Autocomplete(ada, lobby, "/log 2h", "nonsense"); return err }, "no option"},
		{"no such message", func() error { return w.Press("", ada, lobby, nowhere, "Undo") }, "sees no message"},
		{"no such button", func() error { return w.Press("", ada, lobby, said, "Undo") }, "no button"},
		{"no such entry", func() error { return w.MessageCommand("", ada, lobby, said, "Nonsense") }, "menu has no"},
		{"nothing open", func() error { return w.Submit("", ada, nil) }, "no modal"},
		{"payoff is gone", func() error { w.g.Remove(); return w.Command("", ada, lobby, "/log 2h") }, "not in the server"},
	} {
		if err := tt.do(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that says %q", tt.name, err, tt.want)
		}
	}
	if n := a.count(); n != 0 {
		t.Errorf("payoff heard of %d acts that nobody could do", n)
	}
}

// TestPayload looks at all that comes with an interaction.
func TestPayload(t *testing.T) {
	bothWays(t, says("Done"), func(w raw, a *app) {
		for _, tt := range []struct {
			channel string
			want    map[string]any
		}{
			{lobby, map[string]any{
				"type": 2.0, "version": 1.0, "application_id": w.ApplicationID(), "guild_id": w.g.ID(), "guild.id": w.g.ID(), "guild_locale": "en-GB",
				"member.user.id": ada, "member.nick": "Ada L", "member.user.global_name": "Ada", "member.roles.0": w.g.manager,
				"member.permissions": bits(w.g.permissions(ada)), "user": nil, "channel_id": lobby, "channel.type": 0.0, "channel.name": "lobby",
				"locale": "en-GB", "context": 0.0, "authorizing_integration_owners.0": w.g.ID(), "app_permissions": bits(everyoneMay),
			}},
			{w.Direct(ada), map[string]any{
				"guild_id": nil, "member": nil, "user.id": ada, "user.global_name": "Ada", "channel.type": 1.0, "channel.recipients.0.id": ada,
				"context": 1.0, "authorizing_integration_owners.0": "0", "locale": "en-GB", "guild_locale": nil,
			}},
		} {
			if err := w.Command("", ada, tt.channel, "/log 2h BNI"); err != nil {
				t.Fatal(err)
			}
			it := a.last()
			for path, want := range tt.want {
				if got := it.value(path); got != want {
					t.Errorf("%s = %v, want %v", path, got, want)
				}
			}
			if _, ok := it.value("entitlements").([]any); !ok {
				t.Error("entitlements are no list")
			}
			var typed discordgo.Interaction
			if err := json.Unmarshal(encode(it.object), &typed); err != nil || typed.ApplicationCommandData().Options[0].StringValue() != "2h BNI" {
				t.Errorf("discordgo reads %+v, %v", typed.Data, err)
			}
		}
	})
}

// TestSameAct acts twice with one id, and twice without.
func TestSameAct(t *testing.T) {
	bothWays(t, func(told) string { return "" }, func(w raw, a *app) {
		var answered sync.Map
		a.answer = func(it told) string {
			if _, before := answered.LoadOrStore(it.ID, true); before {
				return ""
			}
			return says("Done")(it)
		}
		for _, id := range []string{"1", "1", "", ""} {
			if err := w.Command(id, ada, lobby, "/log 2h"); err != nil {
				t.Fatalf("Command(%q): %v", id, err)
			}
		}
		waitFor(t, func() bool { return a.count() == 4 })
		n := 0
		answered.Range(func(any, any) bool { n++; return true })
		if n != 3 {
			t.Errorf("%d interactions, want 3", n)
		}
	})
}

func TestAutocomplete(t *testing.T) {
	bothWays(t, func(told) string { return `{"type":8,"data":{"choices":[{"name":"BNI Tuesday","value":"BNI"}]}}` }, func(w raw, a *app) {
		got, err := w.Autocomplete(cat, lobby, "/goal set BN", "line")
		if diff := cmp.Diff([]Choice{{Name: "BNI Tuesday", Value: "BNI"}}, got); err != nil || diff != "" {
			t.Errorf("Autocomplete: %v (-want +got):\n%s", err, diff)
		}
		it := a.last()
		if it.Type != autocompleteInteraction || it.value("data.options.0.options.0.focused") != true || it.value("data.options.0.options.0.value") != "BN" {
			t.Errorf("payoff was told %v", it.value("data"))
		}
	})
}

func TestMessageCommand(t *testing.T) {
	bothWays(t, says("Logged"), func(w raw, a *app) {
		id := w.Write(cat, lobby, "2h *BNI*")
		if err := w.MessageCommand("", ada, lobby, id, "Log this"); err != nil {
			t.Fatal(err)
		}
		it := a.last()
		if it.value("data.type") != 3.0 || it.value("data.target_id") != id || it.value("data.resolved.messages."+id+".content") != "2h *BNI*" ||
			it.value("data.resolved.messages."+id+".author.id") != cat {
			t.Errorf("payoff was told %v", it.value("data"))
		}
	})
}

func TestPress(t *testing.T) {
	buttons := `[{"type":1,"components":[{"type":2,"style":1,"label":"Undo","custom_id":"c:undo","emoji":{"name":"↩"}},
		{"type":2,"style":2,"label":"Gone","custom_id":"c:gone","disabled":true},{"type":2,"style":5,"label":"Site","url":"https://payoff.example"}]}]`
	bothWays(t, says("Undone"), func(w raw, a *app) {
		id := w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"Logged","components":`+buttons+`}`)).get("id")
		if diff := cmp.Diff([]string{"↩ Undo", "Site"}, w.Seen(ada, lobby)[0].Buttons); diff != "" {
			t.Errorf("buttons (-want +got):\n%s", diff)
		}
		for label, want := range map[string]string{"Gone": "disabled", "Site": "tells payoff nothing"} {
			if err := w.Press("", ada, lobby, id, label); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Press(%q) = %v, want one that says %q", label, err, want)
			}
		}
		if err := w.Press("", ada, lobby, id, "↩ Undo"); err != nil {
			t.Fatal(err)
		}
		it := a.last()
		if it.Type != componentInteraction || it.value("data.custom_id") != "c:undo" || it.value("data.component_type") != 2.0 ||
			it.value("message.id") != id || it.value("message.components.0.components.0.custom_id") != "c:undo" {
			t.Errorf("payoff was told %v", it.object)
		}
	})
}

// TestNewer has everything carry what nobody knows yet, and something changed by the test.
func TestNewer(t *testing.T) {
	bothWays(t, says("Done"), func(w raw, a *app) {
		w.Newer(true)
		w.Tamper(func(payload map[string]any) { payload["context"] = 2 })
		id := w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"x","components":[`+row(`[`+pushButton(1)+`]`)+`]}`)).get("id")
		label := w.Seen(ada, lobby)[0].Buttons[0]
		if err := w.Press("", ada, lobby, id, label); err != nil {
			t.Fatal(err)
		}
		it := a.last()
		if it.value("context") != 2.0 || it.value("a_newer_field") == nil || it.value("member.user.a_newer_field") == nil ||
			it.value("message.components.0.type") != 4242.0 || it.value("message.components.1.type") != 1.0 {
			t.Errorf("payoff was told %v", it.object)
		}
		w.Newer(false)
		w.Tamper(nil)
		if err := w.Press("", ada, lobby, id, label); err != nil || a.last().value("a_newer_field") != nil || a.last().value("context") != 0.0 {
			t.Errorf("afterwards payoff was told %v, %v", a.last().object, err)
		}
	})
}

func FuzzLine(f *testing.F) {
	for _, seed := range []string{"/log 2h BNI", "/goal set line:x kind:At most", "/", "/payoff", "/me  link ", "//", "/log line:", "/goal set\nx"} {
		f.Add(seed, "line")
	}
	var list []Command
	if err := json.Unmarshal([]byte(registered), &list); err != nil {
		f.Fatal(err)
	}
	for i := range list {
		list[i].Type = max(list[i].Type, typedCommand)
	}
	f.Fuzz(func(t *testing.T, line, focus string) {
		typed, rest, err := readLine(list, line)
		if err != nil || typed.fill(rest, focus) != nil {
			return
		}
		data, err := typed.data()
		if err != nil {
			t.Fatalf("readLine(%q) took what cannot be sent: %v", line, err)
		}
		if utf8.ValidString(line) && !json.Valid(encode(data)) {
			t.Fatalf("readLine(%q) = %v", line, data)
		}
	})
}
