package command

import (
	"unicode"

	"payoff/goals"
)

// A part is a run of atoms that is understood as one thing.
type part struct {
	kind     partKind
	from, to int // atoms

	channel int          // of a channelPart: index in the roll
	money   goals.Money  // of a moneyPart
	value   int64        // of a durationPart minutes, of a countPart pieces
	noun    noun         // of a countPart
	counted bool         // its value was said
	date    goals.Date   // of a datePart
	period  goals.Period // of a datePart in a goal
	every   goals.Every
	role    role   // of a rolePart
	note    string // of a notePart
	quoted  bool
	place   [2]int // of a notePart: the atoms that may instead name a channel, "Expo" of "at the Expo"
}

type partKind uint8

const (
	unknownPart partKind = iota
	skipPart             // a filler word, or punctuation
	pausePart            // a comma: what stands on its two sides does not belong together
	numberPart           // a number, and nothing that it counts
	openerPart           // begins a note, if words follow
	channelPart
	moneyPart
	durationPart
	datePart
	countPart
	rolePart
	notePart
)

// A reader takes one line of a log apart.
type reader struct {
	*line
	desk     Desk
	roll     roll
	closed   []int // for each atom, the end of the quotation it stands in, or 0
	channels map[int]match
	parts    []part
	seen     map[int]seen // what next has found already
	goal     bool         // the line is of a goal: a time may be longer than a day, and money has no refunds
}

type seen struct {
	part part
	err  error
}

func newReader(text string, d Desk) *reader {
	r := &reader{line: read(text), desk: d, roll: newRoll(d.Channels), channels: map[int]match{}, seen: map[int]seen{}}
	r.closed = quotations(r.line)
	for _, m := range r.roll.matches(r.line, func(i int) bool { return r.closed[i] > 0 }) {
		r.channels[m.from] = m
	}
	return r
}

// scan takes the line apart from left to right. It fails on what is understood and not possible.
func (r *reader) scan() error {
	for i := r.listNumber(); i < len(r.atoms); {
		p, err := r.next(i)
		if err != nil {
			return err
		}
		if p.kind == openerPart {
			p = r.openNote(p)
		}
		r.parts = append(r.parts, p)
		i = p.to
	}
	return nil
}

// listNumber is the end of the "1." or "1)" that a line of a list begins with; 0 for others.
func (r *reader) listNumber() int {
	if len(r.atoms) > 2 && r.atoms[0].shape == digits && (r.low(1) == "." || r.low(1) == ")") && !r.atoms[1].spaced && r.atoms[2].spaced {
		return 2
	}
	return 0
}

// next is the part that begins at atom i. A note asks for the same parts again and again to
// find its end, so they are kept.
func (r *reader) next(i int) (part, error) {
	s, ok := r.seen[i]
	if !ok {
		s.part, s.err = r.understand(i)
		r.seen[i] = s
	}
	return s.part, s.err
}

func (r *reader) understand(i int) (part, error) {
	if end := r.closed[i]; end > 0 {
		return r.quotation(i, end), nil
	}
	if m, ok := r.channels[i]; ok {
		return part{kind: channelPart, from: i, to: m.to, channel: m.channel}, nil
	}
	if r.negative(i) {
		return part{}, r.minusBefore(i)
	}
	if p, err := r.measured(i); err != nil || p.to > 0 {
		return p, err
	}
	if p := r.roleWord(i); p.to > 0 {
		return p, nil
	}
	return r.plainWord(i), nil
}

// measured is the longest of the amounts, dates and counts that begin at atom i; to is 0 if none does.
func (r *reader) measured(i int) (best part, err error) {
	if r.inner(i) {
		return part{}, nil
	}
	for _, match := range []func(int) (part, error){r.count, r.money, r.duration, r.date} {
		p, err := match(i)
		if err != nil {
			return part{}, err
		}
		if p.to > best.to {
			best = p
		}
	}
	return best, nil
}

func (r *reader) roleWord(i int) (found part) {
	for j := i + 1; j <= min(len(r.atoms), i+3) && r.isWord(j-1) && r.free(j-1); j++ {
		if role := roles[r.key(i, j)]; role != noRole && !r.inner(j) {
			found = part{kind: rolePart, from: i, to: j, role: role}
		}
	}
	return found
}

// plainWord is the part of a word or mark that stands for no amount.
func (r *reader) plainWord(i int) part {
	a := r.atoms[i]
	p := part{kind: unknownPart, from: i, to: r.wordEnd(i)}
	switch {
	case a.low == "note" && r.low(i+1) == ":", a.low == "notes" && r.low(i+1) == ":":
		p.kind, p.to = openerPart, i+2
	case a.low == "-" && a.spaced && (i+1 == len(r.atoms) || r.atoms[i+1].spaced):
		p.kind = openerPart
	case p.to == i+1 && (openers[a.low] || occasion(a.low)):
		p.kind = openerPart
	case p.to == i+1 && fillers[a.low], a.shape == ornament:
		p.kind = skipPart
	case a.low == "," || a.low == ";" || a.low == "|":
		p.kind = pausePart
	case a.shape == digits:
		p = r.bareNumber(i)
	case a.shape == mark && a.low != "%" && !isCurrencySign(a.low):
		p.kind = skipPart
	}
	return p
}

// bareNumber is a number that counts nothing, with a range such as 3-4 taken whole.
func (r *reader) bareNumber(i int) part {
	end := r.wordEnd(i)
	if r.low(end) == "-" && !r.atoms[end].spaced && end+1 < len(r.atoms) &&
		r.atoms[end+1].shape == digits && !r.atoms[end+1].spaced {
		end = r.wordEnd(end + 1)
	}
	return part{kind: numberPart, from: i, to: end}
}

// free reports that atom i is neither quoted nor the beginning of a channel's name.
func (r *reader) free(i int) bool {
	_, named := r.channels[i]
	return r.closed[i] == 0 && !named
}

// openTo is the furthest atom, at most n away, that a part beginning at i can reach to
// without running into a quotation or a channel.
func (r *reader) openTo(i, n int) int {
	j := i + 1
	for j < min(len(r.atoms), i+n) && r.free(j) {
		j++
	}
	return j
}

func isCurrencySign(s string) bool {
	for _, c := range s {
		return unicode.Is(unicode.Sc, c)
	}
	return false
}

// negative reports a minus sign that belongs to the number after it: not the dash of "BNI - 3"
// nor the hyphen of "1-2-1".
func (r *reader) negative(i int) bool {
	if r.atoms[i].low != "-" || i+1 == len(r.atoms) || r.atoms[i+1].spaced {
		return false
	}
	begins := r.atoms[i].spaced || isCurrencySign(r.low(i-1))
	return begins && (r.atoms[i+1].shape == digits || isCurrencySign(r.low(i+1)))
}

// minusBefore is the Mistake of a minus at atom i and the amount behind it.
func (r *reader) minusBefore(i int) error {
	p, err := r.measured(i + 1)
	if err != nil || p.to == 0 {
		p = part{to: r.wordEnd(i + 1)}
	}
	return r.belowZero(i, p.to, r.said(i+1, p.to), p.kind == moneyPart)
}
