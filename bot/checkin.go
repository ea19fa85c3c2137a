package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
)

func checkInCommands() []entry {
	return []entry{
		{Spec: command.Spec{Name: "checkin", Summary: "Answer this week's check-in", Private: true, Form: true}, run: (*Bot).checkInNow},
		{Spec: command.Spec{Name: "checkin now", Summary: "Answer this week's check-in", Private: true, Form: true}, run: (*Bot).checkInNow},
		{Spec: command.Spec{Name: "checkin show", Summary: "Show this week's check-in before answering", Private: true}, run: (*Bot).checkInShow},
		{Spec: command.Spec{Name: "checkin schedule", Summary: "Choose when you are asked each week", Private: true,
			Options:  []command.Option{{Name: "when", Kind: command.Schedule, Summary: "Mon 09:00, Fridays 4pm, or off"}},
			Examples: []string{"/checkin schedule Fri 16:00", "/checkin schedule off"}}, run: (*Bot).checkInSchedule},
		{Spec: command.Spec{Name: "checkin later", Summary: "Be asked again this time tomorrow", Private: true}, run: (*Bot).checkInLater},
		{Spec: command.Spec{Name: "checkin skip", Summary: "Skip this week's check-in", Private: true}, run: (*Bot).checkInSkip},
		{Spec: command.Spec{Name: "checkin away", Summary: "Take a break, with the day you return", Private: true, Form: true,
			Options:  []command.Option{{Name: "until", Kind: command.Date, Summary: "12 Jan, next Monday, in 2 weeks"}},
			Examples: []string{"/checkin away until 12 Jan"}}, run: (*Bot).checkInAway},
		{Spec: command.Spec{Name: "checkin back", Summary: "End your break today", Private: true}, run: (*Bot).checkInBack},
		{Spec: command.Spec{Name: "checkin weekly", Private: true, Hidden: true}, run: (*Bot).checkInWeekly},
		{Spec: command.Spec{Name: "checkin kept", Private: true, Hidden: true,
			Options: []command.Option{{Name: "how", Kind: command.Words}}}, run: (*Bot).checkInKept},
		{Spec: command.Spec{Name: "checkin answer", Private: true, Hidden: true,
			Options: []command.Option{{Name: "which", Kind: command.Words}}}, run: (*Bot).checkInAnswer},
	}
}

// checkInMessage is what the bot asks once a week: pace, the week so far as logged, what was
// promised, and the buttons.
func checkInMessage(o goals.Owner, today goals.Date, st engine.CheckInState) []chat.Block {
	blocks := []chat.Block{chat.T(chat.B("How did the week go?"), " "+days(st.Covers, today)+".")}
	if st.Covers.Days() > 7 {
		blocks[0] = chat.T(chat.B("How did it go since "+day(st.Covers.From, today)+"?"), " One answer does for all of it.")
	}
	for _, p := range st.Finished {
		blocks = append(blocks, chat.T(result(p, today)))
	}
	if st.Pace == nil || st.Pace.Period.To < today {
		blocks = append(blocks, figureWanted(st))
	} else {
		blocks = append(blocks, paceLines(*st.Pace, today)...)
	}
	if st.Eased != nil {
		blocks = append(blocks, chat.Quiet("The goal was eased since we last spoke. It was "+st.Eased.Amount.String()+" "+command.Span(st.Eased.Period, today)+"."))
	}
	var fields chat.Fields
	for _, l := range st.Lines {
		if l.Amounts.IsZero() {
			continue
		}
		fields = append(fields, chat.Labelled{Label: l.Name, Value: chat.Spans(amounts(l.Amounts, o.Currency))})
	}
	if len(fields) > 0 {
		blocks = append(blocks, fields)
	} else {
		blocks = append(blocks, chat.T("Nothing is logged for those days. You can fill it in as you answer."))
	}
	blocks = append(blocks, lookBackBlocks(o, today, st)...)
	blocks = append(blocks, askedOf(o, st)...)
	if st.Away.Back != 0 {
		blocks = append(blocks, chat.Quiet("You are away until "+day(st.Away.Back, today)+"."))
	}
	return append(blocks, commitmentBlocks(st)...)
}

// commitmentBlocks is last time's promise and the buttons. Which way it went can be said
// with one press; the whole answer needs the form.
func commitmentBlocks(st engine.CheckInState) []chat.Block {
	var blocks []chat.Block
	if st.Commitment != "" {
		said := "Last time you said: "
		if st.Kept != goals.KeptUnsaid {
			said = "You said (" + string(st.Kept) + "): "
		}
		blocks = append(blocks, chat.T(said, chat.B(quoted(st.Commitment))))
		if st.Kept == goals.KeptUnsaid {
			week := " " + st.Week.String()
			blocks = append(blocks, chat.Actions{button("Kept", "checkin kept kept"+week), button("Partly", "checkin kept partly"+week), button("Missed", "checkin kept missed"+week)})
		}
	}
	return append(blocks, chat.Actions{primary("Check in", "checkin now"), button("Later", "checkin later"), button("Skip", "checkin skip"), button("I'm away", "checkin away")})
}

func (b *Bot) checkInShow(ctx context.Context, c *call) (chat.Reply, error) {
	st, err := b.engine.AskCheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	return chat.Whisper(checkInMessage(c.Owner, c.Today, st)...), nil
}

func (b *Bot) checkInNow(ctx context.Context, c *call) (chat.Reply, error) {
	st, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	return chat.OpenForm{Form: c.checkInForm(st, nil, nil)}, nil
}

// checkInForm has a line for each channel in use, filled with what was logged, and four
// questions. Values and errs, by field, are what was typed before.
func (c *call) checkInForm(st engine.CheckInState, values, errs map[string]string) chat.Form {
	form := chat.Form{
		Call: "checkin answer " + st.Week.String() + " " + st.Mark(), Title: "Check-in", Submit: "Send",
		Intro: chat.Spans(days(st.Covers, c.Today)+". Correct what is not right, leave the rest. Write it like ", chat.C("2h £25 4 contacts"), "."),
	}
	for _, l := range st.Lines {
		filled := command.AmountsInWords(l.Amounts, c.Owner.Currency)
		form.Fields = append(form.Fields, chat.Field{
			ID: "ch:" + string(l.ID), Label: short45(l.Name), Max: 300, Value: filled,
			Long: len(filled) > 45, // what is cut off would be overlooked, and typed over
		})
	}
	if st.Commitment != "" {
		form.Fields = append(form.Fields, chat.Field{ID: "kept", Label: "You said: " + cut(st.Commitment, 35), Value: string(st.Kept),
			Choices: []chat.Choice{{Value: "kept", Label: "Kept"}, {Value: "partly", Label: "Partly"}, {Value: "missed", Label: "Missed"}}})
	}
	form.Fields = append(form.Fields,
		chat.Field{ID: "confidence", Label: "Will you reach your goal?", Value: string(st.Confidence), Required: true,
			Choices: []chat.Choice{{Value: "on track", Label: "On track"}, {Value: "at risk", Label: "At risk"}, {Value: "off track", Label: "Off track"}}},
		chat.Field{ID: "obstacle", Label: "What stands in the way?", Hint: "One thing is enough", Long: true, Max: engine.MaxAnswer, Value: st.Obstacle},
		chat.Field{ID: "commitment", Label: "What will you do before next time?", Hint: "Ring ten old clients", Long: true, Max: engine.MaxAnswer, Value: currentCommitment(st)},
	)
	for i := range form.Fields {
		f := &form.Fields[i]
		if v, typed := values[f.ID]; typed {
			f.Value = v
		}
		f.Error = errs[f.ID]
	}
	return form
}

// currentCommitment is what this check-in was already answered with, when it is amended.
func currentCommitment(st engine.CheckInState) string { return st.CheckIn.Commitment }

func short45(s string) string { return cut(s, 45) }

// cut shortens a text to a number of characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// checkInAnswer takes the form. What is wrong is shown at its field.
func (b *Bot) checkInAnswer(ctx context.Context, c *call) (chat.Reply, error) {
	st, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(c.rest)
	if len(words) != 2 {
		return nil, goals.Wrong(goals.Unclear, "Open it again with /checkin.", "That form is out of date.")
	}
	answer := engine.Answer{
		Shown: words[1], Confidence: goals.Confidence(c.fields["confidence"]), Kept: goals.Kept(c.fields["kept"]),
		Obstacle: strings.TrimSpace(c.fields["obstacle"]), Commitment: strings.TrimSpace(c.fields["commitment"]),
	}
	if err := answer.Week.UnmarshalText([]byte(words[0])); err != nil {
		return nil, goals.Wrong(goals.Unclear, "Open it again with /checkin.", "That form is out of date.")
	}
	errs := c.readLines(st, &answer)
	if !sayable(answer) {
		errs["confidence"] = "Choose one of the three."
	}
	if len(errs) > 0 {
		form := c.checkInForm(st, c.fields, errs)
		form.Call = "checkin answer " + c.rest
		return chat.OpenForm{Form: form}, nil
	}
	q := c.request()
	q.Words = "check-in"
	done, err := b.engine.Answer(ctx, q, answer)
	if errors.Is(err, engine.ErrFiguresMoved) {
		form := c.checkInForm(st, withoutLines(c.fields), nil)
		form.Error = engine.ErrFiguresMoved.Error()
		return chat.OpenForm{Form: form}, nil
	}
	if err != nil {
		return nil, err
	}
	return b.checkedIn(ctx, c, st.Lines, answer, done)
}

func sayable(a engine.Answer) bool {
	switch a.Confidence {
	case goals.OnTrack, goals.AtRisk, goals.OffTrack:
	default:
		return false
	}
	switch a.Kept {
	case goals.KeptUnsaid, goals.KeptFully, goals.KeptPartly, goals.KeptNot:
		return true
	}
	return false
}

// withoutLines drops the channels' fields, so that the new figures are shown, not the old.
func withoutLines(fields map[string]string) map[string]string {
	rest := map[string]string{}
	for id, v := range fields {
		if !strings.HasPrefix(id, "ch:") {
			rest[id] = v
		}
	}
	return rest
}

// readLines reads what the owner says each channel came to; errs is by field.
func (c *call) readLines(st engine.CheckInState, answer *engine.Answer) (errs map[string]string) {
	errs = map[string]string{}
	for _, l := range st.Lines {
		id := "ch:" + string(l.ID)
		text, there := c.fields[id]
		if !there {
			continue
		}
		said, err := c.readLine(text, l.ID, st.Covers.Days())
		if m, is := asMistake(err); is {
			errs[id] = m.Error()
			continue
		}
		answer.Lines = append(answer.Lines, engine.AnswerLine{Channel: l.ID, Amounts: said, Words: text})
	}
	return errs
}

// readLine reads a channel's field. Nothing is nothing; a day other than those covered has no
// place in it.
func (c *call) readLine(text string, channel goals.ChannelID, covered int) (goals.Amounts, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "0", "-", "–", "no", "none", "nothing":
		return goals.Amounts{}, nil
	}
	desk := c.desk
	desk.Channel, desk.Days = channel, covered
	e, err := command.ParseLog(text, desk)
	switch {
	case err != nil:
		return goals.Amounts{}, err
	case e.Channel != channel:
		return goals.Amounts{}, goals.Wrong(goals.Invalid, "Put it into that channel's own line.", "That names another channel.")
	case e.Date != desk.Today:
		return goals.Amounts{}, goals.Wrong(goals.Invalid, "Leave the day out.", "This line is for all of those days together.")
	}
	return e.Amounts, nil
}

// checkedIn says what the answer came to.
func (b *Bot) checkedIn(ctx context.Context, c *call, before []engine.ChannelSum, a engine.Answer, done engine.Done) (chat.Reply, error) {
	st, err := b.engine.CheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	blocks := []chat.Block{chat.T("Thank you. That is week ", chat.B(fmt.Sprint(st.Streak)), " in a row.")}
	if st.Streak < 2 {
		blocks[0] = chat.T("Thank you, that is noted.")
	}
	blocks = append(blocks, c.corrected(before, a.Lines)...)
	if st.Pace != nil {
		blocks = append(blocks, paceLines(*st.Pace, c.Today)[0])
	}
	for _, k := range st.Objectives {
		blocks = append(blocks, chat.T(capital(c.objective(k.Objective))+": "+c.progress(k)))
	}
	switch {
	case a.Commitment != "":
		blocks = append(blocks, chat.T("Before next time: ", chat.B(quoted(a.Commitment))))
	default:
		blocks = append(blocks, chat.T("You made no commitment for the week. What one thing would move the figure?"))
	}
	if !st.Next.IsZero() {
		blocks = append(blocks, chat.Quiet("I will ask again "+moment(st.Next, c)+"."))
	}
	return chat.Update{Message: chat.Message{Blocks: append(blocks, chat.Actions{button("Report", "report"), button("Change it", "checkin now"), undoButton(done)})}}, nil
}

// corrected says which channels' figures the answer changed, so that what was typed over by
// mistake is seen.
func (c *call) corrected(before []engine.ChannelSum, said []engine.AnswerLine) []chat.Block {
	var blocks []chat.Block
	for _, was := range before {
		for _, is := range said {
			if is.Channel == was.ID && is.Amounts != was.Amounts {
				blocks = append(blocks, chat.T(chat.B(was.Name), " is now "+amounts(is.Amounts, c.Owner.Currency)+"; it was "+amounts(was.Amounts, c.Owner.Currency)+"."))
			}
		}
	}
	return blocks
}

// checkInKept says with one press how last time's commitment went.
func (b *Bot) checkInKept(ctx context.Context, c *call) (chat.Reply, error) {
	how, week, _ := strings.Cut(c.rest, " ")
	var monday goals.Date
	if err := monday.UnmarshalText([]byte(week)); err != nil || !sayable(engine.Answer{Confidence: goals.OnTrack, Kept: goals.Kept(how)}) {
		return nil, goals.Wrong(goals.Unclear, "Answer with /checkin.", "That button is out of date.")
	}
	q := c.request()
	q.Words = "commitment " + how
	if _, err := b.engine.MarkKept(ctx, q, monday, goals.Kept(how)); err != nil {
		return nil, err
	}
	st, err := b.engine.AskCheckIn(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	return chat.Update{Message: chat.Message{Blocks: checkInMessage(c.Owner, c.Today, st)}}, nil
}
