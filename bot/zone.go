package bot

import (
	"context"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
)

func zoneCommands() []entry {
	zone := []command.Option{{Name: "zone", Kind: command.Zone, Required: true}}
	return []entry{
		{Spec: command.Spec{Name: "zone follow", Private: true, Hidden: true, Options: zone}, run: (*Bot).zoneFollow},
		{Spec: command.Spec{Name: "zone stay", Private: true, Hidden: true, Options: zone}, run: (*Bot).zoneStay},
	}
}

// askingZone puts the question about a zone that its person has come to behind an answer that
// only they see: a message of its own, which their answer replaces.
func (b *Bot) askingZone(ctx context.Context, c *call, reply chat.Reply) chat.Reply {
	from := c.event.From
	say, is := reply.(chat.Say)
	if !is || !say.Private || !c.Owner.Started || from.Zone == "" || from.Zone == c.Owner.Zone {
		return reply
	}
	zone, err := b.engine.AskZone(ctx, c.Actor, from.Platform, from.Space)
	if err != nil {
		b.log.Error("zone not asked about", "event", c.event.ID, "err", err)
		return reply
	}
	if zone == "" {
		return reply
	}
	who := capital(from.Platform)
	if from.Platform == "local" {
		who = "The workspace"
	}
	say.Messages = append(say.Messages, chat.Message{Blocks: []chat.Block{
		chat.T(who + " says you are in " + city(zone) + " now. Should your check-in follow?"),
		chat.Actions{primary("Yes", "zone follow "+zone), button("No", "zone stay "+zone)},
	}})
	return say
}

// city is the place that a zone is named for: "New York" of America/New_York.
func city(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}

func (b *Bot) zoneFollow(ctx context.Context, c *call) (chat.Reply, error) {
	zone, err := goals.ParseZone(c.rest)
	if err != nil {
		return nil, err
	}
	q := c.request()
	q.Words = "zone " + zone
	done, err := b.engine.MoveZone(ctx, q, zone)
	if err != nil {
		return nil, err
	}
	if c.Self, err = b.engine.Self(ctx, c.Actor); err != nil {
		return nil, err
	}
	st, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	said := "Your days are those of " + city(zone) + " now. No check-in is planned."
	if !st.Next.IsZero() {
		said = "It follows. I ask next " + moment(st.Next, c) + ", " + city(zone) + " time."
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{chat.T(said), chat.Actions{undoButton(done)}}}}, nil
}

func (b *Bot) zoneStay(ctx context.Context, c *call) (chat.Reply, error) {
	zone, err := goals.ParseZone(c.rest)
	if err != nil {
		return nil, err
	}
	if _, err := b.engine.KeepZone(ctx, c.request(), c.event.From.Platform, c.event.From.Space, zone); err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{
		chat.T("It stays at "+city(c.Owner.Zone)+" time, and I do not ask about "+city(zone)+" again. ", chat.C("/payoff start"), " changes it."),
	}}}, nil
}
