package goals

import (
	"slices"
	"strings"
	"time"
)

// Look says which way words look that name no year or week: a log looks back, a deadline ahead.
type Look uint8

const (
	Past   Look = iota // "12 Nov" is the latest one, today included
	Future             // "12 Nov" is the next one, today included
)

// The years in which dates are understood. The bounds turn slips of the pen into questions.
const (
	firstYear = 2000
	lastYear  = 2199
)

// ParseDate reads a day as people type it:
//
//	today   yesterday   tomorrow   the day before yesterday   3 days ago   in 2 weeks   in a month
//	Tue   last Tuesday   this Friday   next Friday   Friday next week   Tuesday 24 Nov
//	12 Nov   12th of November   Nov 12   12 Nov 2026   the 12th   2026-11-12   25/12/2026   12.11.2026
//	end of the month   end of next quarter   end of March   start of 2027
//
// Look chooses where the words leave it open, and only there: what they fix is returned, be it
// past or future, and whether that is allowed is for the caller to say. The day of a weekday's
// name is today when it is that weekday. Weeks run from Monday to Sunday, and a month from
// 31 January ends on the last of February.
//
// Code Ambiguous asks where two days are meant by the same words: "12/11/2026", which is another
// day in America; "next Friday" said on Monday, which is this week's to some and next week's to
// others, and its like with "last" and "this"; "Friday" said of the future on a Friday. 31 Feb
// and a weekday that is not that day's are Invalid.
func ParseDate(s string, today Date, look Look) (Date, error) {
	words := dateWords(s)
	n, ok, err := readDay(words, today, look)
	switch {
	case err != nil:
		return 0, typed(s, err)
	case !ok:
		return 0, typed(s, unclearDate(s, words, today, look))
	}
	d, err := n.resolve(today, look)
	if err != nil {
		return 0, typed(s, err)
	}
	if n.kind == weekly && look == Future && d == today {
		return 0, typed(s, twoDays(quoted(s), today, today+7, today))
	}
	return d, nil
}

// dateWords splits s into lower-case words; commas, the full stop of "Nov." and a leading "on"
// are left out, and "12nov" is two words where "12th" is one.
func dateWords(s string) []string {
	var words []string
	for _, w := range strings.Fields(strings.ReplaceAll(plain(s), ",", " ")) {
		rest := strings.TrimLeft(w, "0123456789")
		name, _, _ := strings.Cut(rest, "-")
		if n := len(w) - len(rest); n > 0 && months[strings.TrimSuffix(name, ".")] > 0 {
			words = append(words, w[:n])
			w = rest
		}
		if isLetter(w[0]) {
			w = strings.TrimSuffix(w, ".")
		}
		words = append(words, w)
	}
	if len(words) > 1 && words[0] == "on" {
		words = words[1:]
	}
	return words
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// A namedDay is a day as words name it: one day, or one that comes round again.
type namedDay struct {
	kind    namedKind
	date    Date         // fixed
	weekday time.Weekday // weekly
	month   time.Month   // yearly
	day     int          // yearly, monthly; 0 is the month's last
}

type namedKind uint8

const (
	fixed namedKind = iota
	weekly
	monthly
	yearly
)

// resolve is the day nearest to today on the side that look says, today included.
func (n namedDay) resolve(today Date, look Look) (Date, error) {
	step := 1
	if look == Past {
		step = -1
	}
	year, month, _ := today.Time().Date()
	d, ok := n.date, true
	switch n.kind {
	case weekly:
		d = today + Date(step*((step*(int(n.weekday)-int(today.Weekday()))+7)%7))
	case monthly:
		d, ok = firstDay(today, step, 3, func(i int) (int, time.Month) { return year, month + time.Month(i) }, n.day)
	case yearly: // 29 February can be eight years away
		d, ok = firstDay(today, step, 9, func(i int) (int, time.Month) { return year + i, n.month }, n.day)
	}
	if y := d.Year(); !ok || y < firstYear || y > lastYear {
		return 0, outOfYears()
	}
	return d, nil
}

// firstDay tries the months that of gives for 0, step, 2*step and so on for one that has the day, on the
// right side of today.
func firstDay(today Date, step, tries int, of func(int) (int, time.Month), day int) (Date, bool) {
	for i := range tries {
		year, month := of(i * step)
		d, ok := dayOf(year, month, day)
		if ok && (d == today || (d > today) == (step > 0)) {
			return d, true
		}
	}
	return 0, false
}

// dayOf is a day of a month, if the month has it; day 0 is the month's last. The month may run
// over the year's ends.
func dayOf(year int, month time.Month, day int) (Date, bool) {
	if day == 0 {
		return NewDate(year, month+1, 0), true
	}
	d := NewDate(year, month, day)
	return d, d.Day() == day
}

// readDay tries every form of a day. It reports whether one fits; a form that fits something
// impossible or ambiguous has a Mistake.
func readDay(words []string, today Date, look Look) (namedDay, bool, error) {
	if len(words) > 0 && words[0] == "the" {
		words = words[1:]
	}
	if d, ok := wordDays[strings.Join(words, " ")]; ok {
		return namedDay{date: today + d}, true, nil
	}
	for _, form := range [...]func([]string, Date, Look) (namedDay, bool, error){
		readWeekday, readDistance, readDayOfMonth, readNumeric, readEdge,
	} {
		if n, ok, err := form(words, today, look); ok || err != nil {
			return n, ok, err
		}
	}
	return namedDay{}, false, nil
}

var wordDays = map[string]Date{
	"day before yesterday": -2, "yesterday": -1, "today": 0, "now": 0, "tomorrow": 1, "day after tomorrow": 2,
}

// readDistance reads "3 days ago", "in 2 weeks", "a month from now".
func readDistance(words []string, today Date, _ Look) (namedDay, bool, error) {
	sign := 1
	n := len(words)
	switch {
	case n == 3 && words[0] == "in":
		words = words[1:]
	case n == 3 && words[2] == "ago":
		words, sign = words[:2], -1
	case n == 4 && words[2] == "from" && (words[3] == "now" || words[3] == "today"):
		words = words[:2]
	default:
		return namedDay{}, false, nil
	}
	many, ok1 := count(words[0])
	unit, ok2 := lengths[words[1]]
	if !ok1 || !ok2 {
		return namedDay{}, false, nil
	}
	return namedDay{date: unit.after(today, sign*many)}, true, nil
}

// A length is a number of days or of months.
type length struct{ days, months int }

var lengths = map[string]length{
	"day": {days: 1}, "days": {days: 1}, "week": {days: 7}, "weeks": {days: 7},
	"fortnight": {days: 14}, "fortnights": {days: 14}, "month": {months: 1}, "months": {months: 1},
	"quarter": {months: 3}, "quarters": {months: 3}, "year": {months: 12}, "years": {months: 12},
}

// after is the day n lengths after d; a day that the month has not is its last.
func (l length) after(d Date, n int) Date {
	if l.months == 0 {
		return d + Date(n*l.days)
	}
	year, month, day := d.Time().Date()
	month += time.Month(n * l.months)
	if to, ok := dayOf(year, month, day); ok {
		return to
	}
	to, _ := dayOf(year, month, 0)
	return to
}

// readEdge reads "end of next month", "end of March", "start of Q1 2027", "month end".
func readEdge(words []string, today Date, look Look) (namedDay, bool, error) {
	n := len(words)
	if n == 2 && words[1] == "end" {
		words, n = []string{"end", "of", words[0]}, 3
	}
	atEnd := n > 2 && words[0] == "end"
	if n < 3 || words[1] != "of" || !atEnd && words[0] != "start" && words[0] != "beginning" {
		return namedDay{}, false, nil
	}
	u, ok, err := readUnit(words[2:], today)
	if !ok || err != nil {
		return namedDay{}, false, err
	}
	if atEnd {
		return u.to, true, nil
	}
	return u.from, true, nil
}

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "mon": time.Monday, "tuesday": time.Tuesday, "tue": time.Tuesday, "tues": time.Tuesday,
	"wednesday": time.Wednesday, "wed": time.Wednesday, "weds": time.Wednesday,
	"thursday": time.Thursday, "thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday,
	"friday": time.Friday, "fri": time.Friday, "saturday": time.Saturday, "sat": time.Saturday,
	"sunday": time.Sunday, "sun": time.Sunday,
}

var months = map[string]time.Month{
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5,
	"june": 6, "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9,
	"october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}

// dateVocabulary is what a misspelt word is compared with.
var dateVocabulary = func() []string {
	words := []string{"today", "yesterday", "tomorrow", "quarter", "month", "week", "year"}
	for w := range weekdays {
		if len(w) > 5 {
			words = append(words, w)
		}
	}
	for w := range months {
		if len(w) > 4 {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return words
}()

// unclearDate says that s is not understood, with the word it may have been meant to hold.
func unclearDate(s string, words []string, today Date, look Look) *Mistake {
	hint := "Type it like 12 Nov, last Tuesday or yesterday."
	if look == Future {
		hint = "Type it like 12 Nov, in 2 weeks or end of March."
	}
	if strings.TrimSpace(s) == "" {
		return Wrong(Unclear, hint, "I need a date.")
	}
	if put, ok := respelt(words); ok {
		if _, ok, _ := readDay(put, today, look); ok {
			hint = "Did you mean " + bare(put) + "?"
		}
	}
	return Wrong(Unclear, hint, "I can't read %s as a date.", quoted(s))
}

// respelt is words with the first misspelt one put right.
func respelt(words []string) ([]string, bool) {
	for i, w := range words {
		near, ok := nearestWord(w, dateVocabulary)
		_, isLength := lengths[w]
		if ok && near != w && !isLength {
			put := slices.Clone(words)
			put[i] = near
			return put, true
		}
	}
	return nil, false
}

// said is words between quotation marks, as people write them.
func said(words []string) string { return quoted(bare(words)) }

// bare is words as people write them, names with a capital letter.
func bare(words []string) string {
	put := slices.Clone(words)
	for i, w := range put {
		_, isWeekday := weekdays[w]
		if _, span := calendarWord(w); isWeekday || span > 0 {
			put[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(put, " ")
}

// twoDays asks which of two days the quoted words mean.
func twoDays(quoted string, a, b, today Date) *Mistake {
	return Wrong(Ambiguous, "Type "+a.Human(today)+" or "+b.Human(today)+".", "%s can mean two days.", quoted)
}

func outOfYears() *Mistake {
	return Wrong(Invalid, "Type a day nearer to today.", "I only know the years %d to %d.", firstYear, lastYear)
}
