package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"payoff/storage/kv"
)

type doctorCmd struct {
	httpFlag
	backupFlags
	Health bool `help:"Only ask the payoff at PAYOFF_HTTP whether it is well; for a container's health check."`
}

// Help is shown below the flags.
func (doctorCmd) Help() string {
	return "One line for each thing looked at, with what to do where something is wrong. It changes nothing."
}

// A finding is what was found about one thing.
type finding struct {
	about string
	well  bool
	say   string
}

// Run prints the findings, and fails when one of them is not well.
func (c *doctorCmd) Run(p *program) error {
	if c.Health {
		if err := c.healthy(); err != nil {
			return err
		}
		_, err := fmt.Fprintln(p.out, "ok")
		return err
	}
	found := []finding{c.database(p), c.port(p), clock(p.now(), builtAt()), zones(), c.backups(p)}
	found = append(append(found, c.inSlack(p)...), c.inDiscord(p)...)
	ill, width := 0, 9
	for _, f := range found {
		width = max(width, len(f.about))
	}
	for _, f := range found {
		mark := "ok  "
		if !f.well {
			mark = "FIX "
			ill++
		}
		if _, err := fmt.Fprintf(p.out, "%s  %-*s  %s\n", mark, width, f.about, f.say); err != nil {
			return err
		}
	}
	if ill > 0 {
		return failed(nil, "%s to be put right.", count(ill, "thing"))
	}
	return nil
}

func (c *doctorCmd) database(p *program) finding {
	const about = "database"
	if name, set := p.env.firstSet("PAYOFF_DATABASE_URL"); set {
		return finding{about, false, "PostgreSQL is not built yet; unset " + name + "."}
	}
	info, err := os.Stat(p.dbPath)
	if errors.Is(err, fs.ErrNotExist) {
		return c.folder(p.dbPath)
	}
	if err != nil {
		return finding{about, false, sentence(unopened(p.dbPath, err))}
	}
	_, db, err := openFile(p.ctx, p.dbPath)
	switch {
	case inUse(err) && c.healthy() == nil:
		return finding{about, true, fmt.Sprintf("%s, %s, in use by the payoff that answers at %s.", p.dbPath, size(info.Size()), c.HTTP)}
	case err != nil:
		return finding{about, false, sentence(err)}
	}
	offset, err := readOffset(p.ctx, db)
	if err := errors.Join(err, db.Close()); err != nil {
		return finding{about, false, sentence(err)}
	}
	said := fmt.Sprintf("%s, %s, can be opened; payoff check reads all of it", p.dbPath, size(info.Size()))
	if days := int(offset.Round(time.Hour).Hours() / 24); days > 0 {
		said += fmt.Sprintf("; the workspace in it is %s ahead of real time", count(days, "day"))
	}
	return finding{about, true, said + "."}
}

// folder tells whether a database could be made.
func (c *doctorCmd) folder(path string) finding {
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, partial+"*")
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return finding{"database", false, fmt.Sprintf("%s is not there and cannot be made in %s: %s; name another with PAYOFF_DB.", path, folder, reason(err))}
	}
	return finding{"database", true, path + " is not there yet; payoff makes it when it runs."}
}

func inUse(err error) bool { return errors.Is(err, kv.ErrInUse) }

func (c *doctorCmd) port(p *program) finding {
	l, err := c.listen()
	if err != nil && c.healthy() == nil {
		return finding{"port", true, "a payoff runs at http://" + c.HTTP + "."}
	}
	if err != nil {
		return finding{"port", false, sentence(err)}
	}
	at := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil {
		return finding{"port", false, err.Error()}
	}
	if _, elsewhere := p.env.firstSet("SLACK_", "DISCORD_"); !at.IP.IsLoopback() && !elsewhere {
		return finding{"port", true, fmt.Sprintf("%s is free; it can be reached from other machines, and the workspace has no login.", c.HTTP)}
	}
	return finding{"port", true, c.HTTP + " is free."}
}

// clock compares the machine's time with when this program was built: earlier cannot be.
func clock(now, built time.Time) finding {
	said := now.Format("Mon 2 Jan 2006, 15:04 MST")
	if now.Before(built) {
		return finding{"clock", false, fmt.Sprintf("it is %s here, which is before this program was built; set the machine's clock, for dates and check-ins go by it.", said)}
	}
	return finding{"clock", true, "it is " + said + " here; check that this is right."}
}

// builtAt is when the commit of this build was made, or, when the build does not say, when
// this line was written.
func builtAt() time.Time {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if t, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				return t
			}
		}
	}
	return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
}

// zones looks for rules that came late: Egypt took summer time up again in 2023.
func zones() finding {
	const about = "zones"
	cairo, err := time.LoadLocation("Africa/Cairo")
	if err != nil {
		return finding{about, false, fmt.Sprintf("time zones cannot be read: %s; unset ZONEINFO.", err)}
	}
	if _, offset := time.Date(2026, 7, 1, 12, 0, 0, 0, cairo).Zone(); offset != 3*60*60 {
		return finding{about, false, "this machine's time zones are from before 2023; update its tzdata package."}
	}
	return finding{about, true, fmt.Sprintf("known and recent; this machine's own is %s.", time.Now().Format("MST (UTC-07:00)"))}
}

func (c *doctorCmd) backups(p *program) finding {
	const about = "backups"
	if err := c.validate(); err != nil {
		return finding{about, false, sentence(err)}
	}
	if c.BackupDir == "" {
		return finding{about, true, "none are scheduled; PAYOFF_BACKUP_DIR names a folder for one a day."}
	}
	names, err := backups(c.BackupDir)
	if err != nil {
		return finding{about, false, fmt.Sprintf("%s cannot be read: %s; payoff makes it when it runs.", c.BackupDir, reason(err))}
	}
	if len(names) == 0 {
		return finding{about, false, "there are none in " + c.BackupDir + " yet; run payoff, and look at its log if that does not help."}
	}
	last, _ := backupTime(names[len(names)-1])
	if age := p.now().Sub(last); age > 49*time.Hour {
		return finding{about, false, fmt.Sprintf("the last one in %s is %d days old; look at the log for the reason.", c.BackupDir, int(age.Hours()/24))}
	}
	return finding{about, true, fmt.Sprintf("%s in %s, the last from %s.", count(len(names), "file"), c.BackupDir, stamp(last))}
}
