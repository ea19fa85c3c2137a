package command

import (
	"strings"

	"payoff/goals"
)

// quotations finds what stands in quotation marks: for each atom of one the atom after its
// closing mark, 0 for the others. Double marks go by pairs; a single mark opens only before a
// word and closes only behind one, so that an apostrophe does neither.
func quotations(l *line) []int {
	closed := make([]int, len(l.atoms))
	open := -1
	for i, a := range l.atoms {
		if a.low != `"` {
			continue
		}
		if open < 0 {
			open = i
			continue
		}
		fill(closed, open, i+1)
		open = -1
	}
	open = -1
	for i, a := range l.atoms {
		switch next := i + 1; {
		case closed[i] > 0:
			open = -1
		case a.low != "'":
		case open < 0 && a.spaced && next < len(l.atoms) && !l.atoms[next].spaced:
			open = i
		case open >= 0 && !a.spaced && (next == len(l.atoms) || l.atoms[next].spaced || l.atoms[next].shape == mark):
			fill(closed, open, next)
			open = -1
		}
	}
	return closed
}

func fill(closed []int, from, to int) {
	for i := from; i < to; i++ {
		closed[i] = to
	}
}

// quotation is a note in quotation marks.
func (r *reader) quotation(i, end int) part {
	p := part{kind: notePart, from: i, to: end, quoted: true}
	from, to := r.upto[r.atoms[i].end-1], r.from[r.atoms[end-1].start]
	p.note = unquoted(tidy(r.typed[from:to]))
	return p
}

// joints are words that lead from a note to what follows it, and are not part of it.
var joints = words("and, on, at, for, from, the, plus, then, also, via, in, by, a, an, of, with")

// openNote is the note that an opening word begins: up to a comma, a quotation or something
// that is understood. Without words of its own the opener was only a filler.
func (r *reader) openNote(p part) part {
	first := p.to
	if first > p.from+1 && first < len(r.atoms) && r.closed[first] > 0 { // note: "..." is a note, whatever it says
		q := r.quotation(first, r.closed[first])
		q.from, q.quoted = p.from, false
		return q
	}
	end := first
	for end < len(r.atoms) && !r.endsNote(p, end) {
		end++
	}
	for end > first && r.trailing(end-1) {
		end--
	}
	word := r.low(p.from)
	if r.onlyFillers(first, end) && !occasion(word) {
		return part{kind: skipPart, from: p.from, to: p.to}
	}
	n := part{kind: notePart, from: p.from, to: max(end, p.to)}
	n.note = r.said(first, end)
	if openers[word] || occasion(word) {
		n.note = r.said(p.from, n.to)
	}
	n.note = unpaired(n.note)
	switch {
	case occasion(word):
		n.place = [2]int{p.from, r.nameEnd(p.from, n.to)}
	case places[word] && r.low(first) == "the":
		n.place = [2]int{first + 1, end}
	case places[word]:
		n.place = [2]int{first, end}
	}
	return n
}

// nameEnd is where a name that begins at atom i ends: before a word that begins another note.
func (r *reader) nameEnd(i, end int) int {
	for i++; i < end && !openers[r.low(i)]; i++ {
	}
	return i
}

// endsNote reports whether the note begun by p ends before atom i.
func (r *reader) endsNote(p part, i int) bool {
	a := r.atoms[i]
	switch {
	case r.inner(i):
		return false
	case r.closed[i] > 0 || a.shape == digits:
		return true
	}
	q, err := r.next(i)
	if err != nil {
		return true
	}
	switch q.kind {
	case pausePart, channelPart, moneyPart, durationPart, datePart:
		return true
	case openerPart:
		return a.low == "-" || q.to > i+1
	case countPart:
		// "with a guest" is a note, "with Priya and a referral given" is not.
		article := a.low == "a" || a.low == "an"
		return q.counted && !(article && i == p.to) || q.noun.measure == goals.OneToOnes
	case rolePart:
		return r.leads(q.to)
	}
	return false
}

// leads reports that an amount stands at atom i, or behind filler words there.
func (r *reader) leads(i int) bool {
	for ; i < len(r.atoms); i++ {
		if q, err := r.next(i); err != nil || q.kind != skipPart {
			return err != nil || q.kind == moneyPart || q.kind == numberPart || q.kind == countPart && q.counted
		}
	}
	return false
}

func (r *reader) trailing(i int) bool {
	low := r.low(i)
	return joints[low] && !r.inner(i) || r.atoms[i].shape == mark && !strings.Contains(")'!?", low)
}

func (r *reader) onlyFillers(i, j int) bool {
	for ; i < j; i++ {
		if a := r.atoms[i]; r.isWord(i) && !fillers[a.low] && !joints[a.low] {
			return false
		}
	}
	return true
}

// unpaired takes a lone bracket or quotation mark off the text of a note.
func unpaired(note string) string {
	note = strings.Map(func(c rune) rune {
		if plain(c) == '"' {
			return -1
		}
		return c
	}, note)
	if !strings.Contains(note, "(") {
		note = strings.TrimRight(note, ") ")
	}
	return tidy(note)
}
