package evidence

import (
	"math"
	"math/rand/v2"
	"slices"

	"payoff/goals"
)

// A share is how many of so many.
type share struct{ n, of int }

func (s *share) count(is bool) {
	s.of++
	if is {
		s.n++
	}
}

func (s *share) add(o share) { s.n, s.of = s.n+o.n, s.of+o.of }

func (s share) rate() float64 { return float64(s.n) / math.Max(float64(s.of), 1) }

// An outcome is what was said of one owner, and whether it was so.
type outcome struct {
	family string
	busy   bool // made a deal a week and more

	leaning          int             // first week in which the best kind was named; 0 is never
	decided, wrongly bool            // that a kind "pays off", and that it was not the best
	pays             [aYear + 1]bool // weeks in which one did

	alarmed bool // of a channel that pays more than two thirds of the rest
	caught  bool // the channel that pays a tenth

	kinds, channels       share // intervals that hold the truth
	forecasts, naive      share
	brier, naiveBrier     float64
	bottlenecks, mistaken share // called; and of those, calls of what is not low
}

// watch looks at verdict and alarms at the end of every week.
func (o *outcome) watch(l *life, w world, verdicts, alarms bool) {
	var last map[int]Alarm
	for t := verdictWeeks; t <= aYear; t++ {
		h := l.at(t, 0)
		r := layOut(h, h.AsOf+1)
		if verdicts {
			o.judge(r.verdict(r.byKind()), t, l.sources[0].kind)
		}
		if alarms {
			now := r.idle()
			raised, _ := r.raise(now, last)
			o.hear(raised, l, w, t)
			last = now
		}
	}
}

// judge holds a verdict against the kind that is best; where none is, any is wrong.
func (o *outcome) judge(v Verdict, week int, best goals.Kind) {
	if v.State != TooEarly && v.Kind == best && o.leaning == 0 {
		o.leaning = week
	}
	if v.State == PaysOff {
		o.pays[week] = true
		o.wrongly = o.wrongly || v.Kind != best
		o.decided = true
	}
}

func (o *outcome) hear(raised []Alarm, l *life, w world, week int) {
	for _, a := range raised {
		c := l.find(a.Channel)
		one := l.truth(week, func(i int) bool { return i == c })
		rest := l.truth(week, func(i int) bool { return i != c })
		o.alarmed = o.alarmed || one > rest*2/3
		o.caught = o.caught || w.idle && c == 0
	}
}

func (l *life) find(id goals.ChannelID) int {
	return slices.IndexFunc(l.log.Channels, func(c goals.Channel) bool { return c.ID == id })
}

// look is one look at everything else, after so many weeks.
func (o *outcome) look(l *life, weeks int, r *rand.Rand) {
	h := l.at(weeks, r.IntN(7))
	a := Analyse(h)
	for _, x := range a.Kinds {
		truth := l.truth(weeks, func(i int) bool { return l.sources[i].kind == x.Kind })
		o.kinds.count(x.Lo <= truth && truth <= x.Hi)
	}
	for _, x := range a.Channels {
		truth := l.truth(weeks, func(i int) bool { return i == l.find(x.Channel) })
		o.channels.count(x.Lo <= truth && truth <= x.Hi)
	}
	o.bottlenecks.count(a.Bottleneck != nil)
	if a.Bottleneck != nil {
		o.mistaken.count(l.lies(*a.Bottleneck) > -math.Log(1.15))
	}
	o.foretell(l, h, r)
}

// lies is how far a stage truly lies, log odds: a channel's from the mean of the owner's
// others, the owner's mean from what is usual.
func (l *life) lies(b Bottleneck) float64 {
	stage := slices.Index([]Stage{ContactToConversation, ConversationToQualified, QualifiedToDeal}, b.Stage)
	var own, others, n float64
	for i, s := range l.sources {
		d := logit(s.through[stage]) - logit(usualShare[s.kind][stage])
		if i == l.find(b.Channel) {
			own = d
		} else {
			others, n = others+d, n+1
		}
	}
	others /= math.Max(n, 1)
	if b.Channel == "" {
		return others
	}
	return own - others
}

// foretell sets a goal and holds the forecast against what came, and the naive forecast with
// it: the weeks left bring what a week has brought so far, each on its own, normal, with the
// standard deviation seen.
func (o *outcome) foretell(l *life, h History, r *rand.Rand) {
	length := 7 * goals.Date([]int{2, 4, 8, 13, 26}[r.IntN(5)])
	from := h.AsOf + 1 - goals.Date(r.IntN(15))
	target := Target{Period: goals.Period{From: from, To: from + length - 1}}
	target.Amount = math.Round(l.perWeek * float64(length) / 7 * math.Exp(.15+.6*r.NormFloat64()))
	f := Foretell(h, target)
	if !f.Known || f.SoFar >= target.Amount {
		return
	}
	came := l.came(from, target.Period.To)
	hit := 0.
	if came >= target.Amount {
		hit = 1
	}
	o.forecasts.count(f.Lo <= came && came <= f.Hi)
	o.brier += sq(f.Hit - hit)

	weeks, left := float64(int(h.AsOf+1-firstDay)/7), float64(target.Period.To-h.AsOf)/7
	var sum, squares float64
	for t := range goals.Date(weeks) {
		x := l.came(firstDay+7*t, firstDay+7*t+6)
		sum, squares = sum+x, squares+x*x
	}
	mid := f.SoFar + left*sum/weeks
	sd := math.Sqrt(left * (squares - sum*sum/weeks) / (weeks - 1))
	o.naive.count(math.Abs(came-mid) <= 1.2816*sd)
	o.naiveBrier += sq(min(max(1-normalCDF((target.Amount-mid)/sd), .02), .98) - hit)
}
