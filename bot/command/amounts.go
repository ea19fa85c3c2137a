package command

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/goals"
)

// within turns a Mistake about atoms i up to j into one about the whole line.
func (l *line) within(err error, i, j int) error {
	var m *goals.Mistake
	if !errors.As(err, &m) {
		return err
	}
	whole := *m
	whole.Input, whole.Marked = l.typed, l.span(i, j)
	if s := m.Marked; m.Input == l.slice(i, j) && s.Start >= 0 && s.Start < s.End && s.End <= len(m.Input) {
		at := l.atoms[i].start
		whole.Marked = goals.Span{Start: l.from[at+s.Start], End: l.upto[at+s.End-1]}
	}
	return &whole
}

// money is an amount with a currency: "£1,200", "25 pounds", "EUR 3k".
func (r *reader) money(i int) (part, error) {
	j := r.moneyEnd(i)
	if j == 0 {
		return part{}, nil
	}
	if minus := slices.IndexFunc(r.atoms[i:j], func(a atom) bool { return a.low == "-" }); minus >= 0 {
		without := r.slice(i, i+minus) + r.slice(i+minus+1, j)
		return part{}, r.belowZero(i, j, without, true)
	}
	m, err := goals.ParseMoney(r.slice(i, j), r.desk.Currency)
	if err != nil {
		return part{}, r.within(err, i, j)
	}
	if m.Minor > goals.MaxMinor {
		return part{}, r.tooMuch(i, j)
	}
	return part{kind: moneyPart, from: i, to: j, money: m}, nil
}

func (r *reader) tooMuch(i, j int) error {
	return r.wrong(goals.Invalid, i, j, "Check how many zeros it has.", "“%s” is more than one line can hold.", r.said(i, j))
}

// belowZero refuses a minus; money that went back has a word of its own.
func (r *reader) belowZero(i, j int, without string, money bool) error {
	hint := "Type “" + without + "”."
	if money && !r.goal {
		hint = "Type “" + without + "”, or “refund " + without + "” for money you gave back."
	}
	return r.wrong(goals.Invalid, i, j, hint, "“%s” is below zero.", r.said(i, j))
}

// moneyEnd is where an amount that begins at atom i ends; 0 if none begins there. It goes by
// shape alone, so that an amount which cannot be read is an error and not a word.
func (r *reader) moneyEnd(i int) int {
	end := r.openTo(i, 6)
	j, led := i, false
	if j < end && r.atoms[j].shape == letters && len(r.atoms[j].low) <= 3 && j+1 < end && isCurrencySign(r.low(j+1)) && !r.atoms[j+1].spaced {
		j++ // US$
	}
	if isCurrencySign(r.low(j)) || r.isCode(j) || r.isHomeSymbol(j) {
		j, led = j+1, true
	}
	if led && r.low(j) == "-" && j < end {
		j++
	}
	if j >= end || r.atoms[j].shape != digits {
		return 0
	}
	j++
	if j < end && magnitudes[r.low(j)] && (r.inner(j) || len(r.low(j)) > 2) {
		j++
	}
	if j < end && !led && (isCurrencySign(r.low(j)) || isCurrencyWord(r.low(j)) || r.isCode(j)) {
		j, led = j+1, true
	}
	if !led {
		return 0
	}
	for j < end && r.inner(j) { // £25x is not £25
		j++
	}
	return j
}

// isCode reports a currency's code in capitals; small letters will do for the owner's own.
func (r *reader) isCode(i int) bool {
	if i >= len(r.atoms) || r.atoms[i].shape != letters || r.atoms[i].end-r.atoms[i].start != 3 {
		return false
	}
	code := r.slice(i, i+1)
	if strings.EqualFold(code, string(r.desk.Currency)) {
		return true
	}
	_, err := goals.ParseCurrency(code)
	return err == nil && code == strings.ToUpper(code)
}

// isHomeSymbol reports letters that are the symbol of the owner's currency, such as the R of R500.
func (r *reader) isHomeSymbol(i int) bool {
	symbol := strings.TrimSpace(r.desk.Currency.Symbol())
	return i < len(r.atoms) && r.atoms[i].shape == letters && strings.EqualFold(r.low(i), symbol)
}

// isCurrencyWord reports the name of a currency in small letters. Short ones have to be known:
// "top", "try" and "all" are codes, and hardly ever money.
func isCurrencyWord(low string) bool {
	if currencyWords[low] || len(low) < 4 || low == "real" {
		return currencyWords[low]
	}
	_, err := goals.ParseCurrency(low)
	var m *goals.Mistake
	return err == nil || errors.As(err, &m) && m.Code == goals.Ambiguous
}

// duration is time spent: "2h", "90 min", "1h30", "an hour and a half".
func (r *reader) duration(i int) (part, error) {
	low := r.atoms[i].low
	if sep := r.low(i + 1); units[low] && (sep == ":" || sep == "=") {
		return r.labelledTime(i)
	}
	if _, figure := figures[low]; !figure && r.atoms[i].shape != digits && !fractions[low] {
		return part{}, nil
	}
	for j := r.openTo(i, 9); j > i; j-- {
		if r.inner(j) || !r.endsWithUnit(i, j) {
			continue
		}
		minutes, err := goals.ParseMinutes(r.slice(i, j))
		switch {
		case err == nil && minutes > goals.MinutesADay*int64(max(1, r.desk.Days)) && !r.goal:
			return part{}, r.wrong(goals.Invalid, i, j, "Log each day on a line of its own.", "“%s” is more than a day.", r.said(i, j))
		case err == nil:
			return part{kind: durationPart, from: i, to: j, value: minutes}, nil
		case telling(err):
			return part{}, r.within(err, i, j)
		}
	}
	return part{}, nil
}

// telling reports an error that says more than that the words are something else. It stands even
// where fewer of the words could be read: "Mon 12 Nov", when the 12th is a Thursday, is not Mon.
func telling(err error) bool {
	var m *goals.Mistake
	return err != nil && (!errors.As(err, &m) || m.Code != goals.Unclear)
}

// labelledTime reads "hours: 2".
func (r *reader) labelledTime(i int) (part, error) {
	j := i + 3
	if j > len(r.atoms) || r.atoms[j-1].shape != digits || r.inner(j) {
		return part{}, nil
	}
	minutes, err := goals.ParseMinutes(r.slice(j-1, j) + r.low(i))
	if err == nil && minutes > goals.MinutesADay {
		err = goals.Wrong(goals.Invalid, "Log each day on a line of its own.", "“%s” is more than a day.", r.said(i, j))
	}
	return part{kind: durationPart, from: i, to: j, value: minutes}, r.within(err, i, j)
}

// endsWithUnit reports that atoms i up to j name a unit of time, and do not end in a number
// that may belong to what follows: "2h 30" could go on "contacts".
func (r *reader) endsWithUnit(i, j int) bool {
	unit := false
	for k := i; k < j; k++ {
		unit = unit || units[r.low(k)] || r.low(k) == ":" && k > i
		if r.low(k) == "," {
			return false
		}
	}
	last := r.atoms[j-1]
	return unit && last.low != "and" && !(last.shape == digits && last.spaced)
}

// date is a day up to today, in at most four words.
func (r *reader) date(i int) (part, error) {
	if r.atoms[i].shape > digits || r.atoms[i].low == "on" {
		return part{}, nil
	}
	for j := r.openTo(i, 10); j > i; j-- {
		if r.inner(j) || r.atoms[j-1].shape > digits || r.wordsIn(i, j) > 4 || r.taken(i, j-1) || r.ordinal(i, j) {
			continue
		}
		d, err := goals.ParseDate(r.slice(i, j), r.desk.Today, goals.Past)
		switch {
		case err == nil && (d > r.desk.Today || r.meansNext(d, i, j)):
			return part{}, r.wrong(goals.Invalid, i, j, "Log it on the day.", "%s is still to come.", capital(r.said(i, j)))
		case err == nil:
			return part{kind: datePart, from: i, to: j, date: d}, nil
		case telling(err):
			return part{}, r.within(err, i, j)
		}
	}
	return part{}, nil
}

// meansNext reports that a day named without its year, and read as one of last year, is nearer
// as one of this: on 22 November "12 Dec" is a slip, on 3 January it is last month.
func (r *reader) meansNext(d goals.Date, i, j int) bool {
	const almostAYear = 300 // days; weekdays and days of a month come round sooner
	next, err := goals.ParseDate(r.slice(i, j), r.desk.Today, goals.Future)
	today := r.desk.Today
	return err == nil && next-d > almostAYear && d.Year() < today.Year() && next-today < today-d
}

// ordinal reports a lone "1st" without "the" or "on" before it: "1st visit" is no date.
func (r *reader) ordinal(i, j int) bool {
	alone := j == i+2 && r.atoms[i].shape == digits && r.inner(i+1) && r.atoms[i+1].shape == letters
	return alone && r.low(i-1) != "on" && r.low(i-1) != "the"
}

// capital is a text that begins a sentence.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// taken reports that the number at atom j, the last of what may be a date, counts what follows it.
func (r *reader) taken(i, j int) bool {
	if j == i || r.atoms[j].shape != digits {
		return false
	}
	for _, match := range []func(int) (part, error){r.count, r.money, r.duration} {
		if p, err := match(j); err != nil || p.to > j+1 {
			return true
		}
	}
	return false
}

func (l *line) wordsIn(i, j int) int {
	n := 1
	for k := i + 1; k < j; k++ {
		if l.atoms[k].spaced {
			n++
		}
	}
	return n
}

// count is a number and what it counts, or a noun alone: "4 new contacts", "contacts: 4", "1-2-1".
func (r *reader) count(i int) (part, error) {
	if j, n := r.number(i); j > 0 {
		k := j
		for k < len(r.atoms) && k < j+3 && adjectives[r.low(k)] {
			k++
		}
		if noun, end := r.nounAt(k); end > 0 {
			p := part{kind: countPart, from: i, to: end, noun: noun, counted: true}
			var err error
			p.value, err = r.whole(n, p)
			return p, err
		}
	}
	noun, end := r.nounAt(i)
	if end == 0 {
		return part{}, nil
	}
	p := part{kind: countPart, from: i, to: end, noun: noun, value: 1}
	if sep := r.low(end); sep == ":" || sep == "=" {
		if j, n := r.number(end + 1); j > 0 && !r.inner(j) {
			var err error
			p.to, p.counted = j, true
			p.value, err = r.whole(n, p)
			return p, err
		}
	}
	return p, nil
}

// number is the end and the text of a number at atom i, in figures or in words.
func (r *reader) number(i int) (end int, n string) {
	if i >= len(r.atoms) || !r.free(i) {
		return 0, ""
	}
	if r.atoms[i].shape == digits {
		return i + 1, r.atoms[i].low
	}
	if (r.low(i) == "a" || r.low(i) == "an") && r.low(i+1) == "couple" {
		i++
	}
	if v, ok := figures[r.low(i)]; ok {
		return i + 1, strconv.FormatInt(v, 10)
	}
	return 0, ""
}

// whole is the value of a number of things: whole, and no more than a line may hold.
func (r *reader) whole(n string, p part) (int64, error) {
	noun := p.noun.measure.String()
	if i, fraction, ok := strings.Cut(n, ","); ok && (len(fraction) != 3 && strings.IndexByte(fraction, ',') < 0 || len(i) > 3) {
		return 0, r.wrong(goals.Unclear, p.from, p.to, "Type it without a comma.", "I can't read the number %s.", n)
	}
	n = strings.ReplaceAll(n, ",", "")
	if whole, fraction, ok := strings.Cut(n, "."); ok {
		if len(fraction) == 3 {
			whole += "," + fraction // the point of a German thousand
		}
		return 0, r.wrong(goals.Invalid, p.from, p.to, "Type a whole number, such as “"+whole+" "+noun+"”.",
			"“%s” is not a whole number.", r.said(p.from, p.to))
	}
	v, err := strconv.ParseInt(n, 10, 64)
	if err != nil || v > goals.MaxCount {
		return 0, r.wrong(goals.Invalid, p.from, p.to, "Check the number: 100,000 is the most one line can hold.",
			"“%s” is too many.", r.said(p.from, p.to))
	}
	return v, nil
}

// wholeNumber reads a number of things for which no noun is at hand to make a Mistake with.
func wholeNumber(n string) (int64, bool) {
	v, err := strconv.ParseInt(strings.ReplaceAll(n, ",", ""), 10, 64)
	return v, err == nil && v >= 0 && v <= goals.MaxCount
}

// nounAt is the longest phrase at atom i that names what is counted, and its end; 0 if there is none.
func (r *reader) nounAt(i int) (found noun, end int) {
	for j := i + 1; i < len(r.atoms) && j <= r.openTo(i, maxPhrase); j++ {
		last := r.atoms[j-1]
		if last.shape == mark && last.low != "-" && last.low != ":" && last.low != "'" || last.shape == ornament ||
			j > i+1 && last.spaced && last.shape == digits && r.atoms[j-2].shape == digits {
			break
		}
		if n, ok := nouns[r.key(i, j)]; ok && r.isWord(j-1) && !r.inner(j) && r.free(i) {
			found, end = n, j
		}
	}
	return found, end
}
