package goals

import "time"

// A CheckIn is the weekly report of one owner. Week names the week it was asked in by that
// week's Monday; Covers is what it asks about, more than a week when earlier ones were missed.
type CheckIn struct {
	Week   Date
	Covers Period
	Asked  time.Time
	State  CheckInState

	Answered   time.Time
	Confidence Confidence
	Obstacle   string
	Commitment string // what the owner will do before the next check-in
	Kept       Kept   // how the commitment of the check-in before this one went

	Question Reason // why it asks what it asks; "" until it is first shown
}

type CheckInState string

const (
	CheckInLooked   CheckInState = "" // shown before it was asked: only its question is kept
	CheckInAsked    CheckInState = "asked"
	CheckInAnswered CheckInState = "answered"
	CheckInSkipped  CheckInState = "skipped" // the owner said so
	CheckInMissed   CheckInState = "missed"  // the next one was due before an answer
	CheckInUnasked  CheckInState = "unasked" // nobody was asked that week, which is not held against its owner
	CheckInPause    CheckInState = "pause"   // in its place it was asked whether to pause
)

// Happened reports whether there was a check-in: it was asked, or answered without being asked.
func (s CheckInState) Happened() bool {
	switch s {
	case CheckInAsked, CheckInAnswered, CheckInSkipped, CheckInMissed:
		return true
	}
	return false
}

// Confidence is what the owner thinks of reaching the goal.
type Confidence string

const (
	OnTrack  Confidence = "on track"
	AtRisk   Confidence = "at risk"
	OffTrack Confidence = "off track"
)

// Kept says what became of a commitment.
type Kept string

const (
	KeptUnsaid Kept = ""
	KeptFully  Kept = "kept"
	KeptPartly Kept = "partly"
	KeptNot    Kept = "missed"
)

// A Break is a planned absence: From is its first day, Back the day the owner returns.
type Break struct{ From, Back Date }
