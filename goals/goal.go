package goals

import "time"

// A Goal is a revenue figure over a period. What it asked for at first and since is kept in
// Targets, oldest first: history is not rewritten.
type Goal struct {
	ID      GoalID
	Every   Every // renews by itself each week, month, quarter or year; Once does not
	Targets []Target
	Set     time.Time
	Ended   Date // the last day it ran when its owner ended it early; 0 otherwise
}

// A Target is what a goal asks for from a day on. For a renewing goal Period is the one in
// which the target was set; the following ones follow from Every.
type Target struct {
	From   Date // the day it was decided
	Amount Money
	Period Period
}

// An Objective is a figure in another measure that hangs under a goal:
// 2 one-to-ones a week at BNI, at most 3 hours a week of Facebook.
type Objective struct {
	ID      ObjectiveID
	Goal    GoalID
	Measure Measure
	AtMost  bool
	Amount  int64     // in the measure's unit
	Every   Every     // never Once
	Channel ChannelID // "" is all channels together
	Ended   Date
}

// A Period is the days From to To, both included.
type Period struct {
	From, To Date
}

// Every is how often something comes round.
type Every string

const (
	Once    Every = ""
	Week    Every = "week"
	Month   Every = "month"
	Quarter Every = "quarter"
	Year    Every = "year"
)
