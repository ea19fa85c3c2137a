package slacktest

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The functions of this file are called with s.mu held.

// manifestScopes are the scopes that the app's manifest asks for and does not call optional.
var manifestScopes = []string{
	"chat:write", "chat:write.public", "commands", "files:write", "im:history", "im:write", "users:read",
}

// An install is the app in a workspace, or in a whole organisation.
type install struct {
	token   string
	w       *Workspace // where; of an organisation the workspace it was installed from
	org     bool       // good for every workspace of w.Enterprise
	scopes  []string
	revoked bool
}

// A grant is what an admin agreed to in a browser.
type grant struct {
	w      *Workspace
	org    bool
	scopes []string // none are those of the manifest
	user   string   // the admin
}

// A room is a Room, or someone's direct room with the app, and what was said there.
type room struct {
	Room
	direct   string // whose direct room with the app it is
	messages []*message
}

// A message is one post. Those that are deleted stay, marked, as their ts is never used again.
type message struct {
	ts, user, text  string
	bot             bool
	only            string          // the one user who sees it, if it is ephemeral
	blocks          json.RawMessage // as the app sent them; withIDs adds the ids that Slack adds
	files           []*file
	metadata        json.RawMessage
	edited, deleted bool
}

// An openView is a modal that is open before someone, or a Home.
type openView struct {
	id, hash       string
	user           string
	kind           string          // "modal" or "home"
	view           json.RawMessage // as the app sent it, with the ids that Slack adds
	root, previous string          // ids of views; previous is "" for the lowest

	// state is what was entered, as in view.state.values: by block_id, then action_id. A
	// field that was not touched has no entry, its initial value counts.
	state map[string]map[string]json.RawMessage
	// errors are what the app answered a submission with, by block_id.
	errors map[string]string
}

// A file is an upload.
type file struct {
	id, name, title, altText string
	size                     int // as announced
	content                  []byte
	uploaded, complete       bool
	shown                    bool     // a message or view has shown it
	rooms                    []string // where it was shared
}

// A trigger is the right to open one modal.
type trigger struct {
	w       *Workspace
	user    string
	expires time.Time
	used    bool
}

// A responseURL is the right to answer a command or a button in its room.
type responseURL struct {
	w        *Workspace
	room     *room
	user     string
	original string // ts of the message that was pressed on; "" for a command
	left     int
	expires  time.Time
}

const (
	triggerLife   = 3 * time.Second  // https://docs.slack.dev/interactivity/handling-user-interaction
	responseLife  = 30 * time.Minute // the same page, "Message responses"
	responsePosts = 5                // the same
	viewsPerUser  = 3                // https://docs.slack.dev/surfaces/modals: the stack

	apiPath      = "/api/"
	uploadPath   = "/upload/"
	responsePath = "/response/"
)

// nextID makes an id that begins with prefix.
func (s *Slack) nextID(prefix string) string {
	s.serial++
	return fmt.Sprintf("%s%08d", prefix, s.serial)
}

// nextTS is the timestamp of a new message: each is later than any before.
func (s *Slack) nextTS() string {
	at := s.now().Truncate(time.Microsecond)
	if !at.After(s.lastTS) {
		at = s.lastTS.Add(time.Microsecond)
	}
	s.lastTS = at
	return fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000)
}

// directID is the id of a user's room with the app: like Slack's it is known in no other
// workspace.
func directID(space, user string) string {
	sum := sha256.Sum256([]byte(space + "/" + user))
	return "D0" + base32.StdEncoding.EncodeToString(sum[:])[:9]
}

// install installs the app, or gives it other scopes: the token stays the same until revoked.
func (w *Workspace) install(scopes []string, org bool) *install {
	if len(scopes) == 0 {
		scopes = manifestScopes
	}
	w.users[w.bot] = &User{ID: w.bot, Name: "payoff", RealName: "payoff", Bot: true}
	for _, in := range w.s.installs {
		if in.w == w && in.org == org && !in.revoked {
			in.scopes = slices.Clone(scopes)
			return in
		}
	}
	in := &install{token: w.s.nextID("xoxb-slacktest-"), w: w, org: org, scopes: slices.Clone(scopes)}
	w.s.installs[in.token] = in
	return in
}

// revoke revokes all tokens of the app here.
func (w *Workspace) revoke() {
	for _, in := range w.s.installs {
		if in.w == w {
			in.revoked = true
		}
	}
}

// spaces are the workspaces that a token is good for, its own first.
func (in *install) spaces() []*Workspace {
	list := []*Workspace{in.w}
	if !in.org {
		return list
	}
	for _, w := range in.w.s.workspaces {
		if w != in.w && w.Enterprise == in.w.Enterprise {
			list = append(list, w)
		}
	}
	return list
}

// room is a room by its id; that of a user with the app is made when it is first asked for.
func (w *Workspace) room(id string) *room {
	if r := w.rooms[id]; r != nil {
		return r
	}
	if !strings.HasPrefix(id, "D") {
		return nil
	}
	for _, u := range w.users {
		if id == directID(w.ID, u.ID) && u.ID != w.bot {
			r := &room{Room: Room{ID: id, Private: true, Members: []string{u.ID, w.bot}}, direct: u.ID}
			w.rooms[id] = r
			return r
		}
	}
	return nil
}

// has says whether someone is a member.
func (r *room) has(user string) bool { return slices.Contains(r.Members, user) }

// sees says whether a message is there for someone.
func (r *room) sees(user string, m *message) bool {
	return r.has(user) && !m.deleted && (m.only == "" || m.only == user)
}

// post adds a message, and gives it its ts.
func (r *room) post(s *Slack, m message) *message {
	m.ts = s.nextTS()
	r.messages = append(r.messages, &m)
	return &m
}

// message is the one with a ts, unless it was deleted.
func (r *room) message(ts string) *message {
	for _, m := range r.messages {
		if m.ts == ts && !m.deleted {
			return m
		}
	}
	return nil
}

// newTrigger makes the right to open a modal before user.
func (w *Workspace) newTrigger(user string) string {
	id := w.s.nextID("9000.1000.trigger")
	w.s.triggers[id] = &trigger{w: w, user: user, expires: w.s.now().Add(triggerLife)}
	return id
}

// newResponseURL makes an address to answer user at; ts names the message whose button they
// pressed, and is "" for a command.
func (w *Workspace) newResponseURL(r *room, user, ts string) string {
	id := w.s.nextID(w.ID + "-")
	w.s.responses[id] = &responseURL{
		w: w, room: r, user: user, original: ts, left: responsePosts, expires: w.s.now().Add(responseLife),
	}
	return w.s.server.URL + responsePath + id
}

// topView is the modal that someone sees.
func (w *Workspace) topView(user string) *openView {
	stack := w.modals[user]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// openView puts a modal before someone, upon those that are open when push is set and else
// instead of them. The view has been checked.
func (w *Workspace) openView(user string, view json.RawMessage, push bool) *openView {
	if !push {
		w.closeViews(user)
	}
	v := &openView{id: w.s.nextID("V"), user: user, kind: "modal"}
	v.root = v.id
	if below := w.topView(user); below != nil {
		v.root, v.previous = below.root, below.id
	}
	w.setView(v, view)
	w.views[v.id] = v
	w.modals[user] = append(w.modals[user], v)
	return v
}

// closeViews closes all modals before someone.
func (w *Workspace) closeViews(user string) {
	for _, v := range w.modals[user] {
		delete(w.views, v.id)
	}
	delete(w.modals, user)
}

// setHome puts a Home before someone.
func (w *Workspace) setHome(user string, view json.RawMessage) *openView {
	v := w.homes[user]
	if v == nil {
		v = &openView{id: w.s.nextID("V"), user: user, kind: "home"}
		v.root = v.id
		w.homes[user], w.views[v.id] = v, v
	}
	w.setView(v, view)
	return v
}

// setView replaces what a view shows. As in Slack, what was entered stays where block_id and
// action_id are the same as before; errors go.
func (w *Workspace) setView(v *openView, view json.RawMessage) {
	v.hash = w.s.nextID("hash.")
	v.view = withIDs(view, v.hash)
	v.errors = nil
	var now struct {
		Blocks []struct {
			BlockID string `json:"block_id"`
			Element struct {
				ActionID string `json:"action_id"`
			} `json:"element"`
		} `json:"blocks"`
	}
	_ = json.Unmarshal(v.view, &now)
	kept := map[string]map[string]json.RawMessage{}
	for _, b := range now.Blocks {
		if entered, ok := v.state[b.BlockID][b.Element.ActionID]; ok {
			kept[b.BlockID] = map[string]json.RawMessage{b.Element.ActionID: entered}
		}
	}
	v.state = kept
}

// withIDs adds the ids that Slack makes up: a block_id for a block without one, an action_id
// for an element without one. The value is a list of blocks or a view; salt tells two apart.
func withIDs(raw json.RawMessage, salt string) json.RawMessage {
	var tree any
	if json.Unmarshal(raw, &tree) != nil {
		return raw
	}
	list, _ := tree.([]any)
	if view, ok := tree.(map[string]any); ok {
		list, _ = view["blocks"].([]any)
	}
	for i, item := range list {
		block, ok := item.(map[string]any)
		if !ok {
			continue
		}
		name := fmt.Sprintf("%s.%d", salt, i)
		fillID(block, "block_id", name)
		elements, _ := block["elements"].([]any)
		for j, e := range append(elements, block["element"], block["accessory"]) {
			if element, ok := e.(map[string]any); ok && interactive(element["type"]) {
				fillID(element, "action_id", fmt.Sprintf("%s.%d", name, j))
			}
		}
	}
	filled, err := json.Marshal(tree)
	if err != nil {
		return raw
	}
	return filled
}

// fillID gives a block or an element an id unless it has one.
func fillID(in map[string]any, key, id string) {
	if have, _ := in[key].(string); have == "" {
		in[key] = id
	}
}

// interactive says whether elements of this type have an action_id.
func interactive(kind any) bool {
	switch kind {
	case "image", "plain_text", "mrkdwn", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted", nil:
		return false
	}
	return true
}
