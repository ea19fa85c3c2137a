package evidence

import (
	"slices"

	"payoff/goals"
)

// An Analysis is all that a history says.
type Analysis struct {
	Weeks  int // weeks with something logged, of those that are over
	Deals  int64
	Silent int // weeks since anything was logged

	Channels   []Return // those with hours, in the history's order
	Kinds      []Return // in the order of goals.Kinds
	Verdict    Verdict
	Bottleneck *Bottleneck // nil: no stage stands out
	Thin       []Stage     // stages of which too little is known to say so
	Alarms     []Alarm     // channels that very likely pay less than half of the rest an hour
	Watch      []Alarm     // channels that may
	Lags       []Lag
}

// A Return is what an hour of a channel or a kind brings, in minor units: the middle, and
// the ends of the interval that holds the truth with 90 %.
type Return struct {
	Channel goals.ChannelID // of a channel; else empty
	Kind    goals.Kind

	Hours   float64
	Spend   float64
	Deals   int64
	Revenue float64

	Lo, Mid, Hi float64
	Show        bool    // false: too soon, this work usually takes longer to pay
	Delay       float64 // how many weeks it usually takes
	Biggest     float64 // share of revenue that is one deal
}

// ROI is (revenue - cost) / cost at a return per hour, with cost = spend + hours x what an
// hour is worth; false when nothing was put in.
func (r Return) ROI(perHour, hourWorth float64) (float64, bool) {
	cost := r.Spend + r.Hours*hourWorth
	if cost <= 0 {
		return 0, false
	}
	return perHour*r.Hours/cost - 1, true
}

// Analyse reads a history. It is the same for the same numbers.
func Analyse(h History) Analysis {
	r := layOut(h, h.AsOf+1)
	a := Analysis{Weeks: r.loggedWeeks(), Silent: r.silent(), Verdict: Verdict{State: TooEarly}}
	for i := range r.channels {
		a.Deals += r.channels[i].sales()
	}
	kinds := r.byKind()
	a.Kinds = r.returns(kinds)
	a.Channels = r.returns(r.byChannel())
	a.Verdict = r.verdict(kinds)
	a.Bottleneck, a.Thin = r.bottleneck()
	a.Alarms, a.Watch = r.alarms(layOut(h, h.AsOf+1-7))
	a.Lags = r.lags()
	return a
}

// silent is how many of the last weeks have nothing in them.
func (r *record) silent() int {
	for i, is := range slices.Backward(r.logged) {
		if is {
			return len(r.logged) - 1 - i
		}
	}
	return len(r.logged)
}

// A taken is some channels, taken together as a group.
type taken struct {
	kind     goals.Kind
	channels []int
}

func (r *record) byKind() []taken {
	var all []taken
	for _, k := range goals.Kinds {
		t := taken{kind: k}
		for i := range r.channels {
			if r.channels[i].kind == k {
				t.channels = append(t.channels, i)
			}
		}
		if len(t.channels) > 0 {
			all = append(all, t)
		}
	}
	return all
}

func (r *record) byChannel() []taken {
	all := make([]taken, len(r.channels))
	for i := range r.channels {
		all[i] = taken{r.channels[i].kind, []int{i}}
	}
	return all
}

// groups adds up what was taken together. Empty ones count as well: their deals, made without
// an hour, are deals of the owner.
func (r *record) groups(all []taken) []group {
	groups := make([]group, len(all))
	for i, t := range all {
		for _, c := range t.channels {
			groups[i].add(&r.channels[c].sums)
		}
	}
	return groups
}

// returns is what an hour of each brings, of those that took hours.
func (r *record) returns(all []taken) []Return {
	groups := r.groups(all)
	p := poolOf(groups, r.typical)
	if !p.valued {
		return nil
	}
	var list []Return
	for i, g := range groups {
		if g.exposure() <= 0 {
			continue
		}
		law := rateOf(g, p).report()
		ret := Return{
			Kind: all[i].kind, Hours: g.hours, Spend: g.spend, Deals: int64(g.deals), Revenue: g.revenue,
			Lo: law.quantile(.05), Mid: law.quantile(.5), Hi: law.quantile(.95),
			Show: g.exposure() >= .25*g.hours, Delay: delays[all[i].kind], Biggest: r.biggest(all[i], g.revenue),
		}
		if len(all[i].channels) == 1 {
			ret.Channel = r.channels[all[i].channels[0]].id
		}
		list = append(list, ret)
	}
	return list
}

// biggest is the share that the largest deal has of what came in.
func (r *record) biggest(t taken, revenue float64) float64 {
	var most float64
	for _, c := range t.channels {
		for _, s := range r.channels[c].deals {
			most = max(most, s.amount)
		}
	}
	if revenue <= 0 {
		return 0
	}
	return min(most/revenue, 1) // it is more than all where refunds took the rest away
}
