package engine

import (
	"context"

	"payoff/goals"
	"payoff/storage"
)

// A NewObjective is a target in another measure.
type NewObjective struct {
	Measure goals.Measure
	AtMost  bool
	Amount  int64
	Every   goals.Every
	Channel goals.ChannelID
}

// MaxObjectives is how many may run at a time: more than a person can keep in mind.
const MaxObjectives = 12

// SetObjective hangs an objective under the goal that runs. One for the same measure, channel
// and direction replaces the one there was.
func (e *Engine) SetObjective(ctx context.Context, q Request, n NewObjective) (Done, error) {
	return e.change(ctx, q, "goal set", func(c *change) error {
		goal, ok, err := c.openGoal()
		if err != nil {
			return err
		}
		if !ok {
			return goals.Wrong(goals.Conflict, "Try: /goal set £120k by 31 Dec, then this again.",
				"Before any other target I need the revenue figure it is for.")
		}
		if _, ok := channelByID(c.Owner, n.Channel); !ok && n.Channel != "" {
			return noChannel()
		}
		running, err := c.objectives()
		if err != nil {
			return err
		}
		kept := len(running)
		for _, o := range running {
			if o.Measure == n.Measure && o.Channel == n.Channel && o.AtMost == n.AtMost {
				kept--
				o.Ended = c.Today - 1
				if err := c.tx.PutObjective(c.Actor.Owner, o); err != nil {
					return err
				}
			}
		}
		if kept >= MaxObjectives {
			return goals.Wrong(goals.Invalid, "End one with /goal end first.", "You have %d targets, which is as many as can be kept in mind.", MaxObjectives)
		}
		return c.tx.PutObjective(c.Actor.Owner, goals.Objective{
			ID: goals.ObjectiveID(e.newID(c.Now)), Goal: goal.ID, Measure: n.Measure, AtMost: n.AtMost,
			Amount: n.Amount, Every: n.Every, Channel: n.Channel,
		})
	})
}

// EndObjective ends an objective.
func (e *Engine) EndObjective(ctx context.Context, q Request, id goals.ObjectiveID) (Done, error) {
	return e.change(ctx, q, "goal end", func(c *change) error {
		running, err := c.objectives()
		if err != nil {
			return err
		}
		for _, o := range running {
			if o.ID == id {
				o.Ended = c.Today - 1
				return c.tx.PutObjective(c.Actor.Owner, o)
			}
		}
		return goals.Wrong(goals.Unknown, "/goal shows what runs.", "That objective is not running.")
	})
}

func (c *change) objectives() ([]goals.Objective, error) {
	return runningObjectives(&c.tx.Reader, c.scene)
}

func runningObjectives(r *storage.Reader, s *scene) ([]goals.Objective, error) {
	all, err := r.Objectives(s.Actor.Owner)
	var running []goals.Objective
	for _, o := range all {
		if o.Ended == 0 {
			running = append(running, o)
		}
	}
	return running, err
}
