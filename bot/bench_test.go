package bot_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

// benchLines are what owners log, in turn.
var benchLines = []string{
	"2h BNI £25 4 contacts 2 conversations 1 qualified",
	"LinkedIn 90m 3 convos",
	"won £1,200 BNI",
	"1-2-1 with Priya, BNI, 1h, 1 referral given",
}

// benchDays is how many days each owner has logged before, so that the tree has some height.
const benchDays = 60

// A shop is a bot on a real database, and people who log. Its clock moves on a day when
// each of them has logged every line.
type shop struct {
	b      *testing.B
	path   string
	driver *bolt.DB
	engine *engine.Engine
	bot    *bot.Bot
	owners int
	logs   atomic.Int64
}

func newShop(b *testing.B, owners int) *shop {
	b.Helper()
	s := &shop{b: b, owners: owners, path: filepath.Join(b.TempDir(), "payoff.db")}
	var err error
	if s.driver, err = bolt.Open(s.path); err != nil {
		b.Fatal(err)
	}
	db, err := storage.Open(b.Context(), s.driver)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	s.engine = engine.New(db, s.now)
	s.bot = bot.New(bot.Config{Engine: s.engine, Log: slog.New(slog.DiscardHandler)})
	for o := range owners {
		s.begin(o)
	}
	s.log(benchDays * len(benchLines) * owners)
	return s
}

func (s *shop) now() time.Time {
	days := s.logs.Load() / int64(len(benchLines)*s.owners)
	return time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC).AddDate(0, 0, int(days))
}

func (s *shop) person(owner int) chat.Person {
	return chat.Person{Platform: "local", Space: "local", ID: fmt.Sprintf("owner-%d", owner), Name: fmt.Sprintf("Owner %d", owner), Zone: "Europe/London"}
}

// begin gets an owner started, with three channels and a goal that renews.
func (s *shop) begin(owner int) {
	p := s.person(owner)
	actor, err := s.engine.Meet(s.b.Context(), engine.Person{Platform: p.Platform, Space: p.Space, ID: p.ID, Name: p.Name, Zone: p.Zone})
	if err != nil {
		s.b.Fatal(err)
	}
	today := goals.DateOf(s.now())
	_, err = s.engine.Begin(s.b.Context(), engine.Request{Actor: actor}, engine.Beginning{
		Currency: "GBP", Zone: "Europe/London", Customer: "Family restaurants within an hour's drive",
		Channels: []goals.Channel{{Name: "BNI", Kind: goals.Networking}, {Name: "LinkedIn", Kind: goals.Social}, {Name: "cold calls", Kind: goals.Direct}},
		Goal:     &engine.NewGoal{Amount: goals.Money{Minor: 800_000, Currency: "GBP"}, Every: goals.Month, Period: goals.Month.Period(today)},
	})
	if err != nil {
		s.b.Fatal(err)
	}
}

// log logs n lines, all owners at once, each waiting for the answer before the next.
func (s *shop) log(n int) {
	var taken atomic.Int64
	var wg sync.WaitGroup
	for o := range s.owners {
		from := s.person(o)
		wg.Go(func() {
			for i := taken.Add(1); i <= int64(n); i = taken.Add(1) {
				s.logOne(from)
			}
		})
	}
	wg.Wait()
}

func (s *shop) logOne(from chat.Person) {
	i := s.logs.Add(1) - 1
	reply := s.bot.Handle(context.Background(), chat.Event{
		ID: fmt.Sprintf("%s/%s/%d", from.Platform, from.ID, i), From: from, Room: chat.Room{ID: "dm", Direct: true},
		Did: chat.Wrote{Text: benchLines[i/int64(s.owners)%int64(len(benchLines))]},
	})
	say, ok := reply.(chat.Say)
	if !ok || !strings.HasPrefix(say.Messages[0].Plain(), "Logged ") {
		s.b.Errorf("log %d is answered with %+v", i, reply)
	}
}

// commits is how many commits the file has seen: bbolt counts them in its two meta pages.
func (s *shop) commits() uint64 {
	f, err := os.Open(s.path)
	if err != nil {
		s.b.Fatal(err)
	}
	defer f.Close()
	const pageHeader, txid = 16, 48 // bbolt's page and meta structs
	var last uint64
	for _, page := range []int64{0, int64(os.Getpagesize())} {
		var id [8]byte
		if _, err := f.ReadAt(id[:], page+pageHeader+txid); err != nil {
			s.b.Fatal(err)
		}
		last = max(last, binary.NativeEndian.Uint64(id[:]))
	}
	return last
}

// copy copies the database as of the last commit to a file of its own, and opens that with
// bbolt alone.
func (s *shop) copy(name string) *bbolt.DB {
	s.b.Helper()
	path := filepath.Join(s.b.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		s.b.Fatal(err)
	}
	if _, err := s.driver.Backup(s.b.Context(), f); err != nil {
		s.b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		s.b.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
	if err != nil {
		s.b.Fatal(err)
	}
	s.b.Cleanup(func() { _ = db.Close() })
	return db
}

// A put is one key that a log writes.
type put struct {
	key, value []byte
	isNew      bool
}

// A rawLog is bbolt by hand: the puts of real logs, over and over.
type rawLog struct {
	b    *testing.B
	db   *bbolt.DB
	puts []put // of a log of each line by each owner
	logs int   // how many logs these are
	at   int
	next uint64
}

// raw finds out what logs really write, by what is in the file before and after, and makes
// a copy of the file in which bbolt can write the same.
func (s *shop) raw() *rawLog {
	s.b.Helper()
	r := &rawLog{b: s.b}
	for range benchLines {
		before := s.copy(fmt.Sprintf("before-%d", r.logs))
		s.log(s.owners)
		r.logs += s.owners
		r.db = s.copy(fmt.Sprintf("after-%d", r.logs))
		r.puts = append(r.puts, difference(s.b, before, r.db)...)
	}
	return r
}

// payoffBucket is where the driver keeps its keys.
var payoffBucket = []byte("payoff")

// difference is the keys of after that before has not, or with another value.
func difference(b *testing.B, before, after *bbolt.DB) (puts []put) {
	b.Helper()
	err := before.View(func(old *bbolt.Tx) error {
		return after.View(func(tx *bbolt.Tx) error {
			return tx.Bucket(payoffBucket).ForEach(func(k, v []byte) error {
				if was := old.Bucket(payoffBucket).Get(k); !bytes.Equal(was, v) || was == nil {
					puts = append(puts, put{bytes.Clone(k), bytes.Clone(v), was == nil})
				}
				return nil
			})
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	return puts
}

// size is how many keys and bytes one log writes.
func (r *rawLog) size() (keys, bytes float64) {
	for _, p := range r.puts {
		keys++
		bytes += float64(len(p.key) + len(p.value))
	}
	return keys / float64(r.logs), bytes / float64(r.logs)
}

// time is how long one log takes on average when so many share a commit. A key that was
// new is new each time, in the same place of the tree.
func (r *rawLog) time(group int) time.Duration {
	r.b.Helper()
	commits := max(4096/group, 64)
	each := len(r.puts) / r.logs
	begin := time.Now()
	for range commits {
		err := r.db.Update(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket(payoffBucket)
			for range group * each {
				p := r.puts[r.at%len(r.puts)]
				r.at++
				if p.isNew {
					r.next++
					binary.BigEndian.PutUint64(p.key[len(p.key)-8:], r.next)
				}
				if err := bucket.Put(bytes.Clone(p.key), p.value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			r.b.Fatal(err)
		}
	}
	return time.Since(begin) / time.Duration(commits*group)
}

// BenchmarkLog is a line logged end to end, from the event to the answer, on a real file, by
// so many owners at once. In the same run bbolt writes the same keys and bytes by hand, as
// many logs in a commit as the driver reached; x-raw is how many times as long a log takes.
// The aims: at most 2.5 with one owner, at most 2 with 64.
func BenchmarkLog(b *testing.B) {
	for _, owners := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("owners=%d", owners), func(b *testing.B) {
			s := newShop(b, owners)
			raw := s.raw()
			keys, bytes := raw.size()
			before := s.commits()
			b.ReportAllocs()
			b.ResetTimer()
			s.log(b.N)
			b.StopTimer()
			group := float64(b.N) / float64(s.commits()-before)
			each := float64(b.Elapsed()) / float64(b.N)
			alone := float64(raw.time(max(1, int(group+.5))))
			b.ReportMetric(each/alone, "x-raw")
			b.ReportMetric(alone, "raw-ns/op")
			b.ReportMetric(group, "logs/commit")
			b.ReportMetric(keys, "keys/log")
			b.ReportMetric(bytes, "B/log")
		})
	}
}

// BenchmarkParse is the reading of one line.
func BenchmarkParse(b *testing.B) {
	desk := command.Desk{
		Today: goals.NewDate(2026, 11, 19), Currency: "GBP",
		Channels: []goals.Channel{{ID: "1", Name: "BNI", Kind: goals.Networking}, {ID: "2", Name: "LinkedIn", Kind: goals.Social}, {ID: "3", Name: "cold calls", Kind: goals.Direct}},
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := command.ParseLines(benchLines[i%len(benchLines)], desk); err != nil {
			b.Fatal(err)
		}
	}
}
