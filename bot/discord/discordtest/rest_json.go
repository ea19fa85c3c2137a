package discordtest

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the world is in Discord's JSON. All of it is called with d.mu held.

// object is a JSON object.
type object = map[string]any

// userJSON is someone as everybody knows them.
func (d *Discord) userJSON(id string) object {
	p := d.users[id]
	if p == nil {
		p = &person{ID: id, Name: "Deleted User"}
	}
	o := object{
		"id": p.ID, "username": p.userName(), "global_name": p.Name, "discriminator": "0", "avatar": nil,
		"public_flags": 0, "flags": 0, "primary_guild": nil,
	}
	if p.Bot {
		o["bot"], o["username"], o["global_name"] = true, p.Name, nil
	}
	return o
}

// memberJSON is someone as a member of a server.
func (d *Discord) memberJSON(g *Guild, user string) object {
	m := g.members[user]
	if m == nil {
		m = &member{}
	}
	o := object{
		"user": d.userJSON(user), "nick": nil, "roles": []string{}, "avatar": nil, "banner": nil, "flags": 0,
		"joined_at": "2025-01-02T03:04:05.000000+00:00", "premium_since": nil, "pending": false, "mute": false, "deaf": false,
		"communication_disabled_until": nil,
	}
	if m.nick != "" {
		o["nick"] = m.nick
	}
	if m.admin {
		o["roles"] = []string{g.manager}
	}
	return o
}

// rolesJSON are those of a server: everybody's, which has the server's id, and the managers'.
func (g *Guild) rolesJSON() []object {
	role := func(id, name string, permissions uint64, position int) object {
		return object{
			"id": id, "name": name, "permissions": strconv.FormatUint(permissions, 10), "position": position, "color": 0,
			"colors": object{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
			"hoist":  false, "managed": false, "mentionable": false, "icon": nil, "unicode_emoji": nil, "flags": 0,
		}
	}
	return []object{role(g.id, "@everyone", everyoneMay, 0), role(g.manager, "Managers", mayManage, 1)}
}

// channelJSON is a channel, a thread or a direct room.
func (d *Discord) channelJSON(c *channel) object {
	o := object{"id": c.id, "type": c.kind, "flags": 0, "last_message_id": nil}
	if n := len(c.messages); n > 0 {
		o["last_message_id"] = c.messages[n-1].id
	}
	switch c.kind {
	case directChannel:
		o["recipients"] = []object{d.userJSON(c.user)}
		return o
	case privateThread, publicThread:
		o["parent_id"], o["owner_id"] = c.parent.id, applicationID
		o["thread_metadata"] = object{
			"archived": false, "archive_timestamp": stamp(c.at), "auto_archive_duration": c.archive, "locked": false,
			"create_timestamp": stamp(c.at), "invitable": c.invite,
		}
		o["message_count"], o["total_message_sent"], o["member_count"] = len(c.messages), len(c.messages), len(c.Members)+1
	default:
		o["position"], o["nsfw"], o["permission_overwrites"] = 0, false, []object{}
	}
	o["guild_id"], o["name"] = c.guild.id, cmp.Or(c.Name, "channel-"+c.id)
	return o
}

// stamp is a time as Discord writes it.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// messageJSON is a message as payoff reads it.
func (d *Discord) messageJSON(c *channel, m *message) object {
	o := object{
		"id": m.id, "channel_id": c.id, "author": d.userJSON(m.author), "timestamp": stamp(m.at), "edited_timestamp": nil,
		"content": m.content, "embeds": d.embedsJSON(m), "attachments": d.attachmentsJSON(m), "components": componentsJSON(m),
		"mentions": []object{}, "mention_roles": []string{}, "mention_everyone": false, "pinned": false, "tts": false,
		"flags": m.flags, "type": 0,
	}
	if !m.edited.IsZero() {
		o["edited_timestamp"] = stamp(m.edited)
	}
	// Whoever says what payoff is not in a direct room for: without the intent for the content
	// of messages it reads that there is one, and nothing of it.
	// https://discord.com/developers/docs/events/gateway#message-content-intent
	if m.author != applicationID && c.kind != directChannel {
		o["content"], o["embeds"], o["attachments"], o["components"] = "", []object{}, []object{}, []object{}
	}
	if len(m.nonce) > 0 && d.now().Sub(m.at) < nonceLife {
		o["nonce"] = m.nonce
	}
	if m.in != nil {
		o["application_id"], o["webhook_id"] = applicationID, applicationID
		o["interaction_metadata"] = d.metadataJSON(m.in)
		if m.in.kind == commandInteraction {
			o["type"] = 20
		}
	}
	return o
}

// metadataJSON is an interaction as the messages that answer it tell of it.
func (d *Discord) metadataJSON(in *interaction) object {
	o := object{"id": in.id, "type": in.kind, "user": d.userJSON(in.user), "authorizing_integration_owners": in.owners()}
	switch in.kind {
	case componentInteraction:
		o["interacted_message_id"] = in.message
	case modalInteraction:
		// What opened it is not kept: its id is all that is told of it.
		o["triggering_interaction_metadata"] = object{
			"id": in.id, "type": commandInteraction, "user": d.userJSON(in.user), "authorizing_integration_owners": in.owners(),
		}
	}
	return o
}

// owners are for whom payoff is installed where an interaction came from.
func (in *interaction) owners() object {
	if in.guild == nil {
		return object{"0": "0"}
	}
	return object{"0": in.guild.id}
}

// embedsJSON are a message's embeds with the addresses of their pictures.
func (d *Discord) embedsJSON(m *message) []object {
	all := []object{}
	for _, raw := range m.embeds {
		var o object
		if json.Unmarshal(raw, &o) != nil {
			continue
		}
		o["type"] = "rich"
		for _, name := range []string{"image", "thumbnail"} {
			picture, _ := o[name].(map[string]any)
			address, _ := picture["url"].(string)
			for _, a := range m.attachments {
				if address == "attachment://"+a.name {
					o[name] = object{"url": d.fileURL(a), "proxy_url": d.fileURL(a), "width": 1, "height": 1}
				}
			}
		}
		fields, _ := o["fields"].([]any)
		for _, one := range fields {
			if field, ok := one.(map[string]any); ok && field["inline"] == nil {
				field["inline"] = false
			}
		}
		maps.DeleteFunc(o, func(_ string, value any) bool { return value == nil })
		all = append(all, o)
	}
	return all
}

// attachmentsJSON are a message's attachments but for those that its embeds show.
func (d *Discord) attachmentsJSON(m *message) []object {
	var shown []string
	for _, raw := range m.embeds {
		shown = append(shown, shows(raw)...)
	}
	all := []object{}
	for _, a := range m.attachments {
		if slices.Contains(shown, a.name) {
			continue
		}
		o := object{"id": a.id, "filename": a.name, "size": len(a.content), "url": d.fileURL(a), "proxy_url": d.fileURL(a)}
		if a.mime != "" {
			o["content_type"] = a.mime
		}
		if a.description != "" {
			o["description"] = a.description
		}
		all = append(all, o)
	}
	return all
}

// fileURL is where a file is, which is nowhere.
func (d *Discord) fileURL(a *attachment) string {
	return "https://cdn.discordapp.example/attachments/" + a.id + "/" + a.name
}

// componentsJSON are a message's components, with what Discord adds: numbers in order, and how
// many of a select are chosen.
func componentsJSON(m *message) []object {
	all, id := []object{}, 0
	number := func(o object) {
		id++
		if o["id"] == nil {
			o["id"] = id
		}
		for _, name := range []string{"min_values", "max_values"} {
			if o["options"] != nil && o[name] == nil {
				o[name] = 1
			}
		}
	}
	for _, raw := range m.components {
		var row object
		if json.Unmarshal(raw, &row) != nil {
			continue
		}
		number(row)
		inside, _ := row["components"].([]any)
		for _, one := range inside {
			if o, ok := one.(map[string]any); ok {
				number(o)
			}
		}
		all = append(all, row)
	}
	return all
}

// An allowedMentions is who may be pinged by what a message says:
// https://discord.com/developers/docs/resources/message#allowed-mentions-object
type allowedMentions struct {
	Parse *[]string `json:"parse"`
	Users []string  `json:"users"`
	Roles []string  `json:"roles"`
}

var mention = regexp.MustCompile(`<@(!?|&)(\d+)>|@everyone|@here`)

// pings counts the people whom a new message pings. It counts in code, and after a backslash,
// too: what is shown as text there is not said to be no mention. Embeds ping nobody.
func (d *Discord) pings(c *channel, m *message, allowed *allowedMentions) int {
	if allowed == nil || allowed.Parse == nil && allowed.Users == nil && allowed.Roles == nil {
		allowed = &allowedMentions{Parse: &[]string{"users", "roles", "everyone"}}
	}
	may := func(kind, id string, named []string) bool {
		return allowed.Parse != nil && slices.Contains(*allowed.Parse, kind) || slices.Contains(named, id)
	}
	pinged := map[string]bool{}
	for _, found := range mention.FindAllStringSubmatch(m.content, -1) {
		switch id := found[2]; {
		case strings.HasPrefix(found[0], "@"):
			if may("everyone", "", nil) {
				for _, user := range c.audience() {
					pinged[user] = true
				}
			}
		case found[1] == "&":
			if c.guild != nil && id == c.guild.manager && may("roles", id, allowed.Roles) {
				for user, member := range c.guild.members {
					pinged[user] = pinged[user] || member.admin
				}
			}
		case d.users[id] != nil && may("users", id, allowed.Users):
			pinged[id] = true
		}
	}
	n := 0
	for _, was := range pinged {
		if was {
			n++
		}
	}
	return n
}
