package command

import (
	"errors"
	"strings"

	"payoff/goals"
)

// unexplained is the Mistake about the first words that no option can take: what is wrong with
// them as a value of the option they fit best, if one can be told.
func (t *sharing) unexplained() error {
	i, end := t.far, t.far
	for end < len(t.atoms) && !t.used[end] {
		end++
	}
	var errs []error
	for o, option := range t.open {
		for _, j := range []int{end, t.wordEnd(i)} {
			err := t.try(o, i, j).err
			switch {
			case option.Kind.isText():
			case t.filled&(1<<o) == 0 && isSuggestion(err):
				return err
			case t.filled&(1<<o) != 0 && err == nil:
				return t.wrong(goals.Ambiguous, i, j, "Give just one.", "I found a second %s, “%s”.", option.Name, t.said(i, j))
			}
		}
		if t.filled&(1<<o) == 0 && !option.Kind.isText() {
			errs = append(errs, t.try(o, i, end).err)
		}
	}
	switch {
	case len(errs) == 1 && errs[0] != nil:
		return errs[0]
	case len(t.spec.Options) == 0:
		return t.wrong(goals.Unclear, i, end, "Type just “"+Call(t.spec)+"”.", "“%s” takes nothing more.", Call(t.spec))
	}
	return t.wrong(goals.Unclear, i, end, tryUsage(t.spec), "I don't understand “%s”.", t.said(i, end))
}

// isSuggestion reports a Mistake that knows what may have been meant.
func isSuggestion(err error) bool {
	var m *goals.Mistake
	return errors.As(err, &m) && (m.Code == goals.Invalid || m.Code == goals.Ambiguous || strings.HasPrefix(m.Hint, "Did you mean"))
}

// overlooked is the Mistake about words that an option of Words took though they look like a
// wrong value of an option that stayed empty: "away 31 Feb", "channel add BNI netwrking".
func (t *sharing) overlooked(v Values) error {
	for o, option := range t.open {
		if v.Has(option.Name) {
			continue
		}
		for _, s := range t.runs[o] {
			if err := t.try(o, s.Start, s.End).err; err != nil {
				return err
			}
		}
		if err := t.misspelt(o); option.Required && err != nil {
			return err
		}
	}
	return nil
}

// misspelt is the Mistake about the first words that nearly are a value of option o.
func (t *sharing) misspelt(o int) error {
	for i := range t.atoms {
		for j := min(len(t.atoms), i+5); j > i && !t.open[o].Kind.isText(); j-- {
			if t.inner(i) || t.inner(j) || t.used[i] {
				continue
			}
			if err := t.try(o, i, j).err; isSuggestion(err) {
				return err
			}
		}
	}
	return nil
}
