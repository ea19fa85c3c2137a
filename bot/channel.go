package bot

import (
	"context"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
)

func channelCommands() []entry {
	kinds := []string{string(goals.Social), string(goals.Networking), string(goals.Direct)}
	which := command.Option{Name: "channel", Kind: command.Channel, Required: true, Summary: "Which of your channels"}
	return []entry{
		{Spec: command.Spec{Name: "channel", Summary: "List your channels", Private: true}, run: (*Bot).channelList},
		{Spec: command.Spec{Name: "channel list", Summary: "List your channels, with kinds and budgets", Private: true}, run: (*Bot).channelList},
		{Spec: command.Spec{Name: "channel add", Summary: "Add a source of business", Private: true,
			Options: []command.Option{{Name: "name", Kind: command.Words, Required: true, Summary: "BNI Tuesday"},
				{Name: "kind", Kind: command.Choice, Choices: kinds, Required: true, Summary: "social, networking or direct"}},
			Examples: []string{"/payoff channel add BNI Tuesday networking"}}, run: (*Bot).channelAdd},
		{Spec: command.Spec{Name: "channel rename", Summary: "Give a channel another name", Private: true,
			Options:  []command.Option{which, {Name: "name", Kind: command.Words, Required: true, Summary: "The new name"}},
			Examples: []string{"/payoff channel rename BNI to BNI Tuesday"}}, run: (*Bot).channelRename},
		{Spec: command.Spec{Name: "channel kind", Summary: "Change what kind a channel is", Private: true,
			Options:  []command.Option{which, {Name: "kind", Kind: command.Choice, Choices: kinds, Required: true, Summary: "social, networking or direct"}},
			Examples: []string{"/payoff channel kind Facebook social"}}, run: (*Bot).channelKind},
		{Spec: command.Spec{Name: "channel budget", Summary: "Set how much time a week a channel may take", Private: true,
			Options:  []command.Option{which, {Name: "time", Kind: command.Words, Required: true, Summary: "3h, or off"}},
			Examples: []string{"/payoff channel budget Facebook 3h", "/payoff channel budget Facebook off"}}, run: (*Bot).channelBudget},
		{Spec: command.Spec{Name: "channel archive", Summary: "Put a channel away; its history stays", Private: true,
			Options:  []command.Option{which, {Name: "back", Kind: command.Choice, Choices: []string{"on", "off"}, Summary: "off brings it back"}},
			Examples: []string{"/payoff channel archive Facebook", "/payoff channel archive Facebook off"}}, run: (*Bot).channelArchive},
		{Spec: command.Spec{Name: "channel create", Private: true, Hidden: true,
			Options: []command.Option{{Name: "what", Kind: command.Words}}}, run: (*Bot).channelCreate},
	}
}

func (b *Bot) channelList(_ context.Context, c *call) (chat.Reply, error) {
	if len(c.Owner.Channels) == 0 {
		return chat.Whisper(chat.T("You have no channels yet. Where does your business come from? ", chat.C("/payoff channel add BNI networking"))), nil
	}
	table := chat.Table{Header: []string{"Channel", "Kind", "Time a week"}}
	for _, ch := range c.Owner.Channels {
		budget := "–"
		if ch.Budget > 0 {
			budget = "up to " + goals.FormatMinutes(ch.Budget)
		}
		name := ch.Name
		if ch.Archived {
			name += " (archived)"
		}
		table.Rows = append(table.Rows, []string{name, string(ch.Kind), budget})
	}
	return chat.Whisper(table, hint("Add one with ", chat.C("/payoff channel add Chamber breakfast networking"))), nil
}

func (b *Bot) channelAdd(ctx context.Context, c *call) (chat.Reply, error) {
	name, _ := c.args.Words("name")
	kind, _ := c.args.Choice("kind")
	done, err := b.engine.AddChannel(ctx, c.request(), name, goals.Kind(kind))
	if err != nil {
		return nil, err
	}
	return chat.Whisper(
		chat.T("Added ", chat.B(name), ", "+kind+". Log it like this: ", c.typed("2h "+name+" 4 contacts")),
		chat.Actions{undoButton(done)},
	), nil
}

// channelCreate is the button on a line whose channel is new: it makes the channel, then
// logs the line that was typed.
func (b *Bot) channelCreate(ctx context.Context, c *call) (chat.Reply, error) {
	parts := strings.SplitN(c.rest, " | ", 3)
	if len(parts) != 3 {
		return nil, goals.Wrong(goals.Unclear, "Try: /payoff channel add BNI networking", "That button is out of date.")
	}
	q := c.request()
	q.Event += " channel"
	q.Words = "channel add " + parts[1]
	if _, err := b.engine.AddChannel(ctx, q, parts[1], goals.Kind(parts[0])); err != nil {
		if m, ok := asMistake(err); !ok || m.Code != goals.Conflict {
			return nil, err
		}
	}
	self, err := b.engine.Self(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	c.Self, c.desk.Channels, c.rest, c.line = self, self.Owner.Channels, parts[2], parts[2]
	return b.logLine(ctx, c)
}

func (b *Bot) channelRename(ctx context.Context, c *call) (chat.Reply, error) {
	name, _ := c.args.Words("name")
	name = strings.TrimSpace(strings.TrimPrefix(name, "to "))
	return b.channelChange(ctx, c, "rename", "It is called "+name+" now. What was logged stays with it.", func(ch *goals.Channel) { ch.Name = name })
}

func (b *Bot) channelKind(ctx context.Context, c *call) (chat.Reply, error) {
	kind, _ := c.args.Choice("kind")
	return b.channelChange(ctx, c, "kind", "It counts as "+kind+" now, and so does all that was logged there.", func(ch *goals.Channel) { ch.Kind = goals.Kind(kind) })
}

func (b *Bot) channelBudget(ctx context.Context, c *call) (chat.Reply, error) {
	text, _ := c.args.Words("time")
	minutes := int64(0)
	said := "It has no limit on its time now."
	if text = strings.TrimSpace(text); !strings.EqualFold(text, "off") && !strings.EqualFold(text, "none") {
		text = strings.TrimSuffix(strings.TrimSuffix(text, " a week"), " per week")
		var err error
		if minutes, err = goals.ParseMinutes(text); err != nil {
			return nil, err
		}
		if minutes > 7*goals.MinutesADay {
			return nil, goals.Wrong(goals.Invalid, "Try: 3h", "A week has 168 hours.")
		}
		said = "It may take " + goals.FormatMinutes(minutes) + " a week. When it takes more, I ask whether it was worth it."
	}
	return b.channelChange(ctx, c, "budget", said, func(ch *goals.Channel) { ch.Budget, ch.Since = minutes, c.Today.Monday() })
}

func (b *Bot) channelArchive(ctx context.Context, c *call) (chat.Reply, error) {
	back, _ := c.args.Choice("back")
	said := "It is put away. Its history stays, and I ask about it no more."
	if back == "off" {
		said = "It is back."
	}
	return b.channelChange(ctx, c, "archive", said, func(ch *goals.Channel) { ch.Archived = back != "off" })
}

func (b *Bot) channelChange(ctx context.Context, c *call, what, said string, apply func(*goals.Channel)) (chat.Reply, error) {
	channel, _ := c.args.Channel("channel")
	done, err := b.engine.ChangeChannel(ctx, c.request(), channel.ID, what, apply)
	if err != nil {
		return nil, err
	}
	return chat.Whisper(chat.T(chat.B(channel.Name), ": "+said), chat.Actions{undoButton(done), button("My channels", "channel list")}), nil
}
