package goals

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// ParseMoney reads an amount as people type it, in the owner's home currency:
//
//	£1,250.50   1250   8k   $1.2m   €1.250,50   1 250,50 €   1'250   GBP 300   300 quid
//
// A mark that several currencies share, such as "$", is the home currency when that uses it.
// With home "" the amount has to name its currency, and may be in any.
//
// The point is the decimal sign, and the comma stands between thousands, unless the digits
// around them allow only the contrary. "1.234" is what a German writes for a thousand, so it is
// a Mistake with code Ambiguous, except where a currency of three decimals has no other
// reading, or one of none has no decimals; "1,234" is a thousand, except in a currency of three
// decimals and before a "k", where it is asked about too. Zero is an amount. A negative amount,
// another currency, more decimals than the currency has, and more than fits are Invalid.
//
// "90m" is ninety million here: where minutes can be meant, ask ParseMinutes first.
func ParseMoney(s string, home Currency) (Money, error) {
	m, err := readMoney(s, home)
	if err != nil {
		return Money{}, typed(s, err)
	}
	return m, nil
}

func readMoney(s string, home Currency) (Money, error) {
	a, ok := splitAmount(plain(s))
	if !ok {
		return Money{}, unclearAmount(s, home)
	}
	c, err := a.currency(s, home)
	if err != nil {
		return Money{}, err
	}
	f, ok := readFigure(a.number)
	if !ok {
		return Money{}, unclearAmount(s, home)
	}
	readings := f.readings(a.power, c)
	if len(readings) > 1 {
		one, other := readings[0].cut(a.power, c), readings[1].cut(a.power, c)
		return Money{}, Wrong(Ambiguous, "Type "+one.String()+" or "+other.String()+".", "%s can be read in two ways.", quoted(s))
	}
	f = readings[0]
	minor, err := f.minor(a.power, c)
	if a.power == 0 && f.scale > c.Digits() {
		err = errTooFine
	}
	switch {
	case err != nil:
		return Money{}, f.tooMuch(err, s, a.power, c)
	case a.negative && minor == 0:
		return Money{}, Wrong(Invalid, "Type it without the minus.", "An amount can't be below zero.")
	case a.negative:
		return Money{}, Wrong(Invalid, "Type it without the minus, such as "+Money{minor, c}.String()+".", "An amount can't be below zero.")
	}
	return Money{minor, c}, nil
}

// A writtenAmount is the parts of an amount as they stand in the text.
type writtenAmount struct {
	negative bool
	marks    []string // what was put before and after it to name the currency
	number   string   // digits and what stands between them
	power    int      // of ten, from a suffix: 3 for "k"
}

// splitAmount takes apart what plain gives. It fails on everything that is not one number with
// at most a sign, a mark before, a suffix and a mark after.
func splitAmount(w string) (a writtenAmount, ok bool) {
	start := numberStart(w)
	if before, inner, found := strings.Cut(w, "("); found && len(before) < start && strings.HasSuffix(inner, ")") {
		w, a.negative = before+strings.TrimSuffix(inner, ")"), true // as bookkeepers write it
		start = numberStart(w)
	}
	if start < 0 {
		return a, false
	}
	end := start
	for end < len(w) && strings.IndexByte("0123456789.,' ", w[end]) >= 0 {
		end++
	}
	a.number = strings.TrimSpace(w[start:end])

	prefix := strings.TrimSpace(w[:start])
	for _, minus := range []string{"minus ", "-"} {
		if rest, found := strings.CutPrefix(prefix+" ", minus); found {
			prefix, a.negative = strings.TrimSpace(rest), true
		}
	}
	if rest, found := strings.CutSuffix(prefix, "-"); found {
		prefix, a.negative = strings.TrimSpace(rest), true
	}
	if prefix != "" {
		a.marks = append(a.marks, prefix)
	}
	suffix, power, ok := splitSuffix(strings.TrimSpace(w[end:]))
	if suffix != "" {
		a.marks = append(a.marks, suffix)
	}
	a.power = power
	return a, ok && (prefix == "" || isMark(prefix))
}

// numberStart is where the number of an amount begins, or -1. A point right after a letter
// belongs to the word: "Rs.50" is fifty rupees.
func numberStart(w string) int {
	i := strings.IndexAny(w, "0123456789")
	if i > 0 && w[i-1] == '.' && (i == 1 || w[i-2] < 'a' || w[i-2] > 'z') {
		i--
	}
	return i
}

var suffixes = []struct {
	word  string
	power int
}{
	{"thousand", 3}, {"grand", 3}, {"k", 3},
	{"million", 6}, {"mn", 6}, {"m", 6},
	{"billion", 9}, {"bn", 9},
}

// splitSuffix reads what follows the number: nothing, a mark, or a suffix with or without one.
// A mark comes first: "kr" is no thousand of rand.
func splitSuffix(w string) (markWord string, power int, ok bool) {
	if w == "" || isMark(w) {
		return w, 0, true
	}
	for _, s := range suffixes {
		if rest, found := strings.CutPrefix(w, s.word); found {
			if rest = strings.TrimSpace(rest); rest == "" || isMark(rest) {
				return rest, s.power, true
			}
		}
	}
	return "", 0, false
}

func isMark(w string) bool {
	_, ok := markOf(w)
	return ok
}

// currency is the one that the amount's marks and the home currency agree on.
func (a writtenAmount) currency(s string, home Currency) (Currency, error) {
	if len(a.marks) == 0 {
		if home == "" {
			return "", Wrong(Unclear, "Put the currency with it, such as £1,250 or USD 1,250.", "I can't tell which currency %s is in.", quoted(s))
		}
		return home, nil
	}
	m, _ := markOf(a.marks[0])
	for _, w := range a.marks[1:] {
		o, _ := markOf(w)
		both := slices.DeleteFunc(slices.Clone(m.of), func(c Currency) bool { return !slices.Contains(o.of, c) })
		m = mark{of: both, asks: m.asks && o.asks && len(both) > 1}
	}
	switch {
	case len(m.of) == 0:
		return "", Wrong(Invalid, "Name one currency, such as £1,250 or USD 1,250.", "%s names two currencies.", quoted(s))
	case slices.Contains(m.of, home):
		return home, nil
	case home == "" && m.asks:
		return "", m.question(s)
	case home == "":
		return m.of[0], nil
	}
	return "", Wrong(Invalid, "Convert it first, and type it like "+home.example()+".",
		"Your figures are in %s, and %s is in another currency.", strings.TrimSpace(home.Symbol()), quoted(s))
}

// A figure is an exact decimal number: its digits, of which the last scale are decimals.
type figure struct {
	negative bool
	digits   string
	scale    int
	sign     byte // the decimal sign it was written with
	grouped  bool // the decimals could be a group of thousands: one to three digits, the sign, three digits
}

// readFigure reads digits with what stands between them. What stands between thousands is all
// the same, with three digits after each (or as in India, 12,34,567); a decimal sign is
// a point or comma that stands once, at the end, and differs from it.
func readFigure(number string) (figure, bool) {
	var groups []string
	var signs []byte
	from := 0
	for i := range len(number) {
		if number[i] >= '0' && number[i] <= '9' {
			continue
		}
		if strings.IndexByte(".,' ", number[i]) < 0 {
			return figure{}, false
		}
		groups, signs, from = append(groups, number[from:i]), append(signs, number[i]), i+1
	}
	groups = append(groups, number[from:])
	f := figure{digits: strings.Join(groups, "")}
	last := len(signs) - 1
	if last < 0 {
		return f, number != ""
	}
	first, decimals, sign := groups[0], groups[last+1], signs[last]
	isDecimal := (sign == '.' || sign == ',') && decimals != ""
	switch {
	case isDecimal && last == 0:
		f.scale, f.sign = len(decimals), sign
		f.grouped = len(decimals) == 3 && first != "" && len(first) <= 3 && first[0] != '0'
		return f, first != "" || sign == '.'
	case isDecimal && signs[last-1] != sign:
		f.scale, f.sign = len(decimals), sign
		return f, areThousands(groups[:last+1], signs[:last])
	}
	return f, areThousands(groups, signs)
}

// areThousands reports whether the groups are those of one whole number.
func areThousands(groups []string, signs []byte) bool {
	n := len(groups) - 1
	between := 3
	if n >= 2 && signs[0] == ',' && len(groups[1]) == 2 {
		between = 2 // lakh and crore
	}
	for i, g := range groups {
		switch {
		case i == 0 && (len(g) < 1 || len(g) > between || g[0] == '0'),
			i > 0 && i < n && len(g) != between,
			i == n && len(g) != 3,
			i > 0 && signs[i-1] != signs[0]:
			return false
		}
	}
	return true
}

// readings are the numbers that the figure can stand for, when it is an amount of the currency
// before a suffix of that power: one, or for "1.234" and its like two.
func (f figure) readings(power int, c Currency) []figure {
	thousands := figure{negative: f.negative, digits: f.digits}
	switch {
	case !f.grouped:
		return []figure{f}
	case f.sign == ',' && (power > 0 || c.Digits() == 3):
		return []figure{thousands, f}
	case f.sign == ',':
		return []figure{thousands}
	case power > 0 || c.Digits() == 3:
		return []figure{f}
	case c.Digits() == 0:
		return []figure{thousands}
	}
	return []figure{thousands, f}
}

var (
	errTooFine  = errors.New("more decimals than the currency has")
	errTooLarge = errors.New("more than an int64 of minor units")
)

// minor is the figure times ten to the power, exactly, in minor units of the currency.
func (f figure) minor(power int, c Currency) (int64, error) {
	digits := f.digits
	if shift := c.Digits() + power - f.scale; shift >= 0 {
		digits += strings.Repeat("0", shift)
	} else {
		cut := max(0, len(digits)+shift)
		if strings.Trim(digits[cut:], "0") != "" {
			return 0, errTooFine
		}
		digits = digits[:cut]
	}
	digits = "0" + digits
	if f.negative {
		digits = "-" + digits
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, errTooLarge
	}
	return n, nil
}

// cut is the figure as money without the decimals that the currency has not: good for an example.
func (f figure) cut(power int, c Currency) Money {
	if spare := f.scale - power - c.Digits(); spare > 0 {
		f.digits, f.scale = f.digits[:max(0, len(f.digits)-spare)], f.scale-spare
	}
	n, _ := f.minor(power, c)
	return Money{n, c}
}

// tooMuch says to a person what minor found wrong with what was typed as s.
func (f figure) tooMuch(err error, s string, power int, c Currency) *Mistake {
	symbol := strings.TrimSpace(c.Symbol())
	hint := "Round it, such as " + f.cut(power, c).String() + "."
	switch {
	case err == errTooLarge:
		return Wrong(Invalid, "Check how many zeros it has.", "%s is more money than I can count.", quoted(s))
	case c.Digits() == 0:
		return Wrong(Invalid, hint, "An amount in %s has no decimals.", symbol)
	}
	return Wrong(Invalid, hint, "An amount in %s has at most %d decimals.", symbol, c.Digits())
}

// example is an amount of the currency to show in a hint.
func (c Currency) example() string {
	return Money{1250 * int64(powerOf10(c.Digits())), c}.String()
}

func unclearAmount(s string, home Currency) *Mistake {
	if home == "" {
		home = "GBP"
	}
	hint := "Type it like " + home.example() + " or " + home.Symbol() + "8k."
	if strings.TrimSpace(s) == "" {
		return Wrong(Unclear, hint, "I need an amount of money.")
	}
	return Wrong(Unclear, hint, "I can't read %s as an amount of money.", quoted(s))
}

// ParseDecimal reads an amount as files hold it: digits with a decimal point or comma, a minus
// before it if need be, and nothing else. A comma or point that could stand between thousands
// ("1,234") is a Mistake with code Ambiguous, as a file is read without anyone looking; so are
// more decimals than the currency has with code Invalid, unless they are zeros.
func ParseDecimal(s string, c Currency) (Money, error) {
	m, err := readDecimal(s, c)
	if err != nil {
		return Money{}, typed(s, err)
	}
	return m, nil
}

func readDecimal(s string, c Currency) (Money, error) {
	number, negative := strings.CutPrefix(plain(s), "-")
	f, ok := readFigure(number)
	separators := len(number) - len(f.digits)
	if !ok || separators > 1 || separators == 1 && f.scale == 0 {
		return Money{}, Wrong(Unclear, "Write it like 1250.50, without a symbol.", "I can't read %s as an amount.", quoted(s))
	}
	f.negative = negative
	if f.grouped && (f.sign == ',' || c.Digits() != 3) {
		one := figure{negative: negative, digits: f.digits}.cut(0, c).Decimal()
		return Money{}, Wrong(Ambiguous, "Write "+one+", or give it "+decimalWords(c)+".", "%s can be read in two ways.", quoted(s))
	}
	minor, err := f.minor(0, c)
	if err != nil {
		return Money{}, f.tooMuch(err, s, 0, c)
	}
	return Money{minor, c}, nil
}

func decimalWords(c Currency) string {
	if n := c.Digits(); n > 0 {
		return strconv.Itoa(n) + " decimals after a point"
	}
	return "no decimals"
}
