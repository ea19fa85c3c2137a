package goals

import (
	"cmp"
	"slices"
)

// Padding is what makes entries look padded: more, or rounder, than life mostly is. It is a
// reason to ask their owner, and no more: nothing is taken off, and nobody else is told.
type Padding struct {
	Sign    PaddingSign
	Channel ChannelID
	Count   int64 // lines, or contacts
}

// A PaddingSign is what was noticed.
type PaddingSign string

const (
	SameLines    PaddingSign = "same lines"
	RoundHours   PaddingSign = "round hours"
	IdleContacts PaddingSign = "contacts that never go on"
)

// PaddingDays and PaddingWeeks are how far back Padded looks, at lines and at sums.
const (
	PaddingDays  = 14
	PaddingWeeks = 8
)

const (
	paddedLines    = 5
	longLine       = 3 * minutesAnHour // a session that long is not the same each day
	roundLine      = 5 * minutesAnHour
	idleContacts   = 50
	idleGrace      = 2 // weeks in which contacts have time to answer
	roundLeastWeek = 6 // weeks with hours, or there is nothing to grow from
)

// A WeekSum is what a channel came to in the week from a Monday.
type WeekSum struct {
	Monday  Date
	Channel ChannelID
	Amounts Amounts
}

// Padded looks for entries that look padded in the lines of the PaddingDays and the sums of
// the PaddingWeeks up to a day; the rest of what it is given, and the order, change nothing.
// Where several channels do, it is the one with the most. The zero Padding is none.
func Padded(lines []Activity, weeks []WeekSum, on Date) Padding {
	byChannel := map[ChannelID][]Activity{}
	for _, a := range lines {
		if on-PaddingDays < a.Date && a.Date <= on {
			byChannel[a.Channel] = append(byChannel[a.Channel], a)
		}
	}
	past := map[ChannelID]*[PaddingWeeks]Amounts{} // by weeks back
	for _, w := range weeks {
		back := (on.Monday() - w.Monday) / daysAWeek
		if back < 0 || back >= PaddingWeeks {
			continue
		}
		if past[w.Channel] == nil {
			past[w.Channel] = &[PaddingWeeks]Amounts{}
		}
		past[w.Channel][back] = past[w.Channel][back].Plus(w.Amounts)
	}
	var same, idle, round Padding
	for id, list := range byChannel {
		same = more(same, Padding{SameLines, id, sameLines(list)})
		if p := past[id]; p != nil && neverGrows(p) {
			round = more(round, Padding{RoundHours, id, roundLines(list)})
		}
	}
	for id, p := range past {
		idle = more(idle, Padding{IdleContacts, id, contactsThatStop(p)})
	}
	return cmp.Or(same, idle, round)
}

// more is the one with the greater count; none has a count of 0. The channel's id decides
// between equals, so that the answer is the same each time.
func more(a, b Padding) Padding {
	if b.Count > a.Count || b.Count == a.Count && b.Count > 0 && b.Channel < a.Channel {
		return b
	}
	return a
}

// sameLines is how many of a channel's last lines are the same in a row, or 0 where that says
// nothing. It takes five that reach over more than a week, so that a weekly breakfast is none,
// nor a fair of five days.
func sameLines(list []Activity) int64 {
	slices.SortFunc(list, func(a, b Activity) int { return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(b.ID, a.ID)) })
	newest := list[0]
	n := 0
	for n < len(list) && list[n].Amounts == newest.Amounts && list[n].Note == newest.Note {
		n++
	}
	if n < paddedLines || !varies(newest.Amounts) || newest.Date-list[n-1].Date < daysAWeek {
		return 0
	}
	return int64(n)
}

// varies reports whether a line is of the sort that life does not repeat: three hours or more,
// or two responses of other people. Half an hour of posts and five messages a day are a habit,
// a talk is one talk each time, and prices repeat.
func varies(a Amounts) bool {
	return a[Deals] == 0 && a[Revenue] == 0 && (a[Hours] >= longLine || a[Conversations]+a[Qualified] >= 2)
}

// roundLines is how many lines with hours there are when all are whole hours, five or more.
func roundLines(list []Activity) (n int64) {
	for _, a := range list {
		switch minutes := a.Amounts[Hours]; {
		case minutes == 0:
		case minutes < roundLine || minutes%minutesAnHour != 0:
			return 0
		default:
			n++
		}
	}
	if n < paddedLines {
		return 0
	}
	return n
}

// neverGrows reports whether weeks of hours led to nothing, and to no more contacts in the
// later half than in the earlier.
func neverGrows(past *[PaddingWeeks]Amounts) bool {
	var late, early int64
	busy := 0
	for back, a := range past {
		if goesOn(a) {
			return false
		}
		if a[Hours] > 0 {
			busy++
		}
		if back < PaddingWeeks/2 {
			late += a[Contacts]
		} else {
			early += a[Contacts]
		}
	}
	return busy >= roundLeastWeek && late <= early
}

// contactsThatStop is how many contacts there were when none went on and enough had the time
// to, else 0.
func contactsThatStop(past *[PaddingWeeks]Amounts) int64 {
	var all, due int64
	for back, a := range past {
		if goesOn(a) {
			return 0
		}
		all += a[Contacts]
		if back >= idleGrace {
			due += a[Contacts]
		}
	}
	if due < idleContacts {
		return 0
	}
	return all
}

// goesOn reports whether anything came of contacts, logged at whichever step.
func goesOn(a Amounts) bool {
	return a[Conversations] > 0 || a[Qualified] > 0 || a[Deals] > 0 || a[Revenue] > 0 || a[OneToOnes] > 0
}
