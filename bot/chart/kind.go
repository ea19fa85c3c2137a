package chart

import (
	"image/color"
	"math"
	"slices"
	"strconv"

	"payoff/goals"
)

// The colours of the kinds. They are no blue and no orange, which say how things stand, and
// differ to every kind of colour blindness; the shapes differ to everybody.
var (
	violet = color.RGBA{0x6A, 0x3D, 0x9A, 0xFF}
	teal   = color.RGBA{0x0A, 0x80, 0x78, 0xFF}
	ochre  = color.RGBA{0xB4, 0x76, 0x00, 0xFF}
)

// colourOf is a kind's colour.
func colourOf(k goals.Kind) color.RGBA {
	switch k {
	case goals.Social:
		return violet
	case goals.Networking:
		return teal
	case goals.Direct:
		return ochre
	}
	return quiet
}

// kindName is what a kind is called, also one that is not known.
func kindName(k goals.Kind) string {
	if name := clean(string(k), maxName); name != "" {
		return name
	}
	return "no kind"
}

// kindsIn are the kinds of a list, each once, in the order they are always shown in.
func kindsIn(all []goals.Kind) []goals.Kind {
	var in []goals.Kind
	for _, k := range goals.Kinds {
		if slices.Contains(all, k) {
			in = append(in, k)
		}
	}
	return in
}

// shape traces the sign of a kind: a disc for social, a square for networking, a diamond for
// direct, and a triangle for anything else. All cover about as much as a disc of the radius.
func (c *canvas) shape(k goals.Kind, x, y, radius float64) {
	switch k {
	case goals.Social:
		c.shapes.DrawCircle(x, y, radius)
	case goals.Networking:
		side := radius * math.Sqrt(math.Pi)
		c.shapes.DrawRectangle(x-side/2, y-side/2, side, side)
	case goals.Direct:
		r := radius * math.Sqrt(math.Pi/2)
		c.corners(spot{x, y - r}, spot{x + r, y}, spot{x, y + r}, spot{x - r, y})
	default:
		c.corners(spot{x, y - 1.2*radius}, spot{x + 1.2*radius, y + 0.9*radius}, spot{x - 1.2*radius, y + 0.9*radius})
	}
}

// corners traces a closed path.
func (c *canvas) corners(path ...spot) {
	c.trace(path)
	c.shapes.ClosePath()
}

// mark draws the sign of a kind.
func (c *canvas) mark(k goals.Kind, x, y, radius float64) {
	c.shape(k, x, y, radius)
	c.fill(colourOf(k))
}

// markOpen draws it as an outline: of what cannot be judged yet.
func (c *canvas) markOpen(k goals.Kind, x, y, radius float64, col color.Color) {
	c.shape(k, x, y, radius+1)
	c.fill(paper)
	c.shape(k, x, y, radius-1)
	c.stroke(2, col)
}

// drawKey names the signs, once, on a baseline.
func (c *canvas) drawKey(kinds []goals.Kind, y float64) {
	x := margin
	for _, k := range kinds {
		c.mark(k, x+7, y-6, 6.5)
		c.write(noteText, quiet, x+21, y, kindName(k))
		x += 21 + c.width(noteText, kindName(k)) + 24
	}
}

// most bounds counts and minutes that are made of floats.
const most = 1e15

// hoursText is time put in as the product writes it, in whole hours from ten up.
func hoursText(minutes int64) string {
	switch {
	case minutes <= 0:
		return "no hours"
	case minutes < 600:
		return goals.FormatMinutes(minutes)
	}
	return grouped((minutes+30)/60) + "h"
}

// count is a number of pieces: grouped, and from a million up in short.
func count(n int64) string {
	for _, step := range [...]struct {
		size int64
		name string
	}{{1e12, "tn"}, {1e9, "bn"}, {1e6, "m"}} {
		if n >= step.size {
			tenths := n / (step.size / 10) // rounded down: a million is not reached before it is
			if tenths%10 == 0 || tenths >= 1000 {
				return grouped(tenths/10) + step.name
			}
			return strconv.FormatFloat(float64(tenths)/10, 'f', 1, 64) + step.name
		}
	}
	return grouped(n)
}
