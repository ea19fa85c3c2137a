package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// down lets time go by with nothing running, and then claims.
func (d *desk) down(t tester, until string) {
	t.Helper()
	d.at(t, until)
	d.claimAll(t)
}

// waits is what waits to be sent to an owner, with the time before which it is not.
func (p person) waits(t tester) (list []string) {
	t.Helper()
	all, err := p.Outbox(p.ctx())
	if err != nil {
		t.Fatalf("Outbox: %v", err)
	}
	for _, m := range all {
		if m.Owner == p.Owner && m.Done.IsZero() {
			said := m.What
			if !m.NotEarly.IsZero() {
				said += " " + m.NotEarly.In(london).Format("Mon 2 Jan 15:04")
			}
			list = append(list, said+": "+string(m.Why))
		}
	}
	return list
}

// TestDownAtTheDueTime: late is asked, in the night held until the morning, and what is held is
// not leased before.
func TestDownAtTheDueTime(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.down(t, "2026-11-25 23:00")
	if got, want := p.waits(t), []string{"checkin Thu 26 Nov 08:00: from 21:00 to 08:00 it is quiet"}; !slices.Equal(got, want) {
		t.Errorf("waits %q, want %q", got, want)
	}
	d.leasesNothing(t, "in the night")
	if at, ok, err := d.NextDue(d.ctx()); err != nil || !ok || at.In(london).Format("2006-01-02 15:04") != "2026-11-26 08:00" {
		t.Errorf("NextDue = %s, %t, %v, want the morning", at, ok, err)
	}
	d.at(t, "2026-11-26 08:00")
	if out := d.leases(t); out.Why != goals.Overnight || out.Week != day("2026-11-23") {
		t.Errorf("leased %+v, want this week's check-in", out)
	}
	if at, err := p.dueAt(dueReminder); err != nil || at.In(london).Format("2006-01-02 15:04") != "2026-11-27 08:00" {
		t.Errorf("reminded at %s, %v, want a day after the morning", at, err)
	}
}

// TestWeeksNobodyAskedIn: a process that was down ends no streak; who does not answer does.
func TestWeeksNobodyAskedIn(t *testing.T) {
	for _, tt := range []struct {
		sched, back string
		asked       string // the week that is asked about on return, "" when it is still to come
		streak      int
	}{
		{"Mon 09:00", "2026-12-16 10:00", "2026-12-14", 2},
		{"Fri 16:00", "2026-12-16 10:00", "", 2},
		{"Fri 16:00", "2027-03-10 10:00", "", 2},
		{"Sun 20:00", "2026-12-14 03:01", "", 2},
		{"Sun 20:00", "2026-12-14 01:00", "2026-12-07", 2}, // five hours late: asked in the morning
	} {
		d := newDesk(t)
		d.at(t, "2026-11-16 08:00")
		p := d.owner(t, "Sam")
		sched, err := goals.ParseSchedule(tt.sched)
		if err == nil {
			_, err = p.SetSchedule(p.ctx(), p.q(), sched)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []string{"2026-11-23 07:00", "2026-11-30 07:00"} {
			d.run(t, at)
			p.answers(t, "ring")
		}
		d.down(t, tt.back)
		st := p.asked(t)
		if asked := st.State == goals.CheckInAsked; asked != (tt.asked != "") || asked && st.Week != day(tt.asked) {
			t.Errorf("%s, back at %s: %q of %s, want %q asked", tt.sched, tt.back, st.State, st.Week, tt.asked)
		}
		if st.Covers.From > max(day("2026-11-30"), st.Covers.To-maxCatchUp+1) || st.Streak != tt.streak {
			t.Errorf("%s, back at %s: covers %v, streak %d, want all since the last answer, and %d", tt.sched, tt.back, st.Covers, st.Streak, tt.streak)
		}
		p.answers(t, "write")
		if st := p.asked(t); st.Streak != tt.streak+1 {
			t.Errorf("%s, back at %s: answered, the streak is %d, want %d", tt.sched, tt.back, st.Streak, tt.streak+1)
		}
	}
}

// TestNewcomerNobodyAsked: weeks in which nobody could ask are caught up with from the first on.
func TestNewcomerNobodyAsked(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.down(t, "2026-12-09 10:00")
	if st := p.asked(t); st.Covers != days("2026-11-16", "2026-12-06") || st.Week != day("2026-12-07") {
		t.Errorf("week %s covers %v, want all since the first that was to be asked", st.Week, st.Covers)
	}
}

// TestSilence: after three in a row a pause is offered, then every four weeks, without reminders,
// until there is an answer, or they say to go on.
func TestSilence(t *testing.T) {
	weekly := []string{"checkin 2026-11-23", "reminder 2026-11-24", "checkin 2026-11-30", "reminder 2026-12-01", "checkin 2026-12-07", "reminder 2026-12-08", "pause 2026-12-14"}
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, d *desk, p person)
		want []string // after the offer, until 23 March
	}{
		{"silent", func(*testing.T, *desk, person) {}, []string{"checkin 2027-01-11", "checkin 2027-02-08", "checkin 2027-03-08"}},
		{"to go on", func(t *testing.T, d *desk, p person) {
			if _, err := p.GoOn(p.ctx(), p.q()); err != nil {
				t.Fatal(err)
			}
		}, []string{"checkin 2026-12-21", "reminder 2026-12-22", "checkin 2026-12-28", "reminder 2026-12-29", "checkin 2027-01-04", "reminder 2027-01-05", "pause 2027-01-11", "checkin 2027-02-08", "checkin 2027-03-08"}},
		{"to go on, and taken back", func(t *testing.T, d *desk, p person) {
			if _, err := p.GoOn(p.ctx(), p.q()); err != nil {
				t.Fatal(err)
			}
			p.undoes(t)
		}, []string{"checkin 2027-01-11", "checkin 2027-02-08", "checkin 2027-03-08"}},
		{"answered the monthly one", func(t *testing.T, d *desk, p person) {
			d.run(t, "2027-01-11 10:00")
			p.answers(t, "ring")
		}, []string{"checkin 2027-01-11", "checkin 2027-01-18", "reminder 2027-01-19", "checkin 2027-01-25", "reminder 2027-01-26", "checkin 2027-02-01", "reminder 2027-02-02", "pause 2027-02-08", "checkin 2027-03-08"}},
		{"off", func(t *testing.T, d *desk, p person) {
			if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Off: true}); err != nil {
				t.Fatal(err)
			}
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			p := d.owner(t, "Sam")
			d.run(t, "2026-12-14 10:00")
			tt.do(t, d, p)
			d.run(t, "2027-03-23 12:00")
			got, want := p.nudges(t), slices.Concat(weekly, tt.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("sent %q, want %q", got, want)
			}
		})
	}
}

// TestLookingWhileSilent: who only looks at the check-in of a week that was passed over is still
// not asked twice, nor offered a pause twice.
func TestLookingWhileSilent(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	for _, at := range []string{"2026-12-14 10:00", "2026-12-21 10:00", "2026-12-28 10:00"} {
		d.run(t, at)
		if _, err := p.AskCheckIn(p.ctx(), p.Actor); err != nil {
			t.Fatal(err)
		}
	}
	d.run(t, "2027-01-05 10:00")
	if got := p.nudges(t); len(got) != 3+3+1 {
		t.Errorf("sent %q, want three check-ins, their reminders and one offer", got)
	}
}

// TestFromSundayToMonday: the week that was asked about on its Sunday is not asked about on the
// Monday after. The next one is asked about on its Thursday, so that no week passes unasked; what
// is said to be next is when it comes, and the streak goes on.
func TestFromSundayToMonday(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Weekday: time.Sunday, Minute: 20 * 60}); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-22 20:00")
	p.answers(t, "ring")
	d.run(t, "2026-11-29 20:00")
	p.answers(t, "write")
	if _, err := p.SetSchedule(p.ctx(), p.q(), firstCheckIn); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"2026-11-29 21:00", "2026-11-30 08:59", "2026-11-30 09:01", "2026-12-03 08:59"} {
		d.run(t, at)
		if st := p.asked(t); st.Next.In(london).Format("2 Jan 15:04") != "3 Dec 09:00" || st.Streak != 2 {
			t.Errorf("at %s the next is %s and the streak %d, want 3 Dec and 2", at, st.Next, st.Streak)
		}
	}
	d.run(t, "2026-12-03 09:00")
	if st := p.asked(t); st.State != goals.CheckInAsked || st.Covers != days("2026-11-30", "2026-12-03") {
		t.Errorf("then %q about %v, want it asked about the week so far", st.State, st.Covers)
	}
	p.answers(t, "call")
	d.run(t, "2026-12-07 09:00")
	if st := p.asked(t); st.State != goals.CheckInAsked || st.Covers != days("2026-12-04", "2026-12-06") {
		t.Errorf("then %q about %v, want it asked about the rest", st.State, st.Covers)
	}
	p.answers(t, "meet")
	if st := p.asked(t); st.Streak != 4 {
		t.Errorf("streak = %d, want 4", st.Streak)
	}
	if got := p.nudges(t); len(got) != 4 {
		t.Errorf("sent %q, want four check-ins", got)
	}
}

// TestClaimTellsWhy: each decision about an owner is told with its reason.
func TestClaimTellsWhy(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.goesAway(t, "2026-12-02")
	var got []string
	for _, at := range []string{"2026-11-23 09:00", "2026-12-02 09:00", "2026-12-07 09:00", "2026-12-09 22:00"} {
		d.at(t, at)
		_, err := d.Claim(d.ctx(), func(do Decided) {
			got = append(got, fmt.Sprintf("%s %s %s", do.What, do.Due.In(london).Format("2 Jan 15:04"), do.Decision))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"welcome 2 Dec 09:00 send: its time has come",
		"checkin 7 Dec 09:00 send: its time has come, and it asks for the revenue figure that is missing",
		"reminder 8 Dec 09:00 hold at Thu 10 Dec 08:00: from 21:00 to 08:00 it is quiet",
	}
	if !slices.Equal(got, want) {
		t.Errorf("Claim tells %q, want %q", got, want)
	}
}

// TestQuietHoursHoldRetries: what could not be sent in the evening does not come at night.
func TestQuietHoursHoldRetries(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Weekday: time.Friday, Minute: 20*60 + 50}); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-20 20:50")
	out := d.leases(t)
	if err := d.Failed(d.ctx(), out, "no", true, 0); err != nil {
		t.Fatal(err)
	}
	d.at(t, "2026-11-20 21:02")
	if again := d.leases(t); again.Key != out.Key { // on the spot still
		t.Errorf("leased %s, want %s", again.Key, out.Key)
	}
	if err := d.Failed(d.ctx(), out, "no", true, 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"2026-11-20 21:20", "2026-11-21 07:59"} {
		d.at(t, at)
		d.leasesNothing(t, at)
	}
	d.at(t, "2026-11-21 08:00")
	d.leases(t)
}

// TestOneAfterTheOther: to one person a later message waits for an earlier one, also when that
// fails for a while. That others do not wait is held by TestLeaseTakesTurns.
func TestOneAfterTheOther(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.owner(t, "Ann")
	p.aims(t, 1000, days("2026-11-19", "2027-11-18"), goals.Once)
	p.goesAway(t, "2026-11-26") // the first look is due as well
	d.run(t, "2026-11-26 09:00")
	first := d.leases(t)
	for first.Owner != p.Owner {
		if err := d.Delivered(d.ctx(), first, "1"); err != nil {
			t.Fatal(err)
		}
		first = d.leases(t)
	}
	if err := d.Failed(d.ctx(), first, "no", true, time.Minute); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if list, err := d.Lease(d.ctx(), Wish{Most: 1}); err != nil || len(list) == 1 && list[0].Owner == p.Owner {
			t.Errorf("while the first waits, leased %+v, %v", list, err)
		}
	}
	d.pass(time.Minute)
	var order []string
	for {
		list, err := d.Lease(d.ctx(), Wish{Most: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		if order = append(order, list[0].What); d.Delivered(d.ctx(), list[0], "1") != nil {
			t.Fatal("not delivered")
		}
	}
	if len(order) < 2 || order[0] != first.What {
		t.Errorf("sent %q, want %s and then the other", order, first.What)
	}
}

// TestRetryTheDead: what was given up is sent after all, in its order; what was not needed stays.
func TestRetryTheDead(t *testing.T) {
	d := newDesk(t)
	asksOne(t, d)
	first := d.leases(t)
	if err := d.Failed(d.ctx(), first, "invalid: no", false, 0); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-24 09:00")
	second := d.leases(t)
	if err := d.Failed(d.ctx(), second, NotNeeded, false, 0); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-30 09:00")
	for _, tt := range []struct {
		key  string
		want int
	}{{"nothing", 0}, {second.Key, 0}, {first.Key, 1}, {first.Key, 0}, {"", 0}} {
		if n, err := d.Retry(d.ctx(), tt.key); n != tt.want || err != nil {
			t.Errorf("Retry(%q) = %d, %v, want %d", tt.key, n, err, tt.want)
		}
	}
	if out := d.leases(t); out.Key != first.Key || out.Attempts != 1 || out.Failed != "" {
		t.Errorf("leased %+v, want the first once more, as new", out)
	}
	d.leasesNothing(t, "while that is being sent")
	if err := d.Failed(d.ctx(), first, "invalid: no", false, 0); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Retry(d.ctx(), ""); n != 1 || err != nil {
		t.Errorf("Retry of all = %d, %v, want 1", n, err)
	}
}

// TestOtherClocks: new rules of a zone move what is planned, once, and neither double nor lose
// the week.
func TestOtherClocks(t *testing.T) {
	for _, hours := range []int{1, -1, 13, -10} { // that London is then ahead of UTC
		d := newDesk(t)
		p := d.owner(t, "Sam")
		p.aims(t, 1000, days("2026-11-19", "2027-11-18"), goals.Once)
		d.run(t, "2026-11-24 12:00") // asked on Monday, reminded on Tuesday
		p.answers(t, "ring")
		other := time.FixedZone("Europe/London", hours*60*60)
		d.Engine = New(d.db, func() time.Time { return *d.clock.Load() }) // a new program
		d.zones.Store("Europe/London", other)                             // with other rules
		p.Engine = d.Engine
		d.claimAll(t)
		if got := p.asked(t).Next.In(other).Format("Mon 2 Jan 15:04"); got != "Mon 30 Nov 09:00" {
			t.Errorf("%d hours from UTC asked next on %s, want Monday at nine by those", hours, got)
		}
		if at, err := p.dueAt(dueNews); err != nil || at.In(other).Format("Mon 2 Jan 15:04") != "Thu 26 Nov 09:00" {
			t.Errorf("%d hours from UTC news comes on %s, %v", hours, at.In(other), err)
		}
		before := d.updates.Load()
		d.claimAll(t)
		if n := d.updates.Load() - before; n != 0 {
			t.Errorf("looked again, it wrote %d times", n)
		}
		d.run(t, "2026-12-10 12:00")
		got := slices.DeleteFunc(p.nudges(t), func(s string) bool { return !strings.HasPrefix(s, "checkin") })
		if want := []string{"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07"}; !slices.Equal(got, want) {
			t.Errorf("%d hours from UTC sent %q, want %q", hours, got, want)
		}
	}
}

// answersUntil lets time go by in which each check-in is answered.
func (p person) answersUntil(t tester, until string) {
	t.Helper()
	end, err := time.ParseInLocation("2006-01-02 15:04", until, london)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for p.now().Before(end) {
		next := p.now().AddDate(0, 0, 6)
		if next.After(end) {
			next = end
		}
		p.run(t, next.In(london).Format("2006-01-02 15:04"))
		if p.asked(t).State == goals.CheckInAsked {
			p.answers(t, "ring")
		}
	}
}

// TestNewsOfGoals: planned anew with the goal, the schedule and the zone, and skipped in breaks.
func TestNewsOfGoals(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, d *desk, p person)
		want []string // what and when, until 2 March
	}{
		{"for a quarter", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
		}, []string{"first 26 Nov 09:00", "ending 5 Feb 09:00", "ending 16 Feb 09:00"}},
		{"each month", func(t *testing.T, d *desk, p person) { p.aims(t, 1000, days("2026-11-01", "2026-11-30"), goals.Month) },
			[]string{"ending 28 Nov 09:00", "renewal 1 Dec 09:00", "ending 29 Dec 09:00", "renewal 1 Jan 09:00", "ending 29 Jan 09:00", "renewal 1 Feb 09:00", "ending 26 Feb 09:00", "renewal 1 Mar 09:00"}},
		{"each week", func(t *testing.T, d *desk, p person) { p.aims(t, 1000, days("2026-11-16", "2026-11-22"), goals.Week) }, nil},
		{"ended", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			d.run(t, "2026-12-01 12:00")
			if _, err := p.EndGoal(p.ctx(), p.q()); err != nil {
				t.Fatal(err)
			}
		}, []string{"first 26 Nov 09:00"}},
		{"ended, and taken back", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			d.run(t, "2026-12-01 12:00")
			if _, err := p.EndGoal(p.ctx(), p.q()); err != nil {
				t.Fatal(err)
			}
			p.undoes(t)
		}, []string{"first 26 Nov 09:00", "ending 5 Feb 09:00", "ending 16 Feb 09:00"}},
		{"in a break", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			p.answersUntil(t, "2027-02-01 12:00")
			p.goesAway(t, "2027-02-10")
		}, []string{"first 26 Nov 09:00", "ending 16 Feb 09:00"}},
		{"asked at another time", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Weekday: time.Friday, Minute: 16 * 60}); err != nil {
				t.Fatal(err)
			}
		}, []string{"first 26 Nov 16:00", "ending 5 Feb 16:00", "ending 16 Feb 16:00"}},
		{"asked at night", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Weekday: time.Friday, Minute: 23 * 60}); err != nil {
				t.Fatal(err)
			}
		}, []string{"first 26 Nov 09:00", "ending 5 Feb 09:00", "ending 16 Feb 09:00"}},
		{"not asked any more", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Off: true}); err != nil {
				t.Fatal(err)
			}
		}, nil},
		{"moved", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			p.plans(t, planChange{what: "move", zone: "America/Los_Angeles"})
		}, []string{"first 26 Nov 17:00", "ending 5 Feb 17:00", "ending 16 Feb 17:00"}},
		{"moved to and fro on the day", func(t *testing.T, d *desk, p person) {
			p.aims(t, 1000, days("2026-11-19", "2027-02-18"), goals.Once)
			d.run(t, "2026-11-26 10:00")
			p.plans(t, planChange{what: "move", zone: "America/Los_Angeles"})
			d.run(t, "2026-11-26 20:00")
			p.plans(t, planChange{what: "move", zone: "Europe/London"})
		}, []string{"first 26 Nov 09:00", "ending 5 Feb 09:00", "ending 16 Feb 09:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			p := d.owner(t, "Sam")
			tt.do(t, d, p)
			p.answersUntil(t, "2027-03-02 00:00")
			list, err := d.Outbox(d.ctx())
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(list, func(a, b Outgoing) int { return a.Created.Compare(b.Created) })
			var got []string
			for _, m := range list {
				if m.Goal != "" {
					got = append(got, m.What+" "+m.Created.In(london).Format("2 Jan 15:04"))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("sent %q, want %q", got, tt.want)
			}
		})
	}
}

// TestNewsAfterDowntime: of what was missed, what is still true is said once.
func TestNewsAfterDowntime(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 1000, days("2026-11-01", "2026-11-30"), goals.Month)
	d.down(t, "2026-12-03 10:00")
	got := slices.DeleteFunc(p.waits(t), func(s string) bool { return strings.HasPrefix(s, "checkin") })
	if want := []string{"renewal: its time has come"}; !slices.Equal(got, want) {
		t.Errorf("waits %q, want %q", got, want)
	}
	list, err := d.Outbox(d.ctx())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.What != string(goals.Renewal) {
			continue
		}
		news, ok, err := d.GoalNews(d.ctx(), p.Actor, m.Goal)
		if err != nil || !ok || news.Before == nil || news.Before.Period != days("2026-11-01", "2026-11-30") || news.Pace.Period != days("2026-12-01", "2026-12-31") {
			t.Errorf("GoalNews = %+v, %t, %v, want how November ended and December begins", news, ok, err)
		}
	}
}

// TestClosed: who is not reached is written to no more, told once, and written to again where
// they choose.
func TestClosed(t *testing.T) {
	d := newDesk(t)
	p := asksOne(t, d)
	tells := func(want bool, when string) {
		t.Helper()
		if got, err := d.AskClosed(d.ctx(), p.Actor, p.Platform, p.Space); got != want || err != nil {
			t.Errorf("%s AskClosed = %t, %v, want %t", when, got, err, want)
		}
	}
	tells(false, "at first")
	out := d.leases(t)
	for range 2 { // whoever else sent it says so too
		if err := d.Unreached(d.ctx(), out.Key, "gone: closed"); err != nil {
			t.Fatal(err)
		}
	}
	d.run(t, "2026-12-08 12:00")
	if got := p.nudges(t); !slices.Equal(got, []string{"checkin 2026-11-23"}) {
		t.Errorf("once closed sent %q, want nothing more", got)
	}
	tells(true, "once closed")
	tells(false, "told once")
	for _, room := range []string{"team", ""} {
		q := p.q()
		for range 2 {
			if _, err := d.ReachIn(d.ctx(), q, p.Platform, p.Space, room); err != nil {
				t.Fatal(err)
			}
		}
		again := d.leases(t)
		if want := (storage.Contact{Platform: p.Platform, Space: p.Space, Person: p.ID, Room: room}); again.Key != out.Key || again.To != want {
			t.Errorf("leased %+v, want what was not said before, to %+v", again, want)
		}
		d.leasesNothing(t, "after that")
		if err := d.Unreached(d.ctx(), again.Key, "gone: closed"); err != nil {
			t.Fatal(err)
		}
		tells(true, "closed again")
	}
	if _, err := d.ReachIn(d.ctx(), p.q(), p.Platform, p.Space, "team"); err != nil {
		t.Fatal(err)
	}
	if err := d.Delivered(d.ctx(), d.leases(t), "7"); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-12-14 09:00")
	if next := d.leases(t); next.To.Room != "team" || next.Week != day("2026-12-14") {
		t.Errorf("then leased %+v, want it in the room", next)
	}
	p.leaves(t)
	p.returns(t)
	if next, err := d.Lease(d.ctx(), Wish{Most: 1}); len(next) > 0 || err != nil {
		t.Errorf("given up with the space, leased %+v, %v", next, err)
	}
}

// TestReachedElsewhere: who has another account is written to there.
func TestReachedElsewhere(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.alsoIn(t, "T2")
	also := storage.Contact{Platform: "slack", Space: "T2", Person: "U2"}
	if err := d.db.Update(d.ctx(), func(tx *storage.Tx) error { return tx.Join(p.Team, p.Owner, also) }); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-23 09:00")
	out := d.leases(t)
	if err := d.Unreached(d.ctx(), out.Key, "gone: closed"); err != nil {
		t.Fatal(err)
	}
	if again := d.leases(t); again.Key != out.Key || again.To != also {
		t.Errorf("leased %+v, want the same to the other account", again)
	}
	if err := d.Unreached(d.ctx(), out.Key, "gone: closed too"); err != nil {
		t.Fatal(err)
	}
	d.leasesNothing(t, "once both are closed")
	list, err := d.Outbox(d.ctx())
	if err != nil || len(list) != 1 || list[0].Failed != "gone: closed too" {
		t.Errorf("Outbox = %+v, %v, want it given up", list, err)
	}
}

// TestReturnOpens: marks from a time when payoff itself was not there are taken off.
func TestReturnOpens(t *testing.T) {
	d := newDesk(t)
	p := asksOne(t, d)
	if err := d.Unreached(d.ctx(), d.leases(t).Key, "gone: the token was revoked"); err != nil {
		t.Fatal(err)
	}
	p.leaves(t)
	p.returns(t)
	if tell, err := d.AskClosed(d.ctx(), p.Actor, p.Platform, p.Space); tell || err != nil {
		t.Errorf("AskClosed = %t, %v, want nothing to tell", tell, err)
	}
	d.run(t, "2026-11-30 09:00")
	if got := d.leases(t); got.Owner != p.Owner {
		t.Errorf("leased %+v, want what is to the owner", got)
	}
}
