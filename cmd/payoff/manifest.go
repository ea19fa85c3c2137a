package main

import (
	"errors"

	"payoff/bot"
	"payoff/bot/discord"
	"payoff/bot/slack"
)

type manifestCmd struct {
	Platform string `arg:"" enum:"slack,discord" help:"slack or discord."`
	HTTP     string `name:"http" placeholder:"URL" help:"Slack: the public address of this payoff, for HTTP; Socket Mode without it."`
}

// Help is shown below the flags.
func (manifestCmd) Help() string {
	return "For Slack: JSON to paste at api.slack.com/apps, Create New App, From a manifest. It holds the commands, the scopes and the events that payoff needs.\n\n" +
		"For Discord: the commands, which payoff registers by itself, the permissions it asks for and why, and the address by which a server's admin adds it. " +
		"DISCORD_APPLICATION_ID names the application in it."
}

// Run prints what the platform is to be told of the command table.
func (c *manifestCmd) Run(p *program) error {
	manifest, err := c.manifest(p)
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

func (c *manifestCmd) manifest(p *program) ([]byte, error) {
	if c.Platform != "discord" {
		return slack.Manifest(bot.AllSpecs(), c.HTTP)
	}
	if c.HTTP != "" {
		return nil, misuse("--http is for Slack; Discord is told the address by hand, as Interactions Endpoint URL.")
	}
	return discord.Manifest(bot.AllSpecs(), p.env.plain["DISCORD_APPLICATION_ID"])
}
