package evidence

import (
	"math"

	"payoff/goals"
)

// A Target is a revenue figure over a period.
type Target struct {
	Period goals.Period
	Amount float64 // minor units
}

// A Forecast is what will have come in at the end of a period.
type Forecast struct {
	SoFar         float64
	NeededPerWeek float64
	NeededDeals   float64 // about how many deals a week that is; 0 when it cannot be said
	Known         bool    // false: too few weeks or deals; what follows is then a guess
	Computed      bool    // what follows is there at all
	Lo, Mid, Hi   float64 // the middle, and the ends of the interval that holds it with 80 %
	Hit           float64 // the probability of reaching the target
	Status        Status
	Silent        int // weeks since anything was logged: 3 or more assume the usual pace again
}

// A Status is how a goal stands.
type Status string

const (
	Behind Status = "behind"
	OnPace Status = "on pace"
	Ahead  Status = "ahead"
)

const (
	halfLife      = 26. // weeks after which a week counts half
	forecastWeeks = 4
	forecastDeals = 3
)

// Foretell says what a target will come to.
func Foretell(h History, t Target) Forecast {
	r := layOut(h, h.AsOf+1)
	f := Forecast{Silent: r.silent()}
	for _, d := range h.Deals {
		if d.Date >= t.Period.From && d.Date <= min(t.Period.To, h.AsOf) {
			f.SoFar += float64(d.Revenue)
		}
	}
	left := float64(max(0, int(t.Period.To-max(h.AsOf, t.Period.From-1)))) / 7
	gap := t.Amount - f.SoFar
	if left > 0 {
		f.NeededPerWeek = math.Max(gap, 0) / left
	}
	o := r.outlook(left)
	if gap <= 0 {
		f.Hit, f.Status = 1, Ahead
	}
	if !o.possible {
		return f
	}
	f.Computed = true
	f.Known = r.loggedWeeks() >= forecastWeeks && o.deals >= forecastDeals
	f.Lo, f.Mid, f.Hi = f.SoFar+o.quantile(.1), f.SoFar+o.quantile(.5), f.SoFar+o.quantile(.9)
	f.NeededDeals = f.NeededPerWeek / o.typical
	if gap > 0 {
		f.Hit = math.Min(math.Max(1-o.cdf(gap), .02), .98)
		f.Status = statusOf(f.Hit)
	}
	return f
}

func statusOf(hit float64) Status {
	switch {
	case hit < .35:
		return Behind
	case hit < .70:
		return OnPace
	}
	return Ahead
}

// An outlook is the distribution of what is still to come: how many deals, and what they are
// worth together.
type outlook struct {
	possible bool
	deals    int64
	typical  float64   // what a deal is worth
	counts   []float64 // probability of so many deals
	logMean  float64
	excess   float64 // e^s2 - 1
	shared   float64 // the same of what is not known of all amounts at once
}

func (r *record) outlook(left float64) (o outlook) {
	var deals, weeks float64
	var logs []float64
	weight := func(t int) float64 { return math.Exp2(-float64(r.weeks()-1-t) / halfLife) }
	for t, is := range r.logged {
		if is {
			weeks += weight(t)
		}
	}
	for i := range r.channels {
		for _, d := range r.channels[i].deals {
			o.deals += d.n
			deals += float64(d.n) * weight(d.week)
			if d.amount > 0 {
				for range d.n {
					logs = append(logs, math.Log(d.amount))
				}
			}
		}
	}
	n := float64(len(logs))
	nu := priorDeals + math.Max(0, n-1)
	s2 := (priorDeals*priorLog2 + squares(logs)) / nu
	pseudo, sum := 0., 0.
	if r.typical > 0 {
		pseudo, sum = 1.5, 1.5*(math.Log(r.typical)-s2/2)
	}
	if n+pseudo == 0 || weeks == 0 || left <= 0 {
		return o
	}
	for _, y := range logs {
		sum += y
	}
	o.possible = true
	o.logMean = sum/(n+pseudo) + s2/2
	o.typical = math.Exp(o.logMean)
	o.excess = math.Expm1(s2)
	o.shared = math.Expm1(s2/(n+pseudo) + sq(s2)/(2*nu))
	o.count(left, .5+deals/phi, weeks/phi)
	return o
}

// count fills in how many deals the weeks left bring: negative binomial.
func (o *outlook) count(left, a, b float64) {
	m := left * a / b
	v := phi*m + sq(m)/a + .0625*sq(m)
	size := sq(m) / (v - m)
	p := size / (size + m)
	var sum float64
	for n := 0.; sum < 1-1e-12 && n < 1e5; n++ {
		q := math.Exp(logGamma(size+n) - logGamma(size) - logGamma(n+1) + size*math.Log(p) + n*math.Log1p(-p))
		o.counts = append(o.counts, q)
		sum += q
	}
}

// cdf is the probability that no more than x is still to come.
func (o *outlook) cdf(x float64) float64 {
	if len(o.counts) == 0 || x < 0 {
		return 0
	}
	sum := o.counts[0]
	if x == 0 {
		return sum
	}
	for i, p := range o.counts[1:] {
		n := float64(i + 1)
		s := math.Log1p(o.excess*(1+o.shared)/n + o.shared)
		sum += p * normalCDF((math.Log(x)-math.Log(n)-o.logMean+s/2)/math.Sqrt(s))
	}
	return sum
}

// quantile is by bisection on the logarithm.
func (o *outlook) quantile(q float64) float64 {
	if o.counts[0] >= q {
		return 0
	}
	lo, hi := o.logMean-30, o.logMean+30
	for range 100 {
		if mid := (lo + hi) / 2; o.cdf(math.Exp(mid)) < q {
			lo = mid
		} else {
			hi = mid
		}
	}
	return math.Exp((lo + hi) / 2)
}
