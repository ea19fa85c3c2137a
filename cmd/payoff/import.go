package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"payoff/bot/web"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
)

// currency of last resort, for a file without one and a database without a team.
const firstCurrency goals.Currency = "GBP"

type importCmd struct {
	File     string       `arg:"" help:"A CSV file; - is standard input."`
	Currency currencyFlag `placeholder:"CODE" help:"Currency of rows that name none. The team's, if there is one, else GBP."`
}

// Help is shown below the flags.
func (importCmd) Help() string {
	return "The first line names the columns:\n\n" +
		"\towner,date,channel,kind,hours,spend,contacts,conversations,qualified,deals,revenue\n\n" +
		"Amounts are decimals, dates are ISO (2026-11-22), a kind is social, networking or direct. " +
		"Owners and channels that are new are made. A bad row is named by line and column, and " +
		"then nothing of the file is imported."
}

// Run reads the file into the local workspace's team.
func (c *importCmd) Run(p *program) error {
	file := io.Reader(os.Stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return failed(err, "%s cannot be read: %s.", c.File, reason(err))
		}
		defer f.Close()
		file = f
	}
	return p.with(true, func(r *records) error {
		currency, err := c.currency(p.ctx, r)
		if err != nil {
			return err
		}
		stop := p.progress("Importing " + c.File)
		done, err := r.engine.Import(p.ctx, web.Platform, space, file, currency)
		stop()
		if err != nil {
			return fmt.Errorf("import %s: %w", c.File, err)
		}
		_, err = fmt.Fprintln(p.out, imported(done, c.File))
		return err
	})
}

// currency is what rows are in that do not say so: amounts of a team that reckons in dollars
// must not become pounds.
func (c *importCmd) currency(ctx context.Context, r *records) (goals.Currency, error) {
	if c.Currency != "" {
		return goals.Currency(c.Currency), nil
	}
	currency := firstCurrency
	err := r.db.View(ctx, func(reader *storage.Reader) error {
		id, err := reader.TeamOf(web.Platform, space)
		if err != nil || id == "" {
			return err
		}
		team, err := reader.Team(id)
		currency = team.Currency
		return err
	})
	return currency, err
}

func imported(done engine.Imported, file string) string {
	s := fmt.Sprintf("Imported %s of %s from %s", count(done.Rows, "row"), count(len(done.Owners), "owner"), file)
	if len(done.Owners) <= mostNamed && len(done.Owners) > 0 {
		s += " (" + together(done.Owners) + ")"
	}
	if done.Channels > 0 {
		s += "; " + count(done.Channels, "channel") + " new"
	}
	return s + "."
}

// count is a number with its noun: "1 row", "8,000 rows".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return grouped(n) + " " + noun
}

// grouped is a number with commas between its thousands.
func grouped(n int) string {
	s := fmt.Sprint(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// A currencyFlag is an ISO 4217 code.
type currencyFlag goals.Currency

// UnmarshalText reads a code, in capitals or not.
func (c *currencyFlag) UnmarshalText(text []byte) error {
	code, err := goals.ParseCurrency(string(text))
	if err != nil {
		return err
	}
	*c = currencyFlag(code)
	return nil
}
