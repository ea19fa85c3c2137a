package goals

import "time"

// Days is how many days the period has; 0 when it ends before it starts.
func (p Period) Days() int { return max(0, int(p.To)-int(p.From)+1) }

// Contains reports whether the day is one of the period's.
func (p Period) Contains(d Date) bool { return p.From <= d && d <= p.To }

// Overlaps reports whether the periods have a day in common.
func (p Period) Overlaps(o Period) bool {
	return max(p.From, o.From) <= min(p.To, o.To)
}

// Human is the period as people write it: "2027", "Q4 2026" and "November 2026" for whole
// years, quarters and months, a date for one day, and else "1 Oct to 15 Dec", with years
// unless both are that of today: "1 Oct 2026 to 15 Mar 2027", "1 Jan to 15 Mar 2027".
func (p Period) Human(today Date) string {
	switch p {
	case Year.Period(p.From):
		return p.From.Time().Format("2006")
	case Quarter.Period(p.From):
		return "Q" + string(rune('1'+(p.From.Month()-1)/3)) + p.From.Time().Format(" 2006")
	case Month.Period(p.From):
		return p.From.Time().Format("January 2006")
	case Once.Period(p.From):
		return p.From.Human(today)
	}
	const long, short = "2 Jan 2006", "2 Jan"
	from, to := long, long
	if p.From.Year() == p.To.Year() {
		from = short
		if p.To.Year() == today.Year() {
			to = short
		}
	}
	return p.From.Time().Format(from) + " to " + p.To.Time().Format(to)
}

// Period is the week (from Monday), month, quarter or year that has the day in it; for Once it is the day.
func (e Every) Period(on Date) Period {
	year, month, _ := on.Time().Date()
	months := time.Month(0)
	switch e {
	case Week:
		return Period{on.Monday(), on.Monday() + 6}
	case Month:
		months = 1
	case Quarter:
		month -= (month - 1) % 3
		months = 3
	case Year:
		month, months = 1, 12
	default:
		return Period{on, on}
	}
	return Period{NewDate(year, month, 1), NewDate(year, month+months, 0)}
}

// ParseEvery reads how often something comes round: "a week", "weekly", "per month", "every
// quarter", "annually".
func ParseEvery(s string) (Every, error) {
	if e, ok := renewals[plain(s)]; ok {
		return e, nil
	}
	const hint = "Type a week, a month, a quarter or a year."
	if plain(s) == "" {
		return Once, typed(s, Wrong(Unclear, hint, "I need to know how often."))
	}
	if tooOften[plain(s)] {
		return Once, typed(s, Wrong(Invalid, hint, "Nothing here comes round %s.", quoted(s)))
	}
	return Once, typed(s, Wrong(Unclear, hint, "I can't tell how often %s is.", quoted(s)))
}

// renewals are the words for each Every. The bare unit is none of them: "a month" renews, and
// "this month" does not.
var renewals = func() map[string]Every {
	m := map[string]Every{
		"weekly": Week, "monthly": Month, "quarterly": Quarter, "yearly": Year, "annually": Year, "annual": Year,
		"per annum": Year, "a yr": Year, "per yr": Year, "/yr": Year, "/mo": Month, "/wk": Week,
	}
	for _, e := range []Every{Week, Month, Quarter, Year} {
		for _, before := range []string{"a ", "per ", "every ", "each ", "/", "/ ", "once a "} {
			m[before+string(e)] = e
		}
	}
	return m
}()

// tooOften are understood, and there is no such Every.
var tooOften = map[string]bool{
	"daily": true, "a day": true, "per day": true, "every day": true, "each day": true, "hourly": true,
	"fortnightly": true, "a fortnight": true, "every fortnight": true, "every two weeks": true, "every 2 weeks": true,
}
