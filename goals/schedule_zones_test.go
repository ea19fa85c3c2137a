package goals

import (
	"crypto/sha256"
	"os"
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
