package bot

import (
	"bytes"
	"context"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
)

func selfCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "privacy", Summary: "Choose what others may see of you", Private: true,
			Options: []command.Option{{Name: "what", Kind: command.Choice, Choices: []string{"hide", "show", "amounts on", "amounts off"},
				Summary: "hide, show, amounts on, amounts off; empty shows what is set"}},
			Examples: []string{"/payoff privacy hide", "/payoff privacy amounts on"}}, run: (*Bot).privacy},
		{Spec: command.Spec{Name: "export", Summary: "Get everything you logged as CSV", Private: true}, run: (*Bot).export},
		{Spec: command.Spec{Name: "forget", Summary: "Erase all that is kept of you", Private: true,
			Options: []command.Option{{Name: "me", Kind: command.Words, Summary: "me"}}, Examples: []string{"/payoff forget me"}}, open: true, run: (*Bot).forget},
		{Spec: command.Spec{Name: "forget yes", Private: true, Hidden: true}, open: true, run: (*Bot).forgetYes},
	}
}

func (b *Bot) privacy(ctx context.Context, c *call) (chat.Reply, error) {
	yes, no := true, false
	var hidden, money *bool
	switch what, _ := c.args.Choice("what"); what {
	case "hide":
		hidden = &yes
	case "show":
		hidden = &no
	case "amounts on":
		money = &yes
	case "amounts off":
		money = &no
	}
	if hidden != nil || money != nil {
		if _, err := b.engine.SetPrivacy(ctx, c.request(), hidden, money); err != nil {
			return nil, err
		}
		self, err := b.engine.Self(ctx, c.Actor)
		if err != nil {
			return nil, err
		}
		c.Self = self
	}
	board, amounts := "You stand on the leaderboard, in percentages.", "No amount of yours is ever shown in a room."
	toggle, toggleMoney := button("Hide me", "privacy hide"), button("Allow amounts in rooms", "privacy amounts on")
	if c.Owner.Hidden {
		board, toggle = "You are hidden: the leaderboard does not show you, in any season.", button("Show me", "privacy show")
	}
	if c.Owner.ShowMoney {
		amounts, toggleMoney = "Your amounts may be shown in rooms.", button("Keep amounts private", "privacy amounts off")
	}
	return chat.Whisper(
		chat.T(board), chat.T(amounts),
		chat.Quiet("Only you see your logs, goals and check-ins. ", chat.C("/payoff export"), " gives you all of it, ", chat.C("/payoff forget me"), " erases it."),
		chat.Actions{toggle, toggleMoney},
	), nil
}

func (b *Bot) export(ctx context.Context, c *call) (chat.Reply, error) {
	var out bytes.Buffer
	if err := b.engine.Export(ctx, &out, c.Actor); err != nil {
		return nil, err
	}
	rows := bytes.Count(out.Bytes(), []byte("\n")) - 1
	if rows <= 0 {
		return chat.Whisper(chat.T("Nothing is logged yet, so there is nothing to export. One line does: ", c.typed("2h BNI £25 4 contacts"))), nil
	}
	name := "payoff-" + c.Today.String() + ".csv"
	return chat.Whisper(
		chat.T("Here is everything you logged, "+count(int64(rows), "line", "lines")+". It opens in any spreadsheet, and ", chat.C("payoff import"), " reads it back."),
		chat.File{Name: name, Type: "text/csv; charset=utf-8", Data: out.Bytes()},
	), nil
}

func (b *Bot) forget(_ context.Context, c *call) (chat.Reply, error) {
	if rest := strings.ToLower(strings.TrimSpace(c.rest)); rest != "" && rest != "me" {
		return chat.Whisper(chat.T("I can only forget you: ", chat.C("/payoff forget me"), ". To take back one line there is ", chat.C("/payoff undo"), ".")), nil
	}
	return chat.Whisper(
		chat.T("Erase your goals, everything you logged, your check-ins and the journal of your changes? It cannot be undone."),
		chat.T("You may want ", chat.C("/payoff export"), " first."),
		chat.Actions{{Label: "Erase everything", Call: "forget yes", Style: chat.Danger}, button("Keep it", "goal")},
	), nil
}

func (b *Bot) forgetYes(ctx context.Context, c *call) (chat.Reply, error) {
	again := chat.Spans("say hello.")
	if !c.hearsWords() {
		again = chat.Spans(chat.C("/payoff start"))
	}
	if err := b.engine.Forget(ctx, c.Actor); err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{
		chat.T("It is all erased. Should you ever want to begin again, ", again),
	}}}, nil
}
