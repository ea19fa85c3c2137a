package evidence

import (
	"math"
	"slices"

	"payoff/goals"
)

// A Shift is what would come of moving hours a week from one channel to another: the change of
// revenue a week, in minor units, once the work has had its time to pay.
//
// Mid is the median, as that of a return per hour is: the mean of so long a tail is mostly the
// deal nobody has seen, and would make the channel look best of which least is known. Lo to Hi
// holds the change with 80 %, as the forecast's does, for this too is about what is to come.
type Shift struct {
	Effect      Effect
	Lo, Mid, Hi float64
	More        float64 // the probability that it brings more
	From, To    Return  // what an hour of each brings; empty where there is nothing to go by
	Weeks       int     // with something logged
	Deals       int64   // of all channels
	Unheard     []goals.ChannelID
}

// An Effect is what can be said of a Shift.
type Effect string

const (
	Unjudged     Effect = "too early"
	AboutTheSame Effect = "about the same"
	MoreRevenue  Effect = "more"
	LessRevenue  Effect = "less"
)

// shiftSure is how likely one side must be before it is named: as likely as it takes for one
// of two kinds to lead. Below that 0 lies well inside the interval, and the change is small
// beside it: of a bell, less than one standard deviation.
const shiftSure = .85

// WhatIf is what would come of moving so many hours a week between two channels. An empty
// channel is none: hours on top, or given up. It is not judged before a verdict would be, nor
// when a channel has had too few hours or none that had time to pay (Unheard says which).
//
// What an hour brings is taken to be independent between the two, and the hours moved to bring
// what those before them did. To move nothing, or from a channel to itself, changes nothing.
func WhatIf(h History, from, to goals.ChannelID, hours float64) Shift {
	r := layOut(h, h.AsOf+1)
	s := Shift{Effect: Unjudged, Weeks: r.loggedWeeks()}
	for i := range r.channels {
		s.Deals += r.channels[i].sales()
	}
	for _, ret := range r.returns(r.byChannel()) {
		switch ret.Channel {
		case from:
			s.From = ret
		case to:
			s.To = ret
		}
	}
	if hours == 0 || from == to {
		s.Effect, s.More = AboutTheSame, .5
		return s
	}
	var d difference
	for _, side := range []struct {
		id  goals.ChannelID
		law **law
	}{{from, &d.from}, {to, &d.to}} {
		if side.id == "" {
			continue
		}
		if *side.law = r.judged(side.id); *side.law == nil {
			s.Unheard = append(s.Unheard, side.id)
		}
	}
	if len(s.Unheard) > 0 || s.Weeks < verdictWeeks || s.Deals < verdictDeals {
		return s
	}
	s.Lo, s.Mid, s.Hi = hours*d.quantile(.1), hours*d.quantile(.5), hours*d.quantile(.9)
	s.More = 1 - d.below(0)
	if hours < 0 {
		s.Lo, s.Hi, s.More = s.Hi, s.Lo, 1-s.More
	}
	switch {
	case s.More >= shiftSure:
		s.Effect = MoreRevenue
	case s.More <= 1-shiftSure:
		s.Effect = LessRevenue
	default:
		s.Effect = AboutTheSame
	}
	return s
}

// judged is what is known of an hour of a channel; nil when that is too little to go by.
func (r *record) judged(id goals.ChannelID) *law {
	i := slices.IndexFunc(r.channels, func(s series) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	groups := r.groups(r.byChannel())
	p, g := poolOf(groups, r.typical), groups[i]
	if !p.valued || g.exposure() <= 0 || g.exposure() < .25*g.hours {
		return nil
	}
	if p.expects(g) < expectDeals {
		return nil
	}
	return rateOf(g, p).report()
}

// A difference is how much more an hour of one law brings than an hour of another. One of the two
// may be nil, and brings nothing.
type difference struct{ from, to *law }

// below is the probability that the difference is at most x. Each law in turn is taken point by
// point and the other between its points, and the two answers are averaged: so the difference
// the other way round is exactly the same with its sign turned.
func (d difference) below(x float64) float64 {
	switch {
	case d.from == nil:
		return d.to.upTo(x)
	case d.to == nil:
		return 1 - d.from.upTo(-x)
	}
	return (1 + d.from.carry(d.to, x) - d.to.carry(d.from, -x)) / 2
}

// carry is the probability that another law's return is at most that of this one and x.
func (l *law) carry(other *law, x float64) (p float64) {
	for i, at := range l.p {
		if at > imperceptible {
			p += at * other.upTo(math.Exp(l.at(i))+x)
		}
	}
	return p
}

// imperceptible is a probability that a sum of some hundred does not show.
const imperceptible = 1e-12

// upTo is the probability that the return per hour itself is at most x.
func (l *law) upTo(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return l.below(math.Log(x))
}

// quantile is the difference below which the truth lies with probability p, of .01 to .99.
func (d difference) quantile(p float64) float64 {
	var reach float64
	for _, l := range []*law{d.from, d.to} {
		if l != nil {
			reach = math.Max(reach, l.quantile(.9999)) // which either law alone exceeds less often than is asked for
		}
	}
	lo, hi := -reach, reach
	for hi-lo > reach*1e-10 {
		if mid := (lo + hi) / 2; d.below(mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}
