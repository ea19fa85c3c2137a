package goals

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"
)

// String is the schedule as the product writes it, "Monday 09:00" or "off"; ParseSchedule reads it back.
func (s Schedule) String() string {
	if s.Off {
		return "off"
	}
	return fmt.Sprintf("%s %02d:%02d", s.Weekday, s.Minute/60, s.Minute%60)
}

// In is the instant at which the schedule comes round in the week that has the given Monday (or
// day) in it, in the zone loc; UTC when loc is nil. A local time that the clocks skip is the
// first instant after the gap, even where a whole day is missing; one that comes twice is the
// first. It is the zero time when the schedule is off.
func (s Schedule) In(week Date, loc *time.Location) time.Time {
	if s.Off {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	return instant(week.Monday()+fromMonday(s.Weekday), s.Minute, loc)
}

// Next is the first instant strictly after the given one at which the schedule comes round.
// There is none when it is off.
func (s Schedule) Next(after time.Time, loc *time.Location) (time.Time, bool) {
	if s.Off {
		return time.Time{}, false
	}
	if loc == nil {
		loc = time.UTC
	}
	// A gap moves an occurrence by no more than a day, so it stays within a week of its own.
	week := DateOf(after.In(loc)).Monday() - 7
	for range 4 {
		if at := s.In(week, loc); at.After(after) {
			return at, true
		}
		week += 7
	}
	return time.Time{}, false
}

// instant is when the clocks in loc show the minute of the date, by the rule that In states.
//
// It goes through the hours around in stretches of one offset from UTC. In each, the local time
// would fall at one instant: inside, and it is found; before the stretch, and it was skipped
// when that began; after it, and it belongs to a later one. Neither time.Date nor
// Time.ZoneBounds helps: in a gap the one answers with a time before it in some zones and after
// it in others, and on 31 December of a leap year the other ends the stretch before it starts.
func instant(d Date, minute int, loc *time.Location) time.Time {
	const (
		farthest = 26 * 60 * 60 // seconds, more than any offset from UTC
		step     = 13 * 60 * 60 // less than there is between two changes of the clocks
	)
	local := int64(d)*86400 + int64(minute)*60 // as if UTC were the local time
	start := local - farthest
	offset := offsetAt(start, loc)
	for start < local+farthest {
		end := start + step
		next := offsetAt(end, loc)
		if next != offset {
			end = start + int64(sort.Search(step, func(i int) bool { return offsetAt(start+int64(i), loc) == next }))
		}
		if at := local - offset; at < end {
			return time.Unix(max(at, start), 0).In(loc)
		}
		start, offset = end, next
	}
	return time.Unix(local-offset, 0).In(loc) // not reached, as no offset is a day
}

// offsetAt is how many seconds the clocks in loc are ahead of UTC at an instant.
func offsetAt(unix int64, loc *time.Location) int64 {
	_, offset := time.Unix(unix, 0).In(loc).Zone()
	return int64(offset)
}

const scheduleHint = "Type a day and a time, such as Mon 09:00."

// ParseSchedule reads a weekday and a time of day as people type them:
//
//	Mon 09:00   Fridays 4pm   Tuesday at 8.30   every Thu at noon   9am Monday   Mon   off   never
//	0 9 * * 1   a line of cron that names one weekday and one time
//
// A weekday alone is at 09:00. An hour from 1 to 7 without am, pm or a leading zero is a Mistake
// with code Ambiguous, and so is midnight, of which a day has two. More than one day, and a
// rhythm other than weekly, are Invalid.
func ParseSchedule(s string) (Schedule, error) {
	schedule, err := readSchedule(s)
	if err != nil {
		return Schedule{}, typed(s, err)
	}
	return schedule, nil
}

func readSchedule(s string) (Schedule, error) {
	w := plain(s)
	words := dateWords(s)
	switch {
	case strings.TrimSpace(s) == "":
		return Schedule{}, Wrong(Unclear, scheduleHint, "I need a day and a time.")
	case w == "off" || w == "never":
		return Schedule{Off: true}, nil
	case strings.HasPrefix(w, "tz=") || strings.HasPrefix(w, "cron_tz="): // at which cron's parser panics
		return Schedule{}, Wrong(Invalid, scheduleHint, "A time is always in your own time zone.")
	}
	if fields, is := cronFields(w); is {
		schedule, mistake := readCron(fields)
		if mistake != nil {
			return Schedule{}, mistake
		}
		return schedule, nil
	}
	if strings.HasPrefix(w, "@") || isOtherRhythm(words) {
		return Schedule{}, Wrong(Invalid, scheduleHint, "It comes once a week, on one day.")
	}
	day, named, rest := takeWeekday(words)
	if len(rest) > 1 && (rest[0] == "at" || rest[0] == "@") {
		rest = rest[1:]
	}
	switch {
	case !named:
		return Schedule{}, withoutDay(s, words, rest)
	case len(rest) == 0:
		return Schedule{Weekday: day, Minute: 9 * 60}, nil
	case len(rest) > 1 && isZone(rest[len(rest)-1]):
		return Schedule{}, Wrong(Invalid, scheduleHint, "A time is always in your own time zone.")
	}
	minute, err := readClock(rest, s)
	if err != nil {
		return Schedule{}, err
	}
	return Schedule{Weekday: day, Minute: minute}, nil
}

// withoutDay says what is missing in s, or which word of it is misspelt.
func withoutDay(s string, words, rest []string) *Mistake {
	if minute, err := readClock(rest, s); err == nil {
		return Wrong(Unclear, fmt.Sprintf("Add the day, such as Mon %02d:%02d.", minute/60, minute%60), "%s has no day.", quoted(s))
	}
	hint := scheduleHint
	if put, ok := respelt(words); ok {
		if at, err := readSchedule(strings.Join(put, " ")); err == nil {
			hint = "Did you mean " + at.String() + "?"
		}
	}
	return Wrong(Unclear, hint, "I can't read %s as a day and a time.", quoted(s))
}

func isZone(w string) bool {
	_, err := ParseZone(w)
	var m *Mistake
	return err == nil || errors.As(err, &m) && m.Code == Ambiguous
}

// takeWeekday takes the weekday off the front or the end of words, "on Fridays" and "every Fri" too.
func takeWeekday(words []string) (day time.Weekday, ok bool, rest []string) {
	if n := len(words); n > 0 {
		if day, ok = weekdayName(words[n-1]); ok {
			rest = words[:n-1]
			if n > 1 && isBeforeDay(words[n-2]) {
				rest = words[:n-2]
			}
			if len(rest) > 0 {
				return day, true, rest
			}
		}
		if isBeforeDay(words[0]) {
			words = words[1:]
		}
	}
	if len(words) > 0 {
		if day, ok = weekdayName(words[0]); ok {
			return day, true, words[1:]
		}
	}
	return 0, false, words
}

func isBeforeDay(w string) bool { return w == "on" || w == "every" || w == "each" }

// weekdayName reads a weekday, also in the plural.
func weekdayName(w string) (time.Weekday, bool) {
	if day, ok := weekdays[w]; ok {
		return day, true
	}
	day, ok := weekdays[strings.TrimSuffix(w, "s")]
	return day, ok
}

// isOtherRhythm reports whether words ask for something that is not weekly or not on one day.
func isOtherRhythm(words []string) bool {
	days := 0
	for _, w := range words {
		_, isDay := weekdayName(w)
		_, isLength := lengths[w]
		switch {
		case isDay:
			days++
		case isLength && w != "week", strings.HasPrefix(w, "*"), otherRhythms[w]:
			return true
		}
		if a, b, found := strings.Cut(w, "-"); found {
			_, isFrom := weekdayName(a)
			_, isTo := weekdayName(b)
			if isFrom && isTo {
				return true
			}
		}
	}
	return days > 1
}

var otherRhythms = map[string]bool{
	"weekday": true, "weekdays": true, "weekend": true, "weekends": true, "daily": true, "hourly": true,
	"fortnightly": true, "monthly": true, "quarterly": true, "yearly": true, "annually": true, "twice": true,
	"minute": true, "minutes": true, "hour": true, "hours": true, "second": true, "seconds": true,
	"other": true, "alternate": true, "biweekly": true, "everyday": true,
}

// readClock reads a time of day: 09:00, 8.30, 0900, 9am, 4.30 pm, noon.
func readClock(words []string, s string) (int, error) {
	unclear := Wrong(Unclear, scheduleHint, "I can't read %s as a time of day.", quoted(strings.Join(words, " ")))
	w := strings.Join(words, "")
	switch w {
	case "noon", "midday":
		return 12 * 60, nil
	case "midnight":
		return 0, Wrong(Ambiguous, "Type 00:00 for the start of the day, or 23:59 for its end.", "Each day has two midnights.")
	}
	number, half := w, ""
	for _, ending := range []string{"am", "pm", "a.m", "p.m", "a.m.", "p.m."} {
		if rest, found := strings.CutSuffix(w, ending); found {
			number, half = rest, ending[:1]
		}
	}
	h, m, _ := strings.Cut(strings.Replace(number, ".", ":", 1), ":")
	if len(h) == 4 && m == "" && half == "" {
		h, m = h[:2], h[2:]
	}
	hour, ok1 := digits(h)
	minute, ok2 := digits(m)
	switch {
	case !ok1 || m != "" && (!ok2 || len(m) != 2) || strings.HasSuffix(number, ":") || strings.HasSuffix(number, ".") || len(h) > 2:
		return 0, unclear
	case half != "" && (hour < 1 || hour > 12):
		return 0, Wrong(Invalid, "Type it like 9am, 4pm or 16:00.", "There is no hour %d before %sm.", hour, half)
	case hour > 23:
		return 0, Wrong(Invalid, "Type a time from 00:00 to 23:59, such as Mon 09:00.", "There is no hour %d in a day.", hour)
	case minute > 59:
		return 0, Wrong(Invalid, "Type a time from 00:00 to 23:59, such as Mon 09:00.", "There is no minute %d in an hour.", minute)
	case half == "" && len(h) == 1 && hour >= 1 && hour <= 7:
		hint := fmt.Sprintf("Type %02d:%02d or %02d:%02d.", hour, minute, hour+12, minute)
		return 0, Wrong(Ambiguous, hint, "%s can be in the morning or in the afternoon.", quoted(s))
	}
	switch half {
	case "a":
		hour %= 12
	case "p":
		hour = hour%12 + 12
	}
	return hour*60 + minute, nil
}
