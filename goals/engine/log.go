package engine

import (
	"context"
	"errors"
	"strings"

	"payoff/goals"
	"payoff/storage"
)

// A NewActivity is a line to be logged.
type NewActivity struct {
	Channel goals.ChannelID
	Date    goals.Date
	Amounts goals.Amounts
	Note    string
	Words   string
}

// backlog is how many days back may be logged by an owner without a goal.
const backlog = 90

// A Receipt is what logging came to.
type Receipt struct {
	Done
	Logged []Logged
	Week   goals.Period  // that of the last line
	Sum    goals.Amounts // of that week, over all channels
	Goal   *goals.Pace   // nil without a goal
	Away   goals.Break   // the break today lies in, if Back is set
}

// A Logged is one line of a receipt.
type Logged struct {
	goals.Activity
	Channel goals.Channel
}

// Log records activities, all of them or none.
func (e *Engine) Log(ctx context.Context, q Request, list []NewActivity) (Receipt, error) {
	done, err := e.change(ctx, q, "log", func(c *change) error {
		earliest, err := c.earliest()
		if err != nil {
			return err
		}
		for _, n := range list {
			if n.Date < earliest {
				return goals.Wrong(goals.Invalid, "Lines are taken from "+earliest.Human(c.Today)+" on; older figures come in with payoff import.",
					"%s is too long ago to log for this goal.", n.Date.Human(c.Today))
			}
			if err := c.log(e, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Receipt{}, err
	}
	return e.receipt(ctx, q.Actor, done)
}

// earliest is the first day that may be logged: where the running goal's period begins.
func (c *change) earliest() (goals.Date, error) {
	goal, ok, err := c.openGoal()
	if err != nil {
		return 0, err
	}
	first := c.Today - backlog
	if ok {
		if p, ok := goal.PeriodOn(c.Today); ok {
			// A goal set today, or yesterday, for the days to come does not forbid this week's log.
			first = min(p.From, c.Today.Monday()-7)
		}
	}
	return first, nil
}

// log checks one line and writes it.
func (c *change) log(e *Engine, n NewActivity) error {
	if n.Date > c.Today {
		return goals.Wrong(goals.Invalid, "Log it once it has happened.", "%s is still to come.", n.Date.Human(c.Today))
	}
	if _, ok := channelByID(c.Owner, n.Channel); !ok {
		return goals.Wrong(goals.Unknown, "/payoff channel list shows yours.", "That channel is not one of yours.")
	}
	minutes := n.Amounts[goals.Hours]
	if minutes > 0 {
		err := c.tx.Activities(c.Actor.Owner, goals.Period{From: n.Date, To: n.Date}, false, func(a goals.Activity) bool {
			minutes += a.Amounts[goals.Hours]
			return true
		})
		if err != nil {
			return err
		}
	}
	if minutes > goals.MinutesADay {
		return goals.Wrong(goals.Invalid, "Check the hours, or the day it was.", "With this, %s would have %s of work in it, and a day has 24h.",
			n.Date.Human(c.Today), goals.FormatMinutes(minutes))
	}
	return c.add(e, n)
}

// add writes an activity without asking whether it may be.
func (c *change) add(e *Engine, n NewActivity) error {
	return c.tx.AddActivity(c.Actor.Owner, goals.Activity{
		ID: goals.ActivityID(e.newID(c.Now)), Channel: n.Channel, Date: n.Date, Amounts: n.Amounts,
		Note: n.Note, Words: n.Words, Logged: c.Now.UTC(),
		Late: n.Date < c.Today.Monday()-7, // its week's check-in is over
	})
}

// receipt reads what a log entry did. It is a view of its own, so that the one writer is
// not kept waiting for it.
func (e *Engine) receipt(ctx context.Context, a Actor, done Done) (Receipt, error) {
	rec := Receipt{Done: done}
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		entry, found, err := r.Entry(storage.Journal{Owner: a.Owner}, done.Entry)
		if err != nil || !found {
			return err
		}
		added, err := entry.Added(r)
		if err != nil {
			return err
		}
		rec.Logged = nil
		for _, act := range added {
			ch, _ := channelByID(s.Owner, act.Channel)
			rec.Logged = append(rec.Logged, Logged{act, ch})
			rec.Week = weekPeriod(act.Date.Monday())
		}
		rec.Away, _ = onBreak(s.Owner, s.Today)
		return rec.standing(s, r)
	})
	return rec, err
}

// standing reads how the week and the goal stand after the log.
func (rec *Receipt) standing(s *scene, r *storage.Reader) error {
	totals, err := r.Totals(s.Actor.Owner, goals.Period{From: rec.Week.From, To: rec.Week.From})
	if err != nil {
		return err
	}
	rec.Sum = goals.Amounts{}
	for _, t := range totals {
		rec.Sum = rec.Sum.Plus(t.Amounts)
	}
	_, rec.Goal, err = s.goalPace(r)
	return err
}

// An Undone is what was taken back.
type Undone struct {
	Done
	What   string // the use case that was undone
	Words  string
	Logged []Logged // lines that are gone
}

// Undo takes a change back: the one named, or with no name the last one that was not undone.
func (e *Engine) Undo(ctx context.Context, q Request, id storage.EntryID) (Undone, error) {
	var u Undone
	done, err := e.change(ctx, q, "undo", func(c *change) error {
		u = Undone{}
		j := storage.Journal{Owner: q.Owner}
		entry, err := c.entryToUndo(j, id)
		if err != nil {
			return err
		}
		added, err := entry.Added(&c.tx.Reader)
		if err != nil {
			return err
		}
		for _, a := range added {
			ch, _ := channelByID(c.Owner, a.Channel)
			u.Logged = append(u.Logged, Logged{a, ch})
		}
		u.What, u.Words = entry.What, entry.Words
		if err := c.tx.Revert(j, entry, c.entry); err != nil {
			if errors.Is(err, storage.ErrChangedSince) {
				return goals.Wrong(goals.Conflict, "Undo the later change first, with /payoff undo.", "That was changed again since.")
			}
			return err
		}
		owner, err := c.tx.Owner(q.Owner)
		if err != nil {
			return err
		}
		return e.dueCheckIn(c.tx, owner, c.Team, c.Now)
	})
	u.Done = done
	return u, err
}

// entryToUndo finds the journal entry that is to be taken back.
func (c *change) entryToUndo(j storage.Journal, id storage.EntryID) (storage.Entry, error) {
	if id != "" {
		entry, found, err := c.tx.Entry(j, id)
		switch {
		case err != nil:
			return entry, err
		case !found:
			return entry, goals.Wrong(goals.Unknown, "/payoff history shows what you did.", "I cannot find that change.")
		case entry.Undone != "" || entry.What == "undo":
			return entry, goals.Wrong(goals.Conflict, "/payoff history shows what stands.", "That was undone already.")
		}
		return entry, undoable(entry)
	}
	var last storage.Entry
	err := c.tx.Entries(j, func(entry storage.Entry) bool {
		if entry.Undone == "" && entry.What != "undo" {
			last = entry
		}
		return last.ID == ""
	})
	if err == nil && last.ID == "" {
		return last, goals.Wrong(goals.Unknown, "Log something first: 2h BNI £25 4 contacts", "There is nothing to undo.")
	}
	if err != nil {
		return last, err
	}
	return last, undoable(last)
}

func undoable(entry storage.Entry) error {
	if len(entry.Changes) == 0 {
		return goals.Wrong(goals.Invalid, "/payoff history shows what can.", "An import cannot be undone.")
	}
	return nil
}

// History lists an owner's activities, newest first: those of a channel, or of all when it
// is empty, whose note or words hold the text.
func (e *Engine) History(ctx context.Context, a Actor, p goals.Period, channel goals.ChannelID, limit int) (list []Logged, more bool, err error) {
	err = e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		list, more = nil, false
		return r.Activities(a.Owner, p, true, func(act goals.Activity) bool {
			if channel != "" && act.Channel != channel {
				return true
			}
			if len(list) == limit {
				more = true
				return false
			}
			ch, _ := channelByID(s.Owner, act.Channel)
			list = append(list, Logged{act, ch})
			return true
		})
	})
	return list, more, err
}

// A Changed is a line of the journal as a person reads it.
type Changed struct {
	ID     storage.EntryID
	At     string
	What   string
	Words  string
	Undone bool
}

// Changes lists an owner's journal, newest first.
func (e *Engine) Changes(ctx context.Context, a Actor, limit int) ([]Changed, error) {
	var list []Changed
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		list = nil
		return r.Entries(storage.Journal{Owner: a.Owner}, func(en storage.Entry) bool {
			list = append(list, Changed{
				ID: en.ID, At: en.At.In(s.Now.Location()).Format("2 Jan 15:04"),
				What: en.What, Words: strings.TrimSpace(en.Words), Undone: en.Undone != "",
			})
			return len(list) < limit
		})
	})
	return list, err
}
