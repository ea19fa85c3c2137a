// Package nudge makes the bot turn up: what is due becomes messages in the outbox, and these
// are sent. RunOnce does the work; whatever ticks only calls it.
//
// Sending is at least once: a message is leased, sent under its own key, and its receipt
// recorded. Platforms that know keys make that exactly once.
package nudge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"payoff/bot/chat"
	"payoff/goals/engine"
)

// A Config is what a Nudger needs.
type Config struct {
	Engine  *engine.Engine
	Compose func(context.Context, engine.Outgoing) (chat.Message, error) // no blocks: not worth sending any more
	Senders map[string]chat.Sender                                       // by platform
	Log     *slog.Logger
}

// A Nudger claims what is due and delivers it.
type Nudger struct{ cfg Config }

// New makes a Nudger.
func New(cfg Config) *Nudger { return &Nudger{cfg} }

// A Count is what one run did. Dropped is what was not worth sending any more.
type Count struct{ Claimed, Sent, Failed, Dropped int }

// RunOnce claims all that is due by now and sends all that may be sent now.
func (n *Nudger) RunOnce(ctx context.Context) (Count, error) {
	var c Count
	var err error
	if c.Claimed, err = n.cfg.Engine.Claim(ctx); err != nil {
		return c, err
	}
	for {
		out, ok, err := n.cfg.Engine.Lease(ctx)
		if err != nil || !ok {
			return c, err
		}
		if err := n.deliver(ctx, out, &c); err != nil {
			return c, fmt.Errorf("deliver %s: %w", out.Key, err)
		}
	}
}

// deliver sends one leased message and records what became of it. A failure to send is
// recorded and is no error; a failure to record is.
func (n *Nudger) deliver(ctx context.Context, out engine.Outgoing, c *Count) error {
	message, err := n.cfg.Compose(ctx, out)
	if err != nil {
		n.cfg.Log.Error("nudge could not be worded", "key", out.Key, "err", err)
		c.Failed++
		return n.cfg.Engine.Failed(ctx, out.Key, "could not be worded", true, 0)
	}
	if len(message.Blocks) == 0 {
		c.Dropped++
		return n.cfg.Engine.Failed(ctx, out.Key, "not needed any more", false, 0)
	}
	sender, ok := n.cfg.Senders[out.To.Platform]
	if !ok {
		c.Failed++
		return n.cfg.Engine.Failed(ctx, out.Key, out.To.Platform+" is not connected", true, 0)
	}
	to := chat.Address{Platform: out.To.Platform, Space: out.To.Space, Person: out.To.Person, Room: out.Room}
	receipt, err := send(ctx, sender, to, message, out)
	if err == nil {
		c.Sent++
		return n.cfg.Engine.Delivered(ctx, out.Key, receipt.Message)
	}
	var failed *chat.Error
	if !errors.As(err, &failed) {
		failed = &chat.Error{Kind: chat.Transient, Err: err}
	}
	again := failed.Kind == chat.RateLimited || failed.Kind == chat.Transient
	n.cfg.Log.Warn("nudge not sent", "key", out.Key, "kind", string(failed.Kind), "again", again, "err", failed.Err)
	c.Failed++
	return n.cfg.Engine.Failed(ctx, out.Key, failed.Error(), again, failed.RetryAfter)
}

// send sends a leased message. One that was leased before may have been sent by a process
// that died before it could say so: it is looked for first.
func send(ctx context.Context, by chat.Sender, to chat.Address, m chat.Message, out engine.Outgoing) (chat.Receipt, error) {
	if out.Attempts > 1 {
		if r, found, err := by.Find(ctx, to, out.Key); err != nil || found {
			return r, err
		}
	}
	return by.Send(ctx, to, m, out.Key)
}
