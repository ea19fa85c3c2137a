package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"payoff/storage/kv"
)

// places are the "disks" of memory drivers, by path.
type places struct {
	mu    sync.Mutex
	disks map[string]*disk
}

func (p *places) open(place, fault string) *memory {
	if fault == "shares places" {
		place = ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.disks[place] == nil || fault == "forgets" {
		p.disks[place] = &disk{}
	}
	return &memory{disk: p.disks[place], fault: fault}
}

// A disk holds one committed state, which is replaced and never changed.
type disk struct {
	writing sync.Mutex
	mu      sync.Mutex
	state   map[string][]byte
}

func (d *disk) now() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state
}

// A memory is a driver without a database. It runs every closure of Update twice, as a
// driver may, and with a fault it does one thing wrong.
type memory struct {
	disk   *disk
	fault  string
	mu     sync.Mutex
	closed bool
	calls  sync.WaitGroup
}

func (m *memory) enter(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed && m.fault != "opens again" {
		return kv.ErrClosed
	}
	if err := ctx.Err(); err != nil && m.fault != "ignores context" {
		return err
	}
	if m.fault != "does not wait" {
		m.calls.Add(1)
	}
	return nil
}

func (m *memory) leave() {
	if m.fault != "does not wait" {
		m.calls.Done()
	}
}

func (m *memory) Close() error {
	m.mu.Lock()
	again := m.closed
	m.closed = true
	m.mu.Unlock()
	m.calls.Wait()
	if again && m.fault == "closes once" {
		return errors.New("closed twice")
	}
	return nil
}

func (m *memory) View(ctx context.Context, fn func(kv.Reader) error) error {
	if err := m.enter(ctx); err != nil {
		return err
	}
	defer m.leave()
	t := &transaction{memory: m, before: m.disk.now()}
	t.state = t.before
	defer func() { t.over = true }()
	if m.fault == "view writes" {
		return fn(t)
	}
	return fn(struct{ kv.Reader }{t})
}

func (m *memory) Update(ctx context.Context, fn func(kv.Tx) error) (err error) {
	if err := m.enter(ctx); err != nil {
		return err
	}
	defer m.leave()
	if m.fault == "leaks" {
		go func() { select {} }()
	}
	if m.fault != "loses updates" {
		m.disk.writing.Lock()
		if m.fault != "stays locked" {
			defer m.disk.writing.Unlock()
		}
	}
	if m.fault == "swallows panics" {
		defer func() { _ = recover() }()
	}
	for range 2 {
		before := m.disk.now()
		t := &transaction{memory: m, before: before, state: maps.Clone(before)}
		if t.state == nil {
			t.state = map[string][]byte{}
		}
		if m.fault == "no rollback" {
			defer t.commit() // whatever happens
		}
		if err = fn(t); err != nil {
			t.over = true
			break
		}
		t.over = true
		defer t.commit()
	}
	if m.fault == "loses updates" { // let the others read what this one is about to replace
		for range 100 {
			runtime.Gosched()
		}
	}
	if m.fault == "stays locked" && err == nil {
		m.disk.writing.Unlock()
	}
	if m.fault == "wraps errors" && err != nil {
		err = fmt.Errorf("update: %w", err)
	}
	return err
}

type transaction struct {
	*memory
	before, state map[string][]byte
	over          bool
}

func (t *transaction) commit() {
	t.disk.mu.Lock()
	t.disk.state = t.state
	t.disk.mu.Unlock()
}

// seen is the state that reads are answered from.
func (t *transaction) seen() map[string][]byte {
	if t.fault == "live view" {
		return t.disk.now()
	}
	return t.state
}

var errOver = errors.New("over")

func (t *transaction) ended() bool { return t.over && t.fault != "outlives" }

func (t *transaction) key(k []byte) string {
	if t.fault == "zero ends keys" {
		k, _, _ = bytes.Cut(k, []byte{0})
	}
	return string(k)
}

func (t *transaction) Get(key []byte) ([]byte, error) {
	if t.ended() {
		return nil, errOver
	}
	state := t.seen()
	if t.fault == "blind get" {
		state = t.before
	}
	return t.out(state[t.key(key)]), nil
}

func (t *transaction) out(value []byte) []byte {
	switch {
	case t.fault == "empty is nil" && len(value) == 0:
		return nil
	case t.fault == "nil is empty" && value == nil:
		return []byte{}
	case t.fault == "cuts large values" && len(value) > 1<<16:
		return value[:1<<16]
	}
	return value
}

func (t *transaction) Set(key, value []byte) error {
	if t.ended() {
		return errOver
	}
	if err := kv.CheckSet(key, value); err != nil && t.fault != "no limits" {
		return err
	}
	if t.fault != "keeps memory" {
		value = append([]byte{}, value...)
	}
	if value == nil {
		value = []byte{}
	}
	t.state[t.key(key)] = value
	return nil
}

func (t *transaction) Delete(key []byte) error {
	if t.ended() {
		return errOver
	}
	if _, there := t.state[t.key(key)]; !there && t.fault == "delete must find" {
		return errors.New("not there")
	}
	delete(t.state, t.key(key))
	return nil
}

func (t *transaction) Scan(r kv.Range, yield func(key, value []byte) bool) error {
	if t.ended() {
		return errOver
	}
	state := t.seen()
	if t.fault == "blind scan" {
		state = t.before
	}
	for _, k := range t.sort(state, r) {
		value, there := state[k]
		if !there && t.fault != "scan trips" {
			continue
		}
		if !yield([]byte(k), t.out(value)) && t.fault != "never stops" {
			return nil
		}
	}
	return nil
}

func (t *transaction) sort(state map[string][]byte, r kv.Range) []string {
	var keys []string
	for k := range state {
		above := k >= string(r.Lo) && (t.fault != "lo excluded" || k != string(r.Lo))
		below := r.Hi == nil || k < string(r.Hi) || (t.fault == "hi included" && k == string(r.Hi))
		if t.fault == "empty hi has no end" && len(r.Hi) == 0 {
			below = true
		}
		if above && below {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	if t.fault == "sorts as text" {
		slices.SortStableFunc(keys, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	}
	if r.Reverse && t.fault != "never reverses" {
		slices.Reverse(keys)
	}
	return keys
}
