package goals

import "math/big"

const minutesAnHour = 60

// PerHour is the return per hour, (revenue - spend) / hours, to the minor unit, half to
// even; false when no time was spent.
func PerHour(a Amounts, c Currency) (Money, bool) {
	if a[Hours] <= 0 {
		return Money{}, false
	}
	return Money{a[Revenue] - a[Spend], c}.Times(minutesAnHour, a[Hours]), true
}

// Cost is spend + hours x what an hour is worth, in minor units, half to even. hourWorth is in
// minor units an hour; at 0, unsaid, time costs nothing.
func Cost(a Amounts, hourWorth int64) int64 {
	return nearest(sixtyCosts(a, hourWorth), big.NewInt(minutesAnHour))
}

// ROI is (revenue - cost) / cost, with the unrounded cost; false when nothing was put in.
func ROI(a Amounts, hourWorth int64) (Score, bool) {
	cost := sixtyCosts(a, hourWorth)
	if cost.Sign() <= 0 {
		return Score{}, false
	}
	gain := new(big.Int).Mul(big.NewInt(a[Revenue]), big.NewInt(minutesAnHour))
	return scoreOf(gain.Sub(gain, cost), cost), true
}

// sixtyCosts is sixty times the cost: whole, because time is counted in minutes.
func sixtyCosts(a Amounts, hourWorth int64) *big.Int {
	spend := new(big.Int).Mul(big.NewInt(a[Spend]), big.NewInt(minutesAnHour))
	time := new(big.Int).Mul(big.NewInt(a[Hours]), big.NewInt(hourWorth))
	return spend.Add(spend, time)
}

// surplus is revenue - spend.
func surplus(a Amounts) *big.Int {
	return new(big.Int).Sub(big.NewInt(a[Revenue]), big.NewInt(a[Spend]))
}

// A Step is the share of one stage of the funnel that went on to the next. It can be over 1:
// who qualifies this month was met in an earlier one. Has is false when there was none to go on.
type Step struct {
	From, To Measure
	Score    Score
	Has      bool
}

// Conversion is the steps of the funnel, in its order.
func Conversion(a Amounts) []Step {
	steps := make([]Step, 0, len(Funnel)-1)
	for i, to := range Funnel[1:] {
		step := Step{From: Funnel[i], To: to}
		if a[step.From] > 0 {
			step.Score, step.Has = Score{a[to], a[step.From]}, true
		}
		steps = append(steps, step)
	}
	return steps
}

// improvedMinutes is the least time in each of two seasons that are compared: less is chance.
const improvedMinutes = 4 * minutesAnHour

// Improved is the change of return per hour from one season to the next, as a share of the
// earlier one: 0.5 is half as much again. It needs 4 hours in each, and a return before that
// was positive, for there is no share of a loss.
func Improved(before, after Amounts) (Score, bool) {
	was, is := surplus(before), surplus(after)
	if before[Hours] < improvedMinutes || after[Hours] < improvedMinutes || was.Sign() <= 0 {
		return Score{}, false
	}
	// (is/after) / (was/before) - 1, over one denominator
	was.Mul(was, big.NewInt(after[Hours]))
	is.Mul(is, big.NewInt(before[Hours]))
	return scoreOf(is.Sub(is, was), was), true
}
