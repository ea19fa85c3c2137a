package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"payoff/bot/chat"
)

// mostChoices is how many completions are shown at a time: a table of commands fits, a page
// of names does not.
const mostChoices = 60

// A choiceView is one completion: the whole line it makes, and what is said of it.
type choiceView struct {
	N     int
	Value string
	Label string
	About string
}

// complete proposes ends for a slash command: the commands that begin so, then whatever the
// handler knows. What is typed already needs no proposing, unless there is something to say of it.
func (w *Workspace) complete(rw http.ResponseWriter, r *http.Request, me Person, _ *room) {
	text, ok := slash(r.URL.Query().Get("text"))
	if !ok || utf8.RuneCountInString(text) > longestLine {
		w.render(rw, r, "choices", nil)
		return
	}
	found := w.commands(text, me.Admin)
	for _, c := range w.handler.Complete(r.Context(), w.chatPerson(me), text, "") {
		if v := choice(c); v.About != "" || strings.TrimSpace(v.Value) != strings.TrimSpace(text) {
			found = append(found, v)
		}
	}
	seen := map[string]bool{}
	found = slices.DeleteFunc(found, func(c choiceView) bool {
		double := seen[strings.TrimSpace(c.Value)]
		seen[strings.TrimSpace(c.Value)] = true
		return double
	})
	found = found[:min(len(found), mostChoices)]
	for i := range found {
		found[i].N = i
	}
	w.render(rw, r, "choices", found)
}

// choice leaves out of a label what its value says already.
func choice(c chat.Choice) choiceView {
	value, label := chat.Clean(c.Value), chat.Clean(c.Label)
	if about, ok := strings.CutPrefix(label, strings.TrimSpace(value)); ok {
		label = strings.TrimLeft(about, ".: ")
	}
	return choiceView{Value: value, Label: "/" + value, About: label}
}

// commands are those whose name begins with what is typed.
func (w *Workspace) commands(typed string, admin bool) []choiceView {
	typed = strings.ToLower(strings.Join(strings.Fields(typed), " "))
	var found []choiceView
	for _, c := range w.cfg.Commands {
		if c.Hidden || (c.Admin && !admin) || c.Name == typed || !strings.HasPrefix(c.Name, typed) {
			continue
		}
		found = append(found, choiceView{Value: c.Name, Label: "/" + c.Name, About: c.Summary})
	}
	return found
}
