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

// furnish publishes a reply as its person's App Home. One that says nothing leaves it as it is.
func (e *errand) furnish(ctx context.Context, r chat.Reply) error {
	say, ok := r.(chat.Say)
	if !ok || len(say.Messages) == 0 {
		return nil
	}
	m := say.Messages[0]
	if err := e.w.publish(ctx, e.user, homeView(m, e.pictures(ctx, m))); err != nil {
		return fmt.Errorf("publish the App Home: %w", err)
	}
	return nil
}

// renewHome publishes the App Home of who looks at it these days anew, after they have done
// something. Who was shown a form has done nothing yet.
func (e *errand) renewHome(ctx context.Context, r chat.Reply) error {
	if _, form := r.(chat.OpenForm); form || !e.a.answered.looksAtHome(e.who(), e.a.now()) {
		return nil
	}
	home := e.event
	home.ID += "/home"
	home.Did = chat.Pressed{Call: homeCall}
	if !home.Room.Direct {
		home.Room = chat.Room{Direct: true}
		var err error
		if home.Room.ID, err = e.w.direct(ctx, e.user); err != nil {
			return err
		}
	}
	return e.furnish(ctx, e.a.handler.Handle(ctx, home))
}
