package discord

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"payoff/bot/chat"
)

// Ways in which Discord does not take a call.
var refuse = struct{ tooOld, dead, unknown, gone, broken, lost, closed setback }{
	tooOld:  setback{404, codeUnknownInteraction, false},
	dead:    setback{401, codeBadToken, false},
	unknown: setback{404, codeUnknownWebhook, false},
	gone:    setback{404, unknownMessage, false},
	broken:  setback{500, 0, false},
	lost:    setback{500, 0, true},
	closed:  setback{403, missingAccess, false},
}

// A first answer is tried again as often as there is time.
var answersOnce = regexp.MustCompile(`(answer \d( hidden)?) x\d+`)

// What can no longer be said through the interaction is said all the same, where it was meant
// to be, and once.
func TestAnswersAnotherWay(t *testing.T) {
	const toRoom, toPerson = "POST /channels/" + standRoom + "/messages", "POST /channels/" + standDirect + "/messages"
	edit := "PATCH /channels/" + standRoom + "/messages/" + standMessage
	public, private := chat.Tell(chat.T("Done it")), chat.Whisper(chat.T("Done it"))
	update := chat.Update{Message: public.Messages[0]}
	two := chat.Say{Messages: []chat.Message{public.Messages[0], {Blocks: []chat.Block{chat.T("And this")}}}}
	storm := slices.Repeat([]setback{refuse.broken}, 20)
	log := inServer(kindCommand, chosen("log"))
	press := onMessage(standMessage, 0, inServer(kindComponent, pressed(callID("undo 1"))))
	hidden := onMessage(standMessage, flagHidden, inServer(kindComponent, pressed(callID("undo 1"))))
	for _, c := range []struct {
		name  string
		wait  time.Duration
		in    map[string]any
		reply chat.Reply
		fails map[string][]setback
		want  string
	}{
		{"too old, for all", 0, log, public, map[string][]setback{"answer 4": {refuse.tooOld}}, "answer 4, " + toRoom},
		{"too old, private", 0, log, private, map[string][]setback{"answer 4 hidden": {refuse.tooOld}}, "answer 4 hidden, " + toPerson},
		{"too old, two messages", 0, log, two, map[string][]setback{"answer 4": {refuse.tooOld}}, "answer 4, " + toRoom + " x2"},
		{"too old, not let in", 0, log, public, map[string][]setback{"answer 4": {refuse.tooOld}, toRoom: {refuse.closed}}, "answer 4, " + toRoom + ", " + toPerson},
		{"too old to wait", 2 * time.Second, log, public, map[string][]setback{"answer 5": {refuse.tooOld}}, "answer 5, " + toRoom},
		{"too old, update", 0, press, update, map[string][]setback{"answer 7": {refuse.tooOld}}, "answer 7, " + edit},
		{"too old, update of what is gone", 0, press, update, map[string][]setback{"answer 7": {refuse.tooOld}, edit: {refuse.gone}}, "answer 7, " + edit + ", " + toPerson},
		{"too old, update of a private one", 0, hidden, update, map[string][]setback{"answer 7": {refuse.tooOld}}, "answer 7, " + toPerson},
		{"too old, nothing", 0, log, nil, map[string][]setback{"answer 5 hidden": {refuse.tooOld}}, "answer 5 hidden"},
		{"died meanwhile", 2 * time.Second, log, public, map[string][]setback{"PATCH messages/@original": {refuse.dead}}, "answer 5, PATCH messages/@original, " + toRoom},
		{"died meanwhile, button", 2 * time.Second, press, public, map[string][]setback{"followup": {refuse.unknown}}, "answer 6, followup, " + toRoom},
		{"put away meanwhile", 2 * time.Second, log, public, map[string][]setback{"PATCH messages/@original": {refuse.gone}}, "answer 5, PATCH messages/@original, followup"},

		{"answered, which was not learnt", 0, log, public, map[string][]setback{"answer 4": {refuse.lost}}, "answer 4, GET messages/@original"},
		{"answered privately, which was not learnt", 0, log, private, map[string][]setback{"answer 4 hidden": {refuse.lost}}, "answer 4 hidden, GET messages/@original"},
		{"answered by another", 0, press, public, map[string][]setback{"answer 4": {{400, codeAcknowledged, true}}, "GET messages/@original": {refuse.gone}}, "answer 4, GET messages/@original, followup"},
		{"not answered", 0, log, public, map[string][]setback{"answer 4": storm}, "answer 4, GET messages/@original, " + toRoom},
		{"updated, which was not learnt", 0, press, update, map[string][]setback{"answer 7": {refuse.lost}}, "answer 7, PATCH messages/@original"},
		{"waiting, which was not learnt", 2 * time.Second, log, public, map[string][]setback{"answer 5": {refuse.lost}}, "answer 5, GET messages/@original, PATCH messages/@original"},
		{"silent, which was not learnt", 2 * time.Second, press, public, map[string][]setback{"answer 6": {refuse.lost}}, "answer 6, GET messages/@original, followup"},
		{"the rest did not go through", 0, log, two, map[string][]setback{"followup": {refuse.broken}}, "answer 4, followup, " + toRoom},
		{"a while of bad weather", 0, log, public, map[string][]setback{"answer 4": storm, toRoom: {refuse.broken, refuse.broken}}, "answer 4, GET messages/@original, " + toRoom + " x3"},
		{"never taken", 0, log, public, map[string][]setback{"answer 4": {{400, 50035, false}}}, "answer 4, answer 4 hidden"},
		{"a long while of bad weather", 0, log, public, map[string][]setback{"answer 4": {refuse.tooOld}, toRoom: storm[:10]}, "answer 4, " + toRoom + " x11"},
		{"never taken, late", 2 * time.Second, log, public, map[string][]setback{"PATCH messages/@original": {{400, 50035, false}}},
			"answer 5, PATCH messages/@original, DELETE messages/@original, followup hidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBooth(t)
				b.later(c.wait, c.reply)
				for name, next := range c.fails {
					b.fail(name, next...)
				}
				b.bring(t, c.in)
				if got := answersOnce.ReplaceAllString(b.names(), "$1"); got != c.want {
					t.Errorf("calls = %q\nwant    %q\n%s", got, c.want, b.log)
				}
				want := "Done it"
				if strings.HasPrefix(c.name, "never") {
					want = chat.Reference(b.events(t, 1)[0])
				}
				if _, is := c.reply.(chat.Say); is && len(c.reply.(chat.Say).Messages) > 1 {
					want = "And this"
				}
				if c.reply != nil && !strings.Contains(b.last(), want) {
					t.Errorf("said %s, want %q", b.last(), want)
				}
			})
		})
	}
}

// Embeds, buttons and pictures of the message that was there go with it.
func TestUpdateReplacesAll(t *testing.T) {
	b := newBooth(t)
	b.script.Answer(chat.Update{Message: chat.Message{Blocks: []chat.Block{chat.T("Taken back")}}})
	b.bring(t, onMessage(standMessage, 0, inServer(kindComponent, pressed(callID("undo 1")))))
	for _, want := range []string{`"embeds":[]`, `"components":[]`, `"attachments":[]`, `"parse":[]`} {
		if !strings.Contains(b.last(), want) {
			t.Errorf("said %s, want %s in it", b.last(), want)
		}
	}
}

func TestAnswerWithFilesAndButtons(t *testing.T) {
	b := newBooth(t)
	call := "undo " + strings.Repeat("é", 120)
	b.script.Answer(chat.Whisper(chat.T("Logged"), chat.Actions{{Label: "Undo", Call: call}, {Label: "Again", Call: "log 2h"}},
		chat.File{Name: "a.csv", Type: "text/csv", Data: []byte("a")}))
	b.bring(t, inServer(kindCommand, chosen("report")))
	if calls := b.calls(); len(calls) != 1 || calls[0].files != 1 {
		t.Errorf("calls = %+v, want one with the file in it", calls)
	}
	for label, want := range map[string]string{"Undo": call, "Again": "log 2h"} {
		id := b.choices()[label]
		b.bring(t, onMessage(standMessage, 0, inServer(kindComponent, pressed(id))))
		all := b.script.Events()
		if did := all[len(all)-1].Did; did != (chat.Pressed{Call: want}) {
			t.Errorf("%s with the custom_id %q pressed %v, want %q", label, id, did, want)
		}
		b.bring(t, inServer(kindCommand, chosen("report")))
	}
}

func TestComplete(t *testing.T) {
	typing := func(in map[string]any) map[string]any {
		in["data"] = chosen("report", map[string]any{"type": 3, "name": "channel", "value": "bn", "focused": true})
		return in
	}
	proposed := []chat.Choice{{Value: "BNI", Label: "BNI Tuesday"}, {Value: "", Label: "Nothing"}, {Value: strings.Repeat("é", 101), Label: "Too long"},
		{Value: "long", Label: strings.Repeat("👩‍🌾", 40)}, {Value: "LinkedIn"}}
	for i := range 40 {
		proposed = append(proposed, chat.Choice{Value: fmt.Sprint("more ", i), Label: "more"})
	}
	group := directly(kindAutocomplete, nil)
	group["context"] = contextOthers
	other := inServer(kindAutocomplete, chosen("report", map[string]any{"type": 3, "name": "colour", "value": "bn", "focused": true}))
	for _, c := range []struct {
		name string
		in   map[string]any
		wait time.Duration
		want int // -1: no answer
	}{
		{"in a server", typing(inServer(kindAutocomplete, nil)), 0, maxChoices},
		{"directly", typing(directly(kindAutocomplete, nil)), 2 * time.Second, maxChoices},
		{"late", typing(inServer(kindAutocomplete, nil)), completeLimit + time.Millisecond, -1},
		{"in a group", typing(group), 0, 0},
		{"of no option", inServer(kindAutocomplete, chosen("report")), 0, 0},
		{"of an unknown option", other, 0, 0},
		{"of an unknown command", inServer(kindAutocomplete, chosen("teleport")), 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := &proposer{wait: c.wait, all: proposed}
				b := newBooth(t, func(cfg *Config) { cfg.Handler = asked })
				b.bring(t, c.in)
				if c.want < 0 {
					if b.names() != "" {
						t.Errorf("calls = %q, want none: it is too late", b.names())
					}
					return
				}
				if b.names() != "answer 8" || strings.Count(b.last(), `"value"`) != c.want || !strings.Contains(b.last(), `"choices":[`) {
					t.Fatalf("calls = %q of %s, want %d choices", b.names(), b.last(), c.want)
				}
				if c.want > 0 && (asked.text != "report bn" || asked.option != "channel" || asked.from.Space != standServer) {
					t.Errorf("asked for %q of %q from %+v", asked.text, asked.option, asked.from)
				}
			})
		})
	}
	// A line is as long as one likes: how it is understood goes back beside it.
	line := "2h BNI £25 4 contacts yesterday"
	asked := &proposer{all: []chat.Choice{{Value: line, Label: "BNI, Sat 21 Nov: 2h, £25 spent, 4 contacts"}}}
	b := newBooth(t, func(cfg *Config) { cfg.Handler = asked })
	b.bring(t, inServer(kindAutocomplete, chosen("log", map[string]any{"type": 3, "name": "line", "value": line, "focused": true})))
	if want := `{"name":"BNI, Sat 21 Nov: 2h, £25 spent, 4 contacts","value":"` + line + `"}`; asked.text != "log "+line || !strings.Contains(b.last(), want) {
		t.Errorf("asked for %q and proposed %s, want %s", asked.text, b.last(), want)
	}
	for _, got := range fitting(proposed) {
		if length(got.Name) < 1 || length(got.Name) > maxChoice || length(got.Value) < 1 || length(got.Value) > maxChoice {
			t.Errorf("choice %+v does not fit", got)
		}
	}
	if got := fitting(proposed); got[2] != (choice{"LinkedIn", "LinkedIn"}) {
		t.Errorf("third choice = %+v, want the value where there is no label", got[2])
	}
}
