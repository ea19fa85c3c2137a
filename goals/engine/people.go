package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// A Person is someone as a platform knows them.
type Person struct {
	Platform, Space, ID, Name, Zone string
	Room                            string // where the board of a team that is new is posted
}

// What a newcomer starts with.
const (
	firstCurrency goals.Currency = "GBP"
	firstZone                    = "Europe/London"
)

var (
	firstCheckIn = goals.Schedule{Weekday: time.Monday, Minute: 9 * 60}
	firstBoard   = goals.Schedule{Weekday: time.Monday, Minute: 12 * 60}
)

// Meet finds the owner a person is. Who is new becomes one, and a new space a team.
func (e *Engine) Meet(ctx context.Context, p Person) (Actor, error) {
	if p.ID == "" || strings.ContainsRune(p.Platform+p.Space+p.ID, 0) {
		return Actor{}, fmt.Errorf("meet %q of %s %q: not an id", p.ID, p.Platform, p.Space)
	}
	var a Actor
	err := e.db.View(ctx, func(r *storage.Reader) (err error) {
		a, err = known(r, p)
		return err
	})
	if err != nil || a.Owner != "" {
		return a, err
	}
	err = e.db.Update(ctx, func(tx *storage.Tx) (err error) {
		if a, err = known(&tx.Reader, p); err != nil || a.Owner != "" {
			return err
		}
		a, err = e.welcome(tx, p, a.Team)
		return err
	})
	if err != nil {
		return Actor{}, fmt.Errorf("meet %s: %w", p.ID, err)
	}
	return a, nil
}

// known looks a person up; either part of the answer may be empty.
func known(r *storage.Reader, p Person) (a Actor, err error) {
	if a.Team, err = r.TeamOf(p.Platform, p.Space); err != nil {
		return a, err
	}
	a.Owner, err = r.OwnerOf(p.Platform, p.Space, p.ID)
	return a, err
}

func (e *Engine) welcome(tx *storage.Tx, p Person, team goals.TeamID) (Actor, error) {
	now := e.now()
	t := goals.Team{ID: team, Currency: firstCurrency, Zone: firstZone, Schedule: firstBoard, Room: p.Room}
	if team != "" {
		var err error
		if t, err = tx.Team(team); err != nil {
			return Actor{}, err
		}
	} else {
		t.ID = goals.TeamID(e.newID(now))
		if _, err := time.LoadLocation(p.Zone); err == nil && p.Zone != "" {
			t.Zone = p.Zone
		}
		if err := tx.PutTeam(t); err != nil {
			return Actor{}, err
		}
		if err := tx.JoinSpace(t.ID, p.Platform, p.Space); err != nil {
			return Actor{}, err
		}
		if err := e.dueBoard(tx, t, now); err != nil {
			return Actor{}, err
		}
	}
	owner := goals.Owner{
		ID: goals.OwnerID(e.newID(now)), Name: p.Name, Joined: now.UTC(),
		Currency: t.Currency, Zone: p.Zone, Schedule: firstCheckIn,
	}
	if err := tx.PutOwner(owner); err != nil {
		return Actor{}, err
	}
	c := storage.Contact{Platform: p.Platform, Space: p.Space, Person: p.ID}
	return Actor{Team: t.ID, Owner: owner.ID}, tx.Join(t.ID, owner.ID, c)
}

// Self is what an owner's words are read against.
type Self struct {
	Actor
	Owner goals.Owner
	Team  goals.Team
	Today goals.Date
	Now   time.Time   // in the owner's zone
	Away  goals.Break // the break that today lies in, if Back is set
	Goal  goals.Goal  // the running one, or the next; ID is empty when there is none
}

// Self reads what an owner's words are read against.
func (e *Engine) Self(ctx context.Context, a Actor) (Self, error) {
	var self Self
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		list, err := r.Goals(a.Owner)
		if err != nil {
			return err
		}
		self = Self{Actor: a, Owner: s.Owner, Team: s.Team, Today: s.Today, Now: s.Now}
		self.Goal, _ = goals.Current(list, s.Today)
		self.Away, _ = onBreak(s.Owner, s.Today)
		return nil
	})
	return self, err
}

// onBreak is the break that a day lies in.
func onBreak(o goals.Owner, d goals.Date) (goals.Break, bool) {
	for _, b := range o.Breaks {
		if b.From <= d && d < b.Back {
			return b, true
		}
	}
	return goals.Break{}, false
}

// A Member is an owner as the team knows them.
type Member struct {
	ID   goals.OwnerID
	Name string
}

// Members lists the team in the order they joined.
func (e *Engine) Members(ctx context.Context, team goals.TeamID) ([]Member, error) {
	var list []Member
	err := e.db.View(ctx, func(r *storage.Reader) error {
		list = nil
		ids, err := r.Members(team)
		for _, id := range ids {
			o, err := r.Owner(id)
			if err != nil {
				return err
			}
			list = append(list, Member{id, o.Name})
		}
		return err
	})
	return list, err
}

// A Beginning is what an owner tells at the start; what is left out stays as it is.
type Beginning struct {
	Currency goals.Currency
	Zone     string
	Customer string
	Worth    goals.Money // of an hour
	Channels []goals.Channel
	Goal     *NewGoal
}

// Begin gets an owner started. A second time it changes what was told the first time.
func (e *Engine) Begin(ctx context.Context, q Request, b Beginning) (Done, error) {
	return e.change(ctx, q, "start", func(c *change) error {
		if err := c.useCurrency(b.Currency); err != nil {
			return err
		}
		if b.Zone != "" {
			c.Owner.Zone = b.Zone
		}
		c.Owner.Started = true
		c.Owner.Customer = b.Customer
		c.Owner.HourWorth = b.Worth.Minor
		for _, ch := range b.Channels {
			if _, found := channelNamed(c.Owner, ch.Name); found {
				continue
			}
			if err := c.addChannel(e, ch.Name, ch.Kind); err != nil {
				return err
			}
		}
		if err := c.tx.PutOwner(c.Owner); err != nil {
			return err
		}
		if b.Goal != nil {
			if err := c.setGoal(e, *b.Goal); err != nil {
				return err
			}
		}
		return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
	})
}

// SkipStart lets an owner in without being asked anything.
func (e *Engine) SkipStart(ctx context.Context, q Request) (Done, error) {
	return e.change(ctx, q, "start", func(c *change) error {
		c.Owner.Started = true
		if err := c.tx.PutOwner(c.Owner); err != nil {
			return err
		}
		return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
	})
}

// useCurrency sets the owner's currency, unless figures in another one are already kept.
func (c *change) useCurrency(cur goals.Currency) error {
	if cur == "" || cur == c.Owner.Currency {
		return nil
	}
	list, err := c.tx.Goals(c.Actor.Owner)
	if err != nil {
		return err
	}
	deals, err := c.tx.Totals(c.Actor.Owner, storage.Ever)
	if err != nil {
		return err
	}
	if len(list) > 0 || len(deals) > 0 {
		return goals.Wrong(goals.Conflict, "To work in another currency, export your figures and start afresh with /payoff forget.",
			"Your figures are in %s already, and amounts of two currencies cannot be added.", c.Owner.Currency)
	}
	c.Owner.Currency = cur
	return nil
}

// SetPrivacy changes what others may see of an owner. Nil leaves a setting as it is.
func (e *Engine) SetPrivacy(ctx context.Context, q Request, hidden, money *bool) (Done, error) {
	return e.change(ctx, q, "privacy", func(c *change) error {
		if hidden != nil {
			c.Owner.Hidden = *hidden
		}
		if money != nil {
			c.Owner.ShowMoney = *money
		}
		return c.tx.PutOwner(c.Owner)
	})
}

// Forget erases all that is kept of the owner.
func (e *Engine) Forget(ctx context.Context, a Actor) error {
	err := e.db.Update(ctx, func(tx *storage.Tx) error { return tx.Forget(a.Team, a.Owner) })
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}
