package goals

// A Channel is a marketing channel: a source of business such as "LinkedIn" or "BNI Tuesday".
type Channel struct {
	ID       ChannelID
	Name     string
	Kind     Kind
	Budget   int64 // minutes a week the owner allows it; 0 is none set
	Since    Date  // the Monday of the week in which the budget was set
	Archived bool  // kept for its history, not asked about
}

// A Kind is a way of finding business.
type Kind string

const (
	Social     Kind = "social"
	Networking Kind = "networking"
	Direct     Kind = "direct"
)

// Kinds lists every kind in the order they are shown.
var Kinds = [...]Kind{Social, Networking, Direct}
