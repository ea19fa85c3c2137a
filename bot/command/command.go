// Package command is what a command is to every platform: its name, its options of a closed
// set of kinds, who may run it; and the grammar by which a line of text becomes values.
//
// From a Spec come the text grammar, the help, and each platform's own registration. It
// knows no platform, holds no handler and touches no storage; of the project it imports only
// goals and bot/chat.
package command

import "payoff/goals"

// A Spec declares a command once.
type Spec struct {
	Name     string // the words that call it: "goal set"
	Summary  string // one line, at most 100 characters: Discord's limit
	Options  []Option
	Private  bool // only its person sees the answer
	Form     bool // it opens a form
	Admin    bool // only a workspace admin may run it
	Examples []string
	// Shortcut is its entry in the menu that a platform shows on a message, at most 24
	// characters: it is called with the message's words. Empty is none.
	Shortcut string
	// Hidden commands are called by buttons and forms; they are in no help or menu.
	Hidden bool
}

// An Option is one value a command takes.
type Option struct {
	Name     string
	Summary  string // at most 100 characters
	Kind     Kind
	Required bool
	Choices  []string // of a Choice
	Past     bool     // a Date or Period that is not still to come; otherwise one that is not over
}

// A Kind is what an option holds. Adapters switch on it.
type Kind uint8

const (
	Words     Kind = iota // the rest of the line, as it is
	Money                 // goals.Money
	Date                  // goals.Date
	Period                // goals.Period with goals.Every
	Duration              // minutes
	Channel               // one of the owner's channels
	Measure               // goals.Measure
	Owner                 // a person of the team
	Choice                // one of Choices
	Zone                  // an IANA time zone
	Schedule              // goals.Schedule: a weekday and a time, or off
	Objective             // one of the targets that run under the goal, by its number or its words
	Log                   // lines for ParseLines, as they are
	Goal                  // a line for ParseGoal, as it is
)

// isText reports a kind whose value is the words themselves: what they say is for the command to read.
func (k Kind) isText() bool { return k == Words || k == Log || k == Goal }

// isWhole reports a kind that takes all the words there are when no other option is open.
func (k Kind) isWhole() bool { return k.isText() || k == Schedule || k == Objective }

// TopLevel names the commands that a platform registers by themselves. Everything else, and
// these too, is reached as "payoff <command>".
var TopLevel = []string{"goal", "log", "checkin", "report", "leaderboard", "payoff"}

// A Desk is what a line is read against: the owner's day, money, channels and team.
type Desk struct {
	Today    goals.Date
	Currency goals.Currency
	Channels []goals.Channel
	Owners   []Named

	// Objectives are those that run, as /goal numbers them.
	Objectives []goals.Objective

	// Channel is the one meant by a line that names none: a field of the check-in is about
	// one channel. Empty is none.
	Channel goals.ChannelID

	// Days is how many days one line may be about: a check-in's are about a week or more.
	// 0 is one.
	Days int
}

// A Named is a person of the team.
type Named struct {
	ID   goals.OwnerID
	Name string
}
