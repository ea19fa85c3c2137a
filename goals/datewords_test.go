package goals

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The days of these tests follow from Sunday 22 November 2026, unless they name another today.
var sunday22Nov = NewDate(2026, time.November, 22)

func isoDate(t testing.TB, s string) Date {
	t.Helper()
	var d Date
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseDate(t *testing.T) {
	for _, test := range []struct {
		in           string
		past, future string // "" is the same as past
	}{
		{"today", "2026-11-22", ""}, {"Today ", "2026-11-22", ""}, {"yesterday", "2026-11-21", ""}, {"tomorrow", "2026-11-23", ""},
		{"the day before yesterday", "2026-11-20", ""}, {"day after tomorrow", "2026-11-24", ""},
		{"3 days ago", "2026-11-19", ""}, {"a week ago", "2026-11-15", ""}, {"two weeks ago", "2026-11-08", ""}, {"a fortnight ago", "2026-11-08", ""}, {"1 month ago", "2026-10-22", ""},
		{"in 2 weeks", "2026-12-06", ""}, {"in a month", "2026-12-22", ""}, {"in 1 year", "2027-11-22", ""}, {"a week from today", "2026-11-29", ""}, {"3 days from now", "2026-11-25", ""},
		{"Tue", "2026-11-17", "2026-11-24"}, {"on Tuesday", "2026-11-17", "2026-11-24"}, {"thurs.", "2026-11-19", "2026-11-26"},
		{"last Sunday", "2026-11-15", ""}, {"next Sunday", "2026-11-29", ""}, {"next Friday", "2026-11-27", ""}, {"next Monday", "2026-11-23", ""},
		{"this Sunday", "2026-11-22", ""}, {"Friday next week", "2026-11-27", ""}, {"Tue this week", "2026-11-17", ""}, {"Tue last week", "2026-11-10", ""},
		{"12 Nov", "2026-11-12", "2027-11-12"}, {"22 nov", "2026-11-22", "2026-11-22"}, {"12th November", "2026-11-12", "2027-11-12"}, {"the 12th of November", "2026-11-12", "2027-11-12"},
		{"Nov 12", "2026-11-12", "2027-11-12"}, {"Nov. 12th", "2026-11-12", "2027-11-12"}, {"12nov", "2026-11-12", "2027-11-12"}, {"31 Dec", "2025-12-31", "2026-12-31"}, {"3 Jan", "2026-01-03", "2027-01-03"},
		{"12 Nov 2026", "2026-11-12", ""}, {"Nov 12, 2026", "2026-11-12", ""}, {"12 Nov 26", "2026-11-12", ""}, {"12 sept 2030", "2030-09-12", ""}, {"29 Feb", "2024-02-29", "2028-02-29"}, {"29 Feb 2028", "2028-02-29", ""},
		{"Tue 24 Nov 2026", "2026-11-24", ""}, {"Thursday, 12 November 2026", "2026-11-12", ""}, {"Thursday the 26th of November 2026", "2026-11-26", ""}, {"Wed 2026-11-18", "2026-11-18", ""},
		{"the 12th", "2026-11-12", "2026-12-12"}, {"30th", "2026-10-30", "2026-11-30"}, {"31st", "2026-10-31", "2026-12-31"}, {"the 22nd", "2026-11-22", "2026-11-22"},
		{"2026-11-12", "2026-11-12", ""}, {"2026/11/12", "2026-11-12", ""}, {"25/12/2026", "2026-12-25", ""}, {"12/25/2026", "2026-12-25", ""}, {"25/12/26", "2026-12-25", ""}, {"11/11/2026", "2026-11-11", ""},
		{"25-12-2026", "2026-12-25", ""}, {"12.11.2026", "2026-11-12", ""}, {"25/12", "2025-12-25", "2026-12-25"}, {"11/11", "2026-11-11", "2027-11-11"},
		{"end of the month", "2026-11-30", ""}, {"end of month", "2026-11-30", ""}, {"month end", "2026-11-30", ""}, {"the end of this year", "2026-12-31", ""}, {"end of next month", "2026-12-31", ""}, {"end of the week", "2026-11-22", ""},
		{"end of last quarter", "2026-09-30", ""}, {"end of March", "2026-03-31", "2027-03-31"}, {"end of Feb 2028", "2028-02-29", ""}, {"end of Feb", "2026-02-28", "2027-02-28"}, {"start of next month", "2026-12-01", ""}, {"beginning of Q1 2027", "2027-01-01", ""}, {"end of 2027", "2027-12-31", ""}, {"end of Q4", "2025-12-31", "2026-12-31"},
	} {
		want := isoDate(t, test.past)
		if got, err := ParseDate(test.in, sunday22Nov, Past); got != want || err != nil {
			t.Errorf("ParseDate(%q, Past) = %s, %v, want %s", test.in, got, err, want)
		}
		if test.future != "" {
			want = isoDate(t, test.future)
		}
		if got, err := ParseDate(test.in, sunday22Nov, Future); got != want || err != nil {
			t.Errorf("ParseDate(%q, Future) = %s, %v, want %s", test.in, got, err, want)
		}
	}
}

// What "last", "this" and "next" before a weekday mean is asked unless calendar weeks and nearness agree.
func TestParseDateWeekdays(t *testing.T) {
	for _, test := range []struct {
		today, in string
		look      Look
		want      string // a day, or the hint of the question
	}{
		{"2026-11-24", "Tue", Past, "2026-11-24"}, {"2026-11-24", "Tue", Future, "Type 24 Nov or 1 Dec."},
		{"2026-11-25", "Tue", Past, "2026-11-24"}, {"2026-11-25", "Tue", Future, "2026-12-01"},
		{"2026-11-23", "next Friday", Future, "Type 27 Nov or 4 Dec."}, {"2026-11-27", "next Friday", Future, "2026-12-04"}, {"2026-11-28", "next Friday", Future, "2026-12-04"},
		{"2026-11-25", "last Tue", Past, "Type 17 Nov or 24 Nov."}, {"2026-11-24", "last Tue", Past, "2026-11-17"}, {"2026-11-23", "last Tue", Past, "2026-11-17"},
		{"2026-11-23", "this Friday", Future, "2026-11-27"}, {"2026-11-28", "this Friday", Past, "2026-11-27"}, {"2026-11-28", "this Friday", Future, "Type 27 Nov or 4 Dec."},
		{"2026-11-22", "Thu 12 Nov", Past, "2026-11-12"}, {"2026-11-22", "Thu the 26th of Nov", Future, "2026-11-26"},
		{"2026-12-30", "last Tue", Past, "Type 22 Dec or 29 Dec."}, {"2026-12-31", "next Sun", Future, "Type 3 Jan 2027 or 10 Jan 2027."},
	} {
		got, err := ParseDate(test.in, isoDate(t, test.today), test.look)
		if err != nil {
			checkMistake(t, test.in, err, Ambiguous)
			if hint := err.(*Mistake).Hint; hint != test.want {
				t.Errorf("on %s ParseDate(%q) hints %q, want %q", test.today, test.in, hint, test.want)
			}
		} else if got.String() != test.want {
			t.Errorf("on %s ParseDate(%q) = %s, want %s", test.today, test.in, got, test.want)
		}
	}
}

func TestParseDateMistakes(t *testing.T) {
	for _, test := range []struct {
		in   string
		code Code
		says string
	}{
		{"12/11", Ambiguous, "“12/11” can mean two days. Type 12 Nov or 11 Dec."}, {"12/11/2026", Ambiguous, "“12/11/2026” can mean two days. Type 12 Nov 2026 or 11 Dec 2026."}, {"12/11/26", Ambiguous, ""}, {"1-2-2027", Ambiguous, ""},
		{"31 Feb", Invalid, "February has no day 31. Its last day is 29 Feb."}, {"31 Feb 2027", Invalid, "February has no day 31. Its last day is 28 Feb."}, {"29 Feb 2027", Invalid, "February 2027 has no day 29. Its last day is 28 Feb."}, {"31 June", Invalid, ""}, {"0 Nov", Invalid, ""}, {"2026-02-30", Invalid, ""},
		{"30/02/2026", Invalid, ""}, {"25/13/2026", Invalid, "There is no month 13. Type the day first and then the month, like 25/12/2026."}, {"13/13", Invalid, ""}, {"0/5", Invalid, ""}, {"2026-13-01", Invalid, ""}, {"40th", Invalid, "No month has a day 40. Type a day from 1 to 31."}, {"0th", Invalid, ""},
		{"Mon 24 Nov 2026", Invalid, "24 Nov 2026 is a Tuesday, not a Monday. Type the weekday or the date alone."}, {"12 Nov 1999", Invalid, "I only know the years 2000 to 2199. Type a day nearer to today."}, {"12 Nov 0000", Invalid, ""}, {"12 Nov 2200", Invalid, ""}, {"in 9999 years", Invalid, ""}, {"9999 months ago", Invalid, ""}, {"end of 1999", Invalid, ""},
		{"", Unclear, "I need a date. Type it like 12 Nov, last Tuesday or yesterday."}, {"on", Unclear, ""}, {"the", Unclear, ""}, {"12", Unclear, ""}, {"12.11", Unclear, ""}, {"12-11", Unclear, ""}, {"12.11.", Unclear, ""}, {"Nov", Unclear, ""}, {"Nov 2026", Unclear, ""}, {"2026", Unclear, ""}, {"last week", Unclear, ""}, {"next month", Unclear, ""},
		{"soon", Unclear, "I can't read “soon” as a date. Type it like 12 Nov, last Tuesday or yesterday."}, {"12 Novmber", Unclear, "I can't read “12 Novmber” as a date. Did you mean 12 November?"}, {"yestreday", Unclear, "I can't read “yestreday” as a date. Did you mean yesterday?"}, {"12 Nov at 9", Unclear, ""}, {"next", Unclear, ""}, {"Tue Wed", Unclear, ""}, {"12 Nov 202", Unclear, ""}, {"12 12 Nov", Unclear, ""}, {"3 days", Unclear, ""}, {"in days", Unclear, ""}, {"99999 days ago", Unclear, ""}, {"1/2/3/4", Unclear, ""}, {"1/", Unclear, ""}, {"/", Unclear, ""}, {"end of", Unclear, ""}, {"end of time", Unclear, ""}, {"\xff", Unclear, ""},
	} {
		d, err := ParseDate(test.in, sunday22Nov, Past)
		if err == nil {
			t.Errorf("ParseDate(%q) = %s, want a mistake", test.in, d)
			continue
		}
		checkMistake(t, "ParseDate("+test.in+")", err, test.code)
		if test.says != "" && err.Error() != test.says {
			t.Errorf("ParseDate(%q) says\n%s, want\n%s", test.in, err, test.says)
		}
	}
	_, err := ParseDate("Thu 12 Nov", sunday22Nov, Future) // in 2027 it is a Friday
	checkMistake(t, "ParseDate(Thu 12 Nov, Future)", err, Invalid)
	_, err = ParseDate("Sunday", sunday22Nov, Future)
	checkMistake(t, "ParseDate(Sunday, Future)", err, Ambiguous)
}

func anyDate(t *rapid.T, label string) Date {
	return Date(rapid.Int32Range(int32(NewDate(2010, 1, 1)), int32(NewDate(2100, 1, 1))).Draw(t, label))
}

func TestParseDateReadsWhatIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, today := anyDate(t, "d"), anyDate(t, "today")
		look := Look(rapid.IntRange(0, 1).Draw(t, "look"))
		for _, s := range []string{d.String(), d.Time().Format("2 Jan 2006"), d.Time().Format("Monday, 2 January 2006"), d.Time().Format("Jan 2, 2006"), d.Time().Format("02.01.2006")} {
			if got, err := ParseDate(s, today, look); got != d || err != nil {
				t.Errorf("ParseDate(%q) = %s, %v, want %s", s, got, err, d)
			}
		}
		s := d.Time().Format("2 Jan")
		got, err := ParseDate(s, today, look)
		if err != nil || got.Day() != d.Day() || got.Month() != d.Month() || look == Past && got > today || look == Future && got < today {
			t.Errorf("on %s ParseDate(%q, %d) = %s, %v", today, s, look, got, err)
		}
		if away := got - today; (away > 366 || away < -366) && s != "29 Feb" {
			t.Errorf("on %s ParseDate(%q, %d) = %s, which is not the nearest", today, s, look, got)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"today", "12/11", "last Tue", "12nov", "1-31", "end of Q1", "the 12th", "Tue 24 Nov", "in 2 weeks", "\xff", "12 the", "the the", "tue the"} {
		f.Add(s, int32(sunday22Nov), true)
	}
	f.Fuzz(func(t *testing.T, s string, today int32, future bool) {
		look := Past
		if future {
			look = Future
		}
		d, err := ParseDate(s, Date(today), look)
		if err != nil {
			checkMistake(t, "ParseDate", err, "")
		} else if d.Year() < firstYear || d.Year() > lastYear {
			t.Errorf("ParseDate(%q, %d) = %d", s, today, d)
		}
	})
}
