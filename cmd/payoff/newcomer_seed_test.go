package main_test

import (
	"crypto/rand"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
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

var (
	formID    = regexp.MustCompile(`name="form" value="([^"]*)"`)
	formField = regexp.MustCompile(`name="(f\d+)" data-field="([^"]*)"(?: value="([^"]*)" maxlength)?`)
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
	if again := h.post(h.direct()+"/submit", post); again != "" {
		h.t.Fatalf("%s sends a form, which comes back: %s", h.id, again)
	}
}

// live plays the cast's seven weeks: a check-in on each Monday, the week's log on Thursday.
func live(t *testing.T, site string) {
	t.Helper()
	var hands []hand
	for _, c := range cast {
		h := hand{t, site, c.id}
		h.post("/people", map[string]string{"name": c.name, "zone": "Europe/London", "locale": "en-GB"})
		start := map[string]string{"currency": "GBP", "zone": "Europe/London"}
		for field, value := range c.start {
			start[field] = value
		}
		h.fill(h.say("/payoff start"), start)
		hands = append(hands, h)
	}
	move := func(step string) { hands[0].post("/as/"+hands[0].id+"/clock", map[string]string{"step": step}) }
	for week := range cast[0].weeks {
		for i, c := range cast {
			if week > 0 && c.weeks[week-1] != "" {
				hands[i].fill(hands[i].say("/checkin"), map[string]string{
					"confidence": c.sure, "commitment": c.promises[week%len(c.promises)], "kept": c.kept[week-1],
				})
			}
		}
		for range 3 {
			move("day")
		}
		for i, c := range cast {
			if c.weeks[week] != "" {
				hands[i].say(c.weeks[week])
			}
		}
		move("monday")
	}
	hands[0].fill(hands[0].say("/checkin"), map[string]string{"confidence": "at risk", "commitment": "Ring ten old clients", "kept": "kept"})
	for range 4 {
		move("day")
	}
}

// talk is what the team says among themselves on a Tuesday.
func talk(t *testing.T, site string) {
	t.Helper()
	for _, line := range []struct{ id, text string }{
		{"priya", "Morning all. Two referrals from Tuesday, both called back."},
		{"tom", "Nice. I owe Marta a coffee: her factory wants forty lunches."},
	} {
		hand{t, site, line.id}.post("/as/"+line.id+"/team/say", map[string]string{"text": line.text})
	}
}
