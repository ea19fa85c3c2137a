package goals

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// standing is facts in which just these reasons stand.
func standing(reasons ...Reason) Facts {
	var f Facts
	for _, r := range reasons {
		switch r {
		case AskFigure:
			f.NoFigure = true
		case AskBottleneck:
			f.Held = Held{From: Qualified, Through: 1, Of: 12}
		case AskAlarm:
			f.Idle = Idle{"bni", 38}
		case AskOutlook:
			f.Outlook = Outlook{Said: OnTrack, Behind: true, Percent: 20}
		case AskCustomer:
			f.Met = 5
		case AskBudget:
			f.Overspent = Overspent{"facebook", 300, 120}
		case AskObstacle:
			f.Obstacle = "Too few calls"
		case AskCommitment:
			f.Uncommitted = true
		case AskWatch:
			f.Watched = Idle{"bni", 38}
		case AskPadding:
			f.Padding = Padding{SameLines, "bni", 11}
		}
	}
	return f
}

func TestAsk(t *testing.T) {
	week := iso("2026-11-23")
	asked := func(weeksAgo Date, r Reason, s CheckInState) CheckIn {
		return CheckIn{Week: week - 7*weeksAgo, Question: r, State: s}
	}
	tests := []struct {
		name   string
		facts  Facts
		before []CheckIn
		want   Reason
	}{
		{"nothing stands", Facts{}, nil, AskNothing},
		{"everything stands", standing(precedence[:]...), nil, AskFigure},
		{"no figure", standing(AskFigure), nil, AskFigure},
		{"bottleneck", standing(AskBottleneck, AskAlarm), nil, AskBottleneck},
		{"alarm", standing(AskAlarm, AskOutlook), nil, AskAlarm},
		{"outlook", standing(AskOutlook, AskCustomer), nil, AskOutlook},
		{"customer before budget", standing(AskBudget, AskCustomer), nil, AskCustomer},
		{"budget", standing(AskBudget, AskObstacle), nil, AskBudget},
		{"obstacle", standing(AskObstacle, AskCommitment), nil, AskObstacle},
		{"commitment", standing(AskCommitment, AskWatch), nil, AskCommitment},
		{"watch", standing(AskWatch, AskPadding), nil, AskWatch},
		{"padding", standing(AskPadding), nil, AskPadding},

		{"said off track, forecast ahead", Facts{Outlook: Outlook{Said: OffTrack, Ahead: true}}, nil, AskOutlook},
		{"said on track, forecast ahead", Facts{Outlook: Outlook{Said: OnTrack, Ahead: true}}, nil, AskNothing},
		{"said at risk, forecast behind", Facts{Outlook: Outlook{Said: AtRisk, Behind: true}}, nil, AskNothing},
		{"said nothing, forecast behind", Facts{Outlook: Outlook{Behind: true}}, nil, AskNothing},
		{"no obstacle to speak of", Facts{Obstacle: " Nothing. "}, nil, AskNothing},

		{"asked last week: the next one", standing(AskBottleneck, AskBudget), []CheckIn{asked(1, AskBottleneck, CheckInAnswered)}, AskBudget},
		{"both asked lately: the one before last", standing(AskBottleneck, AskBudget),
			[]CheckIn{asked(1, AskBudget, CheckInMissed), asked(2, AskBottleneck, CheckInMissed)}, AskBottleneck},
		{"two asked lately: the third", standing(AskBottleneck, AskAlarm, AskOutlook),
			[]CheckIn{asked(2, AskBottleneck, CheckInAnswered), asked(1, AskAlarm, CheckInAnswered)}, AskOutlook},
		{"and then from the first on", standing(AskBottleneck, AskAlarm, AskOutlook, AskBudget),
			[]CheckIn{asked(3, AskBottleneck, CheckInAnswered), asked(2, AskAlarm, CheckInAnswered), asked(1, AskOutlook, CheckInAnswered)}, AskBottleneck},
		{"alone and answered: again", standing(AskBottleneck), []CheckIn{asked(1, AskBottleneck, CheckInAnswered)}, AskBottleneck},
		{"alone and missed: not again", standing(AskBottleneck), []CheckIn{asked(1, AskBottleneck, CheckInMissed)}, AskNothing},
		{"alone and skipped: not again", standing(AskBottleneck), []CheckIn{asked(1, AskBottleneck, CheckInSkipped)}, AskNothing},
		{"to look ahead is not to be asked", standing(AskFigure), []CheckIn{asked(1, AskFigure, CheckInLooked)}, AskFigure},
		{"after a break it is still the last", standing(AskFigure), []CheckIn{asked(5, AskFigure, CheckInMissed)}, AskNothing},
		{"answered and no longer true", standing(AskBudget), []CheckIn{asked(1, AskBottleneck, CheckInAnswered)}, AskBudget},
		{"from before there were questions", standing(AskFigure), []CheckIn{asked(1, "", CheckInMissed)}, AskFigure},
		{"its own week is not before", standing(AskFigure), []CheckIn{asked(0, AskFigure, CheckInMissed)}, AskFigure},

		{"padding rests for eight weeks", standing(AskPadding), []CheckIn{asked(1, AskNothing, CheckInAnswered), asked(7, AskPadding, CheckInAnswered)}, AskNothing},
		{"and then it may come again", standing(AskPadding), []CheckIn{asked(1, AskNothing, CheckInAnswered), asked(8, AskPadding, CheckInAnswered)}, AskPadding},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Ask(week, tt.facts, tt.before); got != tt.want {
				t.Errorf("Ask = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestAskWeeks plays weeks of any facts and answers. What is asked stands; it is never what was
// asked last, unless that was answered and nothing else stands; nothing is asked only where
// nothing else stands; and what was asked the time before last waits for all that was not.
func TestAskWeeks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		week := iso("2026-01-05")
		var before []CheckIn
		var last, second CheckIn
		for range rapid.IntRange(1, 30).Draw(t, "weeks") {
			stands := rapid.SliceOfDistinct(rapid.SampledFrom(precedence[:]), rapid.ID).Draw(t, "stands")
			facts := standing(stands...)
			got := Ask(week, facts, before)
			shuffled := slices.Clone(before)
			slices.Reverse(shuffled)
			if other := Ask(week, facts, shuffled); other != got {
				t.Fatalf("in another order Ask = %q, was %q", other, got)
			}
			fresh := slices.DeleteFunc(slices.Clone(stands), func(r Reason) bool { return r == last.Question || r == AskPadding })
			waiting := slices.DeleteFunc(slices.Clone(fresh), func(r Reason) bool { return r == second.Question })
			switch {
			case got == second.Question && got != AskNothing && len(waiting) > 0:
				t.Fatalf("%q is asked every other time, and %v wait", got, waiting)
			case got != AskNothing && !slices.Contains(stands, got):
				t.Fatalf("%q is asked and does not stand", got)
			case got == last.Question && got != AskNothing && (last.State != CheckInAnswered || len(fresh) > 0):
				t.Fatalf("%q is asked again: state %q, also standing %v", got, last.State, fresh)
			case got == AskNothing && len(fresh) > 0:
				t.Fatalf("nothing is asked, and %v stand", fresh)
			case got == AskPadding && len(waiting) > 0:
				t.Fatalf("padding comes before %v", waiting)
			}
			second = last
			last = CheckIn{Week: week, Question: got, State: rapid.SampledFrom([]CheckInState{CheckInAnswered, CheckInSkipped, CheckInMissed}).Draw(t, "state")}
			before = append(before, last)
			week += 7 * Date(rapid.IntRange(1, 3).Draw(t, "pause"))
		}
		var padding []Date
		for _, c := range before {
			if c.Question == AskPadding {
				padding = append(padding, c.Week)
			}
		}
		for i := range padding[min(1, len(padding)):] {
			if padding[i+1]-padding[i] < paddingRest {
				t.Fatalf("padding is asked about on %s and on %s", padding[i], padding[i+1])
			}
		}
	})
}
