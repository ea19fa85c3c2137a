package chart

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"payoff/goals"
)

// verdict is what there is to say of the pace, in a few words.
func (p progress) verdict(say func(goals.Money) string) string {
	gap := p.Gap().Minor
	over := p.SoFar.Minor - p.Goal.Minor
	switch p.state {
	case upcoming:
		return "starts on " + p.Period.From.Human(p.On)
	case behind:
		return say(rounded(p.money(-gap))) + " behind pace"
	case ahead:
		return say(rounded(p.money(gap))) + " ahead of pace"
	case missed:
		return say(p.money(-over)) + " short of the goal"
	case reached:
		if over > 0 {
			return "goal reached, " + say(p.money(over)) + " over"
		}
		return "goal reached"
	default:
		return "on pace"
	}
}

// remaining is the time left. Breaks are taken out and today is not, as in the report.
func (p progress) remaining() string {
	switch {
	case p.Over():
		return "ended"
	case p.On < p.Period.From:
		return "in " + plural(int(p.Period.From-p.On), "day")
	case p.DaysLeft == 0:
		return "no days left"
	case p.On == p.Period.To:
		return "last day"
	default:
		return plural(p.DaysLeft, "day") + " left"
	}
}

// attainment is the percentage of the goal.
func (p progress) attainment() string {
	return grouped(int64(p.Attainment().Percent())) + "%"
}

// alt is the alternative text.
func (p progress) alt() string {
	var b strings.Builder
	if p.title != "" {
		b.WriteString(p.title + ": ")
	}
	goal := fmt.Sprintf("of a goal of %s for %s", exact(p.Goal), p.Period.Human(p.On))
	verdict := capital(p.verdict(exact))
	switch left := p.remaining(); {
	case p.state == upcoming:
		fmt.Fprintf(&b, "no revenue yet %s. %s, %s.", goal, verdict, left)
	case len(p.steps) == 0:
		fmt.Fprintf(&b, "no revenue yet %s (%s). %s", goal, left, verdict)
	default:
		fmt.Fprintf(&b, "%s %s, %s (%s). %s", exact(p.SoFar), goal, p.attainment(), left, verdict)
	}
	switch p.state {
	case upcoming:
	case ahead, behind:
		fmt.Fprintf(&b, ", which is %s on %s.", exact(rounded(p.Due)), p.On.Human(p.On))
	default:
		b.WriteString(".")
	}
	if p.forecast != nil {
		b.WriteString(" " + p.foretold(exactShort))
	}
	for _, br := range p.breaks {
		more := fmt.Sprintf(" Break: %s.", br.Human(p.On))
		if length(b.String())+length(more) > maxAlt {
			break
		}
		b.WriteString(more)
	}
	return capital(b.String())
}

// length is how platforms count a text: in UTF-16 units, the most any of them counts.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// capital starts a sentence; one that starts with an amount has no letter to change.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return grouped(int64(n)) + " " + word + "s"
}

// grouped is a whole number with commas between thousands and a proper minus sign.
func grouped(n int64) string {
	s, negative := strings.CutPrefix(strconv.FormatInt(n, 10), "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if negative {
		return "−" + s
	}
	return s
}
