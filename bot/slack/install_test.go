package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/slack/slacktest"
)

// A drawer is Installs in memory.
type drawer struct {
	mu   sync.Mutex
	kept map[string]Install
	err  error
}

func (d *drawer) Install(_ context.Context, space string) (Install, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	in, found := d.kept[space]
	return in, found, d.err
}

func (d *drawer) Keep(_ context.Context, in Install) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		if d.kept == nil {
			d.kept = map[string]Install{}
		}
		d.kept[in.Space] = in
	}
	return d.err
}

func (d *drawer) Remove(_ context.Context, space string) (gone []string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, in := range d.kept {
		if id == space || in.Org == space {
			gone = append(gone, id)
			delete(d.kept, id)
		}
	}
	return gone, d.err
}

func (d *drawer) names() (all []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for space := range d.kept {
		all = append(all, space)
	}
	slices.Sort(all)
	return all
}

// An office is an adapter that can be installed, and a Slack whose answer to the exchange of
// a code is arranged.
type office struct {
	*Adapter
	drawer
	log    *journal
	clock  time.Time
	answer string // "" cuts the connection
	asked  url.Values
	joined []string
	left   []string
	works  bool // auth.test
}

const exchanged = `{"ok":true,"access_token":"xoxb-not-to-be-read","token_type":"bot","scope":"commands,chat:write","bot_user_id":"UBOT","app_id":"A1","team":{"id":"T1","name":"Acme <b>"},"enterprise":null}`

func newOffice(t *testing.T) *office {
	o := &office{answer: exchanged, clock: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/auth.test" {
			if o.works {
				_, _ = io.WriteString(rw, `{"ok":true,"team_id":"T1","user_id":"UBOT"}`)
			} else {
				_, _ = io.WriteString(rw, `{"ok":false,"error":"account_inactive"}`)
			}
			return
		}
		_ = r.ParseForm()
		o.asked = r.PostForm
		if o.answer == "" {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(rw, o.answer)
	}))
	t.Cleanup(server.Close)
	o.Adapter, o.log = newAdapter(t, Config{
		SigningSecret: chat.NewSecret("s"), ClientID: "1.2", ClientSecret: chat.NewSecret("hush"), Installs: &o.drawer,
		APIURL: server.URL + "/api/", Now: func() time.Time { return o.clock },
		Joined: func(_ context.Context, space string) error { o.joined = append(o.joined, space); return nil },
		Left:   func(_ context.Context, space string) error { o.left = append(o.left, space); return nil },
	})
	return o
}

func (o *office) get(path string, cookies ...*http.Cookie) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	rw := httptest.NewRecorder()
	o.ServeHTTP(rw, r)
	return rw.Result()
}

// begin opens the first page, and returns the state and the browser's cookie.
func (o *office) begin(t *testing.T) (state string, cookie *http.Cookie) {
	t.Helper()
	resp := o.get("/slack/install")
	to, err := resp.Location()
	if err != nil || resp.StatusCode != http.StatusFound || len(resp.Cookies()) != 1 {
		t.Fatalf("install: %d to %v with %d cookies, want a redirect with one", resp.StatusCode, to, len(resp.Cookies()))
	}
	return to.Query().Get("state"), resp.Cookies()[0]
}

func pageOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestInstallBegins(t *testing.T) {
	o := newOffice(t)
	resp := o.get("/slack/install")
	to, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSuffix(o.cfg.APIURL, "api/") + "oauth/v2/authorize"; resp.StatusCode != http.StatusFound || strings.Split(to.String(), "?")[0] != want {
		t.Errorf("install: %d to %s, want 302 to %s", resp.StatusCode, to, want)
	}
	if to.Query().Get("client_id") != "1.2" || to.Query().Get("scope") != "commands,chat:write,chat:write.public,im:write,im:history,users:read,files:write,channels:history,groups:history" {
		t.Errorf("asked for %v", to.Query())
	}
	c := resp.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.MaxAge != 600 {
		t.Errorf("cookie = %s, want HttpOnly, SameSite=Lax, for ten minutes, and not Secure by plain HTTP", c)
	}
	r := httptest.NewRequest(http.MethodGet, "/slack/install", nil)
	r.Header.Set("X-Forwarded-Proto", "https")
	rw := httptest.NewRecorder()
	o.ServeHTTP(rw, r)
	if c := rw.Result().Cookies()[0]; !c.Secure {
		t.Errorf("cookie = %s behind a proxy, want it Secure", c)
	}

	slack, _ := newAdapter(t, Config{SigningSecret: chat.NewSecret("s"), ClientID: "1.2", ClientSecret: chat.NewSecret("hush"), Installs: &drawer{}})
	rw = httptest.NewRecorder()
	slack.ServeHTTP(rw, httptest.NewRequest(http.MethodGet, "/slack/install", nil))
	if got := rw.Header().Get("Location"); !strings.HasPrefix(got, "https://slack.com/oauth/v2/authorize?client_id=1.2&") {
		t.Errorf("Slack's own address = %s", got)
	}
}

func TestInstalls(t *testing.T) {
	o := newOffice(t)
	state, cookie := o.begin(t)
	o.Adapter.spaces["T1"] = &workspace{space: "T1"}
	resp := o.get("/slack/oauth?code=c1&state="+url.QueryEscape(state), cookie)
	text := pageOf(t, resp)
	if resp.StatusCode != http.StatusOK || !strings.Contains(text, "Acme &lt;b&gt;") || !strings.Contains(text, "write it “hello”") {
		t.Errorf("page = %d %s, want that it is in Acme and what to do next", resp.StatusCode, text)
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'sha256-") || strings.Contains(text, "<script") || resp.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the page is not closed: %q", csp)
	}
	if o.asked.Get("code") != "c1" || o.asked.Get("client_id") != "1.2" || o.asked.Get("client_secret") != "hush" {
		t.Errorf("exchanged %v", o.asked)
	}
	in := o.kept["T1"]
	if in.Name != "Acme <b>" || in.Bot != "UBOT" || in.Token.Reveal() != "xoxb-not-to-be-read" || !slices.Equal(in.Scopes, []string{"commands", "chat:write"}) || !in.At.Equal(o.clock) {
		t.Errorf("kept %+v", in)
	}
	if !slices.Equal(o.joined, []string{"T1"}) || o.Adapter.spaces["T1"] != nil {
		t.Errorf("joined %q; what was remembered of the workspace: %v, want nothing", o.joined, o.Adapter.spaces["T1"])
	}
	if c := resp.Cookies(); len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("cookies = %v, want it taken back", c)
	}
	if all := o.log.String() + text; strings.Contains(all, "not-to-be-read") || strings.Contains(all, "hush") {
		t.Errorf("a secret was told:\n%s", all)
	}
}

func TestInstallsWholeOrganisation(t *testing.T) {
	o := newOffice(t)
	o.answer = `{"ok":true,"access_token":"xoxb-1","bot_user_id":"UBOT","is_enterprise_install":true,"team":null,"enterprise":{"id":"E1","name":"Acme Group"}}`
	o.Adapter.spaces["T1"] = &workspace{space: "T1", kept: "E1"}
	state, cookie := o.begin(t)
	if resp := o.get("/slack/oauth?code=c1&state="+state, cookie); resp.StatusCode != http.StatusOK || !strings.Contains(pageOf(t, resp), "Acme Group") {
		t.Errorf("status = %d, want that it is in Acme Group", resp.StatusCode)
	}
	if got := o.names(); !slices.Equal(got, []string{"E1"}) || o.Adapter.spaces["T1"] != nil {
		t.Errorf("kept for %q, want E1, and what was remembered of its workspaces forgotten", got)
	}
}

func TestInstallFails(t *testing.T) {
	for _, c := range []struct {
		name    string
		arrange func(*office)
		query   string // behind state=
		status  int
		say     string
	}{
		{"denied", nil, "&error=access_denied", http.StatusForbidden, "payoff was not allowed in"},
		{"no code", nil, "", http.StatusBadRequest, "no code"},
		{"a code refused", func(o *office) { o.answer = `{"ok":false,"error":"invalid_code"}` }, "&code=c", http.StatusBadRequest, "invalid_code"},
		{"another client secret", func(o *office) { o.answer = `{"ok":false,"error":"bad_client_secret"}` }, "&code=c", http.StatusInternalServerError, "SLACK_CLIENT_SECRET"},
		{"Slack cut off", func(o *office) { o.answer = "" }, "&code=c", http.StatusBadGateway, "could not be reached"},
		{"a page of Slack", func(o *office) { o.answer = "<html>" }, "&code=c", http.StatusBadGateway, "could not be reached"},
		{"an answer without a token", func(o *office) { o.answer = `{"ok":false}` }, "&code=c", http.StatusBadGateway, "could not be reached"},
		{"a token of nobody", func(o *office) { o.answer = `{"ok":true,"access_token":"xoxp-1","team":{"id":"T1"}}` }, "&code=c", http.StatusBadGateway, "not what payoff needs"},
		{"a token that will expire", func(o *office) { o.answer = strings.Replace(exchanged, "{", `{"expires_in":43200,`, 1) }, "&code=c", http.StatusInternalServerError, "token rotation"},
		{"storage", func(o *office) { o.err = errors.New("disk full") }, "&code=c", http.StatusInternalServerError, "it has been logged"},
		{"who is to know", func(o *office) { o.cfg.Joined = func(context.Context, string) error { return errors.New("disk full") } }, "&code=c", http.StatusInternalServerError, "it has been logged"},
		{"ten minutes later", func(o *office) { o.clock = o.clock.Add(installTime) }, "&code=c", http.StatusBadRequest, "ten minutes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			state, cookie := o.begin(t)
			if c.arrange != nil {
				c.arrange(o)
			}
			resp := o.get("/slack/oauth?state="+url.QueryEscape(state)+c.query, cookie)
			text := pageOf(t, resp)
			if resp.StatusCode != c.status || !strings.Contains(text, c.say) || !strings.Contains(text, "payoff was not installed") {
				t.Errorf("page = %d %s, want %d with %q", resp.StatusCode, text, c.status, c.say)
			}
			if all := o.log.String() + text; strings.Contains(all, "not-to-be-read") || strings.Contains(all, "hush") {
				t.Errorf("a secret was told:\n%s", all)
			}
			if resp.Header.Get("Content-Security-Policy") == "" {
				t.Error("the page is not closed")
			}
		})
	}
}

func TestInstallState(t *testing.T) {
	o := newOffice(t)
	state, cookie := o.begin(t)
	other, theirs := o.begin(t)
	for _, c := range []struct {
		name, state string
		cookie      *http.Cookie
		status      int
	}{
		{"none", "", cookie, http.StatusBadRequest},
		{"made up", "9999999999.a.b", cookie, http.StatusForbidden},
		{"without parts", "state", cookie, http.StatusForbidden},
		{"prolonged", "9" + state, cookie, http.StatusForbidden},
		{"of another browser", other, cookie, http.StatusForbidden},
		{"in another browser", state, theirs, http.StatusForbidden},
		{"in a browser without a cookie", state, nil, http.StatusForbidden},
		{"with an empty cookie", state, &http.Cookie{Name: installCookie}, http.StatusForbidden},
		{"as it was made", state, cookie, http.StatusOK},
		{"used again", state, cookie, http.StatusBadRequest},
		{"of who was slower", other, theirs, http.StatusOK},
	} {
		var cookies []*http.Cookie
		if c.cookie != nil {
			cookies = append(cookies, c.cookie)
		}
		before := len(o.joined)
		resp := o.get("/slack/oauth?code=c&state="+url.QueryEscape(c.state), cookies...)
		if resp.StatusCode != c.status || (len(o.joined) > before) != (c.status == http.StatusOK) {
			t.Errorf("%s: %d, joined %d, want %d", c.name, resp.StatusCode, len(o.joined)-before, c.status)
		}
	}
	// A restart between the two pages changes nothing: the key follows from the client secret.
	state, cookie = o.begin(t)
	again, _ := New(o.cfg)
	defer again.kill()
	o.Adapter = again
	if resp := o.get("/slack/oauth?code=c&state="+url.QueryEscape(state), cookie); resp.StatusCode != http.StatusOK {
		t.Errorf("after a restart: %d, want 200", resp.StatusCode)
	}
}

// Whatever comes back from Slack is refused, unless it was made here for this browser.
func FuzzInstallState(f *testing.F) {
	f.Add("1.a.b", "x")
	f.Add("", "")
	f.Add("9999999999999999999999.A.00", "B")
	a, _ := newAdapter(f, Config{SigningSecret: chat.NewSecret("s"), ClientID: "1.2", ClientSecret: chat.NewSecret("hush"), Installs: &drawer{}})
	i := newInstaller(a)
	f.Fuzz(func(t *testing.T, state, browser string) {
		r := httptest.NewRequest(http.MethodGet, "/slack/oauth", nil)
		r.AddCookie(&http.Cookie{Name: installCookie, Value: browser})
		if i.take(state, r) == nil {
			t.Errorf("take(%q) of %q is gone on with", state, browser)
		}
	})
}

func TestUninstalled(t *testing.T) {
	o := newOffice(t)
	token := chat.NewSecret("xoxb-not-to-be-read")
	o.kept = map[string]Install{"T1": {Space: "T1", Token: token}, "T2": {Space: "T2", Token: token}}
	o.works = true // the event is late: payoff was installed again meanwhile
	if err := o.uninstalled(t.Context(), "T1"); err != nil || len(o.names()) != 2 || o.left != nil {
		t.Errorf("a late event: %v, kept %q, left %q; want nothing to happen", err, o.names(), o.left)
	}
	o.works = false
	for range 2 { // tokens_revoked and app_uninstalled come together
		if err := o.uninstalled(t.Context(), "T1"); err != nil {
			t.Error(err)
		}
	}
	if got := o.names(); !slices.Equal(got, []string{"T2"}) || !slices.Equal(o.left, []string{"T1", "T1"}) {
		t.Errorf("kept %q, left %q; want T1 gone alone", got, o.left)
	}
	if n := strings.Count(o.log.String(), "level=WARN"); n != 1 || strings.Contains(o.log.String(), "not-to-be-read") {
		t.Errorf("%d warnings, want one:\n%s", n, o.log)
	}
	o.cfg.Left = func(context.Context, string) error { return errors.New("disk full") }
	if err := o.uninstalled(t.Context(), "T2"); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("uninstalled = %v, want what Left said", err)
	}
	o.err = errors.New("no disk")
	if err := o.uninstalled(t.Context(), "T2"); err == nil {
		t.Error("uninstalled = nil of a storage that fails")
	}
}

// As an admin does it, in a browser, against the whole of a Slack; twice, since an install
// may be repeated.
func TestInstallThroughABrowser(t *testing.T) {
	slack := slacktest.New(t)
	room := slack.Workspace("T1", "Acme")
	kept := &drawer{}
	a, log := newAdapter(t, Config{
		SigningSecret: chat.NewSecret(slack.SigningSecret()), APIURL: slack.URL(),
		ClientID: slack.ClientID(), ClientSecret: chat.NewSecret(slack.ClientSecret()), Installs: kept,
	})
	server := httptest.NewServer(a)
	defer server.Close()
	for range 2 {
		status, text, err := room.InstallThrough(server.URL)
		if err != nil || status != http.StatusOK || !strings.Contains(text, "Acme") {
			t.Fatalf("InstallThrough = %d %q, %v", status, text, err)
		}
		in := kept.kept["T1"]
		if !in.Token.IsSet() || in.Bot != room.BotUser() || strings.Contains(text+log.String(), in.Token.Reveal()) {
			t.Errorf("kept %+v for %s", in, room.BotUser())
		}
		w, err := a.workspace(t.Context(), "T1")
		if err != nil || w.bot != in.Bot {
			t.Errorf("workspace = %+v, %v", w, err)
		}
	}
}

// What an Install is printed as holds no token.
func TestInstallHoldsItsToken(t *testing.T) {
	in := Install{Space: "T1", Token: chat.NewSecret("xoxb-not-to-be-read")}
	body, err := json.Marshal(in)
	if text := fmt.Sprintf("%v %+v %#v %s", in, in, in, body); err != nil || strings.Contains(text, "not-to-be-read") {
		t.Errorf("printed %s, %v", text, err)
	}
}
