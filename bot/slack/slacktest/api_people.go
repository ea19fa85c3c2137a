package slacktest

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

const (
	appID = "A0PAYOFF"
	botID = "B0PAYOFF" // of the app's bot in messages, which is not its user id
)

// authTest says whose a token is.
func authTest(c *call) (reply, *refusal) {
	if c.in == nil { // an app-level token belongs to no workspace
		return reply{"app_id": appID, "app_name": "payoff"}, nil
	}
	w := c.in.w
	r := reply{
		"url": "https://" + w.ID + ".slack.com/", "team": w.Name, "team_id": w.ID,
		"user": "payoff", "user_id": w.bot, "bot_id": botID, "is_enterprise_install": c.in.org,
	}
	if w.Enterprise != "" {
		r["enterprise_id"] = w.Enterprise
	}
	if c.in.org { // https://docs.slack.dev/reference/methods/auth.test: it is the organisation's then
		r["team_id"] = w.Enterprise
	}
	return r, nil
}

// usersInfo says who someone is.
func usersInfo(c *call) (reply, *refusal) {
	for _, w := range c.in.spaces() {
		if u := w.users[c.args.text("user")]; u != nil {
			return reply{"user": w.userObject(u, c.args.yes("include_locale"))}, nil
		}
	}
	return nil, &refusal{code: "user_not_found"}
}

// userObject is a user as Slack shows them. Bots have a null for a zone.
func (w *Workspace) userObject(u *User, locale bool) reply {
	r := reply{
		"id": u.ID, "team_id": w.ID, "name": u.Name, "real_name": u.RealName,
		"deleted": u.Deleted, "is_bot": u.Bot, "is_admin": u.Admin, "is_owner": false,
		"profile": reply{"real_name": u.RealName, "display_name": u.Name, "team": w.ID},
	}
	r["tz"], r["tz_label"], r["tz_offset"] = nil, nil, 0
	if zone, err := time.LoadLocation(u.Zone); u.Zone != "" && err == nil {
		label, offset := w.s.now().In(zone).Zone()
		r["tz"], r["tz_label"], r["tz_offset"] = u.Zone, label, offset
	}
	if locale {
		r["locale"] = u.Locale
	}
	return r
}

// conversationsOpen opens a direct room. Rooms of more people are not served.
func conversationsOpen(c *call) (reply, *refusal) {
	user := c.args.text("users")
	if user == "" {
		return nil, &refusal{code: "users_list_not_supplied"}
	}
	for _, w := range c.in.spaces() {
		u := w.users[user]
		switch {
		case u == nil:
			continue
		case u.Deleted:
			return nil, &refusal{code: "user_disabled"}
		case u.Bot:
			return nil, &refusal{code: "cannot_dm_bot"}
		}
		r := w.room(directID(w.ID, user))
		channel := reply{"id": r.ID}
		if c.args.yes("return_im") {
			channel = roomObject(w, r)
		}
		return reply{"channel": channel, "already_open": len(r.messages) > 0}, nil
	}
	return nil, &refusal{code: "user_not_found"}
}

// conversationsInfo describes a conversation. It takes a scope to read its kind.
func conversationsInfo(c *call) (reply, *refusal) {
	w, r, refused := c.readable("read")
	if refused != nil {
		return nil, refused
	}
	return reply{"channel": roomObject(w, r)}, nil
}

// readable finds the conversation that a call names, if its token has the scope for its kind:
// im, groups or channels, and then what for. The app hears nothing of private rooms that it is
// not in.
func (c *call) readable(what string) (*Workspace, *room, *refusal) {
	w, r := c.place(c.args.text("channel"))
	if r == nil || r.Private && !r.has(w.bot) {
		return nil, nil, &refusal{code: "channel_not_found"}
	}
	kind := "channels"
	switch {
	case r.direct != "":
		kind = "im"
	case r.Private:
		kind = "groups"
	}
	if refused := c.scope(kind + ":" + what); refused != nil {
		return nil, nil, refused
	}
	return w, r, nil
}

// roomObject is a conversation as Slack shows it.
func roomObject(w *Workspace, r *room) reply {
	if r.direct != "" {
		return reply{"id": r.ID, "is_im": true, "user": r.direct, "context_team_id": w.ID}
	}
	return reply{
		"id": r.ID, "name": r.Name, "is_channel": !r.Private, "is_private": r.Private,
		"is_member": r.has(w.bot), "num_members": len(r.Members), "context_team_id": w.ID,
	}
}

// Limits of https://docs.slack.dev/reference/methods/conversations.history.
const (
	historyDefault = 100
	historyMax     = 999
)

// conversationsHistory reads back what was said, newest first, but for what only one sees.
func conversationsHistory(c *call) (reply, *refusal) {
	w, r, refused := c.readable("history")
	if refused != nil {
		return nil, refused
	}
	if !r.has(w.bot) {
		return nil, &refusal{code: "not_in_channel"}
	}
	limit := historyDefault
	if given := c.args.text("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > historyMax {
			return nil, &refusal{code: "invalid_limit"}
		}
		limit = n
	}
	list, more := []reply{}, false
	for _, m := range slices.Backward(r.messages) {
		if m.deleted || m.only != "" || !c.within(m.ts) {
			continue
		}
		if len(list) == limit {
			more = true
			break
		}
		list = append(list, messageObject(m, c.args.yes("include_all_metadata")))
	}
	return reply{"messages": list, "has_more": more}, nil
}

// within says whether a message is between oldest and latest, themselves included on request.
func (c *call) within(ts string) bool {
	oldest, latest := c.args.text("oldest"), c.args.text("latest")
	if c.args.yes("inclusive") && (ts == oldest || ts == latest) {
		return true
	}
	// All of them have as many digits, so that they sort as text.
	return (oldest == "" || oldest == "0" || ts > oldest) && (latest == "" || ts < latest)
}

// messageObject is a message as Slack shows it.
func messageObject(m *message, metadata bool) reply {
	r := reply{"type": "message", "user": m.user, "text": m.text, "ts": m.ts}
	if m.bot {
		r["bot_id"], r["app_id"] = botID, appID
	}
	if len(m.blocks) > 0 {
		r["blocks"] = withIDs(m.blocks, m.ts)
	}
	if metadata && len(m.metadata) > 0 {
		r["metadata"] = json.RawMessage(m.metadata)
	}
	if m.edited {
		r["edited"] = reply{"user": m.user, "ts": m.ts}
	}
	files := []reply{}
	for _, f := range m.files {
		files = append(files, fileObject(f))
	}
	if len(files) > 0 {
		r["files"] = files
	}
	return r
}
