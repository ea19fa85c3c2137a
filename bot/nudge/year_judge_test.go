package nudge_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"payoff/goals"
)

// The judge reads the platforms' logs, and holds them against what was to happen by the words of
// the design. It asks neither the engine nor the policy of goals.

// A letter is what somebody was sent: the post, what it is by the engine's words, and the day it
// came, as the judge reckons it.
type letter struct {
	utterance
	at   time.Time
	fact fact
	day  goals.Date
}

// What somebody is asked by: a check-in, or in its place whether to pause.
func (l letter) asks() bool { return l.What == "checkin" || l.What == "pause" }

// A verdict is what was found of one resident.
type verdict struct {
	*resident
	letters []letter
	said    []utterance // to them, whether it came or not
	wrong   []string
	counts  map[string]int
}

func (w *world) judge() {
	w.t.Helper()
	if len(w.kills.left) > 0 {
		w.t.Errorf("%d kills found no victim", len(w.kills.left))
	}
	sum := map[string]int{}
	by := map[*resident][]letter{}
	for _, f := range []*fake{w.discord, w.slack} {
		for _, m := range f.log {
			r := w.by[f.name+m.to.Person]
			known := r.when(m.at)
			by[r] = append(by[r], letter{w.said[m.key], m.at, known, goals.DateOf(m.at.In(known.loc))})
			sum[f.name]++
		}
	}
	said := map[goals.OwnerID][]utterance{}
	for _, m := range w.said {
		said[m.Owner] = append(said[m.Owner], m)
	}
	faults := 0
	for _, r := range w.people {
		v := verdict{resident: r, letters: by[r], said: said[r.actor.Owner], counts: sum}
		v.holdsLetters()
		v.holdsOnce()
		v.holdsReminders()
		v.holdsClosed()
		v.holdsWeeks()
		if len(v.wrong) > 0 {
			if faults++; faults <= 5 {
				w.t.Errorf("seed %d, %s in %s:\n\t%s\n%s", w.plan.seed, r.person, r.on.name, strings.Join(v.wrong, "\n\t"), v.story())
			}
		}
	}
	if faults > 5 {
		w.t.Errorf("and %d more", faults-5)
	}
	killed := w.kills.fired
	w.t.Logf("seed %d: %d owners, %d weeks, %d runs; killed %d times: %d before and %d after a commit, %d between send and receipt, %d while leased, %d stalled before a commit and %d before sending; down %s in all",
		w.plan.seed, len(w.people), w.plan.weeks, w.ticks, len(w.kills.at), killed[beforeCommit], killed[afterCommit], killed[unrecorded], killed[leasing], killed[stalling], killed[dozing], w.downFor())
	for _, what := range slices.Sorted(maps.Keys(sum)) {
		w.t.Logf("%6d %s", sum[what], what)
	}
	w.t.Logf("%6d repeats held back by discord, %d found on slack", w.discord.repeats, w.slack.found)
	for _, what := range []string{mustAsk, mustPause, "reminder", "later", "refused", "welcome"} {
		if sum[what] == 0 {
			w.t.Errorf("the year was too quiet to show anything: no %s", what)
		}
	}
}

func (w *world) downFor() (d time.Duration) {
	for _, s := range w.down {
		d += s.to.Sub(s.from)
	}
	return d.Round(time.Minute)
}

// when is how things were with a resident at a time.
func (r *resident) when(at time.Time) fact {
	i, _ := slices.BinarySearchFunc(r.facts, at, func(f fact, at time.Time) int {
		if f.at.After(at) {
			return 1
		}
		return -1
	})
	return r.facts[max(0, i-1)]
}

func (v *verdict) says(format string, a ...any) { v.wrong = append(v.wrong, fmt.Sprintf(format, a...)) }

// holdsLetters: nobody hears anything in a break, nor in the quiet hours what is late, and what
// was written first comes first.
func (v *verdict) holdsLetters() {
	last := time.Time{}
	for _, l := range v.letters {
		v.counts[l.What]++
		local := l.at.In(l.fact.loc)
		if l.fact.away(l.day) {
			v.says("%s came at %s, in a break", l.Key, local.Format(time.RFC3339))
		}
		if l.Created.Before(last) {
			v.says("%s came after one that was written later", l.Key)
		}
		last = l.Created
		minute := local.Hour()*60 + local.Minute()
		if minute >= 21*60+15 || minute < 8*60 {
			v.counts["in the quiet hours, on the minute"]++
			if !v.chosen(l) {
				v.says("%s came at %s, late and in the quiet hours", l.Key, local.Format(time.RFC3339))
			}
		}
	}
}

// onTheSpot is how long after its time a message is not late: a quarter of an hour until it is
// taken up, and another until it is sent, if that goes wrong at first.
const onTheSpot = 31 * time.Minute

// chosen reports whether a letter came at the hour that its person had chosen for it.
func (v *verdict) chosen(l letter) bool {
	switch l.What {
	case "checkin":
		return v.punctual(l)
	case "later":
		return slices.ContainsFunc(v.laters, func(at time.Time) bool {
			was := at.In(l.fact.loc).AddDate(0, 0, 1)
			return !l.at.Before(was.Add(-time.Hour)) && l.at.Sub(was) <= onTheSpot+time.Hour // an hour, as the clocks may change
		})
	}
	return false
}

// punctual reports whether a letter came when its person's week comes round.
func (v *verdict) punctual(l letter) bool {
	for _, f := range []fact{l.fact, v.when(l.at.Add(-onTheSpot))} {
		day := goals.DateOf(l.at.In(f.loc))
		for week := day.Monday() - 7; week <= day.Monday()+7; week += 7 {
			if late := l.at.Sub(comesRound(f, week)); !f.sched.Off && late >= 0 && late <= onTheSpot {
				return true
			}
		}
	}
	return false
}

// comesRound is when a schedule comes round in a week: the first instant at which the clocks show
// its time, or, if they never do, one after it. It is looked for a quarter of an hour at a time,
// as that is when clocks change.
func comesRound(f fact, week goals.Date) time.Time {
	want := week + goals.Date((int(f.sched.Weekday)+6)%7)
	reached := func(at time.Time) bool {
		local := at.In(f.loc)
		day := goals.DateOf(local)
		return day > want || day == want && local.Hour()*60+local.Minute() >= f.sched.Minute
	}
	const quarter = 15 * time.Minute
	_, offset := want.Time().In(f.loc).Zone()
	at := want.Time().Add(time.Duration(f.sched.Minute/15)*quarter - time.Duration(offset)*time.Second - 27*time.Hour).Truncate(quarter)
	for !reached(at) && !reached(at.Add(quarter-time.Minute)) {
		at = at.Add(quarter)
	}
	for !reached(at) {
		at = at.Add(time.Minute)
	}
	return at
}

// holdsOnce: nothing comes twice, and no week is asked about twice; what comes on time is about
// the week that it comes in.
func (v *verdict) holdsOnce() {
	keys, weeks := map[string]int{}, map[goals.Date]int{}
	for _, l := range v.letters {
		if keys[l.Key]++; keys[l.Key] > 1 {
			v.says("%s came %d times", l.Key, keys[l.Key])
		}
		if !l.asks() {
			continue
		}
		if weeks[l.Week]++; weeks[l.Week] > 1 {
			v.says("asked about the week of %s %d times", l.Week, weeks[l.Week])
		}
		switch is := l.day.Monday(); {
		case v.punctual(l) && is != l.Week && v.settled(l.at, 26*time.Hour):
			v.says("%s came on time, in the week of %s", l.Key, is)
		case (is < l.Week-7 || is > l.Week+14) && !v.refusedBefore(l):
			v.says("%s came in the week of %s", l.Key, is)
		}
	}
}

// refusedBefore reports whether a letter was tried before: it is out of date only when the next
// one is due, and that is when its person can be reached.
func (v *verdict) refusedBefore(l letter) bool {
	return slices.ContainsFunc(v.on.refused, func(m post) bool { return m.key == l.Key && m.at.Before(l.at) })
}

// settled reports whether nothing changed for a resident within a time before.
func (v *verdict) settled(at time.Time, within time.Duration) bool {
	return !slices.ContainsFunc(v.facts, func(f fact) bool { return f.at.After(at.Add(-within)) && !f.at.After(at) })
}

// holdsReminders: one reminder of a check-in at most, a day after it and unless it was answered;
// and one for each time that it was put off.
func (v *verdict) holdsReminders() {
	asked := map[goals.Date]time.Time{}
	reminded := map[goals.Date]int{}
	laters := 0
	for _, l := range v.letters {
		done, is := v.done[l.Week]
		switch l.What {
		case "checkin":
			asked[l.Week] = l.at
		case "reminder":
			reminded[l.Week]++
			since, was := asked[l.Week]
			switch {
			case reminded[l.Week] > 1:
				v.says("reminded %d times of the week of %s", reminded[l.Week], l.Week)
			case !was:
				v.says("reminded of the week of %s, which was not asked about", l.Week)
			case l.at.Sub(since) < 22*time.Hour:
				v.says("reminded of the week of %s after %s", l.Week, l.at.Sub(since))
			}
		case "later":
			if laters++; laters > len(v.laters) || l.at.Before(v.laters[0].Add(22*time.Hour)) {
				v.says("%s came, and was not asked for", l.Key)
			}
		}
		if is && done.Before(l.at) && l.Week != 0 {
			v.says("%s came at %s, after the answer at %s", l.Key, l.at, done)
		}
	}
}

// holdsClosed: who has closed their messages is tried with one message and no other.
func (v *verdict) holdsClosed() {
	tried := map[time.Time]map[string]int{} // by when they closed
	for _, m := range v.on.refused {
		if m.to.Person != v.person {
			continue
		}
		v.counts["refused"]++
		since := v.when(m.at).at
		for _, f := range v.facts {
			if f.closed && !f.at.After(m.at) && (!v.when(f.at.Add(-1)).closed || f.at.Equal(v.facts[0].at)) {
				since = f.at
			}
		}
		if tried[since] == nil {
			tried[since] = map[string]int{}
		}
		tried[since][m.key]++
	}
	for since, keys := range tried {
		if len(keys) > 1 {
			v.says("closed since %s, and tried with %v", since, slices.Sorted(maps.Keys(keys)))
		}
		for key, n := range keys {
			if n > 1 && !slices.ContainsFunc(v.w.kills.at, func(at time.Time) bool { return at.After(since) && at.Before(since.Add(60*24*time.Hour)) }) {
				v.says("closed since %s, and tried %d times with %s", since, n, key)
			}
		}
	}
}

// story is all there is to tell of a resident, in order.
func (v *verdict) story() string {
	type line struct {
		at    time.Time
		words string
	}
	var all []line
	for _, l := range v.letters {
		all = append(all, line{l.at, fmt.Sprintf("-> %s (%s), week %s, written %s", l.What, l.Why, l.Week, l.Created.Format("2 Jan 15:04"))})
	}
	for _, f := range v.facts {
		all = append(all, line{f.at, fmt.Sprintf("is in %s, asked %s, breaks %v, closed %t", f.loc, f.sched, f.breaks, f.closed)})
	}
	for week, at := range v.done {
		all = append(all, line{at, "answers about " + week.String()})
	}
	for _, at := range v.goOn {
		all = append(all, line{at, "says to go on"})
	}
	for _, m := range v.on.refused {
		if m.to.Person == v.person {
			all = append(all, line{m.at, "refuses " + m.key})
		}
	}
	for _, s := range v.w.down {
		if s.to.Sub(s.from) > time.Hour {
			all = append(all, line{s.from, "(down until " + s.to.Format("Mon 2 Jan 15:04") + ")"})
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	var b strings.Builder
	for _, l := range all {
		fmt.Fprintf(&b, "\t\t%s  %s  %s\n", l.at.Format("Mon 2 Jan 15:04:05"), l.at.In(v.when(l.at).loc).Format("(Mon 15:04)"), l.words)
	}
	return b.String()
}
