package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A piece is a block, or whatever stands in one: an element, a text, a cell, an option.
type piece struct {
	Type     string    `json:"type"`
	BlockID  string    `json:"block_id"`
	ActionID string    `json:"action_id"`
	Text     words     `json:"text"`
	Value    any       `json:"value"` // a string, but for the number of a table's cell
	Fields   []words   `json:"fields"`
	Elements []piece   `json:"elements"`
	Rows     [][]piece `json:"rows"`
	AltText  string    `json:"alt_text"`
	Title    words     `json:"title"`
	Emoji    *bool     `json:"emoji"` // of a text object in a context block
	Verbatim bool      `json:"verbatim"`

	Accessory *piece `json:"accessory"`

	// Of questions.
	Label          words   `json:"label"`
	Hint           words   `json:"hint"`
	Element        *piece  `json:"element"`
	Options        []piece `json:"options"`
	OptionGroups   []piece `json:"option_groups"`
	InitialOption  *piece  `json:"initial_option"`
	InitialOptions []piece `json:"initial_options"`
	Optional       bool    `json:"optional"`
	InitialValue   string  `json:"initial_value"`
	InitialDate    string  `json:"initial_date"`
	MinLength      int     `json:"min_length"`
	MaxLength      int     `json:"max_length"`
	InitialTime    string  `json:"initial_time"`

	// Of rich text.
	URL       string `json:"url"`
	UserID    string `json:"user_id"`
	ChannelID string `json:"channel_id"`
	GroupID   string `json:"usergroup_id"`
	Range     string `json:"range"`
	Unicode   string `json:"unicode"`
	Fallback  string `json:"fallback"`
}

// words are a text object, or a string where rich text and tables have one.
type words struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Emoji    *bool  `json:"emoji"`
	Verbatim bool   `json:"verbatim"`
}

func (w *words) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &w.Text)
	}
	type object words
	return json.Unmarshal(raw, (*object)(w))
}

// A page is what is read of blocks.
type page struct {
	lines           []string
	buttons, images []string
}

func (p *page) line(s string) {
	if s != "" {
		p.lines = append(p.lines, s)
	}
}

func (p *page) text() string { return strings.Join(p.lines, "\n") }

func pieces(blocks json.RawMessage) ([]piece, error) {
	var list []piece
	if len(blocks) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(blocks, &list); err != nil {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	return list, nil
}

// read adds what is read of blocks. One of a kind that nobody reads here says so in its place.
func (m markup) read(list []piece, p *page) {
	for _, b := range list {
		switch b.Type {
		case "section":
			p.line(m.words(b.Text))
			for _, f := range b.Fields {
				p.line(m.words(f))
			}
			if b.Accessory != nil {
				m.element(*b.Accessory, p)
			}
		case "header":
			p.line(m.words(b.Text))
		case "context":
			var said []string
			for _, e := range b.Elements {
				if e.Type == "image" {
					p.images = append(p.images, e.AltText)
					continue
				}
				said = append(said, m.words(e.asWords()))
			}
			p.line(strings.Join(said, " "))
		case "actions":
			for _, e := range b.Elements {
				m.element(e, p)
			}
		case "image":
			p.line(m.words(b.Title))
			p.images = append(p.images, b.AltText)
		case "rich_text":
			p.line(m.richText(b.Elements))
		case "table":
			for _, row := range b.Rows {
				p.line(m.row(row))
			}
		case "input":
			p.line(m.words(b.Label))
		case "divider":
		default:
			p.line("[slacktest cannot read a block of type " + b.Type + "]")
		}
	}
}

func (m markup) element(e piece, p *page) {
	switch e.Type {
	case "button":
		p.buttons = append(p.buttons, m.words(e.Text))
	case "image":
		p.images = append(p.images, e.AltText)
	}
}

// asWords is a piece that was a text object all along, as those in a context block.
func (n piece) asWords() words {
	return words{Type: n.Type, Text: n.Text.Text, Emoji: n.Emoji, Verbatim: n.Verbatim}
}

// words is what is read of a text object. Plain text is shown as it is, but Slack makes
// pictures of emoji in it unless it is told not to.
func (m markup) words(w words) string {
	switch {
	case w.Type == "mrkdwn":
		return m.mrkdwn(w.Text, w.Verbatim)
	case w.Emoji == nil || *w.Emoji:
		return emoji(w.Text)
	}
	return w.Text
}

func (m markup) row(cells []piece) string {
	said := make([]string, len(cells))
	for i, c := range cells {
		switch {
		case c.Type == "rich_text":
			said[i] = m.richText(c.Elements)
		case c.Text.Text == "" && c.Value != nil:
			said[i] = fmt.Sprint(c.Value)
		default:
			said[i] = c.Text.Text
		}
	}
	return strings.Join(said, "  ")
}

// richText reads sections, lists, quotes and preformatted text, each on lines of its own.
// Nothing in it is markup.
func (m markup) richText(parts []piece) string {
	said := make([]string, len(parts))
	for i, part := range parts {
		if part.Type == "rich_text_list" {
			said[i] = m.richText(part.Elements)
			continue
		}
		for _, e := range part.Elements {
			said[i] += m.span(e)
		}
		// A section's own line feed at its end only ends its line.
		said[i] = strings.TrimSuffix(said[i], "\n")
	}
	return strings.Join(said, "\n")
}

// span is what is read of one element of rich text.
func (m markup) span(e piece) string {
	switch e.Type {
	case "text":
		return e.Text.Text
	case "link":
		if e.Text.Text != "" {
			return e.Text.Text
		}
		return e.URL
	case "user":
		return ping + "@" + m.name(m.user, e.UserID)
	case "usergroup":
		return ping + "@" + e.GroupID
	case "broadcast":
		return ping + "@" + e.Range
	case "channel":
		if name, known := m.room(e.ChannelID); known {
			return "#" + name
		}
		return "#private"
	case "emoji":
		return "🙂"
	case "date":
		return e.Fallback
	}
	return "[slacktest cannot read an element of type " + e.Type + "]"
}
