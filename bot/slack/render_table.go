package slack

import (
	"fmt"
	"slices"
	"strings"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// andMore ends what was shortened.
func andMore(n int) string { return fmt.Sprintf("… and %d more", n) }

// grid is a table's rows, the header first, as one line a cell and within Slack's limits:
// blank rows left out, all rows of one length, an ellipsis for what is more.
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
		for len(row) < columns {
			row = append(row, "")
		}
		if columns > mostColumns {
			row = append(row[:mostColumns-1:mostColumns-1], "…")
			if i == 0 {
				row[mostColumns-1] = andMore(columns - mostColumns + 1)
			}
		}
		rows[i] = row
	}
	return rowsWithin(rows, mostRows, mostTableText)
}

// rowsWithin shortens a grid to a number of rows and of characters.
func rowsWithin(rows [][]string, most, text int) [][]string {
	room, kept := text, 0
	const note = mostColumns + len("… and 1000000 more")
	for i, row := range rows {
		for _, cell := range row {
			room -= max(length(cell), 1)
		}
		if room < 0 || i >= most {
			last := slices.Repeat([]string{""}, len(row))
			last[0] = andMore(len(rows) - kept)
			return append(rows[:kept:kept], last)
		}
		if room >= note && i < most-1 {
			kept = i + 1
		}
	}
	return rows
}

// tableBlock shows a grid. Figures stand to the right; words wrap, so that a phone shows more
// columns.
func tableBlock(rows [][]string, right []int) *slackapi.TableBlock {
	table := slackapi.NewTableBlock("")
	for _, row := range rows {
		cells := make([]slackapi.TableCell, len(row))
		for i, cell := range row {
			if cell == "" {
				cell = "\u00a0" // Slack refuses a cell with nothing in it
			}
			cells[i] = slackapi.NewTableRawTextCell(cell)
		}
		table.AddRow(cells...)
	}
	for i := range rows[0] {
		column := slackapi.ColumnSetting{Align: slackapi.ColumnAlignmentLeft, IsWrapped: true}
		if slices.Contains(right, i) {
			column = slackapi.ColumnSetting{Align: slackapi.ColumnAlignmentRight}
		}
		table.ColumnSettings = append(table.ColumnSettings, column)
	}
	return table
}

// narrow is how wide a column of a preformatted table may be: a phone wraps long lines, and
// then nothing is aligned.
const narrow = 18

// preformatted shows a grid as aligned text, where Slack takes no table.
func preformatted(rows [][]string, right []int) *slackapi.RichTextBlock {
	t := chat.Table{Right: right}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = shorten(cell, narrow)
		}
		t.Rows = append(t.Rows, cells)
	}
	lines := strings.Split(chat.Message{Blocks: []chat.Block{t}}.Plain(), "\n")
	room, kept := mostText-len(andMore(len(lines))), 0
	for _, l := range lines {
		if room -= length(l) + 1; room < 0 {
			lines = append(lines[:kept:kept], andMore(len(lines)-kept))
			break
		}
		kept++
	}
	return slackapi.NewRichTextBlock("", &slackapi.RichTextPreformatted{
		Type:     slackapi.RTEPreformatted,
		Elements: []slackapi.RichTextSectionElement{slackapi.NewRichTextSectionTextElement(strings.Join(lines, "\n"), nil)},
	})
}
