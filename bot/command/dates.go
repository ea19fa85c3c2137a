package command

import (
	"unicode"
	"unicode/utf8"

	"payoff/goals"
)

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
