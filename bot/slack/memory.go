package slack

import (
	"container/list"
	"sync"
)

// How many of each a workspace remembers. What was forgotten is asked for again.
const (
	rememberedPeople   = 4000
	rememberedRooms    = 4000
	rememberedSends    = 4000
	rememberedPictures = 500
)

// A memory keeps what was used last, up to a number of things.
type memory[K comparable, V any] struct {
	mu    sync.Mutex
	most  int
	byKey map[K]*list.Element
	order *list.List // of entries, the last used in front
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newMemory[K comparable, V any](most int) *memory[K, V] {
	return &memory[K, V]{most: most, byKey: map[K]*list.Element{}, order: list.New()}
}

func (m *memory[K, V]) get(key K) (value V, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.byKey[key]
	if !ok {
		return value, false
	}
	m.order.MoveToFront(e)
	return e.Value.(*entry[K, V]).value, true
}

func (m *memory[K, V]) put(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(key, value)
}

// or is what is kept under key; where that is nothing, what create makes is kept.
func (m *memory[K, V]) or(key K, create func() V) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.byKey[key]; ok {
		m.order.MoveToFront(e)
		return e.Value.(*entry[K, V]).value
	}
	value := create()
	m.set(key, value)
	return value
}

func (m *memory[K, V]) set(key K, value V) {
	if e, ok := m.byKey[key]; ok {
		e.Value.(*entry[K, V]).value = value
		m.order.MoveToFront(e)
		return
	}
	m.byKey[key] = m.order.PushFront(&entry[K, V]{key, value})
	if m.order.Len() > m.most {
		oldest := m.order.Remove(m.order.Back()).(*entry[K, V])
		delete(m.byKey, oldest.key)
	}
}

// dropIf forgets what a condition holds for.
func (m *memory[K, V]) dropIf(condition func(V) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, e := range m.byKey {
		if condition(e.Value.(*entry[K, V]).value) {
			m.order.Remove(e)
			delete(m.byKey, key)
		}
	}
}
