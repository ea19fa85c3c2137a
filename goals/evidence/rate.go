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

// A rate is what an hour of a group brings.
type rate struct {
	compare law // for holding groups against each other
	report  law // the wider one that is shown: what is not known of amounts at all moves both
	expects float64
}

// rateOf is the posterior of a group. It needs a pool that is valued and hours that count.
func rateOf(g *group, p pool) rate {
	na := float64(len(g.logs))
	mu, v := p.mu, tau2+p.v
	if na > 0 {
		b := tau2 / (tau2 + p.s2/na)
		mu, v = b*mean(g.logs)+(1-b)*p.mu, b*p.s2/na+sq(1-b)*p.v
	}
	m := mu + p.s2/2
	var a, r float64
	if g.byLeads() {
		a, r = 1+g.leads/phi, 1/p.perHour+g.leadHours/phi
		k := g.deals / phi
		bought, not := 10*p.closing+k, 10*(1-p.closing)+math.Max(g.ripeLeads/phi-k, 0)
		m += digamma(bought) - digamma(bought+not)
		v += trigamma(bought) - trigamma(bought+not)
	} else {
		a, r = 1+g.deals/phi, 1/p.rate+g.exposure()/phi
	}
	from := math.Log(p.rate) + p.mu + p.s2/2 - gridBelow
	v += g.exposureVar()
	return rate{
		compare: lawOf(from, a, r, m, v),
		report:  lawOf(from, a, r, m, v+sq(p.s2)/(2*p.nu)),
		expects: p.rate * g.exposure(),
	}
}

// lawOf is that of ln Gamma(a, rate r) + Normal(m, v).
func lawOf(from, a, r, m, v float64) law {
	l := law{from: from}
	if a > 50 { // the gamma is narrower than the grid
		mid, w := m+digamma(a)-math.Log(r), math.Max(v+trigamma(a), sq(gridStep))
		for i := range l.p {
			l.p[i] = math.Exp(-sq(l.at(i)-mid) / 2 / w)
		}
	} else {
		l.convolve(a, r, m, v)
	}
	var sum float64
	for _, p := range l.p {
		sum += p
	}
	var below float64
	for i := range l.p {
		l.p[i] /= sum
		l.cdf[i] = below + l.p[i]/2
		below += l.p[i]
	}
	return l
}

// convolve lays out the gamma's density and spreads it by the normal's.
func (l *law) convolve(a, r, m, v float64) {
	k := int(4 * math.Sqrt(v) / gridStep)
	kernel := make([]float64, k+1)
	for j := range kernel {
		kernel[j] = math.Exp(-sq(float64(j)*gridStep) / 2 / v)
	}
	top := logGamma(a)
	for i := range l.p {
		z := l.at(i) - m
		p := math.Exp(a*(z+math.Log(r)) - r*math.Exp(z) - top)
		if p < 1e-300 {
			continue
		}
		for j := max(0, i-k); j <= min(gridPoints-1, i+k); j++ {
			l.p[j] += p * kernel[max(i-j, j-i)]
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
			return math.Exp(l.at(i-1) + part*gridStep)
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
