package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// verificationToken is what Slack sent before it signed its requests, and still sends.
const verificationToken = "slacktest-verification"

// act is the delivery of an act. It is built, with s.mu held, the first time that an act of
// this kind has this id; afterwards it is the same. Without an id it is a new one each time.
func (w *Workspace) act(kind, id string, build func() (*delivery, error)) (*delivery, error) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	key := w.ID + "/" + kind + "/" + id
	if d := w.s.wires.acts[key]; d != nil && id != "" {
		return d, nil
	}
	if w.installed() == nil {
		return nil, fmt.Errorf("%s: the app is not installed in %s", kind, w.ID)
	}
	d, err := build()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	w.s.wires.acts[key] = d
	return d, nil
}

// installed is how the app is in this workspace, nil when it is not.
func (w *Workspace) installed() *install {
	for _, in := range w.s.installs {
		if !in.revoked && (in.w == w || in.org && in.w.Enterprise == w.Enterprise) {
			return in
		}
	}
	return nil
}

// member is a user and a room that they are in. Someone who was deactivated may still have
// an act on its way.
func (w *Workspace) member(user, in string) (*User, *room, error) {
	u, r := w.users[user], w.room(in)
	switch {
	case u == nil:
		return nil, nil, fmt.Errorf("there is no user %s", user)
	case r == nil:
		return nil, nil, fmt.Errorf("there is no room %s", in)
	case !r.has(user):
		return nil, nil, fmt.Errorf("%s is not in %s", user, in)
	}
	return u, r, nil
}

// Command types a line that begins with a slash.
func (w *Workspace) Command(id, user, room, line string) error {
	d, err := w.act("command", id, func() (*delivery, error) {
		u, r, err := w.member(user, room)
		if err != nil {
			return nil, err
		}
		command, text, _ := strings.Cut(line, " ")
		if !strings.HasPrefix(command, "/") {
			return nil, fmt.Errorf("%q is no command", line)
		}
		fields := map[string]string{
			"token": verificationToken, "team_id": w.ID, "team_domain": w.domain(), "api_app_id": appID,
			"channel_id": r.ID, "channel_name": r.shownName(), "user_id": u.ID, "user_name": u.Name,
			"command": command, "text": escape(strings.TrimSpace(text)),
			"response_url": w.newResponseURL(r, user, ""), "trigger_id": w.newTrigger(user),
			"is_enterprise_install": fmt.Sprint(w.installed().org),
		}
		if w.Enterprise != "" {
			fields["enterprise_id"], fields["enterprise_name"] = w.Enterprise, w.organisation()
		}
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, v)
		}
		return &delivery{
			kind: ofCommands, payload: encode(fields), accepts: true,
			path: "/slack/commands", body: []byte(form.Encode()), form: true,
		}, nil
	})
	if err != nil {
		return err
	}
	answer, err := w.s.bring(d)
	if err == nil {
		w.saidAtOnce(answer, user, room)
	}
	return err
}

// saidAtOnce posts what an acknowledgement of a command says: any body at all is shown, so
// that a careless "ok" is read by somebody.
func (w *Workspace) saidAtOnce(answer []byte, user, room string) {
	said := struct {
		Text         string
		Blocks       json.RawMessage
		ResponseType string `json:"response_type"`
	}{}
	if json.Unmarshal(answer, &said) != nil {
		said.Text = strings.TrimSpace(string(answer))
	}
	if said.Text == "" && len(said.Blocks) == 0 {
		return
	}
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	m := message{user: w.bot, bot: true, text: said.Text, blocks: said.Blocks, only: user}
	if said.ResponseType == "in_channel" {
		m.only = ""
	}
	w.room(room).post(w.s, m)
}

// Shortcut chooses an entry of the menu on a message.
func (w *Workspace) Shortcut(id, user, room, ts, callback string) error {
	d, err := w.act("shortcut", id, func() (*delivery, error) {
		u, r, err := w.member(user, room)
		if err != nil {
			return nil, err
		}
		m := r.message(ts)
		if m == nil || !r.sees(user, m) {
			return nil, fmt.Errorf("%s sees no message %s in %s", user, ts, room)
		}
		if m.only != "" {
			return nil, errors.New("a message that only one person sees has no menu")
		}
		p := w.interaction("message_action", u)
		p["callback_id"], p["message_ts"], p["action_ts"] = callback, m.ts, w.s.nextTS()
		p["message"], p["channel"] = messageObject(m, true), r.object()
		p["response_url"] = w.newResponseURL(r, user, "")
		return interacted(p, false), nil
	})
	if err != nil {
		return err
	}
	_, err = w.s.bring(d)
	return err
}

// interaction is what is the same in all interactive payloads.
// https://docs.slack.dev/reference/interaction-payloads
func (w *Workspace) interaction(kind string, u *User) map[string]any {
	team, home := map[string]any{"id": w.ID, "domain": w.domain()}, w.ID
	if w.Enterprise != "" {
		home = w.Enterprise // the same page: "user.team_id will report an enterprise organization ID"
	}
	p := map[string]any{
		"type": kind, "token": verificationToken, "api_app_id": appID, "team": team, "enterprise": nil,
		"user":                  map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": home},
		"is_enterprise_install": w.installed().org, "trigger_id": w.newTrigger(u.ID),
	}
	if w.Enterprise != "" {
		team["enterprise_id"], team["enterprise_name"] = w.Enterprise, w.organisation()
		p["enterprise"] = map[string]any{"id": w.Enterprise, "name": w.organisation()}
	}
	return p
}

// interacted is the delivery of an interactive payload; only a submitted form accepts an
// answer in its acknowledgement.
func interacted(payload map[string]any, accepts bool) *delivery {
	raw := encode(payload)
	return &delivery{
		kind: ofInteractions, payload: raw, accepts: accepts,
		path: "/slack/interactive", body: []byte(url.Values{"payload": {string(raw)}}.Encode()), form: true,
	}
}

func (r *room) object() map[string]any { return map[string]any{"id": r.ID, "name": r.shownName()} }

// shownName is the name that payloads carry: of private rooms only their kind.
func (r *room) shownName() string {
	switch {
	case strings.HasPrefix(r.ID, "D"):
		return "directmessage"
	case r.Private:
		return "privategroup"
	}
	return r.Name
}

func (w *Workspace) domain() string       { return strings.ToLower(strings.ReplaceAll(w.Name, " ", "-")) }
func (w *Workspace) organisation() string { return "Organisation " + w.Enterprise }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape is text as Slack hands it on.
// https://docs.slack.dev/messaging/formatting-message-text: "Escaping text"
func escape(s string) string { return escaper.Replace(s) }
