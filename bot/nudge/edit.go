package nudge

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"

	"payoff/bot/chat"
	"payoff/goals/engine"
)

// A leaderboard is edited in place when something it shows has changed since it was posted. The
// edit is a message of the outbox like any other, but for its delivery: it is put in the place of
// one that stands.

// edit delivers an edit. One that would show what stands there already, or that nothing is left
// to be edited of, is dropped quietly.
func (n *Nudger) edit(ctx context.Context, try func(func(context.Context) error) error, by chat.Sender, to chat.Address, m chat.Message, out engine.Outgoing) (outcome, error) {
	shown, err := n.cfg.Engine.BoardShown(ctx, out)
	if errors.Is(err, engine.ErrNotEdited) || err == nil && shown == fingerprint(m) {
		return outcome{Count: Count{Dropped: 1}}, n.cfg.Engine.NotNeeded(ctx, out)
	}
	if err != nil {
		return outcome{}, err
	}
	err = try(func(ctx context.Context) error { return by.Edit(ctx, chat.Receipt{Address: to, Message: out.Edit}, m) })
	var failed *chat.Error
	if errors.As(err, &failed) && failed.Kind == chat.Gone {
		return outcome{Count: Count{Dropped: 1}}, n.cfg.Engine.NotNeeded(ctx, out)
	}
	if err != nil {
		return n.failed(ctx, out, err)
	}
	return n.sent(ctx, out, out.Edit, m)
}

// sent records that a message stands, and of a board what it shows.
func (n *Nudger) sent(ctx context.Context, out engine.Outgoing, message string, m chat.Message) (outcome, error) {
	err := n.cfg.Engine.Delivered(ctx, out, message)
	if err != nil {
		return outcome{}, err
	}
	if out.What == "board" {
		err = n.cfg.Engine.BoardShows(ctx, out, fingerprint(m))
	}
	return outcome{Count: Count{Sent: 1}}, err
}

// fingerprint is short for what a message says.
func fingerprint(m chat.Message) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(m.Plain())) // never fails
	return fmt.Sprintf("%016x", h.Sum64())
}
