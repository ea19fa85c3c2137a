package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"payoff/goals"
)

// A voice is how someone writes their lines:
//
//	says   {time} {channel} {counts} {spend} {day}    one of several orders; commas stay where they are
//	says   {channel}, {time}, {counts}, {with}
//	time   1h30 | 90m | 1.5h | 90 min                 which of these forms they use
//	word   contacts contact/contacts lead/leads       what they call a thing, one and several
//
// What a line does not have falls out of the order, its comma with it.
type voice struct {
	orders [][]string
	times  []string
	words  [goals.Measures][][2]string
}

func (v *voice) take(word, rest string) error {
	switch word {
	case "says":
		v.orders = append(v.orders, strings.Fields(rest))
	case "time":
		v.times = strings.Split(rest, " | ")
	case "word":
		name, list, _ := strings.Cut(rest, " ")
		m, ok := habitRows[name]
		if !ok {
			return fmt.Errorf("there is no measure %q", name)
		}
		for pair := range strings.FieldsSeq(list) {
			one, many, _ := strings.Cut(strings.ReplaceAll(pair, "_", " "), "/")
			v.words[m] = append(v.words[m], [2]string{one, many})
		}
	default:
		return fmt.Errorf("nobody has a %q", word)
	}
	return nil
}

// A logLine is what a line must say.
type logLine struct {
	amounts       goals.Amounts
	channel, with string
	of, on        string     // the day it is of, and the day it is written
	orders        [][]string // its own, instead of the voice's
}

// says writes a line as someone would.
func (v *voice) says(l logLine, r *rand.Rand) string {
	orders := v.orders
	if len(l.orders) > 0 {
		orders = l.orders
	}
	order := pick(r, orders)
	between := " "
	if slices.ContainsFunc(order, func(s string) bool { return strings.HasSuffix(s, ",") }) {
		between = ", "
	}
	var b strings.Builder
	comma := false
	for _, slot := range order {
		name, hasComma := strings.CutSuffix(slot, ",")
		said := v.fill(name, l, between, r)
		if said == "" {
			continue
		}
		if b.Len() > 0 {
			if comma {
				b.WriteString(",")
			}
			b.WriteString(" ")
		}
		b.WriteString(said)
		comma = hasComma
	}
	return b.String()
}

// fill is what stands in one place of an order; "" is nothing.
func (v *voice) fill(slot string, l logLine, between string, r *rand.Rand) string {
	switch slot {
	case "{time}":
		return v.timed(l.amounts[goals.Hours], r)
	case "{channel}":
		return l.channel
	case "{spend}":
		if pounds := l.amounts[goals.Spend] / 100; pounds > 0 {
			return fmt.Sprintf("£%d", pounds)
		}
	case "{counts}":
		return v.counts(l.amounts, between, r)
	case "{with}":
		return l.with
	case "{day}":
		return dayWord(l.of, l.on)
	default:
		return slot
	}
	return ""
}

// dayWord names the day a line is of, when it is not the one it is written on.
func dayWord(of, on string) string {
	switch {
	case of == on:
		return ""
	case (slices.Index(dayNames, on)+6)%7 == slices.Index(dayNames, of):
		return "yesterday"
	}
	return of
}

// timed writes minutes in one of the forms someone uses, where it fits.
func (v *voice) timed(minutes int64, r *rand.Rand) string {
	h, m := minutes/60, minutes%60
	form := pick(r, v.times)
	switch {
	case minutes == 0:
		return ""
	case minutes == 60 && form == "90 min":
		return "1 hour"
	case m == 0 && form == "90 min":
		return fmt.Sprintf("%d hours", h)
	case m == 0:
		return fmt.Sprintf("%dh", h)
	case m == 30 && h > 0 && form == "1.5h":
		return fmt.Sprintf("%d.5h", h)
	case minutes <= 90 && form == "90 min":
		return fmt.Sprintf("%d min", minutes)
	case h == 0, minutes <= 90 && form == "90m":
		return fmt.Sprintf("%dm", minutes)
	}
	return fmt.Sprintf("%dh%02d", h, m)
}

// counted is the order in which things are counted.
var counted = []goals.Measure{
	goals.OneToOnes, goals.Visitors, goals.Contacts, goals.Conversations, goals.Qualified, goals.ReferralsGiven, goals.ReferralsReceived,
}

func (v *voice) counts(a goals.Amounts, between string, r *rand.Rand) string {
	var parts []string
	for _, m := range counted {
		if a[m] == 0 {
			continue
		}
		word := [2]string{m.String(), m.String()}
		if len(v.words[m]) > 0 {
			word = pick(r, v.words[m])
		}
		switch {
		case a[m] == 1 && m == goals.OneToOnes: // it has its number in its name
			parts = append(parts, word[0])
		case a[m] == 1:
			parts = append(parts, "1 "+word[0])
		default:
			parts = append(parts, fmt.Sprintf("%d %s", a[m], word[1]))
		}
	}
	return strings.Join(parts, between)
}
