package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// Two teams are joined by moving the spaces and the people of one into the other. Goals, logs
// and journals lie with their owners and stay where they are; the settings of the team that was
// joined wait in its own record for the day that its spaces leave again.

// A Space is one of a team's, as the team sees it.
type Space struct {
	Platform, ID string
	Called       string // as it is said in a sentence: "the Discord server"
	Room         string // where the leaderboard is posted; "" is nowhere
	Left         bool   // payoff was removed from there
}

// Spaces lists a team's.
func (e *Engine) Spaces(ctx context.Context, team goals.TeamID) (list []Space, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		contacts, err := r.Spaces(team)
		if err != nil {
			return err
		}
		list, err = spaces(r, contacts)
		return err
	})
	return list, err
}

func spaces(r *storage.Reader, contacts []storage.Contact) (list []Space, err error) {
	for _, c := range contacts {
		since, err := r.LeftSince(c.Platform, c.Space)
		if err != nil {
			return nil, err
		}
		room, err := r.Room(c.Platform, c.Space)
		if err != nil {
			return nil, err
		}
		called, err := where(r, c.Platform, c.Space)
		if err != nil {
			return nil, err
		}
		list = append(list, Space{c.Platform, c.Space, called, room, !since.IsZero()})
	}
	return list, nil
}

// LinkTeam joins the actor's team into the one that a code is of, which keeps its settings.
// Whether the actor may is asked at the platform before.
func (e *Engine) LinkTeam(ctx context.Context, q Request, from Person, code string) (Done, error) {
	return e.redeem(ctx, q, from, code, forTeam, func(c *change, code storage.Code) (*goals.Mistake, error) {
		into, err := c.tx.TeamOf(code.Contact.Platform, code.Contact.Space)
		if err != nil {
			return nil, err
		}
		if into == c.Actor.Team {
			return goals.Wrong(goals.Conflict, "", "These two are one team already: /payoff team shows it."), nil
		}
		return nil, c.joinTeam(e, q, into)
	})
}

// joinTeam moves all that is a team's into another.
func (c *change) joinTeam(e *Engine, q Request, into goals.TeamID) error {
	from := c.Actor.Team
	contacts, err := c.tx.Spaces(from)
	if err != nil {
		return err
	}
	for _, team := range []goals.TeamID{from, into} { // the first of their spaces may not be it any more
		if err := c.keepRooms(team); err != nil {
			return err
		}
	}
	for _, s := range contacts {
		if err := c.moveSpace(s, from, into); err != nil {
			return err
		}
	}
	members, err := c.tx.Members(from)
	if err != nil {
		return err
	}
	for _, o := range members {
		if err := c.moveMember(o, from, into); err != nil {
			return err
		}
	}
	joined := storage.Joined{Team: from, Spaces: contacts, At: c.Now.UTC(), By: q.Owner, Entry: c.entry}
	if err := c.tx.PutJoined(into, joined); err != nil {
		return err
	}
	if err := c.tx.CancelDue(string(from)); err != nil {
		return err
	}
	if err := c.planTeam(e, into); err != nil {
		return err
	}
	return c.tell("team link", "", storage.Journal{Team: into}, storage.Journal{Team: from}, storage.Journal{Owner: q.Owner})
}

// keepRooms writes down which room each space of a team has.
func (c *change) keepRooms(team goals.TeamID) error {
	contacts, err := c.tx.Spaces(team)
	for _, s := range contacts {
		if err != nil {
			return err
		}
		var room string
		if room, err = c.tx.Room(s.Platform, s.Space); err == nil {
			err = c.tx.PutRoom(s.Platform, s.Space, room)
		}
	}
	return err
}

// moveSpace makes a space another team's. The board that stands there stays as it is, and one
// that waits is given up.
func (c *change) moveSpace(s storage.Contact, from, to goals.TeamID) error {
	if err := c.tx.MoveSpace(s.Platform, s.Space, from, to); err != nil {
		return err
	}
	if err := c.tx.DropPosted(s.Platform, s.Space); err != nil {
		return err
	}
	return c.eachWaiting(func(m *storage.Outgoing) bool {
		if m.Owner != "" || m.Team != from || m.To.Platform != s.Platform || m.To.Space != s.Space {
			return false
		}
		m.Failed, m.Done = "the team there is another now", c.Now.UTC()
		return true
	})
}

// moveMember makes an owner one of another team's, with who is kept aside for them.
func (c *change) moveMember(o goals.OwnerID, from, to goals.TeamID) error {
	if err := c.tx.Exit(from, o); err != nil {
		return err
	}
	if err := c.tx.Enter(to, o); err != nil {
		return err
	}
	if err := c.moveAsides(o, from, to); err != nil {
		return err
	}
	return c.eachWaiting(func(m *storage.Outgoing) bool {
		mine := m.Owner == o && m.Team == from
		if mine {
			m.Team = to
		}
		return mine
	})
}

// moveAsides has those who are kept aside for an owner be of another team, and for them again.
func (c *change) moveAsides(into goals.OwnerID, from, to goals.TeamID) error {
	asides, err := c.tx.Asides(from)
	if err != nil {
		return err
	}
	for _, a := range asides {
		if a.Into != into {
			continue
		}
		if err := c.tx.DropAside(from, a.Owner); err != nil {
			return err
		}
		if err := c.tx.PutAside(to, a); err != nil {
			return err
		}
		if err := c.moveAsides(a.Owner, from, to); err != nil {
			return err
		}
	}
	return nil
}

// eachWaiting writes those messages that wait which fn has changed.
func (c *change) eachWaiting(fn func(*storage.Outgoing) bool) error {
	var changed []storage.Outgoing
	err := c.tx.Waiting(func(m storage.Outgoing) bool {
		if fn(&m) {
			changed = append(changed, m)
		}
		return true
	})
	for _, m := range changed {
		if err == nil {
			err = c.tx.PutOutgoing(m)
		}
	}
	return err
}

// planTeam sets all that is due for a team whose spaces and people have changed.
func (c *change) planTeam(e *Engine, id goals.TeamID) error {
	team, err := c.tx.Team(id)
	if err != nil {
		return err
	}
	if err := e.dueBoard(c.tx, team, c.Now); err != nil {
		return err
	}
	if err := c.moveMembers(e, team); err != nil {
		return err
	}
	return e.boardMoves(c.tx, id)
}
