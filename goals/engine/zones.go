package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// The days of an owner are those of the zone they chose. When a platform says that they are in
// another one, they are asked once whether their days should follow, and a zone they declined
// is not asked about again. Who has none yet gets the first that a platform names.

// knownZone is the zone a platform names as we write it; "" when it names none that there is.
func knownZone(name string) string {
	zone, err := goals.ParseZone(name)
	if err != nil {
		return ""
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return ""
	}
	return zone
}

// arrives notes the zone a platform says an owner is in now.
func (e *Engine) arrives(tx *storage.Tx, a Actor, p Person) error {
	w, err := tx.Whereabouts(a.Owner, p.Platform, p.Space)
	if err != nil {
		return err
	}
	owner, err := tx.Owner(a.Owner)
	if err != nil {
		return err
	}
	w.Zone = p.Zone
	w.Ask = owner.Zone != "" && owner.Zone != p.Zone && !slices.Contains(w.Declined, p.Zone)
	if err := tx.PutWhereabouts(a.Owner, p.Platform, p.Space, w); err != nil || owner.Zone != "" {
		return err
	}
	s, err := e.sceneOf(&tx.Reader, a)
	if err != nil {
		return err
	}
	c := &change{scene: s, tx: tx, entry: storage.EntryID(e.newID(s.Now))}
	if err := c.moveTo(e, p.Zone); err != nil {
		return err
	}
	_, err = tx.Write(storage.Journal{Owner: a.Owner}, storage.Entry{ID: c.entry, At: s.Now.UTC(), By: a.Owner, What: "zone", Words: "zone " + p.Zone})
	return err
}

// moveTo makes a zone the owner's own. What is planned moves with it.
func (c *change) moveTo(e *Engine, zone string) error {
	c.Owner.Zone = zone
	c.Now = c.Now.In(e.zone(c.Owner, c.Team))
	c.Today = goals.DateOf(c.Now)
	if err := c.tx.PutOwner(c.Owner); err != nil {
		return err
	}
	if _, away := onBreak(c.Owner, c.Today); away { // else it may be planned for an hour from now
		if err := c.planWelcome(); err != nil {
			return err
		}
	}
	if err := c.planNews(); err != nil {
		return err
	}
	return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
}

// AskZone is the zone that an owner is to be asked about now, as they are in it and their days
// are not; "" when there is none. It gives each only once.
func (e *Engine) AskZone(ctx context.Context, a Actor, platform, space string) (zone string, err error) {
	var w storage.Whereabouts
	err = e.db.View(ctx, func(r *storage.Reader) error {
		w, err = r.Whereabouts(a.Owner, platform, space)
		return err
	})
	if err != nil || !w.Ask {
		return "", err
	}
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		zone = ""
		w, err := tx.Whereabouts(a.Owner, platform, space)
		if err != nil || !w.Ask { // another answer has asked meanwhile
			return err
		}
		owner, err := tx.Owner(a.Owner)
		if err != nil {
			return err
		}
		if w.Zone != owner.Zone {
			zone = w.Zone
		}
		w.Ask = false
		return tx.PutWhereabouts(a.Owner, platform, space, w)
	})
	if err != nil {
		return "", fmt.Errorf("ask about a zone: %w", err)
	}
	return zone, nil
}

// MoveZone lets the owner's days be those of another zone. A week they were asked in is not
// asked about twice, wherever they go.
func (e *Engine) MoveZone(ctx context.Context, q Request, zone string) (Done, error) {
	return e.change(ctx, q, "zone", func(c *change) error {
		if c.Owner.Zone == zone {
			return nil
		}
		return c.moveTo(e, zone)
	})
}

// KeepZone remembers that the owner's days are not to follow to a zone: they are not asked about
// it again.
func (e *Engine) KeepZone(ctx context.Context, q Request, platform, space, zone string) (Done, error) {
	return e.change(ctx, q, "zone kept", func(c *change) error {
		w, err := c.tx.Whereabouts(q.Owner, platform, space)
		if err != nil || slices.Contains(w.Declined, zone) {
			return err
		}
		w.Declined = append(w.Declined, zone)
		return c.tx.PutWhereabouts(q.Owner, platform, space, w)
	})
}
