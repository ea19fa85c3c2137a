package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	slackapi "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"payoff/bot/chat"
)

// slowly answers with r after a while, or gives up.
func slowly(wait time.Duration, r chat.Reply) func(context.Context, chat.Event) chat.Reply {
	return func(ctx context.Context, _ chat.Event) chat.Reply {
		if waitFor(ctx, wait) != nil {
			return chat.Whisper(chat.T("Given up"))
		}
		return r
	}
}

func TestTakeReadsEvents(t *testing.T) {
	ann := chat.Person{Platform: "slack", Space: "T1", ID: "U1", Name: "Ann", Zone: "Europe/London", Locale: "en-GB"}
	general, direct := chat.Room{ID: shared, Name: "general"}, chat.Room{ID: directly, Direct: true}
	for _, c := range []struct {
		name string
		d    delivery
		want chat.Event
	}{
		{"command", commandIn(shared, "/log 2h &lt;BNI&gt;", "t1"),
			chat.Event{ID: "slack/T1/c/t1", Room: general, Did: chat.Typed{Text: "log 2h <BNI>"}}},
		{"command below payoff", commandIn(shared, "/payoff goal show", "t1"),
			chat.Event{ID: "slack/T1/c/t1", Room: general, Did: chat.Typed{Text: "goal show"}}},
		{"command in the direct room", commandIn(directly, "/report", "t1"),
			chat.Event{ID: "slack/T1/c/t1", Room: direct, Did: chat.Typed{Text: "report"}}},
		{"command in a direct room of others", commandIn("D9", "/report", "t1"),
			chat.Event{ID: "slack/T1/c/t1", Room: chat.Room{ID: "D9", Name: "general"}, Did: chat.Typed{Text: "report"}}},
		{"message", messageOf("Ev1", "2h BNI &amp; <@U2|jo>\n90m"),
			chat.Event{ID: "slack/T1/m/Ev1", Room: direct, Did: chat.Wrote{Text: "2h BNI & @jo\n90m"}}},
		{"button", pressIn(t, shared, `skip "46" & more`, "t2", false),
			chat.Event{ID: "slack/T1/b/t2", Room: general, Did: chat.Pressed{Call: `skip "46" & more`}}},
		{"button to write again", pressIn(t, directly, "wrote: hi", "t2", false),
			chat.Event{ID: "slack/T1/b/t2", Room: direct, Did: chat.Wrote{Text: "hi"}}},
		{"button on the Home", interactionOf(t, map[string]any{"type": "block_actions", "trigger_id": "t3",
			"container": map[string]any{"type": "view", "view_id": "V1"},
			"actions":   []any{map[string]any{"type": "button", "block_id": "b", "action_id": "a", "value": "report"}}}),
			chat.Event{ID: "slack/T1/b/t3", Room: direct, Did: chat.Pressed{Call: "report"}}},
		{"message shortcut", interactionOf(t, map[string]any{"type": "message_action", "callback_id": "log", "trigger_id": "t4",
			"channel": map[string]any{"id": "C2", "name": "privategroup"}, "message": map[string]any{"text": "2h &lt;x&gt; <http://a.com|a.com>", "ts": "1.1"}}),
			chat.Event{ID: "slack/T1/s/t4", Room: chat.Room{ID: "C2"}, Did: chat.Pressed{Call: "log 2h <x> a.com"}}},
		{"shortcut", interactionOf(t, map[string]any{"type": "shortcut", "callback_id": "checkin", "trigger_id": "t5"}),
			chat.Event{ID: "slack/T1/s/t5", Room: direct, Did: chat.Pressed{Call: "checkin"}}},
		{"home", eventOf("Ev2", `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}`),
			chat.Event{ID: "slack/T1/h/Ev2", Room: direct, Did: chat.Pressed{Call: "home"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				if got := d.bring(t, c.d); got.payload != nil || got.after != 0 {
					t.Errorf("acknowledged with %v after %s, want nothing at once", got.payload, got.after)
				}
				events := d.script.Events()
				if len(events) != 1 {
					t.Fatalf("%d events, want one\n%s", len(events), d.log)
				}
				c.want.From = ann
				if diff := cmp.Diff(c.want, events[0], cmpopts.IgnoreFields(chat.Event{}, "Admin")); diff != "" {
					t.Errorf("event (-want +got):\n%s", diff)
				}
				if is, err := events[0].Admin(t.Context()); err != nil || !is {
					t.Errorf("Admin = %t, %v, want what Slack says", is, err)
				}
			})
		})
	}
}

func TestTakeIgnores(t *testing.T) {
	message := func(more string) delivery {
		return eventOf("Ev1", `{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"2h BNI","ts":"1.1"`+more+`}`)
	}
	action := func(a map[string]any) delivery {
		return interactionOf(t, map[string]any{"type": "block_actions", "trigger_id": "t", "actions": []any{a}})
	}
	noTrigger := commandIn(shared, "/log 2h", "")
	noUser := commandIn(shared, "/log 2h", "t")
	noUser.command.UserID = ""
	noTeam := commandIn(shared, "/log 2h", "t")
	noTeam.command.TeamID = ""
	deactivated, program := commandIn(shared, "/log 2h", "t"), commandIn(shared, "/log 2h", "t")
	deactivated.command.UserID, program.command.UserID = "UGONE", "UAPP"
	elsewhere := commandIn(shared, "/log 2h", "t")
	elsewhere.command.TeamID = "T9"
	for _, c := range []struct {
		name string
		d    delivery
		warn bool
	}{
		{"an edit", message(`,"edited":{"user":"U1"}`), false},
		{"a subtype", message(`,"subtype":"message_changed"`), false},
		{"a bot", message(`,"bot_id":"B1"`), false},
		{"payoff itself", eventOf("Ev1", `{"type":"message","channel":"D1","channel_type":"im","user":"UBOT","text":"2h"}`), false},
		{"slackbot", eventOf("Ev1", `{"type":"message","channel":"D1","channel_type":"im","user":"USLACKBOT","text":"2h"}`), false},
		{"a hidden message", message(`,"hidden":true`), false},
		{"another room", eventOf("Ev1", `{"type":"message","channel":"C1","channel_type":"channel","user":"U1","text":"2h"}`), false},
		{"an empty text", eventOf("Ev1", `{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":" \n"}`), false},
		{"another event", eventOf("Ev1", `{"type":"reaction_added","user":"U1"}`), false},
		{"another tab", eventOf("Ev1", `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"messages"}`), false},
		{"people's tokens", eventOf("Ev1", `{"type":"tokens_revoked","tokens":{"oauth":["U1"]}}`), false},
		{"a closed form", interactionOf(t, map[string]any{"type": "view_closed"}), false},
		{"a dialog", interactionOf(t, map[string]any{"type": "dialog_submission", "state": ""}), false},
		{"no type", interactionOf(t, map[string]any{}), false},
		{"a button without a value", action(map[string]any{"type": "button", "block_id": "b"}), false},
		{"a choice", action(map[string]any{"type": "static_select", "block_id": "b", "value": "x"}), false},
		{"an old attachment", action(map[string]any{"type": "button", "value": "x"}), false},
		{"payoff is not there", elsewhere, false},
		{"a deactivated user", deactivated, false},
		{"a program", program, false},
		{"no trigger", noTrigger, true},
		{"no user", noUser, true},
		{"no workspace", noTeam, true},
		{"no event", delivery{event: &slackevents.EventsAPICallbackEvent{TeamID: "T1", EventID: "Ev1"}}, true},
		{"an event of another shape", eventOf("Ev1", `{"type":["message"],"text":"secret plans"}`), true},
		{"no event id", messageOf("", "2h"), true},
		{"a shortcut to nothing", interactionOf(t, map[string]any{"type": "shortcut", "trigger_id": "t"}), true},
		{"nothing", delivery{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.cfg.BotToken = chat.Secret{} // or a workspace that is not known would be asked for
			d.script.Answer(chat.Tell(chat.T("Answered")))
			if got := d.bring(t, c.d); got.payload != nil {
				t.Errorf("acknowledged with %v, want nothing", got.payload)
			}
			if len(d.script.Events()) != 0 || d.names() != "" {
				t.Errorf("handled %v and called %q, want it ignored", d.script.Events(), d.names())
			}
			if got := strings.Count(d.log.String(), "level=WARN"); got != map[bool]int{true: 1}[c.warn] || strings.Contains(d.log.String(), "level=ERROR") {
				t.Errorf("logged, with a warning %t wanted:\n%s", c.warn, d.log)
			}
			if strings.Contains(d.log.String(), "secret plans") {
				t.Errorf("the log repeats what was written:\n%s", d.log)
			}
		})
	}
}

// Whatever the handler takes, Slack is told in time, and the answer follows.
func TestTakeInTime(t *testing.T) {
	for _, wait := range []time.Duration{0, 1400 * time.Millisecond, 1600 * time.Millisecond, 5 * time.Second, 100 * time.Second} {
		for name, c := range map[string]struct {
			d    delivery
			want string
		}{
			"command": {commandIn(shared, "/log 2h", "t1"), "respond in_channel"},
			"message": {messageOf("Ev1", "2h"), "chat.postMessage D1"},
			"button":  {pressIn(t, shared, "undo 1", "t1", false), "respond in_channel"},
			"home":    {eventOf("Ev2", `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}`), "views.publish"},
		} {
			t.Run(fmt.Sprint(name, " ", wait), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := newDesk(t)
					d.later(wait, chat.Tell(chat.T("Logged 2 h")))
					got := d.bring(t, c.d)
					if want := min(wait, ackLimit); got.after != want || got.payload != nil {
						t.Errorf("acknowledged with %v after %s, want nothing after %s", got.payload, got.after, want)
					}
					calls := d.calls()
					if d.names() != c.want || calls[0].after != wait || !strings.Contains(calls[0].said(), "Logged 2 h") {
						t.Errorf("calls = %q of %+v, want %q after %s", d.names(), calls, c.want, wait)
					}
				})
			})
		}
	}
}

func TestTakeGivesUpOnHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.later(time.Hour, chat.Tell(chat.T("At last")))
		start := time.Now()
		d.bring(t, commandIn(shared, "/log 2h", "t1"))
		if took := time.Since(start); took != errandLimit || !strings.Contains(d.calls()[0].said(), "Given up") {
			t.Errorf("answered %+v after %s, want the handler told to give up after %s", d.calls(), took, errandLimit)
		}
	})
}

func TestTakeWhenClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.later(time.Hour, nil)
		var first sync.WaitGroup
		first.Go(func() { d.bring(t, commandIn(shared, "/log 2h", "t1")) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := d.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close = %v, want it to say that it could not wait", err)
		}
		first.Wait()
		if got := d.bring(t, commandIn(shared, "/log 2h", "t2")); got.payload != (refused{}) {
			t.Errorf("acknowledged with %v after Close, want it refused", got.payload)
		}
		if n := len(d.script.Events()); n != 1 {
			t.Errorf("%d events, want the one before Close", n)
		}
	})
}

func TestTakeRepeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.later(time.Second, chat.Tell(chat.T("Logged")))
		acks := make([]ack, 2)
		var both sync.WaitGroup
		for i := range acks {
			both.Go(func() { acks[i] = d.bring(t, messageOf("Ev1", "2h")) })
		}
		both.Wait()
		d.bring(t, messageOf("Ev1", "2h"))
		_ = waitFor(context.Background(), 15*time.Minute) // of the bubble's clock
		d.bring(t, messageOf("Ev1", "2h"))
		if n := len(d.script.Events()); n != 1 || d.names() != "chat.postMessage D1" {
			t.Errorf("%d events and the calls %q, want one of each", n, d.names())
		}
		for _, a := range acks {
			if a.payload != nil || a.after != time.Second {
				t.Errorf("acknowledged with %v after %s, want both with nothing, once it is done", a.payload, a.after)
			}
		}
	})
}

// After a restart, a repeat finds by its key what was answered before.
func TestTakeNamesPosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.script.Answer(chat.Tell(chat.T("Logged")))
		again := messageOf("Ev1", "2h")
		again.retry = 1
		d.bring(t, again)
		d.stand.mu.Lock()
		defer d.stand.mu.Unlock()
		searched := false
		for _, m := range d.made {
			searched = searched || m.method == "conversations.history"
			if m.method == "chat.postMessage" && (!searched || !strings.Contains(m.args.Get("metadata"), "slack/T1/m/Ev1")) {
				t.Errorf("posted with the metadata %q, searched before: %t", m.args.Get("metadata"), searched)
			}
		}
	})
}

func TestTakeSurvivesPanics(t *testing.T) {
	for _, wait := range []time.Duration{0, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			d.script.AnswerWith(func(ctx context.Context, _ chat.Event) chat.Reply {
				_ = waitFor(ctx, wait)
				panic("secret plans")
			})
			d.bring(t, commandIn(shared, "/log 2h", "t1"))
			ref := chat.Reference(chat.Event{ID: "slack/T1/c/t1"})
			if d.names() != "respond ephemeral" || !strings.Contains(d.calls()[0].said(), ref) {
				t.Errorf("calls = %q, want the person told, with %s", d.names(), ref)
			}
			if n := strings.Count(d.log.String(), "level=ERROR"); n != 1 {
				t.Errorf("%d errors logged, want one:\n%s", n, d.log)
			}
		})
	}
}

// What goes wrong in payoff itself takes no more down than what the handler does.
func TestTakeSurvivesItself(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*workspace)
		fails map[string]string
		want  string
	}{
		{"before the handler", func(w *workspace) { w.people = nil }, nil, "respond ephemeral"},
		{"answering", func(w *workspace) { w.rooms = nil }, map[string]string{"respond": "used_url", "chat.postMessage": "channel_not_found"},
			"respond in_channel, chat.postMessage C1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.script.Answer(chat.Tell(chat.T("Logged")))
				for method, err := range c.fails {
					d.fail(method, err)
				}
				c.spoil(d.spaces["T1"])
				if got := d.bring(t, commandIn(shared, "/log 2h", "t1")); got.payload != nil {
					t.Errorf("acknowledged with %v, want nothing", got.payload)
				}
				if n := strings.Count(d.log.String(), "level=ERROR"); n != 1 || !strings.Contains(d.log.String(), "panicked") || d.names() != c.want {
					t.Errorf("calls = %q, want %q; %d errors logged, want one:\n%s", d.names(), c.want, n, d.log)
				}
			})
		})
	}
}

// installs stand in for storage.
type installs func(ctx context.Context) (Install, bool, error)

func (f installs) Install(ctx context.Context, space string) (Install, bool, error) {
	in, found, err := f(ctx)
	in.Space = space
	return in, found, err
}
func (installs) Keep(context.Context, Install) error              { return nil }
func (installs) Remove(context.Context, string) ([]string, error) { return nil, nil }

// A workspace that cannot be found for now: events come again, forms stay, the rest is told.
func TestTakeWithoutWorkspace(t *testing.T) {
	var told []string
	hooks := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m slackapi.WebhookMessage
		_ = json.NewDecoder(r.Body).Decode(&m)
		told = append(told, m.ResponseType+": "+m.Text)
	}))
	defer hooks.Close()
	d := newDesk(t)
	d.script.Answer(chat.Tell(chat.T("Logged")))
	there := d.spaces["T1"]
	delete(d.spaces, "T1")
	d.cfg.Installs = installs(func(context.Context) (Install, bool, error) { return Install{}, false, errors.New("disk full") })

	if got := d.bring(t, messageOf("Ev1", "2h")); got.payload != (refused{}) {
		t.Errorf("an event is acknowledged with %v, want it refused", got.payload)
	}
	typed := commandIn(shared, "/log 2h", "t1")
	typed.command.ResponseURL = hooks.URL
	if got := d.bring(t, typed); got.payload != nil {
		t.Errorf("a command is acknowledged with %v, want nothing", got.payload)
	}
	if len(told) != 1 || !strings.HasPrefix(told[0], "ephemeral: I could not") {
		t.Errorf("told %q, want one sentence to the person alone", told)
	}
	if n := strings.Count(d.log.String(), "level=ERROR"); n != 2 || strings.Contains(d.log.String(), hooks.URL) {
		t.Errorf("%d errors logged, want one for each delivery, without addresses:\n%s", n, d.log)
	}
	d.spaces["T1"] = there
	if got := d.bring(t, messageOf("Ev1", "2h")); got.payload != nil || len(d.script.Events()) != 1 {
		t.Errorf("brought again: acknowledged with %v, %d events; want it taken", got.payload, len(d.script.Events()))
	}
}

// While it is still being found out where a message is from, Slack is answered in time. From
// then on nobody brings it again, so that what fails on the way is tried again here.
func TestTakeWithSlowInstalls(t *testing.T) {
	for _, failures := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			there, asked := d.spaces["T1"], 0
			delete(d.spaces, "T1")
			d.cfg.Installs = installs(func(context.Context) (Install, bool, error) {
				_ = waitFor(context.Background(), 5*time.Second) // of the bubble's clock, whatever the context says
				if asked++; asked == failures {
					d.Adapter.mu.Lock()
					defer d.Adapter.mu.Unlock()
					d.spaces["T1"] = there // found, but by somebody else
				}
				return Install{}, false, errors.New("disk full")
			})
			if got := d.bring(t, messageOf("Ev1", "2h")); got.payload != nil || got.after != ackLimit {
				t.Errorf("acknowledged with %v after %s, want nothing after %s", got.payload, got.after, ackLimit)
			}
			if n := len(d.script.Events()); n != 1 || asked != failures {
				t.Errorf("%d events after %d askings, want it handled as soon as it can be", n, asked)
			}
		})
	}
}

func TestTakeLeaves(t *testing.T) {
	for _, inner := range []string{`{"type":"app_uninstalled"}`, `{"type":"tokens_revoked","tokens":{"bot":["UBOT"]}}`} {
		d := newDesk(t)
		d.cfg.BotToken = chat.Secret{} // or Slack would be asked whether it works
		var left []string
		fail := errors.New("disk full")
		d.cfg.Left = func(_ context.Context, space string) error { left = append(left, space); return fail }
		if got := d.bring(t, eventOf("Ev1", inner)); got.payload != (refused{}) {
			t.Errorf("acknowledged with %v, want it refused while it cannot be noted", got.payload)
		}
		fail = nil
		if got := d.bring(t, eventOf("Ev1", inner)); got.payload != nil {
			t.Errorf("acknowledged with %v, want nothing", got.payload)
		}
		if diff := cmp.Diff([]string{"T1", "T1"}, left); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
		d.script.Answer(chat.Tell(chat.T("Logged")))
		if d.bring(t, messageOf("Ev2", "2h")); len(d.script.Events()) != 0 {
			t.Error("an event of a workspace that payoff has left is handled")
		}
	}
}

// An organisation's installation is left as a whole.
func TestTakeLeavesOrganisations(t *testing.T) {
	d := newDesk(t)
	d.cfg.BotToken = chat.Secret{}
	left := ""
	d.cfg.Left = func(_ context.Context, space string) error { left = space; return nil }
	gone := eventOf("Ev1", `{"type":"app_uninstalled"}`)
	gone.event.EnterpriseID = "E1"
	gone.event.Authorizations = []slackapi.EventAuthorization{{EnterpriseID: "E1", TeamID: "T1", IsEnterpriseInstall: true}}
	d.bring(t, gone)
	if left != "E1" {
		t.Errorf("left %q, want the organisation", left)
	}
}

func FuzzTake(f *testing.F) {
	for _, s := range []string{
		`{"team_id":"T1","user_id":"U1","channel_id":"C1","command":"/log","text":"<@U1|","trigger_id":"t"}`,
		`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"t","actions":[{"type":"button","block_id":"b","value":"x"},null]}`,
		`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","private_metadata":".{}","blocks":[{"type":"input"}],"state":{"values":{"a":{"b":{"type":"x"}}}}}}`,
		`{"type":"message_action","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"t","callback_id":"log","message":{"text":"x"}}`,
		`{"team_id":"T1","event_id":"E","event":{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"x"}}`,
		`{"team_id":"T1","event_id":"E","event":{"type":"app_home_opened","tab":"home","user":"U1"}}`,
		`{"team_id":"T1","event_id":"E","event":{"type":"app_uninstalled"}}`,
		`null`, `{}`, `[]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			d.cfg.BotToken = chat.Secret{}
			d.script.Answer(chat.Tell(chat.T("Answered"), chat.Actions{{Label: "Undo", Call: "undo"}}))
			for _, what := range decoded(b) {
				d.bring(t, what)
				if i := what.interaction; i != nil && i.Type == slackapi.InteractionTypeViewSubmission {
					i.View.PrivateMetadata, _ = d.seal(i.Team.ID, origin{Call: "x", Room: "C1", User: i.User.ID})
					d.script.Answer(chat.OpenForm{Form: wrong()})
					d.bring(t, what)
				}
			}
			if strings.Contains(d.log.String(), "panicked") {
				t.Errorf("%q: %s", b, d.log)
			}
		})
	})
}

// decoded is b as each kind of delivery that it can be read as.
func decoded(b []byte) (all []delivery) {
	var c slackapi.SlashCommand
	if json.Unmarshal(b, &c) == nil {
		all = append(all, delivery{command: &c})
	}
	var i slackapi.InteractionCallback
	if json.Unmarshal(b, &i) == nil {
		all = append(all, delivery{interaction: &i})
	}
	var e slackevents.EventsAPICallbackEvent
	if json.Unmarshal(b, &e) == nil {
		all = append(all, delivery{event: &e})
	}
	return all
}

// TestFailedIsLogged: a fault of payoff's is one, but not what it was stopped in, nor that its
// person cannot be reached.
func TestFailedIsLogged(t *testing.T) {
	a, log := newAdapter(t, Config{AppToken: chat.NewSecret("xapp-not-to-be-read")})
	e := &errand{a: a}
	e.failed(t.Context(), errCut)
	e.failed(t.Context(), &chat.Error{Kind: chat.Gone, Err: errCut})
	a.kill()
	e.failed(t.Context(), errCut)
	got := log.String()
	for _, want := range []string{"level=ERROR", "level=DEBUG", "level=WARN"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("the log has %d lines of %s, want 1:\n%s", strings.Count(got, want), want, got)
		}
	}
}
