package goals

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	for _, test := range []struct {
		in       string
		look     Look
		from, to string
		every    Every
	}{
		{"by 31 Dec", Future, "2026-11-22", "2026-12-31", Once}, {"until 31 Dec 2027", Future, "2026-11-22", "2027-12-31", Once}, {"by Friday", Future, "2026-11-22", "2026-11-27", Once}, {"by today", Future, "2026-11-22", "2026-11-22", Once},
		{"by the end of March", Future, "2026-11-22", "2027-03-31", Once}, {"by year end", Future, "2026-11-22", "2026-12-31", Once}, {"by end of Q1", Future, "2026-11-22", "2027-03-31", Once}, {"By 25/12/2026", Future, "2026-11-22", "2026-12-25", Once},
		{"this quarter", Future, "2026-10-01", "2026-12-31", Once}, {"next quarter", Future, "2027-01-01", "2027-03-31", Once}, {"last quarter", Past, "2026-07-01", "2026-09-30", Once}, {"this month", Past, "2026-11-01", "2026-11-30", Once},
		{"this week", Future, "2026-11-16", "2026-11-22", Once}, {"last week", Past, "2026-11-09", "2026-11-15", Once}, {"next week", Future, "2026-11-23", "2026-11-29", Once}, {"the current year", Future, "2026-01-01", "2026-12-31", Once}, {"the last quarter", Past, "2026-07-01", "2026-09-30", Once}, {"this year", Future, "2026-01-01", "2026-12-31", Once}, {"last year", Past, "2025-01-01", "2025-12-31", Once}, {"next month", Future, "2026-12-01", "2026-12-31", Once}, {"month", Past, "2026-11-01", "2026-11-30", Once}, {"the week", Future, "2026-11-16", "2026-11-22", Once},
		{"Q1 2027", Future, "2027-01-01", "2027-03-31", Once}, {"Q1", Future, "2027-01-01", "2027-03-31", Once}, {"Q1", Past, "2026-01-01", "2026-03-31", Once}, {"Q4", Future, "2026-10-01", "2026-12-31", Once}, {"q4", Past, "2026-10-01", "2026-12-31", Once},
		{"2027", Future, "2027-01-01", "2027-12-31", Once}, {"2026", Past, "2026-01-01", "2026-12-31", Once}, {"October", Past, "2026-10-01", "2026-10-31", Once}, {"October", Future, "2027-10-01", "2027-10-31", Once}, {"Nov", Future, "2026-11-01", "2026-11-30", Once}, {"Dec", Past, "2025-12-01", "2025-12-31", Once}, {"October 2026", Past, "2026-10-01", "2026-10-31", Once}, {"Feb 2028", Future, "2028-02-01", "2028-02-29", Once}, {"Feb", Future, "2027-02-01", "2027-02-28", Once},
		{"a month", Future, "2026-11-01", "2026-11-30", Month}, {"per month", Past, "2026-11-01", "2026-11-30", Month}, {"Monthly", Future, "2026-11-01", "2026-11-30", Month}, {"every month", Future, "2026-11-01", "2026-11-30", Month}, {"each week", Future, "2026-11-16", "2026-11-22", Week}, {"a quarter", Future, "2026-10-01", "2026-12-31", Quarter}, {"a year", Future, "2026-01-01", "2026-12-31", Year}, {"annually", Future, "2026-01-01", "2026-12-31", Year},
		{"next 6 weeks", Future, "2026-11-22", "2027-01-02", Once}, {"the next 3 months", Future, "2026-11-22", "2027-02-21", Once}, {"last 4 weeks", Past, "2026-10-26", "2026-11-22", Once}, {"over the past 3 months", Past, "2026-08-23", "2026-11-22", Once}, {"in 90 days", Future, "2026-11-22", "2027-02-19", Once}, {"in a year", Future, "2026-11-22", "2027-11-21", Once}, {"for 1 day", Future, "2026-11-22", "2026-11-22", Once},
		{"1 Jan to 31 Mar", Future, "2027-01-01", "2027-03-31", Once}, {"1 Jan to 31 Mar", Past, "2026-01-01", "2026-03-31", Once}, {"from 1 Jan 2027 to 31 Mar 2027", Future, "2027-01-01", "2027-03-31", Once}, {"1 Jan 2027 to 31 Mar", Future, "2027-01-01", "2027-03-31", Once}, {"1 Jan – 31 Mar 2027", Future, "2027-01-01", "2027-03-31", Once}, {"1 Nov to 31 Dec", Future, "2026-11-01", "2026-12-31", Once}, {"1 Nov to 31 Dec", Past, "2026-11-01", "2026-12-31", Once}, {"1 Oct to 31 Mar", Future, "2026-10-01", "2027-03-31", Once}, {"1 Jan-31 Mar", Future, "2027-01-01", "2027-03-31", Once}, {"between 1 Jan and 31 Mar", Future, "2027-01-01", "2027-03-31", Once},
		{"1 to 15 March", Future, "2027-03-01", "2027-03-15", Once}, {"1st-15th March 2027", Future, "2027-03-01", "2027-03-15", Once}, {"1-31 March", Past, "2026-03-01", "2026-03-31", Once}, {"October to December", Future, "2026-10-01", "2026-12-31", Once}, {"Oct-Feb", Past, "2026-10-01", "2027-02-28", Once}, {"Q1 to Q2 2027", Future, "2027-01-01", "2027-06-30", Once}, {"2026-2027", Future, "2026-01-01", "2027-12-31", Once},
		{"today to 31 Dec", Future, "2026-11-22", "2026-12-31", Once}, {"2026-10-01 to 2026-10-31", Past, "2026-10-01", "2026-10-31", Once}, {"2026-10-01 - 2026-10-31", Past, "2026-10-01", "2026-10-31", Once}, {"Monday to Friday", Past, "2026-11-16", "2026-11-20", Once}, {"Monday to Friday", Future, "2026-11-23", "2026-11-27", Once}, {"today until end of next month", Future, "2026-11-22", "2026-12-31", Once},
		{"since 1 Oct", Past, "2026-10-01", "2026-11-22", Once}, {"since October", Past, "2026-10-01", "2026-11-22", Once}, {"since last month", Past, "2026-10-01", "2026-11-22", Once}, {"since 2025", Past, "2025-01-01", "2026-11-22", Once}, {"since Monday", Past, "2026-11-16", "2026-11-22", Once}, {"yesterday", Past, "2026-11-21", "2026-11-21", Once}, {"12 Nov", Past, "2026-11-12", "2026-11-12", Once},
	} {
		want := Period{isoDate(t, test.from), isoDate(t, test.to)}
		if got, every, err := ParsePeriod(test.in, sunday22Nov, test.look); got != want || every != test.every || err != nil {
			t.Errorf("ParsePeriod(%q, %d) = %s to %s, %q, %v, want %s to %s", test.in, test.look, got.From, got.To, every, err, want.From, want.To)
		}
	}
}

func TestParsePeriodMistakes(t *testing.T) {
	for _, test := range []struct {
		in   string
		look Look
		code Code
		says string
	}{
		{"by 12 Nov 2025", Future, Invalid, "“by 12 Nov 2025” ends before it starts. Type the earlier day first."}, {"by yesterday", Future, Invalid, ""},
		{"31 Mar 2027 to 1 Jan 2027", Future, Invalid, "“31 Mar 2027 to 1 Jan 2027” ends before it starts. Type the earlier day first."}, {"last quarter", Future, Invalid, "“last quarter” is over already. Type one that still runs, such as this quarter or by 31 Dec."}, {"2025", Future, Invalid, ""}, {"Q1 2026", Future, Invalid, ""}, {"last 4 weeks", Future, Invalid, ""},
		{"next quarter", Past, Invalid, "“next quarter” has not begun yet. Type one that has begun, such as this quarter or last month."}, {"2027", Past, Invalid, ""}, {"tomorrow", Past, Invalid, ""}, {"next 6 weeks", Past, Invalid, ""}, {"next 0 weeks", Future, Invalid, ""}, {"by 31 Feb", Future, Invalid, ""}, {"2200", Future, Invalid, ""}, {"next 9999 years", Future, Invalid, ""},
		{"by March", Future, Ambiguous, "“March” can mean its start or its end. Type by 1 Mar 2027 or by 31 Mar 2027."}, {"until next month", Future, Ambiguous, ""}, {"by this quarter", Future, Ambiguous, "“this quarter” can mean its start or its end. Type by 31 Dec if that is what you mean."}, {"by 2027", Future, Ambiguous, ""}, {"by Sunday", Future, Ambiguous, "“Sunday” can mean two days. Type 22 Nov or 29 Nov."}, {"by 12/11", Future, Ambiguous, ""}, {"month", Future, Ambiguous, "“month” can be read in two ways. Type this month, or a month for one that renews."},
		{"31 Dec", Future, Unclear, "“31 Dec” is one day. Type by 31 Dec to run from today until then."}, {"", Future, Unclear, "I need to know from when to when. Type it like by 31 Dec, this quarter or a month."}, {"by", Future, Unclear, ""}, {"since", Past, Unclear, ""}, {"since 1 Oct", Future, Unclear, ""}, {"soon", Past, Unclear, "I can't tell from when to when “soon” is. Type it like last quarter, October or last 4 weeks."}, {"Octobr", Past, Unclear, "I can't tell from when to when “Octobr” is. Did you mean October?"}, {"this quater", Past, Unclear, "I can't tell from when to when “this quater” is. Did you mean this quarter?"},
		{"12-Nov", Past, Unclear, ""}, {"Nov-2026", Past, Unclear, ""}, {"Q4-2026", Past, Unclear, ""}, {"12-11", Past, Unclear, ""}, {"to", Past, Unclear, ""}, {"1 Jan to", Past, Unclear, ""}, {"to 31 Mar", Past, Unclear, ""}, {"-", Past, Unclear, ""}, {"from", Past, Unclear, ""}, {"between", Past, Unclear, ""}, {"1 Jan and 31 Mar", Past, Unclear, ""}, {"Q5", Past, Unclear, ""}, {"a day", Past, Unclear, ""}, {"this October", Past, Unclear, ""}, {"next", Past, Unclear, ""}, {"99 weeks", Past, Unclear, ""},
	} {
		p, _, err := ParsePeriod(test.in, sunday22Nov, test.look)
		if err == nil {
			t.Errorf("ParsePeriod(%q) = %v, want a mistake", test.in, p)
			continue
		}
		checkMistake(t, "ParsePeriod("+test.in+")", err, test.code)
		if test.says != "" && err.Error() != test.says {
			t.Errorf("ParsePeriod(%q) says\n%s, want\n%s", test.in, err, test.says)
		}
	}
}

func TestPeriodHuman(t *testing.T) {
	for _, test := range []struct{ from, to, want string }{
		{"2027-01-01", "2027-12-31", "2027"}, {"2026-10-01", "2026-12-31", "Q4 2026"}, {"2026-01-01", "2026-03-31", "Q1 2026"}, {"2026-11-01", "2026-11-30", "November 2026"},
		{"2026-11-16", "2026-11-22", "16 Nov to 22 Nov"}, {"2026-10-01", "2026-12-15", "1 Oct to 15 Dec"}, {"2027-01-01", "2027-03-15", "1 Jan to 15 Mar 2027"}, {"2026-10-01", "2027-03-15", "1 Oct 2026 to 15 Mar 2027"},
		{"2026-11-12", "2026-11-12", "12 Nov"}, {"2027-11-12", "2027-11-12", "12 Nov 2027"},
	} {
		if got := (Period{isoDate(t, test.from), isoDate(t, test.to)}).Human(sunday22Nov); got != test.want {
			t.Errorf("%s to %s Human() = %q, want %q", test.from, test.to, got, test.want)
		}
	}
}

func TestPeriodMethods(t *testing.T) {
	p := Period{10, 19}
	if got := p.Days(); got != 10 {
		t.Errorf("Days() = %d, want 10", got)
	}
	if got := (Period{10, 5}).Days(); got != 0 {
		t.Errorf("Days() of none = %d, want 0", got)
	}
	for d, want := range map[Date]bool{9: false, 10: true, 19: true, 20: false} {
		if got := p.Contains(d); got != want {
			t.Errorf("Contains(%d) = %v, want %v", d, got, want)
		}
	}
	for _, test := range []struct {
		o    Period
		want bool
	}{{Period{1, 9}, false}, {Period{1, 10}, true}, {Period{12, 13}, true}, {Period{19, 30}, true}, {Period{20, 30}, false}, {Period{1, 99}, true}} {
		if got := p.Overlaps(test.o); got != test.want {
			t.Errorf("Overlaps(%v) = %v, want %v", test.o, got, test.want)
		}
	}
}

func TestEveryPeriodCoversEachDayOnce(t *testing.T) {
	for _, e := range []Every{Once, Week, Month, Quarter, Year} {
		p := e.Period(NewDate(2019, time.December, 29))
		for p.To < NewDate(2030, 1, 1) {
			for d := p.From; d <= p.To; d++ {
				if got := e.Period(d); got != p {
					t.Fatalf("%q.Period(%s) = %v, want %v", e, d, got, p)
				}
			}
			next := e.Period(p.To + 1)
			if next.From != p.To+1 {
				t.Fatalf("%q.Period(%s) starts %s", e, p.To+1, next.From)
			}
			p = next
		}
	}
}

func TestParseEvery(t *testing.T) {
	for in, want := range map[string]Every{"a week": Week, "Weekly": Week, "per month": Month, "every quarter": Quarter, "annually": Year, "/month": Month, "per annum": Year, "each  year": Year} {
		if got, err := ParseEvery(in); got != want || err != nil {
			t.Errorf("ParseEvery(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for in, code := range map[string]Code{"": Unclear, "week": Unclear, "sometimes": Unclear, "daily": Invalid, "fortnightly": Invalid} {
		_, err := ParseEvery(in)
		checkMistake(t, "ParseEvery("+in+")", err, code)
	}
}

func TestParsePeriodReadsWhatIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := anyDate(t, "today")
		p := Period{anyDate(t, "from"), 0}
		p.To = p.From + Date(rapid.IntRange(1, 800).Draw(t, "days"))
		if e := rapid.SampledFrom([]Every{Once, Week, Month, Quarter, Year}).Draw(t, "every"); e != Once {
			p = e.Period(p.From)
		}
		look := Past
		if p.From > today {
			look = Future
		}
		s := p.From.Time().Format("2 Jan 2006") + " to " + p.To.Time().Format("2 Jan 2006")
		if got, _, err := ParsePeriod(s, today, look); got != p || err != nil {
			t.Errorf("on %s ParsePeriod(%q) = %v, %v, want %v", today, s, got, err, p)
		}
		if look == Past && p.To > today {
			return // "1 Oct to 31 Dec" looks back to the last one that has begun
		}
		if got, _, err := ParsePeriod(p.Human(today), today, look); got != p || err != nil {
			t.Errorf("on %s ParsePeriod(%q) = %s to %s, %v, want %s to %s", today, p.Human(today), got.From, got.To, err, p.From, p.To)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"by 31 Dec", "this quarter", "1-31 March", "1 Jan to 31 Mar", "next 6 weeks", "Q1", "2027", "a month", "since", "-", "from", "between", "the", "by the", "1-", "\xff", "next 9999 years"} {
		f.Add(s, int32(sunday22Nov), true)
	}
	f.Fuzz(func(t *testing.T, s string, today int32, future bool) {
		look := Past
		if future {
			look = Future
		}
		p, every, err := ParsePeriod(s, Date(today), look)
		switch {
		case err != nil:
			checkMistake(t, "ParsePeriod", err, "")
		case every == Once && (p.Days() < 1 || look == Future && p.To < Date(today) || look == Past && p.From > Date(today)):
			t.Errorf("ParsePeriod(%q, %d) = %v", s, today, p)
		}
	})
}
