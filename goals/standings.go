package goals

import (
	"cmp"
	"slices"
	"strings"
)

// Season is the season that day d falls in: its calendar month.
func Season(d Date) Period { return Month.Period(d) }

// An Entry is an owner on a board; Has is false when there is nothing to rank them by.
type Entry struct {
	Owner OwnerID
	Name  string
	Score Score
	Has   bool
}

// A Place is an entry with its rank. Entries with equal scores share a rank, and the next
// one comes after as many as are above it: 1, 2, 2, 4.
type Place struct {
	Rank int
	Entry
	Tied bool // shares the rank with another
}

// Rank puts the entries that have a score in order, highest first, and returns those that
// have none apart. Equal scores, and those without one, are in the order of their names, so
// the order that entries come in changes nothing.
func Rank(entries []Entry) (places []Place, unranked []Entry) {
	sorted := slices.SortedFunc(slices.Values(entries), byScoreThenName)
	for _, e := range sorted {
		if !e.Has {
			unranked = append(unranked, e)
			continue
		}
		place := Place{Rank: len(places) + 1, Entry: e}
		if n := len(places) - 1; n >= 0 && places[n].Score.Compare(e.Score) == 0 {
			place.Rank, place.Tied, places[n].Tied = places[n].Rank, true, true
		}
		places = append(places, place)
	}
	return places, unranked
}

// byScoreThenName puts those without a score last. Names go as they are read, capitals aside,
// and people of the same name by their ID, so that no two entries are in either order.
func byScoreThenName(a, b Entry) int {
	if a.Has != b.Has {
		if a.Has {
			return -1
		}
		return 1
	}
	score := 0
	if a.Has {
		score = b.Score.Compare(a.Score)
	}
	return cmp.Or(
		score,
		cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		cmp.Compare(a.Owner, b.Owner),
	)
}

// Title is the board's heading.
func (b Board) Title() string {
	switch b {
	case BoardPace:
		return "Pace to goal"
	case BoardCommitments:
		return "Commitments kept"
	case BoardStreak:
		return "Check-in streak"
	case BoardImproved:
		return "Most improved return per hour"
	}
	return string(b)
}

// RuleOf is the rule that is printed below a board: what ranks, and why being busy cannot win it.
func RuleOf(b Board) string {
	switch b {
	case BoardPace:
		return "Revenue against each owner's own line to their goal, breaks taken out. Hours and posts do not move it."
	case BoardCommitments:
		return "Commitments kept this month, partly counting half, out of those answered for. Promising more does not win it."
	case BoardStreak:
		return "Weeks in a row with a check-in, breaks passed over. A quiet week counts as much as a busy one."
	case BoardImproved:
		return "(Revenue - spend) / hours against the month before, from 4 hours in each. Hours that bring nothing pull it down."
	}
	return ""
}
