package goals

import (
	"strings"
	"testing"
	"time"
)

// Lines of cron that mean a weekly time, and what they mean.
func TestParseScheduleCron(t *testing.T) {
	for in, want := range map[string]string{
		"0 9 * * 1": "Monday 09:00", "30 16 * * 5": "Friday 16:30", "0 0 * * 0": "Sunday 00:00", "59 23 * * 6": "Saturday 23:59",
		"0 9 * * mon": "Monday 09:00", "0 9 * * FRI": "Friday 09:00", "00 09 * * 1": "Monday 09:00", "  0  9  *  *  1  ": "Monday 09:00",
		"0 9 ? * 1": "Monday 09:00", "0 9 * * 7": "Sunday 09:00", "0 9 1-31 1-12 1": "Monday 09:00", "0 9 */1 */1 1": "Monday 09:00",
		"0 9 * * 1-1": "Monday 09:00", "0 9 * jan-dec 1": "Monday 09:00", "0 9 * * */7": "Sunday 09:00", "0 9 * * 1,1": "Monday 09:00",
	} {
		if got, err := ParseSchedule(in); err != nil || got.String() != want {
			t.Errorf("ParseSchedule(%q) = %s, %v, want %s", in, got, err, want)
		}
	}
}

// What is not a weekly time is refused in one sentence with what to type instead; what crashes
// the library, or keeps it looking for years, never gets there.
func TestParseScheduleCronMistakes(t *testing.T) {
	const zone = "A time is always in your own time zone. Type a day and a time, such as Mon 09:00."
	const weekly = "It comes once a week, on one day. Type a day and a time, such as Mon 09:00."
	const fields = " Type five fields such as 0 9 * * 1, or simply Mon 09:00."
	const month = " Type a day and a time, such as Mon 09:00; for weeks of quiet there is /checkin away until 12 Jan."
	for _, test := range []struct {
		in   string
		code Code
		says string
	}{
		{"TZ=UTC", Invalid, zone}, {"TZ=", Invalid, zone}, {"tz=UTC 0 9 * * 1", Invalid, zone}, {"CRON_TZ=Asia/Tokyo 0 9 * * 1", Invalid, zone}, {"CRON_TZ=", Invalid, zone}, {" TZ=UTC", Invalid, zone},
		{"@every 5m", Invalid, weekly}, {"@every 1ns", Invalid, weekly}, {"@hourly", Invalid, weekly}, {"@monthly", Invalid, weekly}, {"@weekly", Invalid, weekly}, {"@reboot", Invalid, weekly},
		{"0 9 * * ,", Unclear, "I can't read “0 9 * * ,” as a line of cron." + fields}, {", , , , ,", Unclear, "I can't read “, , , , ,” as a line of cron." + fields}, {"0, 9 * * 1", Unclear, ""}, {"0 9,,10 * * 1", Unclear, ""},
		{"0 9 31 2 *", Invalid, "31 February never comes." + fields}, {"0 9 30 feb *", Invalid, "30 February never comes." + fields}, {"0 9 31 4,6,9,11 *", Invalid, "“0 9 31 4,6,9,11 *” never comes: no such month has that day." + fields}, {"0 9 30,31 2 *", Invalid, ""},
		{"0 9 29 2 *", Invalid, "I ask once a week, and “0 9 29 2 *” comes by the month." + month}, {"0 9 31 2 1", Invalid, "I ask once a week, and “0 9 31 2 1” comes by the month." + month}, {"0 9 1 * *", Invalid, "I ask once a week, and “0 9 1 * *” comes by the month." + month}, {"0 9 * 1-6 1", Invalid, ""}, {"0 9 1 1 1", Invalid, ""}, {"0 9 1-7 * 1", Invalid, ""},
		{"*/5 * * * *", Invalid, "I ask once a week, and “*/5 * * * *” comes more often. Type one day and one time, such as Mon 09:00."}, {"0 8,17 * * 5", Invalid, "I ask once a week, and “0 8,17 * * 5” comes more often. Type one day and one time, such as Fri 08:00."}, {"30 9 * * 2-6", Invalid, "I ask once a week, and “30 9 * * 2-6” comes more often. Type one day and one time, such as Tue 09:30."}, {"0 9 * * *", Invalid, "I ask once a week, and “0 9 * * *” comes more often. Type one day and one time, such as Mon 09:00."}, {"* 9 * * 1", Invalid, ""},
		{"60 9 * * 1", Unclear, "I can't read “60 9 * * 1” as a line of cron." + fields}, {"0 24 * * 1", Unclear, ""}, {"0 9 * * 8", Unclear, ""}, {"0 9 * * 5#2", Unclear, ""}, {"0 9 L * *", Unclear, ""}, {"0 9 * * 1/0", Unclear, ""}, {"0 9 * * 5-1", Unclear, ""}, {"1-2-3 9 * * 1", Unclear, ""}, {"99999999999999999999 9 * * 1", Unclear, ""},
		{"0 0 9 * * 1", Unclear, "A line of cron has five fields, and “0 0 9 * * 1” has 6." + fields}, {"0 9 * *", Unclear, "A line of cron has five fields, and “0 9 * *” has 4." + fields}, {"* * *", Unclear, ""},
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

// A line of cron is read in no time, whatever its fields say: what never comes is not looked for.
func FuzzParseCron(f *testing.F) {
	for _, s := range []string{"0 9 * * 1", "0 9 31 2 *", "* * * * ,", "1-59/999999999 9 * * 1", "0 9 29 2 6", "TZ=UTC", "?/? ? ? ? ?", "0 0 0 0 0", "0 9 * * 1 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseSchedule(s)
		if err != nil {
			checkMistake(t, "ParseSchedule", err, "")
			return
		}
		if fields := strings.Fields(s); len(fields) == 5 && strings.Trim(fields[0]+fields[1], "0123456789") == "" {
			week := NewDate(2026, time.November, 16)
			if at := got.In(week, time.UTC); at.Hour()*60+at.Minute() != got.Minute || at.Weekday() != got.Weekday {
				t.Errorf("ParseSchedule(%q) = %s, which comes at %s", s, got, at)
			}
		}
	})
}
