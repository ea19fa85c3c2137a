package discordtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
)

// Discord's codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
const (
	codeUnknownChannel     = 10003
	codeUnknownGuild       = 10004
	codeUnknownMember      = 10007
	codeUnknownMessage     = 10008
	codeUnknownUser        = 10013
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeNotYourApplication = 20012
	codeTooLarge           = 40005
	codeAcknowledged       = 40060
	codeBlocked            = 40333
	codeMissingAccess      = 50001
	codeNotYours           = 50005
	codeEmpty              = 50006
	codeClosed             = 50007
	codeMissingPermissions = 50013
	codeChannelType        = 50024
	codeBadToken           = 50027
	codeBadRecipient       = 50033
	codeInvalidForm        = 50035
	codeBadJSON            = 50109
	codeNoMutualGuilds     = 50278
)

var refusals = map[int]refusal{
	codeUnknownChannel:     {status: http.StatusNotFound, say: "Unknown Channel"},
	codeUnknownGuild:       {status: http.StatusNotFound, say: "Unknown Guild"},
	codeUnknownMember:      {status: http.StatusNotFound, say: "Unknown Member"},
	codeUnknownMessage:     {status: http.StatusNotFound, say: "Unknown Message"},
	codeUnknownUser:        {status: http.StatusNotFound, say: "Unknown User"},
	codeUnknownWebhook:     {status: http.StatusNotFound, say: "Unknown Webhook"},
	codeUnknownInteraction: {status: http.StatusNotFound, say: "Unknown interaction"},
	codeNotYourApplication: {status: http.StatusForbidden, say: "You are not authorized to perform this action on this application"},
	codeTooLarge:           {status: http.StatusRequestEntityTooLarge, say: "Request entity too large"},
	codeAcknowledged:       {status: http.StatusBadRequest, say: "Interaction has already been acknowledged."},
	codeBlocked:            {status: http.StatusForbidden, say: "Cloudflare is blocking your request. This can often be resolved by setting a proper User Agent"},
	codeMissingAccess:      {status: http.StatusForbidden, say: "Missing Access"},
	codeNotYours:           {status: http.StatusForbidden, say: "Cannot edit a message authored by another user"},
	codeEmpty:              {status: http.StatusBadRequest, say: "Cannot send an empty message"},
	codeClosed:             {status: http.StatusForbidden, say: "Cannot send messages to this user"},
	codeMissingPermissions: {status: http.StatusForbidden, say: "Missing Permissions"},
	codeChannelType:        {status: http.StatusBadRequest, say: "Cannot execute action on this channel type"},
	codeBadToken:           {status: http.StatusUnauthorized, say: "Invalid Webhook Token"},
	codeBadRecipient:       {status: http.StatusBadRequest, say: "Invalid Recipient(s)"},
	codeInvalidForm:        {status: http.StatusBadRequest, say: "Invalid Form Body"},
	codeBadJSON:            {status: http.StatusBadRequest, say: "The request body contains invalid JSON."},
	codeNoMutualGuilds:     {status: http.StatusForbidden, say: "Cannot send messages to this user due to having no mutual guilds"},
}

// A refusal is why Discord does not do what was asked.
type refusal struct {
	status, code int
	say          string
	problems     []problem
}

// A problem is one thing that is wrong with a body. at is "embeds.0.title", "" the whole body.
type problem struct{ at, code, say string }

// refuse is the refusal with a code.
func refuse(code int) *refusal {
	r := refusals[code]
	r.code = code
	return &r
}

// answer is a refusal as it is answered, its problems nested as their places are.
func (r *refusal) answer() answer {
	body := map[string]any{"message": r.say, "code": r.code}
	if len(r.problems) > 0 {
		errors := map[string]any{}
		for _, p := range r.problems {
			at := errors
			for step := range strings.SplitSeq(p.at, ".") {
				if step == "" {
					continue
				}
				below, _ := at[step].(map[string]any)
				if below == nil {
					below = map[string]any{}
					at[step] = below
				}
				at = below
			}
			list, _ := at["_errors"].([]map[string]string)
			at["_errors"] = append(list, map[string]string{"code": p.code, "message": p.say})
		}
		body["errors"] = errors
	}
	return answer{status: r.status, body: body, code: r.code}
}

// report fails the test for a refusal that it does not expect.
func (d *Discord) report(q *request, r *refusal) {
	if d.expected[r.code] || d.over() {
		return
	}
	var told strings.Builder
	for _, p := range r.problems {
		fmt.Fprintf(&told, "\n\t%s: %s (%s)", p.at, p.say, p.code)
	}
	d.t.Errorf("discordtest: %s %s: %d %q (code %d)%s\n\t%s", q.way.method, tellable(q.r), r.status, r.say, r.code, told.String(), excerpt(q.body.raw))
}

// over reports whether the test has ended: it can no longer be failed.
func (d *Discord) over() bool {
	select {
	case <-d.ended:
		return true
	default:
		return false
	}
}

// excerpt is as much of a body as is worth reading.
func excerpt(raw []byte) string {
	const most = 1500
	if len(raw) > most {
		return string(raw[:most]) + "..."
	}
	return string(raw)
}

// A checker gathers what is wrong with a body.
type checker struct{ problems []problem }

// add adds a problem at a place, the same one once.
func (k *checker) add(at, code, format string, args ...any) {
	p := problem{at: strings.Trim(at, "."), code: code, say: fmt.Sprintf(format, args...)}
	if !slices.Contains(k.problems, p) {
		k.problems = append(k.problems, p)
	}
}

// refusal is nil when nothing is wrong.
func (k *checker) refusal() *refusal {
	if len(k.problems) == 0 {
		return nil
	}
	r := refuse(codeInvalidForm)
	r.problems = k.problems
	return r
}

// atMost holds a text against a limit.
func (k *checker) atMost(at, text string, most int) {
	if units(text) > most {
		k.add(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	}
}

// needed holds a text that must be there against a limit.
func (k *checker) needed(at, text string, most int) {
	if text == "" {
		k.add(at, "BASE_TYPE_REQUIRED", "This field is required")
	}
	k.atMost(at, text, most)
}

// count holds the length of a list against its limits.
func (k *checker) count(at string, n, least, most int) {
	if n > most {
		k.add(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	}
	if n < least {
		k.add(at, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
}

// units is the length of a text in UTF-16 code units. Discord does not say what it counts: this
// is the reading that refuses most.
func units(text string) int { return len(utf16.Encode([]rune(text))) }

// under is a place below another.
func under(at string, step any) string { return strings.Trim(fmt.Sprintf("%s.%v", at, step), ".") }
