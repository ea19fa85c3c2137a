package discordtest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kinds of options: https://docs.discord.com/developers/interactions/application-commands
const (
	subcommandOption = 1
	groupOption      = 2
	stringOption     = 3
	integerOption    = 4
	booleanOption    = 5
	numberOption     = 10

	typedCommand   = 1
	messageCommand = 3
)

// A typedLine is a line as somebody entered it: which command, and its options.
type typedLine struct {
	command Command
	path    []Option // the group and subcommand within it, as far as there are any
	values  []typedValue
}

// A typedValue is an option with what was entered.
type typedValue struct {
	option  Option
	value   string
	focused bool // it is being typed
}

// stands are the subcommands that a bare command is, the first that it has.
var stands = []string{"show", "list", "now"}

// readLine finds the command of a line among those that somebody is shown: at the top level,
// else below /payoff. The rest of the line are its options.
func readLine(shown []Command, line string) (typedLine, string, error) {
	words, ok := strings.CutPrefix(line, "/")
	if !ok {
		return typedLine{}, "", fmt.Errorf("%q is no command", line)
	}
	if strings.TrimSpace(words) == "payoff" {
		words = "payoff help"
	}
	for _, try := range []string{words, "payoff " + words} {
		name, rest := nextWord(try)
		at := slices.IndexFunc(shown, func(c Command) bool { return c.Type == typedCommand && c.Name == name })
		if at < 0 {
			continue
		}
		t := typedLine{command: shown[at]}
		if rest, ok := t.descend(shown[at].Options, rest); ok {
			return t, rest, nil
		}
	}
	return typedLine{}, "", fmt.Errorf("Discord shows no command for %q", line)
}

// descend follows a line into groups and subcommands, as far as there are any.
func (t *typedLine) descend(options []Option, line string) (rest string, ok bool) {
	if len(options) == 0 || options[0].Type > groupOption {
		return line, true
	}
	// A name of several words is written with hyphens; the longest that there is counts.
	words := strings.Fields(line)
	for n := min(3, len(words)); n > 0; n-- {
		name := strings.ToLower(strings.Join(words[:n], "-"))
		if o, known := optionOf(options, name); known {
			after := line
			for range n {
				_, after = nextWord(after)
			}
			t.path = append(t.path, o)
			return t.descend(o.Options, after)
		}
	}
	for _, name := range stands {
		if o, known := optionOf(options, name); known {
			t.path = append(t.path, o)
			return t.descend(o.Options, line)
		}
	}
	return "", false
}

func optionOf(options []Option, name string) (Option, bool) {
	i := slices.IndexFunc(options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return Option{}, false
	}
	return options[i], true
}

func nextWord(s string) (word, rest string) {
	word, rest, _ = strings.Cut(strings.TrimLeft(s, " \n"), " ")
	return word, strings.TrimLeft(rest, " ")
}

// leaf are the options that the command in the end takes.
func (t *typedLine) leaf() []Option {
	if len(t.path) > 0 {
		return t.path[len(t.path)-1].Options
	}
	return t.command.Options
}

// fill takes the rest of a line for options: as pairs, "name:value", where it has any, or else
// all of it for the first option that takes it. focus names the option that is still being
// typed, "" when the line is finished.
func (t *typedLine) fill(rest, focus string) error {
	options := t.leaf()
	values, before := pairs(options, rest)
	if before != "" {
		into, err := takes(options, values, before, focus)
		if err != nil {
			return err
		}
		values[into] = before
	}
	if _, known := optionOf(options, focus); focus != "" && !known {
		return fmt.Errorf("there is no option %q", focus)
	}
	for _, o := range options {
		value, given := values[o.Name]
		if o.Name == focus {
			t.values = append(t.values, typedValue{o, value, true})
			continue
		}
		if !given {
			if o.Required && focus == "" {
				return fmt.Errorf("option %q: Discord does not send the command without it", o.Name)
			}
			continue
		}
		if _, err := o.entered(value); err != nil {
			return fmt.Errorf("option %q: %w", o.Name, err)
		}
		t.values = append(t.values, typedValue{o, value, false})
	}
	return nil
}

// pairs are the values that a line names, and what stands before the first of them.
func pairs(options []Option, line string) (values map[string]string, before string) {
	values = map[string]string{}
	var names []string
	for _, o := range options {
		names = append(names, regexp.QuoteMeta(o.Name))
	}
	if len(names) == 0 {
		return values, strings.TrimSpace(line)
	}
	named := regexp.MustCompile(`(?:^|\s)(` + strings.Join(names, "|") + `):`)
	found := named.FindAllStringSubmatchIndex(line, -1)
	for i, at := range found {
		end := len(line)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		values[line[at[2]:at[3]]] = strings.TrimSpace(line[at[1]:end])
	}
	if len(found) == 0 {
		return values, strings.TrimSpace(line)
	}
	return values, strings.TrimSpace(line[:found[0][0]])
}

// takes is the first string option, not named already, that a person could enter words into.
func takes(options []Option, named map[string]string, words, focus string) (string, error) {
	if focus != "" {
		return focus, nil
	}
	err := errors.New("the command takes no words")
	for _, o := range options {
		if _, already := named[o.Name]; already || o.Type != stringOption {
			continue
		}
		_, bad := o.entered(words)
		if bad == nil {
			return o.Name, nil
		}
		err = fmt.Errorf("option %q: %w", o.Name, bad)
	}
	return "", err
}

// entered is the value that Discord sends for what was entered, if it lets it be entered.
func (o Option) entered(s string) (any, error) {
	if len(o.Choices) > 0 {
		for _, c := range o.Choices {
			if strings.EqualFold(c.Name, s) || fmt.Sprint(c.Value) == s {
				return c.Value, nil
			}
		}
		return nil, fmt.Errorf("%q is none of its choices", s)
	}
	switch o.Type {
	case stringOption:
		n := units(s)
		if s == "" || o.MinLength != nil && n < *o.MinLength || n > maxOptionLength || o.MaxLength != nil && n > *o.MaxLength {
			return nil, fmt.Errorf("Discord does not take %d characters here", n)
		}
		return s, nil
	case integerOption:
		return strconv.Atoi(s)
	case booleanOption:
		return strconv.ParseBool(s)
	case numberOption:
		return strconv.ParseFloat(s, 64)
	}
	return nil, fmt.Errorf("discordtest enters nothing into an option of type %d", o.Type)
}

// maxOptionLength: https://docs.discord.com/developers/interactions/application-commands
const maxOptionLength = 6000

// data is the line as an interaction carries it.
func (t *typedLine) data() (object, error) {
	leaf := []any{}
	for _, v := range t.values {
		o := object{"name": v.option.Name, "type": v.option.Type}
		if v.focused {
			o["value"], o["focused"] = v.value, true
		} else {
			value, err := v.option.entered(v.value)
			if err != nil {
				return nil, fmt.Errorf("option %q: %w", v.option.Name, err)
			}
			o["value"] = value
		}
		leaf = append(leaf, o)
	}
	for _, o := range slices.Backward(t.path) {
		leaf = []any{object{"name": o.Name, "type": o.Type, "options": leaf}}
	}
	data := object{"id": t.command.ID, "name": t.command.Name, "type": t.command.Type}
	if len(leaf) > 0 { // Discord leaves an empty list out here, and keeps it in a subcommand
		data["options"] = leaf
	}
	return data, nil
}
