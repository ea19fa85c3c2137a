package storage

import (
	"fmt"

	"payoff/goals"
	"payoff/storage/kv"
)

// PutTeam writes a team.
func (tx *Tx) PutTeam(t goals.Team) error {
	return tx.put(key("t", string(t.ID)), teamRecord(t))
}

// JoinSpace makes a space one of the team's.
func (tx *Tx) JoinSpace(team goals.TeamID, platform, space string) error {
	if err := tx.kv.Set(key("n", string(team), tSpace, platform, space), []byte{}); err != nil {
		return err
	}
	return tx.kv.Set(key("s", platform, space), []byte(team))
}

// Join makes a person of a platform the owner, and the owner a member of the team.
func (tx *Tx) Join(team goals.TeamID, owner goals.OwnerID, c Contact) error {
	if err := tx.kv.Set(key("n", string(team), tMember, string(owner)), []byte{}); err != nil {
		return err
	}
	if err := tx.kv.Set(key("p", c.Platform, c.Space, c.Person), []byte(owner)); err != nil {
		return err
	}
	return tx.kv.Set(ownerKey(owner, tPerson, c.Platform, c.Space), []byte(c.Person))
}

// PutOwner writes an owner.
func (tx *Tx) PutOwner(o goals.Owner) error {
	return tx.put(ownerKey(o.ID, tOwner), ownerRecord(o))
}

// PutGoal writes a goal.
func (tx *Tx) PutGoal(o goals.OwnerID, g goals.Goal) error {
	return tx.put(ownerKey(o, tGoal, string(g.ID)), goalRecord(g))
}

// PutObjective writes an objective.
func (tx *Tx) PutObjective(o goals.OwnerID, j goals.Objective) error {
	return tx.put(ownerKey(o, tObjective, string(j.ID)), objectiveRecord(j))
}

// PutCheckIn writes a check-in.
func (tx *Tx) PutCheckIn(o goals.OwnerID, c goals.CheckIn) error {
	return tx.put(datedKey(o, tCheckIn, c.Week, ""), checkInRecord(c))
}

// AddActivity writes a new activity and what follows from it.
func (tx *Tx) AddActivity(o goals.OwnerID, a goals.Activity) error {
	k := datedKey(o, tActivity, a.Date, string(a.ID))
	if err := tx.put(k, activityRecord(a)); err != nil {
		return err
	}
	return tx.derive(o, a, +1)
}

// RemoveActivity takes an activity away, with what followed from it.
func (tx *Tx) RemoveActivity(o goals.OwnerID, a goals.Activity) error {
	k := datedKey(o, tActivity, a.Date, string(a.ID))
	before, err := tx.kv.Get(k)
	if err != nil {
		return err
	}
	if before == nil {
		return fmt.Errorf("activity %s: %w", a.ID, ErrMissing)
	}
	if err := tx.derive(o, a, -1); err != nil {
		return err
	}
	return tx.replace(k, before, nil)
}

// derive adds an activity to, or with sign -1 takes it from, its week's total and the
// index of dated revenue.
func (tx *Tx) derive(o goals.OwnerID, a goals.Activity, sign int) error {
	k := datedKey(o, tTotal, a.Date.Monday(), string(a.Channel))
	t, _, err := get[Total](tx.kv, k)
	if err != nil {
		return err
	}
	if t.Activities += sign; sign > 0 {
		t.Amounts = t.Amounts.Plus(a.Amounts)
	} else {
		t.Amounts = t.Amounts.Minus(a.Amounts)
	}
	if t.Activities == 0 {
		err = tx.kv.Delete(k)
	} else {
		err = tx.set(k, t)
	}
	if err != nil {
		return fmt.Errorf("weekly total: %w", err)
	}
	d := dealOf(a)
	if d.Deals == 0 && d.Revenue == 0 {
		return nil
	}
	dk := datedKey(o, tDeal, a.Date, string(a.ID))
	if sign < 0 {
		return tx.kv.Delete(dk)
	}
	return tx.set(dk, d)
}

// dealOf is what the index of dated revenue keeps of an activity, if there is any.
func dealOf(a goals.Activity) Deal {
	return Deal{Channel: a.Channel, Deals: a.Amounts[goals.Deals], Revenue: a.Amounts[goals.Revenue]}
}

// put writes a record and remembers what it replaced, for the journal.
func (tx *Tx) put(k []byte, rec any) error {
	before, err := tx.kv.Get(k)
	if err != nil {
		return err
	}
	after, err := encode(rec)
	if err != nil {
		return err
	}
	return tx.replace(k, before, after)
}

// replace writes a value, or deletes with nil, and remembers it as a change.
func (tx *Tx) replace(k, before, after []byte) error {
	tx.changes = append(tx.changes, Change{Key: k, Before: clone(before), After: digest(after)})
	if after == nil {
		return tx.kv.Delete(k)
	}
	return tx.kv.Set(k, after)
}

// set writes a record that the journal need not know.
func (tx *Tx) set(k []byte, rec any) error {
	b, err := encode(rec)
	if err != nil {
		return err
	}
	return tx.kv.Set(k, b)
}

// deleteAll deletes the keys of a range, or those of them that match.
func (tx *Tx) deleteAll(r kv.Range, match func(k, v []byte) bool) error {
	var keys [][]byte
	err := tx.kv.Scan(r, func(k, v []byte) bool {
		if match == nil || match(k, v) {
			keys = append(keys, clone(k))
		}
		return true
	})
	for _, k := range keys {
		if err == nil {
			err = tx.kv.Delete(k)
		}
	}
	return err
}

func clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}
