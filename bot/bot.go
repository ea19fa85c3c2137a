// Package bot is what payoff says and does in chat: the one table of commands, their
// handlers, and the words. It turns a chat.Event into a use case of goals/engine and its
// answer into a chat.Reply.
//
// Platforms are unknown here; figures and rules are not made here. Errors end here: a
// goals.Mistake becomes words, anything else one generic line with a reference, logged once.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

// A Config is what a bot needs.
type Config struct {
	Engine *engine.Engine
	Log    *slog.Logger
	// HomeRooms is, by platform, the room where a new team's leaderboard is posted until
	// the team chooses another.
	HomeRooms map[string]string
}

// A Bot answers events. It is safe for concurrent use and keeps nothing between them.
type Bot struct {
	engine *engine.Engine
	log    *slog.Logger
	rooms  map[string]string
	table  []entry
	specs  []command.Spec // of the table, those of buttons and forms included
}

var _ chat.Handler = (*Bot)(nil)

// New makes a bot.
func New(cfg Config) *Bot {
	b := &Bot{engine: cfg.Engine, log: cfg.Log, rooms: cfg.HomeRooms, table: table()}
	b.specs = specsOf(b.table)
	return b
}

// A call is one event on its way: who, which command, with what.
type call struct {
	engine.Self
	event  chat.Event
	desk   command.Desk
	line   string // as it was typed
	rest   string // what follows the command's words
	args   command.Values
	fields map[string]string // of a submitted form
	mine   bool              // a button on, or a form from, the bot's own message
}

// request is the engine's view of the call.
func (c *call) request() engine.Request {
	return engine.Request{Actor: c.Actor, Event: c.event.ID, Words: c.line}
}

// Handle answers an event.
func (b *Bot) Handle(ctx context.Context, e chat.Event) chat.Reply {
	reply, err := b.answer(ctx, e)
	if err == nil {
		return reply
	}
	var mistake *goals.Mistake
	if errors.As(err, &mistake) {
		return chat.Whisper(mistakeBlocks(mistake)...)
	}
	ref := chat.Reference(e)
	b.log.Error("event failed", "reference", ref, "event", e.ID, "did", fmt.Sprintf("%T", e.Did), "err", err)
	return chat.Say{Messages: []chat.Message{chat.Sorry(ref)}, Private: true}
}

// answer finds the person and the command, and runs it.
func (b *Bot) answer(ctx context.Context, e chat.Event) (chat.Reply, error) {
	c := &call{event: e}
	given := map[string]string{}
	switch did := e.Did.(type) {
	case chat.Typed:
		c.line, given = did.Text, did.Options
	case chat.Wrote:
		c.line = did.Text
	case chat.Pressed:
		c.line, c.mine = did.Call, true
	case chat.Submitted:
		c.line, c.fields, c.mine = did.Call, did.Values, true
	}
	if err := b.meet(ctx, c); err != nil {
		return nil, err
	}
	entry, rest, err := b.find(c)
	if err != nil || entry == nil {
		return nil, err
	}
	if !c.Owner.Started && !entry.open {
		return c.welcome(), nil
	}
	if entry.Admin {
		if err := c.mustBeAdmin(ctx); err != nil {
			return nil, err
		}
	}
	if c.rest = rest; rest == "" && len(entry.Options) == 1 {
		c.rest = given[entry.Options[0].Name] // taken apart by the platform
	}
	if !entry.raw {
		if c.args, err = command.Parse(entry.Spec, rest, given, c.desk); err != nil {
			return nil, err
		}
	}
	reply, err := entry.run(b, ctx, c)
	if reply = private(reply, entry.Private); err == nil && entry.Name != "home" { // which is shown again and again
		reply = b.tellingClosed(ctx, c, b.askingZone(ctx, c, reply))
	}
	return reply, err
}

// private keeps an answer to its person where the table says so.
func private(r chat.Reply, is bool) chat.Reply {
	if say, ok := r.(chat.Say); ok && is {
		say.Private = true
		return say
	}
	return r
}

// meet finds out who it is, and lays out what their words are read against.
func (b *Bot) meet(ctx context.Context, c *call) error {
	actor, err := b.engine.Meet(ctx, b.person(c.event.From))
	if err != nil {
		return err
	}
	if c.Self, err = b.engine.Self(ctx, actor); err != nil {
		return err
	}
	c.desk = deskOf(c.Self)
	return nil
}

// person is someone as the engine knows them.
func (b *Bot) person(p chat.Person) engine.Person {
	return engine.Person{Platform: p.Platform, Space: p.Space, ID: p.ID, Name: p.Name, Zone: p.Zone, Room: b.rooms[p.Platform]}
}

func deskOf(s engine.Self) command.Desk {
	return command.Desk{Today: s.Today, Currency: s.Owner.Currency, Channels: s.Owner.Channels, Objectives: s.Objectives}
}

// find is the table's entry for what was typed. Plain words to the bot are a command when
// they are exactly the name of one, and else a line to log; in a room they are not for us.
func (b *Bot) find(c *call) (*entry, string, error) {
	if wrote, ok := c.event.Did.(chat.Wrote); ok {
		text := strings.TrimSpace(wrote.Text)
		if !c.event.Room.Direct || text == "" {
			return nil, "", nil
		}
		if name := plainCommand(text); name != "" {
			return b.entry(name), "", nil
		}
		if n := len("what if "); len(text) > n && strings.EqualFold(text[:n], "what if ") {
			return b.entry("report what if"), text[n:], nil
		}
		if !strings.HasPrefix(text, "/") {
			return b.entry("log"), text, nil
		}
		c.line = strings.TrimPrefix(text, "/")
	}
	if strings.TrimSpace(c.line) == "" { // "/payoff" alone
		return b.entry("payoff"), "", nil
	}
	spec, rest, err := command.Find(b.specs, c.line)
	if err == nil && spec.Hidden && !c.mine {
		// The words of a button may also begin what a command takes: "log this morning 2h BNI".
		spec, rest, err = command.Find(Specs(), c.line)
		if err != nil || len(spec.Options) == 0 {
			return nil, "", goals.Wrong(goals.Unknown, "/payoff help shows what there is.", "I don't know that command.")
		}
	}
	if err != nil {
		return nil, "", err
	}
	return b.entry(spec.Name), rest, nil
}

// plainCommand is the command that words typed without a slash name exactly; "" for none.
func plainCommand(text string) string {
	name := strings.ToLower(strings.TrimRight(text, "?.! "))
	if words := strings.Fields(name); len(words) > 0 && len(words) <= 3 {
		switch strings.Trim(words[0], ",") {
		case "hi", "hello", "hey", "morning", "hiya":
			return "start"
		}
	}
	switch name {
	case "start":
		return "start"
	case "help", "home", "undo", "report", "history", "leaderboard", "goal", "checkin", "channel list", "privacy", "export":
		return name
	case "check in", "check-in":
		return "checkin"
	}
	return ""
}

func (c *call) mustBeAdmin(ctx context.Context) error {
	is := false
	if c.event.Admin != nil {
		var err error
		if is, err = c.event.Admin(ctx); err != nil {
			return err
		}
	}
	if !is {
		return goals.Wrong(goals.Forbidden, "Ask one of them, or see what is set with /payoff team.", "Only an admin of this workspace can change the team's settings.")
	}
	return nil
}

// Complete proposes what a person may be typing. Who is not known stays so.
func (b *Bot) Complete(ctx context.Context, from chat.Person, text, option string) []chat.Choice {
	self, err := b.engine.Find(ctx, b.person(from))
	if err != nil {
		b.log.Error("complete failed", "err", err)
		return nil
	}
	desk := deskOf(self)
	if self.Actor.Owner != "" {
		members, err := b.engine.Members(ctx, self.Actor.Team)
		if err != nil {
			b.log.Error("complete failed", "err", err)
			return nil
		}
		for _, m := range members {
			desk.Owners = append(desk.Owners, command.Named{ID: m.ID, Name: m.Name})
		}
	}
	return command.Complete(Specs(), text, option, desk)
}

// asMistake is the mistake that an error is or wraps.
func asMistake(err error) (*goals.Mistake, bool) {
	var m *goals.Mistake
	ok := errors.As(err, &m)
	return m, ok
}
