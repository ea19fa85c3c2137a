package bot

import (
	"context"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
)

// composeNews makes the words of news of a goal. There are none when the goal is reached or over
// meanwhile, or its person away.
func (b *Bot) composeNews(ctx context.Context, self engine.Self, out engine.Outgoing) (chat.Message, error) {
	news, ok, err := b.engine.GoalNews(ctx, self.Actor, out.Goal)
	if err != nil || !ok || news.Away {
		return chat.Message{}, err
	}
	var m chat.Message
	switch pace := news.Pace; goals.MilestoneKind(out.What) {
	case goals.FirstLook:
		m.Summary = "A first look at your goal"
		m.Blocks = append([]chat.Block{chat.T(chat.B("A first look at your goal"), ", a week after you set it.")}, paceLines(pace, self.Today)...)
		m.Blocks = append(m.Blocks, hint("If it is too much or too little: ", chat.C("/goal edit £100k")))
	case goals.Ending:
		if pace.Reached() || pace.DaysLeft == 0 {
			return m, nil
		}
		toGo := goals.Money{Minor: pace.Goal.Minor - pace.SoFar.Minor, Currency: pace.Goal.Currency}
		left := count(int64(pace.DaysLeft), "day", "days") + " left"
		m.Summary = left + ", " + toGo.String() + " to go"
		m.Blocks = []chat.Block{chat.T(chat.B(left), ", ", chat.B(toGo.String()), " to go."), paceLines(pace, self.Today)[0]}
		if pace.DaysLeft > 7 { // of the last week all is said
			m.Blocks = append(m.Blocks, chat.T(fromHere(pace)))
		}
	case goals.Renewal:
		if news.Before == nil {
			return m, nil
		}
		m.Summary = "A new " + string(news.Every) + " begins"
		m.Blocks = append([]chat.Block{chat.T(result(*news.Before, self.Today)), chat.T(chat.B("A new "+string(news.Every)), " begins, with the same goal:")}, paceLines(pace, self.Today)...)
		if news.Before.Goal != pace.Goal {
			m.Blocks[1] = chat.T(chat.B("A new "+string(news.Every)), " begins:")
		}
	}
	m.Blocks = append(m.Blocks, chat.Actions{primary("My goal", "goal"), button("Report", "report")})
	return m, nil
}

// pauseOffered asks whether to pause, in the place of a check-in.
func pauseOffered() chat.Message {
	return chat.Message{
		Summary: "Shall I pause?",
		Blocks: []chat.Block{
			chat.T(chat.B("Shall I pause?"), " Three check-ins have gone by without an answer."),
			chat.T("If you say nothing, I ask every four weeks, and every week again as soon as you answer one. What you logged stays as it is."),
			chat.Actions{primary("Check in", "checkin now"), button("Take a break", "checkin away"), button("Ask me every week", "checkin weekly"), button("Stop asking", "checkin schedule off")},
		},
	}
}

// checkInWeekly goes on asking somebody who has not answered and wants that.
func (b *Bot) checkInWeekly(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "ask me every week"
	if _, err := b.engine.GoOn(ctx, q); err != nil {
		return nil, err
	}
	return b.answered(ctx, c, []chat.Block{chat.T("Every week it stays.")})
}
