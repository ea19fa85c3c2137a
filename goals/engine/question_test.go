package engine

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage"
)

// looks shows the check-in with its question.
func (p person) looks(t tester) CheckInState {
	t.Helper()
	st, err := p.AskCheckIn(p.ctx(), p.Actor)
	if err != nil {
		t.Fatalf("AskCheckIn: %v", err)
	}
	return st
}

func (p person) isAsked(t tester, when string, want goals.Reason) {
	t.Helper()
	if st := p.looks(t); st.Question != want {
		t.Errorf("%s it asks %q, want %q", when, st.Question, want)
	}
}

// TestQuestionIsKept: what is asked first is asked again by the reminder, whatever is logged
// meanwhile, and is not asked the next week when it was not answered.
func TestQuestionIsKept(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 12_000, days("2026-11-16", "2027-01-31"), goals.Once)
	p.logs(t, "BNI", day("2026-11-17"), goals.Amounts{goals.Contacts: 5})
	d.run(t, "2026-11-23 09:00")
	p.isAsked(t, "asked", goals.AskCustomer)
	if met := p.looks(t).Facts.Met; met != 5 {
		t.Errorf("it says %d were met, want 5", met)
	}
	p.logs(t, "BNI", day("2026-11-18"), goals.Amounts{goals.Qualified: 1})
	d.run(t, "2026-11-24 09:00")
	p.isAsked(t, "reminded", goals.AskCustomer)
	if f := p.looks(t).Facts; f.Stands(goals.AskCustomer) {
		t.Errorf("somebody qualified since, and it stands: %+v", f)
	}
	updates := d.updates.Load()
	p.isAsked(t, "before the next", goals.AskCustomer)
	if n := d.updates.Load() - updates; n != 0 {
		t.Errorf("to show it again is written %d times, want 0", n)
	}
	p.answers(t, "ring")
	d.run(t, "2026-11-30 08:59")
	p.logs(t, "BNI", day("2026-11-25"), goals.Amounts{goals.Contacts: 2})
	d.run(t, "2026-11-30 09:00")
	p.isAsked(t, "answered, alone and still true", goals.AskCustomer)
	d.run(t, "2026-12-07 08:59")
	p.logs(t, "BNI", day("2026-12-01"), goals.Amounts{goals.Contacts: 2})
	d.run(t, "2026-12-07 09:00")
	p.isAsked(t, "missed", goals.AskNothing)
	d.run(t, "2026-12-14 09:00")
	p.isAsked(t, "a week after that", goals.AskCustomer)
}

// TestQuestionIsJournaled: the answer's line in the journal has the reason in the record it
// replaced, and undoing the answer brings that back.
func TestQuestionIsJournaled(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.run(t, "2026-11-23 09:00")
	p.isAsked(t, "asked", goals.AskFigure)
	done := p.answers(t, "ring")
	p.isAsked(t, "answered", goals.AskFigure)
	err := d.db.View(p.ctx(), func(r *storage.Reader) error {
		entry, found, err := r.Entry(storage.Journal{Owner: p.Owner}, done.Entry)
		if err != nil || !found || len(entry.Changes) == 0 {
			t.Fatalf("the answer's entry = %v, %t, %v", entry, found, err)
		}
		if before := entry.Changes[0].Before; !bytes.Contains(before, []byte(`"question":"no figure"`)) {
			t.Errorf("the journal keeps %s, want the question in it", before)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Undo(p.ctx(), p.q(), done.Entry); err != nil {
		t.Fatalf("Undo: %v", err)
	}
	p.aims(t, 12_000, days("2026-11-23", "2027-01-31"), goals.Once)
	p.isAsked(t, "the answer undone", goals.AskFigure)
	if st := p.looks(t); st.State != goals.CheckInAsked {
		t.Errorf("the answer undone it is %q, want asked", st.State)
	}
}

// TestLookedAtBeforeAsked: who looks before it is asked is asked all the same, at the same
// time and with the same question; the days it covers are not fixed by looking.
func TestLookedAtBeforeAsked(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.logs(t, "BNI", day("2026-11-17"), goals.Amounts{goals.Contacts: 5})
	p.isAsked(t, "on Thursday", goals.AskFigure)
	p.stands(t, "looked at", stand{"2026-11-16", "", days("2026-11-16", "2026-11-19"), "", 0})
	d.at(t, "2026-11-20 10:00")
	p.stands(t, "a day later", stand{"2026-11-16", "", days("2026-11-16", "2026-11-20"), "", 0})
	if _, err := p.SetSchedule(p.ctx(), p.q(), goals.Schedule{Weekday: 6, Minute: 600}); err != nil {
		t.Fatal(err)
	}
	p.aims(t, 12_000, days("2026-11-16", "2027-01-31"), goals.Once)
	d.run(t, "2026-11-21 10:00") // Saturday of the week that was looked at
	p.stands(t, "asked", stand{"2026-11-16", goals.CheckInAsked, days("2026-11-16", "2026-11-21"), "", 0})
	p.isAsked(t, "asked", goals.AskFigure)
	d.run(t, "2026-11-28 10:00")
	p.stands(t, "the next", stand{"2026-11-23", goals.CheckInAsked, days("2026-11-16", "2026-11-28"), "", 0})
	p.isAsked(t, "the next", goals.AskCustomer)
}

// TestLookingChangesNothing: whenever somebody looks, every week is asked, and stands, as it
// is for one who does the same and never looks; and what they did can be undone alike.
func TestLookingChangesNothing(t *testing.T) {
	eachDesk(t, func(t *rapid.T, d *desk) {
		looker, other := d.owner(t, "Lou"), d.owner(t, "Oli")
		undoable := 0 // what they did since they began
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			d.run(t, d.now().AddDate(0, 0, rapid.IntRange(0, 8).Draw(t, "days")).In(london).Format("2006-01-02 15:04"))
			if rapid.Bool().Draw(t, "look") {
				looker.looks(t)
			}
			what := rapid.SampledFrom([]string{"nothing", "log", "answer", "skip", "undo"}).Draw(t, "what")
			if what == "undo" && undoable == 0 {
				continue
			}
			var fails [2]bool
			for i, p := range []person{looker, other} {
				var err error
				switch what {
				case "log":
					p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 3})
				case "answer":
					p.answers(t, "ring")
				case "skip":
					_, err = p.Skip(p.ctx(), p.q())
				case "undo":
					_, err = p.Undo(p.ctx(), p.q(), "")
				}
				fails[i] = err != nil
			}
			switch {
			case fails[0] != fails[1]:
				t.Fatalf("%s fails for who looks: %t, for the other: %t", what, fails[0], fails[1])
			case fails[0]:
			case what == "undo":
				undoable--
			case what != "nothing":
				undoable++
			}
			a, b := looker.asked(t), other.asked(t)
			if a.Week != b.Week || a.State != b.State || a.Covers != b.Covers || a.Streak != b.Streak || !a.Next.Equal(b.Next) {
				t.Fatalf("after %s who looks is at %+v, the other at %+v", what, a.CheckIn, b.CheckIn)
			}
		}
	})
}

// TestFactsOfEvidence: twenty weeks in which calls sell, and BNI takes hours and hardly anybody
// there is asked to buy.
func TestFactsOfEvidence(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.at(t, "2026-07-06 10:00")
	p.aims(t, 100_000, days("2026-07-06", "2026-12-31"), goals.Once)
	for week := day("2026-07-06"); week < day("2026-11-23"); week += 7 {
		bni := goals.Amounts{goals.Hours: 300, goals.Contacts: 6, goals.Conversations: 4, goals.Qualified: 4}
		if week == day("2026-09-07") || week == day("2026-11-02") { // 2 of 80
			bni[goals.Deals], bni[goals.Revenue] = 1, 8_000
		}
		d.run(t, (week+5).String()+" 10:00")
		p.logs(t, "BNI", week+2, bni)
		p.logs(t, "calls", week+3, goals.Amounts{goals.Hours: 240, goals.Contacts: 20, goals.Conversations: 6, goals.Qualified: 2, goals.Deals: 1, goals.Revenue: 90_000})
	}
	d.run(t, "2026-11-23 09:00")
	p.answers(t, "ring")
	d.run(t, "2026-11-30 09:00")
	f := p.looks(t).Facts
	bni := p.channel(t, "BNI")
	if f.Held.Channel != bni || f.Held.From != goals.Qualified || f.Held.Through != 2 || f.Held.Of < 50 || f.Held.Of > 80 {
		t.Errorf("held back: %+v, want from qualified to deal on BNI, 2 of fewer than the 80 there were", f.Held)
	}
	if f.Idle.Channel != bni || f.Idle.Percent != 56 {
		t.Errorf("alarm %+v, want BNI with 56 %% of the hours", f.Idle)
	}
	if !f.Stands(goals.AskOutlook) || f.Outlook.Said != goals.OnTrack || f.Outlook.Percent > 5 {
		t.Errorf("outlook %+v, want on track against nearly no chance", f.Outlook)
	}
	if f.Deals != 22 || f.Weeks != 20 {
		t.Errorf("it rests on %d deals in %d weeks, want 22 in 20", f.Deals, f.Weeks)
	}
	p.isAsked(t, "first", goals.AskBottleneck)
	d.run(t, "2026-12-07 09:00")
	p.isAsked(t, "then", goals.AskAlarm)
	d.run(t, "2026-12-14 09:00")
	p.isAsked(t, "missed again", goals.AskOutlook)
	d.run(t, "2026-12-21 09:00")
	p.isAsked(t, "and again", goals.AskBottleneck)
}

// TestFactsOfPadding: the lines of a fortnight are looked at, as of the last day covered.
func TestFactsOfPadding(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	d.at(t, "2026-11-22 10:00")
	p.aims(t, 12_000, days("2026-11-01", "2027-01-31"), goals.Once)
	for on := day("2026-11-05"); on <= day("2026-11-22"); on++ {
		p.logs(t, "BNI", on, goals.Amounts{goals.Hours: 180})
	}
	d.run(t, "2026-11-23 09:00")
	want := goals.Padding{Sign: goals.SameLines, Channel: p.channel(t, "BNI"), Count: 14}
	if got := p.looks(t).Facts.Padding; got != want {
		t.Errorf("padding %+v, want %+v", got, want)
	}
	p.isAsked(t, "then", goals.AskPadding)
	p.answers(t, "ring")
	d.run(t, "2026-11-30 09:00")
	if f := p.looks(t).Facts; f.Stands(goals.AskPadding) {
		t.Errorf("a week later it still stands: %+v", f.Padding)
	}
}
