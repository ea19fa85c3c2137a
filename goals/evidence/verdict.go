package evidence

import "payoff/goals"

// A Verdict is which kind pays best an hour, and how sure that is.
type Verdict struct {
	State State
	Kind  goals.Kind // the likeliest; empty when there is nothing to compare
	Sure  float64    // the probability that it is the best
	// Chances is by kind; kinds that had too few hours are not in it.
	Chances map[goals.Kind]float64
	Unheard []goals.Kind // those with hours, but too few to judge
	// Alike says that it is no longer early: after half a year, no kind stands out.
	Alike bool
}

// A State is what can be said.
type State string

const (
	TooEarly State = "too early to tell"
	Leaning  State = "leaning"
	PaysOff  State = "pays off"
)

// What it takes to say something. With two contenders it takes more: one lucky streak beats
// one rival.
const (
	verdictWeeks = 6
	verdictDeals = 5
	expectDeals  = .5 // a contender has had hours for that many
	patientWeeks = 26 // before that, no difference is only early
)

func (r *record) verdict(all []taken) Verdict {
	v := Verdict{State: TooEarly, Chances: map[goals.Kind]float64{}}
	groups := r.groups(all)
	p := poolOf(groups, r.typical)
	if !p.valued {
		return v
	}
	var kinds []goals.Kind
	var laws []*law
	var deals float64
	for i, g := range groups {
		deals += g.deals
		if g.exposure() <= 0 {
			continue
		}
		if p.expects(g) < expectDeals {
			v.Unheard = append(v.Unheard, all[i].kind)
			continue
		}
		kinds, laws = append(kinds, all[i].kind), append(laws, rateOf(g, p).compare())
	}
	if len(kinds) < 2 {
		return v
	}
	for i, k := range kinds {
		v.Chances[k] = best(laws, i)
		if v.Kind == "" || v.Chances[k] > v.Sure {
			v.Kind, v.Sure = k, v.Chances[k]
		}
	}
	lean, pays := .70, .95
	if len(kinds) == 2 {
		lean, pays = .85, .99
	}
	switch {
	case r.loggedWeeks() < verdictWeeks || deals < verdictDeals:
	case v.Sure >= pays:
		v.State = PaysOff
	case v.Sure >= lean:
		v.State = Leaning
	default:
		v.Alike = r.weeks() > patientWeeks
	}
	return v
}

// best is the probability that the i-th is above all others.
func best(laws []*law, i int) (p float64) {
	for x, at := range laws[i].p {
		for j := range laws {
			if j != i {
				at *= laws[j].cdf[x]
			}
		}
		p += at
	}
	return p
}
