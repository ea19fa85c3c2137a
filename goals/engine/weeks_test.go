package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage"
)

// TestAmendedLate: an answer given late, in the next week already, can be amended that day.
func TestAmendedLate(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Weekday: time.Friday, Minute: 16 * 60}); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-24 10:00") // asked on the 20th
	p.answers(t, "ring")
	p.answers(t, "write")
	if st := p.asked(t); st.Week != day("2026-11-16") || st.CheckIn.Commitment != "write" {
		t.Errorf("amended week %s, %q, want the one that was answered", st.Week, st.CheckIn.Commitment)
	}
	d.run(t, "2026-11-25 10:00")
	if st := p.asked(t); st.Week != day("2026-11-23") || st.State != "" || st.Covers != days("2026-11-21", "2026-11-22") {
		t.Errorf("a day later week %s, %q, %v, want this week's", st.Week, st.State, st.Covers)
	}
	d.run(t, "2026-11-27 16:00")
	if st := p.asked(t); st.State != goals.CheckInAsked || st.Covers != days("2026-11-21", "2026-11-27") || st.Commitment != "write" {
		t.Errorf("on Friday %q, %v, %q, want it asked", st.State, st.Covers, st.Commitment)
	}
}

// TestLater: each time it is put off it comes once more, a day later; the next check-in takes
// its place.
func TestLater(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	for _, tt := range []struct{ at, want string }{
		{"2026-11-23 10:00", "Tue 24 Nov 10:00"}, {"2026-11-24 15:00", "Wed 25 Nov 15:00"}, {"2026-11-24 16:00", "Wed 25 Nov 16:00"}, {"2026-11-29 18:00", "Mon 30 Nov 18:00"},
	} {
		d.run(t, tt.at)
		at, err := p.Later(p.ctx(), p.q())
		if got := at.Format("Mon 2 Jan 15:04"); err != nil || got != tt.want {
			t.Errorf("Later at %s = %s, %v, want %s", tt.at, got, err, tt.want)
		}
	}
	d.run(t, "2026-12-06 12:00")
	want := []string{"checkin 2026-11-23", "checkin 2026-11-30", "later 2026-11-24", "later 2026-11-25", "reminder 2026-12-01"}
	if got := p.nudges(t); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// TestIDsAfterTheClockWasSetBack: the newest change is still the last in the journal.
func TestIDsAfterTheClockWasSetBack(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 1})
	d.pass(-time.Hour)
	last := p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 2})
	u, err := p.Undo(p.ctx(), p.q(), "")
	if err != nil || len(u.Logged) != 1 || u.Logged[0].ID != last.Logged[0].ID {
		t.Errorf("Undo took back %+v, %v, want the last", u.Logged, err)
	}
}

// TestNextIsWhenItIsAsked: what is said to be next is when it comes.
func TestNextIsWhenItIsAsked(t *testing.T) {
	tests := []struct{ at, sched, want string }{
		{"2026-11-19 10:00", "Fri 16:00", "2026-11-20 16:00"}, // not next week: this one's is to come
		{"2026-11-19 10:00", "Wed 09:00", "2026-11-25 09:00"}, // this week's has passed
		{"2026-11-19 10:00", "Mon 09:00", "2026-11-23 09:00"},
		{"2026-11-19 10:00", "off", "0001-01-01 00:00"},
	}
	d := newDesk(t)
	for _, tt := range tests {
		d.at(t, tt.at)
		p := d.owner(t, "Sam")
		sched, err := goals.ParseSchedule(tt.sched)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.SetSchedule(p.ctx(), p.q(), sched); err != nil {
			t.Fatal(err)
		}
		if got := p.asked(t).Next.In(london); got.Format("2006-01-02 15:04") != tt.want && !(got.IsZero() && sched.Off) {
			t.Errorf("with %s the next is %s, want %s", tt.sched, got.Format("2006-01-02 15:04"), tt.want)
		}
	}
}

// zones are as far apart as there are, with clocks that change on other days.
var someZones = []string{"Europe/London", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"}

// A change of plan is what an owner does to when they are asked.
type planChange struct {
	after time.Duration
	what  string
	sched goals.Schedule
	zone  string
}

func drawChange(t *rapid.T) planChange {
	return planChange{
		after: time.Duration(rapid.IntRange(0, 10*24*60).Draw(t, "minutes")) * time.Minute,
		what:  rapid.SampledFrom([]string{"schedule", "schedule", "zone", "move", "answer", "skip", "later", "log and undo", "leave", "return", "down"}).Draw(t, "what"),
		sched: goals.Schedule{Weekday: time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")), Minute: rapid.IntRange(0, 1439).Draw(t, "minute")},
		zone:  rapid.SampledFrom(someZones).Draw(t, "zone"),
	}
}

func (p person) plans(t tester, c planChange) {
	t.Helper()
	var err error
	switch c.what {
	case "schedule":
		_, err = p.SetSchedule(p.ctx(), p.q(), c.sched)
	case "zone":
		_, err = p.Begin(p.ctx(), p.q(), Beginning{Zone: c.zone})
	case "move":
		_, err = p.MoveZone(p.ctx(), p.q(), c.zone)
	case "down": // for as long again
		p.pass(c.after)
		p.claimAll(t)
	case "leave":
		err = p.SpaceLeft(p.ctx(), p.Platform, p.Space)
	case "return":
		err = p.SpaceJoined(p.ctx(), p.Platform, p.Space)
	case "answer":
		if p.asked(t).State == goals.CheckInAsked {
			p.answers(t, "ring")
		}
	case "skip":
		if p.asked(t).State == goals.CheckInAsked {
			_, err = p.Skip(p.ctx(), p.q())
		}
	case "later":
		if p.asked(t).State == goals.CheckInAsked {
			_, err = p.Later(p.ctx(), p.q())
		}
	case "log and undo":
		p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Hours: 1})
		_, err = p.Undo(p.ctx(), p.q(), "")
	}
	if err != nil {
		t.Fatalf("%s: %v", c.what, err)
	}
}

// TestNeverTwiceAWeek: however schedule and zone are changed, nobody is asked twice in one ISO
// week, nor reminded twice of one check-in without having put it off.
func TestNeverTwiceAWeek(t *testing.T) {
	eachDesk(t, func(t *rapid.T, d *desk) {
		d.at(t, "2026-03-02 10:00") // clocks change in this month
		p := d.owner(t, "Sam")
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			c := drawChange(t)
			d.run(t, d.now().Add(c.after).In(london).Format("2006-01-02 15:04"))
			p.plans(t, c)
		}
		d.run(t, d.now().Add(30*24*time.Hour).In(london).Format("2006-01-02 15:04"))
		list := p.nudges(t)
		slices.Sort(list)
		for i := 1; i < len(list); i++ {
			if list[i] == list[i-1] {
				t.Errorf("sent twice: %s", list[i])
			}
		}
	})
}

// TestNoWeekIsMissed: as long as the owner stays in one zone and answers now and then, every ISO
// week from the first that is asked on has its check-in, however the schedule is changed; but
// for those whose days were asked about on the Sunday before, or in which nothing ran: these
// are noted, and end no streak.
func TestNoWeekIsMissed(t *testing.T) {
	eachDesk(t, func(t *rapid.T, d *desk) {
		d.at(t, "2026-03-02 10:00")
		p := d.owner(t, "Sam")
		home := rapid.SampledFrom(someZones).Draw(t, "home")
		p.plans(t, planChange{what: "zone", zone: home})
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			c := drawChange(t)
			if slices.Contains([]string{"zone", "move", "leave", "return"}, c.what) {
				continue
			}
			d.run(t, d.now().Add(c.after).In(london).Format("2006-01-02 15:04"))
			if p.silent(t) > 1 && p.asked(t).State == goals.CheckInAsked {
				p.answers(t, "ring")
			}
			p.plans(t, c)
		}
		d.run(t, d.now().Add(21*24*time.Hour).In(london).Format("2006-01-02 15:04"))
		var asked []goals.Date
		for _, nudge := range p.nudges(t) {
			if what, week, _ := strings.Cut(nudge, " "); what == "checkin" || what == sayPause {
				asked = append(asked, day(week))
			}
		}
		slices.Sort(asked)
		for i := 1; i < len(asked); i++ {
			for between := asked[i-1] + 7; between < asked[i]; between += 7 {
				if was := p.week(t, between); was.State != goals.CheckInUnasked {
					t.Errorf("asked in the weeks %v in %s, want every week; of %s is kept %+v", asked, home, between, was)
				}
			}
		}
		if len(asked) < 3 {
			t.Errorf("asked in the weeks %v, want three at least", asked)
		}
	})
}

// week is what is kept of a week's check-in.
func (p person) week(t tester, monday goals.Date) (c goals.CheckIn) {
	t.Helper()
	err := p.db.View(p.ctx(), func(r *storage.Reader) (err error) {
		c, _, err = r.CheckIn(p.Owner, monday)
		return err
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// silent is how many check-ins in a row were not answered.
func (p person) silent(t tester) (n int) {
	t.Helper()
	for monday := p.today(t).Monday() + 7; ; monday -= 7 {
		switch p.week(t, monday).State {
		case goals.CheckInAnswered, goals.CheckInSkipped:
			return n
		case goals.CheckInAsked, goals.CheckInMissed:
			n++
		}
		if monday < day("2026-02-01") {
			return n
		}
	}
}

// TestMovedAcrossTheWorld: a week that has just begun there, or is not over yet, is asked once.
func TestMovedAcrossTheWorld(t *testing.T) {
	tests := []struct {
		from, at, to string
		want         []string // the local times of asking that follow
	}{
		{"Europe/London", "2026-11-22 21:30", "Pacific/Auckland", []string{"Mon 23 Nov 22:00", "Mon 30 Nov 09:00", "Mon 7 Dec 09:00"}},
		{"Pacific/Auckland", "2026-11-22 15:00", "Europe/London", []string{"Mon 23 Nov 09:00", "Mon 30 Nov 09:00"}},
		{"Pacific/Kiritimati", "2026-11-22 18:00", "Pacific/Pago_Pago", []string{"Mon 23 Nov 09:00", "Mon 30 Nov 09:00"}},
		{"Pacific/Kiritimati", "2026-11-22 20:00", "Pacific/Pago_Pago", []string{"Mon 30 Nov 09:00", "Mon 7 Dec 09:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.from+" to "+tt.to+" at "+tt.at, func(t *testing.T) {
			d := newDesk(t)
			d.at(t, "2026-11-12 10:00")
			p := d.owner(t, "Sam")
			p.plans(t, planChange{what: "zone", zone: tt.from})
			d.run(t, tt.at)
			before := len(p.nudges(t))
			p.plans(t, planChange{what: "zone", zone: tt.to})
			var got []string
			for range tt.want {
				due := p.asked(t).Next
				got = append(got, due.In(mustZone(tt.to)).Format("Mon 2 Jan 15:04"))
				d.run(t, due.In(london).Format("2006-01-02 15:04"))
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("asked at %q, want %q (%d were before)", got, tt.want, before)
			}
		})
	}
}

// TestAnsweredOnSunday: a newcomer who answers about the whole week on its last day is not asked
// on Monday, when nothing but that day would be left to ask about.
func TestAnsweredOnSunday(t *testing.T) {
	for _, tt := range []struct {
		on, sched string
		asked     []string
		streak    int
	}{
		{"2026-11-22 20:00", "Mon 09:00", []string{"checkin 2026-11-30", "checkin 2026-12-07"}, 3},
		{"2026-11-22 20:00", "Wed 09:00", []string{"checkin 2026-11-30", "checkin 2026-12-07"}, 3},
		{"2026-11-21 20:00", "Mon 09:00", []string{"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07"}, 4}, // Sunday is left
		{"2026-11-22 20:00", "Thu 09:00", []string{"checkin 2026-11-23", "checkin 2026-11-30", "checkin 2026-12-07"}, 4}, // and here half a week
	} {
		d := newDesk(t)
		d.at(t, "2026-11-20 18:00")
		p := d.owner(t, "Sam")
		sched, err := goals.ParseSchedule(tt.sched)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.SetSchedule(p.ctx(), p.q(), sched); err != nil {
			t.Fatal(err)
		}
		d.run(t, tt.on)
		p.answers(t, "ring")
		p.answers(t, "ring twice") // amended
		for _, at := range []string{"2026-11-29 12:00", "2026-12-06 12:00", "2026-12-12 12:00"} {
			d.run(t, at)
			if p.asked(t).State == goals.CheckInAsked {
				p.answers(t, "write")
			}
		}
		if st := p.asked(t); st.Streak != tt.streak {
			t.Errorf("answered on %s, asked on %s: streak = %d, want %d", tt.on, tt.sched, st.Streak, tt.streak)
		}
		var got []string
		for _, nudge := range p.nudges(t) {
			if nudge[:7] == "checkin" {
				got = append(got, nudge)
			}
		}
		if !slices.Equal(got, tt.asked) {
			t.Errorf("answered on %s, asked on %s: %q, want %q", tt.on, tt.sched, got, tt.asked)
		}
	}
}

// TestMembersWithoutAZone live in the team's, and move with it.
func TestMembersWithoutAZone(t *testing.T) {
	d := newDesk(t)
	p := d.meets(t, Person{Platform: "local", Space: "moving", ID: "sam", Name: "Sam"})
	if _, err := p.SkipStart(p.ctx(), p.q()); err != nil {
		t.Fatal(err)
	}
	home := "America/Los_Angeles"
	if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Zone: &home}); err != nil {
		t.Fatal(err)
	}
	if got := p.asked(t).Next.In(mustZone(home)).Format("Mon 2 Jan 15:04"); got != "Mon 23 Nov 09:00" {
		t.Errorf("the next is %s, want Monday at 9 there", got)
	}
	if self := p.self(t); self.Now.Location().String() != home {
		t.Errorf("lives in %s, want %s", self.Now.Location(), home)
	}
}
