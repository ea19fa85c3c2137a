package slacktest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	slackapi "github.com/slack-go/slack"
)

func TestEventIsRepeated(t *testing.T) {
	s, w, _ := office(t)
	a := &app{answer: func(b brought) (any, bool) { return nil, b.retry == 2 }}
	a.serve(t, s)
	ok(t, w.Write("e1", "UANN", w.Direct("UANN"), "2h BNI"))
	if all := a.told(); len(all) != 3 || all[2].reason != "http_error" || all[2].retry != 2 {
		t.Errorf("told %+v, want it three times", all)
	}
	a.answer = func(brought) (any, bool) { return nil, false }
	if w.Write("e2", "UANN", w.Direct("UANN"), "2h BNI") == nil {
		t.Error("Write = nil, want an error when it is never acknowledged")
	}
	if n := len(a.told()); n != 3+1+eventRepeats {
		t.Errorf("told %d times, want one and %d repeats", n-3, eventRepeats)
	}
	if w.Command("e3", "UANN", "CTEAM", "/report") == nil {
		t.Error("Command = nil, want an error")
	}
	if n := len(a.told()); n != 3+1+eventRepeats+1 {
		t.Error("a command was repeated")
	}
}

func TestNoRetry(t *testing.T) {
	s, w, _ := office(t)
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked++
		rw.Header().Set("X-Slack-No-Retry", "1")
		rw.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	s.DeliverTo(server.URL)
	if err := w.Write("e1", "UANN", w.Direct("UANN"), "x"); err == nil || asked != 1 || !strings.Contains(err.Error(), "verify") {
		t.Errorf("Write = %v after %d requests, want the address not to verify", err, asked)
	}
	s.wires.verified[server.URL] = true
	if err := w.Write("e2", "UANN", w.Direct("UANN"), "x"); err == nil || asked != 2 {
		t.Errorf("Write = %v after %d requests, want one more", err, asked)
	}
}

// shop is an app that can be installed: change may change what it asks for.
func shop(t *testing.T, s *Slack, change func(url.Values)) (server *httptest.Server, kept *slackapi.OAuthV2Response) {
	kept = &slackapi.OAuthV2Response{}
	mux := http.NewServeMux()
	mux.HandleFunc("/slack/install", func(rw http.ResponseWriter, r *http.Request) {
		http.SetCookie(rw, &http.Cookie{Name: "state", Value: "s1"})
		q := url.Values{"client_id": {s.ClientID()}, "scope": {"commands,chat:write"}, "state": {"s1"}}
		change(q)
		if q.Get("page") != "" {
			q.Del("page")
			_, _ = rw.Write([]byte(`<a href="https://slack.com/oauth/v2/authorize?` + strings.ReplaceAll(q.Encode(), "&", "&amp;") + `">`))
			return
		}
		http.Redirect(rw, r, "https://slack.com/oauth/v2/authorize?"+q.Encode(), http.StatusFound)
	})
	mux.HandleFunc("/slack/oauth", func(rw http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("state")
		if err != nil || cookie.Value != r.URL.Query().Get("state") {
			http.Error(rw, "another browser", http.StatusForbidden)
			return
		}
		code := r.URL.Query().Get("code")
		got, err := slackapi.GetOAuthV2Response(http.DefaultClient, s.ClientID(), s.ClientSecret(), code, "", slackapi.OAuthOptionAPIURL(s.URL()))
		if err != nil {
			http.Error(rw, err.Error(), http.StatusBadGateway)
			return
		}
		*kept = *got
		if _, err := slackapi.GetOAuthV2Response(http.DefaultClient, s.ClientID(), s.ClientSecret(), code, "", slackapi.OAuthOptionAPIURL(s.URL())); err == nil {
			t.Error("a code was good twice")
		}
		_, _ = rw.Write([]byte("Installed"))
	})
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server, kept
}

func TestInstallThrough(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"redirect": func(url.Values) {},
		"page":     func(q url.Values) { q.Set("page", "1") },
	} {
		t.Run(name, func(t *testing.T) {
			s := New(t)
			s.Expect("code_already_used", "invalid_code")
			w := s.Workspace("T2", "Other")
			w.AddUser(User{ID: "UEVE", Name: "eve", Admin: true})
			server, kept := shop(t, s, change)
			status, page, err := w.InstallThrough(server.URL)
			ok(t, err)
			if status != http.StatusOK || page != "Installed" {
				t.Errorf("the browser ends on %d %q", status, page)
			}
			if kept.Team.ID != "T2" || kept.BotUserID != w.BotUser() || kept.Scope != "commands,chat:write" || kept.AuthedUser.ID != "UEVE" || kept.IsEnterpriseInstall {
				t.Errorf("oauth.v2.access = %+v", kept)
			}
			if _, err := slackapi.New(kept.AccessToken, slackapi.OptionAPIURL(s.URL())).AuthTest(); err != nil {
				t.Errorf("auth.test with the token: %v", err)
			}
		})
	}
}

func TestInstallThroughOrganisation(t *testing.T) {
	s := New(t)
	s.Expect("code_already_used", "invalid_code")
	org := s.Workspace("E1", "All of us")
	org.Enterprise = "E1"
	server, kept := shop(t, s, func(url.Values) {})
	_, _, err := org.InstallThrough(server.URL)
	ok(t, err)
	if !kept.IsEnterpriseInstall || kept.Enterprise.ID != "E1" || kept.Team.ID != "" {
		t.Errorf("oauth.v2.access = %+v, want the organisation and no team", kept)
	}
	// It is installed in each workspace of the organisation.
	w := s.Workspace("T3", "Part")
	w.Enterprise = "E1"
	w.AddUser(User{ID: "UANN", Name: "ann"})
	a := &app{}
	a.serve(t, s)
	ok(t, w.Command("e1", "UANN", w.Direct("UANN"), "/report"))
	if c := a.last(t).command; c.TeamID != "T3" || c.EnterpriseID != "E1" || !c.IsEnterpriseInstall {
		t.Errorf("command = %+v", c)
	}
	ok(t, w.Write("e2", "UANN", w.Direct("UANN"), "2h BNI"))
	ok(t, w.Shortcut("e3", "UANN", w.Direct("UANN"), w.Seen("UANN", w.Direct("UANN"))[0].TS, "log"))
	if i := a.last(t).interaction; i.Team.ID != "T3" || i.Enterprise.ID != "E1" || i.User.TeamID != "E1" || !i.IsEnterpriseInstall {
		t.Errorf("shortcut = %+v", i)
	}
	if e := a.told()[1].event; e.EnterpriseID != "E1" || !e.Authorizations[0].IsEnterpriseInstall {
		t.Errorf("event = %+v", e)
	}
}

func TestInstallThroughRefuses(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"client":   func(q url.Values) { q.Set("client_id", "9.9") },
		"no scope": func(q url.Values) { q.Del("scope") },
		"scope":    func(q url.Values) { q.Set("scope", "commands,admin") },
		"no state": func(q url.Values) { q.Del("state") },
	} {
		t.Run(name, func(t *testing.T) {
			s := New(t)
			server, _ := shop(t, s, change)
			if _, _, err := s.Workspace("T2", "Other").InstallThrough(server.URL); err == nil {
				t.Error("InstallThrough = nil, want an error")
			}
		})
	}
}
