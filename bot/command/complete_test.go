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
		{"away until 12 jan", "return", []string{"until 12 jan (Tue 12 Jan 2027)"}},
		{"away in 2 w", "return", []string{"in 2 weeks (Sun 6 Dec)"}},
		{"away 12 jan", "", []string{"away 12 jan (Tue 12 Jan 2027)"}},
		{"away 31 feb", "return", nil},
		{"asked fri 4pm", "when", []string{"fri 4pm (Friday 16:00)"}},
		{"asked fri", "when", []string{"fri (Friday 09:00)", "Fri 09:00 (Friday 09:00)", "Fri 16:00 (Friday 16:00)"}},
		{"asked fri 4pm", "", []string{"asked fri 4pm (Friday 16:00)"}},
		{"asked 30 9 * * 2", "", []string{"asked 30 9 * * 2 (Tuesday 09:30)"}},
		{"asked fri 5", "when", nil}, // in the morning or the afternoon
		{"asked o", "when", []string{"off"}},
		{"goal end", "which", []string{"1. at least 2 one-to-ones a week, BNI", "2. at most 3h a week, Instagram", "3. at most 30h a month"}},
		{"goal end 2", "which", []string{"2. at most 3h a week, Instagram", "1. at least 2 one-to-ones a week, BNI"}},
		{"goal end at most", "", []string{"goal end 2. at most 3h a week, Instagram", "goal end 3. at most 30h a month"}},
		{"goal end insta", "which", []string{"2. at most 3h a week, Instagram"}},
		{"goal end 9", "which", nil},
		{"goal set £1", "goal", nil},
		{"goal set £120k by 31 dec", "goal", []string{"£120,000 by 31 Dec"}},
		{"goal set £8k a month", "", []string{"£8,000 a month"}},
		{"goal set £9k in Q1", "goal", []string{"£9,000 in Q1 2027"}},
		{"goal set at most 3h a week fac", "goal", []string{"at most 3h a week, Facebook"}},
		{"goal set more", "goal", nil},
		{"log", "line", nil},
		{"log 2h BNI £25 4 contacts yesterday", "line", []string{"BNI, Sat 21 Nov: 2h, £25 spent, 4 contacts"}},
		{"log 2h bni £25 4 contacts yesterday", "", []string{"BNI, Sat 21 Nov: 2h, £25 spent, 4 contacts"}},
		{"payoff log 2h linked", "line", []string{"LinkedIn, Sun 22 Nov: 2h"}},
		{"log 2h open d", "line", []string{"Open day, Sun 22 Nov: 2h"}},
		{"log cold", "line", []string{"cold calls"}},
		{"log 2h BNI", "line", []string{"BNI, Sun 22 Nov: 2h", "BNI Thursday, Sun 22 Nov: 2h"}},
		{"log 2h tomorrow BNI", "line", []string{"2h tomorrow BNI Thursday"}},
		{"log 25h BNI", "line", []string{"25h BNI Thursday"}},
		{"log nothing that is known", "line", nil},
		{"log 2h BNI\n3h LinkedIn", "line", nil},
		{"report b", "colour", nil},
		{"nonsense", "channel", nil},
	}
	for _, test := range tests {
		if got := shown(Complete(table(), test.text, test.option, desk())); !slices.Equal(got, test.want) {
			t.Errorf("Complete(%q, %q) = %q, want %q", test.text, test.option, got, test.want)
		}
	}
}

// TestCompleteArchived: a channel that was put away is proposed no more.
func TestCompleteArchived(t *testing.T) {
	d := desk()
	d.Channels[1].Archived = true
	for _, test := range []struct{ text, option string }{{"log 2 contacts linke", "line"}, {"report linke", "channel"}} {
		if got := Complete(table(), test.text, test.option, d); slices.ContainsFunc(got, func(c chat.Choice) bool { return strings.Contains(c.Value, "LinkedIn") }) {
			t.Errorf("Complete(%q) = %v, want no LinkedIn", test.text, got)
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
