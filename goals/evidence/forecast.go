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
		f.Hit = math.Min(math.Max(1-o.cdf(math.Log(gap)), .02), .98)
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
	typical  float64 // what a deal is worth
	logMean  float64
	none     float64   // the probability of no deal at all
	some     []takings // and of others
}

// takings is so many deals: how likely that is, and the logarithm of what they are worth
// together, a normal distribution.
type takings struct {
	p, mean, sd float64
}

func (r *record) outlook(left float64) (o outlook) {
	var deals, weeks float64
	var logs sample
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
		}
		logs.add(r.channels[i].sums.logs)
	}
	nu := priorDeals + math.Max(0, logs.n-1)
	s2 := (priorDeals*priorLog2 + logs.squares) / nu
	if r.typical > 0 {
		logs.add(sample{n: 1.5, mean: math.Log(r.typical) - s2/2})
	}
	if logs.n == 0 || weeks == 0 || left <= 0 {
		return o
	}
	o.possible = true
	o.logMean = logs.mean + s2/2
	o.typical = math.Exp(o.logMean)
	o.count(left, .5+deals/phi, weeks/phi, math.Expm1(s2), math.Expm1(min(s2/logs.n+sq(s2)/(2*nu), 300)))
	return o
}

// count fills in how many deals the weeks left bring, negative binomial, and what they are
// worth; each varies by excess, the squared coefficient of variation of one deal, and all
// together by shared. Past some hundreds they are counted in strides.
func (o *outlook) count(left, a, b, excess, shared float64) {
	m := left * a / b
	v := phi*m + sq(m)/a + .0625*sq(m)
	size := sq(m) / (v - m)
	p := size / (size + m)
	at := func(n float64) float64 {
		ways := (size - 1) * math.Log(n) // of so many that their factorials have no digit left
		if n < 1e6 {
			ways = logGamma(size+n) - logGamma(n+1)
		}
		return math.Exp(ways - logGamma(size) + size*math.Log(p) + n*math.Log1p(-p))
	}
	o.none = at(0)
	sum, stride := o.none, 1.
	for first := 1.; sum < 1-1e-12 && first < 50*(m+20); first += stride {
		stride = math.Max(1, math.Floor(first/200))
		n := first + (stride-1)/2
		q := stride * at(n)
		sum += q
		s := math.Log1p(excess*(1+shared)/n + shared)
		o.some = append(o.some, takings{q, math.Log(n) + o.logMean - s/2, math.Sqrt(s)})
	}
	for i := range o.some {
		o.some[i].p *= (1 - o.none) / (sum - o.none)
	}
}

// cdf is the probability that no more than e^x is still to come.
func (o *outlook) cdf(x float64) float64 {
	sum := o.none
	for _, t := range o.some {
		sum += t.p * normalCDF((x-t.mean)/t.sd)
	}
	return sum
}

// quantile is by bisection on the logarithm.
func (o *outlook) quantile(q float64) float64 {
	if o.none >= q {
		return 0
	}
	lo, hi := o.logMean-30, o.logMean+30
	for hi-lo > 1e-10 {
		if mid := (lo + hi) / 2; o.cdf(mid) < q {
			lo = mid
		} else {
			hi = mid
		}
	}
	return math.Exp((lo + hi) / 2)
}
