package discordtest

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// guildLocale is the language of every server.
const guildLocale = "en-GB"

// deliver is the delivery of an interaction with its data; pressed is the message that it came
// from, if any. It is called with d.mu held.
//
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
func (d *Discord) deliver(in *interaction, data object, pressed *message) *delivery {
	c := d.channels[in.channel]
	payload := object{
		"id": in.id, "application_id": applicationID, "type": in.kind, "token": in.token, "version": 1, "data": data,
		"channel_id": c.id, "channel": d.channelJSON(c), "locale": d.users[in.user].Locale,
		"entitlements": []any{}, "entitlement_sku_ids": []any{}, "attachment_size_limit": maxFile,
		"app_permissions": bits(c.appMay()), "authorizing_integration_owners": in.owners(),
	}
	if g := c.guild; g != nil {
		member, channel := d.memberJSON(g, in.user), payload["channel"].(object)
		member["permissions"], channel["permissions"] = bits(g.permissions(in.user)), bits(g.permissions(in.user))
		payload["guild_id"], payload["guild_locale"], payload["context"] = g.id, guildLocale, guildContext
		payload["guild"] = object{"id": g.id, "locale": guildLocale, "features": []any{}}
		payload["member"] = member
	} else {
		payload["user"], payload["context"] = d.userJSON(in.user), directContext
	}
	if pressed != nil {
		payload["message"] = d.messageJSON(c, pressed)
	}
	raw := encode(payload)
	if d.acts.newer || d.acts.tamper != nil {
		raw = d.changed(raw)
	}
	return &delivery{in: in, body: raw}
}

// changed is an interaction as Newer and Tamper have it.
func (d *Discord) changed(raw json.RawMessage) json.RawMessage {
	var payload object
	if err := json.Unmarshal(raw, &payload); err != nil {
		panic(fmt.Sprintf("discordtest: %v", err)) // it was encoded here
	}
	if d.acts.newer {
		modernise(payload)
	}
	if d.acts.tamper != nil {
		d.acts.tamper(payload)
	}
	return encode(payload)
}

// appMay are payoff's permissions in a channel.
func (c *channel) appMay() uint64 {
	switch {
	case c.Hidden:
		return everyoneMay &^ (mayView | maySend)
	case c.ReadOnly:
		return everyoneMay &^ maySend
	}
	return everyoneMay
}

func bits(permissions uint64) string { return strconv.FormatUint(permissions, 10) }

// resolved is a message as a command on it carries it: with its words, whoever wrote them.
func (d *Discord) resolved(c *channel, m *message) object {
	o := d.messageJSON(c, m)
	o["content"], o["embeds"], o["attachments"], o["components"] = m.content, d.embedsJSON(m), d.attachmentsJSON(m), componentsJSON(m)
	return object{"messages": object{m.id: o}}
}

// modernise adds to an interaction what nobody knows yet: fields everywhere, and components of
// a new type in its message and in what was submitted.
func modernise(payload object) {
	for _, key := range []string{"data", "message"} {
		part, _ := payload[key].(object)
		if list, ok := part["components"].([]any); ok {
			part["components"] = append([]any{object{
				"type": 4242, "id": 900, "component": object{"type": 4243, "id": 901, "custom_id": "newer", "value": object{"deep": true}},
			}}, list...)
		}
	}
	extend(payload)
}

// extend adds an unknown field to every object, but for those whose keys are ids or numbers.
func extend(v any) {
	switch v := v.(type) {
	case object:
		numbered := len(v) > 0
		for key, inner := range v {
			extend(inner)
			numbered = numbered && isSnowflake(key)
		}
		if !numbered {
			v["a_newer_field"] = object{"of": []any{"2027", 1, nil, false}}
		}
	case []any:
		for _, inner := range v {
			extend(inner)
		}
	}
}
