package web

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html"
	"html/template"
	"image/png"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"payoff/bot/chat"
)

// markup is how text is written on the page. All that people typed passes through it, or
// through chat.Clean and the template's own escaping.
var markup = chat.Dialect{
	Escape: html.EscapeString,
	Bold:   [2]string{"<strong>", "</strong>"},
	Code:   [2]string{"<code>", "</code>"},
}

func written(spans []chat.Span) template.HTML {
	return template.HTML(chat.Render(spans, markup)) //nolint:gosec // Render has escaped every span
}

// An articleView is one message as a template needs it.
type articleView struct {
	ID        int64
	Version   int64
	Day       string // begins a new day
	Author    string
	Initials  string
	Tone      uint32 // which of the eight colours of people
	Bot       bool
	Mine      bool
	At        time.Time
	Private   bool
	Via       string
	Edited    bool
	Continues bool // follows its author's last words closely
	Headline  string
	Press     string // where its buttons post to
	Blocks    []blockView
}

// A blockView is a block; the one field that is set names the kind.
type blockView struct {
	Text    template.HTML
	Quiet   bool
	Fields  []fieldsView
	Table   *tableView
	Buttons []buttonView
	Image   *mediaView
	File    *mediaView
}

type fieldsView struct {
	Label string
	Value template.HTML
}

type tableView struct {
	Label string
	Head  []cellView
	Rows  [][]cellView
	Empty bool
}

type cellView struct {
	Text  template.HTML
	Right bool
	Row   bool // names its row
}

type buttonView struct {
	N     int // among the buttons of its message
	Label string
	Style string
}

type mediaView struct {
	Path, Name, Alt, Size string
	Width, Height         int // of a picture, so that the page keeps its place; 0 is not known
}

// longestPause is how far apart an author's messages may stand to share one heading.
const longestPause = 5 * time.Minute

// articles are messages as person sees them; after is the one above the first, or nil.
func (w *Workspace) articles(r *room, person Person, after *entry, entries []*entry) []articleView {
	names := map[string]string{}
	for _, p := range w.People() {
		names[p.ID] = p.Name
	}
	loc := person.location()
	now := w.clock.Now().In(loc)
	views := make([]articleView, 0, len(entries))
	for _, e := range entries {
		a := articleView{
			ID: e.seq, Version: e.rev,
			Author: chat.Clean(names[e.from]), Bot: e.from == "", Mine: e.from == person.ID,
			Tone: tone(e.from), At: e.at.In(loc),
			Private: e.only != "", Via: chat.Clean(e.via), Edited: e.edited(),
			Headline: e.said.Headline(),
			Press:    roomPath(person.ID, r.ID) + "/press",
			Blocks:   blocks(e),
		}
		if a.Bot {
			a.Author = "payoff"
		}
		a.Initials = initials(a.Author)
		if after == nil || !sameDay(after.at.In(loc), a.At) {
			a.Day = dayLabel(a.At, now)
		}
		a.Continues = a.Day == "" && after.from == e.from && after.only == e.only && e.via == "" &&
			e.at.Sub(after.at) < longestPause
		views, after = append(views, a), e
	}
	return views
}

func blocks(e *entry) []blockView {
	var views []blockView
	media, n := e.media, 0
	for _, b := range e.said.Blocks {
		var v blockView
		switch b := b.(type) {
		case chat.Text:
			v.Text, v.Quiet = written(b.Spans), b.Quiet
		case chat.Fields:
			for _, f := range b {
				v.Fields = append(v.Fields, fieldsView{chat.Clean(f.Label), written(f.Value)})
			}
		case chat.Table:
			v.Table = table(b)
		case chat.Actions:
			for _, button := range b {
				v.Buttons = append(v.Buttons, buttonView{n, chat.Clean(button.Label), string(button.Style)})
				n++
			}
		case chat.Image:
			v.Image = &mediaView{Path: mediaPath(media[0], b.Name), Name: chat.Clean(b.Name), Alt: chat.Clean(b.Alt)}
			if c, err := png.DecodeConfig(bytes.NewReader(b.PNG)); err == nil {
				v.Image.Width, v.Image.Height = c.Width, c.Height
			}
			media = media[1:]
		case chat.File:
			v.File = &mediaView{Path: mediaPath(media[0], b.Name), Name: chat.Clean(b.Name), Size: size(len(b.Data))}
			media = media[1:]
		}
		views = append(views, v)
	}
	if e.said.Plain() == "" && len(e.media) == 0 {
		views = append(views, blockView{Text: "(nothing to show)", Quiet: true})
	} else if len(e.said.Blocks) == 0 {
		views = append(views, blockView{Text: written([]chat.Span{{Text: e.said.Summary}})})
	}
	return views
}

// table names each row by its first column of words.
func table(t chat.Table) *tableView {
	v := &tableView{Empty: len(t.Rows) == 0, Label: chat.Clean(strings.Join(t.Header, ", "))}
	name := 0
	for slices.Contains(t.Right, name) {
		name++
	}
	cells := func(row []string) []cellView {
		out := make([]cellView, len(row))
		for i, text := range row {
			out[i] = cellView{Text: written([]chat.Span{{Text: text}}), Right: slices.Contains(t.Right, i), Row: i == name}
		}
		return out
	}
	v.Head = cells(t.Header)
	for _, row := range t.Rows {
		v.Rows = append(v.Rows, cells(row))
	}
	return v
}

func size(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// initials are the first letters of the first and the last word.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	s := string(unicode.ToUpper(first))
	if len(words) > 1 {
		last, _ := utf8.DecodeRuneInString(words[len(words)-1])
		s += string(unicode.ToUpper(last))
	}
	return s
}

func tone(person string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(person)) // never fails
	return h.Sum32() % 8
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

func dayLabel(at, now time.Time) string {
	if at.Year() == now.Year() {
		return at.Format("Monday 2 January")
	}
	return at.Format("Monday 2 January 2006")
}
