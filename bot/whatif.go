package bot

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"payoff/bot/chat"
	"payoff/bot/command"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/goals/evidence"
)

var whatIfSpec = command.Spec{Name: "report what if", Summary: "See what moving time from one channel to another would bring", Private: true,
	Options: []command.Option{{Name: "time", Kind: command.Duration, Required: true, Summary: "How much a week"},
		{Name: "to", Kind: command.Channel, Required: true, Summary: "Where it would go"},
		{Name: "from", Kind: command.Channel, Summary: "Where it would come from; empty is time on top"}},
	Examples: []string{"/report what if 2h a week from Facebook to BNI", "/report what if 1h a week more on LinkedIn"}}

// whatIfCommands reads its own line: which channel gives and which takes lies in the small words.
func whatIfCommands() []entry {
	return []entry{{Spec: whatIfSpec, raw: true, run: (*Bot).whatIf}}
}

func (b *Bot) whatIf(ctx context.Context, c *call) (chat.Reply, error) {
	given := map[string]string{}
	if typed, is := c.event.Did.(chat.Typed); is {
		given = typed.Options
	}
	move, err := readMove(c.rest, given, c.desk)
	if err != nil {
		return nil, err
	}
	q := c.request()
	q.Words = "what if " + moving(move.minutes, move.from.Name, move.to.Name)
	w, err := b.engine.WhatIf(ctx, q, move.from.ID, move.to.ID, move.minutes)
	if err != nil {
		return nil, err
	}
	blocks := c.whatIfSays(w)
	if !c.Owner.Schedule.Off {
		blocks = append(blocks, chat.Quiet("In eight weeks a check-in looks back on it."))
	}
	return chat.Whisper(append(blocks, chat.Actions{button("Report", "report"), undoButton(w.Done)})...), nil
}

// moving says a move: "2h a week from Facebook to BNI", "1h a week more on BNI".
func moving(minutes int64, from, to string) string {
	said := goals.FormatMinutes(minutes) + " a week"
	if from == "" {
		return said + " more on " + to
	}
	return said + " from " + from + " to " + to
}

// whatIfSays is the change, what an hour of each brings, and what that takes for granted.
func (c *call) whatIfSays(w engine.WhatIf) []chat.Block {
	f := finding{owner: c.Owner}
	what := capital(moving(w.Minutes, w.From.Name, w.To.Name))
	if w.Effect == evidence.Unjudged {
		return []chat.Block{chat.T(chat.B(what), ": too early to tell. "+c.tooEarly(w))}
	}
	rests := ", on " + deals(w.Deals) + " in " + fullWeeks(w.Weeks)
	span := f.changes(w.Lo, w.Hi)
	said := ": about " + f.change(w.Mid) + " a week (80% likely " + span + ")" + rests + "."
	if w.Effect == evidence.AboutTheSame {
		said = ": about the same, as far as your figures tell. 80% likely it is " + span + " a week" + rests + "."
	}
	blocks := []chat.Block{chat.T(chat.B(what), said), chat.T(f.hourOf(w.To, w.Shift.To))}
	if w.From.ID != "" {
		blocks = append(blocks, chat.T(f.hourOf(w.From, w.Shift.From)))
	}
	return append(blocks, chat.Quiet(fmt.Sprintf("It takes these hours to bring in what those before them did, and %s usually needs about %.0f weeks to pay. "+
		"Spend is not taken off; ROI is (revenue − cost) / cost, where cost is spend and each hour at what it is worth to you.", kindWords[w.To.Kind], w.Shift.To.Delay)))
}

// tooEarly is what is missing for an answer, and what to do about it.
func (c *call) tooEarly(w engine.WhatIf) string {
	var names []string
	var recent evidence.Return
	for _, side := range []struct {
		goals.Channel
		evidence.Return
	}{{w.From, w.Shift.From}, {w.To, w.Shift.To}} {
		if side.ID != "" && slices.Contains(w.Unheard, side.ID) {
			names, recent = append(names, side.Name), side.Return
		}
	}
	rests := deals(w.Deals) + " in " + fullWeeks(w.Weeks) + " so far. "
	switch {
	case w.Weeks == 0:
		return "No full week is logged yet. Keep logging, and ask again in some weeks."
	case len(names) == 0 || w.Deals == 0:
		return capital(rests) + "Keep logging, and ask again in some weeks."
	case len(names) == 1 && recent.Hours > 0 && !recent.Show:
		return fmt.Sprintf("The hours of %s are too recent: %s usually takes about %.0f weeks to pay. So far it rests on %s in %s.",
			names[0], kindWords[recent.Kind], recent.Delay, deals(w.Deals), fullWeeks(w.Weeks))
	case len(names) == 1:
		return names[0] + " hasn't had enough hours to judge, with " + rests + "The way to find out is to try it for some weeks, and log it."
	}
	return strings.Join(names, " and ") + " haven't had enough hours to judge, with " + rests + "Keep logging, and ask again in some weeks."
}

// change says a change of revenue: "£40 more", "£15 less", "no change".
func (f finding) change(minor float64) string {
	switch size := f.roughly(minor); {
	case size == f.roughly(0):
		return "no change"
	case minor < 0:
		return size + " less"
	default:
		return size + " more"
	}
}

// changes says where a change lies: "£20 to £180 more", "£15 less to £40 more".
func (f finding) changes(lo, hi float64) string {
	if lo < 0 && hi <= 0 {
		lo, hi = hi, lo // the smaller one first, as for more
	}
	from, to := f.change(lo), f.change(hi)
	if size, side, _ := strings.Cut(from, " "); strings.HasSuffix(to, " "+side) {
		return size + " to " + to
	}
	return from + " to " + to
}

// roughly writes the size of an amount in two figures: of a change no more is known.
func (f finding) roughly(minor float64) string {
	m, step := f.money(math.Abs(minor)), int64(1)
	for m.Minor/step >= 100 {
		step *= 10
	}
	m.Minor = m.Times(1, step).Minor * step
	return m.String()
}

// hourOf is what an hour of a channel brings, with what that rests on.
func (f finding) hourOf(ch goals.Channel, r evidence.Return) string {
	return ch.Name + " brings in " + f.perHour(r) + ", on " + deals(r.Deals) + " and " + about(int64(math.Round(60*r.Hours))) + "."
}

// lookBackBlocks is what came of the what-ifs of eight weeks ago.
func lookBackBlocks(o goals.Owner, today goals.Date, st engine.CheckInState) (blocks []chat.Block) {
	for _, l := range st.LookBacks {
		blocks = append(blocks, lookBackLines(finding{owner: o}, today, l)...)
	}
	return blocks
}

func lookBackLines(f finding, today goals.Date, l engine.LookBack) []chat.Block {
	ago := max(int(today.Monday()-l.Asked.Monday())/7, 8)
	said := inWords(ago) + " weeks ago you asked about " + moving(l.Minutes, l.FromChannel.Name, l.ToChannel.Name) + ". "
	if l.From != "" {
		said = inWords(ago) + " weeks ago you asked about moving " + moving(l.Minutes, l.FromChannel.Name, l.ToChannel.Name) + ". "
	}
	switch {
	case l.Logged == 0:
		return []chat.Block{chat.T(said + "Nothing was logged in the last four of the eight weeks after that, so I can't tell whether the hours moved.")}
	case !l.Acted() && 2*l.ToRose() < l.Minutes && 2*l.FromFell() < l.Minutes:
		return []chat.Block{chat.T(said + "The hours stayed where they were.")}
	case !l.Acted():
		return []chat.Block{chat.T(said + "The hours went another way: " + took(l) + ".")}
	}
	did := "You moved " + about(l.Moved())
	if l.From == "" {
		did = "You gave it " + about(l.Moved()) + " more"
	}
	return append([]chat.Block{chat.T(said + did + ": " + took(l) + ". Here is what came of it:")}, f.cameOf(l)...)
}

// took is what each channel took before and takes since.
func took(l engine.LookBack) string {
	said := went(l.ToChannel, l.ToTook, l.ToTakes)
	if l.From != "" {
		said = went(l.FromChannel, l.FromTook, l.FromTakes) + ", " + said
	}
	return said
}

// went says how a channel's time a week has changed: "BNI went from 2h to 4h a week".
func went(ch goals.Channel, was, is int64) string {
	switch {
	case about(was) != about(is):
		return ch.Name + " went from " + about(was) + " to " + about(is) + " a week"
	case is == 0:
		return ch.Name + " stayed at nothing"
	}
	return ch.Name + " stayed at " + about(is) + " a week"
}

// about writes an average of minutes, to five of them.
func about(minutes int64) string { return goals.FormatMinutes((minutes + 2) / 5 * 5) }

// cameOf holds the eight weeks since against those before and what was expected, and says how
// little that proves.
func (f finding) cameOf(l engine.LookBack) []chat.Block {
	who := l.ToChannel.Name
	if l.From != "" {
		who = "Together " + l.FromChannel.Name + " and " + who
	}
	blocks := []chat.Block{chat.T(who + " brought in " + f.brought(l.After) + " in the eight weeks that followed, and " + f.brought(l.Before) + " in the eight before.")}
	was := "That is about " + f.change(float64(l.After.Minor-l.Before.Minor)/8) + " a week"
	if l.After.Minor == l.Before.Minor {
		was = "That is the same"
	}
	if l.Effect != string(evidence.Unjudged) && l.Currency == f.owner.Currency {
		was += "; I had expected about " + f.change(float64(l.Mid)) + " (80% likely " + f.changes(float64(l.Lo), float64(l.Hi)) + ")"
	}
	little := "Eight weeks and " + deals(l.Before.Deals+l.After.Deals) + " in all tell little: chance alone can make such a difference"
	if l.Before.Deals+l.After.Deals >= threefoldDeals {
		little = "Even so many deals do not say that it was the hours: other things change too"
	}
	return append(blocks, chat.T(was+"."), chat.Quiet(little+", and some of those hours are still to pay. Your report goes by all your weeks."))
}

// brought is revenue with what it rests on: "£2,400 (8 deals, 8 weeks logged)".
func (f finding) brought(b engine.Brought) string {
	return f.money(float64(b.Minor)).String() + " (" + deals(b.Deals) + ", " + weeks(b.Weeks) + " logged)"
}

// inWords is a number of weeks at the beginning of a sentence.
func inWords(n int) string {
	words := []string{"Eight", "Nine", "Ten", "Eleven", "Twelve"}
	if n < 8 || n >= 8+len(words) {
		return fmt.Sprint(n)
	}
	return words[n-8]
}
