package chart

import (
	"strings"
	"testing"

	"payoff/goals"

	"pgregory.net/rapid"
)

func TestDateTicks(t *testing.T) {
	for _, tt := range []struct {
		name     string
		from, to goals.Date
		want     string
	}{
		{"a day", day(2026, 11, 22), day(2026, 11, 22), "Sun"},
		{"a week", day(2026, 11, 16), day(2026, 11, 22), "Mon Tue Wed Thu Fri Sat Sun"},
		{"two weeks", day(2026, 11, 17), day(2026, 11, 30), "23 Nov|30"},
		{"a month", day(2026, 11, 1), day(2026, 11, 30), "2 Nov|9|16|23|30"},
		{"over a new year", day(2025, 12, 10), day(2026, 1, 20), "15 Dec|22|29|5 Jan|12|19"},
		{"a quarter", day(2026, 10, 1), day(2026, 12, 31), "Oct|Nov|Dec"},
		{"a year", day(2026, 1, 1), day(2026, 12, 31), "Jan|Mar|May|Jul|Sep|Nov"},
		{"a tax year", day(2026, 4, 6), day(2027, 4, 5), "May|Jul|Sep|Nov|2027|Mar"},
		{"five years", day(2023, 4, 1), day(2028, 3, 31), "2024|2025|2026|2027|2028"},
		{"a hundred years", day(1950, 1, 1), day(2049, 12, 31), "1960|1980|2000|2020|2040"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := goals.Period{From: tt.from, To: tt.to}
			points := 490 / (float64(p.To-p.From) + 1) // as wide as a day is on the card
			var got []string
			for _, tick := range dateTicks(p, func(a, b tick) bool {
				return float64(9*(len(a.label)+len(b.label)))/2+14 <= points*float64(b.date-a.date)
			}) {
				got = append(got, tick.label)
			}
			if want := strings.ReplaceAll(tt.want, " ", "|"); strings.ReplaceAll(strings.Join(got, "|"), " ", "|") != want {
				t.Errorf("dateTicks(%v) = %q, want %q", p, got, tt.want)
			}
		})
	}
}

func TestDateTicksInPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := goals.Date(rapid.Int32Range(int32(firstDate), int32(lastDate)-longestPeriod).Draw(t, "from"))
		p := goals.Period{From: from, To: from + goals.Date(rapid.Int32Range(0, longestPeriod).Draw(t, "days"))}
		room := rapid.IntRange(1, 400).Draw(t, "room")
		ticks := dateTicks(p, func(a, b tick) bool { return int(b.date-a.date) >= room })
		if len(ticks) == 0 {
			t.Fatal("no ticks")
		}
		for i, tick := range ticks {
			if tick.date < p.From || tick.date > p.To || i > 0 && tick.date <= ticks[i-1].date || tick.label == "" {
				t.Fatalf("dateTicks(%v) = %v", p, ticks)
			}
		}
	})
}

func TestAmountTicks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Int64Range(-mostMinor, 0).Draw(t, "low")
		high := rapid.Int64Range(1, mostMinor).Draw(t, "high")
		ticks := amountTicks(low, high)
		if len(ticks) == 0 || len(ticks) > 7 {
			t.Fatalf("amountTicks(%d, %d) = %d", low, high, ticks)
		}
		zero := false
		for i, v := range ticks {
			zero = zero || v == 0
			if v < low || v > high || i > 0 && v <= ticks[i-1] {
				t.Fatalf("amountTicks(%d, %d) = %d", low, high, ticks)
			}
		}
		if !zero {
			t.Fatalf("amountTicks(%d, %d) = %d has no 0", low, high, ticks)
		}
	})
}

func TestRoundStep(t *testing.T) {
	for want, step := range map[float64]int64{0.3: 1, 1: 1, 1.1: 2, 3: 5, 40: 50, 41_000: 50_000, 4e18: 5e18, 9e18: 5e18} {
		if got := roundStep(want); got != step {
			t.Errorf("roundStep(%v) = %d, want %d", want, got, step)
		}
	}
}
