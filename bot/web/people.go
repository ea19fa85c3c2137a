package web

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"payoff/bot/chat"
)

const (
	longestName = 40 // characters
	mostPeople  = 50
)

// A Person is someone who uses the workspace.
type Person struct {
	ID     string // lower-case letters, digits and dashes
	Name   string
	Zone   string // IANA; empty is UTC
	Locale string // "en-GB"
	Admin  bool   // may change the team's settings; the first person is one
}

var (
	goodID     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)
	goodLocale = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$`)
)

func (p Person) validate() error {
	if !goodID.MatchString(p.ID) {
		return fmt.Errorf("person %q: an id is lower-case letters, digits and dashes", p.ID)
	}
	if strings.TrimSpace(p.Name) == "" {
		return fmt.Errorf("person %q has no name", p.ID)
	}
	if _, err := time.LoadLocation(p.Zone); err != nil {
		return fmt.Errorf("person %q: time zone %q is not known", p.ID, p.Zone)
	}
	return nil
}

func validateRooms(rooms []chat.Room) []error {
	var errs []error
	taken := map[string]bool{}
	for _, r := range rooms {
		switch {
		case !goodID.MatchString(r.ID) || strings.HasPrefix(r.ID, directPrefix):
			errs = append(errs, fmt.Errorf("room %q: an id is lower-case letters, digits and dashes, and does not begin with %q", r.ID, directPrefix))
		case r.Direct:
			errs = append(errs, fmt.Errorf("room %q: direct rooms come with their people", r.ID))
		case taken[r.ID]:
			errs = append(errs, fmt.Errorf("two rooms have the id %q", r.ID))
		}
		taken[r.ID] = true
	}
	return errs
}

// chatPerson is p as the handler knows them.
func (w *Workspace) chatPerson(p Person) chat.Person {
	return chat.Person{Platform: Platform, Space: w.cfg.Space, ID: p.ID, Name: p.Name, Zone: p.Zone, Locale: p.Locale}
}

func (p Person) location() *time.Location {
	loc, err := time.LoadLocation(p.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// People are those of the workspace, in the order they came.
func (w *Workspace) People() []Person {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Person(nil), w.people...)
}

func (w *Workspace) person(id string) (Person, bool) {
	for _, p := range w.People() {
		if p.ID == id {
			return p, true
		}
	}
	return Person{}, false
}

// AddPerson adds someone by name; what else p says is checked and kept where it is good. A
// first person becomes the admin.
func (w *Workspace) AddPerson(ctx context.Context, p Person) (Person, error) {
	p.Name = strings.Join(strings.Fields(chat.Clean(p.Name)), " ")
	switch {
	case p.Name == "":
		return p, refusal{http.StatusBadRequest, "Please type a name."}
	case utf8.RuneCountInString(p.Name) > longestName:
		return p, refusal{http.StatusBadRequest, fmt.Sprintf("A name has at most %d characters.", longestName)}
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" {
		p.Zone = ""
	}
	if !goodLocale.MatchString(p.Locale) {
		p.Locale = ""
	}

	w.joining.Lock() // one at a time, so that OnPerson may take its time outside mu
	defer w.joining.Unlock()
	known := w.People()
	if len(known) >= mostPeople {
		return p, refusal{http.StatusBadRequest, fmt.Sprintf("This workspace holds at most %d people.", mostPeople)}
	}
	for _, k := range known {
		if strings.EqualFold(k.Name, p.Name) {
			return p, refusal{http.StatusConflict, fmt.Sprintf("There is already someone called %s here; add a surname or an initial.", k.Name)}
		}
	}
	p.ID, p.Admin = newID(p.Name, known), p.Admin || len(known) == 0
	if w.cfg.OnPerson != nil {
		if err := w.cfg.OnPerson(ctx, p); err != nil {
			return p, fmt.Errorf("add %s: %w", p.ID, err)
		}
	}
	w.admit(p)
	return p, nil
}

// admit gives p a direct room; what was said before they came is not news to them.
func (w *Workspace) admit(p Person) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people = append(w.people, p)
	dm := chat.Room{ID: directPrefix + p.ID, Name: "payoff", Direct: true}
	w.rooms[dm.ID] = newRoom(dm, p.ID)
	for id := range w.rooms {
		w.read[reading{p.ID, id}] = w.rev
	}
	w.rev++
	w.peopleRev = w.rev
	w.wake()
}

// newID is the name in plain letters, numbered when it is taken; names of other scripts
// have none and are numbered.
func newID(name string, known []Person) string {
	slug := strings.Trim(strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r == ' ', r == '-':
			return '-'
		}
		return -1
	}, name), "-")
	if slug == "" {
		slug = "person"
	}
	id := slug
	for n := 2; hasID(known, id); n++ {
		id = slug + "-" + strconv.Itoa(n)
	}
	return id
}

func hasID(people []Person, id string) bool {
	for _, p := range people {
		if p.ID == id {
			return true
		}
	}
	return false
}

// admin looks up, when it is asked, whether the person may change the team's settings.
func (w *Workspace) admin(id string) func(context.Context) (bool, error) {
	return func(context.Context) (bool, error) {
		p, ok := w.person(id)
		if !ok {
			return false, errNoPerson
		}
		return p.Admin, nil
	}
}
