package slack

import (
	"cmp"
	"context"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"
)

// profileStays is how long what users.info said is believed.
const profileStays = time.Hour

// A person is who users.info says they are.
type person struct {
	name, zone, locale string
}

// A profile is a person with what decides about them.
type profile struct {
	person
	gone  bool // deactivated, unknown, or a program: nobody to talk to
	admin bool
	at    time.Time
}

// person looks someone up, in what is remembered or at Slack. It never fails and never takes
// longer than lookupLimit: who cannot be looked up is called by the fallback. A lookup that
// takes longer goes on, and the next who asks has it.
func (w *workspace) person(ctx context.Context, id, fallback string) person {
	known, ok := w.people.get(id)
	if !ok || w.now().Sub(known.at) >= profileStays {
		ctx, cancel := context.WithTimeout(ctx, lookupLimit)
		defer cancel()
		if fresh, err := w.lookUp(ctx, id); err == nil {
			known = fresh
		}
	}
	known.name = cmp.Or(known.name, fallback)
	return known.person
}

// gone says whether someone is known to be deactivated or a program. It asks nobody: person
// does that.
func (w *workspace) gone(id string) bool {
	known, _ := w.people.get(id)
	return known.gone
}

// admin asks Slack whether someone is an admin or an owner of the workspace. What is
// remembered is no answer: who was an admin an hour ago may not be one now.
func (w *workspace) admin(ctx context.Context, id string) (bool, error) {
	p, err := w.lookUp(ctx, id)
	return err == nil && p.admin && !p.gone, err
}

// lookUp asks Slack, and remembers the answer.
func (w *workspace) lookUp(ctx context.Context, id string) (profile, error) {
	return flight(ctx, w, userInfo+" "+id, unasked(), func(ctx context.Context) (profile, error) {
		var user *slackapi.User
		err := w.call(ctx, request{method: userInfo, effort: unasked()}, func(ctx context.Context) (err error) {
			user, err = w.api.GetUserInfoContext(ctx, id)
			if err == nil && user.ID == "" {
				return errNothing
			}
			return err
		})
		switch {
		case err == nil:
			p := profileOf(user)
			p.at = w.now()
			w.people.put(id, p)
			return p, nil
		case codeOf(err) == "user_not_found":
			w.people.put(id, profile{gone: true, at: w.now()})
		}
		return profile{}, err
	})
}

func profileOf(u *slackapi.User) profile {
	return profile{
		person: person{
			name: strings.TrimSpace(cmp.Or(strings.TrimSpace(u.Profile.DisplayName),
				strings.TrimSpace(u.RealName), strings.TrimSpace(u.Profile.RealName), u.Name)),
			zone:   u.TZ,
			locale: u.Locale,
		},
		gone:  u.Deleted || u.IsBot,
		admin: u.IsAdmin || u.IsOwner || u.IsPrimaryOwner,
	}
}

// direct is the room of a person and payoff, opened if need be.
func (w *workspace) direct(ctx context.Context, user string) (room string, err error) {
	return w.directWithin(ctx, user, asked())
}

func (w *workspace) directWithin(ctx context.Context, user string, e effort) (room string, err error) {
	if room, ok := w.rooms.get(user); ok {
		return room, nil
	}
	return flight(ctx, w, openRoom+" "+user, e, func(ctx context.Context) (room string, err error) {
		err = w.call(ctx, request{method: openRoom, effort: e}, func(ctx context.Context) error {
			c, _, _, err := w.api.OpenConversationContext(ctx, &slackapi.OpenConversationParameters{Users: []string{user}})
			if err != nil {
				return err
			}
			if c == nil || c.ID == "" {
				return errNothing
			}
			room = c.ID
			return nil
		})
		if err == nil {
			w.rooms.put(user, room)
		}
		return room, err
	})
}
