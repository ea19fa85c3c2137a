package bot

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
	"payoff/goals/evidence"
)

// monday is the first day of the weeks that the tests are about.
var monday = goals.NewDate(2026, 1, 5)

// A diary is weeks of work as a test writes them down, and the deals that came of it.
type diary struct {
	owner goals.Owner
	evidence.History
	goal goals.Period
}

// diaryOf is an owner with BNI, LinkedIn and cold calls; whole weeks have passed.
func diaryOf(whole int) *diary {
	d := &diary{owner: goals.Owner{Name: "Sam", Currency: "GBP", HourWorth: 30_00, Channels: []goals.Channel{
		{ID: "b", Name: "BNI", Kind: goals.Networking}, {ID: "l", Name: "LinkedIn", Kind: goals.Social}, {ID: "c", Name: "cold calls", Kind: goals.Direct},
	}}}
	d.AsOf = monday + goals.Date(7*whole) - 1
	d.Channels = d.owner.Channels
	d.goal = goals.Period{From: monday, To: d.AsOf + 28}
	return d
}

// works puts hours and a funnel into some weeks of a channel.
func (d *diary) works(id goals.ChannelID, from, to int, hours, contacts, conversations, qualified int64) *diary {
	for w := from; w < to; w++ {
		d.add(id, w, goals.Amounts{goals.Hours: 60 * hours, goals.Contacts: contacts, goals.Conversations: conversations, goals.Qualified: qualified})
	}
	return d
}

func (d *diary) add(id goals.ChannelID, week int, a goals.Amounts) {
	d.Weeks = append(d.Weeks, evidence.Week{Monday: monday + goals.Date(7*week), Channel: id, Amounts: a})
}

// wins is a deal a week, from a week on, of these pounds; 0 is without an amount, below it a refund.
func (d *diary) wins(id goals.ChannelID, from int, pounds ...int64) *diary {
	for i, p := range pounds {
		n := int64(1)
		if p < 0 {
			n = 0
		}
		d.add(id, from+i, goals.Amounts{goals.Deals: n, goals.Revenue: 100 * p})
		d.Deals = append(d.Deals, evidence.Deal{Date: monday + goals.Date(7*(from+i)), Channel: id, Deals: n, Revenue: 100 * p})
	}
	return d
}

func (d *diary) worth(minor int64) *diary {
	d.owner.HourWorth = minor
	return d
}

// says is all that the report has to say of it, line by line.
func (d *diary) says(goal float64) string {
	ev := engine.Evidence{Analysis: evidence.Analyse(d.History), AsOf: d.AsOf, History: d.History}
	if goal > 0 {
		ev.Target = evidence.Target{Period: d.goal, Amount: goal * 100}
		f := evidence.Foretell(d.History, ev.Target)
		ev.Forecast = &f
	}
	f := finding{ev, d.owner}
	blocks := append(Findings(d.owner, ev), chat.T("First: "+f.holdsBack()))
	for _, ch := range d.owner.Channels {
		blocks = append(blocks, f.channelBlocks(ch)...)
	}
	return chat.Message{Blocks: blocks}.Plain()
}

func pounds(n int, each int64) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = each + int64(i%4)*each/10
	}
	return list
}

// TestReportWords: every state has its honest sentence.
func TestReportWords(t *testing.T) {
	busy := func() *diary {
		return diaryOf(14).works("b", 0, 14, 2, 4, 2, 1).works("l", 0, 14, 4, 12, 2, 0).works("c", 0, 14, 2, 8, 2, 0)
	}
	for name, tt := range map[string]struct {
		of   *diary
		goal float64
		want []string
		not  []string
	}{
		"no rows": {diaryOf(0), 1000, []string{"Too early to tell: a week counts once it is over, and your first one still runs."}, []string{"£"}},
		"one week": {diaryOf(1).works("b", 0, 1, 3, 5, 2, 0), 1000, []string{
			"Too early to tell: no deals in 1 full week so far.", "Too early to say more: 1 full week and no deals so far.", "What an hour of BNI brings can't be said yet"}, []string{"an hour (", "Forecast"}},
		"three weeks": {diaryOf(3).works("b", 0, 3, 3, 5, 2, 1).works("l", 0, 3, 4, 9, 1, 0).wins("b", 1, 300, 250), 1000, []string{
			"Too early to tell: 2 deals in 3 full weeks so far; a threefold gap usually takes about 30 deals.", "Too early to say more: 3 full weeks and 2 deals so far."}, []string{"Forecast:"}},
		"no deals anywhere": {busy(), 5000, []string{
			"Too early to tell: no deals in 14 full weeks so far.", "no money in 14 weeks", "No money came of it in its first 14 full weeks."}, []string{"£", "Chance of being"}},
		"hours never logged": {diaryOf(9).wins("b", 0, pounds(6, 200)...), 5000, []string{
			"What an hour brings can't be said: 6 deals in 6 full weeks, but no hours are logged.", "Forecast: about £"}, []string{"an hour (", "Leaning"}},
		"amounts missing everywhere": {busy().wins("b", 2, 0, 0, 0, 0, 0), 5000, []string{
			"Too early to tell: 5 deals in 14 full weeks, none with an amount.", "5 of your 5 deals have no amount: they count, but say nothing of what a deal is worth."}, []string{"an hour ("}},
		"one amount missing": {busy().wins("b", 2, 300, 0, 400), 5000, []string{"1 of your 3 deals has no amount"}, nil},
		"one giant deal": {busy().wins("l", 3, 9000, 60).wins("b", 2, pounds(6, 150)...), 90_000, []string{
			"LinkedIn: one deal is 99% of what it brought; without it, about £"}, []string{"Social media pays off", "Leaning social"}},
		"a single deal": {busy().wins("b", 2, 300), 5000, []string{"BNI: all of it is one deal, the only one with an amount."}, nil},
		"a channel abandoned": {diaryOf(20).works("b", 0, 20, 2, 4, 2, 1).works("l", 0, 6, 4, 12, 2, 0).wins("b", 2, pounds(6, 400)...), 5000, []string{
			"LinkedIn: nothing for 14 full weeks; what is said of it is from before."}, []string{"BNI: nothing"}},
		"refunds": {busy().wins("b", 2, 300, 400, 350, -200), 5000, []string{
			"£200 was paid back. It is taken off what came in, not off what an hour brings."}, nil},
		"long silence": {diaryOf(21).works("b", 0, 14, 2, 4, 2, 1).works("l", 0, 14, 4, 9, 1, 0).wins("b", 2, pounds(6, 400)...), 9000, []string{
			"Nothing was logged for 7 full weeks; it assumes you resume your usual pace.", "Nothing was logged for 7 full weeks."}, []string{"LinkedIn: nothing"}},
		"too few hours": {diaryOf(14).works("b", 0, 14, 2, 4, 2, 1).works("c", 0, 14, 2, 8, 2, 1).works("l", 9, 10, 1, 1, 0, 0).wins("b", 2, pounds(4, 300)...).wins("c", 4, pounds(2, 300)...), 5000, []string{
			"Social media hasn't had enough hours to judge."}, nil},
		"too soon": {diaryOf(9).works("b", 0, 9, 2, 4, 2, 1).works("l", 8, 9, 5, 9, 1, 0).wins("b", 2, pounds(5, 300)...), 5000, []string{
			"LinkedIn  too soon", "It is too soon to say what an hour brings: this work usually takes about 4 weeks to pay, on no deals in 1 full week up to today."}, nil},
		"one kind": {diaryOf(9).works("b", 0, 9, 2, 4, 2, 1).wins("b", 2, pounds(5, 300)...), 5000, []string{
			"Nothing to compare: all your hours go into networking. They bring in about £"}, []string{"Chance of being"}},
		"alike after half a year": {diaryOf(30).works("b", 0, 30, 3, 4, 2, 1).works("l", 0, 30, 3, 12, 2, 1).wins("b", 1, pounds(14, 300)...).wins("l", 1, pounds(14, 300)...), 90_000, []string{
			"No clear difference so far: 28 deals in 30 full weeks, and no kind stands out."}, []string{"Too early to tell"}},
		"leaning": {busy().wins("b", 2, pounds(5, 400)...).wins("c", 6, 900), 90_000, []string{"Leaning networking: ", " likely your best hour, on 6 deals in 14 full weeks.", "chance of the goal 2% or less"}, nil},
		"pays off": {diaryOf(30).works("b", 0, 30, 2, 4, 2, 1).works("l", 0, 30, 5, 12, 2, 0).works("c", 0, 30, 3, 8, 1, 0).wins("b", 1, pounds(28, 400)...).wins("l", 4, 80), 90_000, []string{
			"Networking pays off: about £", ", the best of your 3 kinds, on 29 deals in 30 full weeks.", "First: LinkedIn took 50% of your hours and very likely pays less than half of the rest an hour."}, []string{"cover its cost"}},
		"pays off and costs more": {diaryOf(30).works("b", 0, 30, 2, 4, 2, 1).works("l", 0, 30, 5, 12, 2, 0).works("c", 0, 30, 3, 8, 1, 0).wins("b", 1, pounds(28, 400)...).wins("l", 4, 80).worth(900_00), 90_000, []string{
			"the best of your 3 kinds, but it does not yet cover its cost, on", "each hour at £900."}, nil},
		"an hour without a price": {busy().wins("b", 2, pounds(6, 400)...).worth(0), 5000, []string{"There is no ROI, as I don't know what an hour of yours is worth: /payoff start."}, []string{"% ("}},
	} {
		t.Run(name, func(t *testing.T) {
			got := tt.of.says(tt.goal)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("does not say %q:\n%s", want, got)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(got, not) {
					t.Errorf("says %q:\n%s", not, got)
				}
			}
		})
	}
}

// noFigure is what must never stand where an amount or a share should.
var noFigure = regexp.MustCompile(`(?i)nan|\binf\b|-£0\b(\.00)?(\D|$)|-0%|%!|9223372|922337203685477`)

// TestReportNeverSaysNonsense: whatever is logged, no figure is missing its value, and a
// probability that is not certain is never called so.
func TestReportNeverSaysNonsense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := diaryOf(rapid.IntRange(0, 40).Draw(t, "weeks"))
		for range rapid.IntRange(0, 12).Draw(t, "spells") {
			id := rapid.SampledFrom([]goals.ChannelID{"b", "l", "c", "gone"}).Draw(t, "channel")
			from := rapid.IntRange(0, 40).Draw(t, "from")
			n := func(what string) int64 { return rapid.Int64Range(0, 60).Draw(t, what) }
			d.works(id, from, from+rapid.IntRange(0, 20).Draw(t, "for"), n("hours"), n("contacts"), n("conversations"), n("qualified"))
			d.wins(id, from, rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(-900, 9000), rapid.Int64Range(0, 1e12)), 0, 8).Draw(t, "deals")...)
		}
		d.worth(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(1, 1e9)).Draw(t, "worth"))
		d.owner.Currency = rapid.SampledFrom([]goals.Currency{"GBP", "JPY", "KWD"}).Draw(t, "currency")
		got := d.says(rapid.Float64Range(0, 1e7).Draw(t, "goal"))
		if bad := noFigure.FindString(got); bad != "" {
			t.Fatalf("says %q:\n%s", bad, got)
		}
		for line := range strings.Lines(got) {
			if strings.Contains(line, " 100% likely") || strings.Contains(line, "  .") || strings.Contains(line, "..") {
				t.Fatalf("says %q", line)
			}
		}
	})
}

// TestReportFigures: amounts are rounded to what is known of them.
func TestReportFigures(t *testing.T) {
	f := finding{owner: goals.Owner{Currency: "GBP"}}
	for minor, want := range map[float64]string{0: "£0", 4.4: "£0.04", 97: "£0.97", 149: "£1.50", 994: "£9.90", 4449: "£44", 12_751: "£128", 184_499: "£1.8k", 5e9: "£50m"} {
		if got := f.estimate(minor); got != want {
			t.Errorf("estimate(%v) = %s, want %s", minor, got, want)
		}
	}
	for p, want := range map[float64]string{0: "0%", .004: "under 1%", .5: "50%", .997: "over 99%", 1: "100%"} {
		if got := percent(p); got != want {
			t.Errorf("percent(%v) = %s, want %s", p, got, want)
		}
	}
	r := evidence.Return{Hours: 10, Lo: 0, Mid: 45_00, Hi: 700_00, Show: true}
	f.owner.HourWorth = 30_00
	if got, want := fmt.Sprint(f.perHour(r), ", ", f.roi(r)), "about £45 an hour (£0 to £700), 50% (-100% to 2200%)"; got != want {
		t.Errorf("a return = %q, want %q", got, want)
	}
}
