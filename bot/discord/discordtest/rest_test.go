package discordtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReads reads all that can be read.
func TestReads(t *testing.T) {
	w := village(t)
	other := w.Guild("Other")
	message := w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"content":"hello"}`)).get("id")
	direct := w.ok(w.call("POST", "/users/@me/channels", `{"recipient_id":"`+ada+`"}`))
	if direct.get("id") != w.Direct(ada) || direct.get("type") != "1" || direct.get("recipients.0.global_name") != "Ada" {
		t.Errorf("POST /users/@me/channels = %s, want the direct room %s", direct.text, w.Direct(ada))
	}
	for _, tt := range []struct{ path, field, want string }{
		{"/gateway", "url", w.gatewayURL()},
		{"/gateway/bot", "session_start_limit.max_concurrency", "1"},
		{"/users/@me", "id", w.ApplicationID()},
		{"/users/@me", "bot", "true"},
		{"/users/@me/guilds", "0.id", w.g.ID()},
		{"/users/@me/guilds?limit=1&after=" + w.g.ID(), "0.id", other.ID()},
		{"/users/@me/guilds?limit=1&before=" + other.ID(), "0.id", w.g.ID()},
		{"/users/@me/guilds?after=" + other.ID(), "0.id", ""},
		{"/applications/@me", "verify_key", w.PublicKey()},
		{"/oauth2/applications/@me", "name", "payoff"},
		{"/channels/" + lobby, "name", "lobby"},
		{"/channels/" + lobby, "guild_id", w.g.ID()},
		{"/channels/" + w.Direct(ada), "recipients.0.id", ada},
		{"/channels/" + lobby + "/messages", "0.content", "hello"},
		{"/channels/" + lobby + "/messages/" + message, "author.id", w.ApplicationID()},
		{"/guilds/" + w.g.ID(), "name", "Village"},
		{"/guilds/" + w.g.ID(), "roles.1.permissions", fmt.Sprint(mayManage)},
		{"/guilds/" + w.g.ID() + "/roles", "1.name", "Managers"},
		{"/guilds/" + w.g.ID() + "/members/" + ada, "nick", "Ada L"},
		{"/guilds/" + w.g.ID() + "/members/" + ada, "roles.0", w.g.manager},
		{"/guilds/" + w.g.ID() + "/members/" + cat, "roles.0", ""},
		{"/guilds/" + w.g.ID() + "/members/" + w.ApplicationID(), "user.username", "payoff"},
		{"/applications/" + w.ApplicationID() + "/commands", "0.id", ""},
	} {
		if got := w.ok(w.call("GET", tt.path, "")); got.get(tt.field) != tt.want {
			t.Errorf("GET %s: %s = %q, want %q", tt.path, tt.field, got.get(tt.field), tt.want)
		}
	}
	w.DeliverToForTest("https://payoff.example")
	if got := w.ok(w.call("GET", "/applications/@me", "")); got.get("interactions_endpoint_url") != "https://payoff.example/discord/interactions" {
		t.Errorf("interactions_endpoint_url = %q", got.get("interactions_endpoint_url"))
	}
}

// DeliverToForTest sets where deliveries go without the probe of DeliverTo.
func (w raw) DeliverToForTest(url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deliverTo = url
}

// TestRefusals makes the requests that Discord refuses, by where they go.
func TestRefusals(t *testing.T) {
	gone := func(w raw) { w.g.Remove() }
	for _, tt := range []struct {
		name               string
		before             func(raw)
		method, path, body string
		status, code       int
	}{
		{"no such route", nil, "GET", "/nothing", "", 404, 0},
		{"no such method", nil, "PATCH", "/users/@me", "", 404, 0},
		{"no id", nil, "GET", "/channels/lobby", "", 400, 50035},
		{"an id with a nought before", nil, "GET", "/channels/0" + lobby, "", 400, 50035},
		{"unknown channel", nil, "GET", "/channels/" + nowhere, "", 404, 10003},
		{"unknown channel, written to", nil, "POST", "/channels/" + nowhere + "/messages", `{"content":"x"}`, 404, 10003},
		{"deleted channel", func(w raw) { w.g.RemoveChannel(lobby) }, "GET", "/channels/" + lobby, "", 404, 10003},
		{"hidden channel", nil, "POST", "/channels/" + hidden + "/messages", `{"content":"x"}`, 403, 50001},
		{"read-only channel", nil, "POST", "/channels/" + muted + "/messages", `{"content":"x"}`, 403, 50013},
		{"channel of a server it left", gone, "POST", "/channels/" + lobby + "/messages", `{"content":"x"}`, 403, 50001},
		{"server it left", gone, "GET", "/guilds/{g}", "", 404, 10004},
		{"members of a server it left", gone, "GET", "/guilds/{g}/members/" + ada, "", 403, 50001},
		{"roles of a server it left", gone, "GET", "/guilds/{g}/roles", "", 403, 50001},
		{"unknown server", nil, "GET", "/guilds/" + nowhere, "", 404, 10004},
		{"no member", func(w raw) { w.g.RemoveUser(cat) }, "GET", "/guilds/{g}/members/" + cat, "", 404, 10007},
		{"unknown user", nil, "GET", "/guilds/{g}/members/" + nowhere, "", 404, 10013},
		{"unknown recipient", nil, "POST", "/users/@me/channels", `{"recipient_id":"` + nowhere + `"}`, 400, 50033},
		{"itself", nil, "POST", "/users/@me/channels", `{"recipient_id":"` + applicationID + `"}`, 400, 50033},
		{"closed direct messages", nil, "POST", "/channels/{bob}/messages", `{"content":"x"}`, 403, 50007},
		{"in no server together", gone, "POST", "/channels/{ada}/messages", `{"content":"x"}`, 403, 50278},
		{"unknown message", nil, "GET", "/channels/" + lobby + "/messages/" + nowhere, "", 404, 10008},
		{"somebody's message, edited", nil, "PATCH", "/channels/" + lobby + "/messages/{theirs}", `{"content":"x"}`, 403, 50005},
		{"somebody's message, deleted", nil, "DELETE", "/channels/" + lobby + "/messages/{theirs}", "", 403, 50013},
		{"ephemeral message, edited", nil, "PATCH", "/channels/" + lobby + "/messages/{private}", `{"content":"x"}`, 404, 10008},
		{"another app's commands", nil, "GET", "/applications/" + nowhere + "/commands", "", 403, 20012},
		{"too many servers at a time", nil, "GET", "/users/@me/guilds?limit=201", "", 400, 50035},
		{"too many messages at a time", nil, "GET", "/channels/" + lobby + "/messages?limit=101", "", 400, 50035},
		{"no such parameter", nil, "GET", "/channels/" + lobby + "/messages?nonce=1", "", 400, 50035},
		{"thread in a direct room", nil, "POST", "/channels/{ada}/threads", `{"name":"x","type":12}`, 400, 50024},
		{"thread where it may not write", nil, "POST", "/channels/" + muted + "/threads", `{"name":"x","type":12}`, 403, 50013},
		{"thread without a kind", nil, "POST", "/channels/" + lobby + "/threads", `{"name":"x"}`, 400, 50035},
		{"thread without a name", nil, "POST", "/channels/" + lobby + "/threads", `{"type":12}`, 400, 50035},
		{"thread for a fortnight", nil, "POST", "/channels/" + lobby + "/threads", `{"name":"x","type":12,"auto_archive_duration":20160}`, 400, 50035},
		{"a channel is no thread", nil, "PUT", "/channels/" + lobby + "/thread-members/" + ada, "", 400, 50024},
		{"no JSON", nil, "POST", "/channels/" + lobby + "/messages", `{"content":`, 400, 50109},
		{"a body where none belongs", nil, "GET", "/users/@me", `{}`, 400, 50035},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := village(t)
			w.mu.Lock()
			theirs := w.post(w.channels[lobby], message{author: ada, content: "mine"}).id
			private := w.post(w.channels[lobby], message{author: applicationID, content: "psst", only: ada}).id
			w.mu.Unlock()
			path := strings.NewReplacer("{g}", w.g.ID(), "{ada}", w.Direct(ada), "{bob}", w.Direct(bob), "{theirs}", theirs, "{private}", private).Replace(tt.path)
			if tt.before != nil {
				tt.before(w)
			}
			w.refused(w.call(tt.method, path, tt.body), tt.status, tt.code)

			w.Expect(tt.code)
			if got := w.call(tt.method, path, tt.body); got.status != tt.status || w.j.count() != 0 {
				t.Errorf("expected, it is answered %d and fails the test with %q", got.status, w.j.told)
			}
		})
	}
}

// TestAdmission: who calls must say who they are, and by what.
func TestAdmission(t *testing.T) {
	w := village(t)
	for name, value := range map[string]string{"no token": "", "another token": "Bot x", "a bearer token": "Bearer " + w.Token(), "no kind": w.Token()} {
		t.Run(name, func(t *testing.T) {
			r := w.request("GET", "/users/@me", "", nil)
			r.Header.Set("Authorization", value)
			got := w.send(r)
			w.refused(got, 401, 0)
			if got.get("message") != "401: Unauthorized" {
				t.Errorf("message = %q", got.get("message"))
			}
		})
	}
	r := w.request("GET", "/users/@me", "", nil)
	r.Header.Set("User-Agent", "Go-http-client/1.1")
	w.refused(w.send(r), 403, 40333)
	r = w.request("POST", "/users/@me/channels", "text/plain", strings.NewReader("x"))
	got := w.send(r)
	w.refused(got, 400, 50035)
	if got.get("errors._errors.0.code") != "CONTENT_TYPE_INVALID" {
		t.Errorf("errors = %s", got.text)
	}
}

// TestVisibility: who sees what.
func TestVisibility(t *testing.T) {
	w := village(t)
	w.ok(w.call("POST", "/channels/"+vault+"/messages", `{"content":"for Ada"}`))
	thread := w.ok(w.call("POST", "/channels/"+vault+"/threads", `{"name":"payoff","type":12,"invitable":false,"auto_archive_duration":10080}`))
	if thread.status != 201 || thread.get("thread_metadata.invitable") != "false" || thread.get("parent_id") != vault {
		t.Errorf("thread = %d %s", thread.status, thread.text)
	}
	id := thread.get("id")
	w.ok(w.call("POST", "/channels/"+id+"/messages", `{"content":"in the thread"}`))
	if got := w.seen(ada, id); got != nil {
		t.Errorf("Ada, not added yet, sees %q", got)
	}
	if got := w.ok(w.call("PUT", "/channels/"+id+"/thread-members/"+ada, "")); got.status != 204 {
		t.Errorf("PUT thread-members = %d", got.status)
	}
	w.refused(w.call("PUT", "/channels/"+id+"/thread-members/"+cat, ""), 403, 50001)
	w.refused(w.call("PUT", "/channels/"+id+"/thread-members/"+nowhere, ""), 404, 10013)
	for _, tt := range []struct {
		user, channel string
		want          []string
	}{
		{ada, vault, []string{"for Ada"}},
		{cat, vault, nil},
		{ada, id, []string{"in the thread"}},
		{cat, id, nil},
	} {
		if diff := cmp.Diff(tt.want, w.seen(tt.user, tt.channel)); diff != "" {
			t.Errorf("%s in %s (-want +got):\n%s", tt.user, tt.channel, diff)
		}
	}
	w.g.Remove()
	w.refused(w.call("GET", "/channels/"+id, ""), 403, 50001)
	if got := w.ok(w.call("GET", "/users/@me/guilds", "")); got.get("0.id") != "" {
		t.Errorf("it is still in %s", got.text)
	}
	w.g.Join()
	w.ok(w.call("GET", "/channels/"+id, ""))
	w.g.AddChannel(Channel{ID: vault, Name: "vault", Hidden: true})
	w.refused(w.call("GET", "/channels/"+id, ""), 403, 50001) // a thread is seen where its channel is
}

// TestMessages writes, reads, changes and deletes.
func TestMessages(t *testing.T) {
	w := village(t)
	at := "/channels/" + lobby + "/messages"
	var ids []string
	for i := range 4 {
		ids = append(ids, w.ok(w.call("POST", at, fmt.Sprintf(`{"content":"n%d"}`, i))).get("id"))
	}
	contents := func(query string) string {
		got := w.ok(w.call("GET", at+query, ""))
		var all []string
		for i := range 5 {
			if text := got.get(fmt.Sprint(i) + ".content"); text != "" {
				all = append(all, text)
			}
		}
		return strings.Join(all, " ")
	}
	for query, want := range map[string]string{
		"": "n3 n2 n1 n0", "?limit=2": "n3 n2", "?limit=2&before=" + ids[2]: "n1 n0",
		"?limit=2&after=" + ids[0]: "n2 n1", "?limit=1&before=" + ids[3]: "n2",
	} {
		if got := contents(query); got != want {
			t.Errorf("GET messages%s = %q, want %q", query, got, want)
		}
	}
	edited := w.ok(w.call("PATCH", at+"/"+ids[1], `{"content":"new","embeds":[{"description":"an embed"}]}`))
	if edited.get("content") != "new" || edited.get("edited_timestamp") == "" || edited.get("embeds.0.type") != "rich" {
		t.Errorf("edited = %s", edited.text)
	}
	kept := w.ok(w.call("PATCH", at+"/"+ids[1], `{"content":null}`))
	if kept.get("content") != "" || kept.get("embeds.0.description") != "an embed" {
		t.Errorf("what is not named stays, null is nothing: %s", kept.text)
	}
	w.refused(w.call("PATCH", at+"/"+ids[1], `{"embeds":[]}`), 400, 50006)
	w.refused(w.call("PATCH", at+"/"+ids[1], `{"flags":4}`), 400, 50035) // would hide the embed that is there
	w.ok(w.call("PATCH", at+"/"+ids[1], `{"content":"plain","embeds":[],"flags":4}`))
	if got := w.ok(w.call("PATCH", at+"/"+ids[1], `{"content":"plainer"}`)); got.get("flags") != "4" {
		t.Errorf("flags that are not named are %s, want 4", got.get("flags"))
	}
	w.ok(w.call("DELETE", at+"/"+ids[3], ""))
	if got := contents(""); got != "n2 plainer n0" {
		t.Errorf("after deleting: %q", got)
	}
	w.Delete(lobby, ids[0])
	w.refused(w.call("DELETE", at+"/"+ids[0], ""), 404, 10008)
}

// TestOthersWords: without the intent for it, payoff reads nothing of what people say but in
// its direct room.
func TestOthersWords(t *testing.T) {
	w := village(t)
	w.mu.Lock()
	w.post(w.channels[lobby], message{author: ada, content: "hello all"})
	w.post(w.direct(ada), message{author: ada, content: "hello payoff"})
	w.mu.Unlock()
	for channel, want := range map[string]string{lobby: "", w.Direct(ada): "hello payoff"} {
		got := w.ok(w.call("GET", "/channels/"+channel+"/messages", ""))
		if got.get("0.content") != want || got.get("0.author.global_name") != "Ada" {
			t.Errorf("messages of %s = %s, want %q", channel, got.text, want)
		}
	}
}

// TestNonce: a message sent twice appears once, for some minutes.
func TestNonce(t *testing.T) {
	w := village(t)
	at := "/channels/" + lobby + "/messages"
	send := func(body string) string { return w.ok(w.call("POST", at, body)).get("id") }
	first := send(`{"content":"a","nonce":"n1","enforce_nonce":true}`)
	if again := send(`{"content":"other","nonce":"n1","enforce_nonce":true}`); again != first {
		t.Errorf("the same nonce made %s, want %s", again, first)
	}
	if got := w.ok(w.call("GET", at, "")); got.get("0.nonce") != "n1" || got.get("0.content") != "a" || got.get("1.id") != "" {
		t.Errorf("messages = %s", got.text)
	}
	if other := send(`{"content":"a","nonce":"n1"}`); other == first {
		t.Error("without enforce_nonce the nonce is held against")
	}
	if other := send(`{"content":"a","nonce":"n2","enforce_nonce":true}`); other == first {
		t.Error("another nonce is the same message")
	}
	w.Advance(nonceLife)
	if later := send(`{"content":"a","nonce":"n1","enforce_nonce":true}`); later == first {
		t.Error("the nonce is held against for ever")
	}
	w.refused(w.call("POST", at, `{"content":"a","nonce":"`+strings.Repeat("n", 26)+`"}`), 400, 50035)
	needDocument(t, "a name Discord does not know")
	w.refused(w.call("PATCH", at+"/"+first, `{"content":"a","nonce":"n1"}`), 400, 50035)
}

// TestMentions: whoever would be pinged is counted.
func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		name, channel, content, allowed string
		want                            int
	}{
		{"nobody", lobby, "hello", "", 0},
		{"one", lobby, "<@" + ada + ">", "", 1},
		{"one, twice", lobby, "<@" + ada + "> <@!" + ada + ">", "", 1},
		{"one who does not exist", lobby, "<@" + nowhere + ">", "", 0},
		{"in code", lobby, "`<@" + ada + ">`", "", 1},
		{"everyone", lobby, "@everyone", "", 3},
		{"here, of a channel for one", vault, "@here", "", 1},
		{"a role", lobby, "<@&{manager}>", "", 1},
		{"none allowed", lobby, "<@" + ada + "> @everyone <@&{manager}>", `{"parse":[]}`, 0},
		{"users only", lobby, "<@" + ada + "> @everyone", `{"parse":["users"]}`, 1},
		{"one of two by name", lobby, "<@" + ada + "> <@" + bob + ">", `{"parse":[],"users":["` + bob + `"]}`, 1},
		{"null is not said", lobby, "<@" + ada + ">", `{"parse":null}`, 1},
		{"an empty object is not said", lobby, "<@" + ada + ">", `{}`, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := village(t)
			body := `{"content":"` + strings.ReplaceAll(tt.content, "{manager}", w.g.manager) + `"`
			if tt.allowed != "" {
				body += `,"allowed_mentions":` + tt.allowed
			}
			w.ok(w.call("POST", "/channels/"+tt.channel+"/messages", body+"}"))
			if got := w.Mentions(); got != tt.want {
				t.Errorf("Mentions() = %d, want %d", got, tt.want)
			}
		})
	}
	w := village(t)
	w.ok(w.call("POST", "/channels/"+lobby+"/messages", `{"embeds":[{"description":"<@`+ada+`>"}]}`))
	if got := w.Mentions(); got != 0 {
		t.Errorf("an embed pinged %d", got)
	}
}

// TestFiles sends files, and changes which are there.
func TestFiles(t *testing.T) {
	w := village(t)
	at := "/channels/" + lobby + "/messages"
	sent := w.ok(w.upload("POST", at, `{"embeds":[{"image":{"url":"attachment://chart.png"}}],"attachments":[{"id":"0","description":"a chart"},{"id":"1","filename":"my (own) dätä.csv"}]}`, "chart.png", "x.csv"))
	if sent.get("attachments.0.filename") != "my_own_dt.csv" || sent.get("attachments.1.id") != "" {
		t.Errorf("what an embed shows is not told of as an attachment: %s", sent.text)
	}
	if url := sent.get("embeds.0.image.url"); !strings.HasSuffix(url, "/chart.png") || strings.HasPrefix(url, "attachment:") {
		t.Errorf("image = %q", url)
	}
	w.mu.Lock()
	m := w.channels[lobby].messages[0]
	picture := m.attachments[0]
	if picture.description != "a chart" || string(picture.content) != "content of chart.png" || picture.mime != "image/png" {
		t.Errorf("picture = %+v", picture)
	}
	w.mu.Unlock()

	// What is not listed goes, what is listed by its id stays, files come.
	after := w.ok(w.upload("PATCH", at+"/"+m.id, `{"attachments":[{"id":"`+picture.id+`"},{"id":"0"}]}`, "more.txt"))
	if after.get("attachments.0.filename") != "more.txt" || after.get("attachments.1.id") != "" || after.get("embeds.0.image.url") == "" {
		t.Errorf("after = %s", after.text)
	}
	w.refused(w.call("PATCH", at+"/"+m.id, `{"attachments":[]}`), 400, 50035)
	w.ok(w.call("PATCH", at+"/"+m.id, `{"attachments":[],"embeds":[],"content":"gone"}`))
	for name, tt := range map[string]struct {
		body string
		file string
	}{
		"a file that is not there":           {`{"attachments":[{"id":"3"}]}`, "a.png"},
		"a picture that is not there":        {`{"embeds":[{"image":{"url":"attachment://b.png"}}]}`, "a.png"},
		"a picture whose name Discord bends": {`{"embeds":[{"image":{"url":"attachment://my chart.png"}}]}`, "my chart.png"},
		"a picture that is none":             {`{"embeds":[{"image":{"url":"attachment://a.csv"}}]}`, "a.csv"},
		"words too long":                     {`{"attachments":[{"id":"0","description":"` + strings.Repeat("x", 1025) + `"}]}`, "a.png"},
	} {
		t.Run(name, func(t *testing.T) {
			w := village(t)
			w.refused(w.upload("POST", at, tt.body, tt.file), 400, 50035)
		})
	}
	w.refused(w.upload("POST", at, `{`, "a.png"), 400, 50109)
	w.ok(w.upload("POST", at, `{}`, "a.png"))
	if names := w.Calls()[len(w.Calls())-1].Files; !cmp.Equal(names, []string{"a.png"}) {
		t.Errorf("Files = %q", names)
	}
}
