package slacktest

import (
	"encoding/json"
	"fmt"
)

// markup reads as people of this workspace do. It is used with s.mu held.
func (w *Workspace) markup() markup {
	return markup{
		user: func(id string) (string, bool) {
			u := w.users[id]
			if u == nil {
				return "", false
			}
			return u.Name, true
		},
		room: func(id string) (string, bool) {
			r := w.rooms[id]
			if r == nil || r.Name == "" {
				return "", false
			}
			return r.Name, true
		},
	}
}

// Seen is what a user sees in a room, oldest first.
func (w *Workspace) Seen(user, room string) []Post {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	r := w.room(room)
	if r == nil {
		return nil
	}
	var seen []Post
	for _, m := range r.messages {
		if !r.sees(user, m) {
			continue
		}
		p := w.read(m.text, m.blocks)
		p.TS, p.User, p.Bot, p.Private, p.Edited = m.ts, m.user, m.bot, m.only != "", m.edited
		for _, f := range m.files {
			p.Files = append(p.Files, f.name)
		}
		seen = append(seen, p)
	}
	return seen
}

// read is what is read of a message. Where it has blocks, its text is only for notifications.
func (w *Workspace) read(text string, blocks json.RawMessage) Post {
	read := w.markup()
	p := Post{Fallback: read.mrkdwn(text, true), Blocks: blocks}
	list, err := pieces(blocks)
	if err != nil {
		p.Text = fmt.Sprintf("[%v]", err)
		return p
	}
	if len(list) == 0 {
		p.Text = p.Fallback
		return p
	}
	var pg page
	read.read(list, &pg)
	p.Text, p.Buttons, p.Images = pg.text(), pg.buttons, pg.images
	return p
}

// Home is a user's App Home, if one was published.
func (w *Workspace) Home(user string) (Post, bool) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	v := w.homes[user]
	if v == nil {
		return Post{}, false
	}
	p := w.read("", v.blocks())
	p.TS, p.User, p.Bot, p.Private = v.id, w.bot, true, true
	return p, true
}

// Form is the modal that a user sees, if one is open.
func (w *Workspace) Form(user string) (Form, bool) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	v := w.topView(user)
	if v == nil {
		return Form{}, false
	}
	var view struct {
		Title, Submit words
		Metadata      string `json:"private_metadata"`
	}
	_ = json.Unmarshal(v.view, &view)
	read := w.markup()
	f := Form{ID: v.id, Title: read.words(view.Title), Submit: read.words(view.Submit), Metadata: view.Metadata}
	list, err := pieces(v.blocks())
	if err != nil {
		f.Intro = fmt.Sprintf("[%v]", err)
		return f, true
	}
	read.form(list, v, &f)
	return f, true
}

// form reads the questions of a form and what stands between them.
func (m markup) form(list []piece, v *openView, f *Form) {
	said := map[string]string{}
	var intro page
	for _, b := range list {
		var p page
		if b.Type == "input" && b.Element != nil {
			f.Fields = append(f.Fields, m.field(b, v))
			continue
		}
		m.read([]piece{b}, &p)
		said[b.BlockID] = p.text()
		if len(f.Fields) == 0 && b.BlockID != "error" {
			intro.line(p.text())
		}
	}
	f.Intro, f.Error = intro.text(), said["error"]
	for i := range f.Fields {
		if q := &f.Fields[i]; q.Error == "" {
			q.Error = said["error:"+q.Block]
		}
	}
}

func (m markup) field(q piece, v *openView) Field {
	f := Field{Block: q.BlockID, Label: m.words(q.Label), Hint: m.words(q.Hint), Required: !q.Optional, Error: v.errors[q.BlockID]}
	state, ok := v.state[q.BlockID][q.Element.ActionID]
	if !ok {
		state = encode(q.Element.initial())
	}
	f.Value = m.shownValue(*q.Element, state)
	for _, o := range q.Element.allOptions() {
		f.Choices = append(f.Choices, m.words(o.Text))
	}
	return f
}

// shownValue is what stands in a field: of a choice, the label that is chosen.
func (m markup) shownValue(e piece, state json.RawMessage) string {
	var s struct {
		Value    string  `json:"value"`
		Date     string  `json:"selected_date"`
		Time     string  `json:"selected_time"`
		Option   *piece  `json:"selected_option"`
		Selected []piece `json:"selected_options"`
	}
	_ = json.Unmarshal(state, &s)
	if s.Option != nil {
		s.Selected = append(s.Selected, *s.Option)
	}
	text := s.Value + s.Date + s.Time
	for i, o := range s.Selected {
		if i > 0 {
			text += ", "
		}
		text += m.words(o.Text)
	}
	return text
}
