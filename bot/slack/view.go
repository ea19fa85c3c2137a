package slack

import (
	"context"
	"crypto/rand"

	slackapi "github.com/slack-go/slack"
)

// openView opens a modal by a trigger. A trigger that is too old or used up is Gone.
func (w *workspace) openView(ctx context.Context, trigger string, v slackapi.ModalViewRequest) (id string, err error) {
	if v.ExternalID == "" {
		v.ExternalID = rand.Text()
	}
	doubtful := false
	err = w.call(ctx, request{method: viewsOpen, effort: triggered()}, func(ctx context.Context) error {
		opened, err := w.api.OpenViewContext(ctx, trigger, v)
		if doubtful && codeOf(translate(viewsOpen, err)) == "exchanged_trigger_id" {
			// The attempt that seemed to fail did open it. It has a name that we gave it.
			opened, err = w.api.UpdateViewContext(ctx, v, v.ExternalID, "", "")
		}
		id, err = viewed(opened, err)
		doubtful = doubtful || unsure(translate(viewsOpen, err))
		return err
	})
	return id, err
}

// updateView replaces a modal. One that was closed is Gone.
func (w *workspace) updateView(ctx context.Context, id string, v slackapi.ModalViewRequest) error {
	return w.withPictures(ctx, v.Blocks.BlockSet, func(blocks []slackapi.Block) error {
		v.Blocks.BlockSet = blocks
		return w.call(ctx, request{method: viewsUpdate, effort: asked()}, func(ctx context.Context) error {
			_, err := viewed(w.api.UpdateViewContext(ctx, v, "", "", id))
			return err
		})
	})
}

// publish replaces someone's App Home.
func (w *workspace) publish(ctx context.Context, user string, v slackapi.HomeTabViewRequest) error {
	return w.withPictures(ctx, v.Blocks.BlockSet, func(blocks []slackapi.Block) error {
		v.Blocks.BlockSet = blocks
		return w.call(ctx, request{method: viewsPublish, effort: asked()}, func(ctx context.Context) error {
			_, err := viewed(w.api.PublishViewContext(ctx, slackapi.PublishViewContextRequest{UserID: user, View: v}))
			return err
		})
	})
}

func viewed(answer *slackapi.ViewResponse, err error) (id string, _ error) {
	switch {
	case err != nil:
		return "", err
	case answer.ID == "":
		return "", errNothing
	}
	return answer.ID, nil
}
