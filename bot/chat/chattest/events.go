package chattest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"payoff/bot/chat"
)

var eventTests = []test{
	{"typed command", testTyped},
	{"typed below payoff", testBelowPayoff},
	{"plain words", testWrote},
	{"words among people", testChatter},
	{"button", testPressed},
	{"admin is looked up", testAdmin},
	{"delivered twice", testTwice},
}

// checkEvent holds an event to who and where. What was done is checked apart, and the ID in
// testTwice.
func checkEvent(t *testing.T, e chat.Event, from chat.Person, in chat.Room) {
	t.Helper()
	want := chat.Event{From: from, Room: in}
	if diff := cmp.Diff(want, e, cmpopts.IgnoreFields(chat.Event{}, "ID", "Did", "Admin")); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	if e.ID == "" {
		t.Error("Event.ID is empty")
	}
}

// typed is all that a command says: its words, and what the platform took apart.
func typed(t *testing.T, e chat.Event) string {
	t.Helper()
	did, ok := e.Did.(chat.Typed)
	if !ok {
		t.Fatalf("Did = %#v, want chat.Typed", e.Did)
	}
	words := []string{did.Text}
	for _, name := range slices.Sorted(maps.Keys(did.Options)) {
		words = append(words, did.Options[name])
	}
	return strings.Join(words, " ")
}

func testTyped(t *testing.T, s *stage) {
	s.ok(s.Type("e1", s.ann, s.shared, "/log 2h BNI £25 *4 contacts* <yesterday>"))
	e := s.event(1)
	checkEvent(t, e, s.ann, s.shared)
	if got, want := typed(t, e), "log 2h BNI £25 *4 contacts* <yesterday>"; got != want {
		t.Errorf("typed = %q, want %q", got, want)
	}
	s.ok(s.Type("e2", s.bob, s.Direct(s.bob), "/report"))
	e = s.event(2)
	checkEvent(t, e, s.bob, s.Direct(s.bob))
	if got := typed(t, e); got != "report" {
		t.Errorf("typed = %q, want %q", got, "report")
	}
}

func testBelowPayoff(t *testing.T, s *stage) {
	s.ok(s.Type("e1", s.ann, s.shared, "/payoff goal show"))
	if got := typed(t, s.event(1)); got != "goal show" {
		t.Errorf("typed = %q, want %q", got, "goal show")
	}
	s.ok(s.Type("e2", s.ann, s.shared, "/payoff"))
	// Where a command that has subcommands cannot be typed alone, help stands for it.
	if got := typed(t, s.event(2)); got != "" && got != "help" {
		t.Errorf("typed = %q, want nothing, or help", got)
	}
}

// listens leaves a test of plain words out where the platform brings none.
func (s *stage) listens() {
	if _, deaf := s.Adapter.(Deaf); deaf {
		s.t.Skip("this platform brings the bot no plain words")
	}
}

func testWrote(t *testing.T, s *stage) {
	s.listens()
	const text = "2h BNI <b>£25</b> & *4* `contacts`\nLinkedIn 90m"
	s.ok(s.Type("e1", s.bob, s.Direct(s.bob), text))
	e := s.event(1)
	checkEvent(t, e, s.bob, s.Direct(s.bob))
	if diff := cmp.Diff(chat.Did(chat.Wrote{Text: text}), e.Did); diff != "" {
		t.Errorf("Did (-want +got):\n%s", diff)
	}
}

func testChatter(t *testing.T, s *stage) {
	s.ok(s.Type("e1", s.ann, s.shared, "Morning all"))
	s.ok(s.Type("e2", s.ann, s.shared, "/help"))
	if got := typed(t, s.event(1)); got != "help" {
		t.Errorf("the first event is %q, want the command: words among people are not for the bot", got)
	}
	until(t, "the words to be seen", func() bool {
		return slices.ContainsFunc(s.Seen(s.bob, s.shared), func(m Shown) bool { return !m.Bot && read(m.Text) == "Morning all" })
	})
}

func testPressed(t *testing.T, s *stage) {
	calls := map[string]string{"Check in": "checkin 2026-W46 form", "Skip": `checkin skip "2026-W46" & more`}
	_, err := s.Send(t.Context(), s.to(s.ann), chat.Message{Blocks: []chat.Block{
		chat.T("Your week"),
		chat.Actions{{Label: "Check in", Call: calls["Check in"], Style: chat.Primary}},
		chat.Actions{{Label: "Skip", Call: calls["Skip"], Style: chat.Danger}},
	}}, "week")
	s.ok(err)
	direct := s.Direct(s.ann)
	n := 0
	for _, label := range []string{"Skip", "Check in"} {
		n++
		s.ok(s.Press("e"+label[:1], s.ann, direct, s.said(s.ann, direct, "Your week"), label))
		e := s.event(n)
		checkEvent(t, e, s.ann, direct)
		if diff := cmp.Diff(chat.Did(chat.Pressed{Call: calls[label]}), e.Did); diff != "" {
			t.Errorf("Did (-want +got):\n%s", diff)
		}
	}
}

func testAdmin(t *testing.T, s *stage) {
	for i, p := range []chat.Person{s.ann, s.bob} {
		s.ok(s.Type("e"+p.ID, p, s.shared, "/team"))
		e := s.event(i + 1)
		got := false
		if e.Admin != nil {
			var err error
			got, err = e.Admin(t.Context())
			s.ok(err)
		}
		if want := i == 0; got != want {
			t.Errorf("Admin of %s = %t, want %t", p.Name, got, want)
		}
	}
}

func testTwice(t *testing.T, s *stage) {
	s.script.Answer(chat.Tell(chat.T("Logged."), chat.Actions{{Label: "Undo", Call: "undo 1"}}))
	direct := s.Direct(s.ann)
	for range 2 {
		s.ok(s.Type("line", s.ann, direct, "/log 2h BNI"))
	}
	events := 3
	if _, deaf := s.Adapter.(Deaf); !deaf {
		events++
		for range 2 {
			s.ok(s.Type("words", s.ann, direct, "2h BNI"))
		}
	}
	m := s.said(s.ann, direct, "Logged.")
	s.script.Answer(chat.Update{Message: say("Taken back.")})
	for range 2 {
		s.ok(s.Press("undo", s.ann, direct, m, "Undo"))
	}
	s.said(s.ann, direct, "Taken back.")
	s.ok(s.Type("last", s.ann, direct, "/help"))
	until(t, "the last event", func() bool { return len(byID(s.script.Events())) == events })
	for id, dids := range byID(s.script.Events()) {
		for _, did := range dids[1:] {
			if diff := cmp.Diff(dids[0], did); diff != "" {
				t.Errorf("events with the ID %s differ:\n%s", id, diff)
			}
		}
	}
}

func byID(events []chat.Event) map[string][]chat.Did {
	all := map[string][]chat.Did{}
	for _, e := range events {
		all[e.ID] = append(all[e.ID], e.Did)
	}
	return all
}
