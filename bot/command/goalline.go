package command

import (
	"strings"

	"payoff/goals"
)

// A GoalLine is what a line of "goal set" asks for: a Revenue goal or a NewObjective under one.
// Words is how it was understood.
type GoalLine interface{ Words(d Desk) string }

type (
	// Revenue is a goal: what is to come in, over which days, and whether it renews.
	Revenue struct {
		Amount goals.Money
		Period goals.Period
		Every  goals.Every
	}

	// A NewObjective is a figure in another measure, each week, month, quarter or year.
	NewObjective struct {
		Measure goals.Measure
		AtMost  bool
		Amount  int64           // in the measure's unit
		Every   goals.Every     // never Once
		Channel goals.ChannelID // "" is all channels together
	}
)

const goalExample = "“£120k by 31 Dec”"

// ParseGoal understands a goal, "£120k by 31 Dec" or "8k monthly", or an objective, "at most 3h a
// week Facebook". An amount of money is revenue unless the line says "spend". A line without a
// specific figure is answered with the question for it: such a goal is to be rethought.
func ParseGoal(text string, d Desk) (GoalLine, error) {
	if err := fits(text, MaxLine); err != nil {
		return nil, err
	}
	g := &goalReader{reader: newReader(text, d)}
	g.goal = true
	if len(g.atoms) == 0 {
		return nil, goals.Wrong(goals.Unclear, "Type the revenue and the date: "+g.example()+".", "There is no goal in that line.")
	}
	if err := g.scan(); err != nil {
		return nil, err
	}
	g.joinCount()
	if err := g.oneOfEach(); err != nil {
		return nil, err
	}
	if g.isObjective() {
		return g.objective()
	}
	return g.revenue()
}

// A goalReader takes the line of a goal apart.
type goalReader struct {
	*reader
	amount, limit, when, channel, role part // to is 0 for what is not there
	noun                               part
	atMost                             bool
	period                             goals.Period
	every                              goals.Every
	strange                            []part // words that are not understood
	more                               []part // what came a second time
}

// limits are the words that say which way an objective goes; true is at most.
var limits = map[string]bool{
	"atmost": true, "max": true, "maximum": true, "nomorethan": true, "notmorethan": true, "under": true, "below": true,
	"lessthan": true, "upto": true, "within": true,
	"atleast": false, "min": false, "minimum": false, "nolessthan": false, "over": false, "morethan": false,
}

// goalFillers may stand in a goal and say nothing.
var goalFillers = words("goal, target, objective, want, need, make, reach, hit, to, i, we, a, an, the, of, on, at, in, from, for, with, and, " +
	"my, our, please, do, have, get, bring, earn, set, each, new, is, be, per, through, via, some")

func (g *goalReader) scan() error {
	for i := 0; i < len(g.atoms); {
		p, err := g.next(i)
		if err != nil {
			return err
		}
		i = p.to
	}
	return nil
}

// next notes what stands at atom i.
func (g *goalReader) next(i int) (p part, err error) {
	if m, ok := g.channels[i]; ok {
		p = part{kind: channelPart, from: i, to: m.to, channel: m.channel}
		g.keep(&g.channel, p)
		return p, nil
	}
	if g.negative(i) {
		return p, g.minusBefore(i)
	}
	if end, most := g.limitAt(i); end > 0 {
		p = part{from: i, to: end}
		g.keep(&g.limit, p)
		g.atMost = most
		return p, nil
	}
	if p, err = g.figure(i); err != nil || p.to > 0 {
		return p, err
	}
	if p = g.roleWord(i); p.to > 0 {
		g.keep(&g.role, p)
		return p, nil
	}
	return g.otherWord(i), nil
}

// figure is an amount, a count or a time span at atom i, whichever is longest.
func (g *goalReader) figure(i int) (best part, err error) {
	if g.inner(i) {
		return part{}, nil
	}
	forms := []func(int) (part, error){g.count, g.money, g.duration, g.bareMoney, g.timespan}
	if g.amount.to > 0 { // the 2027 of "£1m 2027" is a year
		forms[3], forms[4] = forms[4], forms[3]
	}
	for _, match := range forms {
		p, err := match(i)
		if err != nil {
			return part{}, err
		}
		if p.to > best.to {
			best = p
		}
	}
	switch {
	case best.to == 0:
	case best.kind == datePart:
		if g.when.to == 0 {
			g.period, g.every = best.period, best.every
		}
		g.keep(&g.when, best)
	case best.kind == countPart && !best.counted:
		g.keep(&g.noun, best)
	default:
		g.keep(&g.amount, best)
	}
	return best, nil
}

func (g *goalReader) keep(at *part, p part) {
	if at.to > 0 {
		g.more = append(g.more, p)
		return
	}
	*at = p
}

// limitAt is the end of the limiting words at atom i, and whether they mean at most.
func (g *goalReader) limitAt(i int) (end int, most bool) {
	for j := i + 1; j <= min(len(g.atoms), i+3) && !g.inner(i); j++ {
		if m, ok := limits[g.key(i, j)]; ok && !g.inner(j) && g.isWord(j-1) {
			end, most = j, m
		}
	}
	return end, most
}

// bareMoney is a number that can only be money: nothing that is counted stands behind it.
func (g *goalReader) bareMoney(i int) (part, error) {
	if g.atoms[i].shape != digits {
		return part{}, nil
	}
	j := i + 1
	if j < len(g.atoms) && magnitudes[g.low(j)] && (g.inner(j) || len(g.low(j)) > 2) {
		j++
	}
	if g.inner(j) {
		return part{}, nil
	}
	p := part{kind: numberPart, from: i, to: j}
	m, err := goals.ParseMoney(g.slice(i, j), g.desk.Currency)
	if err != nil {
		return part{}, g.within(err, i, j)
	}
	p.money = m
	return p, nil
}

// timespan is a period, "by 31 Dec", or how often a figure comes round, "a month".
func (g *goalReader) timespan(i int) (part, error) {
	if !g.isWord(i) && g.low(i) != "/" {
		return part{}, nil
	}
	for j := g.openTo(i, 14); j > i; j-- {
		if g.inner(j) || !g.isWord(j-1) || g.taken(i, j-1) {
			continue
		}
		text := g.slice(i, j)
		period, every, err := goals.ParsePeriod(text, g.desk.Today, goals.Future)
		if before, rest, ok := strings.Cut(text, " "); err != nil && ok && leadIn[fold(before)] {
			if p, e, err := goals.ParsePeriod(rest, g.desk.Today, goals.Future); err == nil {
				return part{kind: datePart, from: i, to: j, period: p, every: e}, nil
			}
		}
		if err == nil {
			return part{kind: datePart, from: i, to: j, period: period, every: every}, nil
		}
		if err = g.sharpened(err, text); err != nil {
			return part{}, g.within(err, i, j)
		}
	}
	return part{}, nil
}

// leadIn may stand before a period and change nothing: "in 2027", "during Q1".
var leadIn = words("in, during, over, for, throughout, through")

// sharpened is an error about a period that says more than that it is none; otherwise nil.
func (g *goalReader) sharpened(err error, text string) error {
	if telling(err) {
		return err
	}
	if _, often := goals.ParseEvery(text); telling(often) { // "a day"
		return often
	}
	if _, day := goals.ParseDate(text, g.desk.Today, goals.Future); day == nil { // it asks whether that is the last day
		return err
	}
	return nil
}

// otherWord passes over a filler word, and notes any other that is not understood.
func (g *goalReader) otherWord(i int) part {
	p := part{kind: unknownPart, from: i, to: g.wordEnd(i)}
	a := g.atoms[i]
	switch {
	case g.closed[i] > 0:
		p.to = g.closed[i]
	case a.shape == ornament, p.to == i+1 && goalFillers[a.low], a.shape == mark && !isCurrencySign(a.low) && a.low != "%":
		p.kind = skipPart
		return p
	}
	g.strange = append(g.strange, p)
	return p
}

func (g *goalReader) example() string {
	return strings.Replace(goalExample, "£", g.desk.Currency.Symbol(), 1)
}

// joinCount takes a bare number for that of a noun that stands alone: "2 BNI one-to-ones a week".
func (g *goalReader) joinCount() {
	if g.amount.kind == numberPart && g.noun.to > 0 && g.noun.from >= g.amount.to && !g.noun.noun.unsided {
		n, ok := wholeNumber(g.slice(g.amount.from, g.amount.to))
		if !ok {
			return
		}
		g.amount = part{kind: countPart, from: g.amount.from, to: g.noun.to, noun: g.noun.noun, value: n, counted: true}
		g.noun = part{}
	}
}

// oneOfEach refuses a second figure, period or channel.
func (g *goalReader) oneOfEach() error {
	for _, p := range g.more {
		first := g.amount
		what := "figures"
		switch p.kind {
		case rolePart, unknownPart:
			continue
		case countPart:
			if !p.counted {
				continue
			}
		case datePart:
			first, what = g.when, "periods"
		case channelPart:
			if p.channel == g.channel.channel {
				continue
			}
			first, what = g.channel, "channels"
		}
		return g.twice(first, p, "Set one goal at a time.", what)
	}
	return nil
}

// isObjective reports that the line is about anything but revenue of all channels together.
func (g *goalReader) isObjective() bool {
	if g.amount.kind == countPart || g.amount.kind == durationPart {
		return true
	}
	if g.amount.to == 0 {
		return g.noun.to > 0 && len(g.strange) == 0
	}
	return g.role.role == spent || g.channel.to > 0
}
