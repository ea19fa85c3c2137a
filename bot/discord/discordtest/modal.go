package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Styles of a text input: https://docs.discord.com/developers/components/reference#text-input
const shortInput = 1

// A Modal is the form that is open before a person, as they see it.
type Modal struct {
	Title    string
	CustomID string
	Text     string // what stands in it besides its questions
	Fields   []Field
}

// A Field is one question of a Modal.
type Field struct {
	ID          string // its custom_id
	Label       string
	Description string
	Placeholder string
	Value       string // of a choice, the label that is chosen
	Choices     []string
	Required    bool
	Long        bool // it takes several lines
}

// An openModal is a form before someone.
type openModal struct {
	in     *interaction // what it answered
	data   modalData
	values map[string]string // by custom_id: what stands in it, of a select the option's value
}

// acknowledged is told of each callback that was taken. It is called with d.mu held.
func (d *Discord) acknowledged(in *interaction, kind int, data json.RawMessage) {
	switch kind {
	case autocompleteCallback:
		in.choices = data
	case modalCallback:
		in.modal = data
		open := &openModal{in: in, values: map[string]string{}}
		if err := json.Unmarshal(data, &open.data); err != nil {
			return // it was held against the limits already
		}
		for _, q := range open.data.questions() {
			open.values[q.CustomID] = q.Value
			for _, o := range q.Options {
				if o.Default {
					open.values[q.CustomID] = o.Value
				}
			}
		}
		d.acts.modals[in.user] = open
	}
}

// A question is what a modal asks, and the words around it.
type question struct {
	component
	label, description string
}

// questions are what a modal asks, in order.
func (m modalData) questions() []question {
	var all []question
	for _, c := range m.Components {
		switch {
		case c.Type == label && c.Component != nil:
			all = append(all, question{*c.Component, c.Label, c.Description})
		case c.Type == actionRow:
			for _, inner := range c.Components {
				all = append(all, question{inner, inner.Label, ""})
			}
		}
	}
	return all
}

// required is what Discord makes of a question that does not say.
func (q question) required() bool { return q.Required == nil || *q.Required }

// Modal is what is open before a person.
func (d *Discord) Modal(user string) (Modal, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	open := d.acts.modals[user]
	if open == nil {
		return Modal{}, false
	}
	m := Modal{Title: open.data.Title, CustomID: open.data.CustomID}
	reader := d.reader(open.in.guild)
	var said []string
	for _, c := range open.data.Components {
		if c.Type == textDisplay {
			said = append(said, reader.markdown(c.Content))
		}
	}
	m.Text = strings.Join(said, "\n")
	for _, q := range open.data.questions() {
		f := Field{
			ID: q.CustomID, Label: q.label, Description: q.description, Placeholder: q.Placeholder,
			Value: open.values[q.CustomID], Required: q.required(), Long: q.Type == textInput && q.Style != shortInput,
		}
		for _, o := range q.Options {
			f.Choices = append(f.Choices, o.Label)
			if o.Value == open.values[q.CustomID] {
				f.Value = o.Label
			}
		}
		m.Fields = append(m.Fields, f)
	}
	return m, true
}

// Dismiss closes the modal before a person, which payoff never hears of.
func (d *Discord) Dismiss(user string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.acts.modals, user)
}

// Submit enters values by label into the modal open before a person, and submits it; of a
// select, the label of an option. What is not named stays as it is. When payoff acknowledges it
// the modal closes, unless another has been opened; else it stays, with what was entered.
func (d *Discord) Submit(id, user string, values map[string]string) error {
	var open *openModal
	what, err := d.act("submit", id, user, func() (*delivery, error) {
		if open = d.acts.modals[user]; open == nil {
			return nil, fmt.Errorf("no modal is open before %s", user)
		}
		if err := open.enter(values); err != nil {
			return nil, err
		}
		c, err := d.place(user, open.in.channel)
		if err != nil {
			return nil, err
		}
		in := d.interact(modalInteraction, user, c)
		in.message = open.in.message
		return d.deliver(in, open.submitted(), c.message(open.in.message)), nil
	})
	if err != nil {
		return err
	}
	if err := d.bring(what); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if open != nil && d.acts.modals[user] == open {
		delete(d.acts.modals, user)
	}
	return nil
}

// enter puts values into a modal, as far as Discord's client lets a person submit them.
func (o *openModal) enter(values map[string]string) error {
	left, entered := maps.Clone(values), maps.Clone(o.values)
	for _, q := range o.data.questions() {
		value, named := left[q.label]
		delete(left, q.label)
		if named {
			var err error
			if entered[q.CustomID], err = q.take(value); err != nil {
				return fmt.Errorf("field %q: %w", q.label, err)
			}
		}
		if q.required() && entered[q.CustomID] == "" {
			return fmt.Errorf("field %q: Discord does not submit it empty", q.label)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		return fmt.Errorf("the modal has no field %q", name)
	}
	o.values = entered
	return nil
}

// take is what stands in a field after someone entered a value.
func (q question) take(value string) (string, error) {
	switch q.Type {
	case textInput:
		if q.Style == shortInput { // a client takes one line
			value = strings.ReplaceAll(value, "\n", " ")
		}
		if n := units(value); n > maxInput || q.MaxLength > 0 && n > q.MaxLength || value != "" && n < q.MinLength {
			return "", fmt.Errorf("%d characters, and it takes %d to %d", n, q.MinLength, q.MaxLength)
		}
		return value, nil
	case stringPick:
		for _, o := range q.Options {
			if o.Label == value {
				return o.Value, nil
			}
		}
		if value == "" {
			return "", nil
		}
		return "", fmt.Errorf("there is no option %q", value)
	}
	return "", errors.New("discordtest cannot enter anything into it")
}

// submitted is what an interaction carries of a modal: components numbered in order, those that
// ask nothing among them.
func (o *openModal) submitted() object {
	number := 0
	entry := func(kind int) object {
		number++
		return object{"type": kind, "id": number}
	}
	answer := func(c component) object {
		e, value := entry(c.Type), o.values[c.CustomID]
		e["custom_id"] = c.CustomID
		switch {
		case c.Type != stringPick:
			e["value"] = value
		case value == "":
			e["values"] = []any{}
		default:
			e["values"] = []any{value}
		}
		return e
	}
	list := []any{}
	for _, c := range o.data.Components {
		e := entry(c.Type)
		switch {
		case c.Type == label && c.Component != nil:
			e["component"] = answer(*c.Component)
		case c.Type == actionRow:
			inside := []any{}
			for _, inner := range c.Components {
				inside = append(inside, answer(inner))
			}
			e["components"] = inside
		}
		list = append(list, e)
	}
	return object{"custom_id": o.data.CustomID, "components": list}
}
