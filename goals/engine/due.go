package engine

import (
	"context"
	"fmt"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// What can be due, for an owner or, the board, for a team.
const (
	dueCheckIn  = "checkin"
	dueReminder = "reminder"
	dueWelcome  = "welcome" // back from a break
	dueBoard    = "board"
)

// nextCheckIn is the first time after a moment that an owner is to be asked, in a week later
// than the one last asked in and outside their breaks.
func nextCheckIn(o goals.Owner, t goals.Team, after time.Time, asked goals.Date) (time.Time, bool) {
	loc := zone(o, t)
	for range 2 * MaxBreak / 7 {
		at, ok := o.Schedule.Next(after, loc)
		if !ok {
			return time.Time{}, false
		}
		day := goals.DateOf(at.In(loc))
		if _, away := onBreak(o, day); !away && day.Monday() > asked {
			return at, true
		}
		after = at
	}
	return time.Time{}, false
}

// dueCheckIn sets when an owner is asked next. What is overdue stays: it is about to be claimed,
// and the claim looks again at whether it should be asked.
func (e *Engine) dueCheckIn(tx *storage.Tx, o goals.Owner, t goals.Team, now time.Time) error {
	due := storage.Due{What: dueCheckIn, Subject: string(o.ID)}
	at, err := tx.DueAt(due.What, due.Subject)
	if err != nil || !at.IsZero() && !at.After(now) {
		return err
	}
	asked, err := lastAsked(&tx.Reader, o.ID, goals.DateOf(now.In(zone(o, t))))
	if err != nil {
		return err
	}
	if !o.Started {
		return tx.SetDue(due)
	}
	due.At, _ = nextCheckIn(o, t, now, asked)
	return tx.SetDue(due)
}

// lastAsked is the week of the newest check-in, as its Monday.
func lastAsked(r *storage.Reader, id goals.OwnerID, today goals.Date) (goals.Date, error) {
	list, err := r.CheckIns(id, goals.Period{From: today.Monday() - latestWeeks*7, To: today})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[len(list)-1].Week, nil
}

// dueBoard sets when a team's leaderboard is posted next.
func (e *Engine) dueBoard(tx *storage.Tx, t goals.Team, now time.Time) error {
	at, _ := t.Schedule.Next(now, zone(goals.Owner{}, t))
	return tx.SetDue(storage.Due{What: dueBoard, Subject: string(t.ID), At: at})
}

// claimAtOnce is how many due things one look takes up.
const claimAtOnce = 200

// Claim turns what is due by now into messages in the outbox, and sets when each is due next,
// one transaction each. It returns how many there were.
func (e *Engine) Claim(ctx context.Context) (int, error) {
	now := e.now()
	claimed := 0
	for {
		var dues []storage.Due
		err := e.db.View(ctx, func(r *storage.Reader) error {
			dues = dues[:0]
			return r.Dues(now, func(d storage.Due) bool {
				dues = append(dues, d)
				return len(dues) < claimAtOnce
			})
		})
		if err != nil || len(dues) == 0 {
			return claimed, err
		}
		for _, d := range dues {
			if err := e.claim(ctx, d, now); err != nil {
				return claimed, fmt.Errorf("claim %s of %s: %w", d.What, d.Subject, err)
			}
			claimed++
		}
	}
}

func (e *Engine) claim(ctx context.Context, d storage.Due, now time.Time) error {
	return e.db.Update(ctx, func(tx *storage.Tx) error {
		// Another process, or the person, may have been quicker.
		if at, err := tx.DueAt(d.What, d.Subject); err != nil || !at.Equal(d.At) {
			return err
		}
		if err := tx.SetDue(storage.Due{What: d.What, Subject: d.Subject}); err != nil {
			return err
		}
		if d.What == dueBoard {
			return e.claimBoard(tx, goals.TeamID(d.Subject), d.At, now)
		}
		owner, err := tx.Owner(goals.OwnerID(d.Subject))
		if err != nil {
			return err
		}
		contacts, err := tx.Contacts(owner.ID)
		if err != nil || len(contacts) == 0 {
			return err
		}
		team, err := tx.TeamOf(contacts[0].Platform, contacts[0].Space)
		if err != nil {
			return err
		}
		s, err := e.sceneOf(&tx.Reader, Actor{Team: team, Owner: owner.ID})
		if err != nil {
			return err
		}
		c := &change{scene: s, tx: tx}
		out := storage.Outgoing{What: d.What, Team: team, Owner: owner.ID, To: contacts[0], Created: now.UTC()}
		switch d.What {
		case dueCheckIn:
			return c.claimCheckIn(e, d, out)
		case dueReminder:
			return c.claimReminder(out)
		case dueWelcome:
			out.Key = fmt.Sprintf("welcome %s %s", owner.ID, s.Today)
			return tx.Enqueue(out)
		}
		return nil
	})
}

// claimCheckIn opens the week's check-in and asks, unless the owner is away or was asked
// already. Check-ins that were never answered are over with that.
func (c *change) claimCheckIn(e *Engine, d storage.Due, out storage.Outgoing) error {
	_, away := onBreak(c.Owner, c.Today)
	existing, asked, err := c.tx.CheckIn(c.Actor.Owner, c.Today.Monday())
	if err != nil {
		return err
	}
	if !away && !asked && !c.Owner.Schedule.Off {
		if err := c.missOpen(); err != nil {
			return err
		}
		if existing, _, err = c.current(&c.tx.Reader); err != nil {
			return err
		}
		existing.State, existing.Asked = goals.CheckInAsked, c.Now.UTC()
		if err := c.tx.PutCheckIn(c.Actor.Owner, existing); err != nil {
			return err
		}
		out.Week = existing.Week
		out.Key = fmt.Sprintf("checkin %s %s", c.Actor.Owner, existing.Week)
		if err := c.tx.Enqueue(out); err != nil {
			return err
		}
		again := storage.Due{What: dueReminder, Subject: d.Subject, At: c.Now.AddDate(0, 0, 1)}
		if err := c.tx.SetDue(again); err != nil {
			return err
		}
	}
	return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
}

// missOpen marks what was asked before this week and not answered as missed.
func (c *change) missOpen() error {
	monday := c.Today.Monday()
	list, err := c.tx.CheckIns(c.Actor.Owner, goals.Period{From: monday - latestWeeks*7, To: monday - 1})
	if err != nil {
		return err
	}
	for _, old := range list {
		if old.State != goals.CheckInAsked {
			continue
		}
		old.State = goals.CheckInMissed
		if err := c.tx.PutCheckIn(c.Actor.Owner, old); err != nil {
			return err
		}
	}
	return nil
}

// claimReminder reminds once of a check-in that is still open.
func (c *change) claimReminder(out storage.Outgoing) error {
	current, _, err := c.current(&c.tx.Reader)
	if err != nil || current.State != goals.CheckInAsked {
		return err
	}
	if _, away := onBreak(c.Owner, c.Today); away {
		return nil
	}
	out.Week = current.Week
	out.Key = fmt.Sprintf("reminder %s %s", c.Actor.Owner, c.Today)
	return c.tx.Enqueue(out)
}

func (e *Engine) claimBoard(tx *storage.Tx, id goals.TeamID, at, now time.Time) error {
	team, err := tx.Team(id)
	if err != nil {
		return err
	}
	spaces, err := tx.Spaces(id)
	if err != nil {
		return err
	}
	week := goals.DateOf(at.In(zone(goals.Owner{}, team))).Monday()
	for _, space := range spaces {
		if team.Room == "" {
			break
		}
		out := storage.Outgoing{
			Key:  fmt.Sprintf("board %s %s %s %s", id, week, space.Platform, space.Space),
			What: dueBoard, Team: id, Week: week, To: space, Room: team.Room, Created: now.UTC(),
		}
		if err := tx.Enqueue(out); err != nil {
			return err
		}
	}
	return e.dueBoard(tx, team, now)
}

// NextDue is the earliest time at which something is due; ok is false when nothing ever is.
func (e *Engine) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		ok = false
		return r.Dues(time.Unix(1<<40, 0), func(d storage.Due) bool {
			at, ok = d.At, true
			return false
		})
	})
	return at, ok, err
}
