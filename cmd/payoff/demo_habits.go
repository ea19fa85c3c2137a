package main

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"payoff/goals"
)

// A habit is what someone does for a channel week after week, as a table of the quarter:
//
//	channel Instagram
//	  on    Mon 20:30, Thu 21:10, Sun 10:00 (Sat)    logged on Sunday: for Saturday
//	  as    Instagram | insta                        what they call it
//	  with  Anita | Dean                             notes, in turn
//	  says  {counts} {with}, {channel}, {time}       an order of its own (demo_voice.go)
//	  hours         6h   7h   5h30 ...               a column for each week, "." for none
//	  contacts      12                               one column: the same each week
//
// A week's figures are shared out among its days by chance, and always add up to the table's.
type habit struct {
	channel  string
	sessions []session
	as, with []string
	orders   [][]string
	rows     [goals.Measures][]int64
}

// A session is when a line is logged: for that day, or for the day in brackets.
type session struct{ day, clock, of string }

// habitRows are the rows of a table that hold figures.
var habitRows = map[string]goals.Measure{
	"hours": goals.Hours, "spend": goals.Spend, "contacts": goals.Contacts, "conversations": goals.Conversations,
	"qualified": goals.Qualified, "one-to-ones": goals.OneToOnes, "given": goals.ReferralsGiven,
	"received": goals.ReferralsReceived, "visitors": goals.Visitors,
}

// take reads one row.
func (h *habit) take(word, rest string) error {
	switch word {
	case "on":
		for s := range strings.SplitSeq(rest, ", ") {
			f := strings.Fields(s)
			if len(f) < 2 {
				return fmt.Errorf("%q is no day and time", s)
			}
			f = append(f, f[0])
			h.sessions = append(h.sessions, session{day: f[0], clock: f[1], of: strings.Trim(f[2], "()")})
		}
		return nil
	case "as":
		h.as = strings.Split(rest, " | ")
		return nil
	case "says":
		h.orders = append(h.orders, strings.Fields(rest))
		return nil
	case "with":
		h.with = strings.Split(rest, " | ")
		return nil
	}
	m, ok := habitRows[word]
	if !ok {
		return fmt.Errorf("a habit has no row %q", word)
	}
	for cell := range strings.FieldsSeq(rest) {
		n, err := habitCell(m, cell)
		if err != nil {
			return err
		}
		h.rows[m] = append(h.rows[m], n)
	}
	return nil
}

func habitCell(m goals.Measure, cell string) (n int64, err error) {
	switch {
	case cell == ".":
	case m == goals.Hours:
		n, err = goals.ParseMinutes(cell)
	default:
		n, err = strconv.ParseInt(cell, 10, 64)
		if m == goals.Spend {
			n *= 100
		}
	}
	return n, err
}

// check refuses a table that could not be played.
func (h *habit) check() error {
	if len(h.sessions) == 0 {
		return fmt.Errorf("%s has no day", h.channel)
	}
	if len(h.as) == 0 {
		h.as = []string{h.channel}
	}
	for m, row := range h.rows {
		if n := len(row); n > 1 && n != quarterWeeks && n != quarterWeeks+1 {
			return fmt.Errorf("%s has %d weeks of %s", h.channel, n, goals.Measure(m))
		}
	}
	return nil
}

// week is the figures of one week.
func (h *habit) week(n int) (a goals.Amounts) {
	for m, row := range h.rows {
		switch {
		case len(row) == 1 && n <= quarterWeeks:
			a[m] = row[0]
		case n <= len(row):
			a[m] = row[n-1]
		}
	}
	if a[goals.Hours] == 0 { // a week without hours is a week off
		return goals.Amounts{}
	}
	return a
}

// dice are someone's own for one habit, so that no other habit changes how they fall.
func dice(who string, habit int) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(who)) // never fails
	return rand.New(rand.NewPCG(h.Sum64(), uint64(habit)))
}

// moments are the lines that a habit makes in the quarter, from when someone has arrived.
func (h *habit) moments(c *cast, who *character, arrives time.Time, r *rand.Rand) (list []moment, err error) {
	turn := 0
	for week := 1; week <= quarterWeeks+1; week++ {
		sum := h.week(week)
		if sum.IsZero() {
			continue
		}
		var days []session
		for _, s := range h.sessions {
			if at, err := c.at(week, s.of, s.clock); err != nil {
				return nil, err
			} else if at.After(arrives) && goals.DateOf(at) <= quarterEnds {
				days = append(days, s)
			}
		}
		if len(days) == 0 {
			return nil, fmt.Errorf("%s has figures and no day in week %d", h.channel, week)
		}
		for i, a := range shareOut(sum, len(days), r) {
			if a.IsZero() {
				continue
			}
			l := logLine{amounts: a, channel: pick(r, h.as), of: days[i].of, on: days[i].day, orders: h.orders}
			if len(h.with) > 0 && (a[goals.OneToOnes] == 1 || sum[goals.OneToOnes] == 0 && r.IntN(3) == 0) {
				l.with = h.with[turn%len(h.with)]
				turn++
			}
			at, err := c.at(week, days[i].day, days[i].clock)
			if err != nil {
				return nil, err
			}
			at = at.Add(time.Duration(r.IntN(20)) * time.Minute) // nobody is that punctual
			list = append(list, moment{who: who, at: at, does: who.voice.says(l, r)})
		}
	}
	return list, nil
}

// shareOut splits a week's figures among a number of days: hours in quarters of an hour, what
// is counted one by one, and the money on the first day.
func shareOut(sum goals.Amounts, days int, r *rand.Rand) []goals.Amounts {
	parts := make([]goals.Amounts, days)
	const quarter = 15
	left := sum[goals.Hours]
	for i := range parts {
		share := left / int64(days-i) / quarter * quarter
		if i < days-1 && share > 2*quarter && sum[goals.OneToOnes] == 0 {
			share += int64(r.IntN(5)-2) * quarter
		}
		if i == days-1 {
			share = left
		}
		parts[i][goals.Hours] = share
		left -= share
	}
	parts[0][goals.Spend] = sum[goals.Spend]
	for m := range sum {
		if m := goals.Measure(m); m != goals.Hours && m != goals.Spend {
			for n := range sum[m] {
				day := r.IntN(days)
				if m == goals.OneToOnes { // one a day
					day = int(n) % days
				}
				parts[day][m]++
			}
		}
	}
	return parts
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
