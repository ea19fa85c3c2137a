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
		if err := c.adjust(e, a.Lines, lines, current.Covers); err != nil {
			return err
		}
		current.State, current.Answered = goals.CheckInAnswered, c.Now.UTC()
		current.Confidence, current.Obstacle, current.Commitment = a.Confidence, a.Obstacle, a.Commitment
		if a.Kept != goals.KeptUnsaid { // it may have been said by a button while the form was open
			current.Kept = a.Kept
		}
		return c.settle(e, current)
	})
}

// settle writes a check-in that is done with, and with it those asked before it and what it
// looked back on.
func (c *change) settle(e *Engine, done goals.CheckIn) error {
	if err := c.lookedBack(done); err != nil {
		return err
	}
	recent, err := c.tx.CheckIns(c.Actor.Owner, latest(done.Week))
	if err != nil {
		return err
	}
	if err := c.missOpen(recent, done.Week); err != nil {
		return err
	}
	if err := c.tx.PutCheckIn(c.Actor.Owner, done); err != nil {
		return err
	}
	return c.askNoMore(e)
}

// askNoMore takes back what would still be asked this week, and sets the next.
func (c *change) askNoMore(e *Engine) error {
	for _, what := range []string{dueReminder, dueLater} {
		if err := c.tx.SetDue(storage.Due{What: what, Subject: string(c.Actor.Owner)}); err != nil {
			return err
		}
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
		return c.settle(e, current)
	})
}

// Later asks again at the same time tomorrow, and says when that is.
func (e *Engine) Later(ctx context.Context, q Request) (at time.Time, err error) {
	_, err = e.change(ctx, q, "check-in later", func(c *change) error {
		current, _, err := c.current(&c.tx.Reader)
		if err != nil {
			return err
		}
		if current.State != goals.CheckInAsked {
			return goals.Wrong(goals.Conflict, "/checkin opens this week's whenever you like.", "There is no check-in waiting for you.")
		}
		if err := c.tx.SetDue(storage.Due{What: dueReminder, Subject: string(q.Owner)}); err != nil {
			return err
		}
		return c.tx.SetDue(storage.Due{What: dueLater, Subject: string(q.Owner), At: c.Now.AddDate(0, 0, 1)})
	})
	if err != nil {
		return at, err
	}
	err = e.view(ctx, q.Actor, func(s *scene, r *storage.Reader) error {
		at, err = r.DueAt(dueLater, string(q.Owner))
		at = at.In(s.Now.Location())
		return err
	})
	return at, err
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
