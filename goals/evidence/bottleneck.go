package evidence

import (
	"math"
	"slices"

	"payoff/goals"
)

// A Stage is a step of the funnel.
type Stage string

const (
	ContactToConversation   Stage = "contact_to_conversation"
	ConversationToQualified Stage = "conversation_to_qualified"
	QualifiedToDeal         Stage = "qualified_to_deal"
)

// A step is a stage, with the share of a channel's delay that it takes.
type step struct {
	Stage
	share float64
}

// stages are the steps in order.
var stages = []step{{ContactToConversation, .2}, {ConversationToQualified, .3}, {QualifiedToDeal, .5}}

// benchmarks are what typical small businesses get through each stage: a starting guess, not
// data, and to be called so wherever they are shown.
var benchmarks = map[goals.Kind][3]float64{
	goals.Social:     {.12, .18, .16},
	goals.Networking: {.40, .25, .30},
	goals.Direct:     {.22, .20, .20},
}

// From is the stage of the funnel at which people stay whom this step does not let through.
func (s Stage) From() goals.Measure {
	return goals.Funnel[slices.IndexFunc(stages, func(known step) bool { return known.Stage == s })]
}

// A Bottleneck is the stage that holds back most: on one channel against the owner's others,
// or, where Channel is empty, on all against a typical small business.
type Bottleneck struct {
	Channel goals.ChannelID
	Stage   Stage
	Gap     float64 // log odds against what was to be expected; below zero
	Sure    float64 // the probability that the odds are a third lower or worse
	Through float64 // how many went on,
	Of      float64 // of so many that have had time to

	// Unlogged: nobody is ever logged at the next stage, though people are at later ones. It
	// says nothing of where they get stuck.
	Unlogged bool
}

const (
	ownerVar   = .49 // how far owners lie from the benchmarks, log odds variance
	channelVar = .25 // how far an owner's channels lie apart; twice that at one stage
	overspread = 1.25
	callSure   = .70
	callSeen   = 5
	callWeeks  = 6
	thinSD     = .45
)

// A passage is one stage of one channel.
type passage struct {
	channel int
	of, on  float64
	x, v    float64 // log odds against the benchmark, and its variance
}

func (p passage) weight() float64 { return 1 / (channelVar + p.v) }

// bottleneck is the stage that is called, if one is, and else the stages of which too little
// is known.
func (r *record) bottleneck() (found *Bottleneck, thin []Stage) {
	for s := range stages {
		passages := r.passages(s)
		var weight, sum, of, on float64
		for _, p := range passages {
			weight, sum = weight+p.weight(), sum+p.weight()*p.x
			of, on = of+p.of, on+p.on
		}
		precision := 1/ownerVar + weight
		if math.Sqrt(1/precision) > thinSD {
			thin = append(thin, stages[s].Stage)
		}
		found = lower(found, call("", s, sum/precision, 1/precision, on, of))
		for _, p := range passages {
			others := 1/ownerVar + weight - p.weight()
			vv := p.v + 1/others
			f := 2 * channelVar / (2*channelVar + vv)
			gap := f * (p.x - (sum-p.weight()*p.x)/others)
			found = lower(found, call(r.channels[p.channel].id, s, gap, f*vv, p.on, p.of))
		}
	}
	if r.loggedWeeks() < callWeeks {
		return nil, thin
	}
	if found != nil {
		found.Unlogged = r.unlogged(*found)
	}
	return found, thin
}

// unlogged reports whether the stage that nobody reached is one that is never logged.
func (r *record) unlogged(b Bottleneck) bool {
	if b.Through > 0 || b.Stage == QualifiedToDeal {
		return false
	}
	var later int64
	for i := range r.channels {
		if s := &r.channels[i]; b.Channel == "" || b.Channel == s.id {
			later += s.sales()
			for _, a := range s.weeks {
				later += a[goals.Conversations] + a[goals.Qualified]
			}
		}
	}
	return later > 0
}

// call is a bottleneck that is sure enough, or nil.
func call(id goals.ChannelID, stage int, gap, variance, on, of float64) *Bottleneck {
	sure := normalCDF((-math.Log(1.5) - gap) / math.Sqrt(variance))
	if sure < callSure || of < callSeen {
		return nil
	}
	return &Bottleneck{Channel: id, Stage: stages[stage].Stage, Gap: gap, Sure: sure, Through: on, Of: of}
}

func lower(a, b *Bottleneck) *Bottleneck {
	if a == nil || b != nil && b.Gap < a.Gap {
		return b
	}
	return a
}

// passages is a stage on each channel where enough has had time to pass it.
func (r *record) passages(stage int) (list []passage) {
	from, to := goals.Funnel[stage], goals.Funnel[stage+1]
	for i := range r.channels {
		s := &r.channels[i]
		p := passage{channel: i}
		for t, a := range s.weeks {
			p.of += float64(a[from]) * math.Sqrt(paid(r.weeks()-1-t, stages[stage].share*delays[s.kind]))
			p.on += float64(a[to])
		}
		if to == goals.Deals {
			p.on = float64(s.sales()) // revenue without a deal is one
		}
		if p.of < 1 {
			continue
		}
		on, not := math.Min(p.on, p.of)/overspread+.5, math.Max(p.of-p.on, 0)/overspread+.5
		p.x = digamma(on) - digamma(not) - logit(benchmarks[s.kind][stage])
		p.v = trigamma(on) + trigamma(not)
		list = append(list, p)
	}
	return list
}
