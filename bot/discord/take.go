package discord

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"payoff/bot/chat"
)

const (
	// ackLimit leaves time for the way there and back: Discord waits three seconds.
	// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback
	ackLimit = 1500 * time.Millisecond
	// completeLimit is the same for proposals, of which nothing comes later.
	completeLimit = 2500 * time.Millisecond
	// Handling an interaction and answering it may take this long, each: far less than the
	// fifteen minutes that a token lives.
	errandLimit = 2 * time.Minute
)

// An errand is an interaction on its way.
type errand struct {
	a     *Adapter
	in    *interaction
	event chat.Event
	form  *keptForm // that was opened, or is being filled in
	used  bool      // its person said which server is meant
	stood error     // why the interaction could not be read

	stage  stage
	hidden bool // what stands in for the answer is for its person alone
	card   bool // a card of payoff's own was gone on from, whose place the answer takes
}

// A result is what an errand ends in: a reply, or a part of a form to be filled in.
type result struct {
	reply chat.Reply
	form  *keptForm
	part  int
}

// take does what an interaction asks for, as Discord's JSON, and returns when all of it is done.
func (a *Adapter) take(ctx context.Context, raw []byte) {
	if !a.begin() {
		return
	}
	defer a.work.Done()
	a.serve(ctx, raw)
}

// serve is take for who has begun.
func (a *Adapter) serve(ctx context.Context, raw []byte) {
	in, err := decode(raw)
	if in != nil && !a.memory.taken.put(in.id, struct{}{}, a.now(), takenFor) {
		return // the gateway repeats after a resume, and HTTP may
	}
	if err != nil {
		a.log.WarnContext(ctx, "discord: an interaction was not taken", "err", err)
	}
	if in == nil {
		return
	}
	ctx, cancel := a.lasting(ctx)
	defer cancel()
	e := &errand{a: a, in: in, stood: err, event: chat.Event{ID: Platform + "/" + in.id, From: in.by, Room: in.room}}
	switch in.kind {
	case kindAutocomplete:
		defer e.survive(ctx, nil)
		e.complete(ctx)
	case kindCommand, kindComponent, kindSubmit:
		e.run(ctx)
	default:
		a.log.DebugContext(ctx, "discord: an interaction was ignored", "event", e.event.ID, "type", in.kind)
	}
}

// lasting is ctx for as long as the adapter lives: what the connection or the request does
// meanwhile changes nothing.
func (a *Adapter) lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(a.life, cancel)
	return ctx, func() { stop(); cancel() }
}

// run asks, acknowledges in time, and answers.
func (e *errand) run(ctx context.Context) {
	e.hidden = e.hides(ctx)
	asked := make(chan result, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, errandLimit)
		defer cancel()
		defer e.survive(ctx, func() { asked <- result{reply: e.sorry()} })
		asked <- e.ask(ctx)
	}()
	late := time.NewTimer(ackLimit)
	defer late.Stop()
	var r result
	select {
	case r = <-asked:
	case <-late.C:
		e.wait(ctx)
		r = <-asked
	}
	ctx, cancel := context.WithTimeout(ctx, errandLimit)
	defer cancel()
	err := e.deliverSafely(ctx, r)
	e.failed(ctx, err)
	if isKind(err, chat.Invalid) { // Discord will never take it, and its person waits
		e.failed(ctx, e.say(ctx, e.sorry()))
	}
	e.finish(ctx)
}

// deliverSafely is deliver, of which a panic is answered too.
func (e *errand) deliverSafely(ctx context.Context, r result) (err error) {
	defer e.survive(ctx, func() {
		defer e.survive(ctx, nil)
		err = e.say(ctx, e.sorry())
	})
	return e.deliver(ctx, r)
}

// finish does what nobody waits for.
func (e *errand) finish(ctx context.Context) {
	defer e.survive(ctx, nil)
	if e.used {
		e.a.usedIn(ctx, e.event.From.ID, e.event.From.Space)
	}
	if e.form != nil && e.form.done {
		e.failed(ctx, e.a.forgetForm(ctx, e.form))
	}
}

// survive keeps a panic here: it is logged, and then is called.
func (e *errand) survive(ctx context.Context, then func()) {
	if v := recover(); v != nil {
		e.a.log.ErrorContext(ctx, "discord: panicked", "event", e.event.ID, "reference", chat.Reference(e.event),
			"panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		if then != nil {
			then()
		}
	}
}

// sorry is what is said of a fault of payoff's own.
func (e *errand) sorry() chat.Say {
	return chat.Say{Messages: []chat.Message{chat.Sorry(chat.Reference(e.event))}, Private: true}
}

// failed logs what could not be done, once and here. That someone cannot be reached is no fault,
// nor is what payoff was stopped in.
func (e *errand) failed(ctx context.Context, err error) {
	if err == nil {
		return
	}
	level := slog.LevelError
	switch {
	case isKind(err, chat.Gone):
		level = slog.LevelDebug
	case e.a.life.Err() != nil:
		level = slog.LevelWarn
	}
	e.a.log.Log(ctx, level, "discord: not answered", "event", e.event.ID, "reference", chat.Reference(e.event), "err", err)
}
