package chart

import (
	"math"

	"payoff/goals"
)

// Places on the pace card, in points.
const (
	paceHeight = 460.0
	plotTop    = 212.0
	plotBottom = 410.0
	axisLabels = plotBottom + 27 // their baseline
)

// A plot maps days and amounts to places on the card.
type plot struct {
	left      float64
	right     float64
	from      goals.Date
	days      float64
	low, high int64
}

// x is where a number of days after the period's start is.
func (l plot) x(days float64) float64 {
	return l.left + (l.right-l.left)*min(max(days/l.days, 0), 1)
}

// on is where a day starts, which is what the pace line is measured by; its revenue is drawn
// there too, so that today's dot has all of it.
func (l plot) on(d goals.Date) float64 { return l.x(float64(d) - float64(l.from)) }

// y is where an amount is. A value beyond the plot is drawn at its edge.
func (l plot) y(minor int64) float64 {
	share := (float64(minor) - float64(l.low)) / (float64(l.high) - float64(l.low))
	return plotBottom - (plotBottom-plotTop)*min(max(share, 0), 1)
}

// drawPacePlot draws revenue as steps, the line to the goal, the goal and today.
func (c *canvas) drawPacePlot(p progress) {
	l, labels := c.layOut(p)
	k := p.coneOf(l)
	k.drawGround(c)
	c.drawBreaks(p, l)
	c.drawAmounts(p, l, labels)
	steps, line := stepPath(p, l), linePath(p, l)
	c.drawRevenue(steps, l)
	ahead := k.drawLines(c)
	c.trace(line)
	c.stroke(2, quiet, 6, 5)
	c.line(l.left, l.y(p.Goal.Minor), l.right, l.y(p.Goal.Minor), 2, ink)
	c.drawToday(p, l)
	c.drawEnd(p, l)
	c.drawDates(p, l)
	c.nameLines(p, l, append(ahead, steps, line))
}

// An amountLabel is a gridline and what stands beside it.
type amountLabel struct {
	minor int64
	text  string
	goal  bool
}

// layOut fits the scales to the data: from nothing, or the lowest total after refunds, to
// the goal or the highest total.
func (c *canvas) layOut(p progress) (plot, []amountLabel) {
	l := plot{from: p.Period.From, days: float64(p.Period.To-p.Period.From) + 1, high: p.Goal.Minor}
	for _, s := range p.steps {
		l.low, l.high = min(l.low, s.Minor), max(l.high, s.Minor)
	}
	l.high = p.forecast.ceiling(l.high)
	l.right = cardWidth - margin - c.forecastRoom(p, l)
	labels := []amountLabel{{p.Goal.Minor, shortAmount(p.Goal), true}}
	for _, minor := range amountTicks(l.low, l.high) {
		clear := true
		for _, other := range labels {
			clear = clear && math.Abs(l.y(minor)-l.y(other.minor)) > 22
		}
		if clear {
			labels = append(labels, amountLabel{minor, shortAmount(p.money(minor)), false})
		}
	}
	widest := 0.0
	for _, a := range labels {
		widest = max(widest, c.width(markText.tabulated(), a.text))
	}
	l.left = math.Ceil(margin + min(widest, 130) + 10)
	return l, labels
}

func (c *canvas) drawAmounts(p progress, l plot, labels []amountLabel) {
	for _, a := range labels {
		y, st, col := math.Round(l.y(a.minor)), noteText.tabulated(), quiet
		if a.goal {
			st, col = markText.tabulated(), ink
		} else {
			c.line(l.left, y, l.right, y, 1, grid)
		}
		c.writeRight(st, col, l.left-10, y+6, c.shorten(st, a.text, 130))
	}
	zero := math.Round(l.y(0))
	c.line(l.left, zero, l.right, zero, 1, axis)
}

// stepPath is the total over time.
func stepPath(p progress, l plot) []spot {
	if p.state == upcoming {
		return nil
	}
	last := l.y(0)
	path := []spot{{l.x(0), last}}
	for _, s := range p.steps {
		x, y := l.on(s.Date), l.y(s.Minor)
		path = append(path, spot{x, last}, spot{x, y})
		last = y
	}
	return append(path, spot{l.on(p.On), last})
}

func linePath(p progress, l plot) []spot {
	var path []spot
	for _, pt := range p.line {
		path = append(path, spot{l.on(pt.Date), l.y(pt.Minor)})
	}
	return path
}

func (c *canvas) drawRevenue(steps []spot, l plot) {
	if len(steps) == 0 {
		return
	}
	zero := l.y(0)
	area := append([]spot{{steps[0].x, zero}}, steps...)
	c.trace(append(area, spot{steps[len(steps)-1].x, zero}))
	c.fill(blueTint)
	c.shapes.SetLineCapRound()
	c.trace(steps)
	c.stroke(3.5, blue)
	c.shapes.SetLineCapButt()
}
