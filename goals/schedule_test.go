package goals

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseSchedule(t *testing.T) {
	for in, want := range map[string]string{
		"Mon 09:00": "Monday 09:00", "monday 9:00": "Monday 09:00", "Mon": "Monday 09:00", "Fridays 4pm": "Friday 16:00", "Fri 4 pm": "Friday 16:00", "Tuesday at 8.30": "Tuesday 08:30", "Tues at 8:30am": "Tuesday 08:30",
		"Wed 0900": "Wednesday 09:00", "Wed 17": "Wednesday 17:00", "Wed 04:30": "Wednesday 04:30", "Thu noon": "Thursday 12:00", "every Thu at noon": "Thursday 12:00", "on Thursdays at midday": "Thursday 12:00",
		"9am Monday": "Monday 09:00", "9am on Mondays": "Monday 09:00", "at 9 on Mon": "Monday 09:00", "Sat 12am": "Saturday 00:00", "Sat 12pm": "Saturday 12:00", "Sat 12:30 a.m.": "Saturday 00:30", "Sat 4.30 p.m.": "Saturday 16:30", "Sun 00:00": "Sunday 00:00", "Sun 23:59": "Sunday 23:59", "Sun @ 10:15": "Sunday 10:15",
		"off": "off", "Never": "off",
	} {
		if got, err := ParseSchedule(in); err != nil || got.String() != want {
			t.Errorf("ParseSchedule(%q) = %s, %v, want %s", in, got, err, want)
		}
	}
}

func TestParseScheduleMistakes(t *testing.T) {
	const weekly = "It comes once a week, on one day. Type a day and a time, such as Mon 09:00."
	const zone = "A time is always in your own time zone. Type a day and a time, such as Mon 09:00."
	for _, test := range []struct {
		in   string
		code Code
		says string
	}{
		{"Mon 25:00", Invalid, "There is no hour 25 in a day. Type a time from 00:00 to 23:59, such as Mon 09:00."}, {"Mon 24:00", Invalid, ""}, {"Mon 9:75", Invalid, "There is no minute 75 in an hour. Type a time from 00:00 to 23:59, such as Mon 09:00."}, {"Mon 13pm", Invalid, "There is no hour 13 before pm. Type it like 9am, 4pm or 16:00."}, {"Mon 0am", Invalid, ""},
		{"weekdays", Invalid, weekly}, {"daily 9am", Invalid, weekly}, {"every day at 9", Invalid, weekly}, {"Mon and Thu 09:00", Invalid, weekly}, {"Mon-Fri 09:00", Invalid, weekly}, {"every 5 minutes", Invalid, weekly}, {"@every 5m", Invalid, weekly}, {"@", Invalid, weekly}, {"every other Monday", Invalid, weekly}, {"monthly", Invalid, weekly}, {"first Monday of the month", Invalid, weekly},
		{"TZ=UTC", Invalid, zone}, {"CRON_TZ=Europe/London Mon 09:00", Invalid, zone}, {"Mon 09:00 Europe/London", Invalid, zone}, {"Mon 09:00 BST", Invalid, zone},
		{"Fri 4", Ambiguous, "“Fri 4” can be in the morning or in the afternoon. Type 04:00 or 16:00."}, {"Fri 4.30", Ambiguous, "“Fri 4.30” can be in the morning or in the afternoon. Type 04:30 or 16:30."}, {"Fri midnight", Ambiguous, ""},
		{"9am", Unclear, "“9am” has no day. Add the day, such as Mon 09:00."}, {"16:30", Unclear, "“16:30” has no day. Add the day, such as Mon 16:30."}, {"", Unclear, "I need a day and a time. Type a day and a time, such as Mon 09:00."}, {"Mondy 09:00", Unclear, "I can't read “Mondy 09:00” as a day and a time. Did you mean Monday 09:00?"}, {"soon", Unclear, ""}, {"Mon soon", Unclear, "I can't read “soon” as a time of day. Type a day and a time, such as Mon 09:00."}, {"Mon 9:5", Unclear, ""}, {"Mon 9:", Unclear, ""}, {"Mon :30", Unclear, ""}, {"Mon 900", Unclear, ""}, {"Mon 9h", Unclear, ""}, {"at", Unclear, ""}, {"Mon at", Unclear, ""}, {"on", Unclear, ""}, {"every", Unclear, ""}, {"Mon 9 30", Unclear, ""}, {"Mon -9", Unclear, ""}, {"Mon 9:00:00", Unclear, ""}, {strings.Repeat("Mon ", 90), Unclear, ""}, {"12 Nov", Unclear, ""},
	} {
		s, err := ParseSchedule(test.in)
		if err == nil {
			t.Errorf("ParseSchedule(%q) = %s, want a mistake", test.in, s)
			continue
		}
		checkMistake(t, "ParseSchedule("+test.in+")", err, test.code)
		if test.says != "" && err.Error() != test.says {
			t.Errorf("ParseSchedule(%q) says\n%s, want\n%s", test.in, err, test.says)
		}
	}
}

func anySchedule(t *rapid.T) Schedule {
	return Schedule{Weekday: time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")), Minute: rapid.IntRange(0, 1439).Draw(t, "minute")}
}

func TestScheduleIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule(t)
		if got, err := ParseSchedule(s.String()); got != s || err != nil {
			t.Errorf("ParseSchedule(%q) = %v, %v", s, got, err)
		}
	})
}

// load is the named zone, or the end of the test.
func load(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// The zones and times at which cron was seen to skip an occurrence, to double it, or never to end.
func TestScheduleAcrossClockChanges(t *testing.T) {
	for _, test := range []struct{ zone, schedule, week, want string }{
		{"Europe/London", "Sun 01:30", "2026-03-23", "2026-03-29T02:00:00+01:00"},       // skipped
		{"Europe/London", "Sun 01:30", "2026-10-19", "2026-10-25T01:30:00+01:00"},       // twice: the first
		{"Europe/London", "Mon 09:00", "2026-10-26", "2026-10-26T09:00:00Z"},            // the day after
		{"America/New_York", "Sun 02:30", "2026-03-02", "2026-03-08T03:00:00-04:00"},    // skipped
		{"America/New_York", "Sun 01:30", "2026-10-26", "2026-11-01T01:30:00-04:00"},    // twice
		{"Africa/Cairo", "Fri 00:00", "2026-04-20", "2026-04-24T01:00:00+03:00"},        // midnight is skipped
		{"Africa/Cairo", "Fri 00:30", "2026-04-20", "2026-04-24T01:00:00+03:00"},        //
		{"Africa/Cairo", "Fri 09:00", "2026-04-20", "2026-04-24T09:00:00+03:00"},        // cron skips it, though it exists
		{"Africa/Cairo", "Thu 23:30", "2026-10-26", "2026-10-29T23:30:00+03:00"},        // twice
		{"Asia/Beirut", "Sun 09:00", "2026-03-23", "2026-03-29T09:00:00+03:00"},         // cron skips it
		{"Asia/Beirut", "Sat 09:00", "2026-03-23", "2026-03-28T09:00:00+02:00"},         // and adds this on a wrong day
		{"Asia/Beirut", "Sun 00:30", "2026-03-23", "2026-03-29T01:00:00+03:00"},         //
		{"America/Santiago", "Sun 00:30", "2026-08-31", "2026-09-06T01:00:00-03:00"},    //
		{"America/Santiago", "Sat 23:30", "2026-03-30", "2026-04-04T23:30:00-03:00"},    // twice
		{"Atlantic/Azores", "Sun 00:30", "2026-03-23", "2026-03-29T01:00:00Z"},          //
		{"Atlantic/Azores", "Sun 00:30", "2026-10-19", "2026-10-25T00:30:00Z"},          // twice
		{"Australia/Lord_Howe", "Sun 02:15", "2026-09-28", "2026-10-04T02:30:00+11:00"}, // a gap of half an hour
		{"Australia/Lord_Howe", "Sun 01:45", "2026-03-30", "2026-04-05T01:45:00+11:00"}, // twice
		{"Asia/Jerusalem", "Fri 02:30", "2026-03-23", "2026-03-27T03:00:00+03:00"},      //
		{"America/Havana", "Sun 00:30", "2026-03-02", "2026-03-08T01:00:00-04:00"},      //
		{"Africa/Casablanca", "Sun 02:30", "2026-02-09", "2026-02-15T02:30:00+01:00"},   // twice
		{"Pacific/Apia", "Fri 09:00", "2011-12-26", "2011-12-31T00:00:00+14:00"},        // the day is missing
		{"Pacific/Apia", "Thu 09:00", "2011-12-26", "2011-12-29T09:00:00-10:00"},        //
		{"Pacific/Apia", "Sat 09:00", "2011-12-26", "2011-12-31T09:00:00+14:00"},        //
		{"Europe/London", "Sun 09:00", "2028-12-25", "2028-12-31T09:00:00Z"},            // ends a leap year
		{"UTC", "Mon 00:00", "2026-11-23", "2026-11-23T00:00:00Z"},                      //
	} {
		s, err := ParseSchedule(test.schedule)
		if err != nil {
			t.Fatal(err)
		}
		loc, week := load(t, test.zone), isoDate(t, test.week)
		got := s.In(week, loc)
		if got.Format(time.RFC3339) != test.want {
			t.Errorf("%s in %s, week of %s: In = %s, want %s", s, test.zone, week, got.Format(time.RFC3339), test.want)
		}
		if next, ok := s.Next(got.Add(-time.Second), loc); !ok || !next.Equal(got) {
			t.Errorf("%s in %s: Next before %s = %s, %v", s, test.zone, got, next, ok)
		}
		if next, ok := s.Next(got, loc); !ok || !next.Equal(s.In(week+7, loc)) {
			t.Errorf("%s in %s: Next after %s = %s, %v, want %s", s, test.zone, got, next, ok, s.In(week+7, loc))
		}
	}
}

func TestScheduleOff(t *testing.T) {
	off := Schedule{Off: true, Minute: 540}
	if got := off.In(sunday22Nov, time.UTC); !got.IsZero() {
		t.Errorf("In of off = %s, want the zero time", got)
	}
	if got, ok := off.Next(time.Unix(0, 0), time.UTC); ok {
		t.Errorf("Next of off = %s, want none", got)
	}
}

func TestScheduleTakesAnyDayOfTheWeekAndNoZone(t *testing.T) {
	s := Schedule{Weekday: time.Wednesday, Minute: 600}
	want := time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC)
	for d := NewDate(2026, 11, 16); d <= sunday22Nov; d++ {
		if got := s.In(d, nil); !got.Equal(want) {
			t.Errorf("In(%s) = %s, want %s", d, got, want)
		}
	}
	if got, ok := s.Next(want, nil); !ok || !got.Equal(want.AddDate(0, 0, 7)) {
		t.Errorf("Next(%s) = %s, %v", want, got, ok)
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"Mon 09:00", "Fridays 4pm", "off", "@", "every", "9am on", "* * * * *", "TZ=", "Mondy 9", "\xff", "mon mon"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseSchedule(s)
		if err != nil {
			checkMistake(t, "ParseSchedule", err, "")
			return
		}
		if got.Minute < 0 || got.Minute > 1439 || got.Off && got != (Schedule{Off: true}) {
			t.Errorf("ParseSchedule(%q) = %+v", s, got)
		}
		if again, err := ParseSchedule(got.String()); again != got || err != nil {
			t.Errorf("ParseSchedule(%q) = %+v, %v, want %+v", got, again, err, got)
		}
	})
}

// Whatever the instant, the next occurrence is after it, within eight days, and on the clock
// unless the clock skipped it.
func FuzzScheduleNext(f *testing.F) {
	for i, zone := range []string{"Europe/London", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Atlantic/Azores", "Australia/Lord_Howe", "Pacific/Apia"} {
		f.Add(zone, int64(1325239200+i*100_000), uint16(i*700))
	}
	f.Fuzz(func(t *testing.T, zone string, unix int64, when uint16) {
		zone, err := ParseZone(zone)
		if err != nil || unix < -2e9 || unix > 6e9 {
			return
		}
		loc, after := load(t, zone), time.Unix(unix, 0)
		s := Schedule{Weekday: time.Weekday(when % 7), Minute: int(when) % 1440}
		got, ok := s.Next(after, loc)
		if !ok || !got.After(after) || got.Sub(after) > 8*24*time.Hour+time.Hour {
			t.Errorf("%s in %s: Next(%s) = %s, %v", s, zone, after.In(loc), got, ok)
		}
		before := got.Add(-time.Nanosecond)
		skipped := offsetAt(before.Unix(), loc) != offsetAt(got.Unix(), loc)
		if onTheClock := got.Weekday() == s.Weekday && got.Hour()*60+got.Minute() == s.Minute; !onTheClock && !skipped {
			t.Errorf("%s in %s: Next(%s) = %s", s, zone, after.In(loc), got)
		}
	})
}
