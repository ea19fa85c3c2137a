package command

import (
	"strings"

	"payoff/goals"
)

// revenue is the goal of a line that is about revenue.
func (g *goalReader) revenue() (GoalLine, error) {
	if err := g.unspecific(); err != nil {
		return nil, err
	}
	said := g.said(g.amount.from, g.amount.to)
	switch {
	case g.amount.to == 0:
		return nil, g.wrong(goals.Unclear, g.when.from, g.when.to, "Put the revenue before it: "+g.example()+".", "That goal has no figure.")
	case g.when.to == 0:
		return nil, g.wrong(goals.Unclear, g.amount.from, g.amount.to, "Add by when: “"+said+" by 31 Dec” or “"+said+" a year”.", "That goal has no date.")
	case g.limit.to > 0 && g.atMost:
		return nil, g.wrong(goals.Invalid, g.limit.from, g.limit.to, "For a limit on what you spend, type “spend at most "+said+" a month”.",
			"A revenue goal has no upper end.")
	case g.amount.money.Minor <= 0:
		return nil, g.wrong(goals.Invalid, g.amount.from, g.amount.to, "Type the revenue you want: "+g.example()+".", "A goal of nothing is reached already.")
	}
	return Revenue{Amount: g.amount.money, Period: g.period, Every: g.every}, nil
}

// unspecific answers a goal that is not a revenue figure with the question for one.
func (g *goalReader) unspecific() error {
	ask := "What should it bring in, and by when? Type " + g.example() + "."
	if g.amount.to == 0 {
		if len(g.strange) == 0 && g.noun.to == 0 && g.when.to > 0 {
			return nil
		}
		return g.wrong(goals.Unclear, 0, len(g.atoms), ask, "That is a direction, not a figure yet.")
	}
	for _, p := range g.strange {
		if g.amount.kind == numberPart && g.follows(p) {
			return g.notRevenue(p, ask)
		}
	}
	if len(g.strange) > 0 {
		return g.strangeWord(g.strange[0])
	}
	if g.noun.to > 0 && g.noun.noun.measure != goals.Deals { // "sales of £120k" is revenue
		return g.wrong(goals.Unclear, g.noun.from, g.noun.to, ask, "I can't tell what “%s” does in a revenue goal.", g.said(g.noun.from, g.noun.to))
	}
	return nil
}

// follows reports that a word stands behind the figure, or behind an adjective there.
func (g *goalReader) follows(p part) bool {
	i := g.amount.to
	for i < p.from && adjectives[g.low(i)] {
		i++
	}
	return i == p.from
}

// notRevenue answers a number of something that is not counted: "10k followers".
func (g *goalReader) notRevenue(p part, ask string) error {
	word, low := g.said(p.from, p.to), g.key(p.from, p.to)
	if v := vagueOf(low); v != nil {
		return g.wrong(goals.Unclear, p.from, p.to, "Type “"+meant(v, g.said(g.amount.from, g.amount.to))+"”.", "“%s” can mean several things.", word)
	}
	if near := nearest(word, known); near != "" && !vanity[low] {
		return g.wrong(goals.Unclear, p.from, p.to, "Did you mean “"+near+"”?", "I don't know the word “%s”.", word)
	}
	return g.wrong(goals.Unclear, g.amount.from, p.to, ask, "“%s” is not revenue.", g.said(g.amount.from, p.to))
}

func (g *goalReader) strangeWord(p part) error {
	word := g.said(p.from, p.to)
	hint := "Type it like " + g.example() + "."
	if near := nearest(word, append(g.roll.names(), known...)); near != "" {
		hint = "Did you mean “" + near + "”?"
	}
	return g.wrong(goals.Unclear, p.from, p.to, hint, "I don't know the word “%s”.", word)
}

// objective is the objective of a line that is about another measure.
func (g *goalReader) objective() (GoalLine, error) {
	o := NewObjective{AtMost: g.atMost, Every: g.every}
	o.Measure, o.Amount = g.measured()
	said := g.said(g.amount.from, g.amount.to)
	if err := g.channelOf(&o); err != nil {
		return nil, err
	}
	switch {
	case g.amount.kind == countPart && g.amount.noun.unsided:
		return nil, g.countMistake(g.amount)
	case g.amount.to == 0:
		return nil, g.wrong(goals.Unclear, g.noun.from, g.noun.to, "Put the number before it: “2 "+g.said(g.noun.from, g.noun.to)+" a week”.",
			"That objective has no figure.")
	case o.Measure == goals.Revenue && g.when.to > 0 && o.Every == goals.Once:
		return nil, g.wrong(goals.Invalid, g.channel.from, g.channel.to, "Leave the channel out, or type an objective: “"+said+" a year "+g.channelName(o.Channel)+"”.",
			"A revenue goal is for all channels together.")
	case o.Amount <= 0:
		return nil, g.wrong(goals.Invalid, g.amount.from, g.amount.to, "Type a figure above it.", "An objective of nothing is reached already.")
	case g.when.to == 0:
		return nil, g.wrong(goals.Unclear, g.amount.from, g.amount.to, "Add how often: “"+said+" a week”.", "That objective does not say how often.")
	case o.Every == goals.Once:
		return nil, g.wrong(goals.Invalid, g.when.from, g.when.to, "Type “a week”, “a month”, “a quarter” or “a year” instead.",
			"An objective comes round; only a revenue goal has a date.")
	case g.limit.to == 0 && (o.Measure == goals.Hours || o.Measure == goals.Spend):
		return nil, g.wrong(goals.Ambiguous, g.amount.from, g.amount.to, "Type “at most "+said+"” or “at least "+said+"”.",
			"“%s” could be a limit or an aim.", said)
	case o.Measure == goals.Hours && o.Amount > hoursIn(o.Every)*60:
		return nil, g.wrong(goals.Invalid, g.amount.from, g.amount.to, "Type a time that fits in.", "A %s has %d hours.", o.Every, hoursIn(o.Every))
	case o.Measure == goals.Revenue && o.AtMost:
		return nil, g.wrong(goals.Invalid, g.limit.from, g.limit.to, "For a limit on what you spend, type “spend at most "+said+"”.",
			"Revenue has no upper end.")
	}
	return o, nil
}

// measured is what the figure counts, and how many.
func (g *goalReader) measured() (goals.Measure, int64) {
	switch a := g.amount; a.kind {
	case durationPart:
		return goals.Hours, a.value
	case countPart:
		return a.noun.measure, a.value
	}
	if g.role.role == spent {
		return goals.Spend, g.amount.money.Minor
	}
	return goals.Revenue, g.amount.money.Minor
}

// channelOf is the channel of an objective: named in full, or by words of which only one
// channel's name can be meant.
func (g *goalReader) channelOf(o *NewObjective) error {
	if g.channel.to > 0 {
		o.Channel = g.roll.channels[g.channel.channel].ID
		if len(g.strange) > 0 {
			return g.strangeWord(g.strange[0])
		}
		return nil
	}
	if len(g.strange) == 0 {
		return nil
	}
	from, to := g.strange[0].from, g.strange[0].to
	for _, p := range g.strange[1:] {
		if p.from != to {
			return g.strangeWord(p)
		}
		to = p.to
	}
	name := bare(g.said(from, to))
	c, err := channelCalled(name, g.desk)
	if err == nil {
		o.Channel = c.ID
		return nil
	}
	if near := nearest(name, known); near != "" && nearest(name, g.roll.names()) == "" || !looksLikeName(name) {
		return g.strangeWord(part{from: from, to: to})
	}
	err = g.within(err, from, to)
	if m, ok := err.(*goals.Mistake); ok && m.Code == goals.Unknown {
		return &UnknownChannel{Mistake: m, Name: strings.TrimSpace(name), Again: g.typed}
	}
	return err
}

// hoursIn is how many hours the longest of a kind of period has.
func hoursIn(e goals.Every) int64 {
	switch e {
	case goals.Week:
		return 7 * 24
	case goals.Month:
		return 31 * 24
	case goals.Quarter:
		return 92 * 24
	}
	return 366 * 24
}
