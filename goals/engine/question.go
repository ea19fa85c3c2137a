package engine

import (
	"context"
	"fmt"
	"math"
	"slices"

	"payoff/goals"
	"payoff/goals/evidence"
	"payoff/storage"
)

// AskCheckIn shows the check-in as CheckIn does, and with it its one question. That is chosen
// when it is first shown and kept with the check-in, so that a reminder asks the same; its
// figures are read anew each time, and one that no longer stands is settled. It is no line of
// the journal by itself, for nobody did anything: it stands there with the answer.
func (e *Engine) AskCheckIn(ctx context.Context, a Actor) (CheckInState, error) {
	var st CheckInState
	kept := true
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) (err error) {
		if st, err = s.checkIn(r); err != nil {
			return err
		}
		before, err := r.CheckIns(a.Owner, goals.Period{From: st.Week - latestWeeks*7, To: st.Week - 1})
		if err != nil {
			return err
		}
		if st.Facts, err = s.facts(r, st, before); err != nil {
			return err
		}
		open := st.State == goals.CheckInLooked || st.State == goals.CheckInAsked
		if kept = st.Question != "" || !open; !kept {
			st.Question = goals.Ask(st.Week, st.Facts, before)
		}
		return nil
	})
	if err != nil || kept {
		return st, err
	}
	if st.Question, err = e.keepQuestion(ctx, a, st.CheckIn); err != nil {
		return st, fmt.Errorf("keep the question of a check-in: %w", err)
	}
	return st, nil
}

// keepQuestion writes what a check-in asks, unless it is kept already or the check-in is over,
// and returns what it asks. It is written apart from the reading, so that the one writer does
// not wait for the evidence.
func (e *Engine) keepQuestion(ctx context.Context, a Actor, shown goals.CheckIn) (q goals.Reason, err error) {
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		q = shown.Question
		s, err := e.sceneOf(&tx.Reader, a)
		if err != nil {
			return err
		}
		current, _, err := s.current(&tx.Reader)
		if err != nil || current.Week != shown.Week || current.State != shown.State {
			return err
		}
		if current.Question != "" { // another process was quicker
			q = current.Question
			return nil
		}
		if current.State == goals.CheckInLooked { // what is kept of the week may be that nobody was asked
			if current, _, err = tx.CheckIn(a.Owner, shown.Week); err != nil {
				return err
			}
			current.Week = shown.Week
		}
		current.Question = q
		return tx.PutCheckIn(a.Owner, current)
	})
	return q, err
}

// withoutLooked takes out the weeks that had no check-in, but were only looked at or passed over,
// and returns what was kept of them. To everything else there is no such check-in yet.
func withoutLooked(list []goals.CheckIn) ([]goals.CheckIn, map[goals.Date]goals.CheckIn) {
	looked := map[goals.Date]goals.CheckIn{}
	return slices.DeleteFunc(list, func(c goals.CheckIn) bool {
		if !c.State.Happened() {
			looked[c.Week] = c
		}
		return !c.State.Happened()
	}), looked
}

// facts gathers what the question of a check-in may be about, as of the last day it covers:
// what is logged on the days after belongs to the next one.
func (s *scene) facts(r *storage.Reader, st CheckInState, before []goals.CheckIn) (goals.Facts, error) {
	f := goals.Facts{NoFigure: st.Pace == nil || st.Pace.Period.To < s.Today}
	if st.Busy {
		f.Met = met(st.Lines)
	}
	for _, o := range st.Over {
		if o.Over > f.Overspent.Over {
			f.Overspent = goals.Overspent{Channel: o.ID, Minutes: o.Minutes, Over: o.Over}
		}
	}
	ev, err := s.evidence(r, st.Covers.To)
	if err != nil {
		return f, err
	}
	weigh(&f, ev)
	answered := slices.DeleteFunc(slices.Clone(before), func(c goals.CheckIn) bool { return c.State != goals.CheckInAnswered })
	if n := len(answered); n > 0 {
		last := answered[n-1]
		f.Obstacle, f.Uncommitted = last.Obstacle, last.Commitment == ""
		// What was said of an earlier goal is not held against this one.
		if on := goals.DateOf(last.Answered.In(s.Now.Location())); st.Pace != nil && on >= st.Pace.Period.From {
			f.Outlook.Said = last.Confidence
		}
	}
	f.Padding, err = s.padding(r, ev.History.Weeks, st.Covers.To)
	return f, err
}

// met is how many people were met: contacts, or conversations where none were counted.
func met(lines []ChannelSum) int64 {
	var sum goals.Amounts
	for _, l := range lines {
		sum = sum.Plus(l.Amounts)
	}
	if sum[goals.Contacts] > 0 {
		return sum[goals.Contacts]
	}
	return sum[goals.Conversations]
}

// weigh puts in what the evidence says.
func weigh(f *goals.Facts, ev Evidence) {
	f.Deals, f.Weeks = ev.Deals, int64(ev.Weeks)
	if b := ev.Bottleneck; b != nil && !b.Unlogged {
		f.Held = goals.Held{Channel: b.Channel, From: b.Stage.From(), Through: int64(math.Round(b.Through)), Of: int64(math.Round(b.Of))}
		if !slices.ContainsFunc(ev.History.Weeks, func(w evidence.Week) bool { return w.Channel != b.Channel && w.Amounts[f.Held.From] > 0 }) {
			f.Held.Channel = "" // there is no other channel to hold it against, only the guess
		}
	}
	f.Idle, f.Watched = idlest(ev.Alarms), idlest(ev.Watch)
	if p := ev.Forecast; p != nil && p.Known && p.Hit < 1 { // at 1 it has come in
		f.Outlook.Behind, f.Outlook.Ahead = p.Status == evidence.Behind, p.Status == evidence.Ahead
		f.Outlook.Percent = int(math.Round(100 * p.Hit))
	}
}

// idlest is the alarm about the largest share of the hours, the first of equals.
func idlest(alarms []evidence.Alarm) (idle goals.Idle) {
	most := 0.
	for _, a := range alarms {
		if a.Share > most {
			most = a.Share
			idle = goals.Idle{Channel: a.Channel, Percent: int(math.Round(100 * a.Share))}
		}
	}
	return idle
}

// padding reads the lines of the last fortnight, and no more of the log.
func (s *scene) padding(r *storage.Reader, weeks []evidence.Week, on goals.Date) (goals.Padding, error) {
	var lines []goals.Activity
	err := r.Activities(s.Actor.Owner, goals.Period{From: on - goals.PaddingDays + 1, To: on}, false, func(a goals.Activity) bool {
		lines = append(lines, a)
		return true
	})
	sums := make([]goals.WeekSum, len(weeks))
	for i, w := range weeks {
		sums[i] = goals.WeekSum(w)
	}
	return goals.Padded(lines, sums, on), err
}
