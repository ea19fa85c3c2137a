package discord

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"payoff/bot/chat"
)

const (
	sayExpired = "I keep a form for an hour, and this one I have no more. Please ask for it again."
	sayForeign = "That form was opened by someone else. Please ask for one of your own."
)

// askPart opens one more part of a form, by a button.
func (e *errand) askPart(ctx context.Context, id string) result {
	id, part := formAndPart(id)
	if no, ok := e.find(ctx, id); !ok {
		return no
	}
	if n := len(partsOf(e.form.Form)); part >= n { // it was taken apart otherwise when the button was made
		part = e.form.next(n - 1)
	}
	return result{form: e.form, part: part}
}

// find finds the form that its person goes on with. Where that cannot be, no says why, and
// gives back what was typed.
func (e *errand) find(ctx context.Context, id string) (no result, ok bool) {
	f, found, err := e.a.recallForm(ctx, id)
	switch {
	case err != nil:
		e.failed(ctx, err)
		return notice(sayNotes, e.typedBack()...), false
	case !found:
		return notice(sayExpired, e.typedBack()...), false
	case f.User != e.in.by.ID, e.in.server != "" && e.in.server != f.Server:
		return notice(sayForeign, e.typedBack()...), false
	}
	if no, ok := e.place(ctx, f.Server); !ok {
		return no, false
	}
	e.form, e.event.Room = f, f.Room
	return result{}, true
}

// askForm takes what was filled in. The handler is asked once all of the form has been seen
// and nothing in it is known to be wrong; until then a card goes on to the next part.
func (e *errand) askForm(ctx context.Context) result {
	rest, ok := strings.CutPrefix(e.in.customID, idOfForm)
	if !ok {
		return notice(sayExpired, e.typedBack()...)
	}
	id, part := formAndPart(rest)
	if no, ok := e.fill(ctx, id); !ok {
		return no
	}
	f := e.form
	e.card = e.in.message != "" && e.in.message != f.Origin
	if len(f.Need) > 0 {
		return result{reply: chat.Whisper(f.card(part).Blocks...)}
	}
	e.event.ID = Platform + "/f/" + f.ID + "/" + fillingOf(f.Form.Call, f.Values)
	e.event.Did = chat.Submitted{Call: f.Form.Call, Values: f.Values}
	reply := e.a.handler.Handle(ctx, e.event)
	open, is := reply.(chat.OpenForm)
	if !is && e.wentWrong(reply) {
		return result{reply: chat.Whisper(f.message(chat.Sorry(chat.Reference(e.event)).Blocks, 0, "Open the form").Blocks...)}
	}
	if !is {
		f.done = true
		return result{reply: reply}
	}
	if open.Form.Call != f.Form.Call {
		f.done = true
		next := newForm(e, open.Form)
		next.Origin, next.Hidden, next.Room = f.Origin, f.Hidden, f.Room
		e.failed(ctx, e.a.keepForm(ctx, next))
		return result{reply: chat.Whisper(next.readyCard(0).Blocks...)}
	}
	f.correct(open.Form)
	e.failed(ctx, e.a.keepForm(ctx, f))
	return result{reply: chat.Whisper(f.card(part).Blocks...)}
}

// wentWrong says that the handler failed: then the form may be submitted once more.
func (e *errand) wentWrong(reply chat.Reply) bool {
	say, is := reply.(chat.Say)
	return is && len(say.Messages) == 1 && reflect.DeepEqual(say.Messages[0], chat.Sorry(chat.Reference(e.event)))
}

// fill keeps what was typed, before anything else is done with it.
func (e *errand) fill(ctx context.Context, id string) (no result, ok bool) {
	lock := e.a.memory.lockOf(id)
	lock.Lock()
	defer lock.Unlock()
	if no, ok := e.find(ctx, id); !ok {
		return no, false
	}
	e.form.fill(e.in.byID())
	e.failed(ctx, e.a.keepForm(ctx, e.form))
	return result{}, true
}

// typedBack is what was typed into a form that cannot be taken.
func (e *errand) typedBack() (all []chat.Block) {
	for _, t := range e.in.typed {
		if strings.TrimSpace(t.value) != "" {
			all = append(all, chat.T(t.value))
		}
	}
	if len(all) > 0 {
		all = slices.Insert(all, 0, chat.Block(chat.Quiet("This is what you typed:")))
	}
	return all
}

// fillingOf tells one filling of a form from another.
func fillingOf(call string, values map[string]string) string {
	all := []string{call}
	for _, id := range slices.Sorted(maps.Keys(values)) {
		all = append(all, id, values[id])
	}
	return digestOf(all...)
}

// formAndPart takes a custom_id apart; a part that is none is the first.
func formAndPart(id string) (form string, part int) {
	form, number, _ := strings.Cut(id, ":")
	part, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || part < 0 {
		return form, 0
	}
	return form, part
}
