package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/web"
)

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  web.Config
		want string // empty is no error
	}{
		{"least", web.Config{Handler: sample{}}, ""},
		{"all", web.Config{Handler: sample{}, People: team(), Rooms: []chat.Room{{ID: "team"}, {ID: "board"}}, Keep: 10}, ""},
		{"no handler", web.Config{}, "no handler"},
		{"keep", web.Config{Handler: sample{}, Keep: -1}, "keep -1 messages"},
		{"heartbeat", web.Config{Handler: sample{}, Heartbeat: -1}, "heartbeat"},
		{"person's id", web.Config{Handler: sample{}, People: []web.Person{{ID: "Sam!", Name: "Sam"}}}, `person "Sam!"`},
		{"person's name", web.Config{Handler: sample{}, People: []web.Person{{ID: "sam", Name: " "}}}, "no name"},
		{"person's zone", web.Config{Handler: sample{}, People: []web.Person{{ID: "sam", Name: "Sam", Zone: "Mars/Base"}}}, `"Mars/Base"`},
		{"people twice", web.Config{Handler: sample{}, People: []web.Person{{ID: "sam", Name: "Sam"}, {ID: "sam", Name: "Sam"}}}, "two people"},
		{"rooms twice", web.Config{Handler: sample{}, Rooms: []chat.Room{{ID: "team"}, {ID: "team"}}}, "two rooms"},
		{"room's id", web.Config{Handler: sample{}, Rooms: []chat.Room{{ID: "dm-sam"}}}, `room "dm-sam"`},
		{"direct room", web.Config{Handler: sample{}, Rooms: []chat.Room{{ID: "sam", Direct: true}}}, "direct rooms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := web.New(c.cfg)
			if c.want == "" {
				if err != nil {
					t.Fatalf("New = %v", err)
				}
				_ = w.Close(t.Context())
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("New = %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestDo(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, Commands: sampleCommands, People: team()})
	reply, err := d.Do(t.Context(), web.Act{Person: "sam", Did: chat.Wrote{Text: "2h BNI"}})
	if _, ok := reply.(chat.Say); !ok || err != nil {
		t.Fatalf("Do = %v, %v, want what the handler said", reply, err)
	}
	if _, err = d.Do(t.Context(), web.Act{Person: "sam", Did: chat.Pressed{Call: "undo 17"}}); err != nil {
		t.Fatal(err)
	}
	sam := d.People()[0]
	seen := d.Seen(sam, d.Direct(sam))
	if len(seen) != 2 || !strings.HasPrefix(seen[1].Text, "Taken back") {
		t.Errorf("seen = %+v, want the line, and the receipt replaced by its button", seen)
	}
	for _, did := range []chat.Did{chat.Typed{Text: "checkin"}, chat.Pressed{Call: "checkin form"}, chat.Submitted{Call: "checkin done"}} {
		if _, err = d.Do(t.Context(), web.Act{Person: "sam", Did: did}); err != nil {
			t.Fatal(err)
		}
	}
	seen = d.Seen(sam, d.Direct(sam))
	if len(seen) != 4 || !strings.HasPrefix(seen[3].Text, "Checked in") {
		t.Errorf("seen = %+v, want the check-in replaced by what its form came to", seen)
	}
	if _, err = d.Do(t.Context(), web.Act{Person: "nobody", Did: chat.Wrote{Text: "x"}}); err == nil {
		t.Error("Do as nobody = nil, want an error")
	}
	if _, err = d.Do(t.Context(), web.Act{Person: "sam", Room: "dm-priya", Did: chat.Wrote{Text: "x"}}); err == nil {
		t.Error("Do in someone else's direct room = nil, want an error")
	}
}

func TestPublicAnswerNamesItsCommand(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, Commands: sampleCommands, People: team()})
	do(t, d.Workspace, "sam", "team", chat.Typed{Text: "leaderboard last season £100"})
	for _, a := range d.page("/as/priya/team").all(named("article")) {
		if got := a.first(class("via")).words(); got != "Sam used /leaderboard" {
			t.Errorf("the answer is headed %q, want the command without its arguments", got)
		}
	}
}

// A room holds its last messages; what was with the others is gone with them.
func TestKeep(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team(), Keep: 3})
	to := chat.Address{Platform: "local", Space: "local", Room: "team"}
	send := func(key string) chat.Receipt {
		t.Helper()
		r, err := d.Send(t.Context(), to, chat.Message{Blocks: []chat.Block{
			chat.T("message ", key), chat.Image{Name: "a.png", PNG: bars(), Alt: "x"},
		}}, key)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first := send("0")
	picture := d.page("/as/sam/team").first(class("picture")).attr["src"]
	if resp, body := d.get(picture); resp.StatusCode != http.StatusOK || body != string(bars()) {
		t.Errorf("GET %s = %s, want the picture", picture, resp.Status)
	}
	for _, key := range []string{"1", "2", "3", "4"} {
		send(key)
	}
	if n := len(d.page("/as/sam/team").all(named("article"))); n != 3 {
		t.Errorf("%d messages, want the last 3", n)
	}
	if resp, _ := d.get(picture); resp.StatusCode != http.StatusNotFound {
		t.Errorf("GET %s = %s, want it gone with its message", picture, resp.Status)
	}
	var e *chat.Error
	if err := d.Edit(t.Context(), first, chat.Message{}); !errors.As(err, &e) || e.Kind != chat.Gone {
		t.Errorf("Edit = %v, want it gone", err)
	}
	if r := send("4"); r.Message == first.Message || len(d.page("/as/sam/team").all(named("article"))) != 3 {
		t.Error("a key that is still kept was posted again")
	}
}

func TestEarlier(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team()})
	for range 250 {
		do(t, d.Workspace, "sam", "team", chat.Wrote{Text: "hello"})
	}
	page := d.page("/as/priya/team")
	total := len(page.all(named("article")))
	for b := page.first(class("earlier")); b != nil; b = page.first(class("earlier")) {
		page = d.page(b.attr["hx-get"])
		total += len(page.all(named("article")))
	}
	if total != 250 {
		t.Errorf("%d messages in all, want 250", total)
	}
	if resp, _ := d.get("/as/priya/team/earlier?before=x"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("earlier than nothing = %s, want it refused", resp.Status)
	}
}

func TestFiles(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team()})
	to := chat.Address{Platform: "local", Space: "local", Person: "sam"}
	for i, c := range []struct {
		file        chat.File
		typ, dispos string
	}{
		{chat.File{Name: "export.csv", Type: "text/csv", Data: []byte("a,b\n")}, "text/csv", "attachment; filename=export.csv"},
		{chat.File{Name: `../"ö.html`, Type: "text/html; charset=utf-8", Data: []byte("<script>1</script>")}, "text/html; charset=utf-8", "attachment;"},
		{chat.File{Name: "x", Type: "no type\r\nX: y", Data: []byte("<b>")}, "application/octet-stream", "attachment;"},
	} {
		if _, err := d.Send(t.Context(), to, chat.Message{Blocks: []chat.Block{c.file}}, ""); err != nil {
			t.Fatal(err)
		}
		link := d.page("/as/sam/dm-sam").all(class("file"))[i]
		resp, body := d.get(link.attr["href"])
		h := resp.Header
		if h.Get("Content-Type") != c.typ || !strings.HasPrefix(h.Get("Content-Disposition"), c.dispos) || body != string(c.file.Data) {
			t.Errorf("%s is served as %q, %q: %q", c.file.Name, h.Get("Content-Type"), h.Get("Content-Disposition"), body)
		}
		if csp := h.Get("Content-Security-Policy"); csp != "default-src 'none'; sandbox" {
			t.Errorf("policy of a file = %q, want one under which nothing runs", csp)
		}
	}
}

// What is under way is waited for; new things are refused; nothing is left behind.
func TestClose(t *testing.T) {
	before := goleak.IgnoreCurrent()
	var script chattest.Script
	d := newDesk(t, web.Config{Handler: &script, People: team()})
	entered, release := make(chan struct{}), make(chan struct{})
	script.AnswerWith(func(ctx context.Context, _ chat.Event) chat.Reply {
		close(entered)
		select {
		case <-release:
			return chat.Tell(chat.T("done"))
		case <-ctx.Done():
			return nil
		}
	})
	answered := make(chan chat.Reply)
	go func() {
		r, _ := d.Do(context.Background(), web.Act{Person: "sam", Did: chat.Typed{Text: "report"}})
		answered <- r
	}()
	<-entered
	events := d.listen("/as/sam/dm-sam/live?since="+d.since("sam", "dm-sam"), "")
	events.next()

	closed := make(chan error)
	go func() { closed <- d.Close(context.Background()) }()
	events.ended()
	if _, err := d.Do(t.Context(), web.Act{Person: "sam", Did: chat.Typed{Text: "late"}}); err == nil {
		t.Error("Do while closing = nil, want it refused")
	}
	if resp, _ := d.get("/as/sam/dm-sam/live?since=x"); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a stream while closing = %s, want it refused", resp.Status)
	}
	close(release)
	if r := <-answered; r == nil {
		t.Error("what was under way was broken off")
	}
	if err := <-closed; err != nil {
		t.Errorf("Close = %v", err)
	}
	if err := d.Stop(t.Context()); err != nil {
		t.Errorf("Close again = %v", err)
	}
	goleak.VerifyNone(t, before)
}

func TestCloseGivesUp(t *testing.T) {
	var script chattest.Script
	d := newDesk(t, web.Config{Handler: &script, People: team()})
	entered := make(chan struct{})
	script.AnswerWith(func(ctx context.Context, _ chat.Event) chat.Reply {
		close(entered)
		<-ctx.Done()
		return nil
	})
	answered := make(chan error)
	go func() {
		_, err := d.Do(context.Background(), web.Act{Person: "sam", Did: chat.Typed{Text: "report"}})
		answered <- err
	}()
	<-entered
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := d.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close = %v, want that it could not wait", err)
	}
	<-answered
}

// TestInARoomForOneAlone: here everybody can be written to, so that goes to them directly.
func TestInARoomForOneAlone(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team()})
	direct, err := d.Send(t.Context(), chat.Address{Platform: "local", Space: "local", Person: "sam"}, chat.Message{Summary: "first"}, "1")
	if err != nil {
		t.Fatal(err)
	}
	both, err := d.Send(t.Context(), chat.Address{Platform: "local", Space: "local", Person: "sam", Room: "team"}, chat.Message{Summary: "second"}, "2")
	if err != nil || both.Room != direct.Room {
		t.Errorf("sent to %+v, %v, want sam's own room %s", both, err, direct.Room)
	}
	if err := d.Edit(t.Context(), both, chat.Message{Summary: "third"}); err != nil {
		t.Errorf("Edit = %v, want it edited", err)
	}
}
