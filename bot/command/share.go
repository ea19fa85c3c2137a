package command

import (
	"slices"
	"strings"

	"payoff/goals"
)

// A sharing shares the words of a text out among the options of a command.
type sharing struct {
	*line
	spec   Spec
	desk   Desk
	used   []bool         // atoms that named options have taken
	open   []Option       // the options still to fill
	keys   [][]string     // for each of them the keys of the names it takes, if it takes names
	runs   [][]goals.Span // for each of them the atoms that look like a value, whether they are one or not
	whole  map[int]bool   // atoms that do not begin a value, as they are inside a channel's name
	tried  map[attempt]tried
	best   map[state]shared
	far    int    // the furthest atom up to which everything could be explained
	filled uint32 // and the options filled on the way there
}

// An attempt is atoms i up to j as the value of option o.
type attempt struct{ o, i, j int }

type tried struct {
	value value
	err   error
}

// A state is a place in the text and which options are filled.
type state struct {
	at     int
	filled uint32
}

// A shared is the best way to go on from a state.
type shared struct {
	ok    bool
	worth int // of the options it fills, together
	o, to int // the option filled next and the end of its words; option -1 passes over a word
}

// asides are words that lead to a value and may be left out of it.
var asides = words("for, in, on, at, to, from, until, till, and, with, by, the, of, is, as, into")

// links are those of them that lead from one value to the next.
var links = words("to, as, into, is")

const maxValue = 12 // atoms of a typed value: "the quarter after next" is four

// takeRest fills options from the atoms that no name has claimed.
func (v Values) takeRest(t *sharing) error {
	t.open = v.open(t.spec)
	t.prepare()
	if found := t.from(0, 0); !found.ok {
		return t.unexplained()
	}
	for s := (state{}); s.at < len(t.atoms); {
		next := t.best[s]
		if next.o >= 0 {
			v.byName[t.open[next.o].Name] = t.tried[attempt{next.o, s.at, next.to}].value
			s.filled |= 1 << next.o
		}
		s.at = next.to
	}
	return t.overlooked(v)
}

// prepare finds what must not be taken apart: the longest names of channels, and the longest
// runs of words that look like a value. Without it "next Friday" could become Friday and a word
// to spare.
func (t *sharing) prepare() {
	t.best, t.whole = map[state]shared{}, map[int]bool{}
	isChannel := func(o Option) bool { return o.Kind == Channel }
	if slices.ContainsFunc(t.open, isChannel) {
		for _, m := range newRoll(t.desk.Channels).matches(t.line, func(i int) bool { return t.used[i] }) {
			for i := m.from + 1; i < m.to; i++ {
				t.whole[i] = true
			}
		}
	}
	for o, option := range t.open {
		t.keys = append(t.keys, keysOf(option, t.desk))
		t.runs = append(t.runs, nil)
		switch option.Kind {
		case Money, Date, Period, Duration:
			t.runs[o] = t.longestRuns(o)
		}
	}
}

// longestRuns are the longest runs of atoms that are a value of an option, or of which it says
// more than that they are none.
func (t *sharing) longestRuns(o int) (all []goals.Span) {
	end := 0
	for i := range t.atoms {
		for j := t.reach(o, i); j > max(i, end) && !t.inner(i); j-- {
			if t.inner(j) || !t.mayBe(o, i, j) {
				continue
			}
			if err := t.try(o, i, j).err; err == nil || telling(err) {
				all, end = append(all, goals.Span{Start: i, End: j}), j
				break
			}
		}
	}
	return all
}

// reach is the furthest end of a value of option o that begins at atom i.
func (t *sharing) reach(o, i int) int {
	j := i
	for j < len(t.atoms) && !t.used[j] && (t.open[o].Kind.isText() || j < i+maxValue) {
		j++
	}
	return j
}

// from is the best way to explain everything from atom at on.
func (t *sharing) from(at int, filled uint32) shared {
	if at >= len(t.atoms) {
		return shared{ok: true}
	}
	s := state{at, filled}
	if known, ok := t.best[s]; ok {
		return known
	}
	if at > t.far {
		t.far, t.filled = at, filled
	}
	best := shared{o: -1}
	if t.used[at] || filled != 0 && (links[t.low(at)] || t.passes(at)) {
		best = t.after(-1, at+1, filled)
	}
	for o := range t.open {
		if filled&(1<<o) == 0 && !t.used[at] && !t.whole[at] {
			best = t.fill(best, o, at, filled)
		}
	}
	if asides[t.low(at)] || t.passes(at) {
		if next := t.after(-1, at+1, filled); next.ok && (!best.ok || next.worth > best.worth) {
			best = next
		}
	}
	t.best[s] = best
	return best
}

// passes reports a mark that says nothing between values. A minus, a percent sign and the sign
// of a currency always say something.
func (t *sharing) passes(at int) bool {
	a := t.atoms[at]
	dash := a.low == "-" && a.spaced && (at+1 == len(t.atoms) || t.atoms[at+1].spaced)
	return a.shape == ornament || dash || a.shape == mark && strings.Contains(`,;:.!?()"'/&+=#@*_|`, a.low)
}

// fill tries longer and shorter runs of atoms as the value of option o, and keeps the best.
func (t *sharing) fill(best shared, o, at int, filled uint32) shared {
	for to := t.reach(o, at); to > at; to-- {
		if t.inner(to) || t.whole[to] || !t.mayBe(o, at, to) || t.cuts(o, at, to) || t.try(o, at, to).err != nil {
			continue
		}
		if next := t.after(o, to, filled|1<<o); next.ok && (!best.ok || next.worth > best.worth) {
			best = next
		}
	}
	return best
}

// cuts reports that atoms i up to j are only a part of what looks like a value of option o, or
// overlap with it.
func (t *sharing) cuts(o, i, j int) bool {
	return slices.ContainsFunc(t.runs[o], func(s goals.Span) bool {
		return i < s.End && s.Start < j && (s.Start < i || j < s.End)
	})
}

// mayBe refuses at a glance most of what is no value of an option. The words of a long line are
// tried in thousands of groups, and to find out why one is wrong takes far longer.
func (t *sharing) mayBe(o, i, j int) bool {
	key := t.key(i, j)
	part := strings.TrimSuffix(key, "s")
	within := func(name string) bool { return strings.Contains(name, part) }
	switch t.open[o].Kind {
	case Words, Log, Goal:
		return !t.onlyAsides(i, j) && (j == len(t.atoms) || !links[t.low(j-1)])
	case Money, Duration:
		return isFigure(t.low(i)) || fractions[t.low(i)] || strings.ContainsAny(key, "0123456789")
	case Channel, Owner, Choice:
		return key == "" || slices.ContainsFunc(t.keys[o], within)
	case Measure:
		_, isNoun := nouns[key]
		_, isPlain := plainMeasures[key]
		return isNoun || isPlain
	}
	return true
}

func (t *sharing) onlyAsides(i, j int) bool {
	for ; i < j; i++ {
		if !asides[t.low(i)] && !t.passes(i) {
			return false
		}
	}
	return true
}

// keysOf are the keys of the names that an option can be given.
func keysOf(o Option, d Desk) (keys []string) {
	switch o.Kind {
	case Channel:
		for _, c := range d.Channels {
			keys = append(keys, nameKey(c.Name), keyOf(string(c.ID)))
		}
	case Owner:
		for _, owner := range d.Owners {
			keys = append(keys, nameKey(owner.Name), keyOf(string(owner.ID)))
		}
	case Choice:
		for _, c := range o.Choices {
			keys = append(keys, nameKey(c))
		}
	}
	return keys
}

// after is the way on that first gives the atoms up to to to option o.
func (t *sharing) after(o, to int, filled uint32) shared {
	next := t.from(to, filled)
	next.o, next.to = o, to
	if o >= 0 {
		next.worth += t.open[o].worth()
	}
	return next
}

// worth weighs an option against others that could take the same words.
func (o Option) worth() int {
	n := 2
	if o.Kind.isText() {
		n = 1
	}
	if o.Required {
		n += 4
	}
	return n
}

func (t *sharing) try(o, i, j int) tried {
	a := attempt{o, i, j}
	got, ok := t.tried[a]
	if !ok {
		got.value, got.err = t.read(t.open[o], i, j)
		t.tried[a] = got
	}
	return got
}
