package slacktest

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// issued is a code that an app may exchange for a token, once.
type issued struct {
	grant
	redirect string // must be named again in the exchange, if it was in the request
	used     bool
}

// redeem answers oauth.v2.access: a code is good once, for the address that it was issued for.
// https://docs.slack.dev/reference/methods/oauth.v2.access
func (s *Slack) redeem(code, redirect string) (*grant, error) {
	s.wires.mu.Lock()
	defer s.wires.mu.Unlock()
	is, known := s.wires.grants[code]
	switch {
	case !known:
		return nil, errors.New("invalid_code")
	case is.used:
		return nil, errors.New("code_already_used")
	case is.redirect != redirect:
		return nil, errors.New("bad_redirect_uri")
	}
	is.used = true
	s.wires.grants[code] = is
	return &is.grant, nil
}

// authorizePath is the page at which an admin agrees.
const authorizePath = "/oauth/v2/authorize"

// addToSlack finds the link to that page, for an app that shows one.
var addToSlack = regexp.MustCompile(`href="([^"]*` + authorizePath + `[^"]*)"`)

// InstallThrough installs it as an admin would in a browser that opens app + "/slack/install"
// and agrees. It returns the page that the browser ends on. A workspace whose id is that of
// its organisation stands for all of them: the install is the organisation's.
func (w *Workspace) InstallThrough(app string) (status int, page string, err error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return 0, "", fmt.Errorf("open a browser: %w", err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	var consent *url.URL
	browser := &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if r.URL.Path == authorizePath {
			consent = r.URL
			return http.ErrUseLastResponse
		}
		if len(via) > 5 {
			return errors.New("too many redirects")
		}
		return nil
	}}
	status, page, err = visit(browser, app+"/slack/install")
	if err != nil {
		return status, page, err
	}
	if link := addToSlack.FindStringSubmatch(page); consent == nil && link != nil {
		if consent, err = url.Parse(html.UnescapeString(link[1])); err != nil {
			return status, page, fmt.Errorf("the link to Slack: %w", err)
		}
	}
	if consent == nil {
		return status, page, fmt.Errorf("%s/slack/install does not lead to %s", app, authorizePath)
	}
	back, err := w.agree(consent.Query(), app)
	if err != nil {
		return status, page, err
	}
	return visit(browser, back)
}

// agree is the page at Slack: it returns where the admin is sent back to.
func (w *Workspace) agree(asked url.Values, app string) (back string, err error) {
	s := w.s
	switch {
	case asked.Get("client_id") != s.ClientID():
		return "", fmt.Errorf("authorise: invalid_client_id %q", asked.Get("client_id"))
	case asked.Get("scope") == "":
		return "", errors.New("authorise: invalid_scope: none is asked for")
	case asked.Get("state") == "":
		return "", errors.New("authorise: without a state anyone can have anyone install the app")
	}
	scopes := strings.FieldsFunc(asked.Get("scope"), func(r rune) bool { return r == ',' || r == ' ' })
	for _, scope := range scopes {
		if !slices.Contains(manifestScopes, scope) && !slices.Contains(optionalScopes, scope) {
			return "", fmt.Errorf("authorise: invalid_scope %q", scope)
		}
	}
	redirect := asked.Get("redirect_uri")
	to, err := url.Parse(redirect)
	if redirect == "" { // the first one of the manifest
		to, err = url.Parse(app + "/slack/oauth")
	}
	if err != nil {
		return "", fmt.Errorf("authorise: bad_redirect_uri: %w", err)
	}
	s.mu.Lock()
	code, admin := s.nextID("code-"), w.anAdmin()
	s.mu.Unlock()
	s.wires.mu.Lock()
	s.wires.grants[code] = issued{redirect: redirect, grant: grant{w: w, org: w.ID == w.Enterprise, scopes: scopes, user: admin}}
	s.wires.mu.Unlock()
	q := to.Query()
	q.Set("code", code)
	q.Set("state", asked.Get("state"))
	to.RawQuery = q.Encode()
	return to.String(), nil
}

// optionalScopes are those that the manifest asks for, and an admin may leave out.
var optionalScopes = []string{"channels:history", "groups:history"}

// anAdmin is someone who may install an app.
func (w *Workspace) anAdmin() string {
	var admins []string
	for _, u := range w.users {
		if u.Admin {
			admins = append(admins, u.ID)
		}
	}
	slices.Sort(admins)
	if len(admins) == 0 {
		return "UADMIN"
	}
	return admins[0]
}

func visit(browser *http.Client, address string) (status int, page string, err error) {
	resp, err := browser.Get(address) //nolint:noctx // the client has a time limit
	if err != nil {
		return 0, "", fmt.Errorf("open %s: %w", address, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.StatusCode, "", fmt.Errorf("read %s: %w", address, err)
	}
	return resp.StatusCode, string(body), nil
}
