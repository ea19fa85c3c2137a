package chat

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"runtime/debug"
)

// Guard is h as adapters call it: a panic is recovered, logged once with a reference, and
// answered with Sorry to the person alone, so that one bad event takes nothing else down.
func Guard(h Handler, log *slog.Logger) Handler { return guard{h, log} }

type guard struct {
	h   Handler
	log *slog.Logger
}

func (g guard) Handle(ctx context.Context, e Event) (r Reply) {
	defer func() {
		if v := recover(); v != nil {
			ref := Reference(e)
			g.log.ErrorContext(ctx, "handler panicked", "event", e.ID, "reference", ref,
				"panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			r = Say{Messages: []Message{Sorry(ref)}, Private: true}
		}
	}()
	return g.h.Handle(ctx, e)
}

func (g guard) Complete(ctx context.Context, from Person, text, option string) (found []Choice) {
	defer func() {
		if v := recover(); v != nil {
			g.log.ErrorContext(ctx, "completion panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			found = nil
		}
	}()
	return g.h.Complete(ctx, from, text, option)
}

// Reference is what a person can quote and an operator can search the log for: eight
// letters that follow from the event's ID, the same when it is delivered again.
func Reference(e Event) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(e.ID)) // never fails
	return fmt.Sprintf("%08x", h.Sum32())
}

// Sorry is what is said when something failed that a person can do nothing about.
func Sorry(reference string) Message {
	return Message{Blocks: []Block{T("Something went wrong here, and it has been logged. Please try again; if it happens again, mention reference ", C(reference), ".")}}
}
