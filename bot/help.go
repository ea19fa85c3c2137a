package bot

import (
	"context"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
)

func helpCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "payoff", Summary: "Everything payoff can do", Private: true}, open: true, run: (*Bot).help},
		{Spec: command.Spec{Name: "help", Summary: "Everything payoff can do, or one command in full", Private: true,
			Options:  []command.Option{{Name: "command", Kind: command.Words, Summary: "Which command, or all"}},
			Examples: []string{"/payoff help", "/payoff help log"}}, open: true, run: (*Bot).help},
	}
}

func (b *Bot) help(_ context.Context, c *call) (chat.Reply, error) {
	about := strings.TrimSpace(c.rest)
	if about == "all" {
		return chat.Whisper(command.Help(Specs())...), nil
	}
	if about != "" {
		spec, _, err := command.Find(Specs(), about)
		if err != nil {
			return nil, err
		}
		return chat.Whisper(command.HelpFor(spec)...), nil
	}
	buttons := chat.Actions{button("My goal", "goal"), button("Check in", "checkin now"), button("All commands", "help all")}
	if !c.Owner.Started {
		buttons = chat.Actions{primary("Get started", "start"), button("All commands", "help all")}
	}
	return chat.Whisper(
		chat.T("Write what you did, in one line and any order: ", c.typed("2h BNI £25 4 contacts yesterday"), " or ", c.typed("won £1,200 BNI")),
		chat.Fields{
			{Label: "The figure you go for", Value: chat.Spans(chat.C("/goal set £120k by 31 Dec"))},
			{Label: "How you stand", Value: chat.Spans(chat.C("/goal"), " and ", chat.C("/report"))},
			{Label: "The weekly question", Value: chat.Spans(chat.C("/checkin"))},
			{Label: "The team", Value: chat.Spans(chat.C("/leaderboard"))},
			{Label: "Take something back", Value: chat.Spans(chat.C("/undo"))},
			{Label: "Going away", Value: chat.Spans(chat.C("/checkin away until 12 Jan"))},
		},
		buttons,
	), nil
}
