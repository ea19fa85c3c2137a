package command

import (
	"errors"
	"slices"
	"strings"

	"payoff/goals"
)

// A sharing shares the words of a text out among the options of a command.
type sharing struct {
	*line
	spec   Spec
	desk   Desk
	used   []bool     // atoms that named options have taken
	open   []Option   // the options still to fill
	keys   [][]string // for each of them the keys of the names it takes, if it takes names
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
	ok     bool
	filled int // how many options it fills
	o, to  int // the option filled next and the end of its words; option -1 passes over a word
}

// asides are words that lead to a value and may be left out of it.
var asides = words("for, in, on, at, to, from, until, till, and, with, by, the, of, is, as, into")

const maxValue = 12 // atoms of a typed value: "the quarter after next" is four

// takeRest fills options from the atoms that no name has claimed.
func (v Values) takeRest(t *sharing) error {
	t.open = v.open(t.spec)
	t.best = map[state]shared{}
	for _, o := range t.open {
		t.keys = append(t.keys, keysOf(o, t.desk))
	}
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
	return nil
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
	if t.used[at] {
		best = t.after(-1, at+1, filled)
	} else {
		for o := range t.open {
			if filled&(1<<o) == 0 {
				best = t.fill(best, o, at, filled)
			}
		}
		if low := t.low(at); asides[low] || t.atoms[at].shape >= mark && low != "-" {
			if next := t.after(-1, at+1, filled); next.ok && (!best.ok || next.filled > best.filled) {
				best = next
			}
		}
	}
	t.best[s] = best
	return best
}

// fill tries longer and shorter runs of atoms as the value of option o, and keeps the best.
func (t *sharing) fill(best shared, o, at int, filled uint32) shared {
	end := at
	for end < len(t.atoms) && !t.used[end] && (t.open[o].Kind == Words || end < at+maxValue) {
		end++
	}
	for to := end; to > at; to-- {
		if t.inner(to) || !t.mayBe(o, at, to) || t.try(o, at, to).err != nil {
			continue
		}
		if next := t.after(o, to, filled|1<<o); next.ok && (!best.ok || next.filled > best.filled) {
			best = next
		}
	}
	return best
}

// mayBe refuses at a glance most of what is no value of an option. The words of a long line are
// tried in thousands of groups, and to find out why one is wrong takes far longer.
func (t *sharing) mayBe(o, i, j int) bool {
	key := t.key(i, j)
	part := strings.TrimSuffix(key, "s")
	within := func(name string) bool { return strings.Contains(name, part) }
	switch t.open[o].Kind {
	case Money, Duration:
		_, figure := figures[t.low(i)]
		return figure || fractions[t.low(i)] || strings.ContainsAny(key, "0123456789")
	case Channel, Owner, Choice:
		return key == "" || slices.ContainsFunc(t.keys[o], within)
	case Measure:
		_, isNoun := nouns[key]
		_, isPlain := plainMeasures[key]
		return isNoun || isPlain
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
		next.filled++
	}
	return next
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

// unexplained is the Mistake about the first words that no option can take: what is wrong with
// them as a value of the option they fit best, if one can be told.
func (t *sharing) unexplained() error {
	i, end := t.far, t.far
	for end < len(t.atoms) && !t.used[end] {
		end++
	}
	var errs []error
	for o, option := range t.open {
		if t.filled&(1<<o) != 0 || option.Kind == Words {
			continue
		}
		for _, j := range []int{end, t.wordEnd(i)} {
			err := t.try(o, i, j).err
			var m *goals.Mistake
			if errors.As(err, &m) && (m.Code == goals.Invalid || m.Code == goals.Ambiguous) {
				return err
			}
		}
		errs = append(errs, t.try(o, i, end).err)
	}
	if len(errs) == 1 && errs[0] != nil {
		return errs[0]
	}
	if len(t.spec.Options) == 0 {
		return t.wrong(goals.Unclear, i, end, "Type just “"+Call(t.spec)+"”.", "“%s” takes nothing more.", Call(t.spec))
	}
	return t.wrong(goals.Unclear, i, end, tryUsage(t.spec), "I don't understand “%s”.", t.said(i, end))
}
