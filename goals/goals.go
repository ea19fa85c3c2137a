// Package goals is the domain of payoff: money, periods, goals, channels, activities,
// check-ins, and the figures that follow from them.
//
// It is pure. Values and the present moment go in; values, or a Mistake with its reason,
// come out. It imports no other package of the project, reads no clock, and knows neither
// storage nor chat.
package goals

// Identifiers are opaque to everything but the engine that makes them.
type (
	TeamID      string
	OwnerID     string
	GoalID      string
	ObjectiveID string
	ChannelID   string
	ActivityID  string
)
