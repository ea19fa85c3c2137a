package discordtest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A Memory is what an adapter keeps over a restart, held in a map. It does not forget by
// itself when the test's clock is not the wall clock: Now is the clock that it goes by.
type Memory struct {
	Now func() time.Time

	mu   sync.Mutex
	kept map[string]kept
}

type kept struct {
	value []byte
	until time.Time
}

// Memory is an empty one that goes by Discord's clock.
func (d *Discord) Memory() *Memory {
	return &Memory{Now: func() time.Time {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.now()
	}}
}

// Recall is the value of a key; found is false when there is none, or none any more.
func (m *Memory) Recall(ctx context.Context, key string) (value []byte, found bool, err error) {
	now := m.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	k, found := m.kept[key]
	if err := ctx.Err(); err != nil || !found || !k.until.IsZero() && !now.Before(k.until) {
		return nil, false, err
	}
	return slices.Clone(k.value), true, nil
}

// Remember keeps a value until a time, the zero time for good. A nil value forgets the key.
func (m *Memory) Remember(ctx context.Context, key string, value []byte, until time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[string]kept{}
	}
	if m.kept[key] = (kept{slices.Clone(value), until}); value == nil {
		delete(m.kept, key)
	}
	return nil
}

// Keys are those of all that is kept, in order.
func (m *Memory) Keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for key := range m.kept {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
