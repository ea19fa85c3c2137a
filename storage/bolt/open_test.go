package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"payoff/storage/kv"
)

// sample is a sound database file with a few pages.
func sample(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.db")
	db := reopened(t, path)
	for i := range 20 {
		mustUpdate(t, db, func(tx kv.Tx) error {
			for k := range 30 {
				if err := tx.Set(fmt.Appendf(nil, "%02d/%02d", k, i), make([]byte, 100)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	size, err := db.Size(t.Context())
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return read(t, path)[:size] // without the room to grow
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "payoff.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// foreign is a bbolt file of another program.
func foreign(t testing.TB, o bbolt.Options) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "foreign.db")
	b, err := bbolt.Open(path, 0o600, &o)
	if err != nil {
		t.Fatal(err)
	}
	err = b.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucket([]byte("members"))
		return errors.Join(err, bucket.Put([]byte("a"), []byte("b")))
	})
	if err := errors.Join(err, b.Close()); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

// overwritten returns a copy of a file with something else at an offset.
func overwritten(content []byte, at int, with []byte) []byte {
	content = bytes.Clone(content)
	copy(content[at:], with)
	return content
}

// pagesOf finds the pages of a kind: a page begins with its number, 8 bytes, and its kind, 2 bytes.
func pagesOf(content []byte, kind uint16) (offsets []int) {
	for at := 0; at+10 <= len(content); at += os.Getpagesize() {
		if binary.LittleEndian.Uint16(content[at+8:]) == kind {
			offsets = append(offsets, at)
		}
	}
	return offsets
}

const freelistPage = 0x10

func TestNotDatabase(t *testing.T) {
	good := sample(t)
	random := make([]byte, 3*os.Getpagesize())
	_, _ = rand.NewChaCha8([32]byte{}).Read(random)
	badFreelist := good
	for _, at := range pagesOf(good, freelistPage) {
		badFreelist = overwritten(badFreelist, at+8, []byte{0xff, 0xff})
	}
	longFreelist := good // bbolt would read on past the end of the file
	for _, at := range pagesOf(good, freelistPage) {
		longFreelist = overwritten(longFreelist, at+10, []byte{0xfe, 0xff})
	}
	noFreelist := foreign(t, bbolt.Options{NoFreelistSync: true})
	for name, content := range map[string][]byte{
		"one byte":                    {0},
		"short text":                  []byte("owner,date,channel\n"),
		"long text":                   bytes.Repeat([]byte("owner,date,channel\n"), 5000),
		"random bytes":                random,
		"zeroes":                      make([]byte, 4*os.Getpagesize()),
		"SQLite":                      append([]byte("SQLite format 3\x00"), random...),
		"bad freelist":                badFreelist,
		"long freelist":               longFreelist,
		"freelist beyond the file":    good[:pagesOf(good, freelistPage)[len(pagesOf(good, freelistPage))-1]],
		"another program's":           foreign(t, bbolt.Options{}),
		"another's, no freelist":      noFreelist,
		"another's, cut short":        noFreelist[:2*os.Getpagesize()],
		"both meta pages overwritten": overwritten(good, 0, make([]byte, 2*os.Getpagesize())),
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, content)
			db, err := Open(path)
			if !errors.Is(err, kv.ErrNotDatabase) || !strings.Contains(err.Error(), path) {
				t.Errorf("Open() = %v, %v, want an ErrNotDatabase that names %s", db, err, path)
			}
			if !bytes.Equal(read(t, path), content) {
				t.Error("Open has changed the file")
			}
			// The lock is let go, also when bbolt has panicked.
			if err := os.WriteFile(path, good, 0o600); err != nil {
				t.Fatal(err)
			}
			reopened(t, path)
		})
	}
}

// TestCutShort: wherever a file ends too early, Open says so and the process lives.
func TestCutShort(t *testing.T) {
	good := sample(t)
	reopened(t, write(t, good))
	for end := 1; end < len(good); end += os.Getpagesize()/2 - 1 {
		path := write(t, good[:end])
		if db, err := Open(path); !errors.Is(err, kv.ErrNotDatabase) {
			t.Errorf("Open of the first %d of %d bytes = %v, %v, want an ErrNotDatabase", end, len(good), db, err)
		}
		if !bytes.Equal(read(t, path), good[:end]) {
			t.Errorf("Open has changed the file of %d bytes", end)
		}
	}
}

// TestDamaged: a file with damage anywhere either opens, when Open does not read that
// part, or is refused and left alone.
func TestDamaged(t *testing.T) {
	good := sample(t)
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 300 {
		bad := bytes.Clone(good)
		page := bad[random.IntN(len(bad)/os.Getpagesize())*os.Getpagesize():][:os.Getpagesize()]
		for range 1 + random.IntN(200) {
			page[random.IntN(len(page))] = byte(random.Uint32())
		}
		path := write(t, bad)
		db, err := Open(path)
		if err == nil {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			continue
		}
		refused++
		if !errors.Is(err, kv.ErrNotDatabase) {
			t.Errorf("Open of a damaged file = %v, want an ErrNotDatabase", err)
		}
		if !bytes.Equal(read(t, path), bad) {
			t.Errorf("Open has changed a file that it refused with %v", err)
		}
	}
	if refused == 0 {
		t.Error("no damage was found: the test damages the wrong pages")
	}
	t.Logf("%d refused", refused)
}

func TestInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "payoff.db")
	db := reopened(t, path)
	mustUpdate(t, db, put("a"))
	if other, err := Open(path); !errors.Is(err, kv.ErrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("second Open() = %v, %v, want an ErrInUse that names %s", other, err, path)
	}
	mustUpdate(t, db, put("b"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	wantState(t, reopened(t, path), "a=a b=b")
}

// TestInitialises: an empty file, and one that a power cut left before our bucket was made.
func TestInitialises(t *testing.T) {
	bare := filepath.Join(t.TempDir(), "bare.db")
	b, err := bbolt.Open(bare, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"missing": filepath.Join(t.TempDir(), "new.db"),
		"empty":   write(t, nil),
		"bare":    bare,
	} {
		t.Run(name, func(t *testing.T) {
			db := reopened(t, path)
			mustUpdate(t, db, put("a"))
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			wantState(t, reopened(t, path), "a=a")
		})
	}
	if runtime.GOOS != "windows" {
		path := filepath.Join(t.TempDir(), "new.db")
		reopened(t, path)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the mode of a new file = %v, %v, want %v", info.Mode().Perm(), err, fs.FileMode(0o600))
		}
	}
}

// TestOpenLeavesAlone: opening a database and doing nothing does not write.
func TestOpenLeavesAlone(t *testing.T) {
	good := sample(t)
	path := write(t, good)
	if err := reopened(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, path), good) {
		t.Error("Open and Close have changed the file")
	}
}

func TestOpenPaths(t *testing.T) {
	folder := t.TempDir()
	db, err := Open(filepath.Join(folder, "missing", "payoff.db"))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "its folder does not exist") {
		t.Errorf("Open in a missing folder = %v, %v, want an ErrNotExist that says so", db, err)
	}
	if db, err := Open(folder); !errors.Is(err, kv.ErrNotDatabase) || !strings.Contains(err.Error(), "folder") {
		t.Errorf("Open of a folder = %v, %v, want an ErrNotDatabase that says so", db, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "missing")); err == nil {
		t.Error("Open has made the missing folder")
	}
	if db, err := Open(os.DevNull); !errors.Is(err, kv.ErrNotDatabase) {
		t.Errorf("Open of a device = %v, %v, want an ErrNotDatabase", db, err)
	}
}

func TestNoPermission(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("modes do not bind this user")
	}
	path := write(t, sample(t))
	for _, mode := range []fs.FileMode{0, 0o400} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if db, err := Open(path); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), path) {
			t.Errorf("Open of a file with mode %v = %v, %v, want an ErrPermission that names %s", mode, db, err, path)
		}
	}
}
