package chart

import (
	"math"

	"payoff/goals"
)

// A logAxis maps amounts to places by their logarithm. What an hour brings is known to within a
// factor, often of ten, and channels differ by factors: on a linear axis one wide interval
// would press all the others into its first few points.
type logAxis struct {
	left, right float64 // points; the layout sets them
	low, high   float64 // minor units at the ends, both above 0
	digits      int     // of the currency
}

// How far the axis goes beyond the lowest and the highest middle, and for the owner's own
// hour beyond that, as factors. What goes further is cut, and marked as cut.
const (
	beyondMiddles = 8
	beyondForHour = 5
	leastSpan     = 10
	mostBelow     = 1e4  // below the highest middle
	mostMoney     = 9e18 // minor units, which an int64 holds
)

// axisOf fits the axis to what can be judged, or to all where nothing can.
func axisOf(r returns) logAxis {
	a := logAxis{low: math.Inf(1), digits: r.worth.Currency.Digits()}
	lowMid, highMid := math.Inf(1), 0.0
	take := func(soon bool) {
		for _, row := range r.rows {
			if row.figure && row.soon == soon {
				a.low, a.high = min(a.low, row.lo), max(a.high, row.hi)
				lowMid, highMid = min(lowMid, row.mid), max(highMid, row.mid)
			}
		}
	}
	if take(false); highMid == 0 {
		take(true)
	}
	if highMid == 0 {
		return logAxis{low: 1, high: leastSpan, digits: a.digits}
	}
	a.low, a.high = max(a.low, lowMid/beyondMiddles, highMid/mostBelow), min(a.high, highMid*beyondMiddles)
	if worth := float64(r.worth.Minor); worth > 0 {
		a.low, a.high = min(a.low, max(worth/1.3, a.low/beyondForHour)), max(a.high, min(worth*1.3, a.high*beyondForHour))
	}
	// Below a minor unit there is no money, and nowhere to end a line.
	a.low, a.high = max(a.low/1.1, 1), max(a.high*1.1, 1)
	if spare := leastSpan * a.low / a.high; spare > 1 {
		a.low, a.high = max(a.low/math.Sqrt(spare), 1), a.high*math.Sqrt(spare)
	}
	a.high = min(a.high, mostMoney)
	return a
}

// at is where an amount is; what is beyond the axis is at its end.
func (a logAxis) at(minor float64) float64 {
	share := math.Log(max(minor, a.low)/a.low) / math.Log(a.high/a.low)
	return a.left + (a.right-a.left)*min(share, 1)
}

// holds reports whether an amount is on the axis.
func (a logAxis) holds(minor float64) bool { return a.low <= minor && minor <= a.high }

// A ladder is the amounts that are named on an axis: leads with zeros, each about growth
// times the one before.
type ladder struct {
	leads  []float64
	power  float64 // by which the leads come again
	growth string
}

// ladders go from the closest to the widest.
var ladders = [...]ladder{
	{[]float64{1, 2, 5}, 10, "about twice"},
	{[]float64{1, 3}, 10, "about 3 times"},
	{[]float64{1}, 10, "10 times"},
	{[]float64{1}, 100, "100 times"},
	{[]float64{1}, 1000, "1,000 times"},
	{[]float64{1}, 1e6, "a million times"},
}

// ticks are the amounts to name, by the closest ladder that fits, and how each compares with
// the one before; that is empty where there is no second.
func (a logAxis) ticks(fits func(ticks []float64) bool) ([]float64, string) {
	for _, l := range ladders {
		switch ticks := a.climb(l); {
		case !fits(ticks):
		case len(ticks) < 2:
			return ticks, ""
		default:
			return ticks, l.growth
		}
	}
	return nil, ""
}

// climb is the ladder's amounts on the axis, in minor units and none below one of them.
func (a logAxis) climb(l ladder) []float64 {
	unit := math.Pow10(a.digits)
	var ticks []float64
	for power := 1e-6; power*unit <= a.high; power *= l.power {
		for _, lead := range l.leads {
			if v := math.Round(lead * power * unit); v >= 1 && a.holds(v) && math.Abs(v-lead*power*unit) < 1e-3*v {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// estimate is an amount that is only estimated, with no more figures than that deserves: below
// ten units, where money is otherwise written to the last penny, two.
func estimate(minor float64, currency goals.Currency) goals.Money {
	whole := goals.Money{Minor: int64(math.Round(min(max(minor, 0), mostMinor))), Currency: currency}
	step := int64(1)
	for whole.Minor/step >= 100 {
		step *= 10
	}
	if ten := 10 * math.Pow10(currency.Digits()); minor < ten {
		whole.Minor = whole.Times(1, step).Minor * step
	}
	return whole
}
