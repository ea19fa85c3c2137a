package bolt

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"payoff/storage/kv"
)

// collect returns the keys of a range of the buffer, with a minus before a deletion.
func (b *buffer) collect(r kv.Range) (keys []string) {
	for s := b.scan(r); s.key != nil; s.next() {
		keys = append(keys, mark(s.entry))
	}
	return keys
}

func mark(e entry) string {
	if e.value == nil {
		return "-" + string(e.key)
	}
	return string(e.key)
}

// TestBuffer compares buffers of many blocks with a sorted map, whatever the order of the writes.
func TestBuffer(t *testing.T) {
	const n = 4 * maxBlock
	random := rand.New(rand.NewPCG(3, 4))
	backwards := make([]int, n)
	for i := range backwards {
		backwards[i] = n - 1 - i
	}
	orders := map[string][]int{
		"forwards":  slices.Sorted(slices.Values(backwards)),
		"backwards": backwards,
		"random":    random.Perm(n),
		"repeated":  slices.Concat(random.Perm(n/2), random.Perm(n), random.Perm(n/3)),
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			b, want := newBuffer(), map[string]string{}
			for range 2 { // a buffer is used again
				clear(want)
				b.reset()
				for _, i := range order {
					e := entry{key: fmt.Appendf(nil, "%05d", i)}
					if random.IntN(3) > 0 {
						e.value = []byte{}
					}
					b.put(e)
					want[string(e.key)] = mark(e)
				}
				compareBuffer(t, b, want, random)
			}
		})
	}
}

func compareBuffer(t *testing.T, b *buffer, want map[string]string, random *rand.Rand) {
	t.Helper()
	keys := slices.Sorted(maps.Keys(want))
	for i := range b.blocks {
		if len(b.blocks[i]) == 0 || len(b.blocks[i]) > maxBlock {
			t.Errorf("block %d has %d entries, want 1 to %d", i, len(b.blocks[i]), maxBlock)
		}
	}
	for k, w := range want {
		if e, found := b.get([]byte(k)); !found || mark(e) != w {
			t.Fatalf("get(%s) = %s, %t, want %s", k, mark(e), found, w)
		}
		if e, found := b.get([]byte(k + "x")); found {
			t.Fatalf("get(%sx) = %s, want nothing", k, mark(e))
		}
	}
	for range 100 {
		lo, hi := random.IntN(len(keys)), random.IntN(len(keys))
		r := kv.Range{Lo: []byte(keys[lo]), Hi: []byte(keys[hi])}
		switch random.IntN(4) {
		case 0:
			r.Lo, lo = nil, 0
		case 1:
			r.Hi, hi = nil, len(keys)
		case 2:
			r.Hi, hi = append(r.Hi, 0), hi+1 // just above a key
		}
		var expected []string
		for _, k := range keys[lo:max(lo, hi)] {
			expected = append(expected, want[k])
		}
		for range 2 {
			if got := b.collect(r); !slices.Equal(got, expected) {
				t.Fatalf("scan(%s to %s, reverse %t) has %d entries, want %d", r.Lo, r.Hi, r.Reverse, len(got), len(expected))
			}
			r.Reverse = true
			slices.Reverse(expected)
		}
	}
}

// TestScanWhileWriting: a scan keeps its place while yield splits and shifts the blocks around it.
func TestScanWhileWriting(t *testing.T) {
	for _, reverse := range []bool{false, true} {
		t.Run(fmt.Sprintf("reverse=%t", reverse), func(t *testing.T) {
			db := opened(t)
			const n = 3 * maxBlock
			var want []string
			for i := range n {
				want = append(want, fmt.Sprintf("m%05d", i))
			}
			var disk, own []string // some keys are in both
			for i, k := range want {
				if i%5 > 1 {
					disk = append(disk, k)
				}
				if i%5 < 3 {
					own = append(own, k)
				}
			}
			mustUpdate(t, db, put(disk...))
			mustUpdate(t, db, func(tx kv.Tx) error {
				if err := put(own...)(tx); err != nil {
					return err
				}
				var got []string
				var failed error
				r := kv.Prefix([]byte("m"))
				r.Reverse = reverse
				err := tx.Scan(r, func(k, _ []byte) bool {
					got = append(got, string(k))
					failed = put("a"+string(k), "z"+string(k), "a!"+string(k))(tx)
					return failed == nil
				})
				if reverse {
					slices.Reverse(got)
				}
				if err != nil || failed != nil || !slices.Equal(got, want) {
					return fmt.Errorf("the scan has %d keys, %v, %v, want %d", len(got), err, failed, n)
				}
				return nil
			})
		})
	}
}
