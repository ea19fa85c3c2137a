package discordtest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Limits of commands: https://discord.com/developers/docs/interactions/application-commands
const (
	userCommand = 2 // the other kinds are in act_line.go

	maxTyped          = 100
	maxOnUsers        = 15
	maxOnMessages     = 15
	maxOptions        = 25
	maxCommandName    = 32
	maxCommandHint    = 100
	maxCommandLetters = 8000 // names, descriptions and values of choices of one command
	maxText           = 6000
)

// commandName is what a typed command, and any option, may be called.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// commands holds all commands of the app against their limits.
func (k *checker) commands(list []Command) {
	most := map[int]int{typedCommand: maxTyped, userCommand: maxOnUsers, messageCommand: maxOnMessages}
	seen, count := map[string]bool{}, map[int]int{}
	for i, c := range list {
		at := strconv.Itoa(i)
		name := fmt.Sprint(c.Type, " ", c.Name)
		if seen[name] {
			k.add(under(at, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		seen[name] = true
		if count[c.Type]++; count[c.Type] == most[c.Type]+1 {
			k.add("", "APPLICATION_COMMAND_TOO_MANY", "There may be %d commands of type %d.", most[c.Type], c.Type)
		}
		if c.Type == typedCommand {
			k.typed(at, c)
			continue
		}
		k.needed(under(at, "name"), strings.TrimSpace(c.Name), maxCommandName)
		if c.Description != "" || len(c.Options) > 0 {
			k.add(at, "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET", "Context menu commands cannot have description or options")
		}
	}
}

// typed holds a typed command against its limits.
func (k *checker) typed(at string, c Command) {
	k.named(at, c.Name, c.Description)
	k.options(under(at, "options"), c.Options, 0)
	if n := units(c.Name) + units(c.Description) + letters(c.Options); n > maxCommandLetters {
		k.add(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", maxCommandLetters)
	}
}

// named holds a name and a description against their limits.
func (k *checker) named(at, name, description string) {
	if !commandName.MatchString(name) || strings.ToLower(name) != name {
		k.add(under(at, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
	k.needed(under(at, "description"), description, maxCommandHint)
}

// letters is what counts against the size of a command. Of text in several languages the
// longest counts; there is one.
func letters(options []Option) int {
	n := 0
	for _, o := range options {
		n += units(o.Name) + units(o.Description) + letters(o.Options)
		for _, c := range o.Choices {
			n += units(c.Name) + units(fmt.Sprint(c.Value))
		}
	}
	return n
}

// options holds those of a command (depth 0), a group (1) or a subcommand (2) against their
// limits.
func (k *checker) options(at string, list []Option, depth int) {
	k.count(at, len(list), 0, maxOptions)
	names, voluntary, below := map[string]bool{}, false, 0
	for i, o := range list {
		here := under(at, i)
		k.named(here, o.Name, o.Description)
		if names[o.Name] {
			k.add(under(here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option names must be unique")
		}
		names[o.Name] = true
		switch o.Type {
		case groupOption, subcommandOption:
			below++
			if depth == 2 || depth == 1 && o.Type == groupOption {
				k.add(under(here, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command options cannot be nested further")
			}
			next := 2
			if o.Type == groupOption {
				next = 1
			}
			k.options(under(here, "options"), o.Options, next)
		default:
			k.argument(here, o, depth)
			if o.Required && voluntary {
				k.add(under(here, "required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
			}
			voluntary = voluntary || !o.Required
		}
	}
	if below > 0 && below < len(list) {
		k.add(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
	if depth == 1 && below == 0 {
		k.add(at, "BASE_TYPE_REQUIRED", "This field is required")
	}
}

// argument holds an option that takes a value against its limits.
func (k *checker) argument(at string, o Option, depth int) {
	if depth == 1 {
		k.add(under(at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "A group holds subcommands.")
	}
	if o.Autocomplete && len(o.Choices) > 0 {
		k.add(under(at, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "autocomplete may not be set to true if choices are present")
	}
	if o.Type != stringOption && (o.MinLength != nil || o.MaxLength != nil) {
		k.add(under(at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Only text has a length.")
	}
	if o.MaxLength != nil && (*o.MaxLength < 1 || *o.MaxLength > maxText) {
		k.add(under(at, "max_length"), "NUMBER_TYPE_MAX", "int value should be between 1 and %d.", maxText)
	}
	if o.MinLength != nil && o.MaxLength != nil && *o.MinLength > *o.MaxLength {
		k.add(under(at, "min_length"), "NUMBER_TYPE_MAX", "min_length is more than max_length.")
	}
	k.choices(under(at, "choices"), o.Choices)
}
