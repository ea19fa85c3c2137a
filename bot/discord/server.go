package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"payoff/bot/chat"
)

// What is kept in Memory about people and servers, each followed by an id.
const (
	directKey  = "direct/" // of a person: their room with payoff
	homeKey    = "home/"   // of a person: the server they used last
	leftKey    = "left/"   // of a server: that payoff is in it no longer
	serversKey = "servers" // those that payoff was in when it last looked
)

// Permissions that allow to manage a server.
// https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
const (
	administrator = 1 << 3
	manageServer  = 1 << 5
)

const (
	serversAPage = 200 // https://docs.discord.com/developers/resources/user#get-current-user-guilds
	homesTried   = 20  // servers that are asked whether they know a person; a person waits for it
)

// recall is what Memory has under a key.
func (a *Adapter) recall(ctx context.Context, key string) (value string, found bool, err error) {
	raw, found, err := a.cfg.Memory.Recall(ctx, key)
	if err != nil {
		return "", false, transient("recall", err)
	}
	return string(raw), found, nil
}

// remember keeps a value for good; "" forgets it.
func (a *Adapter) remember(ctx context.Context, key, value string) error {
	var raw []byte
	if value != "" {
		raw = []byte(value)
	}
	if err := a.cfg.Memory.Remember(ctx, key, raw, time.Time{}); err != nil {
		return transient("remember", err)
	}
	return nil
}

// direct is the room of a person with payoff. It stays the same for good, and to open it costs
// a call that Discord is strict about, so it is remembered.
func (a *Adapter) direct(ctx context.Context, user string) (channel string, err error) {
	if !isID(user) {
		return "", goneFor("there is nobody with the id %q in Discord", user)
	}
	known, found, err := a.recall(ctx, directKey+user)
	if err != nil || found {
		return known, err
	}
	var room struct{ ID string }
	body := map[string]string{"recipient_id": user}
	if err := a.rest.do(ctx, call{method: http.MethodPost, path: "/users/@me/channels", body: body, wait: sendWait}, &room); err != nil {
		return "", err
	}
	if !isID(room.ID) {
		return "", transient("open a direct room", errors.New("Discord names none"))
	}
	return room.ID, a.remember(ctx, directKey+user, room.ID)
}

// admin looks up whether a person may manage a server: its owner, or a role of theirs with
// Administrator or Manage Server. What is remembered is no answer to that.
func (a *Adapter) admin(ctx context.Context, server, user string) (bool, error) {
	if !isID(server) || !isID(user) {
		return false, goneFor("there is no %q in server %q", user, server)
	}
	var of struct {
		Owner string `json:"owner_id"`
		Roles []struct{ ID, Permissions string }
	}
	err := a.rest.do(ctx, call{method: http.MethodGet, path: "/guilds/" + server}, &of)
	if c := code(err); c == unknownServer || c == missingAccess {
		return false, errors.Join(err, a.left(ctx, server))
	}
	if err != nil {
		return false, err
	}
	roles, in, err := a.rolesOf(ctx, server, user)
	if err != nil || !in {
		return false, err
	}
	for _, role := range of.Roles {
		// The role of everybody has the server's id, and no member carries it.
		if !slices.Contains(roles, role.ID) && role.ID != server {
			continue
		}
		if may, err := strconv.ParseUint(role.Permissions, 10, 64); err == nil && may&(administrator|manageServer) != 0 {
			return true, nil
		}
	}
	return of.Owner == user, nil
}

// rolesOf are the roles of a person in a server; in is false when they are not in it.
func (a *Adapter) rolesOf(ctx context.Context, server, user string) (roles []string, in bool, err error) {
	var member struct{ Roles []string }
	err = a.rest.do(ctx, call{method: http.MethodGet, path: "/guilds/" + server + "/members/" + user}, &member)
	switch code(err) {
	case unknownMember, unknownUser:
		return nil, false, nil
	}
	return member.Roles, err == nil, err
}

// home is the server that a person who writes directly is meant to be in: the one they used
// last, else one where payoff knows them, else one that both are in; found is false when there
// is none.
func (a *Adapter) home(ctx context.Context, user string) (server string, found bool, err error) {
	var known []string
	last, found, err := a.recall(ctx, homeKey+user)
	if found {
		known = []string{last}
	}
	if err == nil && a.cfg.Known != nil {
		var more []string
		if more, err = a.cfg.Known(ctx, user); err != nil {
			err = transient("look up the servers of a person", err)
		}
		known = append(known, more...)
	}
	if err != nil {
		return "", false, err
	}
	for _, server := range known {
		if _, left, err := a.recall(ctx, leftKey+server); err != nil || !left {
			return server, err == nil, err
		}
	}
	return a.shared(ctx, user)
}

// shared is a server that both payoff and a person are in: one of those that are remembered,
// else of those that Discord lists now, for payoff may have been added to one since.
func (a *Adapter) shared(ctx context.Context, user string) (server string, found bool, err error) {
	if !isID(user) {
		return "", false, nil
	}
	kept, err := a.keptServers(ctx)
	if err != nil {
		return "", false, err
	}
	if server, found, err = a.firstWith(ctx, user, kept); err != nil || found {
		return server, found, err
	}
	all, err := a.servers(ctx)
	if err != nil {
		return "", false, err
	}
	var others []string
	for _, s := range all {
		if !slices.Contains(kept, s.ID) {
			others = append(others, s.ID)
		}
	}
	return a.firstWith(ctx, user, others)
}

// firstWith is the first of some servers that a person is in.
func (a *Adapter) firstWith(ctx context.Context, user string, servers []string) (server string, found bool, err error) {
	for _, server := range servers[:min(len(servers), homesTried)] {
		_, in, err := a.rolesOf(ctx, server, user)
		if in {
			return server, true, nil
		}
		if err != nil && !isKind(err, chat.Gone) { // payoff may have left it since
			return "", false, err
		}
	}
	return "", false, nil
}

// usedIn remembers that a person used payoff in a server, for home, and that payoff is there.
func (a *Adapter) usedIn(ctx context.Context, user, server string) {
	err := func() error {
		_, left, err := a.recall(ctx, leftKey+server)
		if err != nil {
			return err
		}
		last, _, err := a.recall(ctx, homeKey+user)
		if err != nil || last == server && !left {
			return err
		}
		if err := a.isIn(ctx, server, left); err != nil || last == server {
			return err
		}
		return a.remember(ctx, homeKey+user, server)
	}()
	if err != nil {
		a.log.WarnContext(ctx, "the server that a person used is not remembered", "server", server, "err", err)
	}
}

// isIn counts a server among those that payoff is in as soon as somebody uses it there. Were it
// removed before it next looks around, it would else never notice.
func (a *Adapter) isIn(ctx context.Context, server string, left bool) error {
	kept, err := a.keptServers(ctx)
	known := slices.Contains(kept, server)
	if err != nil || known && !left {
		return err
	}
	if err := a.joined(ctx, server); err != nil || known {
		return err
	}
	return a.keepServers(ctx, append(kept, server))
}

type server struct{ ID, Name string }

// servers are those that payoff is in, all of them.
func (a *Adapter) servers(ctx context.Context) (all []server, err error) {
	query := url.Values{"limit": {strconv.Itoa(serversAPage)}}
	for {
		var some []server
		c := call{method: http.MethodGet, path: "/users/@me/guilds", query: query.Encode()}
		if err := a.rest.do(ctx, c, &some); err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < serversAPage {
			return all, nil
		}
		query.Set("after", some[len(some)-1].ID)
	}
}

// keptServers are the ids of those that payoff was in when it last looked.
func (a *Adapter) keptServers(ctx context.Context) (ids []string, err error) {
	raw, found, err := a.recall(ctx, serversKey)
	if err != nil || !found {
		return nil, err
	}
	if err := json.Unmarshal([]byte(raw), &ids); err != nil {
		return nil, transient("read the list of servers", err)
	}
	return ids, nil
}

func (a *Adapter) keepServers(ctx context.Context, ids []string) error {
	slices.Sort(ids)
	raw, _ := json.Marshal(ids) // of strings
	return a.remember(ctx, serversKey, string(raw))
}

// watchServers looks which servers payoff is in, and tells of those that it was not in when it
// last looked, and of those that it is in no longer. Whoever could not be told is told next time.
func (a *Adapter) watchServers(ctx context.Context) error {
	all, err := a.servers(ctx)
	if err != nil {
		return fmt.Errorf("list the servers: %w", err)
	}
	before, err := a.keptServers(ctx)
	if err != nil {
		return err
	}
	now := make([]string, 0, len(all)) // never null in JSON
	var errs []error
	for _, s := range all {
		if !slices.Contains(before, s.ID) {
			if err := a.joined(ctx, s.ID); err != nil {
				errs = append(errs, err)
				continue
			}
		}
		now = append(now, s.ID)
	}
	for _, id := range before {
		if slices.ContainsFunc(all, func(s server) bool { return s.ID == id }) {
			continue
		}
		if err := a.left(ctx, id); err != nil {
			errs = append(errs, err)
			now = append(now, id)
		}
	}
	if slices.Sort(now); !slices.Equal(now, before) {
		errs = append(errs, a.keepServers(ctx, now))
	}
	return errors.Join(errs...)
}

// left notes and tells that payoff is in a server no longer.
func (a *Adapter) left(ctx context.Context, server string) error {
	if err := a.remember(ctx, leftKey+server, "1"); err != nil || a.cfg.Left == nil {
		return err
	}
	a.log.InfoContext(ctx, "payoff is in a server no longer", "server", server)
	if err := a.cfg.Left(ctx, server); err != nil {
		return transient("leave server "+server, err)
	}
	return nil
}

// joined notes and tells that payoff is in a server.
func (a *Adapter) joined(ctx context.Context, server string) error {
	if err := a.remember(ctx, leftKey+server, ""); err != nil || a.cfg.Joined == nil {
		return err
	}
	if err := a.cfg.Joined(ctx, server); err != nil {
		return transient("join server "+server, err)
	}
	return nil
}
