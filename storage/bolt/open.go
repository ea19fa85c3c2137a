package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"payoff/storage/kv"
)

const (
	fileMode = 0o600 // the records are nobody else's

	// lockWait is how long Open waits for another process to let go of the file: long
	// enough for the last instance to finish, short enough to be told at once.
	lockWait = time.Second
)

// Open opens the database file at path, and makes it when it is missing or empty. Its
// errors name the path. They wrap kv.ErrInUse when another process has the file open and
// kv.ErrNotDatabase when it holds anything but a sound database of ours, which is then
// left as it is, byte for byte; other errors are the operating system's.
func Open(path string) (*DB, error) {
	b, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return start(b, path), nil
}

func open(path string) (b *bbolt.DB, err error) {
	fresh, err := isFresh(path)
	if err != nil {
		return nil, err
	}
	if !fresh {
		// First look without being able to write: opening for writing may already
		// change the file, and reads more of it than can be trusted yet.
		if err := inspect(path); err != nil {
			return nil, err
		}
	}
	b, err = openFile(path, writeOptions())
	if err != nil {
		return nil, err
	}
	if err := prepare(b, fresh); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// isFresh reports that there is no file at path, or an empty one.
func isFresh(path string) (bool, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, err
	case info.IsDir():
		return false, fmt.Errorf("%w: it is a folder", kv.ErrNotDatabase)
	case !info.Mode().IsRegular(): // opening a named pipe would wait for ever
		return false, fmt.Errorf("%w: it is not a regular file", kv.ErrNotDatabase)
	}
	return info.Size() == 0, nil
}

// inspect tells whether the file is one that may be opened for writing.
func inspect(path string) error {
	b, err := openFile(path, bbolt.Options{ReadOnly: true, Timeout: lockWait})
	if err != nil {
		return err
	}
	return errors.Join(guarded(func() error { return b.View(recognise) }), b.Close())
}

// recognise looks for our bucket, or for a file that no one has put anything in.
func recognise(tx *bbolt.Tx) error {
	// bbolt maps more than the file holds, and reading past its end kills the process.
	info, err := os.Stat(tx.DB().Path())
	if err != nil {
		return err
	}
	if info.Size() < tx.Size() {
		return fmt.Errorf("%w: the file is cut short, %d bytes of %d", kv.ErrNotDatabase, info.Size(), tx.Size())
	}
	if tx.Bucket(bucketName) != nil {
		return nil
	}
	if name, _ := tx.Cursor().First(); name != nil {
		return fmt.Errorf("%w: it belongs to another program (bucket %q)", kv.ErrNotDatabase, name)
	}
	return nil
}

func writeOptions() bbolt.Options {
	o := bbolt.Options{Timeout: lockWait, FreelistType: bbolt.FreelistMapType}
	// Below this size the mapping never grows, which would make a commit wait for every
	// open read. It costs addresses, not memory or disk, but on Windows it is the file's size.
	if bits.UintSize == 64 && runtime.GOOS != "windows" {
		o.InitialMmapSize = 1 << 30
	}
	return o
}

// openFile opens a bbolt file and says in our errors why it cannot. A damaged file makes
// bbolt panic and gives no handle to close, so the file is caught on its way in, to be
// unlocked and closed here. The mapping then stays until the process ends.
func openFile(path string, o bbolt.Options) (b *bbolt.DB, err error) {
	var file *os.File
	o.OpenFile = func(name string, flag int, mode fs.FileMode) (*os.File, error) {
		var err error
		file, err = os.OpenFile(name, flag, mode)
		return file, err
	}
	opened := false
	err = guarded(func() (err error) {
		defer func() {
			if !opened && file != nil { // after an error bbolt has done this itself
				unlock(file)
				_ = file.Close()
			}
		}()
		b, err = bbolt.Open(path, fileMode, &o)
		opened = err == nil
		return err
	})
	return b, explain(err)
}

// explain gives an error of bbolt's Open the kind it has in package kv.
func explain(err error) error {
	var system syscall.Errno
	switch {
	case err == nil, errors.Is(err, kv.ErrNotDatabase):
		return err
	case errors.Is(err, berrors.ErrTimeout):
		return kv.ErrInUse
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("its folder does not exist: %w", err)
	case errors.As(err, &system):
		return err
	}
	return fmt.Errorf("%w: %w", kv.ErrNotDatabase, err)
}

// guarded runs fn and turns what a damaged file does to bbolt into an error: panics, and
// reads outside the mapped file, which would otherwise end the process.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: the file is damaged: %v", kv.ErrNotDatabase, p)
		}
	}()
	return fn()
}

// prepare makes our bucket where it is missing. The folder of a new file is synced too:
// else a power cut could take the whole file, commits and all.
func prepare(b *bbolt.DB, fresh bool) error {
	missing := false
	err := guarded(func() error {
		return b.View(func(tx *bbolt.Tx) error {
			missing = tx.Bucket(bucketName) == nil
			return nil
		})
	})
	if err != nil {
		return err
	}
	if missing {
		err := b.Update(func(tx *bbolt.Tx) error {
			_, err := tx.CreateBucketIfNotExists(bucketName)
			return err
		})
		if err != nil {
			return fmt.Errorf("initialise: %w", err)
		}
	}
	if fresh {
		return syncFolder(filepath.Dir(b.Path()))
	}
	return nil
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
