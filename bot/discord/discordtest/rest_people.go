package discordtest

import (
	"maps"
	"slices"
	"strconv"
)

// getGateway is GET /gateway.
func getGateway(q *request) (any, *refusal) { return object{"url": q.d.gatewayURL()}, nil }

// getGatewayBot is GET /gateway/bot.
func getGatewayBot(q *request) (any, *refusal) {
	shards, concurrency := q.d.shards()
	return object{
		"url": q.d.gatewayURL(), "shards": shards,
		"session_start_limit": object{"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": concurrency},
	}, nil
}

// getMe is GET /users/@me.
func getMe(q *request) (any, *refusal) {
	o := q.d.userJSON(applicationID)
	o["mfa_enabled"], o["locale"], o["verified"], o["email"] = true, "en-US", true, nil
	return o, nil
}

// maxGuilds is how many servers are told of at a time:
// https://discord.com/developers/docs/resources/user#get-current-user-guilds
const maxGuilds = 200

// getMyGuilds is GET /users/@me/guilds: by id, from before or after one.
func getMyGuilds(q *request) (any, *refusal) {
	if refused := q.known("before", "after", "limit", "with_counts"); refused != nil {
		return nil, refused
	}
	limit, refused := q.number("limit", 1, maxGuilds, maxGuilds)
	if refused != nil {
		return nil, refused
	}
	before, after := q.query.Get("before"), q.query.Get("after")
	all := slices.SortedFunc(maps.Values(q.d.guilds), func(a, b *Guild) int { return byID(a.id, b.id) })
	all = slices.DeleteFunc(all, func(g *Guild) bool {
		return !g.in || before != "" && byID(g.id, before) >= 0 || after != "" && byID(g.id, after) <= 0
	})
	if before != "" && after == "" {
		all = all[max(0, len(all)-limit):]
	}
	list := []object{}
	for _, g := range all[:min(limit, len(all))] {
		list = append(list, object{
			"id": g.id, "name": g.name, "icon": nil, "banner": nil, "owner": false,
			"permissions": strconv.FormatUint(everyoneMay, 10), "features": []string{},
		})
	}
	return list, nil
}

// byID orders ids by their number.
func byID(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// getApplication is GET /applications/@me, and /oauth2/applications/@me.
func getApplication(q *request) (any, *refusal) {
	servers := 0
	for _, g := range q.d.guilds {
		if g.in {
			servers++
		}
	}
	o := object{
		"id": applicationID, "name": "payoff", "icon": nil, "description": "", "type": nil, "bot": q.d.userJSON(applicationID),
		"bot_public": true, "bot_require_code_grant": false, "verify_key": q.d.PublicKey(), "flags": 0, "flags_new": "0",
		"redirect_uris": []string{}, "interactions_endpoint_url": nil, "role_connections_verification_url": nil,
		"owner": q.d.userJSON(applicationID), "team": nil, "approximate_guild_count": servers,
		"approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "eligible_oauth2_scopes": []string{"bot", "applications.commands"},
		"integration_types_config": object{"0": object{}},
	}
	if q.d.deliverTo != "" {
		o["interactions_endpoint_url"] = q.d.deliverTo + "/discord/interactions"
	}
	return o, nil
}

// guild is the server of a path, which payoff must be in.
func (q *request) guild(otherwise int) (*Guild, *refusal) {
	g := q.d.guilds[q.id("guild")]
	if g == nil || !g.in {
		return nil, refuse(otherwise)
	}
	return g, nil
}

// getGuild is GET /guilds/{guild}.
func getGuild(q *request) (any, *refusal) {
	g, refused := q.guild(codeUnknownGuild)
	if refused != nil {
		return nil, refused
	}
	o := object{
		"id": g.id, "name": g.name, "owner_id": g.owner, "roles": g.rolesJSON(), "features": []string{}, "emojis": []string{},
		"stickers": []string{}, "region": "rotterdam", "afk_timeout": 300, "system_channel_flags": 0, "widget_enabled": false,
		"verification_level": 1, "default_message_notifications": 1, "mfa_level": 0, "explicit_content_filter": 2,
		"max_presences": nil, "max_members": 250000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
		"premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-GB", "premium_progress_bar_enabled": false,
		"nsfw": false, "nsfw_level": 0,
	}
	for _, name := range []string{
		"icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id", "afk_channel_id",
		"system_channel_id", "widget_channel_id", "vanity_url_code", "rules_channel_id", "safety_alerts_channel_id",
		"public_updates_channel_id", "incidents_data",
	} {
		o[name] = nil
	}
	return o, nil
}

// getMember is GET /guilds/{guild}/members/{user}.
func getMember(q *request) (any, *refusal) {
	g, refused := q.guild(codeMissingAccess)
	switch user := q.id("user"); {
	case refused != nil:
		return nil, refused
	case q.d.users[user] == nil:
		return nil, refuse(codeUnknownUser)
	case g.members[user] == nil && user != applicationID:
		return nil, refuse(codeUnknownMember)
	default:
		return q.d.memberJSON(g, user), nil
	}
}

// getRoles is GET /guilds/{guild}/roles.
func getRoles(q *request) (any, *refusal) {
	g, refused := q.guild(codeMissingAccess)
	if refused != nil {
		return nil, refused
	}
	return g.rolesJSON(), nil
}

// openDirect is POST /users/@me/channels. It opens also where nothing may be sent: only the
// message is refused.
func openDirect(q *request) (any, *refusal) {
	var wish struct {
		RecipientID string `json:"recipient_id"`
	}
	if refused := q.decode(&wish); refused != nil {
		return nil, refused
	}
	if p := q.d.users[wish.RecipientID]; p == nil || p.Bot {
		return nil, refuse(codeBadRecipient)
	}
	c := q.d.direct(wish.RecipientID)
	c.opened = true
	return q.d.channelJSON(c), nil
}

// getChannel is GET /channels/{channel}.
func getChannel(q *request) (any, *refusal) {
	c, refused := q.channel()
	if refused != nil {
		return nil, refused
	}
	return q.d.channelJSON(c), nil
}

// channel is that of a path, which payoff must see.
func (q *request) channel() (*channel, *refusal) {
	c := q.d.channels[q.id("channel")]
	switch {
	case c == nil:
		return nil, refuse(codeUnknownChannel)
	case !c.sees(applicationID):
		return nil, refuse(codeMissingAccess)
	}
	return c, nil
}

// Limits of threads: https://discord.com/developers/docs/resources/channel#start-thread-without-message
const (
	maxThreadName = 100
	threadArchive = 4320 // minutes: what is taken when the app does not say
)

// created is answered with 201.
type created struct{ body any }

// startThread is POST /channels/{channel}/threads.
func startThread(q *request) (any, *refusal) {
	parent, refused := q.channel()
	if refused != nil {
		return nil, refused
	}
	wish := struct {
		Name      string `json:"name"`
		Type      int    `json:"type"`
		Invitable *bool  `json:"invitable"`
		Archive   int    `json:"auto_archive_duration"`
	}{Archive: threadArchive}
	if refused := q.decode(&wish); refused != nil {
		return nil, refused
	}
	k := &checker{}
	k.needed("name", wish.Name, maxThreadName)
	if wish.Type != privateThread && wish.Type != publicThread {
		k.add("type", "BASE_TYPE_CHOICES", "Value must be one of {%d, %d}.", publicThread, privateThread)
	}
	if !slices.Contains([]int{60, 1440, 4320, 10080}, wish.Archive) {
		k.add("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
	}
	switch refused := k.refusal(); {
	case refused != nil:
		return nil, refused
	case parent.kind != textChannel:
		return nil, refuse(codeChannelType)
	case parent.ReadOnly:
		return nil, refuse(codeMissingPermissions)
	}
	c := &channel{
		id: q.d.nextID(), kind: wish.Type, guild: parent.guild, parent: parent, at: q.d.now(), archive: wish.Archive,
		invite: wish.Invitable == nil || *wish.Invitable,
	}
	c.ID, c.Name = c.id, wish.Name
	q.d.channels[c.id] = c
	return created{q.d.channelJSON(c)}, nil
}

// addToThread is PUT /channels/{channel}/thread-members/{user}.
func addToThread(q *request) (any, *refusal) {
	c, refused := q.channel()
	switch user := q.id("user"); {
	case refused != nil:
		return nil, refused
	case c.parent == nil:
		return nil, refuse(codeChannelType)
	case q.d.users[user] == nil:
		return nil, refuse(codeUnknownUser)
	case !c.parent.sees(user):
		return nil, refuse(codeMissingAccess)
	case !slices.Contains(c.Members, user):
		c.Members = append(c.Members, user)
	}
	return nil, nil
}
