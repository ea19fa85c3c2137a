package bot

import (
	"fmt"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

// reportTables is the money and the funnel of each channel, and of each kind where there are
// several. What an hour brought stands in it for a period only, as a figure that judges nothing.
func (c *call) reportTables(rep engine.Report) []chat.Block {
	past := rep.Evidence == nil
	money := chat.Table{Header: []string{"Channel", "Hours", "Cost", "Came in", "An hour", "ROI"}[:moneyColumns(past)], Right: []int{1, 2, 3, 4, 5}[:moneyColumns(past)-1]}
	funnel := chat.Table{Header: []string{"Channel", "Contacts", "Convos", "Qualified", "Deals"}, Right: []int{1, 2, 3, 4}}
	add := func(name string, a goals.Amounts) {
		money.Rows = append(money.Rows, c.moneyRow(name, a)[:moneyColumns(past)])
		row := []string{name, fmt.Sprint(a[goals.Funnel[0]])}
		for _, step := range goals.Conversion(a) {
			cell := fmt.Sprint(a[step.To])
			if step.Has && step.Score.Percent() <= 100 { // more than came from the step before is no share of it
				cell += fmt.Sprintf(" (%d%%)", step.Score.Percent())
			}
			row = append(row, cell)
		}
		funnel.Rows = append(funnel.Rows, row)
	}
	for _, ch := range rep.Channels {
		if !ch.Amounts.IsZero() {
			add(ch.Name, ch.Amounts)
		}
	}
	if len(money.Rows) > 1 {
		for _, kind := range goals.Kinds {
			if sum, n := kindSum(rep, kind); n > 1 {
				add("All "+string(kind), sum)
			}
		}
		add("In all", rep.Total)
	}
	if len(money.Rows) == 0 {
		return nil
	}
	return []chat.Block{money, chat.Quiet(c.formula(past)), funnel, chat.Quiet("The share in brackets is of the step before.")}
}

// moneyColumns leaves out what an hour brought where evidence says it.
func moneyColumns(past bool) int {
	if past {
		return 6
	}
	return 4
}

// kindSum adds up the channels of a kind; n is how many have anything.
func kindSum(rep engine.Report, kind goals.Kind) (sum goals.Amounts, n int) {
	for _, ch := range rep.Channels {
		if ch.Kind == kind && !ch.Amounts.IsZero() {
			sum = sum.Plus(ch.Amounts)
			n++
		}
	}
	return sum, n
}

func (c *call) moneyRow(name string, a goals.Amounts) []string {
	cur := c.Owner.Currency
	cost := goals.Money{Minor: goals.Cost(a, c.Owner.HourWorth), Currency: cur}
	row := []string{name, goals.FormatMinutes(a[goals.Hours]), whole(cost).String(), goals.Money{Minor: a[goals.Revenue], Currency: cur}.String(), "–", "–"}
	if a[goals.Deals] == 0 && a[goals.Revenue] == 0 { // nothing came yet; that says little of what an hour will bring
		return row
	}
	if per, ok := goals.PerHour(a, cur); ok {
		row[4] = whole(per).String()
	}
	if roi, ok := goals.ROI(a, c.Owner.HourWorth); ok && c.Owner.HourWorth > 0 {
		row[5] = fmt.Sprintf("%d%%", roi.Percent())
	}
	return row
}

// formula stands wherever the figure does.
func (c *call) formula(past bool) string {
	worth := goals.Money{Minor: c.Owner.HourWorth, Currency: c.Owner.Currency}.String()
	switch {
	case !past && c.Owner.HourWorth == 0:
		return "Cost is spend."
	case !past:
		return "Cost is spend and each hour at " + worth + "."
	case c.Owner.HourWorth == 0:
		return "An hour brought (revenue − spend) / hours. There is no ROI, as I don't know what an hour of yours is worth: /payoff start."
	}
	return "An hour brought (revenue − spend) / hours. ROI is (revenue − cost) / cost; cost is spend and each hour at " + worth + "."
}

// reportNotes is budgets, targets, and what was eased.
func (c *call) reportNotes(rep engine.Report) []chat.Block {
	var blocks []chat.Block
	for _, o := range rep.Over {
		blocks = append(blocks, chat.T(o.Name+" took "+goals.FormatMinutes(o.Over)+" more than the "+goals.FormatMinutes(o.Budget)+" a week you gave it."))
	}
	for _, k := range rep.Objectives {
		blocks = append(blocks, chat.T(capital(c.objective(k.Objective))+": "+c.progress(k)))
	}
	for i := 1; i < len(rep.Targets); i++ {
		blocks = append(blocks, chat.Quiet("Until "+day(rep.Targets[i].From, c.Today)+" the goal was "+rep.Targets[i-1].Amount.String()+" "+command.Span(rep.Targets[i-1].Period, c.Today)+"."))
	}
	return blocks
}
