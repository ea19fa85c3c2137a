package chart

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxName is the most characters of a name or a title that are looked at; Slack allows 80
// in a display name. maxRule is the same for a sentence.
const (
	maxName = 80
	maxRule = 300
)

// clean is a text as it may be read out: composed, on one line, without control characters,
// bidirectional marks, private characters and other things that have no sound.
func clean(text string, most int) string {
	if len(text) > 8*most {
		text = text[:8*most]
	}
	var b strings.Builder
	space, n := false, 0
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "")) {
		switch {
		case unicode.IsSpace(r) || unicode.In(r, unicode.Z):
			space = b.Len() > 0
			continue
		case unicode.In(r, unicode.Cc, unicode.Co, unicode.Cs) || invisible(r):
			continue
		}
		if n++; n > most {
			return b.String() + "…"
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// invisible reports format characters. Some scripts and emoji join letters with U+200C and
// U+200D, so those are kept for the alternative text; they have no glyph to be drawn.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d'
}

// drawable is what of a cleaned text can be drawn, and whether that still names its owner.
//
// The embedded font has the Latin, Greek and Cyrillic scripts. Fonts for the others were
// weighed and left out: Chinese, Japanese and Korean alone are 5 MB each, and Arabic and the
// scripts of India need a shaping engine to be anything but wrong. So
//
//   - emoji, symbols and accents without a glyph are dropped: "Anna 🚀" is drawn as "Anna";
//   - words in another script are dropped where two letters remain: "田中 (Ken)" is drawn
//     as "Ken";
//   - of any other name nothing is drawn, and the caller puts a badge in its place. The
//     alternative text always has the whole name, in its own script.
func drawable(text string) (string, bool) {
	var words []string
	letters, least := 0, 1
	for word := range strings.FieldsSeq(text) {
		switch drawn, n, ok := drawableWord(word); {
		case !ok:
			least = 2
		case drawn != "":
			words = append(words, drawn)
			letters += n
		}
	}
	joined := strings.Join(words, " ")
	if joined == text {
		return joined, joined != "" // nothing was lost, not even from "7" or "!"
	}
	return unframed(joined), letters >= least
}

// unframed takes off the punctuation that what was lost leaves behind.
func unframed(text string) string {
	text = strings.Trim(text, " -–—_.,:;/|·&+")
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		return unframed(inner[:len(inner)-1])
	}
	return text
}

// drawableWord is a word without what has no glyph; not ok when that would lose a letter
// or a digit. n counts the letters and digits.
func drawableWord(word string) (drawn string, n int, ok bool) {
	var b strings.Builder
	for _, r := range word {
		has := hasGlyph(r)
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		switch {
		case letter && !has:
			return "", 0, false
		case letter:
			n++
			b.WriteRune(r)
		case has:
			b.WriteRune(r)
		}
	}
	return b.String(), n, true
}

// hasGlyph reports whether every weight can draw a character on its own. Marks are not: they
// would need to be placed over the letter before them.
func hasGlyph(r rune) bool {
	faces, err := typefaces()
	if err != nil || unicode.IsMark(r) || unicode.In(r, unicode.C) {
		return false
	}
	for w := range faces {
		if g, err := faces[w].GlyphIndex(nil, r); err != nil || g == 0 {
			return false
		}
	}
	return true
}
