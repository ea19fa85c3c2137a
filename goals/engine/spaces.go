package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

const (
	// keepLeft is how long a team's records are kept once payoff was removed from all its spaces.
	keepLeft = 30 * 24 * time.Hour
	// lateEvents is how long after a removal something may still come that was done before it.
	lateEvents = time.Hour
)

// SpaceLeft notes that payoff was removed from a space. What waits to be sent there is given
// up, nothing more is asked there, and after a month a team that has no other space is erased.
func (e *Engine) SpaceLeft(ctx context.Context, platform, space string) error {
	now := e.now().UTC()
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		team, err := tx.TeamOf(platform, space)
		if err != nil || team == "" { // nobody there has ever said a word
			return err
		}
		since, err := tx.LeftSince(platform, space)
		if err != nil || !since.IsZero() { // platforms say it in several ways
			return err
		}
		if err := tx.SetLeft(platform, space, now); err != nil {
			return err
		}
		return giveUp(tx, platform, space, now)
	})
	if err != nil {
		return fmt.Errorf("leave %s %s: %w", platform, space, err)
	}
	return nil
}

// giveUp ends what waits to be sent to a space.
func giveUp(tx *storage.Tx, platform, space string, now time.Time) error {
	var list []storage.Outgoing
	err := tx.Waiting(func(m storage.Outgoing) bool {
		if m.To.Platform == platform && m.To.Space == space {
			list = append(list, m)
		}
		return true
	})
	for _, m := range list {
		m.Failed, m.Done = "payoff was removed from there", now
		if err == nil {
			err = tx.PutOutgoing(m)
		}
	}
	return err
}

// SpaceJoined notes that payoff is in a space, perhaps again. What was planned goes on from
// there: the weeks between are not made up for one by one.
func (e *Engine) SpaceJoined(ctx context.Context, platform, space string) error {
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		return errors.Join(tx.SetLeft(platform, space, time.Time{}), reopen(tx, platform, space))
	})
	if err != nil {
		return fmt.Errorf("join %s %s: %w", platform, space, err)
	}
	return nil
}

// isBack reports whether somebody's coming shows that payoff is in a space again, although
// nobody said so: a workspace with a token of its own is not installed through us.
func (e *Engine) isBack(r *storage.Reader, platform, space string) (bool, error) {
	since, err := r.LeftSince(platform, space)
	return !since.IsZero() && e.now().Sub(since) > lateEvents, err
}

// reachable is the first of an owner's contacts in a space where payoff still is: the account
// that was theirs from the beginning before those that were joined with it.
func reachable(r *storage.Reader, contacts []storage.Contact) (c storage.Contact, ok bool, err error) {
	if contacts, err = firstOwn(r, contacts); err != nil {
		return c, false, err
	}
	for _, c := range contacts {
		since, err := r.LeftSince(c.Platform, c.Space)
		if err != nil || since.IsZero() {
			return c, err == nil, err
		}
	}
	return c, false, nil
}

func firstOwn(r *storage.Reader, contacts []storage.Contact) ([]storage.Contact, error) {
	if len(contacts) < 2 {
		return contacts, nil
	}
	team, err := r.TeamOf(contacts[0].Platform, contacts[0].Space)
	if err != nil {
		return nil, err
	}
	asides, err := r.Asides(team)
	joined := func(c storage.Contact) bool {
		return slices.ContainsFunc(asides, func(a storage.Aside) bool { return slices.Contains(a.Contacts, c) })
	}
	sorted := slices.Clone(contacts)
	slices.SortStableFunc(sorted, func(a, b storage.Contact) int {
		switch {
		case joined(a) == joined(b):
			return 0
		case joined(a):
			return 1
		}
		return -1
	})
	return sorted, err
}

// eraseLeft erases the teams that were left by all their spaces long enough ago.
func (e *Engine) eraseLeft(ctx context.Context) error {
	var spaces []storage.Left
	err := e.db.View(ctx, func(r *storage.Reader) (err error) {
		spaces, err = r.LeftSpaces()
		return err
	})
	before := e.now().Add(-keepLeft)
	for _, s := range spaces {
		if err != nil {
			return err
		}
		if s.Since.After(before) {
			continue
		}
		err = e.db.Update(ctx, func(tx *storage.Tx) error {
			team, err := tx.TeamOf(s.Platform, s.Space)
			if err != nil || team == "" { // erased with another of its spaces
				return err
			}
			if gone, err := goneBefore(&tx.Reader, team, before); err != nil || !gone {
				return err
			}
			return tx.ForgetTeam(team)
		})
	}
	return err
}

// goneBefore reports whether payoff was removed from every space of a team before a time.
func goneBefore(r *storage.Reader, team goals.TeamID, before time.Time) (bool, error) {
	spaces, err := r.Spaces(team)
	for _, s := range spaces {
		since, err := r.LeftSince(s.Platform, s.Space)
		if err != nil || since.IsZero() || since.After(before) {
			return false, err
		}
	}
	return err == nil, err
}
