package main

import (
	"errors"

	"payoff/bot"
	"payoff/bot/slack"
)

type manifestCmd struct {
	Platform string `arg:"" enum:"slack,discord" help:"slack or discord."`
	HTTP     string `name:"http" placeholder:"URL" help:"Slack: the public address of this payoff, for HTTP; Socket Mode without it."`
}

// Help is shown below the flags.
func (manifestCmd) Help() string {
	return "JSON to paste at api.slack.com/apps: Create New App, From a manifest. It holds the commands, the scopes and the events that payoff needs."
}

// Run prints what the platform is to be told of the command table.
func (c *manifestCmd) Run(p *program) error {
	if c.Platform == "discord" {
		return failed(nil, "The manifest for Discord is not built yet.")
	}
	manifest, err := slack.Manifest(bot.AllSpecs(), c.HTTP)
	var refused *slack.Refused
	if errors.As(err, &refused) {
		return misuse("%s", refused.Say)
	}
	if err != nil {
		return err
	}
	_, err = p.out.Write(manifest)
	return err
}
