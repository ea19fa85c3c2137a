package bolt_test

import (
	"path/filepath"
	"testing"

	"payoff/storage/bolt"
	"payoff/storage/kv"
	"payoff/storage/storagetest"
)

func TestDriver(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, place string) kv.Driver {
		t.Helper()
		db, err := bolt.Open(filepath.Join(place, "payoff.db"))
		if err != nil {
			t.Fatal(err)
		}
		return db
	})
}
