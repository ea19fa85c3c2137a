package bot

import (
	"context"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func zoneCommands() []entry {
	zone := []command.Option{{Name: "zone", Kind: command.Zone, Required: true}}
	return []entry{
		{Spec: command.Spec{Name: "zone", Summary: "Show or change the time zone of your days", Private: true,
			Options:  []command.Option{{Name: "zone", Kind: command.Zone, Summary: "A city does: London, New York; empty shows it"}},
			Examples: []string{"/payoff zone", "/payoff zone New York"}}, run: (*Bot).zone},
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

func (b *Bot) zone(ctx context.Context, c *call) (chat.Reply, error) {
	zone, ok := c.args.Zone("zone")
	if !ok {
		said := "Your days are those of " + c.Owner.Zone + ": it is " + c.Now.Format("15:04") + " there."
		if c.Owner.Zone == "" {
			said = "Your days are those of the team, " + c.Team.Zone + ": it is " + c.Now.Format("15:04") + " there."
		}
		return chat.Whisper(chat.T(said), hint("Change it with ", chat.C("/payoff zone New York"))), nil
	}
	if zone == c.Owner.Zone {
		return chat.Whisper(chat.T("Your days are those of " + zone + " already.")), nil
	}
	done, next, err := b.moveTo(ctx, c, zone)
	if err != nil {
		return nil, err
	}
	if next == "" {
		next = "No check-in is planned."
	}
	return chat.Whisper(chat.T("Your days are those of "+zone+" now. "+next), chat.Actions{undoButton(done)}), nil
}

// moveTo lets the owner's days be those of a zone, and says when they are asked next; "" when
// they are not.
func (b *Bot) moveTo(ctx context.Context, c *call, zone string) (done engine.Done, next string, err error) {
	q := c.request()
	q.Words = "zone " + zone
	if done, err = b.engine.MoveZone(ctx, q, zone); err != nil {
		return done, "", err
	}
	if c.Self, err = b.engine.Self(ctx, c.Actor); err != nil {
		return done, "", err
	}
	st, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil || st.Next.IsZero() {
		return done, "", err
	}
	return done, "I ask next " + moment(st.Next, c) + ", " + city(zone) + " time.", nil
}

func (b *Bot) zoneFollow(ctx context.Context, c *call) (chat.Reply, error) {
	zone, err := goals.ParseZone(c.rest)
	if err != nil {
		return nil, err
	}
	done, next, err := b.moveTo(ctx, c, zone)
	if err != nil {
		return nil, err
	}
	said := "It follows. " + next
	if next == "" {
		said = "Your days are those of " + city(zone) + " now. No check-in is planned."
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
		chat.T("It stays at "+city(c.Owner.Zone)+" time, and I do not ask about "+city(zone)+" again. ", chat.C("/payoff zone"), " changes it."),
	}}}, nil
}
