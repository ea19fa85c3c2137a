package chart

import (
	"fmt"
	"image/color"
)

// Places on the card of a funnel, in points.
const (
	kindHead    = 40.0
	stageHeight = 38.0
	stageBar    = 20.0
	kindGap     = 22.0
	emptyHeight = 30.0
)

// drawFunnel begins a card as high as its kinds need, and fills it.
func (c *canvas) drawFunnel(f funnel) {
	const room = cardWidth - 2*margin
	caption := c.caption(f.caption())
	low := f.head() + f.height()
	if f.more > 0 {
		low += moreHeight
	}
	c.begin(low + captionHeight(len(caption)))
	c.write(headText, ink, margin, 58, "Funnel by kind")
	if sub, ok := drawable(f.subtitle); ok {
		c.write(noteText, quiet, margin, 85, c.shorten(noteText, sub, room))
	}
	y := f.head()
	if len(f.kinds) == 0 {
		for i, text := range c.wrap(bodyText, noFunnel, room, 2) {
			c.write(bodyText, ink, margin, y+22+float64(i)*26, text)
		}
		return
	}
	cols := c.funnelColumns(f)
	for _, k := range f.kinds {
		c.drawKind(k, cols, y)
		y += k.height() + kindGap
	}
	if f.more > 0 {
		c.write(bodyText, quiet, margin+nameIndent, y+8, fmt.Sprintf("and %s more", grouped(int64(f.more))))
	}
	c.drawCaption(low, caption)
}

// head is how far down the first kind is.
func (f funnel) head() float64 {
	if _, ok := drawable(f.subtitle); ok {
		return titleHead + subHead + 8
	}
	return titleHead + 8
}

// height is that of all kinds and of the space below them.
func (f funnel) height() float64 {
	if len(f.kinds) == 0 {
		return 60 + margin
	}
	h := 0.0
	for _, k := range f.kinds {
		h += k.height() + kindGap
	}
	return h
}

func (k kindFunnel) height() float64 {
	if k.empty {
		return kindHead + emptyHeight
	}
	return kindHead + stageHeight*float64(len(k.stages))
}

// funnelColumns are where the bars are and where the counts end; the shares are right of them.
type funnelColumns struct{ bar, barEnd, count float64 }

// funnelColumns gives names, counts and shares the room they need and bars the rest.
func (c *canvas) funnelColumns(f funnel) funnelColumns {
	names, counts, shares := 0.0, 40.0, 50.0
	for _, k := range f.kinds {
		if k.empty {
			continue
		}
		for _, s := range k.stages {
			names = max(names, c.width(noteText, s.name))
			counts = max(counts, c.width(firmText.tabulated(), count(s.n)))
			shares = max(shares, c.width(noteText.tabulated(), "↓ "+s.share))
		}
	}
	cols := funnelColumns{bar: margin + nameIndent + names + 14, count: cardWidth - margin - shares - 16}
	cols.barEnd = cols.count - counts - 14
	return cols
}

// drawKind draws a kind's name, its hours and its stages.
func (c *canvas) drawKind(k kindFunnel, cols funnelColumns, y float64) {
	const right = cardWidth - margin
	c.mark(k.kind, margin+markRadius, y+15, markRadius-1)
	room := right - margin - nameIndent - c.width(bodyText, k.hours) - 20
	name, ok := drawable(capital(kindName(k.kind)))
	if !ok {
		name = "Another kind"
	}
	c.write(firmText, ink, margin+nameIndent, y+22, c.shorten(firmText, name, room))
	c.writeRight(bodyText, quiet, right, y+22, k.hours)
	c.line(margin+nameIndent, y+kindHead-8, right, y+kindHead-8, 1, grid)
	y += kindHead
	if k.empty {
		c.write(noteText, quiet, margin+nameIndent, y+16, noStages)
		return
	}
	largest := int64(0)
	for _, s := range k.stages {
		largest = max(largest, s.n)
	}
	col := colourOf(k.kind)
	before := 0.0
	for i, s := range k.stages {
		top := y + float64(i)*stageHeight + 4
		w := barWidth(s.n, largest, cols.barEnd-cols.bar)
		if before > 0 {
			c.drawPassage(cols.bar, before, w, top, pale(col))
		}
		c.rect(cols.bar, top, w, stageBar, 0, col)
		c.drawStage(s, cols, top)
		before = w
	}
}

// drawStage writes a stage's name and count beside its bar, and how many went on to it
// between it and the one above.
func (c *canvas) drawStage(s stage, cols funnelColumns, top float64) {
	base := top + stageBar/2 + 6
	c.write(noteText, quiet, margin+nameIndent, base, s.name)
	c.writeRight(firmText.tabulated(), ink, cols.count, base, count(s.n))
	if s.share != "" {
		c.writeRight(noteText.tabulated(), quiet, cardWidth-margin, base-stageHeight/2, "↓ "+s.share)
	}
}

// drawPassage joins a bar with the one below it.
func (c *canvas) drawPassage(x, above, below, top float64, col color.Color) {
	const gap = stageHeight - stageBar
	c.corners(spot{x, top - gap}, spot{x + above, top - gap}, spot{x + below, top}, spot{x, top})
	c.fill(col)
}

// barWidth is how long the bar of a count is. One that is not nothing can be seen.
func barWidth(n, largest int64, room float64) float64 {
	if n <= 0 || largest <= 0 {
		return 0
	}
	return max(room*float64(n)/float64(largest), 3)
}

// pale is a colour mixed into the paper.
func pale(col color.RGBA) color.RGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*18 + int(b)*82) / 100) }
	return color.RGBA{mix(col.R, paper.R), mix(col.G, paper.G), mix(col.B, paper.B), 0xFF}
}

// caption explains what is to be seen, and only that.
func (f funnel) caption() string {
	counted, shares, over := 0, false, false
	for _, k := range f.kinds {
		if k.empty {
			continue
		}
		counted++
		for _, s := range k.stages {
			shares, over = shares || s.share != "", over || s.over
		}
	}
	text := ""
	if shares {
		text = "↓ is the share that went on to the next stage."
	}
	if counted > 1 {
		text += " Each kind has a scale of its own: compare bars within a kind, not across."
	}
	if over {
		text += " More than there were before: some were met earlier, or not logged at the stage above."
	}
	return text
}
