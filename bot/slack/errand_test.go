package slack

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/slack/slacktest"
)

// A visit is the adapter in a workspace of the fake Slack, which holds all that is sent against
// Slack's limits. U1 is Ann; C1 is shared with Bob.
type visit struct {
	*slacktest.Workspace
	slack  *slacktest.Slack
	script *chattest.Script
}

func newVisit(t *testing.T) *visit {
	t.Helper()
	s := slacktest.New(t)
	w := s.Workspace("T1", "Acme")
	w.AddUser(slacktest.User{ID: "U1", Name: "ann", RealName: "Ann", Zone: "Europe/London", Locale: "en-GB"})
	w.AddUser(slacktest.User{ID: "U2", Name: "bob", RealName: "Bob", Zone: "Europe/London", Locale: "en-GB"})
	w.AddUser(slacktest.User{ID: "U3", Name: "eve", RealName: "Eve", Deleted: true})
	token := w.Install()
	w.AddRoom(slacktest.Room{ID: shared, Name: "team", Members: []string{"U1", "U2", "U3", w.BotUser()}})
	v := &visit{Workspace: w, slack: s, script: &chattest.Script{}}
	a, err := New(Config{Handler: v.script, Commands: standCommands, BotToken: chat.NewSecret(token),
		SigningSecret: chat.NewSecret(s.SigningSecret()), APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a)
	s.DeliverTo(server.URL)
	t.Cleanup(func() {
		_ = a.Close(context.Background())
		server.Close()
		for _, ack := range s.Acks() {
			if !ack.OK || ack.After > 2500*time.Millisecond {
				t.Errorf("a delivery of %s was acknowledged after %s, %t", ack.Kind, ack.After, ack.OK)
			}
		}
	})
	return v
}

// sees waits until something holds.
func sees(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("never saw %s", what)
		case <-again.C:
		}
	}
}

func (v *visit) said(t *testing.T, user, room, text string) slacktest.Post {
	t.Helper()
	var found slacktest.Post
	sees(t, text, func() bool {
		all := v.Seen(user, room)
		i := slices.IndexFunc(all, func(p slacktest.Post) bool { return p.Bot && strings.Contains(p.Text, text) })
		if i >= 0 {
			found = all[i]
		}
		return i >= 0
	})
	return found
}

func (v *visit) form(t *testing.T, holds func(slacktest.Form) bool) {
	t.Helper()
	sees(t, "the form", func() bool {
		f, ok := v.Form("U1")
		return ok && holds(f)
	})
}

func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestVisitHome(t *testing.T) {
	v := newVisit(t)
	v.script.AnswerWith(homely(chat.OpenForm{Form: week()}))
	done(t, v.OpenHome("h1", "U1"))
	sees(t, "the Home", func() bool { p, ok := v.Home("U1"); return ok && strings.Contains(p.Text, "Your week") })
	done(t, v.Press("p1", "U1", "", "", "Check in"))
	v.form(t, func(f slacktest.Form) bool { return len(f.Fields) == 2 })
	v.script.AnswerWith(func(_ context.Context, e chat.Event) chat.Reply {
		if did, ok := e.Did.(chat.Pressed); ok && did.Call == homeCall {
			return chat.Tell(chat.T("Checked in, 7 weeks in a row"))
		}
		return chat.Update{Message: plainWords("Thank you")}
	})
	done(t, v.Fill("f1", "U1", map[string]string{"BNI": "5h"}))
	v.said(t, "U1", v.Direct("U1"), "Thank you")
	sees(t, "the Home anew", func() bool { p, ok := v.Home("U1"); return ok && strings.Contains(p.Text, "7 weeks") })
}

func TestVisitTampered(t *testing.T) {
	v := newVisit(t)
	v.script.Answer(chat.OpenForm{Form: week()})
	done(t, v.Command("c1", "U1", shared, "/checkin"))
	v.form(t, func(f slacktest.Form) bool { return len(f.Fields) == 2 })
	v.Tamper("U1", func(s string) string { return strings.Replace(s, "checkin save", "forget yes", 1) })
	done(t, v.Fill("f1", "U1", nil))
	v.form(t, func(f slacktest.Form) bool {
		return strings.Contains(f.Intro, "before I changed") && len(f.Fields) == 0
	})
	if n := len(v.script.Events()); n != 1 {
		t.Errorf("%d events, want the opening alone", n)
	}
}

// With a handler that is slower than Slack waits, a form opens, is taken, and is answered.
func TestVisitSlow(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	release := make(chan chat.Reply)
	v.script.AnswerWith(func(ctx context.Context, _ chat.Event) chat.Reply {
		select {
		case r := <-release:
			return r
		case <-ctx.Done():
			return nil
		}
	})
	done(t, v.Command("c1", "U1", shared, "/checkin"))
	v.form(t, func(f slacktest.Form) bool { return strings.Contains(f.Intro, "One moment") })
	release <- chat.OpenForm{Form: week()}
	v.form(t, func(f slacktest.Form) bool { return len(f.Fields) == 2 })
	done(t, v.Fill("f1", "U1", map[string]string{"BNI": "5h <b>"}))
	v.form(t, func(f slacktest.Form) bool { return strings.Contains(f.Intro, "Saving") })
	release <- chat.OpenForm{Form: wrong()}
	v.form(t, func(f slacktest.Form) bool {
		return len(f.Fields) == 2 && f.Fields[0].Error == "Of what?" && f.Fields[0].Value == "5h <b>"
	})
	done(t, v.Fill("f2", "U1", map[string]string{"BNI": "5h"}))
	release <- chat.Whisper(chat.T("Checked in"))
	v.form(t, func(f slacktest.Form) bool { return strings.Contains(f.Intro, "Checked in") })
	if seen := v.Seen("U1", shared); len(seen) != 0 {
		t.Errorf("posted %+v, want nothing that the form has said", seen)
	}
}

func TestVisitClosedMeanwhile(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	v.slack.Expect("not_found")
	release := make(chan chat.Reply)
	v.script.AnswerWith(func(context.Context, chat.Event) chat.Reply { return <-release })
	done(t, v.Command("c1", "U1", shared, "/checkin"))
	v.form(t, func(f slacktest.Form) bool { return strings.Contains(f.Intro, "One moment") })
	v.CloseForm("U1")
	release <- chat.OpenForm{Form: week()}
	offer := v.said(t, "U1", shared, "The form is ready.")
	if !offer.Private {
		t.Error("the form is offered to all, want it to its person alone")
	}
	v.script.Answer(chat.OpenForm{Form: week()})
	done(t, v.Press("p1", "U1", shared, offer.TS, "Open the form"))
	v.form(t, func(f slacktest.Form) bool { return len(f.Fields) == 2 })
	if did := v.script.Events()[1].Did; did != (chat.Pressed{Call: "checkin"}) {
		t.Errorf("the offer does %#v, want the command again", did)
	}
}

func TestVisitFile(t *testing.T) {
	v := newVisit(t)
	v.script.Answer(chat.Whisper(chat.T("All of it"), chat.File{Name: "export.csv", Type: "text/csv", Data: []byte("a\n")}))
	done(t, v.Command("c1", "U1", shared, "/payoff export"))
	note := v.said(t, "U1", shared, "export.csv")
	if !note.Private || !strings.Contains(note.Text, "direct conversation") {
		t.Errorf("said %+v, want where the file is, to its person alone", note)
	}
	sees(t, "the file", func() bool {
		return slices.ContainsFunc(v.Seen("U1", v.Direct("U1")), func(p slacktest.Post) bool { return slices.Equal(p.Files, []string{"export.csv"}) })
	})
	for _, p := range v.Seen("U2", shared) {
		t.Errorf("Bob sees %+v", p)
	}
}

func TestVisitShortcut(t *testing.T) {
	v := newVisit(t)
	done(t, v.Write("w1", "U2", shared, "2h with <jo> at example.com"))
	said := v.Seen("U1", shared)[0]
	v.script.Answer(chat.Update{Message: plainWords("Logged 2 h")})
	done(t, v.Shortcut("s1", "U1", shared, said.TS, "log"))
	if post := v.said(t, "U1", shared, "Logged 2 h"); !post.Private {
		t.Error("what was said of Bob's message is for all, want it for Ann alone")
	}
	if did := v.script.Events()[0].Did; did != (chat.Pressed{Call: "log 2h with <jo> at example.com"}) {
		t.Errorf("Did = %#v, want the command with the message's words", did)
	}
	if kept := v.Seen("U2", shared); len(kept) != 1 || kept[0].Text != said.Text {
		t.Errorf("Bob's message became %+v", kept)
	}
}

// A deactivated user and a bot are not answered; who comes after them is.
func TestVisitNobody(t *testing.T) {
	v := newVisit(t)
	v.AddUser(slacktest.User{ID: "U4", Name: "robot", RealName: "Robot", Bot: true})
	v.script.Answer(chat.Tell(chat.T("Hello")))
	done(t, v.Command("c1", "U3", shared, "/report"))
	done(t, v.Write("w1", "U4", v.Direct("U4"), "2h"))
	done(t, v.Command("c2", "U1", shared, "/report"))
	v.said(t, "U1", shared, "Hello")
	if events := v.script.Events(); len(events) != 1 || events[0].From.ID != "U1" {
		t.Errorf("events = %+v, want Ann's alone", events)
	}
}
