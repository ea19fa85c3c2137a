// Package storage keeps payoff's records over ordered keys, whatever database holds them.
//
// It owns the layout of keys (keys.go), the stored form of every record (records.go), and
// what follows from them: weekly totals and the index of dated revenue are written with the
// activity they come from, in the same transaction, so that no report reads every activity.
// Each change of a record is remembered in the transaction with the value it had before,
// and the journal keeps these: any change can be taken back without knowing what it meant.
//
// Rules live in goals and use cases in goals/engine; storage decides nothing but whether a
// database is one of ours.
package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"payoff/storage/kv"
)

// Schema is the version of the layout that this program writes. A file with a lower one is
// brought up to it; a file with a higher one is refused.
const Schema = 2 // 1 had no lines and queues of the outbox

// ErrNewer says that a newer payoff has written this database.
var ErrNewer = errors.New("database was written by a newer payoff")

// A DB is an open database of ours.
type DB struct {
	kv    kv.Driver
	memos memos
}

// Open checks that the database is ours and of a schema we know. A new one is given the
// present schema; a newer one is left as it is.
func Open(ctx context.Context, driver kv.Driver) (*DB, error) {
	var found int
	read := func(r kv.Reader) error {
		v, err := r.Get(schemaKey)
		if err != nil || v == nil {
			return err
		}
		found, err = strconv.Atoi(string(v))
		return err
	}
	if err := driver.View(ctx, read); err != nil {
		return nil, fmt.Errorf("read the schema version: %w", err)
	}
	db := &DB{kv: driver}
	switch {
	case found > Schema:
		return nil, fmt.Errorf("%w: its schema is %d, this program knows up to %d", ErrNewer, found, Schema)
	case found < Schema:
		err := db.Update(ctx, func(tx *Tx) error {
			if found == 1 {
				if err := tx.requeue(); err != nil {
					return err
				}
			}
			return tx.kv.Set(schemaKey, strconv.AppendInt(nil, Schema, 10))
		})
		if err != nil {
			return nil, fmt.Errorf("write the schema version: %w", err)
		}
	}
	return db, nil
}

// Close closes the database below.
func (db *DB) Close() error { return db.kv.Close() }

// View runs fn on one consistent state.
func (db *DB) View(ctx context.Context, fn func(*Reader) error) error {
	return db.kv.View(ctx, func(r kv.Reader) error { return fn(&Reader{r, &db.memos}) })
}

// Update runs fn and keeps all it wrote, or nothing. fn may run more than once.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	return db.kv.Update(ctx, func(t kv.Tx) error {
		return fn(&Tx{Reader: Reader{t, &db.memos}, kv: t})
	})
}

// A Reader reads records.
type Reader struct {
	kv    kv.Reader
	memos *memos
}

// A Tx reads and writes records.
type Tx struct {
	Reader
	kv      kv.Tx
	changes []Change
}

// Setting is a value that the program keeps for itself; "" when it was never set.
func (r *Reader) Setting(name string) (string, error) {
	b, err := r.kv.Get(key("m", "set", name))
	return string(b), err
}

// PutSetting keeps a value for the program itself.
func (tx *Tx) PutSetting(name, value string) error {
	return tx.kv.Set(key("m", "set", name), []byte(value))
}
