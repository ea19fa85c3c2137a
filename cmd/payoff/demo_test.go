package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"payoff/bot/command"
	"payoff/goals"
	"payoff/storage"
)

// playDemo runs the command as from a shell, on a machine whose clock stands at a time.
func playDemo(t *testing.T, ctx context.Context, c *demoCmd, at time.Time) (story string, err error) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	var out, log bytes.Buffer
	p := &program{
		ctx: ctx, out: &out, err: io.Discard, dbPath: "payoff.db", now: func() time.Time { return at },
		log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	err = c.Run(p)
	if log.Len() > 0 {
		t.Errorf("playing the quarter logged:\n%s", &log)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	return out.String(), err
}

// TestDemo plays the quarter and holds what is in the database against what was typed.
func TestDemo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "quarter.db")
	again := tellElsewhere(t)
	story, err := playDemo(t, t.Context(), &demoCmd{Exit: true, Keep: file}, time.Date(2031, 2, 28, 23, 59, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if again := again(); again != story {
		t.Errorf("told elsewhere the story is another one (-want +got):\n%s", cmp.Diff(story, again))
	}
	for line := range strings.Lines(story) {
		if strings.Contains(line, "Something went wrong") {
			t.Errorf("the story has the line %q", line)
		}
	}
	tellsWhatPays(t, story)
	p := &program{ctx: t.Context(), dbPath: file, now: time.Now, log: slog.New(slog.DiscardHandler)}
	err = p.with(false, func(r *records) error {
		problems, err := r.check(t.Context())
		if len(problems) > 0 {
			t.Errorf("the database is not sound: %q", problems)
		}
		return errors.Join(err, sameAsTyped(t, r))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tellsWhatPays: in the third week it is too early to tell, and at the end the butcher and the
// web designer read different verdicts, with what they rest on.
func tellsWhatPays(t *testing.T, story string) {
	for who, want := range map[string][]string{
		"Tom":   {"Too early to tell: 1 deal in 2 full weeks", "Networking pays off: about £440 an hour", "Chance of being your best hour: social media under 1%, networking 99%"},
		"Priya": {"Too early to tell: no deals in 2 full weeks", "Direct selling pays off: about £657 an hour", "Networking hasn't had enough hours to judge."},
	} {
		// Lines are broken where the page ends; a sentence is looked for as it was said.
		reports := strings.Split(strings.Join(strings.Fields(strings.ReplaceAll(story, bar, " ")), " "), who+": /report ")
		if third := reports[1][:min(len(reports[1]), 700)]; !strings.Contains(third, want[0]) {
			t.Errorf("the first report of %s reads %q, want %q in it", who, third, want[0])
		}
		last := reports[len(reports)-1]
		for _, w := range want[1:] {
			if !strings.Contains(last, w) {
				t.Errorf("the last report of %s lacks %q", who, w)
			}
		}
	}
	if _, week, _ := strings.Cut(story, "Week 3,"); !strings.Contains(week[:strings.Index(week, "Week 4,")], "Tom: /report") {
		t.Error("the first report is not that of week 3")
	}
}

// tellElsewhere runs the real program, now and in another time zone, and returns what waits for
// what it told.
func tellElsewhere(t *testing.T) func() string {
	self, err := os.Executable()
	folder := t.TempDir()
	if err == nil {
		err = os.Symlink(self, filepath.Join(folder, "payoff")) // by this name it is the program, see TestMain
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(folder, "tmp"), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "payoff"), "demo", "--exit")
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, &out, &stderr
	cmd.Env = []string{"TZ=Pacific/Auckland", "TMPDIR=" + filepath.Join(folder, "tmp"), "HOME=" + folder, "GOCOVERDIR=" + os.Getenv("GOCOVERDIR")}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() string {
		if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
			t.Errorf("payoff demo --exit: %v, and on standard error %q", err, &stderr)
		}
		if left, _ := filepath.Glob(filepath.Join(folder, "*", "*")); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
		return out.String()
	}
}

// sameAsTyped compares what each owner has logged, by channel, with the lines of their file.
func sameAsTyped(t *testing.T, r *records) error {
	c, err := readCast()
	if err != nil {
		return err
	}
	return r.db.View(t.Context(), func(read *storage.Reader) error {
		for _, who := range c.people {
			found, err := r.owner(t.Context(), who.name)
			if err != nil {
				return err
			}
			owner, err := read.Owner(found.Owner)
			if err != nil {
				return err
			}
			want := c.typed(who, owner)
			got := map[string]int{}
			err = read.Activities(owner.ID, storage.Ever, false, func(a goals.Activity) bool {
				if a.Note != "at the check-in" { // said in a form, and not in a line
					got[fmt.Sprint(a.Date, " ", a.Channel, " ", a.Amounts, " ", a.Note)]++
				}
				return true
			})
			if err != nil {
				return err
			}
			for _, line := range differences(want, got) {
				t.Errorf("%s: %s", who.name, line)
			}
		}
		return nil
	})
}

// typed is the lines that someone wrote to the bot, as the grammar reads them, without those
// that were not understood and those taken back.
func (c *cast) typed(who *character, owner goals.Owner) map[string]int {
	want := map[string]int{}
	last := ""
	for _, m := range c.moments {
		if m.who != who {
			continue
		}
		if m.does == "presses Undo" {
			want[last]--
			continue
		}
		desk := command.Desk{Today: goals.DateOf(m.at), Currency: owner.Currency, Channels: owner.Channels}
		entries, err := command.ParseLines(strings.ReplaceAll(m.does, `\n`, "\n"), desk)
		if err != nil || strings.HasPrefix(m.does, "#") || strings.HasPrefix(m.does, "/") {
			continue
		}
		for _, e := range entries {
			last = fmt.Sprint(e.Date, " ", e.Channel, " ", e.Amounts, " ", e.Note)
			want[last]++
		}
	}
	return want
}

func differences(want, got map[string]int) (list []string) {
	for line, n := range want {
		if got[line] != n {
			list = append(list, fmt.Sprintf("%s stands there %d times, was typed %d times", line, got[line], n))
		}
	}
	for line, n := range got {
		if _, ok := want[line]; !ok {
			list = append(list, fmt.Sprintf("%s stands there %d times and was never typed", line, n))
		}
	}
	return list
}

// TestDemoFigures holds the lines that the habits make against their tables.
func TestDemoFigures(t *testing.T) {
	c, err := readCast()
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range c.people {
		for n, h := range who.habits {
			var want, got goals.Amounts
			for week := range quarterWeeks + 1 {
				want = want.Plus(h.week(week + 1))
			}
			lines, err := h.moments(c, who, c.begins, dice(who.id, n))
			if err != nil {
				t.Fatal(err)
			}
			channel := goals.Channel{ID: "1", Name: h.channel}
			for _, m := range lines {
				desk := command.Desk{Today: goals.DateOf(m.at), Currency: "GBP", Channels: []goals.Channel{channel}}
				e, err := command.ParseLog(m.does, desk)
				if err != nil {
					t.Fatalf("%s types %q: %v", who.name, m.does, err)
				}
				got = got.Plus(e.Amounts)
			}
			if got != want {
				t.Errorf("%s, %s: the lines come to %v, the table to %v", who.name, h.channel, got, want)
			}
		}
	}
}

// interrupted is a context that ends after it was looked at some times.
type interrupted struct {
	context.Context
	looks *atomic.Int64
}

func (c interrupted) Err() error {
	if c.looks.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestDemoStops ends in the middle of the quarter, and nothing of it is left.
func TestDemoStops(t *testing.T) {
	file := filepath.Join(t.TempDir(), "quarter.db")
	for _, keep := range []string{"", file} {
		var looks atomic.Int64
		looks.Store(80)
		story, err := playDemo(t, interrupted{t.Context(), &looks}, &demoCmd{Exit: true, Keep: keep}, time.Now())
		if story != "" || err == nil || sentence(err) != "Stopped before it was done." {
			t.Errorf("stopped in the middle: told %d bytes, error %v", len(story), err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Error("what was to be kept is there, half played")
		}
	}
}
