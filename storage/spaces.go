package storage

import (
	"bytes"
	"time"

	"payoff/goals"
	"payoff/storage/kv"
)

// An Install is payoff in one space of a platform that hands out a token for each: a Slack
// workspace, or a whole organisation. It is kept apart from the team, which comes when the
// first person does.
type Install struct {
	Platform string    `json:"platform"`
	Space    string    `json:"space"`
	Org      string    `json:"org,omitempty"` // by which it came there, if it was not by itself
	Name     string    `json:"name,omitempty"`
	Bot      string    `json:"bot,omitempty"` // payoff's own id there
	Sealed   []byte    `json:"sealed"`        // the token, encrypted by who put it here
	Scopes   []string  `json:"scopes,omitempty"`
	At       time.Time `json:"at"`
}

// PutInstall writes an install, in the place of that of its space if there was one.
func (tx *Tx) PutInstall(in Install) error { return tx.set(key("i", in.Platform, in.Space), in) }

// DeleteInstall forgets that of a space; that there is none is no error.
func (tx *Tx) DeleteInstall(platform, space string) error {
	return tx.kv.Delete(key("i", platform, space))
}

// Install is that of a space; found is false when there is none.
func (r *Reader) Install(platform, space string) (in Install, found bool, err error) {
	return get[Install](r.kv, key("i", platform, space))
}

// Installs lists those of a platform, in the order of their spaces.
func (r *Reader) Installs(platform string) ([]Install, error) {
	var list []Install
	err := scan(r.kv, kv.Prefix(under("i", platform)), func(_ []byte, in Install) bool {
		list = append(list, in)
		return true
	})
	return list, err
}

// A Left is a space that payoff was removed from.
type Left struct {
	Platform, Space string
	Since           time.Time
}

type leftRecord struct {
	Since time.Time `json:"since"`
}

// SetLeft marks that payoff was removed from a space; the zero time takes the mark off.
func (tx *Tx) SetLeft(platform, space string, since time.Time) error {
	k := key("x", platform, space)
	if since.IsZero() {
		return tx.kv.Delete(k)
	}
	return tx.set(k, leftRecord{since.UTC()})
}

// LeftSince is when payoff was removed from a space; the zero time when it was not.
func (r *Reader) LeftSince(platform, space string) (time.Time, error) {
	rec, _, err := get[leftRecord](r.kv, key("x", platform, space))
	return rec.Since, err
}

// LeftSpaces lists the spaces that payoff was removed from.
func (r *Reader) LeftSpaces() ([]Left, error) {
	var list []Left
	prefix := under("x")
	err := scan(r.kv, kv.Prefix(prefix), func(k []byte, rec leftRecord) bool {
		platform, space, _ := bytes.Cut(k[len(prefix):], []byte{0})
		list = append(list, Left{string(platform), string(space), rec.Since})
		return true
	})
	return list, err
}

// A Whereabouts is the zone that a platform says an owner is in.
type Whereabouts struct {
	Zone     string   `json:"zone"`
	Ask      bool     `json:"ask,omitempty"`      // the owner is still to be asked about it
	Declined []string `json:"declined,omitempty"` // zones that their days are not to follow to
}

// PutWhereabouts writes where a platform says an owner is. The journal need not know: nobody
// has done it.
func (tx *Tx) PutWhereabouts(o goals.OwnerID, platform, space string, w Whereabouts) error {
	return tx.set(ownerKey(o, tZone, platform, space), w)
}

// Whereabouts is where a platform says an owner is; empty when it never did.
func (r *Reader) Whereabouts(o goals.OwnerID, platform, space string) (Whereabouts, error) {
	w, _, err := get[Whereabouts](r.kv, ownerKey(o, tZone, platform, space))
	return w, err
}
