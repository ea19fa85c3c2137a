package slacktest

import "net/http"

// Slack answers 404 at a response address whatever it refuses, and says in the body what:
// https://github.com/slackapi/java-slack-sdk/issues/1349.
const responseRefused = http.StatusNotFound

// serveResponse answers a post to a response address.
func (s *Slack) serveResponse(rw http.ResponseWriter, r *http.Request) {
	args, _, malformed := readArguments(r)
	record := Call{Method: "response_url", Body: args.record()}
	s.mu.Lock()
	to := s.responses[r.PathValue("id")]
	if to != nil {
		record.Space, record.Room = to.w.ID, to.room.ID
	}
	s.mu.Unlock()
	s.serve(rw, record, func() answer {
		refused := malformed
		if refused == nil {
			refused = s.respond(to, args)
		}
		if refused != nil {
			a := s.refusalOf("response_url", refused)
			a.status = responseRefused
			return a
		}
		return answer{status: http.StatusOK, body: reply{"ok": true}}
	})
}

// respond posts, replaces or deletes through a response address.
func (s *Slack) respond(to *responseURL, args arguments) *refusal {
	remove := args.yes("delete_original")
	if !remove {
		// What slack-go adds to every post, an empty metadata, is let pass here.
		text, blocks := args.text("text"), args.object("blocks")
		if text == "" && emptyList(blocks) {
			return &refusal{code: "no_text"}
		}
		if refused := checkPost(text, blocks); refused != nil {
			return refused
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case to == nil, s.now().After(to.expires):
		return &refusal{code: "expired_url"}
	case to.left == 0:
		return &refusal{code: "used_url"}
	}
	blocks := args.object("blocks")
	if refused := to.w.showFiles(blocks, "invalid_blocks"); refused != nil {
		return refused
	}
	original := to.room.message(to.original)
	if to.original != "" && original == nil && (remove || args.yes("replace_original")) {
		return &refusal{code: "message_not_found"}
	}
	to.left--
	switch {
	case remove:
		if original != nil {
			original.deleted = true
		}
	case args.yes("replace_original") && original != nil:
		original.text, original.blocks, original.edited = args.text("text"), blocks, true
	default:
		// A command has no original: replace_original posts anew there,
		// https://github.com/slackapi/bolt-python/issues/1268.
		m := message{user: to.w.bot, bot: true, text: args.text("text"), blocks: blocks}
		if args.text("response_type") != "in_channel" {
			m.only = to.user
		}
		to.room.post(s, m)
	}
	return nil
}
