package chart

import (
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A style is how text is set. Size and tracking, the space added after each letter, are in
// points; tabular figures have equal widths.
type style struct {
	weight   weight
	size     float64
	tracking float64
	tabular  bool
}

// The type scale. Large sizes of Inter want to be set tighter.
var (
	heroText  = style{weight: bold, size: 54, tracking: -1.5}
	headText  = style{weight: bold, size: 28, tracking: -0.5}
	titleText = style{weight: bold, size: 24, tracking: -0.35}
	leadText  = style{weight: medium, size: 22, tracking: -0.25}
	bodyText  = style{weight: medium, size: 19, tracking: -0.15}
	firmText  = style{weight: bold, size: 19, tracking: -0.15}
	noteText  = style{weight: medium, size: 17}
	markText  = style{weight: bold, size: 17}
)

// tabulated is the style for figures that stand below each other.
func (s style) tabulated() style {
	s.tabular = true
	return s
}

func pixels(points float64) fixed.Int26_6 { return fixed.Int26_6(points * scale * 64) }

// width is how much room a text takes, in points.
func (c *canvas) width(s style, text string) float64 {
	face, ppem, track := &c.faces[s.weight], pixels(s.size), pixels(s.tracking)
	var total fixed.Int26_6
	for _, r := range text {
		if g := face.glyph(&c.glyphs, r, s.tabular); g != 0 {
			total += face.advance(&c.glyphs, g, ppem) + track
		}
	}
	return float64(total-track) / 64 / scale
}

// write sets text with its left end on the baseline at x, y. Characters without a glyph are
// left out; drawable has made sure that a name does not lose any silently.
func (c *canvas) write(s style, col color.Color, x, y float64, text string) {
	face, ppem, track := &c.faces[s.weight], pixels(s.size), pixels(s.tracking)
	dot := fixed.Point26_6{X: pixels(x), Y: pixels(y)}
	uniform := image.NewUniform(col)
	for _, r := range text {
		g := face.glyph(&c.glyphs, r, s.tabular)
		if g == 0 {
			continue
		}
		advance := face.advance(&c.glyphs, g, ppem)
		if outline, err := face.LoadGlyph(&c.glyphs, g, ppem, nil); err == nil {
			c.ink(outline, dot, uniform)
		}
		dot.X += advance + track
	}
}

// writeRight sets text with its right end at x.
func (c *canvas) writeRight(s style, col color.Color, x, y float64, text string) {
	c.write(s, col, x-c.width(s, text), y, text)
}

// ink fills one glyph's outline at a place in pixels.
func (c *canvas) ink(outline sfnt.Segments, dot fixed.Point26_6, col *image.Uniform) {
	b := outline.Bounds().Add(dot)
	box := image.Rect(b.Min.X.Floor(), b.Min.Y.Floor(), b.Max.X.Ceil(), b.Max.Y.Ceil())
	if box.Empty() || !box.In(c.pixels.Rect) {
		return // a space; or it would leave the card, which the layout does not do
	}
	c.text.Reset(box.Dx(), box.Dy())
	at := func(p fixed.Point26_6) (x, y float32) {
		return float32(p.X+dot.X)/64 - float32(box.Min.X), float32(p.Y+dot.Y)/64 - float32(box.Min.Y)
	}
	for _, seg := range outline {
		x, y := at(seg.Args[0])
		switch seg.Op {
		case sfnt.SegmentOpMoveTo:
			c.text.ClosePath()
			c.text.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			c.text.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			x2, y2 := at(seg.Args[1])
			c.text.QuadTo(x, y, x2, y2)
		case sfnt.SegmentOpCubeTo:
			x2, y2 := at(seg.Args[1])
			x3, y3 := at(seg.Args[2])
			c.text.CubeTo(x, y, x2, y2, x3, y3)
		}
	}
	c.text.ClosePath()
	c.text.Draw(&c.pixels, box, col, image.Point{})
}

// shorten is the text, or as much of its beginning as fits a width with an ellipsis after it.
func (c *canvas) shorten(s style, text string, room float64) string {
	if c.width(s, text) <= room {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		short := strings.TrimRight(string(runes[:n]), " .,;:-–(") + "…"
		if c.width(s, short) <= room {
			return short
		}
	}
	return "…"
}

// wrap breaks a text at spaces into at most lines lines of a width; what is left over is
// shortened into the last.
func (c *canvas) wrap(s style, text string, room float64, lines int) []string {
	var out []string
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) // not at U+00A0
	for len(words) > 0 {
		n := 1
		for n < len(words) && c.width(s, strings.Join(words[:n+1], " ")) <= room {
			n++
		}
		if len(out) == lines-1 {
			n = len(words)
		}
		out = append(out, c.shorten(s, strings.Join(words[:n], " "), room))
		words = words[n:]
	}
	return out
}

// firstFit is the first of texts that fits a width, or the last one shortened.
func (c *canvas) firstFit(s style, room float64, texts ...string) string {
	for _, t := range texts {
		if c.width(s, t) <= room {
			return t
		}
	}
	return c.shorten(s, texts[len(texts)-1], room)
}
