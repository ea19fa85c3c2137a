package chart

import "math"

// A box is a part of the card that a text takes.
type box struct{ x1, y1, x2, y2 float64 }

func (b box) meets(o box) bool {
	return b.x1 < o.x2 && o.x1 < b.x2 && b.y1 < o.y2 && o.y1 < b.y2
}

// crossed reports whether a path passes through the box. The paths are of steps and of
// lines that never fall, so the bounds of each short run tell.
func (b box) crossed(path []spot) bool {
	for i := 1; i < len(path); i++ {
		p, q := path[i-1], path[i]
		if max(p.x, q.x) < b.x1 || min(p.x, q.x) > b.x2 {
			continue
		}
		y1, y2 := p.y, q.y
		if p.x != q.x {
			y1, y2 = heightAt(p, q, b.x1), heightAt(p, q, b.x2)
		}
		if max(y1, y2) >= b.y1 && min(y1, y2) <= b.y2 {
			return true
		}
	}
	return false
}

// heightAt is y on the run from p to q, which is not upright, where it is nearest to x.
func heightAt(p, q spot, x float64) float64 {
	return p.y + (q.y-p.y)*min(max((x-p.x)/(q.x-p.x), 0), 1)
}

// rests are the breaks as the room they take in the plot.
func (p progress) rests(l plot) []box {
	var rests []box
	for _, b := range p.breaks {
		rests = append(rests, box{l.on(b.From), plotTop, l.on(b.To + 1), plotBottom})
	}
	return rests
}

// drawBreaks shades the days that do not count.
func (c *canvas) drawBreaks(p progress, l plot) {
	for _, b := range p.rests(l) {
		c.rect(b.x1, b.y1, b.x2-b.x1, b.y2-b.y1, 0, band)
	}
}

// drawToday marks today: revenue as a dot, the pace as a ring, and what lies between.
func (c *canvas) drawToday(p progress, l plot) {
	if !p.running() {
		return
	}
	x, y, pace := l.on(p.On), l.y(p.SoFar.Minor), l.y(p.Due.Minor)
	c.line(x, plotTop, x, plotBottom+7, 1, axis)
	if col := blue; (p.state == ahead || p.state == behind) && math.Abs(pace-y) > 8 {
		if p.state == behind {
			col = orange
		}
		c.line(x, y, x, pace, 4, col)
		c.disc(x, pace, 6.5, col)
		c.disc(x, pace, 3.5, paper)
	}
	c.disc(x, y, 8.5, paper)
	c.disc(x, y, 6.5, blue)
}

// drawDates names times below the plot, today first and the others where it leaves room.
func (c *canvas) drawDates(p progress, l plot) {
	day := (l.right - l.left) / l.days
	ticks := dateTicks(p.Period, func(a, b tick) bool {
		return (c.width(noteText, a.label)+c.width(noteText, b.label))/2+14 <= day*float64(b.date-a.date)
	})
	centre := func(x float64, st style, word string) box {
		w := c.width(st, word)
		return box{x - w/2, 0, x + w/2, 1}
	}
	var today box
	if p.running() {
		today = centre(min(l.on(p.On), cardWidth-margin-c.width(markText, "today")/2+8), markText, "today")
		c.write(markText, ink, today.x1, axisLabels, "today")
		today.x1, today.x2 = today.x1-8, today.x2+8
	}
	for _, t := range ticks {
		x := l.on(t.date)
		b := centre(x, noteText, t.label)
		if b.x1 < margin/2 || b.x2 > cardWidth-margin/2 || b.meets(today) {
			continue
		}
		c.line(x, plotBottom, x, plotBottom+7, 1, axis)
		c.write(noteText, quiet, b.x1, axisLabels, t.label)
	}
}
