package chattest

import (
	"context"
	"log/slog"
	"sync"

	"payoff/bot/chat"
)

// A Script is a chat.Handler that answers as it is told and remembers what happened. The
// zero value answers nothing.
type Script struct {
	mu      sync.Mutex
	events  []chat.Event
	answer  func(context.Context, chat.Event) chat.Reply
	choices []chat.Choice
}

var _ chat.Handler = (*Script)(nil)

// Answer gives every event from now on this reply.
func (s *Script) Answer(r chat.Reply) {
	s.AnswerWith(func(context.Context, chat.Event) chat.Reply { return r })
}

// AnswerWith has every event from now on answered by f.
func (s *Script) AnswerWith(f func(context.Context, chat.Event) chat.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

// Propose has Complete return these choices.
func (s *Script) Propose(choices ...chat.Choice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.choices = choices
}

// Events are those that came, in order.
func (s *Script) Events() []chat.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]chat.Event(nil), s.events...)
}

func (s *Script) Handle(ctx context.Context, e chat.Event) chat.Reply {
	s.mu.Lock()
	s.events = append(s.events, e)
	answer := s.answer
	s.mu.Unlock()
	if answer == nil {
		return nil
	}
	return answer(ctx, e)
}

func (s *Script) Complete(context.Context, chat.Person, string, string) []chat.Choice {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.choices
}

// A journal is a slog.Handler that counts what is logged as an error.
type journal struct {
	mu     sync.Mutex
	errors []string
}

func (j *journal) Enabled(context.Context, slog.Level) bool { return true }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler       { return j }
func (j *journal) WithGroup(string) slog.Handler            { return j }

func (j *journal) Handle(_ context.Context, r slog.Record) error {
	if r.Level < slog.LevelError {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	line := r.Message
	r.Attrs(func(a slog.Attr) bool { line += " " + a.String(); return true })
	j.errors = append(j.errors, line)
	return nil
}

func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string(nil), j.errors...)
}
