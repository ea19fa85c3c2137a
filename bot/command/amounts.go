package command

import (
	"errors"
	"slices"
	"strings"

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
	if !isFigure(low) && r.atoms[i].shape != digits && !fractions[low] {
		return part{}, nil
	}
	for j := r.openTo(i, 9); j > i; j-- {
		if r.inner(j) || !r.endsWithUnit(i, j) {
			continue
		}
		minutes, err := goals.ParseMinutes(r.slice(i, j))
		if err == nil || telling(err) {
			return r.timed(minutes, err, i, j)
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
	return r.timed(minutes, err, i, j)
}

// timed is the part of a time at atoms i up to j, as long as it fits into the days of the line.
func (r *reader) timed(minutes int64, err error, i, j int) (part, error) {
	days := int64(max(1, r.desk.Days))
	switch {
	case err != nil:
		return part{}, r.within(err, i, j)
	case minutes <= days*goals.MinutesADay || r.goal:
		return part{kind: durationPart, from: i, to: j, value: minutes}, nil
	case days == 1:
		return part{}, r.wrong(goals.Invalid, i, j, "Log each day on a line of its own.", "“%s” is more than a day.", r.said(i, j))
	}
	return part{}, r.wrong(goals.Invalid, i, j, "Type the time that went into it.", "“%s” is more than these %d days have.", r.said(i, j), days)
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
