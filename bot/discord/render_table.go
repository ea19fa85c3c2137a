package discord

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"payoff/bot/chat"
)

// table shows a table. There is nothing in Discord for one, so a narrow one is aligned text in
// a code block. A phone wraps the lines of a wider one, and then no figure stands below its
// heading any more: each of its rows is a line of text instead, its first cell in bold. Up to
// three cells in a line explain themselves, under a small line of the headings,
//
//	Day · Channel · What
//	**Tue 17 Nov** · BNI · 2h, 4 contacts
//
// and of more each says what it is:
//
//	Channel
//	**BNI** · Contacts 31 · Convos 12 (38%) · Qualified 5 (41%) · Deals 2 (40%)
func (c *composer) table(t chat.Table) {
	rows := grid(t)
	if len(rows) == 0 {
		return
	}
	headed := slices.ContainsFunc(t.Header, func(s string) bool { return line(s) != "" })
	if lines, narrow := align(rows, t.Right); narrow {
		c.preformatted(lines, headed)
		return
	}
	header := make([]string, len(rows[0]))
	var lines []string
	if headed {
		header, rows = rows[0], rows[1:]
		lines = heading(header, rows)
	}
	for _, row := range rows {
		lines = append(lines, rowLine(header, row))
	}
	for from, to := range chunks(lines, mostChunk) {
		c.tell(strings.Join(lines[from:to], "\n"), to-from)
	}
}

// tell adds text that so many rows stand in.
func (c *composer) tell(text string, rows int) {
	p := words(text)
	p.holds = rows
	c.pieces = append(c.pieces, p)
}

// grid is a table's rows, the header first, as one line a cell: blank rows left out, all rows
// of one length.
func grid(t chat.Table) [][]string {
	var rows [][]string
	columns := 0
	for _, cells := range append([][]string{t.Header}, t.Rows...) {
		row := make([]string, len(cells))
		for i, cell := range cells {
			row[i] = shorten(line(cell), mostCell)
		}
		if strings.Join(row, "") != "" {
			rows = append(rows, row)
			columns = max(columns, len(row))
		}
	}
	for i, row := range rows {
		rows[i] = append(row, make([]string, columns-len(row))...)
	}
	return rows
}

// align is a grid as aligned lines; narrow is whether they fit on a phone.
func align(rows [][]string, right []int) (lines []string, narrow bool) {
	aligned := chat.Message{Blocks: []chat.Block{chat.Table{Right: right, Rows: rows}}}.Plain()
	lines = strings.Split(aligned, "\n")
	for _, l := range lines {
		wide := 0
		for _, r := range l {
			switch width.LookupRune(r).Kind() {
			case width.EastAsianWide, width.EastAsianFullwidth:
				wide++
			}
			wide++
		}
		if wide > mostWide {
			return nil, false
		}
	}
	return lines, true
}

// preformatted shows aligned lines in code blocks, the header in each.
func (c *composer) preformatted(lines []string, headed bool) {
	// Three backticks would end the block.
	for i, l := range lines {
		lines[i] = strings.ReplaceAll(quieten(l), "``", "`"+nothing+"`"+nothing)
	}
	head := ""
	if headed && len(lines) > 1 {
		head, lines = lines[0]+"\n", lines[1:]
	}
	for from, to := range chunks(lines, mostChunk-len("```\n\n```")-length(head)) {
		c.tell("```\n"+head+strings.Join(lines[from:to], "\n")+"\n```", to-from)
	}
}

// chunks are the ends of runs of lines that come to at most so much each; a longer line is a
// run by itself.
func chunks(lines []string, most int) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		from, size := 0, 0
		for i, l := range lines {
			if size += length(l) + 1; size > most && i > from {
				if !yield(from, i) {
					return
				}
				from, size = i, length(l)+1
			}
		}
		yield(from, len(lines))
	}
}

// unlabelled is how many cells a line may have without each saying what it is.
const unlabelled = 3

// heading is what stands small above rows that are told line by line: all the headings, or
// those that no row says.
func heading(header []string, rows [][]string) []string {
	if len(header) > unlabelled {
		var unsaid []string
		for i, label := range header {
			said := slices.ContainsFunc(rows, func(row []string) bool { return row[i] != "" })
			if label != "" && (i == 0 || !said) {
				unsaid = append(unsaid, label)
			}
		}
		header = unsaid
	}
	return writeParts(chat.Spans(strings.Join(dashed(header), " · ")), true, mostContent)
}

// rowLine tells a row in one line.
func rowLine(header, row []string) string {
	labelled := len(row) > unlabelled
	if !labelled {
		row = dashed(row)
	}
	said := ""
	var spans []chat.Span
	for i, cell := range row {
		switch {
		case cell == "":
			continue
		case i == 0:
			spans = append(spans, chat.B(cell))
		case labelled:
			cell = strings.TrimSpace(header[i] + " " + cell)
			fallthrough
		default:
			if len(spans) > 0 {
				cell = " · " + cell
			}
			spans = append(spans, chat.Span{Text: cell})
		}
		longer := written(tidy(spans), false)
		if end := " · " + andMore(len(row)-i); length(longer)+length(end) > mostContent {
			return said + end
		}
		said = longer
	}
	return said
}

// dashed has a dash for each empty cell that others follow, so that each stands in its place.
func dashed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	cells = slices.Clone(cells)
	for i, cell := range cells {
		if cell == "" {
			cells[i] = "–"
		}
	}
	return cells
}
