package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody is more than Slack takes of any call.
const maxBody = 32 << 20

// routes are the Web API, the upload address and response addresses.
func (s *Slack) routes() {
	s.mux.HandleFunc("POST "+apiPath+"{method}", s.serveAPI)
	s.mux.HandleFunc("POST "+uploadPath+"{file}", s.serveUpload)
	s.mux.HandleFunc("POST "+responsePath+"{id}", s.serveResponse)
}

// A method is one of the Web API. What check refuses is wrong whatever the world is like; do
// runs with s.mu held unless it is unlocked.
type method struct {
	token    tokenKind
	scope    string // that the token must have
	check    func(arguments) *refusal
	do       func(*call) (reply, *refusal)
	unlocked bool
}

// A reply is what Slack answers, without "ok".
type reply map[string]any

// A tokenKind is the kind of token that a method takes.
type tokenKind int

const (
	botToken tokenKind = iota
	appToken
	eitherToken
	noToken
)

var methods = map[string]method{
	"auth.test":                    {token: eitherToken, do: authTest},
	"users.info":                   {scope: "users:read", do: usersInfo},
	"conversations.open":           {scope: "im:write", do: conversationsOpen},
	"conversations.info":           {do: conversationsInfo},
	"conversations.history":        {do: conversationsHistory},
	"chat.postMessage":             {scope: "chat:write", check: checkMessage, do: postMessage},
	"chat.postEphemeral":           {scope: "chat:write", check: checkMessage, do: postEphemeral},
	"chat.update":                  {scope: "chat:write", check: checkMessage, do: chatUpdate},
	"chat.delete":                  {scope: "chat:write", do: chatDelete},
	"views.open":                   {check: checkModal, do: viewsOpen},
	"views.push":                   {check: checkModal, do: viewsOpen},
	"views.update":                 {check: checkUpdate, do: viewsUpdate},
	"views.publish":                {check: checkHome, do: viewsPublish},
	"files.getUploadURLExternal":   {scope: "files:write", do: getUploadURL},
	"files.completeUploadExternal": {scope: "files:write", do: completeUpload},
	"files.info":                   {scope: "files:read", do: filesInfo},
	"apps.connections.open":        {token: appToken, do: connectionsOpen, unlocked: true},
	"oauth.v2.access":              {token: noToken, do: oauthAccess, unlocked: true},
}

// A call is one request as a method sees it.
type call struct {
	s      *Slack
	method string
	args   arguments
	in     *install // whose token it carries; nil without a bot token
}

// serveAPI answers a call of the Web API.
func (s *Slack) serveAPI(rw http.ResponseWriter, r *http.Request) {
	args, token, malformed := readArguments(r)
	c := &call{s: s, method: r.PathValue("method"), args: args}
	record := Call{Method: c.method, Room: args.text("channel"), Body: args.record()}
	if record.Room == "" {
		record.Room = args.text("channel_id")
	}
	s.mu.Lock()
	if in := s.installs[token]; in != nil {
		record.Space = in.w.ID
	}
	s.mu.Unlock()
	s.serve(rw, record, func() answer {
		if malformed != nil {
			return s.refusalOf(c.method, malformed)
		}
		done, refused := c.run(token)
		if refused != nil {
			return s.refusalOf(c.method, refused)
		}
		a := answer{status: http.StatusOK, body: reply{"ok": true}}
		for k, v := range done {
			a.body[k] = v
		}
		if c.in != nil {
			s.mu.Lock()
			a.scopes = strings.Join(c.in.scopes, ",")
			s.mu.Unlock()
		}
		return a
	})
}

// run does what is asked for.
func (c *call) run(token string) (reply, *refusal) {
	m, known := methods[c.method]
	if !known {
		return nil, &refusal{code: "unknown_method"}
	}
	c.s.mu.Lock()
	refused := c.authorise(m, token)
	c.s.mu.Unlock()
	if refused == nil && m.check != nil {
		refused = m.check(c.args)
	}
	if refused != nil {
		return nil, refused
	}
	if !m.unlocked {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
	}
	return m.do(c)
}

// authorise holds a token against what a method needs.
func (c *call) authorise(m method, token string) *refusal {
	in := c.s.installs[token]
	switch {
	case m.token == noToken:
		return nil
	case token == "":
		return &refusal{code: "not_authed"}
	case token == c.s.AppToken():
		if m.token == botToken {
			return &refusal{code: "not_allowed_token_type"}
		}
		return nil
	case in == nil:
		return &refusal{code: "invalid_auth"}
	case in.revoked:
		return &refusal{code: "token_revoked"}
	case m.token == appToken:
		return &refusal{code: "not_allowed_token_type"}
	}
	c.in = in
	if m.scope != "" {
		return c.scope(m.scope)
	}
	return nil
}

// scope refuses a call whose token lacks a scope.
func (c *call) scope(name string) *refusal {
	if slices.Contains(c.in.scopes, name) {
		return nil
	}
	return &refusal{code: "missing_scope", needed: name, provided: strings.Join(c.in.scopes, ",")}
}

// place finds a conversation by its id, or by that of a user whose direct room with the app
// it is.
func (c *call) place(id string) (*Workspace, *room) {
	for _, w := range c.in.spaces() {
		if w.users[id] != nil {
			id = directID(w.ID, id)
		}
		if r := w.room(id); r != nil {
			return w, r
		}
	}
	return nil, nil
}

// arguments are those of a call, however they were sent.
type arguments map[string]json.RawMessage

// structured arguments are JSON: as values in a JSON body, in a form as text.
var structured = []string{"attachments", "blocks", "files", "metadata", "view"}

// secret arguments are not recorded.
var secret = []string{"token", "client_secret", "code", "refresh_token"}

// readArguments reads a call's arguments and its token.
func readArguments(r *http.Request) (args arguments, token string, malformed *refusal) {
	args = arguments{}
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return args, "", &refusal{code: "request_timeout", messages: []string{err.Error()}}
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "application/json":
		if len(raw) > 0 && json.Unmarshal(raw, &args) != nil || args == nil { // null, too
			return arguments{}, "", &refusal{code: "invalid_json"}
		}
	case len(raw) > 0:
		form, err := url.ParseQuery(string(raw))
		if err != nil || kind != "application/x-www-form-urlencoded" {
			return args, "", &refusal{code: "invalid_form_data"}
		}
		for name := range form {
			args.set(name, form.Get(name))
		}
	}
	for _, name := range structured {
		var inside string
		if json.Unmarshal(args[name], &inside) == nil && json.Valid([]byte(inside)) {
			args[name] = json.RawMessage(inside)
		}
	}
	token = args.text("token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = bearer
	}
	if id, key, ok := r.BasicAuth(); ok {
		args.set("client_id", id)
		args.set("client_secret", key)
	}
	return args, token, nil
}

// set gives an argument a text.
func (a arguments) set(name, value string) {
	raw, err := json.Marshal(value)
	if err == nil {
		a[name] = raw
	}
}

// text is an argument as it stands in a form: a number or a truth value as its letters.
func (a arguments) text(name string) string {
	var s string
	if json.Unmarshal(a[name], &s) == nil {
		return s
	}
	return string(a[name])
}

// yes says whether an argument is true.
func (a arguments) yes(name string) bool {
	return slices.Contains([]string{"true", "1"}, a.text(name))
}

// object is an argument that is JSON; nil when it is missing or null.
func (a arguments) object(name string) json.RawMessage {
	if raw := a[name]; len(raw) > 0 && string(raw) != "null" && string(raw) != `""` {
		return raw
	}
	return nil
}

// record is what the test may see of them.
func (a arguments) record() json.RawMessage {
	shown := arguments{}
	for name, raw := range a {
		if !slices.Contains(secret, name) {
			shown[name] = raw
		}
	}
	raw, err := json.Marshal(shown)
	if err != nil {
		return json.RawMessage(fmt.Sprintf("%q", err))
	}
	return raw
}
