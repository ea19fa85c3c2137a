package chart

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"payoff/goals"
	"payoff/goals/evidence"

	"pgregory.net/rapid"
)

// foresee is a forecast in whole units of a currency of two digits.
func foresee(d PaceData, lo, mid, hi int64, hit float64) PaceData {
	d.Forecast = &evidence.Forecast{
		Known: true, Computed: true, Hit: hit,
		Lo: float64(lo * 100), Mid: float64(mid * 100), Hi: float64(hi * 100),
	}
	return d
}

// forecastCases are the pictures with a forecast that are held by goldens.
func forecastCases() map[string]PaceData {
	cases := paceCases()
	in := func(d PaceData, c goals.Currency) PaceData { d.Goal.Currency = c; return d }
	silent := foresee(cases["none yet"], 1200, 8400, 24_000, 0.06)
	silent.Forecast.Silent = 5
	late := cases["last day"]
	late.Today -= 6
	lost := cases["refunded"]
	return map[string]PaceData{
		"behind":     foresee(cases["behind"], 71_300, 84_900, 103_400, 0.03),
		"ahead":      foresee(cases["ahead"], 27_100, 36_600, 51_900, 0.78),
		"on pace":    foresee(cases["close"], 98_300, 117_200, 143_800, 0.44),
		"none yet":   silent,
		"first day":  foresee(cases["first day"], 60_400, 97_300, 161_000, 0.27),
		"cut":        foresee(cases["first day"], 8_400, 97_300, 961_000, 0.41),
		"last week":  foresee(late, 82_200, 82_200, 86_100, 0.01),
		"reached":    foresee(cases["reached"], 121_000, 134_400, 158_000, 1),
		"refunded":   foresee(lost, -2_200, 900, 7_400, 0.02),
		"yen":        in(foresee(cases["ahead"], 27_100, 36_600, 51_900, 0.99), "JPY"),
		"dinar":      in(foresee(cases["ahead"], 27_100, 36_600, 51_900, 0.78), "KWD"),
		"huge":       foresee(cases["huge"], 612_345_678_901, 823_456_789_012, 1_345_678_901_234, 0.31),
		"tiny":       earnedTiny(),
		"one week":   foresee(cases["one week"], 1_150, 1_620, 2_700, 0.36),
		"five years": foresee(cases["five years"], 801_000, 912_000, 1_140_000, 0.33),
		"script":     foresee(cases["other script"], 12_000, 21_000, 39_000, 0.22),
	}
}

func earnedTiny() PaceData {
	d := goalOf(1, day(2026, 11, 1), day(2026, 11, 30), day(2026, 11, 16))
	d.Revenue = []Point{{day(2026, 11, 4), 12}, {day(2026, 11, 11), 23}}
	d.Forecast = &evidence.Forecast{Known: true, Computed: true, Lo: 38.4, Mid: 61.2, Hi: 104.9, Hit: .12}
	return d
}

// The alternative text says what the picture says.
func TestForecastAlt(t *testing.T) {
	cases := forecastCases()
	for name, want := range map[string]string{
		"behind":    " Forecast for 31 Dec: about £84.9k, 80% likely between £71.3k and £103k. Chance of the goal: 3%. Break:",
		"none yet":  " Forecast for 31 Dec: about £8.4k, 80% likely between £1.2k and £24k. Chance of the goal: 6%. Assumes your usual pace resumes. Break:",
		"reached":   "Goal reached. Forecast for 31 Dec: about £134k, 80% likely between £121k and £158k. Break:",
		"last week": " Forecast for 31 Dec: about £82.2k, 80% likely between £82.2k and £86.1k. Chance of the goal: 2% or less. Break:",
		"yen":       " Forecast for 31 Dec: about ¥3.7m, 80% likely between ¥2.7m and ¥5.2m. Chance of the goal: 98% or more. Break:",
		"tiny":      " Forecast for 30 Nov: about £0.61, 80% likely between £0.38 and £1.05. Chance of the goal: 12%.",
	} {
		if got := progressOf(cases[name]).alt(); !strings.Contains(got, want) {
			t.Errorf("%s: alt = %s\nwant it to hold %s", name, got, want)
		}
	}
	sure := foresee(paceCases()["ahead"], 25_000, 25_000, 25_000, .01)
	if got, want := progressOf(sure).foretold(exactShort), "Forecast for 31 Dec: about £25k. Chance of the goal: 2% or less."; got != want {
		t.Errorf("without a width = %q, want %q", got, want)
	}
}

// Without a forecast that is known and lies ahead, the picture is what it was before there
// were any.
func TestNothingForetold(t *testing.T) {
	cases := paceCases()
	ahead := foresee(cases["ahead"], 27_100, 36_600, 51_900, 0.78)
	with := func(change func(f *evidence.Forecast)) PaceData {
		d, f := ahead, *ahead.Forecast
		change(&f)
		d.Forecast = &f
		return d
	}
	for name, tt := range map[string]struct{ plain, foretold PaceData }{
		"too early":    {cases["ahead"], with(func(f *evidence.Forecast) { f.Known = false })},
		"not computed": {cases["ahead"], with(func(f *evidence.Forecast) { f.Computed = false })},
		"not a number": {cases["ahead"], with(func(f *evidence.Forecast) { f.Mid = math.NaN() })},
		"endless":      {cases["ahead"], with(func(f *evidence.Forecast) { f.Hi = math.Inf(1) })},
		"backwards":    {cases["ahead"], with(func(f *evidence.Forecast) { f.Lo, f.Hi = f.Hi, f.Lo })},
		"no chance":    {cases["ahead"], with(func(f *evidence.Forecast) { f.Hit = 1.5 })},
		"upcoming":     {cases["upcoming"], foresee(cases["upcoming"], 1, 2, 3, .5)},
		"last day":     {cases["last day"], foresee(cases["last day"], 82_200, 82_200, 82_300, .02)},
		"over":         {cases["missed"], foresee(cases["missed"], 1, 2, 3, .5)},
	} {
		want, wantAlt, err := Pace(tt.plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, alt, err := Pace(tt.foretold); err != nil || !bytes.Equal(got, want) || alt != wantAlt {
			t.Errorf("%s: the picture differs from that without a forecast; alt %q, error %v", name, alt, err)
		}
	}
}

// The figures at the end of the cone keep apart and stay beside the plot, in their order.
func TestEndLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ends := rapid.SliceOfN(rapid.Int64Range(0, 400_000), 3, 3).Draw(t, "ends")
		slices.Sort(ends)
		p := progressOf(foresee(paceCases()["behind"], ends[0], ends[1], ends[2], .5))
		l := plot{high: p.forecast.ceiling(p.Goal.Minor)}
		labels := p.endLabels(l)
		for i, a := range labels {
			if a.y < plotTop-43 || a.y > plotBottom {
				t.Errorf("%v: %q stands at %.0f", ends, a.text, a.y)
			}
			if i > 0 && a.y-labels[i-1].y < 20 {
				t.Errorf("%v: %q is %.0f below %q", ends, a.text, a.y-labels[i-1].y, labels[i-1].text)
			}
		}
	})
}

func TestChance(t *testing.T) {
	for p, want := range map[float64]string{0: "2% or less", .02: "2% or less", .026: "3%", .5: "50%", .974: "97%", .98: "98% or more", 1: "98% or more"} {
		if got := chance(p); got != want {
			t.Errorf("chance(%v) = %q, want %q", p, got, want)
		}
	}
}
