package bot_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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

// benchLines are what owners log, in turn; not long enough to fill the day of one who is quick.
var benchLines = []string{
	"20m BNI £25 4 contacts 2 conversations 1 qualified",
	"LinkedIn 15m 3 convos",
	"won £1,200 BNI",
	"1-2-1 with Priya, BNI, 10m, 1 referral given",
}

// BenchmarkLog is a line logged end to end, from the event to the answer, on a real file, by
// so many owners at once. In turns with it bbolt writes by hand the keys and bytes that logs
// write, as many logs in a commit as the driver reached, and the medians are compared:
// x-raw is how many times as long a log takes. The aims: at most 2.5 with one owner, at most
// 2 with 64.
func BenchmarkLog(b *testing.B) {
	for _, owners := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("owners=%d", owners), func(b *testing.B) { benchLog(b, owners) })
	}
}

func benchLog(b *testing.B, owners int) {
	const turn = 20 // commits that a turn should take
	s := newShop(b, owners)
	raw := s.raw()
	keys, bytes := raw.size()
	var logs, byHand []float64
	var group float64
	b.ReportAllocs()
	b.ResetTimer()
	b.StopTimer()
	for left := b.N; left > 0; {
		n := min(left, turn*owners)
		left -= n
		before := s.commits()
		b.StartTimer()
		took := s.log(n)
		b.StopTimer()
		each := float64(n) / float64(s.commits()-before)
		logs, group = append(logs, float64(took)/float64(n)), group+each*float64(n)/float64(b.N)
		byHand = append(byHand, raw.time(turn, max(1, int(each+.5))))
	}
	b.ReportMetric(median(logs)/median(byHand), "x-raw")
	b.ReportMetric(median(byHand), "raw-ns/op")
	b.ReportMetric(group, "logs/commit")
	b.ReportMetric(keys, "keys/log")
	b.ReportMetric(bytes, "B/log")
}

func median(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
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

// BenchmarkComplete is what is proposed at one more letter, by an owner with a half-year behind them;
// the aim is 1 ms.
func BenchmarkComplete(b *testing.B) {
	s := newShop(b, 1)
	for _, typed := range []struct{ text, option string }{
		{"log 2h BNI £25 4 contacts 2 conversations 1 qualified yesterday", "line"},
		{"log 2h BNI £25 4 contacts 2 conversations 1 qualified yesterday", ""},
		{"goal set £120k by 31 Dec", "goal"},
		{"checkin away in 2 weeks", "until"},
		{"goal end at most", "which"},
	} {
		b.Run(typed.text[:8]+typed.option, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.bot.Complete(b.Context(), s.person(0), typed.text, typed.option)
			}
		})
	}
}

// BenchmarkReport is a report over five years in which each of five channels was logged every
// day; the aim is 5 ms.
func BenchmarkReport(b *testing.B) {
	const channels, days = 5, 5*365 + 1
	s := openShop(b, 1)
	s.start = time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	today := goals.DateOf(s.now())
	var rows []string
	for i := range channels * days {
		rows = append(rows, fmt.Sprintf("Owner 0,%s,Channel %d,social,1.5,2.00,3,2,1,%d,%d.00", today-goals.Date(i/channels), i%channels, i%7/6, i%7/6*250))
	}
	s.imports(rows)
	actor := s.actor(0)
	period := goals.Period{From: today - days + 1, To: today}
	b.ReportAllocs()
	for b.Loop() {
		rep, err := s.engine.Report(context.Background(), actor, &period, "")
		if err != nil || rep.Total[goals.Contacts] != 3*channels*days || len(rep.Channels) != channels {
			b.Fatalf("Report = %v of %d channels, %v", rep.Total, len(rep.Channels), err)
		}
	}
}

// A shop is a bot on a real database, and people who log. Its clock moves on a day when each
// of them has logged every line.
type shop struct {
	b      *testing.B
	path   string
	driver *bolt.DB
	engine *engine.Engine
	bot    *bot.Bot
	owners int
	start  time.Time
	logs   atomic.Int64
}

func openShop(b *testing.B, owners int) *shop {
	b.Helper()
	s := &shop{b: b, owners: owners, path: filepath.Join(b.TempDir(), "payoff.db"), start: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)}
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
	return s
}

// newShop has owners with three channels, a goal that renews, and half a year of lines
// behind them, so that the tree has some height.
func newShop(b *testing.B, owners int) *shop {
	b.Helper()
	s := openShop(b, owners)
	today := goals.DateOf(s.now())
	var rows []string
	for i := range owners * 180 * len(benchLines) {
		rows = append(rows, fmt.Sprintf("Owner %d,%s,%s,1.5,2.00,3,2,1,0,0.00", i%owners, today-1-goals.Date(i/owners/len(benchLines)), []string{"BNI,networking", "LinkedIn,social", "cold calls,direct"}[i%3]))
	}
	s.imports(rows)
	for o := range owners {
		_, err := s.engine.Begin(b.Context(), engine.Request{Actor: s.actor(o)}, engine.Beginning{
			Currency: "GBP", Zone: "Europe/London", Customer: "Family restaurants within an hour's drive",
			Goal: &engine.NewGoal{Amount: goals.Money{Minor: 800_000, Currency: "GBP"}, Every: goals.Month, Period: goals.Month.Period(today)},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	s.log(2 * owners * len(benchLines))
	return s
}

func (s *shop) imports(rows []string) {
	s.b.Helper()
	const header = "owner,date,channel,kind,hours,spend,contacts,conversations,qualified,deals,revenue\n"
	if _, err := s.engine.Import(s.b.Context(), "local", "local", strings.NewReader(header+strings.Join(rows, "\n")), "GBP"); err != nil {
		s.b.Fatal(err)
	}
}

func (s *shop) now() time.Time {
	return s.start.AddDate(0, 0, int(s.logs.Load())/(len(benchLines)*s.owners))
}

func (s *shop) person(owner int) chat.Person {
	return chat.Person{Platform: "local", Space: "local", ID: fmt.Sprintf("owner-%d", owner), Name: fmt.Sprintf("Owner %d", owner), Zone: "Europe/London"}
}

func (s *shop) actor(owner int) engine.Actor {
	s.b.Helper()
	p := s.person(owner)
	actor, err := s.engine.Meet(s.b.Context(), engine.Person{Platform: p.Platform, Space: p.Space, ID: p.ID})
	if err != nil {
		s.b.Fatal(err)
	}
	return actor
}

// log logs n lines, all owners at once, each waiting for the answer before the next.
func (s *shop) log(n int) time.Duration {
	var taken atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for o := range s.owners {
		from := s.person(o)
		wg.Go(func() {
			for i := taken.Add(1); i <= int64(n); i = taken.Add(1) {
				s.logOne(from)
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}

func (s *shop) logOne(from chat.Person) {
	i := s.logs.Add(1) - 1
	reply := s.bot.Handle(context.Background(), chat.Event{
		ID: fmt.Sprintf("%s/%s/%d", from.Platform, from.ID, i), From: from, Room: chat.Room{ID: "dm", Direct: true},
		Did: chat.Wrote{Text: benchLines[int(i)/s.owners%len(benchLines)]},
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
	const header, txid = 16, 48 // of bbolt's pages, and in its meta
	var last uint64
	for _, page := range []int64{0, int64(os.Getpagesize())} {
		var id [8]byte
		if _, err := f.ReadAt(id[:], page+header+txid); err != nil {
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

// A rawLog is bbolt by hand: the puts of real logs, over and over.
type rawLog struct {
	b    *testing.B
	db   *bbolt.DB
	puts [][]put // of a log of each line by each owner
	at   int
	next uint64
}

// A put is one key that a log writes.
type put struct {
	key, value []byte
	isNew      bool
}

// payoffBucket is where the driver keeps its keys.
var payoffBucket = []byte("payoff")

// raw finds out what logs really write, by what is in the file before and after each owner
// has logged one line, and makes a copy of the file in which bbolt can write the same.
func (s *shop) raw() *rawLog {
	s.b.Helper()
	r := &rawLog{b: s.b}
	for i := range benchLines {
		before := s.copy(fmt.Sprint("before-", i))
		for o := range s.owners {
			s.logOne(s.person(o))
		}
		r.db = s.copy(fmt.Sprint("after-", i))
		r.puts = append(r.puts, logsOf(difference(s.b, before, r.db))...)
	}
	return r
}

// logsOf sorts the puts by whose log they are of; those of events name no owner, and go to
// one log each.
func logsOf(puts []put) (logs [][]put) {
	by := map[string]int{}
	var events []put
	for _, p := range puts {
		owner, ours := bytes.CutPrefix(p.key, []byte("o\x00"))
		if !ours {
			events = append(events, p)
			continue
		}
		owner, _, _ = bytes.Cut(owner, []byte{0})
		i, known := by[string(owner)]
		if !known {
			i = len(logs)
			by[string(owner)], logs = i, append(logs, nil)
		}
		logs[i] = append(logs[i], p)
	}
	for i, p := range events {
		logs[i%len(logs)] = append(logs[i%len(logs)], p)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(logs), func(i, k int) { logs[i], logs[k] = logs[k], logs[i] })
	return logs
}

// difference is the keys of after that before has not, or with another value.
func difference(b *testing.B, before, after *bbolt.DB) (puts []put) {
	b.Helper()
	err := before.View(func(old *bbolt.Tx) error {
		return after.View(func(tx *bbolt.Tx) error {
			return tx.Bucket(payoffBucket).ForEach(func(k, v []byte) error {
				if was := old.Bucket(payoffBucket).Get(k); was == nil || !bytes.Equal(was, v) {
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
	for _, log := range r.puts {
		for _, p := range log {
			keys++
			bytes += float64(len(p.key) + len(p.value))
		}
	}
	return keys / float64(len(r.puts)), bytes / float64(len(r.puts))
}

// time is how long one log takes when so many share a commit. A key that was new is new each
// time, in the same place of the tree.
func (r *rawLog) time(commits, group int) float64 {
	r.b.Helper()
	begin := time.Now()
	for range commits {
		err := r.db.Update(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket(payoffBucket)
			for range group {
				if err := r.put(bucket, r.puts[r.at%len(r.puts)]); err != nil {
					return err
				}
				r.at++
			}
			return nil
		})
		if err != nil {
			r.b.Fatal(err)
		}
	}
	return float64(time.Since(begin)) / float64(commits*group)
}

func (r *rawLog) put(bucket *bbolt.Bucket, log []put) error {
	for _, p := range log {
		key := bytes.Clone(p.key)
		if p.isNew {
			r.next++
			binary.BigEndian.PutUint64(key[len(key)-8:], r.next)
		}
		if err := bucket.Put(key, p.value); err != nil {
			return err
		}
	}
	return nil
}
