package engine

import (
	"context"
	"math"
	"slices"

	"payoff/goals"
	"payoff/goals/evidence"
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

// Minutes is the time that went into a channel in weeks that are over.
func (ev Evidence) Minutes(id goals.ChannelID) (sum int64) {
	for _, w := range ev.History.Weeks {
		if w.Channel == id && w.Monday < (ev.AsOf+1).Monday() {
			sum += w.Amounts[goals.Hours]
		}
	}
	return sum
}

// ChannelWithoutBiggest is what an hour of a channel brings when its largest deal is left out;
// false for a channel that has no such figure.
func (ev Evidence) ChannelWithoutBiggest(id goals.ChannelID) (evidence.Return, bool) {
	rest := ev.withoutBiggest(func(ch goals.Channel) bool { return ch.ID == id })
	i := slices.IndexFunc(rest.Channels, func(r evidence.Return) bool { return r.Channel == id })
	if i < 0 {
		return evidence.Return{}, false
	}
	return rest.Channels[i], true
}

// KindWithoutBiggest is the same of a kind.
func (ev Evidence) KindWithoutBiggest(kind goals.Kind) (evidence.Return, bool) {
	rest := ev.withoutBiggest(func(ch goals.Channel) bool { return ch.Kind == kind })
	i := slices.IndexFunc(rest.Kinds, func(r evidence.Return) bool { return r.Kind == kind })
	if i < 0 {
		return evidence.Return{}, false
	}
	return rest.Kinds[i], true
}

// withoutBiggest reads the history again without the largest deal of some channels. Only weeks
// that are over count, here as there.
func (ev Evidence) withoutBiggest(in func(goals.Channel) bool) evidence.Analysis {
	h := ev.History
	found, most := -1, 0.
	for i, d := range h.Deals {
		ch, known := channelByID(goals.Owner{Channels: h.Channels}, d.Channel)
		if each := float64(d.Revenue) / float64(max(d.Deals, 1)); known && in(ch) && d.Date < (h.AsOf+1).Monday() && each > most {
			found, most = i, each
		}
	}
	if found < 0 {
		return ev.Analysis
	}
	h.Deals, h.Weeks = slices.Clone(h.Deals), slices.Clone(h.Weeks)
	d := &h.Deals[found]
	gone := evidence.Deal{Date: d.Date, Channel: d.Channel, Deals: min(d.Deals, 1), Revenue: d.Revenue / max(d.Deals, 1)}
	d.Deals, d.Revenue = d.Deals-gone.Deals, d.Revenue-gone.Revenue
	for i := range h.Weeks {
		if w := &h.Weeks[i]; w.Channel == gone.Channel && w.Monday == gone.Date.Monday() {
			w.Amounts[goals.Deals] -= gone.Deals
			w.Amounts[goals.Revenue] -= gone.Revenue
		}
	}
	return evidence.Analyse(h)
}

// A Passage is how many contacts of a channel became deals, and between which shares that lies
// with 90 %.
type Passage struct {
	Channel         goals.ChannelID
	Contacts, Deals int64
	Lo, Hi          float64
}

// Passages is the way from contact to deal of each channel, for an owner who logs nothing in
// between; else none, for then the funnel says more.
func (ev Evidence) Passages() []Passage {
	sums := map[goals.ChannelID]goals.Amounts{}
	var all goals.Amounts
	for _, w := range ev.History.Weeks {
		if w.Monday < (ev.AsOf + 1).Monday() {
			sums[w.Channel], all = sums[w.Channel].Plus(w.Amounts), all.Plus(w.Amounts)
		}
	}
	if all[goals.Conversations]+all[goals.Qualified] > 0 {
		return nil
	}
	var list []Passage
	for _, ch := range ev.History.Channels {
		p := Passage{Channel: ch.ID, Contacts: sums[ch.ID][goals.Contacts], Deals: sums[ch.ID][goals.Deals]}
		if p.Deals >= 0 && p.Contacts >= max(p.Deals, 1) && all[goals.Deals] > 0 {
			p.Lo, p.Hi = wilson(float64(p.Deals), float64(p.Contacts))
			list = append(list, p)
		}
	}
	return list
}

// wilson is Wilson's interval of a share, k of n: it holds at few cases too, and never leaves 0 to 1.
func wilson(k, n float64) (lo, hi float64) {
	const z2 = 1.6449 * 1.6449 // 90 %
	mid := (k + z2/2) / (n + z2)
	half := math.Sqrt(z2*(k*(n-k)/n+z2/4)) / (n + z2)
	return max(mid-half, 0), min(mid+half, 1)
}
