package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"payoff/goals"
)

var aFair = []goals.Amounts{{goals.Spend: 31000}, {goals.Hours: 60, goals.Contacts: 4}}

// TestTurn: the spend of a line becomes revenue, in one line of the journal, and to undo that
// brings the line back as it was.
func TestTurn(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 9000, days("2026-11-01", "2026-12-31"), goals.Once)
	var lines []NewActivity
	for _, a := range aFair {
		lines = append(lines, NewActivity{Channel: p.channel(t, "BNI"), Date: day("2026-11-18"), Amounts: a, Note: "at the fair", Words: "BNI £310"})
	}
	rec, err := p.Log(p.ctx(), p.q(), lines)
	if err != nil {
		t.Fatal(err)
	}
	before := p.picture(t)
	q := p.q()
	turned, err := p.Turn(p.ctx(), q, rec.Entry)
	if err != nil || len(turned.Logged) != 1 {
		t.Fatalf("Turn = %+v, %v, want the one line with spend", turned, err)
	}
	if got := turned.Logged[0]; got.Amounts != (goals.Amounts{goals.Revenue: 31000}) || got.Date != day("2026-11-18") || got.Note != "at the fair" || got.Words != "BNI £310" {
		t.Errorf("turned into %+v, want the same line with revenue", got)
	}
	if turned.Goal.SoFar != pound(310) || turned.Sum != (goals.Amounts{goals.Revenue: 31000, goals.Hours: 60, goals.Contacts: 4}) {
		t.Errorf("the week comes to %v, the goal to %v, want £310 of revenue", turned.Sum, turned.Goal.SoFar)
	}
	if after := p.picture(t); after.Changes != before.Changes+1 {
		t.Errorf("%d changes more, want one", after.Changes-before.Changes)
	}
	again, err := p.Turn(p.ctx(), q, rec.Entry)
	if diff := cmp.Diff(turned, again, cmpopts.IgnoreFields(Done{}, "Repeated")); diff != "" || err != nil {
		t.Errorf("Turn again = %v (-first +second):\n%s", err, diff)
	}
	_, err = p.Turn(p.ctx(), p.q(), rec.Entry)
	mistaken(t, "Turn by another event", err, goals.Conflict, "That was changed since.")
	_, err = p.Undo(p.ctx(), p.q(), rec.Entry)
	mistaken(t, "Undo of the line that was turned", err, goals.Conflict, "That was changed again since.")

	u, err := p.Undo(p.ctx(), p.q(), turned.Entry)
	if err != nil || len(u.Logged) != 1 || len(u.Back) != 1 || u.Back[0].Amounts != aFair[0] || u.Logged[0].Amounts != turned.Logged[0].Amounts {
		t.Fatalf("Undo = %+v, %v, want the revenue gone and the spend back", u, err)
	}
	if diff := differ(before, p.picture(t)); diff != "" {
		t.Errorf("once undone (-before +after):\n%s", diff)
	}
	if _, err := p.Turn(p.ctx(), p.q(), rec.Entry); err != nil {
		t.Errorf("Turn once more = %v, want it done", err)
	}
}

// TestTurnWhatCannotBe: nothing is turned halfway.
func TestTurnWhatCannotBe(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	_, err := p.Turn(p.ctx(), p.q(), "nothing")
	mistaken(t, "Turn of nothing", err, goals.Unknown, "I cannot find that change.")
	earned := p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Revenue: 500})
	_, err = p.Turn(p.ctx(), p.q(), earned.Entry)
	mistaken(t, "Turn of revenue", err, goals.Conflict, "That was changed since.")
	both := p.logs(t, "calls", p.today(t), goals.Amounts{goals.Revenue: 500, goals.Spend: 100})
	_, err = p.Turn(p.ctx(), p.q(), both.Entry)
	mistaken(t, "Turn of spend and revenue", err, goals.Conflict, "That was changed since.")

	spent := p.logs(t, "BNI", day("2026-11-19"), goals.Amounts{goals.Spend: 500})
	d.run(t, "2026-11-23 10:00")
	if err := p.says(t, goals.KeptUnsaid, goals.Amounts{goals.Revenue: 500, goals.Spend: 100}); err != nil {
		t.Fatal(err)
	}
	before := p.picture(t)
	_, err = p.Turn(p.ctx(), p.q(), spent.Entry) // the check-in has taken £4 back
	mistaken(t, "Turn of what was corrected", err, goals.Conflict, "Something you did since rests on that.")
	if diff := differ(before, p.picture(t)); diff != "" {
		t.Errorf("it has changed (-before +after):\n%s", diff)
	}
	u, err := p.Undo(p.ctx(), p.q(), earned.Entry)
	if err != nil {
		t.Fatalf("Undo = %+v, %v", u, err)
	}
	_, err = p.Turn(p.ctx(), p.q(), earned.Entry)
	mistaken(t, "Turn of what was undone", err, goals.Conflict, "That was undone already.")
}
