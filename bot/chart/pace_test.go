package chart

import (
	"math"
	"slices"
	"testing"
	"time"

	"payoff/goals"

	"pgregory.net/rapid"
)

func day(year int, month time.Month, day int) goals.Date { return goals.NewDate(year, month, day) }

func gbp(pounds int64) goals.Money { return goals.Money{Minor: pounds * 100, Currency: "GBP"} }

func goalOf(pounds int64, from, to, today goals.Date, breaks ...goals.Break) PaceData {
	return PaceData{Title: "Priya Shah", Goal: gbp(pounds), Period: goals.Period{From: from, To: to}, Today: today, Breaks: breaks}
}

// earned spreads deals over the time so far.
func earned(d PaceData, pounds ...int64) PaceData {
	last := min(d.Today, d.Period.To)
	for i, amount := range pounds {
		date := d.Period.From + goals.Date((i+1)*int(last-d.Period.From)/(len(pounds)+1))
		d.Revenue = append(d.Revenue, Point{date, amount * 100})
	}
	return d
}

var yearDeals = []int64{3200, 4100, 900, 7400, 5200, 12000, 8800, 2500, 6600, 9100, 3000, 14000, 5400}

// paceCases are the pictures that are held by goldens.
func paceCases() map[string]PaceData {
	from, to := day(2026, 1, 1), day(2026, 12, 31)
	summer := goals.Break{From: day(2026, 8, 3), Back: day(2026, 8, 24)}
	year := goalOf(120_000, from, to, day(2026, 9, 22), summer)
	quarter := goalOf(30_000, day(2026, 10, 1), to, day(2026, 11, 22), goals.Break{From: day(2026, 10, 19), Back: day(2026, 11, 2)})
	week := goalOf(2_000, day(2026, 11, 16), day(2026, 11, 22), day(2026, 11, 19))
	named := func(d PaceData, title string) PaceData { d.Title = title; return d }
	on := func(d PaceData, today goals.Date) PaceData { d.Today = today; return d }
	return map[string]PaceData{
		"behind":       earned(year, yearDeals[:10]...),
		"ahead":        earned(quarter, 2500, 4200, 9800, 1200, 6000),
		"close":        earned(year, yearDeals...),
		"none yet":     quarter,
		"first day":    on(year, from),
		"last day":     earned(on(year, to), yearDeals...),
		"missed":       earned(on(year, day(2027, 1, 4)), yearDeals...),
		"upcoming":     on(year, day(2025, 12, 20)),
		"reached":      earned(on(year, day(2026, 11, 2)), append([]int64{37_800}, yearDeals...)...),
		"far above":    earned(quarter, 90_000, 20_000, 150_000),
		"one week":     earned(week, 450, 700),
		"five years":   earned(goalOf(1_000_000, day(2023, 4, 1), day(2028, 3, 31), day(2026, 11, 22)), append(yearDeals, 300_000, 200_000, 99_999)...),
		"huge":         earned(goalOf(987_654_321_012, from, to, day(2026, 6, 30)), 123_456_789_012, 345_678_901_234),
		"refunded":     earned(quarter, 1500, -4000, 900, -600),
		"other script": earned(named(quarter, "山田太郎"), 2500, 4200),
		"long title":   earned(named(quarter, "Wolfeschlegelsteinhausenbergerdorff & Daughters, Bookbinders of Kingston upon Hull"), 2500, 4200),
	}
}

// The alternative text says what the picture says.
func TestPaceAlt(t *testing.T) {
	cases := paceCases()
	for name, want := range map[string]string{
		"behind":       "Priya Shah: £59,800 of a goal of £120,000 for 2026, 50% (101 days left). £21,631 behind pace, which is £81,431 on 22 Sep. Break: 3 Aug to 23 Aug.",
		"ahead":        "Priya Shah: £23,700 of a goal of £30,000 for Q4 2026, 79% (40 days left). £9,787 ahead of pace, which is £13,913 on 22 Nov. Break: 19 Oct to 1 Nov.",
		"none yet":     "Priya Shah: no revenue yet of a goal of £30,000 for Q4 2026 (40 days left). £13,913 behind pace, which is £13,913 on 22 Nov. Break: 19 Oct to 1 Nov.",
		"first day":    "Priya Shah: no revenue yet of a goal of £120,000 for 2026 (344 days left). On pace. Break: 3 Aug to 23 Aug.",
		"last day":     "Priya Shah: £82,200 of a goal of £120,000 for 2026, 68% (last day). £37,418 behind pace, which is £119,618 on 31 Dec. Break: 3 Aug to 23 Aug.",
		"missed":       "Priya Shah: £82,200 of a goal of £120,000 for 2026, 68% (ended). £37,800 short of the goal. Break: 3 Aug to 23 Aug 2026.",
		"upcoming":     "Priya Shah: no revenue yet of a goal of £120,000 for 2026. Starts on 1 Jan 2026, in 12 days. Break: 3 Aug to 23 Aug 2026.",
		"reached":      "Priya Shah: £120,000 of a goal of £120,000 for 2026, 100% (60 days left). Goal reached. Break: 3 Aug to 23 Aug.",
		"far above":    "Priya Shah: £260,000 of a goal of £30,000 for Q4 2026, 867% (40 days left). Goal reached, £230,000 over. Break: 19 Oct to 1 Nov.",
		"one week":     "Priya Shah: £1,150 of a goal of £2,000 for 16 Nov to 22 Nov, 58% (4 days left). £293 ahead of pace, which is £857 on 19 Nov.",
		"refunded":     "Priya Shah: −£2,200 of a goal of £30,000 for Q4 2026, −7% (40 days left). £16,113 behind pace, which is £13,913 on 22 Nov. Break: 19 Oct to 1 Nov.",
		"other script": "山田太郎: £6,700 of a goal of £30,000 for Q4 2026, 22% (40 days left). £7,213 behind pace, which is £13,913 on 22 Nov. Break: 19 Oct to 1 Nov.",
	} {
		if got := progressOf(cases[name]).alt(); got != want {
			t.Errorf("%s: alt\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestPaceUntitledAlt(t *testing.T) {
	d := goalOf(100, day(2026, 11, 1), day(2026, 11, 30), day(2026, 11, 30))
	want := "No revenue yet of a goal of £100 for November 2026 (last day). £96.67 behind pace, which is £96.67 on 30 Nov."
	d.Title = " \u200f "
	if got := progressOf(d).alt(); got != want {
		t.Errorf("alt = %q, want %q", got, want)
	}
}

func TestAmount(t *testing.T) {
	for _, tt := range []struct {
		minor                int64
		currency             goals.Currency
		long, short, nearest string
	}{
		{-2_200_00, "GBP", "−£2,200", "−£2.2k", "−£2,200"},
		{21_630_56, "GBP", "£21,630.56", "£21.6k", "£21,631"},
		{99_99, "GBP", "£99.99", "£100", "£99.99"},
		{1_234_567, "KWD", "KWD 1,234.567", "KWD 1.2k", "KWD 1,235.000"},
		{1_234_567, "JPY", "¥1,234,567", "¥1.2m", "¥1,234,567"},
		{500_00, "INR", "₹500", "₹500", "₹500"},
		{500_00, "UAH", "₴500", "₴500", "₴500"},
	} {
		m := goals.Money{Minor: tt.minor, Currency: tt.currency}
		if amount(m) != tt.long || shortAmount(m) != tt.short || amount(rounded(m)) != tt.nearest {
			t.Errorf("%v is drawn %q, %q, rounded %q; want %q, %q, %q", m, amount(m), shortAmount(m), amount(rounded(m)), tt.long, tt.short, tt.nearest)
		}
	}
	if got := withGlyphs("د.إ 12", "AED"); got != "AED . 12" {
		t.Errorf("withGlyphs = %q", got)
	}
	for _, c := range goals.Currencies() {
		if text := minusSign((goals.Money{Minor: -123_456_789, Currency: c}).String()); text != withGlyphs(text, c) {
			t.Errorf("%s: the font lacks part of %q", c, text)
		}
	}
}

func TestAccumulate(t *testing.T) {
	period := goals.Period{From: 100, To: 110}
	for _, tt := range []struct {
		name    string
		revenue []Point
		want    []Point
		total   int64
	}{
		{"none", nil, nil, 0},
		{"any order, several a day", []Point{{104, 5}, {101, 1}, {104, -2}}, []Point{{101, 1}, {104, 4}}, 4},
		{"outside the period and after today", []Point{{99, 7}, {100, 1}, {106, 9}, {111, 9}}, []Point{{100, 1}}, 1},
		{"nothing on a day", []Point{{101, 0}}, nil, 0},
		{"beyond bounds", []Point{{101, 1<<63 - 1}, {102, 1<<63 - 1}, {103, -1 << 63}}, []Point{{101, mostMinor}, {102, mostMinor}, {103, 0}}, 0},
	} {
		steps, total := accumulate(tt.revenue, period, 105)
		if !slices.Equal(steps, tt.want) || total != tt.total {
			t.Errorf("%s: accumulate = %v, %d, want %v, %d", tt.name, steps, total, tt.want, tt.total)
		}
	}
}

// The line is drawn through its bends alone; on every other day it is where goals.Line is.
func TestBendsAreTheLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := PaceData{Goal: gbp(rapid.Int64Range(1, 1e9).Draw(t, "goal")), Period: goals.Period{From: 20_000}}
		d.Period.To = d.Period.From + goals.Date(rapid.Int32Range(0, 400).Draw(t, "days"))
		for range rapid.IntRange(0, 3).Draw(t, "breaks") {
			from := d.Period.From + goals.Date(rapid.Int32Range(-20, 420).Draw(t, "from"))
			d.Breaks = append(d.Breaks, goals.Break{From: from, Back: from + goals.Date(rapid.Int32Range(-3, 60).Draw(t, "for"))})
		}
		line := bends(d)
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			for day := a.Date; day <= b.Date; day++ {
				drawn := float64(a.Minor) + float64(b.Minor-a.Minor)*float64(day-a.Date)/float64(b.Date-a.Date)
				due := goals.Line(d.Period, d.Goal, d.Breaks, day).Minor
				if math.Abs(drawn-float64(due)) > 2 {
					t.Fatalf("on %v the drawn line is at %v, goals.Line at %d", day, drawn, due)
				}
			}
		}
	})
}

func TestPaceRefuses(t *testing.T) {
	valid := paceCases()["ahead"]
	for name, spoil := range map[string]func(*PaceData){
		"no goal":         func(d *PaceData) { d.Goal.Minor = 0 },
		"a negative goal": func(d *PaceData) { d.Goal.Minor = -1 },
		"too large":       func(d *PaceData) { d.Goal.Minor = math.MaxInt64 },
		"backwards":       func(d *PaceData) { d.Period.To = d.Period.From - 1 },
		"too long":        func(d *PaceData) { d.Period.To = d.Period.From + longestPeriod + 1 },
		"no such year":    func(d *PaceData) { d.Period = goals.Period{From: math.MaxInt32 - 1, To: math.MaxInt32} },
		"no such today":   func(d *PaceData) { d.Today = math.MinInt32 },
	} {
		d := valid
		spoil(&d)
		if png, alt, err := Pace(d); err == nil || png != nil || alt != "" {
			t.Errorf("%s: Pace = %d bytes, %q, %v, want an error", name, len(png), alt, err)
		}
	}
}
