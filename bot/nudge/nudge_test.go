package nudge_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/nudge"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/storage"
	"payoff/storage/bolt"
)

// A scene is one owner with a check-in due on Monday at nine, and a platform that can fail.
type scene struct {
	now      time.Time
	engine   *engine.Engine
	actor    engine.Actor
	platform chattest.Platform
	nudger   *nudge.Nudger
	words    func() (chat.Message, error)
}

func newScene(t *testing.T) *scene {
	t.Helper()
	driver, err := bolt.Open(filepath.Join(t.TempDir(), "payoff.db"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &scene{now: time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)}
	s.words = func() (chat.Message, error) {
		return chat.Message{Blocks: []chat.Block{chat.T("How did the week go?")}}, nil
	}
	s.engine = engine.New(db, func() time.Time { return s.now })
	s.actor, err = s.engine.Meet(t.Context(), engine.Person{Platform: "local", Space: "local", ID: "sam", Name: "Sam", Zone: "UTC"})
	if err == nil {
		_, err = s.engine.SkipStart(t.Context(), engine.Request{Actor: s.actor, Event: "start"})
	}
	if err != nil {
		t.Fatal(err)
	}
	s.nudger = nudge.New(nudge.Config{
		Engine: s.engine, Senders: map[string]chat.Sender{"local": &s.platform}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Compose: func(context.Context, engine.Outgoing) (chat.Message, error) { return s.words() },
	})
	s.now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	return s
}

// run runs once and holds what it did against what it should have.
func (s *scene) run(t *testing.T, want nudge.Count) {
	t.Helper()
	got, err := s.nudger.RunOnce(t.Context())
	if err != nil || got != want {
		t.Errorf("RunOnce at %s = %+v, %v, want %+v", s.now.Format("15:04:05"), got, err, want)
	}
}

func (s *scene) sent(t *testing.T, want int) {
	t.Helper()
	if got := len(s.platform.Sent()); got != want {
		t.Errorf("the platform shows %d messages, want %d", got, want)
	}
}

func TestSentOnce(t *testing.T) {
	s := newScene(t)
	s.now = s.now.Add(-time.Second)
	s.run(t, nudge.Count{})
	s.now = s.now.Add(time.Second)
	s.run(t, nudge.Count{Claimed: 1, Sent: 1})
	s.run(t, nudge.Count{})
	s.sent(t, 1)
	if to := s.platform.Sent()[0].Receipt.Address; to.Person != "sam" || to.Room != "" {
		t.Errorf("it went to %+v, want sam directly", to)
	}
}

// TestTriedAgain: a failure that may pass is tried again after a while, under the same key, so
// that a message whose receipt was lost is not shown twice.
func TestTriedAgain(t *testing.T) {
	s := newScene(t)
	s.platform.Fail(chat.Transient)
	s.run(t, nudge.Count{Claimed: 1, Failed: 1})
	s.run(t, nudge.Count{}) // not at once
	s.platform.Lose()
	s.now = s.now.Add(time.Hour)
	s.run(t, nudge.Count{Failed: 1})
	s.now = s.now.Add(time.Hour)
	s.run(t, nudge.Count{Sent: 1})
	s.sent(t, 1)
}

func TestGivenUp(t *testing.T) {
	for _, kind := range []chat.ErrorKind{chat.Gone, chat.Invalid} {
		s := newScene(t)
		s.platform.Fail(kind)
		s.run(t, nudge.Count{Claimed: 1, Failed: 1})
		s.now = s.now.Add(2 * time.Hour)
		s.run(t, nudge.Count{})
		s.sent(t, 0)
		out, err := s.engine.Outbox(t.Context())
		if err != nil || len(out) != 1 || out[0].Failed == "" || out[0].Done.IsZero() {
			t.Errorf("after %s the outbox holds %+v, %v, want it done with, and why", kind, out, err)
		}
	}
}

// TestNotNeededAnyMore: a message that has become empty is not sent.
func TestNotNeededAnyMore(t *testing.T) {
	s := newScene(t)
	s.words = func() (chat.Message, error) { return chat.Message{}, nil }
	s.run(t, nudge.Count{Claimed: 1, Dropped: 1})
	s.sent(t, 0)
}

func TestNotWorded(t *testing.T) {
	s := newScene(t)
	s.words = func() (chat.Message, error) { return chat.Message{}, errors.New("no words") }
	s.run(t, nudge.Count{Claimed: 1, Failed: 1})
	s.sent(t, 0)
}

// TestAnsweredBefore: who has checked in before the time comes is not asked.
func TestAnsweredBefore(t *testing.T) {
	s := newScene(t)
	s.now = s.now.Add(-time.Hour)
	st, err := s.engine.CheckIn(t.Context(), s.actor)
	if err == nil {
		_, err = s.engine.Answer(t.Context(), engine.Request{Actor: s.actor, Event: "answer"},
			engine.Answer{Week: st.Week, Shown: st.Mark(), Confidence: goals.OnTrack})
	}
	if err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(2 * time.Hour)
	s.run(t, nudge.Count{})
	s.sent(t, 0)
}

// TestClosed: who cannot be reached is not written to again; in a room of their choice they are,
// under the same key, and the log says of each decision why it was made.
func TestClosed(t *testing.T) {
	s := newScene(t)
	var log bytes.Buffer
	s.nudger = nudge.New(nudge.Config{
		Engine: s.engine, Senders: map[string]chat.Sender{"local": &s.platform},
		Log:     slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Compose: func(context.Context, engine.Outgoing) (chat.Message, error) { return s.words() },
	})
	sam := chat.Address{Platform: "local", Space: "local", Person: "sam"}
	s.platform.FailFor(sam, chat.Gone)
	s.run(t, nudge.Count{Claimed: 1, Failed: 1})
	for range 3 { // a reminder, and the next check-in with what is said in the room each time
		s.now = s.now.Add(24 * time.Hour)
		if got, err := s.nudger.RunOnce(t.Context()); err != nil || got.Sent+got.Failed > 0 {
			t.Errorf("RunOnce = %+v, %v, want nothing sent", got, err)
		}
	}
	if _, err := s.engine.ReachIn(t.Context(), engine.Request{Actor: s.actor, Event: "here"}, "local", "local", "team"); err != nil {
		t.Fatal(err)
	}
	s.run(t, nudge.Count{Sent: 1})
	sam.Room = "team"
	if sent := s.platform.Sent(); len(sent) != 1 || sent[0].Receipt.Address != sam || !strings.HasPrefix(sent[0].Key, "checkin ") {
		t.Errorf("sent %+v, want the check-in to sam in the room", sent)
	}
	for _, want := range []string{
		`what=checkin owner=` + string(s.actor.Owner) + ` due=2026-11-23T09:00:00.000Z action=send why="its time has come, and it asks for the revenue figure that is missing"`,
		`action=stop why="its person cannot be reached"`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not have %s:\n%s", want, &log)
		}
	}
}
