package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// A TeamChange is new settings of a team; what is nil stays.
type TeamChange struct {
	Name     *string
	Currency *goals.Currency
	Zone     *string
	Room     *string
	Schedule *goals.Schedule
	Boards   *[]goals.Board
}

// ChangeTeam changes a team's settings. Whether the actor may is asked at the platform before.
func (e *Engine) ChangeTeam(ctx context.Context, q Request, ch TeamChange) (Done, error) {
	return e.changeIn(ctx, q, storage.Journal{Team: q.Team}, "team", func(c *change) error {
		t := c.Team
		set(&t.Name, ch.Name)
		set(&t.Currency, ch.Currency)
		set(&t.Zone, ch.Zone)
		set(&t.Room, ch.Room)
		set(&t.Schedule, ch.Schedule)
		set(&t.Boards, ch.Boards)
		if err := c.tx.PutTeam(t); err != nil {
			return err
		}
		if t.Zone != c.Team.Zone {
			if err := c.moveMembers(e, t); err != nil {
				return err
			}
		}
		return e.dueBoard(c.tx, t, c.Now)
	})
}

// moveMembers sets anew when those are asked who live in the team's zone.
func (c *change) moveMembers(e *Engine, t goals.Team) error {
	members, err := c.tx.Members(t.ID)
	if err != nil {
		return err
	}
	for _, id := range members {
		o, err := c.tx.Owner(id)
		if err != nil {
			return err
		}
		if o.Zone == "" {
			if err := e.dueCheckIn(c.tx, o, t, c.Now); err != nil {
				return err
			}
		}
	}
	return nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
