package discord

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// What Discord takes. Its pages say characters; UTF-16 units are the most careful reading of
// that, so everything is counted in them.
const (
	// https://docs.discord.com/developers/resources/message#create-message
	mostContent = 2000
	mostFiles   = 10
	// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
	mostEmbeds      = 10
	mostEmbedText   = 6000 // of all embeds of a message together
	mostDescription = 4096
	mostFields      = 25
	mostFieldName   = 256
	mostFieldValue  = 1024
	mostFooter      = 2048
	// https://docs.discord.com/developers/resources/message#attachment-object
	mostAlt = 1024
	// https://docs.discord.com/developers/components/reference#action-row
	mostRows      = 5
	mostRowLength = 5
	// https://docs.discord.com/developers/components/reference#button
	mostButtonLabel = 80

	// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
	mostModalTitle = 45
	mostQuestions  = 5 // components of a modal
	// https://docs.discord.com/developers/components/reference#label
	mostQuestion    = 45
	mostDescribed   = 100
	mostPlaceholder = 100
	// https://docs.discord.com/developers/components/reference#text-input
	mostTyped = 4000
	// https://docs.discord.com/developers/components/reference#string-select
	mostOptions = 25
	mostOption  = 100 // an option's label, and its value
	// https://docs.discord.com/developers/components/reference#text-display
	mostDisplay = 4000

	// Ours. A channel takes about five posts in five seconds, and nobody reads more.
	maxPages = 5
	// Ours: about so many letters of a code block stand in a line on a phone, in an embed a
	// few less. Then it wraps, which leaves nothing aligned.
	mostWide = 36
	// Ours: two of them fit into a message's content, four into an embed.
	mostChunk = 950
	// Ours: what is longer is no cell.
	mostCell = 240
	// Ours: the name of a file, of which Discord tells no limit.
	mostFileName = 100
)

// A measure is what a character counts.
type measure func(rune) int

// units counts UTF-16 units.
func units(r rune) int { return utf16.RuneLen(r) }

func (m measure) of(s string) int {
	n := 0
	for _, r := range s {
		n += m(r)
	}
	return n
}

// length is what Discord counts of a text.
func length(s string) int { return measure(units).of(s) }

// shorten is s, or as much of it as leaves room for the ellipsis that ends it.
func shorten(s string, most int) string { return shortenBy(s, most, units) }

func shortenBy(s string, most int, m measure) string {
	if m.of(s) <= most {
		return s
	}
	return strings.TrimRightFunc(s[:m.head(s, most-m('…'))], unicode.IsSpace) + "…"
}

// head is where the longest beginning of s ends that counts at most n. It parts nothing that
// is read as one character, but for marks upon marks that never end.
func (m measure) head(s string, n int) int {
	const patience = 64 // bytes
	whole, count := 0, 0
	for i, r := range s {
		if apart(s, i) {
			whole = i
		}
		if count += m(r); count > n {
			if whole == 0 || i-whole > patience {
				return i
			}
			return whole
		}
	}
	return len(s)
}

// apart reports whether two characters, as they are read, meet before s[i]: not where an
// accent follows, nor within a flag or a family of emoji.
func apart(s string, i int) bool {
	const joiner = '\u200d'
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i:])
	skin := after >= 0x1F3FB && after <= 0x1F3FF
	tag := after >= 0xE0020 && after <= 0xE007F // flags of parts of a country
	if before == joiner || after == joiner || skin || tag || unicode.In(after, unicode.M, unicode.Variation_Selector) {
		return false
	}
	if !unicode.Is(unicode.Regional_Indicator, after) {
		return true
	}
	flags := strings.TrimRightFunc(s[:i], func(r rune) bool { return unicode.Is(unicode.Regional_Indicator, r) })
	return utf8.RuneCountInString(s[len(flags):i])%2 == 0
}

// stop is where to end a text that counts at most n so that the rest reads well elsewhere:
// after a paragraph, a line or a word. It is 0 where there is no such place.
func (m measure) stop(s string, n int) int {
	end := m.head(s, max(n, 0))
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
