package evidence

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/goals"
)

// moves draws a history, two of its channels or none, and hours between them.
func moves(t *rapid.T) (h History, from, to goals.ChannelID, hours float64) {
	h = histories(t)
	side := rapid.SampledFrom([]goals.ChannelID{"a", "b", "c", "d", ""})
	return h, side.Draw(t, "from"), side.Draw(t, "to"), float64(rapid.IntRange(1, 600).Draw(t, "minutes")) / 60
}

func (s Shift) turned() Shift {
	effect := map[Effect]Effect{MoreRevenue: LessRevenue, LessRevenue: MoreRevenue}[s.Effect]
	if effect != "" {
		s.Effect = effect
	}
	s.Lo, s.Mid, s.Hi, s.From, s.To = -s.Hi, -s.Mid, -s.Lo, s.To, s.From
	if s.Effect != Unjudged {
		s.More = 1 - s.More
	}
	return s
}

var sameShift = cmp.Options{cmpopts.EquateApprox(1e-6, 1e-4), cmpopts.SortSlices(func(a, b goals.ChannelID) bool { return a < b })}

// What is lost one way is won the other way, whether the channels or the sign are swapped.
func TestShiftBackIsItsNegative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, from, to, hours := moves(t)
		want := WhatIf(h, from, to, hours).turned()
		if from == to {
			want.From, want.To = want.To, want.From
		}
		if diff := cmp.Diff(want, WhatIf(h, to, from, hours), sameShift); diff != "" {
			t.Fatalf("the other way (-want +got):\n%s", diff)
		}
		want.From, want.To = want.To, want.From
		if from == to {
			want.From, want.To = want.To, want.From
		}
		if diff := cmp.Diff(want, WhatIf(h, from, to, -hours), sameShift); diff != "" {
			t.Fatalf("hours back (-want +got):\n%s", diff)
		}
	})
}

func TestShiftOfNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, from, to, hours := moves(t)
		for name, s := range map[string]Shift{"no hours": WhatIf(h, from, to, 0), "to itself": WhatIf(h, from, from, hours)} {
			if s.Effect != AboutTheSame || s.Lo != 0 || s.Mid != 0 || s.Hi != 0 {
				t.Errorf("%s: %+v, want no change", name, s)
			}
		}
	})
}

func TestShiftHasNoScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, from, to, hours := moves(t)
		small := WhatIf(h, from, to, hours)
		for i := range h.Weeks {
			h.Weeks[i].Amounts[goals.Spend] *= 100
			h.Weeks[i].Amounts[goals.Revenue] *= 100
		}
		for i := range h.Deals {
			h.Deals[i].Revenue *= 100
		}
		large := WhatIf(h, from, to, hours)
		large.Lo, large.Mid, large.Hi = large.Lo/100, large.Mid/100, large.Hi/100
		for _, r := range []*Return{&large.From, &large.To} {
			r.Lo, r.Mid, r.Hi, r.Spend, r.Revenue = r.Lo/100, r.Mid/100, r.Hi/100, r.Spend/100, r.Revenue/100
		}
		if diff := cmp.Diff(small, large, sameShift); diff != "" {
			t.Fatalf("with all money x100 (-was +is, divided by 100):\n%s", diff)
		}
	})
}

// What is said is a number, in order, and of the side that is named; twice the hours is twice
// the change.
func TestShiftIsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, from, to, hours := moves(t)
		s := WhatIf(h, from, to, hours)
		if !(s.Lo <= s.Mid && s.Mid <= s.Hi && s.More >= 0 && s.More <= 1) || math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
			t.Fatalf("%+v, want numbers in order", s)
		}
		if s.Effect == MoreRevenue && s.Mid <= 0 || s.Effect == LessRevenue && s.Mid >= 0 {
			t.Fatalf("%+v, want the side that is named", s)
		}
		if s.Effect == Unjudged && (s.Lo != 0 || s.Hi != 0) {
			t.Fatalf("%+v, want no figure so early", s)
		}
		twice := WhatIf(h, from, to, 2*hours)
		if math.Abs(twice.Mid-2*s.Mid) > 1e-6*math.Abs(s.Mid) || twice.Effect != s.Effect {
			t.Fatalf("twice the hours: %+v, once: %+v", twice, s)
		}
	})
}

// steady is an owner who gives each of some channels so many hours a week, and closes a deal of
// £500 every so many weeks; 0 is never.
func steady(weeks int, hours map[goals.ChannelID]int64, every map[goals.ChannelID]int) History {
	h := History{AsOf: monday + 7*goals.Date(weeks) - 1}
	for _, ch := range []goals.Channel{{ID: "fb", Kind: goals.Social}, {ID: "bni", Kind: goals.Networking}} {
		h.Channels = append(h.Channels, ch)
		for w := range weeks {
			on := monday + 7*goals.Date(w)
			a := goals.Amounts{goals.Hours: 60 * hours[ch.ID]}
			if n := every[ch.ID]; n > 0 && w%n == n-1 {
				a[goals.Deals], a[goals.Revenue] = 1, 50_000
				h.Deals = append(h.Deals, Deal{on, ch.ID, 1, 50_000})
			}
			if a != (goals.Amounts{}) {
				h.Weeks = append(h.Weeks, Week{on, ch.ID, a})
			}
		}
	}
	return h
}

func TestShiftSays(t *testing.T) {
	type hours = map[goals.ChannelID]int64
	type every = map[goals.ChannelID]int
	for _, tt := range []struct {
		name     string
		h        History
		from, to goals.ChannelID
		want     Effect
		unheard  int
	}{
		{"one pays, one does not", steady(30, hours{"fb": 3, "bni": 3}, every{"bni": 1, "fb": 15}), "fb", "bni", MoreRevenue, 0},
		{"the wrong way", steady(30, hours{"fb": 3, "bni": 3}, every{"bni": 1, "fb": 15}), "bni", "fb", LessRevenue, 0},
		{"alike", steady(30, hours{"fb": 3, "bni": 3}, every{"bni": 4, "fb": 4}), "fb", "bni", AboutTheSame, 0},
		{"hours on top", steady(30, hours{"fb": 3, "bni": 3}, every{"bni": 4, "fb": 4}), "", "bni", MoreRevenue, 0},
		{"hours given up", steady(30, hours{"fb": 3, "bni": 3}, every{"bni": 4, "fb": 4}), "fb", "", LessRevenue, 0},
		{"three weeks", steady(3, hours{"fb": 3, "bni": 3}, every{"bni": 1, "fb": 1}), "fb", "bni", Unjudged, 0},
		{"four deals", steady(8, hours{"fb": 3, "bni": 3}, every{"bni": 4, "fb": 4}), "fb", "bni", Unjudged, 0},
		{"no hours there", steady(30, hours{"fb": 3}, every{"fb": 2}), "fb", "bni", Unjudged, 1},
		{"no deals", steady(30, hours{"fb": 3, "bni": 3}, nil), "fb", "bni", Unjudged, 2},
		{"nothing", History{AsOf: monday}, "fb", "bni", Unjudged, 2},
	} {
		if s := WhatIf(tt.h, tt.from, tt.to, 2); s.Effect != tt.want || len(s.Unheard) != tt.unheard {
			t.Errorf("%s: WhatIf = %q, unheard %v (%+v), want %q and %d unheard", tt.name, s.Effect, s.Unheard, s, tt.want, tt.unheard)
		}
	}
}

// TestShiftByHand holds the quantiles against every pair of points of the two laws.
func TestShiftByHand(t *testing.T) {
	h := steady(30, map[goals.ChannelID]int64{"fb": 3, "bni": 3}, map[goals.ChannelID]int{"bni": 3, "fb": 9})
	r := layOut(h, h.AsOf+1)
	fb, bni := r.judged("fb"), r.judged("bni")
	s := WhatIf(h, "fb", "bni", 2)
	for want, x := range map[float64]float64{.1: s.Lo, .5: s.Mid, .9: s.Hi} {
		var got float64
		for i, p := range fb.p {
			for j, q := range bni.p {
				if 2*(math.Exp(bni.at(j))-math.Exp(fb.at(i))) <= x {
					got += p * q
				}
			}
		}
		if math.Abs(got-want) > .01 {
			t.Errorf("below %.0f lies %.3f of all pairs, want %.1f", x, got, want)
		}
	}
	if s.To.Mid <= s.From.Mid || s.To.Deals != 10 || s.From.Deals != 3 || s.Weeks != 30 {
		t.Errorf("WhatIf = %+v, want what it rests on", s)
	}
	onTop := WhatIf(h, "", "bni", 1)
	if math.Abs(onTop.Mid-s.To.Mid) > 1e-6*onTop.Mid {
		t.Errorf("an hour on top brings %v, want what an hour brings, %v", onTop.Mid, s.To.Mid)
	}
}

func BenchmarkWhatIf(b *testing.B) {
	h := steady(52, map[goals.ChannelID]int64{"fb": 3, "bni": 3}, map[goals.ChannelID]int{"bni": 3, "fb": 9})
	for b.Loop() {
		WhatIf(h, "fb", "bni", 2)
	}
}
