package chart

import (
	"strconv"
	"time"

	"payoff/goals"
)

// A tick is a named place on an axis of time: the start of a day.
type tick struct {
	date  goals.Date
	label string
}

// A rhythm puts ticks on a period, every few days, months or years.
type rhythm func(goals.Period) []tick

// rhythms go from the finest to the coarsest; the first whose labels fit is used.
var rhythms = []rhythm{
	weekdays, mondays(1), mondays(2),
	months(1), months(2), months(3), months(6),
	years(1), years(2), years(5), years(10), years(20), years(50),
}

// dateTicks takes the finest rhythm whose labels keep apart. A period that every rhythm
// misses has its first day named.
func dateTicks(p goals.Period, apart func(a, b tick) bool) []tick {
	for _, r := range rhythms {
		ticks := r(p)
		fits := len(ticks) > 1 || len(ticks) == 1 && p.To-p.From < 40
		for i := 1; i < len(ticks) && fits; i++ {
			fits = apart(ticks[i-1], ticks[i])
		}
		if fits {
			return ticks
		}
	}
	return []tick{{p.From, p.From.Time().Format("Jan 2006")}}
}

// weekdays name the days of a week or so.
func weekdays(p goals.Period) []tick {
	if p.To-p.From > 9 {
		return nil
	}
	var ticks []tick
	for d := p.From; d <= p.To; d++ {
		ticks = append(ticks, tick{d, d.Time().Format("Mon")})
	}
	return ticks
}

// mondays name the first of every few weeks, and the month where it changes.
func mondays(every int) rhythm {
	return func(p goals.Period) []tick {
		if p.To-p.From > 45 {
			return nil
		}
		var ticks []tick
		named := false
		for d := (p.From + 6).Monday(); d <= p.To; d += goals.Date(7 * every) {
			layout := "2"
			if !named || d.Month() != ticks[len(ticks)-1].date.Month() {
				layout, named = "2 Jan", true
			}
			ticks = append(ticks, tick{d, d.Time().Format(layout)})
		}
		return ticks
	}
}

// months name the first of every few months; where there are two years, January is named by its own.
func months(every int) rhythm {
	return func(p goals.Period) []tick {
		if p.To-p.From > 1100 {
			return nil
		}
		var ticks []tick
		for y, m := p.From.Year(), 0; ; m += every {
			d := goals.NewDate(y, time.Month(1+m), 1)
			if d > p.To {
				return ticks
			}
			if d < p.From {
				continue
			}
			label := d.Time().Format("Jan")
			if d.Month() == 1 && p.From.Year() != p.To.Year() {
				label = strconv.Itoa(d.Year())
			}
			ticks = append(ticks, tick{d, label})
		}
	}
}

// years name every few years.
func years(every int) rhythm {
	return func(p goals.Period) []tick {
		var ticks []tick
		for y := (p.From.Year() + every - 1) / every * every; y <= p.To.Year(); y += every {
			if d := goals.NewDate(y, 1, 1); d >= p.From && d <= p.To {
				ticks = append(ticks, tick{d, strconv.Itoa(y)})
			}
		}
		return ticks
	}
}

// amountTicks are about three round amounts from low to high, in minor units. They are made
// of 1, 2 or 5 with zeros, which are as round in minor units as in pounds.
func amountTicks(low, high int64) []int64 {
	span := float64(high) - float64(low)
	step := roundStep(span / 3)
	var ticks []int64
	for v := low / step * step; ; v += step {
		if v >= low {
			ticks = append(ticks, v)
		}
		if v > high-step {
			return ticks
		}
	}
}

// roundStep is the smallest 1, 2 or 5 with zeros that is at least want.
func roundStep(want float64) int64 {
	for power := int64(1); ; power *= 10 {
		for _, lead := range [...]int64{1, 2, 5} {
			if float64(lead*power) >= want || lead*power == 5e18 { // the largest in an int64
				return lead * power
			}
		}
	}
}
