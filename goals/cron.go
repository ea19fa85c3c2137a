package goals

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// A line of cron is accepted where it means a weekly time: one weekday, one time of day, every
// month. The library only reads it; when it comes round is ours, for the library's own answers
// skip and double weeks where clocks change, and for a date that never comes it looks for years.

const (
	cronHint   = "Type five fields such as 0 9 * * 1, or simply Mon 09:00."
	cronLength = 120 // characters; more is no weekly time
)

// cronFields are the fields of a line of cron, if s looks like one: the first two hold only
// what minutes and hours are written with.
func cronFields(s string) ([]string, bool) {
	fields := strings.Fields(s)
	if len(fields) < 3 || len(s) > cronLength {
		return nil, false
	}
	for _, f := range fields[:2] {
		if strings.Trim(f, "0123456789*?,-/") != "" {
			return nil, false
		}
	}
	return fields, len(fields) == 5 || strings.ContainsAny(s, "*?")
}

// readCron reads the fields of a line of cron that means a weekly time.
func readCron(fields []string) (Schedule, *Mistake) {
	line := strings.Join(fields, " ")
	unreadable := Wrong(Unclear, cronHint, "I can't read %s as a line of cron.", quoted(line))
	if len(fields) != 5 {
		return Schedule{}, Wrong(Unclear, cronHint, "A line of cron has five fields, and %s has %d.", quoted(line), len(fields))
	}
	for _, f := range fields {
		if strings.Trim(f, ",") != f || strings.Contains(f, ",,") { // which the library passes over
			return Schedule{}, unreadable
		}
	}
	if fields[4] == "7" {
		fields[4] = "0" // Sunday has two numbers
	}
	read, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(strings.Join(fields, " "))
	spec, ok := read.(*cron.SpecSchedule)
	if err != nil || !ok {
		return Schedule{}, unreadable
	}
	return weeklyTime(fields, cronTimes{spec.Minute & anyMinute, spec.Hour & anyHour, spec.Dom & anyDay, spec.Month & anyMonth, spec.Dow & anyWeekday})
}

// cronTimes are the minutes, hours, ... of a line of cron as bits.
type cronTimes struct{ minute, hour, day, month, weekday uint64 }

// All minutes, hours, ... there are. The library marks a star by a bit beyond these.
const (
	anyMinute  uint64 = 1<<60 - 1
	anyHour    uint64 = 1<<24 - 1
	anyDay     uint64 = 1<<32 - 2
	anyMonth   uint64 = 1<<13 - 2
	anyWeekday uint64 = 1<<7 - 1
)

// weeklyTime is the one weekday and time that a line of cron names.
func weeklyTime(fields []string, t cronTimes) (Schedule, *Mistake) {
	const monthly = "Type a day and a time, such as Mon 09:00; for weeks of quiet there is /checkin away until 12 Jan."
	line := quoted(strings.Join(fields, " "))
	day, month := bits.TrailingZeros64(t.day), time.Month(bits.TrailingZeros64(t.month))
	switch {
	case t.day == anyDay && t.month == anyMonth:
	case t.weekday != anyWeekday || !neverComes(t):
		return Schedule{}, Wrong(Invalid, monthly, "I ask once a week, and %s comes by the month.", line)
	case bits.OnesCount64(t.day) == 1 && bits.OnesCount64(t.month) == 1:
		return Schedule{}, Wrong(Invalid, cronHint, "%d %s never comes.", day, month)
	default:
		return Schedule{}, Wrong(Invalid, cronHint, "%s never comes: no such month has that day.", line)
	}
	at := Schedule{Weekday: time.Weekday(bits.TrailingZeros64(t.weekday)), Minute: bits.TrailingZeros64(t.hour)*60 + bits.TrailingZeros64(t.minute)}
	if bits.OnesCount64(t.weekday) == 1 && bits.OnesCount64(t.hour) == 1 && bits.OnesCount64(t.minute) == 1 {
		return at, nil
	}
	if t.weekday == anyWeekday {
		at.Weekday = time.Monday
	}
	if t.hour == anyHour {
		at.Minute = 9 * 60
	}
	hint := fmt.Sprintf("Type one day and one time, such as %.3s %02d:%02d.", at.Weekday, at.Minute/60, at.Minute%60)
	return Schedule{}, Wrong(Invalid, hint, "I ask once a week, and %s comes more often.", line)
}

// neverComes reports whether none of the months has any of the days, also not in a leap year.
func neverComes(t cronTimes) bool {
	for month := time.January; month <= time.December; month++ {
		longest := NewDate(2024, month+1, 0).Day()
		if t.month&(1<<month) != 0 && t.day&(1<<(longest+1)-1) != 0 {
			return false
		}
	}
	return true
}
