package slack

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"payoff/bot/chat"
)

func messages(n int) chat.Say {
	var s chat.Say
	for i := range n {
		s.Messages = append(s.Messages, plainWords(fmt.Sprint("message ", i+1)))
	}
	return s
}

func TestAnswers(t *testing.T) {
	tell, whisper := chat.Tell(chat.T("Logged")), chat.Whisper(chat.T("Logged"))
	update := chat.Update{Message: plainWords("Taken back")}
	export := chat.Whisper(chat.T("All of it"), chat.File{Name: "a.csv", Type: "text/csv", Data: []byte("a\n")})
	inShared, inDirect := commandIn(shared, "/log 2h", "t1"), commandIn(directly, "/log 2h", "t1")
	ofOthers := commandIn("D9", "/log 2h", "t1")
	button, onEphemeral := pressIn(t, shared, "undo", "t1", false), pressIn(t, shared, "undo", "t1", true)
	shortcut := interactionOf(t, map[string]any{"type": "message_action", "callback_id": "log", "trigger_id": "t4", "response_url": hook,
		"channel": map[string]any{"id": shared, "name": "general"}, "message": map[string]any{"text": "2h", "ts": "1.1"}})
	used := map[string]string{"respond": "used_url"}
	out := map[string]string{"respond": "used_url", "chat.postEphemeral": "not_in_channel", "chat.postMessage": "channel_not_found"}
	for _, c := range []struct {
		name  string
		d     delivery
		reply chat.Reply
		fails map[string]string
		want  string
		fault bool // that is logged
	}{
		{"nothing", inShared, nil, nil, "", false},
		{"for all", inShared, tell, nil, "respond in_channel", false},
		{"private", inShared, whisper, nil, "respond ephemeral", false},
		{"private, in the direct room", inDirect, whisper, nil, "respond in_channel", false},
		{"private, in a direct room of others", ofOthers, whisper, nil, "respond ephemeral", false},
		{"to a message", messageOf("Ev1", "2h"), whisper, nil, "chat.postMessage D1", false},
		{"no address left", inShared, tell, used, "respond in_channel, chat.postMessage C1", false},
		{"private, no address left", inShared, whisper, used, "respond ephemeral, chat.postEphemeral C1", false},
		{"private, not in the room", inShared, whisper, out, "respond ephemeral, chat.postEphemeral C1, chat.postMessage D1", false},
		{"refused", inShared, tell, map[string]string{"respond": "invalid_blocks"}, "respond in_channel", true},
		{"update", button, update, nil, "respond instead", false},
		{"update, no address left", button, update, used, "respond instead, chat.update C1", false},
		{"update of what is gone", button, update, map[string]string{"respond": "used_url", "chat.update": "message_not_found"},
			"respond instead, chat.update C1, chat.postEphemeral C1", false},
		{"update of a private message", onEphemeral, update, nil, "respond instead", false},
		{"update of a private message, no address left", onEphemeral, update, used, "respond instead, chat.postEphemeral C1", false},
		{"update of nothing", inShared, update, nil, "respond ephemeral", false},
		{"update of nothing, in the direct room", inDirect, update, nil, "respond in_channel", false},
		{"update from the menu on somebody's message", shortcut, update, nil, "respond ephemeral", false},
		{"five messages", inShared, messages(5), nil, strings.Repeat("respond in_channel, ", 4) + "respond in_channel", false},
		{"seven messages", inShared, messages(7), nil, strings.Repeat("respond in_channel, ", 4) + "respond in_channel", false},
		{"six messages, in the direct room", inDirect, messages(6), nil, strings.Repeat("respond in_channel, ", 5) + "chat.postMessage D1", false},
		{"a file", inShared, export, nil, "respond ephemeral, files.completeUploadExternal D1, respond ephemeral", false},
		{"a file, in the direct room", inDirect, export, nil, "respond in_channel, files.completeUploadExternal D1", false},
		{"a file to a message", messageOf("Ev1", "export"), export, nil, "chat.postMessage D1, files.completeUploadExternal D1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				for method, err := range c.fails {
					d.fail(method, err)
				}
				d.script.Answer(c.reply)
				d.bring(t, c.d)
				if got := d.names(); got != c.want {
					t.Errorf("calls = %q, want %q\n%s", got, c.want, d.log)
				}
				if n := strings.Count(d.log.String(), "level=ERROR"); n != map[bool]int{true: 1}[c.fault] {
					t.Errorf("%d errors logged:\n%s", n, d.log)
				}
				if c.fault && !strings.Contains(d.log.String(), "reference="+chat.Reference(d.script.Events()[0])) {
					t.Errorf("the log has no reference:\n%s", d.log)
				}
			})
		})
	}
}

func TestAnswerIsShortened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.script.Answer(messages(7))
		d.bring(t, commandIn(shared, "/log 2h", "t1"))
		for i, want := range []string{"message 1", "message 2", "message 3", "message 4", "and 3 more"} {
			if got := d.calls()[i].said(); !strings.Contains(got, want) {
				t.Errorf("post %d says %s, want %q", i, got, want)
			}
		}
	})
}

// Each post of an answer has a key of its own.
func TestAnswerKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.script.Answer(messages(3))
		d.bring(t, messageOf("Ev1", "2h"))
		for i, want := range []string{`"slack/T1/m/Ev1"`, `"slack/T1/m/Ev1/2"`, `"slack/T1/m/Ev1/3"`} {
			if got := d.calls()[i].args.Get("metadata"); !strings.Contains(got, want) {
				t.Errorf("the metadata of post %d is %s, want the key %s", i, got, want)
			}
		}
	})
}

func TestFileIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.script.Answer(chat.Whisper(chat.File{Name: "a.csv", Data: []byte("a\n")}))
		d.bring(t, commandIn(shared, "/payoff export", "t1"))
		calls := d.calls()
		if last := calls[len(calls)-1]; last.method != "respond" || !strings.Contains(last.said(), "direct conversation") || last.args.Get("response_type") != "ephemeral" {
			t.Errorf("calls = %+v, want the person told where the file is", calls)
		}
	})
}
