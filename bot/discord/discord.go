// Package discord is payoff in Discord: slash commands with typed options, forms as modals,
// buttons, messages and private answers, and what is sent unasked. It is an adapter like
// bot/web and bot/slack and passes the same suite.
//
// There are two ways in, the gateway and signed HTTP. Both end in one place, take, which
// acknowledges within Discord's three seconds whatever the handler does:
//
//	gateway*.go, http.go   what Discord delivers, trusted
//	interaction.go         an interaction decoded by structs of our own, which leave out what they do not know
//	take.go                one interaction on its way: event -> handler -> acknowledged -> answered
//	event.go               interactions as chat.Event
//	answer.go, form*.go    a chat.Reply on its way back: messages, updates, modals in parts
//	render*.go, limit.go   chat.Message and chat.Form as Discord writes them, within its limits
//	call.go, bucket.go     every REST call, and the limits that Discord tells of in its headers
//	server.go              what is looked up: direct rooms, who may manage a server, which servers there are
//	send.go                chat.Sender
//	register.go, manifest.go, check.go  what Discord is told of payoff, and what doctor asks it
//
// Invariants:
//
//   - Nothing in a payload grants a right or reaches the log. Tokens, those of interactions
//     included, are chat.Secret until the moment they are sent.
//   - Text is escaped where it is rendered, and every message says that it mentions nobody.
//   - Nothing of discordgo that is known to hang, leak or panic is relied on: PLATFORMS.md
//     names each, and the file that guards against it says so.
//
// Of the project it imports bot/chat and bot/command, and nothing else.
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// Platform is the name of this platform in events and addresses.
const Platform = "discord"

// DefaultAPIURL is where Discord's API is; paths such as /api/v9/gateway follow.
const DefaultAPIURL = "https://discord.com"

// A Config is what an Adapter is made of. Handler, BotToken and Memory are required.
type Config struct {
	Handler  chat.Handler
	Commands []command.Spec // the table, hidden commands included: it tells which open a form

	BotToken      chat.Secret
	ApplicationID string // asked of Discord when it is empty
	PublicKey     string // in hex; with it, interactions are also taken over HTTP
	APIURL        string // without a slash at its end; DefaultAPIURL

	Memory Memory // what must be known after a restart

	// Known lists the servers in which payoff knows a person, so that a direct message, which
	// names none, finds theirs. It may be nil.
	Known func(ctx context.Context, person string) (servers []string, err error)

	// Left is told when payoff is in a server no longer, Joined when it is in one (again). Both
	// may be nil, and may be told more than once.
	Left, Joined func(ctx context.Context, server string) error

	Log *slog.Logger
	Now func() time.Time
}

// A Memory keeps small values over a restart: forms that are half filled in, calls too long
// for a button, the server a person used last. It is safe for concurrent use.
type Memory interface {
	// Recall is the value of a key; found is false when there is none, or none any more.
	Recall(ctx context.Context, key string) (value []byte, found bool, err error)
	// Remember keeps a value until a time; the zero time is for good. It is on disk when
	// Remember returns. A nil value forgets the key.
	Remember(ctx context.Context, key string, value []byte, until time.Time) error
}

// Validate says what is wrong with c, all of it.
func (c Config) Validate() error {
	var errs []error
	if c.Handler == nil {
		errs = append(errs, errors.New("no handler"))
	}
	if c.Memory == nil {
		errs = append(errs, errors.New("no memory"))
	}
	if !c.BotToken.IsSet() {
		errs = append(errs, errors.New("DISCORD_BOT_TOKEN is needed"))
	}
	if _, err := c.publicKey(); err != nil {
		errs = append(errs, err)
	}
	if c.ApplicationID != "" && !isID(c.ApplicationID) {
		errs = append(errs, fmt.Errorf("DISCORD_APPLICATION_ID %q is not one: it is a number of 17 to 20 digits", c.ApplicationID))
	}
	if u, err := url.Parse(c.APIURL); c.APIURL != "" && (err != nil || u.Host == "" || u.Path != "" || u.Scheme != "https" && u.Scheme != "http") {
		errs = append(errs, fmt.Errorf("DISCORD_API_URL %q must be an address without a path, such as %s", c.APIURL, DefaultAPIURL))
	}
	return errors.Join(errs...)
}

// publicKey is the key that signs what comes over HTTP, nil when none is set.
func (c Config) publicKey() (ed25519.PublicKey, error) {
	if c.PublicKey == "" {
		return nil, nil
	}
	key, err := hex.DecodeString(c.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("DISCORD_PUBLIC_KEY is not one: it is 64 characters from 0 to 9 and a to f")
	}
	return key, nil
}

// isID reports whether s may be an id of Discord's: a snowflake.
func isID(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) >= 15 && len(s) <= 20
}

// An Adapter is payoff in Discord. It is safe for concurrent use.
type Adapter struct {
	cfg     Config
	handler chat.Handler // guarded
	log     *slog.Logger
	now     func() time.Time
	routes  http.Handler
	rest    *rest // every call of Discord's API

	life context.Context // ends when handlers still running must give up
	kill context.CancelFunc

	mu     sync.Mutex
	closed bool
	work   sync.WaitGroup // interactions under way
	memory memory         // what is known while it runs: interactions taken, rooms, forms
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
	a := &Adapter{cfg: cfg, handler: chat.Guard(cfg.Handler, cfg.Log), log: cfg.Log, now: cfg.Now}
	a.rest = newREST(cfg)
	a.life, a.kill = context.WithCancel(context.Background())
	context.AfterFunc(a.life, a.rest.client.CloseIdleConnections)
	a.routes = a.mux()
	return a, nil
}

// ServeHTTP answers below /discord/.
func (a *Adapter) ServeHTTP(rw http.ResponseWriter, r *http.Request) { a.routes.ServeHTTP(rw, r) }

// Servers names the servers that payoff is in.
func (a *Adapter) Servers(ctx context.Context) (names []string, err error) {
	all, err := a.servers(ctx)
	for _, s := range all {
		names = append(names, s.Name)
	}
	return names, err
}

// begin counts an interaction as under way, unless the adapter is closed.
func (a *Adapter) begin() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return false
	}
	a.work.Add(1)
	return true
}

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
