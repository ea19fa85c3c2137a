package slack

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// Installing payoff into a workspace, in a browser.
// Source: https://docs.slack.dev/authentication/installing-with-oauth
const (
	installTime   = 10 * time.Minute // from the first page to Slack's answer
	installCookie = "payoff_install"
	keepLimit     = 10 * time.Second // for the token to be stored
)

// An installer brings people from /slack/install to Slack and back. The state that goes with
// them is signed, holds for the browser with the cookie alone, and is taken once.
type installer struct {
	a      *Adapter
	key    []byte
	used   replays
	client *http.Client
	page   *template.Template
	policy string
}

func newInstaller(a *Adapter) *installer {
	// Derived, so that a state outlives a restart between the two pages.
	key, err := hkdf.Key(sha256.New, []byte(a.cfg.ClientSecret.Reveal()), nil, "payoff install state", sha256.Size)
	if err != nil {
		panic(err) // only for a length that SHA-256 cannot give
	}
	style := sha256.Sum256([]byte(installStyle))
	i := &installer{
		a: a, key: key, used: replays{window: installTime}, client: newClient(),
		page:   template.Must(template.New("install").Parse(installHTML)),
		policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
	context.AfterFunc(a.life, i.client.CloseIdleConnections)
	return i
}

// begin sends a browser to Slack.
func (i *installer) begin(rw http.ResponseWriter, r *http.Request) {
	browser := rand.Text()
	http.SetCookie(rw, i.cookie(r, browser, int(installTime.Seconds())))
	rw.Header().Set("Cache-Control", "no-store")
	query := url.Values{
		"client_id": {i.a.cfg.ClientID},
		"scope":     {strings.Join(slices.Concat(scopeNames(false), scopeNames(true)), ",")},
		"state":     {i.state(browser, i.a.now().Add(installTime))},
	}
	// https://slack.com/api/ -> https://slack.com/oauth/v2/authorize
	http.Redirect(rw, r, strings.TrimSuffix(i.a.cfg.APIURL, "api/")+"oauth/v2/authorize?"+query.Encode(), http.StatusFound)
}

func (i *installer) cookie(r *http.Request, value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: installCookie, Value: value, Path: "/slack/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https"),
	}
}

// state is when it ends, a name, and the signature of both for one browser.
func (i *installer) state(browser string, until time.Time) string {
	content := strconv.FormatInt(until.Unix(), 10) + "." + rand.Text()
	return content + "." + i.sign(content, browser)
}

func (i *installer) sign(content, browser string) string {
	mac := hmac.New(sha256.New, i.key)
	_, _ = mac.Write([]byte(content + "." + browser)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// A notInstalled is why an install did not come about, as a person reads it.
type notInstalled struct {
	status int
	say    string
}

// take uses a state up; nil says that it may be gone on.
func (i *installer) take(state string, r *http.Request) *notInstalled {
	if state == "" {
		return &notInstalled{http.StatusBadRequest, "This page is for coming back from Slack."}
	}
	var browser string
	if c, err := r.Cookie(installCookie); err == nil {
		browser = c.Value
	}
	last := strings.LastIndexByte(state, '.')
	if last < 0 || browser == "" || !hmac.Equal([]byte(state[last+1:]), []byte(i.sign(state[:last], browser))) {
		return &notInstalled{http.StatusForbidden, "This was not begun in this browser, or some time ago."}
	}
	until, _, _ := strings.Cut(state, ".")
	end, err := strconv.ParseInt(until, 10, 64)
	if now := i.a.now(); err != nil || now.Unix() >= end {
		return &notInstalled{http.StatusBadRequest, "This took longer than ten minutes."}
	} else if !i.used.first(state, now) {
		return &notInstalled{http.StatusBadRequest, "This page was opened before."}
	}
	return nil
}

// finish takes a browser back from Slack.
func (i *installer) finish(rw http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	why := i.take(query.Get("state"), r)
	if why == nil && query.Get("error") != "" {
		why = &notInstalled{http.StatusForbidden, "payoff was not allowed in. Nothing was changed."}
	}
	if why == nil && query.Get("code") == "" {
		why = &notInstalled{http.StatusBadRequest, "Slack sent no code along."}
	}
	var in Install
	if why == nil {
		in, why = i.install(r.Context(), query.Get("code"))
	}
	http.SetCookie(rw, i.cookie(r, "", -1))
	shown := installPage{Style: installStyle, Name: in.Name, Title: "payoff is installed", Begin: "/slack/install"}
	status := http.StatusOK
	if why != nil {
		shown.Title, shown.Why, status = "payoff was not installed", why.say, why.status
	}
	i.show(rw, r, status, shown)
}

// install exchanges the code for a token and keeps it.
func (i *installer) install(ctx context.Context, code string) (Install, *notInstalled) {
	cfg := i.a.cfg
	answer, err := slackapi.GetOAuthV2ResponseContext(ctx, i.client, cfg.ClientID, cfg.ClientSecret.Reveal(), code, "", slackapi.OAuthOptionAPIURL(cfg.APIURL))
	if err == nil && answer.AccessToken == "" {
		err = errNothing
	}
	if err != nil {
		i.a.log.WarnContext(ctx, "slack: not installed", "reason", reason(err))
		return Install{}, exchangeFailed(err)
	}
	in := Install{
		Space: answer.Team.ID, Name: answer.Team.Name, Bot: answer.BotUserID,
		Token: chat.NewSecret(answer.AccessToken), Scopes: splitScopes(answer.Scope), At: i.a.now(),
	}
	if answer.IsEnterpriseInstall {
		in.Space, in.Name = answer.Enterprise.ID, answer.Enterprise.Name
	}
	switch {
	case in.Space == "" || in.Bot == "":
		i.a.log.WarnContext(ctx, "slack: not installed", "reason", "the token is of no workspace or no bot")
		return Install{}, &notInstalled{http.StatusBadGateway, "Slack's answer was not what payoff needs."}
	case answer.ExpiresIn > 0:
		i.a.log.WarnContext(ctx, "slack: not installed: its tokens would expire; make an app from payoff's manifest, without token rotation", "space", in.Space)
		return Install{}, &notInstalled{http.StatusInternalServerError, "Whoever runs payoff has to make its Slack app again, without token rotation."}
	}
	if err := i.keep(ctx, in); err != nil {
		i.a.log.ErrorContext(ctx, "slack: not installed", "space", in.Space, "err", err)
		return Install{}, &notInstalled{http.StatusInternalServerError, "Something went wrong here, and it has been logged."}
	}
	i.a.log.InfoContext(ctx, "slack: installed", "space", in.Space, "workspace", in.Name)
	return in, nil
}

// keep goes on when the browser goes away: the code is used up.
func (i *installer) keep(ctx context.Context, in Install) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepLimit)
	defer cancel()
	if err := i.a.cfg.Installs.Keep(ctx, in); err != nil {
		return fmt.Errorf("keep the install: %w", err)
	}
	// What is remembered of the workspace, or of those of the organisation, has the token of before.
	i.a.mu.Lock()
	maps.DeleteFunc(i.a.spaces, func(_ string, w *workspace) bool { return w.space == in.Space || w.kept == in.Space })
	i.a.mu.Unlock()
	if i.a.cfg.Joined == nil {
		return nil
	}
	if err := i.a.cfg.Joined(ctx, in.Space); err != nil {
		return fmt.Errorf("join %s: %w", in.Space, err)
	}
	return nil
}

func exchangeFailed(err error) *notInstalled {
	var answer slackapi.SlackErrorResponse
	if !errors.As(err, &answer) {
		return &notInstalled{http.StatusBadGateway, "Slack could not be reached."}
	}
	switch answer.Err {
	case "invalid_client_id", "bad_client_secret", "bad_redirect_uri", "oauth_authorization_url_mismatch":
		return &notInstalled{http.StatusInternalServerError, "Slack does not know this payoff (" + answer.Err + "). Whoever runs it has to check SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and the redirect URL of the app."}
	}
	return &notInstalled{http.StatusBadRequest, "Slack did not take the code that came along (" + answer.Err + ")."}
}

type installPage struct {
	Title, Name, Why, Begin string
	Style                   template.CSS
}

func (i *installer) show(rw http.ResponseWriter, r *http.Request, status int, p installPage) {
	h := rw.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", i.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer") // the address holds the code
	h.Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	if err := i.page.Execute(rw, p); err != nil {
		i.a.log.DebugContext(r.Context(), "slack: a page was not shown", "err", err)
	}
}

const installStyle = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#222;background:#fff}h1{font-size:1.5rem}`

const installHTML = `<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
<h1>{{.Title}}</h1>
{{if .Why}}<p>{{.Why}}</p>
<p><a href="{{.Begin}}">Begin again</a></p>
{{else}}<p>It is in {{with .Name}}{{.}}{{else}}your workspace{{end}} now. Go back to Slack, look for <b>payoff</b> under Apps, and write it “hello”. There is a minute of questions, and then it is ready.</p>
<p>Everybody else begins in the same way. To have the leaderboard posted in a channel, type <code>/payoff team room</code> there.</p>
{{end}}</html>
`

// uninstalled is what happens when payoff was removed from a workspace or its token revoked:
// nothing is sent there any more. The events that say so may come late, or again, after
// somebody has installed payoff anew; so the token is tried first.
func (a *Adapter) uninstalled(ctx context.Context, space string) error {
	token := a.cfg.BotToken
	known := a.remembered(space) != nil
	if a.cfg.Installs != nil {
		in, found, err := a.cfg.Installs.Install(ctx, space)
		if err != nil {
			return fmt.Errorf("leave workspace %s: %w", space, err)
		}
		if found {
			token, known = in.Token, true
		}
	}
	if token.IsSet() && a.works(ctx, token, space) {
		a.log.InfoContext(ctx, "slack: payoff is installed again already", "space", space)
		return nil
	}
	gone, err := a.leave(ctx, space)
	if err != nil {
		return fmt.Errorf("leave workspace %s: %w", space, err)
	}
	if known {
		a.log.WarnContext(ctx, "slack: payoff was removed; nothing is sent there until it is installed again", "space", space)
	}
	if a.cfg.Left == nil {
		return nil
	}
	var errs []error
	for _, space := range gone {
		if err := a.cfg.Left(ctx, space); err != nil {
			errs = append(errs, fmt.Errorf("tell of leaving workspace %s: %w", space, err))
		}
	}
	return errors.Join(errs...)
}

// works reports whether Slack says that a token is good, and of this space.
func (a *Adapter) works(ctx context.Context, token chat.Secret, space string) bool {
	ctx, cancel := context.WithTimeout(ctx, lookupLimit)
	defer cancel()
	client := newClient()
	defer client.CloseIdleConnections()
	who, err := slackapi.New(token.Reveal(), slackapi.OptionAPIURL(a.cfg.APIURL), slackapi.OptionHTTPClient(client)).AuthTestContext(ctx)
	return err == nil && space != "" && (who.TeamID == space || who.EnterpriseID == space)
}
