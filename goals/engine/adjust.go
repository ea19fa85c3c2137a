package engine

import (
	"slices"

	"payoff/goals"
)

// adjust logs the differences between what the owner says the days covered came to and what
// was logged. What is more is logged on the last of the days; what is less, on the days that
// had it, from the last one back, so that no day and no week comes to less than nothing.
func (c *change) adjust(e *Engine, said []AnswerLine, logged []ChannelSum, covers goals.Period) error {
	minutes := int64(0)
	for _, l := range logged {
		minutes += l.Amounts[goals.Hours]
	}
	byDay, err := c.byDay(covers)
	if err != nil {
		return err
	}
	covers.To = max(covers.From, min(covers.To, c.Today)) // who moved west may have days to come
	for _, line := range said {
		i := slices.IndexFunc(logged, func(l ChannelSum) bool { return l.ID == line.Channel })
		if i < 0 {
			continue
		}
		diff := line.Amounts.Minus(logged[i].Amounts)
		minutes += diff[goals.Hours]
		for _, day := range spread(diff, byDay[line.Channel], covers) {
			n := NewActivity{Channel: line.Channel, Date: day.Date, Amounts: day.Amounts, Note: "at the check-in", Words: line.Words, onTime: true}
			if err := c.add(e, n); err != nil {
				return err
			}
		}
	}
	if most := int64(covers.Days()) * goals.MinutesADay; minutes > most {
		return goals.Wrong(goals.Invalid, "Check the hours.", "Those are %s of work in all, and there were %s.",
			goals.FormatMinutes(minutes), goals.FormatMinutes(most))
	}
	return nil
}

// byDay is what each channel came to on each day of a period.
func (c *change) byDay(p goals.Period) (map[goals.ChannelID]map[goals.Date]goals.Amounts, error) {
	by := map[goals.ChannelID]map[goals.Date]goals.Amounts{}
	err := c.tx.Activities(c.Actor.Owner, p, false, func(a goals.Activity) bool {
		if by[a.Channel] == nil {
			by[a.Channel] = map[goals.Date]goals.Amounts{}
		}
		by[a.Channel][a.Date] = by[a.Channel][a.Date].Plus(a.Amounts)
		return true
	})
	return by, err
}

// A dayAmounts is what is to be added on a day.
type dayAmounts struct {
	goals.Date
	goals.Amounts
}

// spread lays a difference out over the days of a period, of which some have amounts already.
func spread(diff goals.Amounts, had map[goals.Date]goals.Amounts, p goals.Period) (days []dayAmounts) {
	left := diff
	for d := p.To; d >= p.From; d-- {
		day := dayAmounts{Date: d}
		for m, n := range left {
			take := max(n, -max(had[d][m], 0))
			if n > 0 && d != p.To {
				take = 0
			}
			day.Amounts[m] = take
			left[m] -= take
		}
		if !day.IsZero() {
			days = append(days, day)
		}
	}
	if !left.IsZero() { // only of revenue can more be taken away than there was, by a refund
		days = append(days, dayAmounts{p.To, left})
	}
	slices.Reverse(days)
	return days
}
