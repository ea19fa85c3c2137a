package bolt

import (
	"bytes"

	"go.etcd.io/bbolt"

	"payoff/storage/kv"
)

// pages reads the bucket in one bbolt transaction. In the writer a group of closures
// shares it, and it changes only between two of them. Cursors are kept for reuse, since
// each costs allocations.
type pages struct {
	bucket  *bbolt.Bucket
	at      *bbolt.Cursor   // serves get and first
	spare   []*bbolt.Cursor // for scans, of which one may run inside another
	changed bool            // written to in this transaction
}

func newPages(tx *bbolt.Tx) *pages {
	bucket := tx.Bucket(bucketName)
	return &pages{bucket: bucket, at: bucket.Cursor()}
}

// get returns the value of key, or nil. Values are never nil: bbolt reads an empty one
// from disk as an empty slice, and tx.Set stores no nil.
func (p *pages) get(key []byte) []byte {
	if k, v := p.at.Seek(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

// scan starts a scan, which stands on the first pair of the range. It is to be ended.
func (p *pages) scan(r kv.Range) pageScan {
	s := pageScan{pages: p, Range: r}
	if n := len(p.spare); n > 0 {
		s.at, p.spare = p.spare[n-1], p.spare[:n-1]
	} else {
		s.at = p.bucket.Cursor()
	}
	if r.Reverse {
		s.stand(s.below(r.Hi))
	} else {
		s.stand(s.at.Seek(r.Lo))
	}
	return s
}

// A pageScan stands on one pair of a range, or, when key is nil, at its end.
type pageScan struct {
	*pages
	kv.Range
	at         *bbolt.Cursor
	key, value []byte
}

// end gives the cursor back. The zero pageScan has none.
func (s *pageScan) end() { s.spare = append(s.spare, s.at) }

func (s *pageScan) next() {
	if s.Reverse {
		s.stand(s.previous(s.key))
	} else {
		s.stand(s.at.Next())
	}
}

// stand notes where the cursor is, unless that is outside the range.
func (s *pageScan) stand(key, value []byte) {
	s.key, s.value = key, value
	if key != nil && !within(s.Range, key) {
		s.key, s.value = nil, nil
	}
}

// within tells whether a scan that has come to key is still in its range.
func within(r kv.Range, key []byte) bool {
	if r.Reverse {
		return bytes.Compare(key, r.Lo) >= 0
	}
	return r.Hi == nil || bytes.Compare(key, r.Hi) < 0
}

// below puts the cursor on the highest key that is lower than hi, or the last when hi is nil.
func (s *pageScan) below(hi []byte) (key, value []byte) {
	if hi != nil {
		if k, _ := s.at.Seek(hi); k != nil {
			return s.previous(hi)
		}
	}
	// bbolt's Last never returns when this transaction has emptied every page (v1.5.0).
	if s.first() == nil {
		return nil, nil
	}
	return s.at.Last()
}

// previous steps back from a key that is not below from. bbolt's Prev stops short at a
// page this transaction has emptied (v1.5.0), so that its nil counts only at the first key.
func (s *pageScan) previous(from []byte) (key, value []byte) {
	key, value = s.at.Prev()
	if key != nil || !s.changed {
		return key, value
	}
	if first := s.first(); first == nil || bytes.Compare(first, from) >= 0 {
		return nil, nil
	}
	for key == nil {
		key, value = s.at.Prev()
	}
	return key, value
}

func (p *pages) first() []byte {
	k, _ := p.at.First()
	return k
}
