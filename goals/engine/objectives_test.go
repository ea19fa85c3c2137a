package engine

import (
	"fmt"
	"testing"

	"payoff/goals"
)

func TestObjectives(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	ctx, bni := p.ctx(), p.channel(t, "BNI")
	set := func(n NewObjective) error { _, err := p.SetObjective(ctx, p.q(), n); return err }
	meetings := NewObjective{Measure: goals.OneToOnes, Amount: 2, Every: goals.Week, Channel: bni}

	mistaken(t, "SetObjective without a goal", set(meetings), goals.Conflict, "Before any other target I need the revenue figure it is for.")
	p.aims(t, 900, days("2026-11-01", "2026-12-31"), goals.Once)
	elsewhere := meetings
	elsewhere.Channel = "of another"
	mistaken(t, "SetObjective of no channel", set(elsewhere), goals.Unknown, "That channel is not one of yours.")

	more, limit, all := meetings, meetings, meetings
	more.Amount, more.Every = 5, goals.Month
	limit.AtMost, limit.Measure, limit.Amount = true, goals.Hours, 180
	all.Channel = ""
	for _, n := range []NewObjective{meetings, limit, all, more} { // the last replaces the first
		if err := set(n); err != nil {
			t.Fatalf("SetObjective(%+v) = %v", n, err)
		}
	}
	p.logs(t, "BNI", day("2026-11-02"), goals.Amounts{goals.OneToOnes: 1, goals.Hours: 500})
	p.logs(t, "BNI", day("2026-11-18"), goals.Amounts{goals.OneToOnes: 1, goals.Hours: 200})
	p.logs(t, "LinkedIn", day("2026-11-19"), goals.Amounts{goals.OneToOnes: 4})
	_, kept, err := p.Goals(ctx, p.Actor)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range kept {
		got = append(got, fmt.Sprint(k.Progress.Done, " of ", k.Progress.Target, " ", k.Measure, " a ", k.Every, " ", k.Channel.Name, " ", k.Progress.Met))
	}
	want := []string{"200 of 180 hours a week BNI false", "5 of 2 one-to-ones a week  true", "2 of 5 one-to-ones a month BNI false"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("objectives = %q, want %q", got, want)
	}
	_, err = p.EndObjective(ctx, p.q(), "another's")
	mistaken(t, "EndObjective of another's", err, goals.Unknown, "That objective is not running.")
	for range 2 {
		_, err = p.EndObjective(ctx, p.q(), kept[0].ID)
	}
	mistaken(t, "EndObjective twice", err, goals.Unknown, "That objective is not running.")
}

// TestAsManyObjectives: there is an end to them, and replacing one is still possible there.
func TestAsManyObjectives(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 900, days("2026-11-01", "2026-12-31"), goals.Once)
	for m := range goals.Measures {
		_, err := p.SetObjective(p.ctx(), p.q(), NewObjective{Measure: m, Amount: 1, Every: goals.Week})
		if m < MaxObjectives && err != nil {
			t.Fatalf("SetObjective number %d = %v, want it set", m+1, err)
		}
		if m >= MaxObjectives {
			mistaken(t, "SetObjective of one too many", err, goals.Invalid, "You have 12 targets, which is as many as can be kept in mind.")
		}
	}
	if _, err := p.SetObjective(p.ctx(), p.q(), NewObjective{Measure: 0, Amount: 2, Every: goals.Week}); err != nil {
		t.Errorf("SetObjective in the place of one = %v, want it set", err)
	}
}
