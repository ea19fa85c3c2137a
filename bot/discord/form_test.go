package discord

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"payoff/bot/chat"
)

// formOf is a form of so many fields: f1, f2 …, the second with choices.
func formOf(fields int) chat.Form {
	f := chat.Form{Call: "checkin W46", Title: "Week of 9 November", Submit: "Check in"}
	for i := range fields {
		f.Fields = append(f.Fields, chat.Field{ID: fmt.Sprint("f", i+1), Label: fmt.Sprint("Field ", i+1), Value: fmt.Sprint("was ", i+1)})
	}
	if fields > 1 {
		f.Fields[1].Choices, f.Fields[1].Value = []chat.Choice{{Value: "kept", Label: "Kept"}, {Value: "missed", Label: "Missed"}}, ""
	}
	return f
}

// submit fills the modal that is open, and what is not named stays as it is.
func (b *booth) submit(t *testing.T, m shownModal, message string, values map[string]string) {
	t.Helper()
	all := map[string]any{}
	for id, p := range m.Fields {
		value := p.value()
		if v, ok := values[id]; ok {
			value = v
		}
		if all[id] = value; p.Component.Type == 3 {
			all[id] = []string{value}
			if value == "" {
				all[id] = []string{}
			}
		}
	}
	in := inServer(kindSubmit, filled(m.ID, all))
	if message != "" {
		in = onMessage(message, flagHidden, in)
	}
	b.bring(t, in)
}

// press presses a button of the last answer, which is on a message.
func (b *booth) press(t *testing.T, message, label string) shownModal {
	t.Helper()
	id, ok := b.choices()[label]
	if !ok {
		t.Fatalf("there is no button %q in %s", label, b.last())
	}
	b.bring(t, onMessage(message, flagHidden, inServer(kindComponent, pressed(id))))
	return b.opened(t)
}

// again opens a part of a form.
func (b *booth) again(t *testing.T, form string, part int) shownModal {
	t.Helper()
	b.bring(t, onMessage(standCard, flagHidden, inServer(kindComponent, pressed(fmt.Sprint(idOfPart, form, ":", part)))))
	return b.opened(t)
}

const standCard = "900000000000000001" // the message of a card

func (b *booth) submitted(t *testing.T, n int) chat.Submitted {
	t.Helper()
	events := b.events(t, n)
	did, ok := events[n-1].Did.(chat.Submitted)
	if !ok {
		t.Fatalf("event %d is %#v, want a form submitted", n, events[n-1].Did)
	}
	return did
}

func TestFormOfOnePart(t *testing.T) {
	b := newBooth(t)
	f := formOf(3)
	b.script.Answer(chat.OpenForm{Form: f})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	m := b.opened(t)
	if len(m.Fields) != 3 || m.Title != f.Title || m.Fields["f1"].value() != "was 1" {
		t.Fatalf("opened %+v", m)
	}
	b.script.Answer(chat.Whisper(chat.T("Checked in")))
	b.submit(t, m, "", map[string]string{"f1": "4h", "f2": "missed"})
	if b.names() != "answer 4 hidden" || !strings.Contains(b.last(), "Checked in") {
		t.Errorf("calls = %q of %s, want it said", b.names(), b.last())
	}
	want := chat.Submitted{Call: "checkin W46", Values: map[string]string{"f1": "4h", "f2": "missed", "f3": "was 3"}}
	if diff := cmp.Diff(want, b.submitted(t, 2)); diff != "" {
		t.Errorf("submitted (-want +got):\n%s", diff)
	}
	first := b.events(t, 2)[1]
	if first.Room.ID != standRoom || first.From.Space != standServer || !strings.HasPrefix(first.ID, "discord/f/") {
		t.Errorf("event = %+v", first)
	}
	if n := b.notes.has("form/"); n != 0 {
		t.Errorf("%d forms are kept, want none that was taken", n)
	}
	b.submit(t, m, "", map[string]string{"f1": "4h", "f2": "missed"}) // Discord had not learnt of the answer
	if again := b.events(t, 3)[2]; again.ID != first.ID {
		t.Errorf("submitted again as %s, want %s: it is the same", again.ID, first.ID)
	}
	b.submit(t, m, "", map[string]string{"f1": "5h", "f2": "missed"})
	if other := b.events(t, 4)[3]; other.ID == first.ID {
		t.Error("other values have the same ID")
	}
}

// A form of several parts is filled in by one button after the other, in any order, and the
// handler hears of all of it once.
func TestFormOfParts(t *testing.T) {
	for _, fields := range []int{8, 25} {
		parts := (fields + 4) / 5
		t.Run(fmt.Sprint(parts, " parts"), func(t *testing.T) {
			b := newBooth(t)
			b.script.Answer(chat.OpenForm{Form: formOf(fields)})
			b.bring(t, inServer(kindCommand, chosen("checkin")))
			m, want, message := b.opened(t), map[string]string{}, ""
			b.script.Answer(chat.Whisper(chat.T("Checked in")))
			for part := range parts {
				values := map[string]string{}
				for id := range m.Fields {
					values[id] = "typed " + id
				}
				if part == 0 {
					values["f2"] = "kept"
				}
				maps.Copy(want, values)
				b.submit(t, m, message, values)
				if part == parts-1 {
					break
				}
				b.events(t, 1)
				say := fmt.Sprintf("Part %d of %d is kept. Go on?", part+1, parts)
				if !strings.Contains(b.last(), say) || len(b.choices()) != parts {
					t.Fatalf("said %s, want %q and a button for each part", b.last(), say)
				}
				if answer := map[bool]string{true: "answer 4 hidden", false: "answer 7"}[part == 0]; b.names() != answer {
					t.Errorf("part %d: calls = %q, want %q", part+1, b.names(), answer)
				}
				m, message = b.press(t, standCard, "Continue"), standCard
			}
			if diff := cmp.Diff(want, b.submitted(t, 2).Values); diff != "" {
				t.Errorf("submitted (-want +got):\n%s", diff)
			}
			if b.names() != "answer 7" || !strings.Contains(b.last(), "Checked in") || len(b.choices()) != 0 {
				t.Errorf("calls = %q of %s, want the card replaced", b.names(), b.last())
			}
		})
	}
}

// Nothing that was typed is lost when payoff restarts in the middle, and what was typed in the
// first part stands there when it is opened again.
func TestFormOverARestart(t *testing.T) {
	b := newBooth(t)
	b.script.Answer(chat.OpenForm{Form: formOf(8)})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.submit(t, b.opened(t), "", map[string]string{"f1": "typed before"})
	two := b.press(t, standCard, "Continue")
	b.restart(t, b.Adapter.cfg)
	b.script.Answer(chat.Whisper(chat.T("Checked in")))
	b.submit(t, two, standCard, map[string]string{"f8": "typed after"})
	got := b.submitted(t, 2).Values
	if len(got) != 8 || got["f1"] != "typed before" || got["f8"] != "typed after" || got["f6"] != "was 6" {
		t.Errorf("submitted %q, want what was typed before and after", got)
	}
}

func TestFormOutOfOrder(t *testing.T) {
	b := newBooth(t)
	b.script.Answer(chat.OpenForm{Form: formOf(12)})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.submit(t, b.opened(t), "", nil)
	b.submit(t, b.press(t, standCard, "Part 3"), standCard, nil)
	if !strings.Contains(b.last(), "Part 3 of 3 is kept") {
		t.Fatalf("said %s", b.last())
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(b.choices()["Part 1"], idOfPart), ":")
	b.bring(t, onMessage(standCard, 0, inServer(kindComponent, pressed(idOfPart+id+":7"))))
	if m := b.opened(t); m.ID != idOfForm+id+":1" {
		t.Errorf("opened %s, want the part that is still to be seen", m.ID)
	}
	again := b.again(t, id, 0)
	if again.Fields["f1"].value() != "was 1" {
		t.Errorf("part 1 again says %q", again.Fields["f1"].value())
	}
	b.submit(t, again, standCard, map[string]string{"f1": "second thoughts"})
	b.events(t, 1)
	b.script.Answer(nil)
	b.submit(t, b.press(t, standCard, "Continue"), standCard, nil)
	if got := b.submitted(t, 2).Values; got["f1"] != "second thoughts" {
		t.Errorf("submitted %q", got)
	}
	if b.names() != "answer 6, DELETE messages/@original" {
		t.Errorf("calls = %q, want the card gone", b.names())
	}
}

// faulty is the form again, with mistakes in fields.
func faulty(f chat.Form, mistakes map[string]string) chat.OpenForm {
	f.Fields = append([]chat.Field(nil), f.Fields...)
	for i := range f.Fields {
		f.Fields[i].Error = mistakes[f.Fields[i].ID]
	}
	return chat.OpenForm{Form: f}
}

func TestFormCorrectedTwice(t *testing.T) {
	b := newBooth(t)
	f := formOf(12)
	b.script.Answer(chat.OpenForm{Form: f})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.submit(t, b.opened(t), "", map[string]string{"f1": "one", "f2": "kept"})
	b.submit(t, b.press(t, standCard, "Continue"), standCard, map[string]string{"f7": "seven"})
	again := faulty(f, map[string]string{"f1": "Too little.", "f11": "Too *late*."})
	again.Form.Error = "Two answers need another look."
	b.script.Answer(again)
	b.submit(t, b.press(t, standCard, "Continue"), standCard, map[string]string{"f11": "eleven"})
	b.events(t, 2)
	for _, want := range []string{"Two answers need another look.", "**Field 1**: Too little.", "**Field 11**: Too *late*.", "Nothing is lost"} {
		if !strings.Contains(unmarked(b.last()), want) {
			t.Errorf("said %s, want %q", b.last(), want)
		}
	}
	if got := b.choices(); len(got) != 3 || got["Correct it"] == "" || got["Part 2"] == "" || got["Part 3"] == "" {
		t.Fatalf("buttons = %v, want one to correct and the other parts", got)
	}

	// The first mistake corrected, the handler is not asked before the other is.
	one := b.press(t, standCard, "Correct it")
	if one.Fields["f1"].value() != "one" || one.Fields["f2"].value() != "kept" || !strings.Contains(one.Fields["f1"].Description, "Too little.") {
		t.Errorf("part 1 again is %+v, want what was typed and what is wrong", one.Fields)
	}
	b.submit(t, one, standCard, map[string]string{"f1": "more"})
	if b.events(t, 2); strings.Contains(b.last(), "Too little") || !strings.Contains(b.last(), "late") {
		t.Errorf("said %s, want only what is still wrong", b.last())
	}
	b.script.Answer(faulty(f, map[string]string{"f7": "Not seven."}))
	b.submit(t, b.press(t, standCard, "Correct it"), standCard, map[string]string{"f11": "later"})
	if got := b.submitted(t, 3).Values; got["f1"] != "more" || got["f7"] != "seven" || got["f11"] != "later" {
		t.Errorf("submitted %q", got)
	}

	b.script.Answer(chat.Whisper(chat.T("Checked in")))
	b.submit(t, b.press(t, standCard, "Correct it"), standCard, map[string]string{"f7": "8"})
	if got := b.submitted(t, 4).Values; got["f1"] != "more" || got["f7"] != "8" || got["f11"] != "later" || len(got) != 12 {
		t.Errorf("submitted %q", got)
	}
	if b.names() != "answer 7" || !strings.Contains(b.last(), "Checked in") {
		t.Errorf("calls = %q of %s", b.names(), b.last())
	}
}

// A form whose error belongs to no field is submitted again by any part.
func TestFormErrorOfNoField(t *testing.T) {
	b := newBooth(t)
	f := formOf(8)
	b.script.Answer(chat.OpenForm{Form: f})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.submit(t, b.opened(t), "", nil)
	again := chat.OpenForm{Form: f}
	again.Form.Error = "The week has passed."
	b.script.Answer(again)
	b.submit(t, b.press(t, standCard, "Continue"), standCard, nil)
	if !strings.Contains(b.last(), "The week has passed.") {
		t.Errorf("said %s", b.last())
	}
	b.submit(t, b.press(t, standCard, "Part 2"), standCard, map[string]string{"f8": "other"})
	if got := b.submitted(t, 3).Values; got["f8"] != "other" {
		t.Errorf("submitted %q", got)
	}
}

func TestFormOfAnotherKindFollows(t *testing.T) {
	b := newBooth(t)
	b.script.Answer(chat.OpenForm{Form: formOf(2)})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	next := formOf(1)
	next.Call, next.Title = "start form", "Get started"
	b.script.Answer(chat.OpenForm{Form: next})
	b.submit(t, b.opened(t), "", nil)
	if b.names() != "answer 4 hidden" || !strings.Contains(b.last(), "The form is ready.") {
		t.Fatalf("calls = %q of %s, want a button: a modal answers no modal", b.names(), b.last())
	}
	if m := b.press(t, standCard, "Open the form"); m.Title != "Get started" {
		t.Errorf("opened %+v", m)
	}
}

// What the handler could not take for a fault of its own can be submitted once more.
func TestFormThatBroke(t *testing.T) {
	b := newBooth(t)
	b.script.Answer(chat.OpenForm{Form: formOf(2)})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.script.AnswerWith(func(context.Context, chat.Event) chat.Reply { panic("disk on fire") })
	b.submit(t, b.opened(t), "", map[string]string{"f1": "precious"})
	if reference := chat.Reference(b.events(t, 2)[1]); !strings.Contains(b.last(), reference) {
		t.Errorf("said %s, want the reference %s", b.last(), reference)
	}
	b.script.Answer(chat.Whisper(chat.T("Checked in")))
	m := b.press(t, standCard, "Open the form")
	if m.Fields["f1"].value() != "precious" {
		t.Errorf("the form says %q, want what was typed", m.Fields["f1"].value())
	}
	b.submit(t, m, standCard, nil)
	if got := b.submitted(t, 3).Values; got["f1"] != "precious" {
		t.Errorf("submitted %q", got)
	}
}

// A choice that is none is known before the handler is asked.
func TestFormWithAWrongChoice(t *testing.T) {
	b := newBooth(t)
	f := formOf(8)
	f.Fields[0].Value, f.Fields[0].Choices = "", nil
	for i := range 40 {
		f.Fields[0].Choices = append(f.Fields[0].Choices, chat.Choice{Value: fmt.Sprint(i), Label: fmt.Sprintf("Zone %02d", i)})
	}
	b.script.Answer(chat.OpenForm{Form: f})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.submit(t, b.opened(t), "", map[string]string{"f1": "Atlantis"})
	if b.events(t, 1); !strings.Contains(b.last(), "Atlantis") {
		t.Fatalf("said %s, want what is wrong", b.last())
	}
	m := b.press(t, standCard, "Correct it")
	if m.Fields["f1"].value() != "Atlantis" {
		t.Errorf("the field says %q, want what was typed", m.Fields["f1"].value())
	}
	b.submit(t, m, standCard, map[string]string{"f1": "zone 07"})
	if !strings.Contains(b.last(), "Part 1 of 2 is kept") {
		t.Fatalf("said %s", b.last())
	}
	b.submit(t, b.press(t, standCard, "Continue"), standCard, nil)
	if got := b.submitted(t, 2).Values; got["f1"] != "7" {
		t.Errorf("submitted %q, want the value of the choice", got)
	}
}

// The message whose button opened a form is the one that is updated, wherever it was submitted.
func TestFormUpdatesItsMessage(t *testing.T) {
	const press = "PATCH /channels/" + standRoom + "/messages/" + standMessage
	for _, c := range []struct {
		name   string
		fields int
		hidden int
		fails  setback
		want   string
	}{
		{"at once", 2, 0, setback{}, "answer 7"},
		{"at once, a private one", 2, flagHidden, setback{}, "answer 7"},
		{"from a card", 8, 0, setback{}, press + ", answer 6, DELETE messages/@original"},
		{"from a card, but it is gone", 8, 0, refuse.gone, press + ", answer 7"},
		{"from a card, a private one", 8, flagHidden, setback{}, "answer 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBooth(t)
			b.script.Answer(chat.OpenForm{Form: formOf(c.fields)})
			b.bring(t, onMessage(standMessage, c.hidden, inServer(kindComponent, pressed(callID("checkin")))))
			m, message := b.opened(t), standMessage
			if c.fields > 5 {
				b.submit(t, m, standMessage, nil)
				if b.names() != "answer 4 hidden" {
					t.Fatalf("calls = %q, want a card of its own", b.names())
				}
				m, message = b.press(t, standCard, "Continue"), standCard
			}
			if c.fails.status != 0 {
				b.fail(press, c.fails)
			}
			b.script.Answer(chat.Update{Message: chat.Message{Blocks: []chat.Block{chat.T("Checked in")}}})
			b.submit(t, m, message, nil)
			said := b.calls()
			if b.names() != c.want || !strings.Contains(said[0].body+said[len(said)-1].body, "Checked in") {
				t.Errorf("calls = %q of %s, want %q", b.names(), b.last(), c.want)
			}
		})
	}
}

// What a form is answered with for all to see is not put into the card of one.
func TestFormAnsweredForAll(t *testing.T) {
	b := newBooth(t)
	b.script.Answer(chat.OpenForm{Form: formOf(8)})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.submit(t, b.opened(t), "", nil)
	b.script.Answer(chat.Tell(chat.T("Ann has checked in")))
	b.submit(t, b.press(t, standCard, "Continue"), standCard, nil)
	if b.names() != "answer 6, DELETE messages/@original, followup" || !strings.Contains(b.last(), "Ann has checked in") {
		t.Errorf("calls = %q of %s", b.names(), b.last())
	}
}

// A form that comes late is offered by a button.
func TestFormLate(t *testing.T) {
	for name, c := range map[string]struct {
		in    map[string]any
		fails string
		want  string
	}{
		"by a command":    {inServer(kindCommand, chosen("checkin")), "", "answer 5 hidden, PATCH messages/@original"},
		"by one for all":  {inServer(kindCommand, chosen("log")), "", "answer 5, DELETE messages/@original, followup hidden"},
		"by a button":     {onMessage(standMessage, 0, inServer(kindComponent, pressed(callID("checkin")))), "", "answer 6, followup hidden"},
		"far too late":    {inServer(kindCommand, chosen("checkin")), "answer 5 hidden", "answer 5 hidden, POST /channels/" + standDirect + "/messages"},
		"in direct words": {directly(kindCommand, chosen("checkin")), "", "answer 5, PATCH messages/@original"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBooth(t)
				b.later(2*time.Second, chat.OpenForm{Form: formOf(2)})
				if c.fails != "" {
					b.fail(c.fails, refuse.tooOld)
				}
				b.bring(t, c.in)
				if b.names() != c.want || !strings.Contains(b.last(), "The form is ready.") {
					t.Errorf("calls = %q of %s, want %q", b.names(), b.last(), c.want)
				}
				if m := b.press(t, standCard, "Open the form"); len(m.Fields) != 2 {
					t.Errorf("opened %+v", m)
				}
			})
		})
	}
	t.Run("refused", func(t *testing.T) {
		b := newBooth(t)
		b.script.Answer(chat.OpenForm{Form: formOf(2)})
		b.fail("answer 9", setback{400, 50035, false})
		b.bring(t, inServer(kindCommand, chosen("checkin")))
		if b.names() != "answer 9, answer 4 hidden" || !strings.Contains(b.last(), chat.Reference(b.events(t, 1)[0])) {
			t.Errorf("calls = %q of %s, want the reference of what went wrong", b.names(), b.last())
		}
	})
	t.Run("too old to open", func(t *testing.T) {
		b := newBooth(t)
		b.script.Answer(chat.OpenForm{Form: formOf(2)})
		b.fail("answer 9", refuse.tooOld)
		b.bring(t, inServer(kindCommand, chosen("checkin")))
		if b.names() != "answer 9, POST /channels/"+standDirect+"/messages" || len(b.choices()) != 1 {
			t.Errorf("calls = %q of %s, want it offered", b.names(), b.last())
		}
	})
}

func TestFormSubmittedLate(t *testing.T) {
	for name, c := range map[string]struct {
		message string
		reply   chat.Reply
		want    string
	}{
		"private, from a command": {"", chat.Whisper(chat.T("Checked in")), "answer 5 hidden, PATCH messages/@original"},
		"for all, from a command": {"", chat.Tell(chat.T("Checked in")), "answer 5 hidden, DELETE messages/@original, followup"},
		"private, from a card":    {standCard, chat.Whisper(chat.T("Checked in")), "answer 6, PATCH messages/@original"},
		"for all, from a card":    {standCard, chat.Tell(chat.T("Checked in")), "answer 6, DELETE messages/@original, followup"},
		"nothing, from a card":    {standCard, nil, "answer 6, DELETE messages/@original"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBooth(t)
				b.script.Answer(chat.OpenForm{Form: formOf(2)})
				b.bring(t, inServer(kindCommand, chosen("checkin")))
				m := b.opened(t)
				b.later(2*time.Second, c.reply)
				b.submit(t, m, c.message, nil)
				if b.names() != c.want || c.reply != nil && !strings.Contains(b.last(), "Checked in") {
					t.Errorf("calls = %q of %s, want %q", b.names(), b.last(), c.want)
				}
			})
		})
	}
}

// A form that cannot be taken gives back what was typed, to its person alone.
func TestFormRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(m *shownModal, in map[string]any) map[string]any
		wait   time.Duration
		say    string
	}{
		"expired":         {nil, formStays, sayExpired},
		"of someone else": {func(_ *shownModal, in map[string]any) map[string]any { return byUser(standBob, in) }, 0, sayForeign},
		"of another server": {func(_ *shownModal, in map[string]any) map[string]any {
			in["guild_id"] = otherServer
			return in
		}, 0, sayForeign},
		"of a server that payoff has left": {func(_ *shownModal, in map[string]any) map[string]any {
			delete(in, "guild_id")
			in["channel"], in["channel_id"] = nil, standDirect
			return in
		}, 0, sayLeft},
		"unknown": {func(_ *shownModal, in map[string]any) map[string]any {
			in["data"].(map[string]any)["custom_id"] = "f:nothing:0"
			return in
		}, 0, sayExpired},
		"of something else": {func(_ *shownModal, in map[string]any) map[string]any {
			in["data"].(map[string]any)["custom_id"] = "vote"
			return in
		}, 0, sayExpired},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBooth(t)
				b.script.Answer(chat.OpenForm{Form: formOf(2)})
				b.bring(t, inServer(kindCommand, chosen("checkin")))
				m := b.opened(t)
				if time.Sleep(c.wait); c.say == sayLeft {
					b.notes.kept[leftKey+standServer] = []byte("1")
				}
				in := inServer(kindSubmit, filled(m.ID, map[string]any{"f1": "precious words", "f2": []string{}}))
				if c.change != nil {
					in = c.change(&m, in)
				}
				b.bring(t, in)
				b.events(t, 1)
				if !strings.HasPrefix(b.names(), "answer 4") || !strings.Contains(b.last(), c.say) || !strings.Contains(b.last(), "precious words") {
					t.Errorf("calls = %q of %s, want %q and what was typed", b.names(), b.last(), c.say)
				}
			})
		})
	}
}

// Where Memory fails, a form is filled in all the same, as long as payoff runs.
func TestFormWithBrokenNotes(t *testing.T) {
	b := newBooth(t)
	b.notes.broken = errors.New("disk on fire")
	b.script.Answer(chat.OpenForm{Form: formOf(8)})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	b.submit(t, b.opened(t), "", map[string]string{"f1": "typed"})
	b.script.Answer(chat.Whisper(chat.T("Checked in")))
	b.submit(t, b.press(t, standCard, "Continue"), standCard, nil)
	if got := b.submitted(t, 2).Values; got["f1"] != "typed" {
		t.Errorf("submitted %q", got)
	}
	if !strings.Contains(b.log.String(), "disk on fire") {
		t.Errorf("logged\n%s\nwant why the form is not kept", b.log)
	}
}

// A menu in a newer kind of component is read where a row was before.
func TestFormInRows(t *testing.T) {
	b := newBooth(t)
	b.script.Answer(chat.OpenForm{Form: formOf(1)})
	b.bring(t, inServer(kindCommand, chosen("checkin")))
	m := b.opened(t)
	b.bring(t, inServer(kindSubmit, map[string]any{"custom_id": m.ID, "components": []any{
		map[string]any{"type": 99, "custom_id": []int{1}}, "nonsense",
		map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "custom_id": "f1", "value": "in a row"}}},
	}}))
	if got := b.submitted(t, 2).Values; got["f1"] != "in a row" {
		t.Errorf("submitted %q", got)
	}
}
