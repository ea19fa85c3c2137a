package engine

import (
	"context"
	"fmt"

	"payoff/goals"
	"payoff/storage"
)

// A TeamChange is new settings of a team; what is nil stays.
type TeamChange struct {
	Name     *string
	Currency *goals.Currency
	Zone     *string
	Room     *string // where the leaderboard is posted in one space, the team's first if In is not set
	In       Contact
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
		set(&t.Schedule, ch.Schedule)
		set(&t.Boards, ch.Boards)
		if err := c.tx.PutTeam(t); err != nil {
			return err
		}
		if ch.Room != nil {
			if err := c.setRoom(ch.In, *ch.Room); err != nil {
				return err
			}
		}
		if t.Zone != c.Team.Zone {
			if err := c.moveMembers(e, t); err != nil {
				return err
			}
		}
		return e.dueBoard(c.tx, t, c.Now)
	})
}

// setRoom sets the room of one of the team's spaces.
func (c *change) setRoom(in Contact, room string) error {
	list, err := c.tx.Spaces(c.Actor.Team)
	if err != nil {
		return err
	}
	if in.Platform == "" && len(list) > 0 {
		in = list[0]
	}
	if !hasSpace(list, in.Platform, in.Space) {
		return fmt.Errorf("room of %s %s: it is no space of the team", in.Platform, in.Space)
	}
	return c.tx.PutRoom(in.Platform, in.Space, room)
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
