package storage

import (
	"bytes"
	"fmt"

	"payoff/goals"
	"payoff/storage/kv"
)

// A WhatIf is an owner's question what would come of moving time from one channel to another, with
// what was expected and how things stood, to be looked back on.
type WhatIf struct {
	Asked   goals.Date      `json:"asked"`
	From    goals.ChannelID `json:"from,omitempty"` // empty: it is time on top
	To      goals.ChannelID `json:"to"`
	Minutes int64           `json:"minutes"` // a week

	// What was expected: an evidence.Effect, and the change of revenue a week in minor units.
	Effect   string         `json:"effect"`
	Lo       int64          `json:"lo,omitempty"`
	Mid      int64          `json:"mid,omitempty"`
	Hi       int64          `json:"hi,omitempty"`
	Currency goals.Currency `json:"currency"`

	// Minutes a week of both in the four weeks before, over those with anything logged.
	FromTook int64 `json:"fromTook,omitempty"`
	ToTook   int64 `json:"toTook,omitempty"`

	LookedBack goals.Date `json:"lookedBack,omitzero"` // the week of the check-in that did
}

func whatIfKey(o goals.OwnerID, w WhatIf) []byte {
	return datedKey(o, tWhatIf, w.Asked, string(w.From)+"\x00"+string(w.To))
}

// PutWhatIf writes a what-if, in the place of one of that day and those channels.
func (tx *Tx) PutWhatIf(o goals.OwnerID, w WhatIf) error { return tx.put(whatIfKey(o, w), w) }

// RemoveWhatIf takes one away; that there is none is no error.
func (tx *Tx) RemoveWhatIf(o goals.OwnerID, w WhatIf) error {
	k := whatIfKey(o, w)
	before, err := tx.kv.Get(k)
	if err != nil || before == nil {
		return err
	}
	return tx.replace(k, before, nil)
}

// WhatIfs lists those asked in a period, in order of date.
func (r *Reader) WhatIfs(o goals.OwnerID, p goals.Period) ([]WhatIf, error) {
	var list []WhatIf
	err := scan(r.kv, datedRange(o, tWhatIf, p), func(_ []byte, w WhatIf) bool {
		list = append(list, w)
		return true
	})
	return list, err
}

// verifyWhatIfs looks for what-ifs of channels that are not there, or under another key.
func (r *Reader) verifyWhatIfs(o goals.Owner, channels map[goals.ChannelID]bool) (wrong []string, err error) {
	err = scan(r.kv, kv.Prefix(under("o", string(o.ID), tWhatIf)), func(k []byte, w WhatIf) bool {
		if !bytes.Equal(k, whatIfKey(o.ID, w)) {
			wrong = append(wrong, fmt.Sprintf("%s: what if of %s stands under another date or channel", o.Name, w.Asked))
		}
		if !channels[w.To] || w.From != "" && !channels[w.From] {
			wrong = append(wrong, fmt.Sprintf("%s: what if of %s is of a channel that is not there", o.Name, w.Asked))
		}
		return true
	})
	return wrong, err
}
