package slacktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// submitted does to a form what the acknowledgement of its submission says. What Slack would
// not do fails the test, and is the error: the person reads "We had some trouble connecting".
// https://docs.slack.dev/surfaces/modals#updating_response
func (w *Workspace) submitted(id string, answer []byte) error {
	var action struct {
		Action string            `json:"response_action"`
		View   json.RawMessage   `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if answer = bytes.TrimSpace(answer); len(answer) > 0 {
		if err := json.Unmarshal(answer, &action); err != nil {
			return w.rejected("the answer is no JSON: " + err.Error())
		}
	}
	if action.Action == "update" || action.Action == "push" {
		r := checkView(action.View, "modal")
		if r == nil {
			w.s.mu.Lock()
			r = w.showFiles(action.View, "invalid_arguments")
			w.s.mu.Unlock()
		}
		if r != nil {
			w.s.refused("response_action "+action.Action, r)
			return fmt.Errorf("response_action %s: %s", action.Action, r.code)
		}
	}
	w.s.mu.Lock()
	v := w.views[id]
	if v == nil { // closed meanwhile
		w.s.mu.Unlock()
		return nil
	}
	problem := ""
	switch action.Action {
	case "":
		w.closeTop(v)
	case "clear":
		w.closeViews(v.user)
	case "update":
		w.setView(v, action.View)
	case "push":
		if len(w.modals[v.user]) >= viewsPerUser {
			problem = "push_limit_reached"
			break
		}
		w.openView(v.user, action.View, true)
	case "errors":
		if problem = v.checkErrors(action.Errors); problem == "" {
			v.errors = action.Errors
		}
	default:
		problem = "unknown response_action " + action.Action
	}
	w.s.mu.Unlock()
	if problem != "" {
		return w.rejected(problem)
	}
	return nil
}

func (w *Workspace) rejected(why string) error {
	w.s.refused("view_submission", &refusal{code: "invalid_response", messages: []string{why}})
	return errors.New("view_submission: " + why)
}

// checkErrors says what is wrong with an answer of errors: each belongs to a question.
func (v *openView) checkErrors(answer map[string]string) string {
	if len(answer) == 0 {
		return "errors without an error"
	}
	asked := v.values()
	for block, text := range answer {
		if asked[block] == nil {
			return fmt.Sprintf("an error for %q, which is no input block", block)
		}
		if text == "" {
			return fmt.Sprintf("an empty error for %q", block)
		}
	}
	return ""
}

// closeTop closes one form and shows the one below it.
func (w *Workspace) closeTop(v *openView) {
	stack := w.modals[v.user]
	for i := range stack {
		if stack[i] == v {
			w.modals[v.user] = append(stack[:i:i], stack[i+1:]...)
		}
	}
	delete(w.views, v.id)
}

// CloseForm closes the modal before a user, as the X in its corner does. An app that asked to
// be told is told.
func (w *Workspace) CloseForm(user string) {
	w.s.mu.Lock()
	u, v := w.users[user], w.topView(user)
	if u == nil || v == nil || w.installed() == nil {
		w.s.mu.Unlock()
		return
	}
	var view struct {
		Clear  bool `json:"clear_on_close"`
		Notify bool `json:"notify_on_close"`
	}
	_ = json.Unmarshal(v.view, &view)
	p := w.interaction("view_closed", u)
	p["view"], p["is_cleared"] = w.viewPayload(v), view.Clear
	delete(p, "trigger_id")
	if view.Clear {
		w.closeViews(user)
	} else {
		w.closeTop(v)
	}
	w.s.mu.Unlock()
	if !view.Notify {
		return
	}
	if _, err := w.s.bring(interacted(p, false)); err != nil {
		w.s.refused("view_closed", &refusal{code: "not_acknowledged", messages: []string{err.Error()}})
	}
}

// Tamper changes the metadata of the modal open before a user.
func (w *Workspace) Tamper(user string, change func(string) string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	v := w.topView(user)
	if v == nil {
		return
	}
	view := map[string]any{}
	_ = json.Unmarshal(v.view, &view)
	metadata, _ := view["private_metadata"].(string)
	view["private_metadata"] = change(metadata)
	v.view = encode(view)
}
