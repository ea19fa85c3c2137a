package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"payoff/goals/engine"
)

type exportCmd struct {
	Owner  string `placeholder:"NAME" help:"Only this owner's activities; everyone's without it."`
	Output string `short:"o" placeholder:"FILE" help:"Where to write; standard output without it."`
}

// Help is shown below the flags.
func (exportCmd) Help() string {
	return "The file can be read back with payoff import, to the penny. It holds activities; goals, " +
		"check-ins and settings are in a backup."
}

// Run writes the file.
func (c *exportCmd) Run(p *program) error {
	return p.with(false, func(r *records) error {
		who, err := c.who(p, r)
		if err != nil {
			return err
		}
		stop := p.progress("Exporting")
		defer stop()
		if c.Output == "" {
			out := bufio.NewWriter(p.out)
			if err := r.engine.Export(p.ctx, out, who...); err != nil {
				return err
			}
			return out.Flush()
		}
		err = replaceFile(c.Output, func(f *os.File) error { return r.engine.Export(p.ctx, io.Writer(f), who...) }, nil)
		if err != nil {
			return unwritten(c.Output, err)
		}
		stop()
		fmt.Fprintf(p.err, "Exported the activities of %s to %s.\n", count(len(who), "owner"), c.Output)
		return nil
	})
}

func (c *exportCmd) who(p *program, r *records) ([]engine.Actor, error) {
	if c.Owner != "" {
		o, err := r.owner(p.ctx, c.Owner)
		return []engine.Actor{o.Actor}, err
	}
	all, err := r.owners(p.ctx)
	who := make([]engine.Actor, len(all))
	for i, o := range all {
		who[i] = o.Actor
	}
	return who, err
}
