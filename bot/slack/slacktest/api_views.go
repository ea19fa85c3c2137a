package slacktest

import "encoding/json"

// checkModal, checkHome and checkUpdate hold the view of a call against its limits.
func checkModal(a arguments) *refusal { return checkView(a.object("view"), "modal") }
func checkHome(a arguments) *refusal  { return checkView(a.object("view"), "home") }
func checkUpdate(a arguments) *refusal {
	kind := "modal"
	if viewField(a.object("view"), "type") == "home" {
		kind = "home"
	}
	return checkView(a.object("view"), kind)
}

// viewField is one of the texts of a view.
func viewField(view json.RawMessage, name string) string {
	var fields map[string]any
	if json.Unmarshal(view, &fields) != nil {
		return ""
	}
	text, _ := fields[name].(string)
	return text
}

// viewsOpen exchanges a trigger for a modal; views.push puts it upon the one that is open.
func viewsOpen(c *call) (reply, *refusal) {
	t := c.s.triggers[c.args.text("trigger_id")]
	switch {
	case t == nil || t.w != c.in.w && !c.in.org:
		return nil, &refusal{code: "invalid_trigger_id"}
	case t.used:
		return nil, &refusal{code: "exchanged_trigger_id"}
	case c.s.now().After(t.expires):
		return nil, &refusal{code: "expired_trigger_id"}
	}
	push := c.method == "views.push"
	switch open := len(t.w.modals[t.user]); {
	case push && open == 0:
		return nil, &refusal{code: "not_found"}
	case push && open == viewsPerUser:
		return nil, &refusal{code: "push_limit_reached"}
	}
	view := c.args.object("view")
	if refused := c.showable(t.w, view, ""); refused != nil {
		return nil, refused
	}
	t.used = true
	return reply{"view": viewObject(t.w, t.w.openView(t.user, view, push))}, nil
}

// showable refuses a view whose external_id another one has, or whose pictures are not there.
func (c *call) showable(w *Workspace, view json.RawMessage, id string) *refusal {
	if external := viewField(view, "external_id"); external != "" {
		if other := w.viewBy(external); other != nil && other.id != id {
			return &refusal{code: "duplicate_external_id"}
		}
	}
	return w.showFiles(view, "invalid_arguments")
}

// viewBy finds a view by its external_id.
func (w *Workspace) viewBy(external string) *openView {
	for _, v := range w.views {
		if external != "" && viewField(v.view, "external_id") == external {
			return v
		}
	}
	return nil
}

// viewsUpdate replaces what a view shows.
func viewsUpdate(c *call) (reply, *refusal) {
	for _, w := range c.in.spaces() {
		v := w.views[c.args.text("view_id")]
		if v == nil {
			v = w.viewBy(c.args.text("external_id"))
		}
		if v == nil {
			continue
		}
		view := c.args.object("view")
		if kind := viewField(view, "type"); kind != v.kind {
			return nil, &refusal{code: "invalid_arguments", messages: []string{"[ERROR] a " + v.kind + " stays one [json-pointer:/view/type]"}}
		}
		if refused := c.current(v); refused != nil {
			return nil, refused
		}
		if refused := c.showable(w, view, v.id); refused != nil {
			return nil, refused
		}
		w.setView(v, view)
		return reply{"view": viewObject(w, v)}, nil
	}
	return nil, &refusal{code: "not_found"}
}

// current refuses a call that names another state of a view than the one it is in.
func (c *call) current(v *openView) *refusal {
	if hash := c.args.text("hash"); hash != "" && v != nil && hash != v.hash {
		return &refusal{code: "hash_conflict"}
	}
	return nil
}

// viewsPublish replaces someone's Home.
func viewsPublish(c *call) (reply, *refusal) {
	user := c.args.text("user_id")
	for _, w := range c.in.spaces() {
		if w.users[user] == nil {
			continue
		}
		home, view := w.homes[user], c.args.object("view")
		if refused := c.current(home); refused != nil {
			return nil, refused
		}
		id := ""
		if home != nil {
			id = home.id
		}
		if refused := c.showable(w, view, id); refused != nil {
			return nil, refused
		}
		return reply{"view": viewObject(w, w.setHome(user, view))}, nil
	}
	return nil, &refusal{code: "user_not_found"}
}

// viewObject is a view as Slack shows it, with what was entered so far.
func viewObject(w *Workspace, v *openView) reply {
	r := reply{}
	if err := json.Unmarshal(v.view, &r); err != nil {
		return nil
	}
	r["id"], r["team_id"], r["hash"] = v.id, w.ID, v.hash
	r["app_id"], r["bot_id"], r["root_view_id"] = appID, botID, v.root
	r["previous_view_id"] = nil
	if v.previous != "" {
		r["previous_view_id"] = v.previous
	}
	r["state"] = reply{"values": v.state}
	return r
}
