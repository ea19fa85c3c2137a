package storage

import (
	"bytes"
	"errors"
	"fmt"

	"payoff/goals"
	"payoff/storage/kv"
)

// ErrMissing says that a record that is referred to is not there.
var ErrMissing = fmt.Errorf("no such record")

// Team reads a team.
func (r *Reader) Team(id goals.TeamID) (goals.Team, error) {
	rec, found, err := recall(r.kv, &r.memos.teams, key("t", string(id)))
	if err == nil && !found {
		err = fmt.Errorf("team %s: %w", id, ErrMissing)
	}
	return ownTeam(rec), err
}

// TeamOf is the team of a space; "" when the space is new.
func (r *Reader) TeamOf(platform, space string) (goals.TeamID, error) {
	b, err := r.kv.Get(key("s", platform, space))
	return goals.TeamID(b), err
}

// OwnerOf is the owner a person of a platform is; "" when they are new.
func (r *Reader) OwnerOf(platform, space, person string) (goals.OwnerID, error) {
	b, err := r.kv.Get(key("p", platform, space, person))
	return goals.OwnerID(b), err
}

// SpacesOf lists the spaces of a platform in which a person is known, in their order.
func (r *Reader) SpacesOf(platform, person string) ([]string, error) {
	var all, known []string
	prefix := under("s", platform)
	err := r.kv.Scan(kv.Prefix(prefix), func(k, _ []byte) bool {
		all = append(all, string(k[len(prefix):]))
		return true
	})
	for _, space := range all {
		owner, bad := r.OwnerOf(platform, space, person)
		if err == nil {
			err = bad
		}
		if owner != "" {
			known = append(known, space)
		}
	}
	return known, err
}

// Teams lists every team.
func (r *Reader) Teams() ([]goals.Team, error) {
	var teams []goals.Team
	err := scan(r.kv, kv.Prefix(under("t")), func(_ []byte, rec teamRecord) bool {
		teams = append(teams, goals.Team(rec))
		return true
	})
	return teams, err
}

// Members lists the owners of a team, in the order they joined.
func (r *Reader) Members(team goals.TeamID) ([]goals.OwnerID, error) {
	prefix := under("n", string(team), tMember)
	var ids []goals.OwnerID
	err := r.kv.Scan(kv.Prefix(prefix), func(k, _ []byte) bool {
		ids = append(ids, goals.OwnerID(k[len(prefix):]))
		return true
	})
	return ids, err
}

// Owner reads an owner.
func (r *Reader) Owner(id goals.OwnerID) (goals.Owner, error) {
	rec, found, err := recall(r.kv, &r.memos.owners, ownerKey(id, tOwner))
	if err == nil && !found {
		err = fmt.Errorf("owner %s: %w", id, ErrMissing)
	}
	return ownOwner(rec), err
}

// A Contact is how a platform knows an owner. In a message, Room is where they want to be written
// to, if that is not directly.
type Contact struct {
	Platform, Space, Person string
	Room                    string `json:",omitempty"`
}

// Contacts lists where an owner can be reached.
func (r *Reader) Contacts(id goals.OwnerID) ([]Contact, error) {
	prefix := under("o", string(id), tPerson)
	var contacts []Contact
	err := r.kv.Scan(kv.Prefix(prefix), func(k, v []byte) bool {
		platform, space, _ := bytes.Cut(k[len(prefix):], []byte{0})
		contacts = append(contacts, Contact{Platform: string(platform), Space: string(space), Person: string(v)})
		return true
	})
	return contacts, err
}

// Spaces lists the spaces of a team, as contacts without a person.
func (r *Reader) Spaces(team goals.TeamID) ([]Contact, error) {
	prefix := under("n", string(team), tSpace)
	var spaces []Contact
	err := r.kv.Scan(kv.Prefix(prefix), func(k, _ []byte) bool {
		platform, space, _ := bytes.Cut(k[len(prefix):], []byte{0})
		spaces = append(spaces, Contact{Platform: string(platform), Space: string(space)})
		return true
	})
	return spaces, err
}

// Goals lists an owner's goals in the order they were set.
func (r *Reader) Goals(id goals.OwnerID) ([]goals.Goal, error) {
	var list []goals.Goal
	var bad error
	err := r.kv.Scan(kv.Prefix(under("o", string(id), tGoal)), func(k, v []byte) bool {
		var rec goalRecord
		if rec, bad = r.memos.goals.decode(k, v); bad == nil {
			list = append(list, ownGoal(rec))
		}
		return bad == nil
	})
	return list, errors.Join(err, bad)
}

// Objectives lists an owner's objectives in the order they were set.
func (r *Reader) Objectives(id goals.OwnerID) ([]goals.Objective, error) {
	var list []goals.Objective
	err := scan(r.kv, kv.Prefix(under("o", string(id), tObjective)), func(_ []byte, rec objectiveRecord) bool {
		list = append(list, goals.Objective(rec))
		return true
	})
	return list, err
}

// Activities reads the activities of a period, in order of date; newest first when reverse.
// It stops when yield returns false.
func (r *Reader) Activities(id goals.OwnerID, p goals.Period, reverse bool, yield func(goals.Activity) bool) error {
	rng := datedRange(id, tActivity, p)
	rng.Reverse = reverse
	return scan(r.kv, rng, func(_ []byte, rec activityRecord) bool { return yield(goals.Activity(rec)) })
}

// Totals lists what each channel came to in the weeks that begin in the period.
func (r *Reader) Totals(id goals.OwnerID, p goals.Period) ([]Total, error) {
	var list []Total
	err := scan(r.kv, datedRange(id, tTotal, p), func(k []byte, t Total) bool {
		week, channel := splitDated(k, id, tTotal)
		t.Week, t.Channel = week, goals.ChannelID(channel)
		list = append(list, t)
		return true
	})
	return list, err
}

// Deals lists the deals and revenue of a period, in order of date.
func (r *Reader) Deals(id goals.OwnerID, p goals.Period) ([]Deal, error) {
	var list []Deal
	err := scan(r.kv, datedRange(id, tDeal, p), func(k []byte, d Deal) bool {
		d.Date, _ = splitDated(k, id, tDeal)
		list = append(list, d)
		return true
	})
	return list, err
}

// CheckIns lists the check-ins asked in the weeks that begin in the period.
func (r *Reader) CheckIns(id goals.OwnerID, p goals.Period) ([]goals.CheckIn, error) {
	var list []goals.CheckIn
	var bad error
	err := r.kv.Scan(datedRange(id, tCheckIn, p), func(k, v []byte) bool {
		var rec checkInRecord
		rec, bad = r.memos.checkIns.decode(k, v)
		list = append(list, goals.CheckIn(rec))
		return bad == nil
	})
	if bad != nil {
		return nil, bad
	}
	return list, err
}

// CheckIn reads the check-in asked in the week of this Monday.
func (r *Reader) CheckIn(id goals.OwnerID, monday goals.Date) (goals.CheckIn, bool, error) {
	rec, found, err := get[checkInRecord](r.kv, datedKey(id, tCheckIn, monday, ""))
	return goals.CheckIn(rec), found, err
}

func datedRange(id goals.OwnerID, table string, p goals.Period) kv.Range {
	return kv.Range{Lo: datedKey(id, table, p.From, ""), Hi: datedKey(id, table, p.To+1, "")}
}

// Ever is every date that can be stored.
var Ever = goals.Period{From: -1 << 30, To: 1 << 30}
