package slacktest

import "encoding/json"

// checkMessage holds the text, the blocks and the metadata of a post against their limits.
func checkMessage(a arguments) *refusal {
	text, blocks := a.text("text"), a.object("blocks")
	if text == "" && emptyList(blocks) && a.object("attachments") == nil {
		return &refusal{code: "no_text"}
	}
	if refused := checkPost(text, blocks); refused != nil {
		return refused
	}
	return checkMetadata(a.object("metadata"))
}

// emptyList says whether there are no blocks.
func emptyList(blocks json.RawMessage) bool {
	var list []json.RawMessage
	return json.Unmarshal(blocks, &list) == nil && len(list) == 0 || blocks == nil
}

// checkMetadata holds a message's metadata against
// https://docs.slack.dev/messaging/message-metadata.
func checkMetadata(raw json.RawMessage) *refusal {
	if raw == nil {
		return nil
	}
	var m struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	if json.Unmarshal(raw, &m) != nil || m.Payload == nil || m.Type == "" {
		return &refusal{code: "invalid_metadata_format"}
	}
	return nil
}

// postMessage posts for all in a room.
func postMessage(c *call) (reply, *refusal) {
	w, r := c.place(c.args.text("channel"))
	if refused := c.mayPost(w, r, true); refused != nil {
		return nil, refused
	}
	if refused := w.showFiles(c.args.object("blocks"), "invalid_blocks"); refused != nil {
		return nil, refused
	}
	m := r.post(c.s, message{
		user: w.bot, bot: true, text: c.args.text("text"),
		blocks: c.args.object("blocks"), metadata: c.args.object("metadata"),
	})
	return reply{"channel": r.ID, "ts": m.ts, "message": messageObject(m, true)}, nil
}

// mayPost refuses a post to a room that is not there for the app. A public one that it is not
// in takes a scope of its own, and posts that all can see.
func (c *call) mayPost(w *Workspace, r *room, forAll bool) *refusal {
	switch {
	case r == nil, r.Private && !r.has(w.bot):
		return &refusal{code: "channel_not_found"}
	case r.has(w.bot), forAll && c.scope("chat:write.public") == nil:
		return nil
	}
	return &refusal{code: "not_in_channel"}
}

// postEphemeral posts for one person in a room.
func postEphemeral(c *call) (reply, *refusal) {
	w, r := c.place(c.args.text("channel"))
	if refused := c.mayPost(w, r, false); refused != nil {
		return nil, refused
	}
	user := c.args.text("user")
	if !r.has(user) {
		return nil, &refusal{code: "user_not_in_channel"}
	}
	if refused := w.showFiles(c.args.object("blocks"), "invalid_blocks"); refused != nil {
		return nil, refused
	}
	m := r.post(c.s, message{
		user: w.bot, bot: true, only: user, text: c.args.text("text"), blocks: c.args.object("blocks"),
	})
	return reply{"message_ts": m.ts}, nil
}

// own finds the app's own message that a call names; Slack lets it change no other, and none
// that only one person sees.
func (c *call) own(refuse string) (*Workspace, *room, *message, *refusal) {
	w, r := c.place(c.args.text("channel"))
	if r == nil || r.Private && !r.has(w.bot) {
		return nil, nil, nil, &refusal{code: "channel_not_found"}
	}
	m := r.message(c.args.text("ts"))
	switch {
	case m == nil, m.only != "":
		return nil, nil, nil, &refusal{code: "message_not_found"}
	case m.user != w.bot:
		return nil, nil, nil, &refusal{code: refuse}
	}
	return w, r, m, nil
}

// chatUpdate replaces a message. Blocks and metadata that are not named stay.
func chatUpdate(c *call) (reply, *refusal) {
	w, r, m, refused := c.own("cant_update_message")
	if refused != nil {
		return nil, refused
	}
	blocks := c.args.object("blocks")
	if refused := w.showFiles(blocks, "invalid_blocks"); refused != nil {
		return nil, refused
	}
	m.text, m.edited = c.args.text("text"), true
	if blocks != nil {
		m.blocks = blocks
	}
	if metadata := c.args.object("metadata"); metadata != nil {
		m.metadata = metadata
	}
	return reply{"channel": r.ID, "ts": m.ts, "text": m.text, "message": messageObject(m, true)}, nil
}

// chatDelete deletes a message.
func chatDelete(c *call) (reply, *refusal) {
	_, r, m, refused := c.own("cant_delete_message")
	if refused != nil {
		return nil, refused
	}
	m.deleted = true
	return reply{"channel": r.ID, "ts": m.ts}, nil
}
