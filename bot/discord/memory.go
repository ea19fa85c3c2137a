package discord

import (
	"container/list"
	"sync"
	"time"
)

// A token lives fifteen minutes, and an interaction is brought again sooner than that or never.
// https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
const takenFor = 20 * time.Minute

// mostRecent bounds each list of what is known while payoff runs.
const mostRecent = 100_000

// memory is what is known while payoff runs, and is looked up again after that. The zero value
// knows nothing.
type memory struct {
	taken   recent[string, struct{}] // interactions, by id
	forms   recent[string, []byte]   // those that are not, or no more, in Memory
	calls   recent[string, struct{}] // digests of calls that are in Memory
	filling [64]sync.Mutex           // one form's changes come one after the other
}

// A recent keeps values each for its time. Where there are too many, those put first go first.
type recent[K comparable, V any] struct {
	mu    sync.Mutex
	byKey map[K]*list.Element
	order list.List // of recalled, put first in front
}

type recalled[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

// get is the value of a key, unless its time is over.
func (r *recent[K, V]) get(key K, now time.Time) (value V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.byKey[key]
	if !ok || !now.Before(e.Value.(recalled[K, V]).until) {
		return value, false
	}
	return e.Value.(recalled[K, V]).value, true
}

// put keeps a value for a time; added is false when the key had one.
func (r *recent[K, V]) put(key K, value V, now time.Time, keep time.Duration) (added bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for e := r.order.Front(); e != nil && (r.order.Len() >= mostRecent || !now.Before(e.Value.(recalled[K, V]).until)); e = r.order.Front() {
		r.remove(e)
	}
	old, had := r.byKey[key]
	if had {
		had = now.Before(old.Value.(recalled[K, V]).until)
		r.remove(old)
	}
	if r.byKey == nil {
		r.byKey = map[K]*list.Element{}
	}
	r.byKey[key] = r.order.PushBack(recalled[K, V]{key, value, now.Add(keep)})
	return !had
}

func (r *recent[K, V]) drop(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.byKey[key]; ok {
		r.remove(e)
	}
}

func (r *recent[K, V]) remove(e *list.Element) {
	delete(r.byKey, r.order.Remove(e).(recalled[K, V]).key)
}
