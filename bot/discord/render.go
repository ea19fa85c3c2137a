package discord

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"payoff/bot/chat"
)

// A page is one message of Discord: the JSON of its body and its files, which the body lists
// as its attachments.
type page struct {
	body  messageBody
	files []file
}

type file struct {
	name, mime string
	data       []byte
}

// A messageBody is a message as Discord takes it, new or as an edit. All of it is always
// written, empty or not: what an edit does not name stays as it was. It mentions nobody.
type messageBody struct {
	Content         string                  `json:"content"`
	Embeds          arrayOf[embed]          `json:"embeds"`
	Components      arrayOf[actionRow]      `json:"components"`
	Attachments     arrayOf[attachmentBody] `json:"attachments"`
	AllowedMentions mentionsNobody          `json:"allowed_mentions"`

	// Of who sends it.
	Flags        int    `json:"flags,omitempty"`
	Nonce        string `json:"nonce,omitempty"`
	EnforceNonce bool   `json:"enforce_nonce,omitempty"`
}

type (
	embed struct {
		Description string       `json:"description,omitempty"`
		Fields      []embedField `json:"fields,omitempty"`
		Image       *embedImage  `json:"image,omitempty"`
		Footer      *embedFooter `json:"footer,omitempty"`
	}
	embedField struct {
		Name   string `json:"name"`
		Value  string `json:"value"`
		Inline bool   `json:"inline"`
	}
	embedImage struct {
		URL string `json:"url"`
	}
	embedFooter struct {
		Text string `json:"text"`
	}
	attachmentBody struct {
		ID          string `json:"id"` // the number of the file
		Filename    string `json:"filename"`
		Description string `json:"description,omitempty"`
	}
	actionRow struct {
		Type       int            `json:"type"` // 1
		Components []actionButton `json:"components"`
	}
	actionButton struct {
		Type     int    `json:"type"` // 2
		Style    int    `json:"style"`
		Label    string `json:"label"`
		CustomID string `json:"custom_id"`
	}
)

// An arrayOf is an array in JSON even when it is nil.
type arrayOf[T any] []T

func (a arrayOf[T]) MarshalJSON() ([]byte, error) {
	if a == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]T(a))
}

type mentionsNobody struct{}

func (mentionsNobody) MarshalJSON() ([]byte, error) { return []byte(`{"parse":[]}`), nil }

// render is m as one or more pages, never none. id makes the custom_id of a button of its
// Call. What more than maxPages would hold is left out, and the last page says so ("… and 12 more").
func render(m chat.Message, id func(call string) string) []page { return pagesOf(m, id, maxPages) }

// onePage is m as the one page that an update or an edit can be.
func onePage(m chat.Message, id func(call string) string) page { return pagesOf(m, id, 1)[0] }

func pagesOf(m chat.Message, id func(call string) string, most int) []page {
	c := &composer{id: id, used: map[string]bool{}}
	c.compose(m)
	all := lay(c.pieces)
	if len(all) > most {
		kept := sort.Search(len(c.pieces), func(n int) bool { return len(lay(keep(c.pieces, n+1))) > most })
		all = lay(keep(c.pieces, kept))
	}
	pages := make([]page, len(all))
	for i, s := range all {
		if i == 0 && s.body.Content == "" { // what a notification shows
			s.body.Content = writeShort(chat.Spans(line(m.Summary)), mostContent)
		}
		if s.body.Content == "" && len(s.body.Embeds) == 0 && len(s.files) == 0 {
			s.body.Content = nothing
		}
		pages[i] = s.page
	}
	return pages
}

// lay lays pieces out on as many sheets as it takes.
func lay(pieces []piece) []*sheet {
	all := []*sheet{{}}
	for _, p := range pieces {
		if !p.on(all[len(all)-1]) {
			next := &sheet{}
			p.on(next) // each fits on a sheet of its own
			all = append(all, next)
		}
	}
	return all
}

// keep leaves out all but n pieces, from the end, and buttons last: one that is not there
// cannot be asked for.
func keep(pieces []piece, n int) []piece {
	buttons, left := 0, 0
	for _, p := range pieces {
		if p.button {
			buttons++
		}
	}
	buttons = min(buttons, n)
	others := n - buttons
	var kept []piece
	for _, p := range pieces {
		room := &others
		if p.button {
			room = &buttons
		}
		if *room > 0 {
			*room--
			kept = append(kept, p)
		} else {
			left += max(p.holds, 1)
		}
	}
	return append(kept, words(written(chat.Spans(andMore(left)), true)))
}

// andMore ends what was shortened.
func andMore(n int) string { return fmt.Sprintf("… and %d more", n) }

// A composer turns the blocks of a message into pieces.
type composer struct {
	id     func(call string) string
	used   map[string]bool // custom_ids
	pieces []piece
}

// A piece is the least of a message that stands on one page.
type piece struct {
	on     func(*sheet) bool // puts it there, unless there is no room
	holds  int               // how many things it is, for the count of what was left out; 0 is one
	button bool
}

// words is a piece of text in markdown.
func words(text string) piece {
	return piece{on: func(s *sheet) bool { return s.words(text) }}
}

func (c *composer) compose(m chat.Message) {
	for i, b := range m.Blocks {
		switch b := b.(type) {
		case chat.Text:
			c.text(b.Spans, b.Quiet)
		case chat.Fields:
			c.fields(b)
		case chat.Table:
			c.table(b)
		case chat.Actions:
			c.actions(i, b)
		case chat.Image:
			c.image(b)
		case chat.File:
			c.file(b)
		}
	}
}

func (c *composer) text(spans []chat.Span, quiet bool) {
	for _, said := range writeParts(spans, quiet, mostContent) {
		c.pieces = append(c.pieces, words(said))
	}
}

func (c *composer) actions(block int, buttons chat.Actions) {
	for _, b := range buttons {
		button := c.button(b)
		c.pieces = append(c.pieces, piece{button: true, on: func(s *sheet) bool { return s.button(block, button) }})
	}
}

func (c *composer) button(b chat.Button) actionButton {
	label := line(b.Label)
	if label == "" {
		label = line(b.Call)
	}
	if label == "" {
		label = "…"
	}
	// No two buttons of a message may have the same id. A second one of a call has blanks
	// behind it, without which every command is read.
	id := c.id(b.Call)
	for call := b.Call; c.used[id]; id = c.id(call) {
		call += " "
	}
	c.used[id] = true
	button := actionButton{Type: 2, Style: 2, Label: shorten(label, mostButtonLabel), CustomID: id}
	switch b.Style {
	case chat.Primary:
		button.Style = 1
	case chat.Danger:
		button.Style = 4
	}
	return button
}

func (c *composer) image(image chat.Image) {
	said := strings.TrimSpace(chat.Clean(image.Alt))
	if len(image.PNG) == 0 {
		c.text(chat.Spans(said), true)
		return
	}
	picture := file{fileName(image.Name, "picture.png"), "image/png", image.PNG}
	c.pieces = append(c.pieces, piece{on: func(s *sheet) bool { return s.picture(picture, said) }})
}

func (c *composer) file(f chat.File) {
	if len(f.Data) == 0 {
		c.text(chat.Spans(f.Name), true)
		return
	}
	shared := file{fileName(f.Name, "file"), f.Type, f.Data}
	c.pieces = append(c.pieces, piece{on: func(s *sheet) bool { return s.attach(shared, "") != "" }})
}
