package bolt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"payoff/storage/kv"
)

var errDisk = errors.New("no space left on device")

// slowDisk has each commit wait for what is sent, and fail with it unless that is nil. It
// returns when the commit of keys has come so far.
func slowDisk(t *testing.T, db *DB, keys ...string) (disk chan<- error, answer <-chan any) {
	t.Helper()
	verdict, reached := make(chan error), make(chan struct{}, 100)
	whole := db.commit
	db.commit = func(tx *bbolt.Tx) error {
		reached <- struct{}{}
		if err := <-verdict; err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return whole(tx)
	}
	answer = begin(t.Context(), db, put(keys...))
	<-reached
	return verdict, answer
}

// TestUnderway: while a group is on its way to the disk the next closures run, and see what it
// wrote, under what they write themselves. Nobody is answered before it is there.
func TestUnderway(t *testing.T) {
	db := opened(t)
	mustUpdate(t, db, put("a", "b", "c", "d"))
	disk, first := slowDisk(t, db, "b", "e")
	var seen [3]string
	ran := make(chan struct{})
	next := begin(t.Context(), db, func(tx kv.Tx) error {
		defer close(ran)
		seen[0] = dump(tx)
		err := errors.Join(tx.Delete([]byte("b")), tx.Delete([]byte("e")), tx.Set([]byte("c"), []byte("C")), put("f")(tx))
		seen[1] = dump(tx)
		return err
	})
	<-ran // though the disk has not moved
	ran = make(chan struct{})
	reads := begin(t.Context(), db, func(tx kv.Tx) error { defer close(ran); seen[2] = dump(tx); return nil })
	<-ran
	if want := [3]string{"a=a b=b c=c d=d e=e", "a=a c=C d=d f=f", "a=a c=C d=d f=f"}; seen != want {
		t.Errorf("the closures see %q, want %q", seen, want)
	}
	wantState(t, db, "a=a b=b c=c d=d")
	for _, answer := range []<-chan any{first, next, reads} {
		select {
		case got := <-answer:
			t.Errorf("answered with %v before anything was on disk", got)
		case <-time.After(10 * time.Millisecond):
		}
	}
	disk <- nil
	if got := <-first; got != nil {
		t.Errorf("the first closure is answered with %v, want nil", got)
	}
	wantState(t, db, "a=a b=b c=c d=d e=e")
	disk <- nil
	for _, answer := range []<-chan any{next, reads} {
		if got := <-answer; got != nil {
			t.Errorf("a closure is answered with %v, want nil", got)
		}
	}
	wantState(t, db, "a=a c=C d=d f=f")
}

// TestUnderwayFails: what has seen something that never came to the disk fails with it, also when
// it wrote nothing. The next group begins from what is there.
func TestUnderwayFails(t *testing.T) {
	db := opened(t)
	mustUpdate(t, db, put("a"))
	disk, first := slowDisk(t, db, "b")
	answers := []<-chan any{first}
	for _, fn := range []func(kv.Tx) error{put("c"), put(), func(kv.Tx) error { return errFails }} {
		ran := make(chan struct{})
		answers = append(answers, begin(t.Context(), db, func(tx kv.Tx) error { defer close(ran); return fn(tx) }))
		<-ran
	}
	disk <- errDisk
	for i, answer := range answers {
		if err, _ := (<-answer).(error); !errors.Is(err, errDisk) {
			t.Errorf("closure %d is answered with %v, want %v", i, err, errDisk)
		}
	}
	wantState(t, db, "a=a")
	later := begin(t.Context(), db, put("d"))
	disk <- nil
	if got := <-later; got != nil {
		t.Errorf("a closure after that is answered with %v, want nil", got)
	}
	wantState(t, db, "a=a d=d")
}

// TestWorthwhile: what is large goes to the disk at once, and does not wait for those behind it.
func TestWorthwhile(t *testing.T) {
	db := opened(t)
	before := commits(t, db)
	release := hold(t, db, func(tx kv.Tx) error { return tx.Set([]byte("large"), make([]byte, worthwhile)) })
	behind := queue(t.Context(), db, put("a"))
	if err := release(); err != nil {
		t.Error(err)
	}
	if got := <-behind; got != nil {
		t.Errorf("the closure behind it is answered with %v, want nil", got)
	}
	if n := commits(t, db) - before; n != 2 {
		t.Errorf("%d commits, want one for each", n)
	}
}

// TestUnderwayModel compares random groups, of which the first is on its way to the disk while
// the second runs and may never arrive, with closures that run one after the other on a map.
func TestUnderwayModel(t *testing.T) {
	db := opened(t)
	whole := db.commit
	rapid.Check(t, func(rt *rapid.T) {
		db.commit = whole
		mustUpdate(t, db, func(tx kv.Tx) (err error) {
			for _, k := range "abcde" {
				err = errors.Join(err, tx.Delete([]byte(string(k))))
			}
			return errors.Join(err, put("a", "b")(tx))
		})
		kept := map[string]string{"a": "a", "b": "b"} // what the disk comes to
		verdicts, reached := make(chan error, 2), make(chan struct{}, 2)
		db.commit = func(tx *bbolt.Tx) error {
			reached <- struct{}{}
			if err := <-verdicts; err != nil {
				return errors.Join(err, tx.Rollback())
			}
			return whole(tx)
		}
		one := &closure{steps: []step{{Key: "b"}, {Key: "c", Value: "1"}}}
		first := begin(t.Context(), db, one.run)
		<-reached
		state, _, _ := one.on(kept)
		var answers []<-chan any
		var wants []string
		for i, steps := range rapid.SliceOfN(stepsGen, 1, 6).Draw(rt, "second") {
			c := &closure{steps: steps}
			ran := make(chan struct{})
			answers = append(answers, begin(t.Context(), db, func(tx kv.Tx) error { defer close(ran); return c.run(tx) }))
			<-ran
			after, seen, want := c.on(state)
			if !slices.Equal(c.seen, seen) {
				rt.Fatalf("closure %d saw %q, want %q", i, c.seen, seen)
			}
			wants = append(wants, want)
			state = after
		}
		fails := rapid.Bool().Draw(rt, "the first fails")
		if fails {
			verdicts <- errDisk
		} else {
			kept = state
			verdicts <- nil
			verdicts <- nil // for the second, if it wrote anything
		}
		if got := fmt.Sprint(<-first); got != "<nil>" != fails {
			rt.Fatalf("the first is answered with %s; failed: %t", got, fails)
		}
		for i, answer := range answers {
			got := <-answer
			if err, _ := got.(error); fails && !errors.Is(err, errDisk) && !strings.HasPrefix(wants[i], "panics") {
				rt.Fatalf("closure %d is answered with %v, want the error of the disk", i, got)
			}
			if !fails && !strings.HasPrefix(fmt.Sprint(got), wants[i]) {
				rt.Fatalf("closure %d is answered with %v, want %s", i, got, wants[i])
			}
		}
		wantState(t, db, pairs(kept))
	})
}

// TestFileGrowsUnderway: bbolt cannot make its file larger while somebody reads it, and the
// closures of the next group read.
func TestFileGrowsUnderway(t *testing.T) {
	db := opened(t)
	answers := make(chan error, 64)
	for i := range cap(answers) {
		go func() {
			answers <- db.Update(t.Context(), func(tx kv.Tx) error {
				return tx.Set(fmt.Appendf(nil, "%04d", i), make([]byte, kv.MaxValue))
			})
		}()
	}
	for range cap(answers) {
		select {
		case err := <-answers:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("the commit and the next closures wait for each other")
		}
	}
}
