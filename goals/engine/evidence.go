package engine

import (
	"context"

	"payoff/goals"
	"payoff/goals/evidence"
	"payoff/storage"
)

// Evidence is what an owner's own numbers say at the end of a day.
type Evidence struct {
	evidence.Analysis
	AsOf     goals.Date
	Forecast *evidence.Forecast // nil without a goal that runs
	Target   evidence.Target    // what is forecast
	History  evidence.History   // what all of it rests on
}

// Evidence reads what an owner's numbers say at the end of a day, today's when it is 0. It
// reads sums and deals, never the lines they came from.
func (e *Engine) Evidence(ctx context.Context, a Actor, asOf goals.Date) (Evidence, error) {
	var ev Evidence
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) (err error) {
		if asOf == 0 {
			asOf = s.Today
		}
		ev, err = s.evidence(r, asOf)
		return err
	})
	return ev, err
}

func (s *scene) evidence(r *storage.Reader, asOf goals.Date) (Evidence, error) {
	h, err := s.history(r, asOf)
	if err != nil {
		return Evidence{}, err
	}
	ev := Evidence{Analysis: evidence.Analyse(h), AsOf: asOf, History: h}
	_, pace, err := s.goalPace(r)
	if err != nil || pace == nil || asOf < pace.Period.From || asOf > pace.Period.To {
		return ev, err
	}
	ev.Target = evidence.Target{Period: pace.Period, Amount: float64(pace.Goal.Minor)}
	f := evidence.Foretell(h, ev.Target)
	ev.Forecast = &f
	return ev, nil
}

// history is all weeks and deals up to a day.
func (s *scene) history(r *storage.Reader, asOf goals.Date) (evidence.History, error) {
	h := evidence.History{Channels: s.Owner.Channels, AsOf: asOf}
	until := goals.Period{From: storage.Ever.From, To: asOf}
	totals, err := r.Totals(s.Actor.Owner, until)
	if err != nil {
		return h, err
	}
	for _, t := range totals {
		h.Weeks = append(h.Weeks, evidence.Week{Monday: t.Week, Channel: t.Channel, Amounts: t.Amounts})
	}
	deals, err := r.Deals(s.Actor.Owner, until)
	for _, d := range deals {
		h.Deals = append(h.Deals, evidence.Deal{Date: d.Date, Channel: d.Channel, Deals: d.Deals, Revenue: d.Revenue})
	}
	return h, err
}
