package chart

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"payoff/goals"
)

// FunnelData is how far contacts went in each kind of channel.
type FunnelData struct {
	Subtitle string // "Priya Shah · 38 weeks"; may be empty
	Kinds    []KindFunnel
}

// A KindFunnel is what one kind came to. Its hours and its funnel are drawn, and nothing else.
type KindFunnel struct {
	Kind    goals.Kind
	Amounts goals.Amounts
}

// mostFunnels are drawn. There are three kinds; data with more is still held to a picture.
const mostFunnels = 6

// Funnel draws, for each kind, how many contacts became conversations, qualified and deals.
// Each kind has a scale of its own, and the picture says so: one can have thousands where
// another has five.
func Funnel(d FunnelData) (png []byte, alt string, err error) {
	f := funnelOf(d)
	c, err := newCanvas()
	if err != nil {
		return nil, "", err
	}
	defer c.close()
	c.drawFunnel(f)
	if png, err = c.png(); err != nil {
		return nil, "", err
	}
	return png, f.alt(), nil
}

// A funnel is what the picture and its alternative text both say.
type funnel struct {
	subtitle string
	kinds    []kindFunnel
	more     int
}

// A kindFunnel is one kind as drawn.
type kindFunnel struct {
	kind   goals.Kind
	hours  string
	stages []stage
	empty  bool // nothing is counted at any stage
}

// A stage is one step of the way from a stranger to a sale.
type stage struct {
	name  string
	n     int64
	share string // of the stage before, "12%" or "1 of 5"; empty for the first, and after none
	over  bool   // more than there were before
}

func funnelOf(d FunnelData) funnel {
	f := funnel{subtitle: clean(d.Subtitle, maxName), more: max(len(d.Kinds)-mostFunnels, 0)}
	place := func(k KindFunnel) int {
		if i := slices.Index(goals.Kinds[:], k.Kind); i >= 0 {
			return i
		}
		return len(goals.Kinds)
	}
	sorted := slices.SortedStableFunc(slices.Values(d.Kinds), func(a, b KindFunnel) int { return place(a) - place(b) })
	for _, k := range sorted[:len(sorted)-f.more] {
		f.kinds = append(f.kinds, kindFunnelOf(k))
	}
	return f
}

func kindFunnelOf(k KindFunnel) kindFunnel {
	out := kindFunnel{kind: k.Kind, hours: hoursText(min(k.Amounts[goals.Hours], most)), empty: true}
	for _, m := range goals.Funnel {
		n := k.Amounts[m]
		out.stages = append(out.stages, stage{name: m.String(), n: n})
		out.empty = out.empty && n == 0
	}
	for i, step := range goals.Conversion(k.Amounts) {
		if step.Has && step.Score.Num >= 0 {
			out.stages[i+1].share = shareText(step.Score)
			out.stages[i+1].over = step.Score.Num > step.Score.Den
		}
	}
	return out
}

// fewCases are too few for a percentage to mean anything: there the share is said as it is.
const fewCases = 10

// shareText is the share that went on, with a decimal where whole numbers would say nothing.
func shareText(s goals.Score) string {
	switch {
	case s.Den < fewCases && s.Num > s.Den:
		return count(s.Num) + " after " + count(s.Den)
	case s.Den < fewCases:
		return count(s.Num) + " of " + count(s.Den)
	}
	switch p := 100 * float64(s.Num) / float64(s.Den); {
	case p > 9999:
		return "over 9,999%"
	case p <= 0, p >= 9.95:
		return grouped(int64(s.Percent())) + "%"
	case p < 0.05:
		return "under 0.1%"
	default:
		return strings.TrimSuffix(strconv.FormatFloat(p, 'f', 1, 64), ".0") + "%"
	}
}

// noFunnel is said where nothing is counted in any kind, noStages where it is not in one.
const (
	noFunnel = "Nothing is logged yet: contacts, conversations, qualified and deals show here."
	noStages = "No contacts, conversations or deals logged."
)

// alt is the alternative text.
func (f funnel) alt() string {
	text := "Funnel by kind"
	if f.subtitle != "" {
		text += ", " + f.subtitle
	}
	if len(f.kinds) == 0 {
		return text + ". " + noFunnel
	}
	text += "."
	said := 0
	for _, k := range f.kinds {
		next := text + " " + k.alt()
		if length(next)+length(" And 1,000,000 more.") > maxAlt {
			break
		}
		said, text = said+1, next
	}
	if more := len(f.kinds) + f.more - said; more > 0 {
		text += fmt.Sprintf(" And %s more.", grouped(int64(more)))
	}
	return text
}

func (k kindFunnel) alt() string {
	head := capital(kindName(k.kind)) + ", " + k.hours + ": "
	if k.empty {
		return head + strings.ToLower(noStages[:1]) + noStages[1:]
	}
	var parts []string
	for _, s := range k.stages {
		name := s.name
		if s.n == 1 {
			name = strings.TrimSuffix(name, "s")
		}
		part := count(s.n) + " " + name
		if s.share != "" {
			part += " (" + s.share + ")"
		}
		parts = append(parts, part)
	}
	return head + strings.Join(parts, ", ") + "."
}
