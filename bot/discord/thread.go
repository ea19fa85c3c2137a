package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"payoff/bot/chat"
)

const threadKey = "thread/" // of a room and a person: the thread there that is theirs

// A privateThread is one in which only the person added, payoff and moderators read.
// https://docs.discord.com/developers/topics/threads#private-threads
type privateThread struct {
	ID    string `json:"id"`
	Added bool   `json:"added"`
}

const (
	privateThreadType = 12
	weekOfMinutes     = 7 * 24 * 60
)

// errNoThread is that nothing was ever sent to a person in a room.
var errNoThread = &chat.Error{Kind: chat.Gone, Err: errors.New("the person has no thread in the room")}

func threadName(room, person string) string { return threadKey + room + "/" + person }

// thread is the thread of a person in a room. Where there is none it is opened if open says so.
func (a *Adapter) thread(ctx context.Context, room, person string, open bool) (channel string, err error) {
	if !isID(room) || !isID(person) {
		return "", goneFor("there is no room %q with a person %q in Discord", room, person)
	}
	kept, found, err := a.recall(ctx, threadName(room, person))
	if err != nil {
		return "", err
	}
	var t privateThread
	if found {
		if err := json.Unmarshal([]byte(kept), &t); err != nil {
			return "", transient("read a thread", err)
		}
	}
	if !open && t.ID == "" {
		return "", errNoThread
	}
	if t.ID == "" {
		body := map[string]any{"name": "payoff", "type": privateThreadType, "invitable": false, "auto_archive_duration": weekOfMinutes}
		c := call{method: http.MethodPost, path: "/channels/" + room + "/threads", body: body, wait: sendWait, once: true}
		if err := a.rest.do(ctx, c, &t); err != nil {
			return "", err
		}
		if !isID(t.ID) {
			return "", transient("open a thread", errors.New("Discord names none"))
		}
		// Kept before its person is added: where that fails, it is not to be opened again.
		if err := a.keepThread(ctx, room, person, t); err != nil {
			return "", err
		}
	}
	if !t.Added {
		c := call{method: http.MethodPut, path: "/channels/" + t.ID + "/thread-members/" + person, wait: sendWait}
		if err := a.rest.do(ctx, c, nil); err != nil {
			return "", err
		}
		t.Added = true
		return t.ID, a.keepThread(ctx, room, person, t)
	}
	return t.ID, nil
}

func (a *Adapter) keepThread(ctx context.Context, room, person string, t privateThread) error {
	raw, _ := json.Marshal(t) // of a string and a boolean
	if err := a.cfg.Memory.Remember(ctx, threadName(room, person), raw, time.Time{}); err != nil {
		return transient("remember a thread", err)
	}
	return nil
}
