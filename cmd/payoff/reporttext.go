package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
)

// text is a report for a terminal: the goal, what the numbers say, then a line for each channel,
// each kind where there is more than one, and all of them. Columns that hold nothing are left out.
func (p printed) text() string {
	lines := []string{fmt.Sprintf("%s, %s, in %s", p.Owner.Name, span(p.from, p.to), p.Owner.Currency)}
	if goal := p.goalLine(); goal != "" {
		lines = append(lines, goal)
	}
	if p.Total.IsZero() && p.evidence.Weeks == 0 {
		return strings.Join(append(lines, "Nothing is recorded."), "\n")
	}
	lines = append(lines, chat.Message{Blocks: bot.Findings(p.Owner, p.evidence)}.Plain(), "")
	columns := columnsOf(p.Report)
	header := []string{"channel", "kind"}
	for _, m := range columns {
		header = append(header, m.String())
	}
	table := chat.Table{Header: header}
	for i := range columns {
		table.Right = append(table.Right, i+2)
	}
	row := func(name, kind string, a goals.Amounts) {
		cells := []string{name, kind}
		for _, m := range columns {
			cells = append(cells, cell(a, m, p.Owner.Currency))
		}
		table.Rows = append(table.Rows, cells)
	}
	for _, ch := range p.Channels {
		row(ch.Name, string(ch.Kind), ch.Amounts)
	}
	if kinds := kindSums(p.Report); len(kinds) > 1 {
		for _, k := range kinds {
			row("all "+string(k.kind), string(k.kind), k.amounts)
		}
	}
	row("total", "", p.Total)
	return strings.Join(append(lines, chat.Message{Blocks: []chat.Block{table}}.Plain()), "\n")
}

// goalLine is how the goal stands: the owner's, or that of the command line.
func (p printed) goalLine() string {
	if p.pace != nil {
		return fmt.Sprintf("Goal: %s by %s. So far %s; the line asks for %s.", p.pace.Goal, p.pace.Period.To, p.pace.SoFar, p.pace.Due)
	}
	if p.evidence.Forecast == nil {
		return ""
	}
	money := func(minor float64) goals.Money {
		return goals.Money{Minor: int64(math.Round(minor)), Currency: p.Owner.Currency}
	}
	f, t := p.evidence.Forecast, p.evidence.Target
	return fmt.Sprintf("Goal: %s from %s to %s. As of %s, %s came in; the rest asks for %s a week.",
		money(t.Amount), t.Period.From, t.Period.To, p.evidence.AsOf, money(f.SoFar), money(f.NeededPerWeek))
}

func span(from, to isoDate) string {
	switch {
	case from.set && to.set:
		return fmt.Sprintf("%s to %s", from.Date, to.Date)
	case from.set:
		return fmt.Sprintf("from %s on", from.Date)
	case to.set:
		return fmt.Sprintf("up to %s", to.Date)
	}
	return "all recorded time"
}

// columnsOf is the measures that some channel has, in their order.
func columnsOf(rep engine.Report) []goals.Measure {
	var columns []goals.Measure
	for m := range goals.Measures {
		for _, ch := range rep.Channels {
			if ch.Amounts[m] != 0 {
				columns = append(columns, m)
				break
			}
		}
	}
	return columns
}

func cell(a goals.Amounts, m goals.Measure, currency goals.Currency) string {
	switch m {
	case goals.Hours:
		return decimalHours(a[m])
	case goals.Spend, goals.Revenue:
		return goals.Money{Minor: a[m], Currency: currency}.Decimal()
	}
	return strconv.FormatInt(a[m], 10)
}
