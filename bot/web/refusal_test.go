package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/web"
)

func TestHeaders(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team()})
	for _, path := range []string{"/as/sam/team", "/static/app.js", "/static/style.css", "/nothing", "/as/nobody/team"} {
		resp, _ := d.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "no-referrer",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("GET %s: %s = %q, want %q", path, name, got, want)
			}
		}
	}
	resp, _ := d.get("/static/app.js")
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, d.srv.URL+"/static/app.js", nil)
	req.Header.Set("If-None-Match", resp.Header.Get("ETag"))
	again, err := d.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	again.Body.Close()
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("the same file again = %s, want it not sent", again.Status)
	}
}

// Nothing in the page is inline, and nothing comes from elsewhere.
func TestPageNeedsNothingElse(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, Commands: sampleCommands, People: team()})
	do(t, d.Workspace, "sam", "team", chat.Typed{Text: "leaderboard"})
	for _, n := range d.page("/as/sam/team").all(func(*node) bool { return true }) {
		for name, value := range n.attr {
			if strings.HasPrefix(name, "on") || name == "style" {
				t.Errorf("<%s %s=%q>: inline", n.name, name, value)
			}
			if (name == "src" || name == "href" || name == "action" || strings.HasPrefix(name, "hx-") && strings.Contains(value, ":/")) &&
				!strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "#") {
				t.Errorf("<%s %s=%q>: from elsewhere", n.name, name, value)
			}
		}
		if n.name == "script" && n.words() != "" {
			t.Errorf("a script in the page: %q", n.words())
		}
	}
}

func TestHosts(t *testing.T) {
	for _, c := range []struct {
		known []string
		host  string
		want  bool
	}{
		{nil, "localhost", true}, {nil, "LOCALHOST:8080", true}, {nil, "127.0.0.1:8080", true}, {nil, "127.9.9.9", true}, {nil, "[::1]:8080", true}, {nil, "[::1]", true},
		{nil, "evil.example", false}, {nil, "localhost.evil.example", false}, {nil, "127.0.0.1.evil.example", false}, {nil, "192.168.1.5:8080", false}, {nil, "", false},
		{[]string{"desk.lan"}, "desk.lan:8080", true}, {[]string{"desk.lan"}, "evil.example", false},
		{[]string{"0.0.0.0"}, "192.168.1.5:8080", true}, {[]string{"::"}, "[fe80::1]:80", true}, {[]string{"0.0.0.0"}, "evil.example", false},
		{[]string{"192.168.1.5"}, "192.168.1.5:8080", true}, {[]string{"192.168.1.5"}, "192.168.1.6", false},
	} {
		d := newDesk(t, web.Config{Handler: sample{}, People: team(), Hosts: c.known})
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, d.srv.URL+"/as/sam/team", nil)
		req.Host = c.host
		if c.host == "" {
			req.Host = "."
		}
		resp, err := d.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.StatusCode == http.StatusOK; got != c.want {
			t.Errorf("Host %q with %q known = %s, want taken = %t", c.host, c.known, resp.Status, c.want)
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	var script chattest.Script
	d := newDesk(t, web.Config{Handler: &script, People: team()})
	for _, c := range []struct {
		name, value string
		want        int
	}{
		{"Origin", "https://evil.example", http.StatusForbidden},
		{"Origin", "null", http.StatusForbidden},
		{"Origin", "http://localhost:1", http.StatusForbidden},
		{"Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"Sec-Fetch-Site", "same-site", http.StatusForbidden},
		{"Sec-Fetch-Site", "same-origin", http.StatusNoContent},
		{"Origin", d.srv.URL, http.StatusNoContent},
	} {
		values := url.Values{"id": {"12345678"}, "text": {"/help"}}
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, d.srv.URL+"/as/sam/team/say", strings.NewReader(values.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set(c.name, c.value)
		before := len(script.Events())
		resp, err := d.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("a post with %s: %s = %s %s, want %d", c.name, c.value, resp.Status, body, c.want)
		}
		if resp.StatusCode == http.StatusForbidden && len(script.Events()) != before {
			t.Errorf("a post with %s: %s reached the handler", c.name, c.value)
		}
	}
}

type forgery struct {
	name, path string
	values     url.Values
	want       int
}

// forged is what the page would never send: private is a message that Sam alone sees in the
// team's room, with one button, and the forms are open there.
func forged(private, samsForm, priyasForm string) []forgery {
	return []forgery{
		{"nobody", "/as/nobody/team/say", url.Values{"text": {"x"}}, 404},
		{"no room", "/as/sam/attic/say", url.Values{"text": {"x"}}, 404},
		{"another's direct room", "/as/sam/dm-priya/say", url.Values{"text": {"x"}}, 404},
		{"no id", "/as/sam/team/say", url.Values{"id": {""}, "text": {"x"}}, 400},
		{"bad id", "/as/sam/team/say", url.Values{"id": {"a b<c>d e f"}, "text": {"x"}}, 400},
		{"no text", "/as/sam/team/say", url.Values{"text": {" \r\n "}}, 400},
		{"long text", "/as/sam/team/say", url.Values{"text": {strings.Repeat("x", 20_001)}}, 413},
		{"large body", "/as/sam/team/say", url.Values{"text": {strings.Repeat("x", 600_000)}}, 413},
		{"no form", "/as/sam/team/submit", url.Values{"form": {"none"}}, 404},
		{"another's form", "/as/sam/team/submit", url.Values{"form": {priyasForm}}, 404},
		{"a form in another room", "/as/sam/dm-sam/submit", url.Values{"form": {samsForm}}, 404},
		{"no such choice", "/as/sam/team/submit", url.Values{"form": {samsForm}, "f0": {"2"}}, 400},
		{"no message", "/as/sam/team/press", url.Values{"message": {"9999"}, "version": {"1"}, "button": {"0"}}, 404},
		{"another's private message", "/as/priya/team/press", url.Values{"message": {private}, "version": {private}, "button": {"0"}}, 404},
		{"a message in another room", "/as/sam/dm-sam/press", url.Values{"message": {private}, "version": {private}, "button": {"0"}}, 404},
		{"no button", "/as/sam/team/press", url.Values{"message": {private}, "version": {private}, "button": {"1"}}, 404},
		{"button below none", "/as/sam/team/press", url.Values{"message": {private}, "version": {private}, "button": {"-1"}}, 404},
		{"changed since", "/as/sam/team/press", url.Values{"message": {private}, "version": {"1"}, "button": {"0"}}, 409},
		{"no name", "/people", url.Values{"name": {" \u202e "}}, 400},
		{"long name", "/people", url.Values{"name": {strings.Repeat("x", 41)}}, 400},
		{"known name", "/people", url.Values{"name": {"sAm"}}, 409},
	}
}

// Each is refused with one sentence, and reaches nobody.
func TestRefused(t *testing.T) {
	var script chattest.Script
	d := newDesk(t, web.Config{Handler: &script, People: team()})
	form := chat.Form{Call: "c", Title: "T", Fields: []chat.Field{{ID: "a", Choices: []chat.Choice{{Value: "1", Label: "One"}}}}}
	script.Answer(chat.OpenForm{Form: form})
	sam, priya := d.People()[0], d.People()[1]
	for _, p := range []chat.Person{sam, priya} {
		if err := d.Type("open-"+p.ID, p, d.Shared(), "/checkin"); err != nil {
			t.Fatal(err)
		}
	}
	formOf := func(p chat.Person) string {
		return d.forms[p.ID].first(func(n *node) bool { return n.attr["name"] == "form" }).attr["value"]
	}
	script.Answer(chat.Whisper(chat.T("For Sam"), chat.Actions{{Label: "Undo", Call: "undo"}}))
	if err := d.Type("whisper", sam, d.Shared(), "/log"); err != nil {
		t.Fatal(err)
	}
	m := d.Seen(sam, d.Shared())
	private := m[len(m)-1].ID
	events := len(script.Events())

	for _, c := range forged(private, formOf(sam), formOf(priya)) {
		t.Run(c.name, func(t *testing.T) {
			if !c.values.Has("id") {
				c.values.Set("id", "12345678")
			}
			resp, err := d.client.PostForm(d.srv.URL+c.path, c.values)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			said := strings.TrimSpace(string(body))
			if resp.StatusCode != c.want || !strings.HasSuffix(said, ".") || strings.ContainsAny(said, "\n<") {
				t.Errorf("%s %q, want %d and one sentence", resp.Status, said, c.want)
			}
			if len(script.Events()) != events {
				t.Error("it reached the handler")
			}
		})
	}
}

// What the form itself asks for is checked before the handler is asked.
func TestFormChecks(t *testing.T) {
	var script chattest.Script
	d := newDesk(t, web.Config{Handler: &script, People: team()})
	script.Answer(chat.OpenForm{Form: chat.Form{Call: "c", Title: "T", Fields: []chat.Field{
		{ID: "a", Label: "A", Required: true}, {ID: "b", Label: "B", Max: 5},
		{ID: "c", Label: "C", Required: true, Choices: []chat.Choice{{Value: "1", Label: "One"}}}, {ID: "d", Label: "D"},
	}}})
	sam := d.People()[0]
	if err := d.Type("open", sam, d.Shared(), "/checkin"); err != nil {
		t.Fatal(err)
	}
	if err := d.Fill("fill", sam, map[string]string{"A": "  ", "B": "äöüßéx", "D": "kept"}); err != nil {
		t.Fatal(err)
	}
	f, _ := d.Form(sam)
	for i, want := range []chattest.ShownField{
		{Value: "  ", Error: "Please fill this in."}, {Value: "äöüßéx", Error: "At most 5 characters; this is 6."}, {Error: "Please choose one."}, {Value: "kept"},
	} {
		if got := f.Fields[i]; got.Value != want.Value || got.Error != want.Error {
			t.Errorf("field %d = %q with %q, want %q with %q", i, got.Value, got.Error, want.Value, want.Error)
		}
	}
	if n := len(script.Events()); n != 1 {
		t.Errorf("%d events, want the handler asked for the form alone", n)
	}
	script.Answer(chat.Whisper(chat.T("Thanks")))
	if err := d.Fill("again", sam, map[string]string{"A": "a", "B": "äöüßé", "C": "One"}); err != nil {
		t.Fatal(err)
	}
	if did, _ := script.Events()[1].Did.(chat.Submitted); did.Values["b"] != "äöüßé" || did.Values["c"] != "1" {
		t.Errorf("Did = %+v, want the corrected form", did)
	}
}

func TestWelcome(t *testing.T) {
	var told []web.Person
	fail := true
	d := newDesk(t, web.Config{Handler: sample{}, OnPerson: func(_ context.Context, p web.Person) error {
		if fail {
			return errors.New("secret path is full")
		}
		told = append(told, p)
		return nil
	}})
	if p := d.page("/"); p.first(named("label")).words() != "What shall we call you?" {
		t.Errorf("the first page asks %q", p.first(named("label")).words())
	}
	join := func(name, zone string) (*http.Response, string) {
		resp, err := d.client.PostForm(d.srv.URL+"/people", url.Values{"id": {"12345678"}, "name": {name}, "zone": {zone}, "locale": {"en-GB"}})
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp, string(body)
	}
	if resp, body := join("Sam", "Europe/London"); resp.StatusCode != 500 || strings.Contains(body, "secret") || len(d.Workspace.People()) != 0 {
		t.Errorf("a person who cannot be kept = %s %q, want them kept out and the reason in the log", resp.Status, body)
	}
	fail = false
	for _, c := range []struct{ name, zone, path string }{
		{" Sam  Smith ", "Europe/London", "/as/sam-smith/dm-sam-smith"}, {"Sam-Smith", "../etc/passwd", "/as/sam-smith-2/dm-sam-smith-2"},
		{"李", "Local", "/as/person/dm-person"}, {"شيرين", "", "/as/person-2/dm-person-2"}, {"<b>", "UTC", "/as/b/dm-b"},
	} {
		if resp, body := join(c.name, c.zone); resp.Header.Get("HX-Redirect") != c.path {
			t.Errorf("join as %q = %s %s to %q, want %q", c.name, resp.Status, body, resp.Header.Get("HX-Redirect"), c.path)
		}
	}
	if p := told[0]; p != (web.Person{ID: "sam-smith", Name: "Sam Smith", Zone: "Europe/London", Locale: "en-GB", Admin: true}) {
		t.Errorf("OnPerson was told of %+v", p)
	}
	for _, p := range told[1:] {
		if p.Admin || (p.Zone != "" && p.Zone != "UTC") {
			t.Errorf("OnPerson was told of %+v, want no admin and only a zone that is one", p)
		}
	}
	if resp, _ := d.get("/"); resp.Request.URL.Path != "/as/sam-smith/dm-sam-smith" {
		t.Errorf("the page of people who are known is %s", resp.Request.URL.Path)
	}
}

func TestComplete(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, Commands: sampleCommands, People: team()})
	for _, c := range []struct{ person, text, want string }{
		{"sam", "/goal s", "goal set,goal show"},
		{"sam", "/GOAL  sh", "goal show"},
		{"sam", "/team", "team room"},
		{"priya", "/team", ""},
		{"sam", "/checkin", ""}, // what is typed needs no proposing, and hidden commands none at all
		{"sam", "/log ", "log BNI Tuesday,log LinkedIn"},
		{"sam", "/log 2h BNI Tuesday", "log 2h BNI Tuesday,log 2h"}, // how it is understood is worth a line
		{"sam", "/payoff goal sh", "goal show"},
		{"sam", "goal", ""},
		{"sam", "", ""},
	} {
		var got []string
		for _, o := range d.page("/as/" + c.person + "/team/complete?text=" + url.QueryEscape(c.text)).all(named("li")) {
			got = append(got, o.attr["data-value"])
		}
		if s := strings.Join(got, ","); s != c.want {
			t.Errorf("complete %q for %s = %q, want %q", c.text, c.person, s, c.want)
		}
	}
}
