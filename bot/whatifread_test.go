package bot

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"payoff/bot/command"
	"payoff/goals"
)

var whatIfDesk = command.Desk{Today: 20000, Currency: "GBP", Channels: []goals.Channel{
	{ID: "fb", Name: "Facebook", Kind: goals.Social}, {ID: "bni", Name: "BNI Tuesday", Kind: goals.Networking}, {ID: "li", Name: "LinkedIn", Kind: goals.Social},
	{ID: "cold", Name: "cold calls", Kind: goals.Direct}, {ID: "door", Name: "Door to door", Kind: goals.Direct}, {ID: "far", Name: "Tales from Leeds", Kind: goals.Networking},
	{ID: "more", Name: "More", Kind: goals.Networking}, {ID: "old", Name: "Yell", Kind: goals.Direct, Archived: true},
}}

func TestReadMove(t *testing.T) {
	for _, tt := range []struct {
		text     string
		minutes  int64
		from, to goals.ChannelID
	}{
		{"2h a week from Facebook to BNI Tuesday", 120, "fb", "bni"},
		{"2h a week from facebook to bni", 120, "fb", "bni"},
		{"3h from cold calls to LinkedIn", 180, "cold", "li"},
		{"from cold calls to Linked In 3h", 180, "cold", "li"},
		{"to LinkedIn from cold calls, 1h 30m a week?", 90, "cold", "li"},
		{"from Facebook 90m a week to BNI", 90, "fb", "bni"},
		{"I moved 2 hours per week from Facebook into BNI", 120, "fb", "bni"},
		{"2 hours/week from Facebook to BNI", 120, "fb", "bni"},
		{"two and a half hours every week from Facebook to BNI.", 150, "fb", "bni"},
		{"half an hour weekly from Facebook to BNI", 30, "fb", "bni"},
		{"from Facebook to BNI 2h a week", 120, "fb", "bni"},
		{"2h from Facebook to BNI a week", 120, "fb", "bni"},
		{"Facebook to BNI 2h", 120, "fb", "bni"},
		{"BNI from Facebook 2h", 120, "fb", "bni"},
		{"1h from Door to door to LinkedIn", 60, "door", "li"},
		{"1h from LinkedIn to Door to door", 60, "li", "door"},
		{"1h to Door to door from Tales from Leeds", 60, "far", "door"},
		{"1h from Tales from Leeds to Door to door", 60, "far", "door"},
		{"1h from More to BNI", 60, "more", "bni"},
		{"2 hours a week more on BNI", 120, "", "bni"},
		{"2h more on Door to door", 120, "", "door"},
		{"I put 2h more a week into BNI", 120, "", "bni"},
		{"more BNI 2h", 120, "", "bni"},
		{"0h from Facebook to BNI", 0, "fb", "bni"},
		{"1h from Yell to BNI", 60, "old", "bni"},
		{"1h from BNI to BNI Tuesday", 60, "bni", "bni"},
	} {
		m, err := readMove(tt.text, nil, whatIfDesk)
		if err != nil || m.minutes != tt.minutes || m.from.ID != tt.from || m.to.ID != tt.to {
			t.Errorf("readMove(%q) = %d from %q to %q, %v, want %d from %q to %q", tt.text, m.minutes, m.from.ID, m.to.ID, err, tt.minutes, tt.from, tt.to)
		}
	}
}

func TestReadMoveGiven(t *testing.T) {
	m, err := readMove("", map[string]string{"time": "2h", "from": "fb", "to": "BNI Tuesday"}, whatIfDesk)
	if err != nil || m.minutes != 120 || m.from.ID != "fb" || m.to.ID != "bni" {
		t.Errorf("readMove of given values = %+v, %v", m, err)
	}
}

func TestReadMoveMistakes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "How much time a week? " + tryWhatIf},
		{"from Facebook to BNI", "How much time a week? " + tryWhatIf},
		{"2h", "Which channel would the time go to? " + tryWhatIf},
		{"2h from Facebook", "Which channel would the time go to? " + tryWhatIf},
		{"2 from Facebook to BNI", "I can't tell whether “2” is hours or minutes. Type 2h or 2m."},
		{"-2h from Facebook to BNI", "A length of time can't be below zero. Type it without the minus, such as 2h."},
		{"2h from Facebok to BNI", "I don't know the channel “Facebok”. Did you mean Facebook?"},
		{"2h from Facebook to LinkdIn", "I don't know the channel “LinkdIn”. Did you mean LinkedIn?"},
		{"2h from Facebook to Rotary", "I don't know the channel “Rotary”. Your channels: Facebook, BNI Tuesday, LinkedIn, cold calls or Door to door."},
		{"2h less on Facebook", "I don't know the channel “less”. Your channels: Facebook, BNI Tuesday, LinkedIn, cold calls or Door to door."},
		{strings.Repeat("to ", 200), "That has 600 characters; I read up to 500. " + tryWhatIf},
	} {
		_, err := readMove(tt.text, nil, whatIfDesk)
		var m *goals.Mistake
		if !errors.As(err, &m) || m.Error() != tt.want {
			t.Errorf("readMove(%q) = %v, want the mistake %q", tt.text, err, tt.want)
		}
	}
}

// FuzzReadMove: whatever is typed is a move of one's own channels or a mistake that quotes what
// was typed, and what was understood is understood again in the words of the answer.
func FuzzReadMove(f *testing.F) {
	for _, text := range []string{"2h a week from Facebook to BNI", "to to from from 2h", "1h more on Door to door", "", "½h in", "- from\xff to \u202e", "2h 3h to BNI", "0h A wk from"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := readMove(text, nil, whatIfDesk)
		var mistake *goals.Mistake
		if err != nil {
			if !errors.As(err, &mistake) || mistake.Marked.End > len(mistake.Input) {
				t.Fatalf("readMove(%q) = %v, want a mistake about a part of it", text, err)
			}
			return
		}
		if m.to.ID == "" || m.minutes < 0 || !utf8.ValidString(m.to.Name) {
			t.Fatalf("readMove(%q) = %+v, want a channel and a time", text, m)
		}
		again, err := readMove(moving(m.minutes, m.from.Name, m.to.Name), nil, whatIfDesk)
		if err != nil || again != m {
			t.Fatalf("%q is said %q, which is %+v, %v", text, moving(m.minutes, m.from.Name, m.to.Name), again, err)
		}
	})
}
