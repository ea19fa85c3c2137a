package command

import (
	"slices"
	"strings"
	"unicode/utf8"

	"payoff/bot/chat"
	"payoff/goals"
)

// MaxChoices and maxChoice are Discord's limits: choices in an answer, characters in each.
// https://discord.com/developers/docs/interactions/application-commands
const (
	MaxChoices = 25
	maxChoice  = 100
)

// Complete proposes how to go on from what is being typed. With an option it proposes values of
// that option, and text is the command's words and what stands in the option so far; without
// one it proposes whole lines. Nothing goes on from several lines, or from more than fit in a choice.
func Complete(specs []Spec, text, option string, d Desk) []chat.Choice {
	if strings.ContainsAny(text, "\r\n") {
		return nil
	}
	s, rest, err := Find(specs, text)
	if option != "" {
		if err != nil || utf8.RuneCountInString(rest) > maxChoice {
			return nil
		}
		i := slices.IndexFunc(s.Options, func(o Option) bool { return o.Name == option })
		if i < 0 {
			return nil
		}
		return fitting(s.Options[i].choices(rest, d))
	}
	all := commandsFrom(specs, text)
	if err == nil && utf8.RuneCountInString(text) <= maxChoice {
		all = append(lines(s, text, rest, d), all...)
	}
	return fitting(all)
}

// commandsFrom are the commands whose words begin with a text.
func commandsFrom(specs []Spec, text string) (all []chat.Choice) {
	typed := strings.TrimLeft(text, "/ ")
	if rest, ok := strings.CutPrefix(fold(typed), "payoff"); ok {
		typed = strings.TrimLeft(rest, " ")
	}
	for _, g := range groups(specs) {
		for _, s := range g.specs {
			if strings.HasPrefix(s.Name, fold(strings.TrimRight(typed, " "))) && s.Name != fold(typed) {
				all = append(all, chat.Choice{Value: s.Name, Label: s.Name + ": " + s.Summary})
			}
		}
	}
	return all
}

// lines are the text with its last words completed as a value of an option that is still open.
func lines(s Spec, text, rest string, d Desk) (all []chat.Choice) {
	fields := strings.Fields(rest)
	const most = 4 // words of the value being typed, if they are not all there are
	least := 1
	if strings.HasSuffix(text, " ") || len(fields) == 0 {
		least = 0
	}
	for k := least; k <= len(fields); k++ {
		if k > most {
			k = len(fields)
		}
		head := strings.Join(fields[:len(fields)-k], " ")
		tail := strings.Join(fields[len(fields)-k:], " ")
		v := Values{byName: map[string]value{}}
		if err := v.take(s, head, d); err != nil {
			continue
		}
		for _, o := range v.open(s) {
			for _, c := range o.choices(tail, d) {
				line := strings.Join(strings.Fields(s.Name+" "+head+" "+c.Value), " ")
				if strings.HasPrefix(c.Label, c.Value) { // otherwise it says all by itself
					c.Label = strings.TrimSpace(s.Name+" "+head) + " " + c.Label
				}
				all = append(all, chat.Choice{Value: line, Label: c.Label})
			}
		}
	}
	return all
}

// fitting keeps the choices a platform can show, each value once.
func fitting(all []chat.Choice) (kept []chat.Choice) {
	for _, c := range all {
		same := func(k chat.Choice) bool { return k.Value == c.Value }
		if len(kept) == MaxChoices {
			break
		}
		if c.Value == "" || utf8.RuneCountInString(c.Value) > maxChoice || slices.ContainsFunc(kept, same) {
			continue
		}
		if label := []rune(c.Label); len(label) > maxChoice {
			c.Label = string(label[:maxChoice-1]) + "…"
		}
		kept = append(kept, c)
	}
	return kept
}

// choices are values of an option that begin with, or else hold, what is typed.
func (o Option) choices(typed string, d Desk) []chat.Choice {
	switch o.Kind {
	case Channel:
		var names []string
		for _, c := range d.Channels {
			if !c.Archived {
				names = append(names, c.Name)
			}
		}
		return holding(names, typed)
	case Owner:
		var names []string
		for _, owner := range d.Owners {
			names = append(names, owner.Name)
		}
		return holding(names, strings.TrimPrefix(typed, "@"))
	case Choice:
		return holding(o.Choices, typed)
	case Measure:
		var names []string
		for m := range goals.Measures {
			names = append(names, m.String())
		}
		return holding(names, typed)
	case Zone:
		zones := goals.Zones()
		slices.SortStableFunc(zones, func(a, b string) int { return len(a) - len(b) }) // cities before islands
		return holding(zones, strings.ReplaceAll(strings.TrimSpace(typed), " ", "_"))
	case Objective:
		all := holding(numbered(d), typed)
		for i := range all {
			all[i].Value, _, _ = strings.Cut(all[i].Value, ".")
		}
		return all
	case Log, Goal:
		return o.goneOn(typed, d)
	case Words:
		return nil
	}
	return o.readBack(typed, d)
}

// holding are the names that begin with what is typed, then those with a word that does, then
// those that hold it anywhere.
func holding(names []string, typed string) []chat.Choice {
	want := fold(strings.TrimSpace(typed))
	var begin, within, anywhere []chat.Choice
	for _, name := range names {
		low, c := fold(name), chat.Choice{Value: name, Label: name}
		switch at := strings.Index(low, want); {
		case at == 0:
			begin = append(begin, c)
		case at > 0 && strings.ContainsRune(" /-", rune(low[at-1])):
			within = append(within, c)
		case at > 0:
			anywhere = append(anywhere, c)
		}
	}
	return slices.Concat(begin, within, anywhere)
}
