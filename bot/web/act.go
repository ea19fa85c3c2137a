package web

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"payoff/bot/chat"
)

// longestLine bounds what the message box takes, in characters; what is too long for the bot
// is for the bot to say.
const longestLine = 20_000

// actionID is what the browser calls an action: a UUID.
var actionID = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

// home is the question for a name, or the first person's direct room.
func (w *Workspace) home(rw http.ResponseWriter, r *http.Request) {
	if people := w.People(); len(people) > 0 {
		http.Redirect(rw, r, "/as/"+people[0].ID, http.StatusSeeOther)
		return
	}
	w.render(rw, r, "welcome", pageView{Workspace: w.cfg.Name})
}

func (w *Workspace) homeOf(rw http.ResponseWriter, r *http.Request, me Person) {
	http.Redirect(rw, r, roomPath(me.ID, directPrefix+me.ID), http.StatusSeeOther)
}

func (w *Workspace) showPage(rw http.ResponseWriter, r *http.Request, me Person, at *room) {
	w.render(rw, r, "page", w.page(me, at))
}

// showEarlier is the messages above the first one shown, and the button for those above them.
func (w *Workspace) showEarlier(rw http.ResponseWriter, r *http.Request, me Person, at *room) {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before <= 0 {
		w.refuse(rw, r, errNothing)
		return
	}
	entries, more, _ := w.before(at, me.ID, before, shown)
	v := pageView{Base: roomPath(me.ID, at.ID), Articles: w.articles(at, me, nil, entries)}
	if more {
		v.Earlier = entries[0].seq
	}
	w.render(rw, r, "articles", v)
}

// A wish is what a post asks for: what was done, and the message or form it was done on. A
// form that is not filled as it should be is shown again instead.
type wish struct {
	did    chat.Did
	origin int64
	again  *openForm
}

// acting carries out what a post wishes, once for each action.
func (w *Workspace) acting(read func(*http.Request, Person, *room) (wish, error)) http.HandlerFunc {
	return w.inRoom(func(rw http.ResponseWriter, r *http.Request, me Person, at *room) {
		if err := readPost(r); err != nil {
			w.refuse(rw, r, err)
			return
		}
		a := Act{ID: r.PostForm.Get("id"), Person: me.ID, Room: at.ID}
		// A repeat is known before it is read: its button or form may have changed by now.
		got, repeated, err := w.repeated(r.Context(), a)
		if !repeated {
			var asked wish
			asked, err = read(r, me, at)
			a.Did, got.form = asked.did, asked.again
			if err == nil && asked.again == nil {
				got, err = w.deliver(lasting(r), a, asked.origin)
			}
		}
		w.answered(rw, r, got.form, err)
	})
}

// say is a line from the message box: a command, or plain words.
func (w *Workspace) say(r *http.Request, _ Person, _ *room) (wish, error) {
	text := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	switch {
	case strings.TrimSpace(text) == "":
		return wish{}, errNothing
	case utf8.RuneCountInString(text) > longestLine:
		return wish{}, errTooLong
	}
	return wish{did: did(text)}, nil
}

// did reads a line as a slash command or as plain words.
func did(text string) chat.Did {
	if line, ok := slash(strings.TrimSpace(text)); ok {
		return chat.Typed{Text: line}
	}
	return chat.Wrote{Text: text}
}

// slash is what a slash command calls. "/payoff goal show" is "goal show": every command is
// also reached that way.
func slash(text string) (string, bool) {
	line, ok := strings.CutPrefix(text, "/")
	if rest, below := strings.CutPrefix(line, "payoff"); below && (rest == "" || unicode.IsSpace(rune(rest[0]))) {
		line = strings.TrimLeftFunc(rest, unicode.IsSpace)
	}
	return line, ok
}

// press is a button. What it calls is looked up in the message it stands on.
func (w *Workspace) press(r *http.Request, me Person, at *room) (wish, error) {
	seq, _ := strconv.ParseInt(r.PostForm.Get("message"), 10, 64)
	e, ok := w.message(at, seq, me.ID)
	if !ok {
		return wish{}, errNoButton
	}
	if r.PostForm.Get("version") != strconv.FormatInt(e.rev, 10) {
		return wish{}, errStale
	}
	all := buttons(e.said)
	n, err := strconv.Atoi(r.PostForm.Get("button"))
	if err != nil || n < 0 || n >= len(all) {
		return wish{}, errNoButton
	}
	return wish{did: chat.Pressed{Call: all[n].Call}, origin: seq}, nil
}

// submit is a filled form.
func (w *Workspace) submit(r *http.Request, me Person, at *room) (wish, error) {
	o, ok := w.form(r.PostForm.Get("form"), me.ID, at.ID)
	if !ok {
		return wish{}, errNoForm
	}
	values, checked, ok, err := fill(o.form, r.PostForm)
	if err != nil {
		return wish{}, err
	}
	if !ok {
		again := *o
		again.form = checked
		return wish{again: &again}, nil
	}
	return wish{did: chat.Submitted{Call: o.form.Call, Values: values}, origin: o.origin}, nil
}

// answered shows a form, or nothing: what was said reaches the page through its stream.
func (w *Workspace) answered(rw http.ResponseWriter, r *http.Request, form *openForm, err error) {
	switch {
	case err != nil:
		w.refuse(rw, r, err)
	case form != nil:
		w.render(rw, r, "form", form.view())
	default:
		rw.WriteHeader(http.StatusNoContent)
	}
}

// readPost reads the form of a request and holds it to a name for the action.
func readPost(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return errTooLong
		}
		return refusal{http.StatusBadRequest, "The request could not be read."}
	}
	if !actionID.MatchString(r.PostForm.Get("id")) {
		return errID
	}
	return nil
}

func (w *Workspace) addPerson(rw http.ResponseWriter, r *http.Request) {
	if err := readPost(r); err != nil {
		w.refuse(rw, r, err)
		return
	}
	p, err := w.AddPerson(lasting(r), Person{
		Name: r.PostForm.Get("name"), Zone: r.PostForm.Get("zone"), Locale: r.PostForm.Get("locale"),
	})
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	rw.Header().Set("HX-Redirect", roomPath(p.ID, directPrefix+p.ID))
	rw.WriteHeader(http.StatusNoContent)
}

func (w *Workspace) moveClock(rw http.ResponseWriter, r *http.Request, me Person) {
	if err := readPost(r); err != nil {
		w.refuse(rw, r, err)
		return
	}
	next, ok := steps[r.PostForm.Get("step")]
	if !ok {
		w.refuse(rw, r, errStep)
		return
	}
	if err := w.MoveTo(lasting(r), next(w.clock.Now().In(me.location()))); err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.render(rw, r, "now", w.clockView(me))
}
