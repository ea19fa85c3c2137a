package main_test

import (
	"fmt"
	"strings"
	"time"
)

// What the browser test expects, worked out here from the rules as the guide states them, and
// with nothing of the project: an error in goals or bot cannot hide in both.

// date is a day; its weeks run from Monday.
func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func dateOf(t time.Time) time.Time            { return date(t.Date()) }
func daysBetween(from, to time.Time) int64    { return int64(to.Sub(from) / (24 * time.Hour)) }
func plusDays(day time.Time, n int) time.Time { return day.AddDate(0, 0, n) }

func mondayOf(day time.Time) time.Time { return plusDays(day, -(int(day.Weekday())+6)%7) }

// nextMonday is the first Monday after a day.
func nextMonday(day time.Time) time.Time { return plusDays(mondayOf(day), 7) }

// human is a date, with the year when it is not today's.
func human(day, today time.Time) string {
	if day.Year() == today.Year() {
		return day.Format("2 Jan")
	}
	return day.Format("2 Jan 2006")
}

// spoken is a date as a receipt says it.
func spoken(day, today time.Time) string {
	switch daysBetween(day, today) {
	case 0:
		return "today"
	case 1:
		return "yesterday"
	}
	return day.Format("Mon ") + human(day, today)
}

// What is counted, in the order in which it is said. Minutes and pence are whole.
const (
	minutes = iota
	spend
	contacts
	conversations
	qualified
	deals
	revenue
	oneToOnes
	referralsGiven
	measures
)

type amounts [measures]int64

func (a amounts) plus(b amounts) amounts {
	for i := range a {
		a[i] += b[i]
	}
	return a
}

// said is amounts in words: "2h, £25 spent, 4 contacts".
func (a amounts) said() string {
	words := [measures]string{contacts: "contact", conversations: "conversation", qualified: "qualified", deals: "deal",
		oneToOnes: "one-to-one", referralsGiven: "referral given"}
	var said []string
	for i, n := range a {
		switch {
		case n == 0:
		case i == minutes:
			said = append(said, hours(n))
		case i == spend:
			said = append(said, pounds(n)+" spent")
		case i == revenue:
			said = append(said, pounds(n)+" revenue")
		case n == 1 || i == qualified:
			said = append(said, fmt.Sprint(n, " ", words[i]))
		case i == referralsGiven:
			said = append(said, fmt.Sprint(n, " referrals given"))
		default:
			said = append(said, fmt.Sprint(n, " ", words[i], "s"))
		}
	}
	return strings.Join(said, ", ")
}

func hours(minutes int64) string {
	switch h, m := minutes/60, minutes%60; {
	case h == 0:
		return fmt.Sprintf("%dm", m)
	case m == 0:
		return fmt.Sprintf("%dh", h)
	default:
		return fmt.Sprintf("%dh %dm", h, m)
	}
}

// pounds is pence as money: £1,200 or £1,200.50.
func pounds(pence int64) string {
	sign := ""
	if pence < 0 {
		sign, pence = "-", -pence
	}
	whole := fmt.Sprint(pence / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if pence%100 != 0 {
		whole += fmt.Sprintf(".%02d", pence%100)
	}
	return sign + "£" + whole
}

// wholePounds leaves the pence out, rounded half to even.
func wholePounds(pence int64) string { return pounds(divided(pence, 100) * 100) }

// divided is n/d, rounded half to even; d is positive.
func divided(n, d int64) int64 {
	q, r := n/d, n%d
	if r < 0 {
		q, r = q-1, r+d
	}
	if 2*r > d || 2*r == d && q%2 != 0 {
		q++
	}
	return q
}

// A logged line is what one of the newcomer's lines means.
type logged struct {
	typed   string
	channel string
	on      time.Time
	amounts amounts
	note    string
}

// receipt is the first line of its answer.
func (l logged) receipt(today time.Time) string {
	return "Logged " + l.what(today) + "."
}

func (l logged) what(today time.Time) string {
	s := l.channel + ", " + spoken(l.on, today) + ": " + l.amounts.said()
	if l.note != "" {
		s += ", " + l.note
	}
	return s
}

// A diary is all that is logged, and the goal it is held against.
type diary struct {
	lines    []logged
	goal     int64 // pence
	from, to time.Time
	worth    int64 // of an hour, in pence
}

// sum adds up what is dated between two days, both included, of one channel or of all.
func (d *diary) sum(from, to time.Time, channel string) (sum amounts) {
	for _, l := range d.lines {
		if !l.on.Before(from) && !l.on.After(to) && (channel == "" || l.channel == channel) {
			sum = sum.plus(l.amounts)
		}
	}
	return sum
}

// week is the line of a receipt that says what the week of a day has come to.
func (d *diary) week(of, today time.Time) string {
	monday, name := mondayOf(of), "This week"
	if !monday.Equal(mondayOf(today)) {
		name = "Week of " + human(monday, today)
	}
	return name + ": " + d.sum(monday, plusDays(monday, 6), "").said() + "."
}

func (d *diary) soFar() int64 { return d.sum(d.from, d.to, "")[revenue] }

// due is the goal's straight line: an equal share for each day before today.
func (d *diary) due(today time.Time) int64 {
	return divided(d.goal*daysBetween(d.from, today), daysBetween(d.from, d.to)+1)
}

func (d *diary) daysLeft(today time.Time) int64 { return daysBetween(today, d.to) + 1 }

// standing is the line with which every receipt ends: "£1,200 of £120,000 by 31 Dec, 1%."
func (d *diary) standing(today time.Time) string {
	return fmt.Sprintf("%s of %s by %s, %d%%.", pounds(d.soFar()), pounds(d.goal), human(d.to, today), divided(100*d.soFar(), d.goal))
}

// fromHere is what each week left has to bring.
func (d *diary) fromHere(today time.Time) string {
	missing := (d.goal - d.soFar()) * 7
	perWeek := missing / d.daysLeft(today)
	if missing%d.daysLeft(today) != 0 {
		perWeek++ // rounded up to the penny: less would not do
	}
	return "From here: " + wholePounds(perWeek) + " a week."
}

// restsOn is what a verdict would rest on: the weeks that are over, and the deals in them.
func (d *diary) restsOn(today time.Time) string {
	weeks, n := map[time.Time]bool{}, int64(0)
	for _, l := range d.lines {
		if monday := mondayOf(l.on); monday.Before(mondayOf(today)) {
			weeks[monday] = true
			n += l.amounts[deals]
		}
	}
	if len(weeks) == 1 {
		return fmt.Sprintf("%d deals in 1 full week", n)
	}
	return fmt.Sprintf("%d deals in %d full weeks", n, len(weeks))
}

// pace is the line on where the goal's line is, and what it takes from here.
func (d *diary) pace(today time.Time) string {
	due, gap, from := d.due(today), d.soFar()-d.due(today), d.fromHere(today)
	switch {
	case due == 0:
		return "It has only begun. " + from
	case gap >= 0:
		return fmt.Sprintf("Your line asks for %s by today: you are %s ahead. %s", wholePounds(due), wholePounds(gap), from)
	}
	return fmt.Sprintf("Your line asks for %s by today, %s more than came in. %s", wholePounds(due), wholePounds(-gap), from)
}

// ofLine is the score on the board of pace.
func (d *diary) ofLine(today time.Time) string {
	return fmt.Sprintf("%d%%", divided(100*d.soFar(), d.due(today)))
}

// period is the goal's days, with years unless both are today's.
func (d *diary) period(today time.Time) string {
	from, to := d.from.Format("2 Jan"), human(d.to, today)
	if d.from.Year() != d.to.Year() {
		from, to = d.from.Format("2 Jan 2006"), d.to.Format("2 Jan 2006")
	}
	return from + " to " + to
}

// drawn is the alternative text of the report's picture.
func (d *diary) drawn(name string, today time.Time) string {
	verdict := "On pace."
	if gap := d.soFar() - d.due(today); gap != 0 {
		side := " ahead of"
		if gap < 0 {
			gap, side = -gap, " behind"
		}
		verdict = fmt.Sprintf("%s%s pace, which is %s on %s.", distance(gap), side, distance(d.due(today)), human(today, today))
	}
	return fmt.Sprintf("%s: %s of a goal of %s for %s, %d%% (%d days left). %s",
		name, pounds(d.soFar()), pounds(d.goal), d.period(today), divided(100*d.soFar(), d.goal), d.daysLeft(today), verdict)
}

// distance leaves out the pence of a hundred pounds or more.
func distance(pence int64) string {
	if pence < 100_00 {
		return pounds(pence)
	}
	return wholePounds(pence)
}

// moneyRow and funnelRow are a channel's rows of the report's details.
func (d *diary) moneyRow(name string, a amounts) string {
	cost := a[spend] + divided(a[minutes]*d.worth, 60)
	return strings.Join([]string{name, hours(a[minutes]), wholePounds(cost), pounds(a[revenue])}, " | ")
}

func (d *diary) funnelRow(name string, a amounts) string {
	row := []string{name, fmt.Sprint(a[contacts])}
	for _, stage := range []int{conversations, qualified, deals} {
		cell := fmt.Sprint(a[stage])
		if before := a[stage-1]; before > 0 {
			cell += fmt.Sprintf(" (%d%%)", divided(100*a[stage], before))
		}
		row = append(row, cell)
	}
	return strings.Join(row, " | ")
}
