package web_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"payoff/bot/chat"
	"payoff/bot/chat/chattest"
	"payoff/bot/web"
)

func TestConformance(t *testing.T) {
	chattest.Run(t, func(t *testing.T, h chat.Handler, log *slog.Logger) chattest.Adapter {
		return newDesk(t, web.Config{Handler: h, Log: log, People: []web.Person{
			{ID: "ann", Name: "Ann", Zone: "Europe/London", Locale: "en-GB", Admin: true},
			{ID: "bob", Name: "Bob <b>&", Zone: "America/New_York"},
		}})
	})
}

// A desk is people at their browsers, over real HTTP.
type desk struct {
	*web.Workspace
	t      testing.TB
	srv    *httptest.Server
	client *http.Client
	people []web.Person

	mu    sync.Mutex
	posts map[string]post  // by delivery, to be made again
	forms map[string]*node // what is open before each person
}

type post struct {
	path   string
	values url.Values
}

func newDesk(t testing.TB, cfg web.Config) *desk {
	t.Helper()
	w, err := web.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		Workspace: w, t: t, srv: httptest.NewServer(w), client: &http.Client{Transport: &http.Transport{}},
		people: cfg.People, posts: map[string]post{}, forms: map[string]*node{},
	}
	t.Cleanup(func() { _ = d.Stop(context.Background()) })
	return d
}

func (d *desk) Stop(ctx context.Context) error {
	err := d.Close(ctx)
	d.srv.Close()
	d.client.CloseIdleConnections()
	return err
}

func (d *desk) People() []chat.Person {
	var people []chat.Person
	for _, p := range d.people {
		people = append(people, chat.Person{Platform: "local", Space: "local", ID: p.ID, Name: p.Name, Zone: p.Zone, Locale: p.Locale})
	}
	return people
}

func (d *desk) Shared() chat.Room { return chat.Room{ID: "team", Name: "team"} }

func (d *desk) Direct(p chat.Person) chat.Room {
	return chat.Room{ID: "dm-" + p.ID, Name: "payoff", Direct: true}
}

func path(p chat.Person, in chat.Room) string { return "/as/" + p.ID + "/" + in.ID }

func (d *desk) Type(id string, by chat.Person, in chat.Room, line string) error {
	return d.deliver(id, by, path(by, in)+"/say", url.Values{"text": {line}})
}

func (d *desk) Press(id string, by chat.Person, in chat.Room, m chattest.Shown, label string) error {
	article := d.page(path(by, in)).first(func(n *node) bool { return n.attr["id"] == "m"+m.ID })
	if article == nil {
		return d.deliver(id, by, path(by, in)+"/press", nil)
	}
	for _, form := range article.all(class("actions")) {
		for _, b := range form.all(named("button")) {
			if b.words() != label {
				continue
			}
			values := url.Values{b.attr["name"]: {b.attr["value"]}}
			for _, in := range form.all(named("input")) {
				values.Set(in.attr["name"], in.attr["value"])
			}
			return d.deliver(id, by, form.attr["hx-post"], values)
		}
	}
	return d.deliver(id, by, path(by, in)+"/press", nil)
}

func (d *desk) Fill(id string, by chat.Person, entered map[string]string) error {
	d.mu.Lock()
	form := d.forms[by.ID]
	d.mu.Unlock()
	if form == nil {
		return d.deliver(id, by, "", nil)
	}
	values := url.Values{}
	for _, in := range form.all(named("input")) {
		if in.attr["type"] == "hidden" {
			values.Set(in.attr["name"], in.attr["value"])
		}
	}
	for _, q := range form.all(class("question")) {
		f := question(q)
		v, ok := entered[f.Label]
		if !ok {
			v = f.Value
		}
		name := q.first(func(n *node) bool { return n.attr["name"] != "" }).attr["name"]
		values.Set(name, choiceValue(q, strings.ReplaceAll(v, "\n", "\r\n")))
	}
	return d.deliver(id, by, form.attr["hx-post"], values)
}

// choiceValue is what the page sends for a label; of what is typed, that itself.
func choiceValue(q *node, label string) string {
	for _, n := range q.all(func(n *node) bool { return n.name == "option" || n.name == "label" }) {
		if n.words() != label {
			continue
		}
		if in := n.first(named("input")); in != nil {
			return in.attr["value"]
		}
		if v, ok := n.attr["value"]; ok {
			return v
		}
	}
	if q.first(named("select")) != nil {
		return ""
	}
	return label
}

// deliver posts what is new under this id, or what was posted under it before.
func (d *desk) deliver(id string, by chat.Person, to string, values url.Values) error {
	d.mu.Lock()
	p, again := d.posts[id]
	if !again {
		p = post{to, values}
		d.posts[id] = p
	}
	d.mu.Unlock()
	if p.values == nil {
		return errors.New("there is no such button or form")
	}
	p.values.Set("id", "test-"+hex.EncodeToString([]byte(id)))
	resp, err := d.client.PostForm(d.srv.URL+p.path, p.values)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch resp.StatusCode {
	case http.StatusOK:
		d.forms[by.ID] = parse(d.t, string(body)).first(named("form"))
	case http.StatusNoContent:
		if strings.HasSuffix(p.path, "/submit") {
			delete(d.forms, by.ID)
		}
	default:
		return fmt.Errorf("%s: %s", resp.Status, body)
	}
	return nil
}

func (d *desk) get(path string) (*http.Response, string) {
	d.t.Helper()
	resp, err := d.client.Get(d.srv.URL + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return resp, string(body)
}

func (d *desk) page(path string) *node {
	d.t.Helper()
	resp, body := d.get(path)
	if resp.StatusCode != http.StatusOK {
		d.t.Fatalf("GET %s = %s: %s", path, resp.Status, body)
	}
	return parse(d.t, body)
}

func (d *desk) Seen(p chat.Person, in chat.Room) []chattest.Shown {
	var seen []chattest.Shown
	for _, a := range d.page(path(p, in)).all(named("article")) {
		seen = append(seen, shown(a))
	}
	return seen
}

func shown(a *node) chattest.Shown {
	body := a.first(class("body"))
	s := chattest.Shown{
		ID: strings.TrimPrefix(a.attr["id"], "m"), Bot: class("bot")(a), Private: a.first(class("only")) != nil,
		Text: body.words("form", "a"),
	}
	for _, b := range body.all(named("button")) {
		s.Buttons = append(s.Buttons, b.words())
	}
	for _, i := range body.all(class("picture")) {
		s.Images = append(s.Images, i.attr["alt"])
	}
	for _, f := range body.all(class("file")) {
		s.Files = append(s.Files, f.first(named("bdi")).words())
	}
	return s
}

func (d *desk) Form(p chat.Person) (chattest.ShownForm, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	form := d.forms[p.ID]
	if form == nil {
		return chattest.ShownForm{}, false
	}
	f := chattest.ShownForm{Title: form.first(id("form-title")).words()}
	for _, n := range form.first(class("questions")).kids {
		switch {
		case n.name == "p" && class("wrong")(n):
			f.Error = n.words()
		case n.name == "p":
			f.Intro = n.words()
		case n.name != "":
			f.Fields = append(f.Fields, question(n))
		}
	}
	return f, true
}

func question(q *node) chattest.ShownField {
	f := chattest.ShownField{Hint: q.first(class("about")).words(), Error: q.first(class("wrong")).words()}
	f.Required = q.first(func(n *node) bool { return n.attr["aria-required"] == "true" }) != nil || q.attr["aria-required"] == "true"
	label := q.first(func(n *node) bool { return n.name == "label" || class("label")(n) })
	f.Label = strings.TrimSpace(label.words("span"))
	has := func(n *node, attr string) bool { _, ok := n.attr[attr]; return ok }
	for _, o := range q.all(named("option")) {
		if o.attr["value"] != "" {
			f.Choices = append(f.Choices, o.words())
		}
		if has(o, "selected") {
			f.Value = o.words()
		}
	}
	for _, l := range q.all(named("label")) {
		if in := l.first(named("input")); in != nil {
			f.Choices = append(f.Choices, l.words())
			if has(in, "checked") {
				f.Value = l.words()
			}
		}
	}
	if in := q.first(named("input")); in != nil && in.attr["type"] == "" {
		f.Value = in.attr["value"]
	}
	if area := q.first(named("textarea")); area != nil {
		f.Value = strings.TrimPrefix(area.words(), "\n")
	}
	return f
}
