package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// reportWeeks is what a report covers for an owner without a goal.
const reportWeeks = 13

// A Report is an owner's figures over a period.
type Report struct {
	Owner   goals.Owner
	Team    goals.Team
	Today   goals.Date
	Period  goals.Period
	Channel goals.Channel // the only one reported on, if its ID is set

	// Evidence is what all time up to today says; nil where a period was asked for, whose
	// figures stand as they are.
	Evidence *Evidence

	Pace    *goals.Pace    // nil unless the period is that of the goal
	Targets []goals.Target // what the goal has asked for over time
	Revenue []Dated        // what came in, by date

	Channels   []ChannelSum // in the owner's order
	Total      goals.Amounts
	Weeks      int // weeks with anything logged
	Deals      int // dated lines of revenue
	Objectives []Kept
	Over       []Overrun // budgets overrun in the weeks of the period, minutes in all
}

// A Dated is an amount of minor units on a day.
type Dated struct {
	Date  goals.Date
	Minor int64
}

// Report adds up a period, that of the running goal when it is nil; of one channel, or of
// all when it is empty.
func (e *Engine) Report(ctx context.Context, a Actor, p *goals.Period, channel goals.ChannelID) (Report, error) {
	var rep Report
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) (err error) {
		rep, err = s.report(r, p, channel)
		return err
	})
	return rep, err
}

func (s *scene) report(r *storage.Reader, p *goals.Period, channel goals.ChannelID) (rep Report, err error) {
	rep = Report{Owner: s.Owner, Team: s.Team, Today: s.Today}
	rep.Channel, _ = channelByID(s.Owner, channel)
	if err := s.reportGoal(r, &rep, p); err != nil {
		return rep, err
	}
	if err := s.reportChannels(r, &rep); err != nil {
		return rep, err
	}
	if err := s.reportRevenue(r, &rep); err != nil {
		return rep, err
	}
	if p == nil {
		ev, err := s.evidence(r, s.Today)
		if err != nil {
			return rep, err
		}
		rep.Evidence = &ev
	}
	rep.Objectives, err = s.kept(r, min(s.Today, rep.Period.To))
	return rep, err
}

// reportGoal finds the period, and the pace when it is the goal's.
func (s *scene) reportGoal(r *storage.Reader, rep *Report, p *goals.Period) error {
	if p != nil {
		rep.Period = *p
		return nil
	}
	rep.Period = goals.Period{From: s.Today.Monday() - 7*(reportWeeks-1), To: s.Today}
	goal, pace, err := s.goalPace(r)
	if err != nil || pace == nil {
		return err
	}
	rep.Pace, rep.Targets, rep.Period = pace, goal.Targets, pace.Period
	return nil
}

func (s *scene) reportChannels(r *storage.Reader, rep *Report) error {
	channels, err := s.channelSums(r, rep.Period)
	if err != nil {
		return err
	}
	for _, ch := range channels {
		if rep.Channel.ID != "" && ch.ID != rep.Channel.ID {
			continue
		}
		rep.Channels = append(rep.Channels, ch)
		rep.Total = rep.Total.Plus(ch.Amounts)
	}
	totals, err := r.Totals(s.Actor.Owner, goals.Period{From: rep.Period.From.Monday(), To: rep.Period.To})
	if err != nil {
		return err
	}
	over := map[goals.ChannelID]Overrun{}
	last := goals.Date(0)
	for _, t := range totals {
		if rep.Channel.ID != "" && t.Channel != rep.Channel.ID {
			continue
		}
		if rep.Weeks == 0 || t.Week != last {
			rep.Weeks, last = rep.Weeks+1, t.Week
		}
		ch, _ := channelByID(s.Owner, t.Channel)
		if by, is := goals.OverBudget(ch, t.Amounts[goals.Hours]); is && t.Week >= ch.Since {
			o := over[ch.ID]
			over[ch.ID] = Overrun{ch, o.Minutes + t.Amounts[goals.Hours], o.Over + by}
		}
	}
	for _, ch := range rep.Channels {
		if o, is := over[ch.ID]; is {
			rep.Over = append(rep.Over, o)
		}
	}
	return nil
}

func (s *scene) reportRevenue(r *storage.Reader, rep *Report) error {
	deals, err := r.Deals(s.Actor.Owner, rep.Period)
	for _, d := range deals {
		if rep.Channel.ID == "" || rep.Channel.ID == d.Channel {
			rep.Revenue = append(rep.Revenue, Dated{d.Date, d.Revenue})
			rep.Deals++
		}
	}
	return err
}
