package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"payoff/storage"
	"payoff/storage/bolt"
)

// A running is the real program: this test binary, which TestMain has put into the PATH under
// the program's name.
type running struct {
	t        *testing.T
	url      string
	cmd      *exec.Cmd
	errors   bytes.Buffer  // whole once it has ended
	finished chan struct{} // closed when it has
}

var greeting = regexp.MustCompile(`http://(\S+)`)

// run starts it on a database, and waits until it says that it is ready.
func run(t *testing.T, db, address string) *running {
	t.Helper()
	r := &running{t: t, cmd: exec.Command("payoff", "serve"), finished: make(chan struct{})}
	r.cmd.Env = append(os.Environ(), "PAYOFF_DB="+db, "PAYOFF_HTTP="+address, "TZ=UTC")
	r.cmd.Stderr = &r.errors
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill() // no more than an error when it has ended
		<-r.finished
	})
	out := bufio.NewReader(stdout)
	said, err := out.ReadString('\n')
	go func() {
		defer close(r.finished)
		_, _ = io.Copy(io.Discard, out)
		_ = r.cmd.Wait()
	}()
	found := greeting.FindString(said)
	if err != nil || found == "" {
		_ = r.cmd.Process.Kill()
		<-r.finished
		t.Fatalf("payoff said %q and is not ready: %v\n%s", said, err, r.errors.String())
	}
	r.url = found
	return r
}

// address is where it listens, for another run in its place.
func (r *running) address() string { return greeting.FindStringSubmatch(r.url)[1] }

// patience is what is promised to who stops the program.
const patience = 5 * time.Second

// interrupt is Ctrl-C.
func (r *running) interrupt() {
	r.t.Helper()
	begun := time.Now()
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		r.t.Fatal(err)
	}
	select {
	case <-r.finished:
	case <-time.After(patience):
		r.t.Fatalf("payoff still runs %s after Ctrl-C", patience)
	}
	if code := r.cmd.ProcessState.ExitCode(); code != 0 {
		r.t.Fatalf("payoff ended with exit code %d after Ctrl-C:\n%s", code, r.errors.String())
	}
	r.t.Logf("Ctrl-C ended payoff within %s", time.Since(begun).Round(time.Millisecond))
}

// startDay names the environment variable for the day, such as 2026-12-31, on which the test is to
// happen. Without it that is today.
const startDay = "PAYOFF_NEWCOMER_DAY"

// begin is when the test happens, and the database of a payoff that has never run.
func begin(t *testing.T) (db string, now time.Time) {
	t.Helper()
	db, now = t.TempDir()+"/payoff.db", time.Now()
	if on := os.Getenv(startDay); on != "" {
		day, err := time.Parse(time.DateOnly, on)
		if err != nil {
			t.Fatalf("%s: %v", startDay, err)
		}
		now = day.Add(now.Sub(now.Truncate(24 * time.Hour)))
		setClock(t, db, now)
	}
	return db, now
}

// setClock makes a database that holds nothing but how far its clock is ahead, or behind.
func setClock(t *testing.T, db string, to time.Time) {
	t.Helper()
	file, err := bolt.Open(db)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := storage.Open(t.Context(), file)
	if err == nil {
		ahead := time.Until(to)
		err = kept.Update(t.Context(), func(tx *storage.Tx) error { return tx.PutSetting("clock offset", ahead.String()) })
		err = errors.Join(err, kept.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// zoneAt is a time zone in which now is a working hour: from 9 in the morning, so that the
// next Monday 09:00 is not today's, and before midnight comes near.
func zoneAt(t *testing.T, now time.Time) *time.Location {
	t.Helper()
	for _, name := range []string{"Europe/London", "Asia/Shanghai", "America/Los_Angeles"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if hour := now.In(zone).Hour(); 10 <= hour && hour < 22 {
			return zone
		}
	}
	t.Fatalf("it is a working hour nowhere at %s", now)
	return nil
}
