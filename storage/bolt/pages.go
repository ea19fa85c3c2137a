package bolt

import (
	"bytes"

	"go.etcd.io/bbolt"

	"payoff/storage/kv"
)

// pages reads the bucket in one bbolt transaction, which does not write: bbolt's cursors go
// astray among pages that their own transaction has emptied (v1.5.0), and stay so. Cursors are
// kept for reuse, since each costs allocations.
type pages struct {
	bucket *bbolt.Bucket
	at     *bbolt.Cursor   // serves get
	spare  []*bbolt.Cursor // for scans, of which one may run inside another
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

// end gives the cursor back.
func (s *pageScan) end() { s.spare = append(s.spare, s.at) }

func (s *pageScan) next() {
	if s.Reverse {
		s.stand(s.at.Prev())
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
			return s.at.Prev()
		}
	}
	return s.at.Last()
}
