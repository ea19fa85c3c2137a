package chattest

import (
	"slices"
	"strings"
	"testing"

	"payoff/bot/chat"
)

var replyTests = []test{
	{"for everyone", testSay},
	{"private", testPrivate},
	{"several messages", testSeveral},
	{"update", testUpdate},
	{"update of a private message", testUpdatePrivate},
	{"update of nothing", testUpdateNothing},
	{"nothing", testNil},
}

func testSay(t *testing.T, s *stage) {
	s.script.Answer(chat.Tell(chat.T("Standings of ", chat.B("November"))))
	s.ok(s.Type("e1", s.ann, s.shared, "/leaderboard"))
	for _, p := range []chat.Person{s.ann, s.bob} {
		if m := s.said(p, s.shared, "Standings of November"); m.Private {
			t.Errorf("what %s sees is marked private, want it for everyone", p.Name)
		}
	}
}

func testPrivate(t *testing.T, s *stage) {
	s.script.Answer(chat.Whisper(chat.T("Your pace is 94%")))
	s.ok(s.Type("e1", s.ann, s.shared, "/report last quarter"))
	if m := s.said(s.ann, s.shared, "Your pace is 94%"); !m.Private {
		t.Error("a private answer is not marked as theirs alone")
	}
	s.script.Answer(chat.Tell(chat.T("For all")))
	s.ok(s.Type("e2", s.ann, s.shared, "/leaderboard"))
	s.said(s.bob, s.shared, "For all")
	s.unsaid(s.bob, s.shared, "Your pace")
	for _, m := range s.Seen(s.bob, s.shared) {
		if strings.Contains(m.Text, "last quarter") {
			t.Errorf("%s sees %q: what was asked for privately", s.bob.Name, m.Text)
		}
	}
}

func testSeveral(t *testing.T, s *stage) {
	s.script.Answer(chat.Say{Messages: []chat.Message{say("First"), say("Second"), say("Third")}})
	s.ok(s.Type("e1", s.ann, s.shared, "/history"))
	s.said(s.bob, s.shared, "Third")
	var order []string
	for _, m := range s.Seen(s.bob, s.shared) {
		for _, want := range []string{"First", "Second", "Third"} {
			if m.Bot && strings.Contains(m.Text, want) {
				order = append(order, want)
			}
		}
	}
	if !slices.Equal(order, []string{"First", "Second", "Third"}) {
		t.Errorf("messages = %v, want them in order", order)
	}
}

func receipt(text string) chat.Say {
	return chat.Tell(chat.T(text), chat.Actions{{Label: "Undo", Call: "undo 1"}})
}

func testUpdate(t *testing.T, s *stage) {
	s.script.Answer(receipt("Logged 2 h"))
	s.ok(s.Type("e1", s.ann, s.shared, "/log 2h"))
	m := s.said(s.ann, s.shared, "Logged 2 h")
	before := len(s.Seen(s.ann, s.shared))

	s.script.Answer(chat.Update{Message: say("Taken back")})
	s.ok(s.Press("e2", s.ann, s.shared, m, "Undo"))
	for _, p := range []chat.Person{s.ann, s.bob} {
		got := s.said(p, s.shared, "Taken back")
		s.unsaid(p, s.shared, "Logged 2 h")
		if len(got.Buttons) != 0 {
			t.Errorf("the replaced message still has the buttons %v", got.Buttons)
		}
	}
	if after := len(s.Seen(s.ann, s.shared)); after != before {
		t.Errorf("%d messages after the update, want %d as before", after, before)
	}
}

func testUpdatePrivate(t *testing.T, s *stage) {
	private := receipt("Logged 2 h")
	private.Private = true
	s.script.Answer(private)
	s.ok(s.Type("e1", s.ann, s.shared, "/log 2h"))
	m := s.said(s.ann, s.shared, "Logged 2 h")
	s.script.Answer(chat.Update{Message: say("Taken back")})
	s.ok(s.Press("e2", s.ann, s.shared, m, "Undo"))
	if got := s.said(s.ann, s.shared, "Taken back"); !got.Private {
		t.Error("the update of a private message is not private")
	}
	s.script.Answer(chat.Tell(chat.T("For all")))
	s.ok(s.Type("e3", s.ann, s.shared, "/leaderboard"))
	s.said(s.bob, s.shared, "For all")
	s.unsaid(s.bob, s.shared, "Taken back")
}

func testUpdateNothing(t *testing.T, s *stage) {
	s.script.Answer(chat.Update{Message: say("Nothing to replace")})
	s.ok(s.Type("e1", s.ann, s.shared, "/undo"))
	if m := s.said(s.ann, s.shared, "Nothing to replace"); !m.Private {
		t.Error("an update of nothing is said to all, want it to that person alone")
	}
	s.script.Answer(chat.Tell(chat.T("For all")))
	s.ok(s.Type("e2", s.ann, s.shared, "/leaderboard"))
	s.said(s.bob, s.shared, "For all")
	s.unsaid(s.bob, s.shared, "Nothing to replace")
}

func testNil(t *testing.T, s *stage) {
	s.ok(s.Type("e1", s.ann, s.shared, "/team"))
	s.event(1)
	s.script.Answer(chat.Tell(chat.T("Afterwards")))
	s.ok(s.Type("e2", s.ann, s.shared, "/team"))
	s.said(s.ann, s.shared, "Afterwards")
	said := 0
	for _, m := range s.Seen(s.ann, s.shared) {
		if m.Bot {
			said++
		}
	}
	if said != 1 {
		t.Errorf("the bot has said %d messages, want 1: no answer is none", said)
	}
}
