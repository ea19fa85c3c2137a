package evidence

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"payoff/goals"
)

// eightWeeks is an owner of a network and of calls, as of a Wednesday.
func eightWeeks() History {
	h := History{Channels: []goals.Channel{{ID: "bni", Kind: goals.Networking}, {ID: "calls", Kind: goals.Direct}}, AsOf: monday + 7*8 + 2}
	for w := range goals.Date(8) {
		h.adds("bni", monday+7*w, goals.Amounts{goals.Hours: 120, goals.Deals: 2, goals.Revenue: 600_00})
		h.adds("calls", monday+7*w, goals.Amounts{goals.Hours: 60, goals.Qualified: 1})
	}
	return h
}

// adds puts a line in as storage would: to its week, and to the deals where it has any.
func (h *History) adds(channel goals.ChannelID, on goals.Date, a goals.Amounts) {
	if a[goals.Deals] != 0 || a[goals.Revenue] != 0 {
		h.Deals = append(h.Deals, Deal{on, channel, a[goals.Deals], a[goals.Revenue]})
	}
	for i := range h.Weeks {
		if w := &h.Weeks[i]; w.Channel == channel && w.Monday == on.Monday() {
			w.Amounts = w.Amounts.Plus(a)
			return
		}
	}
	h.Weeks = append(h.Weeks, Week{on.Monday(), channel, a})
}

// TestWithoutBiggest: leaving out the largest deal says what is said of an owner who never had
// it, and one of the running week counts for neither.
func TestWithoutBiggest(t *testing.T) {
	never, with := eightWeeks(), eightWeeks()
	with.adds("bni", monday+30, goals.Amounts{goals.Deals: 1, goals.Revenue: 90_000_00})
	with.adds("bni", with.AsOf, goals.Amounts{goals.Deals: 1, goals.Revenue: 500_000_00})
	want := Analyse(never)
	channel, ok := with.ChannelWithoutBiggest("bni")
	kind, also := with.KindWithoutBiggest(goals.Networking)
	wantChannel, _ := pick(want.Channels, func(r Return) bool { return r.Channel == "bni" })
	wantKind, _ := pick(want.Kinds, func(r Return) bool { return r.Kind == goals.Networking })
	for _, pair := range [][2]Return{{channel, wantChannel}, {kind, wantKind}} {
		if got, want := pair[0], pair[1]; got.Lo != want.Lo || got.Mid != want.Mid || got.Hi != want.Hi || got.Deals != 16 || !ok || !also {
			t.Errorf("without the largest deal %+v, want %+v", got, want)
		}
	}
	if _, ok := with.ChannelWithoutBiggest("nowhere"); ok {
		t.Error("a channel that is not there has a figure")
	}
}

// TestLook: what a history says without a model, counted by hand.
func TestLook(t *testing.T) {
	h := eightWeeks()
	h.adds("bni", h.AsOf, goals.Amounts{goals.Hours: 600}) // the week still runs
	h.adds("bni", monday, goals.Amounts{goals.Deals: 1})   // no amount
	h.adds("calls", monday+1, goals.Amounts{goals.Deals: 1, goals.Revenue: 300_00})
	h.adds("calls", monday+8, goals.Amounts{goals.Deals: 2, goals.Revenue: 1400_00})
	h.adds("calls", monday+9, goals.Amounts{goals.Revenue: -50_00})
	h.Channels = append(h.Channels, goals.Channel{ID: "fair", Kind: goals.Direct})
	h.adds("fair", monday+7, goals.Amounts{goals.Contacts: 3})
	share, lines := h.Biggest("calls")
	idle, ever := h.Idle("fair")
	_, never := h.Idle("nowhere")
	got := fmt.Sprint(h.Minutes("bni"), h.Minutes(""), h.ActiveWeeks(Return{Channel: "fair"}), h.ActiveWeeks(Return{Kind: goals.Direct}),
		h.Unpriced(), h.Refunded(), math.Round(100*share), lines, idle, ever, never)
	// 8 x 2 h; 8 x 3 h; ...; one deal of £700 in £1,700 of two lines; seven weeks of eight went by, less the one it was in.
	if want := "960 1440 1 8 1 5000 41 2 6 true false"; got != want {
		t.Errorf("the history says %s, want %s", got, want)
	}
}

// TestPassages: the way from contact to deal is said where nothing is logged in between.
func TestPassages(t *testing.T) {
	h := History{Channels: []goals.Channel{{ID: "linkedin", Kind: goals.Social}, {ID: "calls", Kind: goals.Direct}}, AsOf: monday + 20}
	h.adds("linkedin", monday, goals.Amounts{goals.Contacts: 1350, goals.Deals: 75})
	h.adds("calls", monday, goals.Amounts{goals.Contacts: 3, goals.Deals: 9})
	list := h.Passages()
	if len(list) != 1 || list[0].Channel != "linkedin" || list[0].Deals != 75 {
		t.Fatalf("Passages = %+v", list)
	}
	// 75 of 1,350 by Wilson's formula, worked out by hand.
	if lo, hi := list[0].Lo, list[0].Hi; math.Abs(lo-.0462) > 5e-5 || math.Abs(hi-.0667) > 5e-5 {
		t.Errorf("75 of 1,350 lies between %.4f and %.4f, want .0462 and .0667", lo, hi)
	}
	h.adds("calls", monday, goals.Amounts{goals.Conversations: 1})
	if list := h.Passages(); len(list) != 0 {
		t.Errorf("with conversations there are passages: %+v", list)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1e9).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		lo, hi := wilson(float64(k), float64(n))
		if share := float64(k) / float64(n); !(0 <= lo && lo <= share+1e-12 && share <= hi+1e-12 && hi <= 1) {
			t.Errorf("%d of %d lies between %v and %v", k, n, lo, hi)
		}
	})
}

// TestUnlogged: a stage that is never logged, though later ones are, is no place where people
// get stuck; and what a step does not let through stays where it began.
func TestUnlogged(t *testing.T) {
	h := History{AsOf: monday + 7*12 + 6}
	for _, id := range []goals.ChannelID{"bni", "chamber", "rotary"} {
		h.Channels = append(h.Channels, goals.Channel{ID: id, Kind: goals.Networking})
		for w := range goals.Date(12) {
			h.adds(id, monday+7*w, goals.Amounts{goals.Hours: 120, goals.Contacts: 20})
		}
	}
	stuck := Analyse(h).Bottleneck
	h.adds("bni", monday+7, goals.Amounts{goals.Qualified: 1})
	skipped := Analyse(h).Bottleneck
	if stuck == nil || stuck.Unlogged || skipped == nil || !skipped.Unlogged {
		t.Errorf("bottlenecks = %+v and %+v, want the second one to be of a stage that is not logged", stuck, skipped)
	}
	var from []goals.Measure
	for _, s := range stages {
		from = append(from, s.From())
	}
	if diff := cmp.Diff([]goals.Measure{goals.Contacts, goals.Conversations, goals.Qualified}, from); diff != "" {
		t.Errorf("stages begin at (-want +got):\n%s", diff)
	}
}

// TestLagOfNothing: without deals, or without hours, no delay is typical.
func TestLagOfNothing(t *testing.T) {
	h := History{Channels: []goals.Channel{{ID: "bni", Kind: goals.Networking}, {ID: "calls", Kind: goals.Direct}}, AsOf: monday + 20}
	h.adds("bni", monday, goals.Amounts{goals.Hours: 60})
	h.adds("calls", monday, goals.Amounts{goals.Deals: 1, goals.Revenue: 100_00})
	for _, l := range Analyse(h).Lags {
		if l.Typical != -1 {
			t.Errorf("%s: Typical = %d, want none", l.Channel, l.Typical)
		}
	}
}
