package discord

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A reader reads Discord's markdown as its clients do, on its own account: the rules are those
// that github.com/LyricLy/parse-discord and github.com/jeremy-rifkin/discord-markdown found by
// trying the clients; where the two differ, whatever either takes for markup is markup.
type reader struct {
	text  strings.Builder // as an eye reads it, marks gone
	marks []string        // what was taken for markup, in order
}

func readMarkdown(s string) *reader {
	r := &reader{}
	r.read(s, true)
	return r
}

// hasOther is what was taken for markup besides these marks.
func (r *reader) hasOther(allowed ...string) []string {
	var other []string
	for _, m := range r.marks {
		if !slices.Contains(allowed, m) {
			other = append(other, m)
		}
	}
	return other
}

var (
	atLineStart = []struct {
		mark string
		is   *regexp.Regexp
	}{
		{"subtext", regexp.MustCompile(`^-# +`)},
		{"heading", regexp.MustCompile(`^ *#{1,3}\s+`)},
		{"quote", regexp.MustCompile(`^ *>(?:>>)? `)},
		{"list", regexp.MustCompile(`^ *(?:[*+-]|\d+\.) +`)},
	}
	anywhere = []struct {
		mark string
		is   *regexp.Regexp
	}{
		{"room", regexp.MustCompile(`^<#\d+>`)},
		{"mention", regexp.MustCompile(`^(?:<@[!&]?\d+>|@everyone|@here|<id:\w+>|</[^>]+:\d+>)`)},
		{"time", regexp.MustCompile(`^<t:-?\d+(?::\w)?>`)},
		{"emoji", regexp.MustCompile(`^(?:<a?:\w+:\d+>|:[\pL\pN_+-]+:)`)},
		{"link", regexp.MustCompile(`^(?:https?://\S|<[^: >]+:/[^ >]+>|discord(?:app)?\.(?:gg|com/invite)/)`)},
		{"masked link", regexp.MustCompile(`(?s)^\[.*?\]\(.*?\)`)},
	}
	// The inner text of a style, up to its end; escapes within are skipped.
	styles = []struct {
		mark, fence string
		is          *regexp.Regexp
	}{
		{"bold", "**", regexp.MustCompile(`(?s)^\*\*((?:\\.|[^\\])+?)\*\*(?:[^*]|$)`)},
		{"underline", "__", regexp.MustCompile(`(?s)^__((?:\\.|[^\\])+?)__(?:[^_]|$)`)},
		{"italics", "*", regexp.MustCompile(`(?s)^\*((?:\\.|[^*\\])+?)\*`)},
		{"italics", "_", regexp.MustCompile(`(?s)^_((?:\\.|[^_\\])+?)_(?:[^a-zA-Z0-9_]|$)`)},
		{"struck", "~~", regexp.MustCompile(`(?s)^~~(.+?)~~`)},
		{"spoiler", "||", regexp.MustCompile(`(?s)^\|\|(.+?)\|\|`)},
	}
	codeBlock = regexp.MustCompile("(?s)^```(?:[a-zA-Z0-9_+.#-]*\n)?(.*?[^\n].*?)```")
)

func (r *reader) read(s string, lineStart bool) {
	for s != "" {
		if lineStart {
			if n := r.lineMark(s); n > 0 {
				s = s[n:]
				continue
			}
		}
		n := 0
		if strings.IndexByte("\\¯`*_~|<@:[hd", s[0]) >= 0 { // nothing else begins anything
			n = r.escaped(s)
			if n == 0 {
				n = r.code(s)
			}
			if n == 0 {
				n = r.style(s, lineStart)
			}
			if n == 0 {
				n = r.thing(s)
			}
		}
		if n == 0 {
			c, size := utf8.DecodeRuneInString(s)
			r.text.WriteRune(c)
			lineStart = c == '\n' || lineStart && c == ' '
			s = s[size:]
			continue
		}
		lineStart = false
		s = s[n:]
	}
}

// lineMark passes over what means something at the start of a line; the line goes on at its start.
func (r *reader) lineMark(s string) int {
	for _, rule := range atLineStart {
		if m := rule.is.FindString(s); m != "" && strings.Trim(s[len(m):], " ") != "" && s[len(m)] != '\n' {
			r.marks = append(r.marks, rule.mark)
			return len(m)
		}
	}
	return 0
}

func (r *reader) escaped(s string) int {
	if strings.HasPrefix(s, `¯\_(ツ)_/¯`) {
		r.text.WriteString(`¯\_(ツ)_/¯`)
		return len(`¯\_(ツ)_/¯`)
	}
	if s[0] != '\\' || len(s) == 1 {
		return 0
	}
	c, size := utf8.DecodeRuneInString(s[1:])
	if c < utf8.RuneSelf && (c >= '0' && c <= '9' || c|' ' >= 'a' && c|' ' <= 'z') || unicode.IsSpace(c) {
		return 0
	}
	r.text.WriteRune(c)
	return 1 + size
}

// code reads a block, or a span: one backtick and no backtick within, as a fence of two is not
// read by every client.
func (r *reader) code(s string) int {
	if m := codeBlock.FindStringSubmatch(s); m != nil {
		r.marks = append(r.marks, "block")
		r.text.WriteString("\n" + strings.Trim(m[1], "\n") + "\n")
		return len(m[0])
	}
	fence := len(s) - len(strings.TrimLeft(s, "`"))
	if fence == 0 {
		return 0
	}
	end := strings.Index(s[fence:], "`")
	if end <= 0 {
		return 0
	}
	mark := "code"
	if inner := s[fence : fence+end]; fence > 1 || strings.HasPrefix(s[fence+end+1:], "`") || strings.Contains(inner, "\n") {
		mark = "doubtful code"
	}
	r.marks = append(r.marks, mark)
	r.text.WriteString(s[fence : fence+end])
	return fence + end + 1
}

func (r *reader) style(s string, lineStart bool) int {
	for _, rule := range styles {
		if m := rule.is.FindStringSubmatch(s); m != nil {
			r.marks = append(r.marks, rule.mark)
			r.read(m[1], lineStart)
			return 2*len(rule.fence) + len(m[1])
		}
	}
	return 0
}

func (r *reader) thing(s string) int {
	for _, rule := range anywhere {
		if m := rule.is.FindString(s); m != "" {
			r.marks = append(r.marks, rule.mark)
			r.text.WriteString(m)
			return len(m)
		}
	}
	return 0
}

// eye is text as an eye takes it in: spaces alike, nothing without width.
func eye(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u200b", "")), " ")
}

// dense is that without its spaces, which a split may take away.
func dense(s string) string { return strings.ReplaceAll(eye(s), " ", "") }
