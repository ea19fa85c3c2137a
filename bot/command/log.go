package command

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/goals"
)

// Limits on what is typed at once.
const (
	MaxLine  = 500 // characters of a line
	MaxLines = 20  // lines of one message
)

// An Entry is one line of a log, understood.
type Entry struct {
	Channel  goals.ChannelID
	Archived bool // the channel is archived: its owner should hear so
	Date     goals.Date
	Amounts  goals.Amounts // revenue is below 0 for a refund; nothing else ever is
	Note     string
}

// ParseLog understands one line of a log, whatever the order of its words.
//
// A bare amount of money is spend, unless the line has a deal; then it is revenue. "won £1,200"
// is one deal. Words such as "invoiced", "takings" or "revenue" make an amount revenue without a
// deal, unless deals are counted too; "refund" makes it revenue below zero. What cannot be
// understood is a *goals.Mistake that marks it, and a channel that does not exist yet an
// *UnknownChannel; nothing is guessed.
func ParseLog(text string, d Desk) (Entry, error) {
	if err := fits(text, MaxLine); err != nil {
		return Entry{}, err
	}
	r := newReader(text, d)
	if err := r.scan(); err != nil {
		return Entry{}, err
	}
	if !slices.ContainsFunc(r.parts, func(p part) bool { return p.kind != skipPart && p.kind != pausePart }) {
		return Entry{}, goals.Wrong(goals.Unclear, logExample, "There is nothing in that line.")
	}
	e := Entry{Date: d.Today}
	for _, step := range []func(*Entry) error{
		r.settleNumbers, r.settleChannel, r.settleWords, r.settleDay, r.settleCounts, r.settleMoney, r.settleNote, r.settleRest,
	} {
		if err := step(&e); err != nil {
			return Entry{}, err
		}
	}
	return e, nil
}

const logExample = "Try “2h BNI £25 4 contacts yesterday”."

// fits refuses a text that is longer than a limit in characters, or that holds control
// characters: what a person does not see, they did not mean.
func fits(text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return goals.Wrong(goals.Invalid, "Say it in fewer words, or in several lines.",
			"That line has %d characters; I read up to %d.", n, limit)
	}
	for at, r := range text {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			m := goals.Wrong(goals.Invalid, "Type it again without it.", "That line holds a character that cannot be seen.")
			m.Input, m.Marked = text, goals.Span{Start: at, End: at + utf8.RuneLen(r)}
			return m
		}
	}
	return nil
}

// ParseLines understands a text line by line, blank ones left out. A Mistake in one of several
// lines says which, and nothing of the text counts.
func ParseLines(text string, d Desk) ([]Entry, error) {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); tidy(line) != "" {
			lines = append(lines, line)
		}
	}
	switch {
	case len(lines) == 0:
		return nil, goals.Wrong(goals.Unclear, logExample, "There is nothing in that line.")
	case len(lines) > MaxLines:
		return nil, goals.Wrong(goals.Invalid, "Send the rest in another message.",
			"Those are %d lines; I read up to %d at a time.", len(lines), MaxLines)
	}
	entries := make([]Entry, 0, len(lines))
	for i, line := range lines {
		e, err := ParseLog(line, d)
		if err != nil {
			return nil, inLine(err, i+1, len(lines), text)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// settleDay takes the one date and the one duration of the line.
func (r *reader) settleDay(e *Entry) error {
	days, times := r.all(datePart), r.all(durationPart)
	for _, p := range days {
		if p.date != days[0].date {
			return r.twice(days[0], p, "Log each day on a line of its own.", "dates")
		}
		e.Date = p.date
	}
	if len(times) > 1 {
		return r.twice(times[0], times[1], "Add them up, or log each on a line of its own.", "times")
	}
	for _, p := range times {
		e.Amounts[goals.Hours] = p.value
	}
	return nil
}

// twice is the Mistake of a second thing where one is expected.
func (r *reader) twice(a, b part, hint, what string) error {
	return r.wrong(goals.Ambiguous, b.from, b.to, hint, "I found two %s, “%s” and “%s”.",
		what, r.said(a.from, a.to), r.said(b.from, b.to))
}

// settleCounts takes every count; a deal named beside a count of deals counts no further.
func (r *reader) settleCounts(e *Entry) error {
	var first [goals.Measures]*part
	for i := range r.parts {
		p := &r.parts[i]
		if p.kind != countPart {
			continue
		}
		m := p.noun.measure
		switch was := first[m]; {
		case was == nil, m == goals.Deals && !was.counted:
			first[m], e.Amounts[m] = p, p.value
		case m == goals.Deals && !p.counted: // "won 2 deals, £3k sale" is two
		default:
			return r.twice(*was, *p, "Add them up, or log each on a line of its own.", "numbers of "+m.String())
		}
	}
	return nil
}

func (r *reader) settleNote(e *Entry) error {
	var notes []string
	for _, p := range r.all(notePart) {
		if p.note != "" {
			notes = append(notes, p.note)
		}
		e.Note = strings.Join(notes, ", ")
		if n := utf8.RuneCountInString(e.Note); n > goals.MaxNote {
			return r.wrong(goals.Invalid, p.from, p.to, "Keep the part you will want to read again.",
				"The note has %d characters; I keep up to %d.", n, goals.MaxNote)
		}
	}
	return nil
}

// settleRest refuses a line that records nothing. In a field that is about one channel a
// nought that was typed is something: it takes back what stood there.
func (r *reader) settleRest(e *Entry) error {
	if !e.Amounts.IsZero() {
		return nil
	}
	switch said := !r.nothingSaid(); {
	case said && r.desk.Channel != "":
		return nil
	case said:
		return r.wrong(goals.Invalid, 0, len(r.atoms), "Leave it out, or log what there was.", "All of that comes to nothing.")
	}
	return r.wrong(goals.Unclear, 0, len(r.atoms), "Add what you did: “2h”, “4 contacts” or “won £300”.",
		"There is nothing to record for %s yet.", r.channelName(e.Channel))
}

// nothingSaid reports that no amount stands in the line, not even a nought.
func (r *reader) nothingSaid() bool {
	return len(r.all(countPart))+len(r.all(durationPart))+len(r.all(moneyPart)) == 0
}

func (r *reader) all(k partKind) (found []part) {
	for _, p := range r.parts {
		if p.kind == k {
			found = append(found, p)
		}
	}
	return found
}

func (r *reader) channelName(id goals.ChannelID) string {
	for _, c := range r.desk.Channels {
		if c.ID == id {
			return c.Name
		}
	}
	return "that channel"
}
