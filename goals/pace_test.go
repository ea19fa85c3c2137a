package goals

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLine(t *testing.T) {
	june := days("2026-06-01", "2026-06-30")
	week := []Break{{iso("2026-06-11"), iso("2026-06-16")}} // five days: 10 before, 15 after
	tests := []struct {
		name   string
		breaks []Break
		on     string
		want   int64 // of £300
	}{
		{"long before", nil, "2026-01-01", 0},
		{"first morning", nil, "2026-06-01", 0},
		{"second morning", nil, "2026-06-02", 10_00},
		{"halfway", nil, "2026-06-16", 150_00},
		{"last morning", nil, "2026-06-30", 290_00},
		{"day after", nil, "2026-07-01", 300_00},
		{"long after", nil, "2026-12-01", 300_00},
		{"before a break", week, "2026-06-11", 100_00},
		{"in a break", week, "2026-06-14", 100_00},
		{"back from a break", week, "2026-06-16", 100_00},
		{"200 left over 15 days", week, "2026-06-17", 113_33},
		{"the last of them", week, "2026-06-30", 286_67},
		{"all in after a break", week, "2026-07-01", 300_00},
		{"a break to the end", []Break{{iso("2026-06-16"), iso("2026-08-01")}}, "2026-07-01", 150_00},
		{"a break over everything", []Break{{iso("2026-05-01"), iso("2026-08-01")}}, "2026-07-01", 0},
		{"a break with no day in it", []Break{{iso("2026-06-05"), iso("2026-06-05")}, {iso("2026-06-20"), iso("2026-06-02")}}, "2026-06-16", 150_00},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Line(june, pence(300_00), tt.breaks, iso(tt.on)); got != pence(tt.want) {
				t.Errorf("Line(%s) = %v, want %v", tt.on, got, pence(tt.want))
			}
		})
	}
	if got, want := Line(days("2026-06-01", "2026-06-02"), pence(5), nil, iso("2026-06-02")), pence(2); got != want {
		t.Errorf("Line of half of 5 = %v, want %v, half to even", got, want)
	}
	if got := Line(days("2026-06-02", "2026-06-01"), pence(5), nil, iso("2026-06-02")); got != pence(0) {
		t.Errorf("Line of no days = %v, want nothing", got)
	}
}

// A lineCase is what Line takes, drawn at random.
type lineCase struct {
	p      Period
	goal   Money
	breaks []Break
}

func drawLine(t *rapid.T) lineCase {
	from := Date(rapid.IntRange(18000, 24000).Draw(t, "from"))
	c := lineCase{p: Period{from, from + Date(rapid.IntRange(0, 400).Draw(t, "length"))}}
	c.goal = pence(rapid.OneOf(rapid.Int64Range(1, 1000), rapid.Int64Range(1, MaxMinor), rapid.Just(int64(math.MaxInt64))).Draw(t, "goal"))
	c.breaks = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Break { return drawBreak(t, c.p) }), 0, 6).Draw(t, "breaks")
	return c
}

func drawBreak(t *rapid.T, p Period) Break {
	from := Date(rapid.IntRange(int(p.From)-20, int(p.To)+20).Draw(t, "break"))
	return Break{from, from + Date(rapid.IntRange(-3, 40).Draw(t, "away"))}
}

func (c lineCase) line(on Date) int64 { return Line(c.p, c.goal, c.breaks, on).Minor }

// away reports whether d is in one of the breaks.
func away(breaks []Break, d Date) bool {
	return slices.ContainsFunc(breaks, func(b Break) bool { return b.From <= d && d < b.Back })
}

// The line by its rule, a day at a time: each worked day asks for an equal share of what is left.
func TestLineIsTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLine(t)
		goal := new(big.Rat).SetInt64(c.goal.Minor)
		due := new(big.Rat)
		for on := c.p.From; on <= c.p.To+1; on++ {
			if got, want := c.line(on), nearest(due.Num(), due.Denom()); got != want {
				t.Fatalf("Line(%s) = %d, want %d", on, got, want)
			}
			if on <= c.p.To && !away(c.breaks, on) {
				share := new(big.Rat).Sub(goal, due)
				due.Add(due, share.Quo(share, big.NewRat(int64(c.p.To-on)+1, 1)))
			}
		}
	})
}

func TestLineOnlyRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLine(t)
		before := int64(0)
		for on := c.p.From - 3; on <= c.p.To+4; on++ {
			got := c.line(on)
			if got < before || on <= c.p.From && got != 0 {
				t.Fatalf("Line(%s) = %d, the day before %d", on, got, before)
			}
			if on > c.p.From && away(c.breaks, on-1) && got != before {
				t.Fatalf("Line(%s) = %d, after a day away that began at %d", on, got, before)
			}
			before = got
		}
		if last := c.line(c.p.To + 1); !away(c.breaks, c.p.To) && last != c.goal.Minor {
			t.Fatalf("Line after the end = %d, want the goal, %d", last, c.goal.Minor)
		}
	})
}

func TestBreakNeverRaisesTheLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLine(t)
		extra := drawBreak(t, c.p)
		more := c
		more.breaks = append(slices.Clone(c.breaks), extra)
		for on := c.p.From; on <= c.p.To+2; on++ {
			if got, most := more.line(on), c.line(on); got > most {
				t.Fatalf("Line(%s) with one more break = %d, want at most %d", on, got, most)
			} else if on <= extra.From && got != most {
				t.Fatalf("Line(%s) = %d, want %d: the break is yet to begin", on, got, most)
			}
		}
	})
}

func TestLineWithoutBreaksIsStraight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLine(t)
		c.breaks = nil
		length := int64(c.p.To-c.p.From) + 1
		done := rapid.Int64Range(0, length).Draw(t, "done")
		exact := new(big.Int).Mul(big.NewInt(c.goal.Minor), big.NewInt(done))
		if got, want := c.line(c.p.From+Date(done)), nearest(exact, big.NewInt(length)); got != want {
			t.Errorf("Line after %d of %d days = %d, want %d", done, length, got, want)
		}
	})
}

// What matters of breaks is the days they hold: not their order, overlaps or how they are cut.
func TestLineKnowsOnlyDaysAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLine(t)
		var cut []Break
		for d := c.p.To; d >= c.p.From; d-- {
			if away(c.breaks, d) {
				cut = append(cut, Break{d, d + 1}, Break{d, d + 1})
			}
		}
		left := 0
		on := c.p.From + Date(rapid.IntRange(-3, 400).Draw(t, "on"))
		for d := max(on, c.p.From); d <= c.p.To; d++ {
			if !away(c.breaks, d) {
				left++
			}
		}
		if got, want := Line(c.p, c.goal, cut, on).Minor, c.line(on); got != want {
			t.Errorf("Line(%s) by single days = %d, want %d", on, got, want)
		}
		if got := PaceOn(c.p, c.goal, pence(0), c.breaks, on).DaysLeft; got != left {
			t.Errorf("DaysLeft on %s = %d, want %d", on, got, left)
		}
	})
}

func TestLineLeavesBreaksAlone(t *testing.T) {
	breaks := []Break{{20, 25}, {5, 9}}
	Line(Period{1, 30}, pence(100), breaks, 28)
	if want := []Break{{20, 25}, {5, 9}}; !slices.Equal(breaks, want) {
		t.Errorf("Line left its breaks as %v, want %v", breaks, want)
	}
}

func TestPace(t *testing.T) {
	june := days("2026-06-01", "2026-06-30")
	weekOff := []Break{{iso("2026-06-22"), iso("2026-06-29")}}
	tests := []struct {
		name          string
		soFar         int64 // of £300
		breaks        []Break
		on            string
		left          int
		attained      int
		ofLine        int // -1 is none
		gap           int64
		perWeek       int64 // -1 is none
		reached, over bool
	}{
		{"before the start", 0, nil, "2026-05-01", 30, 0, -1, 0, 70_00, false, false},
		{"first morning", 0, nil, "2026-06-01", 30, 0, -1, 0, 70_00, false, false},
		{"first sale", 30_00, nil, "2026-06-01", 30, 10, -1, 30_00, 63_00, false, false},
		{"on the line", 100_00, nil, "2026-06-11", 20, 33, 100, 0, 70_00, false, false},
		{"behind", 50_00, nil, "2026-06-11", 20, 17, 50, -50_00, 87_50, false, false},
		{"ahead", 150_00, nil, "2026-06-11", 20, 50, 150, 50_00, 52_50, false, false},
		{"rounded up", 100_01, nil, "2026-06-12", 19, 33, 91, -9_99, 73_69, false, false},
		{"a break ahead", 100_00, weekOff, "2026-06-11", 13, 33, 100, 0, 107_70, false, false},
		{"in a break", 100_00, weekOff, "2026-06-25", 2, 33, 48, -110_00, 200_00, false, false},
		{"in the last week, no more than is missing", 290_00, nil, "2026-06-30", 1, 97, 100, 0, 10_00, false, false},
		{"reached", 300_00, nil, "2026-06-11", 20, 100, 300, 200_00, -1, true, false},
		{"beyond", 450_00, nil, "2026-06-11", 20, 150, 450, 350_00, -1, true, false},
		{"over and short", 299_99, nil, "2026-07-01", 0, 100, 100, -1, -1, false, true},
		{"away to the end", 10_00, []Break{{iso("2026-06-11"), iso("2026-07-11")}}, "2026-06-12", 0, 3, 10, -90_00, -1, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := PaceOn(june, pence(300_00), pence(tt.soFar), tt.breaks, iso(tt.on))
			if p.DaysLeft != tt.left {
				t.Errorf("DaysLeft = %d, want %d", p.DaysLeft, tt.left)
			}
			if got := p.Attainment().Percent(); got != tt.attained {
				t.Errorf("Attainment() = %d %%, want %d %%", got, tt.attained)
			}
			if got, ok := p.OfLine(); ok != (tt.ofLine >= 0) || ok && got.Percent() != tt.ofLine {
				t.Errorf("OfLine() = %d %%, %t, want %d %%", got.Percent(), ok, tt.ofLine)
			}
			if got := p.Gap(); got != pence(tt.gap) {
				t.Errorf("Gap() = %v, want %v", got, pence(tt.gap))
			}
			if got, ok := p.PerWeek(); ok != (tt.perWeek >= 0) || ok && got != pence(tt.perWeek) {
				t.Errorf("PerWeek() = %v, %t, want %v", got, ok, pence(tt.perWeek))
			}
			if p.Reached() != tt.reached || p.Over() != tt.over {
				t.Errorf("Reached(), Over() = %t, %t, want %t, %t", p.Reached(), p.Over(), tt.reached, tt.over)
			}
		})
	}
}

// Who brings in what PerWeek says each full week gets there, and a penny a week less does not.
func TestPerWeekIsEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLine(t)
		soFar := rapid.Int64Range(0, c.goal.Minor).Draw(t, "so far")
		on := c.p.From + Date(rapid.IntRange(-3, 410).Draw(t, "on"))
		p := PaceOn(c.p, c.goal, pence(soFar), c.breaks, on)
		each, ok := p.PerWeek()
		if want := p.DaysLeft > 0 && !p.Reached(); ok != want {
			t.Fatalf("PerWeek() ok = %t, want %t", ok, want)
		}
		if !ok {
			return
		}
		missing := big.NewRat(c.goal.Minor, 1)
		missing.Sub(missing, big.NewRat(soFar, 1))
		weeks := big.NewRat(int64(max(p.DaysLeft, 7)), 7)
		earn := func(each int64) *big.Rat { return new(big.Rat).Mul(big.NewRat(each, 1), weeks) }
		if earn(each.Minor).Cmp(missing) < 0 || earn(each.Minor-1).Cmp(missing) >= 0 {
			t.Errorf("PerWeek() = %d for %s weeks, missing %s", each.Minor, weeks, missing)
		}
	})
}

func TestScorePercent(t *testing.T) {
	tests := []struct {
		score Score
		want  int
	}{
		{Score{}, 0},
		{Score{5, 0}, 0},
		{Score{0, 7}, 0},
		{Score{1, 1}, 100},
		{Score{1, 3}, 33},
		{Score{2, 3}, 67},
		{Score{1, 200}, 0},
		{Score{3, 200}, 2},
		{Score{5, 200}, 2},
		{Score{-1, 200}, 0},
		{Score{-3, 200}, -2},
		{Score{-1, 300}, 0},
		{Score{1, -2}, -50},
		{Score{math.MaxInt64, math.MaxInt64 - 1}, 100},
		{Score{math.MaxInt64, 1}, math.MaxInt32},
		{Score{math.MinInt64, 1}, math.MinInt32},
		{Score{math.MinInt64, math.MinInt64}, 100},
	}
	for _, tt := range tests {
		if got := tt.score.Percent(); got != tt.want {
			t.Errorf("%v.Percent() = %d, want %d", tt.score, got, tt.want)
		}
	}
}

func TestScoreCompare(t *testing.T) {
	tests := []struct {
		a, b Score
		want int
	}{
		{Score{1, 2}, Score{2, 4}, 0},
		{Score{1, 2}, Score{2, 3}, -1},
		{Score{}, Score{0, 9}, 0},
		{Score{}, Score{-1, 9}, 1},
		{Score{math.MaxInt64, math.MaxInt64 - 1}, Score{math.MaxInt64 - 1, math.MaxInt64 - 2}, -1},
		{Score{math.MinInt64, 1}, Score{math.MaxInt64, 1}, -1},
	}
	for _, tt := range tests {
		if got := tt.a.Compare(tt.b); got != tt.want {
			t.Errorf("%v.Compare(%v) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := tt.b.Compare(tt.a); got != -tt.want {
			t.Errorf("%v.Compare(%v) = %d, want %d", tt.b, tt.a, got, -tt.want)
		}
	}
}

func TestScoreOf(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), 200)
	tests := []struct {
		name     string
		num, den *big.Int
		want     Score
	}{
		{"reduced", big.NewInt(-6), big.NewInt(4), Score{-3, 2}},
		{"over nothing", big.NewInt(6), big.NewInt(0), Score{}},
		{"reduces to fit", new(big.Int).Mul(huge, big.NewInt(3)), huge, Score{3, 1}},
		{"too large for any", huge, big.NewInt(3), Score{1 << 62, 1}},
		{"a loss of nearly all", new(big.Int).Sub(big.NewInt(1), huge), huge, Score{1 - 1<<62, 1 << 62}},
		{"too small for any", big.NewInt(3), huge, Score{0, 1 << 62}},
	}
	for _, tt := range tests {
		if got := scoreOf(tt.num, tt.den); got != tt.want {
			t.Errorf("%s: scoreOf = %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A ratio that does not fit keeps 40 bits, and keeps all of one that does.
func TestScoreOfStaysClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Min(1).Draw(t, "a"), rapid.Int64Min(1).Draw(t, "b")
		num := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		den := new(big.Int).Mul(big.NewInt(rapid.Int64Min(1<<42).Draw(t, "c")), big.NewInt(b/2+1))
		got, want := scoreOf(num, den).rat(), new(big.Rat).SetFrac(num, den)
		if want.Cmp(big.NewRat(1_000_000, 1)) > 0 || want.Cmp(big.NewRat(1, 1_000_000)) < 0 {
			return
		}
		off := new(big.Rat).Sub(got, want)
		off.Quo(off.Abs(off), want)
		if off.Cmp(big.NewRat(1, 1<<40)) > 0 {
			t.Errorf("scoreOf(%s, %s) = %s, off by %s", num, den, got, off.FloatString(20))
		}
	})
}
