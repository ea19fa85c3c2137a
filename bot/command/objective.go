package command

import (
	"slices"
	"strconv"
	"strings"

	"payoff/goals"
)

// numbered are the objectives that run as /goal shows them: "2. at most 3h a week, Facebook".
func numbered(d Desk) (all []string) {
	for i, o := range d.Objectives {
		all = append(all, strconv.Itoa(i+1)+". "+ObjectiveInWords(o, d))
	}
	return all
}

// objectiveCalled is the objective of a number, or the only one that all the words may mean.
func objectiveCalled(text string, d Desk) (goals.Objective, error) {
	const hint = "/goal shows them with their numbers."
	name := bare(text)
	if n, err := strconv.Atoi(strings.Trim(name, "#.")); err == nil {
		if n < 1 || n > len(d.Objectives) {
			return goals.Objective{}, goals.Wrong(goals.Unknown, hint, "You have no target with the number “%s”.", name)
		}
		return d.Objectives[n-1], nil
	}
	var fit []string
	var found goals.Objective
	for i, label := range numbered(d) {
		o := d.Objectives[i]
		if key := keyOf(name); key == keyOf(label) || key == keyOf(ObjectiveInWords(o, d)) {
			return o, nil
		}
		if says(label, name) {
			found, fit = o, append(fit, strconv.Itoa(i+1))
		}
	}
	switch len(fit) {
	case 0:
		return found, goals.Wrong(goals.Unknown, hint, "You have no target like “%s”.", name)
	case 1:
		return found, nil
	}
	return goals.Objective{}, goals.Wrong(goals.Ambiguous, "Type its number.", "“%s” could be %s.", name, either(fit))
}

// says reports that each word of a text stands in a label, words that lead to others aside.
func says(label, text string) bool {
	said := slices.DeleteFunc(strings.Fields(text), func(word string) bool { return asides[fold(word)] || keyOf(word) == "" })
	missing := func(word string) bool { return !wholeWords(label, keyOf(word)) }
	return len(said) > 0 && !slices.ContainsFunc(said, missing)
}
