package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

type backupCmd struct {
	File  string `arg:"" help:"Where the copy goes."`
	Force bool   `help:"Replace the file if there is one."`
}

// Help is shown below the flags.
func (backupCmd) Help() string {
	return "One process has the database at a time. While payoff runs, let it back itself up: " +
		"PAYOFF_BACKUP_DIR names a folder for a copy each day."
}

// Run writes the copy and checks it.
func (c *backupCmd) Run(p *program) error {
	if _, err := os.Lstat(c.File); err == nil && !c.Force {
		return failed(nil, "%s is there already; name another file, or replace it with --force.", c.File)
	}
	return p.with(false, func(r *records) error {
		if same(c.File, r.path) {
			return misuse("%s is the database itself; name another file for the copy.", c.File)
		}
		stop := p.progress("Backing up " + r.path)
		written, err := p.backUp(r, c.File)
		stop()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "Backed up %s to %s (%s), and checked the copy.\n", r.path, c.File, size(written))
		return err
	})
}

// backUp writes a copy of the open database to path, checked before it has that name.
func (p *program) backUp(r *records, path string) (written int64, err error) {
	err = replaceFile(path,
		func(f *os.File) error {
			written, err = r.file.Backup(p.ctx, f)
			return err
		},
		func(temporary string) error { return p.checkCopy(temporary, path) })
	if err != nil && p.ctx.Err() != nil {
		return 0, p.ctx.Err()
	}
	if err != nil {
		return 0, unwritten(path, err)
	}
	return written, nil
}

type restoreCmd struct {
	File  string `arg:"" help:"The copy to bring back."`
	Force bool   `help:"Replace a database that is there; it is kept beside, with .before-restore behind its name."`
}

// Help is shown below the flags.
func (restoreCmd) Help() string {
	return "The copy is checked first, and stays where it is. payoff must not be running on the database."
}

// keptAs is behind the name of a database that was replaced.
const keptAs = ".before-restore"

// Run puts a checked copy in the database's place.
func (c *restoreCmd) Run(p *program) error {
	if name, set := p.env.firstSet("PAYOFF_DATABASE_URL"); set {
		return failed(nil, "PostgreSQL is not built yet; unset %s to restore the file %s.", name, p.dbPath)
	}
	if same(c.File, p.dbPath) {
		return misuse("%s is the database itself; name the copy to bring back.", c.File)
	}
	replaces, err := c.mayReplace(p)
	if err != nil {
		return err
	}
	from, err := os.Open(c.File)
	if err != nil {
		return failed(err, "%s cannot be read: %s.", c.File, reason(err))
	}
	defer from.Close()
	stop := p.progress("Restoring " + p.dbPath)
	err = replaceFile(p.dbPath,
		func(f *os.File) error { return copyAll(f, from, c.File) },
		func(temporary string) error {
			if err := p.checkCopy(temporary, c.File); err != nil || !replaces {
				return err
			}
			return c.keepOld(p)
		})
	stop()
	if err != nil {
		return unwritten(p.dbPath, err)
	}
	said := fmt.Sprintf("Restored %s from %s.", p.dbPath, c.File)
	if replaces {
		said += fmt.Sprintf(" What was there is kept as %s.", p.dbPath+keptAs)
	}
	_, err = fmt.Fprintln(p.out, said)
	return err
}

// mayReplace looks at what is in the way: nothing; a file that --force allows to replace; or
// one that must stay, most of all one that a process is writing.
func (c *restoreCmd) mayReplace(p *program) (replaces bool, err error) {
	info, err := os.Lstat(p.dbPath)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, failed(err, "%s cannot be looked at: %s.", p.dbPath, reason(err))
	case !info.Mode().IsRegular():
		return false, failed(nil, "%s is not a regular file, so it is not replaced.", p.dbPath)
	case !c.Force:
		return false, failed(nil, "%s is there already; --force replaces it, and keeps it as %s.", p.dbPath, p.dbPath+keptAs)
	}
	return true, p.unused()
}

// unused fails when another process has the database. One that cannot be opened for any other
// reason is what a restore is for.
func (p *program) unused() error {
	_, db, err := openFile(p.ctx, p.dbPath)
	if err == nil {
		return db.Close()
	}
	if inUse(err) {
		return err
	}
	return nil
}

// keepOld gives the present database a second name, so that it stays when the first is taken.
func (c *restoreCmd) keepOld(p *program) error {
	kept := p.dbPath + keptAs
	if err := os.Remove(kept); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Link(p.dbPath, kept); err == nil {
		return nil
	}
	return os.Rename(p.dbPath, kept) // a file system without links
}

func copyAll(to io.Writer, from *os.File, name string) error {
	info, err := from.Stat()
	if err == nil && !info.Mode().IsRegular() {
		return failed(nil, "%s is not a file.", name)
	}
	if err == nil && info.Size() == 0 {
		return failed(nil, "%s is empty, so nothing was changed.", name) // an empty file opens as a new database
	}
	if err == nil {
		_, err = io.Copy(to, from)
	}
	return err
}

// same reports whether two paths are one file.
func same(a, b string) bool {
	if x, err := filepath.Abs(a); err == nil {
		if y, err := filepath.Abs(b); err == nil && x == y {
			return true
		}
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
