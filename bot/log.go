package bot

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func logCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "log", Summary: "Log what you did, in one line", Private: true,
			Options:  []command.Option{{Name: "line", Kind: command.Log, Required: true, Summary: "2h BNI £25 4 contacts yesterday"}},
			Examples: []string{"/log 2h BNI £25 4 contacts 2 conversations 1 qualified yesterday", "/log won £1,200 BNI", "/log 1-2-1 with Priya, BNI, 1h, 1 referral given"}}, run: (*Bot).logLine},
		{Spec: command.Spec{Name: "log turned", Private: true, Hidden: true,
			Options: []command.Option{{Name: "entry", Kind: command.Words}}}, run: (*Bot).logTurned},
		{Spec: command.Spec{Name: "undo", Summary: "Take back the last thing you did here", Private: true,
			Options: []command.Option{{Name: "entry", Kind: command.Words, Summary: "Which one; empty is the last"}}}, run: (*Bot).undo},
		{Spec: command.Spec{Name: "history", Summary: "List what you logged, newest first", Private: true,
			Options: []command.Option{{Name: "channel", Kind: command.Channel, Summary: "Only this channel"},
				{Name: "period", Kind: command.Period, Past: true, Summary: "last 4 weeks, October, Q3"}},
			Examples: []string{"/payoff history", "/payoff history BNI", "/payoff history last 4 weeks"}}, run: (*Bot).history},
	}
}

func (b *Bot) logLine(ctx context.Context, c *call) (chat.Reply, error) {
	entries, err := command.ParseLines(c.rest, c.desk)
	if err != nil && c.isChatter() {
		return b.help(ctx, &call{Self: c.Self, event: c.event})
	}
	if err != nil {
		return c.notUnderstood(err)
	}
	list := make([]engine.NewActivity, len(entries))
	lines := strings.FieldsFunc(c.rest, func(r rune) bool { return r == '\n' })
	for i, e := range entries {
		list[i] = engine.NewActivity{Channel: e.Channel, Date: e.Date, Amounts: e.Amounts, Note: e.Note}
		if len(lines) == len(entries) {
			list[i].Words = strings.TrimSpace(lines[i])
		}
	}
	rec, err := b.engine.Log(ctx, c.request(), list)
	if err != nil {
		return nil, err
	}
	if _, pressed := c.event.Did.(chat.Pressed); pressed {
		// The question gives way to the receipt: a second press would log the line again.
		return chat.Update{Message: chat.Message{Blocks: c.receipt(rec)}}, nil
	}
	return chat.Whisper(c.receipt(rec)...), nil
}

// isChatter reports whether plain words have nothing in them that could be logged: no figure,
// and none of the owner's channels. "How does this work" wants help, not a correction.
func (c *call) isChatter() bool {
	_, wrote := c.event.Did.(chat.Wrote)
	text := strings.ToLower(c.rest)
	if !wrote || len(text) > maxThen || strings.ContainsFunc(text, unicode.IsDigit) || !strings.ContainsFunc(text, unicode.IsLetter) {
		return false
	}
	for _, ch := range c.Owner.Channels {
		if strings.Contains(text, strings.ToLower(ch.Name)) {
			return false
		}
	}
	return true
}

// receipt says the lines as understood, and what they did to the week and the goal.
func (c *call) receipt(rec engine.Receipt) []chat.Block {
	if len(rec.Logged) == 0 {
		return []chat.Block{chat.T("That line was undone. Send it again to log it again.")}
	}
	var blocks []chat.Block
	late := false
	for _, l := range rec.Logged {
		blocks = append(blocks, chat.T("Logged ", chat.B(l.Channel.Name), ", "+c.logged(l)+"."))
		late = late || l.Late
	}
	week := "This week"
	if rec.Week.From != c.Today.Monday() {
		week = "Week of " + rec.Week.From.Human(c.Today)
	}
	blocks = append(blocks, chat.T(week+": "+amounts(rec.Sum, c.Owner.Currency)+"."))
	switch {
	case rec.Goal != nil && c.Today >= rec.Goal.Period.From:
		blocks = append(blocks, paceLines(*rec.Goal, c.Today)[0])
	case rec.Goal == nil:
		blocks = append(blocks, hint("Towards which figure? ", chat.C("/goal set £120k by 31 Dec")))
	}
	for _, l := range rec.Logged {
		if rec.Goal != nil && l.Amounts[goals.Revenue] != 0 && l.Date < rec.Goal.Period.From && c.Today >= rec.Goal.Period.From {
			blocks = append(blocks, chat.Quiet("Its revenue came before "+day(rec.Goal.Period.From, c.Today)+", where your goal begins, and does not count towards it."))
			break
		}
	}
	if late {
		blocks = append(blocks, chat.Quiet("Marked late, as that week's check-in is over. Its revenue counts all the same."))
	}
	if rec.Away.Back != 0 {
		blocks = append(blocks, chat.Quiet(c.awayUntil(rec.Away)))
	}
	actions := chat.Actions{undoButton(rec.Done)}
	if len(rec.Logged) == 1 && moneyStoodAlone(rec.Logged[0]) {
		actions = append(actions, button("It came in", "log turned "+string(rec.Entry)))
	}
	return append(blocks, actions)
}

// moneyStoodAlone reports whether a line's money was taken for spend with nothing to say so.
func moneyStoodAlone(l engine.Logged) bool {
	words := strings.ToLower(l.Words)
	for _, word := range []string{"spen", "cost", "fee", "paid", "bought"} {
		if strings.Contains(words, word) {
			return false
		}
	}
	return l.Amounts[goals.Spend] > 0 && l.Amounts[goals.Revenue] == 0
}

// logTurned is the button on a line whose money was no spend: it becomes revenue.
func (b *Bot) logTurned(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "it came in"
	rec, err := b.engine.Turn(ctx, q, engine.EntryID(strings.TrimSpace(c.rest)))
	if err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: c.receipt(rec)}}, nil
}

// logged says one line as it was understood: "yesterday: 2h, £25 spent, with Priya".
func (c *call) logged(l engine.Logged) string {
	s := day(l.Date, c.Today) + ": " + amounts(l.Amounts, c.Owner.Currency)
	if l.Note != "" {
		s += ", " + l.Note
	}
	return s
}

func (c *call) awayUntil(br goals.Break) string {
	return "You are away until " + day(br.Back, c.Today) + "."
}

// maxAgain is how much of what was typed a button carries, in characters: with the command before
// it no more than Slack's 2,000.
// https://docs.slack.dev/reference/block-kit/block-elements/button-element
const maxAgain = 1900

// notUnderstood answers a line that could not be read. A channel that is not known yet is
// offered with each kind; a near one is offered instead.
func (c *call) notUnderstood(err error) (chat.Reply, error) {
	var unknown *command.UnknownChannel
	if !errors.As(err, &unknown) {
		return nil, err
	}
	m, _ := asMistake(err)
	if utf8.RuneCountInString(unknown.Name+unknown.Again) > maxAgain {
		long := *m
		long.Hint = "Add it with /payoff channel add " + unknown.Name + " networking, and send this again."
		return nil, &long
	}
	var buttons chat.Actions
	if unknown.Near != "" {
		buttons = append(buttons, primary(short("Log it under "+unknown.Near), "log "+unknown.Instead()))
	}
	for _, kind := range goals.Kinds {
		buttons = append(buttons, button("New: "+string(kind), "channel create "+string(kind)+" | "+unknown.Name+" | "+unknown.Again))
	}
	return chat.Whisper(append(mistakeBlocks(m), buttons)...), nil
}

// undoButton takes back just this change, whatever comes after it.
func undoButton(d engine.Done) chat.Button { return button("Undo", "undo "+string(d.Entry)) }

func (b *Bot) undo(ctx context.Context, c *call) (chat.Reply, error) {
	q := c.request()
	q.Words = "undo"
	u, err := b.engine.Undo(ctx, q, engine.EntryID(strings.TrimSpace(c.rest)))
	if err != nil {
		return nil, err
	}
	if u.Repeated {
		return chat.Whisper(chat.T("That is undone.")), nil
	}
	blocks := []chat.Block{}
	for _, l := range u.Logged {
		blocks = append(blocks, chat.T("Undone: "+l.Channel.Name+", "+c.logged(l)+"."))
	}
	if len(blocks) == 0 {
		said := u.What
		if u.Words != "" && u.Words != u.What {
			said = u.Words
		}
		blocks = append(blocks, chat.T("Undone: "+said+"."))
	}
	for _, l := range u.Back {
		blocks = append(blocks, chat.T("Logged again: "+l.Channel.Name+", "+c.logged(l)+"."))
	}
	blocks = append(blocks, hint("Everything is as it was before. ", chat.C("/payoff history"), " shows what stands."))
	if _, pressed := c.event.Did.(chat.Pressed); pressed && len(u.Logged) > 0 {
		return chat.Update{Message: chat.Message{Blocks: blocks}}, nil
	}
	return chat.Whisper(blocks...), nil
}

// historyLines is how much of the history one message shows.
const historyLines = 15

func (b *Bot) history(ctx context.Context, c *call) (chat.Reply, error) {
	period := engine.Ever
	if p, _, ok := c.args.Period("period"); ok {
		period = p
	}
	channel, _ := c.args.Channel("channel")
	list, more, err := b.engine.History(ctx, c.Actor, period, channel.ID, historyLines)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return chat.Whisper(chat.T("Nothing is logged there yet. One line does: ", c.typed("2h BNI £25 4 contacts"))), nil
	}
	table := chat.Table{Header: []string{"Day", "Channel", "What"}}
	for _, l := range list {
		what := amounts(l.Amounts, c.Owner.Currency)
		if l.Note != "" {
			what += ", " + l.Note
		}
		if l.Late {
			what += " (late)"
		}
		table.Rows = append(table.Rows, []string{day(l.Date, c.Today), l.Channel.Name, what})
	}
	blocks := []chat.Block{table}
	if more {
		last := list[len(list)-1].Date
		blocks = append(blocks, chat.Quiet("There is more. Name a month to see it: ", chat.C("/payoff history "+last.Month().String())))
	}
	return chat.Whisper(append(blocks, chat.Actions{button("Undo the last", "undo"), button("Everything as CSV", "export")})...), nil
}
