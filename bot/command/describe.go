package command

import (
	"slices"
	"strconv"
	"strings"

	"payoff/goals"
)

// counted is what each measure that is counted in pieces is called, one and several of it.
var counted = map[goals.Measure][2]string{
	goals.Contacts:          {"contact", "contacts"},
	goals.Conversations:     {"conversation", "conversations"},
	goals.Qualified:         {"qualified", "qualified"},
	goals.Deals:             {"deal", "deals"},
	goals.OneToOnes:         {"one-to-one", "one-to-ones"},
	goals.ReferralsGiven:    {"referral given", "referrals given"},
	goals.ReferralsReceived: {"referral received", "referrals received"},
	goals.Visitors:          {"visitor", "visitors"},
	goals.Partners:          {"partner", "partners"},
	goals.Advice:            {"piece of advice", "pieces of advice"},
}

// InWords is an amount of a measure as it is said and as ParseLog reads it: "2h", "£25 spent", "1 deal".
func InWords(m goals.Measure, v int64, c goals.Currency) string {
	switch {
	case m == goals.Hours:
		return goals.FormatMinutes(v)
	case m == goals.Spend:
		return goals.Money{Minor: v, Currency: c}.String() + " spent"
	case m == goals.Revenue && v < 0:
		return goals.Money{Minor: -v, Currency: c}.String() + " refunded"
	case m == goals.Revenue:
		return goals.Money{Minor: v, Currency: c}.String() + " revenue"
	case v == 1:
		return "1 " + counted[m][0]
	}
	return strconv.FormatInt(v, 10) + " " + counted[m][1]
}

// AmountsInWords is all that is not nought, in the order of the measures. ParseLog reads it
// back, so it can stand in a field of a form.
func AmountsInWords(a goals.Amounts, c goals.Currency) string {
	var said []string
	for m, v := range a {
		if v != 0 {
			said = append(said, InWords(goals.Measure(m), v, c))
		}
	}
	return strings.Join(said, ", ")
}

// Words is the line as it was understood: "BNI, Sat 21 Nov: 2h, £25 spent, 4 contacts (with Priya)".
func (e Entry) Words(d Desk) string {
	s := nameIn(d, e.Channel) + ", " + dated(e.Date, d.Today) + ": " + AmountsInWords(e.Amounts, d.Currency)
	if e.Note != "" {
		s += " (" + e.Note + ")"
	}
	return s
}

// Canonical is the entry as a line that is read back as the same entry, on any day.
func Canonical(e Entry, d Desk) string {
	fields := []string{spelled(nameIn(d, e.Channel), d), e.Date.String()}
	if a := AmountsInWords(e.Amounts, d.Currency); a != "" {
		fields = append(fields, a)
	}
	if e.Note != "" {
		fields = append(fields, `note: "`+unquoted(e.Note)+`"`)
	}
	return strings.Join(fields, ", ")
}

// spelled is a channel's name as a line can hold it: in quotes when it would be read as something else.
func spelled(name string, d Desk) string {
	r := newReader(name+", 1 contact", d)
	whole := func(p part) bool {
		return p.kind == channelPart && p.from == 0 && r.low(p.to) == "," && r.channelName(r.roll.channels[p.channel].ID) == name
	}
	if err := r.scan(); err == nil && slices.ContainsFunc(r.parts, whole) && len(r.all(channelPart)) == 1 {
		return name
	}
	return `"` + unquoted(name) + `"`
}

// unquoted takes the double quotation marks out of a text that is about to be put in some.
func unquoted(s string) string {
	return strings.Map(func(c rune) rune {
		if plain(c) == '"' {
			return '\''
		}
		return c
	}, s)
}

func nameIn(d Desk, id goals.ChannelID) string {
	r := reader{desk: d}
	return r.channelName(id)
}

// dated is a date with its day of the week: "Sat 21 Nov".
func dated(date, today goals.Date) string { return date.Time().Format("Mon ") + date.Human(today) }

// Words is the goal as it was understood: "£120,000 by 31 Dec", "£8,000 a month".
func (r Revenue) Words(d Desk) string {
	if r.Every != goals.Once {
		return r.Amount.String() + " a " + string(r.Every)
	}
	return r.Amount.String() + " " + Span(r.Period, d.Today)
}

// Span says a period as one says a goal's: "by 31 Dec", "in Q4 2026", and what is to come
// from its first day.
func Span(p goals.Period, today goals.Date) string {
	name := p.Human(today)
	switch {
	case !strings.Contains(name, " to "):
		return "in " + name
	case p.From > today:
		return "from " + p.From.Human(today) + " to " + p.To.Human(today)
	}
	return "by " + p.To.Human(today)
}

// Words is the objective as it was understood: "at most 3h a week, Facebook".
func (n NewObjective) Words(d Desk) string {
	return ObjectiveInWords(goals.Objective{Measure: n.Measure, AtMost: n.AtMost, Amount: n.Amount, Every: n.Every, Channel: n.Channel}, d)
}

// ObjectiveInWords is an objective as it is said: "at least 2 one-to-ones a week, BNI".
func ObjectiveInWords(o goals.Objective, d Desk) string {
	said := "at least "
	if o.AtMost {
		said = "at most "
	}
	said += InWords(o.Measure, o.Amount, d.Currency) + " a " + string(o.Every)
	if o.Channel == "" {
		return said
	}
	return said + ", " + nameIn(d, o.Channel)
}
