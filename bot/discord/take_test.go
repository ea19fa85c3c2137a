package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"payoff/bot/chat"
)

// call as a custom_id, as a button of standServer carries it.
func callID(call string) string { return idOfCall + base62(standServer) + ":" + call }

func TestTakeReadsEvents(t *testing.T) {
	general, direct := chat.Room{ID: standRoom, Name: "general"}, chat.Room{ID: standDirect, Direct: true}
	long := "undo " + strings.Repeat("é", 120)
	menu := map[string]any{"type": commandOfMessage, "name": "Log this", "target_id": "5",
		"resolved": map[string]any{"messages": map[string]any{"5": map[string]any{"content": "2h BNI with <@5> and <@!5>\n90m", "mentions": []any{map[string]any{"id": "5", "username": "jo"}}}}}}
	nobody := inServer(kindCommand, chosen("log"))
	nobody["member"] = map[string]any{"user": map[string]any{"id": standAnn, "username": "ann_01"}}
	for _, c := range []struct {
		name string
		in   map[string]any
		as   string
		want chat.Event
	}{
		{"command", inServer(kindCommand, chosen("log", optionWith(3, "line", "2h <BNI>"))), "Ann",
			chat.Event{Room: general, Did: chat.Typed{Text: "log", Options: map[string]string{"line": "2h <BNI>"}}}},
		{"subcommand", inServer(kindCommand, chosen("goal", optionWith(optionSubcommand, "set", []any{optionWith(3, "goal", "£5k")}))), "Ann",
			chat.Event{Room: general, Did: chat.Typed{Text: "goal set", Options: map[string]string{"goal": "£5k"}}}},
		{"a number where text belongs", inServer(kindCommand, chosen("log", optionWith(10, "line", 2.5))), "Ann",
			chat.Event{Room: general, Did: chat.Typed{Text: "log", Options: map[string]string{"line": "2.5"}}}},
		{"the username where there is no name", nobody, "ann_01",
			chat.Event{Room: general, Did: chat.Typed{Text: "log"}}},
		{"in the direct room", directly(kindCommand, chosen("report")), "Ann",
			chat.Event{Room: direct, Did: chat.Typed{Text: "report"}}},
		{"menu of a message", inServer(kindCommand, menu), "Ann",
			chat.Event{Room: general, Did: chat.Pressed{Call: "log this 2h BNI with @jo and @jo\n90m"}}},
		{"button", onMessage(standMessage, 0, inServer(kindComponent, pressed(callID(`skip "46" & more`)))), "Ann",
			chat.Event{Room: general, Did: chat.Pressed{Call: `skip "46" & more`}}},
		{"button in the direct room", onMessage(standMessage, 0, directly(kindComponent, pressed(callID("undo 1")))), "Ann",
			chat.Event{Room: direct, Did: chat.Pressed{Call: "undo 1"}}},
		{"button of a long call", onMessage(standMessage, 0, directly(kindComponent, pressed(idOfLong+base62(standServer)+":"+digestOf(long)))), "Ann",
			chat.Event{Room: direct, Did: chat.Pressed{Call: long}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBooth(t)
				keeping := b.buttons(standServer)
				keeping.id(long)
				if err := keeping.keep(t.Context()); err != nil {
					t.Fatal(err)
				}
				b.script.Answer(chat.Tell(chat.T("Hello")))
				b.bring(t, c.in)
				got := b.events(t, 1)[0]
				c.want.ID = "discord/" + c.in["id"].(string)
				c.want.From = chat.Person{Platform: "discord", Space: standServer, ID: standAnn, Name: c.as, Locale: "en-GB"}
				if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(chat.Event{}, "Admin"), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("event (-want +got):\n%s", diff)
				}
				if is, err := got.Admin(t.Context()); err != nil || !is {
					t.Errorf("Admin = %t, %v, want what Discord says: it is the owner", is, err)
				}
				if b.names() != "answer 4" || !strings.Contains(b.last(), "Hello") {
					t.Errorf("calls = %q of %s, want one answer at once", b.names(), b.last())
				}
			})
		})
	}
}

// The space of a direct command is the person's home, and of a button the server it was made for.
func TestTakeFindsServers(t *testing.T) {
	b := newBooth(t)
	b.bring(t, onMessage(standMessage, 0, inServer(kindComponent, pressed(idOfCall+base62(otherServer)+":undo 1"))))
	b.bring(t, onMessage(standMessage, 0, directly(kindComponent, pressed(idOfCall+base62(otherServer)+":undo 1"))))
	b.bring(t, onMessage(standMessage, 0, directly(kindComponent, pressed("c::undo 1"))))
	want := []string{standServer, otherServer, otherServer} // where they are; whose the button is; where they were last
	for i, e := range b.events(t, 3) {
		if e.From.Space != want[i] {
			t.Errorf("press %d is in server %s, want %s", i+1, e.From.Space, want[i])
		}
	}
}

func TestTakeBadInput(t *testing.T) {
	group := directly(kindCommand, chosen("log"))
	group["channel"], group["context"] = map[string]any{"id": standDirect, "type": channelGroup}, nil
	others := directly(kindCommand, chosen("log"))
	others["context"] = contextOthers
	nobody := inServer(kindCommand, chosen("log", optionWith(3, "line", "secret plans")))
	nobody["member"] = []int{1}
	left := onMessage(standMessage, 0, directly(kindComponent, pressed(idOfCall+base62(otherServer)+":undo 1")))
	for _, c := range []struct {
		name string
		in   map[string]any
		say  string
		warn bool
	}{
		{"unknown command", inServer(kindCommand, chosen("teleport")), sayCommand, false},
		{"unknown subcommand", inServer(kindCommand, chosen("goal", optionWith(optionSubcommand, "sell", []any{}))), sayCommand, false},
		{"unknown menu entry", inServer(kindCommand, map[string]any{"type": commandOfMessage, "name": "Translate"}), sayCommand, false},
		{"command without data", inServer(kindCommand, nil), sayCommand, false},
		{"an object in an option", inServer(kindCommand, chosen("log", optionWith(3, "line", map[string]any{"a": 1}))), fmt.Sprintf(sayOption, "line"), false},
		{"a list in an option", inServer(kindCommand, chosen("log", optionWith(3, "line", []any{1}))), fmt.Sprintf(sayOption, "line"), false},
		{"button of a call that is not kept", onMessage(standMessage, 0, inServer(kindComponent, pressed("k::abc"))), sayButton, false},
		{"button of something else", onMessage(standMessage, 0, inServer(kindComponent, pressed("vote_up"))), sayButton, false},
		{"button of no server", onMessage(standMessage, 0, inServer(kindComponent, pressed("c:?:undo"))), sayButton, false},
		{"button without an id", onMessage(standMessage, 0, inServer(kindComponent, pressed(""))), sayButton, false},
		{"a component that is no button", onMessage(standMessage, 0, inServer(kindComponent, map[string]any{"custom_id": callID("undo"), "component_type": 42})), sayButton, false},
		{"part of an unknown form", onMessage(standMessage, 0, inServer(kindComponent, pressed("p:abc:1"))), sayExpired, false},
		{"a group", group, sayGroup, false},
		{"two people", others, sayGroup, false},
		{"a server that payoff has left", left, sayLeft, false},
		{"nobody", nobody, sayUnread, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBooth(t)
				b.notes.kept[leftKey+otherServer] = []byte("1")
				b.script.Answer(chat.Tell(chat.T("Answered")))
				b.bring(t, c.in)
				b.events(t, 0)
				want := "answer 4 hidden"
				if c.in["channel_id"] == standDirect && c.say != sayGroup {
					want = "answer 4"
				}
				if b.names() != want || !strings.Contains(unmarked(b.last()), unmarked(c.say)) {
					t.Errorf("calls = %q of %s, want %q of %q", b.names(), b.last(), want, c.say)
				}
				if got := strings.Count(b.log.String(), "level=WARN"); got != map[bool]int{true: 1}[c.warn] || strings.Contains(b.log.String(), "level=ERROR") {
					t.Errorf("logged, with a warning %t wanted:\n%s", c.warn, b.log)
				}
				if strings.Contains(b.log.String(), "secret plans") {
					t.Errorf("the log repeats what was typed:\n%s", b.log)
				}
			})
		})
	}
}

// unmarked is text without what escapes it, in JSON and in markdown.
func unmarked(s string) string {
	return strings.NewReplacer(`\`, "", "\u200b", "", `"`, "").Replace(s)
}

func TestTakeMalformed(t *testing.T) {
	whole := inServer(kindCommand, chosen("log", optionWith(3, "line", "secret plans")))
	without := func(key string, value any) string {
		in := map[string]any{}
		for k, v := range whole {
			in[k] = v
		}
		in[key] = value
		b, _ := json.Marshal(in)
		return string(b)
	}
	for name, raw := range map[string]string{
		"nothing": "", "null": "null", "a list": `["secret plans"]`, "half of it": `{"id":"1000000000000000001","data":"secret plans`,
		"no id": without("id", nil), "an id that is none": without("id", "../../1"), "no token": without("token", ""),
		"a token that is none": without("token", "a/../SECRET"), "no application": without("application_id", 0),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBooth(t)
			b.take(t.Context(), []byte(raw))
			b.events(t, 0)
			if b.names() != "" {
				t.Errorf("calls = %q, want none: there is nothing to answer by", b.names())
			}
			if log := b.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, "level=WARN") || strings.Contains(log, "secret plans") {
				t.Errorf("logged\n%swant one warning without what it held", log)
			}
		})
	}
	b := newBooth(t)
	b.bring(t, inServer(99, nil))
	b.bring(t, inServer(kindPing, nil))
	if b.events(t, 0); b.names() != "" || strings.Contains(b.log.String(), "level=WARN") {
		t.Errorf("calls = %q, want what is newer than payoff left alone\n%s", b.names(), b.log)
	}
}

func TestTakeWithoutAServer(t *testing.T) {
	b := newBooth(t, func(c *Config) {
		c.Known = func(context.Context, string) ([]string, error) { return nil, nil }
	})
	b.fail("GET /guilds/"+standServer+"/members/"+standBob, setback{status: 404, code: unknownMember})
	b.bring(t, byUser(standBob, directly(kindCommand, chosen("report"))))
	if b.events(t, 0); !strings.Contains(unmarked(b.last()), unmarked(sayNoServer)) {
		t.Errorf("said %s, want %q", b.last(), sayNoServer)
	}
}

func TestTakeWithBrokenNotes(t *testing.T) {
	for name, in := range map[string]map[string]any{
		"button of a long call": onMessage(standMessage, 0, inServer(kindComponent, pressed("k::abc"))),
		"part of a form":        onMessage(standMessage, 0, inServer(kindComponent, pressed("p:abc:1"))),
		"direct command":        directly(kindCommand, chosen("report")),
		"form":                  inServer(kindSubmit, filled("f:abc:0", map[string]any{"a": "typed words"})),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBooth(t)
			b.notes.broken = errors.New("disk on fire")
			b.bring(t, in)
			b.events(t, 0)
			if !strings.Contains(b.last(), sayNotes) || !strings.Contains(b.log.String(), "disk on fire") {
				t.Errorf("said %s, want %q and the reason logged:\n%s", b.last(), sayNotes, b.log)
			}
			if name == "form" && !strings.Contains(b.last(), "typed words") {
				t.Errorf("said %s, want what was typed in it", b.last())
			}
		})
	}
}

// Whatever the handler takes, Discord is told in time, and the answer follows.
func TestTakeInTime(t *testing.T) {
	public, private, update := chat.Tell(chat.T("Done it")), chat.Whisper(chat.T("Done it")), chat.Update{Message: chat.Message{Blocks: []chat.Block{chat.T("Done it")}}}
	log, report := chosen("log"), chosen("report")
	press := onMessage(standMessage, 0, inServer(kindComponent, pressed(callID("undo 1"))))
	for _, c := range []struct {
		name       string
		in         map[string]any
		reply      chat.Reply
		soon, late string
	}{
		{"for all", inServer(kindCommand, log), public, "answer 4", "answer 5, PATCH messages/@original"},
		{"private", inServer(kindCommand, report), private, "answer 4 hidden", "answer 5 hidden, PATCH messages/@original"},
		{"private after all", inServer(kindCommand, log), private, "answer 4 hidden", "answer 5, DELETE messages/@original, followup hidden"},
		{"for all after all", inServer(kindCommand, report), public, "answer 4", "answer 5 hidden, DELETE messages/@original, followup"},
		{"private in the direct room", directly(kindCommand, report), private, "answer 4", "answer 5, PATCH messages/@original"},
		{"an update of nothing", inServer(kindCommand, log), update, "answer 4 hidden", "answer 5, DELETE messages/@original, followup hidden"},
		{"button, said", press, public, "answer 4", "answer 6, followup"},
		{"button, whispered", press, private, "answer 4 hidden", "answer 6, followup hidden"},
		{"button, updated", press, update, "answer 7", "answer 6, PATCH messages/@original"},
		{"button, nothing", press, nil, "answer 6", "answer 6"},
		{"command, nothing", inServer(kindCommand, log), nil, "answer 5 hidden, DELETE messages/@original", "answer 5, DELETE messages/@original"},
		{"nothing in it", inServer(kindCommand, report), chat.Say{}, "answer 5 hidden, DELETE messages/@original", "answer 5 hidden, DELETE messages/@original"},
	} {
		for _, wait := range []time.Duration{0, 1400 * time.Millisecond, 1600 * time.Millisecond, 5 * time.Second, 100 * time.Second} {
			t.Run(fmt.Sprint(c.name, " ", wait), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := newBooth(t)
					b.later(wait, c.reply)
					b.bring(t, c.in)
					want, acked := c.soon, wait
					if wait > ackLimit {
						want, acked = c.late, ackLimit
					}
					calls := b.calls()
					if b.names() != want || calls[0].after != acked || calls[len(calls)-1].after > wait {
						t.Errorf("calls = %q, the first after %s, want %q after %s", b.names(), calls[0].after, want, acked)
					}
					if say, is := c.reply.(chat.Say); c.reply != nil && (!is || len(say.Messages) > 0) && !strings.Contains(b.last(), "Done it") {
						t.Errorf("said %s, want the answer", b.last())
					}
					if strings.Contains(b.log.String(), "level=ERROR") {
						t.Errorf("logged\n%s", b.log)
					}
				})
			})
		}
	}
}

func TestTakeGivesUpOnHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBooth(t)
		b.later(time.Hour, chat.Tell(chat.T("At last")))
		start := time.Now()
		b.bring(t, inServer(kindCommand, chosen("report")))
		if took := time.Since(start); took != errandLimit || !strings.Contains(b.last(), "Given up") {
			t.Errorf("answered %s after %s, want the handler told to give up after %s", b.last(), took, errandLimit)
		}
	})
}

func TestTakeTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBooth(t)
		b.later(time.Second, chat.Tell(chat.T("Logged")))
		in := inServer(kindCommand, chosen("log"))
		raw, _ := json.Marshal(in)
		go b.take(t.Context(), raw) // a repeat while it is being handled
		b.bring(t, in)
		synctest.Wait()
		time.Sleep(10 * time.Second)
		b.take(t.Context(), raw) // and after it
		b.events(t, 1)
		if b.names() != "answer 4" {
			t.Errorf("calls = %q, want one answer", b.names())
		}
	})
}

func TestTakeWhenClosed(t *testing.T) {
	b := newBooth(t)
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.bring(t, inServer(kindCommand, chosen("log")))
	if b.events(t, 0); b.names() != "" {
		t.Errorf("calls = %q, want none", b.names())
	}
}

// A bomb is a Memory that panics when it is asked about a button.
type bomb struct{ *notes }

func (b bomb) Recall(ctx context.Context, key string) ([]byte, bool, error) {
	if strings.HasPrefix(key, "call/") {
		panic("secret plans")
	}
	return b.notes.Recall(ctx, key)
}

func (b bomb) Remember(ctx context.Context, key string, value []byte, until time.Time) error {
	if strings.HasPrefix(key, "call/") {
		panic("secret plans")
	}
	return b.notes.Remember(ctx, key, value, until)
}

func TestTakePanics(t *testing.T) {
	long := chat.Tell(chat.T("Hello"), chat.Actions{{Label: "Go", Call: strings.Repeat("long ", 40)}})
	for name, c := range map[string]struct {
		in     map[string]any
		answer func(context.Context, chat.Event) chat.Reply
	}{
		"in reading":     {onMessage(standMessage, 0, inServer(kindComponent, pressed("k::abc"))), nil},
		"in the handler": {inServer(kindCommand, chosen("log")), func(context.Context, chat.Event) chat.Reply { panic("secret plans") }},
		"in answering":   {inServer(kindCommand, chosen("log")), func(context.Context, chat.Event) chat.Reply { return long }},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBooth(t)
			b.Adapter.cfg.Memory = bomb{b.notes}
			b.script.AnswerWith(c.answer)
			b.bring(t, c.in)
			reference := chat.Reference(chat.Event{ID: "discord/" + c.in["id"].(string)})
			if b.names() != "answer 4 hidden" || !strings.Contains(b.last(), reference) || strings.Contains(b.last(), "secret") {
				t.Errorf("calls = %q of %s, want the reference %s said privately", b.names(), b.last(), reference)
			}
			if log := b.log.String(); strings.Count(log, "panicked") != 1 || !strings.Contains(log, reference) {
				t.Errorf("logged\n%s\nwant one panic with the reference", log)
			}
		})
	}
}

// TestFailedIsLogged: a fault of payoff's is one, but not what it was stopped in, nor that its
// person cannot be reached.
func TestFailedIsLogged(t *testing.T) {
	b := newBooth(t)
	e := &errand{a: b.Adapter}
	e.failed(t.Context(), io.ErrUnexpectedEOF)
	e.failed(t.Context(), &chat.Error{Kind: chat.Gone, Err: io.ErrUnexpectedEOF})
	b.kill()
	e.failed(t.Context(), io.ErrUnexpectedEOF)
	got := b.log.String()
	for _, want := range []string{"level=ERROR", "level=DEBUG", "level=WARN"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("the log has %d lines of %s, want 1:\n%s", strings.Count(got, want), want, got)
		}
	}
}
