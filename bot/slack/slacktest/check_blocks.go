package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// An object is an object of JSON.
type object = map[string]any

// A checker gathers what is wrong with blocks, in Slack's words.
type checker struct {
	surface  string // "message", "modal" or "home"
	messages []string
	ids      map[string]bool // block_ids
	tables   int
	inputs   int // input blocks
	focused  int // elements with focus_on_load
}

func newChecker(surface string) *checker { return &checker{surface: surface, ids: map[string]bool{}} }

// fail notes what is wrong at a place.
func (c *checker) fail(at, format string, args ...any) {
	c.messages = append(c.messages, fmt.Sprintf("[ERROR] "+format+" [json-pointer:%s]", append(args, at)...))
}

// letters is how long a text is to Slack. It counts characters, not bytes.
func letters(s string) int { return utf8.RuneCountInString(s) }

// letters checks a plain string. One that is not there is not too short.
func (c *checker) letters(in object, key, at string, least, most int) {
	value, there := in[key]
	if !there {
		return
	}
	s, ok := value.(string)
	if !ok {
		c.fail(at+"/"+key, "must be a string")
		return
	}
	c.length(s, at+"/"+key, least, most)
}

// length checks how long a text is.
func (c *checker) length(s, at string, least, most int) {
	switch n := letters(s); {
	case n < least:
		c.fail(at, "must be more than %d characters", least-1)
	case n > most:
		c.fail(at, "must be less than %d characters", most+1)
	}
}

// items is a list that has a number of items.
func (c *checker) items(in object, key, at string, least, most int) []any {
	list, ok := in[key].([]any)
	switch {
	case !ok || len(list) < least:
		c.fail(at+"/"+key, "must have at least %d items", least)
	case len(list) > most:
		c.fail(at+"/"+key, "no more than %d items allowed", most)
	}
	return list
}

// Kinds of text objects.
var (
	plainOnly = []string{"plain_text"}
	anyText   = []string{"plain_text", "mrkdwn"}
)

// text checks a text object that must be there, and is never empty.
func (c *checker) text(in object, key, at string, kinds []string, most int) {
	value, ok := in[key].(object)
	if !ok {
		c.fail(at, "missing required field: %s", key)
		return
	}
	c.textObject(value, at+"/"+key, kinds, most)
}

// optional checks a plain text object that need not be there.
func (c *checker) optional(in object, key, at string, most int) {
	if in[key] != nil {
		c.text(in, key, at, plainOnly, most)
	}
}

// textObject checks a text object.
func (c *checker) textObject(t object, at string, kinds []string, most int) {
	kind, _ := t["type"].(string)
	if !slices.Contains(kinds, kind) {
		c.fail(at+"/type", "must be one of %s", strings.Join(kinds, ", "))
	}
	s, ok := t["text"].(string)
	if !ok {
		c.fail(at, "missing required field: text")
		return
	}
	c.length(s, at+"/text", 1, most)
}

// Limits of https://docs.slack.dev/reference/block-kit/blocks, each on the page of its block.
const (
	maxSectionText   = 3000
	maxSectionFields = 10
	maxFieldText     = 2000
	maxHeaderText    = 150
	maxContext       = 10
	maxActions       = 25
	maxAltText       = 2000
	maxImageTitle    = 2000
	maxImageURL      = 3000
	maxInputLabel    = 2000 // and hint
	maxTableRows     = 100
	maxTableCells    = 20
	maxTableText     = 10000
	maxMarkdownText  = 12000
)

// blocks checks a list of blocks.
func (c *checker) blocks(list []any, at string, most int) {
	if len(list) > most {
		c.fail(at, "no more than %d items allowed", most)
	}
	for i, item := range list {
		place := fmt.Sprintf("%s/%d", at, i)
		b, ok := item.(object)
		if !ok {
			c.fail(place, "must be an object")
			continue
		}
		before := len(c.messages)
		c.block(b, place)
		if kind, ok := b["type"].(string); ok && len(c.messages) == before {
			c.schema(b, kind+"_block", place)
		}
	}
}

// block checks one block.
func (c *checker) block(b object, at string) {
	c.letters(b, "block_id", at, 1, maxID)
	if id, _ := b["block_id"].(string); id != "" {
		if c.ids[id] {
			c.fail(at+"/block_id", "`block_id` %q already exists", id)
		}
		c.ids[id] = true
	}
	kind, _ := b["type"].(string)
	switch kind {
	case "divider":
	case "section":
		c.section(b, at)
	case "header":
		c.text(b, "text", at, plainOnly, maxHeaderText)
	case "context":
		c.context(b, at)
	case "actions":
		list := c.items(b, "elements", at, 1, maxActions)
		c.elements(list, at+"/elements", inActions)
	case "image":
		c.image(b, at)
	case "input":
		c.input(b, at)
	case "rich_text":
		c.richText(b, at)
	case "table":
		c.table(b, at)
	case "markdown":
		if c.surface != "message" {
			c.fail(at+"/type", "markdown blocks are for messages")
		}
		c.letters(b, "text", at, 1, maxMarkdownText)
	default:
		// Newer blocks are not for all posts yet, and are refused in some.
		c.fail(at+"/type", "unsupported type: %s", kind)
	}
}

// section checks a section block.
func (c *checker) section(b object, at string) {
	if b["text"] == nil && b["fields"] == nil {
		c.fail(at, "missing required field: text or fields")
	}
	if b["text"] != nil {
		c.text(b, "text", at, anyText, maxSectionText)
	}
	if b["fields"] != nil {
		for i, f := range c.items(b, "fields", at, 1, maxSectionFields) {
			field, _ := f.(object)
			c.textObject(field, fmt.Sprintf("%s/fields/%d", at, i), anyText, maxFieldText)
		}
	}
	if b["accessory"] != nil {
		c.elements([]any{b["accessory"]}, at+"/accessory", inSection)
	}
}

// context checks a context block: text and small pictures.
func (c *checker) context(b object, at string) {
	for i, e := range c.items(b, "elements", at, 1, maxContext) {
		element, _ := e.(object)
		place := fmt.Sprintf("%s/elements/%d", at, i)
		if element["type"] == "image" {
			c.image(element, place)
			continue
		}
		c.textObject(element, place, anyText, maxSectionText)
	}
}

// image checks an image, as a block and as an element. It is shown by an address or by a file.
func (c *checker) image(b object, at string) {
	if b["alt_text"] == nil {
		c.fail(at, "missing required field: alt_text")
	}
	c.letters(b, "alt_text", at, 1, maxAltText)
	c.letters(b, "image_url", at, 1, maxImageURL)
	c.optional(b, "title", at, maxImageTitle)
	if (b["image_url"] == nil) == (b["slack_file"] == nil) {
		c.fail(at, "exactly one of image_url and slack_file is needed")
	}
	if b["slack_file"] == nil {
		return
	}
	f, _ := b["slack_file"].(object)
	if (f["id"] == nil) == (f["url"] == nil) {
		c.fail(at+"/slack_file", "exactly one of id and url is needed")
	}
}

// input checks an input block.
func (c *checker) input(b object, at string) {
	c.inputs++
	c.text(b, "label", at, plainOnly, maxInputLabel)
	c.optional(b, "hint", at, maxInputLabel)
	c.elements([]any{b["element"]}, at+"/element", inInput)
}
