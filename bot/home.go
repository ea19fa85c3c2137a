package bot

import (
	"context"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func homeCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "home", Summary: "Show where you stand this week", Private: true}, run: (*Bot).home},
	}
}

// home is where an owner stands, at one look. A platform with a page of its own for the bot
// shows it there.
func (b *Bot) home(ctx context.Context, c *call) (chat.Reply, error) {
	h, err := b.engine.Home(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	blocks, err := c.goalAtALook(h.Report)
	if err != nil {
		return nil, err
	}
	blocks = append(blocks, c.weekSoFar(h)...)
	blocks = append(blocks, c.channelsByKind()...)
	return chat.Whisper(append(blocks, c.nextCheckIn(h.Asked), chat.Actions{
		primary("Check in", "checkin now"), button("How to log", "help log"), button("Report", "report"),
		button("Leaderboard", "leaderboard"), button("Channels", "channel list"), button("My goal", "goal"),
	})...), nil
}

// goalAtALook is how the goal stands, with its picture while it runs.
func (c *call) goalAtALook(rep engine.Report) ([]chat.Block, error) {
	switch {
	case rep.Pace == nil:
		return []chat.Block{chat.T("Towards which revenue, and by when? ", chat.C("/goal set £120k by 31 Dec"))}, nil
	case rep.Pace.Period.To < c.Today:
		return []chat.Block{chat.T(result(*rep.Pace, c.Today)), nextFigure()}, nil
	case rep.Pace.Period.From > c.Today:
		return paceLines(*rep.Pace, c.Today), nil
	}
	image, err := paceImage(rep)
	return append(paceLines(*rep.Pace, c.Today), image), err
}

// weekSoFar is what was logged this week, a line for each channel that has anything.
func (c *call) weekSoFar(h engine.Home) []chat.Block {
	var fields chat.Fields
	for _, l := range h.Lines {
		if !l.Amounts.IsZero() {
			fields = append(fields, chat.Labelled{Label: l.Name, Value: chat.Spans(amounts(l.Amounts, c.Owner.Currency))})
		}
	}
	if len(fields) == 0 {
		return []chat.Block{chat.T(chat.B("This week"), ": nothing logged yet. One line does: ", c.typed(exampleLine(c.Owner)))}
	}
	return []chat.Block{chat.T(chat.B("This week"), ", since Monday:"), fields}
}

// channelsByKind names the channels in use, a line for each kind.
func (c *call) channelsByKind() []chat.Block {
	var fields chat.Fields
	for _, kind := range goals.Kinds {
		var names []string
		for _, ch := range c.Owner.Channels {
			if ch.Kind == kind && !ch.Archived {
				names = append(names, ch.Name)
			}
		}
		if len(names) > 0 {
			fields = append(fields, chat.Labelled{Label: capital(string(kind)), Value: chat.Spans(strings.Join(names, ", "))})
		}
	}
	if len(fields) == 0 {
		return []chat.Block{chat.T("Where does your business come from? ", chat.C("/payoff channel add BNI networking"))}
	}
	return []chat.Block{chat.T(chat.B("Your channels")), fields}
}

// nextCheckIn says when the owner is asked next.
func (c *call) nextCheckIn(st engine.CheckInState) chat.Block {
	switch {
	case st.Away.Back != 0:
		return chat.T(c.awayUntil(st.Away))
	case st.State == goals.CheckInAsked:
		return chat.T("Your check-in is open: ", chat.B("how did the week go?"))
	case st.Next.IsZero():
		return chat.T("No check-in is planned. ", chat.C("/checkin schedule Mon 09:00"), " brings the question back.")
	}
	return chat.T("Next check-in: " + moment(st.Next, c) + ".")
}
