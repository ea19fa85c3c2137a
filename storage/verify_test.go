package storage

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"payoff/goals"
	"payoff/storage/kv"
)

// What the faults are planted in: one line of Sam's, with what is derived from it.
var (
	samsLine  = goals.Activity{ID: "A", Channel: "bni", Date: goals.NewDate(2026, 11, 19), Amounts: goals.Amounts{goals.Hours: 60, goals.Revenue: 5}}
	samsWeek  = samsLine.Date.Monday()
	samsTotal = datedKey("sam", tTotal, samsWeek, "bni")
	samsDeal  = datedKey("sam", tDeal, samsLine.Date, "A")
	samsKey   = datedKey("sam", tActivity, samsLine.Date, "A")
)

func move(tx *Tx, from, to []byte) error {
	v, err := tx.kv.Get(from)
	return errors.Join(err, tx.kv.Set(to, v), tx.kv.Delete(from))
}

var faults = []struct {
	name  string
	plant func(tx *Tx) error
	want  string
}{
	{"nothing", func(*Tx) error { return nil }, ""},
	{"total gone", func(tx *Tx) error { return tx.kv.Delete(samsTotal) }, "Sam: weekly total at"},
	{"total wrong", func(tx *Tx) error { return tx.set(samsTotal, Total{Activities: 1}) }, "Sam: weekly total at"},
	{"total of too many lines", func(tx *Tx) error { return tx.set(samsTotal, Total{Activities: 2, Amounts: samsLine.Amounts}) }, "Sam: weekly total at"},
	{"total of no line", func(tx *Tx) error { return tx.set(datedKey("sam", tTotal, samsWeek-7, "bni"), Total{}) }, "Sam: weekly total at"},
	{"deal gone", func(tx *Tx) error { return tx.kv.Delete(samsDeal) }, "Sam: dated revenue at"},
	{"deal wrong", func(tx *Tx) error { return tx.set(samsDeal, Deal{Channel: "bni", Revenue: 6}) }, "Sam: dated revenue at"},
	{"deal of another channel", func(tx *Tx) error { return tx.set(samsDeal, Deal{Channel: "li", Revenue: 5}) }, "Sam: dated revenue at"},
	{"deal of no line", func(tx *Tx) error { return tx.set(datedKey("sam", tDeal, 9, "B"), Deal{Revenue: 5}) }, "Sam: dated revenue at"},
	{"line under another date", func(tx *Tx) error { return move(tx, samsKey, datedKey("sam", tActivity, samsLine.Date+1, "A")) }, "Sam: activity A stands under another date or id"},
	{"line under another id", func(tx *Tx) error { return move(tx, samsKey, datedKey("sam", tActivity, samsLine.Date, "B")) }, "Sam: activity A stands under another date or id"},
	{"line gone", func(tx *Tx) error { return tx.kv.Delete(samsKey) }, "Sam: weekly total at"},
	{"channel gone", func(tx *Tx) error { return tx.PutOwner(goals.Owner{ID: "sam", Name: "Sam"}) }, "Sam: activity A is of a channel that is not there"},
	{"what if of a channel that is gone", func(tx *Tx) error { return tx.PutWhatIf("sam", WhatIf{Asked: 9, From: "fb", To: "bni"}) }, "Sam: what if of"},
	{"what if under another date", func(tx *Tx) error {
		w := WhatIf{Asked: 9, From: "li", To: "bni"}
		return errors.Join(tx.PutWhatIf("sam", w), move(tx, whatIfKey("sam", w), datedKey("sam", tWhatIf, 8, "li\x00bni")))
	}, "Sam: what if of"},
	{"what if", func(tx *Tx) error { return tx.PutWhatIf("sam", WhatIf{Asked: 9, To: "bni"}) }, ""},
	{"owner gone", func(tx *Tx) error { return tx.kv.Delete(ownerKey("sam", tOwner)) }, "member sam: there is no such owner"},
	{"owner in no team", func(tx *Tx) error { return tx.kv.Delete(key("n", "T", tMember, "sam")) }, "owner sam is in no team"},
	{"owner of nothing", func(tx *Tx) error { return tx.PutGoal("zoe", goals.Goal{}) }, "owner zoe is in no team"},
	{"person unknown", func(tx *Tx) error { return tx.kv.Delete(ownerKey("sam", tPerson, "local", "space-T")) }, "person person-sam of local space-T is not known"},
	{"person of another", func(tx *Tx) error { return tx.kv.Set(key("p", "local", "space-T", "eve"), []byte("sam")) }, "person eve of local space-T is not known"},
	{"space of no team", func(tx *Tx) error { return tx.kv.Set(key("s", "slack", "T9"), []byte("nobody")) }, "space T9 of slack is of a team that is not there"},
	{"space its team does not know", func(tx *Tx) error { return tx.kv.Set(key("s", "slack", "T9"), []byte("T")) }, "space T9 of slack is not known to its team"},
	{"space of another team", func(tx *Tx) error { return tx.kv.Delete(key("s", "local", "space-T")) }, "is not that of team T"},
	{"left a space nobody knows", func(tx *Tx) error { return tx.SetLeft("slack", "T9", time.Unix(5, 0)) }, "space T9 of slack was left and is not known"},
	{"install under another space", func(tx *Tx) error {
		return tx.set(key("i", "slack", "T8"), Install{Platform: "slack", Space: "T9"})
	}, "install of T9 of slack stands under another space"},
	{"team gone", func(tx *Tx) error { return tx.kv.Delete(key("t", "T")) }, "is of a team that is not there"},
	{"due for nobody", func(tx *Tx) error { return tx.SetDue(Due{What: "checkin", Subject: "zoe", At: time.Unix(5, 0)}) }, "checkin is due for zoe, who is not there"},
	{"message to nobody", func(tx *Tx) error { return tx.Enqueue(Outgoing{Key: "K", Owner: "zoe"}) }, `message "K" is of somebody who is not there`},
	{"message of no team", func(tx *Tx) error { return tx.Enqueue(Outgoing{Key: "K", Team: "T9"}) }, `message "K" is of somebody who is not there`},
	{"message in no line", func(tx *Tx) error { return waiting(tx, "y", "") }, "is missing"},
	{"message in no queue", func(tx *Tx) error { return waiting(tx, "z", "") }, "is missing"},
	{"line of no message", func(tx *Tx) error { return waiting(tx, "q", "") }, "is not that of its messages"},
	{"queue of no line", func(tx *Tx) error { return waiting(tx, "", "z") }, "is not that of its messages"},
	{"due without a time", func(tx *Tx) error { return tx.kv.Delete(key("v", "checkin", "sam")) }, "due at"},
	{"due at no time", func(tx *Tx) error {
		return tx.deleteAll(kv.Prefix(under("u")), nil)
	}, "is missing"},
}

// TestVerifyFindsFaults plants one fault of each sort.
func TestVerifyFindsFaults(t *testing.T) {
	db := open(t)
	for _, tt := range faults {
		t.Run(tt.name, func(t *testing.T) {
			err := scratch(db, func(tx *Tx) error {
				due := Due{What: "checkin", Subject: "sam", At: samsLine.Date.Time()}
				if err := errors.Join(member(tx, "T", "sam", "Sam"), tx.AddActivity("sam", samsLine), tx.SetDue(due), tt.plant(tx)); err != nil {
					return err
				}
				wrong, err := tx.verify()
				if found := strings.Join(wrong, "\n"); !strings.Contains(found, tt.want) || (tt.want == "") != (found == "") {
					t.Errorf("Verify = %q, want %q", wrong, tt.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestVerifyIsBrief(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		err := member(tx, "T", "sam", "Sam")
		for d := range goals.Date(250) {
			err = errors.Join(err, tx.set(datedKey("sam", tTotal, d, "bni"), Total{}))
		}
		return err
	})
	wrong, err := db.Verify(context.Background())
	if err != nil || len(wrong) != maxWrong+1 || wrong[maxWrong] != "and 150 more" {
		t.Errorf("Verify = %d lines, the last %q, %v, want 101 and \"and 150 more\"", len(wrong), wrong[len(wrong)-1], err)
	}
}

func TestVerifyCannotRead(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		return errors.Join(member(tx, "T", "sam", "Sam"), tx.kv.Set(datedKey("sam", tActivity, 0, "A"), bytes.Repeat([]byte{9}, 9)))
	})
	if _, err := db.Verify(context.Background()); !errors.Is(err, ErrNewer) {
		t.Errorf("Verify = %v, want ErrNewer", err)
	}
}

// waiting puts a message of Sam's into the outbox, and then takes a table away or spoils one.
func waiting(tx *Tx, gone, spoilt string) error {
	err := tx.Enqueue(Outgoing{Key: "K", Owner: "sam", Team: "T", To: Contact{Platform: "local", Space: "space-T", Person: "person-sam"}})
	if gone != "" {
		err = errors.Join(err, tx.deleteAll(kv.Prefix(under(gone)), nil))
	}
	if spoilt != "" {
		err = errors.Join(err, tx.kv.Set(key(spoilt, "local", "space-T", "@person-sam"), []byte("elsewhere")))
	}
	return err
}
