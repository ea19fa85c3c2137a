package storage

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"payoff/goals"
)

func whatIfs() *rapid.Generator[WhatIf] {
	return rapid.Custom(func(t *rapid.T) WhatIf {
		id := rapid.SampledFrom([]goals.ChannelID{"", "bni", "li"})
		return WhatIf{
			Asked: dates().Draw(t, "asked"), From: id.Draw(t, "from"), To: "bni", Minutes: rapid.Int64().Draw(t, "minutes"),
			Effect: words().Draw(t, "effect"), Lo: rapid.Int64().Draw(t, "lo"), Mid: rapid.Int64().Draw(t, "mid"), Hi: rapid.Int64().Draw(t, "hi"), Currency: "JPY",
			FromTook: rapid.Int64().Draw(t, "from took"), ToTook: rapid.Int64().Draw(t, "to took"), LookedBack: dates().Draw(t, "looked back"),
		}
	})
}

func TestWhatIfsRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		want := whatIfs().Draw(t, "what if")
		var on, after, gone []WhatIf
		err := scratch(db, func(tx *Tx) error {
			var err1, err2, err3 error
			err := tx.PutWhatIf("sam", want)
			on, err1 = tx.WhatIfs("sam", goals.Period{From: want.Asked, To: want.Asked})
			after, err2 = tx.WhatIfs("sam", goals.Period{From: want.Asked + 1, To: want.Asked + 9})
			err = errors.Join(err, tx.RemoveWhatIf("sam", want), tx.RemoveWhatIf("sam", want))
			gone, err3 = tx.WhatIfs("sam", Ever)
			return errors.Join(err, err1, err2, err3)
		})
		check(t, err, on, []WhatIf{want})
		check(t, err, append(after, gone...), nil)
	})
}

// TestWhatIfUndone: one that took the place of another gives way to it again.
func TestWhatIfUndone(t *testing.T) {
	db, j := open(t), Journal{Owner: "sam"}
	old, later := WhatIf{Asked: 5, From: "li", To: "bni", Minutes: 60}, WhatIf{Asked: 7, From: "li", To: "bni", Minutes: 120}
	update(t, db, func(tx *Tx) error { return errors.Join(member(tx, "T", "sam", "Sam"), tx.PutWhatIf("sam", old)) })
	before := dump(t, db)
	update(t, db, func(tx *Tx) error {
		err := errors.Join(tx.RemoveWhatIf("sam", old), tx.PutWhatIf("sam", later))
		_, err2 := tx.Write(j, Entry{ID: "1"})
		return errors.Join(err, err2)
	})
	update(t, db, func(tx *Tx) error {
		entry, _, err := tx.Entry(j, "1")
		return errors.Join(err, tx.Revert(j, entry, "2"))
	})
	same(t, "after the undo", primary(dump(t, db)), primary(before))
}
