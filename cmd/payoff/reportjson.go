package main

import (
	"encoding/json"
	"fmt"
	"math"

	"payoff/goals"
	"payoff/goals/engine"
	"payoff/goals/evidence"
)

// figures is a report as JSON. Its keys are documented in docs/guide.md and stay; more may be added.
type figures struct {
	Owner    string                    `json:"owner"`
	AsOf     goals.Date                `json:"as_of"`
	From     *goals.Date               `json:"from,omitempty"` // absent: from the first record on
	To       *goals.Date               `json:"to,omitempty"`   // absent: up to the last
	Currency goals.Currency            `json:"currency"`
	Channels map[string]figureLine     `json:"channels"`
	Kinds    map[goals.Kind]figureLine `json:"kinds"`
	Total    measures                  `json:"total"`

	Weeks      int                `json:"full_weeks"`          // over by then, and with something logged,
	Deals      int64              `json:"deals_in_full_weeks"` // which is what all below rests on
	Verdict    verdictJSON        `json:"verdict"`
	Goal       *goalJSON          `json:"goal"`
	Forecast   *forecastJSON      `json:"forecast"`
	Bottleneck *bottleneckJSON    `json:"bottleneck"`
	Alarms     []string           `json:"alarms"`
	Watch      []string           `json:"watch"`
	Lag        map[string]lagJSON `json:"lag"`
}

// A decimal is a figure of the model, to four decimals; nil is null.
type decimal float64

// MarshalJSON leaves out the decimals that would claim more than is known, and writes null for
// what is no number.
func (d decimal) MarshalJSON() ([]byte, error) {
	x := math.Round(float64(d)*1e4) / 1e4
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(x + 0) // no negative zero
}

// An interval is the middle of what is likely, and its ends.
type interval struct {
	Lo  decimal `json:"lo"`
	Mid decimal `json:"mid"`
	Hi  decimal `json:"hi"`
}

type hourJSON struct {
	interval
	Show bool `json:"show"` // false: too soon for its kind
}

type verdictJSON struct {
	State evidence.State         `json:"state"`
	Kind  *goals.Kind            `json:"kind"` // null: nothing to compare
	PBest map[goals.Kind]decimal `json:"p_best"`
}

type goalJSON struct {
	Amount json.Number `json:"amount"`
	From   goals.Date  `json:"from"`
	To     goals.Date  `json:"to"`
}

type forecastJSON struct {
	SoFar  decimal          `json:"so_far"`
	Lo     *decimal         `json:"lo"` // null, as the next four, where nothing can be foretold
	Mid    *decimal         `json:"mid"`
	Hi     *decimal         `json:"hi"`
	PHit   *decimal         `json:"p_hit"`
	Needed decimal          `json:"needed_per_week"`
	Status *evidence.Status `json:"status"`
	Known  bool             `json:"known"` // false: too few weeks or deals, and what stands here is a guess
}

type bottleneckJSON struct {
	Channel string         `json:"channel"` // "all": on every channel, against a typical small business
	Stage   evidence.Stage `json:"stage"`
	P       decimal        `json:"p"`
	Gap     decimal        `json:"log_odds_gap"`
}

type lagJSON struct {
	First   *int  `json:"first_weeks"`   // null: no money yet
	Typical *int  `json:"typical_weeks"` // null: no deal yet, or no hours
	Deals   int64 `json:"deals"`
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
	Kind goals.Kind `json:"kind,omitempty"`
	measures
	PerHour *hourJSON `json:"return_per_hour"` // null: no hours, or no deal with an amount anywhere
	ROI     *interval `json:"roi"`             // null too where nothing was put in, or an hour has no value
}

// json is a report as JSON.
func (p printed) json() figures {
	currency, ev := p.Owner.Currency, p.evidence
	f := figures{
		Owner: p.Owner.Name, AsOf: ev.AsOf, Currency: currency, Weeks: ev.Weeks, Deals: ev.Analysis.Deals,
		Channels: map[string]figureLine{}, Kinds: map[goals.Kind]figureLine{}, Total: amountsOf(p.Total, currency),
		Verdict:  verdictJSON{State: ev.Verdict.State, PBest: map[goals.Kind]decimal{}},
		Forecast: p.forecast(), Alarms: p.named(ev.Alarms), Watch: p.named(ev.Watch), Lag: map[string]lagJSON{},
	}
	if p.from.set {
		f.From = &p.from.Date
	}
	if p.to.set {
		f.To = &p.to.Date
	}
	for _, ch := range p.Channels {
		line := figureLine{Kind: ch.Kind, measures: amountsOf(ch.Amounts, currency)}
		line.PerHour, line.ROI = p.returns(ev.Channels, func(r evidence.Return) bool { return r.Channel == ch.ID })
		f.Channels[ch.Name] = line
	}
	for _, k := range kindSums(p.Report) {
		line := figureLine{measures: amountsOf(k.amounts, currency)}
		line.PerHour, line.ROI = p.returns(ev.Kinds, func(r evidence.Return) bool { return r.Kind == k.kind })
		f.Kinds[k.kind] = line
	}
	if v := ev.Verdict; v.Kind != "" {
		f.Verdict.Kind = &v.Kind
		for kind, chance := range v.Chances {
			f.Verdict.PBest[kind] = decimal(chance)
		}
	}
	if t := ev.Target; ev.Forecast != nil {
		amount := goals.Money{Minor: int64(t.Amount), Currency: currency}
		f.Goal = &goalJSON{json.Number(amount.Decimal()), t.Period.From, t.Period.To}
	}
	if b := ev.Bottleneck; b != nil {
		f.Bottleneck = &bottleneckJSON{"all", b.Stage, decimal(b.Sure), decimal(b.Gap)}
		if b.Channel != "" {
			f.Bottleneck.Channel = p.name(b.Channel)
		}
	}
	for _, l := range ev.Lags {
		lag := lagJSON{Deals: l.Deals}
		if l.Typical >= 0 {
			lag.Typical = &l.Typical
		}
		if l.First >= 0 {
			lag.First = &l.First
		}
		f.Lag[p.name(l.Channel)] = lag
	}
	return f
}

// returns is what an hour brings of the one that is meant.
func (p printed) returns(list []evidence.Return, is func(evidence.Return) bool) (*hourJSON, *interval) {
	for _, r := range list {
		if !is(r) {
			continue
		}
		hour := &hourJSON{interval{p.major(r.Lo), p.major(r.Mid), p.major(r.Hi)}, r.Show}
		worth := float64(p.Owner.HourWorth)
		lo, ok := r.ROI(r.Lo, worth)
		if !ok || worth == 0 {
			return hour, nil
		}
		mid, _ := r.ROI(r.Mid, worth)
		hi, _ := r.ROI(r.Hi, worth)
		return hour, &interval{decimal(lo), decimal(mid), decimal(hi)}
	}
	return nil, nil
}

// forecast is where the goal will end, nil without one.
func (p printed) forecast() *forecastJSON {
	f := p.evidence.Forecast
	if f == nil {
		return nil
	}
	out := &forecastJSON{SoFar: p.major(f.SoFar), Needed: p.major(f.NeededPerWeek), Known: f.Known}
	if f.Computed {
		lo, mid, hi, hit := p.major(f.Lo), p.major(f.Mid), p.major(f.Hi), decimal(f.Hit)
		out.Lo, out.Mid, out.Hi, out.PHit = &lo, &mid, &hi, &hit
	}
	if f.Status != "" {
		out.Status = &f.Status
	}
	return out
}

// major is minor units as a decimal in the owner's currency.
func (p printed) major(minor float64) decimal {
	return decimal(minor / math.Pow10(p.Owner.Currency.Digits()))
}

func (p printed) name(id goals.ChannelID) string {
	for _, ch := range p.Owner.Channels {
		if ch.ID == id {
			return ch.Name
		}
	}
	return string(id)
}

// named is never nil, so that a list without any is [] and not null.
func (p printed) named(list []evidence.Alarm) []string {
	names := []string{}
	for _, a := range list {
		names = append(names, p.name(a.Channel))
	}
	return names
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
