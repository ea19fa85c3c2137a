package evidence

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A study is owners of every family in one world, and what is looked at.
type study struct {
	world
	each             int  // owners of each family
	verdicts, alarms bool // every week
	looks            int  // at everything else, at any week from the 4th
}

// studies are of so many owners that they take half a minute on two cores.
var studies = []study{
	{world: world{name: "equal", ratio: 1}, each: 300, verdicts: true, alarms: true, looks: 1},
	{world: world{name: "1.5x", ratio: 1.5}, each: 60, verdicts: true, looks: 2},
	{world: world{name: "3x", ratio: 3}, each: 60, looks: 2},
	{world: world{name: "3x, busy", ratio: 3, busy: true}, each: 100, verdicts: true},
	{world: world{name: "10x", ratio: 10}, each: 60, looks: 2},
	{world: world{name: "10x, busy", ratio: 10, busy: true}, each: 100, verdicts: true},
	{world: world{name: "any", spread: .8}, each: 150, alarms: true, looks: 2},
	{world: world{name: "idle", ratio: 1, idle: true}, each: 150, alarms: true},
}

// run lets each owner live, on as many cores as there are. An owner's life depends on the
// study and their number alone.
func (s study) run(seed uint64) []outcome {
	all := make([]outcome, s.each*len(families))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				r := rand.New(rand.NewPCG(seed, uint64(i)))
				l := live(&families[i%int64(len(families))], s.world, r)
				o := &all[i]
				o.family, o.busy = l.family.name, l.deals >= 1
				if s.verdicts || s.alarms {
					o.watch(l, s.world, s.verdicts, s.alarms)
				}
				for range s.looks {
					o.look(l, 4+r.IntN(aYear-3), r)
				}
			}
		})
	}
	wait.Wait()
	return all
}

// A figure is one line of the table.
type figure struct {
	what     string
	got      float64
	of       int     // what it rests on
	from, to float64 // where it must lie
	slack    float64 // how far it may lie off that with a fifteenth of the owners
	found    string  // what was found by those who chose the model, on owners of their own
}

var anything = math.Inf(1) // told, not held

func (f figure) String() string {
	bound := fmt.Sprintf("%g to %g", f.from, f.to)
	switch {
	case f.to == anything && f.from == 0:
		bound = ""
	case f.to == anything:
		bound = fmt.Sprintf("at least %g", f.from)
	case f.from == 0:
		bound = fmt.Sprintf("at most %g", f.to)
	}
	return fmt.Sprintf("%-56s %7.3f %7d   %-14s %s", f.what, f.got, f.of, bound, f.found)
}

// TestCalibration holds what is said of owners against their truth. With PAYOFF_SLOW it is of
// more than ten thousand, and the bounds are those that the model was accepted by; else of a
// fifteenth, and they are wider.
func TestCalibration(t *testing.T) {
	slow := os.Getenv("PAYOFF_SLOW") == "1"
	seen := map[string][]outcome{}
	for i, s := range studies {
		if !slow {
			s.each /= 15
		}
		seen[s.name] = s.run(uint64(i))
	}
	t.Logf("%-56s %7s %7s   %-14s %s", "", "is", "of", "must be", "the model's own simulation")
	for _, f := range slices.Concat(coverage(seen), verdicts(seen), forecasts(seen), findings(seen)) {
		t.Log(f)
		if slow {
			f.slack = 0
		}
		if !(f.got >= f.from-f.slack && f.got <= f.to+f.slack) {
			t.Errorf("%s = %.3f, want %g to %g", f.what, f.got, f.from-f.slack, f.to+f.slack)
		}
	}
}

// tally adds up over owners.
func tally(all []outcome, of func(*outcome, *share)) (s share) {
	for i := range all {
		of(&all[i], &s)
	}
	return s
}

// looked is everyone who was looked at.
func looked(seen map[string][]outcome) []outcome {
	return slices.Concat(seen["equal"], seen["1.5x"], seen["3x"], seen["10x"], seen["any"])
}

func coverage(seen map[string][]outcome) []figure {
	kinds := tally(looked(seen), func(o *outcome, s *share) { s.add(o.kinds) })
	channels := tally(looked(seen), func(o *outcome, s *share) { s.add(o.channels) })
	return []figure{
		{"90 % intervals of kinds that hold the truth", kinds.rate(), kinds.of, .88, .96, .02, ".917"},
		{"90 % intervals of channels that do", channels.rate(), channels.of, .88, .96, .02, ".932"},
	}
}

// verdicts are figures of "pays off" and "leaning".
func verdicts(seen map[string][]outcome) []figure {
	decided := func(o *outcome, s *share) { s.count(o.decided) }
	rightly := func(o *outcome, s *share) { s.count(o.decided && !o.wrongly) }
	wrongly := func(o *outcome, s *share) { s.count(o.wrongly) }
	var family, week, busy share // the worst ones
	for _, f := range families {
		if s := tally(seen["equal"], func(o *outcome, s *share) {
			if o.family == f.name {
				s.count(o.decided)
			}
		}); s.rate() >= family.rate() {
			family = s
		}
	}
	for t := range aYear + 1 {
		if s := tally(seen["equal"], func(o *outcome, s *share) { s.count(o.pays[t]) }); s.rate() >= week.rate() {
			week = s
		}
	}
	busy = tally(seen["equal"], func(o *outcome, s *share) {
		if o.busy {
			s.count(o.decided)
		}
	})
	var leaning []int
	for _, o := range seen["3x, busy"] {
		if o.leaning == 0 {
			o.leaning = aYear + 1
		}
		leaning = append(leaning, o.leaning)
	}
	slices.Sort(leaning)
	ever, half := tally(seen["equal"], decided), tally(seen["1.5x"], rightly)
	three, ten := tally(seen["3x, busy"], rightly), tally(seen["10x, busy"], rightly)
	wrong := []share{tally(seen["1.5x"], wrongly), tally(seen["3x, busy"], wrongly), tally(seen["10x, busy"], wrongly)}
	return []figure{
		{"equal kinds: one ever \"pays off\", of 47 weekly looks", ever.rate(), ever.of, 0, .05, .04, ".037-.041"},
		{"  in the worst family", family.rate(), family.of, 0, .09, .16, ".070"},
		{"  in the worst week", week.rate(), week.of, 0, .03, .02, ".016"},
		{"  of those with a deal a week", busy.rate(), busy.of, 0, anything, 0, ".063-.080"},
		{"1.5x: rightly decided by week 52", half.rate(), half.of, 0, anything, 0, ".07-.09"},
		// What the model was accepted by says nothing of 1.5x. Here it is wrong more often than in
		// its own simulation, .006 to .014 by four seeds: the bound is what holds.
		{"  wrongly", wrong[0].rate(), wrong[0].of, 0, .02, .04, ".005"},
		{"3x, a deal a week: week of the first right \"leaning\"", float64(leaning[len(leaning)/2]), len(leaning), 0, 12, 3, "9"},
		{"  rightly decided by week 52", three.rate(), three.of, .58, anything, .1, "median week 38-39"},
		{"  wrongly", wrong[1].rate(), wrong[1].of, 0, .01, .02, ".003"},
		{"10x, a deal a week: rightly decided by week 52", ten.rate(), ten.of, .88, anything, .05, "median week 14-16"},
		{"  wrongly", wrong[2].rate(), wrong[2].of, 0, .01, .02, "0"},
	}
}

func forecasts(seen map[string][]outcome) []figure {
	all := looked(seen)
	held := tally(all, func(o *outcome, s *share) { s.add(o.forecasts) })
	naive := tally(all, func(o *outcome, s *share) { s.add(o.naive) })
	var score, naiveScore float64
	for _, o := range all {
		score, naiveScore = score+o.brier/float64(held.of), naiveScore+o.naiveBrier/float64(held.of)
	}
	return []figure{
		{"80 % intervals of revenue that hold what came", held.rate(), held.of, .78, .88, .03, ".828-.842"},
		{"  of the naive forecast's", naive.rate(), naive.of, 0, anything, 0, ".712"},
		{"Brier score of the goal being reached", score, held.of, 0, anything, 0, ".162"},
		{"  against the naive forecast's", score / naiveScore, held.of, 0, .95, .05, ".915"},
	}
}

// findings are figures of bottleneck and alarms.
func findings(seen map[string][]outcome) []figure {
	all := looked(seen)
	called := tally(all, func(o *outcome, s *share) { s.add(o.bottlenecks) })
	mistaken := tally(all, func(o *outcome, s *share) { s.add(o.mistaken) })
	alarmed := func(o *outcome, s *share) { s.count(o.alarmed) }
	equal, differ := tally(seen["equal"], alarmed), tally(seen["any"], alarmed)
	caught := tally(seen["idle"], func(o *outcome, s *share) { s.count(o.caught) })
	return []figure{
		{"a bottleneck is called", called.rate(), called.of, 0, anything, 0, ".27-.41"},
		{"  and is not low", mistaken.rate(), mistaken.of, 0, .04, .03, ".007-.022"},
		{"false alarm within a year, equal channels", equal.rate(), equal.of, 0, .07, .04, ".043"},
		{"  channels that differ", differ.rate(), differ.of, 0, .07, .04, ".043"},
		{"a channel that pays a tenth is caught by week 52", caught.rate(), caught.of, .75, anything, .1, ".81"},
	}
}

// The same seed is the same owners, however many cores there are.
func TestSimulationRepeats(t *testing.T) {
	s := study{world: world{spread: .8}, each: 1, verdicts: true, alarms: true, looks: 1}
	if diff := cmp.Diff(s.run(1), s.run(1), cmp.AllowUnexported(outcome{}, share{})); diff != "" {
		t.Errorf("once and again:\n%s", diff)
	}
	if cmp.Equal(s.run(1), s.run(2), cmp.AllowUnexported(outcome{}, share{})) {
		t.Error("another seed is the same owners")
	}
}
