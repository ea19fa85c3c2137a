package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage"
)

func (p person) leaves(t tester) {
	t.Helper()
	if err := p.SpaceLeft(p.ctx(), p.Platform, p.Space); err != nil {
		t.Fatalf("SpaceLeft: %v", err)
	}
}

func (p person) returns(t tester) {
	t.Helper()
	if err := p.SpaceJoined(p.ctx(), p.Platform, p.Space); err != nil {
		t.Fatalf("SpaceJoined: %v", err)
	}
}

func (d *desk) sweeps(t tester) {
	t.Helper()
	if err := d.Sweep(d.ctx()); err != nil {
		t.Fatalf("Sweep: %v", err)
	}
}

// there reports whether an owner is kept still.
func (p person) there() bool {
	_, err := p.Self(p.ctx(), p.Actor)
	return err == nil
}

// TestSpaceLeft: what waits is given up, nothing more is asked, and on return one question is
// about all the weeks between.
func TestSpaceLeft(t *testing.T) {
	d := newDesk(t)
	room := "sales"
	people := d.team(t, "Ann", "Bob")
	ann, other := people[0], d.team(t, "Cy")[0]
	for _, p := range []person{ann, other} {
		if _, err := p.ChangeTeam(p.ctx(), p.q(), TeamChange{Room: &room}); err != nil {
			t.Fatal(err)
		}
	}
	d.run(t, "2026-11-23 09:00")
	ann.answers(t, "ring")
	leased := d.leases(t)
	ann.leaves(t)
	ann.leaves(t) // they say it twice
	list, err := d.Outbox(d.ctx())
	if err != nil || len(list) != 3 {
		t.Fatalf("Outbox = %v, %v, want three messages", list, err)
	}
	for _, m := range list {
		if gone := m.To.Space == ann.Space; gone != (m.Failed == "payoff was removed from there" && !m.Done.IsZero()) {
			t.Errorf("%s to %s: %q, done %s, want it given up only where payoff was removed", m.Key, m.To.Space, m.Failed, m.Done)
		}
	}
	if err := d.Delivered(d.ctx(), leased, "7"); err != nil { // whoever was sending it
		t.Errorf("Delivered of what was given up = %v, want it passed over", err)
	}
	d.run(t, "2026-12-16 10:00")
	if got := ann.nudges(t); !slices.Equal(got, []string{"checkin 2026-11-23"}) {
		t.Errorf("while it was gone sent %q, want nothing more", got)
	}
	if got := len(other.nudges(t)); got != 3+3+1+2 {
		t.Errorf("to another team %d were sent, want three check-ins and their reminders, the offer of a pause, and that a month ends and another begins", got)
	}
	for _, key := range d.sent(t) {
		if key[:5] == "board" && key[6:6+len(ann.Team)] == string(ann.Team) && key != fmt.Sprintf("board %s 2026-11-23 local %s", ann.Team, ann.Space) {
			t.Errorf("%s was to be posted where payoff is not", key)
		}
	}
	ann.returns(t)
	d.run(t, "2026-12-21 08:59")
	if got := ann.nudges(t); len(got) != 1 {
		t.Errorf("on return sent %q, want nothing before Monday", got)
	}
	d.run(t, "2026-12-21 09:00")
	if got := ann.nudges(t); len(got) != 2 || !slices.Contains(got, "checkin 2026-12-21") {
		t.Errorf("on Monday sent %q, want one check-in", got)
	}
	ann.stands(t, "on return", stand{"2026-12-21", goals.CheckInAsked, days("2026-11-23", "2026-12-20"), "ring", 0})
	d.sweeps(t)
	if !ann.there() {
		t.Error("who is back was erased")
	}
}

// TestErasedAfterAMonth: not before, and then wholly; who comes again is new.
func TestErasedAfterAMonth(t *testing.T) {
	d := newDesk(t)
	p, other := d.owner(t, "Sam"), d.owner(t, "Ann")
	d.run(t, "2026-11-23 10:00")
	before := other.picture(t)
	p.leaves(t)
	d.pass(keepLeft - time.Second)
	p.leaves(t) // said once more, which does not begin it anew
	d.sweeps(t)
	if !p.there() {
		t.Fatal("erased a second too early")
	}
	d.pass(time.Second)
	d.sweeps(t)
	d.sweeps(t)
	if p.there() {
		t.Fatal("not erased after a month")
	}
	if keys := d.naming(t, string(p.Team), string(p.Owner), p.Space, p.ID); len(keys) > 0 {
		t.Errorf("%q still name them", keys)
	}
	d.at(t, "2026-11-23 10:00")
	if diff := differ(before, other.picture(t)); diff != "" {
		t.Errorf("Ann has changed (-before +after):\n%s", diff)
	}
	again := d.meets(t, p.Person)
	if again.Owner == p.Owner || again.Team == p.Team || again.self(t).Owner.Started {
		t.Errorf("met again as %v, want a newcomer of a new team", again.Actor)
	}
	d.pass(keepLeft)
	d.sweeps(t)
	if !again.there() {
		t.Error("who came again was erased")
	}
}

// TestNotErased: a team that has another space, or is used again, stays.
func TestNotErased(t *testing.T) {
	tests := map[string]struct {
		then func(t *testing.T, d *desk, p person)
		kept bool
	}{
		"nothing":        {func(t *testing.T, d *desk, p person) {}, false},
		"joined again":   {func(t *testing.T, d *desk, p person) { d.pass(keepLeft - 1); p.returns(t) }, true},
		"a late event":   {func(t *testing.T, d *desk, p person) { d.pass(lateEvents); d.meets(t, p.Person) }, false},
		"somebody comes": {func(t *testing.T, d *desk, p person) { d.pass(lateEvents + 1); d.meets(t, p.Person) }, true},
		"somebody new comes": {func(t *testing.T, d *desk, p person) {
			d.pass(24 * time.Hour)
			who := p.Person
			who.ID = "new"
			d.meets(t, who)
		}, true},
		"another space":           {func(t *testing.T, d *desk, p person) { p.alsoIn(t, "T2") }, true},
		"another one, left later": {func(t *testing.T, d *desk, p person) { p.alsoIn(t, "T2"); d.pass(time.Hour); p.leavesToo(t, "T2") }, true},
		"another one, left":       {func(t *testing.T, d *desk, p person) { p.alsoIn(t, "T2"); p.leavesToo(t, "T2") }, false},
		"a space nobody knows":    {func(t *testing.T, d *desk, p person) { p.leavesToo(t, "T9") }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			p := d.owner(t, "Sam")
			left := d.now()
			p.leaves(t)
			tt.then(t, d, p)
			end := left.Add(keepLeft)
			d.clock.Store(&end)
			d.sweeps(t)
			if p.there() != tt.kept {
				t.Errorf("kept = %t, want %t", p.there(), tt.kept)
			}
		})
	}
}

// alsoIn makes a space one of the team's too.
func (p person) alsoIn(t tester, space string) {
	t.Helper()
	err := p.db.Update(p.ctx(), func(tx *storage.Tx) error { return tx.JoinSpace(p.Team, "slack", space) })
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func (p person) leavesToo(t tester, space string) {
	t.Helper()
	if err := p.SpaceLeft(p.ctx(), "slack", space); err != nil {
		t.Fatalf("%v", err)
	}
}

// TestErasureLeavesNothing: whatever teams have done, when some of them are left for a month not
// one key or value names them or theirs, and of the others all is as it was.
func TestErasureLeavesNothing(t *testing.T) {
	whole := t
	eachDesk(t, func(t *rapid.T, d *desk) {
		var teams [][]person
		for i := range rapid.IntRange(1, 3).Draw(t, "teams") {
			var names []string
			for j := range rapid.IntRange(1, 2).Draw(t, "members") {
				names = append(names, fmt.Sprintf("Samantha%d%d", i, j))
			}
			teams = append(teams, d.team(t, names...))
		}
		for _, team := range teams {
			p := rapid.SampledFrom(team).Draw(t, "who")
			for _, uc := range weekCases(p, t)[:rapid.IntRange(0, 11).Draw(t, "doings")] {
				if _, err := uc.do(p.q()); err != nil {
					t.Fatalf("%s: %v", uc.name, err)
				}
			}
		}
		d.run(t, "2026-12-01 10:00")
		var gone, kept []person
		for _, team := range teams {
			if rapid.Bool().Draw(t, "left") {
				team[0].leaves(t)
				gone = append(gone, team...)
			} else {
				kept = append(kept, team...)
			}
		}
		d.pass(keepLeft)
		d.claimAll(t)
		var before []picture
		for _, p := range kept {
			before = append(before, p.picture(t))
		}
		d.sweeps(t)
		for i, p := range kept {
			if diff := differ(before[i], p.picture(t)); diff != "" {
				t.Errorf("%s has changed (-before +after):\n%s", p.Name, diff)
			}
		}
		var names []string
		for _, p := range gone {
			names = append(names, string(p.Team), string(p.Owner), p.Space, p.Name)
		}
		if keys := d.naming(whole, names...); len(names) > 0 && len(keys) > 0 {
			t.Errorf("%q still name who is gone", keys)
		}
	})
}
