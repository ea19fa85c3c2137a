package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// A tile is one of Slack's blocks on its way into a post.
type tile struct {
	block slackapi.Block
	words string // the same, for notifications and screen readers
	size  int

	table  bool // one a post
	button bool // left out last
	stays  bool // in the post of what stands before it
}

// sizeOf is a block's share of what a post or a view may come to.
func sizeOf(b slackapi.Block) int {
	data, _ := json.Marshal(b) // the blocks made here hold nothing that has no JSON
	return len(data)
}

// A composer turns the blocks of a message into tiles.
type composer struct {
	pictures []string // file ids, of picturesOf
	tables   int      // how many may still become table blocks; the others are preformatted
	shares   bool     // files can be shared behind the post

	tiles   []tile
	files   []chat.File
	buttons int // so far: each is told apart by its number
}

func (c *composer) add(b slackapi.Block, words string) *tile {
	c.tiles = append(c.tiles, tile{block: b, words: words, size: sizeOf(b)})
	return &c.tiles[len(c.tiles)-1]
}

// compose renders a message. There is always something to post.
func (c *composer) compose(m chat.Message) {
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case chat.Text:
			before := len(c.tiles)
			c.text(b.Spans, b.Quiet)
			if b.Quiet && before > 0 && len(c.tiles) > before {
				c.tiles[before].stays = c.tiles[before-1].table // a table's footnote
			}
		case chat.Fields:
			c.fields(b)
		case chat.Table:
			c.table(b)
		case chat.Actions:
			c.actions(b)
		case chat.Image:
			c.image(b)
		case chat.File:
			c.file(b)
		}
	}
	if len(c.tiles) > 0 {
		return
	}
	said := line(m.Summary)
	for _, f := range c.files {
		said = strings.TrimSpace(said + " " + line(f.Name))
	}
	if said == "" {
		said = "–"
	}
	c.text(chat.Spans(said), false)
}

func (c *composer) text(spans []chat.Span, quiet bool) {
	for _, part := range partSpans(tidy(spans)) {
		if words := chat.PlainText(part); quiet {
			c.add(smallText(part), words)
		} else {
			c.add(richText(part), words)
		}
	}
}

// tileSize bounds the size of a row of fields or buttons, so that two fit into a post.
const tileSize = 6500

// fields shows labels in bold where nothing in any of them could be taken for markup.
func (c *composer) fields(fields chat.Fields) {
	var bold, plain []string
	safe := true
	for _, f := range fields {
		label, value := line(f.Label), tidy(f.Value)
		said := strings.TrimSpace(chat.PlainText(value))
		switch {
		case label == "" && said == "":
			continue
		case label != "" && said != "":
			said = label + ": " + said
		default:
			said = label + said
		}
		plain = append(plain, shorten(said, mostFieldText))
		if label != "" {
			value = append([]chat.Span{chat.B(label), {Text: "\n"}}, value...)
		}
		text, ok := markup(value)
		safe = safe && ok && length(text) <= mostFieldText
		bold = append(bold, strings.TrimSpace(text))
	}
	var row []*slackapi.TextBlockObject
	var words []string
	flush := func() {
		if len(row) > 0 {
			c.add(slackapi.NewSectionBlock(nil, row, nil), strings.Join(words, "\n"))
		}
		row, words = nil, nil
	}
	for i, said := range plain {
		text := plainText(said)
		if safe {
			text = markupText(bold[i])
		}
		if len(row) == mostFields || sizeOf(slackapi.NewSectionBlock(nil, append(row, text), nil)) > tileSize {
			flush()
		}
		row, words = append(row, text), append(words, said)
	}
	flush()
}

func (c *composer) table(t chat.Table) {
	rows := grid(t)
	if len(rows) == 0 {
		return
	}
	words := chat.Message{Blocks: []chat.Block{chat.Table{Right: t.Right, Rows: rows}}}.Plain()
	if c.tables == 0 {
		c.add(preformatted(rows, t.Right), words)
		return
	}
	c.tables--
	p := c.add(tableBlock(rows, t.Right), words)
	p.table = true
	// The frames of the cells come to more than a post may, and Slack takes them: of a
	// table it counts the text.
	p.size = 100
	for _, row := range rows {
		for _, cell := range row {
			p.size += max(length(cell), 1)
		}
	}
}

func (c *composer) actions(buttons chat.Actions) {
	var row []slackapi.BlockElement
	var words []string
	flush := func() {
		if len(row) > 0 {
			p := c.add(slackapi.NewActionBlock("", row...), strings.Join(words, " "))
			p.button, p.stays = true, true
		}
		row, words = nil, nil
	}
	for _, b := range buttons {
		button := c.button(b)
		if len(row) == mostButtons || sizeOf(slackapi.NewActionBlock("", append(row, button)...)) > tileSize {
			flush()
		}
		row, words = append(row, button), append(words, "["+button.Text.Text+"]")
	}
	flush()
}

func (c *composer) button(b chat.Button) *slackapi.ButtonBlockElement {
	label, call := line(b.Label), b.Call
	if label == "" {
		label = line(call)
	}
	if label == "" {
		label = "…"
	}
	if measure(inBytes).of(call) > mostCall { // half a command would be another command
		name, _, _ := strings.Cut(call, " ")
		call = "help " + shorten(name, mostLabel)
	}
	button := slackapi.NewButtonBlockElement(fmt.Sprint("button-", c.buttons), call, plainText(shorten(label, mostLabel)))
	c.buttons++
	switch b.Style {
	case chat.Primary:
		button.Style = slackapi.StylePrimary
	case chat.Danger:
		button.Style = slackapi.StyleDanger
	}
	return button
}

func (c *composer) image(image chat.Image) {
	said := strings.TrimSpace(chat.Clean(image.Alt))
	id := ""
	if len(image.PNG) > 0 && len(c.pictures) > 0 {
		id, c.pictures = c.pictures[0], c.pictures[1:]
	}
	if id == "" {
		c.text(chat.Spans(said), true)
		return
	}
	if said == "" {
		said = "A picture"
	}
	said = shorten(said, mostAlt)
	c.add(slackapi.NewImageBlockSlackFile(&slackapi.SlackFileObject{ID: id}, said, "", nil), said)
}

func (c *composer) file(f chat.File) {
	if c.shares && len(f.Data) > 0 {
		c.files = append(c.files, f)
		return
	}
	c.text(chat.Spans(f.Name), true)
}
