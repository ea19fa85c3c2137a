package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// What is said instead of asking the handler.
const (
	sayUnread   = "I could not read that. Please try it once more."
	sayGroup    = "I work in servers and in our direct conversation, and not in group messages. Please use me there."
	sayCommand  = "I don't know that command any more. Type / and choose payoff again; Discord may take an hour to show new ones."
	sayButton   = "That button is from before I changed. Type / and choose payoff to go on."
	sayOption   = "I could not read what stands in “%s”. Please type the command once more."
	sayNoServer = "I do not know you from any server yet. Use a command of mine in your server first, or add me to one."
	sayLeft     = "That belongs to a server that I am not in any more. Whoever manages it can add me again."
	sayNotes    = "I could not reach my notes just now. Please try again in a minute."
)

// notice is one sentence to a person alone, and what shall not be lost to them.
func notice(say string, back ...chat.Block) result {
	return result{reply: chat.Whisper(append([]chat.Block{chat.T(say)}, back...)...)}
}

// ask finds out what was meant, by whom and where, and asks the handler.
func (e *errand) ask(ctx context.Context) result {
	switch {
	case e.stood != nil:
		return notice(sayUnread, e.typedBack()...)
	case e.in.group:
		return notice(sayGroup, e.typedBack()...)
	case e.in.kind == kindComponent:
		return e.askButton(ctx)
	case e.in.kind == kindSubmit:
		return e.askForm(ctx)
	}
	return e.askCommand(ctx)
}

func (e *errand) askCommand(ctx context.Context) result {
	if e.in.unread != "" {
		return notice(fmt.Sprintf(sayOption, e.in.unread))
	}
	did, known := e.command()
	if !known {
		return notice(sayCommand)
	}
	if no, ok := e.place(ctx, ""); !ok {
		return no
	}
	return e.handle(ctx, did)
}

// command is what was chosen: a command with its options, or one from the menu of a message,
// which is called with the message's words.
func (e *errand) command() (chat.Did, bool) {
	if e.in.command == commandOfMessage {
		spec, known := e.spec()
		return chat.Pressed{Call: strings.TrimSpace(spec.Name + " " + e.in.words)}, known
	}
	typed, known := typedOf(e.a.cfg.Commands, e.in.names, e.in.options)
	return typed, known
}

// spec is the command that was chosen.
func (e *errand) spec() (command.Spec, bool) { return specOf(e.a.cfg.Commands, e.in.names) }

func (e *errand) askButton(ctx context.Context) result {
	if e.in.part != componentButton {
		return notice(sayButton)
	}
	if rest, ok := strings.CutPrefix(e.in.customID, idOfPart); ok {
		return e.askPart(ctx, rest)
	}
	call, server, found, err := e.a.callOf(ctx, e.in.customID)
	switch {
	case err != nil:
		e.failed(ctx, err)
		return notice(sayNotes)
	case !found:
		return notice(sayButton)
	}
	if no, ok := e.place(ctx, server); !ok {
		return no
	}
	return e.handle(ctx, chat.Pressed{Call: call})
}

// place finds the server that its person is in. A direct message names none: then it is the
// one that the button or the form was made for, or else their home. Where there is none, no
// says so.
func (e *errand) place(ctx context.Context, server string) (no result, ok bool) {
	switch {
	case e.in.server != "":
		server, e.used = e.in.server, true
	case server != "":
		_, left, err := e.a.recall(ctx, leftKey+server)
		if left {
			return notice(sayLeft, e.typedBack()...), false
		}
		e.failed(ctx, err)
		e.used = true
	default:
		home, found, err := e.a.home(ctx, e.in.by.ID)
		if err != nil {
			e.failed(ctx, fmt.Errorf("find the server of a person: %w", err))
			return notice(sayNotes), false
		}
		if !found {
			return notice(sayNoServer), false
		}
		server = home
	}
	e.event.From.Space = server
	e.event.Admin = func(ctx context.Context) (bool, error) { return e.a.admin(ctx, server, e.in.by.ID) }
	return result{}, true
}

// handle asks the handler. A form that it opens is kept before it is shown.
func (e *errand) handle(ctx context.Context, did chat.Did) result {
	e.event.Did = did
	reply := e.a.handler.Handle(ctx, e.event)
	open, is := reply.(chat.OpenForm)
	if !is {
		return result{reply: reply}
	}
	f := newForm(e, open.Form)
	e.failed(ctx, e.a.keepForm(ctx, f))
	return result{form: f}
}

// https://docs.discord.com/developers/interactions/application-commands#autocomplete
const (
	maxChoices = 25
	maxChoice  = 100
)

// complete proposes values for what is being typed. What comes too late is of no use to anyone.
func (e *errand) complete(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, completeLimit)
	defer cancel()
	proposed := make(chan []chat.Choice, 1)
	go func() {
		defer close(proposed)
		defer e.survive(ctx, nil)
		proposed <- e.proposals(ctx)
	}()
	select {
	case all := <-proposed:
		data := map[string]any{"choices": fitting(all)}
		if err := e.callback(ctx, answerChoices, data, nil); err != nil {
			e.a.log.DebugContext(ctx, "discord: proposals came too late", "event", e.event.ID, "err", err)
		}
	case <-ctx.Done():
	}
	for range proposed { // until the handler has returned
	}
}

func (e *errand) proposals(ctx context.Context) []chat.Choice {
	spec, known := e.spec()
	option := optionOf(spec, e.in.focused)
	takes := slices.ContainsFunc(spec.Options, func(o command.Option) bool { return o.Name == option })
	if !known || !takes || e.stood != nil || e.in.group {
		return nil
	}
	if _, ok := e.place(ctx, ""); !ok {
		return nil
	}
	return e.a.handler.Complete(ctx, e.event.From, spec.Name+" "+e.in.options[e.in.focused], option)
}

// A choice is a proposal as Discord takes it.
type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// fitting keeps what Discord takes: one that is too long is left out, a label that is too long cut.
func fitting(all []chat.Choice) []choice {
	kept := []choice{}
	for _, c := range all {
		label := strings.TrimSpace(chat.Clean(c.Label))
		if label == "" {
			label = c.Value
		}
		if c.Value == "" || length(c.Value) > maxChoice || len(kept) == maxChoices {
			continue
		}
		kept = append(kept, choice{shorten(label, maxChoice), c.Value})
	}
	return kept
}
