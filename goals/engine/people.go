package engine

import (
	"cmp"
	"context"
	"errors"
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
	firstZone     string         = "Europe/London"
)

var (
	firstCheckIn = goals.Schedule{Weekday: time.Monday, Minute: 9 * 60}
	firstBoard   = goals.Schedule{Weekday: time.Monday, Minute: 12 * 60}
)

// Meet finds the owner a person is. Who is new becomes one, and a new space a team. It writes
// nothing where all is as it was.
func (e *Engine) Meet(ctx context.Context, p Person) (Actor, error) {
	if p.ID == "" || strings.ContainsRune(p.Platform+p.Space+p.ID, 0) {
		return Actor{}, fmt.Errorf("meet %q of %s %q: not an id", p.ID, p.Platform, p.Space)
	}
	p.Zone = knownZone(p.Zone)
	var a Actor
	var n news
	err := e.db.View(ctx, func(r *storage.Reader) (err error) {
		a, n, err = e.met(r, p)
		return err
	})
	if err != nil || !n.any() {
		return a, err
	}
	err = e.db.Update(ctx, func(tx *storage.Tx) (err error) {
		if a, n, err = e.met(&tx.Reader, p); err != nil {
			return err
		}
		if n.back {
			if err := errors.Join(tx.SetLeft(p.Platform, p.Space, time.Time{}), reopen(tx, p.Platform, p.Space)); err != nil {
				return err
			}
		}
		if n.person {
			if a, err = e.welcome(tx, p, a.Team); err != nil {
				return err
			}
		}
		if n.zone {
			return e.arrives(tx, a, p)
		}
		return nil
	})
	if err != nil {
		return Actor{}, fmt.Errorf("meet %s: %w", p.ID, err)
	}
	return a, nil
}

// news is what is not known yet when a person comes.
type news struct {
	person bool // who they are
	zone   bool // that they are in this zone
	back   bool // that payoff is in their space again
}

func (n news) any() bool { return n != news{} }

// met looks a person up, and what is new about them.
func (e *Engine) met(r *storage.Reader, p Person) (a Actor, n news, err error) {
	if a, err = known(r, p); err != nil {
		return a, n, err
	}
	n.person = a.Owner == ""
	if n.back, err = e.isBack(r, p.Platform, p.Space); err != nil || p.Zone == "" {
		return a, n, err
	}
	w, err := r.Whereabouts(a.Owner, p.Platform, p.Space)
	n.zone = w.Zone != p.Zone
	return a, n, err
}

// Find is what the words of a person are read against, as Self is, whether they are known or
// not; it changes nothing. Who is not known has no owner, and what a newcomer would begin with.
func (e *Engine) Find(ctx context.Context, p Person) (Self, error) {
	var a Actor
	t := goals.Team{Currency: firstCurrency, Zone: firstZone}
	err := e.db.View(ctx, func(r *storage.Reader) (err error) {
		if a, err = known(r, p); err == nil && a.Team != "" {
			t, err = r.Team(a.Team)
		}
		return err
	})
	if err != nil {
		return Self{}, err
	}
	if a.Owner != "" {
		return e.Self(ctx, a)
	}
	owner := goals.Owner{Name: p.Name, Currency: t.Currency, Zone: knownZone(p.Zone)}
	now := e.now().In(e.zone(owner, t))
	return Self{Actor: a, Owner: owner, Team: t, Now: now, Today: goals.DateOf(now)}, nil
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
	t := goals.Team{ID: team, Currency: firstCurrency, Zone: firstZone, Schedule: firstBoard}
	if team != "" {
		var err error
		if t, err = tx.Team(team); err != nil {
			return Actor{}, err
		}
	} else {
		t.ID = goals.TeamID(e.newID(now))
		t.Zone = cmp.Or(p.Zone, t.Zone)
		if err := tx.PutTeam(t); err != nil {
			return Actor{}, err
		}
		if err := tx.JoinSpace(t.ID, p.Platform, p.Space); err != nil {
			return Actor{}, err
		}
		if p.Room != "" {
			if err := tx.PutRoom(p.Platform, p.Space, p.Room); err != nil {
				return Actor{}, err
			}
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

	Objectives []goals.Objective // those that run, in the order of Goals
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
		self.Objectives, err = runningObjectives(r, s)
		return err
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

// People lists the persons of a space.
func (e *Engine) People(ctx context.Context, platform, space string) (list []Person, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		list, err = peopleOf(r, platform, space)
		return err
	})
	return list, err
}

func peopleOf(r *storage.Reader, platform, space string) ([]Person, error) {
	team, err := r.TeamOf(platform, space)
	if err != nil || team == "" {
		return nil, err
	}
	members, err := r.Members(team)
	var list []Person
	for _, id := range members {
		o, err := r.Owner(id)
		if err != nil {
			return nil, err
		}
		contacts, err := r.Contacts(id)
		if err != nil {
			return nil, err
		}
		for _, c := range contacts {
			if c.Platform == platform && c.Space == space {
				list = append(list, Person{Platform: platform, Space: space, ID: c.Person, Name: o.Name, Zone: o.Zone})
			}
		}
	}
	return list, err
}
