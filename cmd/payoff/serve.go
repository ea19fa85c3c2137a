package main

import (
	"fmt"
	"strings"
)

type serveCmd struct {
	httpFlag
	backupFlags
	Local bool `help:"Open the local workspace also when Slack or Discord is set up."`
}

// Help is shown below the flags, and lists what can only be set in the environment.
func (serveCmd) Help() string {
	var b strings.Builder
	b.WriteString("Everything can be set in the environment. What is secret is set only there, or in a file " +
		"that NAME_FILE names:\n")
	for _, v := range variables {
		about := v.about
		if v.secret {
			about += "; or " + v.name + fileSuffix
		}
		fmt.Fprintf(&b, "\n\t%-23s %s", v.name, about) // indented, so that kong leaves the lines alone
	}
	return b.String()
}

// Run serves until a signal asks it to stop.
func (c *serveCmd) Run(p *program) error {
	if err := c.validate(); err != nil {
		return err
	}
	a, err := newApp(p, *c)
	if err != nil {
		return err
	}
	return a.serve()
}
