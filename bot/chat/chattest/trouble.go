package chattest

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"payoff/bot/chat"
)

var troubleTests = []test{
	{"handler panics", testPanic},
	{"slow handler", testSlow},
	{"stopped", testStopped},
}

func testPanic(t *testing.T, s *stage) {
	s.script.AnswerWith(func(context.Context, chat.Event) chat.Reply { panic("secret plans") })
	s.ok(s.Type("e1", s.ann, s.shared, "/report"))
	e := s.event(1)
	m := s.said(s.ann, s.shared, chat.Reference(e))
	if strings.Contains(m.Text, "secret") {
		t.Errorf("the answer to a panic says %q", m.Text)
	}
	if !m.Private {
		t.Error("the answer to a panic is for all, want it for its person alone")
	}
	logged := s.log.all()
	if len(logged) != 1 || !strings.Contains(logged[0], chat.Reference(e)) {
		t.Errorf("logged %q, want one line with the reference %s", logged, chat.Reference(e))
	}
	s.script.Answer(chat.Tell(chat.T("Still here")))
	s.ok(s.Type("e2", s.bob, s.shared, "/report"))
	s.said(s.bob, s.shared, "Still here")
}

func testSlow(t *testing.T, s *stage) {
	release := make(chan struct{})
	s.script.AnswerWith(func(ctx context.Context, e chat.Event) chat.Reply {
		if e.From.ID == s.bob.ID {
			return chat.Tell(chat.T("At once"))
		}
		select {
		case <-release:
			return chat.Tell(chat.T("At last"))
		case <-ctx.Done():
			return chat.Tell(chat.T("Given up: ", ctx.Err().Error()))
		}
	})
	typed := make(chan error, 1)
	go func() { typed <- s.Type("e1", s.ann, s.shared, "/report") }()
	s.event(1)
	s.ok(s.Type("e2", s.bob, s.shared, "/report"))
	s.said(s.bob, s.shared, "At once")
	close(release)
	s.ok(<-typed)
	s.said(s.ann, s.shared, "At last")
}

// testStopped starts a stage of its own, so that all that it starts is looked for afterwards.
func testStopped(t *testing.T, s *stage) {
	s.ok(s.Stop(t.Context()))
	running := goleak.IgnoreCurrent()
	t.Run("leaves nothing behind", func(t *testing.T) {
		second := *s
		second.t, second.script = t, &Script{}
		second.Adapter = s.again(t, second.script, slog.New(slog.DiscardHandler))
		gaveUp := make(chan struct{})
		second.script.AnswerWith(func(ctx context.Context, _ chat.Event) chat.Reply {
			<-ctx.Done()
			close(gaveUp)
			return nil
		})
		typed := make(chan error, 1)
		go func() { typed <- second.Type("e1", s.ann, s.shared, "/report") }()
		second.event(1)
		impatient, cancel := context.WithCancel(t.Context())
		cancel()
		_ = second.Stop(impatient) // it may say that it could not wait
		<-gaveUp
		<-typed
	})
	goleak.VerifyNone(t, running)
}
