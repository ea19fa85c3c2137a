// Package evidence says what an owner's own numbers say, and how sure that is: what an hour of
// each channel brings, which kind pays best, whether the goal will be reached, which step of
// the funnel holds back, and which channel takes hours without bringing its share.
//
// One idea is behind all of it. What an hour brings is leads an hour x the share that buys x
// what a deal is worth; every channel pays the same until the numbers argue otherwise; and
// hours too recent to have paid are not blamed for it. Everything is closed form on a grid:
// the same numbers give the same answer, and no answer depends on the order of rows.
//
// The constants were chosen by simulation and belong together: change one only with the
// calibration test at hand. Amounts of money are floats in minor units, for nothing here is
// exact; hours are hours.
package evidence

import (
	"slices"

	"payoff/goals"
)

// A History is what an owner did, as it is kept: sums a week, and the deals.
type History struct {
	Channels []goals.Channel
	Weeks    []Week // of one channel each, in any order
	Deals    []Deal // every dated line with deals or revenue, in any order
	AsOf     goals.Date
	// TypicalDeal is what a deal is worth as its owner says, in minor units; 0 is unsaid.
	TypicalDeal float64
}

// A Week is what one channel came to in a week.
type Week struct {
	Monday  goals.Date
	Channel goals.ChannelID
	Amounts goals.Amounts
}

// A Deal is the deals and the revenue of one line.
type Deal struct {
	Date    goals.Date
	Channel goals.ChannelID
	Deals   int64
	Revenue int64 // minor units; below zero for a refund
}

// longest is how many weeks are looked at: ten years. What is older says nothing of today, and
// one line dated in the year 1 must not make a hundred thousand weeks.
const longest = 522

// A record is a History laid out by week: week 0 is the first with anything in it, and only
// weeks that are over by the day it is read count.
type record struct {
	channels []series
	logged   []bool // by week
	typical  float64
}

func (r *record) weeks() int { return len(r.logged) }

// loggedWeeks is how many weeks have anything in them.
func (r *record) loggedWeeks() int {
	n := 0
	for _, is := range r.logged {
		if is {
			n++
		}
	}
	return n
}

// A series is one channel by week, and what it adds up to.
type series struct {
	id    goals.ChannelID
	kind  goals.Kind
	weeks []goals.Amounts
	deals []sale
	sums  group
}

// A sale is the deals of one line: so many of one amount, 0 where none was said.
type sale struct {
	week   int
	n      int64
	amount float64
}

// sales is how many deals there were.
func (s *series) sales() (n int64) {
	for _, d := range s.deals {
		n += d.n
	}
	return n
}

// layOut makes the record of the weeks before the one that until lies in; until is the day
// after the last that counts.
func layOut(h History, until goals.Date) *record {
	r := &record{typical: h.TypicalDeal}
	first := until
	for _, w := range h.Weeks {
		first = min(first, w.Monday)
	}
	for _, d := range h.Deals {
		first = min(first, d.Date.Monday())
	}
	first = max(first, until.Monday()-7*longest)
	n := int(until.Monday()-first) / 7
	if n <= 0 {
		return r
	}
	r.logged = make([]bool, n)
	at := map[goals.ChannelID]int{}
	for _, c := range h.Channels {
		if _, known := delays[c.Kind]; !known {
			continue
		}
		at[c.ID] = len(r.channels)
		r.channels = append(r.channels, series{id: c.ID, kind: c.Kind, weeks: make([]goals.Amounts, n)})
	}
	for _, w := range h.Weeks {
		t := int(w.Monday-first) / 7
		if i, known := at[w.Channel]; known && w.Monday >= first && t < n {
			r.channels[i].weeks[t] = r.channels[i].weeks[t].Plus(w.Amounts)
			r.logged[t] = true
		}
	}
	for _, d := range h.Deals {
		t := int(d.Date.Monday()-first) / 7
		if i, known := at[d.Channel]; known && d.Date >= first && t < n {
			r.channels[i].deals = append(r.channels[i].deals, saleOf(d, t)...)
		}
	}
	for i := range r.channels {
		r.channels[i].settle()
	}
	return r
}

// settle orders a channel and adds it up.
func (s *series) settle() {
	for t := range s.weeks {
		for m, n := range s.weeks[t] {
			if m := goals.Measure(m); m != goals.Spend && m != goals.Revenue {
				s.weeks[t][m] = max(n, 0) // a correction may have taken away more than there was
			}
		}
	}
	slices.SortFunc(s.deals, compareSales)
	s.sums = groupOf(s)
}

// saleOf reads a line. Revenue without a deal is one; a refund is none, and only lowers totals.
func saleOf(d Deal, week int) []sale {
	n := max(d.Deals, 0)
	if n == 0 && d.Revenue > 0 {
		n = 1
	}
	switch {
	case n == 0:
		return nil
	case d.Revenue > 0:
		return []sale{{week, n, float64(d.Revenue) / float64(n)}}
	}
	return []sale{{week, n, 0}}
}

// compareSales orders sales by what they hold, so that sums do not depend on the order of rows.
func compareSales(a, b sale) int {
	switch {
	case a.week != b.week:
		return a.week - b.week
	case a.amount != b.amount && a.amount < b.amount:
		return -1
	case a.amount != b.amount:
		return 1
	}
	return int(a.n - b.n)
}
