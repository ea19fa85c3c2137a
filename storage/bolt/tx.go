package bolt

import (
	"bytes"
	"errors"

	"payoff/storage/kv"
)

// errOver is what a closure gets that keeps its transaction after it has returned.
var errOver = errors.New("the transaction has ended")

// A view is what a closure of View reads from. It cannot write, not even by a type assertion.
type view struct {
	pages *pages
	over  bool
}

func (v *view) Get(key []byte) ([]byte, error) {
	if v.over {
		return nil, errOver
	}
	return v.pages.get(key), nil
}

func (v *view) Scan(r kv.Range, yield func(key, value []byte) bool) error {
	if v.over {
		return errOver
	}
	s := v.pages.scan(r)
	for s.key != nil && yield(s.key, s.value) {
		s.next()
	}
	s.end()
	return nil
}

// A tx is what a closure of Update reads and writes. What it writes stays in a buffer of its
// own; reads look there first, then at what others have written that is not on disk yet, the
// newest first, and at the pages last.
type tx struct {
	own   *buffer
	below [2]*buffer // nil where there is nothing
	pages *pages
	over  bool
}

func (t *tx) Get(key []byte) ([]byte, error) {
	if t.over {
		return nil, errOver
	}
	return t.get(key), nil
}

func (t *tx) get(key []byte) []byte {
	for _, b := range [...]*buffer{t.own, t.below[0], t.below[1]} {
		if b == nil {
			continue
		}
		if e, found := b.get(key); found {
			return e.value
		}
	}
	return t.pages.get(key)
}

func (t *tx) Set(key, value []byte) error {
	if t.over {
		return errOver
	}
	if err := kv.CheckSet(key, value); err != nil {
		return err
	}
	n := len(key)
	both := make([]byte, n+len(value)) // never nil: a nil value would be a deletion
	copy(both, key)
	copy(both[n:], value)
	t.own.put(entry{both[:n:n], both[n:]})
	return nil
}

// Delete leaves alone what is not there, so that a closure which changes nothing costs no commit.
func (t *tx) Delete(key []byte) error {
	if t.over {
		return errOver
	}
	if t.get(key) != nil {
		t.own.put(entry{key: bytes.Clone(key)})
	}
	return nil
}

// Scan merges the pages with the buffers. Where several have a key the newest has the say. None
// of them changes meanwhile but the closure's own, when yield writes.
func (t *tx) Scan(r kv.Range, yield func(key, value []byte) bool) error {
	if t.over {
		return errOver
	}
	disk := t.pages.scan(r)
	defer disk.end()
	var scans [3]bufferScan // oldest first
	for i, b := range [...]*buffer{t.below[1], t.below[0], t.own} {
		if b != nil {
			scans[i] = b.scan(r)
		}
	}
	for {
		e := entry{disk.key, disk.value}
		for i := range scans {
			if s := &scans[i]; s.key != nil && (e.key == nil || !precedes(r, e.key, s.key)) {
				e = s.entry
			}
		}
		if e.key == nil || e.value != nil && !yield(e.key, e.value) {
			return nil
		}
		if bytes.Equal(e.key, disk.key) {
			disk.next()
		}
		for i := range scans {
			if bytes.Equal(e.key, scans[i].key) {
				scans[i].next()
			}
		}
	}
}

// precedes tells whether a scan comes to a before b.
func precedes(r kv.Range, a, b []byte) bool {
	if r.Reverse {
		a, b = b, a
	}
	return bytes.Compare(a, b) < 0
}
