package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"payoff/goals"
	"payoff/storage"
	"payoff/storage/bolt"
)

// peopled is an engine on a database of so many owners in teams of a hundred, whose check-ins
// are all due on Monday within one minute.
func peopled(b testing.TB, owners int) (*Engine, *atomic.Int64) {
	b.Helper()
	dir := b.TempDir()
	if _, is := b.(*testing.B); !is {
		dir = tempDir(b) // what is measured is measured on a disk
	}
	file, err := bolt.Open(filepath.Join(dir, "payoff.db"))
	if err != nil {
		b.Fatal(err)
	}
	db, err := storage.Open(b.Context(), file)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	const atOnce, teamSize = 5000, 100
	for from := 0; from < owners; from += atOnce {
		err := db.Update(b.Context(), func(tx *storage.Tx) error {
			for i := from; i < min(from+atOnce, owners); i++ {
				team, space := goals.TeamID(fmt.Sprintf("T%06d", i/teamSize)), fmt.Sprintf("S%06d", i/teamSize)
				if i%teamSize == 0 {
					if err := tx.PutTeam(goals.Team{ID: team, Currency: "GBP", Zone: "UTC", Schedule: goals.Schedule{Off: true}}); err != nil {
						return err
					}
					if err := tx.JoinSpace(team, "slack", space); err != nil {
						return err
					}
				}
				o := goals.Owner{ID: goals.OwnerID(fmt.Sprintf("O%07d", i)), Name: "Sam", Started: true, Joined: monday.AddDate(0, 0, -7), Currency: "GBP", Zone: "UTC", Schedule: firstCheckIn}
				if err := tx.PutOwner(o); err != nil {
					return err
				}
				if err := tx.Join(team, o.ID, storage.Contact{Platform: "slack", Space: space, Person: fmt.Sprint("U", i)}); err != nil {
					return err
				}
				due := storage.Due{What: dueCheckIn, Subject: string(o.ID), At: monday.Add(time.Duration(i%60) * time.Second)}
				if err := tx.SetDue(due); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	now := &atomic.Int64{}
	now.Store(monday.Add(-time.Hour).Unix())
	return New(db, func() time.Time { return time.Unix(now.Load(), 0) }), now
}

// BenchmarkClaim takes up what is due when 100,000 owners are due in one minute: found, claimed
// and in the outbox, on disk. The issue asks for 20,000 a second and less than 64 MiB.
func BenchmarkClaim(b *testing.B) {
	const owners = 100_000
	var slowest, grown float64
	for range b.N {
		b.StopTimer()
		e, now := peopled(b, owners)
		now.Add(int64((2 * time.Hour).Seconds()))
		runtime.GC()
		before := heapInUse()
		stop, most := make(chan struct{}), make(chan uint64, 1)
		go func() { // the most that is held at a time
			var held uint64
			for {
				select {
				case <-stop:
					most <- held
					return
				case <-time.After(20 * time.Millisecond):
					held = max(held, heapInUse())
				}
			}
		}()
		b.StartTimer()
		begun := time.Now()
		n, err := e.Claim(b.Context(), nil)
		took := time.Since(begun).Seconds()
		b.StopTimer()
		close(stop)
		grown = max(grown, (float64(<-most)-float64(before))/(1<<20))
		if err != nil || n != owners {
			b.Fatalf("Claim = %d, %v, want %d", n, err, owners)
		}
		slowest = max(slowest, took)
		b.StartTimer()
	}
	b.ReportMetric(owners/slowest, "owners/s")
	b.ReportMetric(grown, "MiB-more")
}

// heapInUse is runtime.MemStats.HeapInuse, read without stopping the world.
func heapInUse() uint64 {
	parts := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	metrics.Read(parts)
	return parts[0].Value.Uint64() + parts[1].Value.Uint64()
}

// BenchmarkIdle is a tick when nobody is due: of a million owners, with PAYOFF_SLOW, else of fewer.
func BenchmarkIdle(b *testing.B) {
	owners := 20_000
	if os.Getenv("PAYOFF_SLOW") != "" {
		owners = 1_000_000
	}
	e, _ := peopled(b, owners)
	b.ResetTimer()
	for range b.N {
		n, err := e.Claim(b.Context(), nil)
		if err != nil || n != 0 {
			b.Fatalf("Claim = %d, %v, want nothing", n, err)
		}
		list, err := e.Lease(b.Context(), Wish{Most: 64})
		if err != nil || len(list) != 0 {
			b.Fatalf("Lease = %d, %v, want nothing", len(list), err)
		}
	}
}
