package bot

import (
	"context"
	"strings"

	"payoff/bot/chart"
	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/goals/evidence"
)

func reportCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "report", Summary: "See what came of your hours and money", Private: true,
			Options: []command.Option{{Name: "period", Kind: command.Period, Past: true, Summary: "last quarter, October; empty is your goal's"},
				{Name: "channel", Kind: command.Channel, Summary: "Only this channel"}},
			Examples: []string{"/report", "/report last quarter", "/report BNI"}}, run: (*Bot).report},
		{Spec: command.Spec{Name: "report details", Summary: "Show what the report rests on", Private: true}, run: (*Bot).reportDetails},
	}
}

// report is the short report, of a period asked for its figures, of a channel both.
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
	switch {
	case err != nil:
		return nil, err
	case nothingIn(rep):
		return c.nothingToReport(rep), nil
	case channel.ID != "" || period != nil:
		return c.periodReport(rep), nil
	}
	return c.shortReport(rep)
}

// nothingIn reports whether there is nothing to report on: nothing in the period, nor before
// where that would count.
func nothingIn(rep engine.Report) bool {
	before := rep.Evidence != nil && rep.Evidence.Weeks > 0 && rep.Channel.ID == ""
	return rep.Total.IsZero() && len(rep.Revenue) == 0 && !before
}

func (c *call) nothingToReport(rep engine.Report) chat.Reply {
	return chat.Whisper(
		chat.T("Nothing is logged for "+rep.Period.Human(c.Today)+", so there is nothing to report yet."),
		chat.T("One line does: ", c.typed(exampleLine(c.Owner))),
		chat.Actions{button("Last month", "report last month"), button("History", "history")},
	)
}

// shortReport is the three lines that a tired person reads on a phone, and the pace.
func (c *call) shortReport(rep engine.Report) (chat.Reply, error) {
	f := finding{*rep.Evidence, rep.Owner}
	lead, rest := f.verdict()
	blocks := []chat.Block{c.paceAndForecast(rep, f), chat.T(chat.B(lead), rest)}
	if said := f.holdsBack(); said != "" {
		blocks = append(blocks, chat.T(said))
	}
	if rep.Pace != nil && c.Today >= rep.Period.From {
		image, err := paceImage(rep)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, image)
	}
	return chat.Whisper(append(blocks, chat.Actions{
		button("Details", "report details"), button("History", "history"), button("Leaderboard", "leaderboard"),
	})...), nil
}

// paceAndForecast is how far the goal is, in one line.
func (c *call) paceAndForecast(rep engine.Report, f finding) chat.Block {
	if rep.Pace == nil {
		return chat.T(capital(goals.FormatMinutes(rep.Total[goals.Hours]))+" went in since "+rep.Period.From.Human(c.Today)+", ",
			chat.B(goals.Money{Minor: rep.Total[goals.Revenue], Currency: c.Owner.Currency}.String()), " came in. Towards which revenue? ", chat.C("/goal set £120k by 31 Dec"))
	}
	head := paceLines(*rep.Pace, c.Today)[0].(chat.Text)
	p := *rep.Pace
	switch {
	case c.Today < p.Period.From:
	case p.Reached() && c.Today <= p.Period.To:
		head.Spans = append(head.Spans, chat.Spans(" You have reached it. "+f.forecast())...)
	case c.Today > p.Period.To:
		head.Spans = append(head.Spans, chat.Spans(" "+paceLine(p, c.Today))...)
	default:
		if said := fromHere(p); said != "" {
			head.Spans = append(head.Spans, chat.Spans(" "+strings.TrimSuffix(said, ".")+f.inDeals(p)+".")...)
		}
		said := f.forecast()
		if said != "" && !f.Forecast.Known && f.Verdict.State == evidence.TooEarly {
			said = "It is too early for a forecast." // on what, the verdict says
		}
		head.Spans = append(head.Spans, chat.Spans(" "+said)...)
	}
	return head
}

// inDeals is what each week has to bring, in deals as they have been.
func (f finding) inDeals(p goals.Pace) string {
	per, ok := p.PerWeek()
	fc := f.Forecast
	if !ok || p.DaysLeft <= 7 || fc == nil || !fc.Known || fc.NeededDeals <= 0 || fc.NeededPerWeek <= 0 {
		return ""
	}
	switch n := float64(per.Minor) * fc.NeededDeals / fc.NeededPerWeek; {
	case n < .75:
		return ", about one deal every " + weeks(int64(min(1/n, 99)+.5))
	default:
		return ", about " + count(int64(min(n, 1e9)+.5), "deal", "deals")
	}
}

// periodReport is the figures of a period or a channel. What they are worth as evidence is
// judged on all time, and so only for a channel up to today.
func (c *call) periodReport(rep engine.Report) chat.Reply {
	title := "Your report, " + rep.Period.Human(c.Today)
	if rep.Channel.ID != "" {
		title = rep.Channel.Name + ", " + rep.Period.Human(c.Today)
	}
	blocks := []chat.Block{chat.T(chat.B(title)), chat.T(c.figures(rep))}
	if rep.Evidence != nil {
		f := finding{*rep.Evidence, rep.Owner}
		blocks = append(blocks, f.channelBlocks(rep.Channel)...)
	}
	blocks = append(blocks, c.reportTables(rep)...)
	blocks = append(blocks, c.reportNotes(rep)...)
	if rep.Evidence == nil {
		blocks = append(blocks, chat.Quiet("These are the figures of that time as they are. What an hour brings is judged on all time: ", chat.C("/report")))
	}
	return chat.Whisper(append(blocks, chat.Actions{button("My report", "report"), button("History", "history"), button("Leaderboard", "leaderboard")})...)
}

// figures is what went in and came out: "15h over 3 weeks: 41 contacts, ...".
func (c *call) figures(rep engine.Report) string {
	said := goals.FormatMinutes(rep.Total[goals.Hours]) + " over " + weeks(int64(rep.Weeks))
	switch rest := without(rep.Total, goals.Hours); {
	case rep.Total[goals.Hours] == 0:
		return weeks(int64(rep.Weeks)) + ": " + amounts(rep.Total, c.Owner.Currency) + "."
	case rest.IsZero():
		return said + "."
	default:
		return said + ": " + amounts(rest, c.Owner.Currency) + "."
	}
}

// without leaves a measure out.
func without(a goals.Amounts, m goals.Measure) goals.Amounts {
	a[m] = 0
	return a
}

// paceImage draws a report's pace, with where it is going where that is known.
func paceImage(rep engine.Report) (chat.Image, error) {
	d := chart.PaceData{
		Title: rep.Owner.Name, Goal: rep.Pace.Goal, Period: rep.Pace.Period, Today: rep.Today, Breaks: rep.Owner.Breaks,
	}
	if rep.Evidence != nil {
		d.Forecast = rep.Evidence.Forecast
	}
	for _, p := range rep.Revenue {
		d.Revenue = append(d.Revenue, chart.Point(p))
	}
	png, alt, err := chart.Pace(d)
	return chat.Image{Name: "pace.png", PNG: png, Alt: alt}, err
}
