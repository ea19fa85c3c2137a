package discordtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A route is one endpoint. do runs with d.mu held; what it answers is sent as JSON, nothing as
// 204. The names in braces are numbers, but for {token}.
type route struct {
	method, path string // as the OpenAPI document writes it, but for the names in braces
	open         bool   // takes no bot token and counts against no global limit: it belongs to an interaction
	schema       string // the path in the OpenAPI document whose JSON body this one's is; "" takes none
	do           func(*request) (any, *refusal)
}

var routes = []route{
	{method: "GET", path: "/gateway", do: getGateway},
	{method: "GET", path: "/gateway/bot", do: getGatewayBot},
	{method: "GET", path: "/users/@me", do: getMe},
	{method: "GET", path: "/users/@me/guilds", do: getMyGuilds},
	{method: "POST", path: "/users/@me/channels", schema: "/users/@me/channels", do: openDirect},
	{method: "GET", path: "/oauth2/applications/@me", do: getApplication},
	{method: "GET", path: "/applications/@me", do: getApplication},
	{method: "GET", path: "/applications/{application}/commands", do: getCommands},
	{method: "PUT", path: "/applications/{application}/commands", schema: "/applications/{application_id}/commands", do: putCommands},
	{method: "GET", path: "/channels/{channel}", do: getChannel},
	{method: "GET", path: "/channels/{channel}/messages", do: getMessages},
	{method: "POST", path: "/channels/{channel}/messages", schema: "/channels/{channel_id}/messages", do: postMessage},
	{method: "GET", path: "/channels/{channel}/messages/{message}", do: getMessage},
	{method: "PATCH", path: "/channels/{channel}/messages/{message}", schema: "/channels/{channel_id}/messages/{message_id}", do: editMessage},
	{method: "DELETE", path: "/channels/{channel}/messages/{message}", do: deleteMessage},
	{method: "POST", path: "/channels/{channel}/threads", schema: "/channels/{channel_id}/threads", do: startThread},
	{method: "PUT", path: "/channels/{channel}/thread-members/{user}", do: addToThread},
	{method: "GET", path: "/guilds/{guild}", do: getGuild},
	{method: "GET", path: "/guilds/{guild}/members/{user}", do: getMember},
	{method: "GET", path: "/guilds/{guild}/roles", do: getRoles},
	{method: "POST", path: "/interactions/{interaction}/{token}/callback", open: true, schema: callbackPath, do: callback},
	{method: "POST", path: "/webhooks/{application}/{token}", open: true, schema: "/webhooks/{webhook_id}/{webhook_token}", do: postFollowup},
	{method: "GET", path: "/webhooks/{application}/{token}/messages/{message}", open: true, do: getFollowup},
	{method: "PATCH", path: "/webhooks/{application}/{token}/messages/{message}", open: true, schema: "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", do: editFollowup},
	{method: "DELETE", path: "/webhooks/{application}/{token}/messages/{message}", open: true, do: deleteFollowup},
}

const callbackPath = "/interactions/{interaction_id}/{interaction_token}/callback"

// originalMessage stands for the id of an interaction's first answer.
const originalMessage = "@original"

// routes serves the API: v9 is what payoff calls, v10 what the OpenAPI document describes, and
// for these routes they are the same.
func (d *Discord) routes() {
	for _, version := range []string{"/api/v9", "/api/v10"} {
		for _, way := range routes {
			d.mux.HandleFunc(way.method+" "+version+way.path, func(rw http.ResponseWriter, r *http.Request) { d.serve(rw, r, way) })
		}
	}
	d.mux.HandleFunc("/api/", func(rw http.ResponseWriter, r *http.Request) {
		d.serve(rw, r, route{method: r.Method, path: "/unknown", do: func(*request) (any, *refusal) {
			return nil, &refusal{status: http.StatusNotFound, say: "404: Not Found"}
		}})
	})
}

// A request is one call as a route sees it.
type request struct {
	d     *Discord
	r     *http.Request
	way   route
	body  body
	query url.Values
}

// id is a part of the path.
func (q *request) id(name string) string { return q.r.PathValue(name) }

// An answer is what goes back over the wire.
type answer struct {
	status int
	header http.Header
	body   any // sent as JSON; a string is a page; nil is nothing
	code   int // Discord's own, of a refusal
	retry  time.Duration
}

// serve records a call and answers it, unless it comes too often or is to go wrong.
func (d *Discord) serve(rw http.ResponseWriter, r *http.Request, way route) {
	q := &request{d: d, r: r, way: way, query: r.URL.Query()}
	malformed := q.read()
	c := Call{Method: r.Method, Route: way.path, Path: tellable(r), Query: r.URL.RawQuery, Body: q.body.raw, Files: q.body.names()}

	d.mu.Lock()
	c.N, c.At = d.counted[c.Method+c.Route], d.now()
	d.counted[c.Method+c.Route]++
	index := len(d.calls)
	d.calls = append(d.calls, c)
	header, limited := d.limits.take(q, c.At)
	d.mu.Unlock()

	var a answer
	if limited != nil {
		a = *limited
	} else {
		a = q.answerOr(d.faults.next(c), malformed)
	}
	d.mu.Lock()
	d.calls[index].Status, d.calls[index].Code, d.calls[index].Retry = a.status, a.code, a.retry
	d.mu.Unlock()
	for name, values := range header {
		rw.Header()[name] = values
	}
	a.write(rw)
}

// answerOr does what is asked for, unless it is to go wrong, or before it does.
func (q *request) answerOr(f Fault, malformed *refusal) answer {
	q.d.wait(f.Delay)
	if f.Cut && !f.After {
		panic(http.ErrAbortHandler) // cuts the connection without a word
	}
	var a answer
	if f.After || f.Status == 0 {
		a = q.answer(malformed)
	}
	if f.Cut {
		panic(http.ErrAbortHandler)
	}
	if f.Status != 0 {
		return f.answer()
	}
	return a
}

// tellable is the path of a request below the version, without the token of an interaction.
func tellable(r *http.Request) string {
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/v9"), "/api/v10")
	if token := r.PathValue("token"); token != "" {
		path = strings.Replace(path, token, "token", 1)
	}
	return path
}

// answer does what is asked for.
func (q *request) answer(malformed *refusal) answer {
	q.d.mu.Lock()
	defer q.d.mu.Unlock()
	done, refused := any(nil), q.admit()
	if refused == nil {
		refused = malformed
	}
	if refused == nil {
		refused = q.checkSchema()
	}
	if refused == nil {
		done, refused = q.way.do(q)
	}
	switch {
	case refused != nil:
		q.d.report(q, refused)
		return refused.answer()
	case done == nil:
		return answer{status: http.StatusNoContent}
	}
	if made, ok := done.(created); ok {
		return answer{status: http.StatusCreated, body: made.body}
	}
	return answer{status: http.StatusOK, body: done}
}

// admit holds a request against what every one must have.
func (q *request) admit() *refusal {
	// https://discord.com/developers/docs/reference#user-agent: Cloudflare blocks what has none.
	if !strings.HasPrefix(q.r.UserAgent(), "DiscordBot (") {
		return refuse(codeBlocked)
	}
	if !q.way.open && q.r.Header.Get("Authorization") != "Bot "+botToken {
		return &refusal{status: http.StatusUnauthorized, say: "401: Unauthorized"}
	}
	for _, name := range []string{"application", "channel", "message", "guild", "user", "interaction"} {
		value := q.id(name)
		if value == "" || name == "message" && q.way.open && value == originalMessage {
			continue
		}
		if !isSnowflake(value) {
			k := &checker{}
			k.add(name+"_id", "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", value)
			return k.refusal()
		}
	}
	if app := q.id("application"); app != "" && app != applicationID {
		if q.way.open {
			return refuse(codeUnknownWebhook)
		}
		return refuse(codeNotYourApplication)
	}
	return nil
}

// wait waits, but not beyond the test.
func (d *Discord) wait(by time.Duration) {
	if by <= 0 {
		return
	}
	timer := time.NewTimer(by)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.ended:
	}
}

// write answers.
func (a answer) write(rw http.ResponseWriter) {
	for name, values := range a.header {
		rw.Header()[name] = values
	}
	if page, ok := a.body.(string); ok {
		rw.Header().Set("Content-Type", "text/html; charset=UTF-8")
		rw.WriteHeader(a.status)
		_, _ = rw.Write([]byte(page))
		return
	}
	if a.body == nil {
		rw.WriteHeader(a.status)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(a.status)
	_ = json.NewEncoder(rw).Encode(a.body)
}
