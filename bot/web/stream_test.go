package web_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/web"
)

// A listener is a page that follows a room.
type listener struct {
	t      testing.TB
	cancel context.CancelFunc
	events chan event // closed when the stream ends
}

type event struct{ name, data, id string }

// since is what a page that is loaded now has seen.
func (d *desk) since(person, room string) string {
	return d.page("/as/" + person + "/" + room).first(id("room")).attr["data-since"]
}

func (d *desk) listen(path, last string) *listener {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.srv.URL+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := d.client.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		d.t.Fatalf("Content-Type = %q: %s", got, resp.Status)
	}
	l := &listener{d.t, cancel, make(chan event)}
	go l.read(ctx, resp.Body)
	d.t.Cleanup(func() {
		cancel()
		for range l.events { // until it has ended
		}
	})
	return l
}

// read takes the stream apart until it ends.
func (l *listener) read(ctx context.Context, body io.ReadCloser) {
	defer close(l.events)
	defer body.Close()
	scan := bufio.NewScanner(body)
	scan.Buffer(nil, 1<<20)
	var e event
	for scan.Scan() {
		switch field, value, _ := strings.Cut(scan.Text(), ": "); field {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			e.data += value + "\n"
		case "":
			if value != "" {
				e.name = "comment"
			}
			select {
			case l.events <- e:
			case <-ctx.Done():
				return
			}
			e = event{}
		}
	}
}

func (l *listener) next() event {
	l.t.Helper()
	e, ok := <-l.events
	if !ok {
		l.t.Fatal("the stream has ended")
	}
	return e
}

// until reads to the event of this name, and says which it passed over.
func (l *listener) until(name string) (event, []event) {
	l.t.Helper()
	var passed []event
	for {
		e := l.next()
		if e.name == name {
			return e, passed
		}
		passed = append(passed, e)
	}
}

func (l *listener) ended() {
	l.t.Helper()
	for range l.events {
	}
}

// says is the body of a message.
func says(article *node) string { return strings.TrimSpace(article.first(class("body")).words()) }

func (l *listener) article() *node {
	l.t.Helper()
	e, _ := l.until("message")
	return parse(l.t, e.data).first(named("article"))
}

func TestLive(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, Commands: sampleCommands, People: team(),
		Clock: web.NewClock(func() time.Time { return morning }, 0)})
	priya := d.listen("/as/priya/team/live?since="+d.since("priya", "team"), "")

	do(t, d.Workspace, "sam", "team", chat.Wrote{Text: "Morning <all>"})
	if a := priya.article(); says(a) != "Morning <all>" || a.first(class("by")).words("time") == "" {
		t.Errorf("live message = %q", a.words())
	}
	do(t, d.Workspace, "sam", "team", chat.Typed{Text: "report"})      // for Sam alone
	do(t, d.Workspace, "priya", "", chat.Wrote{Text: "2h BNI"})        // answered in another room
	do(t, d.Workspace, "sam", "team", chat.Typed{Text: "leaderboard"}) // for all
	a := priya.article()
	if !strings.Contains(a.words(), "Where the team stands") {
		t.Errorf("the next message for Priya is %q, want the one for all", a.words())
	}
	if e, _ := priya.until("unread"); !strings.Contains(e.data, "dm-priya") || e.id == "" {
		t.Errorf("unread = %+v, want her direct room", e)
	}

	r, err := d.Send(t.Context(), chat.Address{Platform: "local", Space: "local", Room: "team"}, chat.Message{Summary: "first"}, "k")
	if err != nil {
		t.Fatal(err)
	}
	sent := priya.article()
	if err := d.Edit(t.Context(), r, chat.Message{Summary: "second"}); err != nil {
		t.Fatal(err)
	}
	edited := priya.article()
	if edited.attr["id"] != sent.attr["id"] || !strings.Contains(edited.words(), "second") {
		t.Errorf("edited %s to %q, want the same message changed", edited.attr["id"], edited.words())
	}
	if err := d.MoveTo(t.Context(), morning.AddDate(0, 0, 7)); err != nil {
		t.Fatal(err)
	}
	if e, _ := priya.until("clock"); !strings.Contains(e.data, "Sun 22 Nov 2026, 09:41") || !strings.Contains(e.data, "1 week ahead") {
		t.Errorf("clock = %q, want a week on", e.data)
	}
	if _, err := d.AddPerson(t.Context(), web.Person{Name: "Jörg"}); err != nil {
		t.Fatal(err)
	}
	if e, _ := priya.until("people"); !strings.Contains(e.data, "Jörg") {
		t.Errorf("people = %q, want the newcomer", e.data)
	}
}

// A page that lost its stream catches up from the last event it saw.
func TestLiveResumes(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team(), Keep: 5})
	first := d.listen("/as/priya/team/live?since="+d.since("priya", "team"), "")
	do(t, d.Workspace, "sam", "team", chat.Wrote{Text: "one"})
	first.article()
	seen, _ := first.until("unread")
	first.cancel()
	do(t, d.Workspace, "sam", "team", chat.Wrote{Text: "two"})
	do(t, d.Workspace, "sam", "team", chat.Wrote{Text: "three"})

	second := d.listen("/as/priya/team/live?since=ignored", seen.id)
	for _, want := range []string{"two", "three"} {
		if a := second.article(); says(a) != want {
			t.Errorf("message = %q, want %q", a.words(), want)
		}
	}
	second.cancel()
	for range 6 {
		do(t, d.Workspace, "sam", "team", chat.Wrote{Text: "more than is kept"})
	}
	for _, last := range []string{seen.id, "", "nonsense", "AAAAAAAA-1"} {
		l := d.listen("/as/priya/team/live?since=", last)
		if e := l.next(); e.name != "reload" {
			t.Errorf("after %q the first event is %+v, want reload", last, e)
		}
		l.cancel()
	}
}

func TestHeartbeat(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team(), Heartbeat: time.Millisecond})
	l := d.listen("/as/sam/team/live?since="+d.since("sam", "team"), "")
	l.until("comment")
	l.until("comment")
}

// The time limits of a server are for requests, not for streams.
func TestLiveOutlastsServerLimits(t *testing.T) {
	d := newDesk(t, web.Config{Handler: sample{}, People: team(), Heartbeat: 100 * time.Millisecond})
	d.srv.Close()
	d.srv = httptest.NewUnstartedServer(d.Workspace)
	d.srv.Config.ReadTimeout, d.srv.Config.WriteTimeout = 30*time.Millisecond, 30*time.Millisecond
	d.srv.Start()
	l := d.listen("/as/sam/team/live?since="+d.since("sam", "team"), "")
	l.until("comment")
	l.until("comment")
	do(t, d.Workspace, "priya", "team", chat.Wrote{Text: "hello"})
	l.article()
}

// A new day begins with its name, and words that follow closely stand together.
func TestDaysAndPauses(t *testing.T) {
	now := morning
	clock := web.NewClock(func() time.Time { return now }, 0)
	d := newDesk(t, web.Config{Handler: sample{}, People: team(), Clock: clock})
	l := d.listen("/as/sam/team/live?since="+d.since("sam", "team"), "")
	for _, step := range []time.Duration{0, time.Minute, 10 * time.Minute, 24 * time.Hour} {
		if err := clock.Advance(step); err != nil {
			t.Fatal(err)
		}
		do(t, d.Workspace, "sam", "team", chat.Wrote{Text: "hello"})
		live := l.article()
		all := d.page("/as/sam/team").all(named("article"))
		if page := all[len(all)-1]; page.words() != live.words() || page.attr["class"] != live.attr["class"] {
			t.Errorf("the page shows %q (%s), the stream %q (%s)", page.words(), page.attr["class"], live.words(), live.attr["class"])
		}
		day, follows := live.first(class("day")).words(), class("continues")(live)
		if wantDay := step == 0 || step > time.Hour; (day != "") != wantDay || follows != (step == time.Minute) {
			t.Errorf("after %s: day %q, continues %t", step, day, follows)
		}
	}
}
