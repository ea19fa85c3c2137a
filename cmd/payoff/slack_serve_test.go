package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"payoff/bot"
	"payoff/bot/slack"
	"payoff/bot/slack/slacktest"
)

// fetch asks payoff, under another host's name, as a proxy would that passes it on.
func (s *site) fetch(method, path string, form url.Values) (status int, body string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.app.url()+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(path, "/slack/") || strings.HasPrefix(path, "/discord/") {
		req.Host = "payoff.example.com"
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// fetches holds an answer against its status and a part of what it says.
func (s *site) fetches(method, path string, status int, say string) {
	s.t.Helper()
	got, body := s.fetch(method, path, url.Values{"step": {"week"}, "id": {rand.Text()}})
	if got != status || !strings.Contains(body, say) {
		s.t.Errorf("%s %s = %d %q, want %d with %q", method, path, got, body, status, say)
	}
}

// TestSlackIsServedAlone: there is no workspace without a login beside it.
func TestSlackIsServedAlone(t *testing.T) {
	s := newStreet(t, way{"HTTP", true})
	s.installs()
	s.sam.types(highStreet, "/payoff")
	s.fetches("GET", "/", http.StatusNotFound, "payoff serve --local opens the local workspace too")
	s.fetches("POST", "/people", http.StatusNotFound, "payoff serves Slack here")
	s.fetches("GET", "/healthz", http.StatusOK, "ok")
	s.fetches("GET", "/readyz", http.StatusOK, "ready")
	s.fetches("POST", "/slack/commands", http.StatusUnauthorized, "")
	s.fetches("GET", "/slack/commands", http.StatusMethodNotAllowed, "")
	s.fetches("GET", "/slack/install", http.StatusNotFound, "")
	for _, line := range []string{
		`payoff_http_requests_total{route="POST /slack/commands",status="200"} 1`,
		`payoff_http_requests_total{route="POST /slack/commands",status="401"} 1`,
		`payoff_events_total{command="payoff",platform="slack"} 1`,
	} {
		s.fetches("GET", "/metrics", http.StatusOK, line)
	}
}

// TestSlackBesideTheWorkspace: both are served with --local, on a clock that stays.
func TestSlackBesideTheWorkspace(t *testing.T) {
	s := newStreet(t, way{"HTTP", true})
	s.local = true
	s.secret("SLACK_BOT_TOKEN", s.sam.team.Install())
	s.starts()
	if want := "payoff is ready: open " + s.app.url() + " in a browser. Ctrl-C stops it.\n"; !strings.HasSuffix(s.out.String(), want) {
		t.Errorf("payoff greets with %q, want %q at the end", s.out, want)
	}
	s.fetches("GET", "/", http.StatusOK, "<html")
	if status, body := s.fetch("POST", "/people", url.Values{"name": {"Kim"}, "zone": {"UTC"}, "id": {rand.Text()}}); status >= http.StatusBadRequest {
		t.Fatalf("Kim comes to the workspace and is answered with %d %q", status, body)
	}
	s.fetches("GET", "/as/kim", http.StatusOK, "<html")
	s.fetches("POST", "/as/kim/clock", http.StatusConflict, "The clock cannot be moved while payoff is in Slack")
	if by := s.app.clock.Offset(); by != 0 {
		t.Errorf("the clock was moved by %s", by)
	}
	s.fetches("POST", "/slack/commands", http.StatusUnauthorized, "")
	if m := s.sam.types(highStreet, "/payoff"); !strings.HasPrefix(m.Text, "Write what you did") {
		t.Errorf("in Slack payoff says %q", m.Text)
	}
}

// TestNothingIsLostByAWrongToken: what is due when payoff is started with a token that cannot
// work waits for the right one. Slack would refuse it, and it would be given up.
func TestNothingIsLostByAWrongToken(t *testing.T) {
	s := newLane(t, way{"Socket Mode", false})
	delete(s.env.plain, "SLACK_CLIENT_ID")
	delete(s.env.secrets, "SLACK_CLIENT_SECRET")
	s.street.installs()
	s.begins(s.sam, "£120k by 31 Dec")
	s.ends()
	s.moved += november(16, 9, 1).Sub(s.now())
	right := s.env.secrets["SLACK_BOT_TOKEN"]

	s.slack.Expect("invalid_auth")
	s.secret("SLACK_BOT_TOKEN", "xoxb-1-another")
	a, err := newApp(&program{ctx: t.Context(), out: io.Discard, err: io.Discard, log: newLog(s.log, 0, "text"), env: s.env, dbPath: s.db, now: s.now},
		serveCmd{httpFlag: httpFlag{"127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.serve(); err == nil || exitCode(err) != exitFailed || sentence(err) != "Slack does not know SLACK_BOT_TOKEN: copy it again from OAuth & Permissions." {
		t.Errorf("with another token serve() = %v", err)
	}

	were := len(s.sam.bots(s.sam.direct()))
	s.env.secrets["SLACK_BOT_TOKEN"] = right
	s.starts()
	if m := s.sam.next(s.sam.direct(), were); !strings.HasPrefix(m.Text, "How did the week go?") {
		t.Errorf("with the right token Sam is asked %q", m.Text)
	}
}

// TestSlackIsWaitedFor: payoff starts without Slack, says so, and is there once Slack is.
func TestSlackIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := newStreet(t, way{"HTTP", true})
	s.secret("SLACK_BOT_TOKEN", s.sam.team.Install())
	s.slack.Fault(func(slacktest.Call) slacktest.Fault { return slacktest.Fault{Drop: true} })
	s.starts()
	if want := "payoff is in Slack once it can be reached (HTTP)."; !strings.HasPrefix(s.out.String(), want) {
		t.Errorf("without Slack payoff greets with %q, want %q", s.out, want)
	}
	s.slack.Fault(nil)
	if m := s.sam.types(highStreet, "/payoff"); !strings.HasPrefix(m.Text, "Write what you did") {
		t.Errorf("once Slack can be reached payoff says %q", m.Text)
	}
}

// TestSlackRefusesWhileServed: a token that is found not to work later ends the process, too.
func TestSlackRefusesWhileServed(t *testing.T) {
	s := newStreet(t, way{"Socket Mode", false})
	s.installs()
	s.slack.Expect("invalid_auth")
	s.slack.RefuseSockets(-1, "invalid_auth")
	s.slack.CutSockets()
	var err error
	select {
	case err = <-s.ended:
	case <-t.Context().Done():
	}
	s.stop = nil
	if err == nil || exitCode(err) != exitFailed || sentence(err) != "Slack does not know SLACK_APP_TOKEN: copy it again from Basic Information > App-Level Tokens." {
		t.Errorf("serve() = %v", err)
	}
	if _, err := s.app.records.engine.People(context.Background(), slack.Platform, "T0STREET"); err == nil {
		t.Error("the database is still open")
	}
}

// TestServingSlackLeavesNothingBehind starts and stops it, by each way.
func TestServingSlackLeavesNothingBehind(t *testing.T) {
	for _, by := range ways {
		t.Run(by.name, func(t *testing.T) {
			s := newStreet(t, by)
			s.secret("SLACK_BOT_TOKEN", s.sam.team.Install())
			before := goleak.IgnoreCurrent()
			for range 3 {
				s.starts()
				s.sam.types(highStreet, "/payoff")
				s.ends()
			}
			goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*Server).Serve"),
				goleak.IgnoreAnyFunction("net/http.(*conn).serve"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
				goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"))
		})
	}
}

// doctor is what payoff doctor says with the site's settings. It looks at the real time.
func (s *site) doctor() (said string, err error) {
	s.t.Helper()
	var out bytes.Buffer
	p := &program{ctx: s.t.Context(), out: &out, err: io.Discard, log: newLog(s.log, 0, "text"), env: s.env, dbPath: s.db, now: time.Now}
	c := doctorCmd{httpFlag: httpFlag{"127.0.0.1:0"}, backupFlags: backupFlags{BackupKeep: 1}}
	if s.stop != nil {
		c.HTTP = s.app.listener.Addr().String()
	}
	err = c.Run(p)
	return out.String(), err
}

// knowsRooms puts an address before the Slack of the tests that knows what it does not: whether
// a room is one that payoff sees.
func (s *slackSite) knowsRooms(ids ...string) {
	s.t.Helper()
	fake, err := url.Parse(s.slack.URL())
	if err != nil {
		s.t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", httputil.NewSingleHostReverseProxy(&url.URL{Scheme: fake.Scheme, Host: fake.Host}))
	mux.HandleFunc(fake.Path+"chat.getPermalink", func(rw http.ResponseWriter, r *http.Request) {
		says := "channel_not_found"
		if slices.Contains(ids, r.FormValue("channel")) {
			says = "message_not_found"
		}
		rw.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(rw, `{"ok":false,"error":%q}`, says)
	})
	srv := httptest.NewServer(mux)
	s.t.Cleanup(srv.Close)
	s.env.plain["SLACK_API_URL"] = srv.URL + fake.Path
}

// finds holds a doctor's findings on platforms against patterns, one for each, and in order.
func (s *site) finds(ill int, want ...string) {
	s.t.Helper()
	said, err := s.doctor()
	var found []string
	for line := range strings.Lines(said) {
		if strings.Contains(line, "  slack") || strings.Contains(line, "  discord") || strings.Contains(line, "  tokens") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	same := slices.EqualFunc(found, want, func(line, pattern string) bool {
		return regexp.MustCompile("^" + pattern + "$").MatchString(line)
	})
	if !same {
		s.t.Errorf("doctor finds\n\t%s\nwant\n\t%s", strings.Join(found, "\n\t"), strings.Join(want, "\n\t"))
	}
	if got := fmt.Sprint(err); (err == nil) != (ill == 0) || ill > 0 && !strings.HasPrefix(got, count(ill, "thing")+" to be put right") {
		s.t.Errorf("doctor ends with %v, want %d things to be put right", err, ill)
	}
	for name, secret := range s.env.secrets {
		if strings.Contains(said, secret.Reveal()) {
			s.t.Errorf("doctor prints %s", name)
		}
	}
}

// TestDoctorLooksAtSlack: what is well and what is not, and nothing is made by looking.
func TestDoctorLooksAtSlack(t *testing.T) {
	s := newLane(t, way{"Socket Mode", false})
	s.slack.Expect("message_not_found", "channel_not_found", "missing_scope", "invalid_auth")
	const (
		token   = `ok    slack token +payoff is payoff in the workspace High Street\.`
		scopes  = `ok    slack scopes +all that payoff needs; .*`
		socket  = `ok    slack socket +Socket Mode can be connected\.`
		clock   = `ok    slack clock .*`
		install = `ok    slack install .*`
		tokens  = `ok    tokens +of 1 workspace are kept, and can be opened\.`
		there   = `ok    slack room +the room of the board in T0STREET is there \(C0STREET\)\.`
		noLane  = `ok    slack room +the leaderboard is posted nowhere in T0LANE; an admin types /payoff team room in the room for it\.`
		nowhere = `ok    slack room +the leaderboard is posted nowhere in T0STREET; .*`
	)
	s.finds(0, token, scopes, socket, clock, install)
	if _, err := os.Stat(s.db); err == nil {
		t.Error("doctor has made a database")
	}
	s.installs()
	s.begins(s.lee, "£60k by 31 Dec")
	hello := s.ann.types(highStreet, "/payoff team")
	s.finds(0, `ok    slack +stop payoff to have what it keeps for Slack looked at, too\.`, token, scopes, socket, clock, install)
	s.ends()
	s.finds(0, noLane, nowhere, tokens, token, scopes, socket, clock, install)

	s.starts()
	s.ann.pressesFor(highStreet, hello, "Skip for now")
	s.ann.types(highStreet, "/payoff team room")
	s.ends()
	s.knowsRooms()
	s.finds(1, noLane, tokens, token, scopes, socket, clock,
		`FIX   slack room +payoff cannot see C0STREET in T0STREET, the room of the board: type /invite @payoff there, or /payoff team room in another\.`, install)
	s.knowsRooms(highStreet)
	s.finds(0, noLane, tokens, token, scopes, socket, clock, there, install)

	s.secret("PAYOFF_SECRET_KEY", otherKey)
	s.finds(1, noLane, `FIX   tokens +PAYOFF_SECRET_KEY is not the one .*T0LANE.*`, token, scopes, socket, clock, there, install)
	s.secret("PAYOFF_SECRET_KEY", aKey)
	s.sam.team.Install("commands", "chat:write")
	s.finds(1, noLane, tokens, token,
		`FIX   slack scopes +chat:write\.public, im:write, im:history, users:read and files:write are not granted: .*`, socket, clock, there, install)
	s.slack.RefuseSockets(-1, "invalid_auth")
	s.secret("SLACK_BOT_TOKEN", "xoxb-1-another")
	s.finds(2, noLane, tokens, `FIX   slack token +Slack does not know SLACK_BOT_TOKEN: .*`, `FIX   slack socket +Slack does not know SLACK_APP_TOKEN: .*`,
		clock, `ok    slack room +it cannot be told .*`, install)
}

// TestReadmeScopes holds the README's table of scopes against the manifest.
func TestReadmeScopes(t *testing.T) {
	raw, err := slack.Manifest(bot.AllSpecs(), "")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		OAuth struct {
			Scopes struct {
				Bot      []string `json:"bot"`
				Optional []string `json:"bot_optional"`
			} `json:"scopes"`
		} `json:"oauth_config"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begun := strings.Cut(string(readme), "<!-- scopes -->\n| scope | what for |\n|---|---|\n")
	table, _, ended := strings.Cut(rest, "<!-- /scopes -->")
	if !begun || !ended {
		t.Fatal("the README has no table of scopes between its two marks")
	}
	var got, optional []string
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) != 4 || len(strings.TrimSpace(cells[2])) < 10 {
			t.Errorf("the row %q has no reason", row)
			continue
		}
		for _, scope := range regexp.MustCompile("`([a-z.:]+)`").FindAllStringSubmatch(cells[1], -1) {
			got = append(got, scope[1])
			if strings.HasPrefix(strings.TrimSpace(cells[2]), "optional") {
				optional = append(optional, scope[1])
			}
		}
	}
	want := slices.Concat(manifest.OAuth.Scopes.Bot, manifest.OAuth.Scopes.Optional, []string{"connections:write"})
	slices.Sort(got)
	slices.Sort(want)
	slices.Sort(optional)
	slices.Sort(manifest.OAuth.Scopes.Optional)
	if !slices.Equal(got, want) {
		t.Errorf("the README explains the scopes\n\t%q, the manifest asks for\n\t%q", got, want)
	}
	if !slices.Equal(optional, manifest.OAuth.Scopes.Optional) {
		t.Errorf("the README calls %q optional, the manifest %q", optional, manifest.OAuth.Scopes.Optional)
	}
}
