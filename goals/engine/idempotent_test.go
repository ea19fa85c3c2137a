package engine

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"payoff/goals"
)

// A picture is all that an owner can see of themselves, and the team of them.
type picture struct {
	Owner     goals.Owner
	Report    Report // of the goal, or the last weeks
	Ever      Report
	Goals     []GoalState
	Kept      []Kept
	History   []Logged
	Changes   int // that stand
	CheckIn   CheckInState
	Standings Standings
}

func (p person) picture(t tester) picture {
	t.Helper()
	ctx, ever := p.ctx(), goals.Period{From: day("2020-01-01"), To: day("2030-12-31")}
	pic := picture{Owner: p.self(t).Owner, Report: p.report(t, nil), Ever: p.report(t, &ever), CheckIn: p.asked(t)}
	var err error
	if pic.Goals, pic.Kept, err = p.Goals(ctx, p.Actor); err != nil {
		t.Fatalf("Goals: %v", err)
	}
	if pic.History, _, err = p.History(ctx, p.Actor, Ever, "", 1000); err != nil {
		t.Fatalf("History: %v", err)
	}
	changes, err := p.Changes(ctx, p.Actor, 1000)
	if err != nil {
		t.Fatalf("Changes: %v", err)
	}
	for _, c := range changes {
		if c.What != "undo" && !c.Undone {
			pic.Changes++
		}
	}
	if pic.Standings, err = p.Standings(ctx, p.Team, 0); err != nil {
		t.Fatalf("Standings: %v", err)
	}
	return pic
}

// differ says how one picture differs from another; when the next check-in is due is not
// looked at.
func differ(want, got picture) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(CheckInState{}, "Next"))
}

// A useCase is a change that an owner can make.
type useCase struct {
	name string
	do   func(Request) (Done, error)
}

// useCases is every one, in an order in which each has something to do.
func useCases(p person, t tester) []useCase {
	return append(goalCases(p, t), append(weekCases(p, t), endCases(p, t)...)...)
}

func goalCases(p person, t tester) []useCase {
	ctx, bni := p.ctx(), p.channel(t, "BNI")
	return []useCase{
		{"start", func(q Request) (Done, error) {
			return p.Begin(ctx, q, Beginning{Customer: "Bakers", Channels: []goals.Channel{{Name: "Rotary", Kind: goals.Networking}}})
		}},
		{"skip the start", func(q Request) (Done, error) { return p.SkipStart(ctx, q) }},
		{"set a goal", func(q Request) (Done, error) {
			return p.SetGoal(ctx, q, NewGoal{Amount: pound(9000), Period: goals.Period{From: p.today(t), To: p.today(t) + 40}})
		}},
		{"edit the goal", func(q Request) (Done, error) { return p.EditGoal(ctx, q, NewGoal{Amount: pound(8000)}) }},
		{"let it renew", func(q Request) (Done, error) {
			return p.EditGoal(ctx, q, NewGoal{Period: goals.Month.Period(p.today(t)), Every: goals.Month})
		}},
		{"set an objective", func(q Request) (Done, error) {
			return p.SetObjective(ctx, q, NewObjective{Measure: goals.OneToOnes, Amount: 2, Every: goals.Week, Channel: bni})
		}},
		{"replace it", func(q Request) (Done, error) {
			return p.SetObjective(ctx, q, NewObjective{Measure: goals.OneToOnes, Amount: 3, Every: goals.Week, Channel: bni})
		}},
		{"add a channel", func(q Request) (Done, error) { return p.AddChannel(ctx, q, "Chamber", goals.Networking) }},
		{"budget a channel", func(q Request) (Done, error) {
			return p.ChangeChannel(ctx, q, bni, "budget", func(ch *goals.Channel) { ch.Budget += 60 })
		}},
	}
}

func (p person) logsAnHour(t tester) func(Request) (Done, error) {
	return func(q Request) (Done, error) {
		rec, err := p.Log(p.ctx(), q, []NewActivity{{Channel: p.channel(t, "BNI"), Date: p.today(t), Amounts: goals.Amounts{goals.Hours: 60, goals.Revenue: 500}}})
		return rec.Done, err
	}
}

func weekCases(p person, t tester) []useCase {
	ctx, yes := p.ctx(), true
	answer := func(commitment string) func(Request) (Done, error) {
		return func(q Request) (Done, error) {
			st := p.asked(t)
			return p.Answer(ctx, q, Answer{Week: st.Week, Shown: st.Mark(), Confidence: goals.AtRisk, Commitment: commitment,
				Lines: []AnswerLine{{Channel: p.channel(t, "BNI"), Amounts: goals.Amounts{goals.Hours: 600, goals.Contacts: 3}}}})
		}
	}
	return []useCase{
		{"log", p.logsAnHour(t)},
		{"log what was spent", func(q Request) (Done, error) {
			rec, err := p.Log(ctx, q, []NewActivity{{Channel: p.channel(t, "BNI"), Date: p.today(t), Amounts: goals.Amounts{goals.Spend: 700}}})
			return rec.Done, err
		}},
		{"it came in", func(q Request) (Done, error) {
			changes, err := p.Changes(ctx, p.Actor, 2)
			if err != nil {
				return Done{}, err
			}
			for _, ch := range changes {
				if ch.What == "log" {
					rec, err := p.Turn(ctx, q, ch.ID)
					return rec.Done, err
				}
			}
			return Done{}, fmt.Errorf("no log among %v", changes)
		}},
		{"what if", func(q Request) (Done, error) {
			w, err := p.WhatIf(ctx, q, "", p.channel(t, "BNI"), 60)
			return w.Done, err
		}},
		{"move", func(q Request) (Done, error) { return p.MoveZone(ctx, q, "Europe/Lisbon") }},
		{"away", func(q Request) (Done, error) { return p.Away(ctx, q, p.today(t)+3) }},
		{"back", func(q Request) (Done, error) { return p.Back(ctx, q) }},
		{"schedule", func(q Request) (Done, error) {
			return p.SetSchedule(ctx, q, goals.Schedule{Weekday: 5, Minute: 960})
		}},
		{"privacy", func(q Request) (Done, error) { return p.SetPrivacy(ctx, q, nil, &yes) }},
		{"answer", answer("ring")},
		{"answer again", answer("write")},
		{"commitment", func(q Request) (Done, error) { return p.MarkKept(ctx, q, p.asked(t).Week, goals.KeptPartly) }},
	}
}

func endCases(p person, t tester) []useCase {
	var objective goals.ObjectiveID
	return []useCase{
		{"end the objective", func(q Request) (Done, error) {
			_, kept, err := p.Goals(p.ctx(), p.Actor)
			if err != nil {
				return Done{}, err
			}
			if len(kept) > 0 {
				objective = kept[0].ID
			}
			return p.EndObjective(p.ctx(), q, objective)
		}},
		{"end the goal", func(q Request) (Done, error) { return p.EndGoal(p.ctx(), q) }},
		{"log once more", p.logsAnHour(t)},
		{"undo", func(q Request) (Done, error) { u, err := p.Undo(p.ctx(), q, ""); return u.Done, err }},
	}
}

// TestSameEventTwice: one change, and the same answer.
func TestSameEventTwice(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	for _, uc := range useCases(p, t) {
		t.Run(uc.name, func(t *testing.T) {
			q := p.q()
			before := p.picture(t)
			first, err := uc.do(q)
			if err != nil || first.Repeated {
				t.Fatalf("first = %+v, %v, want done", first, err)
			}
			once := p.picture(t)
			if differ(before, once) == "" {
				t.Error("nothing has changed")
			}
			second, err := uc.do(q)
			if err != nil || second != (Done{Entry: first.Entry, Repeated: true}) {
				t.Errorf("second = %+v, %v, want entry %s again", second, err, first.Entry)
			}
			if diff := differ(once, p.picture(t)); diff != "" {
				t.Errorf("the second time changed (-once +twice):\n%s", diff)
			}
			d.pass(24 * 60 * 60e9) // it may come again the next day
			if late, err := uc.do(q); err != nil || !late.Repeated {
				t.Errorf("a day later = %+v, %v, want it repeated", late, err)
			}
		})
	}
}

// TestSameEventOfTwoPeople: they are two events.
func TestSameEventOfTwoPeople(t *testing.T) {
	d := newDesk(t)
	for _, p := range []person{d.owner(t, "Ann"), d.owner(t, "Bob")} {
		rec, err := p.Log(p.ctx(), Request{Actor: p.Actor, Event: "1"}, []NewActivity{{Channel: p.channel(t, "BNI"), Date: p.today(t), Amounts: goals.Amounts{goals.Hours: 60}}})
		if err != nil || rec.Repeated || len(rec.Logged) != 1 {
			t.Errorf("Log of %s by event 1 = %+v, %v, want it logged", p.Name, rec, err)
		}
	}
}

// TestRepeatedAnswers: what a repeated event is answered with holds all that the first did.
func TestRepeatedAnswers(t *testing.T) {
	d := newDesk(t)
	p := d.owner(t, "Sam")
	p.aims(t, 9000, days("2026-11-01", "2026-12-31"), goals.Once)
	line := []NewActivity{{Channel: p.channel(t, "BNI"), Date: p.today(t), Amounts: goals.Amounts{goals.Hours: 60, goals.Revenue: 500}, Words: "won £5"}}
	logging, undoing := p.q(), p.q()
	first, err := p.Log(p.ctx(), logging, line)
	if err != nil || len(first.Logged) != 1 || first.Goal == nil || first.Sum != line[0].Amounts {
		t.Fatalf("Log = %+v, %v, want one line, its week and the goal", first, err)
	}
	second, err := p.Log(p.ctx(), logging, line)
	if diff := cmp.Diff(first, second, cmpopts.IgnoreFields(Done{}, "Repeated")); diff != "" || err != nil {
		t.Errorf("Log again = %v (-first +second):\n%s", err, diff)
	}
	gone, err := p.Undo(p.ctx(), undoing, first.Entry)
	if err != nil || gone.What != "log" || len(gone.Logged) != 1 || gone.Logged[0].Activity.Words != "won £5" || gone.Logged[0].Channel.Name != "BNI" {
		t.Fatalf("Undo = %+v, %v, want the line", gone, err)
	}
	again, err := p.Undo(p.ctx(), undoing, first.Entry)
	if diff := cmp.Diff(gone, again, cmpopts.IgnoreFields(Done{}, "Repeated")); diff != "" || err != nil {
		t.Errorf("Undo again = %v (-first +second):\n%s", err, diff)
	}
	d.run(t, "2026-11-23 10:00")
	later := p.q()
	at, err := p.Later(p.ctx(), later)
	if want := d.now().Add(24 * 60 * 60e9); err != nil || !at.Equal(want) {
		t.Errorf("Later = %s, %v, want %s", at, err, want)
	}
	d.pass(60e9)
	if again, err := p.Later(p.ctx(), later); err != nil || !again.Equal(at) {
		t.Errorf("Later again = %s, %v, want %s", again, err, at)
	}
}
