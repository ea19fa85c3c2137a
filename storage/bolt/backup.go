package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"

	"go.etcd.io/bbolt"
)

// maxProblems is how many problems Check names; a damaged file can have one per page.
const maxProblems = 5

// Backup writes a whole database file as of the last commit to w, while reads and writes
// go on, and returns the bytes written. It stops when ctx ends. What it has written until
// an error is of no use; a copy is safe once the caller has synced it.
func (db *DB) Backup(ctx context.Context, w io.Writer) (n int64, err error) {
	until := &writerUntil{ctx: ctx, w: w}
	err = db.read(ctx, func(tx *bbolt.Tx) error {
		n, err = tx.WriteTo(until)
		return err
	})
	if until.err != nil {
		err = until.err // bbolt keeps no more than its text
	}
	if err != nil {
		return n, fmt.Errorf("back up database %s: %w", db.path, err)
	}
	return n, nil
}

// writerUntil writes until its context ends, and keeps the error it failed with.
type writerUntil struct {
	ctx context.Context
	w   io.Writer
	err error
}

func (u *writerUntil) Write(p []byte) (n int, err error) {
	if err = u.ctx.Err(); err == nil {
		n, err = u.w.Write(p)
	}
	u.err = err
	return n, err
}

// Check reads every page and names the first problems it finds, if any. Writes wait until
// it is done, so a large database is better checked on a backup. The context is looked at
// before it begins: bbolt cannot be stopped.
func (db *DB) Check(ctx context.Context) error {
	if err := db.enter(ctx); err != nil {
		return err
	}
	defer db.leave()
	// In a read transaction the check would race with the writer over the free pages.
	tx, err := db.bolt.Begin(true)
	if err != nil {
		return fmt.Errorf("check database %s: %w", db.path, err)
	}
	var problems []error
	found := 0
	for problem := range tx.Check() {
		if found++; found <= maxProblems {
			problems = append(problems, problem)
		}
	}
	if err := tx.Rollback(); err != nil {
		return fmt.Errorf("check database %s: %w", db.path, err)
	}
	if found == 0 {
		return nil
	}
	return fmt.Errorf("check database %s: %d problems, among them: %w", db.path, found, errors.Join(problems...))
}
