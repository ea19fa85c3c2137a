package evidence

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"payoff/goals"
)

// A tape is bytes that a history is read from; when it is at its end, zeros.
type tape []byte

func (t *tape) next() (b byte) {
	if len(*t) > 0 {
		b, *t = (*t)[0], (*t)[1:]
	}
	return b
}

// number is mostly small, at times huge, and may be below zero.
func (t *tape) number() int64 {
	b := t.next()
	n := int64(b & 15)
	for range []int{10: 1, 11: 2, 12: 4, 13: 6, 14: 9, 15: 15}[b>>4] {
		n *= 10
	}
	if t.next()%8 == 7 {
		return -n
	}
	return n
}

// day is mostly of one year, and else of any between the first and the last that can be
// written down.
func (t *tape) day() goals.Date {
	b := t.next()
	if b < 240 {
		return monday + 2*goals.Date(b)
	}
	first, last := goals.NewDate(0, 1, 1), goals.NewDate(9999, 12, 31)
	return first + (last-first)/255*goals.Date(t.next())
}

func (t *tape) history() (h History, target Target) {
	h.AsOf = t.day()
	for i := range t.next() % 6 {
		kinds := append(goals.Kinds[:], "unheard of")
		h.Channels = append(h.Channels, goals.Channel{ID: goals.ChannelID('a' + rune(i)), Kind: kinds[t.next()%4]})
	}
	channel := func() goals.ChannelID { return goals.ChannelID('a' + rune(t.next()%6)) }
	if t.next()%4 == 0 {
		h.TypicalDeal = float64(t.number())
	}
	target = Target{goals.Period{From: t.day(), To: t.day()}, float64(t.number())}
	for len(*t) > 0 && len(h.Weeks)+len(h.Deals) < 200 {
		if t.next()%3 == 0 {
			h.Deals = append(h.Deals, Deal{t.day(), channel(), t.number(), t.number()})
			continue
		}
		w := Week{Monday: t.day().Monday(), Channel: channel()}
		for m := range goals.Revenue + 1 {
			w.Amounts[m] = t.number()
		}
		h.Weeks = append(h.Weeks, w)
	}
	return h, target
}

// figures calls see with every number in v.
func figures(v reflect.Value, see func(float64)) {
	switch v.Kind() {
	case reflect.Float64:
		see(v.Float())
	case reflect.Struct:
		for i := range v.NumField() {
			figures(v.Field(i), see)
		}
	case reflect.Slice:
		for i := range v.Len() {
			figures(v.Index(i), see)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			figures(v.MapIndex(k), see)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			figures(v.Elem(), see)
		}
	}
}

func isShare(p float64) bool { return 0 <= p && p <= 1+1e-9 }

func FuzzAnalyse(f *testing.F) {
	f.Add([]byte{})
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 150 {
		data := make([]byte, 8*n)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := tape(data)
		h, target := in.history()
		a, fore := Analyse(h), Foretell(h, target)
		for _, of := range []any{a, fore} {
			figures(reflect.ValueOf(of), func(x float64) {
				if math.IsNaN(x) || math.IsInf(x, 0) || x == 0 && math.Signbit(x) {
					t.Errorf("%v in %+v", x, of)
				}
			})
		}
		for _, r := range append(a.Channels, a.Kinds...) {
			if !(0 < r.Lo && r.Lo <= r.Mid && r.Mid <= r.Hi && r.Hours > 0 && r.Deals >= 0 && isShare(r.Biggest)) {
				t.Errorf("return = %+v, want its figures in order", r)
			}
		}
		for k, p := range a.Verdict.Chances {
			if !isShare(p) || p > a.Verdict.Sure {
				t.Errorf("chance of %s = %v, of the best %v", k, p, a.Verdict.Sure)
			}
		}
		for _, x := range append(a.Alarms, a.Watch...) {
			if !isShare(x.Share) || !isShare(x.Sure) {
				t.Errorf("alarm = %+v, want shares", x)
			}
		}
		if b := a.Bottleneck; b != nil && (!isShare(b.Sure) || b.Gap >= 0 || b.Of < callSeen || b.Through < 0) {
			t.Errorf("bottleneck = %+v, want a gap below zero", *b)
		}
		if !(0 <= a.Silent && a.Weeks >= 0 && a.Weeks <= longest && isShare(fore.Hit)) {
			t.Errorf("%d weeks, silent for %d; %v to reach the target", a.Weeks, a.Silent, fore.Hit)
		}
		if fore.Computed && !(fore.SoFar <= fore.Lo && fore.Lo <= fore.Mid && fore.Mid <= fore.Hi) {
			t.Errorf("forecast = %+v, want its figures in order", fore)
		}
	})
}

// Deals of a penny and of a million million are of no use to a forecast, and it is a number.
func TestAmountsFarApart(t *testing.T) {
	h := History{
		AsOf:     monday + 6,
		Channels: []goals.Channel{{ID: "a", Kind: goals.Direct}},
		Weeks:    []Week{{monday, "a", goals.Amounts{goals.Hours: 60}}},
		Deals:    []Deal{{monday, "a", 1, 1}, {monday, "a", 1, goals.MaxMinor}},
	}
	f := Foretell(h, Target{goals.Period{From: monday, To: monday + 34}, 2 * goals.MaxMinor})
	if !f.Computed || !(f.Hit >= .02 && f.Hit <= .98) || !(f.Lo <= f.Mid && f.Mid <= f.Hi) {
		t.Errorf("forecast = %+v, want its figures in order", f)
	}
}

// A line of the year 1 does not make a week of every one since.
func TestLongAgo(t *testing.T) {
	h := History{
		AsOf:     monday + 6,
		Channels: []goals.Channel{{ID: "a", Kind: goals.Direct}},
		Weeks: []Week{
			{goals.NewDate(1, 1, 1), "a", goals.Amounts{goals.Hours: 60}},
			{monday - 7*(longest-1), "a", goals.Amounts{goals.Hours: 60}},
			{monday, "a", goals.Amounts{goals.Hours: 60}},
		},
		Deals: []Deal{{goals.NewDate(1, 1, 1), "a", 1, 100}, {monday, "a", 1, 100}},
	}
	a := Analyse(h)
	if a.Weeks != 2 || a.Deals != 1 {
		t.Errorf("%d weeks, %d deals, want 2 and 1: those of the last ten years", a.Weeks, a.Deals)
	}
	if n := layOut(h, h.AsOf+1).weeks(); n != longest {
		t.Errorf("%d weeks are laid out, want %d", n, longest)
	}
}
