package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"payoff/bot/chat"
)

// An Act is something a person does in a room: Typed and Wrote as in the message box, Pressed
// the newest button with that Call that they see there, Submitted the newest form with that
// Call that was shown to them there, or one that was not. Plain words in a shared room are for its people and reach no handler.
type Act struct {
	ID     string // names the act; empty makes one up
	Person string
	Room   string // empty is the person's direct room
	Did    chat.Did
}

// Do carries out an act as the page would, and returns when it is answered. It is how a
// program plays people.
func (w *Workspace) Do(ctx context.Context, a Act) (chat.Reply, error) {
	if a.ID == "" {
		a.ID = rand.Text()
	}
	if a.Room == "" {
		a.Room = directPrefix + a.Person
	}
	r, err := w.place(a.Person, a.Room)
	if err != nil {
		return nil, err
	}
	var origin int64
	switch did := a.Did.(type) {
	case chat.Pressed:
		origin = w.lastButton(r, a.Person, did.Call)
	case chat.Submitted:
		origin = w.formOrigin(a.Person, a.Room, did.Call)
	}
	got, err := w.deliver(ctx, a, origin)
	return got.reply, err
}

// An answer is what an act came to: the reply, and the form it opened, if it did.
type answer struct {
	reply chat.Reply
	form  *openForm
}

// A delivery is an act under way or done. Done is closed when its answer stands.
type delivery struct {
	done   chan struct{}
	answer answer
}

// deliveries remembers the last acts, so that one posted again is answered as before.
type deliveries struct {
	byID  map[string]*delivery
	order []string
}

// remembered bounds deliveries; a repeat comes within seconds of the first.
const remembered = 512

func (d *deliveries) claim(id string) (it *delivery, first bool) {
	if it, ok := d.byID[id]; ok {
		return it, false
	}
	it = &delivery{done: make(chan struct{})}
	d.byID[id] = it
	d.order = append(d.order, id)
	if len(d.order) > remembered {
		delete(d.byID, d.order[0])
		d.order = slices.Delete(d.order, 0, 1)
	}
	return it, true
}

// repeated is the answer to an act that was taken before, waiting for it where need be.
func (w *Workspace) repeated(ctx context.Context, a Act) (answer, bool, error) {
	w.mu.Lock()
	d, ok := w.taken.byID[a.eventID()]
	w.mu.Unlock()
	if !ok {
		return answer{}, false, nil
	}
	got, err := d.wait(ctx)
	return got, true, err
}

func (d *delivery) wait(ctx context.Context) (answer, error) {
	select {
	case <-d.done:
		return d.answer, nil
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
}

// eventID is the same for the same act, across restarts.
func (a Act) eventID() string { return Platform + "/" + a.Person + "/" + a.ID }

// deliver posts what the act says, asks the handler and posts what it answers. Origin is the
// message that the act began on, or 0.
func (w *Workspace) deliver(ctx context.Context, a Act, origin int64) (answer, error) {
	if err := w.begin(); err != nil {
		return answer{}, err
	}
	defer w.acts.Done()
	p, ok := w.person(a.Person)
	if !ok {
		return answer{}, errNoPerson
	}
	r, err := w.place(a.Person, a.Room)
	if err != nil {
		return answer{}, err
	}
	w.mu.Lock()
	d, first := w.taken.claim(a.eventID())
	w.mu.Unlock()
	if !first {
		return d.wait(ctx)
	}
	defer close(d.done)
	ctx, end := w.alive(ctx)
	defer end()

	w.echo(r, p, a.Did)
	if _, chatter := a.Did.(chat.Wrote); chatter && !r.Direct {
		return answer{}, nil
	}
	reply := w.handler.Handle(ctx, chat.Event{
		ID:    a.eventID(),
		From:  w.chatPerson(p),
		Room:  r.Room,
		Did:   a.Did,
		Admin: w.admin(p.ID),
	})
	d.answer = w.answer(r, p, a, origin, reply)
	return d.answer, nil
}

// echo posts what a person typed. A command in a shared room is shown to them alone, so that
// amounts typed there stay theirs.
func (w *Workspace) echo(r *room, p Person, did chat.Did) {
	switch did := did.(type) {
	case chat.Typed:
		e := entry{from: p.ID, said: chat.Message{Blocks: []chat.Block{chat.T(chat.C("/" + did.Text))}}}
		if !r.Direct {
			e.only = p.ID
		}
		w.post(r, e, "")
	case chat.Wrote:
		w.post(r, entry{from: p.ID, said: chat.Message{Blocks: []chat.Block{chat.T(did.Text)}}}, "")
	}
}

// answer posts a reply. Its messages are named after the act.
func (w *Workspace) answer(r *room, p Person, act Act, origin int64, reply chat.Reply) answer {
	a := answer{reply: reply}
	key := "answer/" + act.eventID()
	switch reply := reply.(type) {
	case chat.Say:
		e := entry{}
		if reply.Private && !r.Direct {
			e.only = p.ID
		}
		if typed, ok := act.Did.(chat.Typed); ok && e.only == "" && !r.Direct {
			e.via = fmt.Sprintf("%s used /%s", p.Name, w.commandName(typed.Text))
		}
		for i, m := range reply.Messages {
			e.said = m
			w.post(r, e, key+"/"+strconv.Itoa(i))
			e.via = ""
		}
	case chat.Update:
		if _, ok := w.message(r, origin, p.ID); ok && w.edit(r, origin, reply.Message) {
			break
		}
		e := entry{said: reply.Message}
		if !r.Direct {
			e.only = p.ID
		}
		w.post(r, e, key)
	case chat.OpenForm:
		if s, ok := act.Did.(chat.Submitted); ok {
			keepTyped(&reply.Form, s)
		}
		a.form = w.openForm(p.ID, r.ID, origin, reply.Form)
	}
	return a
}

// commandName is the words of a line that name its command.
func (w *Workspace) commandName(line string) string {
	words := strings.Fields(line)
	best := ""
	for _, c := range w.cfg.Commands {
		name := strings.Fields(c.Name)
		if len(name) <= len(words) && len(c.Name) > len(best) && slices.EqualFunc(name, words[:len(name)], strings.EqualFold) {
			best = c.Name
		}
	}
	if best == "" && len(words) > 0 {
		best = words[0]
	}
	return best
}

// lastButton is the newest message in which person sees a button with this call, or 0.
func (w *Workspace) lastButton(r *room, person, call string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range slices.Backward(r.entries) {
		if !e.visible(person) {
			continue
		}
		for _, b := range buttons(e.said) {
			if b.Call == call {
				return e.seq
			}
		}
	}
	return 0
}

// buttons are those of a message from top to bottom.
func buttons(m chat.Message) []chat.Button {
	var all []chat.Button
	for _, b := range m.Blocks {
		if row, ok := b.(chat.Actions); ok {
			all = append(all, row...)
		}
	}
	return all
}
