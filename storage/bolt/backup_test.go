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

// balanced changes two keys together, so that a copy of a moment in between would show.
func balanced(i int) func(kv.Tx) error {
	return func(tx kv.Tx) error {
		n := fmt.Appendf(nil, "%d", i)
		return errors.Join(tx.Set([]byte("left"), n), tx.Set(fmt.Appendf(nil, "other %d", i), make([]byte, 3000)),
			tx.Set([]byte("right"), n))
	}
}

// TestBackup takes a copy in the middle of writes.
func TestBackup(t *testing.T) {
	db := opened(t)
	for i := range 200 {
		mustUpdate(t, db, balanced(i))
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() {
		var err error
		for i := 200; err == nil; i++ {
			err = db.Update(ctx, balanced(i))
		}
		stopped <- err
	}()
	n, err := db.Backup(t.Context(), f)
	stop()
	if err := <-stopped; err != context.Canceled {
		t.Errorf("Update beside Backup = %v", err)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != n {
		t.Errorf("Backup() = %d bytes, the file has %d, %v", n, info.Size(), err)
	}
	wantBalanced(t, reopened(t, path))
}

func wantBalanced(t *testing.T, db *DB) {
	t.Helper()
	if err := db.Check(t.Context()); err != nil {
		t.Errorf("Check of the copy = %v", err)
	}
	if err := db.View(t.Context(), func(r kv.Reader) error {
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
