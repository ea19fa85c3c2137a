package bot

import (
	"context"
	"fmt"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func goalCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "goal", Summary: "Show your goal and how it stands, or set it", Private: true,
			Options: []command.Option{{Name: "goal", Kind: command.Goal, Summary: "A figure and a date to set: £120k by 31 Dec"}}}, run: (*Bot).goal},
		{Spec: command.Spec{Name: "goal set", Summary: "Name a revenue figure and its date, or a target under it", Private: true,
			Options:  []command.Option{{Name: "goal", Kind: command.Goal, Required: true, Summary: "£120k by 31 Dec, or 2 one-to-ones a week BNI"}},
			Examples: []string{"/goal set £120k by 31 Dec", "/goal set £8k a month", "/goal set at most 3h a week Facebook"}}, run: (*Bot).goalSet},
		{Spec: command.Spec{Name: "goal show", Summary: "Show your goal and how it stands", Private: true}, run: (*Bot).goalShow},
		{Spec: command.Spec{Name: "goal list", Summary: "List your goals, past ones too", Private: true}, run: (*Bot).goalList},
		{Spec: command.Spec{Name: "goal edit", Summary: "Change the figure or the date of your goal", Private: true,
			Options:  []command.Option{{Name: "goal", Kind: command.Words, Required: true, Summary: "£100k, or by 31 Jan, or both"}},
			Examples: []string{"/goal edit £100k", "/goal edit £130k by 31 Jan"}}, run: (*Bot).goalEdit},
		{Spec: command.Spec{Name: "goal end", Summary: "End your goal, or one of the targets under it", Private: true,
			Options:  []command.Option{{Name: "which", Kind: command.Objective, Summary: "A target by its number in /goal, or its words; empty is the goal itself"}},
			Examples: []string{"/goal end 2", "/goal end Facebook"}}, run: (*Bot).goalEnd},
		{Spec: command.Spec{Name: "goal end yes", Private: true, Hidden: true}, run: (*Bot).goalEndYes},
	}
}

// goal sets a goal when one follows, and else shows how the goal stands.
func (b *Bot) goal(ctx context.Context, c *call) (chat.Reply, error) {
	if strings.TrimSpace(c.rest) != "" {
		return b.goalSet(ctx, c)
	}
	return b.goalShow(ctx, c)
}

func (b *Bot) goalShow(ctx context.Context, c *call) (chat.Reply, error) {
	states, kept, err := b.engine.Goals(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	for _, g := range states {
		if g.ID != c.Goal.ID {
			continue
		}
		if g.Over && g.Goal.Ended == 0 {
			return chat.Whisper(chat.T(result(g.Pace, c.Today)), nextFigure()), nil
		}
		if g.Over {
			continue
		}
		blocks := paceLines(g.Pace, c.Today)
		if g.Every != goals.Once {
			blocks = append(blocks, chat.Quiet("It renews by itself each "+string(g.Every)+"."))
		}
		blocks = append(blocks, c.objectiveLines(kept)...)
		blocks = append(blocks, chat.Actions{button("Report", "report"), button("All goals", "goal list")})
		return chat.Whisper(blocks...), nil
	}
	return chat.Whisper(chat.T("You have no goal running. Which revenue do you want, and by when?"), nextFigure()), nil
}

// result says how a period came out.
func result(p goals.Pace, today goals.Date) string {
	said := p.Period.Human(today) + " is over: " + p.SoFar.String() + " of " + p.Goal.String()
	if p.Reached() {
		return said + ", reached."
	}
	return fmt.Sprintf("%s, %d%%.", said, p.Attainment().Percent())
}

func nextFigure() chat.Block {
	return chat.T("The next figure? Say it like this: ", chat.C("/goal set £120k by 31 Dec"))
}

// objectiveLines lists what hangs under the goal, numbered for /goal end.
func (c *call) objectiveLines(kept []engine.Kept) []chat.Block {
	var blocks []chat.Block
	for i, k := range kept {
		blocks = append(blocks, chat.T(fmt.Sprintf("%d. ", i+1)+c.objective(k.Objective)+": "+c.progress(k)))
	}
	return blocks
}

// objective says a target: "at most 3h a week, Facebook".
func (c *call) objective(o goals.Objective) string {
	return command.ObjectiveInWords(o, deskOf(c.Self))
}

func (c *call) progress(k engine.Kept) string {
	p := k.Progress
	done := command.InWords(k.Measure, p.Done, c.Owner.Currency)
	switch {
	case k.AtMost && !p.Met:
		return done + " " + when(k, c.Today) + ", more than you allowed yourself."
	case p.Met && !k.AtMost:
		return done + " " + when(k, c.Today) + ", done."
	case k.Period.To < c.Today:
		return done + " " + when(k, c.Today) + "."
	}
	return done + " so far " + when(k, c.Today) + "."
}

// when names the week, month, ... that progress is about.
func when(k engine.Kept, today goals.Date) string {
	switch current := k.Every.Period(today); {
	case k.Period == current:
		return "this " + string(k.Every)
	case k.Period.To == current.From-1:
		return "last " + string(k.Every)
	}
	return "in " + k.Period.Human(today)
}

func (b *Bot) goalList(ctx context.Context, c *call) (chat.Reply, error) {
	states, _, err := b.engine.Goals(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	if len(states) == 0 {
		return b.goalShow(ctx, c)
	}
	var blocks []chat.Block
	for _, g := range states {
		state := "running"
		switch {
		case g.Goal.Ended != 0:
			state = "ended " + day(g.Goal.Ended, c.Today)
		case g.Over:
			state = "over"
		case g.Pace.Period.From > c.Today:
			state = "to come"
		}
		blocks = append(blocks, chat.T(chat.B(g.Pace.Goal.String()), " "+command.Span(g.Pace.Period, c.Today)+": "+
			fmt.Sprintf("%s came in, %d%% (%s)", g.Pace.SoFar, g.Pace.Attainment().Percent(), state)))
		for i := 1; i < len(g.Targets); i++ {
			t := g.Targets[i-1]
			blocks = append(blocks, chat.Quiet("Until "+day(g.Targets[i].From, c.Today)+" it was "+target(t.Amount, t.Period, g.Every, c.Today)+"."))
		}
	}
	return chat.Whisper(append(blocks, hint("Change it with ", chat.C("/goal edit £100k")))...), nil
}

func (b *Bot) goalSet(ctx context.Context, c *call) (chat.Reply, error) {
	line, err := command.ParseGoal(c.rest, c.desk)
	if err != nil {
		return nil, err
	}
	if o, is := line.(command.NewObjective); is {
		return b.objectiveSet(ctx, c, o)
	}
	goal := engine.NewGoal(line.(command.Revenue))
	done, err := b.engine.SetGoal(ctx, c.request(), goal)
	if err != nil {
		if m, ok := asMistake(err); ok && m.Code == goals.Conflict {
			return chat.Whisper(append(mistakeBlocks(m), chat.Actions{
				primary(short("Change it to "+target(goal.Amount, goal.Period, goal.Every, c.Today)), "goal edit "+c.rest), button("Keep it", "goal")})...), nil
		}
		return nil, err
	}
	return b.goalIsSet(ctx, c, done, "Your goal is set.")
}

// goalIsSet shows the goal after a change.
func (b *Bot) goalIsSet(ctx context.Context, c *call, done engine.Done, head string) (chat.Reply, error) {
	states, _, err := b.engine.Goals(ctx, c.Actor)
	if err != nil || len(states) == 0 {
		return nil, err
	}
	newest := states[len(states)-1]
	for _, g := range states {
		if g.ID == c.Goal.ID && !g.Over && len(g.Targets) > 1 && g.Targets[len(g.Targets)-1].From == c.Today {
			newest = g
		}
	}
	blocks := append([]chat.Block{chat.T(head)}, paceLines(newest.Pace, c.Today)...)
	if len(c.Owner.Channels) == 0 {
		blocks = append(blocks, hint("Where will it come from? ", chat.C("/payoff channel add BNI networking")))
	} else if len(newest.Targets) == 1 {
		blocks = append(blocks, hint("Log what you do in one line: ", c.typed(exampleLine(c.Owner))))
	}
	return chat.Whisper(append(blocks, chat.Actions{undoButton(done), button("Report", "report")})...), nil
}

func (b *Bot) objectiveSet(ctx context.Context, c *call, o command.NewObjective) (chat.Reply, error) {
	done, err := b.engine.SetObjective(ctx, c.request(), engine.NewObjective(o))
	if err != nil {
		return nil, err
	}
	return chat.Whisper(
		chat.T("Noted: ", chat.B(o.Words(c.desk)), ". It is shown at each check-in."),
		chat.Actions{undoButton(done), button("Show my goal", "goal")},
	), nil
}

// goalEdit takes a figure, a period, or both.
func (b *Bot) goalEdit(ctx context.Context, c *call) (chat.Reply, error) {
	edit, err := c.readEdit()
	if err != nil {
		return nil, err
	}
	before := c.Goal
	done, err := b.engine.EditGoal(ctx, c.request(), edit)
	if err != nil {
		return nil, err
	}
	head := "Your goal is changed."
	if n := len(before.Targets); n > 0 {
		last := before.Targets[n-1]
		head = "Your goal is changed. It was " + target(last.Amount, last.Period, before.Every, c.Today) + "; that stays in its history."
	}
	return b.goalIsSet(ctx, c, done, head)
}

// readEdit reads a figure, a period, or both; what is left out is zero.
func (c *call) readEdit() (edit engine.NewGoal, err error) {
	if line, err := command.ParseGoal(c.rest, c.desk); err == nil {
		if r, is := line.(command.Revenue); is {
			return engine.NewGoal(r), nil
		}
		return edit, goals.Wrong(goals.Invalid, "Set it again with /goal set: the new one takes its place.", "That is a target under your goal, not its figure.")
	}
	text := strings.TrimPrefix(strings.TrimSpace(c.rest), "to ")
	if edit.Amount, err = goals.ParseMoney(text, c.desk.Currency); err == nil {
		return edit, nil
	}
	money := err
	if edit.Period, edit.Every, err = goals.ParsePeriod(text, c.Today, goals.Future); err == nil {
		return edit, nil
	}
	if m, is := asMistake(money); is && m.Code != goals.Unclear {
		return edit, money
	}
	_, err = command.ParseGoal(c.rest, c.desk)
	return edit, err
}

func (b *Bot) goalEnd(ctx context.Context, c *call) (chat.Reply, error) {
	if o, named := c.args.Objective("which"); named {
		done, err := b.engine.EndObjective(ctx, c.request(), o.ID)
		if err != nil {
			return nil, err
		}
		return chat.Whisper(chat.T("Ended: "+c.objective(o)+"."), chat.Actions{undoButton(done), button("Show my goal", "goal")}), nil
	}
	states, _, err := b.engine.Goals(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	for _, g := range states {
		if g.ID == c.Goal.ID && !g.Over {
			return chat.Whisper(
				chat.T("End ", chat.B(g.Pace.Goal.String()), " "+command.Span(g.Pace.Period, c.Today)+"? What you logged stays."),
				chat.Actions{{Label: "End it", Call: "goal end yes", Style: chat.Danger}, button("Keep it", "goal")},
			), nil
		}
	}
	return b.goalShow(ctx, c)
}

func (b *Bot) goalEndYes(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "goal end"
	done, err := b.engine.EndGoal(ctx, q)
	if err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: []chat.Block{
		chat.T("Ended. What you logged stays. What is the next figure? ", chat.C("/goal set £120k by 31 Dec")),
		chat.Actions{undoButton(done)},
	}}}, nil
}
