package main

type demoCmd struct {
	Exit bool `help:"Print the transcript and leave."`
}

// Help is shown below the flags.
func (demoCmd) Help() string {
	return "Six trades, thirteen weeks, on a clock of their own: goals, logs, check-ins, a break, leaderboards, " +
		"reports. It has a database of its own that is gone afterwards, and touches no other."
}

// Run will replay the quarter and serve its workspace.
func (c *demoCmd) Run(*program) error {
	return failed(nil, "The demo is not built yet; payoff serve opens an empty workspace.")
}
