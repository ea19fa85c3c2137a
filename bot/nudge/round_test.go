package nudge_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/goals/engine"
)

// A street is a Sender with several spaces behind it. The one called "ill" answers only when
// everyone elsewhere has been written to, and then fails.
type street struct {
	well sync.WaitGroup

	mu    sync.Mutex
	asked map[string][]string // by space, in order
}

func (s *street) Send(_ context.Context, to chat.Address, _ chat.Message, key string) (chat.Receipt, error) {
	s.mu.Lock()
	s.asked[to.Space] = append(s.asked[to.Space], to.Person)
	s.mu.Unlock()
	if to.Space == "ill" {
		s.well.Wait()
		return chat.Receipt{}, &chat.Error{Kind: chat.Transient, Err: fmt.Errorf("%s hangs", to.Space)}
	}
	defer s.well.Done()
	return chat.Receipt{Address: to, Message: key}, nil
}

func (s *street) Edit(context.Context, chat.Receipt, chat.Message) error { return nil }

func (s *street) Find(context.Context, chat.Address, string) (chat.Receipt, bool, error) {
	return chat.Receipt{}, false, nil
}

// A space that hangs and fails holds up no other. It is tried with one message, and then left
// alone for the rest of the run.
func TestAnIllSpaceHoldsUpNoOther(t *testing.T) {
	s := newScene(t)
	s.now = time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)
	spaces, people := []string{"ill", "one", "two"}, 4
	for _, space := range spaces {
		for i := range people {
			actor, err := s.engine.Meet(t.Context(), engine.Person{Platform: "street", Space: space, ID: fmt.Sprint(space, i), Name: "P", Zone: "UTC"})
			if err == nil {
				_, err = s.engine.SkipStart(t.Context(), engine.Request{Actor: actor, Event: fmt.Sprint("start", space, i)})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	by := &street{asked: map[string][]string{}}
	by.well.Add(2 * people)
	n := nudge.New(nudge.Config{
		Engine: s.engine, Senders: map[string]chat.Sender{"street": by, "local": &s.platform}, Log: slog.New(slog.DiscardHandler),
		Compose: func(context.Context, engine.Outgoing) (chat.Message, error) { return s.words() },
	})
	s.now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	got, err := n.RunOnce(t.Context()) // hangs for ever if the ill one is waited for
	if want := (nudge.Count{Claimed: 3*people + 1, Sent: 2*people + 1, Failed: 1}); err != nil || got != want {
		t.Errorf("RunOnce = %+v, %v, want %+v", got, err, want)
	}
	if len(by.asked["ill"]) != 1 {
		t.Errorf("%d tries where nothing works, want 1 in a run", len(by.asked["ill"]))
	}
	for _, space := range spaces[1:] {
		if len(by.asked[space]) != people || len(slices.Compact(slices.Sorted(slices.Values(by.asked[space])))) != people {
			t.Errorf("in %s %q were written to, want each of %d once", space, by.asked[space], people)
		}
	}
}
