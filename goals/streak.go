package goals

// Streak is how many weeks in a row were answered up to the week of day on, read backwards:
//
//   - an answered week counts;
//   - a week whose check-in is still open neither counts nor ends the streak, nor does the
//     week of on itself before its check-in is asked;
//   - a week in which nobody was asked, because nothing ran that could ask, is passed over;
//   - a week that touches a break is passed over unless it was answered, also when it was
//     asked on Monday, the owner said "I'm away" and it was missed by the return;
//   - any other week, skipped, missed or without a check-in, ends it.
//
// Check-ins may come in any order; those of weeks after on are not looked at.
func Streak(checkIns []CheckIn, breaks []Break, on Date) int {
	this := on.Monday()
	first := this
	states := make(map[Date]CheckInState, len(checkIns))
	for _, c := range checkIns {
		week := c.Week.Monday()
		if states[week] != CheckInAnswered {
			states[week] = c.State
		}
		first = min(first, week)
	}
	weeks := 0
	for week := this; week >= first; week -= daysAWeek {
		switch state := states[week]; {
		case state == CheckInAnswered:
			weeks++
		case state == CheckInAsked, state == CheckInUnasked, week == this && state == "", touches(week, breaks):
		default:
			return weeks
		}
	}
	return weeks
}

// touches reports whether a day of the week from monday is in a break.
func touches(monday Date, breaks []Break) bool {
	for _, b := range breaks {
		if max(b.From, monday) < min(b.Back, monday+daysAWeek) {
			return true
		}
	}
	return false
}

// KeptScore is the share of commitments kept, of those answered for in the check-ins of a
// season: kept is 1, partly a half, missed 0. False when none was answered for.
// A check-in belongs to the season of its week's Monday.
func KeptScore(checkIns []CheckIn, season Period) (Score, bool) {
	var halves, commitments int64
	for _, c := range checkIns {
		if c.State != CheckInAnswered || !season.Contains(c.Week) {
			continue
		}
		switch c.Kept {
		case KeptFully:
			halves += 2
		case KeptPartly:
			halves++
		case KeptNot:
		default:
			continue
		}
		commitments++
	}
	if commitments == 0 {
		return Score{}, false
	}
	return Score{halves, 2 * commitments}, true
}
