package evidence

import (
	"math"

	"payoff/goals"
)

// An Alarm is a channel that takes hours and brings little for them.
type Alarm struct {
	Channel goals.ChannelID
	Share   float64 // of all hours
	Sure    float64 // the probability that an hour brings less than half of the rest's
}

const (
	alarmShare = .20 // of the hours: a channel of fewer is no matter
	alarmWeeks = 6
	alarmDeals = 3
	alarmSure  = .90
	watchSure  = .75
)

// alarms are the channels that very likely pay less than half of the rest an hour, and those
// that may; each this week and the week before, so that one odd week raises none.
func (r *record) alarms(before *record) (alarms, watch []Alarm) {
	return r.raise(r.idle(), before.idle())
}

func (r *record) raise(now, last map[int]Alarm) (alarms, watch []Alarm) {
	for i := range r.channels {
		is, ok := now[i]
		was, again := last[i]
		switch {
		case !ok || !again:
		case math.Min(is.Sure, was.Sure) >= alarmSure:
			alarms = append(alarms, is)
		case math.Min(is.Sure, was.Sure) >= watchSure:
			watch = append(watch, is)
		}
	}
	return alarms, watch
}

// idle is, for each channel that can be judged, how likely it pays less than half of the rest.
func (r *record) idle() map[int]Alarm {
	found := map[int]Alarm{}
	if r.loggedWeeks() < alarmWeeks {
		return found
	}
	for i := range r.channels {
		rest := taken{}
		for j := range r.channels {
			if j != i {
				rest.channels = append(rest.channels, j)
			}
		}
		groups := r.groups([]taken{{r.channels[i].kind, []int{i}}, rest})
		one, others := groups[0], groups[1]
		p := poolOf(groups, r.typical)
		if !p.valued || one.exposure() <= 0 || others.exposure() <= 0 ||
			one.deals+others.deals < alarmDeals || one.hours < alarmShare*(one.hours+others.hours) {
			continue
		}
		c, o := rateOf(one, p).compare(), rateOf(others, p).compare()
		a := Alarm{Channel: r.channels[i].id, Share: one.hours / (one.hours + others.hours)}
		for x, at := range o.p {
			a.Sure += at * c.below(o.at(x)-math.Ln2)
		}
		found[i] = a
	}
	return found
}
