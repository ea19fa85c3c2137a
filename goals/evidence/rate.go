package evidence

import "math"

// The grid on which the logarithm of a return per hour is laid out.
const (
	gridPoints = 280
	gridStep   = .08
	gridBelow  = 13 // how far below the pooled guess it begins
)

// A law is a distribution of the logarithm of a return per hour, on the pool's grid. cdf[i]
// is what lies below the middle of point i.
type law struct {
	from float64
	p    [gridPoints]float64
	cdf  [gridPoints]float64
}

func (l *law) at(i int) float64 { return l.from + gridStep*float64(i) }

// A rate is what an hour of a group brings: its logarithm is ln Gamma(shape, at rate per) +
// Normal(mean, variance).
type rate struct {
	from           float64 // where the grid begins
	shape, per     float64
	mean, variance float64
	shared         float64 // variance of what is not known of amounts at all: it moves every group
}

// rateOf is the posterior of a group. It needs a pool that is valued and hours that count.
func rateOf(g group, p pool) rate {
	mu, v := p.mu, tau2+p.v
	if n := g.logs.n; n > 0 {
		b := tau2 / (tau2 + p.s2/n)
		mu, v = b*g.logs.mean+(1-b)*p.mu, b*p.s2/n+sq(1-b)*p.v
	}
	r := rate{
		from: math.Log(p.rate) + p.mu + p.s2/2 - gridBelow,
		mean: mu + p.s2/2, variance: v + g.exposureVar(), shared: sq(p.s2) / (2 * p.nu),
	}
	if !g.byLeads() {
		r.shape, r.per = 1+g.deals/phi, 1/p.rate+g.exposure()/phi
		return r
	}
	r.shape, r.per = 1+g.leads/phi, 1/p.perHour+g.leadHours/phi
	k := g.deals / phi
	bought, not := 10*p.closing+k, 10*(1-p.closing)+math.Max(g.ripeLeads/phi-k, 0)
	r.mean += digamma(bought) - digamma(bought+not)
	r.variance += trigamma(bought) - trigamma(bought+not)
	return r
}

// compare is for holding groups against each other.
func (r rate) compare() *law { return r.law(r.variance) }

// report is what is shown, wider by what groups share.
func (r rate) report() *law { return r.law(r.variance + r.shared) }

func (r rate) law(variance float64) *law {
	l := &law{from: r.from}
	mid := r.mean + digamma(r.shape) - math.Log(r.per)
	if r.shape > 50 { // the gamma is narrower than the grid
		w := math.Max(variance+trigamma(r.shape), sq(gridStep))
		for i := range l.p {
			l.p[i] = math.Exp(-sq(l.at(i)-mid) / 2 / w)
		}
	} else {
		l.convolve(r, variance)
	}
	var sum float64
	for _, p := range l.p {
		sum += p
	}
	if sum == 0 { // all of it lies beyond one end
		end := 0
		if mid > r.from {
			end = gridPoints - 1
		}
		l.p[end], sum = 1, 1
	}
	var below float64
	for i := range l.p {
		l.p[i] /= sum
		l.cdf[i] = below + l.p[i]/2
		below += l.p[i]
	}
	return l
}

// negligible is what part of the highest density is not worth spreading.
const negligible = 1e-16

// convolve lays out the gamma's density and spreads it by the normal's.
func (l *law) convolve(r rate, variance float64) {
	k := min(int(4*math.Sqrt(variance)/gridStep), gridPoints-1)
	kernel := make([]float64, 2*k+1)
	for j := range kernel {
		kernel[j] = math.Exp(-sq(float64(j-k)*gridStep) / 2 / variance)
	}
	var density [gridPoints]float64
	var highest float64
	scale, top := math.Log(r.per), logGamma(r.shape)
	ripe, step := r.per*math.Exp(l.from-r.mean), math.Exp(gridStep)
	for i := range density {
		density[i] = math.Exp(r.shape*(l.at(i)-r.mean+scale) - ripe - top)
		highest = max(highest, density[i])
		if density[i] < negligible*highest { // it has one peak, and that is behind
			break
		}
		ripe *= step
	}
	for i, p := range density {
		if p <= negligible*highest {
			continue
		}
		near := l.p[max(0, i-k):min(gridPoints, i+k+1)]
		for j, w := range kernel[max(0, k-i):][:len(near)] {
			near[j] += p * w
		}
	}
}

// quantile is the return per hour below which the truth lies with probability p.
func (l *law) quantile(p float64) float64 {
	for i := 1; i < gridPoints; i++ {
		if l.cdf[i] >= p {
			part := 1.
			if step := l.cdf[i] - l.cdf[i-1]; step > 0 {
				part = (p - l.cdf[i-1]) / step
			}
			return math.Exp((1-part)*l.at(i-1) + part*l.at(i))
		}
	}
	return math.Exp(l.at(gridPoints - 1))
}

// below is the probability that the logarithm is below x.
func (l *law) below(x float64) float64 {
	at := (x - l.from) / gridStep
	i := int(math.Floor(at))
	switch {
	case i < 0:
		return 0
	case i >= gridPoints-1:
		return l.cdf[gridPoints-1]
	}
	return l.cdf[i] + (at-float64(i))*(l.cdf[i+1]-l.cdf[i])
}
