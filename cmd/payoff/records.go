package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

// records is an open database and the use cases on it.
type records struct {
	path   string
	file   *bolt.DB
	db     *storage.DB
	engine *engine.Engine
	now    func() time.Time // what the engine takes the time from
	offset time.Duration    // how far the local workspace's clock was moved ahead of the machine's
}

// open opens the database. Where there is none it is made only when it may be.
func (p *program) open(make bool) (*records, error) {
	if name, set := p.env.firstSet("PAYOFF_DATABASE_URL"); set {
		return nil, failed(nil, "PostgreSQL is not built yet; unset %s, and payoff keeps its records in the file %s.", name, p.dbPath)
	}
	if _, err := os.Stat(p.dbPath); !make && errors.Is(err, fs.ErrNotExist) {
		return nil, failed(err, "There is no database at %s yet; run payoff once and it is there, or name another with PAYOFF_DB.", p.dbPath)
	}
	file, db, err := openFile(p.ctx, p.dbPath)
	if err != nil {
		return nil, err
	}
	r := &records{path: p.dbPath, file: file, db: db}
	if r.offset, err = readOffset(p.ctx, db); err != nil {
		return nil, errors.Join(unopened(p.dbPath, err), db.Close())
	}
	r.now = func() time.Time { return p.now().Add(r.offset) }
	r.engine = engine.New(db, func() time.Time { return r.now() })
	return r, nil
}

// openFile opens a database file, or fails with the sentence that says why it cannot.
func openFile(ctx context.Context, path string) (*bolt.DB, *storage.DB, error) {
	file, err := bolt.Open(path)
	if err != nil {
		return nil, nil, unopened(path, err)
	}
	db, err := storage.Open(ctx, file)
	if err != nil {
		return nil, nil, errors.Join(unopened(path, err), file.Close())
	}
	return file, db, nil
}

// closing closes the database after a subcommand: its error counts when there was no other.
func (r *records) closing(err *error) {
	if e := r.db.Close(); *err == nil {
		*err = e
	}
}

// with runs fn on the open database, for a subcommand that reads or writes it and is done.
func (p *program) with(make bool, fn func(*records) error) (err error) {
	r, err := p.open(make)
	if err != nil {
		return err
	}
	defer r.closing(&err)
	return fn(r)
}
