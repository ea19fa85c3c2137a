package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// backupFlags are the settings of scheduled backups.
type backupFlags struct {
	BackupDir  string `env:"PAYOFF_BACKUP_DIR" placeholder:"FOLDER" help:"Folder for a checked backup each day (UTC); none are made without it."`
	BackupKeep int    `env:"PAYOFF_BACKUP_KEEP" default:"14" placeholder:"N" help:"How many of them are kept."`
}

func (f backupFlags) validate() error {
	if f.BackupKeep < 1 {
		return misuse("PAYOFF_BACKUP_KEEP must be 1 or more, and not %d.", f.BackupKeep)
	}
	return nil
}

// dailyBackups makes a backup on each day of UTC, and deletes the oldest when there are more
// than are kept. It looks at the files, not at a timer, so that restarts neither skip a day
// nor make two.
type dailyBackups struct {
	backupFlags
	program *program
	records *records
}

// newDailyBackups makes the folder where it is missing.
func newDailyBackups(f backupFlags, p *program, r *records) (*dailyBackups, error) {
	if err := os.MkdirAll(f.BackupDir, 0o700); err != nil {
		return nil, failed(err, "The folder for backups, %s, cannot be made: %s; see PAYOFF_BACKUP_DIR.", f.BackupDir, reason(err))
	}
	return &dailyBackups{f, p, r}, nil
}

const (
	backupBegins = "payoff-"
	backupEnds   = ".db"
	backupStamp  = "20060102-150405Z" // sorts by time
)

// runOnce makes the day's backup unless it is there.
func (b *dailyBackups) runOnce(context.Context) (made bool, err error) {
	now := b.program.now().UTC()
	if err := b.deletePartial(); err != nil {
		return false, err
	}
	names, err := backups(b.BackupDir)
	if err != nil {
		return false, err
	}
	today := backupBegins + now.Format("20060102")
	if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, today) }) {
		return false, nil
	}
	name := backupBegins + now.Format(backupStamp) + backupEnds
	if _, err := b.program.backUp(b.records, filepath.Join(b.BackupDir, name)); err != nil {
		return false, err
	}
	return true, b.prune()
}

// prune deletes the oldest beyond those that are kept.
func (b *dailyBackups) prune() error {
	names, err := backups(b.BackupDir)
	for len(names) > b.BackupKeep && err == nil {
		err = os.Remove(filepath.Join(b.BackupDir, names[0]))
		names = names[1:]
	}
	return err
}

// deletePartial deletes what a power cut left of a backup. Only this process writes here.
func (b *dailyBackups) deletePartial() error {
	left, err := filepath.Glob(filepath.Join(b.BackupDir, partial+"*"))
	for _, path := range left {
		if e := os.Remove(path); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// backups lists the names of the backups in a folder, the oldest first; other files are not ours.
func backups(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder) // sorted by name
	var names []string
	for _, e := range entries {
		if _, ok := backupTime(e.Name()); ok && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// backupTime is when a backup was made, by its name.
func backupTime(name string) (time.Time, bool) {
	stamp, begins := strings.CutPrefix(name, backupBegins)
	stamp, ends := strings.CutSuffix(stamp, backupEnds)
	t, err := time.Parse(backupStamp, stamp)
	return t, begins && ends && err == nil
}
