package main

import (
	"fmt"
	"strconv"
	"strings"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
)

// reportText is a report for a terminal: the goal, then a line for each channel, each kind
// where there is more than one, and all of them. Columns that hold nothing are left out.
func reportText(rep engine.Report, pace *goals.Pace, from, to isoDate) string {
	lines := []string{fmt.Sprintf("%s, %s, in %s", rep.Owner.Name, span(from, to), rep.Owner.Currency)}
	if pace != nil {
		lines = append(lines, fmt.Sprintf("Goal: %s by %s. So far %s; the line asks for %s.",
			pace.Goal, pace.Period.To, pace.SoFar, pace.Due))
	}
	if rep.Total.IsZero() {
		return strings.Join(append(lines, "Nothing is recorded."), "\n")
	}
	columns := columnsOf(rep)
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
			cells = append(cells, cell(a, m, rep.Owner.Currency))
		}
		table.Rows = append(table.Rows, cells)
	}
	for _, ch := range rep.Channels {
		row(ch.Name, string(ch.Kind), ch.Amounts)
	}
	if kinds := kindSums(rep); len(kinds) > 1 {
		for _, k := range kinds {
			row("all "+string(k.kind), string(k.kind), k.amounts)
		}
	}
	row("total", "", rep.Total)
	return strings.Join(append(lines, chat.Message{Blocks: []chat.Block{table}}.Plain()), "\n")
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
