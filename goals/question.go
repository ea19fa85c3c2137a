package goals

import (
	"cmp"
	"slices"
	"strings"
)

// A Reason is why a check-in asks the one question that it asks.
type Reason string

const (
	AskFigure     Reason = "no figure"      // no revenue figure is set, or the last has run out
	AskBottleneck Reason = "bottleneck"     // a step of the funnel holds back
	AskAlarm      Reason = "alarm"          // a channel very likely pays less than half of the rest an hour
	AskOutlook    Reason = "outlook"        // what was said of the goal is not what the forecast says
	AskCustomer   Reason = "ideal customer" // people were met, and nobody qualified or bought
	AskBudget     Reason = "budget"         // a channel took more time than it was given
	AskObstacle   Reason = "obstacle"       // what stood in the way last time
	AskCommitment Reason = "no commitment"  // none was made last time
	AskWatch      Reason = "watch"          // a channel may pay less than half of the rest an hour
	AskPadding    Reason = "looks padded"   // entries that are too alike to be left unasked
	AskNothing    Reason = "nothing to ask" // chosen as well, so that a reminder asks nothing either
)

// precedence is the order in which reasons are looked for: what is really broken comes first.
//
//   - Without a figure there is nothing to hold any week against.
//   - Then what weeks of evidence say, the surest about money first: the step that stops it,
//     the hours that bring little, and a hope, or a fear, that the forecast does not share.
//   - Then the days just gone, which will not be asked about again. The ideal customer comes
//     before budgets: time spent on the wrong people costs more than time overspent.
//   - Then what was said last time, and what was not. It stands nearly always, and would keep
//     the others out if it came before them.
//   - Then what may be so. A watch is wrong for one owner in four within a year, and lines that
//     look alike are mostly just that.
var precedence = [...]Reason{
	AskFigure, AskBottleneck, AskAlarm, AskOutlook, AskCustomer, AskBudget, AskObstacle, AskCommitment, AskWatch, AskPadding,
}

// Facts are what a week's question may be about, with the figures its words need. The zero
// value of each is that there is no such thing.
type Facts struct {
	NoFigure    bool
	Held        Held    // the step that holds back
	Idle        Idle    // the channel that very likely pays less than half of the rest an hour
	Watched     Idle    // the channel that may
	Outlook     Outlook // what was said, beside the forecast
	Met         int64   // contacts, or else conversations, of whom nobody qualified or bought
	Overspent   Overspent
	Obstacle    string // as it was said last time
	Uncommitted bool   // no commitment was made last time
	Padding     Padding

	Deals, Weeks int64 // what the evidence in these rests on
}

// Held is a step of the funnel that holds back: of so many who came to it, few went on.
type Held struct {
	Channel     ChannelID // "" is all channels together, held against a guess
	From        Measure   // the stage they stay at
	Through, Of int64
}

// Idle is a channel and its share of the hours, in percent.
type Idle struct {
	Channel ChannelID
	Percent int
}

// An Outlook is what an owner said last time of reaching the goal, and the chance in percent
// that their figures give it.
type Outlook struct {
	Said          Confidence
	Behind, Ahead bool // what the forecast says
	Percent       int
}

// Overspent is a channel with the minutes it took, and how many of them were beyond its budget.
type Overspent struct {
	Channel       ChannelID
	Minutes, Over int64
}

// Stands reports whether there is anything to ask about for a reason. A question that was
// chosen and no longer stands is settled.
func (f Facts) Stands(r Reason) bool {
	switch r {
	case AskFigure:
		return f.NoFigure
	case AskBottleneck:
		return f.Held.Of > 0
	case AskAlarm:
		return f.Idle.Channel != ""
	case AskOutlook:
		return f.Outlook.Said == OnTrack && f.Outlook.Behind || f.Outlook.Said == OffTrack && f.Outlook.Ahead
	case AskCustomer:
		return f.Met > 0
	case AskBudget:
		return f.Overspent.Over > 0
	case AskObstacle:
		return !saysNothing(f.Obstacle)
	case AskCommitment:
		return f.Uncommitted
	case AskWatch:
		return f.Watched.Channel != ""
	case AskPadding:
		return f.Padding != Padding{}
	}
	return false
}

// saysNothing reports whether what was said names nothing.
func saysNothing(s string) bool {
	switch strings.ToLower(strings.Trim(s, " \t\r\n.-–—!")) {
	case "", "0", "no", "none", "nothing", "nothing really", "no obstacle", "n/a", "na", "nil", "nope":
		return true
	}
	return false
}

// paddingRest is how many days an owner is not asked again about entries that look padded:
// it is a question, not an audit.
const paddingRest = 8 * daysAWeek

// Ask chooses what the check-in of a week asks, after those asked before it, in any order.
//
// It is the first reason in precedence that stands and was not asked at the last two
// check-ins; else one that was not asked at the last. With one check-in of patience instead of
// two, a third reason would never be heard where two stand for months. What was asked at the
// last one comes again only when nothing else stands, it was answered, and it is still true:
// who did not answer is not pressed with the same words. When that leaves nothing, nothing is
// asked.
func Ask(week Date, f Facts, before []CheckIn) Reason {
	before = slices.DeleteFunc(slices.Clone(before), func(c CheckIn) bool {
		return c.Week >= week || !c.State.Happened() // to look ahead is not to be asked
	})
	slices.SortFunc(before, func(a, b CheckIn) int { return cmp.Compare(b.Week, a.Week) })
	for _, patience := range []int{2, 1} {
		asked := before[:min(patience, len(before))]
		for _, r := range precedence {
			if f.Stands(r) && !slices.ContainsFunc(asked, func(c CheckIn) bool { return c.Question == r }) && (r != AskPadding || rested(week, before)) {
				return r
			}
		}
	}
	if len(before) > 0 && before[0].State == CheckInAnswered && before[0].Question != AskPadding && f.Stands(before[0].Question) {
		return before[0].Question
	}
	return AskNothing
}

// rested reports whether padding has not been asked about for long enough.
func rested(week Date, before []CheckIn) bool {
	return !slices.ContainsFunc(before, func(c CheckIn) bool { return c.Question == AskPadding && week-c.Week < paddingRest })
}
