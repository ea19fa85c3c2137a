package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"payoff/goals"
)

// An UnknownChannel is the Mistake of a line whose every part but the channel is understood.
// Once a channel is called Name, Again can be run as it stands.
type UnknownChannel struct {
	*goals.Mistake
	Name  string // as it was typed: “Rotary lunch”
	Again string // all that was typed
	Near  string // a channel that is spelt nearly so; "" is none
}

// Instead is all that was typed, with the near channel in the place of the unknown one.
func (u *UnknownChannel) Instead() string { return strings.Replace(u.Again, u.Name, u.Near, 1) }

// Unwrap gives the Mistake to those who do not offer to create channels.
func (u *UnknownChannel) Unwrap() error { return u.Mistake }

// inLine says of a Mistake in which line it is; one in a single line is left alone.
func inLine(err error, n, of int, text string) error {
	var u *UnknownChannel
	var m *goals.Mistake
	if !errors.As(err, &m) || of == 1 {
		return err
	}
	numbered := *m
	numbered.Message = fmt.Sprintf("Line %d: %s", n, m.Message)
	if errors.As(err, &u) {
		return &UnknownChannel{Mistake: &numbered, Name: u.Name, Again: text, Near: u.Near}
	}
	return &numbered
}

// settleChannel takes the one channel of the line: named in full, or else in part if only one
// fits. That there is none is said only when all else is understood, in settleWords.
func (r *reader) settleChannel(e *Entry) error {
	if len(r.all(channelPart)) == 0 {
		r.adoptQuoted()
	}
	if len(r.all(channelPart)) == 0 && r.desk.Channel == "" {
		if err := r.adoptPartly(); err != nil {
			return err
		}
	}
	for _, p := range r.all(channelPart) {
		c := r.roll.channels[p.channel]
		if e.Channel != "" && e.Channel != c.ID {
			return r.wrong(goals.Ambiguous, p.from, p.to, "Log a line for each, or put a note in quotes.",
				"That names two channels, %s and %s.", r.channelName(e.Channel), c.Name)
		}
		e.Channel, e.Archived = c.ID, c.Archived
	}
	if e.Channel == "" {
		e.Channel = r.desk.Channel
	}
	return nil
}

// adoptQuoted takes a quotation that is the whole name of a channel for that channel. So a
// channel can be called "50" or "with".
func (r *reader) adoptQuoted() {
	for i := range r.parts {
		p := &r.parts[i]
		if c := r.roll.named(p.note); p.quoted && c >= 0 && nameKey(r.roll.channels[c].Name) == nameKey(p.note) {
			p.kind, p.channel = channelPart, c
			return
		}
	}
}

// adoptPartly takes words that nothing else explains for the channel whose name they are a part of.
func (r *reader) adoptPartly() error {
	for _, g := range r.guesses() {
		fit := r.roll.partly(g.name)
		if len(fit) > 1 {
			names := make([]string, 0, len(fit))
			for _, c := range fit {
				names = append(names, r.roll.channels[c].Name)
			}
			return r.wrong(goals.Ambiguous, g.from, g.to, "Type the name in full.",
				"“%s” could be %s.", g.name, either(names[:min(len(names), 5)]))
		}
		if len(fit) == 1 {
			named := part{kind: channelPart, from: g.from, to: g.to, channel: fit[0]}
			r.parts = slices.Replace(r.parts, g.part, g.last, append(g.keeps, named)...)
			return nil
		}
	}
	return nil
}

// A guess is words that may be meant as the name of a channel.
type guess struct {
	part, last int    // the parts it stands in: part up to last
	keeps      []part // those of them that mean something besides
	from, to   int    // atoms
	name       string
}

// guesses are the words that may name a channel: those that are not understood, and then those
// of a place or occasion. "Friends of the Earth" is one guess, and so is "Rotary lunch".
func (r *reader) guesses() (all []guess) {
	for i := 0; i < len(r.parts); i++ {
		if r.parts[i].kind != unknownPart {
			continue
		}
		g := guess{part: i, last: i + 1}
		for j := i + 1; j < len(r.parts) && r.sameName(r.parts[j]); j++ {
			if k := r.parts[j].kind; k == unknownPart || figures[r.low(r.parts[j].from)] > 1 {
				g.last = j + 1
			}
		}
		g.from, g.to = r.parts[i].from, r.parts[g.last-1].to
		if next := g.last; next < len(r.parts) && r.parts[next].kind == notePart && r.parts[next].place[0] == r.parts[next].from {
			g.to = r.parts[next].place[1]
		}
		all = append(all, r.called(g))
		i = g.last - 1
	}
	for i, p := range r.parts {
		if p.kind == notePart && p.place[1] > p.place[0] {
			g := guess{part: i, last: i + 1, from: p.place[0], to: p.place[1]}
			if p.place[0] == p.from { // an occasion, not a place
				g.keeps = []part{p}
			}
			all = append(all, r.called(g))
		}
	}
	return all
}

// called gives a guess its name: its words without the marks that stand apart behind them, as
// in "Rotary lunch !!".
func (r *reader) called(g guess) guess {
	for i := g.to - 1; i > g.from && r.atoms[i].shape == mark; i-- {
		if r.atoms[i].spaced {
			g.to = i
		}
	}
	g.name = r.said(g.from, g.to)
	return g
}

// sameName reports whether a part can stand inside the name of a channel: a word that is not
// understood, or a filler such as "of" and "&".
func (r *reader) sameName(p part) bool {
	return p.kind == unknownPart || p.kind == skipPart
}

// unknownChannel is what to answer when a line names no channel.
func (r *reader) unknownChannel() error {
	for _, g := range r.guesses() {
		if !looksLikeName(g.name) {
			continue
		}
		hint := "Create it, or name one of yours: " + r.roll.list() + "."
		near := nearest(g.name, r.roll.names())
		if near != "" {
			hint = "Did you mean " + near + "?"
		} else if r.roll.list() == "" {
			hint = "Create it as social, networking or direct."
		}
		m := r.wrong(goals.Unknown, g.from, g.to, hint, "I don't know the channel “%s”.", g.name)
		return &UnknownChannel{Mistake: m, Name: g.name, Again: r.typed, Near: near}
	}
	if r.roll.list() == "" {
		return goals.Wrong(goals.Unknown, "Name where it was, and I can create the channel: “2h LinkedIn”.", "That line names no channel.")
	}
	hint := "Name one of yours: " + r.roll.list() + "."
	for _, p := range r.all(datePart) { // "2h Thursday", by someone who goes to BNI Thursday
		if fit := r.roll.partly(r.said(p.from, p.to)); len(fit) == 1 {
			hint = "Did you mean " + r.roll.channels[fit[0]].Name + "?"
		}
	}
	return goals.Wrong(goals.Unknown, hint, "That line names no channel.")
}

// looksLikeName reports that words could be the name of a new channel, and one of them is
// none of the words of a line.
func looksLikeName(s string) bool {
	l := read(s)
	hasWord := false
	for _, a := range l.atoms {
		if a.low == "%" || isCurrencySign(a.low) {
			return false
		}
		hasWord = hasWord || a.shape == letters && utf8.RuneCountInString(a.low) > 1 && !reserved(a.low)
	}
	return hasWord && len(strings.Fields(s)) <= 5 && utf8.RuneCountInString(s) <= 40
}
