package bot

import (
	"fmt"
	"strings"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
)

// figureWanted stands in the place of the pace where there is no figure, or only one that has
// run out. It asks when that is the week's question, and else only says so.
func figureWanted(st engine.CheckInState) chat.Block {
	example := chat.C("/goal set £120k by 31 Dec")
	asked, ended := st.Question == goals.AskFigure, st.Pace != nil
	switch {
	case asked && ended:
		return nextFigure()
	case ended:
		return chat.Quiet("Your goal has ended. For the next figure: ", example)
	case asked:
		return chat.T("There is no revenue figure to hold this against yet. Which would you name? ", example)
	}
	return chat.Quiet("There is no revenue figure to hold this against yet: ", example)
}

// askedOf is the one question of a check-in, and under it what its figure rests on. One that
// no longer stands is not asked: the figures it was about have changed since.
func askedOf(o goals.Owner, st engine.CheckInState) []chat.Block {
	if st.Question == goals.AskFigure || !st.Facts.Stands(st.Question) { // for the figure see figureWanted
		return nil
	}
	blocks := []chat.Block{chat.T(questionWords(o, st))}
	if under := questionRests(st.Question, st.Facts); under != "" {
		blocks = append(blocks, chat.Quiet(under))
	}
	return blocks
}

// questionWords is the question itself. It says what was seen and asks; it does not judge.
func questionWords(o goals.Owner, st engine.CheckInState) string {
	f := st.Facts
	switch st.Question {
	case goals.AskBottleneck:
		return capital(heldBack(channelOf(o, f.Held.Channel).Name, f.Held)) + " " + stageWords[f.Held.From].ask
	case goals.AskAlarm:
		return fmt.Sprintf("%s took %d%% of your hours and very likely pays less than half of the rest per hour. What would you do with those hours instead?",
			channelOf(o, f.Idle.Channel).Name, f.Idle.Percent)
	case goals.AskWatch:
		return fmt.Sprintf("%s took %d%% of your hours and may pay less than half of the rest per hour; that is not sure yet. What would show you that it is worth them?",
			channelOf(o, f.Watched.Channel).Name, f.Watched.Percent)
	case goals.AskOutlook:
		return outlookAsked(f.Outlook)
	case goals.AskCustomer:
		return whoFits(o, st)
	case goals.AskBudget:
		return channelOf(o, f.Overspent.Channel).Name + " took " + goals.FormatMinutes(f.Overspent.Minutes) + ", " +
			goals.FormatMinutes(f.Overspent.Over) + " more than you gave it. Was it worth it?"
	case goals.AskObstacle:
		return "In the way last time: " + quoted(cut(strings.Join(strings.Fields(f.Obstacle), " "), 120)) + ". Is it still there, and what is the smallest step round it?"
	case goals.AskCommitment:
		return "Last time there was no commitment for the week. What one thing would move the figure?"
	case goals.AskPadding:
		return paddingAsked(channelOf(o, f.Padding.Channel).Name, f.Padding)
	}
	return ""
}

// questionRests is what a question rests on, where that is more than the days it asks about.
func questionRests(r goals.Reason, f goals.Facts) string {
	switch r {
	case goals.AskBottleneck:
		return "This rests on " + weeks(f.Weeks) + "."
	case goals.AskAlarm, goals.AskWatch, goals.AskOutlook:
		return "This rests on " + count(f.Deals, "deal", "deals") + " in " + weeks(f.Weeks) + "."
	case goals.AskPadding:
		return "Only you see this, and no board goes by it."
	}
	return ""
}

// outlookAsked holds what was said against the forecast, and asks what the owner knows that
// it does not.
func outlookAsked(p goals.Outlook) string {
	chance := fmt.Sprintf("about %d%%", p.Percent)
	switch { // nobody knows it to the percent out there
	case p.Percent < 5:
		chance = "less than 5%"
	case p.Percent > 95:
		chance = "more than 95%"
	}
	if p.Said == goals.OnTrack {
		return "You said on track, and your figures put the chance of the goal at " + chance + ". What is coming that they do not show yet?"
	}
	return "You said off track, and your figures put the chance of the goal at " + chance + ". What worries you that they do not show?"
}

// whoFits asks about the people met, of whom nobody qualified.
func whoFits(o goals.Owner, st engine.CheckInState) string {
	met := count(st.Facts.Met, "person was", "people were") + " met, and nobody qualified."
	if o.Customer == "" {
		return met + " What would a good one have looked like?"
	}
	return met + " You look for " + quoted(o.Customer) + ": which of them fit?"
}

// paddingAsked asks about entries that look padded. Most have a good reason, so it accuses
// nobody.
func paddingAsked(channel string, p goals.Padding) string {
	switch p.Sign {
	case goals.SameLines:
		return fmt.Sprintf("Your last %d %s lines are the same: is that how the days are, or does the log want another look?", p.Count, channel)
	case goals.RoundHours:
		return fmt.Sprintf("Your last %d %s lines are all whole hours, five or more: is that how the days are, or does the log want another look?", p.Count, channel)
	}
	return fmt.Sprintf("%s shows %d contacts in eight weeks and no conversation: is something missing in the log, or do they not go on?", channel, p.Count)
}
