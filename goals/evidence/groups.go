package evidence

import (
	"math"

	"payoff/goals"
)

// Constants of the model, chosen together.
const (
	phi        = 1.5 // how much more deals and leads vary than by pure chance
	tau2       = .25 // how far groups differ in what a deal is worth, log variance
	priorLog2  = .81 // log variance of amounts before any is seen
	priorDeals = 4   // how many deals that is worth
	typicalVar = .49 // log variance of what an owner says of a typical deal
)

// A group is channels taken together: one kind, or one channel.
type group struct {
	hours, spend float64
	ripe         float64 // hours that have had time to pay, C
	soon, late   float64 // the same if work pays slower or faster than thought
	leadHours    float64 // hours that have had time to bring leads
	leads        float64
	ripeLeads    float64 // leads that have had time to buy
	deals        float64
	logs         sample // logarithm of each deal's amount
	revenue      float64
}

// groupOf adds up a channel.
func groupOf(s *series) (g group) {
	d := delays[s.kind]
	for t, a := range s.weeks {
		age := len(s.weeks) - 1 - t
		g.spend += float64(a[goals.Spend])
		g.revenue += float64(a[goals.Revenue])
		h, q := float64(a[goals.Hours])/60, float64(a[goals.Qualified])
		if h == 0 && q == 0 {
			continue
		}
		g.hours += h
		g.ripe += h * paid(age, d)
		g.soon += h * paid(age, 1.6*d)
		g.late += h * paid(age, d/1.6)
		lead := math.Sqrt(paid(age, d/2))
		g.leadHours += h * lead
		g.leads += q
		g.ripeLeads += q * lead
	}
	for _, sale := range s.deals {
		g.deals += float64(sale.n)
		if sale.amount > 0 {
			g.logs.add(sample{n: float64(sale.n), mean: math.Log(sale.amount)})
		}
	}
	return g
}

// add takes in another group.
func (g *group) add(o *group) {
	g.hours, g.spend, g.revenue = g.hours+o.hours, g.spend+o.spend, g.revenue+o.revenue
	g.ripe, g.soon, g.late = g.ripe+o.ripe, g.soon+o.soon, g.late+o.late
	g.leadHours, g.leads, g.ripeLeads = g.leadHours+o.leadHours, g.leads+o.leads, g.ripeLeads+o.ripeLeads
	g.deals += o.deals
	g.logs.add(o.logs)
}

// exposure is the hours that count, between all of them and those that have had time to pay.
func (g group) exposure() float64 { return math.Sqrt(g.hours * g.ripe) }

// exposureVar is how unsure that is, as a log variance.
func (g group) exposureVar() float64 {
	if g.ripe <= 0 {
		return 0
	}
	return sq(math.Log(g.hours/g.ripe))/12 + sq(math.Log(g.late/g.soon)/4)
}

// A sample is numbers of which only this is kept: a line may stand for thousands of deals.
type sample struct {
	n, mean float64
	squares float64 // sum of squares about the mean
}

// add takes in another sample.
func (s *sample) add(o sample) {
	if o.n == 0 {
		return
	}
	n, apart := s.n+o.n, o.mean-s.mean
	s.squares += o.squares + sq(apart)*s.n*o.n/n
	s.mean += apart * o.n / n
	s.n = n
}

// A pool is what all groups have in common.
type pool struct {
	s2, nu  float64 // log variance of amounts within groups, and what it rests on
	mu, v   float64 // mean of log amounts over groups, and its variance
	rate    float64 // deals an hour
	perHour float64 // leads an hour, over the groups that log leads
	closing float64 // share of leads that buy
	valued  bool    // some deal has an amount, or a typical one is known
}

func poolOf(groups []group, typical float64) pool {
	p := pool{nu: priorDeals}
	ss := priorDeals * priorLog2
	for _, g := range groups {
		ss += g.logs.squares
		p.nu += math.Max(0, g.logs.n-1)
	}
	p.s2 = ss / p.nu
	var weight, sum, deals, exposure, leads, leadHours, leadDeals, ripe float64
	for _, g := range groups {
		deals += g.deals
		exposure += g.exposure()
		if g.logs.n > 0 {
			w := 1 / (tau2 + p.s2/g.logs.n)
			weight, sum = weight+w, sum+w*g.logs.mean
		}
		if g.byLeads() {
			leads, leadHours, leadDeals, ripe = leads+g.leads, leadHours+g.leadHours, leadDeals+g.deals, ripe+g.ripeLeads
		}
	}
	if typical > 0 {
		weight, sum = weight+1/typicalVar, sum+(math.Log(typical)-p.s2/2)/typicalVar
	}
	if weight == 0 || exposure == 0 {
		return p
	}
	p.valued = true
	p.mu, p.v = sum/weight, 1/weight
	p.rate = (deals + .5) / exposure
	if leadHours > 0 {
		p.perHour = (leads + .5) / leadHours
		p.closing = (leadDeals + 1) / (ripe + 5)
	}
	return p
}

// expects is how many deals the hours of a group would have brought if all paid the same.
func (p pool) expects(g group) float64 { return p.rate * g.exposure() }

// byLeads reports that a group logs its leads well enough to go by them: they are more and
// earlier than its deals.
func (g group) byLeads() bool { return g.exposure() > 0 && g.ripeLeads >= 1.2*g.deals+1 }
