package bot

import (
	"context"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
)

// Compose makes the words of a message that waits in the outbox, as things stand now. A
// message without blocks is no longer worth sending: what it asks was answered meanwhile.
func (b *Bot) Compose(ctx context.Context, out engine.Outgoing) (chat.Message, error) {
	if out.What == "board" || out.What == "season" {
		return b.composeBoard(ctx, out)
	}
	actor := engine.Actor{Team: out.Team, Owner: out.Owner}
	self, err := b.engine.Self(ctx, actor)
	if err != nil {
		return chat.Message{}, err
	}
	if out.What == "welcome" {
		if open, err := b.engine.CheckIn(ctx, actor); err != nil || open.State == "asked" && goals.DateOf(open.Asked.In(self.Now.Location())) == self.Today {
			return chat.Message{}, err // the check-in has said so already
		}
		return chat.Message{Blocks: []chat.Block{
			chat.T("Welcome back, " + self.Owner.Name + ". Pick up where you were: nothing was counted against you while you were away."),
			chat.Actions{primary("My goal", "goal"), button("Report", "report")},
		}}, nil
	}
	switch goals.MilestoneKind(out.What) {
	case goals.FirstLook, goals.Ending, goals.Renewal:
		return b.composeNews(ctx, self, out)
	}
	if out.What == "pause" {
		open, err := b.engine.CheckIn(ctx, actor)
		if err != nil || open.State == "answered" || self.Away.Back != 0 || self.Owner.Schedule.Off {
			return chat.Message{}, err
		}
		return pauseOffered(), nil
	}
	st, err := b.engine.AskCheckIn(ctx, actor)
	if err != nil || st.State != "asked" || st.Week != out.Week || self.Away.Back != 0 {
		return chat.Message{}, err
	}
	blocks := checkInMessage(self.Owner, self.Today, st)
	for _, br := range self.Owner.Breaks {
		if br.Back == self.Today && out.What == "checkin" {
			blocks = append([]chat.Block{chat.T("Welcome back. Your break counted neither against your pace nor your streak.")}, blocks...)
		}
	}
	switch out.What {
	case "later":
		blocks = append([]chat.Block{chat.T("You asked me to come back to this.")}, blocks...)
	case "reminder":
		blocks = append([]chat.Block{chat.T("A reminder, the only one: the check-in is still open.")}, blocks...)
	}
	return chat.Message{Blocks: blocks, Summary: "How did the week go?"}, nil
}
