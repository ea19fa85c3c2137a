package web

import (
	"slices"
	"time"

	"payoff/bot/chat"
)

// directPrefix begins the id of a person's direct room.
const directPrefix = "dm-"

// An entry is one message in a room. It is never changed: an edit puts a new one in its place.
type entry struct {
	seq   int64 // its name, and its place: the revision in which it was posted
	rev   int64 // of its last change
	at    time.Time
	from  string // a person's id; empty is payoff
	only  string // the one person who sees it; empty is everyone in the room
	via   string // what it answers, for everyone to see: "Sam used /leaderboard"
	said  chat.Message
	media []string // ids of its pictures and files, in order
}

func (e *entry) visible(person string) bool { return e.only == "" || e.only == person }
func (e *entry) edited() bool               { return e.rev != e.seq }

// A room is its last messages, by seq.
type room struct {
	chat.Room
	owner   string // of a direct room
	entries []*entry
	dropped int64            // the newest seq that is no longer here
	keys    map[string]int64 // seq of the messages sent with a key
	keyOf   map[int64]string
}

func newRoom(r chat.Room, owner string) *room {
	return &room{Room: r, owner: owner, keys: map[string]int64{}, keyOf: map[int64]string{}}
}

func (r *room) open(person string) bool { return !r.Direct || r.owner == person }

func (r *room) find(seq int64) (int, bool) {
	return slices.BinarySearchFunc(r.entries, seq, func(e *entry, seq int64) int { return int(e.seq - seq) })
}

// newest is the seq of the last message that is news to person.
func (r *room) newest(person string) int64 {
	for _, e := range slices.Backward(r.entries) {
		if e.visible(person) && e.from != person {
			return e.seq
		}
	}
	return 0
}

// post puts e at the end of a room, once for each key; an empty key is always new. It
// returns the message's name.
func (w *Workspace) post(r *room, e entry, key string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if seq, ok := r.keys[key]; ok && key != "" {
		return seq
	}
	w.rev++
	e.seq, e.rev, e.at = w.rev, w.rev, w.clock.Now()
	e.media = w.keepMedia(e.said)
	r.entries = append(r.entries, &e)
	if key != "" {
		r.keys[key], r.keyOf[e.seq] = e.seq, key
	}
	if over := len(r.entries) - w.cfg.Keep; over > 0 {
		for _, old := range r.entries[:over] {
			w.dropMedia(old.media)
			delete(r.keys, r.keyOf[old.seq])
			delete(r.keyOf, old.seq)
			r.dropped = old.seq
		}
		r.entries = slices.Delete(r.entries, 0, over)
	}
	w.wake()
	return e.seq
}

// edit replaces what a message says.
func (w *Workspace) edit(r *room, seq int64, m chat.Message) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i, ok := r.find(seq)
	if !ok {
		return false
	}
	w.rev++
	e := *r.entries[i]
	w.dropMedia(e.media)
	e.rev, e.said, e.media = w.rev, m, w.keepMedia(m)
	r.entries[i] = &e
	w.wake()
	return true
}

// message is one that person can see.
func (w *Workspace) message(r *room, seq int64, person string) (*entry, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i, ok := r.find(seq); ok && r.entries[i].visible(person) {
		return r.entries[i], true
	}
	return nil, false
}

// place is a room that person may enter.
func (w *Workspace) place(person, id string) (*room, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, ok := w.rooms[id]
	if !ok || !r.open(person) {
		return nil, errNoRoom
	}
	return r, nil
}

// before is the last n messages that person sees from before seq (0: of all), whether there
// are earlier ones, and the revision this is the state of.
func (w *Workspace) before(r *room, person string, seq int64, n int) (found []*entry, more bool, rev int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range slices.Backward(r.entries) {
		if (seq > 0 && e.seq >= seq) || !e.visible(person) {
			continue
		}
		if len(found) == n {
			more = true
			break
		}
		found = append(found, e)
	}
	slices.Reverse(found)
	return found, more, w.rev
}

// A reading is how far a person has read a room.
type reading struct{ person, room string }

func (w *Workspace) markRead(person, room string, rev int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := reading{person, room}
	w.read[at] = max(w.read[at], rev)
}

// unread are the rooms with news for person, as they stand on the page.
func (w *Workspace) unread(person string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for id, r := range w.rooms {
		if r.open(person) && r.newest(person) > w.read[reading{person, id}] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
