package discord

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A membership is payoff in a server, with what it may do there where no room says otherwise.
// Source: https://docs.discord.com/developers/resources/user#get-current-user-guilds
type membership struct {
	ID, Name    string
	Permissions string
}

// servers looks which servers payoff is in.
func (e *examination) servers(ctx context.Context) bool {
	const about = "servers"
	var names []string
	for after := ""; ; {
		query := url.Values{"limit": {strconv.Itoa(serversAPage)}}
		if after != "" {
			query.Set("after", after)
		}
		var some []membership
		if err := e.ask(ctx, "/users/@me/guilds", query.Encode(), &some); err != nil {
			return e.failed(about, err)
		}
		for _, m := range some {
			e.in[m.ID], names, after = m, append(names, m.Name), m.ID
		}
		if len(some) < serversAPage {
			break
		}
	}
	const shown = 5
	switch {
	case len(names) == 0:
		e.ill(about, "payoff is in none: open %s and choose yours.", inviteOf(e.app.ID))
	case len(names) > shown:
		e.well(about, "payoff is in %d, %s among them.", len(names), strings.Join(names[:shown], ", "))
	default:
		e.well(about, "payoff is in %s.", strings.Join(names, ", "))
	}
	return true
}

// A channelInfo is a room as Discord describes it.
// Source: https://docs.discord.com/developers/resources/channel#channel-object
type channelInfo struct {
	Type       int
	Server     string `json:"guild_id"`
	Name       string
	Parent     string      `json:"parent_id"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

// An overwrite is what a room allows or denies a role, or a member.
type overwrite struct{ ID, Allow, Deny string }

// isThread: an announcement thread, a public or a private one.
func (c channelInfo) isThread() bool { return c.Type >= 10 && c.Type <= 12 }

// room looks whether payoff may post in the room of a board, and reports whether Discord
// could be reached.
func (e *examination) room(ctx context.Context, server, room string) (reached bool) {
	const about = "room"
	m, in := e.in[server]
	if !in {
		e.ill(about, "payoff is not in the server %s any more, where a team has its board: add it again at %s.", server, inviteOf(e.app.ID))
		return true
	}
	where := cmp.Or(m.Name, server)
	var c channelInfo
	err := e.ask(ctx, "/channels/"+room, "", &c)
	switch {
	case code(err) == unknownChannel || err == nil && c.Server != server:
		e.ill(about, "the room of the board in %s is gone: type /payoff team room in the one it is to be in.", where)
		return true
	case code(err) == missingAccess || code(err) == missingPermission:
		e.ill(about, "payoff cannot see the room of the board in %s: give it View Channel under Edit Channel > Permissions there, or type /payoff team room in another.", where)
		return true
	case err != nil:
		return e.failed(about, err)
	}
	may, err := e.rights(ctx, m, c)
	if err != nil {
		return e.failed(about, err)
	}
	if missing := missingIn(may, c); len(missing) > 0 {
		e.ill(about, "in #%s of %s, the room of the board, payoff lacks %s: give it that under Edit Channel > Permissions there.", c.Name, where, strings.Join(missing, ", "))
		return true
	}
	e.well(about, "payoff may post in #%s of %s, the room of the board.", c.Name, where)
	return true
}

// missingIn is what payoff needs to post in a room and may not do.
func missingIn(may uint64, c channelInfo) (missing []string) {
	needed := []uint64{viewChannel, sendMessages, embedLinks, attachFiles}
	if c.isThread() {
		needed[1] = sendInThreads
	}
	for _, p := range permissions() {
		if slices.Contains(needed, p.bit) && may&p.bit == 0 {
			missing = append(missing, p.name)
		}
	}
	return missing
}

// rights is what payoff may do in a room; a thread has the overwrites of the room it is in.
func (e *examination) rights(ctx context.Context, m membership, c channelInfo) (uint64, error) {
	if c.isThread() {
		if err := e.ask(ctx, "/channels/"+c.Parent, "", &c); err != nil {
			return 0, err
		}
	}
	me := cmp.Or(e.app.Bot.ID, e.app.ID)
	var member struct{ Roles []string }
	if err := e.ask(ctx, "/guilds/"+m.ID+"/members/"+me, "", &member); err != nil {
		return 0, err
	}
	return overwritten(bits(m.Permissions), c.Overwrites, m.ID, member.Roles, me), nil
}

// overwritten applies the overwrites of a room to what somebody may do in its server: first
// those for everybody, then those for their roles, then their own.
// Source: https://docs.discord.com/developers/topics/permissions#permission-overwrites
func overwritten(may uint64, all []overwrite, server string, roles []string, me string) uint64 {
	if may&administrator != 0 {
		return ^uint64(0)
	}
	for _, is := range []func(id string) bool{
		func(id string) bool { return id == server },
		func(id string) bool { return slices.Contains(roles, id) },
		func(id string) bool { return id == me },
	} {
		var allow, deny uint64
		for _, o := range all {
			if is(o.ID) {
				allow, deny = allow|bits(o.Allow), deny|bits(o.Deny)
			}
		}
		may = may&^deny | allow
	}
	return may
}

// bits are permissions as Discord writes them, a number in a string. What is none allows nothing.
func bits(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}
