package goals

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

// checkMistake holds an error against what every mistake has to be: of the code asked for, one
// plain sentence and one hint, with what was typed marked.
func checkMistake(t *testing.T, call string, err error, want Code) {
	t.Helper()
	var m *Mistake
	if !errors.As(err, &m) {
		t.Errorf("%s: error %v, want a Mistake with code %s", call, err, want)
		return
	}
	if want != "" && m.Code != want {
		t.Errorf("%s: code %s (%v), want %s", call, m.Code, m, want)
	}
	if said := unquoted.ReplaceAllString(m.Message, ""); !strings.HasSuffix(said, ".") || strings.Contains(said, "!") {
		t.Errorf("%s: message %q, want one sentence", call, m.Message)
	}
	if !strings.HasSuffix(m.Hint, ".") && !strings.HasSuffix(m.Hint, "?") || strings.Contains(m.Hint, "!") {
		t.Errorf("%s: hint %q, want one sentence", call, m.Hint)
	}
	if m.Marked.Start < 0 || m.Marked.End > len(m.Input) || m.Marked.Start > m.Marked.End {
		t.Errorf("%s: marked %v of %d bytes", call, m.Marked, len(m.Input))
	}
}

// unquoted finds what a message repeats of what was typed.
var unquoted = regexp.MustCompile(`“.*”`)

func TestQuotedIsCutAndClean(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"abc", "“abc”"},
		{"  a \n b  ", "“a b”"},
		{"a\x00b\x1b[31m", "“ab[31m”"},
		{"\xff", "“�”"},
		{strings.Repeat("é", 50), "“" + strings.Repeat("é", 39) + "…”"},
	} {
		if got := quoted(test.in); got != test.want {
			t.Errorf("quoted(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestNearest(t *testing.T) {
	vocabulary := []string{"november", "september", "monday", "sunday"}
	for _, test := range []struct{ in, want string }{
		{"novmber", "november"}, {"monady", "monday"}, {"sonday", ""}, {"nov", ""}, {"xyz", ""}, {"", ""},
	} {
		got, ok := nearestWord(test.in, vocabulary)
		if !ok {
			got = ""
		}
		if got != test.want {
			t.Errorf("nearestWord(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}
