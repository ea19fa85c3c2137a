package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// What is due is kept as an instant, and which instant nine o'clock is follows from the rules of
// a zone. These are kept beside it as a fingerprint: when a new program brings other rules, the
// instants are worked out anew.

const clockSetting = "clock " // and the name of a zone

// clockYears is how far ahead the rules of a zone are looked at, from the start of the decade.
const clockYears = 20

// keepClock writes the rules of a zone by which something is planned for the first time.
func (e *Engine) keepClock(tx *storage.Tx, loc *time.Location) error {
	name := loc.String()
	if _, kept := e.clocks.Load(name); kept {
		return nil
	}
	was, err := tx.Setting(clockSetting + name)
	if err == nil && was == "" {
		err = tx.PutSetting(clockSetting+name, e.clockRules(loc))
	}
	if err == nil && was != "" {
		e.clocks.Store(name, true) // what was only just written may be taken back
	}
	return err
}

// followClocks works out anew when those are asked who live in zones whose rules are no longer
// those that it was worked out by. It looks once in the life of a process: the rules are part of
// that.
func (e *Engine) followClocks(ctx context.Context) error {
	if _, followed := e.clocks.Load(""); followed {
		return nil
	}
	changed := map[string]string{} // the rules by the zone
	var owners []Actor
	err := e.db.View(ctx, func(r *storage.Reader) (err error) {
		clear(changed)
		for _, name := range goals.Zones() {
			was, err := r.Setting(clockSetting + name)
			if err != nil {
				return err
			}
			if was == "" {
				continue
			}
			if is := e.clockRules(e.zone(goals.Owner{Zone: name}, goals.Team{})); is != was {
				changed[name] = is
			}
		}
		if len(changed) > 0 {
			owners, err = everybody(r)
		}
		return err
	})
	for _, a := range owners {
		err = errors.Join(err, e.db.Update(ctx, func(tx *storage.Tx) error { return e.planIn(tx, a, changed) }))
	}
	if err == nil && len(changed) > 0 {
		err = e.db.Update(ctx, func(tx *storage.Tx) error {
			for name, rules := range changed {
				if err := tx.PutSetting(clockSetting+name, rules); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("follow the clocks: %w", err)
	}
	e.clocks.Store("", true)
	return nil
}

// planIn works out anew when an owner is asked who lives in one of the zones.
func (e *Engine) planIn(tx *storage.Tx, a Actor, zones map[string]string) error {
	s, err := e.sceneOf(&tx.Reader, a)
	if err != nil || zones[s.Now.Location().String()] == "" {
		return err
	}
	c := &change{scene: s, tx: tx}
	if err := c.planNews(); err != nil {
		return err
	}
	if _, away := onBreak(s.Owner, s.Today); away {
		if err := c.planWelcome(); err != nil {
			return err
		}
	}
	return e.dueCheckIn(tx, s.Owner, s.Team, s.Now)
}

// everybody is all owners there are.
func everybody(r *storage.Reader) (list []Actor, err error) {
	teams, err := r.Teams()
	for _, t := range teams {
		members, err := r.Members(t.ID)
		if err != nil {
			return nil, err
		}
		for _, id := range members {
			list = append(list, Actor{Team: t.ID, Owner: id})
		}
	}
	return list, err
}

// clockRules is a fingerprint of how far the clocks of a zone are from UTC, day by day.
func (e *Engine) clockRules(loc *time.Location) string {
	decade := e.now().UTC().Year() / 10 * 10
	at := time.Date(decade, 1, 1, 12, 0, 0, 0, time.UTC)
	h := fnv.New64a()
	var b [4]byte
	for range clockYears * 366 {
		_, offset := at.In(loc).Zone()
		binary.BigEndian.PutUint32(b[:], uint32(offset))
		_, _ = h.Write(b[:]) // never fails
		at = at.Add(24 * time.Hour)
	}
	return fmt.Sprintf("%d %016x", decade, h.Sum64())
}
