package nudge_test

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"payoff/goals"
)

// What a week of somebody's was to bring, as it is counted in the end.
const (
	mustAsk     = "weeks to be asked in"
	mustPause   = "weeks in which a pause was to be offered"
	mustMonthly = "weeks of the silent to be asked in"
	mustRest    = "weeks of the silent to rest in"
	mayEither   = "weeks of which nothing is said"
)

// holdsWeeks goes through the weeks of a resident's own calendar: in each in which they were to
// be asked they were, and nobody who is silent is asked more than monthly.
func (v *verdict) holdsWeeks() {
	asked := map[goals.Date]letter{}
	for _, l := range v.letters {
		if l.asks() {
			asked[l.Week] = l
		}
	}
	first := goals.DateOf(v.w.plan.start).Monday() + 7
	for week := first; week < goals.DateOf(v.w.plan.end()).Monday()-7; week += 7 {
		got, is := asked[week]
		at, sure := v.occasion(week)
		sure = sure && !v.refusedIn(week)
		if is {
			at = got.Created
		}
		want := mayEither
		if is || sure {
			want = v.wanted(week, at)
		}
		if sure && !is && v.spoken(week, at) { // then it is put off to Thursday
			f := v.when(at)
			until, still := v.handled(f, week, v.midnight(f.loc, week+3).Add(time.Duration(f.sched.Minute)*time.Minute))
			sure = still && !v.doneBy(week, until)
		}
		if !sure && (want == mustAsk || want == mustMonthly || want == mustPause) && !is {
			want = mayEither
		}
		v.counts[want]++
		switch {
		case want == mayEither:
		case want == mustRest && is:
			v.says("silent, and sent %s", got.Key)
		case want == mustRest:
		case !is:
			v.says("the week of %s was not asked about at %s: %s", week, at.Format("Mon 2 Jan 15:04"), want)
		case (want == mustPause) != (got.What == "pause"):
			v.says("in the week of %s came %s: %s", week, got.Key, want)
		}
	}
}

// refusedIn reports whether a week was asked about and nobody was reached: that counts as asked,
// and comes later only if it is not out of date.
func (v *verdict) refusedIn(week goals.Date) bool {
	return slices.ContainsFunc(v.on.refused, func(m post) bool {
		said := v.w.said[m.key]
		return said.Owner == v.actor.Owner && said.Week == week
	})
}

// occasion is when a week was to be asked about; false when it is not certain that it was.
func (v *verdict) occasion(week goals.Date) (time.Time, bool) {
	for i, f := range v.facts {
		if f.sched.Off || f.closed {
			continue
		}
		at := comesRound(f, week)
		if at.Before(f.at) || i+1 < len(v.facts) && !at.Before(v.facts[i+1].at) {
			continue
		}
		until, sure := v.handled(f, week, at)
		return at, sure && !v.doneBy(week, until)
	}
	return v.leftOut(week)
}

// leftOut is when at the latest a week must have been asked about in which the schedule never
// came round, because it was changed: nothing else of it did.
func (v *verdict) leftOut(week goals.Date) (time.Time, bool) {
	f := v.when(week.Time().Add(-14 * time.Hour))
	from, to := v.midnight(f.loc, week), v.midnight(f.loc, week+7)
	if to.After(v.w.plan.end()) || v.outage(from, to) || v.doneBy(week, to) {
		return to, false
	}
	for i, g := range v.facts {
		if !g.at.Before(to) || i+1 < len(v.facts) && v.facts[i+1].at.Before(from) {
			continue
		}
		if g.loc != f.loc || g.sched.Off || g.closed || slices.ContainsFunc(g.breaks, func(b goals.Break) bool { return b.From < week+7 && b.Back > week }) {
			return to, false
		}
	}
	return to, true
}

func (v *verdict) midnight(loc *time.Location, d goals.Date) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, loc)
}

// handled reports whether a process was there to ask about a week that has come round: within six
// hours, or within the week, and nothing changed until it surely had.
func (v *verdict) handled(f fact, week goals.Date, at time.Time) (until time.Time, sure bool) {
	const margin = 20 * time.Minute
	begun := at
	for _, s := range v.w.down {
		if !s.from.After(begun) && s.to.After(begun) {
			begun = s.to
		}
	}
	late := begun.Sub(at)
	inWeek := begun.Add(margin).Before(v.midnight(f.loc, week+7))
	local := begun.In(f.loc)
	until = begun.Add(time.Hour)
	if local.Hour() < 8 || local.Hour() >= 20 { // it may be held
		until = until.Add(12 * time.Hour)
	}
	switch {
	case f.away(goals.DateOf(at.In(f.loc))) || f.away(goals.DateOf(local)) || f.away(goals.DateOf(until.In(f.loc))):
		return until, false
	case !inWeek && late > 6*time.Hour-margin, until.After(v.w.plan.end()), v.outage(begun, until):
		return until, false
	}
	next := slices.IndexFunc(v.facts, func(g fact) bool { return g.at.After(f.at) })
	return until, next < 0 || v.facts[next].at.After(until)
}

// outage reports whether the process was down for longer than a restart takes.
func (v *verdict) outage(from, to time.Time) bool {
	return slices.ContainsFunc(v.w.down, func(s span) bool {
		return s.to.Sub(s.from) > 10*time.Minute && s.from.Before(to) && s.to.After(from)
	})
}

// doneBy reports whether a week was answered, or skipped, by a time and before it was asked about.
func (v *verdict) doneBy(week goals.Date, at time.Time) bool {
	done, is := v.done[week]
	return is && done.Before(at) && !slices.ContainsFunc(v.letters, func(l letter) bool { return l.What == "checkin" && l.Week == week && l.at.Before(done) })
}

// spoken reports whether the days that a week's question is about had been asked about: early in
// a week it is about the week before, up to its Sunday.
func (v *verdict) spoken(week goals.Date, at time.Time) bool {
	f := v.when(at)
	if d := goals.DateOf(at.In(f.loc)); d > week+2 {
		return false
	}
	for _, l := range v.letters {
		if l.What == "checkin" && l.Week < week && goals.DateOf(l.Created.In(f.loc)) >= week-1 && l.Created.Before(at) {
			return true
		}
	}
	return slices.ContainsFunc(v.early, func(e time.Time) bool { return e.Before(at) && goals.DateOf(e.In(f.loc)) >= week-1 })
}

// wanted is what somebody was to be asked in a week, by how long they have been silent: three in
// a row without an answer, then whether to pause, then every four weeks.
func (v *verdict) wanted(week goals.Date, at time.Time) string {
	surely, perhaps, last, offered := v.silence(week, at)
	switch {
	case perhaps < 3:
		return mustAsk
	case surely < 3:
		return mayEither
	case !offered:
		return mustPause
	case week-last >= 28:
		return mustMonthly
	}
	return mustRest
}

// silence counts what was not answered in a row before a time: surely not, and perhaps, as a
// break came over it, or they said in that week to go on. It says as well when they were last
// written to and whether a pause was offered meanwhile.
func (v *verdict) silence(week goals.Date, at time.Time) (surely, perhaps int, last goals.Date, offered bool) {
	var resume goals.Date
	for _, g := range v.goOn {
		if !g.After(at) {
			resume = max(resume, goals.DateOf(g.In(v.when(g).loc)).Monday())
		}
	}
	before := map[goals.Date]string{}
	for _, m := range v.said {
		if (m.What == "checkin" || m.What == "pause") && m.Created.Before(at) && m.Week < week {
			before[m.Week] = m.What
		}
	}
	for w, done := range v.done {
		if done.Before(at) && w < week {
			before[w] = "answered"
		}
	}
	f := v.when(at)
	for _, w := range slices.SortedFunc(maps.Keys(before), func(a, b goals.Date) int { return cmp.Compare(b, a) }) {
		last = max(last, w)
		switch what := before[w]; {
		case what == "answered", w < resume:
			return surely, perhaps, last, offered
		case what == "pause":
			offered = offered || w > resume
			if w == resume {
				return surely, perhaps, last, offered
			}
		default:
			perhaps++
			touched := slices.ContainsFunc(f.breaks, func(b goals.Break) bool { return b.From < w+7 && b.Back > w })
			came := slices.ContainsFunc(v.letters, func(l letter) bool { return l.What == "checkin" && l.Week == w })
			if !touched && came && w > resume {
				surely++
			}
		}
	}
	return surely, perhaps, last, offered
}
