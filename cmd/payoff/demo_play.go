package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"payoff/bot/chat"
	"payoff/bot/nudge"
	"payoff/bot/web"
)

// curtain is the time at which the quarter has been told, on the morning after its last day.
const curtain = 10 * time.Hour

// A replay plays the cast in an app's workspace, through the same door as the page, and has
// the story told of it.
type replay struct {
	app   *app
	cast  *cast
	story *story
	seats map[*character]*seat
	acts  int
}

// A seat is what one person sees.
type seat struct {
	id      string // in the workspace; "" before they join
	room    string // where they last did something; "" is their direct room
	buttons []chat.Button
	form    *chat.Form
	filled  []filled
	got     chat.Message // what the bot sent last
	asked   bool         // a check-in waits for them
}

// filled is a field with what was typed into it.
type filled struct {
	field chat.Field
	value string
}

func newReplay(a *app, c *cast) *replay {
	r := &replay{app: a, cast: c, story: newStory(c), seats: map[*character]*seat{}}
	for _, who := range c.people {
		r.seats[who] = &seat{}
	}
	return r
}

// run plays the quarter. It ends between two moments when ctx does, with nothing half done.
func (r *replay) run(ctx context.Context) error {
	r.app.nudger = nudge.New(nudge.Config{
		Engine: r.app.records.engine, Compose: r.app.bot.Compose, Log: r.app.program.log,
		Senders: map[string]chat.Sender{web.Platform: overheard{r.app.workspace, r.sent}},
		AtOnce:  1, // a story is told in one order
	})
	weeks := newWeekCount(r.app.program.err)
	defer weeks.done()
	for _, m := range r.cast.moments {
		if err := ctx.Err(); err != nil {
			return err
		}
		weeks.show(r.cast.weekOf(m.at))
		if err := r.play(context.WithoutCancel(ctx), m); err != nil {
			return fmt.Errorf("demo: %s, %s: %q: %w", m.who.id, m.at.Format("Mon 2 Jan 15:04"), m.does, err)
		}
	}
	end := time.Date(quarterEnds.Year(), quarterEnds.Month(), quarterEnds.Day()+1, 0, 0, 0, 0, r.cast.zone).Add(curtain)
	if err := r.app.workspace.MoveTo(context.WithoutCancel(ctx), end); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	r.story.end(end)
	return nil
}

// moveTo moves the clock, doing what falls due on the way. Where nothing does, the clock alone
// is set: moving the workspace's costs a write each time.
func (r *replay) moveTo(ctx context.Context, at time.Time) error {
	due, ok, err := r.app.records.engine.NextDue(ctx)
	if err != nil {
		return err
	}
	if ok && !due.After(at) {
		return r.app.workspace.MoveTo(ctx, at)
	}
	return r.app.clock.Set(at)
}

// play does what a moment holds, when its time has come.
func (r *replay) play(ctx context.Context, m moment) error {
	if err := r.moveTo(ctx, m.at); err != nil {
		return err
	}
	r.story.at(m.at)
	r.story.flush()
	s := r.seats[m.who]
	if s.id == "" {
		p, err := r.app.workspace.AddPerson(ctx, web.Person{Name: m.who.name, Zone: quarterZone, Locale: "en-GB"})
		if err != nil {
			return err
		}
		s.id = p.ID
		r.story.arrives(m.who)
	}
	verb, rest, _ := strings.Cut(m.does, " ")
	switch {
	case verb == "~":
		r.story.aside(rest)
		return nil
	case verb == "presses":
		return r.press(ctx, m, rest)
	case verb == "fills":
		field, value, _ := strings.Cut(rest, " = ")
		return s.fill(field, value)
	case m.does == "submits":
		return r.submit(ctx, m)
	case strings.HasPrefix(m.does, "checks in "):
		return r.checkIn(ctx, m, strings.Split(strings.TrimPrefix(m.does, "checks in "), " | "))
	case m.does == "reads":
		r.story.reads(m.who, s.got)
		return nil
	}
	return r.types(ctx, m)
}

// types sends a line, to the bot or into the team's room.
func (r *replay) types(ctx context.Context, m moment) error {
	s := r.seats[m.who]
	text := strings.ReplaceAll(m.does, `\n`, "\n")
	s.room = ""
	if room, said, _ := strings.Cut(text, " "); room == "#"+teamRoom {
		s.room, text = teamRoom, said
	}
	var did chat.Did = chat.Wrote{Text: text}
	if command, is := strings.CutPrefix(text, "/"); is {
		did = chat.Typed{Text: command}
	}
	reply, err := r.do(ctx, m.who, did)
	if err != nil {
		return err
	}
	_, plain := did.(chat.Wrote)
	switch {
	case plain && s.room != "":
		r.story.chats(m.who, text)
	case plain && !m.full && routine(reply):
		r.story.logs(m.who, text, reply)
	default:
		r.story.says(m.who, s.room, text)
		r.story.answers(reply)
	}
	return nil
}

// routine reports the receipt of a line.
func routine(reply chat.Reply) bool {
	say, ok := reply.(chat.Say)
	return ok && len(say.Messages) == 1 && strings.HasPrefix(say.Messages[0].Plain(), "Logged ")
}

func (r *replay) press(ctx context.Context, m moment, label string) error {
	reply, err := r.pressed(ctx, m.who, label)
	if err != nil {
		return err
	}
	r.story.presses(m.who, label)
	r.story.answers(reply)
	return nil
}

// pressed presses the newest button of that name.
func (r *replay) pressed(ctx context.Context, who *character, label string) (chat.Reply, error) {
	for _, b := range slices.Backward(r.seats[who].buttons) {
		if b.Label == label {
			return r.do(ctx, who, chat.Pressed{Call: b.Call})
		}
	}
	return nil, fmt.Errorf("there is no button %q", label)
}

// do carries out an act and remembers what its person sees then.
func (r *replay) do(ctx context.Context, who *character, did chat.Did) (chat.Reply, error) {
	r.acts++
	s := r.seats[who]
	reply, err := r.app.workspace.Do(ctx, web.Act{ID: fmt.Sprintf("demo-%06d", r.acts), Person: s.id, Room: s.room, Did: did})
	if err != nil {
		return nil, err
	}
	switch reply := reply.(type) {
	case chat.Say:
		for _, m := range reply.Messages {
			s.see(m)
		}
	case chat.Update:
		s.see(reply.Message)
	case chat.OpenForm:
		s.form, s.filled = &reply.Form, nil
	}
	return reply, nil
}

func (s *seat) see(m chat.Message) {
	for _, block := range m.Blocks {
		if row, ok := block.(chat.Actions); ok {
			s.buttons = append(s.buttons, row...)
		}
	}
}

// sent is told of what the bot sends of itself.
func (r *replay) sent(to chat.Address, m chat.Message) {
	at := r.app.records.now().In(r.cast.zone)
	if to.Room != "" {
		r.story.posted(at, to.Room, m)
		return
	}
	for who, s := range r.seats {
		if s.id == to.Person {
			s.room, s.got, s.asked = "", m, true
			s.see(m)
			r.story.asked(at, who, m)
		}
	}
}

// overheard is a sender whose messages someone is told of.
type overheard struct {
	chat.Sender
	tell func(chat.Address, chat.Message)
}

// Send sends.
func (o overheard) Send(ctx context.Context, to chat.Address, m chat.Message, key string) (chat.Receipt, error) {
	receipt, err := o.Sender.Send(ctx, to, m, key)
	if err == nil {
		o.tell(to, m)
	}
	return receipt, err
}

// A weekCount shows on a terminal how far the quarter has got, once it takes longer than a second.
type weekCount struct {
	to    io.Writer // nil when nobody is looking
	begun time.Time
	shown int
}

func newWeekCount(to io.Writer) *weekCount {
	c := &weekCount{begun: time.Now()}
	if f, ok := to.(*os.File); ok && isTerminal(f) {
		c.to = f
	}
	return c
}

func (c *weekCount) show(week int) {
	if week = min(week, quarterWeeks); c.to == nil || week == c.shown || time.Since(c.begun) < time.Second {
		return
	}
	c.shown = week
	fmt.Fprintf(c.to, "\rPlaying week %d of %d … ", week, quarterWeeks)
}

func (c *weekCount) done() {
	if c.shown > 0 {
		fmt.Fprint(c.to, "\r\x1b[K")
	}
}
