package discordtest

import (
	"bytes"
	"slices"
	"time"
)

const (
	// nonceLife is how long a nonce is held against: "the past few minutes" is all that
	// https://discord.com/developers/docs/resources/message#create-message says.
	nonceLife = 5 * time.Minute

	// https://discord.com/developers/docs/resources/message#get-channel-messages
	maxHistory     = 100
	defaultHistory = 50
)

// writable is the channel of a path, if payoff may write there.
func (q *request) writable() (*channel, *refusal) {
	c, refused := q.channel()
	if refused != nil {
		return nil, refused
	}
	from := c
	if c.parent != nil {
		from = c.parent
	}
	switch {
	case c.kind == directChannel && !q.d.mutual(c.user):
		return nil, refuse(codeNoMutualGuilds)
	case c.kind == directChannel && q.d.users[c.user].Closed:
		return nil, refuse(codeClosed)
	case from.ReadOnly:
		return nil, refuse(codeMissingPermissions)
	}
	return c, nil
}

// postMessage is POST /channels/{channel}/messages.
func postMessage(q *request) (any, *refusal) {
	c, refused := q.writable()
	if refused != nil {
		return nil, refused
	}
	var wish messageRequest
	if refused := q.decode(&wish); refused != nil {
		return nil, refused
	}
	if again, of := q.d.withNonce(&wish); again != nil {
		return q.d.messageJSON(of, again), nil
	}
	if wish.Flags.value&flagEphemeral != 0 {
		// Discord leaves the flag out, and everybody reads what was meant for one.
		k := &checker{}
		k.add("flags", "UNSUPPORTED", "Only what answers an interaction can be ephemeral.")
		return nil, k.refusal()
	}
	m, refused := q.write("", &wish, message{author: applicationID, nonce: nonceOf(&wish)}, flagSuppressEmbeds|flagSilent)
	if refused != nil {
		return nil, refused
	}
	return q.d.messageJSON(c, q.say(c, m, &wish)), nil
}

// nonceOf is a message's nonce, nil when there is none.
func nonceOf(wish *messageRequest) []byte {
	if string(wish.Nonce) == "null" {
		return nil
	}
	return wish.Nonce
}

// withNonce is the message that was sent with the same nonce a while ago, in whatever channel.
func (d *Discord) withNonce(wish *messageRequest) (*message, *channel) {
	nonce := nonceOf(wish)
	if nonce == nil || !wish.EnforceNonce {
		return nil, nil
	}
	for _, c := range d.channels {
		for _, m := range c.messages {
			if !m.deleted && m.author == applicationID && bytes.Equal(m.nonce, nonce) && d.now().Sub(m.at) < nonceLife {
				return m, c
			}
		}
	}
	return nil, nil
}

// write puts what a request says into a copy of a message, and holds it against the limits. at
// is where in the body the message is, may the flags that the request can set.
func (q *request) write(at string, wish *messageRequest, m message, may int) (message, *refusal) {
	k := &checker{}
	k.message(at, wish)
	if wish.Content.set {
		m.content = wish.Content.value
	}
	if wish.Embeds.set {
		m.embeds = wish.Embeds.value
	}
	if wish.Components.set {
		m.components = wish.Components.value
	}
	if wish.Flags.set {
		m.flags = m.flags&^flagSuppressEmbeds | wish.Flags.value&may
	}
	m.attachments = k.attach(q.d, at, wish.Attachments, q.body.files, m.attachments)
	return m, k.finished(at, &m)
}

// say posts a message, and counts whom it pings.
func (q *request) say(c *channel, m message, wish *messageRequest) *message {
	q.d.pinged += q.d.pings(c, &m, wish.AllowedMentions)
	return q.d.post(c, m)
}

// change puts what an edit says into a message. An edit pings nobody, but that it would.
func (q *request) change(at string, c *channel, old *message, wish *messageRequest) *refusal {
	m, refused := q.write(at, wish, *old, flagSuppressEmbeds)
	if refused != nil {
		return refused
	}
	q.d.pinged += q.d.pings(c, &m, wish.AllowedMentions)
	m.loading, m.flags = false, m.flags&^flagLoading
	if !old.loading {
		m.edited = q.d.now()
	}
	*old = m
	return nil
}

// message is that of a path, if everybody sees it: what is ephemeral is there only for the
// interaction that it answers.
func (q *request) message() (*channel, *message, *refusal) {
	c, refused := q.channel()
	if refused != nil {
		return nil, nil, refused
	}
	m := c.message(q.id("message"))
	if m == nil || m.only != "" {
		return nil, nil, refuse(codeUnknownMessage)
	}
	return c, m, nil
}

// getMessage is GET /channels/{channel}/messages/{message}.
func getMessage(q *request) (any, *refusal) {
	c, m, refused := q.message()
	if refused != nil {
		return nil, refused
	}
	return q.d.messageJSON(c, m), nil
}

// editMessage is PATCH /channels/{channel}/messages/{message}.
func editMessage(q *request) (any, *refusal) {
	c, m, refused := q.message()
	if refused != nil {
		return nil, refused
	}
	if m.author != applicationID {
		return nil, refuse(codeNotYours)
	}
	var wish messageRequest
	if refused := q.decode(&wish); refused != nil {
		return nil, refused
	}
	if refused := q.change("", c, m, &wish); refused != nil {
		return nil, refused
	}
	return q.d.messageJSON(c, m), nil
}

// deleteMessage is DELETE /channels/{channel}/messages/{message}.
func deleteMessage(q *request) (any, *refusal) {
	_, m, refused := q.message()
	if refused != nil {
		return nil, refused
	}
	if m.author != applicationID {
		return nil, refuse(codeMissingPermissions)
	}
	m.deleted = true
	return nil, nil
}

// getMessages is GET /channels/{channel}/messages: newest first.
func getMessages(q *request) (any, *refusal) {
	if refused := q.known("around", "before", "after", "limit"); refused != nil {
		return nil, refused
	}
	c, refused := q.channel()
	if refused != nil {
		return nil, refused
	}
	limit, refused := q.number("limit", 1, maxHistory, defaultHistory)
	if refused != nil {
		return nil, refused
	}
	before, after, around := q.query.Get("before"), q.query.Get("after"), q.query.Get("around")
	if around != "" {
		k := &checker{}
		k.add("around", "UNSUPPORTED", "discordtest knows before and after.")
		return nil, k.refusal()
	}
	var all []*message
	for _, m := range c.messages {
		if !m.deleted && m.only == "" && (before == "" || byID(m.id, before) < 0) && (after == "" || byID(m.id, after) > 0) {
			all = append(all, m)
		}
	}
	// After one come those that followed it; else the newest.
	if after != "" && before == "" {
		all = all[:min(limit, len(all))]
	}
	all = all[max(0, len(all)-limit):]
	list := []object{}
	for _, m := range slices.Backward(all) {
		list = append(list, q.d.messageJSON(c, m))
	}
	return list, nil
}
