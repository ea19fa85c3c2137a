package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"payoff/storage/kv"
)

// TestBackup takes a copy in the middle of writes. Each write changes two keys together,
// so that a copy of a moment in between would show.
func TestBackup(t *testing.T) {
	db := opened(t)
	path := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(i int) func(kv.Tx) error {
		return func(tx kv.Tx) error {
			n := fmt.Appendf(nil, "%d", i)
			return errors.Join(tx.Set([]byte("left"), n), tx.Set(fmt.Appendf(nil, "other %d", i), make([]byte, 3000)),
				tx.Set([]byte("right"), n))
		}
	}
	for i := range 200 {
		mustUpdate(t, db, write(i))
	}
	stop, stopped := make(chan struct{}), make(chan error)
	go func() {
		for i := 200; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := db.Update(context.Background(), write(i)); err != nil {
				stopped <- err
				return
			}
		}
	}()
	n, err := db.Backup(t.Context(), f)
	close(stop)
	if err := errors.Join(err, <-stopped, f.Close()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != n {
		t.Errorf("Backup() = %d bytes, the file has %d, %v", n, info.Size(), err)
	}
	backup := reopened(t, path)
	if err := backup.Check(t.Context()); err != nil {
		t.Errorf("Check of the copy = %v", err)
	}
	if err := backup.View(t.Context(), func(r kv.Reader) error {
		left, _ := r.Get([]byte("left"))
		right, _ := r.Get([]byte("right"))
		if left == nil || !bytes.Equal(left, right) {
			t.Errorf("the copy has %s and %s, want the same number twice", left, right)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// A cancelling writer ends its context after the first write.
type cancelling struct{ cancel func() }

func (c cancelling) Write(p []byte) (int, error) { c.cancel(); return len(p), nil }

func TestBackupFails(t *testing.T) {
	db := opened(t)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := db.Backup(ctx, cancelling{cancel}); !errors.Is(err, context.Canceled) {
		t.Errorf("Backup() = %v, want %v", err, context.Canceled)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Backup(t.Context(), cancelling{}); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("Backup after Close = %v, want ErrClosed", err)
	}
}

func TestCheck(t *testing.T) {
	content := sample(t)
	db := reopened(t, write(t, content))
	if err := db.Check(t.Context()); err != nil {
		t.Errorf("Check() = %v, want nil", err)
	}
	mustUpdate(t, db, put("a")) // the lock is given back

	bad := bytes.ReplaceAll(content, []byte("15/0"), []byte("zz/0")) // out of order
	path := write(t, bad)
	db = reopened(t, path)
	err := db.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), path) || strings.Count(err.Error(), "\n") >= maxProblems {
		t.Errorf("Check of a damaged file = %v, want an error that names %s and at most %d problems", err, path, maxProblems)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := opened(t).Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Check() = %v, want %v", err, context.Canceled)
	}
}
