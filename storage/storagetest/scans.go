package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"payoff/storage/kv"
)

// awkward are keys in byte order that a driver gets wrong when it compares text, ends a
// key at a zero byte, or takes a prefix for the end of a range.
var awkward = []string{
	"\x00", "\x00\x00", "\x00\xff", "\x01", "A", "B", "Z", "a", "a\x00", "a\x00\x00", "a\x00b", "a\x01", "aa", "ab",
	"a\xff", "a\xff\x00", "a\xff\xff", "b", "é", "\xfe", "\xff", "\xff\x00", "\xff\xfe", "\xff\xff", "\xff\xff\xff",
}

func (s suite) order(t *testing.T) {
	if !slices.IsSorted(awkward) {
		t.Fatal("the keys of this test are not in byte order")
	}
	place := t.TempDir()
	db := s.at(t, place)
	update(t, db, func(tx kv.Tx) error {
		for i := range awkward {
			k := awkward[(i*7)%len(awkward)] // 7 and 25 share no factor: all keys, in disorder
			if err := setAll(tx, k); err != nil {
				return err
			}
		}
		return wantKeys(tx, kv.Range{}, awkward...)
	})
	check := func(r kv.Reader) error {
		reversed := slices.Clone(awkward)
		slices.Reverse(reversed)
		return errors.Join(wantKeys(r, kv.Range{}, awkward...), wantKeys(r, kv.Range{Reverse: true}, reversed...))
	}
	view(t, db, check)
	if err := db.Close(); err != nil {
		t.Fatalf("Close() = %v", err)
	}
	view(t, s.at(t, place), check)
}

// ranges tries every pair of bounds on stored keys and between them.
func (s suite) ranges(t *testing.T) {
	db := s.fresh(t)
	stored := slices.Concat(awkward[:4], awkward[6:12], awkward[14:])
	set(t, db, stored...)
	bounds := append([]string{""}, awkward...)
	view(t, db, func(r kv.Reader) error {
		for _, lo := range bounds {
			for _, hi := range bounds {
				if err := tryRange(r, stored, kv.Range{Lo: []byte(lo), Hi: []byte(hi)}); err != nil {
					return err
				}
			}
			if err := tryRange(r, stored, kv.Range{Lo: []byte(lo)}); err != nil {
				return err
			}
			if err := tryRange(r, stored, kv.Prefix([]byte(lo))); err != nil {
				return err
			}
		}
		return tryRange(r, stored, kv.Range{Hi: []byte("a")})
	})
}

// tryRange compares a scan, both ways and stopped after each number of keys, with a filter.
func tryRange(r kv.Reader, stored []string, rng kv.Range) error {
	var want []string
	for _, k := range stored {
		if k >= string(rng.Lo) && (rng.Hi == nil || k < string(rng.Hi)) {
			want = append(want, k)
		}
	}
	for range 2 {
		if err := wantKeys(r, rng, want...); err != nil {
			return err
		}
		for stop := 1; stop <= min(3, len(want)); stop++ {
			var got []string
			err := r.Scan(rng, func(k, _ []byte) bool {
				got = append(got, string(k))
				return len(got) < stop
			})
			if err != nil || !slices.Equal(got, want[:stop]) {
				return fmt.Errorf("Scan(%q to %q, reverse %t) stopped after %d = %q, %v, want %q",
					rng.Lo, rng.Hi, rng.Reverse, stop, got, err, want[:stop])
			}
		}
		rng.Reverse = true
		slices.Reverse(want)
	}
	return nil
}

func (s suite) ownWrites(t *testing.T) {
	db := s.fresh(t)
	set(t, db, "b", "d", "f", "h")
	after := []string{"a", "d", "e", "h", "i"}
	update(t, db, func(tx kv.Tx) error {
		if err := errors.Join(setAll(tx, "a", "c", "e", "i"), tx.Delete([]byte("b")), tx.Delete([]byte("f")),
			tx.Delete([]byte("c")), tx.Delete([]byte("d")), setAll(tx, "d")); err != nil {
			return err
		}
		return errors.Join(
			wantKeys(tx, kv.Range{}, after...),
			wantKeys(tx, kv.Range{Reverse: true}, "i", "h", "e", "d", "a"),
			wantKeys(tx, kv.Range{Lo: []byte("b"), Hi: []byte("h")}, "d", "e"),
			wantKeys(tx, kv.Range{Lo: []byte("b"), Hi: []byte("f"), Reverse: true}, "e", "d"),
			wantValue(tx, "b", nil), wantValue(tx, "c", nil),
			wantValue(tx, "d", valueOf("d")), wantValue(tx, "e", valueOf("e")))
	})
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, after...) })
}

// writeDuringScan: only the keys of the range itself must be left alone during a scan.
func (s suite) writeDuringScan(t *testing.T) {
	for _, reverse := range []bool{false, true} {
		t.Run(fmt.Sprintf("reverse=%t", reverse), func(t *testing.T) {
			db := s.fresh(t)
			set(t, db, "a1", "a2", "m1", "m2", "m3", "m4", "z1", "z2")
			update(t, db, func(tx kv.Tx) error {
				var seen []string
				var failed error
				rng := kv.Prefix([]byte("m"))
				rng.Reverse = reverse
				err := tx.Scan(rng, func(k, v []byte) bool {
					seen = append(seen, string(k))
					n := string(k[1])
					failed = errors.Join(failed, wantValue(tx, string(k), v), tx.Delete([]byte("a"+n)),
						tx.Delete([]byte("z"+n)), setAll(tx, "b"+n, "b"+n+n, "n"+n, "n"+n+n))
					return failed == nil
				})
				if reverse {
					slices.Reverse(seen)
				}
				if got := strings.Join(seen, " "); got != "m1 m2 m3 m4" {
					return fmt.Errorf("Scan yields %s, want m1 m2 m3 m4", got)
				}
				return errors.Join(err, failed)
			})
			view(t, db, func(r kv.Reader) error {
				return wantKeys(r, kv.Range{}, "b1", "b11", "b2", "b22", "b3", "b33", "b4", "b44", "m1", "m2", "m3", "m4",
					"n1", "n11", "n2", "n22", "n3", "n33", "n4", "n44")
			})
		})
	}
}

// readDuringScan: an index is scanned and its records are read, or scanned, meanwhile.
func (s suite) readDuringScan(t *testing.T) {
	db := s.fresh(t)
	set(t, db, "i/1", "i/2", "i/3", "r/1/x", "r/2/x", "r/2/y")
	read := func(r kv.Reader) error {
		var failed error
		var inner []string
		err := r.Scan(kv.Prefix([]byte("i/")), func(k, v []byte) bool {
			keys, err := keysOf(r, kv.Prefix([]byte("r/"+string(k[2:])+"/")))
			inner = append(inner, keys...)
			// What the outer scan handed out is still there after the inner one.
			failed = errors.Join(failed, err, wantValue(r, string(k), v), wantValue(r, "i/1", valueOf("i/1")))
			return failed == nil
		})
		if got := strings.Join(inner, " "); got != "r/1/x r/2/x r/2/y" {
			return fmt.Errorf("the inner scans yield %s, want r/1/x r/2/x r/2/y", got)
		}
		return errors.Join(err, failed)
	}
	view(t, db, func(r kv.Reader) error { return errors.Join(read(r), read(r)) })
	update(t, db, func(tx kv.Tx) error { return errors.Join(setAll(tx, "a", "z"), read(tx), read(tx)) })
}

// emptiedRegion: scans, both ways, over a stretch that the same transaction has deleted,
// long enough to span many pages of a tree.
func (s suite) emptiedRegion(t *testing.T) {
	db := s.fresh(t)
	const n = 3000
	key := func(i int) string { return fmt.Sprintf("%05d", i) }
	var all []string
	for i := range n {
		all = append(all, key(i))
	}
	set(t, db, all...)
	for _, gone := range [][2]int{{n / 3, 2 * n / 3}, {0, n / 2}, {n / 2, n}, {1, n - 1}, {0, n}} {
		left := slices.Concat(all[:gone[0]], all[gone[1]:])
		reversed := slices.Clone(left)
		slices.Reverse(reversed)
		stop := errors.New("take it back")
		err := db.Update(t.Context(), func(tx kv.Tx) error {
			for _, k := range all[gone[0]:gone[1]] {
				if err := tx.Delete([]byte(k)); err != nil {
					return err
				}
			}
			if err := errors.Join(wantKeys(tx, kv.Range{}, left...), wantKeys(tx, kv.Range{Reverse: true}, reversed...),
				wantKeys(tx, kv.Range{Hi: []byte(key(gone[1])), Reverse: true}, reversedUpTo(left, key(gone[1]))...)); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("without keys %d to %d: %v", gone[0], gone[1], err)
		}
	}
	view(t, db, func(r kv.Reader) error { return wantKeys(r, kv.Range{}, all...) })
}

func reversedUpTo(keys []string, hi string) []string {
	i, _ := slices.BinarySearch(keys, hi)
	if i == 0 {
		return nil
	}
	below := slices.Clone(keys[:i])
	slices.Reverse(below)
	return below
}
