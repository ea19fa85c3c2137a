package slacktest

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
)

// Limits of https://docs.slack.dev/reference/block-kit/block-elements and of
// https://docs.slack.dev/reference/block-kit/composition-objects, each on its own page.
const (
	maxButtonText   = 75
	maxButtonValue  = 2000
	maxURL          = 3000
	maxOptionText   = 75 // and description, and, in the types of the official libraries, value
	maxOptions      = 100
	maxGroups       = 100
	maxOverflow     = 5
	maxBoxes        = 10 // checkboxes and radio buttons
	maxPlaceholder  = 150
	maxInputText    = 3000
	maxConfirmTitle = 100
	maxConfirmText  = 300
	maxConfirmWord  = 30
	maxFiles        = 10
)

var selects = []string{
	"static_select", "external_select", "users_select", "conversations_select", "channels_select",
	"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
}

// What may stand where.
var (
	inActions = append([]string{
		"button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker",
	}, selects...)
	inSection = append([]string{
		"button", "image", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker",
	}, selects...)
	inInput = append([]string{
		"plain_text_input", "number_input", "email_text_input", "url_text_input", "checkboxes", "radio_buttons",
		"datepicker", "timepicker", "datetimepicker", "file_input", "rich_text_input",
	}, selects...)
)

// elements checks the elements of a block; their action_ids differ.
func (c *checker) elements(list []any, at string, allowed []string) {
	seen := map[string]bool{}
	for i, item := range list {
		place := at
		if len(list) > 1 {
			place = fmt.Sprintf("%s/%d", at, i)
		}
		e, ok := item.(object)
		if !ok {
			c.fail(place, "missing required field: element")
			continue
		}
		kind, _ := e["type"].(string)
		if !slices.Contains(allowed, kind) {
			c.fail(place+"/type", "must be one of %v, is %q", allowed, kind)
			continue
		}
		if kind == "image" {
			c.image(e, place)
			continue
		}
		c.letters(e, "action_id", place, 1, maxID)
		if id, _ := e["action_id"].(string); id != "" {
			if seen[id] {
				c.fail(place+"/action_id", "`action_id` %q already exists for another element", id)
			}
			seen[id] = true
		}
		if e["focus_on_load"] == true {
			c.focused++
		}
		c.element(e, kind, place)
	}
}

// element checks one element that a person acts on.
func (c *checker) element(e object, kind, at string) {
	c.optional(e, "placeholder", at, maxPlaceholder)
	if e["confirm"] != nil {
		c.confirm(e, at)
	}
	switch kind {
	case "button":
		c.button(e, at)
	case "static_select", "multi_static_select":
		c.choice(e, at)
	case "overflow":
		c.options(e, at, 1, maxOverflow, plainOnly)
	case "checkboxes", "radio_buttons":
		c.initial(e, at, c.options(e, at, 1, maxBoxes, anyText))
	case "plain_text_input":
		c.letters(e, "initial_value", at, 0, maxInputText)
		c.number(e, "min_length", at, 0, maxInputText)
		c.number(e, "max_length", at, 1, maxInputText)
	case "number_input":
		c.numberInput(e, at)
	case "datepicker":
		c.matches(e, "initial_date", at, datePattern)
	case "timepicker":
		c.matches(e, "initial_time", at, timePattern)
	case "file_input":
		c.number(e, "max_files", at, 1, maxFiles)
	}
}

var (
	datePattern = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	timePattern = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
)

// matches checks a string that has a form.
func (c *checker) matches(e object, key, at string, form *regexp.Regexp) {
	if s, ok := e[key].(string); e[key] != nil && (!ok || !form.MatchString(s)) {
		c.fail(at+"/"+key, "must match %s", form)
	}
}

// number checks a number.
func (c *checker) number(e object, key, at string, least, most float64) {
	if n, ok := e[key].(float64); e[key] != nil && (!ok || n < least || n > most) {
		c.fail(at+"/"+key, "must be from %v to %v", least, most)
	}
}

// numberInput checks a number_input, whose numbers are strings.
func (c *checker) numberInput(e object, at string) {
	if _, ok := e["is_decimal_allowed"].(bool); !ok {
		c.fail(at, "missing required field: is_decimal_allowed")
	}
	for _, key := range []string{"min_value", "max_value", "initial_value"} {
		s, ok := e[key].(string)
		if _, err := strconv.ParseFloat(s, 64); e[key] != nil && (!ok || err != nil) {
			c.fail(at+"/"+key, "must be a number in a string")
		}
	}
}

// button checks a button.
func (c *checker) button(e object, at string) {
	c.text(e, "text", at, plainOnly, maxButtonText)
	c.letters(e, "value", at, 1, maxButtonValue)
	c.letters(e, "url", at, 1, maxURL)
	c.letters(e, "accessibility_label", at, 1, maxButtonText)
	if style := e["style"]; style != nil && style != "primary" && style != "danger" {
		c.fail(at+"/style", "must be primary or danger")
	}
}

// confirm checks the question before an act.
func (c *checker) confirm(e object, at string) {
	q, _ := e["confirm"].(object)
	at += "/confirm"
	c.text(q, "title", at, plainOnly, maxConfirmTitle)
	c.text(q, "text", at, anyText, maxConfirmText)
	c.text(q, "confirm", at, plainOnly, maxConfirmWord)
	c.text(q, "deny", at, plainOnly, maxConfirmWord)
}

// choice checks a menu whose options are given, in groups or not.
func (c *checker) choice(e object, at string) {
	if (e["options"] == nil) == (e["option_groups"] == nil) {
		c.fail(at, "exactly one of options and option_groups is needed")
		return
	}
	if e["options"] != nil {
		c.initial(e, at, c.options(e, at, 1, maxOptions, plainOnly))
		return
	}
	var all []any
	for i, g := range c.items(e, "option_groups", at, 1, maxGroups) {
		group, _ := g.(object)
		place := fmt.Sprintf("%s/option_groups/%d", at, i)
		c.text(group, "label", place, plainOnly, maxOptionText)
		all = append(all, c.options(group, place, 1, maxOptions, plainOnly)...)
	}
	c.initial(e, at, all)
}

// options checks options; no two have the same value.
func (c *checker) options(in object, at string, least, most int, kinds []string) []any {
	list := c.items(in, "options", at, least, most)
	seen := map[any]bool{}
	for i, o := range list {
		option, _ := o.(object)
		place := fmt.Sprintf("%s/options/%d", at, i)
		c.text(option, "text", place, kinds, maxOptionText)
		if option["description"] != nil {
			c.text(option, "description", place, kinds, maxOptionText)
		}
		if option["value"] == nil {
			c.fail(place, "missing required field: value")
			continue
		}
		c.letters(option, "value", place, 1, maxOptionText)
		if value, _ := option["value"].(string); seen[value] {
			c.fail(place+"/value", "%q already exists", value)
		} else {
			seen[value] = true
		}
	}
	return list
}

// initial checks that what is chosen at first is among the options, to the letter.
func (c *checker) initial(e object, at string, options []any) {
	chosen, _ := e["initial_options"].([]any)
	if e["initial_option"] != nil {
		chosen = append(chosen, e["initial_option"])
	}
	for _, one := range chosen {
		if !slices.ContainsFunc(options, func(o any) bool { return reflect.DeepEqual(o, one) }) {
			c.fail(at+"/initial_option", "must be among the options")
		}
	}
}
