package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// A Refused is a token or a setting that can never work; Error is one sentence that says
// what to do. It holds no token.
type Refused struct{ Say string }

func (r *Refused) Error() string { return r.Say }

// A tokenKind is one of the two tokens that an operator sets, and where Slack shows it.
type tokenKind struct{ variable, page, scopes string }

var (
	botToken = tokenKind{"SLACK_BOT_TOKEN", "OAuth & Permissions", "OAuth & Permissions > Scopes, install the app again"}
	appToken = tokenKind{"SLACK_APP_TOKEN", "Basic Information > App-Level Tokens", "Basic Information > App-Level Tokens"}
)

// refusal is what to do about an error after which a token can never work; nil for one that
// may pass. Source: https://docs.slack.dev/reference/methods/auth.test#errors
func (k tokenKind) refusal(err error, apiURL string) *Refused {
	var answer slackapi.SlackErrorResponse
	var status slackapi.StatusCodeError
	switch {
	case errors.As(err, &status) && status.Code == http.StatusNotFound:
		return &Refused{fmt.Sprintf("There is nothing at %s: check SLACK_API_URL, and %s if that is right.", shownURL(apiURL), k.variable)}
	case !errors.As(err, &answer):
		return nil
	}
	switch answer.Err {
	case "invalid_auth", "not_authed", "invalid_token", "missing_args":
		return &Refused{fmt.Sprintf("Slack does not know %s: copy it again from %s.", k.variable, k.page)}
	case "account_inactive", "user_removed_from_team", "team_disabled", "app_not_found":
		return &Refused{fmt.Sprintf("%s belongs to an app or a workspace that is gone (%s): install the app again, and copy the new token from %s.", k.variable, answer.Err, k.page)}
	case "token_revoked":
		return &Refused{fmt.Sprintf("%s was revoked: install the app again, and copy the new token from %s.", k.variable, k.page)}
	case "token_expired":
		return &Refused{fmt.Sprintf("%s has expired: make an app without token rotation, and copy its token from %s.", k.variable, k.page)}
	case "missing_scope":
		return &Refused{fmt.Sprintf("%s lacks the scope %s: add it under %s, and put the new token in %s.", k.variable, k.needed(answer), k.scopes, k.variable)}
	case "not_allowed_token_type":
		return &Refused{fmt.Sprintf("%s is another kind of token: copy it from %s.", k.variable, k.page)}
	case "no_permission", "access_denied", "forbidden_team", "enterprise_is_restricted", "team_access_not_granted":
		return &Refused{fmt.Sprintf("Slack does not let %s be used here (%s): ask an admin of the workspace to approve the app.", k.variable, answer.Err)}
	}
	return nil
}

func (k tokenKind) needed(answer slackapi.SlackErrorResponse) string {
	if k == appToken {
		return connectionsWrite
	}
	return cmp.Or(answer.Needed, "it needs")
}

// reason is what went wrong with a call, for a log or a person.
func reason(err error) string {
	var answer slackapi.SlackErrorResponse
	var status slackapi.StatusCodeError
	var limited *slackapi.RateLimitedError
	switch {
	case errors.As(err, &answer):
		return answer.Err
	case errors.As(err, &limited):
		return "too many calls"
	case errors.As(err, &status):
		return fmt.Sprintf("HTTP %d", status.Code)
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return redact(err)
}

// shownURL is an address without what may be secret in it.
func shownURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "SLACK_API_URL"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// A Finding is what was found about one thing in Slack.
type Finding struct {
	About string // "slack token"
	Well  bool
	Say   string
}

// Check asks Slack whether all is well with c: tokens, scopes, Socket Mode, this machine's
// clock, the rooms of the teams' boards by space, and how payoff is installed, in that order.
// It changes nothing.
func Check(ctx context.Context, c Config, rooms map[string]string) []Finding {
	c.APIURL = cmp.Or(c.APIURL, DefaultAPIURL)
	if c.Now == nil {
		c.Now = time.Now
	}
	e := examination{cfg: c, http: newClient()}
	defer e.http.CloseIdleConnections()
	if !e.bot(ctx) || !e.socket(ctx) {
		return e.findings
	}
	e.clock()
	for _, space := range slices.Sorted(maps.Keys(rooms)) {
		e.room(ctx, space, rooms[space])
	}
	if c.ClientID != "" {
		e.well("slack install", "workspaces install payoff at /slack/install of the address in the app's manifest.")
	}
	return e.findings
}

// An examination is one Check under way.
type examination struct {
	cfg      Config
	http     *http.Client
	home     string    // the workspace of BotToken
	date     time.Time // when Slack last answered, by Slack's clock
	findings []Finding
}

func (e *examination) well(about, say string, args ...any) {
	e.findings = append(e.findings, Finding{about, true, fmt.Sprintf(say, args...)})
}

func (e *examination) ill(about, say string, args ...any) {
	e.findings = append(e.findings, Finding{about, false, fmt.Sprintf(say, args...)})
}

// client is one for a few calls, which notes what Slack's clock says.
func (e *examination) client(token chat.Secret, more ...slackapi.Option) *slackapi.Client {
	noted := func(_ string, h http.Header) {
		if at, err := http.ParseTime(h.Get("Date")); err == nil {
			e.date = at
		}
	}
	return slackapi.New(token.Reveal(), append(more, slackapi.OptionAPIURL(e.cfg.APIURL),
		slackapi.OptionHTTPClient(e.http), slackapi.OptionOnResponseHeaders(noted))...)
}

// bot looks at the bot token and its scopes, and reports whether Slack could be reached.
func (e *examination) bot(ctx context.Context) bool {
	const about = "slack token"
	if !e.cfg.BotToken.IsSet() {
		return true
	}
	who, err := e.client(e.cfg.BotToken).AuthTestContext(ctx)
	if err == nil && who.UserID == "" {
		err = errNothing
	}
	if err != nil {
		return e.failed(about, botToken, err)
	}
	e.home = who.TeamID
	e.well(about, "payoff is %s in the workspace %s.", who.User, who.Team)
	granted := who.Header.Get("X-OAuth-Scopes")
	missing, extra := missingScopes(granted, scopeNames(false)), missingScopes(granted, scopeNames(true))
	switch {
	case granted == "":
		e.well("slack scopes", "Slack did not say which are granted.")
	case len(missing) > 0:
		e.ill("slack scopes", "%s not granted: add under %s, and put the new token in SLACK_BOT_TOKEN.", listed(missing), botToken.scopes)
	case len(extra) > 0:
		e.well("slack scopes", "all that payoff needs; without %s it cannot look, after a failure, whether a board was posted.", strings.Join(extra, " and "))
	default:
		e.well("slack scopes", "all that payoff can use.")
	}
	return true
}

func listed(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " are"
}

// socket looks whether Socket Mode could be connected, and reports whether Slack could be reached.
func (e *examination) socket(ctx context.Context) bool {
	const about = "slack socket"
	if !e.cfg.AppToken.IsSet() {
		return true
	}
	_, address, err := e.client(chat.Secret{}, slackapi.OptionAppLevelToken(e.cfg.AppToken.Reveal())).StartSocketModeContext(ctx)
	if err == nil && address == "" {
		err = errNothing
	}
	if err != nil {
		return e.failed(about, appToken, err)
	}
	e.well(about, "Socket Mode can be connected.")
	return true
}

// failed notes that a call failed, and reports whether it was Slack who answered.
func (e *examination) failed(about string, k tokenKind, err error) bool {
	var answer slackapi.SlackErrorResponse
	switch r := k.refusal(err, e.cfg.APIURL); {
	case r != nil:
		e.ill(about, "%s", r.Say)
	case errors.As(err, &answer):
		e.ill(about, "Slack answers %s; try again in a while.", answer.Err)
	default:
		e.findings = []Finding{{"slack", false, fmt.Sprintf("%s cannot be reached (%s): check this machine's network, or SLACK_API_URL.", shownURL(e.cfg.APIURL), reason(err))}}
		return false
	}
	return true
}

// tolerated is how far this machine's clock may be from Slack's. Signatures are refused at
// five minutes, and check-ins would come at the wrong time long before that shows.
const tolerated = time.Minute

func (e *examination) clock() {
	if e.date.IsZero() {
		return
	}
	skew := e.cfg.Now().Sub(e.date).Round(time.Second)
	switch {
	case skew > tolerated:
		e.ill("slack clock", "this machine's clock is %s ahead of Slack's: set it, for Slack's deliveries are refused from five minutes on.", skew)
	case skew < -tolerated:
		e.ill("slack clock", "this machine's clock is %s behind Slack's: set it, for Slack's deliveries are refused from five minutes on.", -skew)
	default:
		e.well("slack clock", "this machine's clock and Slack's agree.")
	}
}

// room looks whether payoff can see the room of a board. There is no call that tells whether
// it could post there, and conversations.info would need a scope more. But a message that
// cannot exist is missing from a room in other words than a room is missing.
// Source: https://docs.slack.dev/reference/methods/chat.getPermalink
func (e *examination) room(ctx context.Context, space, room string) {
	const about = "slack room"
	token, err := e.token(ctx, space)
	if err != nil {
		e.ill(about, "payoff's install in %s cannot be read: %s.", space, reason(err))
		return
	}
	if !token.IsSet() && e.cfg.Installs != nil {
		// It may have left, or be installed in a whole organisation, by whose id the token is kept.
		e.well(about, "it cannot be told whether payoff may post in %s: %s has no install of its own.", room, space)
		return
	}
	if !token.IsSet() {
		e.ill(about, "SLACK_BOT_TOKEN is not of %s, where a team has its board: use the token of that workspace, or type /payoff team room in this one.", space)
		return
	}
	_, err = e.client(token).GetPermalinkContext(ctx, &slackapi.PermalinkParameters{Channel: room, Ts: "0000000001.000000"})
	var answer slackapi.SlackErrorResponse
	switch errors.As(err, &answer); {
	case err == nil, answer.Err == "message_not_found":
		e.well(about, "the room of the board in %s is there (%s).", space, room)
	case answer.Err == "channel_not_found":
		e.ill(about, "payoff cannot see %s in %s, the room of the board: type /invite @payoff there, or /payoff team room in another.", room, space)
	default:
		e.well(about, "it cannot be told whether payoff may post in %s in %s (%s).", room, space, reason(err))
	}
}

func (e *examination) token(ctx context.Context, space string) (chat.Secret, error) {
	if e.cfg.Installs != nil {
		if in, found, err := e.cfg.Installs.Install(ctx, space); err != nil || found {
			return in.Token, err
		}
	}
	if space == e.home {
		return e.cfg.BotToken, nil
	}
	return chat.Secret{}, nil
}
