package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"payoff/goals"
)

const csvHead = "owner,date,channel,kind,hours,spend,contacts,conversations,qualified,deals,revenue"

// goodRow is a row that is taken; in the tests below one cell of it is another.
const goodRow = "Sam,2026-11-02,BNI,networking,1.5,25.00,4,2,1,1,1200.50"

// row is the good row with one cell changed.
func row(column, cell string) string {
	names, cells := strings.Split(csvHead, ","), strings.Split(goodRow, ",")
	for i, name := range names {
		if name == column {
			cells[i] = cell
		}
	}
	return strings.Join(cells, ",")
}

func file(rows ...string) string { return csvHead + "\n" + strings.Join(rows, "\n") + "\n" }

// badFiles are refused, each with its answer.
var badFiles = []struct{ name, file, want string }{
	{"empty", "", "The file is empty."},
	{"a byte order mark alone", "\ufeff", "The file is empty."},
	{"lines without anything", "\n\n\n", "The file is empty."},
	{"header only", csvHead + "\n", "The file has a first line and nothing else."},
	{"a missing column", strings.Replace(csvHead, ",deals", "", 1) + "\n", `Line 1: the column "deals" is missing.`},
	{"no header", goodRow + "\n", `Line 1: I don't know the column "Sam".`},
	{"an unknown column", csvHead + ",colour\n" + goodRow + ",red\n", `Line 1: I don't know the column "colour".`},
	{"a doubled column", csvHead + ", Date \n" + goodRow + ",2026-11-02\n", `Line 1: the column " Date " is there twice.`},
	{"an empty column", csvHead + ",\n" + goodRow + ",\n", `Line 1: I don't know the column "".`},
	{"tabs", strings.ReplaceAll(csvHead, ",", "\t") + "\n", "Line 1: I don't know the column \"owner\\tdate\\tchannel\\tkind\\thours\\tspend\\tcont…\"."},
	{"another coding", "\xff\xfeo\x00w\x00n\x00e\x00r\x00\n", "Line 1: the file is not text in UTF-8."},
	{"a short row", file(goodRow, "Sam,2026-11-02,BNI"), "Line 3 has 3 columns, and the first line 11."},
	{"a long row", file(goodRow + ",7"), "Line 2 has 12 columns, and the first line 11."},
	{"a lone quote", file(`Sam,2026-11-02,B"NI,networking,,,,,,,`), "Line 2 is not CSV at its character 17: bare \" in non-quoted-field."},
	{"an open quote", file(`"Sam,2026-11-02,BNI,networking,,,,,,,`), "Line 2 is not CSV at its character 39: extraneous or missing \" in quoted-field."},

	{"no owner", file(row("owner", " ")), `Line 2, owner: "" is not a name of up to 80 characters.`},
	{"a long owner", file(row("owner", strings.Repeat("é", 81))), `Line 2, owner: "` + strings.Repeat("é", 40) + `…" is not a name of up to 80 characters.`},
	{"an owner in two lines", file(row("owner", "\"Sam\nSmith\"")), `Line 2, owner: "Sam\nSmith" is not a name of up to 80 characters.`},
	{"an owner not in UTF-8", file(row("owner", "S\xe9m")), `Line 2, owner: "S\xe9m" is not text in UTF-8.`},
	{"no date", file(row("date", "")), `Line 2, date: "" is not a date such as 2026-11-22.`},
	{"a date of words", file(row("date", "2 Nov")), `Line 2, date: "2 Nov" is not a date such as 2026-11-22.`},
	{"a day that is not", file(row("date", "2026-02-30")), `Line 2, date: "2026-02-30" is not a date such as 2026-11-22.`},
	{"a date long ago", file(row("date", "1826-11-02")), `Line 2, date: "1826-11-02" is not a date such as 2026-11-22.`},
	{"a date to come", file(goodRow, goodRow, row("date", "2026-11-22")), `Line 4, date: "2026-11-22" is not a day that has come.`},
	{"no channel", file(row("channel", "")), `Line 2, channel: "" is not a channel's name, without commas or quotes.`},
	{"a long channel", file(row("channel", strings.Repeat("a", 41))), `Line 2, channel: "` + strings.Repeat("a", 40) + `…" is not a channel's name, without commas or quotes.`},
	{"a channel with a comma", file(row("channel", `"a,b"`)), `Line 2, channel: "a,b" is not a channel's name, without commas or quotes.`},
	{"a wrong kind", file(row("kind", "online")), `Line 2, kind: "online" is not social, networking or direct.`},
	{"two kinds of a channel", file(goodRow, row("channel", "bni"), row("kind", "social")), "Line 4, kind: BNI is social, and in line 2 it is networking."},

	{"hours that are not", file(row("hours", "NaN")), `Line 2, hours: "NaN" is not a number.`},
	{"hours without end", file(row("hours", "Inf")), `Line 2, hours: "Inf" is not a number.`},
	{"hours in science", file(row("hours", "1e9")), `Line 2, hours: "1e9" is not a number.`},
	{"hours in hex", file(row("hours", "0x10")), `Line 2, hours: "0x10" is not a number.`},
	{"hours as a fraction", file(row("hours", "1/2")), `Line 2, hours: "1/2" is not a number.`},
	{"hours with a unit", file(row("hours", "2h")), `Line 2, hours: "2h" is not a number.`},
	{"hours in two points", file(row("hours", "1.2.3")), `Line 2, hours: "1.2.3" is not a number.`},
	{"hours that can be read in two ways", file(row("hours", `"1,234"`)), `Line 2, hours: "1,234" is not a number that can be read in one way only: leave the comma out, or use a point.`},
	{"hours of a lifetime", file(row("hours", "1000000")), `Line 2, hours: "1000000" is not a number of hours.`},
	{"hours of a page", file(row("hours", strings.Repeat("9", 100))), `Line 2, hours: "` + strings.Repeat("9", 40) + `…" is not a number.`},
	{"half a contact", file(row("contacts", "2.5")), `Line 2, contacts: "2.5" is not a whole number up to 100,000.`},
	{"too many contacts", file(row("contacts", "100001")), `Line 2, contacts: "100001" is not a whole number up to 100,000.`},
	{"less than no contacts", file(row("contacts", "-1")), "Line 2, contacts: with this, contacts of BNI comes to less than nothing."},
	{"less than nothing in all", file(goodRow, row("contacts", "-5")), "Line 3, contacts: with this, contacts of BNI comes to less than nothing."},
	{"a spend with a symbol", file(row("spend", "£25")), `Line 2, spend: "£25" is not an amount such as 1250.50.`},
	{"a spend of three decimals", file(row("spend", "1.234")), `Line 2, spend: "1.234" is not an amount such as 1250.50.`},
	{"a spend with thousands", file(row("spend", `"1,234.50"`)), `Line 2, spend: "1,234.50" is not an amount such as 1250.50.`},
	{"a spend that is not", file(row("spend", "NaN")), `Line 2, spend: "NaN" is not an amount such as 1250.50.`},
	{"revenue in science", file(row("revenue", "1e9")), `Line 2, revenue: "1e9" is not an amount such as 1250.50.`},
	{"revenue beyond measure", file(row("revenue", "1000000000000000.00")), `Line 2, revenue: "1000000000000000.00" is not an amount such as 1250.50.`},

	{"an unknown currency", csvHead + ",currency\n" + goodRow + ",XYZ\n", `Line 2, currency: "XYZ" is not a code such as GBP.`},
	{"two currencies", csvHead + ",currency\n" + goodRow + ",USD\n" + goodRow + ",EUR\n", "Line 3, currency: EUR is not USD, as the figures of Sam in line 2."},
	{"two currencies, one unsaid", csvHead + ",currency\n" + goodRow + ",\n" + goodRow + ",EUR\n", "Line 3, currency: EUR is not GBP, as the figures of Sam in line 2."},
	{"a long note", csvHead + ",note\n" + goodRow + "," + strings.Repeat("n", 201) + "\n", `Line 2, note: "` + strings.Repeat("n", 40) + `…" is not up to 200 characters.`},
	{"a bad row below a note of two lines", csvHead + ",note\n" + goodRow + ",\"a\nb\"\n" + row("kind", "x") + ",\n", `Line 4, kind: "x" is not social, networking or direct.`},
}

// TestBadFiles: each names where it is wrong, and nothing of it is imported.
func TestBadFiles(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	before := p.picture(t)
	for _, tt := range badFiles {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.Import(d.ctx(), p.Platform, p.Space, strings.NewReader(tt.file), "GBP")
			mistaken(t, "Import", err, goals.Invalid, tt.want)
		})
	}
	if diff := differ(before, p.picture(t)); diff != "" {
		t.Errorf("a bad file has changed (-before +after):\n%s", diff)
	}
	if people, err := d.People(d.ctx(), p.Platform, p.Space); err != nil || len(people) != 1 {
		t.Errorf("there are %d people now, %v, want Sam alone", len(people), err)
	}
}

// TestFilesThatConflict are well written, and not possible beside what is there.
func TestFilesThatConflict(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 1})
	full := []string{}
	for i := range MaxChannels {
		full = append(full, row("channel", fmt.Sprint("New ", i)))
	}
	tests := []struct {
		name, file string
		currency   goals.Currency
		code       goals.Code
		want       string
	}{
		{"another currency", file(goodRow), "EUR", goals.Conflict, "Line 2, currency: EUR is not GBP, in which the figures of Sam are."},
		{"another currency, in a column", csvHead + ",currency\n" + goodRow + ",USD\n", "GBP", goals.Conflict, "Line 2, currency: USD is not GBP, in which the figures of Sam are."},
		{"too many channels", file(full...), "GBP", goals.Invalid, "Line 39, channel: You have 40 channels, which is as many as there can be."},
		{"a sum beyond counting", file(slicesOf(row("revenue", "999999999999.00"), 1100)...), "GBP", goals.Invalid, "Line 1002, revenue: with this, BNI comes to more than can be counted."},
	}
	before := p.picture(t)
	for _, tt := range tests {
		_, err := d.Import(d.ctx(), p.Platform, p.Space, strings.NewReader(tt.file), tt.currency)
		mistaken(t, "Import of "+tt.name, err, tt.code, tt.want)
	}
	if diff := differ(before, p.picture(t)); diff != "" {
		t.Errorf("a refused file has changed (-before +after):\n%s", diff)
	}
}

func slicesOf(s string, n int) (list []string) {
	for range n {
		list = append(list, s)
	}
	return list
}

// TestSameFileTwice: its figures would count twice.
func TestSameFileTwice(t *testing.T) {
	d := newDesk(t)
	read := func(file string) error {
		_, err := d.Import(d.ctx(), "local", "local", strings.NewReader(file), "GBP")
		return err
	}
	both := file(goodRow, row("owner", "Ann"))
	if err := read(both); err != nil {
		t.Fatal(err)
	}
	mistaken(t, "the same file", read(both), goals.Conflict, "This very file was imported for Sam before; nothing was imported again.")
	if err := read(file(goodRow, row("owner", "Ann"), row("owner", "Bob"))); err != nil {
		t.Errorf("a file with another row = %v, want it imported", err)
	}
	mistaken(t, "the first file, later", read(both), goals.Conflict, "This very file was imported for Sam before; nothing was imported again.")
}

// TestGoodFiles: as spreadsheets write them.
func TestGoodFiles(t *testing.T) {
	want := goals.Amounts{goals.Hours: 90, goals.Spend: 2500, goals.Contacts: 4, goals.Conversations: 2, goals.Qualified: 1, goals.Deals: 1, goals.Revenue: 120_050}
	semicolons := strings.NewReplacer(",", ";", ".", ",").Replace
	tests := []struct {
		name, file string
		currency   goals.Currency
		want       goals.Amounts
	}{
		{"plain", file(goodRow), "GBP", want},
		{"without a last line break", csvHead + "\n" + goodRow, "GBP", want},
		{"from Windows", "\ufeff" + strings.ReplaceAll(file(goodRow), "\n", "\r\n"), "GBP", want},
		{"semicolons and decimal commas", semicolons(csvHead) + "\n" + semicolons(goodRow) + "\n", "EUR", want},
		{"quotes", file(`"` + strings.ReplaceAll(goodRow, ",", `","`) + `"`), "GBP", want},
		{"spaces", file(" " + strings.ReplaceAll(goodRow, ",", " , ") + " "), "GBP", want},
		{"capitals", strings.ToUpper(csvHead) + "\n" + row("kind", "Networking"), "GBP", want},
		{"other columns first", "note,currency," + csvHead + "\n,gbp," + goodRow, "", want},
		{"empty cells", file("Sam,2026-11-02,BNI,networking,,,,,,,"), "GBP", goals.Amounts{}},
		{"empty lines", csvHead + "\n\n" + goodRow + "\n\n", "GBP", want},
		{"no decimals", csvHead + ",currency\n" + strings.NewReplacer("25.00", "25", "1200.50", "1200").Replace(goodRow) + ",JPY\n", "GBP", goals.Amounts{goals.Hours: 90, goals.Spend: 25, goals.Contacts: 4, goals.Conversations: 2, goals.Qualified: 1, goals.Deals: 1, goals.Revenue: 1200}},
		{"three decimals", csvHead + ",currency\n" + strings.NewReplacer("25.00", "25.001", "1200.50", "1200.500").Replace(goodRow) + ",KWD\n", "GBP", goals.Amounts{goals.Hours: 90, goals.Spend: 25_001, goals.Contacts: 4, goals.Conversations: 2, goals.Qualified: 1, goals.Deals: 1, goals.Revenue: 1_200_500}},
		{"a correction", file(goodRow, row("contacts", "-1")), "GBP", want.Plus(want).Minus(goals.Amounts{goals.Contacts: 5})},
		{"a refund", file(row("revenue", "-1200.50")), "GBP", want.Minus(goals.Amounts{goals.Revenue: 240_100})},
		{"more than a day in a row", file(row("hours", "30")), "GBP", want.Plus(goals.Amounts{goals.Hours: 1710})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			done, err := d.Import(d.ctx(), "local", "local", strings.NewReader(tt.file), tt.currency)
			if err != nil || len(done.Owners) != 1 || done.Channels != 1 {
				t.Fatalf("Import = %+v, %v, want one owner with one channel", done, err)
			}
			p := d.meets(t, Person{Platform: "local", Space: "local", ID: "sam"})
			november := days("2026-11-01", "2026-11-30")
			if got := p.report(t, &november).Total; got != tt.want {
				t.Errorf("it comes to %v, want %v", got, tt.want)
			}
		})
	}
}

// A file that cannot be read to its end is not imported.
func TestFileThatBreaksOff(t *testing.T) {
	d := newDesk(t)
	broken := errors.New("the disk is gone")
	_, err := d.Import(d.ctx(), "local", "local", &breaksOff{strings.NewReader(file(goodRow)), broken}, "GBP")
	if !errors.Is(err, broken) {
		t.Errorf("Import = %v, want %v", err, broken)
	}
	if people, err := d.People(d.ctx(), "local", "local"); err != nil || len(people) > 0 {
		t.Errorf("People = %v, %v, want none", people, err)
	}
}

type breaksOff struct {
	*strings.Reader
	err error
}

func (b *breaksOff) Read(p []byte) (int, error) {
	if n, _ := b.Reader.Read(p); n > 0 {
		return n, nil
	}
	return 0, b.err
}
