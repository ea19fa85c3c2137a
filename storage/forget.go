package storage

import (
	"payoff/goals"
	"payoff/storage/kv"
)

// Forget erases all that is kept of an owner: records, journal, what is due and what waits
// to be sent, what they changed of a team's settings in its journal, and what is kept aside of
// their other accounts.
func (tx *Tx) Forget(team goals.TeamID, o goals.OwnerID) error {
	if err := tx.forgetAsides(team, o); err != nil {
		return err
	}
	if err := tx.forgetCodes(func(c Code) bool { return c.Owner == o }); err != nil {
		return err
	}
	if err := tx.forgetOwner(o); err != nil {
		return err
	}
	if err := tx.forgetDue(func(subject string) bool { return subject == string(o) }); err != nil {
		return err
	}
	if err := tx.forgetOutgoing(func(m Outgoing) bool { return m.Owner == o }); err != nil {
		return err
	}
	if err := tx.forgetDeeds(func(by goals.OwnerID) bool { return by == o }); err != nil {
		return err
	}
	return tx.kv.Delete(key("n", string(team), tMember, string(o)))
}

// ForgetTeam erases all that is kept of a team: its owners, its settings and their journal, its
// spaces with what was installed there, the teams that were joined into it, what is due and
// what waits to be sent.
func (tx *Tx) ForgetTeam(team goals.TeamID) error {
	joined, err := tx.Joined(team)
	if err != nil {
		return err
	}
	for _, j := range joined { // it has no spaces and no people but these
		if err := tx.ForgetTeam(j.Team); err != nil {
			return err
		}
	}
	members, err := tx.Members(team)
	if err != nil {
		return err
	}
	asides, err := tx.Asides(team)
	if err != nil {
		return err
	}
	for _, a := range asides {
		members = append(members, a.Owner)
	}
	spaces, err := tx.Spaces(team)
	if err != nil {
		return err
	}
	gone := map[string]bool{string(team): true} // ids of owners and of the team are never alike
	for _, o := range members {
		gone[string(o)] = true
		if err := tx.forgetOwner(o); err != nil {
			return err
		}
	}
	for _, s := range spaces {
		for _, table := range []string{"s", "x", "i"} {
			if err := tx.kv.Delete(key(table, s.Platform, s.Space)); err != nil {
				return err
			}
		}
		if err := tx.forgetRooms(s.Platform, s.Space); err != nil {
			return err
		}
	}
	if err := tx.forgetCodes(func(c Code) bool { return gone[string(c.Owner)] }); err != nil {
		return err
	}
	if err := tx.forgetDeeds(func(by goals.OwnerID) bool { return gone[string(by)] }); err != nil {
		return err
	}
	if err := tx.forgetDue(func(subject string) bool { return gone[subject] }); err != nil {
		return err
	}
	if err := tx.forgetOutgoing(func(m Outgoing) bool { return m.Team == team || gone[string(m.Owner)] }); err != nil {
		return err
	}
	if err := tx.deleteAll(kv.Prefix(under("n", string(team))), nil); err != nil {
		return err
	}
	return tx.kv.Delete(key("t", string(team)))
}

// forgetOwner erases an owner's own records, and who they are on each platform.
func (tx *Tx) forgetOwner(o goals.OwnerID) error {
	contacts, err := tx.Contacts(o)
	if err != nil {
		return err
	}
	for _, c := range contacts {
		if err := tx.kv.Delete(key("p", c.Platform, c.Space, c.Person)); err != nil {
			return err
		}
	}
	return tx.deleteAll(kv.Prefix(under("o", string(o))), nil)
}

// forgetAsides erases who is kept aside for an owner.
func (tx *Tx) forgetAsides(team goals.TeamID, o goals.OwnerID) error {
	asides, err := tx.Asides(team)
	for _, a := range asides {
		if err == nil && a.Into == o {
			if err = tx.EraseAside(team, a); err == nil {
				err = tx.DropAside(team, a.Owner)
			}
		}
	}
	return err
}
