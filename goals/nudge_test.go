package goals

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// moment reads "2026-11-23 09:00" in London.
func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, load(t, "Europe/London"))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

var mondaysAtNine = Schedule{Weekday: time.Monday, Minute: 9 * 60}

// history is check-ins from a line of letters as weeksTo reads it, with p where a pause was
// offered and u where nobody was asked; the last is of the week before the one of on.
func history(on Date, line string) []CheckIn {
	last := on.Monday() - 7
	list := weeksTo(last, strings.NewReplacer("p", "-", "u", "-").Replace(line))
	for i := range line {
		week := last - Date(7*(len(line)-1-i))
		switch line[i] {
		case 'p':
			list = append(list, CheckIn{Week: week, State: CheckInPause})
		case 'u':
			list = append(list, CheckIn{Week: week, State: CheckInUnasked})
		}
	}
	return list
}

// Monday the 23rd at nine is when it is due, unless it is said otherwise; the next is the 30th.
func TestDecideCheckIn(t *testing.T) {
	const due = "2026-11-23 09:00"
	friday := Schedule{Weekday: time.Friday, Minute: 16 * 60}
	sunday := Schedule{Weekday: time.Sunday, Minute: 20 * 60}
	night := Schedule{Weekday: time.Monday, Minute: 6 * 60}
	for _, tt := range []struct {
		name    string
		due     string
		now     string
		sched   Schedule
		before  string // see history
		breaks  []Break
		goOn    string
		closed  bool
		nothing bool // no revenue figure is set
		want    string
		week    string // of it; "" is that of now
		passed  string // the weeks nobody was asked in
	}{
		{name: "in time", now: due, want: "send: its time has come"},
		{name: "a tick later", now: "2026-11-23 09:14", want: "send: its time has come"},
		{name: "no figure", now: due, nothing: true, want: "send: its time has come, and it asks for the revenue figure that is missing"},
		{name: "an hour late", now: "2026-11-23 10:00", want: "send: it is no more than six hours late"},
		{name: "six hours late", now: "2026-11-23 15:00", want: "send: it is no more than six hours late"},
		{name: "later, and the week would pass", now: "2026-11-23 15:01", want: "send: the week would pass unasked"},
		{name: "days later", now: "2026-11-26 12:00", want: "send: the week would pass unasked"},
		{name: "at night", now: "2026-11-23 22:00", want: "hold at Tue 24 Nov 08:00: from 21:00 to 08:00 it is quiet"},
		{name: "at 21:00 sharp", now: "2026-11-23 21:00", want: "hold at Tue 24 Nov 08:00: from 21:00 to 08:00 it is quiet"},
		{name: "a minute before", now: "2026-11-23 20:59", want: "send: the week would pass unasked"},
		{name: "in the small hours", now: "2026-11-24 03:00", want: "hold at Tue 24 Nov 08:00: from 21:00 to 08:00 it is quiet"},
		{name: "at 08:00 sharp", now: "2026-11-24 08:00", want: "send: the week would pass unasked"},

		{name: "the hour is the owner's choice", due: "2026-11-23 06:00", now: "2026-11-23 06:01", sched: night, want: "send: its time has come"},
		{name: "and held when it is late", due: "2026-11-23 06:00", now: "2026-11-23 06:30", sched: night, want: "hold at Mon 23 Nov 08:00: from 21:00 to 08:00 it is quiet"},
		{name: "not their choice: planned before they moved", due: "2026-11-23 22:00", now: "2026-11-23 22:00", want: "hold at Tue 24 Nov 08:00: from 21:00 to 08:00 it is quiet"},

		{name: "a week missed, this week's to come", due: "2026-11-20 16:00", now: "2026-11-24 10:00", sched: friday, want: "fold: it is more than six hours late", passed: "2026-11-16 to 2026-11-16"},
		{name: "three weeks missed, this week's to come", due: "2026-11-06 16:00", now: "2026-11-24 10:00", sched: friday, want: "fold: it is more than six hours late", passed: "2026-11-02 to 2026-11-16"},
		{name: "three weeks missed, this week's past", due: "2026-11-02 09:00", now: "2026-11-24 10:00", want: "send: it asks about all the weeks that nobody asked in", passed: "2026-11-02 to 2026-11-16"},
		{name: "three weeks missed, this week's just now", due: "2026-11-02 09:00", now: "2026-11-23 09:00", want: "send: it asks about all the weeks that nobody asked in", passed: "2026-11-02 to 2026-11-16"},
		{name: "ten years missed", due: "2016-11-02 09:00", now: "2026-11-24 10:00", want: "send: it asks about all the weeks that nobody asked in", passed: "2025-11-17 to 2026-11-16"},
		{name: "two hours late over the weekend", due: "2026-11-22 20:00", now: "2026-11-23 01:00", sched: sunday, want: "hold at Mon 23 Nov 08:00: from 21:00 to 08:00 it is quiet", week: "2026-11-16"},
		{name: "weeks missed, the last two hours ago", due: "2026-11-01 20:00", now: "2026-11-22 22:00", sched: sunday, want: "hold at Mon 23 Nov 08:00: from 21:00 to 08:00 it is quiet", passed: "2026-10-26 to 2026-11-09"},
		{name: "weeks missed, the last in the week before", due: "2026-11-01 20:00", now: "2026-11-23 01:59", sched: sunday, want: "hold at Mon 23 Nov 08:00: from 21:00 to 08:00 it is quiet", week: "2026-11-16", passed: "2026-10-26 to 2026-11-09"},
		{name: "seven hours late over the weekend", due: "2026-11-22 20:00", now: "2026-11-23 03:01", sched: sunday, want: "fold: it is more than six hours late", passed: "2026-11-16 to 2026-11-16"},
		{name: "moved to later in the week meanwhile", now: "2026-11-23 16:00", sched: friday, want: "fold: it is more than six hours late"},
		{name: "moved to later in the week, just now", now: "2026-11-23 10:00", sched: friday, want: "send: it is no more than six hours late"},

		{name: "on a break", now: due, breaks: []Break{{iso("2026-11-20"), iso("2026-11-24")}}, want: "omit: its person is on a break"},
		{name: "back today", now: due, breaks: []Break{{iso("2026-11-20"), iso("2026-11-23")}}, want: "send: its time has come"},
		{name: "switched off", now: due, sched: Schedule{Off: true}, want: "omit: its person is not asked any more"},
		{name: "closed", now: due, closed: true, want: "stop: its person cannot be reached"},
		{name: "closed, on a break and off", now: due, closed: true, sched: Schedule{Off: true}, want: "stop: its person cannot be reached"},

		{name: "two unanswered", now: due, before: "amo", want: "send: its time has come"},
		{name: "three unanswered", now: due, before: "ammo", want: "offer pause: three in a row were not answered"},
		{name: "three unanswered, at night", now: "2026-11-23 23:00", before: "mmo", want: "offer pause at Tue 24 Nov 08:00: three in a row were not answered"},
		{name: "five unanswered, from before there was a policy", now: due, before: "mmmmo", want: "offer pause: three in a row were not answered"},
		{name: "an answer between", now: due, before: "mmamo", want: "send: its time has come"},
		{name: "a skip is an answer", now: due, before: "mmsmo", want: "send: its time has come"},
		{name: "those of a break do not count", now: due, before: "mmmo", breaks: []Break{{iso("2026-11-04"), iso("2026-11-10")}}, want: "send: its time has come"},
		{name: "weeks nobody asked in do not count", now: due, before: "muumo", want: "offer pause: three in a row were not answered"},
		{name: "a week after the offer", now: due, before: "mmmp", want: "omit: nobody answers, so every four weeks are enough"},
		{name: "three weeks after", now: due, before: "mmmp--", want: "omit: nobody answers, so every four weeks are enough"},
		{name: "four weeks after", now: due, before: "mmmp---", want: "send: nobody answers, so every four weeks are enough"},
		{name: "two weeks after the monthly one", now: due, before: "mmmp---o-", want: "omit: nobody answers, so every four weeks are enough"},
		{name: "four weeks after the monthly one", now: due, before: "mmmp---o---", want: "send: nobody answers, so every four weeks are enough"},
		{name: "the monthly one was answered", now: due, before: "mmmp---a", want: "send: its time has come"},
		{name: "they said to go on", now: due, before: "mmmp", goOn: "2026-11-16", want: "send: its time has come"},
		{name: "they said so, and were silent again", now: due, before: "mmmpmmo", goOn: "2026-10-27", want: "offer pause: three in a row were not answered"},

		{name: "spoken of on Sunday", now: due, before: "o", want: "put off at Thu 26 Nov 09:00: its days were asked about already"},
		{name: "spoken of, and now it is Thursday", due: "2026-11-26 09:00", now: "2026-11-26 09:00", before: "o", want: "send: its time has come"},
		{name: "spoken of, and now it is Thursday night", due: "2026-11-26 22:00", now: "2026-11-26 22:00", before: "o", sched: Schedule{Weekday: time.Monday, Minute: 22 * 60}, want: "hold at Fri 27 Nov 08:00: from 21:00 to 08:00 it is quiet"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.due == "" {
				tt.due = due
			}
			if tt.sched == (Schedule{}) {
				tt.sched = mondaysAtNine
			}
			now := moment(t, tt.now)
			o := Occasion{
				Due: moment(t, tt.due).UTC(), Now: now, Schedule: tt.sched, Breaks: tt.breaks, Reachable: !tt.closed, Figure: !tt.nothing,
				CheckIns: history(DateOf(now), tt.before),
			}
			if strings.HasPrefix(tt.name, "spoken of") {
				o.CheckIns[0].Covers = Period{iso("2026-11-16"), iso("2026-11-22")}
			}
			if tt.goOn != "" {
				o.GoOn = iso(tt.goOn)
			}
			got := o.CheckIn()
			if got.String() != tt.want {
				t.Errorf("CheckIn() = %q, want %q", got, tt.want)
			}
			week := DateOf(now).Monday()
			if tt.week != "" {
				week = iso(tt.week)
			}
			passed := ""
			if got.Passed.Days() > 0 {
				passed = got.Passed.From.String() + " to " + got.Passed.To.String()
			}
			if got.Week != week || passed != tt.passed {
				t.Errorf("CheckIn() is of the week %s and passes %q, want %s and %q", got.Week, passed, week, tt.passed)
			}
		})
	}
}

func TestDecideReminder(t *testing.T) {
	const due, next = "2026-11-24 09:00", "2026-11-30 09:00"
	for _, tt := range []struct {
		name   string
		now    string
		closed bool
		done   bool
		wanted bool
		breaks []Break
		want   string
	}{
		{name: "in time", now: due, want: "send: its time has come"},
		{name: "answered", now: due, done: true, want: "omit: there is nothing left to answer"},
		{name: "closed", now: due, closed: true, want: "stop: its person cannot be reached"},
		{name: "away", now: due, breaks: []Break{{iso("2026-11-23"), iso("2026-12-01")}}, want: "omit: its person is on a break"},
		{name: "days late", now: "2026-11-27 12:00", want: "send: its time has come"},
		{name: "on the eve of the next", now: "2026-11-29 12:00", want: "fold: it is more than six hours late"},
		{name: "at night", now: "2026-11-24 22:00", want: "hold at Wed 25 Nov 08:00: from 21:00 to 08:00 it is quiet"},
		{name: "at night, as they asked", now: "2026-11-24 22:00", wanted: true, want: "send: its time has come"},
	} {
		o := Occasion{
			Due: moment(t, due), Now: moment(t, tt.now), Schedule: mondaysAtNine, Breaks: tt.breaks,
			Reachable: !tt.closed, Open: !tt.done, Next: moment(t, next), Wanted: tt.wanted,
		}
		if tt.wanted {
			o.Due = o.Now
		}
		if got := o.Reminder().String(); got != tt.want {
			t.Errorf("%s: Reminder() = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDecideStatements(t *testing.T) {
	const due = "2026-11-24 09:00"
	away := []Break{{iso("2026-11-23"), iso("2026-12-01")}}
	for _, tt := range []struct {
		name          string
		now           string
		closed        bool
		sched         Schedule
		before        string
		breaks        []Break
		welcome, news string
	}{
		{"in time", due, false, mondaysAtNine, "", nil, "send: its time has come", "send: its time has come"},
		{"closed", due, true, mondaysAtNine, "", nil, "stop: its person cannot be reached", "stop: its person cannot be reached"},
		{"away", due, false, mondaysAtNine, "", away, "omit: its person is on a break", "omit: its person is on a break"},
		{"at night", "2026-11-24 23:30", false, mondaysAtNine, "", nil, "hold at Wed 25 Nov 08:00: from 21:00 to 08:00 it is quiet", "hold at Wed 25 Nov 08:00: from 21:00 to 08:00 it is quiet"},
		{"the same evening", "2026-11-24 20:00", false, mondaysAtNine, "", nil, "send: its time has come", "send: its time has come"},
		{"two days late", "2026-11-26 10:00", false, mondaysAtNine, "", nil, "omit: it is more than six hours late", "send: its time has come"},
		{"off", due, false, Schedule{Off: true}, "", nil, "send: its time has come", "omit: its person is not asked any more"},
		{"silent", due, false, mondaysAtNine, "mmmp", nil, "send: its time has come", "omit: three in a row were not answered"},
	} {
		o := Occasion{Due: moment(t, due), Now: moment(t, tt.now), Schedule: tt.sched, Breaks: tt.breaks, Reachable: !tt.closed, CheckIns: history(iso("2026-11-24"), tt.before)}
		if got := o.Welcome().String(); got != tt.welcome {
			t.Errorf("%s: Welcome() = %q, want %q", tt.name, got, tt.welcome)
		}
		if got := o.News().String(); got != tt.news {
			t.Errorf("%s: News() = %q, want %q", tt.name, got, tt.news)
		}
	}
}

// Whatever is late and whoever was silent: what is sent is never of a week that was asked
// already, and but at its owner's own hour never comes in the quiet hours.
func TestDecisionsKeepTheQuietHours(t *testing.T) {
	zones := []string{"Europe/London", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu"}
	rapid.Check(t, func(r *rapid.T) {
		loc := load(t, rapid.SampledFrom(zones).Draw(r, "zone"))
		due := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(r, "due")/60*60, 0)
		o := Occasion{
			Due: due, Now: due.Add(time.Duration(rapid.IntRange(0, 60*24*40).Draw(r, "minutes late")) * time.Minute).In(loc),
			Schedule: anySchedule(r), Reachable: true, Figure: true, Open: true,
		}
		o.CheckIns = history(DateOf(o.Now), rapid.StringMatching(`[amsu-]{0,6}p?[mo-]{0,6}`).Draw(r, "before"))
		for what, d := range map[string]Decision{"CheckIn": o.CheckIn(), "Reminder": o.Reminder(), "Welcome": o.Welcome(), "News": o.News()} {
			if d.Why == "" {
				r.Errorf("%s() = %+v, want a reason", what, d)
			}
			at := o.Now
			if !d.Until.IsZero() {
				at = d.Until
			}
			if _, quiet := QuietEnd(at); quiet && (d.Action == Send || d.Action == Hold || d.Action == OfferPause) {
				if own := o.Schedule.In(DateOf(due.In(loc)), loc); what != "CheckIn" || !due.Equal(own) || o.Now.Sub(due) > punctual {
					r.Errorf("%s() at %s = %s, want it held", what, o.Now, d)
				}
			}
			if d.Action == Hold && (!d.Until.After(o.Now) || d.Until.Sub(o.Now) > 12*time.Hour) {
				r.Errorf("%s() at %s = %s, want it held until the morning", what, o.Now, d)
			}
			for _, c := range o.CheckIns {
				if what == "CheckIn" && d.Action == Send && c.Week == d.Week && c.State.Happened() {
					r.Errorf("CheckIn() = %+v, although %+v", d, c)
				}
			}
		}
	})
}
