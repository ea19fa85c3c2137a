package storage

import (
	"bytes"
	"fmt"
	"slices"
	"sync"

	"payoff/goals"
	"payoff/storage/kv"
)

// The records that every use case reads, of owners, teams, goals and check-ins, seldom change, and to
// decode them took a third of the time of a log. A memo keeps what their bytes were decoded
// to. It holds no state of its own: the bytes are still read each time, in the transaction,
// and only equal ones are spared the decoding.
type memo[R any] struct {
	mu sync.RWMutex
	by map[string]remembered[R] // by key
}

type remembered[R any] struct {
	stored []byte
	rec    R
}

// maxRemembered is how many records a memo holds before it begins anew: some megabytes.
const maxRemembered = 4096

// decode is what the value under a key is. What it refers to is shared: see the callers.
func (m *memo[R]) decode(k, v []byte) (rec R, err error) {
	m.mu.RLock()
	kept, found := m.by[string(k)]
	m.mu.RUnlock()
	if found && bytes.Equal(kept.stored, v) {
		return kept.rec, nil
	}
	if err := decode(v, &rec); err != nil {
		return rec, fmt.Errorf("read %q: %w", k, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.by == nil || len(m.by) >= maxRemembered {
		m.by = map[string]remembered[R]{}
	}
	m.by[string(k)] = remembered[R]{clone(v), rec}
	return rec, nil
}

// recall is get by way of a memo.
func recall[R any](r kv.Reader, m *memo[R], k []byte) (rec R, found bool, err error) {
	v, err := r.Get(k)
	if err != nil || v == nil {
		return rec, false, err
	}
	rec, err = m.decode(k, v)
	return rec, err == nil, err
}

// memos are those of a database.
type memos struct {
	owners memo[ownerRecord]
	teams  memo[teamRecord]
	goals  memo[goalRecord]
	// A check-in is read several times while the next one is claimed.
	checkIns memo[checkInRecord]
}

// ownOwner copies what a caller may change in an owner.
func ownOwner(rec ownerRecord) goals.Owner {
	rec.Channels, rec.Breaks = slices.Clone(rec.Channels), slices.Clone(rec.Breaks)
	return goals.Owner(rec)
}

func ownTeam(rec teamRecord) goals.Team {
	rec.Boards = slices.Clone(rec.Boards)
	return goals.Team(rec)
}

func ownGoal(rec goalRecord) goals.Goal {
	rec.Targets = slices.Clone(rec.Targets)
	return goals.Goal(rec)
}
