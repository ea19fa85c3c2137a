package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/discord/discordtest"
	"payoff/goals"
	"payoff/storage"
)

// TestDiscordOnASlowDisk: however long the disk takes, Discord is answered within three seconds,
// people afterwards, and what they do is done once.
func TestDiscordOnASlowDisk(t *testing.T) {
	t.Parallel()
	cases := []slowness{{"commits", 0, 3200 * time.Millisecond, false}} // more than Discord waits
	if atLength() {
		const long = 5 * time.Second
		cases = []slowness{{"commits", 0, long, false}, {"just started", 0, long, true}}
	} else if testing.Short() {
		t.Skip("a slow disk takes seconds")
	}
	var all sync.WaitGroup
	defer all.Wait()
	for _, by := range stallWays {
		for _, slow := range cases {
			u := &unhasty{stall: newStall(t, by, november(13, 10, 0)), slow: slow}
			u.prepare()
			all.Go(u.act)
		}
	}
}

// An unhasty stall has a slow disk, and people who each do one thing.
type unhasty struct {
	*stall
	slow  slowness
	turns []*slowTurn
}

// A slowTurn is what one person does. What is prepared is done while the disk is quick.
type slowTurn struct {
	name    string
	prepare func(*slowTurn) error
	do      func(*slowTurn) error // while it is slow
	stored  string                // what they have logged when all is done
	long    bool                  // it takes several commits, one after the other

	*visitor
	m     discordtest.Message
	limit time.Duration
}

// slowTurns are all that people do with payoff.
func slowTurns() []*slowTurn {
	return []*slowTurn{
		{name: "Ava", do: (*slowTurn).typesTwice, stored: "2h BNI 4 contacts"},
		{name: "Ben", do: (*slowTurn).typesDirectly, stored: "won £1,200 BNI"},
		{name: "Cat", do: (*slowTurn).looksAtTheBoard},
		{name: "Dan", prepare: (*slowTurn).logs, do: (*slowTurn).asksForTheCheckIn, stored: "1h BNI"},
		{name: "Eve", do: (*slowTurn).asksForTheStart},
		{name: "Fay", prepare: (*slowTurn).logs, do: (*slowTurn).pressesUndo},
		{name: "Gus", prepare: (*slowTurn).isShown, do: (*slowTurn).pressesCheckIn, stored: "1h BNI"},
		{name: "Hal", prepare: (*slowTurn).hasTheForm, do: (*slowTurn).sendsTheForm, stored: "1h BNI", long: true},
		{name: "Ivy", prepare: (*slowTurn).hasTheForm, do: (*slowTurn).sendsASlip, stored: "1h BNI", long: true},
		{name: "Lou", prepare: (*slowTurn).hasWritten, do: (*slowTurn).choosesLogThis},
		{name: "Meg", prepare: (*slowTurn).hasLogThis, do: (*slowTurn).sendsLogThis, stored: "2h BNI", long: true},
	}
}

func (u *unhasty) prepare() {
	for _, turn := range slowTurns() {
		if turn.long && !atLength() {
			continue
		}
		turn.visitor, turn.limit = u.begins(turn.name), u.slow.latest()
		u.turns = append(u.turns, turn)
	}
	u.opens()
	for _, turn := range u.turns {
		if turn.prepare == nil {
			continue
		}
		if err := turn.prepare(turn); err != nil {
			u.t.Fatalf("%s: %v", turn.name, err)
		}
	}
	if u.slow.cold {
		u.shut()
		u.opens()
	}
}

// act has everybody do what they do at the same time.
func (u *unhasty) act() {
	u.disk.takes(u.slow.reading, u.slow.writing)
	u.slowest = 0
	begun := time.Now()
	var all sync.WaitGroup
	failed := make([]error, len(u.turns))
	for i, turn := range u.turns {
		all.Go(func() { failed[i] = turn.do(turn) })
	}
	all.Wait()
	u.disk.takes(0, 0)
	u.t.Logf("%s, %s: all was answered after %s, acknowledged after %s at most", u.way.name, u.slow.name, time.Since(begun).Round(time.Millisecond), u.slowest.Round(time.Millisecond))
	if u.slowest >= 3*time.Second {
		u.t.Errorf("%s, %s: acknowledged after %s, want it within 3 s", u.way.name, u.slow.name, u.slowest)
	}
	u.shut() // nothing more is on its way
	for i, turn := range u.turns {
		if err := errors.Join(failed[i], turn.holdsStored()); err != nil {
			u.t.Errorf("%s, %s, %s: %v", u.way.name, u.slow.name, turn.name, err)
		}
	}
	u.holdsErrors()
}

// holdsStored holds the one line that is stored of somebody against what they logged.
func (a *slowTurn) holdsStored() error {
	got, err := a.activities()
	if err == nil && (len(got) > 1 || a.stored == "" && len(got) > 0 || a.stored != "" && (len(got) == 0 || !strings.HasPrefix(got[0], a.stored+": "))) {
		err = fmt.Errorf("stored are %q, want %q", got, a.stored)
	}
	return err
}

// once waits for an answer and holds that there is one of it.
func (a *slowTurn) once(room, begins string, private bool) error {
	m, err := a.hears(room, begins, a.limit)
	if err != nil {
		return err
	}
	if all := a.anywhere(begins); len(all) != 1 || m.Private != private {
		return fmt.Errorf("“%s” is said %d times, private %v; want once and %v", begins, len(all), m.Private, private)
	}
	return nil
}

func (a *slowTurn) typesTwice() error {
	err := both(func() error { return a.types("twice", a.room, "/log 2h BNI 4 contacts") })
	return errors.Join(err, a.once(a.room, "Logged BNI, today: 2h, 4 contacts.", true))
}

func (a *slowTurn) typesDirectly() error {
	err := a.types("", a.direct(), "/log won £1,200 BNI")
	return errors.Join(err, a.once(a.direct(), "Logged BNI, today: 1 deal, £1,200 revenue.", false))
}

func (a *slowTurn) looksAtTheBoard() error {
	err := a.types("", a.room, "/leaderboard")
	return errors.Join(err, a.once(a.room, "Leaderboard, November 2026", false))
}

func (a *slowTurn) logs() (err error) {
	if err = a.types("", a.room, "/log 1h BNI"); err == nil {
		a.m, err = a.hears(a.room, "Logged BNI, today: 1h.", patience)
	}
	return err
}

func (a *slowTurn) pressesUndo() error {
	err := both(func() error { return a.presses("undo", a.room, a.m.ID, "Undo") })
	return errors.Join(err, a.once(a.room, "Undone: BNI, today: 1h.", true))
}

// opens opens a form by the card that came because the form was ready too late to be shown.
func (a *slowTurn) opens(room, title string, filled map[string]string) error {
	m, err := a.hears(room, "The form is ready.", a.limit)
	if err != nil {
		return err
	}
	if err := a.presses("", room, m.ID, "Open the form"); err != nil {
		return err
	}
	return a.sees(title, filled)
}

// sees waits for a form with what is filled in.
func (a *slowTurn) sees(title string, filled map[string]string) error {
	f, err := a.shown(title, a.limit)
	for label, want := range filled {
		if got := answerIn(f, label); err == nil && got != want {
			err = fmt.Errorf("%s is filled in with %q, want %q", label, got, want)
		}
	}
	return err
}

// answerIn is what stands in a field of a form.
func answerIn(m discordtest.Modal, label string) string {
	for _, f := range m.Fields {
		if f.Label == label {
			return f.Value
		}
	}
	return "no such field"
}

func (a *slowTurn) asksForTheCheckIn() error {
	return errors.Join(a.types("", a.room, "/checkin now"), a.opens(a.room, "Check-in", map[string]string{"BNI": "1h"}))
}

func (a *slowTurn) asksForTheStart() error {
	err := a.types("", a.direct(), "/payoff start")
	return errors.Join(err, a.opens(a.direct(), "Getting started", map[string]string{"Your time zone": "Europe/London", "Social media you use": "LinkedIn"}))
}

func (a *slowTurn) isShown() error {
	err := a.logs()
	if err == nil {
		err = a.types("", a.direct(), "/checkin")
	}
	if err == nil {
		a.m, err = a.hears(a.direct(), "How did the week go?", patience)
	}
	return err
}

func (a *slowTurn) pressesCheckIn() error {
	return errors.Join(a.presses("", a.direct(), a.m.ID, "Check in"), a.opens(a.direct(), "Check-in", map[string]string{"BNI": "1h"}))
}

func (a *slowTurn) hasTheForm() error {
	if err := a.isShown(); err != nil {
		return err
	}
	return errors.Join(a.presses("", a.direct(), a.m.ID, "Check in"), a.sees("Check-in", map[string]string{"BNI": "1h"}))
}

// sendsParts fills in both parts of the check-in, each with a double click.
func (a *slowTurn) sendsParts(first map[string]string) error {
	if err := both(func() error { return a.submits("first", first) }); err != nil {
		return err
	}
	m, err := a.hears(a.direct(), "Part 1 of 2 is kept. Go on?", a.limit)
	if err != nil {
		return err
	}
	if err := a.presses("", a.direct(), m.ID, "Continue"); err != nil {
		return err
	}
	if err := a.sees("Check-in", nil); err != nil {
		return err
	}
	return both(func() error {
		return a.submits("second", map[string]string{"What will you do before next time?": "Ring old clients"})
	})
}

func (a *slowTurn) sendsTheForm() error {
	err := a.sendsParts(map[string]string{"Will you reach your goal?": "At risk", "What stands in the way?": "Too little time"})
	return errors.Join(err, a.once(a.direct(), "Thank you, that is noted.", false), a.holdsCheckIn())
}

// holdsCheckIn: one answer is stored, and it is theirs.
func (a *slowTurn) holdsCheckIn() error {
	return a.db.View(a.t.Context(), func(r *storage.Reader) error {
		list, err := r.CheckIns(a.owner, storage.Ever)
		if err == nil && (len(list) != 1 || list[0].State != goals.CheckInAnswered || list[0].Obstacle != "Too little time" || list[0].Commitment != "Ring old clients") {
			err = fmt.Errorf("the check-ins stored are %+v", list)
		}
		return err
	})
}

// sendsASlip: a card says what is wrong, and leads to the form with all that was typed.
func (a *slowTurn) sendsASlip() error {
	typed := map[string]string{"BNI": "1h, 2 conversatins", "Will you reach your goal?": "At risk", "What stands in the way?": "Too little time"}
	if err := a.sendsParts(typed); err != nil {
		return err
	}
	m, err := a.hears(a.direct(), "BNI: ", a.limit)
	if err != nil || !strings.Contains(m.Text, "conversatins") {
		return fmt.Errorf("the card says %q, %w", m.Text, err)
	}
	return errors.Join(a.presses("", a.direct(), m.ID, "Correct it"), a.sees("Check-in", typed))
}

func (a *slowTurn) hasWritten() error {
	a.m.ID = a.there.Write(a.user, a.room, "2h BNI")
	return nil
}

func (a *slowTurn) choosesLogThis() error {
	err := a.acts(func() error { return a.there.MessageCommand("", a.user, a.room, a.m.ID, "Log this") })
	return errors.Join(err, a.opens(a.room, "Log this", map[string]string{"What should I log?": "2h BNI"}))
}

func (a *slowTurn) hasLogThis() error {
	err := a.hasWritten()
	if err == nil {
		err = a.there.MessageCommand("", a.user, a.room, a.m.ID, "Log this")
	}
	return errors.Join(err, a.sees("Log this", nil))
}

// sendsLogThis, with a double click.
func (a *slowTurn) sendsLogThis() error {
	err := both(func() error { return a.submits("log this", nil) })
	return errors.Join(err, a.once(a.room, "Logged BNI, today: 2h.", true))
}
