package chat_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
)

func TestGuard(t *testing.T) {
	var log bytes.Buffer
	var script chattest.Script
	h := chat.Guard(&script, slog.New(slog.NewTextHandler(&log, nil)))
	e := chat.Event{ID: "local/sam/1"}

	script.Answer(chat.Tell(chat.T("Well")))
	if got := plain(h.Handle(t.Context(), e)); got != "Well" {
		t.Errorf("Handle = %q, want what the handler says", got)
	}
	script.AnswerWith(func(context.Context, chat.Event) chat.Reply { panic("secret plans") })
	for range 2 {
		say, _ := h.Handle(t.Context(), e).(chat.Say)
		if !say.Private {
			t.Error("the answer to a panic is for all, want it for its person alone")
		}
		if got := plain(say); !strings.Contains(got, chat.Reference(e)) || strings.Contains(got, "secret") {
			t.Errorf("Handle = %q, want the generic line with the reference %s", got, chat.Reference(e))
		}
	}
	if n := strings.Count(log.String(), "handler panicked"); n != 2 {
		t.Errorf("%d lines logged, want one for each panic:\n%s", n, &log)
	}
	for _, want := range []string{"reference=" + chat.Reference(e), "secret plans", "guard_test.go", "event=local/sam/1"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not have %q:\n%s", want, &log)
		}
	}
}

type stumbling struct{ chattest.Script }

func (*stumbling) Complete(context.Context, chat.Person, string, string) []chat.Choice {
	panic("stumbled")
}

func TestGuardComplete(t *testing.T) {
	var log bytes.Buffer
	h := chat.Guard(&stumbling{}, slog.New(slog.NewTextHandler(&log, nil)))
	if got := h.Complete(t.Context(), chat.Person{}, "g", ""); got != nil {
		t.Errorf("Complete = %v, want nothing", got)
	}
	if !strings.Contains(log.String(), "stumbled") {
		t.Errorf("the log does not tell of the panic:\n%s", &log)
	}
}

func TestReference(t *testing.T) {
	a, b := chat.Reference(chat.Event{ID: "a"}), chat.Reference(chat.Event{ID: "b"})
	if len(a) != 8 || a == b || a != chat.Reference(chat.Event{ID: "a"}) {
		t.Errorf("references = %q and %q, want eight letters that follow from the ID", a, b)
	}
}

func plain(r chat.Reply) string {
	say, _ := r.(chat.Say)
	var all []string
	for _, m := range say.Messages {
		all = append(all, m.Plain())
	}
	return strings.Join(all, "\n")
}
