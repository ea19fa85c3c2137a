package chart

import (
	"fmt"
	"math"
	"strings"

	"payoff/goals"
)

// Places on the card of returns, in points.
const (
	returnHeight = 60.0
	markRadius   = 8.5
	nameIndent   = 28.0 // from the sign of the kind
	keyHead      = 36.0
	scaleHeight  = 34.0 // of the axis' labels
)

// drawReturns begins a card as high as the rows need, and fills it.
func (c *canvas) drawReturns(r returns) {
	const room = cardWidth - 2*margin
	c.layOutReturns(&r)
	ticks, growth := r.scale.ticks(func(ticks []float64) bool { return c.tickLabels(r, ticks) != nil })
	caption := c.caption(r.caption(growth))
	top := r.head()
	end := top + float64(max(len(r.rows), 1))*returnHeight
	low := end + margin
	if len(r.rows) > 0 {
		low += scaleHeight - 8
	}
	if r.more > 0 {
		low += moreHeight
	}
	c.begin(low + captionHeight(len(caption)))
	c.write(headText, ink, margin, 58, "Return per hour")
	if sub, ok := drawable(r.subtitle); ok {
		c.write(noteText, quiet, margin, 85, c.shorten(noteText, sub, room))
	}
	if len(r.rows) == 0 {
		for i, text := range c.wrap(bodyText, noReturns, room, 2) {
			c.write(bodyText, ink, margin, top+22+float64(i)*26, text)
		}
		return
	}
	c.drawKey(r.kinds, top-r.hourHead()-14)
	c.drawScale(r, ticks, top, end)
	c.drawHourWorth(r, top, end)
	for i, row := range r.rows {
		c.drawReturn(row, r.scale, top+float64(i)*returnHeight)
	}
	if r.more > 0 {
		c.write(bodyText, quiet, margin+nameIndent, end+scaleHeight+16, fmt.Sprintf("and %s more", grouped(int64(r.more))))
	}
	c.drawCaption(low, caption)
}

// head is how far down the first row is.
func (r returns) head() float64 {
	y := titleHead
	if _, ok := drawable(r.subtitle); ok {
		y += subHead
	}
	if len(r.kinds) > 0 {
		y += keyHead
	}
	return y + r.hourHead()
}

// hourHead is the room for the name of the owner's own hour.
func (r returns) hourHead() float64 {
	if r.worth.Minor > 0 && len(r.rows) > 0 {
		return markHead
	}
	return 0
}

// layOutReturns gives figures the room they need and names what they need up to a limit; the
// axis has the rest.
func (c *canvas) layOutReturns(r *returns) {
	const leastAxis = 170.0
	names, figures := 90.0, 60.0
	for _, row := range r.rows {
		names = max(names, c.width(noteText, row.sample), c.width(bodyText, row.called()))
		if row.soon {
			figures = max(figures, c.width(noteText, tooSoon))
			continue
		}
		figures = max(figures, c.width(firmText.tabulated(), shortAmount(row.money(row.mid))), c.width(noteText.tabulated(), row.interval()))
	}
	figures = min(figures, 170)
	r.scale.right = cardWidth - margin - figures - 20
	r.scale.left = min(margin+nameIndent+min(names, 215)+20, r.scale.right-leastAxis)
}

// called is what stands for the row's name in the picture.
func (r returnRow) called() string {
	if drawn, ok := drawable(r.name); ok {
		return drawn
	}
	if r.name == "" {
		return "no name"
	}
	return "name in the message"
}

// caption explains what is to be seen, and only that.
func (r returns) caption(growth string) string {
	if len(r.rows) == 0 {
		return ""
	}
	text, judged, cut := "", false, false
	for _, row := range r.rows {
		judged = judged || !row.soon
		cut = cut || row.figure && (!r.scale.holds(row.lo) || !r.scale.holds(row.hi))
	}
	if judged {
		text = "Mark: the middle. Bar: 90% likely to hold the true figure."
	}
	if growth != "" {
		text += " Each line to the right is " + growth + " as much."
	}
	if cut {
		text += " An arrow: the bar goes on."
	}
	if r.soon != "" {
		text += " Grey: too soon to say, as this work usually takes " + r.soon + " to pay."
	}
	if r.spend {
		text += " Spend is not taken off."
	}
	return text
}

// A tickLabel is what stands below the axis, from x on.
type tickLabel struct {
	x, end float64
	text   string
}

// tickLabels names amounts on the axis; nothing when the names do not keep apart.
func (c *canvas) tickLabels(r returns, ticks []float64) []tickLabel {
	labels := []tickLabel{}
	for i, v := range ticks {
		text := tickText(goals.Money{Minor: int64(v), Currency: r.worth.Currency}, i == 0)
		w := c.width(noteText, text)
		x := min(max(r.scale.at(v)-w/2, margin), cardWidth-margin-w)
		if i > 0 && labels[i-1].end+14 > x {
			return nil
		}
		labels = append(labels, tickLabel{x, x + w, text})
	}
	return labels
}

// tickText is a round amount. A currency that is written as a code is said on the first alone,
// and one of three digits without those that are naught.
func tickText(m goals.Money, first bool) string {
	text := shortAmount(m)
	if m.Currency.Digits() == 3 && strings.Contains(text, ".") && m.Minor < 10_000 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if code := m.Currency.Symbol(); !first && strings.HasSuffix(code, " ") {
		text = strings.TrimPrefix(text, code)
	}
	return text
}

// drawScale draws the axis and its lines behind the rows.
func (c *canvas) drawScale(r returns, ticks []float64, top, end float64) {
	for i, label := range c.tickLabels(r, ticks) {
		x := math.Round(r.scale.at(ticks[i]))
		c.line(x, top, x, end, 1, grid)
		c.write(noteText, quiet, label.x, end+22, label.text)
	}
	c.line(r.scale.left, end, r.scale.right, end, 1, axis)
}

// drawHourWorth draws what an hour is worth behind the rows, with its name above. One that
// is beyond the axis is only named, at the end that it is beyond.
func (c *canvas) drawHourWorth(r returns, top, end float64) {
	if r.worth.Minor <= 0 {
		return
	}
	worth := float64(r.worth.Minor)
	name := "your hour " + c.firstFit(noteText, 130, amount(r.worth), shortAmount(r.worth))
	x := math.Round(r.scale.at(worth))
	switch {
	case worth < r.scale.low:
		name = "← " + name
	case worth > r.scale.high:
		name += " →"
	default:
		c.line(x, top-2, x, end, 2, quiet)
	}
	w := c.width(noteText, name)
	c.write(noteText, ink, min(max(x-w/2, margin), cardWidth-margin-w), top-9, name)
}

func (c *canvas) drawReturn(row returnRow, a logAxis, y float64) {
	const right = cardWidth - margin
	middle, x, room := y+returnHeight/2, margin+nameIndent, a.left-margin-nameIndent-16
	nameColour := ink
	if row.soon {
		nameColour = quiet
		c.markOpen(row.kind, margin+markRadius, y+21, markRadius-1, colourOf(row.kind))
	} else {
		c.mark(row.kind, margin+markRadius, y+21, markRadius-1)
	}
	st := bodyText
	if _, ok := drawable(row.name); !ok {
		st, nameColour = noteText, quiet
	}
	c.write(st, nameColour, x, y+27, c.shorten(st, row.called(), room))
	c.write(noteText, quiet, x, y+49, c.shorten(noteText, row.sample, room))
	c.drawInterval(row, a, middle)
	figures := right - a.right - 20
	if row.soon {
		c.writeRight(noteText, quiet, right, middle+6, c.shorten(noteText, tooSoon, figures))
		return
	}
	c.writeRight(firmText.tabulated(), ink, right, y+27, c.shorten(firmText.tabulated(), shortAmount(row.money(row.mid)), figures))
	c.writeRight(noteText.tabulated(), quiet, right, y+49, c.shorten(noteText.tabulated(), row.interval(), figures))
}

// drawInterval draws a row's bar and its middle; arrows at the ends of a bar that goes on
// beyond the axis.
func (c *canvas) drawInterval(row returnRow, a logAxis, y float64) {
	if !row.figure {
		return
	}
	col, width := colourOf(row.kind), 5.0
	if row.soon {
		col, width = axis, 3
	}
	from, middle, to := a.at(row.lo), a.at(row.mid), a.at(row.hi)
	if a.holds(row.mid) {
		c.shape(row.kind, middle, y, markRadius+3)
		c.fill(paper)
	}
	c.rect(from, y-width/2, to-from, width, width/2, col)
	tip := width/2 + 4
	if row.lo < a.low {
		c.corners(spot{from - tip, y}, spot{from + 3, y - tip}, spot{from + 3, y + tip})
		c.fill(col)
	}
	if row.hi > a.high {
		c.corners(spot{to + tip, y}, spot{to - 3, y - tip}, spot{to - 3, y + tip})
		c.fill(col)
	}
	switch {
	case !a.holds(row.mid):
	case row.soon:
		c.markOpen(row.kind, middle, y, markRadius-1.5, axis)
	default:
		c.mark(row.kind, middle, y, markRadius)
	}
}
