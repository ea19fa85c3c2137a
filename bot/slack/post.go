package slack

import (
	"context"
	"crypto/rand"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// A message that is posted carries its key with it, and is found again by that. Slack knows
// no idempotency key. https://docs.slack.dev/messaging/message-metadata
const (
	messageType = "payoff_message"
	keyField    = "key"
	pagesField  = "pages" // of the message, on the first of several
	searched    = 50      // newest messages
)

// A mark is the key of one post, and what is known of it.
type mark struct {
	key   string
	pages int  // of the message that it begins; 0 is one
	sure  bool // nothing under the key can have arrived
}

func (m mark) metadata() slackapi.SlackMetadata {
	payload := map[string]any{keyField: m.key}
	if m.pages > 1 {
		payload[pagesField] = m.pages
	}
	return slackapi.SlackMetadata{EventType: messageType, EventPayload: payload}
}

// post posts a page. With a key its metadata names it; sure says that no earlier attempt
// under the key can have arrived, and else the room's last messages are searched first.
func (w *workspace) post(ctx context.Context, room string, p page, key string, sure bool) (ts string, err error) {
	if key == "" {
		key, sure = rand.Text(), true
	}
	return w.postMarked(ctx, room, p, &mark{key: key, sure: sure}, asked())
}

// postMarked posts a page under a mark, and keeps the mark true to what is known.
func (w *workspace) postMarked(ctx context.Context, room string, p page, m *mark, e effort) (ts string, err error) {
	ctx, cancel := context.WithTimeout(ctx, e.total)
	defer cancel()
	err = w.withPictures(ctx, p.blocks, func(blocks []slackapi.Block) error {
		ts, err = w.postOnce(ctx, room, m, e, slackapi.MsgOptionCompose(content(p.text, blocks), slackapi.MsgOptionMetadata(m.metadata())))
		return err
	})
	return ts, err
}

// postOnce tries until the message stands there or cannot, and looks before it tries again.
func (w *workspace) postOnce(ctx context.Context, room string, m *mark, e effort, content slackapi.MsgOption) (ts string, err error) {
	ticket := w.queue.ticket()
	for attempt := 0; ; attempt++ {
		if !m.sure {
			there, err := w.posted(ctx, room, e)
			if err != nil && !(e.twice && isKind(err, chat.RateLimited)) {
				return "", err
			}
			if post, ok := there[m.key]; ok {
				return post.ts, nil
			}
		}
		err = w.call(ctx, request{method: postMessage, room: room, once: true, ticket: ticket, effort: e}, func(ctx context.Context) error {
			_, ts, err = w.api.PostMessageContext(ctx, room, content)
			if err == nil && ts == "" {
				return errNothing
			}
			return err
		})
		if !unsure(err) {
			return ts, err
		}
		m.sure = false
		if waitFor(ctx, backoff(attempt)) != nil {
			return "", err
		}
	}
}

// standing is a message of ours that was found in a room.
type standing struct {
	ts    string
	pages int
}

// posted is what of ours is among the newest messages of a room, by key. Where that may not
// be read (a missing scope, a room payoff is not in), it is nothing: then a message whose
// outcome is unknown is sent again.
func (w *workspace) posted(ctx context.Context, room string, e effort) (map[string]standing, error) {
	var answer *slackapi.GetConversationHistoryResponse
	err := w.call(ctx, request{method: history, effort: e}, func(ctx context.Context) (err error) {
		answer, err = w.api.GetConversationHistoryContext(ctx, &slackapi.GetConversationHistoryParameters{
			ChannelID: room, Limit: searched, IncludeAllMetadata: true,
		})
		if err == nil && !answer.Ok {
			return errNothing
		}
		return err
	})
	if isKind(err, chat.Gone) || isKind(err, chat.Invalid) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	there := map[string]standing{}
	for _, m := range answer.Messages { // newest first: of two with one key, the first that was posted counts
		key, ok := m.Metadata.EventPayload[keyField].(string)
		if !ok || m.Metadata.EventType != messageType {
			continue
		}
		pages, _ := m.Metadata.EventPayload[pagesField].(float64)
		there[key] = standing{m.Timestamp, int(pages)}
	}
	return there, nil
}

// whisper posts a page that only one person sees. What nobody else sees cannot be looked up:
// where the outcome is unknown it is posted again, and rather twice than never.
func (w *workspace) whisper(ctx context.Context, room, user string, p page) error {
	return w.withPictures(ctx, p.blocks, func(blocks []slackapi.Block) error {
		return w.call(ctx, request{method: postEphemeral, effort: asked()}, func(ctx context.Context) error {
			ts, err := w.api.PostEphemeralContext(ctx, room, user, content(p.text, blocks))
			if err == nil && ts == "" {
				return errNothing
			}
			return err
		})
	})
}

// update replaces a message.
func (w *workspace) update(ctx context.Context, room, ts string, p page) error {
	return w.updateWithin(ctx, room, ts, p, asked())
}

func (w *workspace) updateWithin(ctx context.Context, room, ts string, p page, e effort) error {
	return w.withPictures(ctx, p.blocks, func(blocks []slackapi.Block) error {
		return w.call(ctx, request{method: updateMessage, effort: e}, func(ctx context.Context) error {
			_, now, _, err := w.api.UpdateMessageContext(ctx, room, ts, content(p.text, blocks))
			if err == nil && now == "" {
				return errNothing
			}
			return err
		})
	})
}

// content is what a post says. The text, of notifications, comes rendered and escaped.
func content(text string, blocks []slackapi.Block) slackapi.MsgOption {
	return slackapi.MsgOptionCompose(
		slackapi.MsgOptionText(text, false),
		slackapi.MsgOptionBlocks(blocks...),
		slackapi.MsgOptionDisableLinkUnfurl(),
		slackapi.MsgOptionDisableMediaUnfurl(),
	)
}
