package main

import (
	"fmt"
	"time"

	"payoff/goals"
)

type scheduleCmd struct {
	When  string  `arg:"" help:"A weekday and a time of day, such as \"Mon 09:00\"."`
	Zone  string  `placeholder:"ZONE" help:"An IANA time zone, such as Europe/London; this machine's without it."`
	From  isoDate `placeholder:"DATE" help:"The first day looked at; today without it."`
	Weeks int     `default:"8" placeholder:"N" help:"How many times are printed."`
}

const mostWeeks = 5300 // a hundred years and a little

// Help is shown below the flags.
func (scheduleCmd) Help() string {
	return "One time a line, as RFC 3339. A local time that the clocks skip comes at the first moment " +
		"after; one that comes twice counts once."
}

// Run prints the times.
func (c *scheduleCmd) Run(p *program) error {
	when, err := goals.ParseSchedule(c.When)
	if err != nil {
		return misuse("%s", sentence(err))
	}
	loc := time.Local
	if c.Zone != "" {
		zone, err := goals.ParseZone(c.Zone)
		if err != nil {
			return misuse("%s", sentence(err))
		}
		if loc, err = time.LoadLocation(zone); err != nil {
			return misuse("There is no time zone called %q.", c.Zone)
		}
	}
	if c.Weeks < 1 || c.Weeks > mostWeeks {
		return misuse("--weeks must be from 1 to %d, and not %d.", mostWeeks, c.Weeks)
	}
	if when.Off {
		return nil
	}
	from := goals.DateOf(p.now().In(loc))
	if c.From.set {
		from = c.From.Date
	}
	monday := from.Monday()
	if goals.DateOf(when.In(monday, loc).In(loc)) < from {
		monday += 7
	}
	for range c.Weeks {
		if _, err := fmt.Fprintln(p.out, when.In(monday, loc).In(loc).Format(time.RFC3339)); err != nil {
			return err
		}
		monday += 7
	}
	return nil
}

// An isoDate is a date as a flag.
type isoDate struct {
	goals.Date
	set bool
}

// UnmarshalText reads 2026-11-22.
func (d *isoDate) UnmarshalText(text []byte) error {
	if err := d.Date.UnmarshalText(text); err != nil {
		return fmt.Errorf("%q is not a date such as 2026-11-22", text)
	}
	d.set = true
	return nil
}
