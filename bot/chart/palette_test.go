package chart

import (
	"image/color"
	"math"
	"testing"
)

// Text has 4.5 to 1 on all it stands on (WCAG 2.2, 1.4.3 AA), shapes 3 to 1 where they carry
// a meaning alone (1.4.11).
func TestPaletteContrast(t *testing.T) {
	for _, tt := range []struct {
		name     string
		fore, on color.RGBA
		want     float64
	}{
		{"text", ink, paper, 4.5}, {"quiet text", quiet, paper, 4.5},
		{"a name over revenue", quiet, blueTint, 4.5}, {"a name over a break", quiet, band, 4.5},
		{"the leading figure", blue, paper, 4.5}, {"a verdict in a grey pill", ink, band, 4.5},
		{"ahead", blue, blueTint, 4.5}, {"behind", orange, orangeTint, 4.5}, {"reached", paper, blue, 4.5},
		{"a name over the forecast", quiet, blueFaint, 4.5},
		{"social", violet, paper, 3}, {"networking", teal, paper, 3}, {"direct", ochre, paper, 3},
		{"pace line over revenue", quiet, blueTint, 3}, {"the distance behind", orange, paper, 3},
	} {
		if got := contrast(tt.fore, tt.on); got < tt.want {
			t.Errorf("%s: contrast %.2f, want at least %v", tt.name, got, tt.want)
		}
	}
}

// Ahead and behind differ in lightness or hue to every kind of colour blindness: seen with
// the simulation matrices of Viénot, Brettel and Mollon (1999), and in grey.
func TestPaletteColourBlind(t *testing.T) {
	kinds := map[string][9]float64{
		"protanopia":   {0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1},
		"deuteranopia": {0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1},
	}
	for kind, m := range kinds {
		for _, tt := range []struct {
			name string
			a, b color.RGBA
			want float64
		}{
			{"blue and orange", blue, orange, 0.25},
			{"social and networking", violet, teal, 0.15}, {"networking and direct", teal, ochre, 0.15}, {"social and direct", violet, ochre, 0.15},
		} {
			a, b := seen(m, tt.a), seen(m, tt.b)
			if d := math.Sqrt(math.Pow(a[0]-b[0], 2) + math.Pow(a[1]-b[1], 2) + math.Pow(a[2]-b[2], 2)); d < tt.want {
				t.Errorf("%s: %s are %.2f apart, want at least %v", kind, tt.name, d, tt.want)
			}
		}
	}
	if got := contrast(blue, bluePale); got < 2.5 {
		t.Errorf("bars that reach the mark and those that do not: contrast %.2f, want at least 2.5 in grey", got)
	}
}

func seen(m [9]float64, c color.RGBA) (out [3]float64) {
	in := linear(c)
	for i := range out {
		out[i] = m[3*i]*in[0] + m[3*i+1]*in[1] + m[3*i+2]*in[2]
	}
	return out
}

func linear(c color.RGBA) (out [3]float64) {
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		if s := float64(v) / 255; s <= 0.04045 {
			out[i] = s / 12.92
		} else {
			out[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return out
}

// contrast is the ratio of WCAG 2.2.
func contrast(a, b color.RGBA) float64 {
	luminance := func(c color.RGBA) float64 {
		l := linear(c)
		return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
