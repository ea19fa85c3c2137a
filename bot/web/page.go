package web

import (
	"bytes"
	"embed"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"payoff/bot/chat"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "templates/*.html"))

// shown is how many messages a page begins with, and how many more it asks for at a time.
const shown = 100

// A pageView is the whole page as one person sees it in one room.
type pageView struct {
	Workspace string
	Me        personView
	People    []personView
	Rooms     []roomView
	Room      roomView
	Unread    int
	Clock     clockView
	Base      string // the path of this person in this room
	Since     string // the revision the page is the state of
	Earlier   int64  // ask for messages before this one; 0 when there are none
	Articles  []articleView
	Starters  []string
	Longest   int
}

type personView struct {
	Person
	Initials string
	Tone     uint32
	Here     bool
	Path     string
}

type roomView struct {
	ID     string
	Title  string
	About  string
	Direct bool
	Here   bool
	Unread bool
	Path   string
}

type clockView struct {
	Base   string // where its buttons post to
	Now    time.Time
	Millis int64
	Zone   string
	Drift  string
}

func roomPath(person, room string) string { return "/as/" + person + "/" + room }

func (w *Workspace) page(me Person, r *room) pageView {
	entries, more, rev := w.before(r, me.ID, 0, shown)
	w.markRead(me.ID, r.ID, rev)
	v := pageView{
		Workspace: w.cfg.Name,
		Me:        personOf(me, me),
		People:    w.peopleView(me),
		Rooms:     w.roomsView(me, r.ID),
		Clock:     w.clockView(me),
		Base:      roomPath(me.ID, r.ID),
		Since:     w.revision(rev),
		Articles:  w.articles(r, me, nil, entries),
		Starters:  w.cfg.Starters,
		Longest:   longestLine,
	}
	if more {
		v.Earlier = entries[0].seq
	}
	for _, room := range v.Rooms {
		if room.Here {
			v.Room = room
		}
		if room.Unread {
			v.Unread++
		}
	}
	return v
}

func (w *Workspace) peopleView(me Person) []personView {
	var views []personView
	for _, p := range w.People() {
		views = append(views, personOf(p, me))
	}
	return views
}

func personOf(p, me Person) personView {
	p.Name = chat.Clean(p.Name)
	return personView{p, initials(p.Name), tone(p.ID), p.ID == me.ID, "/as/" + p.ID}
}

func (w *Workspace) roomsView(me Person, here string) []roomView {
	unread := w.unread(me.ID)
	dm := directPrefix + me.ID
	views := []roomView{{ID: dm, Title: "payoff", About: "Just you and payoff", Direct: true}}
	w.mu.Lock()
	for _, id := range w.order {
		name := w.rooms[id].Name
		views = append(views, roomView{ID: id, Title: "#" + chat.Clean(name), About: "Everyone sees what is written here"})
	}
	w.mu.Unlock()
	for i := range views {
		v := &views[i]
		v.Here, v.Unread, v.Path = v.ID == here, slices.Contains(unread, v.ID), roomPath(me.ID, v.ID)
	}
	return views
}

func (w *Workspace) clockView(me Person) clockView {
	now := w.clock.Now()
	loc := me.location()
	return clockView{
		Base: "/as/" + me.ID + "/clock", Now: now.In(loc), Millis: now.UnixMilli(),
		Zone: loc.String(), Drift: drift(w.clock.Offset()),
	}
}

// drift says how far the clock was moved, in the largest unit that tells.
func drift(d time.Duration) string {
	side := " ahead of real time"
	if d < 0 {
		d, side = -d, " behind real time"
	}
	const day = 24 * time.Hour
	for _, u := range []struct {
		d    time.Duration
		name string
	}{{7 * day, "week"}, {day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if d < u.d {
			continue
		}
		n := int(math.Round(float64(d) / float64(u.d)))
		s := strconv.Itoa(n) + " " + u.name
		if n > 1 {
			s += "s"
		}
		return s + side
	}
	return "Real time"
}

// render runs a template to its end before a byte is sent, so that a fault in it is an
// error and not half a page.
func (w *Workspace) render(rw http.ResponseWriter, r *http.Request, name string, data any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		w.refuse(rw, r, err)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = b.WriteTo(rw) // the reader has gone; nobody to tell
}
