package bot

import (
	"context"

	"payoff/bot/chat"
	"payoff/bot/command"
)

func reachCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "reach directly", Private: true, Hidden: true}, run: (*Bot).reachDirectly},
		{Spec: command.Spec{Name: "reach here", Private: true, Hidden: true}, run: (*Bot).reachHere},
	}
}

// tellingClosed puts behind an answer that only its person sees that they could not be written
// to: a message of its own, once, with what can be done about it.
func (b *Bot) tellingClosed(ctx context.Context, c *call, reply chat.Reply) chat.Reply {
	say, is := reply.(chat.Say)
	if !is || !say.Private || !c.Owner.Started {
		return reply
	}
	tell, err := b.engine.AskClosed(ctx, c.Actor, c.event.From.Platform, c.event.From.Space)
	if err != nil {
		b.log.Error("closed contact not told", "event", c.event.ID, "err", err)
		return reply
	}
	if !tell {
		return reply
	}
	buttons := chat.Actions{primary("Check in now", "checkin now"), button("Try again", "reach directly")}
	if !c.event.Room.Direct {
		buttons = append(buttons, button("Ask me here instead", "reach here"))
	}
	say.Messages = append(say.Messages, chat.Message{Blocks: []chat.Block{
		chat.T("I could not write to you directly: your direct messages seem to be closed to me. Until you choose, I send you nothing of my own."),
		buttons,
	}})
	return say
}

func (b *Bot) reachDirectly(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "write to me directly"
	if _, err := b.engine.ReachIn(ctx, q, c.event.From.Platform, c.event.From.Space, ""); err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{
		chat.T("I write to you directly again. If that does not reach you, I say so here the next time you are about."),
	}}}, nil
}

func (b *Bot) reachHere(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "ask me here"
	if _, err := b.engine.ReachIn(ctx, q, c.event.From.Platform, c.event.From.Space, c.event.Room.ID); err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{
		chat.T("From now on I ask you here, for you alone."),
		chat.Actions{primary("Check in now", "checkin now"), button("Write to me directly", "reach directly")},
	}}}, nil
}
