package storage

import (
	"encoding/binary"
	"time"

	"payoff/goals"
)

// The layout of keys. The parts of a key are separated by a zero byte, which no part may
// hold; dates and times are big-endian with the sign bit turned, so that they sort.
//
//	m schema                          the layout's version
//	m set NAME                        a setting of the program itself
//	t TEAM                            team
//	n TEAM w OWNER                    membership
//	n TEAM s PLATFORM SPACE           the team's spaces
//	n TEAM l ENTRY                    journal of the team's settings
//	n TEAM j TEAM                     a team that was joined into this one
//	n TEAM a OWNER                    an owner kept aside, whose accounts are another's now
//	s PLATFORM SPACE                  -> team
//	x PLATFORM SPACE                  payoff was removed from there, and since when
//	i PLATFORM SPACE                  install: the token, sealed, and what it may do
//	k PLATFORM NAME                   a value that the platform's adapter keeps, until a time
//	b PLATFORM SPACE r                the room in which the space's leaderboard is posted
//	b PLATFORM SPACE p                the newest leaderboard posted there
//	p PLATFORM SPACE PERSON           -> owner
//	o OWNER r                         owner
//	o OWNER p PLATFORM SPACE          -> the owner's id there: where to reach them
//	o OWNER e PLATFORM SPACE          that they cannot be reached there, or in which room
//	o OWNER z PLATFORM SPACE          the zone they are in, as they say there
//	o OWNER g GOAL                    goal
//	o OWNER j OBJECTIVE               objective
//	o OWNER a DATE ACTIVITY           activity
//	o OWNER w MONDAY CHANNEL          totals of a week          (derived from a)
//	o OWNER d DATE ACTIVITY           dated deals and revenue   (derived from a)
//	o OWNER c MONDAY                  check-in
//	o OWNER h DATE FROM TO            what if hours went from a channel to another, as asked that day
//	o OWNER k                         codes they typed, and what they are to choose
//	o OWNER l ENTRY                   journal
//	c DIGEST                          a code that joins teams or accounts, by its digest
//	e DAY EVENT                       digest of an event that was handled -> its journal entry
//	u TIME WHAT SUBJECT               what is due
//	v WHAT SUBJECT                    -> when it is due
//	q KEY                             outbox: still to be sent
//	r KEY                             outbox: sent, or given up
//	y PLATFORM SPACE TO TIME KEY      outbox: the line of a recipient -> from when on it may be sent  (derived from q)
//	z PLATFORM SPACE TIME KEY         outbox: the first of each line, by that time                    (derived from y)
//
// All that an owner has lies under one prefix, which is what forgetting them deletes. Of a team
// that is n TEAM, its members and its spaces.
var schemaKey = key("m", "schema")

// A table names the kind of record a key holds.
const (
	tOwner     = "r"
	tPerson    = "p"
	tReach     = "e"
	tZone      = "z"
	tGoal      = "g"
	tObjective = "j"
	tActivity  = "a"
	tTotal     = "w"
	tDeal      = "d"
	tCheckIn   = "c"
	tWhatIf    = "h"
	tJournal   = "l"
	tMember    = "w" // of a team
	tSpace     = "s" // of a team
	tJoined    = "j" // of a team
	tAside     = "a" // of a team
	tLinking   = "k"
)

// key joins parts by zero bytes.
func key(parts ...string) []byte {
	n := len(parts)
	for _, p := range parts {
		n += len(p)
	}
	k := make([]byte, 0, n)
	for i, p := range parts {
		if i > 0 {
			k = append(k, 0)
		}
		k = append(k, p...)
	}
	return k
}

// under is the prefix of all keys below these parts.
func under(parts ...string) []byte { return append(key(parts...), 0) }

// ownerKey is a key of an owner's table.
func ownerKey(o goals.OwnerID, table string, rest ...string) []byte {
	return key(append([]string{"o", string(o), table}, rest...)...)
}

// datedKey is a key of an owner's table that is ordered by date. The date is four bytes
// that may be zero, so the id after them starts at a fixed place instead of a separator.
func datedKey(o goals.OwnerID, table string, d goals.Date, id string) []byte {
	k := append(under("o", string(o), table), 0, 0, 0, 0)
	binary.BigEndian.PutUint32(k[len(k)-4:], sortable(d))
	return append(k, id...)
}

// splitDated takes the date and the id off the end of a dated key.
func splitDated(k []byte, o goals.OwnerID, table string) (goals.Date, string) {
	rest := k[len(under("o", string(o), table)):]
	return unsortable(binary.BigEndian.Uint32(rest)), string(rest[4:])
}

func sortable(d goals.Date) uint32   { return uint32(d) ^ 1<<31 }
func unsortable(u uint32) goals.Date { return goals.Date(u ^ 1<<31) }

// timeKey writes a time to the second, so that keys sort by it.
func timeKey(t time.Time) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(t.Unix())^1<<63)
	return string(b[:])
}

func keyTime(b []byte) time.Time {
	return time.Unix(int64(binary.BigEndian.Uint64(b)^1<<63), 0).UTC()
}
