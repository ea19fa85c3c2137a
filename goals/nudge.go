package goals

import (
	"cmp"
	"slices"
	"time"
)

// What the bot does unasked is decided here, from values: what is due, what time it is, and
// what its person did before. Each decision says why it was made, for logs and the operator.

// The quiet hours are from the one minute of an owner's day to the other, and until LastLookBack
// a check-in is about the week before.
const (
	QuietFrom    = 21 * 60
	QuietUntil   = 8 * 60
	LastLookBack = time.Wednesday
)

// The other limits that decisions go by.
const (
	punctual       = 15 * time.Minute // after its time a message still counts as at its time
	mostLate       = 6 * time.Hour    // later than that, a check-in waits for the next one
	mostSilent     = 3                // check-ins in a row without an answer, then a pause is offered
	silentRest     = 4 * daysAWeek    // days between questions to who is silent
	mostUnasked    = 53 * daysAWeek   // days of weeks that are noted as not asked in
	reminderCloses = 24 * time.Hour   // before the next check-in there is no late reminder of the last
)

// An Action is what becomes of a message that is due.
type Action string

const (
	Send       Action = "send"
	Hold       Action = "hold"        // send it when the quiet hours end
	Fold       Action = "fold"        // the next one asks about it too
	OfferPause Action = "offer pause" // in the place of a check-in
	PutOff     Action = "put off"     // decide again later in the week
	Omit       Action = "omit"        // send nothing this time
	Stop       Action = "stop"        // there is nowhere to send it
)

// A Cause is why. Its text ends a sentence that begins with the action.
type Cause string

const (
	InTime       Cause = "its time has come"
	AsksFigure   Cause = "its time has come, and it asks for the revenue figure that is missing"
	LittleLate   Cause = "it is no more than six hours late"
	WouldPass    Cause = "the week would pass unasked"
	CaughtUp     Cause = "it asks about all the weeks that nobody asked in"
	Monthly      Cause = "nobody answers, so every four weeks are enough"
	Overnight    Cause = "from 21:00 to 08:00 it is quiet"
	TooLate      Cause = "it is more than six hours late"
	Unanswered   Cause = "three in a row were not answered"
	Away         Cause = "its person is on a break"
	SwitchedOff  Cause = "its person is not asked any more"
	AskedAlready Cause = "it was asked this week already"
	SpokenOf     Cause = "its days were asked about already"
	NothingOpen  Cause = "there is nothing left to answer"
	Unreachable  Cause = "its person cannot be reached"
)

// A Decision is what becomes of a message that is due, and why.
type Decision struct {
	Action Action
	Why    Cause
	Until  time.Time // it is not sent before; zero is at once
	Week   Date      // of a check-in: the Monday of the week that it is of
	Passed Period    // Mondays of the weeks in which nobody was asked, or had to be; none when To < From
}

func (d Decision) String() string {
	s := string(d.Action)
	if !d.Until.IsZero() {
		s += " at " + d.Until.Format("Mon 2 Jan 15:04")
	}
	return s + ": " + string(d.Why)
}

// An Occasion is a message that is due to an owner, and what bears on it.
type Occasion struct {
	Due       time.Time // when it was to be sent
	Now       time.Time // in the owner's zone
	Schedule  Schedule
	Breaks    []Break
	Reachable bool

	// For check-ins.
	CheckIns []CheckIn // of the last weeks, in any order
	GoOn     Date      // the day the owner last said to go on asking; silence before it does not count
	Figure   bool      // there is a revenue figure to hold the week against

	// For reminders.
	Open   bool      // the check-in it is about can still be answered
	Next   time.Time // when the next one is due; zero is never
	Wanted bool      // its person chose the hour, by saying later
}

// CheckIn decides about a weekly check-in.
//
// One that is up to six hours late is asked. One that is later is folded into the next, unless
// this week would then pass unasked. Weeks in which nobody was asked, because nothing ran, are
// caught up with by one question. After three in a row without an answer comes one message
// that offers a pause, and then a question every four weeks until there is an answer.
func (o Occasion) CheckIn() Decision {
	today := DateOf(o.Now)
	d := Decision{Week: today.Monday(), Passed: Period{0, -1}}
	switch {
	case !o.Reachable:
		return d.as(Stop, Unreachable)
	case o.Schedule.Off:
		return d.as(Omit, SwitchedOff)
	case onBreak(o.Breaks, today):
		return d.as(Omit, Away)
	}
	loc, late := o.Now.Location(), o.Now.Sub(o.Due)
	owed := min(DateOf(o.Due.In(loc)).Monday(), d.Week)
	if o.Schedule.In(d.Week, loc).After(o.Now) { // this week's is still to come
		if owed < d.Week {
			late = min(late, o.Now.Sub(o.Schedule.In(d.Week-daysAWeek, loc))) // of several the last counts
		}
		switch {
		case late > mostLate:
			d.Passed = mondays(owed, d.Week)
			return d.as(Fold, TooLate)
		case owed < d.Week:
			d.Week -= daysAWeek
		}
	}
	d.Passed = mondays(owed, d.Week)
	before := o.asked()
	if len(before) > 0 && before[0].Week >= d.Week {
		return d.as(Omit, AskedAlready)
	}
	if len(before) > 0 && before[0].Exhausts(today) {
		d.Until = o.Schedule.Later(today, loc)
		return d.as(PutOff, SpokenOf)
	}
	return o.ask(d, before, late)
}

// mondays is the weeks from one Monday up to, but without, that of another; a year of them at most.
func mondays(from, until Date) Period {
	return Period{max(from, until-mostUnasked), until - daysAWeek}
}

// Later is when in a week a check-in is asked that would have nothing to ask about at its time:
// on the first day on which it is about the week so far.
func (s Schedule) Later(week Date, loc *time.Location) time.Time {
	return instant(week.Monday()+fromMonday(LastLookBack)+1, s.Minute, loc)
}

// Exhausts reports whether a check-in on a later day would have nothing left to ask about: in the
// first days of a week it is about the week before, and who has moved from Sundays to Mondays
// has just spoken of that. So has who was asked on Sunday because payoff was down until then.
func (c CheckIn) Exhausts(on Date) bool {
	return on.Weekday() >= time.Monday && on.Weekday() <= LastLookBack && c.Week < on.Monday() && c.Covers.To >= on.Monday()-1
}

// ask decides how to ask, when a week is to be asked about.
func (o Occasion) ask(d Decision, before []CheckIn, late time.Duration) Decision {
	why := InTime
	switch silent, offered := o.silence(before); {
	case silent >= mostSilent && !offered:
		return o.overnight(d.as(OfferPause, Unanswered), false)
	case silent >= mostSilent && d.Week-before[0].Week < silentRest:
		return d.as(Omit, Monthly)
	case silent >= mostSilent:
		why = Monthly
	case d.Passed.Days() > 0:
		why = CaughtUp
	case late > mostLate:
		why = WouldPass
	case late > punctual:
		why = LittleLate
	case !o.Figure:
		why = AsksFigure
	}
	own := o.Schedule.In(DateOf(o.Due.In(o.Now.Location())), o.Now.Location())
	return o.overnight(d.as(Send, why), o.Due.Equal(own))
}

// asked is what was put to the owner, the newest first.
func (o Occasion) asked() []CheckIn {
	list := slices.DeleteFunc(slices.Clone(o.CheckIns), func(c CheckIn) bool { return !c.State.Happened() && c.State != CheckInPause })
	slices.SortFunc(list, func(a, b CheckIn) int { return cmp.Compare(b.Week, a.Week) })
	return list
}

// silence counts the check-ins in a row, up to the last, that were not answered; those that a
// break has overtaken count neither way. It says as well whether a pause was offered since.
func (o Occasion) silence(before []CheckIn) (n int, offered bool) {
	for _, c := range before {
		switch {
		case c.Week < o.GoOn.Monday(), c.State == CheckInAnswered, c.State == CheckInSkipped:
			return n, offered
		case c.State == CheckInPause && c.Week == o.GoOn.Monday(): // which is what they answered
			return n, offered
		case c.State == CheckInPause:
			offered = true
		case !touches(c.Week, o.Breaks):
			n++
		}
	}
	return n, offered
}

// Reminder decides about the one reminder of a check-in, and about one that was put off.
func (o Occasion) Reminder() Decision {
	d := Decision{Week: DateOf(o.Now).Monday(), Passed: Period{0, -1}}
	switch {
	case !o.Reachable:
		return d.as(Stop, Unreachable)
	case !o.Open:
		return d.as(Omit, NothingOpen)
	case onBreak(o.Breaks, DateOf(o.Now)):
		return d.as(Omit, Away)
	case o.Now.Sub(o.Due) > mostLate && !o.Next.IsZero() && o.Next.Sub(o.Now) < reminderCloses:
		return d.as(Fold, TooLate)
	}
	return o.overnight(d.as(Send, InTime), o.Wanted)
}

// Welcome decides about the welcome on the day that a break ends. Days later nobody needs one.
func (o Occasion) Welcome() Decision {
	d := o.statement()
	if d.Action == Send && o.Now.Sub(o.Due) > mostLate && DateOf(o.Due.In(o.Now.Location())) < DateOf(o.Now) {
		return d.as(Omit, TooLate)
	}
	return o.overnight(d, false)
}

// News decides about news of a goal. Who wants no questions, or answers none, wants none of it.
func (o Occasion) News() Decision {
	d := o.statement()
	silent, _ := o.silence(o.asked())
	switch {
	case d.Action != Send:
		return d
	case o.Schedule.Off:
		return d.as(Omit, SwitchedOff)
	case silent >= mostSilent:
		return d.as(Omit, Unanswered)
	}
	return o.overnight(d, false)
}

// statement decides about what asks nothing.
func (o Occasion) statement() Decision {
	d := Decision{Week: DateOf(o.Now).Monday(), Passed: Period{0, -1}}
	switch {
	case !o.Reachable:
		return d.as(Stop, Unreachable)
	case onBreak(o.Breaks, DateOf(o.Now)):
		return d.as(Omit, Away)
	}
	return d.as(Send, InTime)
}

// overnight holds what would come in the quiet hours. The hour that an owner chose is theirs:
// what comes at that is not held, unless it is late.
func (o Occasion) overnight(d Decision, chosen bool) Decision {
	until, quiet := QuietEnd(o.Now)
	if !quiet || chosen && o.Now.Sub(o.Due) <= punctual {
		return d
	}
	if d.Until = until; d.Action == Send {
		return d.as(Hold, Overnight)
	}
	return d
}

// QuietEnd is when the quiet hours end that a time of an owner's day lies in; false when it
// lies in none.
func QuietEnd(now time.Time) (time.Time, bool) {
	minute, today := now.Hour()*60+now.Minute(), DateOf(now)
	switch {
	case minute >= QuietFrom:
		today++
	case minute >= QuietUntil:
		return time.Time{}, false
	}
	return instant(today, QuietUntil, now.Location()), true
}

// Overdue reports whether a message that was written at a time is no longer on the spot, so
// that the quiet hours hold it.
func Overdue(written, now time.Time) bool { return now.Sub(written) > punctual }

func (d Decision) as(a Action, why Cause) Decision {
	d.Action, d.Why = a, why
	return d
}

func onBreak(breaks []Break, d Date) bool {
	return slices.ContainsFunc(breaks, func(b Break) bool { return b.From <= d && d < b.Back })
}
