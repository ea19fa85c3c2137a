package engine

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"payoff/goals"
)

// A logged day is what a test has logged, kept beside the engine.
type loggedLine struct {
	channel string
	on      goals.Date
	goals.Amounts
}

func drawLine(t *rapid.T, today goals.Date) loggedLine {
	l := loggedLine{
		channel: rapid.SampledFrom([]string{"BNI", "LinkedIn", "calls"}).Draw(t, "channel"),
		on:      today - goals.Date(rapid.IntRange(0, 60).Draw(t, "days ago")),
	}
	for range rapid.IntRange(1, 4).Draw(t, "measures") {
		l.Amounts[rapid.IntRange(0, int(goals.Measures)-1).Draw(t, "m")] = rapid.Int64Range(0, 90).Draw(t, "n")
	}
	return l
}

// TestReportIsTheSumOfLines: over any period, beginning and ending in the middle of a week,
// of all channels or one, a report is what adding up every line gives.
func TestReportIsTheSumOfLines(t *testing.T) {
	d := newDesk(t)
	rapid.Check(t, func(t *rapid.T) {
		p := d.owner(t, "Sam")
		today := p.today(t)
		var lines []loggedLine
		for range rapid.IntRange(0, 25).Draw(t, "lines") {
			l := drawLine(t, today)
			lines = append(lines, l)
			p.logs(t, l.channel, l.on, l.Amounts)
		}
		if n := len(lines); n > 0 && rapid.Bool().Draw(t, "undo the last") {
			if _, err := p.Undo(p.ctx(), p.q(), ""); err != nil {
				t.Fatalf("Undo: %v", err)
			}
			lines = lines[:n-1]
		}
		period := goals.Period{From: today - goals.Date(rapid.IntRange(0, 70).Draw(t, "from"))}
		period.To = period.From + goals.Date(rapid.IntRange(0, 80).Draw(t, "length"))
		only := rapid.SampledFrom([]string{"", "BNI", "calls"}).Draw(t, "only")
		p.reportsTheSum(t, lines, period, only)
	})
}

func (p person) reportsTheSum(t tester, lines []loggedLine, period goals.Period, only string) {
	t.Helper()
	want, total, revenue, deals := map[string]goals.Amounts{}, goals.Amounts{}, int64(0), 0
	for _, l := range lines {
		if !period.Contains(l.on) || only != "" && l.channel != only {
			continue
		}
		want[l.channel], total = want[l.channel].Plus(l.Amounts), total.Plus(l.Amounts)
		if revenue += l.Amounts[goals.Revenue]; l.Amounts[goals.Revenue] != 0 || l.Amounts[goals.Deals] != 0 {
			deals++
		}
	}
	channel := goals.ChannelID("")
	if only != "" {
		channel = p.channel(t, only)
	}
	rep, err := p.Report(p.ctx(), p.Actor, &period, channel)
	if err != nil {
		t.Fatalf("Report: %v", err)
	}
	for _, ch := range rep.Channels {
		if ch.Amounts != want[ch.Name] {
			t.Errorf("%s over %v = %v, want %v", ch.Name, period, ch.Amounts, want[ch.Name])
		}
		delete(want, ch.Name)
	}
	sum := int64(0)
	for _, dated := range rep.Revenue {
		if sum += dated.Minor; !period.Contains(dated.Date) {
			t.Errorf("revenue of %s in a report over %v", dated.Date, period)
		}
	}
	if rep.Total != total || sum != revenue || rep.Deals != deals || len(want) > 0 {
		t.Errorf("over %v: total %v, revenue %d in %d lines, %v left out, want %v, %d in %d", period, rep.Total, sum, rep.Deals, want, total, revenue, deals)
	}
	if !slices.IsSortedFunc(rep.Revenue, func(a, b Dated) int { return int(a.Date - b.Date) }) {
		t.Errorf("revenue is not in the order of its dates: %v", rep.Revenue)
	}
}

// TestReportPeriods: the goal's period with its pace, else the last quarter of a year.
func TestReportPeriods(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	if rep := p.report(t, nil); rep.Pace != nil || rep.Period != days("2026-08-24", "2026-11-19") {
		t.Errorf("without a goal the report is over %v, want the last 13 weeks", rep.Period)
	}
	quarter := goals.Quarter.Period(day("2026-11-19"))
	p.aims(t, 900, quarter, goals.Once)
	if rep := p.report(t, nil); rep.Pace == nil || rep.Period != quarter || len(rep.Targets) != 1 {
		t.Errorf("with a goal the report is over %v, pace %v, want the quarter with its pace", rep.Period, rep.Pace)
	}
	other := days("2026-10-05", "2026-10-11")
	if rep := p.report(t, &other); rep.Pace != nil || rep.Period != other {
		t.Errorf("over another period the report is over %v, pace %v, want that, without", rep.Period, rep.Pace)
	}
}

// TestOverruns: budgets are of a week.
func TestOverruns(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	for name, budget := range map[string]int64{"BNI": 60, "calls": 600} {
		if _, err := p.ChangeChannel(p.ctx(), p.q(), p.channel(t, name), "budget", func(ch *goals.Channel) { ch.Budget = budget }); err != nil {
			t.Fatal(err)
		}
	}
	for on, minutes := range map[string]int64{"2026-11-02": 50, "2026-11-08": 30, "2026-11-09": 60, "2026-11-16": 100} {
		for _, name := range []string{"BNI", "LinkedIn", "calls"} {
			p.logs(t, name, day(on), goals.Amounts{goals.Hours: minutes})
		}
	}
	november := days("2026-11-01", "2026-11-30")
	rep := p.report(t, &november)
	var got []string
	for _, o := range rep.Over {
		got = append(got, fmt.Sprint(o.Name, " ", o.Minutes, " ", o.Over))
	}
	if fmt.Sprint(got) != "[BNI 180 60]" || rep.Weeks != 3 {
		t.Errorf("overruns = %v in %d weeks, want BNI 180 60 in 3", got, rep.Weeks)
	}
}

// TestHistory: newest first, of a channel or all, as many as are asked for.
func TestHistory(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	for i := range 5 {
		p.logs(t, []string{"BNI", "calls"}[i%2], day("2026-11-10")+goals.Date(i), goals.Amounts{goals.Contacts: int64(i)})
	}
	tests := []struct {
		period  goals.Period
		channel string
		limit   int
		want    string
		more    bool
	}{
		{Ever, "", 10, "[4 3 2 1 0]", false},
		{Ever, "", 5, "[4 3 2 1 0]", false},
		{Ever, "", 4, "[4 3 2 1]", true},
		{Ever, "calls", 10, "[3 1]", false},
		{Ever, "calls", 1, "[3]", true},
		{days("2026-11-11", "2026-11-13"), "", 10, "[3 2 1]", false},
		{days("2026-11-01", "2026-11-09"), "", 10, "[]", false},
	}
	for _, tt := range tests {
		channel := goals.ChannelID("")
		if tt.channel != "" {
			channel = p.channel(t, tt.channel)
		}
		list, more, err := p.History(p.ctx(), p.Actor, tt.period, channel, tt.limit)
		got := []int64{}
		for _, l := range list {
			got = append(got, l.Amounts[goals.Contacts])
		}
		if err != nil || fmt.Sprint(got) != tt.want || more != tt.more {
			t.Errorf("History(%v, %q, %d) = %v, %t, %v, want %s, %t", tt.period, tt.channel, tt.limit, got, more, err, tt.want, tt.more)
		}
	}
}

// TestReportEvidence: the report of the goal has what all time up to today says, the goal's
// forecast with it; a period that was asked for has its figures only.
func TestReportEvidence(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 5000, days("2026-10-01", "2026-12-31"), goals.Once)
	for week := range 6 {
		p.logs(t, "BNI", day("2026-10-05")+goals.Date(7*week), goals.Amounts{goals.Hours: 120, goals.Deals: 1, goals.Revenue: 300_00})
	}
	want, err := p.Evidence(p.ctx(), p.Actor, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := p.report(t, nil).Evidence
	if got == nil || fmt.Sprint(got.Channels, got.Verdict, *got.Forecast) != fmt.Sprint(want.Channels, want.Verdict, *want.Forecast) || got.Analysis.Deals != 6 {
		t.Errorf("the report's evidence is %+v, want %+v", got, want)
	}
	if minutes := got.History.Minutes(p.channel(t, "BNI")); minutes != 720 {
		t.Errorf("Minutes = %d, want 720", minutes)
	}
	november := days("2026-11-01", "2026-11-30")
	if rep := p.report(t, &november); rep.Evidence != nil {
		t.Error("a period that was asked for has evidence")
	}
}
