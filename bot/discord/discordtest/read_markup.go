package discordtest

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ping stands before whatever would have made somebody's telephone ring, were it not for
// allowed_mentions: a test that looks for a name sees that it was more than a name.
const ping = "🔔"

// A markup reads Discord's markdown as a client shows it. Of what a person reads it leaves the
// words, so that text which was markup by accident is missing or changed. Where clients differ,
// it takes for markup what any of them does.
//
// https://support.discord.com/hc/en-us/articles/210298617 and
// https://docs.discord.com/developers/reference#message-formatting
type markup struct {
	user, channel func(id string) string // their names, "" where they are not known
	now           time.Time
	plain         bool // of titles and field names: no blocks, mentions and links
}

var (
	blockMark  = regexp.MustCompile(`^ *(?:#{1,3} +|-# +|[-*+] +|>>> |> )([^\s]|[^\n]*[^\s])`)
	numbered   = regexp.MustCompile(`^( *)([0-9]{1,9})\. +[^\s]`)
	escaped    = regexp.MustCompile(`^\\[^0-9A-Za-z\s]`)
	bareLink   = regexp.MustCompile(`^https?://[^\s<]+[^\s<.,:;"'\])]`)
	angled     = regexp.MustCompile(`^<([^<>\n]+)>`)
	timestamp  = regexp.MustCompile(`^t:(-?[0-9]{1,13})(?::([tTdDfFsSR]))?$`)
	maskedLink = regexp.MustCompile(`^\[((?:\[[^\]]*\]|\\.|[^\[\]\\])+)\]\(\s*<?((?:[^\s()<>\\]|\\.|\([^\s()]*\))+)>?(?:\s+["'(].*?["')])?\s*\)`)
	fence      = regexp.MustCompile("^(?s)```(?:[a-zA-Z0-9_+\\-.#]+\n)?\n*([^\n].*?)\n*```")
	emojiName  = regexp.MustCompile(`^:(?:[a-zA-Z0-9_+-]*[a-zA-Z][a-zA-Z0-9_+-]+|[a-zA-Z]|100|1234|[+-]1):`)
	broadcast  = regexp.MustCompile(`^@(?:everyone|here)`)
	unseen     = strings.NewReplacer("\u200b", "", "\u2060", "", "\ufeff", "")
)

// markdown is what is read of a text: without what has no width, and without space around it.
func (m markup) markdown(s string) string {
	return strings.TrimSpace(unseen.Replace(m.read(strings.TrimSpace(s), !m.plain)))
}

// read reads a text; blocks are headings, lists and the like, which begin a line.
func (m markup) read(s string, blocks bool) string {
	var out strings.Builder
	count := 0 // of a numbered list: the number of its last line
	for i := 0; i < len(s); {
		if blocks && (i == 0 || s[i-1] == '\n') {
			shown, n := "", 0
			if shown, n, count = lineStart(s[i:], count); n > 0 {
				out.WriteString(shown)
				i += n
				continue
			}
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		shown, n := m.span(s[i:], before)
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[i:])
			shown = s[i : i+n]
		}
		out.WriteString(shown)
		i += n
	}
	return out.String()
}

// lineStart is what is shown of the marks that begin a line, n bytes of it. last is the number
// of the line before in a numbered list, 0 when that was none: Discord counts on by itself.
func lineStart(s string, last int) (shown string, n, number int) {
	if found := numbered.FindStringSubmatch(s); found != nil {
		number, _ = strconv.Atoi(found[2])
		if last > 0 {
			number = last + 1
		}
		return found[1] + strconv.Itoa(number) + ".", len(found[1]) + len(found[2]) + 1, number
	}
	for { // a heading or a list may stand in a quotation
		found := blockMark.FindStringSubmatchIndex(s[n:])
		if found == nil {
			return shown, n, 0
		}
		mark := strings.TrimSpace(s[n : n+found[2]])
		n += found[2]
		if strings.ContainsAny(mark[:1], "-*+") && mark != "-#" {
			shown += "• "
		}
		if mark != ">" && mark != ">>>" {
			return shown, n, 0
		}
	}
}

// span is what is shown of the markup that s begins with, n bytes of it; 0 is none.
func (m markup) span(s string, before rune) (shown string, n int) {
	switch s[0] {
	case '\\':
		if found := escaped.FindString(s); found != "" {
			_, wide := utf8.DecodeRuneInString(s[1:])
			return s[1 : 1+wide], 1 + wide
		}
	case '`':
		return code(s, before)
	case '*', '_', '~', '|':
		return m.pair(s)
	case ':':
		if found := emojiName.FindString(s); found != "" {
			return "🙂", len(found)
		}
	}
	if m.plain {
		return "", 0
	}
	switch s[0] {
	case '<':
		if found := angled.FindStringSubmatch(s); found != nil {
			if shown, ok := m.angle(found[1]); ok {
				return shown, len(found[0])
			}
		}
	case '[':
		return m.link(s)
	case '@':
		if found := broadcast.FindString(s); found != "" {
			return ping + found, len(found)
		}
	case 'h':
		if found := bareLink.FindString(s); found != "" && !isWord(before) {
			return found, len(found)
		}
	}
	return "", 0
}

// code is a block of code, on lines of its own, or a span of it: as it was typed.
func code(s string, before rune) (shown string, n int) {
	if found := fence.FindStringSubmatch(s); found != nil {
		shown = found[1]
		if before != '\n' && before != utf8.RuneError {
			shown = "\n" + shown
		}
		if rest := s[len(found[0]):]; rest != "" && rest[0] != '\n' {
			shown += "\n"
		}
		return shown, len(found[0])
	}
	ticks := len(s) - len(strings.TrimLeft(s, "`"))
	for i := ticks; i < len(s); {
		run := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if run == ticks {
			shown = s[ticks:i]
			// One space at either end makes room for a backtick, and is not shown.
			if strings.HasPrefix(shown, " `") || strings.HasSuffix(shown, "` ") {
				shown = strings.TrimSuffix(strings.TrimPrefix(shown, " "), " ")
			}
			return shown, i + run
		}
		i += max(run, 1)
	}
	return s[:ticks], ticks // a lone run of backticks is shown, and opens nothing
}

// pair is a text between two equal marks.
func (m markup) pair(s string) (shown string, n int) {
	for _, mark := range []string{"**", "__", "~~", "||", "*", "_"} {
		if !strings.HasPrefix(s, mark) {
			continue
		}
		end := pairEnd(s, mark)
		if end < 0 {
			continue
		}
		inner := m.read(s[len(mark):end], false)
		if mark == "||" {
			inner = strings.Repeat("█", utf8.RuneCountInString(inner)) // until it is clicked
		}
		return inner, end + len(mark)
	}
	return "", 0
}

// pairEnd is where the second mark stands, -1 when there is none.
func pairEnd(s, mark string) int {
	for i := len(mark); i+len(mark) <= len(s); i++ {
		if s[i] == '\\' && escaped.MatchString(s[i:]) {
			i++
			continue
		}
		if i == len(mark) || !strings.HasPrefix(s[i:], mark) {
			continue
		}
		after, _ := utf8.DecodeRuneInString(s[i+len(mark):])
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		first, _ := utf8.DecodeRuneInString(s[len(mark):])
		switch mark {
		case "*":
			if strings.HasPrefix(s[i:], "**") {
				i++
				continue
			}
			if unicode.IsSpace(first) || unicode.IsSpace(before) {
				continue
			}
		case "_":
			if strings.HasPrefix(s[i:], "__") {
				i++
				continue
			}
			if isWord(after) {
				continue
			}
		case "**", "__":
			if after == rune(mark[0]) { // ***both*** ends with the outer one
				continue
			}
		}
		return i
	}
	return -1
}

// link is a link with words of its own. Discord shows it as it was typed where the words look
// like an address themselves, or the address is none of the web.
func (m markup) link(s string) (shown string, n int) {
	found := maskedLink.FindStringSubmatch(s)
	if found == nil {
		return "", 0
	}
	to, err := url.Parse(found[2])
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" || strings.Contains(found[1], "://") {
		return "", 0
	}
	return m.read(found[1], false), len(found[0])
}

// angle is what is shown of what stood between < and >; ok is false where that is no markup.
func (m markup) angle(s string) (shown string, ok bool) {
	if found := timestamp.FindStringSubmatch(s); found != nil {
		seconds, _ := strconv.ParseInt(found[1], 10, 64)
		return m.moment(time.Unix(seconds, 0).UTC(), found[2]), true
	}
	parts := strings.Split(s, ":")
	switch {
	case strings.HasPrefix(s, "@&") && isSnowflake(s[2:]):
		return ping + "@role", true
	case strings.HasPrefix(s, "@") && isSnowflake(strings.TrimPrefix(s[1:], "!")):
		return ping + "@" + known(m.user(strings.TrimPrefix(s[1:], "!")), "unknown-user"), true
	case strings.HasPrefix(s, "#") && isSnowflake(s[1:]):
		return "#" + known(m.channel(s[1:]), "No Access"), true
	case strings.HasPrefix(s, "/") && len(parts) == 2 && isSnowflake(parts[1]):
		return parts[0], true
	case len(parts) == 3 && (parts[0] == "" || parts[0] == "a") && isSnowflake(parts[2]):
		return "🙂", true
	case strings.HasPrefix(s, "id:") && strings.Trim(s[3:], "abcdefghijklmnopqrstuvwxyz-") == "":
		return "Channels & Roles", true
	case !strings.ContainsAny(s, " \n") && (strings.Contains(s, ":/") || strings.Contains(s, "@") && strings.Contains(s, ".")):
		return strings.TrimPrefix(s, "mailto:"), true
	}
	return "", false
}

// known is a name, or what is shown for one that is not known.
func known(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// moment is a timestamp as somebody in London reads it in winter.
func (m markup) moment(at time.Time, style string) string {
	layouts := map[string]string{
		"t": "15:04", "T": "15:04:05", "d": "02/01/2006", "D": "2 January 2006",
		"F": "Monday, 2 January 2006 15:04", "s": "02/01/2006, 15:04", "S": "02/01/2006, 15:04:05",
	}
	if layout := layouts[style]; layout != "" {
		return at.Format(layout)
	}
	if style != "R" {
		return at.Format("2 January 2006 15:04")
	}
	away, words := at.Sub(m.now), "in %d %s"
	if away < 0 {
		away, words = -away, "%d %s ago"
	}
	for _, unit := range []struct {
		name string
		long time.Duration
	}{{"year", 365 * 24 * time.Hour}, {"month", 30 * 24 * time.Hour}, {"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(away / unit.long); n > 0 {
			return fmt.Sprintf(words, n, unit.name+strings.Repeat("s", min(1, n-1)))
		}
	}
	return fmt.Sprintf(words, int(away/time.Second), "seconds")
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
