package storage

import (
	"bytes"
	"context"
	"fmt"

	"payoff/goals"
	"payoff/storage/kv"
)

// Verify reads every record and checks that what is derived equals what it is derived from.
// It returns a line for each thing that is wrong, at most a hundred.
func (db *DB) Verify(ctx context.Context) ([]string, error) {
	var wrong []string
	err := db.View(ctx, func(r *Reader) error {
		wrong = nil
		teams, err := r.Teams()
		if err != nil {
			return err
		}
		for _, t := range teams {
			owners, err := r.Members(t.ID)
			if err != nil {
				return err
			}
			for _, o := range owners {
				found, err := r.verifyOwner(o)
				if err != nil {
					return err
				}
				wrong = append(wrong, found...)
			}
		}
		return nil
	})
	if len(wrong) > 100 {
		wrong = append(wrong[:100], fmt.Sprintf("and %d more", len(wrong)-100))
	}
	return wrong, err
}

// verifyOwner derives totals and dated revenue anew and compares.
func (r *Reader) verifyOwner(o goals.OwnerID) (wrong []string, err error) {
	owner, err := r.Owner(o)
	if err != nil {
		return nil, err
	}
	totals, deals := map[string]Total{}, map[string]Deal{}
	err = scan(r.kv, kv.Prefix(under("o", string(o), tActivity)), func(k []byte, a activityRecord) bool {
		tk := string(datedKey(o, tTotal, a.Date.Monday(), string(a.Channel)))
		t := totals[tk]
		t.Activities, t.Amounts = t.Activities+1, t.Amounts.Plus(a.Amounts)
		totals[tk] = t
		if a.Amounts[goals.Deals] != 0 || a.Amounts[goals.Revenue] != 0 {
			deals[string(datedKey(o, tDeal, a.Date, string(a.ID)))] = Deal{Channel: a.Channel, Deals: a.Amounts[goals.Deals], Revenue: a.Amounts[goals.Revenue]}
		}
		if !bytes.Equal(k, datedKey(o, tActivity, a.Date, string(a.ID))) {
			wrong = append(wrong, fmt.Sprintf("%s: activity %s stands under another date or id", owner.Name, a.ID))
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	found, err := compare(r, under("o", string(o), tTotal), totals)
	for _, what := range found {
		wrong = append(wrong, owner.Name+": weekly total "+what)
	}
	if err != nil {
		return wrong, err
	}
	found, err = compare(r, under("o", string(o), tDeal), deals)
	for _, what := range found {
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

// Setting is a value that the program keeps for itself; "" when it was never set.
func (r *Reader) Setting(name string) (string, error) {
	b, err := r.kv.Get(key("m", "set", name))
	return string(b), err
}

// PutSetting keeps a value for the program itself.
func (tx *Tx) PutSetting(name, value string) error {
	return tx.kv.Set(key("m", "set", name), []byte(value))
}
