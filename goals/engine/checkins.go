package engine

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"
	"unicode/utf8"

	"payoff/goals"
	"payoff/storage"
)

// Limits on check-ins and breaks.
const (
	maxCatchUp  = 8 * 7 // days a check-in looks back at most, when earlier ones were missed
	MaxAnswer   = 500   // characters of an obstacle or a commitment
	MaxBreak    = 366   // days
	latestWeeks = 10    // weeks back in which the last check-in is looked for
)

// A CheckInState is what an owner is asked, and all that the question shows.
type CheckInState struct {
	goals.CheckIn
	Lines      []ChannelSum  // each channel in use over the days it covers
	Commitment string        // what the owner said last time they would do
	Pace       *goals.Pace   // nil without a goal
	Eased      *goals.Target // what the goal asked for before it was eased since the last check-in
	Objectives []Kept
	Over       []Overrun
	Busy       bool // contacts or conversations came, and nothing qualified or closed
	Customer   string
	Streak     int
	Next       time.Time // when the next one is due; zero when never
	Away       goals.Break
}

// A ChannelSum is a channel and what it came to.
type ChannelSum struct {
	goals.Channel
	Amounts goals.Amounts
}

// An Overrun is a channel that took more time than its weekly budget.
type Overrun struct {
	goals.Channel
	Minutes int64 // taken
	Over    int64 // of these beyond the budget
}

// CheckIn shows the check-in that is open, or, when there is none, this week's.
func (e *Engine) CheckIn(ctx context.Context, a Actor) (CheckInState, error) {
	var st CheckInState
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) (err error) {
		st, err = s.checkIn(r)
		return err
	})
	return st, err
}

func (s *scene) checkIn(r *storage.Reader) (CheckInState, error) {
	current, last, err := s.current(r)
	if err != nil {
		return CheckInState{}, err
	}
	st := CheckInState{CheckIn: current, Commitment: last.Commitment, Customer: s.Owner.Customer}
	st.Away, _ = onBreak(s.Owner, s.Today)
	if st.Lines, err = s.channelSums(r, current.Covers); err != nil {
		return st, err
	}
	var sum goals.Amounts
	weeks := int64(max(1, (current.Covers.Days()+6)/7))
	for _, l := range st.Lines {
		sum = sum.Plus(l.Amounts)
		if over, is := goals.OverBudget(l.Channel, l.Amounts[goals.Hours]/weeks); is {
			st.Over = append(st.Over, Overrun{l.Channel, l.Amounts[goals.Hours], over * weeks})
		}
	}
	st.Busy = sum[goals.Contacts]+sum[goals.Conversations] > 0 && sum[goals.Qualified]+sum[goals.Deals] == 0
	if st.Objectives, err = s.kept(r); err != nil {
		return st, err
	}
	if err := s.addGoal(r, &st, last); err != nil {
		return st, err
	}
	all, err := r.CheckIns(s.Actor.Owner, storage.Ever)
	if err != nil {
		return st, err
	}
	st.Streak = goals.Streak(all, s.Owner.Breaks, s.Today)
	st.Next, _ = nextCheckIn(s.Owner, s.Team, s.Now, current.Week)
	return st, nil
}

func (s *scene) addGoal(r *storage.Reader, st *CheckInState, last goals.CheckIn) error {
	goal, pace, err := s.goalPace(r)
	if err != nil || pace == nil {
		return err
	}
	st.Pace = pace
	if before, after, eased := goal.Eased(); eased && after.From > last.Week {
		st.Eased = &before
	}
	return nil
}

// channelSums is every channel in use, in the owner's order, with its sums over a period.
func (s *scene) channelSums(r *storage.Reader, p goals.Period) ([]ChannelSum, error) {
	by, err := sums(r, s.Actor.Owner, p)
	if err != nil {
		return nil, err
	}
	var list []ChannelSum
	for _, ch := range s.Owner.Channels {
		if a := by[ch.ID]; !ch.Archived || !a.IsZero() {
			list = append(list, ChannelSum{ch, a})
		}
	}
	return list, nil
}

// current is the check-in that is open now, or else this week's, asked or not; last is the
// one answered before it, with the commitment that is to be looked back on.
func (s *scene) current(r *storage.Reader) (current, last goals.CheckIn, err error) {
	monday := s.Today.Monday()
	list, err := r.CheckIns(s.Actor.Owner, goals.Period{From: monday - latestWeeks*7, To: monday})
	if err != nil {
		return current, last, err
	}
	current = goals.CheckIn{Week: monday}
	if n := len(list); n > 0 {
		if newest := list[n-1]; newest.Week == monday || s.stillOpen(newest) {
			current, list = newest, list[:n-1]
		}
	}
	since := goals.Date(0) // the first day that was not spoken of yet
	for _, c := range list {
		switch {
		case c.State == goals.CheckInAnswered:
			last = c
			since = c.Covers.To + 1
		case c.State == goals.CheckInSkipped:
			since = c.Covers.To + 1
		case since == 0:
			since = c.Covers.From
		}
	}
	if current.Covers == (goals.Period{}) {
		current.Covers = covers(s.Today, since)
	}
	return current, last, nil
}

// stillOpen reports whether an answer is still taken: until the next one is due.
func (s *scene) stillOpen(c goals.CheckIn) bool {
	if c.State != goals.CheckInAsked {
		return false
	}
	next, ok := nextCheckIn(s.Owner, s.Team, c.Asked, c.Week)
	return ok && s.Now.Before(next)
}

// covers is the days a check-in on a day asks about. Early in the week that is up to last
// Sunday, later the week as it is so far. It begins where the last answer ended.
func covers(on, since goals.Date) goals.Period {
	to := on
	if on.Weekday() >= time.Monday && on.Weekday() <= time.Wednesday {
		to = on.Monday() - 1
	}
	from := to.Monday()
	if since != 0 {
		from = min(since, to)
	}
	return goals.Period{From: max(from, to-maxCatchUp+1), To: to}
}

// An Answer is what an owner says at a check-in.
type Answer struct {
	Week       goals.Date
	Shown      string       // the mark of the figures the form showed
	Lines      []AnswerLine // channels whose figures they changed or confirmed
	Confidence goals.Confidence
	Obstacle   string
	Commitment string
	Kept       goals.Kept
}

// An AnswerLine is what a channel came to over the days covered, as the owner says.
type AnswerLine struct {
	Channel goals.ChannelID
	Amounts goals.Amounts
	Words   string
}

// Mark is a short fingerprint of the figures a check-in shows, by which an answer to other
// figures is noticed.
func (st CheckInState) Mark() string { return mark(st.Lines) }

func mark(lines []ChannelSum) string {
	h := fnv.New32a()
	for _, l := range lines {
		fmt.Fprint(h, l.ID, l.Amounts)
	}
	return fmt.Sprintf("%08x", h.Sum32())
}

// ErrFiguresMoved says that something was logged between showing a check-in's figures and
// the answer to them.
var ErrFiguresMoved = goals.Wrong(goals.Conflict, "I have filled in the new figures: look them over and send again.",
	"Something was logged while you were answering.")

// Answer takes the answer to a check-in. Where the owner's figures for a channel differ from
// what was logged, the difference is logged on the last day it covers.
func (e *Engine) Answer(ctx context.Context, q Request, a Answer) (Done, error) {
	return e.change(ctx, q, "check-in", func(c *change) error {
		for _, text := range []string{a.Obstacle, a.Commitment} {
			if utf8.RuneCountInString(text) > MaxAnswer {
				return goals.Wrong(goals.Invalid, "Say it in a sentence or two.", "That is longer than %d characters.", MaxAnswer)
			}
		}
		current, _, err := c.current(&c.tx.Reader)
		if err != nil {
			return err
		}
		if current.Week != a.Week {
			return goals.Wrong(goals.Conflict, "Answer this week's with /checkin.", "That check-in is over: the next one has been asked.")
		}
		lines, err := c.channelSums(&c.tx.Reader, current.Covers)
		if err != nil {
			return err
		}
		if a.Shown != mark(lines) {
			return ErrFiguresMoved
		}
		if err := c.adjust(e, a.Lines, lines, min(current.Covers.To, c.Today)); err != nil {
			return err
		}
		current.State, current.Answered = goals.CheckInAnswered, c.Now.UTC()
		current.Confidence, current.Obstacle = a.Confidence, a.Obstacle
		current.Commitment, current.Kept = a.Commitment, a.Kept
		if err := c.tx.PutCheckIn(q.Owner, current); err != nil {
			return err
		}
		return c.askNoMore(e)
	})
}

// adjust logs the differences between what the owner says and what was logged.
func (c *change) adjust(e *Engine, said []AnswerLine, logged []ChannelSum, on goals.Date) error {
	for _, line := range said {
		for _, l := range logged {
			diff := line.Amounts.Minus(l.Amounts)
			if l.ID != line.Channel || diff.IsZero() {
				continue
			}
			n := NewActivity{Channel: l.ID, Date: on, Amounts: diff, Note: "at the check-in", Words: line.Words}
			if err := c.add(e, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// askNoMore takes back what would still be asked this week, and sets the next.
func (c *change) askNoMore(e *Engine) error {
	if err := c.tx.SetDue(storage.Due{What: dueReminder, Subject: string(c.Actor.Owner)}); err != nil {
		return err
	}
	return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
}

// Skip says that there is no check-in this week.
func (e *Engine) Skip(ctx context.Context, q Request) (Done, error) {
	return e.change(ctx, q, "check-in skip", func(c *change) error {
		current, _, err := c.current(&c.tx.Reader)
		if err != nil {
			return err
		}
		if current.State == goals.CheckInAnswered {
			return goals.Wrong(goals.Conflict, "/report shows where you stand.", "You have checked in this week already.")
		}
		current.State = goals.CheckInSkipped
		if err := c.tx.PutCheckIn(q.Owner, current); err != nil {
			return err
		}
		return c.askNoMore(e)
	})
}

// Later asks again at the same time tomorrow, and says when that is.
func (e *Engine) Later(ctx context.Context, q Request) (time.Time, error) {
	var at time.Time
	_, err := e.change(ctx, q, "check-in later", func(c *change) error {
		current, _, err := c.current(&c.tx.Reader)
		if err != nil {
			return err
		}
		if current.State != goals.CheckInAsked {
			return goals.Wrong(goals.Conflict, "/checkin opens this week's whenever you like.", "There is no check-in waiting for you.")
		}
		at = c.Now.AddDate(0, 0, 1)
		return c.tx.SetDue(storage.Due{What: dueReminder, Subject: string(q.Owner), At: at})
	})
	return at, err
}

// SetSchedule sets when the owner is asked each week, and says when that is next.
func (e *Engine) SetSchedule(ctx context.Context, q Request, sched goals.Schedule) (Done, error) {
	return e.change(ctx, q, "check-in schedule", func(c *change) error {
		c.Owner.Schedule = sched
		if err := c.tx.PutOwner(c.Owner); err != nil {
			return err
		}
		return e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
	})
}

// Away begins a break today, or moves the return of the one that is on.
func (e *Engine) Away(ctx context.Context, q Request, back goals.Date) (Done, error) {
	return e.change(ctx, q, "away", func(c *change) error {
		switch {
		case back <= c.Today:
			return goals.Wrong(goals.Invalid, "Try: /checkin away until 12 Jan", "The day you return must be after today.")
		case back > c.Today+MaxBreak:
			return goals.Wrong(goals.Invalid, "For longer than a year, switch the question off: /checkin schedule off", "A break can be a year long.")
		}
		breaks := c.Owner.Breaks[:0:0]
		on := goals.Break{From: c.Today, Back: back}
		for _, b := range c.Owner.Breaks {
			if b.From <= c.Today && c.Today < b.Back {
				on.From = b.From
				continue
			}
			breaks = append(breaks, b)
		}
		c.Owner.Breaks = append(breaks, on)
		return c.onBreakChanged(e, on.Back)
	})
}

// Back ends the break that is on.
func (e *Engine) Back(ctx context.Context, q Request) (Done, error) {
	return e.change(ctx, q, "back", func(c *change) error {
		breaks := append([]goals.Break(nil), c.Owner.Breaks...)
		for i, b := range breaks {
			if b.From <= c.Today && c.Today < b.Back {
				breaks[i].Back = c.Today
				if b.From == c.Today {
					breaks = append(breaks[:i], breaks[i+1:]...)
				}
				c.Owner.Breaks = breaks
				return c.onBreakChanged(e, 0)
			}
		}
		return goals.Wrong(goals.Conflict, "For a break: /checkin away until 12 Jan", "You are not away.")
	})
}

// onBreakChanged keeps the owner and sets what is due; a return of 0 asks for no welcome.
func (c *change) onBreakChanged(e *Engine, back goals.Date) error {
	if err := c.tx.PutOwner(c.Owner); err != nil {
		return err
	}
	welcome := storage.Due{What: dueWelcome, Subject: string(c.Actor.Owner)}
	if back != 0 {
		at := goals.Schedule{Weekday: back.Weekday(), Minute: c.Owner.Schedule.Minute}
		welcome.At = at.In(back.Monday(), zone(c.Owner, c.Team))
	}
	if err := c.tx.SetDue(welcome); err != nil {
		return err
	}
	return c.askNoMore(e)
}

// MarkKept says how last time's commitment went, ahead of the rest of the answer.
func (e *Engine) MarkKept(ctx context.Context, q Request, week goals.Date, kept goals.Kept) (Done, error) {
	return e.change(ctx, q, "commitment", func(c *change) error {
		current, _, err := c.current(&c.tx.Reader)
		if err != nil {
			return err
		}
		if current.Week != week || current.State == "" {
			return goals.Wrong(goals.Conflict, "Answer this week's with /checkin.", "That check-in is over.")
		}
		current.Kept = kept
		return c.tx.PutCheckIn(q.Owner, current)
	})
}
