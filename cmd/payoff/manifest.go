package main

import "strings"

type manifestCmd struct {
	Platform string `arg:"" enum:"slack,discord" help:"slack or discord."`
}

// Run will print what the platform is to be told of the command table.
func (c *manifestCmd) Run(*program) error {
	return failed(nil, "The manifest for %s is not built yet.", strings.ToUpper(c.Platform[:1])+c.Platform[1:])
}
