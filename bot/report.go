package bot

import (
	"context"
	"fmt"

	"payoff/bot/chart"
	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func reportCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "report", Summary: "See what came of your hours and money", Private: true,
			Options: []command.Option{{Name: "period", Kind: command.Period, Past: true, Summary: "last quarter, October; empty is your goal's"},
				{Name: "channel", Kind: command.Channel, Summary: "Only this channel"}},
			Examples: []string{"/report", "/report last quarter", "/report BNI"}}, run: (*Bot).report},
	}
}

func (b *Bot) report(ctx context.Context, c *call) (chat.Reply, error) {
	var period *goals.Period
	if p, _, ok := c.args.Period("period"); ok {
		if p.From > c.Today {
			return nil, goals.Wrong(goals.Invalid, "Try: /report last quarter", "%s is still to come.", p.Human(c.Today))
		}
		period = &p
	}
	channel, _ := c.args.Channel("channel")
	rep, err := b.engine.Report(ctx, c.Actor, period, channel.ID)
	if err != nil {
		return nil, err
	}
	if rep.Total.IsZero() && len(rep.Revenue) == 0 {
		return chat.Whisper(
			chat.T("Nothing is logged for "+rep.Period.Human(c.Today)+", so there is nothing to report yet."),
			chat.T("One line does: ", chat.C(exampleLine(c.Owner))),
			chat.Actions{button("Last month", "report last month"), button("History", "history")},
		), nil
	}
	blocks := c.reportHead(rep)
	if rep.Pace != nil && rep.Channel.ID == "" && c.Today >= rep.Period.From {
		image, err := paceImage(rep)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, image)
	}
	blocks = append(blocks, c.reportTables(rep)...)
	blocks = append(blocks, c.reportNotes(rep)...)
	return chat.Whisper(append(blocks, chat.Actions{button("History", "history"), button("Leaderboard", "leaderboard")})...), nil
}

// reportHead is the three lines a tired person reads.
func (c *call) reportHead(rep engine.Report) []chat.Block {
	title := "Your report, " + rep.Period.Human(c.Today)
	if rep.Channel.ID != "" {
		title = rep.Channel.Name + ", " + rep.Period.Human(c.Today)
	}
	blocks := []chat.Block{chat.T(chat.B(title))}
	if rep.Pace != nil && rep.Channel.ID == "" {
		blocks = append(blocks, paceLines(*rep.Pace, c.Today)...)
	}
	said := goals.FormatMinutes(rep.Total[goals.Hours]) + " over " + weeks(int64(rep.Weeks))
	switch rest := without(rep.Total, goals.Hours); {
	case rep.Total[goals.Hours] == 0:
		said = weeks(int64(rep.Weeks)) + ": " + amounts(rep.Total, c.Owner.Currency) + "."
	case rest.IsZero():
		said += "."
	default:
		said += ": " + amounts(rest, c.Owner.Currency) + "."
	}
	return append(blocks, chat.T(said))
}

// without leaves a measure out.
func without(a goals.Amounts, m goals.Measure) goals.Amounts {
	a[m] = 0
	return a
}

// reportTables is the money and the funnel of each channel, and of each kind where there are
// several.
func (c *call) reportTables(rep engine.Report) []chat.Block {
	money := chat.Table{Header: []string{"Channel", "Hours", "Cost", "Came in", "An hour", "ROI"}, Right: []int{1, 2, 3, 4, 5}}
	funnel := chat.Table{Header: []string{"Channel", "Contacts", "Convos", "Qualified", "Deals"}, Right: []int{1, 2, 3, 4}}
	add := func(name string, a goals.Amounts) {
		money.Rows = append(money.Rows, c.moneyRow(name, a))
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
	return []chat.Block{money, chat.Quiet(c.formula()), funnel, chat.Quiet("The share in brackets is of the step before.")}
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
func (c *call) formula() string {
	const perHour = "An hour brought (revenue − spend) / hours. "
	if c.Owner.HourWorth == 0 {
		return perHour + "There is no ROI, as I don't know what an hour of yours is worth: /payoff start. These are your figures as they are, no verdict."
	}
	worth := goals.Money{Minor: c.Owner.HourWorth, Currency: c.Owner.Currency}.String()
	return perHour + "ROI is (revenue − cost) / cost; cost is spend and each hour at " + worth + ". These are your figures as they are, no verdict."
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
		blocks = append(blocks, chat.Quiet("Until "+day(rep.Targets[i].From, c.Today)+" the goal was "+rep.Targets[i-1].Amount.String()+" "+span(rep.Targets[i-1].Period, c.Today)+"."))
	}
	return blocks
}

// paceImage draws a report's pace.
func paceImage(rep engine.Report) (chat.Image, error) {
	d := chart.PaceData{
		Title: rep.Owner.Name, Goal: rep.Pace.Goal, Period: rep.Pace.Period, Today: rep.Today, Breaks: rep.Owner.Breaks,
	}
	for _, p := range rep.Revenue {
		d.Revenue = append(d.Revenue, chart.Point(p))
	}
	png, alt, err := chart.Pace(d)
	return chat.Image{Name: "pace.png", PNG: png, Alt: alt}, err
}
