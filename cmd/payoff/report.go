package main

import (
	"encoding/json"
	"fmt"

	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
)

type reportCmd struct {
	Owner string  `arg:"" help:"The owner's name, whatever the case, or their id."`
	JSON  bool    `name:"json" help:"Print JSON, for a program to read."`
	From  isoDate `placeholder:"DATE" help:"The first day; that of the first record without it."`
	To    isoDate `placeholder:"DATE" help:"The last day; that of the last record without it."`
}

// Help is shown below the flags.
func (reportCmd) Help() string {
	return "All recorded time, unless --from or --to say otherwise. Amounts are decimals in the owner's " +
		"currency, hours are hours, the rest are counts."
}

// Run prints the figures.
func (c *reportCmd) Run(p *program) error {
	period := storage.Ever
	if c.From.set {
		period.From = c.From.Date
	}
	if c.To.set {
		period.To = c.To.Date
	}
	if period.From > period.To {
		return misuse("--from %s is after --to %s.", c.From.Date, c.To.Date)
	}
	return p.with(false, func(r *records) error {
		who, err := r.owner(p.ctx, c.Owner)
		if err != nil {
			return err
		}
		rep, err := r.engine.Report(p.ctx, who.Actor, &period, "")
		if err != nil {
			return err
		}
		if c.JSON {
			out := json.NewEncoder(p.out)
			out.SetIndent("", "  ")
			return out.Encode(figuresOf(rep, c.From, c.To))
		}
		goal, err := r.engine.Report(p.ctx, who.Actor, nil, "")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.out, reportText(rep, goal.Pace, c.From, c.To))
		return err
	})
}

// figures is a report as JSON.
type figures struct {
	Owner    string                  `json:"owner"`
	AsOf     goals.Date              `json:"as_of"`
	From     *goals.Date             `json:"from,omitempty"` // absent: from the first record on
	To       *goals.Date             `json:"to,omitempty"`   // absent: up to the last
	Currency goals.Currency          `json:"currency"`
	Channels map[string]figureLine   `json:"channels"`
	Kinds    map[goals.Kind]measures `json:"kinds"`
	Total    measures                `json:"total"`
}

// measures is amounts as JSON: hours and money as decimals, the rest as whole numbers.
type measures struct {
	Hours             json.Number `json:"hours"`
	Spend             json.Number `json:"spend"`
	Contacts          int64       `json:"contacts"`
	Conversations     int64       `json:"conversations"`
	Qualified         int64       `json:"qualified"`
	Deals             int64       `json:"deals"`
	Revenue           json.Number `json:"revenue"`
	OneToOnes         int64       `json:"one_to_ones"`
	ReferralsGiven    int64       `json:"referrals_given"`
	ReferralsReceived int64       `json:"referrals_received"`
	Visitors          int64       `json:"visitors"`
	Partners          int64       `json:"partners"`
	Advice            int64       `json:"advice"`
}

type figureLine struct {
	Kind goals.Kind `json:"kind"`
	measures
}

func figuresOf(rep engine.Report, from, to isoDate) figures {
	currency := rep.Owner.Currency
	f := figures{
		Owner: rep.Owner.Name, AsOf: rep.Today, Currency: currency,
		Channels: map[string]figureLine{}, Kinds: map[goals.Kind]measures{},
		Total: amountsOf(rep.Total, currency),
	}
	if from.set {
		f.From = &from.Date
	}
	if to.set {
		f.To = &to.Date
	}
	for _, ch := range rep.Channels {
		f.Channels[ch.Name] = figureLine{ch.Kind, amountsOf(ch.Amounts, currency)}
	}
	for _, k := range kindSums(rep) {
		f.Kinds[k.kind] = amountsOf(k.amounts, currency)
	}
	return f
}

func amountsOf(a goals.Amounts, currency goals.Currency) measures {
	money := func(minor int64) json.Number {
		return json.Number(goals.Money{Minor: minor, Currency: currency}.Decimal())
	}
	return measures{
		Hours: json.Number(decimalHours(a[goals.Hours])), Spend: money(a[goals.Spend]), Revenue: money(a[goals.Revenue]),
		Contacts: a[goals.Contacts], Conversations: a[goals.Conversations], Qualified: a[goals.Qualified], Deals: a[goals.Deals],
		OneToOnes: a[goals.OneToOnes], ReferralsGiven: a[goals.ReferralsGiven], ReferralsReceived: a[goals.ReferralsReceived],
		Visitors: a[goals.Visitors], Partners: a[goals.Partners], Advice: a[goals.Advice],
	}
}

// decimalHours is minutes as hours with up to four decimals, from which the minutes follow again.
func decimalHours(minutes int64) string {
	sign := ""
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	ten4 := (minutes*10_000 + 30) / 60 // of an hour, rounded half up
	s := fmt.Sprintf("%s%d.%04d", sign, ten4/10_000, ten4%10_000)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}

// A kindSum is what the channels of a kind came to together.
type kindSum struct {
	kind    goals.Kind
	amounts goals.Amounts
}

// kindSums adds up the kinds that occur, in the order they are shown.
func kindSums(rep engine.Report) []kindSum {
	var list []kindSum
	for _, kind := range goals.Kinds {
		sum, occurs := goals.Amounts{}, false
		for _, ch := range rep.Channels {
			if ch.Kind == kind {
				sum, occurs = sum.Plus(ch.Amounts), true
			}
		}
		if occurs {
			list = append(list, kindSum{kind, sum})
		}
	}
	return list
}
