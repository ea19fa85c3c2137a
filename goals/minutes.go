package goals

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxMinutes is the longest time that ParseMinutes reads: 10,000 hours, more than a year has.
const MaxMinutes = 10_000 * 60

// ParseMinutes reads a length of time as people type it, in minutes:
//
//	2h   90m   1h30   1h 30m   1.5 hours   1,5h   45 min   1½ hours
//	half an hour   an hour and a half   two and a half hours   three quarters of an hour
//
// Parts of a minute are rounded to the nearest, a half upwards. A bare number is a Mistake with
// code Unclear; "1h5", "1:30" and "1,500m", which can be read in two ways, are Ambiguous; what is
// negative, or more than MaxMinutes, is Invalid. What fits into a day or a week is for the
// caller to say.
func ParseMinutes(s string) (int64, error) {
	n, err := readMinutes(s)
	if err != nil {
		return 0, typed(s, err)
	}
	return n, nil
}

// FormatMinutes is a length of time as the product writes it: "2h", "1h 30m", "45m", "0m", "-1h".
func FormatMinutes(n int64) string {
	size, sign := uint64(n), ""
	if n < 0 {
		size, sign = -size, "-"
	}
	h, m := size/60, size%60
	switch {
	case h == 0:
		return fmt.Sprintf("%s%dm", sign, m)
	case m == 0:
		return fmt.Sprintf("%s%dh", sign, h)
	}
	return fmt.Sprintf("%s%dh %dm", sign, h, m)
}

const minutesHint = "Type it like 2h, 90m or 1h 30m."

func readMinutes(s string) (int64, error) {
	w := plain(s)
	if w == "" && strings.TrimSpace(s) == "" {
		return 0, Wrong(Unclear, minutesHint, "I need a length of time.")
	}
	unclear := Wrong(Unclear, minutesHint, "I can't read %s as a length of time.", quoted(s))
	if rest, negative := strings.CutPrefix(w, "-"); negative {
		if n, err := readMinutes(rest); err == nil {
			return 0, Wrong(Invalid, "Type it without the minus, such as "+FormatMinutes(n)+".", "A length of time can't be below zero.")
		}
		return 0, unclear
	}
	if h, m, found := strings.Cut(w, ":"); found && len(m) == 2 {
		hours, ok1 := digits(h)
		minutes, ok2 := digits(m)
		if ok1 && ok2 && hours < 24 && minutes < 60 {
			hint := "Type " + FormatMinutes(int64(hours*60+minutes)) + " if that is how long it took."
			return 0, Wrong(Ambiguous, hint, "%s can be a length of time or a time of day.", quoted(s))
		}
	}
	words, ok := durationWords(w)
	if !ok {
		return 0, unclear
	}
	if len(words) == 1 {
		if _, ok := readShare(words[0]); ok && !unicode.IsLetter([]rune(words[0])[0]) {
			hint := fmt.Sprintf("Type %sh or %sm.", words[0], words[0])
			return 0, Wrong(Unclear, hint, "I can't tell whether %s is hours or minutes.", quoted(s))
		}
	}
	n, err := duration(words)
	switch {
	case err != nil:
		return 0, err
	case n < 0:
		return 0, unclear
	case n > MaxMinutes:
		return 0, Wrong(Invalid, minutesHint, "%s is longer than I can count.", quoted(s))
	}
	return n, nil
}

// durationWords splits what plain gives into numbers, words and the signs ½ ¼ ¾: "1h30" is
// three. The full stop of "min." and the hyphen of "half-hour" are left out.
func durationWords(w string) ([]string, bool) {
	var words []string
	class := func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '0'
		case unicode.IsLetter(r):
			return 'a'
		}
		return r
	}
	last := ' '
	for i, r := range w {
		next, _ := utf8.DecodeRuneInString(w[i+utf8.RuneLen(r):])
		kind := class(r)
		switch {
		case kind == ' ':
		case (r == '.' || r == ',') && class(next) == '0' && last != 'a':
			kind = '0'
			fallthrough
		case kind == '0', kind == 'a':
			if kind == last {
				words[len(words)-1] += string(r)
			} else {
				words = append(words, string(r))
			}
		case r == '½', r == '¼', r == '¾':
			words = append(words, string(r))
		case r == '.' && last == 'a', r == '-' && last != ' ' && class(next) == 'a':
			kind = ' '
		default:
			return nil, false
		}
		last = kind
	}
	return words, true
}

// A share is an exact part of an hour or a minute, or a number of them: of/by.
type share struct{ of, by int64 }

func (a share) plus(b share) share { return share{a.of*b.by + b.of*a.by, a.by * b.by} }

var shares = map[string]share{
	"½": {1, 2}, "half": {1, 2}, "¼": {1, 4}, "quarter": {1, 4}, "¾": {3, 4},
}

// readShare reads a number: digits with at most six before and six behind a point or comma, or
// a word up to twelve.
func readShare(w string) (share, bool) {
	if n, ok := smallNumbers[w]; ok {
		return share{int64(n), 1}, true
	}
	whole, decimals, _ := strings.Cut(strings.Replace(w, ",", ".", 1), ".")
	if len(whole) > 6 || len(decimals) > 6 {
		return share{}, false
	}
	n, ok := digits("0" + whole)
	if !ok {
		return share{}, false
	}
	sum := share{int64(n), 1}
	if decimals != "" {
		d, ok := digits(decimals)
		if !ok {
			return share{}, false
		}
		sum = sum.plus(share{int64(d), int64(powerOf10(len(decimals)))})
	}
	return sum, whole != "" || decimals != ""
}

// duration reads [number] hours [and a part or minutes], or [number] minutes. It gives -1 for
// what it does not understand.
func duration(words []string) (int64, error) {
	n, number, rest := leadingShare(words)
	if len(rest) == 0 {
		return -1, nil
	}
	if i := strings.IndexByte(number, ','); i >= 0 && len(number)-i == 4 {
		return 0, Wrong(Ambiguous, "Type it without the comma.", "%s can be read in two ways.", quoted(number))
	}
	unit := rest[0]
	rest = rest[1:]
	switch {
	case slices.Contains(minuteWords, unit) && len(rest) == 0 && number != "":
		return n.minutes(1), nil
	case !slices.Contains(hourWords, unit):
		return -1, nil
	case len(rest) == 0:
		if number == "" {
			return -1, nil
		}
		return n.minutes(60), nil
	}
	if part, left := partAfterAnd(rest); part.by > 0 && len(left) == 0 && n.by == 1 {
		return n.plus(part).minutes(60), nil
	}
	if rest[0] == "and" {
		rest = rest[1:]
	}
	return hoursAnd(n, number, rest)
}

var (
	hourWords   = []string{"h", "hr", "hrs", "hour", "hours"}
	minuteWords = []string{"m", "min", "mins", "minute", "minutes"}
)

// leadingShare takes the number off the front of words: "half an", "a quarter of an", "2",
// "two and a half", "1½", or nothing, which is one ("hour and a half"). number is its first
// word, "" for nothing.
func leadingShare(words []string) (n share, number string, rest []string) {
	if part, left := fraction(words); part.by > 0 {
		if len(left) > 0 && left[0] == "of" {
			left = left[1:]
		}
		if len(left) > 0 && (left[0] == "a" || left[0] == "an") {
			left = left[1:]
		}
		return part, words[0], left
	}
	if len(words) == 0 {
		return share{}, "", nil
	}
	n, ok := readShare(words[0])
	if !ok {
		return share{1, 1}, "", words
	}
	number, rest = words[0], words[1:]
	if len(rest) > 0 && shares[rest[0]].by > 0 && !unicode.IsLetter([]rune(rest[0])[0]) {
		return n.plus(shares[rest[0]]), number, rest[1:]
	}
	if part, left := partAfterAnd(rest); part.by > 0 {
		return n.plus(part), number, left
	}
	return n, number, rest
}

// fraction takes a half, a quarter or three quarters off the front of words.
func fraction(words []string) (share, []string) {
	switch {
	case len(words) > 1 && (words[0] == "a" || words[0] == "an") && shares[words[1]].by > 0:
		return shares[words[1]], words[2:]
	case len(words) > 1 && (words[0] == "three" || words[0] == "3") && words[1] == "quarters":
		return share{3, 4}, words[2:]
	case len(words) > 0 && shares[words[0]].by > 0:
		return shares[words[0]], words[1:]
	}
	return share{}, words
}

// partAfterAnd takes "and a half" and the like off the front of words.
func partAfterAnd(words []string) (share, []string) {
	if len(words) > 1 && words[0] == "and" {
		return fraction(words[1:])
	}
	return share{}, words
}

// hoursAnd reads the minutes that follow hours: "30", "30m", "5 min".
func hoursAnd(hours share, number string, rest []string) (int64, error) {
	withUnit := len(rest) == 2 && slices.Contains(minuteWords, rest[1])
	if !withUnit && len(rest) != 1 || number == "" {
		return -1, nil
	}
	m, ok := digits(rest[0])
	if n, isWord := smallNumbers[rest[0]]; isWord && withUnit {
		m, ok = n, true
	}
	h, whole := digits(number)
	if n, isWord := smallNumbers[number]; isWord {
		h, whole = n, true
	}
	switch {
	case !ok || !whole || hours.by != 1:
		return -1, nil
	case m > 59:
		return 0, Wrong(Invalid, "Type it like 1h 30m, or in minutes alone, like 90m.", "After the hours there are at most 59 minutes.")
	case !withUnit && len(rest[0]) == 1:
		hint := "Type " + FormatMinutes(int64(h*60+m)) + " or " + strconv.Itoa(h) + "." + rest[0] + "h."
		return 0, Wrong(Ambiguous, hint, "%s can be read in two ways.", quoted(number+"h"+rest[0]))
	}
	return int64(h*60 + m), nil
}

// minutes is the share of a unit of that many minutes, to the nearest.
func (a share) minutes(unit int64) int64 {
	return (2*a.of*unit + a.by) / (2 * a.by)
}
