package discord

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"payoff/bot/chat"
)

// chooses reports whether a field is a menu. One of more choices than a menu takes is typed.
func chooses(f chat.Field) bool { return len(f.Choices) > 0 && len(f.Choices) <= mostOptions }

func selectOf(f chat.Field, hint string) modalSelect {
	menu := modalSelect{Type: 3, CustomID: f.ID, Placeholder: hint, Required: f.Required}
	if f.Required {
		menu.MinValues = 1
	}
	chosen := false
	for i, value := range optionValues(f.Choices) {
		o := modalOption{Label: shorten(labelOf(f.Choices[i]), mostOption), Value: value}
		if !chosen && f.Choices[i].Value == f.Value {
			o.Default, chosen = true, true
		}
		menu.Options = append(menu.Options, o)
	}
	return menu
}

// optionValues are the values of choices as options carry them: one that is empty, too long or
// there already is "#" and its place.
func optionValues(choices []chat.Choice) []string {
	var values []string
	for i, ch := range choices {
		value := ch.Value
		if value == "" || length(value) > mostOption || strings.HasPrefix(value, "#") || slices.Contains(values, value) {
			value = fmt.Sprint("#", i)
		}
		values = append(values, value)
	}
	return values
}

// labelOf is what a person sees of a choice.
func labelOf(ch chat.Choice) string {
	for _, said := range []string{line(ch.Label), line(ch.Value)} {
		if said != "" {
			return said
		}
	}
	return "–"
}

func labelsOf(choices []chat.Choice) []string {
	labels := make([]string, len(choices))
	for i, ch := range choices {
		labels[i] = labelOf(ch)
	}
	return labels
}

// labelled is what stands in a field for a value: its label, or what was typed in vain.
func labelled(choices []chat.Choice, value string) string {
	i := slices.IndexFunc(choices, func(ch chat.Choice) bool { return ch.Value == value })
	if i < 0 || value == "" {
		return line(value)
	}
	return labelOf(choices[i])
}

// readPart takes what was submitted, by custom_id of the component (the field's ID): values of
// the fields of part p as chat.Submitted carries them, and what is wrong where a choice was
// typed that is none. What was typed stays the value then, so that it can be shown again.
func readPart(p part, typed map[string]string) (values, wrong map[string]string) {
	values, wrong = map[string]string{}, map[string]string{}
	for _, f := range p.fields {
		said := typed[f.ID]
		values[f.ID] = said
		switch {
		case len(f.Choices) == 0 || strings.TrimSpace(said) == "":
		case chooses(f):
			if i := slices.Index(optionValues(f.Choices), said); i >= 0 {
				values[f.ID] = f.Choices[i].Value
			} else {
				wrong[f.ID] = "Choose one of the list."
			}
		default:
			if value, say := choose(f.Choices, line(said)); say != "" {
				wrong[f.ID] = say
			} else {
				values[f.ID] = value
			}
		}
	}
	return values, wrong
}

// choose finds the choice that was typed: by its whole label or value, or by a beginning that
// only one label has, case aside. say is what is wrong where there is none.
func choose(choices []chat.Choice, typed string) (value, say string) {
	var begun []chat.Choice
	for _, ch := range choices {
		label := shorten(labelOf(ch), mostTyped)
		if strings.EqualFold(label, typed) || strings.EqualFold(line(ch.Value), typed) {
			return ch.Value, ""
		}
		if strings.HasPrefix(strings.ToLower(label), strings.ToLower(typed)) {
			begun = append(begun, ch)
		}
	}
	quoted := "“" + shorten(typed, mostOption/4) + "”"
	switch len(begun) {
	case 0:
		return "", quoted + " is none of the " + strconv.Itoa(len(choices)) + " there are: try how it begins."
	case 1:
		return begun[0].Value, ""
	}
	return "", quoted + " may be " + shorten(labelOf(begun[0]), mostOption/4) + " or " + shorten(labelOf(begun[1]), mostOption/4) + ": write more of it."
}
