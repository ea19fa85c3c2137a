package bot_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"payoff/bot"
	"payoff/bot/chat"
)

// TestCodeIsInNoLog: not even when all fails does a code reach the log, or come back to a room.
func TestCodeIsInNoLog(t *testing.T) {
	const code = "ACDEFGHJ"
	s := newStage(t)
	var log bytes.Buffer
	b := bot.New(bot.Config{Engine: s.engine, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	for _, fails := range []bool{false, true} {
		if fails {
			s.db.Close()
		}
		for i, text := range []string{"me link " + code, "team link " + code, "team lnk " + code, "me link code: " + code} {
			reply := b.Handle(t.Context(), chat.Event{
				ID: fmt.Sprint("event ", i), Did: chat.Typed{Text: text}, Room: chat.Room{ID: "office"},
				From: chat.Person{Platform: "discord", Space: "G1", ID: "sam", Name: "Sam"},
			})
			if say, is := reply.(chat.Say); !is || !say.Private {
				t.Errorf("%s is answered with %#v, want a private answer", text, reply)
			}
		}
	}
	if !strings.Contains(log.String(), "event failed") || strings.Contains(log.String(), code) {
		t.Errorf("the log holds %q, want the failures and no code", log.String())
	}
}
