package discord

import (
	"fmt"
	"strings"

	"payoff/bot/chat"
)

// A part is what one modal asks of a form.
type part struct {
	fields []chat.Field
}

// partsOf splits a form into modals: at most five components each, its intro and its error
// (in one text display) included in the first. There is always one.
func partsOf(f chat.Form) []part {
	room := mostQuestions
	if formHead(f) != "" {
		room--
	}
	parts := []part{{}}
	for _, field := range f.Fields {
		if len(parts[len(parts)-1].fields) == room {
			parts, room = append(parts, part{}), mostQuestions
		}
		last := &parts[len(parts)-1]
		last.fields = append(last.fields, field)
	}
	return parts
}

// A modalBody is the data of an interaction response of type 9.
type modalBody struct {
	CustomID   string       `json:"custom_id"`
	Title      string       `json:"title"`
	Components arrayOf[any] `json:"components"` // modalText, modalLabel
}

type (
	modalText struct {
		Type    int    `json:"type"` // 10
		Content string `json:"content"`
	}
	modalLabel struct {
		Type        int    `json:"type"` // 18
		Label       string `json:"label"`
		Description string `json:"description,omitempty"`
		Component   any    `json:"component"` // modalInput or modalSelect
	}
	modalInput struct {
		Type        int    `json:"type"` // 4
		CustomID    string `json:"custom_id"`
		Style       int    `json:"style"`
		Value       string `json:"value,omitempty"`
		Placeholder string `json:"placeholder,omitempty"`
		Required    bool   `json:"required"` // true where it is left out
		MaxLength   int    `json:"max_length,omitempty"`
	}
	modalSelect struct {
		Type        int           `json:"type"` // 3
		CustomID    string        `json:"custom_id"`
		Placeholder string        `json:"placeholder,omitempty"`
		Required    bool          `json:"required"`
		MinValues   int           `json:"min_values"` // 0 where it may stay empty, or what was chosen could not be taken back
		Options     []modalOption `json:"options"`
	}
	modalOption struct {
		Label   string `json:"label"`
		Value   string `json:"value"`
		Default bool   `json:"default,omitempty"`
	}
)

// wrongMark begins what is wrong with a form or with a field.
const wrongMark = "⚠ "

// modal is part n, from 0, of a form as the data of an interaction response of type 9.
func modal(f chat.Form, parts []part, n int, customID string) modalBody {
	title := line(f.Title)
	if title == "" {
		title = "payoff"
	}
	of := ""
	if len(parts) > 1 {
		of = fmt.Sprintf(" (%d of %d)", n+1, len(parts))
	}
	body := modalBody{CustomID: customID, Title: shorten(title, mostModalTitle-length(of)) + of}
	fields := parts[n].fields
	if said := formHead(f); n == 0 && said != "" && len(fields) < mostQuestions {
		body.Components = append(body.Components, modalText{10, said})
	}
	for _, field := range fields {
		body.Components = append(body.Components, askField(field))
	}
	if len(body.Components) == 0 {
		body.Components = arrayOf[any]{modalText{10, nothing}}
	}
	return body
}

// formHead is what a form says before it asks, in markdown: its error in the first line, behind
// wrongMark, then its intro.
func formHead(f chat.Form) string {
	said := ""
	if wrong := line(f.Error); wrong != "" {
		said = wrongMark + writeShort(chat.Spans(wrong), mostDisplay/2)
	}
	if intro := writeShort(f.Intro, mostDisplay-1-length(said)); intro != "" {
		said = below(said, intro)
	}
	return said
}

// askField is a field as a component. What is wrong with it stands between its label and what
// was typed. So does its hint where something stands in the field, which hides a placeholder.
func askField(f chat.Field) modalLabel {
	label, hint := line(f.Label), line(f.Hint)
	if label == "" {
		label = "…"
	}
	q := modalLabel{Type: 18, Label: shorten(label, mostQuestion)}
	if wrong := line(f.Error); wrong != "" {
		q.Description = shorten(wrongMark+wrong, mostDescribed)
	} else if f.Value != "" || length(hint) > mostPlaceholder || chooses(f) {
		q.Description, hint = shorten(hint, mostDescribed), ""
	}
	hint = shorten(hint, mostPlaceholder)
	if chooses(f) {
		q.Component = selectOf(f, hint)
	} else {
		q.Component = inputOf(f, hint)
	}
	return q
}

func inputOf(f chat.Field, hint string) modalInput {
	in := modalInput{Type: 4, CustomID: f.ID, Style: 1, Placeholder: hint, Required: f.Required}
	most := mostTyped
	if f.Max > 0 {
		most = min(most, f.Max)
		in.MaxLength = most
	}
	value := chat.Clean(f.Value)
	if len(f.Choices) > 0 {
		value = labelled(f.Choices, f.Value)
		if hint == "" {
			in.Placeholder = shorten("One of: "+strings.Join(labelsOf(f.Choices), ", "), mostPlaceholder)
		}
	}
	in.Value = shorten(value, most)
	if f.Long || strings.Contains(in.Value, "\n") {
		in.Style = 2
	}
	return in
}
