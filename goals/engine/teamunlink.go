package engine

import (
	"context"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// A TeamLink is a team that was joined into another, and can leave it.
type TeamLink struct {
	Team   goals.TeamID
	Spaces []Space
	Since  time.Time
	Leave  int // people who are only there, and leave with it
	Apart  int // of those who have joined accounts of theirs on both sides: these become two again
}

// TeamLinks lists what a team can be unlinked into by an admin of a space: that space's own
// team, or, in a space of the team that keeps its settings, each that was joined.
func (e *Engine) TeamLinks(ctx context.Context, id goals.TeamID, platform, space string) (list []TeamLink, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		list = nil
		joined, err := joinedFor(r, id, platform, space)
		if err != nil {
			return err
		}
		for _, j := range joined {
			l, err := teamLink(r, id, j)
			if err != nil {
				return err
			}
			list = append(list, l)
		}
		return nil
	})
	return list, err
}

// joinedFor is the teams joined into one that an admin of a space may have leave.
func joinedFor(r *storage.Reader, id goals.TeamID, platform, space string) ([]storage.Joined, error) {
	joined, err := r.Joined(id)
	for _, j := range joined {
		if hasSpace(j.Spaces, platform, space) {
			return []storage.Joined{j}, err
		}
	}
	return joined, err
}

func hasSpace(list []storage.Contact, platform, space string) bool {
	return slices.ContainsFunc(list, func(c storage.Contact) bool { return c.Platform == platform && c.Space == space })
}

func teamLink(r *storage.Reader, id goals.TeamID, j storage.Joined) (TeamLink, error) {
	l := TeamLink{Team: j.Team, Since: j.At}
	var err error
	if l.Spaces, err = spaces(r, j.Spaces); err != nil {
		return l, err
	}
	members, err := r.Members(id)
	for _, o := range members {
		if err != nil {
			return l, err
		}
		var there, here bool
		if there, here, err = sides(r, o, j.Spaces); there && here {
			l.Apart++
		} else if there {
			l.Leave++
		}
	}
	return l, err
}

// sides reports whether an owner is in some spaces, and whether in others.
func sides(r *storage.Reader, o goals.OwnerID, in []storage.Contact) (there, here bool, err error) {
	contacts, err := r.Contacts(o)
	for _, c := range contacts {
		if hasSpace(in, c.Platform, c.Space) {
			there = true
		} else {
			here = true
		}
	}
	return there, here, err
}

// UnlinkTeam has a team that was joined into the actor's leave it, with its spaces and those who
// are only there. Whether the actor may is asked at the platform before; that the space they ask
// in may is seen to here.
func (e *Engine) UnlinkTeam(ctx context.Context, q Request, from Person, id goals.TeamID) (Done, error) {
	return e.change(ctx, q, "team unlink", func(c *change) error {
		joined, err := joinedFor(&c.tx.Reader, c.Actor.Team, from.Platform, from.Space)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(joined, func(j storage.Joined) bool { return j.Team == id })
		if i < 0 {
			return goals.Wrong(goals.Conflict, "", "That is not linked to this team: /payoff team shows what is.")
		}
		return c.leaveTeam(e, q, from, joined[i])
	})
}

func (c *change) leaveTeam(e *Engine, q Request, at Person, j storage.Joined) error {
	from := c.Actor.Team
	leaving, err := c.separate(e, j.Spaces)
	if err != nil {
		return err
	}
	for _, s := range j.Spaces {
		if err := c.moveSpace(s, from, j.Team); err != nil {
			return err
		}
	}
	for _, o := range leaving {
		if err := c.moveMember(o, from, j.Team); err != nil {
			return err
		}
	}
	if err := c.tx.DropJoined(from, j.Team); err != nil {
		return err
	}
	// Who asked may be another owner now: the one they were before they joined accounts.
	by, err := c.tx.OwnerOf(at.Platform, at.Space, at.ID)
	if err != nil {
		return err
	}
	if err := c.handled(q, by); err != nil {
		return err
	}
	for _, id := range []goals.TeamID{from, j.Team} {
		if err := c.planTeam(e, id); err != nil {
			return err
		}
	}
	if err := c.tx.MarkUndone(storage.Journal{Owner: j.By}, j.Entry, c.entry); err != nil {
		return err
	}
	return c.tell("team unlink", j.Entry, storage.Journal{Team: from}, storage.Journal{Team: j.Team}, storage.Journal{Owner: q.Owner})
}

// separate takes the accounts apart of those who are in some spaces and in others, and returns
// who is in those spaces then.
func (c *change) separate(e *Engine, in []storage.Contact) (there []goals.OwnerID, err error) {
	for {
		members, err := c.tx.Members(c.Actor.Team)
		if err != nil {
			return nil, err
		}
		there = there[:0]
		again := false
		for _, o := range members {
			isThere, isHere, err := sides(&c.tx.Reader, o, in)
			if err != nil {
				return nil, err
			}
			switch {
			case isThere && isHere:
				again = true
				if err := c.takeApart(e, o, in); err != nil {
					return nil, err
				}
			case isThere:
				there = append(there, o)
			}
		}
		if !again {
			return there, nil
		}
	}
}

// takeApart undoes the last joining of an owner's accounts. There is always one, as nobody else
// has two; were there none, what they are in these spaces would be set free.
func (c *change) takeApart(e *Engine, o goals.OwnerID, in []storage.Contact) error {
	a, found, err := c.lastAside(o, storage.Contact{})
	if err != nil {
		return err
	}
	if found {
		return c.putBack(e, a)
	}
	contacts, err := c.tx.Contacts(o)
	for _, at := range contacts {
		if err == nil && hasSpace(in, at.Platform, at.Space) {
			err = c.tx.MoveContact(at, o, "")
		}
	}
	return err
}
