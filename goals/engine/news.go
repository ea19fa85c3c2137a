package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// newsAt is when there is something to tell on a day: at the owner's check-in time, unless they
// have none or it lies in the quiet hours, which are for questions alone.
func (s *scene) newsAt(on goals.Date) time.Time {
	minute := s.Owner.Schedule.Minute
	if s.Owner.Schedule.Off || minute < goals.QuietUntil || minute >= goals.QuietFrom {
		minute = firstCheckIn.Minute
	}
	return goals.Schedule{Weekday: on.Weekday(), Minute: minute}.In(on, s.Now.Location())
}

// planNews sets when there is news of the owner's goals next. What is overdue stays: it is about
// to be claimed.
func (c *change) planNews() error {
	due := storage.Due{What: dueNews, Subject: string(c.Actor.Owner)}
	planned, err := c.tx.DueAt(due.What, due.Subject)
	if err != nil || !planned.IsZero() && !planned.After(c.Now) {
		return err
	}
	list, err := c.tx.Goals(c.Actor.Owner)
	if err != nil {
		return err
	}
	from := c.Today
	if !c.newsAt(from).After(c.Now) {
		from++
	}
	if next := goals.Milestones(list, from); len(next) > 0 && !c.Owner.Schedule.Off {
		due.At = c.newsAt(next[0].On)
	}
	return c.tx.SetDue(due)
}

// claimNews says what there is to say of the owner's goals, since it was due, and plans the next.
func (c *change) claimNews(e *Engine, o goals.Occasion, out storage.Outgoing) (do goals.Decision, err error) {
	if o.CheckIns, err = c.recent(); err != nil {
		return do, err
	}
	do = o.News()
	list, err := c.tx.Goals(c.Actor.Owner)
	if err != nil {
		return do, err
	}
	latest := map[goals.MilestoneKind]goals.Milestone{}
	for _, m := range goals.Milestones(list, goals.DateOf(o.Due.In(c.Now.Location()))) {
		if m.On <= c.Today && c.stillNews(list, m) {
			latest[m.Kind] = m
		}
	}
	for _, m := range latest {
		out.What, out.Goal, out.Key = string(m.Kind), m.Goal, fmt.Sprintf("%s %s %s %s", m.Kind, c.Actor.Owner, m.On, m.Goal)
		if m.Kind == goals.FirstLook { // once, also when the goal is moved
			out.Key = fmt.Sprintf("%s %s %s", m.Kind, c.Actor.Owner, m.Goal)
		}
		if err := c.enqueue(out, do); err != nil {
			return do, err
		}
	}
	return do, c.planNews()
}

// stillNews reports whether what there was to say on a day is still worth saying today.
func (s *scene) stillNews(list []goals.Goal, m goals.Milestone) bool {
	i := slices.IndexFunc(list, func(g goals.Goal) bool { return g.ID == m.Goal })
	return i >= 0 && list[i].Running(s.Today) && (m.Kind == goals.FirstLook || s.Today <= m.Period.To)
}

// A GoalNews is what there is to say of a goal apart from the check-in.
type GoalNews struct {
	GoalState
	Before *goals.Pace // how the period before this one ended, of a goal that renews
	Away   bool
}

// GoalNews reads a goal as it stands now; false when it is gone or over.
func (e *Engine) GoalNews(ctx context.Context, a Actor, id goals.GoalID) (news GoalNews, ok bool, err error) {
	err = e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		news, ok = GoalNews{}, false
		list, err := r.Goals(a.Owner)
		i := slices.IndexFunc(list, func(g goals.Goal) bool { return g.ID == id })
		if err != nil || i < 0 || !list[i].Running(s.Today) {
			return err
		}
		ok, news.Goal = true, list[i]
		_, news.Away = onBreak(s.Owner, s.Today)
		if news.Pace, err = s.pace(r, news.Goal, s.Today); err != nil {
			return err
		}
		last := news.Pace.Period.From - 1
		if news.Goal.Every == goals.Once || !news.Goal.Running(last) {
			return nil
		}
		before, err := s.pace(r, news.Goal, last)
		news.Before = &before
		return err
	})
	return news, ok, err
}
