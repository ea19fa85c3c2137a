package discord

// The contracts between the files of this package. Whoever writes a file moves its part there;
// this one is deleted when it is empty.

import (
	"context"
	"net/http"
	"time"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// ---- render.go, renderform.go, limit.go (R)

// A page is one message of Discord: the JSON of its body (content, embeds, components,
// attachments, allowed_mentions; flags and nonce are set by who sends it) and its files.
type page struct {
	body  messageBody
	files []file
}

type messageBody struct{} // R: content, embeds, components, allowed_mentions, attachments, flags, nonce, enforce_nonce

type file struct {
	name, mime string
	data       []byte
}

// render is m as one or more pages, never none. id makes the custom_id of a button of its Call.
func render(m chat.Message, id func(call string) string) []page { panic("R") }

// A part is what one modal asks of a form.
type part struct {
	fields []chat.Field
}

// partsOf splits a form into modals: at most five components each, its intro and its error
// (in a text display) included in the first.
func partsOf(f chat.Form) []part { panic("R") }

// modal is the data of an interaction response of type 9. n is the part, from 0.
func modal(f chat.Form, parts []part, n int, customID string) modalBody { panic("R") }

type modalBody struct{} // R

// readPart takes what was submitted, by custom_id of the component (the field's ID): values of
// the fields of part p as chat.Submitted carries them, and what is wrong where a choice was
// typed that is none.
func readPart(p part, typed map[string]string) (values, wrong map[string]string) { panic("R") }

// ---- call.go, bucket.go, failure.go (C)

type rest struct{} // C

func newREST(cfg Config) *rest { panic("C") }

// A call is one request of the REST API.
type call struct {
	method string // "POST"
	path   string // "/channels/123/messages": below /api/v9
	query  string
	body   any           // JSON; nil is none
	files  []file        // then the request is multipart, the body in payload_json
	open   bool          // needs no bot token and counts against no global limit: callbacks and webhooks of interactions
	secret string        // the part of the path that must never be told: an interaction's token
	wait   time.Duration // how long it may wait for a limit before it fails as RateLimited; 0 is longestWait
	once   bool          // posts something: it is tried again only when it surely did nothing, unless its nonce makes that safe
}

// do carries out a call and decodes the answer into out (nil: it is not read). Errors are *chat.Error,
// and wrap an *apiError where Discord answered.
func (r *rest) do(ctx context.Context, c call, out any) error { panic("C") }

// An apiError is what Discord answered with.
type apiError struct {
	Status int
	Code   int // Discord's own, 50007
	Say    string
}

func (e *apiError) Error() string { panic("C") }

// code is Discord's code of an error, 0 when there is none.
func code(err error) int { panic("C") }

// isKind reports whether err is a *chat.Error of a kind.
func isKind(err error, kind chat.ErrorKind) bool { panic("C") }

// ---- server.go, send.go (S)

// direct is the room of a person with payoff.
func (a *Adapter) direct(ctx context.Context, user string) (channel string, err error) { panic("S") }

// admin looks up whether a person may manage a server: its owner, or a role of theirs with
// Administrator or Manage Server.
func (a *Adapter) admin(ctx context.Context, server, user string) (bool, error) { panic("S") }

// home is the server that a person who writes directly is meant to be in: the one they used
// last, else one where payoff knows them, else one that both are in; found is false when there is none.
func (a *Adapter) home(ctx context.Context, user string) (server string, found bool, err error) {
	panic("S")
}

// usedIn remembers that a person used payoff in a server, for home.
func (a *Adapter) usedIn(ctx context.Context, user, server string) { panic("S") }

// servers are those that payoff is in, all of them.
func (a *Adapter) servers(ctx context.Context) ([]server, error) { panic("S") }

type server struct{ ID, Name string }

// ---- buttons.go (T): a Call as a custom_id and back

// buttons makes custom_ids for the messages to one server's people. What is too long for a
// custom_id is kept in Memory: keep must be called before the message is sent.
func (a *Adapter) buttons(server string) *buttons { panic("T") }

type buttons struct{}

func (b *buttons) id(call string) string          { panic("T") }
func (b *buttons) keep(ctx context.Context) error { panic("T") }

// ---- interaction.go, take.go, event.go, answer.go, form*.go, http.go, memory.go (T)

type memory struct{}

// take does what an interaction asks for, as Discord's JSON, and returns when all of it is done.
func (a *Adapter) take(ctx context.Context, raw []byte) { panic("T") }

func (a *Adapter) mux() http.Handler { panic("T") }

// ---- gateway*.go, register.go, manifest.go, check.go, names.go (G)

// Run registers the commands when they have changed, and keeps the gateway connected until ctx
// ends. It returns a *Refused when the token can never work, nil when ctx has ended.
func (a *Adapter) Run(ctx context.Context) error { panic("G") }

// A Refused says in one sentence why Discord will never let payoff in, and what to do.
type Refused struct{ Say string }

func (r *Refused) Error() string { return r.Say }

// typedOf is a chat.Typed of what Discord took apart: names are those of the command, the group
// and the subcommand, as far as there are any; options by their Discord names.
func typedOf(specs []command.Spec, names []string, options map[string]string) (chat.Typed, bool) {
	panic("G")
}

// specOf is the command that names call.
func specOf(specs []command.Spec, names []string) (command.Spec, bool) { panic("G") }

func (a *Adapter) Send(ctx context.Context, to chat.Address, m chat.Message, key string) (chat.Receipt, error) {
	panic("S")
}
func (a *Adapter) Edit(ctx context.Context, r chat.Receipt, m chat.Message) error { panic("S") }
func (a *Adapter) Find(ctx context.Context, to chat.Address, key string) (chat.Receipt, bool, error) {
	panic("S")
}

// Manifest is G's.
func Manifest(specs []command.Spec, applicationID string) ([]byte, error) { panic("G") }
