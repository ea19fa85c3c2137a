package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/bot/chat"
)

// markdown is how text is written for Discord. It is the same in a message's content, in the
// embeds and in a modal's text.
var markdown = chat.Dialect{
	Escape:     escape,
	Bold:       [2]string{"**", "**"},
	Code:       [2]string{"`", "`"},
	EscapeCode: quieten,
	Room:       func(id string) string { return "<#" + id + ">" },
}

// nothing is what stands where Discord wants something and there is nothing to say.
const nothing = "\u200b"

// escape writes a text so that Discord shows it as it is. A backslash takes the meaning of the
// mark behind it, and of a colon that makes an emoji or a link: a link that is none is not
// unfurled either, so no message needs the flag that hides embeds, which would hide those of
// a later edit as well. Marks that mean something at the start of a line are escaped there
// alone, as phones show the backslashes in their notifications. A span may start a line.
func escape(s string) string {
	var b strings.Builder
	const (
		start  = iota // of a line, or blanks only
		digits        // so far
		within
	)
	at := start
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		rest := s[i+size:]
		switch {
		case strings.ContainsRune("\\*_~|`<[", r),
			at == start && strings.ContainsRune("#>-+", r),
			at == digits && r == '.' && strings.HasPrefix(rest, " "),
			r == '.' && (strings.HasPrefix(rest, "gg/") || strings.HasPrefix(rest, "com/invite/")), // an invitation needs no scheme
			r == ':' && (strings.HasPrefix(rest, "//") || namesEmoji(rest)):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if r == '@' && mentionsAll(rest) {
			b.WriteString(nothing)
		}
		switch {
		case r == '\n':
			at = start
		case at == start && unicode.IsSpace(r):
		case at != within && r >= '0' && r <= '9':
			at = digits
		default:
			at = within
		}
	}
	return b.String()
}

// namesEmoji reports whether a text is the rest of an emoji by its name: "smile:".
func namesEmoji(s string) bool {
	rest := strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '_' || r == '+' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r)
	})
	return len(rest) < len(s) && rest != "" && rest[0] == ':'
}

func mentionsAll(s string) bool {
	return strings.HasPrefix(s, "everyone") || strings.HasPrefix(s, "here")
}

// quieten is escape for code, in which nothing is markup: Discord mentions nobody there, but
// other bots and bridges that pass messages on may not know that it is code.
func quieten(s string) string {
	return strings.NewReplacer("@everyone", "@"+nothing+"everyone", "@here", "@"+nothing+"here").Replace(s)
}

// escaped counts a character as escape may write it.
func escaped(r rune) int {
	switch {
	case strings.ContainsRune("\\*_~|`<[#>-+.:@", r):
		return 2
	case r == '\n':
		return 1 + len("-# ")
	}
	return units(r)
}

// line is a text as one line.
func line(s string) string { return strings.Join(strings.Fields(chat.Clean(s)), " ") }

// tidy cleans spans and joins those of one style. What would end a style early goes without
// it: code with a backtick in it, as a fence of two is read by some of Discord's clients only
// and one of three is a block; and a style over several lines begins anew in each.
func tidy(spans []chat.Span) []chat.Span {
	var all []chat.Span
	add := func(text string, style chat.Style) {
		if last := len(all) - 1; last >= 0 && all[last].Style == style && style != chat.RoomLink {
			all[last].Text += text
		} else if text != "" {
			all = append(all, chat.Span{Text: text, Style: style})
		}
	}
	for _, s := range spans {
		text := chat.Clean(s.Text)
		switch {
		case s.Style == chat.RoomLink && !isID(text):
			add(chat.PlainText([]chat.Span{s}), chat.Roman)
		case s.Style == chat.RoomLink, s.Style == chat.Roman:
			add(text, s.Style)
		case s.Style == chat.Code && strings.Contains(text, "`"):
			add(text, chat.Roman)
		default:
			for i, l := range strings.Split(text, "\n") {
				if i > 0 {
					add("\n", chat.Roman)
				}
				if strings.TrimSpace(l) == "" {
					add(l, chat.Roman)
				} else {
					add(l, s.Style)
				}
			}
		}
	}
	return all
}

// written is tidy spans in markdown; quiet ones are said small, each line.
func written(spans []chat.Span, quiet bool) string {
	said := strings.TrimSpace(chat.Render(spans, markdown))
	if !quiet {
		return said
	}
	lines := strings.Split(said, "\n")
	for i, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			l = "-# " + l
		}
		lines[i] = l
	}
	return strings.Join(lines, "\n")
}

// writeParts is spans in markdown as texts of at most so much each, none of them blank.
func writeParts(spans []chat.Span, quiet bool, most int) []string {
	spans = tidy(spans)
	parts := [][]chat.Span{spans}
	if length(written(spans, quiet)) > most {
		parts = divide(spans, most-len("-# "))
	}
	var said []string
	for _, part := range parts {
		if s := written(part, quiet); s != "" {
			said = append(said, s)
		}
	}
	return said
}

// writeShort is spans in markdown, shortened to so much.
func writeShort(spans []chat.Span, most int) string {
	parts := writeParts(spans, false, most)
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	return writeParts(spans, false, most-len("…"))[0] + "…"
}

// divide parts tidy spans into texts that come to at most so much each in markdown.
func divide(spans []chat.Span, most int) [][]chat.Span {
	const marks = 2 * len("**")
	var all [][]chat.Span
	var part []chat.Span
	room := most
	for _, s := range spans {
		for s.Text != "" {
			size := measure(escaped).of(s.Text) + marks
			if size <= room {
				part, room = append(part, s), room-size
				break
			}
			end := 0
			if s.Style != chat.RoomLink {
				end = measure(escaped).stop(s.Text, room-marks)
			}
			if end == 0 && len(part) == 0 {
				end = measure(escaped).head(s.Text, room-marks)
			}
			if end > 0 {
				part = append(part, chat.Span{Text: s.Text[:end], Style: s.Style})
				s.Text = strings.TrimLeft(s.Text[end:], " \n")
			}
			all, part, room = append(all, part), nil, most
		}
	}
	return append(all, part)
}
