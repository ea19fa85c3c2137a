package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"payoff/goals"
	"payoff/storage"
	"payoff/storage/kv"
)

// Exit codes, which scripts rely on.
const (
	exitDone   = 0
	exitFailed = 1
	exitMisuse = 2
)

// A failure is an error that a person reads as it is: one sentence that says what was wrong,
// and what to do where that can be said. Its cause, if any, is for errors.Is.
type failure struct {
	say    string
	cause  error
	misuse bool
}

func (f *failure) Error() string { return f.say }
func (f *failure) Unwrap() error { return f.cause }

// failed is a failure for a cause, which may be nil.
func failed(cause error, say string, args ...any) error {
	return &failure{say: fmt.Sprintf(say, args...), cause: cause}
}

// misuse is a failure of the one who called: a flag, an argument or a setting.
func misuse(say string, args ...any) error {
	return &failure{say: fmt.Sprintf(say, args...), misuse: true}
}

// exitCode is what the program ends with after an error.
func exitCode(err error) int {
	var f *failure
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &f) && f.misuse:
		return exitMisuse
	}
	return exitFailed
}

// sentence is what is said of an error.
func sentence(err error) string {
	var (
		f *failure
		m *goals.Mistake
	)
	switch {
	case errors.As(err, &f):
		return f.say
	case errors.As(err, &m):
		return m.Error()
	case errors.Is(err, context.Canceled):
		return "Stopped before it was done."
	}
	return err.Error()
}

// unopened says why a database could not be opened. In none of the three cases that have a
// kind was the file changed.
func unopened(path string, err error) error {
	switch {
	case errors.Is(err, kv.ErrInUse):
		return failed(err, "%s is in use by another process, most likely a payoff that is running; stop that one first.", path)
	case errors.Is(err, kv.ErrNotDatabase):
		return failed(err, "%s is not a payoff database, or is damaged, and was left as it is; name another file with PAYOFF_DB, or bring back a backup with payoff restore --force.", path)
	case errors.Is(err, storage.ErrNewer):
		return failed(err, "%s was written by a newer payoff and was left as it is; run that version, or a later one.", path)
	}
	return failed(err, "%s cannot be opened: %s.", path, reason(err))
}

// reason is why the operating system refused, without the path, which the caller names.
func reason(err error) string {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "permission is denied"
	case errors.As(err, &p):
		return p.Err.Error()
	}
	return err.Error()
}
