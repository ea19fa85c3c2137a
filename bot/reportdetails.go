package bot

import (
	"context"
	"fmt"
	"math"
	"strings"

	"payoff/bot/chart"
	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/goals/evidence"
)

// reportDetails is what the short report rests on.
func (b *Bot) reportDetails(ctx context.Context, c *call) (chat.Reply, error) {
	rep, err := b.engine.Report(ctx, c.Actor, nil, "")
	if err != nil {
		return nil, err
	}
	if nothingIn(rep) {
		return c.nothingToReport(rep), nil
	}
	f := finding{*rep.Evidence, rep.Owner}
	blocks := []chat.Block{chat.T(chat.B("All time up to today"))}
	lead, rest := f.verdict()
	blocks = append(append(blocks, chat.T(chat.B(lead), rest)), f.blocks(f.returnsFields())...)
	pictures, err := f.pictures(rep)
	if err != nil {
		return nil, err
	}
	blocks = append(blocks, pictures...)
	blocks = append(blocks, chat.T(chat.B(capital(rep.Period.Human(c.Today)))))
	if rep.Pace != nil {
		blocks = append(blocks, paceLines(*rep.Pace, c.Today)...)
		if said := f.forecast(); said != "" {
			blocks = append(blocks, chat.T(said))
		}
	}
	blocks = append(blocks, chat.T(c.figures(rep)))
	blocks = append(blocks, c.reportTables(rep)...)
	blocks = append(blocks, c.reportNotes(rep)...)
	return chat.Whisper(append(blocks, chat.Actions{button("History", "history"), button("Leaderboard", "leaderboard")})...), nil
}

// Findings is what an owner's numbers say, in the words of the report, for where there is no chat.
func Findings(owner goals.Owner, ev engine.Evidence) []chat.Block {
	f := finding{ev, owner}
	lead, rest := f.verdict()
	blocks := []chat.Block{chat.T(lead + rest)}
	if said := f.forecast(); said != "" {
		blocks = append([]chat.Block{chat.T(said)}, blocks...)
	}
	return append(blocks, f.blocks(f.returnsTable())...)
}

// blocks is everything but the verdict and the forecast; what an hour brings is laid out for a
// terminal or a phone.
func (f finding) blocks(returns chat.Block) []chat.Block {
	var blocks []chat.Block
	add := func(said string) {
		if said != "" {
			blocks = append(blocks, chat.T(said))
		}
	}
	if len(f.Channels) > 0 {
		blocks = append(blocks, returns, chat.Quiet(f.formula()))
	}
	add(f.chances())
	for _, r := range f.Channels {
		add(f.giant(r))
	}
	for _, said := range f.giantsWithoutHours() {
		add(said)
	}
	for _, a := range f.Alarms {
		add(f.alarm(a, true))
	}
	for _, a := range f.Watch {
		add(f.alarm(a, false))
	}
	add(f.stages())
	if t := f.passageTable(); len(t.Rows) > 0 {
		blocks = append(blocks, t, chat.Quiet("In brackets where the share lies with 90% likelihood."))
	}
	for _, l := range f.Lags {
		add(f.idle(l))
	}
	add(f.unpriced())
	add(f.refunds())
	if f.Silent >= silentWeeks {
		add("Nothing was logged for " + fullWeeks(f.Silent) + ".")
	}
	if lags := f.lags(); len(lags) > 0 {
		blocks = append(blocks, chat.T("How long it takes to pay:"), lags)
	}
	return blocks
}

// channelBlocks is what there is to say of one channel.
func (f finding) channelBlocks(ch goals.Channel) []chat.Block {
	var said []string
	found := false
	for _, r := range f.Channels {
		if r.Channel == ch.ID {
			found = true
			said = append(said, f.channelReturn(r), f.giant(r))
		}
	}
	if !found {
		said = append(said, "What an hour of "+ch.Name+" brings can't be said yet: it takes logged hours, a week that is over and a deal with its amount.")
	}
	for _, a := range f.Alarms {
		if a.Channel == ch.ID {
			said = append(said, f.alarm(a, true))
		}
	}
	if b := f.Bottleneck; b != nil && b.Channel == ch.ID {
		said = append(said, f.stages())
	}
	for _, l := range f.Lags {
		if l.Channel == ch.ID {
			said = append(said, f.idle(l), f.lag(l))
		}
	}
	var blocks []chat.Block
	for _, s := range said {
		if s != "" {
			blocks = append(blocks, chat.T(s))
		}
	}
	if found {
		blocks = append(blocks, chat.Quiet(f.formula()))
	}
	return blocks
}

// channelReturn is what an hour of one channel brings, on all time.
func (f finding) channelReturn(r evidence.Return) string {
	on := ", on " + deals(r.Deals) + " in " + fullWeeks(f.History.ActiveWeeks(r)) + " up to today."
	if !r.Show {
		return "It is too soon to say what an hour brings: this work usually takes about " + fmt.Sprintf("%.0f weeks", r.Delay) + " to pay" + on
	}
	said := "An hour brings in about " + f.estimate(r.Mid) + f.interval(r)
	if _, ok := r.ROI(r.Mid, float64(f.owner.HourWorth)); ok && f.owner.HourWorth > 0 {
		said += ", an ROI of " + f.roi(r)
	}
	return said + on
}

// returnsTable is what an hour of each channel brings, and of each kind where there are several.
func (f finding) returnsTable() chat.Table {
	t := chat.Table{Header: []string{"Channel", "An hour brings in", "ROI", "Deals", "Weeks"}, Right: []int{3, 4}}
	for _, r := range f.groups() {
		cells := []string{r.name, "too soon", "–", fmt.Sprint(r.Deals), fmt.Sprint(f.History.ActiveWeeks(r.Return))}
		if r.Show {
			cells[1] = f.estimate(r.Mid) + f.interval(r.Return)
			if f.owner.HourWorth > 0 {
				cells[2] = f.roi(r.Return)
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// returnsFields is the same for a phone, where such a table would be cut off.
func (f finding) returnsFields() chat.Fields {
	var fields chat.Fields
	for _, r := range f.groups() {
		said := "too soon to say"
		if r.Show {
			said = f.estimate(r.Mid) + " an hour" + f.interval(r.Return)
			if f.owner.HourWorth > 0 {
				said += ", ROI " + f.roi(r.Return)
			}
		}
		said += "; " + deals(r.Deals) + " in " + weeks(int64(f.History.ActiveWeeks(r.Return)))
		fields = append(fields, chat.Labelled{Label: r.name, Value: chat.Spans(said)})
	}
	return fields
}

// A namedReturn is one row of them.
type namedReturn struct {
	name string
	evidence.Return
}

// groups is the channels, and the kinds that have several.
func (f finding) groups() (list []namedReturn) {
	for _, r := range f.Channels {
		list = append(list, namedReturn{f.channel(r.Channel).Name, r})
	}
	for _, r := range f.Kinds {
		if r.Channel == "" {
			list = append(list, namedReturn{"All " + string(r.Kind), r})
		}
	}
	return list
}

// roi is the middle and its interval: "120% (-10% to 400%)".
func (f finding) roi(r evidence.Return) string {
	at := func(perHour float64) string {
		x, ok := r.ROI(perHour, float64(f.owner.HourWorth))
		if !ok {
			return "–"
		}
		x = math.Round(100 * math.Min(x, 1e9))
		for step := 10.; math.Abs(x) >= 10*step; step *= 10 { // more figures would claim more than is known
			x = math.Round(x/step) * step
		}
		return fmt.Sprintf("%d%%", int64(x))
	}
	return at(r.Mid) + " (" + at(r.Lo) + " to " + at(r.Hi) + ")"
}

// formula stands wherever the figures do.
func (f finding) formula() string {
	said := "The middle, and in brackets where it lies with 90% likelihood, with hours too recent to have paid allowed for. Spend is not taken off"
	if f.owner.HourWorth == 0 {
		return said + ". There is no ROI, as I don't know what an hour of yours is worth: /payoff start."
	}
	return said + "; ROI is (revenue − cost) / cost, where cost is spend and each hour at " + f.money(float64(f.owner.HourWorth)).String() + "."
}

// chances is how likely each kind is the best hour.
func (f finding) chances() string {
	var parts []string
	for _, k := range goals.Kinds {
		if p, ok := f.Verdict.Chances[k]; ok {
			parts = append(parts, kindWords[k]+" "+percent(p))
		}
	}
	if len(parts) < 2 || f.Deals == 0 {
		return ""
	}
	return "Chance of being your best hour: " + strings.Join(parts, ", ") + "."
}

// giant says the figure without the largest deal, where that is most of it.
func (f finding) giant(r evidence.Return) string {
	if r.Biggest <= lopsided || !r.Show {
		return ""
	}
	without, ok := f.History.ChannelWithoutBiggest(r.Channel)
	if !ok { // nothing is left to go by
		return f.channel(r.Channel).Name + ": all of it is one deal, the only one with an amount."
	}
	return f.channel(r.Channel).Name + ": " + f.oneDeal(r, without)
}

// giantsWithoutHours says where most of a channel's money is one deal, of channels of which no
// more can be said.
func (f finding) giantsWithoutHours() (said []string) {
	for _, ch := range f.owner.Channels {
		if share, lines := f.History.Biggest(ch.ID); f.History.Minutes(ch.ID) == 0 && lines > 1 && share > lopsided {
			said = append(said, ch.Name+": one deal is "+percent(share)+" of what it brought; it alone says nothing of what pays.")
		}
	}
	return said
}

// idleWeeks without a line are when a channel is spoken of as left.
const idleWeeks = 6

// idle says of a channel that was left that its figure is of the time before.
func (f finding) idle(l evidence.Lag) string {
	gone, ever := f.History.Idle(l.Channel)
	if !ever || gone < f.Silent+idleWeeks {
		return ""
	}
	return f.channel(l.Channel).Name + ": nothing for " + fullWeeks(gone) + "; what is said of it is from before."
}

// unpriced says how many deals have no amount.
func (f finding) unpriced() string {
	switch n := f.History.Unpriced(); n {
	case 0:
		return ""
	case 1:
		return "1 of your " + deals(f.Deals) + " has no amount: it counts, but says nothing of what a deal is worth."
	default:
		return fmt.Sprintf("%d of your %s have no amount: they count, but say nothing of what a deal is worth.", n, deals(f.Deals))
	}
}

// refunds says what came back out.
func (f finding) refunds() string {
	sum := f.History.Refunded()
	if sum == 0 {
		return ""
	}
	return goals.Money{Minor: sum, Currency: f.owner.Currency}.String() + " was paid back. It is taken off what came in, not off what an hour brings."
}

// pictures are what an hour of each channel brings, and the funnel of the period.
func (f finding) pictures(rep engine.Report) ([]chat.Block, error) {
	var blocks []chat.Block
	if len(f.Channels) > 0 {
		d := chart.ReturnsData{Subtitle: rep.Owner.Name + " · " + fullWeeks(f.Weeks), Currency: rep.Owner.Currency, HourWorth: rep.Owner.HourWorth}
		for _, r := range f.Channels {
			d.Rows = append(d.Rows, chart.ReturnRow{Name: f.channel(r.Channel).Name, Return: r})
		}
		png, alt, err := chart.Returns(d)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, chat.Image{Name: "returns.png", PNG: png, Alt: alt})
	}
	funnel := chart.FunnelData{Subtitle: rep.Owner.Name + " · " + rep.Period.Human(rep.Today)}
	for _, kind := range goals.Kinds {
		sum, _ := kindSum(rep, kind)
		for _, m := range goals.Funnel {
			if sum[m] > 0 {
				funnel.Kinds = append(funnel.Kinds, chart.KindFunnel{Kind: kind, Amounts: sum})
				break
			}
		}
	}
	if len(funnel.Kinds) == 0 {
		return blocks, nil
	}
	png, alt, err := chart.Funnel(funnel)
	return append(blocks, chat.Image{Name: "funnel.png", PNG: png, Alt: alt}), err
}
