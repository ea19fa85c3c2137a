package chattest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/bot/chat"
)

// patience bounds every wait of the suite; adapters that work need milliseconds.
const patience = 10 * time.Second

// until waits for what comes without being asked for.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("waited %s for %s", patience, what)
		case <-again.C:
		}
	}
}

func (s *stage) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// event waits for the n-th event, counted from 1.
func (s *stage) event(n int) chat.Event {
	s.t.Helper()
	until(s.t, "an event", func() bool { return len(s.script.Events()) >= n })
	return s.script.Events()[n-1]
}

// said waits until a person sees a message of the bot that says text, and returns it.
func (s *stage) said(p chat.Person, in chat.Room, text string) Shown {
	s.t.Helper()
	var found Shown
	until(s.t, p.Name+" to see "+text, func() bool {
		var ok bool
		found, ok = s.find(p, in, text)
		return ok
	})
	return found
}

func (s *stage) find(p chat.Person, in chat.Room, text string) (Shown, bool) {
	seen := s.Seen(p, in)
	i := slices.IndexFunc(seen, func(m Shown) bool { return m.Bot && strings.Contains(read(m.Text), read(text)) })
	if i < 0 {
		return Shown{}, false
	}
	return seen[i], true
}

// unsaid fails when a person sees a message of the bot that says text. It tells something
// only after what came later has been seen.
func (s *stage) unsaid(p chat.Person, in chat.Room, text string) {
	s.t.Helper()
	if m, ok := s.find(p, in, text); ok {
		s.t.Errorf("%s sees %q in %s, want nothing of it", p.Name, m.Text, in.ID)
	}
}

// all is what the bot has said to a person in a room, one after the other.
func (s *stage) all(p chat.Person, in chat.Room) Shown {
	var all Shown
	for _, m := range s.Seen(p, in) {
		if m.Bot {
			all.Text += m.Text + "\n"
			all.Buttons = append(all.Buttons, m.Buttons...)
			all.Images = append(all.Images, m.Images...)
			all.Files = append(all.Files, m.Files...)
		}
	}
	return all
}

// form waits for the form before a person and returns it when it is as wanted.
func (s *stage) form(p chat.Person, what string, wanted func(ShownForm) bool) ShownForm {
	s.t.Helper()
	var f ShownForm
	until(s.t, what, func() bool {
		var ok bool
		f, ok = s.Form(p)
		return ok && wanted(f)
	})
	return f
}

// read is text as an eye takes it in: cleaned as all text is, spaces alike, and without what
// has no width, which an adapter may put in to break markup.
func read(s string) string {
	s = strings.NewReplacer("\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufe0e", "").Replace(chat.Clean(s))
	return strings.Join(strings.Fields(s), " ")
}

// say is a message of one line.
func say(text string) chat.Message { return chat.Message{Blocks: []chat.Block{chat.T(text)}} }

func (s *stage) to(p chat.Person) chat.Address {
	return chat.Address{Platform: p.Platform, Space: p.Space, Person: p.ID}
}

func (s *stage) toRoom(r chat.Room) chat.Address {
	return chat.Address{Platform: s.ann.Platform, Space: s.ann.Space, Room: r.ID}
}
