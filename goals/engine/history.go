package engine

import (
	"context"
	"strings"

	"payoff/goals"
	"payoff/storage"
)

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
