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
			Options:  []command.Option{{Name: "command", Kind: command.Words, Summary: "Which command"}},
			Examples: []string{"/payoff help", "/payoff help log"}}, open: true, run: (*Bot).help},
	}
}

func (b *Bot) help(_ context.Context, c *call) (chat.Reply, error) {
	if about := strings.TrimSpace(c.rest); about != "" {
		spec, _, err := command.Find(Specs(), about)
		if err != nil {
			return nil, err
		}
		return chat.Whisper(command.HelpFor(spec)...), nil
	}
	blocks := command.Help(Specs())
	if !c.Owner.Started {
		blocks = append(blocks, chat.Actions{primary("Get started", "start")})
	} else {
		blocks = append(blocks, chat.Actions{button("My goal", "goal"), button("Check in", "checkin now"), button("Report", "report")})
	}
	return chat.Whisper(blocks...), nil
}
