package chart

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"payoff/goals"
	"payoff/goals/evidence"

	"pgregory.net/rapid"
)

// hourly is a row in whole units of a currency of two digits.
func hourly(name string, kind goals.Kind, deals int64, hours, lo, mid, hi float64) ReturnRow {
	return ReturnRow{name, evidence.Return{
		Kind: kind, Deals: deals, Hours: hours, Lo: lo * 100, Mid: mid * 100, Hi: hi * 100, Show: true, Delay: 4,
	}}
}

func early(r ReturnRow, delay float64) ReturnRow {
	r.Show, r.Delay = false, delay
	return r
}

// returnsCases are the pictures that are held by goldens.
func returnsCases() map[string]ReturnsData {
	const social, networking, direct = goals.Social, goals.Networking, goals.Direct
	of := func(rows ...ReturnRow) ReturnsData {
		return ReturnsData{Subtitle: "Priya Shah · 38 weeks", Currency: "GBP", HourWorth: 45_00, Rows: rows}
	}
	in := func(d ReturnsData, c goals.Currency, worth int64) ReturnsData {
		d.Currency, d.HourWorth = c, worth
		return d
	}
	few := []ReturnRow{
		hourly("Facebook", social, 2, 61, 1.9, 9.4, 31),
		hourly("BNI Tuesday", networking, 12, 40, 38, 71, 128),
		early(hourly("TikTok", social, 0, 6.25, .6, 21, 160), 4),
		hourly("Cold calls", direct, 5, 33.5, 17, 44, 99),
		early(hourly("Chamber", networking, 0, 3, 2, 30, 300), 5),
	}
	few[0].Spend = 300_00
	crowd := of()
	for i := range 22 {
		row := hourly(fmt.Sprintf("Channel %d", i+1), goals.Kinds[i%3], int64(3*i), float64(10+7*i), 2*math.Pow(1.3, float64(i)), 6*math.Pow(1.28, float64(i)), 22*math.Pow(1.24, float64(i)))
		row.Show = i%6 != 4
		crowd.Rows = append(crowd.Rows, row)
	}
	alike := []ReturnRow{hourly("Referrals", networking, 212, 400, 98, 104, 111), hourly("Repeat visits", direct, 340, 610, 91, 97, 102)}
	return map[string]ReturnsData{
		"few":   of(few...),
		"one":   in(of(hourly("BNI Tuesday", networking, 12, 40, 38, 71, 128)), "GBP", 0),
		"none":  of(),
		"early": of(few[2], few[4]),
		"crowd": crowd,
		"names": of(
			hourly("Bartholomew Featherstonehaugh-Cholmondeley’s Breakfast Club of Kingston", networking, 4, 51, 12, 40, 120),
			hourly("微信朋友圈", social, 9, 44, 20, 48, 101), hourly("سوق الجمعة", direct, 3, 12.5, 9, 33, 110),
			hourly("LinkedIn 🚀", social, 1, 20, 2, 12, 61), hourly("展会 (Expo)", networking, 1, 16, 3, 19, 88),
			hourly("<!channel> *b* @everyone\u202e\n`x`", direct, 1, 8, 1, 6, 41), hourly("", "", 0, 9, .4, 4, 29),
		),
		"cut":      of(hourly("Referrals", networking, 12, 40, 38, 71, 128), hourly("Trade fair", direct, 1, 90, .02, 30, 4_100), hourly("Instagram", social, 0, 150, .001, .6, 9)),
		"precise":  of(alike...),
		"far hour": in(of(alike...), "GBP", 2),
		"huge":     in(of(hourly("Mergers", direct, 3, 2_080, 1.2e9, 8.8e9, 61e9), hourly("Summits", networking, 41_234, 12_345, 240e6, 900e6, 3.4e9)), "GBP", 500_000_000_00),
		"tiny":     in(of(hourly("Flyers", direct, 30, 400, .04, .12, .31), hourly("Posts", social, 4, 90, .001, .006, .08)), "GBP", 0),
		"yen":      in(of(few...), "JPY", 4500),
		"dinar":    in(of(few...), "KWD", 12_500),
		"kinds": of(hourly("Networking", networking, 17, 43, 36, 68, 125), hourly("Direct selling", direct, 5, 33.5, 17, 44, 99),
			hourly("Social media", social, 2, 67.25, 1.6, 8.1, 26)),
		"senseless": of(hourly("Not a number", social, 3, math.NaN(), 1, math.NaN(), 3), hourly("Endless", direct, math.MaxInt64, math.Inf(1), 1, 2, math.Inf(1)),
			hourly("Backwards", networking, -4, -3, 9, 4, 1), hourly("Nothing", direct, 2, 9, 0, 0, 0), hourly("Sound", networking, 6, 20, 12, 31, 66)),
	}
}

func TestReturnsAlt(t *testing.T) {
	cases := returnsCases()
	for name, want := range map[string]string{
		"few": "Return per hour, Priya Shah · 38 weeks, with 90% intervals: BNI Tuesday (networking) £71 (£38 to £128), 12 deals, 40h; " +
			"Cold calls (direct) £44 (£17 to £99), 5 deals, 34h; Facebook (social) £9.40 (£1.90 to £31), 2 deals, 61h; " +
			"Chamber (networking) too soon, no deals, 3h; TikTok (social) too soon, no deals, 6h 15m. " +
			"Too soon: this work usually takes about 4 to 5 weeks to pay. An hour is worth £45 to its owner. Spend is not taken off.",
		"one":       "Return per hour, Priya Shah · 38 weeks, with 90% intervals: BNI Tuesday (networking) £71 (£38 to £128), 12 deals, 40h.",
		"none":      "Return per hour, Priya Shah · 38 weeks. Nothing to compare yet: it takes logged hours and a first deal with its amount.",
		"senseless": "Sound (networking) £31 (£12 to £66), 6 deals, 20h; Nothing (direct) £0 (£0 to £0), 2 deals, 9h; Backwards (networking) too soon, no deals, no hours;",
		"names":     "微信朋友圈 (social) £48 (£20 to £101), 9 deals, 44h; Bartholomew Featherstonehaugh-Cholmondeley’s Breakfast Club of Kingston (networking)",
		"crowd":     "Channel 6 (direct) £21 (£7.40 to £64), 15 deals, 45h; and 7 more. An hour",
	} {
		if got := returnsOf(cases[name]).alt(); !strings.Contains(got, want) {
			t.Errorf("%s: alt\n got %s\nwant %s", name, got, want)
		}
	}
}

// However long names are, the text fits what platforms take, and counts those it leaves out.
func TestReturnsAltFits(t *testing.T) {
	var d ReturnsData
	for range 20 {
		d.Rows = append(d.Rows, hourly(strings.Repeat("🦊", 100), goals.Social, 1, 1, 1, 2, 3))
	}
	alt := returnsOf(d).alt()
	if length(alt) > maxAlt || !strings.Contains(alt, "; and 16 more.") {
		t.Errorf("alt has %d units: %s", length(alt), alt)
	}
}

// The best is first, and what is too soon to judge comes after all that is not.
func TestReturnsOrder(t *testing.T) {
	d := returnsCases()["few"]
	given := slices.Clone(d.Rows)
	var got []string
	for _, row := range returnsOf(d).rows {
		got = append(got, row.name)
	}
	want := []string{"BNI Tuesday", "Cold calls", "Facebook", "Chamber", "TikTok"}
	if !slices.Equal(got, want) {
		t.Errorf("order = %q, want %q", got, want)
	}
	if !slices.Equal(d.Rows, given) {
		t.Error("the caller's rows were moved")
	}
	slices.Reverse(d.Rows)
	a, _, _ := Returns(returnsCases()["few"])
	if b, _, _ := Returns(d); !bytes.Equal(a, b) {
		t.Error("the picture depends on the order of rows")
	}
}

func TestInterval(t *testing.T) {
	for _, tt := range []struct {
		lo, mid, hi    float64
		currency       goals.Currency
		middle, bounds string
	}{
		{1_734, 4_238, 9_911, "GBP", "£42", "£17–99"},
		{38_00, 99_950, 12_345_00, "GBP", "£1k", "£38–12.3k"},
		{189, 943, 3_149, "GBP", "£9.40", "£1.90–31"},
		{.2, 7.4, 31.2, "GBP", "£0.07", "£0–0.31"},
		{3_812, 7_149, 12_800, "KWD", "KWD 7.100", "KWD 3.800–13"},
		{1_734, 4_238, 9_911, "JPY", "¥4.2k", "¥1.7k–9.9k"},
		{40_01, 40_02, 40_03, "GBP", "£40", "£40"},
	} {
		row := returnRowOf(ReturnRow{Return: evidence.Return{Lo: tt.lo, Mid: tt.mid, Hi: tt.hi, Show: true}}, tt.currency)
		if middle := shortAmount(row.money(row.mid)); middle != tt.middle || row.interval() != tt.bounds {
			t.Errorf("%v %v %v %s is drawn %q, %q, want %q, %q", tt.lo, tt.mid, tt.hi, tt.currency, middle, row.interval(), tt.middle, tt.bounds)
		}
	}
}

func TestSample(t *testing.T) {
	for _, tt := range []struct {
		deals int64
		hours float64
		want  string
	}{
		{12, 40, "12 deals, 40h"}, {1, 2.5, "1 deal, 2h 30m"}, {0, 9.99, "no deals, 9h 59m"}, {-1, 0, "no deals, no hours"},
		{1234, 2080.6, "1,234 deals, 2,081h"}, {3, math.NaN(), "3 deals, no hours"},
	} {
		row := returnRowOf(ReturnRow{Return: evidence.Return{Deals: tt.deals, Hours: tt.hours}}, "GBP")
		if row.sample != tt.want {
			t.Errorf("%d deals in %v hours = %q, want %q", tt.deals, tt.hours, row.sample, tt.want)
		}
	}
}

// Whatever the figures, the axis has two ends, holds every middle that can be judged unless
// they lie thousands of times apart, and its ticks climb.
func TestReturnsAxis(t *testing.T) {
	money := rapid.Map(rapid.Float64Range(0, 42), math.Exp)
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]goals.Currency{"GBP", "JPY", "KWD"}).Draw(t, "currency")
		d := ReturnsData{Currency: currency, HourWorth: rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Min(1)).Draw(t, "worth")}
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			ends := rapid.SliceOfN(money, 3, 3).Draw(t, "ends")
			slices.Sort(ends)
			d.Rows = append(d.Rows, ReturnRow{Return: evidence.Return{Lo: ends[0], Mid: ends[1], Hi: ends[2], Show: rapid.Bool().Draw(t, "show")}})
		}
		r := returnsOf(d)
		a := r.scale
		a.left, a.right = 100, 300
		if !(a.low >= 1 && a.high >= 2*a.low && a.high <= mostMoney) {
			t.Fatalf("the axis goes from %v to %v", a.low, a.high)
		}
		top := 0.0
		for _, row := range r.rows {
			if top = max(top, row.mid); !row.soon && row.mid > top/mostBelow && row.mid >= 1 && !a.holds(row.mid) {
				t.Errorf("the axis from %v to %v lacks the middle %v", a.low, a.high, row.mid)
			}
			if lo, mid, hi := a.at(row.lo), a.at(row.mid), a.at(row.hi); !(100 <= lo && lo <= mid && mid <= hi && hi <= 300) {
				t.Errorf("bounds %v, %v, %v stand at %v, %v, %v", row.lo, row.mid, row.hi, lo, mid, hi)
			}
		}
		ticks, growth := a.ticks(func(ticks []float64) bool { return len(ticks) <= 5 })
		if growth != "" && len(ticks) < 2 || len(ticks) > 5 || !slices.IsSorted(ticks) {
			t.Errorf("ticks %v, each %q the one before", ticks, growth)
		}
		for _, v := range ticks {
			if !a.holds(v) || v != math.Trunc(v) {
				t.Errorf("a tick at %v on an axis from %v to %v", v, a.low, a.high)
			}
		}
	})
}

func TestLadder(t *testing.T) {
	for _, tt := range []struct {
		name string
		axis logAxis
		most int
		want []float64
	}{
		{"twice", logAxis{low: 900, high: 6_000, digits: 2}, 4, []float64{1000, 2000, 5000}},
		{"three times", logAxis{low: 900, high: 40_000, digits: 2}, 4, []float64{1000, 3000, 10_000, 30_000}},
		{"ten times", logAxis{low: 90, high: 400_000, digits: 2}, 4, []float64{100, 1000, 10_000, 100_000}},
		{"below a minor unit", logAxis{low: 1, high: 40, digits: 0}, 9, []float64{1, 2, 5, 10, 20}},
		{"between two", logAxis{low: 5.1e9, high: 9.9e9, digits: 3}, 4, nil},
	} {
		got, _ := tt.axis.ticks(func(ticks []float64) bool { return len(ticks) <= tt.most })
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: ticks = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTickText(t *testing.T) {
	for _, tt := range []struct {
		minor       int64
		currency    goals.Currency
		first, then string
	}{
		{1000, "KWD", "KWD 1", "1"}, {300, "KWD", "KWD 0.3", "0.3"}, {30_000, "KWD", "KWD 30", "30"}, {3_000_000, "KWD", "KWD 3k", "3k"},
		{10, "GBP", "£0.10", "£0.10"}, {1000_00, "GBP", "£1k", "£1k"}, {10_00, "CHF", "CHF 10", "10"}, {300, "JPY", "¥300", "¥300"},
	} {
		m := goals.Money{Minor: tt.minor, Currency: tt.currency}
		if first, then := tickText(m, true), tickText(m, false); first != tt.first || then != tt.then {
			t.Errorf("%v is %q, then %q, want %q, %q", m, first, then, tt.first, tt.then)
		}
	}
}

func TestReturnsOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := ReturnsData{
			Subtitle:  rapid.String().Draw(t, "subtitle"),
			Currency:  goals.Currency(rapid.SampledFrom([]string{"GBP", "JPY", "KWD", "AED", "", "?"}).Draw(t, "currency")),
			HourWorth: anyAmount.Draw(t, "worth"),
		}
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			ends := []float64{anyEstimate.Draw(t, "end"), anyEstimate.Draw(t, "end"), anyEstimate.Draw(t, "end")}
			if rapid.Bool().Draw(t, "sorted") {
				slices.Sort(ends)
			}
			d.Rows = append(d.Rows, ReturnRow{rapid.String().Draw(t, "name"), evidence.Return{
				Kind:  rapid.SampledFrom(append(goals.Kinds[:], "", "?", "山")).Draw(t, "kind"),
				Deals: anyAmount.Draw(t, "deals"), Hours: anyEstimate.Draw(t, "hours"), Spend: anyEstimate.Draw(t, "spend"),
				Lo: ends[0], Mid: ends[1], Hi: ends[2], Show: rapid.Bool().Draw(t, "show"), Delay: anyEstimate.Draw(t, "delay"),
			}})
		}
		r := returnsOf(d)
		checkDrawn(t, func(c *canvas) { c.drawReturns(r) }, r.alt())
	})
}
