package engine

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/goals"
)

// exports writes what a person has logged.
func (d *desk) exports(t tester, people ...person) string {
	t.Helper()
	var actors []Actor
	for _, p := range people {
		actors = append(actors, p.Actor)
	}
	var out bytes.Buffer
	if err := d.Export(d.ctx(), &out, actors...); err != nil {
		t.Fatalf("Export: %v", err)
	}
	return out.String()
}

func TestExport(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam \"the\nman\"")
	if _, err := p.Log(p.ctx(), p.q(), []NewActivity{
		{Channel: p.channel(t, "BNI"), Date: day("2026-11-17"), Amounts: goals.Amounts{goals.Hours: 100, goals.Spend: 2500, goals.OneToOnes: 1}, Note: "with Priya, \"late\"\nand wet"},
		{Channel: p.channel(t, "calls"), Date: day("2026-11-12"), Amounts: goals.Amounts{goals.Revenue: -7, goals.Deals: 2}},
	}); err != nil {
		t.Fatal(err)
	}
	want := strings.Join(csvColumns, ",") + `
"Sam ""the man""",2026-11-12,calls,direct,0,0.00,0,0,0,2,-0.07,0,0,0,0,0,0,GBP,
"Sam ""the man""",2026-11-17,BNI,networking,1.6667,25.00,0,0,0,0,0.00,1,0,0,0,0,0,GBP,"with Priya, ""late""
and wet"
`
	if got := d.exports(t, p); got != want {
		t.Errorf("Export = %s\nwant %s", got, want)
	}
	if got := d.exports(t); got != strings.Join(csvColumns, ",")+"\n" {
		t.Errorf("Export of nobody = %q, want the header", got)
	}
}

// TestExportTellsNamesApart: two owners of one name are two in the file.
func TestExportTellsNamesApart(t *testing.T) {
	d := newDesk(t)
	var people []person
	for _, name := range []string{"Sam", "sam", " SAM ", "", "\u202e\t", strings.Repeat("é", 100), strings.Repeat("é", 100)} {
		p := d.owner(t, name)
		p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 1})
		people = append(people, p)
	}
	done, err := newDesk(t).Import(d.ctx(), "local", "local", strings.NewReader(d.exports(t, people...)), "EUR")
	if err != nil || done.Rows != len(people) || len(done.Owners) != len(people) {
		t.Errorf("Import of the export = %+v, %v, want %d owners", done, err, len(people))
	}
	if want := "Sam, sam (2), SAM (3), Owner"; !strings.HasPrefix(strings.Join(done.Owners, ", "), want) {
		t.Errorf("the owners are %q, want them to begin with %q", done.Owners, want)
	}
}

// TestExportImport: what is exported and read into an empty file gives the same report, to
// the penny, whatever names and notes hold.
func TestExportImport(t *testing.T) {
	names := rapid.SampledFrom([]string{"Sam", "O'Brien; \"Bob\"", "=1+1", "Ünal, Ö.", "日本\u202e", "a\tb", "<!channel>", "null", "owner"})
	notes := rapid.OneOf(rapid.StringN(0, 40, 120), rapid.SampledFrom([]string{"", "\"", "a,b;c", "two\nlines", "\r\n", "\ufeff", "=cmd|' /C calc'!A0", strings.Repeat("\"", 200)}))
	currencies := rapid.SampledFrom([]goals.Currency{"GBP", "JPY", "KWD"})
	eachDesk(t, func(t *rapid.T, d *desk) {
		p := d.newcomer(t, names.Draw(t, "name"))
		currency := currencies.Draw(t, "currency")
		if _, err := p.Begin(p.ctx(), p.q(), Beginning{Currency: currency, Channels: threeChannels}); err != nil {
			t.Fatalf("Begin: %v", err)
		}
		goal := goals.Quarter.Period(p.today(t))
		if _, err := p.SetGoal(p.ctx(), p.q(), NewGoal{Amount: goals.Money{Minor: 9, Currency: currency}, Period: goal}); err != nil {
			t.Fatalf("SetGoal: %v", err)
		}
		for range rapid.IntRange(1, 15).Draw(t, "lines") {
			line := drawLine(t, p.today(t))
			n := NewActivity{Channel: p.channel(t, line.channel), Date: max(line.on, goal.From), Amounts: line.Amounts, Note: notes.Draw(t, "note")}
			n.Amounts[goals.Revenue] = rapid.Int64Range(-1_000_000, goals.MaxMinor).Draw(t, "revenue")
			_, _ = p.Log(p.ctx(), p.q(), []NewActivity{n}) // a 25th hour is refused
		}
		csv := d.exports(t, p)
		if strings.Count(csv, string(currency)) == 0 {
			return // nothing was logged
		}
		if _, err := d.Import(d.ctx(), "local", "empty", strings.NewReader(csv), "USD"); err != nil {
			t.Fatalf("Import: %v of\n%s", err, csv)
		}
		people, err := d.People(d.ctx(), "local", "empty")
		if err != nil || len(people) != 1 {
			t.Fatalf("People = %v, %v, want one", people, err)
		}
		again := d.meets(t, people[0])
		for _, period := range []goals.Period{goal, {From: goal.From + 3, To: goal.From + 40}} {
			if diff := cmp.Diff(figures(p.report(t, &period)), figures(again.report(t, &period)), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("report over %v differs (-before +after):\n%s", period, diff)
			}
		}
	})
}

// figures is what of a report is in a file: not the ids, and not channels that were never used.
func figures(rep Report) map[string]any {
	all := map[string]any{"total": rep.Total, "revenue": rep.Revenue, "weeks": rep.Weeks, "lines": rep.Deals, "currency": rep.Owner.Currency}
	for _, ch := range rep.Channels {
		if !ch.Amounts.IsZero() {
			all[ch.Name] = fmt.Sprint(ch.Kind, ch.Amounts)
		}
	}
	return all
}

// TestImportedOwners have not started: they are not asked and stand on no board, until the
// person comes.
func TestImportedOwners(t *testing.T) {
	d := newDesk(t)
	if _, err := d.Import(d.ctx(), "local", "local", strings.NewReader(file(goodRow)), "GBP"); err != nil {
		t.Fatal(err)
	}
	p := d.meets(t, Person{Platform: "local", Space: "local", ID: "sam"})
	d.run(t, "2026-11-24 10:00")
	if got := p.nudges(t); got != nil {
		t.Errorf("sent %q, want nothing", got)
	}
	if got := d.board(t, p.Team, goals.BoardPace, ""); got != "; 0 without" {
		t.Errorf("the board is %q, want nobody", got)
	}
	if _, err := p.SkipStart(p.ctx(), p.q()); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-30 10:00")
	if got := fmt.Sprint(p.nudges(t)); got != "[checkin 2026-11-30]" {
		t.Errorf("once started sent %s, want a check-in", got)
	}
	if list, _, err := p.History(p.ctx(), p.Actor, Ever, "", 9); err != nil || len(list) != 1 || list[0].Late {
		t.Errorf("History = %+v, %v, want the line, and not as a late one", list, err)
	}
	started := d.owner(t, "Ann")
	if _, err := d.Import(d.ctx(), "local", started.Space, strings.NewReader(file(row("owner", "ann"))), "GBP"); err != nil {
		t.Fatal(err)
	}
	if self := started.self(t); !self.Owner.Started || len(self.Owner.Channels) != 3 {
		t.Errorf("who was there became %+v, want them as they were", self.Owner)
	}
	november := days("2026-11-01", "2026-11-30")
	if got := started.report(t, &november).Total[goals.Contacts]; got != 4 {
		t.Errorf("%d contacts, want 4 from the file", got)
	}
}

// TestLargeFile: a hundred thousand rows, in seconds and without holding much.
func TestLargeFile(t *testing.T) {
	if !slow {
		t.Skip("a large file takes seconds; PAYOFF_SLOW=1 runs it")
	}
	const rows = 100_000
	d := newDesk(t)
	var csv strings.Builder
	csv.WriteString(csvHead + "\n")
	for i := range rows {
		fmt.Fprintf(&csv, "Owner %d,%s,Channel %d,social,0.5,1.00,2,1,0,1,10.00\n", i%7, goals.NewDate(2020, 1, 1)+goals.Date(i%2500), i%5)
	}
	begin := time.Now()
	done, err := d.Import(d.ctx(), "local", "local", strings.NewReader(csv.String()), "GBP")
	if err != nil || done.Rows != rows || len(done.Owners) != 7 || done.Channels != 35 {
		t.Fatalf("Import = %+v, %v, want all rows of 7 owners in 35 channels", done, err)
	}
	took := time.Since(begin)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("imported in %s, with %d MB from the system", took, m.Sys>>20)
	if took > 30*time.Second || m.Sys > 2<<30 {
		t.Errorf("it took %s and %d MB, want less", took, m.Sys>>20)
	}
	var sum goals.Amounts
	people, err := d.People(d.ctx(), "local", "local")
	for _, who := range people {
		period := days("2019-01-01", "2029-12-31")
		sum = sum.Plus(d.meets(t, who).report(t, &period).Total)
	}
	want := goals.Amounts{goals.Hours: 30 * rows, goals.Spend: 100 * rows, goals.Contacts: 2 * rows, goals.Conversations: rows, goals.Deals: rows, goals.Revenue: 1000 * rows}
	if err != nil || sum != want {
		t.Errorf("it comes to %v, %v, want %v", sum, err, want)
	}
}
