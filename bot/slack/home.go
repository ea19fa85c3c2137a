package slack

import (
	"context"
	"fmt"

	"payoff/bot/chat"
)

// homeCall is what the App Home shows the answer to.
const homeCall = "home"

// who names a person in what is remembered of App Homes.
func (e *errand) who() string { return e.space() + "/" + e.user }

// furnish publishes what the handler says as its person's App Home. One that says nothing
// leaves it as it is. Two things done at once make two of them, and the newer one stays.
func (e *errand) furnish(ctx context.Context, h *home, asking int, r chat.Reply) error {
	say, ok := r.(chat.Say)
	if !ok || len(say.Messages) == 0 {
		return nil
	}
	m := say.Messages[0]
	view := homeView(m, e.pictures(ctx, m))
	if err := h.show(asking, func() error { return e.w.publish(ctx, e.user, view) }); err != nil {
		return fmt.Errorf("publish the App Home: %w", err)
	}
	return nil
}

// renewHome publishes the App Home of who looks at it these days anew, after they have done
// something. Who was shown a form has done nothing yet.
func (e *errand) renewHome(ctx context.Context, r chat.Reply) error {
	if _, form := r.(chat.OpenForm); form {
		return nil
	}
	h, asking := e.a.answered.home(e.who(), e.a.now())
	if h == nil {
		return nil
	}
	renewed := e.event
	renewed.ID += "/home"
	renewed.Did = chat.Pressed{Call: homeCall}
	if !renewed.Room.Direct {
		renewed.Room = chat.Room{Direct: true}
		var err error
		if renewed.Room.ID, err = e.w.direct(ctx, e.user); err != nil {
			return err
		}
	}
	return e.furnish(ctx, h, asking, e.a.handler.Handle(ctx, renewed))
}
