package goals

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// weeksTo is check-ins from a line of letters, a week each, the last in the week of on:
// a answered, o open, s skipped, m missed, - none.
func weeksTo(on Date, line string) []CheckIn {
	states := map[byte]CheckInState{'a': CheckInAnswered, 'o': CheckInAsked, 's': CheckInSkipped, 'm': CheckInMissed}
	var checkIns []CheckIn
	for i := range len(line) {
		if line[i] != '-' {
			week := on.Monday() - Date(7*(len(line)-1-i))
			checkIns = append(checkIns, CheckIn{Week: week, State: states[line[i]]})
		}
	}
	return checkIns
}

func TestStreak(t *testing.T) {
	wednesday := iso("2026-11-18") // its week is 16 to 22 November
	tests := []struct {
		name   string
		weeks  string
		breaks []Break
		want   int
	}{
		{"none", "", nil, 0},
		{"first one open", "o", nil, 0},
		{"first one answered", "a", nil, 1},
		{"in a row", "aaaa", nil, 4},
		{"this week's open", "aaao", nil, 3},
		{"this week's not asked yet", "aaa-", nil, 3},
		{"this week's skipped", "aaas", nil, 0},
		{"last week's missed", "aaamo", nil, 0},
		{"missed, then two", "aaamaa", nil, 2},
		{"skipped, then two", "aaasaa", nil, 2},
		{"none asked in between", "aaa-aa", nil, 2},
		{"none asked last week", "aaa--", nil, 0},
		{"away in between", "aaa-aa", []Break{{iso("2026-11-02"), iso("2026-11-09")}}, 5},
		{"away in between, a day of it", "aaa-aa", []Break{{iso("2026-11-08"), iso("2026-11-09")}}, 5},
		{"away to that Monday", "aaa-aa", []Break{{iso("2026-10-20"), iso("2026-11-02")}}, 2},
		{"away from the Monday after", "aaa-aa", []Break{{iso("2026-11-09"), iso("2026-11-20")}}, 2},
		{"away for no day", "aaa-aa", []Break{{iso("2026-11-04"), iso("2026-11-04")}}, 2},
		{"away for three weeks", "aa---a", []Break{{iso("2026-10-28"), iso("2026-11-10")}}, 3},
		{"away until now", "aa---", []Break{{iso("2026-11-01"), iso("2026-12-01")}}, 2},
		{"away and answered", "aaaa", []Break{{iso("2026-11-01"), iso("2026-12-01")}}, 4},
		{"asked on the day of leaving, missed by the return", "aam-aa", []Break{{iso("2026-10-26"), iso("2026-11-09")}}, 4},
		{"longest is in the past", "aaaaaasa", nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkIns := weeksTo(wednesday, tt.weeks)
			if got := Streak(checkIns, tt.breaks, wednesday); got != tt.want {
				t.Errorf("Streak(%s) = %d, want %d", tt.weeks, got, tt.want)
			}
			slices.Reverse(checkIns)
			if got := Streak(checkIns, tt.breaks, wednesday); got != tt.want {
				t.Errorf("Streak(%s) reversed = %d, want %d", tt.weeks, got, tt.want)
			}
		})
	}
	twice := append(weeksTo(wednesday, "amam"), weeksTo(wednesday, "mama")...)
	if got := Streak(twice, nil, wednesday); got != 4 {
		t.Errorf("Streak of weeks that were missed and answered = %d, want 4", got)
	}
	if got := Streak(weeksTo(wednesday, "aaaaa"), nil, wednesday-14); got != 3 {
		t.Errorf("Streak two weeks earlier = %d, want 3", got)
	}
}

func TestBreakNeverShortensStreak(t *testing.T) {
	const on = Date(20000)
	rapid.Check(t, func(t *rapid.T) {
		aWeek := rapid.SampledFrom([]byte("aaaaaaosm-"))
		checkIns := weeksTo(on, string(rapid.SliceOfN(aWeek, 0, 30).Draw(t, "weeks")))
		season := Period{on - 220, on + 20}
		var breaks []Break
		before := Streak(checkIns, nil, on)
		for range rapid.IntRange(1, 5).Draw(t, "breaks") {
			breaks = append(breaks, drawBreak(t, season))
			after := Streak(checkIns, breaks, on)
			if after < before {
				t.Fatalf("Streak with break %v = %d, want at least %d", breaks[len(breaks)-1], after, before)
			}
			before = after
		}
		if most := len(checkIns); before > most {
			t.Fatalf("Streak = %d of %d check-ins", before, most)
		}
	})
}

func TestKeptScore(t *testing.T) {
	november := days("2026-11-01", "2026-11-30")
	answered := func(week string, kept Kept) CheckIn {
		return CheckIn{Week: iso(week), State: CheckInAnswered, Kept: kept}
	}
	tests := []struct {
		name     string
		checkIns []CheckIn
		want     Score
		ok       bool
	}{
		{"none", nil, Score{}, false},
		{"none to answer for", []CheckIn{answered("2026-11-02", KeptUnsaid)}, Score{}, false},
		{"none in the season", []CheckIn{answered("2026-10-26", KeptFully), answered("2026-12-07", KeptFully)}, Score{}, false},
		{"kept", []CheckIn{answered("2026-11-02", KeptFully)}, Score{1, 1}, true},
		{"missed", []CheckIn{answered("2026-11-30", KeptNot)}, Score{0, 1}, true},
		{"one of each", []CheckIn{
			answered("2026-11-02", KeptFully), answered("2026-11-09", KeptPartly), answered("2026-11-16", KeptNot),
		}, Score{1, 2}, true},
		{"unsaid ones are no part", []CheckIn{
			answered("2026-11-02", KeptPartly), answered("2026-11-09", KeptUnsaid),
		}, Score{1, 2}, true},
		{"nor are unanswered ones", []CheckIn{
			answered("2026-11-02", KeptFully), {Week: iso("2026-11-09"), State: CheckInSkipped, Kept: KeptNot},
		}, Score{1, 1}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := KeptScore(tt.checkIns, november)
			if got.Compare(tt.want) != 0 || ok != tt.ok {
				t.Errorf("KeptScore = %v, %t, want %v, %t", got, ok, tt.want, tt.ok)
			}
		})
	}
}
