package command

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"payoff/goals"
)

// MaxText is how many characters the text of a command may have; a log of MaxLines lines fits.
const MaxText = MaxLine * MaxLines

// Parse gives the options of a command their values: first those that a platform with typed
// options took apart, by name; then those of the text, as "name: value" or in any order.
//
// Words of a text are shared out so that the most options are filled, each from words that stand
// side by side; an option of Words takes what no other explains. What is missing or not
// understood is a *goals.Mistake.
func Parse(s Spec, text string, given map[string]string, d Desk) (Values, error) {
	v := Values{byName: map[string]value{}}
	for _, o := range s.Options {
		v.names = append(v.names, o.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if err := v.give(s, name, given[name], d); err != nil {
			return Values{}, err
		}
	}
	if n := utf8.RuneCountInString(text); n > MaxText {
		return Values{}, goals.Wrong(goals.Invalid, "Say it in fewer words.", "That has %d characters; I read up to %d.", n, MaxText)
	}
	if err := v.take(s, text, d); err != nil {
		return Values{}, err
	}
	for _, o := range s.Options {
		if o.Required && !v.Has(o.Name) {
			return Values{}, missing(s, o)
		}
	}
	return v, nil
}

// give fills an option by name.
func (v Values) give(s Spec, name, text string, d Desk) error {
	i := slices.IndexFunc(s.Options, func(o Option) bool { return strings.EqualFold(o.Name, name) })
	if i < 0 {
		return goals.Wrong(goals.Unknown, tryUsage(s), "“%s” has no option “%s”.", Call(s), name)
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	got, err := s.Options[i].read(text, d)
	if err == nil {
		v.byName[s.Options[i].Name] = got
	}
	return err
}

// take fills options from a text.
func (v Values) take(s Spec, text string, d Desk) error {
	open := v.open(s)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if len(open) == 1 && open[0].Kind.isWhole() { // whatever it says, it is the value
		return v.give(s, open[0].Name, withoutLabel(text, open[0].Name), d)
	}
	if err := fits(text, MaxLine); err != nil {
		return err
	}
	t := &sharing{line: read(text), spec: s, desk: d, tried: map[attempt]tried{}}
	t.used = make([]bool, len(t.atoms))
	if err := v.takeNamed(t); err != nil {
		return err
	}
	return v.takeRest(t)
}

// open lists the options without a value.
func (v Values) open(s Spec) (open []Option) {
	for _, o := range s.Options {
		if !v.Has(o.Name) {
			open = append(open, o)
		}
	}
	return open
}

func withoutLabel(text, name string) string {
	if head, rest, ok := strings.Cut(text, ":"); ok && strings.EqualFold(strings.TrimSpace(head), name) && !strings.HasPrefix(rest, "//") {
		return rest
	}
	return text
}

// takeNamed fills the options that the text names, "channel: BNI". A value goes on to the next
// name; when only its beginning fits, the rest is left for other options.
func (v Values) takeNamed(t *sharing) error {
	for i := 0; i < len(t.atoms); {
		o, from := t.label(i)
		if from == 0 || v.Has(o.Name) {
			i++
			continue
		}
		end := from
		for end < len(t.atoms) {
			if next, k := t.label(end); k > 0 && next.Name != o.Name {
				break
			}
			end++
		}
		j, got, err := t.beginning(o, from, end)
		if err != nil {
			return err
		}
		v.byName[o.Name] = got
		for ; i < j; i++ {
			t.used[i] = true
		}
	}
	return nil
}

// label is the option that atom i names, and the atom behind the colon; 0 if it names none.
func (t *sharing) label(i int) (Option, int) {
	if t.inner(i) {
		return Option{}, 0
	}
	for _, o := range t.spec.Options {
		name := read(o.Name).atoms
		j := i + len(name)
		if j < len(t.atoms) && (t.low(j) == ":" || t.low(j) == "=") && t.key(i, j) == keyOf(o.Name) && j+1 < len(t.atoms) {
			return o, j + 1
		}
	}
	return Option{}, 0
}

// beginning reads as much of atoms i up to j as is a value of an option.
func (t *sharing) beginning(o Option, i, j int) (int, value, error) {
	var first error
	for end := j; end > i; end-- {
		if t.inner(end) {
			continue
		}
		got, err := t.read(o, i, end)
		if err == nil {
			return end, got, nil
		}
		if first == nil {
			first = err
		}
		if o.Kind.isText() {
			break
		}
	}
	if first == nil {
		first = t.wrong(goals.Unclear, i, j, tryUsage(t.spec), "There is nothing behind “%s:”.", o.Name)
	}
	return 0, value{}, first
}

// read reads atoms i up to j as the value of an option; a Mistake is about the whole text.
func (t *sharing) read(o Option, i, j int) (value, error) {
	s := t.span(i, j)
	got, err := o.parse(t.typed[s.Start:s.End], t.desk)
	var m *goals.Mistake
	if errors.As(err, &m) {
		moved := *m
		moved.Input = t.typed
		moved.Marked = s
		if m.Marked.End > m.Marked.Start && s.Start+m.Marked.End <= s.End {
			moved.Marked = goals.Span{Start: s.Start + m.Marked.Start, End: s.Start + m.Marked.End}
		}
		return value{}, &moved
	}
	return got, err
}

func tryUsage(s Spec) string {
	if len(s.Examples) > 0 {
		return "Type “" + Usage(s) + "”, for example “" + example(s) + "”."
	}
	return "Type “" + Usage(s) + "”."
}

// missing is the Mistake of an option that a command needs and was not given.
func missing(s Spec, o Option) error {
	choices := ""
	if o.Kind == Choice {
		choices = ": " + either(o.Choices)
	}
	return goals.Wrong(goals.Unclear, tryUsage(s), "“%s” needs %s%s.", Call(s), the(o.Name), choices)
}

// the is the name of an option with its article: "a goal", "an amount".
func the(name string) string {
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
