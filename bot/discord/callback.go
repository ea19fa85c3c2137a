package discord

import (
	"context"
	"net/http"
	"time"

	"payoff/bot/chat"
)

// Kinds of answers to an interaction.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	answerMessage = 4
	answerWaiting = 5 // a message that says that payoff is thinking
	answerSilent  = 6
	answerUpdate  = 7
	answerChoices = 8
	answerModal   = 9
)

// What Discord says of an interaction that cannot be answered, or has been.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
const (
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeAcknowledged       = 40060
	codeBadToken           = 50027
)

// callbackLimit is when Discord takes no first answer any more, and a little.
const callbackLimit = 4 * time.Second

// A stage is how far an interaction has been answered.
type stage int

const (
	stageFresh   stage = iota
	stageWaiting       // a message stands in for the answer
	stageSilent        // acknowledged without a word
	stageSpoken        // answered; more can be said
	stageUnsure        // answered by a call of which it is not known whether it was carried out
	stageDead          // there is no answering through it
)

// callback answers an interaction for the first time. It may be tried again: the second time
// Discord says that it was acknowledged.
func (e *errand) callback(ctx context.Context, kind int, data any, files []file) error {
	ctx, cancel := context.WithTimeout(ctx, callbackLimit)
	defer cancel()
	body := map[string]any{"type": kind}
	if data != nil {
		body["data"] = data
	}
	token := e.in.token.Reveal()
	err := e.a.rest.do(ctx, call{
		method: http.MethodPost, path: "/interactions/" + e.in.id + "/" + token + "/callback",
		body: body, files: files, open: true, secret: token,
	}, nil)
	switch {
	case tooLate(err):
		return e.dead()
	case code(err) == codeAcknowledged, isKind(err, chat.Transient), isKind(err, chat.RateLimited):
		e.stage = stageUnsure
	}
	return err
}

// tooLate says that there is no answering through an interaction.
func tooLate(err error) bool {
	switch code(err) {
	case codeUnknownInteraction, codeUnknownWebhook, codeBadToken:
		return true
	case unknownMessage:
		return false
	}
	return isKind(err, chat.Gone)
}

// through is a later call of an interaction: its message, or one more.
func (e *errand) through(ctx context.Context, c call, message string, out any) error {
	c.secret = e.in.token.Reveal()
	c.path, c.open = "/webhooks/"+e.in.application+"/"+c.secret+message, true
	err := e.a.rest.do(ctx, c, out)
	if tooLate(err) {
		return e.dead()
	}
	return err
}

// dead is the error of an interaction that cannot be answered any more.
func (e *errand) dead() error {
	e.stage = stageDead
	return goneFor("the interaction cannot be answered any more")
}

// original is the message that an interaction was answered with or, where that was done without
// a word, the one whose button was pressed.
const original = "/messages/@original"

// wait acknowledges an interaction that is still being handled.
func (e *errand) wait(ctx context.Context) {
	kind, next := answerSilent, stageSilent
	var data any
	if e.in.kind != kindComponent && e.in.message == "" {
		kind, next = answerWaiting, stageWaiting
		if e.hidden {
			data = map[string]any{"flags": flagHidden}
		}
	}
	err := e.callback(ctx, kind, data, nil)
	if err == nil {
		e.stage = next
		return
	}
	e.a.log.DebugContext(ctx, "discord: not acknowledged", "interaction", e.in.id, "err", err) // the event is just being found out
}

// hides says whether what stands in for an answer is for its person alone. In the direct room
// nothing is: what is there for one person only is gone with the next restart of Discord.
func (e *errand) hides(ctx context.Context) (is bool) {
	defer e.survive(ctx, func() { is = true })
	if e.in.room.Direct {
		return false
	}
	spec, known := e.spec()
	return e.in.kind != kindCommand || !known || spec.Private || spec.Form
}

// post says one more page, in whatever way is left.
func (e *errand) post(ctx context.Context, p page, private bool) error {
	private = private && !e.in.room.Direct
	fresh := e.stage == stageFresh
	if fresh {
		err := e.callback(ctx, answerMessage, shownTo(p.body, private), p.files)
		if err == nil {
			e.stage = stageSpoken
		}
		if e.stage != stageUnsure {
			return err
		}
	}
	if e.stage == stageUnsure {
		waits, err := e.lookAgain(ctx)
		if err != nil {
			return err
		}
		if fresh && e.stage == stageWaiting && !waits { // the page is there, and may have been changed by its buttons since
			e.stage = stageSpoken
			return nil
		}
	}
	if e.stage == stageDead {
		return e.dead()
	}
	switch {
	case e.stage != stageWaiting:
	case private == e.hidden:
		err := e.rewrite(ctx, p)
		if err == nil {
			e.stage = stageSpoken
		}
		if code(err) != unknownMessage { // else its person has put it away meanwhile
			return err
		}
	default: // it was for one person or for all from the beginning, and for the wrong ones: it goes
		if err := e.remove(ctx); err != nil {
			return err
		}
	}
	err := e.through(ctx, call{method: http.MethodPost, body: shownTo(p.body, private), files: p.files, once: true}, "", nil)
	if err == nil {
		e.stage = stageSpoken
	}
	return err
}

// lookAgain finds out what has become of an answer that may have been given: whether a message
// is there, and still waits for its words. Those said in its place are there once.
func (e *errand) lookAgain(ctx context.Context) (waits bool, err error) {
	var there struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	}
	err = e.through(ctx, call{method: http.MethodGet}, original, &there)
	switch {
	case code(err) == unknownMessage, err == nil && there.ID == e.in.message:
		e.stage = stageSilent
		return false, nil
	case err == nil:
		e.stage, e.hidden = stageWaiting, there.Flags&flagHidden != 0
	}
	return there.Flags&flagThinking != 0, err
}

// rewrite replaces the original message.
func (e *errand) rewrite(ctx context.Context, p page) error {
	return e.through(ctx, call{method: http.MethodPatch, body: p.body, files: p.files}, original, nil)
}

// remove takes the original message away; one that is gone already is no error.
func (e *errand) remove(ctx context.Context) error {
	err := e.through(ctx, call{method: http.MethodDelete}, original, nil)
	if code(err) == unknownMessage {
		return nil
	}
	return err
}

// replace says a page in place of the message whose button was pressed.
func (e *errand) replace(ctx context.Context, p page) error {
	if e.stage == stageFresh {
		err := e.callback(ctx, answerUpdate, p.body, p.files)
		if err == nil {
			e.stage = stageSpoken
		}
		if e.stage != stageUnsure {
			return err
		}
	}
	if e.stage == stageDead {
		return e.dead()
	}
	err := e.rewrite(ctx, p)
	if err == nil {
		e.stage = stageSpoken
	}
	return err
}

// dismiss takes away the card that was gone on from.
func (e *errand) dismiss(ctx context.Context) error {
	e.card = false
	if err := e.hush(ctx); err != nil {
		return err
	}
	return e.remove(ctx)
}

// hush acknowledges without a word, where nothing else has been said.
func (e *errand) hush(ctx context.Context) error {
	if e.stage != stageFresh {
		return nil
	}
	err := e.callback(ctx, answerSilent, nil, nil)
	if err == nil || e.stage == stageUnsure {
		e.stage = stageSilent
		return nil
	}
	return err
}

// nothing acknowledges what has no answer. Discord knows no such thing for commands: there a
// message comes and goes.
func (e *errand) nothing(ctx context.Context) error {
	switch {
	case e.card:
		return e.dismiss(ctx)
	case e.in.kind == kindComponent || e.in.message != "":
		return e.hush(ctx)
	case e.stage == stageFresh:
		data := map[string]any{}
		if !e.in.room.Direct {
			data["flags"] = flagHidden
		}
		if err := e.callback(ctx, answerWaiting, data, nil); err != nil && e.stage != stageUnsure {
			return err
		}
		e.stage = stageWaiting
	}
	if e.stage != stageWaiting {
		return nil
	}
	return e.remove(ctx)
}

// shownTo is a message for its person alone, or for all.
func shownTo(b messageBody, private bool) messageBody {
	if private {
		b.Flags |= flagHidden
	}
	return b
}
