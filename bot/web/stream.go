package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// mostStreams bounds the live streams of everyone together.
	mostStreams = 128
	// slowest is how long one write to a reader may take before it is dropped; the page
	// comes back by itself and catches up from the last change it saw.
	slowest = 10 * time.Second
)

// revision names a state of the workspace, across restarts.
func (w *Workspace) revision(rev int64) string { return w.boot + "-" + strconv.FormatInt(rev, 10) }

// wake tells every stream to look for changes. The caller holds mu.
func (w *Workspace) wake() {
	for c := range w.readers {
		select {
		case c <- struct{}{}:
		default: // it has not looked since the last time
		}
	}
}

func (w *Workspace) listen() (chan struct{}, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, errClosing
	}
	if len(w.readers) >= mostStreams {
		return nil, errBusy
	}
	c := make(chan struct{}, 1)
	c <- struct{}{} // look at once
	w.readers[c] = struct{}{}
	return c, nil
}

func (w *Workspace) unlisten(c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.readers, c)
}

// A stream is one page that follows one room.
type stream struct {
	w      *Workspace
	me     Person
	room   *room
	since  int64
	last   *entry // the newest message it has
	unread string
	out    *http.ResponseController
	rw     http.ResponseWriter
}

// live sends a page what happens, as server-sent events:
//
//	message  a message, new or changed, as HTML
//	unread   the rooms with news, by id
//	clock    the clock, as HTML
//	people   the people, as HTML
//	reload   too much has happened: load the room again
func (w *Workspace) live(rw http.ResponseWriter, r *http.Request, me Person, at *room) {
	wake, err := w.listen()
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	defer w.unlisten(wake)
	h := rw.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")

	s := &stream{w: w, me: me, room: at, out: http.NewResponseController(rw), rw: rw, unread: "?"}
	// A server's limit for reading requests would end the stream; writes have their own.
	_ = s.out.SetReadDeadline(time.Time{})
	since := r.Header.Get("Last-Event-ID")
	if since == "" {
		since = r.URL.Query().Get("since")
	}
	if !s.resume(since) {
		_ = s.send("", "reload", "") // it has gone: then there is nothing to load
		return
	}
	beat := time.NewTicker(w.cfg.Heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-wake:
			err = s.catchUp()
		case <-beat.C:
			err = s.write(": still here\n\n")
		case <-w.stop:
			return
		case <-r.Context().Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// resume finds the place of a page that has seen the revision named.
func (s *stream) resume(name string) bool {
	boot, n, _ := strings.Cut(name, "-")
	since, err := strconv.ParseInt(n, 10, 64)
	if err != nil || boot != s.w.boot {
		return false
	}
	s.since = since
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	for _, e := range s.room.entries {
		if e.seq <= since && e.visible(s.me.ID) {
			s.last = e
		}
	}
	return true
}

// news is what has changed for this page since it last looked.
type news struct {
	rev           int64
	messages      []*entry
	clock, people bool
	missed        bool // messages came and were dropped again before it looked
}

func (s *stream) look() news {
	w := s.w
	w.mu.Lock()
	defer w.mu.Unlock()
	n := news{rev: w.rev, clock: w.clockRev > s.since, people: w.peopleRev > s.since, missed: s.room.dropped > s.since}
	for _, e := range s.room.entries {
		if e.rev > s.since && e.visible(s.me.ID) {
			n.messages = append(n.messages, e)
		}
	}
	return n
}

// catchUp sends all that has changed since the last time.
func (s *stream) catchUp() error {
	n := s.look()
	if n.missed {
		return s.send(s.w.revision(n.rev), "reload", "")
	}
	s.w.markRead(s.me.ID, s.room.ID, n.rev)
	for _, e := range n.messages {
		above := s.last
		if e.seq <= s.since { // changed: what stands above it has not
			above = s.above(e)
		}
		if err := s.show("", "message", "article", s.w.articles(s.room, s.me, above, []*entry{e})[0]); err != nil {
			return err
		}
		if e.seq > s.since {
			s.last = e
		}
	}
	if n.clock {
		if err := s.show("", "clock", "now", s.w.clockView(s.me)); err != nil {
			return err
		}
	}
	if n.people {
		if err := s.show("", "people", "people", pageView{People: s.w.peopleView(s.me)}); err != nil {
			return err
		}
	}
	// The revision goes last: a page that was cut off in between gets all of it again.
	unread := strings.Join(s.w.unread(s.me.ID), " ")
	if n.rev > s.since || unread != s.unread {
		if err := s.send(s.w.revision(n.rev), "unread", unread); err != nil {
			return err
		}
	}
	s.since, s.unread = n.rev, unread
	return nil
}

func (s *stream) above(e *entry) *entry {
	entries, _, _ := s.w.before(s.room, s.me.ID, e.seq, 1)
	if len(entries) == 0 {
		return nil
	}
	return entries[0]
}

func (s *stream) show(id, event, name string, data any) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("write %s to a live page: %w", name, err)
	}
	return s.send(id, event, b.String())
}

func (s *stream) send(id, event, data string) error {
	var b strings.Builder
	if id != "" {
		b.WriteString("id: " + id + "\n")
	}
	b.WriteString("event: " + event + "\n")
	for line := range strings.SplitSeq(strings.ReplaceAll(data, "\r", ""), "\n") {
		b.WriteString("data: " + line + "\n")
	}
	return s.write(b.String() + "\n")
}

func (s *stream) write(text string) error {
	// A writer that cannot set deadlines, as in some tests, has no slow readers either.
	_ = s.out.SetWriteDeadline(time.Now().Add(slowest))
	if _, err := s.rw.Write([]byte(text)); err != nil {
		return err
	}
	return s.out.Flush()
}
