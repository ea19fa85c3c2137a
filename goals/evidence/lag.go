package evidence

import (
	"slices"

	"payoff/goals"
)

// A Lag is how long a channel took from first activity to first money, so that a slow one is
// not judged early.
type Lag struct {
	Channel goals.ChannelID
	First   int // weeks from the first activity to the first money; -1: none yet
	Waiting int // weeks since the first activity
	// Typical is the middle of the weeks that lie between a deal and the hours before it,
	// each week's hours counted by how many there were; -1 where there are no deals or no hours.
	Typical int
	Deals   int64 // what that rests on
}

func (r *record) lags() (list []Lag) {
	for i := range r.channels {
		s := &r.channels[i]
		start := slices.IndexFunc(s.weeks, func(a goals.Amounts) bool { return !a.IsZero() })
		if start < 0 {
			continue
		}
		lag := Lag{Channel: s.id, First: -1, Waiting: r.weeks() - 1 - start}
		for _, d := range s.deals {
			if d.amount > 0 && lag.First < 0 {
				lag.First = d.week - start
			}
		}
		lag.Typical, lag.Deals = s.typicalLag()
		list = append(list, lag)
	}
	return list
}

// typicalLag is the median number of weeks between a deal and the work of the three months
// before it.
func (s *series) typicalLag() (weeks int, deals int64) {
	const back = 13
	var weight [back + 1]float64
	var all float64
	for _, d := range s.deals {
		deals += d.n
		for age := 0; age <= back && age <= d.week; age++ {
			w := float64(d.n) * float64(s.weeks[d.week-age][goals.Hours])
			weight[age], all = weight[age]+w, all+w
		}
	}
	var below float64
	for age, w := range weight {
		if below += w; all > 0 && below >= all/2 {
			return age, deals
		}
	}
	return -1, deals
}
