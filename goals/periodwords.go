package goals

import (
	"slices"
	"strings"
)

// ParsePeriod reads a stretch of days as people type it:
//
//	by 31 Dec   until Friday   since 1 Oct   this quarter   next month   last year
//	Q1   Q1 2027   October   October 2026   2027   next 6 weeks   last 4 weeks   in 90 days
//	1 Jan to 31 Mar   from 1 Jan 2027 to 31 Mar 2027   1-15 March   October to December
//	a month   per week   quarterly   annually
//
// The words of the last line renew: they give the running week, month, quarter or year and its
// Every; all others give Once. "by" and "next 6 weeks" start today, "last 4 weeks" ends today,
// each counting today. A month or quarter without its year is the next that has not ended when
// look is Future, and the latest that has begun when it is Past.
//
// A period that ends before it starts, that is over though look is Future, or that has not
// begun though look is Past, is a Mistake with code Invalid. "by March" can be its first day or
// its last, and is Ambiguous.
func ParsePeriod(s string, today Date, look Look) (Period, Every, error) {
	if e, ok := renewals[plain(s)]; ok {
		return e.Period(today), e, nil
	}
	words := dateWords(s)
	p, ok, err := readPeriod(words, today, look)
	if err == nil && !ok {
		err = unclearPeriod(s, words, today, look)
	}
	if err == nil {
		err = possible(s, p, today, look)
	}
	if err != nil {
		return Period{}, Once, typed(s, err)
	}
	return p, Once, nil
}

func possible(s string, p Period, today Date, look Look) error {
	switch {
	case p.From.Year() < firstYear || p.To.Year() > lastYear:
		return outOfYears()
	case p.To < p.From:
		return Wrong(Invalid, "Type the earlier day first.", "%s ends before it starts.", quoted(s))
	case look == Future && p.To < today:
		return over(quoted(s))
	case look == Past && p.From > today:
		return notBegun(quoted(s))
	}
	return nil
}

func over(what string) *Mistake {
	return Wrong(Invalid, "Type one that still runs, such as this quarter or by 31 Dec.", "%s is over already.", what)
}

func notBegun(what string) *Mistake {
	return Wrong(Invalid, "Type one that has begun, such as this quarter or last month.", "%s has not begun yet.", what)
}

// readPeriod tries every form of a period, like readDay.
func readPeriod(words []string, today Date, look Look) (Period, bool, error) {
	if len(words) == 0 {
		return Period{}, false, nil
	}
	switch rest := words[1:]; words[0] {
	case "by", "until", "till":
		to, ok, err := readDeadline(words[0], rest, today)
		return Period{today, to}, ok, err
	case "since":
		if look == Future {
			return Period{}, false, nil
		}
		from, ok, err := readSince(rest, today)
		return Period{from, today}, ok, err
	}
	for _, form := range [...]func([]string, Date, Look) (Period, bool, error){
		readRange, readRunning, readWhole, readSingle,
	} {
		if p, ok, err := form(words, today, look); ok || err != nil {
			return p, ok, err
		}
	}
	return Period{}, false, nil
}

// readDeadline reads what follows "by": a day.
func readDeadline(by string, words []string, today Date) (Date, bool, error) {
	n, ok, err := readDay(words, today, Future)
	if err != nil {
		return 0, false, err
	}
	if ok {
		d, err := n.resolve(today, Future)
		if err == nil && n.kind == weekly && d == today {
			err = twoDays(said(words), today, today+7, today)
		}
		return d, err == nil, err
	}
	u, ok, err := readUnit(words, today)
	if err != nil || !ok {
		return 0, false, err
	}
	p, err := u.resolve(today, Future)
	if err != nil {
		return 0, false, err
	}
	hint := "Type " + by + " " + p.From.Human(today) + " or " + by + " " + p.To.Human(today) + "."
	if p.From <= today {
		hint = "Type " + by + " " + p.To.Human(today) + " if that is what you mean."
	}
	return 0, false, Wrong(Ambiguous, hint, "%s can mean its start or its end.", said(words))
}

// readSince reads what follows "since": a day, or a unit from its start.
func readSince(words []string, today Date) (Date, bool, error) {
	n, ok, err := readDay(words, today, Past)
	if !ok && err == nil {
		var u unit
		u, ok, err = readUnit(words, today)
		n = u.from
	}
	if err != nil || !ok {
		return 0, false, err
	}
	d, err := n.resolve(today, Past)
	return d, err == nil, err
}

// readRunning reads "next 6 weeks", "last 4 weeks", "in 90 days", "for 3 months".
func readRunning(words []string, today Date, look Look) (Period, bool, error) {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "the" || w == "over" })
	if len(words) != 3 {
		return Period{}, false, nil
	}
	n, ok1 := count(words[1])
	l, ok2 := lengths[words[2]]
	if !ok1 || !ok2 {
		return Period{}, false, nil
	}
	ahead := words[0] == "next" || words[0] == "in" || words[0] == "within" || words[0] == "for"
	switch {
	case !ahead && words[0] != "last" && words[0] != "past":
		return Period{}, false, nil
	case n == 0:
		return Period{}, false, Wrong(Invalid, "Type a number from 1 up.", "A period has at least one day.")
	case ahead && look == Past:
		return Period{}, false, notBegun(said(words))
	case ahead:
		return Period{today, l.after(today, n) - 1}, true, nil
	case look == Future:
		return Period{}, false, over(said(words))
	}
	return Period{l.after(today, -n) + 1, today}, true, nil
}

// readWhole reads a unit of the calendar: "this quarter", "October", "Q1 2027", "2027".
func readWhole(words []string, today Date, look Look) (Period, bool, error) {
	u, ok, err := readUnit(words, today)
	if err != nil || !ok {
		return Period{}, false, err
	}
	if _, bare := units[words[len(words)-1]]; bare && len(words) == 1 && look == Future {
		hint := "Type this " + words[0] + ", or a " + words[0] + " for one that renews."
		return Period{}, false, Wrong(Ambiguous, hint, "%s can be read in two ways.", said(words))
	}
	p, err := u.resolve(today, look)
	return p, err == nil, err
}

// readSingle reads one day, which is a period to look back on; of one ahead it asks whether it is the end.
func readSingle(words []string, today Date, look Look) (Period, bool, error) {
	n, ok, err := readDay(words, today, look)
	if err != nil || !ok {
		return Period{}, false, err
	}
	d, err := n.resolve(today, look)
	if err != nil {
		return Period{}, false, err
	}
	if look == Future {
		return Period{}, false, Wrong(Unclear, "Type by "+d.Human(today)+" to run from today until then.", "%s is one day.", said(words))
	}
	return Period{d, d}, true, nil
}

// readRange reads two days, months, quarters or years with "to" or the like between.
func readRange(words []string, today Date, look Look) (Period, bool, error) {
	left, right, ok := splitRange(words)
	if !ok || isYear(left) != isYear(right) { // "Nov-2026" is a month
		return Period{}, false, nil
	}
	if _, _, isDay := dayNumber(right[0]); isDay && len(left) == 1 && len(right) > 1 {
		if _, _, isDay := dayNumber(left[0]); isDay { // "1 to 31 March"
			left = slices.Concat(left, right[1:])
		}
	}
	from, ok, err := readEndpoint(left, today, look)
	if err != nil || !ok {
		return Period{}, false, err
	}
	to, ok, err := readEndpoint(right, today, look)
	if err != nil || !ok {
		return Period{}, false, err
	}
	p, err := between(from.from, to.to, today, look)
	return p, err == nil, err
}

// splitRange parts the words at the first "to" or the like, or at a hyphen between two words.
func splitRange(words []string) (left, right []string, ok bool) {
	separators := []string{"to", "until", "till", "through", "-"}
	switch words[0] {
	case "from":
		words = words[1:]
	case "between":
		words, separators = words[1:], []string{"and"}
	}
	if i := slices.IndexFunc(words, func(w string) bool { return slices.Contains(separators, w) }); i >= 0 {
		left, right = words[:i], words[i+1:]
		return left, right, len(left) > 0 && len(right) > 0
	}
	for i, w := range words {
		if a, b, found := strings.Cut(w, "-"); found && a != "" && b != "" && !strings.Contains(b, "-") {
			return slices.Concat(words[:i], []string{a}), slices.Concat([]string{b}, words[i+1:]), true
		}
	}
	return nil, nil, false
}

func isYear(words []string) bool {
	_, ok := digits(words[0])
	return ok && len(words) == 1 && len(words[0]) == 4
}

// readEndpoint reads one end of a range: a day, or a unit for its first or last day.
func readEndpoint(words []string, today Date, look Look) (unit, bool, error) {
	n, ok, err := readDay(words, today, look)
	if ok || err != nil {
		return unit{n, n}, ok, err
	}
	return readUnit(words, today)
}

func unclearPeriod(s string, words []string, today Date, look Look) *Mistake {
	hint := "Type it like last quarter, October or last 4 weeks."
	if look == Future {
		hint = "Type it like by 31 Dec, this quarter or a month."
	}
	if strings.TrimSpace(s) == "" {
		return Wrong(Unclear, hint, "I need to know from when to when.")
	}
	if put, ok := respelt(words); ok {
		if _, ok, _ := readPeriod(put, today, look); ok {
			hint = "Did you mean " + bare(put) + "?"
		}
	}
	return Wrong(Unclear, hint, "I can't tell from when to when %s is.", quoted(s))
}
