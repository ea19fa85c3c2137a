package nudge_test

import (
	"container/heap"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"payoff/goals"
	"payoff/goals/engine"
)

// yearZones are those whose clocks do what is least expected, and the rest of the world.
var yearZones = []string{
	"Africa/Cairo", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe", "Atlantic/Azores", "Pacific/Apia",
	"Africa/Casablanca", "America/Havana", "Asia/Jerusalem", "America/St_Johns", "Pacific/Chatham", "Asia/Gaza",
	"Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Easter", "America/Asuncion", "America/Nuuk", "Antarctica/Troll",
	"Europe/London", "Europe/Berlin", "Europe/Chisinau", "Europe/Lisbon", "Africa/Lagos", "Africa/Johannesburg",
	"America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix", "America/Sao_Paulo", "America/Bogota",
	"Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Tokyo", "Asia/Shanghai", "Asia/Dubai",
	"Australia/Adelaide", "Australia/Brisbane", "Pacific/Auckland", "Pacific/Honolulu",
}

// A resident is an owner, and all that is known of them without asking the engine.
type resident struct {
	w      *world
	on     *fake
	person string
	actor  engine.Actor
	habit  int // of 10 check-ins, how many they answer
	events int
	shut   atomic.Bool // they take no direct messages

	facts  []fact
	done   map[goals.Date]time.Time // weeks answered or skipped
	early  []time.Time              // answers to what was not asked yet
	goOn   []time.Time
	laters []time.Time
}

// A fact is how things are with a resident from a time on.
type fact struct {
	at     time.Time
	loc    *time.Location
	sched  goals.Schedule
	breaks []goals.Break
	closed bool // they have closed their messages, and not said where else they may be reached
}

func (f fact) away(d goals.Date) bool {
	return slices.ContainsFunc(f.breaks, func(b goals.Break) bool { return d >= b.From && d < b.Back })
}

func (r *resident) fact() fact { return r.facts[len(r.facts)-1] }

// changed notes that something is different from a time on.
func (r *resident) changed(at time.Time, change func(*fact)) {
	f := r.fact()
	f.at, f.breaks = at, slices.Clone(f.breaks)
	change(&f)
	r.facts = append(r.facts, f)
}

func (r *resident) today(at time.Time) goals.Date { return goals.DateOf(at.In(r.fact().loc)) }

// populate has everybody meet the bot and get started.
func (w *world) populate() {
	for i := range w.plan.teams * w.plan.members {
		d := w.dice("resident", i)
		r := &resident{w: w, on: w.discord, person: fmt.Sprint("p", i), habit: []int{10, 9, 7, 4, 0}[d.IntN(5)], done: map[goals.Date]time.Time{}}
		if i/w.plan.members%2 == 1 {
			r.on = w.slack
		}
		zone := yearZones[i%len(yearZones)]
		loc, err := time.LoadLocation(zone)
		if err != nil {
			w.t.Fatal(err)
		}
		w.people, w.by[r.on.name+r.person] = append(w.people, r), r
		who := engine.Person{Platform: r.on.name, Space: fmt.Sprint("T", i/w.plan.members), ID: r.person, Name: r.person, Zone: zone}
		if r.actor, err = w.proc.engine.Meet(w.t.Context(), who); err == nil {
			_, err = w.proc.engine.SkipStart(w.t.Context(), engine.Request{Actor: r.actor})
		}
		if err != nil {
			w.t.Fatal(err)
		}
		r.facts = []fact{{at: w.clock(), loc: loc, sched: goals.Schedule{Weekday: time.Monday, Minute: 9 * 60}}}
		r.reschedules(drawSchedule(d))
		r.goOn = nil
		if i%5 == 0 {
			r.aims(d)
		}
		r.restless(0)
	}
}

func drawSchedule(d *rand.Rand) goals.Schedule {
	return goals.Schedule{Weekday: time.Weekday(d.IntN(7)), Minute: 30 * d.IntN(48)}
}

func (w *world) later(after time.Duration, do func()) {
	w.seq++
	heap.Push(&w.todo, deed{w.clock().Add(after).Truncate(time.Second), w.seq, do})
}

// asks has the process do something for somebody; when it is killed over it, again once it is
// back. It returns when it was done, which may have been before it was killed.
func (w *world) asks(what string, do func(*process) error) (at time.Time, ok bool) {
	for {
		if at.IsZero() {
			at = w.clock()
		}
		err := do(w.proc)
		var wrong *goals.Mistake
		switch {
		case err == nil:
			return at, true
		case errors.Is(err, errKilled):
			if fate(w.proc.end.Load()) != afterCommit {
				at = time.Time{}
			}
			w.restart()
		case errors.As(err, &wrong):
			return at, false
		default:
			w.t.Fatalf("%s at %s: %v", what, w.clock(), err)
		}
	}
}

// says is something a resident says: one event, however often it is delivered.
func (r *resident) says(what string, say func(*engine.Engine, engine.Request) error) (time.Time, bool) {
	r.events++
	q := engine.Request{Actor: r.actor, Event: fmt.Sprint(r.person, " ", r.events)}
	return r.w.asks(r.person+" "+what, func(p *process) error { return say(p.engine, q) })
}

// restless lets a resident change something now and then.
func (r *resident) restless(n int) {
	d := r.w.dice("restless", r.person, n)
	after := time.Duration(d.ExpFloat64() / r.w.plan.restless * float64(7*24*time.Hour))
	r.w.later(after, func() {
		switch d.IntN(8) {
		case 0, 1:
			r.moves(yearZones[d.IntN(len(yearZones))])
		case 2, 3:
			r.reschedules(drawSchedule(d))
		case 4, 5:
			r.goesAway(d)
		case 6:
			r.closes(d)
		case 7:
			if d.IntN(2) == 0 {
				r.answersEarly()
			} else if !r.fact().sched.Off {
				was := r.fact().sched
				r.reschedules(goals.Schedule{Off: true})
				r.w.later(time.Duration(1+d.IntN(30*24))*time.Hour, func() { r.reschedules(was) })
			}
		}
		r.restless(n + 1)
	})
}

func (r *resident) moves(zone string) {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		r.w.t.Fatal(err)
	}
	at, ok := r.says("moves", func(e *engine.Engine, q engine.Request) error {
		_, err := e.MoveZone(r.w.t.Context(), q, zone)
		return err
	})
	if ok {
		r.changed(at, func(f *fact) { f.loc = loc })
	}
}

func (r *resident) reschedules(s goals.Schedule) {
	at, ok := r.says("chooses a time", func(e *engine.Engine, q engine.Request) error {
		_, err := e.SetSchedule(r.w.t.Context(), q, s)
		return err
	})
	if ok {
		r.changed(at, func(f *fact) { f.sched = s })
		if !s.Off {
			r.goOn = append(r.goOn, at)
		}
	}
}

// goesAway begins a break, from which a resident may come back early.
func (r *resident) goesAway(d *rand.Rand) {
	days := 1 + d.IntN(21)
	back := r.today(r.w.clock()) + goals.Date(days)
	at, ok := r.says("goes away", func(e *engine.Engine, q engine.Request) error {
		_, err := e.Away(r.w.t.Context(), q, back)
		return err
	})
	if !ok {
		return
	}
	today := r.today(at)
	r.changed(at, func(f *fact) {
		on := goals.Break{From: today, Back: back}
		f.breaks = slices.DeleteFunc(f.breaks, func(b goals.Break) bool {
			is := b.From <= today && today < b.Back
			if is {
				on.From = b.From
			}
			return is
		})
		f.breaks = append(f.breaks, on)
	})
	if d.IntN(3) == 0 {
		r.w.later(time.Duration(d.IntN(days*24))*time.Hour, r.comesBack)
	}
}

func (r *resident) comesBack() {
	at, ok := r.says("comes back", func(e *engine.Engine, q engine.Request) error {
		_, err := e.Back(r.w.t.Context(), q)
		return err
	})
	if !ok {
		return
	}
	today := r.today(at)
	r.changed(at, func(f *fact) {
		for i, b := range f.breaks {
			if b.From <= today && today < b.Back {
				if f.breaks[i].Back = today; b.From == today {
					f.breaks = slices.Delete(f.breaks, i, i+1)
				}
				return
			}
		}
	})
}

// closes has a resident take no direct messages for a while; then they do again, or are asked in
// a room.
func (r *resident) closes(d *rand.Rand) {
	if !r.shut.CompareAndSwap(false, true) {
		return
	}
	r.changed(r.w.clock(), func(f *fact) { f.closed = true })
	room := ""
	if d.IntN(3) == 0 {
		room = "lounge"
	}
	r.w.later(time.Duration(1+d.IntN(30*24))*time.Hour, func() {
		if room == "" {
			r.shut.Store(false)
		}
		at, ok := r.says("can be reached", func(e *engine.Engine, q engine.Request) error {
			_, err := e.ReachIn(r.w.t.Context(), q, r.on.name, r.space(), room)
			return err
		})
		if ok {
			r.changed(at, func(f *fact) { f.closed = false })
		}
	})
}

func (r *resident) space() string {
	i := slices.Index(r.w.people, r)
	return fmt.Sprint("T", i/r.w.plan.members)
}

// aims sets a goal, of which there is news.
func (r *resident) aims(d *rand.Rand) {
	from := r.today(r.w.clock())
	_, err := r.w.proc.engine.Begin(r.w.t.Context(), engine.Request{Actor: r.actor}, engine.Beginning{
		Currency: "GBP", Channels: []goals.Channel{{Name: "BNI", Kind: goals.Networking}},
		Goal: &engine.NewGoal{Amount: goals.Money{Minor: 120_000_00, Currency: "GBP"}, Period: goals.Period{From: from, To: from + 60 + goals.Date(d.IntN(200))}},
	})
	if err != nil {
		r.w.t.Fatal(err)
	}
}

// sees lets a resident react to a message, at once or days later, or not at all.
func (r *resident) sees(m utterance) {
	d := r.w.dice("sees", m.Key)
	soon := time.Minute + time.Duration(d.ExpFloat64()*float64(5*time.Hour))
	if d.IntN(4) == 0 {
		soon += time.Duration(d.IntN(8*24)) * time.Hour
	}
	switch m.What {
	case "pause":
		if d.IntN(3) == 0 {
			r.w.later(soon, r.goesOn)
		}
	case "checkin", "later":
		switch {
		case d.IntN(8) == 0:
			r.w.later(soon, func() { r.putsOff(m.Week) })
		case d.IntN(10) < r.habit:
			r.w.later(soon, func() { r.answers(m.Week, d.IntN(8) == 0) })
		}
	}
}

func (r *resident) goesOn() {
	at, ok := r.says("goes on", func(e *engine.Engine, q engine.Request) error {
		_, err := e.GoOn(r.w.t.Context(), q)
		return err
	})
	if ok {
		r.goOn = append(r.goOn, at)
	}
}

// open reads the check-in that is open, or this week's.
func (r *resident) open() (st engine.CheckInState) {
	r.w.asks("looks", func(p *process) (err error) {
		st, err = p.engine.CheckIn(r.w.t.Context(), r.actor)
		return err
	})
	return st
}

func (r *resident) putsOff(week goals.Date) {
	if st := r.open(); st.State != goals.CheckInAsked || st.Week != week {
		return
	}
	at, ok := r.says("puts it off", func(e *engine.Engine, q engine.Request) error {
		_, err := e.Later(r.w.t.Context(), q)
		return err
	})
	if ok {
		r.laters = append(r.laters, at)
	}
}

// answers answers the check-in of a week, or skips it, unless it is over.
func (r *resident) answers(week goals.Date, skip bool) {
	st := r.open()
	if st.State != goals.CheckInAsked || st.Week != week {
		return
	}
	r.settles(st, skip)
}

func (r *resident) answersEarly() {
	st := r.open()
	if st.State == goals.CheckInAnswered || st.State == goals.CheckInSkipped {
		return
	}
	if r.settles(st, false) && st.State != goals.CheckInAsked {
		r.early = append(r.early, r.done[st.Week])
	}
}

func (r *resident) settles(st engine.CheckInState, skip bool) bool {
	at, ok := r.says("answers", func(e *engine.Engine, q engine.Request) (err error) {
		if skip {
			_, err = e.Skip(r.w.t.Context(), q)
		} else {
			_, err = e.Answer(r.w.t.Context(), q, engine.Answer{Week: st.Week, Shown: st.Mark(), Confidence: goals.OnTrack, Commitment: "ring"})
		}
		return err
	})
	if ok {
		r.done[st.Week] = at
	}
	return ok
}
