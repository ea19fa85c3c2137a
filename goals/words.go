package goals

import (
	"errors"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// The grammars of this package read a whole string or nothing: what is left over is never
// ignored, because half a date understood is a wrong date.

// longestInput bounds, in bytes, what a grammar looks at. Nobody types a longer figure or date.
const longestInput = 100

// plain is s as the grammars read it: lower case, one space between words, the typographic
// forms of space, apostrophe and minus made simple. What is too long becomes empty, which
// every grammar refuses.
func plain(s string) string {
	if len(s) > longestInput {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '’' || r == '‘' || r == 'ʼ':
			return '\''
		case r == '−' || r == '–' || r == '—' || r == '‑':
			return '-'
		case unicode.Is(unicode.Cf, r): // joiners and direction marks, which pasted text brings
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// quoted is s between quotation marks, cut to what fits in a sentence.
func quoted(s string) string {
	const most = 40
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "�")), " ")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return "“" + s + "”"
}

// typed notes on the mistake that s was typed, all of it marked. It passes nil through.
func typed(s string, err error) error {
	var m *Mistake
	if !errors.As(err, &m) {
		return err
	}
	start := len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	m.Input, m.Marked = s, Span{start, start + len(strings.TrimSpace(s))}
	return m
}

// nearestWord is the word of the vocabulary closest to w, when it is at most two letters away and
// no other is as close. A short word has to be closer: two letters of four are another word.
func nearestWord(w string, vocabulary []string) (string, bool) {
	most := min(2, len([]rune(w))/3)
	found, best, tie := "", most+1, false
	for _, v := range vocabulary {
		switch d := levenshtein.ComputeDistance(w, v); {
		case d < best:
			found, best, tie = v, d, false
		case d == best:
			tie = true
		}
	}
	return found, best <= most && !tie
}

var smallNumbers = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}

// count reads a whole number of up to four digits, or its word up to twelve; "a" is one.
func count(w string) (int, bool) {
	if n, ok := smallNumbers[w]; ok {
		return n, true
	}
	if len(w) > 4 {
		return 0, false
	}
	return digits(w)
}

// digits reads a string of nothing but the digits 0 to 9, at most nine of them.
func digits(w string) (int, bool) {
	n := 0
	for _, c := range []byte(w) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, w != "" && len(w) <= 9
}
