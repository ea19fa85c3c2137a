package main

import (
	"context"
	"fmt"
	"time"

	"payoff/storage"
)

// The local workspace's clock can be moved on. How far it was moved is kept in the database,
// and every command that works on it reckons with it: else what was logged "next week" would
// lie in the future after a restart.
const offsetSetting = "clock offset"

func readOffset(ctx context.Context, db *storage.DB) (offset time.Duration, err error) {
	err = db.View(ctx, func(r *storage.Reader) error {
		kept, err := r.Setting(offsetSetting)
		if err != nil || kept == "" {
			return err
		}
		if offset, err = time.ParseDuration(kept); err != nil {
			return fmt.Errorf("read the %s: %w", offsetSetting, err)
		}
		return nil
	})
	return offset, err
}

func saveOffset(ctx context.Context, db *storage.DB, offset time.Duration) error {
	err := db.Update(ctx, func(tx *storage.Tx) error { return tx.PutSetting(offsetSetting, offset.String()) })
	if err != nil {
		return fmt.Errorf("keep the %s: %w", offsetSetting, err)
	}
	return nil
}
