package command

import (
	"errors"
	"slices"
	"strings"

	"payoff/goals"
)

// A value is what one option was given.
type value struct {
	kind    Kind
	text    string // of Choice, Zone, and what isText
	money   goals.Money
	date    goals.Date
	period  goals.Period
	every   goals.Every
	minutes int64
	channel goals.Channel
	measure goals.Measure
	owner   Named
	at      goals.Schedule
	target  goals.Objective
}

// Values are the values of a command's options, by name.
type Values struct {
	byName map[string]value
	names  []string // in the order of the command's options
}

func (v Values) get(name string, k Kind) (value, bool) {
	got, ok := v.byName[name]
	return got, ok && got.kind == k
}

// Has reports whether an option was given.
func (v Values) Has(name string) bool { _, ok := v.byName[name]; return ok }

func (v Values) Money(name string) (goals.Money, bool) {
	got, ok := v.get(name, Money)
	return got.money, ok
}

func (v Values) Date(name string) (goals.Date, bool) {
	got, ok := v.get(name, Date)
	return got.date, ok
}

// Period is the days of an option, and how often they come round.
func (v Values) Period(name string) (goals.Period, goals.Every, bool) {
	got, ok := v.get(name, Period)
	return got.period, got.every, ok
}

// Minutes is the value of a Duration.
func (v Values) Minutes(name string) (int64, bool) {
	got, ok := v.get(name, Duration)
	return got.minutes, ok
}

func (v Values) Channel(name string) (goals.Channel, bool) {
	got, ok := v.get(name, Channel)
	return got.channel, ok
}

func (v Values) Measure(name string) (goals.Measure, bool) {
	got, ok := v.get(name, Measure)
	return got.measure, ok
}

func (v Values) Owner(name string) (Named, bool) {
	got, ok := v.get(name, Owner)
	return got.owner, ok
}

// Choice is the choice as the command declares it, however it was typed.
func (v Values) Choice(name string) (string, bool) {
	got, ok := v.get(name, Choice)
	return got.text, ok
}

func (v Values) Words(name string) (string, bool) {
	got, ok := v.get(name, Words)
	return got.text, ok
}

func (v Values) Zone(name string) (string, bool) {
	got, ok := v.get(name, Zone)
	return got.text, ok
}

func (v Values) Schedule(name string) (goals.Schedule, bool) {
	got, ok := v.get(name, Schedule)
	return got.at, ok
}

func (v Values) Objective(name string) (goals.Objective, bool) {
	got, ok := v.get(name, Objective)
	return got.target, ok
}

// read reads what is given as an option by name. The word that leads to a date may stand there all
// the same: "until 12 Jan".
func (o Option) read(text string, d Desk) (value, error) {
	if head, rest, more := strings.Cut(strings.TrimSpace(text), " "); o.Kind == Date && more && asides[fold(head)] {
		if v, err := o.parse(rest, d); err == nil {
			return v, nil
		}
	}
	return o.parse(text, d)
}

// parse reads a whole text as the value of an option. A Mistake marks the text or a part of it.
func (o Option) parse(text string, d Desk) (v value, err error) {
	v.kind = o.Kind
	switch o.Kind {
	case Words, Log, Goal:
		v.text = strings.TrimSpace(text)
	case Money:
		v.money, err = goals.ParseMoney(text, d.Currency)
	case Date:
		v.date, err = goals.ParseDate(text, d.Today, o.look())
	case Period:
		v.period, v.every, err = goals.ParsePeriod(text, d.Today, o.look())
	case Duration:
		v.minutes, err = goals.ParseMinutes(text)
	case Channel:
		v.channel, err = channelCalled(text, d)
	case Measure:
		v.measure, err = measureCalled(text)
	case Owner:
		v.owner, err = ownerCalled(text, d)
	case Choice:
		v.text, err = choiceCalled(text, o.Choices)
	case Zone:
		v.text, err = goals.ParseZone(text)
	case Schedule:
		v.at, err = goals.ParseSchedule(text)
	case Objective:
		v.target, err = objectiveCalled(text, d)
	}
	return v, markWhole(err, text)
}

func (o Option) look() goals.Look {
	if o.Past {
		return goals.Past
	}
	return goals.Future
}

// markWhole marks all of a text in a Mistake that marks nothing.
func markWhole(err error, text string) error {
	var m *goals.Mistake
	if !errors.As(err, &m) || m.Marked != (goals.Span{}) {
		return err
	}
	whole := *m
	whole.Input, whole.Marked = text, goals.Span{End: len(text)}
	return &whole
}

// bare is a value without quotation marks around it.
func bare(text string) string {
	l := read(text)
	if closed := quotations(l); len(closed) > 2 && closed[0] == len(closed) {
		return l.said(1, len(closed)-1)
	}
	return tidy(text)
}

func channelCalled(text string, d Desk) (goals.Channel, error) {
	name, roll := bare(text), newRoll(d.Channels)
	// A platform with typed options sends the value that was chosen, which may be an ID.
	if i := slices.IndexFunc(d.Channels, func(c goals.Channel) bool { return string(c.ID) == name }); i >= 0 {
		return d.Channels[i], nil
	}
	if i := roll.named(name); i >= 0 {
		return d.Channels[i], nil
	}
	switch fit := roll.partly(name); len(fit) {
	case 0:
	case 1:
		return d.Channels[fit[0]], nil
	default:
		var names []string
		for _, i := range fit[:min(len(fit), 5)] {
			names = append(names, d.Channels[i].Name)
		}
		return goals.Channel{}, goals.Wrong(goals.Ambiguous, "Type the name in full.", "“%s” could be %s.", name, either(names))
	}
	hint := "Your channels: " + roll.list() + "."
	if near := nearest(name, roll.names()); near != "" {
		hint = "Did you mean " + near + "?"
	} else if roll.list() == "" {
		hint = "You have no channels yet."
	}
	return goals.Channel{}, goals.Wrong(goals.Unknown, hint, "I don't know the channel “%s”.", name)
}

// plainMeasures are the measures that have no count of pieces.
var plainMeasures = map[string]goals.Measure{"hours": goals.Hours, "hour": goals.Hours, "time": goals.Hours, "spend": goals.Spend,
	"spending": goals.Spend, "cost": goals.Spend, "costs": goals.Spend, "revenue": goals.Revenue, "sales revenue": goals.Revenue}

func measureCalled(text string) (goals.Measure, error) {
	name := bare(text)
	key := keyOf(name)
	if m, ok := plainMeasures[key]; ok {
		return m, nil
	}
	if n, ok := nouns[key]; ok && !n.unsided {
		return n.measure, nil
	} else if ok {
		return 0, goals.Wrong(goals.Ambiguous, "Type “referrals given” or “referrals received”.", "“%s” could be given or received.", name)
	}
	var names []string
	for m := range goals.Measures {
		names = append(names, m.String())
	}
	hint := "I count " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + "."
	if v := vagueOf(key); v != nil {
		hint = "Type “" + meant(v, "") + "”."
	} else if near := nearest(name, append(names, known...)); near != "" {
		hint = "Did you mean “" + near + "”?"
	}
	return 0, goals.Wrong(goals.Unknown, hint, "I don't count “%s”.", name)
}

func ownerCalled(text string, d Desk) (Named, error) {
	name := strings.TrimPrefix(bare(text), "@")
	var names []string
	var whole, part []Named
	for _, o := range d.Owners {
		names = append(names, o.Name)
		switch {
		case string(o.ID) == name:
			return o, nil
		case keyOf(o.Name) == keyOf(name) && keyOf(name) != "" || fold(o.Name) == fold(name):
			whole = append(whole, o)
		case keyOf(name) != "" && wholeWords(o.Name, keyOf(name)):
			part = append(part, o)
		}
	}
	fit := whole
	if len(fit) == 0 {
		fit = part
	}
	switch len(fit) {
	case 1:
		return fit[0], nil
	case 0:
		hint := "Ask them to type /payoff start first."
		if near := nearest(name, names); near != "" {
			hint = "Did you mean " + near + "?"
		}
		return Named{}, goals.Wrong(goals.Unknown, hint, "I know nobody called “%s” here.", name)
	}
	names = nil
	for _, o := range fit[:min(len(fit), 5)] {
		names = append(names, o.Name)
	}
	return Named{}, goals.Wrong(goals.Ambiguous, "Type the name in full.", "“%s” could be %s.", name, either(names))
}

func choiceCalled(text string, choices []string) (string, error) {
	name := bare(text)
	for _, c := range choices {
		if fold(c) == fold(name) || keyOf(c) == keyOf(name) && keyOf(c) != "" {
			return c, nil
		}
	}
	hint := "It can be " + either(choices) + "."
	if near := nearest(name, choices); near != "" {
		hint = "Did you mean " + near + "?"
	}
	return "", goals.Wrong(goals.Unknown, hint, "“%s” is not one of the choices.", name)
}
