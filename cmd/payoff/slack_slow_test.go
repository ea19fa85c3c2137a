package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"payoff/bot/slack/slacktest"
	"payoff/goals"
	"payoff/storage"
)

// atLength says whether what takes a minute is run as well. It is asked while a test runs:
// else its result would be kept, and given for the other's.
func atLength() bool { return os.Getenv("PAYOFF_SLOW") != "" }

// A slowness is how long the disk takes, each time it is asked.
type slowness struct {
	name             string
	reading, writing time.Duration
	cold             bool // payoff has just been started, and knows no workspace yet
}

// latest is when an answer must have come: none asks the disk more than a dozen times.
func (s slowness) latest() time.Duration { return 12*max(s.reading, s.writing) + 5*time.Second }

// TestSlowDisk: however long the disk takes, Slack is answered in time, people afterwards, and
// what they do is done once.
func TestSlowDisk(t *testing.T) {
	t.Parallel()
	cases := []slowness{{"commits", 0, 3200 * time.Millisecond, false}} // more than Slack waits
	if atLength() {
		const long = 5 * time.Second
		cases = []slowness{{"reads and commits", long, long, false}, {"commits", 0, long, false}, {"just started", long, long, true}}
	} else if testing.Short() {
		t.Skip("a slow disk takes seconds")
	}
	var all sync.WaitGroup
	defer all.Wait()
	for _, by := range ways {
		for _, slow := range cases {
			u := &unhurried{shop: newShop(t, by, november(13, 10, 0)), slow: slow}
			u.prepare()
			all.Go(u.act)
		}
	}
}

// An unhurried shop has a slow disk, and people who each do one thing.
type unhurried struct {
	*shop
	slow slowness
	team *slacktest.Workspace
	acts []*slowAct
}

// A slowAct is what one person does. What is prepared is done while the disk is quick.
type slowAct struct {
	name    string
	prepare func(*slowAct) error
	do      func(*slowAct) error // while it is slow
	stored  []string             // what they have logged when all is done

	*guest
	m     slacktest.Post // that has a button
	limit time.Duration
}

// slowActs are all that people do with payoff.
func slowActs() []*slowAct {
	return []*slowAct{
		{name: "Ava", do: (*slowAct).typesTwice, stored: []string{"2h BNI 4 contacts"}},
		{name: "Ben", prepare: (*slowAct).hasAFriend, do: (*slowAct).typesToAFriend, stored: []string{"won £1,200 BNI"}},
		{name: "Cat", do: (*slowAct).writes, stored: []string{"90m LinkedIn 3 conversations"}},
		{name: "Dan", prepare: (*slowAct).logs, do: (*slowAct).asksForTheCheckIn, stored: []string{"1h BNI"}},
		{name: "Eve", do: (*slowAct).asksForTheStart},
		{name: "Fay", prepare: (*slowAct).logs, do: (*slowAct).pressesUndo},
		{name: "Gus", prepare: (*slowAct).isAsked, do: (*slowAct).pressesCheckIn, stored: []string{"1h BNI"}},
		{name: "Hal", prepare: (*slowAct).hasTheForm, do: (*slowAct).sendsTheForm, stored: []string{"1h BNI"}},
		{name: "Ivy", prepare: (*slowAct).hasTheForm, do: (*slowAct).sendsASlip, stored: []string{"1h BNI"}},
		{name: "Jon", prepare: (*slowAct).logs, do: (*slowAct).opensHome, stored: []string{"1h BNI"}},
		{name: "Kit", prepare: (*slowAct).hasAHome, do: (*slowAct).pressesAtHome},
		{name: "Lou", prepare: (*slowAct).hasAMessage, do: (*slowAct).choosesLogThis},
		{name: "Meg", prepare: (*slowAct).hasLogThis, do: (*slowAct).sendsLogThis, stored: []string{"2h BNI", "30m LinkedIn"}},
	}
}

// coldActs are those that are otherwise when no workspace is known.
func coldActs() []*slowAct {
	return []*slowAct{
		{name: "Ava", do: (*slowAct).typesTwice, stored: []string{"2h BNI 4 contacts"}},
		{name: "Cat", do: (*slowAct).writes, stored: []string{"90m LinkedIn 3 conversations"}},
		{name: "Dan", prepare: (*slowAct).logs, do: (*slowAct).isOfferedTheCheckIn, stored: []string{"1h BNI"}},
		{name: "Fay", prepare: (*slowAct).logs, do: (*slowAct).pressesUndo},
		{name: "Hal", prepare: (*slowAct).hasTheForm, do: (*slowAct).sendsTheFormAgain, stored: []string{"1h BNI"}},
	}
}

func (u *unhurried) prepare() {
	u.team = u.installsIn("T0STREET", "High Street")
	u.opens()
	u.acts = slowActs()
	if u.slow.cold {
		u.acts = coldActs()
	}
	for _, a := range u.acts {
		a.guest, a.limit = u.begins(u.team, a.name), u.slow.latest()
		if a.prepare == nil {
			continue
		}
		if err := a.prepare(a); err != nil {
			u.t.Fatalf("%s: %v", a.name, err)
		}
	}
	if u.slow.cold {
		u.slack.Expect("expired_trigger_id")
		u.shut()
		u.opens()
	}
}

// act has everybody do what they do at the same time.
func (u *unhurried) act() {
	u.disk.takes(u.slow.reading, u.slow.writing)
	were, begun := len(u.slack.Acks()), time.Now()
	var all sync.WaitGroup
	failed := make([]error, len(u.acts))
	for i, a := range u.acts {
		all.Go(func() { failed[i] = a.do(a) })
	}
	all.Wait()
	u.disk.takes(0, 0)
	took := time.Since(begun)
	slowest, err := u.slowest(were)
	u.t.Logf("%s, %s: all was answered after %s, acknowledged after %s at most", u.way.name, u.slow.name, took.Round(time.Millisecond), slowest.Round(time.Millisecond))
	if err != nil || slowest >= 3*time.Second {
		u.t.Errorf("%s, %s: acknowledged after %s, %v; want it within 3 s", u.way.name, u.slow.name, slowest, err)
	}
	u.shut() // nothing more is on its way
	for i, a := range u.acts {
		if err := errors.Join(failed[i], a.holdsActivities(a.stored...)); err != nil {
			u.t.Errorf("%s, %s, %s: %v", u.way.name, u.slow.name, a.name, err)
		}
	}
	u.holdsErrors()
}

// both is what Slack does when it brings something twice, or a person who clicks twice.
func both(do func() error) error {
	again := make(chan error, 1)
	go func() { again <- do() }()
	return errors.Join(do(), <-again)
}

// once waits for an answer and holds that there is one of it.
func (a *slowAct) once(room, begins string, private bool) error {
	m, err := a.hears(room, begins, a.limit)
	if err != nil {
		return err
	}
	if all := a.said(room, begins); len(all) != 1 || m.Private != private {
		return fmt.Errorf("“%s” is said %d times, private %v; want once and %v", begins, len(all), m.Private, private)
	}
	return nil
}

func (a *slowAct) typesTwice() error {
	err := both(func() error { return a.team.Command(a.name, a.user, a.room(), "/log 2h BNI 4 contacts") })
	return errors.Join(err, a.once(a.room(), "Logged BNI, today: 2h, 4 contacts.", true))
}

// friends is a room of two people that payoff is not let into.
const friends = "D0FRIENDS"

func (a *slowAct) hasAFriend() error {
	a.team.AddUser(slacktest.User{ID: "U0PAL", Name: "Pal", Zone: "Europe/London"})
	a.team.AddRoom(slacktest.Room{ID: friends, Private: true, Members: []string{a.user, "U0PAL"}})
	return nil
}

func (a *slowAct) typesToAFriend() error {
	err := a.team.Command("", a.user, friends, "/payoff log won £1,200 BNI")
	return errors.Join(err, a.once(friends, "Logged BNI, today: 1 deal, £1,200 revenue.", true))
}

func (a *slowAct) writes() error {
	err := both(func() error { return a.team.Write(a.name, a.user, a.direct(), "90m LinkedIn 3 conversations") })
	return errors.Join(err, a.once(a.direct(), "Logged LinkedIn, today: 1h 30m, 3 conversations.", false))
}

func (a *slowAct) logs() (err error) {
	if err = a.team.Command("", a.user, a.room(), "/log 1h BNI"); err == nil {
		a.m, err = a.hears(a.room(), "Logged BNI, today: 1h.", patience)
	}
	return err
}

// field is the value and the error of a field of a form.
func field(f slacktest.Form, label string) (value, wrong string) {
	for _, x := range f.Fields {
		if x.Label == label {
			return x.Value, x.Error
		}
	}
	return "no such field", ""
}

// seesTheCheckIn is the form, filled with what was logged.
func (a *slowAct) seesTheCheckIn() error {
	f, err := a.shown("Check-in", a.limit)
	if got, _ := field(f, "BNI"); err == nil && got != "1h" {
		err = fmt.Errorf("BNI is filled in with %q, want 1h", got)
	}
	return err
}

func (a *slowAct) asksForTheCheckIn() error {
	return errors.Join(a.team.Command("", a.user, a.room(), "/checkin"), a.seesTheCheckIn())
}

// isOfferedTheCheckIn: the right to open a form is over before it is known whose token opens it.
func (a *slowAct) isOfferedTheCheckIn() error {
	err := a.team.Command("", a.user, a.room(), "/checkin")
	m, none := a.hears(a.room(), "The form is ready.", a.limit)
	if err = errors.Join(err, none); err != nil {
		return err
	}
	return errors.Join(a.team.Press("", a.user, a.room(), m.TS, "Open the form"), a.seesTheCheckIn())
}

func (a *slowAct) asksForTheStart() error {
	err := a.team.Command("", a.user, a.room(), "/payoff start")
	f, none := a.shown("Getting started", a.limit)
	if err = errors.Join(err, none); err != nil {
		return err
	}
	for label, want := range map[string]string{"Your time zone": "Europe/London", "Networking you go to": "BNI", "Social media you use": "LinkedIn"} {
		if got, _ := field(f, label); got != want {
			err = errors.Join(err, fmt.Errorf("%s is filled in with %q, want %q", label, got, want))
		}
	}
	return err
}

func (a *slowAct) pressesUndo() error {
	err := both(func() error { return a.team.Press(a.name, a.user, a.room(), a.m.TS, "Undo") })
	return errors.Join(err, a.once(a.room(), "Undone: BNI, today: 1h.", true))
}

func (a *slowAct) isAsked() error {
	err := a.logs()
	if err == nil {
		err = a.team.Command("", a.user, a.direct(), "/checkin show")
	}
	if err == nil {
		a.m, err = a.hears(a.direct(), "How did the week go?", patience)
	}
	return err
}

func (a *slowAct) pressesCheckIn() error {
	return errors.Join(a.team.Press("", a.user, a.direct(), a.m.TS, "Check in"), a.seesTheCheckIn())
}

func (a *slowAct) hasTheForm() error {
	if err := a.isAsked(); err != nil {
		return err
	}
	return a.pressesCheckIn()
}

// answered is what the check-in is answered with.
func answered() map[string]string {
	return map[string]string{
		"Will you reach your goal?": "At risk", "What stands in the way?": "Too little time", "What will you do before next time?": "Ring old clients",
	}
}

// sendsTheForm, with a double click. It says what came of it, and so does the question.
func (a *slowAct) sendsTheForm() error {
	err := both(func() error { return a.team.Fill(a.name, a.user, answered()) })
	return errors.Join(err, a.seesItSent())
}

// sendsTheFormAgain: it is told to, and all that was typed is still there.
func (a *slowAct) sendsTheFormAgain() error {
	if err := a.team.Fill("", a.user, answered()); err != nil {
		return err
	}
	f, err := a.shown("Check-in", a.limit)
	if err != nil {
		return err
	}
	if _, wrong := field(f, "LinkedIn"); !strings.Contains(f.Fields[0].Error+wrong, "Please send this once more") {
		return fmt.Errorf("the form does not say that it was not taken: %+v", f.Fields)
	}
	if got, _ := field(f, "What stands in the way?"); got != "Too little time" {
		return fmt.Errorf("the obstacle is now %q", got)
	}
	err = within(a.limit, "the form is taken", func() bool {
		f, open := a.team.Form(a.user)
		return !open || len(f.Fields) == 0 || a.team.Fill("", a.user, nil) != nil
	})
	return errors.Join(err, a.seesItSent())
}

// seesItSent, in place of the question and, where the form has stood open until then, in it.
func (a *slowAct) seesItSent() error {
	const said = "Thank you, that is noted."
	if err := a.once(a.direct(), said, false); err != nil {
		return err
	}
	err := within(a.limit, "the form says that it was taken, or is closed", func() bool {
		f, open := a.team.Form(a.user)
		return !open || strings.HasPrefix(f.Intro, said) && len(f.Fields) == 0
	})
	if n := len(a.said(a.direct(), "")); n != 1 {
		err = errors.Join(err, fmt.Errorf("payoff has said %d things in the direct room, want the one that was the question", n))
	}
	return errors.Join(err, a.holdsCheckIn())
}

// holdsCheckIn: one answer is stored, and it is theirs.
func (a *slowAct) holdsCheckIn() error {
	return a.db.View(a.t.Context(), func(r *storage.Reader) error {
		list, err := r.CheckIns(a.owner, storage.Ever)
		if err == nil && (len(list) != 1 || list[0].State != goals.CheckInAnswered || list[0].Obstacle != "Too little time" || list[0].Commitment != "Ring old clients") {
			err = fmt.Errorf("the check-ins stored are %+v", list)
		}
		return err
	})
}

// sendsASlip: the form comes again, with what was typed and what is wrong with it.
func (a *slowAct) sendsASlip() error {
	values := answered()
	values["BNI"] = "1h, 2 conversatins"
	if err := a.team.Fill("", a.user, values); err != nil {
		return err
	}
	return within(a.limit, "the slip is shown, and all that was typed", func() bool {
		f, open := a.team.Form(a.user)
		got, wrong := field(f, "BNI")
		obstacle, _ := field(f, "What stands in the way?")
		return open && got == values["BNI"] && strings.Contains(wrong, "conversatins") && obstacle == "Too little time"
	})
}

func (a *slowAct) opensHome() error {
	err := a.team.OpenHome("", a.user)
	return errors.Join(err, within(a.limit, "the App Home is there", func() bool {
		home, there := a.team.Home(a.user)
		return there && strings.HasPrefix(home.Text, "£0 of £120,000 by 31 Dec, 0%.") && strings.Contains(home.Text, "BNI\n1h") && len(home.Images) == 1
	}))
}

func (a *slowAct) hasAHome() error {
	err := a.team.OpenHome("", a.user)
	return errors.Join(err, within(patience, "an App Home", func() bool { _, there := a.team.Home(a.user); return there }))
}

func (a *slowAct) pressesAtHome() error {
	err := a.team.Press("", a.user, "", "", "My goal")
	return errors.Join(err, a.once(a.direct(), "£0 of £120,000 by 31 Dec, 0%.", false))
}

func (a *slowAct) hasAMessage() error {
	err := a.team.Write("", a.user, a.room(), "2h BNI, then 30m LinkedIn")
	all := a.team.Seen(a.user, a.room())
	a.m = all[len(all)-1]
	return err
}

func (a *slowAct) choosesLogThis() error {
	err := a.team.Shortcut("", a.user, a.room(), a.m.TS, "log this")
	f, none := a.shown("Log this", a.limit)
	if got, _ := field(f, "What should I log?"); none == nil && got != "2h BNI, then 30m LinkedIn" {
		none = fmt.Errorf("the form holds %q, want the message", got)
	}
	return errors.Join(err, none)
}

func (a *slowAct) hasLogThis() error {
	if err := a.hasAMessage(); err != nil {
		return err
	}
	return a.choosesLogThis()
}

// sendsLogThis, with a double click.
func (a *slowAct) sendsLogThis() error {
	err := both(func() error {
		return a.team.Fill(a.name, a.user, map[string]string{"What should I log?": "2h BNI\n30m LinkedIn"})
	})
	return errors.Join(err, a.once(a.room(), "Logged BNI, today: 2h.", true))
}
