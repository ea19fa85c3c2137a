package goals

import (
	"strings"
	"time"
)

// readWeekday reads "Tue", "last Tue", "Friday next week" and "Tue 24 Nov".
func readWeekday(words []string, today Date, look Look) (namedDay, bool, error) {
	n := len(words)
	if n == 0 {
		return namedDay{}, false, nil
	}
	first, named := weekdays[words[0]]
	switch {
	case named && n == 1:
		return namedDay{kind: weekly, weekday: first}, true, nil
	case named && n == 3 && words[2] == "week":
		shift, ok := weekShifts[words[1]]
		return namedDay{date: today.Monday() + shift + fromMonday(first)}, ok, nil
	case named:
		return dayWithName(first, words[1:], today, look)
	case n == 2:
		wd, ok := weekdays[words[1]]
		if !ok {
			return namedDay{}, false, nil
		}
		return shiftedWeekday(words, wd, today, look)
	}
	return namedDay{}, false, nil
}

var weekShifts = map[string]Date{"last": -7, "this": 0, "next": 7}

// fromMonday is how many days after Monday a weekday is.
func fromMonday(wd time.Weekday) Date { return Date((int(wd) + 6) % 7) }

// shiftedWeekday reads "last", "this" and "next" before a weekday. Each has two readings, by
// calendar weeks and by the nearest such day; where they are not the same day, it asks.
func shiftedWeekday(words []string, wd time.Weekday, today Date, look Look) (namedDay, bool, error) {
	word := words[0]
	shift, ok := weekShifts[word]
	if !ok {
		return namedDay{}, false, nil
	}
	byWeek := today.Monday() + shift + fromMonday(wd)
	byNearness := byWeek
	switch away := Date(wd-today.Weekday()+7) % 7; { // days until the next such day, 0 on the day
	case word == "next" && away == 0:
		byNearness = today + 7
	case word == "next":
		byNearness = today + away
	case word == "last":
		byNearness = today + away - 7
	case look == Future && byWeek < today:
		byNearness = today + away
	}
	if byWeek != byNearness {
		return namedDay{}, false, twoDays(said(words), min(byWeek, byNearness), max(byWeek, byNearness), today)
	}
	return namedDay{date: byWeek}, true, nil
}

// dayWithName reads a date that has its weekday before it, and holds the two together.
func dayWithName(wd time.Weekday, words []string, today Date, look Look) (namedDay, bool, error) {
	if words[0] == "the" {
		words = words[1:]
	}
	n, ok, err := readDayOfMonth(words, today, look)
	if !ok && err == nil {
		n, ok, err = readNumeric(words, today, look)
	}
	if !ok || err != nil {
		return namedDay{}, false, err
	}
	d, err := n.resolve(today, look)
	if err != nil {
		return namedDay{}, false, err
	}
	if d.Weekday() != wd {
		day := d.Time().Format("2 Jan 2006")
		return namedDay{}, false, Wrong(Invalid, "Type the weekday or the date alone.", "%s is a %s, not a %s.", day, d.Weekday(), wd)
	}
	return namedDay{date: d}, true, nil
}

// readDayOfMonth reads "12 Nov", "12th of November", "Nov 12", each with a year or without,
// and "the 12th".
func readDayOfMonth(words []string, _ Date, _ Look) (namedDay, bool, error) {
	if len(words) > 2 && words[1] == "of" {
		words = append([]string{words[0]}, words[2:]...)
	}
	if len(words) == 0 || len(words) > 3 {
		return namedDay{}, false, nil
	}
	day, ordinal, isDay := dayNumber(words[0])
	if len(words) == 1 {
		if ordinal && (day < 1 || day > 31) {
			return namedDay{}, false, Wrong(Invalid, "Type a day from 1 to 31.", "No month has a day %d.", day)
		}
		return namedDay{kind: monthly, day: day}, ordinal, nil
	}
	month, isMonth := months[words[1]]
	if !isDay {
		month, isMonth = months[words[0]]
		day, _, isDay = dayNumber(words[1])
	}
	if !isDay || !isMonth {
		return namedDay{}, false, nil
	}
	year, ok := anyYear, true
	if len(words) == 3 {
		year, ok = yearNumber(words[2])
	}
	if !ok {
		return namedDay{}, false, nil
	}
	return calendarDay(year, month, day)
}

// dayNumber reads "12" and "12th"; ordinal says which.
func dayNumber(w string) (day int, ordinal, ok bool) {
	number := w
	for _, ending := range []string{"st", "nd", "rd", "th"} {
		if rest, found := strings.CutSuffix(w, ending); found {
			number, ordinal = rest, true
		}
	}
	day, ok = digits(number)
	ok = ok && len(number) <= 2
	return day, ordinal && ok, ok
}

// yearNumber reads "2026", and "26" as the same.
func yearNumber(w string) (int, bool) {
	y, ok := digits(w)
	switch {
	case ok && len(w) == 4:
		return y, true
	case ok && len(w) == 2:
		return 2000 + y, true
	}
	return 0, false
}

// anyYear stands for the year of a day that was named without one.
const anyYear = -1

// calendarDay is a date of the calendar, or a Mistake where the calendar has none.
func calendarDay(year int, month time.Month, day int) (namedDay, bool, error) {
	y := year
	switch {
	case month < 1 || month > 12:
		return namedDay{}, false, Wrong(Invalid, "Type the day first and then the month, like 25/12/2026.", "There is no month %d.", int(month))
	case year == anyYear:
		y = 2000 // which has a 29 February
	case year < firstYear || year > lastYear:
		return namedDay{}, false, outOfYears()
	}
	d, ok := dayOf(y, month, day)
	switch {
	case !ok && day == 29:
		return namedDay{}, false, Wrong(Invalid, "Its last day is 28 Feb.", "February %d has no day 29.", year)
	case !ok || day == 0:
		last, _ := dayOf(y, month, 0)
		return namedDay{}, false, Wrong(Invalid, "Its last day is "+last.Time().Format("2 Jan")+".", "%s has no day %d.", month, day)
	case year == anyYear:
		return namedDay{kind: yearly, month: month, day: day}, true, nil
	}
	return namedDay{date: d}, true, nil
}

// readNumeric reads dates in digits: year first; or day first; or, with / and - between, month
// first where it has to be. Where both could be, it asks. Two numbers are a date only with /
// between: "12.11" is a number, "12-11" a range.
func readNumeric(words []string, _ Date, _ Look) (namedDay, bool, error) {
	if len(words) != 1 {
		return namedDay{}, false, nil
	}
	w := words[0]
	sign := strings.TrimLeft(w, "0123456789")
	if sign == "" || strings.IndexByte("/-.", sign[0]) < 0 {
		return namedDay{}, false, nil
	}
	parts := strings.Split(w, sign[:1])
	var numbers [3]int
	for i, p := range parts {
		n, ok := digits(p)
		if !ok || i > 2 {
			return namedDay{}, false, nil
		}
		numbers[i] = n
	}
	year, hasYear := yearNumber(parts[len(parts)-1])
	short := len(parts[0]) <= 2 && len(parts[1]) <= 2
	switch {
	case len(parts) == 2 && short && sign[0] == '/':
		return eitherOrder(w, numbers[0], numbers[1], anyYear)
	case len(parts) == 3 && short && hasYear && sign[0] == '.':
		return calendarDay(year, time.Month(numbers[1]), numbers[0])
	case len(parts) == 3 && short && hasYear:
		return eitherOrder(w, numbers[0], numbers[1], year)
	case len(parts) == 3 && len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2:
		return calendarDay(numbers[0], time.Month(numbers[1]), numbers[2])
	}
	return namedDay{}, false, nil
}

// eitherOrder decides between day/month and month/day.
func eitherOrder(s string, a, b, year int) (namedDay, bool, error) {
	switch one, other := a >= 1 && b >= 1 && b <= 12, a >= 1 && b >= 1 && a <= 12; {
	case one && other && a != b:
		y, layout := year, "2 Jan 2006"
		if year == anyYear {
			y, layout = 2000, "2 Jan"
		}
		dayFirst := NewDate(y, time.Month(b), a).Time().Format(layout)
		monthFirst := NewDate(y, time.Month(a), b).Time().Format(layout)
		return namedDay{}, false, Wrong(Ambiguous, "Type "+dayFirst+" or "+monthFirst+".", "%s can mean two days.", quoted(s))
	case other && !one:
		a, b = b, a
	}
	return calendarDay(year, time.Month(b), a)
}
