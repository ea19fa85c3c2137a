package slack

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"payoff/bot/chat"
	"payoff/bot/slack/slacktest"
)

// acme is an adapter before a whole Slack, in which Ann and Bob share a room.
func acme(t *testing.T) (*Adapter, *slacktest.Slack, *slacktest.Workspace) {
	t.Helper()
	s := slacktest.New(t)
	space := s.Workspace("TACME", "Acme")
	space.AddUser(slacktest.User{ID: "UANN", Name: "ann", RealName: "Ann"})
	space.AddUser(slacktest.User{ID: "UBOB", Name: "bob", RealName: "Bob"})
	space.AddUser(slacktest.User{ID: "UGONE", Name: "cat", RealName: "Cat", Deleted: true})
	space.AddUser(slacktest.User{ID: "UROBOT", Name: "robot", RealName: "Robot", Bot: true})
	token := space.Install("chat:write", "chat:write.public", "im:write", "im:history", "users:read", "files:write", "channels:history")
	space.AddRoom(slacktest.Room{ID: "CTEAM", Name: "team", Members: []string{"UANN", "UBOB", space.BotUser()}})
	space.AddRoom(slacktest.Room{ID: "COPEN", Name: "open", Members: []string{"UANN"}})
	a, _, _ := wired(t, usual)
	a.cfg.APIURL, a.cfg.BotToken = s.URL(), chat.NewSecret(token)
	clear(a.spaces)
	return a, s, space
}

func toPerson(id string) chat.Address {
	return chat.Address{Platform: Platform, Space: "TACME", Person: id}
}

func toRoom(id string) chat.Address {
	return chat.Address{Platform: Platform, Space: "TACME", Room: id}
}

func text(s string) chat.Message { return chat.Message{Blocks: []chat.Block{chat.T(s)}} }

func called(s *slacktest.Slack, method string) int {
	n := 0
	for _, c := range s.Calls() {
		if c.Method == method {
			n++
		}
	}
	return n
}

func TestSend(t *testing.T) {
	a, s, space := acme(t)
	first, err := a.Send(t.Context(), toPerson("UANN"), text("Only for Ann"), "week/46")
	if err != nil {
		t.Fatal(err)
	}
	want := toPerson("UANN")
	want.Room = space.Direct("UANN")
	if first.Address != want || first.Message == "" {
		t.Errorf("receipt = %+v, want %+v", first, want)
	}
	again, err := a.Send(t.Context(), toPerson("UANN"), text("Only for Ann"), "week/46")
	if err != nil || again != first {
		t.Errorf("again: %+v, %v, want the first receipt", again, err)
	}
	if seen := space.Seen("UANN", want.Room); len(seen) != 1 || seen[0].TS != first.Message || seen[0].Text != "Only for Ann" {
		t.Errorf("Ann sees %+v", seen)
	}
	if called(s, "chat.postMessage") != 1 || called(s, "conversations.history") != 0 {
		t.Error("a key that this process has sent was asked about")
	}
	if other, err := a.Send(t.Context(), toRoom("CTEAM"), text("x"), "week/46"); err != nil || other.Message == first.Message {
		t.Errorf("the key in another room: %+v, %v", other, err)
	}
	if _, err := a.Send(t.Context(), toRoom("CTEAM"), text("y"), ""); err != nil {
		t.Errorf("without a key: %v", err)
	}
}

func TestSendToNobody(t *testing.T) {
	a, s, _ := acme(t)
	s.Expect("user_not_found", "channel_not_found", "message_not_found")
	for name, to := range map[string]chat.Address{
		"unknown": toPerson("UNONE"), "deactivated": toPerson("UGONE"), "a program": toPerson("UROBOT"),
		"no such room": toRoom("CNONE"), "another workspace": {Platform: Platform, Space: "TNONE", Room: "CTEAM"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Send(t.Context(), to, text("x"), "k/"+name)
			checkKind(t, err, chat.Gone)
		})
	}
	if n := called(s, "conversations.open"); n != 0 {
		t.Errorf("%d rooms were opened with nobody", n)
	}
	for _, to := range []chat.Address{{Platform: "discord", Space: "TACME", Room: "CTEAM"}, {Platform: Platform, Space: "TACME"}} {
		_, err := a.Send(t.Context(), to, text("x"), "k")
		checkKind(t, err, chat.Invalid)
	}
	checkKind(t, a.Edit(t.Context(), chat.Receipt{Address: toRoom("CTEAM"), Message: "9.9"}, text("x")), chat.Gone)
}

func TestSendCancelledOrClosed(t *testing.T) {
	a, s, space := acme(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.Send(ctx, toPerson("UANN"), text("Never"), "k1")
	checkKind(t, err, chat.Transient)
	a.kill()
	_, err = a.Send(t.Context(), toRoom("CTEAM"), text("Never"), "k2")
	checkKind(t, err, chat.Transient)
	if len(s.Calls()) > 0 || len(space.Seen("UANN", "CTEAM")) > 0 {
		t.Errorf("Slack was called: %+v", s.Calls())
	}
}

func TestEdit(t *testing.T) {
	a, _, space := acme(t)
	r, err := a.Send(t.Context(), toPerson("UANN"), text("At noon"), "k")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Edit(t.Context(), r, text("At one")); err != nil {
		t.Fatal(err)
	}
	if seen := space.Seen("UANN", r.Room); len(seen) != 1 || seen[0].Text != "At one" || seen[0].TS != r.Message {
		t.Errorf("Ann sees %+v", seen)
	}
	if got, found, err := restarted(a).Find(t.Context(), toPerson("UANN"), "k"); !found || got != r || err != nil {
		t.Errorf("after the edit, Find = %+v, %t, %v, want %+v", got, found, err, r)
	}
}

// restarted is an adapter that remembers nothing.
func restarted(a *Adapter) *Adapter {
	b := &Adapter{cfg: a.cfg, log: a.log, now: a.now, spaces: map[string]*workspace{}}
	b.life, b.kill = a.life, a.kill
	return b
}

func TestFind(t *testing.T) {
	a, s, _ := acme(t)
	s.Expect("user_not_found", "not_in_channel")
	sent, err := a.Send(t.Context(), toRoom("CTEAM"), text("Once"), "k")
	if err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]*Adapter{"the same process": a, "another": restarted(a)} {
		if got, found, err := by.Find(t.Context(), toRoom("CTEAM"), "k"); !found || got != sent || err != nil {
			t.Errorf("%s: Find = %+v, %t, %v, want %+v", name, got, found, err, sent)
		}
		if _, found, err := by.Find(t.Context(), toRoom("CTEAM"), "other"); found || err != nil {
			t.Errorf("%s: Find of what was not sent = %t, %v", name, found, err)
		}
		_, _, err := by.Find(t.Context(), toPerson("UNONE"), "k")
		checkKind(t, err, chat.Gone)
	}
	if _, err := a.Send(t.Context(), toRoom("COPEN"), text("Once"), "k"); err != nil {
		t.Fatal(err)
	}
	if _, found, err := restarted(a).Find(t.Context(), toRoom("COPEN"), "k"); found || err != nil {
		t.Errorf("where payoff may not read: %t, %v, want nothing found", found, err)
	}
}

// TestSendWhatIsMissing has a message of three pages fail at the second, which was posted or
// was not, in a process that goes on and in one that does not.
func TestSendWhatIsMissing(t *testing.T) {
	list := []page{{text: "1"}, {text: "2"}, {text: "3", files: []chat.File{{Name: "a.csv", Data: []byte("a")}, {Name: "b.csv", Data: []byte("b")}}}}
	for _, tt := range []struct{ dies, posted bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		synctest.Test(t, func(t *testing.T) {
			blocked := true
			room := &roomTape{}
			a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
				if !blocked || c.method == postMessage && c.n == 0 {
					return room.answer(c)
				}
				if tt.posted && c.method == postMessage {
					room.answer(c)
				}
				return tapeAnswer{status: 503}
			})
			w := a.spaces["T1"]
			s, release, err := w.sending(t.Context(), "C1", "k")
			if err != nil {
				t.Fatal(err)
			}
			checkKind(t, w.send(t.Context(), "C1", list, "k", s), chat.Transient)
			release()
			blocked = false
			to := chat.Address{Platform: Platform, Space: "T1", Room: "C1"}
			if tt.dies { // who finds a message begun by another looks first
				w.sent = newMemory[string, *sending](10)
				if _, found, err := a.Find(t.Context(), to, "k"); found || err != nil {
					t.Errorf("Find of a message that lacks pages = %t, %v", found, err)
				}
			}
			s, release, _ = w.sending(t.Context(), "C1", "k")
			if err := w.send(t.Context(), "C1", list, "k", s); err != nil {
				t.Fatal(err)
			}
			release()
			if got := room.texts(); !slices.Equal(got, []string{"1", "2", "3"}) {
				t.Errorf("%+v: posted %q, want each page once", tt, got)
			}
			checkCalls(t, over, uploadComplete, 2)
			if got, found, err := a.Find(t.Context(), to, "k"); !found || got.Message != s.pages[0].ts || err != nil {
				t.Errorf("Find = %+v, %t, %v, want the first page", got, found, err)
			}
		})
	}
}

// TestSendAtOnceUnderOneKey: two who send the same message at the same time send it once.
func TestSendAtOnceUnderOneKey(t *testing.T) {
	a, _, space := acme(t)
	type result struct {
		r   chat.Receipt
		err error
	}
	results := make(chan result)
	for range 8 {
		go func() {
			r, err := a.Send(t.Context(), toPerson("UANN"), text("Once"), "k")
			results <- result{r, err}
		}()
	}
	first := <-results
	for range 7 {
		if next := <-results; next != first || next.err != nil {
			t.Errorf("%+v, want %+v", next, first)
		}
	}
	if seen := space.Seen("UANN", space.Direct("UANN")); len(seen) != 1 {
		t.Errorf("Ann sees %d messages, want one", len(seen))
	}
}

// TestSendDoesNotWaitLong: who is limited is told when to come again.
func TestSendDoesNotWaitLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, first(postMessage, limited("30")))
		to := chat.Address{Platform: Platform, Space: "T1", Room: "C1"}
		for range 2 {
			start := time.Now()
			_, err := a.Send(t.Context(), to, text("x"), "k")
			checkKind(t, err, chat.RateLimited)
			if after, _ := retryAfter(err); after != 30*time.Second || time.Since(start) > 0 {
				t.Errorf("RetryAfter = %v after %v, want 30s at once", after, time.Since(start))
			}
		}
		checkCalls(t, over, postMessage, 1)
		time.Sleep(30 * time.Second)
		if _, err := a.Send(t.Context(), to, text("x"), "k"); err != nil {
			t.Errorf("when it is time: %v", err)
		}
		start := time.Now()
		var refused, sent atomic.Int32
		var wg sync.WaitGroup
		for i := range 20 { // faster than one a second in one room
			wg.Go(func() {
				_, err := a.Send(t.Context(), to, text("x"), fmt.Sprint("k", i))
				switch after, limited := retryAfter(err); {
				case err == nil:
					sent.Add(1)
				case limited && after > unasked().queue:
					refused.Add(1)
				default:
					t.Errorf("error = %v", err)
				}
			})
		}
		wg.Wait()
		// Who is overtaken by an older ticket waits a little longer than was foreseen.
		if d := time.Since(start); sent.Load() < postsRoomOnce || refused.Load() == 0 || d > unasked().total {
			t.Errorf("%d sent, %d told to come later, after %v", sent.Load(), refused.Load(), d)
		}
	})
}

// What is for one person alone, in a room, goes to them directly; and is edited where it stands.
func TestSendInARoomForOneAlone(t *testing.T) {
	a, s, _ := acme(t)
	to := toPerson("UANN")
	to.Room = "CTEAM"
	r, err := a.Send(t.Context(), to, text("Only for Ann"), "week/46")
	if err != nil || r.Room == "CTEAM" || r.Room == "" {
		t.Fatalf("Send = %+v, %v, want it in Ann's own room", r, err)
	}
	if found, ok, err := a.Find(t.Context(), to, "week/46"); err != nil || !ok || found != r {
		t.Errorf("Find = %+v, %t, %v, want %+v", found, ok, err, r)
	}
	opened := called(s, "conversations.open")
	if err := a.Edit(t.Context(), r, text("Still only for Ann")); err != nil {
		t.Errorf("Edit = %v, want it edited", err)
	}
	if n := called(s, "conversations.open") - opened; n != 0 {
		t.Errorf("Edit looked for her room %d times, want it to know", n)
	}
}
