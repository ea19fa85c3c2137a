package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"payoff/goals"
	"payoff/goals/engine"
	"payoff/goals/evidence"
	"payoff/storage"
)

type reportCmd struct {
	Owner     string  `arg:"" help:"The owner's name, whatever the case, or their id."`
	JSON      bool    `name:"json" help:"Print JSON, for a program to read."`
	AsOf      isoDate `placeholder:"DATE" help:"The last day that is known of; today without it."`
	HourValue string  `placeholder:"AMOUNT" help:"What an hour is worth, instead of what the owner has said."`
	Goal      string  `placeholder:"AMOUNT" help:"A revenue figure from --from to --to, instead of the owner's goal."`
	From      isoDate `placeholder:"DATE" help:"The first day; that of the first record without it."`
	To        isoDate `placeholder:"DATE" help:"The last day; that of the last record without it."`
}

// Help is shown below the flags.
func (reportCmd) Help() string {
	return "All recorded time, unless --from or --to say otherwise. Amounts are decimals in the owner's " +
		"currency, hours are hours, the rest are counts.\n\n" +
		"What an hour brings, the verdict, what holds back and the alarms always rest on the weeks that were over " +
		"on the day of --as-of, and the forecast is for the owner's goal. With --goal, --from and --to are the goal's period, " +
		"and the figures are those of all recorded time."
}

// Run prints the figures, and what they say.
func (c *reportCmd) Run(p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	return p.with(false, func(r *records) error {
		rep, err := c.read(p, r)
		if err != nil {
			return err
		}
		if c.JSON {
			out := json.NewEncoder(p.out)
			out.SetIndent("", "  ")
			return out.Encode(rep.json())
		}
		_, err = fmt.Fprintln(p.out, rep.text())
		return err
	})
}

func (c *reportCmd) check() error {
	switch {
	case c.From.set && c.To.set && c.From.Date > c.To.Date:
		return misuse("--from %s is after --to %s.", c.From.Date, c.To.Date)
	case c.Goal != "" && !(c.From.set && c.To.set):
		return misuse("--goal needs --from and --to, its first and its last day.")
	}
	return nil
}

// A printed report is the figures of a period and what all time says.
type printed struct {
	engine.Report
	evidence engine.Evidence
	pace     *goals.Pace // of the owner's goal, on the day of the report
	asked    bool        // the goal is that of the command line
	from, to isoDate
}

// read is the report that was asked for.
func (c *reportCmd) read(p *program, r *records) (printed, error) {
	who, err := r.owner(p.ctx, c.Owner)
	if err != nil {
		return printed{}, err
	}
	out := printed{from: c.From, to: c.To, asked: c.Goal != ""}
	if out.asked { // then they are the goal's
		out.from, out.to = isoDate{}, isoDate{}
	}
	period := storage.Ever
	if out.from.set {
		period.From = out.from.Date
	}
	if out.to.set {
		period.To = out.to.Date
	}
	if c.AsOf.set {
		period.To = min(period.To, c.AsOf.Date)
	}
	if out.Report, err = r.engine.Report(p.ctx, who.Actor, &period, ""); err != nil {
		return out, err
	}
	if out.evidence, err = r.engine.Evidence(p.ctx, who.Actor, c.AsOf.Date); err != nil {
		return out, err
	}
	goal, err := r.engine.Report(p.ctx, who.Actor, nil, "")
	if out.evidence.AsOf == out.Today {
		out.pace = goal.Pace
	}
	if err != nil {
		return out, err
	}
	return out, c.instead(&out)
}

// instead puts what the command line says in the place of what the owner has said.
func (c *reportCmd) instead(out *printed) error {
	if c.HourValue != "" {
		worth, err := amountOf("--hour-value", c.HourValue, out.Owner.Currency)
		if err != nil {
			return err
		}
		out.Owner.HourWorth = worth.Minor
	}
	if c.Goal == "" {
		return nil
	}
	goal, err := amountOf("--goal", c.Goal, out.Owner.Currency)
	if err == nil && goal.Minor <= 0 {
		err = misuse("--goal must be more than nothing.")
	}
	if err != nil {
		return err
	}
	ev := &out.evidence
	ev.Target = evidence.Target{Period: goals.Period{From: c.From.Date, To: c.To.Date}, Amount: float64(goal.Minor)}
	f := evidence.Foretell(ev.History, ev.Target)
	ev.Forecast, out.pace = &f, nil
	return nil
}

// amountOf reads an amount of the command line.
func amountOf(flag, text string, currency goals.Currency) (goals.Money, error) {
	m, err := goals.ParseMoney(text, currency)
	var mistake *goals.Mistake
	switch {
	case errors.As(err, &mistake):
		return m, misuse("%s %s: %s", flag, text, mistake.Message)
	case err != nil:
		return m, err
	case m.Currency != currency:
		return m, misuse("%s is in %s, and the owner's records are in %s.", flag, m.Currency, currency)
	}
	return m, nil
}
