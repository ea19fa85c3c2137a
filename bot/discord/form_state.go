package discord

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"sync"
	"time"

	"payoff/bot/chat"
)

// formStays is how long a form is kept after it was opened or last gone on with.
const formStays = time.Hour

// A keptForm is a form that somebody is filling in, part by part. It is in Memory, so that
// nothing that was typed is lost when payoff restarts.
type keptForm struct {
	ID     string            `json:"id"`
	User   string            `json:"user"`
	Server string            `json:"server"`
	Room   chat.Room         `json:"room"`
	Origin string            `json:"origin,omitempty"` // the message whose button opened it
	Hidden bool              `json:"hidden,omitempty"` // that message is only theirs
	Form   chat.Form         `json:"form"`             // with the values that were typed
	Values map[string]string `json:"values"`           // as submitted, by field
	Need   []string          `json:"need"`             // fields still to be submitted before the handler is asked

	done bool // it was taken, and is of no more use
}

// newForm is a form that an errand opens. Nothing of it has been seen yet.
func newForm(e *errand, form chat.Form) *keptForm {
	f := &keptForm{
		ID: rand.Text(), User: e.in.by.ID, Server: e.event.From.Space, Room: e.event.Room,
		Origin: e.in.message, Hidden: e.in.hidden, Form: form, Values: map[string]string{},
	}
	for _, field := range form.Fields {
		f.Need = append(f.Need, field.ID)
	}
	return f
}

// fill takes what was typed into some of the fields.
func (f *keptForm) fill(typed map[string]string) {
	var asked part
	for _, field := range f.Form.Fields {
		if _, ok := typed[field.ID]; ok {
			asked.fields = append(asked.fields, field)
		}
	}
	values, wrong := readPart(asked, typed)
	f.Form.Fields = slices.Clone(f.Form.Fields)
	for i := range f.Form.Fields {
		field := &f.Form.Fields[i]
		text, ok := typed[field.ID]
		if !ok {
			continue
		}
		if value, ok := values[field.ID]; ok {
			text = value
		}
		field.Value, field.Error, f.Values[field.ID] = text, wrong[field.ID], text
		f.Need = slices.DeleteFunc(f.Need, func(id string) bool { return id == field.ID })
		if field.Error != "" {
			f.Need = append(f.Need, field.ID)
		}
	}
}

// correct is the form as the handler shows it again: what was typed stays, and what is wrong
// or new in it is to be seen.
func (f *keptForm) correct(again chat.Form) {
	f.Form, f.Need = again, nil
	f.Form.Fields = slices.Clone(again.Fields)
	for i := range f.Form.Fields {
		field := &f.Form.Fields[i]
		value, seen := f.Values[field.ID]
		if seen {
			field.Value = value
		}
		if !seen || field.Error != "" {
			f.Need = append(f.Need, field.ID)
		}
	}
}

// open reports whether something in a part is still to be seen.
func (f *keptForm) open(p part) bool {
	return slices.ContainsFunc(p.fields, func(field chat.Field) bool { return slices.Contains(f.Need, field.ID) })
}

// next is the first part after one that is still to be seen, -1 when all have been.
func (f *keptForm) next(after int) int {
	parts := partsOf(f.Form)
	for i := range parts {
		if n := (after + 1 + i) % len(parts); f.open(parts[n]) {
			return n
		}
	}
	return -1
}

// modal is a part as Discord shows it.
func (f *keptForm) modal(n int) modalBody {
	return modal(f.Form, partsOf(f.Form), n, idOfForm+f.ID+":"+strconv.Itoa(n))
}

func (f *keptForm) key() string { return "form/" + f.ID }

// keepForm writes a form down. One that cannot be is known until payoff stops.
func (a *Adapter) keepForm(ctx context.Context, f *keptForm) error {
	now := a.now()
	value, err := json.Marshal(f)
	if err == nil {
		err = a.cfg.Memory.Remember(ctx, f.key(), value, now.Add(formStays))
	}
	if err != nil {
		a.memory.forms.put(f.ID, value, now, formStays)
		return fmt.Errorf("keep a form: %w", err)
	}
	a.memory.forms.drop(f.ID)
	return nil
}

// forgetForm gives up a form that was taken. Until payoff stops it is known all the same: who
// submits it again, because the answer was lost on its way, shall be answered the same.
func (a *Adapter) forgetForm(ctx context.Context, f *keptForm) error {
	value, err := json.Marshal(f)
	if err == nil {
		a.memory.forms.put(f.ID, value, a.now(), formStays)
		err = a.cfg.Memory.Remember(ctx, f.key(), nil, time.Time{})
	}
	if err != nil {
		return fmt.Errorf("forget a form: %w", err)
	}
	return nil
}

// recallForm finds a form that was kept within the hour.
func (a *Adapter) recallForm(ctx context.Context, id string) (*keptForm, bool, error) {
	value, found := a.memory.forms.get(id, a.now())
	if !found {
		var err error
		value, found, err = a.cfg.Memory.Recall(ctx, "form/"+id)
		if err != nil {
			return nil, false, fmt.Errorf("recall a form: %w", err)
		}
	}
	f := &keptForm{}
	if !found || json.Unmarshal(value, f) != nil || f.ID != id || f.Values == nil {
		return nil, false, nil // or one of another payoff
	}
	return f, true, nil
}

// lockOf has one form's changes come one after the other.
func (m *memory) lockOf(id string) *sync.Mutex {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return &m.filling[h.Sum32()%uint32(len(m.filling))]
}
