package goals

import "time"

// An Owner is one person of a team who owns goals, with what they told us at the start.
type Owner struct {
	ID        OwnerID
	Name      string
	Joined    time.Time
	Started   bool // has been through, or skipped, getting started
	Currency  Currency
	Zone      string // an IANA name; "" is the team's
	Customer  string // the ideal customer, in their words
	HourWorth int64  // minor units an hour of the owner's own time is worth; 0 is unsaid
	Channels  []Channel
	Breaks    []Break
	Schedule  Schedule // of the weekly check-in
	GoOn      Date     // the day they last said to go on asking, although they had not answered; 0 is never
	Hidden    bool     // not on the leaderboard
	ShowMoney bool     // amounts may be shown in rooms
}

// A Team is the people accountable to each other.
type Team struct {
	ID       TeamID
	Name     string
	Currency Currency // newcomers start with it
	Zone     string
	Schedule Schedule // of the leaderboard's weekly post
	Room     string   // of its first space, from when teams had one; engine.Spaces tells each room
	Boards   []Board  // which boards are shown, in order; empty is all
}

// A Board is one of the leaderboard's rankings.
type Board string

const (
	BoardPace        Board = "pace"
	BoardCommitments Board = "commitments"
	BoardStreak      Board = "streak"
	BoardImproved    Board = "improved"
)

// Boards lists every board in the order they are shown.
var Boards = [...]Board{BoardPace, BoardCommitments, BoardStreak, BoardImproved}

// A Schedule is a weekday and a time of day in someone's own zone. Off is never.
type Schedule struct {
	Off     bool
	Weekday time.Weekday
	Minute  int // of the day, 0 to 1439
}
