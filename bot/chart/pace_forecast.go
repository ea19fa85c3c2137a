package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"payoff/goals"
	"payoff/goals/evidence"
)

// An outlook is a forecast as the picture and its alternative text both say it: what will
// have come in at the period's end, in minor units.
type outlook struct {
	lo, mid, hi int64
	hit         float64 // the probability of reaching the goal
	resumed     bool    // nothing was logged of late, and the usual pace is taken to come back
}

// silentWeeks without a line are when a forecast says what it takes for granted.
const silentWeeks = 3

// outlookOf reads a forecast. There is none of a period that does not run or ends today, and
// of what is too little known or makes no sense none is drawn.
func (p progress) outlookOf(f *evidence.Forecast) *outlook {
	if f == nil || !f.Known || !f.Computed || !p.running() || p.On == p.Period.To {
		return nil
	}
	// Written so that a NaN fails too.
	if !(-mostMinor <= f.Lo && f.Lo <= f.Mid && f.Mid <= f.Hi && f.Hi <= mostMinor) || !(0 <= f.Hit && f.Hit <= 1) {
		return nil
	}
	whole := func(v float64) int64 { return min(int64(math.Round(v)), mostMinor) }
	return &outlook{whole(f.Lo), whole(f.Mid), whole(f.Hi), f.Hit, f.Silent >= silentWeeks}
}

// foretold is the forecast in a sentence or two.
func (p progress) foretold(say func(goals.Money) string) string {
	o := p.forecast
	lo, mid, hi := say(p.money(o.lo)), say(p.money(o.mid)), say(p.money(o.hi))
	text := fmt.Sprintf("Forecast for %s: about %s", p.Period.To.Human(p.On), mid)
	if lo != hi {
		text += fmt.Sprintf(", 80%% likely between %s and %s", lo, hi)
	}
	if p.state != reached {
		text += ". Chance of the goal: " + chance(o.hit)
	}
	if o.resumed {
		text += ". Assumes your usual pace resumes"
	}
	return text + "."
}

// chance is a probability as people say it. Forecasts are held to between 2 and 98 per cent, so
// the ends say that they are ends.
func chance(p float64) string {
	switch percent := int(math.Round(100 * p)); {
	case percent <= 2:
		return "2% or less"
	case percent >= 98:
		return "98% or more"
	default:
		return strconv.Itoa(percent) + "%"
	}
}

// forecastCaption is what is written below the plot.
func (c *canvas) forecastCaption(p progress) []string {
	if p.forecast == nil {
		return nil
	}
	return c.caption(p.foretold(unbroken))
}

// ceiling is how high the plot goes for the forecast to fit: up to twice what else it shows.
// Beyond that the upper end is cut, or it would flatten everything else.
func (o *outlook) ceiling(high int64) int64 {
	if o == nil {
		return high
	}
	return max(high, min(o.hi, 2*max(high, o.mid)))
}

// An endLabel is a figure beside the end of the forecast.
type endLabel struct {
	y    float64
	text string
	st   style
}

// endLabels are the figures at the forecast's end from the top, each said once. They stand at
// their heights, or as close to it as they can be read.
func (p progress) endLabels(l plot) []endLabel {
	const apart = 21.0
	o := p.forecast
	say := func(minor int64) string { return shortAmount(p.money(minor)) }
	quietText, firm := noteText.tabulated(), markText.tabulated()
	labels := []endLabel{{l.y(o.mid), say(o.mid), firm}}
	middle := labels[0].y
	if hi := say(o.hi); hi != say(o.mid) {
		if o.hi > l.high {
			hi = "↑ " + hi
		}
		labels = append([]endLabel{{min(l.y(o.hi), middle-apart), hi, quietText}}, labels...)
	}
	if lo := say(o.lo); lo != say(o.mid) {
		labels = append(labels, endLabel{max(l.y(o.lo), middle+apart), lo, quietText})
	}
	lift := max(labels[len(labels)-1].y-plotBottom, 0)
	for i := range labels {
		labels[i].y -= lift
	}
	return labels
}

// forecastRoom is the width that the figures take right of the plot.
func (c *canvas) forecastRoom(p progress, l plot) float64 {
	if p.forecast == nil {
		return 0
	}
	widest := 0.0
	for _, a := range p.endLabels(l) {
		widest = max(widest, c.width(a.st, a.text))
	}
	return math.Ceil(min(widest, 130) + 16)
}

// A cone is where revenue is likely to go, as paths from today. Only its end is foretold; its
// sides are straight as nothing more is claimed about the way there.
type cone struct{ upper, middle, lower []spot }

// coneOf is the cone on a plot, nothing without a forecast.
func (p progress) coneOf(l plot) (k cone) {
	if p.forecast == nil {
		return k
	}
	o, from := p.forecast, spot{l.on(p.On), l.y(p.SoFar.Minor)}
	k = cone{[]spot{from, {l.right, l.y(o.hi)}}, []spot{from, {l.right, l.y(o.mid)}}, []spot{from, {l.right, l.y(o.lo)}}}
	if o.hi > l.high { // cut at the top of the plot
		share := (float64(l.high) - float64(p.SoFar.Minor)) / (float64(o.hi) - float64(p.SoFar.Minor))
		k.upper = []spot{from, {from.x + (l.right-from.x)*share, plotTop}, {l.right, plotTop}}
	}
	return k
}

// drawGround fills the cone, below all else in the plot.
func (k cone) drawGround(c *canvas) {
	if k.upper == nil {
		return
	}
	c.trace(append(slices.Clone(k.upper), k.lower[1]))
	c.fill(blueFaint)
}

// drawLines draws the sides of the cone and its dotted middle, and returns what no name may
// stand on.
func (k cone) drawLines(c *canvas) [][]spot {
	if k.upper == nil {
		return nil
	}
	for _, side := range [][]spot{k.upper[:2], k.lower} {
		c.trace(side)
		c.stroke(1.5, bluePale)
	}
	c.shapes.SetLineCapRound()
	c.trace(k.middle)
	c.stroke(2.5, blue, 0.1, 6)
	c.shapes.SetLineCapButt()
	return [][]spot{k.upper, k.lower, k.middle}
}

// drawEnd marks the forecast's end: the middle as a ring, for it has not happened, and the
// interval as the bar behind it.
func (c *canvas) drawEnd(p progress, l plot) {
	if p.forecast == nil {
		return
	}
	o := p.forecast
	c.shapes.SetLineCapRound()
	c.trace([]spot{{l.right, l.y(o.lo)}, {l.right, l.y(o.hi)}})
	c.stroke(4, bluePale)
	c.shapes.SetLineCapButt()
	if o.hi > l.high {
		c.corners(spot{l.right, plotTop - 8}, spot{l.right + 7, plotTop + 3}, spot{l.right - 7, plotTop + 3})
		c.fill(bluePale)
	}
	c.disc(l.right, l.y(o.mid), 6.5, blue)
	c.disc(l.right, l.y(o.mid), 3.5, paper)
	room := cardWidth - margin - l.right - 14
	for _, a := range p.endLabels(l) {
		col := quiet
		if a.st.weight == bold {
			col = blue
		}
		c.write(a.st, col, l.right+14, a.y+6, c.shorten(a.st, a.text, room))
	}
}

// nameForecast writes into the cone, or close to it.
func (n *naming) nameForecast(p progress) {
	if p.forecast == nil {
		return
	}
	o, w := p.forecast, n.width(noteText, "forecast")+8
	from := n.on(p.On)
	lo, mid, hi := n.y(o.lo), n.y(o.mid), n.y(o.hi)
	start := n.y(p.SoFar.Minor)
	for _, share := range [...]float64{0.97, 0.9, 0.8, 0.7} {
		x := from + (n.right-from)*share - w
		left := (x - from) / (n.right - from)
		at := func(end float64) float64 { return start + (end-start)*left }
		for _, y := range [...]float64{(at(lo)+at(mid))/2 - 9, (at(mid)+at(hi))/2 - 9, at(lo) + 6, at(hi) - 30} {
			if n.place("forecast", x, y, plotTop) {
				return
			}
		}
	}
}
