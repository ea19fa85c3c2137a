package discord

import (
	"slices"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// A place is where a command stands in Discord: the one to three words that a person picks.
type place struct {
	words []string
	spec  command.Spec
}

// payoffWord is the command below which every other stands, too.
const payoffWord = "payoff"

// standIns are subcommands that do what the bare command above them does. Discord calls no
// command that has subcommands by itself, so without one of these it becomes "show".
var standIns = []string{"show", "list", "now"}

// places is where each command of the table stands, in the order in which Discord is told:
// those of the top level, everything below /payoff, and what only admins may.
func places(specs []command.Spec) (all []place) {
	var others, tops []place
	var admin []string
	for _, head := range heads(specs) {
		below := placesBelow(specs, head)
		if slices.Contains(command.TopLevel, head) {
			tops = append(tops, below...)
			continue
		}
		others = append(others, below...)
		if slices.ContainsFunc(below, isAdmin) {
			admin = append(admin, head)
		}
	}
	for _, head := range command.TopLevel {
		all = append(all, slices.DeleteFunc(slices.Clone(tops), func(p place) bool { return p.words[0] != head })...)
	}
	for _, p := range slices.Concat(others, tops) {
		all = append(all, place{append([]string{payoffWord}, p.words...), p.spec})
	}
	if len(all) == 0 { // a table of nothing else
		all = placesBelow(specs, payoffWord)
	}
	// Rights can be set on whole commands only, so what admins do has one of its own besides.
	for _, p := range others {
		if isAdmin(p) && slices.Contains(admin, p.words[0]) {
			all = append(all, p)
		}
	}
	return all
}

func isAdmin(p place) bool { return p.spec.Admin }

// heads are the first words of the commands that a person can pick, but for payoff: what that
// does by itself, /payoff help does.
func heads(specs []command.Spec) (words []string) {
	for _, s := range specs {
		head, _, _ := strings.Cut(s.Name, " ")
		if !s.Hidden && head != payoffWord && !slices.Contains(words, head) {
			words = append(words, head)
		}
	}
	return words
}

// placesBelow are the commands that begin with a word: the bare one, or it as a subcommand
// beside the others.
func placesBelow(specs []command.Spec, head string) (all []place) {
	var bare *command.Spec
	for _, s := range specs {
		first, rest, _ := strings.Cut(s.Name, " ")
		switch {
		case s.Hidden || first != head:
		case rest == "":
			bare = &s
		default:
			all = append(all, place{[]string{wordOf(head), wordOf(rest)}, s})
		}
	}
	standsIn := func(p place) bool { return slices.Contains(standIns, p.words[1]) }
	switch {
	case bare == nil || slices.ContainsFunc(all, standsIn):
		return all
	case len(all) == 0:
		return []place{{[]string{wordOf(head)}, *bare}}
	}
	return append([]place{{[]string{wordOf(head), standIns[0]}, *bare}}, all...)
}

// wordOf is a name as Discord takes one: in small letters and without spaces.
func wordOf(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }

// specOf is the command that names call: those of the command, the group and the subcommand,
// as far as there are any, or that of an entry in the menu of a message.
func specOf(specs []command.Spec, names []string) (command.Spec, bool) {
	for _, p := range places(specs) {
		if slices.Equal(p.words, names) {
			return p.spec, true
		}
	}
	for _, s := range specs {
		if len(names) == 1 && s.Shortcut != "" && s.Shortcut == names[0] {
			return s, true
		}
	}
	return command.Spec{}, false
}

// typedOf is a chat.Typed of what Discord took apart: names are those of the command, the group
// and the subcommand, as far as there are any; options by their Discord names. An option that
// the command does not have keeps its name, so that the person is told of it.
func typedOf(specs []command.Spec, names []string, options map[string]string) (chat.Typed, bool) {
	s, ok := specOf(specs, names)
	if !ok {
		return chat.Typed{}, false
	}
	typed := chat.Typed{Text: s.Name, Options: map[string]string{}}
	for name, value := range options {
		typed.Options[optionOf(s, name)] = value
	}
	return typed, true
}

// optionOf is what the table calls an option that Discord calls name.
func optionOf(s command.Spec, name string) string {
	for _, o := range s.Options {
		if wordOf(o.Name) == name {
			return o.Name
		}
	}
	return name
}
