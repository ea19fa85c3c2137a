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

// A tx is what a closure of Update reads and writes. What it writes stays in a buffer
// until the closure has succeeded, and reads look there first.
type tx struct {
	pages  *pages
	buffer *buffer
	over   bool
}

func (t *tx) Get(key []byte) ([]byte, error) {
	if t.over {
		return nil, errOver
	}
	return t.get(key), nil
}

func (t *tx) get(key []byte) []byte {
	if p, found := t.buffer.find(key); found {
		return t.buffer.blocks[p.block][p.i].value
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
	t.buffer.put(entry{both[:n:n], both[n:]})
	return nil
}

// Delete leaves alone what is not there, so that a closure which changes nothing costs no commit.
func (t *tx) Delete(key []byte) error {
	if t.over {
		return errOver
	}
	if t.get(key) != nil {
		t.buffer.put(entry{key: bytes.Clone(key)})
	}
	return nil
}

// Scan merges the pages with the buffer, which has the say where both have a key. The
// pages do not change meanwhile; the buffer does when yield writes.
func (t *tx) Scan(r kv.Range, yield func(key, value []byte) bool) error {
	if t.over {
		return errOver
	}
	disk, own := t.pages.scan(r), t.buffer.scan(r)
	for {
		key, value := disk.key, disk.value
		if own.key != nil && (key == nil || !precedes(r, key, own.key)) {
			key, value = own.key, own.value
		}
		if key == nil || (value != nil && !yield(key, value)) {
			break
		}
		onDisk, inOwn := bytes.Equal(key, disk.key), bytes.Equal(key, own.key)
		if onDisk {
			disk.next()
		}
		if inOwn {
			own.next()
		}
	}
	disk.end()
	return nil
}

// precedes tells whether a scan comes to a before b.
func precedes(r kv.Range, a, b []byte) bool {
	if r.Reverse {
		a, b = b, a
	}
	return bytes.Compare(a, b) < 0
}

// apply writes the buffer to bbolt.
func (t *tx) apply() error {
	for _, block := range t.buffer.blocks {
		for _, e := range block {
			t.pages.changed = true
			var err error
			if e.value == nil {
				err = t.pages.bucket.Delete(e.key)
			} else {
				err = t.pages.bucket.Put(e.key, e.value)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
