package chat

import (
	"strings"
	"unicode"
)

// A Span is a run of text in one style. It holds what is meant, never markup.
type Span struct {
	Text  string
	Style Style
}

type Style uint8

const (
	Roman Style = iota
	Bold
	Code
	RoomLink // Text is the id of a room; it is shown by its name, and tells nobody
)

// B is text in bold.
func B(s string) Span { return Span{Text: s, Style: Bold} }

// C is text as it would be typed.
func C(s string) Span { return Span{Text: s, Style: Code} }

// R is a room, by its id.
func R(id string) Span { return Span{Text: id, Style: RoomLink} }

// T is a text block of strings and spans.
func T(parts ...any) Text { return Text{Spans: Spans(parts...)} }

// Quiet is a small text block of strings and spans.
func Quiet(parts ...any) Text { return Text{Spans: Spans(parts...), Quiet: true} }

// Spans joins strings and spans; anything else is a fault of the program and panics.
func Spans(parts ...any) []Span {
	spans := make([]Span, 0, len(parts))
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			spans = append(spans, Span{Text: p})
		case Span:
			spans = append(spans, p)
		case []Span:
			spans = append(spans, p...)
		default:
			panic("chat: text is made of strings and spans")
		}
	}
	return spans
}

// Tell answers with one message of these blocks, for everyone in the room.
func Tell(blocks ...Block) Say { return Say{Messages: []Message{{Blocks: blocks}}} }

// Whisper answers with one message that only its person sees.
func Whisper(blocks ...Block) Say {
	return Say{Messages: []Message{{Blocks: blocks}}, Private: true}
}

// A Dialect is a platform's markup: how plain text is escaped so that it changes nothing,
// and what stands around bold text and code.
type Dialect struct {
	Escape func(string) string
	Bold   [2]string
	Code   [2]string
	// EscapeCode is Escape for what stands within Code, where that differs.
	EscapeCode func(string) string
	// Room links to a room; where it is nil, the room is named by its id.
	Room func(id string) string
}

// Render writes spans in a dialect. This is the one place where text is cleaned and escaped.
func Render(spans []Span, d Dialect) string {
	var b strings.Builder
	for _, s := range spans {
		text := d.Escape(Clean(s.Text))
		if s.Style == Code && d.EscapeCode != nil {
			text = d.EscapeCode(Clean(s.Text))
		}
		switch {
		case strings.TrimSpace(text) == "":
			b.WriteString(text)
		case s.Style == Bold:
			b.WriteString(d.Bold[0] + text + d.Bold[1])
		case s.Style == Code:
			b.WriteString(d.Code[0] + text + d.Code[1])
		case s.Style == RoomLink && d.Room != nil:
			b.WriteString(d.Room(s.Text))
		case s.Style == RoomLink:
			b.WriteString("#" + text)
		default:
			b.WriteString(text)
		}
	}
	return b.String()
}

// Clean drops what has no place in a line of chat: control characters but the line feed (a tab becomes a space), and the marks
// that turn the direction of the text around them.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n':
			return r
		case '\t':
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
}
