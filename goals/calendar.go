package goals

import "time"

// A unit is a week, month, quarter or year of the calendar, or one that comes round each year.
type unit struct{ from, to namedDay }

var units = map[string]Every{"week": Week, "month": Month, "quarter": Quarter, "year": Year}

// readUnit reads "this month", "next quarter", "last year", "month", "October", "October 2026",
// "Q1", "Q1 2027", "2027".
func readUnit(words []string, today Date) (unit, bool, error) {
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	if len(words) > 1 && (words[0] == "this" || words[0] == "current") {
		if _, ok := units[words[1]]; !ok {
			return unit{}, false, nil
		}
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 2 {
		return unit{}, false, nil
	}
	first, last := words[0], words[len(words)-1]
	if e, ok := units[last]; ok {
		p := e.Period(today)
		switch {
		case len(words) == 1:
		case first == "next":
			p = e.Period(p.To + 1)
		case first == "last" || first == "previous":
			p = e.Period(p.From - 1)
		default:
			return unit{}, false, nil
		}
		return fixedUnit(p), true, nil
	}
	return readNamedUnit(first, last, len(words) == 1)
}

// readNamedUnit reads a month, quarter or year by its name: "October" alone, "Q1" before "2027",
// "2027" alone.
func readNamedUnit(first, last string, alone bool) (unit, bool, error) {
	month, span := calendarWord(first)
	switch {
	case alone && span > 0:
		end := month + time.Month(span-1)
		return unit{namedDay{kind: yearly, month: month, day: 1}, namedDay{kind: yearly, month: end}}, true, nil
	case alone:
		month, span = 1, 12
	case span == 0:
		return unit{}, false, nil
	}
	year, ok := digits(last)
	switch {
	case !ok || len(last) != 4:
		return unit{}, false, nil
	case year < firstYear || year > lastYear:
		return unit{}, false, outOfYears()
	}
	return fixedUnit(Period{NewDate(year, month, 1), NewDate(year, month+time.Month(span), 0)}), true, nil
}

func fixedUnit(p Period) unit { return unit{namedDay{date: p.From}, namedDay{date: p.To}} }

// calendarWord is the first month, and the number of months, of a month's name or "q1" to "q4".
func calendarWord(w string) (month time.Month, span int) {
	if m, ok := months[w]; ok {
		return m, 1
	}
	if len(w) == 2 && w[0] == 'q' && w[1] >= '1' && w[1] <= '4' {
		return time.Month(w[1]-'1')*3 + 1, 3
	}
	return 0, 0
}

// resolve is the unit nearest to today on the side that look says: the next that has not ended, or the
// latest that has begun.
func (u unit) resolve(today Date, look Look) (Period, error) {
	return between(u.from, u.to, today, look)
}

// between is the period from one named day to another. One that names no year lies beside the one that
// does; when neither does, the end is the next after today, or the start the latest before it.
func between(from, to namedDay, today Date, look Look) (p Period, err error) {
	if from.kind == fixed || to.kind != fixed && look == Past {
		if p.From, err = from.resolve(today, look); err == nil {
			p.To, err = to.resolve(p.From, Future)
		}
		return p, err
	}
	if p.To, err = to.resolve(today, look); err == nil {
		p.From, err = from.resolve(p.To, Past)
	}
	return p, err
}
