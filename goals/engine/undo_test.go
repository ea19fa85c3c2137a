package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"payoff/goals"
	"payoff/storage"
)

// A move is a use case with what is drawn for it.
type move struct {
	what string
	n    int // whatever the use case makes of it
	a    goals.Amounts
}

var moves = []string{
	"log", "log", "log", "log two", "goal", "renewing goal", "edit", "edit the period", "edit the renewal", "end", "objective", "end objective",
	"channel", "rename", "budget", "archive", "schedule", "off", "away", "back", "answer", "skip", "kept", "privacy", "begin",
}

func drawMove(t *rapid.T) move {
	m := move{what: rapid.SampledFrom(moves).Draw(t, "what"), n: rapid.IntRange(0, 20).Draw(t, "n")}
	for range rapid.IntRange(1, 3).Draw(t, "measures") {
		m.a[rapid.IntRange(0, int(goals.Measures)-1).Draw(t, "m")] = rapid.Int64Range(0, 120).Draw(t, "value")
	}
	return m
}

// does makes a move. What is refused with a mistake is not done.
func (p person) does(t tester, m move, q Request) {
	t.Helper()
	owner := p.self(t).Owner
	ch := owner.Channels[m.n%len(owner.Channels)]
	line := NewActivity{Channel: ch.ID, Date: p.today(t) - goals.Date(m.n%14), Amounts: m.a, Note: "with Priya"}
	change := func(apply func(*goals.Channel)) error {
		_, err := p.ChangeChannel(p.ctx(), q, ch.ID, m.what, apply)
		return err
	}
	var err error
	switch m.what {
	case "log":
		_, err = p.Log(p.ctx(), q, []NewActivity{line})
	case "log two":
		_, err = p.Log(p.ctx(), q, []NewActivity{line, {Channel: owner.Channels[0].ID, Date: p.today(t), Amounts: m.a}})
	case "channel":
		_, err = p.AddChannel(p.ctx(), q, fmt.Sprintf("Channel %d", m.n), goals.Social)
	case "rename":
		err = change(func(ch *goals.Channel) { ch.Name = fmt.Sprintf("Renamed %d", m.n) })
	case "budget":
		err = change(func(ch *goals.Channel) { ch.Budget = int64(m.n) })
	case "archive":
		err = change(func(ch *goals.Channel) { ch.Archived = !ch.Archived })
	case "goal", "renewing goal", "edit", "edit the period", "edit the renewal", "end", "objective", "end objective":
		err = p.doesToGoals(t, m, q, ch)
	default:
		err = p.doesAtCheckIn(t, m, q, ch)
	}
	var mistake *goals.Mistake
	if err != nil && !errors.As(err, &mistake) {
		t.Fatalf("%s = %v, want it done or a mistake", m.what, err)
	}
}

func (p person) doesToGoals(t tester, m move, q Request, ch goals.Channel) (err error) {
	t.Helper()
	ctx, today, n, amount := p.ctx(), p.today(t), goals.Date(m.n), pound(int64(1+m.n))
	every := []goals.Every{goals.Week, goals.Month, goals.Quarter}[m.n%3]
	switch m.what {
	case "goal":
		_, err = p.SetGoal(ctx, q, NewGoal{Amount: amount, Period: goals.Period{From: today - 30 + 3*n, To: today + 3*n}})
	case "renewing goal":
		_, err = p.SetGoal(ctx, q, NewGoal{Amount: amount, Period: goals.Month.Period(today), Every: goals.Month})
	case "edit":
		_, err = p.EditGoal(ctx, q, NewGoal{Amount: amount})
	case "edit the period":
		_, err = p.EditGoal(ctx, q, NewGoal{Period: goals.Period{From: today, To: today + 2*n}})
	case "edit the renewal":
		_, err = p.EditGoal(ctx, q, NewGoal{Amount: amount, Period: every.Period(today), Every: every})
	case "end":
		_, err = p.EndGoal(ctx, q)
	case "objective":
		_, err = p.SetObjective(ctx, q, NewObjective{Measure: goals.Measure(m.n % int(goals.Measures)), Amount: int64(m.n), Every: goals.Week, Channel: ch.ID})
	case "end objective":
		_, kept, err := p.Goals(ctx, p.Actor)
		if err != nil || len(kept) == 0 {
			return err
		}
		_, err = p.EndObjective(ctx, q, kept[m.n%len(kept)].ID)
		return err
	}
	return err
}

func (p person) doesAtCheckIn(t tester, m move, q Request, ch goals.Channel) (err error) {
	t.Helper()
	ctx, hidden := p.ctx(), m.n%2 == 0
	switch m.what {
	case "away":
		_, err = p.Away(ctx, q, p.today(t)+goals.Date(m.n))
	case "back":
		_, err = p.Back(ctx, q)
	case "answer":
		st := p.asked(t)
		_, err = p.Answer(ctx, q, Answer{Week: st.Week, Shown: st.Mark(), Confidence: goals.AtRisk, Commitment: fmt.Sprint(m.n),
			Lines: []AnswerLine{{Channel: ch.ID, Amounts: m.a}}})
	case "skip":
		_, err = p.Skip(ctx, q)
	case "kept":
		_, err = p.MarkKept(ctx, q, p.asked(t).Week, goals.KeptPartly)
	case "schedule", "off":
		_, err = p.SetSchedule(ctx, q, goals.Schedule{Off: m.what == "off", Weekday: time.Weekday(m.n % 7), Minute: 60 * m.n})
	case "privacy":
		_, err = p.SetPrivacy(ctx, q, &hidden, nil)
	case "begin":
		_, err = p.Begin(ctx, q, Beginning{Zone: "Europe/Paris", Customer: fmt.Sprint(m.n), Channels: []goals.Channel{{Name: fmt.Sprintf("Begun %d", m.n), Kind: goals.Direct}}})
	default:
		t.Fatalf("no such move: %s", m.what)
	}
	return err
}

// standing is the entries that can still be undone, newest first.
func (p person) standing(t tester) (list []EntryID) {
	t.Helper()
	changes, err := p.Changes(p.ctx(), p.Actor, 1000)
	if err != nil {
		t.Fatalf("Changes: %v", err)
	}
	for _, c := range changes {
		if !c.Undone && c.What != "undo" {
			list = append(list, c.ID)
		}
	}
	return list
}

// TestUndoAll: whatever was done, over some days, and delivered twice: undone from the last to
// the first, everything is as it was at the start.
func TestUndoAll(t *testing.T) {
	d := newDesk(t)
	rapid.Check(t, func(t *rapid.T) {
		d.at(t, "2026-11-19 10:00")
		p := d.owner(t, "Sam")
		p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Hours: 30, goals.Contacts: 2})
		first := len(p.standing(t))
		before := p.picture(t)
		for range rapid.IntRange(1, 15).Draw(t, "moves") {
			m, q := drawMove(t), p.q()
			p.does(t, m, q)
			p.does(t, m, q)
			d.pass(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
		}
		for range len(p.standing(t)) - first {
			if _, err := p.Undo(p.ctx(), p.q(), ""); err != nil {
				t.Fatalf("Undo = %v, want it undone", err)
			}
		}
		d.at(t, "2026-11-19 10:00")
		if diff := differ(before, p.picture(t)); diff != "" {
			t.Errorf("after undoing all (-before +after):\n%s", diff)
		}
	})
}

// TestUndoInAnyOrder: an undo is either done or refused as a conflict, what is left holds
// together, and in the end all can be undone.
func TestUndoInAnyOrder(t *testing.T) {
	d := newDesk(t)
	rapid.Check(t, func(t *rapid.T) {
		d.at(t, "2026-11-19 10:00")
		p := d.owner(t, "Sam")
		first := len(p.standing(t))
		before := p.picture(t)
		for range rapid.IntRange(1, 12).Draw(t, "moves") {
			p.does(t, drawMove(t), p.q())
		}
		for tries := 0; ; tries++ {
			list := p.standing(t)
			if len(list) == first {
				break
			}
			list = list[:len(list)-first]
			at := rapid.IntRange(0, len(list)-1).Draw(t, "which")
			if tries > 12 {
				at = 0 // the newest always can
			}
			_, err := p.Undo(p.ctx(), p.q(), list[at])
			var m *goals.Mistake
			if err != nil && (!errors.As(err, &m) || m.Code != goals.Conflict || at == 0) {
				t.Fatalf("Undo of number %d of %d = %v, want it undone or a conflict", at, len(list), err)
			}
			p.holdsTogether(t)
		}
		if diff := differ(before, p.picture(t)); diff != "" {
			t.Errorf("after undoing all (-before +after):\n%s", diff)
		}
	})
}

// holdsTogether fails the test when goals overlap, something names a channel or a goal that
// is gone, or a day comes to less than nothing.
func (p person) holdsTogether(t tester) {
	t.Helper()
	owner, today := p.self(t).Owner, p.today(t)
	states, kept, err := p.Goals(p.ctx(), p.Actor)
	if err != nil {
		t.Fatalf("Goals: %v", err)
	}
	var list []goals.Goal
	for _, g := range states {
		list = append(list, g.Goal)
	}
	for _, g := range list {
		if other, clashes := clash(list, g, today); clashes && !isOver(g, today) {
			t.Errorf("goals overlap: %+v and %+v", g, other)
		}
	}
	for _, k := range kept {
		if _, found := channelByID(owner, k.Objective.Channel); k.Objective.Channel != "" && !found {
			t.Errorf("objective %+v is of a channel that is gone", k.Objective)
		}
	}
	by := map[string]goals.Amounts{}
	err = p.db.View(p.ctx(), func(r *storage.Reader) error {
		return r.Activities(p.Owner, Ever, false, func(a goals.Activity) bool {
			if _, found := channelByID(owner, a.Channel); !found {
				t.Errorf("activity %+v is of a channel that is gone", a)
			}
			at := fmt.Sprint(a.Date, a.Channel)
			by[at] = by[at].Plus(a.Amounts)
			return true
		})
	})
	for at, sum := range by {
		for m, n := range sum {
			if n < 0 && goals.Measure(m) != goals.Revenue {
				t.Errorf("%s comes to %d %s", at, n, goals.Measure(m))
			}
		}
	}
	if err != nil {
		t.Fatalf("Activities: %v", err)
	}
}

const (
	restsOnIt    = "Something you did since rests on that."
	changedSince = "That was changed again since."
)

var restPeriod = days("2026-11-01", "2026-12-31")

// rested is what later changes rest on, or what cannot be undone for another reason.
var rested = []struct {
	name string
	do   func(t tester, p person) EntryID // what is to be undone
	want string
}{
	{"a channel with a line", func(t tester, p person) EntryID {
		done, _ := p.AddChannel(p.ctx(), p.q(), "Rotary", goals.Networking)
		p.logs(t, "Rotary", p.today(t), goals.Amounts{goals.Hours: 60})
		return done.Entry
	}, restsOnIt},
	{"a channel with an objective", func(t tester, p person) EntryID {
		p.aims(t, 1000, restPeriod, goals.Once)
		done, _ := p.AddChannel(p.ctx(), p.q(), "Rotary", goals.Networking)
		_, _ = p.SetObjective(p.ctx(), p.q(), NewObjective{Measure: goals.Hours, Amount: 60, Every: goals.Week, Channel: p.channel(t, "Rotary")})
		return done.Entry
	}, restsOnIt},
	{"a goal with an objective", func(t tester, p person) EntryID {
		done := p.aims(t, 1000, restPeriod, goals.Once)
		_, _ = p.SetObjective(p.ctx(), p.q(), NewObjective{Measure: goals.Hours, Amount: 60, Every: goals.Week})
		return done.Entry
	}, changedSince},
	{"the end of a goal that has a successor", func(t tester, p person) EntryID {
		p.aims(t, 1000, restPeriod, goals.Once)
		done, _ := p.EndGoal(p.ctx(), p.q())
		p.aims(t, 2000, restPeriod, goals.Once)
		return done.Entry
	}, changedSince},
	{"the start, with a line in its currency", func(t tester, p person) EntryID {
		done, err := p.Begin(p.ctx(), p.q(), Beginning{Currency: "USD"})
		if err != nil {
			t.Fatalf("%v", err)
		}
		p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Spend: 60})
		return done.Entry
	}, restsOnIt},
	{"a line that a check-in has corrected", func(t tester, p person) EntryID {
		rec := p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 5})
		st := p.asked(t)
		lines := []AnswerLine{{Channel: p.channel(t, "BNI"), Amounts: goals.Amounts{goals.Contacts: 3}}}
		if _, err := p.Answer(p.ctx(), p.q(), Answer{Week: st.Week, Shown: st.Mark(), Lines: lines}); err != nil {
			t.Fatalf("%v", err)
		}
		return rec.Entry
	}, restsOnIt},
	{"a goal that was edited", func(t tester, p person) EntryID {
		done := p.aims(t, 1000, restPeriod, goals.Once)
		_, _ = p.EditGoal(p.ctx(), p.q(), NewGoal{Amount: pound(5)})
		return done.Entry
	}, changedSince},
	{"what is undone", func(t tester, p person) EntryID {
		rec := p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 5})
		_, _ = p.Undo(p.ctx(), p.q(), rec.Entry)
		return rec.Entry
	}, "That was undone already."},
	{"an undo", func(t tester, p person) EntryID {
		rec := p.logs(t, "BNI", p.today(t), goals.Amounts{goals.Contacts: 5})
		u, _ := p.Undo(p.ctx(), p.q(), rec.Entry)
		return u.Entry
	}, "That was undone already."},
}

// TestUndoThatOthersRestOn: each is refused with the reason, and nothing changes.
func TestUndoThatOthersRestOn(t *testing.T) {
	d := newDesk(t)
	for _, tt := range rested {
		t.Run(tt.name, func(t *testing.T) {
			p := d.owner(t, "Sam")
			entry := tt.do(t, p)
			before := p.picture(t)
			_, err := p.Undo(p.ctx(), p.q(), entry)
			mistaken(t, "Undo", err, goals.Conflict, tt.want)
			if diff := differ(before, p.picture(t)); diff != "" {
				t.Errorf("a refused undo has changed (-before +after):\n%s", diff)
			}
		})
	}
}

func TestUndoOfNothing(t *testing.T) {
	d := newDesk(t)
	p, other := d.newcomer(t, "Sam"), d.owner(t, "Eve")
	_, err := p.Undo(p.ctx(), p.q(), "")
	mistaken(t, "Undo of nothing", err, goals.Unknown, "There is nothing to undo.")
	rec := other.logs(t, "BNI", other.today(t), goals.Amounts{goals.Hours: 5})
	_, err = p.Undo(p.ctx(), p.q(), rec.Entry)
	mistaken(t, "Undo of another's", err, goals.Unknown, "I cannot find that change.")
	csv := strings.Join(csvColumns[:requiredColumns], ",") + "\nEve,2026-11-02,BNI,networking,1,,,,,,\n"
	if _, err := d.Import(d.ctx(), "local", other.Space, strings.NewReader(csv), "GBP"); err != nil {
		t.Fatal(err)
	}
	_, err = other.Undo(p.ctx(), other.q(), "")
	mistaken(t, "Undo of an import", err, goals.Invalid, "An import cannot be undone.")
}
