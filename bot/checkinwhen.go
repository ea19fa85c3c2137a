package bot

import (
	"context"
	"time"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
)

// moment writes a time as it lies to the owner's day: "tomorrow at 09:00", "on Monday 9 Nov at 09:00".
func moment(at time.Time, c *call) string {
	at = at.In(c.Now.Location())
	d := goals.DateOf(at)
	switch d - c.Today {
	case 0:
		return "today at " + at.Format("15:04")
	case 1:
		return "tomorrow at " + at.Format("15:04")
	}
	return "on " + d.Weekday().String() + " " + d.Human(c.Today) + " at " + at.Format("15:04")
}

func (b *Bot) checkInSchedule(ctx context.Context, c *call) (chat.Reply, error) {
	sched, said := c.args.Schedule("when")
	if !said {
		return b.scheduleShown(ctx, c, "You are asked on "+c.Owner.Schedule.String()+".")
	}
	if _, err := b.engine.SetSchedule(ctx, c.request(), sched); err != nil {
		return nil, err
	}
	if sched.Off {
		return chat.Whisper(
			chat.T("I will not ask any more. ", chat.C("/checkin"), " is there whenever you like, and ", chat.C("/checkin schedule Mon 09:00"), " brings the question back."),
			chat.Actions{button("Undo", "undo")}), nil
	}
	return b.scheduleShown(ctx, c, "From now on I ask on "+sched.String()+".")
}

func (b *Bot) scheduleShown(ctx context.Context, c *call, head string) (chat.Reply, error) {
	st, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	next := "No check-in is planned."
	if !st.Next.IsZero() {
		next = "The next one: " + moment(st.Next, c) + "."
	}
	return chat.Whisper(chat.T(head+" "+next), hint("Change it with ", chat.C("/checkin schedule Fri 16:00"), " or ", chat.C("off"))), nil
}

func (b *Bot) checkInLater(ctx context.Context, c *call) (chat.Reply, error) {
	at, err := b.engine.Later(ctx, c.request())
	if err != nil {
		return nil, err
	}
	if at.IsZero() { // the same press, delivered twice
		return chat.Whisper(chat.T("I will ask again tomorrow.")), nil
	}
	return chat.Whisper(chat.T("I will ask again "+moment(at, c)+"."), hint("If you have a moment before then: ", chat.C("/checkin"))), nil
}

func (b *Bot) checkInSkip(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "skip"
	before, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	done, err := b.engine.Skip(ctx, q)
	if err != nil {
		return nil, err
	}
	return b.answered(ctx, c, []chat.Block{chat.T(skipped(before.Streak))}, undoButton(done))
}

// skipped says what skipping costs.
func skipped(streak int) string {
	if streak < 2 {
		return "Skipped. There is another one next week."
	}
	return "Skipped. That ends a streak of " + weeks(int64(streak)) + "; the next answer begins a new one."
}

// answered closes the question that was asked: its message is replaced when a button on it
// was pressed.
func (b *Bot) answered(ctx context.Context, c *call, blocks []chat.Block, buttons ...chat.Button) (chat.Reply, error) {
	st, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	if !st.Next.IsZero() {
		blocks = append(blocks, chat.Quiet("I will ask again "+moment(st.Next, c)+"."))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, chat.Actions(buttons))
	}
	if _, pressed := c.event.Did.(chat.Pressed); pressed {
		return chat.Update{Message: chat.Message{Blocks: blocks}}, nil
	}
	return chat.Whisper(blocks...), nil
}

func (b *Bot) checkInAway(ctx context.Context, c *call) (chat.Reply, error) {
	args, err := c.args, error(nil)
	if c.fields != nil {
		args, err = command.Parse(b.entry("checkin away").Spec, c.fields["until"], nil, c.desk)
	}
	back, said := args.Date("until")
	if err == nil && !said {
		return chat.OpenForm{Form: awayForm("", "")}, nil
	}
	if err == nil {
		_, err = b.engine.Away(ctx, c.request(), back)
	}
	if m, is := asMistake(err); is && c.fields != nil {
		return chat.OpenForm{Form: awayForm(c.fields["until"], m.Error())}, nil
	}
	if err != nil {
		return nil, err
	}
	return b.answered(ctx, c, []chat.Block{
		chat.T("Enjoy the break. I am quiet until ", chat.B(day(back, c.Today)), ", and those weeks count neither against your pace nor your streak."),
	}, button("I'm back", "checkin back"))
}

func awayForm(value, err string) chat.Form {
	return chat.Form{Call: "checkin away", Title: "Taking a break", Submit: "Set", Fields: []chat.Field{
		{ID: "until", Label: "Which day are you back?", Hint: "12 Jan, next Monday, in 2 weeks", Required: true, Value: value, Error: err, Max: 60},
	}}
}

func (b *Bot) checkInBack(ctx context.Context, c *call) (chat.Reply, error) {
	if _, err := b.engine.Back(ctx, c.request()); err != nil {
		return nil, err
	}
	return b.answered(ctx, c, []chat.Block{chat.T("Welcome back. Pick up where you were: ", chat.C("/goal"), " shows where that is.")})
}
