package storage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"payoff/goals"
)

// populate gives an owner one of everything that can be kept of one.
func populate(tx *Tx, team goals.TeamID, o goals.OwnerID, name string) error {
	c := Contact{Platform: "local", Space: "space-" + string(team), Person: "person-" + string(o)}
	line := goals.Activity{ID: goals.ActivityID("line-" + string(o)), Channel: "bni", Date: 20000, Amounts: goals.Amounts{goals.Hours: 60, goals.Revenue: 900}, Note: "with " + name}
	id := "-" + string(o)
	err := errors.Join(
		member(tx, team, o, name), tx.AddActivity(o, line), tx.PutGoal(o, goals.Goal{ID: "goal"}), tx.PutObjective(o, goals.Objective{ID: "objective"}),
		tx.PutCheckIn(o, goals.CheckIn{Week: 20000, Obstacle: name}), tx.PutWhatIf(o, WhatIf{Asked: 20000, From: "li", To: "bni"}),
		tx.SetDue(Due{"checkin", string(o), time.Unix(5, 0)}), tx.SetDue(Due{"reminder", string(o), time.Unix(6, 0)}),
		tx.Enqueue(Outgoing{Key: "checkin " + string(o), Owner: o, Team: team, To: c}),
		tx.PutOutgoing(Outgoing{Key: "checkin " + string(o) + " done", Owner: o, To: c, Done: time.Unix(9, 0)}),
		tx.Handled("event of "+name, 20000, "event"),
		tx.PutWhereabouts(o, "local", c.Space, Whereabouts{Zone: "Europe/Paris", Declined: []string{name}}),
	)
	if wrote, err2 := tx.Write(Journal{Team: team, Owner: o}, Entry{ID: EntryID("entry" + id), By: o, Words: name}); err2 != nil || !wrote {
		return errors.Join(err, err2, errors.New("no entry was written"))
	}
	return errors.Join(err, tx.WriteFinal(Journal{Team: team}, Entry{ID: EntryID("team" + id), By: o, Words: name}))
}

// naming is the keys that hold a text, in themselves or in their value.
func naming(all map[string]string, text string) (keys []string) {
	for k, v := range all {
		if strings.Contains(k, text) || strings.Contains(v, text) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// TestForgetLeavesNothing: not one key or value names who is forgotten, and what is kept of
// others stays as it is.
func TestForgetLeavesNothing(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error { return populate(tx, "T", "ann", "Annabel") })
	others := dump(t, db)
	update(t, db, func(tx *Tx) error { return populate(tx, "T", "0-samantha", "Samantha Fox") })
	if n := len(naming(dump(t, db), "samantha")); n < 15 {
		t.Fatalf("%d keys name the owner before, want one of each sort", n)
	}
	update(t, db, func(tx *Tx) error { return tx.Forget("T", "0-samantha") })
	after := dump(t, db)
	for _, text := range []string{"0-samantha", "Samantha", "Fox"} {
		if left := naming(after, text); len(left) > 0 {
			t.Errorf("after Forget %q is still named by %q", text, left)
		}
	}
	for k := range after {
		if strings.HasPrefix(k, "e\x00") {
			delete(after, k) // a digest and a day: it names nobody
		}
	}
	for k := range others {
		if strings.HasPrefix(k, "e\x00") {
			delete(others, k)
		}
	}
	same(t, "what is kept of others", after, others)
	if wrong, err := db.Verify(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("Verify = %q, %v, want nothing", wrong, err)
	}
}

// TestForgetTeamLeavesNothing: whichever team is erased, nothing names it, its spaces or its
// owners any more, and what is kept of the others stays as it is.
func TestForgetTeamLeavesNothing(t *testing.T) {
	db := open(t)
	teams := []goals.TeamID{"T", "T2", "team"} // one is the beginning of the other
	rapid.Check(t, func(t *rapid.T) {
		sizes := map[goals.TeamID]int{}
		for _, team := range teams {
			sizes[team] = rapid.IntRange(0, 3).Draw(t, "members of "+string(team))
		}
		gone := rapid.SampledFrom(teams).Draw(t, "gone")
		settle := func(tx *Tx, team goals.TeamID) error {
			id := string(team)
			err := errors.Join(
				tx.PutTeam(goals.Team{ID: team}), tx.JoinSpace(team, "slack", "space-"+id), tx.JoinSpace(team, "discord", "guild-"+id),
				tx.SetLeft("slack", "space-"+id, time.Unix(7, 0)), tx.PutInstall(Install{Platform: "slack", Space: "space-" + id, Name: "of " + id}),
				tx.SetDue(Due{"board", id, time.Unix(8, 0)}), tx.Enqueue(Outgoing{Key: "board " + id, Team: team}))
			for i := range sizes[team] {
				err = errors.Join(err, populate(tx, team, goals.OwnerID(fmt.Sprintf("%s-owner%d", id, i)), "Name of "+id))
			}
			return err
		}
		err := scratch(db, func(tx *Tx) error {
			var err error
			for _, team := range teams {
				if team != gone {
					err = errors.Join(err, settle(tx, team))
				}
			}
			want, got := map[string]string{}, map[string]string{}
			err = errors.Join(err, dumpInto(&tx.Reader, want), settle(tx, gone), tx.ForgetTeam(gone), dumpInto(&tx.Reader, got))
			for k := range got {
				if strings.HasPrefix(k, "e\x00") {
					delete(got, k) // a digest and a day: it names nobody
				}
			}
			for k := range want {
				if strings.HasPrefix(k, "e\x00") {
					delete(want, k)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after %s was erased (-the others before +what is there):\n%s", gone, diff)
			}
			wrong, bad := tx.verify()
			if len(wrong) > 0 {
				t.Errorf("Verify = %q, want nothing", wrong)
			}
			return errors.Join(err, bad)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestForgetWhoIsNotThere(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error { return populate(tx, "T", "ann", "Annabel") })
	before := dump(t, db)
	update(t, db, func(tx *Tx) error { return tx.Forget("T", "an") })
	same(t, "after forgetting nobody", dump(t, db), before)
}

// TestTeamsAreApart: whatever one team reads, it is its own.
func TestTeamsAreApart(t *testing.T) {
	db := open(t)
	teams := []goals.TeamID{"T", "T2"} // one is the beginning of the other
	update(t, db, func(tx *Tx) error {
		return errors.Join(populate(tx, "T", "ann", "Annabel"), populate(tx, "T", "ann2", "Ann Two"), populate(tx, "T2", "bob", "Robert"))
	})
	want := map[goals.TeamID][]goals.OwnerID{"T": {"ann", "ann2"}, "T2": {"bob"}}
	view(t, db, func(r *Reader) error {
		for _, team := range teams {
			members, err := r.Members(team)
			if err != nil || !slices.Equal(members, want[team]) {
				t.Errorf("Members(%s) = %v, %v, want %v", team, members, err, want[team])
			}
			spaces, err := r.Spaces(team)
			if err != nil || len(spaces) != 1 || spaces[0].Space != "space-"+string(team) {
				t.Errorf("Spaces(%s) = %v, %v, want its own", team, spaces, err)
			}
			if of, err := r.TeamOf("local", "space-"+string(team)); err != nil || of != team {
				t.Errorf("TeamOf(space-%s) = %s, %v, want %s", team, of, err, team)
			}
			var by []goals.OwnerID
			err = r.Entries(Journal{Team: team}, func(e Entry) bool { by = append(by, e.By); return true })
			slices.Sort(by)
			if err != nil || !slices.Equal(by, want[team]) {
				t.Errorf("journal of %s is by %v, %v, want %v", team, by, err, want[team])
			}
		}
		for person, space := range map[string]string{"person-bob": "space-T", "person-ann": "space-T2", "person-a": "space-T"} {
			if of, err := r.OwnerOf("local", space, person); err != nil || of != "" {
				t.Errorf("OwnerOf(%s, %s) = %s, %v, want nobody", space, person, of, err)
			}
		}
		return nil
	})
}

// TestOwnersAreApart: whatever is read of one owner, it is their own.
func TestOwnersAreApart(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		return errors.Join(populate(tx, "T", "ann", "Annabel"), populate(tx, "T", "ann2", "Ann Two"), populate(tx, "T2", "bob", "Robert"))
	})
	view(t, db, func(r *Reader) error {
		for _, o := range []goals.OwnerID{"ann", "ann2", "bob"} {
			var notes []string
			err := r.Activities(o, Ever, false, func(a goals.Activity) bool { notes = append(notes, string(a.ID)); return true })
			if err != nil || !slices.Equal(notes, []string{"line-" + string(o)}) {
				t.Errorf("Activities(%s) = %v, %v, want its own", o, notes, err)
			}
			contacts, err := r.Contacts(o)
			if err != nil || len(contacts) != 1 || contacts[0].Person != "person-"+string(o) {
				t.Errorf("Contacts(%s) = %v, %v, want its own", o, contacts, err)
			}
		}
		return nil
	})
}
