package bot

import (
	"strings"
	"testing"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
)

// TestQuestionWords: each reason in words. It names its figure and what that rests on, it is
// short, and it ends in a question.
func TestQuestionWords(t *testing.T) {
	o := goals.Owner{Customer: "Café owners", Channels: []goals.Channel{{ID: "b", Name: "BNI"}, {ID: "f", Name: "Facebook"}}}
	evidence := func(f goals.Facts) goals.Facts {
		f.Deals, f.Weeks = 14, 20
		return f
	}
	tests := []struct {
		name   string
		reason goals.Reason
		facts  goals.Facts
		want   string
	}{
		{"one channel at the first step", goals.AskBottleneck, evidence(goals.Facts{Held: goals.Held{Channel: "f", From: goals.Contacts, Through: 3, Of: 120}}),
			"From contact to conversation on Facebook, 3 of about 120, well below what your other channels would lead one to expect. What could you say first that makes someone want to talk?\nThis rests on 20 weeks."},
		{"everywhere at the second", goals.AskBottleneck, evidence(goals.Facts{Held: goals.Held{From: goals.Conversations, Through: 1, Of: 40}}),
			"From conversation to qualified, 1 of about 40, well below a typical small business (a starting guess, not data). Are these people who could buy, and what would tell you sooner?\nThis rests on 20 weeks."},
		{"at the last", goals.AskBottleneck, evidence(goals.Facts{Held: goals.Held{Channel: "b", From: goals.Qualified, Through: 2, Of: 14}}),
			"From qualified to deal on BNI, 2 of about 14, well below what your other channels would lead one to expect. When did you last ask one of them outright for the business?\nThis rests on 20 weeks."},
		{"alarm", goals.AskAlarm, evidence(goals.Facts{Idle: goals.Idle{Channel: "b", Percent: 38}}),
			"BNI took 38% of your hours and very likely pays less than half of the rest per hour. What would you do with those hours instead?\nThis rests on 14 deals in 20 weeks."},
		{"watch", goals.AskWatch, evidence(goals.Facts{Watched: goals.Idle{Channel: "b", Percent: 38}}),
			"BNI took 38% of your hours and may pay less than half of the rest per hour; that is not sure yet. What would show you that it is worth them?\nThis rests on 14 deals in 20 weeks."},
		{"hope", goals.AskOutlook, evidence(goals.Facts{Outlook: goals.Outlook{Said: goals.OnTrack, Behind: true, Percent: 20}}),
			"You said on track, and your figures put the chance of the goal at about 20%. What is coming that they do not show yet?\nThis rests on 14 deals in 20 weeks."},
		{"no hope to speak of", goals.AskOutlook, evidence(goals.Facts{Outlook: goals.Outlook{Said: goals.OnTrack, Behind: true, Percent: 2}}),
			"You said on track, and your figures put the chance of the goal at less than 5%. What is coming that they do not show yet?\nThis rests on 14 deals in 20 weeks."},
		{"fear", goals.AskOutlook, evidence(goals.Facts{Outlook: goals.Outlook{Said: goals.OffTrack, Ahead: true, Percent: 80}}),
			"You said off track, and your figures put the chance of the goal at about 80%. What worries you that they do not show?\nThis rests on 14 deals in 20 weeks."},
		{"customer", goals.AskCustomer, goals.Facts{Met: 1}, "1 person was met, and nobody qualified. You look for “Café owners”: which of them fit?"},
		{"budget", goals.AskBudget, goals.Facts{Overspent: goals.Overspent{Channel: "f", Minutes: 300, Over: 120}}, "Facebook took 5h, 2h more than you gave it. Was it worth it?"},
		{"obstacle", goals.AskObstacle, goals.Facts{Obstacle: " Too little\ntime "}, "In the way last time: “Too little time”. Is it still there, and what is the smallest step round it?"},
		{"commitment", goals.AskCommitment, goals.Facts{Uncommitted: true}, "Last time there was no commitment for the week. What one thing would move the figure?"},
		{"same lines", goals.AskPadding, goals.Facts{Padding: goals.Padding{Sign: goals.SameLines, Channel: "b", Count: 11}},
			"Your last 11 BNI lines are the same: is that how the days are, or does the log want another look?\nOnly you see this, and no board goes by it."},
		{"round hours", goals.AskPadding, goals.Facts{Padding: goals.Padding{Sign: goals.RoundHours, Channel: "b", Count: 6}},
			"Your last 6 BNI lines are all whole hours, five or more: is that how the days are, or does the log want another look?\nOnly you see this, and no board goes by it."},
		{"contacts that stop", goals.AskPadding, goals.Facts{Padding: goals.Padding{Sign: goals.IdleContacts, Channel: "f", Count: 84}},
			"Facebook shows 84 contacts in eight weeks and no conversation: is something missing in the log, or do they not go on?\nOnly you see this, and no board goes by it."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := engine.CheckInState{CheckIn: goals.CheckIn{Question: tt.reason}, Facts: tt.facts}
			got := strings.TrimSpace(chat.Message{Blocks: askedOf(o, st)}.Plain())
			if got != tt.want {
				t.Errorf("asked\n%s\nwant\n%s", got, tt.want)
			}
			if words := questionWords(o, st); !strings.HasSuffix(words, "?") || len(words) > 240 {
				t.Errorf("%d characters, want a question of 240 at most: %s", len(words), words)
			}
			if st.Facts = (goals.Facts{}); askedOf(o, st) != nil {
				t.Errorf("it is settled, and still asked")
			}
		})
	}
}

// TestWhoFits: who has not said whom they look for is asked that.
func TestWhoFits(t *testing.T) {
	st := engine.CheckInState{CheckIn: goals.CheckIn{Question: goals.AskCustomer}, Facts: goals.Facts{Met: 5}}
	want := "5 people were met, and nobody qualified. What would a good one have looked like?"
	if got := questionWords(goals.Owner{}, st); got != want {
		t.Errorf("asked %q, want %q", got, want)
	}
}
