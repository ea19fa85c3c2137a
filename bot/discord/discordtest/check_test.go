package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// many is a list of n of what f makes, as JSON.
func many(n int, f func(i int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = f(i)
	}
	return "[" + strings.Join(all, ",") + "]"
}

func same(text string) func(int) string { return func(int) string { return text } }

func x(n int) string { return strings.Repeat("x", n) }

func pushButton(i int) string {
	return fmt.Sprintf(`{"type":2,"style":1,"label":"b","custom_id":"id%d"}`, i)
}

func row(inside string) string { return `{"type":1,"components":` + inside + `}` }

// known to the document alone: without it at hand nobody can say that these are wrong, or where.
var documented = []string{
	"content's kind", "a name Discord does not know", "a name deeper down", "permissions as the document has them", "contexts",
}

// needDocument skips a case that only the document refuses, when it is not there.
func needDocument(t *testing.T, name string) {
	t.Helper()
	if s, err := openAPI(); err != nil || s == nil && slices.Contains(documented, name) {
		t.Skipf("%s is not there (%v)", schemaFile, err)
	}
}

// TestMessageLimits holds each limit of a message from both sides. at is where Discord says
// that the problem is.
func TestMessageLimits(t *testing.T) {
	embeds := func(inside string) string { return `{"embeds":[` + inside + `]}` }
	pressed := func(inside string) string { return `{"content":"x","components":[` + row("["+inside+"]") + `]}` }
	pick := func(options string) string {
		return pressed(`{"type":3,"custom_id":"s","options":` + options + `}`)
	}
	option := func(i int) string { return fmt.Sprintf(`{"label":"o","value":"v%d"}`, i) }
	for _, tt := range []struct {
		name, good, bad, at, code string
	}{
		{"content", `{"content":"` + x(2000) + `"}`, `{"content":"` + x(2001) + `"}`, "content", "BASE_TYPE_MAX_LENGTH"},
		{"content in code units", `{"content":"` + strings.Repeat("😀", 1000) + `"}`, `{"content":"` + strings.Repeat("😀", 1001) + `"}`, "content", "BASE_TYPE_MAX_LENGTH"},
		{"content's kind", `{"content":"1"}`, `{"content":1}`, "content", "BASE_TYPE_BAD_VALUE"},
		{"embeds", `{"embeds":` + many(10, same(`{"title":"x"}`)) + `}`, `{"embeds":` + many(11, same(`{"title":"x"}`)) + `}`, "embeds", "BASE_TYPE_MAX_LENGTH"},
		{"an embed", embeds(`{"title":"x"}`), embeds(`{}`), "embeds.0.description", "BASE_TYPE_REQUIRED"},
		{"title", embeds(`{"title":"` + x(256) + `"}`), embeds(`{"title":"` + x(257) + `"}`), "embeds.0.title", "BASE_TYPE_MAX_LENGTH"},
		{"description", embeds(`{"description":"` + x(4096) + `"}`), embeds(`{"description":"` + x(4097) + `"}`), "embeds.0.description", "BASE_TYPE_MAX_LENGTH"},
		{"footer", embeds(`{"footer":{"text":"` + x(2048) + `"}}`), embeds(`{"footer":{"text":"` + x(2049) + `"}}`), "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"},
		{"author", embeds(`{"author":{"name":"` + x(256) + `"}}`), embeds(`{"author":{"name":"` + x(257) + `"}}`), "embeds.0.author.name", "BASE_TYPE_MAX_LENGTH"},
		{"fields", embeds(`{"fields":` + many(25, same(`{"name":"n","value":"v"}`)) + `}`), embeds(`{"fields":` + many(26, same(`{"name":"n","value":"v"}`)) + `}`), "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"},
		{"field name", embeds(`{"fields":[{"name":"` + x(256) + `","value":"v"}]}`), embeds(`{"fields":[{"name":"` + x(257) + `","value":"v"}]}`), "embeds.0.fields.0.name", "BASE_TYPE_MAX_LENGTH"},
		{"field value", embeds(`{"fields":[{"name":"n","value":"` + x(1024) + `"}]}`), embeds(`{"fields":[{"name":"n","value":"` + x(1025) + `"}]}`), "embeds.0.fields.0.value", "BASE_TYPE_MAX_LENGTH"},
		{"field value of spaces", embeds(`{"fields":[{"name":"n","value":"v"}]}`), embeds(`{"fields":[{"name":"n","value":" "}]}`), "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"},
		{
			"sum of embeds", embeds(`{"description":"` + x(4000) + `"},{"title":"` + x(200) + `","description":"` + x(1800) + `"}`),
			embeds(`{"description":"` + x(4000) + `"},{"title":"` + x(201) + `","description":"` + x(1800) + `"}`), "embeds", "MAX_EMBED_SIZE_EXCEEDED",
		},
		{"picture", embeds(`{"title":"x"}`), embeds(`{"title":"x","image":{"url":"attachment://a.png"}}`), "embeds.0.image.url", "ATTACHMENT_NOT_FOUND"},
		{"embeds nobody sees", embeds(`{"title":"x"}`), `{"embeds":[{"title":"x"}],"flags":4}`, "flags", "EMBEDS_SUPPRESSED"},
		{"components of the second kind", `{"content":"x","flags":4096}`, `{"content":"x","flags":32768}`, "flags", "UNSUPPORTED"},
		{"nonce", `{"content":"x","nonce":"` + x(25) + `"}`, `{"content":"x","nonce":"` + x(26) + `"}`, "nonce", "BASE_TYPE_MAX_LENGTH"},
		{"ephemeral for nobody", `{"content":"x"}`, `{"content":"x","flags":64}`, "flags", "UNSUPPORTED"},
		{"a name Discord does not know", `{"content":"x"}`, `{"content":"x","contents":"y"}`, "contents", "UNKNOWN_FIELD"},
		{"a name deeper down", pressed(pushButton(1)), pressed(`{"type":2,"style":1,"label":"b","custom_id":"c","placeholder":"p"}`), "components.0.components.0.placeholder", "UNKNOWN_FIELD"},
		{
			"rows", `{"content":"x","components":` + many(5, func(i int) string { return row("[" + pushButton(i) + "]") }) + `}`,
			`{"content":"x","components":` + many(6, func(i int) string { return row("[" + pushButton(i) + "]") }) + `}`, "components", "BASE_TYPE_MAX_LENGTH",
		},
		{"buttons of a row", `{"content":"x","components":[` + row(many(5, pushButton)) + `]}`, `{"content":"x","components":[` + row(many(6, pushButton)) + `]}`, "components.0.components", "BASE_TYPE_MAX_LENGTH"},
		{"a button outside a row", pressed(pushButton(1)), `{"content":"x","components":[` + pushButton(1) + `]}`, "components.0.type", ""},
		{"custom_id twice", pressed(pushButton(1) + "," + pushButton(2)), `{"content":"x","components":[` + row("["+pushButton(1)+"]") + "," + row("["+pushButton(1)+"]") + `]}`, "components.1.components.0.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"custom_id", pressed(`{"type":2,"style":1,"label":"b","custom_id":"` + x(100) + `"}`), pressed(`{"type":2,"style":1,"label":"b","custom_id":"` + x(101) + `"}`), "components.0.components.0.custom_id", "BASE_TYPE_MAX_LENGTH"},
		{"no custom_id", pressed(pushButton(1)), pressed(`{"type":2,"style":1,"label":"b"}`), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"},
		{"button label", pressed(`{"type":2,"style":1,"label":"` + x(80) + `","custom_id":"a"}`), pressed(`{"type":2,"style":1,"label":"` + x(81) + `","custom_id":"a"}`), "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"},
		{"no button label", pressed(`{"type":2,"style":1,"emoji":{"name":"✅"},"custom_id":"a"}`), pressed(`{"type":2,"style":1,"custom_id":"a"}`), "components.0.components.0.label", "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI"},
		{"link button", pressed(`{"type":2,"style":5,"label":"b","url":"https://example.com"}`), pressed(`{"type":2,"style":5,"label":"b","custom_id":"a"}`), "components.0.components.0", "BUTTON_COMPONENT_INVALID"},
		{"url on a button", pressed(pushButton(1)), pressed(`{"type":2,"style":1,"label":"b","custom_id":"a","url":"https://example.com"}`), "components.0.components.0.url", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
		{"options of a select", pick(many(25, option)), pick(many(26, option)), "components.0.components.0.options", "BASE_TYPE_MAX_LENGTH"},
		{"values of a select", pick(many(2, option)), pick(many(2, same(option(1)))), "components.0.components.0.options.1.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
		{"a select beside a button", pick(many(2, option)), pressed(`{"type":3,"custom_id":"s","options":` + many(2, option) + `},` + pushButton(1)), "components.0.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			needDocument(t, tt.name)
			w := village(t)
			at := "/channels/" + lobby + "/messages"
			w.ok(w.call("POST", at, tt.good))
			got := w.call("POST", at, tt.bad)
			w.refused(got, 400, 50035)
			if told := got.get("errors." + tt.at + "._errors.0.code"); told == "" || tt.code != "" && told != tt.code {
				t.Errorf("at %s it says %q, want %q: %s", tt.at, told, tt.code, got.text)
			}
		})
	}
	for name, body := range map[string]string{
		"nothing": `{}`, "spaces": `{"content":"  \n"}`, "buttons alone": `{"components":[` + row(many(1, pushButton)) + `]}`,
		"no embeds": `{"content":"","embeds":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := village(t)
			w.refused(w.call("POST", "/channels/"+lobby+"/messages", body), 400, 50006)
		})
	}
}

// TestModalLimits holds each limit of a modal from both sides.
func TestModalLimits(t *testing.T) {
	modal := func(title, components string) string {
		return `{"type":9,"data":{"custom_id":"m","title":"` + title + `","components":` + components + `}}`
	}
	input := func(id, more string) string { return `{"type":4,"custom_id":"` + id + `","style":1` + more + `}` }
	labelled := func(label, more, inside string) string {
		return `{"type":18,"label":"` + label + `"` + more + `,"component":` + inside + `}`
	}
	question := func(i int) string { return labelled("l", "", input(fmt.Sprint("i", i), "")) }
	one := func(inside string) string { return modal("t", "["+inside+"]") }
	option := func(i int) string { return fmt.Sprintf(`{"label":"o","value":"v%d"}`, i) }
	const c0 = "data.components.0"
	for _, tt := range []struct {
		name, good, bad, at, code string
	}{
		{"title", modal(x(45), many(1, question)), modal(x(46), many(1, question)), "data.title", "BASE_TYPE_MAX_LENGTH"},
		{"components", modal("t", many(5, question)), modal("t", many(6, question)), "data.components", "BASE_TYPE_MAX_LENGTH"},
		{"label", one(labelled(x(45), "", input("i", ""))), one(labelled(x(46), "", input("i", ""))), c0 + ".label", "BASE_TYPE_MAX_LENGTH"},
		{"description", one(labelled("l", `,"description":"`+x(100)+`"`, input("i", ""))), one(labelled("l", `,"description":"`+x(101)+`"`, input("i", ""))), c0 + ".description", "BASE_TYPE_MAX_LENGTH"},
		{"placeholder", one(labelled("l", "", input("i", `,"placeholder":"`+x(100)+`"`))), one(labelled("l", "", input("i", `,"placeholder":"`+x(101)+`"`))), c0 + ".component.placeholder", "BASE_TYPE_MAX_LENGTH"},
		{"value", one(labelled("l", "", input("i", `,"value":"`+x(4000)+`"`))), one(labelled("l", "", input("i", `,"value":"`+x(4001)+`"`))), c0 + ".component.value", "BASE_TYPE_MAX_LENGTH"},
		{"value beyond its own limit", one(labelled("l", "", input("i", `,"value":"`+x(9)+`","max_length":9`))), one(labelled("l", "", input("i", `,"value":"`+x(10)+`","max_length":9`))), c0 + ".component.value", "BASE_TYPE_MAX_LENGTH"},
		{"a label within a label", one(question(1)), one(labelled("l", "", input("i", `,"label":"x"`))), c0 + ".component.label", "TEXT_INPUT_LABEL_IN_LABEL"},
		{"text display", one(`{"type":10,"content":"` + x(4000) + `"}`), one(`{"type":10,"content":"` + x(4001) + `"}`), c0 + ".content", "BASE_TYPE_MAX_LENGTH"},
		{"custom_id twice", one(question(1) + "," + question(2)), one(question(1) + "," + question(1)), "data.components.1.component.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"the old way", one(row(`[` + input("i", `,"label":"`+x(45)+`"`) + `]`)), one(row(`[` + input("i", "") + `]`)), c0 + ".components.0.label", "BASE_TYPE_REQUIRED"},
		{"select", one(labelled("l", "", `{"type":3,"custom_id":"s","options":`+many(25, option)+`}`)), one(labelled("l", "", `{"type":3,"custom_id":"s","options":`+many(26, option)+`}`)), c0 + ".component.options", "BASE_TYPE_MAX_LENGTH"},
		{
			"choices of a select", one(labelled("l", "", `{"type":3,"custom_id":"s","options":[{"label":"a","value":"a","default":true},{"label":"b","value":"b"}]}`)),
			one(labelled("l", "", `{"type":3,"custom_id":"s","options":[{"label":"a","value":"a","default":true},{"label":"b","value":"b","default":true}]}`)),
			c0 + ".component", "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
		},
		{"a button in a modal", one(question(1)), one(row("[" + pushButton(1) + "]")), "", ""},
		{"no custom_id", one(question(1)), `{"type":9,"data":{"title":"t","components":` + many(1, question) + `}}`, "data.custom_id", "BASE_TYPE_REQUIRED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			needDocument(t, tt.name)
			w := village(t)
			w.ok(w.answer(w.interaction(commandInteraction, ada, lobby, ""), tt.good))
			got := w.answer(w.interaction(commandInteraction, ada, lobby, ""), tt.bad)
			w.refused(got, 400, 50035)
			if told := got.get("errors." + tt.at + "._errors.0.code"); tt.at != "" && told != tt.code {
				t.Errorf("at %s it says %q, want %q: %s", tt.at, told, tt.code, got.text)
			}
		})
	}
}

// TestCommandLimits holds each limit of commands from both sides.
func TestCommandLimits(t *testing.T) {
	command := func(name, more string) string { return `{"name":"` + name + `","description":"d"` + more + `}` }
	options := func(inside string) string { return "[" + command("c", `,"options":`+inside) + "]" }
	text := func(i int) string { return fmt.Sprintf(`{"type":3,"name":"o%d","description":"d"}`, i) }
	choice := func(i int) string { return fmt.Sprintf(`{"name":"c%d","value":"v"}`, i) }
	within := func(kind int, inside string) string {
		return fmt.Sprintf(`{"type":%d,"name":"s","description":"d","options":[%s]}`, kind, inside)
	}
	for _, tt := range []struct {
		name, good, bad, at string
	}{
		{"name", "[" + command(x(32), "") + "]", "[" + command(x(33), "") + "]", "0.name"},
		{"letters of a name", "[" + command("what-if_ö", "") + "]", "[" + command("what if", "") + "]", "0.name"},
		{"capitals in a name", "[" + command("log", "") + "]", "[" + command("Log", "") + "]", "0.name"},
		{"names on messages", `[{"type":3,"name":"Log this"}]`, `[{"type":3,"name":"Log this","description":"d"}]`, "0"},
		{"description", `[{"name":"a","description":"` + x(100) + `"}]`, `[{"name":"a","description":"` + x(101) + `"}]`, "0.description"},
		{"no description", "[" + command("a", "") + "]", `[{"name":"a"}]`, "0.description"},
		{"names twice", "[" + command("a", "") + `,{"type":3,"name":"a"}]`, "[" + command("a", "") + "," + command("a", "") + "]", "1.name"},
		{"commands", many(100, func(i int) string { return command(fmt.Sprint("c", i), "") }), many(101, func(i int) string { return command(fmt.Sprint("c", i), "") }), ""},
		{"commands on messages", many(15, func(i int) string { return fmt.Sprintf(`{"type":3,"name":"c%d"}`, i) }), many(16, func(i int) string { return fmt.Sprintf(`{"type":3,"name":"c%d"}`, i) }), ""},
		{"options", options(many(25, text)), options(many(26, text)), "0.options"},
		{"options twice", options(many(2, text)), options(many(2, same(text(1)))), "0.options.1.name"},
		{"required after voluntary", options(`[{"type":3,"name":"a","description":"d","required":true},` + text(1) + `]`), options(`[` + text(1) + `,{"type":3,"name":"a","description":"d","required":true}]`), "0.options.1.required"},
		{"choices", options(`[{"type":3,"name":"a","description":"d","choices":` + many(25, choice) + `}]`), options(`[{"type":3,"name":"a","description":"d","choices":` + many(26, choice) + `}]`), "0.options.0.choices"},
		{"choices and autocomplete", options(`[{"type":3,"name":"a","description":"d","autocomplete":true}]`), options(`[{"type":3,"name":"a","description":"d","autocomplete":true,"choices":` + many(1, choice) + `}]`), "0.options.0.autocomplete"},
		{"length of text", options(`[{"type":3,"name":"a","description":"d","max_length":6000}]`), options(`[{"type":3,"name":"a","description":"d","max_length":6001}]`), "0.options.0.max_length"},
		{"subcommands beside options", options("[" + within(1, text(1)) + "]"), options("[" + within(1, text(1)) + "," + text(2) + "]"), "0.options"},
		{"a group in a group", options("[" + within(2, within(1, text(1))) + "]"), options("[" + within(2, within(2, within(1, text(1)))) + "]"), "0.options.0.options.0.type"},
		{
			"size", options(many(20, func(i int) string {
				return fmt.Sprintf(`{"type":3,"name":"o%02d","description":"d","choices":%s}`, i, many(3, func(j int) string { return fmt.Sprintf(`{"name":"%s%d","value":"%s"}`, x(29), j, x(100)) }))
			})), options(many(20, func(i int) string {
				return fmt.Sprintf(`{"type":3,"name":"o%02d","description":"d","choices":%s}`, i, many(4, func(j int) string { return fmt.Sprintf(`{"name":"%s%d","value":"%s"}`, x(29), j, x(100)) }))
			})), "0",
		},
		{"permissions as the document has them", "[" + command("a", `,"default_member_permissions":32`) + "]", "[" + command("a", `,"default_member_permissions":"32"`) + "]", "0.default_member_permissions"},
		{"contexts", "[" + command("a", `,"contexts":[0,1],"integration_types":[0]`) + "]", "[" + command("a", `,"contexts":[3]`) + "]", "0.contexts.0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			needDocument(t, tt.name)
			w := village(t)
			at := "/applications/" + w.ApplicationID() + "/commands"
			w.ok(w.call("PUT", at, tt.good))
			got := w.call("PUT", at, tt.bad)
			w.refused(got, 400, 50035)
			if told := got.get("errors." + tt.at + "._errors.0.code"); tt.at != "" && told == "" {
				t.Errorf("at %s it says nothing: %s", tt.at, got.text)
			}
		})
	}
}

// TestCommands: what is registered replaces what was, and keeps ids by name.
func TestCommands(t *testing.T) {
	w := village(t)
	at := "/applications/" + w.ApplicationID() + "/commands"
	first := w.ok(w.call("PUT", at, `[{"name":"log","description":"d","options":[{"type":3,"name":"line","description":"d"}]},{"name":"old","description":"d"}]`))
	second := w.ok(w.call("PUT", at, `[{"name":"new","description":"d"},{"name":"log","description":"other","default_member_permissions":32}]`))
	if first.get("0.id") == "" || first.get("0.id") != second.get("1.id") || second.get("2.id") != "" {
		t.Errorf("first %s, then %s", first.text, second.text)
	}
	if got := w.ok(w.call("GET", at+"?with_localizations=true", "")); got.get("1.description") != "other" || got.get("1.default_member_permissions") != "32" {
		t.Errorf("GET = %s", got.text)
	}
	got := w.Commands()
	if len(got) != 2 || got[1].Name != "log" || got[1].Type != typedCommand || got[1].Permissions != "32" {
		t.Errorf("Commands() = %+v", got)
	}
	w.refused(w.call("PUT", at, `[{"name":"Bad","description":"d"}]`), 400, 50035)
	if len(w.Commands()) != 2 {
		t.Error("what was refused was registered")
	}
}

// TestNestedErrors: a refusal tells each problem at its place, in Discord's shape.
func TestNestedErrors(t *testing.T) {
	w := village(t)
	got := w.call("POST", "/channels/"+lobby+"/messages", `{"embeds":[{"title":"`+x(257)+`"},{"title":"`+x(257)+`"}]}`)
	const want = `{"code":50035,"errors":{"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length."}]}},"1":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length."}]}}}},"message":"Invalid Form Body"}`
	if strings.TrimSpace(got.text) != want {
		t.Errorf("answered %s\nwant %s", got.text, want)
	}
	w.refused(got, 400, 50035)
}

// TestNoBodyBreaksIt: whatever JSON comes, it is taken or refused, never a broken connection.
func TestNoBodyBreaksIt(t *testing.T) {
	w := village(t)
	bodies := []string{
		`{"content":"x","embeds":[{"title":"t","fields":[{"name":"n","value":"v"}],"image":{"url":"attachment://a.png"}}],"components":[` + row(many(2, pushButton)) + `],"attachments":[{"id":"0"}],"allowed_mentions":{"parse":[]},"nonce":"n","flags":64}`,
		`[{"name":"log","description":"d","options":[{"type":1,"name":"s","description":"d","options":[{"type":3,"name":"o","description":"d","choices":[{"name":"a","value":"b"}]}]}]}]`,
		`{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18,"label":"l","component":{"type":3,"custom_id":"s","options":[{"label":"a","value":"b"}]}},{"type":10,"content":"x"}]}}`,
		`{"type":5,"data":{"flags":64}}`, `{"type":8,"data":{"choices":[{"name":"a","value":"b"}]}}`,
	}
	paths := []string{"/channels/" + lobby + "/messages", "/users/@me/channels", "/channels/" + lobby + "/threads", "callback"}
	rapid.Check(t, func(r *rapid.T) {
		var body any
		if err := json.Unmarshal([]byte(rapid.SampledFrom(bodies).Draw(r, "body")), &body); err != nil {
			r.Fatal(err)
		}
		body = scrambled(r, body)
		path, method := rapid.SampledFrom(append(paths, "commands")).Draw(r, "path"), "POST"
		switch path {
		case "callback":
			in := w.interaction(rapid.IntRange(2, 5).Draw(r, "kind"), ada, lobby, "")
			path = "/interactions/" + in.id + "/" + in.token + "/callback"
		case "commands":
			path, method = "/applications/"+w.ApplicationID()+"/commands", "PUT"
		}
		got := w.send(w.request(method, path, "application/json", strings.NewReader(encoded(body))))
		if got.err != nil || got.status >= 500 {
			r.Fatalf("%s %s with %s: %d %v", method, path, encoded(body), got.status, got.err)
		}
	})
}

// scrambled is a value with some of what is in it left out or replaced.
func scrambled(r *rapid.T, value any) any {
	switch rapid.IntRange(0, 12).Draw(r, "how") {
	case 0:
		return rapid.SampledFrom([]any{nil, 1, -1, 1e30, "", "x", true, []any{}, map[string]any{}, []any{nil}, map[string]any{"type": 1}}).Draw(r, "instead")
	case 1:
		return []any{value, value}
	}
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = scrambled(r, value[i])
		}
	case map[string]any:
		for _, name := range sortedKeys(value) {
			if value[name] = scrambled(r, value[name]); rapid.IntRange(0, 20).Draw(r, "drop") == 0 {
				delete(value, name)
			}
		}
	}
	return value
}
