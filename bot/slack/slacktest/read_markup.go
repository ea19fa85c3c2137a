package slacktest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ping stands before whatever would have made somebody's telephone ring, so that a test that
// looks for a name sees that it was more than a name.
const ping = "🔔"

// A markup reads Slack's markup as a client shows it. Of what a person reads it leaves the
// words, so that text which was markup by accident is missing or changed.
//
// https://docs.slack.dev/messaging/formatting-message-text
type markup struct {
	user, room func(id string) (name string, known bool)
}

var (
	angles     = regexp.MustCompile(`<([^<>]+)>`)
	fence      = regexp.MustCompile("(?s)```(.+?)```")
	codeSpan   = regexp.MustCompile("`([^`\n]+)`")
	quoted     = regexp.MustCompile(`(?m)^(?:(?:&gt;|>){3}|(?:&gt;|>)) ?`)
	emojiName  = regexp.MustCompile(`:(?:[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*|100|1234|[+-]1):`)
	broadcast  = regexp.MustCompile(`(^|[^\w<])(@(?:channel|here|everyone))\b`)
	placed     = regexp.MustCompile("\x00([0-9]+)\x01")
	decoder    = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	noControls = strings.NewReplacer("\x00", "", "\x01", "")
)

// mrkdwn is what is read of a text in Slack's markup. Where it is not verbatim, mentions
// without brackets are parsed too.
func (m markup) mrkdwn(s string, verbatim bool) string {
	// What must not be read again is taken out, and put back at the end.
	var held []string
	hold := func(text string) string {
		held = append(held, text)
		return fmt.Sprintf("\x00%d\x01", len(held)-1)
	}
	s = noControls.Replace(s)
	s = angles.ReplaceAllStringFunc(s, func(a string) string { return hold(m.angle(a[1 : len(a)-1])) })
	s = fence.ReplaceAllStringFunc(s, func(f string) string { return hold(decoder.Replace(strings.Trim(f[3:len(f)-3], "\n"))) })
	s = quoted.ReplaceAllString(s, "")
	s = codeSpan.ReplaceAllStringFunc(s, func(c string) string { return hold(decoder.Replace(c[1 : len(c)-1])) })
	if !verbatim {
		s = broadcast.ReplaceAllString(s, "${1}"+ping+"${2}")
	}
	s = emoji(s)
	lines := strings.Split(s, "\n")
	for i := range lines {
		for _, mark := range []rune{'*', '_', '~'} {
			lines[i] = unmark(lines[i], mark)
		}
	}
	s = decoder.Replace(strings.Join(lines, "\n"))
	for placed.MatchString(s) { // code may hold a link
		s = placed.ReplaceAllStringFunc(s, func(p string) string {
			var n int
			_, _ = fmt.Sscan(p[1:len(p)-1], &n)
			return held[n]
		})
	}
	return s
}

// angle is what is read of what stood between < and >.
func (m markup) angle(s string) string {
	target, label, labelled := strings.Cut(s, "|")
	target, label = decoder.Replace(target), decoder.Replace(label)
	switch {
	case strings.HasPrefix(target, "!date^"):
		return label // a client writes the date; no test looks at it
	case strings.HasPrefix(target, "!subteam^"):
		return ping + label
	case strings.HasPrefix(target, "!"):
		return ping + "@" + target[1:]
	case strings.HasPrefix(target, "@"):
		return ping + "@" + m.name(m.user, target[1:])
	case strings.HasPrefix(target, "#"):
		if name, known := m.room(target[1:]); known {
			return "#" + name
		}
		return "#private"
	case labelled && label != "":
		return emoji(label)
	}
	return strings.TrimPrefix(target, "mailto:")
}

func (m markup) name(of func(string) (string, bool), id string) string {
	if name, known := of(id); known {
		return name
	}
	return id
}

// emoji shows every emoji by the same face.
func emoji(s string) string { return emojiName.ReplaceAllString(s, "🙂") }

// unmark takes off one kind of mark where it stands at both ends of words: not within one,
// and with no space inside.
func unmark(line string, mark rune) string {
	var out strings.Builder
	for {
		open, end := pairOf(line, mark)
		if open < 0 {
			out.WriteString(line)
			return out.String()
		}
		out.WriteString(line[:open] + line[open+1:end])
		line = line[end+1:]
	}
}

// pairOf finds the first pair of marks, or nothing: -1.
func pairOf(line string, mark rune) (open, end int) {
	for i, r := range line {
		if r != mark || wordEnds(line[:i]) || i+1 == len(line) {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(line[i+1:]); next == mark || unicode.IsSpace(next) {
			continue
		}
		for j, q := range line[i+1:] {
			j += i + 1
			before, _ := utf8.DecodeLastRuneInString(line[:j])
			if q == mark && j > i+1 && !unicode.IsSpace(before) && !wordBegins(line[j+1:]) {
				return i, j
			}
		}
	}
	return -1, -1
}

func wordEnds(s string) bool   { r, _ := utf8.DecodeLastRuneInString(s); return s != "" && isWord(r) }
func wordBegins(s string) bool { r, _ := utf8.DecodeRuneInString(s); return s != "" && isWord(r) }
func isWord(r rune) bool       { return unicode.IsLetter(r) || unicode.IsDigit(r) }
