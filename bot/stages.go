package bot

import (
	"fmt"

	"payoff/goals"
)

// stageWords are the steps of the funnel by where they begin, as one speaks of them; the
// question an owner would best ask themselves; and what is said where nobody is ever logged
// at the next stage.
var stageWords = map[goals.Measure]struct{ step, ask, missing string }{
	goals.Contacts: {"from contact to conversation", "What could you say first that makes someone want to talk?",
		"No conversations are logged"},
	goals.Conversations: {"from conversation to qualified", "Are these people who could buy, and what would tell you sooner?",
		"Nobody is logged as qualified"},
	// Many were met and few asked: selling is easily hidden from.
	goals.Qualified: {"from qualified to deal", "When did you last ask one of them outright for the business?",
		"No deals are logged"},
}

// heldBack names the step that holds back: on a channel, against the owner's others; on all
// together, against a guess, which is said to be one.
func heldBack(channel string, h goals.Held) string {
	on, against := "", "well below a typical small business (a starting guess, not data)"
	if h.Channel != "" {
		on, against = " on "+channel, "well below what your other channels would lead one to expect"
	}
	return fmt.Sprintf("%s%s, %d of about %d, %s.", stageWords[h.From].step, on, h.Through, h.Of, against)
}
