package goals

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// Line is what should have come in of goal by the start of day on: nothing on the first
// morning of p, all of it on the day after its end.
//
// The rule is payoff's own. Each day outside breaks asks for an equal share of what is left
// over the days left, itself included, whether or not a break is planned among them:
//
//	due(on) = goal x (1 - product, over the worked days d before on, of 1 - 1/(p.To - d + 1))
//
// Without breaks that is the straight line. Through a break it is flat, and what is left is
// spread over the days after it. A planned break changes nothing before it begins, and no
// break ever makes more due. When p ends in a break, the share of those days is never due.
//
// The product over days in a row telescopes, so the line is exact, and rounded, half to even
// to the minor unit, only at the end.
func Line(p Period, goal Money, breaks []Break, on Date) Money {
	left, all := big.NewInt(1), big.NewInt(1) // left/all is the share that is not due yet
	for _, r := range worked(p.From, min(on, p.To+1), breaks) {
		left.Mul(left, big.NewInt(int64(p.To)-int64(r.until)+1))
		all.Mul(all, big.NewInt(int64(p.To)-int64(r.from)+1))
	}
	due := new(big.Int).Sub(all, left)
	due.Mul(due, big.NewInt(goal.Minor))
	return Money{Minor: nearest(due, all), Currency: goal.Currency}
}

// A run is days in a row outside every break: from, up to but not including until.
type run struct{ from, until Date }

// worked is the days from from up to until outside breaks, which may come in any order and overlap.
func worked(from, until Date, breaks []Break) []run {
	sorted := slices.SortedFunc(slices.Values(breaks), func(a, b Break) int { return cmp.Compare(a.From, b.From) })
	var runs []run
	for _, b := range sorted {
		if b.Back <= b.From || b.From >= until {
			continue
		}
		if from < b.From {
			runs = append(runs, run{from, b.From})
		}
		from = max(from, b.Back)
	}
	if from < until {
		runs = append(runs, run{from, until})
	}
	return runs
}

// A Pace is where an owner stands to their goal on the morning of day On.
type Pace struct {
	Period   Period
	On       Date
	Goal     Money
	SoFar    Money // revenue in the period
	Due      Money // what the line asks for by the start of On
	DaysLeft int   // of the period, On included and breaks left out
}

// PaceOn is the pace on day on. The goal and what came in so far are of one currency.
func PaceOn(p Period, goal, soFar Money, breaks []Break, on Date) Pace {
	pace := Pace{Period: p, On: on, Goal: goal, SoFar: soFar, Due: Line(p, goal, breaks, on)}
	for _, r := range worked(max(p.From, on), p.To+1, breaks) {
		pace.DaysLeft += int(r.until - r.from)
	}
	return pace
}

// Attainment is revenue so far / goal.
func (p Pace) Attainment() Score { return Score{p.SoFar.Minor, p.Goal.Minor} }

// OfLine is revenue so far / what is due; false while nothing is due.
func (p Pace) OfLine() (Score, bool) {
	if p.Due.Minor <= 0 {
		return Score{}, false
	}
	return Score{p.SoFar.Minor, p.Due.Minor}, true
}

// Gap is revenue so far - what is due: negative when behind.
func (p Pace) Gap() Money {
	return Money{Minor: p.SoFar.Minor - p.Due.Minor, Currency: p.Goal.Currency}
}

// PerWeek is what is needed a week from here: what is missing over the weeks of DaysLeft,
// rounded up to the minor unit. In the last week it is what is missing, for there is no
// second one to ask the rest of. False when the goal is reached, or no day is left to work.
func (p Pace) PerWeek() (Money, bool) {
	if p.Reached() || p.DaysLeft == 0 {
		return Money{}, false
	}
	days := big.NewInt(int64(max(p.DaysLeft, daysAWeek)))
	need := new(big.Int).Sub(big.NewInt(p.Goal.Minor), big.NewInt(p.SoFar.Minor))
	need.Mul(need, big.NewInt(daysAWeek))
	need.Add(need, days).Sub(need, big.NewInt(1)).Quo(need, days)
	return Money{Minor: clamp(need), Currency: p.Goal.Currency}, true
}

const daysAWeek = 7

// Reached reports whether the goal has come in.
func (p Pace) Reached() bool { return p.SoFar.Minor >= p.Goal.Minor }

// Over reports whether the period has ended.
func (p Pace) Over() bool { return p.On > p.Period.To }

// A Score is an exact ratio, Num/Den. The zero Score, and any over 0, is 0.
type Score struct{ Num, Den int64 }

// scoreOf is num/den. It is exact wherever the reduced ratio fits two int64; beyond that the
// lowest bits are dropped, which moves a ratio between a millionth and a million by less than
// one part in 2^40.
func scoreOf(num, den *big.Int) Score {
	if den.Sign() == 0 {
		return Score{}
	}
	r := new(big.Rat).SetFrac(num, den)
	n, d := r.Num(), r.Denom()
	if excess := max(n.BitLen(), d.BitLen()) - 63; excess > 0 {
		drop := new(big.Int).Lsh(big.NewInt(1), uint(excess))
		n, d = new(big.Int).Quo(n, drop), new(big.Int).Quo(d, drop) // towards 0, so a loss stays above -1
	}
	return Score{n.Int64(), max(d.Int64(), 1)}
}

func (s Score) rat() *big.Rat {
	if s.Den == 0 {
		return new(big.Rat)
	}
	return big.NewRat(s.Num, s.Den)
}

// Percent is the score in whole percent, rounded half to even. It can be 100 a little before
// a goal is reached; Reached knows.
func (s Score) Percent() int {
	r := s.rat()
	p := nearest(new(big.Int).Mul(r.Num(), big.NewInt(100)), r.Denom())
	return int(min(max(p, math.MinInt32), math.MaxInt32))
}

// Compare is -1, 0 or 1 as s is less than, equal to or greater than o.
func (s Score) Compare(o Score) int { return s.rat().Cmp(o.rat()) }

// nearest is num/den rounded half to even; den is positive.
func nearest(num, den *big.Int) int64 {
	whole, rest := new(big.Int).DivMod(num, den, new(big.Int)) // 0 <= rest < den
	half := rest.Lsh(rest, 1).Cmp(den)
	if half > 0 || half == 0 && whole.Bit(0) == 1 {
		whole.Add(whole, big.NewInt(1))
	}
	return clamp(whole)
}

// clamp is the int64 closest to n.
func clamp(n *big.Int) int64 {
	switch {
	case n.IsInt64():
		return n.Int64()
	case n.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}
