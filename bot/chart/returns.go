package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"payoff/goals"
	"payoff/goals/evidence"
)

// ReturnsData is what an hour of each channel, or of each kind, brings. Its figures are an
// owner's money and are for that owner alone.
type ReturnsData struct {
	Subtitle string // "Priya Shah · 38 weeks"; may be empty
	Currency goals.Currency
	// HourWorth is what an hour is worth to its owner, in minor units; 0 is unsaid.
	HourWorth int64
	Rows      []ReturnRow // in any order
}

// A ReturnRow is one channel or kind: what it is called and what evidence.Analyse says of it.
type ReturnRow struct {
	Name string // any text
	evidence.Return
}

// mostReturns are drawn; the others are counted below them.
const mostReturns = 15

// Returns draws what an hour brings: the middle of what is likely and its 90 % interval, the
// best first. What is too soon to judge stands last, faded and without a figure.
func Returns(d ReturnsData) (png []byte, alt string, err error) {
	r := returnsOf(d)
	c, err := newCanvas()
	if err != nil {
		return nil, "", err
	}
	defer c.close()
	c.drawReturns(r)
	if png, err = c.png(); err != nil {
		return nil, "", err
	}
	return png, r.alt(), nil
}

// returns are what the picture and its alternative text both say.
type returns struct {
	subtitle string
	worth    goals.Money // an hour; nothing when unsaid
	rows     []returnRow
	kinds    []goals.Kind
	more     int     // rows beyond the last
	soon     string  // how long what is too soon usually takes, "about 4 to 5 weeks"
	spend    bool    // some of the rows cost money too
	scale    logAxis // fits the rows
}

// A returnRow is one row as drawn.
type returnRow struct {
	name        string // cleaned and whole
	kind        goals.Kind
	sample      string // "12 deals, 40h"
	soon        bool
	figure      bool    // there are bounds, if only faded ones
	lo, mid, hi float64 // minor units
	delay       float64
	money       func(float64) goals.Money
}

func returnsOf(d ReturnsData) returns {
	r := returns{
		subtitle: clean(d.Subtitle, maxName),
		worth:    goals.Money{Minor: min(max(d.HourWorth, 0), mostMinor), Currency: d.Currency},
	}
	var rows []returnRow
	var kinds []goals.Kind
	for _, row := range d.Rows {
		rows = append(rows, returnRowOf(row, d.Currency))
		r.spend = r.spend || row.Spend > 0
	}
	slices.SortStableFunc(rows, func(a, b returnRow) int {
		if a.soon != b.soon {
			return map[bool]int{true: 1, false: -1}[a.soon]
		}
		return cmp.Or(cmp.Compare(b.mid, a.mid), cmp.Compare(a.name, b.name))
	})
	r.more = max(len(rows)-mostReturns, 0)
	r.rows = rows[:len(rows)-r.more]
	for _, row := range r.rows {
		kinds = append(kinds, row.kind)
	}
	r.kinds = kindsIn(kinds)
	r.soon = usually(r.rows)
	r.scale = axisOf(r)
	return r
}

// returnRowOf reads one row. Bounds that make no sense are no figure, so that nothing is ever
// drawn from a NaN.
func returnRowOf(row ReturnRow, currency goals.Currency) returnRow {
	minutes := int64(0)
	if row.Hours > 0 { // no NaN
		minutes = int64(math.Round(min(row.Hours*60, most)))
	}
	deals := plural(int(min(max(row.Deals, 0), most)), "deal")
	if row.Deals <= 0 {
		deals = "no deals"
	}
	out := returnRow{
		name: clean(row.Name, maxName), kind: row.Kind, soon: !row.Show,
		sample: deals + ", " + hoursText(minutes),
		money:  func(minor float64) goals.Money { return estimate(minor, currency) },
	}
	if 0 <= row.Lo && row.Lo <= row.Mid && row.Mid <= row.Hi && row.Hi <= mostMinor {
		out.figure, out.lo, out.mid, out.hi = true, row.Lo, row.Mid, row.Hi
	} else {
		out.soon = true
	}
	if row.Delay > 0 && row.Delay < most {
		out.delay = math.Round(row.Delay)
	}
	return out
}

// usually is how long the work that is too soon to judge takes to pay; empty where nothing is.
func usually(rows []returnRow) string {
	least, longest := math.Inf(1), 0.0
	for _, r := range rows {
		if r.soon && r.delay > 0 {
			least, longest = min(least, r.delay), max(longest, r.delay)
		}
	}
	switch {
	case longest == 0:
		return ""
	case least == longest:
		return "about " + plural(int(longest), "week")
	}
	return fmt.Sprintf("about %.0f to %.0f weeks", least, longest)
}

// interval is the bounds in short, the currency said once: "£18–95".
func (r returnRow) interval() string {
	lo, hi := shortAmount(r.money(r.lo)), shortAmount(r.money(r.hi))
	if lo == hi {
		return lo
	}
	return lo + "–" + hi[max(strings.IndexAny(hi, "0123456789"), 0):]
}

// tooSoon is said in place of a figure.
const tooSoon = "too soon"

// noReturns is said where there is no row.
const noReturns = "Nothing to compare yet: it takes logged hours and a first deal with its amount."

// alt is the alternative text: the rows that fit and how many more there are.
func (r returns) alt() string {
	text, tail := "Return per hour", ""
	if r.subtitle != "" {
		text += ", " + r.subtitle
	}
	if len(r.rows) == 0 {
		return text + ". " + noReturns
	}
	text += ", with 90% intervals:"
	if r.soon != "" {
		tail += " Too soon: this work usually takes " + r.soon + " to pay."
	}
	if r.worth.Minor > 0 {
		tail += " An hour is worth " + exact(r.worth) + " to its owner."
	}
	if r.spend {
		tail += " Spend is not taken off."
	}
	said := 0
	for _, row := range r.rows {
		next := text + " " + row.alt() + ";"
		if length(next)+length(" and 1,000,000 more.")+length(tail) > maxAlt {
			break
		}
		said, text = said+1, next
	}
	if more := len(r.rows) + r.more - said; more > 0 {
		return fmt.Sprintf("%s and %s more.", text, grouped(int64(more))) + tail
	}
	return strings.TrimSuffix(text, ";") + "." + tail
}

func (r returnRow) alt() string {
	name := r.name
	if name == "" {
		name = "one without a name"
	}
	figure := tooSoon
	if !r.soon {
		figure = fmt.Sprintf("%s (%s to %s)", exactShort(r.money(r.mid)), exactShort(r.money(r.lo)), exactShort(r.money(r.hi)))
	}
	return fmt.Sprintf("%s (%s) %s, %s", name, kindName(r.kind), figure, r.sample)
}
