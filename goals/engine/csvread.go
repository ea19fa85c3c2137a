package engine

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"payoff/goals"
)

// maxNumber is how many characters a number may have: reading one takes time with its length.
const maxNumber = 30

// A csvEntry is a row that was understood.
type csvEntry struct {
	line     int
	owner    string
	date     goals.Date
	channel  string
	kind     goals.Kind
	amounts  goals.Amounts
	currency goals.Currency
	note     string
}

// readCSV reads a whole file, or names the first row and column that is wrong. It takes
// commas or semicolons, a byte order mark, and, between semicolons, decimal commas.
func readCSV(file io.Reader, currency goals.Currency, latest goals.Date) ([]csvEntry, error) {
	in := bufio.NewReaderSize(file, 1<<16)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	head, _ := in.Peek(1 << 12)
	first, _, _ := strings.Cut(string(head), "\n")
	r := csv.NewReader(in)
	if strings.Count(first, ";") > strings.Count(first, ",") {
		r.Comma = ';'
	}
	r.ReuseRecord = true
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, goals.Wrong(goals.Invalid, "Its first line must name the columns: "+strings.Join(csvColumns[:requiredColumns], ",")+".", "The file is empty.")
	}
	if err != nil {
		return nil, notCSV(err)
	}
	columns, err := readHeader(header)
	if err != nil {
		return nil, err
	}
	var rows []csvEntry
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, together(rows)
		}
		if err != nil {
			return nil, notCSV(err)
		}
		line, _ := r.FieldPos(0)
		row, err := readRow(record, columns, line, currency, latest)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

func notCSV(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return goals.Wrong(goals.Invalid, "Check the quotes on it. Nothing was imported.", "Line %d is not CSV at its character %d: %v.", p.Line, p.Column, p.Err)
	}
	return err
}

// together checks what no row shows alone.
func together(rows []csvEntry) error {
	if len(rows) == 0 {
		return goals.Wrong(goals.Invalid, "Below it there must be a row for each activity.", "The file has a first line and nothing else.")
	}
	if err := alike(rows); err != nil {
		return err
	}
	return belowNothing(rows)
}

// alike refuses a file in which an owner has figures in two currencies, or a channel is of
// two kinds.
func alike(rows []csvEntry) error {
	owners, channels := map[string]csvEntry{}, map[string]csvEntry{}
	for _, row := range rows {
		id := sameName(row.owner)
		if first, known := owners[id]; !known {
			owners[id] = row
		} else if first.currency != row.currency {
			return goals.Wrong(goals.Invalid, "Convert them, or put them under two names. Nothing was imported.",
				"Line %d, currency: %s is not %s, as the figures of %s in line %d.", row.line, row.currency, first.currency, row.owner, first.line)
		}
		id += "\n" + strings.ToLower(row.channel)
		if first, known := channels[id]; !known {
			channels[id] = row
		} else if first.kind != row.kind {
			return goals.Wrong(goals.Invalid, "A channel is of one kind. Nothing was imported.",
				"Line %d, kind: %s is %s, and in line %d it is %s.", row.line, row.channel, row.kind, first.line, first.kind)
		}
	}
	return nil
}

// readHeader finds which column is where.
func readHeader(header []string) ([]string, error) {
	columns := make([]string, len(header))
	for i, name := range header {
		columns[i] = strings.ToLower(strings.TrimSpace(name))
		if !utf8.ValidString(name) {
			return nil, goals.Wrong(goals.Invalid, "Save it as CSV in UTF-8.", "Line 1: the file is not text in UTF-8.")
		}
		if !slices.Contains(csvColumns, columns[i]) {
			return nil, goals.Wrong(goals.Invalid, "The columns are "+strings.Join(csvColumns, ", ")+".", "Line 1: I don't know the column %q.", cut(name))
		}
		if slices.Contains(columns[:i], columns[i]) {
			return nil, goals.Wrong(goals.Invalid, "Each column once.", "Line 1: the column %q is there twice.", name)
		}
	}
	for _, name := range csvColumns[:requiredColumns] {
		if !slices.Contains(columns, name) {
			return nil, goals.Wrong(goals.Invalid, "The first line must be "+strings.Join(csvColumns[:requiredColumns], ",")+".", "Line 1: the column %q is missing.", name)
		}
	}
	return columns, nil
}

func readRow(record, columns []string, line int, currency goals.Currency, latest goals.Date) (csvEntry, error) {
	row := csvEntry{line: line, currency: currency}
	if len(record) != len(columns) {
		return row, goals.Wrong(goals.Invalid, "Leave a field empty rather than out.", "Line %d has %d columns, and the first line %d.", line, len(record), len(columns))
	}
	if i := slices.Index(columns, "currency"); i >= 0 && strings.TrimSpace(record[i]) != "" {
		c, err := goals.ParseCurrency(strings.TrimSpace(record[i]))
		if err != nil {
			return row, badCell(line, "currency", record[i], "a code such as GBP")
		}
		row.currency = c
	}
	for i, col := range columns {
		if err := row.read(col, strings.TrimSpace(record[i]), latest); err != nil {
			return row, err
		}
	}
	return row, nil
}

// read takes one cell.
func (row *csvEntry) read(col, cell string, latest goals.Date) error {
	if !utf8.ValidString(cell) {
		return badCell(row.line, col, cell, "text in UTF-8")
	}
	switch col {
	case "owner":
		if row.owner = cell; cell == "" || utf8.RuneCountInString(cell) > maxCSVName || strings.ContainsFunc(cell, unicode.IsControl) {
			return badCell(row.line, col, cell, fmt.Sprintf("a name of up to %d characters", maxCSVName))
		}
	case "date":
		t, err := time.Parse(time.DateOnly, cell)
		if row.date = goals.DateOf(t); err != nil || t.Year() < 1990 {
			return badCell(row.line, col, cell, "a date such as 2026-11-22")
		}
		if row.date > latest {
			return badCell(row.line, col, cell, "a day that has come")
		}
	case "channel":
		row.channel = cell
		if err := checkChannelName(cell); err != nil {
			return badCell(row.line, col, cell, "a channel's name, without commas or quotes")
		}
	case "kind":
		if row.kind = goals.Kind(strings.ToLower(cell)); !slices.Contains(goals.Kinds[:], row.kind) {
			return badCell(row.line, col, cell, "social, networking or direct")
		}
	case "note":
		if row.note = cell; utf8.RuneCountInString(cell) > goals.MaxNote {
			return badCell(row.line, col, cell, fmt.Sprintf("up to %d characters", goals.MaxNote))
		}
	case "currency":
	default:
		return row.readAmount(col, cell)
	}
	return nil
}

func (row *csvEntry) readAmount(col, cell string) error {
	if cell == "" {
		return nil
	}
	m := csvMeasures[col]
	if m == goals.Spend || m == goals.Revenue {
		amount, err := goals.ParseDecimal(cell, row.currency)
		if err != nil || max(amount.Minor, -amount.Minor) > goals.MaxMinor {
			return badCell(row.line, col, cell, "an amount such as 1250.50")
		}
		row.amounts[m] = amount.Minor
		return nil
	}
	if len(cell) > maxNumber || strings.Trim(cell, "+-0123456789.,") != "" {
		return badCell(row.line, col, cell, "a number")
	}
	if _, decimals, comma := strings.Cut(cell, ","); comma && len(decimals) == 3 {
		return badCell(row.line, col, cell, "a number that can be read in one way only: leave the comma out, or use a point")
	}
	value, ok := new(big.Rat).SetString(strings.Replace(cell, ",", ".", 1))
	if !ok {
		return badCell(row.line, col, cell, "a number")
	}
	if m == goals.Hours {
		value.Mul(value, big.NewRat(60, 1))
		n, _ := new(big.Float).SetRat(value).Float64()
		row.amounts[m] = int64(n + half(n))
		if n > goals.MaxCount || n < -goals.MaxCount {
			return badCell(row.line, col, cell, "a number of hours")
		}
		return nil
	}
	if !value.IsInt() || value.Num().CmpAbs(big.NewInt(goals.MaxCount)) > 0 {
		return badCell(row.line, col, cell, "a whole number up to 100,000")
	}
	row.amounts[m] = value.Num().Int64()
	return nil
}

// half rounds minutes to the nearest whole one when cut off towards zero.
func half(n float64) float64 {
	if n < 0 {
		return -.5
	}
	return .5
}

// maxSum is how much a channel may come to in one file, in minor units.
const maxSum = 1000 * goals.MaxMinor

// belowNothing refuses corrections that take more away than was there: only revenue may be
// negative in all, after refunds.
func belowNothing(rows []csvEntry) error {
	type of struct{ owner, channel string }
	sum := map[of]goals.Amounts{}
	for _, row := range rows {
		k := of{row.owner, strings.ToLower(row.channel)}
		sum[k] = sum[k].Plus(row.amounts)
		for _, m := range []goals.Measure{goals.Spend, goals.Revenue} {
			if total := sum[k][m]; max(total, -total) > maxSum {
				return goals.Wrong(goals.Invalid, "Check the zeros. Nothing was imported.", "Line %d, %s: with this, %s comes to more than can be counted.", row.line, m, row.channel)
			}
		}
	}
	for i := len(rows) - 1; i >= 0; i-- {
		row := rows[i]
		for _, col := range csvColumns {
			m, is := csvMeasures[col]
			if is && m != goals.Revenue && row.amounts[m] < 0 && sum[of{row.owner, strings.ToLower(row.channel)}][m] < 0 {
				return goals.Wrong(goals.Invalid, "Check the minus signs of that column. Nothing was imported.",
					"Line %d, %s: with this, %s of %s comes to less than nothing.", row.line, col, col, row.channel)
			}
		}
	}
	return nil
}

func badCell(line int, col, cell, want string) error {
	return goals.Wrong(goals.Invalid, "It must be "+want+". Nothing was imported.", "Line %d, %s: %q is not %s.", line, col, cut(cell), want)
}

// cut shortens what a file holds to what fits in a sentence.
func cut(cell string) string {
	if r := []rune(cell); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return cell
}
