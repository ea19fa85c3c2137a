package storage

import (
	"time"

	"payoff/storage/kv"
)

// A keptRecord is a small value that a platform's adapter wants to find again after a restart.
type keptRecord struct {
	Value []byte    `json:"value"`
	Until time.Time `json:"until,omitzero"` // the zero time is for good
}

// Keep keeps a value of a platform until a time, the zero time for good; a nil value forgets it.
func (tx *Tx) Keep(platform, name string, value []byte, until time.Time) error {
	if value == nil {
		return tx.kv.Delete(key("k", platform, name))
	}
	return tx.set(key("k", platform, name), keptRecord{value, until.UTC()})
}

// Kept is a value of a platform; found is false when there is none, or none any more.
func (r *Reader) Kept(platform, name string, now time.Time) (value []byte, found bool, err error) {
	rec, found, err := get[keptRecord](r.kv, key("k", platform, name))
	if err != nil || !found || rec.over(now) {
		return nil, false, err
	}
	return rec.Value, true, nil
}

// ForgetKept deletes what was kept until a time before now.
func (tx *Tx) ForgetKept(now time.Time) error {
	return tx.deleteAll(kv.Prefix(under("k")), func(_, v []byte) bool {
		var rec keptRecord
		return decode(v, &rec) == nil && rec.over(now)
	})
}

func (rec keptRecord) over(now time.Time) bool { return !rec.Until.IsZero() && !now.Before(rec.Until) }
