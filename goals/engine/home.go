package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// A Home is where an owner stands, at one look.
type Home struct {
	Report // of the running goal, or of the last weeks
	Week   goals.Period
	Lines  []ChannelSum // each channel in use in that week, as logged
	Asked  CheckInState // the check-in that is open, or this week's
}

// Home reads where an owner stands.
func (e *Engine) Home(ctx context.Context, a Actor) (Home, error) {
	var h Home
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) (err error) {
		h = Home{Week: weekPeriod(s.Today.Monday())}
		if h.Report, err = s.report(r, nil, ""); err != nil {
			return err
		}
		if h.Lines, err = s.channelSums(r, h.Week); err != nil {
			return err
		}
		h.Asked, err = s.checkIn(r)
		return err
	})
	return h, err
}
