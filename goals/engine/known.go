package engine

import (
	"context"

	"payoff/storage"
)

// SpacesOf lists the spaces of a platform in which a person is known.
func (e *Engine) SpacesOf(ctx context.Context, platform, person string) (spaces []string, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		spaces, err = r.SpacesOf(platform, person)
		return err
	})
	return spaces, err
}
