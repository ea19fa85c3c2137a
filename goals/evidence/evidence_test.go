package evidence

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/goals"
)

var monday = goals.Date(20000).Monday()

// histories draws an owner of some channels over some weeks.
func histories(t *rapid.T) History {
	h := History{AsOf: monday + 7*goals.Date(rapid.IntRange(1, 40).Draw(t, "weeks")) - 1}
	small := rapid.Int64Range(0, 6)
	for i, kind := range []goals.Kind{goals.Social, goals.Networking, goals.Direct, goals.Social} {
		id := goals.ChannelID(rune('a' + i))
		h.Channels = append(h.Channels, goals.Channel{ID: id, Kind: kind})
		for d := monday; d <= h.AsOf; d += 7 {
			if rapid.IntRange(0, 2).Draw(t, "quiet") == 0 {
				continue
			}
			var a goals.Amounts
			a[goals.Hours], a[goals.Spend] = 30*small.Draw(t, "hours"), 1000*small.Draw(t, "spend")
			a[goals.Contacts], a[goals.Conversations], a[goals.Qualified] = 2*small.Draw(t, "contacts"), small.Draw(t, "talks"), small.Draw(t, "leads")
			if n := rapid.Int64Range(-3, 2).Draw(t, "deals"); n > 0 {
				a[goals.Deals], a[goals.Revenue] = n, n*rapid.Int64Range(0, 500_000).Draw(t, "worth")
				h.Deals = append(h.Deals, Deal{d + 2, id, n, a[goals.Revenue]})
			}
			h.Weeks = append(h.Weeks, Week{d, id, a})
		}
	}
	return h
}

var close2 = cmpopts.EquateApprox(1e-6, 1e-9)

// The order of rows is nobody's business.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories(t)
		want := Analyse(h)
		r := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))
		r.Shuffle(len(h.Weeks), func(i, j int) { h.Weeks[i], h.Weeks[j] = h.Weeks[j], h.Weeks[i] })
		r.Shuffle(len(h.Deals), func(i, j int) { h.Deals[i], h.Deals[j] = h.Deals[j], h.Deals[i] })
		if diff := cmp.Diff(want, Analyse(h), cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("in another order (-was +is):\n%s", diff)
		}
	})
}

// Pence are not worth less than pounds: with all money a hundred times as much, every figure
// of money is, and nothing else changes.
func TestMoneyHasNoScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories(t)
		small := Analyse(h)
		target := Target{goals.Period{From: monday, To: h.AsOf + 60}, 1_000_000}
		was := Foretell(h, target)
		for i := range h.Weeks {
			h.Weeks[i].Amounts[goals.Spend] *= 100
			h.Weeks[i].Amounts[goals.Revenue] *= 100
		}
		for i := range h.Deals {
			h.Deals[i].Revenue *= 100
		}
		target.Amount *= 100
		large, is := Analyse(h), Foretell(h, target)
		for _, list := range [][]Return{large.Channels, large.Kinds} {
			for i := range list {
				r := &list[i]
				r.Lo, r.Mid, r.Hi, r.Spend, r.Revenue = r.Lo/100, r.Mid/100, r.Hi/100, r.Spend/100, r.Revenue/100
			}
		}
		if diff := cmp.Diff(small, large, close2); diff != "" {
			t.Fatalf("with all money x100 (-was +is, divided by 100):\n%s", diff)
		}
		is.SoFar, is.Lo, is.Mid, is.Hi, is.NeededPerWeek = is.SoFar/100, is.Lo/100, is.Mid/100, is.Hi/100, is.NeededPerWeek/100
		if diff := cmp.Diff(was, is, close2); diff != "" {
			t.Fatalf("forecast with all money x100 (-was +is, divided by 100):\n%s", diff)
		}
	})
}

// Whatever happened, what is said is a number and in order.
func TestFiguresAreFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories(t)
		a := Analyse(h)
		for _, list := range [][]Return{a.Channels, a.Kinds} {
			for _, r := range list {
				if !(0 < r.Lo && r.Lo <= r.Mid && r.Mid <= r.Hi && r.Hi < math.Inf(1)) {
					t.Fatalf("return per hour = %v to %v to %v, want them above 0 and in order", r.Lo, r.Mid, r.Hi)
				}
			}
		}
		var sum float64
		for _, p := range a.Verdict.Chances {
			sum += p
		}
		if len(a.Verdict.Chances) > 0 && math.Abs(sum-1) > .02 {
			t.Fatalf("chances add up to %v, want 1", sum)
		}
		f := Foretell(h, Target{goals.Period{From: monday, To: h.AsOf + goals.Date(rapid.IntRange(-5, 300).Draw(t, "left"))}, 2_000_000})
		if f.Computed && !(f.SoFar <= f.Lo && f.Lo <= f.Mid && f.Mid <= f.Hi && f.Hit >= 0 && f.Hit <= 1) {
			t.Fatalf("forecast = %+v, want its figures in order", f)
		}
	})
}

func BenchmarkAnalyse(b *testing.B) {
	h := History{AsOf: monday + 52*7 - 1}
	r := rand.New(rand.NewPCG(1, 2))
	for i, kind := range []goals.Kind{goals.Social, goals.Networking, goals.Direct, goals.Social, goals.Networking} {
		id := goals.ChannelID(rune('a' + i))
		h.Channels = append(h.Channels, goals.Channel{ID: id, Kind: kind})
		for d := monday; d <= h.AsOf; d += 7 {
			h.Weeks = append(h.Weeks, Week{d, id, goals.Amounts{goals.Hours: 120, goals.Contacts: 5, goals.Conversations: 3, goals.Qualified: 1}})
			if r.IntN(6) == 0 {
				h.Deals = append(h.Deals, Deal{d, id, 1, int64(50_000 + r.IntN(200_000))})
			}
		}
	}
	for b.Loop() {
		Analyse(h)
	}
}
