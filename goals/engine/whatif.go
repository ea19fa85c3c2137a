package engine

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"payoff/goals"
	"payoff/goals/evidence"
	"payoff/storage"
)

const (
	recentWeeks = 4 // over which it is seen how much time a channel takes
	asksAnew    = 7 // days within which the same what-if, asked again, takes the place of the first
)

// A WhatIf is what would come of moving time from one channel to another.
type WhatIf struct {
	Done
	evidence.Shift
	From, To goals.Channel // From is empty when the time is on top
	Minutes  int64         // a week
}

// WhatIf says what would come of moving minutes a week from a channel to another, or of minutes
// on top when from is empty, and keeps it: a check-in looks back on it later.
func (e *Engine) WhatIf(ctx context.Context, q Request, from, to goals.ChannelID, minutes int64) (WhatIf, error) {
	var w WhatIf
	done, err := e.change(ctx, q, "what if", func(c *change) (err error) {
		var kept storage.WhatIf
		if w, kept, err = c.whatIf(&c.tx.Reader, from, to, minutes); err != nil {
			return err
		}
		before, err := c.tx.WhatIfs(q.Owner, goals.Period{From: c.Today - asksAnew + 1, To: c.Today})
		if err != nil {
			return err
		}
		for _, old := range before {
			if old.From != from || old.To != to {
				continue
			}
			if err := c.tx.RemoveWhatIf(q.Owner, old); err != nil {
				return err
			}
		}
		return c.tx.PutWhatIf(q.Owner, kept)
	})
	if err == nil && done.Repeated {
		err = e.view(ctx, q.Actor, func(s *scene, r *storage.Reader) (err error) {
			w, _, err = s.whatIf(r, from, to, minutes)
			return err
		})
	}
	w.Done = done
	return w, err
}

// whatIf is the answer and what is kept of it.
func (s *scene) whatIf(r *storage.Reader, from, to goals.ChannelID, minutes int64) (w WhatIf, kept storage.WhatIf, err error) {
	took, _, err := s.weekly(r, goals.Period{From: s.Today.Monday() - 7*recentWeeks, To: s.Today.Monday() - 1})
	if err != nil {
		return w, kept, err
	}
	w = WhatIf{Minutes: minutes}
	if w.From, w.To, err = s.movable(from, to, minutes, took[from]); err != nil {
		return w, kept, err
	}
	h, err := s.history(r, s.Today)
	if err != nil {
		return w, kept, err
	}
	w.Shift = evidence.WhatIf(h, from, to, float64(minutes)/60)
	kept = storage.WhatIf{
		Asked: s.Today, From: from, To: to, Minutes: minutes, FromTook: took[from], ToTook: took[to],
		Effect: string(w.Effect), Lo: minor(w.Lo), Mid: minor(w.Mid), Hi: minor(w.Hi), Currency: s.Owner.Currency,
	}
	return w, kept, nil
}

// movable refuses what cannot be moved: no time, more than there is, or between the wrong two.
func (s *scene) movable(from, to goals.ChannelID, minutes, took int64) (a, b goals.Channel, err error) {
	a, known := channelByID(s.Owner, from)
	if from != "" && !known {
		return a, b, noChannel()
	}
	if b, known = channelByID(s.Owner, to); !known {
		return a, b, noChannel()
	}
	const try = "Try: /report what if 2h a week from Facebook to BNI"
	for _, ch := range []goals.Channel{a, b} {
		if ch.Archived {
			return a, b, goals.Wrong(goals.Invalid, "Bring it back with /payoff channel archive "+ch.Name+" off.", "%s is archived.", ch.Name)
		}
	}
	switch {
	case from == to:
		return a, b, goals.Wrong(goals.Invalid, try, "From %s to %s nothing moves: name two channels.", a.Name, b.Name)
	case minutes <= 0:
		return a, b, goals.Wrong(goals.Invalid, try, "With no time moved, nothing changes.")
	case minutes > 7*goals.MinutesADay:
		return a, b, goals.Wrong(goals.Invalid, try, "A week has 168 hours.")
	case from != "" && took <= 0:
		return a, b, goals.Wrong(goals.Invalid, "Name a channel that takes time now, or ask about more: /report what if "+goals.FormatMinutes(minutes)+" a week more on "+b.Name,
			"%s took no time in the last %d full weeks, so there is none to move.", a.Name, recentWeeks)
	case from != "" && minutes > took:
		return a, b, goals.Wrong(goals.Invalid, "Ask about "+goals.FormatMinutes(took)+" or less.",
			"%s takes about %s a week, so %s cannot be moved from it.", a.Name, goals.FormatMinutes(took), goals.FormatMinutes(minutes))
	}
	return a, b, nil
}

// weekly is how many minutes a week each channel took over some full weeks. Weeks without a
// line, of which n are not, were not logged and do not count.
func (s *scene) weekly(r *storage.Reader, p goals.Period) (took map[goals.ChannelID]int64, n int64, err error) {
	totals, err := r.Totals(s.Actor.Owner, p)
	if err != nil {
		return nil, 0, err
	}
	took = map[goals.ChannelID]int64{}
	logged := map[goals.Date]bool{}
	for _, t := range totals {
		took[t.Channel] += t.Amounts[goals.Hours]
		logged[t.Week] = true
	}
	n = int64(len(logged))
	for id := range took {
		took[id] /= n
	}
	return took, n, nil
}

// minor rounds to whole minor units. What no amount can hold is held to one that can.
func minor(x float64) int64 {
	return int64(math.Round(math.Min(math.Max(x, -goals.MaxMinor), goals.MaxMinor)))
}

// A LookBack is a what-if of some time ago, and what came of it.
type LookBack struct {
	storage.WhatIf
	FromChannel, ToChannel goals.Channel // the first is empty when the time was on top

	// Minutes a week in the last four of the eight weeks since, over the Logged ones of them.
	FromTakes, ToTakes int64
	Logged             int64

	Before, After Brought // by both channels in the eight weeks before and since
}

// Brought is what came in, in how many deals, over so many weeks with anything logged.
type Brought struct {
	Deals, Minor, Weeks int64
}

const (
	lookBackWeeks = 8  // after which a what-if is looked back on
	lookBackUntil = 26 // weeks after which it is so no more, when no check-in was answered
	maxLookBacks  = 2  // in one check-in: it has a question of its own
)

// FromFell is how many minutes a week less the first channel takes than it did.
func (l LookBack) FromFell() int64 { return l.FromTook - l.FromTakes }

// ToRose is how many more the other takes.
func (l LookBack) ToRose() int64 { return l.ToTakes - l.ToTook }

// Moved is how many minutes a week went the way that was asked about.
func (l LookBack) Moved() int64 {
	if l.From == "" {
		return l.ToRose()
	}
	return min(l.FromFell(), l.ToRose())
}

// Acted reports whether at least half of the time was moved.
func (l LookBack) Acted() bool { return l.Logged > 0 && 2*l.Moved() >= l.Minutes }

// due lists the what-ifs that a check-in looks back on: those of eight weeks ago that no other
// has. Weeks are full ones, and the one it was asked in is the first since.
func (s *scene) due(r *storage.Reader, in goals.CheckIn) ([]storage.WhatIf, error) {
	list, err := r.WhatIfs(s.Actor.Owner, goals.Period{From: in.Covers.To - 7*lookBackUntil, To: in.Covers.To})
	return slices.DeleteFunc(list, func(w storage.WhatIf) bool {
		return w.Asked.Monday()+7*lookBackWeeks-1 > in.Covers.To || w.LookedBack != 0 && w.LookedBack != in.Week
	}), err
}

// lookBacks is what a check-in says of them: of what was done first, then the newest.
func (s *scene) lookBacks(r *storage.Reader, in goals.CheckIn) ([]LookBack, error) {
	list, err := s.due(r, in)
	if err != nil {
		return nil, err
	}
	var backs []LookBack
	for _, w := range list {
		l, err := s.lookBack(r, w)
		if err != nil {
			return nil, fmt.Errorf("look back on a what-if of %s: %w", w.Asked, err)
		}
		backs = append(backs, l)
	}
	slices.SortStableFunc(backs, func(a, b LookBack) int {
		if a.Acted() != b.Acted() {
			if a.Acted() {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Asked, a.Asked)
	})
	return backs[:min(len(backs), maxLookBacks)], nil
}

func (s *scene) lookBack(r *storage.Reader, w storage.WhatIf) (l LookBack, err error) {
	l = LookBack{WhatIf: w}
	l.FromChannel, _ = channelByID(s.Owner, w.From)
	l.ToChannel, _ = channelByID(s.Owner, w.To)
	monday := w.Asked.Monday()
	after := goals.Period{From: monday, To: monday + 7*lookBackWeeks - 1}
	takes, n, err := s.weekly(r, goals.Period{From: after.To + 1 - 7*recentWeeks, To: after.To})
	if err != nil {
		return l, err
	}
	l.FromTakes, l.ToTakes, l.Logged = takes[w.From], takes[w.To], n
	if l.Before, err = s.brought(r, w, goals.Period{From: monday - 7*lookBackWeeks, To: monday - 1}); err != nil {
		return l, err
	}
	l.After, err = s.brought(r, w, after)
	return l, err
}

func (s *scene) brought(r *storage.Reader, w storage.WhatIf, p goals.Period) (b Brought, err error) {
	totals, err := r.Totals(s.Actor.Owner, p)
	logged := map[goals.Date]bool{}
	for _, t := range totals {
		logged[t.Week] = true
		if t.Channel == w.From || t.Channel == w.To {
			b.Deals += t.Amounts[goals.Deals]
			b.Minor += t.Amounts[goals.Revenue]
		}
	}
	b.Weeks = int64(len(logged))
	return b, err
}

// lookedBack marks what a check-in that is done with has looked back on, so that no other does.
func (c *change) lookedBack(in goals.CheckIn) error {
	list, err := c.due(&c.tx.Reader, in)
	if err != nil {
		return err
	}
	for _, w := range list {
		if w.LookedBack == in.Week {
			continue
		}
		w.LookedBack = in.Week
		if err := c.tx.PutWhatIf(c.Actor.Owner, w); err != nil {
			return err
		}
	}
	return nil
}

// whatIfsHold reports whether no what-if is about a channel that is gone.
func (c *change) whatIfsHold(after goals.Owner) (bool, error) {
	list, err := c.tx.WhatIfs(after.ID, storage.Ever)
	return !slices.ContainsFunc(list, func(w storage.WhatIf) bool {
		return !hasChannel(after, w.To) || w.From != "" && !hasChannel(after, w.From)
	}), err
}
