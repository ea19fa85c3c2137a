package bot

import (
	"fmt"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
)

// The words of the bot, and how it writes figures. The rules: plain, warm, brief, British.
// It asks more than it tells, never shames, never cheers emptily, and puts no exclamation
// mark behind a number. It says what it does not know. Every message offers a next step.

// amounts writes what was counted: "2h, £25 spent, 4 contacts, 1 deal, £3,000 revenue".
func amounts(a goals.Amounts, c goals.Currency) string {
	if a.IsZero() {
		return "nothing"
	}
	return command.AmountsInWords(a, c)
}

// count writes a number of things: "1 deal", "3 deals".
func count(n int64, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return fmt.Sprintf("%d %s", n, plural)
}

// whole rounds an amount to whole pounds: finer would say more than is known.
func whole(m goals.Money) goals.Money {
	unit := int64(1)
	for range m.Currency.Digits() {
		unit *= 10
	}
	rounded := m.Times(1, unit)
	return goals.Money{Minor: rounded.Minor * unit, Currency: m.Currency}
}

// weeks writes a number of weeks.
func weeks(n int64) string { return count(n, "week", "weeks") }

// day writes a date as it lies to today: "today", "yesterday", "Tue 17 Nov".
func day(d, today goals.Date) string {
	switch today - d {
	case 0:
		return "today"
	case 1:
		return "yesterday"
	}
	return d.Weekday().String()[:3] + " " + d.Human(today)
}

// days writes a period by its two ends.
func days(p goals.Period, today goals.Date) string {
	if p.From == p.To {
		return day(p.From, today)
	}
	return p.From.Human(today) + " to " + p.To.Human(today)
}

// target says what a goal asks for: "£8,000 a month", "£120,000 by 31 Dec".
func target(amount goals.Money, p goals.Period, every goals.Every, today goals.Date) string {
	return command.Revenue{Amount: amount, Period: p, Every: every}.Words(command.Desk{Today: today})
}

// paceLines says how a goal stands, in two short lines.
func paceLines(p goals.Pace, today goals.Date) []chat.Block {
	if today < p.Period.From {
		return []chat.Block{chat.T("Your goal: ", chat.B(p.Goal.String()), " "+command.Span(p.Period, today)+".")}
	}
	head := chat.T(chat.B(p.SoFar.String()), " of ", chat.B(p.Goal.String()), " "+command.Span(p.Period, today),
		fmt.Sprintf(", %d%%.", p.Attainment().Percent()))
	return []chat.Block{head, chat.T(paceLine(p, today))}
}

// paceLine says where the line is and what it takes from here.
func paceLine(p goals.Pace, today goals.Date) string {
	gap, due := whole(p.Gap()), whole(p.Due)
	left := goals.Money{Minor: p.Goal.Minor - p.SoFar.Minor, Currency: p.Goal.Currency}
	switch {
	case p.Reached():
		return "You have reached it. What comes now is on top."
	case today > p.Period.To:
		return "That period is over, " + left.String() + " short. What would you do differently?"
	case due.Minor == 0:
		return "It has only begun. " + fromHere(p)
	case gap.Minor >= 0:
		return "Your line asks for " + due.String() + " by today: you are " + gap.String() + " ahead. " + fromHere(p)
	case p.SoFar.Minor == 0:
		return "Your line asks for " + due.String() + " by today; nothing has come in yet. " + fromHere(p)
	default:
		gap.Minor = -gap.Minor
		return "Your line asks for " + due.String() + " by today, " + gap.String() + " more than came in. " + fromHere(p)
	}
}

// fromHere says what each week left has to bring.
func fromHere(p goals.Pace) string {
	per, ok := p.PerWeek()
	if !ok {
		return ""
	}
	if p.DaysLeft <= 7 {
		left := goals.Money{Minor: p.Goal.Minor - p.SoFar.Minor, Currency: p.Goal.Currency}
		return left.String() + " to go in the last " + count(int64(p.DaysLeft), "day", "days") + "."
	}
	return "From here: " + whole(per).String() + " a week."
}

// mistakeBlocks says what was wrong, where, and what to type instead.
func mistakeBlocks(m *goals.Mistake) []chat.Block {
	blocks := []chat.Block{chat.T(m.Message)}
	if m.Marked.End > m.Marked.Start && m.Marked.End <= len(m.Input) {
		blocks = append(blocks, chat.T(excerpt(m)...))
	}
	if m.Hint != "" {
		blocks = append(blocks, chat.T(m.Hint))
	}
	return blocks
}

// excerpt quotes what was typed with the part that was wrong in bold.
func excerpt(m *goals.Mistake) []any {
	before, marked, after := around(m)
	return []any{"“" + before, chat.B(marked), after + "”"}
}

// around is the part of what was typed that was wrong, and not more of the rest than helps to
// find it.
func around(m *goals.Mistake) (before, marked, after string) {
	const around = 60 // bytes either side
	before, marked, after = m.Input[:m.Marked.Start], m.Input[m.Marked.Start:m.Marked.End], m.Input[m.Marked.End:]
	if len(before) > around {
		before = "…" + strings.ToValidUTF8(before[len(before)-around:], "")
	}
	if len(marked) > around {
		marked = strings.ToValidUTF8(marked[:around], "") + "…"
	}
	if len(after) > around {
		after = strings.ToValidUTF8(after[:around], "") + "…"
	}
	return before, marked, after
}

// exampleLine is a line to log, with a channel of the owner's: where people meet, if they have one.
func exampleLine(o goals.Owner) string {
	for _, kind := range []goals.Kind{goals.Networking, goals.Direct, goals.Social} {
		for _, ch := range o.Channels {
			if ch.Kind == kind && !ch.Archived {
				return "2h " + ch.Name + " 4 contacts"
			}
		}
	}
	return "2h BNI 4 contacts"
}

// hearsWords reports whether the platform of a call brings plain words to the bot. Discord brings
// commands alone.
func (c *call) hearsWords() bool { return c.event.From.Platform != "discord" }

// typed is a line to log as its person types it where they are.
func (c *call) typed(line string) chat.Span {
	if !c.hearsWords() {
		line = "/log " + line
	}
	return chat.C(line)
}

// hint is a quiet line with something to type.
func hint(parts ...any) chat.Block { return chat.Quiet(parts...) }

// button makes a button.
func button(label, call string) chat.Button { return chat.Button{Label: label, Call: call} }

func primary(label, call string) chat.Button {
	return chat.Button{Label: label, Call: call, Style: chat.Primary}
}

// capital begins a sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// quoted puts what a person said between quotation marks.
func quoted(s string) string { return "“" + s + "”" }
