package main

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"payoff/goals"
)

// The people of the demo, one file each. A file begins with who they are:
//
//	name Tom Barlow
//	trade butcher
//	about A line or two for the reader.
//
// then how they write (demo_voice.go), what they do each week (demo_habits.go), and what
// happens on a day of its own, by week:
//
//	week 3
//	Tue 18:20   2h BNI 4 contacts         typed to the bot
//	Tue 18:25!  /report                   told in full
//	  presses History                     right after, and told the same way
//	  fills goal = £14k this quarter      one field of the open form
//	  submits                             the open form
//	Wed 08:00   #team Morning all         typed in the team's room
//	Mon 09:20   checks in kept | at risk | Too hot to sell roasts | Ring the Fleece | Facebook = 2h
//	Mon 09:21!  reads                     what the bot sent last, in full
//	Sat 10:00   ~ They are in Brittany.   a word to the reader
//
// What stands behind a # at the beginning of a line is a remark.
//
//go:embed demo
var castFiles embed.FS

// The quarter: the third of 2026, which begins in the middle of a week. Its thirteen weeks
// leave three days, which are told as a fourteenth.
var (
	quarterBegins = goals.NewDate(2026, time.July, 1)
	quarterEnds   = goals.NewDate(2026, time.September, 30)
)

const (
	quarterWeeks = 13
	quarterZone  = "Europe/London"
)

// A cast is the people of the demo and all that they do, in order of time.
type cast struct {
	people  []*character
	moments []moment
	begins  time.Time
	zone    *time.Location
}

// A character is one of them.
type character struct {
	id, name, trade, about string
	voice                  voice
	habits                 []habit
}

// first is the name they are called by.
func (c *character) first() string { return strings.Fields(c.name)[0] }

// A moment is one thing that someone does.
type moment struct {
	who  *character
	at   time.Time
	does string
	full bool // told in full, however ordinary it is
}

// readCast reads everyone's file and works out when they do what.
func readCast() (*cast, error) {
	zone, err := time.LoadLocation(quarterZone)
	if err != nil {
		return nil, fmt.Errorf("the demo's time zone: %w", err)
	}
	files, err := castFiles.ReadDir("demo")
	if err != nil {
		return nil, fmt.Errorf("read the demo's people: %w", err)
	}
	c := &cast{zone: zone}
	for _, f := range files {
		text, err := castFiles.ReadFile("demo/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("read the demo's people: %w", err)
		}
		id := strings.TrimSuffix(f.Name(), ".txt")
		r := &characterReader{cast: c, who: &character{id: id}}
		if err := r.read(string(text)); err != nil {
			return nil, fmt.Errorf("demo/%s:%d: %w", f.Name(), r.line, err)
		}
		c.people = append(c.people, r.who)
		c.moments = append(c.moments, r.moments...)
		if len(r.moments) == 0 {
			return nil, fmt.Errorf("demo/%s: nobody arrives", f.Name())
		}
		for n, h := range r.who.habits {
			lines, err := h.moments(c, r.who, r.moments[0].at, dice(id, n))
			if err != nil {
				return nil, fmt.Errorf("demo/%s: %w", f.Name(), err)
			}
			c.moments = append(c.moments, lines...)
		}
	}
	slices.SortStableFunc(c.moments, func(a, b moment) int { return a.at.Compare(b.at) })
	c.begins = c.moments[0].at
	slices.SortStableFunc(c.people, func(a, b *character) int { return cmp.Compare(c.arrives(a), c.arrives(b)) })
	return c, nil
}

// arrives is the place of someone's first moment among all.
func (c *cast) arrives(who *character) int {
	return slices.IndexFunc(c.moments, func(m moment) bool { return m.who == who })
}

// at is the time of a day of a week, such as "Tue" and "18:20".
func (c *cast) at(week int, day, clock string) (time.Time, error) {
	d := slices.Index(dayNames, day)
	t, err := time.Parse("15:04", clock)
	if err != nil || d < 0 || week < 1 || week > quarterWeeks+1 {
		return time.Time{}, fmt.Errorf("%s %s of week %d is no time", day, clock, week)
	}
	y, m, date := (mondayOf(week) + goals.Date(d)).Time().Date()
	return time.Date(y, m, date, t.Hour(), t.Minute(), 0, 0, c.zone), nil
}

var dayNames = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// mondayOf is the first day of a week of the quarter; the first week's lies before it.
func mondayOf(week int) goals.Date { return quarterBegins.Monday() + goals.Date(7*(week-1)) }

// weekOf is the week of the quarter that a time falls in.
func (c *cast) weekOf(at time.Time) int {
	return int(goals.DateOf(at.In(c.zone))-quarterBegins.Monday())/7 + 1
}

// A characterReader reads one person's file.
type characterReader struct {
	cast    *cast
	who     *character
	line    int
	week    int
	moments []moment
}

func (r *characterReader) read(text string) error {
	for line := range strings.Lines(text) {
		r.line++
		line = strings.TrimRight(line, " \n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := r.take(line); err != nil {
			return err
		}
	}
	for i := range r.who.habits {
		if err := r.who.habits[i].check(); err != nil {
			return err
		}
	}
	return nil
}

// take reads a line by its first word; an indented one belongs to what stands above it.
func (r *characterReader) take(line string) (err error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	who := r.who
	switch {
	case line[0] == ' ' && r.week > 0:
		return r.follows(strings.TrimSpace(line))
	case line[0] == ' ' && len(who.habits) > 0:
		return who.habits[len(who.habits)-1].take(word, rest)
	case word == "name":
		who.name = rest
	case word == "trade":
		who.trade = rest
	case word == "about":
		who.about = strings.TrimSpace(who.about + " " + rest)
	case word == "channel":
		who.habits = append(who.habits, habit{channel: rest})
	case word == "week":
		r.week, err = strconv.Atoi(rest)
	case slices.Contains(dayNames, word):
		return r.happens(word, rest)
	default:
		return who.voice.take(word, rest)
	}
	return err
}

// happens reads a moment, "18:25!  /report" behind its day.
func (r *characterReader) happens(day, rest string) error {
	clock, does, _ := strings.Cut(rest, " ")
	clock, full := strings.CutSuffix(clock, "!")
	at, err := r.cast.at(r.week, day, clock)
	if err != nil {
		return err
	}
	r.moments = append(r.moments, moment{who: r.who, at: at, does: strings.TrimSpace(does), full: full})
	return nil
}

// follows is what is done right after the moment before.
func (r *characterReader) follows(does string) error {
	if len(r.moments) == 0 {
		return fmt.Errorf("%q follows nothing", does)
	}
	m := r.moments[len(r.moments)-1]
	m.does = does
	r.moments = append(r.moments, m)
	return nil
}
