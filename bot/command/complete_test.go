package command

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"payoff/bot/chat"
	"payoff/goals"
)

// shown is what a person sees of choices.
func shown(choices []chat.Choice) (all []string) {
	for _, c := range choices {
		all = append(all, c.Label)
	}
	return all
}

func TestComplete(t *testing.T) {
	tests := []struct {
		text, option string
		want         []string
	}{
		{"goal s", "", []string{"goal set: Name a revenue figure and its date"}},
		{"payoff rep", "", []string{"report: See what came of your hours and money"}},
		{"report last q", "", []string{"report last quarter (Q3 2026)"}},
		{"report BNI last q", "", []string{"report BNI last quarter (Q3 2026)"}},
		{"report insta", "", []string{"report Instagram"}},
		{"channel budget Facebook 2", "", []string{"channel budget Facebook 2h"}},
		{"channel budget Facebook 2h", "", []string{"channel budget Facebook 2h"}},
		{"worth 1.2k", "", []string{"worth 1.2k (£1,200)"}},
		{"team zone new y", "", []string{"team zone America/New_York"}},
		{"nonsense", "", nil},
		{"report las", "period", []string{"last week (9 Nov to 15 Nov)", "last month (October 2026)", "last quarter (Q3 2026)", "last year (2025)"}},
		{"report b", "channel", []string{"BNI", "BNI Thursday", "Facebook"}},
		{"channel add", "kind", []string{"social", "networking", "direct"}},
		{"channel add n", "kind", []string{"networking"}},
		{"compare pri", "owner", []string{"Priya Shah", "Priya Patel"}},
		{"compare ref", "measure", []string{"referrals given", "referrals received"}},
		{"away 12 jan", "return", []string{"12 jan (Tue 12 Jan 2027)"}},
		{"away tom", "return", []string{"tomorrow (Mon 23 Nov)"}},
		{"goal set £1", "goal", nil},
		{"report b", "colour", nil},
		{"nonsense", "channel", nil},
	}
	for _, test := range tests {
		if got := shown(Complete(table(), test.text, test.option, desk())); !slices.Equal(got, test.want) {
			t.Errorf("Complete(%q, %q) = %q, want %q", test.text, test.option, got, test.want)
		}
	}
}

// TestCompleteNames holds the order of commands, and that a completed line is understood.
func TestCompleteNames(t *testing.T) {
	all := Complete(table(), "", "", desk())
	if len(all) < 10 || all[0].Value != "goal" || slices.ContainsFunc(all, func(c chat.Choice) bool { return c.Value == "goal end yes" }) {
		t.Errorf("Complete of nothing = %v, want the commands from goal on, without the hidden one", shown(all))
	}
	for _, c := range Complete(table(), "report ", "", desk()) {
		s, rest, err := Find(table(), c.Value)
		if err != nil || s.Name != "report" {
			t.Fatalf("Find(%q) = %q, %v", c.Value, s.Name, err)
		}
		if _, err := Parse(s, rest, nil, desk()); err != nil {
			t.Errorf("Parse(%q) = %v, want a line that is understood", c.Value, err)
		}
	}
}

func TestCompleteLimits(t *testing.T) {
	d := desk()
	for i := range 100 {
		d.Channels = append(d.Channels, goals.Channel{ID: "x", Name: "Channel " + strconv.Itoa(i) + strings.Repeat("é", i)})
	}
	for _, option := range []string{"", "channel"} {
		all := Complete(table(), "report channel", option, d)
		if len(all) != MaxChoices {
			t.Errorf("Complete gives %d choices, want %d", len(all), MaxChoices)
		}
		for _, c := range all {
			if utf8.RuneCountInString(c.Value) > maxChoice || utf8.RuneCountInString(c.Label) > maxChoice || c.Value == "" {
				t.Errorf("Complete gives %q, want 1 to %d characters", c, maxChoice)
			}
		}
	}
	Complete(table(), "report "+strings.Repeat("x ", 50_000), "", d)
}
