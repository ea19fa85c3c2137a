// Package nudge makes the bot turn up: what is due becomes messages in the outbox, and these
// are sent. RunOnce does the work; whatever ticks only calls it.
//
// What is said and what is not is decided in goals; each decision is logged with its reason.
//
// Sending is at least once: a message is leased, sent under its own key, and its receipt
// recorded. Platforms that know keys make that exactly once.
package nudge

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"

	"payoff/bot/chat"
	"payoff/goals/engine"
)

// A Config is what a Nudger needs.
type Config struct {
	Engine  *engine.Engine
	Compose func(context.Context, engine.Outgoing) (chat.Message, error) // no blocks: not worth sending any more
	Senders map[string]chat.Sender                                       // by platform
	Log     *slog.Logger
	AtOnce  int // messages on their way at a time; 0 is as many as platforms take
}

// A Nudger claims what is due and delivers it.
type Nudger struct{ cfg Config }

// New makes a Nudger.
func New(cfg Config) *Nudger {
	if cfg.AtOnce == 0 {
		cfg.AtOnce = mostAtOnce
	}
	return &Nudger{cfg}
}

// A Count is what one run did. Dropped is what was not worth sending any more.
type Count struct{ Claimed, Sent, Failed, Dropped int }

// RunOnce claims all that is due by now and sends all that may be sent now: to one space after
// the other in turn, several at a time, and to each person in order. A space that puts a message
// off for seconds is waited for; one that fails is left alone until the next run, so that those
// who wait behind it in others do not wait for it. What falls due in a run that lasts is sent too.
func (n *Nudger) RunOnce(ctx context.Context) (Count, error) {
	claimed, err := n.claim(ctx)
	if err != nil {
		return Count{Claimed: claimed}, err
	}
	r := &round{n: n, count: Count{Claimed: claimed}, spaces: map[engine.SpaceID]*lane{}}
	r.turned = sync.NewCond(&r.mu)
	return r.run(ctx)
}

// claim takes up what is due by now.
func (n *Nudger) claim(ctx context.Context) (int, error) {
	return n.cfg.Engine.Claim(ctx, func(d engine.Decided) {
		n.cfg.Log.Debug("decided", "what", d.What, "owner", string(d.Owner), "due", d.Due, "action", string(d.Action), "why", string(d.Why))
	})
}

// An outcome is what became of one message.
type outcome struct {
	Count
	ill bool // the space is at fault, and not the message
}

// errLost is that another may have a message by now.
var errLost = errors.New("its lease runs out")

// deliver sends one leased message, when try lets it, and records what became of it. A failure
// to send is recorded and is no error; a failure to record is one.
func (n *Nudger) deliver(ctx context.Context, out engine.Outgoing, try func(send func(context.Context) error) error) (outcome, error) {
	message, err := n.cfg.Compose(ctx, out)
	if err != nil {
		n.cfg.Log.Error("nudge could not be worded", "key", out.Key, "err", err)
		return outcome{Count: Count{Failed: 1}}, n.cfg.Engine.Failed(ctx, out, "could not be worded", true, 0)
	}
	if len(message.Blocks) == 0 {
		return outcome{Count: Count{Dropped: 1}}, n.cfg.Engine.Failed(ctx, out, engine.NotNeeded, false, 0)
	}
	sender, ok := n.cfg.Senders[out.To.Platform]
	if !ok {
		return outcome{Count: Count{Failed: 1}}, n.cfg.Engine.Failed(ctx, out, out.To.Platform+" is not connected", true, 0)
	}
	to := chat.Address{Platform: out.To.Platform, Space: out.To.Space, Person: out.To.Person, Room: cmp.Or(out.Room, out.To.Room)}
	if out.Edit != "" {
		return n.edit(ctx, try, sender, to, message, out)
	}
	var receipt chat.Receipt
	err = try(func(ctx context.Context) (err error) {
		receipt, err = send(ctx, sender, to, message, out)
		return err
	})
	if err != nil {
		return n.failed(ctx, out, err)
	}
	return n.sent(ctx, out, receipt.Message, message)
}

// failed records that a message was not sent, and when to try again if that may help.
func (n *Nudger) failed(ctx context.Context, out engine.Outgoing, err error) (outcome, error) {
	if errors.Is(err, errLost) {
		return outcome{}, nil
	}
	var failed *chat.Error
	if !errors.As(err, &failed) {
		failed = &chat.Error{Kind: chat.Transient, Err: err}
	}
	again := failed.Kind == chat.RateLimited || failed.Kind == chat.Transient
	n.cfg.Log.Warn("nudge not sent", "key", out.Key, "kind", string(failed.Kind), "again", again, "err", failed.Err)
	o := outcome{Count: Count{Failed: 1}, ill: again}
	if failed.Kind == chat.Gone {
		return o, n.cfg.Engine.Unreached(ctx, out.Key, failed.Error())
	}
	return o, n.cfg.Engine.Failed(ctx, out, failed.Error(), again, failed.RetryAfter)
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
