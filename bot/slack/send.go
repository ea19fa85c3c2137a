package slack

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"time"

	"payoff/bot/chat"
)

var _ chat.Sender = (*Adapter)(nil)

// sendLimit is for one Send with its pictures, its pages and its files. Who waits behind it
// is not to wait longer.
const sendLimit = 30 * time.Second

// A sending is what is known of a message under a key.
type sending struct {
	busy  chan struct{} // held by the Send under way
	pages []sentPage
	files int // that were shared
	whole bool
}

// A sentPage is one page of it.
type sentPage struct {
	ts     string // "" where it is not known to stand there
	unsure bool   // it may stand there all the same
}

// page is what is known of page i.
func (s *sending) page(i int) *sentPage {
	for len(s.pages) <= i {
		s.pages = append(s.pages, sentPage{})
	}
	return &s.pages[i]
}

// sending is what is known of a key in a room, held for the caller until release.
func (w *workspace) sending(ctx context.Context, room, key string) (s *sending, release func(), err error) {
	s = w.sent.or(room+"/"+key, func() *sending { return &sending{busy: make(chan struct{}, 1)} })
	select {
	case s.busy <- struct{}{}:
		return s, func() { <-s.busy }, nil
	case <-ctx.Done():
		return nil, nil, translate(postMessage, ctx.Err())
	}
}

func pageKey(key string, i int) string {
	if i == 0 {
		return key
	}
	return key + "/" + strconv.Itoa(i+1)
}

// Send posts m to a room, or to a person directly. The same key posts once: of a message of
// several pages, a repeat posts those that are missing. The receipt names the first.
func (a *Adapter) Send(ctx context.Context, to chat.Address, m chat.Message, key string) (chat.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	w, to, err := a.address(ctx, to)
	if err != nil {
		return chat.Receipt{}, err
	}
	if key == "" {
		key = rand.Text()
	}
	s, release, err := w.sending(ctx, to.Room, key)
	if err != nil {
		return chat.Receipt{}, err
	}
	defer release()
	if !s.whole {
		if err := w.send(ctx, to.Room, pages(m, w.upload(ctx, picturesOf(m))), key, s); err != nil {
			return chat.Receipt{}, err
		}
	}
	return chat.Receipt{Address: to, Message: s.page(0).ts}, nil
}

// send posts what is missing of a message.
func (w *workspace) send(ctx context.Context, room string, list []page, key string, s *sending) error {
	if len(list) == 0 {
		return &chat.Error{Kind: chat.Invalid, Err: errors.New("the message says nothing")}
	}
	var files []chat.File
	for i, p := range list {
		files = append(files, p.files...)
		known := s.page(i)
		if known.ts != "" {
			continue
		}
		m := mark{key: pageKey(key, i), sure: !known.unsure}
		if i == 0 {
			m.pages = len(list)
		}
		ts, err := w.postMarked(ctx, room, p, &m, unasked())
		known.ts, known.unsure = ts, err != nil && !m.sure
		if err != nil {
			return err
		}
	}
	for _, f := range files[s.files:] {
		if err := w.shareWithin(ctx, room, f, unasked()); err != nil {
			return err
		}
		s.files++
	}
	s.whole = true
	return nil
}

// Edit replaces what was sent, of several pages the first.
func (a *Adapter) Edit(ctx context.Context, r chat.Receipt, m chat.Message) error {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if r.Room != "" { // where it stands, which is not to be looked for again
		r.Person = ""
	}
	w, to, err := a.address(ctx, r.Address)
	if err != nil {
		return err
	}
	return w.updateWithin(ctx, to.Room, r.Message, onePage(m, w.upload(ctx, picturesOf(m))), unasked())
}

// Find looks for what was sent with a key by its metadata. A message of several pages is
// found when all of them are; else Send posts those that are missing.
func (a *Adapter) Find(ctx context.Context, to chat.Address, key string) (chat.Receipt, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	w, to, err := a.address(ctx, to)
	if err != nil {
		return chat.Receipt{}, false, err
	}
	s, release, err := w.sending(ctx, to.Room, key)
	if err != nil {
		return chat.Receipt{}, false, err
	}
	defer release()
	if !s.whole {
		there, err := w.posted(ctx, to.Room, unasked())
		if err != nil {
			return chat.Receipt{}, false, err
		}
		s.learn(there, key)
	}
	if !s.whole {
		return chat.Receipt{}, false, nil
	}
	return chat.Receipt{Address: to, Message: s.page(0).ts}, true, nil
}

// learn takes over what was found of a message.
func (s *sending) learn(there map[string]standing, key string) {
	first, ok := there[key]
	if !ok {
		return
	}
	whole := true
	for i := range max(first.pages, 1) {
		if post, ok := there[pageKey(key, i)]; ok {
			*s.page(i) = sentPage{ts: post.ts}
		} else {
			whole = whole && s.page(i).ts != ""
		}
	}
	s.whole = whole
}

// address is the workspace that an address names, and the address with the room that a
// person is reached in: always their own, for here nothing else is for them alone and lasts.
func (a *Adapter) address(ctx context.Context, to chat.Address) (*workspace, chat.Address, error) {
	if err := errors.Join(ctx.Err(), a.life.Err()); err != nil {
		return nil, to, translate("send", err)
	}
	if to.Platform != Platform || to.Person == "" && to.Room == "" {
		return nil, to, &chat.Error{Kind: chat.Invalid, Err: errors.New("the address names nobody in Slack")}
	}
	w, err := a.workspace(ctx, to.Space)
	if err != nil || to.Person == "" {
		return w, to, err
	}
	// A deactivated person's room still takes messages, and nobody reads them.
	w.person(ctx, to.Person, "")
	if w.gone(to.Person) {
		return nil, to, goneFor(userInfo, "there is nobody to talk to")
	}
	to.Room, err = w.directWithin(ctx, to.Person, unasked())
	return w, to, err
}
