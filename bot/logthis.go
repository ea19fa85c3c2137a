package bot

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
)

func logThisCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "log this", Summary: "Log what a message says", Private: true, Form: true, Hidden: true, Shortcut: "Log this"},
			raw: true, run: (*Bot).logThis},
		{Spec: command.Spec{Name: "log lines", Private: true, Hidden: true}, run: (*Bot).logLines},
	}
}

// maxLogged is how much of a message the form takes, in characters: what a field holds on every
// platform. https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
const maxLogged = 3000

// logThis is the shortcut on a message. What somebody wrote there is seldom a line to log as it
// stands, so it is put into a form, to be cut down to what is to be logged.
func (b *Bot) logThis(_ context.Context, c *call) (chat.Reply, error) {
	return chat.OpenForm{Form: logForm(loggable(c.rest), "")}, nil
}

func logForm(lines, err string) chat.Form {
	return chat.Form{Call: "log lines", Title: "Log this", Submit: "Log",
		Intro: chat.Spans("Keep what is to be logged, a line for each day and channel. Write it like ", chat.C("2h BNI £25 4 contacts yesterday"), "."),
		Fields: []chat.Field{{ID: "lines", Label: "What should I log?", Hint: "2h BNI £25 4 contacts yesterday, or won £1,200 BNI",
			Value: lines, Error: err, Long: true, Required: true, Max: maxLogged}},
	}
}

// loggable is as much of a text as can be read as lines to log: no more lines, and none longer,
// than are read at once, and no character that cannot be seen.
func loggable(text string) string {
	var lines []string
	left := maxLogged
	for line := range strings.Lines(chat.Clean(strings.Map(plainBlank, text))) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		line = cut(line, min(command.MaxLine, left))
		if left -= utf8.RuneCountInString(line) + 1; left < 0 || len(lines) == command.MaxLines {
			break
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// plainBlank is the line feed for whatever ends a line, and a space for any other blank.
func plainBlank(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
		return '\n'
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// logLines takes the form. What is wrong is shown at the field; a channel that is new is offered
// with each kind, as after any line.
func (b *Bot) logLines(ctx context.Context, c *call) (chat.Reply, error) {
	text := strings.TrimSpace(c.fields["lines"])
	c.rest, c.line = text, text
	reply, err := b.logLine(ctx, c)
	if m, is := asMistake(err); is {
		return chat.OpenForm{Form: logForm(c.fields["lines"], markedMistake(m))}, nil
	}
	return reply, err
}

// markedMistake says in one line what was wrong, where, and what to type instead.
func markedMistake(m *goals.Mistake) string {
	said := []string{m.Message}
	if m.Marked.End > m.Marked.Start && m.Marked.End <= len(m.Input) {
		before, marked, after := around(m)
		if before+after != "" {
			marked = "»" + marked + "«"
		}
		said = append(said, "Here: "+quoted(before+marked+after)+".")
	}
	if m.Hint != "" {
		said = append(said, m.Hint)
	}
	return strings.Join(said, " ")
}
