package engine

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.etcd.io/bbolt"

	"payoff/goals"
	"payoff/storage"
)

func TestMeet(t *testing.T) {
	d := newDesk(t)
	sam := Person{Platform: "slack", Space: "T1", ID: "U1", Name: "Sam", Zone: "Europe/Paris", Room: "sales"}
	first := d.meets(t, sam)
	if again := d.meets(t, sam); again.Actor != first.Actor {
		t.Errorf("met again as %v, want %v", again.Actor, first.Actor)
	}
	self := first.self(t)
	if self.Owner.Started || self.Owner.Name != "Sam" || self.Team.Zone != "Europe/Paris" || self.Owner.Currency != "GBP" {
		t.Errorf("met as %+v of %+v, want what the platform says", self.Owner, self.Team)
	}
	mate := d.meets(t, Person{Platform: "slack", Space: "T1", ID: "U2", Name: "Ann"})
	if mate.Team != first.Team || mate.Owner == first.Owner {
		t.Errorf("of the same space: %v, want another owner of team %s", mate.Actor, first.Team)
	}
	for _, other := range []Person{{Platform: "discord", Space: "T1", ID: "U1"}, {Platform: "slack", Space: "T2", ID: "U1"}} {
		if p := d.meets(t, other); p.Team == first.Team || p.Owner == first.Owner {
			t.Errorf("of another space: %v, want another team and owner", p.Actor)
		}
	}
	for _, nobody := range []Person{{Platform: "slack", Space: "T1"}, {Platform: "slack", Space: "T1", ID: "U\x001"}, {Platform: "sl\x00ack", Space: "T1", ID: "U1"}} {
		if a, err := d.Meet(d.ctx(), nobody); err == nil {
			t.Errorf("Meet(%+v) = %v, want an error", nobody, a)
		}
	}
	members, err := d.Members(d.ctx(), first.Team)
	if err != nil || fmt.Sprint(members) != fmt.Sprintf("[{%s Sam} {%s Ann}]", first.Owner, mate.Owner) {
		t.Errorf("Members = %v, %v, want Sam and Ann", members, err)
	}
	people, err := d.People(d.ctx(), "slack", "T1")
	if err != nil || len(people) != 2 || people[0].ID != "U1" || people[1].ID != "U2" {
		t.Errorf("People = %v, %v, want U1 and U2", people, err)
	}
	if people, err := d.People(d.ctx(), "slack", "T9"); err != nil || people != nil {
		t.Errorf("People of an unknown space = %v, %v, want none", people, err)
	}
}

// TestMeetAtOnce: who writes three times before they are known is one owner of one team.
func TestMeetAtOnce(t *testing.T) {
	d := newDesk(t)
	var met sync.Map
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			a, err := d.Meet(d.ctx(), Person{Platform: "slack", Space: "T1", ID: fmt.Sprint("U", i%3), Name: "Sam"})
			if err != nil {
				t.Error(err)
			}
			met.Store(a, true)
		})
	}
	wg.Wait()
	n, teams := 0, map[goals.TeamID]bool{}
	met.Range(func(a, _ any) bool { n++; teams[a.(Actor).Team] = true; return true })
	if n != 3 || len(teams) != 1 {
		t.Errorf("met %d owners of %d teams, want 3 of 1", n, len(teams))
	}
}

// TestZoneOfNoOne: an owner without a zone, or with one nobody knows, lives in the team's,
// and a team without one in UTC.
func TestZoneOfNoOne(t *testing.T) {
	e := &Engine{}
	tests := []struct{ owner, team, want string }{
		{"Asia/Tokyo", "Europe/Paris", "Asia/Tokyo"}, {"", "Europe/Paris", "Europe/Paris"}, {"Mars/Olympus", "Europe/Paris", "Europe/Paris"},
		{"", "", "UTC"}, {"../etc/passwd", "Mars/Olympus", "UTC"},
	}
	for _, tt := range tests {
		for range 2 { // the second time it is known
			if got := e.zone(goals.Owner{Zone: tt.owner}, goals.Team{Zone: tt.team}); got.String() != tt.want {
				t.Errorf("zone(%q, %q) = %s, want %s", tt.owner, tt.team, got, tt.want)
			}
		}
	}
}

// TestBegin: the goal that is told at the start begins on the day it is where the owner says
// they live.
func TestBegin(t *testing.T) {
	d := newDesk(t)
	d.at(t, "2026-11-19 20:00")
	p := d.newcomer(t, "Sam")
	begin := Beginning{Currency: "NZD", Zone: "Pacific/Auckland", Customer: "Bakers", Worth: goals.Money{Minor: 4000, Currency: "NZD"},
		Channels: threeChannels, Goal: &NewGoal{Amount: goals.Money{Minor: 5, Currency: "NZD"}, Period: days("2026-11-20", "2026-12-31")}}
	if _, err := p.Begin(p.ctx(), p.q(), begin); err != nil {
		t.Fatal(err)
	}
	self := p.self(t)
	if self.Goal.Targets[0].From != day("2026-11-20") || self.Today != day("2026-11-20") || self.Owner.HourWorth != 4000 || len(self.Owner.Channels) != 3 {
		t.Errorf("began as %+v with %+v on %s, want it told on the 20th", self.Owner, self.Goal, self.Today)
	}
	begin.Goal, begin.Channels, begin.Customer, begin.Worth = nil, []goals.Channel{{Name: "bni", Kind: goals.Direct}, {Name: "Fair", Kind: goals.Direct}}, "", goals.Money{}
	if _, err := p.Begin(p.ctx(), p.q(), begin); err != nil {
		t.Fatal(err)
	}
	self = p.self(t)
	if len(self.Owner.Channels) != 4 || self.Owner.Channels[0].Kind != goals.Networking || self.Owner.HourWorth != 0 || self.Owner.Customer != "" || self.Goal.ID == "" {
		t.Errorf("began again as %+v, want one more channel, and nothing said of the rest", self.Owner)
	}
	_, err := p.Begin(p.ctx(), p.q(), Beginning{Worth: pound(40)})
	mistaken(t, "Begin with an hour in pounds", err, goals.Invalid, "Your figures are in NZD.")
}

// TestCurrencies: they are never mixed.
func TestCurrencies(t *testing.T) {
	const kept = "Your figures are in GBP already, and amounts of two currencies cannot be added."
	d := newDesk(t)
	become := func(p person, c goals.Currency) error {
		_, err := p.Begin(p.ctx(), p.q(), Beginning{Currency: c})
		return err
	}
	p := d.owner(t, "Sam")
	if err := become(p, "EUR"); err != nil {
		t.Errorf("becoming EUR without figures = %v, want it done", err)
	}
	if err := become(p, "GBP"); err != nil {
		t.Errorf("becoming GBP again = %v, want it done", err)
	}
	rec := p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 1})
	mistaken(t, "becoming EUR with a line", become(p, "EUR"), goals.Conflict, kept)
	if err := become(p, "GBP"); err != nil {
		t.Errorf("staying GBP = %v, want it done", err)
	}
	if _, err := p.Undo(p.ctx(), p.q(), rec.Entry); err != nil {
		t.Fatal(err)
	}
	goal := p.aims(t, 5, days("2026-11-19", "2026-12-31"), goals.Once)
	mistaken(t, "becoming EUR with a goal", become(p, "EUR"), goals.Conflict, kept)
	if _, err := p.Undo(p.ctx(), p.q(), goal.Entry); err != nil {
		t.Fatal(err)
	}
	if err := become(p, "JPY"); err != nil {
		t.Errorf("becoming JPY with nothing left = %v, want it done", err)
	}
}

func TestChannels(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	add := func(name string) error { _, err := p.AddChannel(p.ctx(), p.q(), name, goals.Social); return err }
	const shape = "A channel's name cannot hold commas, quotes or line breaks."
	for name, want := range map[string]string{
		"": "A channel needs a name.", "  ": "A channel needs a name.", strings.Repeat("é", 41): "A channel's name can be 40 characters long.",
		"a,b": shape, "a;b": shape, "a\"b": shape, "a\nb": shape, "a\x00b": shape, "a\rb": shape, "\xff": shape,
	} {
		mistaken(t, fmt.Sprintf("AddChannel(%q)", name), add(name), goals.Invalid, want)
	}
	mistaken(t, "AddChannel twice", add(" bni "), goals.Conflict, "You already have a channel BNI.")
	rename := func(to string) error {
		_, err := p.ChangeChannel(p.ctx(), p.q(), p.channel(t, "BNI"), "rename", func(ch *goals.Channel) { ch.Name = to })
		return err
	}
	mistaken(t, "rename to another", rename("LINKEDIN"), goals.Conflict, "You already have a channel LinkedIn.")
	mistaken(t, "rename to nothing", rename(""), goals.Invalid, "A channel needs a name.")
	if err := rename("bni"); err != nil {
		t.Errorf("rename to itself in small letters = %v, want it done", err)
	}
	_, err := p.ChangeChannel(p.ctx(), p.q(), "another's", "kind", func(ch *goals.Channel) {})
	mistaken(t, "ChangeChannel of another's", err, goals.Unknown, "That channel is not one of yours.")
	for i := 3; i < MaxChannels; i++ {
		if err := add(fmt.Sprint("Channel ", i)); err != nil {
			t.Fatal(err)
		}
	}
	mistaken(t, "AddChannel of one too many", add("One more"), goals.Invalid, "You have 40 channels, which is as many as there can be.")
}

// TestForget: nothing is left, what was asked of them is not sent, and they can begin again.
func TestForget(t *testing.T) {
	d := newDesk(t)
	people := d.team(t, "Ann", "Bob")
	ann, bob := people[0], people[1]
	d.run(t, "2026-11-23 10:00")
	room := "sales"
	if _, err := ann.ChangeTeam(ann.ctx(), ann.q(), TeamChange{Room: &room}); err != nil {
		t.Fatal(err)
	}
	before := bob.picture(t)
	for range 2 {
		if err := d.Forget(d.ctx(), ann.Actor); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Self(d.ctx(), ann.Actor); !errors.Is(err, storage.ErrMissing) {
		t.Errorf("Self once forgotten = %v, want ErrMissing", err)
	}
	if got := ann.nudges(t); got != nil {
		t.Errorf("still to be sent: %q, want nothing", got)
	}
	after := bob.picture(t)
	before.Standings, after.Standings = Standings{}, Standings{}
	if diff := differ(before, after); diff != "" {
		t.Errorf("Bob has changed (-before +after):\n%s", diff)
	}
	if list, err := d.Spaces(d.ctx(), bob.Team); err != nil || len(list) != 1 || list[0].Room != "sales" {
		t.Errorf("the team's spaces = %v, %v, want its room kept", list, err)
	}
	again := d.meets(t, ann.Person)
	if again.Owner == ann.Owner || again.Team != ann.Team || again.self(t).Owner.Started {
		t.Errorf("met again as %v, want a newcomer", again.Actor)
	}
	d.run(t, "2026-12-01 10:00")
}

// TestForgetLeavesNothing: after a life with everything in it, not one key or value of the
// file names who is forgotten, nor where they were written to.
func TestForgetLeavesNothing(t *testing.T) {
	d := newDesk(t)
	d.team(t, "Ann")
	p := d.meets(t, Person{Platform: "local", Space: "team-1", ID: "U0123456", Name: "Samantha Fox", Zone: "Europe/London", Room: "sales"})
	p.begins(t)
	for _, uc := range useCases(p, t) {
		if _, err := uc.do(p.q()); err != nil {
			t.Fatalf("%s: %v", uc.name, err)
		}
	}
	room := "sales"
	if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Room: &room}); err != nil {
		t.Fatal(err)
	}
	d.run(t, "2026-12-08 10:00")
	for n := 0; n < len(d.sent(t))-1; n++ { // the last one still waits
		if err := d.Delivered(d.ctx(), d.leases(t), "message 7"); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{string(p.Owner), p.ID, "Samantha", "Fox"}
	if keys := d.naming(t, names...); len(keys) < 20 {
		t.Fatalf("%q name her before, want many", keys)
	}
	if err := d.Forget(d.ctx(), p.Actor); err != nil {
		t.Fatal(err)
	}
	if keys := d.naming(t, names...); len(keys) > 0 {
		t.Errorf("%q still name her", keys)
	}
}

// naming is the keys of the file that hold one of the texts, in themselves or their value.
func (d *desk) naming(t testing.TB, texts ...string) (keys []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.file.Backup(d.ctx(), out); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(k, v []byte) error {
				for _, text := range texts {
					if bytes.Contains(k, []byte(text)) || bytes.Contains(v, []byte(text)) {
						keys = append(keys, string(k))
					}
				}
				return nil
			})
		})
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return keys
}

// TestNobodyReadsAnother: an owner's actor sees their own records only, and a change of one
// touches nothing of another.
func TestNobodyReadsAnother(t *testing.T) {
	d := newDesk(t)
	people := append(d.team(t, "Ann", "Bob"), d.team(t, "Cy")...)
	var before []picture
	for _, p := range people[1:] {
		before = append(before, p.picture(t))
	}
	ann := people[0]
	for _, uc := range useCases(ann, t) {
		if uc.name == "set a goal" || uc.name == "let it renew" {
			continue // she has one, and it does
		}
		if _, err := uc.do(ann.q()); err != nil {
			t.Fatalf("%s: %v", uc.name, err)
		}
	}
	for i, p := range people[1:] {
		after := p.picture(t)
		before[i].Standings, after.Standings = Standings{}, Standings{}
		if diff := differ(before[i], after); diff != "" {
			t.Errorf("%s has changed (-before +after):\n%s", p.Name, diff)
		}
		changes, err := p.Changes(p.ctx(), p.Actor, 100)
		if err != nil || len(changes) != 2 || slices.ContainsFunc(changes, func(c Changed) bool { return c.What == "log" }) {
			t.Errorf("%s's journal = %v, %v, want their own two lines", p.Name, changes, err)
		}
	}
}
