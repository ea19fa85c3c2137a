package goals

import (
	"crypto/sha256"
	"maps"
	"os"
	"slices"
	"sort"
	"testing"
	"time"
)

// A clockChange is an instant at which the distance from UTC changes, in seconds.
type clockChange struct{ at, before, after int64 }

// clockChanges finds the changes of a zone by looking at its clock every few hours. It shares
// nothing with the code under test, which asks for the bounds of each stretch.
func clockChanges(loc *time.Location, from, to time.Time) []clockChange {
	offset := func(unix int64) int64 {
		_, o := time.Unix(unix, 0).In(loc).Zone()
		return int64(o)
	}
	const step = 3 * 60 * 60
	var found []clockChange
	for t := from.Unix(); t < to.Unix(); t += step {
		before, after := offset(t), offset(t+step)
		if before == after {
			continue
		}
		away := sort.Search(step, func(i int) bool { return offset(t+int64(i)) == after })
		found = append(found, clockChange{t + int64(away), before, after})
	}
	return found
}

// occurrence is the rule said once more: the first instant at which the clock shows the local
// time, or the end of the gap that swallows it.
func occurrence(changes []clockChange, offset, local int64) int64 {
	first := int64(1) << 62
	from := int64(-1) << 62
	for i := 0; i <= len(changes); i++ {
		to := int64(1) << 62
		if i < len(changes) {
			to = changes[i].at
		}
		if at := local - offset; from <= at && at < to {
			first = min(first, at)
		}
		if i < len(changes) {
			c := changes[i]
			if c.at+c.before <= local && local < c.at+c.after {
				first = min(first, c.at)
			}
			offset, from = c.after, to
		}
	}
	return first
}

// zonesToTest gives every zone of the database once: names with the same data count as one.
func zonesToTest(t *testing.T) map[string]*time.Location {
	t.Helper()
	seen := make(map[[32]byte]bool)
	locations := make(map[string]*time.Location)
	for name, data := range databaseZones(t) {
		if sum := sha256.Sum256(data); !seen[sum] {
			loc, err := time.LoadLocationFromTZData(name, data)
			if err != nil {
				t.Fatal(err)
			}
			seen[sum] = true
			locations[name] = loc
		}
	}
	return locations
}

// Every zone, every week from 2020 to 2036, at a few times of day; and the days around each
// change of the clocks, every 45 minutes. PAYOFF_SLOW=1 goes back to 1950 and on to
// 2060, every quarter of an hour.
func TestScheduleInEveryZone(t *testing.T) {
	from, to, every := 2020, 2037, 45
	switch {
	case os.Getenv("PAYOFF_SLOW") != "":
		from, to, every = 1950, 2060, 15
	case testing.Short():
		from, to, every = 2025, 2028, 60
	}
	for name, loc := range zonesToTest(t) {
		start, end := time.Date(from-1, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(to, 2, 1, 0, 0, 0, 0, time.UTC)
		changes := clockChanges(loc, start, end)
		_, offset := start.In(loc).Zone()
		check := func(d Date, minute int) {
			const around = 3 * 86400
			local := int64(d)*86400 + int64(minute)*60
			near, o := changes, int64(offset)
			for len(near) > 0 && near[0].at < local-around {
				near, o = near[1:], near[0].after
			}
			n := sort.Search(len(near), func(i int) bool { return near[i].at > local+around })
			want := time.Unix(occurrence(near[:n], o, local), 0)
			s := Schedule{Weekday: d.Weekday(), Minute: minute}
			if got := s.In(d.Monday(), loc); !got.Equal(want) {
				t.Errorf("%s in %s, week of %s: In = %s, want %s", s, name, d.Monday(), got, want.In(loc))
			}
			if minute%90 != 0 {
				return
			}
			if got, ok := s.Next(want.Add(-time.Nanosecond), loc); !ok || !got.Equal(want) {
				t.Errorf("%s in %s: Next before %s = %s, %v", s, name, want.In(loc), got, ok)
			}
		}
		for monday := NewDate(from, 1, 1).Monday(); monday.Year() < to; monday += 7 {
			check(monday, 9*60)
			check(monday+6, 2*60+30)
		}
		for _, c := range changes {
			day := Date((c.at + c.before) / 86400)
			if day.Year() < from || day.Year() >= to {
				continue
			}
			for d := day - 1; d <= day+1; d++ {
				for minute := 0; minute < 1440; minute += every {
					check(d, minute)
				}
			}
		}
	}
}

// twentySchedules are spread over the week, at the hours at which clocks change somewhere and at
// those that people choose.
var twentySchedules = []string{
	"Mon 00:00", "Mon 09:00", "Tue 12:00", "Wed 16:30", "Wed 23:59", "Thu 09:00", "Thu 23:30", "Fri 00:00", "Fri 00:30", "Fri 02:30",
	"Fri 09:00", "Sat 09:00", "Sat 23:30", "Sun 00:30", "Sun 01:30", "Sun 01:45", "Sun 02:15", "Sun 02:30", "Sun 09:00", "Sun 23:59",
}

// namedZones are those in which cron was seen to skip weeks, to double them, or to look for ever.
var namedZones = []string{
	"Pacific/Apia", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Atlantic/Azores", "Australia/Lord_Howe",
	"America/Havana", "Europe/London", "America/New_York", "Asia/Jerusalem", "Africa/Casablanca",
}

// Exactly one occurrence in each ISO week of the owner's own calendar, at the right time by the
// clock on the wall: in the zones that are named, for twenty schedules, from 2020 to 2036. In
// Apia also over the day that was missing, in 2011.
func TestOneOccurrenceInEachWeek(t *testing.T) {
	for _, name := range namedZones {
		t.Run(name, func(t *testing.T) {
			for _, text := range twentySchedules {
				oneAWeek(t, load(t, name), text, NewDate(2020, time.January, 1), NewDate(2037, time.January, 1))
			}
		})
	}
	for _, text := range twentySchedules {
		oneAWeek(t, load(t, "Pacific/Apia"), text, NewDate(2011, time.December, 1), NewDate(2012, time.February, 1))
	}
}

// The same in every zone of the database. In a normal run that is three schedules in each, over
// three years; with PAYOFF_SLOW=1 all twenty, from 2020 to 2036.
func TestOneOccurrenceInEachWeekOfEveryZone(t *testing.T) {
	whole := os.Getenv("PAYOFF_SLOW") != ""
	from, to := NewDate(2026, time.January, 1), NewDate(2029, time.January, 1)
	if whole {
		from, to = NewDate(2020, time.January, 1), NewDate(2037, time.January, 1)
	}
	zones := zonesToTest(t)
	for i, name := range slices.Sorted(maps.Keys(zones)) {
		for j, text := range twentySchedules {
			if whole || (i+j)%7 == 0 {
				oneAWeek(t, zones[name], text, from, to)
			}
		}
	}
}

// oneAWeek goes from occurrence to occurrence and holds each against the calendar on the wall.
func oneAWeek(t *testing.T, loc *time.Location, text string, from, to Date) {
	t.Helper()
	s, err := ParseSchedule(text)
	if err != nil {
		t.Fatal(err)
	}
	week := from.Monday()
	at, ok := s.Next(time.Unix(int64(week)*86400, 0).Add(-30*time.Hour), loc)
	for ; ok && DateOf(at).Monday() < week; at, ok = s.Next(at, loc) {
	}
	for ; week < to && !t.Failed(); week += 7 {
		nominal := week + fromMonday(s.Weekday)
		local := int64(nominal)*86400 + int64(s.Minute)*60
		wall := at.Unix() + offsetAt(at.Unix(), loc)
		switch {
		case !ok || DateOf(at).Monday() != week:
			t.Errorf("%s in %s: %s is the next, want one in the week of %s", text, loc, at, week)
		case !s.In(week, loc).Equal(at):
			t.Errorf("%s in %s: In(%s) = %s, and Next %s", text, loc, week, s.In(week, loc), at)
		case wall < local:
			t.Errorf("%s in %s: %s is before its time", text, loc, at)
		case wall > local: // only the end of a gap that swallowed it
			if before := at.Unix() - 1; before+offsetAt(before, loc) >= local {
				t.Errorf("%s in %s: %s is after its time, which the clocks have shown", text, loc, at)
			}
		default: // the first of two
			before := offsetAt(at.Unix()-4*60*60, loc)
			if first := local - before; first < at.Unix() && offsetAt(first, loc) == before {
				t.Errorf("%s in %s: %s is the second time, want the first", text, loc, at)
			}
		}
		at, ok = s.Next(at, loc)
	}
}
