package bot

import (
	"fmt"
	"strings"

	"payoff/bot/chat"
	"payoff/goals/evidence"
)

// passageTable is how many contacts became deals, where nothing is logged in between.
func (f finding) passageTable() chat.Table {
	t := chat.Table{Header: []string{"Channel", "Contacts", "Deals", "Share"}, Right: []int{1, 2}}
	share := func(p float64) string { return fmt.Sprintf("%.1f%%", 100*p) }
	for _, p := range f.History.Passages() {
		t.Rows = append(t.Rows, []string{f.channel(p.Channel).Name, fmt.Sprint(p.Contacts), fmt.Sprint(p.Deals),
			share(float64(p.Deals)/float64(p.Contacts)) + " (" + share(p.Lo) + " to " + share(p.Hi) + ")"})
	}
	return t
}

// stages is the stage that holds back with the question to ask, or why none is named.
func (f finding) stages() string {
	var thin []string
	for _, s := range f.Thin {
		thin = append(thin, stageWords[s.From()].step)
	}
	switch {
	case f.Bottleneck != nil && f.Bottleneck.Unlogged:
		return stageWords[f.Bottleneck.Stage.From()].missing + ", though what comes after is: where people get stuck can't be said."
	case f.Bottleneck != nil:
		return "Holding back: " + f.bottleneck() + " " + stageWords[f.Bottleneck.Stage.From()].ask
	case f.Weeks == 0:
		return ""
	case len(thin) > 0:
		return "Not enough data yet to say whether people get stuck " + strings.Join(thin, ", or ") + "."
	}
	return "No stage of the funnel stands out."
}

// lags is how long each channel took to pay: no table, for there are enough of them.
func (f finding) lags() chat.Fields {
	var fields chat.Fields
	for _, l := range f.Lags {
		said := "first money after " + weeks(int64(l.First))
		switch {
		case l.First < 0:
			said = "no money in " + weeks(int64(l.Waiting+1))
		case l.First == 0:
			said = "first money in the first week"
		}
		switch {
		case l.Typical < 0:
		case l.Typical == 0:
			said += ", a deal in the week of the work"
		default:
			said += ", a deal " + weeks(int64(l.Typical)) + " after the work"
		}
		fields = append(fields, chat.Labelled{Label: f.channel(l.Channel).Name, Value: chat.Spans(said + " (" + deals(l.Deals) + ")")})
	}
	return fields
}

// lag says the same of one channel.
func (f finding) lag(l evidence.Lag) string {
	switch {
	case l.First < 0 && l.Waiting == 0:
		return "No money came of it in its first full week."
	case l.First < 0:
		return "No money came of it in its first " + fullWeeks(l.Waiting+1) + "."
	case l.First == 0:
		return "Its first money came in its first week."
	}
	return "Its first money came " + weeks(int64(l.First)) + " after the first activity."
}
