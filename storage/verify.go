package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"payoff/goals"
	"payoff/storage/kv"
)

// maxWrong is how many lines Verify returns: who reads them needs to see of what kind they are.
const maxWrong = 100

// Verify reads every record and checks that what is derived equals what it is derived from,
// and that what is referred to is there. It returns a line for each thing that is wrong, at
// most a hundred. A record that cannot be read is an error.
func (db *DB) Verify(ctx context.Context) ([]string, error) {
	var wrong []string
	err := db.View(ctx, func(r *Reader) (err error) {
		wrong, err = r.verify()
		return err
	})
	if n := len(wrong); n > maxWrong {
		wrong = append(wrong[:maxWrong], fmt.Sprintf("and %d more", n-maxWrong))
	}
	return wrong, err
}

// there is what records may refer to.
type there struct {
	teams  map[goals.TeamID]bool
	owners map[goals.OwnerID]bool
}

func (r *Reader) verify() (wrong []string, err error) {
	teams, err := r.Teams()
	if err != nil {
		return nil, err
	}
	are := there{map[goals.TeamID]bool{}, map[goals.OwnerID]bool{}}
	for _, t := range teams {
		are.teams[t.ID] = true
		owners, err := r.ownersOf(t.ID)
		if err != nil {
			return nil, err
		}
		for _, o := range owners {
			are.owners[o] = true
			found, err := r.verifyOwner(o)
			if err != nil {
				return nil, err
			}
			wrong = append(wrong, found...)
		}
	}
	for _, check := range []func(there) ([]string, error){
		r.verifyOwners, r.verifyPeople, r.verifySpaces, r.verifyTeams, r.verifyDue, r.verifyOutbox, r.verifyQueues, r.verifyLinks,
	} {
		found, err := check(are)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, found...)
	}
	return wrong, nil
}

// verifyOwner derives totals and dated revenue anew and compares.
func (r *Reader) verifyOwner(o goals.OwnerID) (wrong []string, err error) {
	owner, err := r.Owner(o)
	if errors.Is(err, ErrMissing) {
		return []string{fmt.Sprintf("member %s: there is no such owner", o)}, nil
	}
	if err != nil {
		return nil, err
	}
	channels := map[goals.ChannelID]bool{}
	for _, ch := range owner.Channels {
		channels[ch.ID] = true
	}
	totals, deals := map[string]Total{}, map[string]Deal{}
	err = scan(r.kv, kv.Prefix(under("o", string(o), tActivity)), func(k []byte, a activityRecord) bool {
		tk := string(datedKey(o, tTotal, a.Date.Monday(), string(a.Channel)))
		t := totals[tk]
		t.Activities, t.Amounts = t.Activities+1, t.Amounts.Plus(a.Amounts)
		totals[tk] = t
		if d := dealOf(goals.Activity(a)); d != (Deal{Channel: a.Channel}) {
			deals[string(datedKey(o, tDeal, a.Date, string(a.ID)))] = d
		}
		if !bytes.Equal(k, datedKey(o, tActivity, a.Date, string(a.ID))) {
			wrong = append(wrong, fmt.Sprintf("%s: activity %s stands under another date or id", owner.Name, a.ID))
		}
		if !channels[a.Channel] {
			wrong = append(wrong, fmt.Sprintf("%s: activity %s is of a channel that is not there", owner.Name, a.ID))
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	inWhatIfs, err := r.verifyWhatIfs(owner, channels)
	if err != nil {
		return nil, err
	}
	wrong = append(wrong, inWhatIfs...)
	inTotals, err := compare(r, under("o", string(o), tTotal), totals)
	if err != nil {
		return nil, err
	}
	inDeals, err := compare(r, under("o", string(o), tDeal), deals)
	for _, what := range inTotals {
		wrong = append(wrong, owner.Name+": weekly total "+what)
	}
	for _, what := range inDeals {
		wrong = append(wrong, owner.Name+": dated revenue "+what)
	}
	return wrong, err
}

// compare holds the records below a prefix against what they should be, by key.
func compare[R comparable](r *Reader, prefix []byte, want map[string]R) (wrong []string, err error) {
	err = scan(r.kv, kv.Prefix(prefix), func(k []byte, got R) bool {
		if w, ok := want[string(k)]; !ok || w != got {
			wrong = append(wrong, fmt.Sprintf("at %x is not what the activities come to", k[len(prefix):]))
		}
		delete(want, string(k))
		return true
	})
	for k := range want {
		wrong = append(wrong, fmt.Sprintf("at %x is missing", k[len(prefix):]))
	}
	return wrong, err
}

// verifyOwners looks for owners who are in no team. It jumps from owner to owner.
func (r *Reader) verifyOwners(are there) (wrong []string, err error) {
	all := kv.Prefix(under("o"))
	for lo := all.Lo; lo != nil; {
		var id goals.OwnerID
		err := r.kv.Scan(kv.Range{Lo: lo, Hi: all.Hi}, func(k, _ []byte) bool {
			owner, _, _ := bytes.Cut(k[len(all.Lo):], []byte{0})
			id = goals.OwnerID(owner)
			return false
		})
		if err != nil || id == "" {
			return wrong, err
		}
		if !are.owners[id] {
			wrong = append(wrong, fmt.Sprintf("owner %s is in no team", id))
		}
		lo = kv.Prefix(under("o", string(id))).Hi
	}
	return wrong, nil
}

// verifyPeople looks for people whom their owner does not know.
func (r *Reader) verifyPeople(there) (wrong []string, err error) {
	prefix := under("p")
	err = r.kv.Scan(kv.Prefix(prefix), func(k, owner []byte) bool {
		parts := bytes.SplitN(k[len(prefix):], []byte{0}, 3)
		if len(parts) != 3 {
			wrong = append(wrong, fmt.Sprintf("person %q is under no key of ours", k))
			return true
		}
		id, bad := r.kv.Get(ownerKey(goals.OwnerID(owner), tPerson, string(parts[0]), string(parts[1])))
		if bad == nil && !bytes.Equal(id, parts[2]) {
			wrong = append(wrong, fmt.Sprintf("person %s of %s %s is not known to their owner", parts[2], parts[0], parts[1]))
		}
		return true
	})
	return wrong, err
}
