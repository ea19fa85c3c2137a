package chart

import (
	_ "embed"
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Inter by The Inter Project Authors, unchanged, under the SIL Open Font License 1.1 in
// fonts/OFL.txt; from the npm package @expo-google-fonts/inter 0.4.2.
var (
	//go:embed fonts/Inter-Medium.ttf
	interMedium []byte
	//go:embed fonts/Inter-Bold.ttf
	interBold []byte
)

type weight uint8

const (
	medium weight = iota
	bold
	weights
)

// A typeface is one weight of the font. It never changes once parsed, and is used by many
// pictures at once, each with its own sfnt.Buffer.
type typeface struct {
	*sfnt.Font
	tabular [10]sfnt.GlyphIndex // the figures 0 to 9 of equal width
}

// typefaces parses the embedded fonts once, at the first picture.
var typefaces = sync.OnceValues(func() (faces [weights]typeface, err error) {
	for w, ttf := range [weights][]byte{medium: interMedium, bold: interBold} {
		if faces[w], err = parseTypeface(ttf); err != nil {
			return faces, fmt.Errorf("chart: parse embedded font: %w", err)
		}
	}
	return faces, nil
})

// parseTypeface finds the figures of equal width by their glyph names: the font has them,
// but the Go packages apply no OpenType features such as "tnum".
func parseTypeface(ttf []byte) (typeface, error) {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		return typeface{}, err
	}
	face := typeface{Font: f}
	names := map[string]int{
		"zero.tf": 0, "one.tf": 1, "two.tf": 2, "three.tf": 3, "four.tf": 4,
		"five.tf": 5, "six.tf": 6, "seven.tf": 7, "eight.tf": 8, "nine.tf": 9,
	}
	var buf sfnt.Buffer
	for i := range f.NumGlyphs() {
		name, err := f.GlyphName(&buf, sfnt.GlyphIndex(i))
		if err != nil {
			return typeface{}, err
		}
		if digit, ok := names[name]; ok {
			face.tabular[digit] = sfnt.GlyphIndex(i)
			delete(names, name)
		}
	}
	if len(names) > 0 {
		return typeface{}, fmt.Errorf("no figures of equal width: %v", names)
	}
	return face, nil
}

// glyph is the font's glyph of a character; 0 is the empty box that is never drawn.
func (t *typeface) glyph(buf *sfnt.Buffer, r rune, tabular bool) sfnt.GlyphIndex {
	if tabular && '0' <= r && r <= '9' {
		return t.tabular[r-'0']
	}
	g, err := t.GlyphIndex(buf, r)
	if err != nil {
		return 0
	}
	return g
}

// advance is how far a glyph moves the pen at a size in pixels. Inter's kerning stands in
// GPOS extension lookups that sfnt does not read, so letters are only spaced by tracking.
func (t *typeface) advance(buf *sfnt.Buffer, g sfnt.GlyphIndex, ppem fixed.Int26_6) fixed.Int26_6 {
	a, err := t.GlyphAdvance(buf, g, ppem, font.HintingNone)
	if err != nil {
		return 0
	}
	return a
}
