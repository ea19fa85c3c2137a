package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// partial begins the name of a file that is being written. One that is left over, after a
// power cut, is of no use.
const partial = ".payoff-part-"

// replaceFile puts a file at path that is either whole or not there: it is written beside its
// place, synced, looked at by inspect if there is one, and renamed. What was at path until
// then stays when anything fails.
func replaceFile(path string, write func(*os.File) error, inspect func(temporary string) error) (err error) {
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, partial+"*") // readable to its owner only
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if inspect != nil {
		if err := inspect(f.Name()); err != nil {
			return err
		}
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
}

// syncFolder puts a new name in a folder on disk, where the file system can.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, folder.Close())
}

// unwritten says why a file could not be written; a failure that says so itself stays.
func unwritten(path string, err error) error {
	var f *failure
	if errors.As(err, &f) {
		return err
	}
	return failed(err, "%s cannot be written: %s.", path, reason(err))
}

// size is a number of bytes as people read it.
func size(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
