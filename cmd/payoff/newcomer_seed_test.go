package main_test

import (
	"crypto/rand"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A hand is someone at the page of another browser: it posts what that would post.
type hand struct {
	t    *testing.T
	site string
	id   string
}

// post does what a form or a button of the page would, and returns the page's answer.
func (h hand) post(path string, values map[string]string) string {
	h.t.Helper()
	form := url.Values{"id": {rand.Text()}}
	for key, value := range values {
		form.Set(key, value)
	}
	resp, err := http.PostForm(h.site+path, form)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= http.StatusBadRequest {
		h.t.Fatalf("POST %s is answered with %s: %s %v", path, resp.Status, body, err)
	}
	return string(body)
}

func (h hand) direct() string { return "/as/" + h.id + "/dm-" + h.id }

// say types a line to payoff; what comes back is a form, if it opened one.
func (h hand) say(line string) string {
	h.t.Helper()
	return h.post(h.direct()+"/say", map[string]string{"text": line})
}

// logs says lines that payoff must take.
func (h hand) logs(lines string) {
	h.t.Helper()
	h.say(lines)
	resp, err := http.Get(h.site + h.direct())
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if last := strings.LastIndex(string(body), "<article"); err != nil || !strings.Contains(string(body)[last:], "Logged ") {
		h.t.Fatalf("%s says %q and is answered (%v)\n%s", h.id, lines, err, body[last:])
	}
}

var (
	formID    = regexp.MustCompile(`name="form" value="([^"]*)"`)
	formField = regexp.MustCompile(`name="(f\d+)" data-field="([^"]*)"(?: value="([^"]*)" maxlength)?`)
	formText  = regexp.MustCompile(`<textarea[^>]* name="(f\d+)"[^>]*>([^<]*)</textarea>`)
)

// fill sends a form as it was opened, but for the fields that are given.
func (h hand) fill(form string, values map[string]string) {
	h.t.Helper()
	if !formID.MatchString(form) {
		h.t.Fatalf("%s has no form to fill: %s", h.id, form)
	}
	post := map[string]string{"form": formID.FindStringSubmatch(form)[1]}
	for _, field := range formField.FindAllStringSubmatch(form, -1) {
		post[field[1]] = html.UnescapeString(field[3])
		if v, ok := values[field[2]]; ok {
			post[field[1]] = v
		}
	}
	for _, text := range formText.FindAllStringSubmatch(form, -1) {
		if text[2] != "" && post[text[1]] == "" {
			post[text[1]] = html.UnescapeString(text[2])
		}
	}
	if again := h.post(h.direct()+"/submit", post); again != "" {
		h.t.Fatalf("%s sends a form, which comes back: %s", h.id, again)
	}
}

// live plays the cast's weeks: a check-in on each Monday, the week's log on Thursday. It ends on
// the eighth Thursday, before Sam has logged.
func live(t *testing.T, site string) {
	t.Helper()
	sam := hand{t, site, cast[0].id}
	for _, c := range cast {
		c.joins(t, site)
	}
	const weeks = 8
	for week := range weeks {
		for _, c := range cast {
			if week > 0 && c.weeks[week-1] != "" {
				h := hand{t, site, c.id}
				h.fill(h.say("/checkin"), map[string]string{
					"confidence": c.sure, "commitment": promises[week%len(promises)], "kept": c.kept[week-1],
				})
			}
		}
		for range 3 {
			sam.moves("day")
		}
		for _, c := range cast {
			if week < len(c.weeks) && c.weeks[week] != "" {
				hand{t, site, c.id}.logs(c.weeks[week])
			}
		}
		if week < weeks-1 {
			sam.moves("monday")
		}
	}
}

// joins comes in and gets started.
func (c trader) joins(t *testing.T, site string) {
	t.Helper()
	h := hand{t, site, c.id}
	h.post("/people", map[string]string{"name": c.name, "zone": "Europe/London", "locale": "en-GB"})
	start := map[string]string{"currency": "GBP", "zone": "Europe/London"}
	maps.Copy(start, c.start)
	h.fill(h.say("/payoff start"), start)
}

// moves the workspace's clock.
func (h hand) moves(step string) {
	h.t.Helper()
	h.post("/as/"+h.id+"/clock", map[string]string{"step": step})
}
