package command

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"payoff/goals"
)

// A line is a text as it was typed, the same text cleaned for reading, and the atoms it falls
// into. Every atom knows where it stands in what was typed, so that a mistake can be marked there.
type line struct {
	typed string
	text  string // one space for any blank, ASCII digits, quotes and dashes; no invisible marks
	from  []int  // for each byte of text, where its rune begins in typed
	upto  []int  // and where it ends
	atoms []atom
}

// An atom is the smallest thing a rule can name: a run of letters, a number, or a single mark.
type atom struct {
	low        string // folded, for comparing
	shape      shape
	start, end int  // in line.text
	spaced     bool // a blank, or the start of the line, stands before it
}

type shape uint8

const (
	letters  shape = iota
	digits         // with inner points and commas: 1,200.50
	mark           // punctuation or a currency sign
	ornament       // an emoji or another symbol that says nothing
)

// read cleans and splits a text. Invisible marks, control characters and broken bytes are
// dropped; every kind of blank counts as a space, and full-width forms as the ASCII they look like.
func read(typed string) *line {
	l := &line{typed: typed}
	var b strings.Builder
	for at := 0; at < len(typed); {
		r, size := utf8.DecodeRuneInString(typed[at:])
		broken := r == utf8.RuneError && size == 1
		if r = plain(r); r >= 0 && !broken {
			n, _ := b.WriteRune(r)
			for range n {
				l.from, l.upto = append(l.from, at), append(l.upto, at+size)
			}
		}
		at += size
	}
	l.text = b.String()
	l.split()
	return l
}

// plain is the rune to read for one that was typed; -1 is none.
func plain(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case invisible(r) || unicode.IsControl(r) || r == '\u200d' || unicode.Is(unicode.Variation_Selector, r):
		return -1
	case r >= '！' && r <= '～': // the full-width block mirrors ASCII
		return r - '！' + '!'
	case unicode.Is(unicode.Pd, r) || r == '−':
		return '-'
	}
	switch r {
	case '“', '”', '„', '‟', '«', '»', '″':
		return '"'
	case '‘', '’', '‚', '‛', '′', '´':
		return '\''
	case '￡':
		return '£'
	case '￥':
		return '¥'
	case '，', '、', '،':
		return ','
	}
	return r
}

// invisible reports marks that turn the direction of text or take no room.
func invisible(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\u200c' || r == '\u2060' || r == '\ufeff' || r == '\u00ad'
}

func (l *line) split() {
	spaced := true
	for at := 0; at < len(l.text); {
		r, size := utf8.DecodeRuneInString(l.text[at:])
		if r == ' ' {
			spaced = true
			at += size
			continue
		}
		a := atom{start: at, spaced: spaced}
		switch {
		case isDigit(r):
			a.shape, a.end = digits, l.endOfNumber(at)
		case isLetter(r):
			a.shape, a.end = letters, l.endOfLetters(at)
		case unicode.Is(unicode.Sc, r) || unicode.IsPunct(r) || r < utf8.RuneSelf:
			a.shape, a.end = mark, at+size
		default:
			a.shape, a.end = ornament, at+size
		}
		a.low = fold(l.text[a.start:a.end])
		l.atoms = append(l.atoms, a)
		at, spaced = a.end, false
	}
}

// endOfNumber is the end of a number that begins at a byte: digits, with a point or comma only
// where a digit follows it.
func (l *line) endOfNumber(at int) int {
	for at < len(l.text) {
		c := l.text[at]
		inner := (c == '.' || c == ',') && at+1 < len(l.text) && isDigit(rune(l.text[at+1]))
		if !inner && !isDigit(rune(c)) {
			break
		}
		at++
	}
	return at
}

// endOfLetters is the end of a word that begins at a byte: letters, with an apostrophe only between them.
func (l *line) endOfLetters(at int) int {
	if r, size := utf8.DecodeRuneInString(l.text[at:]); isFraction(r) {
		return at + size
	}
	for at < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[at:])
		if isFraction(r) {
			break
		}
		if r == '\'' {
			next, _ := utf8.DecodeRuneInString(l.text[at+size:])
			if !isLetter(next) {
				break
			}
		} else if !isLetter(r) {
			break
		}
		at += size
	}
	return at
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isFraction(r rune) bool { return r == '½' || r == '¼' || r == '¾' }

// isLetter also holds for accents that follow their letter, and for figures that are not ASCII digits.
func isLetter(r rune) bool {
	return r != utf8.RuneError && !isDigit(r) && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r))
}

// fold is the form in which words are compared: composed and in small letters.
func fold(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// slice is the cleaned text of atoms i up to j.
func (l *line) slice(i, j int) string {
	if i >= j {
		return ""
	}
	return l.text[l.atoms[i].start:l.atoms[j-1].end]
}

// span is where atoms i up to j stand in what was typed.
func (l *line) span(i, j int) goals.Span {
	if i >= j {
		return goals.Span{}
	}
	return goals.Span{Start: l.from[l.atoms[i].start], End: l.upto[l.atoms[j-1].end-1]}
}

// said is the text of atoms i up to j as it was typed, fit to be kept or quoted back.
func (l *line) said(i, j int) string {
	s := l.span(i, j)
	return tidy(l.typed[s.Start:s.End])
}

// tidy makes one line of a text: every blank becomes a single space, and control characters and
// what turns the direction of the text go. It leaves everything else as it was typed.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case invisible(r) || unicode.IsControl(r) && !unicode.IsSpace(r):
			return -1
		case plain(r) == ' ':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// inner reports whether atoms i-1 and i are parts of one word, such as the 2 and the h of "2h".
func (l *line) inner(i int) bool {
	return i > 0 && i < len(l.atoms) && !l.atoms[i].spaced && l.isWord(i-1) && l.isWord(i)
}

func (l *line) isWord(i int) bool {
	return i >= 0 && i < len(l.atoms) && l.atoms[i].shape <= digits
}

// low is the folded text of atom i, empty past the ends.
func (l *line) low(i int) string {
	if i < 0 || i >= len(l.atoms) {
		return ""
	}
	return l.atoms[i].low
}

// wordEnd is the end of the word that atom i begins: "2nd" is two atoms and one word.
func (l *line) wordEnd(i int) int {
	for i++; l.inner(i); i++ {
	}
	return i
}

// key is what names and phrases are compared by: letters and digits without what stands between
// them, so that "1-2-1" is "121" and "cold-calls" is "coldcalls". A colon between figures is kept: 1:1 is not 11.
func (l *line) key(i, j int) string {
	var b strings.Builder
	for k := i; k < j; k++ {
		colon := l.atoms[k].low == ":" && k > i && k+1 < j && l.atoms[k-1].shape == digits && l.atoms[k+1].shape == digits
		if l.isWord(k) || colon {
			b.WriteString(strings.ReplaceAll(l.atoms[k].low, "'", ""))
		}
	}
	return b.String()
}

// wrong is a Mistake about atoms i up to j, which it marks.
func (l *line) wrong(code goals.Code, i, j int, hint, message string, args ...any) *goals.Mistake {
	m := goals.Wrong(code, hint, message, args...)
	m.Input, m.Marked = l.typed, l.span(i, j)
	return m
}
