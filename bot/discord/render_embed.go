package discord

import (
	"fmt"
	"path"
	"strings"

	"payoff/bot/chat"
)

// A sheet is a page that is being filled. Discord shows a message's content first, then its
// embeds in order, and of each embed the description, the fields, the picture and what stands
// below it; buttons come last of all. So text goes into the content as long as it may, and on
// in embeds behind what is in one already: a receipt is plain text without an embed, and a
// report with a picture in its middle is still one message, which one edit replaces. Buttons
// sink below the text that follows them.
type sheet struct {
	page
	text  int // of all embeds
	last  slot
	block int // the block that the last row of buttons is of
}

// A slot is where in an embed something stands, from top to bottom.
type slot int

const (
	inDescription slot = iota
	inFields
	inPicture
)

// embed is the embed that takes size more characters in a slot: the last one, or a new one
// where that would be out of order or too much. It is nil where none can.
func (s *sheet) embed(in slot, size int) *embed {
	if s.text+size > mostEmbedText {
		return nil
	}
	n := len(s.body.Embeds)
	fits := n > 0 && in >= s.last
	if fits {
		switch e := s.body.Embeds[n-1]; in {
		case inDescription:
			fits = length(e.Description)+size <= mostDescription
		case inFields:
			fits = len(e.Fields) < mostFields
		case inPicture:
			fits = e.Image == nil
		}
	}
	if !fits {
		if n == mostEmbeds {
			return nil
		}
		s.body.Embeds = append(s.body.Embeds, embed{})
		n++
	}
	s.text += size
	s.last = in
	return &s.body.Embeds[n-1]
}

func (s *sheet) words(text string) bool {
	if len(s.body.Embeds) == 0 {
		if content := below(s.body.Content, text); length(content) <= mostContent {
			s.body.Content = content
			return true
		}
	}
	e := s.embed(inDescription, length(text)+1)
	if e == nil {
		return false
	}
	e.Description = below(e.Description, text)
	return true
}

// below puts a text below another.
func below(above, text string) string {
	if above == "" {
		return text
	}
	return above + "\n" + text
}

func (s *sheet) field(f embedField) bool {
	e := s.embed(inFields, length(f.Name)+length(f.Value))
	if e == nil {
		return false
	}
	e.Fields = append(e.Fields, f)
	return true
}

// picture shows a picture and its words below it: not every client of Discord shows those
// that an attachment has for screen readers.
func (s *sheet) picture(f file, said string) bool {
	if len(s.files) == mostFiles {
		return false
	}
	caption := shorten(said, mostFooter)
	e := s.embed(inPicture, length(caption))
	if e == nil {
		return false
	}
	if said == "" {
		said = "A picture"
	}
	e.Image = &embedImage{URL: "attachment://" + s.attach(f, shorten(said, mostAlt))}
	if caption != "" {
		e.Footer = &embedFooter{Text: caption}
	}
	return true
}

// attach adds a file and returns the name it has on this page, "" when it takes no more.
func (s *sheet) attach(f file, said string) string {
	if len(s.files) == mostFiles {
		return ""
	}
	for _, other := range s.files {
		if other.name == f.name { // two of one name cannot be told apart in attachment://
			f.name = fmt.Sprint(len(s.files), "-", f.name)
			break
		}
	}
	s.body.Attachments = append(s.body.Attachments, attachmentBody{ID: fmt.Sprint(len(s.files)), Filename: f.name, Description: said})
	s.files = append(s.files, f)
	return f.name
}

// button adds a button, each block's in a row of its own where there is one left.
func (s *sheet) button(block int, b actionButton) bool {
	rows := s.body.Components
	full := len(rows) == 0 || len(rows[len(rows)-1].Components) == mostRowLength
	if full || s.block != block && len(rows) < mostRows {
		if len(rows) == mostRows {
			return false
		}
		rows = append(rows, actionRow{Type: 1})
	}
	row := &rows[len(rows)-1]
	row.Components = append(row.Components, b)
	s.body.Components, s.block = rows, block
	return true
}

// shortField is how long a field may be to stand beside others.
const shortField = 30

// fields shows labelled values, side by side where all of them are short: one that is not
// would make a column of two words a line.
func (c *composer) fields(fields chat.Fields) {
	var all []embedField
	inline := true
	for _, f := range fields {
		label, value := line(f.Label), tidy(f.Value)
		said := line(chat.PlainText(value))
		if label == "" && said == "" {
			continue
		}
		inline = inline && length(label) <= shortField && length(said) <= shortField
		field := embedField{Name: writeShort(chat.Spans(label), mostFieldName), Value: writeShort(value, mostFieldValue)}
		if label == "" {
			field.Name = nothing
		}
		if said == "" {
			field.Value = nothing
		}
		all = append(all, field)
	}
	for _, f := range all {
		f.Inline = inline
		c.pieces = append(c.pieces, piece{on: func(s *sheet) bool { return s.field(f) }})
	}
}

// fileName is a name that Discord leaves as it is, so that a picture's embed finds it: of
// letters, digits, dots, dashes and underscores, none of the latter in front.
// https://docs.discord.com/developers/reference#uploading-files
func fileName(name, without string) string {
	name = strings.TrimLeft(strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r >= '0' && r <= '9' || r|' ' >= 'a' && r|' ' <= 'z' {
			return r
		}
		return '_'
	}, line(name)), "._-")
	if name == "" {
		return without
	}
	if end := path.Ext(name); len(name) > mostFileName {
		end = end[:min(len(end), mostFileName/2)]
		name = name[:mostFileName-len(end)] + end
	}
	return name
}
