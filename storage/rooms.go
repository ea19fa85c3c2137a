package storage

import (
	"errors"

	"payoff/goals"
	"payoff/storage/kv"
)

// What is kept of a space for its leaderboard.
const (
	tRoom   = "r"
	tPosted = "p"
)

type roomRecord struct {
	Room string `json:"room"`
}

// PutRoom sets the room in which a space's leaderboard is posted; "" is nowhere.
func (tx *Tx) PutRoom(platform, space, room string) error {
	return tx.put(key("b", platform, space, tRoom), roomRecord{room})
}

// Room is where a space's leaderboard is posted; "" is nowhere. Teams once had one space and
// one room, kept with the team: that is the room of its first space until one is set.
func (r *Reader) Room(platform, space string) (string, error) {
	rec, found, err := get[roomRecord](r.kv, key("b", platform, space, tRoom))
	if err != nil || found {
		return rec.Room, err
	}
	id, err := r.TeamOf(platform, space)
	if err != nil || id == "" {
		return "", err
	}
	team, err := r.Team(id)
	if errors.Is(err, ErrMissing) || err == nil && team.Room == "" {
		return "", nil
	}
	spaces, err := r.Spaces(id)
	if err != nil || len(spaces) == 0 || spaces[0].Platform != platform || spaces[0].Space != space {
		return "", err
	}
	return team.Room, nil
}

// A Posted is the newest leaderboard of a space: what it takes to edit it.
type Posted struct {
	Key    string     `json:"key"` // in the outbox, where its receipt is
	Season goals.Date `json:"season"`
	Room   string     `json:"room"`
	Edits  int        `json:"edits,omitempty"` // that were due so far
	Shown  string     `json:"shown,omitempty"` // a fingerprint of what stands there; "" is not known
}

// PutPosted remembers a space's newest leaderboard.
func (tx *Tx) PutPosted(platform, space string, p Posted) error {
	return tx.set(key("b", platform, space, tPosted), p)
}

// DropPosted forgets it: it stays as it is.
func (tx *Tx) DropPosted(platform, space string) error {
	return tx.kv.Delete(key("b", platform, space, tPosted))
}

// Posted is a space's newest leaderboard; found is false when none is edited.
func (r *Reader) Posted(platform, space string) (p Posted, found bool, err error) {
	return get[Posted](r.kv, key("b", platform, space, tPosted))
}

// Sent reads a message that was sent or given up.
func (r *Reader) Sent(k string) (Outgoing, bool, error) { return get[Outgoing](r.kv, key("r", k)) }

func (tx *Tx) forgetRooms(platform, space string) error {
	return tx.deleteAll(kv.Prefix(under("b", platform, space)), nil)
}
