package evidence

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"payoff/goals"
)

// The simulation: owners whose truth is known. It is not the model turned round: hours bring
// contacts, each contact walks through the funnel at its own pace, clients bring clients, and
// some of it is written down.

const (
	aYear       = 52 // weeks that are looked at
	afterwards  = 28 // and those that forecasts are held against
	beforehand  = 26 // weeks of work before the log begins, of half of the owners
	longestWait = 12 // weeks at one stage
)

// A source is a channel as it truly is.
type source struct {
	kind    goals.Kind
	through [3]float64 // share of each stage that goes on
	wait    [3]float64 // weeks that takes on average
	kept    [3]float64 // share of contacts, conversations and qualified leads that is logged
	hours   []float64  // by week, from the first of the work
	weather []float64  // what season and trend make of an hour
	luck    []float64  // and what chance does
	fee     int64
	worth   float64 // what a deal brings on average
	pays    float64 // what an hour brings in the long run, before weather
}

// A life is an owner's truth, and what was written down of it.
type life struct {
	family  *family
	sources []source
	before  int    // weeks of work before the log begins
	silent  []bool // weeks in which nothing is written down
	price   func(*rand.Rand) float64
	deals   float64 // a week, as the world has it
	perWeek float64 // revenue to be expected
	log     History
}

var firstDay = goals.NewDate(2024, 1, 1) // a Monday

// usualWait and usualShare are of the simulated world: the model's constants may be wrong
// about it, and then the calibration says so.
var (
	usualWait  = map[goals.Kind]float64{goals.Social: 4, goals.Networking: 5, goals.Direct: 3}
	usualShare = map[goals.Kind][3]float64{
		goals.Social:     {.12, .18, .16},
		goals.Networking: {.40, .25, .30},
		goals.Direct:     {.22, .20, .20},
	}
)

// live lets an owner of a family live in a world.
func live(f *family, w world, r *rand.Rand) *life {
	l := &life{family: f, price: f.price(r), silent: make([]bool, aYear+afterwards)}
	if r.IntN(2) == 0 {
		l.before = beforehand
	}
	l.found(w, r)
	l.work(r)
	if w.idle {
		l.sources[0].waste(l.sources[1:], r)
	}
	l.settle(w, r)
	l.forget(r)
	for i := range l.sources {
		weeks, sold := l.walk(i, r)
		l.write(i, weeks, sold, r)
	}
	slices.SortStableFunc(l.log.Weeks, func(a, b Week) int { return int(a.Monday - b.Monday) })
	slices.SortStableFunc(l.log.Deals, func(a, b Deal) int { return int(a.Date - b.Date) })
	return l
}

// found gives the owner two or three kinds, of one or two channels each.
func (l *life) found(w world, r *rand.Rand) {
	kinds := slices.Clone(goals.Kinds[:])
	r.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	if r.IntN(4) == 0 {
		kinds = kinds[:2]
	}
	var good [3]float64 // at each stage
	for s := range good {
		good[s] = .45 * l.family.skill * r.NormFloat64()
	}
	pace := l.family.delay * math.Exp(.3*r.NormFloat64())
	for n, kind := range kinds {
		ratio, dear := w.ratioOf(n, r), math.Exp(uniform(r, -.5, .5))
		wait := min(max(pace*usualWait[kind]*math.Exp(.25*r.NormFloat64()), 1), 9)
		for range 1 + r.IntN(2) {
			s := source{kind: kind, kept: l.family.keeps(r)}
			s.pays = ratio * math.Exp(w.spread/3*r.NormFloat64())
			s.worth = dear * math.Exp(.15*r.NormFloat64())
			parts := [3]float64{uniform(r, .1, .3), uniform(r, .2, .4), uniform(r, .3, .7)}
			for i := range s.through {
				s.through[i] = shifted(usualShare[kind][i], good[i]+.3*l.family.skill*r.NormFloat64())
				s.wait[i] = wait * parts[i] / (parts[0] + parts[1] + parts[2])
			}
			if kind == goals.Networking || r.IntN(3) == 0 {
				s.fee = int64(500 + r.IntN(3000))
			}
			l.sources = append(l.sources, s)
		}
	}
}

// work lays out hours, weather and luck. Holidays and the weather are the owner's; skipped
// weeks, binges and luck a channel's. The first channel is never given up.
func (l *life) work(r *rand.Rand) {
	f, n := l.family, l.before+aYear+afterwards
	holiday := make([]bool, n)
	for range n / 20 {
		holiday[r.IntN(n)] = true
	}
	season, phase, trend := uniform(r, 0, f.season), r.Float64(), uniform(r, -f.trend, f.trend)
	for i := range l.sources {
		s := &l.sources[i]
		usual, every := min(max(2.5*math.Exp(.6*r.NormFloat64()), .7), 10), 1
		if s.kind == goals.Networking { // which meets weekly, fortnightly or monthly
			every = []int{1, 1, 2, 2, 4}[r.IntN(5)]
			usual *= math.Sqrt(float64(every))
		}
		end := n
		if i > 0 && r.IntN(10) == 0 {
			end = l.before + 13 + r.IntN(aYear)
		}
		skip, shape, first, luck := uniform(r, 0, f.skip), f.regular*uniform(r, .5, 1.5), r.IntN(every), 0.
		for t := range n {
			h := usual * gamma(r, shape) / shape
			if r.Float64() < f.binge {
				h *= uniform(r, 3, 6)
			}
			if holiday[t] || t >= end || t%every != first || r.Float64() < skip {
				h = 0
			}
			s.hours = append(s.hours, quarter(h))
			year := float64(t-l.before) / 52
			s.weather = append(s.weather, (1+season*math.Sin(2*math.Pi*(year+phase)))*math.Exp(trend*year))
			luck = .6*luck + .8*f.luck*r.NormFloat64()
			s.luck = append(s.luck, math.Exp(luck-sq(f.luck)/2))
		}
	}
}

func quarter(hours float64) float64 { return math.Round(4*hours) / 4 }

// waste makes a channel take much of the time and pay a tenth.
func (s *source) waste(others []source, r *rand.Rand) {
	var own, rest float64
	for _, h := range s.hours {
		own += h
	}
	for _, o := range others {
		for _, h := range o.hours {
			rest += h
		}
	}
	share := uniform(r, .25, .45)
	for t := range s.hours {
		s.hours[t] = quarter(s.hours[t] * share / (1 - share) * rest / max(own, 1))
	}
	s.pays *= .1
}

// settle sets what an hour brings so that the owner makes as many deals a week as is drawn.
func (l *life) settle(w world, r *rand.Rand) {
	var deals float64
	year := func(s *source, add func(hours float64)) {
		for t := l.before; t < l.before+aYear; t++ {
			add(s.hours[t] * s.weather[t] / aYear)
		}
	}
	for i := range l.sources {
		s := &l.sources[i]
		year(s, func(h float64) { deals += h * s.pays / s.worth })
	}
	l.deals = w.deals(r)
	typical := math.Exp(uniform(r, math.Log(5_000), math.Log(500_000)))
	for i := range l.sources {
		s := &l.sources[i]
		s.worth *= typical
		s.pays *= typical * l.deals / max(deals, 1e-9)
		year(s, func(h float64) { l.perWeek += h * s.pays })
	}
}

// forget leaves one to three weeks out, now and then.
func (l *life) forget(r *rand.Rand) {
	for range l.family.gaps {
		if at := r.IntN(2 * len(l.silent)); at < len(l.silent) {
			for t := at; t < min(len(l.silent), at+1+r.IntN(3)); t++ {
				l.silent[t] = true
			}
		}
	}
}

// walk lets a channel's contacts walk, and counts what is noticed of them by week, from the
// first of the log. It returns the weeks of the deals, of those whom clients bring too.
func (l *life) walk(i int, r *rand.Rand) (weeks []goals.Amounts, sold []int) {
	s := &l.sources[i]
	weeks = make([]goals.Amounts, aYear+afterwards)
	notice := func(t int, m goals.Measure) {
		if t -= l.before; t >= 0 && t < len(weeks) && r.Float64() < s.kept[m-goals.Contacts] {
			weeks[t][m]++
		}
	}
	perHour := s.pays / s.worth / l.family.clientsOfOne() / (s.through[0] * s.through[1] * s.through[2])
	for t, h := range s.hours {
		contacts := h * perHour * s.weather[t] * s.luck[t]
		if at := t - l.before; at >= 0 {
			weeks[at][goals.Hours], weeks[at][goals.Spend] = int64(60*h), s.fee
			weeks[at][goals.Contacts] += int64(poisson(r, contacts*(1-s.through[0])*s.kept[0]))
		}
		for range poisson(r, contacts*s.through[0]) {
			notice(t, goals.Contacts)
			at := t + geometric(r, s.wait[0])
			notice(at, goals.Conversations)
			if r.Float64() >= s.through[1] {
				continue
			}
			at += geometric(r, s.wait[1])
			notice(at, goals.Qualified)
			if r.Float64() < s.through[2] {
				sold = append(sold, at+geometric(r, s.wait[2]))
			}
		}
	}
	for n := 0; n < len(sold); n++ {
		sold = append(sold, l.family.brings(sold[n], r)...)
	}
	return weeks, sold
}

// write makes a channel's log.
func (l *life) write(i int, weeks []goals.Amounts, sold []int, r *rand.Rand) {
	s, id := &l.sources[i], goals.ChannelID(rune('a'+i))
	l.log.Channels = append(l.log.Channels, goals.Channel{ID: id, Kind: s.kind})
	for _, t := range sold {
		if t -= l.before; t < 0 || t >= len(weeks) || l.silent[t] {
			continue
		}
		worth := max(1, int64(s.worth*l.price(r)))
		weeks[t][goals.Deals]++
		weeks[t][goals.Revenue] += worth
		l.log.Deals = append(l.log.Deals, Deal{firstDay + goals.Date(7*t+r.IntN(7)), id, 1, worth})
	}
	for t, a := range weeks {
		if !l.silent[t] && !a.IsZero() {
			l.log.Weeks = append(l.log.Weeks, Week{firstDay + goals.Date(7*t), id, a})
		}
	}
}

// at is the log as it stands after so many weeks, some days into the next.
func (l *life) at(weeks, days int) History {
	h := l.log
	h.AsOf = firstDay + goals.Date(7*weeks-1+days)
	h.Weeks = h.Weeks[:sort.Search(len(h.Weeks), func(i int) bool { return h.Weeks[i].Monday > h.AsOf })]
	h.Deals = h.Deals[:sort.Search(len(h.Deals), func(i int) bool { return h.Deals[i].Date > h.AsOf })]
	return h
}

// truth is what an hour brings in the long run, of those logged so far on some channels.
func (l *life) truth(weeks int, of func(i int) bool) float64 {
	var hours, brings float64
	for i := range l.sources {
		s := &l.sources[i]
		for t := range weeks {
			if of(i) && !l.silent[t] {
				h := s.hours[l.before+t]
				hours, brings = hours+h, brings+h*s.weather[l.before+t]*s.pays
			}
		}
	}
	return brings / hours
}

// came is what was logged as come in.
func (l *life) came(from, to goals.Date) (sum float64) {
	for _, d := range l.log.Deals {
		if d.Date >= from && d.Date <= to {
			sum += float64(d.Revenue)
		}
	}
	return sum
}

// What the simulation calls the truth is what comes in: over a year, of owners who were at it
// before, in the mean.
func TestTruthComesIn(t *testing.T) {
	const each = 50
	var ratio, n float64
	for i, f := range families {
		f.gaps, f.trend = 0, 0
		r := rand.New(rand.NewPCG(2, uint64(i)))
		for range each {
			if l := live(&f, world{ratio: 3}, r); l.before > 0 {
				ratio, n = ratio+l.came(firstDay, firstDay+7*aYear-1)/(aYear*l.perWeek), n+1
			}
		}
	}
	if got := ratio / n; math.Abs(got-1) > .05 {
		t.Errorf("%.3f of what is to be expected came in, want 1", got)
	}
}
