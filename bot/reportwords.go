package bot

import (
	"fmt"
	"math"
	"strings"

	"payoff/goals"
	"payoff/goals/engine"
	"payoff/goals/evidence"
)

// A finding is what an owner's numbers say, and how it is put into words. Every figure stands
// with what it rests on, and is rounded to what is known of it.
type finding struct {
	engine.Evidence
	owner goals.Owner
}

// silentWeeks without a line are when a forecast says what it takes for granted.
const silentWeeks = 3

// lopsided is the share of revenue from which one deal is spoken of.
const lopsided = .5

// kindWords are the kinds as one speaks of them.
var kindWords = map[goals.Kind]string{goals.Social: "social media", goals.Networking: "networking", goals.Direct: "direct selling"}

// fullWeeks writes a number of weeks that are over: the running one counts when it is.
func fullWeeks(n int) string { return count(int64(n), "full week", "full weeks") }

func deals(n int64) string {
	if n == 0 {
		return "no deals"
	}
	return count(n, "deal", "deals")
}

// restsOn is what the findings rest on: "12 deals in 9 full weeks".
func (f finding) restsOn() string { return deals(f.Deals) + " in " + fullWeeks(f.Weeks) }

// estimate writes what an hour brings as the picture does: two figures below ten, then whole
// units, then thousands.
func (f finding) estimate(minor float64) string {
	m := f.money(minor)
	if minor >= 10*math.Pow10(f.owner.Currency.Digits()) {
		return m.Short()
	}
	step := int64(1)
	for m.Minor/step >= 100 {
		step *= 10
	}
	m.Minor = m.Times(1, step).Minor * step
	return m.String()
}

// short writes a forecast, as the picture does.
func (f finding) short(minor float64) string { return f.money(minor).Short() }

// money is a float as an amount. What no amount can hold, and no owner has, is held to one that can.
func (f finding) money(minor float64) goals.Money {
	const most = 1 << 62
	if math.IsNaN(minor) {
		minor = 0
	}
	return goals.Money{Minor: int64(math.Round(math.Min(math.Max(minor, -most), most))), Currency: f.owner.Currency}
}

// perHour is the middle and its interval: "about £45 an hour (£20 to £110)".
func (f finding) perHour(r evidence.Return) string {
	return "about " + f.estimate(r.Mid) + " an hour" + f.interval(r)
}

// interval is where the middle lies: " (£20 to £110)", nothing where both ends read the same.
func (f finding) interval(r evidence.Return) string {
	lo, hi := f.estimate(r.Lo), f.estimate(r.Hi)
	if lo == hi {
		return ""
	}
	return " (" + lo + " to " + hi + ")"
}

// uncovered reports whether the middle of what an hour brings is less than it costs.
func (f finding) uncovered(r evidence.Return) bool {
	roi, ok := r.ROI(r.Mid, float64(f.owner.HourWorth))
	return ok && roi < 0
}

func (f finding) kind(k goals.Kind) evidence.Return {
	for _, r := range f.Kinds {
		if r.Kind == k {
			return r
		}
	}
	return evidence.Return{}
}

func (f finding) channel(id goals.ChannelID) goals.Channel { return channelOf(f.owner, id) }

// channelOf is a channel of an owner.
func channelOf(o goals.Owner, id goals.ChannelID) goals.Channel {
	for _, ch := range o.Channels {
		if ch.ID == id {
			return ch
		}
	}
	return goals.Channel{ID: id, Name: "one channel"} // erased since
}

// verdict is which kind pays best an hour: the finding in a few words, and how sure it is.
func (f finding) verdict() (lead, rest string) {
	v := f.Verdict
	switch v.State {
	case evidence.PaysOff:
		return f.paysOff()
	case evidence.Leaning:
		rest = fmt.Sprintf(": %s likely your best hour", percent(v.Sure))
		if f.uncovered(f.kind(v.Kind)) {
			rest += ", but it does not yet cover its cost"
		}
		return "Leaning " + kindWords[v.Kind], rest + ", on " + f.restsOn() + "." + f.unheard()
	}
	if lead, rest := f.nothingToCompare(); lead != "" {
		return lead, rest
	}
	switch {
	case v.Alike:
		return "No clear difference so far", ": " + f.restsOn() + ", and no kind stands out." + f.unheard()
	case f.Deals >= threefoldDeals:
		return "Too early to tell", ": " + f.restsOn() + ", and no kind stands out yet." + f.unheard()
	}
	return "Too early to tell", fmt.Sprintf(": %s so far; a threefold gap usually takes about %d deals.", f.restsOn(), threefoldDeals) + f.unheard()
}

// threefoldDeals is how many deals it usually takes to see that one kind pays three times another.
const threefoldDeals = 30

func (f finding) paysOff() (lead, rest string) {
	v, k := f.Verdict, f.kind(f.Verdict.Kind)
	rest = ": " + f.perHour(k)
	if len(v.Chances) == 2 {
		rest += ", the better of two kinds"
	} else {
		rest += fmt.Sprintf(", the best of your %d kinds", len(v.Chances))
	}
	if f.uncovered(k) {
		rest += ", but it does not yet cover its cost"
	}
	rest += ", on " + f.restsOn() + "."
	if without, ok := f.History.KindWithoutBiggest(v.Kind); ok && k.Biggest > lopsided {
		rest += " " + capital(f.oneDeal(k, without))
	}
	return capital(kindWords[v.Kind]) + " pays off", rest + f.unheard()
}

// nothingToCompare is why there is no verdict, where that is not for want of deals alone.
func (f finding) nothingToCompare() (lead, rest string) {
	switch {
	case f.Weeks == 0:
		return "Too early to tell", ": a week counts once it is over, and your first one still runs."
	case f.Deals == 0:
		return "Too early to tell", ": no deals in " + fullWeeks(f.Weeks) + " so far."
	case f.History.Minutes("") == 0:
		return "What an hour brings can't be said", ": " + f.restsOn() + ", but no hours are logged."
	case len(f.Kinds) == 0:
		return "Too early to tell", ": " + f.restsOn() + ", none with an amount."
	case len(f.Kinds) == 1:
		k := f.Kinds[0]
		if !k.Show {
			return "Nothing to compare", ": all your hours go into " + kindWords[k.Kind] + ", and it is too soon to say what they bring."
		}
		rest = ": all your hours go into " + kindWords[k.Kind] + ". They bring in " + f.perHour(k) + ", on " + f.restsOn() + "."
		if f.uncovered(k) {
			rest += " That does not yet cover their cost."
		}
		return "Nothing to compare", rest
	case len(f.Verdict.Chances) < 2:
		return "Too early to tell", ": " + f.restsOn() + "." + f.unheard()
	}
	return "", ""
}

// unheard names the kinds that had too few hours to judge.
func (f finding) unheard() string {
	var names []string
	for _, k := range f.Verdict.Unheard {
		names = append(names, kindWords[k])
	}
	if len(names) == 0 {
		return ""
	}
	have := " hasn't"
	if len(names) > 1 {
		have = " haven't"
	}
	return " " + capital(strings.Join(names, " and ")) + have + " had enough hours to judge."
}

// oneDeal says the figure with and without the largest deal.
func (f finding) oneDeal(r, without evidence.Return) string {
	if r.Biggest > .995 {
		return "all the money it brought is one deal; without it, going by your other channels, " + f.perHour(without) + "."
	}
	return "one deal is " + percent(math.Min(r.Biggest, 1)) + " of what it brought; without it, " + f.perHour(without) + "."
}

// percent is a probability or a share; one that is not quite sure is never called so.
func percent(p float64) string {
	switch n := math.Round(100 * p); {
	case n >= 100 && p < 1:
		return "over 99%"
	case n <= 0 && p > 0:
		return "under 1%"
	default:
		return fmt.Sprintf("%.0f%%", n)
	}
}

// chance is that of reaching a goal, which the model holds to between 2 and 98 per cent.
func chance(p float64) string {
	switch n := math.Round(100 * p); {
	case n <= 2:
		return "2% or less"
	case n >= 98:
		return "98% or more"
	}
	return percent(p)
}

// forecast is what the goal's period will come to; "" where there is nothing to foresee.
func (f finding) forecast() string {
	fc := f.Forecast
	switch {
	case fc == nil || f.AsOf >= f.Target.Period.To || f.AsOf < f.Target.Period.From:
		return ""
	case !fc.Known || !fc.Computed:
		if fc.SoFar >= f.Target.Amount {
			return ""
		}
		if f.Weeks == 0 {
			return "It is too early to say more."
		}
		return "Too early to say more: " + fullWeeks(f.Weeks) + " and " + deals(f.Deals) + " so far."
	}
	said := "Forecast: about " + f.short(fc.Mid)
	if lo, hi := f.short(fc.Lo), f.short(fc.Hi); lo != hi {
		said += " (80% likely " + lo + " to " + hi + ")"
	}
	if fc.SoFar < f.Target.Amount {
		said += ", chance of the goal " + chance(fc.Hit)
	}
	if fc.Silent >= silentWeeks {
		return said + ". Nothing was logged for " + fullWeeks(fc.Silent) + "; it assumes you resume your usual pace."
	}
	return said + "."
}

// holdsBack is the one thing to look at: an alarm, else the stage that holds back, else what
// may become an alarm. "" is none.
func (f finding) holdsBack() string {
	switch {
	case f.Silent >= silentWeeks && f.forecast() == "":
		return "Nothing was logged for " + fullWeeks(f.Silent) + "."
	case len(f.Alarms) > 0:
		return f.alarm(f.Alarms[0], true)
	case f.Bottleneck != nil && !f.Bottleneck.Unlogged:
		return "Holding back: " + f.bottleneck()
	case len(f.Watch) > 0:
		return f.alarm(f.Watch[0], false)
	}
	return ""
}

func (f finding) alarm(a evidence.Alarm, sure bool) string {
	said := f.channel(a.Channel).Name + " took " + percent(a.Share) + " of your hours and "
	if sure {
		return said + "very likely pays less than half of the rest an hour."
	}
	return said + "may pay less than half of the rest an hour; I keep an eye on it."
}

// bottleneck is the step that holds back.
func (f finding) bottleneck() string {
	b := f.Bottleneck
	of := math.Max(b.Of, b.Through) // an estimate of how many have had time, which can fall short
	return heldBack(f.channel(b.Channel).Name, goals.Held{Channel: b.Channel, From: b.Stage.From(), Through: int64(math.Round(b.Through)), Of: int64(math.Round(of))})
}
