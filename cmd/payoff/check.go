package main

import (
	"context"
	"errors"
	"fmt"
)

type checkCmd struct{}

// Help is shown below the flags.
func (checkCmd) Help() string {
	return "Reads every page of the file, and adds up every activity to compare it with the totals that " +
		"are kept. It changes nothing. Stop payoff first, or check a backup."
}

// Run prints that all is well, or each problem.
func (c *checkCmd) Run(p *program) error {
	return p.with(false, func(r *records) error {
		stop := p.progress("Checking " + r.path)
		problems, err := r.check(p.ctx)
		stop()
		if err != nil {
			return err
		}
		for _, problem := range problems {
			fmt.Fprintln(p.err, problem)
		}
		if len(problems) > 0 {
			return failed(nil, "%s has %s; a backup from before them can be brought back with payoff restore --force.", r.path, count(len(problems), "problem"))
		}
		_, err = fmt.Fprintf(p.out, "%s is sound: every page can be read, and every total equals the sum of its activities.\n", r.path)
		return err
	})
}

// mostProblems is how many are printed.
const mostProblems = 20

// check lists what is wrong with the file, and then with the records in it.
func (r *records) check(ctx context.Context) ([]string, error) {
	if err := r.file.Check(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return []string{err.Error()}, nil
	}
	problems, err := r.db.Verify(ctx)
	if len(problems) > mostProblems {
		problems = append(problems[:mostProblems:mostProblems], fmt.Sprintf("and %d more", len(problems)-mostProblems))
	}
	return problems, err
}

// checkCopy opens a copy of a database and checks it. It names the copy as the person knows it.
func (p *program) checkCopy(path, known string) (err error) {
	file, db, err := openFile(p.ctx, path)
	if err != nil {
		var f *failure
		if errors.As(err, &f) {
			return unopened(known, f.cause)
		}
		return err
	}
	r := &records{path: known, file: file, db: db}
	defer r.closing(&err)
	problems, err := r.check(p.ctx)
	if err == nil && len(problems) > 0 {
		err = failed(nil, "%s is damaged, so nothing was changed: %s.", known, problems[0])
	}
	return err
}
