package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"

	"payoff/goals"
)

// Places on the card of a board, in points.
const (
	titleHead  = 76.0 // down to the first line when there is only a title,
	subHead    = 22.0 // and more for the subtitle
	markHead   = 24.0 // and for the name of the value to reach
	lineHeight = 46.0
	moreHeight = 40.0
	ruleLine   = 24.0
	ruleLines  = 4
	barHeight  = 20.0
)

// drawBoard begins a card as high as the board needs, and fills it.
func (c *canvas) drawBoard(b board) {
	const room = cardWidth - 2*margin
	rule, _ := drawable(b.rule)
	rules := c.wrap(noteText, rule, room, ruleLines)
	c.begin(b.height(len(rules)))
	title, ok := drawable(b.title)
	if !ok {
		title = "Leaderboard"
	}
	c.write(headText, ink, margin, 58, c.shorten(headText, title, room))
	if sub, ok := drawable(b.subtitle); ok {
		c.write(noteText, quiet, margin, 85, c.shorten(noteText, sub, room))
	}
	y := b.head()
	if len(b.lines) == 0 {
		c.write(bodyText, ink, margin, y+26, nobody)
		y += lineHeight
	}
	cols := c.columnsOf(b)
	c.drawMark(b, cols)
	for _, l := range b.lines {
		c.drawLine(l, cols, y)
		y += lineHeight
	}
	if b.more > 0 {
		c.write(bodyText, quiet, cols.name, y+25, fmt.Sprintf("and %d more", b.more))
		y += moreHeight
	}
	if len(rules) > 0 {
		c.line(margin, y+12, cardWidth-margin, y+12, 1, grid)
	}
	for i, text := range rules {
		c.write(noteText, quiet, margin, y+40+float64(i)*ruleLine, text)
	}
}

// head is how far down the first line is.
func (b board) head() float64 {
	y := titleHead
	if b.subtitle != "" {
		y += subHead
	}
	if b.marked() {
		y += markHead
	}
	return y
}

// marked reports whether there is a value to reach: that of the pace.
func (b board) marked() bool { return b.kind == goals.BoardPace && len(b.lines) > 0 }

func (b board) height(rules int) float64 {
	h := b.head() + float64(max(len(b.lines), 1))*lineHeight + margin - 8
	if b.more > 0 {
		h += moreHeight
	}
	if rules > 0 {
		h += 18 + ruleLine*float64(rules)
	}
	return h
}

// columns are where the parts of a line stand, and the scale of its bar.
type columns struct {
	name, nameEnd   float64
	bar, barEnd     float64
	low, high, mark float64 // values at the bar's ends; and the one to reach, 0 for none
}

// columnsOf gives names the room they need up to a limit, and the bars the rest.
func (c *canvas) columnsOf(b board) columns {
	rank, name, value := c.width(firmText, "00"), 90.0, 40.0
	for _, l := range b.lines {
		rank = max(rank, c.width(firmText.tabulated(), l.rankText()))
		if drawn, ok := drawable(l.name); ok {
			name = max(name, c.width(l.style(), drawn))
		} else {
			name = max(name, 2*badgeRadius+8+c.width(noteText, l.instead()))
		}
		value = max(value, c.width(firmText.tabulated(), l.text))
	}
	cols := columns{name: margin + rank + 16}
	cols.nameEnd = cols.name + min(name, 210) + 2
	cols.bar = cols.nameEnd + 16
	cols.barEnd = cardWidth - margin - value - 14
	cols.low, cols.high, cols.mark = scaleOf(b)
	return cols
}

// scaleOf is what the ends of the bars stand for. What is far beyond the others is cut off
// rather than let it flatten them: at 250% of the pace, or at four times the median.
func scaleOf(b board) (low, high, mark float64) {
	limit := 250.0
	switch values := b.values(); {
	case b.kind == goals.BoardPace:
		high, mark = 100, 100
	case b.kind == goals.BoardCommitments:
		high = 100
	case len(values) > 0:
		limit = max(4*math.Abs(values[len(values)/2]), 100)
	}
	for _, v := range b.values() {
		low, high = min(low, v), max(high, v)
	}
	low, high = max(low, -limit), min(high, limit)
	if low == high {
		high = 1 // there are only zeros
	}
	return low, high, mark
}

// values are those of all lines, ascending.
func (b board) values() []float64 {
	var values []float64
	for _, l := range b.lines {
		values = append(values, float64(l.value))
	}
	slices.Sort(values)
	return values
}

// at is where a value stands on the bars.
func (l columns) at(value float64) float64 {
	share := (value - l.low) / (l.high - l.low)
	return l.bar + (l.barEnd-l.bar)*min(max(share, 0), 1)
}

// drawMark draws the value to reach behind all bars, with its name above.
func (c *canvas) drawMark(b board, cols columns) {
	if !b.marked() {
		return
	}
	y := b.head()
	x := math.Round(cols.at(cols.mark))
	c.line(x, y-2, x, y+float64(len(b.lines))*lineHeight-2, 2, axis)
	w := c.width(noteText, "on pace")
	c.write(noteText, quiet, min(x-w/2, cardWidth-margin-w), y-9, "on pace")
}

func (c *canvas) drawLine(l line, cols columns, y float64) {
	base := y + 29
	c.writeRight(firmText.tabulated(), quiet, cols.name-16, base, l.rankText())
	if name, ok := drawable(l.name); ok {
		st := l.style()
		c.write(st, ink, cols.name, base, c.shorten(st, name, cols.nameEnd-cols.name))
	} else {
		c.drawBadge(cols.name, y+22, cols.nameEnd-cols.name, l.instead())
	}
	c.writeRight(firmText.tabulated(), ink, cardWidth-margin, base, l.text)
	c.drawBar(l, cols, y+22-barHeight/2)
}

// drawBar draws from nothing to the value: blue where it has reached the mark, pale where it
// has not, orange to the left where it is a loss.
func (c *canvas) drawBar(l line, cols columns, y float64) {
	value := float64(l.value)
	zero, end := cols.at(0), cols.at(value)
	col := color.Color(blue)
	switch {
	case value < 0:
		col = orange
	case value < cols.mark:
		col = bluePale
	}
	c.rect(cols.bar, y+barHeight/2-1, cols.barEnd-cols.bar, 2, 1, grid)
	c.rect(min(zero, end), y, math.Abs(end-zero), barHeight, 4, col)
	if mark := math.Round(cols.at(cols.mark)); cols.mark > 0 && end > mark+4 {
		c.line(mark, y, mark, y+barHeight, 2, bluePale)
	}
	if value > cols.high || value < cols.low {
		c.cut(end, y)
	}
}

// cut strikes through the end of a bar that is longer than drawn.
func (c *canvas) cut(end, y float64) {
	for _, back := range [...]float64{22, 14} {
		x := end - back
		c.line(x-4, y+barHeight+2, x+4, y-2, 3, paper)
	}
}

// style sets the names of those who lead apart.
func (l line) style() style {
	if l.rank == 1 {
		return firmText
	}
	return bodyText
}

func (l line) rankText() string {
	if l.rank < 1 || l.rank > 9999 {
		return "–"
	}
	if l.tied {
		return strconv.Itoa(l.rank) + "="
	}
	return strconv.Itoa(l.rank)
}

// instead stands beside the badge of an owner whose name the font cannot draw. The message
// that the picture is posted in lists the names.
func (l line) instead() string {
	if l.name == "" {
		return "no name"
	}
	return "name in the message"
}

const badgeRadius = 14.0

// drawBadge stands for a name: a head and shoulders, which are nobody's in particular.
func (c *canvas) drawBadge(x, middle, room float64, words string) {
	const r = badgeRadius
	c.disc(x+r, middle, r, band)
	c.disc(x+r, middle-4, 4.5, quiet)
	c.shapes.DrawEllipticalArc(x+r, middle+9, 8, 7, math.Pi, 2*math.Pi)
	c.fill(quiet)
	c.write(noteText, quiet, x+2*r+8, middle+6, c.shorten(noteText, words, room-2*r-8))
}
