package nudge_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/goals/engine"
)

// postedBoard is a team with a board that was posted, as “first”, and is to show something else.
func postedBoard(t *testing.T) (s *scene, says func(string), change func()) {
	t.Helper()
	s = newScene(t)
	s.now = time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	ctx := t.Context()
	room, said, hidden := "traders", "first", false
	s.nudger = nudge.New(nudge.Config{
		Engine: s.engine, Senders: map[string]chat.Sender{"local": &s.platform}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Compose: func(_ context.Context, out engine.Outgoing) (chat.Message, error) {
			if out.What != "board" {
				return chat.Message{}, nil
			}
			return chat.Message{Blocks: []chat.Block{chat.T(said)}}, nil
		},
	})
	if _, err := s.engine.ChangeTeam(ctx, engine.Request{Actor: s.actor, Event: "room"}, engine.TeamChange{Room: &room}); err != nil {
		t.Fatal(err)
	}
	s.now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if _, err := s.nudger.RunOnce(ctx); err != nil {
		t.Fatal(err)
	}
	s.sent(t, 1)
	return s, func(words string) { said = words }, func() {
		hidden = !hidden
		_, err := s.engine.SetPrivacy(ctx, engine.Request{Actor: s.actor, Event: s.now.String()}, &hidden, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.now = s.now.Add(5 * time.Minute)
	}
}

// shows holds what stands on the platform against what should.
func (s *scene) shows(t *testing.T, words string, edits int) {
	t.Helper()
	m := s.platform.Sent()[0]
	if got := m.Message.Plain(); got != words || m.Edits != edits {
		t.Errorf("the board shows %q after %d edits, want %q after %d", got, m.Edits, words, edits)
	}
}

func TestBoardIsEditedInPlace(t *testing.T) {
	s, says, change := postedBoard(t)
	change()
	s.run(t, nudge.Count{Claimed: 1, Dropped: 1}) // it would show what it shows
	s.shows(t, "first", 0)
	says("second")
	change()
	s.run(t, nudge.Count{Claimed: 1, Sent: 1})
	s.shows(t, "second", 1)
	change()
	s.run(t, nudge.Count{Claimed: 1, Dropped: 1})
	says("first")
	change()
	s.run(t, nudge.Count{Claimed: 1, Sent: 1})
	s.shows(t, "first", 2)
	s.sent(t, 1)
}

// TestEditIsTriedAgain: as it is with any message; one that fails for good leaves the next to try.
func TestEditIsTriedAgain(t *testing.T) {
	s, says, change := postedBoard(t)
	says("second")
	change()
	s.platform.Fail(chat.Transient)
	s.run(t, nudge.Count{Claimed: 1, Failed: 1})
	says("third")
	s.now = s.now.Add(time.Hour)
	s.run(t, nudge.Count{Sent: 1})
	s.shows(t, "third", 1)
	says("fourth")
	change()
	s.platform.Fail(chat.Invalid)
	s.run(t, nudge.Count{Claimed: 1, Failed: 1})
	change()
	s.run(t, nudge.Count{Claimed: 1, Sent: 1})
	s.shows(t, "fourth", 2)
}

// TestNothingLeftToEdit: a board that somebody deleted is let be, and nobody is told.
func TestNothingLeftToEdit(t *testing.T) {
	s, says, change := postedBoard(t)
	says("second")
	change()
	s.platform.Fail(chat.Gone)
	s.run(t, nudge.Count{Claimed: 1, Dropped: 1})
	out, err := s.engine.Outbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range out {
		if m.Edit != "" {
			t.Errorf("the outbox still holds %+v", m)
		}
	}
}
