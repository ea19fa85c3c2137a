package goals

import (
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// put is what a season held: minutes, and spend and revenue in pence.
func put(minutes, spend, revenue int64) Amounts {
	return Amounts{Hours: minutes, Spend: spend, Revenue: revenue}
}

func TestPerHour(t *testing.T) {
	tests := []struct {
		name string
		in   Amounts
		want int64
		ok   bool
	}{
		{"no time", put(0, 5_00, 100_00), 0, false},
		{"two hours", put(120, 20_00, 100_00), 40_00, true},
		{"half an hour", put(30, 0, 100_00), 200_00, true},
		{"a loss", put(60, 20_00, 0), -20_00, true},
		{"nothing back", put(60, 0, 0), 0, true},
		{"half a penny to even, down", put(120, 0, 1), 0, true},
		{"half a penny to even, up", put(120, 0, 3), 2, true},
		{"half a penny to even, of a loss", put(120, 3, 0), -2, true},
		{"most", put(1, 0, math.MaxInt64), math.MaxInt64, true},
	}
	for _, tt := range tests {
		got, ok := PerHour(tt.in, "GBP")
		if ok != tt.ok || ok && got != pence(tt.want) {
			t.Errorf("%s: PerHour = %v, %t, want %v, %t", tt.name, got, ok, pence(tt.want), tt.ok)
		}
	}
}

func TestCostAndROI(t *testing.T) {
	tests := []struct {
		name      string
		in        Amounts
		hourWorth int64
		cost      int64
		roi       Score
		ok        bool
	}{
		{"nothing put in", put(0, 0, 100_00), 50_00, 0, Score{}, false},
		{"time that costs nothing", put(60, 0, 100_00), 0, 0, Score{}, false},
		{"time alone", put(90, 0, 150_00), 50_00, 75_00, Score{1, 1}, true},
		{"spend alone", put(90, 50_00, 75_00), 0, 50_00, Score{1, 2}, true},
		{"both", put(60, 50_00, 75_00), 50_00, 100_00, Score{-1, 4}, true},
		{"nothing back", put(60, 0, 0), 50_00, 50_00, Score{-1, 1}, true},
		{"the cost is not rounded", put(1, 0, 1), 40, 1, Score{1, 2}, true},
		{"half a penny, to even", put(1, 0, 1), 30, 0, Score{1, 1}, true},
	}
	for _, tt := range tests {
		if got := Cost(tt.in, tt.hourWorth); got != tt.cost {
			t.Errorf("%s: Cost = %d, want %d", tt.name, got, tt.cost)
		}
		got, ok := ROI(tt.in, tt.hourWorth)
		if ok != tt.ok || got.Compare(tt.roi) != 0 {
			t.Errorf("%s: ROI = %v, %t, want %v, %t", tt.name, got, ok, tt.roi, tt.ok)
		}
	}
}

func TestCostAndROIOfTheMost(t *testing.T) {
	most := put(math.MaxInt64, math.MaxInt64, math.MaxInt64)
	if got := Cost(most, math.MaxInt64); got != math.MaxInt64 {
		t.Errorf("Cost = %d, want the largest there is", got)
	}
	if got, ok := ROI(most, math.MaxInt64); !ok || got.Percent() != -100 {
		t.Errorf("ROI = %d %%, %t, want -100 %%", got.Percent(), ok)
	}
}

func TestConversion(t *testing.T) {
	in := Amounts{Contacts: 40, Conversations: 10, Qualified: 0, Deals: 2}
	want := []Step{
		{From: Contacts, To: Conversations, Score: Score{10, 40}, Has: true},
		{From: Conversations, To: Qualified, Score: Score{0, 10}, Has: true},
		{From: Qualified, To: Deals},
	}
	if diff := cmp.Diff(want, Conversion(in)); diff != "" {
		t.Errorf("Conversion: -want +got\n%s", diff)
	}
}

func TestImproved(t *testing.T) {
	tests := []struct {
		name          string
		before, after Amounts
		want          Score
		ok            bool
	}{
		{"the same", put(240, 0, 100_00), put(480, 0, 200_00), Score{}, true},
		{"twice", put(240, 0, 100_00), put(240, 0, 200_00), Score{1, 1}, true},
		{"more hours, as much back", put(240, 0, 100_00), put(480, 0, 100_00), Score{-1, 2}, true},
		{"a loss after", put(240, 0, 100_00), put(240, 50_00, 0), Score{-3, 2}, true},
		{"a loss before", put(240, 1, 0), put(240, 0, 100_00), Score{}, false},
		{"nothing before", put(240, 0, 0), put(240, 0, 100_00), Score{}, false},
		{"too little time before", put(239, 0, 100_00), put(240, 0, 100_00), Score{}, false},
		{"too little time after", put(240, 0, 100_00), put(239, 0, 100_00), Score{}, false},
	}
	for _, tt := range tests {
		got, ok := Improved(tt.before, tt.after)
		if ok != tt.ok || got.Compare(tt.want) != 0 {
			t.Errorf("%s: Improved = %v, %t, want %v, %t", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

// many is amounts as large as lines allow, for as long as anyone keeps records.
func many(t *rapid.T, label string) Amounts {
	const lines = 50_000 // spend and revenue of that many lines still add up in an int64
	var a Amounts
	for m := range Measures {
		most := int64(MaxCount * lines)
		switch m {
		case Hours:
			most = MinutesADay * lines
		case Spend, Revenue:
			most = MaxMinor * lines
		}
		a[m] = rapid.Int64Range(0, most).Draw(t, label+" "+m.String())
	}
	return a
}

// Figures of the largest amounts have the sign, and the order, that they have exactly.
func TestReturnsDoNotOverflow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := many(t, "a"), many(t, "b")
		hourWorth := rapid.Int64Range(0, MaxMinor).Draw(t, "hour worth")
		if per, ok := PerHour(a, "GBP"); ok && (per.Minor < 0) != (a[Revenue] < a[Spend]) && per.Minor != 0 {
			t.Errorf("PerHour = %d of %d - %d", per.Minor, a[Revenue], a[Spend])
		}
		cost := sixtyCosts(a, hourWorth)
		if cost.Sign() < 0 || Cost(a, hourWorth) < a[Spend] {
			t.Errorf("Cost = %d, want at least %d", Cost(a, hourWorth), a[Spend])
		}
		if roi, ok := ROI(a, hourWorth); ok {
			gain := new(big.Int).Mul(big.NewInt(a[Revenue]), big.NewInt(60))
			if roi.Compare(Score{}) != gain.Cmp(cost) && roi.Percent() != 0 || roi.Compare(Score{-1, 1}) < 0 {
				t.Errorf("ROI = %v of %s for %s", roi, gain, cost)
			}
		}
		if change, ok := Improved(a, b); ok {
			back, _ := Improved(b, a)
			if change.Compare(Score{})*back.Compare(Score{}) > 0 {
				t.Errorf("Improved = %v, and the other way %v", change, back)
			}
		}
		for _, step := range Conversion(a) {
			if step.Has && step.Score != (Score{a[step.To], a[step.From]}) {
				t.Errorf("Conversion = %+v", step)
			}
		}
	})
}

// figures is everything at this level that follows from an owner's amounts.
type figures struct {
	Total      Amounts
	PerHour    Money
	ROI        Score
	Cost       int64
	Conversion []Step
	Improved   Score
	Pace       Pace
	Done       [Measures]Progress
	Over       int64
}

func figuresOf(a, before Amounts, c lineCase, on Date) figures {
	f := figures{Total: a, Cost: Cost(a, 50_00), Conversion: Conversion(a)}
	f.PerHour, _ = PerHour(a, "GBP")
	f.ROI, _ = ROI(a, 50_00)
	f.Improved, _ = Improved(before, a)
	f.Pace = PaceOn(c.p, c.goal, pence(a[Revenue]), c.breaks, on)
	f.Over, _ = OverBudget(Channel{Budget: 180}, a[Hours])
	for m := range Measures {
		f.Done[m] = Objective{Measure: m, Amount: 100, AtMost: m == Hours}.Progress(a[m])
	}
	return f
}

func TestUndoRestoresEveryFigure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, line, before, c := many(t, "logged"), many(t, "line"), many(t, "before"), drawLine(t)
		on := c.p.From + Date(rapid.IntRange(-3, 400).Draw(t, "on"))
		want := figuresOf(a, before, c, on)
		a = a.Plus(line)
		_ = figuresOf(a, before, c, on)
		a = a.Minus(line)
		if diff := cmp.Diff(want, figuresOf(a, before, c, on)); diff != "" {
			t.Errorf("figures after a line was logged and undone: -want +got\n%s", diff)
		}
	})
}
