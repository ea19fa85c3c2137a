// Package engine holds the use cases of payoff: what a person, or the passing of time, can
// make happen. Each change is one transaction that checks the event was not handled before,
// applies the rules of goals, writes the records and ends with one line of the journal.
//
// The engine knows no chat: it is asked with values, and answers with values or with a
// *goals.Mistake that a person may read. Any other error is ours.
package engine

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"payoff/goals"
	"payoff/storage"
)

// An Engine runs use cases on a database. It is safe for concurrent use.
type Engine struct {
	db  *storage.DB
	now func() time.Time

	zones  sync.Map // *time.Location by name: loading one reads a file
	clocks sync.Map // true by the name of a zone whose rules are kept; by "" when all were looked at

	mu      sync.Mutex // guards what ids are made of
	entropy io.Reader
	latest  uint64 // the time in the last id
}

// New makes an engine that takes the time from now.
func New(db *storage.DB, now func() time.Time) *Engine {
	return &Engine{db: db, now: now, entropy: ulid.Monotonic(rand.Reader, 0)}
}

// newID makes an id that sorts after those made before, also when the clock was set back: the
// journal goes by it.
func (e *Engine) newID(at time.Time) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.latest = max(e.latest, ulid.Timestamp(at))
	id, err := ulid.New(e.latest, e.entropy)
	if err != nil { // more than 2^80 ids in a millisecond
		panic(fmt.Sprintf("engine: make an id: %v", err))
	}
	return id.String()
}

// An Actor is who asks: an owner, in their team. Nobody acts on another's records.
type Actor struct {
	Team  goals.TeamID
	Owner goals.OwnerID
}

// A Request asks for a change: who, by which event, in which words. An event is handled once;
// an empty one is taken as new.
type Request struct {
	Actor
	Event string
	Words string
}

// event is the event's name among those of everybody: two platforms may number theirs alike.
func (q Request) event() string { return string(q.Owner) + " " + q.Event }

// A scene is what a use case sees at the start: the owner, their team and their day.
type scene struct {
	Actor
	Now   time.Time // in the owner's zone
	Today goals.Date
	Owner goals.Owner
	Team  goals.Team
}

// sceneOf reads the scene of an actor.
func (e *Engine) sceneOf(r *storage.Reader, a Actor) (*scene, error) {
	owner, err := r.Owner(a.Owner)
	if err != nil {
		return nil, err
	}
	team, err := r.Team(a.Team)
	if err != nil {
		return nil, err
	}
	return e.scene(owner, team), nil
}

// scene is that of an owner in a team.
func (e *Engine) scene(o goals.Owner, t goals.Team) *scene {
	now := e.now().In(e.zone(o, t))
	return &scene{Actor: Actor{Team: t.ID, Owner: o.ID}, Now: now, Today: goals.DateOf(now), Owner: o, Team: t}
}

// zone is where an owner lives: their own zone, else the team's, else UTC.
func (e *Engine) zone(o goals.Owner, t goals.Team) *time.Location {
	for _, name := range []string{o.Zone, t.Zone} {
		if name == "" {
			continue
		}
		if loc, known := e.zones.Load(name); known {
			return loc.(*time.Location)
		}
		if loc, err := time.LoadLocation(name); err == nil {
			e.zones.Store(name, loc)
			return loc
		}
	}
	return time.UTC
}

// A change is a scene that can be written.
type change struct {
	*scene
	tx     *storage.Tx
	entry  storage.EntryID
	undoes storage.EntryID // the entry that this change takes back
	added  []goals.Activity
}

// Done says what a change came to: its line in the journal, and whether the event had been
// handled before, in which case nothing was changed again.
type Done struct {
	Entry    storage.EntryID
	Repeated bool
}

// change runs fn as one use case named what. It may run more than once, so fn has no effect
// but its writes and must set what it returns afresh.
func (e *Engine) change(ctx context.Context, q Request, what string, fn func(*change) error) (Done, error) {
	return e.changeIn(ctx, q, storage.Journal{Owner: q.Owner}, what, fn)
}

func (e *Engine) changeIn(ctx context.Context, q Request, j storage.Journal, what string, fn func(*change) error) (Done, error) {
	var done Done
	err := e.db.Update(ctx, func(tx *storage.Tx) error {
		done = Done{}
		s, err := e.sceneOf(&tx.Reader, q.Actor)
		if err != nil {
			return err
		}
		day := goals.DateOf(s.Now.UTC())
		if q.Event != "" {
			entry, seen, err := tx.Seen(q.event(), day)
			if err != nil || seen {
				done = Done{Entry: entry, Repeated: seen}
				return err
			}
		}
		c := &change{scene: s, tx: tx, entry: storage.EntryID(e.newID(s.Now))}
		done.Entry = c.entry
		if err := fn(c); err != nil {
			return err
		}
		entry := storage.Entry{ID: c.entry, At: s.Now.UTC(), By: q.Owner, What: what, Words: q.Words, Undoes: c.undoes}
		wrote, err := tx.Write(j, entry)
		if err == nil && wrote && j.Owner != "" {
			err = e.boardMoves(tx, q.Team)
		}
		if err != nil || q.Event == "" {
			return err
		}
		return tx.Handled(q.event(), day, c.entry)
	})
	if err != nil {
		return Done{}, fmt.Errorf("%s: %w", what, err)
	}
	return done, nil
}

// view runs fn on a consistent state.
func (e *Engine) view(ctx context.Context, a Actor, fn func(*scene, *storage.Reader) error) error {
	return e.db.View(ctx, func(r *storage.Reader) error {
		s, err := e.sceneOf(r, a)
		if err != nil {
			return err
		}
		return fn(s, r)
	})
}

// What storage keeps and callers hand back or pass on as it is.
type (
	EntryID  = storage.EntryID
	Outgoing = storage.Outgoing
	Contact  = storage.Contact
	SpaceID  = storage.Space
)

// Ever is every day there is.
var Ever = storage.Ever
