package slack

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// Radio buttons show all there is to choose at once, and cannot be taken back: for a few
// short choices of which one must be made.
const (
	mostRadios     = 4
	mostRadioLabel = 30
)

// choosing is what the choices of a field are made with, and blocks that carry values which
// an option cannot.
func choosing(f chat.Field, action string) (slackapi.BlockElement, []slackapi.Block) {
	options, values := optionsOf(f.Choices)
	long := carry(f.ID, values)
	var initial *slackapi.OptionBlockObject
	radio := f.Required && len(options) <= mostRadios
	for i, o := range options {
		if initial == nil && f.Choices[i].Value == f.Value {
			initial = o
		}
		radio = radio && length(o.Text.Text) <= mostRadioLabel
	}
	if radio {
		buttons := slackapi.NewRadioButtonsBlockElement(action, options...)
		buttons.InitialOption = initial
		return buttons, long
	}
	menu := slackapi.NewOptionsSelectBlockElement(slackapi.OptTypeStatic, plainText("Choose one"), action)
	menu.InitialOption = initial
	if len(options) <= mostOptions {
		menu.Options = options
	} else {
		menu.OptionGroups = groupsOf(options)
	}
	return menu, long
}

// optionsOf are choices as options. An option's value says nothing that is empty, too long or
// there already; such a value is "#" and its place among the values returned.
func optionsOf(choices []chat.Choice) (options []*slackapi.OptionBlockObject, values []string) {
	choices = choices[:min(len(choices), mostOptions*mostGroups)]
	seen := map[string]bool{}
	for _, ch := range choices {
		label, value := line(ch.Label), ch.Value
		if label == "" {
			label = line(value)
		}
		if label == "" {
			label = "–"
		}
		if value == "" || length(value) > mostOption || strings.HasPrefix(value, "#") || seen[value] {
			values = append(values, value)
			value = fmt.Sprint("#", len(values)-1)
		}
		seen[value] = true
		options = append(options, slackapi.NewOptionBlockObject(value, plainText(shorten(label, mostOption)), nil))
	}
	return options, values
}

// groupsOf is options in groups of as many as one may hold, each called by its first and last.
func groupsOf(options []*slackapi.OptionBlockObject) []*slackapi.OptionGroupBlockObject {
	const part = (mostOption - len(" – ")) / 2
	var groups []*slackapi.OptionGroupBlockObject
	for len(options) > 0 {
		n := min(len(options), mostOptions)
		label := shorten(options[0].Text.Text, part) + " – " + shorten(options[n-1].Text.Text, part)
		groups = append(groups, slackapi.NewOptionGroupBlockElement(plainText(label), options[:n]...))
		options = options[n:]
	}
	return groups
}

// carry keeps values in the view itself, so that they come back with it after a restart too:
// in the ids of dividers behind the field, the only blocks that show nothing but a line. No
// form of payoff's needs it today.
func carry(field string, values []string) []slackapi.Block {
	if len(values) == 0 {
		return nil
	}
	data, _ := json.Marshal(values) // nothing but strings
	code := base64.RawURLEncoding.EncodeToString(data)
	var blocks []slackapi.Block
	for len(code) > 0 {
		id := fmt.Sprint(carrier(field), len(blocks), ":")
		n := min(len(code), mostBlockID-len(id))
		divider := slackapi.NewDividerBlock()
		divider.BlockID = id + code[:n]
		blocks, code = append(blocks, divider), code[n:]
	}
	return blocks
}

// carrier begins the ids of the blocks that carry a field's values.
func carrier(field string) string { return "choices:" + digest(field) + ":" }

// chosen is the value behind an option's value.
func chosen(blocks []slackapi.Block, field, option string) string {
	place, ok := strings.CutPrefix(option, "#")
	if !ok {
		return option
	}
	var code strings.Builder
	for _, b := range blocks {
		if rest, ok := strings.CutPrefix(b.ID(), carrier(field)); ok {
			_, part, _ := strings.Cut(rest, ":")
			code.WriteString(part)
		}
	}
	var values []string
	data, err := base64.RawURLEncoding.DecodeString(code.String())
	i, notNumber := strconv.Atoi(place)
	if err != nil || json.Unmarshal(data, &values) != nil || notNumber != nil || i < 0 || i >= len(values) {
		return option
	}
	return values[i]
}
