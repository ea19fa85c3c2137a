// Package slack is payoff in Slack: slash commands, direct messages, forms, buttons, the App
// Home, and what is sent unasked. It is an adapter like bot/web and passes the same suite.
//
// There are two ways in, Socket Mode and signed HTTP. Both end in one place, take, which
// acknowledges within Slack's three seconds whatever the handler does:
//
//	socket.go, http.go   what Slack delivers, decoded and trusted
//	take.go              one delivery on its way: event -> handler -> acknowledged -> answered
//	event.go             deliveries as chat.Event, Slack's text as it was typed
//	answer.go, form.go   a chat.Reply on its way back: posts, updates, forms
//	home.go              the App Home
//	render*.go, limit.go chat.Message and chat.Form as blocks, within Slack's limits
//	workspace.go, call.go  one workspace: its token, its people, its limits, every API call
//	send.go              chat.Sender
//	install.go           OAuth, tokens of many workspaces, uninstalling
//	manifest.go, check.go  what Slack is told of payoff, and what doctor asks Slack
//
// Invariants:
//
//   - Nothing in a payload grants a right, names a form that was not signed here, or reaches
//     the log. Tokens are chat.Secret until the moment they are sent.
//   - Text is written as rich text or plain text; markup is only ever ours.
//   - A workspace has its own queue: one that is slow or limited holds up no other.
//
// Of the project it imports bot/chat and bot/command, and nothing else.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// Platform is the name of this platform in events and addresses.
const Platform = "slack"

// DefaultAPIURL is Slack's Web API.
const DefaultAPIURL = "https://slack.com/api/"

// A Config is what an Adapter is made of. Handler is required, and so is a way in: AppToken
// or SigningSecret; and a token: BotToken, or ClientID with ClientSecret and Installs.
type Config struct {
	Handler  chat.Handler
	Commands []command.Spec // the table, hidden commands included: it tells which open a form

	BotToken      chat.Secret // of the one workspace, for who needs no more
	AppToken      chat.Secret // Socket Mode
	SigningSecret chat.Secret // HTTP
	ClientID      string      // installing into many workspaces
	ClientSecret  chat.Secret
	Installs      Installs // where the tokens of many workspaces are kept
	APIURL        string   // ends in "/"; DefaultAPIURL

	Log *slog.Logger
	Now func() time.Time

	// Left is told when payoff was removed from a workspace, and Joined when it was
	// installed there. Both may be nil.
	Left, Joined func(ctx context.Context, space string) error
}

// Installs keeps the workspaces that payoff was installed into. What it keeps of a Token it
// keeps encrypted.
type Installs interface {
	// Install is the one of a space; found is false when there is none.
	Install(ctx context.Context, space string) (in Install, found bool, err error)
	// Keep adds one or replaces that of its space.
	Keep(context.Context, Install) error
	// Remove forgets that of a space and, of an organisation, those that came by it. It names
	// the spaces forgotten; that there is none is no error.
	Remove(ctx context.Context, space string) (gone []string, err error)
}

// An Install is payoff in one workspace, or, in Enterprise Grid, in a whole organisation.
type Install struct {
	Space  string // the team's id, or the organisation's
	Org    string // of a team that it came to by its organisation's token
	Name   string
	Bot    string // payoff's user id there
	Token  chat.Secret
	Scopes []string
	At     time.Time
}

// Validate says what is wrong with c, all of it.
func (c Config) Validate() error {
	var errs []error
	if c.Handler == nil {
		errs = append(errs, errors.New("no handler"))
	}
	if !c.AppToken.IsSet() && !c.SigningSecret.IsSet() {
		errs = append(errs, errors.New("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is needed"))
	}
	switch {
	case c.ClientID == "" && c.ClientSecret.IsSet(), c.ClientID != "" && !c.ClientSecret.IsSet():
		errs = append(errs, errors.New("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together"))
	case c.ClientID != "" && c.Installs == nil:
		errs = append(errs, errors.New("there is nowhere to keep the tokens of many workspaces"))
	case c.ClientID == "" && !c.BotToken.IsSet():
		errs = append(errs, errors.New("SLACK_BOT_TOKEN is needed, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET to install into workspaces"))
	}
	if c.APIURL != "" && !strings.HasSuffix(c.APIURL, "/") {
		errs = append(errs, fmt.Errorf("SLACK_API_URL %q must end in a slash", c.APIURL))
	}
	for _, kind := range []struct {
		name, prefix string
		token        chat.Secret
	}{{"SLACK_BOT_TOKEN", "xoxb-", c.BotToken}, {"SLACK_APP_TOKEN", "xapp-", c.AppToken}} {
		if kind.token.IsSet() && !strings.HasPrefix(kind.token.Reveal(), kind.prefix) {
			errs = append(errs, fmt.Errorf("%s does not begin with %s: it is another kind of token", kind.name, kind.prefix))
		}
	}
	return errors.Join(errs...)
}

// An Adapter is payoff in Slack. It is safe for concurrent use.
type Adapter struct {
	cfg     Config
	handler chat.Handler // guarded
	log     *slog.Logger
	now     func() time.Time
	routes  http.Handler

	life context.Context // ends when handlers still running must give up
	kill context.CancelFunc

	mu       sync.Mutex
	closed   bool
	work     sync.WaitGroup        // deliveries under way
	spaces   map[string]*workspace // by the id they were asked for
	answered recent                // deliveries taken, so that a repeat is not answered twice
}

// New makes an adapter. It calls nobody: Run does.
func New(cfg Config) (*Adapter, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.APIURL == "" {
		cfg.APIURL = DefaultAPIURL
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	a := &Adapter{
		cfg: cfg, handler: chat.Guard(cfg.Handler, cfg.Log), log: cfg.Log, now: cfg.Now,
		spaces: map[string]*workspace{},
	}
	a.life, a.kill = context.WithCancel(context.Background())
	a.routes = a.mux()
	return a, nil
}

// ServeHTTP answers below /slack/.
func (a *Adapter) ServeHTTP(rw http.ResponseWriter, r *http.Request) { a.routes.ServeHTTP(rw, r) }

// Close takes nothing new and waits for what is under way; when ctx ends first, that is told
// to give up and Close returns.
func (a *Adapter) Close(ctx context.Context) error {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	defer a.kill()
	done := make(chan struct{})
	go func() { a.work.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		a.kill()
		return ctx.Err()
	}
}
