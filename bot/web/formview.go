package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"payoff/bot/chat"
)

// A formView is a form as a template needs it. Every error is said where it belongs, and the
// first of them, or else the first field, has the focus.
type formView struct {
	ID     string
	Key    string // the same form, whenever it is opened: what was typed is kept under it
	Post   string
	Title  string
	Intro  template.HTML
	Submit string
	Error  string
	Fields []inputView
}

type inputView struct {
	Name     string
	Field    string // its ID, by which the page keeps what was typed
	Label    string
	Hint     string
	Value    string
	Long     bool
	Radios   bool
	Choices  []optionView
	Required bool
	Max      int
	Error    string
	Describe string // ids of its hint and error
	Focus    bool
}

type optionView struct {
	ID, Value, Label string
	Chosen           bool
	Focus            bool
}

// mostRadios is how many choices are laid out side by side; more go into a list.
const mostRadios = 4

func (o *openForm) view() formView {
	f := o.form
	v := formView{
		ID: o.id, Key: o.person + " " + f.Call, Post: roomPath(o.person, o.room) + "/submit",
		Title: chat.Clean(f.Title), Intro: written(f.Intro), Submit: chat.Clean(f.Submit), Error: chat.Clean(f.Error),
	}
	if v.Submit == "" {
		v.Submit = "Save"
	}
	for i, field := range f.Fields {
		v.Fields = append(v.Fields, input(i, field))
	}
	if len(v.Fields) > 0 {
		wrong := slices.IndexFunc(v.Fields, func(in inputView) bool { return in.Error != "" })
		v.Fields[max(wrong, 0)].focus()
	}
	return v
}

func input(i int, f chat.Field) inputView {
	in := inputView{
		Name: fieldName(i), Field: f.ID, Label: chat.Clean(f.Label), Hint: chat.Clean(f.Hint), Value: chat.Clean(f.Value),
		Long: f.Long, Required: f.Required, Max: f.Max, Error: chat.Clean(f.Error),
	}
	if in.Max == 0 {
		in.Max = longestValue
	}
	if in.Hint != "" {
		in.Describe = in.Name + "-hint"
	}
	if in.Error != "" {
		in.Describe = strings.TrimSpace(in.Describe + " " + in.Name + "-error")
	}
	if len(f.Choices) == 0 {
		return in
	}
	// Radios cannot be unset, so a choice that may stay open is a list with an empty line.
	in.Radios = len(f.Choices) <= mostRadios && (f.Required || f.Value != "")
	for n, c := range f.Choices {
		in.Choices = append(in.Choices, optionView{
			ID: in.Name + "-" + strconv.Itoa(n), Value: c.Value, Label: chat.Clean(c.Label), Chosen: c.Value == f.Value,
		})
	}
	return in
}

// focus gives the field the focus when its form is shown.
func (in *inputView) focus() {
	if !in.Radios {
		in.Focus = true
		return
	}
	chosen := slices.IndexFunc(in.Choices, func(c optionView) bool { return c.Chosen })
	in.Choices[max(chosen, 0)].Focus = true
}
