package slack

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	slackapi "github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"

	"payoff/bot/chat"
)

// Times.
const (
	lookupLimit = time.Second             // for users.info before an event is handled
	ackLimit    = 1500 * time.Millisecond // Slack gives up after 3 s
)

// A workspace is one Slack workspace (or organisation) as the adapter works with it: its
// client, its limits and who is there. Errors of its methods are *chat.Error.
type workspace struct {
	space string // the id it is known by in events and addresses
	bot   string // payoff's user id there
	api   *slackapi.Client

	token  chat.Secret
	kept   string // the id its token is kept under: space, or the organisation's
	client *http.Client
	life   context.Context
	log    *slog.Logger
	now    func() time.Time

	self   atomic.Pointer[slackapi.AuthTestResponse] // of ownToken
	left   atomic.Bool                               // the token does not work any more
	leftAt atomic.Int64                              // when that was found, in Unix milliseconds

	queue    *queue
	flights  singleflight.Group // lookups under way, by what is looked up
	people   *memory[string, profile]
	rooms    *memory[string, string] // direct rooms, by user
	pictures *memory[string, picture]
	sent     *memory[string, *sending]
}

func (a *Adapter) newWorkspace(in Install, client *http.Client) *workspace {
	w := &workspace{
		space: in.Space, bot: in.Bot, token: in.Token, kept: in.Space, client: client,
		api: slackapi.New(in.Token.Reveal(),
			slackapi.OptionAPIURL(a.cfg.APIURL), slackapi.OptionHTTPClient(client)),
		life: a.life, log: a.log, now: a.now,
		queue:    newQueue(),
		people:   newMemory[string, profile](rememberedPeople),
		rooms:    newMemory[string, string](rememberedRooms),
		pictures: newMemory[string, picture](rememberedPictures),
		sent:     newMemory[string, *sending](rememberedSends),
	}
	context.AfterFunc(a.life, client.CloseIdleConnections)
	return w
}

// ownToken is where a.spaces keeps what asks Slack whose token Config.BotToken is.
const ownToken = ""

// workspace finds the one that a delivery is from or an address names, by the ids given in
// order; empty ones are skipped. Where payoff is not installed, the error is Gone.
func (a *Adapter) workspace(ctx context.Context, ids ...string) (*workspace, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return nil, goneFor("workspace", "none is named")
	}
	if w := a.remembered(ids[0]); w != nil {
		return w, nil
	}
	found, err := a.installed(ctx, ids)
	if found == nil && err == nil {
		found, err = a.own(ctx, ids)
	}
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if w := a.spaces[ids[0]]; w != nil && !w.left.Load() {
		return w, nil // somebody else was faster; there is one queue a workspace
	}
	a.spaces[ids[0]] = found
	return found, nil
}

// remembered is a workspace met before that payoff is still in.
func (a *Adapter) remembered(space string) *workspace {
	a.mu.Lock()
	defer a.mu.Unlock()
	if w := a.spaces[space]; w != nil && !w.left.Load() {
		return w
	}
	return nil
}

// installed is the workspace of the newest install that one of the ids has.
func (a *Adapter) installed(ctx context.Context, ids []string) (*workspace, error) {
	if a.cfg.Installs == nil {
		return nil, nil
	}
	var newest Install
	for _, id := range ids {
		in, found, err := a.cfg.Installs.Install(ctx, id)
		if err != nil {
			return nil, &chat.Error{Kind: chat.Transient, Err: &failure{method: "installs", words: redact(err)}}
		}
		if found && !a.dead(ids[0], in) && (!newest.Token.IsSet() || in.At.After(newest.At)) {
			newest = in
		}
	}
	if !newest.Token.IsSet() {
		return nil, nil
	}
	kept := cmp.Or(newest.Org, newest.Space)
	if newest.Space != ids[0] {
		// An address names the team alone: after a restart, the organisation's token must be
		// found by that.
		newest.Space, newest.Org = ids[0], kept
		if err := a.cfg.Installs.Keep(ctx, newest); err != nil {
			a.log.Warn("the install of an organisation could not be kept for its workspace", "space", newest.Space, "err", redact(err))
		}
	}
	w := a.newWorkspace(newest, newClient())
	w.kept = kept
	return w, nil
}

// dead says whether an install is the one whose token was found not to work any more.
func (a *Adapter) dead(space string, in Install) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	w := a.spaces[space]
	return w != nil && w.left.Load() && w.token.Reveal() == in.Token.Reveal() &&
		in.At.UnixMilli() <= w.leftAt.Load()
}

// own is the workspace of Config.BotToken, if it is among the ids. The token of an
// organisation is good for all its workspaces, and they are not known before they are met.
func (a *Adapter) own(ctx context.Context, ids []string) (*workspace, error) {
	none := goneFor("workspace", "payoff is not installed in %s", ids[0])
	in := Install{Space: ids[0], Token: a.cfg.BotToken}
	if !in.Token.IsSet() || a.dead(ids[0], in) {
		return nil, none
	}
	who, err := a.whose(ctx)
	if err != nil {
		return nil, err
	}
	org := strings.HasPrefix(who.TeamID, "E")
	if who.TeamID != ids[0] && !(org && (slices.Contains(ids, who.TeamID) || a.cfg.Installs == nil)) {
		return nil, none
	}
	in.Bot = who.UserID
	w := a.newWorkspace(in, newClient())
	w.kept = who.TeamID
	return w, nil
}

// whose asks Slack, once, whose token Config.BotToken is.
func (a *Adapter) whose(ctx context.Context) (*slackapi.AuthTestResponse, error) {
	a.mu.Lock()
	w := a.spaces[ownToken]
	if w == nil {
		w = a.newWorkspace(Install{Token: a.cfg.BotToken}, newClient())
		a.spaces[ownToken] = w
	}
	a.mu.Unlock()
	if who := w.self.Load(); who != nil {
		return who, nil
	}
	return flight(ctx, w, authTest, unasked(), func(ctx context.Context) (who *slackapi.AuthTestResponse, err error) {
		err = w.call(ctx, request{method: authTest, effort: unasked()}, func(ctx context.Context) error {
			who, err = w.api.AuthTestContext(ctx)
			if err == nil && who.TeamID == "" {
				return errNothing
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		w.self.Store(who)
		return who, nil
	})
}

// flight does once what several ask for at the same time. It goes on when one of them gives
// up: the others still wait for it.
func flight[T any](ctx context.Context, w *workspace, what string, e effort, do func(context.Context) (T, error)) (T, error) {
	landed := w.flights.DoChan(what, func() (any, error) {
		ctx, cancel := context.WithTimeout(w.life, e.total)
		defer cancel()
		return do(ctx)
	})
	var none T
	select {
	case r := <-landed:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(T), nil
	case <-ctx.Done():
		return none, translate(what, ctx.Err())
	}
}

// revoke marks a workspace whose token Slack refuses, until it is installed again.
func (w *workspace) revoke(err error) {
	if w.leave() {
		w.log.Warn("Slack takes payoff's token no more; nothing is sent there until it is installed again",
			"space", w.space, "code", codeOf(err))
	}
}

// leave is true for who is first to find that payoff has left.
func (w *workspace) leave() bool {
	if w.left.Swap(true) {
		return false
	}
	w.leftAt.Store(w.now().UnixMilli())
	w.client.CloseIdleConnections()
	return true
}

// leave forgets a workspace whose token was revoked, or, of an organisation, all of its
// workspaces, and names them: what is sent there is Gone from now on. Who is to be told
// (Config.Left) is told by the caller.
func (a *Adapter) leave(ctx context.Context, space string) ([]string, error) {
	gone := []string{space}
	a.mu.Lock()
	for id, w := range a.spaces {
		if w.space == space || w.kept == space {
			w.leave()
			gone = append(gone, id)
		}
	}
	a.mu.Unlock()
	var errs []error
	if a.cfg.Installs != nil {
		for _, id := range slices.Clone(gone) {
			more, err := a.cfg.Installs.Remove(ctx, id)
			gone, errs = append(gone, more...), append(errs, err)
		}
	}
	slices.Sort(gone)
	return slices.Compact(gone), errors.Join(errs...)
}
