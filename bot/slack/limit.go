package slack

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// What Slack takes. Lengths are characters.
const (
	// https://docs.slack.dev/reference/block-kit/blocks/
	mostBlocks     = 50  // in a message
	mostViewBlocks = 100 // in a modal or an App Home

	// No page says what the blocks of a message may come to. About 13,200 characters were
	// measured at https://github.com/slackapi/bolt-js/issues/2509, of which each block takes
	// some beyond its text: https://github.com/slackapi/bolt-js/issues/2867 was refused at
	// 11,341 of text. Bytes of JSON count more than Slack can, whatever it counts.
	mostPostSize = 13_200
	// A view may be 250 KB, its metadata and frame included:
	// https://docs.slack.dev/reference/methods/views.open
	mostViewSize = 230_000

	// A response address answers five times:
	// https://docs.slack.dev/interactivity/handling-user-interaction
	maxPages = 5

	// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
	mostText = 3000
	// https://docs.slack.dev/reference/block-kit/blocks/section-block
	mostFields    = 10
	mostFieldText = 2000
	// https://docs.slack.dev/reference/block-kit/blocks/actions-block
	mostButtons = 25
	// https://docs.slack.dev/reference/block-kit/block-elements/button-element
	mostLabel = 75
	mostCall  = 2000
	// https://docs.slack.dev/reference/block-kit/blocks/image-block
	mostAlt = 2000

	// https://docs.slack.dev/reference/block-kit/blocks/table-block
	mostRows    = 100
	mostColumns = 20
	// Of all cells; the page does not say so, Slack does when there are more.
	mostTableText = 10_000
	// Ours: a header and one row of the most columns fit into a table.
	mostCell = 240

	// The text beside blocks. chat.update takes 4,000 bytes, chat.postMessage more:
	// https://docs.slack.dev/reference/methods/chat.update
	mostFallback = 3000

	// https://docs.slack.dev/reference/views/modal-views
	mostTitle = 24
	// https://docs.slack.dev/reference/block-kit/blocks/input-block
	mostQuestion = 2000 // a label, and a hint
	// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
	mostInput = 3000
	// https://docs.slack.dev/reference/block-kit/composition-objects/option-object; the types
	// of Slack's own libraries say 75 of a value where the page says 150.
	mostOption = 75
	// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
	mostOptions = 100
	mostGroups  = 100
	// https://docs.slack.dev/reference/block-kit/blocks/
	mostBlockID = 255
	// Ours: an error is read at a glance, under a field.
	mostError = 300
)

// A measure is what a character counts.
type measure func(rune) int

// shown counts what Slack may: UTF-16 units, and & < > as the entities that it keeps them as.
func shown(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	}
	return utf16.RuneLen(r)
}

// typed counts what a person's text field does, escaping nothing.
func typed(r rune) int { return utf16.RuneLen(r) }

// inBytes counts bytes, those of entities too.
func inBytes(r rune) int { return max(shown(r), utf8.RuneLen(r)) }

func (m measure) of(s string) int {
	n := 0
	for _, r := range s {
		n += m(r)
	}
	return n
}

// length is what Slack counts of a text.
func length(s string) int { return measure(shown).of(s) }

// shorten is s, or as much of it as leaves room for the ellipsis that ends it.
func shorten(s string, most int) string { return shortenBy(s, most, shown) }

func shortenBy(s string, most int, m measure) string {
	if m.of(s) <= most {
		return s
	}
	s = s[:m.head(s, most-m('…'))]
	return strings.TrimRightFunc(s, unicode.IsSpace) + "…"
}

// head is where the longest beginning of s ends that counts at most n and parts nothing that
// is read as one character.
func (m measure) head(s string, n int) int {
	const patience = 64 // bytes; marks on marks may go on for ever, and are parted in the end
	end, count := 0, 0
	for i, r := range s {
		if parts(s, i) {
			end = i
		}
		if count += m(r); count > n {
			if i-end > patience || end == 0 {
				return i
			}
			return end
		}
	}
	return len(s)
}

// parts reports whether a cut before s[i] falls between characters as they are read: not
// before an accent, nor within a flag or a family of emoji.
func parts(s string, i int) bool {
	const joiner = '\u200d'
	after, _ := utf8.DecodeRuneInString(s[i:])
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	switch {
	case unicode.In(after, unicode.M, unicode.Variation_Selector), after == joiner, before == joiner:
		return false
	case after >= 0x1F3FB && after <= 0x1F3FF: // colour of skin
		return false
	case after >= 0xE0020 && after <= 0xE007F: // tags: flags of parts of a country
		return false
	case unicode.Is(unicode.Regional_Indicator, after):
		letters := 0
		for rest := s[:i]; ; letters++ {
			r, size := utf8.DecodeLastRuneInString(rest)
			if !unicode.Is(unicode.Regional_Indicator, r) {
				return letters%2 == 0
			}
			rest = rest[:len(rest)-size]
		}
	}
	return true
}

// stop is where to end a text of at most n characters so that it goes on well in another
// block: after a paragraph, a line or a word. It is 0 where there is no such place.
func stop(s string, n int) int {
	end := measure(shown).head(s, max(n, 0))
	for _, mark := range []string{"\n\n", "\n"} {
		if i := strings.LastIndex(s[:end], mark); i > end/2 {
			return i
		}
	}
	if end < len(s) && s[end] == ' ' {
		return end
	}
	return max(strings.LastIndexAny(s[:end], " \n"), 0)
}
