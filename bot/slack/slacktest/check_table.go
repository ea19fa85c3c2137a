package slacktest

import "fmt"

// table checks a table block, https://docs.slack.dev/reference/block-kit/blocks/table-block.
func (c *checker) table(b object, at string) {
	c.tables++
	if c.surface != "message" {
		c.fail(at+"/type", "table blocks are for messages")
	}
	total := 0
	for i, r := range c.items(b, "rows", at, 1, maxTableRows) {
		place := fmt.Sprintf("%s/rows/%d", at, i)
		row := object{"cells": r}
		for j, cell := range c.items(row, "cells", place, 1, maxTableCells) {
			content, _ := cell.(object)
			total += c.cell(content, fmt.Sprintf("%s/%d", place, j))
		}
	}
	if total > maxTableText {
		c.fail(at, "must be less than %d characters in all cells", maxTableText+1)
	}
	if settings, ok := b["column_settings"].([]any); ok && len(settings) > maxTableCells {
		c.fail(at+"/column_settings", "no more than %d items allowed", maxTableCells)
	}
}

// cell checks a cell, and says how much it holds. An empty one is refused, though the page of
// the block does not say so: https://github.com/getnao/nao/issues/1143.
func (c *checker) cell(cell object, at string) int {
	switch cell["type"] {
	case "raw_text":
		s, ok := cell["text"].(string)
		if !ok || s == "" {
			c.fail(at+"/text", "must be more than 0 characters")
		}
	case "rich_text":
		c.richText(cell, at)
	default:
		c.fail(at+"/type", "must be raw_text or rich_text")
	}
	return allText(cell)
}

// richText checks a rich_text block, or such a cell.
func (c *checker) richText(b object, at string) {
	for i, e := range c.items(b, "elements", at, 1, maxRichTextElements) {
		element, _ := e.(object)
		place := fmt.Sprintf("%s/elements/%d", at, i)
		switch element["type"] {
		case "rich_text_section", "rich_text_preformatted", "rich_text_quote":
			c.leaves(element, place)
		case "rich_text_list":
			for j, item := range c.items(element, "elements", place, 1, maxRichTextElements) {
				section, _ := item.(object)
				c.leaves(section, fmt.Sprintf("%s/elements/%d", place, j))
			}
		default:
			c.fail(place+"/type", "unsupported type: %v", element["type"])
		}
	}
}

// leaves checks what stands in a part of a rich text. A text without letters is refused.
func (c *checker) leaves(in object, at string) {
	for i, l := range c.items(in, "elements", at, 1, maxRichTextElements) {
		leaf, _ := l.(object)
		place := fmt.Sprintf("%s/elements/%d", at, i)
		switch leaf["type"] {
		case "text":
			s, _ := leaf["text"].(string)
			c.length(s, place+"/text", 1, maxBlockText)
		case "channel", "user", "link", "emoji", "date", "broadcast", "usergroup", "color", "team":
		default:
			c.fail(place+"/type", "unsupported type: %v", leaf["type"])
		}
	}
}

// maxRichTextElements is no limit of Slack's, which has none but that of all text.
const maxRichTextElements = maxBlockText

// allText is how much text blocks hold.
func allText(tree any) int {
	n := 0
	walk(tree, func(key string, value any) {
		if s, ok := value.(string); ok && key == "text" {
			n += letters(s)
		}
	})
	return n
}
