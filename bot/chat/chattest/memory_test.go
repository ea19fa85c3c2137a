package chattest_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
)

// A memory is the smallest adapter: people, two kinds of rooms and what is seen in them. With
// a fault it does one thing wrong, which the suite must find.
type memory struct {
	handler chat.Handler
	fault   string
	life    context.Context
	stop    context.CancelFunc
	acts    sync.WaitGroup

	mu       sync.Mutex
	lines    []line
	keys     map[string]chat.Receipt
	forms    map[string]open
	answered map[string]bool
	count    int
}

type line struct {
	id   string
	room string
	only string
	by   string
	said chat.Message
}

type open struct {
	room   chat.Room
	origin string
	form   chat.Form
}

func newMemory(fault string) chattest.New {
	return func(t *testing.T, h chat.Handler, log *slog.Logger) chattest.Adapter {
		m := &memory{
			handler: chat.Guard(h, log), fault: fault,
			keys: map[string]chat.Receipt{}, forms: map[string]open{}, answered: map[string]bool{},
		}
		if fault == "panic" {
			m.handler = quiet{h}
		}
		if fault == "leak" {
			go func() { <-make(chan struct{}) }()
		}
		m.life, m.stop = context.WithCancel(context.Background())
		t.Cleanup(m.stop)
		return m
	}
}

// quiet hides a panic and says nothing of it.
type quiet struct{ chat.Handler }

func (q quiet) Handle(ctx context.Context, e chat.Event) (r chat.Reply) {
	defer func() {
		if recover() != nil {
			r = nil
		}
	}()
	return q.Handler.Handle(ctx, e)
}

func (m *memory) Stop(context.Context) error {
	m.stop()
	m.acts.Wait()
	return nil
}

func (m *memory) People() []chat.Person {
	return []chat.Person{{Platform: "memory", Space: "s", ID: "ann", Name: "Ann"}, {Platform: "memory", Space: "s", ID: "bob", Name: "Bob"}}
}

func (m *memory) Shared() chat.Room { return chat.Room{ID: "team", Name: "team"} }

func (m *memory) Direct(p chat.Person) chat.Room {
	return chat.Room{ID: "dm-" + p.ID, Name: "payoff", Direct: true}
}

func (m *memory) post(l line) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count++
	l.id = strconv.Itoa(m.count)
	m.lines = append(m.lines, l)
	return l.id
}

func (m *memory) replace(id string, said chat.Message) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.lines {
		if m.lines[i].id == id {
			m.lines[i].said = said
			return true
		}
	}
	return false
}

func (m *memory) Send(ctx context.Context, to chat.Address, said chat.Message, key string) (chat.Receipt, error) {
	if ctx.Err() != nil {
		return chat.Receipt{}, &chat.Error{Kind: chat.Transient, Err: ctx.Err()}
	}
	room, err := m.place(to)
	if err != nil {
		return chat.Receipt{}, err
	}
	if m.fault == "large" && len(said.Blocks) > 50 {
		return chat.Receipt{}, &chat.Error{Kind: chat.Invalid, Err: errors.New("too many blocks")}
	}
	m.mu.Lock()
	r, ok := m.keys[key]
	m.mu.Unlock()
	if ok && m.fault != "key" {
		return r, nil
	}
	r = chat.Receipt{Address: to, Message: m.post(line{room: room, said: said})}
	m.mu.Lock()
	m.keys[key] = r
	m.mu.Unlock()
	return r, nil
}

func (m *memory) place(to chat.Address) (string, error) {
	room := to.Room
	if room == "" {
		room = "dm-" + to.Person
	}
	if !slices.Contains([]string{"team", "dm-ann", "dm-bob"}, room) {
		return "", &chat.Error{Kind: chat.Gone, Err: errors.New("no such room")}
	}
	return room, nil
}

func (m *memory) Find(_ context.Context, to chat.Address, key string) (chat.Receipt, bool, error) {
	if _, err := m.place(to); err != nil {
		return chat.Receipt{}, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r, found := m.keys[key]
	return r, found && m.fault != "find", nil
}

func (m *memory) Edit(_ context.Context, r chat.Receipt, said chat.Message) error {
	if !m.replace(r.Message, said) {
		return &chat.Error{Kind: chat.Gone, Err: errors.New("no such message")}
	}
	return nil
}

func (m *memory) Type(id string, by chat.Person, in chat.Room, text string) error {
	command, slash := strings.CutPrefix(text, "/")
	only := by.ID
	if !slash {
		only = ""
	}
	if !m.repeated(id) {
		m.post(line{room: in.ID, only: only, by: by.ID, said: chat.Message{Blocks: []chat.Block{chat.T(text)}}})
	}
	switch {
	case slash:
		command = strings.TrimSpace(strings.TrimPrefix(command, "payoff"))
		m.handle(id, by, in, "", chat.Typed{Text: command})
	case in.Direct:
		m.handle(id, by, in, "", chat.Wrote{Text: text})
	}
	return nil
}

func (m *memory) repeated(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answered[id]
}

func (m *memory) Press(id string, by chat.Person, in chat.Room, on chattest.Shown, label string) error {
	m.mu.Lock()
	var call string
	for _, l := range m.lines {
		for _, b := range l.said.Blocks {
			row, _ := b.(chat.Actions)
			for _, button := range row {
				if l.id == on.ID && button.Label == label {
					call = button.Call
				}
			}
		}
	}
	m.mu.Unlock()
	if m.fault == "call" {
		call = label
	}
	m.handle(id, by, in, on.ID, chat.Pressed{Call: call})
	return nil
}

func (m *memory) Fill(id string, by chat.Person, values map[string]string) error {
	m.mu.Lock()
	o, ok := m.forms[by.ID]
	delete(m.forms, by.ID)
	m.mu.Unlock()
	if !ok {
		return errors.New("no form is open")
	}
	did := chat.Submitted{Call: o.form.Call, Values: map[string]string{}}
	for _, f := range o.form.Fields {
		v, ok := values[f.Label]
		if !ok {
			v = f.Value
		}
		for _, c := range f.Choices {
			if c.Label == v {
				v = c.Value
			}
		}
		did.Values[f.ID] = v
	}
	m.handle(id, by, o.room, o.origin, did)
	return nil
}

func (m *memory) handle(id string, by chat.Person, in chat.Room, origin string, did chat.Did) {
	if m.fault == "id" {
		m.mu.Lock()
		m.count++
		id = strconv.Itoa(m.count)
		m.mu.Unlock()
	}
	if m.fault == "from" {
		by.Name = ""
	}
	if m.repeated(id) {
		return
	}
	m.acts.Add(1)
	defer m.acts.Done()
	reply := m.handler.Handle(m.life, chat.Event{ID: id, From: by, Room: in, Did: did, Admin: func(context.Context) (bool, error) {
		return by.ID == "ann" || m.fault == "admin", nil
	}})
	m.mu.Lock()
	m.answered[id] = true
	m.mu.Unlock()
	m.answer(by, in, origin, did, reply)
}

func (m *memory) answer(by chat.Person, in chat.Room, origin string, did chat.Did, reply chat.Reply) {
	only := by.ID
	if in.Direct {
		only = ""
	}
	switch r := reply.(type) {
	case chat.Say:
		if !r.Private || m.fault == "private" {
			only = ""
		}
		for _, said := range r.Messages {
			m.post(line{room: in.ID, only: only, said: said})
		}
	case chat.Update:
		if m.fault == "update" || !m.replace(origin, r.Message) {
			m.post(line{room: in.ID, only: only, said: r.Message})
		}
	case chat.OpenForm:
		f := r.Form
		f.Fields = slices.Clone(f.Fields)
		if s, ok := did.(chat.Submitted); ok && s.Call == f.Call && m.fault != "typed" {
			for i := range f.Fields {
				f.Fields[i].Value = s.Values[f.Fields[i].ID]
			}
		}
		m.mu.Lock()
		m.forms[by.ID] = open{in, origin, f}
		m.mu.Unlock()
	}
}

func (m *memory) Seen(p chat.Person, in chat.Room) []chattest.Shown {
	m.mu.Lock()
	defer m.mu.Unlock()
	var seen []chattest.Shown
	for _, l := range m.lines {
		if l.room != in.ID || (l.only != "" && l.only != p.ID) {
			continue
		}
		s := chattest.Shown{ID: l.id, Bot: l.by == "", Private: l.only != ""}
		for _, b := range l.said.Blocks {
			switch b := b.(type) {
			case chat.Actions:
				for _, button := range b {
					s.Buttons = append(s.Buttons, chat.Clean(button.Label))
				}
			case chat.Image:
				s.Images = append(s.Images, chat.Clean(b.Alt))
			case chat.File:
				s.Files = append(s.Files, chat.Clean(b.Name))
			default:
				text := chat.Message{Blocks: []chat.Block{b}}.Plain()
				if m.fault == "markup" {
					text = strings.ReplaceAll(text, "*", "")
				}
				s.Text += text + "\n"
			}
		}
		seen = append(seen, s)
	}
	return seen
}

func (m *memory) Form(p chat.Person) (chattest.ShownForm, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.forms[p.ID]
	if !ok {
		return chattest.ShownForm{}, false
	}
	f := chattest.ShownForm{Title: chat.Clean(o.form.Title), Intro: chat.PlainText(o.form.Intro), Error: chat.Clean(o.form.Error)}
	for _, field := range o.form.Fields {
		s := chattest.ShownField{Label: chat.Clean(field.Label), Hint: chat.Clean(field.Hint), Value: chat.Clean(field.Value), Error: chat.Clean(field.Error), Required: field.Required}
		for _, c := range field.Choices {
			s.Choices = append(s.Choices, chat.Clean(c.Label))
			if c.Value == field.Value {
				s.Value = chat.Clean(c.Label)
			}
		}
		f.Fields = append(f.Fields, s)
	}
	return f, true
}
