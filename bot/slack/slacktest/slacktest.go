// Package slacktest is a Slack for tests: workspaces with people, rooms and messages behind
// the Web API, Socket Mode, signed HTTP deliveries, response addresses, uploads and installs.
//
// People act through a Workspace (Command, Write, Press, Fill ...); each act is a delivery to
// the app, and returns when it was acknowledged. What they see is read with Seen, Form and
// Home: markup is interpreted as Slack does, so that a name that turns into markup shows as
// text that is missing or changed.
//
// Whatever the app sends is held against Slack's documented limits, and against the schema in
// ../shared/specs where that is present. A request that Slack would refuse is refused in
// Slack's words and fails the test too, unless the test expects it (Expect).
package slacktest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// A Slack is the whole of Slack: an API, and workspaces.
type Slack struct {
	t      testing.TB
	server *httptest.Server
	mux    *http.ServeMux // what server serves; startWires adds to it
	ended  chan struct{}  // closed when the test is over: nothing waits any longer
	wires  wires          // Socket Mode, HTTP deliveries and installs

	// Set by startWires. Neither is called with mu held. An error's text is what Slack answers.
	socketURL func() (string, error)                      // for apps.connections.open
	exchange  func(code, redirect string) (*grant, error) // for oauth.v2.access

	faultMu sync.Mutex // one call at a time is judged, so that a test's function may keep state
	fault   func(Call) Fault

	mu         sync.Mutex // guards all below, and all that a Workspace holds
	now        func() time.Time
	deliverTo  string // "" is Socket Mode
	workspaces map[string]*Workspace
	installs   map[string]*install // by token
	triggers   map[string]*trigger
	responses  map[string]*responseURL // by the last part of the address
	expected   map[string]bool         // errors that do not fail the test
	calls      []Call
	counted    map[string]int // calls so far, by method
	slow       int            // posts that still fail while a file is processed
	serial     int            // makes ids
	lastTS     time.Time
}

// New starts one. It ends with t.
func New(t testing.TB) *Slack {
	s := &Slack{
		t: t, mux: http.NewServeMux(), ended: make(chan struct{}), now: time.Now,
		workspaces: map[string]*Workspace{}, installs: map[string]*install{},
		triggers: map[string]*trigger{}, responses: map[string]*responseURL{},
		expected: map[string]bool{}, counted: map[string]int{},
		socketURL: func() (string, error) { return "", errors.New("internal_error") },
		exchange:  func(string, string) (*grant, error) { return nil, errors.New("invalid_code") },
	}
	s.routes()
	s.server = httptest.NewServer(s.mux)
	s.startWires()
	t.Cleanup(func() {
		close(s.ended)
		s.endWires()
		s.server.CloseClientConnections()
		s.server.Close()
	})
	return s
}

// URL is the base of the Web API, ending in a slash: SLACK_API_URL.
func (s *Slack) URL() string { return s.server.URL + apiPath }

// What the app is configured with.
func (s *Slack) AppToken() string      { return "xapp-1-A0PAYOFF-1-slacktest" }
func (s *Slack) SigningSecret() string { return "slacktest-signing-secret" }
func (s *Slack) ClientID() string      { return "1.2" }
func (s *Slack) ClientSecret() string  { return "slacktest-client-secret" }

// Workspace adds a workspace without people or rooms, in which the app is not installed.
// A second time it returns the same one. To have it belong to an organisation, set Enterprise
// before anything else is done with it.
func (s *Slack) Workspace(id, name string) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.workspaces[id]; w != nil {
		return w
	}
	w := &Workspace{
		ID: id, Name: name, s: s, bot: "UBOT" + id,
		users: map[string]*User{}, rooms: map[string]*room{}, views: map[string]*openView{},
		modals: map[string][]*openView{}, homes: map[string]*openView{}, files: map[string]*file{},
	}
	s.workspaces[id] = w
	return w
}

// DeliverTo has everything delivered by signed HTTP below url (url + "/slack/commands" ...);
// "" is Socket Mode again, as at first.
func (s *Slack) DeliverTo(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliverTo = url
}

// A Workspace is a workspace with its people, its rooms and what was said.
type Workspace struct {
	ID, Name   string
	Enterprise string // the organisation's id, if it is in Enterprise Grid
	s          *Slack

	// All of it guarded by s.mu.
	bot    string // the app's user id
	users  map[string]*User
	rooms  map[string]*room
	views  map[string]*openView   // modals and Homes, by id
	modals map[string][]*openView // by user: the stack, the one they see last
	homes  map[string]*openView   // by user
	files  map[string]*file
}

// A User is someone in a workspace. The app's own user is added when it is installed.
type User struct {
	ID, Name, RealName, Zone, Locale string
	Admin, Bot, Deleted              bool
}

// A Room is a conversation. Who is no member cannot be shown what is posted; the app may post
// to a public one without being in it only with chat:write.public.
type Room struct {
	ID, Name string
	Private  bool
	Members  []string // ids of users; the app's own, BotUser, among them where it was invited
}

// AddUser adds someone, or replaces the one with the same ID.
func (w *Workspace) AddUser(u User) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.users[u.ID] = &u
}

// AddRoom adds a room, or changes the one with the same ID and keeps what was said in it.
func (w *Workspace) AddRoom(r Room) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	r.Members = slices.Clone(r.Members)
	if old := w.rooms[r.ID]; old != nil {
		old.Room = r
		return
	}
	w.rooms[r.ID] = &room{Room: r}
}

// Install installs the app as an admin pasting a token would, with the scopes of the manifest
// (none given) or those named, and returns the bot token.
func (w *Workspace) Install(scopes ...string) (token string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.install(scopes, false).token
}

// BotUser is the app's user id.
func (w *Workspace) BotUser() string { return w.bot }

// Direct is the id of a user's room with the app.
func (w *Workspace) Direct(user string) string { return directID(w.ID, user) }

// A Post is a message, or a Home, as a user sees it.
type Post struct {
	TS       string
	User     string // who said it
	Bot      bool
	Private  bool   // only they see it
	Text     string // all that is read, in order, but for buttons, pictures and files
	Fallback string // what a notification says
	Buttons  []string
	Images   []string // their words
	Files    []string // their names
	Edited   bool
	Blocks   json.RawMessage // as the app sent them
}

// A Form is a modal as a user sees it.
type Form struct {
	ID, Title, Submit string
	Intro             string // what stands above the first question, but for Error
	Error             string // the text of the block with the id "error", if there is one
	Fields            []Field
	Metadata          string
}

// A Field is one question of a Form. Error is what the app answered a submission with, or the
// text of the block with the id "error:" + Block.
type Field struct {
	Block, Label, Hint, Value, Error string
	Choices                          []string
	Required                         bool
}

// A Call is a call of the Web API (Method "chat.postMessage"), an upload ("upload"), a post to
// a response address ("response_url") or an OAuth exchange.
type Call struct {
	Method string
	Space  string
	Room   string
	N      int // how many calls of this method came before it
	At     time.Time
	Body   json.RawMessage // its arguments, tokens left out
}

// A Fault is how a call goes wrong.
type Fault struct {
	Status     int           // 429, 500, 503; 0 is none
	RetryAfter int           // seconds, with 429
	HTML       bool          // the body is a page, not JSON
	Error      string        // {"ok":false,"error":...}
	Drop       bool          // the connection is cut before anything is done
	Lose       bool          // the connection is cut after it was done
	Delay      time.Duration // before anything else
}

// An Ack is how long a delivery waited for its acknowledgement.
type Ack struct {
	Kind  string // "slash_commands", "interactive", "events_api"
	After time.Duration
	OK    bool
}
