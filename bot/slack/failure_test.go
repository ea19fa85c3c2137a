package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

func TestTranslate(t *testing.T) {
	tests := []struct {
		err    error
		kind   chat.ErrorKind
		after  time.Duration
		code   string
		unsure bool
	}{
		{err: &slackapi.RateLimitedError{RetryAfter: 5 * time.Second}, kind: chat.RateLimited, after: 5 * time.Second},
		{err: slackapi.StatusCodeError{Code: 429}, kind: chat.RateLimited, after: unsaidPause},
		{err: slackapi.StatusCodeError{Code: 502}, kind: chat.Transient, unsure: true},
		{err: slackapi.StatusCodeError{Code: 408}, kind: chat.Transient, unsure: true},
		{err: slackapi.StatusCodeError{Code: 413}, kind: chat.Invalid},
		{err: fmt.Errorf("post: %w", context.Canceled), kind: chat.Transient, unsure: true},
		{err: &url.Error{Op: "Post", URL: wireAddress, Err: io.ErrUnexpectedEOF}, kind: chat.Transient, unsure: true},
		{err: slackapi.ErrParametersMissing, kind: chat.Invalid},
	}
	for kind, codes := range map[chat.ErrorKind]string{
		chat.RateLimited: "ratelimited",
		chat.Transient:   "internal_error fatal_error service_unavailable request_timeout",
		chat.Gone: "channel_not_found not_in_channel is_archived user_not_found users_not_found user_disabled " +
			"cannot_dm_bot account_inactive token_revoked invalid_auth org_login_required ekm_access_denied " +
			"team_access_not_granted message_not_found cant_update_message edit_window_closed expired_trigger_id used_url",
		chat.Invalid: "invalid_blocks msg_too_long missing_scope something_new",
	} {
		for code := range strings.FieldsSeq(codes) {
			tests = append(tests, struct {
				err    error
				kind   chat.ErrorKind
				after  time.Duration
				code   string
				unsure bool
			}{slackapi.SlackErrorResponse{Err: code}, kind, map[bool]time.Duration{true: unsaidPause}[kind == chat.RateLimited], code, kind == chat.Transient})
		}
	}
	for _, tt := range tests {
		err := translate("chat.postMessage", tt.err)
		after, _ := retryAfter(err)
		if !isKind(err, tt.kind) || after != tt.after || codeOf(err) != tt.code || unsure(err) != tt.unsure {
			t.Errorf("translate(%v) = %v, after %v, code %q, unsure %t, want %+v", tt.err, err, after, codeOf(err), unsure(err), tt)
		}
	}
	if translate("x", nil) != nil {
		t.Error("translate(nil) is an error")
	}
	if err := translate("x", context.Canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not say that it was cancelled", err)
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		`Post "https://hooks.slack.com/actions/T1/2/x": EOF`: `Post "[address]": EOF`,
		"bad token xoxb-1-2-abc, or xapp-1-A-9.f?":           "bad token [token], or [token]?",
		"xoxe.xoxp-1-abc":                          "[token]",
		"wss://wss.slack.com/link?ticket=1 closed": "[address] closed",
		"invalid_blocks":                           "invalid_blocks",
	} {
		if got := redact(errors.New(in)); got != want {
			t.Errorf("redact(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRedactAddressWithoutAScheme(t *testing.T) {
	err := fmt.Errorf("respond: %w", &url.Error{Op: "Post", URL: "hooks.slack.com/actions/T1/secret", Err: errors.New("unsupported protocol scheme")})
	if got := redact(err); got != "unsupported protocol scheme" {
		t.Errorf("redact = %q", got)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("before", "xoxb-12-ab", " after")
	f.Add("(", "xoxp-1", ")")
	f.Add("", "xapp-1-A0-1-f", "")
	f.Fuzz(func(t *testing.T, before, token, after string) {
		if !strings.HasPrefix(token, "xoxb-") || strings.ContainsFunc(token[5:], func(r rune) bool {
			return !strings.ContainsRune("0123456789abcdefABCDEF-", r)
		}) || len(token) < 8 {
			t.Skip("not what a token looks like")
		}
		if got := redact(errors.New(before + " " + token + " " + after)); strings.Contains(strings.ReplaceAll(got, before, ""), token) {
			t.Errorf("redact left %q in %q", token, got)
		}
	})
}
