package slacktest

import "encoding/json"

// A refusal is an answer that is not ok, in Slack's words.
type refusal struct {
	code             string
	messages         []string // response_metadata.messages
	needed, provided string   // with missing_scope
	asked            bool     // the test asked for it, it fails none
}

// refused fails the test for a refusal that it does not expect; what says what was refused.
// s.mu must not be held.
func (s *Slack) refused(what string, r *refusal) {
	s.mu.Lock()
	expected := s.expected[r.code]
	s.mu.Unlock()
	select {
	case <-s.ended: // the test is over, there is nothing left to fail
		return
	default:
	}
	if !expected && !r.asked {
		s.t.Errorf("slacktest: %s was refused: %s %s %q", what, r.code, r.needed, r.messages)
	}
}

// refusalOf is a refusal as it is answered. It fails the test as refused does.
func (s *Slack) refusalOf(what string, r *refusal) answer {
	s.refused(what, r)
	body := reply{"ok": false, "error": r.code}
	if len(r.messages) > 0 {
		body["response_metadata"] = reply{"messages": r.messages}
	}
	if r.needed != "" {
		body["needed"], body["provided"] = r.needed, r.provided
	}
	return answer{status: 200, body: body}
}

// Limits of a message and of a view.
const (
	maxText          = 40000      // https://docs.slack.dev/reference/methods/chat.postMessage
	maxMessageBlocks = 50         // https://docs.slack.dev/reference/block-kit/blocks
	maxViewBlocks    = 100        // the same
	maxBlockText     = 13200      // of all blocks; not documented: https://github.com/slackapi/bolt-js/issues/2509
	maxViewSize      = 250 * 1024 // https://docs.slack.dev/reference/methods/views.open
)

// checkPost holds the text and the blocks of a message against Slack's limits.
func checkPost(text string, blocks json.RawMessage) *refusal {
	if letters(text) > maxText {
		return &refusal{code: "msg_too_long"}
	}
	if blocks == nil {
		return nil
	}
	var list []any
	if json.Unmarshal(blocks, &list) != nil {
		return &refusal{code: "invalid_blocks_format"}
	}
	c := newChecker("message")
	c.blocks(list, "/blocks", maxMessageBlocks)
	switch {
	case len(c.messages) > 0:
		return &refusal{code: "invalid_blocks", messages: c.messages}
	case c.tables > 1: // https://docs.slack.dev/reference/block-kit/blocks/table-block
		return &refusal{code: "invalid_attachments", messages: []string{"[ERROR] only_one_table_allowed"}}
	case allText(list) > maxBlockText:
		return &refusal{code: "msg_blocks_too_long"}
	}
	return nil
}

// Limits of https://docs.slack.dev/reference/views.
const (
	maxViewTitle    = 24 // and submit, and close
	maxViewMetadata = 3000
	maxID           = 255 // callback_id, external_id, block_id, action_id
)

// checkView holds a view against Slack's limits; kind is "modal" or "home".
func checkView(raw json.RawMessage, kind string) *refusal {
	if len(raw) > maxViewSize {
		return &refusal{code: "view_too_large"}
	}
	var view object
	if json.Unmarshal(raw, &view) != nil || view == nil {
		return &refusal{code: "invalid_arguments", messages: []string{"[ERROR] missing required field: view"}}
	}
	c := newChecker(kind)
	if view["type"] != kind {
		c.fail("/view/type", "must be %s", kind)
	}
	if kind == "modal" {
		c.text(view, "title", "/view", plainOnly, maxViewTitle)
		c.optional(view, "submit", "/view", maxViewTitle)
		c.optional(view, "close", "/view", maxViewTitle)
	}
	c.letters(view, "private_metadata", "/view", 0, maxViewMetadata)
	c.letters(view, "callback_id", "/view", 0, maxID)
	c.letters(view, "external_id", "/view", 0, maxID)
	list, ok := view["blocks"].([]any)
	if !ok || len(list) == 0 {
		c.fail("/view", "missing required field: blocks")
	}
	c.blocks(list, "/view/blocks", maxViewBlocks)
	if kind == "modal" && c.inputs > 0 && view["submit"] == nil {
		c.fail("/view", "missing required field: submit")
	}
	if c.focused > 1 {
		c.fail("/view/blocks", "only one element may have focus_on_load")
	}
	if len(c.messages) == 0 {
		c.schema(view, kind+"_view", "/view")
	}
	if len(c.messages) > 0 {
		return &refusal{code: "invalid_arguments", messages: c.messages}
	}
	return nil
}
