package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"payoff/goals"
	"payoff/storage"
	"payoff/storage/kv"
)

func TestDecimalHours(t *testing.T) {
	for minutes, want := range map[int64]string{
		0: "0", 15: "0.25", 20: "0.3333", 40: "0.6667", 60: "1", 90: "1.5", 600: "10", 601: "10.0167", -30: "-0.5", 6_000_000: "100000",
	} {
		if got := decimalHours(minutes); got != want {
			t.Errorf("decimalHours(%d) = %q, want %q", minutes, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -999: "-999", -1000: "-1,000"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		say  string
	}{
		{nil, 0, ""},
		{errors.New("disk on fire"), 1, "disk on fire"},
		{fmt.Errorf("run: %w", misuse("No %s.", "way")), 2, "No way."},
		{fmt.Errorf("import: %w", goals.Wrong(goals.Invalid, "Try again.", "Line 3 is wrong.")), 1, "Line 3 is wrong. Try again."},
		{fmt.Errorf("back up: %w", context.Canceled), 1, "Stopped before it was done."},
		{unopened("x.db", kv.ErrInUse), 1, "x.db is in use by another process, most likely a payoff that is running; stop that one first."},
		{unopened("x.db", storage.ErrNewer), 1, "x.db was written by a newer payoff and was left as it is; run that version, or a later one."},
	} {
		if got := exitCode(c.err); got != c.code {
			t.Errorf("exitCode(%v) = %d, want %d", c.err, got, c.code)
		}
		if c.err == nil {
			continue
		}
		if got := sentence(c.err); got != c.say {
			t.Errorf("sentence(%v) = %q, want %q", c.err, got, c.say)
		}
	}
}

func TestEveryVariableOfTheContractIsRead(t *testing.T) {
	for _, v := range variables {
		t.Setenv(v.name, "set")
	}
	env, err := readEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(env.plain) + len(env.secrets); got != len(variables) {
		t.Errorf("readEnvironment() = %d variables, want %d", got, len(variables))
	}
	for name, secret := range env.secrets {
		if secret.Reveal() != "set" {
			t.Errorf("%s = %q, want %q", name, secret.Reveal(), "set")
		}
	}
}

func TestReplaceFileKeepsTheOldOneWhenItFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := errors.New("bad")
	half := func(f *os.File) error {
		_, err := f.WriteString("new")
		return errors.Join(err, bad)
	}
	whole := func(f *os.File) error {
		_, err := f.WriteString("new")
		return err
	}
	for name, err := range map[string]error{
		"a failed write":      replaceFile(path, half, nil),
		"a failed inspection": replaceFile(path, whole, func(string) error { return bad }),
	} {
		if !errors.Is(err, bad) {
			t.Errorf("%s: replaceFile() = %v, want %v", name, err, bad)
		}
		if got, _ := os.ReadFile(path); string(got) != "old" {
			t.Errorf("%s: the file holds %q, want %q", name, got, "old")
		}
	}
	if err := replaceFile(path, whole, nil); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("the file holds %q, want %q", got, "new")
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are in the folder, want 1 (%v)", len(left), err)
	}
}

func TestDoctorClock(t *testing.T) {
	built := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	if f := clock(built.Add(-time.Hour), built); f.well {
		t.Errorf("a clock before the build is well: %s", f.say)
	}
	if f := clock(built.Add(time.Hour), built); !f.well {
		t.Errorf("a clock after the build is not well: %s", f.say)
	}
	if f := zones(); !f.well {
		t.Errorf("the zones that are linked in are not well: %s", f.say)
	}
}

func TestBackupTime(t *testing.T) {
	for name, want := range map[string]bool{
		"payoff-20261122-030000Z.db": true,
		"payoff-20261122-030000Z.gz": false,
		"payoff-20261322-030000Z.db": false,
		"notes.txt":                  false,
		partial + "123":              false,
	} {
		if _, got := backupTime(name); got != want {
			t.Errorf("backupTime(%q) = %v, want %v", name, got, want)
		}
	}
}
