package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"payoff/bot/chat"
)

// Codes of Discord's that are acted on.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
const (
	unknownChannel    = 10003
	unknownServer     = 10004
	unknownMember     = 10007
	unknownMessage    = 10008
	unknownUser       = 10013
	openingTooFast    = 40003
	missingAccess     = 50001
	cannotMessage     = 50007
	missingPermission = 50013
	invalidRecipient  = 50033
	threadArchived    = 50083
	noMutualServer    = 50278
)

// What a limit that does not say is taken to ask for.
const (
	unsaidPause  = time.Second
	openingPause = 10 * time.Second // after openingTooFast
)

// notDiscord is said of an answer that something on the way has given.
const notDiscord = "the answer is not Discord's"

// An apiError is what Discord answered with.
type apiError struct {
	Status int
	Code   int // Discord's own, 50007
	Say    string
}

func (e *apiError) Error() string {
	s := "HTTP " + strconv.Itoa(e.Status)
	if e.Code != 0 {
		s += ", " + strconv.Itoa(e.Code)
	}
	return s + ": " + e.Say
}

// code is Discord's code of an error, 0 when there is none.
func code(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// isKind reports whether err is a *chat.Error of a kind.
func isKind(err error, kind chat.ErrorKind) bool {
	var e *chat.Error
	return errors.As(err, &e) && e.Kind == kind
}

// goneFor is the error of what cannot be reached, in one sentence.
func goneFor(format string, args ...any) error {
	return &chat.Error{Kind: chat.Gone, Err: fmt.Errorf(format, args...)}
}

// transient is the error of what failed on our side of the wire.
func transient(what string, err error) error {
	return &chat.Error{Kind: chat.Transient, Err: fmt.Errorf("%s: %w", what, err)}
}

// A refusal is how Discord says no. Of a limit, RetryAfter is in seconds.
type refusal struct {
	Code       int             `json:"code"`
	Message    string          `json:"message"`
	Errors     json.RawMessage `json:"errors"`
	RetryAfter float64         `json:"retry_after"`
	Global     bool            `json:"global"`
}

// read is what Discord says in a response; ok is false when it is not Discord that answered
// but something on the way: Cloudflare and proxies speak HTML.
func (g response) read() (said refusal, ok bool) {
	ok = json.Unmarshal(g.body, &said) == nil
	return said, ok
}

// retryAfter is how long a 429 asks to wait. The body is exact, the header is rounded up and
// is all that a 429 of Cloudflare has.
// https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
func (g response) retryAfter() time.Duration {
	said, _ := g.read()
	if d := seconds(said.RetryAfter); d > 0 {
		return d
	}
	for _, name := range []string{"Retry-After", "X-RateLimit-Reset-After"} {
		if d := headerSeconds(g.header, name); d > 0 {
			return d
		}
	}
	if said.Code == openingTooFast {
		return openingPause
	}
	return unsaidPause
}

// limited reports whether a response asks to wait.
func (g response) limited() bool {
	if g.status == http.StatusTooManyRequests {
		return true
	}
	said, ok := g.read()
	return ok && g.status >= http.StatusBadRequest && said.Code == openingTooFast
}

// global reports whether a 429 is of all calls. One that is no JSON is Cloudflare's, of the
// whole address.
func (g response) global() bool {
	if g.status != http.StatusTooManyRequests {
		return false
	}
	said, ok := g.read()
	return !ok || said.Global || g.header.Get("X-RateLimit-Global") == "true" || g.header.Get("X-RateLimit-Scope") == "global"
}

// invalid reports whether a response counts against the limit of invalid requests.
// https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
func (g response) invalid() bool {
	switch g.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusTooManyRequests:
		return g.header.Get("X-RateLimit-Scope") != "shared"
	}
	return false
}

// judge is the error of a response, nil when it is as it should be and stands in out.
func (r *rest) judge(c call, g response, out any) *chat.Error {
	fail := func(kind chat.ErrorKind, err error) *chat.Error {
		return &chat.Error{Kind: kind, Err: fmt.Errorf("%s: %w", c, err)}
	}
	switch {
	case g.err != nil:
		return fail(chat.Transient, r.told(c, g.err))
	case g.limited():
		e := fail(chat.RateLimited, r.said(c, g))
		e.RetryAfter = g.retryAfter()
		return e
	case g.status >= http.StatusBadRequest:
		e := r.said(c, g)
		return fail(kindOf(e), e)
	case g.status < http.StatusOK, g.status >= http.StatusMultipleChoices, strings.HasPrefix(g.header.Get("Content-Type"), "text/html"):
		return fail(chat.Transient, &apiError{Status: g.status, Say: notDiscord})
	case out != nil && json.Unmarshal(g.body, out) != nil:
		return fail(chat.Transient, &apiError{Status: g.status, Say: "the answer cannot be read"})
	}
	return nil
}

// said is a refusal in words.
func (r *rest) said(c call, g response) *apiError {
	said, ok := g.read()
	if !ok {
		return &apiError{Status: g.status, Say: notDiscord}
	}
	words := append([]string{said.Message}, complaints("", said.Errors)...)
	return &apiError{Status: g.status, Code: said.Code, Say: r.hide(c, strings.Join(words, "; "))}
}

// complaints are the errors of a refusal, each with the field it is about.
// https://docs.discord.com/developers/reference#error-messages
func complaints(path string, raw json.RawMessage) (list []string) {
	var node map[string]json.RawMessage
	if json.Unmarshal(raw, &node) != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(node)) {
		if name != "_errors" {
			list = append(list, complaints(strings.TrimPrefix(path+"."+name, "."), node[name])...)
			continue
		}
		var found []struct{ Message string }
		_ = json.Unmarshal(node[name], &found) // what is none says nothing
		for _, f := range found {
			list = append(list, path+": "+f.Message)
		}
	}
	return list
}

// kindOf says what to do about a refusal.
func kindOf(e *apiError) chat.ErrorKind {
	switch {
	case e.Status >= http.StatusInternalServerError, e.Status == http.StatusRequestTimeout:
		return chat.Transient
	case e.Status == http.StatusUnauthorized:
		return chat.Gone
	}
	switch e.Code {
	case unknownChannel, unknownServer, unknownMember, unknownMessage, unknownUser, invalidRecipient,
		missingAccess, missingPermission, cannotMessage, noMutualServer:
		return chat.Gone
	case 0:
		if e.Say == notDiscord {
			return chat.Transient
		}
	}
	return chat.Invalid
}

// notSent is the error of a call that was not let through. Where Discord has refused it
// before, its words say more.
func (r *rest) notSent(c call, err error, last *chat.Error) error {
	var held *mustWait
	if !errors.As(err, &held) {
		if last != nil {
			return last
		}
		return &chat.Error{Kind: chat.Transient, Err: fmt.Errorf("%s: %w", c, err)}
	}
	e := &chat.Error{Kind: chat.RateLimited, RetryAfter: held.after, Err: fmt.Errorf("%s: %w", c, err)}
	if last != nil && last.Kind == chat.RateLimited {
		e.Err = last.Err
	}
	return e
}

// told is what went wrong on the wire, in words that may be logged. Go's own hold the address,
// and that may hold an interaction's token.
func (r *rest) told(c call, err error) error {
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, cause) {
			return cause
		}
	}
	for address := (*url.Error)(nil); errors.As(err, &address); {
		err = address.Err
	}
	return errors.New(r.hide(c, err.Error()))
}

// hide is text without any token.
func (r *rest) hide(c call, text string) string {
	if r.token.IsSet() {
		text = strings.ReplaceAll(text, r.token.Reveal(), "[token]")
	}
	return c.hide(text)
}

// neverLeft says that an error came before anything was sent.
func neverLeft(err error) bool {
	var op *net.OpError
	var name *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &name)
}

func headerSeconds(h http.Header, name string) time.Duration {
	s, _ := strconv.ParseFloat(h.Get(name), 64) // what is none is 0
	return seconds(s)
}

// mostPause is more than Discord ever asks for; what a broken proxy asks for is cut to it.
const mostPause = 24 * time.Hour

// seconds rounds up: Discord tells milliseconds, and what binary makes of them is too early.
func seconds(s float64) time.Duration {
	if !(s > 0) { // not a number
		return 0
	}
	return time.Duration(math.Ceil(min(s, mostPause.Seconds())*1000)) * time.Millisecond
}
