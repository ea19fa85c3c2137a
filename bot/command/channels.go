package command

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/goals"
)

// A match is a channel whose name stands at atoms from up to to.
type match struct {
	from, to int
	channel  int // index in the list
}

// A roll is the channels of one owner, ready to be looked up by name.
type roll struct {
	channels []goals.Channel
	byKey    map[string][]int
	apart    string // marks in the names that elsewhere keep words apart, such as a comma
}

func newRoll(channels []goals.Channel) roll {
	r := roll{channels: channels, byKey: map[string][]int{}}
	for i, c := range channels {
		key := nameKey(c.Name)
		if key != "" {
			r.byKey[key] = append(r.byKey[key], i)
		}
		r.apart += strings.Map(apart, c.Name)
	}
	return r
}

// apart keeps of a name the marks that elsewhere keep words apart. Without one of them in its
// name "BNI, Tuesday" is not the channel BNI Tuesday.
func apart(c rune) rune {
	if c > unicode.MaxASCII || !unicode.IsPunct(c) || strings.ContainsRune("-'&./+_@#:", c) {
		return -1
	}
	return c
}

// nameKey is the key of a name; one without a letter or digit, such as an emoji, is its own key.
func nameKey(name string) string {
	if key := keyOf(name); key != "" {
		return key
	}
	return strings.ToLower(tidy(name))
}

// named is the channel that a name is the whole name of, in singular or plural; -1 is none.
func (r roll) named(name string) int { return r.lookup(nameKey(name), name) }

func (r roll) lookup(key, name string) int {
	if key == "" {
		return -1
	}
	for _, k := range []string{key, strings.TrimSuffix(key, "s"), key + "s"} {
		if found := r.byKey[k]; len(found) > 0 {
			return r.best(found, name)
		}
	}
	return -1
}

// best prefers one in use to an archived one, and then the very spelling.
func (r roll) best(found []int, name string) int {
	rank := func(i int) (n int) {
		if r.channels[i].Archived {
			n += 2
		}
		if fold(r.channels[i].Name) != fold(name) {
			n++
		}
		return n
	}
	return slices.MinFunc(found, func(a, b int) int { return cmp.Compare(rank(a), rank(b)) })
}

// matches finds the channels named in a line, the longest names first; they do not overlap.
func (r roll) matches(l *line, closed func(int) bool) []match {
	var all []match
	for i := range l.atoms {
		if l.inner(i) || closed(i) {
			continue
		}
		if m, ok := r.longest(l, i, closed); ok {
			all = append(all, m)
		}
	}
	length := func(m match) int { return l.atoms[m.to-1].end - l.atoms[m.from].start }
	slices.SortStableFunc(all, func(a, b match) int { return length(b) - length(a) })
	var kept []match
	for _, m := range all {
		apart := func(k match) bool { return m.to <= k.from || k.to <= m.from }
		if !slices.ContainsFunc(kept, func(k match) bool { return !apart(k) }) {
			kept = append(kept, m)
		}
	}
	return kept
}

// longest is the longest name that begins at atom i.
func (r roll) longest(l *line, i int, closed func(int) bool) (found match, ok bool) {
	const most = 24 // atoms of a name
	between := ""   // marks that the name has to hold too
	for j := i + 1; j <= min(len(l.atoms), i+most) && !closed(j-1); j++ {
		last := l.atoms[j-1]
		between += strings.Map(apart, last.low)
		if strings.Trim(between, r.apart) != "" {
			break
		}
		if last.shape == mark || l.inner(j) || !l.isWord(i) && j > i+1 {
			continue
		}
		key := l.key(i, j)
		if key == "" {
			key = l.slice(i, j)
		}
		c := r.lookup(key, l.slice(i, j))
		if c < 0 || r.yields(l, i, j) {
			continue
		}
		if name := r.channels[c].Name; strings.Trim(between, name) != "" || l.spelledOut(i, j, name) {
			continue
		}
		found, ok = match{i, j, c}, true
	}
	return found, ok
}

// spelledOut reports that single letters are what makes up a name: "a a" is not the channel
// AA, while "linked in" is LinkedIn.
func (l *line) spelledOut(i, j int, name string) bool {
	for k := i; k < j; k++ {
		word := l.atoms[k].spaced && l.wordEnd(k) == k+1
		if word && utf8.RuneCountInString(l.low(k)) == 1 && j > i+1 {
			return l.wordsIn(i, j) != len(strings.Fields(name))
		}
	}
	return false
}

// yields reports that words which are a channel's name are more likely meant as themselves:
// "a", "with", a bare number, "2h"; and "3 referrals" when a channel is called Referrals.
func (r roll) yields(l *line, i, j int) bool {
	key := l.key(i, j)
	if strings.Trim(key, "0123456789") == "" && key != "" {
		return true
	}
	if j == i+1 && (reserved(key) || l.leadsMoney(i)) || isAmount(l.slice(i, j)) {
		return true
	}
	if _, isNoun := nouns[key]; !isNoun || i == 0 {
		return false
	}
	return isFigure(l.low(i-1)) || l.atoms[i-1].shape == digits
}

// leadsMoney reports letters that begin an amount: "CN¥5", "CHF 300".
func (l *line) leadsMoney(i int) bool {
	next := i + 1
	if next == len(l.atoms) {
		return false
	}
	if isCurrencySign(l.low(next)) {
		return !l.atoms[next].spaced
	}
	_, err := goals.ParseCurrency(l.slice(i, next))
	return err == nil && l.atoms[next].shape == digits
}

// isAmount reports a text that begins with a figure and is an amount or a date as a whole.
func isAmount(text string) bool {
	r := &reader{line: read(text), desk: Desk{Today: epoch, Currency: "GBP"}}
	if r.atoms[0].shape != digits && !isCurrencySign(r.low(0)) {
		return false
	}
	r.closed = make([]int, len(r.atoms))
	p, err := r.measured(0)
	return err != nil || p.to == len(r.atoms) && (p.kind != countPart || p.counted)
}

// epoch is some day for questions whose answer is the same on all of them.
const epoch = goals.Date(20_000)

// partly lists the channels in use of which words are a part of the name: its beginning,
// at least three letters of it, or whole words of it.
func (r roll) partly(name string) []int {
	key := keyOf(name)
	if len(key) < 3 {
		return nil
	}
	var fit []int
	for i, c := range r.channels {
		if !c.Archived && (strings.HasPrefix(nameKey(c.Name), key) || wholeWords(c.Name, key)) {
			fit = append(fit, i)
		}
	}
	return fit
}

// wholeWords reports that some words of a name, one after the other, have this key.
func wholeWords(name, key string) bool {
	l := read(name)
	for i := range l.atoms {
		for j := i + 1; j <= len(l.atoms) && !l.inner(i); j++ {
			if !l.inner(j) && l.key(i, j) == key {
				return true
			}
		}
	}
	return false
}

// list names up to five channels in use for a hint: "BNI, LinkedIn or cold calls".
func (r roll) list() string {
	var names []string
	for _, c := range r.channels {
		if !c.Archived && len(names) < 5 {
			names = append(names, c.Name)
		}
	}
	return either(names)
}

func (r roll) names() []string {
	names := make([]string, len(r.channels))
	for i, c := range r.channels {
		names[i] = c.Name
	}
	return names
}

// either joins names as alternatives.
func either(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
