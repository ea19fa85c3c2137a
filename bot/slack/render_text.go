package slack

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// line is a text as one line.
func line(s string) string { return strings.Join(strings.Fields(chat.Clean(s)), " ") }

func blank(spans []chat.Span) bool {
	for _, s := range spans {
		if strings.TrimSpace(s.Text) != "" {
			return false
		}
	}
	return true
}

// plainText is a text that Slack shows as it is. It must hold something.
func plainText(s string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.PlainTextType, s, false, false)
}

// roomID is what Slack takes for a room's id; one that is none is text like any other.
var roomID = regexp.MustCompile(`^[CG][A-Z0-9]{1,30}$`)

// tidy cleans spans, and joins those of one style.
func tidy(spans []chat.Span) []chat.Span {
	var all []chat.Span
	for _, s := range spans {
		s.Text = chat.Clean(s.Text)
		if s.Style == chat.RoomLink && !roomID.MatchString(s.Text) {
			s = chat.Span{Text: chat.PlainText([]chat.Span{s})}
		}
		last := len(all) - 1
		switch {
		case s.Text == "":
		case last >= 0 && all[last].Style == s.Style && s.Style != chat.RoomLink:
			all[last].Text += s.Text
		default:
			all = append(all, s)
		}
	}
	return all
}

// mostSpans bounds the JSON of one text, of which each change of style takes its share.
const mostSpans = 40

// partSpans parts tidy spans into texts that one block each can hold; none of them is blank.
func partSpans(spans []chat.Span) [][]chat.Span {
	var all [][]chat.Span
	var part []chat.Span
	room := mostText
	flush := func() {
		if !blank(part) {
			all = append(all, part)
		}
		part, room = nil, mostText
	}
	for _, s := range spans {
		for s.Text != "" {
			if len(part) == mostSpans {
				flush()
			}
			n := length(chat.PlainText([]chat.Span{s})) // a room is shown with its #
			if n <= room {
				part, room = append(part, s), room-n
				break
			}
			end := stop(s.Text, room)
			if s.Style == chat.RoomLink {
				end = 0
			}
			if end == 0 && len(part) > 0 {
				flush()
				continue
			}
			if end == 0 {
				end = measure(shown).head(s.Text, room)
			}
			part = append(part, chat.Span{Text: s.Text[:end], Style: s.Style})
			s.Text = strings.TrimLeft(s.Text[end:], " \n")
			flush()
		}
	}
	flush()
	return all
}

// richText shows spans to the letter: nothing in rich text is markup.
func richText(spans []chat.Span) *slackapi.RichTextBlock {
	section := &slackapi.RichTextSection{Type: slackapi.RTESection}
	for _, s := range spans {
		var style *slackapi.RichTextSectionTextStyle
		switch s.Style {
		case chat.RoomLink:
			section.Elements = append(section.Elements, slackapi.NewRichTextSectionChannelElement(s.Text, nil))
			continue
		case chat.Bold:
			style = &slackapi.RichTextSectionTextStyle{Bold: true}
		case chat.Code:
			style = &slackapi.RichTextSectionTextStyle{Code: true}
		}
		section.Elements = append(section.Elements, slackapi.NewRichTextSectionTextElement(s.Text, style))
	}
	return slackapi.NewRichTextBlock("", section)
}

// smallText shows spans small. There is no rich text in a context block: what has a style is
// shown in Slack's markup where nothing in it could be taken for markup, or else without the
// style; but a room is worth more than being small, as its id says nothing to anyone.
func smallText(spans []chat.Span) slackapi.Block {
	styled, room := false, false
	for _, s := range spans {
		styled = styled || s.Style != chat.Roman
		room = room || s.Style == chat.RoomLink
	}
	if styled {
		if s, ok := markup(spans); ok && length(s) <= mostText {
			return slackapi.NewContextBlock("", markupText(s))
		}
	}
	if room {
		return richText(spans)
	}
	return slackapi.NewContextBlock("", plainText(chat.PlainText(spans)))
}

// markupText is a text in Slack's markup that Slack adds no links to.
func markupText(s string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.MarkdownType, s, false, true)
}

// linkLike is what clients make links of by themselves, "example.com".
var linkLike = regexp.MustCompile(`\S\.\pL`)

// harmless reports whether a text has nothing in it that could be taken for markup.
func harmless(s string) bool {
	return !strings.ContainsAny(s, "*_~`<>&:@#|\\") && !linkLike.MatchString(s)
}

// markup writes tidy spans in Slack's markup; ok is false where it might not be read as meant.
func markup(spans []chat.Span) (text string, ok bool) {
	var b strings.Builder
	for i, s := range spans {
		mark := ""
		switch s.Style {
		case chat.RoomLink:
			b.WriteString("<#" + s.Text + ">")
			continue
		case chat.Bold:
			mark = "*"
		case chat.Code:
			mark = "`"
		}
		if !harmless(s.Text) {
			return "", false
		}
		if mark != "" && (strings.TrimSpace(s.Text) != s.Text || strings.Contains(s.Text, "\n") ||
			!standsApart(b.String(), false) || i+1 < len(spans) && !standsApart(spans[i+1].Text, true)) {
			return "", false
		}
		b.WriteString(mark + s.Text + mark)
	}
	return b.String(), true
}

// standsApart reports whether a style may begin after s, or end before s: marks within a word
// are no marks.
func standsApart(s string, before bool) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	if before {
		r, _ = utf8.DecodeRuneInString(s)
	}
	return s == "" || unicode.IsSpace(r) || strings.ContainsRune("()“”‘’'\",.;!?", r)
}
