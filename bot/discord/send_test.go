package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"payoff/bot/chat"
)

const (
	roomAnn   = "300000000000000091"
	threadAnn = "300000000000000092"
)

func toPerson(id string) chat.Address {
	return chat.Address{Platform: Platform, Space: serverOne, Person: id}
}

func toRoom(id string) chat.Address {
	return chat.Address{Platform: Platform, Space: serverOne, Room: id}
}

func toThread(room, person string) chat.Address {
	return chat.Address{Platform: Platform, Space: serverOne, Room: room, Person: person}
}

func say(text string) chat.Message { return chat.Message{Blocks: []chat.Block{chat.T(text)}} }

// A board is a Discord with rooms that keep what is posted, as far as sending sees it: it knows
// nonces, and rooms that are gone or closed.
type board struct {
	mu      sync.Mutex
	posts   map[string][]posting // by room
	refuse  map[string]tapeAnswer
	lose    int // so many posts are done and not answered
	forgets bool
	opened  int
	threads int
}

type posting struct{ id, nonce, text string }

var postings = regexp.MustCompile(`^(\w+) /channels/(\d+)/messages(?:/(\d+))?$`)

func (b *board) answer(c taped) tapeAnswer {
	b.mu.Lock()
	defer b.mu.Unlock()
	for way, a := range b.refuse {
		if strings.HasPrefix(c.way, way) {
			return a
		}
	}
	switch {
	case c.way == "POST /users/@me/channels":
		b.opened++
		return tapeAnswer{body: `{"id":"` + roomAnn + `"}`}
	case strings.HasSuffix(c.way, "/threads"):
		b.threads++
		return tapeAnswer{status: http.StatusCreated, body: `{"id":"` + threadAnn + `"}`}
	case strings.Contains(c.way, "/thread-members/"):
		return tapeAnswer{status: http.StatusNoContent}
	}
	m := postings.FindStringSubmatch(c.way)
	if m == nil {
		return refusing(404, 0, "404: Not Found")
	}
	return b.message(m[1], m[2], m[3], c.body)
}

func (b *board) message(method, room, id, body string) tapeAnswer {
	field := func(name string) string {
		if m := regexp.MustCompile(`"` + name + `":"([^"]*)"`).FindStringSubmatch(body); m != nil {
			return m[1]
		}
		return ""
	}
	switch method {
	case http.MethodGet:
		var list []string
		for _, p := range slices.Backward(b.posts[room]) {
			nonce := ""
			if !b.forgets {
				nonce = fmt.Sprintf(`,"nonce":%q`, p.nonce)
			}
			list = append(list, fmt.Sprintf(`{"id":%q,"author":{"bot":true}%s}`, p.id, nonce))
		}
		return tapeAnswer{body: "[" + strings.Join(list, ",") + "]"}
	case http.MethodPatch:
		for i, p := range b.posts[room] {
			if p.id == id {
				b.posts[room][i].text = field("content")
				return tapeAnswer{body: `{}`}
			}
		}
		return refusing(404, 10008, "Unknown Message")
	}
	p := posting{id: fmt.Sprintf("9%017d", len(b.posts[room])), nonce: field("nonce"), text: field("content")}
	for _, before := range b.posts[room] {
		if before.nonce == p.nonce && strings.Contains(body, `"enforce_nonce":true`) {
			return tapeAnswer{body: fmt.Sprintf(`{"id":%q}`, before.id)}
		}
	}
	if b.posts == nil {
		b.posts = map[string][]posting{}
	}
	b.posts[room] = append(b.posts[room], p)
	if b.lose--; b.lose >= 0 {
		return tapeAnswer{err: errCutOff}
	}
	return tapeAnswer{body: fmt.Sprintf(`{"id":%q}`, p.id)}
}

func (b *board) said(room string) (list []string) {
	for _, p := range b.posts[room] {
		list = append(list, p.text)
	}
	return list
}

func TestSend(t *testing.T) {
	for name, test := range map[string]struct {
		to   chat.Address
		room string
	}{
		"to a person": {toPerson(userAnn), roomAnn},
		"to a room":   {toRoom(roomTeam), roomTeam},
		"in a thread": {toThread(roomTeam, userAnn), threadAnn},
	} {
		t.Run(name, func(t *testing.T) {
			var b board
			a, over, _ := taping(t, b.answer)
			first, err := a.Send(t.Context(), test.to, say("Hello"), "week/46")
			if err != nil || first.Address != test.to || !isID(first.Message) {
				t.Errorf("Send = %+v, %v", first, err)
			}
			again, err := a.Send(t.Context(), test.to, say("Hello"), "week/46")
			if err != nil || again != first {
				t.Errorf("again: %+v, %v, want the first", again, err)
			}
			other, err := a.Send(t.Context(), test.to, say("Hello"), "week/47")
			if err != nil || other == first {
				t.Errorf("another key: %+v, %v", other, err)
			}
			for range 2 {
				if _, err := a.Send(t.Context(), test.to, say("No key"), ""); err != nil {
					t.Error(err)
				}
			}
			if err := a.Edit(t.Context(), first, say("Bye")); err != nil {
				t.Error(err)
			}
			if got := b.said(test.room); !slices.Equal(got, []string{"Bye", "Hello", "No key", "No key"}) {
				t.Errorf("said %q", got)
			}
			got, found, err := a.Find(t.Context(), test.to, "week/46")
			if got != first || !found || err != nil {
				t.Errorf("Find = %+v, %t, %v, want %+v", got, found, err, first)
			}
			if _, found, err := a.Find(t.Context(), test.to, "week/48"); found || err != nil {
				t.Errorf("Find of what was not sent = %t, %v", found, err)
			}
			if n := len(over.of("POST /users")) + len(over.of("POST /channels/"+roomTeam+"/threads")); n > 1 || b.opened+b.threads != n {
				t.Errorf("%d rooms were opened", n)
			}
		})
	}
}

func TestThreadIsPrivate(t *testing.T) {
	var b board
	a, over, _ := taping(t, b.answer)
	if _, err := a.Send(t.Context(), toThread(roomTeam, userAnn), say("Psst"), "k"); err != nil {
		t.Fatal(err)
	}
	opened := jsonOf(t, over.of("POST /channels/" + roomTeam + "/threads")[0].body)
	want := map[string]any{"type": 12., "invitable": false, "name": "payoff", "auto_archive_duration": 10080.}
	for field, value := range want {
		if opened[field] != value {
			t.Errorf("%s = %v, want %v", field, opened[field], value)
		}
	}
	if n := len(over.of("PUT /channels/" + threadAnn + "/thread-members/" + userAnn)); n != 1 {
		t.Errorf("Ann was added %d times", n)
	}
	if len(b.said(roomTeam)) > 0 {
		t.Errorf("said in the room itself: %q", b.said(roomTeam))
	}
}

// TestThreadIsOpenedOnce: its person could not be added at first, and later is, to the same one.
func TestThreadIsOpenedOnce(t *testing.T) {
	b := board{refuse: map[string]tapeAnswer{"PUT": refusing(403, 50013, "Missing Permissions")}}
	a, over, _ := taping(t, b.answer)
	to := toThread(roomTeam, userAnn)
	_, err := a.Send(t.Context(), to, say("x"), "k")
	isOfKind(t, err, chat.Gone)
	b.refuse = nil
	for range 2 {
		if _, err := a.Send(t.Context(), to, say("x"), "k"); err != nil {
			t.Error(err)
		}
	}
	if b.threads != 1 || len(over.of("PUT")) != 2 || len(b.said(threadAnn)) != 1 {
		t.Errorf("%d threads, added %d times, said %q", b.threads, len(over.of("PUT")), b.said(threadAnn))
	}
}

func TestThreadThatIsNotThere(t *testing.T) {
	var b board
	a, over, _ := taping(t, b.answer)
	to := toThread(roomTeam, userAnn)
	if _, found, err := a.Find(t.Context(), to, "k"); found || err != nil {
		t.Errorf("Find = %t, %v", found, err)
	}
	isOfKind(t, a.Edit(t.Context(), chat.Receipt{Address: to, Message: "900000000000000001"}, say("x")), chat.Gone)
	if len(over.of("")) > 0 {
		t.Errorf("Discord was asked: %+v", over.of(""))
	}
}

// TestPersonAndTheirRoom: an address may name a person with the room that they have with payoff.
func TestPersonAndTheirRoom(t *testing.T) {
	var b board
	a, _, _ := taping(t, b.answer)
	if _, err := a.direct(t.Context(), userAnn); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Send(t.Context(), toThread(roomAnn, userAnn), say("Hello"), "k"); err != nil || b.threads > 0 || len(b.said(roomAnn)) != 1 {
		t.Errorf("%v, %d threads, said %q", err, b.threads, b.said(roomAnn))
	}
}

// TestRoomThatIsGone: what is remembered of a person's room may be out of date.
func TestRoomThatIsGone(t *testing.T) {
	const old = "300000000000000001"
	for name, test := range map[string]struct {
		to     chat.Address
		key    string
		kept   string
		answer tapeAnswer
		now    string
	}{
		"direct":           {toPerson(userAnn), directKey + userAnn, old, refusing(404, 10003, "Unknown Channel"), roomAnn},
		"thread":           {toThread("300000000000000077", userAnn), threadName("300000000000000077", userAnn), `{"id":"` + old + `","added":true}`, refusing(404, 10003, "Unknown Channel"), threadAnn},
		"thread, archived": {toThread("300000000000000077", userAnn), threadName("300000000000000077", userAnn), `{"id":"` + old + `","added":true}`, refusing(400, 50083, "Thread is archived"), threadAnn},
	} {
		t.Run(name, func(t *testing.T) {
			b := board{refuse: map[string]tapeAnswer{"POST /channels/" + old: test.answer}}
			a, over, _ := taping(t, b.answer)
			_ = a.remember(t.Context(), test.key, test.kept)
			for range 2 {
				if _, err := a.Send(t.Context(), test.to, say("Hello"), "k"); err != nil {
					t.Error(err)
				}
			}
			if got := b.said(test.now); !slices.Equal(got, []string{"Hello"}) || len(over.of("POST /channels/"+old)) != 1 {
				t.Errorf("said %q, and asked the old room %d times", got, len(over.of("POST /channels/"+old)))
			}
		})
	}
	b := board{refuse: map[string]tapeAnswer{"POST /channels/": refusing(404, 10003, "Unknown Channel")}}
	a, over, _ := taping(t, b.answer)
	for _, to := range []chat.Address{toPerson(userAnn), toRoom(roomTeam)} {
		_, err := a.Send(t.Context(), to, say("x"), "k")
		isOfKind(t, err, chat.Gone)
	}
	if n := len(over.of("POST /channels/")); n != 3 {
		t.Errorf("%d posts, want two to the person and one to the room", n)
	}
}

func TestSendToNobody(t *testing.T) {
	var b board
	a, over, _ := taping(t, b.answer)
	for _, to := range []chat.Address{toPerson("nobody-of-that-name"), toRoom("no-such-room"), toThread("no-such-room", userAnn), toThread(roomTeam, "nobody")} {
		_, err := a.Send(t.Context(), to, say("x"), "k")
		isOfKind(t, err, chat.Gone)
		_, _, err = a.Find(t.Context(), to, "k")
		isOfKind(t, err, chat.Gone)
	}
	isOfKind(t, a.Edit(t.Context(), chat.Receipt{Address: toRoom(roomTeam), Message: "99999999"}, say("x")), chat.Gone)
	for _, to := range []chat.Address{{Platform: "slack", Room: roomTeam}, {Platform: Platform, Space: serverOne}} {
		_, err := a.Send(t.Context(), to, say("x"), "k")
		isOfKind(t, err, chat.Invalid)
	}
	if n := len(over.of("")); n > 0 {
		t.Errorf("Discord was asked %d times", n)
	}
	isOfKind(t, a.Edit(t.Context(), chat.Receipt{Address: toRoom(roomTeam), Message: "900000000000000001"}, say("x")), chat.Gone)
}

func TestSendCancelledOrClosed(t *testing.T) {
	var b board
	a, over, _ := taping(t, b.answer)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.Send(ctx, toRoom(roomTeam), say("Never"), "k1")
	isOfKind(t, err, chat.Transient)
	a.kill()
	_, err = a.Send(t.Context(), toRoom(roomTeam), say("Never"), "k2")
	isOfKind(t, err, chat.Transient)
	if n := len(over.of("")); n > 0 {
		t.Errorf("Discord was asked %d times", n)
	}
}

// TestClosedRoom: who takes no direct messages is left alone for an hour, by every way of
// sending; a thread is another matter.
func TestClosedRoom(t *testing.T) {
	for _, closed := range []tapeAnswer{
		refusing(403, 50007, "Cannot send messages to this user"),
		refusing(403, 50278, "No mutual guilds"),
	} {
		for _, way := range []string{"POST /channels/" + roomAnn, "POST /users/@me/channels"} {
			synctest.Test(t, func(t *testing.T) {
				b := board{refuse: map[string]tapeAnswer{way: closed}}
				a, over, _ := taping(t, b.answer)
				send := func(to chat.Address) error {
					_, err := a.Send(t.Context(), to, say("Hello"), "k")
					return err
				}
				isOfKind(t, send(toPerson(userAnn)), chat.Gone)
				before := len(over.of(""))
				time.Sleep(30 * time.Minute)
				err := send(toPerson(userAnn))
				isOfKind(t, err, chat.Gone)
				if n := code(err); n != 50007 && n != 50278 {
					t.Errorf("code = %d, want the one it was refused with", n)
				}
				if n := len(over.of("")); n != before {
					t.Error("Discord was asked again within the hour")
				}
				if err := send(toThread(roomTeam, userAnn)); err != nil {
					t.Errorf("in a thread: %v", err)
				}
				time.Sleep(30*time.Minute - time.Second)
				isOfKind(t, send(toPerson(userAnn)), chat.Gone)
				b.refuse = nil
				time.Sleep(2 * time.Second)
				if err := send(toPerson(userAnn)); err != nil {
					t.Errorf("after an hour: %v", err)
				}
			})
		}
	}
}

// TestClosedRoomsAreForgotten: no more are kept than were closed within the hour.
func TestClosedRoomsAreForgotten(t *testing.T) {
	var c closedRooms
	now := time.Unix(0, 0)
	err := &chat.Error{Kind: chat.Gone, Err: &apiError{Code: cannotMessage}}
	for i := range 1000 {
		c.note(toPerson(fmt.Sprint(i)), err, now)
		now = now.Add(time.Minute)
	}
	if n := len(c.of); n != 60 {
		t.Errorf("%d are kept, want 60", n)
	}
}

// TestOnePostThoughLost: Discord has posted it and the answer was lost; its nonce makes the
// second attempt safe.
func TestOnePostThoughLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := board{lose: 3}
		a, _, _ := taping(t, b.answer)
		r, err := a.Send(t.Context(), toRoom(roomTeam), say("Once"), "k")
		if err != nil || len(b.said(roomTeam)) != 1 || r.Message != b.posts[roomTeam][0].id {
			t.Errorf("Send = %+v, %v, and said %q", r, err, b.said(roomTeam))
		}
	})
}

func testPage(text string) page { return page{body: messageBody{Content: text}} }

// TestPages: a message of several pages is there when all of them are, and a repeat posts those
// that are missing.
func TestPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b board
		a, _, _ := taping(t, func(c taped) tapeAnswer {
			if strings.Contains(c.body, "three") && c.n == 2 {
				return refusing(400, 50035, "not that")
			}
			return b.answer(c)
		})
		list := []page{testPage("one"), testPage("two"), testPage("three")}
		_, err := a.sendPages(t.Context(), toRoom(roomTeam), list, "k")
		isOfKind(t, err, chat.Invalid)
		if _, found, err := a.Find(t.Context(), toRoom(roomTeam), "k"); found || err != nil {
			t.Errorf("Find of a part = %t, %v", found, err)
		}
		r, err := a.sendPages(t.Context(), toRoom(roomTeam), list, "k")
		if got := b.said(roomTeam); err != nil || !slices.Equal(got, []string{"one", "two", "three"}) || r.Message != b.posts[roomTeam][0].id {
			t.Errorf("%+v, %v, said %q", r, err, got)
		}
		found, ok, err := a.Find(t.Context(), toRoom(roomTeam), "k")
		if found != r || !ok || err != nil {
			t.Errorf("Find = %+v, %t, %v, want %+v", found, ok, err, r)
		}
		b.forgets = true
		if _, found, err := a.Find(t.Context(), toRoom(roomTeam), "k"); found || err != nil {
			t.Errorf("Find without nonces = %t, %v", found, err)
		}
	})
}

// TestFindTrustsNoPerson: who writes a message can choose its nonce.
func TestFindTrustsNoPerson(t *testing.T) {
	body := fmt.Sprintf(`[{"id":"900000000000000001","nonce":%q,"author":{"bot":false}},{"id":"900000000000000002","nonce":12,"author":{"bot":true}}]`, nonceOf(roomTeam, "k"))
	a, over, _ := taping(t, always(tapeAnswer{body: body}))
	if _, found, err := a.Find(t.Context(), toRoom(roomTeam), "k"); found || err != nil {
		t.Errorf("Find = %t, %v", found, err)
	}
	if q := over.of("GET")[0].query; q != "limit=50" {
		t.Errorf("query = %q", q)
	}
}

func TestNonce(t *testing.T) {
	seen := map[string]string{}
	for i := range 20000 {
		for _, key := range []string{fmt.Sprint("week/", i), pageKey(fmt.Sprint("week/", i), 0, 2)} {
			n := nonceOf(roomTeam, key)
			if len(n) != nonceLength {
				t.Fatalf("nonceOf(%q) = %q", key, n)
			}
			if other, twice := seen[n]; twice {
				t.Fatalf("%q and %q have one nonce", key, other)
			}
			seen[n] = key
		}
	}
	if pageKey("week/1", 1, 3) == "week/1/2" { // which is how an answer's second message is called
		t.Error("a page has the key of another message")
	}
	if nonceOf(roomTeam, "week/1") == nonceOf(roomAnn, "week/1") {
		t.Error("a key has the same nonce in two rooms")
	}
}

// TestSendHeldBack: what cannot go soon fails soon, so that nobody waits behind it.
func TestSendHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := taping(t, always(tapeAnswer{status: 429, body: `{"retry_after":30,"global":true}`}))
		start := time.Now()
		for range 3 {
			_, err := a.Send(t.Context(), toRoom(roomTeam), say("x"), "k")
			isOfKind(t, err, chat.RateLimited)
			if waitOf(err) != 30*time.Second {
				t.Errorf("told to wait %v, want 30s", waitOf(err))
			}
		}
		if time.Since(start) > 0 || len(over.of("")) != 1 {
			t.Errorf("took %v and %d calls, want nothing and 1", time.Since(start), len(over.of("")))
		}
	})
}

func TestSendWithoutMemory(t *testing.T) {
	var b board
	a, _, _ := taping(t, b.answer)
	a.cfg.Memory.(*notebook).err = errors.New("no disk")
	for _, to := range []chat.Address{toPerson(userAnn), toThread(roomTeam, userAnn)} {
		_, err := a.Send(t.Context(), to, say("x"), "k")
		isOfKind(t, err, chat.Transient)
	}
}
