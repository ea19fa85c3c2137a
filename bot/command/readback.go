package command

import (
	"slices"
	"strings"

	"payoff/bot/chat"
	"payoff/goals"
)

// samples are values to choose from when nothing is typed: days gone by or to come.
func (o Option) samples() []string {
	switch {
	case o.Kind == Date && o.Past:
		return []string{"today", "yesterday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	case o.Kind == Date:
		return []string{"tomorrow", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "in 2 weeks"}
	case o.Kind == Period && o.Past:
		return []string{"this week", "last week", "this month", "last month", "this quarter", "last quarter", "this year", "last year"}
	case o.Kind == Period:
		return []string{"this month", "this quarter", "this year", "next month", "next quarter", "next year", "by 31 Dec", "a month", "a quarter"}
	case o.Kind == Duration:
		return []string{"30m", "1h", "2h", "3h", "5h"}
	case o.Kind == Schedule:
		return []string{"Mon 09:00", "Tue 09:00", "Wed 09:00", "Thu 09:00", "Fri 09:00", "Fri 16:00", "Sun 18:00", "off"}
	}
	return nil
}

// readBack proposes what is typed, and samples that begin with it, each with how it is understood.
func (o Option) readBack(typed string, d Desk) (all []chat.Choice) {
	typed = tidy(typed)
	proposals := []string{typed}
	for _, s := range o.samples() {
		if strings.HasPrefix(fold(s), fold(typed)) {
			proposals = append(proposals, s)
		}
	}
	for _, p := range proposals {
		if p == "" {
			continue
		}
		said, err := o.understood(p, d)
		if err != nil {
			continue
		}
		label := p
		if fold(said) != fold(p) {
			label += " (" + said + ")"
		}
		all = append(all, chat.Choice{Value: p, Label: label})
	}
	return all
}

// goneOn proposes a line as it is typed, if it can be read, and the line with its last words made the
// name of a channel that they begin, if that says something else. The label is how it is understood.
func (o Option) goneOn(typed string, d Desk) (all []chat.Choice) {
	typed = tidy(typed)
	asTyped, err := o.understood(typed, d)
	if err == nil {
		all = append(all, chat.Choice{Value: typed, Label: asTyped})
	}
	for _, line := range withChannels(typed, d) {
		switch said, wrong := o.understood(line, d); {
		case wrong != nil:
			all = append(all, chat.Choice{Value: line, Label: line})
		case err != nil || said != asTyped:
			all = append(all, chat.Choice{Value: line, Label: said})
		}
	}
	return all
}

// withChannels is a line with as many of its last words as begin the name of a channel in use made
// that name, for each such channel.
func withChannels(typed string, d Desk) (all []string) {
	const most = 4 // words that are the beginning of a name
	said := strings.Fields(typed)
	for k := min(len(said), most); k > 0 && len(all) == 0; k-- {
		begun := fold(strings.Join(said[len(said)-k:], " "))
		for _, c := range d.Channels {
			if name := fold(c.Name); c.Archived || name == begun || !strings.HasPrefix(name, begun) || len(all) == MaxChoices {
				continue
			}
			all = append(all, strings.Join(append(slices.Clone(said[:len(said)-k]), spelled(c.Name, d)), " "))
		}
	}
	return all
}

// understood is a text as it is read, in words.
func (o Option) understood(text string, d Desk) (string, error) {
	switch o.Kind {
	case Log:
		e, err := ParseLog(text, d)
		return e.Words(d), err
	case Goal:
		line, err := ParseGoal(text, d)
		if err != nil {
			return "", err
		}
		return line.Words(d), nil
	}
	v, err := o.read(text, d)
	return v.words(d), err
}

// words is how a value was understood.
func (v value) words(d Desk) string {
	switch v.kind {
	case Money:
		return v.money.String()
	case Date:
		return dated(v.date, d.Today)
	case Period:
		return v.period.Human(d.Today)
	case Duration:
		return goals.FormatMinutes(v.minutes)
	case Schedule:
		return v.at.String()
	}
	return v.text
}
