package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// A failure is how a call went wrong, in words that may be logged. It keeps nothing of the
// error it was made from: of those, some hold a response address, and who has that may post.
type failure struct {
	method string
	code   string // Slack's word for it, "channel_not_found"; "" when it was not Slack that refused
	words  string
	unsure bool  // it may have been done all the same
	cause  error // context.Canceled, context.DeadlineExceeded or nil
}

func (f *failure) Error() string { return f.method + ": " + f.words }
func (f *failure) Unwrap() error { return f.cause }

// errNothing is Slack saying neither that it was done nor what is wrong. slack-go takes
// {"ok":false} without an error for success.
var errNothing = errors.New("Slack answered nothing")

// unsaidPause is what a 429 is taken to ask for that does not say, or says "0".
const unsaidPause = time.Second

// translate makes a *chat.Error of whatever a call of slack-go failed with.
func translate(method string, err error) error {
	if err == nil {
		return nil
	}
	var done *chat.Error
	if errors.As(err, &done) {
		return done
	}
	f := &failure{method: method, words: redact(err)}
	var limited *slackapi.RateLimitedError
	var refused slackapi.SlackErrorResponse
	var status slackapi.StatusCodeError
	switch {
	case errors.As(err, &limited):
		return &chat.Error{Kind: chat.RateLimited, RetryAfter: max(limited.RetryAfter, unsaidPause), Err: f}
	case errors.As(err, &refused):
		return f.refused(refused)
	case errors.As(err, &status):
		return f.status(status.Code)
	case errors.Is(err, slackapi.ErrParametersMissing), errors.Is(err, slackapi.ErrBlockIDNotUnique):
		return &chat.Error{Kind: chat.Invalid, Err: f}
	}
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, cause) {
			f.cause = cause
		}
	}
	f.unsure = !neverLeft(err)
	return &chat.Error{Kind: chat.Transient, Err: f}
}

func (f *failure) refused(r slackapi.SlackErrorResponse) error {
	f.code = r.Err
	if len(r.ResponseMetadata.Messages) > 0 {
		f.words = redact(fmt.Errorf("%s: %s", r.Err, strings.Join(r.ResponseMetadata.Messages, "; ")))
	}
	e := &chat.Error{Kind: kindOfCode(r.Err), Err: f}
	switch e.Kind {
	case chat.RateLimited:
		e.RetryAfter = unsaidPause
	case chat.Transient:
		f.unsure = true
	}
	return e
}

func (f *failure) status(code int) error {
	f.words = fmt.Sprintf("HTTP %d", code)
	switch {
	case code == http.StatusTooManyRequests:
		return &chat.Error{Kind: chat.RateLimited, RetryAfter: unsaidPause, Err: f}
	case code >= http.StatusInternalServerError, code == http.StatusRequestTimeout:
		f.unsure = true
		return &chat.Error{Kind: chat.Transient, Err: f}
	}
	return &chat.Error{Kind: chat.Invalid, Err: f}
}

// kindOfCode says what to do about an error in Slack's words. Those of each method stand on
// its page below https://docs.slack.dev/reference/methods.
func kindOfCode(code string) chat.ErrorKind {
	switch code {
	case "ratelimited", "rate_limited":
		return chat.RateLimited
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "rollup_error":
		return chat.Transient
	case "channel_not_found", "not_in_channel", "is_archived", "channel_is_archived", "user_not_in_channel",
		"restricted_action", "messages_tab_disabled", "method_not_supported_for_channel_type",
		"user_not_found", "users_not_found", "user_not_visible", "user_disabled", "user_is_restricted", "cannot_dm_bot",
		"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed",
		"org_login_required", "ekm_access_denied", "team_access_not_granted", "access_denied",
		"message_not_found", "cant_update_message", "edit_window_closed", "not_found", "view_not_found",
		"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "used_url", "expired_url":
		return chat.Gone
	}
	return chat.Invalid
}

// revoked are the codes after which a token will never work again.
func revoked(err error) bool {
	switch codeOf(err) {
	case "account_inactive", "token_revoked", "invalid_auth":
		return true
	}
	return false
}

// neverLeft says that an error came before anything was sent.
func neverLeft(err error) bool {
	var op *net.OpError
	var name *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &name)
}

// codeOf is Slack's own word for what went wrong, "" when it has none.
func codeOf(err error) string {
	var f *failure
	if errors.As(err, &f) {
		return f.code
	}
	return ""
}

// unsure says that a call failed and may have been done all the same.
func unsure(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.unsure
}

func isKind(err error, kind chat.ErrorKind) bool {
	var e *chat.Error
	return errors.As(err, &e) && e.Kind == kind
}

// goneFor is the error of what cannot be reached, in one sentence.
func goneFor(method, format string, args ...any) error {
	return &chat.Error{Kind: chat.Gone, Err: &failure{method: method, words: fmt.Sprintf(format, args...)}}
}

var (
	addresses = regexp.MustCompile(`(https?|wss?)://[^\s"']+`)
	tokens    = regexp.MustCompile(`\bx(ox[a-z]|app)[-.][-.\w]+`)
)

// redact is an error's text without addresses and tokens.
func redact(err error) string {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	return tokens.ReplaceAllString(addresses.ReplaceAllString(err.Error(), "[address]"), "[token]")
}

func retryAfter(err error) (time.Duration, bool) {
	var e *chat.Error
	if errors.As(err, &e) && e.Kind == chat.RateLimited {
		return e.RetryAfter, true
	}
	return 0, false
}

// notSent is err of something that ended in the queue: whatever it is, nothing was done.
func notSent(err error) error {
	var f *failure
	if errors.As(err, &f) {
		f.unsure = false
	}
	return err
}
