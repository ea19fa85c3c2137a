package command

import (
	"testing"

	"payoff/goals"
)

func TestFind(t *testing.T) {
	tests := []struct{ text, name, rest string }{
		{"goal", "goal", ""},
		{"goal set £120k by 31 Dec", "goal set", "£120k by 31 Dec"},
		{"/goal set £120k", "goal set", "£120k"},
		{"payoff goal set £120k", "goal set", "£120k"},
		{"/payoff  GOAL   set\t£120k ", "goal set", "£120k"},
		{"log 2h BNI\n3h LinkedIn", "log", "2h BNI\n3h LinkedIn"},
		{"check in", "checkin", ""},
		{"check-in", "checkin", ""},
		{"payoff", "help", ""},
		{"payoff help log", "help", "log"},
		{"report last quarter BNI", "report", "last quarter BNI"},
		{"goal end yes", "goal end yes", ""},
		{"channel add “BNI Tuesday” networking", "channel add", "“BNI Tuesday” networking"},
	}
	for _, test := range tests {
		s, rest, err := Find(table(), test.text)
		if err != nil || s.Name != test.name || rest != test.rest {
			t.Errorf("Find(%q) = %q, %q, %v, want %q, %q", test.text, s.Name, rest, err, test.name, test.rest)
		}
	}
}

func TestFindMistakes(t *testing.T) {
	tests := []struct{ text, marked, want string }{
		{"", "", "There is no command in that. Try “/payoff help”."},
		{"/", "", "There is no command in that. Try “/payoff help”."},
		{"frobnicate now", "frobnicate", "I don't know the command “frobnicate”. Try “/payoff help”."},
		{"payoff frobnicate", "frobnicate", "I don't know the command “frobnicate”. Try “/payoff help”."},
		{"reprot", "reprot", "I don't know the command “reprot”. Did you mean “/report”?"},
		{"gaol set £5", "gaol", "I don't know the command “gaol”. Did you mean “/goal set”?"},
		{"goal sett £5", "goal sett", "I don't know the command “goal sett”. Did you mean “/goal set”?"},
		{"goal foo", "goal foo", "I don't know the command “goal foo”. Try “/goal set”, “/goal list” or “/goal end”."},
		{"channel", "channel", "I don't know the command “channel”. Try “/payoff channel add”, “/payoff channel rename” or “/payoff channel budget”."},
		{"channel ad X social", "channel ad", "I don't know the command “channel ad”. Did you mean “/payoff channel add”?"},
	}
	for _, test := range tests {
		_, _, err := Find(table(), test.text)
		m := mistake(t, err)
		if m.Error() != test.want || marked(m) != test.marked || m.Code != goals.Unknown && test.marked != "" {
			t.Errorf("Find(%q) = %s, %q, marked %q, want %q, marked %q", test.text, m.Code, m, marked(m), test.want, test.marked)
		}
	}
	if _, _, err := Find(nil, "payoff"); err == nil {
		t.Error("Find finds a command in an empty table")
	}
}
