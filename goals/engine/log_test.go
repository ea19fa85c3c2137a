package engine

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"payoff/goals"
)

func hours(h int64) goals.Amounts { return goals.Amounts{goals.Hours: 60 * h} }

func line(on string, a goals.Amounts) NewActivity { return NewActivity{Date: day(on), Amounts: a} }

// limits are for an owner whose goal is that of the quarter.
var limits = []struct {
	name  string
	lines []NewActivity
	code  goals.Code // "" when it is logged
	want  string
}{
	{"today", []NewActivity{line("2026-11-19", hours(1))}, "", ""},
	{"24 hours", []NewActivity{line("2026-11-19", hours(24))}, "", ""},
	{"24 hours in two lines", []NewActivity{line("2026-11-19", hours(12)), line("2026-11-19", hours(12))}, "", ""},
	{"24 hours on each of two days", []NewActivity{line("2026-11-19", hours(24)), line("2026-11-18", hours(24))}, "", ""},
	{"a full day and money", []NewActivity{line("2026-11-19", hours(24)), line("2026-11-19", goals.Amounts{goals.Revenue: 5})}, "", ""},
	{"first day of the quarter", []NewActivity{line("2026-10-01", hours(1))}, "", ""},
	{"a refund", []NewActivity{line("2026-11-19", goals.Amounts{goals.Revenue: -500})}, "", ""},

	{"tomorrow", []NewActivity{line("2026-11-20", hours(1))}, goals.Invalid, "20 Nov is still to come."},
	{"next year", []NewActivity{line("2027-11-19", hours(1))}, goals.Invalid, "19 Nov 2027 is still to come."},
	{"25 hours", []NewActivity{line("2026-11-19", hours(25))}, goals.Invalid, "With this, 19 Nov would have 25h of work in it, and a day has 24h."},
	{"25 hours in two lines", []NewActivity{line("2026-11-19", hours(12)), line("2026-11-19", hours(13))}, goals.Invalid, "With this, 19 Nov would have 25h of work in it, and a day has 24h."},
	{"a day before the quarter", []NewActivity{line("2026-09-30", hours(1))}, goals.Invalid, "30 Sep is too long ago to log for this goal."},
	{"another's channel", []NewActivity{{Channel: "another's", Date: day("2026-11-19"), Amounts: hours(1)}}, goals.Unknown, "That channel is not one of yours."},
	{"less than nothing", []NewActivity{line("2026-11-19", goals.Amounts{goals.Contacts: -1})}, goals.Invalid, "There cannot be less than no contacts."},
	{"the second of two lines", []NewActivity{line("2026-11-19", hours(1)), line("2026-11-20", hours(1))}, goals.Invalid, "20 Nov is still to come."},
}

func TestLogLimits(t *testing.T) {
	d := newDesk(t)
	for _, tt := range limits {
		t.Run(tt.name, func(t *testing.T) {
			p := d.owner(t, "Sam")
			p.aims(t, 900, goals.Quarter.Period(p.today(t)), goals.Once)
			lines := slices.Clone(tt.lines)
			for i := range lines {
				if lines[i].Channel == "" {
					lines[i].Channel = p.channel(t, "BNI")
				}
			}
			before := p.picture(t)
			rec, err := p.Log(p.ctx(), p.q(), lines)
			if tt.code == "" {
				if err != nil || len(rec.Logged) != len(tt.lines) {
					t.Errorf("Log = %d lines, %v, want %d", len(rec.Logged), err, len(tt.lines))
				}
				return
			}
			mistaken(t, "Log", err, tt.code, tt.want)
			if diff := differ(before, p.picture(t)); diff != "" {
				t.Errorf("a refused line has changed (-before +after):\n%s", diff)
			}
		})
	}
}

// TestHowFarBack: to the start of the goal's period, last week at least, and without a goal
// a quarter of a year.
func TestHowFarBack(t *testing.T) {
	tests := []struct {
		name string
		goal goals.Period
		want string // the first day that is taken
	}{
		{"no goal", goals.Period{}, "2026-08-21"},
		{"a quarter", goals.Quarter.Period(day("2026-11-19")), "2026-10-01"},
		{"from today", days("2026-11-19", "2026-12-31"), "2026-11-09"},
		{"to come", days("2027-01-01", "2027-03-31"), "2026-08-21"},
	}
	d := newDesk(t)
	for _, tt := range tests {
		p := d.owner(t, "Sam")
		if tt.goal != (goals.Period{}) {
			p.aims(t, 900, tt.goal, goals.Once)
		}
		p.logs(t, "BNI", day(tt.want), goals.Amounts{goals.Contacts: 1})
		_, err := p.Log(p.ctx(), p.q(), []NewActivity{{Channel: p.channel(t, "BNI"), Date: day(tt.want) - 1, Amounts: goals.Amounts{goals.Contacts: 1}}})
		mistaken(t, "Log a day earlier, with "+tt.name, err, goals.Invalid, (day(tt.want)-1).Human(p.today(t))+" is too long ago to log for this goal.")
	}
}

// TestBackdating: what is logged after its week's check-in is over is late, and counts.
func TestBackdating(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 900, goals.Quarter.Period(p.today(t)), goals.Once)
	for on, late := range map[string]bool{"2026-11-19": false, "2026-11-16": false, "2026-11-15": false, "2026-11-09": false, "2026-11-08": true, "2026-10-01": true} {
		rec := p.logs(t, "BNI", day(on), goals.Amounts{goals.Revenue: 1000})
		if got := rec.Logged[0].Late; got != late {
			t.Errorf("a line of %s is late = %t, want %t", on, got, late)
		}
		if rec.Week != weekPeriod(day(on).Monday()) {
			t.Errorf("the receipt of %s is of the week %v, want its own", on, rec.Week)
		}
	}
	if got := p.report(t, nil).Pace.SoFar; got != pound(60) {
		t.Errorf("so far = %v, want all £60", got)
	}
}

// TestLogInTheirOwnDay: what today is follows the owner's zone.
func TestLogInTheirOwnDay(t *testing.T) {
	d := newDesk(t)
	d.at(t, "2026-11-19 23:30")
	for zone, today := range map[string]string{"Europe/London": "2026-11-19", "Pacific/Auckland": "2026-11-20", "America/Los_Angeles": "2026-11-19", "Pacific/Kiritimati": "2026-11-20"} {
		p := d.newcomer(t, "Sam")
		if _, err := p.Begin(p.ctx(), p.q(), Beginning{Zone: zone, Channels: threeChannels}); err != nil {
			t.Fatal(err)
		}
		p.logs(t, "BNI", day(today), goals.Amounts{goals.Contacts: 1})
		_, err := p.Log(p.ctx(), p.q(), []NewActivity{{Channel: p.channel(t, "BNI"), Date: day(today) + 1, Amounts: goals.Amounts{goals.Contacts: 1}}})
		mistaken(t, "Log tomorrow in "+zone, err, goals.Invalid, (day(today)+1).Human(p.today(t))+" is still to come.")
	}
}

// TestConcurrentLogs: fifty owners' worth of hurry, each event delivered twice.
func TestConcurrentLogs(t *testing.T) {
	const hands, events = 50, 1000
	d := newDesk(t)
	people := []person{d.owner(t, "Ann"), d.owner(t, "Bob"), d.owner(t, "Cy")}
	channels := make([]goals.ChannelID, len(people))
	for i, p := range people {
		channels[i] = p.channel(t, "BNI")
	}
	today := people[0].today(t)
	var next, repeated atomic.Int64
	var wg sync.WaitGroup
	for range hands {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < 2*events; i = next.Add(1) - 1 {
				n := int(i % events) // so that the second delivery comes amid others
				p := people[n%len(people)]
				rec, err := p.Log(p.ctx(), Request{Actor: p.Actor, Event: fmt.Sprint(n)}, []NewActivity{
					{Channel: channels[n%len(people)], Date: today - goals.Date(n%20), Amounts: goals.Amounts{goals.Revenue: int64(n), goals.Contacts: 1}},
				})
				if err != nil || len(rec.Logged) != 1 || rec.Logged[0].Amounts[goals.Revenue] != int64(n) {
					t.Errorf("Log of event %d = %+v, %v, want its line", n, rec, err)
				}
				if rec.Repeated {
					repeated.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if repeated.Load() != events {
		t.Errorf("%d were repeated, want %d", repeated.Load(), events)
	}
	lines, sum := 0, goals.Amounts{}
	for _, p := range people {
		n, of := p.ever(t)
		lines, sum = lines+n, sum.Plus(of)
	}
	if want := (goals.Amounts{goals.Revenue: events * (events - 1) / 2, goals.Contacts: events}); lines != events || sum != want {
		t.Errorf("%d lines, %v in all, want %d, %v", lines, sum, events, want)
	}
}

// ever is how many lines an owner has logged this month and the one before, and what they
// come to in the report.
func (p person) ever(t tester) (lines int, sum goals.Amounts) {
	t.Helper()
	period := goals.Period{From: p.today(t) - 60, To: p.today(t)}
	list, _, err := p.History(p.ctx(), p.Actor, period, "", 100_000)
	if err != nil {
		t.Fatalf("History: %v", err)
	}
	return len(list), p.report(t, &period).Total
}
