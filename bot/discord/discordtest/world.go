package discordtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Guild is a server with its people and channels.
type Guild struct {
	d    *Discord
	id   string
	name string

	// All of it guarded by d.mu.
	in             bool // payoff is in it
	members        map[string]*member
	manager, owner string // the role with Manage Server; the user who owns it
}

// A member is what a person is in one server.
type member struct {
	nick  string
	admin bool
}

// A person is one over all servers.
type person struct {
	ID, Name, Locale string
	Closed, Bot      bool
}

// A channel is a text channel, a thread, or someone's direct room with payoff, and what was
// said there.
type channel struct {
	Channel
	id       string
	kind     int      // textChannel, directChannel, privateThread or publicThread
	guild    *Guild   // nil for a direct room
	user     string   // whose direct room it is
	parent   *channel // of a thread
	opened   bool     // of a direct room: payoff has opened it, or its person has used it
	archive  int      // of a thread: minutes until it is archived
	invite   bool     // of a thread: who is in it may add others
	at       time.Time
	messages []*message
}

// Kinds of channels: https://discord.com/developers/docs/resources/channel#channel-object-channel-types
const (
	textChannel   = 0
	directChannel = 1
	publicThread  = 11
	privateThread = 12
)

// A message is one post. Those that are deleted stay, marked, so that what was shown is known.
type message struct {
	id, author  string
	content     string
	embeds      []json.RawMessage // as the app sent them
	components  []json.RawMessage // as the app sent them
	attachments []*attachment
	flags       int
	only        string // the one person who sees it, if it is ephemeral
	nonce       json.RawMessage
	at          time.Time
	edited      time.Time // zero when it never was
	deleted     bool
	loading     bool         // the placeholder of a deferral: "payoff is thinking ..."
	in          *interaction // what it answers; nil when it was sent unasked
}

// An attachment is a file of a message.
type attachment struct {
	id, name, description, mime string
	content                     []byte
}

// An interaction is one act of a person, and what the app may do about it.
type interaction struct {
	id, token string
	kind      int // commandInteraction ...
	user      string
	guild     *Guild // nil in the direct room
	channel   string
	at        time.Time
	message   string        // the id of the message that was pressed on, also for a modal that such a press opened
	acked     chan struct{} // closed when it is acknowledged
	ack       int           // the callback's type; 0 before it
	original  string        // the id of the message that @original is; "" when there is none
	modal     json.RawMessage
	choices   json.RawMessage
}

// Kinds of interactions: https://discord.com/developers/docs/interactions/receiving-and-responding
const (
	commandInteraction      = 2
	componentInteraction    = 3
	autocompleteInteraction = 4
	modalInteraction        = 5
)

// Kinds of callbacks: the same page.
const (
	pongCallback         = 1
	messageCallback      = 4
	deferCallback        = 5
	deferUpdateCallback  = 6
	updateCallback       = 7
	autocompleteCallback = 8
	modalCallback        = 9
)

// Flags of messages: https://discord.com/developers/docs/resources/message#message-object-message-flags
const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
	flagComponentsV2   = 1 << 15
)

// Permissions: https://discord.com/developers/docs/topics/permissions
const (
	mayAdminister = 1 << 3
	mayManage     = 1 << 5
	mayView       = 1 << 10
	maySend       = 1 << 11
	mayEmbed      = 1 << 14
	mayAttach     = 1 << 15
	mayRead       = 1 << 16
	mayUse        = 1 << 31

	everyoneMay = mayView | maySend | mayEmbed | mayAttach | mayRead | mayUse
)

// ID is the server's id.
func (g *Guild) ID() string { return g.id }

// Remove takes payoff out of the server, as a moderator who kicks it.
func (g *Guild) Remove() { g.set(false) }

// Join puts it back.
func (g *Guild) Join() { g.set(true) }

func (g *Guild) set(in bool) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.in = in
}

// AddUser adds someone, or changes the one with the same ID.
func (g *Guild) AddUser(u User) {
	g.d.t.Helper()
	g.d.mustID(u.ID)
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.d.users[u.ID] = &person{ID: u.ID, Name: cmp.Or(u.Name, "user"+u.ID), Locale: cmp.Or(u.Locale, "en-GB"), Closed: u.Closed}
	g.members[u.ID] = &member{nick: u.Nick, admin: u.Admin}
	if u.Owner {
		g.owner = u.ID
	}
}

// RemoveUser has someone leave.
func (g *Guild) RemoveUser(id string) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	delete(g.members, id)
}

// AddChannel adds a channel, or changes the one with the same ID and keeps what was said in it.
func (g *Guild) AddChannel(c Channel) {
	g.d.t.Helper()
	g.d.mustID(c.ID)
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	c.Members = slices.Clone(c.Members)
	if old := g.d.channels[c.ID]; old != nil {
		old.Channel = c
		return
	}
	g.d.channels[c.ID] = &channel{Channel: c, id: c.ID, guild: g, at: g.d.now()}
}

// RemoveChannel deletes a channel and all that was said in it.
func (g *Guild) RemoveChannel(id string) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	delete(g.d.channels, id)
}

// Delete deletes a message, as a moderator would, or a person who dismisses what only they see.
func (d *Discord) Delete(channel, message string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := d.channels[channel]; c != nil {
		if m := c.message(message); m != nil {
			m.deleted = true
		}
	}
}

// mustID ends the test when an id could be none of Discord's.
func (d *Discord) mustID(id string) {
	d.t.Helper()
	if n, err := strconv.ParseUint(id, 10, 64); err != nil || len(id) < 17 || strconv.FormatUint(n, 10) != id {
		d.t.Fatalf("discordtest: %q is no id of Discord's: it is a number of 17 to 20 digits", id)
	}
}

// The functions below are called with d.mu held.

// now is Discord's clock.
func (d *Discord) now() time.Time { return d.clock().Add(d.shift) }

// discordEpoch is 1 January 2015, the first instant of a snowflake:
// https://discord.com/developers/docs/reference#snowflakes
const discordEpoch = 1420070400000

// nextID makes a snowflake: each is greater than any before.
func (d *Discord) nextID() string {
	id := uint64(d.now().UnixMilli()-discordEpoch) << 22
	d.lastID = max(id, d.lastID+1)
	return strconv.FormatUint(d.lastID, 10)
}

// direct is a person's direct room.
func (d *Discord) direct(user string) *channel {
	for _, c := range d.channels {
		if c.user == user && c.kind == directChannel {
			return c
		}
	}
	c := &channel{id: d.nextID(), kind: directChannel, user: user, at: d.now()}
	c.ID = c.id
	d.channels[c.id] = c
	return c
}

// interact makes a new interaction, and counts its time from now.
func (d *Discord) interact(kind int, user string, c *channel) *interaction {
	in := &interaction{
		id: d.nextID(), kind: kind, user: user, guild: c.guild, channel: c.id, at: d.now(), acked: make(chan struct{}),
	}
	in.token = fmt.Sprintf("aW50ZXJhY3Rpb24.%s.discordtest", in.id) // the real ones are three parts with dots, too
	d.interactions[in.id], d.tokens[in.token] = in, in
	return in
}

// mutual reports whether payoff and someone are in a server together.
func (d *Discord) mutual(user string) bool {
	for _, g := range d.guilds {
		if g.in && g.members[user] != nil {
			return true
		}
	}
	return false
}

// permissions are those of a member in the whole server.
func (g *Guild) permissions(user string) uint64 {
	switch m := g.members[user]; {
	case user == g.owner:
		return everyoneMay | mayAdminister | mayManage
	case m != nil && m.admin:
		return everyoneMay | mayManage
	default:
		return everyoneMay
	}
}

// sees reports whether someone sees a channel.
func (c *channel) sees(user string) bool {
	switch {
	case c.kind == directChannel:
		return user == c.user || user == applicationID
	case user == applicationID:
		return c.guild.in && !c.Hidden && (c.parent == nil || c.parent.sees(user))
	case c.guild.members[user] == nil:
		return false
	case c.kind == privateThread:
		return slices.Contains(c.Members, user)
	case c.kind == publicThread:
		return c.parent.sees(user)
	}
	return len(c.Members) == 0 || slices.Contains(c.Members, user)
}

// audience are the people who see a channel, payoff not among them.
func (c *channel) audience() []string {
	if c.kind == directChannel {
		return []string{c.user}
	}
	var all []string
	for id := range c.guild.members {
		if c.sees(id) {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// post adds a message, and gives it its id.
func (d *Discord) post(c *channel, m message) *message {
	m.id, m.at = d.nextID(), d.now()
	c.messages = append(c.messages, &m)
	return &m
}

// message is the one with an id, unless it was deleted.
func (c *channel) message(id string) *message {
	for _, m := range c.messages {
		if m.id == id && !m.deleted {
			return m
		}
	}
	return nil
}

// seenBy reports whether a message is there for someone who sees its channel.
func (m *message) seenBy(user string) bool { return !m.deleted && (m.only == "" || m.only == user) }

// displayName is what people are shown as someone's name in a server, or directly.
func (d *Discord) displayName(g *Guild, user string) string {
	if g != nil {
		if m := g.members[user]; m != nil && m.nick != "" {
			return m.nick
		}
	}
	if p := d.users[user]; p != nil {
		return p.Name
	}
	return "unknown-user"
}

// userName is the unique name that Discord knows a person by.
func (p *person) userName() string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(p.Name))
	return cmp.Or(name, "user") + "." + p.ID[len(p.ID)-4:]
}
