package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"payoff/goals"
	"payoff/storage"
)

// An Undone is what was taken back.
type Undone struct {
	Done
	What   string // the use case that was undone
	Words  string
	Logged []Logged // lines that are gone
	Back   []Logged // lines that stand again
}

// Undo takes a change back: the one named, or with no name the last one that was not undone.
// What later changes rest on stays: that is a Conflict.
func (e *Engine) Undo(ctx context.Context, q Request, id storage.EntryID) (Undone, error) {
	done, err := e.change(ctx, q, "undo", func(c *change) error {
		j := storage.Journal{Owner: q.Owner}
		entry, err := c.entryToUndo(j, id)
		if err != nil {
			return err
		}
		added, err := entry.Added(&c.tx.Reader)
		if err != nil {
			return err
		}
		if err := c.tx.Revert(j, entry, c.entry); err != nil {
			if errors.Is(err, storage.ErrChangedSince) {
				return goals.Wrong(goals.Conflict, "Undo the later change first, with /payoff undo.", "That was changed again since.")
			}
			return err
		}
		c.undoes = entry.ID
		if err := c.stillHolds(added); err != nil {
			return err
		}
		return c.planAnew(e)
	})
	if err != nil {
		return Undone{}, err
	}
	return e.undone(ctx, q.Actor, done)
}

// undone reads from the journal what an undo took back, so that one delivered twice has the
// same answer.
func (e *Engine) undone(ctx context.Context, a Actor, done Done) (Undone, error) {
	u := Undone{Done: done}
	err := e.view(ctx, a, func(s *scene, r *storage.Reader) error {
		j := storage.Journal{Owner: a.Owner}
		undo, found, err := r.Entry(j, done.Entry)
		if err != nil || !found {
			return err
		}
		entry, _, err := r.Entry(j, undo.Undoes)
		if err != nil {
			return err
		}
		removed, err := undo.Removed()
		if err != nil {
			return err
		}
		back, err := undo.Added(r)
		if err != nil {
			return err
		}
		u = Undone{Done: done, What: entry.What, Words: entry.Words, Logged: s.logged(removed), Back: s.logged(back)}
		return nil
	})
	return u, err
}

// logged is lines with their channels.
func (s *scene) logged(list []goals.Activity) (lines []Logged) {
	for _, a := range list {
		ch, _ := channelByID(s.Owner, a.Channel)
		lines = append(lines, Logged{a, ch})
	}
	return lines
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
		case entry.Undone != "" || entry.Undoes != "":
			return entry, goals.Wrong(goals.Conflict, "/payoff history shows what stands.", "That was undone already.")
		}
		return entry, undoable(entry)
	}
	var last storage.Entry
	err := c.tx.Entries(j, func(entry storage.Entry) bool {
		if entry.Undone == "" && entry.Undoes == "" {
			last = entry
		}
		return last.ID == ""
	})
	if err == nil && last.ID == "" {
		return last, goals.Wrong(goals.Unknown, "Log something first: /log 2h BNI £25 4 contacts", "There is nothing to undo.")
	}
	if err != nil {
		return last, err
	}
	return last, undoable(last)
}

func undoable(entry storage.Entry) error {
	if what, ok := strings.CutSuffix(entry.What, " link"); ok {
		return goals.Wrong(goals.Invalid, "", "What was linked is not undone but unlinked: type /payoff %s unlink.", what)
	}
	if len(entry.Changes) == 0 {
		return goals.Wrong(goals.Invalid, "/payoff history shows what can.", "An import cannot be undone.")
	}
	return nil
}

// stillHolds refuses an undo that would leave later changes without what they rest on: a
// channel that is gone, amounts of another currency, or corrections of lines that are gone.
func (c *change) stillHolds(gone []goals.Activity) error {
	after, err := c.tx.Owner(c.Actor.Owner)
	if err != nil {
		return err
	}
	holds, err := c.figuresHold(after)
	if err == nil && holds {
		holds, err = c.amountsHold(gone)
	}
	if err == nil && !holds {
		return goals.Wrong(goals.Conflict, "Undo the later change first, with /payoff undo.", "Something you did since rests on that.")
	}
	return err
}

// figuresHold reports whether nothing names a channel that the undo has taken away, or is an
// amount in the currency that it has.
func (c *change) figuresHold(after goals.Owner) (bool, error) {
	moved := after.Currency != c.Owner.Currency
	gone := slices.ContainsFunc(c.Owner.Channels, func(ch goals.Channel) bool { return !hasChannel(after, ch.ID) })
	if !moved && !gone {
		return true, nil
	}
	list, err := c.tx.Goals(after.ID)
	if err != nil || moved && len(list) > 0 {
		return false, err
	}
	totals, err := c.tx.Totals(after.ID, storage.Ever)
	if err != nil {
		return false, err
	}
	for _, t := range totals {
		if moved || !hasChannel(after, t.Channel) {
			return false, nil
		}
	}
	objectives, err := c.tx.Objectives(after.ID)
	for _, o := range objectives { // one that has ended too, or its end could not be undone
		if o.Channel != "" && !hasChannel(after, o.Channel) {
			return false, err
		}
	}
	if err != nil {
		return false, err
	}
	return c.whatIfsHold(after)
}

func hasChannel(o goals.Owner, id goals.ChannelID) bool {
	_, found := channelByID(o, id)
	return found
}

// amountsHold reports whether no day of a line that is gone has come to less than nothing,
// as a correction at the check-in could make it. Only revenue may, by refunds.
func (c *change) amountsHold(gone []goals.Activity) (bool, error) {
	for _, a := range gone {
		by, err := sums(&c.tx.Reader, c.Actor.Owner, goals.Period{From: a.Date, To: a.Date})
		if err != nil {
			return false, err
		}
		for m, n := range by[a.Channel] {
			if n < 0 && goals.Measure(m) != goals.Revenue {
				return false, nil
			}
		}
	}
	return true, nil
}
