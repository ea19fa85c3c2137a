package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

// maxUses is how often one response address may be answered through.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const maxUses = 5

// deliver brings a reply to its person.
func (e *errand) deliver(ctx context.Context, r chat.Reply) error {
	switch r := r.(type) {
	case chat.Say:
		return e.say(ctx, r)
	case chat.Update:
		return e.update(ctx, r.Message)
	case chat.OpenForm:
		return e.open(ctx, r.Form)
	}
	return nil
}

func (e *errand) say(ctx context.Context, s chat.Say) error {
	var all []page
	for _, m := range s.Messages {
		all = append(all, pages(m, e.pictures(ctx, m))...)
	}
	if most := max(1, maxUses-e.uses); e.address != "" && !e.event.Room.Direct && len(all) > most {
		rest := len(all) - most + 1
		more := fmt.Sprintf("… and %d more. In our direct conversation I can show all of it.", rest)
		all = append(all[:len(all)-rest], onePage(plainWords(more), nil))
	}
	for _, p := range all {
		if err := e.post(ctx, p, s.Private); err != nil {
			return err
		}
		if err := e.share(ctx, p.files); err != nil {
			return err
		}
	}
	return nil
}

// pictures brings the pictures of a message to Slack.
func (e *errand) pictures(ctx context.Context, m chat.Message) []string {
	list := picturesOf(m)
	if len(list) == 0 {
		return nil
	}
	return e.w.upload(ctx, list)
}

// post posts one page: through the response address, which works wherever its person is, and
// where there is none as payoff itself. In the direct room nothing is ephemeral, for that
// would be gone with the next reload.
//
// A page with a picture goes the other way round: Slack has been seen to refuse through a
// response address the files that it shows in a post of the app's own.
// https://github.com/slackapi/java-slack-sdk/issues/1349
func (e *errand) post(ctx context.Context, p page, private bool) error {
	e.posts++
	ways := []func(context.Context, page, bool) error{e.respond, e.postInRoom}
	if _, pictures := wordsForPictures(p.blocks); len(pictures) > 0 {
		slices.Reverse(ways)
	}
	for _, way := range append(ways, e.postDirectly) {
		if err := way(ctx, p, private); !isKind(err, chat.Gone) {
			return err
		}
	}
	return goneFor(postMessage, "there is no way left to answer")
}

// respond posts through the response address.
func (e *errand) respond(ctx context.Context, p page, private bool) error {
	if e.address == "" || e.uses >= maxUses {
		return goneFor(responseAddress, "there is none, or no more")
	}
	e.uses++
	how := forAll
	if private && !e.event.Room.Direct {
		how = forPerson
	}
	err := e.w.respond(ctx, e.address, p, how)
	if isKind(err, chat.Gone) {
		e.address = ""
	}
	return err
}

// postInRoom posts as payoff, where payoff is let in.
func (e *errand) postInRoom(ctx context.Context, p page, private bool) error {
	if e.event.Room.ID == "" { // the Home is no room
		return goneFor(postMessage, "it was done in no room")
	}
	if private && !e.event.Room.Direct {
		return e.w.whisper(ctx, e.event.Room.ID, e.user, p)
	}
	_, err := e.w.post(ctx, e.event.Room.ID, p, e.key(), e.retry == 0)
	return err
}

// postDirectly posts where payoff is always let in.
func (e *errand) postDirectly(ctx context.Context, p page, _ bool) error {
	room, err := e.directRoom(ctx)
	if err != nil {
		return err
	}
	_, err = e.w.post(ctx, room, p, e.key(), e.retry == 0)
	return err
}

// key names the page that is being posted, so that a repeat of the event finds it.
func (e *errand) key() string {
	if e.posts > 1 {
		return fmt.Sprintf("%s/%d", e.event.ID, e.posts)
	}
	return e.event.ID
}

func (e *errand) directRoom(ctx context.Context) (string, error) {
	if e.event.Room.Direct && e.event.Room.ID != "" {
		return e.event.Room.ID, nil
	}
	return e.w.direct(ctx, e.user)
}

// share brings files to their person directly, wherever they were asked for: they are never
// for others.
func (e *errand) share(ctx context.Context, files []chat.File) error {
	if len(files) == 0 {
		return nil
	}
	room, err := e.directRoom(ctx)
	if err != nil {
		return err
	}
	names := make([]string, len(files))
	for i, f := range files {
		if err := e.w.share(ctx, room, f); err != nil {
			return err
		}
		names[i] = f.Name
	}
	if e.event.Room.Direct {
		return nil
	}
	note := chat.T("You find ", chat.C(strings.Join(names, ", ")), " in our direct conversation.")
	return e.post(ctx, onePage(chat.Message{Blocks: []chat.Block{note}}, nil), true)
}

// update replaces the message whose button was pressed, or says it to its person alone.
func (e *errand) update(ctx context.Context, m chat.Message) error {
	if e.on.TS == "" {
		return e.say(ctx, chat.Say{Messages: []chat.Message{m}, Private: true})
	}
	p := onePage(m, e.pictures(ctx, m))
	if e.address != "" && e.uses < maxUses {
		e.uses++
		err := e.w.respond(ctx, e.address, p, instead)
		if err == nil {
			return e.share(ctx, p.files)
		}
		if !isKind(err, chat.Gone) {
			return err
		}
		e.address = ""
	}
	if !e.on.Ephemeral {
		err := e.w.update(ctx, e.event.Room.ID, e.on.TS, p)
		if err == nil {
			return e.share(ctx, p.files)
		}
		if !isKind(err, chat.Gone) {
			return err
		}
	}
	return e.say(ctx, chat.Say{Messages: []chat.Message{m}, Private: true})
}

// apologyLimit bounds the one call that is made without a workspace.
const apologyLimit = 10 * time.Second

// apologise says through the response address, which needs no token, that the workspace could
// not be found just now.
func (e *errand) apologise(ctx context.Context) error {
	if e.address == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, apologyLimit)
	defer cancel()
	client := newClient()
	defer client.CloseIdleConnections()
	err := slackapi.PostWebhookCustomHTTPContext(ctx, e.address, client, &slackapi.WebhookMessage{
		Text: "I could not reach my notes just now. Please try again in a minute.", ResponseType: slackapi.ResponseTypeEphemeral,
	})
	if err != nil {
		return errors.New("apologise: the response address did not take it") // err holds the address, which is a secret
	}
	return nil
}
