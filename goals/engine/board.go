package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// What is due for a team besides its weekly board.
const (
	dueSeason = "season" // the result of the season that has ended
	dueEdit   = "edit"   // the newest board shows what came in since
)

// editAfter is how long what came in late may wait to be shown, and so how far apart two edits
// of a board are.
const editAfter = 5 * time.Minute

// isTeams reports whether what is due is due for a team.
func isTeams(what string) bool { return what == dueBoard || what == dueSeason || what == dueEdit }

// claimTeams takes up what is due for a team.
func (e *Engine) claimTeams(tx *storage.Tx, d storage.Due, now time.Time) error {
	team, err := tx.Team(goals.TeamID(d.Subject))
	if err != nil {
		return err
	}
	switch d.What {
	case dueEdit:
		return e.claimEdit(tx, team, now)
	case dueSeason:
		// Half a month before is in the season that has ended, wherever the first of the month is.
		ended := goals.Season(goals.DateOf(d.At.In(e.zone(goals.Owner{}, team))) - 15)
		return e.claimSeason(tx, team, ended.From, now)
	}
	return e.claimBoard(tx, team, d.At, now)
}

// claimBoard puts the week's board of a team into the outbox, for each of its rooms.
func (e *Engine) claimBoard(tx *storage.Tx, team goals.Team, at, now time.Time) error {
	on := goals.DateOf(at.In(e.zone(goals.Owner{}, team)))
	err := eachRoom(tx, team.ID, func(space storage.Contact, room string) error {
		out := storage.Outgoing{
			Key:  fmt.Sprintf("board %s %s %s %s", team.ID, on.Monday(), space.Platform, space.Space),
			What: dueBoard, Team: team.ID, Week: on.Monday(), To: space, Room: room, Created: now.UTC(),
		}
		if err := tx.Enqueue(out); err != nil {
			return err
		}
		return tx.PutPosted(space.Platform, space.Space, storage.Posted{Key: out.Key, Season: goals.Season(on).From, Room: room})
	})
	if err != nil {
		return err
	}
	return e.dueBoard(tx, team, now)
}

// claimSeason puts the result of a season into the outbox, for each of a team's rooms. The
// boards posted in it are not edited any more: what they show is how it was.
func (e *Engine) claimSeason(tx *storage.Tx, team goals.Team, season goals.Date, now time.Time) error {
	err := eachRoom(tx, team.ID, func(space storage.Contact, room string) error {
		last, found, err := tx.Posted(space.Platform, space.Space)
		if err != nil {
			return err
		}
		if found && last.Season <= season {
			if err := tx.DropPosted(space.Platform, space.Space); err != nil {
				return err
			}
		}
		return tx.Enqueue(storage.Outgoing{ // its key stands before that of a board of the same day
			Key:  fmt.Sprintf("board %s %s closed %s %s", team.ID, season, space.Platform, space.Space),
			What: dueSeason, Team: team.ID, Season: season, To: space, Room: room, Created: now.UTC(),
		})
	})
	if err != nil {
		return err
	}
	return e.dueBoard(tx, team, now)
}

// eachRoom runs fn for each space of a team in which payoff is and that has a room for boards.
func eachRoom(tx *storage.Tx, team goals.TeamID, fn func(space storage.Contact, room string) error) error {
	spaces, err := tx.Spaces(team)
	for _, s := range spaces {
		if err != nil {
			return err
		}
		var since time.Time
		if since, err = tx.LeftSince(s.Platform, s.Space); err != nil || !since.IsZero() {
			continue
		}
		var room string
		if room, err = tx.Room(s.Platform, s.Space); err == nil && room != "" {
			err = fn(s, room)
		}
	}
	return err
}

// claimEdit puts what a team's newest boards are to show into the outbox. A board that is
// still to be sent, and an edit that is, will show it anyway.
func (e *Engine) claimEdit(tx *storage.Tx, team goals.Team, now time.Time) error {
	return eachPosted(&tx.Reader, team.ID, func(space storage.Contact, p storage.Posted) error {
		board, sent, err := tx.Sent(p.Key)
		if err != nil || !sent || board.Message == "" {
			return err
		}
		if _, waits, err := tx.Outgoing(editKey(p)); err != nil || waits {
			return err
		}
		p.Edits++
		if err := tx.PutPosted(space.Platform, space.Space, p); err != nil {
			return err
		}
		return tx.Enqueue(storage.Outgoing{
			Key: editKey(p), What: dueBoard, Team: team.ID, Week: board.Week, To: space, Room: p.Room,
			Edit: board.Message, Season: p.Season, Created: now.UTC(),
		})
	})
}

func editKey(p storage.Posted) string { return fmt.Sprintf("%s edit %d", p.Key, p.Edits) }

// eachPosted runs fn for each of a team's spaces that has a board which is edited.
func eachPosted(r *storage.Reader, team goals.TeamID, fn func(storage.Contact, storage.Posted) error) error {
	spaces, err := r.Spaces(team)
	for _, s := range spaces {
		if err != nil {
			return err
		}
		var since time.Time
		if since, err = r.LeftSince(s.Platform, s.Space); err != nil || !since.IsZero() {
			continue
		}
		p, found, bad := r.Posted(s.Platform, s.Space)
		if err = bad; err == nil && found {
			err = fn(s, p)
		}
	}
	return err
}

// boardMoves has the newest boards of a team edited, after an owner has changed something that
// they may show. Whether they do is seen when the words are made.
func (e *Engine) boardMoves(tx *storage.Tx, team goals.TeamID) error {
	if planned, err := tx.DueAt(dueEdit, string(team)); err != nil || !planned.IsZero() {
		return err
	}
	posted := false
	err := eachPosted(&tx.Reader, team, func(storage.Contact, storage.Posted) error {
		posted = true
		return nil
	})
	if err != nil || !posted {
		return err
	}
	return tx.SetDue(storage.Due{What: dueEdit, Subject: string(team), At: e.now().Add(editAfter)})
}

// dueBoard sets when a team's leaderboard is posted next, and when its season's result is: on
// the first of the month, at the same time of day.
func (e *Engine) dueBoard(tx *storage.Tx, t goals.Team, now time.Time) error {
	loc := e.zone(goals.Owner{}, t)
	at, on := t.Schedule.Next(now, loc)
	if err := tx.SetDue(storage.Due{What: dueBoard, Subject: string(t.ID), At: at}); err != nil {
		return err
	}
	due := storage.Due{What: dueSeason, Subject: string(t.ID)}
	if planned, err := tx.DueAt(due.What, due.Subject); err != nil || on && !planned.IsZero() && !planned.After(now) {
		return err // overdue: it is about to be claimed
	}
	for first := goals.Season(goals.DateOf(now.In(loc))).From; on && !due.At.After(now); first = goals.Season(first).To + 1 {
		due.At = goals.Schedule{Weekday: first.Weekday(), Minute: t.Schedule.Minute}.In(first, loc)
	}
	return tx.SetDue(due)
}

// BoardShows remembers what stands in a space's newest board, by a fingerprint, once it was
// posted or edited.
func (e *Engine) BoardShows(ctx context.Context, out Outgoing, shown string) error {
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		p, is, err := posted(&tx.Reader, out)
		if err != nil || !is {
			return err
		}
		p.Shown = shown
		return tx.PutPosted(out.To.Platform, out.To.Space, p)
	})
	if err != nil {
		return fmt.Errorf("remember a board: %w", err)
	}
	return nil
}

// ErrNotEdited says that a board is not edited any more: its season is closed, or there is a
// newer one.
var ErrNotEdited = errors.New("the board is not edited any more")

// BoardShown is the fingerprint of what stands in the board that a message is an edit of.
func (e *Engine) BoardShown(ctx context.Context, out Outgoing) (shown string, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		p, is, err := posted(r, out)
		if shown = p.Shown; err == nil && !is {
			err = ErrNotEdited
		}
		return err
	})
	return shown, err
}

// NotNeeded takes an edit out of the outbox that would change nothing. It leaves no trace: on a
// busy day there is one every few minutes.
func (e *Engine) NotNeeded(ctx context.Context, out Outgoing) error {
	return e.db.Update(ctx, func(tx *storage.Tx) error { return tx.DropOutgoing(out.Key) })
}

// posted is the newest board of the space that a message goes to, if the message is that board
// or an edit of it.
func posted(r *storage.Reader, out Outgoing) (p storage.Posted, is bool, err error) {
	p, found, err := r.Posted(out.To.Platform, out.To.Space)
	return p, found && (out.Key == p.Key || out.Edit != "" && out.Key == editKey(p)), err
}
