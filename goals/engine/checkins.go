package engine

import (
	"context"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// Limits on check-ins and breaks.
const (
	maxCatchUp  = 8 * 7 // days a check-in looks back at most, when earlier ones were missed
	MaxAnswer   = 500   // characters of an obstacle or a commitment
	MaxBreak    = 366   // days
	latestWeeks = 10    // weeks back in which the last check-in is looked for
)

// A CheckInState is what an owner is asked, and all that the question shows.
type CheckInState struct {
	goals.CheckIn
	Lines      []ChannelSum  // each channel in use over the days it covers
	Commitment string        // what the owner said last time they would do
	Pace       *goals.Pace   // nil without a goal
	Eased      *goals.Target // what the goal asked for before it was eased since the last check-in
	Objectives []Kept        // in the last week, month, ... that it covers
	Finished   []goals.Pace  // periods of goals that ended since the last one
	Over       []Overrun
	Busy       bool // contacts or conversations came, and nothing qualified or closed
	Customer   string
	LookBacks  []LookBack // what-ifs of eight weeks ago, and what came of them
	Streak     int
	Facts      goals.Facts // what its question is about; read by AskCheckIn only
	Next       time.Time   // when the next one is due; zero when never
	Away       goals.Break
}

// A ChannelSum is a channel and what it came to.
type ChannelSum struct {
	goals.Channel
	Amounts goals.Amounts
}

// An Overrun is a channel that took more time than its weekly budget.
type Overrun struct {
	goals.Channel
	Minutes int64 // taken
	Over    int64 // of these beyond the budget
}

// CheckIn shows the check-in that is open, or, when there is none, this week's.
func (e *Engine) CheckIn(ctx context.Context, a Actor) (CheckInState, error) {
	var st CheckInState
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) (err error) {
		st, err = s.checkIn(r)
		return err
	})
	return st, err
}

func (s *scene) checkIn(r *storage.Reader) (CheckInState, error) {
	current, last, err := s.current(r)
	if err != nil {
		return CheckInState{}, err
	}
	st := CheckInState{CheckIn: current, Commitment: last.Commitment, Customer: s.Owner.Customer}
	st.Away, _ = onBreak(s.Owner, s.Today)
	if st.Lines, err = s.channelSums(r, current.Covers); err != nil {
		return st, err
	}
	var sum goals.Amounts
	weeks := int64(max(1, (current.Covers.Days()+6)/7))
	for _, l := range st.Lines {
		sum = sum.Plus(l.Amounts)
		if over, is := goals.OverBudget(l.Channel, l.Amounts[goals.Hours]/weeks); is {
			st.Over = append(st.Over, Overrun{l.Channel, l.Amounts[goals.Hours], over * weeks})
		}
	}
	st.Busy = sum[goals.Contacts]+sum[goals.Conversations] > 0 && sum[goals.Qualified]+sum[goals.Deals] == 0
	if st.Objectives, err = s.kept(r, current.Covers.To); err != nil {
		return st, err
	}
	if err := s.addGoal(r, &st, last); err != nil {
		return st, err
	}
	// What ended between the days covered and today is told now, not a week late.
	if st.Finished, err = s.finished(r, goals.Period{From: current.Covers.From, To: max(current.Covers.To, goals.DateOf(current.Asked.In(s.Now.Location()))-1)}); err != nil {
		return st, err
	}
	if st.LookBacks, err = s.lookBacks(r, current); err != nil {
		return st, err
	}
	all, err := r.CheckIns(s.Actor.Owner, storage.Ever)
	if err != nil {
		return st, err
	}
	st.Streak = goals.Streak(all, s.Owner.Breaks, s.Today)
	st.Next, err = s.next(r, all)
	return st, err
}

// next is when the owner is asked next, after all their check-ins so far. What is due may have
// nothing left to ask about yet.
func (s *scene) next(r *storage.Reader, all []goals.CheckIn) (time.Time, error) {
	at, err := r.DueAt(dueCheckIn, string(s.Actor.Owner))
	if err != nil || at.IsZero() {
		return at, err
	}
	loc := s.Now.Location()
	for _, c := range slices.Backward(all) {
		if !c.State.Happened() {
			continue
		}
		if c.Exhausts(goals.DateOf(at.In(loc))) {
			at = s.Owner.Schedule.Later(goals.DateOf(at.In(loc)), loc)
		}
		break
	}
	return at, nil
}

func (s *scene) addGoal(r *storage.Reader, st *CheckInState, last goals.CheckIn) error {
	goal, pace, err := s.goalPace(r)
	if err != nil || pace == nil {
		return err
	}
	st.Pace = pace
	spoke := goals.DateOf(last.Answered.In(s.Now.Location()))
	before, after, eased := goal.Eased()
	if !eased {
		if before, after, eased, err = s.replaced(r, goal); err != nil {
			return err
		}
	}
	if eased && after.From >= spoke {
		st.Eased = &before
	}
	return nil
}

// replaced is what was asked for by the goal that was ended on the day this one was set, when
// it was more a day: to end a goal and set a lower one is to ease it.
func (s *scene) replaced(r *storage.Reader, goal goals.Goal) (before, after goals.Target, eased bool, err error) {
	list, err := r.Goals(s.Actor.Owner)
	after = goal.Targets[0]
	for _, g := range list {
		before = g.Targets[len(g.Targets)-1]
		if g.ID == goal.ID || g.Ended != after.From-1 || g.Ended < g.Targets[0].Period.From {
			continue
		}
		was := goals.Score{Num: before.Amount.Minor, Den: int64(before.Period.Days())}
		is := goals.Score{Num: after.Amount.Minor, Den: int64(after.Period.Days())}
		return before, after, is.Compare(was) < 0, err
	}
	return before, after, false, err
}

// channelSums is every channel in use, in the owner's order, with its sums over a period.
func (s *scene) channelSums(r *storage.Reader, p goals.Period) ([]ChannelSum, error) {
	by, err := sums(r, s.Actor.Owner, p)
	if err != nil {
		return nil, err
	}
	var list []ChannelSum
	for _, ch := range s.Owner.Channels {
		if a := by[ch.ID]; !ch.Archived || !a.IsZero() {
			list = append(list, ChannelSum{ch, a})
		}
	}
	return list, nil
}

// current is the check-in that is open now, or else this week's, asked or not; last is the
// one answered before it, with the commitment that is to be looked back on.
func (s *scene) current(r *storage.Reader) (current, last goals.CheckIn, err error) {
	monday := s.Today.Monday()
	list, err := r.CheckIns(s.Actor.Owner, latest(monday))
	if err != nil {
		return current, last, err
	}
	list, looked := withoutLooked(list)
	current = goals.CheckIn{Week: monday}
	if n := len(list); n > 0 {
		newest := list[n-1]
		open, err := s.stillOpen(r, newest)
		if err != nil {
			return current, last, err
		}
		if newest.Week >= monday || open {
			current, list = newest, list[:n-1]
		}
	}
	since := goals.Date(0) // the first day that was not spoken of yet
	for _, c := range list {
		switch {
		case c.State == goals.CheckInAnswered:
			last = c
			since = c.Covers.To + 1
		case c.State == goals.CheckInSkipped:
			since = c.Covers.To + 1
		case since == 0:
			since = c.Covers.From
		}
	}
	for _, c := range looked {
		if len(list) == 0 && c.Covers.From != 0 && (since == 0 || c.Covers.From < since) {
			since = c.Covers.From // nobody ran who could ask a newcomer
		}
	}
	if current.Covers == (goals.Period{}) {
		current.Covers = covers(s.Today, since)
		if len(list) == 0 && s.asksTomorrow() {
			current.Week = monday + 7
		}
		current.Question = looked[current.Week].Question
	}
	return current, last, nil
}

// asksTomorrow reports whether a first question about the days up to today, a Sunday, is the one
// of the week to come: who answers it is not asked again on Monday, when nothing is left to ask.
func (s *scene) asksTomorrow() bool {
	sched := s.Owner.Schedule
	return s.Today.Weekday() == time.Sunday && !sched.Off && sched.Weekday >= time.Monday && sched.Weekday <= goals.LastLookBack
}

// latest is the weeks in which the last check-in before or in a week is looked for. Who moves
// west may have been asked in a week that has not begun there.
func latest(week goals.Date) goals.Period {
	return goals.Period{From: week - latestWeeks*7, To: week + 7}
}

// stillOpen reports whether an answer is still taken: until the next one is due. One that was
// given late can be amended on the same day.
func (s *scene) stillOpen(r *storage.Reader, c goals.CheckIn) (bool, error) {
	amends := c.State == goals.CheckInAnswered && goals.DateOf(c.Answered.In(s.Now.Location())) == s.Today
	if c.State != goals.CheckInAsked && !amends {
		return false, nil
	}
	next, err := r.DueAt(dueCheckIn, string(s.Actor.Owner))
	return s.Now.Before(next), err
}

// covers is the days a check-in on a day asks about. Early in the week that is up to last
// Sunday, later the week as it is so far. It begins where the last answer ended.
func covers(on, since goals.Date) goals.Period {
	to := on
	if on.Weekday() >= time.Monday && on.Weekday() <= goals.LastLookBack {
		to = on.Monday() - 1
	}
	from := to.Monday()
	if since != 0 {
		to = max(to, min(since, on)) // all up to last Sunday was spoken of: today is what is left
		from = min(since, to)
	}
	return goals.Period{From: max(from, to-maxCatchUp+1), To: to}
}
