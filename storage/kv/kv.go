// Package kv is what payoff asks of a database: ordered keys, and transactions that see
// one consistent state and happen wholly or not at all.
//
// A driver may run an Update closure more than once (PostgreSQL retries on a conflict, and
// several processes may share one database), so a closure has no effect but its keys.
// When Update returns nil the writes are on disk. Closures must not start another
// transaction. The package imports nothing of the project.
package kv

import (
	"context"
	"errors"
	"fmt"
)

// A Driver keeps keys in byte order. Every driver passes storage/storagetest.
type Driver interface {
	// View runs fn on a consistent state. Writes are not possible in it.
	View(ctx context.Context, fn func(Reader) error) error

	// Update runs fn and commits what it wrote, or, when fn fails, nothing of it.
	// The error of fn is returned as it is. A closure sees its own writes. A panic of
	// fn undoes its writes and goes on in the caller.
	Update(ctx context.Context, fn func(Tx) error) error

	// Close waits for running transactions. Calls after it fail with ErrClosed.
	Close() error
}

// A Reader reads one state. Keys and values it hands out are valid, and must not be
// changed, until the transaction ends. It serves one goroutine.
type Reader interface {
	// Get returns the value of key, or nil when there is none. Stored values are never nil.
	Get(key []byte) ([]byte, error)

	// Scan calls yield for each key in the range, in order, until it returns false.
	// The keys of the range must not be written while it is scanned.
	Scan(r Range, yield func(key, value []byte) bool) error
}

// A Tx reads and writes. It keeps neither the keys nor the values it is given, so a
// caller may use their memory again.
type Tx interface {
	Reader
	Set(key, value []byte) error // fails with ErrLimit as CheckSet does
	Delete(key []byte) error     // deleting what is not there is not an error
}

// A Range is the keys from Lo on and below Hi; a nil Hi has no end. Reverse goes from the highest down.
type Range struct {
	Lo, Hi  []byte
	Reverse bool
}

// Prefix is the range of all keys that begin with p.
func Prefix(p []byte) Range {
	hi := append([]byte(nil), p...)
	for i := len(hi) - 1; i >= 0; i-- {
		if hi[i]++; hi[i] != 0 {
			return Range{Lo: p, Hi: hi[:i+1]}
		}
	}
	return Range{Lo: p}
}

// What opening or using a database can fail with, whatever the driver.
var (
	ErrInUse       = errors.New("database is in use by another process")
	ErrNotDatabase = errors.New("not a payoff database")
	ErrClosed      = errors.New("database is closed")
	ErrLimit       = errors.New("key or value outside the limits")
)

// Limits every driver keeps.
const (
	MaxKey   = 1 << 10 // bytes of a key, which has at least one
	MaxValue = 1 << 20 // bytes of a value
)

// CheckSet returns an ErrLimit that says what is wrong with storing value under key, or nil.
func CheckSet(key, value []byte) error {
	switch {
	case len(key) == 0:
		return fmt.Errorf("%w: the key is empty", ErrLimit)
	case len(key) > MaxKey:
		return fmt.Errorf("%w: the key has %d bytes, at most %d are allowed", ErrLimit, len(key), MaxKey)
	case len(value) > MaxValue:
		return fmt.Errorf("%w: the value has %d bytes, at most %d are allowed", ErrLimit, len(value), MaxValue)
	}
	return nil
}
