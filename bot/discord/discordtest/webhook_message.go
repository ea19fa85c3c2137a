package discordtest

// holder is the interaction that the token of a path belongs to. Before it is acknowledged
// there is no webhook.
func (q *request) holder() (*interaction, *refusal) {
	in := q.d.tokens[q.id("token")]
	switch {
	case in == nil || q.d.now().Sub(in.at) > tokenLife:
		return nil, refuse(codeBadToken)
	case in.ack == 0 || in.ack == autocompleteCallback:
		return nil, refuse(codeUnknownWebhook)
	}
	return in, nil
}

// postFollowup is POST /webhooks/{application}/{token}. The first one after a deferral becomes
// the answer that was deferred, and stays as visible as that was.
// https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages
func postFollowup(q *request) (any, *refusal) {
	if refused := q.known("wait", "with_components"); refused != nil {
		return nil, refused
	}
	in, refused := q.holder()
	if refused != nil {
		return nil, refused
	}
	var wish messageRequest
	if refused := q.decode(&wish); refused != nil {
		return nil, refused
	}
	c := q.d.channels[in.channel]
	if c == nil {
		return nil, refuse(codeUnknownChannel)
	}
	if m := c.message(in.original); m != nil && m.loading {
		if refused := q.change("", c, m, &wish); refused != nil {
			return nil, refused
		}
		return q.d.messageJSON(c, m), nil
	}
	m, refused := q.answerTo(in, "", &wish)
	if refused != nil {
		return nil, refused
	}
	return q.d.messageJSON(c, m), nil
}

// followup is the message of a path, one of those that answer the interaction.
func (q *request) followup() (*channel, *message, *refusal) {
	in, refused := q.holder()
	if refused != nil {
		return nil, nil, refused
	}
	c := q.d.channels[in.channel]
	if c == nil {
		return nil, nil, refuse(codeUnknownChannel)
	}
	id := q.id("message")
	if id == "" || id == originalMessage {
		id = in.original
	}
	m := c.message(id)
	if m == nil || m.in != in && m.id != in.original {
		return nil, nil, refuse(codeUnknownMessage)
	}
	return c, m, nil
}

// getFollowup is GET /webhooks/{application}/{token}/messages/{message}.
func getFollowup(q *request) (any, *refusal) {
	c, m, refused := q.followup()
	if refused != nil {
		return nil, refused
	}
	return q.d.messageJSON(c, m), nil
}

// editFollowup is PATCH /webhooks/{application}/{token}/messages/{message}.
func editFollowup(q *request) (any, *refusal) {
	if refused := q.known("with_components"); refused != nil {
		return nil, refused
	}
	c, m, refused := q.followup()
	if refused != nil {
		return nil, refused
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

// deleteFollowup is DELETE /webhooks/{application}/{token}/messages/{message}.
func deleteFollowup(q *request) (any, *refusal) {
	_, m, refused := q.followup()
	if refused != nil {
		return nil, refused
	}
	m.deleted = true
	return nil, nil
}
