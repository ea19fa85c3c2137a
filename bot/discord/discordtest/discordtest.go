// Package discordtest is a Discord for tests: servers with people, channels and messages behind
// the REST API, the gateway and signed HTTP deliveries.
//
// People act through a Discord (Command, Press, Submit ...); each act is an interaction that is
// delivered to the app, and returns when it was acknowledged. What they see is read with Seen and
// Modal: markdown is interpreted as Discord does, so that a name that turns into markdown shows
// as text that is missing or changed.
//
// Whatever the app sends is held against Discord's own OpenAPI document in ../shared/specs where
// that is present, and against the documented limits that it does not hold. A request that
// Discord would refuse is refused in Discord's words and codes, and fails the test too, unless
// the test expects it (Expect).
package discordtest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// A Discord is the whole of Discord: an API, a gateway, and servers.
type Discord struct {
	t      testing.TB
	server *httptest.Server
	mux    *http.ServeMux // what server serves; startActs adds the gateway to it
	ended  chan struct{}  // closed when the test is over: nothing waits any longer
	key    ed25519.PrivateKey
	acts   acts // gateway, deliveries, what is open before whom

	faults faults // has a lock of its own

	mu           sync.Mutex // guards all below, and all that they hold
	clock        func() time.Time
	shift        time.Duration // what Advance moved it by
	deliverTo    string        // "" is the gateway
	guilds       map[string]*Guild
	users        map[string]*person
	channels     map[string]*channel
	interactions map[string]*interaction // by id
	tokens       map[string]*interaction // by token
	commands     []Command
	expected     map[int]bool // codes that do not fail the test
	calls        []Call
	counted      map[string]int // calls so far, by method and route
	pinged       int
	limits       limits
	lastID       uint64
}

// New starts one. It ends with t.
func New(t testing.TB) *Discord {
	seed := sha256.Sum256([]byte("discordtest"))
	d := &Discord{
		t: t, mux: http.NewServeMux(), ended: make(chan struct{}), key: ed25519.NewKeyFromSeed(seed[:]), clock: time.Now,
		guilds: map[string]*Guild{}, users: map[string]*person{}, channels: map[string]*channel{},
		interactions: map[string]*interaction{}, tokens: map[string]*interaction{},
		expected: map[int]bool{}, counted: map[string]int{},
	}
	d.users[applicationID] = &person{ID: applicationID, Name: "payoff", Bot: true}
	d.routes()
	d.server = httptest.NewServer(d.mux)
	d.startActs()
	t.Cleanup(func() {
		close(d.ended)
		d.endActs()
		d.server.CloseClientConnections()
		d.server.Close()
	})
	return d
}

const (
	botToken      = "MTAwMDAwMDAwMDAwMDAwMDAx.discordtest.token"
	applicationID = "100000000000000001" // the app's user has the same id, as Discord's newer apps do
)

// URL is DISCORD_API_URL: the API is below it at /api/v9.
func (d *Discord) URL() string { return d.server.URL }

// What the app is configured with.
func (d *Discord) Token() string         { return botToken }
func (d *Discord) ApplicationID() string { return applicationID }
func (d *Discord) PublicKey() string {
	return hex.EncodeToString(d.key.Public().(ed25519.PublicKey))
}

// Guild adds a server of this name, which payoff is in; a second time it returns the same one.
func (d *Discord) Guild(name string) *Guild {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, g := range d.guilds {
		if g.name == name {
			return g
		}
	}
	g := &Guild{d: d, id: d.nextID(), name: name, in: true, members: map[string]*member{}}
	g.manager, g.owner = d.nextID(), d.nextID()
	d.guilds[g.id] = g
	return g
}

// Expect names codes of refusals that do not fail the test, such as 50007; 0 is 401, 404 and 405
// of no code.
func (d *Discord) Expect(codes ...int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, code := range codes {
		d.expected[code] = true
	}
}

// Advance moves Discord's clock on: tokens and nonces expire, limits reset.
func (d *Discord) Advance(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shift += by
}

// Calls are all requests of the API so far, those that went wrong among them.
func (d *Discord) Calls() []Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.calls)
}

// Mentions is how many people payoff has pinged, ever.
func (d *Discord) Mentions() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pinged
}

// Commands are those that payoff has registered, in its own order.
func (d *Discord) Commands() []Command {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.commands)
}

// Direct is the id of a person's direct room with payoff. The room is there before either of
// them has opened it.
func (d *Discord) Direct(user string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.direct(user).id
}

// A User is someone in a server. The same ID in two servers is one person: the last Name, Locale
// and Closed count, while Nick, Admin and Owner are of one server.
type User struct {
	ID, Name, Nick, Locale string // ID is a number of 17 to 20 digits; Name may be ""; Locale is "en-GB" unless set
	Admin                  bool   // has a role with Manage Server
	Owner                  bool   // owns the server
	Closed                 bool   // takes no direct messages from payoff: 50007
}

// A Channel is a text channel of a server.
type Channel struct {
	ID, Name string
	Members  []string // who sees it; none is everybody
	Hidden   bool     // payoff does not see it: 50001
	ReadOnly bool     // payoff may not write in it: 50013
}

// A Call is one request of the API.
type Call struct {
	Method string          // "POST"
	Route  string          // "/channels/{channel}/messages"
	Path   string          // "/channels/123/messages"; the token of an interaction is "token"
	Query  string          // as it came
	Body   json.RawMessage // its JSON, payload_json of a multipart body
	Files  []string        // names of files sent along
	N      int             // how many calls of this method and route came before it
	At     time.Time       // by Discord's clock
	Status int             // what was answered; 0 while it is under way, or when the connection was cut
	Code   int             // Discord's own, of a refusal
	Retry  time.Duration   // of a 429: how long to wait
}

// A Command is one that is registered: of Type 1 typed, of Type 3 on a message.
type Command struct {
	ID          string          `json:"id"`
	Type        int             `json:"type"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Options     []Option        `json:"options"`
	Contexts    []int           `json:"contexts"`
	Permissions json.Number     `json:"default_member_permissions"` // who may use it unless a server says otherwise; "" is everybody
	JSON        json.RawMessage `json:"-"`                          // as it was sent
}

// An Option is one of a command: an argument, or a subcommand (Type 1) or a group of them (2).
type Option struct {
	Type         int            `json:"type"`
	Name         string         `json:"name"`
	Description  string         `json:"description"`
	Required     bool           `json:"required"`
	Autocomplete bool           `json:"autocomplete"`
	MinLength    *int           `json:"min_length"`
	MaxLength    *int           `json:"max_length"`
	Choices      []OptionChoice `json:"choices"`
	Options      []Option       `json:"options"`
}

// An OptionChoice is one of the values that an option takes.
type OptionChoice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}
