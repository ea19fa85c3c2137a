package slacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Press presses the button with this label on the message with this ts that the user sees in
// the room; with an empty room, on the user's App Home.
func (w *Workspace) Press(id, user, room, ts, label string) error {
	d, err := w.act("press", id, func() (*delivery, error) {
		if room == "" {
			return w.pressHome(user, label)
		}
		u, r, err := w.member(user, room)
		if err != nil {
			return nil, err
		}
		m := r.message(ts)
		if m == nil || !r.sees(user, m) {
			return nil, fmt.Errorf("%s sees no message %s in %s", user, ts, room)
		}
		action, err := w.button(withIDs(m.blocks, m.ts), label)
		if err != nil {
			return nil, err
		}
		p := w.interaction("block_actions", u)
		p["container"] = map[string]any{"type": "message", "message_ts": m.ts, "channel_id": r.ID, "is_ephemeral": m.only != ""}
		p["channel"], p["actions"] = r.object(), []any{action}
		p["response_url"] = w.newResponseURL(r, user, m.ts)
		p["state"] = map[string]any{"values": map[string]any{}}
		if m.only == "" { // Slack does not keep the others
			p["message"] = messageObject(m, true)
		}
		return interacted(p, false), nil
	})
	if err != nil {
		return err
	}
	_, err = w.s.bring(d)
	return err
}

func (w *Workspace) pressHome(user, label string) (*delivery, error) {
	u, v := w.users[user], w.homes[user]
	if u == nil || v == nil {
		return nil, fmt.Errorf("%s has no App Home", user)
	}
	action, err := w.button(v.blocks(), label)
	if err != nil {
		return nil, err
	}
	p := w.interaction("block_actions", u)
	p["container"] = map[string]any{"type": "view", "view_id": v.id}
	p["view"], p["actions"] = w.viewPayload(v), []any{action}
	return interacted(p, false), nil
}

// button is the first one with a label, as payloads carry it.
func (w *Workspace) button(blocks json.RawMessage, label string) (map[string]any, error) {
	var list []struct {
		BlockID   string            `json:"block_id"`
		Elements  []json.RawMessage `json:"elements"`
		Accessory json.RawMessage   `json:"accessory"`
	}
	if err := json.Unmarshal(blocks, &list); err != nil && len(blocks) > 0 {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	read := w.markup()
	for _, b := range list {
		for _, raw := range append(b.Elements, b.Accessory) {
			var e piece
			if len(raw) == 0 || json.Unmarshal(raw, &e) != nil || e.Type != "button" || read.words(e.Text) != label {
				continue
			}
			var action map[string]any
			if err := json.Unmarshal(raw, &action); err != nil {
				return nil, fmt.Errorf("read the button: %w", err)
			}
			action["block_id"], action["action_ts"] = b.BlockID, w.s.nextTS()
			return action, nil
		}
	}
	return nil, fmt.Errorf("there is no button %q", label)
}

// viewPayload is a view as payloads carry it, with what stands in its fields.
func (w *Workspace) viewPayload(v *openView) map[string]any {
	o := map[string]any{
		"private_metadata": "", "callback_id": "", "external_id": "",
		"clear_on_close": false, "notify_on_close": false, "close": nil, "submit": nil, "app_installed_team_id": w.ID,
	}
	maps.Copy(o, viewObject(w, v))
	o["state"] = map[string]any{"values": v.values()}
	return o
}

// blocks are those of a view.
func (v *openView) blocks() json.RawMessage {
	var view struct{ Blocks json.RawMessage }
	_ = json.Unmarshal(v.view, &view)
	return view.Blocks
}

// values is view.state.values: what was entered, or else stood there at first.
func (v *openView) values() map[string]map[string]any {
	all := map[string]map[string]any{}
	list, _ := pieces(v.blocks())
	for _, q := range list {
		if q.Type != "input" || q.Element == nil {
			continue
		}
		var value any = q.Element.initial()
		if entered, ok := v.state[q.BlockID][q.Element.ActionID]; ok {
			value = entered
		}
		all[q.BlockID] = map[string]any{q.Element.ActionID: value}
	}
	return all
}

// Fill enters values by label into the modal open before a user, and submits it. Labels of
// options are entered as those. What is not named keeps its value.
func (w *Workspace) Fill(id, user string, values map[string]string) error {
	d, err := w.act("fill", id, func() (*delivery, error) {
		u, v := w.users[user], w.topView(user)
		if u == nil || v == nil {
			return nil, fmt.Errorf("no form is open before %s", user)
		}
		if err := w.enter(v, values); err != nil {
			return nil, err
		}
		p := w.interaction("view_submission", u)
		p["view"], p["response_urls"] = w.viewPayload(v), []any{}
		d := interacted(p, true)
		d.view = v.id
		return d, nil
	})
	if err != nil {
		return err
	}
	answer, err := w.s.bring(d)
	if err != nil {
		return err
	}
	return w.submitted(d.view, answer)
}

// enter puts values into the fields of a form, as far as Slack's client lets a person submit
// them.
func (w *Workspace) enter(v *openView, values map[string]string) error {
	list, err := pieces(v.blocks())
	if err != nil {
		return err
	}
	read, left := w.markup(), maps.Clone(values)
	var view struct{ Submit *words }
	if err := json.Unmarshal(v.view, &view); err != nil || view.Submit == nil {
		return errors.New("the form has no button to submit it")
	}
	state := map[string]map[string]json.RawMessage{}
	for _, q := range list {
		if q.Type != "input" || q.Element == nil {
			continue
		}
		label := read.words(q.Label)
		value, named := left[label]
		delete(left, label)
		entered, known := v.state[q.BlockID][q.Element.ActionID]
		if !known {
			entered = encode(q.Element.initial())
		}
		if named {
			if entered, err = q.Element.enter(read, value); err != nil {
				return fmt.Errorf("field %q: %w", label, err)
			}
		}
		if !q.Optional && read.shownValue(*q.Element, entered) == "" {
			return fmt.Errorf("field %q: Slack does not submit it empty", label)
		}
		state[q.BlockID] = map[string]json.RawMessage{q.Element.ActionID: entered}
	}
	for _, label := range slices.Sorted(maps.Keys(left)) {
		return fmt.Errorf("the form has no field %q", label)
	}
	v.state, v.errors = state, nil
	return nil
}

// initial is the state of a field that nobody touched.
func (e piece) initial() map[string]any {
	state := map[string]any{"type": e.Type}
	switch e.Type {
	case "static_select", "radio_buttons":
		state["selected_option"] = nil
		if e.InitialOption != nil {
			state["selected_option"] = e.InitialOption.asOption()
		}
	case "checkboxes", "multi_static_select":
		chosen := []any{}
		for _, o := range e.InitialOptions {
			chosen = append(chosen, o.asOption())
		}
		state["selected_options"] = chosen
	case "datepicker":
		state["selected_date"] = orNull(e.InitialDate)
	case "timepicker":
		state["selected_time"] = orNull(e.InitialTime)
	default:
		state["value"] = orNull(e.InitialValue)
	}
	return state
}

// asOption is an option as payloads carry it.
func (o piece) asOption() map[string]any {
	return map[string]any{"text": o.Text, "value": o.Value}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// enter is the state of a field after someone entered a value, or chose the option that they
// read as value.
func (e piece) enter(read markup, value string) (json.RawMessage, error) {
	state := e.initial()
	switch e.Type {
	case "static_select", "radio_buttons", "checkboxes", "multi_static_select":
		var chosen []any
		for _, o := range e.allOptions() {
			if read.words(o.Text) == value {
				chosen = append(chosen, o.asOption())
				break
			}
		}
		if len(chosen) == 0 && value != "" {
			return nil, fmt.Errorf("there is no option %q", value)
		}
		if _, several := state["selected_options"]; several {
			state["selected_options"] = append([]any{}, chosen...)
		} else if state["selected_option"] = nil; len(chosen) > 0 {
			state["selected_option"] = chosen[0]
		}
	case "datepicker":
		state["selected_date"] = orNull(value)
	case "timepicker":
		state["selected_time"] = orNull(value)
	case "number_input":
		if _, err := strconv.ParseFloat(value, 64); err != nil && value != "" {
			return nil, fmt.Errorf("%q is no number", value)
		}
		state["value"] = orNull(value)
	default:
		if n := utf8.RuneCountInString(value); e.MaxLength > 0 && n > e.MaxLength || value != "" && n < e.MinLength {
			return nil, fmt.Errorf("%d characters, and it takes %d to %d", n, e.MinLength, e.MaxLength)
		}
		state["value"] = orNull(value)
	}
	return encode(state), nil
}

// allOptions are those of a menu, in groups or not.
func (e piece) allOptions() []piece {
	all := slices.Clone(e.Options)
	for _, g := range e.OptionGroups {
		all = append(all, g.Options...)
	}
	return all
}
