package goals

import "time"

// An Activity is one logged line: a date, a channel and amounts of some measures.
type Activity struct {
	ID      ActivityID
	Channel ChannelID
	Date    Date
	Amounts Amounts
	Note    string // who it was with, or what it was
	Words   string // as it was typed; empty when imported
	Late    bool   // logged after its week's check-in was over
	Logged  time.Time
}

// Limits on one activity.
const (
	MinutesADay = 24 * 60
	MaxCount    = 100_000              // of contacts, deals, ... in one line
	MaxMinor    = 1_000_000_000_000_00 // of spend or revenue in one line: a million million
	MaxNote     = 200                  // characters
)
