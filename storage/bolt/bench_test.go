package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"payoff/storage/kv"
)

// What a typical use case writes: 7 keys, about 1.5 KB in all.
const benchKeys = 7

var benchValue = bytes.Repeat([]byte("payoff "), 28)

// benchRows is what the database holds before, so that its tree has some height.
const benchRows = 20_000

// A layout makes the i-th key of the n-th write. A record, its indexes and the journal
// lie in different places of the tree, so the keys of one write do too.
type layout func(buf []byte, n uint64, i int) []byte

// byTime is how payoff's keys mostly are: new ones at the end of each table.
func byTime(buf []byte, n uint64, i int) []byte {
	buf = append(buf[:0], "table/"...)
	buf = append(buf, byte('a'+i), '/')
	return binary.BigEndian.AppendUint64(buf, n)
}

// scattered is the worst case: every key in a page of its own.
func scattered(buf []byte, n uint64, i int) []byte {
	return byTime(buf, n*0x9E3779B97F4A7C15, i)
}

func benchPath(b *testing.B, key layout) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "payoff.db")
	db := reopened(b, path)
	mustUpdate(b, db, func(tx kv.Tx) (err error) {
		for n := range uint64(benchRows) {
			err = errors.Join(err, benchWrite(tx, key, n))
		}
		return err
	})
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func benchWrite(tx interface{ Set(key, value []byte) error }, key layout, n uint64) error {
	var buf [32]byte
	for i := range benchKeys {
		if err := tx.Set(key(buf[:], n, i), benchValue); err != nil {
			return err
		}
	}
	return nil
}

// benchRead is what a use case reads before it writes: a few records and two short scans.
func benchRead(tx kv.Tx, key layout, n uint64) error {
	var buf [32]byte
	for i := range 3 {
		if v, err := tx.Get(key(buf[:], n%benchRows, i)); err != nil || v == nil {
			return fmt.Errorf("record %d is missing: %w", n, err)
		}
	}
	for i := range 2 {
		left := 10
		if err := tx.Scan(kv.Range{Lo: key(buf[:], n%benchRows, i)}, func(_, _ []byte) bool { left--; return left > 0 }); err != nil {
			return err
		}
	}
	return nil
}

// A raw is the same file without the driver: bbolt as it comes.
type raw struct {
	*bbolt.DB
	key  layout
	next uint64
}

func openRaw(b *testing.B, key layout) *raw {
	b.Helper()
	o := writeOptions()
	db, err := bbolt.Open(benchPath(b, key), fileMode, &o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return &raw{db, key, benchRows}
}

type rawBucket struct{ *bbolt.Bucket }

func (r rawBucket) Set(key, value []byte) error { return r.Put(key, value) }

// put does as many writes as group says and commits once.
func (r *raw) put(group int) error {
	return r.Update(func(tx *bbolt.Tx) error {
		bucket := rawBucket{tx.Bucket(bucketName)}
		for range group {
			if err := benchWrite(bucket, r.key, r.next); err != nil {
				return err
			}
			r.next++
		}
		return nil
	})
}

// BenchmarkRaw is bbolt by hand: each write with its own commit, or so many in one.
func BenchmarkRaw(b *testing.B) {
	for _, group := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("group=%d", group), func(b *testing.B) {
			r := openRaw(b, byTime)
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; n += group {
				if err := r.put(group); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUpdate is the driver with so many callers at once, each waiting for its own
// answer. In turns with it, on the same disk, it runs raw bbolt, and reports medians:
//
//	x-raw   how many times as fast a write is as by raw bbolt with a commit for each
//	x-hand  the same, against bbolt with as many writes in a commit as there are callers
func BenchmarkUpdate(b *testing.B) {
	for _, bench := range []struct {
		name string
		key  layout
		read bool
	}{{"write", byTime, false}, {"read+write", byTime, true}, {"scattered", scattered, false}} {
		for _, callers := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("%s/callers=%d", bench.name, callers), func(b *testing.B) {
				c := contest{db: reopened(b, benchPath(b, bench.key)), raw: openRaw(b, bench.key), read: bench.read}
				c.run(b, callers)
			})
		}
	}
}

// A contest has the driver and raw bbolt do the same writes.
type contest struct {
	db   *DB
	raw  *raw
	read bool
	next atomic.Uint64 // write of the driver
}

func (c *contest) run(b *testing.B, callers int) {
	const turn = 20 // commits that a turn should take
	before := commits(b, c.db)
	var each, one, hand []float64
	b.ReportAllocs()
	b.ResetTimer()
	b.StopTimer()
	for left := b.N; left > 0; {
		n := min(left, turn*callers)
		left -= n
		one = append(one, timed(turn, func() { c.byHand(b, turn, 1) }))
		hand = append(hand, timed(turn*callers, func() { c.byHand(b, turn, callers) }))
		b.StartTimer()
		each = append(each, timed(n, func() { c.byCallers(b, n, callers) }))
		b.StopTimer()
	}
	b.ReportMetric(median(one)/median(each), "x-raw")
	b.ReportMetric(median(hand)/median(each), "x-hand")
	b.ReportMetric(float64(b.N)/float64(commits(b, c.db)-before), "writes/commit")
}

// timed returns what one of the n things that fn does takes.
func timed(n int, fn func()) float64 {
	begin := time.Now()
	fn()
	return float64(time.Since(begin)) / float64(n)
}

func median(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
}

func (c *contest) byHand(b *testing.B, commits, group int) {
	for range commits {
		if err := c.raw.put(group); err != nil {
			b.Fatal(err)
		}
	}
}

func (c *contest) byCallers(b *testing.B, n, callers int) {
	end := c.next.Load() + uint64(n)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for i := c.next.Add(1); i <= end; i = c.next.Add(1) {
				if err := c.db.Update(context.Background(), func(tx kv.Tx) error { return c.write(tx, benchRows+i) }); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	c.next.Store(end)
}

func (c *contest) write(tx kv.Tx, n uint64) error {
	if c.read {
		if err := benchRead(tx, c.raw.key, n); err != nil {
			return err
		}
	}
	return benchWrite(tx, c.raw.key, n)
}

// BenchmarkImport is 10,000 records in one transaction, into an empty file and in the
// order of their time. bbolt by hand takes seconds for it (see buffer).
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		db := opened(b)
		mustUpdate(b, db, func(tx kv.Tx) (err error) {
			for n := range uint64(10_000) {
				err = errors.Join(err, benchWrite(tx, byTime, n))
			}
			return err
		})
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
