package web

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"payoff/bot/chat"
)

// An openForm is a form that was shown to one person, as they see it now.
type openForm struct {
	id     string
	person string
	room   string
	origin int64 // the message whose button opened it, or 0
	form   chat.Form
}

// openForms are those that may still be submitted.
type openForms struct {
	byID  map[string]*openForm
	order []string
}

// mostForms bounds the forms kept open, by everyone together: a form left with Esc is never
// closed on the server.
const mostForms = 256

// longestValue bounds a field without a limit of its own, in characters.
const longestValue = 4000

func (w *Workspace) openForm(person, room string, origin int64, f chat.Form) *openForm {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := &openForm{rand.Text(), person, room, origin, f}
	w.forms.byID[o.id] = o
	w.forms.order = append(w.forms.order, o.id)
	if len(w.forms.order) > mostForms {
		delete(w.forms.byID, w.forms.order[0])
		w.forms.order = slices.Delete(w.forms.order, 0, 1)
	}
	return o
}

func (w *Workspace) form(id, person, room string) (*openForm, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o, ok := w.forms.byID[id]
	return o, ok && o.person == person && o.room == room
}

// formOrigin is the message that the newest form with this call was opened from, or 0.
func (w *Workspace) formOrigin(person, room, call string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range slices.Backward(w.forms.order) {
		if o := w.forms.byID[id]; o.person == person && o.room == room && o.form.Call == call {
			return o.origin
		}
	}
	return 0
}

// fieldName is what the page calls the i-th field; its ID stays here.
func fieldName(i int) string { return "f" + strconv.Itoa(i) }

// fill reads the values of a form from a post. What the form itself asks for is checked
// here, each fault in its field; a value that the page cannot send is refused.
func fill(f chat.Form, posted url.Values) (values map[string]string, checked chat.Form, ok bool, err error) {
	values = make(map[string]string, len(f.Fields))
	f.Fields, f.Error, ok = slices.Clone(f.Fields), "", true
	for i := range f.Fields {
		field := &f.Fields[i]
		v := strings.ReplaceAll(posted.Get(fieldName(i)), "\r\n", "\n")
		if v != "" && len(field.Choices) > 0 && !offers(field.Choices, v) {
			return nil, f, false, errField
		}
		field.Value, field.Error = v, ""
		values[field.ID] = v
		most := field.Max
		if most == 0 {
			most = longestValue
		}
		switch n := utf8.RuneCountInString(v); {
		case strings.TrimSpace(v) == "" && field.Required:
			field.Error = "Please fill this in."
			if len(field.Choices) > 0 {
				field.Error = "Please choose one."
			}
		case n > most:
			field.Error = fmt.Sprintf("At most %d characters; this is %d.", most, n)
		}
		ok = ok && field.Error == ""
	}
	return values, f, ok, nil
}

func offers(choices []chat.Choice, value string) bool {
	return slices.ContainsFunc(choices, func(c chat.Choice) bool { return c.Value == value })
}

// keepTyped puts back what was typed when the handler shows the same form again.
func keepTyped(again *chat.Form, s chat.Submitted) {
	if again.Call != s.Call {
		return
	}
	again.Fields = slices.Clone(again.Fields)
	for i, f := range again.Fields {
		if v, ok := s.Values[f.ID]; ok {
			again.Fields[i].Value = v
		}
	}
}
