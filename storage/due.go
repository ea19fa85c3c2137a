package storage

import (
	"bytes"
	"time"

	"payoff/storage/kv"
)

// A Due is something that must happen at a time. There is at most one of each What for a
// subject; finding what is due costs what is due, not what exists.
type Due struct {
	What    string // "checkin", "reminder", "board"
	Subject string // an owner or a team
	At      time.Time
}

// SetDue sets when something is next due; the zero time means it is not.
func (tx *Tx) SetDue(d Due) error {
	at := key("v", d.What, d.Subject)
	old, err := tx.kv.Get(at)
	if err != nil || old == nil && d.At.IsZero() {
		return err
	}
	if old != nil {
		if err := tx.kv.Delete(dueKey(keyTime(old), d)); err != nil {
			return err
		}
	}
	if d.At.IsZero() {
		return tx.kv.Delete(at)
	}
	if err := tx.kv.Set(at, []byte(timeKey(d.At))); err != nil {
		return err
	}
	return tx.kv.Set(dueKey(d.At, d), []byte{})
}

// TakeDue takes away what is due, and reports whether it was still there, due when d says.
func (tx *Tx) TakeDue(d Due) (bool, error) {
	at := key("v", d.What, d.Subject)
	planned, err := tx.kv.Get(at)
	if err != nil || !bytes.Equal(planned, []byte(timeKey(d.At))) {
		return false, err
	}
	if err := tx.kv.Delete(dueKey(d.At, d)); err != nil {
		return false, err
	}
	return true, tx.kv.Delete(at)
}

// DueAt is when something is due; the zero time when it is not.
func (r *Reader) DueAt(what, subject string) (time.Time, error) {
	b, err := r.kv.Get(key("v", what, subject))
	if err != nil || b == nil {
		return time.Time{}, err
	}
	return keyTime(b), nil
}

// Dues reads what is due up to a time, earliest first, until yield returns false.
func (r *Reader) Dues(until time.Time, yield func(Due) bool) error {
	lo := under("u")
	hi := append(under("u"), timeKey(until.Add(time.Second))...)
	return r.kv.Scan(kv.Range{Lo: lo, Hi: hi}, func(k, _ []byte) bool {
		rest := k[len(lo):]
		what, subject, _ := bytes.Cut(rest[9:], []byte{0})
		return yield(Due{What: string(what), Subject: string(subject), At: keyTime(rest[:8])})
	})
}

func (tx *Tx) forgetDue(of func(subject string) bool) error {
	var dues []Due
	lo := under("v")
	err := tx.kv.Scan(kv.Prefix(lo), func(k, _ []byte) bool {
		what, subject, _ := bytes.Cut(k[len(lo):], []byte{0})
		if of(string(subject)) {
			dues = append(dues, Due{What: string(what), Subject: string(subject)})
		}
		return true
	})
	for _, d := range dues {
		if err == nil {
			err = tx.SetDue(d)
		}
	}
	return err
}

func dueKey(at time.Time, d Due) []byte { return key("u", timeKey(at), d.What, d.Subject) }
