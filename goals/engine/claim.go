package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"payoff/goals"
	"payoff/storage"
)

const (
	// claimAtOnce is how many due things are taken up in one transaction: enough that they share
	// its cost, and so few that a person who writes meanwhile waits for some hundredths of a second.
	claimAtOnce = 1000
	// lookAtOnce is how many are looked at together. They are taken up in the order of their
	// owners: what lies side by side in the database is then written side by side.
	lookAtOnce = 50 * claimAtOnce
)

// A Decided is what became of something that fell due to an owner.
type Decided struct {
	What  string
	Owner goals.OwnerID
	Due   time.Time
	goals.Decision
}

// Claim turns what is due by now into messages in the outbox, and sets when each is due next.
// It returns how many there were, and tells note, which may be nil, what became of each. What
// cannot be claimed holds up nothing else: it is left for the next time, and its error returned
// at the end.
func (e *Engine) Claim(ctx context.Context, note func(Decided)) (int, error) {
	if err := e.followClocks(ctx); err != nil {
		return 0, err
	}
	now := e.now()
	claimed := 0
	failed := map[storage.Due]error{}
	for {
		dues, err := e.duesBut(ctx, now, failed)
		if err != nil || len(dues) == 0 {
			return claimed, errors.Join(append(slices.Collect(maps.Values(failed)), err)...)
		}
		for one := range e.batches(ctx, dues, now) {
			b := <-one
			if b.err != nil { // one of them spoils it
				b.decided = e.claimEach(ctx, b.dues, now, failed)
			}
			claimed += len(b.decided)
			for _, d := range b.decided {
				if note != nil && d.Action != "" {
					note(d)
				}
			}
		}
	}
}

// A batch is due things that were taken up at once.
type batch struct {
	dues    []storage.Due
	decided []Decided
	err     error // why none of them was
}

// batches takes up what is due, in order. While one batch is on its way to the disk the next is
// already taken up, and no more: people who write meanwhile come between.
func (e *Engine) batches(ctx context.Context, dues []storage.Due, now time.Time) <-chan chan batch {
	underway := make(chan chan batch, 1)
	go func() {
		defer close(underway)
		for some := range slices.Chunk(dues, claimAtOnce) {
			one := make(chan batch, 1)
			underway <- one
			go func() {
				e.readAhead(ctx, some)
				decided, err := e.claim(ctx, some, now)
				one <- batch{some, decided, err}
			}()
		}
	}()
	return underway
}

// readAhead reads the owners of what is due while the writer has other things to do. Nothing is
// kept of it but what storage remembers: it need not decode them again where everybody waits.
func (e *Engine) readAhead(ctx context.Context, dues []storage.Due) {
	_ = e.db.View(ctx, func(r *storage.Reader) error { // what goes wrong goes wrong again
		for _, d := range dues {
			if !isTeams(d.What) {
				_, _ = r.Owner(goals.OwnerID(d.Subject))
			}
		}
		return nil
	})
}

// claimEach takes things up one by one.
func (e *Engine) claimEach(ctx context.Context, dues []storage.Due, now time.Time, failed map[storage.Due]error) (decided []Decided) {
	for _, d := range dues {
		one, err := e.claim(ctx, []storage.Due{d}, now)
		if err != nil {
			failed[d] = fmt.Errorf("claim %s of %s: %w", d.What, d.Subject, err)
		}
		decided = append(decided, one...)
	}
	return decided
}

// duesBut are the next things that are due, but for those that failed.
func (e *Engine) duesBut(ctx context.Context, now time.Time, failed map[storage.Due]error) (dues []storage.Due, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = e.db.View(ctx, func(r *storage.Reader) error {
		dues = dues[:0]
		return r.Dues(now, func(d storage.Due) bool {
			if failed[d] == nil {
				dues = append(dues, d)
			}
			return len(dues) < lookAtOnce
		})
	})
	slices.SortStableFunc(dues, func(a, b storage.Due) int { return strings.Compare(a.Subject, b.Subject) })
	return dues, err
}

// claim takes up what is due, in one transaction, and tells what became of each.
func (e *Engine) claim(ctx context.Context, dues []storage.Due, now time.Time) (decided []Decided, err error) {
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		decided = decided[:0]
		for _, d := range dues {
			still, err := tx.TakeDue(d)
			if err != nil {
				return err
			}
			if !still { // another process, or the person, was quicker
				continue
			}
			do, err := e.claimOne(tx, d, now)
			if err != nil {
				return err
			}
			decided = append(decided, Decided{What: d.What, Owner: goals.OwnerID(d.Subject), Due: d.At, Decision: do})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return decided, nil
}

// claimOne takes up one thing that is due.
func (e *Engine) claimOne(tx *storage.Tx, d storage.Due, now time.Time) (goals.Decision, error) {
	if isTeams(d.What) {
		return goals.Decision{}, e.claimTeams(tx, d, now)
	}
	return e.claimOwner(tx, d, now)
}

// claimOwner takes up what is due to an owner.
func (e *Engine) claimOwner(tx *storage.Tx, d storage.Due, now time.Time) (goals.Decision, error) {
	owner, err := tx.Owner(goals.OwnerID(d.Subject))
	if err != nil {
		return goals.Decision{}, err
	}
	contacts, err := tx.Contacts(owner.ID)
	if err != nil || len(contacts) == 0 {
		return goals.Decision{}, err
	}
	id, err := tx.TeamOf(contacts[0].Platform, contacts[0].Space)
	if err != nil {
		return goals.Decision{}, err
	}
	team, err := tx.Team(id)
	if err != nil {
		return goals.Decision{}, err
	}
	s := e.scene(owner, team)
	c := &change{scene: s, tx: tx}
	to, reached, err := open(&tx.Reader, owner.ID, contacts)
	if err != nil {
		return goals.Decision{}, err
	}
	out := storage.Outgoing{What: d.What, Team: team.ID, Owner: owner.ID, To: to, Created: now.UTC()}
	o := goals.Occasion{Due: d.At, Now: s.Now, Schedule: s.Owner.Schedule, Breaks: s.Owner.Breaks, GoOn: s.Owner.GoOn, Reachable: reached}
	switch d.What {
	case dueCheckIn:
		return c.claimCheckIn(e, o, out)
	case dueReminder, dueLater:
		return c.claimReminder(o, out)
	case dueWelcome:
		out.Key = fmt.Sprintf("welcome %s %s", owner.ID, s.Today)
		do := o.Welcome()
		return do, c.enqueue(out, do)
	case dueNews:
		return c.claimNews(e, o, out)
	}
	return goals.Decision{}, nil
}

// enqueue writes a message if it was decided to send it, with the reason.
func (c *change) enqueue(out storage.Outgoing, do goals.Decision) error {
	switch do.Action {
	case goals.Send, goals.Hold, goals.OfferPause:
	default:
		return nil
	}
	out.Why = do.Why
	if !do.Until.IsZero() {
		out.NotEarly = do.Until.UTC()
	}
	return c.tx.Enqueue(out)
}

// claimCheckIn opens a week's check-in and asks, if that is what is decided, and plans the next.
// Check-ins that were never answered are over with that.
func (c *change) claimCheckIn(e *Engine, o goals.Occasion, out storage.Outgoing) (do goals.Decision, err error) {
	if o.CheckIns, err = c.recent(); err != nil {
		return do, err
	}
	list, err := c.tx.Goals(c.Actor.Owner)
	if err != nil {
		return do, err
	}
	goal, found := goals.Current(list, c.Today)
	o.Figure = found && goal.Running(c.Today)
	do = o.CheckIn()
	if err := c.passOver(do.Passed, o.Due); err != nil {
		return do, err
	}
	switch {
	case do.Action == goals.Send, do.Action == goals.Hold:
		if err := c.ask(o.CheckIns, out, do); err != nil {
			return do, err
		}
		return do, e.dueCheckInAfter(c.tx, c.Owner, c.Team, c.Now, do.Week)
	case do.Action == goals.PutOff:
		return do, c.tx.SetDue(storage.Due{What: dueCheckIn, Subject: string(c.Actor.Owner), At: do.Until.UTC()})
	case do.Action == goals.OfferPause:
		if err = c.missOpen(o.CheckIns, do.Week); err == nil {
			err = c.tx.PutCheckIn(c.Actor.Owner, goals.CheckIn{Week: do.Week, State: goals.CheckInPause})
		}
		out.What, out.Week, out.Key = sayPause, do.Week, fmt.Sprintf("pause %s %s", c.Actor.Owner, do.Week)
		err = errors.Join(err, c.enqueue(out, do))
	case do.Why == goals.Monthly:
		err = c.missOpen(o.CheckIns, do.Week)
	}
	if err != nil {
		return do, err
	}
	return do, e.dueCheckIn(c.tx, c.Owner, c.Team, c.Now)
}

// ask opens the check-in of a week and asks.
func (c *change) ask(recent []goals.CheckIn, out storage.Outgoing, do goals.Decision) error {
	if err := c.missOpen(recent, do.Week); err != nil {
		return err
	}
	asked, _, err := c.current(&c.tx.Reader)
	if err != nil {
		return err
	}
	at := c.Now
	if !do.Until.IsZero() {
		at = do.Until
	}
	asked.Week, asked.State, asked.Asked = do.Week, goals.CheckInAsked, at.UTC()
	if err := c.tx.PutCheckIn(c.Actor.Owner, asked); err != nil {
		return err
	}
	out.Week = asked.Week
	out.Key = fmt.Sprintf("checkin %s %s", c.Actor.Owner, asked.Week)
	if err := c.enqueue(out, do); err != nil {
		return err
	}
	reminder := at.AddDate(0, 0, 1)
	if do.Why == goals.Monthly { // who does not answer is not pressed
		reminder = time.Time{}
	}
	subject := string(c.Actor.Owner)
	if err := c.tx.SetDue(storage.Due{What: dueReminder, Subject: subject, At: reminder}); err != nil {
		return err
	}
	// What was put off is over with the check-in it was about.
	return c.tx.SetDue(storage.Due{What: dueLater, Subject: subject})
}

// recent is the check-ins of the last weeks; of a year where none of these was answered, for a
// pause may have been offered long ago.
func (c *change) recent() ([]goals.CheckIn, error) {
	weeks := latest(c.Today.Monday())
	list, err := c.tx.CheckIns(c.Actor.Owner, weeks)
	if err != nil || slices.ContainsFunc(list, func(c goals.CheckIn) bool { return c.State == goals.CheckInAnswered || c.State == goals.CheckInSkipped }) {
		return list, err
	}
	if goals.DateOf(c.Owner.Joined) >= weeks.From { // there is nothing older
		return list, nil
	}
	weeks.From = weeks.To - 53*7
	return c.tx.CheckIns(c.Actor.Owner, weeks)
}

// passOver notes the weeks in which nobody was asked, and since when there is something to ask.
func (c *change) passOver(weeks goals.Period, due time.Time) error {
	since := covers(goals.DateOf(due.In(c.Now.Location())), 0)
	for week := weeks.From; week <= weeks.To; week += 7 {
		was, _, err := c.tx.CheckIn(c.Actor.Owner, week)
		if err != nil {
			return err
		}
		if was.State != goals.CheckInLooked {
			continue
		}
		was.Week, was.State, was.Covers = week, goals.CheckInUnasked, since
		if err := c.tx.PutCheckIn(c.Actor.Owner, was); err != nil {
			return err
		}
	}
	return nil
}

// missOpen marks what was asked before a week and not answered as missed.
func (c *change) missOpen(recent []goals.CheckIn, week goals.Date) error {
	for _, old := range recent {
		if old.Week >= week || old.State != goals.CheckInAsked {
			continue
		}
		old.State = goals.CheckInMissed
		if err := c.tx.PutCheckIn(c.Actor.Owner, old); err != nil {
			return err
		}
	}
	return nil
}

// claimReminder reminds once of a check-in that is still open.
func (c *change) claimReminder(o goals.Occasion, out storage.Outgoing) (do goals.Decision, err error) {
	current, _, err := c.current(&c.tx.Reader)
	if err != nil {
		return do, err
	}
	if o.Next, err = c.tx.DueAt(dueCheckIn, string(c.Actor.Owner)); err != nil {
		return do, err
	}
	o.Open, o.Wanted = current.State == goals.CheckInAsked, out.What == dueLater
	do = o.Reminder()
	out.Week = current.Week
	out.Key = fmt.Sprintf("%s %s %s", out.What, c.Actor.Owner, c.Today)
	return do, c.enqueue(out, do)
}
