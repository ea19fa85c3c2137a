package discord

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"net/http"
	"strconv"
	"sync"
	"time"

	"payoff/bot/chat"
)

var _ chat.Sender = (*Adapter)(nil)

const (
	sendLimit   = 30 * time.Second // for one Send with its pages and files
	sendWait    = 5 * time.Second  // for limits: what is sent unasked can come again later
	closedStays = time.Hour
	searched    = 50 // newest messages
)

// nonceLength is of https://docs.discord.com/developers/resources/message#create-message.
const nonceLength = 25

// nonceOf names the message of a key in a room. Discord posts it once, as long as it remembers
// the nonce: "the past few minutes". It asks for the nonce alone, so that without the room the
// same key in another would be answered with the message in the first.
func nonceOf(room, key string) string {
	sum := sha256.Sum256([]byte(room + "/" + key))
	return new(big.Int).SetBytes(sum[:]).Text(62)[:nonceLength]
}

// pageKey is the key of page i of n. The last has the message's own: it is there only when
// all of the message is.
func pageKey(key string, i, n int) string {
	if i == n-1 {
		return key
	}
	return key + "#" + strconv.Itoa(i+1)
}

// A post is a message as it is read back.
type post struct {
	ID     string
	Nonce  json.RawMessage // a string or a number
	Author struct{ Bot bool }
}

// Send posts m to a room, to a person directly, or, with both, to that person in a thread of
// the room. The same key posts once, of a message of several pages each. The receipt names the
// first.
func (a *Adapter) Send(ctx context.Context, to chat.Address, m chat.Message, key string) (chat.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if err := a.sendable(ctx, to); err != nil {
		return chat.Receipt{}, err
	}
	ids := a.buttons(to.Space)
	list := render(m, ids.id)
	if err := ids.keep(ctx); err != nil {
		return chat.Receipt{}, transient("keep the buttons of a message", err)
	}
	return a.sendPages(ctx, to, list, cmp.Or(key, rand.Text()))
}

// sendPages posts pages where an address leads. A room that is remembered may be gone, and
// then is looked for once more.
func (a *Adapter) sendPages(ctx context.Context, to chat.Address, list []page, key string) (chat.Receipt, error) {
	var first string
	for again := range 2 {
		room, err := a.roomOf(ctx, to, true)
		if err == nil {
			first, err = a.postPages(ctx, room, list, key)
		}
		a.rest.closed.note(to, err, a.now())
		if c := code(err); again == 0 && to.Person != "" && (c == unknownChannel || c == threadArchived) {
			if err := a.remember(ctx, roomKey(to), ""); err != nil {
				return chat.Receipt{}, err
			}
			continue
		}
		if err != nil {
			return chat.Receipt{}, err
		}
		break
	}
	return chat.Receipt{Address: to, Message: first}, nil
}

// postPages posts what of a message is not there yet, and is the id of its first page.
func (a *Adapter) postPages(ctx context.Context, room string, list []page, key string) (first string, err error) {
	for i, p := range list {
		p.body.Nonce, p.body.EnforceNonce = nonceOf(room, pageKey(key, i, len(list))), true
		var posted post
		c := call{method: http.MethodPost, path: "/channels/" + room + "/messages", body: p.body, files: p.files, wait: sendWait}
		if err := a.rest.do(ctx, c, &posted); err != nil {
			return "", err
		}
		if !isID(posted.ID) {
			return "", transient("post a message", errors.New("Discord names none"))
		}
		first = cmp.Or(first, posted.ID)
	}
	return first, nil
}

// Edit replaces what was sent, of several pages the first.
func (a *Adapter) Edit(ctx context.Context, r chat.Receipt, m chat.Message) error {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if err := a.sendable(ctx, r.Address); err != nil {
		return err
	}
	if !isID(r.Message) {
		return goneFor("there is no message with the id %q in Discord", r.Message)
	}
	room, err := a.roomOf(ctx, r.Address, false)
	if err != nil {
		return err
	}
	ids := a.buttons(r.Space)
	p := onePage(m, ids.id)
	if err := ids.keep(ctx); err != nil {
		return transient("keep the buttons of a message", err)
	}
	path := "/channels/" + room + "/messages/" + r.Message
	err = a.rest.do(ctx, call{method: http.MethodPatch, path: path, body: p.body, files: p.files, wait: sendWait}, nil)
	a.rest.closed.note(r.Address, err, a.now())
	return err
}

// Find looks for what was sent with a key by its nonce, among the newest messages. Discord
// promises a nonce only in answer to the post itself: where it has forgotten it, nothing is
// found. A message of several pages is found when all of them are there; else Send posts those
// that are missing.
func (a *Adapter) Find(ctx context.Context, to chat.Address, key string) (chat.Receipt, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if err := a.sendable(ctx, to); err != nil {
		return chat.Receipt{}, false, err
	}
	room, err := a.roomOf(ctx, to, false)
	if errors.Is(err, errNoThread) {
		return chat.Receipt{}, false, nil
	}
	if err != nil {
		return chat.Receipt{}, false, err
	}
	var newest []post
	c := call{method: http.MethodGet, path: "/channels/" + room + "/messages", query: "limit=" + strconv.Itoa(searched), wait: sendWait}
	if err := a.rest.do(ctx, c, &newest); err != nil {
		return chat.Receipt{}, false, err
	}
	last, found := withNonce(newest, nonceOf(room, key))
	if !found {
		return chat.Receipt{}, false, nil
	}
	if first, several := withNonce(newest, nonceOf(room, pageKey(key, 0, 2))); several {
		last = first
	}
	return chat.Receipt{Address: to, Message: last}, true, nil
}

// withNonce is the oldest of the messages that were posted with a nonce. People can choose
// theirs too, so that what they post is not looked at.
func withNonce(newest []post, nonce string) (id string, found bool) {
	for _, p := range newest {
		var has string
		if json.Unmarshal(p.Nonce, &has) == nil && has == nonce && p.Author.Bot {
			id, found = p.ID, true
		}
	}
	return id, found
}

// sendable says why nothing can be sent to an address, if so.
func (a *Adapter) sendable(ctx context.Context, to chat.Address) error {
	if err := errors.Join(ctx.Err(), a.life.Err()); err != nil {
		return transient("send", err)
	}
	if to.Platform != Platform || to.Person == "" && to.Room == "" {
		return &chat.Error{Kind: chat.Invalid, Err: errors.New("the address names nobody in Discord")}
	}
	return nil
}

// roomOf is the channel that an address leads to. A room that its person has with payoff is
// none that could have threads.
func (a *Adapter) roomOf(ctx context.Context, to chat.Address, open bool) (channel string, err error) {
	switch {
	case to.Person == "":
		if !isID(to.Room) {
			return "", goneFor("there is no room with the id %q in Discord", to.Room)
		}
		return to.Room, nil
	case to.Room != "":
		if own, _, err := a.recall(ctx, directKey+to.Person); err != nil || own != to.Room {
			if err != nil {
				return "", err
			}
			return a.thread(ctx, to.Room, to.Person, open)
		}
	}
	if err := a.rest.closed.known(to, a.now()); err != nil {
		return "", err
	}
	return a.direct(ctx, to.Person)
}

// roomKey is under what the room of a person is remembered.
func roomKey(to chat.Address) string {
	if to.Room == "" {
		return directKey + to.Person
	}
	return threadName(to.Room, to.Person)
}

// closedRooms are the people who take no direct messages from payoff. Each attempt would count
// as an invalid request, so they are left alone for a while. The zero value knows nobody.
type closedRooms struct {
	mu sync.Mutex
	of map[string]closedRoom // by person
}

type closedRoom struct {
	err   error
	until time.Time
}

// note remembers that a person's room is closed, if that is what an error says.
func (c *closedRooms) note(to chat.Address, err error, now time.Time) {
	if n := code(err); to.Person == "" || to.Room != "" || n != cannotMessage && n != noMutualServer {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.of, func(_ string, r closedRoom) bool { return !now.Before(r.until) })
	if _, again := c.of[to.Person]; again {
		return
	}
	if c.of == nil {
		c.of = map[string]closedRoom{}
	}
	c.of[to.Person] = closedRoom{err, now.Add(closedStays)}
}

// known is the error that a person's room was closed with.
func (c *closedRooms) known(to chat.Address, now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := c.of[to.Person]; ok && now.Before(r.until) {
		return r.err
	}
	return nil
}
