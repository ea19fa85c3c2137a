package slack

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	slackapi "github.com/slack-go/slack"
	"pgregory.net/rapid"

	"payoff/bot/chat"
)

func week() chat.Form {
	return chat.Form{Call: "checkin save", Title: "Week of 9 November", Submit: "Check in", Fields: []chat.Field{
		{ID: "c1", Label: "BNI", Value: "4h"}, {ID: "next", Label: "What comes next?"},
	}}
}

// wrong is the form again, with an error at a field.
func wrong() chat.Form {
	f := week()
	f.Fields[0].Error = "Of what?"
	return f
}

// open has a person open the form, and returns it as Slack shows it.
func (d *desk) open(t *testing.T, by delivery) slackapi.View {
	t.Helper()
	d.script.Answer(chat.OpenForm{Form: week()})
	d.bring(t, by)
	calls := d.calls()
	last := calls[len(calls)-1]
	if last.method != "views.open" {
		t.Fatalf("calls = %q, want a form opened\n%s", d.names(), d.log)
	}
	return shownView(t, last.args.Get("view"))
}

// shownView is a view as Slack gives it back.
func shownView(t *testing.T, sent string) (v slackapi.View) {
	t.Helper()
	if err := json.Unmarshal([]byte(sent), &v); err != nil {
		t.Fatal(err)
	}
	v.ID = "V1"
	return v
}

// filled submits a view with values by field.
func filled(t *testing.T, v slackapi.View, user string, values map[string]string) delivery {
	t.Helper()
	v.State = &slackapi.ViewState{Values: map[string]map[string]slackapi.BlockAction{}}
	for _, b := range v.Blocks.BlockSet {
		if b.BlockType() == slackapi.MBTInput {
			v.State.Values[b.ID()] = map[string]slackapi.BlockAction{"a": {Type: "plain_text_input", Value: values[b.ID()]}}
		}
	}
	return delivery{interaction: &slackapi.InteractionCallback{
		Type: slackapi.InteractionTypeViewSubmission, Team: slackapi.Team{ID: "T1"}, User: slackapi.User{ID: user}, View: v, TriggerID: "t9",
	}}
}

var asTyped = map[string]string{"c1": "5h", "next": "Two one-to-ones"}

// told is what an acknowledgement does with the form, and all that it says.
func told(t *testing.T, payload any) (action, said string) {
	t.Helper()
	r, ok := payload.(*slackapi.ViewSubmissionResponse)
	if !ok {
		t.Fatalf("acknowledged with %T, want what to do with the form", payload)
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(r.ResponseAction), string(b)
}

func TestFormOpens(t *testing.T) {
	offer := "respond ephemeral"
	for _, c := range []struct {
		name  string
		wait  time.Duration
		d     delivery
		fails map[string]string
		reply chat.Reply
		want  string
		at    time.Duration // of the first call
		said  string        // by the last call
	}{
		{"at once", 0, commandIn(shared, "/checkin", "t1"), nil, chat.OpenForm{Form: week()}, "views.open", 0, "Week of 9"},
		{"in time", 1400 * time.Millisecond, commandIn(shared, "/checkin", "t1"), nil, chat.OpenForm{Form: week()}, "views.open", 1400 * time.Millisecond, "Week of 9"},
		{"late", 1600 * time.Millisecond, commandIn(shared, "/checkin", "t1"), nil, chat.OpenForm{Form: week()}, "views.open, views.update", ackLimit, "Week of 9"},
		{"very late, by a button", 5 * time.Second, pressIn(t, shared, "checkin", "t1", false), nil, chat.OpenForm{Form: week()}, "views.open, views.update", ackLimit, "Week of 9"},
		{"late, words instead", 5 * time.Second, commandIn(shared, "/checkin", "t1"), nil, chat.Whisper(chat.T("Not open yet")), "views.open, views.update", ackLimit, "Not open yet"},
		{"late, nothing", 5 * time.Second, commandIn(shared, "/checkin", "t1"), nil, nil, "views.open, views.update", ackLimit, "Done."},
		{"late, words for all", 5 * time.Second, commandIn(shared, "/checkin", "t1"), nil, chat.Tell(chat.T("Hello all")),
			"views.open, views.update, respond in_channel", ackLimit, "Hello all"},
		{"late, with a button", 5 * time.Second, commandIn(shared, "/checkin", "t1"), nil, chat.Whisper(chat.T("Hello"), chat.Actions{{Label: "Start", Call: "start form"}}),
			"views.open, views.update, respond ephemeral", ackLimit, "start form"},
		{"late, closed meanwhile", 5 * time.Second, commandIn(shared, "/checkin", "t1"), map[string]string{"views.update": "not_found"}, chat.Whisper(chat.T("Not open yet")),
			"views.open, views.update, respond ephemeral", ackLimit, "Not open yet"},
		{"late, closed meanwhile, a form", 5 * time.Second, commandIn(shared, "/checkin", "t1"), map[string]string{"views.update": "not_found"}, chat.OpenForm{Form: week()},
			"views.open, views.update, " + offer, ackLimit, "Open the form"},
		{"expired", 0, commandIn(shared, "/checkin", "t1"), map[string]string{"views.open": "expired_trigger_id"}, chat.OpenForm{Form: week()},
			"views.open, " + offer, 0, "Open the form"},
		{"late and expired", 5 * time.Second, commandIn(shared, "/checkin", "t1"), map[string]string{"views.open": "expired_trigger_id"}, chat.OpenForm{Form: week()},
			"views.open, " + offer, ackLimit, "Open the form"},
		{"late and not declared", 5 * time.Second, commandIn(shared, "/log", "t1"), map[string]string{"views.open": "expired_trigger_id"}, chat.OpenForm{Form: week()},
			"views.open, " + offer, 5 * time.Second, "Open the form"},
		{"late, and no form declared", 5 * time.Second, commandIn(shared, "/report", "t1"), nil, chat.Whisper(chat.T("Report")), "respond ephemeral", 5 * time.Second, "Report"},
		{"to words", 0, messageOf("Ev1", "check in"), nil, chat.OpenForm{Form: week()}, "chat.postMessage D1", 0, "wrote: check in"},
		{"to long words", 0, messageOf("Ev1", "log "+strings.Repeat("x", 2000)), nil, chat.OpenForm{Form: week()}, "chat.postMessage D1", 0, "once more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				for method, err := range c.fails {
					d.fail(method, err)
				}
				d.later(c.wait, c.reply)
				got := d.bring(t, c.d)
				if want := min(c.wait, ackLimit); got.payload != nil || got.after != want {
					t.Errorf("acknowledged with %v after %s, want nothing after %s", got.payload, got.after, want)
				}
				calls := d.calls()
				if d.names() != c.want || calls[0].after != c.at {
					t.Fatalf("calls = %q from %s on, want %q from %s on\n%s", d.names(), calls[0].after, c.want, c.at, d.log)
				}
				if said := calls[len(calls)-1].said(); !strings.Contains(said, c.said) {
					t.Errorf("the last call says %s, want %q", said, c.said)
				}
				if strings.Contains(d.log.String(), "level=ERROR") {
					t.Errorf("logged as a fault:\n%s", d.log)
				}
			})
		})
	}
}

// The button that is offered instead of a form does what was done.
func TestFormIsOffered(t *testing.T) {
	for _, c := range []struct {
		d    delivery
		want string
	}{
		{commandIn(shared, "/checkin now", "t1"), "checkin now"},
		{commandIn(shared, "/payoff start", "t1"), "start"},
		{commandIn(shared, "/payoff", "t1"), ""},
		{pressIn(t, shared, "start form log 2h", "t1", false), "start form log 2h"},
		{messageOf("Ev1", "hi"), "wrote: hi"},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			d.fail("views.open", "exchanged_trigger_id")
			d.script.Answer(chat.OpenForm{Form: week()})
			d.bring(t, c.d)
			calls := d.calls()
			if got := strings.Join(calls[len(calls)-1].values(), ","); got != c.want {
				t.Errorf("the button calls %q, want %q", got, c.want)
			}
		})
	}
}

func TestFormIsSubmitted(t *testing.T) {
	formError, another := wrong(), week()
	formError.Error = "The week has passed."
	another.Call, another.Title = "checkin more", "One more thing"
	otherQuestions := wrong()
	otherQuestions.Fields = append(otherQuestions.Fields, chat.Field{ID: "c9", Label: "New"})
	for _, c := range []struct {
		name   string
		reply  chat.Reply
		action string
		said   []string
		calls  string
	}{
		{"done", chat.Whisper(chat.T("Checked in")), "clear", nil, "respond ephemeral"},
		{"done, updating", chat.Update{Message: plainWords("Checked in")}, "clear", nil, "respond instead"},
		{"done, without a word", nil, "clear", nil, ""},
		{"errors", chat.OpenForm{Form: wrong()}, "errors", []string{`"c1":"Of what?"`}, ""},
		{"an error of all", chat.OpenForm{Form: formError}, "update", []string{"The week has passed.", "Of what?", `"5h"`, "Two one-to-ones"}, ""},
		{"other questions", chat.OpenForm{Form: otherQuestions}, "update", []string{"Of what?", `"5h"`, "New"}, ""},
		{"another form", chat.OpenForm{Form: another}, "update", []string{"One more thing", `"4h"`}, ""},
		{"the same without errors", chat.OpenForm{Form: week()}, "update", []string{`"5h"`}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				v := d.open(t, pressIn(t, shared, "checkin", "t1", false))
				d.later(1400*time.Millisecond, c.reply)
				got := d.bring(t, filled(t, v, "U1", asTyped))
				action, said := told(t, got.payload)
				if action != c.action || got.after != 1400*time.Millisecond {
					t.Errorf("acknowledged with %q after %s, want %q as soon as it is known", action, got.after, c.action)
				}
				for _, want := range c.said {
					if !strings.Contains(said, want) {
						t.Errorf("acknowledged with %s, want %q in it", said, want)
					}
				}
				if got := strings.TrimPrefix(strings.TrimPrefix(d.names(), "views.open"), ", "); got != c.calls {
					t.Errorf("calls = %q, want %q", got, c.calls)
				}
				e := d.script.Events()[1]
				want := chat.Event{ID: e.ID, From: e.From, Room: chat.Room{ID: shared, Name: "general"}, Did: chat.Submitted{Call: "checkin save", Values: asTyped}}
				e.Admin = nil
				if diff := cmp.Diff(want, e); diff != "" || !strings.HasPrefix(e.ID, "slack/T1/f/V1/") || e.From.Name != "Ann" {
					t.Errorf("event %+v (-want +got):\n%s", e, diff)
				}
			})
		})
	}
}

// A form that is shown again keeps no field under the name that Slack remembers it by.
func TestFormAgainIsFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		v := d.open(t, commandIn(shared, "/checkin", "t1"))
		f := wrong()
		f.Error = "Look again."
		d.script.Answer(chat.OpenForm{Form: f})
		first, _ := d.bring(t, filled(t, v, "U1", asTyped)).payload.(*slackapi.ViewSubmissionResponse)
		b, err := json.Marshal(first.View)
		if err != nil {
			t.Fatal(err)
		}
		again := shownView(t, string(b))
		before, after := actions(v), actions(again)
		for id, action := range before {
			if after[id] == "" || after[id] == action {
				t.Errorf("field %s is called %q, and before %q; want another name", id, after[id], action)
			}
		}
		// Marks of errors are gone only with another view.
		d.script.Answer(chat.OpenForm{Form: wrong()})
		if action, _ := told(t, d.bring(t, filled(t, again, "U1", asTyped)).payload); action != "update" {
			t.Errorf("errors after a marked form are acknowledged with %q, want the form anew", action)
		}
		d.script.Answer(chat.Whisper(chat.T("Checked in")))
		if action, _ := told(t, d.bring(t, filled(t, again, "U1", asTyped)).payload); action != "clear" || len(d.script.Events()) != 4 {
			t.Errorf("acknowledged with %q after %d events: what was refused may be sent again as it was", action, len(d.script.Events()))
		}
	})
}

func actions(v slackapi.View) map[string]string {
	all := map[string]string{}
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slackapi.InputBlock); ok {
			if e, ok := in.Element.(*slackapi.PlainTextInputBlockElement); ok {
				all[in.BlockID] = e.ActionID
			}
		}
	}
	return all
}

func TestFormIsSubmittedLate(t *testing.T) {
	for _, c := range []struct {
		name  string
		reply chat.Reply
		fails map[string]string
		calls string
		said  []string // by the last call
	}{
		{"done", chat.Whisper(chat.T("Checked in")), nil, "views.update", []string{"Checked in"}},
		{"done, without a word", nil, nil, "views.update", []string{"Done."}},
		{"done, updating", chat.Update{Message: plainWords("Checked in")}, nil, "views.update, respond instead", []string{"Checked in"}},
		{"errors", chat.OpenForm{Form: wrong()}, nil, "views.update", []string{"Of what?", "Two one-to-ones", `\"5h\"`}},
		{"done, closed meanwhile", chat.Whisper(chat.T("Checked in")), map[string]string{"views.update": "not_found"}, "views.update, respond ephemeral", []string{"Checked in"}},
		{"errors, closed meanwhile", chat.OpenForm{Form: wrong()}, map[string]string{"views.update": "not_found"}, "views.update, respond ephemeral",
			[]string{"Nothing of it is saved", "Of what?", "5h", "Two one-to-ones"}},
	} {
		for _, wait := range []time.Duration{1600 * time.Millisecond, 5 * time.Second} {
			t.Run(c.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := newDesk(t)
					v := d.open(t, pressIn(t, shared, "checkin", "t1", false))
					for method, err := range c.fails {
						d.fail(method, err)
					}
					d.later(wait, c.reply)
					got := d.bring(t, filled(t, v, "U1", asTyped))
					if action, said := told(t, got.payload); action != "update" || got.after != ackLimit || !strings.Contains(said, "Saving") || !strings.Contains(said, "Week of 9") {
						t.Errorf("acknowledged with %s after %s, want the placeholder after %s", said, got.after, ackLimit)
					}
					calls := d.calls()[1:]
					if got := strings.TrimPrefix(d.names(), "views.open, "); got != c.calls || calls[0].after != wait {
						t.Fatalf("calls = %q, want %q after %s\n%s", got, c.calls, wait, d.log)
					}
					said := calls[len(calls)-1].said()
					for _, want := range c.said {
						if !strings.Contains(said, want) && !strings.Contains(said, strings.ReplaceAll(want, `\"`, `"`)) {
							t.Errorf("the last call says %s, want %q", said, want)
						}
					}
					if calls[0].args.Get("view_id") != "V1" {
						t.Errorf("the view %q is updated, want the one that was submitted", calls[0].args.Get("view_id"))
					}
				})
			})
		}
	}
}

func TestFormIsSubmittedTwice(t *testing.T) {
	for _, wait := range []time.Duration{time.Second, 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			v := d.open(t, commandIn(shared, "/checkin", "t1"))
			d.later(wait, chat.Whisper(chat.T("Checked in")))
			acks := make([]ack, 2)
			var both sync.WaitGroup
			for i := range acks {
				both.Go(func() { acks[i] = d.bring(t, filled(t, v, "U1", asTyped)) })
			}
			both.Wait()
			if len(d.script.Events()) != 2 || acks[0].payload != acks[1].payload {
				t.Errorf("%d events and the acknowledgements %v, want one submission and both told the same", len(d.script.Events()), acks)
			}
			d.bring(t, filled(t, v, "U1", map[string]string{"c1": "6h"}))
			if len(d.script.Events()) != 3 {
				t.Error("a corrected form is taken for a repeat")
			}
		})
	}
}

func TestFormIsForeign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		v := d.open(t, commandIn(shared, "/checkin", "t1"))
		tampered, none, elsewhere := v, v, filled(t, v, "U1", asTyped)
		tampered.PrivateMetadata = strings.Replace(v.PrivateMetadata, "checkin save", "forget yes", 1)
		none.PrivateMetadata = ""
		elsewhere.interaction.Team.ID = "T2"
		for name, c := range map[string]delivery{
			"tampered": filled(t, tampered, "U1", asTyped), "none": filled(t, none, "U1", asTyped),
			"another's": filled(t, v, "U2", asTyped), "of another workspace": elsewhere,
		} {
			action, said := told(t, d.bring(t, c).payload)
			if action != "update" || !strings.Contains(said, "before I changed") {
				t.Errorf("%s: acknowledged with %s, want one sentence in its place", name, said)
			}
		}
		if n := len(d.script.Events()); n != 1 {
			t.Errorf("%d events, want the opening alone", n)
		}
	})
}

// A form stays as it is when the workspace cannot be found for now.
func TestFormWithoutWorkspace(t *testing.T) {
	for _, slow := range []time.Duration{0, 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			v := d.open(t, commandIn(shared, "/checkin", "t1"))
			there := d.spaces["T1"]
			delete(d.spaces, "T1")
			d.cfg.Installs = installs(func(context.Context) (Install, bool, error) {
				_ = waitFor(context.Background(), slow) // of the bubble's clock
				return Install{}, false, context.DeadlineExceeded
			})
			got := d.bring(t, filled(t, v, "U1", asTyped))
			action, said := told(t, got.payload)
			if action != "errors" || !strings.Contains(said, `"c1":"I could not`) || got.after != min(slow, ackLimit) {
				t.Errorf("acknowledged with %s after %s, want a sentence at the first question", said, got.after)
			}
			d.spaces["T1"] = there
			d.script.Answer(chat.Whisper(chat.T("Checked in")))
			if action, _ := told(t, d.bring(t, filled(t, v, "U1", asTyped)).payload); action != "clear" {
				t.Errorf("sent again, it is acknowledged with %q, want it taken", action)
			}
		})
	}
}

// Slack drops a large acknowledgement without a word: what is larger follows it.
func TestLargeFormFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		v := d.open(t, commandIn(shared, "/checkin", "t1"))
		f := week()
		for i := range 20 {
			f.Fields = append(f.Fields, chat.Field{ID: string(rune('A' + i)), Label: "More", Value: strings.Repeat("x", 2000)})
		}
		d.script.Answer(chat.OpenForm{Form: f})
		action, said := told(t, d.bring(t, filled(t, v, "U1", asTyped)).payload)
		if action != "update" || len(said) > maxFormAck {
			t.Errorf("acknowledged with %q of %d bytes, want a placeholder", action, len(said))
		}
		if last := d.calls()[1]; last.method != "views.update" || !strings.Contains(last.said(), "More") {
			t.Errorf("calls = %q, want the form behind it", d.names())
		}
	})
}

func TestSeal(t *testing.T) {
	d := newDesk(t)
	rapid.Check(t, func(t *rapid.T) {
		o := origin{
			Call: rapid.StringN(0, 300, 1200).Draw(t, "call"), Room: rapid.StringMatching(`[CDG][A-Z0-9]{0,10}`).Draw(t, "room"),
			RoomName: rapid.StringN(0, 80, 320).Draw(t, "name"), Direct: rapid.Bool().Draw(t, "direct"),
			Address: rapid.StringN(0, 3000, 3000).Draw(t, "address"), User: "U1", Generation: rapid.IntRange(0, 9).Draw(t, "generation"),
		}
		s, err := d.seal("T1", o)
		if err != nil {
			t.Fatal(err)
		}
		if n := utf8.RuneCountInString(s); n > maxMetadata {
			t.Fatalf("%d characters, want %d at most", n, maxMetadata)
		}
		got, ok := d.unseal("T1", s)
		if !ok || got.User != "U1" || got.Room != o.Room || got.Generation != o.Generation || got.Call != strings.ToValidUTF8(o.Call, "\ufffd") {
			t.Fatalf("unseal = %+v, %t, want %+v", got, ok, o)
		}
		if got.Address != "" && got.RoomName != strings.ToValidUTF8(o.RoomName, "\ufffd") {
			t.Fatal("the room's name is left out before the address")
		}
		if _, ok := d.unseal("T2", s); ok {
			t.Fatal("it serves in another workspace")
		}
		at := rapid.IntRange(0, len(s)-1).Draw(t, "at")
		if broken := s[:at] + string(s[at]^1) + s[at+1:]; broken != s {
			if _, ok := d.unseal("T1", broken); ok {
				t.Fatalf("changed at %d, it still serves", at)
			}
		}
	})
	if _, err := d.seal("T1", origin{Call: strings.Repeat("x", maxMetadata)}); !isKind(err, chat.Invalid) {
		t.Errorf("seal = %v, want it refused: no less can be carried", err)
	}
}

// A secret that signs is none of those that another part of Slack uses as they are.
func TestFormKeys(t *testing.T) {
	a, b := newDesk(t), newDesk(t)
	b.cfg.SigningSecret = chat.NewSecret("hush")
	s, err := a.seal("T1", origin{User: "U1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.unseal("T1", s); ok {
		t.Error("a form signed with another secret serves")
	}
}

func FuzzUnseal(f *testing.F) {
	d := newDesk(f)
	good, _ := d.seal("T1", origin{Call: "x", User: "U1"})
	for _, s := range []string{"", ".", ".{}", good, good + " ", strings.Repeat("A", 43) + ".{}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, ok := d.unseal("T1", s); ok != (s == good) {
			t.Errorf("unseal(%q) = %t", s, ok)
		}
	})
}
