package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"payoff/bot/chat"
)

// A delivery is what Slack brought, by socket or by HTTP. One of the three is set.
type delivery struct {
	command     *slackapi.SlashCommand
	interaction *slackapi.InteractionCallback
	event       *slackevents.EventsAPICallbackEvent // InnerEvent still to be parsed
	retry       int                                 // how often it was brought before
}

// refused is what acknowledge is given for a delivery that Slack shall bring again: over HTTP
// a 503, on a socket no acknowledgement.
type refused struct{}

// Both handling a delivery and answering it may take this long, each.
const errandLimit = 2 * time.Minute

// An errand is a delivery on its way.
type errand struct {
	a     *Adapter
	is    beginning
	event chat.Event

	team, enterprise string
	user, name       string // name is what the payload calls them
	trigger          string // opens one form
	address          string // to answer through; "" is none, or no more
	on               origin // of the button or the form
	view             *slackapi.View
	home             *home // that was opened
	asking           int
	retry            int

	turn  *turn
	ack   func(any)
	stage atomic.Int32
	owed  atomic.Bool // acknowledged before it was known where it is from: Slack brings it no more
	w     *workspace  // to be read once stageEntered
	posts int         // how many were made, and through the address
	uses  int
}

// A beginning is how an errand began, and so how it is answered.
type beginning int

const (
	byCommand beginning = iota
	byMessage
	byButton // or a shortcut
	byForm
	byHome    // the App Home was opened
	byLeaving // payoff was removed
)

// The stages of an errand. Whoever moves it on from waiting has decided.
const (
	stageWaiting int32 = iota
	stageEntered       // it is being handled, and is not lost
	stageGivenUp       // a form that its person was asked to send once more, and is handled no more
)

// take does what a delivery asks for. It calls acknowledge once, within ackLimit whatever
// the handler does, with what Slack is to be told (nil: nothing), and returns when all of it
// is done: the work is counted in a.work.
func (a *Adapter) take(ctx context.Context, d delivery, acknowledge func(payload any)) {
	if !a.begin() {
		acknowledge(refused{})
		return
	}
	defer a.work.Done()
	e, err := a.readSafely(ctx, d)
	if err != nil {
		acknowledge(a.unreadable(ctx, err))
		return
	}
	var first bool
	if e.turn, first = a.answered.claim(e.event.ID, a.now()); !first {
		acknowledge(e.turn.wait())
		return
	}
	e.ack = acknowledge
	ctx, cancel := a.lasting(ctx)
	defer cancel()
	e.run(ctx)
}

// readSafely is read for which no delivery can be too strange: a panic is logged, and the
// delivery was malformed.
func (a *Adapter) readSafely(ctx context.Context, d delivery) (e *errand, err error) {
	defer func() {
		if v := recover(); v != nil {
			a.log.ErrorContext(ctx, "slack: panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			e, err = nil, errMalformed
		}
	}()
	return a.read(d)
}

// begin counts a delivery as under way, unless the adapter is closed.
func (a *Adapter) begin() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return false
	}
	a.work.Add(1)
	return true
}

// unreadable is how a delivery is acknowledged that is no errand.
func (a *Adapter) unreadable(ctx context.Context, err error) any {
	switch {
	case errors.Is(err, errForeign):
		a.log.WarnContext(ctx, "slack: a form was not taken", "err", err)
		return foreign()
	case errors.Is(err, errMalformed):
		a.log.WarnContext(ctx, "slack: a delivery was not taken", "err", err)
	default:
		a.log.DebugContext(ctx, "slack: a delivery was ignored", "err", err)
	}
	return nil
}

// lasting is ctx for as long as the adapter lives: what Slack's request or connection does
// meanwhile changes nothing.
func (a *Adapter) lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(a.life, cancel)
	return ctx, func() { stop(); cancel() }
}

// A handled errand has its reply, or the reason why the handler was not asked.
type handled struct {
	reply chat.Reply
	err   error
}

// run asks, acknowledges in time, and answers.
func (e *errand) run(ctx context.Context) {
	late := time.NewTimer(ackLimit)
	defer late.Stop()
	defer e.acknowledge(nil)
	defer e.survive(ctx, func(string) {})

	asked := make(chan handled, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, errandLimit)
		defer cancel()
		defer e.survive(ctx, func(ref string) {
			asked <- handled{reply: chat.Say{Messages: []chat.Message{chat.Sorry(ref)}, Private: true}}
		})
		r, err := e.ask(ctx)
		asked <- handled{r, err}
	}()

	view := ""
	var got handled
	select {
	case got = <-asked:
	case <-late.C:
		view = e.overdue(ctx)
		got = <-asked
	}
	ctx, cancel := context.WithTimeout(ctx, errandLimit)
	defer cancel()
	if got.err != nil {
		e.unasked(ctx, got.err)
		return
	}
	e.failed(ctx, e.finish(ctx, view, got.reply))
}

// finish brings the reply to its person. View is what has stood in for it, if anything has.
func (e *errand) finish(ctx context.Context, view string, r chat.Reply) error {
	if e.is == byLeaving {
		return nil
	}
	if e.is == byForm && view == "" {
		return errors.Join(e.settle(ctx, r), e.renewHome(ctx, r))
	}
	e.acknowledge(nil)
	switch {
	case e.is == byHome:
		return e.furnish(ctx, e.home, e.asking, r)
	case view != "":
		return errors.Join(e.replace(ctx, view, r), e.renewHome(ctx, r))
	}
	return errors.Join(e.deliver(ctx, r), e.renewHome(ctx, r))
}

// acknowledge tells Slack, the first time it is called.
func (e *errand) acknowledge(payload any) { e.turn.acknowledge(payload, e.ack) }

// reference is the event's; the rest of the event may just be being found out.
func (e *errand) reference() string { return chat.Reference(chat.Event{ID: e.event.ID}) }

// mayRepeat lets the same delivery be taken again.
func (e *errand) mayRepeat() { e.a.answered.forget(e.event.ID, e.turn) }

// survive keeps a panic here: it is logged, and then told with its reference.
func (e *errand) survive(ctx context.Context, then func(reference string)) {
	if v := recover(); v != nil {
		ref := e.reference()
		e.a.log.ErrorContext(ctx, "slack: panicked", "event", e.event.ID, "reference", ref,
			"panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		then(ref)
	}
}

// ask finds out who it was and where, and asks the handler. An error says that the handler
// was not reached.
func (e *errand) ask(ctx context.Context) (chat.Reply, error) {
	if e.is == byLeaving {
		e.stage.Store(stageEntered)
		return nil, e.a.uninstalled(ctx, e.space())
	}
	w, err := e.findWorkspace(ctx)
	if err != nil {
		return nil, fmt.Errorf("find workspace %s: %w", e.space(), err)
	}
	if e.user == w.bot {
		return nil, errIgnored
	}
	e.w = w
	if !e.stage.CompareAndSwap(stageWaiting, stageEntered) {
		return nil, errIgnored // refused by now
	}
	p := w.person(ctx, e.user, e.name)
	if w.gone(e.user) { // deactivated, or a bot
		return nil, errIgnored
	}
	e.event.From = chat.Person{Platform: Platform, Space: e.space(), ID: e.user, Name: p.name, Zone: p.zone, Locale: p.locale}
	e.event.Admin = func(ctx context.Context) (bool, error) { return w.admin(ctx, e.user) }
	e.findRoom(ctx)
	if e.is == byHome {
		e.a.answered.sawHome(e.who(), e.a.now())
		e.home, e.asking = e.a.answered.home(e.who(), e.a.now())
	}
	return e.a.handler.Handle(ctx, e.event), nil
}

// findWorkspace finds where a delivery is from. Slack brings again what could not be taken;
// what it no longer does, because it was acknowledged meanwhile, is tried again here.
func (e *errand) findWorkspace(ctx context.Context) (*workspace, error) {
	for attempt := 0; ; attempt++ {
		w, err := e.a.workspace(ctx, e.team, e.enterprise)
		if !isKind(err, chat.Transient) || !e.owed.Load() || waitFor(ctx, backoff(attempt)) != nil {
			return w, err
		}
	}
}

// findRoom finds out whether the room is the person's own with payoff.
func (e *errand) findRoom(ctx context.Context) {
	r := &e.event.Room
	if r.Direct || r.ID != "" && !strings.HasPrefix(r.ID, "D") {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookupLimit)
	defer cancel()
	direct, err := e.w.direct(ctx, e.user)
	switch {
	case err != nil:
		// What was done nowhere, on the Home or in the menu of shortcuts, is answered there.
		e.a.log.DebugContext(ctx, "slack: direct room not found", "event", e.event.ID, "err", err)
		r.Direct = r.ID == ""
	case r.ID == "" || r.ID == direct:
		*r = chat.Room{ID: direct, Direct: true}
	}
}

// overdue acknowledges an errand that is still being handled. It returns the view that stands
// in for the answer until then, "" where there is none.
func (e *errand) overdue(ctx context.Context) (view string) {
	switch e.is {
	case byMessage, byHome:
		e.owed.Store(true)
	case byForm:
		if e.stage.CompareAndSwap(stageWaiting, stageGivenUp) {
			e.mayRepeat()
			e.acknowledge(e.unsent())
			return ""
		}
		e.acknowledge(inPlace(noticeView(e.title(), plainWords("Saving"), nil)))
		return e.view.ID
	}
	e.acknowledge(nil)
	if e.stage.Load() != stageEntered || !e.opensForm() {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, errandLimit)
	defer cancel()
	id, err := e.w.openView(ctx, e.trigger, noticeView(plainTitle, plainWords("One moment"), nil))
	if err != nil {
		e.trigger = "" // used up or too old: the form will be offered instead
		e.a.log.DebugContext(ctx, "slack: no view opened", "event", e.event.ID, "err", err)
	}
	return id
}

// unasked ends an errand whose handler was not reached. What can be brought again is; of the
// rest its person is told.
func (e *errand) unasked(ctx context.Context, err error) {
	if errors.Is(err, errIgnored) || isKind(err, chat.Gone) {
		e.a.log.DebugContext(ctx, "slack: a delivery was ignored", "event", e.event.ID, "err", err)
		return
	}
	e.failed(ctx, err)
	e.mayRepeat()
	switch e.is {
	case byMessage, byHome, byLeaving:
		e.acknowledge(refused{})
	case byForm:
		e.acknowledge(e.unsent())
	default:
		e.acknowledge(nil)
		e.failed(ctx, e.apologise(ctx))
	}
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
	e.a.log.Log(ctx, level, "slack: not answered", "event", e.event.ID, "reference", e.reference(), "err", err)
}
