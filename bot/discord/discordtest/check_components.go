package discordtest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Kinds of components: https://discord.com/developers/docs/components/reference
const (
	actionRow   = 1
	button      = 2
	stringPick  = 3
	textInput   = 4
	textDisplay = 10
	label       = 18
)

// Limits of components: the same page; of modals
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
const (
	maxRows            = 5
	maxButtons         = 5
	maxCustomID        = 100
	maxButtonLabel     = 80
	maxPickOptions     = 25
	maxPickLabel       = 100
	maxPickPlaceholder = 150
	maxModalTitle      = 45
	maxModalComponents = 5
	maxLabel           = 45
	maxLabelHint       = 100
	maxInput           = 4000
	maxPlaceholder     = 100
	linkButton         = 5
	premiumButton      = 6
)

// A component is any of them.
type component struct {
	Type        int             `json:"type"`
	CustomID    string          `json:"custom_id"`
	Components  []component     `json:"components"`
	Component   *component      `json:"component"`
	Label       string          `json:"label"`
	Description string          `json:"description"`
	Content     string          `json:"content"`
	Style       int             `json:"style"`
	URL         string          `json:"url"`
	Emoji       json.RawMessage `json:"emoji"`
	Disabled    bool            `json:"disabled"`
	Placeholder string          `json:"placeholder"`
	Value       string          `json:"value"`
	Required    *bool           `json:"required"`
	MinLength   int             `json:"min_length"`
	MaxLength   int             `json:"max_length"`
	Options     []pickOption    `json:"options"`
	MinValues   *int            `json:"min_values"`
	MaxValues   *int            `json:"max_values"`
}

// A pickOption is one option of a select.
type pickOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description"`
	Default     bool   `json:"default"`
}

// A modalData is a modal as the app sends it.
type modalData struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// components holds those of a message against their limits.
func (k *checker) components(at string, rows []json.RawMessage) {
	k.count(at, len(rows), 0, maxRows)
	ids := map[string]bool{}
	for i, raw := range rows {
		here := under(at, i)
		var row component
		if err := json.Unmarshal(raw, &row); err != nil {
			k.add(here, "DICT_TYPE_CONVERT", "%v", err)
			continue
		}
		if row.Type != actionRow {
			k.add(under(here, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
			continue
		}
		k.count(under(here, "components"), len(row.Components), 1, maxButtons)
		for j, c := range row.Components {
			inside := under(here, fmt.Sprintf("components.%d", j))
			switch c.Type {
			case button:
				k.button(inside, c, ids)
			case stringPick:
				k.pick(inside, c, ids)
				if len(row.Components) > 1 {
					k.add(under(here, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
				}
			default:
				k.add(under(inside, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (2, 3).")
			}
		}
	}
}

// customID holds one against its limits. It is unique among all of a message or a modal.
func (k *checker) customID(at, id string, ids map[string]bool) {
	k.needed(under(at, "custom_id"), id, maxCustomID)
	if ids[id] {
		k.add(under(at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	ids[id] = true
}

// button holds one against its limits.
func (k *checker) button(at string, c component, ids map[string]bool) {
	k.atMost(under(at, "label"), c.Label, maxButtonLabel)
	if strings.TrimSpace(c.Label) == "" && len(c.Emoji) == 0 {
		k.add(under(at, "label"), "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI", "A button must have a label or an emoji")
	}
	switch {
	case c.Style < 1 || c.Style >= premiumButton:
		k.add(under(at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5}.")
	case c.Style == linkButton && (c.URL == "" || c.CustomID != ""):
		k.add(at, "BUTTON_COMPONENT_INVALID", "A link button has a url and no custom_id")
	case c.Style != linkButton && c.URL != "":
		k.add(under(at, "url"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
	case c.Style != linkButton:
		k.customID(at, c.CustomID, ids)
	}
}

// pick holds a select against its limits.
func (k *checker) pick(at string, c component, ids map[string]bool) {
	k.customID(at, c.CustomID, ids)
	k.atMost(under(at, "placeholder"), c.Placeholder, maxPickPlaceholder)
	k.count(under(at, "options"), len(c.Options), 1, maxPickOptions)
	values, chosen := map[string]bool{}, 0
	for i, o := range c.Options {
		here := under(at, fmt.Sprintf("options.%d", i))
		k.needed(under(here, "label"), o.Label, maxPickLabel)
		k.needed(under(here, "value"), o.Value, maxPickLabel)
		k.atMost(under(here, "description"), o.Description, maxPickLabel)
		if values[o.Value] {
			k.add(under(here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values[o.Value] = true
		if o.Default {
			chosen++
		}
	}
	most := 1
	if c.MaxValues != nil {
		most = *c.MaxValues
	}
	if chosen > most || most > len(c.Options) {
		k.add(at, "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "%d options are chosen and %d may be, of %d.", chosen, most, len(c.Options))
	}
}

// modal holds one against its limits.
func (k *checker) modal(at string, m modalData) {
	k.needed(under(at, "title"), strings.TrimSpace(m.Title), maxModalTitle)
	k.needed(under(at, "custom_id"), m.CustomID, maxCustomID)
	k.count(under(at, "components"), len(m.Components), 1, maxModalComponents)
	ids := map[string]bool{}
	for i, c := range m.Components {
		here := under(at, fmt.Sprintf("components.%d", i))
		switch {
		case c.Type == textDisplay:
			k.needed(under(here, "content"), c.Content, maxInput)
		case c.Type == actionRow && len(c.Components) == 1 && c.Components[0].Type == textInput:
			inside := under(here, "components.0")
			k.needed(under(inside, "label"), c.Components[0].Label, maxLabel)
			k.input(inside, c.Components[0], ids)
		case c.Type == label && c.Component != nil:
			k.label(here, c, ids)
		default:
			k.add(under(here, "type"), "UNION_TYPE_CHOICES", "A modal takes labels, text displays, and action rows of one text input.")
		}
	}
}

// label holds one, and what it stands above, against their limits.
func (k *checker) label(at string, c component, ids map[string]bool) {
	k.needed(under(at, "label"), c.Label, maxLabel)
	k.atMost(under(at, "description"), c.Description, maxLabelHint)
	inside := under(at, "component")
	switch c.Component.Type {
	case textInput:
		if c.Component.Label != "" {
			k.add(under(inside, "label"), "TEXT_INPUT_LABEL_IN_LABEL", "A text input in a label has no label of its own")
		}
		k.input(inside, *c.Component, ids)
	case stringPick:
		if c.Component.Disabled {
			k.add(under(inside, "disabled"), "COMPONENT_DISABLED_IN_MODAL", "A select in a modal cannot be disabled")
		}
		k.pick(inside, *c.Component, ids)
	default:
		k.add(under(inside, "type"), "UNSUPPORTED", "discordtest shows text inputs and string selects only, not type %d.", c.Component.Type)
	}
}

// input holds a text input against its limits.
func (k *checker) input(at string, c component, ids map[string]bool) {
	k.customID(at, c.CustomID, ids)
	k.atMost(under(at, "placeholder"), c.Placeholder, maxPlaceholder)
	most := maxInput
	if c.MaxLength > 0 {
		most = c.MaxLength
	}
	k.atMost(under(at, "value"), c.Value, most)
	if c.MinLength > most {
		k.add(under(at, "min_length"), "BASE_TYPE_BAD_LENGTH", "min_length is more than max_length.")
	}
	if c.Value != "" && units(c.Value) < c.MinLength {
		k.add(under(at, "value"), "BASE_TYPE_BAD_LENGTH", "Must be %d or more in length.", c.MinLength)
	}
}
