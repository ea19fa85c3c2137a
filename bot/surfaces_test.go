package bot_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"payoff/bot"
	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals/engine"
)

func yes(context.Context) (bool, error) { return true, nil }

// TestCompleteMakesNobody: who only types is not known afterwards, and is offered commands and
// no channels.
func TestCompleteMakesNobody(t *testing.T) {
	s := newStage(t)
	s.answer(t, chat.Pressed{Call: "start skip"})
	s.answer(t, chat.Typed{Text: "channel add BNI networking"})
	from := chat.Person{Platform: "local", Space: "local", ID: "stranger", Name: "Stranger", Zone: "Europe/Paris"}
	for _, who := range []chat.Person{from, {Platform: "slack", Space: "T1", ID: "U1"}} {
		if got := s.bot.Complete(t.Context(), who, "repo", ""); len(got) == 0 || got[0].Value != "report" {
			t.Errorf("Complete(repo) for %s = %v, want report", who.ID, got)
		}
		if got := s.bot.Complete(t.Context(), who, "report B", ""); strings.Contains(labels(got), "BNI") {
			t.Errorf("Complete(report B) for %s = %v, want no channel of another's", who.ID, got)
		}
		people, err := s.engine.People(t.Context(), who.Platform, who.Space)
		if err != nil || strings.Contains(labelsOf(people, func(p engine.Person) string { return p.ID }), who.ID) {
			t.Errorf("People = %v, %v, want nobody new", people, err)
		}
	}
	from.ID = "sam"
	if got := s.bot.Complete(t.Context(), from, "report B", ""); !strings.Contains(labels(got), "BNI") {
		t.Errorf("Complete(report B) for sam = %v, want BNI", got)
	}
}

// TestCompleteReadsBack: what is typed comes back as it would be understood, on a platform that takes
// options apart and as a line; what is chosen does as it says, and completing changes nothing.
func TestCompleteReadsBack(t *testing.T) {
	s := newStage(t)
	s.answer(t, chat.Pressed{Call: "start skip"})
	for _, line := range []string{"channel add BNI networking", "channel add Facebook social", "goal set £8k a month", "goal set 2 one-to-ones a week BNI", "goal set at most 3h a week Facebook"} {
		s.answer(t, chat.Typed{Text: line})
	}
	from := chat.Person{Platform: "local", Space: "local", ID: "sam", Name: "Sam", Zone: "Europe/London"}
	before, err := s.engine.Find(t.Context(), engine.Person{Platform: from.Platform, Space: from.Space, ID: from.ID})
	if err != nil || len(before.Objectives) != 2 {
		t.Fatalf("Find = %+v, %v, want two objectives", before, err)
	}
	for _, test := range []struct{ text, option, label string }{
		{"goal end", "which", "1. at least 2 one-to-ones a week, BNI|2. at most 3h a week, Facebook"},
		{"goal end face", "", "goal end 2. at most 3h a week, Facebook"},
		{"checkin away 12 Jan", "until", "12 Jan (Tue 12 Jan 2027)"},
		{"checkin away in 2 weeks", "", "checkin away in 2 weeks (Thu 3 Dec)"},
		{"checkin schedule fri 4pm", "when", "fri 4pm (Friday 16:00)"},
		{"team schedule noon Tue", "", "team schedule noon Tue (Tuesday 12:00)"},
		{"goal set £120k by 31 dec", "goal", "£120,000 by 31 Dec"},
		{"goal £120k by 31 dec", "goal", "£120,000 by 31 Dec"},
		{"log 2h BNI £25 4 contacts yesterday", "line", "BNI, Wed 18 Nov: 2h, £25 spent, 4 contacts"},
		{"log 2h face", "", "Facebook, Thu 19 Nov: 2h"},
		{"log hello", "line", ""},
		{"zone new y", "zone", "America/New_York"},
	} {
		if got := strings.ReplaceAll(labels(s.bot.Complete(t.Context(), from, test.text, test.option)), "\n", "|"); got != test.label {
			t.Errorf("Complete(%q, %q) = %q, want %q", test.text, test.option, got, test.label)
		}
	}
	after, err := s.engine.Find(t.Context(), engine.Person{Platform: from.Platform, Space: from.Space, ID: from.ID})
	if diff := cmp.Diff(before, after); diff != "" || err != nil {
		t.Errorf("completing changed who types (-before +after), %v:\n%s", err, diff)
	}
	chosen := s.bot.Complete(t.Context(), from, "goal end face", "which")[0]
	if got := s.answer(t, chat.Typed{Text: "goal end", Options: map[string]string{"which": chosen.Value}}); !strings.HasPrefix(got, "    Ended: at most 3h a week, Facebook.") {
		t.Errorf("goal end with the value of %q is answered %q", chosen.Label, got)
	}
	if got := s.answer(t, chat.Typed{Text: "checkin schedule", Options: map[string]string{"when": "fri 4pm"}}); !strings.Contains(got, "I ask on Friday 16:00.") {
		t.Errorf("checkin schedule is answered %q", got)
	}
	if got := s.answer(t, chat.Typed{Text: "checkin away", Options: map[string]string{"until": "until 12 Jan"}}); !strings.Contains(got, "Tue 12 Jan 2027") {
		t.Errorf("checkin away is answered %q", got)
	}
}

func labels(list []chat.Choice) string {
	return labelsOf(list, func(c chat.Choice) string { return c.Label })
}

func labelsOf[V any](list []V, label func(V) string) string {
	var all []string
	for _, v := range list {
		all = append(all, label(v))
	}
	return strings.Join(all, "\n")
}

// TestLogThisTakesAnyMessage: whatever somebody wrote, the shortcut opens the form with as much
// of it as can be read at once, and what is wrong in it is said at the field.
func TestLogThisTakesAnyMessage(t *testing.T) {
	s := newStage(t)
	s.answer(t, chat.Pressed{Call: "start skip"})
	from := chat.Person{Platform: "local", Space: "local", ID: "sam", Name: "Sam", Zone: "Europe/London"}
	some := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", "\n", "\r\n", "\t", "\x00", "\u2028", "\u202e", "\xff", "words: ", "2h BNI", "payoff", "/goal", "–", "é", strings.Repeat("long ", 150), strings.Repeat("line\n", 25),
	}))
	rapid.Check(t, func(t *rapid.T) {
		words := strings.Join(rapid.SliceOfN(some, 0, 12).Draw(t, "words"), "")
		opened, is := s.bot.Handle(t.Context(), chat.Event{ID: "shortcut", From: from, Did: chat.Pressed{Call: "log this " + words}}).(chat.OpenForm)
		if !is || len(opened.Form.Fields) != 1 {
			t.Fatalf("the shortcut answers %#v, want a form with one field", opened)
		}
		field := opened.Form.Fields[0]
		if n := utf8.RuneCountInString(field.Value); n > field.Max || !field.Long || field.Error != "" {
			t.Errorf("the field holds %d characters of at most %d, and says %q", n, field.Max, field.Error)
		}
		lines := strings.Split(field.Value, "\n")
		if len(lines) > command.MaxLines {
			t.Errorf("the field holds %d lines, more than are read", len(lines))
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > command.MaxLine || chat.Clean(line) != line {
				t.Errorf("the field holds the line %q, which is not read", line)
			}
		}
		_, err := command.ParseLines(field.Value, command.Desk{Currency: "GBP"})
		if err != nil && (strings.Contains(err.Error(), "characters; I read") || strings.Contains(err.Error(), "cannot be seen") || strings.Contains(err.Error(), "lines; I read")) {
			t.Errorf("what the field holds cannot be read: %v", err)
		}
		if said := spoken(words); utf8.RuneCountInString(words) < 400 && len(lines) < command.MaxLines && spoken(field.Value) != said {
			t.Errorf("the field holds %q of %q, want all of it", field.Value, words)
		}
	})
}

// spoken is the letters and digits of a text.
func spoken(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// TestLogThisOfTooMuch: what a button cannot carry is not offered by one.
func TestLogThisOfTooMuch(t *testing.T) {
	s := newStage(t)
	s.answer(t, chat.Pressed{Call: "start skip"})
	s.answer(t, chat.Typed{Text: "channel add BNI networking"})
	line := `2h BNI "` + strings.Repeat("x", 150) + "\"\n"
	for n, want := range map[int]string{
		5:  "I don't know the channel “Rotary”",
		15: "! Line 16: I don't know the channel “Rotary”. Here: “1h »Rotary«”. Add it with /payoff channel add Rotary networking, and send this again.",
	} {
		got := s.answer(t, chat.Submitted{Call: "log lines", Values: map[string]string{"lines": strings.Repeat(line, n) + "1h Rotary"}})
		if !strings.Contains(got, want) || strings.Contains(got, "New: social") == strings.HasPrefix(want, "!") {
			t.Errorf("%d lines and one of a new channel are answered %q, want %q", n, got, want)
		}
	}
}

// TestRoomIsALink: the team's room is named by its link, which tells nobody.
func TestRoomIsALink(t *testing.T) {
	s := newStage(t)
	s.answer(t, chat.Pressed{Call: "start skip"})
	from := chat.Person{Platform: "local", Space: "local", ID: "sam", Name: "Sam"}
	for _, text := range []string{"team room", "team", "team room off"} {
		reply := s.bot.Handle(t.Context(), chat.Event{ID: text, From: from, Room: chat.Room{ID: "C0123", Name: "sales"}, Did: chat.Typed{Text: text}, Admin: yes})
		if !links(reply, "C0123") {
			t.Errorf("/payoff %s answers %#v, want a link to C0123", text, reply)
		}
	}
	reply := s.bot.Handle(t.Context(), chat.Event{ID: "direct", From: from, Room: chat.Room{ID: "D0123", Direct: true}, Did: chat.Typed{Text: "team room"}, Admin: yes})
	if say, is := reply.(chat.Say); !is || len(say.Messages) != 1 || len(say.Messages[0].Blocks) != 1 {
		t.Errorf("/payoff team room in a direct room answers %#v, want one sentence", reply)
	}
}

// links reports whether an answer links to a room.
func links(reply chat.Reply, room string) bool {
	say, _ := reply.(chat.Say)
	for _, m := range say.Messages {
		for _, block := range m.Blocks {
			switch b := block.(type) {
			case chat.Text:
				if slices.Contains(b.Spans, chat.R(room)) {
					return true
				}
			case chat.Fields:
				for _, f := range b {
					if slices.Contains(f.Value, chat.R(room)) {
						return true
					}
				}
			}
		}
	}
	return false
}

// TestShortcuts: what stands in a platform's menu of a message opens a form, and fits there.
func TestShortcuts(t *testing.T) {
	n := 0
	for _, s := range bot.AllSpecs() {
		if s.Shortcut == "" {
			continue
		}
		n++
		if !s.Form || !s.Hidden || utf8.RuneCountInString(s.Shortcut) > 24 {
			t.Errorf("shortcut %q of %q: form %t, hidden %t, want both, and at most 24 characters", s.Shortcut, s.Name, s.Form, s.Hidden)
		}
	}
	if n != 1 {
		t.Errorf("%d shortcuts, want one", n)
	}
}
