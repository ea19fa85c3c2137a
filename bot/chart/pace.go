package chart

import (
	"cmp"
	"fmt"
	"slices"

	"payoff/goals"
	"payoff/goals/evidence"
)

// PaceData is what the picture of one goal is drawn from. The pace line and every figure
// follow from it by goals.PaceOn, so they are those of the report.
type PaceData struct {
	Title  string // the owner, or what the goal is called; any text
	Goal   goals.Money
	Period goals.Period
	Today  goals.Date
	Breaks []goals.Break // the line rests in them

	// Revenue is what came in, in any order and as often as there were deals; refunds are
	// negative. What lies outside the period or after today is not counted.
	Revenue []Point

	// Forecast is what the period will come to, as evidence.Foretell says on Today. It is drawn
	// while the period runs; nil, and one that is not known, draws nothing.
	Forecast *evidence.Forecast
}

// A Point is an amount on a date, in minor units of the goal's currency.
type Point struct {
	Date  goals.Date
	Minor int64
}

// mostMinor bounds amounts, so that no difference of two leaves an int64.
const mostMinor = 1<<62 - 1

// The dates that have a picture: those whose year has four figures, and a hundred years of
// them, so that a wrong date cannot make endless work.
const (
	firstDate     = goals.Date(-719_162)  // 1 January 1
	lastDate      = goals.Date(2_932_896) // 31 December 9999
	longestPeriod = 36_525
)

// Pace draws how revenue stands against the line from nothing to the goal. The error is for
// data that has no picture, a goal that is not positive or too large, or a period that ends before it
// starts, and is not meant for people.
func Pace(d PaceData) (png []byte, alt string, err error) {
	if err := d.check(); err != nil {
		return nil, "", err
	}
	p := progressOf(d)
	c, err := newCanvas()
	if err != nil {
		return nil, "", err
	}
	defer c.close()
	c.drawPace(p)
	if png, err = c.png(); err != nil {
		return nil, "", err
	}
	return png, p.alt(), nil
}

func (d PaceData) check() error {
	if d.Goal.Minor <= 0 || d.Goal.Minor > mostMinor {
		return fmt.Errorf("chart: a goal of %d", d.Goal.Minor)
	}
	from, to := d.Period.From, d.Period.To
	if from < firstDate || to > lastDate || to < from || to-from > longestPeriod || d.Today < firstDate || d.Today > lastDate {
		return fmt.Errorf("chart: a period from %s to %s on %s", from, to, d.Today)
	}
	return nil
}

// A progress is what the picture and its alternative text both say.
type progress struct {
	goals.Pace
	title  string  // cleaned
	steps  []Point // the total from the start of each day on which it changed, ascending
	line   []Point // what is due by the start of the days where the pace line bends, ascending
	breaks []goals.Period
	state  state

	forecast *outlook // nil where nothing is foretold
}

// A state says in which of its ways a goal is spoken of.
type state uint8

const (
	upcoming state = iota // it has not begun
	behind
	onPace
	ahead
	reached
	missed // the period is over
)

func progressOf(d PaceData) progress {
	steps, total := accumulate(d.Revenue, d.Period, d.Today)
	p := progress{
		Pace:  goals.PaceOn(d.Period, d.Goal, goals.Money{Minor: total, Currency: d.Goal.Currency}, d.Breaks, d.Today),
		title: clean(d.Title, maxName),
		steps: steps,
	}
	for _, b := range d.Breaks {
		within := goals.Period{From: max(b.From, d.Period.From), To: min(b.Back-1, d.Period.To)}
		if b.Back > b.From && within.From <= within.To {
			p.breaks = append(p.breaks, within)
		}
	}
	slices.SortFunc(p.breaks, func(a, b goals.Period) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	p.line = bends(d)
	p.state = judge(p.Pace)
	p.forecast = p.outlookOf(d.Forecast)
	return p
}

func judge(p goals.Pace) state {
	gap := p.Gap().Minor
	switch {
	case p.On < p.Period.From:
		return upcoming
	case p.Reached():
		return reached
	case p.Over():
		return missed
	case gap < 0:
		return behind
	case gap > 0:
		return ahead
	}
	return onPace
}

// running reports whether today lies in the period.
func (p progress) running() bool { return p.Period.From <= p.On && !p.Over() }

// money is an amount in the goal's currency.
func (p progress) money(minor int64) goals.Money {
	return goals.Money{Minor: minor, Currency: p.Goal.Currency}
}

// bends is the pace line where it bends: goals.Line is straight outside breaks and flat in
// them.
func bends(d PaceData) []Point {
	days := []goals.Date{d.Period.From, d.Period.To + 1}
	for _, b := range d.Breaks {
		for _, day := range [...]goals.Date{b.From, b.Back} {
			if d.Period.From < day && day <= d.Period.To {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	var line []Point
	for _, day := range slices.Compact(days) {
		line = append(line, Point{day, goals.Line(d.Period, d.Goal, d.Breaks, day).Minor})
	}
	return line
}

// accumulate sums revenue by day into a running total. A sum stops at mostMinor.
func accumulate(revenue []Point, period goals.Period, today goals.Date) (steps []Point, total int64) {
	sorted := slices.SortedStableFunc(slices.Values(revenue), func(a, b Point) int { return cmp.Compare(a.Date, b.Date) })
	for _, r := range sorted {
		if r.Date < period.From || r.Date > min(period.To, today) || r.Minor == 0 {
			continue
		}
		total = min(max(total+min(max(r.Minor, -mostMinor), mostMinor), -mostMinor), mostMinor)
		if n := len(steps); n > 0 && steps[n-1].Date == r.Date {
			steps[n-1].Minor = total
			continue
		}
		steps = append(steps, Point{r.Date, total})
	}
	return steps, total
}
