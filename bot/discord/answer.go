package discord

import (
	"context"
	"errors"
	"fmt"
	"time"

	"payoff/bot/chat"
)

// deliver brings a result to its person.
func (e *errand) deliver(ctx context.Context, r result) error {
	if r.form != nil {
		return e.open(ctx, r.form, r.part)
	}
	switch reply := r.reply.(type) {
	case chat.Say:
		return e.say(ctx, reply)
	case chat.Update:
		return e.update(ctx, reply.Message)
	}
	return e.nothing(ctx)
}

// say posts messages in order. What can no longer be said through the interaction is sent.
func (e *errand) say(ctx context.Context, s chat.Say) error {
	if len(s.Messages) == 0 {
		return e.nothing(ctx)
	}
	for n, m := range s.Messages {
		ids := e.a.buttons(e.event.From.Space)
		pages := render(m, ids.id)
		e.keep(ctx, ids)
		var err error
		for _, p := range pages {
			if err = e.put(ctx, p, s.Private); err != nil {
				break
			}
		}
		if unreachable(err) {
			err = e.send(ctx, m, s.Private, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keep has the buttons of a message work once it is posted. Where that cannot be, it is posted
// all the same: its words matter more.
func (e *errand) keep(ctx context.Context, ids *buttons) { e.failed(ctx, ids.keep(ctx)) }

// put posts a page, the first in place of the card that was gone on from. That was for one
// person: what is for all is said apart, and the card goes.
func (e *errand) put(ctx context.Context, p page, private bool) error {
	if !e.card {
		return e.post(ctx, p, private)
	}
	if private || e.in.room.Direct {
		err := e.replace(ctx, p)
		e.card = err != nil && !unreachable(err)
		return err
	}
	if err := e.dismiss(ctx); err != nil {
		return err
	}
	return e.post(ctx, p, private)
}

// unreachable says that there may be another way to say it.
func unreachable(err error) bool {
	return isKind(err, chat.Gone) || isKind(err, chat.Transient) || isKind(err, chat.RateLimited)
}

// send says a message without the interaction: in its room, or to its person directly.
func (e *errand) send(ctx context.Context, m chat.Message, private bool, n int) error {
	key := e.event.ID
	if n > 0 {
		key = fmt.Sprintf("%s/%d", key, n+1)
	}
	from := e.event.From
	if from.ID == "" {
		return e.dead()
	}
	directly := chat.Address{Platform: Platform, Space: from.Space, Person: from.ID}
	if !private && !e.in.room.Direct && e.in.room.ID != "" {
		err := e.persist(ctx, func() error {
			_, err := e.a.Send(ctx, chat.Address{Platform: Platform, Space: from.Space, Room: e.in.room.ID}, m, key)
			return err
		})
		if !isKind(err, chat.Gone) {
			return err
		}
	}
	return e.persist(ctx, func() error {
		_, err := e.a.Send(ctx, directly, m, key)
		return err
	})
}

// firstPause and lastPause are how long is waited before something is tried again.
const (
	firstPause = 500 * time.Millisecond
	lastPause  = 20 * time.Second
)

// persist tries what may be tried again until it succeeds, will never, or ctx ends.
func (e *errand) persist(ctx context.Context, try func() error) error {
	for wait := firstPause; ; wait = min(2*wait, lastPause) {
		err := try()
		if !isKind(err, chat.Transient) && !isKind(err, chat.RateLimited) {
			return err
		}
		pause := wait
		var told *chat.Error
		if errors.As(err, &told) {
			pause = max(pause, told.RetryAfter)
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return err
		}
	}
}

// update replaces the message whose button was pressed, or whose form was filled in.
func (e *errand) update(ctx context.Context, m chat.Message) error {
	switch {
	case e.card && e.form.Origin != "" && !e.form.Hidden:
		if done, err := e.edit(ctx, e.form.Room.ID, e.form.Origin, m); done {
			if err == nil {
				err = e.dismiss(ctx)
			}
			return err
		}
	case !e.card && e.in.message != "":
		ids := e.a.buttons(e.event.From.Space)
		p := onePage(m, ids.id)
		e.keep(ctx, ids)
		err := e.replace(ctx, p)
		if !unreachable(err) {
			return err
		}
		if !e.in.hidden {
			if done, err := e.edit(ctx, e.in.room.ID, e.in.message, m); done {
				return err
			}
		}
	}
	return e.say(ctx, chat.Say{Messages: []chat.Message{m}, Private: true})
}

// edit replaces a message as payoff itself. It is not done where payoff is not let in.
func (e *errand) edit(ctx context.Context, room, message string, m chat.Message) (done bool, err error) {
	r := chat.Receipt{Address: chat.Address{Platform: Platform, Space: e.event.From.Space, Room: room}, Message: message}
	err = e.persist(ctx, func() error { return e.a.Edit(ctx, r, m) })
	return !isKind(err, chat.Gone), err
}

// open shows a part of a form. That must be the first answer, and not to another form: where
// it cannot be, a button opens it.
func (e *errand) open(ctx context.Context, f *keptForm, part int) error {
	if e.stage == stageFresh && e.in.kind != kindSubmit {
		err := e.callback(ctx, answerModal, f.modal(part), nil)
		if err == nil {
			e.stage = stageSpoken
			return nil
		}
		if !unreachable(err) && e.stage != stageUnsure {
			return err
		}
	}
	return e.say(ctx, chat.Say{Messages: []chat.Message{f.readyCard(part)}, Private: true})
}
