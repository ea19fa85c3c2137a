package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"payoff/goals"
)

// in meets a person again, whose platform says that they are in a zone, and gives what they are
// to be asked about.
func (p person) in(t tester, zone string) (asked string) {
	t.Helper()
	who := p.Person
	who.Zone = zone
	if a, err := p.Meet(p.ctx(), who); err != nil || a != p.Actor {
		t.Fatalf("Meet in %s = %v, %v, want %v", zone, a, err, p.Actor)
	}
	asked, err := p.AskZone(p.ctx(), p.Actor, p.Platform, p.Space)
	if err != nil {
		t.Fatalf("AskZone: %v", err)
	}
	return asked
}

// TestZoneIsAskedAbout: once each time the platform says another one, and never again about one
// that was declined.
func TestZoneIsAskedAbout(t *testing.T) {
	const london, york, paris = "Europe/London", "America/New_York", "Europe/Paris"
	type step struct {
		in, answer, want string // where the platform says they are, what they say to the question, and the zone asked about
	}
	for name, steps := range map[string][]step{
		"stays":                  {{london, "", ""}, {london, "", ""}},
		"goes and does not say":  {{york, "", york}, {york, "", ""}, {london, "", ""}, {york, "", york}},
		"declines":               {{york, "no", york}, {york, "", ""}, {london, "", ""}, {york, "", ""}, {paris, "no", paris}, {york, "", ""}},
		"follows, and back":      {{york, "yes", york}, {york, "", ""}, {london, "yes", london}, {york, "", york}},
		"is unknown":             {{"", "", ""}, {"Mars/Olympus", "", ""}, {"Local", "", ""}, {"../etc/passwd", "", ""}, {london, "", ""}},
		"by another name":        {{"Europe/Belfast", "", ""}, {"US/Eastern", "", york}, {"america/new_york", "", ""}},
		"chose it by themselves": {{london, "form " + york, ""}, {york, "", ""}, {london, "", london}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			p := d.owner(t, "Sam")
			for i, s := range steps {
				got := p.in(t, s.in)
				if got != s.want {
					t.Errorf("step %d: in %q asked about %q, want %q", i, s.in, got, s.want)
				}
				var err error
				switch answer, zone, _ := strings.Cut(s.answer, " "); answer {
				case "yes":
					_, err = p.MoveZone(p.ctx(), p.q(), got)
				case "no":
					_, err = p.KeepZone(p.ctx(), p.q(), p.Platform, p.Space, got)
				case "form":
					_, err = p.Begin(p.ctx(), p.q(), Beginning{Zone: zone})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestMeetReads: who comes again as they were writes nothing.
func TestMeetReads(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	for _, tt := range []struct {
		zone   string
		writes int64
	}{{"Europe/London", 0}, {"", 0}, {"Mars/Olympus", 0}, {"Europe/Paris", 1}, {"Europe/Paris", 0}, {"Europe/London", 1}, {"Europe/London", 0}} {
		before := d.updates.Load()
		who := p.Person
		who.Zone = tt.zone
		d.meets(t, who)
		if got := d.updates.Load() - before; got != tt.writes {
			t.Errorf("Meet in %q writes %d times, want %d", tt.zone, got, tt.writes)
		}
	}
}

// TestFirstZone: an owner who has none gets the first that a platform names, and is asked there
// at their own time.
func TestFirstZone(t *testing.T) {
	d := newDesk(t)
	p := d.meets(t, Person{Platform: "slack", Space: "T1", ID: "U1", Name: "Sam"})
	if _, err := p.SkipStart(p.ctx(), p.q()); err != nil {
		t.Fatal(err)
	}
	if got := p.in(t, "America/Los_Angeles"); got != "" {
		t.Errorf("asked about %q, want it just set", got)
	}
	home := mustZone("America/Los_Angeles")
	if self := p.self(t); self.Owner.Zone != home.String() || self.Team.Zone != firstZone {
		t.Errorf("lives in %q of a team in %q, want Los Angeles, and the team where it was", self.Owner.Zone, self.Team.Zone)
	}
	if got := p.asked(t).Next.In(home).Format("Mon 15:04"); got != "Mon 09:00" {
		t.Errorf("asked next on %s, want Monday at 9 there", got)
	}
	u, err := p.Undo(p.ctx(), p.q(), "")
	if err != nil || u.What != "zone" {
		t.Errorf("Undo = %+v, %v, want the zone", u, err)
	}
	if p.in(t, home.String()); p.self(t).Owner.Zone != "" {
		t.Error("it was set again, want only the first sight of a zone to set it")
	}
}

// TestMoveZone: the next check-in moves, a break is ended at its hour there, and all of it can be
// taken back.
func TestMoveZone(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	york := mustZone("America/New_York")
	q := p.q()
	done, err := p.MoveZone(p.ctx(), q, york.String())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := p.MoveZone(p.ctx(), q, york.String()); err != nil || again != (Done{done.Entry, true}) {
		t.Errorf("MoveZone again = %+v, %v, want it repeated", again, err)
	}
	if got := p.asked(t).Next.In(york).Format("Mon 2 Jan 15:04"); got != "Mon 23 Nov 09:00" {
		t.Errorf("asked next on %s, want Monday at 9 there", got)
	}
	if _, err := p.Undo(p.ctx(), p.q(), done.Entry); err != nil {
		t.Fatal(err)
	}
	if got := p.asked(t).Next.In(london).Format("Mon 2 Jan 15:04"); got != "Mon 23 Nov 09:00" {
		t.Errorf("once undone asked next on %s, want Monday at 9 in London", got)
	}
	if _, err := p.Away(p.ctx(), p.q(), day("2026-11-26")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.MoveZone(p.ctx(), p.q(), york.String()); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-26 13:59") // 08:59 there
	if got := p.nudges(t); got != nil {
		t.Errorf("sent %q, want nothing yet", got)
	}
	d.run(t, "2026-11-26 14:00")
	if got := p.nudges(t); !slices.Equal(got, []string{"welcome 2026-11-26"}) {
		t.Errorf("sent %q, want the welcome", got)
	}
}

// TestMoveZoneOnTheLastEvening: who goes where the day of return has begun is still welcomed.
func TestMoveZoneOnTheLastEvening(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	if _, err := p.Away(p.ctx(), p.q(), day("2026-11-26")); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-25 21:00")
	if _, err := p.MoveZone(p.ctx(), p.q(), "Pacific/Auckland"); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-11-26 21:00")
	if got := p.nudges(t); len(got) != 1 || !strings.HasPrefix(got[0], "welcome ") {
		t.Errorf("sent %q, want the welcome", got)
	}
}

// TestMoveZoneAcrossTheWorld: who moves there is asked as who chose it in the form; see
// TestMovedAcrossTheWorld.
func TestMoveZoneAcrossTheWorld(t *testing.T) {
	for _, from := range someZones {
		for _, to := range someZones {
			var asked [2][]string
			for i, what := range []string{"zone", "move"} {
				d := newDesk(t)
				d.at(t, "2026-11-12 10:00")
				p := d.owner(t, "Sam")
				p.plans(t, planChange{what: "zone", zone: from})
				d.run(t, "2026-11-22 21:30")
				p.plans(t, planChange{what: what, zone: to})
				d.run(t, "2026-12-14 21:30")
				asked[i] = p.nudges(t)
			}
			if fmt.Sprint(asked[0]) != fmt.Sprint(asked[1]) || len(asked[0]) < 6 {
				t.Errorf("from %s to %s sent %q, want %q", from, to, asked[1], asked[0])
			}
		}
	}
}

// TestKeepZoneTwice is once.
func TestKeepZoneTwice(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	q := p.q()
	for range 2 {
		if _, err := p.KeepZone(p.ctx(), q, p.Platform, p.Space, "Asia/Tokyo"); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.in(t, "Asia/Tokyo"); got != "" {
		t.Errorf("asked about %q, which was declined", got)
	}
	if changes, err := p.Changes(p.ctx(), p.Actor, 9); err != nil || len(changes) != 1 {
		t.Errorf("journal = %v, %v, want nothing but the start", changes, err)
	}
}

// TestFindChangesNothing, whoever is looked for.
func TestFindChangesNothing(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	euro := goals.Currency("EUR")
	if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Currency: &euro}); err != nil {
		t.Fatal(err)
	}
	before := d.updates.Load()
	d.at(t, "2026-11-19 23:00")
	for _, tt := range []struct {
		who      Person
		known    bool
		currency goals.Currency
		today    string
	}{
		{p.Person, true, "GBP", "2026-11-19"},
		{Person{Platform: "local", Space: p.Space, ID: "stranger", Zone: "Pacific/Auckland"}, false, "EUR", "2026-11-20"},
		{Person{Platform: "local", Space: p.Space, ID: "stranger"}, false, "EUR", "2026-11-19"},
		{Person{Platform: "slack", Space: "T1", ID: "U1", Zone: "Nowhere"}, false, "GBP", "2026-11-19"},
	} {
		self, err := d.Find(d.ctx(), tt.who)
		if err != nil || (self.Actor.Owner != "") != tt.known || self.Owner.Currency != tt.currency || self.Today != day(tt.today) || (len(self.Owner.Channels) > 0) != tt.known {
			t.Errorf("Find(%+v) = %+v, %v, want known %t, %s, %s", tt.who, self, err, tt.known, tt.currency, tt.today)
		}
	}
	if n := d.updates.Load() - before; n != 0 {
		t.Errorf("Find wrote %d times", n)
	}
	if people, err := d.People(d.ctx(), "local", p.Space); err != nil || len(people) != 1 {
		t.Errorf("People = %v, %v, want Sam alone", people, err)
	}
}
