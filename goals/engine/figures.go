package engine

import (
	"payoff/goals"
	"payoff/storage"
)

// sums adds up a period by channel. Whole weeks come from the totals that storage keeps;
// only the days at either end that are no whole week are read one by one.
func sums(r *storage.Reader, owner goals.OwnerID, p goals.Period) (map[goals.ChannelID]goals.Amounts, error) {
	by := map[goals.ChannelID]goals.Amounts{}
	add := func(a goals.Activity) bool {
		by[a.Channel] = by[a.Channel].Plus(a.Amounts)
		return true
	}
	first := (p.From + 6).Monday() // the first Monday of the period
	after := (p.To + 1).Monday()   // the Monday after its last whole week
	if first >= after {
		return by, r.Activities(owner, p, false, add)
	}
	totals, err := r.Totals(owner, goals.Period{From: first, To: after - 1})
	if err != nil {
		return nil, err
	}
	for _, t := range totals {
		by[t.Channel] = by[t.Channel].Plus(t.Amounts)
	}
	for _, edge := range []goals.Period{{From: p.From, To: first - 1}, {From: after, To: p.To}} {
		if edge.From > edge.To {
			continue
		}
		if err := r.Activities(owner, edge, false, add); err != nil {
			return nil, err
		}
	}
	return by, nil
}

// revenue is what came in over a period, in minor units, by the index of dated revenue.
func revenue(r *storage.Reader, owner goals.OwnerID, p goals.Period) (int64, error) {
	deals, err := r.Deals(owner, p)
	var sum int64
	for _, d := range deals {
		sum += d.Revenue
	}
	return sum, err
}

// pace is how a goal stands at the start of a day: in the period that contains it, else in
// the goal's last one.
func (s *scene) pace(r *storage.Reader, g goals.Goal, on goals.Date) (goals.Pace, error) {
	p := periodNear(g, on)
	if g.Ended >= p.From && g.Ended < min(on, p.To) {
		p.To = g.Ended
	}
	on = min(max(on, p.From), p.To+1)
	sofar, err := revenue(r, s.Actor.Owner, goals.Period{From: p.From, To: min(on, p.To)})
	if err != nil {
		return goals.Pace{}, err
	}
	goal := g.AmountOn(min(on, p.To))
	return goals.PaceOn(p, goal, goals.Money{Minor: sofar, Currency: goal.Currency}, s.Owner.Breaks, on), nil
}

// periodNear is the period of a goal that a day falls in, else its first when the day lies
// before it, and when the day lies after it the last one that it ran through, if it did.
func periodNear(g goals.Goal, on goals.Date) goals.Period {
	first, last := g.Targets[0].Period, g.Targets[len(g.Targets)-1].Period
	if g.Every == goals.Once {
		if then, ok := g.TargetOn(on); ok {
			return then.Period // a past season keeps the deadline it had
		}
		return last
	}
	if p, ok := g.PeriodOn(max(on, first.From)); ok {
		return p
	}
	p, ok := g.PeriodOn(g.Ended)
	if before, ran := g.PeriodOn(p.From - 1); ok && ran && g.Ended < p.To {
		return before
	}
	if !ok {
		return last
	}
	return p
}

// goalPace is the goal that matters today and how it stands; the pace is nil without one.
func (s *scene) goalPace(r *storage.Reader) (goals.Goal, *goals.Pace, error) {
	list, err := r.Goals(s.Actor.Owner)
	if err != nil {
		return goals.Goal{}, nil, err
	}
	goal, ok := goals.Current(list, s.Today)
	if !ok {
		return goal, nil, nil
	}
	pace, err := s.pace(r, goal, s.Today)
	return goal, &pace, err
}

// finished is how the periods of goals came out that ended in a period and before today.
func (s *scene) finished(r *storage.Reader, in goals.Period) ([]goals.Pace, error) {
	list, err := r.Goals(s.Actor.Owner)
	var over []goals.Pace
	for _, g := range list {
		for d := in.From; d <= min(in.To, s.Today-1); d++ {
			p, runs := g.PeriodOn(d)
			if !runs || p.To != d || g.Ended != 0 {
				continue
			}
			pace, err := s.pace(r, g, d)
			if err != nil {
				return nil, err
			}
			over = append(over, pace)
		}
	}
	return over, err
}

// kept is the running objectives with what was done of each in the week, month, ... of a day.
func (s *scene) kept(r *storage.Reader, on goals.Date) ([]Kept, error) {
	running, err := runningObjectives(r, s)
	var list []Kept
	for _, o := range running {
		p := o.Every.Period(on)
		by, err := sums(r, s.Actor.Owner, p)
		if err != nil {
			return nil, err
		}
		var done int64
		for id, a := range by {
			if o.Channel == "" || o.Channel == id {
				done += a[o.Measure]
			}
		}
		ch, _ := channelByID(s.Owner, o.Channel)
		list = append(list, Kept{Objective: o, Channel: ch, Period: p, Progress: o.Progress(done)})
	}
	return list, err
}

// weekPeriod is the week that begins on a Monday.
func weekPeriod(monday goals.Date) goals.Period {
	return goals.Period{From: monday, To: monday + 6}
}
