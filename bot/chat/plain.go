package chat

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Plain is the whole message as plain text, for notifications, screen readers and terminal
// transcripts: tables as aligned text, buttons as [Label], pictures as their words, files by
// name. A block that holds nothing takes no line.
func (m Message) Plain() string {
	var parts []string
	for _, b := range m.Blocks {
		if s := plainBlock(b); strings.TrimSpace(s) != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return oneLine(m.Summary)
	}
	return strings.Join(parts, "\n")
}

// Headline is the message in one line: its Summary, or else the first line it shows.
func (m Message) Headline() string {
	if s := oneLine(m.Summary); s != "" {
		return s
	}
	for _, b := range m.Blocks {
		if t, ok := b.(Text); ok {
			if s := oneLine(PlainText(t.Spans)); s != "" {
				return s
			}
		}
	}
	first, _, _ := strings.Cut(m.Plain(), "\n")
	return oneLine(first)
}

// PlainText is spans without their styles.
func PlainText(spans []Span) string {
	return Render(spans, Dialect{Escape: func(s string) string { return s }})
}

func plainBlock(b Block) string {
	switch b := b.(type) {
	case Text:
		return PlainText(b.Spans)
	case Fields:
		return plainFields(b)
	case Table:
		return plainTable(b)
	case Actions:
		return plainActions(b)
	case Image:
		return Clean(b.Alt)
	case File:
		return Clean(b.Name)
	}
	return ""
}

func plainFields(fields Fields) string {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = oneLine(f.Label + ": " + PlainText(f.Value))
	}
	return strings.Join(lines, "\n")
}

func plainActions(buttons Actions) string {
	labels := make([]string, len(buttons))
	for i, b := range buttons {
		labels[i] = "[" + oneLine(b.Label) + "]"
	}
	return strings.Join(labels, " ")
}

// plainTable aligns columns by what a terminal takes for each letter, two spaces apart.
func plainTable(t Table) string {
	rows := make([][]string, 0, len(t.Rows)+1)
	var widths []int
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = oneLine(cell)
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cells[i]))
		}
		rows = append(rows, cells)
	}
	var lines []string
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			gap := strings.Repeat(" ", widths[i]-columns(cell))
			if slices.Contains(t.Right, i) {
				line.WriteString(gap + cell)
			} else {
				line.WriteString(cell + gap)
			}
		}
		if s := strings.TrimRight(line.String(), " "); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

// columns is how many columns of a terminal s takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			continue
		}
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(Clean(s)), " ")
}
